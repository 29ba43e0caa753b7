"""The outlines of states, and what of them lies in a part of the world. They come with the package.

Points are (longitude, latitude) in degrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from math import hypot
from pathlib import Path

Point = tuple[float, float]
Line = tuple[Point, ...]
_UNITS = 100  # to a degree
_GRID = 40  # points to a side, of those that are tried for a middle


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the world, from west to east and from south to north."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        """Does the point lie in it, or on its edge?"""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north

    def touches(self, other: Box) -> bool:
        """Do the two share a point?"""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


WORLD = Box(-180.0, -60.0, 180.0, 84.0)
"""All of it where people live."""


@dataclass(frozen=True)
class Outlines:
    """States (by ISO 3166-1 alpha-2 code) as polygons of rings of arcs: an arc is a line that a coast has for itself or
    that two neighbours share; `~n` is arc n from its end to its beginning. The first ring of a polygon goes around it,
    the others around holes.
    """

    arcs: Sequence[Line]
    states: Mapping[str, Sequence[Sequence[Sequence[int]]]]

    def rings(self, code: str) -> Iterator[list[Line]]:
        """The polygons of a state, each as its rings."""
        for polygon in self.states.get(code, ()):
            yield [tuple(self._points(ring)) for ring in polygon]

    def _points(self, ring: Sequence[int]) -> Iterator[Point]:
        """The points of a ring; where two arcs meet, one."""
        for arc in ring:
            line = self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1]
            yield from line[:-1]

    @cached_property
    def polygons(self) -> Mapping[str, Sequence[tuple[Box, Sequence[Line]]]]:
        """The polygons of each state, each with the box that holds it; one that reaches over the 180th meridian stands
        on both sides of the world.
        """
        found: dict[str, list[tuple[Box, Sequence[Line]]]] = {}
        for code in self.states:
            whole = [[_unbroken(ring) for ring in rings] for rings in self.rings(code)]
            again = [[_moved(ring, turn) for ring in rings] for rings in whole if (turn := _turn(rings[0]))]
            found[code] = [(box_of(rings[0]), rings) for rings in (*whole, *again)]
        return found

    @cached_property
    def borders(self) -> Sequence[tuple[Box, Line]]:
        """The lines between two states, each with the box that holds it."""
        owners: dict[int, set[str]] = {}
        for code, polygons in self.states.items():
            for ring in (ring for polygon in polygons for ring in polygon):
                for arc in ring:
                    owners.setdefault(arc if arc >= 0 else ~arc, set()).add(code)
        return [(box_of(self.arcs[n]), self.arcs[n]) for n, codes in sorted(owners.items()) if len(codes) > 1]

    def inside(self, code: str, point: Point, near: float = 0.0) -> bool:
        """Does a point lie in a state? `near`: or not further from one of its outlines, in degrees."""
        return any(
            _odd(point, rings) or (near > 0 and any(_beside(point, ring, near) for ring in rings))
            for box, rings in self.polygons.get(code, ())
            if Box(box.west - near, box.south - near, box.east + near, box.north + near).holds(point)
        )

    def middle(self, code: str) -> tuple[float, float] | None:
        """Latitude and longitude of a point in the middle of a state's largest piece of land, where a name would stand;
        None for a state without outlines.
        """
        found = self.polygons.get(code)
        if not found:
            return None
        box, rings = max(found, key=lambda polygon: abs(_area(polygon[1][0])))
        steps = 40
        grid = [
            (
                box.west + (box.east - box.west) * (i + 0.5) / steps,
                box.south + (box.north - box.south) * (j + 0.5) / steps,
            )
            for i in range(steps)
            for j in range(steps)
        ]
        inner = [point for point in grid if _odd(point, rings)]
        if not inner:
            return (box.south + box.north) / 2, (box.west + box.east) / 2
        edge = [point for ring in rings for point in ring]
        best = max(inner, key=lambda p: min((p[0] - x) ** 2 + (p[1] - y) ** 2 for x, y in edge))
        return best[1], (best[0] + 180) % 360 - 180


def box_of(points: Sequence[Point]) -> Box:
    """The least box that holds the points, of which there is one at least."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _unbroken(ring: Line) -> Line:
    """A ring whose points go on beyond 180 degrees where it crosses that meridian, instead of around the world."""
    jumps = (x1 - x2 for (x1, _), (x2, _) in pairwise(ring))
    turns = accumulate((360 if jump > 180 else -360 if jump < -180 else 0 for jump in jumps), initial=0)
    return tuple((x + turn, y) for (x, y), turn in zip(ring, turns, strict=True))


def _turn(ring: Line) -> int:
    """How far to move a ring that reaches over the edge of the world to have the rest of it on the other side."""
    box = box_of(ring)
    return -360 if box.east > 180 else 360 if box.west < -180 else 0


def _moved(ring: Line, turn: int) -> Line:
    return tuple((x + turn, y) for x, y in ring)


def _odd(point: Point, rings: Sequence[Line]) -> bool:
    """Is the point inside the first ring and in no hole? By the edges that a line to the east crosses."""
    x, y = point
    odd = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                odd = not odd
    return odd


def _beside(point: Point, ring: Line, near: float) -> bool:
    return any(_distance(point, a, b) <= near for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))


def _distance(point: Point, a: Point, b: Point) -> float:
    """From a point to the stretch from a to b, in degrees."""
    (x, y), dx, dy = point, b[0] - a[0], b[1] - a[1]
    along = ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy or 1)
    along = min(max(along, 0), 1)
    return hypot(x - a[0] - along * dx, y - a[1] - along * dy)


def _area(ring: Line) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True)) / 2


@lru_cache(maxsize=1)
def load_outlines() -> Outlines:
    """The outlines that come with the program (Natural Earth, 1:50 million; borders by international law)."""
    data = json.loads(Path(__file__).with_name("outlines.json").read_text("utf-8"))
    arcs = [_line(flat) for flat in data["arcs"]]
    return Outlines(arcs, data["states"])


def _line(flat: Sequence[int]) -> Line:
    """The points of steps in hundredths of a degree."""
    xs, ys = accumulate(flat[::2]), accumulate(flat[1::2])
    return tuple((x / _UNITS, y / _UNITS) for x, y in zip(xs, ys, strict=True))
