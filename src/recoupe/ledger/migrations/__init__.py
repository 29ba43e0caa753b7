"""How a ledger's tables came to be, a revision at a time (Alembic), each a file in `versions/`.

A new ledger is made by running all revisions, an older one is brought up by running those that it lacks. A revision
belongs to a schema, its module's `schema`; the newest row of the table `about` says which one a ledger has. Rows of
`about` are added, like all others; Alembic's own note of the revision is the one thing in a ledger that is overwritten.

To change the tables: change `tables.py` and raise `SCHEMA` there; add `versions/rNNNN_what.py` that does the same to a
ledger of the schema before (`only_grows` for every new table); the tests compare both on each database. A revision is
never changed once a ledger may have been made with it. Rebuilding a table (`op.batch_alter_table`) loses its triggers:
call `only_grows` again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from recoupe.ledger.tables import APPLICATION, SCHEMA, about

_FOLDER = Path(__file__).parent
_ALONE = Lock()  # revisions speak to Alembic's `op`, of which a process has one


def oldest() -> int:
    """The oldest schema that can be brought up to the newest one."""
    return min(_schemas(_revisions()))


def migrate(connection: sa.Connection, schema: int | None) -> None:
    """Brings the tables of a ledger from a schema, None where there are none yet, to the newest one.

    The caller's transaction holds all of it; it must keep other writers out.
    """
    revisions = _revisions()

    with _ALONE, EnvironmentContext(Config(), revisions, fn=_to_newest(revisions)) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        context = environment.get_context()
        if schema is not None and not context.get_current_heads():
            # A ledger from before there were revisions has its tables, and no note of a revision.
            context.stamp(revisions, _schemas(revisions)[schema])
        environment.run_migrations()
    connection.execute(about.insert().values(application=APPLICATION, schema=SCHEMA))


def _revisions() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER))


def _to_newest(revisions: ScriptDirectory) -> Callable[[Any, MigrationContext], Any]:
    return lambda current, _context: revisions._upgrade_revs("head", current)


def _schemas(revisions: ScriptDirectory) -> dict[int, str]:
    """The revision that each schema ends with."""
    return {script.module.schema: script.revision for script in revisions.walk_revisions()}
