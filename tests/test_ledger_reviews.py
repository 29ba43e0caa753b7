"""Reviews in the ledger: they come back as they were, once, and entries show them when they are settled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.model import Entry, Reading, Review, Reviewed, Target
from recoupe.values import Count, Word
from synthetic import Fact, page_of, reading

STRIKE = Fact("attack", {"attacker": ["country:RU"], "weapon": ["missile"], "killed": "5"}, "Missiles fell on the town")


def told(doc: str, words: str = "in the night.") -> Reading:
    return reading(doc, ["A title", f"Missiles fell on the town {words}"], [STRIKE], "2024-01-03")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with create_ledger(path) as made:
        yield made


def a_review(id_: str = "0123456789", at: str = "2024-03-01T12:00:00.000+00:00") -> Review:
    claim = replace(told("a.txt").claims[0], read=told("a.txt").claims[0])
    fields = (("killed", (Count.parse("7"),)), ("status", (Word("denied"),)), ("time", ()))
    target = Target("f" * 64, "e" * 64, "a.txt", "d" * 16, claim, fields)
    return Review(id_, "correct", "ana", at, "a « typo »", (target,), (replace(target, fields=()),), "9876543210")


def test_reviews_come_back_as_they_were_in_the_order_of_their_times(ledger: Ledger, path: Path) -> None:
    later, earlier = a_review(), a_review("1111111111", "2024-02-01T12:00:00.000+00:00")
    with ledger.batch() as batch:
        assert batch.review(later)
        assert batch.review(earlier)
        assert batch.reviews() == [earlier, later]
    with open_ledger(path) as again:
        assert again.reviews() == [earlier, later]


def test_a_review_is_kept_once(ledger: Ledger) -> None:
    with ledger.batch() as batch:
        assert batch.review(a_review())
    with ledger.batch() as batch:
        assert not batch.review(a_review())
    assert ledger.reviews() == [a_review()]


def test_a_review_is_never_changed_or_deleted(ledger: Ledger, path: Path) -> None:
    with ledger.batch() as batch:
        batch.review(a_review())
    connection = sqlite3.connect(path)
    for act in ("DELETE FROM reviews", "UPDATE reviews SET body = ''"):
        with pytest.raises(sqlite3.IntegrityError, match="a ledger only grows"):
            connection.execute(act)
    connection.close()


def test_entries_do_not_show_a_review_until_they_are_settled(ledger: Ledger) -> None:
    with ledger.batch() as batch:
        batch.review(a_review())
    assert ledger.unsettled()
    assert not ledger.unsettled(reviews=False)
    entry = Entry("1", "attack", "done", (("killed", ("5",)),), "2024-01-02", ("a.txt#1",), ("ap",))
    noted = replace(entry, review=Reviewed(("a.txt#1",), ("ana",), ("ana: so",), 2))
    with ledger.batch() as batch:
        batch.settle([], [noted])
    assert not ledger.unsettled()
    assert ledger.entries() == [noted]


def test_the_hash_of_each_page_is_told_under_the_name_of_its_report(ledger: Ledger) -> None:
    one, two = told("a.txt"), told("a.txt", "at noon.")
    with ledger.batch() as batch:
        for each in (one, two, told("b.txt")):
            batch.add(page_of(each), each)
    hashes = ledger.hashes()
    assert set(hashes) == set(ledger.docs())
    assert hashes["b.txt"] == page_of(told("b.txt")).hash
    assert set(hashes.values()) == {page_of(r).hash for r in (one, two)}
