"""Reading: threats, leave to strike, bodies set up, troops sent, and other words of the press."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recoupe.model import Reading

Read = Callable[[str, str], Reading]


def told(reading: Reading) -> list[tuple[str, str]]:
    return [(claim.kind, claim.status) for claim in reading.claims]


def filled(reading: Reading, kind: str, role: str) -> set[str]:
    return {str(c.value) for claim in reading.claims if claim.kind == kind for c in claim.cells if c.role == role}


@pytest.mark.parametrize(
    ("lang", "text", "actor"),
    [
        ("fr", "La Hongrie a menacé de bloquer le prêt à l'Ukraine.", "country:HU"),
        ("fr", "Moscou a prévenu que les avions seraient des cibles légitimes.", "country:RU"),
        ("fr", "Si les navires approchent, la Russie ripostera.", "country:RU"),
        ("en", "Hungary has threatened to veto the loan to Ukraine.", "country:HU"),
        ("en", "Moscow warned that the jets would be legitimate targets.", "country:RU"),
        ("en", "Russia will retaliate if the ships come near.", "country:RU"),
    ],
)
def test_who_threatens_to_act_makes_a_threat_without_a_target(read: Read, lang: str, text: str, actor: str) -> None:
    reading = read(lang, text)
    assert ("threat", "done") in told(reading)
    assert filled(reading, "threat", "actor") == {actor}
    assert "refusal" not in [kind for kind, _ in told(reading)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "La Norvège a menacé la Russie de nouvelles sanctions."),
        ("en", "Norway threatened Russia with new sanctions."),
    ],
)
def test_sanctions_that_are_threatened_are_possible_sanctions(read: Read, lang: str, text: str) -> None:
    reading = read(lang, text)
    assert told(reading) == [("sanction", "possible")]
    assert filled(reading, "sanction", "actor") == {"country:NO"}


@pytest.mark.parametrize(
    ("lang", "text", "kind", "status"),
    [
        ("fr", "La Norvège a autorisé l'Ukraine à frapper des cibles en Russie.", "agreement", "done"),
        ("fr", "Les Pays-Bas ont levé les restrictions sur l'emploi de leurs missiles.", "agreement", "done"),
        ("fr", "Kiev demande à la Norvège de lever les restrictions à l'emploi des missiles.", "request", "done"),
        ("en", "Norway has allowed Ukraine to strike targets in Russia.", "agreement", "done"),
        ("en", "The Netherlands lifted its restrictions on the use of the missiles.", "agreement", "done"),
        ("en", "Kyiv asked Norway to lift restrictions on the use of the missiles.", "request", "done"),
    ],
)
def test_leave_to_strike_is_no_strike(read: Read, lang: str, text: str, kind: str, status: str) -> None:
    found = told(read(lang, text))
    assert (kind, status) in found
    assert not {"sanction", "delivery", "attack"} & {k for k, _ in found}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "L'Otan a créé un nouveau commandement en Allemagne."),
        ("en", "NATO has created a new command in Germany."),
    ],
)
def test_a_body_may_be_set_up_by_one_alone(read: Read, lang: str, text: str) -> None:
    assert filled(read(lang, text), "agreement", "parties") == {"org:nato"}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Quelque 3 000 soldats nord-coréens sont arrivés en Russie."),
        ("en", "Some 3,000 North Korean soldiers arrived in Russia."),
        ("en", "Some 3,000 North Korean soldiers were sent to Russia."),
    ],
)
def test_troops_that_are_sent_are_deployed_and_not_delivered(read: Read, lang: str, text: str) -> None:
    reading = read(lang, text)
    assert [kind for kind, _ in told(reading)] == ["deployment"]
    assert filled(reading, "deployment", "count") == {"~3000"}


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("fr", "La Norvège a opté pour des chars Abrams.", "purchase"),
        ("fr", "Les seize obusiers ont été payés par la Norvège.", "purchase"),
        ("fr", "Oslo a rejeté sur la Russie la responsabilité du sabotage.", "condemnation"),
        ("fr", "Le Parlement norvégien a ratifié l'adhésion de la Suède à l'Otan.", "agreement"),
        ("fr", "Oslo refuse toujours de livrer des chars à l'Ukraine.", "refusal"),
        ("fr", "La Norvège a envoyé six canons Caesar à l'Ukraine.", "delivery"),
        ("fr", "Les banques russes ont été placées sous sanctions par la Norvège.", "sanction"),
        ("en", "Norway spent 200 million euros on howitzers.", "purchase"),
        ("en", "Norway has opted for Abrams tanks.", "purchase"),
        ("en", "Ukraine has no missiles left.", "shortfall"),
        ("en", "Norway's parliament ratified Sweden's bid to join NATO.", "agreement"),
        ("en", "Ukrainian pilots are learning to fly the jets in Norway.", "training"),
        ("en", "Norway has placed Russian banks under sanctions.", "sanction"),
    ],
)
def test_the_words_of_the_press_for_an_act(read: Read, lang: str, text: str, kind: str) -> None:
    assert [k for k, _ in told(read(lang, text))] == [kind]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "La Norvège a envoyé des camions à l'Ukraine."),
        ("en", "Norway sent envoys and trucks to Ukraine."),
    ],
)
def test_a_verb_between_a_state_and_an_envoy_is_no_part_of_an_office(read: Read, lang: str, text: str) -> None:
    reading = read(lang, text)
    assert filled(reading, "delivery", "donor") == {"country:NO"}
    assert not [m for m in reading.mentions if m.note.startswith("office") and str(m.value) == "country:NO"]
