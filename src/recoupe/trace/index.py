"""Reports to compare with one another, added lot by lot; who has whose text.

A report is a copy where most of the shingles of the shorter text stand in the longer one, and shares a part where two
paragraphs of either stand in the other. Quotations are left out of the measured side, for two reports written apart on
one speech share its words. What comes out depends on the reports alone, not on their order or their lots.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recoupe.trace.candidates import candidates
from recoupe.trace.measure import BACK, FOUND, GIVEN, OTHER, TAKEN, TOLD, longest, measured
from recoupe.trace.prints import LEAST, WIDTH, U64, Flags, Ints, Prints, Text, join, prints, ranges

# Each word changed breaks five shingles, so half of them left means that about one word in eight was touched: an edit.
# Reports written apart on one event share under a tenth; the line lies well above that and below any real reprint.
COPY = 0.5
PARAGRAPHS = 2
_TURNED = [OTHER, TOLD, BACK, FOUND, GIVEN, TAKEN]  # the columns of a measure, seen from the other report
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Row n tells of two different texts, `ends[n]`, numbered as added, the more original first, and what they share.

    `whole` tells a copy from a part; `share` is how much of the shorter text stands in the longer, `held` how much of
    each stands in the other.
    """

    ends: Ints
    whole: Flags
    share: Shares
    held: Shares


@dataclass(frozen=True)
class Links:
    """Row n says that report `ends[n, 0]` has its text, or a part of it, from `ends[n, 1]`, both numbered as added.

    `share` is how much of a copy's shorter text, or of the text that took a part, stands in the other; `words` the
    first word, and how many, of the longest run of the copy's that its source has too.
    """

    ends: Ints
    whole: Flags
    share: Shares
    words: Ints

    def rows(self) -> tuple[list[Any], ...]:
        """The four columns as lists."""
        return self.ends.tolist(), self.whole.tolist(), self.share.tolist(), self.words.tolist()


class Index:
    """Reports added so far: their prints, which are plain arrays, and what was measured of pairs of them."""

    def __init__(self) -> None:
        self._lots: list[Prints] = []
        self._docs: list[str] = []
        self._ranks: list[tuple[Any, ...]] = []
        self._keys: U64 = np.empty(0, np.uint64)
        self._measures: Ints = np.empty((0, 6), np.int64)

    def __len__(self) -> int:
        return len(self._docs)

    @property
    def prints(self) -> Prints:
        """The prints of all reports, in the order in which they were added."""
        self._lots = [join(self._lots or [prints(())])]
        return self._lots[0]

    def add(self, texts: Iterable[Text]) -> None:
        """Adds reports; their docs must be new. Of equally original reports the longer is the original."""
        lot = list(texts)
        made = prints(lot)
        self._lots.append(made)
        self._docs += [text.doc for text in lot]
        lengths = np.diff(made.words_from).tolist()
        self._ranks += [(*text.rank, -length, text.doc) for text, length in zip(lot, lengths, strict=True)]

    def same(self) -> Ints:
        """For each report the most original one with the same words, paragraphs and quotations: often itself."""
        order = self._order()
        _, first, group = np.unique(self.prints.wholes[order], return_index=True, return_inverse=True)
        most = np.empty(len(self), np.int64)
        most[order] = order[first[group]]
        return np.where(np.diff(self.prints.words_from) < LEAST + WIDTH - 1, np.arange(len(self)), most)

    def pairs(self) -> Pairs:
        """The pairs of different texts that are copies or share a part, measured exactly; of equal ones see `same`."""
        order, everyone = self._order(), np.arange(len(self))
        stands = np.where(self.same() == everyone, _inverse(order), -1)
        owners = np.repeat(stands, np.diff(self.prints.marks_from))
        kept = owners >= 0
        ends = order[candidates(self.prints.marks[kept], owners[kept], len(self))]
        found = self._measured(ends)
        tells = found[:, [TOLD, OTHER]]
        held = found[:, [FOUND, BACK]] / np.maximum(tells, 1)
        share = np.where(tells[:, 1] <= tells[:, 0], held[:, 1], held[:, 0])
        enough = tells.min(axis=1) >= LEAST
        whole = enough & (share >= COPY)
        good = whole | enough & (found[:, [TAKEN, GIVEN]].max(axis=1) >= PARAGRAPHS)
        return Pairs(ends[good], whole[good], share[good], held[good])

    def links(self, names: Container[tuple[str, str]] = ()) -> Links:
        """Who has its text from whom.

        A report is a copy of one other: of the one where most of it stands, and of equals the most original. What else
        stands whole in a report (a merger of two, a digest) and is of another family is a part of it. `names` holds
        (doc, doc) where the first says that it has its text from the second: that settles who of two is the original.
        """
        pairs = self.pairs()
        turned = self._says(pairs.ends, names)
        ends = np.where(turned[:, None], pairs.ends, pairs.ends[:, ::-1])
        held = np.where(turned, pairs.held[:, 0], pairs.held[:, 1])
        number = _inverse(self._order())
        order = np.lexsort((number[ends[:, 0]], number[ends[:, 1]], -held))
        copied, apart = _forest(ends, order[pairs.whole[order]], len(self))
        parts = np.concatenate((np.flatnonzero(~pairs.whole), apart))
        same = self.same()
        doubles = np.flatnonzero(same != np.arange(len(self)))
        doubles = doubles[np.argsort(same[doubles], kind="stable")]
        equal = np.stack((same[doubles], doubles), axis=1)
        equal = np.where(self._says(equal, names)[:, None], equal, equal[:, ::-1])
        first = np.searchsorted(same[doubles], ends[parts, 0])
        count = np.searchsorted(same[doubles], ends[parts, 0], "right") - first
        more = np.stack((doubles[ranges(first, count)], np.repeat(ends[parts, 1], count)), axis=1)
        shares = (pairs.share[copied], np.ones(len(equal)), held[parts], np.repeat(held[parts], count))
        rows = np.concatenate((ends[copied], equal, ends[parts], more))
        whole = np.arange(len(rows)) < len(copied) + len(equal)
        return Links(rows, whole, np.concatenate(shares), longest(self.prints, rows))

    def _order(self) -> Ints:
        """The reports from the most original on."""
        return np.array(sorted(range(len(self)), key=self._ranks.__getitem__), np.int64)

    def _measured(self, ends: Ints) -> Ints:
        """What the reports of pairs have in common; a pair is measured once, however often it is asked for."""
        turned = ends[:, 0] > ends[:, 1]
        pairs = np.where(turned[:, None], ends[:, ::-1], ends)
        keys = pairs[:, 0].astype(np.uint64) << np.uint64(32) | pairs[:, 1].astype(np.uint64)
        new = np.setdiff1d(keys, self._keys)
        fresh = np.stack((new >> np.uint64(32), new & np.uint64(0xFFFFFFFF)), axis=1).astype(np.int64)
        measures = np.concatenate((self._measures, measured(self.prints, fresh)))
        keys_now = np.concatenate((self._keys, new))
        order = np.argsort(keys_now)
        self._keys, self._measures = keys_now[order], measures[order]
        found = self._measures[np.searchsorted(self._keys, keys)]
        return np.where(turned[:, None], found[:, _TURNED], found)

    def _says(self, ends: Ints, names: Container[tuple[str, str]]) -> Flags:
        """In which pairs the first says that it has its text from the second, and the second does not say it too."""
        docs = self._docs
        said = ((docs[a], docs[b]) in names and (docs[b], docs[a]) not in names for a, b in ends.tolist())
        return np.fromiter(said, bool, len(ends))


def _inverse(order: Ints) -> Ints:
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def _forest(ends: Ints, order: Ints, size: int) -> tuple[Ints, Ints]:
    """Which of the pairs (copy, source), the best first, give each report one source and close no ring (Kruskal); and
    which join reports that those leave apart.
    """
    root = list(range(size))
    free = [True] * size
    kept = []

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    rows = ends[order].tolist()
    for place, (copy, source) in zip(order.tolist(), rows, strict=True):
        if free[copy] and find(copy) != find(source):
            root[find(copy)] = find(source)
            free[copy] = False
            kept.append(place)
    apart = [place for place, (i, j) in zip(order.tolist(), rows, strict=True) if find(i) != find(j)]
    return np.array(kept, np.int64), np.array(apart, np.int64)
