"""The chains of a ledger and what its entries add up to, each worked out once for a version of it: what pages of chains
and of the balance rest on. They import this when they are asked for, not before: chains take their time to load.
"""

from __future__ import annotations

from datetime import date

from recoupe.chains import Chains, Order, Row, balance, in_time, refills
from recoupe.check.rates import rate
from recoupe.settle.chained import chains_of
from recoupe.values import When
from recoupe.web.asked import found_by
from recoupe.web.query import Query
from recoupe.web.shelf import Shelf


def has_rates(currency: str) -> bool:
    """Can sums be turned into this currency (ISO 4217)?"""
    return rate(currency, "EUR", date.today()) is not None


def chains(ledger: Shelf) -> Chains:
    """The chains of a ledger, built once for each version of it."""

    def made() -> Chains:
        steps = tuple(sorted(ledger.codebook.chains.steps))
        rows = ledger.table().every(Query(kind=steps)) if steps else []
        entries = list(ledger.ledger.lookups.entries(rows).values())
        published = {head.doc: head.when for head in ledger.ledger.lookups.heads()}
        return chains_of(entries, published, ledger.codebook)

    return ledger.once("chains", made)


def sums(ledger: Shelf, by: str, currency: str | None, query: Query) -> tuple[list[Row], list[Row]]:
    """The rows of the balance by a side of chains, of the entries that a query leaves, and of what refills stocks; in
    one currency where that is given.
    """

    def made() -> tuple[list[Row], list[Row]]:
        built = chains(ledger)
        order = Order(by, _only(ledger, built, query), currency, rate)
        return balance(built, order), refills(built, order)

    return ledger.once(("balance", by, currency, str(query.without("page", "sort"))), made)


def _only(ledger: Shelf, built: Chains, query: Query) -> frozenset[str] | None:
    """The entries to count; None for all. An entry without a time of its own was when it was told."""
    if not query.filters:
        return None
    # The table knows no time but an entry's own.
    rows = ledger.table().every(query.without("from", "to"), found_by(ledger, query))
    ids = ledger.table().ids(rows)
    if query.since is None and query.until is None:
        return frozenset(ids)
    span = When.between(query.since and query.since.first, query.until and query.until.last)
    return frozenset(id_ for id_ in ids if in_time(built, id_, span))
