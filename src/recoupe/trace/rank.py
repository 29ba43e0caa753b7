"""Which of two reports is held to be the original where neither says so: the agency's or official body's, then one that
credits it all to an agency or is a body's release, then the earlier dated and the better dated, the undated last.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recoupe.codebook.names import AGENCY, OFFICIAL
from recoupe.model import Origin, Reading
from recoupe.trace.names import Outlets

Rank = tuple[int, date, date]
"""The more original report has the lesser one."""

CREDITS = frozenset({"dateline", "credit"})  # by such a rule a text is an agency's, whoever printed it
_WRITES, _CREDITS, _OTHER = range(3)


def writes(outlet: str | None, outlets: Outlets) -> bool:
    """Is an outlet one whose texts others print: an agency, an official body?"""
    return outlets.kind(outlet) in (AGENCY, OFFICIAL)


def ranks(readings: Iterable[Reading], named: Iterable[Origin], outlets: Outlets) -> dict[str, Rank]:
    """The rank of each report, by doc; `named` are the sources that the reports name."""
    credited = {o.doc for o in named if o.rule == "release" or (o.rule in CREDITS and outlets.kind(o.source) == AGENCY)}
    found: dict[str, Rank] = {}
    for reading in readings:
        doc, when = reading.report.doc, reading.dating.by_itself
        days = (date.max, date.max) if when is None else (when.last or date.max, when.first or date.max)
        own = writes(outlets.own(reading.report), outlets)
        found[doc] = (_WRITES if own else _CREDITS if doc in credited else _OTHER, *days)
    return found
