"""A ledger in an SQLite file, in WAL mode: one writes while others read; a crash leaves what was committed."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from recoupe.errors import LedgerError
from recoupe.ledger.engines import FULL, PATIENCE, first_line, waited

_MAGIC = b"SQLite format 3\0"
_PAUSE = 0.02  # seconds
_LITTLE = 64 * 1024  # bytes: SQLite cannot even begin to write where less is free
_GONE = "no such ledger any more: the file was deleted or moved"
_OTHER = "another file has been put in its place; start again"
_FAILED = "the disk failed or gives no more room; what was kept before is safe"
_ONLY_READ = "it may only be read: the file, its folder or its disk is write-protected"
_CHANGED = "it was changed while it was read; try again"
_DAMAGED = "damaged: the file has been cut or written over; take a copy of it that is whole"
_UNTIDY = (
    "its last writer was stopped before it could tidy up (the files beside it, -wal and -shm, are part of it); open it "
    "once as somebody who may write to its folder"
)


class _Frozen(sqlite3.Connection):
    """A connection to a file that nobody is to change while it lasts; `state` is how the file was at its beginning."""

    state: tuple[int, ...] = ()


class SqliteFile:
    """A file; implements `recoupe.ledger.engines.Database`."""

    def __init__(self, path: Path, patience: int | None = None) -> None:
        self._path = path
        self._patience = PATIENCE if patience is None else patience
        self._file: tuple[int, int] | None = None  # which file was opened to write, whatever it is called later

    @property
    def name(self) -> str:
        """The path."""
        return str(self._path)

    def engine(self, write: bool) -> sa.Engine:
        """An engine on the file, which is made where it is to be written and not there."""
        self._look(write)
        connect = self._to_write if write else self._to_read
        engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
        sa.event.listen(engine, "begin", self._begin)
        sa.event.listen(engine, "commit" if write else "rollback", self._same if write else self._unchanged)
        return engine

    def reason(self, error: Exception) -> str:
        """What an error means."""
        cause = getattr(error, "orig", None) or error
        code = getattr(cause, "sqlite_errorcode", None)
        kind = None if code is None else code & 0xFF
        if not self._path.exists():
            return _GONE
        if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return waited(self._patience)
        if kind == sqlite3.SQLITE_FULL or (kind == sqlite3.SQLITE_IOERR and self._is_full()):
            return FULL
        if kind == sqlite3.SQLITE_IOERR:
            return f"{_FAILED} ({first_line(error)})"
        if kind in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            return _UNTIDY if self._left_over() else _ONLY_READ
        if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return _DAMAGED
        return first_line(error)

    def _look(self, write: bool) -> None:
        """Raises LedgerError where there is no ledger and, to write, none can be made; makes the file for it."""
        path = self._path
        try:
            if path.is_dir():
                raise LedgerError(f"{path}: not a ledger: a folder")
            if not path.exists():
                if not write:
                    raise LedgerError(f"{path}: no such ledger")
                if not path.absolute().parent.is_dir():
                    raise LedgerError(f"{path}: the folder for the ledger does not exist")
                path.touch()
            with path.open("rb") as file:
                head = file.read(len(_MAGIC))
                status = os.fstat(file.fileno())
        except OSError as error:
            raise LedgerError(f"{path}: cannot be opened: {error.strerror or error}") from error
        if head != _MAGIC and not (write and not head):
            raise LedgerError(f"{path}: not a ledger: {'not an SQLite database' if head else 'an empty file'}")
        if write and not (os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)):
            raise LedgerError(f"{path}: {_ONLY_READ}")
        self._file = status.st_dev, status.st_ino

    def _connect(self, mode: str, factory: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
        # The driver's own transactions are switched off: it would begin none before a read.
        address = f"file:{quote(str(self._path.absolute()))}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=self._patience, isolation_level=None, factory=factory)

    def _to_write(self) -> sqlite3.Connection:
        connection = self._connect("rw")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # what is committed is on the disk, however SQLite was built
        _write_ahead(connection, self._patience)
        return connection

    def _to_read(self) -> sqlite3.Connection:
        """A connection that writes nothing. SQLite wants to write beside the file even so, to see what others write;
        where it may not, and nothing has been left there, it reads the file as one that nobody changes.
        """
        connection = self._connect("ro")
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            kinds = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
            if error.sqlite_errorcode & 0xFF not in kinds or self._left_over():
                raise
            frozen = self._connect("ro&immutable=1", _Frozen)
            assert isinstance(frozen, _Frozen)
            frozen.state = self._state()
            return frozen
        return connection

    def _begin(self, connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        if writes:
            self._same(connection)

    def _same(self, _connection: sa.Connection) -> None:
        """Raises LedgerError where the file is no longer the one that was opened: what is written would be lost."""
        try:
            status = self._path.stat()
        except OSError as error:
            raise LedgerError(f"{self.name}: {_GONE}") from error
        if (status.st_dev, status.st_ino) != self._file:
            raise LedgerError(f"{self.name}: {_OTHER}")

    def _unchanged(self, connection: sa.Connection) -> None:
        driven = connection.connection.driver_connection
        if isinstance(driven, _Frozen) and driven.state != self._state():
            raise LedgerError(f"{self.name}: {_CHANGED}")

    def _state(self) -> tuple[int, ...]:
        try:
            status = self._path.stat()
        except OSError as error:
            raise LedgerError(f"{self.name}: {_GONE}") from error
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns

    def _left_over(self) -> bool:
        """Is there something beside the file that has not been written into it yet?"""
        try:
            return Path(f"{self._path.resolve()}-wal").stat().st_size > 0
        except OSError:
            return False

    def _is_full(self) -> bool:
        """Is there no room on the disk? Where that cannot be told, it is taken that there is."""
        if not hasattr(os, "statvfs"):
            return False
        status = os.statvfs(self._path.resolve().parent)
        return status.f_bavail * status.f_frsize < _LITTLE


def discard_unused(path: Path) -> bool:
    """Deletes a ledger's file to which nothing was ever kept; False, and the file stays, where something was or where
    somebody else has it open.

    Who opens it meanwhile cannot lose what they write: a writer looks whether its file is still there.
    """
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")  # no files beside it any more; refused while others have it
        connection.execute("BEGIN EXCLUSIVE")
        if connection.execute("SELECT 1 FROM batches").fetchone() is not None:
            return False
        path.resolve().unlink()
    except (sqlite3.Error, OSError):
        return False
    finally:
        connection.close()
    return True


def _write_ahead(connection: sqlite3.Connection, patience: int) -> None:
    """Puts the file into WAL mode, where it stays. SQLite does not wait its turn for that, so this does."""
    end = monotonic() + patience
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > end:
                raise
            sleep(_PAUSE)
