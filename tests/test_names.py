"""Names: what is found in a text, in which case, at which boundaries, and what it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoupe.codebook import Codebook
from recoupe.codebook.names import Sense
from recoupe.mark.names import Found, NameMatcher, fold
from recoupe.model import Mention
from recoupe.values import Actor

Marks = Callable[[str, str], list[Mention]]
Tables = Mapping[str, list[dict[str, str]]]
LANGS = ("fr", "en")


def sense(id_: str, type_: str = "actor", how: str = "name") -> tuple[Sense, ...]:
    return (Sense(type_, id_, how),)


WORDS = {
    "Norland": sense("country:NN"),
    "Norland Sea": sense("place:norland-sea", "place"),
    "Sea Guard": sense("org:sea-guard"),
    "Côte d'Azur": sense("place:cote-d-azur", "place"),
    "S-9": sense("s-9", "item"),
    "S-9 launcher": sense("s-9-launcher", "item"),
    "launcher": sense("launcher", "item"),
    "NGO": sense("org:ngo"),
    "US": sense("country:US"),
    "Council of Norland": sense("org:council"),
    "the council": sense("forum", "coreference", "coreference"),
    "council of norland ministers": sense("forum", "coreference", "coreference"),
    "Lima": (*sense("place:lima", "place"), *sense("country:PE", how="seat")),
}


@pytest.fixture(scope="module")
def matcher() -> NameMatcher:
    return NameMatcher(WORDS)


def ids(found: list[Found], text: str) -> list[tuple[str, str]]:
    return [(text[f.start : f.end], s.id) for f in found for s in f.senses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the longest name
        ("An S-9 launcher came.", [("S-9 launcher", "s-9-launcher")]),
        ("An S-9 and a launcher.", [("S-9", "s-9"), ("launcher", "launcher")]),
        # of two that overlap the earlier
        ("The Norland Sea Guard", [("Norland Sea", "place:norland-sea")]),
        # a name of its own goes before words that point back, even later and shorter ones
        ("the council of Norland", [("the council", "forum"), ("Norland", "country:NN")]),
        ("the Council of Norland ministers", [("Council of Norland", "org:council")]),
        # case
        ("norland and NORLAND", [("NORLAND", "country:NN")]),
        ("A Launcher, a LAUNCHER", [("Launcher", "launcher"), ("LAUNCHER", "launcher")]),
        ("it told us in the US", [("US", "country:US")]),
        ("an ngo", []),
        # boundaries
        ("Norlander, Greatnorland, Norland2", []),
        ("Norland's, (Norland), “Norland”, Norland-based, pro-Norland", [("Norland", "country:NN")] * 5),
        ("S-90 and XS-9", []),
        # typography: apostrophes, blanks that do not break, hyphens that do not break
        ("la Côte d’Azur", [("Côte d’Azur", "place:cote-d-azur")]),
        ("la Côte d'Azur", [("Côte d'Azur", "place:cote-d-azur")]),
        ("the Norland\u00a0Sea", [("Norland\u00a0Sea", "place:norland-sea")]),
        ("an S\u20119", [("S\u20119", "s-9")]),
        # one name, several senses
        ("in Lima", [("Lima", "place:lima"), ("Lima", "country:PE")]),
        ("", []),
    ],
)
def test_finding(matcher: NameMatcher, text: str, expected: list[tuple[str, str]]) -> None:
    assert ids(matcher.find(text), text) == expected


def test_letters_that_grow_when_lowered_do_not_move_what_follows(matcher: NameMatcher) -> None:
    text = "İİİ Norland"  # the lower case of a dotted capital I has two characters
    assert ids(matcher.find(text), text) == [("Norland", "country:NN")]
    assert len(fold(text)) == len(text)


@given(st.lists(st.sampled_from([*WORDS, "and", ",", "’", "-", ".", "İ", "\n", "a launcher’s"]), max_size=12))
def test_what_is_found_stands_there_in_order_without_overlap(parts: list[str]) -> None:
    matcher = NameMatcher(WORDS)
    text = " ".join(parts)
    found = matcher.find(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    forms = {fold(form): senses for form, senses in WORDS.items()}
    for f in found:
        assert set(f.senses) <= set(forms[fold(text[f.start : f.end])])
    assert matcher.find(text) == found


# -- with the packaged codebook ----------------------------------------------------------------------------------------


def named(found: list[Mention], text: str, *types: str) -> list[tuple[str, str]]:
    return [(text[m.span.start : m.span.end], str(m.value)) for m in found if m.type in (types or ("actor", "item"))]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fr", "L’Union européenne et l’OTAN", [("Union européenne", "org:eu"), ("OTAN", "org:nato")]),
        ("fr", "L'ALLEMAGNE LIVRE DES CHARS", [("ALLEMAGNE", "country:DE"), ("CHARS", "tank")]),
        ("fr", "un avion F-16 danois", [("avion F-16", "f-16"), ("danois", "country:DK")]),
        ("fr", "le Conseil OTAN-Ukraine", [("Conseil OTAN-Ukraine", "org:nato-ukraine-council")]),
        ("fr", "le Congrès américain", [("Congrès américain", "org:us-congress")]),
        ("fr", "la Maison Blanche", [("Maison Blanche", "country:US")]),
        ("fr", "les pays de l'OTAN", [("pays de l'OTAN", "group:nato-allies")]),
        ("en", "the US Congress told us", [("US Congress", "org:us-congress")]),
        ("en", "the NATO-Ukraine Council", [("NATO-Ukraine Council", "org:nato-ukraine-council")]),
        ("en", "Turkey, not turkey", [("Turkey", "country:TR")]),
        ("en", "a javelin thrower and Javelin missiles", [("Javelin missiles", "javelin")]),
        ("en", "GERMANY SENDS TANKS", [("GERMANY", "country:DE"), ("TANKS", "tank")]),
        ("en", "the Kremlin and the White House", [("Kremlin", "country:RU"), ("White House", "country:US")]),
        ("en", "Germany's tanks, Germanys", [("Germany", "country:DE"), ("tanks", "tank")]),
        ("en", "a Russian-made drone", [("Russian", "country:RU"), ("drone", "drone")]),
    ],
)
def test_names_of_the_codebook(mentions: Marks, lang: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert named(mentions(text, lang), text) == expected


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "des manifestations anti-russes"),
        ("fr", "un groupe pro-ukrainien"),
        ("en", "anti-Russian protests"),
        ("en", "a pro-Ukrainian group"),
    ],
)
def test_the_second_part_of_a_compound_is_no_actor(mentions: Marks, lang: str, text: str) -> None:
    assert named(mentions(text, lang), text, "actor") == []


@pytest.mark.parametrize(
    ("lang", "text", "capital", "place", "state"),
    [
        ("fr", "Kiev a répondu.", "Kiev", "place:kyiv", "country:UA"),
        ("fr", "Paris a répondu.", "Paris", "place:paris", "country:FR"),
        ("en", "Kyiv replied.", "Kyiv", "place:kyiv", "country:UA"),
        ("en", "Washington replied.", "Washington", "place:washington", "country:US"),
        ("en", "Brussels replied.", "Brussels", "place:brussels", "org:eu"),
    ],
)
def test_a_capital_is_a_place_and_who_governs_from_it(
    mentions: Marks, lang: str, text: str, capital: str, place: str, state: str
) -> None:
    found = mentions(text, lang)
    assert {(m.type, str(m.value)) for m in found} == {("place", place), ("actor", state)}
    assert {text[m.span.start : m.span.end] for m in found} == {capital}


@pytest.mark.parametrize(("lang", "text", "place"), [("fr", "à Odessa", "odesa"), ("en", "in Kharkiv", "kharkiv")])
def test_another_town_is_a_place_alone(mentions: Marks, lang: str, text: str, place: str) -> None:
    assert [(m.type, str(m.value)) for m in mentions(text, lang)] == [("place", f"place:{place}")]


@pytest.mark.parametrize(
    ("lang", "text", "words", "actor"),
    [
        ("fr", "Le Conseil OTAN-Ukraine a siégé. Le conseil a décidé.", "Le conseil", "org:nato-ukraine-council"),
        ("fr", "L'OTAN se réunit. L’Alliance décide.", "L’Alliance", "org:nato"),
        ("en", "The NATO-Ukraine Council met. The council decided.", "The council", "org:nato-ukraine-council"),
        ("en", "The European Union met. The bloc agreed.", "The bloc", "org:eu"),
        ("en", "NATO met the IMF. The alliance agreed.", "The alliance", "org:nato"),
    ],
)
def test_words_that_point_back(mentions: Marks, lang: str, text: str, words: str, actor: str) -> None:
    (found,) = [m for m in mentions(text, lang) if m.note == "coreference"]
    assert (text[found.span.start : found.span.end], str(found.value)) == (words, actor)


@pytest.mark.parametrize(("lang", "text"), [("fr", "Le conseil a décidé."), ("en", "The alliance agreed.")])
def test_words_that_point_back_at_nobody(mentions: Marks, lang: str, text: str) -> None:
    assert mentions(text, lang) == []


def test_an_adjective_is_no_antecedent(mentions: Marks) -> None:
    text = "The German proposal failed. The country agreed."
    assert [m.note for m in mentions(text, "en") if m.type == "actor"] == ["adjective"]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fr", "un système de défense antiaérienne S-300", [("système de défense antiaérienne S-300", "s-300")]),
        ("fr", "des missiles et des Patriot", [("missiles", "missile"), ("Patriot", "patriot")]),
        ("en", "Patriot batteries", [("Patriot batteries", "patriot")]),
        ("en", "Patriot missiles", [("Patriot missiles", "patriot-missile")]),
        ("en", "cruise missiles, a Kalibr", [("cruise missiles", "cruise-missile"), ("Kalibr", "kalibr")]),
    ],
)
def test_items_side_by_side_are_one_and_the_more_exact_counts(
    mentions: Marks, lang: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert named(mentions(text, lang), text, "item") == expected


def test_members_come_with_a_group(codebook: Codebook, mentions: Marks) -> None:
    (found,) = mentions("les pays du G7", "fr")
    assert isinstance(found.value, Actor)
    assert str(found.value) == "group:g7-members"
    assert found.value.allows("country:JP")
    assert not found.value.allows("country:PL")
    assert codebook.members["group:g7-members"] >= {"country:CA", "country:JP"}


def test_who_an_organisation_acts_for(mentions: Marks) -> None:
    found = {str(m.value): str(m.acts_for) for m in mentions("the Bundestag and NATO", "en")}
    assert found["org:nato"] == "None"
    assert "country:DE" in (*found, *found.values())


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="a state's adjective after another's is taken for the second part of a compound",
)
@pytest.mark.parametrize(
    ("lang", "text", "states"),
    [("fr", "la brigade franco-allemande", "country:DE"), ("en", "the Franco-German brigade", "country:DE")],
)
def test_adjectives_of_two_states(mentions: Marks, lang: str, text: str, states: str) -> None:
    assert states in [str(m.value) for m in mentions(text, lang)]


# -- the packaged names are sound --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_every_state_has_names_and_adjectives(codebook: Codebook, tables: Tables, lang: str) -> None:
    told = {
        (sense.id, sense.how)
        for senses in codebook.names.words[lang].values()
        for sense in senses
        if sense.type == "actor"
    }
    for state in (f"country:{row['id']}" for row in tables["states.tsv"]):
        assert (state, "name") in told
        assert (state, "adjective") in told


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("table", ["organisations", "people", "places", "materiel", "offices"])
def test_everything_has_a_name_in_every_language(codebook: Codebook, tables: Tables, table: str, lang: str) -> None:
    known = {row["id"] for row in tables["office_kinds.tsv" if table == "offices" else f"{table}.tsv"]}
    named = {row["id"] for row in tables[f"{lang}/{table}.tsv"] if row["names"].strip()}
    assert named == known


@pytest.mark.parametrize("lang", LANGS)
def test_no_name_is_empty_or_a_mere_letter(codebook: Codebook, tables: Tables, lang: str) -> None:
    for form in codebook.names.words[lang]:
        assert len(form) > 1, form
        assert form == form.strip()
        assert "  " not in form, form
    for name, rows in tables.items():
        for row in rows:
            for column, cell in row.items():
                parts = cell.split("|")
                assert cell == "" or all(p.strip() for p in parts), f"{name}: {column} of {row}"


def test_capitals_are_places(codebook: Codebook) -> None:
    assert len(codebook.names.capitals) > 150
    for state, capital in codebook.names.capitals.items():
        assert codebook.names.places[capital].state in (state, None), "the state of a disputed place is left empty"


def test_organisations_act_for_actors(codebook: Codebook, actors: set[str]) -> None:
    for organisation in codebook.names.organisations.values():
        assert organisation.acts_for is None or organisation.acts_for in actors


def test_members_of_groups_are_actors(actors: set[str], tables: Tables) -> None:
    for row in tables["groups.tsv"]:
        members = [m for m in row["members"].split("|") if m and m not in ("nato", "eu")]
        assert set(members) <= actors, row["id"]


def test_the_founders_and_the_latest_members(codebook: Codebook) -> None:
    members = codebook.members["group:nato-allies"]
    assert len(members) == 32
    assert {"country:US", "country:FI", "country:SE"} <= members
    assert not {"country:UA", "country:AT"} & members
    assert len(codebook.members["group:eu-members"]) == 27


def test_regions_hold_their_towns(codebook: Codebook) -> None:
    assert "place:simferopol" in codebook.members["place:crimea"]


DANGLING = "an id that no table has: {}; the data files are the lead's"


@pytest.mark.xfail(
    strict=True, raises=AssertionError, reason=DANGLING.format("org:icrc (it is org:red-cross), org:rdif")
)
def test_terms_are_of_known_actors(codebook: Codebook, actors: set[str]) -> None:
    assert {t.actor for t in codebook.names.terms} <= actors


@pytest.mark.xfail(strict=True, raises=AssertionError, reason=DANGLING.format("country:GL, the state of place:nuuk"))
def test_places_lie_in_known_states_and_places(codebook: Codebook, actors: set[str]) -> None:
    for place in codebook.names.places.values():
        assert place.part_of is None or place.part_of in codebook.names.places
    assert {p.state for p in codebook.names.places.values() if p.state} <= actors


@pytest.mark.xfail(
    strict=True, raises=AssertionError, reason=DANGLING.format("org:epc (it is org:european-political-community)")
)
def test_events_are_of_known_bodies_and_places(codebook: Codebook, actors: set[str]) -> None:
    for event in codebook.calendar.events.values():
        assert not event.place or event.place in actors | set(codebook.names.places)
    assert {e.body for e in codebook.calendar.events.values() if e.body} <= actors
