"""Finds a claim that was reviewed in another reading of its report: by its words, and by what it says.

A new reader may cut the text otherwise, so that the same words stand elsewhere, drop the claim, or read it otherwise.
One sentence may tell several claims of a kind, so that sharing words is not enough to be the same claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from recoupe.model import Cell, Claim, Evidence, Reading, Span
from recoupe.review.fields import RULE, same
from recoupe.values import Actor, Value

_SHARED = 2  # other fields that must agree where a state or body is another one


def placed(claim: Claim, text: str) -> Claim | None:
    """The claim with its words where they stand in a text; None where none of its evidence does. Words of a cell that
    are not there any more are left out, its value is not.
    """
    shift, evidence = 0, []
    for words in claim.evidence:
        found = _found(words, text, words.start + shift)
        if found is not None:
            evidence.append(found)
            shift = found.start - words.start
    if not evidence:
        return None
    first = evidence[0]
    shift = first.start - next(e.start for e in claim.evidence if _plain(e.text) == _plain(first.text))

    def again(words: Evidence | None) -> Evidence | None:
        return None if words is None else _found(words, text, words.start + shift)

    cells = tuple(replace(cell, words=again(cell.words)) for cell in claim.cells)
    return replace(claim, evidence=tuple(evidence), cells=cells, time_words=again(claim.time_words), grounds=())


def _plain(text: str) -> str:
    return " ".join(text.split())


def _found(words: Evidence, text: str, near: int) -> Evidence | None:
    """Where the words stand, spaces apart; of several places the nearest to `near`."""
    if text[near : near + len(words.text)] == words.text:
        return Evidence.of(text, near, near + len(words.text))
    pattern = r"\s+".join(re.escape(word) for word in words.text.split())
    places = [m.span() for m in re.finditer(pattern, text)] if pattern else []
    if not places:
        return None
    start, end = min(places, key=lambda at: (abs(at[0] - near), at))
    return Evidence.of(text, start, end)


def worded(claim: Claim, reading: Reading) -> Claim:
    """The claim with the words for what a person filled in, where the reader knows some for it in the paragraphs that
    the claim rests on; else with those that it has.
    """
    blocks = [block.span for block in reading.report.blocks] or [Span(0, len(reading.report.text))]
    homes = [b for b in blocks if any(b.holds(Span(e.start, e.end)) for e in claim.evidence)]
    first = claim.evidence[0].start

    def words_for(cell: Cell) -> Evidence | None:
        if cell.rule != RULE:
            return cell.words
        said = [m.span for m in reading.mentions if m.value == cell.value and any(b.holds(m.span) for b in homes)]
        near = min(said, key=lambda span: (abs(span.start - first), span), default=None)
        return cell.words if near is None else Evidence.of(reading.report.text, near.start, near.end)

    return replace(claim, cells=tuple(replace(cell, words=words_for(cell)) for cell in claim.cells))


@dataclass(frozen=True, slots=True, order=True)
class _Likeness:
    """How alike two claims are: do they say the same, are they of a kind, do they rest on the same words, how many
    fields agree, and how many characters they share.
    """

    same: bool
    kind: bool
    evidence: bool
    agreeing: int
    shared: int


def paired(wanted: Sequence[Claim], known: Sequence[Claim]) -> dict[int, int]:
    """For the claims of one reading, those of another that they are, by number: the most alike first, each once."""
    likenesses = [
        (likeness, i, j)
        for i, one in enumerate(wanted)
        for j, other in enumerate(known)
        if (likeness := _likeness(one, other)) is not None
    ]
    found: dict[int, int] = {}
    for _, i, j in sorted(likenesses, key=lambda x: (x[0], -x[1], -x[2]), reverse=True):
        if i not in found and j not in found.values():
            found[i] = j
    return found


def _likeness(one: Claim, other: Claim) -> _Likeness | None:
    """How alike two claims of one text are; None where they are none and the same."""
    shared = _shared(one.evidence, other.evidence)
    if not shared:
        return None
    agreeing, apart = 0, []
    roles = {cell.role for cell in one.cells} & {cell.role for cell in other.cells}
    for role in roles:
        if _agree(one.values(role), other.values(role)):
            agreeing += 1
        elif not _shared(_words(one, role), _words(other, role)):
            apart.append(role)
    if one.time is not None and other.time is not None:
        agreeing += one.time.agrees(other.time)
    if apart and (len(apart) > 1 or agreeing < _SHARED or not all(isinstance(v, Actor) for v in one.values(apart[0]))):
        return None
    if one.kind != other.kind and (apart or 2 * agreeing < len({cell.role for cell in one.cells}) or not agreeing):
        return None
    places = [{(e.start, e.end) for e in claim.evidence} for claim in (one, other)]
    return _Likeness(same(one, other), one.kind == other.kind, places[0] == places[1], agreeing, shared)


def _agree(left: Sequence[Value], right: Sequence[Value]) -> bool:
    return any(x.agrees(y) for x in left for y in right)


def _words(claim: Claim, role: str) -> list[Evidence]:
    return [cell.words for cell in claim.cells if cell.role == role and cell.words is not None]


def _shared(left: Sequence[Evidence], right: Sequence[Evidence]) -> int:
    """How many characters two lists of words have in common."""
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in left for b in right)
