"""Is the database a ledger, and of a schema that this program knows? Made or brought up to date where it may be."""

from __future__ import annotations

import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.ledger.tables import APPLICATION, SCHEMA, about


def ready(engine: sa.Engine, name: str, write: bool) -> None:
    """Sees to it that the database has the tables of the newest schema; with `write`, makes them where there are none.

    An older ledger is brought up to date also where it is only to be read, if it may be written. Raises LedgerError
    where the database is no ledger, or of a schema that is not known.
    """
    with engine.connect() as connection:
        found = _schema(connection, name)
    if found == SCHEMA:
        return
    if found is None and not write:
        raise LedgerError(f"{name}: not a ledger: an empty database")
    with engine.execution_options(write=True).begin() as connection:
        found = _schema(connection, name)  # again, under the lock: others may have done it
        if found != SCHEMA:
            from recoupe.ledger.migrations import migrate  # not before it is used: Alembic takes its time to load

            migrate(connection, found)


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
