"""The ledger that the desk shows, and what is worked out from it once for each version of it."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, TypeVar

from fastapi import Request

from recoupe.codebook import Codebook, open_codebook
from recoupe.errors import BusyError, LedgerError
from recoupe.ledger import Ledger, Version, create_ledger, open_ledger
from recoupe.model import Entry
from recoupe.web.options import Options
from recoupe.web.table import Table

T = TypeVar("T")
_SEEN: ContextVar[list[Version] | None] = ContextVar("the version that a request rests on", default=None)
_KEPT = 24  # things with a key of several parts that are kept of the newest version
_WAITING = 6  # requests that wait for one thing; each holds one of a few dozen threads
_ROWS = 20_000  # things made of entries that are kept


class Shelf:
    """An open ledger with its codebook. Methods raise LedgerError where the ledger fails; any thread may call them."""

    def __init__(self, ledger: Ledger | None, codebook: Codebook) -> None:
        self._ledger = ledger
        self.codebook = codebook
        self._lock = Lock()
        self._making: dict[Hashable, Lock] = {}
        self._version = ""
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._waiting: Counter[Hashable] = Counter()
        self._table: tuple[Version, Table] | None = None
        self._of_rows: OrderedDict[Hashable, Any] = OrderedDict()

    @classmethod
    def open(cls, options: Options) -> Shelf:
        """The ledger of the options; without one, an empty shelf. What entries are found by is written where an older
        version of the program left it out. Raises LedgerError, CodebookError.
        """
        codebook = open_codebook(options.codebook)
        if options.ledger is None:
            return cls(None, codebook)
        ledger = open_ledger(options.ledger)
        if not options.read_only and not ledger.lookups.carded():
            _card(options.ledger, codebook)
        return cls(ledger, codebook)

    @property
    def ledger(self) -> Ledger:
        """The ledger. Raises LedgerError where there is none."""
        if self._ledger is None:
            raise LedgerError("there is no ledger yet: make one with recoupe read PAGES --into my.db")
        return self._ledger

    def version(self) -> str:
        """A short text that changes whenever the ledger does."""
        return "" if self._ledger is None else str(self._now())

    def _now(self) -> Version:
        """The version of the ledger: for one request, what it was when it was looked up first."""
        seen = _SEEN.get()
        if seen is None:
            return self.ledger.lookups.version()
        if not seen:
            seen.append(self.ledger.lookups.version())
        return seen[0]

    @staticmethod
    @contextmanager
    def one_version() -> Iterator[None]:
        """What is asked within rests on one version of the ledger, which is looked up once. Not for what writes."""
        token = _SEEN.set([])
        try:
            yield
        finally:
            _SEEN.reset(token)

    def table(self) -> Table:
        """All entries, as they are found by: of the newest version."""
        lookups = self.ledger.lookups
        with self._lock:
            if self._table is None:
                deck = lookups.cards()
                self._table = deck.version, Table.of(deck.cards, self.codebook)
            elif self._table[0] != self._now():
                version, old = self._table
                deck = lookups.cards(version)
                if deck.whole:  # another ledger has been put in the place of the first
                    new = Table.of(deck.cards, self.codebook)
                    self._of_rows.clear()
                else:
                    new = old.updated(deck.cards, deck.gone)
                self._table = deck.version, new
            return self._table[1]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives for the ledger as it is now, made once: who wants it meanwhile waits for it, unless many do
        already. Raises BusyError. What a key of several parts has goes when there is much else; a single name stays.
        """
        now = self.version()
        with self._lock:
            if self._version != now:
                self._version, self._made, self._making = now, OrderedDict(), {}
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]  # type: ignore[no-any-return]
            making = self._making.setdefault(key, Lock())
            if self._waiting[key] >= _WAITING:
                raise BusyError("this is being worked out; ask again in a moment")
            self._waiting[key] += 1
        try:
            return self._once(key, make, now, making)
        finally:
            with self._lock:
                self._waiting[key] -= 1

    def _once(self, key: Hashable, make: Callable[[], T], now: str, making: Lock) -> T:
        with making:
            with self._lock:
                if self._version == now and key in self._made:
                    return self._made[key]  # type: ignore[no-any-return]
            made = make()
            with self._lock:
                if self._version == now:
                    self._made[key] = made
                    several = [k for k in self._made if not isinstance(k, str)]
                    for gone in several[: max(0, len(several) - _KEPT)]:
                        del self._made[gone]
                        self._making.pop(gone, None)
            return made

    def made_of(self, rows: Iterable[int], make: Callable[[Entry, Codebook], T]) -> dict[int, T]:
        """What `make` gives for the entries in these rows, by row. A row never changes, so that it is made once, and
        kept as long as there is room.
        """
        wanted, found = list(rows), dict[int, T]()
        with self._lock:
            for row in wanted:
                if (row, make) in self._of_rows:
                    self._of_rows.move_to_end((row, make))
                    found[row] = self._of_rows[row, make]
        if missing := [row for row in wanted if row not in found]:
            new = {r: make(e, self.codebook) for r, e in self.ledger.lookups.entries(missing).items()}
            with self._lock:
                self._of_rows |= {(row, make): one for row, one in new.items()}
                while len(self._of_rows) > _ROWS:
                    self._of_rows.popitem(last=False)
            found |= new
        return found

    def close(self) -> None:
        """Lets go of the ledger."""
        if self._ledger is not None:
            self._ledger.close()


def _card(where: str, codebook: Codebook) -> None:
    """Writes what entries and reports are found by."""
    from recoupe import pipeline  # not before it is used: what reads language takes its time to load

    with create_ledger(where) as ledger:
        pipeline.card(ledger, codebook)


def shelf(request: Request) -> Shelf:
    """The shelf of the application that is asked."""
    found: Shelf = request.app.state.shelf
    return found
