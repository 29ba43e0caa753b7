"""Lines up the sentences of two texts by their signs, in order, as translators keep it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from recoupe.trace.signs import Sentence, Sign

Weights = Mapping[Sign, float]
AWAY = 16  # how many times more, or fewer, a sign may stand before the one sentence of a pair than before the other
UNSHARED = 0.4  # what a sign that only one side has takes away, for each nat that a shared one gives


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences that belong together: places in both texts, half open; `shared` of the `own` nats of both sides."""

    first: range
    second: range
    shared: float
    own: float

    @property
    def gain(self) -> float:
        """What the bead adds to an alignment."""
        return self.shared - UNSHARED * (self.own - self.shared)


def align(first: Sequence[Sentence], second: Sequence[Sentence], weights: Weights) -> list[Bead]:
    """The beads, in order in both texts, that together gain most; sentences without a counterpart are passed over.

    A bead is one sentence on either side, or one against two (Gale and Church 1993, "A program for aligning sentences
    in bilingual corpora"). The best chain is found in the order of the first text, with the best gain up to each place
    of the second kept in a Fenwick tree, so that the time grows with the number of beads alone.
    """
    beads = [b for b in _beads(first, second, weights) if b.gain > 0]
    starts: defaultdict[int, list[int]] = defaultdict(list)
    stops: defaultdict[int, list[int]] = defaultdict(list)
    for n, bead in enumerate(beads):
        starts[bead.first.start].append(n)
        stops[bead.first.stop].append(n)
    best = _Best(len(second))
    values, before = [0.0] * len(beads), [-1] * len(beads)
    for place in range(len(first) + 1):
        for n in stops[place]:
            best.put(beads[n].second.stop, values[n], n)
        for n in starts[place]:
            value, before[n] = best.up_to(beads[n].second.start)
            values[n] = value + beads[n].gain
    _, n = best.up_to(len(second))
    chain: list[Bead] = []
    while n >= 0:
        chain.append(beads[n])
        n = before[n]
    return chain[::-1]


class _Best:
    """The best value put at any place up to a given one, and whose it is (-1: nobody's)."""

    def __init__(self, size: int) -> None:
        self._tree = [(0.0, -1)] * (size + 1)

    def put(self, place: int, value: float, owner: int) -> None:
        """Notes a value at a place, which is 1 or more."""
        while place < len(self._tree):
            if value > self._tree[place][0]:
                self._tree[place] = (value, owner)
            place += place & -place

    def up_to(self, place: int) -> tuple[float, int]:
        """The best value at a place not after this one, with its owner; of equals the one put first."""
        found = (0.0, -1)
        while place:
            if self._tree[place][0] > found[0]:
                found = self._tree[place]
            place -= place & -place
        return found


def _beads(first: Sequence[Sentence], second: Sequence[Sentence], weights: Weights) -> Iterator[Bead]:
    """The beads of sentences that share signs; of two sentences against one, both share signs with it."""
    near = sorted(_near(first, second))
    known = set(near)
    for i, j in near:
        yield _bead(first, second, range(i, i + 1), range(j, j + 1), weights)
        if (i, j + 1) in known:
            yield _bead(first, second, range(i, i + 1), range(j, j + 2), weights)
        if (i + 1, j) in known:
            yield _bead(first, second, range(i, i + 2), range(j, j + 1), weights)


def _near(first: Sequence[Sentence], second: Sequence[Sentence]) -> set[tuple[int, int]]:
    """The pairs of sentences that share a sign. Of one that stands in many sentences of both, the n-th sentence that
    has it is paired with those that have it about the n-th time in the other text: so that pairs are no more than AWAY
    times the signs, and a sign that common tells little in any others.
    """
    where: defaultdict[Sign, list[int]] = defaultdict(list)
    for j, sentence in enumerate(second):
        for sign in sentence.every:
            where[sign].append(j)
    found: set[tuple[int, int]] = set()
    times: Counter[Sign] = Counter()
    for i, sentence in enumerate(first):
        for sign in sentence.every:
            n = times[sign]
            times[sign] += 1
            found.update((i, j) for j in where.get(sign, ())[max(0, n - AWAY) : n + AWAY + 1])
    return found


def _bead(first: Sequence[Sentence], second: Sequence[Sentence], left: range, right: range, weights: Weights) -> Bead:
    """A bead; loose signs count where both sides have them."""
    signs, loose = _joined(first, left)
    others, also = _joined(second, right)
    alike = (signs | loose) & (others | also)
    shared = 2 * fsum(weights[s] for s in alike)
    return Bead(left, right, shared, shared + fsum(weights[s] for s in (signs ^ others) - alike))


def _joined(text: Sequence[Sentence], places: range) -> tuple[frozenset[Sign], frozenset[Sign]]:
    """The signs and the loose ones of one sentence or two."""
    one = text[places.start]
    if len(places) == 1:
        return one.signs, one.loose
    two = text[places.start + 1]
    return one.signs | two.signs, one.loose | two.loose
