"""What belongs to what: names that the parser hangs on a day, subjects that it parts from their verb, pronouns for what
is given, the times of other events. The sentences are ours.
"""

from __future__ import annotations

import pytest

from recoupe.codebook import Codebook
from recoupe.mark import mark
from recoupe.model import Block, Claim, Dating, Reading, Report, Span
from recoupe.read import read_claims
from recoupe.values import When

THURSDAY = "2024-03-07"


def claims(codebook: Codebook, lang: str, text: str) -> list[Claim]:
    """The claims of a text published on that Thursday."""
    report = Report("t", text, lang, (Block(Span(0, len(text)), "body"),))
    return list(read_claims(mark(Reading(report, dating=Dating(When.parse(THURSDAY))), codebook), codebook).claims)


def told(claim: Claim, *roles: str) -> list[str]:
    """The values of some roles, in their order."""
    return [str(v) for role in roles for v in claim.values(role)]


@pytest.mark.parametrize(
    ("text", "parties", "place", "time"),
    [
        ("La ministre finlandaise s'est rendue à Oslo jeudi.", ["country:FI", "country:NO"], "place:oslo", THURSDAY),
        ("Emmanuel Macron s'est rendu à Varsovie.", ["country:FR", "country:PL"], "place:warsaw", ""),
        ("Olaf Scholz s'est rendu mardi en Suède.", ["country:DE", "country:SE"], "country:SE", "2024-03-05"),
    ],
)
def test_a_visit_has_its_traveller_and_its_place(
    codebook: Codebook, text: str, parties: list[str], place: str, time: str
) -> None:
    (visit,) = claims(codebook, "fr", text)
    assert [v for v in told(visit, "participants") if v.startswith("country:")] == parties
    assert (told(visit, "place"), str(visit.time or "")) == ([place], time)


def test_a_place_named_right_before_a_day_is_the_one_struck(codebook: Codebook) -> None:
    (strike,) = claims(codebook, "fr", "Un drone a touché Odessa lundi.")
    assert (told(strike, "place"), str(strike.time)) == (["place:odesa"], "2024-03-04")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Work at the mill came to a halt after Russian bombardment, said its owner in Ukraine."),
        ("fr", "L'usine ukrainienne s'est arrêtée après des frappes russes."),
    ],
)
def test_strikes_are_told_by_who_struck(codebook: Codebook, lang: str, text: str) -> None:
    (strike,) = (c for c in claims(codebook, lang, text) if c.kind == "attack")
    assert told(strike, "attacker", "target") == ["country:RU", "country:UA"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "In Ukraine, people fear that Russia may attack again."),
        ("en", "Kyiv is quiet. Moscow spoke of peace; it bombed."),
    ],
)
def test_strikes_that_may_come_or_that_a_pronoun_tells_of_are_not(codebook: Codebook, lang: str, text: str) -> None:
    assert [c for c in claims(codebook, lang, text) if c.kind == "attack"] == []


@pytest.mark.parametrize(
    ("lang", "text", "item"),
    [
        ("en", "Slovakia took its only S-300 and handed it over to Ukraine, with a Patriot on its way.", "s-300"),
        ("fr", "Bratislava a pris son unique S-300 et l'a remis à l'Ukraine, avec des Patriot en échange.", "s-300"),
    ],
)
def test_a_pronoun_stands_for_what_is_given(codebook: Codebook, lang: str, text: str, item: str) -> None:
    (gift,) = (c for c in claims(codebook, lang, text) if c.kind == "delivery")
    assert told(gift, "donor", "recipient", "item") == ["country:SK", "country:UA", item]


def test_what_is_ordered_is_not_given_by_who_backs_the_order(codebook: Codebook) -> None:
    text = "The alliance backs a joint order for 300 Patriot missiles, which Norway and Spain placed for Ukraine."
    assert [c for c in claims(codebook, "en", text) if c.kind == "delivery"] == []


def test_what_fills_a_gap_is_not_given_with_what_made_it(codebook: Codebook) -> None:
    text = "Slovakia gives Ukraine its only S-300; US Patriot battery to fill the gap"
    gifts = [c for c in claims(codebook, "en", text) if c.kind == "delivery"]
    assert [told(c, "donor", "item") for c in gifts] == [["country:SK", "s-300"]]


def test_who_may_receive_gives_nothing(codebook: Codebook) -> None:
    (gift,) = claims(codebook, "fr", "Kyiv pourrait recevoir cinq Patriot d'ici l'été.")
    assert (told(gift, "donor"), told(gift, "recipient")) == ([], ["country:UA"])


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("fr", "Les Vingt-Sept débloquent 9 milliards d'euros pour l'Ukraine jusqu'en 2027.", "pledge"),
        ("en", "Norway unlocks 2 billion euros for Ukraine through 2027.", "pledge"),
        ("en", "Norway supported Ukraine with 2 billion euros until May 2023.", "delivery"),
    ],
)
def test_what_is_given_until_years_to_come_is_promised(codebook: Codebook, lang: str, text: str, kind: str) -> None:
    assert [c.kind for c in claims(codebook, lang, text)] == [kind]


def test_drones_that_are_sent_against_a_town_are_no_gift(codebook: Codebook) -> None:
    text = "L'attaque russe a débuté par l'envoi de 35 drones explosifs sur Kharkiv."
    assert {c.kind for c in claims(codebook, "fr", text)} == {"attack"}


def test_an_event_that_another_followed_keeps_its_time(codebook: Codebook) -> None:
    told_times = [
        str(c.time or "") for c in claims(codebook, "en", "The raid on Kharkiv followed the shelling of Feb. 29.")
    ]
    assert told_times == ["", "2024-02-29"]


def test_who_calls_a_raid_something_is_not_who_flew_it(codebook: Codebook) -> None:
    text = "Russian drones hit Odesa on Monday, a raid which Kyiv described as the largest bombardment of the war."
    assert {v for c in claims(codebook, "en", text) for v in told(c, "attacker")} == {"country:RU"}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Ministers will meet in Oslo, it emerged on Wednesday."),
        ("fr", "Les ministres se réuniront à Oslo, selon une lettre rendue publique mercredi."),
    ],
)
def test_what_is_to_come_is_not_of_the_day_when_it_was_made_known(codebook: Codebook, lang: str, text: str) -> None:
    (claim,) = claims(codebook, lang, text)
    assert claim.time is None
