"""Of every report the little that lists and counts need, taken out of its reading by the database: readings are long,
and there may be a hundred thousand of them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from recoupe.ledger import queries
from recoupe.ledger.found import Head
from recoupe.ledger.tables import numbers, readings, roots
from recoupe.values import When


def heads(connection: sa.Connection) -> list[Head]:
    """The heads of all reports, sorted by doc."""
    last = sa.select(sa.func.max(readings.c.row)).group_by(readings.c.page)
    make: Any = sa.cast if connection.dialect.name == "postgresql" else sa.type_coerce
    body = make(readings.c.body, sa.JSON)
    asked = (
        sa.select(
            readings.c.page,
            body["report"]["outlet"].as_string(),
            body["dating"]["when"]["when"].as_string(),
            roots.c.root,
        )
        .outerjoin(numbers, numbers.c.page == readings.c.page)
        .outerjoin(roots, sa.and_(roots.c.page == numbers.c.number, roots.c.item == 0))
        .where(readings.c.row.in_(last))
    )
    called = queries.names(connection)
    times: dict[str, When] = {}
    found: list[Head] = []
    for page, outlet, when, root in connection.execute(asked):
        if when is not None and when not in times:
            times[when] = When.parse(when)
        doc = called[page]
        found.append(Head(doc, outlet, None if when is None else times[when], root or doc))
    return sorted(found, key=lambda head: head.doc)
