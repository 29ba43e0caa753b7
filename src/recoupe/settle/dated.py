"""What other reports tell of the dates of pages that were added or read anew, and of those that these touch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from recoupe.check import same_fact
from recoupe.check.near import keys_of
from recoupe.check.same import compare
from recoupe.codebook import Codebook
from recoupe.date import Clue, across, days_of, waiting
from recoupe.ledger import Find
from recoupe.model import Origin, Reading, Roots
from recoupe.settle.claims import Claim, Tellings, told
from recoupe.settle.hood import Hood, Space
from recoupe.trace import certain, roots
from recoupe.trace.roots import TEXTS


def note_days(hood: Hood, old: Mapping[int, Reading], new: Mapping[int, Reading]) -> None:
    """Writes what the claims of pages that wait for a day are found by, instead of what was for their old readings."""
    for readings, note in ((old, hood.finds.drop), (new, hood.finds.put)):
        note(Space.DAY, [find for page, reading in readings.items() for find in _notes(hood, page, reading)])


def _notes(hood: Hood, page: int, reading: Reading) -> list[Find]:
    claims = told(hood, {page: reading}, apart=False)[page] if (numbers := waiting(reading)) else {}
    return [Find(key, *claims[n].days, page, n) for n in numbers for key in keys_of(claims[n])]


def touched(hood: Hood, readings: Mapping[int, Reading]) -> set[int]:
    """The pages that wait for a day of which claims of these readings may be those that say it."""
    found: set[int] = set()
    for page, reading in readings.items():
        claims = told(hood, {page: reading}, apart=False)[page] if (numbers := days_of(reading)) else {}
        for telling in (claims[n] for n in numbers):
            for key in keys_of(telling):
                found |= {find.page for find in hood.finds.during(Space.DAY, key, *telling.days)}
    return found


def clues_of(hood: Hood, pages: Iterable[int]) -> Mapping[str, tuple[Clue, ...]]:
    """What other reports tell of the dates of these pages, by doc."""
    asked = set(pages)
    family = hood.joined(asked, TEXTS)
    readings = dict(hood.readings(family))
    rows = {edge.row for edge in hood.edges(family, ["named", *TEXTS], down=False)}
    elders = certain(list(readings.values()), hood.origins(rows).values(), hood.codebook)
    same = list(_same(hood, {page: readings[page] for page in asked if page in readings}))
    readings |= hood.readings(claim[0] for _, claim in same)
    docs = {page: reading.report.doc for page, reading in readings.items()}
    found = across(readings.values(), elders, ((_ref(docs, one), _ref(docs, other)) for one, other in same))
    return {docs[page]: found.get(docs[page], ()) for page in asked if page in docs}


def clues_at_once(
    alone: Sequence[Reading], origins: Sequence[Origin], codebook: Codebook
) -> Mapping[str, tuple[Clue, ...]]:
    """What reports tell of each other's dates, by doc, where all of them (as their own pages date them) are at hand."""
    own = Roots(roots(alone, origins, codebook).reports)
    same = same_fact(alone, own, codebook, _claims(alone, waiting), _claims(alone, days_of))
    return across(alone, certain(alone, origins, codebook), same)


def _claims(readings: Iterable[Reading], numbers: Callable[[Reading], Iterable[int]]) -> frozenset[str]:
    return frozenset(f"{reading.report.doc}#{n}" for reading in readings for n in numbers(reading))


def _ref(docs: Mapping[int, str], claim: Claim) -> str:
    return f"{docs[claim[0]]}#{claim[1]}"


def _same(hood: Hood, readings: Mapping[int, Reading]) -> Iterable[tuple[Claim, Claim]]:
    """The claims that wait for a day, each with those that are one fact with it and say theirs."""
    others = Tellings(hood, apart=False)
    for page, reading in readings.items():
        claims = told(hood, {page: reading}, apart=False)[page] if (numbers := waiting(reading)) else {}
        for number in numbers:
            own = claims[number]
            near = {(f.page, f.item) for k in keys_of(own) for f in hood.finds.during(Space.CLAIM, k, *own.days)}
            speak = {p: days_of(r) for p, r in hood.readings(p for p, _ in near).items()}
            for claim in sorted(c for c in near if c[0] != page and c[1] in speak.get(c[0], ())):
                telling = others.one(claim)
                if telling is not None and compare(own, telling).same:
                    yield (page, number), claim
