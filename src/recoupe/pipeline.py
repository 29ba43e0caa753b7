"""The whole way of the data, in order: what is done with one page, and what with all of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self, TypeVar

from recoupe.clean import clean
from recoupe.clean.site import key, own_lines, site_lines, taken, without
from recoupe.codebook import Codebook, load_codebook
from recoupe.date import Clue, date_report
from recoupe.errors import CodebookError, LedgerError, RecoupeError
from recoupe.hashed import number_of_words
from recoupe.ledger import Change, Ledger, Made
from recoupe.ledger.names import named_reading
from recoupe.load import Columns, OnProblem, Problem, find_pages
from recoupe.mark import mark
from recoupe.model import Entry, Origin, Page, Reading, Report, Review
from recoupe.program import version
from recoupe.read import read_claims
from recoupe.review import Given
from recoupe.settle import Settling, as_reviewed, cards, clues_at_once, dates, facts, reviewed, sites, texts
from recoupe.trace import trace

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


def review(ledger: Ledger, reviews: Iterable[Review], codebook: Codebook) -> Change:
    """Keeps reviews, and settles the ledger's entries as they say; no page is read anew. Raises LedgerError."""
    made = made_with(codebook)
    refuse_another_codebook(ledger.history.makers(), made)
    with ledger.batch(made) as batch:
        for one in reviews:
            batch.review(one)
        return reviewed(Settling(batch, codebook, number_of(made)))


def card(ledger: Ledger, codebook: Codebook) -> bool:
    """Writes what entries and reports are found by where that is missing: in a ledger of an older version of the
    program. Says whether anything was. Raises LedgerError, also where it is missing and the ledger was opened to read.
    """
    if ledger.lookups.carded():
        return False
    with ledger.batch() as batch:
        cards(Settling(batch, codebook, number_of(made_with(codebook))))
    return True


@dataclass(frozen=True, slots=True)
class Run:
    """What a run over pages did: how many it met, how many of them the ledger had, the readings of the new ones, and
    the docs of those under whose doc another page came before: the page has changed, or two have one name.
    """

    pages: int
    known: int
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]
    change: Change
    otherwise: tuple[str, ...] = ()


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
    made = made_with(codebook)
    refuse_another_codebook(ledger.history.makers(), made)
    problems: list[Problem] = []
    readings: list[Reading] = []
    otherwise: set[str] = set()
    met = known = 0
    with Readers(codebook, work) as readers:
        for share in _shares(source(problems.append), work.share):
            new = [Task(page) for page in share if not ledger.has(page)]
            met, known = met + len(share), known + len(share) - len(new)
            found = list(zip(new, readers.read(new), strict=True))
            problems += [problem for _, problem in found if isinstance(problem, Problem)]
            if readable := [(task.page, reading) for task, reading in found if isinstance(reading, Reading)]:
                otherwise |= ledger.came(page.doc for page, _ in readable)
                with ledger.batch(made) as batch:
                    readings += [reading for page, reading in readable if batch.add(page, reading)]
        change = settle(ledger, codebook, readers, work.share)
    return Run(
        met, known, tuple(readings), tuple(sorted(problems, key=lambda p: p.doc)), change, tuple(sorted(otherwise))
    )


def settle(ledger: Ledger, codebook: Codebook, readers: Readers, share: int = SHARE) -> Change:
    """Brings what a ledger says of its pages together up to date, and reads pages anew where others tell more of them.

    A run that was interrupted is taken up where it ended. Raises LedgerError where the ledger fails.
    """
    made = made_with(codebook)
    number = number_of(made)

    def again(wanted: Mapping[str, Asked], since: int) -> None:
        _replace(ledger, made, _read_anew(readers, ledger.page, wanted, share), since)

    with ledger.batch(made) as batch:
        lines = sites(Settling(batch, codebook, number))
    again({doc: Asked(of_site) for doc, of_site in lines.docs.items()}, lines.row)
    with ledger.batch(made) as batch:
        texts(Settling(batch, codebook, number))
    with ledger.batch(made) as batch:
        clues = dates(Settling(batch, codebook, number))
    reports = {doc: reading.report for doc in clues.docs if (reading := ledger.reading(doc)) is not None}
    again({doc: Asked(_lines_of_site(report), clues.docs[doc]) for doc, report in reports.items()}, clues.row)
    with ledger.batch(made) as batch:
        return facts(Settling(batch, codebook, number), lines, clues)


def made_with(codebook: Codebook) -> Made:
    """What is noted of the program and the codebook with everything that they read."""
    return Made(version(), codebook.name, codebook.edition)


def number_of(made: Made) -> int:
    """A number for what made notes in a ledger: others are made anew."""
    return number_of_words(made.program, made.codebook, made.edition)


def refuse_another_codebook(before: Iterable[Made | None], now: Made) -> None:
    """Raises LedgerError where a ledger was filled with a codebook of another name; another edition is welcome."""
    if others := {made.codebook for made in before if made is not None} - {now.codebook}:
        raise LedgerError(
            f"the ledger was filled with another codebook ({min(others)}): use that one, or read into another ledger"
        )


@dataclass(frozen=True, slots=True)
class Derived:
    """What pages say, alone and together: the reading of each, the origins and entries, and the pages that cannot be
    read.
    """

    readings: tuple[Reading, ...]
    origins: tuple[Origin, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def derive(
    docs: Iterable[str],
    page_of: Callable[[str], Page | None],
    codebook: Codebook,
    work: Work | None = None,
    instead: Callable[[str], Reading | None] = lambda doc: None,
    given: Given | None = None,
) -> Derived:
    """What a ledger of these pages holds, however it was filled: nothing but the pages, the codebook and the reviews
    that are `given` decides it.

    `page_of` gives the page of a doc; where it has none, `instead` may give a reading that stands for it.
    """
    work = work or Work()
    problems: dict[str, Problem] = {}
    found: dict[str, Reading] = {}
    with Readers(codebook, work) as readers:

        def read(wanted: Mapping[str, Asked]) -> None:
            for share in _read_anew(readers, page_of, wanted, work.share):
                for doc, reading in share:
                    if isinstance(reading, Reading):
                        found[doc] = reading
                    else:
                        problems.setdefault(doc, reading)

        def all_found() -> list[Reading]:
            return [found[doc] for doc in sorted(found)]

        wanted = {doc: Asked() for doc in docs}
        read(wanted)
        lost = wanted.keys() - found.keys() - problems.keys()
        found |= {doc: reading for doc in lost if (reading := instead(doc)) is not None}
        read(_of_sites(all_found()))
        alone = all_found()
        origins = trace(alone, codebook)
        lines = {reading.report.doc: _lines_of_site(reading.report) for reading in alone}
        read({doc: Asked(lines[doc], told) for doc, told in clues_at_once(alone, origins, codebook).items()})
    readings = all_found()
    entries = as_reviewed(readings, origins, codebook, given or Given())
    return Derived(tuple(readings), tuple(origins), tuple(entries), tuple(problems[doc] for doc in sorted(problems)))


@dataclass(frozen=True, slots=True)
class Asked:
    """How a page is to be read: without these lines of its site, and with these clues of other reports to its date."""

    furniture: frozenset[str] = frozenset()
    clues: tuple[Clue, ...] = ()


def _of_sites(known: Sequence[Reading]) -> dict[str, Asked]:
    """The pages to read anew because other lines are their site's than were taken out of them."""
    common = site_lines(reading.report for reading in known)
    wanted: dict[str, Asked] = {}
    for report in (reading.report for reading in known):
        lines = own_lines(report) & common.get(report.outlet or "", frozenset())
        if lines != _lines_of_site(report):
            wanted[report.doc] = Asked(lines)
    return wanted


def _lines_of_site(report: Report) -> frozenset[str]:
    return frozenset(key(d.text) for d in taken(report))


Found = tuple[str, Reading | Problem]
"""What was found in a page, and the page's name."""


def _read_anew(
    readers: Readers, page_of: Callable[[str], Page | None], wanted: Mapping[str, Asked], share: int
) -> Iterator[list[Found]]:
    """Reads pages as they are wanted, a share at a time; the readings are under the names of their pages."""
    for docs in _shares(wanted, share):
        pages = [(doc, page) for doc in docs if (page := page_of(doc)) is not None]
        found = readers.read([Task(page, wanted[doc].furniture, wanted[doc].clues) for doc, page in pages])
        yield [
            (doc, named_reading(one, doc) if isinstance(one, Reading) else replace(one, doc=doc))
            for (doc, _), one in zip(pages, found, strict=True)
        ]


def _replace(ledger: Ledger, made: Made, shares: Iterable[list[Found]], since: int) -> None:
    """Keeps what pages of the ledger were read as anew; of those that cannot be read the earlier reading stands, and of
    those that another run has read anew `since` that reading.
    """
    for share in shares:
        with ledger.batch(made) as batch:
            for _, reading in share:
                if isinstance(reading, Reading):
                    batch.replace(reading, since)


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
