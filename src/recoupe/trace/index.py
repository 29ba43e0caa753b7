"""Reports to compare with one another, added lot by lot; who has whose text.

A report is a copy where most words of the shorter text stand in the longer one, in runs of five or more, and shares a
part where two paragraphs of either stand in the other. Quotations are left out of the measured side, for two reports
written apart on one speech share its words. What comes out depends on the reports alone, not on their order or lots.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recoupe.groups import Groups
from recoupe.trace.candidates import candidates
from recoupe.trace.measure import BACK, FOUND, GIVEN, OTHER, TAKEN, TOLD, held, longest, measured
from recoupe.trace.prints import LEAST, U64, WIDTH, Flags, Ints, Prints, Text, join, prints, ranges

# Of a text in which one word in eight was touched three in four are left in runs of five; of two such texts, half.
# Reports written apart share under one word in twenty; the line lies well above that and below any real reprint.
COPY = 0.5
PARAGRAPHS = 2
_TURNED = [OTHER, TOLD, BACK, FOUND, GIVEN, TAKEN]  # the columns of a measure, seen from the other report
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Row n tells of two different texts, `ends[n]`, numbered as added, the more original first, and what they share.

    `whole` is a copy, `part` two paragraphs or more; `share` is how much of the shorter text stands in the longer,
    `held` how much of each stands in the other.
    """

    ends: Ints
    whole: Flags
    part: Flags
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
        self._sorted: Ints = np.empty(0, np.int64)
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

    def pairs(self, looked_at: Iterable[tuple[str, str]] | None = None) -> Pairs:
        """The pairs of different texts that are copies or share a part, measured exactly; of equal ones see `same`.

        Only pairs of docs `looked_at` are measured, where they are given; else those that share enough marks.
        """
        if looked_at is None:
            alone = self.same() == np.arange(len(self))
            counts = np.diff(self.prints.marks_from)
            marks = self.prints.marks[np.repeat(alone, counts)]
            ends = self._order()[candidates(marks, counts[alone], _inverse(self._order())[alone])]
        else:
            number, of = _inverse(self._order()), {doc: n for n, doc in enumerate(self._docs)}
            both = sorted(sorted((of[a], of[b]), key=number.__getitem__) for a, b in looked_at)
            ends = np.array(both, np.int64).reshape(-1, 2)
        found = self._judged(ends)
        good = found.whole | found.part
        return Pairs(found.ends[good], found.whole[good], found.part[good], found.share[good], found.held[good])

    def links(
        self, names: Container[tuple[str, str]] = (), looked_at: Iterable[tuple[str, str]] | None = None
    ) -> Links:
        """Who has its text from whom.

        A report is a copy of one other that is not later dated: of the one where most of it stands, and of equals the
        most original. What else stands whole in a report (a merger of two, a digest) and is of another family is a part
        of it. `names` holds (doc, doc) where the first says that it has its text from the second: that settles who of
        the two is the original. `looked_at` is as in `pairs`.
        """
        pairs, same, number = self.pairs(looked_at), self.same(), _inverse(self._order())
        turned = self._says(pairs.ends, names)
        back = self._says(pairs.ends[:, ::-1], names)
        ends = np.where(turned[:, None], pairs.ends, pairs.ends[:, ::-1])
        held = np.where(turned, pairs.held[:, 0], pairs.held[:, 1])
        equal = pairs.whole & ~turned & ~back & (np.diff(self._dated()[pairs.ends])[:, 0] == 0)
        both = np.concatenate((np.flatnonzero(pairs.whole), np.flatnonzero(equal)))
        ways = np.concatenate((ends[pairs.whole], ends[equal, ::-1]))
        shares = np.concatenate((held[pairs.whole], pairs.held[equal, 0]))
        order = np.lexsort((number[ways[:, 0]], number[ways[:, 1]], -shares))
        ways, shares, both = ways[order], shares[order], both[order]
        kept, family = self._forest(ways, shares)
        copied, shown = ways[kept], pairs.share[both[kept]]
        apart = family[ends[:, 0]] != family[ends[:, 1]]
        parts = np.flatnonzero(np.where(pairs.whole, apart, pairs.part))
        return self._rows(copied, shown, ends[parts], held[parts], same, names)

    def taken(self, ends: Ints) -> list[Ints]:
        """Which words of the first report of each row stand in the second, by number."""
        return held(self.prints, ends)

    def _forest(self, ways: Ints, held: Shares) -> tuple[Ints, Ints]:
        """Which of the ways (copy, source), the best first, to take, and a number for each report's family.

        They make a forest (Kruskal). A report takes the best; where that closes a ring (of reports dated alike), the
        next that has to do with it and holds most of the report.
        """
        best, above = self._best(ways, held)
        family = Groups[int]()
        kept = [n for n in best.tolist() if family.join(*ways[n].tolist())]
        free = above >= 0
        free[ways[kept, 0]] = False
        others = np.setdiff1d(np.flatnonzero(free[ways[:, 0]] & (held >= COPY)), best)
        others = others[self._related(ways[others, 1], above[ways[others, 0]])]
        beyond = np.where(above[ways[others, 1]] >= 0, above[ways[others, 1]], ways[others, 1])
        for n in others[self._related(ways[others, 0], beyond)].tolist():
            copy, source = ways[n].tolist()
            if free[copy] and family.join(copy, source):
                free[copy] = False
                kept.append(n)
        return np.array(kept, np.int64), np.array([family.of(n) for n in range(len(self))], np.int64)

    def _best(self, ways: Ints, held: Shares) -> tuple[Ints, Ints]:
        """Which of the ways (copy, source), the best first, is the first of each copy that may be taken; and for each
        report the source in which most of it stands, if there is one, or -1.

        Where most of a source stands in its own source in turn, a copy must share text with that one too: else it
        shares only what the source has added, and the two are of different families.
        """
        left = np.arange(len(ways))
        while True:
            _, first = np.unique(ways[left, 0], return_index=True)
            best = np.sort(left[first])
            above = np.full(len(self), -1, np.int64)
            above[ways[best, 0]] = np.where(held[best] >= COPY, ways[best, 1], -1)
            tested = best[above[ways[best, 1]] >= 0]
            wrong = tested[~self._related(ways[tested, 0], above[ways[tested, 1]])]
            if not len(wrong):
                return best, above
            left = np.setdiff1d(left, wrong)

    def _related(self, reports: Ints, others: Ints) -> Flags:
        """Is each report the other, a copy of it, or does it share a part?"""
        found = self._judged(np.stack((reports, others), axis=1))
        related: Flags = found.whole | found.part | (reports == others)
        return related

    def _rows(
        self, copied: Ints, shares: Shares, parts: Ints, held: Shares, same: Ints, names: Container[tuple[str, str]]
    ) -> Links:
        """The links of different texts, and those of reports with equal texts beside them."""
        doubles = np.flatnonzero(same != np.arange(len(self)))
        doubles = doubles[np.argsort(same[doubles], kind="stable")]
        equal = np.stack((same[doubles], doubles), axis=1)
        equal = np.where(self._says(equal, names)[:, None], equal, equal[:, ::-1])
        first = np.searchsorted(same[doubles], parts[:, 0])
        count = np.searchsorted(same[doubles], parts[:, 0], "right") - first
        more = np.stack((doubles[ranges(first, count)], np.repeat(parts[:, 1], count)), axis=1)
        rows = np.concatenate((copied, equal, parts, more))
        whole = np.arange(len(rows)) < len(copied) + len(equal)
        share = np.concatenate((shares, np.ones(len(equal)), held, np.repeat(held, count)))
        return Links(rows, whole, share, longest(self.prints, rows))

    def _order(self) -> Ints:
        """The reports from the most original on."""
        if len(self._sorted) < len(self):
            self._sorted = np.array(sorted(range(len(self)), key=self._ranks.__getitem__), np.int64)
        return self._sorted

    def _dated(self) -> Ints:
        """A number for each report that is less for those more original, whatever their lengths."""
        order = self._order().tolist()
        ranks = [self._ranks[n][:-2] for n in order]
        levels = np.cumsum([a != b for a, b in zip(ranks, ranks[:1] + ranks, strict=False)])
        return levels[_inverse(self._order())]

    def _judged(self, ends: Ints) -> Pairs:
        """What pairs of reports are to each other."""
        found = self._measured(ends)
        tells = found[:, [TOLD, OTHER]]
        held = found[:, [FOUND, BACK]] / np.maximum(tells, 1)
        share = np.where(tells[:, 1] <= tells[:, 0], held[:, 1], held[:, 0])
        enough = tells.min(axis=1, initial=1 << 60) >= LEAST + WIDTH - 1
        whole = enough & (share >= COPY)
        part = ~whole & enough & (found[:, [TAKEN, GIVEN]].max(axis=1) >= PARAGRAPHS)
        return Pairs(ends, whole, part, share, held)

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
