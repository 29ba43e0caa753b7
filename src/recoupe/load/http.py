"""What a server answered, as web archives keep it: the body without its packing, and what the header says of it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from recoupe.load.limits import Limits
from recoupe.load.unpack import PackingError, TooLargeError, unpacked

KEPT = ("content-type", "last-modified", "etag")
"""Headers that say something about the page."""
_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer, its media type (`text/html; charset=...`), and what its header says of it."""

    body: bytes
    media: str
    meta: dict[str, str]


def read_answer(block: bytes, limits: Limits) -> Answer | str:
    """The answer in a record's block, or the reason why it gives no page."""
    status = _STATUS.match(block)
    if status is None:
        return "not an HTTP answer"
    if status[1] != b"200":
        return "not an HTTP 200 answer"
    end = _END.search(block, 0, limits.head)
    if end is None:
        return "its HTTP header does not end"
    headers = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(block[: end.end()]))
    try:
        body = _unpacked(block[end.end() :], headers, limits)
    except TooLargeError as error:
        return str(error)
    except PackingError as error:
        return f"its content is {error}"
    meta = {f"header.{name}": value for name in KEPT if (value := headers.get_header(name))}
    return Answer(body, headers.get_header("content-type") or "", meta)


def _unpacked(body: bytes, headers: StatusAndHeaders, limits: Limits) -> bytes:
    codings = [
        coding.strip().lower()
        for name in ("content-encoding", "transfer-encoding")
        for coding in (headers.get_header(name) or "").split(",")
    ]
    # The last one was put on last. Nobody packs a page more than twice but to unpack without end.
    codings = [c for c in codings if c not in ("", "identity", "none", "utf-8")][::-1]
    if len(codings) > 3:
        raise PackingError("packed more than three times")
    for coding in codings:
        body = _dechunked(body) if coding == "chunked" else unpacked(body, coding, limits.page)
    return body


def _dechunked(body: bytes) -> bytes:
    """The body without the lengths of its chunks. What begins with none is none: many tools keep the header of a body
    that they have put together. A last chunk that is cut short is kept.
    """
    pieces: list[bytes] = []
    at = 0
    while at < len(body):
        length = _CHUNK.match(body, at)
        if length is None:
            if at == 0:
                return body
            raise PackingError("not sound chunked")
        size = int(length[1], 16)
        if size == 0:
            break
        pieces.append(body[length.end() : length.end() + size])
        at = length.end() + size
        if body[at : at + 2] == b"\r\n":
            at += 2
        elif body[at : at + 1] == b"\n":
            at += 1
        elif at < len(body):
            raise PackingError("not sound chunked")
    return b"".join(pieces)
