"""Pages whose line ends were lost: the one long line is cut into the lines that it must have had."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from recoupe.codebook.furniture import Furniture
from recoupe.model import Span

LONG = 1200
"""Characters: longer than a headline, a menu or a form; a line as long as this may hold a page."""
MOST_OF_PAGE = 0.6
"""The share of the page's characters that a line has when the page is that line."""
HEAD = 3000
"""Characters from the line's start in which its title is looked for."""
REPEATED = 5
"""Words that a title has at least when it is known by being said twice."""
APART = 60
"""Words that may stand between a title and the same title again."""

GAP = re.compile(r"(?<=\S)(?: {2,}|\t+)(?=\S)")
SENTENCE_END = frozenset(".!?…:»”\"')")
WORD = re.compile(r"\S+")


def cut_long(text: str, spans: Sequence[tuple[Span, bool]], furniture: Furniture) -> Iterator[tuple[Span, bool]]:
    """The lines of a page, each with whether there is a gap above it; a line that is nearly the whole page is cut at
    its wide gaps, around furniture's phrases and around a title that it repeats; time is linear in the length."""
    whole = sum(span.end - span.start for span, _ in spans)
    for span, gap in spans:
        if span.end - span.start < max(LONG, MOST_OF_PAGE * whole):
            yield span, gap
            continue
        places = {*_gaps(text, span), *_phrases(text, span, furniture), *_title_twice(text, span)}
        ordered = [span.start, *sorted(p for p in places if span.start < p < span.end), span.end]
        for start, end in pairwise(ordered):
            part = text[start:end]
            if part.strip():
                first = start + len(part) - len(part.lstrip())
                yield Span(first, first + len(part.strip())), True


def _gaps(text: str, span: Span) -> list[int]:
    """The wide gaps, unless all of them follow a sentence, as a typist sets them."""
    found = [m.start() for m in GAP.finditer(text, span.start, span.end)]
    return found if any(text[at - 1] not in SENTENCE_END for at in found) else []


def _phrases(text: str, span: Span, furniture: Furniture) -> Iterator[int]:
    """Where the phrases of furniture begin and end that no sentence has."""
    for pattern in furniture.cuts:
        for found in pattern.finditer(text, span.start, span.end):
            yield from found.span()


def _title_twice(text: str, span: Span) -> tuple[int, ...]:
    """Where the longest run of words that the line's head says twice begins and ends, both times."""
    words = list(WORD.finditer(text, span.start, min(span.end, span.start + HEAD)))
    said = [w[0] for w in words]
    first_at: dict[tuple[str, ...], int] = {}
    best = (0, 0, 0)
    for j in range(len(said) - REPEATED + 1):
        i = first_at.setdefault(tuple(said[j : j + REPEATED]), j)
        if i == j or j - i > APART or not said[i][0].isupper():
            continue
        n = REPEATED
        while j + n < len(said) and i + n < j and said[i + n] == said[j + n]:
            n += 1
        best = max(best, (n, i, j), key=lambda b: b[0])
    n, i, j = best
    return tuple(p for k in (i, j) for p in (words[k].start(), words[k + n - 1].end())) if n else ()
