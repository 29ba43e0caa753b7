"""Reading: what is told as an opinion or as something else is no claim; whose word a claim is, and its status."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recoupe.model import Claim, Reading

Read = Callable[[str, str], Reading]


def only(reading: Reading, kind: str) -> Claim:
    """The one claim of a kind."""
    (claim,) = [c for c in reading.claims if c.kind == kind]
    return claim


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Il faut livrer vingt chars à l'Ukraine."),
        ("fr", "« Nous devons continuer de fournir à l'Ukraine des munitions », a déclaré Jens Stoltenberg."),
        ("fr", "Les alliés doivent cesser de livrer des armes à l'Ukraine."),
        ("fr", "Il est nécessaire de négocier avec la Russie à Genève."),
        ("en", "Germany must send Ukraine twenty tanks."),
        ("en", '"We must send Ukraine twenty tanks," Olaf Scholz said.'),
        ("en", "It is vital to provide Ukraine with ammunition."),
    ],
)
def test_what_somebody_must_do_is_no_claim_where_nobody_else_asks_for_it(read: Read, lang: str, text: str) -> None:
    assert not read(lang, text).claims


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Il faut que l'Allemagne et la France fournissent des chars à l'Ukraine, a dit Emmanuel Macron."),
        ("en", "Germany has to send Ukraine tanks, Emmanuel Macron said."),
    ],
)
def test_what_somebody_must_do_is_asked_for_by_who_says_so(read: Read, lang: str, text: str) -> None:
    claim = only(read(lang, text), "request")
    assert claim.attribution == ("person:emmanuel-macron",)


def test_what_had_to_be_done_was_done(read: Read) -> None:
    assert only(read("en", "Germany had to send Ukraine tanks."), "delivery").status == "done"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Les forces ukrainiennes ont repoussé trente attaques russes près de Pokrovsk."),
        ("en", "Ukrainian forces repelled thirty Russian attacks near Pokrovsk."),
        ("en", "Russia carried out thirteen attacks in the Pokrovsk direction."),
    ],
)
def test_fighting_on_the_ground_is_no_strike(read: Read, lang: str, text: str) -> None:
    assert not read(lang, text).claims


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Des drones russes ont attaqué Pokrovsk, sur la ligne de front."),
        ("en", "Russian drones attacked Pokrovsk on the front line."),
    ],
)
def test_a_strike_on_the_front_is_one_by_its_weapon(read: Read, lang: str, text: str) -> None:
    assert str(only(read(lang, text), "attack").values("weapon")[0]) == "drone"


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("fr", "La Norvège donne vingt chars à l'Ukraine.", "pledge"),
        ("fr", "Oslo a donné vingt chars à l'Ukraine.", "delivery"),
        ("fr", "Oslo donne des chars à l'Ukraine.", "delivery"),
        ("en", "Oslo gives twenty tanks to Ukraine.", "pledge"),
        ("en", "Oslo to send twenty tanks to Ukraine", "pledge"),
        ("en", "Oslo gave twenty tanks to Ukraine.", "delivery"),
        ("en", "Oslo gives tanks to Ukraine.", "delivery"),
    ],
)
def test_so_many_given_in_the_present_tense_are_promised(read: Read, lang: str, text: str, kind: str) -> None:
    assert [c.kind for c in read(lang, text).claims] == [kind]


@pytest.mark.parametrize(
    ("lang", "text", "kind", "status"),
    [
        ("fr", "Si les attaques russes contre Odessa commencent, la mer sera fermée.", "attack", "possible"),
        ("fr", "Ni Moscou ni Kiev n'ont frappé Odessa lundi.", "attack", "denied"),
        ("en", "Neither Moscow nor Kyiv has struck Odesa.", "attack", "denied"),
        ("en", "Russian strikes on Odesa did not stop the harbour.", "attack", "done"),
        ("en", "Germany did not stop France from giving Ukraine tanks.", "delivery", "done"),
        ("en", "A possible summit of Russia and Ukraine in Ankara worries Poland.", "consultation", "possible"),
    ],
)
def test_status(read: Read, lang: str, text: str, kind: str, status: str) -> None:
    assert status in [c.status for c in read(lang, text).claims if c.kind == kind]


@pytest.mark.parametrize(
    ("lang", "text", "kind", "said"),
    [
        ("fr", "Emmanuel Macron a refusé de livrer des chars à l'Ukraine.", "refusal", ()),
        ("fr", "Moscou a lancé une attaque contre Odessa.", "attack", ()),
        ("en", "Joe Biden pledged twenty tanks to Ukraine.", "pledge", ()),
        ("en", "Olaf Scholz urged the United States to send Ukraine tanks.", "request", ("person:olaf-scholz",)),
        ("en", "Russia rejected the plan, saying that peace was far away.", "refusal", ()),
        ("en", "Russia struck Odesa, Olaf Scholz said.", "attack", ("person:olaf-scholz",)),
    ],
)
def test_whose_word_a_claim_is(read: Read, lang: str, text: str, kind: str, said: tuple[str, ...]) -> None:
    assert only(read(lang, text), kind).attribution == said


def test_what_the_report_tells_again_itself_is_its_own(read: Read) -> None:
    text = "Russia struck Odesa with drones on Monday, Kyiv said.\n\nRussia struck Odesa with drones on Monday."
    claim = only(read("en", text), "attack")
    assert claim.attribution == ()
    assert not [g for g in claim.grounds if g.of == "attribution"]
