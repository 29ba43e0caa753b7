"""Groups claims into facts. The groups depend on the set of claims alone, not on the order in which they come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from recoupe.check.same import SAME, Verdict, compare
from recoupe.check.telling import Telling


def join(tellings: Sequence[Telling]) -> list[list[Telling]]:
    """Groups of claims that tell one fact, each sorted by key, the groups by their first claim.

    Average linkage, the surest pairs first: two groups become one where no claim of the one bars any of the other, and
    their pairs of origins have on average the points that one pair needs. Claims of one report never meet through
    another's.
    """
    kinds: defaultdict[str, list[Telling]] = defaultdict(list)
    for telling in sorted(tellings, key=lambda t: (t.key, t.ref)):
        kinds[telling.kind.name].append(telling)
    groups = [group for name in sorted(kinds) for group in _join(kinds[name])]
    return sorted(groups, key=lambda group: (group[0].key, group[0].ref))


def _join(tellings: Sequence[Telling]) -> list[list[Telling]]:
    """The groups among claims of one kind, which are sorted by key."""
    verdicts: dict[tuple[int, int], Verdict] = {}
    for i, j in _near(tellings):
        verdict = compare(tellings[i], tellings[j])
        if verdict.bar is None:
            verdicts[i, j] = verdict
    group_of = list(range(len(tellings)))
    groups = [[i] for i in range(len(tellings))]
    for (i, j), verdict in sorted(verdicts.items(), key=lambda pair: (-pair[1].score, pair[0])):
        if not verdict.same:
            break
        left, right = group_of[i], group_of[j]
        if left != right and _linked(groups[left], groups[right], verdicts, tellings):
            groups[left] = sorted(groups[left] + groups[right])
            for member in groups[right]:
                group_of[member] = left
            groups[right] = []
    return [[tellings[i] for i in group] for group in groups if group]


def _near(tellings: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    """Pairs (the lesser place first) whose times overlap, and those that say the very same: all others are barred."""
    order = sorted((i for i, t in enumerate(tellings) if t.reach is not None), key=lambda i: (_first(tellings[i]), i))
    seen: set[tuple[int, int]] = set()
    for place, i in enumerate(order):
        last = _last(tellings[i])
        for j in order[place + 1 :]:
            if _first(tellings[j]) > last:
                break
            seen.add((min(i, j), max(i, j)))
    same: defaultdict[str, list[int]] = defaultdict(list)
    for i, t in enumerate(tellings):
        same[t.content].append(i)
    for places in same.values():
        seen.update((i, j) for n, i in enumerate(places) for j in places[n + 1 :])
    return iter(sorted(seen))


def _first(t: Telling) -> date:
    return t.reach.first if t.reach is not None and t.reach.first is not None else date.min


def _last(t: Telling) -> date:
    return t.reach.last if t.reach is not None and t.reach.last is not None else date.max


def _linked(
    left: list[int], right: list[int], verdicts: dict[tuple[int, int], Verdict], tellings: Sequence[Telling]
) -> bool:
    """May two groups become one? Copies of one origin tell a thing once: the one that tells it best counts."""
    best: dict[tuple[str, str], float] = {}
    for i in left:
        for j in right:
            verdict = verdicts.get((min(i, j), max(i, j)))
            if verdict is None:
                return False
            roots = (tellings[i].root, tellings[j].root)
            best[roots] = max(verdict.score, best.get(roots, verdict.score))
    return sum(best.values()) >= SAME * len(best)
