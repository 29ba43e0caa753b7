"""What is found in a ledger without loading all of it: entries, reports and origins by their names, words and cards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from recoupe.folded import terms
from recoupe.hashed import number_of_words
from recoupe.ledger import queries
from recoupe.ledger.codec import loads
from recoupe.ledger.finds import SqlFinds
from recoupe.ledger.found import (
    CARDS,
    DOWN,
    ENTRY,
    FACTS,
    MADE,
    PAST,
    REVIEW,
    SAID,
    STATE,
    UP,
    Card,
    Deck,
    Head,
    Hits,
    Stood,
    Version,
    keys_of_review,
    of_bytes,
    of_words,
    undoing,
)
from recoupe.ledger.heads import heads
from recoupe.ledger.lots import split
from recoupe.ledger.names import named_reading
from recoupe.ledger.tables import STANDING, batches, cards, finds, over, pages, readings, reviews, seals
from recoupe.ledger.words import words_in
from recoupe.model import Entry, Origin, Reading, Review, Roots

T = TypeVar("T")

_ENTRIES, _OVER = STANDING["entries"], over("entries")
_CARD = tuple(cards.c[name] for name in Card._fields)


class SqlLookups:
    """What is found in a ledger in a database; implements `recoupe.ledger.Lookups`."""

    def __init__(self, connect: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
        self._connect = connect

    def version(self) -> Version:
        """Which state of the ledger this is."""
        with self._connect() as connection:
            return _version(connection)

    def cards(self, since: Version | None = None) -> Deck:
        """The cards of all entries that stand, or what changed since a version of this ledger."""
        asked = sa.select(*_CARD).order_by(cards.c.row)
        with self._connect() as connection:
            version = _version(connection)
            if since is None or since.made != version.made or not _was(connection, since):
                return Deck(version, _raw(connection, asked))
            came = sa.select(_ENTRIES.c.row).where(_ENTRIES.c.batch > since.number)
            went = sa.select(_OVER.c.row).where(_OVER.c.batch > since.number).order_by(_OVER.c.row)
            gone = connection.execute(went).scalars().all()
            return Deck(version, _raw(connection, asked.where(cards.c.row.in_(came))), gone, False)

    def carded(self) -> bool:
        """Have all entries their cards, and all reports their words?"""
        with self._connect() as connection:
            counted = (sa.select(sa.func.count()).select_from(table) for table in (_ENTRIES, _OVER, cards, pages))
            every, gone, carded, reports = (connection.execute(asked).scalar_one() for asked in counted)
            return bool(every - gone == carded) and words_in(connection, "report_words").size() == reports

    def entries(self, rows: Iterable[int]) -> dict[int, Entry]:
        """Entries by row."""
        with self._connect() as connection:
            return _entries(connection, rows)

    def entries_called(self, id_: str, most: int = 10) -> dict[int, Entry]:
        """The entry with an id, else those whose ids begin so."""
        begins = sa.func.substr(cards.c.id, 1, len(id_)) == id_
        with self._connect() as connection:
            for own in (cards.c.id == id_, begins):
                asked = sa.select(cards.c.row).where(own).order_by(cards.c.id, cards.c.row).limit(most)
                if rows := connection.execute(asked).scalars().all():
                    return _entries(connection, rows)
        return {}

    def entries_of(self, doc: str) -> dict[int, Entry]:
        """The entries that stand and have a claim of a report."""
        with self._connect() as connection:
            return _entries(connection, _noted(connection, ENTRY, _pages(connection, [doc]).values()))

    def readings(self, docs: Iterable[str]) -> dict[str, Reading]:
        """The readings of reports, by doc."""
        with self._connect() as connection:
            called = _called(connection, docs)
            found: dict[str, Reading] = {}
            stands = _that_entries_are_of(connection)
            for some in split(sorted(called)):
                last = sa.select(stands).where(readings.c.page.in_(some)).group_by(readings.c.page)
                rows = connection.execute(sa.select(readings.c.page, readings.c.body).where(readings.c.row.in_(last)))
                read = (named_reading(loads(Reading, row.body), called[row.page]) for row in rows)
                found |= {reading.report.doc: reading for reading in read}
        return found

    def heads(self) -> list[Head]:
        """The heads of all reports, sorted by doc."""
        with self._connect() as connection:
            return heads(connection)

    def origins(self, docs: Iterable[str], up: bool = True, down: bool = True) -> list[Origin]:
        """Where these reports have it from, and who has it from them."""
        with self._connect() as connection:
            pages_ = list(_pages(connection, docs).values())
            rows = {row for space in (*[UP] * up, *[DOWN] * down) for row in _noted(connection, space, pages_)}
            found = [loads(Origin, body) for body in queries.bodies(connection, "origins", rows).values()]
        return sorted(found, key=lambda o: (o.doc, o.source, o.relation))

    def roots(self, docs: Iterable[str]) -> Roots:
        """Whose word these reports and their claims are."""
        reports: dict[str, str] = {}
        claims: dict[str, str] = {}
        with self._connect() as connection:
            called = _called(connection, docs)
            names = {number: called[hash_] for hash_, number in queries.numbers_of(connection, called).items()}
            for (page, item), root in SqlFinds(connection).roots(names).items():
                if item:
                    claims[f"{names[page]}#{item}"] = root
                else:
                    reports[names[page]] = root
        return Roots(reports, claims)

    def stood(self, entry: Entry) -> list[Stood]:
        """This entry and all that ever had its id or shared a claim with it."""
        claims = set(entry.claims)
        with self._connect() as connection:
            every = _stood(connection, (entry.id, *entry.claims))
        return [one for one in every if one.entry.id == entry.id or claims.intersection(one.entry.claims)]

    def stood_as(self, id_: str) -> list[Stood]:
        """The entries that ever had this very id."""
        with self._connect() as connection:
            return [one for one in _stood(connection, [id_]) if one.entry.id == id_]

    def hashes(self, docs: Iterable[str]) -> dict[str, str]:
        """The hash of the bytes of these reports' pages, by doc."""
        with self._connect() as connection:
            called = _called(connection, docs)
            return {called[hash_]: data for hash_, data in _data(connection, called).items()}

    def docs_with(self, hashes: Collection[str], docs: Iterable[str]) -> list[str]:
        """The reports that came under one of these names with one of these hashes of their bytes."""
        names: dict[str, str] = {}
        with self._connect() as connection:
            for some in split(sorted(_came_as(docs))):
                names |= queries.names(connection, None, some)
            data = _data(connection, names)
        return sorted(name for hash_, name in names.items() if data[hash_] in hashes)

    def reviews_of(self, docs: Iterable[str], words: Collection[str] = ()) -> list[Review]:
        """The reviews that are about the pages of these reports or the same words, and those that undo such."""
        with self._connect() as connection:
            hashes = set(_data(connection, _called(connection, docs)).values())
            about = {of_bytes(hash_) for hash_ in hashes} | {of_words(hash_) for hash_ in words}
            new_ones = _not_noted(connection)
            found = _reviews(connection, about, new_ones)
            new = list(found)
            while new:
                back = _reviews(connection, {undoing(id_) for id_ in new}, new_ones)
                new = [id_ for id_ in back if id_ not in found]
                found |= back
        return sorted(found.values(), key=lambda r: (r.at, r.id))

    def entries_with(self, asked: str, limit: int | None = None, ranked: bool = True) -> list[int]:
        """The rows of entries that have what is searched for."""
        with self._connect() as connection:
            return words_in(connection, "card_words").find(terms(asked), limit, 0, ranked)

    def reports_with(self, asked: str, limit: int = 20, offset: int = 0, most: int = 1000) -> Hits:
        """The reports that have what is searched for."""
        wanted = terms(asked)
        with self._connect() as connection:
            words = words_in(connection, "report_words")
            total = words.count(wanted, most + 1)
            rows = words.find(wanted, limit, offset)
            own = {
                row.row: row.page
                for some in split(rows)
                for row in connection.execute(
                    sa.select(readings.c.row, readings.c.page).where(readings.c.row.in_(some))
                )
            }
            called = queries.called(connection, own)
        return Hits([called[row][1] for row in rows], offset, min(total, most), total > most)


_TIMES = (
    sa.select(
        _ENTRIES.c.row,
        _ENTRIES.c.batch,
        batches.c.at,
        _OVER.c.batch.label("until"),
        (ended := batches.alias("ended")).c.at.label("until_at"),
    )
    .select_from(_ENTRIES)
    .join(batches, batches.c.number == _ENTRIES.c.batch)
    .outerjoin(_OVER, _OVER.c.row == _ENTRIES.c.row)
    .outerjoin(ended, ended.c.number == _OVER.c.batch)
)


_STATE = (
    sa.select(finds.c.key, finds.c.first, finds.c.last, finds.c.page)
    .where(finds.c.space == STATE)
    .order_by(finds.c.key)
)


def _version(connection: sa.Connection) -> Version:
    joined = batches.outerjoin(seals, seals.c.batch == batches.c.number)
    asked = sa.select(batches.c.number, seals.c.hash).select_from(joined).order_by(batches.c.number.desc()).limit(1)
    row = connection.execute(asked).first()
    number, seal = (0, None) if row is None else (int(row.number), row.hash)
    noted = connection.execute(_STATE).all()
    if not noted:
        return Version(number, seal)
    made = {note.key: note.first for note in noted}
    words = " ".join(str(value) for note in noted for value in note)
    return Version(number, seal, made.get(MADE, 0) if CARDS in made else 0, number_of_words("state", words))


def _was(connection: sa.Connection, version: Version) -> bool:
    """Was the ledger ever at this version?"""
    seal = sa.select(seals.c.hash).where(seals.c.batch == version.number)
    return version.number > 0 and connection.execute(seal).scalar() == version.seal


def _raw(connection: sa.Connection, asked: sa.Select[Any]) -> list[Card]:
    """Rows as the driver gives them: there may be a hundred thousand, and each counts."""
    cursor = connection.execute(asked).cursor
    return cast("list[Card]", [] if cursor is None else cursor.fetchall())


def _entries(connection: sa.Connection, rows: Iterable[int]) -> dict[int, Entry]:
    return {row: loads(Entry, body) for row, body in sorted(queries.bodies(connection, "entries", rows).items())}


def _called(connection: sa.Connection, docs: Iterable[str]) -> dict[str, str]:
    """The pages of these names: their names by their hashes."""
    wanted = set(docs)
    found: dict[str, str] = {}
    for some in split(sorted(_came_as(wanted))):
        found |= {hash_: name for hash_, name in queries.names(connection, None, some).items() if name in wanted}
    return found


def _came_as(names: Iterable[str]) -> set[str]:
    """What pages of these names may have come as: a page is called by its doc, or by its doc, a # and digits."""
    wanted = set(names)
    return wanted | {name.rpartition("#")[0] for name in wanted if "#" in name}


def _pages(connection: sa.Connection, docs: Iterable[str]) -> dict[str, int]:
    """The numbers of the pages of these names; of those that have one."""
    return queries.numbers_of(connection, _called(connection, docs))


def _data(connection: sa.Connection, hashes: Iterable[str]) -> dict[str, str]:
    """The hash of the bytes of pages, by the pages' own."""
    asked = sa.select(pages.c.hash, pages.c.data)
    return {
        row.hash: row.data
        for some in split(sorted(hashes))
        for row in connection.execute(asked.where(pages.c.hash.in_(some)))
    }


def _stood(connection: sa.Connection, names: Iterable[str]) -> list[Stood]:
    """The entries that are noted to have had an id or a claim; there may be others among them."""
    rows = sorted(_noted(connection, PAST, [number_of_words(name) for name in names]))
    entries = _entries(connection, rows)
    times: dict[int, Any] = {}
    for some in split(rows):
        times |= {row.row: row for row in connection.execute(_TIMES.where(_ENTRIES.c.row.in_(some)))}
    return [Stood(row, entries[row], *(times[row][1:])) for row in rows]


def _noted(connection: sa.Connection, space: int, keys: Iterable[int]) -> set[int]:
    """The rows that are noted of keys."""
    found: set[int] = set()
    for some in split(sorted(set(keys))):
        asked = sa.select(finds.c.first).where(finds.c.space == space, finds.c.key.in_(some))
        found.update(connection.execute(asked).scalars())
    return found


def _that_entries_are_of(connection: sa.Connection) -> sa.ColumnElement[Any]:
    """Of the readings of a page the number of the last one that entries were put together from; of a page without such
    a one, and where nothing is noted, the newest.
    """
    noted = sa.select(finds.c.first, finds.c.last).where(finds.c.space == STATE, finds.c.key == FACTS)
    newest = sa.func.max(readings.c.row)
    if (row := connection.execute(noted).first()) is None:
        return newest
    seen = readings.c.row <= (row.first or row.last)
    return sa.func.coalesce(sa.func.max(sa.case((seen, readings.c.row))), newest)


def _not_noted(connection: sa.Connection) -> list[Review]:
    """The reviews of which it is not noted yet what they are about."""
    last = connection.execute(sa.select(finds.c.first).where(finds.c.space == STATE, finds.c.key == SAID)).scalar()
    asked = sa.select(reviews.c.body).where(reviews.c.row > (last or 0))
    return [loads(Review, body) for body in connection.execute(asked).scalars()]


def _reviews(connection: sa.Connection, keys: Collection[int], new: Iterable[Review]) -> dict[str, Review]:
    """The reviews that are found by one of these numbers, by id; `new` are those that are not noted."""
    rows: set[int] = set()
    for some in split(sorted(keys)):
        asked = sa.select(finds.c.page).where(finds.c.space == REVIEW, finds.c.key.in_(some))
        rows.update(connection.execute(asked).scalars())
    found = {review.id: review for review in queries.reviews_of(connection, rows).values()}
    return found | {review.id: review for review in new if not keys_of_review(review).isdisjoint(keys)}
