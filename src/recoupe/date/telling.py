"""How the sentences of a text are told: as past, or as to come, by the marks that a language's files give."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from recoupe.codebook.times import DOUBTED, TimeWords
from recoupe.model import Span
from recoupe.times import TimeExpression

_BREAK = re.compile(r"[.!?…][\"'»”’)\]]*\s+(?=[\"'«“‘(\[]?\s?[A-ZÀ-ÝŒ0-9])|\n+")
# How far from a date the verb stands that tells it, in characters.
_REACH = 60
_LONGEST = 60  # characters: a mark is a verb with a few words
# A time mostly follows the verb that it belongs to: a verb after it counts as so many times further away, and one of
# another clause ("could leave on Tuesday, he said") as so many times more.
_AFTER = 2
_BEYOND = 2
_CLAUSE = re.compile(r"[,;:\"”’»)]|''")
# The verb may be further off where none stands before, in the same clause or of a time at the head of a sentence: "The
# talks on Friday between the two delegations will ...", "On Tuesday, the council of the town will meet".
_HEAD, _AHEAD = 12, 120


@dataclass(frozen=True)
class Telling:
    """A text in sentences, and how each is told."""

    text: str
    words: TimeWords
    sentences: tuple[Span, ...]
    _marks: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, text: str, words: TimeWords, expressions: Sequence[TimeExpression]) -> Telling:
        """Sentences by their marks; a full stop inside a time expression ("Jan. 2") ends none."""
        inside = {k for e in expressions for k in range(e.start, e.end)}
        spans: list[Span] = []
        start = 0
        for m in _BREAK.finditer(text):
            if m.start() not in inside:
                spans.append(Span(start, m.end()))
                start = m.end()
        last = (Span(start, len(text)),) if start < len(text) else ()
        return cls(text, words, (*spans, *last))

    def sentence(self, offset: int) -> Span:
        """The sentence that holds a place of the text."""
        i = bisect_right(self.sentences, offset, key=lambda s: s.start) - 1
        return self.sentences[i] if i >= 0 else Span(0, 0)

    def tense(self, offset: int) -> str:
        """`past`, `future` or nothing: how the sentence at a place is told; marks of the future outweigh the past's."""
        told, at = self.words.told, self.sentence(offset)
        sentence = self.text[at.start : at.end]
        if "future" in told and told["future"].search(sentence):
            return "future"
        return "past" if "past" in told and told["past"].search(sentence) else ""

    def doubted(self, start: int, end: int) -> bool:
        """Is an event, named by a run of the text, told as one that may come, or may not ("an invasion is near")?"""
        at, pattern = self.sentence(start), self.words.told.get("doubted")
        around = f"{self.text[at.start : start]}{DOUBTED}{self.text[end : at.end]}".replace("’", "'")
        return pattern is not None and pattern.search(around) is not None

    def near(self, start: int, end: int) -> str:
        """The same by the mark that stands nearest to a run of the text, in its sentence; one before it is nearer."""
        best: tuple[int, str] | None = None
        sentence = self.sentence(start)
        marks = self._marked(sentence)
        low = bisect_left(marks, start - _REACH - _LONGEST, key=lambda mark: mark[0])
        high = bisect_right(marks, end + _REACH, key=lambda mark: mark[0])
        for first, after, tense in marks[low:high]:
            away = start - after if after <= start else self._after(end, first)
            # Of one word that may be both ("planned to"), what is to come goes first.
            if away <= _REACH and (best is None or away < best[0] or (away == best[0] and tense == "future")):
                best = (away, tense)
        if best is None and low < len(marks) and start < marks[low][0] <= end + _AHEAD:
            first, _, tense = marks[low]
            if start - sentence.start <= _HEAD or not _CLAUSE.search(self.text, end, first):
                return tense
        return best[1] if best else ""

    def _after(self, end: int, first: int) -> int:
        """How far a mark that begins at `first` is from a time before it, which ends at `end`."""
        away = _AFTER * max(first - end, 0)
        return _BEYOND * away if _CLAUSE.search(self.text, end, first) else away

    def _marked(self, sentence: Span) -> list[tuple[int, int, str]]:
        """The marks of a sentence with their tense, looked for once; what a longer one holds is no mark by itself."""
        if sentence.start not in self._marks:
            found = sorted(
                (m.start(), -m.end(), tense)
                for tense, pattern in self.words.told.items()
                if tense != "doubted"
                for m in pattern.finditer(self.text, sentence.start, sentence.end)
            )
            marks: list[tuple[int, int, str]] = []
            for start, end, tense in found:
                within = marks and -end <= marks[-1][1] and (start, -end) != marks[-1][:2]
                if not within:
                    marks.append((start, -end, tense))
            self._marks[sentence.start] = marks
        return self._marks[sentence.start]
