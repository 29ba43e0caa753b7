"""The seals of batches: what each one added, hashed over the seal of the batch before, so that nothing that was sealed
can be changed, added or taken away without every later seal showing it.

A seal's text is canonical JSON: the batch's number and time, the hash of the batch before (null for the first), and of
each table that it added rows to their number and one hash over the sorted hashes of them. A row is hashed over its
columns but its body, for which the hash of the body stands; empty columns are left out, so that a table may grow
columns, and a ledger tables, without a seal being broken.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from recoupe.ledger.codec import digest, dumps
from recoupe.ledger.tables import batches, metadata, seals


def sealed_tables(all_tables: sa.MetaData) -> tuple[sa.Table, ...]:
    """The tables whose rows are sealed: all that belong to a batch, but for the seals themselves."""
    named = sorted(all_tables.tables.items())
    return tuple(table for name, table in named if "batch" in table.c and name != seals.name)


SEALED = sealed_tables(metadata)
# What `codec.dumps` makes of plain data, without looking into it: there may be a hundred thousand rows.
_plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

Added = dict[str, dict[str, Any]]
"""Of each table how many rows a batch added (`rows`), and one hash over them (`hash`)."""


def seal(connection: sa.Connection, number: int) -> None:
    """Seals a batch; nothing may be added to it after that."""
    before = sa.select(seals.c.hash).where(seals.c.batch == number - 1)
    previous = connection.execute(before).scalar_one_or_none()
    at = connection.execute(sa.select(batches.c.at).where(batches.c.number == number)).scalar_one()
    connection.execute(seals.insert(), [_sealed(number, at, previous, added(connection, number).get(number, {}))])


def seal_all(connection: sa.Connection) -> None:
    """Seals all batches of a ledger that has none sealed: one from before there were seals, with the tables that it has
    then.
    """
    there = sa.MetaData()
    there.reflect(connection)
    all_added = added(connection, tables=sealed_tables(there))
    rows: list[dict[str, Any]] = []
    for number, at in connection.execute(sa.select(batches.c.number, batches.c.at).order_by(batches.c.number)):
        previous = rows[-1]["hash"] if rows and rows[-1]["batch"] == number - 1 else None
        rows.append(_sealed(number, at, previous, all_added.get(number, {})))
    if rows:
        connection.execute(seals.insert(), rows)


def _sealed(number: int, at: str, previous: str | None, tables: Added) -> dict[str, Any]:
    body = dumps(says(number, at, previous, tables))
    return {"batch": number, "previous": previous, "hash": digest(body), "body": body}


def says(number: int, at: str, previous: str | None, tables: Added) -> dict[str, Any]:
    """What the seal of a batch says."""
    return {"number": number, "at": at, "previous": previous, "tables": tables}


def added(
    connection: sa.Connection, number: int | None = None, tables: Iterable[sa.Table] = SEALED
) -> dict[int, Added]:
    """What each batch, or only that of a number, added to the tables, by the rows that are there now."""
    found: defaultdict[int, Added] = defaultdict(dict)
    for table in tables:
        columns = [column for column in table.c if column.name != "body"]
        asked = sa.select(*columns).order_by(table.c.batch)
        rows = connection.execute(asked if number is None else asked.where(table.c.batch == number)).mappings()
        for batch, own in groupby(rows, key=itemgetter("batch")):
            hashes = sorted(digest(_plain({k: v for k, v in row.items() if v is not None})) for row in own)
            found[batch][table.name] = {"rows": len(hashes), "hash": digest(dumps(hashes))}
    return found
