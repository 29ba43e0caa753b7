"""Groups what is said within one family of claims: those that pairs of one fact connect, directly or through others.

Groups are compared like records that grow, role by role, by those who tell the role: what a short report leaves out
does not speak against the rest, and what two groups disagree in is not outvoted by a single report between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import product

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
    return _Linker(said, verdicts, compare, kind).groups()


class _Linker:
    """Groups that become larger ones; each has a number, those of single sayings are their places."""

    def __init__(
        self, said: Iterable[int], verdicts: Mapping[tuple[int, int], Verdict], compare: Compare, kind: Kind
    ) -> None:
        self._members = {n: [n] for n in said}
        self._likeness = {pair: Likeness.of(verdict) for pair, verdict in verdicts.items()}
        self._compare = compare
        self._kind = kind
        self._beside: defaultdict[int, set[int]] = defaultdict(set)
        self._heap: list[tuple[int, int, int]] = []
        for pair in sorted(self._likeness):
            self._offer(*pair)

    def groups(self) -> list[list[int]]:
        """The groups that are left when no two become one any more."""
        fresh = max(self._members) + 1
        while self._heap:
            against, i, j = heappop(self._heap)
            if i not in self._members or j not in self._members:
                continue
            if not self._undecided(i, j, -against) and not self._undecided(j, i, -against):
                self._become_one(i, j, fresh)
                fresh += 1
        return list(self._members.values())

    def _become_one(self, i: int, j: int, fresh: int) -> None:
        for other in sorted((self._beside[i] | self._beside[j]) - {i, j}):
            both = self._between(i, other)
            if not both.barred:
                both += self._between(j, other)
            self._beside[other] -= {i, j}
            if not both.barred:
                self._likeness[other, fresh] = both
                self._offer(other, fresh)
        self._members[fresh] = self._members.pop(i) + self._members.pop(j)

    def _offer(self, i: int, j: int) -> None:
        """Two groups are beside each other, and may become one where they have the points."""
        self._beside[i].add(j)
        self._beside[j].add(i)
        score = self._likeness[i, j].score(self._kind)
        if score is not None and score >= SAME:
            heappush(self._heap, (-score, i, j))

    def _undecided(self, i: int, j: int, score: int) -> bool:
        """Does the first fit another group just as well, that cannot be one with the second?"""
        return any(
            self._between(i, other).score(self._kind) == score and self._between(j, other).score(self._kind) is None
            for other in sorted(self._beside[i] - {j})
        )

    def _between(self, i: int, j: int) -> Likeness:
        pair = (i, j) if i < j else (j, i)
        if (found := self._likeness.get(pair)) is None:
            found = Likeness(False)
            for one, other in product(self._members[i], self._members[j]):
                if found.barred:
                    break
                found += Likeness.of(self._compare(*sorted((one, other))))
            self._likeness[pair] = found
        return found
