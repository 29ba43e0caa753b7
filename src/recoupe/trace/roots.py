"""Independent origins: which reports go back to one and the same source, whatever the number of outlets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from recoupe.codebook import Codebook
from recoupe.model import Origin, Reading
from recoupe.trace.names import AGENCY, AGGREGATOR, OFFICIAL, Outlets


def roots(readings: Iterable[Reading], origins: Iterable[Origin], codebook: Codebook) -> Mapping[str, str]:
    """The origin of each report, by doc: the id of an agency, body or outlet, the name that the page gives an outlet
    which the codebook does not know, or the doc of a report whose outlet is not known.

    A copy or translation has the origin of its original; a text that names its source has that source; one that names
    several has the one that most texts name, so that the count of independent origins stays on the low side. A text
    without a source is its outlet's own: two reports of one newsroom do not confirm each other. What stands on an
    aggregator's site is not the aggregator's. A part copy keeps an origin of its own: the rest of it is its own
    reporting. The order of the readings plays no part.
    """
    reports = sorted(readings, key=lambda r: r.report.doc)
    known = sorted(origins, key=lambda o: (o.doc, o.source))
    families = _families([r.report.doc for r in reports], [o for o in known if o.whole and o.relation != "named"])
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for origin in known:
        if origin.relation == "named" and origin.whole:
            texts[origin.source].add(families[origin.doc])
    outlets = Outlets(codebook.outlets)
    for r in reports:
        own = outlets.own(r.report)
        if own is not None and (own in texts or outlets.kind(own) in (AGENCY, OFFICIAL)):
            texts[own].add(families[r.report.doc])
    most = Counter({source: len(members) for source, members in texts.items()})
    sources: defaultdict[str, list[str]] = defaultdict(list)
    for source, members in texts.items():
        for family in members:
            sources[family].append(source)
    publisher = {r.report.doc: _publisher(r, outlets) for r in reports}
    first = {family: publisher[doc] for family, doc in _firsts(reports, families).items()}
    return {
        doc: min(sources[family], key=lambda s: (-most[s], s)) if sources[family] else first[family]
        for doc, family in families.items()
    }


def _publisher(reading: Reading, outlets: Outlets) -> str:
    """The outlet whose own a report is that names no source; the report's doc where that is not known."""
    own = outlets.own(reading.report)
    if own is not None:
        return reading.report.doc if outlets.kind(own) == AGGREGATOR else own
    return reading.report.outlet or reading.report.doc


def _families(docs: list[str], edges: list[Origin]) -> dict[str, str]:
    """The reports that copies and translations join, each by its least doc."""
    parent = {doc: doc for doc in docs}

    def find(doc: str) -> str:
        while parent[doc] != doc:
            parent[doc] = parent[parent[doc]]
            doc = parent[doc]
        return doc

    for edge in edges:
        if edge.source in parent:
            low, high = sorted((find(edge.doc), find(edge.source)))
            parent[high] = low
    return {doc: find(doc) for doc in docs}


def _firsts(reports: list[Reading], families: Mapping[str, str]) -> dict[str, str]:
    """The earliest published report of each family; of equals, and of undated ones, the one with the least doc."""
    best: dict[str, tuple[date, str]] = {}
    for r in reports:
        when = r.dating.by_itself
        key = (when.last if when is not None and when.last is not None else date.max, r.report.doc)
        family = families[r.report.doc]
        best[family] = min(best.get(family, key), key)
    return {family: doc for family, (_, doc) in best.items()}
