"""Some reports of a ledger with all that is said of them: what pages about an entry or a report begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recoupe.check import told_by
from recoupe.model import Entry, Origin, Reading, Roots
from recoupe.review import Given, Outcome, apply
from recoupe.trace import roots
from recoupe.web.shelf import Shelf


@dataclass(frozen=True)
class Scene:
    """Reports by doc, as people have reviewed them; what the reviews say; where the reports have their texts from, and
    who has theirs from them; whose word they are.
    """

    readings: Mapping[str, Reading]
    outcome: Outcome
    origins: tuple[Origin, ...]
    roots: Roots

    @classmethod
    def of(cls, shelf: Shelf, docs: Iterable[str]) -> Scene:
        """These reports; those that the ledger does not have are left out."""
        lookups = shelf.ledger.lookups
        found = lookups.readings(docs)
        reviews = lookups.reviews_of(found)
        pages = {doc: page.hash for doc in found if (page := shelf.ledger.page(doc))} if reviews else {}
        outcome = apply(found.values(), Given(reviews, pages))
        origins = tuple(lookups.origins(found))
        noted = lookups.roots(found)
        if len(noted.reports) < len(found):  # no run has noted them yet
            noted = roots(found.values(), [o for o in origins if o.doc in found], shelf.codebook)
        return cls({r.report.doc: r for r in outcome.readings}, outcome, origins, noted)

    def told_by(self, entry: Entry, shelf: Shelf) -> Mapping[str, str]:
        """Whose word each claim of an entry is, by reference (`doc#n`)."""
        return told_by(entry, self.readings, self.roots, shelf.codebook)


def parts(ref: str) -> tuple[str, int]:
    """The doc and the number of a claim's reference."""
    doc, _, number = ref.rpartition("#")
    return doc, int(number)


def docs_of(entry: Entry) -> list[str]:
    """The reports that tell an entry."""
    return sorted({parts(ref)[0] for ref in entry.claims})
