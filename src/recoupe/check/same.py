"""Do two claims tell one fact? A verdict with its reasons, in points that a person can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from recoupe.check.rates import same_sum
from recoupe.check.telling import Telling
from recoupe.codebook.kinds import Kind, Role
from recoupe.values import Amount, Value, When

SAME = 2.0  # points: two full agreements (who and when, say), or more that agree in part
NUMBERS = frozenset({"count", "amount"})
_DAYS, _WEEK, _MONTH = 3, 7, 31  # widths of a time, in days
_LEAST_WORDS = 6  # evidence of fewer words may be the same by chance


@dataclass(frozen=True, slots=True)
class Verdict:
    """What speaks for one fact (points above 0) and against it (below); `bar` is a reason that alone forbids it."""

    points: tuple[tuple[str, float], ...] = ()
    bar: str | None = None

    @property
    def score(self) -> float:
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
    if a.content == b.content and (a.doc == b.doc or (a.root == b.root and _same_words(a, b))):
        return Verdict((("the same claim in the same words", 2 * SAME),))
    if a.doc == b.doc:
        return Verdict(bar="one report tells them apart")
    if (a.claim.status == "denied") != (b.claim.status == "denied"):
        return Verdict(bar="one is denied")
    if a.reach is None or b.reach is None:
        return Verdict(bar="nothing is known of when one of them was")
    if not a.reach.agrees(b.reach):
        return Verdict(bar="different times")
    if (apart := _apart(a, b)) is not None:
        return Verdict(bar=f"different {apart}")
    numbers = dict(_numbers(a, b))
    equal_number = any(value >= _EQUAL for value in numbers.values())
    points = [*_time(a, b)]
    for name in _telling_roles(a.kind):
        role, weight = a.kind.roles[name], _weight(name, a, b)
        if role.type in NUMBERS:
            if role.type == "amount" and numbers.get(name, 0) < 0:
                return Verdict(bar=f"different {name}")
            continue
        value = _role(role, a, b)
        if value is None and (role.type != "item" or not equal_number):
            return Verdict(bar=f"different {name}")
        if value is None:
            points.append((f"{name} differs, a number is the same", -1.0))
        elif value and weight:
            points.append((name, weight * value))
        elif weight == 1.0 and bool(a.values(name)) != bool(b.values(name)) and not (a.dated and b.dated):
            # A place says which of many strikes or meetings it was, more than who or what does.
            lost = -1.0 if role.type == "place" else -0.5
            points.append((f"only one says {name}, and not both say when", lost))
    if not any(value > 0 and name in a.kind.roles for name, value in points):
        return Verdict(bar="nothing in common that identifies it")
    return Verdict((*points, *sorted(numbers.items())))


def _telling_roles(kind: Kind) -> list[str]:
    """The roles by which facts are told apart: those that identify, and those that say who."""
    return list(dict.fromkeys((*kind.identifies, *kind.who)))


_HEADING = 0.5


def _weight(role: str, a: Telling, b: Telling) -> float:
    """What a role counts. One that says who but does not identify is the same in most claims of its kind: it counts
    half beside two times that agree, and without them nothing."""
    if role in a.kind.identifies:
        return 1.0
    return _HEADING if a.dated and b.dated else 0.0


_EQUAL, _OVERLAP = 0.75, 0.25  # points for a number: the same, or only not contradicting
_CLASH, _CLASH_UNDATED = -1.0, -2.0  # without a common day, numbers that cannot both be true tell facts apart


def _same_words(a: Telling, b: Telling) -> bool:
    """Do both rest on one and the same passage? In texts of one origin it is a copied one, elsewhere a set phrase."""

    def passages(t: Telling) -> set[str]:
        words = (re.findall(r"\w+", e.text.casefold()) for e in t.claim.evidence)
        return {" ".join(w) for w in words if len(w) >= _LEAST_WORDS}

    return not passages(a).isdisjoint(passages(b))


def _width(when: When | None) -> int | None:
    return None if when is None else when.days


def _one_day(a: Telling, b: Telling) -> bool:
    """Do both claims themselves say the same few days?"""
    widths = [_width(t.reach) for t in (a, b)]
    return a.dated and b.dated and (a.reach == b.reach or all(w is not None and w <= _DAYS for w in widths))


def _time(a: Telling, b: Telling) -> Iterator[tuple[str, float]]:
    """Points for the time: full for the same day, none for a month, less than none for a wide span."""
    widths = [w if (w := _width(t.reach)) is not None else 10 * _MONTH for t in (a, b)]
    wide = max(widths)
    if wide > _MONTH:
        yield "the time is wide", -1.5
    elif not (a.dated and b.dated):
        yield "published about then", 0.5 if wide <= 2 * _WEEK else 0.0
    elif _one_day(a, b):
        yield "the same time", 1.5
    else:
        yield "overlapping times", 1.0 if wide <= _WEEK else 0.0


def _apart(a: Telling, b: Telling) -> str | None:
    """A role that tells facts apart and that the two fill with actors or places that cannot be one."""
    for name in _telling_roles(a.kind):
        left, right = a.choices.get(name), b.choices.get(name)
        if left and right and left.isdisjoint(right):
            return name
    return None


def _role(role: Role, left: Telling, right: Telling) -> float | None:
    """Points for a role that identifies: 0 where one side says nothing, None where the two cannot be one."""
    a, b = left.words.get(role.name), right.words.get(role.name)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    if role.type == "free":
        # Free words are never the same in two languages: they can speak for one fact, hardly against it.
        words = [{w for v in side for w in re.findall(r"\w{4,}", v.casefold())} for side in (a, b)]
        return 0.5 if words[0] & words[1] else -0.5
    if a & b:
        return 0.75 * len(a & b) / min(len(a), len(b))
    return 0.5 if any(x.agrees(y) for x in left.values(role.name) for y in right.values(role.name)) else None


def _numbers(a: Telling, b: Telling) -> Iterator[tuple[str, float]]:
    """Points for every role of numbers that both fill."""
    clash = _CLASH if _one_day(a, b) else _CLASH_UNDATED
    for name, role in a.kind.roles.items():
        if role.type not in NUMBERS or not a.values(name) or not b.values(name):
            continue
        if not a.words[name].isdisjoint(b.words[name]):
            yield name, _EQUAL
            continue
        agreed = [same_value(x, y, a, b) for x in readings_of(a, name) for y in readings_of(b, name)]
        if True in agreed:
            yield name, _OVERLAP
        elif False in agreed:
            yield name, clash


def readings_of(t: Telling, role: str) -> list[Value]:
    """The values of a role, with what the report gives beside them (the same sum in another currency)."""
    return [v for c in t.claim.cells if c.role == role for v in (c.value, *c.also)]


def same_value(x: Value, y: Value, a: Telling, b: Telling) -> bool | None:
    """Can two numbers both be true? Sums in two currencies by the rate of the earlier day; None: it cannot be said."""
    if isinstance(x, Amount) and isinstance(y, Amount):
        days = [day for t in (a, b) if (day := t.day) is not None]
        return same_sum(x, y, min(days, default=None))
    return x.agrees(y)
