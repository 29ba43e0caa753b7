"""What a ledger says, as SQL. `until` is the number of the last batch that is looked at: what came later is not known
then. None is all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.ledger.codec import digest, loads, page_from, page_text
from recoupe.ledger.names import display_names, named_reading
from recoupe.ledger.tables import STANDING, batches, blobs, over, pages, readings, settled
from recoupe.model import Page, Reading


def known(table: sa.Table, until: int | None) -> sa.ColumnElement[bool]:
    """Was a row of the table there then?"""
    return sa.true() if until is None else table.c.batch <= until


def last_batch(connection: sa.Connection) -> tuple[int, str | None]:
    """The number and the time of the last batch; 0 and None before the first."""
    row = connection.execute(sa.select(batches).order_by(batches.c.number.desc()).limit(1)).first()
    return (0, None) if row is None else (int(row.number), str(row.at))


def page_is_known(connection: sa.Connection, hash_: str, until: int | None) -> bool:
    """Is there a page of this hash?"""
    found = sa.select(pages.c.hash).where(pages.c.hash == hash_, known(pages, until))
    return connection.execute(found).first() is not None


def bytes_are_known(connection: sa.Connection, url: str, hash_: str, until: int | None) -> bool:
    """Is there a page with this `url` whose bytes have this hash?"""
    # Most bytes are new: that is seen in the blobs' index, without a walk through the pages.
    if connection.execute(sa.select(blobs.c.hash).where(blobs.c.hash == hash_)).first() is None:
        return False
    bodies = connection.execute(sa.select(pages.c.body).where(pages.c.data == hash_, known(pages, until))).scalars()
    return any(page_from(body, b"").about("url") == url for body in bodies)


def names(connection: sa.Connection, until: int | None = None, docs: Iterable[str] | None = None) -> dict[str, str]:
    """What each page is called, by its hash; with `docs`, only the pages that came under these."""
    asked = sa.select(pages.c.hash, pages.c.doc).where(known(pages, until))
    if docs is not None:
        asked = asked.where(pages.c.doc.in_(sorted(docs)))
    return display_names((row.hash, row.doc) for row in connection.execute(asked))


def page_called(connection: sa.Connection, name: str, until: int | None = None) -> str | None:
    """The hash of the page of that name."""
    # A page is called by its doc, or by its doc, a # and digits.
    found = names(connection, until, {name, name.rpartition("#")[0]})
    return next((hash_ for hash_, own in found.items() if own == name), None)


def page(connection: sa.Connection, hash_: str) -> Page:
    """The page of a hash; raises LedgerError where a part of it is missing or damaged."""
    both = sa.select(pages.c.body, blobs.c.body).join(blobs, blobs.c.hash == pages.c.data)
    row = connection.execute(both.where(pages.c.hash == hash_)).first()
    if row is None:
        raise LedgerError("a record of the ledger is missing: the bytes of a page")
    found = page_from(row[0], unpacked(row[1]))
    if digest(page_text(found)) != hash_:
        raise LedgerError("a record of the ledger is damaged: not the page of its hash")
    return found


def unpacked(packed: bytes) -> bytes:
    """The bytes of a page; raises LedgerError where they are damaged."""
    try:
        return zlib.decompress(packed)
    except (zlib.error, TypeError) as error:
        raise LedgerError(f"a record of the ledger is damaged: not a page's bytes ({error})") from error


def reading(connection: sa.Connection, hash_: str, name: str, until: int | None = None) -> Reading | None:
    """The reading that stands of the page of a hash, under its name."""
    own = sa.select(readings.c.body).where(readings.c.page == hash_, known(readings, until))
    body = connection.execute(own.order_by(readings.c.row.desc()).limit(1)).scalar()
    return None if body is None else named_reading(loads(Reading, body), name)


def reading_alone(connection: sa.Connection, name: str, until: int | None = None) -> Reading | None:
    """The latest reading of the page of that name that took no date from other reports."""
    hash_ = page_called(connection, name, until)
    own = sa.select(readings.c.body).where(readings.c.page == hash_, known(readings, until))
    for body in connection.execute(own.order_by(readings.c.row.desc())).scalars():
        found = loads(Reading, body)
        if found.dating.of_page:
            return named_reading(found, name)
    return None


def all_readings(connection: sa.Connection, until: int | None = None) -> list[Reading]:
    """The readings that stand, sorted by doc."""
    called = names(connection, until)
    last = sa.select(sa.func.max(readings.c.row)).where(known(readings, until)).group_by(readings.c.page)
    rows = connection.execute(sa.select(readings.c.page, readings.c.body).where(readings.c.row.in_(last)))
    found = [named_reading(loads(Reading, row.body), called[row.page]) for row in rows]
    return sorted(found, key=lambda r: r.report.doc)


def unsettled(connection: sa.Connection, until: int | None = None) -> bool:
    """Are there readings that were never checked against the others?"""
    newest = connection.execute(sa.select(sa.func.max(readings.c.batch)).where(known(readings, until))).scalar_one()
    last = connection.execute(sa.select(sa.func.max(settled.c.batch)).where(known(settled, until))).scalar_one()
    return newest is not None and (last is None or newest > last)


def standing(connection: sa.Connection, what: str, until: int | None = None) -> dict[int, str]:
    """The rows of entries or origins that nothing supersedes."""
    table, gone = STANDING[what], over(what)
    superseded = sa.select(gone.c.row).where(known(gone, until))
    rows = connection.execute(
        sa.select(table.c.row, table.c.body)
        .where(known(table, until), table.c.row.not_in(superseded))
        .order_by(table.c.row)
    )
    return {row.row: row.body for row in rows}


def came_and_went(connection: sa.Connection, what: str, since: int, until: int) -> tuple[list[str], list[str]]:
    """The bodies of entries or origins that stood after one batch and no longer after a later one, and of those that
    stand since; those that only went and came back are neither.
    """
    table, gone = STANDING[what], over(what)

    def superseded(by: int) -> Any:
        return sa.select(gone.c.row).where(gone.c.batch <= by)

    then = sa.select(table.c.hash, table.c.body).where(
        table.c.batch <= since,
        table.c.row.in_(sa.select(gone.c.row).where(gone.c.batch > since, gone.c.batch <= until)),
    )
    now = sa.select(table.c.hash, table.c.body).where(
        table.c.batch > since, table.c.batch <= until, table.c.row.not_in(superseded(until))
    )
    before = {row.hash: row.body for row in connection.execute(then)}
    after = {row.hash: row.body for row in connection.execute(now)}
    return (
        [body for hash_, body in sorted(before.items()) if hash_ not in after],
        [body for hash_, body in sorted(after.items()) if hash_ not in before],
    )
