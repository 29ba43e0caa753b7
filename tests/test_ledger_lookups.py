"""What is found in a ledger without loading all of it is what a walk through all of it finds, on each database."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe import pipeline
from recoupe.errors import LedgerError
from recoupe.folded import MOST, Term, folded, found_in, terms
from recoupe.ledger import Ledger, create_ledger, lookups, open_ledger, queries
from recoupe.ledger.codec import dumps, loads
from recoupe.ledger.words import Words, words_in
from recoupe.model import Reading
from recoupe.review import Person, target, words_of
from recoupe.review import given as given_review
from recoupe.settle import Settling, facts, reviewed, texts
from stores import reached
from synthetic import Fact, page_of, reading
from test_settle import Maker, book, settling

TEXTS = (
    "L'Élysée livre des chars à Kiev", "Berlin liefert 155-mm shells", "The Leopard tanks, and a leopard",
    "F-16 pour l’Ukraine : « œuvre » de paix", "a b c a b d", "", "Удар по Києву",
    "U.S. aid 12.5bn; see https://x.example/a_b?c=d",
    "rockets\x00fell 'on' \\the\\ town & ! | : * %", "ÉTÉ été ete", "a b e a b c",
)  # fmt: skip


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def words(ledger: Ledger, where: str) -> Iterator[Words]:
    with reached(where) as connection:
        yield words_in(connection, "report_words")


def naive(texts: Sequence[str], wanted: Sequence[Term]) -> list[int]:
    """The texts that have all terms, by looking."""

    def has(text: str, term: Term) -> bool:
        own = folded(text).split()
        runs = [own[at : at + len(term.words)] for at in range(len(own))]
        whole, last = list(term.words[:-1]), term.words[-1]
        return any(
            len(run) == len(term.words)
            and run[:-1] == whole
            and (run[-1] == last or (term.begins and run[-1].startswith(last)))
            for run in runs
        )

    return [n for n, text in enumerate(texts) if wanted and all(has(text, term) for term in wanted)]


ASKED = (
    "char", "chars", "kiev", "elysee", "l'elysee", "leop", "leopard", "leop*", '"leopard tanks"', '"tanks leopard"',
    "F-16", "f16", "155", "155*", "us", "u.s.", "12.5bn", "x.example", "a_b", '"a b c"', '"a b" d', '"b c"', "ete",
    "удар", "к*", "the town", "' & !", "", "*", '"', "œuvre", "oeuvre paix", "fell on", "a b", '"c a"',
    "rockets\x00fell", "«a b d»",
)  # fmt: skip


def test_both_databases_find_what_a_plain_look_finds(words: Words) -> None:
    words.put({n: folded(text) for n, text in enumerate(TEXTS)})
    for asked in ASKED:
        wanted = terms(asked)
        found = words.find(wanted)
        assert sorted(found) == words.find(wanted, ranked=False) == naive(TEXTS, wanted), asked
        assert words.count(wanted, 100) == len(found)
        assert words.find(wanted, 2, 1) == found[1:3]
    assert words.count(terms("a"), 2) == 2
    assert words.find(terms("a b"))
    assert not words.find(terms("nowhere"))


WORD = st.sampled_from(("a", "ab", "abcd", "abcde", "É", "f-16", "l'abcd", "x"))


def test_whatever_the_words_both_databases_find_the_same(words: Words) -> None:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.lists(WORD, max_size=6).map(" ".join), max_size=6), st.lists(WORD, max_size=3), st.booleans())
    def found_alike(texts: list[str], asked: list[str], together: bool) -> None:
        words.empty()
        words.put({n: folded(text) for n, text in enumerate(texts)})
        wanted = terms(f'"{" ".join(asked)}"' if together else " ".join(asked))
        assert words.find(wanted, ranked=False) == naive(texts, wanted)

    found_alike()


def test_what_fits_better_comes_first(words: Words) -> None:
    filler = " ".join(f"w{n}" for n in range(60))
    words.put({1: f"leopard {filler}", 2: f"leopard leopard leopard {filler}", 3: filler, 4: filler})
    assert words.find(terms("leopard")) == [2, 1]


def test_texts_that_are_taken_away_are_found_no_more(words: Words) -> None:
    words.put(dict.fromkeys(range(5), "the same words"))
    words.drop([1, 3, 77])
    assert words.find(terms("same")) == [0, 2, 4]
    assert (words.rows(), words.size()) == ({0, 2, 4}, 3)
    words.put({1: "others"})
    words.empty()
    assert words.find(terms("same")) == words.find(terms("others")) == []


def test_a_very_long_text_is_found_by_what_stands_first(words: Words) -> None:
    rng = random.Random(1)
    text = (
        "begins " + " ".join("".join(rng.choices("abcdefghij", k=rng.randint(1, 90))) for _ in range(60_000)) + " ends"
    )
    assert len(folded(text).encode()) <= MOST
    words.put({1: folded(text), 2: folded("the " * 40_000 + "very end")})
    assert words.find(terms("begins")) == [1]
    assert words.find(terms("ends")) == []
    assert words.find(terms('"the very end"')) == [2]  # further on than PostgreSQL keeps the places of words


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert once == " ".join(once.split())


@given(st.text(max_size=40), st.text(max_size=10))
def test_what_is_searched_for_is_found_in_the_text(text: str, asked: str) -> None:
    runs = found_in(text, terms(asked))
    assert runs == sorted(runs)
    assert all(0 <= a < b <= len(text) for a, b in runs)
    assert all(a[1] <= b[0] for a, b in pairwise(runs))


def test_where_the_words_stand() -> None:
    text = "Des F-16 pour l'UKRAINE, de\u0301ja\u0300 ; 16 F"
    assert [text[a:b] for a, b in found_in(text, terms("f-16 ukrain déjà"))] == ["F-16", "UKRAINE", "de\u0301ja\u0300"]


# -- a ledger of reports that have to do with one another -------------------------------------------------------------


@pytest.fixture
def filled(where: str) -> Iterator[Ledger]:
    maker = Maker(random.Random(8), [])
    with create_ledger(where) as made:
        for pages in (8, 5, 1, 1):
            with settling(made) as batch:
                for _ in range(pages):
                    report = maker.report()
                    batch.add(page_of(report), report)
                if pages == 1:
                    batch.replace(maker.altered())
        for doc in ("x1.txt", "x2.txt"):
            with settling(made) as batch:
                batch.add(page_of(shelled(doc)), shelled(doc))
        yield made


def shelled(doc: str) -> Reading:
    """A report of a fact that no other one tells, in words of its own."""
    roles: dict[str, str | Sequence[str]] = {"attacker": ["country:RU"], "place": ["place:dnipro"], "killed": "9"}
    told = [Fact("attack", roles, "Grenades fell on a market", time="2024-06-03")]
    return reading(doc, [f"Title of {doc}", f"Grenades fell on a market, {doc} says."], told, "2024-06-04")


def test_entries_are_found_by_row_id_and_report(filled: Ledger) -> None:
    looked, every = filled.lookups, filled.entries()
    deck = looked.cards()
    assert sorted(card[1] for card in deck.cards) == sorted(entry.id for entry in every)
    by_row = looked.entries(card[0] for card in deck.cards)
    assert [by_row[card[0]].id for card in deck.cards] == [card[1] for card in deck.cards]
    for entry in every:
        assert list(looked.entries_called(entry.id).values()) == [entry]
        assert entry in looked.entries_called(entry.id[:3]).values()
    assert looked.entries_called("zz") == {}
    assert len(looked.entries_called("", most=2)) == 2
    for doc in filled.docs():
        own = [e for e in every if any(ref.rpartition("#")[0] == doc for ref in e.claims)]
        assert sorted(looked.entries_of(doc).values(), key=lambda e: e.id) == own
    assert looked.entries_of("nowhere.txt") == {}


def test_readings_and_origins_are_found_by_report(filled: Ledger) -> None:
    looked, readings, origins = filled.lookups, filled.readings(), filled.origins()
    docs = [reading.report.doc for reading in readings]
    assert origins
    assert looked.readings(docs[2:4]) == {r.report.doc: r for r in readings[2:4]}
    assert looked.readings(["nowhere.txt"]) == {}
    for doc in docs:
        assert looked.origins([doc], down=False) == [o for o in origins if o.doc == doc]
        assert looked.origins([doc], up=False) == [o for o in origins if o.source == doc and o.relation != "named"]
    assert looked.origins(docs) == origins


@pytest.mark.parametrize("another_program", [False, True])
def test_until_facts_are_put_together_anew_readings_are_those_that_entries_are_of(
    filled: Ledger, another_program: bool
) -> None:
    made = 2 if another_program else 1
    before = next(r for r in filled.readings() if r.claims)
    doc = before.report.doc
    after, new = replace(before, claims=before.claims[1:]), shelled("x3.txt")
    newer = replace(new, claims=())
    with filled.batch() as batch:
        batch.replace(after)
        batch.add(page_of(new), new)
    with filled.batch() as batch:
        batch.replace(newer)
    assert filled.lookups.readings([doc, "x3.txt"]) == {doc: before, "x3.txt": newer}
    for _ in range(2):  # interrupted, and taken up
        with filled.batch() as batch:
            texts(Settling(batch, book(), made))
        assert filled.lookups.readings([doc, "x3.txt"]) == {doc: before, "x3.txt": newer}
    with filled.batch() as batch:
        facts(Settling(batch, book(), made))
    assert filled.lookups.readings([doc, "x3.txt"]) == {doc: after, "x3.txt": newer}
    for entry in filled.entries():
        for ref in entry.claims:
            named, _, number = ref.rpartition("#")
            assert int(number) <= len(filled.lookups.readings([named])[named].claims)


def test_where_nothing_is_noted_the_newest_reading_is_found(filled: Ledger, where: str) -> None:
    before = next(r for r in filled.readings() if r.claims)
    after = replace(before, claims=())
    with filled.batch() as batch:
        batch.replace(after)
    without_cards(where)
    assert filled.lookups.readings([before.report.doc]) == {before.report.doc: after}


def test_reports_of_one_doc_are_found_under_their_names(filled: Ledger) -> None:
    facts = [Fact("attack", {"attacker": ["country:RU"], "place": ["place:kyiv"]}, "Shells fell", time="2024-03-03")]
    with settling(filled) as batch:
        for text in ("Shells fell on the town.", "Shells fell on the town again."):
            made = reading("twice.txt", ["A title", text], facts, "2024-03-04")
            batch.add(page_of(made), made)
    names = [doc for doc in filled.docs() if doc.startswith("twice.txt#")]
    assert len(names) == 2
    assert sorted(filled.lookups.readings([*names, "twice.txt"])) == names
    assert all(filled.lookups.entries_of(name) for name in names)
    assert sorted(filled.lookups.reports_with("shells").docs) == names


def test_reports_are_found_by_their_words_as_they_now_stand(filled: Ledger) -> None:
    looked = filled.lookups
    texts = {r.report.doc: r.report.text for r in filled.readings()}
    for asked in ("title", "bobrak", "zamorin", '"title 3"', "nowhere"):
        wanted = [doc for doc, text in texts.items() if naive([text], terms(asked))]
        hits = looked.reports_with(asked, limit=100)
        assert (sorted(hits.docs), hits.total, hits.more) == (wanted, len(wanted), False)
    assert looked.reports_with("title", most=4).total == 4
    assert looked.reports_with("title", most=4).more
    first, then = looked.reports_with("title", 5), looked.reports_with("title", 5, 5)
    assert [*first.docs, *then.docs] == list(looked.reports_with("title", 10).docs)
    doc = filled.docs()[0]
    old = looked.readings([doc])[doc]
    with filled.batch() as batch:
        batch.replace(replace(old, report=replace(old.report, text=f"{old.report.text} platypus")))
    assert list(looked.reports_with("platypus").docs) == [doc]
    assert looked.reports_with("title", 100).total == len(texts)


def test_entries_are_found_by_the_words_of_their_claims_and_values(where: str, codebook) -> None:  # type: ignore[no-untyped-def]
    words = "Rockets fell on the harbour"
    roles: dict[str, str | Sequence[str]] = {"attacker": ["country:RU"], "place": ["place:kyiv"]}
    made = reading("a.txt", ["A title", f"{words} at dawn."], [Fact("attack", roles, words, time="2024-03-03")])
    with create_ledger(where) as ledger:
        with ledger.batch() as batch:
            batch.add(page_of(made), made)
        pipeline.review(ledger, (), codebook)
        (card,) = ledger.lookups.cards().cards
        for asked in ("harbour", "rockets fell", "kiev", "kyiv", "russie", "Russia", '"fell on"'):
            assert ledger.lookups.entries_with(asked) == [card[0]], asked
        assert ledger.lookups.entries_with("dawn") == []
        assert ledger.lookups.entries_with("harbour", limit=0) == []


def test_what_became_of_an_entry(filled: Ledger, where: str) -> None:
    with reached(where) as connection:
        rows = connection.execute(
            sa.text("SELECT entries.row, body, entries.batch FROM entries ORDER BY entries.row")
        ).all()
        over = {one.row: one.batch for one in connection.execute(sa.text("SELECT row, batch FROM entries_over"))}
    times = {past.number: past.at for past in filled.history.batches()}
    changed = 0
    for entry in filled.entries():
        found = filled.lookups.stood(entry)
        assert [one.entry for one in found if one.until is None] == [entry]
        wanted = [
            row
            for row, body, _ in rows
            if f'"id":"{entry.id}"' in body
            or any(f'"{ref}"' in body.partition('"claims":[')[2].partition("]")[0] for ref in entry.claims)
        ]
        assert [one.row for one in found] == wanted
        for one in found:
            since = next(batch for row, _, batch in rows if row == one.row)
            until = over.get(one.row)
            assert (one.since, one.at, one.until) == (since, times[since], until)
            assert one.until_at == (None if until is None else times[until])
            assert dumps(one.entry) == next(body for row, body, _ in rows if row == one.row)
        changed += len(found) > 1
    assert changed


def test_reviews_are_found_by_the_pages_that_they_are_about(filled: Ledger, where: str) -> None:
    told = [reading for reading in filled.readings() if reading.claims]
    hashes = filled.hashes()
    ana = Person.now("ana")

    def about(made: Reading):  # type: ignore[no-untyped-def]
        return target(made, hashes[made.report.doc], made.claims[0])

    note = given_review("note", ana, [about(told[0])], why="page")
    both = given_review("merge", Person.now("ben", [note]), [about(told[0])], [about(told[1])])
    undo = given_review("undo", Person.now("ana", [both]), undoes=both.id)
    redo = given_review("undo", Person.now("ana", [undo]), undoes=undo.id)
    other = given_review("note", Person.now("ana", [redo]), [about(told[2])], why="so")
    with filled.batch() as batch:
        for review in (note, both, undo, redo, other):
            batch.review(review)
    docs = {hashes[r.report.doc]: r.report.doc for r in told[:3]}
    assert len(docs) == 3
    assert filled.lookups.reviews_of([told[0].report.doc]) == [note, both, undo, redo]
    assert filled.lookups.reviews_of([told[1].report.doc]) == [both, undo, redo]
    assert filled.lookups.reviews_of([told[2].report.doc]) == [other]
    assert filled.lookups.reviews_of([]) == []
    with filled.batch() as batch:  # notes what they are about
        reviewed(Settling(batch, book(), 1))
    last = given_review("undo", Person.now("ben", [other]), undoes=redo.id)
    with filled.batch() as batch:
        batch.review(last)
    assert filled.lookups.reviews_of([told[0].report.doc]) == [note, both, undo, redo, last]
    assert filled.lookups.reviews_of([told[1].report.doc]) == [both, undo, redo, last]
    assert filled.lookups.reviews_of([told[2].report.doc]) == [other]
    without_cards(where)  # and without all other notes
    assert filled.lookups.reviews_of([told[1].report.doc]) == [both, undo, redo, last]


def test_reviews_of_other_pages_are_not_loaded(filled: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [made for made in filled.readings() if made.claims]
    hashes = filled.hashes()
    ana, some = Person.now("ana"), told[:: len(told) - 1]
    own, other = (given_review("note", ana, [target(r, hashes[r.report.doc], r.claims[0])], why="so") for r in some)
    for review in (own, other):
        with filled.batch() as batch:
            batch.review(review)
            reviewed(Settling(batch, book(), 1))
    loaded: list[object] = []
    for module in (lookups, queries):
        monkeypatch.setattr(module, "loads", lambda kind, body: loaded.append(one := loads(kind, body)) or one)
    assert filled.lookups.reviews_of([some[0].report.doc]) == [own]
    assert loaded == [own]


def test_the_version_changes_with_whatever_is_added(where: str) -> None:
    with create_ledger(where) as ledger:
        assert str(ledger.lookups.version()) == "0-"
        seen = {ledger.lookups.version()}
        maker = Maker(random.Random(1), [])
        for _ in range(3):
            report = maker.report()
            with ledger.batch() as batch:
                batch.add(page_of(report), report)
            seen.add(ledger.lookups.version())
        assert len(seen) == 4
        with ledger.batch():
            pass
        assert ledger.lookups.version() in seen
        last = ledger.history.batches()[-1]
        assert ledger.lookups.version() == (last.number, last.seal, 0, 0)


def test_the_version_changes_with_what_is_noted(filled: Ledger) -> None:
    def noting(step, made: int) -> str:  # type: ignore[no-untyped-def]
        with filled.batch() as batch:
            step(Settling(batch, book(), made))
        return str(filled.lookups.version())

    def shown() -> list[bool]:
        return [bool(filled.lookups.entries_of(doc)) for doc in filled.docs()]

    before, batches, whole = filled.lookups.version(), len(filled.history.batches()), shown()
    assert noting(facts, 1) == noting(texts, 1) == str(before)  # there is nothing to do
    cleared = noting(texts, 2)
    assert shown() != whole
    again = noting(facts, 2)
    assert shown() == whole
    assert len({str(before), cleared, again}) == 3
    assert len(filled.history.batches()) == batches


def test_all_cards_come_again_from_another_program_and_a_few_from_the_same(filled: Ledger, where: str) -> None:
    version = filled.lookups.version()
    report = shelled("x3.txt")
    with settling(filled) as batch:
        batch.add(page_of(report), report)
    some = filled.lookups.cards(version)
    assert (some.whole, len(some.cards), len(some.gone)) == (False, 1, 1)
    assert filled.lookups.cards(some.version) == (some.version, [], [], False)
    with settling(filled, made=2):
        pass
    every = filled.lookups.cards(some.version)
    assert (every.whole, every.cards) == (True, filled.lookups.cards().cards)
    without_cards(where)
    assert filled.lookups.cards(every.version).whole


def test_what_changed_since_a_version_leads_to_all_cards(where: str) -> None:
    maker = Maker(random.Random(4), [])
    with create_ledger(where) as ledger:
        version, *_ = ledger.lookups.cards()
        known: dict[int, object] = {}
        for pages in (6, 1, 3, 1):
            with settling(ledger) as batch:
                for _ in range(pages):
                    report = maker.report()
                    batch.add(page_of(report), report)
            deck = ledger.lookups.cards(version)
            assert deck.whole == (version.number == 0)  # before the first batch there is nothing to go on from
            version, new, gone = deck.version, deck.cards, deck.gone
            known = {row: card for row, card in known.items() if row not in gone} | {card[0]: card for card in new}
            assert sorted(known.items()) == [(card[0], card) for card in ledger.lookups.cards().cards]
        assert ledger.lookups.cards(version).cards == []


# -- ledgers of older versions of the program -------------------------------------------------------------------------


def without_cards(where: str) -> None:
    """The ledger as an older version of the program has left it, after its tables were brought up to date."""
    with reached(where) as connection:
        for table in ("cards", "card_words", "report_words", "finds", "roots"):
            connection.execute(sa.text(f"DELETE FROM {table}"))


def test_a_ledger_of_an_older_version_gets_its_cards_once(filled: Ledger, where: str, codebook) -> None:  # type: ignore[no-untyped-def]
    before = filled.lookups.cards().cards
    words = {asked: filled.lookups.reports_with(asked).docs for asked in ("bobrak", "title")}
    origins = filled.origins()
    without_cards(where)
    assert not filled.lookups.carded()
    with open_ledger(where) as to_read, pytest.raises(LedgerError, match="only to be read"):
        pipeline.card(to_read, codebook)
    assert pipeline.card(filled, codebook)
    assert not pipeline.card(filled, codebook)
    assert filled.lookups.cards().cards == before
    assert {asked: filled.lookups.reports_with(asked).docs for asked in words} == words
    for entry in filled.entries():
        assert filled.lookups.stood(entry)
        assert entry in filled.lookups.entries_of(entry.claims[0].rpartition("#")[0]).values()
    assert filled.origins() == origins


def test_a_run_gives_an_older_ledger_its_cards(filled: Ledger, where: str) -> None:
    without_cards(where)
    report = Maker(random.Random(99), []).report()
    report = replace(report, report=replace(report.report, doc="new.txt"))
    with settling(filled) as batch:
        batch.add(page_of(report), report)
    assert sorted(card[1] for card in filled.lookups.cards().cards) == sorted(e.id for e in filled.entries())


def test_reviews_are_found_by_the_words_of_their_reports(filled: Ledger) -> None:
    told = next(reading for reading in filled.readings() if reading.claims)
    elsewhere = replace(target(told, filled.hashes()[told.report.doc], told.claims[0]), page="0" * 64, doc="away.txt")
    review = given_review("note", Person.now("ana"), [elsewhere], why="of another page")
    with filled.batch() as batch:
        batch.review(review)
    assert filled.lookups.reviews_of([told.report.doc]) == []
    assert filled.lookups.reviews_of([], {words_of(told.report)}) == [review]
    assert filled.lookups.reviews_of([told.report.doc], {"1" * 64}) == []


def test_pages_are_told_by_their_bytes(filled: Ledger) -> None:
    hashes = filled.hashes()
    docs = sorted(hashes)[:3]
    assert filled.lookups.hashes(docs) == {doc: hashes[doc] for doc in docs}
    assert filled.lookups.hashes(["none.txt"]) == {}
    every = set(hashes.values())
    for doc in docs:
        assert filled.lookups.docs_with(every, [doc]) == [doc]
        assert filled.lookups.docs_with({hashes[doc]}, docs) == [d for d in docs if hashes[d] == hashes[doc]]
    assert filled.lookups.docs_with(set(), docs) == []


def test_entries_that_had_an_id(filled: Ledger) -> None:
    for entry in filled.entries():
        as_it = filled.lookups.stood_as(entry.id)
        assert as_it == [one for one in filled.lookups.stood(entry) if one.entry.id == entry.id]
        assert as_it[-1].until is None
    assert filled.lookups.stood_as("0123456789") == []
