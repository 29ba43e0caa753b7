"""The whole way of the data, in order: what is done with one page, and what with all of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Self

from recoupe.check import check
from recoupe.clean import clean
from recoupe.clean.site import key, own_lines, site_lines, taken, without
from recoupe.codebook import Codebook, load_codebook
from recoupe.date import date_report
from recoupe.errors import CodebookError, RecoupeError
from recoupe.ledger import Change, Ledger
from recoupe.ledger.names import named_reading
from recoupe.load import Columns, OnProblem, Problem, find_pages
from recoupe.mark import mark
from recoupe.model import Entry, Origin, Page, Reading
from recoupe.read import read_claims
from recoupe.trace import roots, trace

FEW = 8  # pages: for fewer, starting other processes takes longer than reading them
SHARE = 256  # pages: their bytes are held in memory, and an interrupted run loses at most so many
_CHUNK = 4  # pages that a process is given at a time


def read_page(page: Page, codebook: Codebook, furniture: frozenset[str] = frozenset()) -> Reading:
    """What one page says. `furniture` are lines that its site puts on other pages too (`clean.site`). Raises PageError
    for a page without an article.
    """
    report = without(clean(page, codebook.furniture), furniture)
    reading = mark(Reading(report), codebook)
    reading = date_report(reading, page, codebook)
    return read_claims(reading, codebook)


def cross_check(readings: Sequence[Reading], codebook: Codebook) -> tuple[list[Origin], list[Entry]]:
    """Where the reports have it from, and what they say together."""
    origins = trace(readings, codebook)
    return origins, check(readings, roots(readings, origins, codebook), codebook)


def reread(readings: Sequence[Reading], ledger: Ledger, codebook: Codebook) -> Iterator[Reading]:
    """The pages read anew of which other lines are their site's than before, now that more of its pages are known."""
    common = site_lines(reading.report for reading in readings)
    for reading in readings:
        report = reading.report
        wanted = own_lines(report) & common.get(report.outlet or "", frozenset())
        if wanted != {key(d.text) for d in taken(report)} and (page := ledger.page(report.doc)) is not None:
            found = _read_safely(page, codebook, wanted)
            if isinstance(found, Reading):
                yield named_reading(found, report.doc)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run over pages did: how many it met, how many of them the ledger had, the readings of the new ones."""

    pages: int
    known: int
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]
    change: Change


Source = Callable[[OnProblem], Iterable[Page]]
"""Gives pages, and tells its problems to the function that it is given."""


def from_files(*paths: Path, columns: Columns | None = None) -> Source:
    """The pages in files and folders; `columns` says which columns of tables hold what, where their names do not."""
    return partial(find_pages, paths, columns=columns)


@dataclass(frozen=True, slots=True)
class Work:
    """How a run works: `jobs`, the number of processes that read; `share`, the pages that are kept at a time; `watch`
    is told how many pages are done.
    """

    jobs: int = 1
    share: int = SHARE
    watch: Callable[[int], None] = lambda done: None


def fill(ledger: Ledger, source: Source, codebook: Codebook, work: Work | None = None) -> Run:
    """Reads pages into a ledger, a share at a time: an interrupted run loses no more than a share, and only so many
    pages are held in memory.

    A page that cannot be read is a problem of the run, and no more. The ledger's content does not depend on how the
    work is done, nor on the order of the pages or runs. Raises LedgerError where the ledger fails.
    """
    work = work or Work()
    problems: list[Problem] = []
    readings: list[Reading] = []
    met = known = 0
    with Readers(codebook, work) as readers:
        for share in _shares(source(problems.append), work.share):
            new = [page for page in share if not ledger.has(page)]
            met, known = met + len(share), known + len(share) - len(new)
            found = dict(zip(new, readers.read(new), strict=True))
            problems += [problem for problem in found.values() if isinstance(problem, Problem)]
            if readable := [(page, reading) for page, reading in found.items() if isinstance(reading, Reading)]:
                with ledger.batch() as batch:
                    readings += [reading for page, reading in readable if batch.add(page, reading)]
    with ledger.batch() as batch:
        for reading in reread(batch.readings(), ledger, codebook):
            batch.replace(reading)
        change = batch.settle(*cross_check(batch.readings(), codebook))
    return Run(met, known, tuple(readings), tuple(sorted(problems, key=lambda p: p.doc)), change)


def _shares(pages: Iterable[Page], size: int) -> Iterator[list[Page]]:
    """The pages, so many at a time; itertools.batched of Python 3.12."""
    left = iter(pages)
    while share := list(islice(left, size)):
        yield share


class Readers:
    """The processes that read pages: other ones where there are enough pages for them, else this one."""

    def __init__(self, codebook: Codebook, work: Work) -> None:
        self._codebook = codebook
        self._work = work
        self._done = 0
        self._pool: ProcessPoolExecutor | None = None

    def read(self, pages: Sequence[Page]) -> Iterator[Reading | Problem]:
        """What each page says, or why it cannot be used, in the order of the pages."""
        for found in self._read(pages):
            self._done += 1
            self._work.watch(self._done)
            yield found

    def _read(self, pages: Sequence[Page]) -> Iterator[Reading | Problem]:
        if self._pool is None and (self._work.jobs < 2 or len(pages) < FEW):
            yield from (_read_safely(page, self._codebook) for page in pages)
            return
        if self._pool is None:
            # New processes, not copies of this one: what spaCy holds in memory does not survive being copied amid
            # threads.
            jobs = min(self._work.jobs, len(pages))
            self._pool = ProcessPoolExecutor(jobs, get_context("spawn"), _leave_interrupts)
        try:
            yield from self._pool.map(partial(_read_elsewhere, self._codebook.folder), pages, chunksize=_CHUNK)
        except BrokenProcessPool as error:
            raise RecoupeError("a reading process died (out of memory?); --jobs 1 needs the least") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


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


def _read_safely(page: Page, codebook: Codebook, furniture: frozenset[str] = frozenset()) -> Reading | Problem:
    """The one place where any failure of a stage ends: the page is a problem, and the others are read all the same."""
    try:
        return read_page(page, codebook, furniture)
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
