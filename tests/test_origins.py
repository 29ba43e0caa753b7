"""Independent origins: a word counts once, however many reports pass it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.check import check
from recoupe.codebook import default_codebook
from recoupe.model import Entry, Reading, Roots
from synthetic import Fact, book, reading

ZELENSKY, STOLTENBERG, KULEBA = "person:volodymyr-zelensky", "person:jens-stoltenberg", "person:dmytro-kuleba"
STRIKE = {"attacker": ["country:RU"], "place": ["place:kyiv"], "weapon": ["missile"], "killed": "5"}


def said(doc: str, *speakers: str, killed: str = "5", published: str = "2024-01-03") -> Reading:
    """A report of one strike, in words of its own, that gives it to these speakers."""
    words = f"The strike as {doc} tells it killed {killed}"
    fact = Fact("attack", STRIKE | {"killed": killed}, words, time="2024-01-02")
    made = reading(doc, ["A title", f"{words}."], [fact], published)
    return replace(made, claims=tuple(replace(claim, attribution=speakers) for claim in made.claims))


def entry(*readings: Reading, **roots: str) -> Entry:
    """The one entry that the readings make; `roots` by the doc without its ending."""
    own = {r.report.doc: roots.get(r.report.doc.removesuffix(".txt"), r.report.doc) for r in readings}
    (made,) = check(readings, Roots(own), book())
    return made


def origins(*readings: Reading, **roots: str) -> tuple[str, ...]:
    return entry(*readings, **roots).origins


def test_one_speaker_in_ten_outlets_is_one_origin_reported_ten_times() -> None:
    told = entry(*(said(f"{n}.txt", ZELENSKY) for n in range(10)))
    assert told.origins == (ZELENSKY,)
    assert len(told.claims) == 10


def test_a_reporters_own_voice_beside_a_speaker_is_a_second_origin() -> None:
    assert origins(said("a.txt", ZELENSKY), said("b.txt")) == ("b.txt", ZELENSKY)


def test_two_speakers_are_two_origins() -> None:
    assert origins(said("a.txt", ZELENSKY), said("b.txt", STOLTENBERG)) == (STOLTENBERG, ZELENSKY)


def test_two_persons_of_one_state_stay_two() -> None:
    assert origins(said("a.txt", ZELENSKY), said("b.txt", KULEBA)) == (KULEBA, ZELENSKY)


def test_a_state_adds_nothing_beside_its_president() -> None:
    assert origins(said("a.txt", "country:UA"), said("b.txt", ZELENSKY)) == (ZELENSKY,)
    assert origins(said("a.txt", "country:UA"), said("b.txt", "org:verkhovna-rada")) == ("org:verkhovna-rada",)
    assert origins(said("a.txt", "country:RU"), said("b.txt", ZELENSKY)) == ("country:RU", ZELENSKY)


@pytest.mark.parametrize(("published", "count"), [("2024-01-03", 1), ("2010-01-03", 2)])
def test_who_speaks_for_whom_is_a_matter_of_the_day(published: str, count: int) -> None:
    told = [said("a.txt", "org:nato", published=published), said("b.txt", STOLTENBERG, published=published)]
    assert len(origins(*told)) == count


def test_an_official_release_is_the_bodys_word() -> None:
    assert origins(said("a.txt"), a="nato") == ("org:nato",)
    assert origins(said("a.txt"), said("b.txt", "org:nato"), a="nato") == ("org:nato",)
    assert origins(said("a.txt"), said("b.txt", STOLTENBERG), a="nato") == (STOLTENBERG,)


def test_a_medium_that_is_quoted_is_one_with_its_own_text() -> None:
    assert origins(said("a.txt", "org:courier"), said("b.txt"), b="courier") == ("courier",)


def test_an_agency_that_is_quoted_is_one_with_its_own_texts() -> None:
    """Each of the codebook's: two who give a fact to it have one origin, not two."""
    full = default_codebook()
    agencies = [outlet for outlet in full.outlets.values() if outlet.kind == "agency"]
    assert len(agencies) > 40
    for agency in agencies:
        told = (said("a.txt", agency.actor or ""), said("b.txt"))
        (made,) = check(told, Roots({"a.txt": "a.txt", "b.txt": agency.id}), full)
        assert made.origins == (agency.id,), agency.id


def test_outlets_of_one_owner_do_not_confirm_each_other() -> None:
    assert origins(said("a.txt"), said("b.txt"), a="gazette", b="courier") == ("courier",)
    assert origins(said("a.txt"), said("b.txt"), said("c.txt"), a="gazette", b="courier", c="gazette") == ("gazette",)
    assert len(origins(said("a.txt"), said("b.txt"), a="gazette", b="ap")) == 2


def test_unnamed_sources_are_those_of_their_reports() -> None:
    told = [said("a.txt", "unnamed:a senior official"), said("b.txt", "unnamed:a senior official")]
    assert origins(*told) == ("a.txt", "b.txt")
    assert origins(*told, a="ap", b="ap") == ("ap",)


def test_texts_of_one_root_tell_it_in_one_voice() -> None:
    told = [said("a.txt", ZELENSKY), said("b.txt")]
    assert origins(*told, a="ap", b="ap") == (ZELENSKY,)
    assert origins(*told, said("c.txt"), a="ap", b="ap", c="afp") == ("afp", ZELENSKY)


def test_a_claim_of_two_speakers_goes_to_the_one_whom_others_have_too() -> None:
    assert origins(said("a.txt", KULEBA, ZELENSKY), said("b.txt", ZELENSKY)) == (ZELENSKY,)
    assert origins(said("a.txt", KULEBA, ZELENSKY)) == (KULEBA,)


def test_the_better_founded_side_of_a_contradiction_stands_first() -> None:
    """Three reports of one man's word weigh less than two that found out for themselves."""
    one = [said(f"{n}.txt", ZELENSKY, killed="4") for n in "abc"]
    (conflict,) = entry(*one, said("d.txt", killed="5"), said("e.txt", killed="5")).conflicts
    assert [side.value for side in conflict.sides] == ["5", "4"]


SPEAKERS = st.lists(
    st.sampled_from(["country:UA", ZELENSKY, KULEBA, "org:nato", STOLTENBERG, "org:verkhovna-rada", "unnamed:x"]),
    max_size=2,
    unique=True,
)
ROOTS = st.sampled_from(["ap", "nato", "gazette", "courier", "z.txt", ""])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SPEAKERS, ROOTS), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_count_is_low_and_no_order_plays_a_part(told: list[tuple[list[str], str]], rng: object) -> None:
    readings = [said(f"{n}.txt", *speakers) for n, (speakers, _) in enumerate(told)]
    roots: Mapping[str, str] = {f"{n}": root or f"{n}.txt" for n, (_, root) in enumerate(told)}
    found = origins(*readings, **roots)
    shuffled = list(readings)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert origins(*shuffled, **roots) == found
    # Hearing no more than what was heard already makes nothing more certain.
    again = [replace(r, report=replace(r.report, doc=f"again-{r.report.doc}")) for r in readings]
    twice = {**roots, **{f"again-{doc}": root for doc, root in roots.items()}}
    assert origins(*readings, *again, **twice) == found
    assert 1 <= len(found) <= len(readings)
