"""What is found by which number: the notes by which a page's neighbours are known without looking at all pages.

They follow from what the ledger keeps and are written anew where it changes; nobody's word rests on them. What the
spaces and numbers mean is the affair of those who put them there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from recoupe.ledger import Find
from recoupe.ledger.lots import split
from recoupe.ledger.tables import finds, roots


class SqlFinds:
    """The notes of a ledger, in one transaction; implements `recoupe.ledger.Finds`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, space: int, key: int, limit: int | None = None) -> list[Find]:
        """The rows of a number, those with the least `first` first."""
        statement = _OF if limit is None else _OF_FEW
        return self._found(statement, {"space": space, "key": key, "limit": limit})

    def any_of(self, space: int, keys: Iterable[int]) -> list[Find]:
        """The rows of these numbers, in no order."""
        found: list[Find] = []
        for some in split(sorted(set(keys))):
            found += self._found(_ANY_OF, {"space": space, "keys": some})
        return found

    def like(self, space: int, key: int, first: int) -> list[Find]:
        """The rows of a number with that `first`."""
        return self._found(_LIKE, {"space": space, "key": key, "first": first})

    def during(self, space: int, key: int, first: int, last: int) -> list[Find]:
        """The rows of a number whose range from `first` to `last` has something in common with this one."""
        return self._found(_DURING, {"space": space, "key": key, "from": first, "to": last})

    def after(self, space: int, key: int, first: int) -> list[Find]:
        """The next row of a number, with a greater `first`."""
        return self._found(_AFTER, {"space": space, "key": key, "first": first})

    def put(self, space: int, rows: Iterable[Find]) -> None:
        """Adds rows, of which there must be none alike yet."""
        for some in _lots({"space": space, **row._asdict()} for row in rows):
            self._connection.execute(finds.insert(), some)

    def drop(self, space: int, rows: Iterable[Find]) -> None:
        """Takes rows away; `last` plays no part in which."""
        for some in _lots(
            {"b_space": space, "b_key": r.key, "b_first": r.first, "b_page": r.page, "b_item": r.item} for r in rows
        ):
            self._connection.execute(_DROP, some)

    def empty(self, space: int) -> None:
        """Takes all rows of a space away."""
        self._connection.execute(finds.delete().where(finds.c.space == space))

    def roots(self, pages: Iterable[int]) -> dict[tuple[int, int], str]:
        """Whose word pages (item 0) and their claims (from 1; only those with another one) are."""
        found: dict[tuple[int, int], str] = {}
        for some in split(sorted(set(pages))):
            rows = self._connection.execute(sa.select(roots).where(roots.c.page.in_(some)))
            found |= {(row.page, row.item): row.root for row in rows}
        return found

    def root(self, pages: Iterable[int], of: dict[tuple[int, int], str]) -> None:
        """Notes whose word these pages and their claims are, instead of what was noted of them."""
        for some in split(sorted(set(pages))):
            self._connection.execute(roots.delete().where(roots.c.page.in_(some)))
        for lot in _lots({"page": page, "item": item, "root": root} for (page, item), root in of.items()):
            self._connection.execute(roots.insert(), lot)

    def clear(self) -> None:
        """Takes all notes away."""
        self._connection.execute(finds.delete())
        self._connection.execute(roots.delete())

    def _found(self, statement: sa.Select[Any], values: dict[str, Any]) -> list[Find]:
        return [Find(*row) for row in self._connection.execute(statement, values)]


def _lots(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    lot: list[dict[str, Any]] = []
    for row in rows:
        lot.append(row)
        if len(lot) == _MANY:
            yield lot
            lot = []
    if lot:
        yield lot


_MANY = 20_000  # rows that are handed over at a time
_ROW = (finds.c.key, finds.c.first, finds.c.last, finds.c.page, finds.c.item)
_OWN = (finds.c.space == sa.bindparam("space"), finds.c.key == sa.bindparam("key"))
_OF = sa.select(*_ROW).where(*_OWN).order_by(finds.c.first, finds.c.page, finds.c.item)
_OF_FEW = _OF.limit(sa.bindparam("limit"))
_ANY_OF = sa.select(*_ROW).where(
    finds.c.space == sa.bindparam("space"), finds.c.key.in_(sa.bindparam("keys", expanding=True))
)
_LIKE = sa.select(*_ROW).where(*_OWN, finds.c.first == sa.bindparam("first")).order_by(finds.c.page, finds.c.item)
_DURING = (
    sa.select(*_ROW)
    .where(*_OWN, finds.c.first <= sa.bindparam("to"), finds.c.last >= sa.bindparam("from"))
    .order_by(finds.c.first, finds.c.page, finds.c.item)
)
_AFTER = sa.select(*_ROW).where(*_OWN, finds.c.first > sa.bindparam("first")).order_by(finds.c.first).limit(1)
_DROP = finds.delete().where(
    *(finds.c[name] == sa.bindparam(f"b_{name}") for name in ("space", "key", "first", "page", "item"))
)
