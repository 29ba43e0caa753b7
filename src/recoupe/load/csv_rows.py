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
_ESCAPE = "surrogateescape"
_HIGH = bytes(range(0x80, 0x100))


def pages_in_csv(doc: str, stream: Source, how: How) -> Iterator[Page]:
    """The pages of a CSV or TSV file whose first row names its columns. Raises PageError where it holds no text, or no
    column that could be a page.
    """
    stream = as_utf8(stream)
    tally = Tally(doc, "row")
    yield from pages_of(_rows(doc, stream, how, tally), how, tally)
    tally.tell(how.on_problem)


class _TooLong(Exception):
    """A line, or a row of several, that is longer than a cell may be."""


def _rows(doc: str, stream: Source, how: How, tally: Tally) -> Iterator[tuple[int, Row]]:
    """Rows from 1; the row of names is none. Those whose encoding cannot be told are counted."""
    head, stream = ahead(stream, _HEAD)
    decoder = _Decoder(doc, _encoding(doc, head))
    # Bytes that are no UTF-8 go through the parser as they are, so that each row can be in its own encoding.
    text = io.TextIOWrapper(stream, "utf-8-sig", _ESCAPE, newline="")
    lines = _Lines(text, how.limits.cell)
    # The limit is the process's, and its own 128 KB are less than many a page.
    csv.field_size_limit(max(csv.field_size_limit(), LIMITS.cell))
    number = 0
    try:
        header = _Header.of(lines, decoder, how)
        for cells in csv.reader(lines, delimiter=header.delimiter):
            lines.taken = 0
            if not cells:
                continue
            number += 1
            try:
                row = decoder.decoded(cells)
            except PageError as error:
                tally.add(number, error.reason)
                continue
            yield number, dict(zip(header.names, row, strict=False))
    except (csv.Error, _TooLong) as error:
        # Where a quote is not closed, nothing tells where the next row begins.
        tally.add(number + 1, f"{_told(error, how)}; the rest of the file is not read")
    finally:
        # The stream is its opener's to close.
        text.detach()


def _told(error: csv.Error | _TooLong, how: How) -> str:
    if isinstance(error, _TooLong) or "field larger" in str(error):
        return f"larger than {amount(how.limits.cell)} (a quote that is not closed?)"
    return f"no CSV: {error}"


def _encoding(doc: str, head: bytes) -> str:
    """As encoding_of sees it in the beginning of the file."""
    # A character that the cut divides is no damage, and a NUL here and there is damage, not another sort of file.
    if len(head) >= _HEAD:
        head = head.rstrip(_HIGH)
    if head.count(b"\0") <= 3 + 0.01 * len(head):
        head = head.replace(b"\0", b"")
    return encoding_of(doc, head)


@dataclass(frozen=True, slots=True)
class _Decoder:
    """Gives cells their characters. Files grow by rows from anywhere, and one that begins in ASCII says nothing of its
    encoding; so a row that is no UTF-8 is read as encoding_of sees it, or else, as too little may stand in one row to
    see it, in the encoding that the file began in.
    """

    doc: str
    first: str

    def decoded(self, cells: Sequence[str]) -> Sequence[str]:
        """The cells of a row. Raises PageError where its encoding cannot be told."""
        if all(map(_is_sound, cells)):
            return cells
        row = [cell.encode("utf-8", _ESCAPE) for cell in cells]
        encoding = self._encoding(b"\n".join(row))
        return [cell.decode(encoding, "replace") for cell in row]

    def _encoding(self, row: bytes) -> str:
        try:
            return encoding_of(self.doc, row.replace(b"\0", b""))
        except PageError:
            if self.first == "utf-8":
                raise
            return self.first


def _is_sound(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


@dataclass(slots=True)
class _Lines:
    """The lines of a file; none of them, and no row of several of them, may be longer than `most` characters."""

    text: io.TextIOWrapper
    most: int
    taken: int = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(self.most - self.taken + 1):
            self.taken += len(line)
            if self.taken > self.most:
                raise _TooLong
            yield line


@dataclass(frozen=True, slots=True)
class _Header:
    """The names of the columns, and what separates them."""

    delimiter: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, lines: _Lines, decoder: _Decoder, how: How) -> _Header:
        """From the first line that says anything; Excel's `sep=;` is none, but is believed."""
        told = ""
        for coded in lines:
            lines.taken = 0
            line = decoder.decoded([coded])[0] if coded.strip() else ""
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
