"""Lines that sites put on several pages, counted as pages come (`clean.site` says what makes such a line)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from recoupe.clean.site import ARTICLES, key, own_lines, site_lines, taken
from recoupe.hashed import number_of_words
from recoupe.ledger import Find
from recoupe.model import Reading, Report
from recoupe.settle.hood import Hood, Space

_FEW = 64  # rows that are looked at to see that a line is long since its site's


def note_lines(hood: Hood, old: Mapping[int, Reading], new: Mapping[int, Reading]) -> None:
    """Writes which lines of which outlets pages have, instead of what was written for their old readings."""
    for readings, note in ((old, hood.finds.drop), (new, hood.finds.put)):
        note(Space.LINE, [f for page, r in readings.items() for f in _rows(page, r.report).values()])


def with_new_lines(hood: Hood, changed: Mapping[int, Reading]) -> set[int]:
    """The changed pages, and others on which a line is that became their site's by these."""
    pages = set(changed)
    for page, reading in changed.items():
        for find in _rows(page, reading.report).values():
            rows = hood.finds.of(Space.LINE, find.key, _FEW)
            if len({row.first for row in rows if row.page not in changed}) >= ARTICLES:
                continue  # it was before
            if len(rows) == _FEW:
                rows = hood.finds.of(Space.LINE, find.key)
            before = {row.first for row in rows if row.page not in changed}
            if len(before) < ARTICLES <= len({row.first for row in rows}):
                pages |= {row.page for row in rows}
    return pages


def with_site_lines(hood: Hood) -> set[int]:
    """Of all pages those of which other lines are their site's than were taken out of them."""
    readings = hood.readings(hood.batch.changed(0))
    common = site_lines(reading.report for reading in readings.values())
    return {
        page
        for page, reading in readings.items()
        if own_lines(reading.report) & common.get(reading.report.outlet or "", frozenset()) != _taken(reading.report)
    }


def lines_wanted(hood: Hood, pages: Iterable[int]) -> Mapping[str, frozenset[str]]:
    """Those of the pages of which other lines are their site's than were taken out of them, by doc, with the lines."""
    found: dict[str, frozenset[str]] = {}
    for page, reading in hood.readings(pages).items():
        lines = frozenset(line for line, find in _rows(page, reading.report).items() if _common(hood, find.key))
        if lines != _taken(reading.report):
            found[reading.report.doc] = lines
    return found


def _taken(report: Report) -> frozenset[str]:
    return frozenset(key(drop.text) for drop in taken(report))


def _common(hood: Hood, line: int) -> bool:
    """Is a line on so many articles that it is the site's?"""
    titles: set[int] = set()
    while len(titles) < ARTICLES:
        rows = hood.finds.after(Space.LINE, line, max(titles, default=-1))
        if not rows:
            return False
        titles.add(rows[0].first)
    return True


def _rows(page: int, report: Report) -> dict[str, Find]:
    """The notes of a report's lines, by line."""
    title = key(report.title)
    if not report.outlet or not title:
        return {}
    first = number_of_words(title)
    return {line: Find(number_of_words(report.outlet, line), first, 0, page, 0) for line in sorted(own_lines(report))}
