"""The charts of the timeline and of the balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import altair as alt

from recoupe.web.figures.chart import scale, series_of, svg
from recoupe.web.figures.timeline import Bin, TimelineShown

_WIDE, _HIGH = 960, 300
_TICKS = 10
_FORMATS = {"day": "%-d %b", "week": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a chart says in words, in the reader's language: its title and what it shows; `tip` tells of a bar, its bin,
    its kinds (one, but in the series of the rest) and their number.
    """

    lang: str
    title: str
    description: str
    tip: Callable[[Bin, Sequence[str], int], str]


def timeline_svg(shown: TimelineShown, link: Callable[[Bin, Sequence[str]], str], said: Said) -> str:
    """Bars side by side in time, stacked by kind; each leads to the address that `link` gives of its bin and kinds."""
    series = series_of(shown.kinds)
    rows = []
    for one in shown.bins:
        kinds: dict[int, list[str]] = {}
        for kind in one.counts:
            kinds.setdefault(series[kind], []).append(kind)
        after = date.fromisoformat(one.last) + timedelta(days=1)
        for number, own in sorted(kinds.items()):
            count = sum(one.counts[kind] for kind in own)
            rows.append(
                {
                    "first": one.first, "after": after.isoformat(), "series": number, "count": count,
                    "href": link(one, own), "tip": said.tip(one, own, count),
                }
            )  # fmt: skip
    bounds = [shown.bins[0].first, (date.fromisoformat(shown.bins[-1].last) + timedelta(days=1)).isoformat()]
    time = alt.Scale(type="utc", domain=bounds)
    # Where bins begin: a chart's own choice of days (Sundays, say) would point between them.
    ticks = [alt.DateTime(year=d.year, month=d.month, date=d.day, utc=True) for d in _some(shown.bins)]
    axis = alt.Axis(format=_FORMATS[shown.unit], values=ticks, labelOverlap=True, grid=False)
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(stroke="#00aa01", strokeWidth=0.5)
        .encode(
            x=alt.X("first:T", scale=time, axis=axis, title=None),
            x2="after:T",
            y=alt.Y("sum(count):Q", stack=True, title=None, axis=alt.Axis(tickMinStep=1, format=",d")),
            color=alt.Color("series:O", scale=scale(max(series.values()) + 1), legend=None),
            order=alt.Order("series:O"),
            href="href:N",
            description="tip:N",
        )
        .properties(width=_WIDE, height=_HIGH)
    )
    return svg(chart, said.title, said.description, said.lang)


def _some(bins: Sequence[Bin]) -> list[date]:
    """The first days of some bins, evenly spaced."""
    return [date.fromisoformat(one.first) for one in bins[:: -(-len(bins) // _TICKS)]]
