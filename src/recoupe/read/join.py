"""One claim for one fact in one report: the headline, the lead and the body's retelling, with all their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind
from recoupe.model import Cell, Claim
from recoupe.values import Value, agree


def join(claims: Sequence[Claim], codebook: Codebook) -> list[Claim]:
    """Joins the claims of one report that tell one fact; in the order of the text."""
    joined: list[Claim] = []
    for claim in claims:
        kind = codebook.kinds[claim.kind]
        for i, other in enumerate(joined):
            if _same_fact(other, claim, kind):
                joined[i] = _together(other, claim, kind)
                break
        else:
            joined.append(claim)
    return joined


def _same_fact(a: Claim, b: Claim, kind: Kind) -> bool:
    """Do both tell one fact?

    Nothing that both tell may differ. In one stretch of words the two may be halves of one telling; apart from each
    other they must share what identifies a fact of the kind: two roles, or the only one that is told.
    """
    if a.kind != b.kind or a.status != b.status or not _times_fit(a, b):
        return False
    equal = 0
    for role in kind.roles.values():
        x, y = a.values(role.name), b.values(role.name)
        if not x or not y:
            continue
        if not _fits(x, y, role.type):
            return False
        equal += role.name in kind.identifies and bool(set(map(str, x)) & set(map(str, y)))
    if _overlap(a, b):
        return equal > 0 or _disjoint(a, b)
    told = sum(1 for r in kind.identifies if a.values(r) or b.values(r))
    if a.time is not None and a.time == b.time:
        equal += 1
    return equal >= 2 or (equal == 1 and told <= 1)


def _disjoint(a: Claim, b: Claim) -> bool:
    """Two halves of one sentence's telling: no role is filled by both."""
    return not {c.role for c in a.cells} & {c.role for c in b.cells}


def _overlap(a: Claim, b: Claim) -> bool:
    return any(x.start < y.end and y.start < x.end for x in a.evidence for y in b.evidence)


def _times_fit(a: Claim, b: Claim) -> bool:
    if a.time is None or b.time is None:
        return True
    return a.time == b.time or a.time.more_exact(b.time) or b.time.more_exact(a.time)


def _fits(x: Sequence[Value], y: Sequence[Value], kind: str) -> bool:
    """Values of one role fit when each of the shorter list agrees with one of the longer."""
    short, long = sorted((x, y), key=len)
    if kind in ("count", "amount"):
        return all(any(_same_number(v, w) for w in long) for v in short)
    return all(any(agree(v, w) for w in long) for v in short)


def _same_number(a: Value, b: Value) -> bool:
    """Two numbers of one report are one only where one is the other, more exactly told."""
    return a == b or a.more_exact(b) or b.more_exact(a)


def _together(a: Claim, b: Claim, kind: Kind) -> Claim:
    """Both claims in one: the more exact value of each cell, the words of both."""
    cells = list(a.cells)
    for cell in b.cells:
        cells = _with_cell(cells, cell, kind.roles[cell.role].many)
    time, words = a.time, a.time_words
    if b.time is not None and (time is None or b.time.more_exact(time)):
        time, words = b.time, b.time_words
    attribution = tuple(dict.fromkeys((*a.attribution, *b.attribution)))
    evidence = tuple(sorted(set((*a.evidence, *b.evidence))))
    return replace(a, cells=tuple(cells), time=time, time_words=words, attribution=attribution, evidence=evidence)


def _with_cell(cells: list[Cell], new: Cell, many: bool) -> list[Cell]:
    for i, old in enumerate(cells):
        if old.role != new.role:
            continue
        if agree(old.value, new.value) or not many:
            better = new.value.more_exact(old.value) or (not old.also and bool(new.also) and old.value == new.value)
            return [*cells[:i], new, *cells[i + 1 :]] if better else cells
    return [*cells, new]
