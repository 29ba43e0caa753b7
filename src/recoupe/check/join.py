"""Groups claims into facts. The groups depend on the set of claims alone, not on the order in which they come.

The steps are kept apart so that a ledger that grows can do again only what new claims touch: claims that say the very
same make a *saying*; sayings that share a key (`near.keys_of`, which follow from one claim alone) and a day are
compared; those that a verdict makes one fact, directly or through others, make a *family*; and only within a family is
anything linked. What becomes of a family depends on the claims in it and on nothing else: no step counts over all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from recoupe.check.link import link
from recoupe.check.near import near
from recoupe.check.same import Verdict, compare, passages
from recoupe.check.telling import Telling
from recoupe.groups import Groups
from recoupe.model import Rulings


@dataclass(frozen=True, slots=True)
class Saying:
    """Claims that say the very same of the same days, so that one, of those first published, stands for all; or that
    people put together, so that each thing said by one of them stands for all. `docs` are the reports that they are in,
    `apart` the claims (`doc#n`) that people say tell another fact.
    """

    tellings: tuple[Telling, ...]
    claims: tuple[Telling, ...]
    docs: frozenset[str]
    apart: frozenset[str] = frozenset()

    @property
    def telling(self) -> Telling:
        """One that stands for all."""
        return self.tellings[0]


FREE = Rulings()


def join(tellings: Iterable[Telling], rulings: Rulings = FREE) -> list[list[Telling]]:
    """Groups of claims that tell one fact, each sorted by key, the groups by their first claim.

    Claims of one report never meet through another's (`link` says how groups are made). What people put together or set
    apart stays so, whatever speaks against it.
    """
    kinds: defaultdict[str, list[Telling]] = defaultdict(list)
    for telling in sorted(tellings, key=lambda t: (t.key, t.ref)):
        kinds[telling.kind.name].append(telling)
    groups = [group for name in sorted(kinds) for group in _join(sayings(kinds[name], rulings))]
    return sorted(groups, key=lambda group: (group[0].key, group[0].ref))


def sayings(tellings: Iterable[Telling], rulings: Rulings = FREE) -> list[Saying]:
    """What is said by claims of one kind, sorted by what it is: what reports say alike is compared once.

    The order, by which equals are told apart further on, changes least where one more report says the same.
    """
    every = sorted(tellings, key=_first_published)
    ruled = _ruled(every, rulings)
    apart = {telling.ref for saying in ruled for telling in saying.claims}
    alike: defaultdict[tuple[str, tuple[int, int]], list[Telling]] = defaultdict(list)
    for telling in every:
        if telling.ref not in apart:
            alike[telling.content, telling.days].append(telling)
    said = [
        Saying((group[0],), tuple(group), frozenset(t.doc for t in group))
        for _, claims in sorted(alike.items())
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


def _first_published(t: Telling) -> tuple[date, date, str, str]:
    first, last = (t.published.first, t.published.last) if t.published is not None else (None, None)
    return first or date.max, last or date.max, t.key, t.ref


def _one_fact(claims: list[Telling]) -> list[list[Telling]]:
    """Claims that say the same are one fact where they say enough; else those in the same report or copied words."""
    if len(claims) == 1 or (claims[0].reach is not None and compare(claims[0], claims[0].elsewhere()).same):
        return [claims]
    groups = Groups[int]()
    seen: dict[tuple[str, str], int] = {}
    for n, one in enumerate(claims):
        for where in (("in", one.doc), *((one.root, words) for words in passages(one))):
            groups.join(seen.setdefault(where, n), n)
    found: defaultdict[int, list[Telling]] = defaultdict(list)
    for n, one in enumerate(claims):
        found[groups.of(n)].append(one)
    return list(found.values())


def _join(said: Sequence[Saying]) -> list[list[Telling]]:
    """The groups among the claims of one kind."""
    verdicts: dict[tuple[int, int], Verdict] = {}
    family = Groups[int]()
    for i, j in _near(said):
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


def _near(said: Sequence[Saying]) -> list[tuple[int, int]]:
    """The pairs of sayings (the lesser place first) that are worth comparing, sorted."""
    of = [n for n, saying in enumerate(said) for _ in saying.tellings]
    pairs = near([telling for saying in said for telling in saying.tellings]).tolist()
    return sorted({(min(of[i], of[j]), max(of[i], of[j])) for i, j in pairs if of[i] != of[j]})


def verdict_of(a: Saying, b: Saying) -> Verdict:
    """The verdict on two sayings; one report tells its claims apart, and people do."""
    if not a.docs.isdisjoint(b.docs):
        return Verdict(bar="one report tells them apart")
    if a.apart and not a.apart.isdisjoint(t.ref for t in b.claims):
        return Verdict(bar="people have set them apart")
    verdicts = (compare(x, y) for x in a.tellings for y in b.tellings)
    return max(verdicts, key=lambda v: (v.bar is None, v.score))
