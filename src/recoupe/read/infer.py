"""What follows from a claim's own values: a struck place lies in a state; the other party to a war is the one attacked.

Only what the report names is ever added, with the words that name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recoupe.codebook import Codebook
from recoupe.model import Cell, Claim, Evidence, Mention, Reading
from recoupe.values import Actor


def inferred(claims: Sequence[Claim], reading: Reading, codebook: Codebook) -> list[Claim]:
    """The claims, each with what follows from its own cells and from the report's other words."""
    out: list[Claim] = []
    for claim in claims:
        claim = _state_of_place(claim, codebook)
        claim = _other_party(claim, out, reading, codebook)
        out.append(claim)
    return out


def _state_of_place(claim: Claim, codebook: Codebook) -> Claim:
    """A target that is not told is the state of the place struck."""
    if "target" not in codebook.kinds[claim.kind].roles or claim.values("target"):
        return claim
    for cell in claim.cells:
        place = codebook.names.places.get(str(cell.value)) if cell.role == "place" else None
        state = place.state if place else str(cell.value) if cell.role == "place" and str(cell.value).startswith("country:") else None
        if state and state not in map(str, claim.values("attacker")):
            return _with(claim, Cell("target", Actor.parse(state), cell.words, "state of the place"))
    return claim


def _other_party(claim: Claim, before: Sequence[Claim], reading: Reading, codebook: Codebook) -> Claim:
    """The parties to a war: who attacks one of them, and is not named, or whom the other attacks."""
    roles = codebook.kinds[claim.kind].roles
    if "attacker" not in roles or claim.status == "denied":
        return claim
    for told, missing in (("attacker", "target"), ("target", "attacker")):
        for value in claim.values(told):
            opponent = codebook.opponents.get(str(value))
            if opponent and not claim.values(missing):
                words = _nearest(reading.mentions, opponent, claim.evidence[0], reading)
                if words:
                    return _with(claim, Cell(missing, Actor.parse(opponent), words, "other party to the war"))
    if not claim.values("attacker") and not claim.values("target"):
        return _as_before(claim, before)
    return claim


def _as_before(claim: Claim, before: Sequence[Claim]) -> Claim:
    """A toll told without parties is that of the attack told right before it."""
    last = next((c for c in reversed(before) if c.kind == claim.kind), None)
    if last is None or claim.evidence[0].start - last.evidence[-1].end > 400:
        return claim
    for cell in last.cells:
        if cell.role in ("attacker", "target"):
            claim = _with(claim, replace(cell, rule="as in the attack before"))
    return claim


def _nearest(mentions: Sequence[Mention], actor: str, evidence: Evidence, reading: Reading) -> Evidence | None:
    """The words nearest to a claim that name an actor."""
    named = [m for m in mentions if m.type == "actor" and str(m.value) == actor]
    if not named:
        return None
    best = min(named, key=lambda m: (abs(m.span.start - evidence.start), m.span.start))
    return Evidence.of(reading.report.text, best.span.start, best.span.end)


def _with(claim: Claim, cell: Cell) -> Claim:
    return replace(claim, cells=(*claim.cells, cell))
