"""Pairs of reports that share enough marks to be worth measuring, found by sorting the marks of all reports.

The time grows with the marks (and the sorting of them), not with the pairs of reports: a mark that more than CROWD
reports have (a byline, an appeal for subscribers, a background paragraph, a wire story printed by thousands) joins each
of them to the most original one alone. Another mark of theirs, that fewer have or that came up later, joins them to
other reports.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recoupe.trace.prints import U64, Flags, Ints, ranges, starts

CROWD = 32
AT_ONCE = 1 << 23  # shared marks counted at a time: what they take is bounded, however many pairs there are
# A part has two paragraphs of LEAST shingles or more, so a run of thirteen or more in each of them, or shorter runs of
# longer ones: with a WINDOW of four that is never under four marks. The shortest copies have eight shingles in common.
FEWEST, MOST, SHARE = 2, 4, 6


def candidates(marks: U64, counts: Ints, numbers: Ints) -> Ints:
    """The pairs (earlier, later) of reports that share marks, by their numbers, sorted.

    `marks` are those of reports one after the other, `counts` how many each has, `numbers` what each is called: from 0
    for the most original on. A pair must share FEWEST marks, up to MOST where the report with fewer marks has more than
    SHARE times as many. A mark that lies in a quotation in both counts for nothing.
    """
    if not len(marks):
        return np.empty((0, 2), np.int64)
    size = int(numbers.max()) + 1
    owner, told, after = _shared(marks, counts, numbers, size)
    least = np.zeros(size, np.int64)
    least[numbers] = np.clip(counts // SHARE, FEWEST, MOST)
    first = _first(after)
    crowd = np.repeat(_sizes(first) > CROWD, _sizes(first))
    partners = np.where(~crowd | first, after - np.arange(len(after)) - 1, 0)
    return np.concatenate([np.empty((0, 2), np.int64), *_counted(owner, told, partners, least)])


def _first(values: NDArray[np.generic]) -> Flags:
    """Where each run of equal values begins."""
    return np.concatenate((np.ones(1, bool), values[1:] != values[:-1]))[: len(values)]


def _sizes(first: Flags) -> Ints:
    """How long the runs are."""
    return np.diff(np.append(np.flatnonzero(first), len(first)))


def _shared(marks: U64, counts: Ints, numbers: Ints, size: int) -> tuple[Ints, Flags, Ints]:
    """The marks that several reports have, sorted by mark and report: the report, told or not, where the mark ends.

    Mark and report are sorted as one number: the upper bits of the mark, the report, and whether it stands outside
    quotations. Of a mark that a report has twice the last is kept, which is told where any is.
    """
    one, bits = np.uint64(1), np.uint64((size - 1).bit_length() + 1)
    lower = (one << bits) - one
    packed = marks & ~(lower - one)
    packed |= np.repeat(numbers.astype(np.uint64) << one, counts)
    packed.sort()
    same = (packed[1:] ^ packed[:-1]) <= lower
    packed = packed[np.append(same, False) | np.append(False, same)]
    packed = packed[np.append((packed[1:] ^ packed[:-1]) > one, True)[: len(packed)]]
    first = _first(packed >> bits)
    after = np.repeat(np.cumsum(_sizes(first)), _sizes(first))
    return ((packed & lower) >> one).astype(np.int64), (packed & one).astype(bool), after


def _counted(owner: Ints, told: Flags, partners: Ints, least: Ints) -> Iterator[Ints]:
    """The pairs that share enough, by ranges of the earlier report: each mark joins its report to those after it."""
    size = len(least)
    load = starts(np.bincount(owner, weights=partners, minlength=size).astype(np.int64))
    begin = 0
    while begin < size:
        end = max(begin + 1, int(np.searchsorted(load, load[begin] + AT_ONCE, "right")) - 1)
        entries = np.flatnonzero((owner >= begin) & (owner < end) & (partners > 0))
        others = ranges(entries + 1, partners[entries])
        entries = np.repeat(entries, partners[entries])
        counts = told[entries] | told[others]
        pairs = owner[entries[counts]] * size + owner[others[counts]]
        pairs.sort()
        fresh = _first(pairs)
        shared = _sizes(fresh)
        both = np.stack(np.divmod(pairs[fresh], size), axis=1)
        yield both[shared >= np.minimum(least[both[:, 0]], least[both[:, 1]])]
        begin = end
