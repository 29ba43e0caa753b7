"""A writer that is killed, and what must be true of the ledger whenever that happens."""

from __future__ import annotations

import os
import random
import sys
import time
import zlib
from collections.abc import Collection
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.forkserver import ensure_running
from uuid import uuid4

import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.ledger.codec import digest
from recoupe.model import Reading
from stores import reached
from synthetic import page_of, reading

SIZE = 3  # pages of a batch
_FORKS = get_context("forkserver")  # each writer is a copy of one process that has everything loaded
_LOADED = (
    "pytest",
    "crashes",
    "psycopg",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql.psycopg",
    *(f"recoupe.ledger.{name}" for name in ("migrations", "postgres", "sql", "sqlite")),
)


def told(doc: str) -> Reading:
    """A report that is quickly made."""
    return reading(doc, ["A title", f"Missiles fell on {doc} in the night. " * 20], [], "2024-01-03")


def add(ledger: Ledger, name: str) -> None:
    """Adds a batch of pages that are called by its name and a number."""
    with ledger.batch() as batch:
        for number in range(SIZE):
            one = told(f"{name}.{number}")
            batch.add(page_of(one), one)


class Writer:
    """A process that adds batches to a ledger, so many or until it is killed, and says of each that it was kept."""

    def __init__(self, where: str, batches: int | None = None) -> None:
        self._said: list[str] = []
        self._heard, told_by = _FORKS.Pipe(duplex=False)
        arguments = (where, uuid4().hex, batches, told_by)
        self._process = _FORKS.Process(target=_write, args=arguments, daemon=True)
        self._process.start()
        told_by.close()
        assert self._heard.recv() == "begins"

    def wait(self) -> None:
        """Until the next batch is kept."""
        self._said.append(self._heard.recv())

    def kill(self) -> list[str]:
        """Ends it at once, as `kill -9` does; the batches that it said were kept."""
        self._process.kill()
        return self.heard()

    def heard(self) -> list[str]:
        """What it said until its end: the batches that were kept; after them, it may be, why it could not go on."""
        try:
            while True:
                self.wait()
        except EOFError:
            self._heard.close()
            self._process.join()
            return self._said


def start_forks() -> None:
    """Starts the process that writers are copies of; it finds modules where this one does."""
    known = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    try:
        _FORKS.set_forkserver_preload(list(_LOADED))
        ensure_running()
    finally:
        os.environ.pop("PYTHONPATH") if known is None else os.environ.update(PYTHONPATH=known)


class Moments:
    """When to kill writers: at any moment from their start until they have kept a few batches, however busy the machine
    is. Each waits for a random part of a time that grows after a writer that kept nothing and shrinks after one that
    kept many.
    """

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._longest = 0.02

    def wait(self) -> None:
        """Until the next one."""
        time.sleep(self._chance.uniform(0, self._longest))

    def kill(self, writer: Writer) -> list[str]:
        """Ends the writer at the next one; the batches that it said were kept."""
        self.wait()
        kept = writer.kill()
        self.saw(len(kept))
        return kept

    def saw(self, kept: int) -> None:
        """Learns how far a writer came."""
        if kept == 0:
            self._longest = min(self._longest * 1.25, 20)
        elif kept > 3:
            self._longest /= 1.25


def _write(where: str, name: str, batches: int | None, tell: Connection) -> None:
    tell.send("begins")
    number = 0
    try:
        with create_ledger(where) as ledger:
            while batches is None or number < batches:
                add(ledger, f"{name}.{number}")
                tell.send(f"{name}.{number}")
                number += 1
    except LedgerError as error:
        tell.send(f"failed: {error}")


def is_made(where: str) -> bool:
    """Is there a ledger? If not, what is said says so, and not that something is damaged."""
    try:
        open_ledger(where).close()
    except LedgerError as error:
        if not any(words in str(error) for words in ("no such ledger", "an empty file", "no ledger in it yet")):
            raise
        return False
    return True


def check_kept(where: str, kept: Collection[str]) -> bool:
    """The database is sound, batches are in it whole or not at all, and those that were said to be kept are there.

    False where there is no ledger yet, and nothing was said to be kept.
    """
    if not is_made(where):
        assert not kept
        return False
    with reached(where) as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(sa.text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []
        for table in ("pages", "readings", "blobs"):
            counted = sa.text(f"SELECT count(*) FROM {table} GROUP BY batch HAVING count(*) <> {SIZE}")
            assert connection.execute(counted).all() == []
        assert connection.execute(sa.text("SELECT number FROM batches")).scalars().all() == (
            connection.execute(sa.text("SELECT DISTINCT batch FROM pages ORDER BY batch")).scalars().all()
        )
    with open_ledger(where) as ledger:
        docs = set(ledger.docs())
    assert {f"{name}.{number}" for name in kept for number in range(SIZE)} <= docs
    return True


def check_records(where: str) -> None:
    """Every record is what its hash says, and can be read."""
    with reached(where) as connection:
        for table in ("pages", "readings"):
            rows = connection.execute(sa.text(f"SELECT hash, body FROM {table}")).all()
            assert [row.hash for row in rows] == [digest(row.body) for row in rows]
        blobs = connection.execute(sa.text("SELECT hash, body FROM blobs")).all()
        assert [row.hash for row in blobs] == [sha256(zlib.decompress(row.body)).hexdigest() for row in blobs]
    with open_ledger(where) as ledger:
        assert [told(one.report.doc) for one in ledger.readings()] == ledger.readings()
