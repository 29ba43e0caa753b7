"""The chain of an entry: what it follows, what follows it, and what remains open."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from recoupe.model import Entry
from recoupe.web.chain import ChainShown, chain_shown, open_in_words, reason_in_words
from recoupe.web.pages.entry import find_entry
from recoupe.web.render import Fresh, render
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["entries"])


def shown(ledger: Shelf, entry: Entry) -> ChainShown:
    """The chain of an entry. The chains of the ledger are built where they are not yet, which takes its time."""
    if entry.kind not in ledger.codebook.chains.steps:
        return ChainShown(entry.id, entry.kind, ())
    from recoupe.web.sums import chains  # not before it is used: it takes its time to load

    return chain_shown(entry.id, entry.kind, chains(ledger), ledger.codebook)


@router.get("/api/entry/{id}/chain")
def chain_json(request: Request, id: str) -> ChainShown:
    """The chain of an entry: its steps, why each stands where it does, and what remains open of each."""
    ledger = shelf(request)
    return shown(ledger, find_entry(ledger, id))


@router.get("/entry/{id}/chain", include_in_schema=False)
def chain_page(request: Request, id: str) -> Response:
    """The page of a chain."""
    ledger = shelf(request)
    entry = find_entry(ledger, id)
    if entry.id != id:
        return RedirectResponse(f"/entry/{entry.id}/chain", 307)
    what = shown(ledger, entry)
    steps = tuple(ledger.codebook.chains.steps)
    return render(request, "chain.html", chain=what, steps=steps, because=reason_in_words, open=open_in_words)
