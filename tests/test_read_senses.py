"""Reading: words in another sense, people who attend, and what a report tells once for all its claims."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recoupe.codebook import Codebook
from recoupe.mark import Marker
from recoupe.model import Reading
from recoupe.values import Item

Read = Callable[[str, str], Reading]


def kinds(reading: Reading) -> list[str]:
    return [claim.kind for claim in reading.claims]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Les Ukrainiens devraient se rendre, dit la Russie."),
        ("fr", "Les Ukrainiens se retrouvent pris au piège en Russie."),
        ("fr", "La Hollande et la Belgique veulent une autre politique."),
        ("fr", "Kiev devra faire appel à l'Allemagne."),
        ("fr", "L'Otan, qui siège à Bruxelles, cherche un chef."),
        ("en", "Russian forces attacked near Pokrovsk and toward Lyman on Monday."),
        ("en", "Russian forces attacked in Kursk and Sumy oblasts on Monday."),
        ("en", "The order of battle of Russia lists 40 tanks."),
        ("en", "Poland fears a rising electricity demand in Germany."),
    ],
)
def test_a_word_in_another_sense_tells_nothing_of_its_own(read: Read, lang: str, text: str) -> None:
    assert not {"consultation", "attack", "purchase", "pledge", "delivery"} & set(kinds(read(lang, text)))
    assert not [c for c in read(lang, text).claims if c.kind == "request" and "need" not in c.rule]


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("fr", "Le président français s'est rendu à Kiev lundi.", "consultation"),
        ("fr", "L'Ukraine a reçu des missiles de l'Allemagne.", "delivery"),
        ("fr", "Kiev veut des missiles Patriot, a dit Volodymyr Zelensky.", "request"),
        ("fr", "Des missiles russes ont visé la ville de Kharkiv.", "attack"),
        ("en", "Russian missiles targeted the port of Odesa.", "attack"),
        ("en", "Russian drones attacked Pokrovsk on Monday.", "attack"),
    ],
)
def test_the_same_words_in_their_own_sense_tell_it(read: Read, lang: str, text: str, kind: str) -> None:
    assert kind in kinds(read(lang, text))


def test_to_aim_at_somebody_is_no_strike_by_itself(read: Read) -> None:
    assert "attack" not in kinds(read("en", "The EU had successfully targeted Russia's trade."))
    assert "attack" not in kinds(read("fr", "Le ministre russe a aussi visé l'Ukraine dans son discours."))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Les forces de l'ordre et les forces politiques ont un arsenal juridique."),
        ("en", "A think tank in London said market forces were under the radar."),
    ],
)
def test_words_that_name_nothing(codebook: Codebook, lang: str, text: str) -> None:
    assert not [m for m in Marker.of(codebook, lang).mentions(text) if isinstance(m.value, Item)]


def test_all_who_attend_are_told(read: Read) -> None:
    text = "The foreign ministers of Ukraine and Russia, Dmytro Kuleba and Sergey Lavrov, met in Antalya."
    (claim,) = read("en", text).claims
    assert {"person:dmytro-kuleba", "person:sergey-lavrov"} <= {str(v) for v in claim.values("participants")}
    (claim,) = read("en", "Steve Witkoff and Jared Kushner held talks with Volodymyr Zelensky in Geneva.").claims
    assert {"person:steve-witkoff", "person:jared-kushner"} <= {str(v) for v in claim.values("participants")}


def test_u_s_is_an_adjective_among_adjectives(read: Read) -> None:
    (claim,) = read("en", "U.S., Russian and Ukrainian officials met in Geneva.").claims
    assert {str(v) for v in claim.values("participants")} == {"country:US", "country:RU", "country:UA"}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Steve Witkoff travelled to Moscow to meet Vladimir Putin."),
        ("fr", "Le président français Emmanuel Macron arrive à Moscou pour s'entretenir avec Vladimir Poutine."),
    ],
)
def test_to_travel_to_meet_is_one_meeting(read: Read, lang: str, text: str) -> None:
    (claim,) = read(lang, text).claims
    assert (claim.kind, claim.status) == ("consultation", "done")
    assert [str(v) for v in claim.values("place")] == ["place:moscow"]
    assert "person:vladimir-putin" in map(str, claim.values("participants"))


def test_a_gift_to_be_is_no_part_of_a_gift(read: Read) -> None:
    text = "Germany sent engineers to Ukraine to deliver 20 tanks to Kyiv."
    assert ("pledge", "done") in [(c.kind, c.status) for c in read("en", text).claims]


def test_an_office_before_a_name_is_not_that_of_the_name_before_it(read: Read) -> None:
    text = "Olaf Scholz, French President Emmanuel Macron and Donald Tusk met in Weimar."
    who = {str(m.value): m.note for m in read("en", text).mentions if m.type == "person"}
    assert "head-of-state" in who["person:emmanuel-macron"]
    assert "head-of-state" not in who["person:olaf-scholz"]


def test_he_is_a_person_and_they_are_several(read: Read) -> None:
    text = "Ukraine struck a depot near Kursk on Monday. He asked Germany for tanks."
    assert not [c for c in read("en", text).claims if c.values("requester")]
    text = "Olaf Scholz spoke on Monday. They asked Poland for tanks."
    assert not [c for c in read("en", text).claims if "country:DE" in map(str, c.values("requester"))]


@pytest.mark.parametrize(
    ("text", "kind", "role", "value"),
    [
        ("Russia struck Ukraine with missiles. Britain gave 20 million pounds in aid last week.", "delivery",
         "recipient", "country:UA"),
        ("Russia struck Kharkiv with missiles. The EU has adopted a new package of sanctions.", "sanction",
         "target", "country:RU"),
        ("Russian missiles hit Kharkiv on Monday. The Danish government condemned the attack.", "condemnation",
         "target", "country:RU"),
    ],
)  # fmt: skip
def test_what_a_report_tells_once_holds_for_its_other_claims(
    read: Read, text: str, kind: str, role: str, value: str
) -> None:
    (claim,) = [c for c in read("en", text).claims if c.kind == kind]
    assert [str(v) for v in claim.values(role)] == [value]
    (cell,) = [c for c in claim.cells if c.role == role]
    assert cell.words is not None
    assert read("en", text).report.text[cell.words.start : cell.words.end] == cell.words.text


def test_who_gives_does_not_receive_because_it_was_struck(read: Read) -> None:
    text = "Russia struck Kharkiv with missiles. Russia gave 20 million dollars in aid."
    assert not [c for c in read("en", text).claims if c.kind == "delivery" and c.values("recipient")]


@pytest.mark.parametrize(
    ("lang", "text", "when"),
    [
        (
            "en",
            "Talks aimed to halt the war following Russia's invasion of Ukraine in February 2022.",
            "2022-02",
        ),
        ("en", "He held that Russia's 2022 invasion of Ukraine was illegal.", "2022"),
        ("fr", "Selon lui, l'invasion russe de l'Ukraine en 2022 était illégale.", "2022"),
    ],
)
def test_the_time_beside_an_event_is_the_event_s_own(read: Read, lang: str, text: str, when: str) -> None:
    (claim,) = [c for c in read(lang, text).claims if c.kind == "attack"]
    assert str(claim.time) == when


def test_a_summit_of_a_body_in_a_place_is_none_of_the_talks_before(read: Read) -> None:
    text = "Kyiv and Moscow held talks in March. Volodymyr Zelensky spoke at the G20 summit in Rome."
    assert len([c for c in read("en", text).claims if c.kind == "consultation"]) > 1
