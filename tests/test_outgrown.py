"""Numbers that later reports have raised stay in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from recoupe import cli
from recoupe.check import check
from recoupe.ledger import create_ledger
from recoupe.model import Entry, Reading, Roots
from recoupe.publish.outgrown import outgrown
from synthetic import Fact, book, page_of, reading

RAID = {"attacker": "country:RU", "target": "country:UA", "place": "place:kyiv"}


def raid(doc: str, published: str, outlet: str, **toll: str) -> Reading:
    words = f"missiles hit the city on Tuesday, {outlet} was told"
    fact = Fact("attack", {**RAID, **toll}, words, time="2024-01-02")
    return reading(doc, ["A raid", f"The {words}; more in {doc}."], [fact], published, outlet=outlet)


FIRST = raid("first.txt", "2024-01-02", "gazette", killed="4", injured="92")
LATER = raid("later.txt", "2024-01-04", "east", killed="5", injured=">=90")


def settled(*readings: Reading) -> tuple[Entry, dict[str, Reading]]:
    by_doc = {r.report.doc: r for r in readings}
    (entry,) = check(readings, Roots({doc: doc for doc in by_doc}), book())
    return entry, by_doc


def test_a_number_that_was_raised_is_told_with_who_told_it() -> None:
    entry, readings = settled(FIRST, LATER)
    assert dict(entry.roles)["killed"] == ("5",)
    assert entry.conflicts == ()
    # "At least 90 injured" is no other number than 92.
    assert list(outgrown(entry, readings, book())) == [("killed", "4", ("first.txt#1",))]


def test_a_side_of_a_contradiction_is_not_told_again() -> None:
    same_day = raid("other.txt", "2024-01-02", "east", killed="5", injured=">=90")
    entry, readings = settled(FIRST, same_day)
    assert [c.field for c in entry.conflicts] == ["killed"]
    assert list(outgrown(entry, readings, book())) == []


def test_show_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)
    entry, readings = settled(FIRST, LATER)
    with create_ledger(tmp_path / "my.db") as ledger, ledger.batch() as batch:
        for made in readings.values():
            batch.add(page_of(made), made)
        batch.settle([], [entry])
    done = CliRunner().invoke(cli.app, ["show", str(tmp_path / "my.db"), entry.id])
    assert "  raised       killed: 4 said first.txt#1 before others told more\n" in done.stdout
