"""What people have said of claims, put upon what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recoupe.check import check
from recoupe.codebook import Codebook
from recoupe.ledger import Find
from recoupe.model import Entry, Origin, Reading
from recoupe.review import Given, apply, marked
from recoupe.settle.claims import Claim, Tellings, alike, notes, told
from recoupe.settle.hood import Hood, Space
from recoupe.settle.people import People, note_reviews, note_texts
from recoupe.trace import roots


def as_reviewed(
    readings: Sequence[Reading], origins: Iterable[Origin], codebook: Codebook, given: Given
) -> list[Entry]:
    """What the reports say together when people's reviews are put upon them. Nothing else hangs on reviews: readings
    and their dates are decided by the pages alone.
    """
    outcome = apply(readings, given)
    found = roots(outcome.readings, origins, codebook)
    return marked(check(outcome.readings, found, codebook, outcome.rulings), outcome)


@dataclass(frozen=True, slots=True)
class Touched:
    """What reviews touch: the claims that are to be put together again, and the pages whose claims are others."""

    claims: frozenset[Claim] = frozenset()
    pages: frozenset[int] = frozenset()


def note_reviewed(hood: Hood, last: int, old: Mapping[int, Reading], new: Mapping[int, Reading]) -> Touched:
    """Notes the reviews after that row, and what changed pages are to all reviews. Gives what that touches, besides
    the claims of the changed pages. `old` are the earlier readings of those that had one.
    """
    rows = hood.batch.reviews_since(last)
    note_texts(hood.batch, old, new)
    note_reviews(hood.batch, rows)
    was, now = People(hood.batch, hood.standing, last, new.keys(), old), hood.ask_people()
    about = {*rows, *was.about(old), *now.about(new)}
    if not about:
        return Touched()
    pages = was.pages_of(about) | now.pages_of(about) | new.keys()
    _note_amended(hood, was, now, pages)
    before = {(page, number) for page in pages for number in _others(was, now, page, page in new)}
    after = {(page, number) for page in pages for number in _others(now, was, page, page in new)}
    # Claims that rulings have put together are of one entry, which leads from each of them to all; new rulings do not.
    claims = _near(hood, was, before) | now.together(before | after)
    return Touched(frozenset(claims), frozenset(page for page in pages if _reworded(was, now, page)))


def note_all_reviewed(hood: Hood, readings: Mapping[int, Reading]) -> None:
    """Notes all reviews, and what all pages are to them, where nothing is noted."""
    note_texts(hood.batch, {}, readings)
    note_reviews(hood.batch, hood.batch.reviews_since(0))
    people = hood.ask_people()
    if not people.silent:
        hood.finds.put(Space.AMENDED, [row for page in readings for row in _amended(hood, people, page)])


def _others(these: People, those: People, page: int, every: bool) -> set[int]:
    """The claims of a page of which these people say something else than those."""
    mine, theirs = these.claims(page), those.claims(page)
    return {number for number, told in mine.items() if every or theirs.get(number) != told}


def _reworded(was: People, now: People, page: int) -> bool:
    before, after = was.claims(page), now.claims(page)
    return [told.claim for told in before.values()] != [told.claim for told in after.values()]


def _near(hood: Hood, was: People, claims: Iterable[Claim]) -> set[Claim]:
    """The claims that may have been of one fact with these as they were."""
    told_, every = Tellings(hood), list(claims)
    before = told(hood, was.applied({page for page, _ in every}))
    return {claim for page, number in every for claim in alike(told_, before[page][number])}


def _note_amended(hood: Hood, was: People, now: People, pages: Iterable[int]) -> None:
    """Writes by what the claims are found that people have amended, instead of what was written before."""
    hood.finds.drop(Space.AMENDED, [row for page in pages for row in _amended(hood, was, page)])
    hood.finds.put(Space.AMENDED, [row for page in pages for row in _amended(hood, now, page)])


def _amended(hood: Hood, people: People, page: int) -> list[Find]:
    """The notes of those claims of a page that stand otherwise than they are read."""
    read, applied = people.readings([page]), people.applied([page])
    if read == applied:
        return []
    claims = read[page].claims
    rows: list[Find] = []
    for number, telling in told(hood, applied)[page].items():
        if number > len(claims) or telling.claim != claims[number - 1]:
            content, keys = notes(page, number, telling)
            rows += [content, *keys]
    return rows
