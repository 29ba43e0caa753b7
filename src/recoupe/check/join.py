"""Groups claims into facts. The groups depend on the set of claims alone, not on the order in which they come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recoupe.check.near import near
from recoupe.check.same import Verdict, compare, same_words
from recoupe.check.telling import Telling
from recoupe.model import Rulings
from recoupe.trace.groups import Groups

LINK = 20  # points that two groups must have on average between their sayings to become one


@dataclass(frozen=True, slots=True)
class Saying:
    """Claims that say the very same of the same days, so that one stands for all; or that people put together, so that
    each thing said by one of them stands for all. `docs` are the reports that they are in, `apart` the claims (`doc#n`)
    that people say tell another fact.
    """

    tellings: tuple[Telling, ...]
    claims: tuple[Telling, ...]
    docs: frozenset[str]
    apart: frozenset[str] = frozenset()


FREE = Rulings()


def join(tellings: Iterable[Telling], rulings: Rulings = FREE) -> list[list[Telling]]:
    """Groups of claims that tell one fact, each sorted by key, the groups by their first claim.

    Average linkage, the surest pairs first: two groups become one where no saying of the one bars any of the other, and
    they have on average nearly the points that one pair needs. Claims of one report never meet through another's. What
    people put together or set apart stays so, whatever speaks against it.
    """
    kinds: defaultdict[str, list[Telling]] = defaultdict(list)
    for telling in sorted(tellings, key=lambda t: (t.key, t.ref)):
        kinds[telling.kind.name].append(telling)
    groups = [group for name in sorted(kinds) for group in _join(sayings(kinds[name], rulings))]
    return sorted(groups, key=lambda group: (group[0].key, group[0].ref))


def sayings(tellings: Sequence[Telling], rulings: Rulings = FREE) -> list[Saying]:
    """What is said by claims of one kind, which are sorted by key: what reports say alike is compared once."""
    alike: defaultdict[tuple[str, tuple[int, int]], list[Telling]] = defaultdict(list)
    ruled = _ruled(tellings, rulings)
    apart = {telling.ref for saying in ruled for telling in saying.claims}
    for telling in tellings:
        if telling.ref not in apart:
            alike[telling.content, telling.days].append(telling)
    said = [
        Saying((group[0],), tuple(group), frozenset(t.doc for t in group))
        for claims in alike.values()
        for group in _one_fact(claims)
    ]
    return said + ruled


def _ruled(tellings: Sequence[Telling], rulings: Rulings) -> list[Saying]:
    """The sayings of the claims that people have ruled on, in the order of their first claims."""
    foes: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in rulings.apart:
        foes[one].add(other)
        foes[other].add(one)
    group_of = {ref: group for group in rulings.together for ref in group}
    groups: defaultdict[frozenset[str], list[Telling]] = defaultdict(list)
    for telling in tellings:
        if telling.ref in group_of or telling.ref in foes:
            groups[group_of.get(telling.ref, frozenset({telling.ref}))].append(telling)
    return [
        Saying(
            tuple({(t.content, t.days): t for t in reversed(claims)}.values()),
            tuple(claims),
            frozenset(t.doc for t in claims),
            frozenset().union(*(foes[t.ref] for t in claims if t.ref in foes)),
        )
        for claims in groups.values()
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
    for i, j in _near(said):
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


def _near(said: Sequence[Saying]) -> list[tuple[int, int]]:
    """The pairs of sayings (the lesser place first) that are worth comparing, sorted."""
    of = [n for n, saying in enumerate(said) for _ in saying.tellings]
    pairs = near([telling for saying in said for telling in saying.tellings]).tolist()
    return sorted({(min(of[i], of[j]), max(of[i], of[j])) for i, j in pairs if of[i] != of[j]})


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
    if a.apart and not a.apart.isdisjoint(t.ref for t in b.claims):
        return Verdict(bar="people have set them apart")
    verdicts = (compare(x, y) for x in a.tellings for y in b.tellings)
    return max(verdicts, key=lambda v: (v.bar is None, v.score))
