"""The ledger: what has been read, kept append-only behind one small interface. Open one with `open_ledger`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Protocol, Self

from recoupe.ledger.found import Card, Cards, Deck, Head, Hits, Lookups, Stood, Version
from recoupe.model import Entry, Origin, Page, Reading, Review

__all__ = [
    "Batch", "Card", "Cards", "Change", "Clock", "Damage", "Deck", "Fetch", "Find", "Finds", "Head", "History", "Hits",
    "Ledger", "Lookups", "Made", "Past", "Step", "Stood", "Version", "create_ledger", "discard_unused", "ledger_file",
    "open_ledger", "utc_now",
]  # fmt: skip

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SQLITE = "sqlite:///"

Clock = Callable[[], datetime]
"""Says what time it is; with a time zone."""


def utc_now() -> datetime:
    """The time by this machine's clock."""
    return datetime.now(UTC)


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


@dataclass(frozen=True, slots=True)
class Made:
    """What read, or checked, what a batch holds: the version of the program, and the codebook's name and edition."""

    program: str
    codebook: str
    edition: str


@dataclass(frozen=True, slots=True)
class Past:
    """A batch of the past: its number, its time (UTC, ISO 8601), what made it where that is known, and the hash of its
    seal; None without one.
    """

    number: int
    at: str
    made: Made | None = None
    seal: str | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in a ledger that is not as it was written: the table, which of its rows, and what is wrong."""

    table: str
    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.table}: {self.row}: {self.what}" if self.row else f"{self.table}: {self.what}"


@dataclass(frozen=True, slots=True)
class Step:
    """What is different between two moments: readings that stood then and not later, or later and not then, by the
    hash of their page and under their later name; entries likewise; and how earlier names of reports became later ones,
    where they did.
    """

    readings_before: dict[str, Reading]
    readings_after: dict[str, Reading]
    entries_before: Sequence[Entry]
    entries_after: Sequence[Entry]
    renamed: dict[str, str]


class History(Protocol):
    """How a ledger came to be what it is. Every method raises LedgerError where the store fails, but for `audit`."""

    def batches(self) -> list[Past]:
        """All batches, in order."""

    def makers(self) -> list[Made | None]:
        """All that read and checked what is in the ledger, each once; None where readings do not say by what."""

    def texts(self, what: Literal["origins", "entries"]) -> list[str]:
        """The canonical JSON of those that now stand, as it is kept, sorted."""

    def step(self, since: int, until: int) -> Step:
        """What is different after the batch `until` from after the batch `since`."""

    def audit(self) -> Iterator[Damage]:
        """Looks at every record, and whether hashes, references and seals hold; whatever is damaged, it goes on."""


class Find(NamedTuple):
    """A page (or its n-th `item`) that is found by a number, `key`, and lies in the range from `first` to `last`."""

    key: int
    first: int
    last: int
    page: int
    item: int


class Finds(Protocol):
    """Notes by which a page's neighbours are found; in each space, a small number, keys mean something else."""

    def of(self, space: int, key: int, limit: int | None = None) -> list[Find]:
        """The rows of a key, those with the least `first` first."""

    def any_of(self, space: int, keys: Iterable[int]) -> list[Find]:
        """The rows of these keys, in no order."""

    def like(self, space: int, key: int, first: int) -> list[Find]:
        """The rows of a key with that `first`."""

    def during(self, space: int, key: int, first: int, last: int) -> list[Find]:
        """The rows of a key whose range has something in common with that from `first` to `last`."""

    def after(self, space: int, key: int, first: int) -> list[Find]:
        """The next row of a key, with a greater `first`; none where there is none."""

    def put(self, space: int, rows: Iterable[Find]) -> None:
        """Adds rows, of which there must be none alike yet."""

    def drop(self, space: int, rows: Iterable[Find]) -> None:
        """Takes rows away; `last` plays no part in which."""

    def empty(self, space: int) -> None:
        """Takes all rows of a space away."""

    def roots(self, pages: Iterable[int]) -> dict[tuple[int, int], str]:
        """Whose word pages (item 0) and their claims (from 1; only those with another one) are."""

    def root(self, pages: Iterable[int], of: dict[tuple[int, int], str]) -> None:
        """Notes whose word these pages and their claims are, instead of what was noted of them."""

    def clear(self) -> None:
        """Takes all notes away."""


Kind = Literal["origins", "entries"]


class Batch(Protocol):
    """One transaction: all of it is kept, or nothing. Pages have numbers, which are good for this ledger alone."""

    @property
    def finds(self) -> Finds:
        """The notes by which a page's neighbours are found."""

    @property
    def cards(self) -> Cards:
        """The cards of the entries that stand."""

    def last_row(self) -> int:
        """The number of the last reading; 0 where there is none. Readings are numbered in the order of their coming."""

    def changed(self, since: int) -> set[int]:
        """The pages of readings with a number above `since`."""

    def count(self) -> int:
        """How many pages there are."""

    def names(self, pages: Iterable[int]) -> dict[int, str]:
        """What these pages are called."""

    def bytes_of(self, pages: Iterable[int]) -> dict[int, str]:
        """The hash of the bytes of these pages (`Page.hash`)."""

    def beside(self, pages: Iterable[int]) -> set[int]:
        """These pages and all that came under one doc with one of them."""

    def readings_of(self, pages: Iterable[int], row: int | None = None, alone: bool = False) -> dict[int, Reading]:
        """The last reading of each of these pages, under its name; with `row`, the last up to that number; `alone`, the
        last that took no date from other reports. Pages without one are left out.
        """

    def bodies(self, kind: Kind, rows: Iterable[int]) -> dict[int, str]:
        """The canonical JSON of origins or entries, by their row."""

    def change(self, kind: Kind, new: Sequence[str], gone: Iterable[int]) -> list[int]:
        """Adds origins or entries (canonical JSON) and supersedes others (rows); gives the rows of the new ones."""

    def standing(self, kind: Kind) -> dict[int, str]:
        """The canonical JSON of all origins or entries that stand, by their row."""

    def stand(self, kind: Kind, wanted: Sequence[str]) -> tuple[Change, list[int]]:
        """Makes these (canonical JSON) all origins or entries that stand; gives their rows, in the order given."""

    def settled(self) -> None:
        """Notes that the readings of all batches up to now were checked against one another."""

    def add(self, page: Page, reading: Reading) -> bool:
        """Keeps a page with its reading; False, and nothing is kept, where the ledger has the page already."""

    def replace(self, reading: Reading, since: int | None = None) -> None:
        """Makes this the reading of its page (by the report's doc), which the ledger has; the earlier one is kept. The
        reading that it has already adds nothing; nor, with `since`, does any where the ledger has one with a number
        above that: somebody who knew more has read the page meanwhile.
        """

    def review(self, review: Review) -> bool:
        """Keeps a review; False, and nothing is kept, where the ledger has it already."""

    def readings(self) -> list[Reading]:
        """The readings that stand, those of this batch among them, sorted by doc."""

    def unsettled(self, reviews: bool = True) -> bool:
        """Are there readings (or `reviews`) that entries do not yet show?"""

    def hashes(self) -> dict[str, str]:
        """The hash of the bytes of each report's page (`Page.hash`), by the report's doc."""

    def reviews(self) -> list[Review]:
        """All reviews, those of this batch among them, in the order of their times."""

    def last_review(self) -> int:
        """The number of the last review; 0 where there is none. Reviews are numbered in the order of their coming."""

    def reviews_since(self, row: int) -> list[int]:
        """The numbers of the reviews above that one."""

    def reviews_of(self, rows: Iterable[int]) -> dict[int, Review]:
        """Reviews, by number."""

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

    def came(self, docs: Iterable[str]) -> set[str]:
        """Those of these docs under which pages came."""

    def has_bytes(self, url: str, hash_: str) -> bool:
        """Is there a page with this `url` in its metadata whose bytes have this hash (`Page.hash`)?"""

    def fetched(self, addresses: Iterable[str]) -> dict[str, Fetch]:
        """The latest that was noted of each address; addresses of which nothing was are left out."""

    def note_fetches(self, noted: Iterable[Fetch]) -> None:
        """Keeps what servers answered, in this order."""

    def batch(self, made: Made | None = None) -> AbstractContextManager[Batch]:
        """A transaction; it ends with its `with` block, and is undone where the block raises. `made`: what reads or
        checks what it will hold.
        """

    def known_at(self, moment: datetime) -> int:
        """The number of the last batch of that second or before. Raises LedgerError for a moment before the first."""

    def as_of(self, batch: int) -> Ledger:
        """The ledger as it was after that batch, to look things up in; it lives as long as this one."""

    @property
    def history(self) -> History:
        """How the ledger came to be what it is."""

    @property
    def lookups(self) -> Lookups:
        """What is found in the ledger, as it now is, without loading all of it."""

    def readings(self) -> list[Reading]:
        """All readings, sorted by doc."""

    def reading(self, doc: str) -> Reading | None:
        """The reading of one report, by the report's doc."""

    def readings_alone(self, docs: Iterable[str]) -> dict[str, Reading]:
        """Of each of these reports the latest reading that took no date from other reports, by doc; without those that
        have none.
        """

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


def create_ledger(where: Path | str, clock: Clock = utc_now, patience: int | None = None) -> Ledger:
    """The ledger in a file or at an address, for writing; a new one where the file is not there or empty, or where the
    database has no tables. Its batches are of the time that `clock` says, but none is of an earlier one than the batch
    before it. `patience`: the seconds that they wait for other writers, where it is not to be the usual. Raises
    LedgerError.
    """
    from recoupe.ledger.sql import SqlLedger

    return SqlLedger.open(where, write=True, clock=clock, patience=patience)


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
