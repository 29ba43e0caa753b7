"""Pages in HTML: trafilatura finds the article in the markup, and what it finds is read off what the page shows."""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

import trafilatura
from lxml.etree import _Element as Element
from trafilatura.settings import Document

from recoupe.clean.front import Front
from recoupe.clean.html import Sight, Where, see
from recoupe.clean.labels import Labels
from recoupe.clean.lines import lines_of
from recoupe.clean.match import Shown
from recoupe.clean.notes import first, notes_of, site
from recoupe.clean.report import build
from recoupe.clean.run import Run, main_run
from recoupe.codebook.furniture import Furniture
from recoupe.model import Dropped, Link, Note, Page, Report, Span

APART = frozenset({"p", "head", "item", "quote", "cell", "row", "list", "table", "lb", "code", "main", "body", "div"})
"""Elements of trafilatura's result that stand apart from what is around them."""
MOST = 0.5
"""The share of a line's letters that the article has when the line is the article's; most lines have all or none."""
REASONS: dict[Where, str] = {
    "nav": "menu",
    "footer": "footer",
    "aside": "aside",
    "figcaption": "caption",
    "form": "form",
    "noscript": "noscript",
}
"""Why a line that is not the article's is on the page, by the element in which it stands."""

# It tells of every page without an article; that is ours to tell, as the page's problem.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def clean_html(page: Page, furniture: Furniture) -> Report:
    """The article of a page in HTML, as `clean` gives it; `dropped` has the text that is shown beside the article.

    Where trafilatura finds no article, the lines that the page shows are cleaned as those of a text. Raises PageError
    where there is none in them either.
    """
    sight = see(page.text, page.doc)
    notes = notes_of(sight, page.about("url") or "")
    shown = Page.of(page.doc, sight.text, _about(page, notes))
    labels = Labels(lines_of(sight.text, sight.titled, furniture), furniture)
    run = _trust(labels, sight, page.text) or main_run(labels)
    front = Front(sight.titled, Span(0, sight.titled) if sight.titled else None, "page-title")
    report = _in_source(build(shown, labels, furniture, front, run), sight)
    return _with_links(_with_notes(report, notes, page.about("url")), sight)


def _with_links(report: Report, sight: Sight) -> Report:
    """The report with the links of its article to other sites; those of its own are the page's furniture, mostly."""
    own = site(report.url or "")
    first, last = report.pieces[0][1], report.to_page(len(report.text))
    links = tuple(
        Link(address, Span(start, end))
        for address, start, end in sight.links
        if first <= start < end <= last and (host := site(address)) and host != own and report.of_page(Span(start, end))
    )
    return replace(report, links=links)


def _byline(shown: str | None, notes: tuple[Note, ...]) -> str | None:
    """Who wrote it: as the page shows it, where that has a name of the author whom the markup gives (the page says
    more: "with AFP"); else the markup's author, unless that is the outlet itself. An author's address is no name.
    """
    author = next((n.value for n in notes if n.name == "author" and "//" not in n.value), None)
    if author is None or shown is None:
        return shown or author
    names = set(author.casefold().split())
    outlets = {word for n in notes if n.name == "outlet" for word in n.value.casefold().split()}
    return shown if names & set(shown.casefold().split()) or names <= outlets else author


def _about(page: Page, notes: tuple[Note, ...]) -> tuple[tuple[str, str], ...]:
    """What came with the page, and what its markup says of the article where nothing came with it."""
    told = {name: first(notes, name) for name in ("title", "description")}
    return tuple((({k: v for k, v in told.items() if v}) | dict(page.meta)).items())


def _with_notes(report: Report, notes: tuple[Note, ...], address: str | None) -> Report:
    """The report with its notes; they stand in for what the page does not show. A page that is not known by its address
    is believed about it; one that is, and names a page of another site, is not: that is dropped as `other-address`."""
    own = first(notes, "url")
    url = address or own
    others = [
        Dropped(n.at.start, n.at.end, n.value, "other-address")
        for n in notes
        if n.name == "url" and url and site(n.value) != site(url)
    ]
    return replace(
        report,
        notes=notes,
        url=url,
        byline=_byline(report.byline, notes),
        outlet=report.outlet if address else (site(own) if own else None) or report.outlet or first(notes, "outlet"),
        dropped=tuple(sorted((*report.dropped, *others), key=lambda d: d.start)),
    )


def _trust(labels: Labels, sight: Sight, source: str) -> Run | None:
    """Takes the lines that trafilatura finds for the article, and gives the run that they make; None without any."""
    found = trafilatura.bare_extraction(source, include_comments=False)
    if not isinstance(found, Document) or found.body is None:
        return None
    shown = Shown(sight.text)
    shown.find_all(_paragraphs(found.body))
    kept = {i for i, line in enumerate(labels.lines) if max(map(shown.share, line.spans)) >= MOST}
    if not kept:
        return None
    labels.trust(kept)
    for i, where in enumerate(_wheres(labels, sight)):
        if i not in kept and labels.reason[i] is None:
            labels.reason[i] = REASONS.get(where) or ("aside" if min(kept) < i < max(kept) else None)
    start, end = min(kept), max(kept) + 1
    return Run(start, end, sum(labels.lines[i].words for i in labels.sure))


def _paragraphs(body: Element) -> Iterator[str]:
    """The text of each part of the article that stands apart."""
    parts: list[str] = []

    def ended() -> Iterator[str]:
        if said := "".join(parts).strip():
            yield said
        parts.clear()

    stack: list[tuple[Element, bool]] = [(body, False)]
    while stack:
        element, left = stack.pop()
        apart = element.tag in APART
        if apart:
            yield from ended()
        if left:
            parts.append(element.tail or "")
            continue
        parts.append(element.text or "")
        stack.append((element, True))
        stack += [(child, False) for child in reversed(element)]
    yield from ended()


def _wheres(labels: Labels, sight: Sight) -> Iterator[Where]:
    """Where in the page each line stands."""
    starts = _starts(sight.text)
    for line in labels.lines:
        yield sight.wheres[bisect_right(starts, line.spans[0].start) - 1]


def _starts(text: str) -> list[int]:
    """Where the lines begin that are not blank."""
    starts, at = [], 0
    for line in text.split("\n"):
        if line:
            starts.append(at)
        at += len(line) + 1
    return starts


def _in_source(report: Report, sight: Sight) -> Report:
    """The report of what is shown, with places in the source."""
    places = [start for start, _, _ in sight.pieces]
    pieces = tuple(
        (start + first - at, place, length)
        for start, at, whole in report.pieces
        for first, place, length in _between(sight, places, at, at + whole)
    )
    return replace(report, pieces=pieces, dropped=tuple(_drop(d, sight, places) for d in report.dropped))


def _between(sight: Sight, places: list[int], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The pieces between two places of what is shown: each with its start there, in the source, and its length."""
    for k in range(max(0, bisect_right(places, start) - 1), bisect_right(places, end - 1)):
        shown, place, length = sight.pieces[k]
        first, last = max(start, shown), min(end, shown + length)
        if first < last:
            yield first, place + first - shown, last - first


def _drop(drop: Dropped, sight: Sight, places: list[int]) -> Dropped:
    """What is dropped, from its first to its last character in the source, the tags between them included."""
    pieces = list(_between(sight, places, drop.start, drop.end))
    return replace(drop, start=pieces[0][1], end=pieces[-1][1] + pieces[-1][2])
