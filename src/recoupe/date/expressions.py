"""The time expressions of a text with what each comes to, in TIMEX3's notation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR

from recoupe.codebook.calendar import Calendar
from recoupe.codebook.timefinder import Expressions, find_expressions
from recoupe.codebook.times import TimeWords
from recoupe.date.telling import Telling
from recoupe.times import TimeExpression, TimeRef, counted_from, resolve
from recoupe.timex import Timex, Type, timex
from recoupe.values import When

# A date without its year that lies within a quarter of the day of writing is taken for that one.
_NEAR = 92  # days
# How far before its sentence the date may stand that a sequel is counted from, in characters: a sentence or two.
_CONTEXT = 200
# Frames that look ahead of the day of writing, or back to one just gone.
_BOUNDS = ("by", "until", "from")


@dataclass(frozen=True, slots=True)
class Told:
    """A time expression: where it stands (characters, half open), its words, TIMEX3 type and value, and its rule.

    `when` is what it leaves of the calendar, where that is known, and `anchor` what a relative one is counted from.
    """

    start: int
    end: int
    text: str
    type: Type
    value: str
    rule: str
    when: When | None = None
    anchor: When | None = None


def tell(text: str, words: TimeWords, calendar: Calendar | None, published: When | None) -> list[Told]:
    """The time expressions of `text`, in order, counted from the interval in which it was published.

    What the words leave open is looked for where the nearest verb looks: "on Friday" is the next one after "will meet".
    A sequel ("a year earlier") is counted from the last date before it, else from the text's own.
    """
    expressions = find_expressions(text, words, calendar)
    telling = Telling.of(text, words, expressions.atoms)
    framed = {e.end: e.ref.start for e in expressions.times if e.ref.kind in _BOUNDS and e.ref.start}
    joined = _joined(expressions)
    anchored = [e for e in expressions.times if e.ref.kind == "sequel" and e.ref.end]
    teller = _Teller(telling, published, framed)
    found: list[Told] = []
    last: _Last | None = None
    for k, e in enumerate(expressions.atoms):
        named = next((a.ref for a in anchored if e.ref.named and a.start <= e.start < a.end), None)
        ref = named or joined.get(e.start) or teller.directed(e)
        before = last if last is not None and last.at >= telling.sentence(e.start).start - _CONTEXT else None
        anchor = teller.anchor(e, ref, before, expressions.atoms[k + 1 : k + 2])
        made = _same_part(ref, before) or timex(ref, anchor)
        base = counted_from(ref, anchor) if ref.kind == "sequel" else None if ref.absolute else anchor
        counted = base if made.when is not None else None
        said = text[e.start : e.end]
        found.append(Told(e.start, e.end, said, made.type, made.value, e.rule, made.when, counted))
        if made.when is not None and made.when.days is not None and (made.type != "DURATION" or ref.kind == "sequel"):
            last = _Last(e.start, ref, made.when)
    return found


def _joined(expressions: Expressions) -> dict[int, TimeRef]:
    """The ends of ranges that have their year from each other ("from May 2022 through June"), by where they stand."""
    found: dict[int, TimeRef] = {}
    for e in expressions.times:
        if e.ref.kind == "range" and e.ref.start and e.ref.end and e.ref.start.year and e.ref.end.year:
            inside = [a for a in expressions.atoms if e.start <= a.start < e.end]
            if len(inside) == 2 and (inside[0].ref.yearless or inside[1].ref.yearless):
                found |= {inside[0].start: e.ref.start, inside[1].start: e.ref.end}
    return found


@dataclass(frozen=True, slots=True)
class _Last:
    """The last date told: where, as what, and when."""

    at: int
    ref: TimeRef
    when: When


@dataclass(frozen=True)
class _Teller:
    """What the expressions of one text are counted from. `framed` is what frames that look ahead hold, by its end."""

    telling: Telling
    published: When | None
    framed: Mapping[int, TimeRef]

    def directed(self, e: TimeExpression) -> TimeRef:
        """The expression as the verb nearest to it tells it.

        A date without its year is the near one, before or after, whatever the verb: of one nearly a year off nobody
        leaves the year away. So is a month, quarter or season that is running, or over not long since.
        """
        if e.ref.kind == "span" and e.ref.unit == "weekend" and not e.ref.direction:
            return e.ref.towards("past") if self.telling.near(e.start, e.end) == "past" else e.ref
        if e.ref.kind == "range" and self.telling.near(e.start, e.end) == "future":
            return e.ref.towards("future")
        if e.ref.kind != "date" or e.ref.deictic:
            return e.ref
        tense = self.telling.near(e.start, e.end)
        if tense != "past" and e.ref.day is None and e.end in self.framed and self.framed[e.end].kind == "date":
            framed = self.framed[e.end]
            return e.ref.towards("future") if tense == "future" and framed.direction == "nearest" else framed
        if e.ref.yearless:
            ref = e.ref.towards("nearest")
            if self._near(ref) or (not tense and e.ref.months is None):
                return ref
        return e.ref.towards("future") if tense == "future" else e.ref

    def _near(self, ref: TimeRef) -> bool:
        """Does it lie near the day of writing: over not long since, or, for a day, soon?"""
        now = self.published
        when = resolve(ref, now)
        if now is None or when is None or not (now.first and now.last and when.first and when.last):
            return False
        ahead = _NEAR if any(field is not None for field in (ref.day, ref.nth, ref.easter)) else 0
        return (when.first - now.last).days <= ahead and (now.first - when.last).days <= _NEAR

    def anchor(
        self, e: TimeExpression, ref: TimeRef, before: _Last | None, after: Sequence[TimeExpression]
    ) -> When | None:
        """The date before for a sequel; for a time of the day the day told beside it; else the date of writing."""
        if ref.kind == "sequel":
            if ref.named:
                return self.published  # which is what a date that it names is counted from
            # Forward from the day of writing nobody tells what was: with no date before, it is told from nowhere.
            return before.when if before else None if _forward(ref) else self.published
        if ref.kind != "span" or ref.deictic or ref.shift or not (ref.clock or ref.daypart):
            return self.published
        sentence = self.telling.sentence(e.start)
        if before is not None and before.at >= sentence.start and _names_a_day(before):
            return before.when
        for other in after:
            if other.ref.named and other.start < sentence.end:
                return None  # the day is that of what the words name, and not known
            when = resolve(self.directed(other), self.published) if other.start < sentence.end else None
            if when is not None and when.days == 1:
                return when
        return self.published


def _names_a_day(told: _Last) -> bool:
    """Is it one day, though it may not be known which?"""
    ref = told.ref.start if told.ref.kind == "sequel" and told.ref.start else told.ref
    dated = any(field is not None for field in (ref.day, ref.weekday, ref.easter))
    counted = ref.unit == "day" and (ref.kind == "span" or (ref.kind == "shift" and ref.low == ref.high))
    return told.when.days == 1 or (ref.kind == "date" and dated) or counted


def _forward(ref: TimeRef) -> bool:
    return ref.start is not None and ref.start.kind == "shift" and ref.start.direction == "future"


def _same_part(ref: TimeRef, last: _Last | None) -> Timex | None:
    """A year from a part of a year is the same part of another year: "in the third quarter ... a year earlier"."""
    shift = ref.start if ref.kind == "sequel" else ref
    if last is None or last.when.first is None or shift is None or shift.kind != "shift" or shift.unit != "year":
        return None
    if shift.low is None or shift.low != shift.high or abs(shift.low) != 1:
        return None
    if last.ref.kind == "span" and last.ref.unit in ("month", "quarter"):
        months = shift.low * 12
        part = TimeRef("span", unit=last.ref.unit, shift=months if last.ref.unit == "month" else months // 3)
        return timex(part, When.day(last.when.first))
    year = last.when.first.year + shift.low
    told = last.ref.kind == "date" and last.ref.day is None and (last.ref.months or last.ref.month) is not None
    if told and MINYEAR < year < MAXYEAR:
        return timex(replace(last.ref, year=year, year_shift=None), None)
    return None
