"""Groups what is said within one family of claims: those that pairs of one fact connect, directly or through others.

Groups are compared like records that grow, role by role, by those who tell the role: what a short report leaves out
does not speak against the rest, and what two groups disagree in is not outvoted by a single report between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from recoupe.check.same import SAME, UNTIED, Verdict, differ, untied
from recoupe.codebook.kinds import Kind

Compare = Callable[[int, int], Verdict]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two groups compare: whether any pair between them is barred, the points of their best time, and by role the
    sum of the points and the number of pairs that have some."""

    barred: bool
    time: int = 0
    roles: Mapping[str, tuple[int, int]] | None = None

    @classmethod
    def of(cls, verdict: Verdict) -> Likeness:
        """That of two groups of one saying each."""
        if verdict.bar is not None or not verdict.points:
            return _BARRED
        (_, time), *roles = verdict.points
        return cls(False, time, {role: (points, 1) for role, points in roles if role != UNTIED[0]})

    def __add__(self, other: Likeness) -> Likeness:
        if self.barred or other.barred:
            return _BARRED
        roles = dict(self.roles or {})
        for role, (points, pairs) in (other.roles or {}).items():
            have, of = roles.get(role, (0, 0))
            roles[role] = have + points, of + pairs
        return Likeness(False, max(self.time, other.time), roles)

    def score(self, kind: Kind) -> int | None:
        """Points for one fact: those of the time, and of each role the mean of the pairs that tell it; None where the
        groups may not be one."""
        if self.barred:
            return None
        means = {role: points // pairs for role, (points, pairs) in (self.roles or {}).items()}
        if differ(means, kind):
            return None
        return self.time + sum(means.values()) + (UNTIED[1] if untied(means, kind) else 0)


_BARRED = Likeness(True)


def link(
    said: Iterable[int], verdicts: Mapping[tuple[int, int], Verdict], compare: Compare, kind: Kind
) -> list[list[int]]:
    """The groups among sayings, which are given by their places.

    The two groups that have most points become one, again and again, while any have `SAME`; but where one of them fits
    a third group just as well, which cannot be one with the second, it is left for later, or alone. `verdicts` are
    those of the pairs that are one fact by themselves, the lesser place first; `compare` gives any other.
    """
    members = {n: [n] for n in said}
    likeness: dict[tuple[int, int], Likeness] = {pair: Likeness.of(v) for pair, v in verdicts.items()}
    beside: defaultdict[int, set[int]] = defaultdict(set)
    for i, j in likeness:
        beside[i].add(j)
        beside[j].add(i)
    heap: list[tuple[int, int, int]] = []

    def offer(i: int, j: int) -> None:
        score = likeness[i, j].score(kind)
        if score is not None and score >= SAME:
            heap.append((-score, i, j))

    def between(i: int, j: int) -> Likeness:
        pair = (i, j) if i < j else (j, i)
        if (found := likeness.get(pair)) is None:
            found = Likeness(False)
            for one in members[i]:
                for other in members[j]:
                    if found.barred:
                        break
                    found += Likeness.of(compare(*sorted((one, other))))
            likeness[pair] = found
        return found

    def undecided(i: int, j: int, score: int) -> bool:
        """Does the first fit another group just as well, that cannot be one with the second?"""
        return any(
            between(i, other).score(kind) == score and between(j, other).score(kind) is None
            for other in sorted(beside[i] - {j})
        )

    for pair in likeness:
        offer(*pair)
    heapify(heap)
    fresh = max(members) + 1
    while heap:
        against, i, j = heappop(heap)
        if i not in members or j not in members or undecided(i, j, -against) or undecided(j, i, -against):
            continue
        for other in sorted((beside[i] | beside[j]) - {i, j}):
            both = between(i, other)
            if not both.barred:
                both += between(j, other)
            beside[other] -= {i, j}
            if not both.barred:
                likeness[other, fresh] = both
                beside[other].add(fresh)
                beside[fresh].add(other)
                score = both.score(kind)
                if score is not None and score >= SAME:
                    heappush(heap, (-score, other, fresh))
        members[fresh] = members.pop(i) + members.pop(j)
        fresh += 1
    return list(members.values())
