"""The balance: what was asked for, promised, contracted and delivered, as ranges, with the entries that each counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi import Query as Asked

from recoupe.errors import QueryError
from recoupe.web.asked import query_of
from recoupe.web.described import FILTERS
from recoupe.web.figures.balance import BalanceShown, BarShown, SumShown, balance_shown, bars
from recoupe.web.figures.bars import SaidOfBars, balance_svg
from recoupe.web.pages.ledger import facets_of
from recoupe.web.query import CHOICES, Query
from recoupe.web.reader import wording
from recoupe.web.render import Fresh, render
from recoupe.web.rows import row_shown
from recoupe.web.shelf import Shelf, shelf
from recoupe.web.wording import Wording

router = APIRouter(route_class=Fresh, tags=["figures"])

ROWS, SUMS = 40, 8
"""Rows of a page; sums that are shown of a row in a column, where not that row alone is asked for."""
LISTED = 200
"""Entries that are listed of a number."""
CURRENCIES = ("EUR", "USD", "GBP")

ByAsked = Annotated[str, Asked(description="What the rows go by: a side of the codebook's chains (donor, item ...).")]
UnitAsked = Annotated[str | None, Asked(max_length=200, description="The unit to draw: a currency or an item.")]
CurrencyAsked = Annotated[str | None, Asked(max_length=3, description="The currency to convert sums to (ISO 4217).")]


@dataclass(frozen=True, slots=True)
class Ordered:
    """What balance is asked for: the side of its rows, the unit to draw, the currency, and which entries."""

    by: str
    unit: str | None
    currency: str | None
    query: Query


def ordered(request: Request, by: str, unit: str | None, currency: str | None) -> Ordered:
    """What an address asks for. Raises QueryError."""
    sides = shelf(request).codebook.chains.sides
    if not by:
        by = next(iter(sides), "")
    if sides and by not in sides:
        raise QueryError(f"by: expected one of {', '.join(sides)}, not {by!r}", "unknown", field="by", value=by)
    currency = currency.upper() if currency else None
    if currency is not None:
        from recoupe.web.sums import has_rates  # not before it is used: rates take their time to load

        if not has_rates(currency):
            raise QueryError(f"currency: no rates are known of {currency!r}", "currency", value=currency)
    return Ordered(by, unit, currency, query_of(request))


def shown(ledger: Shelf, asked: Ordered) -> BalanceShown:
    """The balance of the entries that a query leaves."""
    from recoupe.web.sums import sums  # not before it is used: chains take their time to load

    rows, stock = sums(ledger, asked.by, asked.currency, asked.query)
    return balance_shown(asked.by, ledger.codebook.chains.columns, rows, stock, asked.unit, asked.currency)


@router.get("/api/balance", openapi_extra=FILTERS)
def balance_json(
    request: Request, by: ByAsked = "", unit: UnitAsked = None, currency: CurrencyAsked = None
) -> BalanceShown:
    """What was asked for, promised, contracted and delivered, as ranges, with the entries that each counts and their
    origins; and what refills stocks.
    """
    return shown(shelf(request), ordered(request, by, unit, currency))


@router.get("/balance", include_in_schema=False)
def balance_page(
    request: Request, by: ByAsked = "", unit: UnitAsked = None, currency: CurrencyAsked = None,
    row: str = "", column: str = "", sum: str = "",
) -> Response:  # fmt: skip
    """The page of the balance; with a row, that row with all of its sums; with a column and the unit of a sum as well,
    the entries that it counts.
    """
    ledger, asked, words = shelf(request), ordered(request, by, unit, currency), wording(request)
    what = shown(ledger, asked)
    page = asked.query.page
    one = what.find(row, column, sum) if column else None
    entries = []
    if one is not None:
        own = [r for id_ in one.entries[:LISTED] if (r := ledger.table().row(id_)) is not None]
        entries = [row_shown(entry, ledger.codebook) for entry in ledger.ledger.lookups.entries(own).values()]
    alone = [r for r in what.rows if r.key == row] if "row" in request.query_params and not column else []
    return render(
        request, "balance.html", shown=what, alone=bool(alone), most=None if alone else SUMS,
        query=asked.query, sides=ledger.codebook.chains.sides, counted=one,
        counted_row=row, counted_column=column, entries=entries, currencies=CURRENCIES, choices=CHOICES,
        rows=alone or what.rows[(page - 1) * ROWS : page * ROWS], page=page,
        pages=1 if alone else max(1, -(-len(what.rows) // ROWS)),
        chart=_chart(request, what, words) if what.unit is not None else "",
        facets=facets_of(ledger, asked.query, request.query_params.get("more", "")),
        told=lambda cell: range_in_words(cell, words), unit_name=lambda unit: unit_in_words(unit, words),
        row_name=lambda key: row_in_words(key, words),
        column_name=lambda column: column_in_words(column, words), currency=asked.currency,
    )  # fmt: skip


def _chart(request: Request, what: BalanceShown, words: Wording) -> str:
    """The chart of the unit that is drawn."""
    unit = what.unit or ""

    def tip(bar: BarShown) -> str:
        one = what.find(bar.row, bar.column, unit)
        told = "" if one is None else range_in_words(one, words)
        return f"{row_in_words(bar.row, words)}, {column_in_words(bar.column, words)}{words.t('colon')} {told}"

    def link(bar: BarShown) -> str:
        kept = [(k, v) for k, v in request.query_params.multi_items() if k not in ("row", "column", "sum", "page")]
        wanted = [*kept, ("row", bar.row), ("column", bar.column), ("sum", unit)]
        return f"/balance?{urlencode(wanted)}#counted"

    said = SaidOfBars(
        words.lang, words.t("balance.drawn", unit=unit_in_words(unit, words)), words.t("balance.described"),
        unit_in_words(unit, words), words.t("balance.billion"), lambda key: row_in_words(key, words), tip,
    )  # fmt: skip
    return balance_svg(bars(what), what.columns, link, said)


def column_in_words(column: str, words: Wording) -> str:
    """A column, or a kind of what refills stocks."""
    key = f"balance.columns.{column}"
    return words.t(key) if words.has(key) else words.kind(column)


def row_in_words(key: str, words: Wording) -> str:
    """Those of a row."""
    return words.listed([words.name(name) for name in key.split("+")]) if key else words.t("balance.nobody")


def unit_in_words(unit: str, words: Wording) -> str:
    """A currency, or items."""
    return words.listed([words.name(name) for name in unit.split("+")]) if unit else words.t("balance.things")


def range_in_words(one: SumShown, words: Wording) -> str:
    """How much a sum is, with its unit."""
    if one.range is None:
        return f"{unit_in_words(one.unit, words)}, {words.t('balance.no_number')}"
    if one.money:
        return words.value(f"{one.range} {one.unit}", "amount")
    return f"{words.value(one.range, 'count')} × {unit_in_words(one.unit, words)}"
