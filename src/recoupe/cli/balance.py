"""`recoupe balance`: what was asked for, promised, contracted and delivered, added up."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from recoupe.cli import output
from recoupe.cli.chains import Wanted, balanced
from recoupe.cli.moments import AsOf, days_given, opened
from recoupe.cli.options import CodebookOpt, LedgerArg
from recoupe.codebook import open_codebook
from recoupe.publish.balance import balance_csv, balance_json, balance_table
from recoupe.values import When


class Format(StrEnum):
    """How a balance is printed."""

    text = "text"
    json = "json"
    csv = "csv"


def balance(
    path: LedgerArg,
    by: Annotated[str, typer.Option(metavar="SIDE", help="What rows go by: donor, item or recipient.")] = "donor",
    who: Annotated[str | None, typer.Option(help="Only with this actor: an id or its beginning.")] = None,
    what: Annotated[str | None, typer.Option(help="Only with this item or what is below it in the tree.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Not before this day, month or year.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Not after this day, month or year.")] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="Turn sums into this currency, at the rate of their day.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.text,
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Prints what was asked for, promised, contracted and delivered: ranges, with the number of their origins."""
    book = open_codebook(codebook)
    if by not in book.chains.sides:
        raise typer.BadParameter(f"expected one of {', '.join(book.chains.sides)}", param_hint="--by")
    first, last = days_given(since, until)
    span = When.between(first and first.first, last and last.last)
    with opened(path, as_of) as now:
        rows = balanced(now, Wanted(by, span, who, what, currency.upper() if currency else None), book)
    if format is Format.json:
        sys.stdout.write(balance_json(rows, by, book.chains.columns))
    elif format is Format.csv:
        sys.stdout.write(balance_csv(rows, by, book.chains.columns))
    elif rows:
        output.print_plainly(output.console(), balance_table(rows, by, book.chains.columns))
    else:
        print("nothing to count")
