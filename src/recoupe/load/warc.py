"""Pages of web archives: WARC, WET and ARC files.

warcio parses the headers; the way from record to record is our own: warcio's iterator believes every length, holds a
line of any length, writes to stderr where a file is damaged, and takes a file that is packed as a whole for an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from warcio.recordloader import ARC2WARCHeadersParser
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from recoupe.errors import PageError
from recoupe.load.how import How, Tally
from recoupe.load.http import Answer, read_answer
from recoupe.load.source import Source, amount, read_up_to, skip
from recoupe.model import Page

PAGES = ("response", "resource", "conversion")
NO_PAGES = ("warcinfo", "request", "metadata", "revisit")
"""Records that are there beside the pages, and no problem."""
MEDIA = ("", "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown")
_WARC = re.compile(rb"WARC/\d")
_ARC = re.compile(rb"[A-Za-z][\w+.-]{0,30}:.{0,10000} \S{1,100} \d{8,14} \S{1,300} \d{1,18}\s*+\Z")
"""The first lines of records; an ARC's is address, IP address, time, media type, length."""
_BAD_HEADER = (StatusAndHeadersParserException, EOFError, ValueError, LookupError, AttributeError)
"""What warcio raises over headers that are none."""


def pages_in_warc(doc: str, stream: Source, how: How) -> Iterator[Page]:
    """The pages of a web archive, one record at a time; `doc` of a page ends in its record's number from 1.

    A page is the body of an HTTP 200 answer in HTML or text, without its packing; or the block of a `resource` or a
    `conversion` (WET). `meta` has `url`, `fetched`, and `header.content-type`, `header.last-modified`, `header.etag` of
    an answer. Raises PageError where the file is no web archive.
    """
    tally = Tally(doc, "record")
    records = _Records(doc, stream, how, tally)
    for number, headers, block in records:
        found = _answer(headers, block, how)
        if isinstance(found, str):
            tally.add(number, found)
            continue
        about = {"url": _address(headers), "fetched": headers.get_header("WARC-Date")}
        meta = {k: v for k, v in about.items() if v} | found.meta
        page = tally.page(number, found.body, meta, media=found.media)
        if page is not None:
            yield page
    tally.tell(how.on_problem)


def _answer(headers: StatusAndHeaders, block: bytes, how: How) -> Answer | str:
    """What a record says of its page, or why it has none."""
    media = (headers.get_header("Content-Type") or "").strip()
    found: Answer | str
    found = read_answer(block, how.limits) if _kind(headers) == "response" else Answer(block, media, {})
    if isinstance(found, Answer) and found.media.partition(";")[0].strip().lower() not in MEDIA:
        return "neither HTML nor text"
    return found


@dataclass(slots=True)
class _Lines:
    """What warcio reads a record's header from; it ends where no header should be longer."""

    stream: Source
    left: int

    def readline(self, size: int | None = None) -> bytes:
        line = self.stream.readline(self.left if size is None else min(size, self.left))
        self.left -= len(line)
        return line


class _Records:
    """The records that may hold pages, with their numbers and blocks; all others are passed over, or counted."""

    def __init__(self, doc: str, stream: Source, how: How, tally: Tally) -> None:
        self._doc = doc
        self._stream = stream
        self._how = how
        self._tally = tally
        self._number = 0
        self._is_arc = False

    def __iter__(self) -> Iterator[tuple[int, StatusAndHeaders, bytes]]:
        line = self._line()
        self._is_arc = line.startswith(b"filedesc://")
        if not self._begins(line):
            if self._stream.fault and not line:
                return
            raise PageError(self._doc, "an empty file" if not line.strip() else "not a web archive")
        while line:
            self._number += 1
            headers = self._head(line)
            block = None if headers is None else self._block(headers)
            line, damaged = self._next()
            if headers is None or block is None:
                continue
            if damaged:
                self._tally.add(self._number, "its Content-Length is wrong")
            else:
                yield self._number, headers, block

    def _line(self) -> bytes:
        """The next line that is not empty, or its beginning; nothing at the end."""
        while line := self._stream.readline(self._how.limits.head):
            if line.strip():
                return line
        return b""

    def _begins(self, line: bytes) -> bool:
        """Could this be the first line of a record?"""
        return bool((_ARC if self._is_arc else _WARC).match(line))

    def _next(self) -> tuple[bytes, bool]:
        """The first line of the next record (empty at the end), and whether anything else stood before it."""
        line, damaged = self._line(), False
        while line and not self._begins(line):
            line, damaged = self._line(), True
        return line, damaged

    def _head(self, line: bytes) -> StatusAndHeaders | None:
        """The header of the record whose first line this is; an ARC's in the words of a WARC's."""
        lines = _Lines(self._stream, self._how.limits.head)
        parser = ARC2WARCHeadersParser() if self._is_arc else StatusAndHeadersParser([], verify=False)
        try:
            headers = parser.parse(lines, line)
        except _BAD_HEADER:
            self._tally.add(self._number, "its header cannot be read")
            return None
        if lines.left <= 0:
            self._tally.add(self._number, f"its header is larger than {amount(self._how.limits.head)}")
            return None
        return headers

    def _block(self, headers: StatusAndHeaders) -> bytes | None:
        """The record's block; None for a record that is no page, whose block is passed over."""
        size = self._length(headers)
        if size is None:
            self._tally.add(self._number, "no Content-Length")
            return None
        reason = self._why_not(_kind(headers), size)
        block = None if reason is not None else read_up_to(self._stream, size)
        there = skip(self._stream, size) if block is None else len(block)
        if there < size:
            # Where the unpacking broke off, that is told for the whole file.
            if not self._stream.fault:
                self._tally.add(self._number, "the file ends in the middle of it")
            return None
        if reason:
            self._tally.add(self._number, reason)
        return block

    def _why_not(self, kind: str, size: int) -> str | None:
        """Why a record's block is passed over (empty: that is no problem), or None where it is to be read."""
        if kind in NO_PAGES:
            return ""
        if kind not in PAGES:
            return f"of no kind that is read: {kind[:40]}" if kind else "no WARC-Type"
        # Its header is no part of the page.
        limits = self._how.limits
        return f"larger than {amount(limits.page)}" if size > limits.page + limits.head else None

    def _length(self, headers: StatusAndHeaders) -> int | None:
        told = (headers.get_header("Content-Length") or "").strip()
        # 18 digits are more bytes than any disk has; an int of thousands of digits is slow.
        if not (told.isascii() and told.isdigit() and len(told) <= 18):
            return None
        # The head of an ARC counts two lines of its block that have been read with its first line.
        return max(0, int(told) - int(headers.total_len)) if self._is_arc else int(told)


def _kind(headers: StatusAndHeaders) -> str:
    return (headers.get_header("WARC-Type") or "").strip().lower()


def _address(headers: StatusAndHeaders) -> str:
    # Wget 1.19 put it between angle brackets.
    return (headers.get_header("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
