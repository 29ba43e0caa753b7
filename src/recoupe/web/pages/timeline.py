"""The timeline: the entries that the filters leave, counted over time by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Query as Asked

from recoupe.values import When
from recoupe.web.asked import found_by, query_of
from recoupe.web.described import FILTERS
from recoupe.web.figures.bars import Said, timeline_svg
from recoupe.web.figures.chart import SERIES, series_of
from recoupe.web.figures.timeline import UNITS, Bin, TimelineShown, Unit, timeline
from recoupe.web.pages.ledger import facets_of
from recoupe.web.query import CHOICES, Query
from recoupe.web.reader import wording
from recoupe.web.render import Fresh, render
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["figures"])
UnitAsked = Annotated[Unit | None, Asked(description="What is counted together; without it, what fits the span.")]


def shown(ledger: Shelf, query: Query, unit: Unit | None) -> TimelineShown:
    """The timeline of the entries that a query leaves."""
    spans = ledger.table().spans(query, found_by(ledger, query))
    return timeline(spans, unit, query.since and query.since.first, query.until and query.until.last)


def ledger_of(query: Query, one: Bin, kinds: Sequence[str]) -> str:
    """The address of the ledger with the entries of a bar."""
    since, until = When.parse(one.first), When.parse(one.last)
    return f"/?{replace(query, since=since, until=until, kind=tuple(sorted(kinds)) or query.kind, sort=None, page=1)}"


@router.get("/api/timeline", openapi_extra=FILTERS)
def timeline_json(request: Request, unit: UnitAsked = None) -> TimelineShown:
    """How many entries there are in each day, week, month or year, by kind."""
    return shown(shelf(request), query_of(request), unit)


@router.get("/timeline", include_in_schema=False)
def timeline_page(request: Request, unit: UnitAsked = None) -> Response:
    """The page of the timeline."""
    ledger, query, words = shelf(request), query_of(request), wording(request)
    what = shown(ledger, query, unit)
    series = series_of(what.kinds)

    def drawn() -> str:
        def tip(one: Bin, kinds: Sequence[str], count: int) -> str:
            kind = words.kind(kinds[0]) if series[kinds[0]] < SERIES and len(kinds) == 1 else words.t("timeline.others")
            return words.t("timeline.bar", when=span(one), kind=kind, entries=words.t("many.entries", n=count))

        told = words.t("timeline.told", unit=words.t(f"timeline.units.{what.unit}"), entries=words.number(what.total))
        said = Said(words.lang, words.t("timeline.title"), told, tip)
        return timeline_svg(what, lambda one, kinds: ledger_of(query, one, kinds), said)

    def span(one: Bin) -> str:
        if what.unit in ("month", "year"):
            return words.when(one.first[:7] if what.unit == "month" else one.first[:4])
        return words.when(one.first if what.unit == "day" else f"{one.first}/{one.last}")

    chart = ledger.once(("timeline", str(query.without("page", "sort")), unit, words.lang), drawn) if what.bins else ""
    return render(
        request, "timeline.html", shown=what, query=query, chart=chart, series=series, units=UNITS, unit=unit,
        span=span, choices=CHOICES, to=lambda one, *kinds: ledger_of(query, one, kinds),
        facets=facets_of(ledger, query, request.query_params.get("more", "")),
    )  # fmt: skip
