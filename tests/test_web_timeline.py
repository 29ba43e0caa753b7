"""Entries over time: bins, units, and what is in none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoupe.values import When
from recoupe.web.figures.timeline import MOST, UNITS, TimelineShown, Unit, timeline
from recoupe.web.table import END, START, Spans

KINDS = ("attack", "pledge")


def spans(*told: tuple[str, str | None]) -> Spans:
    """Of each entry its kind and its time in the manual's notation."""
    whens = [None if time is None else When.parse(time) for _, time in told]
    first = [START if w is None or w.first is None else w.first.toordinal() for w in whens]
    last = [END if w is None or w.last is None else w.last.toordinal() for w in whens]
    kind = [KINDS.index(name) for name, _ in told]
    return Spans(KINDS, *(np.array(column, np.int32) for column in (kind, first, last)))


def counts(shown: TimelineShown) -> dict[str, dict[str, int]]:
    return {b.first: dict(b.counts) for b in shown.bins if b.counts}


def accounted(shown: TimelineShown) -> int:
    return sum(b.total for b in shown.bins) + shown.before + shown.after + shown.wide + shown.undated


def test_entries_are_counted_by_month_and_kind() -> None:
    shown = timeline(spans(("attack", "2024-01-02"), ("attack", "2024-01-31"), ("pledge", "2024-03")), "month")
    assert counts(shown) == {"2024-01-01": {"attack": 2}, "2024-03-01": {"pledge": 1}}
    assert [(b.first, b.last) for b in shown.bins] == [
        ("2024-01-01", "2024-01-31"),
        ("2024-02-01", "2024-02-29"),
        ("2024-03-01", "2024-03-31"),
    ]
    assert shown.kinds == (("attack", 2), ("pledge", 1))


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        ("day", "2024-01-03", "2024-01-03"),
        ("week", "2024-01-01", "2024-01-07"),
        ("month", "2024-01-01", "2024-01-31"),
        ("year", "2024-01-01", "2024-12-31"),
    ],
)
def test_a_bin_is_a_whole_day_week_month_or_year(unit: Unit, first: str, last: str) -> None:
    (only,) = timeline(spans(("attack", "2024-01-03")), unit).bins
    assert (only.first, only.last) == (first, last)


def test_what_may_be_in_several_bins_and_what_has_no_time_is_counted_apart() -> None:
    told = spans(("attack", "2024-01-31/2024-02-01"), ("attack", "2024-01"), ("pledge", None), ("pledge", "2024-02/.."))
    shown = timeline(told, "month")
    assert counts(shown) == {"2024-01-01": {"attack": 1}}
    assert (shown.wide, shown.undated, shown.total) == (2, 1, 4)
    assert timeline(told, "day").wide == 3


def test_the_unit_fits_the_span() -> None:
    def unit(first: str, last: str) -> Unit:
        return timeline(spans(("attack", first), ("attack", last))).unit

    assert unit("2024-01-01", "2024-02-20") == "day"
    assert unit("2024-01-01", "2024-11-01") == "week"
    assert unit("2022-02-01", "2026-11-01") == "month"
    assert unit("1949-02-01", "2026-11-01") == "year"


def test_a_unit_that_makes_too_many_bins_gives_way() -> None:
    shown = timeline(spans(("attack", "2020-01-01"), ("attack", "2024-01-01")), "day")
    assert shown.unit == "month"
    assert len(shown.bins) <= MOST


def test_strays_are_left_out_but_counted_unless_they_are_asked_for() -> None:
    many = [("attack", f"2024-{month:02}-{day:02}") for month in (1, 2) for day in range(1, 29)] * 2
    told = spans(("attack", "1949-04-04"), *many, ("pledge", "2050-01-01"))
    shown = timeline(told)
    assert (shown.before, shown.after) == (1, 1)
    assert (shown.bins[0].first, shown.bins[-1].last) == ("2024-01-01", "2024-02-28")
    every = timeline(told, since=date(1900, 1, 1), until=date(9999, 12, 31))
    assert (every.unit, every.before, every.after) == ("year", 0, 0)
    assert (every.bins[0].first, every.bins[-1].last) == ("1949-01-01", "2050-12-31")


def test_the_axis_ends_where_there_is_nothing_more_to_show_unless_it_is_asked_for() -> None:
    told = spans(("attack", "2022/2023"), ("attack", "2024-01-05"), ("pledge", "2024-03-09"), ("pledge", "2024/2027"))
    shown = timeline(told, "month")
    assert (shown.bins[0].first, shown.bins[-1].last) == ("2024-01-01", "2024-03-31")
    assert (shown.before, shown.after, shown.wide) == (1, 0, 1)
    asked = timeline(told, "month", since=date(2023, 6, 1), until=date(2024, 6, 30))
    assert (asked.bins[0].first, asked.bins[-1].last, asked.wide) == ("2023-06-01", "2024-06-30", 2)


def test_the_unit_is_that_of_what_is_shown() -> None:
    days = [("attack", f"2024-01-{day:02}") for day in range(1, 31)]
    assert timeline(spans(*days, ("attack", "2000/2024"))) == replace(timeline(spans(*days)), total=31, wide=1)


def test_nothing_to_show() -> None:
    assert timeline(spans()).bins == ()
    undated = timeline(spans(("attack", None), ("attack", "../2024")))
    assert (undated.bins, undated.wide, undated.undated) == ((), 1, 1)


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 800))),
    st.sampled_from([None, *UNITS]),
    st.none() | st.dates(date(1, 1, 1)),
)
def test_every_entry_is_counted_once(
    told: Sequence[tuple[str, date, int]], unit: Unit | None, since: date | None
) -> None:
    shown = timeline(spans(*((k, f"{d}/{d + timedelta(days=n)}") for k, d, n in told)), unit, since)
    assert accounted(shown) == shown.total == len(told)
    assert sum(n for _, n in shown.kinds) == sum(b.total for b in shown.bins)
    for one, other in zip(shown.bins, shown.bins[1:], strict=False):
        assert date.fromisoformat(other.first) - date.fromisoformat(one.last) == timedelta(days=1)


def test_the_last_days_of_the_calendar_are_no_mistake() -> None:
    for unit in UNITS:
        shown = timeline(spans(("attack", "9999-12-31"), ("pledge", "0001-01-01")), unit)
        assert accounted(shown) == 2
