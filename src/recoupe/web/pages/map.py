"""The map of what happened where."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Query as Asked

from recoupe.web.asked import found_by, query_of
from recoupe.web.described import FILTERS
from recoupe.web.figures.chart import series_of
from recoupe.web.figures.worldmap import VIEWS, Map, MapShown, PlaceShown, View, draw_map, labelled, map_shown
from recoupe.web.outlines import load_outlines
from recoupe.web.pages.ledger import facets_of
from recoupe.web.query import CHOICES, Query
from recoupe.web.reader import wording
from recoupe.web.render import Fresh, render
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["figures"])

ROWS = 100
"""Places that the table beside the map lists."""
ViewAsked = Annotated[View, Asked(description="What part of the world is shown: where most were, where all were, all.")]


def shown(ledger: Shelf, query: Query, view: View) -> MapShown:
    """The places of the entries that a query leaves."""
    counts, placed, total = ledger.table().places(query, found_by(ledger, query))
    return map_shown(counts, ledger.codebook.names.at, total, placed, view)


@router.get("/api/map", openapi_extra=FILTERS)
def map_json(request: Request, view: ViewAsked = "most") -> MapShown:
    """How many entries there are at each place, by kind, and where the places lie."""
    return shown(shelf(request), query_of(request), view)


@router.get("/map", include_in_schema=False)
def map_page(request: Request, view: ViewAsked = "most") -> Response:
    """The page of the map."""
    ledger, query = shelf(request), query_of(request)
    what = shown(ledger, query, view)

    def drawn() -> Map:
        return draw_map(what, load_outlines())

    def to(place: PlaceShown, *kinds: str) -> str:
        """The address of the ledger with the entries of a place."""
        asked = query.without("place", "sort", *(["kind"] if kinds else []))
        told = Query(kind=kinds, place=(place.place,))
        return f"/?{asked}{'&' if str(asked) else ''}{told}"

    map_, words = ledger.once(("map", view, str(query.without("page", "sort"))), drawn), wording(request)
    return render(
        request, "map.html", shown=what, map=map_, names=labelled(map_, words.name), query=query, view=view,
        views=VIEWS, series=series_of(what.kinds), to=to, listed=what.places[:ROWS], choices=CHOICES,
        facets=facets_of(ledger, query, request.query_params.get("more", "")),
    )  # fmt: skip
