"""What a ledger says, as SQL. `until` is the number of the last batch that is looked at: what came later is not known
then. None is all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any, TypeVar

import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.ledger.codec import digest, loads, page_from, page_text
from recoupe.ledger.lots import split
from recoupe.ledger.names import display_names, named_reading
from recoupe.ledger.tables import STANDING, batches, blobs, numbers, over, pages, readings, reviews, settled
from recoupe.model import Page, Reading, Review

T = TypeVar("T")


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


def came(connection: sa.Connection, docs: Iterable[str], until: int | None) -> set[str]:
    """Those of these docs under which pages came."""
    found: set[str] = set()
    for some in split(sorted(set(docs))):
        asked = sa.select(pages.c.doc).where(pages.c.doc.in_(some), known(pages, until))
        found.update(connection.execute(asked).scalars())
    return found


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
    return _first_alone(connection, own, name)


def _first_alone(connection: sa.Connection, own: sa.Select[Any], name: str) -> Reading | None:
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


def unsettled(connection: sa.Connection, until: int | None = None, and_reviews: bool = True) -> bool:
    """Are there readings (or reviews) that entries do not yet show?"""
    tables = (readings, reviews) if and_reviews else (readings,)
    added = (connection.execute(sa.select(sa.func.max(t.c.batch)).where(known(t, until))).scalar() for t in tables)
    newest = max((batch for batch in added if batch is not None), default=None)
    last = connection.execute(sa.select(sa.func.max(settled.c.batch)).where(known(settled, until))).scalar_one()
    return newest is not None and (last is None or newest > last)


def page_bytes(connection: sa.Connection, until: int | None = None) -> dict[str, str]:
    """The hash of the bytes of each report's page, by the report's name."""
    called_ = names(connection, until)
    rows = connection.execute(sa.select(pages.c.hash, pages.c.data).where(known(pages, until)))
    return {called_[row.hash]: row.data for row in rows}


def bytes_of(connection: sa.Connection, hashes: dict[int, str]) -> dict[int, str]:
    """The hash of the bytes of pages, by number."""
    found: dict[str, str] = {}
    for some in split(sorted(set(hashes.values()))):
        rows = connection.execute(sa.select(pages.c.hash, pages.c.data).where(pages.c.hash.in_(some)))
        found |= {row.hash: row.data for row in rows}
    return {number: found[hash_] for number, hash_ in hashes.items()}


def reviews_of(connection: sa.Connection, rows: Iterable[int]) -> dict[int, Review]:
    """Reviews, by row."""
    found: dict[int, Review] = {}
    for some in split(sorted(set(rows))):
        asked = sa.select(reviews.c.row, reviews.c.body).where(reviews.c.row.in_(some))
        found |= {row.row: loads(Review, row.body) for row in connection.execute(asked)}
    return found


def all_reviews(connection: sa.Connection, until: int | None = None) -> list[Review]:
    """All reviews, in the order of their times."""
    bodies_ = connection.execute(sa.select(reviews.c.body).where(known(reviews, until))).scalars()
    return sorted((loads(Review, body) for body in bodies_), key=lambda r: (r.at, r.id))


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


def numbers_of(connection: sa.Connection, hashes: Iterable[str]) -> dict[str, int]:
    """The numbers of pages, by their hash; of those that have one."""
    found: dict[str, int] = {}
    for some in split(sorted(set(hashes))):
        rows = connection.execute(sa.select(numbers).where(numbers.c.page.in_(some)))
        found |= {row.page: row.number for row in rows}
    return found


def hashes_of(connection: sa.Connection, pages_: Iterable[int]) -> dict[int, str]:
    """The hashes of pages by number."""
    found: dict[int, str] = {}
    for some in split(sorted(set(pages_))):
        rows = connection.execute(sa.select(numbers).where(numbers.c.number.in_(some)))
        found |= {row.number: row.page for row in rows}
    return found


def called(connection: sa.Connection, hashes: dict[int, str]) -> dict[int, tuple[str, str]]:
    """The hash and the name of pages, by number."""
    docs: dict[str, str] = {}
    for some in split(sorted(set(hashes.values()))):
        rows = connection.execute(sa.select(pages.c.hash, pages.c.doc).where(pages.c.hash.in_(some)))
        docs |= {row.hash: row.doc for row in rows}
    known_: dict[str, str] = {}
    for some in split(sorted(set(docs.values()))):
        known_ |= names(connection, None, some)
    return {number: (hash_, known_[hash_]) for number, hash_ in hashes.items()}


def beside(connection: sa.Connection, hashes: dict[int, str]) -> set[int]:
    """The numbers of the pages that came under one doc with one of these, and their own."""
    found = set(hashes)
    for some in split(sorted(set(hashes.values()))):
        docs = sa.select(pages.c.doc).where(pages.c.hash.in_(some))
        alike = sa.select(pages.c.hash).where(pages.c.doc.in_(docs))
        found.update(connection.execute(sa.select(numbers.c.number).where(numbers.c.page.in_(alike))).scalars())
    return found


def readings_of(
    connection: sa.Connection, wanted: dict[int, tuple[str, str]], row: int | None, alone: bool
) -> dict[int, Reading]:
    """The last reading of pages (hash and name, by number), up to a row, or the last that took no date from others."""
    by_hash = {hash_: number for number, (hash_, _) in wanted.items()}
    found: dict[int, Reading] = {}
    for some in split(sorted(by_hash)):
        own = sa.select(sa.func.max(readings.c.row)).where(readings.c.page.in_(some))
        own = own if row is None else own.where(readings.c.row <= row)
        rows = connection.execute(
            sa.select(readings.c.page, readings.c.body).where(readings.c.row.in_(own.group_by(readings.c.page)))
        )
        for page_, body in rows:
            number = by_hash[page_]
            reading_ = named_reading(loads(Reading, body), wanted[number][1])
            if alone and not reading_.dating.of_page:
                earlier = sa.select(readings.c.body).where(readings.c.page == page_)
                earlier = earlier if row is None else earlier.where(readings.c.row <= row)
                reading_ = _first_alone(connection, earlier, wanted[number][1]) or reading_
            found[number] = reading_
    return found


def bodies(connection: sa.Connection, what: str, rows: Iterable[int]) -> dict[int, str]:
    """The canonical JSON of origins or entries, by their row."""
    table = STANDING[what]
    found: dict[int, str] = {}
    for some in split(sorted(set(rows))):
        asked = sa.select(table.c.row, table.c.body).where(table.c.row.in_(some))
        found |= {row.row: row.body for row in connection.execute(asked)}
    return found
