"""Cross-checking on a small made-up world whose truth is known, and what must hold in any such world.

The floors are a little under what is reached; `make bench-check` prints the figures on larger worlds of other seeds.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from check_measure import figures
from check_sets import World, world
from recoupe.check import check
from recoupe.codebook import default_codebook
from recoupe.model import Entry, Reading, Roots

SEED, CLAIMS = 21, 2000
FLOORS = {
    "pair_precision": 0.98,
    "pair_recall": 0.97,
    "conflict_precision": 0.95,
    "conflict_recall": 0.95,
    "origins": 0.96,
}


@cache
def small(seed: int, claims: int) -> World:
    return world(default_codebook(), claims, seed)


def checked(readings: list[Reading], made: World) -> list[Entry]:
    return check(readings, made.roots, default_codebook())


def test_joining_conflicts_and_origins_are_as_good_as_they_were() -> None:
    made = small(SEED, CLAIMS)
    got = vars(figures(checked(list(made.readings), made), made.truth))
    assert {name: round(value, 3) for name, value in got.items() if value < FLOORS[name]} == {}


def test_a_world_is_what_its_seed_says() -> None:
    made = small(SEED, CLAIMS)
    assert world(default_codebook(), CLAIMS, SEED) == made
    assert world(default_codebook(), CLAIMS, SEED + 1) != made
    assert len(made.readings) > CLAIMS * 0.9
    assert len(made.truth.conflicts) > 10


@settings(max_examples=8, deadline=None)
@given(st.integers(30, 40), st.integers(0, 1000))
def test_the_order_of_the_reports_plays_no_part(seed: int, shuffle: int) -> None:
    made = small(seed, 150)
    shuffled = list(made.readings)
    Random(shuffle).shuffle(shuffled)
    assert checked(shuffled, made) == checked(list(made.readings), made)


@settings(max_examples=8, deadline=None)
@given(st.integers(30, 40), st.data())
def test_one_more_copy_of_a_report_changes_no_count_of_origins(seed: int, data: st.DataObject) -> None:
    made = small(seed, 150)
    first = data.draw(st.sampled_from(made.readings))
    copy = replace(first, report=replace(first.report, doc="another"))
    roots = Roots({**{r.report.doc: made.roots.of(r.report.doc, 1) for r in made.readings},
                   "another": made.roots.of(first.report.doc, 1)})  # fmt: skip
    before = checked(list(made.readings), made)
    after = check([*made.readings, copy], roots, default_codebook())
    bare = [[ref for ref in entry.claims if ref != "another#1"] for entry in after]
    assert sorted(bare) == sorted(list(entry.claims) for entry in before)
    assert sorted(len(entry.origins) for entry in after) == sorted(len(entry.origins) for entry in before)


@settings(max_examples=8, deadline=None)
@given(st.integers(30, 40))
def test_what_has_been_joined_is_joined_again(seed: int) -> None:
    """The claims of one entry, checked by themselves, are that entry: no other fact is needed to see that they are."""
    made = small(seed, 150)
    by_doc = {reading.report.doc: reading for reading in made.readings}
    for entry in checked(list(made.readings), made):
        alone = [by_doc[ref.rpartition("#")[0]] for ref in entry.claims]
        assert checked(alone, made) == [entry]
