"""Clues to a report's date, and their meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from recoupe.model import Dating, Reason, Span
from recoupe.times import TOO_WIDE
from recoupe.values import When

# The rules, the strongest first: where two clues cannot both be right, the one that stands earlier here is kept. What a
# page says of itself goes before what its text implies, and a date before a day of the week.
RULES = (
    "address",
    "published-line",
    "markup-published",
    "fetched",
    "date-line",
    "updated-line",
    "markup-modified",
    "today-date",
    "dateline",
    "caption",
    "past-date",
    "meta-date",
    "office",
    "event",
    "past-month",
    "members",
    "state",
    "beside",
    "on-event",
    "this-week",
    "fresh-date",
    "year-left-out",
    "event-weekday",
    "after-event",
    "same-event",
    "this-weekday",
    "today-weekday",
    "end-line",
    "visit-date",
    "copied-by",
    "copy-of",
    "same-fact",
)
ACROSS = frozenset({"copied-by", "copy-of", "same-fact"})
"""The rules by which other reports tell of a report's date."""
_RANK = {rule: i for i, rule in enumerate(RULES)}
# A weekday picks a day out of an interval only where it holds that weekday once; wider ones are not looked at.
_TWO_WEEKS = 13
# An interval from here on is given in whole months: its days would feign an exactness that no clue has.
_COARSE = 270


@dataclass(frozen=True, slots=True)
class Clue:
    """What one clue leaves: one of its `options`, or a day that falls on `weekday`.

    `recurring` options come back every year; they say something once other clues have left one of them, or a few near
    each other.
    """

    rule: str
    words: str
    at: Span | None
    of: Literal["report", "page", "meta", "ledger"]
    options: tuple[When, ...] = ()
    weekday: int | None = None
    recurring: bool = False


def meet(clues: Iterable[Clue]) -> Dating:
    """The meet of the clues: stronger rules first, then in the order given. Those that contradict are `against`."""
    distinct: dict[tuple[object, ...], Clue] = {}
    for clue in clues:
        distinct.setdefault((clue.rule, clue.options, clue.weekday), clue)
    ordered = sorted(distinct.values(), key=lambda c: _RANK[c.rule])
    now = When(None, None)
    used: dict[int, When] = {}
    against: dict[int, When] = {}
    for _ in range(4):
        before = now
        for i, clue in enumerate(ordered):
            if i in against:
                continue
            live = _live(clue, now)
            if live is None:
                continue
            if not live:
                if i not in used:
                    against[i] = _nearest(clue.options, now)
                continue
            used[i] = _hull(live)
            now = _together(now, used[i])
        if now == before:
            break
    reasons = tuple(_reason(ordered[i], when) for i, when in sorted(used.items()))
    contrary = tuple(_reason(ordered[i], when) for i, when in sorted(against.items()))
    return Dating(_coarse(now) if used else None, reasons, contrary)


def _live(clue: Clue, now: When) -> Sequence[When] | None:
    """The options that are still possible; None where the clue says nothing yet."""
    if clue.weekday is not None:
        if now.first is None or now.last is None or (now.last - now.first).days > _TWO_WEEKS:
            return None
        days = [now.first + timedelta(days=k) for k in range((now.last - now.first).days + 1)]
        fits = [When.day(d) for d in days if d.weekday() == clue.weekday]
        return fits if len(fits) == 1 else None
    live = [o for o in clue.options if now.meet(o) is not None]
    if clue.recurring and len(live) > 1:
        hull = _hull(live)
        if hull.first is None or hull.last is None or hull.last - hull.first > TOO_WIDE:
            return None
    return live


def _hull(options: Sequence[When]) -> When:
    firsts, lasts = [o.first for o in options], [o.last for o in options]
    return When(
        None if None in firsts else min(d for d in firsts if d is not None),
        None if None in lasts else max(d for d in lasts if d is not None),
    )


def _nearest(options: Sequence[When], now: When) -> When:
    """Of options that are all impossible the one that is the least so."""

    def apart(option: When) -> int:
        if now.first is not None and option.last is not None and option.last < now.first:
            return (now.first - option.last).days
        return (option.first - now.last).days if now.last is not None and option.first is not None else 0

    return min(options, key=apart)


def _together(now: When, hull: When) -> When:
    met = now.meet(hull)
    return now if met is None else met


def _reason(clue: Clue, when: When) -> Reason:
    return Reason(when, clue.rule, clue.words, clue.at, clue.of)


def _coarse(when: When) -> When:
    if when.first is None or when.last is None or (when.last - when.first).days < _COARSE:
        return when
    last = When.month(when.last.year, when.last.month).last
    return When(date(when.first.year, when.first.month, 1), last)
