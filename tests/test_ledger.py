"""The ledger: what is kept, and that it only grows, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event
from time import sleep

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from recoupe.errors import LedgerError
from recoupe.ledger import Fetch, Ledger, create_ledger, open_ledger, postgres, sqlite
from recoupe.ledger.codec import digest, dumps, encode, loads, page_text
from recoupe.ledger.tables import metadata
from recoupe.model import Conflict, Dating, Entry, Evidence, Mention, Origin, Page, Quote, Reading, Reason, Side, Span
from recoupe.times import TimeRef
from recoupe.values import Actor, Count, Item, Value, When, Word
from stores import reached
from synthetic import MEMBERS, Fact, book, page_of, reading, source_line

STRIKE = Fact("attack", {"attacker": ["country:RU"], "weapon": ["missile"], "killed": "5"}, "Missiles fell on the town")


def told(doc: str, words: str = "in the night.") -> Reading:
    return reading(doc, ["A title", f"Missiles fell on the town {words}"], [STRIKE], "2024-01-03")


def entry(id_: str, *claims: str) -> Entry:
    return Entry(id_, "attack", "done", (("killed", ("5",)),), "2024-01-02", claims, claims)


def add(ledger: Ledger, *readings: Reading) -> list[bool]:
    with ledger.batch() as batch:
        return [batch.add(page_of(r), r) for r in readings]


def rows(where: str, table: str) -> int:
    with reached(where) as connection:
        return connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()


def rich_reading() -> Reading:
    """A reading with something in every field."""
    made = told("folder/é.txt")
    text = made.report.text
    ref = TimeRef("since", weekday=4, start=TimeRef("date", day=2, about=True))
    group = Actor.parse("group:nato-allies", MEMBERS)
    mentions = (
        Mention(Span(0, 1), "actor", group, "name", Actor.parse("country:DE")),
        Mention(Span(2, 7), "item", Item.parse("patriot-missile", book().parents)),
        Mention(Span(2, 7), "time", ref, "rule"),
        Mention(Span(2, 7), "word", Word("ministers")),
    )
    when = When.parse("2024-07~")
    dating = Dating(when, (Reason(when, "dateline", "in July", Span(0, 3), "meta"),), (Reason(when, "other", "x"),))
    report = replace(
        made.report, dropped=(source_line("Source: x"),), outlet="ap", byline="by X", url="https://x.example"
    )
    quotes = (Quote((Evidence.of(text, 0, 7),), "person:jens-stoltenberg", "colon"), Quote((Evidence.of(text, 2, 7),)))
    return replace(made, report=report, mentions=mentions, quotes=quotes, dating=dating)


def test_a_reading_comes_back_as_it_was(ledger: Ledger, where: str) -> None:
    made = rich_reading()
    assert add(ledger, made) == [True]
    with open_ledger(where) as again:
        assert again.readings() == [made]
        assert again.page("folder/é.txt") == page_of(made)
        assert again.page("other.txt") is None


def test_the_canonical_text_is_one_and_the_same() -> None:
    made = rich_reading()
    text = dumps(made)
    assert dumps(loads(Reading, text)) == text
    assert ": " not in dumps({"b": 1, "a": [True, None]})
    assert dumps({"b": 1, "a": 2}) == '{"a":2,"b":1}'
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_order_of_metadata_plays_no_part() -> None:
    one = Page.of("a.txt", "x", (("url", "u"), ("fetched", "f")))
    assert page_text(one) == page_text(Page.of("a.txt", "x", (("fetched", "f"), ("url", "u"))))
    assert page_text(one) != page_text(Page.of("a.txt", "x", (("url", "u"),)))


VALUES: list[Value] = [
    Actor.parse("group:nato-allies", MEMBERS),
    Actor.parse("country:DE|country:FR"),
    Actor.parse("unnamed:officials, a bar | in their words"),
    Item.parse("patriot-missile", book().parents),
    Item.parse("other:field kitchens", {}),
    Count.parse("7..10"),
    Count.parse("~12"),
    When.between(None, date(2024, 1, 2)),
    Word("leaders"),
]


@given(st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_values_come_back_as_they_were(value: Value, acts_for: Value) -> None:
    mention = Mention(Span(0, 1), "any", value, "", acts_for)
    back = loads(Mention, dumps(mention))
    assert back == mention
    assert str(back.value) == str(value)


def test_what_has_no_canonical_text_is_refused() -> None:
    with pytest.raises(TypeError, match="no canonical JSON for set"):
        encode({1})


def test_entries_and_origins_come_back_as_they_were() -> None:
    made = replace(
        entry("ab", "x#1"), conflicts=(Conflict("killed", (Side("5", ("x#1",)), Side("7", ("y#1",)))),), time=None
    )
    assert loads(Entry, dumps(made)) == made
    origin = Origin("a.txt", "ap", "named", 0.9, "with AP")
    assert loads(Origin, dumps(origin)) == origin


def test_the_same_page_again_adds_nothing(ledger: Ledger, where: str) -> None:
    made = told("a.txt")
    assert add(ledger, made) == [True]
    assert add(ledger, made) == [False]
    assert ledger.has(page_of(made))
    assert not ledger.has(replace(page_of(made), data=b"other"))
    assert [rows(where, table) for table in ("batches", "pages", "readings")] == [1, 1, 1]


def test_two_pages_of_one_name_are_both_kept_in_any_order(tmp_path: Path) -> None:
    one, two = told("a.txt", "in the night."), told("a.txt", "at noon.")
    names = []
    for number, order in enumerate(((one, two), (two, one))):
        with create_ledger(tmp_path / f"{number}.db") as made:
            for one_page in order:
                add(made, one_page)
            names.append([(r.report.doc, r.report.text) for r in made.readings()])
            for doc, text in names[-1]:
                found = made.page(doc)
                assert found is not None
                assert found.text == text
    assert names[0] == names[1]
    assert all(doc.startswith("a.txt#") and len(doc) == len("a.txt#") + 6 for doc, _ in names[0])


def test_settling_supersedes_and_never_rewrites(ledger: Ledger, where: str) -> None:
    add(ledger, told("a.txt"))
    first, second = entry("aa", "a.txt#1"), entry("aa", "a.txt#1", "b.txt#1")
    origin = Origin("a.txt", "ap", "named", 0.9, "with AP")
    with ledger.batch() as batch:
        change = batch.settle([origin], [first])
    assert (change.new, change.superseded) == (1, 0)
    with ledger.batch() as batch:
        change = batch.settle([origin], [second])
    assert (change.new, change.superseded) == (1, 1)
    assert ledger.entries() == [second]
    assert ledger.origins() == [origin]
    assert (rows(where, "entries"), rows(where, "entries_over")) == (2, 1)
    with ledger.batch() as batch:
        change = batch.settle([origin], [second])
    assert (change.new, change.superseded) == (0, 0)
    assert rows(where, "batches") == 3
    with ledger.batch() as batch:  # what stood once may stand again
        batch.settle([origin], [first])
    assert ledger.entries() == [first]


@pytest.mark.parametrize(
    "table",
    ["about", "batches", "blobs", "pages", "readings", "fetches", "settled", "origins", "entries", "entries_over"],
)
@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_no_row_can_be_changed_or_deleted(ledger: Ledger, where: str, table: str, act: str) -> None:
    add(ledger, told("a.txt"))
    with ledger.batch() as batch:
        batch.settle([Origin("a.txt", "ap", "named", 0.9, "x")], [entry("aa", "a.txt#1")])
    with ledger.batch() as batch:
        batch.settle([], [])
    ledger.note_fetches([Fetch("https://a.example/", "2024-01-03T12:00:00+00:00", 200)])
    column = metadata.tables[table].columns.keys()[0]
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), reached(where) as connection:
        connection.execute(sa.text(act.format(table, column, column)))


def test_the_latest_fetch_of_an_address_is_the_one_that_counts(ledger: Ledger, where: str) -> None:
    at = "2024-01-03T12:00:00+00:00"
    one = Fetch("https://a.example/x", at, 200, '"1"', "Tue, 02 Jan 2024 10:00:00 GMT", "ab12")
    other, gone = Fetch("https://a.example/y", at, 404), replace(one, status=304, etag=None)
    both = {one.address: one, other.address: other}
    assert ledger.fetched(both) == {}
    ledger.note_fetches([one, other])
    assert ledger.fetched([*both, one.address, "https://a.example/z"]) == both
    ledger.note_fetches(fetch for fetch in (one, gone))
    with open_ledger(where) as again:
        assert again.fetched([one.address]) == {one.address: gone}
        many = [f"https://a.example/{n}" for n in range(2000)]
        assert again.fetched([one.address, *many, other.address]) == both | {one.address: gone}
    assert (rows(where, "fetches"), rows(where, "batches")) == (4, 2)
    ledger.note_fetches([])
    assert rows(where, "batches") == 2


def test_bytes_are_known_by_the_address_that_gave_them(ledger: Ledger) -> None:
    made = told("a.txt")
    page = replace(page_of(made), meta=(("fetched", "now"), ("url", "https://a.example/x")))
    with ledger.batch() as batch:
        batch.add(page, made)
    assert ledger.has_bytes("https://a.example/x", page.hash)
    assert not ledger.has_bytes("https://a.example/y", page.hash)
    assert not ledger.has_bytes("https://a.example/x", "00")


def test_a_batch_that_fails_leaves_nothing(ledger: Ledger, where: str) -> None:
    def fail() -> None:
        with ledger.batch() as batch:
            batch.add(page_of(told("a.txt")), told("a.txt"))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()
    assert ledger.readings() == []
    assert rows(where, "batches") == 0


def test_a_damaged_record_is_told() -> None:
    with pytest.raises(LedgerError, match="damaged"):
        loads(Reading, '{"report":{"doc":1,"nonsense":2}}')
    with pytest.raises(LedgerError, match="damaged"):
        loads(Entry, "[1,2")


def test_a_ledger_that_is_looked_at_is_not_written(ledger: Ledger, where: str) -> None:
    add(ledger, told("a.txt"))
    with open_ledger(where) as looked, pytest.raises(LedgerError, match="only to be read"), looked.batch() as batch:
        batch.add(page_of(told("b.txt")), told("b.txt"))
    assert len(ledger.readings()) == 1


def test_two_that_write_at_once_lose_nothing(where: str) -> None:
    def write(name: str) -> None:
        with create_ledger(where) as own:
            for number in range(5):
                add(own, told(f"{name}{number}.txt"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, "abcd"))
    with open_ledger(where) as ledger:
        assert [r.report.doc for r in ledger.readings()] == sorted(f"{n}{k}.txt" for n in "abcd" for k in range(5))


def fail_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sqlite, postgres):
        monkeypatch.setattr(module, "PATIENCE", 1)


def test_a_writer_waits_for_another_one(ledger: Ledger, where: str) -> None:
    order: list[str] = []

    def second() -> None:
        with create_ledger(where) as own:
            begun.set()
            with own.batch() as batch:
                order.append("second")
                assert [r.report.doc for r in batch.readings()] == ["a.txt"]
                batch.add(page_of(told("b.txt")), told("b.txt"))

    begun = Event()
    with ThreadPoolExecutor(1) as pool:
        with ledger.batch() as batch:
            waiting = pool.submit(second)
            assert begun.wait(30)
            batch.add(page_of(told("a.txt")), told("a.txt"))
            sleep(0.2)
            order.append("first")
        waiting.result()
    assert order == ["first", "second"]
    assert ledger.docs() == ["a.txt", "b.txt"]


def test_a_writer_that_waited_too_long_is_told(ledger: Ledger, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_at_once(monkeypatch)
    add(ledger, told("a.txt"))
    with create_ledger(where) as other, ledger.batch() as batch:
        batch.add(page_of(told("b.txt")), told("b.txt"))
        with pytest.raises(LedgerError, match="another process has been writing"), other.batch():
            pass
        assert other.docs() == ["a.txt"]  # to look things up, nobody waits
    assert ledger.docs() == ["a.txt", "b.txt"]


def test_a_look_sees_one_state_of_the_ledger(ledger: Ledger, where: str) -> None:
    at = "2024-01-03T12:00:00+00:00"
    one, two = (Fetch(f"https://a.example/{name}", at, 200) for name in ("one", "two"))
    ledger.note_fetches([one])

    def addresses() -> Iterator[str]:
        yield one.address
        yield from (f"https://a.example/{number}" for number in range(2000))  # more than are asked for at once
        with create_ledger(where) as other:
            other.note_fetches([two])
        yield two.address

    with open_ledger(where) as looked:
        assert looked.fetched(addresses()) == {one.address: one}
        assert looked.fetched([two.address]) == {two.address: two}
