"""Reports whose text is another report's: exact copies, near copies (cut, edited, reordered), shared paragraphs.

How they are found and measured is told in `index`, `candidates` and `measure`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Literal

from recoupe.model import Origin, Reading
from recoupe.trace.index import Index
from recoupe.trace.parts import passages
from recoupe.trace.prints import Text, shown, spans_of, word_spans
from recoupe.trace.rank import Rank


class Said(Container[tuple[str, str]]):
    """The pairs (doc, doc) of which the first names the outlet of the second as its source. They are not listed: an
    agency's thousand reports, and the ten thousand that name it, make ten million.
    """

    def __init__(self, named: Iterable[Origin], outlets: Mapping[str, str | None]) -> None:
        self._named = frozenset((origin.doc, origin.source) for origin in named)
        self._outlets = outlets

    def __contains__(self, pair: object) -> bool:
        return isinstance(pair, tuple) and (pair[0], self._outlets.get(pair[1])) in self._named


def text_of(reading: Reading, rank: Rank) -> Text:
    """What is compared of a report."""
    report = reading.report
    quoted = tuple((part.start, part.end) for quote in reading.quotes for part in quote.parts)
    paragraphs = tuple((block.span.start, block.span.end) for block in report.blocks)
    return Text(report.doc, rank, report.text, paragraphs, quoted)


def copies(
    texts: Iterable[Text],
    names: Container[tuple[str, str]] = (),
    looked_at: Iterable[tuple[str, str]] | None = None,
) -> list[Origin]:
    """The copies and part copies among reports; the result does not depend on their order.

    `names` holds (doc, doc) where the first report says itself that it has its text from the second: that settles which
    of two is the original, before outlets and dates do. The words of an origin are the first of the longest run that
    both texts share. Of the pairs of docs only those `looked_at` are compared, where they are given.
    """
    reports = list(texts)
    index = Index()
    index.add(reports)
    links = index.links(names, looked_at)
    taken = iter(index.taken(links.ends[~links.whole]))
    origins = []
    for (copy, source), whole, share, (first, count) in zip(*map(list, links.rows()), strict=True):
        report = reports[copy]
        words = shown(report.text, *word_spans(report.text, first, first + count))
        relation: Literal["copy", "part"] = "copy" if whole else "part"
        own = () if whole else passages(report.text, report.paragraphs, spans_of(report.text, next(taken)))
        origins.append(Origin(report.doc, reports[source].doc, relation, round(share, 3), words, passages=own))
    return sorted(origins, key=lambda o: (o.doc, o.source))
