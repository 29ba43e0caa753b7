"""The entries before and after one in the list from which somebody came to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from recoupe.errors import QueryError
from recoupe.web.asked import found_by
from recoupe.web.query import Query
from recoupe.web.shelf import Shelf

LIST, AT = "in", "at"
"""The parameters of an entry's address: the query of the list, and the entry's place in it, from 0."""
_NUMBER = re.compile(r"[0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class Beside:
    """A list and a place in it: the addresses of the entries before and after, and of the list's page; the
    place (from 1; 0: it is in the list no longer) and how many entries there are. `pairs`: the parameters that lead on
    in the same list.
    """

    pairs: tuple[tuple[str, str], ...]
    list: str
    number: int
    total: int
    previous: str | None
    next: str | None


def beside(shelf: Shelf, id_: str, asked: str | None, at: str, size: int) -> Beside | None:
    """What is beside an entry in the list of a query (None: it comes from none); `at` is the place that it had there.

    An entry that is no longer in the list, because it has been reviewed, is between those that were beside it. `size`
    is how many entries a page of the list has.
    """
    if asked is None:
        return None
    table = shelf.table()
    try:
        query = Query.parse(parse_qsl(asked), shelf.codebook.kinds)
    except QueryError:
        return None
    rows = table.every(query, found_by(shelf, query))
    own = table.row(id_)
    place = min(int(at), len(rows)) if _NUMBER.fullmatch(at) else 0
    inside = own is not None and own in rows
    if own is not None and inside:
        place = rows.index(own)
    after = place + 1 if inside else place

    def address(number: int) -> str | None:
        if not 0 <= number < len(rows):
            return None
        entry = shelf.ledger.lookups.entries([rows[number]]).get(rows[number])
        return None if entry is None else f"/entry/{entry.id}?{_parameters(asked, number)}"

    page = str(query.paged(min(place, max(len(rows) - 1, 0)) // size + 1))
    return Beside(
        ((LIST, asked), (AT, str(place))),
        f"/?{page}" if page else "/",
        place + 1 if inside else 0,
        len(rows),
        address(place - 1),
        address(after),
    )


def _parameters(asked: str, number: int) -> str:
    return urlencode({LIST: asked, AT: number})
