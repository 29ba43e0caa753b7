"""A page's words as the scorer compares them: what typography varies is folded, sentences are told by their marks."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from recoupe.model import Report, Span

_ALIKE = {ord(mark): plain for plain, marks in (("'", "’‘"), ('"', "“”«»"), ("-", "–—")) for mark in marks}
_ENDS = re.compile(r'[.!?]"?\s')  # of folded text, in which an ellipsis is three points
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """The text without differences of width, quotation marks, apostrophes, dashes, white space and case.

    >>> folded("L’armée  a dit :\\n« Oui »")
    'l\\'armée a dit : " oui "'
    """
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).split()).lower()


def overlap(one: str, other: str) -> float:
    """The share of words that two quotations have in common, of the longer one."""
    a, b = Counter(_WORD.findall(folded(one))), Counter(_WORD.findall(folded(other)))
    return (a & b).total() / max(a.total(), b.total(), 1)


@dataclass(frozen=True, slots=True)
class PageText:
    """What a person sees of a page. Offsets count the characters of the page's file, for HTML those of its source.

    `pieces` are (start in text, start in source, length), where the two are not the same; `hash` is that of its bytes.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...] | None = None
    hash: str = ""

    def words(self, start: int, end: int) -> str | None:
        """What stands between two offsets; None where nothing does."""
        if self.pieces is None:
            return self.text[start:end] if 0 <= start < end <= len(self.text) else None
        span = Report("", self.text, "", pieces=self.pieces).of_page(Span(start, end)) if 0 <= start < end else None
        return None if span is None else self.text[span.start : span.end]


@dataclass(frozen=True, slots=True)
class Ground:
    """A page, folded: where its sentences begin, and where its coding ends (its length, where all of it is coded)."""

    text: str
    starts: tuple[int, ...]
    end: int

    @classmethod
    def of(cls, text: str, coded_to: str | None = None) -> Self:
        """The ground of a page; `coded_to` are the last words that are coded, where only a part is."""
        plain, last = folded(text), folded(coded_to or "")
        at = plain.find(last) if last else -1
        starts = (0, *(m.end() for m in _ENDS.finditer(plain)))
        return cls(plain, starts, len(plain) if at < 0 else at + len(last))

    def holds(self, words: str) -> bool:
        """Do these words stand in it?"""
        return folded(words) in self.text

    def sentences(self, passages: Iterable[str]) -> frozenset[int]:
        """The sentences, by number, that the first places of these words touch."""
        touched: set[int] = set()
        for words in map(folded, passages):
            at = self.text.find(words)
            if at >= 0:
                touched.update(range(bisect_right(self.starts, at), bisect_left(self.starts, at + len(words)) + 1))
        return frozenset(touched)

    def coded(self, passages: Iterable[str]) -> bool:
        """May a coder have seen it: does one of these passages (or there is none) begin in what is coded?"""
        places = [self.text.find(folded(words)) for words in passages]
        return not places or min(places) < self.end
