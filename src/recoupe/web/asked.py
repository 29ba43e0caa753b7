"""What the address of a list asks for, and which entries have the words of it."""

from __future__ import annotations

from fastapi import Request

from recoupe.errors import QueryError
from recoupe.web.query import Query
from recoupe.web.shelf import Shelf, shelf

MOST_RANKED = 2_000
"""Entries with the words asked for, up to which the best stand first."""


def query_of(request: Request) -> Query:
    """What an address asks for. Raises QueryError, also for an item that the codebook does not have."""
    codebook = shelf(request).codebook
    query = Query.parse(request.query_params.multi_items(), codebook.kinds)
    for item in query.item:
        if item not in codebook.parents and not item.startswith("other:"):
            raise QueryError(f"item: {item!r} is not in the codebook", "unknown", field="item", value=item)
    return query


def found_by(ledger: Shelf, query: Query) -> list[int] | None:
    """The rows of the entries that have the words asked for; None where none are. So many that nobody would go through
    them are not ranked: they stand in their order, which is found far faster.
    """
    if not query.q:
        return None
    lookups = ledger.ledger.lookups
    found = lookups.entries_with(query.q, ranked=False)
    few = len(found) <= MOST_RANKED and query.order == "relevance"
    return lookups.entries_with(query.q) if few else found
