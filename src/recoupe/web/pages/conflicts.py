"""What waits for an editor: the entries over which reports contradict each other, by need, side against side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response

from recoupe.desk import docs_of
from recoupe.model import Entry
from recoupe.review import queue
from recoupe.web.asked import found_by, query_of
from recoupe.web.described import PAGED
from recoupe.web.pages.entry import ConflictShown, conflicts_shown
from recoupe.web.pages.ledger import facets_of
from recoupe.web.query import CHOICES, Query
from recoupe.web.render import Fresh, render
from recoupe.web.rows import RowShown, row_shown
from recoupe.web.scene import Scene
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["figures"])

SIZE = 20
"""Entries of a page."""


@dataclass(frozen=True, slots=True)
class ReportNamed:
    """A report by its name, with its title, its outlet and when it was published, as far as these are known."""

    doc: str
    title: str
    outlet: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class ContestedShown:
    """An entry whose reports contradict each other: as the ledger lists it, over which fields, and in which reports."""

    entry: RowShown
    conflicts: tuple[ConflictShown, ...]
    reports: tuple[ReportNamed, ...]

    @property
    def by_doc(self) -> Mapping[str, ReportNamed]:
        """The reports by their names."""
        return {report.doc: report for report in self.reports}


@dataclass(frozen=True, slots=True)
class ConflictsShown:
    """A page of the contested entries that are not reviewed yet, those first that most need it; how many there are."""

    query: str
    page: int
    pages: int
    total: int
    entries: tuple[ContestedShown, ...]


def contested_shown(entry: Entry, scene: Scene, ledger: Shelf) -> ContestedShown:
    """What is shown of an entry whose reports are at hand."""
    told = scene.told_by(entry, ledger)
    reports = tuple(
        ReportNamed(
            doc, reading.report.title or doc, reading.report.outlet,
            None if reading.dating.when is None else str(reading.dating.when),
        )
        for doc, reading in sorted(scene.readings.items())
        if doc in docs_of(entry)
    )  # fmt: skip
    return ContestedShown(row_shown(entry, ledger.codebook), conflicts_shown(entry, told, ledger.codebook), reports)


def waiting(ledger: Shelf) -> list[int]:
    """The rows of all contested entries that are not reviewed whole, in the order of their need."""

    def made() -> list[int]:
        rows = ledger.table().every(Query(conflicts=True))
        entries = ledger.ledger.lookups.entries(rows)
        row_of = {entry.id: row for row, entry in entries.items()}
        return [row_of[entry.id] for entry in queue(entries.values())]

    return ledger.once("conflicts", made)


def shown(ledger: Shelf, query: Query) -> ConflictsShown:
    """A page of the contested entries that a query leaves."""
    wanted = set(ledger.table().every(query, found_by(ledger, query)))
    rows = [row for row in waiting(ledger) if row in wanted]
    some = rows[(query.page - 1) * SIZE : query.page * SIZE]
    found = ledger.ledger.lookups.entries(some)
    entries = [found[row] for row in some if row in found]
    scene = Scene.of(ledger, {doc for entry in entries for doc in docs_of(entry)})
    told = tuple(contested_shown(entry, scene, ledger) for entry in entries)
    return ConflictsShown(str(query), query.page, max(1, -(-len(rows) // SIZE)), len(rows), told)


def _query(request: Request) -> Query:
    return replace(query_of(request), conflicts=True, sort=None)


@router.get("/api/conflicts", openapi_extra=PAGED)
def conflicts_json(request: Request) -> ConflictsShown:
    """The entries over which reports contradict each other and that nobody has reviewed whole, by need."""
    return shown(shelf(request), _query(request))


@router.get("/conflicts", include_in_schema=False)
def conflicts_page(request: Request) -> Response:
    """The page of contradictions."""
    ledger, query = shelf(request), _query(request)
    asked = replace(query, conflicts=None)
    facets = facets_of(ledger, query, request.query_params.get("more", ""))
    what = shown(ledger, query)
    return render(request, "conflicts.html", shown=what, query=asked, choices=CHOICES, facets=facets)
