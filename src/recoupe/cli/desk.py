"""A ledger on a reviewer's desk: what is to be looked at, and what can be said of it.

Each review is kept in the ledger as soon as it is given. The entries are settled anew at the end, by `close`: what is
shown until then is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recoupe.cli.find import View, find_doc, find_entry, like, need
from recoupe.cli.reviewed import DONE, when
from recoupe.codebook import Codebook
from recoupe.desk import Part, Saying, Speaker
from recoupe.errors import ReviewError
from recoupe.ledger import Ledger
from recoupe.model import Entry, Review
from recoupe.review import Given, Memo, Notice, marked, queue


class Desk:
    """What a person sees of a ledger and does with it; `by` is the person's name. Raises ReviewError for what cannot be
    said, LedgerError where the ledger fails.
    """

    def __init__(self, ledger: Ledger, codebook: Codebook, by: str, brackets: bool) -> None:
        from recoupe import pipeline, settle  # not before they are used: what reads language takes its time to load

        self._pipeline = pipeline
        self._settle = settle
        self._ledger = ledger
        self.codebook = codebook
        self._brackets = brackets
        self._settled = True
        self.by = by
        if ledger.unsettled():
            pipeline.review(ledger, (), codebook)
        self._origins = ledger.origins()
        self._memo = Memo()
        self._part = Part.whole(ledger, self._memo)
        self.view = self._viewed(ledger.entries())

    # What is there

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries as they now stand."""
        return self.view.entries

    @property
    def notices(self) -> Sequence[Notice]:
        """What waits for a reviewer."""
        return self._part.outcome.notices

    @property
    def reviews(self) -> Sequence[Review]:
        """All reviews, by their times."""
        return self._part.reviews

    def queue(self) -> list[Entry]:
        """The entries that should be looked at, by need."""
        return queue(self.entries)

    def named(self, wanted: str) -> tuple[str, ...]:
        """The claims (`doc#n`) of the entry or claim that a person names: the entry's id or its beginning, `DOC#N`.

        Raises ReviewError where it names neither, RecoupeError where it names several.
        """
        need(wanted)
        doc, sign, number = wanted.rpartition("#")
        if sign and number.isdecimal() and (home := find_doc(self.view.readings, doc)):
            last = len(self.view.readings[home].claims)
            if not 1 <= int(number) <= last:
                raise ReviewError(f"{home}: has {last} claims, no claim {number}")
            return (f"{home}#{int(number)}",)
        entry = find_entry(self.entries, wanted)
        if entry is not None:
            return entry.claims
        near = like(wanted, [e.id for e in self.entries])
        if find_doc(self.view.readings, wanted):
            raise ReviewError(
                f"{wanted}: a report; what is reviewed are entries and claims: name one, such as {wanted}#1"
            )
        raise ReviewError(f"{wanted}: no entry or claim of that name in the ledger{near}")

    def entry_of(self, ref: str) -> Entry | None:
        """The entry that has a claim; None for a claim that does not count."""
        return next((entry for entry in self.entries if ref in entry.claims), None)

    def about(self, refs: Iterable[str]) -> list[Review]:
        """The reviews of claims that are not undone, in the order of their times."""
        return self._part.about(refs)

    def stands(self, review: Review) -> bool:
        """Is it not undone?"""
        return self._part.stands(review)

    # What can be said. Each gives a line that says what was done; `desk.Speaker` says what each means.

    def accept(self, refs: Sequence[str], why: str = "", as_read: bool = False) -> str:
        """They are right as they stand, and of one fact; `as_read`: as the reader now has them."""
        return self._give(self._speaker.accept(refs, why, as_read))

    def correct(self, refs: Sequence[str], typed: Sequence[str], why: str = "") -> str:
        """Some fields (`FIELD=VALUE`) are otherwise."""
        saying = self._speaker.correct(refs, typed, why)
        return f"{self._give(saying)}: {'; '.join(map(str, saying.changes))}"

    def corrigible(self, refs: Sequence[str], typed: Sequence[str]) -> tuple[str, ...]:
        """The claims of an entry that a correction is for."""
        return self._speaker.corrigible(refs, typed)

    def reject(self, refs: Sequence[str], why: str = "") -> str:
        """Their words do not say it."""
        return self._give(self._speaker.reject(refs, why))

    def split(self, entry: Entry, refs: Sequence[str], why: str = "") -> str:
        """They are of another fact than the entry's other claims."""
        return self._give(self._speaker.split(entry, refs, why))

    def merge(self, entry: Entry, refs: Sequence[str], why: str = "") -> str:
        """They are of the same fact as the entry's claims."""
        return self._give(self._speaker.merge(entry, refs, why))

    def note(self, refs: Sequence[str], text: str) -> str:
        """Something to know about them."""
        return self._give(self._speaker.note(refs, text))

    def undo(self, review: Review, why: str = "") -> str:
        """A review is taken back."""
        self._give(self._speaker.undo(review, why))
        what = ", ".join(f"{t.doc}" for t in review.claims[:1])
        return f"took back what {review.by} {DONE[review.action]} on {when(review)} ({what or review.id})"

    def close(self) -> None:
        """Settles the ledger's entries as the reviews say."""
        if not self._settled:
            self._pipeline.review(self._ledger, (), self.codebook)
            self._settled = True

    # How

    @property
    def _speaker(self) -> Speaker:
        return Speaker(self._part, self.codebook, self.by)

    def _viewed(self, entries: Sequence[Entry]) -> View:
        return View(self._part.readings, entries, self._origins, self._brackets, self._part.outcome)

    def _give(self, saying: Saying) -> str:
        """Keeps a review, works out what it makes of the entries, and says what was done."""
        review, before = saying.review, self._part.outcome
        with self._ledger.batch() as batch:
            batch.review(review)
        self._settled = False
        self._part = self._part.after(review, self._memo)
        outcome = self._part.outcome
        told = (before.readings, before.rulings.rejected) == (outcome.readings, outcome.rulings.rejected)
        if told and review.action in ("accept", "note"):  # what is accepted was one entry already
            entries = marked(self.entries, outcome)
        else:
            every = Given(self._part.reviews, self._part.pages)
            entries = self._settle.as_reviewed(list(self._part.read.values()), self._origins, self.codebook, every)
        self.view = self._viewed(entries)
        return self._told(saying)

    def _told(self, saying: Saying) -> str:
        """What was done, and in which entries the claims now are."""
        refs, done = saying.refs, DONE[saying.review.action]
        homes = [entry for entry in self.entries if not set(refs).isdisjoint(entry.claims)]
        if len(homes) == 1 and set(homes[0].claims) == set(refs) and len(refs) > 1:
            return f"{done} entry {homes[0].id}"
        where = f"entr{'y' if len(homes) == 1 else 'ies'} {', '.join(e.id for e in homes)}" if homes else "in no entry"
        return f"{done} {', '.join(refs)} ({where})"
