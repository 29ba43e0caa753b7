"""One claim for one fact in one report: the headline, the lead and the body's retelling, with all their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind
from recoupe.model import Cell, Claim
from recoupe.read.infer import INFERRED
from recoupe.read.scenes import Draft
from recoupe.values import Amount, Count, Item, Value, agree

_ENOUGH = 1.5  # something that tells facts apart, and a party
_PARTIES = 2  # both parties, where the time is told by both
_NEXT = 300  # for victims, who belong to the strike told right before: a sentence or two
_KIN = 0.25  # weapons and tanks agree, but are rarely one thing told twice
_MEMBER = 0.5  # an alliance and its agency, a group and its member
_NEAR = 4000  # characters back to which words may point: the length of a report


def join(drafts: Sequence[Draft], codebook: Codebook, title_end: int) -> list[Claim]:
    """Joins the drafts of one report that tell one fact, in the text's order. `title_end`: where its title ends."""
    joined: list[Claim] = []
    for draft in drafts:
        claim, kind = draft.claim, codebook.kinds[draft.claim.kind]
        may = [i for i, other in enumerate(joined) if not (draft.other and _in_sentence(other, draft))]
        at = next((i for i in may if _same_fact(joined[i], draft, kind, title_end)), None)
        if at is None and draft.points:
            at = next((i for i in reversed(may) if _points_at(joined[i], draft, kind)), None)
        if at is None:
            joined.append(claim)
        else:
            if draft.open:  # who speaks of an event that is known already is not who told of it
                claim = _told_by_report(claim)
            elif not claim.attribution and _retold(joined[at], draft):
                joined[at] = _told_by_report(joined[at])
            joined[at] = _together(joined[at], claim, kind, title_end)
    return joined


def _told_by_report(claim: Claim) -> Claim:
    grounds = tuple(g for g in claim.grounds if g.of != "attribution")
    return replace(claim, attribution=(), grounds=grounds)


def _retold(claim: Claim, draft: Draft) -> bool:
    """Does the report tell again, in full and elsewhere, what it gave to somebody before? Then it tells it itself."""
    return not (draft.points or draft.toll or _in_sentence(claim, draft))


def _points_at(a: Claim, draft: Draft, kind: Kind) -> bool:
    """May a claim that points at one told before mean this one? It is near, of its kind, and nothing in it differs."""
    b = draft.claim
    if a.rule == b.rule and _in_sentence(a, draft):
        return False  # both are of one list: 20 trucks and 20 tents
    near = b.evidence[0].start - a.evidence[-1].end < (_NEXT if draft.toll else _NEAR)
    return (
        near
        and a.kind == b.kind
        and "denied" not in (a.status, b.status)
        and _times_fit(a, b)
        and not _differ(a, b, kind, one_sentence=_in_sentence(a, draft))
        and not _part_of_sum(a, b, kind)
    )


def _part_of_sum(a: Claim, b: Claim, kind: Kind) -> bool:
    """Are the things told next but a part of what the sum before is for ("the package includes mines")?"""
    of = {t: [r.name for r in kind.roles.values() if r.type == t] for t in ("amount", "item")}
    sums = [any(c.values(r) for r in of["amount"]) for c in (a, b)]
    return sums == [True, False] and any(b.values(r) and a.values(r) != b.values(r) for r in of["item"])


def _sum_and_pieces(a: Claim, b: Claim, kind: Kind) -> bool:
    """Does one tell a sum, and the other pieces of a narrower thing ("977 million in military aid", "30 jets")?"""

    def of(claim: Claim, type_: str) -> tuple[Value, ...]:
        return tuple(v for r in kind.roles.values() if r.type == type_ for v in claim.values(r.name))

    told = of(a, "amount") and not of(a, "count") and of(b, "count") and not of(b, "amount")
    return bool(told) and bool(set(of(a, "item")) - set(of(b, "item")))


def _differ(a: Claim, b: Claim, kind: Kind, *, one_sentence: bool = False) -> bool:
    """Does a role tell two things? `one_sentence`: the second points at the first there, and may add to its lists."""
    return any(
        a.values(r.name) and b.values(r.name) and not _fits(a.values(r.name), b.values(r.name), r.type)
        for r in kind.roles.values()
        if not (one_sentence and r.many)
    )


def _in_sentence(a: Claim, draft: Draft) -> bool:
    return any(draft.sentence.start <= e.start < draft.sentence.end for e in a.evidence)


def _same_fact(a: Claim, draft: Draft, kind: Kind, title_end: int) -> bool:
    """Do both tell one fact? Nothing that both tell may differ.

    In one sentence the two may be halves of one telling. Elsewhere they must share something that tells facts of the
    kind apart, and parties; or a time, and the parties; or the only thing that is told.
    """
    b = draft.claim
    if a.kind != b.kind or not _statuses_fit(a, b, title_end) or not _times_fit(a, b) or _differ(a, b, kind):
        return False
    shared = {r.name: _shared(a.values(r.name), b.values(r.name)) for r in kind.roles.values()}
    if _in_sentence(a, draft):
        return any(shared.values()) or _disjoint(a, b)
    if _sum_and_pieces(a, b, kind) or _sum_and_pieces(b, a, kind):
        return False
    apart = sum(shared[r] for r in kind.tells_apart)
    parties = sum(1 for r, weight in shared.items() if weight and r not in kind.tells_apart)
    if a.time is not None and b.time is not None and apart + parties >= _PARTIES:
        return True
    told = sum(1 for r in kind.identifies if a.values(r) or b.values(r))
    return (apart + parties / 2 >= _ENOUGH and apart >= 1) or (apart >= 1 and told <= 1)


def _statuses_fit(a: Claim, b: Claim, title_end: int) -> bool:
    """On its own day an event is told of as going on and as to come; and headlines tell what is to come as done."""
    if a.status == b.status:
        return True
    same_day = a.time is not None and a.time == b.time
    return {a.status, b.status} == {"done", "planned"} and (same_day or _in_title(a, title_end))


def _in_title(claim: Claim, title_end: int) -> bool:
    return claim.evidence[-1].end <= title_end


def _shared(x: Sequence[Value], y: Sequence[Value]) -> float:
    """How much two tellings of a role share: a value that is the same counts whole, one that only agrees a part."""
    if any(str(v) == str(w) for v in x for w in y):
        return 1.0
    part = _KIN if x and isinstance(x[0], Item) else _MEMBER
    return part if any(agree(v, w) for v in x for w in y) else 0.0


def _disjoint(a: Claim, b: Claim) -> bool:
    """Two halves of one sentence's telling: no role is filled by both."""
    return not {c.role for c in a.cells} & {c.role for c in b.cells}


def _times_fit(a: Claim, b: Claim) -> bool:
    """Do the times allow one fact? What is counted is counted over its own time: a raid's dead are not the week's."""
    if a.time is None or b.time is None or a.time == b.time:
        return True
    if any(isinstance(c.value, Count) for claim in (a, b) for c in claim.cells):
        return False
    return a.time.more_exact(b.time) or b.time.more_exact(a.time)


def _fits(x: Sequence[Value], y: Sequence[Value], kind: str) -> bool:
    """Values of one role fit when each of the shorter list agrees with one of the longer."""
    short, long = sorted((x, y), key=len)
    if kind in ("count", "amount"):
        return all(any(_same_number(v, w) for w in long) for v in short)
    return all(any(agree(v, w) for w in long) for v in short)


def _same_number(a: Value, b: Value) -> bool:
    """Two numbers of one report are one only where one is the other, more exactly told."""
    return a == b or a.more_exact(b) or b.more_exact(a)


def _together(a: Claim, b: Claim, kind: Kind, title_end: int) -> Claim:
    """Both claims in one: the more exact value of each cell, the words of both."""
    cells = list(a.cells)
    for cell in b.cells:
        cells = _with_cell(cells, cell, kind.roles[cell.role].many, title_end)
    time, words = a.time, a.time_words
    if b.time is not None and (time is None or b.time.more_exact(time)):
        time, words = b.time, b.time_words
    attribution = tuple(dict.fromkeys((*a.attribution, *b.attribution)))
    evidence = tuple(sorted({*a.evidence, *b.evidence}))
    status = b.status if _in_title(a, title_end) else a.status
    return replace(
        a, status=status, cells=tuple(cells), time=time, time_words=words, attribution=attribution, evidence=evidence,
        grounds=(*a.grounds, *b.grounds),
    )  # fmt: skip


def _with_cell(cells: list[Cell], new: Cell, many: bool, title_end: int) -> list[Cell]:
    if any(c.role == new.role and c.rule in INFERRED for c in cells) and new.rule not in INFERRED:
        cells = [
            c for c in cells if c.role != new.role or c.rule not in INFERRED
        ]  # what is told goes before what follows
    for i, old in enumerate(cells):
        if old.role != new.role:
            continue
        if agree(old.value, new.value) or not many:
            better = new.value.more_exact(old.value) or (not old.also and bool(new.also) and old.value == new.value)
            if isinstance(new.value, Count | Amount) and old.words and old.words.end <= title_end:
                better = agree(old.value, new.value)  # a headline drops the "up to" and the "about"
            return [*cells[:i], new, *cells[i + 1 :]] if better else cells
    return [*cells, new]
