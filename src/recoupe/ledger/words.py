"""Full text search, in each database's own way: FTS5 tables in SQLite, `tsvector` with a GIN index in PostgreSQL.

Texts come here as `folded` makes them, so that both databases find the same: words are told apart by blanks alone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar

import sqlalchemy as sa

from recoupe.folded import Term

Index = Literal["card_words", "report_words"]

T = TypeVar("T")
_AT_ONCE = 400  # rows of a statement
_HELD = 2_000_000  # letters of texts that are handed over at a time
_PLACES, _LAST = 255, 16_383  # how many places of a word PostgreSQL keeps, and the greatest


class Words(Protocol):
    """Texts by number, found by their words."""

    def put(self, texts: Mapping[int, str]) -> None:
        """Adds texts, of which there must be none with that number yet."""

    def drop(self, rows: Iterable[int]) -> None:
        """Takes texts away; those that are not there are none."""

    def empty(self) -> None:
        """Takes all texts away."""

    def rows(self) -> set[int]:
        """The numbers of all texts."""

    def size(self) -> int:
        """How many texts there are."""

    def find(self, terms: Sequence[Term], limit: int | None = None, offset: int = 0, ranked: bool = True) -> list[int]:
        """The texts that have all terms, those first that they fit best (else in the order of their numbers); none
        where nothing is asked for.
        """

    def count(self, terms: Sequence[Term], most: int) -> int:
        """How many texts have all terms; counting ends at `most`."""


def words_in(connection: sa.Connection, index: Index) -> Words:
    """The texts of one index of a ledger."""
    return (_Postgres if connection.dialect.name == "postgresql" else _Sqlite)(connection, index)


class _Common:
    """What both databases do alike; `key` is what they call a text's number."""

    key = '"row"'

    def __init__(self, connection: sa.Connection, index: Index) -> None:
        self._connection = connection
        self._index = index

    def drop(self, rows: Iterable[int]) -> None:
        """Takes texts away."""
        statement = sa.text(f"DELETE FROM {self._index} WHERE {self.key} = :row")
        for some in _lots(sorted(set(rows)), _AT_ONCE):
            self._connection.execute(statement, [{"row": row} for row in some])

    def empty(self) -> None:
        """Takes all texts away."""
        self._tell(f"DELETE FROM {self._index}")

    def _tell(self, statement: str, values: Mapping[str, Any] | None = None) -> sa.CursorResult[Any]:
        return self._connection.execute(sa.text(statement), values or {})


class _Sqlite(_Common):
    key = "rowid"

    def put(self, texts: Mapping[int, str]) -> None:
        """Adds texts."""
        statement = sa.text(f"INSERT INTO {self._index} (rowid, words) VALUES (:row, :words)")
        for some in _texts(texts):
            self._connection.execute(statement, [{"row": row, "words": words} for row, words in some])

    def rows(self) -> set[int]:
        """The numbers of all texts."""
        return set(self._tell(f"SELECT id FROM {self._index}_docsize").scalars())

    def size(self) -> int:
        """How many texts there are."""
        return int(self._tell(f"SELECT count(*) FROM {self._index}_docsize").scalar_one())

    def find(self, terms: Sequence[Term], limit: int | None = None, offset: int = 0, ranked: bool = True) -> list[int]:
        """The texts that have all terms."""
        if not terms:
            return []
        order = "rank, rowid" if ranked else "rowid"
        found = f"SELECT rowid FROM {self._index} WHERE words MATCH :asked ORDER BY {order} LIMIT :limit OFFSET :offset"
        values = {"asked": _match(terms), "limit": -1 if limit is None else limit, "offset": offset}
        # As one value: Python lets other threads go on before each row, of which there may be tens of thousands.
        numbers: list[int] = json.loads(
            self._tell(f"SELECT json_group_array(rowid) FROM ({found})", values).scalar_one()
        )
        return numbers

    def count(self, terms: Sequence[Term], most: int) -> int:
        """How many texts have all terms."""
        if not terms:
            return 0
        asked = f"SELECT count(*) FROM (SELECT 1 FROM {self._index} WHERE words MATCH :asked LIMIT :most)"
        return int(self._tell(asked, {"asked": _match(terms), "most": most}).scalar_one())


def _match(terms: Sequence[Term]) -> str:
    """The terms as FTS5 has them; they hold no quotation marks."""
    return " AND ".join(f'"{" ".join(term.words)}"{" *" if term.begins else ""}' for term in terms)


class _Postgres(_Common):
    def put(self, texts: Mapping[int, str]) -> None:
        """Adds texts."""
        statement = sa.text(
            f"INSERT INTO {self._index} ({self.key}, words, found) VALUES (:row, :words, CAST(:found AS tsvector))"
        )
        for some in _texts(texts):
            rows = [{"row": row, "words": f" {words} ", "found": _vector(words)} for row, words in some]
            self._connection.execute(statement, rows)

    def rows(self) -> set[int]:
        """The numbers of all texts."""
        return set(self._tell(f"SELECT {self.key} FROM {self._index}").scalars())

    def size(self) -> int:
        """How many texts there are."""
        return int(self._tell(f"SELECT count(*) FROM {self._index}").scalar_one())

    def find(self, terms: Sequence[Term], limit: int | None = None, offset: int = 0, ranked: bool = True) -> list[int]:
        """The texts that have all terms."""
        if not terms:
            return []
        where, values = _where(terms)
        order = f"ts_rank(found, CAST(:asked AS tsquery), 1) DESC, {self.key}" if ranked else self.key
        asked = f"SELECT {self.key} FROM {self._index} WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"
        return list(self._tell(asked, {**values, "limit": limit, "offset": offset}).scalars())

    def count(self, terms: Sequence[Term], most: int) -> int:
        """How many texts have all terms."""
        if not terms:
            return 0
        where, values = _where(terms)
        asked = f"SELECT count(*) FROM (SELECT 1 FROM {self._index} WHERE {where} LIMIT :most) AS lot"
        return int(self._tell(asked, {**values, "most": most}).scalar_one())


def _vector(words: str) -> str:
    """A text as a `tsvector` is written. A parser of PostgreSQL's would take some words apart, and join others."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words.split(" ") if words else (), 1):
        if place <= _LAST and len(places[word]) < _PLACES:
            places[word].append(place)
        else:
            places.setdefault(word, [])
    return " ".join(f"'{word}':{','.join(map(str, at))}" if at else f"'{word}'" for word, at in places.items())


def _where(terms: Sequence[Term]) -> tuple[str, dict[str, str]]:
    """A condition and its values. Of runs of words the index knows the words, and the text itself their order: the
    index keeps not all places of a word.
    """
    single = [f"'{word}'" for term in terms for word in term.words[: len(term.words) - term.begins]]
    begun = [f"'{term.words[-1]}':*" for term in terms if term.begins]
    values = {"asked": " & ".join(dict.fromkeys([*single, *begun]))}
    runs = [term for term in terms if len(term.words) > 1]
    values |= {f"run{n}": f"% {' '.join(term.words)}{'' if term.begins else ' '}%" for n, term in enumerate(runs)}
    return " AND ".join(
        ["found @@ CAST(:asked AS tsquery)", *(f"words LIKE :run{n}" for n in range(len(runs)))]
    ), values


def _texts(texts: Mapping[int, str]) -> Iterator[list[tuple[int, str]]]:
    """Texts in lots that take little memory."""
    lot: list[tuple[int, str]] = []
    held = 0
    for row, words in texts.items():
        lot.append((row, words))
        held += len(words)
        if held >= _HELD or len(lot) >= 10 * _AT_ONCE:
            yield lot
            lot, held = [], 0
    if lot:
        yield lot


def _lots(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (things[i : i + size] for i in range(0, len(things), size))
