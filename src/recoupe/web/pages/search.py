"""Search over reports and entries: words without regard to accents and capitals, in every language of the codebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Query as Parameter

from recoupe.folded import Term, found_in, terms
from recoupe.model import Reading, Report, Span
from recoupe.web.asked import found_by
from recoupe.web.marked import Mark, Piece, marked
from recoupe.web.query import Query
from recoupe.web.render import Fresh, render
from recoupe.web.rows import RowShown, row_shown
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["search"])

ENTRIES, REPORTS = 10, 20  # shown on a page
LONGEST = 200  # characters of a question
LAST = 50  # pages of reports that may be turned to
_AROUND, _MOST = 90, 3  # characters around words that were found; places that are shown of a report
FOUND = "found"
"""The label of words that were searched for."""

Asked = Annotated[str, Parameter(max_length=LONGEST, description="The words; in quotation marks, as they stand.")]
Turned = Annotated[int, Parameter(ge=1, le=LAST, description="Which page of reports.")]


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that was found: its title and the places with the words, in pieces; those searched for are labelled."""

    doc: str
    title: tuple[Piece, ...]
    outlet: str | None
    lang: str
    published: str | None
    places: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class SearchShown:
    """What is found: the best entries and how many there are, a page of reports and how many there are (`more`: at
    least so many).
    """

    q: str
    entries: tuple[RowShown, ...]
    entries_total: int
    reports: tuple[Hit, ...]
    reports_total: int
    more: bool
    page: int
    pages: int


def hit(reading: Reading, wanted: tuple[Term, ...]) -> Hit:
    """What is shown of a report that was found."""
    report = reading.report
    runs = [Span(start, end) for start, end in found_in(report.text, wanted)]
    marks = [Mark(run.start, run.end, FOUND) for run in runs]
    title = next((b.span for b in report.blocks if b.role == "title"), None)
    body = [run for run in runs if title is None or not title.holds(run)]
    return Hit(
        report.doc,
        () if title is None else tuple(marked(report.text, marks, title)),
        report.outlet,
        report.lang,
        None if reading.dating.when is None else str(reading.dating.when),
        tuple(tuple(marked(report.text, marks, place)) for place in _places(report, body)),
    )


def _places(report: Report, runs: list[Span]) -> list[Span]:
    """Some of the text around the first words that were found, those near to each other together."""
    places: list[Span] = []
    for run in runs:
        around = Span(max(0, run.start - _AROUND), min(len(report.text), run.end + _AROUND))
        if places and around.start <= places[-1].end:
            places[-1] = Span(places[-1].start, around.end)
        else:
            places.append(around)
    return [_at_words(report.text, place) for place in places[:_MOST]]


def _at_words(text: str, place: Span) -> Span:
    """The place without the parts of words at its ends."""
    start, end = place.start, place.end
    while 0 < start < end and not text[start - 1].isspace():
        start += 1
    while start < end < len(text) and not text[end].isspace():
        end -= 1
    return Span(start, end) if start < end else place


def shown(ledger: Shelf, q: str, page: int) -> SearchShown:
    """What is found."""
    asked = " ".join(q.split())
    wanted = terms(asked)
    if not wanted:
        return SearchShown(asked, (), 0, (), 0, False, 1, 1)
    lookups = ledger.ledger.lookups
    query = Query(q=asked)
    found = ledger.table().find(query, found_by(ledger, query), size=ENTRIES)
    entries = ledger.made_of(found.rows, row_shown)
    hits = lookups.reports_with(asked, REPORTS, (page - 1) * REPORTS, LAST * REPORTS)
    readings = lookups.readings(hits.docs)
    return SearchShown(
        q=asked,
        entries=tuple(entries[row] for row in found.rows if row in entries),
        entries_total=found.total,
        reports=tuple(hit(readings[doc], wanted) for doc in hits.docs if doc in readings),
        reports_total=hits.total,
        more=hits.more,
        page=page,
        pages=max(1, -(-hits.total // REPORTS)),
    )


@router.get("/api/search")
def search_json(request: Request, q: Asked = "", page: Turned = 1) -> SearchShown:
    """Entries and reports with these words."""
    return shown(shelf(request), q, page)


@router.get("/search", include_in_schema=False)
def search_page(request: Request, q: Asked = "", page: Turned = 1) -> Response:
    """The page of what is found."""
    return render(request, "search.html", shown=shown(shelf(request), q, page), found=FOUND)
