"""Text with words marked in it: cut into pieces at the ends of all marks, so that marks may overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from recoupe.model import Claim, Report, Span
from recoupe.sentences import split

EVIDENCE = "evidence"
"""The label of words that a claim rests on."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of a text and what it is marked as."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks: their labels, in the order given, each once."""

    text: str
    labels: tuple[str, ...] = ()


def marked(text: str, marks: Iterable[Mark], within: Span | None = None) -> list[Piece]:
    """The text (or what is `within` it) in pieces, which together are all of it.

    >>> [(p.text, p.labels) for p in marked("abcdef", [Mark(1, 4, "x"), Mark(2, 5, "y")])]
    [('a', ()), ('b', ('x',)), ('cd', ('x', 'y')), ('e', ('y',)), ('f', ())]
    """
    whole = within or Span(0, len(text))
    near = [m for m in marks if m.start < whole.end and whole.start < m.end and m.start < m.end]
    cuts = {whole.start, whole.end}
    for mark in near:
        cuts |= {max(mark.start, whole.start), min(mark.end, whole.end)}
    ends = sorted(cuts)
    pieces: list[Piece] = []
    for start, end in pairwise(ends):
        labels = tuple(dict.fromkeys(m.label for m in near if m.start <= start and end <= m.end))
        pieces.append(Piece(text[start:end], labels))
    return pieces


def sentences_of(claim: Claim, report: Report) -> list[list[Piece]]:
    """The sentences that a claim rests on, a list of pieces each: the words of its evidence are marked with EVIDENCE,
    those of a value with its role, those of the time with `time`.
    """
    marks = [Mark(e.start, e.end, EVIDENCE) for e in claim.evidence]
    marks += [Mark(c.words.start, c.words.end, c.role) for c in claim.cells if c.words is not None]
    if claim.time_words is not None:
        marks.append(Mark(claim.time_words.start, claim.time_words.end, "time"))
    held = [s for s in _sentences(report) if any(mark.start < s.end and s.start < mark.end for mark in marks)]
    return [marked(report.text, marks, sentence) for sentence in held]


def _sentences(report: Report) -> Iterator[Span]:
    for block in report.blocks:
        for found in split(report.text, block.span):
            words = report.text[found.start : found.end]
            yield Span(found.start, found.start + len(words.rstrip()))
