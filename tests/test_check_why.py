"""Why claims are one fact, and why others that came near are not."""

from __future__ import annotations

from recoupe.check import check
from recoupe.check.same import SAME
from recoupe.check.telling import tellings
from recoupe.check.why import joins, odds, refusals
from recoupe.model import Reading, Roots
from synthetic import Fact, book, reading

WORDS = "The minister spoke on Tuesday about what was done"
STRIKE = {"attacker": ["country:RU"], "target": ["country:UA"], "place": ["place:kyiv"], "killed": "5"}


def told(doc: str, *facts: Fact) -> Reading:
    return reading(doc, ["A title", f"{WORDS}. More was said in {doc}."], facts, "2024-01-03")


def strike(time: str | None = "2024-01-02", **more: object) -> Fact:
    return Fact("attack", {**STRIKE, **more}, WORDS, time=time)  # type: ignore[dict-item]


READINGS = [
    told("a.txt", strike()),
    told("b.txt", strike()),
    told("c.txt", strike(None, killed="7")),
    told("d.txt", strike("2024-01-05", killed="9")),
    told("e.txt", strike(place=["place:dnipro"])),
    told("f.txt", strike("2022-05-02")),
]
ROOTS = Roots({r.report.doc: r.report.doc for r in READINGS})


def test_an_entry_is_a_tree_of_its_surest_pairs() -> None:
    entries = check(READINGS, ROOTS, book())
    (entry,) = (e for e in entries if "a.txt#1" in e.claims)
    assert entry.claims == ("a.txt#1", "b.txt#1", "c.txt#1")
    found = joins(entry, tellings(READINGS, ROOTS, book()))
    assert len(found) == 2  # one less than claims
    assert {ref for join in found for ref in (join.one, join.other)} == set(entry.claims)
    assert all(join.score >= SAME for join in found)
    alike, grown = found
    assert alike.points == (("they say the very same of the same days", 2 * SAME),)
    assert dict(grown.points) == {"told within 2 days": 14, "attacker": 3, "target": 3, "place": 20, "killed": -3}


def test_the_facts_that_came_near_are_shown_with_the_reason() -> None:
    entries = check(READINGS, ROOTS, book())
    (entry,) = (e for e in entries if "a.txt#1" in e.claims)
    entry_of = {ref: e.id for e in entries for ref in e.claims}
    found = refusals(entry, tellings(READINGS, ROOTS, book()), entry_of)
    by_claim = {r.other: r for r in found}
    assert by_claim.keys() == {"d.txt#1", "e.txt#1"}  # f is of another year
    assert by_claim["d.txt#1"].reason == "different times"
    assert by_claim["e.txt#1"].reason == "different place"
    assert by_claim["d.txt#1"].entry == entry_of["d.txt#1"]
    assert refusals(entry, tellings(READINGS, ROOTS, book()), entry_of, most=0) == []


def test_points_in_words() -> None:
    assert [odds(n) for n in (0, 3, 10, 20, 26, 120)] == [
        "even",
        "about 2 to one",
        "about ten to one",
        "about a hundred to one",
        "about 400 to one",
        "more than a billion to one",
    ]
    assert odds(-10) == "about ten to one against"
