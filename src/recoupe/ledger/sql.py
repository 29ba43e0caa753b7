"""The ledger in a database, through SQLAlchemy Core; which database it is, only `engines` knows.

Rows are only ever added: triggers refuse to change or delete one. A page or reading is kept once and for good; an entry
or origin stands until a row of its own says which batch superseded it. Only notes that follow from these (`finds`) are
written anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, fields
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.folded import folded
from recoupe.ledger import Batch, Cards, Change, Clock, Fetch, Finds, History, Kind, Lookups, Made, queries, utc_now
from recoupe.ledger.cards import SqlCards
from recoupe.ledger.codec import digest, dumps, loads, page_text
from recoupe.ledger.engines import Database, database_at
from recoupe.ledger.finds import SqlFinds
from recoupe.ledger.history import SqlHistory
from recoupe.ledger.lookups import SqlLookups
from recoupe.ledger.names import named_reading
from recoupe.ledger.schema import ready, unchanged
from recoupe.ledger.seals import seal
from recoupe.ledger.tables import (
    STANDING,
    batches,
    blobs,
    fetches,
    made,
    numbers,
    over,
    pages,
    readings,
    reviews,
    settled,
)
from recoupe.ledger.words import words_in
from recoupe.model import Entry, Origin, Page, Reading, Report, Review

_ASKED = 500  # addresses in one question; older SQLite takes no more than 999


class SqlLedger:
    """A ledger in a database that SQLAlchemy reaches; implements `recoupe.ledger.Ledger`."""

    def __init__(self, database: Database, write: bool, clock: Clock = utc_now) -> None:
        self._database = database
        self._may_write = write
        self._engine = database.engine(write)
        self._clock = clock
        self._until: int | None = None  # the last batch that is looked at; None is all

    @classmethod
    def open(cls, where: Path | str, write: bool = False, clock: Clock = utc_now, patience: int | None = None) -> Self:
        """The ledger in a file or at an address; with `write`, a new one where there is none yet."""
        ledger = cls(database_at(where, patience), write, clock)
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
    def _looked(self) -> Iterator[sa.Connection]:
        with self._errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _written(self, made: Made | None = None) -> Iterator[SqlBatch]:
        """A transaction that waits for other writers and then keeps them out; what it adds is sealed at its end."""
        if not self._may_write:
            raise LedgerError(f"{self.name}: it was opened only to be read")
        with self._errors(), self._engine.execution_options(write=True).begin() as connection:
            unchanged(connection, self.name)
            batch = SqlBatch(connection, self._clock, made)
            yield batch
            batch.seal()

    def has(self, page: Page) -> bool:
        """Is this very page in the ledger?"""
        with self._looked() as connection:
            return queries.page_is_known(connection, digest(page_text(page)), self._until)

    def came(self, docs: Iterable[str]) -> set[str]:
        """Those of these docs under which pages came."""
        with self._looked() as connection:
            return queries.came(connection, docs, self._until)

    def has_bytes(self, url: str, hash_: str) -> bool:
        """Is there a page with this url and these bytes?"""
        with self._looked() as connection:
            return queries.bytes_are_known(connection, url, hash_, self._until)

    def fetched(self, addresses: Iterable[str]) -> dict[str, Fetch]:
        """The latest that was noted of each address."""
        columns = [fetches.c[f.name] for f in fields(Fetch)]
        found: dict[str, Fetch] = {}
        left = iter(addresses)
        with self._looked() as connection:
            while some := list(islice(left, _ASKED)):
                asked = sa.select(sa.func.max(fetches.c.row)).where(fetches.c.address.in_(some))
                asked = asked.where(queries.known(fetches, self._until))
                newest = sa.select(*columns).where(fetches.c.row.in_(asked.group_by(fetches.c.address)))
                found |= {row.address: Fetch(*row) for row in connection.execute(newest)}
        return found

    def note_fetches(self, noted: Iterable[Fetch]) -> None:
        """Keeps what servers answered, in this order."""
        if rows := [asdict(fetch) for fetch in noted]:
            with self._written() as batch:
                batch.insert(fetches, rows)

    @contextmanager
    def batch(self, made: Made | None = None) -> Iterator[Batch]:
        """A transaction that waits for other writers and then keeps them out."""
        with self._written(made) as batch:
            yield batch

    def known_at(self, moment: datetime) -> int:
        """The number of the last batch of that second or before."""
        asked = moment.astimezone(UTC).isoformat(timespec="seconds")
        with self._looked() as connection:
            found = sa.select(sa.func.max(batches.c.number)).where(batches.c.at <= asked)
            number = connection.execute(found).scalar_one()
            first = connection.execute(sa.select(sa.func.min(batches.c.at))).scalar_one()
        if number is None:
            begins = "nothing is in the ledger yet" if first is None else f"the ledger begins on {_plain(first)}"
            raise LedgerError(f"{self.name}: nothing was known at {_plain(asked)}: {begins}")
        return int(number)

    def as_of(self, batch: int) -> SqlLedger:
        """The ledger as it was after that batch."""
        then = copy(self)
        then._until, then._may_write = batch, False
        return then

    @property
    def history(self) -> History:
        """How the ledger came to be what it is."""
        return SqlHistory(self._looked)

    @property
    def lookups(self) -> Lookups:
        """What is found in the ledger, as it now is, without loading all of it."""
        return SqlLookups(self._looked)

    def readings(self) -> list[Reading]:
        """All readings, sorted by doc."""
        with self._looked() as connection:
            return queries.all_readings(connection, self._until)

    def reading(self, doc: str) -> Reading | None:
        """The reading of one report."""
        with self._looked() as connection:
            hash_ = queries.page_called(connection, doc, self._until)
            return None if hash_ is None else queries.reading(connection, hash_, doc, self._until)

    def readings_alone(self, docs: Iterable[str]) -> dict[str, Reading]:
        """The latest reading of each report that took no date from others."""
        with self._looked() as connection:
            found = ((doc, queries.reading_alone(connection, doc, self._until)) for doc in docs)
            return {doc: reading for doc, reading in found if reading is not None}

    def page(self, doc: str) -> Page | None:
        """The page of a report."""
        with self._looked() as connection:
            hash_ = queries.page_called(connection, doc, self._until)
            return None if hash_ is None else queries.page(connection, hash_)

    def docs(self) -> list[str]:
        """What the reports are called, sorted."""
        with self._looked() as connection:
            return sorted(queries.names(connection, self._until).values())

    def hashes(self) -> dict[str, str]:
        """The hash of the bytes of each report's page, by the report's doc."""
        with self._looked() as connection:
            return queries.page_bytes(connection, self._until)

    def reviews(self) -> list[Review]:
        """All reviews, in the order of their times."""
        with self._looked() as connection:
            return queries.all_reviews(connection, self._until)

    def unsettled(self, reviews: bool = True) -> bool:
        """Are there readings (or `reviews`) that entries do not yet show?"""
        with self._looked() as connection:
            return queries.unsettled(connection, self._until, reviews)

    def origins(self) -> list[Origin]:
        """The origins as they now stand."""
        with self._looked() as connection:
            found = [loads(Origin, body) for body in queries.standing(connection, "origins", self._until).values()]
        return sorted(found, key=lambda o: (o.doc, o.source, o.relation))

    def entries(self) -> list[Entry]:
        """The entries as they now stand."""
        with self._looked() as connection:
            found = [loads(Entry, body) for body in queries.standing(connection, "entries", self._until).values()]
        return sorted(found, key=lambda e: (e.id, e.claims))

    def close(self) -> None:
        """Lets go of the database; what shows the ledger as it was holds nothing of its own."""
        if self._until is None:
            self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class SqlBatch:
    """One transaction; implements `recoupe.ledger.Batch`. A batch that adds nothing leaves no row of its own."""

    def __init__(self, connection: sa.Connection, clock: Clock = utc_now, maker: Made | None = None) -> None:
        self._connection = connection
        self._clock = clock
        self._maker = maker
        self._number: int | None = None

    @property
    def number(self) -> int:
        """The batch's number in the ledger, one more than the last; it gets one with the first row that it writes.

        Its time is never before that of the last one, whatever the clock says.
        """
        if self._number is None:
            last, before = queries.last_batch(self._connection)
            now = self._clock().astimezone(UTC).isoformat(timespec="seconds")
            self._number = last + 1
            self._connection.execute(batches.insert().values(number=self._number, at=max(now, before or now)))
            if self._maker is not None:
                self.insert(made, [asdict(self._maker)])
        return self._number

    def insert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        """Adds rows to a table as this batch's."""
        self._connection.execute(table.insert(), [row | {"batch": self.number} for row in rows])

    def seal(self) -> None:
        """Ends the batch: nothing is added to it after this."""
        if self._number is not None:
            seal(self._connection, self._number)

    def add(self, page: Page, reading: Reading) -> bool:
        """Keeps a page with its reading, unless the ledger has it."""
        body = page_text(page)
        hash_ = digest(body)
        if queries.page_is_known(self._connection, hash_, None):
            return False
        if self._connection.execute(sa.select(blobs.c.hash).where(blobs.c.hash == page.hash)).first() is None:
            self.insert(blobs, [{"hash": page.hash, "body": zlib.compress(page.data)}])
        self.insert(pages, [{"hash": hash_, "doc": page.doc, "data": page.hash, "body": body}])
        self._read(hash_, dumps(reading), reading.report)
        return True

    def replace(self, reading: Reading, since: int | None = None) -> None:
        """Makes this the reading of its page, where it is another one than it has, and has none `since`."""
        doc = reading.report.doc
        hash_ = queries.page_called(self._connection, doc)
        if hash_ is None:
            raise LedgerError(f"{doc}: there is no page of that name to be read anew")
        own = self._connection.execute(sa.select(pages.c.doc).where(pages.c.hash == hash_)).scalar_one()
        body = dumps(named_reading(reading, own))
        own_readings = sa.select(readings.c.row, readings.c.hash).where(readings.c.page == hash_)
        last = self._connection.execute(own_readings.order_by(readings.c.row.desc()).limit(1)).one()
        if last.hash != digest(body) and (since is None or last.row <= since):
            self._read(hash_, body, reading.report)

    def _read(self, page: str, body: str, report: Report) -> None:
        """Keeps a reading; its report is found by its words from now on, and not by those of the earlier reading."""
        earlier = self._connection.execute(sa.select(readings.c.row).where(readings.c.page == page)).scalars().all()
        insert = readings.insert().returning(readings.c.row)
        added = {"page": page, "hash": digest(body), "body": body, "batch": self.number}
        row = self._connection.execute(insert, added).scalar_one()
        words = words_in(self._connection, "report_words")
        words.drop(earlier)
        words.put({row: folded(report.text)})

    def review(self, review: Review) -> bool:
        """Keeps a review, unless the ledger has it."""
        body = dumps(review)
        hash_ = digest(body)
        if self._connection.execute(sa.select(reviews.c.row).where(reviews.c.hash == hash_)).first() is not None:
            return False
        self.insert(reviews, [{"hash": hash_, "body": body}])
        return True

    def readings(self) -> list[Reading]:
        """All readings, sorted by doc."""
        return queries.all_readings(self._connection)

    @property
    def finds(self) -> Finds:
        """The notes by which a page's neighbours are found."""
        return SqlFinds(self._connection)

    @property
    def cards(self) -> Cards:
        """The cards of the entries that stand."""
        return SqlCards(self._connection)

    def last_row(self) -> int:
        """The number of the last reading."""
        return int(self._connection.execute(sa.select(sa.func.max(readings.c.row))).scalar() or 0)

    def changed(self, since: int) -> set[int]:
        """The pages of readings with a number above `since`; those that have no number yet get one."""
        asked = sa.select(readings.c.page).where(readings.c.row > since)
        # Of a few the last rows are looked up; asked for different pages, SQLite would walk through all by its index.
        found = self._connection.execute(asked if since else asked.distinct())
        hashes = sorted(set(found.scalars()))
        known = queries.numbers_of(self._connection, hashes)
        if new := [hash_ for hash_ in hashes if hash_ not in known]:
            self._connection.execute(numbers.insert(), [{"page": hash_} for hash_ in new])
            known |= queries.numbers_of(self._connection, new)
        return set(known.values())

    def count(self) -> int:
        """How many pages there are."""
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(pages)).scalar_one())

    def names(self, pages: Iterable[int]) -> dict[int, str]:
        """What these pages are called."""
        hashes = queries.hashes_of(self._connection, pages)
        return {number: name for number, (_, name) in queries.called(self._connection, hashes).items()}

    def bytes_of(self, pages: Iterable[int]) -> dict[int, str]:
        """The hash of the bytes of these pages."""
        return queries.bytes_of(self._connection, queries.hashes_of(self._connection, pages))

    def beside(self, pages: Iterable[int]) -> set[int]:
        """These pages and all that came under one doc with one of them."""
        return queries.beside(self._connection, queries.hashes_of(self._connection, pages))

    def readings_of(self, pages: Iterable[int], row: int | None = None, alone: bool = False) -> dict[int, Reading]:
        """The last reading of each of these pages."""
        hashes = queries.hashes_of(self._connection, pages)
        return queries.readings_of(self._connection, queries.called(self._connection, hashes), row, alone)

    def bodies(self, kind: Kind, rows: Iterable[int]) -> dict[int, str]:
        """The canonical JSON of origins or entries, by their row."""
        return queries.bodies(self._connection, kind, rows)

    def change(self, kind: Kind, new: Sequence[str], gone: Iterable[int]) -> list[int]:
        """Adds origins or entries and supersedes others."""
        table = STANDING[kind]
        rows: list[int] = []
        if new:
            added = [{"hash": digest(body), "body": body, "batch": self.number} for body in new]
            insert = table.insert().returning(table.c.row, sort_by_parameter_order=True)
            rows = list(self._connection.execute(insert, added).scalars())
        if superseded := [{"row": row} for row in sorted(gone)]:
            self.insert(over(kind), superseded)
        return rows

    def unsettled(self, reviews: bool = True) -> bool:
        """Are there readings (or `reviews`) that entries do not yet show?"""
        return queries.unsettled(self._connection, None, reviews)

    def settled(self) -> None:
        """Notes that the readings of all batches up to now were checked against one another."""
        if queries.unsettled(self._connection):
            self.insert(settled, [{}])

    def hashes(self) -> dict[str, str]:
        """The hash of the bytes of each report's page, by the report's doc."""
        return queries.page_bytes(self._connection)

    def reviews(self) -> list[Review]:
        """All reviews, in the order of their times."""
        return queries.all_reviews(self._connection)

    def last_review(self) -> int:
        """The number of the last review."""
        return int(self._connection.execute(sa.select(sa.func.max(reviews.c.row))).scalar() or 0)

    def reviews_since(self, row: int) -> list[int]:
        """The numbers of the reviews above that one."""
        asked = sa.select(reviews.c.row).where(reviews.c.row > row).order_by(reviews.c.row)
        return list(self._connection.execute(asked).scalars())

    def reviews_of(self, rows: Iterable[int]) -> dict[int, Review]:
        """Reviews, by number."""
        return queries.reviews_of(self._connection, rows)

    def settle(self, origins: Iterable[Origin], entries: Iterable[Entry]) -> Change:
        """Writes what is new and marks what no longer stands."""
        self.settled()
        self.stand("origins", [dumps(origin) for origin in origins])
        return self.stand("entries", [dumps(entry) for entry in entries])[0]

    def standing(self, kind: Kind) -> dict[int, str]:
        """The canonical JSON of all origins or entries that stand, by their row."""
        return queries.standing(self._connection, kind)

    def stand(self, kind: Kind, wanted: Sequence[str]) -> tuple[Change, list[int]]:
        """Writes what is new and marks what no longer stands."""
        standing = {body: row for row, body in self.standing(kind).items()}
        asked = set(wanted)
        new = sorted(asked - standing.keys())
        gone = [row for body, row in standing.items() if body not in asked]
        rows = standing | dict(zip(new, self.change(kind, new, gone), strict=True))
        return Change(len(new), len(gone)), [rows[body] for body in wanted]


def _plain(at: str) -> str:
    """A time of the ledger's, for people."""
    return f"{at[:10]} {at[11:19]} UTC"
