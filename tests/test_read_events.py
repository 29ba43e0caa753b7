"""Reading: facts told without a verb, in lists, and events of which the report tells more than once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recoupe.model import Reading

Read = Callable[[str, str], Reading]
KYIV, MOSCOW = "country:UA", "country:RU"


@pytest.mark.parametrize(
    ("lang", "text", "parties"),
    [
        ("en", "Denmark pledged 19 F-16 jets to Ukraine, the Netherlands 24 and Norway six.", "DK:19 NL:24 NO:6"),
        ("fr", "Le Danemark a promis 19 F-16 à l'Ukraine, les Pays-Bas 24 et la Norvège six.", "DK:19 NL:24 NO:6"),
        ("en", "Germany will send four tanks to Ukraine; Canada, 12 howitzers.", "DE:4 CA:12"),
        ("en", "Britain has announced pledges to Ukraine that include:\n* 40 trucks\n* 12 howitzers", "GB:40 GB:12"),
    ],
)
def test_the_parts_of_a_list_are_a_claim_each(read: Read, lang: str, text: str, parties: str) -> None:
    claims = [c for c in read(lang, text).claims if c.values("count")]
    told = [f"{str(v).removeprefix('country:')}:{c.values('count')[0]}" for c in claims for v in c.values("donor")]
    assert {c.kind for c in claims} == {"pledge"}
    assert sorted(told) == sorted(parties.split())
    assert all(list(map(str, c.values("recipient"))) == [KYIV] for c in claims)


@pytest.mark.parametrize(
    ("lang", "more"),
    [
        ("en", "According to the institute, Poland has 800 tanks, Germany 300 tanks and France 200 tanks."),
        ("en", "Russia lost 400 tanks, Ukraine 200."),
        ("en", "Poland has taken in 1.5 million refugees, Germany one million and Romania 400,000."),
        ("en", "Germany won 45 medals at the games in Oslo, Norway 37 and France 12."),
        ("en", "The opposition listed what the war had cost:\n- 400 people have lost their homes\n- 12 schools closed"),
        ("fr", "La Pologne compte 800 chars, l'Allemagne 300 et la France 200."),
        ("fr", "La Pologne a accueilli 1,5 million de réfugiés, l'Allemagne un million et la Roumanie 400 000."),
    ],
)
def test_a_list_of_something_else_does_not_go_on_from_a_gift(read: Read, lang: str, more: str) -> None:
    gift = {"en": "Denmark pledged 19 jets to Ukraine.", "fr": "Le Danemark a promis 19 F-16 à l'Ukraine."}[lang]
    claims = [c for c in read(lang, f"{gift} {more}").claims if c.kind == "pledge"]
    assert [str(v) for c in claims for v in c.values("donor")] == ["country:DK"]


def test_an_aside_between_dashes_is_no_label(read: Read) -> None:
    (claim,) = read("en", "Germany – Europe's biggest economy – asked Poland to send 20 tanks to Ukraine.").claims
    assert [str(v) for v in claim.values("requester")] == ["country:DE"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Kyiv and Warsaw held talks in Lublin on Tuesday. The talks will resume in March."),
        ("fr", "Kiev et Varsovie ont tenu des pourparlers à Lublin mardi. Les pourparlers reprendront en mars."),
    ],
)
def test_a_later_mention_has_the_parties_told_before(read: Read, lang: str, text: str) -> None:
    first, second = (c for c in read(lang, text).claims if c.kind == "consultation")
    assert [str(c.time) for c in (first, second)] == ["2024-01-02", "2024-03"]
    assert {str(v) for v in second.values("participants")} == {KYIV, "country:PL"}
    assert not second.values("place")  # it may be held elsewhere
    words = [c.words for c in second.cells if c.role == "participants"]
    assert all(w is not None and w.end < second.evidence[0].start for w in words)


@pytest.mark.parametrize(
    ("lang", "text"),
    [("en", "The talks were constructive. Nothing was delivered."), ("fr", "Les discussions ont été utiles.")],
)
def test_a_mention_of_nothing_told_is_no_claim(read: Read, lang: str, text: str) -> None:
    assert not read(lang, text).claims


def test_talks_in_several_towns_are_told_once_each(read: Read) -> None:
    claims = read("en", "Russian and Ukrainian officials held talks in Geneva, Abu Dhabi and Miami on Tuesday.").claims
    assert sorted(str(v) for c in claims for v in c.values("place")) == [
        "place:abu-dhabi",
        "place:geneva",
        "place:miami",
    ]
    assert all({str(v) for v in c.values("participants")} == {KYIV, MOSCOW} for c in claims)
