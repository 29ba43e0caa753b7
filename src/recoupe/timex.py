"""What a time expression comes to in the notation of TIMEX3 (TimeML 1.2.1; ISO 8601 with X for what is not told).

2024-01-10          a day; 2024-W02 its week, 2024-W02-WE a weekend, 2024-01 a month, 2024-Q1 a quarter, 2024-H1 half
2024-SU  2024       a season (SP, SU, FA, WI), a year; 199 a decade, 19 a century
2024-01-10T21:00    a time of day, or a part of it (TMO, TMI, TAF, TEV, TNI, TDT)
P3W  PT2H  PXM      a duration: three weeks, two hours, some months; P2Y6M with a half
P1D  XXXX-WXX-1     what comes back: every day, on Mondays
PAST_REF PRESENT_REF FUTURE_REF   no time that could be named
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from recoupe.times import UNNUMBERED, Part, TimeRef, Unit, counted_from, resolve, span_of
from recoupe.values import When

Type = Literal["DATE", "TIME", "DURATION", "SET"]
_SEASONS = {(3, 3): "SP", (6, 3): "SU", (9, 3): "FA", (12, 3): "WI"}
_PERIODS = {
    **{(3 * k + 1, 3): f"Q{k + 1}" for k in range(4)}, **{(1, 6): "H1", (7, 6): "H2"}, **_SEASONS,
}  # fmt: skip
_LETTERS: dict[Unit, str] = {
    "second": "TS", "minute": "TM", "hour": "TH", "day": "D", "week": "W", "weekend": "WE", "month": "M",
    "quarter": "Q", "year": "Y", "decade": "DE", "century": "C",
}  # fmt: skip
# Units that TimeML counts in smaller ones.
_COUNTED: dict[Unit, tuple[int, Unit]] = {"decade": (10, "year"), "century": (100, "year")}
# What half of a unit is.
_HALF: dict[Unit, str] = {"minute": "30S", "hour": "30M", "day": "T12H", "year": "6M", "decade": "5Y", "century": "50Y"}
_HALVES: dict[Part | None, str] = {"first": "-H1", "second": "-H2"}
_VAGUE = {"past": "PAST_REF", "future": "FUTURE_REF", "nearest": "PRESENT_REF"}
_OPEN = "XXXX-XX-XX"
_NAMED = ("week", "month", "quarter", "year")
_PARTS_OF_DAY = ("second", "minute", "hour")


@dataclass(frozen=True, slots=True)
class Timex:
    """The type and value of a time expression; `when` is what it leaves of the calendar, where that is known."""

    type: Type
    value: str
    when: When | None = None


def timex(ref: TimeRef, anchor: When | None) -> Timex:
    """The type and value of an expression, counted from `anchor` (for a sequel: from the date told before).

    An anchor that is an interval gives the value that both its ends agree on, else an interval (`first/last`): never
    one day picked out of it. Without an anchor, what it would have told stands as X.
    """
    if ref.kind == "sequel" and ref.start is not None:
        anchor = counted_from(ref, anchor)
        if ref.start.kind == "shift" and ref.start.direction == "future":
            # "Three days later" is the length of three days, told from another time.
            return Timex("DURATION", _length(ref.start, ref.start.high), resolve(ref.start, anchor))
        return timex(ref.start, anchor)
    if ref.kind in ("duration", "set", "vague"):
        return Timex(*_timeless(ref))
    if ref.kind == "over" and ref.shift and ref.unit in _NAMED:
        # "The past year" is the year before this one, as coders read it; several of them are a length.
        return Timex("DATE", timex(TimeRef("span", unit=ref.unit, shift=ref.shift), anchor).value, resolve(ref, anchor))
    kind = _type(ref)
    if kind == "DURATION":
        return Timex(kind, _length(ref, ref.high), resolve(ref, anchor))
    if ref.kind == "shift" and ref.low != ref.high:
        return Timex(kind, _VAGUE[ref.direction or "past"], resolve(ref, anchor))
    when = resolve(_day_of(ref), anchor)
    values = {_value(ref, day) for day in _anchors(ref, anchor)}
    if len(values) == 1:
        return Timex(kind, values.pop(), when)
    if when is not None and _hour(ref):
        return Timex(kind, _some_day(when) + _hour(ref), when)
    return Timex(kind, str(when) if when is not None else _open(ref), when)


def _type(ref: TimeRef) -> Type:
    if ref.clock or ref.daypart or (ref.kind == "shift" and ref.unit in _PARTS_OF_DAY):
        return "TIME"
    return "DURATION" if ref.kind == "over" else "DATE"


def _anchors(ref: TimeRef, anchor: When | None) -> tuple[date, ...]:
    """The days to count from: none where the words need one and there is none."""
    if ref.kind == "date" and ref.year is not None:
        return (date(ref.year, 1, 1),)
    return (anchor.first, anchor.last) if anchor is not None and anchor.first and anchor.last else ()


def _timeless(ref: TimeRef) -> tuple[Type, str]:
    if ref.kind == "vague":
        return "DATE", _VAGUE[ref.direction or "nearest"]
    if ref.kind == "duration":
        return "DURATION", _length(ref, ref.high)
    part = f"T{ref.daypart}" if ref.daypart else ""
    if ref.weekday is not None:
        return "SET", f"XXXX-WXX-{ref.weekday + 1}{part}"
    if ref.months is not None:
        return "SET", f"XXXX-{_PERIODS.get(ref.months, 'XX')}"
    if ref.month is not None:
        return "SET", f"XXXX-{ref.month:02}"
    return "SET", f"{_OPEN}{part}" if part else _length(ref, ref.low)


def _length(ref: TimeRef, count: int | None) -> str:
    """A duration; a count that the words leave open is X."""
    unit = ref.unit or "day"
    if ref.length is not None:
        factor, unit = _COUNTED.get(unit, (1, unit))
        number = f"{ref.length * factor:f}"
    elif count is not None and ref.low and abs(abs(ref.low) - abs(count)) == 1 and abs(count) != UNNUMBERED[unit]:
        number = str(min(abs(ref.low), abs(count)))  # a couple, two or three: the lesser, as coders have it
    elif count is None or (ref.low and abs(ref.low) != abs(count) and ref.kind != "set"):
        number = "X"
    else:
        factor, unit = _COUNTED.get(unit, (1, unit))
        number = str(abs(count) * factor)
    letters = _LETTERS[unit]
    time, letters = ("T", letters[1]) if letters[0] == "T" else ("", letters)
    if not ref.half:
        return f"P{time}{number}{letters}"
    half = _HALF.get(ref.unit or "day", "")
    if not count:
        return f"P{time}{half}".replace("TT", "T")
    return f"P{time}{number}{letters}{half}" if half else f"P{time}{number}.5{letters}"


def _day_of(ref: TimeRef) -> TimeRef:
    """The words without the time of the day, for a part of the day that is told as a stretch ("last night")."""
    return replace(ref, kind="span", unit="day", shift=-1) if ref.kind == "over" else ref


def _value(ref: TimeRef, day: date) -> str:
    """The value counted from one day."""
    plain = _day_of(ref)
    when = resolve(replace(plain, about=False) if plain.about else plain, When.day(day))
    if when is None or when.first is None:
        return _open(ref)
    return _named(ref, when.first, when.last or when.first) + _hour(ref)


def _some_day(when: When) -> str:
    """A day of an interval, as far as it is told: the year and month that both its ends have."""
    if when.first is None or when.last is None or when.first.year != when.last.year:
        return _OPEN
    return (
        f"{when.first.year}-{when.first.month:02}-XX"
        if when.first.month == when.last.month
        else f"{when.first.year}-XX-XX"
    )


def _hour(ref: TimeRef) -> str:
    return f"T{ref.clock}" if ref.clock else f"T{ref.daypart}" if ref.daypart else ""


def _named(ref: TimeRef, first: date, last: date) -> str:
    """The calendar's name of a period, as exact as the words."""
    if ref.kind == "date":
        if ref.months is not None:
            return f"{first.year}-{_PERIODS.get(ref.months, 'XX')}"
        if ref.unit in ("decade", "century"):
            return _of_unit(ref.unit, first, last)
        if ref.day is not None or ref.weekday is not None or ref.easter is not None:
            return first.isoformat()
        if ref.month is None and ref.part in _HALVES:
            return first.isoformat()[:4] + _HALVES[ref.part]
        return first.isoformat()[: 7 if ref.month is not None else 4]
    unit: Unit = "day" if ref.kind == "over" else ref.unit or "day"
    if (ref.kind == "span" and ref.weekday is not None) or (ref.kind == "shift" and ref.strict):
        return first.isoformat()
    if ref.kind == "shift" and unit in _PARTS_OF_DAY:
        return str(When(first, last))  # nobody tells at what hour a text was written
    if ref.kind == "span" and unit == "year" and ref.part in _HALVES:
        return first.isoformat()[:4] + _HALVES[ref.part]
    if ref.kind == "shift":
        middle = first + (last - first) / 2
        return _of_unit(unit, *span_of(unit, middle))
    if ref.kind == "span" and unit == "week":
        first, last = span_of(unit, first)
    return _of_unit(unit, first, last)


def _of_unit(unit: Unit, first: date, last: date) -> str:
    match unit:
        case "week" | "weekend":
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02}" + ("-WE" if unit == "weekend" else "")
        case "month":
            return first.isoformat()[:7]
        case "quarter":
            return f"{first.year}-Q{(first.month + 2) // 3}"
        case "year":
            return f"{last.year:04}"
        case "decade":
            return f"{first.year // 10:03}"
        case "century":
            return f"{first.year // 100:02}"
        case _:
            return first.isoformat()


def _open(ref: TimeRef) -> str:
    """What the words say without a date to count from."""
    if ref.nth or ref.easter is not None:
        return _OPEN + _hour(ref)
    if ref.kind == "date" and (ref.month is not None or ref.months is not None):
        name = _PERIODS.get(ref.months, "XX") if ref.months else f"{ref.month:02}"
        return f"XXXX-{name}" + (f"-{ref.day:02}" if ref.day is not None else "") + _hour(ref)
    if ref.weekday is not None:
        return f"XXXX-WXX-{ref.weekday + 1}{_hour(ref)}"
    names: dict[Unit, str] = {
        "week": "XXXX-WXX", "weekend": "XXXX-WXX-WE", "month": "XXXX-XX", "quarter": "XXXX-QX", "year": "XXXX",
        "decade": "XXXX", "century": "XXXX",
    }  # fmt: skip
    unit: Unit = "year" if ref.year_shift is not None else ref.unit or "day"
    return names.get(unit, _OPEN) + _hour(ref)
