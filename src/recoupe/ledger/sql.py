"""The ledger in a database, through SQLAlchemy Core; which database it is, only `engines` knows.

Rows are only ever added: triggers refuse to change or delete one. A page or reading is kept once and for good; an entry
or origin stands until a row of its own says which batch superseded it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.ledger import Batch, Change, Fetch
from recoupe.ledger.codec import digest, dumps, loads, page_from, page_text
from recoupe.ledger.engines import Database, database_at
from recoupe.ledger.names import display_names, named_reading
from recoupe.ledger.schema import ready, unchanged
from recoupe.ledger.tables import STANDING, batches, blobs, fetches, over, pages, readings, reviews, settled
from recoupe.model import Entry, Origin, Page, Reading, Review

T = TypeVar("T", Entry, Origin)
_ASKED = 500  # addresses in one question; older SQLite takes no more than 999


class SqlLedger:
    """A ledger in a database that SQLAlchemy reaches; implements `recoupe.ledger.Ledger`."""

    def __init__(self, database: Database, write: bool) -> None:
        self._database = database
        self._may_write = write
        self._engine = database.engine(write)

    @classmethod
    def open(cls, where: Path | str, write: bool = False) -> Self:
        """The ledger in a file or at an address; with `write`, a new one where there is none yet."""
        ledger = cls(database_at(where), write)
        try:
            with ledger._errors():
                ready(ledger._database, ledger._engine, write)
        except LedgerError:
            ledger.close()
            raise
        return ledger

    @property
    def name(self) -> str:
        """What messages call it."""
        return self._database.name

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turns what the database says into one line of ours."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise LedgerError(f"{self.name}: {self._database.reason(error)}") from error

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """A transaction that waits for other writers and then keeps them out."""
        if not self._may_write:
            raise LedgerError(f"{self.name}: it was opened only to be read")
        with self._errors(), self._engine.execution_options(write=True).begin() as connection:
            unchanged(connection, self.name)
            yield connection

    def has(self, page: Page) -> bool:
        """Is this very page in the ledger?"""
        with self._errors(), self._engine.connect() as connection:
            return _has(connection, digest(page_text(page)))

    def has_bytes(self, url: str, hash_: str) -> bool:
        """Is there a page with this url and these bytes?"""
        with self._errors(), self._engine.connect() as connection:
            # Most bytes are new: that is seen in the blobs' index, without a walk through the pages.
            if connection.execute(sa.select(blobs.c.hash).where(blobs.c.hash == hash_)).first() is None:
                return False
            bodies = connection.execute(sa.select(pages.c.body).where(pages.c.data == hash_)).scalars()
            return any(page_from(body, b"").about("url") == url for body in bodies)

    def fetched(self, addresses: Iterable[str]) -> dict[str, Fetch]:
        """The latest that was noted of each address."""
        columns = [fetches.c[f.name] for f in fields(Fetch)]
        found: dict[str, Fetch] = {}
        left = iter(addresses)
        with self._errors(), self._engine.connect() as connection:
            while some := list(islice(left, _ASKED)):
                asked = sa.select(sa.func.max(fetches.c.row)).where(fetches.c.address.in_(some))
                newest = sa.select(*columns).where(fetches.c.row.in_(asked.group_by(fetches.c.address)))
                found |= {row.address: Fetch(*row) for row in connection.execute(newest)}
        return found

    def note_fetches(self, noted: Iterable[Fetch]) -> None:
        """Keeps what servers answered, in this order."""
        if rows := [asdict(fetch) for fetch in noted]:
            with self._writing() as connection:
                number = SqlBatch(connection).number
                connection.execute(fetches.insert(), [row | {"batch": number} for row in rows])

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """A transaction that waits for other writers and then keeps them out."""
        with self._writing() as connection:
            yield SqlBatch(connection)

    def readings(self) -> list[Reading]:
        """All readings, sorted by doc."""
        with self._errors(), self._engine.connect() as connection:
            return _readings(connection)

    def page(self, doc: str) -> Page | None:
        """The page of a report."""
        with self._errors(), self._engine.connect() as connection:
            names = _names(connection)
            row = next((hash_ for hash_, name in names.items() if name == doc), None)
            if row is None:
                return None
            both = sa.select(pages.c.body, blobs.c.body).join(blobs, blobs.c.hash == pages.c.data)
            about_page, packed = connection.execute(both.where(pages.c.hash == row)).one()
        return page_from(about_page, _unpacked(packed))

    def docs(self) -> list[str]:
        """What the reports are called, sorted."""
        with self._errors(), self._engine.connect() as connection:
            return sorted(_names(connection).values())

    def hashes(self) -> dict[str, str]:
        """The hash of the bytes of each report's page, by the report's doc."""
        with self._errors(), self._engine.connect() as connection:
            return _hashes(connection)

    def reviews(self) -> list[Review]:
        """All reviews, in the order of their times."""
        with self._errors(), self._engine.connect() as connection:
            return _reviews(connection)

    def unsettled(self, reviews: bool = True) -> bool:
        """Are there readings (or `reviews`) that entries do not yet show?"""
        with self._errors(), self._engine.connect() as connection:
            return _unsettled(connection, reviews)

    def origins(self) -> list[Origin]:
        """The origins as they now stand."""
        with self._errors(), self._engine.connect() as connection:
            found = [loads(Origin, body) for body in _standing(connection, "origins").values()]
        return sorted(found, key=lambda o: (o.doc, o.source, o.relation))

    def entries(self) -> list[Entry]:
        """The entries as they now stand."""
        with self._errors(), self._engine.connect() as connection:
            found = [loads(Entry, body) for body in _standing(connection, "entries").values()]
        return sorted(found, key=lambda e: (e.id, e.claims))

    def close(self) -> None:
        """Lets go of the store."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class SqlBatch:
    """One transaction; implements `recoupe.ledger.Batch`. A batch that adds nothing leaves no row of its own."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._number: int | None = None

    @property
    def number(self) -> int:
        """The batch's number in the ledger; it gets one with the first row that it writes."""
        if self._number is None:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            insert = batches.insert().values(at=now).returning(batches.c.number)
            self._number = int(self._connection.execute(insert).scalar_one())
        return self._number

    def add(self, page: Page, reading: Reading) -> bool:
        """Keeps a page with its reading, unless the ledger has it."""
        body = page_text(page)
        hash_ = digest(body)
        if _has(self._connection, hash_):
            return False
        if self._connection.execute(sa.select(blobs.c.hash).where(blobs.c.hash == page.hash)).first() is None:
            packed = zlib.compress(page.data)
            self._connection.execute(blobs.insert().values(hash=page.hash, batch=self.number, body=packed))
        kept = {"hash": hash_, "doc": page.doc, "data": page.hash, "batch": self.number, "body": body}
        self._connection.execute(pages.insert().values(**kept))
        self._read(hash_, reading)
        return True

    def replace(self, reading: Reading) -> None:
        """Makes this the reading of its page."""
        names = _names(self._connection)
        hash_, doc = next((hash_, name) for hash_, name in names.items() if name == reading.report.doc)
        own = self._connection.execute(sa.select(pages.c.doc).where(pages.c.hash == hash_)).scalar_one()
        self._read(hash_, reading if own == doc else named_reading(reading, own))

    def _read(self, page: str, reading: Reading) -> None:
        read = dumps(reading)
        self._connection.execute(readings.insert().values(page=page, hash=digest(read), batch=self.number, body=read))

    def review(self, review: Review) -> bool:
        """Keeps a review, unless the ledger has it."""
        body = dumps(review)
        hash_ = digest(body)
        if self._connection.execute(sa.select(reviews.c.row).where(reviews.c.hash == hash_)).first() is not None:
            return False
        self._connection.execute(reviews.insert().values(hash=hash_, batch=self.number, body=body))
        return True

    def readings(self) -> list[Reading]:
        """All readings, sorted by doc."""
        return _readings(self._connection)

    def hashes(self) -> dict[str, str]:
        """The hash of the bytes of each report's page, by the report's doc."""
        return _hashes(self._connection)

    def reviews(self) -> list[Review]:
        """All reviews, in the order of their times."""
        return _reviews(self._connection)

    def settle(self, origins: Iterable[Origin], entries: Iterable[Entry]) -> Change:
        """Writes what is new and marks what no longer stands."""
        if _unsettled(self._connection):
            self._connection.execute(settled.insert().values(batch=self.number))
        self._settle("origins", origins)
        return self._settle("entries", entries)

    def _settle(self, what: str, things: Iterable[Origin | Entry]) -> Change:
        wanted = {digest(body): body for body in sorted(dumps(thing) for thing in things)}
        rows = _standing(self._connection, what)
        standing = {digest(body): row for row, body in rows.items()}
        new = [{"hash": h, "batch": self.number, "body": b} for h, b in wanted.items() if h not in standing]
        gone = [{"row": row, "batch": self.number} for h, row in standing.items() if h not in wanted]
        if new:
            self._connection.execute(STANDING[what].insert(), new)
        if gone:
            self._connection.execute(over(what).insert(), gone)
        return Change(len(new), len(gone))


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        raise LedgerError(f"a record of the ledger is damaged: not a page's bytes ({error})") from error


def _has(connection: sa.Connection, hash_: str) -> bool:
    return connection.execute(sa.select(pages.c.hash).where(pages.c.hash == hash_)).first() is not None


def _names(connection: sa.Connection) -> dict[str, str]:
    """What each page is called, by its hash."""
    return display_names((row.hash, row.doc) for row in connection.execute(sa.select(pages.c.hash, pages.c.doc)))


def _readings(connection: sa.Connection) -> list[Reading]:
    names = _names(connection)
    last = sa.select(sa.func.max(readings.c.row)).group_by(readings.c.page)
    rows = connection.execute(sa.select(readings.c.page, readings.c.body).where(readings.c.row.in_(last)))
    found = [named_reading(loads(Reading, row.body), names[row.page]) for row in rows]
    return sorted(found, key=lambda r: r.report.doc)


def _hashes(connection: sa.Connection) -> dict[str, str]:
    names = _names(connection)
    return {names[row.hash]: row.data for row in connection.execute(sa.select(pages.c.hash, pages.c.data))}


def _reviews(connection: sa.Connection) -> list[Review]:
    found = [loads(Review, body) for body in connection.execute(sa.select(reviews.c.body)).scalars()]
    return sorted(found, key=lambda r: (r.at, r.id))


def _unsettled(connection: sa.Connection, and_reviews: bool = True) -> bool:
    tables = (readings, reviews) if and_reviews else (readings,)
    added = [connection.execute(sa.select(sa.func.max(t.c.batch))).scalar_one() for t in tables]
    newest = max((batch for batch in added if batch is not None), default=None)
    last = connection.execute(sa.select(sa.func.max(settled.c.batch))).scalar_one()
    return newest is not None and (last is None or newest > last)


def _standing(connection: sa.Connection, what: str) -> dict[int, str]:
    """The rows of entries or origins that nothing supersedes."""
    table, gone = STANDING[what], over(what)
    rows = connection.execute(
        sa.select(table.c.row, table.c.body).where(table.c.row.not_in(sa.select(gone.c.row))).order_by(table.c.row)
    )
    return {row.row: row.body for row in rows}
