"""Rows of Parquet files, through DuckDB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from recoupe.errors import PageError
from recoupe.load.how import How, Tally
from recoupe.load.rows import Row, pages_of
from recoupe.model import Page

_AT_ONCE = 16  # rows
# One thread, so that rows come in the order of the file; nothing is fetched from anywhere; and what the engine holds at
# a time is bounded: a row group of 2048 pages of 200 KB is 400 MB.
_CONFIG = {
    "threads": "1",
    "memory_limit": "2GB",
    "max_temp_directory_size": "0B",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def pages_in_parquet(doc: str, path: Path, how: How) -> Iterator[Page]:
    """The pages of a Parquet file. Raises PageError where DuckDB is not installed, or the file cannot be read at all;
    where it breaks off, what came before is given.
    """
    try:
        duckdb = import_module("duckdb")
    except ImportError:
        raise PageError(doc, "Parquet needs DuckDB: install recoupe[tables]") from None
    tally = Tally(doc, "row")
    yield from pages_of(_rows(doc, path, duckdb, how), how, tally)
    tally.tell(how.on_problem)


def _rows(doc: str, path: Path, duckdb: Any, how: How) -> Iterator[tuple[int, Row]]:
    # Stars and brackets in a file's name are no pattern.
    name = re.sub(r"([*?\[])", r"[\1]", str(path.absolute()))
    number = 0
    try:
        with duckdb.connect(":memory:", config=_CONFIG) as connection:
            cursor = connection.execute("SELECT * FROM read_parquet(?, hive_partitioning = false)", [name])
            names = [column[0] for column in cursor.description]
            while cells := cursor.fetchmany(_AT_ONCE):
                for row in cells:
                    number += 1
                    yield number, dict(zip(names, row, strict=True))
    except (duckdb.Error, RuntimeError, ValueError) as error:
        # The engine's texts are several lines, with advice on its own settings.
        reason = str(error).strip().partition("\n")[0].replace(str(path.absolute()), path.name)[:200]
        after = f"after row {number}: " if number else ""
        how.problem(doc, f"cannot be read as Parquet: {after}{reason}")
