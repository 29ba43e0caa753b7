"""Reports whose text is another report's: exact copies, near copies (cut, edited, retitled), shared paragraphs.

Texts are compared by their word shingles (Broder 1997, "On the resemblance and containment of documents"): a report is
a copy where most of the shingles of the shorter text stand in the longer one. Quotations are left out of the measured
side, for two reports written apart on one speech share its words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import combinations

from recoupe.model import Origin, Reading, Span

WIDTH = 5  # words a shingle: runs of five are rarely shared by texts written apart, and survive light editing
# Each word changed breaks five shingles, so half of them left means that about one word in eight was touched: an edit.
# Reports written apart on one event share under a tenth; the line lies well above that and below any real reprint.
COPY = 0.5
PARAGRAPH = 0.8  # a paragraph counts as taken over where this share of its shingles stands in the other report
PARAGRAPHS = 2
LEAST = 16  # shingles (twenty words): a shorter text or paragraph is too little to tell
CROWD = 64  # a run that more reports share points from each of them to the most original alone
_WORD = re.compile(r"\w+")
_PRIME = (1 << 61) - 1
_BASE = 1_000_003


@dataclass(frozen=True)
class Prints:
    """The shingles of one report, in order (`runs`), all (`every`), outside quotations (`told`, and per paragraph)."""

    doc: str
    rank: tuple[Hashable, ...]
    text: str
    words: tuple[Span, ...]
    runs: tuple[int, ...]
    told: frozenset[int]
    every: frozenset[int]
    paragraphs: tuple[tuple[Span, frozenset[int]], ...]


def prints(reading: Reading, official: bool, hashes: dict[str, int]) -> Prints:
    """The shingles of a report; `hashes` remembers words over calls. By `rank` the most original report comes first."""
    report = reading.report
    words = tuple(Span(m.start(), m.end()) for m in _WORD.finditer(report.text))
    codes = [_code(report.text[w.start : w.end].casefold(), hashes) for w in words]
    runs = tuple(_rolling(codes))
    quoted = [Span(part.start, part.end) for quote in reading.quotes for part in quote.parts]
    inside = bytearray(len(report.text))
    for q in quoted:
        inside[q.start : q.end] = b"\1" * (q.end - q.start)
    free = [not any(inside[w.start] for w in words[i : i + WIDTH]) for i in range(len(runs))]
    told = frozenset(run for run, is_free in zip(runs, free, strict=True) if is_free)
    if len(told) < LEAST:
        told = frozenset(runs)
    paragraphs = []
    for block in report.blocks:
        first, after = (bisect_left(words, at, key=lambda w: w.start) for at in (block.span.start, block.span.end))
        own = range(first, max(first, after - WIDTH + 1))
        paragraphs.append((block.span, frozenset(runs[i] for i in own if free[i])))
    rank = (not official, *_published(reading), -len(words), report.doc)
    return Prints(report.doc, rank, report.text, words, runs, told, frozenset(runs), tuple(paragraphs))


def _published(reading: Reading) -> tuple[date, date]:
    """For the order of originality: the earlier and the better dated first, the undated last."""
    when = reading.dating.when
    return (date.max, date.max) if when is None else (when.last or date.max, when.first or date.max)


def _code(word: str, hashes: dict[str, int]) -> int:
    if word not in hashes:
        hashes[word] = int.from_bytes(blake2b(word.encode(), digest_size=7).digest(), "big")
    return hashes[word]


def _rolling(codes: Sequence[int]) -> Iterator[int]:
    """A hash of each run of WIDTH words, the same in every process."""
    for i in range(len(codes) - WIDTH + 1):
        run = 0
        for code in codes[i : i + WIDTH]:
            run = (run * _BASE + code) % _PRIME
        yield run


def copies(reports: Iterable[Prints], names: frozenset[tuple[str, str]]) -> list[Origin]:
    """The copies and part copies among reports; the result does not depend on their order.

    `names` holds (doc, doc) where the first report says itself that it has its text from the second: that settles which
    of two is the original, before outlets and dates do. Of reports that copy one another in a ring each points to one
    other, the likest, and of equals the most original.
    """
    ranked = sorted(reports, key=lambda p: p.rank)
    whole: list[tuple[float, int, int, Origin]] = []
    parts: list[tuple[int, int, Origin]] = []
    for i, j in sorted(_candidates(ranked)):
        first, second = ranked[i], ranked[j]
        if (first.doc, second.doc) in names and (second.doc, first.doc) not in names:
            first, second = second, first
        short, long = sorted((second, first), key=lambda p: len(p.told))
        share = len(short.told & long.every) / len(short.told)
        if share >= COPY:
            origin = Origin(second.doc, first.doc, "copy", round(share, 3), _shared(second, first))
            whole.append((share, i, j, origin))
        elif max(_taken(second, first), _taken(first, second)) >= PARAGRAPHS:
            part = round(len(second.told & first.every) / max(1, len(second.told)), 3)
            parts.append((i, j, Origin(second.doc, first.doc, "part", part, _shared(second, first))))
    forest = _forest(whole, len(ranked))
    return sorted([*forest, *(o for _, _, o in parts)], key=lambda o: (o.doc, o.source))


def _candidates(ranked: Sequence[Prints]) -> set[tuple[int, int]]:
    """Pairs of places in `ranked` that share enough runs to be worth measuring."""
    where: defaultdict[int, list[int]] = defaultdict(list)
    for place, report in enumerate(ranked):
        if len(report.told) >= LEAST:
            for run in report.every:
                where[run].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in where.values():
        if len(places) > CROWD:
            shared.update((places[0], other) for other in places[1:])
        elif len(places) > 1:
            shared.update(combinations(places, 2))
    return {pair for pair, n in shared.items() if n >= LEAST // 2}


def _taken(copy: Prints, source: Prints) -> int:
    """How many paragraphs of one report stand in the other."""
    return sum(len(runs) >= LEAST and len(runs & source.every) >= PARAGRAPH * len(runs) for _, runs in copy.paragraphs)


def _shared(copy: Prints, source: Prints, most: int = 16) -> str:
    """The first words of the longest run that both texts share, at most `most` words: what the finding rests on."""
    best = start = length = 0
    for i, run in enumerate((*copy.runs, None)):
        if run is not None and run in source.every:
            length += 1
            continue
        if length > best:
            best, start = length, i - length
        length = 0
    last = min(start + best + WIDTH - 2, start + most - 1)
    return copy.text[copy.words[start].start : copy.words[last].end]


def _forest(edges: list[tuple[float, int, int, Origin]], size: int) -> list[Origin]:
    """The strongest edges that keep together what the copies join (Kruskal); of equals, those to the most original."""
    root = list(range(size))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    kept = []
    for _, i, j, origin in sorted(edges, key=lambda e: (-e[0], e[1], e[2])):
        if find(i) != find(j):
            root[find(j)] = find(i)
            kept.append(origin)
    return kept
