"""How a ledger's tables come to be: the revisions come to the tables that the program speaks to, older ledgers too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from recoupe.errors import LedgerError
from recoupe.ledger import Fetch, create_ledger, migrations, open_ledger, schema
from recoupe.ledger.tables import SCHEMA, derived, metadata
from stores import reached

FETCH = Fetch("https://a.example/", "2024-01-03T12:00:00+00:00", 200)
NEXT = """
import sqlalchemy as sa
from alembic import op

from recoupe.ledger.migrations.guard import only_grows

revision, down_revision, schema = "next", "{head}", {schema}


def upgrade():
    op.create_table("things", sa.Column("row", sa.Integer, primary_key=True))
    only_grows("things")
    op.add_column("batches", sa.Column("why", sa.Text))

"""


def revisions() -> ScriptDirectory:
    return ScriptDirectory(str(Path(migrations.__file__).parent))


def become_later(monkeypatch: pytest.MonkeyPatch, folder: Path, then: str = "") -> None:
    """From now on the program is a later version, with one revision more, which is written into the folder."""
    known = Path(migrations.__file__).parent
    folder.mkdir()
    revision = NEXT.format(head=revisions().get_current_head(), schema=SCHEMA + 1)
    (folder / "next.py").write_text(revision + then)
    both = ScriptDirectory(str(known), version_locations=[str(known / "versions"), str(folder)])
    monkeypatch.setattr(migrations, "_revisions", lambda: both)
    monkeypatch.setattr(schema, "SCHEMA", SCHEMA + 1)
    monkeypatch.setattr(migrations, "SCHEMA", SCHEMA + 1)


def told(where: str) -> list[int]:
    with reached(where) as connection:
        return list(connection.execute(sa.text("SELECT schema FROM about ORDER BY schema")).scalars())


def is_everywhere(name: str | None, type_: str, _parents: object) -> bool:
    """Full text search has tables of each database's own, which no metadata knows; `test_ledger_lookups` uses them."""
    return type_ != "table" or not str(name).startswith(("card_words", "report_words"))


def test_the_revisions_come_to_the_tables(where: str) -> None:
    create_ledger(where).close()
    with reached(where) as connection:
        opts = {"compare_type": True, "compare_server_default": True, "include_name": is_everywhere}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, [metadata, derived]) == []
    assert told(where) == [SCHEMA]


def test_every_revision_says_its_schema_and_the_last_one_is_the_newest() -> None:
    line = list(revisions().walk_revisions())  # the newest first; it raises where there are two newest ones
    assert [script.module.schema for script in line] == list(range(SCHEMA, SCHEMA - len(line), -1))
    assert revisions().get_current_head() == line[0].revision


@pytest.mark.parametrize("to_read", [False, True])
@pytest.mark.parametrize("noted", [True, False])
def test_an_older_ledger_is_brought_up_to_date(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to_read: bool, noted: bool
) -> None:
    with create_ledger(where) as ledger:
        ledger.note_fetches([FETCH])
    if not noted:  # ledgers from before there were revisions
        with reached(where) as connection:
            connection.execute(sa.text("DROP TABLE alembic_version"))
    become_later(monkeypatch, tmp_path / "later")
    with open_ledger(where) if to_read else create_ledger(where) as ledger:
        assert ledger.fetched([FETCH.address]) == {FETCH.address: FETCH}
    assert told(where) == [SCHEMA, SCHEMA + 1]
    with reached(where) as connection:
        assert connection.execute(sa.text("SELECT why FROM batches")).scalar_one() is None
        connection.execute(sa.text("INSERT INTO things (row) VALUES (1)"))
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), reached(where) as connection:
        connection.execute(sa.text("DELETE FROM things"))


def test_an_older_ledger_that_may_not_be_written_says_who_can_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    create_ledger(path).close()
    become_later(monkeypatch, tmp_path / "later")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(LedgerError, match=r"older version .* brought up to date when somebody opens it who may write"):
        open_ledger(path)
    assert told(str(path)) == [SCHEMA]


def test_bringing_up_to_date_is_done_whole_or_not_at_all(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_ledger(where).close()
    become_later(monkeypatch, tmp_path / "torn", '    op.execute("SELECT 1 FROM nowhere")\n')
    with pytest.raises(LedgerError, match="nowhere"):
        create_ledger(where)
    assert told(where) == [SCHEMA]
    with reached(where) as connection:
        assert "things" not in sa.inspect(connection).get_table_names()
    become_later(monkeypatch, tmp_path / "whole")
    create_ledger(where).close()
    assert told(where) == [SCHEMA, SCHEMA + 1]


def test_a_writer_notices_that_the_ledger_was_brought_up_to_date(where: str) -> None:
    with create_ledger(where) as ledger:
        with reached(where) as connection:
            connection.execute(sa.text(f"INSERT INTO about (application, schema) VALUES ('recoupe', {SCHEMA + 1})"))
        with pytest.raises(LedgerError, match="newer version"):
            ledger.note_fetches([FETCH])
        with pytest.raises(LedgerError, match="newer version"), ledger.batch():
            pass
    for opened in (open_ledger, create_ledger):
        with pytest.raises(LedgerError, match="newer version"):
            opened(where)


def test_a_ledger_that_is_too_old_is_refused(where: str) -> None:
    create_ledger(where).close()
    with reached(where) as connection:
        on_server = connection.dialect.name == "postgresql"
        connection.execute(sa.text(f"DROP TRIGGER about_{'only_grows ON about' if on_server else 'no_update'}"))
        connection.execute(sa.text("UPDATE about SET schema = 1"))
    for opened in (open_ledger, create_ledger):
        with pytest.raises(LedgerError, match=r"older version .* read its pages into a new ledger"):
            opened(where)
