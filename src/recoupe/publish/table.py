"""Entries as a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text

from recoupe.codebook import Codebook
from recoupe.model import Entry
from recoupe.publish.entries import row, sure

_MARKS = {"": "", "yes": " ✓", "partly": " ~", "waiting": " !"}
_MOST = 4  # names in one cell of the table; the rest are counted


def entries_table(entries: Iterable[Entry], codebook: Codebook) -> Table:
    """A table for the terminal, one row an entry."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    # Wide enough for most ids; on a narrow terminal the longest are broken, the entry's own id never is.
    widths = {"when": 10, "kind": 9, "who": 9, "what": 9, "how much": 8, "how sure": 8, "conflicts": 9}
    for name in ("when", "kind", "who", "what", "how much", "how sure", "conflicts"):
        table.add_column(name, min_width=widths.get(name), overflow="fold")
    table.add_column("entry", no_wrap=True, min_width=10)
    for entry in entries:
        cells = row(entry, codebook, _MOST)
        kind = cells.kind if cells.status == "done" else f"{cells.kind} ({cells.status})"
        table.add_row(
            Text(cells.when or "?"),
            Text(kind),
            Text(cells.who),
            Text(cells.what),
            Text(cells.how_much),
            Text(sure(cells.origins, cells.reports)),
            Text(cells.conflicts, style="bold red"),
            Text.assemble((cells.id, "dim"), _MARKS[cells.reviewed]),
        )
    return table
