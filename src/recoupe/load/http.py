"""What a server answered, as web archives keep it: the body without its packing, and what the header says of it."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from recoupe.load.limits import Limits
from recoupe.load.source import amount

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


class _Unreadable(Exception):
    """A body whose packing cannot be undone; the text is the reason."""


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
    except _Unreadable as error:
        return str(error)
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
        raise _Unreadable("its content is packed more than three times")
    for coding in codings:
        if coding not in _CODINGS:
            raise _Unreadable(f"its content is packed in a way that is not read: {coding[:40]}")
        body = _CODINGS[coding](body, limits)
    return body


def _dechunked(body: bytes, limits: Limits) -> bytes:
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
            raise _Unreadable("its chunked encoding is broken")
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
            raise _Unreadable("its chunked encoding is broken")
    return b"".join(pieces)


def _gunzipped(body: bytes, limits: Limits) -> bytes:
    # Many tools keep the header of a body that they have unpacked.
    return _inflated("gzip", body, 16 + zlib.MAX_WBITS, limits) if body.startswith(b"\x1f\x8b") else body


def _deflated(body: bytes, limits: Limits) -> bytes:
    """Deflate in its frame, as the standard says, or without, as some servers send it."""
    framed = len(body) >= 2 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    if not framed and re.match(rb"\s*[<{]", body):
        return body
    return _inflated("deflate", body, zlib.MAX_WBITS if framed else -zlib.MAX_WBITS, limits)


def _inflated(coding: str, body: bytes, window: int, limits: Limits) -> bytes:
    """Cut short, a page gives what there is of it, as in a browser."""
    unpacker = zlib.decompressobj(window)
    try:
        found = unpacker.decompress(body, limits.page + 1)
    except zlib.error:
        raise _Unreadable(f"its content is not sound {coding}") from None
    return _bounded(found, limits)


def _unbrotlied(body: bytes, limits: Limits) -> bytes:
    try:
        brotli: Any = import_module("brotli")
    except ImportError:
        raise _Unreadable("its content is packed as br, for which the package brotli is not installed") from None
    if re.match(rb"\s*<(?:!doctype|html)", body, re.I):
        return body
    unpacker, pieces, size = brotli.Decompressor(), [], 0
    try:
        piece = unpacker.process(body, output_buffer_limit=limits.page + 1)
        while piece and size <= limits.page:
            pieces.append(piece)
            size += len(piece)
            piece = unpacker.process(b"", output_buffer_limit=limits.page + 1)
    except brotli.error:
        raise _Unreadable("its content is not sound br") from None
    return _bounded(b"".join(pieces), limits)


def _bounded(body: bytes, limits: Limits) -> bytes:
    if len(body) > limits.page:
        raise _Unreadable(f"larger than {amount(limits.page)}")
    return body


_CODINGS: dict[str, Callable[[bytes, Limits], bytes]] = {
    "chunked": _dechunked,
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "br": _unbrotlied,
}
