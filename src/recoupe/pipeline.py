"""The whole way of the data, in order: what is done with one page, and what with all of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

from recoupe.check import check
from recoupe.clean import clean
from recoupe.codebook import Codebook, load_codebook
from recoupe.date import date_report
from recoupe.errors import CodebookError, RecoupeError
from recoupe.ledger import Batch, Change, Ledger
from recoupe.load import Problem, find_pages
from recoupe.mark import mark
from recoupe.model import Entry, Origin, Page, Reading
from recoupe.read import read_claims
from recoupe.trace import roots, trace

FEW = 8  # pages: for fewer, starting other processes takes longer than reading them
_CHUNK = 4  # pages that a process is given at a time


def read_page(page: Page, codebook: Codebook) -> Reading:
    """What one page says. Raises PageError for a page without an article."""
    report = clean(page, codebook.furniture)
    reading = mark(Reading(report), codebook)
    reading = date_report(reading, page, codebook)
    return read_claims(reading, codebook)


def cross_check(readings: Sequence[Reading], codebook: Codebook) -> tuple[list[Origin], list[Entry]]:
    """Where the reports have it from, and what they say together."""
    origins = trace(readings, codebook)
    return origins, check(readings, roots(readings, origins, codebook), codebook)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run over pages did. `readings` are those of the new pages; `known` counts pages that the ledger had."""

    pages: int
    known: int
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]
    change: Change


Watch = Callable[[int, int], None]
"""Told how many pages are done, and of how many."""


def fill(ledger: Ledger, paths: Sequence[Path], codebook: Codebook, jobs: int, watch: Watch) -> Run:
    """Reads the pages in files and folders into a ledger, in one batch.

    A page that cannot be read is a problem of the run, and no more. The ledger's content does not depend on `jobs`, the
    number of processes, nor on the order of the pages or runs. Raises LedgerError where the ledger fails.
    """
    problems: list[Problem] = []
    pages = list(find_pages(paths, problems.append))
    new = [page for page in pages if not ledger.has(page)]
    read: list[tuple[Page, Reading]] = []
    for done, (page, found) in enumerate(zip(new, read_pages(new, codebook, jobs), strict=True), 1):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            read.append((page, found))
        watch(done, len(new))
    with ledger.batch() as batch:
        added = tuple(reading for page, reading in read if batch.add(page, reading))
        change = _settle(batch, codebook)
    return Run(len(pages), len(pages) - len(new), added, tuple(sorted(problems, key=lambda p: p.doc)), change)


def _settle(batch: Batch, codebook: Codebook) -> Change:
    return batch.settle(*cross_check(batch.readings(), codebook))


def read_pages(pages: Sequence[Page], codebook: Codebook, jobs: int) -> Iterator[Reading | Problem]:
    """What each page says, or why it cannot be used, in the order of the pages."""
    if jobs < 2 or len(pages) < FEW:
        yield from (_read_safely(page, codebook) for page in pages)
        return
    work = partial(_read_elsewhere, codebook.folder)
    # New processes, not copies of this one: what spaCy holds in memory does not survive being copied amid threads.
    with ProcessPoolExecutor(min(jobs, len(pages)), get_context("spawn"), _leave_interrupts) as pool:
        try:
            yield from pool.map(work, pages, chunksize=_CHUNK)
        except BrokenProcessPool as error:
            raise RecoupeError("a reading process died (out of memory?); --jobs 1 needs the least") from error


def _leave_interrupts() -> None:
    """An interrupt is for the first process, which tells of it once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@lru_cache(maxsize=1)
def _codebook(folder: Path) -> Codebook:
    """The codebook in another process. It held together in the first one: a mistake means that it has changed since."""
    try:
        return load_codebook(folder)
    except CodebookError as error:
        raise RecoupeError(f"{folder}: the codebook was changed while pages were read: {error.mistakes[0]}") from None


def _read_elsewhere(folder: Path, page: Page) -> Reading | Problem:
    return _read_safely(page, _codebook(folder))


def _read_safely(page: Page, codebook: Codebook) -> Reading | Problem:
    """The one place where any failure of a stage ends: the page is a problem, and the others are read all the same."""
    try:
        return read_page(page, codebook)
    except RecoupeError as error:
        return Problem(page.doc, getattr(error, "reason", str(error)))
    except Exception as error:
        return Problem(page.doc, f"a fault of this program: {type(error).__name__}: {error}")


def processes() -> int:
    """How many processes this one may use at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def dropped(readings: Iterable[Reading]) -> dict[str, int]:
    """How many lines were left out of the reports, by reason, the commonest first."""
    counts: dict[str, int] = {}
    for reading in readings:
        for drop in reading.report.dropped:
            counts[drop.reason] = counts.get(drop.reason, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
