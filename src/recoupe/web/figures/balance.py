"""The balance as a page shows it: rows of sums as ranges, and what a chart of one unit draws of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recoupe.chains import Row, Sum

MOST = 15
"""Rows that are drawn: those of the largest sums."""


@dataclass(frozen=True, slots=True)
class SumShown:
    """How much some entries come to, as `chains.Sum`: a currency, or items by id with a plus between; `range` in the
    manual's notation, None where no report says how much; `high` None where the range is open.
    """

    unit: str
    money: bool
    range: str | None
    low: float | None
    high: float | None
    origins: tuple[str, ...]
    entries: tuple[str, ...]
    contested: bool
    planned: bool


@dataclass(frozen=True, slots=True)
class RowShown:
    """Those who stand together in a row (nobody: that is not told), and their sums by column."""

    names: tuple[str, ...]
    cells: Mapping[str, tuple[SumShown, ...]]

    @property
    def key(self) -> str:
        """What an address calls the row."""
        return "+".join(self.names)

    @property
    def entries(self) -> int:
        """How many entries the row counts."""
        return len({id_ for sums in self.cells.values() for one in sums for id_ in one.entries})


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit that a chart can be drawn of, and in how many rows it has a range."""

    unit: str
    money: bool
    rows: int


@dataclass(frozen=True, slots=True)
class BalanceShown:
    """A balance: by what side its rows go, its columns, the rows of most entries first; what refills stocks, in columns
    that are kinds; the units that there are, those of most rows first, and the one to draw; the currency that sums are
    converted to.
    """

    by: str
    columns: tuple[str, ...]
    rows: tuple[RowShown, ...]
    refill_columns: tuple[str, ...]
    refills: tuple[RowShown, ...]
    units: tuple[UnitShown, ...]
    unit: str | None
    currency: str | None

    def find(self, row: str, column: str, unit: str) -> SumShown | None:
        """The sum of a row (by its key) in a column of the balance or of the refills; None where there is none."""
        own = (r.cells.get(column, ()) for r in (*self.rows, *self.refills) if r.key == row)
        return next((one for sums in own for one in sums if one.unit == unit), None)


@dataclass(frozen=True, slots=True)
class BarShown:
    """A range to draw: of a row, in a column; from zero to `low` is sure, from there to `high` (None: without end) may
    be.
    """

    row: str
    column: str
    low: float
    high: float | None


def balance_shown(
    by: str, columns: Sequence[str], rows: Iterable[Row], refills: Iterable[Row], unit: str | None, currency: str | None
) -> BalanceShown:
    """What is shown of a balance; `unit` is the one to draw where there are ranges of it, else the most frequent is."""
    own, stock = _ordered(rows), _ordered(refills)
    units = _units(own)
    drawn = unit if any(one.unit == unit for one in units) else next((one.unit for one in units), None)
    kinds = sorted({column for row in stock for column in row.cells})
    return BalanceShown(by, tuple(columns), own, tuple(kinds), stock, units, drawn, currency)


def bars(shown: BalanceShown) -> tuple[BarShown, ...]:
    """The ranges that are drawn of the unit, the largest rows first."""
    found: dict[str, list[BarShown]] = {}
    for row in shown.rows:
        for column in shown.columns:
            for one in row.cells.get(column, ()):
                if one.unit == shown.unit and one.low is not None:
                    found.setdefault(row.key, []).append(BarShown(row.key, column, one.low, one.high))
    largest = sorted(found, key=lambda key: (-max(max(b.low, b.high or b.low) for b in found[key]), key))
    return tuple(bar for key in largest[:MOST] for bar in found[key])


def _ordered(rows: Iterable[Row]) -> tuple[RowShown, ...]:
    made = [RowShown(row.names, {c: tuple(map(_sum, sums)) for c, sums in row.cells.items()}) for row in rows]
    return tuple(sorted(made, key=lambda row: (not row.names, -row.entries, row.names)))


def _sum(one: Sum) -> SumShown:
    low, high = (None, None) if one.range is None else (one.range.low, one.range.high)
    return SumShown(
        one.unit, one.money, None if one.range is None else str(one.range), _number(low), _number(high),
        one.origins, one.entries, one.contested, one.planned,
    )  # fmt: skip


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _units(rows: Iterable[RowShown]) -> tuple[UnitShown, ...]:
    told = Counter(
        (unit, money)
        for row in rows
        for unit, money in {(s.unit, s.money) for sums in row.cells.values() for s in sums if s.range is not None}
    )
    ordered = sorted(told.items(), key=lambda pair: (-pair[1], not pair[0][1], pair[0][0]))
    return tuple(UnitShown(unit, money, count) for (unit, money), count in ordered)
