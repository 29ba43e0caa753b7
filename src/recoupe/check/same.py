"""Do two claims tell one fact? A verdict with its reasons, in points that a person can follow.

A point is a deciban: what two claims have in common speaks for one fact as much as it is rare among claims of
different facts (`rarity`), and what they contradict each other in speaks against it. The kinds of a codebook say which
roles identify a fact, and in which of the others its reports may differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from recoupe.check.rates import same_sum
from recoupe.check.telling import Telling
from recoupe.codebook.kinds import Kind, Role
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
_OTHER = -12, -10  # another item, where the kind allows for it: one that tells its facts apart, or does not
_CLASH = -10, -20  # numbers that cannot both be true: of one size, or one more than three times the other
_GROWN = -3, -10  # the same where the number grows, and the greater may have been told later
_SIZE = 0.3  # share from which two numbers are of one size
UNTIED = ("another thing, and no number in common", -15)
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
    if back_and_forth(a, b):
        return Verdict(bar="numbers that grow are not all grown on one side")
    roles = dict(points[1:])
    if against := differ(roles, a.kind):
        return Verdict(bar=f"different {' and '.join(against)}")
    return Verdict((*points, UNTIED) if untied(roles, a.kind) else tuple(points))


def back_and_forth(a: Telling, b: Telling) -> bool:
    """Has each more of something that grows than the other? Then neither is what the other has become."""
    more = set()
    for role in a.kind.grows:
        for x, y in zip(a.values(role)[:1], b.values(role)[:1], strict=False):
            if isinstance(x, Count) and isinstance(y, Count) and not x.agrees(y):
                more.add(x.low < y.low)
    return len(more) > 1


def differ(points: Mapping[str, int], kind: Kind) -> list[str]:
    """The roles that speak against one fact, where there are two: one may be contested, or told wrong."""
    against = [name for name, value in points.items() if value < 0 and name not in kind.grows]
    return against if len(against) > 1 else []


def untied(points: Mapping[str, int], kind: Kind) -> bool:
    """Are the things others, and no number the same? A thousand missiles may be a thousand launchers, but what a state
    gives on one day is often several things."""
    other = any(points.get(name, 0) < 0 for name in kind.contested if name in kind.tells_apart)
    return other and not any(value > 0 for name, value in points.items() if kind.roles[name].type in NUMBERS)


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
    return not passages(a).isdisjoint(passages(b))


def passages(t: Telling) -> frozenset[str]:
    """The words of the passages that a claim rests on, where there are enough to be no chance."""
    words = (re.findall(r"\w+", e.text.casefold()) for e in t.claim.evidence)
    return frozenset(" ".join(w) for w in words if len(w) >= _LEAST_WORDS)


def _time(a: Telling, b: Telling) -> tuple[str, int]:
    """Points for the time: the narrower the days that both can be on, the more they say."""
    wide = max(t.days[1] - t.days[0] + 1 for t in (a, b))
    if wide > QUARTER:
        return "the time is wide", -5
    if a.dated and b.dated and wide <= FEW:
        return ("the same day", 24) if wide == 1 else ("the same days", 20)
    if a.dated and b.dated and wide <= WEEK:
        return "overlapping times", 13
    if wide > 2 * WEEK and _told_together(a, b):
        return "told within 2 days, of times that overlap", 9
    if a.dated and b.dated:
        return "overlapping times", 6 if wide <= MONTH else 2
    if wide > 2 * WEEK:
        return "published about then", 3
    (first, last), (begin, end) = a.told, b.told
    apart = max(first - end, begin - last, 0)
    for days, points in _NEWS:
        if apart <= days:
            return f"told within {days + 1} days" if days else "told on one day", points
    return "published about then", 4


def _told_together(a: Telling, b: Telling) -> bool:
    """Were both published on one day, or on two that follow each other?"""
    if a.published is None or b.published is None or (together := a.published.days) is None or b.published.days is None:
        return False
    assert a.published.first is not None
    assert b.published.first is not None
    return together == b.published.days == 1 and abs((a.published.first - b.published.first).days) <= 1


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
            return _OTHER[role.name not in a.kind.tells_apart] if role.name in a.kind.contested else None
        wider = max(min(a.worth[role.name, str(x)], b.worth[role.name, str(y)]) for x, y in pairs)
        return min(wider * _WIDER[0] // _WIDER[1], _MOST)
    return min(points, _MOST) + _MORE * min(len(left) - len(both), len(right) - len(both))


def _number(role: Role, a: Telling, b: Telling) -> int:
    """Points for a role of numbers: the same one, as good as the same, not contradicting, contradicting."""
    both = a.words[role.name] & b.words[role.name]
    if both:
        return max(a.worth[role.name, word] for word in both)
    best: int | None = None
    clash = _GROWN if role.name in a.kind.grows and _may_grow(role.name, a, b) else _CLASH
    for x in readings_of(a, role.name):
        for y in readings_of(b, role.name):
            agreed = same_value(x, y, a, b)
            if agreed is not None:
                points = _near(x, y) if agreed else clash[_share(x, y) < _SIZE]
                best = points if best is None else max(points, best)
    return best or 0


def _may_grow(role: str, a: Telling, b: Telling) -> bool:
    """Can the report with the greater number be the later one?"""
    less, more = sorted((a, b), key=lambda t: told_number(t.values(role)[0]))
    if less.published is None or more.published is None:
        return True
    return less.published.first is None or more.published.last is None or less.published.first <= more.published.last


def _near(x: Value, y: Value) -> int:
    """Points for two numbers that can both be true, by how near they are to one another as they are told."""
    if isinstance(x, Amount) and isinstance(y, Amount) and x.currency != y.currency:
        return 8  # nearness has been judged by the rate
    share = _share(x, y)
    return 9 if share >= 0.9 else 4 if share >= 0.7 else 1 if share >= _SIZE else -5


def _share(x: Value, y: Value) -> float:
    """What share the lesser of two numbers, as they are told, is of the greater; of sums in two currencies, 1."""
    if isinstance(x, Amount) and isinstance(y, Amount) and x.currency == y.currency:
        x, y = x.count, y.count
    if not isinstance(x, Count) or not isinstance(y, Count):
        return 1.0
    low, high = sorted((told_number(x), told_number(y)))
    return low / high if high else 1.0


def told_number(count: Value) -> float:
    """The number that the words of a count name."""
    if not isinstance(count, Count):
        return 0.0
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
