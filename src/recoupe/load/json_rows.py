"""Rows of JSON: one object a line (JSONL), one list of objects, or one object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from recoupe.charset import read_text
from recoupe.errors import PageError
from recoupe.load.how import How, Tally
from recoupe.load.recode import as_utf8
from recoupe.load.rows import Number, Row, pages_of
from recoupe.load.source import Source, amount, read_up_to
from recoupe.load.text import encoding_of
from recoupe.model import Page

_AT_ONCE = 64 * 1024
# Parts of one row: a part takes up to a hundred bytes of memory, so two bytes a part would fill it.
_MANY = 4_000_000
_TOKEN = re.compile(rb'[^"\\{}\[\],]+|.', re.S)
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.S)


def pages_in_lines(doc: str, stream: Source, how: How) -> Iterator[Page]:
    """The pages of a JSONL file. Empty lines are passed over."""
    tally = Tally(doc, "row")
    yield from pages_of(_parsed(_lines(as_utf8(stream), how, tally), stream, tally), how, tally)
    tally.tell(how.on_problem)


def pages_in_list(doc: str, stream: Source, how: How) -> Iterator[Page]:
    """The pages of a file that is one list of JSON objects, or one such object, as crawlers write that keep a file an
    article. Raises PageError where it is something else.
    """
    tally = Tally(doc, "row")
    yield from pages_of(_parsed(_elements(doc, as_utf8(stream), how, tally), stream, tally), how, tally)
    tally.tell(how.on_problem)


def _parsed(parts: Iterator[tuple[int, bytes]], stream: Source, tally: Tally) -> Iterator[tuple[int, Row]]:
    for number, part in parts:
        found = _object(tally.doc, part)
        if isinstance(found, dict):
            yield number, found
        # Of a stream that broke off the last row is half a row, and its fault is told for the whole file.
        elif not stream.fault:
            tally.add(number, found)


def _object(doc: str, data: bytes) -> dict[str, object] | str:
    """The JSON object that the bytes hold, numbers as they are written, or why there is none."""
    if sum(map(data.count, (b",", b"[", b"{"))) > _MANY:
        return "JSON of too many parts"
    try:
        found = json.loads(_decoded(doc, data), parse_int=Number, parse_float=Number, parse_constant=Number)
    except RecursionError:
        return "JSON nested too deep"
    except (ValueError, PageError):
        return "not JSON"
    return found if isinstance(found, dict) else "JSON, but no object with named fields"


def _decoded(doc: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return read_text(data, encoding_of(doc, data))


def _lines(stream: Source, how: How, tally: Tally) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, with their numbers from 1; those that are too long are counted."""
    number = 0
    while line := _line(stream, how.limits.page + 1):
        number += 1
        if len(line) > how.limits.page:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_AT_ONCE)
            tally.add(number, f"larger than {amount(how.limits.page)}")
        elif line.strip(b"\xef\xbb\xbf \t\r\n\0\x1e"):
            yield number, line.strip(b"\0\x1e")


def _line(stream: Source, most: int) -> bytes:
    """The next line, or its first `most` bytes."""
    pieces: list[bytes] = []
    while most > 0 and (piece := stream.readline(min(most, _AT_ONCE))):
        pieces.append(piece)
        most -= len(piece)
        if piece.endswith(b"\n"):
            break
    return b"".join(pieces)


def _elements(doc: str, stream: Source, how: How, tally: Tally) -> Iterator[tuple[int, bytes]]:
    """The elements of a list, each as its bytes, with their numbers from 1; those that are too large are counted. An
    object that is in no list is the only one.
    """
    head = read_up_to(stream, _AT_ONCE).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"["):
        yield from _listed(head[1:], stream, how, tally)
    elif head.startswith(b"{"):
        data = head + read_up_to(stream, how.limits.page + 1 - len(head))
        if len(data) > how.limits.page:
            raise PageError(doc, f"larger than {amount(how.limits.page)}")
        yield 1, data
    else:
        raise PageError(doc, "no list of JSON objects")


def _listed(chunk: bytes, stream: Source, how: How, tally: Tally) -> Iterator[tuple[int, bytes]]:
    """The elements of a list whose first bytes are `chunk`."""
    splitter = _Splitter(how.limits.page)
    number = 0
    while chunk and not splitter.ended:
        for element in splitter.feed(chunk):
            number += 1
            if element is None:
                tally.add(number, f"larger than {amount(how.limits.page)}")
            elif element.strip():
                yield number, element
        chunk = stream.read(_AT_ONCE)
    if not splitter.ended:
        rest = splitter.rest()
        if isinstance(_object(tally.doc, rest), dict):
            number += 1
            yield number, rest
        if not stream.fault:
            tally.add(number + 1, "the list does not end")


class _Splitter:
    """Cuts what stands between `[` and `]` at its outer commas. It knows only quotes and brackets: whether an element
    is sound JSON is seen when it is parsed.
    """

    def __init__(self, most: int) -> None:
        self.ended = False
        self._most = most
        self._held: list[bytes] = []
        self._size = 0
        self._depth = 0
        self._quoted = False
        self._carry = b""

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
        """The elements that end in this chunk; None for one that is too large."""
        chunk = self._carry + chunk
        at = start = 0
        self._carry = b""
        while at < len(chunk) and not self.ended:
            if self._quoted:
                at = self._string(chunk, at)
                continue
            token = _TOKEN.match(chunk, at)
            assert token is not None
            at, outer = token.end(), self._depth == 0
            byte = token[0]
            if byte == b'"':
                self._quoted = True
            elif byte in (b"{", b"["):
                self._depth += 1
            elif outer and byte in (b",", b"]"):
                yield self._element(chunk[start : token.start()])
                start, self.ended = at, byte == b"]"
            elif byte in (b"}", b"]"):
                self._depth = max(0, self._depth - 1)
        self._hold(chunk[start : len(chunk) - len(self._carry)])

    def rest(self) -> bytes:
        """What came after the last comma of a list that does not end."""
        return b"".join(self._held) + self._carry

    def _string(self, chunk: bytes, at: int) -> int:
        """Passes to the end of a string, or to that of the chunk."""
        found = _IN_STRING.match(chunk, at)
        assert found is not None
        end = found.end()
        if end < len(chunk) and chunk[end : end + 1] == b'"':
            self._quoted = False
            return end + 1
        # A backslash at the end waits for what it escapes.
        self._carry = chunk[end:]
        return len(chunk)

    def _hold(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= self._most:
            self._held.append(piece)
        else:
            self._held.clear()

    def _element(self, piece: bytes) -> bytes | None:
        self._hold(piece)
        found = b"".join(self._held) if self._size <= self._most else None
        self._held.clear()
        self._size = 0
        return found
