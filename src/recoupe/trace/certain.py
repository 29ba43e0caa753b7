"""Copies of which it is certain which report has its text from which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from recoupe.codebook import Codebook
from recoupe.model import Origin, Reading
from recoupe.trace.names import AGENCY, OFFICIAL, Outlets


def certain(readings: Sequence[Reading], origins: Iterable[Origin], codebook: Codebook) -> list[Origin]:
    """The copies and translations that say themselves whom they have their text from, or that have it from an agency
    or official body while they are from none. Where neither is so, the finding rests on the dates, which is no ground
    for a date.
    """
    outlets = Outlets(codebook.outlets)
    own = {r.report.doc: outlets.own(r.report) for r in readings}
    named: defaultdict[str, set[str]] = defaultdict(set)
    known = list(origins)
    for origin in known:
        if origin.relation == "named":
            named[origin.doc].add(origin.source)

    def writes(doc: str) -> bool:
        return outlets.kind(own[doc]) in (AGENCY, OFFICIAL)

    return [
        origin
        for origin in known
        if origin.relation in ("copy", "translation")
        and origin.source in own
        and origin.doc in own
        and (own[origin.source] in named[origin.doc] or (writes(origin.source) and not writes(origin.doc)))
    ]
