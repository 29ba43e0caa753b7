"""The chain of an entry, and how sure it is, in the desk: the same as at the terminal, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from recoupe import pipeline
from recoupe.chains import REASONS, Reason
from recoupe.codebook import default_codebook
from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.model import Conflict, Entry, Reading, Side
from recoupe.publish.confidence import Confidence
from recoupe.web import Options, create_app
from recoupe.web.chain import Because, OpenShown, open_in_words, reason_in_words
from recoupe.web.reviewing import types_of
from recoupe.web.shelf import Shelf
from recoupe.web.sure import said
from recoupe.web.wording import Wording
from synthetic import Fact, page_of, reading

BOOK = default_codebook()
ENGLISH, FRENCH = (Wording.of(locale, BOOK) for locale in ("en_GB", "fr_FR"))
THIN = "\u202f"


def told(doc: str, kind: str, words: str, time: str, count: str, by: str | None = None) -> Reading:
    roles = {"donor": "country:DE", "recipient": "country:UA", "item": "patriot", "count": count}
    one = reading(doc, ["A headline", f"{words}."], [Fact(kind, roles, words, time=time)], time)
    claims = tuple(replace(claim, attribution=(by,) if by else ()) for claim in one.claims)
    return replace(one, claims=claims)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    where = str(tmp_path / "a.db")
    with create_ledger(where) as made:
        with made.batch(pipeline.made_with(BOOK)) as batch:
            for one in (
                told("promise.txt", "pledge", "Berlin promised seven batteries", "2024-01-10", "7", "country:DE"),
                told("sent.txt", "delivery", "Berlin handed three of them over", "2024-03-01", "3"),
            ):
                batch.add(page_of(one), one)
        pipeline.review(made, (), BOOK)
    with open_ledger(where) as opened:
        yield opened


@pytest.fixture
def client(ledger: Ledger) -> TestClient:
    return TestClient(create_app(Options(ledger.name), Shelf(ledger, BOOK)), "http://127.0.0.1")


def the(ledger: Ledger, kind: str) -> Entry:
    return next(entry for entry in ledger.entries() if entry.kind == kind)


def test_what_it_follows_and_what_remains_open(ledger: Ledger, client: TestClient) -> None:
    promise, sent = the(ledger, "pledge"), the(ledger, "delivery")
    chain = client.get(f"/api/entry/{sent.id}/chain").json()
    assert [step["entry"]["id"] for step in chain["steps"]] == [promise.id, sent.id]
    first, last = chain["steps"]
    assert first["follows"] is None
    assert (last["follows"]["id"], last["follows"]["words"]) == (promise.id, "carries out")
    assert last["follows"]["points"] == sum(r["points"] for r in last["follows"]["reasons"])
    assert {"name": "both", "of": ["country:DE"], "points": 10} in last["follows"]["reasons"]
    assert first["open"] == [
        {"unit": "", "whole": "7", "met": "3", "left": "4", "untold": 0, "nothing": False, "begun": True,
         "words": "not yet reported delivered"}
    ]  # fmt: skip
    page = client.get(f"/entry/{promise.id}/chain").text
    assert "4 of 7 not yet reported delivered" in page
    assert "Germany in both (+10)" in page
    french = client.get(f"/entry/{promise.id}/chain", headers={"accept-language": "fr"}).text
    assert "4 sur 7 pas encore livré" in french
    assert "Allemagne de part et d&#39;autre (+10)" in french
    assert f'href="/entry/{sent.id}/chain"' in client.get(f"/entry/{sent.id}").text


def test_an_entry_of_another_kind_is_no_step(tmp_path: Path) -> None:
    where = str(tmp_path / "b.db")
    one = reading("a.txt", ["A headline", "Shells fell."], [Fact("attack", {"place": "place:kyiv"}, "Shells fell")])
    with create_ledger(where) as made:
        with made.batch(pipeline.made_with(BOOK)) as batch:
            batch.add(page_of(one), one)
        pipeline.review(made, (), BOOK)
        (entry,) = made.entries()
    with open_ledger(where) as opened:
        client = TestClient(create_app(Options(where), Shelf(opened, BOOK)), "http://127.0.0.1")
        assert client.get(f"/api/entry/{entry.id}/chain").json()["steps"] == []
        assert "no step of a chain" in client.get(f"/entry/{entry.id}/chain").text
        assert "/chain" not in client.get(f"/entry/{entry.id}").text
        assert client.get("/entry/0123456789/chain").status_code == 404


def test_the_beginning_of_an_id_leads_on(ledger: Ledger, client: TestClient) -> None:
    entry = the(ledger, "pledge")
    response = client.get(f"/entry/{entry.id[:6]}/chain", follow_redirects=False)
    assert response.headers["location"] == f"/entry/{entry.id}/chain"


@pytest.mark.parametrize("name", REASONS)
def test_every_reason_has_words_in_both_languages(name: str) -> None:
    of = ("country:DE", "org:nato")
    english = reason_in_words(Because(name, of), ENGLISH)
    assert english != reason_in_words(Because(name, of), FRENCH)
    # The terminal says the same, of ids instead of names.
    assert str(Reason(name, of)).replace("DE", "Germany").replace("nato", "NATO") == english


def test_all_words_of_chains_are_known_in_french() -> None:
    words = {link.words for link in BOOK.chains.links} | {s.open for s in BOOK.chains.steps.values() if s.open}
    assert set(BOOK.labels["fr"].chains) == words
    assert ENGLISH.chain("carries out") == "carries out"


@pytest.mark.parametrize(
    ("open_", "english", "french"),
    [
        (OpenShown("", "7", "7", "0", 0, True, True, "w"), "nothing of 7", "rien sur 7"),
        (OpenShown("", "7", "0", "7", 0, False, False, "w"), "all of 7 w", "la totalité de 7 w"),
        (OpenShown("", "7", "0", "<=7", 1, False, False, "w"), "a part of 7 w; how much is not said",
         "une part de 7 w ; on ne dit pas combien"),
        (OpenShown("EUR", "1000", "400", "600", 1, False, True, "w"),
         "600 EUR of 1,000 EUR w; more was done without a number",
         f"600 EUR sur 1{THIN}000 EUR w ; d'autres ont été faits sans nombre"),
    ],
)  # fmt: skip
def test_what_remains_open_in_words(open_: OpenShown, english: str, french: str) -> None:
    assert (open_in_words(open_, ENGLISH), open_in_words(open_, FRENCH)) == (english, french)


def sure(entry: Entry, *made: Reading) -> tuple[str, str]:
    counted = Confidence(BOOK).weighed(entry, {one.report.doc: one for one in made})
    types = types_of(entry.kind, BOOK)
    return said(counted, types, ENGLISH), said(counted, types, FRENCH)


def test_how_sure_in_both_languages() -> None:
    one = told("one.txt", "delivery", "Three were sent", "2024-01-02", "3", "country:DE")
    two = told("two.txt", "delivery", "Four were sent", "2024-01-02", "4")
    three = told("three.txt", "delivery", "Four were sent", "2024-01-02", "4")
    three = replace(three, claims=(replace(three.claims[0], status="planned"),))
    entry = Entry(
        "0" * 10, "delivery", "done", (("donor", ("country:DE",)),), None, ("one.txt#1",), ("country:DE",)
    )  # fmt: skip
    assert sure(entry, one) == (
        "1 origin: the word of Germany; told by nobody but a party to it",
        "1 origine, sur parole : Allemagne ; dit seulement par l'une des parties",
    )
    sides = (Side("3", ("one.txt#1",)), Side("4", ("two.txt#1",)))
    entry = replace(
        entry, claims=("one.txt#1", "three.txt#1", "two.txt#1"), origins=("afp", "country:DE"),
        conflicts=(Conflict("count", sides),),
    )  # fmt: skip
    assert sure(entry, one, two, three) == (
        "2 independent origins: AFP and Germany, told in 3 reports; 1 of 3 reports gives it to Germany; in 1 report "
        "told as still ahead; contested: number (3 ≠ 4)",
        "2 origines indépendantes : AFP et Allemagne, dans 3 articles ; 1 article sur 3 l'attribue à Allemagne ; donné "
        "comme à venir dans 1 article ; contesté : nombre (3 ≠ 4)",
    )


def test_many_origins_are_counted() -> None:
    made = [told(f"{n}.txt", "delivery", "Three were sent", "2024-01-02", "3") for n in range(5)]
    entry = Entry("0" * 10, "delivery", "planned", (), None, tuple(f"{n}.txt#1" for n in range(5)),
                  ("afp", "ap", "dpa", "rt", "reuters"))  # fmt: skip
    english, french = sure(entry, *made)
    assert english.startswith("5 independent origins: ")
    assert "and 2 more; in the reports' own words; announced, not yet done" in english
    assert "et 2 de plus" in french or "et 2 autres" in french
