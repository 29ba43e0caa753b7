"""The whole way of the data, in order: what is done with one page, and what with all of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self, TypeVar

from recoupe.check import check
from recoupe.clean import clean
from recoupe.clean.site import key, own_lines, site_lines, taken, without
from recoupe.codebook import Codebook, load_codebook
from recoupe.date import Clue, across, date_report, told_across
from recoupe.errors import CodebookError, RecoupeError
from recoupe.ledger import Change, Ledger
from recoupe.ledger.names import named_reading
from recoupe.load import Columns, OnProblem, Problem, find_pages
from recoupe.mark import mark
from recoupe.model import Entry, Origin, Page, Reading, Review
from recoupe.read import read_claims
from recoupe.review import Given, apply, marked
from recoupe.trace import certain, roots, trace

FEW = 8  # pages: for fewer, starting other processes takes longer than reading them
T = TypeVar("T")
HELD = 32 * 1024 * 1024  # bytes of pages: a share ends where it holds so many
SHARE = 16  # pages: their bytes are held in memory, and an interrupted run loses at most so many
_CHUNK = 4  # pages that a process is given at a time


def read_page(
    page: Page, codebook: Codebook, furniture: frozenset[str] = frozenset(), clues: tuple[Clue, ...] = ()
) -> Reading:
    """What one page says. `furniture` are lines that its site puts on other pages too (`clean.site`), `clues` what
    other reports tell of its date (`date.across`). Raises PageError for a page without an article.
    """
    report = without(clean(page, codebook.furniture), furniture)
    reading = mark(Reading(report), codebook)
    reading = date_report(reading, page, codebook, clues)
    return read_claims(reading, codebook)


def cross_check(readings: Sequence[Reading], codebook: Codebook) -> tuple[list[Origin], list[Entry]]:
    """Where the reports have it from, and what they say together."""
    origins = trace(readings, codebook)
    return origins, check(readings, roots(readings, origins, codebook), codebook)


def as_reviewed(
    readings: Sequence[Reading], origins: Iterable[Origin], codebook: Codebook, given: Given
) -> list[Entry]:
    """What the reports say together when people's reviews are put upon them. Nothing else hangs on reviews: readings
    and their dates are decided by the pages alone.
    """
    outcome = apply(readings, given)
    found = roots(outcome.readings, origins, codebook)
    return marked(check(outcome.readings, found, codebook, outcome.rulings), outcome)


def review(ledger: Ledger, reviews: Iterable[Review], codebook: Codebook) -> Change:
    """Keeps reviews, and settles the ledger's entries as they say; no page is read anew. Raises LedgerError."""
    with ledger.batch() as batch:
        stale = ledger.unsettled(reviews=False)
        for one in reviews:
            batch.review(one)
        standing, given = batch.readings(), Given(batch.reviews(), batch.hashes())
        origins = trace(standing, codebook) if stale else ledger.origins()
        return batch.settle(origins, as_reviewed(standing, origins, codebook, given))


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
            new = [Task(page) for page in share if not ledger.has(page)]
            met, known = met + len(share), known + len(share) - len(new)
            found = list(zip(new, readers.read(new), strict=True))
            problems += [problem for _, problem in found if isinstance(problem, Problem)]
            if readable := [(task.page, reading) for task, reading in found if isinstance(reading, Reading)]:
                with ledger.batch() as batch:
                    readings += [reading for page, reading in readable if batch.add(page, reading)]
        _reread(ledger, readers, work.share)
        checked = _redate(ledger, readers, work.share, codebook)
    with ledger.batch() as batch:
        standing = batch.readings()
        origins, entries = checked[1:] if checked[0] == standing else cross_check(standing, codebook)
        if reviews := batch.reviews():
            entries = as_reviewed(standing, origins, codebook, Given(reviews, batch.hashes()))
        change = batch.settle(origins, entries)
    return Run(met, known, tuple(readings), tuple(sorted(problems, key=lambda p: p.doc)), change)


def _reread(ledger: Ledger, readers: Readers, share: int) -> None:
    """Reads the pages anew of which other lines are their site's than before, now that more of its pages are known."""
    known = ledger.readings()
    common = site_lines(reading.report for reading in known)
    wanted: dict[str, frozenset[str]] = {}
    for report in (reading.report for reading in known):
        lines = own_lines(report) & common.get(report.outlet or "", frozenset())
        if lines != {key(d.text) for d in taken(report)}:
            wanted[report.doc] = lines
    _replace(ledger, readers, share, {doc: (lines, ()) for doc, lines in wanted.items()})


def _redate(
    ledger: Ledger, readers: Readers, share: int, codebook: Codebook
) -> tuple[list[Reading], list[Origin], list[Entry]]:
    """Reads the pages anew of which other reports now tell more of their date, or less, than before: what they say of
    "Tuesday" hangs on it. Gives the readings as they were before, cross-checked.
    """
    known = ledger.readings()
    origins, entries = cross_check(known, codebook)
    clues = across(known, certain(known, origins, codebook), entries)
    wanted = {
        reading.report.doc: (frozenset(key(d.text) for d in taken(reading.report)), told)
        for reading in known
        for told in [clues.get(reading.report.doc, ())]
        if told_across(reading.dating) != {(clue.rule, clue.words) for clue in told}
    }
    _replace(ledger, readers, share, wanted)
    return known, origins, entries


def _replace(
    ledger: Ledger, readers: Readers, share: int, wanted: Mapping[str, tuple[frozenset[str], tuple[Clue, ...]]]
) -> None:
    """Reads pages of the ledger anew, each by doc with the lines of its site and the clues of other reports."""
    for docs in _shares(wanted, share):
        pages = [(doc, page) for doc in docs if (page := ledger.page(doc)) is not None]
        found = readers.read([Task(page, *wanted[doc]) for doc, page in pages])
        again = [(doc, r) for (doc, _), r in zip(pages, found, strict=True) if isinstance(r, Reading)]
        with ledger.batch() as batch:
            for doc, reading in again:
                batch.replace(named_reading(reading, doc))


def _shares(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things, so many at a time, and fewer where they are large pages."""
    share: list[T] = []
    held = 0
    for thing in things:
        share.append(thing)
        held += len(thing.data) if isinstance(thing, Page) else 0
        if len(share) == size or held >= HELD:
            yield share
            share, held = [], 0
    if share:
        yield share


@dataclass(frozen=True, slots=True)
class Task:
    """A page to read, the lines that its site puts on other pages too, and what other reports tell of its date."""

    page: Page
    furniture: frozenset[str] = frozenset()
    clues: tuple[Clue, ...] = ()


class Readers:
    """The processes that read pages: other ones where there are enough pages for them, else this one."""

    def __init__(self, codebook: Codebook, work: Work) -> None:
        self._codebook = codebook
        self._work = work
        self._done = 0
        self._pool: ProcessPoolExecutor | None = None
        self._others: set[BaseProcess] = set()

    def read(self, tasks: Sequence[Task]) -> Iterator[Reading | Problem]:
        """What each page says, or why it cannot be used, in the order of the tasks."""
        for found in self._read(tasks):
            self._done += 1
            self._work.watch(self._done)
            yield found

    def _read(self, tasks: Sequence[Task]) -> Iterator[Reading | Problem]:
        if self._pool is None and (self._work.jobs < 2 or len(tasks) < FEW):
            yield from (_read_safely(task, self._codebook) for task in tasks)
            return
        read = 0
        try:
            for found in self._pooled(tasks, min(self._work.jobs, len(tasks)), _CHUNK):
                yield found
                read += 1
        except BrokenProcessPool:
            self._shut()
            yield from self._one_by_one(tasks[read:])

    def _pooled(self, tasks: Sequence[Task], jobs: int, chunk: int) -> Iterator[Reading | Problem]:
        if self._pool is None:
            # New processes, not copies of this one: what spaCy holds in memory does not survive being copied amid
            # threads.
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads would take the other processes' cores
            self._pool = ProcessPoolExecutor(jobs, get_context("spawn"), _leave_interrupts)
        return self._pool.map(partial(_read_elsewhere, self._codebook.folder), tasks, chunksize=chunk)

    def _one_by_one(self, tasks: Sequence[Task]) -> Iterator[Reading | Problem]:
        """After a process has died (for want of memory, mostly): alone with its page, one shows which page it was."""
        for task in tasks:
            try:
                yield from self._pooled([task], 1, 1)
            except BrokenProcessPool:
                self._shut()
                yield Problem(task.page.doc, "the process that read it died (out of memory?)")

    def _shut(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def __enter__(self) -> Self:
        self._others = set(active_children())
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            # What they still read is lost with the run, and nobody may wait for it.
            for child in set(active_children()) - self._others:
                child.kill()
        self._shut()


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


def _read_elsewhere(folder: Path, task: Task) -> Reading | Problem:
    return _read_safely(task, _codebook(folder))


def _read_safely(task: Task, codebook: Codebook) -> Reading | Problem:
    """The one place where any failure of a stage ends: the page is a problem, and the others are read all the same."""
    try:
        return read_page(task.page, codebook, task.furniture, task.clues)
    except RecoupeError as error:
        return Problem(task.page.doc, getattr(error, "reason", str(error)))
    except Exception as error:
        return Problem(task.page.doc, f"a fault of this program: {type(error).__name__}: {error}")


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
