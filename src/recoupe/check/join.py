"""Groups claims into facts. The groups depend on the set of claims alone, not on the order in which they come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recoupe.check.link import link
from recoupe.check.near import near
from recoupe.check.same import Verdict, compare, same_words
from recoupe.check.telling import Telling
from recoupe.trace.groups import Groups

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
    verdicts: dict[tuple[int, int], Verdict] = {}
    family = Groups[int]()
    for i, j in near([s.telling for s in said]).tolist():
        verdict = verdict_of(said[i], said[j])
        if verdict.same:
            verdicts[i, j] = verdict
            family.join(i, j)
    families: defaultdict[int, dict[tuple[int, int], Verdict]] = defaultdict(dict)
    for pair, verdict in verdicts.items():
        families[family.of(pair[0])][pair] = verdict
    joined = {n for pair in verdicts for n in pair}
    groups = [[n] for n in range(len(said)) if n not in joined]
    for pairs in families.values():
        sayings_ = sorted({n for pair in pairs for n in pair})
        kind = said[sayings_[0]].telling.kind
        groups += link(sayings_, pairs, lambda i, j: verdict_of(said[i], said[j]), kind)
    return [sorted((t for n in group for t in said[n].claims), key=lambda t: (t.key, t.ref)) for group in groups]


def verdict_of(a: Saying, b: Saying) -> Verdict:
    """The verdict on two sayings; one report tells its claims apart."""
    if not a.docs.isdisjoint(b.docs):
        return Verdict(bar="one report tells them apart")
    return compare(a.telling, b.telling)
