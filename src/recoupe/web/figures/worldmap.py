"""The map: places where entries were, on the outlines of states, in the part of the world that holds most of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt, tau
from typing import Literal, get_args

from recoupe.web.outlines import WORLD, Box, Line, Outlines, Point, box_of

View = Literal["most", "all", "world"]
VIEWS: tuple[View, ...] = get_args(View)
"""What part of the world is shown: where most entries were, where all were, or all of it."""

WIDE, HIGH = 960, 560
_HELD = 0.8  # of the entries are in the part of the world that holds most
_LEAST = 4.0  # degrees from south to north that are shown at least
_AROUND = 0.12  # of what is shown, on each side of the outermost places
_SMALL, _LARGE = 4.5, 26.0  # radius of a symbol
_LETTER = 7.5  # the width of a letter of a name, and how many names there are at most
_NAMED = 30
_NEAR = 0.6  # points of an outline that are nearer to each other than this are drawn as one


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A place and how many entries were there, by kind; where it lies (latitude, longitude), None where the codebook
    does not say.
    """

    place: str
    at: tuple[float, float] | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class MapShown:
    """The places of some entries, those of most entries first; the kinds with their totals, the most frequent first;
    how many entries there are in all, and how many of these tell no place. An entry that was in several places counts
    in each.
    """

    view: View
    places: tuple[PlaceShown, ...]
    kinds: tuple[tuple[str, int], ...]
    total: int
    placeless: int


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a symbol: the kind, its number and its outline in SVG's notation (empty: the whole circle)."""

    kind: str
    count: int
    path: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """A circle on the map, cut into the kinds that it counts."""

    place: PlaceShown
    x: float
    y: float
    radius: float
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """What is drawn: the land, the borders between states, and the symbols, the largest first. `outside`: the places
    that lie somewhere else.
    """

    wide: int
    high: int
    land: str
    borders: str
    symbols: tuple[Symbol, ...]
    outside: tuple[PlaceShown, ...]


@dataclass(frozen=True, slots=True)
class _Projection:
    """Degrees to places on the map: a degree to the east is as long as it is in the middle of what is shown."""

    west: float
    north: float
    scale: float
    narrow: float

    def __call__(self, point: Point) -> Point:
        return (point[0] - self.west) * self.narrow * self.scale, (self.north - point[1]) * self.scale


def map_shown(
    counts: Mapping[str, Mapping[str, int]], at: Mapping[str, tuple[float, float]], total: int, placed: int, view: View
) -> MapShown:
    """What is shown of the entries at places (by place and kind); `at` says where places lie, `placed` how many of the
    `total` entries tell a place.
    """
    places = [PlaceShown(place, at.get(place), dict(sorted(of.items()))) for place, of in counts.items()]
    kinds: dict[str, int] = {}
    for place in places:
        for kind, count in place.counts.items():
            kinds[kind] = kinds.get(kind, 0) + count
    return MapShown(
        view, tuple(sorted(places, key=lambda p: (-p.total, p.place))),
        tuple(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))), total, total - placed,
    )  # fmt: skip


def draw_map(shown: MapShown, outlines: Outlines) -> Map:
    """The drawing of it."""
    placed = [place for place in shown.places if place.at is not None]
    box = _fitting(WORLD if shown.view == "world" or not placed else _around(placed, shown.view))
    scale = HIGH / (box.north - box.south)
    to = _Projection(box.west, box.north, scale, WIDE / (box.east - box.west) / scale)
    most = max((place.total for place in placed), default=1)
    kinds = [kind for kind, _ in shown.kinds]
    symbols = tuple(_symbol(p, to(_point(p)), most, kinds) for p in placed if box.holds(_point(p)))
    outside = tuple(place for place in placed if not box.holds(_point(place)))
    return Map(WIDE, HIGH, _land(outlines, box, to), _borders(outlines, box, to), symbols, outside)


def labelled(drawn: Map, name: Callable[[str], str]) -> list[tuple[Symbol, str, bool]]:
    """The symbols beside which there is room for a name, each with its name (as `name` has it) and whether that stands
    at the left: those of the most entries first, none over another name or symbol.
    """
    taken: list[Box] = []
    found: list[tuple[Symbol, str, bool]] = []
    round_ = {s.place.place: Box(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in drawn.symbols}
    for symbol in drawn.symbols:
        text = name(symbol.place.place)
        others = [box for place, box in round_.items() if place != symbol.place.place]
        for left in (False, True):
            box = _label(symbol, len(text) * _LETTER, left)
            fits = box.west >= 0 and box.east <= drawn.wide and not any(box.touches(o) for o in (*taken, *others))
            if fits:
                taken.append(box)
                found.append((symbol, text, left))
                break
        if len(found) == _NAMED:
            break
    return found


def _label(symbol: Symbol, wide: float, left: bool) -> Box:
    """Where a name of that width stands."""
    edge = symbol.x - symbol.radius - 3 if left else symbol.x + symbol.radius + 3
    west, east = (edge - wide, edge) if left else (edge, edge + wide)
    return Box(west, symbol.y - 8, east, symbol.y + 8)


def _point(place: PlaceShown) -> Point:
    assert place.at is not None
    return place.at[1], place.at[0]


def _around(placed: Sequence[PlaceShown], view: View) -> Box:
    """The box of the places; where most are asked for, of those that are left when places at the edge are taken away,
    one after the other: always the one that makes the box most smaller for an entry that is lost, as long as most stay.
    """
    kept = {place.place: (_point(place), place.total) for place in placed}
    spare = (1 - _HELD) * sum(count for _, count in kept.values()) if view == "most" else 0.0
    while len(kept) > 1:
        size = _size([point for point, _ in kept.values()])
        gains = {}
        for name in _outermost(kept):
            left = _size([point for other, (point, _) in kept.items() if other != name])
            if kept[name][1] <= spare and left < size:
                gains[name] = (size - left) / kept[name][1]
        if not gains:
            break
        gone = min(gains, key=lambda name: (-gains[name], name))
        spare -= kept.pop(gone)[1]
    return box_of([point for point, _ in kept.values()])


def _outermost(kept: Mapping[str, tuple[Point, int]]) -> set[str]:
    """The names of the places furthest in each direction."""
    by_axis = [sorted((point[axis], name) for name, (point, _) in kept.items()) for axis in (0, 1)]
    return {name for ordered in by_axis for _, name in (ordered[0], ordered[-1])}


def _size(points: Sequence[Point]) -> float:
    """How large a part of the world it is that holds some places, in degrees from end to end."""
    box = box_of(points)
    return box.east - box.west + 2 * (box.north - box.south)


def _fitting(box: Box) -> Box:
    """A box of the map's form around another, with some air; no larger than the world."""
    high = max((box.north - box.south) * (1 + 2 * _AROUND), _LEAST)
    middle = (box.south + box.north) / 2
    narrow = cos(radians(middle))
    wide = max((box.east - box.west) * (1 + 2 * _AROUND), high * WIDE / HIGH / narrow)
    high = max(high, wide * narrow * HIGH / WIDE)
    if high >= WORLD.north - WORLD.south or wide >= WORLD.east - WORLD.west:
        return WORLD
    centre = (box.west + box.east) / 2
    south = min(max(middle - high / 2, WORLD.south), WORLD.north - high)
    return Box(centre - wide / 2, south, centre + wide / 2, south + high)


def _land(outlines: Outlines, box: Box, to: _Projection) -> str:
    """All land in the box as one path."""
    return "".join(
        _path(cut, to, close=True)
        for _, polygons in sorted(outlines.polygons.items())
        for own, rings in polygons
        if own.touches(box)
        for ring in rings
        if len(cut := _clipped(ring, box)) > 2
    )


def _borders(outlines: Outlines, box: Box, to: _Projection) -> str:
    """All borders between states in the box as one path; what sticks out is cut by the edge of the drawing."""
    return "".join(_path(line, to, close=False) for own, line in outlines.borders if own.touches(box))


def _path(points: Iterable[Point], to: _Projection, close: bool) -> str:
    """Points as a path in SVG's notation, without those that are too near to each other to be told apart."""
    last: Point | None = None
    parts: list[str] = []
    for point in points:
        x, y = to(point)
        if last is not None and abs(x - last[0]) < _NEAR and abs(y - last[1]) < _NEAR:
            continue
        parts.append(f"{'L' if parts else 'M'}{x:.1f},{y:.1f}")
        last = x, y
    return "".join(parts) + ("Z" if close else "") if len(parts) > 1 else ""


def _clipped(ring: Line, box: Box) -> list[Point]:
    """The part of a ring in a box, or a little beyond it (Sutherland and Hodgman's way)."""
    air = 1.0
    bounds = ((0, box.west - air, 1), (0, box.east + air, -1), (1, box.south - air, 1), (1, box.north + air, -1))
    points = list(ring)
    for axis, bound, side in bounds:
        if not points:
            break
        points = list(_cut(points, axis, bound, side))
    return points


def _cut(points: Sequence[Point], axis: int, bound: float, side: int) -> Iterator[Point]:
    """The points on one side of a line, with those where the ring crosses it."""
    before = points[-1]
    for point in points:
        was, now = ((p[axis] - bound) * side for p in (before, point))
        if (was >= 0) != (now >= 0):
            along = was / (was - now)
            yield before[0] + (point[0] - before[0]) * along, before[1] + (point[1] - before[1]) * along
        if now >= 0:
            yield point
        before = point


def _symbol(place: PlaceShown, at: Point, most: int, kinds: Sequence[str]) -> Symbol:
    """A circle whose area grows with the number, so far as small ones can still be seen and hit."""
    radius = round(max(_SMALL, _LARGE * sqrt(place.total / max(most, 12))), 1)
    told = [(kind, place.counts[kind]) for kind in kinds if kind in place.counts]
    x, y = round(at[0], 1), round(at[1], 1)
    return Symbol(place, x, y, radius, tuple(_slices(told, x, y, radius)))


def _slices(told: Sequence[tuple[str, int]], x: float, y: float, radius: float) -> Iterator[Slice]:
    """The parts of a circle, clockwise from the top."""
    if len(told) == 1:
        yield Slice(*told[0], "")
        return
    whole, turn = sum(count for _, count in told), 0.0
    for kind, count in told:
        start, turn = turn, turn + count / whole * tau
        (x1, y1), (x2, y2) = ((x + radius * sin(a), y - radius * cos(a)) for a in (start, turn))
        large = int(turn - start > pi)
        yield Slice(kind, count, f"M{x:g},{y:g}L{x1:.1f},{y1:.1f}A{radius:g},{radius:g} 0 {large} 1 {x2:.1f},{y2:.1f}Z")
