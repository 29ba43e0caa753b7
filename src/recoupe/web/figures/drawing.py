"""Draws who has it from whom: a graph in layers from left to right, laid out here; the template makes SVG of it.

What is drawn goes from an entry over the reports that tell it, and all that these have it from, to those whose word it
is in the end. An edge that crosses a layer takes a place in it, so that lines go around boxes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

WIDE, HIGH = 216, 50  # of a box
APART, ABOVE = 96, 18  # between layers, between boxes
BEND = 26  # the height of the place that a line takes in a layer that it crosses
EDGE = 12  # around the drawing
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Arc:
    """A line to draw: from one node to another, of a kind, with words about it."""

    start: str
    end: str
    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A node in its place: the upper left corner, and the size."""

    id: str
    x: float
    y: float
    wide: float = WIDE
    high: float = HIGH


@dataclass(frozen=True, slots=True)
class Line:
    """An arc in its place: the path in SVG's notation, and where a word about it can stand."""

    arc: Arc
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes and lines with the size of the whole."""

    wide: float
    high: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def draw(nodes: Iterable[str], arcs: Iterable[Arc], last: Iterable[str] = ()) -> Drawing:
    """The drawing of a graph, an arc's start left of its end; `last` are the nodes of the last layer. Arcs that go in a
    circle are drawn backwards where they close it. Equal graphs are drawn alike, whatever their order.
    """
    known = sorted(set(nodes))
    among = set(known)
    every = sorted(
        {a for a in arcs if a.start in among and a.end in among and a.start != a.end},
        key=lambda a: (a.start, a.end, a.kind, a.words),
    )
    layers = _layers(known, {(a.start, a.end) for a in every}, set(last))
    rows, ways = _with_bends(layers, every)
    rows = _ordered(rows, ways)
    places = _placed(rows, ways)
    bottom = max((y + _high(key) for key, (_, y) in places.items()), default=0)
    boxes = tuple(Box(id_, *places[_Node(id_)]) for id_ in known)
    ports = _ports(ways, places)
    lines = tuple(_line(arc, way, places, ports) for arc, way in ways.items())
    right = max((box.x + box.wide for box in boxes), default=0)
    return Drawing(right + EDGE, bottom + EDGE, boxes, lines)


@dataclass(frozen=True, slots=True, order=True)
class _Node:
    """What takes a place in a layer: a node, or the bend of an arc (by its number) in a layer."""

    id: str
    bend: tuple[int, int] | None = None


_Way = tuple[_Node, ...]


def _high(node: _Node) -> float:
    return HIGH if node.bend is None else BEND


def _layers(nodes: Sequence[str], pairs: set[tuple[str, str]], last: set[str]) -> dict[str, int]:
    """The layer of each node: right of all that lead to it; those of the last layer in one."""
    onward: defaultdict[str, list[str]] = defaultdict(list)
    for start, end in sorted(pairs):
        onward[start].append(end)
    found: dict[str, int] = {}
    order: list[str] = []
    state: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    # Those that nothing leads to first: a circle is then cut where it comes back to where one entered it.
    led_to = {end for _, end in pairs}
    for root in sorted(nodes, key=lambda n: (n in led_to, n)):
        stack = [(root, iter(onward[root]))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            node, ends = stack[-1]
            for end in ends:
                if state.get(end) == 1:
                    back.add((node, end))
                elif end not in state:
                    state[end] = 1
                    stack.append((end, iter(onward[end])))
                    break
            else:
                state[node] = 2
                order.append(node)
                stack.pop()
    for node in reversed(order):
        at = found.setdefault(node, 0)
        for end in onward[node]:
            if (node, end) not in back:
                found[end] = max(found.get(end, 0), at + 1)
    if last & found.keys():
        furthest = max(found.values())
        inner = max((layer for node, layer in found.items() if node not in last), default=-1)
        leads_on = {start for start, end in pairs - back if end not in last}
        for node in last & found.keys() - leads_on:
            found[node] = max(inner + 1, found[node]) if inner + 1 >= furthest else furthest
    return found


def _with_bends(layers: Mapping[str, int], arcs: Sequence[Arc]) -> tuple[list[list[_Node]], dict[Arc, _Way]]:
    """The nodes of each layer, and the way of each arc through the layers."""
    rows: list[list[_Node]] = [[] for _ in range(max(layers.values(), default=-1) + 1)]
    for id_, layer in sorted(layers.items()):
        rows[layer].append(_Node(id_))
    ways: dict[Arc, _Way] = {}
    for number, arc in enumerate(arcs):
        start, end = layers[arc.start], layers[arc.end]
        step = 1 if end > start else -1
        bends = [_Node("", (number, layer)) for layer in range(start + step, end, step)]
        for bend, layer in zip(bends, range(start + step, end, step), strict=True):
            rows[layer].append(bend)
        ways[arc] = (_Node(arc.start), *bends, _Node(arc.end))
    return rows, ways


def _ordered(rows: list[list[_Node]], ways: Mapping[Arc, _Way]) -> list[list[_Node]]:
    """The layers with their nodes in an order in which few lines cross: each node near the middle of its neighbours."""
    beside: defaultdict[_Node, set[_Node]] = defaultdict(set)
    for way in ways.values():
        for one, other in pairwise(way):
            beside[one].add(other)
            beside[other].add(one)
    layer = {node: n for n, row in enumerate(rows) for node in row}
    now = [list(row) for row in rows]
    best, fewest = list(now), _crossings(now, beside, layer)
    for sweep in range(_SWEEPS):
        step = -1 if sweep % 2 else 1
        for n in range(1, len(now)) if step == 1 else range(len(now) - 2, -1, -1):
            now[n] = _near(now[n], now[n - step], beside)
        crossed = _crossings(now, beside, layer)
        if crossed < fewest:
            best, fewest = list(now), crossed
    return best


def _near(row: Sequence[_Node], other: Sequence[_Node], beside: Mapping[_Node, set[_Node]]) -> list[_Node]:
    """A layer, each node by the middle of its neighbours in another layer; those without any by their own place."""
    near = {node: i for i, node in enumerate(other)}
    middle: dict[_Node, tuple[float, int]] = {}
    for i, node in enumerate(row):
        places = [near[one] for one in beside.get(node, ()) if one in near]
        middle[node] = (fmean(places) if places else i), i
    return sorted(row, key=middle.__getitem__)


def _crossings(rows: Sequence[Sequence[_Node]], beside: Mapping[_Node, set[_Node]], layer: Mapping[_Node, int]) -> int:
    """How many pairs of lines between layers cross."""
    count = 0
    for n, row in enumerate(rows[:-1]):
        after = {node: i for i, node in enumerate(rows[n + 1])}
        ends = [end for node in row for end in sorted(after[o] for o in beside.get(node, ()) if layer[o] == n + 1)]
        count += sum(1 for i, one in enumerate(ends) for other in ends[i + 1 :] if other < one)
    return count


def _placed(rows: Sequence[Sequence[_Node]], ways: Mapping[Arc, _Way]) -> dict[_Node, tuple[float, float]]:
    """The upper left corner of each node: as near to the middle of its neighbours as the order of its layer lets it."""
    beside: defaultdict[_Node, list[_Node]] = defaultdict(list)
    for way in ways.values():
        for one, other in pairwise(way):
            beside[one].append(other)
            beside[other].append(one)
    tall = max((sum(_high(node) + ABOVE for node in row) for row in rows), default=0)
    top: dict[_Node, float] = {}
    for row in rows:
        y = (tall - sum(_high(node) + ABOVE for node in row)) / 2
        for node in row:
            top[node] = y
            y += _high(node) + ABOVE
    for _ in range(_SWEEPS):
        for row in rows:
            wanted = {
                node: fmean(top[o] + _high(o) / 2 for o in beside[node]) - _high(node) / 2
                if beside[node]
                else top[node]
                for node in row
            }
            top |= _spread(row, wanted)
    least = min(top.values(), default=0)
    return {
        node: (EDGE + n * (WIDE + APART), EDGE + round(top[node] - least, 1))
        for n, row in enumerate(rows)
        for node in row
    }


def _spread(row: Sequence[_Node], wanted: Mapping[_Node, float]) -> dict[_Node, float]:
    """Tops in the order of the row, none over another, each as near to what it wants as may be: neighbours that want
    the same place share it as a block, whose middle is the mean of what its members want.
    """
    blocks: list[tuple[list[_Node], float]] = []  # the nodes of a block and its top
    for node in row:
        members, top = [node], wanted[node]
        while blocks and blocks[-1][1] + _length(blocks[-1][0]) > top:
            before, above = blocks.pop()
            weight, more = len(before), len(members)
            joined = (above * weight + (top - _length(before)) * more) / (weight + more)
            members, top = before + members, joined
        blocks.append((members, top))
    found: dict[_Node, float] = {}
    for members, top in blocks:
        for node in members:
            found[node] = top
            top += _high(node) + ABOVE
    return found


def _length(nodes: Iterable[_Node]) -> float:
    return sum(_high(node) + ABOVE for node in nodes)


def _ports(ways: Mapping[Arc, _Way], places: Mapping[_Node, tuple[float, float]]) -> dict[tuple[Arc, bool], float]:
    """How far below the top of its box each arc leaves (True) or enters (False): side by side, in the order of where
    they go.
    """
    sides: defaultdict[tuple[_Node, bool], list[tuple[float, Arc]]] = defaultdict(list)
    for arc, way in ways.items():
        sides[way[0], True].append((places[way[1]][1], arc))
        sides[way[-1], False].append((places[way[-2]][1], arc))
    found: dict[tuple[Arc, bool], float] = {}
    for (_, leaves), ends in sides.items():
        ordered = sorted(ends, key=lambda end: (end[0], end[1].start, end[1].end, end[1].kind, end[1].words))
        for number, (_, arc) in enumerate(ordered, 1):
            found[arc, leaves] = HIGH * number / (len(ordered) + 1)
    return found


def _line(
    arc: Arc, way: _Way, places: Mapping[_Node, tuple[float, float]], ports: Mapping[tuple[Arc, bool], float]
) -> Line:
    """A curve from the right side of a box to the left side of another, level where it goes through a layer."""
    forward = places[way[0]][0] < places[way[-1]][0]
    x, y = places[way[0]]
    x, y = (x + WIDE if forward else x), y + ports[arc, True]
    path, label = f"M{x:g},{y:.1f}", (x + 8, y - 4)
    for node in way[1:]:
        nx, ny = places[node]
        inner = node.bend is not None
        ny += BEND / 2 if inner else ports[arc, False]
        to = nx if forward else nx + WIDE
        half = (x + to) / 2
        path += f"C{half:g},{y:.1f} {half:g},{ny:.1f} {to:g},{ny:.1f}"
        x, y = to, ny
        if inner:
            x = nx + WIDE if forward else nx
            path += f"H{x:g}"
    return Line(arc, path, round(label[0], 1), round(label[1], 1))
