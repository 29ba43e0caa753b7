"""`recoupe codebook`: is a codebook sound?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recoupe.cli.commands import group
from recoupe.codebook import load_codebook

app = group("Looks after codebooks.")


@app.command("check")
def check_codebook(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A codebook folder.")]) -> None:
    """Says whether a codebook holds together; every mistake with its file and line."""
    book = load_codebook(folder)
    counts = (
        f"{len(book.kinds)} kinds",
        f"{len(book.parents)} items",
        f"{len(book.outlets)} outlets",
        f"{len(book.languages)} languages",
    )
    print(f"{folder}: sound: {', '.join(counts)}")
