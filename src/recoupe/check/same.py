"""Do two claims tell one fact? A verdict with its reasons, in points that a person can follow.

A point is a deciban: what two claims have in common speaks for one fact as much as it is rare among claims of
different facts (`rarity`), and what they contradict each other in speaks against it. The kinds of a codebook say which
roles identify a fact, and in which of the others its reports may differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from recoupe.check.rates import same_sum
from recoupe.check.telling import Telling
from recoupe.codebook.kinds import Role
from recoupe.values import Amount, Count, Value

SAME = 30  # points: of a thousand pairs of claims that could be of one time, one is of one fact
NUMBERS = frozenset({"count", "amount"})
FEW, WEEK, MONTH, QUARTER = 3, 8, 31, 93  # widths of a time, in days
# Of an act without a day a report tells soon: the days between what two claims say or when they were told, and points.
_NEWS = ((0, 15), (1, 14), (3, 9))
_LEAST_WORDS = 6  # evidence of fewer words may be the same by chance
_WIDER = 3, 4  # so much of the points where one side has the wider thing or the group
_MORE = -6  # each party that the one names beyond those in common, where the other has one of its own too
_MOST = 26  # points that parties in common can have together
_ITEM = -18  # another item, where the kind allows for it
_CLASH = -10  # numbers that cannot both be true
_FREE = (5, -3)  # free words with one in common, and without: they are never the same in two languages


@dataclass(frozen=True, slots=True)
class Verdict:
    """What speaks for one fact (points above 0) and against it (below); `bar` is a reason that alone forbids it."""

    points: tuple[tuple[str, int], ...] = ()
    bar: str | None = None

    @property
    def score(self) -> int:
        """The sum of the points."""
        return sum(value for _, value in self.points)

    @property
    def same(self) -> bool:
        """Are the two claims one fact?"""
        return self.bar is None and self.score >= SAME


def compare(a: Telling, b: Telling) -> Verdict:
    """The verdict on two claims; it does not depend on which comes first."""
    if a.kind.name != b.kind.name:
        return Verdict(bar="different kinds")
    if a.content == b.content and (a.doc == b.doc or (a.root == b.root and same_words(a, b))):
        return Verdict((("the same claim in the same words", 2 * SAME),))
    if (bar := _bar(a, b)) is not None:
        return Verdict(bar=bar)
    points = [_time(a, b)]
    for name, role in a.kind.roles.items():
        if name in a.cells and name in b.cells:
            found = _role(role, a, b)
            if found is None:
                return Verdict(bar=f"different {name}")
            points.append((name, found))
    against = [name for name, value in points[1:] if value < 0 and name not in a.kind.grows]
    if len(against) > 1:
        return Verdict(bar=f"different {' and '.join(against)}")
    return Verdict(tuple(points))


def _bar(a: Telling, b: Telling) -> str | None:
    """A reason that the two are not one fact, whatever else they say."""
    if a.doc == b.doc:
        return "one report tells them apart"
    if (a.claim.status == "denied") != (b.claim.status == "denied"):
        return "one is denied"
    if a.reach is None or b.reach is None:
        return "nothing is known of when one of them was"
    if a.days[1] < b.days[0] or b.days[1] < a.days[0]:
        return "different times"
    for name, left in a.choices.items():
        right = b.choices.get(name)
        if right is not None and left.isdisjoint(right):
            return f"different {name}"
    return None


def same_words(a: Telling, b: Telling) -> bool:
    """Do both rest on one and the same passage? In texts of one origin it is a copied one, elsewhere a set phrase."""

    def passages(t: Telling) -> set[str]:
        words = (re.findall(r"\w+", e.text.casefold()) for e in t.claim.evidence)
        return {" ".join(w) for w in words if len(w) >= _LEAST_WORDS}

    return not passages(a).isdisjoint(passages(b))


def _time(a: Telling, b: Telling) -> tuple[str, int]:
    """Points for the time: the narrower the days that both can be on, the more they say."""
    wide = max(t.days[1] - t.days[0] + 1 for t in (a, b))
    if wide > QUARTER:
        return "the time is wide", -5
    if a.dated and b.dated:
        if wide <= FEW:
            return ("the same day", 24) if wide == 1 else ("the same days", 20)
        return "overlapping times", 13 if wide <= WEEK else 6 if wide <= MONTH else 2
    if wide > 2 * WEEK:
        return "published about then", 3
    (first, last), (begin, end) = a.told, b.told
    apart = max(first - end, begin - last, 0)
    for days, points in _NEWS:
        if apart <= days:
            return f"told within {days + 1} days" if days else "told on one day", points
    return "published about then", 4


def _role(role: Role, a: Telling, b: Telling) -> int | None:
    """Points for a role that both fill; None where what they say makes them two facts."""
    if role.type in NUMBERS:
        return _number(role, a, b)
    left, right = a.words[role.name], b.words[role.name]
    if role.type == "free":
        words = [{w for v in side for w in re.findall(r"\w{4,}", v.casefold())} for side in (left, right)]
        return _FREE[0] if words[0] & words[1] else _FREE[1]
    both = left & right
    points = sum(a.worth[role.name, word] for word in both)
    if not both:
        pairs = [(x, y) for x in a.values(role.name) for y in b.values(role.name) if x.agrees(y)]
        if not pairs:
            return _ITEM if role.name in a.kind.contested else None
        wider = max(min(a.worth[role.name, str(x)], b.worth[role.name, str(y)]) for x, y in pairs)
        return min(wider * _WIDER[0] // _WIDER[1], _MOST)
    return min(points, _MOST) + _MORE * min(len(left) - len(both), len(right) - len(both))


def _number(role: Role, a: Telling, b: Telling) -> int:
    """Points for a role of numbers: the same one, as good as the same, not contradicting, contradicting."""
    both = a.words[role.name] & b.words[role.name]
    if both:
        return max(a.worth[role.name, word] for word in both)
    best: int | None = None
    for x in readings_of(a, role.name):
        for y in readings_of(b, role.name):
            agreed = same_value(x, y, a, b)
            if agreed is not None:
                best = max(_near(x, y) if agreed else _CLASH, best if best is not None else _CLASH)
    return best or 0


def _near(x: Value, y: Value) -> int:
    """Points for two numbers that can both be true, by how near they are to one another as they are told."""
    if isinstance(x, Amount) and isinstance(y, Amount):
        if x.currency != y.currency:
            return 8  # nearness has been judged by the rate
        x, y = x.count, y.count
    if not isinstance(x, Count) or not isinstance(y, Count):
        return 0
    low, high = sorted((_told(x), _told(y)))
    share = low / high if high else 1.0
    return 9 if share >= 0.9 else 4 if share >= 0.7 else 1 if share >= 0.3 else -5


def _told(count: Count) -> float:
    """The number that the words of a count name."""
    if count.high is None:
        return float(count.low)
    return float(count.high) if not count.low else float(count.low + count.high) / 2


def readings_of(t: Telling, role: str) -> list[Value]:
    """The values of a role, with what the report gives beside them (the same sum in another currency)."""
    return [v for c in t.claim.cells if c.role == role for v in (c.value, *c.also)]


def same_value(x: Value, y: Value, a: Telling, b: Telling) -> bool | None:
    """Can two numbers both be true? Sums in two currencies by the rate of the earlier day; None: it cannot be said."""
    if isinstance(x, Amount) and isinstance(y, Amount):
        days = [day for t in (a, b) if (day := t.day) is not None]
        return same_sum(x, y, min(days, default=None))
    return x.agrees(y)


def agreements(a: Telling, b: Telling) -> Iterator[str]:
    """The reasons of the verdict on two claims, in words and points."""
    verdict = compare(a, b)
    if verdict.bar is not None:
        yield f"never one: {verdict.bar}"
    for reason, value in verdict.points:
        yield f"{value:+} {reason}"
