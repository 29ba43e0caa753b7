"""The ledger: what has been read, kept append-only behind one small interface. Open one with `open_ledger`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from recoupe.model import Entry, Origin, Page, Reading, Review

__all__ = ["Batch", "Change", "Fetch", "Ledger", "create_ledger", "discard_unused", "ledger_file", "open_ledger"]

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Change:
    """What settling changed: how many entries are new (or say something new), how many earlier ones no longer stand."""

    new: int
    superseded: int


@dataclass(frozen=True, slots=True)
class Fetch:
    """What a server answered at an address: when (UTC, ISO 8601), its status, by what it tells versions apart, and the
    hash of the bytes that the address last gave; None where it gave none, or none that are a page.
    """

    address: str
    at: str
    status: int
    etag: str | None = None
    last_modified: str | None = None
    page: str | None = None


class Batch(Protocol):
    """One transaction: all of it is kept, or nothing."""

    def add(self, page: Page, reading: Reading) -> bool:
        """Keeps a page with its reading; False, and nothing is kept, where the ledger has the page already."""

    def replace(self, reading: Reading) -> None:
        """Makes this the reading of its page (by the report's doc), which the ledger has; the earlier one is kept."""

    def review(self, review: Review) -> bool:
        """Keeps a review; False, and nothing is kept, where the ledger has it already."""

    def readings(self) -> list[Reading]:
        """The readings that stand, those of this batch among them, sorted by doc."""

    def hashes(self) -> dict[str, str]:
        """The hash of the bytes of each report's page (`Page.hash`), by the report's doc."""

    def reviews(self) -> list[Review]:
        """All reviews, those of this batch among them, in the order of their times."""

    def settle(self, origins: Iterable[Origin], entries: Iterable[Entry]) -> Change:
        """Makes these the ledger's origins and entries. Earlier ones that are not among them stay, as superseded."""


class Ledger(Protocol):
    """A store of pages, readings, origins and entries. Every method raises LedgerError where the store fails.

    Docs are names: where two different pages came under one doc, each is called `doc#` and the first six digits (more
    where that is not enough) of its hash, whichever came first.
    """

    @property
    def name(self) -> str:
        """What messages call it: its path, or its address without a password."""

    def has(self, page: Page) -> bool:
        """Is this very page (doc, text and metadata) in the ledger?"""

    def has_bytes(self, url: str, hash_: str) -> bool:
        """Is there a page with this `url` in its metadata whose bytes have this hash (`Page.hash`)?"""

    def fetched(self, addresses: Iterable[str]) -> dict[str, Fetch]:
        """The latest that was noted of each address; addresses of which nothing was are left out."""

    def note_fetches(self, noted: Iterable[Fetch]) -> None:
        """Keeps what servers answered, in this order."""

    def batch(self) -> AbstractContextManager[Batch]:
        """A transaction; it ends with its `with` block, and is undone where the block raises."""

    def readings(self) -> list[Reading]:
        """All readings, sorted by doc."""

    def page(self, doc: str) -> Page | None:
        """The page of a report, by the report's doc."""

    def docs(self) -> list[str]:
        """What the reports are called, sorted."""

    def hashes(self) -> dict[str, str]:
        """The hash of the bytes of each report's page (`Page.hash`), by the report's doc."""

    def reviews(self) -> list[Review]:
        """All reviews, in the order of their times."""

    def unsettled(self, reviews: bool = True) -> bool:
        """Are there readings (or `reviews`) that entries do not yet show, because a run was interrupted?"""

    def origins(self) -> list[Origin]:
        """The origins as they now stand, sorted by report and source."""

    def entries(self) -> list[Entry]:
        """The entries as they now stand, sorted by id."""

    def close(self) -> None:
        """Lets go of the store."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_ledger(where: Path | str) -> Ledger:
    """The ledger in a file, or at the address of a database (`postgresql://user@host/database`), for looking things up.

    Raises LedgerError where there is none, or none that can be read.
    """
    from recoupe.ledger.sql import SqlLedger  # not before it is used: SQLAlchemy takes its time to load

    return SqlLedger.open(where)


def create_ledger(where: Path | str) -> Ledger:
    """The ledger in a file or at an address, for writing; a new one where the file is not there or empty, or where the
    database has no tables. Raises LedgerError.
    """
    from recoupe.ledger.sql import SqlLedger

    return SqlLedger.open(where, write=True)


def ledger_file(where: Path | str) -> Path | None:
    """The file that a ledger's name means; None where it is the address of a server.

    >>> ledger_file("postgresql://desk@db.example/ledger")
    >>> str(ledger_file("my.db")), str(ledger_file("sqlite:///my.db"))
    ('my.db', 'my.db')
    """
    if isinstance(where, Path):
        return where
    if where.startswith(_SQLITE):
        return Path(where.removeprefix(_SQLITE))
    return None if _ADDRESS.match(where) else Path(where)


def discard_unused(where: Path | str) -> bool:
    """Deletes a ledger's file to which nothing was ever kept. False where something was, or where it is on a server."""
    from recoupe.ledger.sqlite import discard_unused

    file = ledger_file(where)
    return file is not None and discard_unused(file)
