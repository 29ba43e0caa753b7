"""Undoes the packing of what a server sent, in one piece and up to a bound."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

from recoupe.errors import RecoupeError
from recoupe.load.source import amount

GZIP = b"\x1f\x8b"
_MARKUP = re.compile(rb"\s*+[<{]")
_HTML = re.compile(rb"\s*+<(?:!doctype|html)", re.I)
# A part of a gzip file may be twenty bytes long, and what follows it is copied; a long part is taken in larger pieces.
_LEAST, _AT_ONCE = 2**10, 2**20


class PackingError(RecoupeError):
    """Content whose packing cannot be undone; the text is the reason."""


class TooLargeError(PackingError):
    """Content that unpacks to more than it may."""


def unpacked(data: bytes, coding: str, most: int, whole: bool = False) -> bytes:
    """What `data` holds that a server says is packed as `coding`: gzip, deflate or br, as in HTTP's Content-Encoding.

    Gzip may have several parts; deflate is read in its frame, as the standard says, and without, as some servers send
    it. What is not packed though it is said to be is given as it is: many tools keep the header of a body that they
    have unpacked. Content that is cut short gives what there is of it, as in a browser, unless it must be `whole`.

    Raises TooLargeError beyond `most` bytes, before more is unpacked, and PackingError where the packing is damaged,
    cut short though it must be whole, or of another sort.
    """
    unpacker = _UNPACKERS.get(coding.strip().lower())
    if unpacker is None:
        raise PackingError(f"packed in a way that is not read: {coding.strip()[:40]}")
    found, ended = unpacker(data, most)
    if len(found) > most:
        raise TooLargeError(f"larger than {amount(most)}")
    if whole and not ended:
        raise PackingError("cut short: the end of the packed data is missing")
    return found


def _gunzipped(data: bytes, most: int) -> tuple[bytes, bool]:
    return _inflated("gzip", data, 16 + zlib.MAX_WBITS, most) if data.startswith(GZIP) else (data, True)


def _deflated(data: bytes, most: int) -> tuple[bytes, bool]:
    if data.startswith(GZIP):
        return _gunzipped(data, most)
    framed = len(data) >= 2 and data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    if not data or (not framed and _MARKUP.match(data)):
        return data, True
    return _inflated("deflate", data, zlib.MAX_WBITS if framed else -zlib.MAX_WBITS, most)


def _inflated(coding: str, data: bytes, window: int, most: int) -> tuple[bytes, bool]:
    """Up to one byte more than `most`, and whether the data came to its end."""
    pieces: list[bytes] = []
    at = size = 0
    unpacker, step = zlib.decompressobj(window), _LEAST
    while at < len(data) and size <= most:
        try:
            pieces.append(unpacker.decompress(data[at : at + step], most + 1 - size))
        except zlib.error:
            raise PackingError(f"not sound {coding}") from None
        size += len(pieces[-1])
        at = min(at + step, len(data)) - len(unpacker.unused_data)
        step = min(2 * step, _AT_ONCE)
        if unpacker.eof:
            # What follows and begins no other part is padding, as in gzip's own tool.
            if not (coding == "gzip" and data.startswith(GZIP, at)):
                break
            unpacker, step = zlib.decompressobj(window), _LEAST
    return b"".join(pieces), unpacker.eof


def _unbrotlied(data: bytes, most: int) -> tuple[bytes, bool]:
    try:
        brotli: Any = import_module("brotli")
    except ImportError:
        raise PackingError("packed as br, for which the package brotli is not installed") from None
    if not data or _HTML.match(data):
        return data, True
    unpacker, pieces, size = brotli.Decompressor(), [], 0
    try:
        piece = unpacker.process(data, output_buffer_limit=most + 1)
        while piece and size <= most:
            pieces.append(piece)
            size += len(piece)
            piece = unpacker.process(b"", output_buffer_limit=most + 1)
    except brotli.error:
        raise PackingError("not sound br") from None
    return b"".join(pieces), bool(unpacker.is_finished())


_UNPACKERS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "br": _unbrotlied,
}
