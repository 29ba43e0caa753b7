"""What two reports have in common, exactly: their shingles are compared, for many pairs at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from recoupe.trace.prints import (
    LEAST,
    U64,
    WIDTH,
    Flags,
    Ints,
    Prints,
    own_shingles,
    ranges,
    shingles,
    starts,
    told_shingles,
)

PARAGRAPH = (
    0.6  # a paragraph counts as taken over where so much of it stands in the other report, in runs of WIDTH words
)
AT_ONCE = 1 << 17  # words of pairs that are compared at a time
_HASH = np.uint64(44)  # bits kept of a shingle beside the number of its pair: a chance match is one in 10 ** 8 pairs
TOLD, OTHER, FOUND, BACK, TAKEN, GIVEN = range(6)  # what `measured` says of a pair, by column


@dataclass(frozen=True)
class _Runs:
    """The shingles of some reports, those of the n-th from `start[n]` on, and the words that they begin with."""

    hashes: U64
    told: Flags
    places: Ints
    start: Ints


def measured(prints: Prints, pairs: Ints) -> Ints:
    """Six counts a pair (a, b) of reports: the words that a tells (outside quotations, and not twice), and b; those of
    a's that stand in b in runs of WIDTH or more, and b's in a; how many paragraphs of a stand in b, and of b in a.

    Words are counted rather than shingles because a word changed breaks WIDTH shingles: of a text in which one word in
    eight was touched half of the shingles are left, but three in four of the words.
    """
    rows = np.empty((len(pairs), 6), np.int64)
    order = _together(pairs, len(prints))
    for lot in _lots(prints, pairs[order]):
        rows[order[lot]] = _measured(prints, pairs[order[lot]])
    return rows


def longest(prints: Prints, pairs: Ints) -> Ints:
    """For each pair (a, b) the first and the number of the words of a in the longest run that stands in b too."""
    rows = np.empty((len(pairs), 2), np.int64)
    order = _together(pairs, len(prints))
    for lot in _lots(prints, pairs[order]):
        rows[order[lot]] = _longest(prints, pairs[order[lot]])
    return rows


def held(prints: Prints, pairs: Ints) -> list[Ints]:
    """For each pair (a, b) the words of a, by number, that stand in b in runs of WIDTH or more, told and quoted."""
    rows: list[Ints] = [np.empty(0, np.int64)] * len(pairs)
    order = _together(pairs, len(prints))
    for lot in _lots(prints, pairs[order]):
        for place, row in zip(order[lot].tolist(), _held(prints, pairs[order[lot]]), strict=True):
            rows[place] = row
    return rows


def _together(pairs: Ints, size: int) -> Ints:
    """An order of pairs in which those of one family mostly follow each other: its reports are then prepared once."""
    least = np.arange(size)
    for _ in range(2):
        np.minimum.at(least, pairs[:, 1], least[pairs[:, 0]])
        np.minimum.at(least, pairs[:, 0], least[pairs[:, 1]])
    return np.argsort(least[pairs[:, 0]], kind="stable")


def _lots(prints: Prints, pairs: Ints) -> Iterator[slice]:
    """Stretches of pairs of about AT_ONCE words."""
    load = starts(np.diff(prints.words_from)[pairs].sum(axis=1))
    begin = 0
    while begin < len(pairs):
        end = max(begin + 1, int(np.searchsorted(load, load[begin] + AT_ONCE, "right")) - 1)
        yield slice(begin, end)
        begin = end


def _measured(prints: Prints, pairs: Ints) -> Ints:
    reports, local = _local(pairs)
    runs = _different(_runs(prints, reports))
    report = np.repeat(np.arange(len(reports)), np.diff(runs.start))
    tells, in_paragraphs = _covered(prints, reports, report[runs.told], runs.places[runs.told])
    paragraphs_from = starts(np.diff(prints.paragraphs_from)[reports])
    (first, second), pair = _both(runs, local)
    row = np.empty((len(pairs), 6), np.int64)
    row[:, [TOLD, OTHER]] = tells[local]
    for side, at in ((0, first), (1, second)):
        told = runs.told[at]
        row[:, FOUND + side], here = _covered(prints, pairs[:, side], pair[told], runs.places[at[told]])
        counts = np.diff(paragraphs_from)[local[:, side]]
        whole = in_paragraphs[ranges(paragraphs_from[local[:, side]], counts)]
        taken = starts((whole >= LEAST + WIDTH - 1) & (here >= PARAGRAPH * whole))
        bounds = starts(counts)
        row[:, TAKEN + side] = taken[bounds[1:]] - taken[bounds[:-1]]
    return row


def _local(pairs: Ints) -> tuple[Ints, Ints]:
    """The reports of pairs, and the pairs as places among those."""
    reports, local = np.unique(pairs, return_inverse=True)
    return reports, local.reshape(-1, 2)


def _covered(prints: Prints, reports: Ints, row: Ints, places: Ints) -> tuple[Ints, Ints]:
    """How many words shingles cover, by row and by paragraph; row n is of the report `reports[n]`, and of it are the
    shingles at `places` whose `row` is n.
    """
    covered, begin = _words_of(prints, reports, row, places)
    before = starts(covered)
    counts = np.diff(prints.paragraphs_from)[reports]
    spans = prints.paragraphs[ranges(prints.paragraphs_from[reports], counts)] + np.repeat(begin[:-1], counts)[:, None]
    return before[begin[1:]] - before[begin[:-1]], before[spans[:, 1]] - before[spans[:, 0]]


def _words_of(prints: Prints, reports: Ints, row: Ints, places: Ints) -> tuple[Flags, Ints]:
    """The words that the same shingles cover, row after row, and where each row begins."""
    begin = starts(np.diff(prints.words_from)[reports])
    covered = np.zeros(begin[-1] + WIDTH, bool)
    covered[begin[row] + places] = True
    for reach in (1, 1, 2):  # four words after the first, in three steps
        covered[reach:] |= covered[:-reach]
    return covered, begin


def _held(prints: Prints, pairs: Ints) -> list[Ints]:
    places, pair, found, _ = _common(prints, pairs)
    covered, begin = _words_of(prints, pairs[:, 0], pair[found], places[found])
    return [np.flatnonzero(covered[a:b]) for a, b in pairwise(begin)]


def _common(prints: Prints, pairs: Ints) -> tuple[Ints, Ints, Flags, Ints]:
    """All the shingles of the first report of each pair, pair after pair: the words that they begin with, their pair,
    whether they stand in the second; and where each pair begins.
    """
    reports, local = _local(pairs)
    runs = _runs(prints, reports)
    sizes = np.diff(runs.start)[local[:, 0]]
    at, pair = ranges(runs.start[local[:, 0]], sizes), np.repeat(np.arange(len(pairs)), sizes)
    theirs, _ = _keys(runs, local[:, 1])
    theirs.sort()
    return runs.places[at], pair, _find(theirs, _tagged(runs.hashes[at], pair)) < len(theirs), starts(sizes)


def _longest(prints: Prints, pairs: Ints) -> Ints:
    places, pair, found, bounds = _common(prints, pairs)
    edge = np.diff(np.concatenate(([False], found, [False])).view(np.int8))
    begin, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    begin = np.union1d(begin, bounds[:-1][found[bounds[:-1]]])
    end = np.union1d(end, bounds[1:][found[bounds[1:] - 1]])
    order = np.lexsort((begin, begin - end, pair[begin]))
    _, best = np.unique(pair[begin[order]], return_index=True)
    row = np.zeros((len(pairs), 2), np.int64)
    begin, end = begin[order][best], end[order][best]
    row[pair[begin]] = np.stack((places[begin], end - begin + WIDTH - 1), axis=1)
    return row


def _runs(prints: Prints, reports: Ints) -> _Runs:
    """All the shingles of some reports, in the order of the text."""
    sizes = np.diff(prints.words_from)[reports]
    words = ranges(prints.words_from[reports], sizes)
    words_from = starts(sizes)
    own = own_shingles(words_from)
    told = told_shingles(prints.quoted[words], words_from, own)
    places = ranges(np.zeros(len(sizes), np.int64), sizes)[: len(own)]
    start = starts(own)[np.minimum(words_from, len(own))]
    return _Runs(shingles(prints.words[words])[own], told[own], places[own], start)


def _different(runs: _Runs) -> _Runs:
    """Each shingle of a report once, sorted by its hash, where it is first told; else where it first stands."""
    report = np.repeat(np.arange(len(runs.start) - 1), np.diff(runs.start))
    key = _tagged(runs.hashes, report)
    order = np.argsort(key)
    ordered = key[order]
    new = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    quoted = ~runs.told[order]
    first = np.minimum.reduceat(order + quoted * len(key), new)
    first %= len(key)
    start = np.searchsorted(new, runs.start)
    return _Runs(runs.hashes[first], runs.told[first], runs.places[first], start)


def _tagged(hashes: U64, pair: Ints) -> U64:
    return (pair.astype(np.uint64) << _HASH) | (hashes >> (np.uint64(64) - _HASH))


def _keys(runs: _Runs, reports: Ints) -> tuple[U64, Ints]:
    """The hashes of reports, marked with their place in the list, and where they stand in `runs`."""
    sizes = np.diff(runs.start)[reports]
    at = ranges(runs.start[reports], sizes)
    return _tagged(runs.hashes[at], np.repeat(np.arange(len(reports)), sizes)), at


def _find(keys: U64, wanted: U64) -> Ints:
    """Where each of `wanted` stands in the sorted keys; their number where it does not."""
    at = np.searchsorted(keys, wanted)
    at[at == len(keys)] = 0
    return np.where(keys[at] == wanted, at, len(keys))


def _both(runs: _Runs, local: Ints) -> tuple[tuple[Ints, Ints], Ints]:
    """The shingles that both reports of a pair have: where each stands in `runs` for the one and for the other; the
    pair."""
    (ours, first), (theirs, second) = _keys(runs, local[:, 0]), _keys(runs, local[:, 1])
    where = _find(theirs, ours)
    found = where < len(theirs)
    return (first[found], second[where[found]]), (ours[found] >> _HASH).astype(np.int64)
