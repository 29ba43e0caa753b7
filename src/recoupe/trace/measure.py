"""What two reports have in common, exactly: their shingles are compared, for many pairs at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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

PARAGRAPH = 0.8  # a paragraph counts as taken over where this share of its shingles stands in the other report
AT_ONCE = 1 << 20  # words of pairs that are compared at a time
_HASH = np.uint64(44)  # bits kept of a shingle beside the number of its pair: a chance match is one in 10 ** 8 pairs
TOLD, OTHER, FOUND, BACK, TAKEN, GIVEN = range(6)  # what `measured` says of a pair, by column


@dataclass(frozen=True)
class _Runs:
    """The shingles of some reports, those of the n-th from `start[n]` on: where each stands, and in which paragraph."""

    hashes: U64
    told: Flags
    places: Ints
    paragraphs: Ints
    start: Ints


def measured(prints: Prints, pairs: Ints) -> Ints:
    """Six counts a pair (a, b) of reports: the different shingles that a tells (outside quotations), and b; those of
    a's that stand anywhere in b, and b's in a; how many paragraphs of a stand in b, and of b in a.
    """
    rows = [np.empty((0, 6), np.int64)]
    rows += [_measured(prints, pairs[lot]) for lot in _lots(prints, pairs)]
    return np.concatenate(rows)


def longest(prints: Prints, pairs: Ints) -> Ints:
    """For each pair (a, b) the first and the number of the words of a in the longest run that stands in b too."""
    rows = [np.empty((0, 2), np.int64)]
    rows += [_longest(prints, pairs[lot]) for lot in _lots(prints, pairs)]
    return np.concatenate(rows)


def _lots(prints: Prints, pairs: Ints) -> Iterator[slice]:
    """Stretches of pairs of about AT_ONCE words."""
    load = starts(np.diff(prints.words_from)[pairs].sum(axis=1))
    begin = 0
    while begin < len(pairs):
        end = max(begin + 1, int(np.searchsorted(load, load[begin] + AT_ONCE, "right")) - 1)
        yield slice(begin, end)
        begin = end


def _measured(prints: Prints, pairs: Ints) -> Ints:
    reports, local = np.unique(pairs, return_inverse=True)
    local = local.reshape(-1, 2)
    runs = _different(_runs(prints, reports))
    paragraphs = np.maximum.reduceat(runs.paragraphs, runs.start[:-1]) + 1
    base = starts(paragraphs)
    which = np.repeat(base[:-1], np.diff(runs.start)) + runs.paragraphs
    inside = runs.told & (runs.paragraphs >= 0)
    sizes = np.bincount(which[inside], minlength=base[-1])
    own = np.add.reduceat(runs.told, runs.start[:-1], dtype=np.int64)
    (first, pair), (second, _) = _both(runs, local)
    row = np.empty((len(pairs), 6), np.int64)
    row[:, TOLD], row[:, OTHER] = own[local[:, 0]], own[local[:, 1]]
    for side, at in ((0, first), (1, second)):
        told = runs.told[at]
        row[:, FOUND + side] = np.bincount(pair[told], minlength=len(pairs))
        slots = starts(paragraphs[local[:, side]])
        kept = inside[at]
        offset = slots[:-1] - base[local[:, side]]
        hits = np.bincount(which[at[kept]] + offset[pair[kept]], minlength=slots[-1])
        whole = sizes[ranges(base[local[:, side]], paragraphs[local[:, side]])]
        taken = (whole >= LEAST) & (hits >= PARAGRAPH * whole)
        before = starts(taken)
        row[:, TAKEN + side] = before[slots[1:]] - before[slots[:-1]]
    return row


def _longest(prints: Prints, pairs: Ints) -> Ints:
    reports, local = np.unique(pairs, return_inverse=True)
    local = local.reshape(-1, 2)
    runs = _runs(prints, reports)
    other = _different(runs)
    sizes = np.diff(runs.start)[local[:, 0]]
    at, pair = ranges(runs.start[local[:, 0]], sizes), np.repeat(np.arange(len(pairs)), sizes)
    theirs, _ = _keys(other, local[:, 1])
    found = _find(theirs, _tagged(runs.hashes[at], pair)) < len(theirs)
    bounds = starts(sizes)
    edge = np.diff(np.concatenate(([False], found, [False])).view(np.int8))
    begin, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    begin = np.union1d(begin, bounds[:-1][found[bounds[:-1]]])
    end = np.union1d(end, bounds[1:][found[bounds[1:] - 1]])
    order = np.lexsort((begin, begin - end, pair[begin]))
    _, best = np.unique(pair[begin[order]], return_index=True)
    row = np.zeros((len(pairs), 2), np.int64)
    begin, end = begin[order][best], end[order][best]
    row[pair[begin]] = np.stack((runs.places[at[begin]], end - begin + WIDTH - 1), axis=1)
    return row


def _runs(prints: Prints, reports: Ints) -> _Runs:
    """All the shingles of some reports, in the order of the text; a paragraph is counted from 0, none is -1."""
    sizes = np.diff(prints.words_from)[reports]
    words = ranges(prints.words_from[reports], sizes)
    words_from = starts(sizes)
    own = own_shingles(words_from)
    told = told_shingles(prints.quoted[words], words_from, own)
    counts = np.diff(prints.paragraphs_from)[reports]
    spans = prints.paragraphs[ranges(prints.paragraphs_from[reports], counts)]
    spans = spans + np.repeat(words_from[:-1], counts)[:, None]
    number = ranges(np.zeros(len(counts), np.int64), counts)
    lengths = np.maximum(spans[:, 1] - spans[:, 0] - WIDTH + 1, 0)
    paragraph = np.full(len(own), -1, np.int64)
    paragraph[ranges(spans[:, 0], lengths)] = np.repeat(number, lengths)
    places = ranges(np.zeros(len(sizes), np.int64), sizes)[: len(own)]
    start = starts(own)[np.minimum(words_from, len(own))]
    return _Runs(shingles(prints.words[words])[own], told[own], places[own], paragraph[own], start)


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
    return _Runs(runs.hashes[first], runs.told[first], runs.places[first], runs.paragraphs[first], start)


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


def _both(runs: _Runs, local: Ints) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """For each shingle that both reports of a pair have: where it stands in `runs` for the one and the other; the pair."""
    (ours, first), (theirs, second) = _keys(runs, local[:, 0]), _keys(runs, local[:, 1])
    where = _find(theirs, ours)
    found = where < len(theirs)
    where = where[found]
    pair = (ours[found] >> _HASH).astype(np.int64)
    return (first[found], pair), (second[where], pair)
