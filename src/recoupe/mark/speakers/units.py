"""A text as sentences of units: words, marks, names, times and hidden quotations."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from recoupe.model import Mention, Span
from recoupe.sentences import abbreviated

MASK = "\x01"  # stands for each character of a quotation, so that only the words around it are read
_UNIT = re.compile(rf"{MASK}+|['’]s\b|\w+['’](?!s\b)(?=\w|$)|\w+(?:[-.‑]\w+)*|\S")
_END = re.compile(r"[.!?…]+[\s\"”»)\]]*\s(?=[A-ZÀ-ÞŁŠŽČ«“\"‟„\[(–—-])|[^\n:,]\s*\n\s*|[:,]\s*\n\s*(?=[^«“\"‟„\s])")
_RANK = {"person": 0, "actor": 1, "time": 2}  # of two names at one place, the one that tells more


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, mark, name, time or masked quotation (`kind`: w, p, m, a(djective), t, q)."""

    start: int
    end: int
    kind: str
    lower: str
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase that may name a speaker; `governor` is where the preposition before it stands, or -1."""

    start: int
    end: int
    governor: int = -1
    mention: Mention | None = None
    sex: str = ""  # of a pronoun: m, f, many, one
    words: str = ""
    head: str = ""
    definite: bool = False
    owner: Mention | None = None

    @property
    def governed(self) -> bool:
        """Does it hang on a preposition?"""
        return self.governor >= 0

    @property
    def person(self) -> Mention | None:
        """The person that it names."""
        return self.mention if self.mention is not None and self.mention.type == "person" else None


@dataclass
class Sentence:
    """A sentence as units, its noun phrases, and where its verbs of saying stand."""

    span: Span
    units: list[Unit]
    phrases: list[Phrase] = field(default_factory=list)
    at: dict[int, Phrase] = field(default_factory=dict)
    verbs: list[int] = field(default_factory=list)

    def index(self, offset: int) -> int:
        """The first unit that does not end before an offset."""
        return next((i for i, u in enumerate(self.units) if u.end > offset), len(self.units))


class Text:
    """A text with its quotations hidden, cut into sentences; its mentions in order, none within another."""

    def __init__(self, text: str, quotes: Sequence[Span], mentions: Iterable[Mention]) -> None:
        self.text = text
        self.masked = _mask(text, quotes)
        self.mentions = _outermost(m for m in mentions if self.masked[m.span.start] != MASK)
        self.people = [m for m in self.mentions if m.type == "person"]
        inside = {i: m for m in self.mentions for i in range(m.span.start, m.span.end)}
        ends = (  # "Capt. X" ends none
            m
            for m in _END.finditer(self.masked)
            if m.start() not in inside or inside.get(m.end()) is not inside[m.start()]
        )
        self.starts = [0, *(m.end() for m in ends if not self._abbreviated(m.start()))]
        self._first = [m.span.start for m in self.mentions]

    def _abbreviated(self, end: int) -> bool:
        return self.masked[end] == "." and abbreviated(self.masked, 0, end)

    def number(self, offset: int) -> int:
        """The number of the sentence that holds an offset."""
        return bisect_right(self.starts, offset) - 1

    def span(self, number: int) -> Span:
        """Where a sentence stands."""
        return Span(self.starts[number], self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text))

    def between(self, start: int, end: int) -> list[Mention]:
        """The mentions of a part of the text."""
        i = bisect_right(self._first, start - 1)
        j = bisect_right(self._first, end - 1)
        return [m for m in self.mentions[i:j] if m.span.end <= end]

    def units(self, span: Span) -> list[Unit]:
        """A part of the text as units."""
        units: list[Unit] = []
        at = span.start
        for m in (*self.between(span.start, span.end), None):
            words = _UNIT.finditer(self.masked, at, m.span.start if m else span.end)
            units += [Unit(w.start(), w.end(), _kind(w[0]), w[0].lower().replace("’", "'")) for w in words]
            if m:
                kind = "t" if m.type == "time" else "a" if m.note == "adjective" else "m"
                units.append(Unit(m.span.start, m.span.end, kind, self.text[m.span.start : m.span.end].lower(), m))
                at = m.span.end
        return units


def _kind(word: str) -> str:
    return "q" if word[0] == MASK else "w" if word[0].isalnum() or word in ("'s", "’s") else "p"


def _mask(text: str, quotes: Sequence[Span]) -> str:
    """The text with its quotations hidden, but for a mark that ends their sentence."""
    parts, at = [], 0
    for q in quotes:
        end = q.end - 1 if text[q.end - 1] in ".!?…" else q.end
        parts += [text[at : q.start], MASK * (end - q.start)]
        at = end
    return "".join((*parts, text[at:]))


def _outermost(mentions: Iterable[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for m in sorted(mentions, key=lambda m: (m.span.start, _RANK[m.type], -m.span.end)):
        if not kept or m.span.start >= kept[-1].span.end:
            kept.append(m)
    return kept
