"""How much some acts are together, where one may be a part of another, or the same told again.

What nobody says is a part may still be one: "nine more" and "thirteen so far". So the sum is a range: at least those
that cannot be parts of one another, at most all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recoupe.chains.acts import Act, may_be
from recoupe.chains.ranges import total
from recoupe.values import Count, Value

Numbered = tuple[Act, Count]


def together(numbered: Iterable[Numbered], parts: Iterable[tuple[str, str, object]] = ()) -> Count:
    """The range of their sum; `parts` are ids of entries that are certainly part of another, its id, what shows it."""
    once = counted(numbered, parts)
    kept: list[Numbered] = []
    for one in once:
        if not any(may_be_part(one, other) for other in kept):
            kept.append(one)
    about = bool(once) and all(number.about for _, number in once)
    return Count(total(n for _, n in kept).low, total(n for _, n in once).high, about)


def counted(numbered: Iterable[Numbered], parts: Iterable[tuple[str, str, object]] = ()) -> list[Numbered]:
    """Those that are counted, the largest first: none that is a part of another, nor the same told twice."""
    found = sorted(numbered, key=_size)
    ids = {act.id for act, _ in found}
    within = {part for part, whole, _ in parts if whole in ids}
    once: list[Numbered] = []
    for one in found:
        if one[0].id not in within and not any(_same(one, other) for other in once):
            once.append(one)
    return once


def _size(numbered: Numbered) -> tuple[object, ...]:
    act, number = numbered
    return -number.low, number.high is not None, -(number.high or 0), not act.dated, act.id


def may_be_part(one: Numbered, other: Numbered) -> bool:
    """May the one be a part of the other, which is no smaller?"""
    return _alike(one[0], other[0]) and not _apart(one[0], other[0])


def _same(one: Numbered, other: Numbered) -> bool:
    """Is it one thing told twice in one report, for which the reader found two claims?"""
    (a, x), (b, y) = one, other
    return x == y and not a.docs.isdisjoint(b.docs) and may_be_part(one, other)


def _alike(a: Act, b: Act) -> bool:
    """Can both be of the same parties and things? Money, and help without a name, may be for anything."""
    gives = _agree(a.givers, b.givers) or (_collective(a.givers) and _collective(b.givers))
    return gives and _agree(a.takers, b.takers) and (_agree(a.things, b.things) or not (a.named and b.named))


def _agree(a: Sequence[Value], b: Sequence[Value]) -> bool:
    return not a or not b or any(may_be(x, y) for x in a for y in b)


def _collective(actors: Sequence[Value]) -> bool:
    """Are they bodies or groups? Of two of them nobody knows who is in both."""
    return all(str(actor).startswith(("org:", "group:")) for actor in actors)


def _apart(a: Act, b: Act) -> bool:
    """Do words say that the two were at times of which neither holds the other?"""
    return a.dated and b.dated and (a.last < b.first or b.last < a.first)
