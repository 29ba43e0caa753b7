"""The charts of the timeline and of the balance."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recoupe.web.figures.balance import BarShown
from recoupe.web.figures.chart import linked, scale, series_of, svg
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
    import altair as alt  # it takes its time to load: not before a chart is drawn

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
                    "href": linked(link(one, own)), "tip": said.tip(one, own, count),
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


@dataclass(frozen=True, slots=True)
class SaidOfBars:
    """What a chart of ranges says in words: its title, what it shows, what its unit, a billion and a row are called;
    `tip` tells of a bar.
    """

    lang: str
    title: str
    description: str
    unit: str
    billion: str
    name: Callable[[str], str]
    tip: Callable[[BarShown], str]


def balance_svg(
    bars: Sequence[BarShown], columns: Sequence[str], link: Callable[[BarShown], str], said: SaidOfBars
) -> str:
    """A bar a range, those of a row below each other: full up to what is sure, pale up to what may be, with an arrow
    where there is no end. Each leads to the address that `link` gives.
    """
    import altair as alt  # it takes its time to load: not before a chart is drawn

    end = max((max(bar.low, bar.high or 0) for bar in bars), default=0) or 1
    names = {row: f"{number:03}" for number, row in enumerate(dict.fromkeys(bar.row for bar in bars))}
    called = {number: said.name(row) for row, number in names.items()}
    rows = [
        {
            "row": names[bar.row], "column": columns.index(bar.column), "zero": 0, "low": bar.low,
            "high": end * 1.04 if bar.high is None else bar.high, "href": linked(link(bar)), "tip": said.tip(bar),
            "open": bar.high is None,
        }
        for bar in bars
    ]  # fmt: skip
    label = f"{json.dumps(called)}[datum.value]"
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("row:N", title=None, axis=alt.Axis(labelExpr=label, labelLimit=220, grid=False), sort=None),
        yOffset=alt.YOffset("column:N", sort=[0, 1, 2, 3, 4, 5]),
        color=alt.Color("column:O", scale=scale(len(columns)), legend=None),
        href="href:N",
        description="tip:N",
    )
    # A thousand millions is a G to engineers alone.
    short = f"replace(format(datum.value, '~s'), 'G', {json.dumps(said.billion)})"
    across = alt.Axis(labelExpr=short, tickCount=6, grid=True)
    sure = base.mark_bar().encode(x=alt.X("zero:Q", title=said.unit, axis=across), x2="low:Q")
    maybe = base.mark_bar(opacity=0.45).encode(x=alt.X("low:Q", title=said.unit), x2="high:Q")
    arrow = base.mark_point(shape="triangle-right", filled=True, size=70).encode(x="high:Q")
    chart = alt.layer(maybe, sure, arrow.transform_filter("datum.open")).properties(
        width=_WIDE - 240,
        height=max(60, len(bars) * 16 + len(names) * 10),
        padding={"left": 36, "right": 12, "top": 4, "bottom": 4},
    )  # the letters of a browser may be wider than those that the chart is measured with
    return svg(chart, said.title, said.description, said.lang)
