"""By what claims are found, and what they say together, where pages were added or read anew: only the facts that these
touch are put together again, by the same rules as all at once (`check`).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field

from recoupe.check import entries_of
from recoupe.check.near import keys_of
from recoupe.check.same import compare, same_words
from recoupe.check.telling import Telling, tellings
from recoupe.hashed import number_of_words
from recoupe.ledger import Change, Find
from recoupe.ledger.codec import dumps
from recoupe.model import Reading
from recoupe.review import marked
from recoupe.settle.hood import Hood, Space

Claim = tuple[int, int]
"""A page and the number of a claim of it, from 1."""


class Tellings:
    """Claims as cross-checking sees them, by page and number; each page is looked up once. With `apart` they are as
    people have reviewed them, and those that are another's word than their report's as such; else as they are read.
    """

    def __init__(self, hood: Hood, apart: bool = True) -> None:
        self.hood = hood
        self._apart = apart
        self._told: dict[int, dict[int, Telling]] = {}

    def of(self, pages: Iterable[int]) -> dict[int, dict[int, Telling]]:
        """All claims of pages."""
        wanted = set(pages)
        if missing := [page for page in wanted if page not in self._told]:
            readings = self.hood.applied(missing) if self._apart else self.hood.standing(missing)
            self._told |= {page: {} for page in missing} | told(self.hood, readings, self._apart)
        return {page: self._told[page] for page in wanted}

    def one(self, claim: Claim) -> Telling | None:
        """A claim; None where the page no longer has it."""
        return self.of([claim[0]])[claim[0]].get(claim[1])


def told(hood: Hood, readings: Mapping[int, Reading], apart: bool = True) -> dict[int, dict[int, Telling]]:
    """The claims of these readings, by page and number; with `apart`, those that are another's word than their report's
    as such.
    """
    pages = {reading.report.doc: page for page, reading in readings.items()}
    found: dict[int, dict[int, Telling]] = {page: {} for page in readings}
    for telling in tellings(readings.values(), hood.roots(readings, apart), hood.codebook):
        found[pages[telling.doc]][int(telling.ref.rpartition("#")[2])] = telling
    return found


def notes(page: int, number: int, telling: Telling) -> tuple[Find, list[Find]]:
    """The notes of a claim: of what it says, and of the keys that it is found by."""
    first, last = telling.days
    content = Find(content_of(telling), first, last, page, number)
    return content, [Find(key, first, last, page, number) for key in keys_of(telling)]


def content_of(telling: Telling) -> int:
    """A number for what a claim says, and of which days."""
    return number_of_words(telling.content, *map(str, telling.days))


def note_claims(hood: Hood, old: Mapping[int, Reading], new: Mapping[int, Reading]) -> None:
    """Writes what the claims of pages are found by, instead of what was written for their old readings."""
    for readings, note in ((old, hood.finds.drop), (new, hood.finds.put)):
        every = [notes(page, n, t) for page, claims in told(hood, readings).items() for n, t in claims.items()]
        note(Space.CONTENT, [content for content, _ in every])
        note(Space.CLAIM, [key for _, keys in every for key in keys])


def note_entries(note: Callable[[int, Iterable[Find]], None], told_by: Iterable[tuple[int, int, int]]) -> None:
    """Notes (or takes the notes away) of which claims an entry has: its row, the page, the claim's number."""
    given = list(told_by)
    note(Space.TOLD, [Find(row, 0, 0, page, number) for row, page, number in given])
    note(Space.ENTRY, [Find(page, row, 0, page, number) for row, page, number in given])


def alike(told: Tellings, telling: Telling, known: Container[Claim] = ()) -> set[Claim]:
    """The claims, but for some of those `known`, that say the same, and those that are one fact with it by themselves,
    or were while their texts had one root.
    """
    first, last = telling.days
    finds = told.hood.finds
    spaces = [Space.AMENDED] * (not told.hood.people.silent)
    same = [f for space in (Space.CONTENT, *spaces) for f in finds.like(space, content_of(telling), first)]
    found = {(f.page, f.item) for f in same}
    keyed = {
        (f.page, f.item)
        for key in keys_of(telling)
        for space in (Space.CLAIM, *spaces)
        for f in finds.during(space, key, first, last)
    }
    near = {claim for claim in keyed if claim not in found and claim not in known}
    told.of({page for page, _ in near})
    for claim in near:
        other = told.one(claim)
        if other is not None and other.doc != telling.doc and _one_fact(telling, other):
            found.add(claim)
    return found


def _one_fact(a: Telling, b: Telling) -> bool:
    return compare(a, b).same or (a.content == b.content and same_words(a, b))


def neighbours(hood: Hood, old: Mapping[int, Reading]) -> set[int]:
    """The pages of claims that were of one fact with claims of these readings, which no longer stand."""
    told_ = Tellings(hood)
    gone = [telling for claims in told(hood, old).values() for telling in claims.values()]
    return {page for telling in gone for page, _ in alike(told_, telling)}


@dataclass
class Facts:
    """The facts that changed pages tell, and told, and those of some other claims: after `settle` their entries stand
    in the ledger, as people have reviewed them.

    `old` are the earlier readings of those that had one.
    """

    hood: Hood
    changed: set[int]
    old: Mapping[int, Reading]
    others: Iterable[Claim] = ()
    _claims: set[Claim] = field(default_factory=set)
    _rows: set[int] = field(default_factory=set)

    def settle(self) -> Change:
        """Puts the facts together again; says what that changed."""
        self._told = Tellings(self.hood)
        self._close()
        every = self._told.of({page for page, _ in self._claims})
        counted = [every[page][number] for page, number in self._claims if number in every[page]]
        outcome = self.hood.people.outcome(self._claims)
        wanted = {dumps(entry): entry for entry in marked(entries_of(counted, outcome.rulings), outcome)}
        standing = self.hood.batch.bodies("entries", self._rows)
        gone = [row for row, body in standing.items() if body not in wanted]
        fresh = sorted(wanted.keys() - set(standing.values()))
        rows = self.hood.batch.change("entries", fresh, gone)
        docs = {telling.doc: page for page, claims in every.items() for telling in claims.values()}
        told_by = [f for row in gone for f in self.hood.finds.of(Space.TOLD, row)]
        note_entries(self.hood.finds.drop, [(f.key, f.page, f.item) for f in told_by])
        new = zip(rows, (wanted[body] for body in fresh), strict=True)
        refs = ((row, ref.rpartition("#")) for row, entry in new for ref in entry.claims)
        note_entries(self.hood.finds.put, [(row, docs[doc], int(number)) for row, (doc, _, number) in refs])
        return Change(len(fresh), len(gone))

    def _close(self) -> None:
        """Goes from the claims of changed pages to all that may be of one fact with them, near and far."""
        new: set[Claim] = {(p, n) for p, claims in self._told.of(self.changed).items() for n in claims}
        for claim in self.others:
            new |= {claim} | self._entries(claim)
        for page in self.changed:
            for find in self.hood.finds.of(Space.ENTRY, page):
                new |= self._entry(find.first)
        for claims in told(self.hood, self.old).values():
            for earlier in claims.values():
                new |= alike(self._told, earlier)
        while new:
            claim = new.pop()
            telling = self._told.one(claim)
            if telling is None:
                continue
            self._claims.add(claim)
            new |= self._entries(claim)
            new |= alike(self._told, telling, self._claims)
            new -= self._claims

    def _entries(self, claim: Claim) -> set[Claim]:
        """The claims of the entry that a claim has, or had."""
        rows = [find.first for find in self.hood.finds.of(Space.ENTRY, claim[0]) if find.item == claim[1]]
        return {other for row in rows for other in self._entry(row)}

    def _entry(self, row: int) -> set[Claim]:
        """The claims of an entry that stands, which is one of those to be put together again."""
        if row in self._rows:
            return set()
        self._rows.add(row)
        return {(find.page, find.item) for find in self.hood.finds.of(Space.TOLD, row)}
