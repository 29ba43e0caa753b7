"""Later mentions of an event ("the talks", "these strikes"): what they leave untold is what was told of it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind
from recoupe.model import Cell, Claim
from recoupe.read.infer import RECALLED
from recoupe.read.scenes import Draft
from recoupe.values import several

_FAR = 1500  # characters: some paragraphs; beyond them "the talks" may be others


def recalled(drafts: Sequence[Draft], codebook: Codebook) -> list[Draft]:
    """The drafts, those that tell too little completed by what was told before; what cannot be completed is left out.

    A headline or a lead that tells too little is completed by what is told right after it.
    """
    out: list[Draft] = []
    told: list[Claim] = []
    full = [d.claim for d in drafts if not d.open]
    for draft in drafts:
        claim = draft.claim
        if draft.open:
            kind = codebook.kinds[claim.kind]
            before = [c for c in told[::-1] if not (draft.other and c.evidence[-1].end > draft.sentence.start)]
            source = _source(claim, kind, before, full)
            if source is None:
                continue
            cells = _missing(claim, kind, source)
            if claim.kind not in codebook.people_attend:
                cells = [c for c in cells if not str(c.value).startswith("person:")]
            if not cells:
                continue
            claim = replace(claim, cells=(*claim.cells, *cells))
        told.append(claim)
        out.append(replace(draft, claim=claim))
    return out


def _source(claim: Claim, kind: Kind, before: Sequence[Claim], full: Sequence[Claim]) -> Claim | None:
    """The claim told last, near enough, that tells a role which this one lacks; before any was told, the next one."""
    at = claim.evidence[0].start
    for other in before:
        if at - other.evidence[-1].end < _FAR and _gives(claim, kind, other):
            return other
    if any(o.evidence[0].start < at for o in full if _gives(claim, kind, o)):
        return None
    after = (o for o in full if at < o.evidence[0].start < at + _FAR and _gives(claim, kind, o))
    return next(after, None)


def _gives(claim: Claim, kind: Kind, other: Claim) -> bool:
    """Does another claim, which may be of the same event, tell a role that this one lacks?"""
    return other.status != "denied" and not _apart(claim, kind, other) and bool(_missing(claim, kind, other))


def _apart(claim: Claim, kind: Kind, other: Claim) -> bool:
    """Do two claims of one kind tell an actor or place of whom the one cannot be the other?"""
    if other.kind != claim.kind:
        return False
    for role in kind.roles.values():
        mine, theirs = claim.values(role.name), other.values(role.name)
        if role.type in ("actor", "place") and mine and theirs and not any(a.agrees(b) for a in mine for b in theirs):
            return True
    return False


def _missing(claim: Claim, kind: Kind, other: Claim) -> list[Cell]:
    """The cells that another claim gives for the roles that this one lacks, in the words that told them."""
    mine = {c.value for c in claim.cells}
    found: list[Cell] = []
    for role, sources in kind.recalls.items():
        for name, there in sources if not claim.values(role) else ():
            cells = [
                c for c in other.cells if other.kind == name and c.role == there.rstrip("+") and c.value not in mine
            ]
            if not there.endswith("+") or _several_take_part(cells):
                found += [Cell(role, c.value, c.words, RECALLED) for c in cells]
    return found


def _several_take_part(cells: Sequence[Cell]) -> bool:
    """Are the cells several states or bodies? People stand beside their states."""
    return several(c.value for c in cells if not str(c.value).startswith("person:"))
