"""Finds the time expressions of a text by the phrases of its language: leftmost first, of those the longest.

First the atoms, which stand on their own; then the frames around them ("since", "from ... to"), over a copy of the text
in which each expression found is one private-use character. A bare year is a candidate that only a frame makes a time.
Durations, sets and vague words are expressions that no fact can be placed at: they stand outside frames.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from recoupe.codebook.calendar import Calendar
from recoupe.codebook.times import DATED, EVENT, MONTH, PLAIN, RELATIVE, SEQUEL, YEAR, Meaning, TimeRule, TimeWords
from recoupe.times import UNNUMBERED, DayPart, Direction, TimeExpression, TimeRef, Unit, resolve
from recoupe.values import When

_POINTS = re.compile(f"[{DATED}{YEAR}{MONTH}{RELATIVE}{EVENT}{SEQUEL}]")
# How far before a found expression the words of a frame around it may begin, in characters.
_FRAME_REACH = 60


@dataclass(frozen=True, slots=True)
class _Item:
    """An expression found, with the character that stands for it while the frames are matched."""

    start: int
    end: int
    ref: TimeRef
    rule: str
    mark: str
    split: tuple[int, int] | None = None  # of two dates in one, where the first ends and the second begins

    def expression(self) -> TimeExpression:
        return TimeExpression(self.start, self.end, self.ref, self.rule)

    def own(self, text: str, outside: re.Pattern[str] | None) -> Iterator[TimeExpression]:
        """The expression without the words that open it and are none of it; of two dates in one each by itself."""
        opening = outside.match(text, self.start, self.end) if outside and self.ref.kind != "vague" else None
        start = opening.end() if opening and opening.end() < self.end else self.start
        if self.split is None or not (self.ref.start and self.ref.end):
            yield TimeExpression(start, self.end, self.ref, self.rule)
            return
        first_end, second = self.split
        yield TimeExpression(min(start, first_end - 1), first_end, self.ref.start, self.rule)
        yield TimeExpression(second, self.end, self.ref.end, self.rule)


@dataclass(frozen=True, slots=True)
class Expressions:
    """The time expressions of a text, each kind in order and without overlaps.

    `times` place something on the calendar, with the frame around them ("since July"). `atoms` are all expressions on
    their own, as TIMEX3 has them ("July"): durations, sets and vague words too, and of times the words in the frame.
    """

    times: tuple[TimeExpression, ...]
    atoms: tuple[TimeExpression, ...]


def find_times(text: str, words: TimeWords, calendar: Calendar | None = None) -> list[TimeExpression]:
    """The expressions of `text` that place something on the calendar (`Expressions.times`)."""
    return list(find_expressions(text, words, calendar).times)


def find_expressions(text: str, words: TimeWords, calendar: Calendar | None = None) -> Expressions:
    """The time expressions of `text`.

    The names of events of the `calendar` are no time expressions themselves but stand in frames ("since the invasion").
    Words that do not make a date of the calendar year (30 February) are passed over.
    """
    items = _atoms(text, words)
    found = calendar.find(text, words.lang) if calendar else ()
    events = [_Item(e.start, e.end, _exact(e.events[0].when), "event", EVENT) for e in found if len(e.events) == 1]
    items = sorted((*items, *_outside(events, items)), key=lambda i: i.start)
    if not items:
        return Expressions((), ())
    items = _listed(text, items)
    framed = _frames(text, [i for i in items if i.mark != PLAIN], words)
    outside = _outside(items, framed)
    times = [i.expression() for i in (*framed, *outside) if i.mark in (DATED, RELATIVE, SEQUEL)]
    loose = {id(i) for i in outside if i.mark == MONTH}
    atoms = [a for i in items if i.mark != EVENT and id(i) not in loose for a in i.own(text, words.outside)]
    return Expressions(tuple(sorted(times, key=lambda e: e.start)), tuple(atoms))


def _exact(when: When) -> TimeRef:
    """The days of an event as a reference that needs no anchor."""
    ends = [TimeRef("date", d.year, month=d.month, day=d.day) if d else None for d in (when.first, when.last)]
    return ends[0] if ends[0] and ends[0] == ends[1] else TimeRef("range", start=ends[0], end=ends[1])


# What stands between the months of a list, whatever the language: marks and at most one short word.
_JOINED = re.compile(r"(?:\s*[,/]\s*|\s+(?:\w{1,3}\s+)?)\Z")


def _listed(text: str, items: list[_Item]) -> list[_Item]:
    """The items with the year of a list's last month ("in March and April 2022") given to the months before it."""
    found: list[_Item] = []
    after: _Item | None = None
    for item in reversed(items):
        if (
            after is not None
            and _bare_month(item.ref)
            and after.ref.kind == "date"
            and after.ref.year is not None
            and after.ref.day is None
            and (after.ref.month or 0) > (item.ref.month or 0)
            and _JOINED.match(text[item.end : after.start])
        ):
            item = replace(item, ref=replace(item.ref, year=after.ref.year), mark=DATED)
        found.append(item)
        after = item
    return found[::-1]


def _bare_month(ref: TimeRef) -> bool:
    told = (ref.day, ref.year, ref.year_shift, ref.weekday, ref.direction, ref.part)
    return ref.kind == "date" and ref.month is not None and not any(part is not None for part in told)


def _outside(items: list[_Item], framed: list[_Item]) -> list[_Item]:
    """The items that none of the others (in order, none over another) has taken in."""
    starts = [f.start for f in framed]
    left = []
    for item in items:
        k = bisect_right(starts, item.start) - 1
        if not (k >= 0 and item.start < framed[k].end) and not (k + 1 < len(framed) and framed[k + 1].start < item.end):
            left.append(item)
    return left


Builder = Callable[["_Match"], "TimeRef | None"]


@dataclass(frozen=True, slots=True)
class _Match:
    """What stands in the slots of a matched rule."""

    slots: dict[str, str]
    meaning: Meaning
    words: TimeWords

    def number(self, slot: str) -> int | None:
        digits = re.match(r"\d+", self.slots.get(slot, ""))
        return int(digits[0]) if digits else None


def _slots(match: re.Match[str]) -> dict[str, str]:
    """What stands in the slots; of a slot that stands there twice, the first."""
    found: dict[str, str] = {}
    for name, value in match.groupdict().items():
        if value is not None:
            found.setdefault(name.partition("__")[0], value)
    return found


def _atoms(text: str, words: TimeWords) -> list[_Item]:
    found: list[_Item] = []
    end = 0
    for hits in words.atoms.scan(text):
        if len(hits) > 1:
            # Of what fits as much of the text, what says that it is no time goes first.
            hits.sort(key=lambda hit: (-hit[0].end(), hit[1].meaning.do != "none"))
        for match, rule in hits if hits[0][0].start() >= end else ():
            if rule.meaning.do == "none":
                end = match.end()
                break
            made = _Match(_slots(match), rule.meaning, words)
            ref = _ATOMS[rule.meaning.do](made)
            if ref is None and rule.meaning.do == "date":
                # A day that no calendar has is no other time either.
                end = match.end()
                break
            if ref is not None:
                split = _split(match) if ref.kind == "range" else None
                mark = PLAIN if rule.meaning.plain else _mark(ref, rule.meaning.do)
                found.append(_Item(match.start(), match.end(), ref, rule.id, mark, split))
                end = match.end()
                break
    return found


def _split(match: re.Match[str]) -> tuple[int, int] | None:
    """Where the first of two dates ends and the second begins, with its weekday."""
    spans = sorted((match.span(name), name) for name, value in match.groupdict().items() if value is not None)
    at = next((k for k, (_, name) in enumerate(spans) if name.startswith(("day2", "weekday2", "year2"))), None)
    if not at:
        return None
    if at > 1 and spans[at - 1][1].startswith("wd"):
        at -= 1
    return max(end for (_, end), _ in spans[:at]), spans[at][0][0]


def _mark(ref: TimeRef, do: str) -> str:
    if do in ("clock", "duration", "set", "vague"):
        return PLAIN
    if do == "loose_year":
        return YEAR
    if do == "loose_month":
        return MONTH
    if ref.kind == "sequel":
        return SEQUEL
    return RELATIVE if ref.kind not in ("date", "range") or ref.bare_weekday else DATED


def _frames(text: str, items: list[_Item], words: TimeWords) -> list[_Item]:
    masked, starts, offsets = _masked(text, items)
    by_place = {m.start(): item for m, item in zip(_POINTS.finditer(masked), items, strict=True)}
    found: list[_Item] = []
    end = 0
    for place in by_place:
        for hits in words.frames.scan(masked, max(end, place - _FRAME_REACH), place + 1):
            for match, rule in hits if hits[0][0].start() >= end else ():
                item = _framed(match, rule, by_place, words)
                if item is None:
                    continue
                if item.start < 0:
                    last = by_place.get(match.end() - 1)
                    stop = last.end if last is not None else _unmasked(match.end(), starts, offsets)
                    item = replace(item, start=_unmasked(match.start(), starts, offsets), end=stop)
                found.append(item)
                end = match.end()
                break
    return found


def _unmasked(place: int, starts: list[int], offsets: list[int]) -> int:
    """Where a place of the masked text stands in the text."""
    k = bisect_right(starts, place) - 1
    return offsets[k] + place - starts[k]


def _masked(text: str, items: list[_Item]) -> tuple[str, list[int], list[int]]:
    """The text with one character for each item, and where the runs between them start in it and in the text."""
    pieces: list[str] = []
    starts, offsets = [0], [0]
    at = place = 0
    for item in items:
        run = _POINTS.sub(" ", text[at : item.start])
        pieces += (run, item.mark)
        place += len(run) + 1
        at = item.end
        starts.append(place)
        offsets.append(at)
    pieces.append(_POINTS.sub(" ", text[at:]))
    return "".join(pieces), starts, offsets


def _framed(match: re.Match[str], rule: TimeRule, by_place: dict[int, _Item], words: TimeWords) -> _Item | None:
    """The frame's item. Its place is the inner item's for a frame that only vouches for it, else left open (-1)."""
    inner = [by_place[k] for k in range(match.start(), match.end()) if k in by_place]
    meaning = rule.meaning
    if meaning.do == "same":
        ref = replace(inner[0].ref, about=True) if meaning.about else inner[0].ref
        return _Item(inner[0].start, inner[0].end, ref, rule.id, DATED)
    if meaning.do == "week_of":
        return _Item(-1, -1, TimeRef("around", unit=meaning.unit, start=inner[0].ref), rule.id, DATED)
    if meaning.do == "range":
        ref_range = _joined(inner[0].ref, inner[-1].ref)
        return _Item(-1, -1, ref_range, rule.id, DATED) if ref_range else None
    start = inner[0].ref
    if meaning.do == "anchored":
        return _Item(-1, -1, replace(start, end=inner[-1].ref), rule.id, DATED)
    if meaning.do == "from" and start.kind == "range":
        return _Item(-1, -1, start, rule.id, DATED)
    if start.kind not in ("date", "span", "shift", "around", "range", "sequel"):
        return None
    if meaning.do in _LOOKS:
        start = start.towards(_LOOKS[meaning.do])
    kinds = {"since": "since", "until": "until", "by": "by", "from": "from", "before": "before", "after": "after"}
    return _Item(-1, -1, TimeRef(kinds[meaning.do], start=start), rule.id, DATED)  # type: ignore[arg-type]


# Where the bound of an open period lies when the words do not say it.
_LOOKS: dict[str, Direction] = {"by": "future", "until": "nearest", "from": "nearest"}


def _joined(low: TimeRef, high: TimeRef) -> TimeRef | None:
    """A range of two dates; None where they are out of order or one is itself more than a date."""
    if any(ref.kind not in ("date", "span", "shift") for ref in (low, high)):
        return None
    if low.kind == "date" and high.kind == "date" and low.absolute and high.absolute:
        one, other = resolve(low, None), resolve(high, None)
        if one and other and one.first and other.last and one.first > other.last:
            return None
    return TimeRef("range", start=low, end=high)


# What the rules make of their slots


def _date(m: _Match) -> TimeRef | None:
    words, slots, meaning = m.words, m.slots, m.meaning
    month = words.months.get(slots["month"].lower().rstrip(".")) if "month" in slots else None
    for slot in ("firm_month", "loose_month"):
        month = words.months.get(slots[slot].lower()) if slot in slots else month
    weekday = slots.get("wd", slots.get("weekday"))
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
        month=month or m.number("number_month") or meaning.month,
        day=m.number("day") or m.number("high_day") or meaning.day,
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


def _short_year(m: _Match) -> int | None:
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
    return TimeRef("sequel", start=ref) if meaning.sequel else ref


def _days(m: _Match) -> TimeRef | None:
    """14 and 15 December; 28 May to 2 June."""
    high_slots = {**m.slots, "day": m.slots["day2"]}
    if "month2" in m.slots:
        high_slots["month"] = m.slots["month2"]
    low_slots = {k: v for k, v in m.slots.items() if k != "wd"}
    high_slots.pop("wd", None)
    low, high = _date(replace(m, slots=low_slots)), _date(replace(m, slots=high_slots))
    if low is None or high is None or (low.month == high.month and (low.day or 0) >= (high.day or 0)):
        return None
    return TimeRef("range", start=low, end=high)


def _weekdays(m: _Match) -> TimeRef | None:
    """Monday and Tuesday, the night from Monday to Tuesday: neighbours only, others are two times and no period."""
    low, high = (m.words.weekdays[m.slots[k].lower()] for k in ("weekday", "weekday2"))
    if (low + 1) % 7 != high:
        return None
    return TimeRef("range", start=TimeRef("date", weekday=low), end=TimeRef("date", weekday=high))


def _years(m: _Match) -> TimeRef | None:
    """2009-2010, 2009-10: two years, in order."""
    low, high = m.number("year"), m.number("year2")
    if low is None or high is None:
        return None
    high = high if high > 99 else low // 100 * 100 + high
    return TimeRef("range", start=TimeRef("date", low), end=TimeRef("date", high)) if low < high else None


def _unit(m: _Match) -> tuple[Unit, bool] | None:
    if m.meaning.unit is not None:
        return m.meaning.unit, False
    word = m.slots.get("unit", m.slots.get("long_unit", m.slots.get("units")))
    return m.words.units.get(_plain(word)) if word else None


def _span(m: _Match) -> TimeRef | None:
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
        clock=_clock(m),
        daypart=_daypart(m),
    )
    return _told(ref, meaning)


def _daypart(m: _Match) -> DayPart | None:
    return m.words.dayparts.get(_plain(m.slots["daypart"])) if "daypart" in m.slots else m.meaning.daypart


_HOURS = ("clock", "hours_h", "colon")


def _clock(m: _Match) -> str | None:
    """The time of day that the words say: "9 p.m." is 21:00."""
    digits = re.findall(r"\d+", next((m.slots[k] for k in _HOURS if k in m.slots), ""))
    if not digits:
        return None if m.meaning.hour is None else f"{m.meaning.hour:02}:00"
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    half = m.words.halves.get(_plain(m.slots["half"])) if "half" in m.slots else None
    if half is not None and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _counted(m: _Match) -> tuple[Unit, int, int, bool] | None:
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


def _shift(m: _Match) -> TimeRef | None:
    counted = _counted(m)
    if counted is None:
        return None
    unit, low, high, about = counted
    low = m.meaning.low if m.meaning.low is not None else low
    if m.meaning.half:
        unit, low, high = _halved(unit, low, high)
    if m.meaning.direction == "past":
        low, high = -high, -low
    strict = m.meaning.strict
    ref = TimeRef("shift", unit=unit, low=low, high=high, direction=m.meaning.direction, about=about, strict=strict)
    return _told(ref, m.meaning)


# What half a unit is counted in, and how many of them make the whole.
_SMALLER: dict[Unit, tuple[Unit, int]] = {
    "century": ("year", 100), "decade": ("year", 10), "year": ("month", 12), "quarter": ("week", 13),
    "month": ("day", 30), "week": ("day", 7), "weekend": ("day", 7), "day": ("hour", 24), "hour": ("minute", 60),
    "minute": ("second", 60), "second": ("second", 1),
}  # fmt: skip


def _halved(unit: Unit, low: int, high: int) -> tuple[Unit, int, int]:
    """So many units and a half, in smaller ones: two and a half years are 30 months."""
    smaller, size = _SMALLER[unit]
    return smaller, low * size + size // 2, high * size + (size + 1) // 2


def _over(m: _Match) -> TimeRef | None:
    counted = _counted(m)
    if counted is None:
        return None
    unit, low, high, about = counted
    if m.meaning.half:
        unit, low, high = _halved(unit, low, high)
    if m.meaning.direction == "past":
        low, high = -low, -high
    # "The past year", with no number: the year before this one.
    shift = low if low == high and "n" not in m.slots and m.meaning.high is None else 0
    return TimeRef(
        "over", unit=unit, shift=shift, low=low, high=high, direction=m.meaning.direction, about=about,
        daypart=m.meaning.daypart,
    )  # fmt: skip


def _loose_year(m: _Match) -> TimeRef | None:
    return TimeRef("date", year=m.number("year"))


def _of_day(m: _Match) -> TimeRef | None:
    """A time of the day whose day the words do not say."""
    clock, daypart = _clock(m), _daypart(m)
    return TimeRef("span", unit="day", clock=clock, daypart=daypart) if clock or daypart else None


def _duration(m: _Match) -> TimeRef | None:
    if "big" in m.slots:
        word = _unit(m)
        return TimeRef("duration", unit=word[0], length=m.words.big(m.slots["big"])) if word else None
    counted = _counted(m)
    if counted is None:
        return None
    unit, low, high, about = counted
    return TimeRef("duration", unit=unit, low=low, high=high, about=about, half=m.meaning.half)


def _set(m: _Match) -> TimeRef | None:
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


def _vague(m: _Match) -> TimeRef:
    return TimeRef("vague", direction=m.meaning.direction)


_ATOMS: dict[str, Builder] = {
    "date": _date, "days": _days, "weekdays": _weekdays, "years": _years, "span": _span, "shift": _shift, "over": _over,
    "loose_year": _loose_year, "loose_month": _date, "clock": _of_day, "duration": _duration, "set": _set,
    "vague": _vague,
}  # fmt: skip
