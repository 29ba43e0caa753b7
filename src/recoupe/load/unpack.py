"""Undoes the packing of what servers send, piece by piece, so that nothing grows beyond its bound."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain
from typing import Any

from recoupe.errors import RecoupeError
from recoupe.load.source import amount

GZIP = b"\x1f\x8b"
"""What a gzip file begins with."""
_FRAMES = (b"x\x01", b"x\x9c", b"x\xda")  # what zlib's own frame begins with, at the levels that are in use
_HTML = re.compile(rb"\s*+<(?:!doctype|html)", re.I)
_AS_GZIP, _AS_ZLIB, _AS_DEFLATE = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS
_PIECE = 2**16
_HEAD = 1024  # bytes from which is told how a body is packed
_MEMBERS = 10_000  # of a gzip file, which may be several in one; tools that split large ones make a thousand


class PackingError(RecoupeError):
    """Content whose packing cannot be undone; the text is the reason: "not sound gzip"."""


class TooLargeError(PackingError):
    """Content that unpacks to more than it may."""


def unpacked(data: bytes, coding: str, most: int, whole: bool = False) -> bytes:
    """What `data` holds that a server says is packed as `coding`: gzip, deflate or br, as in HTTP's Content-Encoding.

    Content that is cut short gives what there is of it, as in a browser, unless it must be `whole`. Raises as `decoded`
    and `bounded` do.
    """
    return b"".join(bounded(decoded(_pieces(data), coding, whole), most))


def bounded(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The first `most` bytes; raises TooLargeError after them where there are more, before these are made."""
    left = most
    for chunk in chunks:
        yield chunk[:left]
        if len(chunk) > left:
            raise TooLargeError(f"larger than {amount(most)}")
        left -= len(chunk)


def decoded(chunks: Iterable[bytes], coding: str, whole: bool = True) -> Iterator[bytes]:
    """A body's bytes, unpacked from what its `Content-Encoding` names; as they are where they do not begin in that way,
    for many servers and tools say gzip of what they have long unpacked.

    Gzip may have several parts; deflate is read in zlib's frame, as the standard says, and without, as some servers
    send it. Raises PackingError where the packing is damaged, of another sort, or cut short though it must be `whole`.
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return iter(chunks)
    if coding == "br":
        return _unbrotlied(chunks, whole)
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise PackingError(f"packed in a way that is not read: {coding[:40]}")
    head, body = _ahead(chunks)
    window = _window(head, coding == "deflate")
    return body if window is None else _inflated(body, window, whole)


def gunzipped(data: bytes) -> Iterator[bytes]:
    """A gzip file's bytes, of all its members. Raises PackingError."""
    return _inflated(_pieces(data), _AS_GZIP, whole=True)


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))


def _ahead(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The beginning of a body, and the whole of it."""
    rest = iter(chunks)
    head = b""
    while len(head) < _HEAD and (chunk := next(rest, None)) is not None:
        head += chunk
    return head, chain((head,), rest)


def _window(head: bytes, deflate: bool) -> int | None:
    """How zlib is to read bytes that begin so; None for bytes that are not packed."""
    if head.startswith(GZIP):
        return _AS_GZIP
    if head.startswith(_FRAMES) or _is_packed(head, _AS_ZLIB):
        return _AS_ZLIB
    return _AS_DEFLATE if deflate and _is_packed(head, _AS_DEFLATE) else None


def _is_packed(head: bytes, window: int) -> bool:
    try:
        zlib.decompressobj(window).decompress(head, _PIECE)
    except zlib.error:
        return False
    return len(head) > 1


def _inflated(chunks: Iterable[bytes], window: int, whole: bool) -> Iterator[bytes]:
    """The bytes of one deflated stream, or of all members of a gzip file. What follows the end is not looked at."""
    unpacker, members, data = zlib.decompressobj(window), 1, b""
    for chunk in chunks:
        data += chunk
        while data:
            if unpacker.eof:
                if window != _AS_GZIP or not data.startswith(GZIP[: len(data)]):
                    return
                if len(data) < len(GZIP):
                    break
                members += 1
                if members > _MEMBERS:
                    raise PackingError("of too many parts")
                unpacker = zlib.decompressobj(window)
            yield _piece(unpacker, data, window)
            data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    while not unpacker.eof:
        # All is read, but what comes of it may have had no room yet.
        piece = _piece(unpacker, b"", window)
        if not piece:
            _end(whole)
            return
        yield piece


def _piece(unpacker: zlib._Decompress, data: bytes, window: int) -> bytes:
    try:
        return unpacker.decompress(data, _PIECE)
    except zlib.error as error:
        raise PackingError(f"not sound {'gzip' if window == _AS_GZIP else 'deflate'}") from error


def _end(whole: bool) -> None:
    """The packed data has ended before its time."""
    if whole:
        raise PackingError("cut short: the end of the packed data is missing")


def _unbrotlied(chunks: Iterable[bytes], whole: bool) -> Iterator[bytes]:
    try:
        brotli: Any = import_module("brotli")
    except ImportError:
        raise PackingError("packed as br, for which the package brotli is not installed") from None
    head, body = _ahead(chunks)
    if not head or _HTML.match(head):
        yield from body
        return
    unpacker = brotli.Decompressor()
    try:
        for chunk in body:
            piece = unpacker.process(chunk, output_buffer_limit=_PIECE)
            while piece:
                yield piece
                piece = unpacker.process(b"", output_buffer_limit=_PIECE)
    except brotli.error:
        raise PackingError("not sound br") from None
    if not unpacker.is_finished():
        _end(whole)
