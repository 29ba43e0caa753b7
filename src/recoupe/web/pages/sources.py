"""The sources: what each outlet tells, how much of it is its own, and how it compares with the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Request, Response
from fastapi import Query as Asked

from recoupe.publish.sources import Known, Published, Source, sources
from recoupe.web.render import Fresh, render
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["figures"])

Order = Literal["reports", "copies", "copied_by", "facts", "first", "contradicted"]
ORDERS: tuple[Order, ...] = get_args(Order)
OrderAsked = Annotated[Order, Asked(description="By which number the sources are sorted, the greatest first.")]


@dataclass(frozen=True, slots=True)
class SourcesShown:
    """The sources in an order, and how many reports are of no outlet that is known."""

    sources: tuple[Source, ...]
    reports: int
    unsigned: int


def counted(ledger: Shelf) -> SourcesShown:
    """The sources of a ledger, those with most reports first; counted once for each version of it."""

    def made() -> SourcesShown:
        lookups = ledger.ledger.lookups
        heads = lookups.heads()
        entries = lookups.entries(ledger.table().rows.tolist())
        known = Known(
            [Published(head.doc, head.outlet, head.when) for head in heads],
            {head.doc: head.root for head in heads},
            ledger.ledger.origins(),
            entries.values(),
        )
        return SourcesShown(tuple(sources(known)), len(heads), sum(head.outlet is None for head in heads))

    return ledger.once("sources", made)


def shown(ledger: Shelf, order: Order) -> SourcesShown:
    """The sources, those first with the greatest number of what is asked."""
    what = counted(ledger)
    ordered = sorted(what.sources, key=lambda source: (-getattr(source, order), -source.reports, source.id))
    return SourcesShown(tuple(ordered), what.reports, what.unsigned)


@router.get("/api/sources")
def sources_json(request: Request, sort: OrderAsked = "reports") -> SourcesShown:
    """Of each outlet how many reports it has, how many of them are copies, of whom, how often it is first and how often
    others contradict it.
    """
    return shown(shelf(request), sort)


@router.get("/sources", include_in_schema=False)
def sources_page(request: Request, sort: OrderAsked = "reports") -> Response:
    """The page of the sources."""
    return render(request, "sources.html", shown=shown(shelf(request), sort), sort=sort, orders=ORDERS)
