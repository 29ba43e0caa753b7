"""The cards of entries: what is asked of an entry, and the words that it is found by.

They follow from entries, the readings of their claims and the codebook, and are written in the transaction in which
entries change (`write_cards`): of new entries, and of those that have claims of pages read anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from recoupe.codebook import Codebook
from recoupe.folded import folded
from recoupe.hashed import number_of_words
from recoupe.ledger import Card, Find
from recoupe.ledger.codec import loads
from recoupe.ledger.found import BETWEEN
from recoupe.model import Claim, Entry, Reading
from recoupe.settle.claims import note_entries
from recoupe.settle.hood import Hood, Space, Stage
from recoupe.values import Actor, When

PARTIES = frozenset({"actor", "item", "place"})
"""The types of roles whose values a card has."""

_SAID = frozenset({*PARTIES, "free", "level"})  # the types of roles whose values are words
_MANY = 200  # entries from which on all pages are looked up at once
_LOT = 5_000  # cards that are held in memory


def card_of(row: int, entry: Entry, codebook: Codebook) -> Card:
    """The card of an entry that has this row."""
    when = None if entry.time is None else When.parse(entry.time)
    first, last = (None, None) if when is None else (when.first, when.last)
    parties = [f"{role}={value}" for role, value in _values(entry, codebook, PARTIES)]
    return Card(
        row, entry.id, entry.kind, entry.status,
        None if first is None else first.toordinal(), None if last is None else last.toordinal(),
        len(entry.claims), len(entry.origins), len(entry.conflicts), review_of(entry), BETWEEN.join(parties),
    )  # fmt: skip


def review_of(entry: Entry) -> str:
    """How far people have reviewed an entry: one of `recoupe.ledger.found.REVIEWS`."""
    review = entry.review
    if review is None:
        return "none"
    if review.waiting:
        return "waiting"
    if review.claims:
        return "accepted" if len(review.claims) == len(entry.claims) else "partly"
    return "noted" if review.notes else "none"


def words_of(entry: Entry, claims: Iterable[Claim], codebook: Codebook) -> str:
    """The words that an entry is found by: the evidence of its claims, and what its values are called in every language
    of the codebook; `folded`, each run of words once.
    """
    said = dict.fromkeys(folded(words.text) for claim in claims for words in claim.evidence)
    names = _names_of(codebook)
    for _, value in _values(entry, codebook, _SAID):
        said |= dict.fromkeys(names.of(value))
    return " ".join(words for words in said if words)


def _values(entry: Entry, codebook: Codebook, types: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The values in roles of these types, with their roles."""
    kind = codebook.kinds.get(entry.kind)
    for role, values in entry.roles:
        if kind is not None and role in kind.roles and kind.roles[role].type in types:
            yield from ((role, value) for value in values)


class _Names:
    """What the values of a codebook are called."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._forms: dict[str, list[str]] = {}
        for forms in codebook.names.words.values():
            for form, senses in forms.items():
                for sense in senses:
                    if sense.how == "name":
                        self._forms.setdefault(sense.id, []).append(form)
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, value: str) -> tuple[str, ...]:
        """The names of a value, one of alternatives each (`country:DE|country:FR`); what has none is called as its id
        says.
        """
        if value not in self._known:
            forms = [f for id_ in alternatives(value) for f in self._forms.get(id_) or [id_.partition(":")[2] or id_]]
            self._known[value] = tuple(dict.fromkeys(map(folded, forms)))
        return self._known[value]


def alternatives(value: str) -> list[str]:
    """The ids that a value of an entry names.

    >>> alternatives("country:DE|country:FR"), alternatives("tank")
    (['country:DE', 'country:FR'], ['tank'])
    """
    return sorted(Actor.parse(value).choices) if "|" in value else [value]


@dataclass(frozen=True)
class _Same:
    """A codebook that is equal to itself alone: comparing what is in it would take long."""

    codebook: Codebook = field(compare=False)
    number: int


def _names_of(codebook: Codebook) -> _Names:
    return _named(_Same(codebook, id(codebook)))


@lru_cache(maxsize=2)
def _named(same: _Same) -> _Names:
    return _Names(same.codebook)


def write_cards(hood: Hood) -> None:
    """Brings the cards up to date with the entries that stand: the last thing in a transaction that changes them."""
    batch, finds = hood.batch, hood.finds
    seen = finds.of(Space.STATE, Stage.CARDS)
    if not seen:
        _write_all(hood)
    else:
        (note,) = seen
        new = batch.cards.came(note.page)
        read = batch.changed(note.first)
        again = {find.first for page in read for find in finds.of(Space.ENTRY, page)}
        batch.cards.drop(batch.cards.went(note.last))
        bodies = batch.bodies("entries", {*new, *again})
        entries = {row: loads(Entry, body) for row, body in bodies.items()}
        note_past(hood, {row: entries[row] for row in new})
        put_cards(hood, entries, _readings(hood, entries))
    note_carded(hood)


def note_carded(hood: Hood) -> None:
    """Notes that all entries have their cards."""
    row, number = hood.batch.cards.last()
    hood.finds.drop(Space.STATE, hood.finds.of(Space.STATE, Stage.CARDS))
    hood.finds.put(Space.STATE, [Find(Stage.CARDS, hood.batch.last_row(), number, row, 0)])


def write_missing(hood: Hood) -> None:
    """Writes the cards and words that are missing in a ledger of an older version of the program, and the notes that
    entries are found by.
    """
    if not hood.finds.of(Space.STATE, Stage.CARDS):
        docs = {name: page for page, name in hood.batch.names(hood.batch.changed(0)).items()}
        for space in (Space.ENTRY, Space.TOLD):
            hood.finds.empty(space)
        for row, body in hood.batch.standing("entries").items():
            refs = (ref.rpartition("#") for ref in json.loads(body)["claims"])
            note_entries(hood.finds.put, [(row, docs[doc], int(n)) for doc, _, n in refs if doc in docs])
    write_cards(hood)
    hood.batch.cards.put_texts(hood.batch.cards.texts_missing())


def _write_all(hood: Hood) -> None:
    cards = hood.batch.cards
    cards.drop(cards.rows())
    hood.finds.empty(Space.PAST)
    standing = hood.batch.standing("entries")
    lot: dict[int, Entry] = {}
    for row, body in cards.past():
        lot[row] = loads(Entry, body)
        if len(lot) == _LOT:
            _write(hood, lot, standing)
            lot = {}
    _write(hood, lot, standing)


def _write(hood: Hood, entries: Mapping[int, Entry], standing: Mapping[int, str]) -> None:
    note_past(hood, entries)
    stands = {row: entry for row, entry in entries.items() if row in standing}
    put_cards(hood, stands, _readings(hood, stands))


def note_past(hood: Hood, entries: Mapping[int, Entry]) -> None:
    """Notes the ids and claims of entries, by which they are found also when they no longer stand."""
    named = ((row, name) for row, entry in entries.items() for name in dict.fromkeys((entry.id, *entry.claims)))
    hood.finds.put(Space.PAST, [Find(number_of_words(name), row, 0, 0, 0) for row, name in named])


def _readings(hood: Hood, entries: Iterable[int]) -> dict[str, Reading]:
    """The readings that entries of these rows have claims of, and maybe others, by doc."""
    rows = list(entries)
    if len(rows) < _MANY:
        pages = {find.page for row in rows for find in hood.finds.of(Space.TOLD, row)}
    else:
        pages = hood.batch.changed(0)
    return {reading.report.doc: reading for reading in hood.standing(pages).values()}


def put_cards(hood: Hood, entries: Mapping[int, Entry], readings: Mapping[str, Reading]) -> None:
    """Writes the cards of entries, given by row; `readings` by doc are those of their claims."""
    hood.batch.cards.put(
        {
            card_of(row, entry, hood.codebook): words_of(entry, _claims(entry, readings), hood.codebook)
            for row, entry in entries.items()
        }
    )


def _claims(entry: Entry, readings: Mapping[str, Reading]) -> Iterator[Claim]:
    """The claims of an entry as they were read; one that only people's reviews have is in no reading."""
    for doc, _, number in (ref.rpartition("#") for ref in entry.claims):
        if doc in readings and int(number) <= len(readings[doc].claims):
            yield readings[doc].claims[int(number) - 1]
