"""What a card says of an entry, and which words the entry is found by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recoupe.codebook import Codebook
from recoupe.ledger.carding import card_of, review_of, words_of
from recoupe.ledger.found import BETWEEN, REVIEWS, Card
from recoupe.model import Conflict, Entry, Reviewed, Side
from synthetic import Fact, book, claim

ENTRY = Entry(
    "0123456789",
    "delivery",
    "done",
    (("donor", ("country:DE|country:FR", "org:nato")), ("item", ("leopard-2",)), ("count", ("12",))),
    "2024-01-02/2024-01-05",
    ("a.txt#1", "b.txt#2"),
    ("ap", "reuters"),
    (Conflict("count", (Side("12", ("a.txt#1",)), Side("14", ("b.txt#2",)))),),
)


def test_a_card_says_what_is_asked_of_an_entry() -> None:
    parties = BETWEEN.join(("donor=country:DE|country:FR", "donor=org:nato", "item=leopard-2"))
    first, last = date(2024, 1, 2).toordinal(), date(2024, 1, 5).toordinal()
    assert card_of(7, ENTRY, book()) == Card(7, "0123456789", "delivery", "done", first, last, 2, 2, 1, "none", parties)


@pytest.mark.parametrize(
    ("time", "days"), [(None, (None, None)), ("2024-01-02/..", (738887, None)), ("../2024-01-02", (None, 738887))]
)
def test_a_side_that_is_open_has_no_day(time: str | None, days: tuple[int | None, int | None]) -> None:
    card = card_of(1, replace(ENTRY, time=time), book())
    assert (card.first, card.last) == days


def test_roles_that_the_codebook_does_not_have_are_no_parties() -> None:
    assert card_of(1, replace(ENTRY, kind="festival"), book()).parties == ""
    assert card_of(1, replace(ENTRY, roles=(("count", ("12",)),)), book()).parties == ""


@pytest.mark.parametrize(
    ("review", "state"),
    [
        (None, "none"),
        (Reviewed(notes=("ana: why?",)), "noted"),
        (Reviewed(("a.txt#1",), ("ana",), ("ana: why?",)), "partly"),
        (Reviewed(("a.txt#1", "b.txt#2"), ("ana",)), "accepted"),
        (Reviewed(("a.txt#1", "b.txt#2"), ("ana",), (), 1), "waiting"),
        (Reviewed(by=("ana",)), "none"),
    ],
)
def test_how_far_people_have_reviewed_it(review: Reviewed | None, state: str) -> None:
    assert review_of(replace(ENTRY, review=review)) == state
    assert state in REVIEWS


def test_it_is_found_by_its_evidence_and_the_names_of_its_values(codebook: Codebook) -> None:
    text = "« Les chars Léopard », dit-il, sont là. Leopards arrived."
    french = claim(text, Fact("delivery", {"item": ["leopard-2"]}, "Les chars Léopard"))
    english = claim(text, Fact("delivery", {"item": ["leopard-2"]}, "Leopards arrived"))
    entry = replace(ENTRY, roles=(*ENTRY.roles, ("recipient", ("unnamed:un allié",)), ("amount", ("5 EUR",))))
    words = words_of(entry, [french, english, french], codebook)
    assert words.count("les chars leopard") == 1
    assert "leopards arrived" in words
    for name in ("germany", "allemagne", "france", "nato", "otan", "un allie"):
        assert f" {name} " in f" {words} ", name
    assert "eur" not in words.split()


def test_what_has_no_name_is_found_by_its_id() -> None:
    entry = Entry(
        "1", "attack", "done", (("place", ("place:new-port",)), ("weapon", ("other:sand bags",))), None, (), ()
    )
    assert words_of(entry, [], book()) == "new port sand bags"
