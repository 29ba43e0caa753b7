"""Layered drawings: boxes apart, lines from left to right, the same for the same graph."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.web.figures.drawing import Arc, Box, Drawing, draw

CHAIN = [Arc("entry", "a", "tells"), Arc("entry", "b", "tells"), Arc("b", "a", "copy"), Arc("a", "ap", "named")]


def boxes(drawing: Drawing) -> dict[str, Box]:
    return {box.id: box for box in drawing.boxes}


def graphs() -> st.SearchStrategy[list[Arc]]:
    node = st.sampled_from("abcdefgh")
    return st.lists(st.builds(Arc, node, node, st.sampled_from(["copy", "part"])), max_size=16)


def test_each_stands_right_of_all_that_lead_to_it() -> None:
    placed = boxes(draw(["entry", "a", "b", "ap"], CHAIN))
    assert placed["entry"].x < placed["b"].x < placed["a"].x < placed["ap"].x


def test_whose_word_it_is_stands_in_the_last_layer() -> None:
    arcs = [*CHAIN, Arc("entry", "c", "tells"), Arc("c", "speaker", "said by")]
    placed = boxes(draw(["entry", "a", "b", "c", "ap", "speaker"], arcs, last=["ap", "speaker"]))
    assert placed["speaker"].x == placed["ap"].x == max(box.x for box in placed.values())
    assert placed["c"].x < placed["speaker"].x


def test_nothing_to_draw_is_a_drawing_too() -> None:
    assert draw([], []).boxes == ()
    assert [box.id for box in draw(["only"], [Arc("only", "only", "copy"), Arc("only", "gone", "copy")]).boxes] == [
        "only"
    ]
    assert draw(["only"], [Arc("only", "gone", "copy")]).lines == ()


def test_a_circle_is_cut_where_it_closes() -> None:
    drawing = draw(["entry", "a", "b"], [Arc("entry", "a", "tells"), Arc("a", "b", "copy"), Arc("b", "a", "copy")])
    placed = boxes(drawing)
    assert placed["entry"].x < placed["a"].x < placed["b"].x
    assert len(drawing.lines) == 3


def test_lines_that_need_not_cross_do_not() -> None:
    arcs = [Arc("a1", "b3", "copy"), Arc("a2", "b2", "copy"), Arc("a3", "b1", "copy")]
    placed = boxes(draw([n for a in arcs for n in (a.start, a.end)], arcs))
    for number in "123":
        end = {"1": "b3", "2": "b2", "3": "b1"}[number]
        assert placed[f"a{number}"].y == placed[end].y


@settings(max_examples=200)
@given(graphs(), st.sets(st.sampled_from("abcdefgh")), st.randoms())
def test_boxes_never_overlap_and_the_order_plays_no_part(arcs: list[Arc], last: set[str], random: object) -> None:
    nodes = sorted({n for a in arcs for n in (a.start, a.end)})
    drawing = draw(nodes, arcs, last)
    for one, other in combinations(drawing.boxes, 2):
        assert one.x != other.x or abs(one.y - other.y) >= one.high
    for box in drawing.boxes:
        assert 0 <= box.x <= drawing.wide - box.wide
        assert 0 <= box.y <= drawing.high - box.high
    assert drawing == draw(nodes[::-1], arcs[::-1], last)
    assert {line.arc for line in drawing.lines} == {a for a in arcs if a.start != a.end}


@pytest.mark.parametrize("arcs", [CHAIN, [*CHAIN, Arc("entry", "ap", "tells")]])
def test_lines_begin_and_end_at_their_boxes(arcs: list[Arc]) -> None:
    drawing = draw(["entry", "a", "b", "ap"], arcs)
    placed = boxes(drawing)
    for line in drawing.lines:
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", line.path)]
        start, end = placed[line.arc.start], placed[line.arc.end]
        assert numbers[0] == start.x + start.wide
        assert numbers[-2] == end.x
        assert start.y < numbers[1] < start.y + start.high
        assert end.y < numbers[-1] < end.y + end.high


def test_a_line_that_crosses_a_layer_goes_around_its_boxes() -> None:
    arcs = [Arc("entry", "a", "tells"), Arc("a", "b", "copy"), Arc("b", "ap", "named"), Arc("entry", "ap", "tells")]
    drawing = draw(["entry", "a", "b", "ap"], arcs)
    (line,) = [one for one in drawing.lines if one.arc == arcs[3]]
    levels = {float(y) for y in re.findall(r"([\d.]+)H", line.path)}
    placed = boxes(drawing)
    assert levels
    for level in levels:
        for id_ in ("a", "b"):
            assert not placed[id_].y <= level <= placed[id_].y + placed[id_].high
