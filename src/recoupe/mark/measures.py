"""The measures in a text that a codebook asks for: "magnitude 6.4", "at a depth of about 20 miles"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recoupe.codebook.measures import Measure
from recoupe.codebook.timephrases import AFTER, BEFORE
from recoupe.mark.numbers import NumberFinder
from recoupe.model import Span
from recoupe.values import Count


@dataclass(frozen=True, slots=True)
class FoundMeasure:
    """A measure by its name, in the codebook's unit, and all words that tell it."""

    span: Span
    name: str
    value: Count


class MeasureFinder:
    """Finds measures by the phrases of one language."""

    def __init__(self, measures: Sequence[Measure], numbers: NumberFinder) -> None:
        self._numbers = numbers
        self._phrases = [
            (measure, re.compile(BEFORE + measure.pattern(phrase, numbers.figure) + AFTER, re.I))
            for measure in measures
            for phrase in measure.phrases
        ]

    def measures(self, text: str) -> list[FoundMeasure]:
        """The measures in `text`, in order; of those that overlap the first one, and the longest that begins there."""
        out: list[FoundMeasure] = []
        for found in sorted(self._all(text), key=lambda f: (f.span.start, -f.span.end)):
            if not out or out[-1].span.end <= found.span.start:
                out.append(found)
        return out

    def _all(self, text: str) -> Iterator[FoundMeasure]:
        for measure, pattern in self._phrases:
            for m in pattern.finditer(text):
                count = self._numbers.written(m["n__1"])
                if count is not None:
                    unit = m.groupdict().get("unit__1")
                    factor = next(
                        (f for u, f in measure.units.items() if unit and u.lower() == unit.lower()), Fraction(1)
                    )
                    yield FoundMeasure(Span(m.start(), m.end()), measure.name, _converted(count, factor))


def _converted(count: Count, factor: Fraction) -> Count:
    """A number in another unit: rounded to a whole one, and what was exact is about."""
    if factor == 1:
        return count
    low, high = (
        Fraction(round(count.low * factor)),
        None if count.high is None else Fraction(round(count.high * factor)),
    )
    return Count.around(low) if low == high else Count(low, high)
