"""One pass over feeds: what they name, what of it is not yet known, and the pages that this gives.

A fetch is noted in the ledger only once its page is there too (or cannot be read), and a feed only once nothing that it
named is left to fetch: whatever interrupts a pass, the next one finds what this one did not get to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, zip_longest
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
"""Sitemaps of an index that are read in one pass, the newest first; the others are left for the next."""
_AGAIN = timedelta(days=1)  # after which a page is asked for again that was not there
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
class _Plan:
    """A feed's entries that are to be fetched, each with what was last noted of it, and what is to be noted of the feed
    when they all are done.
    """

    tally: Tally
    due: list[tuple[Entry, Fetch | None]] = field(default_factory=list)
    notes: list[Fetch] = field(default_factory=list)


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
        self._plans: list[_Plan] = []
        self._pending: list[tuple[Fetch, Page]] = []
        self._given: set[tuple[str, str]] = set()

    def pages(self, on_problem: OnProblem) -> Iterator[Page]:
        """The new and changed pages, of each feed in turn, so that no host is asked for all of its pages in a row.
        `on_problem` gets each feed and page that could not be had; raises LedgerError where the ledger fails.
        """
        met: set[str] = set()
        for tally in self.tallies:
            self._plans.append(self._plan(tally, met, on_problem))
        for plan, entry, known in _in_turn(self._plans):
            if self._limit is not None and self._asked >= self._limit:
                plan.tally.left += 1
                continue
            page = self._page(plan.tally, entry, known, on_problem)
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
        """Notes the other fetches too, whose pages could not be read, and the feeds that are done with."""
        done = [plan for plan in self._plans if not plan.tally.failed and not plan.tally.left]
        feeds = chain.from_iterable(plan.notes for plan in done)
        self._ledger.note_fetches([*(fetch for fetch, _ in self._pending), *feeds])
        self._pending = []

    def _plan(self, tally: Tally, met: set[str], on_problem: OnProblem) -> _Plan:
        """Reads a feed, and sees what of it is to be fetched; `met` are the pages that feeds before it named."""
        plan = _Plan(tally)
        try:
            entries = self._entries(plan, on_problem)
        except (FeedError, FetchError) as error:
            tally.error = error.reason if isinstance(error, FetchError) else str(error)
            on_problem(Problem(tally.feed, tally.error))
            return plan
        tally.named = len(entries)
        noted = self._ledger.fetched(entry.address for entry in entries)
        for entry in sorted(entries, key=_newest_first):
            known = noted.get(entry.address)
            tally.new += known is None
            if entry.address in met or not self._due(entry, known):
                tally.unchanged += 1
            else:
                plan.due.append((entry, known))
            met.add(entry.address)
        return plan

    def _entries(self, plan: _Plan, on_problem: OnProblem) -> list[Entry]:
        """What a feed names, with what the sitemaps name that it names."""
        feed = self._feed(plan, plan.tally.feed)
        found = {entry.address: entry for entry in feed.entries}
        if feed.sitemaps:
            plan.notes.clear()  # an index does not reliably change when its sitemaps do
        noted = self._ledger.fetched(child.address for child in feed.sitemaps)
        due = [child for child in feed.sitemaps if _may_differ(child, noted.get(child.address))]
        plan.tally.left += max(0, len(due) - MOST_SITEMAPS)
        for child in sorted(due, key=_newest_first)[:MOST_SITEMAPS]:
            try:
                below = self._feed(plan, child.address)
            except (FeedError, FetchError) as error:
                plan.tally.failed += 1
                on_problem(Problem(child.address, error.reason if isinstance(error, FetchError) else str(error)))
                continue
            found |= {entry.address: entry for entry in below.entries if entry.address not in found}
        return list(found.values())

    def _feed(self, plan: _Plan, place: str) -> Feed:
        """The feed at an address or in a file; an empty one where it has not changed."""
        if not is_web(place):
            return _outside(place, lambda: read_feed(_file(place)))
        known = self._ledger.fetched([place]).get(place)
        ask = replace(_ask(place, known), most=LARGEST_SITEMAP)
        answer = _outside(place, lambda: self._fetcher.get(ask))
        plan.notes.append(_noted(place, answer, known, None))
        if answer.status == 304:
            plan.tally.same = place == plan.tally.feed
            return Feed()
        return _outside(place, lambda: read_feed(answer.data, answer.url, answer.content_type))

    def _due(self, entry: Entry, known: Fetch | None) -> bool:
        """Is it to be fetched: never answered, said to be newer than what was, or not there a day ago?"""
        if known is None:
            return True
        at, now = datetime.fromisoformat(known.at), self._fetcher.now()
        newest = entry.newest
        # A date that is still to come would have the page fetched at each pass until then: a wrong one for ever, and a
        # day without a time, which counts to its end, all day long.
        if newest is not None and at < newest <= now:
            return True
        return known.status >= 400 and now - at >= _AGAIN

    def _page(self, tally: Tally, entry: Entry, known: Fetch | None, on_problem: OnProblem) -> Page | None:
        """The page of an entry, where it is one that the ledger does not have."""
        try:
            self._asked += 1
            answer = _outside(
                entry.address, lambda: self._fetcher.get(replace(_ask(entry.address, known), media=PAGES))
            )
            page = _outside(entry.address, lambda: _made(tally.feed, entry, answer)) if answer.status == 200 else None
        except FetchError as error:
            self._trouble(tally, error)
            on_problem(Problem(entry.address, error.reason))
            return None
        fetch = _noted(entry.address, answer, known, page)
        if page is None or self._has(answer.url, page, known):
            tally.unchanged += 1
            self._ledger.note_fetches([fetch])
            return None
        tally.fetched += 1
        self._pending.append((fetch, page))
        return page

    def _has(self, url: str, page: Page, known: Fetch | None) -> bool:
        """Is this what the address gave before, or another address that leads to the same one? What came with the
        page differs at each fetch, and makes no second report of it.
        """
        if (url, page.hash) in self._given or (known is not None and known.page == page.hash):
            return True
        self._given.add((url, page.hash))
        return self._ledger.has_bytes(url, page.hash)

    def _trouble(self, tally: Tally, error: FetchError) -> None:
        """Counts a page that was not had; an answer that will stay what it is for a while is noted."""
        self._asked -= error.refused
        lasting = error.status is not None and error.status < 500 and error.status not in _SOON
        if error.refused or lasting:
            tally.refused += 1
        else:
            tally.failed += 1
        if lasting and error.status is not None:
            at = self._fetcher.now().isoformat(timespec="seconds")
            self._ledger.note_fetches([Fetch(error.address, at, error.status)])


def _outside(address: str, work: Callable[[], T]) -> T:
    """The one place where any failure over what strangers send ends: the page or feed is a problem, and the others are
    fetched all the same.
    """
    try:
        return work()
    except PageError as error:
        raise FetchError(address, error.reason, 200) from error
    except RecoupeError:
        raise
    except Exception as error:
        raise FetchError(address, f"a fault of this program: {type(error).__name__}: {error}") from error


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


def _made(feed: str, entry: Entry, answer: Answer) -> Page:
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


def _may_differ(sitemap: Entry, known: Fetch | None) -> bool:
    """May a sitemap name more than when it was last read: is there no later date that says otherwise?"""
    newest = sitemap.newest
    return known is None or newest is None or newest > datetime.fromisoformat(known.at)


def _newest_first(entry: Entry) -> float:
    """Entries without a date last, as the feed has them."""
    newest = entry.newest
    return float("inf") if newest is None else -newest.timestamp()


def _in_turn(plans: Sequence[_Plan]) -> Iterator[tuple[_Plan, Entry, Fetch | None]]:
    """The entries of all plans, one of each at a time."""
    for turn in zip_longest(*([(plan, *due) for due in plan.due] for plan in plans)):
        yield from (one for one in turn if one is not None)
