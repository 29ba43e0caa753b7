"""Groups claims into facts. The groups depend on the set of claims alone, not on the order in which they come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recoupe.check.near import near
from recoupe.check.same import Verdict, compare, same_words
from recoupe.check.telling import Telling
from recoupe.groups import Groups

LINK = 20  # points that two groups must have on average between their sayings to become one


@dataclass(frozen=True, slots=True)
class Saying:
    """Claims that say the very same of the same days: one stands for all. `docs` are the reports they are in."""

    telling: Telling
    claims: tuple[Telling, ...]
    docs: frozenset[str]


def join(tellings: Iterable[Telling]) -> list[list[Telling]]:
    """Groups of claims that tell one fact, each sorted by key, the groups by their first claim.

    Average linkage, the surest pairs first: two groups become one where no saying of the one bars any of the other, and
    they have on average nearly the points that one pair needs. Claims of one report never meet through another's.
    """
    kinds: defaultdict[str, list[Telling]] = defaultdict(list)
    for telling in sorted(tellings, key=lambda t: (t.key, t.ref)):
        kinds[telling.kind.name].append(telling)
    groups = [group for name in sorted(kinds) for group in _join(sayings(kinds[name]))]
    return sorted(groups, key=lambda group: (group[0].key, group[0].ref))


def sayings(tellings: Sequence[Telling]) -> list[Saying]:
    """What is said by claims of one kind, which are sorted by key: what reports say alike is compared once."""
    alike: defaultdict[tuple[str, tuple[int, int]], list[Telling]] = defaultdict(list)
    for telling in tellings:
        alike[telling.content, telling.days].append(telling)
    return [
        Saying(group[0], tuple(group), frozenset(t.doc for t in group))
        for claims in alike.values()
        for group in _one_fact(claims)
    ]


def _one_fact(claims: list[Telling]) -> list[list[Telling]]:
    """Claims that say the same are one fact where they say enough; else those in the same report or copied words."""
    if len(claims) == 1 or (claims[0].reach is not None and compare(claims[0], claims[0].elsewhere()).same):
        return [claims]
    groups = Groups[int]()
    for n, one in enumerate(claims):
        for m in range(n):
            if one.doc == claims[m].doc or (one.root == claims[m].root and same_words(one, claims[m])):
                groups.join(m, n)
    found: defaultdict[int, list[Telling]] = defaultdict(list)
    for n, one in enumerate(claims):
        found[groups.of(n)].append(one)
    return list(found.values())


def _join(said: Sequence[Saying]) -> list[list[Telling]]:
    """The groups among the claims of one kind."""
    links: list[tuple[int, int, int]] = []
    family = Groups[int]()
    verdicts: dict[tuple[int, int], Verdict] = {}
    for i, j in near([s.telling for s in said]).tolist():
        verdict = _verdict(said[i], said[j])
        if verdict.same:
            verdicts[i, j] = verdict
            links.append((-verdict.score, i, j))
            family.join(i, j)
    families: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for link in links:
        families[family.of(link[1])].append(link)
    joined = {n for _, i, j in links for n in (i, j)}
    groups = [[n] for n in range(len(said)) if n not in joined]
    for of_one in families.values():
        groups += _Linker(said, verdicts).groups(sorted(of_one))
    return [sorted((t for n in group for t in said[n].claims), key=lambda t: (t.key, t.ref)) for group in groups]


class _Linker:
    """Groups the sayings that links join, directly or through others."""

    def __init__(self, said: Sequence[Saying], verdicts: dict[tuple[int, int], Verdict]) -> None:
        self.said = said
        self.verdicts = verdicts

    def groups(self, links: Sequence[tuple[int, int, int]]) -> list[list[int]]:
        """The groups, by links (points below 0, a saying, another), the surest first."""
        of = {n: n for _, i, j in links for n in (i, j)}
        members = {n: [n] for n in of}
        apart: set[tuple[int, int]] = set()
        fresh = max(of) + 1
        for _, i, j in links:
            left, right = sorted((of[i], of[j]))
            if left == right or (left, right) in apart:
                continue
            if not self._one(members[left], members[right]):
                apart.add((left, right))
                continue
            members[fresh] = members.pop(left) + members.pop(right)
            of.update(dict.fromkeys(members[fresh], fresh))
            fresh += 1
        return list(members.values())

    def _one(self, left: Sequence[int], right: Sequence[int]) -> bool:
        total = 0
        for i in left:
            for j in right:
                pair = (i, j) if i < j else (j, i)
                if (verdict := self.verdicts.get(pair)) is None:
                    verdict = self.verdicts[pair] = _verdict(self.said[i], self.said[j])
                if verdict.bar is not None:
                    return False
                total += verdict.score
        return total >= LINK * len(left) * len(right)


def _verdict(a: Saying, b: Saying) -> Verdict:
    if not a.docs.isdisjoint(b.docs):
        return Verdict(bar="one report tells them apart")
    return compare(a.telling, b.telling)
