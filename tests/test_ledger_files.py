"""A ledger in a file: what is said of files that are no ledgers, or damaged, write-protected, full, or gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from recoupe.errors import LedgerError
from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.model import Reading
from synthetic import page_of, reading


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a ledger?.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with create_ledger(path) as made:
        yield made


def told(doc: str, words: str = "in the night.") -> Reading:
    return reading(doc, ["A title", f"Missiles fell on the town {words}"], [], "2024-01-03")


def add(ledger: Ledger, *readings: Reading) -> None:
    with ledger.batch() as batch:
        for one in readings:
            batch.add(page_of(one), one)


def test_the_file_is_in_wal_mode(ledger: Ledger, path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_what_is_no_ledger_is_told_in_one_line_that_names_the_file(tmp_path: Path) -> None:
    text, empty, other, newer = (tmp_path / name for name in ("text.db", "empty.db", "other.db", "newer.db"))
    text.write_text("Not a database at all, and longer than a header.")
    empty.touch()
    foreign = sqlite3.connect(other)
    foreign.execute("CREATE TABLE songs (title)")
    foreign.commit()
    foreign.close()
    create_ledger(newer).close()
    ahead = sqlite3.connect(newer)
    ahead.execute("DROP TRIGGER about_no_update")
    ahead.execute("UPDATE about SET schema = 99")
    ahead.commit()
    ahead.close()
    cases = {
        text: "not an SQLite database",
        empty: "an empty file",
        other: "another application",
        newer: "newer version",
        tmp_path: "a folder",
        tmp_path / "none.db": "no such ledger",
    }
    for file, reason in cases.items():
        with pytest.raises(LedgerError, match=reason) as caught:
            open_ledger(file)
        assert str(caught.value).startswith(f"{file}: ")
        assert "\n" not in str(caught.value)
    for file in (text, other, newer, tmp_path, tmp_path / "no folder" / "x.db"):
        with pytest.raises(LedgerError):
            create_ledger(file)
    assert text.read_text().startswith("Not a database")
    with create_ledger(empty) as made:
        assert made.readings() == []


def test_a_torn_file_is_told_in_one_line(ledger: Ledger, path: Path) -> None:
    add(ledger, *(told(f"{n}.txt", "again and again " * 200) for n in range(20)))
    ledger.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\x55" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    with pytest.raises(LedgerError, match="a ledger"), open_ledger(path) as torn:
        torn.readings()
