"""What is at hand of a ledger: some of its reports, or all, with what people say of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from recoupe.ledger import Ledger
from recoupe.ledger.codec import dumps
from recoupe.model import Claim, Entry, Reading, Review, Target
from recoupe.review import Given, Memo, Outcome, apply, live, target, words_of

_STATE = 20  # hex digits


@dataclass(frozen=True)
class Part:
    """Reports as they are read (`read`, by doc), the hashes of their pages' bytes, and the reviews that are about them,
    by their times; `outcome` is what these come to.
    """

    read: Mapping[str, Reading]
    pages: Mapping[str, str]
    reviews: Sequence[Review]
    outcome: Outcome

    @classmethod
    def of(cls, ledger: Ledger, docs: Iterable[str]) -> Part:
        """These reports, without loading others; those that the ledger does not have are left out.

        Besides them there are those of which the reviews speak, so that none is taken for one of a missing page.
        """
        lookups = ledger.lookups
        read = lookups.readings(docs)
        reviews = lookups.reviews_of(read, {words_of(reading.report) for reading in read.values()})
        targets = [t for review in reviews for t in (*review.claims, *review.others)]
        beside = lookups.docs_with({t.page for t in targets}, {t.doc for t in targets} - read.keys())
        if beside:
            read |= lookups.readings(doc for doc in beside if doc not in read)
        pages = lookups.hashes(read)
        return cls(read, pages, reviews, apply(read.values(), Given(reviews, pages)))

    @classmethod
    def whole(cls, ledger: Ledger, memo: Memo | None = None) -> Part:
        """All of a ledger."""
        read = {reading.report.doc: reading for reading in ledger.readings()}
        pages, reviews = ledger.hashes(), ledger.reviews()
        return cls(read, pages, reviews, apply(read.values(), Given(reviews, pages), memo))

    def after(self, review: Review, memo: Memo | None = None) -> Part:
        """With one review more; `memo` keeps what need not be worked out again."""
        reviews = [*self.reviews, review]
        return Part(self.read, self.pages, reviews, apply(self.read.values(), Given(reviews, self.pages), memo))

    @cached_property
    def readings(self) -> Mapping[str, Reading]:
        """The reports as people have reviewed them, by doc."""
        return {reading.report.doc: reading for reading in self.outcome.readings}

    def claim(self, ref: str) -> Claim:
        """A claim as it stands."""
        doc, number = parts(ref)
        return self.readings[doc].claims[number - 1]

    def is_lost(self, ref: str) -> bool:
        """Is the claim read no longer, so that it stands only because somebody said so?"""
        doc, number = parts(ref)
        return number > len(self.read[doc].claims)

    def raw(self, ref: str) -> Claim:
        """A claim as the reader has it, or had it where it is read no longer."""
        doc, number = parts(ref)
        return self.outcome.claims[ref].read if self.is_lost(ref) else self.read[doc].claims[number - 1]

    def key(self, ref: str) -> Target:
        """What a review calls a claim."""
        doc, _ = parts(ref)
        return target(self.read[doc], self.pages[doc], self.raw(ref))

    def about(self, refs: Iterable[str]) -> list[Review]:
        """The reviews of claims that are not undone, in the order of their times."""
        known = (self.outcome.claims.get(ref) for ref in refs)
        every = {review.id: review for standing in known if standing for review in standing.reviews}
        return sorted(every.values(), key=lambda r: (r.at, r.id))

    def said_of(self, refs: Iterable[str]) -> list[Review]:
        """All reviews of claims as they are now read, those that are undone among them, in the order of their times."""
        wanted = {self._plain(ref) for ref in refs if self.has(ref)}
        return [
            review
            for review in self.reviews
            if any((t.page, t.claim) in wanted for t in (*review.claims, *review.others))
        ]

    def has(self, ref: str) -> bool:
        """Is there such a claim, read or kept by people?"""
        doc, number = parts(ref)
        return doc in self.read and (number <= len(self.read[doc].claims) or ref in self.outcome.claims)

    def refs_of(self, targets: Iterable[Target]) -> tuple[str, ...]:
        """The references of the claims that reviews are about, as they are now read; of one that is read otherwise, or
        in a page that is not at hand, the name of its report.
        """
        return tuple(dict.fromkeys(self._known.get((t.page, t.claim), t.doc) for t in targets))

    @cached_property
    def _known(self) -> Mapping[tuple[str, Claim], str]:
        refs = (f"{doc}#{n}" for doc, reading in self.read.items() for n in range(1, len(reading.claims) + 1))
        return {self._plain(ref): ref for ref in (*self.outcome.claims, *refs)}

    def _plain(self, ref: str) -> tuple[str, Claim]:
        """What of a claim the reviews that are about it have, too."""
        return self.pages[parts(ref)[0]], replace(self.raw(ref), grounds=(), read=None)

    def stands(self, review: Review) -> bool:
        """Is it not undone?"""
        return any(one.id == review.id for one in live(self.reviews))


def parts(ref: str) -> tuple[str, int]:
    """The doc and the number of a claim's reference.

    >>> parts("a#b.txt#2")
    ('a#b.txt', 2)
    """
    doc, _, number = ref.rpartition("#")
    return doc, int(number)


def docs_of(entry: Entry) -> list[str]:
    """The reports that tell an entry."""
    return sorted({parts(ref)[0] for ref in entry.claims})


def state_of(entry: Entry, part: Part) -> str:
    """A text that is another one whenever an entry, a claim of it or what people say of it is: by it somebody who
    reviews what they have seen learns that it has changed meanwhile.
    """
    told = [dumps(part.claim(ref)) for ref in entry.claims]
    said = [review.id for review in part.about(entry.claims)]
    return sha256("\n".join((dumps(entry), *told, *said)).encode()).hexdigest()[:_STATE]
