"""One pass over feeds: what they name, what of it is not yet known, and the pages that this gives.

A fetch is noted in the ledger only once its page is there too (or cannot be read), and a feed only once nothing that it
named is left to fetch: whatever interrupts a pass, the next one finds what this one did not get to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from recoupe.errors import FeedError, FetchError, PageError, RecoupeError
from recoupe.ledger import Fetch, Ledger
from recoupe.load import OnProblem, Problem, make_page
from recoupe.model import Page
from recoupe.watch.addresses import is_web, name_of
from recoupe.watch.feeds import LARGEST_SITEMAP, Entry, Feed, read_feed
from recoupe.watch.fetch import PAGES, Answer, Ask, Fetcher

T = TypeVar("T")
MOST_SITEMAPS = 50
"""Sitemaps of an index, and of the indexes in it, that are read in one pass; the others are left for the next."""
_LEVELS = 2  # of indexes; sitemaps.org knows one, and large sites have two
_AGAIN = timedelta(days=1)  # after which a page is asked for again that was not there or could not be used
_SOON = (408, 425, 429)  # answers that say "not now", where other ones from 400 to 499 say "no"
_PENDING = 16  # fetches after which is looked which of their pages the ledger has


@dataclass(slots=True)
class Tally:
    """What became of the pages that a feed named: `new` ones were never answered before; `fetched` ones go to the
    ledger; `unchanged` ones are known; `refused` ones cannot be had or used; `failed` ones and those `left` are tried
    again in the next pass. `same` is a feed that has not changed, `error` why one could not be read.
    """

    feed: str
    named: int = 0
    new: int = 0
    fetched: int = 0
    unchanged: int = 0
    refused: int = 0
    failed: int = 0
    left: int = 0
    same: bool = False
    error: str | None = None


@dataclass(slots=True)
class _Source:
    """A feed or sitemap as it was answered: what is to be noted of it, unless something that it named stays `open`."""

    place: str
    note: Fetch | None
    open: bool = False
    below: list[_Source] = field(default_factory=list)

    def done(self) -> bool:
        """Is nothing left of what it named, and of what the sitemaps named that it did?"""
        return not self.open and all(source.done() for source in self.below)


@dataclass(slots=True)
class _Descent:
    """The way down from one index: what it has found, the sitemaps it has met, and how many more it may read."""

    tally: Tally
    on_problem: OnProblem
    found: dict[str, tuple[Entry, _Source]]
    met: set[str]
    room: int


@dataclass(frozen=True, slots=True)
class _Due:
    """A page that is to be fetched: what names it, what was last noted of it, and what it counts for."""

    entry: Entry
    known: Fetch | None
    source: _Source
    tally: Tally


class Watch:
    """One pass over `feeds` (addresses, or paths of saved feeds); `limit` is the most pages that are asked for.

    Use it as a context: `pages` is the source to fill the ledger from, and what was fetched is noted at its end.
    """

    def __init__(self, feeds: Sequence[str], ledger: Ledger, fetcher: Fetcher, limit: int | None = None) -> None:
        self.tallies = [Tally(feed) for feed in dict.fromkeys(feeds)]
        self._ledger = ledger
        self._fetcher = fetcher
        self._limit = limit
        self._asked = 0
        self._sources: list[_Source] = []
        self._pending: list[tuple[Fetch, Page]] = []
        self._given: set[tuple[str, str]] = set()

    def pages(self, on_problem: OnProblem) -> Iterator[Page]:
        """The new and changed pages, of each feed in turn, so that no host is asked for all of its pages in a row.
        `on_problem` gets each feed and page that could not be had; raises LedgerError where the ledger fails.
        """
        met: set[str] = set()
        feeds = [self._feed(tally, met, on_problem) for tally in self.tallies]
        for due in _in_turn(feeds):
            if self._limit is not None and self._asked >= self._limit:
                due.tally.left += 1
                due.source.open = True
                continue
            page = self._page(due, on_problem)
            if page is not None:
                yield page
            if len(self._pending) >= _PENDING:
                self._note_kept()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._note_kept()
        if kind is None:
            self._note_all()

    def _note_kept(self) -> None:
        """Notes the fetches whose pages are in the ledger by now."""
        kept = [self._ledger.has(page) for _, page in self._pending]
        self._ledger.note_fetches(fetch for (fetch, _), there in zip(self._pending, kept, strict=True) if there)
        self._pending = [pair for pair, there in zip(self._pending, kept, strict=True) if not there]

    def _note_all(self) -> None:
        """Notes the other fetches too, whose pages could not be read, and the feeds that are done with. Of such a page
        is noted only that it was answered: it is asked for again, and that it has not changed would not help then.
        """
        feeds = (source.note for source in self._sources if source.note is not None and source.done())
        self._ledger.note_fetches(
            [*(Fetch(fetch.address, fetch.at, fetch.status) for fetch, _ in self._pending), *feeds]
        )
        self._pending = []

    def _feed(self, tally: Tally, met: set[str], on_problem: OnProblem) -> list[_Due]:
        """Reads a feed, and gives what of it is to be fetched, the newest first; `met` are the pages that feeds before
        it named.
        """
        try:
            named = self._named(tally, on_problem)
        except FetchError as error:
            tally.error = error.reason
            on_problem(Problem(tally.feed, error.reason))
            return []
        tally.named = len(named)
        noted = self._ledger.fetched(named)
        found: list[_Due] = []
        for entry, source in sorted(named.values(), key=lambda pair: _newest_first(pair[0])):
            known = noted.get(entry.address)
            tally.new += known is None
            if entry.address in met or not self._due(entry, known):
                tally.unchanged += 1
            else:
                found.append(_Due(entry, known, source, tally))
            met.add(entry.address)
        return found

    def _named(self, tally: Tally, on_problem: OnProblem) -> dict[str, tuple[Entry, _Source]]:
        """What a feed names, with what the sitemaps name that it names; by address."""
        feed, source = self._read(tally.feed)
        tally.same = source.note is not None and source.note.status == 304
        found = {entry.address: (entry, source) for entry in feed.entries}
        if feed.sitemaps:
            source.open = True  # an index does not reliably change when its sitemaps do
            self._descend(_Descent(tally, on_problem, found, {tally.feed}, MOST_SITEMAPS), feed, source, 1)
        return found

    def _descend(self, way: _Descent, index: Feed, source: _Source, level: int) -> None:
        """Reads the sitemaps of an index that are due, and those of an index among them right after it."""
        due = self._due_sitemaps(index, way.met)
        for at, (sitemap, known) in enumerate(due):
            if not way.room:
                way.tally.left += len(due) - at
                # One without a date is due in every pass: it has its turn when those read longer ago had theirs.
                source.open |= any(known is None or sitemap.newest is not None for sitemap, known in due[at:])
                return
            way.room -= 1
            way.met.add(sitemap.address)
            try:
                below, inner = self._read(sitemap.address)
            except FetchError as error:
                source.open = True
                way.tally.failed += 1
                way.on_problem(Problem(sitemap.address, error.reason))
                continue
            source.below.append(inner)
            for entry in below.entries:
                way.found.setdefault(entry.address, (entry, inner))
            if below.sitemaps:
                self._descend_further(way, below, inner, level)

    def _descend_further(self, way: _Descent, index: Feed, source: _Source, level: int) -> None:
        if source.note is not None:
            # Asked for whole each time: that it has not changed says nothing of its sitemaps.
            source.note = replace(source.note, etag=None, last_modified=None)
        if level < _LEVELS:
            self._descend(way, index, source, level + 1)
        else:
            way.on_problem(Problem(source.place, "an index within an index within an index: not read"))

    def _due_sitemaps(self, index: Feed, met: set[str]) -> list[tuple[Entry, Fetch | None]]:
        """The sitemaps of an index that are to be read, with what was noted of them: the newest first, and of those
        without a date the ones that were not read for the longest time.
        """
        noted = self._ledger.fetched(sitemap.address for sitemap in index.sitemaps)
        due: list[tuple[Entry, Fetch | None]] = []
        for sitemap in index.sitemaps:
            known, newest = noted.get(sitemap.address), sitemap.newest
            new = known is None or newest is None or newest > datetime.fromisoformat(known.at)
            if new and sitemap.address not in met:
                due.append((sitemap, known))
        return sorted(due, key=lambda pair: (_newest_first(pair[0]), pair[1].at if pair[1] else "", pair[0].address))

    def _read(self, place: str) -> tuple[Feed, _Source]:
        """The feed at an address or in a file; an empty one where it has not changed. Raises FetchError."""
        if not is_web(place):
            return _outside(place, lambda: read_feed(_file(place))), _Source(place, None)
        known = self._ledger.fetched([place]).get(place)
        ask = replace(_ask(place, known), most=LARGEST_SITEMAP)
        answer = _outside(place, lambda: self._fetcher.get(ask))
        feed = Feed()
        if answer.status != 304:
            feed = _outside(place, lambda: read_feed(answer.data, answer.url, answer.content_type))
        source = _Source(place, _noted(place, answer, known, None))
        self._sources.append(source)
        return feed, source

    def _due(self, entry: Entry, known: Fetch | None) -> bool:
        """Is it to be fetched: never answered, said to be newer than what was, or not there or not of use a
        day ago? The next version of the page, or of this program, may do better.
        """
        if known is None:
            return True
        at, now = datetime.fromisoformat(known.at), self._fetcher.now()
        newest = entry.newest
        # A date that is still to come would have the page fetched at each pass until then: a wrong one for ever, and a
        # day without a time, which counts to its end, all day long.
        if newest is not None and at < newest <= now:
            return True
        return known.page is None and now - at >= _AGAIN

    def _page(self, due: _Due, on_problem: OnProblem) -> Page | None:
        """The page of an entry, where it is one that the ledger does not have."""
        address, ask = due.entry.address, replace(_ask(due.entry.address, due.known), media=PAGES)
        self._asked += 1
        try:
            answer = _outside(address, lambda: self._fetcher.get(ask))
            made = _outside(address, lambda: _made(due.tally.feed, due.entry, answer), answer.status)
        except FetchError as error:
            self._trouble(due, error)
            on_problem(Problem(address, error.reason))
            return None
        fetch = _noted(address, answer, due.known, made)
        if made is None or self._has(answer.url, made, due.known):
            due.tally.unchanged += 1
            self._ledger.note_fetches([fetch])
            return None
        due.tally.fetched += 1
        self._pending.append((fetch, made))
        return made

    def _has(self, url: str, page: Page, known: Fetch | None) -> bool:
        """Is this what the address gave before, or another address that leads to the same one? What came with the
        page differs at each fetch, and makes no second report of it.
        """
        if (url, page.hash) in self._given or (known is not None and known.page == page.hash):
            return True
        self._given.add((url, page.hash))
        return self._ledger.has_bytes(url, page.hash)

    def _trouble(self, due: _Due, error: FetchError) -> None:
        """Counts a page that was not had; an answer that will stay what it is for a while, or that we cannot use, is
        noted, so that it is not asked for at each pass.
        """
        self._asked -= error.refused
        lasting = error.status is not None and error.status < 500 and error.status not in _SOON
        if error.refused or lasting:
            due.tally.refused += 1
        else:
            due.tally.failed += 1
            due.source.open = True
        if lasting and error.status is not None:
            at = self._fetcher.now().isoformat(timespec="seconds")
            self._ledger.note_fetches([Fetch(error.address, at, error.status)])


def _outside(address: str, work: Callable[[], T], status: int | None = None) -> T:
    """The one place where any failure over what strangers send ends: the page or feed is a problem, and the others are
    fetched all the same. `status` is the server's answer, where there is one already: it did its part.
    """
    try:
        return work()
    except PageError as error:
        raise FetchError(address, error.reason, status) from error
    except FeedError as error:
        raise FetchError(address, str(error)) from error
    except RecoupeError:
        raise
    except Exception as error:
        raise FetchError(address, f"a fault of this program: {type(error).__name__}: {error}", status) from error


def _file(place: str) -> bytes:
    try:
        if Path(place).stat().st_size > LARGEST_SITEMAP:
            raise FeedError(f"larger than {LARGEST_SITEMAP // 2**20} MB")
        if not Path(place).is_file():
            raise FeedError("not a file, and not an http(s) address")
        return Path(place).read_bytes()
    except (OSError, ValueError) as error:
        raise FeedError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _ask(address: str, known: Fetch | None) -> Ask:
    if known is None:
        return Ask(address)
    return Ask(address, known.etag or "", known.last_modified or "")


def _noted(address: str, answer: Answer, known: Fetch | None, page: Page | None) -> Fetch:
    """What is kept of an answer; one that nothing changed keeps what the last one told."""
    at = answer.at.isoformat(timespec="seconds")
    if answer.status == 304 and known is not None:
        etag, modified = answer.etag or known.etag, answer.modified or known.last_modified
        return Fetch(address, at, 304, etag, modified, known.page)
    return Fetch(address, at, answer.status, answer.etag or None, answer.modified or None, page.hash if page else None)


def _made(feed: str, entry: Entry, answer: Answer) -> Page | None:
    """The page that was answered; None where it has not changed."""
    if answer.status == 304:
        return None
    meta = {
        "url": answer.url,
        "asked": entry.address if entry.address != answer.url else "",
        "fetched": answer.at.isoformat(timespec="seconds"),
        "header.content-type": answer.content_type,
        "header.last-modified": answer.modified,
        "header.etag": answer.etag,
        "feed": feed,
        "feed.title": entry.title,
        "feed.published": entry.published,
        "feed.updated": entry.updated,
    }
    return make_page(name_of(answer.url), answer.data, meta, content_type=answer.content_type)


def _newest_first(entry: Entry) -> float:
    """Entries without a date last, as the feed has them."""
    newest = entry.newest
    return float("inf") if newest is None else -newest.timestamp()


def _in_turn(feeds: Sequence[Sequence[_Due]]) -> Iterator[_Due]:
    """What is due of all feeds, one of each at a time."""
    for turn in zip_longest(*feeds):
        yield from (due for due in turn if due is not None)
