"""Lines that a site puts on many of its pages: what several of its articles all hold is no article's own.

The cleaner sees one page at a time and takes such a line for a heading or a last word of the article; beside the
site's other pages it is seen to be furniture. Paragraphs are left alone, however often they come: newsrooms repeat the
background of a long story word for word, and a report says what it repeats.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from recoupe.model import Block, Dropped, Report, Span

REASON = "site-line"
ARTICLES = 4
"""Articles of one site, told apart by their titles, that a line stands in when it is the site's: copies and updates of
one article share its title, or have two or three.
"""
LONGEST = 10
"""Words of such a line; what is longer and no sentence is a headline, and that of a series may come again."""
SENTENCE = re.compile(r"[.!?…:»”\"]\s*$")


def site_lines(reports: Iterable[Report]) -> Mapping[str, frozenset[str]]:
    """The lines (their `key`) that sites put on several pages, by outlet; the order of the reports plays no part."""
    titles: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for report in reports:
        title = key(report.title)
        if report.outlet and title:
            for line in own_lines(report):
                titles[report.outlet, line].add(title)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for (outlet, line), told in titles.items():
        if len(told) >= ARTICLES:
            found[outlet].add(line)
    return {outlet: frozenset(lines) for outlet, lines in found.items()}


def own_lines(report: Report) -> frozenset[str]:
    """The short lines that the report has, or had before lines of its site were taken out."""
    kept = (report.text[b.span.start : b.span.end] for b in report.blocks if b.role != "title")
    return frozenset(key(line) for line in (*kept, *(d.text for d in taken(report))) if _short(line))


def taken(report: Report) -> tuple[Dropped, ...]:
    """The lines that were taken out of the report as its site's."""
    return tuple(d for d in report.dropped if d.reason == REASON)


def without(report: Report, lines: frozenset[str]) -> Report:
    """The report without these lines (their `key`), which are dropped for REASON; its title stays."""
    text, pieces, dropped = "", [], list(report.dropped)
    blocks: list[Block] = []
    for block in report.blocks:
        said = report.text[block.span.start : block.span.end]
        own = [p for p in report.pieces if block.span.start <= p[0] < block.span.end]
        if block.role != "title" and _short(said) and key(said) in lines and own:
            dropped.append(Dropped(own[0][1], own[-1][1] + own[-1][2], said, REASON))
            continue
        text += "\n\n" if blocks else ""
        shift = len(text) - block.span.start
        blocks.append(Block(Span(len(text), len(text) + len(said)), block.role))
        pieces += [(start + shift, place, length) for start, place, length in own]
        text += said
    if len(dropped) == len(report.dropped) or not any(b.role != "title" for b in blocks):
        return report
    return replace(
        report,
        text=text,
        blocks=tuple(blocks),
        pieces=tuple(pieces),
        dropped=tuple(sorted(dropped, key=lambda d: d.start)),
    )


def key(line: str) -> str:
    """What two copies of a line have in common: its letters and digits."""
    return re.sub(r"[\W_]+", " ", line).strip().casefold()


def _short(line: str) -> bool:
    return len(line) <= 20 * LONGEST and len(line.split()) <= LONGEST and not SENTENCE.search(line) and bool(key(line))
