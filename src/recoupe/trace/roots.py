"""Independent origins: which reports go back to one and the same source, whatever the number of outlets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from recoupe.codebook import Codebook
from recoupe.codebook.names import AGGREGATOR
from recoupe.groups import Groups
from recoupe.model import OR, Origin, Reading, Roots
from recoupe.trace.names import Outlets
from recoupe.trace.parts import claim_roots
from recoupe.trace.rank import ranks, writes

TEXTS = frozenset({"copy", "translation"})
"""The relations by which one report's whole text is another's."""


def roots(
    readings: Iterable[Reading],
    origins: Iterable[Origin],
    codebook: Codebook,
    already: Mapping[str, str] = MappingProxyType({}),
) -> Roots:
    """The origin of each report: the id of an agency, body or outlet, the name that the page gives an outlet which the
    codebook does not know, or the doc of a report whose outlet is not known.

    A copy or translation has the origin of its original; a text that names its source has that source; one that names
    several agencies or official bodies (else outlets) has one of them, written "afp | reuters". A text without a source
    is its outlet's own: two reports of one newsroom do not confirm each other. What stands on an aggregator's site is
    not the aggregator's. A part copy keeps an origin of its own, for the rest of it is its own reporting; but the
    claims in the part have the origin of the text that it is from. The order of the readings plays no part, nor do
    reports that have nothing to do with it. `already` are origins, by doc, that are known:
    of families of which not all are among the readings.
    """
    reports = sorted(readings, key=lambda r: r.report.doc)
    known = sorted(origins, key=lambda o: (o.doc, o.source))
    families = families_of([r.report.doc for r in reports], known)
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for origin in known:
        if origin.relation == "named" and origin.whole:
            sources[families[origin.doc]].add(origin.source)
    outlets = Outlets(codebook.outlets)
    for r in reports:
        own, family = outlets.own(r.report), families[r.report.doc]
        if own is not None and (own in sources[family] or writes(own, outlets)):
            sources[family].add(own)
    publisher = {r.report.doc: _publisher(r, outlets) for r in reports}
    rank = ranks(reports, known, outlets)
    left = {o.doc for o in known if o.relation in TEXTS}
    head: dict[str, str] = {}
    for doc in sorted(families, key=lambda d: (d in left, rank[d], d)):
        head.setdefault(families[doc], doc)
    found = {doc: _one_of(sources[family], outlets) or publisher[head[family]] for doc, family in families.items()}
    found |= {doc: root for doc, root in already.items() if doc in found}
    return Roots(found, claim_roots(reports, known, found))


def _one_of(sources: Iterable[str], outlets: Outlets) -> str:
    """Those of the sources that a text is from in the first place; nothing where there are none."""
    known = sorted(sources)
    return OR.join([s for s in known if writes(s, outlets)] or known)


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
