"""Pages of web archives: WARC, WET and ARC files.

warcio parses the headers; the way from record to record is our own: warcio's iterator believes every length, holds a
line of any length, and writes to stderr where a file is damaged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException

from recoupe.errors import PageError
from recoupe.load.how import How, Tally
from recoupe.load.http import Answer, read_answer
from recoupe.load.source import Source, amount, read_up_to, skip
from recoupe.model import Page

PAGES = ("response", "resource", "conversion")
NO_PAGES = ("warcinfo", "request", "metadata", "revisit")
"""Records that are there beside the pages, and no problem."""
MEDIA = ("", "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown")
_BAD_HEADER = (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError, LookupError, AttributeError)
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
        about = {"url": headers.get_header("WARC-Target-URI"), "fetched": headers.get_header("WARC-Date")}
        meta = {k: v for k, v in about.items() if v} | found.meta
        page = tally.page(number, found.body, meta, media=found.media)
        if page is not None:
            yield page
    tally.tell(how.on_problem)


def _answer(headers: StatusAndHeaders, block: bytes, how: How) -> Answer | str:
    """What a record says of its page, or why it has none."""
    media = (headers.get_header("Content-Type") or "").strip()
    kind = (headers.get_header("WARC-Type") or "").strip().lower()
    found: Answer | str
    found = read_answer(block, how.limits) if kind == "response" else Answer(block, media, {})
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
        self._loader = ArcWarcRecordLoader(verify_http=False, arc2warc=True)

    def __iter__(self) -> Iterator[tuple[int, StatusAndHeaders, bytes]]:
        line = self._line()
        self._is_arc = line.startswith(b"filedesc://")
        if not self._begins(line):
            if self._stream.fault and not line:
                return
            raise PageError(self._doc, "an empty file" if not line.strip() else "not a web archive")
        while line:
            self._number += 1
            record = self._head(line)
            block = None if record is None else self._block(record)
            line, damaged = self._next()
            if record is None or block is None:
                continue
            if damaged:
                self._tally.add(self._number, "its Content-Length is wrong")
            else:
                yield self._number, record.rec_headers, block

    def _line(self) -> bytes:
        """The next line that is not empty, or its beginning; nothing at the end."""
        while line := self._stream.readline(self._how.limits.head):
            if line.strip():
                return line
        return b""

    def _begins(self, line: bytes) -> bool:
        """Could this be the first line of a record?"""
        return line.startswith(b"WARC/") if not self._is_arc else len(line.split()) >= 5 and b":" in line

    def _next(self) -> tuple[bytes, bool]:
        """The first line of the next record (empty at the end), and whether anything else stood before it."""
        line, damaged = self._line(), False
        while line and not self._begins(line):
            line, damaged = self._line(), True
        return line, damaged

    def _head(self, line: bytes) -> ArcWarcRecord | None:
        """The record whose first line this is, its header read and its block not."""
        lines = _Lines(self._stream, self._how.limits.head)
        try:
            record = self._loader.parse_record_stream(lines, line, no_record_parse=True)
        except _BAD_HEADER:
            self._tally.add(self._number, "its header cannot be read")
            return None
        if lines.left <= 0:
            self._tally.add(self._number, f"its header is larger than {amount(self._how.limits.head)}")
            return None
        return record

    def _block(self, record: ArcWarcRecord) -> bytes | None:
        """The record's block; None for a record that is no page, whose block is passed over."""
        size = _length(record)
        if size is None:
            self._tally.add(self._number, "no Content-Length")
            return None
        kind = (record.rec_type or "").strip().lower()
        most = self._how.limits.page + self._how.limits.head
        if kind not in PAGES or size > most:
            there = skip(self._stream, size)
            if kind in PAGES:
                self._tally.add(self._number, f"larger than {amount(self._how.limits.page)}")
            elif kind not in NO_PAGES:
                self._tally.add(self._number, f"of no kind that is read: {kind[:40]}" if kind else "no WARC-Type")
            block = None
        else:
            block = read_up_to(self._stream, size)
            there = len(block)
        if there < size:
            # Where the unpacking broke off, that is told for the whole file.
            if not self._stream.fault:
                self._tally.add(self._number, "the file ends in the middle of it")
            return None
        return block


def _length(record: ArcWarcRecord) -> int | None:
    """The length of a record's block, as the record says it; warcio takes what is no number for 0."""
    told = (record.rec_headers.get_header("Content-Length") or "").strip()
    # 18 digits are more bytes than any disk has; an int of thousands of digits is slow.
    return int(record.length) if told.isascii() and told.isdigit() and len(told) <= 18 else None
