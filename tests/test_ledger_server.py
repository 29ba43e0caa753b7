"""A ledger on a PostgreSQL server: who may open it, what is said where it cannot be, and that no password ever is."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from recoupe import pipeline
from recoupe.cli import app
from recoupe.errors import LedgerError
from recoupe.ledger import Fetch, create_ledger, discard_unused, engines, ledger_file, open_ledger, postgres, sqlite
from recoupe.ledger.engines import database_at
from recoupe.ledger.postgres import PostgresDatabase
from stores import Server, reached
from synthetic import book, page_of, reading
from test_cli import simple_read
from test_ledger_migrations import become_later
from test_settle import Maker, at_once, settling

FETCH = Fetch("https://a.example/", "2024-01-03T12:00:00+00:00", 200)
SECRET = "geheim?"
ESCAPED = "geheim%3F"


def guarded(address: str, user: str | None = None) -> str:
    """The address with a password in it."""
    url = sa.make_url(address)
    return url.set(username=user or url.username, password=SECRET).render_as_string(hide_password=False)


@pytest.fixture
def place(server: Server) -> str:
    return server.emptied()


@pytest.fixture
def user(place: str) -> Iterator[str]:
    """Somebody who may enter the database, and no more."""
    name = f"recoupe_test_{uuid4().hex[:8]}"
    with reached(place) as connection:
        connection.execute(sa.text(f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'"))
    yield name
    with reached(place) as connection:
        connection.execute(sa.text(f"DROP OWNED BY {name}"))
        connection.execute(sa.text(f"DROP ROLE {name}"))


@pytest.mark.parametrize(
    ("where", "file"),
    [
        ("a.db", "a.db"),
        ("sqlite:///a.db", "a.db"),
        ("sqlite:////data/a.db", "/data/a.db"),
        ("C:\\a.db", "C:\\a.db"),
        (Path("postgresql://x"), "postgresql:/x"),
        ("postgresql://user@host/a", None),
        ("mysql://user@host/a", None),
    ],
)
def test_a_name_is_a_file_unless_it_is_an_address(where: str | Path, file: str | None) -> None:
    assert ledger_file(where) == (None if file is None else Path(file))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"postgresql://desk:{ESCAPED}@db.example:5433/ledger", "postgresql://desk@db.example:5433/ledger"),
        (f"postgres://desk:{ESCAPED}@db.example/ledger", "postgresql://desk@db.example/ledger"),
        (f"postgresql+psycopg://desk:{ESCAPED}@/ledger", "postgresql://desk@/ledger"),
        (
            f"postgresql://db.example/ledger?password={ESCAPED}&sslmode=require",
            "postgresql://db.example/ledger?sslmode=require",
        ),
    ],
)
def test_a_name_has_no_password(address: str, name: str) -> None:
    assert database_at(address).name == name


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (f"mysql://desk:{SECRET}@db.example/ledger", "mysql://: no ledger can be kept there"),
        (f"postgresql://desk@db.example:{ESCAPED}/ledger", "not an address of a database"),
        (f"postgresql://desk:a@{ESCAPED}@db.example/ledger", "not an address of a database"),
        (f"postgresql://desk:{ESCAPED}@127.0.0.1:1/x", "postgresql://desk@127.0.0.1:1/x: the server cannot be reached"),
        (f"postgresql://desk:{ESCAPED}@nowhere.invalid/ledger", "the server cannot be reached"),
        (f"postgresql://desk:{ESCAPED}@db.example/ledger?nonsense=1", "nonsense"),
    ],
)
@pytest.mark.parametrize("opened", [open_ledger, create_ledger])
def test_what_cannot_be_opened_is_told_in_one_line_without_the_password(
    address: str, reason: str, opened: object
) -> None:
    assert callable(opened)
    with pytest.raises(LedgerError) as caught:
        opened(address)
    told = str(caught.value)
    assert reason in told
    assert "geheim" not in told
    assert "\n" not in told


def test_that_the_driver_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match=r"needs psycopg, which is not installed: pip install 'recoupe\[postgres\]'"):
        open_ledger("postgresql://desk@db.example/ledger")


def test_a_database_that_is_not_there_is_told(server: Server) -> None:
    with pytest.raises(LedgerError, match=r'"nowhere" does not exist; make it first, with createdb'):
        create_ledger(server.address("nowhere"))


def test_an_empty_database_is_no_ledger_yet(place: str) -> None:
    with pytest.raises(LedgerError, match="no ledger in it yet: an empty database"):
        open_ledger(place)


def test_the_database_of_another_application_is_not_touched(place: str) -> None:
    with reached(place) as connection:
        connection.execute(sa.text("CREATE TABLE songs (title text)"))
    for opened in (open_ledger, create_ledger):
        with pytest.raises(LedgerError, match="not a ledger: the database of another application"):
            opened(place)
    with reached(place) as connection:
        assert sa.inspect(connection).get_table_names() == ["songs"]


def test_a_ledger_may_have_a_schema_of_its_own_beside_others(place: str) -> None:
    with reached(place) as connection:
        connection.execute(sa.text("CREATE TABLE songs (title text)"))
        connection.execute(sa.text("DROP SCHEMA IF EXISTS ledger CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA ledger"))
    own = f"{place}?options=-csearch_path%3Dledger"
    with create_ledger(own) as ledger:
        ledger.note_fetches([FETCH])
    with open_ledger(own) as looked:
        assert looked.fetched([FETCH.address]) == {FETCH.address: FETCH}
    with reached(place) as connection:
        assert sa.inspect(connection).get_table_names() == ["songs"]
        connection.execute(sa.text("DROP SCHEMA ledger CASCADE"))


def test_a_database_of_another_encoding_is_told(server: Server) -> None:
    with pytest.raises(LedgerError, match="encoding is LATIN1, and a ledger's is UTF8"):
        create_ledger(server.database("LATIN1"))


def test_who_may_only_read_can_read(place: str, user: str) -> None:
    with create_ledger(place) as ledger:
        ledger.note_fetches([FETCH])
    with reached(place) as connection:
        connection.execute(sa.text(f"GRANT USAGE ON SCHEMA public TO {user}"))
        connection.execute(sa.text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}"))
    with open_ledger(guarded(place, user)) as looked:
        assert looked.fetched([FETCH.address]) == {FETCH.address: FETCH}
        assert "geheim" not in looked.name
    with create_ledger(guarded(place, user)) as ledger, pytest.raises(LedgerError, match="you have not the rights"):
        ledger.note_fetches([FETCH])
    with reached(place) as connection:
        connection.execute(sa.text(f"GRANT INSERT ON ALL TABLES IN SCHEMA public TO {user}"))
        connection.execute(sa.text(f"GRANT DELETE ON finds, roots, cards, card_words, report_words TO {user}"))
        connection.execute(sa.text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {user}"))
    with create_ledger(guarded(place, user)) as ledger:
        ledger.note_fetches([FETCH])
        for number in range(2):
            report = reading(f"{number}.txt", [f"Title {number}", "Nothing happened."])
            with settling(ledger) as batch:
                batch.add(page_of(report), report)
        assert not ledger.unsettled()


def test_page_by_page_it_is_as_all_at_once_on_a_server_too(place: str) -> None:
    maker = Maker(random.Random(11), [])
    with create_ledger(place) as ledger:
        for pages in (6, 1, 2, 1):
            with settling(ledger) as batch:
                for _ in range(pages):
                    report = maker.report()
                    batch.add(page_of(report), report)
            assert (ledger.origins(), ledger.entries()) == at_once(ledger.readings())


def test_an_older_ledger_says_who_can_help_whom_it_is_only_shown(
    place: str, user: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_ledger(place).close()
    with reached(place) as connection:
        connection.execute(sa.text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}"))
        connection.execute(sa.text(f"GRANT USAGE ON SCHEMA public TO {user}"))
    become_later(monkeypatch, tmp_path / "later")
    with pytest.raises(LedgerError, match=r"who may write to it \(you have not the rights"):
        open_ledger(guarded(place, user))
    open_ledger(place).close()
    open_ledger(guarded(place, user)).close()


def test_a_ledger_on_a_server_is_never_discarded(place: str) -> None:
    create_ledger(place).close()
    assert not discard_unused(place)
    open_ledger(place).close()


def test_a_lost_connection_is_told_and_the_next_batch_goes_on(place: str) -> None:
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'recoupe'"

    def interrupted() -> None:
        with ledger.batch() as batch:
            with reached(place) as connection:
                connection.execute(sa.text(end))
            batch.settle([], [])

    with create_ledger(place) as ledger:
        ledger.note_fetches([FETCH])
        with pytest.raises(LedgerError, match="what was kept before is safe"):
            interrupted()
        ledger.note_fetches([FETCH])
        with reached(place) as connection:
            connection.execute(sa.text(end))
        ledger.note_fetches([FETCH])  # a connection that was lost while nothing was done is no loss


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (psycopg.errors.DiskFull("could not extend file"), "the disk is full; what was kept before is safe"),
        (psycopg.errors.OutOfMemory("out of memory"), "the server has no more room"),
        (psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT"), "it may only be read"),
        (psycopg.errors.DataCorrupted("invalid page"), "damaged"),
        (psycopg.errors.UndefinedTable("no such thing\nmore of it"), "no such thing"),
    ],
)
def test_what_the_server_says_is_put_plainly(error: Exception, reason: str) -> None:
    told = PostgresDatabase.of("postgresql://desk@db.example/ledger").reason(error)
    assert told.startswith(reason)
    assert "\n" not in told


def test_the_command_line_takes_an_address_and_says_no_password(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "read_page", simple_read)
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)
    address = guarded(place)
    page = tmp_path / "a.txt"
    page.write_text("A title\nMissiles fell on Kyiv on Tuesday and killed 5 people, the mayor said.\n")
    said = ""

    def run(*arguments: str) -> str:
        nonlocal said
        result = CliRunner().invoke(app, arguments)
        said += result.output
        assert result.exit_code == 0, result.output
        return result.stdout

    assert "1 new report" in run("read", str(page), "--into", address, "--jobs", "1")
    assert "1 known already" in run("read", str(page), "--into", address)
    assert '"doc": "a.txt"' in run("export", "reports", address, "--out", "-")
    assert "a.txt" in run("export", "claims", address, "--out", "-")
    assert run("page", address, "a.txt") == page.read_text()
    assert "a.txt" in run("show", address, "a.txt")
    run("ledger", address)
    run("origins", address)
    run("export", "origins", address, "--out", "-")
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = CliRunner().invoke(app, ["read", str(empty), "--into", address])
    assert result.exit_code == 1
    said += result.output
    assert "no page was read\n" in said
    assert f"1 entry in {place}, 1 new" in said
    assert "geheim" not in said


def test_the_documentation_tells_what_is_said() -> None:
    page = (Path(__file__).parents[1] / "docs/stores.md").read_text(encoding="utf-8")
    table = page.partition("| it says |")[2].partition("\n\n")[0].splitlines()[2:]
    told = [row.split("|")[1].strip() for row in table]
    said = [text for module in (engines, sqlite, postgres) for text in vars(module).values() if isinstance(text, str)]
    said += [*postgres._REASONS.values(), engines.waited(engines.PATIENCE)]
    assert len(told) >= 10
    assert [words for words in told if not any(words in text for text in said)] == []
