"""Whose texts pages have, where pages were added or read anew: only what these touch is looked at.

A page touches those that share marks or signs with it; where that makes one the other's copy or translation, all of its
family is judged again, by the same rules as all pages at once (`trace`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from recoupe.ledger import Find
from recoupe.model import Origin, Reading
from recoupe.settle.hood import Hood, Print, Space
from recoupe.trace.candidates import CROWD, FEWEST, MOST, SHARE
from recoupe.trace.copies import copies
from recoupe.trace.index import Index
from recoupe.trace.named import named


@dataclass
class Copies:
    """The copies among pages that were changed, and all that they touch.

    `old` are the earlier readings of those that had one. After `settle`, `pages` are those whose copies were judged
    again, and `origins` what was found of them: copies and parts with an end among them.
    """

    hood: Hood
    changed: set[int]
    old: Mapping[int, Reading]
    pages: set[int] = field(default_factory=set)
    origins: list[Origin] = field(default_factory=list)

    def settle(self) -> None:
        """Notes what the changed pages are found by, and judges whom they touch."""
        family = self.hood.joined(self.changed, ["copy"])
        self._close(self.changed | family | self._noted())
        self._judge()

    # -- what pages are found by ---------------------------------------------------------------------------------------

    def _noted(self) -> set[int]:
        """Writes the notes of changed pages anew; gives the pages for which that makes a difference."""
        before = {page: self.hood.print_of(reading) for page, reading in self.old.items()}
        after = {page: self.hood.print(page) for page in self.changed}
        wholes = {p.whole for p in (*before.values(), *after.values()) if p.enough}
        heads = {whole: self._noted_head(whole, before) for whole in wholes}
        self.hood.finds.drop(Space.WHOLE, [p.row(page) for page, p in before.items() if p.enough])
        self.hood.finds.put(Space.WHOLE, [p.row(page) for page, p in after.items() if p.enough])
        touched: set[int] = set()
        gone: list[Find] = []
        come: list[Find] = []
        for whole, was in heads.items():
            now = self._head(whole)
            if was is not None and (was != now or was in self.changed):
                gone += (before[was] if was in before else self.hood.print(was)).rows(was)
            if now is not None and (was != now or now in self.changed):
                come += self.hood.print(now).rows(now)
            if was != now:
                touched |= {find.page for find in self.hood.finds.of(Space.WHOLE, whole)}
        return touched | self._moved(gone, come)

    def _head(self, whole: int) -> int | None:
        """The most original of the pages with the same text."""
        rows = self.hood.finds.of(Space.WHOLE, whole, 1)
        return self._first(self.hood.finds.like(Space.WHOLE, whole, rows[0].first)) if rows else None

    def _noted_head(self, whole: int, before: Mapping[int, Print]) -> int | None:
        """The one of the pages with the same text of which marks are noted; it may have had another name then."""
        rows = self.hood.finds.of(Space.WHOLE, whole, 1)
        tied = self.hood.finds.like(Space.WHOLE, whole, rows[0].first) if rows else []
        for page in (find.page for find in tied):
            marks = (before[page] if page in before else self.hood.print(page)).rows(page)
            if len(tied) == 1 or marks[0] in self.hood.finds.like(Space.MARK, marks[0].key, marks[0].first):
                return page
        return None

    def _first(self, rows: Iterable[Find]) -> int:
        """Of equally original pages the first by its doc."""
        pages = [find.page for find in rows]
        if len(pages) == 1:
            return pages[0]
        names = self.hood.batch.names(pages)
        return min(pages, key=names.__getitem__)

    def _moved(self, gone: list[Find], come: list[Find]) -> set[int]:
        """Takes notes of marks away and puts others there. Gives the pages that now share a mark with other pages than
        before: those of a mark that became one of a crowd, or no longer is, or whose crowd has another first.
        """
        finds = self.hood.finds
        heads = {find.key: finds.of(Space.MARK, find.key, CROWD + 1) for find in (*gone, *come)}
        finds.drop(Space.MARK, gone)
        finds.put(Space.MARK, come)
        touched: set[int] = set()
        for mark, was in heads.items():
            now = finds.of(Space.MARK, mark, CROWD + 1)
            crowds = len(was) > CROWD, len(now) > CROWD
            if any(crowds) and (not all(crowds) or was[0] != now[0] or self._tied(was) or self._tied(now)):
                touched |= {find.page for find in (*was, *finds.of(Space.MARK, mark))}
        return touched

    def _tied(self, crowd: Sequence[Find]) -> bool:
        """Is a changed page one of several that are the most original of a crowd? Then another may have been the first,
        for equals are told apart by their names."""
        first = [find.page for find in crowd if find.first == crowd[0].first]
        return len(first) > 1 and not self.changed.isdisjoint(first)

    # -- whom they touch -----------------------------------------------------------------------------------------------

    def _close(self, start: Iterable[int]) -> None:
        """Goes from pages to all that are their copies, near and far."""
        self._pairs: set[tuple[int, int]] = set()
        self._takers: set[int] = set()
        new = set(start)
        while new:
            page = new.pop()
            self.pages.add(page)
            own = self.hood.print(page)
            if not own.enough:
                continue
            alike = self.hood.finds.of(Space.WHOLE, own.whole)
            new |= {find.page for find in alike}
            if self._head(own.whole) == page:
                whole, part = self._compared(page, self._candidates(page, own))
                new |= whole
                self._takers |= part
            new -= self.pages

    def _candidates(self, page: int, own: Print) -> set[int]:
        """The pages that share enough marks with a page to be measured (`trace.candidates`)."""
        shared: Counter[int] = Counter()
        sizes: dict[int, int] = {}
        for mark, told in own.marks.items():
            rows = self.hood.finds.of(Space.MARK, mark, CROWD + 1)
            if len(rows) > CROWD:
                first = self._first(self.hood.finds.like(Space.MARK, mark, rows[0].first))
                rows = self.hood.finds.of(Space.MARK, mark) if first == page else [f for f in rows if f.page == first]
            for find in rows:
                if find.page != page and (told or find.item):
                    shared[find.page] += 1
                    sizes[find.page] = find.last
        least = _least(own.size)
        return {other for other, n in shared.items() if n >= min(least, _least(sizes[other]))}

    def _compared(self, page: int, others: set[int]) -> tuple[set[int], set[int]]:
        """Of the others those that are copies of a page, and those that share a part with it."""
        readings = self.hood.readings([page, *others])
        doc = readings[page].report.doc
        index = Index()
        index.add(self.hood.texts(readings.values()))
        docs = [reading.report.doc for reading in readings.values()]
        self._pairs |= {(min(page, other), max(page, other)) for other in others}
        found = index.pairs((doc, readings[other].report.doc) for other in others)
        ends = [{self.hood.page(docs[a]), self.hood.page(docs[b])} - {page} for a, b in found.ends.tolist()]
        whole = {
            other for other_, is_copy in zip(ends, found.whole.tolist(), strict=True) if is_copy for other in other_
        }
        return whole, {other for other_ in ends for other in other_} - whole

    # -- what they are to each other -----------------------------------------------------------------------------------

    def _judge(self) -> None:
        """Finds the copies and parts among the pages and those that share a part with them."""
        doubles = {
            find.page
            for page in self._takers - self.pages
            for find in self.hood.finds.of(Space.WHOLE, self.hood.print(page).whole)
        }
        others = {end for pair in self._pairs for end in pair}
        readings = self.hood.readings(self.pages | others | doubles)
        pairs = [(readings[a].report.doc, readings[b].report.doc) for a, b in sorted(self._pairs)]
        given = list(readings.values())
        found = copies(self.hood.texts(given), self.hood.said(given), pairs)
        self.origins = [o for o in found if {self.hood.page(o.doc), self.hood.page(o.source)} & self.pages]


def _least(size: int) -> int:
    """How many marks a text of so many must share."""
    return max(FEWEST, min(MOST, size // SHARE))


def sources_named(hood: Hood, pages: Iterable[int]) -> list[Origin]:
    """The sources that pages name."""
    return [origin for reading in hood.readings(pages).values() for origin in named(reading, hood.outlets)]
