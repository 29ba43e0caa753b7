"""Finds the time expressions of a text by the phrases of its language: leftmost first, of those the longest.

First the atoms, which stand on their own; then the frames around them ("since", "from ... to"), over a copy of the text
in which each expression found is one private-use character. A bare year is a candidate that only a frame makes a time.
Durations, sets and vague words are expressions that no fact can be placed at: they stand outside frames.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from recoupe.codebook.calendar import Calendar
from recoupe.codebook.timerules import BUILDERS, Match, slots_of
from recoupe.codebook.times import DATED, EVENT, MONTH, NAMED, PLAIN, RELATIVE, SEQUEL, YEAR, TimeRule, TimeWords
from recoupe.times import Direction, TimeExpression, TimeRef, resolve
from recoupe.values import When

_POINTS = re.compile(f"[{DATED}{YEAR}{MONTH}{RELATIVE}{EVENT}{SEQUEL}{NAMED}]")
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
    pieces: tuple[tuple[int, int, TimeRef], ...] = ()  # of several dates in one, where each stands

    def expression(self) -> TimeExpression:
        return TimeExpression(self.start, self.end, self.ref, self.rule)

    def own(self, text: str, outside: re.Pattern[str] | None) -> Iterator[TimeExpression]:
        """The expression without the words that open it and are none of it; of several dates in one each by itself."""
        opening = outside.match(text, self.start, self.end) if outside and self.ref.kind != "vague" else None
        start = opening.end() if opening and opening.end() < self.end else self.start
        if not self.pieces:
            yield TimeExpression(start, self.end, self.ref, self.rule)
        for k, (first, end, ref) in enumerate(self.pieces):
            yield TimeExpression(min(start, end - 1) if k == 0 else first, end, ref, self.rule)


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
    times = [i.expression() for i in (*framed, *outside) if i.mark in (DATED, RELATIVE, SEQUEL, NAMED)]
    loose = {id(i) for i in outside if i.mark == MONTH}
    atoms = [a for i in items if i.mark != EVENT and id(i) not in loose for a in i.own(text, words.outside)]
    return Expressions(tuple(sorted(times, key=lambda e: e.start)), tuple(atoms))


def _exact(when: When) -> TimeRef:
    """The days of an event as a reference that needs no anchor."""
    ends = [TimeRef("date", d.year, month=d.month, day=d.day) if d else None for d in (when.first, when.last)]
    return ends[0] if ends[0] and ends[0] == ends[1] else TimeRef("range", start=ends[0], end=ends[1])


# What stands between the months of a list, whatever the language: marks and at most one short word.
_JOINED = re.compile(r"(?:\s*[,/–—-]\s*|\s+(?:\w{1,3}\s+)?)\Z")


def _listed(text: str, items: list[_Item]) -> list[_Item]:
    """The items with the year of a list's last month ("in March and April 2022") given to the months before it; the
    year before it, where they are later in the year ("in December and January 2022").
    """
    found: list[_Item] = []
    after: _Item | None = None
    for item in reversed(items):
        if (
            after is not None
            and _bare_month(item.ref)
            and after.ref.kind == "date"
            and after.ref.year is not None
            and after.ref.day is None
            and after.ref.month not in (None, item.ref.month)
            and _JOINED.match(text[item.end : after.start])
        ):
            item = replace(item, ref=_year_before(item.ref, after.ref), mark=DATED)
        found.append(item)
        after = item
    return found[::-1]


def _year_before(ref: TimeRef, after: TimeRef) -> TimeRef:
    """A month without its year, of the year that the date after it has, or of the one before."""
    return replace(ref, year=(after.year or 0) - ((ref.month or 0) > (after.month or 0)))


def _year_after(ref: TimeRef, before: TimeRef) -> TimeRef:
    """A month without its year, of the year that the date before it has, or of the next."""
    return replace(ref, year=(before.year or 0) + ((ref.month or 0) < (before.month or 0)))


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
            made = Match(slots_of(match), rule.meaning, words)
            ref = BUILDERS[rule.meaning.do](made)
            if ref is None and rule.meaning.do == "date":
                # A day that no calendar has is no other time either.
                end = match.end()
                break
            if ref is not None:
                pieces = _pieces(match, ref)
                mark = PLAIN if rule.meaning.plain else _mark(ref, rule.meaning.do)
                found.append(_Item(match.start(), match.end(), ref, rule.id, mark, pieces))
                end = match.end()
                break
    return found


def _pieces(match: re.Match[str], ref: TimeRef) -> tuple[tuple[int, int, TimeRef], ...]:
    """The dates of a list or range, each by itself; a night is one time, though it has two dates."""
    if ref.kind != "range" or ref.daypart or not (ref.start and ref.end):
        return ()
    spans = sorted((match.span(name), name) for name, value in match.groupdict().items() if value is not None)
    at = next((k for k, (_, name) in enumerate(spans) if name.startswith(("day2", "weekday2", "year2"))), None)
    if not at:
        return ()
    if at > 1 and spans[at - 1][1].startswith("wd"):
        at -= 1  # the second has its day of the week before it
    low, first_end = spans[at - 1][0][0], max(end for (_, end), _ in spans[:at])
    first = [(match.start(), first_end, ref.start)]
    if spans[at - 1][1].startswith("days"):
        days = [(m, replace(ref.start, day=int(m[0]))) for m in _DAY.finditer(match.string, low, first_end)]
        first = [(m.start() if k else match.start(), m.end(), day) for k, (m, day) in enumerate(days)]
    return (*first, (spans[at][0][0], match.end(), ref.end))


_DAY = re.compile(r"\d+")


def _mark(ref: TimeRef, do: str) -> str:
    if do in ("clock", "duration", "set", "vague"):
        return PLAIN
    if do == "loose_year":
        return YEAR
    if do == "loose_month":
        return MONTH
    if ref.kind == "sequel":
        return NAMED if ref.named else SEQUEL
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
        one = next((i for i in inner if i.mark != EVENT), inner[0])  # "the invasion of 2022" tells the year
        ref = replace(one.ref, about=True) if meaning.about else one.ref
        return _Item(one.start, one.end, ref, rule.id, DATED)
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
    if low.year is not None and low.month is not None and _bare_month(high):
        high = _year_after(high, low)
    elif high.year is not None and high.month is not None and _bare_month(low):
        low = _year_before(low, high)
    if low.kind == "date" and high.kind == "date" and low.absolute and high.absolute:
        one, other = resolve(low, None), resolve(high, None)
        if one and other and one.first and other.last and one.first > other.last:
            return None
    return TimeRef("range", start=low, end=high)
