"""Independent origins: which reports go back to one and the same source, whatever the number of outlets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from recoupe.codebook import Codebook
from recoupe.codebook.names import AGGREGATOR
from recoupe.model import Origin, Reading, Roots
from recoupe.trace.groups import Groups
from recoupe.trace.names import Outlets
from recoupe.trace.parts import claim_roots
from recoupe.trace.rank import ranks, writes

TEXTS = frozenset({"copy", "translation"})
"""The relations by which one report's whole text is another's."""


def roots(readings: Iterable[Reading], origins: Iterable[Origin], codebook: Codebook) -> Roots:
    """The origin of each report: the id of an agency, body or outlet, the name that the page gives an outlet which the
    codebook does not know, or the doc of a report whose outlet is not known.

    A copy or translation has the origin of its original; a text that names its source has that source; one that names
    several has the one that most texts name, so that the count of independent origins stays on the low side. A text
    without a source is its outlet's own: two reports of one newsroom do not confirm each other. What stands on an
    aggregator's site is not the aggregator's. A part copy keeps an origin of its own, for the rest of it is its own
    reporting; but the claims in the part have the origin of the text that it is from. The order of the readings plays
    no part.
    """
    reports = sorted(readings, key=lambda r: r.report.doc)
    known = sorted(origins, key=lambda o: (o.doc, o.source))
    families = families_of([r.report.doc for r in reports], known)
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for origin in known:
        if origin.relation == "named" and origin.whole:
            texts[origin.source].add(families[origin.doc])
    outlets = Outlets(codebook.outlets)
    for r in reports:
        own = outlets.own(r.report)
        if own is not None and (own in texts or writes(own, outlets)):
            texts[own].add(families[r.report.doc])
    most = Counter({source: len(members) for source, members in texts.items()})
    sources: defaultdict[str, list[str]] = defaultdict(list)
    for source, members in texts.items():
        for family in members:
            sources[family].append(source)
    publisher = {r.report.doc: _publisher(r, outlets) for r in reports}
    rank = ranks(reports, known, outlets)
    left = {o.doc for o in known if o.relation in TEXTS}
    head: dict[str, str] = {}
    for doc in sorted(families, key=lambda d: (d in left, rank[d], d)):
        head.setdefault(families[doc], doc)
    found = {
        doc: min(sources[family], key=lambda s: (-most[s], s)) if sources[family] else publisher[head[family]]
        for doc, family in families.items()
    }
    return Roots(found, claim_roots(reports, known, found))


def _publisher(reading: Reading, outlets: Outlets) -> str:
    """The outlet whose own a report is that names no source; the report's doc where that is not known."""
    own = outlets.own(reading.report)
    if own is not None:
        return reading.report.doc if outlets.kind(own) == AGGREGATOR else own
    return reading.report.outlet or reading.report.doc


def families_of(docs: Iterable[str], origins: Iterable[Origin]) -> dict[str, str]:
    """The reports that copies and translations join: by doc what its family is known by."""
    joined, known = Groups[str](), list(docs)
    among = set(known)
    for edge in origins:
        if edge.relation in TEXTS and edge.doc in among and edge.source in among:
            joined.join(edge.doc, edge.source)
    return {doc: joined.of(doc) for doc in known}
