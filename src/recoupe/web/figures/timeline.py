"""Entries over time, counted by kind in days, weeks, months or years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from recoupe.web.table import END, START, Spans

Unit = Literal["day", "week", "month", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)
MOST = 130
"""Bins that are shown at most."""
_DAYS: Mapping[Unit, int] = {"day": 62, "week": 366, "month": 3700}
"""Up to so many days a unit is taken where none is asked for."""
_STRAY = 0.01  # of the entries, on each side, may lie before and after what is shown
_FEW = 50  # entries of which none is left out as a stray

_LATEST = date(9998, 12, 31)  # the calendar knows no year 10,000

Days = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bin:
    """A stretch of time, both days in it, and the entries that certainly were in it, by kind (none of zero)."""

    first: str
    last: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class TimelineShown:
    """Bins in order, without gaps; the kinds with their totals over all bins, the most frequent first.

    `total`: the entries that the filters leave; of these `before` and `after` lie outside what is shown, `wide` may be
    in several bins, and of `undated` no words say when.
    """

    unit: Unit
    bins: tuple[Bin, ...]
    kinds: tuple[tuple[str, int], ...]
    total: int
    before: int = 0
    after: int = 0
    wide: int = 0
    undated: int = 0


def timeline(
    spans: Spans, unit: Unit | None = None, since: date | None = None, until: date | None = None
) -> TimelineShown:
    """The timeline of some entries, as far as there are any: within `since` and `until` where these are said, else but
    for strays (old treaties that are recalled, plans for the far future). Without a unit, the one that fits the span; a
    unit that would make too many bins gives way to the next.
    """
    total = len(spans.first)
    dated = (spans.first > START) | (spans.last < END)
    closed = (spans.first > START) & (spans.last < END)
    first, last, kind = (a[closed].astype(np.int64) for a in (spans.first, spans.last, spans.kind))
    if not len(first):
        return TimelineShown(unit or "month", (), (), total, wide=int(dated.sum()), undated=int((~dated).sum()))
    begin, end = _range(first, last, since, until)
    while True:
        fits = _unit(unit, begin, end)
        edges = _edges(fits, begin, end)
        one, other = np.searchsorted(edges, first, "right") - 1, np.searchsorted(edges, last, "right") - 1
        inside = (one == other) & (one >= 0) & (one < len(edges) - 1)
        # Wide spans may make the axis longer than there is anything to show on it, and its unit too large.
        cut_begin = date.fromordinal(int(first[inside].min())) if inside.any() and since is None else begin
        cut_end = date.fromordinal(int(last[inside].max())) if inside.any() and until is None else end
        if (max(begin, cut_begin), min(end, cut_end)) == (begin, end):
            break
        begin, end = max(begin, cut_begin), min(end, cut_end)
    unit = fits
    counts = np.zeros((len(edges) - 1, len(spans.kinds)), np.int64)
    np.add.at(counts, (one[inside], kind[inside]), 1)
    before, after = last < edges[0], first >= edges[-1]
    totals = {spans.kinds[k]: int(n) for k, n in enumerate(counts.sum(axis=0)) if n}
    bins = tuple(
        Bin(_iso(edges[n]), _iso(edges[n + 1] - 1), {spans.kinds[k]: c for k, c in enumerate(row) if c})
        for n, row in enumerate(counts.tolist())
    )
    outside = int(before.sum()), int(after.sum())
    return TimelineShown(
        unit, bins, tuple(sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))), total, *outside,
        int(dated.sum()) - int(inside.sum()) - sum(outside), int((~dated).sum()),
    )  # fmt: skip


def _range(first: Days, last: Days, since: date | None, until: date | None) -> tuple[date, date]:
    """The days from which and to which to show."""
    # A wide span says little of where the others are: strays are told by the middle.
    middle = np.sort((first + last) // 2)
    stray = int(_STRAY * len(middle)) if len(middle) >= _FEW else 0
    begin, end = date.fromordinal(int(middle[stray])), date.fromordinal(int(middle[len(middle) - 1 - stray]))
    if since is not None:
        begin = max(since, date.fromordinal(int(first.min())))
    if until is not None:
        end = min(until, date.fromordinal(int(last.max())))
    return begin, max(begin, end)


def _unit(asked: Unit | None, begin: date, end: date) -> Unit:
    days = (end - begin).days + 1
    unit = asked or next((unit for unit, most in _DAYS.items() if days <= most), "year")
    per = {"day": 1, "week": 7, "month": 30, "year": 365}
    return next((u for u in UNITS[UNITS.index(unit) :] if days / per[u] <= MOST), "year")


def _edges(unit: Unit, begin: date, end: date) -> Days:
    """The first days of the bins, and that after the last."""
    return np.array([day.toordinal() for day in _starts(unit, begin, end)], np.int64)


def _starts(unit: Unit, begin: date, end: date) -> Iterator[date]:
    day = _start(unit, begin)
    while day <= min(end, _LATEST):
        yield day
        day = _next(unit, day)
    yield day


def _start(unit: Unit, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day if unit == "day" else day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _next(unit: Unit, day: date) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=1 if unit == "day" else 7)
    months = day.year * 12 + day.month - 1 + (1 if unit == "month" else 12)
    return date(months // 12, months % 12 + 1, 1)


def _iso(number: int) -> str:
    return date.fromordinal(int(number)).isoformat()
