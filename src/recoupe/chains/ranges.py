"""Sums and remainders of numbers that are ranges: the least and the most that may be true."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

from recoupe.values import Count


def hull(counts: Iterable[Count]) -> Count | None:
    """The range from the least to the most that any of them allows; None of none."""
    found = list(counts)
    if not found:
        return None
    if len(set(found)) == 1:
        return max(found, key=lambda count: count.about)
    low = min(count.low for count in found)
    high = None if any(c.high is None for c in found) else max(c.high for c in found if c.high is not None)
    return Count(low, high)


def total(counts: Iterable[Count]) -> Count:
    """All of them together; of none, 0."""
    low, high = Fraction(0), Fraction(0)
    open_ = False
    for count in counts:
        low += count.low
        open_ = open_ or count.high is None
        high += count.high or 0
    return Count(low, None if open_ else high)


def rest(whole: Count, part: Count) -> Count:
    """What of the whole the part leaves: never less than nothing, and in whole numbers."""
    low = Fraction(0) if part.high is None else Fraction(max(floor(whole.low - part.high), 0))
    return Count(low, None if whole.high is None else max(Fraction(ceil(whole.high - part.low)), low))


def fits(part: Count, whole: Count) -> bool:
    """Can the one be a part of the other, or all of it?"""
    return whole.high is None or part.low <= whole.high


def scaled(count: Count, factor: float) -> Count:
    """The same range in another unit, rounded to whole ones."""

    def to(number: Fraction) -> Fraction:
        return Fraction(round(float(number) * factor))

    return Count(to(count.low), None if count.high is None else to(count.high), about=count.about)


def in_words(count: Count) -> str:
    """A range as a person says it.

    >>> [in_words(Count.parse(text)) for text in ("5", "~12", ">=130", "<=1000", "7..10")]
    ['5', 'about 12', 'at least 130', 'up to 1000', '7 to 10']
    """
    text = str(count)
    for sign, words in (("~", "about "), (">=", "at least "), ("<=", "up to ")):
        if text.startswith(sign):
            return words + text.removeprefix(sign)
    return text.replace("..", " to ")
