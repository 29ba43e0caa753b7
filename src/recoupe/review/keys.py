"""How a review knows what it is about: by the page's bytes, the report's words and the claim's evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from recoupe.model import Action, Claim, Reading, Report, Review, Target
from recoupe.review.fields import Fields
from recoupe.values import Value

_ID = 10  # hex digits, as entries have
_SHORT = 16


def words_of(report: Report) -> str:
    """The hash of a report's words, spaces apart."""
    return sha256(" ".join(report.text.split()).encode()).hexdigest()


def generation(reading: Reading) -> str:
    """The hash of all that a reader has made of a report: claims of one reading are known to be different ones."""
    told = [[content(claim), _places(claim)] for claim in reading.claims]
    return _hash(told)[:_SHORT]


def content(claim: Claim) -> list[object]:
    """What a claim says, in the manual's notation, whatever the order of its cells."""
    cells = sorted({(cell.role, str(cell.value)) for cell in claim.cells})
    return [claim.kind, claim.status, str(claim.time), cells, sorted(claim.attribution)]


def _places(claim: Claim) -> list[list[object]]:
    return [[e.start, e.end, e.text] for e in claim.evidence]


def _hash(data: object) -> str:
    return sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def identity(review: Review) -> str:
    """The id that a review has by what it says."""
    fields = [review.action, review.by, review.at, review.why, review.undoes]
    return _hash([*fields, *(list(map(_target, side)) for side in (review.claims, review.others))])[:_ID]


def _target(target: Target) -> list[object]:
    fields = [[name, list(map(_typed, values))] for name, values in target.fields]
    return [target.page, target.words, target.reading, content(target.claim), _places(target.claim), fields]


def _typed(value: Value) -> str:
    return f"{type(value).__name__} {value}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who gives a review, and when."""

    by: str
    at: datetime

    @classmethod
    def now(cls, by: str, after: Iterable[Review] = ()) -> Person:
        """Somebody, now; later than all of some reviews, whatever the clock says."""
        at = datetime.now(UTC)
        for review in after:
            at = max(at, datetime.fromisoformat(review.at) + timedelta(milliseconds=1))
        return cls(by, at)


def moment(at: datetime) -> str:
    """A time as reviews have it: UTC, to the millisecond, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def given(
    action: Action,
    person: Person,
    claims: Iterable[Target] = (),
    others: Iterable[Target] = (),
    why: str = "",
    undoes: str | None = None,
) -> Review:
    """A review, with its id."""
    review = Review("", action, person.by, moment(person.at), why, tuple(claims), tuple(others), undoes)
    return replace(review, id=identity(review))


def target(reading: Reading, page: str, claim: Claim, fields: Fields | None = None) -> Target:
    """What a review says of a claim of a reading, as the reader had it; `page` is the hash of the page's bytes."""
    plain = replace(claim, grounds=(), read=None)
    stands = tuple(sorted((fields or {}).items()))
    return Target(page, words_of(reading.report), reading.report.doc, generation(reading), plain, stands)


def live(reviews: Iterable[Review]) -> list[Review]:
    """The reviews that are not undone, in the order of their times; an undo can be undone in its turn."""
    every = sorted({r.id: r for r in reviews}.values(), key=order)
    undoing: dict[str, list[str]] = {}
    for review in every:
        if review.undoes is not None:
            undoing.setdefault(review.undoes, []).append(review.id)
    stands: dict[str, bool] = {}
    for review in reversed(every):  # what takes back comes after what is taken back
        stands[review.id] = not any(stands.get(id_, False) for id_ in undoing.get(review.id, ()))
    return [review for review in every if stands[review.id]]


def order(review: Review) -> tuple[str, str]:
    """By what reviews are sorted: the later of two outranks the earlier."""
    return review.at, review.id


def by_page(pages: Mapping[str, str]) -> dict[str, list[str]]:
    """The docs of each page's bytes."""
    docs: dict[str, list[str]] = {}
    for doc in sorted(pages):
        docs.setdefault(pages[doc], []).append(doc)
    return docs
