"""The sources that a report names itself: credits in its byline, its dateline, at a paragraph's end, on their own line;
notices that the text was published elsewhere before, releases that it reprints; and, for details, who was told what.

Photo credits and captions are no sources of the text; the cleaner drops them under other reasons than those read here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate, zip_longest

from recoupe.codebook.names import AGENCY, AGGREGATOR, OFFICIAL
from recoupe.model import Dropped, Origin, Reading, Report, Span
from recoupe.trace.names import DOMAIN, Found, Names
from recoupe.values import Actor

# How surely the whole text is taken from the source named: a line or dateline credits it all, "X reported" one detail.
SCORES = {
    "source-line": 0.95,
    "dateline": 0.95,
    "notice": 0.95,
    "release": 0.9,
    "byline": 0.9,
    "credit": 0.85,
    "alone": 0.5,
    "reported": 0.5,
    "detail": 0.3,
    "link": 0.2,
}
DETAILS = frozenset({"alone", "reported", "detail", "link"})
# A name that stands on a line alone is a credit where it is an agency's; it may also be a link, or a heading.
PUBLISHERS = frozenset({"newspaper", "broadcaster", "magazine", "state-media"})
SOURCE_LINE = "source-line"
BYLINES = frozenset({"byline", "date-line"})  # a line that says who wrote the article may say when, too
OTHERS = frozenset({"teaser", "related-headline", "menu"})  # lines that speak of other articles
_DATELINE = re.compile(r"^[^()\n]{0,60}\(([^()\n]{2,60})\)\s*[-–—:]")
_ENDING = re.compile(r"\(([^()\n]{2,80})\)[\s.!?»\"”]*$")
_LAST = 3  # paragraphs that end a report: "Source:" further up is that of a chart or a figure
_LONGEST_LINE = 120  # characters; a longer paragraph that opens with "Source:" tells more than its source
_NEAR, _WITHIN = 2000, 300  # characters shown outside the article, and inside it, at either end


def named(reading: Reading, names: Names) -> list[Origin]:
    """The sources that a report names, one Origin each (the surest where it is named twice), sorted by source."""
    report = reading.report
    publisher = names.own(report)
    own = {publisher, *_hosts(report)}
    called = {_letters(name) for name in (report.outlet or "", *_hosts(report), *_labels(report))}
    best: dict[str, Origin] = {}
    for rule, outlet, words in _clues(reading, names):
        if outlet in own or _letters(outlet) in called or (rule in DETAILS and names.part_of(outlet, publisher)):
            continue
        if names.kind(outlet) == AGGREGATOR:  # it shows what others wrote
            continue
        if outlet not in best or SCORES[rule] > best[outlet].score:
            best[outlet] = Origin(report.doc, outlet, "named", SCORES[rule], words, rule)
    return [best[outlet] for outlet in sorted(best)]


def _letters(name: str) -> str:
    """A name as a host's name writes it: letters and digits alone."""
    return "".join(c for c in name.casefold() if c.isalnum())


def _labels(report: Report) -> Iterator[str]:
    """The parts of the report's own host name, one of which is mostly the outlet's name."""
    for host in DOMAIN.findall(report.url or report.outlet or ""):
        yield from host.split(".")


def _hosts(report: Report) -> Iterator[str]:
    """The report's own host name and the domains that it is below, for outlets that the codebook does not know."""
    for host in DOMAIN.findall(f"{report.url or ''} {report.outlet or ''}"):
        parts = host.lower().split(".")
        yield from (".".join(parts[i:]) for i in range(len(parts) - 1))


def _clues(reading: Reading, names: Names) -> Iterator[tuple[str, str, str]]:
    """(rule, source, the words) for everything in the report that names a source."""
    report = reading.report
    if report.byline:
        byline = _straight(report.byline)
        for f in names.byline(byline):
            yield "byline", f.outlet, report.byline
    around = _around(report)
    for drop, after in zip_longest(around, around[1:]):
        text = _straight(drop.text)
        if drop.reason == SOURCE_LINE:
            yield from (("source-line", f.outlet, drop.text.strip()) for f in names.source_line(text))
        elif drop.reason in BYLINES:
            yield from (("byline", f.outlet, drop.text.strip()) for f in names.byline(text))
        if drop.reason in OTHERS:
            continue
        # A link is often on a line of its own.
        line = f"{drop.text}\n{after.text}" if after and len(drop.text) < _LONGEST_LINE else drop.text
        yield from (("notice", f.outlet, line[f.start : f.end]) for f in names.notices(_straight(line)))
    yield from _linked(report, names)
    text = _straight(report.text)
    spans = [block.span for block in report.blocks if block.role in ("lead", "body")]
    ends = set(spans[-_LAST:])
    edges = {*ends, *spans[:_LAST], *(block.span for block in report.blocks if block.role == "title")}
    for role, span in [(block.role, block.span) for block in report.blocks]:
        block = text[span.start : span.end]
        clues = list(_in_block(block, names, span in edges, span in ends)) if role in ("lead", "body") else []
        if span in edges:
            clues += [("notice", f) for f in names.notices(block)]
            clues += [("release", f) for f in names.releases(block, _bodies(reading, span))]
        for rule, f in clues:
            yield rule, f.outlet, report.text[span.start + f.start : span.start + f.end]


def _linked(report: Report, names: Names) -> Iterator[tuple[str, str, str]]:
    """The outlets whose pages the article links to. Links to others are too often to shops, and those to platforms say
    nothing of who wrote what is there.
    """
    for link in report.links:
        for host in DOMAIN.findall(link.address)[:1]:
            outlet = names.of_domain(host)
            said = report.of_page(link.at)
            if outlet is not None and said is not None and names.kind(outlet) != AGGREGATOR:
                yield "link", outlet, report.text[said.start : said.end].strip()


def _bodies(reading: Reading, span: Span) -> list[Found]:
    """The actors named in a paragraph, placed in it: a release may be of a body that has no outlet of its own."""
    return [
        Found(m.span.start - span.start, m.span.end - span.start, str(m.value))
        for m in reading.mentions
        if m.type == "actor" and isinstance(m.value, Actor) and span.holds(m.span)
    ]


def _around(report: Report) -> list[Dropped]:
    """The dropped lines near the article's beginning and end, and all bylines amid it.

    Further away they belong to other headlines of the page, and amid the article to a figure or a chart. How far is
    measured in what the page shows, for in HTML a picture's markup may be longer than the article.
    """
    if not report.pieces:
        return list(report.dropped)
    shown = _shown(report)
    start = next((b.span.start for b in report.blocks if b.role != "title"), 0)
    first, last = shown(report.to_page(start)), shown(report.to_page(len(report.text)))
    inside = range(first + _WITHIN, last - _WITHIN)
    return [
        drop
        for drop in report.dropped
        if first - _NEAR <= (at := shown(drop.start)) <= last + _NEAR and (drop.reason in BYLINES or at not in inside)
    ]


def _shown(report: Report) -> Callable[[int], int]:
    """How much of the page's text, kept or dropped, stands before a place in it."""
    runs = sorted(
        [(page, length) for _, page, length in report.pieces] + [(d.start, len(d.text)) for d in report.dropped]
    )
    before = list(accumulate((length for _, length in runs), initial=0))

    def of(place: int) -> int:
        at = bisect_right(runs, (place, 0)) - 1
        return 0 if at < 0 else before[at] + min(place - runs[at][0], runs[at][1])

    return of


def _in_block(block: str, names: Names, edge: bool, ends: bool) -> Iterator[tuple[str, Found]]:
    """The credits of one paragraph; `edge`: it is among the first or last ones, `ends`: among the last.

    A bracketed official body at a paragraph's end is an acronym explained, not a credit; a name alone on a line amid
    the article is that of a picture or a chart.
    """
    whole = (0, len(block.rstrip()))
    if ends and len(block) <= _LONGEST_LINE and names.is_source_line(block):
        yield from (("source-line", Found(*whole, f.outlet)) for f in names.source_line(block))
    credited = names.only_credits(block)
    for f in credited if edge or [(f.start, f.end) for f in credited] != [whole] else ():
        kind = names.kind(f.outlet)
        if kind == AGENCY or (kind != OFFICIAL and any(c.isalpha() for c in block[: f.start] + block[f.end :])):
            yield "credit", Found(*whole, f.outlet)
        elif (f.start, f.end) == whole and kind in PUBLISHERS:
            yield "alone", f
    if m := _DATELINE.match(block):
        yield from (("dateline", Found(*m.span(), f.outlet)) for f in names.only_credits(m[1]))
    if m := _ENDING.search(block):
        for f in names.only_credits(m[1]):
            kind = names.kind(f.outlet)
            if kind == AGENCY or (ends and kind != OFFICIAL):
                yield "credit", Found(m.start(), m.end(1) + 1, f.outlet)
    yield from (("reported", f) for f in names.reported(block) if names.kind(f.outlet) != OFFICIAL)
    yield from (("detail", f) for f in names.details(block) if names.kind(f.outlet) not in (OFFICIAL, AGGREGATOR))


def _straight(text: str) -> str:
    """The same text, letter for letter, with straight apostrophes, as the codebook writes them."""
    return text.replace("’", "'").replace("ʼ", "'")
