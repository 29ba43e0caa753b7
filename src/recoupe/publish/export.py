"""Entries as JSON Lines: each with the words it rests on, its origins, both sides of its conflicts, and its chain."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recoupe.chains import Chains, Tie, left
from recoupe.codebook import Codebook
from recoupe.model import Conflict, Entry, Reading
from recoupe.publish.claims import evidence_object
from recoupe.publish.confidence import Confidence
from recoupe.publish.entries import entry_object


@dataclass(frozen=True)
class Sources:
    """What is told of entries beside themselves: the reports (by doc), the chains, and, of an entry, whose word each of
    its claims is (by reference).
    """

    readings: Mapping[str, Reading]
    chains: Chains
    told_by: Callable[[Entry], Mapping[str, str]]


def export_entries(entries: Iterable[Entry], sources: Sources, codebook: Codebook) -> Iterator[str]:
    """The lines, without their line ends, sorted by id; equal for equal ledgers."""
    words = Confidence(codebook)
    for entry in sorted(entries, key=lambda e: (e.id, e.claims)):
        record = entry_record(entry, sources, codebook)
        yield json.dumps({**record, "confidence": words.of(entry, sources.readings)}, ensure_ascii=False)


def entry_record(entry: Entry, sources: Sources, codebook: Codebook) -> dict[str, Any]:
    """What a line says of an entry but for the words on how sure it is, as JSON data."""
    plain = entry_object(entry, codebook)
    return {
        **{key: plain[key] for key in ("id", "kind", "status", "roles", "time")},
        "claims": [_claim(ref, sources.readings) for ref in entry.claims],
        "origins": {"count": len(entry.origins), "which": list(entry.origins)},
        "conflicts": _conflicts(entry, sources),
        "chain": _chain(entry, sources.chains),
    }


def _claim(ref: str, readings: Mapping[str, Reading]) -> dict[str, Any]:
    doc, _, number = ref.rpartition("#")
    claim = readings[doc].claims[int(number) - 1]
    return {
        "doc": doc,
        "claim": f"c{number}",
        "attribution": list(claim.attribution),
        "evidence": [evidence_object(e) for e in claim.evidence],
    }


def _conflicts(entry: Entry, sources: Sources) -> list[dict[str, Any]]:
    """Both sides, each with its reports and its independent origins."""
    if not entry.conflicts:
        return []
    told_by = sources.told_by(entry)
    return [_conflict(conflict, told_by) for conflict in entry.conflicts]


def _conflict(conflict: Conflict, told_by: Mapping[str, str]) -> dict[str, Any]:
    return {
        "field": conflict.field,
        "sides": [
            {
                "value": side.value,
                "docs": sorted({ref.rpartition("#")[0] for ref in side.claims}),
                "origins": sorted({told_by[ref] for ref in side.claims if ref in told_by}),
            }
            for side in conflict.sides
        ],
    }


def _chain(entry: Entry, chains: Chains) -> dict[str, Any] | None:
    """The place of an entry among the steps; null for an entry that is no step of any."""
    if entry.id not in chains.acts:
        return None
    again = chains.again.get(entry.id)
    open_ = [{"unit": one.unit or None, "of": str(one.whole), "left": str(one.left)} for one in left(chains, entry.id)]
    return {
        "id": chains.root(entry.id),
        "steps": chains.members(entry.id),
        "follows": _tie(chains.follows.get(entry.id)),
        "again_of": None if again is None else again.earlier,
        "part_of": [whole for part, whole, _ in chains.parts if part == entry.id],
        "may_follow": [tie.earlier for tie in chains.unclear.get(entry.id, ())],
        "open": open_,
    }


def _tie(tie: Tie | None) -> dict[str, Any] | None:
    if tie is None:
        return None
    reasons = [{"reason": str(reason), "points": points} for reason, points in tie.reasons]
    return {"entry": tie.earlier, "reasons": reasons, "points": tie.points}
