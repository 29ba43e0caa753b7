"""Measures cross-checking on made-up worlds whose truth is known, beside equal records and Splink; then how it grows.
Prints tables of `docs/benchmarks.md`; writes nothing.

    make bench-check        or: python bench/check_bench.py [--claims N] [--size N ...]

`--claims` is how large the worlds are in which joining is measured (default 10,000), `--size` how many claims are
checked for time and memory (default 10,000, 100,000 and 1,000,000; the last takes a quarter of an hour and 10 GB).

Recoupe was tuned on other seeds than those reported here; Splink's threshold is the best of several on a seed apart.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from time import process_time

from check_measure import Figures, figures, mean
from check_sets import World, world
from printed import busy, machine, print_table
from recoupe.check import check
from recoupe.check.join import join
from recoupe.check.merge import merge
from recoupe.check.telling import Telling, tellings
from recoupe.codebook import Codebook, default_codebook

CHOOSING, REPORTED = 6, (11, 12, 13)  # seeds
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999)
SIZES = (10_000, 100_000, 1_000_000)

Groups = list[list[Telling]]
Joiner = Callable[[Sequence[Telling]], Groups]


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=SIZES[0])
    parser.add_argument("--size", type=int, action="append")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        print(json.dumps(speed(options.child)))
        return
    print(f"{date.today().isoformat()}, {machine()}. {busy()}")
    print_table(f"Facts joined, of {options.claims:,} claims", joined(options.claims, default_codebook()))
    print_table("Time and memory", grown(options.size or SIZES))


def joined(count: int, book: Codebook) -> Iterator[Sequence[str]]:
    """A row a way of joining; all are met in the same way."""
    yield ("claims are joined by", "pairs P", "pairs R", "conflicts P", "conflicts R", "origins right", "seconds")
    from check_peers import Splink, exact  # where speed is measured, the memory of these libraries is not ours

    worlds = [world(book, count, seed) for seed in REPORTED]
    told = [tellings(w.readings, w.roots, book) for w in worlds]
    threshold = best_threshold(world(book, count, CHOOSING), book)
    ways: dict[str, Joiner] = {
        "Recoupe": join,
        "equal records": exact,
        f"Splink, at {threshold}": lambda t: Splink(t).groups(threshold),
    }
    for name, way in ways.items():
        begun = process_time()
        groups = [way(t) for t in told]
        seconds = (process_time() - begun) / len(told)
        got = mean([met(g, w) for g, w in zip(groups, worlds, strict=True)])
        yield (name, *(f"{value:.3f}" for value in vars(got).values()), f"{seconds:.1f}")


def met(groups: Groups, made: World) -> Figures:
    """The figures of the entries that groups of claims make."""
    return figures([merge(group) for group in groups], made.truth)


def best_threshold(made: World, book: Codebook) -> float:
    """The threshold at which Splink's pairs have the best F1."""
    from check_peers import Splink

    found = Splink(tellings(made.readings, made.roots, book))

    def f1(threshold: float) -> float:
        got = met(found.groups(threshold), made)
        total = got.pair_precision + got.pair_recall
        return 2 * got.pair_precision * got.pair_recall / total if total else 0.0

    return max(THRESHOLDS, key=f1)


def grown(sizes: Sequence[int]) -> Iterator[Sequence[str]]:
    """A row a size, each measured in a process of its own."""
    yield ("claims", "entries", "seconds", "growth", "memory, GB", "of which reports")
    before: float | None = None
    for size in sizes:
        done = subprocess.run(
            [sys.executable, __file__, "--child", str(size)], capture_output=True, check=True, text=True
        )
        got = json.loads(done.stdout)
        growth = f"× {got['seconds'] / before:.1f}" if before else ""
        yield (f"{got['claims']:,}", f"{got['entries']:,}", f"{got['seconds']:.0f}", growth,
               f"{got['memory']:.1f}", f"{got['reports']:.1f}")  # fmt: skip
        before = got["seconds"]


def speed(count: int) -> dict[str, float]:
    """Seconds of the processor that cross-checking so many claims takes, and the memory that the process had."""
    book = default_codebook()
    made = world(book, count, REPORTED[0])
    reports = peak()
    begun = process_time()
    entries = check(made.readings, made.roots, book)
    seconds = process_time() - begun
    return {
        "claims": len(made.readings),
        "entries": len(entries),
        "seconds": seconds,
        "memory": peak(),
        "reports": reports,
    }


def peak() -> float:
    """The most memory that this process had, in GB. (What getrusage gives is the parent's, where that had more.)"""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 2**20


if __name__ == "__main__":
    main()
