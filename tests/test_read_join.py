"""Reading: what the claims of one report say of one another, and lists of things told once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recoupe.model import Claim, Reading

Read = Callable[[str, str], Reading]
KYIV, MOSCOW = "country:UA", "country:RU"


def values(claim: Claim, role: str) -> list[str]:
    return [str(v) for v in claim.values(role)]


TOLLS = [
    (
        "en",
        "Russia shelled Ukraine on Monday. {0}{1} {0}"
        "Since last summer 4,000 civilians have been killed in Ukraine's east.",
        "Russia also shelled Sumy. ",
        "Ukraine shelled Russia again. ",
        "The weather was mild all week, and shops and schools were open as usual; trains ran too. ",
    ),
    (
        "fr",
        "La Russie a bombardé l'Ukraine lundi. {0}{1} {0}"
        "Depuis l'été, 4 000 civils ont été tués dans l'est de l'Ukraine.",
        "La Russie a aussi bombardé Soumy. ",
        "L'Ukraine a de nouveau bombardé la Russie. ",
        "Il a fait doux toute la semaine, les commerces et les écoles étaient ouverts et les trains roulaient. ",
    ),
]


@pytest.mark.parametrize(("lang", "text", "same", "other", "pause"), TOLLS)
def test_a_toll_is_of_the_party_that_the_report_tells_as_struck(
    read: Read, lang: str, text: str, same: str, other: str, pause: str
) -> None:
    def toll(more: str) -> list[Claim]:
        claims = read(lang, text.format(pause * 5, more)).claims
        return [c for c in claims if c.values("killed")]

    (claim,) = toll(same)
    assert values(claim, "target") == [KYIV]
    assert values(claim, "attacker") == [MOSCOW]
    assert toll(other) == []  # both are struck: whose the toll is, is not told


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Germany will send Ukraine four tanks with 300 shells, 25 trucks of an older type and 14 howitzers."),
        (
            "fr",
            "L'Allemagne enverra à l'Ukraine quatre chars avec 300 obus, 25 camions d'un type ancien et 14 obusiers.",
        ),
    ],
)
def test_things_with_a_number_each_are_a_claim_each_however_they_are_joined(read: Read, lang: str, text: str) -> None:
    claims = read(lang, text).claims
    assert {c.kind for c in claims} == {"pledge"}
    assert sorted(values(c, "count") for c in claims) == [["14"], ["25"], ["300"], ["4"]]
    assert all(values(c, "recipient") == [KYIV] for c in claims)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Germany will send Ukraine four tanks, while 300 shells were found in a wood."),
        ("fr", "L'Allemagne enverra à l'Ukraine quatre chars, tandis que 300 obus ont été retrouvés dans un bois."),
    ],
)
def test_things_of_which_something_else_is_told_are_no_part_of_a_gift(read: Read, lang: str, text: str) -> None:
    assert [values(c, "count") for c in read(lang, text).claims if c.kind == "pledge"] == [["4"]]


@pytest.mark.parametrize(
    ("lang", "text", "sums"),
    [
        (
            "en",
            "Germany pledged 500 million euros; then Norway and Sweden 100 million each and Italy 20 million.",
            "DE:500e6 NO:100e6 SE:100e6 IT:20e6",
        ),
        (
            "fr",
            "Berlin a promis 500 millions d'euros ; "
            "suivent la Norvège et la Suède (100 millions chacune), l'Italie avec 20 millions.",
            "DE:500e6 NO:100e6 SE:100e6 IT:20e6",
        ),
    ],
)  # fmt: skip
def test_a_list_of_givers_goes_on_behind_the_first(read: Read, lang: str, text: str, sums: str) -> None:
    told = [
        f"{donor.removeprefix('country:')}:{amount.removesuffix(' EUR')}"
        for c in read(lang, text).claims
        for donor in values(c, "donor")
        for amount in values(c, "amount")
    ]
    assert sorted(told) == sorted(sums.split())


@pytest.mark.parametrize(
    ("lang", "text", "counts"),
    [
        ("en", "Denmark pledged 19 jets to Ukraine, the Netherlands 24 airframes and Norway six.", "DK:19 NL:24 NO:6"),
        ("fr", "Le Danemark a promis 19 F-16 à l'Ukraine, les Pays-Bas 24 appareils et la Norvège six.",
         "DK:19 NL:24 NO:6"),
    ],
)  # fmt: skip
def test_a_word_behind_a_number_does_not_end_a_list(read: Read, lang: str, text: str, counts: str) -> None:
    claims = read(lang, text).claims
    told = [f"{d.removeprefix('country:')}:{n}" for c in claims for d in values(c, "donor") for n in values(c, "count")]
    assert sorted(told) == sorted(counts.split())


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Norway will give Ukraine 20 F-16 jets this year. It has promised 300 million euros in military aid to "
         "Ukraine this year."),
        ("fr", "La Norvège a promis cette année 20 F-16 à l'Ukraine. Oslo a aussi promis 300 millions d'euros "
         "d'aide militaire à l'Ukraine cette année."),
    ],
)  # fmt: skip
def test_a_sum_for_more_and_pieces_are_two_gifts(read: Read, lang: str, text: str) -> None:
    told = [(values(c, "count"), values(c, "amount")) for c in read(lang, text).claims]
    assert sorted(told) == [([], ["300e6 EUR"]), (["20"], [])]
