"""Measures the tracer: whose copies and parts it finds, and how fast. Prints tables of `docs/benchmarks.md`; writes
nothing.

    make bench-origins        or: python bench/origins_bench.py [--shared DIR] [--million]

`--shared` is the folder of sample texts from which reports are made (default: `shared` beside the repository); without
it only speed is measured. `--million` adds a run over a million made-up reports, which takes minutes.

The samples are split in two halves. On reports made of the one, the settings of the peers are chosen, each for each
figure; what is printed is measured on reports made of the other, with other seeds.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from hashlib import blake2b
from itertools import combinations
from math import comb
from pathlib import Path
from time import process_time

import numpy as np
from datasketch import MinHash, MinHashLSH, MinHashLSHEnsemble

import translations_bench
from copies_sets import CROWDS, Made, crowd, made_set, samples, synthetic, true_pairs
from printed import busy, machine, print_table
from recoupe.codebook import default_codebook
from recoupe.groups import Groups
from recoupe.trace.index import Index
from recoupe.trace.prints import Text

REPOSITORY = Path(__file__).parents[1]
SAMPLES = ("press-fr", "articles-en", "pages-en")
CHOOSING, REPORTED = (1, 2, 3, 4), (5, 6, 7, 8)  # seeds
PERMUTATIONS, WIDTH = 128, 5
THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
SIZES, MILLION = (10_000, 100_000), 1_000_000
PEER_THRESHOLD = 0.5  # where the peer is timed: the middle of the range that its users set
CROWD_SIZES = (2_000, 20_000)
_WORD = re.compile(r"\w+")

Pair = tuple[str, str]
Found = tuple[set[Pair], dict[str, Hashable]]  # pairs of docs, and each doc's cluster


@dataclass(frozen=True)
class Set:
    """Reports with the truth about them."""

    reports: list[Made]
    pairs: set[Pair]


@dataclass(frozen=True)
class Figures:
    """How well pairs and clusters were found: means over some sets."""

    precision: float
    recall: float
    f1: float
    ari: float


Tracer = Callable[[Sequence[Made]], Found]
Likeness = Callable[[Made, Made], float]


def main() -> None:
    """Prints every table that the folders there are allow."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--shared", type=Path, default=REPOSITORY.parent / "shared")
    options.add_argument("--million", action="store_true")
    options.add_argument("--child", nargs=2, metavar=("WHAT", "COUNT"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        print(json.dumps(CHILDREN[given.child[0]](int(given.child[1]))))
        return
    print(f"{date.today()}, {machine()}. {busy()}")
    if given.shared.is_dir():
        print_table("Copies and parts found", finding([given.shared / "data" / name for name in SAMPLES]))
    else:
        print(f"\n{given.shared.name}: no such folder; only speed is measured.")
    for title, rows in translations_bench.tables():
        print_table(title, rows)
    print_table("How fast: copies", speed((*SIZES, MILLION) if given.million else SIZES))
    print_table("Crowds", crowds())


# What is found


def finding(folders: Sequence[Path]) -> Iterator[Sequence[str]]:
    """Rows: each program on the half of the samples, and the seeds, on which nothing was chosen."""
    sources = samples(folders, default_codebook())
    sets = {
        half: [Set(made, true_pairs(made)) for made in (made_set(sources[half::2], seed) for seed in seeds)]
        for half, seeds in ((0, CHOOSING), (1, REPORTED))
    }
    reports, pairs = (sum(len(getattr(s, name)) for s in sets[1]) for name in ("reports", "pairs"))
    yield f"program ({reports} reports, {pairs} pairs)", "precision", "recall", "F1", "ARI"
    yield row("**Recoupe**", score(recoupe, sets[1]))
    for name, tracers in peers().items():
        chosen = {setting: score(tracer, sets[0]) for setting, tracer in tracers.items()}
        for figure, told in (("f1", "best for pairs"), ("ari", "best for clusters")):
            best = max(chosen, key=lambda setting: getattr(chosen[setting], figure))
            yield row(f"{name}, {told}: {best}", score(tracers[best], sets[1]))


def row(name: str, found: Figures) -> Sequence[str]:
    """The cells of a row."""
    return name, *(f"{value:.3f}" for value in (found.precision, found.recall, found.f1, found.ari))


def score(tracer: Tracer, sets: Iterable[Set]) -> Figures:
    """Precision and recall of pairs, and the adjusted Rand index of clusters, as means over sets."""
    rows = []
    for made in sets:
        pairs, clusters = tracer(made.reports)
        right = len(pairs & made.pairs)
        precision, recall = right / max(1, len(pairs)), right / len(made.pairs)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        ari = adjusted_rand([clusters[r.doc] for r in made.reports], [r.cluster for r in made.reports])
        rows.append((precision, recall, f1, ari))
    return Figures(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def adjusted_rand(found: Sequence[Hashable], true: Sequence[Hashable]) -> float:
    """How far two clusterings agree, 0 as by chance and 1 wholly (Hubert and Arabie 1985, "Comparing partitions")."""
    together = sum(comb(n, 2) for n in Counter(zip(found, true, strict=True)).values())
    ours, theirs = (sum(comb(n, 2) for n in Counter(side).values()) for side in (found, true))
    by_chance = ours * theirs / comb(len(true), 2)
    return (together - by_chance) / ((ours + theirs) / 2 - by_chance)


def recoupe(reports: Sequence[Made]) -> Found:
    """The pairs that share text as Recoupe measures it, and the families of its copies."""
    index = Index()
    index.add(report.as_text() for report in reports)
    equal = defaultdict(list)
    for n, original in enumerate(index.same().tolist()):
        equal[original].append(reports[n].doc)
    pairs = {ordered(a, b) for docs in equal.values() for a, b in combinations(docs, 2)}
    for i, j in index.pairs().ends.tolist():
        pairs |= {ordered(a, b) for a in equal[i] for b in equal[j]}
    links = index.links()
    copies = [(reports[a].doc, reports[b].doc) for a, b in links.ends[links.whole].tolist()]
    return pairs, clusters([report.doc for report in reports], copies)


def clusters(docs: Iterable[str], pairs: Iterable[Pair]) -> dict[str, Hashable]:
    """The reports that pairs join, each by one of them."""
    joined = Groups[str]()
    for a, b in pairs:
        joined.join(a, b)
    return {doc: joined.of(doc) for doc in docs}


def ordered(a: str, b: str) -> Pair:
    """A pair, whichever way round."""
    return (a, b) if a < b else (b, a)


# The peers


def peers() -> dict[str, dict[str, Tracer]]:
    """The other programs, by name and setting."""
    lsh: dict[str, Tracer] = {}
    for t in THRESHOLDS:
        lsh[f"threshold {t}"] = joined(partial(by_lsh, threshold=t, least=0))
        lsh[f"threshold {t}, checked"] = joined(partial(by_lsh, threshold=t, least=t))
        lsh[f"threshold {t}, each report with its likest"] = joined(partial(by_lsh, threshold=t, least=t), jaccard)
    ensemble: dict[str, Tracer] = {}
    for t in THRESHOLDS:
        ensemble[f"containment {t}"] = joined(partial(by_ensemble, threshold=t))
        ensemble[f"containment {t}, each report with its likest"] = joined(partial(by_ensemble, threshold=t), jaccard)
    bits: dict[str, Tracer] = {}
    for width in (1, 2, 3, 5):
        near = partial(nearness, width=width)
        for most in range(31):
            pairs = partial(by_simhash, width=width, most=most)
            bits[f"{width} words, distance {most}"] = joined(pairs)
            bits[f"{width} words, distance {most}, each report with its likest"] = joined(pairs, near)
    return {"datasketch MinHash LSH": lsh, "datasketch LSH Ensemble": ensemble, "SimHash, 64 bits": bits}


def joined(pairs: Callable[[Sequence[Made]], set[Pair]], likeness: Likeness | None = None) -> Tracer:
    """A tracer whose clusters are what its pairs join; with a likeness, what the best pair of each report joins."""

    def trace(reports: Sequence[Made]) -> Found:
        found = pairs(reports)
        docs = {report.doc: report for report in reports}
        if likeness is None:
            return found, clusters(docs, found)
        best: dict[str, tuple[float, Pair]] = {}
        for pair in sorted(found):
            like = likeness(docs[pair[0]], docs[pair[1]])
            for doc in pair:
                best[doc] = max(best.get(doc, (like, pair)), (like, pair))
        return found, clusters(docs, (pair for _, pair in best.values()))

    return trace


def jaccard(a: Made, b: Made) -> float:
    """How far two reports resemble each other, by their MinHashes."""
    return float(sketch(a).jaccard(sketch(b)))


def nearness(a: Made, b: Made, width: int) -> float:
    """How little the SimHashes of two reports differ."""
    return -(simhash(a, width) ^ simhash(b, width)).bit_count()


def grams(text: str, width: int = WIDTH) -> set[bytes]:
    """The runs of words of a text."""
    words = _WORD.findall(text.casefold())
    return {" ".join(words[i : i + width]).encode() for i in range(len(words) - width + 1)}


@cache
def sketch(report: Made) -> MinHash:
    """The MinHash of a report, made once: it does not depend on thresholds."""
    made = MinHash(PERMUTATIONS)
    made.update_batch(grams(report.text))
    return made


def by_lsh(reports: Sequence[Made], threshold: float, least: float) -> set[Pair]:
    """The pairs that MinHash LSH gives, those whose estimated resemblance is below `least` left out."""
    lsh = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    by_doc = {report.doc: sketch(report) for report in reports}
    for doc, made in by_doc.items():
        lsh.insert(doc, made)
    pairs = {ordered(doc, other) for doc, made in by_doc.items() for other in lsh.query(made) if other != doc}
    return {(a, b) for a, b in pairs if not least or by_doc[a].jaccard(by_doc[b]) >= least}


def by_ensemble(reports: Sequence[Made], threshold: float) -> set[Pair]:
    """The pairs of which the LSH Ensemble holds the one to be contained in the other."""
    index = MinHashLSHEnsemble(threshold=threshold, num_perm=PERMUTATIONS, num_part=16)
    rows = [(report.doc, sketch(report), len(grams(report.text))) for report in reports]
    index.index(rows)
    return {ordered(doc, other) for doc, made, size in rows for other in index.query(made, size) if other != doc}


@cache
def simhash(report: Made, width: int) -> int:
    """The SimHash of a report over its runs of words (Charikar 2002; Manku, Jain and Das Sarma 2007)."""
    hashes = b"".join(blake2b(gram, digest_size=8).digest() for gram in grams(report.text, width))
    bits = np.unpackbits(np.frombuffer(hashes, np.uint8).reshape(-1, 8), axis=1)
    most = 2 * bits.sum(axis=0, dtype=np.int64) > len(bits)
    return int.from_bytes(np.packbits(most).tobytes(), "big")


def by_simhash(reports: Sequence[Made], width: int, most: int) -> set[Pair]:
    """The pairs of which the SimHashes differ in at most so many bits."""
    hashes = np.array([simhash(report, width) for report in reports], np.uint64)
    near = np.bitwise_count(hashes[:, None] ^ hashes[None, :]) <= most
    places = np.argwhere(np.triu(near, 1)).tolist()
    return {ordered(reports[i].doc, reports[j].doc) for i, j in places}


# How fast


def speed(sizes: Sequence[int]) -> Iterator[Sequence[str]]:
    """Rows: made-up reports of 300 words, in one process each; making them is not timed."""
    yield "program", "reports", "seconds", "reports a second", "growth", "peak memory", "found"
    rates: dict[tuple[str, int], float] = {}
    for name, child in (("**Recoupe**", "recoupe"), ("datasketch MinHash LSH", "datasketch")):
        before: float | None = None
        for size in sizes if child == "recoupe" else SIZES:
            got = run(child, size)
            seconds = got["seconds"]
            rates[child, size] = size / seconds
            growth = f"× {seconds / before:.1f}" if before else ""
            memory = f"{got['memory'] / 1000:.2f} GB"
            yield name, f"{size:,}", f"{seconds:.1f}", f"{size / seconds:,.0f}", growth, memory, str(got["found"])
            before = seconds
    for size in SIZES:
        ratio = rates["recoupe", size] / rates["datasketch", size]
        yield "ratio, Recoupe : datasketch", f"{size:,}", "", f"**{ratio:.1f}**", "", "", ""
    got = run("more", SIZES[-1])
    yield f"Recoupe, 1,000 more beside {SIZES[-1]:,}", "1,000", f"{got['seconds']:.1f}", "", "", "", str(got["found"])


def crowds() -> Iterator[Sequence[str]]:
    """Rows: reports that all share text, which a count of pairs would be lost in."""
    yield "reports that share", "reports", "seconds", "growth", "pairs measured", "copies", "parts"
    for kind in CROWDS:
        before: float | None = None
        for size in CROWD_SIZES:
            got = run(f"crowd {kind}", size)
            growth = f"× {got['seconds'] / before:.1f}" if before else ""
            counts = (str(got[name]) for name in ("pairs", "copies", "parts"))
            yield kind, f"{size:,}", f"{got['seconds']:.1f}", growth, *counts
            before = got["seconds"]


def run(what: str, count: int) -> dict[str, float]:
    """What a child process measured: a process's peak of memory can only be told from a process of its own."""
    command = [sys.executable, __file__, "--child", what, str(count)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return dict(json.loads(done.stdout))


def time_recoupe(count: int) -> dict[str, float]:
    """Adds reports by the thousand, then finds who copies whom, with the words that they share."""
    index, seconds = Index(), 0.0
    for lot in synthetic(count):
        seconds += timed(lambda lot=lot: index.add(lot))
    begun = process_time()
    found = len(index.links().ends)
    return {"seconds": seconds + process_time() - begun, "memory": peak(), "found": found}


def time_more(count: int) -> dict[str, float]:
    """The time that a thousand reports take that come to others, compared already."""
    *lots, last = synthetic(count + 1000)
    index = Index()
    for lot in lots:
        index.add(lot)
    index.links()
    begun = process_time()
    index.add(last)
    found = len(index.links().ends)
    return {"seconds": process_time() - begun, "memory": peak(), "found": found}


def time_datasketch(count: int) -> dict[str, float]:
    """Asks for those alike, then adds, a report at a time, the shingles of each hashed in one call."""
    lsh, seconds, found = MinHashLSH(threshold=PEER_THRESHOLD, num_perm=PERMUTATIONS), 0.0, 0

    def add(text: Text) -> int:
        made = MinHash(PERMUTATIONS)
        made.update_batch(grams(text.text))
        alike = len(lsh.query(made))
        lsh.insert(text.doc, made)
        return alike

    for lot in synthetic(count):
        begun = process_time()
        found += sum(map(add, lot))
        seconds += process_time() - begun
    return {"seconds": seconds, "memory": peak(), "found": found}


def time_crowd(kind: str) -> Callable[[int], dict[str, float]]:
    """Adds and links the reports of a crowd."""

    def time(count: int) -> dict[str, float]:
        texts, index = crowd(kind, count), Index()
        begun = process_time()
        index.add(texts)
        links = index.links()
        seconds = process_time() - begun
        copies = int(links.whole.sum())
        parts = len(links.ends) - copies
        return {"seconds": seconds, "pairs": len(index.pairs().ends), "copies": copies, "parts": parts}

    return time


CHILDREN: dict[str, Callable[[int], dict[str, float]]] = {
    "recoupe": time_recoupe,
    "more": time_more,
    "datasketch": time_datasketch,
    **{f"crowd {kind}": time_crowd(kind) for kind in CROWDS},
}


def timed(work: Callable[[], object]) -> float:
    """How many seconds of the processor something takes: not those in which others had it."""
    begun = process_time()
    work()
    return process_time() - begun


def peak() -> float:
    """The most memory that this process has had, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1_000)


if __name__ == "__main__":
    main()
