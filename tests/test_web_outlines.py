"""The outlines of states, and whether the codebook's places lie where they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Tables
from recoupe.codebook import Codebook
from recoupe.codebook.files import Files
from recoupe.web.outlines import Outlines, box_of, load_outlines

# Two states side by side, the eastern one with a hole: they share the arc from (10, 0) to (10, 10).
ARCS = [
    ((10.0, 0.0), (10.0, 10.0)),
    ((10.0, 10.0), (0.0, 10.0), (0.0, 0.0), (10.0, 0.0)),
    ((10.0, 10.0), (20.0, 10.0), (20.0, 0.0), (10.0, 0.0)),
    ((14.0, 4.0), (16.0, 4.0), (16.0, 6.0), (14.0, 6.0), (14.0, 4.0)),
    ((175.0, 0.0), (-175.0, 0.0), (-175.0, 5.0), (175.0, 5.0), (175.0, 0.0)),
]
SMALL = Outlines(ARCS, {"AA": [[[0, 1]]], "BB": [[[~0, ~2], [3]]], "CC": [[[4]]]})

# Islands and towns by the sea that a map of the world leaves out, and a territory that has outlines of its own.
OFF_THE_MAP = {"place:snake-island", "place:funafuti", "place:guam"}


def test_a_point_is_inside_its_state_and_not_in_a_hole() -> None:
    assert SMALL.inside("AA", (5, 5))
    assert not SMALL.inside("BB", (5, 5))
    assert SMALL.inside("BB", (12, 2))
    assert not SMALL.inside("BB", (15, 5))
    assert not SMALL.inside("ZZ", (5, 5))


def test_near_a_border_is_inside_where_that_is_allowed() -> None:
    assert not SMALL.inside("AA", (5, 10.5))
    assert SMALL.inside("AA", (5, 10.5), near=0.6)
    assert not SMALL.inside("AA", (5, 10.5), near=0.4)


def test_what_two_states_share_is_a_border_and_coasts_are_none() -> None:
    assert [line for _, line in SMALL.borders] == [ARCS[0]]


def test_the_middle_is_inside_and_away_from_the_edge() -> None:
    lat, lon = SMALL.middle("AA") or (0, 0)
    assert 4 < lat < 6
    assert 4 < lon < 6
    assert SMALL.middle("ZZ") is None


def test_a_state_across_the_edge_of_the_world_stands_on_both_sides() -> None:
    boxes = [box for box, _ in SMALL.polygons["CC"]]
    assert [(box.west, box.east) for box in boxes] == [(175, 185), (-185, -175)]
    assert SMALL.inside("CC", (178, 2))
    assert SMALL.inside("CC", (-178, 2))
    assert not SMALL.inside("CC", (0, 2))
    _, lon = SMALL.middle("CC") or (0, 0)
    assert abs(lon) > 178


def test_every_arc_of_the_outlines_is_a_line_on_the_globe() -> None:
    outlines = load_outlines()
    assert len(outlines.states) > 190
    for arc in outlines.arcs:
        assert len(arc) > 1
        box = box_of(arc)
        assert box.west >= -180
        assert box.east <= 180.01
        assert -90 <= box.south <= box.north <= 90


def test_borders_go_by_international_law() -> None:
    """As the codebook has it: what the data's makers draw by who holds it is moved."""
    outlines = load_outlines()
    assert outlines.inside("UA", (34.1, 45.0))
    assert not outlines.inside("RU", (34.1, 45.0))


def test_every_place_lies_in_its_state(codebook: Codebook) -> None:
    outlines, at = load_outlines(), codebook.names.at
    astray = {
        place.id
        for place in codebook.names.places.values()
        if place.state and place.id in at and not outlines.inside(place.state[8:], at[place.id][::-1], near=0.12)
    }
    assert astray == OFF_THE_MAP


def test_every_state_is_on_the_map_and_nearly_every_place(codebook: Codebook, tables: Tables) -> None:
    at = codebook.names.at
    assert [row["id"] for row in tables["states.tsv"] if f"country:{row['id']}" not in at] == []
    assert sum(id_ in at for id_ in codebook.names.places) > 0.98 * len(codebook.names.places)


def test_a_part_is_not_far_from_the_whole(codebook: Codebook) -> None:
    """A town of a region within some degrees of its middle: a town of the same name elsewhere is further off."""
    at = codebook.names.at
    far = [
        place.id
        for place in codebook.names.places.values()
        if place.id in at and place.part_of in at and place.state == "country:UA"
        if max(abs(a - b) for a, b in zip(at[place.id], at[place.part_of], strict=True)) > 2.5
    ]
    assert far == []


@pytest.mark.parametrize(
    ("text", "lat"), [("id\tlat\tlon\na\t1\t2\n", "1"), ("id\na\n", ""), ("id\tlat\tlon\na\n", "")]
)
def test_columns_that_there_may_be_are_read_as_empty_where_they_are_not(tmp_path: Path, text: str, lat: str) -> None:
    (tmp_path / "t.tsv").write_text(text, "utf-8")
    files = Files(tmp_path)
    (row,) = files.table("t.tsv", "id", maybe=("lat", "lon"))
    assert (row["id"], row["lat"]) == ("a", lat)
    assert files.mistakes == []
