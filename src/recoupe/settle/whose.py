"""Whose word pages and their claims are, where origins have changed: of families that these join, and those that have
parts of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

from recoupe.settle.hood import NOBODY, Hood
from recoupe.trace import roots
from recoupe.trace.roots import TEXTS


def whose(hood: Hood, pages: Iterable[int]) -> tuple[set[int], set[int]]:
    """Notes whose word the families of these pages are, and their claims as people have reviewed them. Gives the pages
    of the families, and those of which, or of a claim of which, it is another's word than was noted.
    """
    family = hood.joined(pages, TEXTS)
    takers = _takers(hood, family)
    givers = _givers(hood, family | takers)
    readings = hood.applied(family | takers | givers)
    rows = {edge.row for edge in hood.edges(readings, ["named", *TEXTS, "part"], down=False)}
    before = hood.finds.roots(readings)
    already = {r.report.doc: before[page, 0] for page, r in readings.items() if page not in family}
    found = roots(readings.values(), hood.origins(rows).values(), hood.codebook, already)
    now: dict[tuple[int, int], str] = {}
    for page in sorted(family | takers):
        reading = readings[page]
        now[page, 0] = found.reports[reading.report.doc]
        for number in range(1, len(reading.claims) + 1):
            if (root := found.claims.get(f"{reading.report.doc}#{number}")) is not None:
                now[page, number] = root
    hood.finds.root(family | takers, now)
    was = {key: root for key, root in before.items() if key[0] not in givers or key[0] in family | takers}
    return family, {key[0] for key in now.keys() | was.keys() if now.get(key) != was.get(key)}


def _takers(hood: Hood, pages: set[int]) -> set[int]:
    """The pages that have parts of these, near and far, and the copies of such."""
    found: set[int] = set()
    new = {edge.one for edge in hood.edges(pages, ["part"], up=False)} - pages
    while new:
        found |= new
        new = {edge.one for edge in hood.edges(new, ["copy", "part"], up=False)} - pages - found
    return found


def _givers(hood: Hood, pages: set[int]) -> set[int]:
    """The pages that these have copies or parts of, near and far."""
    found: set[int] = set()
    new = set(pages)
    while new:
        new = {edge.other for edge in hood.edges(new, ["copy", "part"], down=False)} - pages - found - {NOBODY}
        found |= new
    return found
