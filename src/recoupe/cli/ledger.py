"""`recoupe ledger`: the entries of a ledger."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from recoupe.cli import output
from recoupe.cli.moments import AsOf, days_given, opened
from recoupe.cli.options import CodebookOpt, LedgerArg
from recoupe.codebook import open_codebook
from recoupe.publish.entries import entries_csv, entries_json
from recoupe.publish.select import Seen, Selection, known, select, undated
from recoupe.publish.table import entries_table


class Format(StrEnum):
    """How entries are printed."""

    table = "table"
    json = "json"
    csv = "csv"


def ledger(
    path: LedgerArg,
    kind: Annotated[str | None, typer.Option(help="Only this kind, such as pledge or attack.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only with this actor or place: an id or its beginning.")] = None,
    item: Annotated[str | None, typer.Option(help="Only with this item or what is below it in the tree.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Not before this day, month or year.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Not after this day, month or year.")] = None,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="Only where reports contradict one another.")] = False,
    reviewed: Annotated[
        Seen | None, typer.Option(help="Only what people have reviewed, or not, or should look at again.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.table,
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Prints the entries of a ledger."""
    book = open_codebook(codebook)
    if kind is not None and kind not in book.kinds:
        raise typer.BadParameter(f"expected one of {', '.join(sorted(book.kinds))}", param_hint="--kind")
    wanted = Selection(kind, actor, item, *days_given(since, until), conflicts, reviewed)
    with opened(path, as_of) as now:
        entries = list(now.entries())
    if missing := known(entries, wanted, book):
        raise typer.BadParameter(f"no id of the ledger or the codebook begins with {missing[0]!r}")
    found = select(entries, wanted, book)
    if left_out := undated(entries, wanted, book):
        output.complain(
            f"{left_out} more fit but for their time, which no words say; without a time filter they are shown"
        )
    if format is Format.json:
        sys.stdout.write(entries_json(found, book))
    elif format is Format.csv:
        sys.stdout.write(entries_csv(found, book))
    elif found:
        output.print_plainly(output.console(), entries_table(found, book))
    else:
        print("no entries")
