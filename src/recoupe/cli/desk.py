"""A ledger on a reviewer's desk: what is to be looked at, and what can be said of it.

Each review is kept in the ledger as soon as it is given. The entries are settled anew at the end, by `close`: what is
shown until then is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from recoupe.cli.find import View, find_doc, find_entry, like, need
from recoupe.cli.reviewed import DONE, when
from recoupe.codebook import Codebook
from recoupe.errors import ReviewError
from recoupe.ledger import Ledger
from recoupe.model import Action, Claim, Entry, Review, Target
from recoupe.review import (
    Fields,
    Given,
    Memo,
    Notice,
    Person,
    amended,
    apply,
    changes,
    difference,
    field_named,
    given,
    held,
    live,
    marked,
    queue,
    read_fields,
    target,
)


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
        self._read = {reading.report.doc: reading for reading in ledger.readings()}
        self._pages = ledger.hashes()
        self._origins = ledger.origins()
        self.reviews = ledger.reviews()
        self._memo = Memo()
        outcome = apply(self._read.values(), Given(self.reviews, self._pages), self._memo)
        by_doc = {r.report.doc: r for r in outcome.readings}
        self.view = View(by_doc, ledger.entries(), self._origins, brackets, outcome)

    # What is there

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries as they now stand."""
        return self.view.entries

    @property
    def notices(self) -> Sequence[Notice]:
        """What waits for a reviewer."""
        return self.view.outcome.notices

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

    def claim(self, ref: str) -> Claim:
        """A claim as it stands."""
        doc, number = parts(ref)
        return self.view.readings[doc].claims[number - 1]

    def about(self, refs: Iterable[str]) -> list[Review]:
        """The reviews of claims that are not undone, in the order of their times."""
        known = (self.view.outcome.claims.get(ref) for ref in refs)
        every = {review.id: review for standing in known if standing for review in standing.reviews}
        return sorted(every.values(), key=lambda r: (r.at, r.id))

    def stands(self, review: Review) -> bool:
        """Is it not undone?"""
        return any(one.id == review.id for one in live(self.reviews))

    # What can be said. Each gives a line that says what was done.

    def accept(self, refs: Sequence[str], why: str = "", as_read: bool = False) -> str:
        """They are right as they stand, and of one fact; `as_read`: as the reader now has them."""
        if as_read and (lost := [ref for ref in refs if self._is_lost(ref)]):
            raise ReviewError(f"{lost[0]}: is read no longer; reject it, or accept it as it stands")
        self._give("accept", map(self._key if as_read else self._as_it_stands, refs), why=why)
        return self._told("accept", refs)

    def correct(self, refs: Sequence[str], typed: Sequence[str], why: str = "") -> str:
        """Some fields (`FIELD=VALUE`) are otherwise."""
        targets, told = [], []
        for ref in refs:
            now = self.claim(ref)
            fields = read_fields(now, typed, self.codebook)
            changed = changes(now, amended(now, fields))
            if not changed:
                continue
            told += [str(change) for change in changed]
            targets.append(self._as_it_stands(ref, fields))
        if not targets:
            raise ReviewError(f"{', '.join(refs)}: {'; '.join(typed)}: says so already")
        self._give("correct", targets, why=why)
        return f"{self._told('correct', refs)}: {'; '.join(dict.fromkeys(told))}"

    def corrigible(self, refs: Sequence[str], typed: Sequence[str]) -> tuple[str, ...]:
        """The claims of an entry that a correction is for: those that tell the fields.

        Raises ReviewError where they tell different things (what one report says is no correction of another), and
        where none of several tells a field: then somebody must say whose words do.
        """
        if len(refs) == 1:
            return tuple(refs)
        found: dict[str, None] = {}
        for pair in typed:
            name = field_named(pair.partition("=")[0])
            told = {ref: said for ref in refs if (said := frozenset(map(str, held(self.claim(ref), name))))}
            if len(set(told.values())) > 1:
                sides = "; ".join(f"{ref} says {', '.join(sorted(said))}" for ref, said in told.items())
                raise ReviewError(f"{name}: the reports differ ({sides}); name the claim that was read wrongly")
            if not told:
                raise ReviewError(f"{name}: none of the {len(refs)} claims tells it; name the one whose words do")
            found |= dict.fromkeys(told)
        return tuple(found)

    def reject(self, refs: Sequence[str], why: str = "") -> str:
        """Their words do not say it."""
        self._give("reject", map(self._key, refs), why=why)
        return self._told("reject", refs)

    def split(self, entry: Entry, refs: Sequence[str], why: str = "") -> str:
        """They are of another fact than the entry's other claims."""
        others = [ref for ref in entry.claims if ref not in refs]
        if strangers := [ref for ref in refs if ref not in entry.claims]:
            raise ReviewError(f"{strangers[0]}: is not in the entry {entry.id}")
        if not refs or not others:
            raise ReviewError(f"{entry.id}: to split it, name some of its {len(entry.claims)} claims, not all")
        self._give("split", map(self._key, refs), map(self._key, others), why)
        return self._told("split", refs)

    def merge(self, entry: Entry, refs: Sequence[str], why: str = "") -> str:
        """They are of the same fact as the entry's claims."""
        others = [ref for ref in refs if ref not in entry.claims]
        if not others:
            raise ReviewError(f"{', '.join(refs)}: is in the entry {entry.id} already")
        if kinds := {self.claim(ref).kind for ref in others} - {entry.kind}:
            raise ReviewError(
                f"{min(kinds)} and {entry.kind}: entries of two kinds are not one; correct the kind that is wrong first"
            )
        self._give("merge", map(self._key, entry.claims), map(self._key, others), why)
        return self._told("merge", entry.claims)

    def note(self, refs: Sequence[str], text: str) -> str:
        """Something to know about them."""
        if not text.strip():
            raise ReviewError("a note needs words")
        self._give("note", map(self._key, refs), why=text.strip())
        return self._told("note", refs)

    def undo(self, review: Review, why: str = "") -> str:
        """A review is taken back."""
        self._give("undo", (), why=why, undoes=review.id)
        what = ", ".join(f"{t.doc}" for t in review.claims[:1])
        return f"took back what {review.by} {DONE[review.action]} on {when(review)} ({what or review.id})"

    def close(self) -> None:
        """Settles the ledger's entries as the reviews say."""
        if not self._settled:
            self._pipeline.review(self._ledger, (), self.codebook)
            self._settled = True

    # How

    def _is_lost(self, ref: str) -> bool:
        doc, number = parts(ref)
        return number > len(self._read[doc].claims)

    def _raw(self, ref: str) -> Claim:
        """A claim as the reader has it, or had it where it is read no longer."""
        doc, number = parts(ref)
        claims = self._read[doc].claims
        return self.view.outcome.claims[ref].read if self._is_lost(ref) else claims[number - 1]

    def _key(self, ref: str) -> Target:
        doc, _ = parts(ref)
        return target(self._read[doc], self._pages[doc], self._raw(ref))

    def _as_it_stands(self, ref: str, fields: Fields | None = None) -> Target:
        """A claim with what is to stand in it instead of what the reader has; `fields` besides what does already."""
        stands = difference(self._raw(ref), self.claim(ref))
        return replace(self._key(ref), fields=tuple(sorted({**stands, **(fields or {})}.items())))

    def _give(
        self,
        action: Action,
        claims: Iterable[Target],
        others: Iterable[Target] = (),
        why: str = "",
        undoes: str | None = None,
    ) -> None:
        """Keeps a review, and works out what it makes of the entries."""
        review = given(action, Person.now(self.by, self.reviews[-1:]), claims, others, why.strip(), undoes)
        with self._ledger.batch() as batch:
            batch.review(review)
        self._settled = False
        self.reviews.append(review)
        every = Given(self.reviews, self._pages)
        before, outcome = self.view.outcome, apply(self._read.values(), every, self._memo)
        told = (before.readings, before.rulings.rejected) == (outcome.readings, outcome.rulings.rejected)
        if told and action in ("accept", "note"):  # what is accepted was one entry already
            entries = marked(self.entries, outcome)
        else:
            entries = self._settle.as_reviewed(list(self._read.values()), self._origins, self.codebook, every)
        by_doc = {r.report.doc: r for r in outcome.readings}
        self.view = View(by_doc, entries, self._origins, self._brackets, outcome)

    def _told(self, action: Action, refs: Sequence[str]) -> str:
        """What was done, and in which entries the claims now are."""
        homes = [entry for entry in self.entries if not set(refs).isdisjoint(entry.claims)]
        if len(homes) == 1 and set(homes[0].claims) == set(refs) and len(refs) > 1:
            return f"{DONE[action]} entry {homes[0].id}"
        where = f"entr{'y' if len(homes) == 1 else 'ies'} {', '.join(e.id for e in homes)}" if homes else "in no entry"
        return f"{DONE[action]} {', '.join(refs)} ({where})"


def parts(ref: str) -> tuple[str, int]:
    """The doc and the number of a claim's reference."""
    doc, _, number = ref.rpartition("#")
    return doc, int(number)
