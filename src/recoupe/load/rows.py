"""Pages from rows: of tables, and of lists of JSON objects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from recoupe.charset import scrub
from recoupe.load.how import How, Tally
from recoupe.load.limits import Limits
from recoupe.model import Form, Page

Row = Mapping[str, object]
"""A row: a cell is what the file says, of any type."""
SAFE_ID = re.compile(r"(?!row-)[\w@+~=][\w@+~=.:-]{0,127}")
"""An id that can be a name in `doc`: no blanks, no slashes, not hidden, not like the name of a row without one."""

FRAGMENT = re.compile(r"\s*+<(?:p|div|article|section|main|figure|span|ul|ol|table|h[1-6])\b[^<>]*+>", re.I)
"""How the HTML of an article begins that was taken out of its page, as content systems hand it out as `content`."""


class Number(str):
    """A number as it is written in the file; no text."""

    __slots__ = ()


def pages_of(rows: Iterable[tuple[int, Row]], how: How, tally: Tally) -> Iterator[Page]:
    """The pages of numbered rows; rows without one are counted in `tally`.

    A page's `doc` is that of the file with the row's id, or with the row's number from 1 where it has no id that is
    safe in a name and the first of its kind in the file.
    """
    names = Names()
    for number, row in rows:
        columns = tuple(row)
        roles = how.columns.pick(columns)
        found = _page(row, roles, how)
        if isinstance(found, str):
            tally.add(number, found)
            continue
        data, form = found
        name = names.name(number, row.get(roles["id"]) if "id" in roles else None)
        page = tally.page(number, data, _meta(row, columns, roles, how), form, name=name)
        if page is not None:
            yield page


def _page(row: Row, roles: Mapping[str, str], how: How) -> tuple[bytes, Form | None] | str:
    """The page's bytes and form (None: to be seen in them), or why there are none."""
    reason = ""
    forms: tuple[tuple[str, Form | None], ...] = (("html", "html"), ("text", None))
    for role, form in forms:
        cell = row.get(roles[role]) if role in roles else None
        if isinstance(cell, bytes | bytearray | memoryview) and cell:
            return bytes(cell), form
        if isinstance(cell, str) and not isinstance(cell, Number) and cell.strip():
            return scrub(cell).encode(), form or ("html" if FRAGMENT.match(cell) else None)
        if role in roles:
            empty = cell is None or (isinstance(cell, str) and not isinstance(cell, Number))
            reason = reason or f"its {scrub(roles[role])!r} is {'empty' if empty else 'no text'}"
    return reason or _missing(tuple(row), how)


def _missing(names: tuple[str, ...], how: How) -> str:
    told = [name for name in (how.columns.html, how.columns.text) if name is not None]
    if told:
        return f"no column {' or '.join(map(repr, told))}"
    shown = ", ".join(scrub(name)[:40] for name in names[:8]) + (", ..." if len(names) > 8 else "")
    return f"no column for html or text among: {shown}" if names else "no columns"


def _meta(row: Row, columns: tuple[str, ...], roles: Mapping[str, str], how: How) -> dict[str, str]:
    """Roles under their own names, all other columns as the file calls them."""
    named = {role: row[name] for role, name in roles.items() if role not in ("html", "text", "id")}
    spare = {name: row[name] for name in how.columns.spare(columns)}
    if "id" in roles:
        spare.setdefault("id", row[roles["id"]])
    # A column that happens to be called like a role that another column has keeps out of its way.
    told = {**spare, **{role: cell for role, cell in named.items() if _text(cell, how.limits)}}
    return {name: text for name, cell in told.items() if name.strip() and (text := _text(cell, how.limits))}


def _text(cell: object, limits: Limits) -> str:
    """A scalar as text; nothing for lists, objects, bytes, and texts too long for a fact about a page."""
    if cell is None or isinstance(cell, bytes | bytearray | memoryview | list | tuple | dict | set):
        return ""
    text = str(cell)
    return text if len(text) <= limits.value else ""


class Names:
    """Names of rows that are unique within their file. Of each name a hash is held, not the name."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def name(self, number: int, cell: object) -> str:
        """The name of row `number` whose id is `cell` (None: it has none)."""
        text = "" if cell is None or isinstance(cell, bytes | list | dict) else str(cell).strip()
        for name in (text if SAFE_ID.fullmatch(text) else "", str(number)):
            # Python's own hash of a text differs from run to run, but here it only says whether two are one; a clash
            # (one in 2^64) would cost a row its id, not its page.
            if name and hash(name) not in self._seen:
                self._seen.add(hash(name))
                return name
        return f"row-{number}"
