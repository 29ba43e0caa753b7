"""Is the database a ledger, and of a schema that this program knows? If not, it is made or brought up to date."""

from __future__ import annotations

import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.ledger.engines import Database
from recoupe.ledger.tables import APPLICATION, SCHEMA, about


def ready(database: Database, engine: sa.Engine, write: bool) -> None:
    """Sees to it that the database has the tables of the newest schema; with `write`, makes them where there are none.

    An older ledger is brought up to date also where it is only to be read, if it may be written. Raises LedgerError
    where the database is no ledger, or of a schema that is not known.
    """
    with engine.connect() as connection:
        found = _schema(connection, database.name)
    if found == SCHEMA:
        return
    if write:
        _bring_up(engine, database.name)
    elif found is None:
        raise LedgerError(f"{database.name}: no ledger in it yet: an empty database")
    else:
        _bring_up_to_read(database, found)


def _bring_up(engine: sa.Engine, name: str) -> None:
    with engine.execution_options(write=True).begin() as connection:
        found = _schema(connection, name)  # again, under the lock: others may have done it
        if found != SCHEMA:
            from recoupe.ledger.migrations import migrate  # not before it is used: Alembic takes its time to load

            migrate(connection, found)


def _bring_up_to_read(database: Database, schema: int) -> None:
    """Raises LedgerError, with the reason, where the ledger may not be written."""
    older = f"{database.name}: written by an older version of this program (schema {schema}, needed is {SCHEMA})"
    needed = "it is brought up to date when somebody opens it who may write to it"
    try:
        engine = database.engine(write=True)
    except LedgerError as error:
        raise LedgerError(f"{older}; {needed}") from error
    try:
        _bring_up(engine, database.name)
    except sa.exc.DBAPIError as error:
        raise LedgerError(f"{older}; {needed} ({database.reason(error)})") from error
    finally:
        engine.dispose()


def unchanged(connection: sa.Connection, name: str) -> None:
    """Raises LedgerError where the tables are not of this program's schema any more: another one has changed them."""
    if connection.execute(sa.select(sa.func.max(about.c.schema))).scalar_one() != SCHEMA:
        raise LedgerError(f"{name}: brought up to date by a newer version of this program; install that one")


def _schema(connection: sa.Connection, name: str) -> int | None:
    """The schema of a ledger's tables; None where there are no tables at all."""
    tables = sa.inspect(connection).get_table_names()
    if not tables:
        return None
    if about.name not in tables:
        raise LedgerError(f"{name}: not a ledger: the database of another application")
    rows = connection.execute(sa.select(about.c.application, about.c.schema).order_by(about.c.schema)).all()
    if not rows or any(row.application != APPLICATION for row in rows):
        raise LedgerError(f"{name}: not a ledger: the database of another application")
    schema = int(rows[-1].schema)
    if schema > SCHEMA:
        raise LedgerError(
            f"{name}: written by a newer version of this program (schema {schema}, known is {SCHEMA}); install that one"
        )
    if schema < SCHEMA:
        from recoupe.ledger.migrations import oldest

        if schema < oldest():
            raise LedgerError(
                f"{name}: written by an older version of this program (schema {schema}, the oldest that can be brought "
                f"up to date is {oldest()}); read its pages into a new ledger"
            )
    return schema
