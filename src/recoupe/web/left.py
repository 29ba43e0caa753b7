"""The reviews of an entry, those among them that took claims out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recoupe.desk import Part, docs_of, parts
from recoupe.ledger import Ledger, Stood
from recoupe.model import Entry
from recoupe.web.reviewing import ReviewShown, reviews_shown
from recoupe.web.shelf import Shelf


def left(ledger: Ledger, entry: Entry, stood: Iterable[Stood]) -> tuple[str, ...]:
    """The claims that the entry has no more, and of whose reports some claim was ever rejected; `stood`: what it was
    before (`Lookups.stood`).
    """
    gone = dict.fromkeys(ref for one in stood for ref in one.entry.claims if ref not in entry.claims)
    docs = {parts(ref)[0] for ref in gone}
    if not docs or not any(review.action == "reject" for review in ledger.lookups.reviews_of(docs)):
        return ()  # as it mostly is; their reports need not be loaded
    return tuple(gone)


def docs_with_left(entry: Entry, gone: Iterable[str]) -> set[str]:
    """The reports of an entry, and of claims that it has no more."""
    return {*docs_of(entry), *(parts(ref)[0] for ref in gone)}


def reviews_of(
    shelf: Shelf, entry: Entry, part: Part | None = None, stood: Sequence[Stood] | None = None
) -> tuple[ReviewShown, ...]:
    """The reviews of an entry's claims, and those that rejected claims that it had; the latest first. `part` are the
    entry's reports and `stood` what it was before, where these are at hand.
    """
    ledger = shelf.ledger
    gone = left(ledger, entry, ledger.lookups.stood(entry) if stood is None else stood)
    if gone or part is None:
        part = Part.of(ledger, docs_with_left(entry, gone))
    return reviews_shown(part, entry.claims, shelf.codebook, gone)
