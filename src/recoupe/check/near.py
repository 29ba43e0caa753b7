"""Which claims are worth comparing: those whose times overlap and that name something rare enough together.

The time grows with the pairs that share days and names, not with all pairs: blocks of claims by what they name (as in
record linkage), and in each a sweep over the days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recoupe.check.same import FEW, QUARTER
from recoupe.check.telling import Telling
from recoupe.hashed import mixed, number_of_words

_TOKENS = 8  # names of a claim that are combined, the rarest first
_ALONE, _TOGETHER = 16, 12  # points from which one name, or two, are rare enough
_WIDE = 24  # points that two names must have where a time is so wide that it speaks against


def near(tellings: Sequence[Telling]) -> NDArray[np.int64]:
    """Pairs (the lesser place first) of tellings of one kind that may be of one fact, sorted."""
    blocks: defaultdict[int, list[int]] = defaultdict(list)
    for place, telling in enumerate(tellings):
        for key in keys_of(telling):
            blocks[key].append(place)
    size = len(tellings)
    found = [np.empty(0, np.int64)]
    found += [
        np.fromiter((a * size + b for a, b in _sweep(block, tellings)), np.int64)
        for block in blocks.values()
        if len(block) > 1
    ]
    pairs = np.unique(np.concatenate(found))
    return np.stack(np.divmod(pairs, max(size, 1)), axis=1)


def keys_of(telling: Telling) -> tuple[int, ...]:
    """Numbers by which a claim is found: two of one kind that share days and one of these may be of one fact. They are
    the same in every process, and hang on nothing but the claim; one of which nothing is known when it was has none.
    """
    return tuple(dict.fromkeys(_keys(telling))) if telling.reach is not None else ()


def _keys(telling: Telling) -> Iterator[int]:
    first, last = telling.days
    kind = telling.kind.name
    tokens = [
        (_number(kind, role, name), role, worth)
        for role, name, worth in sorted(telling.tokens, key=lambda t: (-t[2], t))[:_TOKENS]
    ]
    if telling.dated and last - first < FEW:
        for day in range(first, last + 1):
            yield from (mixed(number + day) for number, _, _ in tokens)
    wide = last - first >= QUARTER
    if not wide:
        yield from (number for number, _, worth in tokens if worth >= _ALONE)
    for one, other in combinations(tokens, 2):
        if one[1] != other[1] and one[2] + other[2] >= (_WIDE if wide else _TOGETHER):
            yield mixed(one[0] ^ other[0])


@lru_cache(maxsize=1 << 16)
def _number(*words: str) -> int:
    return number_of_words(*words)


def _sweep(block: Sequence[int], tellings: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    """The pairs of a block that share a day: in the order of their first days, each with those that last until then."""
    open_: list[tuple[int, int]] = []
    for place in sorted(block, key=lambda n: (tellings[n].days, n)):
        first, last = tellings[place].days
        while open_ and open_[0][0] < first:
            heappop(open_)
        for _, other in open_:
            yield (other, place) if other < place else (place, other)
        heappush(open_, (last, place))
