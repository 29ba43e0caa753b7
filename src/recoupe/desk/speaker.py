"""What a person can say of claims: each makes a review, or says in one line why it cannot be given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recoupe.codebook import Codebook
from recoupe.desk.part import Part
from recoupe.errors import ReviewError
from recoupe.model import Action, Entry, Review, Target
from recoupe.review import Change, Fields, Person, amended, changes, difference, field_named, given, held, read_fields


@dataclass(frozen=True, slots=True)
class Saying:
    """A review to be kept, the claims that it is about (`DOC#N`), and what it changes in their fields."""

    review: Review
    refs: tuple[str, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person (`by` is the name) who has a part of a ledger at hand. All methods raise ReviewError for what cannot be
    said.
    """

    part: Part
    codebook: Codebook
    by: str

    def accept(self, refs: Sequence[str], why: str = "", as_read: bool = False) -> Saying:
        """They are right as they stand, and of one fact; `as_read`: as the reader now has them."""
        if as_read and (lost := [ref for ref in refs if self.part.is_lost(ref)]):
            raise ReviewError(
                f"{lost[0]}: is read no longer; reject it, or accept it as it stands", "lost", claim=lost[0]
            )
        return self._say("accept", refs, map(self.part.key if as_read else self._as_it_stands, refs), why=why)

    def correct(self, refs: Sequence[str], typed: Sequence[str], why: str = "") -> Saying:
        """Some fields (`FIELD=VALUE`) are otherwise."""
        targets, told = [], dict[Change, None]()
        for ref in refs:
            now = self.part.claim(ref)
            fields = read_fields(now, typed, self.codebook)
            changed = changes(now, amended(now, fields))
            if changed:
                told |= dict.fromkeys(changed)
                targets.append(self._as_it_stands(ref, fields))
        if not targets:
            raise ReviewError(f"{', '.join(refs)}: {'; '.join(typed)}: says so already", "same")
        return replace(self._say("correct", refs, targets, why=why), changes=tuple(told))

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
            told = {ref: said for ref in refs if (said := frozenset(map(str, held(self.part.claim(ref), name))))}
            if len(set(told.values())) > 1:
                sides = "; ".join(f"{ref} says {', '.join(sorted(said))}" for ref, said in told.items())
                raise ReviewError(
                    f"{name}: the reports differ ({sides}); name the claim that was read wrongly", "differs", field=name
                )
            if not told:
                raise ReviewError(
                    f"{name}: none of the {len(refs)} claims tells it; name the one whose words do",
                    "untold",
                    field=name,
                )
            found |= dict.fromkeys(told)
        return tuple(found)

    def reject(self, refs: Sequence[str], why: str = "") -> Saying:
        """Their words do not say it."""
        return self._say("reject", refs, map(self.part.key, refs), why=why)

    def split(self, entry: Entry, refs: Sequence[str], why: str = "") -> Saying:
        """They are of another fact than the entry's other claims."""
        others = [ref for ref in entry.claims if ref not in refs]
        if strangers := [ref for ref in refs if ref not in entry.claims]:
            raise ReviewError(f"{strangers[0]}: is not in the entry {entry.id}", "stranger", claim=strangers[0])
        if not refs or not others:
            raise ReviewError(f"{entry.id}: to split it, name some of its {len(entry.claims)} claims, not all", "whole")
        return self._say("split", refs, map(self.part.key, refs), map(self.part.key, others), why)

    def merge(self, entry: Entry, refs: Sequence[str], why: str = "") -> Saying:
        """They are of the same fact as the entry's claims."""
        others = [ref for ref in refs if ref not in entry.claims]
        if not others:
            raise ReviewError(f"{', '.join(refs)}: is in the entry {entry.id} already", "one_already")
        if kinds := {self.part.claim(ref).kind for ref in others} - {entry.kind}:
            two = f"{min(kinds)} and {entry.kind}"
            raise ReviewError(f"{two}: entries of two kinds are not one; correct the kind that is wrong first", "kinds")
        return self._say("merge", entry.claims, map(self.part.key, entry.claims), map(self.part.key, others), why)

    def note(self, refs: Sequence[str], text: str) -> Saying:
        """Something to know about them."""
        if not text.strip():
            raise ReviewError("a note needs words", "wordless")
        return self._say("note", refs, map(self.part.key, refs), why=text)

    def undo(self, review: Review, why: str = "") -> Saying:
        """A review is taken back."""
        if not self.part.stands(review):
            raise ReviewError(f"{review.id}: taken back already", "undone")
        refs = self.part.refs_of((*review.claims, *review.others))
        return self._say("undo", refs, (), why=why, undoes=review.id)

    def _as_it_stands(self, ref: str, fields: Fields | None = None) -> Target:
        """A claim with what is to stand in it instead of what the reader has; `fields` besides what does already."""
        stands = difference(self.part.raw(ref), self.part.claim(ref))
        return replace(self.part.key(ref), fields=tuple(sorted({**stands, **(fields or {})}.items())))

    def _say(
        self,
        action: Action,
        refs: Sequence[str],
        claims: Iterable[Target],
        others: Iterable[Target] = (),
        why: str = "",
        undoes: str | None = None,
    ) -> Saying:
        person = Person.now(self.by, self.part.reviews[-1:])
        return Saying(given(action, person, claims, others, why.strip(), undoes), tuple(refs))
