"""Is a ledger whole? Every record is looked at by itself, so that damage to one never hides damage to another.

What is found: bytes and bodies that are not those of their hash, references to rows that are not there, pages without a
reading, batches that are missing or without a seal, seals that do not fit the seal before or the rows of their batch.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from recoupe.ledger import Damage
from recoupe.ledger.codec import digest
from recoupe.ledger.seals import Added, added
from recoupe.ledger.tables import STANDING, batches, blobs, metadata, pages, readings, seals

_AT_ONCE = 200  # rows that are held in memory
_DIGITS = 10  # of a hash, where it is a name


def audit(connection: sa.Connection) -> Iterator[Damage]:
    """Everything that is damaged, a record at a time."""
    _read_any_text(connection)
    docs: dict[str, str] = {}
    checks: list[tuple[str, Callable[[], Iterator[Damage]]]] = [
        ("the file", lambda: _file(connection)),
        ("blobs", lambda: _blobs(connection)),
        ("pages", lambda: _pages(connection, docs)),
        ("readings", lambda: _readings(connection, docs)),
        *((name, lambda name=name: _standing(connection, name)) for name in STANDING),
        *((table.name, lambda table=table: _references(connection, table)) for table in metadata.sorted_tables),
        ("seals", lambda: _seals(connection)),
    ]
    for name, check in checks:
        try:
            yield from check()
        except (sa.exc.DBAPIError, sqlite3.Error, TypeError, ValueError) as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            yield Damage(name, "", f"cannot be read: {reason}")


def _read_any_text(connection: sa.Connection) -> None:
    """Text that is not in UTF-8 is damage to its row, and must not end the reading of all others."""
    own = connection.connection.dbapi_connection
    if isinstance(own, sqlite3.Connection):
        own.text_factory = lambda data: data.decode("utf-8", "surrogateescape")


def _file(connection: sa.Connection) -> Iterator[Damage]:
    """What the database itself finds wrong with its file."""
    if connection.dialect.name == "sqlite":
        for (said,) in connection.exec_driver_sql("PRAGMA quick_check").all():
            if said != "ok":
                yield Damage("the file", "", str(said))


def _rows(connection: sa.Connection, *columns: sa.Column[Any]) -> Iterator[Any]:
    """The rows of a table as they lie there, whatever their columns are said to hold."""
    raw = [sa.type_coerce(column, sa.types.NullType()).label(column.name) for column in columns]
    asked = sa.select(*raw).execution_options(stream_results=True, yield_per=_AT_ONCE)
    yield from connection.execute(asked.order_by(columns[0]))


def _blobs(connection: sa.Connection) -> Iterator[Damage]:
    """Bytes that are not those of their hash; who has them is told by the pages."""
    asked = sa.select(pages.c.doc).order_by(pages.c.doc)
    for row in _rows(connection, blobs.c.hash, blobs.c.body):
        wrong = _wrong_bytes(row.body, row.hash)
        if wrong:
            docs = connection.execute(asked.where(pages.c.data == row.hash)).scalars().all()
            yield Damage("blobs", ", ".join(map(str, docs)) or _short(row.hash), wrong)


def _wrong_bytes(packed: Any, hash_: str) -> str | None:
    try:
        data = zlib.decompress(packed)
    except (zlib.error, TypeError) as error:
        return f"the page's bytes cannot be unpacked ({error})"
    return None if hashlib.sha256(data).hexdigest() == hash_ else "the page's bytes are not those of their hash"


def _pages(connection: sa.Connection, docs: dict[str, str]) -> Iterator[Damage]:
    """Pages whose body is not that of their hash, or says something else than their columns. Fills in `docs`."""
    for row in _rows(connection, pages.c.hash, pages.c.doc, pages.c.data, pages.c.body):
        docs[row.hash] = str(row.doc)
        if not _holds(row.body, row.hash):
            yield Damage("pages", str(row.doc), "what is said of the page is not that of its hash")
            continue
        said = _json(row.body)
        if said is None or said.get("doc") != row.doc or said.get("data") != row.data:
            yield Damage("pages", str(row.doc), "its columns do not say what its body says")


def _readings(connection: sa.Connection, docs: dict[str, str]) -> Iterator[Damage]:
    """Readings whose body is not that of their hash, or tells of another page than theirs; pages without any."""
    unread = dict(docs)
    for row in _rows(connection, readings.c.row, readings.c.page, readings.c.hash, readings.c.body):
        unread.pop(row.page, None)
        name = docs.get(row.page, f"row {row.row}")
        if not _holds(row.body, row.hash):
            yield Damage("readings", name, "the reading is not that of its hash")
            continue
        said = _json(row.body)
        report = said.get("report") if said is not None else None
        if not isinstance(report, dict) or report.get("doc") != docs.get(row.page, report.get("doc")):
            yield Damage("readings", name, "the reading is of another page")
    for doc in sorted(unread.values()):
        yield Damage("readings", doc, "the page has no reading")


def _standing(connection: sa.Connection, name: str) -> Iterator[Damage]:
    table = STANDING[name]
    for row in _rows(connection, table.c.row, table.c.hash, table.c.body):
        if not _holds(row.body, row.hash):
            said = _json(row.body) or {}
            called = str(said.get("id") or said.get("doc") or f"row {row.row}")
            yield Damage(name, called, "the body is not that of its hash")


def _holds(body: Any, hash_: str) -> bool:
    try:
        return digest(body) == hash_
    except (AttributeError, TypeError, UnicodeError):
        return False


def _json(body: Any) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except (ValueError, TypeError):
        return None
    return said if isinstance(said, dict) else None


def _references(connection: sa.Connection, table: sa.Table) -> Iterator[Damage]:
    """Rows that refer to a row that is not there."""
    for key in table.foreign_keys:
        parent = key.column.table.alias("parent")
        joined = table.outerjoin(parent, key.parent == parent.c[key.column.name])
        # A row goes by its key; a page by its doc as well.
        named = [table.c.doc] if "doc" in table.c else list(table.primary_key.columns)
        asked = sa.select(*(c.label(f"name{n}") for n, c in enumerate(named)), key.parent.label("refers"))
        missing = asked.select_from(joined).where(parent.c[key.column.name].is_(None)).order_by(*named)
        for row in connection.execute(missing):
            called = str(row[0]) if "doc" in table.c else f"{named[0].name} {_short(str(row[0]))}"
            what = f"{key.column.table.name} has no {key.column.name} {_short(str(row.refers))}, which it refers to"
            yield Damage(table.name, called, what)


def _short(hash_: str) -> str:
    return hash_[:_DIGITS]


def _seals(connection: sa.Connection) -> Iterator[Damage]:
    """Batches that are missing or not sealed, and seals that are not those of their batch."""
    times = {row.number: str(row.at) for row in connection.execute(sa.select(batches))}
    kept = {row.batch: row for row in connection.execute(sa.select(seals))}
    all_added = added(connection)
    last = 0
    for number in sorted({*times, *kept}):
        if number > last + 1:
            gap = f"batch {last + 1}" if number == last + 2 else f"batches {last + 1} to {number - 1}"
            yield Damage("batches", gap, "missing, with what they added")
        last, name = number, f"batch {number}"
        if number not in times:
            yield Damage("batches", name, "missing")
        if number not in kept:
            yield Damage("seals", name, "it has no seal")
            continue
        before = kept.get(number - 1)
        if (before is not None or number == 1) and kept[number].previous != (before and before.hash):
            yield Damage("seals", name, "it was sealed after another batch than the one before it")
        yield from _seal(number, times.get(number), kept[number], all_added.get(number, {}))


def _seal(number: int, at: str | None, kept: Any, tables: Added) -> Iterator[Damage]:
    """What a batch now holds otherwise than its seal says."""
    name, said = f"batch {number}", _json(kept.body)
    if said is None or not _holds(kept.body, kept.hash) or said.get("previous") != kept.previous:
        yield Damage("seals", name, "the seal is not that of its hash")
        return
    if at is not None and at != said.get("at"):
        yield Damage("batches", name, f"its time is {at}; when it was sealed, it was {said.get('at')}")
    if number != said.get("number"):
        yield Damage("seals", name, f"it is the seal of batch {said.get('number')}")
    was = said.get("tables", {})
    for table in sorted({*was, *tables}):
        then, now = was.get(table, {"rows": 0}), tables.get(table, {"rows": 0})
        if then["rows"] != now["rows"]:
            yield Damage(table, name, f"it added {then['rows']} rows, and now has {now['rows']}")
        elif then != now:
            yield Damage(table, name, "its rows are not those that it added")
