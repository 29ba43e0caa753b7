"""Rows of CSV and its kin: separated by commas, semicolons, tabs or bars, in any encoding that pages come in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recoupe.errors import PageError
from recoupe.load.how import How, Tally
from recoupe.load.limits import LIMITS
from recoupe.load.recode import as_utf8
from recoupe.load.rows import Row, pages_of
from recoupe.load.source import Source, ahead, amount
from recoupe.load.text import encoding_of
from recoupe.model import Page

DELIMITERS = ",;\t|"
_HEAD = 64 * 1024
_HIGH = bytes(range(0x80, 0x100))


def pages_in_csv(doc: str, stream: Source, how: How) -> Iterator[Page]:
    """The pages of a CSV or TSV file whose first row names its columns. Raises PageError where it holds no text, or no
    column that could be a page.
    """
    stream = as_utf8(stream)
    tally = Tally(doc, "row")
    yield from pages_of(_rows(doc, stream, how, tally), how, tally)
    tally.tell(how.on_problem)


def _rows(doc: str, stream: Source, how: How, tally: Tally) -> Iterator[tuple[int, Row]]:
    """Rows from 1; the row of names is none."""
    head, stream = ahead(stream, _HEAD)
    text = io.TextIOWrapper(stream, _encoding(doc, head), "replace", newline="")
    lines = _Lines(text, how.limits.cell)
    header = _Header.of(lines, how)
    # The limit is the process's, and its own 128 KB are less than many a page.
    csv.field_size_limit(max(csv.field_size_limit(), LIMITS.cell))
    number = 0
    try:
        for cells in csv.reader(lines, delimiter=header.delimiter):
            lines.taken = 0
            if not cells:
                continue
            number += 1
            yield number, dict(zip(header.names, cells, strict=False))
    except (csv.Error, PageError) as error:
        # Where a quote is not closed, nothing tells where the next row begins.
        tally.add(number + 1, f"{_told(error, how)}; the rest of the file is not read")
    finally:
        # The stream is its opener's to close.
        text.detach()


def _told(error: csv.Error | PageError, how: How) -> str:
    if isinstance(error, PageError) or "field larger" in str(error):
        return f"larger than {amount(how.limits.cell)} (a quote that is not closed?)"
    return f"no CSV: {error}"


def _encoding(doc: str, head: bytes) -> str:
    """As encoding_of sees it in the beginning of the file."""
    # A character that the cut divides is no damage, and a NUL here and there is damage, not another sort of file.
    if len(head) >= _HEAD:
        head = head.rstrip(_HIGH)
    if head.count(b"\0") <= 3 + 0.01 * len(head):
        head = head.replace(b"\0", b"")
    return {"utf-8": "utf-8-sig"}.get(found := encoding_of(doc, head), found)


@dataclass(slots=True)
class _Lines:
    """The lines of a file, none of them, and no row of several of them, longer than `most` characters."""

    text: io.TextIOWrapper
    most: int
    taken: int = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(self.most - self.taken + 1):
            self.taken += len(line)
            if self.taken > self.most:
                raise PageError("", "too long a row")
            yield line


@dataclass(frozen=True, slots=True)
class _Header:
    """The names of the columns, and what separates them."""

    delimiter: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, lines: _Lines, how: How) -> _Header:
        """From the first line that says anything; Excel's `sep=;` is none, but is believed."""
        told = ""
        for line in lines:
            lines.taken = 0
            if line.strip().lower().startswith("sep=") and len(line.strip()) == 5:
                told = line.strip()[4]
            elif line.strip():
                return cls._best(line, told or DELIMITERS, how)
        return cls(",", ())

    @classmethod
    def _best(cls, line: str, delimiters: str, how: How) -> _Header:
        """The separator that gives the most columns that are known, or else the most columns."""
        options = [cls(d, _cells(line, d)) for d in delimiters]
        return max(options, key=lambda o: (len(how.columns.pick(o.names)), len(o.names)))


def _cells(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        found: Sequence[Sequence[str]] = list(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in found[0]) if found else ()
