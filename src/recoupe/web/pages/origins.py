"""Where an entry comes from, as a drawing and as a list."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from recoupe.desk import docs_of
from recoupe.model import Entry, Origin
from recoupe.publish.origins import Web
from recoupe.web.figures.origins import OriginsShown, drawing, origins_shown
from recoupe.web.pages.entry import find_entry
from recoupe.web.render import Fresh, render
from recoupe.web.rows import row_shown
from recoupe.web.scene import Scene
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["entries"])

_FURTHEST = 12
"""Reports of which each has it from the one before: more are not followed."""


def upwards(ledger: Shelf, docs: Iterable[str]) -> tuple[Origin, ...]:
    """Where some reports have it from, and where those do, near and far; sorted."""
    lookups = ledger.ledger.lookups
    found: dict[Origin, None] = {}
    seen, new = set[str](), set(docs)
    for _ in range(_FURTHEST):
        seen |= new
        origins = lookups.origins(new, down=False) if new else []
        found |= dict.fromkeys(origins)
        new = {o.source for o in origins} - seen
    return tuple(sorted(found, key=lambda o: (o.doc, o.source, o.relation)))


def shown(ledger: Shelf, entry: Entry) -> OriginsShown:
    """What is shown of an entry."""
    own = docs_of(entry)
    origins = upwards(ledger, own)
    scene = Scene.of(ledger, own)
    further = ledger.ledger.lookups.readings({o.source for o in origins} - set(own))
    readings = {**further, **scene.readings}
    noted = {**ledger.ledger.lookups.roots(further).reports, **scene.roots.reports}
    if len(noted) < len(readings):  # no run has noted them yet
        from recoupe.trace import roots  # not before it is used: it takes its time to load

        noted = {
            **roots(readings.values(), [o for o in origins if o.doc in readings], ledger.codebook).reports,
            **noted,
        }
    web = Web(readings, origins, noted, ledger.codebook.outlets)
    return origins_shown(entry, web, scene.told_by(entry, ledger))


@router.get("/api/entry/{id}/origins")
def origins_json(request: Request, id: str) -> OriginsShown:
    """Where an entry comes from: its reports, what they have it from, and whose word it is."""
    ledger = shelf(request)
    return shown(ledger, find_entry(ledger, id))


@router.get("/entry/{id}/origins", include_in_schema=False)
def origins_page(request: Request, id: str) -> Response:
    """The drawing of where an entry comes from."""
    ledger = shelf(request)
    entry = find_entry(ledger, id)
    if entry.id != id:
        return RedirectResponse(f"/entry/{entry.id}/origins", 307)
    what = shown(ledger, entry)
    return render(
        request, "origins.html", shown=what, row=row_shown(entry, ledger.codebook), drawing=drawing(what),
        nodes={node.id: node for node in what.nodes},
    )  # fmt: skip
