"""A ledger that grows page by page says what one says that gets all pages at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from recoupe import pipeline, settle
from recoupe.check import check
from recoupe.errors import LedgerError
from recoupe.folded import folded
from recoupe.ledger import Batch, Change, Ledger, Made, create_ledger
from recoupe.ledger.carding import card_of, words_of
from recoupe.model import Entry, Origin, Reading
from recoupe.settle import Settling, Wanted, dates, facts, reviewed, sites, texts
from recoupe.settle.hood import Space
from recoupe.trace import roots, trace
from stores import reached
from synthetic import Fact, book, page_of, reading, source_line
from test_trace import WORDS

NAMES = ("Bobrak", "Mirelle", "Tavanger", "Oskarsund", "Peltoni", "Quillard", "Vestrova", "Zamorin")
STATES = ("country:DE", "country:FR", "country:NL", "country:US", "country:UA")
T = TypeVar("T")
BEGIN = date(2024, 3, 1)


@dataclass
class Maker:
    """Makes reports that have to do with one another, as those of a newsroom's week."""

    rng: random.Random
    made: list[Reading]

    def sentence(self, lang: str) -> str:
        """Words of a language's own, with names and numbers that every language writes alike."""
        words = [w if lang == "en" else w[::-1] for w in self.rng.choices(WORDS, k=14)]
        for mark in (*self.rng.sample(NAMES, 2), *(str(self.rng.randint(1000, 99999)) for _ in range(3))):
            words.insert(self.rng.randint(1, len(words)), mark)
        return " ".join(words) + "."

    def translated(self, sentence: str) -> str:
        return (
            " ".join(w if w.strip(".") in NAMES or w.strip(".").isdigit() else w[::-1] for w in sentence[:-1].split())
            + "."
        )

    def fact(self) -> tuple[str, dict[str, str | Sequence[str]]]:
        donor = self.rng.choice(STATES[:4])
        kind = self.rng.choice(("delivery", "pledge", "attack"))
        if kind == "attack":
            roles: dict[str, str | Sequence[str]] = {"attacker": ["country:RU"], "target": ["country:UA"]}
            return kind, roles | {"place": ["place:kyiv"], "killed": str(self.rng.randint(3, 5))}
        item = self.rng.choice(("patriot", "f-16", "leopard-2"))
        return kind, {
            "donor": [donor],
            "recipient": ["country:UA"],
            "item": [item],
            "count": self.rng.choice(("4", ">=3", "12")),
        }

    def report(self) -> Reading:
        """A report: of its own, or made from an earlier one."""
        number, lang = len(self.made), self.rng.choice(("en", "fr"))
        paragraphs = [" ".join(self.sentence(lang) for _ in range(2)) for _ in range(self.rng.randint(3, 6))]
        way = self.rng.choice(("own", "own", "copy", "same", "part", "translation"))
        if self.made and way != "own":
            source = self.rng.choice(self.made).report
            given = source.text.split("\n")[1:-1]
            if way == "same":
                lang, paragraphs = source.lang, given
            elif way == "copy":
                lang, paragraphs = source.lang, [*given[: max(2, len(given) - 1)], self.sentence(source.lang)]
            elif way == "part":
                lang, paragraphs = source.lang, [*paragraphs, *given[:2]]
            else:
                lang = "fr" if source.lang == "en" else "en"
                paragraphs = [
                    " ".join(map(self.translated, p.replace(".", ".|").strip("|").split("| "))) for p in given
                ]
        told = [self.fact() for _ in range(self.rng.randint(0, 2))]
        words = "The last line says what was done and for whom it was"
        day = BEGIN + timedelta(self.rng.randint(0, 9))
        about: dict[str, object] = {"lang": lang, "outlet": self.rng.choice((None, "ap", "gazette", "courier", "rt"))}
        if self.rng.random() < 0.2:
            about["dropped"] = (source_line("Source: www.apnews.com"),)
        if self.rng.random() < 0.2:
            about["byline"] = "with AFP and Reuters"
        facts = [Fact(kind, roles, words, time=str(day) if self.rng.random() < 0.6 else None) for kind, roles in told]
        published = self.rng.choice((None, str(day), f"{BEGIN}/{BEGIN + timedelta(20)}"))
        made = reading(f"r{number:03}.txt", [f"Title {number}", *paragraphs, f"{words}."], facts, published, **about)
        self.made.append(made)
        return made

    def altered(self) -> Reading:
        """An earlier report, read otherwise."""
        n = self.rng.randrange(len(self.made))
        before = self.made[n]
        after = replace(before, claims=before.claims[: self.rng.randint(0, len(before.claims))])
        if self.rng.random() < 0.5:
            after = replace(after, dating=self.rng.choice(self.made).dating)
        self.made[n] = after
        return after


def settled(ledger: Ledger, steps: int = 4) -> None:
    """What a run does after reading; one of fewer steps was interrupted."""
    read: list[Wanted[Any]] = []
    for step in range(steps):
        with ledger.batch() as batch:
            now = Settling(batch, book(), 1)
            if step == 0:
                read.append(sites(now))
            elif step == 1:
                texts(now)
            elif step == 2:
                read.append(dates(now))
            else:
                facts(now, *read)


@contextmanager
def settling(ledger: Ledger, made: int = 1) -> Iterator[Batch]:
    with ledger.batch() as batch:
        yield batch
    with ledger.batch() as batch:
        texts(Settling(batch, book(), made))
    with ledger.batch() as batch:
        facts(Settling(batch, book(), made))


def cards_agree(ledger: Ledger, where: str) -> None:
    """The cards and words are those that the entries and readings which stand would be given now."""
    readings = {made.report.doc: made for made in ledger.readings()}
    on_server = where.startswith("postgresql")
    with reached(where) as connection:
        rows = connection.execute(sa.text(f"SELECT {'row' if on_server else 'rowid'}, words FROM card_words")).all()
        texts = connection.execute(sa.text("SELECT words FROM report_words")).scalars()
        assert sorted(text.strip() for text in texts) == sorted(folded(r.report.text) for r in readings.values())
    words = {row: said.strip() for row, said in rows}
    deck = ledger.lookups.cards()
    entries = ledger.lookups.entries(card[0] for card in deck.cards)
    assert sorted(entries.values(), key=lambda e: (e.id, e.claims)) == ledger.entries()
    assert [tuple(card) for card in deck.cards] == [card_of(row, entry, book()) for row, entry in entries.items()]
    for row, entry in entries.items():
        refs = (ref.rpartition("#") for ref in entry.claims)
        assert words.pop(row) == words_of(entry, [readings[doc].claims[int(n) - 1] for doc, _, n in refs], book())
    assert not words
    assert ledger.lookups.carded()


def at_once(readings: Sequence[Reading]) -> tuple[list[Origin], list[Entry]]:
    origins = trace(readings, book())
    return origins, check(readings, roots(readings, origins, book()), book())


@pytest.mark.parametrize("seed", range(3))
def test_page_by_page_it_is_as_all_at_once(seed: int, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr(settle, "AT_ONCE", rng.choice((5, 1000)))
    maker = Maker(rng, [])
    with create_ledger(where) as ledger:
        for _ in range(7):
            with ledger.batch() as batch:
                for _ in range(rng.choice((1, 1, 2, 8))):
                    made = maker.report()
                    assert batch.add(page_of(made), made)
                if rng.random() < 0.5:
                    batch.replace(maker.altered())
            settled(ledger, rng.choice((0, 2, 4)))
            if ledger.unsettled():
                continue
            origins, entries = at_once(ledger.readings())
            assert ledger.origins() == origins
            assert ledger.entries() == entries
            cards_agree(ledger, where)
        settled(ledger)
        cards_agree(ledger, where)
        assert (ledger.origins(), ledger.entries()) == at_once(ledger.readings())


def test_words_that_are_read_otherwise_are_found_though_the_entry_is_the_same(where: str) -> None:
    lines = ["A title", "Rockets fell on the harbour, and boats burnt."]

    def told(words: str) -> Reading:
        return reading("a.txt", lines, [Fact("attack", {"attacker": ["country:RU"]}, words, time=str(BEGIN))])

    with create_ledger(where) as ledger:
        with settling(ledger) as batch:
            batch.add(page_of(told("Rockets fell")), told("Rockets fell"))
        (row,) = ledger.lookups.entries_with("rockets")
        with settling(ledger) as batch:
            batch.replace(told("boats burnt"))
        assert ledger.lookups.entries_with("rockets") == []
        (same,) = ledger.lookups.entries_with("boats")
        cards_agree(ledger, where)
        with settling(ledger) as batch:
            batch.replace(replace(told("boats burnt"), claims=()))
        assert not ledger.lookups.entries_with("boats")
        assert ledger.lookups.cards().cards == []
        assert row == same or len(ledger.lookups.stood(ledger.lookups.entries([row])[row])) > 1


def test_what_another_program_put_there_stands_once(tmp_path: Path) -> None:
    maker = Maker(random.Random(5), [])
    with create_ledger(tmp_path / "x.db") as ledger:
        for made in (1, 2, 2):
            with settling(ledger, made) as batch:
                for _ in range(9):
                    report = maker.report()
                    batch.add(page_of(report), report)
            origins, entries = at_once(ledger.readings())
            assert origins
            assert entries
            assert ledger.origins() == origins
            assert ledger.entries() == entries


def test_a_review_after_another_program_forgets_nothing(tmp_path: Path) -> None:
    maker = Maker(random.Random(6), [])
    with create_ledger(tmp_path / "x.db") as ledger:
        with settling(ledger) as batch:
            for _ in range(9):
                report = maker.report()
                batch.add(page_of(report), report)
        with ledger.batch() as batch:
            assert reviewed(Settling(batch, book(), 2)) == Change(0, 0)
        with settling(ledger, 2) as batch:
            report = maker.report()
            batch.add(page_of(report), report)
        origins, entries = at_once(ledger.readings())
        assert ledger.origins() == origins
        assert ledger.entries() == entries


def test_a_slower_run_does_not_take_away_what_another_has_noted(tmp_path: Path) -> None:
    maker = Maker(random.Random(3), [])

    def noted() -> set[int]:
        with ledger.batch() as batch:
            return {find.page for space in (Space.SITE, Space.DATE) for find in batch.finds.of(space, 0)}

    def run(step: Callable[[Settling], T]) -> T:
        with ledger.batch() as batch:
            return step(Settling(batch, book(), 1))

    def add() -> None:
        with ledger.batch() as batch:
            report = maker.report()
            batch.add(page_of(report), report)

    with create_ledger(tmp_path / "x.db") as ledger:
        add()
        lines = run(sites)
        run(texts)
        clues = run(dates)
        add()  # another run begins
        others = run(sites)
        run(texts)
        run(lambda settling: facts(settling, lines, clues))
        assert noted()
        clues = run(dates)
        assert clues.answers
        run(lambda settling: facts(settling, others, clues))
        assert not noted()


def test_what_another_run_has_only_added_is_not_settled_by_a_slower_one(tmp_path: Path) -> None:
    maker = Maker(random.Random(3), [])

    def add() -> None:
        with ledger.batch() as batch:
            report = maker.report()
            batch.add(page_of(report), report)

    with create_ledger(tmp_path / "x.db") as ledger:
        add()
        settled(ledger, 3)
        add()  # another run, which is stopped here
        with ledger.batch() as batch:
            facts(Settling(batch, book(), 1))
        assert ledger.unsettled()
        settled(ledger)
        assert not ledger.unsettled()
        assert (ledger.origins(), ledger.entries()) == at_once(ledger.readings())


def test_a_late_reading_does_not_take_the_place_of_a_newer_one(where: str) -> None:
    maker = Maker(random.Random(3), [])
    first, late, newer = (replace(maker.report(), claims=()) for _ in range(3))
    with create_ledger(where) as ledger:
        with ledger.batch() as batch:
            batch.add(page_of(first), first)
        with ledger.batch() as batch:
            slow, doc = dates(Settling(batch, book(), 1)), first.report.doc
        for reading_, row in ((newer, slow.row), (late, slow.row)):
            with ledger.batch() as batch:
                batch.replace(replace(reading_, report=replace(reading_.report, doc=doc)), row)
        assert [r.report.text for r in ledger.readings()] == [newer.report.text]


def test_facts_come_together_when_what_stood_between_them_is_gone(tmp_path: Path) -> None:
    words = "Rockets fell in the early morning while most people slept"

    def report(doc: str, *places: str) -> Reading:
        roles = {"attacker": "country:RU", "target": "country:UA"}
        told = [Fact("attack", roles | {"place": place}, words, time=str(BEGIN)) for place in places]
        return reading(doc, [f"Title of {doc}", f"{words}."], told, str(BEGIN))

    with create_ledger(tmp_path / "x.db") as ledger:
        with settling(ledger) as batch:
            for doc, place in (("a.txt", "place:kyiv"), ("b.txt", "place:dnipro"), ("c.txt", "country:UA")):
                batch.add(page_of(report(doc)), report(doc, place))
        assert len(ledger.entries()) == 3  # the third may be either of the others
        with settling(ledger) as batch:
            batch.replace(report("b.txt"))
        assert [entry.claims for entry in ledger.entries()] == [("a.txt#1", "c.txt#1")]


def test_of_equal_texts_another_is_the_first_when_one_gets_a_longer_name(tmp_path: Path) -> None:
    maker = Maker(random.Random(3), [])
    told, other, more = ([" ".join(maker.sentence("en") for _ in range(2)) for _ in range(5)] for _ in range(3))

    def add(batch: Batch, doc: str, title: str, paragraphs: Sequence[str]) -> None:
        report = reading(doc, [title, *paragraphs], [], str(BEGIN))
        batch.add(page_of(report), report)

    with create_ledger(tmp_path / "x.db") as ledger:
        with settling(ledger) as batch:
            add(batch, "a", "Title", told)
            add(batch, "a (2)", "Title", told)
            add(batch, "z", "Another", other)
        with settling(ledger) as batch:
            add(batch, "a", "A second page of that doc", other[:3])  # the first is now "a#", and digits
        with settling(ledger) as batch:
            add(batch, "b", "Title of a copy", [*told[:4], *more[:1]])
        origins, _ = at_once(ledger.readings())
        assert {origin.doc for origin in origins} > {"a (2)"}
        assert ledger.origins() == origins


def test_with_another_codebook_nothing_is_reviewed(tmp_path: Path) -> None:
    report = Maker(random.Random(1), []).report()
    with create_ledger(tmp_path / "x.db") as ledger:
        with ledger.batch(Made("1", "floods", "1")) as batch:
            batch.add(page_of(report), report)
        with pytest.raises(LedgerError, match="another codebook \\(floods\\)"):
            pipeline.review(ledger, (), book())
