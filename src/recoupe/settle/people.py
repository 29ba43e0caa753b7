"""What people say of the pages near those at hand, and what stands of these: what `review.apply` finds at once, looked
up page by page.

A review is about pages by their bytes, or by their words, and rules on claims; so what people say of a page hangs on
the reviews that are about it, and which claims are one fact on all reviews that rule on one of them, near and far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from types import MappingProxyType
from typing import NamedTuple

from recoupe.hashed import number_of_words
from recoupe.ledger import Batch, Find
from recoupe.ledger.found import keys_of_review, of_bytes, of_words, undoing
from recoupe.model import Claim, Reading, Review
from recoupe.review import RULING, Notice, Outcome, Reviewing, Said, Standing, live, put_together, words_of
from recoupe.settle.hood import Space

Readings = Callable[[Iterable[int]], Mapping[int, Reading]]
Place = tuple[int, int]
"""A page and the number of a claim of it, from 1."""


class Told(NamedTuple):
    """A claim as it stands, and all that people say of it."""

    claim: Claim
    standing: Standing | None
    notices: tuple[Notice, ...]
    words: tuple[tuple[str, bool], ...]


class People:
    """What people say of pages, by the first reviews of a ledger (`until` a row) and the readings of its pages.

    With `changed`, as it was before these pages changed, of which those that were there were read as in `old`.
    """

    def __init__(
        self,
        batch: Batch,
        readings: Readings,
        until: int,
        changed: Set[int] = frozenset(),
        old: Mapping[int, Reading] = MappingProxyType({}),
    ) -> None:
        self._batch = batch
        self._standing = readings
        self._until = until
        self._changed = changed
        self._old = old
        self._keys: dict[int, tuple[int, int]] = {}
        self._having: dict[int, frozenset[int]] = {}
        self._reviews: dict[int, Review] = {}
        self._ones: dict[int, Reviewing | None] = {}

    @property
    def silent(self) -> bool:
        """Has nobody said anything yet?"""
        return not self._until

    def readings(self, pages: Iterable[int]) -> dict[int, Reading]:
        """The readings of pages as they are read."""
        wanted = set(pages)
        before = {page: self._old[page] for page in wanted & self._changed if page in self._old}
        return {**self._standing(wanted - self._changed), **before}

    def applied(self, pages: Iterable[int]) -> dict[int, Reading]:
        """The readings of pages as people have reviewed them."""
        readings = self.readings(pages)
        ones = self._met(readings)
        return {page: reading if (one := ones[page]) is None else one.reading for page, reading in readings.items()}

    def claims(self, page: int) -> dict[int, Told]:
        """The claims that a page has, by number, with what people say of them."""
        readings = self.readings([page])
        if page not in readings:
            return {}
        one = self._met(readings)[page]
        reading = readings[page] if one is None else one.reading
        found: dict[int, Told] = {}
        for number, claim in enumerate(reading.claims, 1):
            ref = f"{reading.report.doc}#{number}"
            notices = () if one is None else tuple(n for n in one.notices if n.ref == ref)
            words = () if one is None else tuple((w.review.id, w.other) for at, w in one.words if at == ref)
            found[number] = Told(claim, None if one is None else one.claims.get(ref), notices, words)
        return found

    def about(self, pages: Iterable[int]) -> set[int]:
        """The rows of all reviews that are about these pages, those taken back among them."""
        return set() if self.silent else {row for rows in self._about(self.readings(pages)).values() for row in rows}

    def pages_of(self, rows: Iterable[int]) -> set[int]:
        """The pages that reviews are about, and those of the reviews that these take back, near and far."""
        new, seen = {row for row in rows if row <= self._until}, set[int]()
        found: set[int] = set()
        while new:
            seen |= new
            reviews = [self._review(row) for row in new]
            found |= {page for review in reviews for page in self._addressed(review)}
            back = [_is(review.undoes) for review in reviews if review.undoes is not None]
            new = self._found(back) - seen
        return found

    def together(self, places: Iterable[Place]) -> set[Place]:
        """These claims and all that rulings join to them (or set apart), near and far."""
        return self._joined(places)[0]

    def outcome(self, places: Iterable[Place]) -> Outcome:
        """What people say of these claims; there is more in it, of their pages. Without readings."""
        if self.silent:
            return Outcome(())
        joined, reviews = self._joined(places)
        ones = [one for one in self._met(self.readings({page for page, _ in joined})).values() if one is not None]
        ones.sort(key=lambda one: one.reading.report.doc)
        return put_together((), ones, sorted(reviews, key=lambda review: (review.at, review.id)))

    def _joined(self, places: Iterable[Place]) -> tuple[set[Place], list[Review]]:
        new = set(places)
        if self.silent:
            return new, []
        seen: set[Place] = set()
        reviews: dict[str, Review] = {}
        self._met(self.readings({page for page, _ in new}))
        while new:
            seen |= new
            spoken = [review for place in new for review in self._ruling(place) if review.id not in reviews]
            reviews |= {review.id: review for review in spoken}
            pages = {page for review in spoken for page in self._addressed(review)}
            ids = {review.id for review in spoken}
            new = {
                (page, number)
                for page, one in self._met(self.readings(pages)).items()
                if one is not None
                for number, word in _numbered(one)
                if word.review.id in ids
            } - seen
        return seen, list(reviews.values())

    def _ruling(self, place: Place) -> Iterator[Review]:
        page, number = place
        if (one := self._ones.get(page)) is not None:
            yield from (word.review for n, word in _numbered(one) if n == number and word.review.action in RULING)

    def _met(self, readings: Mapping[int, Reading]) -> Mapping[int, Reviewing | None]:
        """What people say of each page; None where they say nothing."""
        if self.silent:
            return dict.fromkeys(readings)
        new = {page: reading for page, reading in readings.items() if page not in self._ones}
        about = self._about(new)
        reviews = self._live({row for rows in about.values() for row in rows})
        for page, reading in new.items():
            said = list(self._said(page, [review for row, review in reviews.items() if row in about[page]]))
            self._ones[page] = Reviewing(reading, said) if said else None
        return {page: self._ones[page] for page in readings}

    def _said(self, page: int, reviews: Iterable[Review]) -> Iterator[Said]:
        """What reviews, in the order of their times, say of a page."""
        its_bytes, its_words = self._keys[page]
        for review in reviews:
            sides = [(False, t) for t in review.claims] + [(True, t) for t in review.others]
            for nth, (other, target) in enumerate(sides):
                own = of_bytes(target.page)
                if own == its_bytes:
                    yield Said(review, nth, target, other, True)
                elif of_words(target.words) == its_words:
                    yield Said(review, nth, target, other, not self._with(own))

    def _about(self, readings: Mapping[int, Reading]) -> dict[int, set[int]]:
        """The rows of the reviews about each page."""
        self._know(readings)
        asked = {key for page in readings for key in self._keys[page]}
        rows: dict[int, set[int]] = {}
        for find in self._batch.finds.any_of(Space.REVIEW, asked):
            if find.page <= self._until:
                rows.setdefault(find.key, set()).add(find.page)
        return {page: set().union(*(rows.get(key, ()) for key in self._keys[page])) for page in readings}

    def _live(self, rows: set[int]) -> dict[int, Review]:
        """Those of these reviews that are not taken back, in the order of their times."""
        every, new = set(rows), rows
        while new:
            new = self._found(undoing(self._review(row).id) for row in new) - every
            every |= new
        by_id = {self._review(row).id: row for row in sorted(every)}
        return {by_id[r.id]: r for r in live(map(self._review, sorted(every))) if by_id[r.id] in rows}

    def _addressed(self, review: Review) -> set[int]:
        """The pages that a review is about."""
        return {
            page
            for target in (*review.claims, *review.others)
            for key in (of_bytes(target.page), of_words(target.words))
            for page in self._with(key)
        }

    def _with(self, key: int) -> frozenset[int]:
        """The pages that have these bytes, or words."""
        if key not in self._having:
            self._know({page: reading for page, reading in self._old.items() if page in self._changed})
            now = {find.page for find in self._batch.finds.of(Space.TEXT, key)} - self._changed
            self._having[key] = frozenset(now | {page for page in self._old if key in self._keys[page]})
        return self._having[key]

    def _know(self, readings: Mapping[int, Reading]) -> None:
        new = {page: reading for page, reading in readings.items() if page not in self._keys}
        self._keys |= keys_of_texts(self._batch, new)

    def _found(self, keys: Iterable[int]) -> set[int]:
        return {f.page for f in self._batch.finds.any_of(Space.REVIEW, keys) if f.page <= self._until}

    def _review(self, row: int) -> Review:
        if row not in self._reviews:
            self._reviews |= self._batch.reviews_of([row])
        return self._reviews[row]


def note_texts(batch: Batch, old: Mapping[int, Reading], new: Mapping[int, Reading]) -> None:
    """Writes by which bytes and words pages are found, instead of what was written for their old readings."""
    for readings, note in ((old, batch.finds.drop), (new, batch.finds.put)):
        keys = keys_of_texts(batch, readings)
        note(Space.TEXT, [Find(key, 0, 0, page, 0) for page, both in keys.items() for key in both])


def note_reviews(batch: Batch, rows: Iterable[int]) -> None:
    """Writes by what these reviews are found: the pages that they are about, themselves, and what they take back."""
    for row, review in batch.reviews_of(rows).items():
        keys = {_is(review.id)} | keys_of_review(review)
        batch.finds.put(Space.REVIEW, [Find(key, 0, 0, row, 0) for key in sorted(keys)])


def keys_of_texts(batch: Batch, readings: Mapping[int, Reading]) -> dict[int, tuple[int, int]]:
    """By which numbers pages are found: of their bytes, and of their words."""
    hashes = batch.bytes_of(readings) if readings else {}
    return {page: (of_bytes(hashes[page]), of_words(words_of(r.report))) for page, r in readings.items()}


def _numbered(one: Reviewing) -> Iterator[tuple[int, Said]]:
    return ((int(ref.rpartition("#")[2]), word) for ref, word in one.words)


def _is(review: str) -> int:
    return number_of_words("is", review)
