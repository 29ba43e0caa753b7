"""The time expressions of a text with what each comes to, in TIMEX3's notation."""

from __future__ import annotations

from dataclasses import dataclass, replace

from recoupe.codebook.calendar import Calendar
from recoupe.codebook.timefinder import find_expressions
from recoupe.codebook.times import TimeWords
from recoupe.date.telling import Telling
from recoupe.times import TimeExpression, TimeRef
from recoupe.timex import Timex, Type, timex
from recoupe.values import When


@dataclass(frozen=True, slots=True)
class Told:
    """A time expression: where it stands (characters, half open), its words, TIMEX3 type and value, and its rule.

    `when` is what it leaves of the calendar, where that is known.
    """

    start: int
    end: int
    text: str
    type: Type
    value: str
    rule: str
    when: When | None = None


def tell(text: str, words: TimeWords, calendar: Calendar | None, published: When | None) -> list[Told]:
    """The time expressions of `text`, in order, counted from the interval in which it was published.

    What the words leave open is looked for where the nearest verb looks: "on Friday" is the next one after "will meet".
    A sequel ("a year earlier") is counted from the last date before it, else from the text's own.
    """
    atoms = find_expressions(text, words, calendar).atoms
    telling = Telling.of(text, words, atoms)
    found: list[Told] = []
    last: tuple[TimeRef, When] | None = None
    for e in atoms:
        ref = _directed(e, telling)
        made = _sequel(ref, last) or timex(ref, last[1] if ref.kind == "sequel" and last else published)
        found.append(Told(e.start, e.end, text[e.start : e.end], made.type, made.value, e.rule, made.when))
        if made.when is not None and made.when.days is not None and made.type != "DURATION":
            last = (ref, made.when)
    return found


def _directed(e: TimeExpression, telling: Telling) -> TimeRef:
    """The expression as the verb nearest to it tells it."""
    if e.ref.kind == "date" and not e.ref.deictic and telling.near(e.start, e.end) == "future":
        return e.ref.towards("future")
    return e.ref


def _sequel(ref: TimeRef, last: tuple[TimeRef, When] | None) -> Timex | None:
    """Years from a quarter, half or month are the same part of another year: "in the third quarter ... a year earlier"."""
    shift = ref.start if ref.kind == "sequel" else None
    if last is None or last[1].first is None or shift is None or shift.kind != "shift" or shift.unit != "year":
        return None
    before, first = last[0], last[1].first
    if before.kind != "date" or before.day is not None or shift.low is None or shift.low != shift.high:
        return None
    if before.months is None and before.month is None:
        return None
    return timex(replace(before, year=first.year + shift.low, year_shift=None), None)
