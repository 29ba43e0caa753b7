"""Chains: what was asked for, promised, bought, delivered and made good, each step with the one that it follows.

A step follows at most one other: the best of those that it may follow. Where two are as good, it follows neither, and
both are named. The chains depend on the set of entries alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product

from recoupe.chains.acts import Act, acts
from recoupe.chains.again import Again, announced_again
from recoupe.chains.reason import Reason
from recoupe.chains.weigh import CLEAR, Tie, weigh
from recoupe.codebook import Codebook
from recoupe.codebook.chains import Link
from recoupe.model import Entry
from recoupe.values import Actor, Item, Value, When

_UNTOLD, _ANY = "?", "*"  # who or what is not told; whoever or whatever it is


@dataclass(frozen=True)
class Chains:
    """The steps among some entries (by id) and what ties them.

    `follows` is the tie of a step to the one it follows; `again`, which step it is announced again; `unclear`, the ties
    to steps that it may follow as well as one another, so that it follows none of them; `parts`, ids of entries that
    are certainly part of another, with its id and what shows it.
    """

    acts: Mapping[str, Act]
    follows: Mapping[str, Tie]
    again: Mapping[str, Again]
    unclear: Mapping[str, tuple[Tie, ...]]
    parts: tuple[tuple[str, str, Reason], ...] = ()

    @cached_property
    def after(self) -> Mapping[str, tuple[Tie, ...]]:
        """The ties of the steps that follow one, by its id, the steps sorted by time."""
        found: defaultdict[str, list[Tie]] = defaultdict(list)
        for tie in self.follows.values():
            found[tie.earlier].append(tie)
        return {id_: tuple(sorted(ties, key=lambda t: self.order(t.later))) for id_, ties in found.items()}

    @cached_property
    def retold(self) -> Mapping[str, tuple[str, ...]]:
        """The ids under which a step is announced again, by its id, sorted by time."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for again in self.again.values():
            found[again.earlier].append(again.later)
        return {id_: tuple(sorted(ids, key=self.order)) for id_, ids in found.items()}

    def order(self, id_: str) -> tuple[int, int, str]:
        """What steps are sorted by: time (of those without a day, when they were told), the codebook's order, id.

        None comes before the one that it follows.
        """
        act = self.acts[id_]
        day = max([self._day(id_), *map(self._day, self.above(id_))])
        return day, list(act.rules.steps).index(act.entry.kind), id_

    def _day(self, id_: str) -> int:
        act = self.acts[id_]
        return act.first if act.dated else act.told[1]

    def first(self, id_: str) -> str:
        """The first announcement of a step: itself, where it is none announced again."""
        return self.again[id_].earlier if id_ in self.again else id_

    def root(self, id_: str) -> str:
        """The step that a chain begins with."""
        id_ = self.first(id_)
        while id_ in self.follows:
            id_ = self.follows[id_].earlier
        return id_

    def members(self, id_: str) -> list[str]:
        """The steps of the chain that an entry is in, sorted by time; itself alone, where there are no others."""
        return sorted(self.below(self.root(id_)), key=self.order)

    def below(self, id_: str) -> Iterator[str]:
        """A step, all that follow it, near or far, and those announced again."""
        yield id_
        yield from self.retold.get(id_, ())
        for tie in self.after.get(id_, ()):
            yield from self.below(tie.later)

    def above(self, id_: str) -> list[str]:
        """The steps that one follows, the nearest first."""
        found, id_ = [], self.first(id_)
        while id_ in self.follows:
            id_ = self.follows[id_].earlier
            found.append(id_)
        return found


def build(
    entries: Iterable[Entry],
    published: Mapping[str, When | None],
    codebook: Codebook,
    parts: Iterable[tuple[str, str, Reason]] = (),
) -> Chains:
    """The chains among entries; `published` tells when each report (by doc) was, `parts` which entries are part of
    which, and what shows it.
    """
    rules = codebook.chains
    every = acts(entries, published, codebook)
    met_by = {
        kind: frozenset(ln.later for ln in rules.links if ln.earlier == kind and ln.meets) for kind in rules.steps
    }
    again = announced_again(every, met_by)
    firsts = [act for act in every if act.id not in again]
    by_kind: defaultdict[str, list[Act]] = defaultdict(list)
    for act in firsts:
        by_kind[act.entry.kind].append(act)
    follows: dict[str, Tie] = {}
    unclear: dict[str, tuple[Tie, ...]] = {}
    # In the codebook's order: what a step may follow has its own place by then.
    for kind in rules.steps:
        found: defaultdict[str, list[Tie]] = defaultdict(list)
        for link in (ln for ln in rules.links if ln.later == kind):
            for one, other in _pairs(link, by_kind[link.earlier], by_kind[kind]):
                if (tie := weigh(link, one, other, codebook.opponents)) is not None:
                    found[other.id].append(tie)
        for id_, ties in found.items():
            best = _best(ties, follows)
            if len(best) == 1:
                follows[id_] = best[0]
            else:
                unclear[id_] = best
    return Chains({act.id: act for act in every}, follows, again, unclear, tuple(sorted(parts)))


def _best(ties: Sequence[Tie], follows: Mapping[str, Tie]) -> tuple[Tie, ...]:
    """The one that is clearly best, or all that are as good.

    Of a step and what it follows the later is meant. Of two that follow the same (two deliveries of one promise, two
    promises that answer one request) what both follow is, where it may be followed itself.
    """
    ranked = sorted(ties, key=lambda tie: (-tie.points, tie.earlier))
    near = [tie for tie in ranked if tie.points > ranked[0].points - CLEAR]
    above = {tie.earlier: list(_above(tie.earlier, follows)) for tie in ranked}
    last = [tie for tie in near if not any(tie.earlier in above[other.earlier] for other in near)]
    if len(last) == 1:
        return (last[0],)
    shared = [tie for tie in ranked if all(tie.earlier in above[other.earlier] for other in last)]
    return (max(shared, key=lambda tie: len(above[tie.earlier])),) if shared else tuple(last)


def _above(id_: str, follows: Mapping[str, Tie]) -> Iterator[str]:
    while id_ in follows:
        id_ = follows[id_].earlier
        yield id_


def _pairs(link: Link, ones: Sequence[Act], others: Sequence[Act]) -> Iterator[tuple[Act, Act]]:
    """The pairs of acts of which neither the actors of the link's first pair nor the things contradict each other, nor
    lie further apart than the link allows.
    """
    if not ones or not others:
        return
    roles = ones[0].step.kind.roles
    actors = next(pair for pair in link.roles if roles[pair[0]].type == "actor")
    things = next((pair for pair in link.roles if roles[pair[0]].type == "item"), ("", ""))
    whens = [one.when for one in ones]
    filed: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for n, one in enumerate(ones):
        for place in _places(one.values.get(actors[0], ()), one.values.get(things[0], ())):
            filed[place].append(n)
    for other in others:
        first, last = other.when[0] - link.within, other.when[1] + link.within
        near = (
            filed.get(place, ()) for place in _wanted(other.values.get(actors[1], ()), other.values.get(things[1], ()))
        )
        for n in dict.fromkeys(chain.from_iterable(near)):
            if whens[n][1] >= first and whens[n][0] <= last:
                yield ones[n], other


def _places(actors: Sequence[Value], things: Sequence[Value]) -> Iterator[tuple[str, str]]:
    """Where an act is filed: under all that its actors and things may stand for, and for those who ask for any."""
    who = {*(_choices(actors) or [_UNTOLD]), _ANY}
    what = {f"{sort} {id_}" for item in things if isinstance(item, Item) for sort, id_ in _ids(item, "own", "path")}
    yield from product(sorted(who), sorted({*(what or [_UNTOLD]), _ANY}))


def _wanted(actors: Sequence[Value], things: Sequence[Value]) -> Iterator[tuple[str, str]]:
    """Where the acts are filed that contradict neither some actors nor some things."""
    who = {*_choices(actors), _UNTOLD} if actors else {_ANY}
    what = {f"{sort} {id_}" for item in things if isinstance(item, Item) for sort, id_ in _ids(item, "path", "own")}
    if actors or what:
        yield from product(sorted(who), sorted({*what, _UNTOLD} if what else {_ANY}))


def _ids(item: Item, own: str, wider: str) -> Iterator[tuple[str, str]]:
    """Of two items the wider one's own id stands in the path of the other."""
    yield own, item.id
    yield from ((wider, id_) for id_ in item.path)


def _choices(actors: Sequence[Value]) -> set[str]:
    """Whom actors may stand for; of a state that is also a place, not all that lies in it."""
    found = {choice for actor in actors if isinstance(actor, Actor) for choice in actor.choices}
    return {choice for choice in found if not choice.startswith("place:")} or found
