"""May one step follow another? Reasons with points that a person can follow, or none where something forbids it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recoupe.chains.acts import AHEAD, OTHER, Act, may_be
from recoupe.chains.ranges import fits
from recoupe.chains.reason import Reason
from recoupe.codebook.chains import Link
from recoupe.values import Actor, Item, Value

ENOUGH = 19  # points: a party and a thing of their own in common, or a thing and the very number
CLEAR = 3  # points by which the best of several must be ahead of the next
_PARTY, _OPPONENT = 10, 4  # a party in common; one of those that most reports are about
_GROUP, _SHARED = 5, 3  # a group in common, or a party that is one of it; two groups with members in common
_THINGS = (1, 5, 9, 12)  # a thing in common, by its depth in the tree
_OWN_WORDS = 9  # a thing in free words
_WIDER = 2, 3  # so much of them where one side has but the wider thing
_SAME_NUMBER, _PART = 10, 3
_NEAR = ((31, 3, Reason("month")), (183, 1, Reason("half_year")))  # days between them, points, why
_VAGUE = 93  # days: what is placed on more is near nothing
_UNKNOWN, _LONG = -3, 1100  # points, where not even the year of one is known, within so many days
_OFFER = -3  # an earlier step that was but possible


@dataclass(frozen=True, slots=True)
class Tie:
    """Why one entry follows another: `words` say what the later one does to the earlier, the reasons have points."""

    earlier: str
    later: str
    words: str
    meets: bool
    reasons: tuple[tuple[Reason, int], ...]

    @property
    def points(self) -> int:
        """The sum of the points."""
        return sum(points for _, points in self.reasons)


def weigh(link: Link, one: Act, other: Act, opponents: Mapping[str, str]) -> Tie | None:
    """The tie between an earlier and a later act; None where something forbids it, or too little speaks for it."""
    if one.entry.status == "denied":
        return None
    apart = days_between(one.when, other.when)
    if apart > link.within or (link.ordered and not _in_order(one, other)):
        return None
    if not all(other.side(side) for side in other.step.needs):
        return None
    reasons: list[tuple[Reason, int]] = []
    for left, right in link.roles:
        a, b = one.values.get(left, ()), other.values.get(right, ())
        if a and b:
            reason = _alike(a, b, opponents)
            if reason is None:
                return None
            reasons.append(reason)
    if link.meets:
        number = _number(one, other)
        if number is None:
            return None
        reasons += number
    reasons += _nearness(one, other, apart)
    if one.entry.status == "possible":
        reasons.append((Reason("offered"), _OFFER))
    tie = Tie(one.id, other.id, link.words, link.meets, tuple(reasons))
    return tie if tie.points >= ENOUGH else None


def _in_order(one: Act, other: Act) -> bool:
    """Can the other have been after the one? What is done is not what, on that day, still lay ahead, nor does a plan
    that was told before a promise carry it out.
    """
    if one.entry.status in AHEAD and other.entry.status == "done" and other.last <= one.told[0]:
        return False
    if other.entry.status in AHEAD and other.told[1] < one.first:
        return False
    return one.first <= other.last


def _alike(a: Sequence[Value], b: Sequence[Value], opponents: Mapping[str, str]) -> tuple[Reason, int] | None:
    """What two roles have in common; None where they contradict each other."""
    best: tuple[Reason, int] | None = None
    for x in a:
        for y in b:
            if not may_be(x, y):
                continue
            found = _thing(x, y) if isinstance(x, Item) and isinstance(y, Item) else _party(x, y, opponents)
            if best is None or (found[1], str(best[0])) > (best[1], str(found[0])):
                best = found
    return best


def _party(x: Value, y: Value, opponents: Mapping[str, str]) -> tuple[Reason, int]:
    if str(x) == str(y):
        if isinstance(x, Actor) and x.name.startswith("group:"):
            return Reason("both", (str(x),)), _GROUP
        return Reason("both", (str(x),)), _OPPONENT if str(x) in opponents else _PARTY
    for part, whole in ((x, y), (y, x)):
        if isinstance(part, Actor) and isinstance(whole, Actor) and part.choices < whole.choices:
            return Reason("member", (str(part), str(whole))), _GROUP
    one, other = sorted(map(str, (x, y)), key=lambda id_: id_.partition(":")[2] or id_)
    return Reason("shared", (one, other)), _SHARED


def _thing(x: Item, y: Item) -> tuple[Reason, int]:
    wider, deeper = sorted((x, y), key=lambda item: len(item.path))
    points = _OWN_WORDS if wider.id.startswith(OTHER) else _THINGS[min(len(wider.path), len(_THINGS)) - 1]
    if wider == deeper:
        return Reason("both", (wider.id,)), points
    return Reason("narrower", (deeper.id, wider.id)), points * _WIDER[0] // _WIDER[1]


def _number(one: Act, other: Act) -> list[tuple[Reason, int]] | None:
    """What the numbers say: the later is the whole of the earlier, or a part; None where it is more than that."""
    pairs = [(one.counts, other.counts)] if one.counts and other.counts else []
    pairs += [(count, other.sums[currency]) for currency, count in one.sums.items() if currency in other.sums]
    if any(not fits(part, whole) for whole, part in pairs):
        return None
    if any(part == whole for whole, part in pairs):
        return [(Reason("same_number"), _SAME_NUMBER)]
    return [(Reason("part_number"), _PART)] if pairs else []


def days_between(one: tuple[int, int], other: tuple[int, int]) -> int:
    """The least number of days between two times; 0 where they share one."""
    return max(other[0] - one[1], one[0] - other[1], 0)


def _nearness(one: Act, other: Act, apart: int) -> list[tuple[Reason, int]]:
    """How near the two are in time; nothing where that is not well known."""
    wide = max(act.when[1] - act.when[0] for act in (one, other))
    if wide > _LONG:
        return [(Reason("undated"), _UNKNOWN)]
    if wide > _VAGUE:
        return []
    return next(([(why, points)] for most, points, why in _NEAR if apart <= most), [])
