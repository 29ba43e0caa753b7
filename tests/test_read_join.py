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
        "Russia shelled Ukraine on Monday. {0}{1} {0}Since last summer 4,000 civilians have been killed in Ukraine's east.",
        "Russia also shelled Sumy. ",
        "Ukraine shelled Russia again. ",
        "The weather was mild all week, and shops and schools were open as usual; trains ran too. ",
    ),
    (
        "fr",
        "La Russie a bombardé l'Ukraine lundi. {0}{1} {0}Depuis l'été, 4 000 civils ont été tués dans l'est de l'Ukraine.",
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
    assert all(values(c, "target") != [MOSCOW] for c in toll(other))
