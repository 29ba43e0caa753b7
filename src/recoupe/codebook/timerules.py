"""What the rules of a language's time words make of what stands in their slots, one builder for each meaning."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from recoupe.codebook.times import Meaning, TimeWords
from recoupe.times import UNNUMBERED, DayPart, TimeRef, Unit, halved, resolve

Builder = Callable[["Match"], "TimeRef | None"]


@dataclass(frozen=True, slots=True)
class Match:
    """What stands in the slots of a matched rule."""

    slots: dict[str, str]
    meaning: Meaning
    words: TimeWords

    def number(self, slot: str) -> int | None:
        digits = re.match(r"\d+", self.slots.get(slot, ""))
        return int(digits[0]) if digits else None


def slots_of(match: re.Match[str]) -> dict[str, str]:
    """What stands in the slots; of a slot that stands there twice, the first."""
    found: dict[str, str] = {}
    for name, value in match.groupdict().items():
        if value is not None:
            found.setdefault(name.partition("__")[0], value)
    return found


def _date(m: Match) -> TimeRef | None:
    words, slots, meaning = m.words, m.slots, m.meaning
    month = words.months.get(slots["month"].lower().rstrip(".")) if "month" in slots else None
    for slot in ("firm_month", "loose_month"):
        month = words.months.get(slots[slot].lower()) if slot in slots else month
    weekday = slots.get("wd", slots.get("weekday"))
    feast = words.feasts.get(_plain(slots["feast"])) if "feast" in slots else None
    period = words.periods.get(_plain(slots["season"] if "season" in slots else slots.get("period", "")))
    year = m.number("year") if "year" in m.slots else _short_year(m)
    shift = words.shifts.get(_plain(slots["which_year"])) if "which_year" in slots else None
    if meaning.unit == "decade":
        year = _decade(words.decades[_plain(slots["decade_word"])] if "decade_word" in slots else int(slots["decade"]))
    elif meaning.unit == "century":
        year = _century(slots["century"])
    ref = TimeRef(
        "date",
        year=year,
        year_shift=None if year is not None else 0 if meaning.this_year else shift,
        month=month or m.number("number_month") or (feast.month if feast else meaning.month),
        day=m.number("day") or m.number("high_day") or (feast.day if feast else meaning.day),
        easter=feast.easter if feast else None,
        nth=words.ordinals.get(_plain(slots["nth"])) if "nth" in slots else None,
        shift=meaning.shift,
        weekday=words.weekdays.get(weekday.lower().rstrip(".")) if weekday else None,
        months=period,
        part=words.parts.get(_plain(slots["part"])) if "part" in slots else meaning.part,
        unit=meaning.unit,
        direction=meaning.direction,
        strict=meaning.strict,
        deictic=meaning.deictic,
        fresh=meaning.fresh,
        about=meaning.about,
        clock=_clock(m),
        daypart=_daypart(m),
    )
    return _told(ref, meaning) if _possible(ref) else None


def _plain(words: str) -> str:
    return " ".join(words.lower().replace("’", "'").split())


def _decade(number: int) -> int:
    """`1990` or `90`: two digits are of the last century unless that decade is not over a lifetime away."""
    return number if number > 100 else number + (1900 if number >= 30 else 2000)


def _short_year(m: Match) -> int | None:
    """'97, of the century that a lifetime reaches back to."""
    digits = re.search(r"\d\d", m.slots.get("short_year", ""))
    return None if digits is None else int(digits[0]) + (1900 if int(digits[0]) >= 40 else 2000)


def _century(words: str) -> int:
    """The first year of a century by its number; the 20th began with 1900, as people speak."""
    digits, letters = re.match(r"\d*", words), re.match(r"[IVX]*", words)
    number = int(digits[0]) if digits and digits[0] else _roman(letters[0]) if letters else 0
    return max((number - 1) * 100, 1)


def _roman(letters: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in letters]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _possible(ref: TimeRef) -> bool:
    """Does the calendar have such a day (in the year told, or in a leap year)?"""
    if ref.month is None or ref.day is None:
        return True
    return resolve(replace(ref, year=ref.year or 2024, year_shift=None, direction=None), None) is not None


def _told(ref: TimeRef, meaning: Meaning) -> TimeRef:
    return TimeRef("sequel", start=ref, named=meaning.named) if meaning.sequel or meaning.named else ref


def _days(m: Match) -> TimeRef | None:
    """14 and 15 December; 28 May to 2 June."""
    high_slots = {**m.slots, "day": m.slots["day2"]}
    if "month2" in m.slots:
        high_slots["month"] = m.slots["month2"]
    low_slots = {k: v for k, v in m.slots.items() if k != "wd"}
    if "days" in m.slots:
        low_slots["day"] = m.slots["days"]
    high_slots.pop("wd", None)
    low, high = _date(replace(m, slots=low_slots)), _date(replace(m, slots=high_slots))
    if low is None or high is None or (low.month == high.month and (low.day or 0) >= (high.day or 0)):
        return None
    return TimeRef("range", start=low, end=high, daypart=m.meaning.daypart)


def _weekdays(m: Match) -> TimeRef | None:
    """Monday and Tuesday, the night from Monday to Tuesday: neighbours only, others are two times and no period.

    Where the words have only the second ("overnight into Tuesday"), the first is the one before it.
    """
    high = m.words.weekdays[m.slots["weekday2"].lower()]
    low = m.words.weekdays[m.slots["weekday"].lower()] if "weekday" in m.slots else (high - 1) % 7
    if (low + 1) % 7 != high:
        return None
    ends = (TimeRef("date", weekday=low), TimeRef("date", weekday=high))
    return TimeRef("range", start=ends[0], end=ends[1], daypart=m.meaning.daypart)


def _years(m: Match) -> TimeRef | None:
    """2009-2010, 2009-10: two years, in order."""
    low, high = m.number("year"), m.number("year2")
    if low is None or high is None:
        return None
    high = high if high > 99 else low // 100 * 100 + high
    return TimeRef("range", start=TimeRef("date", low), end=TimeRef("date", high)) if low < high else None


def _unit(m: Match) -> tuple[Unit, bool] | None:
    if m.meaning.unit is not None:
        return m.meaning.unit, False
    # Of "three days a week" the unit is what is said in the singular.
    word = m.slots.get("unit", m.slots.get("long_unit", m.slots.get("units")))
    return m.words.units.get(_plain(word)) if word else None


def _span(m: Match) -> TimeRef | None:
    unit, meaning = _unit(m), m.meaning
    if unit is None:
        return None
    ref = TimeRef(
        "span",
        unit=unit[0],
        shift=meaning.shift,
        part=meaning.part,
        direction=meaning.direction,
        deictic=meaning.deictic,
        weekday=m.words.weekdays.get(m.slots["weekday"].lower()) if "weekday" in m.slots else None,
        nth=m.words.ordinals.get(_plain(m.slots["nth"])) if "nth" in m.slots else None,
        clock=_clock(m),
        daypart=_daypart(m),
    )
    return _told(ref, meaning)


def _daypart(m: Match) -> DayPart | None:
    return m.words.dayparts.get(_plain(m.slots["daypart"])) if "daypart" in m.slots else m.meaning.daypart


_HOURS = ("clock", "hours_h", "colon", "iso_time")


def _clock(m: Match) -> str | None:
    """The time of day that the words say: "9 p.m." and "9 in the evening" are 21:00."""
    digits = re.findall(r"\d+", next((m.slots[k] for k in _HOURS if k in m.slots), ""))
    said = m.words.number(m.slots["hour_word"]) if "hour_word" in m.slots else None
    if not digits and said is None:
        return None if m.meaning.hour is None else f"{m.meaning.hour:02}:00"
    hour = said.low if said is not None else int(digits[0])
    minute = int(digits[1]) if len(digits) > 1 else m.number("minutes") or 0
    half = m.words.halves.get(_plain(m.slots["half"])) if "half" in m.slots else None
    if half is not None and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half is not None and len(digits) == 1:
        return None  # "13 p.m."
    elif half is None:
        hour = _of_part(hour, _daypart(m))
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _of_part(hour: int, part: DayPart | None) -> int:
    """An hour of twelve in a part of the day: eight in the evening is the twentieth."""
    if (part in ("AF", "EV") and hour < 12) or (part == "NI" and 6 <= hour < 12):
        return hour + 12
    return 0 if part == "NI" and hour == 12 else hour


def _counted(m: Match) -> tuple[Unit, int, int, bool] | None:
    """The unit, from how many to how many, and whether the words say "about"."""
    unit, meaning = _unit(m), m.meaning
    if unit is None:
        return None
    if meaning.high is not None:
        return unit[0], meaning.low or 0, meaning.high, meaning.about
    if "n" in m.slots:
        number = m.words.number(m.slots["n"])
        if number is None:
            return None
        high = number.high if number.high is not None else UNNUMBERED[unit[0]]
        return unit[0], number.low, max(high, number.low), meaning.about
    return (unit[0], 2, UNNUMBERED[unit[0]], meaning.about) if unit[1] else (unit[0], 1, 1, meaning.about)


def _shift(m: Match) -> TimeRef | None:
    counted = _counted(m)
    if counted is None:
        return None
    unit, low, high, about = counted
    low = m.meaning.low if m.meaning.low is not None else low
    if m.meaning.half:
        unit, low, high = halved(unit, low, high)
    if m.meaning.direction == "past":
        low, high = -high, -low
    strict = m.meaning.strict
    ref = TimeRef("shift", unit=unit, low=low, high=high, direction=m.meaning.direction, about=about, strict=strict)
    return _told(ref, m.meaning)


def _over(m: Match) -> TimeRef | None:
    counted = _counted(m)
    if counted is None:
        return None
    unit, low, high, about = counted
    if m.meaning.direction == "past":
        low, high = -low, -high
    # "The past year", with no number: the year before this one.
    shift = low if low == high and "n" not in m.slots and m.meaning.high is None else 0
    return TimeRef(
        "over", unit=unit, shift=shift, low=low, high=high, direction=m.meaning.direction, about=about,
        daypart=m.meaning.daypart, half=m.meaning.half,
    )  # fmt: skip


def _loose_year(m: Match) -> TimeRef | None:
    return TimeRef("date", year=m.number("year"))


def _of_day(m: Match) -> TimeRef | None:
    """A time of the day whose day the words do not say."""
    clock, daypart = _clock(m), _daypart(m)
    return TimeRef("span", unit="day", clock=clock, daypart=daypart) if clock or daypart else None


def _duration(m: Match) -> TimeRef | None:
    if "big" in m.slots:
        word = _unit(m)
        return TimeRef("duration", unit=word[0], length=m.words.big(m.slots["big"])) if word else None
    counted = _counted(m)
    if counted is None:
        return None
    unit, low, high, about = counted
    return TimeRef("duration", unit=unit, low=low, high=high, about=about, half=m.meaning.half)


def _set(m: Match) -> TimeRef | None:
    """What comes back: on a day of the week, in a season or month, or every so many units."""
    words, slots = m.words, m.slots
    name = slots.get("weekday", slots.get("weekdays"))
    weekday = words.weekdays.get(name.lower()) if name else None
    months = words.periods.get(_plain(slots["season"])) if "season" in slots else None
    month = words.months.get(slots["month"].lower().rstrip(".")) if "month" in slots else None
    counted = _counted(m) if slots.keys() & {"unit", "units", "long_unit"} or m.meaning.unit else None
    if weekday is None and months is None and month is None and counted is None:
        return None
    numbered = "n" in slots or m.meaning.high is not None
    unit, low = (counted[0], counted[1] if numbered else 1) if counted else (None, None)
    return TimeRef("set", unit=unit, low=low, weekday=weekday, month=month, months=months, daypart=_daypart(m))


def _vague(m: Match) -> TimeRef:
    return TimeRef("vague", direction=m.meaning.direction)


BUILDERS: dict[str, Builder] = {
    "date": _date, "days": _days, "weekdays": _weekdays, "years": _years, "span": _span, "shift": _shift, "over": _over,
    "loose_year": _loose_year, "loose_month": _date, "clock": _of_day, "duration": _duration, "set": _set,
    "vague": _vague,
}  # fmt: skip
