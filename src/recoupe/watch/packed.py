"""Unpacking what strangers have packed: piece by piece, so that nothing grows beyond its bound."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

GZIP = b"\x1f\x8b"
"""What a gzip file begins with."""
_AS_GZIP, _AS_ZLIB, _AS_DEFLATE = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS
_PIECE = 2**16
_HEAD = 1024  # bytes from which is told how a body is packed
_MEMBERS = 10_000  # of a gzip file, which may be several in one; tools that split large ones make a thousand


class TooLarge(Exception):
    """There is more than the bound."""


class Garbled(Exception):
    """Bytes are not packed in the way that is said of them, or in one that is not known; the text goes on from there:
    "is damaged".
    """


def bounded(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The first `most` bytes; raises TooLarge after them where there are more, before these are made."""
    left = most
    for chunk in chunks:
        yield chunk[:left]
        if len(chunk) > left:
            raise TooLarge
        left -= len(chunk)


def decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """A body's bytes, unpacked from what its `Content-Encoding` names; as they are where they do not begin in that way,
    for many servers and stores say gzip of what they have long unpacked. Raises Garbled.
    """
    encodings = [e for e in (part.strip().lower() for part in encoding.split(",")) if e not in ("", "identity")]
    if not encodings:
        yield from chunks
        return
    if len(encodings) > 1 or encodings[0] not in ("gzip", "x-gzip", "deflate"):
        raise Garbled("is packed in an unknown way")
    rest = iter(chunks)
    head = b""
    while len(head) < _HEAD and (chunk := next(rest, None)) is not None:
        head += chunk
    window = _window(head, encodings[0] == "deflate")
    body = chain((head,), rest)
    yield from body if window is None else _inflated(body, window)


def gunzipped(data: bytes) -> Iterator[bytes]:
    """A gzip file's bytes, of all its members. Raises Garbled."""
    return _inflated((data[at : at + _PIECE] for at in range(0, len(data), _PIECE)), _AS_GZIP)


def _window(head: bytes, deflate: bool) -> int | None:
    """How zlib is to read bytes that begin so; None for bytes that are not packed. "deflate" should have zlib's header,
    and often has none.
    """
    if head.startswith(GZIP):
        return _AS_GZIP
    if _is_packed(head, _AS_ZLIB):
        return _AS_ZLIB
    return _AS_DEFLATE if deflate and _is_packed(head, _AS_DEFLATE) else None


def _is_packed(head: bytes, window: int) -> bool:
    try:
        zlib.decompressobj(window).decompress(head, _PIECE)
    except zlib.error:
        return False
    return len(head) > 1


def _inflated(chunks: Iterable[bytes], window: int) -> Iterator[bytes]:
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
                    raise Garbled("has too many parts")
                unpacker = zlib.decompressobj(window)
            yield _piece(unpacker, data)
            data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    while not unpacker.eof:
        # All is read, but what comes of it may have had no room yet.
        piece = _piece(unpacker, b"")
        if not piece:
            raise Garbled("breaks off")
        yield piece


def _piece(unpacker: zlib._Decompress, data: bytes) -> bytes:
    try:
        return unpacker.decompress(data, _PIECE)
    except zlib.error as error:
        raise Garbled("is damaged") from error
