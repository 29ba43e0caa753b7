"""The ledger: its entries as a table, with filters that live in the address, and the export of what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from recoupe.errors import QueryError
from recoupe.publish.entries import entries_csv, entries_json
from recoupe.web.asked import found_by, query_of
from recoupe.web.described import LIST
from recoupe.web.query import CHOICES, SORTS, Query
from recoupe.web.render import Fresh, render
from recoupe.web.rows import RowShown, row_shown
from recoupe.web.shelf import Shelf, shelf
from recoupe.web.table import PAGE, Counted

router = APIRouter(route_class=Fresh, tags=["entries"])

MOST_EXPORTED = 20_000
"""Entries that an export from the desk holds at most; the command line exports all."""
FEW, MANY = 12, 200  # values of a filter that are shown at once, and when asked for more


@dataclass(frozen=True, slots=True)
class FacetShown:
    """A filter: its values that occur, with how many entries have each; `more`: how many values are not listed."""

    name: str
    values: tuple[tuple[str, int], ...]
    more: int


@dataclass(frozen=True, slots=True)
class LedgerShown:
    """A page of the table: which, of how many; how many entries fit in all, how many more would (`undated`) if
    they told their time, and how many there are; the filters.
    """

    query: str
    page: int
    pages: int
    total: int
    undated: int
    entries_in_all: int
    sort: str
    rows: tuple[RowShown, ...]
    facets: tuple[FacetShown, ...]


def shown(ledger: Shelf, query: Query, more: str = "") -> LedgerShown:
    """A page of the table; `more` names the filter whose values are listed at greater length."""
    table = ledger.table()
    found = table.find(query, found_by(ledger, query))
    rows = ledger.made_of(found.rows, row_shown)
    facets = tuple(_facet(name, counts, MANY if name == more else FEW) for name, counts in found.counts.items())
    return LedgerShown(
        str(query), query.page, found.pages, found.total, found.undated, len(table), query.order,
        tuple(rows[r] for r in found.rows if r in rows), facets,
    )  # fmt: skip


def facets_of(ledger: Shelf, query: Query, more: str = "") -> tuple[FacetShown, ...]:
    """The filters of a page that lists no entries."""
    counts = ledger.table().find(query, found_by(ledger, query), size=1).counts
    return tuple(_facet(name, own, MANY if name == more else FEW) for name, own in counts.items())


def _facet(name: str, counts: Sequence[Counted], most: int) -> FacetShown:
    return FacetShown(name, tuple((c.value, c.count) for c in counts[:most]), max(0, len(counts) - most))


@router.get("/api/entries", openapi_extra=LIST)
def ledger_json(request: Request) -> LedgerShown:
    """A page of the entries that fit the filters, with counts for each filter's values."""
    return shown(shelf(request), query_of(request), request.query_params.get("more", ""))


@router.get("/", include_in_schema=False)
def ledger_page(request: Request) -> Response:
    """The table of entries; without a ledger, how to make one."""
    if request.app.state.options.ledger is None:
        return render(request, "welcome.html")
    query, more = query_of(request), request.query_params.get("more", "")
    what = shown(shelf(request), query, more)
    if query.page > what.pages:
        return RedirectResponse(f"/?{query.paged(what.pages)}", 307)
    return render(request, "ledger.html", shown=what, query=query, sorts=SORTS, choices=CHOICES, size=PAGE)


@router.get("/export/{form}", include_in_schema=False)
def export(request: Request, form: Literal["json", "csv"]) -> Response:
    """What the filters leave, as a file."""
    ledger = shelf(request)
    query = query_of(request)
    rows = ledger.table().every(query, found_by(ledger, query))
    if len(rows) > MOST_EXPORTED:
        said = f"{len(rows)} entries fit; at most {MOST_EXPORTED} are exported here: narrow the filters"
        raise QueryError(said, "export", found=len(rows), most=MOST_EXPORTED)
    found = ledger.ledger.lookups.entries(rows)
    entries = [found[r] for r in rows if r in found]
    make = entries_json if form == "json" else entries_csv
    kinds = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
    name = {"content-disposition": f'attachment; filename="entries.{form}"'}
    return Response(make(entries, ledger.codebook), media_type=kinds[form], headers=name)
