"""The sources: what each outlet tells, how much of it is its own, and how it compares with the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Request, Response
from fastapi import Query as Asked

from recoupe.model import Entry
from recoupe.publish.sources import Known, Published, Source, sources
from recoupe.web.render import Fresh, render
from recoupe.web.scene import Scene, docs_of
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["figures"])

Order = Literal["reports", "copies", "copied_by", "facts", "first", "contradicted"]
ORDERS: tuple[Order, ...] = get_args(Order)
OrderAsked = Annotated[Order, Asked(description="By which number the sources are sorted, the greatest first.")]
_LOT = 500  # contested entries whose reports are held at a time


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
        entries = list(lookups.entries(ledger.table().rows.tolist()).values())
        told = dict(_told(ledger, [entry for entry in entries if entry.conflicts]))
        known = Known(
            [Published(head.doc, head.outlet, head.when) for head in heads],
            {head.doc: head.root for head in heads},
            ledger.ledger.origins(),
            entries,
            lambda entry: told[entry.id],
        )
        return SourcesShown(tuple(sources(known)), len(heads), sum(head.outlet is None for head in heads))

    return ledger.once("sources", made)


def _told(ledger: Shelf, contested: list[Entry]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Whose word each claim of contested entries is, by the entry's id."""
    ordered = sorted(contested, key=lambda entry: entry.claims)  # those of the same reports side by side
    for start in range(0, len(ordered), _LOT):
        some = ordered[start : start + _LOT]
        scene = Scene.of(ledger, {doc for entry in some for doc in docs_of(entry)})
        yield from ((entry.id, scene.told_by(entry, ledger)) for entry in some)


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
