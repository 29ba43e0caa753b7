"""The ledger that the desk shows, and what is worked out from it once for each version of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from fastapi import Request

from recoupe.codebook import Codebook, default_codebook, load_codebook
from recoupe.errors import LedgerError
from recoupe.ledger import Ledger, Version, create_ledger, open_ledger
from recoupe.web.options import Options
from recoupe.web.table import Table

T = TypeVar("T")
_KEPT = 64  # things that are kept of the newest version


class Shelf:
    """An open ledger with its codebook. Methods raise LedgerError where the ledger fails; any thread may call them."""

    def __init__(self, ledger: Ledger | None, codebook: Codebook) -> None:
        self._ledger = ledger
        self.codebook = codebook
        self._lock = Lock()
        self._making: dict[Hashable, Lock] = {}
        self._version = ""
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._table: tuple[Version, Table] | None = None

    @classmethod
    def open(cls, options: Options) -> Shelf:
        """The ledger of the options; without one, an empty shelf. What entries are found by is written where an older
        version of the program left it out. Raises LedgerError, CodebookError.
        """
        codebook = default_codebook() if options.codebook is None else load_codebook(options.codebook)
        if options.ledger is None:
            return cls(None, codebook)
        ledger = open_ledger(options.ledger)
        if not ledger.lookups.carded():
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
        return "" if self._ledger is None else str(self._ledger.lookups.version())

    def table(self) -> Table:
        """All entries, as they are found by: of the newest version."""
        lookups = self.ledger.lookups
        with self._lock:
            if self._table is None:
                deck = lookups.cards()
                self._table = deck.version, Table.of(deck.cards, self.codebook)
            elif self._table[0] != lookups.version():
                version, old = self._table
                deck = lookups.cards(version)
                new = Table.of(deck.cards, self.codebook) if deck.whole else old.updated(deck.cards, deck.gone)
                self._table = deck.version, new
            return self._table[1]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives for the ledger as it is now, made once: who wants it meanwhile waits for it."""
        now = self.version()
        with self._lock:
            if self._version != now:
                self._version, self._made, self._making = now, OrderedDict(), {}
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]  # type: ignore[no-any-return]
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if self._version == now and key in self._made:
                    return self._made[key]  # type: ignore[no-any-return]
            made = make()
            with self._lock:
                if self._version == now:
                    self._made[key] = made
                    while len(self._made) > _KEPT:
                        gone, _ = self._made.popitem(last=False)
                        self._making.pop(gone, None)
            return made

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
