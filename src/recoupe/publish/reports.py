"""Reports as JSON Lines: what each page says, apart from what it puts around it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from recoupe.model import Reading, Report


def report_lines(readings: Iterable[Reading]) -> Iterator[str]:
    """The lines, without their line ends, sorted by doc; equal for equal readings, whatever their order.

    Of each report: `doc`, `url`, `outlet`, `title`, `text` (lead, crossheads and paragraphs, a blank line between two),
    `text_start` (where `text` begins in the report's text, whose title comes first: evidence of claims counts from
    there), `lang` (an ISO 639-1 code, or `und`), `published` (the manual's notation), `byline`, and `dropped`, how many
    runs of the page were left out for each reason. What is not known is null.
    """
    for reading in sorted(readings, key=lambda r: r.report.doc):
        report = reading.report
        start = text_start(report)
        line = {
            "doc": report.doc,
            "url": report.url,
            "outlet": report.outlet,
            "title": report.title or None,
            "text": report.text[start:],
            "text_start": start,
            "lang": report.lang,
            "published": None if reading.dating.when is None else str(reading.dating.when),
            "byline": report.byline,
            "dropped": dict(sorted(Counter(drop.reason for drop in report.dropped).items())),
        }
        yield json.dumps(line, ensure_ascii=False)


def text_start(report: Report) -> int:
    """Where the first block begins that is not the title; the text's length where there is none."""
    return next((b.span.start for b in report.blocks if b.role != "title"), len(report.text))
