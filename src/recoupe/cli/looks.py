"""Commands that look at one thing of a ledger. What each needs is loaded when it is used: it takes its time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recoupe.cli import output
from recoupe.cli.moments import AsOf, opened
from recoupe.cli.options import CodebookOpt, LedgerArg, OutOpt
from recoupe.codebook import open_codebook


def show(
    path: LedgerArg,
    id: Annotated[str, typer.Argument(metavar="ID", help="An entry, a report (DOC), a claim (DOC#N), a line (DOC:N).")],
    dropped: Annotated[bool, typer.Option("--dropped", help="The lines left out of a report, with reasons.")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="By which words and rules each claim says what it says, and what tells none.")
    ] = False,
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Shows an entry with the words it rests on, a report with the reasons for its date, or what became of a line."""
    from recoupe.cli.claims import Why
    from recoupe.cli.show import show as print_thing

    book = open_codebook(codebook)
    with opened(path, as_of) as ledger:
        print_thing(output.console(), ledger, id, dropped, Why(book) if why else None, book)


def origins(
    path: LedgerArg,
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="An entry, a report (DOC), or a source such as reuters.")
    ] = None,
    graphml: Annotated[
        Path | None, typer.Option("--graphml", metavar="FILE", help="Write a graph instead; - is standard output.")
    ] = None,
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Shows who has it from whom, with the words that say so, and whose word an entry's claims are."""
    from recoupe.cli.origins import origin_graph, origin_trees

    book = open_codebook(codebook)
    with opened(path, as_of) as ledger:
        if graphml is None:
            origin_trees(output.console(), ledger, id, book)
        else:
            output.write_bytes(graphml, origin_graph(ledger, id, book))


def chain(
    path: LedgerArg,
    id: Annotated[str, typer.Argument(metavar="ENTRY", help="An entry's id, or the beginning of only one.")],
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Shows the steps that an entry is one of, from a request to what makes good a gift, and what remains open."""
    from recoupe.cli.chains import print_chain

    book = open_codebook(codebook)
    with opened(path, as_of) as ledger:
        print_chain(output.console(), ledger, id, book)


def page(
    path: LedgerArg,
    id: Annotated[str, typer.Argument(metavar="ID", help="A report (DOC), or a part of only one's name.")],
    out: OutOpt = Path("-"),
    as_of: AsOf = None,
) -> None:
    """Gives the page of a report back, byte for byte as it came."""
    from recoupe.cli.show import page_named

    with opened(path, as_of, settled=False) as ledger:
        data = page_named(ledger, id).data
    output.write_bytes(out, data)
