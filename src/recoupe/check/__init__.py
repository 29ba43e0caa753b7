"""What the reports say together: claims of one fact are joined and met field by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from itertools import permutations

from recoupe.check.join import join
from recoupe.check.merge import merge
from recoupe.check.near import near
from recoupe.check.origins import independent
from recoupe.check.same import compare
from recoupe.check.telling import Telling, tellings
from recoupe.codebook import Codebook
from recoupe.model import Entry, Reading, Roots, Rulings

__all__ = ["check", "entries_of", "same_fact", "told_by"]

FREE = Rulings()


def check(readings: Iterable[Reading], roots: Roots, codebook: Codebook, rulings: Rulings = FREE) -> list[Entry]:
    """The entries that the claims of all readings make together, sorted by id; `rulings` are what people say of it.

    The result depends on the set of readings and the rulings alone. Raises
    KeyError for a claim whose kind the codebook does not have, and for a report without an origin.
    """
    return entries_of(tellings(readings, roots, codebook), rulings)


def entries_of(told: Iterable[Telling], rulings: Rulings = FREE) -> list[Entry]:
    """The entries that these claims make together, sorted by id; `rulings` are what people say of them."""
    counted = [t for t in told if t.ref not in rulings.rejected]
    return sorted((merge(group) for group in join(counted, rulings)), key=lambda e: (e.id, e.claims))


def same_fact(
    readings: Iterable[Reading], roots: Roots, codebook: Codebook, ones: Container[str], others: Container[str]
) -> list[tuple[str, str]]:
    """The claims among `ones` (`doc#n`), each with those among `others` that are one fact with it by themselves."""
    kinds: defaultdict[str, list[Telling]] = defaultdict(list)
    for telling in tellings(readings, roots, codebook):
        if telling.ref in ones or telling.ref in others:
            kinds[telling.kind.name].append(telling)
    return sorted(
        (a.ref, b.ref)
        for told in kinds.values()
        for pair in near(told).tolist()
        for a, b in permutations([told[n] for n in pair])
        if a.ref in ones and b.ref in others and compare(a, b).same
    )


def told_by(entry: Entry, readings: Mapping[str, Reading], roots: Roots, codebook: Codebook) -> Mapping[str, str]:
    """The independent origin of each claim of an entry, by its reference (`doc#n`); `readings` by doc.

    Raises KeyError for a report that is in neither of them.
    """
    docs = sorted({ref.rpartition("#")[0] for ref in entry.claims})
    every = tellings((readings[doc] for doc in docs), roots, codebook)
    return independent(t for t in every if t.ref in entry.claims)
