"""The cards of entries (`ledger.carding`): what is asked of an entry, and the words that it is found by.

They follow from entries, the readings of their claims and the codebook, and are written in the transaction in which
entries change (`write_cards`): of new entries, and of those that have claims of pages read anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from recoupe.hashed import number_of_words
from recoupe.ledger import Find
from recoupe.ledger.carding import card_of, words_of
from recoupe.ledger.codec import loads
from recoupe.model import Claim, Entry, Reading
from recoupe.settle.claims import note_entries
from recoupe.settle.hood import Hood, Space, Stage

_MANY = 200  # entries from which on all pages are looked up at once
_LOT = 5_000  # cards that are held in memory


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
