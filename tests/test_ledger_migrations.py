"""How a ledger's tables come to be: the revisions come to the tables that the program speaks to, older ledgers too."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from recoupe.ledger import create_ledger
from recoupe.ledger.tables import SCHEMA, metadata


def test_the_revisions_come_to_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    create_ledger(path).close()
    with sa.create_engine(f"sqlite:///{path}").connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        found = connection.execute(sa.text("SELECT application, schema FROM about")).all()
    assert [tuple(row) for row in found] == [("recoupe", SCHEMA)]
