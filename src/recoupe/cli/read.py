"""`recoupe read`: pages into a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recoupe.cli import output
from recoupe.cli.options import CodebookOpt, IntoOpt
from recoupe.codebook import open_codebook
from recoupe.ledger import create_ledger, discard_unused, ledger_file


def read(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files and folders of pages.", readable=False)],
    into: IntoOpt,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes to read with; as many as may run at once.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="ROLE=NAME", help="What a table's column holds, such as html=raw_page.")
    ] = None,
    codebook: CodebookOpt = None,
) -> None:
    """Reads pages into a ledger. Pages that it has already add nothing."""
    # Not before they are used: what reads language takes its time to load.
    from recoupe.cli.summary import print_summary
    from recoupe.load import Columns
    from recoupe.pipeline import Work, fill, from_files, processes

    book = open_codebook(codebook)
    columns = Columns.parse(column or [])
    file = ledger_file(into)
    is_new = file is not None and not file.exists()
    with create_ledger(into) as ledger:
        with output.progress("reading") as watch:
            run = fill(ledger, from_files(*paths, columns=columns), book, Work(jobs or processes(), watch=watch))
        print_summary(output.console(), run, ledger.entries(), ledger.name, book)
    if not run.readings and not run.known:
        is_gone = is_new and discard_unused(into)
        output.complain("no page was read" + (", and no ledger made" if is_gone else ""))
        raise typer.Exit(1)
