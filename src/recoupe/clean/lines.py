"""The lines of a page and what can be seen of each without knowing the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from recoupe.clean.cut import cut_long
from recoupe.codebook.furniture import Furniture
from recoupe.model import Span

Shape = Literal["prose", "sentence", "heading", "fragment", "junk"]
"""prose: a paragraph or a full sentence; sentence: a very short one; heading: starts like one and does not end like a
sentence; fragment: a piece that starts in the middle; junk: no words."""

HEAD = 20_000
"""Characters of a line that are looked at for its shape and language; enough to tell, whatever the line's length."""

BREAK = re.compile(r"[\n\x0b\x0c\x85\u2028\u2029]")
FOLD = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-"}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)
LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?:[^()\\]|\\.|\([^()]*\))*\)")
URL = re.compile(r"<?(?:https?://|www\.)[^\s>]*>?")
TEMPLATE = re.compile(r"\{\{.*\}\}|\[#.*#\]")
ITEM = re.compile(r"(?:[*+•▪●‣·–—-]|\d{1,3}[.)])[ \t]+")
MARKS = re.compile(r"\*\*|__|(?<!\w)[_*](?=\S)|(?<=\S)[_*](?!\w)|^#{1,6}[ \t]+|^>[ \t]*")
WORD = re.compile(r"[^\W\d_]+")
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A sentence's end may be followed by closing marks and by a note's number.
ENDED = re.compile(r"[.!?…。؟।](?:[\"'»”)\]*_ ]|\[\w{1,8}\])*\d{0,5}$")
COLON = re.compile(r"[:：][\"'»”)*_ ]*$")
CUT = re.compile(r"(?:…|\.\.\.)[\])\"'»” ]*$")
BRACKET_CUT = re.compile(r"[\[(](?:…|\.\.\.)[\])]$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page, or the lines of a hard-wrapped paragraph. `spans` are its characters in the page, stripped.

    `plain` is the text with typographic quotes and spaces made straight and without Markdown's marks; `density` the
    share of each language's commonest words among its words, in the order of the furniture's languages; `hanging` says
    that its last word is one of them, after which a sentence goes on; `card` that it is a heading and a list's point.
    """

    spans: tuple[Span, ...]
    plain: str
    shape: Shape
    words: int
    density: tuple[float, ...]
    ended: bool
    hanging: bool
    item: bool
    card: bool
    after_gap: bool

    @property
    def cut(self) -> bool:
        """Does it break off with an ellipsis?"""
        return bool(CUT.search(self.plain[-20:]))

    @property
    def bracket_cut(self) -> bool:
        """Does it break off with an ellipsis in brackets, as only machines write it?"""
        return bool(BRACKET_CUT.search(self.plain[-10:]))

    @property
    def titled(self) -> bool:
        """Do most of its words have a capital, as those of an English headline do?"""
        words = [w for w in self.plain[:400].split() if w[0].isalpha()]
        return bool(words) and sum(w[0].isupper() for w in words) >= 0.6 * len(words)

    @property
    def key(self) -> str:
        """What two copies of a line have in common: its letters and digits."""
        return re.sub(r"[\W_]+", " ", self.plain).strip().casefold()


def lines_of(text: str, start: int, furniture: Furniture) -> list[Line]:
    """The lines of `text` from `start` on that are not blank, in order; time is linear in the text's length."""
    look = _Looker(furniture)
    spans = list(cut_long(text, list(_spans(text, start)), furniture))
    return [look.line(text, group, gap) for group, gap in _paragraphs(text, spans)]


OPENING = frozenset({"“", "«", "‹", "„", "(", '"'})
CLOSING = frozenset({"”", "»", "›", ")", '"', ".", ",", ";", "?", "!"})


def continues(above: Line | None, line: Line) -> bool:
    """Does a line go on with the sentence of the line above it, which a link or a small capital has cut?"""
    if above is None or line.after_gap or above.item or line.item:
        return False
    if above.plain in OPENING or line.plain in CLOSING:
        return True
    if above.ended or COLON.search(above.plain):
        return False
    first = line.plain[:1]
    if above.hanging or first.islower() or first in ",.;:)»”":
        return True
    opened = (above.words >= 8 and not above.titled) or above.plain.endswith((",", ";", "(", "-", "–", "—"))
    return opened and line.words <= 8 and line.shape != "prose"


def line_at(text: str, span: Span, furniture: Furniture) -> Line:
    """A run of characters as a line of its own."""
    return _Looker(furniture).line(text, (span,), True)


def _spans(text: str, start: int) -> Iterator[tuple[Span, bool]]:
    """The lines that are not blank, stripped, each with whether a blank line (or the page's start) is above it."""
    gap = True
    at = start
    while at <= len(text):
        found = BREAK.search(text, at)
        end = found.start() if found else len(text)
        line = text[at:end]
        stripped = line.strip()
        if stripped.strip("\ufeff\u200b"):
            first = at + len(line) - len(line.lstrip())
            yield Span(first, first + len(stripped)), gap
            gap = False
        else:
            gap = True
        at = end + 1


def _paragraphs(text: str, spans: list[tuple[Span, bool]]) -> Iterator[tuple[tuple[Span, ...], bool]]:
    """The lines, those of one paragraph together where the page's paragraphs are wrapped at a fixed width."""
    width = _wrap_width(text, spans)
    group: list[Span] = []
    group_gap = True
    for i, (span, gap) in enumerate(spans):
        # A line that stops well short of the width ends its paragraph.
        if group and (gap or not width or _length(group[-1]) < 0.75 * width):
            yield tuple(group), group_gap
            group = []
        if not group:
            group_gap = gap or i == 0
        group.append(span)
    if group:
        yield tuple(group), group_gap


def _length(span: Span) -> int:
    return span.end - span.start


def _wrap_width(text: str, spans: list[tuple[Span, bool]]) -> int:
    """The width at which paragraphs are wrapped, or 0: nearly all lines that another follows must come near it, and
    few of them may end a sentence."""
    followed = [spans[i][0] for i in range(len(spans) - 1) if not spans[i + 1][1]]
    if len(followed) < 5 or 2 * len(followed) < len(spans):
        return 0
    width = sorted(map(_length, followed))[int(0.95 * (len(followed) - 1))]
    near = sum(0.75 * width <= _length(s) <= 1.1 * width for s in followed)
    ended = sum(ENDED.search(text, max(s.start, s.end - 20), s.end) is not None for s in followed)
    wrapped = near >= 0.8 * len(followed) and ended <= 0.35 * len(followed)
    return width if 50 <= width <= 120 and wrapped else 0


class _Looker:
    """Makes lines; keeps what it has seen, for pages repeat their menus."""

    def __init__(self, furniture: Furniture) -> None:
        self.stopwords = tuple(words for _, words in furniture.stopwords)
        self.look = lru_cache(maxsize=4096)(self._look)

    def line(self, text: str, spans: tuple[Span, ...], gap: bool) -> Line:
        whole = " ".join(text[s.start : s.end] for s in spans)
        if len(whole) > HEAD:
            return self._long(whole, spans, gap)
        plain, shape, words, density, ended, hanging, item, card = self.look(whole)
        return Line(spans, plain, shape, words, density, ended, hanging, item, card, gap)

    def _long(self, whole: str, spans: tuple[Span, ...], gap: bool) -> Line:
        """A very long line: its shape and language are those of its head, its length and end its own."""
        plain, shape, words, density, _, _, item, card = self._look(whole[:HEAD])
        ended = bool(ENDED.search(whole[-60:].translate(FOLD)))
        return Line(spans, plain, shape, words * (len(whole) // HEAD), density, ended, False, item, card, gap)

    def _look(self, whole: str) -> tuple[str, Shape, int, tuple[float, ...], bool, bool, bool, bool]:
        folded = whole.translate(FOLD)
        item = ITEM.match(folded)
        body = folded[item.end() :] if item else folded
        plain = re.sub(r"[ \t]+", " ", MARKS.sub("", LINK.sub(r"\1", body))).strip()
        said = URL.sub(" ", plain)
        tokens = [t.casefold() for t in WORD.findall(said)]
        words = _count(said, tokens)
        density = tuple(sum(t in common for t in tokens) / max(len(tokens), 1) for common in self.stopwords)
        ended = bool(ENDED.search(plain[-60:]))
        common_last = any(t in common for t in tokens[-1:] for common in self.stopwords)
        hanging = not ended and plain[-1:].isalpha() and common_last
        shape = _shape(plain, words, max(density, default=0.0), ended)
        return plain, shape, words, density, ended, hanging, item is not None, bool(item) and body.startswith("#")


def _count(said: str, tokens: list[str]) -> int:
    """Words; in scripts that set no spaces, two characters count as one. What has no spaces at all (a menu whose spaces
    were lost, an encoded file) has no words."""
    letters = sum(map(len, tokens))
    wide = len(WIDE.findall(said))
    if wide > letters // 2:
        return wide // 2
    count = len([t for t in said.split() if any(c.isalpha() for c in t)])
    return count if letters <= 20 * count else 0


def _shape(plain: str, words: int, density: float, ended: bool) -> Shape:
    if words == 0 or TEMPLATE.search(plain):
        return "junk"
    if (ended and words >= 6 and (density >= 0.12 or words >= 12)) or (words >= 25 and density >= 0.2):
        return "prose"
    if COLON.search(plain[-20:]) and words >= 6 and density >= 0.2:
        return "prose"
    if ended and words >= 2 and density > 0:
        return "sentence"
    first = next((c for c in plain if c.isalnum()), "a")
    return "fragment" if first.islower() else "heading"
