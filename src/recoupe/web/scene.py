"""Some reports of a ledger with all that is said of them: what pages about an entry or a report begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recoupe.desk import Part
from recoupe.model import Entry, Origin, Reading, Roots
from recoupe.review import Outcome
from recoupe.web.shelf import Shelf


@dataclass(frozen=True)
class Scene:
    """Reports with what people say of them; where the reports have their texts from, and who has theirs from them;
    whose word they are.
    """

    part: Part
    origins: tuple[Origin, ...]
    roots: Roots

    @classmethod
    def of(cls, shelf: Shelf, docs: Iterable[str]) -> Scene:
        """These reports; those that the ledger does not have are left out."""
        lookups = shelf.ledger.lookups
        part = Part.of(shelf.ledger, docs)
        found = part.read
        origins = tuple(lookups.origins(found))
        noted = lookups.roots(found)
        if len(noted.reports) < len(found):  # no run has noted them yet
            from recoupe.trace import roots  # not before it is used: it takes its time to load

            noted = roots(found.values(), [o for o in origins if o.doc in found], shelf.codebook)
        return cls(part, origins, noted)

    @property
    def readings(self) -> Mapping[str, Reading]:
        """The reports by doc, as people have reviewed them."""
        return self.part.readings

    @property
    def outcome(self) -> Outcome:
        """What the reviews come to."""
        return self.part.outcome

    def told_by(self, entry: Entry, shelf: Shelf) -> Mapping[str, str]:
        """Whose word each claim of an entry is, by reference (`doc#n`)."""
        from recoupe.check import told_by  # not before it is used: what compares claims takes its time to load

        return told_by(entry, self.readings, self.roots, shelf.codebook)
