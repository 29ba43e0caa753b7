"""What many commands are given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LEDGER = "A ledger: a file, or the address of a database, postgresql://user@host/name."
INTO = "The ledger, a file or postgresql://user@host/name; made where it is not there."

LedgerArg = Annotated[str, typer.Argument(metavar="LEDGER", help=LEDGER)]
IntoOpt = Annotated[str, typer.Option("--into", metavar="LEDGER", help=INTO)]
CodebookOpt = Annotated[
    Path | None, typer.Option("--codebook", metavar="DIR", help="A codebook folder instead of the built-in one.")
]
OutOpt = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; - is standard output.")]
