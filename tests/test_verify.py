"""Damage is found wherever it is, and whatever pages come to is the same however the ledger was filled."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from shutil import copyfile

import pytest
from typer.testing import CliRunner, Result

from recoupe import cli, pipeline, program, verify
from recoupe.codebook import default_codebook
from recoupe.date import across
from recoupe.errors import LedgerError
from recoupe.ledger import Fetch, Made, create_ledger, open_ledger
from recoupe.load import make_page
from recoupe.model import Page, Reading
from recoupe.pipeline import derive, fill
from recoupe.settle import dated
from synthetic import book
from test_cli import simple_read
from test_date_across import REPRINT, WIRE

STRIKE = "Missiles fell on Kyiv on Tuesday and killed {} people, the mayor said."
PAGES = [
    make_page("one.txt", f"Strike on Kyiv\n{STRIKE.format(5)}\n".encode()),
    make_page("two.txt", f"Night of fear\nRescuers worked until noon.\n{STRIKE.format(7)}\n".encode()),
    make_page("sub/one.txt", b"Quiet day\nNothing was reported from the capital.\n"),
]
ADDRESS = "https://a.example/x"


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, list(args))


@pytest.fixture
def simple(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read_page", simple_read)
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read in two runs, so that an entry has been superseded; with a note of what a server answered."""
    path = tmp_path_factory.mktemp("verify") / "s.db"
    with pytest.MonkeyPatch.context() as patch, create_ledger(path) as ledger:
        patch.setattr(pipeline, "read_page", simple_read)
        fill(ledger, lambda _: PAGES[:1], book())
        fill(ledger, lambda _: PAGES[1:], book())
        ledger.note_fetches([Fetch(ADDRESS, "2024-01-02T12:00:00+00:00", 200)])
    return path


@pytest.fixture
def db(written: Path, tmp_path: Path, simple: None) -> Path:
    """A copy of it, to be damaged."""
    return copyfile(written, tmp_path / "s.db")


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """The ledger's file, open to whoever wants to do damage to it."""
    connection = sqlite3.connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.commit()
    connection.close()


def damages(path: Path) -> list[str]:
    with open_ledger(path) as ledger:
        return [str(damage) for damage in verify.look_over(ledger).damages]


def test_a_ledger_as_it_was_written_is_well(db: Path) -> None:
    for args in ((), ("--quick",), ("--format", "json")):
        done = run("verify", str(db), *args)
        assert (done.exit_code, done.stderr) == (0, ""), done.stdout
    assert json.loads(done.stdout)["well"] is True
    assert "every reading, origin and entry is as the ledger has it" in run("verify", str(db)).stdout
    assert "read again" not in run("verify", str(db), "--quick").stdout


def test_on_each_database(where: str, simple: None) -> None:
    with create_ledger(where) as ledger:
        fill(ledger, lambda _: PAGES, book())
    done = run("verify", where)
    assert (done.exit_code, done.stderr) == (0, ""), done.stdout


PACKED = zlib.compress(b"something else")
HARM = {
    "blobs: one.txt: the page's bytes are not": ("UPDATE blobs SET body = ? WHERE rowid = 1", [PACKED]),
    "blobs: one.txt: the page's bytes cannot be unpacked": ("UPDATE blobs SET body = 'x' WHERE rowid = 1", []),
    "blobs: batch 1: it added 1 rows, and now has 0": ("DELETE FROM blobs WHERE rowid = 1", []),
    "pages: one.txt: blobs has no hash": ("DELETE FROM blobs WHERE rowid = 1", []),
    "pages: one.txt: what is said of the page": ("UPDATE pages SET body = replace(body, 'utf-8', 'cp850')", []),
    "pages: un.txt: its columns do not say": ("UPDATE pages SET doc = 'un.txt' WHERE doc = 'one.txt'", []),
    "pages: batch 1: its rows are not those": ("UPDATE pages SET doc = 'un.txt' WHERE doc = 'one.txt'", []),
    "readings: row 1: pages has no hash": ("DELETE FROM pages WHERE doc = 'one.txt'", []),
    "readings: one.txt: the reading is not that": ("UPDATE readings SET body = '[1' WHERE row = 1", []),
    "readings: two.txt: the reading is not that": ("UPDATE readings SET body = CAST(x'ff' AS TEXT) WHERE row = 2", []),
    "readings: one.txt: the page has no reading": ("DELETE FROM readings WHERE row = 1", []),
    "readings: two.txt: the reading is of another page": (
        "UPDATE readings SET page = (SELECT page FROM readings WHERE row = 2)", [],
    ),
    "fetches: batch 5: its rows are not those": ("UPDATE fetches SET status = 404", []),
    "fetches: batch 5: it added 1 rows, and now has 0": ("DELETE FROM fetches", []),
    "settled: batch 2: it added 1 rows, and now has 0": ("DELETE FROM settled WHERE row = 1", []),
    "made: batch 1: its rows are not those": ("UPDATE made SET program = '0'", []),
    "made: batch 1: it added 1 rows, and now has 0": ("DELETE FROM made", []),
    "entries_over: row 1: entries has no row 1": ("DELETE FROM entries WHERE row = 1", []),
    "entries: batch 4: its rows are not those": ("UPDATE entries SET hash = 'ab' WHERE batch = 4", []),
    "entries_over: batch 4: it added 1 rows, and now has 0": ("DELETE FROM entries_over", []),
    "origins_over: row 1: batches has no number 9": ("INSERT INTO origins_over VALUES (1, 9)", []),
    "batches: batch 2: missing": ("DELETE FROM batches WHERE number = 2", []),
    "batches: batches 6 to 99: missing": ("INSERT INTO batches VALUES (100, '2024-01-03T00:00:00+00:00')", []),
    "batches: batch 3: its time is 2020": ("UPDATE batches SET at = '2020' WHERE number = 3", []),
    "seals: batch 6: it has no seal": ("INSERT INTO batches VALUES (6, '2024-01-03T00:00:00+00:00')", []),
    "seals: batch 2: it has no seal": ("DELETE FROM seals WHERE batch = 2", []),
    "seals: batch 2: the seal is not that of its hash": ("UPDATE seals SET body = '{}' WHERE batch = 2", []),
    "seals: batch 3: the seal is not that of its hash": ("UPDATE seals SET previous = 'ab' WHERE batch = 3", []),
    "seals: batch 3: it was sealed after another batch": ("UPDATE seals SET hash = 'ab' WHERE batch = 2", []),
}  # fmt: skip


@pytest.mark.parametrize("line", HARM)
def test_damage_is_told_with_the_table_and_the_row(db: Path, line: str) -> None:
    with raw(db) as connection:
        assert connection.execute(*HARM[line]).rowcount
    found = damages(db)
    assert any(damage.startswith(line) for damage in found), found
    assert all("\n" not in damage for damage in found)
    for args in (("--quick",), ()):
        done = run("verify", str(db), *args)
        assert done.exit_code == 1
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert "damaged: " in done.stdout


def test_one_damage_does_not_hide_another(db: Path) -> None:
    with raw(db) as connection:
        connection.execute("UPDATE blobs SET body = x'00'")
        connection.execute("UPDATE readings SET body = CAST(x'ff' AS TEXT)")
        connection.execute("UPDATE entries SET body = 7")
        connection.execute("DROP TABLE fetches")
    found = damages(db)
    assert sum(damage.startswith("blobs: ") and "unpacked" in damage for damage in found) == 3
    assert sum(damage.startswith("readings: ") and "its hash" in damage for damage in found) == 3
    assert sum(damage.startswith("entries: ") and "its hash" in damage for damage in found) == 2
    assert "fetches: cannot be read: no such table: fetches" in found


def test_a_forged_entry_is_found_by_deriving_it_again(db: Path) -> None:
    """Whoever forges an entry with its hash and all seals after it is found out by the pages."""
    from recoupe.ledger.codec import digest
    from recoupe.ledger.seals import seal_all

    with raw(db) as connection:
        (body,) = connection.execute("SELECT body FROM entries WHERE batch = 4").fetchone()
        forged = body.replace('"launched"', '"lost"').replace('"killed",["5","7"]', '"killed",["6","7"]')
        assert forged != body
        connection.execute("UPDATE entries SET body = ?, hash = ? WHERE batch = 4", (forged, digest(forged)))
        connection.execute("DELETE FROM seals")
    import sqlalchemy as sa

    engine = sa.create_engine(f"sqlite:///{db}")
    with engine.begin() as connection_:
        seal_all(connection_)
    engine.dispose()
    assert damages(db) == []
    done = run("verify", str(db))
    assert done.exit_code == 1
    assert "entries: 1 differ" in done.stdout
    assert "other roles" in done.stdout
    assert "tampered" in done.stdout or "reads none otherwise" in done.stdout


def test_an_entry_that_stands_twice_is_a_difference(db: Path) -> None:
    with create_ledger(db) as ledger, ledger.batch() as batch:
        body, *_ = batch.standing("entries").values()
        batch.change("entries", [body], [])
    with open_ledger(db) as ledger:
        (found,) = verify.verify(ledger, book()).differences
    assert (found.what, found.how) == ("entries", "it stands more than once")


def test_a_ledger_that_lost_its_last_batches_is_found_by_a_seal_that_was_noted(db: Path) -> None:
    with open_ledger(db) as ledger:
        last = ledger.history.batches()[-1].seal
    assert last is not None
    assert run("verify", str(db), "--quick", "--seal", last[:12].upper()).exit_code == 0
    with raw(db) as connection:
        for table in ("seals", "fetches"):
            connection.execute(f"DELETE FROM {table} WHERE batch = 5")
        connection.execute("DELETE FROM batches WHERE number = 5")
    assert run("verify", str(db), "--quick").exit_code == 0
    done = run("verify", str(db), "--quick", "--seal", last)
    assert (done.exit_code, f"seals: {last}: no batch has this seal" in done.stdout) == (1, True)
    assert run("verify", str(db), "--quick", "--seal", "").exit_code == 1


def test_an_older_ledger_is_sealed_when_it_is_brought_up_to_date(db: Path) -> None:
    def downgraded() -> list[str]:
        with raw(db) as connection:
            of_batch = "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix%batch'"
            for (name,) in connection.execute(of_batch).fetchall():
                connection.execute(f"DROP INDEX {name}")
            seals = [row[0] for row in connection.execute("SELECT hash FROM seals ORDER BY batch")]
            later = ("made", "seals", "finds", "numbers", "roots", "reviews", "cards", "card_words", "report_words")
            for table in (*later, "alembic_version", "about"):
                connection.execute(f"DROP TABLE {table}")
            connection.execute("CREATE TABLE about (application TEXT NOT NULL, schema INTEGER NOT NULL)")
            connection.execute("INSERT INTO about VALUES ('recoupe', 2)")
        return seals

    before = downgraded()
    done = run("verify", str(db))
    assert (done.exit_code, done.stderr) == (0, ""), done.stdout
    with open_ledger(db) as ledger:
        past = ledger.history.batches()
        assert ledger.history.makers() == [None]
    assert [batch.number for batch in past] == [1, 2, 3, 4, 5]
    assert all(batch.seal and batch.made is None for batch in past)
    assert downgraded() == [batch.seal for batch in past] != before  # the same ledger is always sealed alike
    with create_ledger(db) as ledger:
        fill(ledger, lambda _: PAGES, book())
        ledger.note_fetches([Fetch(ADDRESS, "2024-01-02T12:00:00+00:00", 304)])
    assert damages(db) == []


def test_what_cannot_be_read_again_is_not_taken_for_a_difference(db: Path) -> None:
    """The reading that is kept of a damaged page stands in for it, so that the entries are still compared."""
    with raw(db) as connection:
        connection.execute("UPDATE blobs SET body = x'00' WHERE rowid = 1")
    with open_ledger(db) as ledger:
        verdict = verify.verify(ledger, book())
    assert [damage.table for damage in verdict.damages] == ["blobs"]
    assert verdict.differences == ()


def test_another_version_is_told_and_what_it_reads_otherwise(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def otherwise(page: Page, *more: object) -> object:
        return simple_read(make_page(page.doc, page.data.replace(b"killed 7", b"killed 8")), *more)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "read_page", otherwise)
    monkeypatch.setattr(pipeline, "version", lambda: "9.9+later")
    monkeypatch.setattr(program, "version", lambda: "9.9+later")
    done = run("verify", str(db))
    assert done.exit_code == 1
    assert "of 3 pages, this version (9.9+later) reads 1 otherwise" in done.stdout
    assert f"it was made with another version ({PROGRAM})" in done.stdout
    assert "two.txt: other text, claims (1 kept, 1 read)" in done.stdout
    assert "entries: 1 differ" in done.stdout
    found = json.loads(run("verify", str(db), "--format", "json").stdout)
    assert [one["name"] for one in found["differences"] if one["what"] == "readings"] == ["two.txt"]
    assert found["made_also_with"][0]["program"] == PROGRAM


PROGRAM = program.version()


def test_an_interrupted_run_is_no_difference(db: Path) -> None:
    more = make_page("three.txt", f"Late\n{STRIKE.format(9)}\n".encode())
    with create_ledger(db) as ledger, ledger.batch() as batch:
        batch.add(more, simple_read(more, book()))
    done = run("verify", str(db))
    assert done.exit_code == 1
    assert "not read again: a run was interrupted" in done.stdout
    assert run("verify", str(db), "--quick").exit_code == 0


def test_verify_never_writes(db: Path) -> None:
    before = db.read_bytes()
    run("verify", str(db))
    with raw(db) as connection:
        connection.execute("UPDATE readings SET body = 'x'")
    after = db.read_bytes()
    run("verify", str(db))
    assert before != after == db.read_bytes()


def test_another_codebook_is_refused(db: Path, tmp_path: Path) -> None:
    foreign = Made("1", "Floods of the Danube", "ab")
    page = make_page("three.txt", b"Late\nWater rose.\n")
    with create_ledger(tmp_path / "f.db") as ledger:
        with ledger.batch(foreign) as batch:
            batch.add(page, simple_read(page, book()))
        with pytest.raises(LedgerError, match="Floods of the Danube"):
            fill(ledger, lambda _: PAGES, book())
        assert ledger.docs() == ["three.txt"]
        with pytest.raises(LedgerError, match="Floods of the Danube"):
            verify.verify(ledger, book())
        assert verify.look_over(ledger).well


# Nothing but the pages decides


def test_deriving_gives_what_filling_gave(db: Path) -> None:
    pages = {page.doc: page for page in PAGES}
    with open_ledger(db) as ledger:
        derived = derive(sorted(pages, reverse=True), pages.get, book())
        assert list(derived.readings) == ledger.readings()
        assert sorted(derived.entries, key=lambda e: e.id) == ledger.entries()
        assert set(derived.origins) == set(ledger.origins())


COPY = make_page("reprint.txt", REPRINT.encode(), {"url": "https://paper.example/b"})
REAL: Sequence[Page] = [
    make_page("wire.txt", WIRE.encode(), {"url": "https://apnews.com/a", "date": "2024-03-06"}),
    COPY,
    make_page("reprint.txt", REPRINT.replace("further", "more").encode(), {"url": "https://other.example/c"}),
]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize("runs", [(2, 1), (1, 1, 1)], ids=str)
def test_whatever_the_order_of_pages_and_runs(tmp_path: Path, order: tuple[int, ...], runs: tuple[int, ...]) -> None:
    """A copy takes its date from the wire, and two pages of one name are renamed: both hang on other pages."""
    left = [REAL[n] for n in order]
    with create_ledger(tmp_path / "x.db") as ledger:
        for number in runs:
            fill(ledger, lambda _, now=left[:number]: now, default_codebook())
            left = left[number:]
        verdict = verify.verify(ledger, default_codebook())
        assert verdict.damages == ()
        assert [(d.what, d.name, d.how) for d in verdict.differences] == []
        assert verdict.well
        before = ledger.history.batches()
        fill(ledger, lambda _: REAL, default_codebook())
        assert ledger.history.batches() == before  # and reading them again changes nothing


def test_reports_tell_of_dates_what_they_say_by_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it what they say with the help of others, it would hang on which of them came first."""
    told: list[Reading] = []

    def listen(readings: Iterable[Reading], *more: object) -> object:
        given = list(readings)
        told.extend(given)
        return across(given, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(dated, "across", listen)
    with create_ledger(tmp_path / "x.db") as ledger:
        for pages in (REAL[:2], REAL[2:], REAL):
            fill(ledger, lambda _, now=pages: now, default_codebook())
        assert not all(reading.dating.of_page for reading in ledger.readings())
    assert told
    assert all(reading.dating.of_page for reading in told)
