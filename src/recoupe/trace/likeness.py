"""How much of one text has a counterpart in another, from their sentences lined up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, fsum, log

from recoupe.trace.align import Bead, Weights, align
from recoupe.trace.signs import Sentence, Sign

FIRM = frozenset({"number", "few", "two", "place", "quote"})  # sorts of signs that translators hardly touch
ODD = 0.5  # the log of how much longer or shorter than expected a sentence without shared signs may be: 1.6 times


@dataclass(frozen=True, slots=True)
class Match:
    """Two texts lined up. `cover` is the share of the better covered text that has a counterpart; `alike` the share of
    signs, by rarity, that both sides of it have; `uneven` the mean by which the log of the lengths' ratio differs from
    that of the whole; `kept` the share of its places, numbers and quotations, by rarity, that the text which adds fewer
    has from the other, at their places; `told` how much the shared signs tell, in nats.
    """

    cover: float
    alike: float
    kept: float
    uneven: float
    told: float
    beads: tuple[Bead, ...]

    @property
    def score(self) -> float:
        """From 0 to 1: all of a text, with all its signs, in sentences as long as those of the other, is 1.

        Translated sentences are about evenly long throughout (Gale and Church 1993); two accounts of a fact need not
        be. And a translation, also one that is cut, adds hardly any places or numbers; of two accounts either does.
        """
        return self.cover * self.alike * self.kept * exp(-self.uneven)


def compare(first: Sequence[Sentence], second: Sequence[Sentence], weights: Weights) -> Match | None:
    """How two texts line up; None where they do not."""
    beads = tuple(align(first, second, weights))
    if not beads:
        return None
    lengths = [(_length(first, b.first), _length(second, b.second)) for b in beads]
    whole = sum(a for a, _ in lengths), sum(b for _, b in lengths)
    usual = log(whole[1] / whole[0])
    uneven = fsum((a + b) * abs(log(b / a) - usual) for a, b in lengths) / sum(whole)
    between = list(_between(first, second, beads, usual))
    cover = max(
        (whole[0] + sum(a for a, _ in between)) / _length(first, range(len(first))),
        (whole[1] + sum(b for _, b in between)) / _length(second, range(len(second))),
    )
    shared = fsum(b.shared for b in beads)
    kept = max(
        _kept(first, second, [(b.first, b.second) for b in beads], weights),
        _kept(second, first, [(b.second, b.first) for b in beads], weights),
    )
    return Match(cover, shared / fsum(b.own for b in beads), kept, uneven, shared / 2, beads)


def _kept(
    text: Sequence[Sentence], other: Sequence[Sentence], beads: Sequence[tuple[range, range]], weights: Weights
) -> float:
    """The share of a text's firm signs that stand in the counterparts of their sentences; 1 where it has none."""
    opposite: dict[int, frozenset[Sign]] = {}
    for mine, theirs in beads:
        signs = frozenset[Sign]().union(*(other[j].every for j in theirs))
        opposite.update(dict.fromkeys(mine, signs))
    none = frozenset[Sign]()
    firm = [(s in opposite.get(i, none), weights[s]) for i, x in enumerate(text) for s in x.signs if s[0] in FIRM]
    whole = fsum(weight for _, weight in firm)
    return fsum(weight for held, weight in firm if held) / whole if whole else 1.0


def _length(text: Sequence[Sentence], places: range) -> int:
    """The characters of some sentences."""
    return sum(text[i].span.end - text[i].span.start for i in places)


def _between(
    first: Sequence[Sentence], second: Sequence[Sentence], beads: Sequence[Bead], usual: float
) -> Iterator[tuple[int, int]]:
    """The lengths of sentences that share no signs but stand one for one, as evenly long, between the same beads."""
    stops = [(0, 0), *((b.first.stop, b.second.stop) for b in beads)]
    starts = [*((b.first.start, b.second.start) for b in beads), (len(first), len(second))]
    for (i, j), (k, m) in zip(stops, starts, strict=True):
        for here, there in zip(range(i, k), range(j, m), strict=False) if k - i == m - j else ():
            a, b = _length(first, range(here, here + 1)), _length(second, range(there, there + 1))
            if abs(log(b / a) - usual) < ODD:
                yield a, b
