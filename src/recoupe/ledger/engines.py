"""Where a ledger is kept, chosen by its name: a file of SQLite, or a database on a PostgreSQL server.

What is one database's own (opening, locking, its words for what went wrong) is told by its `Database`; whoever speaks
to the tables needs to know none of it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.ledger import ledger_file

PATIENCE = 300  # seconds that a writer waits for another one
FULL = "the disk is full; what was kept before is safe, and the next run goes on from there"

_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")


class Database(Protocol):
    """One place for a ledger."""

    @property
    def name(self) -> str:
        """What messages call it; never with a password."""

    def engine(self, write: bool) -> sa.Engine:
        """Whose transactions see one state of the ledger from their beginning to their end; those with the execution
        option `write` wait for other writers and then keep them out. Raises LedgerError where there is no database or,
        to write, where it may not be written.
        """

    def reason(self, error: Exception) -> str:
        """What an error of the database's driver means to a user, in one line."""


def database_at(where: Path | str, patience: int | None = None) -> Database:
    """The database at a path or an address, whose writers wait for others as long as `patience` says (seconds; None is
    PATIENCE). Raises LedgerError where none can be meant.
    """
    file = ledger_file(where)
    if file is not None:
        from recoupe.ledger.sqlite import SqliteFile  # each only where it is used

        return SqliteFile(file, patience)
    scheme = re.split("://", str(where), maxsplit=1)[0]
    if scheme not in _POSTGRES:
        raise LedgerError(f"{scheme}://: no ledger can be kept there; give a file or postgresql://user@host/database")
    from recoupe.ledger.postgres import PostgresDatabase

    return PostgresDatabase.of(str(where), patience)


def waited(seconds: int) -> str:
    """What is said to a writer that has waited in vain."""
    return f"another process has been writing to it for {seconds} s; try again when it is done"


def first_line(error: Exception) -> str:
    """The driver's own words."""
    return (str(getattr(error, "orig", None) or error).strip() or type(error).__name__).splitlines()[0]
