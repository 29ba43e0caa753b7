"""How a ledger came to be what it is: its batches, what is different between two of them, and whether it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Literal

import sqlalchemy as sa

from recoupe.ledger import Damage, Made, Past, Step, queries
from recoupe.ledger.audit import audit
from recoupe.ledger.codec import loads
from recoupe.ledger.names import named_reading
from recoupe.ledger.tables import batches, made, readings, seals
from recoupe.model import Entry, Reading


class SqlHistory:
    """The history of a ledger in a database; implements `recoupe.ledger.History`."""

    def __init__(self, connect: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
        self._connect = connect

    def batches(self) -> list[Past]:
        """All batches, in order."""
        columns = [made.c.program, made.c.codebook, made.c.edition]
        with_all = batches.outerjoin(made, made.c.batch == batches.c.number).outerjoin(
            seals, seals.c.batch == batches.c.number
        )
        asked = sa.select(batches.c.number, batches.c.at, seals.c.hash, *columns).select_from(with_all)
        with self._connect() as connection:
            rows = connection.execute(asked.order_by(batches.c.number)).all()
        return [
            Past(
                row.number,
                row.at,
                None if row.program is None else Made(row.program, row.codebook, row.edition),
                row.hash,
            )
            for row in rows
        ]

    def makers(self) -> list[Made | None]:
        """All that read and checked what is in the ledger, each once; None where readings do not say by what."""
        asked = sa.select(made.c.program, made.c.codebook, made.c.edition).distinct()
        unsaid = sa.select(readings.c.row).where(readings.c.batch.not_in(sa.select(made.c.batch))).limit(1)
        with self._connect() as connection:
            found: list[Made | None] = [Made(*row) for row in connection.execute(asked)]
            return found if connection.execute(unsaid).first() is None else [*found, None]

    def texts(self, what: Literal["origins", "entries"]) -> list[str]:
        """The canonical JSON of those that now stand, sorted."""
        with self._connect() as connection:
            return sorted(queries.standing(connection, what).values())

    def step(self, since: int, until: int) -> Step:
        """What is different after the batch `until` from after the batch `since`."""
        with self._connect() as connection:
            then, now = queries.names(connection, since), queries.names(connection, until)
            before, after = _readings(connection, since, until, now)
            gone, new = queries.came_and_went(connection, "entries", since, until)
        renamed = {name: now[hash_] for hash_, name in then.items() if now[hash_] != name}
        return Step(before, after, [loads(Entry, b) for b in gone], [loads(Entry, b) for b in new], renamed)

    def audit(self) -> Iterator[Damage]:
        """Looks at every record, and whether hashes, references and seals hold."""
        with self._connect() as connection:
            yield from audit(connection)


def _readings(
    connection: sa.Connection, since: int, until: int, names: dict[str, str]
) -> tuple[dict[str, Reading], dict[str, Reading]]:
    """The readings that stood after one batch and not after a later one, and the other way round, by their page."""
    touched = sa.select(readings.c.page).where(readings.c.batch > since, readings.c.batch <= until)

    def standing(then: int) -> dict[str, tuple[str, str]]:
        last = sa.select(sa.func.max(readings.c.row)).where(readings.c.page.in_(touched), readings.c.batch <= then)
        asked = sa.select(readings.c.page, readings.c.hash, readings.c.body)
        rows = connection.execute(asked.where(readings.c.row.in_(last.group_by(readings.c.page))))
        return {row.page: (row.hash, row.body) for row in rows}

    before, after = standing(since), standing(until)
    other = [page for page, (hash_, _) in after.items() if before.get(page, ("", ""))[0] != hash_]

    def loaded(found: dict[str, tuple[str, str]]) -> dict[str, Reading]:
        return {
            page: named_reading(loads(Reading, found[page][1]), names[page]) for page in sorted(other) if page in found
        }

    return loaded(before), loaded(after)
