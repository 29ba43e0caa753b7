"""The time of a claim: which words say it, and what they leave of the calendar. The sentences are ours."""

from __future__ import annotations

import pytest

from recoupe.codebook import Codebook
from recoupe.mark import mark
from recoupe.model import Block, Dating, Reading, Report, Span
from recoupe.read import read_claims
from recoupe.values import When

THURSDAY = "2024-01-04"


def times(codebook: Codebook, lang: str, text: str) -> dict[str, str]:
    """The claims of a text published on that Thursday: their kinds and times."""
    report = Report("t", text, lang, (Block(Span(0, len(text)), "body"),))
    reading = read_claims(mark(Reading(report, dating=Dating(When.parse(THURSDAY))), codebook), codebook)
    return {claim.kind: str(claim.time or "") for claim in reading.claims}


@pytest.mark.parametrize(
    "text",
    [
        "KYIV, January 3 — One day after the attack on Dnipro, Spain pledged 100 million euros to Ukraine.",
        "Russia attacked Odesa on Monday.\n\nA day after the vote, Spain pledged 9 million euros to Ukraine.",
    ],
)
def test_a_sequel_to_what_is_not_known_places_nothing(codebook: Codebook, text: str) -> None:
    assert times(codebook, "en", text)["pledge"] == ""


def test_a_date_beside_a_sequel_is_the_time(codebook: Codebook) -> None:
    text = "La veille de ce vote, le 2 janvier, l'Espagne a promis 100 millions d'euros à l'Ukraine."
    assert times(codebook, "fr", text) == {"pledge": "2024-01-02"}


def test_a_sequel_to_a_date_told_before_is_counted_from_it(codebook: Codebook) -> None:
    text = "Russia attacked Odesa with drones on Monday. The next day, Spain pledged 100 million euros to Ukraine."
    assert times(codebook, "en", text) == {"attack": "2024-01-01", "pledge": "2024-01-02"}


def test_a_sequel_is_counted_from_no_date_far_off(codebook: Codebook) -> None:
    far = " The market was full of people who had come to buy and sell what there was." * 15
    text = (
        f"Russia attacked Odesa with drones on Monday.{far} The next day, Spain pledged 100 million euros to Ukraine."
    )
    assert times(codebook, "en", text)["pledge"] == ""


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Germany will deliver ten Leopard tanks to Ukraine from Monday."),
        ("fr", "L'Allemagne livrera dix chars Leopard à l'Ukraine à partir de lundi."),
    ],
)
def test_a_pledge_is_not_made_when_it_is_to_be_kept(codebook: Codebook, lang: str, text: str) -> None:
    assert times(codebook, lang, text) == {"pledge": ""}


@pytest.mark.parametrize(
    ("lang", "text", "when"),
    [
        ("en", "NATO ambassadors will meet in Brussels until Monday.", "../2024-01-08"),
        ("en", "NATO ambassadors will meet in Brussels from Monday.", "2024-01-08/.."),
        ("fr", "Les ambassadeurs de l'OTAN se réuniront à Bruxelles jusqu'à lundi.", "../2024-01-08"),
        ("en", "NATO ambassadors will meet in Brussels from Monday to Friday.", "2024-01-08/2024-01-12"),
    ],
)
def test_a_bound_of_what_is_planned_is_to_come(codebook: Codebook, lang: str, text: str, when: str) -> None:
    assert times(codebook, lang, text) == {"consultation": when}


@pytest.mark.parametrize(
    ("lang", "text", "when"),
    [
        ("en", "Germany delivered ten Leopard tanks to Ukraine in December and January 2023.", "2022-12"),
        ("fr", "L'Allemagne a livré dix chars Leopard à l'Ukraine en décembre et janvier 2023.", "2022-12"),
        ("en", "Germany delivered ten Leopard tanks to Ukraine in November–December 2022.", "2022-11/2022-12"),
        ("en", "Germany delivered ten Leopard tanks to Ukraine on the first Monday of May 2023.", "2023-05-01"),
    ],
)
def test_the_months_of_a_claim(codebook: Codebook, lang: str, text: str, when: str) -> None:
    assert times(codebook, lang, text) == {"delivery": when}
