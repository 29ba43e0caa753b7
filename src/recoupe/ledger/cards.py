"""The cards of entries and the words of reports, written in the transaction that changes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import sqlalchemy as sa

from recoupe.folded import folded
from recoupe.ledger.codec import loads
from recoupe.ledger.found import Card
from recoupe.ledger.lots import split
from recoupe.ledger.tables import STANDING, cards, over, readings
from recoupe.ledger.words import words_in
from recoupe.model import Reading

_LOT = 5_000  # cards that are handed over at a time
_TEXTS = 500  # readings that are held in memory

_ENTRIES, _OVER = STANDING["entries"], over("entries")


class SqlCards:
    """The cards of a ledger, in one transaction; implements `recoupe.ledger.Cards`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._words = words_in(connection, "card_words")

    def put(self, cards_: Mapping[Card, str]) -> None:
        """Adds cards with their words, instead of those of the same rows."""
        left = iter(cards_.items())
        while lot := list(islice(left, _LOT)):
            self.drop(card.row for card, _ in lot)
            self._connection.execute(cards.insert(), [card._asdict() for card, _ in lot])
            self._words.put({card.row: words for card, words in lot})

    def drop(self, rows: Iterable[int]) -> None:
        """Takes the cards of rows away."""
        there: list[int] = []
        for some in split(sorted(set(rows))):
            own = cards.c.row.in_(some)
            there += self._connection.execute(sa.select(cards.c.row).where(own)).scalars()
            self._connection.execute(cards.delete().where(own))
        self._words.drop(there)

    def rows(self) -> set[int]:
        """The rows that have cards."""
        return set(self._connection.execute(sa.select(cards.c.row)).scalars())

    def last(self) -> tuple[int, int]:
        """The last row of all entries, and the last batch that added or superseded one."""
        row, came, went = (
            self._connection.execute(sa.select(sa.func.max(column))).scalar() or 0
            for column in (_ENTRIES.c.row, _ENTRIES.c.batch, _OVER.c.batch)
        )
        return row, max(came, went)

    def came(self, row: int) -> list[int]:
        """The rows above this one of entries that stand."""
        return list(self._connection.execute(standing_rows().where(_ENTRIES.c.row > row)).scalars())

    def went(self, batch: int) -> list[int]:
        """The rows of entries that were superseded in this batch or a later one."""
        return list(self._connection.execute(sa.select(_OVER.c.row).where(_OVER.c.batch >= batch)).scalars())

    def past(self) -> Iterator[tuple[int, str]]:
        """The row and the canonical JSON of all entries that ever stood."""
        last = 0
        asked = sa.select(_ENTRIES.c.row, _ENTRIES.c.body).order_by(_ENTRIES.c.row).limit(_LOT)
        while some := self._connection.execute(asked.where(_ENTRIES.c.row > last)).all():
            yield from ((row.row, row.body) for row in some)
            last = some[-1].row

    def texts_missing(self) -> list[int]:
        """The rows of readings that stand and whose reports are not found by their words."""
        last = sa.select(sa.func.max(readings.c.row)).group_by(readings.c.page)
        there = words_in(self._connection, "report_words").rows()
        return [row for row in self._connection.execute(last).scalars() if row not in there]

    def put_texts(self, rows: Iterable[int]) -> None:
        """Lets the reports of these readings be found by their words."""
        words = words_in(self._connection, "report_words")
        left = iter(sorted(set(rows)))
        while some := list(islice(left, _TEXTS)):
            for lot in split(some):
                asked = sa.select(readings.c.row, readings.c.body).where(readings.c.row.in_(lot))
                found = {r.row: loads(Reading, r.body) for r in self._connection.execute(asked)}
                words.put({row: folded(reading.report.text) for row, reading in found.items()})


def standing_rows() -> sa.Select[Any]:
    """The rows of entries that nothing supersedes, in their order."""
    return sa.select(_ENTRIES.c.row).where(_ENTRIES.c.row.not_in(sa.select(_OVER.c.row))).order_by(_ENTRIES.c.row)
