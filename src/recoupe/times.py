"""What a time expression means before the report's date is known, and what it comes to once it is.

A `TimeRef` is what the words say ("the Tuesday before", "the 21st of November of a year to be found"); `resolve` turns
it into a `When`, given the day or the interval that it is counted from. An anchor that is an interval gives an
interval: all that may be true, never one day picked out of it.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Literal

from recoupe.values import When

Kind = Literal[
    "date", "span", "shift", "over", "sequel", "around", "range", "since", "until", "by", "from", "before", "after",
    "duration", "set", "vague",
]  # fmt: skip
Unit = Literal["second", "minute", "hour", "day", "week", "weekend", "month", "quarter", "year", "decade", "century"]
Direction = Literal["past", "future", "nearest"]
Part = Literal["early", "mid", "late", "first", "second"]
DayPart = Literal["MO", "MI", "AF", "EV", "NI", "DT"]
"""Morning, midday, afternoon, evening, night, daytime: the names that TIMEX3 has for them."""

# A plural without a number is taken to be less than the next larger unit would say: days up to two weeks, weeks up to
# two months, months up to a year, years up to a decade (this project's convention).
UNNUMBERED: dict[Unit, int] = {
    "second": 59, "minute": 59, "hour": 47, "day": 13, "week": 8, "weekend": 8, "month": 11, "quarter": 3, "year": 9,
    "decade": 9, "century": 9,
}  # fmt: skip
# An anchor wider than this says nothing about the year of a date without one.
TOO_WIDE = timedelta(days=366)
# What is less than so much of a day ago is of the same day; more hours may reach into the next.
_SAME_DAY = 1 / 24
_OF_A_DAY: dict[Unit, int] = {"second": 86400, "minute": 1440, "hour": 24}
_MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
# First and last month of a part of a year, first and last day of a part of a month (None: to its end).
_YEAR_PARTS: dict[Part, tuple[int, int]] = {
    "early": (1, 3), "mid": (5, 8), "late": (10, 12), "first": (1, 6), "second": (7, 12),
}  # fmt: skip
_MONTH_PARTS: dict[Part, tuple[int, int | None]] = {
    "early": (1, 10), "mid": (11, 20), "late": (21, None), "first": (1, 15), "second": (16, None),
}  # fmt: skip
_WEEK_PARTS: dict[Part, tuple[int, int]] = {
    "early": (0, 2), "mid": (1, 3), "late": (3, 6), "first": (0, 3), "second": (3, 6),
}  # fmt: skip

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class TimeRef:
    """The meaning of a time expression.

    `date`    fields of a calendar date, some of them open: year (or `year_shift`, counted from the anchor's year),
              month, day, weekday (0 is Monday), `months` (first month and how many: a season, quarter or half), part,
              `nth` (the first Monday of May; the last is -1), `easter` (days from Easter Sunday). A day of the week
              alone may lie `shift` weeks on.
    `span`    the calendar unit that is `shift` units from the anchor's: today, last week, next year.
    `shift`   `low` to `high` units from the anchor (before it where they are negative): three days ago.
    `over`    the time between the anchor and what lies up to `high` units from it: the past two weeks; `shift` is told
              where the words have no number: the past week.
    `sequel`  `start` counted from a date told before, not from the report's: the day after, two weeks later; or, where
              it is `named`, from what the words name, which is `end` where that is known: two days after the summit.
    `around`  the `unit` that holds `start`: the week of 5 May.
    `range`, `since`, `until`, `by`, `from`, `before`, `after`: bounded by `start` (and `end`).
    `duration` `low` to `high` units long, and half of one more where `half`: for two and a half years; `length` units
              where that is no whole number, or a large one.
    `set`      what comes back: every `low` units, on a weekday, in a month or season (`months`), at a part of the day.
    `vague`    no time that could be named: once, now, soon; `direction` says which (`nearest`: now).

    The first group places something on the calendar; the last three do not, and `resolve` to None.

    `direction` is where to look from the anchor for what the words leave open (None: the past); `strict` leaves the
    anchor's own day or period out ("last Tuesday"); `deictic` points at the time of writing ("today", "this Tuesday");
    `fresh` words are only said of days near the time of writing ("Tuesday 5 March", without its year). `clock`
    ("21:00") and `daypart` are the time of the day, which a `When` does not keep.
    """

    kind: Kind
    year: int | None = None
    year_shift: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    months: tuple[int, int] | None = None
    nth: int | None = None
    easter: int | None = None
    part: Part | None = None
    unit: Unit | None = None
    shift: int = 0
    low: int | None = None
    high: int | None = None
    direction: Direction | None = None
    strict: bool = False
    deictic: bool = False
    fresh: bool = False
    about: bool = False
    half: bool = False
    named: bool = False
    length: Decimal | None = None
    clock: str | None = None
    daypart: DayPart | None = None
    start: TimeRef | None = None
    end: TimeRef | None = None

    def towards(self, direction: Direction) -> TimeRef:
        """The same words, told as past or as to come; words that say so themselves ("last week") stay."""
        if self.kind == "range" and self.start and self.end:
            return replace(self, start=self.start.towards(direction), end=self.end.towards(direction))
        if self.kind in ("until", "from", "before", "after") and self.start:
            # Where a bound lies that the words leave open, the finder has only guessed.
            start = replace(self.start, direction=None) if self.start.direction == "nearest" else self.start
            return replace(self, start=start.towards(direction))
        if self.strict or self.direction in ("past", "future") or self.kind not in ("date", "span"):
            return self
        return replace(self, direction=direction)

    @property
    def absolute(self) -> bool:
        """Does it need no anchor?"""
        if self.kind == "sequel":
            return self.end is not None and self.end.absolute
        if self.kind == "date":
            return self.year is not None
        if self.kind in ("span", "shift", "over"):
            return False
        return any(ref is not None and ref.absolute for ref in (self.start, self.end))

    @property
    def bare_weekday(self) -> bool:
        """Is it a day of the week and nothing else?"""
        return (
            self.kind == "date" and self.weekday is not None and self.day is None and self.year is None and not self.nth
        )

    @property
    def yearless(self) -> bool:
        """Is it a date or a period of the year whose year is open?"""
        return (
            self.kind == "date"
            and self.year is None
            and self.year_shift is None
            and any(field is not None for field in (self.month, self.months, self.easter))
        )


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression in a text: where it stands (characters, half open), what it means, the rule that found it."""

    start: int
    end: int
    ref: TimeRef
    rule: str


def resolve(ref: TimeRef, anchor: When | None) -> When | None:
    """What `ref` comes to, counted from `anchor` (for a sequel: the date told before); None where that is unknown."""
    days = _bounds(ref, anchor, fine=False)
    if days is None or days == (None, None):
        return None
    found = When(days[0], days[1])
    return found.widened() if _about(ref) and found.precision in ("day", "month", "year") else found


def counted_from(ref: TimeRef, anchor: When | None) -> When | None:
    """What a sequel is counted from: what its words name, else the anchor (the date told before)."""
    if ref.end is not None:
        return resolve(ref.end, anchor)
    return None if ref.named else anchor


def _about(ref: TimeRef) -> bool:
    return ref.about or any(r is not None and _about(r) for r in (ref.start, ref.end))


Bounds = tuple[date | None, date | None]


def _bounds(ref: TimeRef, anchor: When | None, fine: bool) -> Bounds | None:
    """First and last day. `fine` gives parts of a month their days: EDTF has no name for them, a bound needs them."""
    if ref.kind in ("range", "since", "until", "by", "from", "before", "after"):
        return _bounded(ref, anchor)
    if ref.kind == "date" and ref.year is not None:
        return _period(ref, ref.year, fine)
    if ref.start is not None and ref.kind == "sequel":
        return _bounds(ref.start, counted_from(ref, anchor), fine)
    if ref.start is not None and ref.kind == "around":
        inner = _bounds(ref.start, anchor, fine)
        if inner is None or inner[0] is None or inner[1] is None or ref.unit is None:
            return None
        return span_of(ref.unit, inner[0])[0], span_of(ref.unit, inner[1])[1]
    if anchor is None:
        return None
    if ref.yearless:
        return _yearless(ref, anchor, fine)
    # What is left moves forward with its anchor, so the ends of the anchor give the ends of all that may be true.
    first = _from_day(ref, anchor.first, fine) if anchor.first else None
    last = _from_day(ref, anchor.last, fine) if anchor.last else None
    if (first is None and anchor.first) or (last is None and anchor.last):
        return None
    return (first[0] if first else None), (last[1] if last else None)


def _bounded(ref: TimeRef, anchor: When | None) -> Bounds | None:
    if ref.kind == "range":
        return _range(ref, anchor)
    inner = _bounds(ref.start, anchor, fine=True) if ref.start else None
    if inner is None:
        return None
    first, last = inner
    now = anchor if anchor is not None else When(None, None)
    match ref.kind:
        case "since":
            end = now.last if now.last and (first is None or now.last >= first) else None
            return first, end
        case "by":
            return (now.first if now.first and (last is None or now.first <= last) else None), last
        case "until":
            return None, last
        case "from":
            return first, None
        case "before":
            return None, first - timedelta(days=1) if first else None
        case _:
            return (last + timedelta(days=1) if last else None), None


def _range(ref: TimeRef, anchor: When | None) -> Bounds | None:
    """From one date to another; what one leaves open (its year, its week) is taken from the other."""
    low, high = ref.start, ref.end
    if low is None or high is None:
        return None
    # "From Monday to Friday", to come, begins with the next Monday.
    ahead = low.bare_weekday and high.bare_weekday and low.direction == "future"
    if ahead or (low.absolute and not high.absolute):
        start = _bounds(low, anchor, fine=True)
        base = start[0] if start else None
        end = _bounds(high.towards("future"), When(base, base), fine=True) if base else None
    else:
        end = _bounds(high, anchor, fine=True)
        base = end[1] if end else None
        wide = end is None or base is None or end[0] is None or base - end[0] > timedelta(days=31)
        if wide or low.absolute or not (low.yearless or low.bare_weekday):
            start = _bounds(low, anchor, fine=True)
        else:
            start = _bounds(replace(low, direction="past"), When(base, base), fine=True)
    if start is None or end is None or (start[0] and end[1] and start[0] > end[1]):
        return None
    return start[0], end[1]


def _yearless(ref: TimeRef, anchor: When, fine: bool) -> Bounds | None:
    """A date or period without its year: those that an anchor within the interval would take."""
    if anchor.first is None or anchor.last is None:
        return None
    found: list[Days] = []
    years = range(anchor.first.year - 3, anchor.last.year + 4)
    periods = [_period(ref, year, fine) for year in years if MINYEAR <= year <= MAXYEAR]
    for before, days, after in zip(periods, periods[1:], periods[2:], strict=False):
        if days and _chosen(ref, days, before, after, anchor) and _on_weekday(ref, days):
            found.append(days)
    if not found or (len(found) > 1 and anchor.last - anchor.first > TOO_WIDE):
        return None
    return found[0][0], found[-1][1]


def _on_weekday(ref: TimeRef, days: Days) -> bool:
    return ref.weekday is None or days[0] != days[1] or days[0].weekday() == ref.weekday


def _chosen(ref: TimeRef, days: Days, before: Days | None, after: Days | None, anchor: When) -> bool:
    """Is there a day in the anchor from which `days` is the period meant, and not that of the year before or after?"""
    first, last = anchor.first, anchor.last
    if first is None or last is None:
        return False
    # 29 February has no neighbours; a year's length stands in for them.
    earlier = before or (days[0] - TOO_WIDE, days[1] - TOO_WIDE)
    later = after or (days[0] + TOO_WIDE, days[1] + TOO_WIDE)
    if ref.direction == "future":
        if ref.strict:
            return days[0] > first and earlier[0] <= last
        return days[1] >= first and earlier[1] < last
    if ref.direction == "nearest":
        return days[0] - (days[0] - earlier[1]) / 2 <= last and days[1] + (later[0] - days[1]) / 2 > first
    if ref.strict:
        return days[1] < last and later[1] >= first
    return days[0] <= last and later[0] > first


def _period(ref: TimeRef, year: int, fine: bool) -> Days | None:
    """The days of a date or period in a given year; None where the calendar has none (30 February)."""
    if ref.easter is not None:
        feast = _plus(easter_of(year), ref.easter)
        return feast, feast
    if ref.months is not None:
        month, count = ref.months
        return date(year, month, 1), _month_end(*_plus_months(year, month, count - 1))
    if ref.month is None:
        if ref.unit in ("decade", "century"):
            return date(year, 1, 1), date(year + (9 if ref.unit == "decade" else 99), 12, 31)
        first, last = _YEAR_PARTS[ref.part] if ref.part else (1, 12)
        return date(year, first, 1), _month_end(year, last)
    if ref.day is not None:
        if not 1 <= ref.day <= calendar.monthrange(year, ref.month)[1]:
            return None
        return date(year, ref.month, ref.day), date(year, ref.month, ref.day)
    end = _month_end(year, ref.month)
    if ref.nth and ref.weekday is not None:
        return _nth(ref.nth, ref.weekday, date(year, ref.month, 1), end)
    if ref.part and fine:
        low, high = _MONTH_PARTS[ref.part]
        return date(year, ref.month, low), end.replace(day=high) if high else end
    return date(year, ref.month, 1), end


def _nth(nth: int, weekday: int, first: date, last: date) -> Days | None:
    """The nth day of that name between two days, from the end where it is below zero; None where there are fewer."""
    if nth > 0:
        found = _plus(first, (weekday - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        found = _plus(last, 7 * (nth + 1) - (last.weekday() - weekday) % 7)
    return (found, found) if first <= found <= last else None


def easter_of(year: int) -> date:
    """Easter Sunday of the western churches (the rule of the Gregorian calendar).

    >>> easter_of(2024)
    datetime.date(2024, 3, 31)
    """
    century, golden = year // 100, year % 19
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    late = epact // 28
    moon = epact - late * (1 - late * (29 // (epact + 1)) * ((21 - golden) // 11))
    days = moon - (year + year // 4 + moon + 2 - century + century // 4) % 7
    return date(year, 3 + (days + 26) // 30, 1 + (days + 27 + (days + 6) // 40) % 31)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _plus_months(year: int, month: int, count: int) -> tuple[int, int]:
    """Year and month, `count` months on; what lies beyond the calendar is its first or last month."""
    index = min(max(year * 12 + month - 1 + count, MINYEAR * 12), MAXYEAR * 12 + 11)
    return index // 12, index % 12 + 1


def _plus(day: date, days: int) -> date:
    """So many days on; what lies beyond the calendar is its first or last day."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _later(day: date, months: int) -> date:
    year, month = _plus_months(day.year, day.month, months)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _from_day(ref: TimeRef, day: date, fine: bool) -> Days | None:
    """What a relative expression comes to from one day."""
    if ref.kind == "date" and ref.year_shift is not None:
        return _period(ref, day.year + ref.year_shift, fine)
    if ref.bare_weekday and ref.weekday is not None:
        found = _plus(_weekday(ref, ref.weekday, day), 7 * ref.shift)
        return found, found
    if ref.kind == "date" and ref.weekday is not None and ref.day is not None:
        near = _day_of_month(ref, ref.weekday, day)
        return (near, near) if near else None
    if ref.unit is None:
        return None
    if ref.kind == "span":
        return _span(ref, ref.unit, day, fine)
    if ref.kind == "over":
        count = ref.high if ref.high is not None else 1
        unit, size, _ = halved(ref.unit, abs(count), abs(count)) if ref.half else (ref.unit, abs(count), 0)
        edge = _moved(day, unit, size if count >= 0 and ref.direction != "past" else -size)
        return min(edge, day), max(edge, day)
    if ref.kind == "shift" and ref.low is not None and ref.high is not None:
        one, other = (_shifted(day, ref.unit, count, ref.strict) for count in (ref.low, ref.high))
        return min(one[0], other[0]), max(one[1], other[1])
    return None


def _weekday(ref: TimeRef, weekday: int, day: date) -> date:
    back = (day.weekday() - weekday) % 7
    if ref.direction == "future":
        ahead = (weekday - day.weekday()) % 7
        return _plus(day, ahead or (7 if ref.strict else 0))
    if ref.direction == "nearest":
        return _plus(day, -back if back <= 3 else 7 - back)
    return _plus(day, -(back or (7 if ref.strict else 0)))


def _day_of_month(ref: TimeRef, weekday: int, day: date) -> date | None:
    """Tuesday the 27th: the next one before or after `day`, within a year."""
    sides = {"future": (1,), "nearest": (-1, 1)}.get(ref.direction or "past", (-1,))
    for away in range(TOO_WIDE.days):
        for side in sides:
            found = _plus(day, side * away)
            if found.day == ref.day and found.weekday() == weekday:
                return found
    return None


def span_of(unit: Unit, day: date, shift: int = 0) -> Days:
    """The calendar unit that holds `day`, or the one `shift` units on. Weeks begin on Monday (ISO 8601)."""
    match unit:
        case "second" | "minute" | "hour" | "day":
            found = _plus(day, shift)
            return found, found
        case "week":
            monday = _plus(day, 7 * shift - day.weekday())
            return monday, _plus(monday, 6)
        case "weekend":
            saturday = _plus(day, 7 * shift - day.weekday() + 5)
            return saturday, _plus(saturday, 1)
        case _:
            size = _MONTHS[unit]
            start = (day.year * 12 + day.month - 1) // size * size
            year, month = _plus_months(start // 12, start % 12 + 1, shift * size)
            return date(year, month, 1), _month_end(*_plus_months(year, month, size - 1))


def _span(ref: TimeRef, unit: Unit, day: date, fine: bool) -> Days | None:
    if unit == "weekend" and ref.shift == 0:
        # On Monday and Tuesday "the weekend" is the one that is over, unless the words look ahead.
        behind = ref.direction == "past" or (ref.direction != "future" and day.weekday() < 2)
        return span_of(unit, day, -1 if behind and day.weekday() < 5 else 0)
    first, last = span_of(unit, day, ref.shift)
    if ref.weekday is not None and ref.nth:
        return _nth(ref.nth, ref.weekday, first, last)
    if ref.weekday is not None and unit == "week":
        first = last = _plus(first, ref.weekday)
    elif ref.part and unit == "week":
        low, high = _WEEK_PARTS[ref.part]
        first, last = first + timedelta(days=low), first + timedelta(days=high)
    elif ref.part and unit == "month" and fine:
        start, end = _MONTH_PARTS[ref.part]
        first, last = first.replace(day=start), first.replace(day=end) if end else last
    elif ref.part and unit == "year":
        low, high = _YEAR_PARTS[ref.part]
        first, last = date(first.year, low, 1), _month_end(first.year, high)
    # A month or a year keeps its own name in EDTF; of a running week only the days that can be meant are left.
    if unit == "week" and ref.shift == 0:
        if ref.direction == "past":
            first, last = min(first, day), min(last, day)
        elif ref.direction == "future":
            first, last = max(first, day), max(last, day)
    return first, last


# What half a unit is counted in, and how many of them make the whole.
_SMALLER: dict[Unit, tuple[Unit, int]] = {
    "century": ("year", 100), "decade": ("year", 10), "year": ("month", 12), "quarter": ("week", 13),
    "month": ("day", 30), "week": ("day", 7), "weekend": ("day", 7), "day": ("hour", 24), "hour": ("minute", 60),
    "minute": ("second", 60), "second": ("second", 1),
}  # fmt: skip


def halved(unit: Unit, low: int, high: int) -> tuple[Unit, int, int]:
    """So many units and a half, in smaller ones: two and a half years are 30 months."""
    smaller, size = _SMALLER[unit]
    return smaller, low * size + size // 2, high * size + (size + 1) // 2


def _moved(day: date, unit: Unit, count: int) -> date:
    if unit in _OF_A_DAY:
        return _plus(day, -(-count // _OF_A_DAY[unit]) if count > 0 else count // _OF_A_DAY[unit])
    if unit in ("day", "week", "weekend"):
        return _plus(day, count if unit == "day" else 7 * count)
    return _later(day, count * _MONTHS[unit])


def _shifted(day: date, unit: Unit, count: int, exact: bool) -> Days:
    """`count` units from `day`, as exact as the unit: days to the day, weeks to half a week, the rest to the unit.

    Nobody says at what hour a text was written: hours may lie in the day before or after.
    """
    if unit in _OF_A_DAY:
        parts = count / _OF_A_DAY[unit]
        return (day, day) if abs(parts) < _SAME_DAY else (_plus(day, floor(parts)), _plus(day, ceil(parts)))
    found = _moved(day, unit, count)
    if unit == "day" or exact:
        return found, found
    if unit in ("week", "weekend"):
        return _plus(found, -3), _plus(found, 3)
    return span_of(unit, found)
