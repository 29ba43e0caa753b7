"""The heads of reports: the same from the database as from the readings, on each kind of database."""

from __future__ import annotations

from dataclasses import replace

from recoupe.ledger import Head, Ledger
from recoupe.values import When
from synthetic import page_of, reading


def test_heads_are_what_readings_say(ledger: Ledger) -> None:
    assert ledger.lookups.heads() == []
    dated = reading("b.txt", ["A title", "Words: “quoted” and {braced}."], published="2024-01", outlet="The “Gazette”")
    bare = reading("a.txt", ["Another", "Other words."])
    with ledger.batch() as batch:
        for one in (dated, bare):
            batch.add(page_of(one), one)
    expected = [Head("a.txt", None, None, "a.txt"), Head("b.txt", "The “Gazette”", When.parse("2024-01"), "b.txt")]
    assert ledger.lookups.heads() == expected


def test_the_last_reading_counts_and_pages_of_one_name_are_told_apart(ledger: Ledger) -> None:
    first = reading("a.txt", ["Another", "Other words."], published="2024-01")
    other = reading("a.txt", ["A third", "And more."], outlet="ap")
    with ledger.batch() as batch:
        batch.add(page_of(first), first)
        batch.replace(replace(first, dating=replace(first.dating, when=When.parse("2024-01-03"))))
        batch.add(page_of(other), other)
    heads = ledger.lookups.heads()
    assert [head.doc for head in heads] == ledger.docs()
    assert {(head.outlet, head.when) for head in heads} == {(None, When.parse("2024-01-03")), ("ap", None)}


def test_whose_word_a_report_is_as_it_was_noted(ledger: Ledger) -> None:
    one = reading("a.txt", ["Another", "Other words."], outlet="gazette")
    with ledger.batch() as batch:
        batch.add(page_of(one), one)
        page = next(iter(batch.changed(0)))
        batch.finds.root([page], {(page, 0): "ap", (page, 1): "afp"})
    assert [head.root for head in ledger.lookups.heads()] == ["ap"]
