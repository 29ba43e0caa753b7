"""A ledger in a database of its own (or a schema of its own) on a PostgreSQL server, for a team."""

from __future__ import annotations

from typing import Any, Self

import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.ledger.engines import FULL, PATIENCE, first_line, waited

_LOCK = 0x7265_636F_7570_65  # any number that others are unlikely to use: "recoupe"
_SECRETS = frozenset({"password", "sslpassword", "passfile"})
_DEFAULTS = {"application_name": "recoupe", "connect_timeout": "10"}
_READS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_UNREACHED, _REFUSED = "the server cannot be reached", "the server refuses"
_LOST = "the connection was lost; what was kept before is safe, and the next run goes on from there"
_NOT_LOCKED, _DISK_FULL = "55P03", "53100"
# What the server's codes mean, by their first characters: https://www.postgresql.org/docs/current/errcodes-appendix.html
_REASONS = {
    "53": "the server has no more room for this; what was kept before is safe",
    "42501": "you have not the rights for this",
    "25006": "it may only be read",
    "57P": "the server was stopped; what was kept before is safe, and the next run goes on from there",
    "08": _LOST,
    "XX001": "damaged: the server cannot read its files",
}


class PostgresDatabase:
    """A database on a server; implements `recoupe.ledger.engines.Database`."""

    def __init__(self, url: sa.URL, patience: int | None = None) -> None:
        self._url = url
        self._patience = PATIENCE if patience is None else patience

    @classmethod
    def of(cls, address: str, patience: int | None = None) -> Self:
        """The database at an address such as `postgresql://user@host:5432/database`; raises LedgerError."""
        try:
            url = sa.make_url(address)
        except (sa.exc.ArgumentError, ValueError):
            url = None
        if url is None or "@" in (url.host or ""):
            # The address itself is not told: there may be a password in it, or a part of one taken for a host.
            raise LedgerError(
                "postgresql://: not an address of a database; it is postgresql://user@host:port/database, with "
                "%-escapes for what is special in a name or a password"
            )
        return cls(url.set(drivername="postgresql+psycopg"), patience)

    @property
    def name(self) -> str:
        """The address without its secrets."""
        query = {key: value for key, value in self._url.query.items() if key not in _SECRETS}
        bare = sa.URL.create(
            "postgresql", self._url.username, None, self._url.host, self._url.port, self._url.database, query
        )
        return bare.render_as_string()

    def engine(self, write: bool) -> sa.Engine:
        """An engine on the database, which must be there; whether it can be reached shows with the first question."""
        self._need_driver()
        settings = {key: value for key, value in _DEFAULTS.items() if key not in self._url.query}
        engine = sa.create_engine(
            self._url, pool_pre_ping=True, connect_args={**settings, "client_encoding": "utf8"}, hide_parameters=True
        )

        def begin(connection: sa.Connection) -> None:
            writes = connection.get_execution_options().get("write", False)
            for statement in _writes(self._patience) if writes else (_READS,):
                connection.exec_driver_sql(statement)

        sa.event.listen(engine, "begin", begin)
        sa.event.listen(engine, "connect", self._check_encoding)
        return engine

    def reason(self, error: Exception) -> str:
        """What an error means."""
        cause: Any = getattr(error, "orig", None) or error
        state, words = getattr(cause, "sqlstate", None), first_line(error)
        if state is None:
            # The driver gives no code for what goes wrong with the connection itself.
            is_lost = getattr(error, "connection_invalidated", False)
            return f"{_LOST} ({words})" if is_lost else _unreached(words)
        if state in (_NOT_LOCKED, _DISK_FULL):
            return waited(self._patience) if state == _NOT_LOCKED else FULL
        found = [meaning for code, meaning in _REASONS.items() if state.startswith(code)]
        return f"{found[0]} ({words})" if found else words

    def _need_driver(self) -> None:
        try:
            import psycopg  # noqa: F401
        except ImportError as error:
            raise LedgerError(
                f"{self.name}: PostgreSQL needs psycopg, which is not installed: pip install 'recoupe[postgres]'"
            ) from error

    def _check_encoding(self, connection: Any, _record: Any) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise LedgerError(
                f"{self.name}: the database's encoding is {encoding}, and a ledger's is UTF8: "
                "createdb --encoding UTF8 --template template0"
            )


def _writes(patience: int) -> tuple[str, ...]:
    """How a transaction begins that writes. The lock makes it alone. It must see what was committed while it waited for
    that, hence not REPEATABLE READ, whose view of the tables is as old as the asking for the lock.
    """
    return (
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE",
        f"SET LOCAL lock_timeout = '{patience}s'",
        # A writer whose machine has vanished must not hold the lock for the two hours that are usual.
        "SET LOCAL tcp_keepalives_idle = 60",
        f"SELECT pg_advisory_xact_lock({_LOCK})",
    )


def _unreached(words: str) -> str:
    """What it means that there is no connection, from the driver's words: the server's own answer is in them."""
    _, refused, answer = words.partition("FATAL:")
    if not refused:
        hint = "; it is given in ~/.pgpass or PGPASSWORD" if "no password" in words else ""
        return f"{_UNREACHED}: {words.removeprefix('connection failed: ')}{hint}"
    hint = "; make it first, with createdb" if "database" in answer and "does not exist" in answer else ""
    return f"{_REFUSED}: {answer.strip()}{hint}"
