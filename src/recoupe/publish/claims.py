"""Claims as JSON Lines, one report a line, in the shape of the coding manual's section 8."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind
from recoupe.model import Claim, Evidence, Origin, Reading

States = Mapping[str, str]
"""What people have made of claims (accepted, corrected, rejected), by reference (`doc#n`)."""

_NONE: States = MappingProxyType({})


def claim_lines(
    readings: Iterable[Reading], origins: Iterable[Origin], codebook: Codebook, states: States = _NONE
) -> Iterator[str]:
    """The lines, without their line ends, sorted by doc; equal for equal readings, whatever their order.

    `origins` of a report are those that it has text from: reports, and the sources that it names for more than a
    detail. Evidence is an object with the offsets of its words in the report's text. Rejected claims are left out;
    others of which people have said something have it in `reviewed`.
    """
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for origin in origins:
        if not origin.detail:
            sources[origin.doc].add(origin.source)
    for reading in sorted(readings, key=lambda r: r.report.doc):
        record = claim_record(reading, sources[reading.report.doc], codebook, states)
        yield json.dumps(record, ensure_ascii=False)


def claim_record(
    reading: Reading, sources: Iterable[str], codebook: Codebook, states: States = _NONE
) -> dict[str, Any]:
    """What a line says of a report, as JSON data; `sources` are the names of what it has text from."""
    report = reading.report
    return {
        "doc": report.doc,
        "lang": report.lang,
        "published": None if reading.dating.when is None else str(reading.dating.when),
        "outlet": report.outlet,
        "origins": sorted(sources),
        "claims": [
            {"id": f"c{number}", **_claim(claim, codebook.kinds.get(claim.kind))}
            | ({"reviewed": states[ref]} if states.get(ref) else {})
            for number, claim in enumerate(reading.claims, 1)
            if states.get(ref := f"{report.doc}#{number}") != "rejected"
        ],
        "quotes": [{"speaker": quote.speaker, "text": quote.text} for quote in reading.quotes],
    }


def _claim(claim: Claim, kind: Kind | None) -> dict[str, Any]:
    return {
        "kind": claim.kind,
        "status": claim.status,
        "roles": _roles(claim, kind),
        "time": None if claim.time is None else str(claim.time),
        "attribution": list(claim.attribution),
        "evidence": [evidence_object(e) for e in claim.evidence],
    }


def _roles(claim: Claim, kind: Kind | None) -> dict[str, str | list[str]]:
    """Lists for roles that take several values, else one string; in the codebook's order, then the text's."""
    known = list(kind.roles) if kind is not None else []
    told = list(dict.fromkeys(cell.role for cell in claim.cells))
    roles: dict[str, str | list[str]] = {}
    for name in [r for r in known if r in told] + [r for r in told if r not in known]:
        values = list(dict.fromkeys(str(v) for v in claim.values(name)))
        many = kind.roles[name].many if kind is not None and name in kind.roles else len(values) > 1
        roles[name] = values if many else values[0]
    return roles


def evidence_object(evidence: Evidence) -> dict[str, Any]:
    """Evidence with its half-open offsets, in characters, in the report's text."""
    return {"start": evidence.start, "end": evidence.end, "text": evidence.text}
