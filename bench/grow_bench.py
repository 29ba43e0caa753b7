"""Measures what one page more costs a ledger, and a review, and filling it at once. Prints a table of
`docs/benchmarks.md`.

    make bench-grow        or: python bench/grow_bench.py [--size N ...]

`--size` is how many made-up claims (`check_sets`, one to a report) the ledger holds before (default 1,000, 10,000 and
100,000; a million takes an hour and 4 GB on disk). Reading is not measured: the readings are made up. The seconds are
those of the clock; ten pages are added, one run after the other, then fifty claims reviewed, one by one (accepted,
rejected and corrected in turn), then ten more pages added; of each the middle one counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from check_sets import world
from printed import busy, machine, print_table
from recoupe.codebook import Codebook, default_codebook
from recoupe.ledger import Ledger, create_ledger
from recoupe.load import make_page
from recoupe.model import Action, Page, Reading
from recoupe.review import Person, given, read_fields, target
from recoupe.settle import Settling, dates, facts, reviewed, sites, texts

SIZES = (1_000, 10_000, 100_000)
PAGES = 20
REVIEWS = 50
GIVEN: tuple[Action, ...] = ("accept", "reject", "correct")
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
SHARE = 5_000  # reports that are kept at a time


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, action="append")
    options = parser.parse_args()
    print(f"{date.today().isoformat()}, {machine()}. {busy()}")
    print_table("One page more", rows(options.size or SIZES, default_codebook()))


def rows(sizes: Sequence[int], book: Codebook) -> Iterator[Sequence[str]]:
    """A row a size of the ledger."""
    yield (
        "claims before", "kept and settled at once, s", "one page more, ms", "a review, ms",
        f"one page more beside {REVIEWS} reviews, ms", "the slowest of all, ms", "ledger, MB",
    )  # fmt: skip
    for size in sizes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "x.db"
            *first, last = lots(size)
            with create_ledger(path) as ledger:
                start = perf_counter()
                for lot in first:
                    keep(ledger, lot)
                settle(ledger, book)
                at_once = perf_counter() - start
                pages = [timed(ledger, reading, book) for reading in last[::2]]
                some = [reading for lot in first for reading in lot][:: max(size // REVIEWS, 1)][:REVIEWS]
                times = (NOON + timedelta(minutes=n) for n in range(REVIEWS))
                reviews = [
                    given_in(ledger, reading, action, at, book)
                    for reading, action, at in zip(some, cycle(GIVEN), times, strict=False)
                ]
                beside = [timed(ledger, reading, book) for reading in last[1::2]]
            yield (
                f"{size:,}", f"{at_once:.1f}", *(f"{1000 * median(each):.0f}" for each in (pages, reviews, beside)),
                f"{1000 * max(*pages, *reviews, *beside):.0f}", f"{path.stat().st_size / 1e6:.0f}",
            )  # fmt: skip


def given_in(ledger: Ledger, reading: Reading, action: Action, at: datetime, book: Codebook) -> float:
    """The seconds that a review of a report's claim takes."""
    (claim,) = reading.claims
    fields = read_fields(claim, ["status=denied"], book) if action == "correct" else None
    review = given(action, Person("ana", at), [target(reading, page(reading).hash, claim, fields)])
    start = perf_counter()
    with ledger.batch() as batch:
        batch.review(review)
        reviewed(Settling(batch, book, 1))
    return perf_counter() - start


def lots(size: int) -> list[Sequence[Reading]]:
    """The reports of a world in lots; the last are those that are added page by page, spread over its time."""
    readings = world(default_codebook(), size, seed=1).readings
    step = len(readings) // PAGES
    later = {n * step + step // 2 for n in range(PAGES)}
    before = [reading for n, reading in enumerate(readings) if n not in later]
    return [*(before[n : n + SHARE] for n in range(0, len(before), SHARE)), [readings[n] for n in sorted(later)]]


def timed(ledger: Ledger, reading: Reading, book: Codebook) -> float:
    """The seconds that one report more takes."""
    start = perf_counter()
    keep(ledger, [reading])
    settle(ledger, book)
    return perf_counter() - start


def keep(ledger: Ledger, readings: Sequence[Reading]) -> None:
    """Adds reports."""
    with ledger.batch() as batch:
        for reading in readings:
            batch.add(page(reading), reading)


def page(reading: Reading) -> Page:
    """The page of a report: its text alone."""
    return make_page(reading.report.doc, reading.report.text.encode(), {})


def settle(ledger: Ledger, book: Codebook) -> None:
    """All that a run does after reading."""

    with ledger.batch() as batch:
        lines = sites(Settling(batch, book, 1))
    with ledger.batch() as batch:
        texts(Settling(batch, book, 1))
    with ledger.batch() as batch:
        clues = dates(Settling(batch, book, 1))
    with ledger.batch() as batch:
        facts(Settling(batch, book, 1), lines, clues)


if __name__ == "__main__":
    main()
