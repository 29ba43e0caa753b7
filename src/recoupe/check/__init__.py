"""What the reports say together: claims of one fact are joined and met field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from recoupe.check.join import join
from recoupe.check.merge import merge
from recoupe.check.origins import independent
from recoupe.check.telling import tellings
from recoupe.codebook import Codebook
from recoupe.model import Entry, Reading, Roots, Rulings

__all__ = ["check", "told_by"]

FREE = Rulings()


def check(readings: Iterable[Reading], roots: Roots, codebook: Codebook, rulings: Rulings = FREE) -> list[Entry]:
    """The entries that the claims of all readings make together, sorted by id; `rulings` are what people say of it.

    The result depends on the set of readings and the rulings alone. Raises
    KeyError for a claim whose kind the codebook does not have, and for a report without an origin.
    """
    counted = [t for t in tellings(readings, roots, codebook) if t.ref not in rulings.rejected]
    return sorted((merge(group) for group in join(counted, rulings)), key=lambda e: (e.id, e.claims))


def told_by(entry: Entry, readings: Mapping[str, Reading], roots: Roots, codebook: Codebook) -> Mapping[str, str]:
    """The independent origin of each claim of an entry, by its reference (`doc#n`); `readings` by doc.

    Raises KeyError for a report that is in neither of them.
    """
    docs = sorted({ref.rpartition("#")[0] for ref in entry.claims})
    every = tellings((readings[doc] for doc in docs), roots, codebook)
    return independent(t for t in every if t.ref in entry.claims)
