"""A balance as a table for people, as CSV and as JSON for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from fractions import Fraction

from rich import box
from rich.table import Table
from rich.text import Text

from recoupe.chains import Row, Sum
from recoupe.publish.entries import short, sure
from recoupe.values import Count

NOBODY = "(not told)"
COLUMNS = ("by", "row", "column", "unit", "low", "high", "origins", "origin_ids", "entries", "contested", "planned")


def balance_table(rows: Iterable[Row], by: str, columns: Sequence[str]) -> Table:
    """A table for the terminal: a row for those who stand together, a line for each sum."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in (by, *columns):
        table.add_column(name, overflow="fold")
    for row in rows:
        cells = (Text("\n".join(map(sum_in_words, row.cells.get(column, ())))) for column in columns)
        table.add_row(Text(named(row)), *cells)
    return table


def named(row: Row) -> str:
    """Those of a row, as people read them."""
    return " + ".join(map(short, row.names)) or NOBODY


def sum_in_words(one: Sum) -> str:
    """A sum with its origins: `30 f-16 (2 origins)`, `0..1000 patriot-missile (1 origin, planned)`; `≠` where reports
    contradict each other.
    """
    unit = " + ".join(map(short, one.unit.split("+")))
    text = f"{unit}, no number" if one.range is None else f"{_bounds(one.range)} {unit}"
    notes = [sure(len(one.origins), len(one.origins)), *(["planned"] if one.planned else [])]
    return f"{text}{' ≠' if one.contested else ''} ({', '.join(notes)})"


def _bounds(count: Count) -> str:
    """A range; one that may be nothing at all says so."""
    text = str(count)
    return "0.." if text == ">=0" else text.replace("<=", "0..")


def _plain(number: Fraction | None) -> str:
    """A bound with all its digits; empty for none."""
    return "" if number is None else str(int(number)) if number.denominator == 1 else str(float(number))


def balance_csv(rows: Iterable[Row], by: str, columns: Sequence[str]) -> str:
    """CSV (RFC 4180, with a header), a line a sum; an empty `high` is open, an empty `low` means that nobody says."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        for column in columns:
            for one in row.cells.get(column, ()):
                low, high = (one.range.low, one.range.high) if one.range is not None else (None, None)
                writer.writerow(
                    (by, " ".join(row.names), column, one.unit, _plain(low), _plain(high), len(one.origins),
                     " ".join(one.origins), " ".join(one.entries), _yes(one.contested), _yes(one.planned))
                )  # fmt: skip
    return out.getvalue()


def _yes(flag: bool) -> str:
    return "yes" if flag else ""


def balance_json(rows: Iterable[Row], by: str, columns: Sequence[str]) -> str:
    """A JSON list of rows, with a line end; a column holds a list of sums, their range in the manual's notation."""
    data = [
        {
            by: list(row.names),
            **{
                column: [
                    {
                        "unit": one.unit or None,
                        "money": one.money,
                        "range": None if one.range is None else str(one.range),
                        "origins": list(one.origins),
                        "entries": list(one.entries),
                        "contested": one.contested,
                        "planned": one.planned,
                    }
                    for one in row.cells.get(column, ())
                ]
                for column in columns
            },
        }
        for row in rows
    ]
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
