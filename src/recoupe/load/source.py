"""Streams of bytes that end, and say why, where what they read from is damaged or unpacks to too much."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol, cast

from recoupe.load.limits import GB, MB, Limits

DAMAGE = (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
"""What the unpackers of the standard library raise over damaged bytes."""
_AT_ONCE = 64 * 1024
# LZMA's strongest preset asks for 65 MB; what a damaged or hostile header asks for may be 4 GB.
_LZMA_MEMORY = 128 * MB


class Budget:
    """How much one file on disk has unpacked to, at all levels together, and how much it may."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self.limits = limits
        self.spent = 0
        self.fault = ""
        self._most = max(limits.unpacked, limits.swelling * packed)

    def spend(self, size: int) -> str:
        """Counts `size` bytes; gives the reason why there must be no more, or nothing."""
        self.spent += size
        if not self.fault and self.spent > self._most:
            self.fault = f"unpacks to more than {amount(self._most)}"
        return self.fault

    def swell(self, unpacked: int, packed: int) -> str:
        """The reason why a stream that made `unpacked` bytes of `packed` must give no more, or nothing."""
        limits = self.limits
        if not self.fault and unpacked > limits.page and unpacked > limits.ratio * max(packed, 1):
            self.fault = f"unpacks to more than {limits.ratio} times its size"
        return self.fault


class _Raw(io.RawIOBase):
    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self.fault = ""
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = b"" if self.fault else self._read(min(len(buffer), MB))
        except DAMAGE as error:
            self.fault = _told(error)
            return 0
        self.count += len(data)
        buffer[: len(data)] = data
        return len(data)


class Source(io.BufferedReader):
    """A stream that raises nothing over damaged bytes: it ends before them, and `fault` says why (else it is empty)."""

    def __init__(self, read: Callable[[int], bytes], budget: Budget) -> None:
        self._source = _Raw(read)
        self.budget = budget
        super().__init__(self._source, _AT_ONCE)

    @property
    def fault(self) -> str:
        """Why the stream ended before its time, as far as it has been read."""
        return self._source.fault

    @property
    def count(self) -> int:
        """Bytes taken from below so far."""
        return self._source.count

    def stop(self, reason: str) -> None:
        """Ends the stream here."""
        self._source.fault = self._source.fault or reason


def plain(stream: BinaryIO, budget: Budget) -> Source:
    """A source over bytes that are not packed."""
    return Source(stream.read, budget)


def unpack(stream: Source, suffix: str) -> Source:
    """What a stream packed as `suffix` says (.gz, .bz2, .xz) holds."""
    reader = _READERS[suffix](stream)
    return bounded(reader.read1, lambda: stream.count, stream.budget)


def bounded(read: Callable[[int], bytes], packed: Callable[[], int], budget: Budget) -> Source:
    """A source over an unpacker; `packed` says how many bytes it has taken so far."""
    made = 0

    def checked(size: int) -> bytes:
        nonlocal made
        if budget.fault:
            raise ValueError(budget.fault)
        data = read(size)
        made += len(data)
        if reason := budget.spend(len(data)) or budget.swell(made, packed()):
            raise ValueError(reason)
        return data

    return Source(checked, budget)


def ahead(stream: Source, size: int) -> tuple[bytes, Source]:
    """The next `size` bytes (fewer where the stream ends), and a stream that gives them once more."""
    head = left = read_up_to(stream, size)

    def read(size: int) -> bytes:
        nonlocal left
        if not left:
            return stream.read(size)
        data, left = left[:size], left[size:]
        return data

    return head, Source(read, stream.budget)


def read_up_to(stream: BinaryIO, size: int) -> bytes:
    """The next `size` bytes, or fewer where the stream ends; memory is taken only for what is there."""
    return b"".join(_pieces(stream, size))


def skip(stream: BinaryIO, size: int) -> int:
    """Passes over `size` bytes and gives how many there were."""
    return sum(len(piece) for piece in _pieces(stream, size))


def _pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := stream.read(min(size, MB))):
        size -= len(piece)
        yield piece


def amount(size: int) -> str:
    """Bytes in words, such as `64 MB`."""
    for unit, name in ((GB, "GB"), (MB, "MB"), (1024, "KB")):
        if size >= unit:
            return f"{size // unit} {name}"
    return f"{size} bytes"


class _Unpacker(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class _Xz:
    """lzma.LZMAFile, but for the memory that it may take."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._unpacker = self._fresh()

    @staticmethod
    def _fresh() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_LZMA_MEMORY)

    def read1(self, size: int, /) -> bytes:
        while True:
            left = b""
            if self._unpacker.eof:
                left = self._unpacker.unused_data.lstrip(b"\0") or self._stream.read(_AT_ONCE).lstrip(b"\0")
                if not left:
                    return b""
                self._unpacker = self._fresh()
            elif self._unpacker.needs_input:
                left = self._stream.read(_AT_ONCE)
                if not left:
                    raise EOFError("it ends in the middle")
            if data := self._unpacker.decompress(left, size):
                return data


_READERS: dict[str, Callable[[Source], _Unpacker]] = {
    ".gz": lambda stream: cast(_Unpacker, gzip.GzipFile(fileobj=stream, mode="rb")),
    ".bz2": lambda stream: cast(_Unpacker, bz2.BZ2File(stream)),
    ".xz": _Xz,
}
PACKED = tuple(_READERS)
"""Suffixes of packed files."""


def _told(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it is cut short: the end of the packed data is missing"
    if isinstance(error, OSError) and error.errno:
        return f"cannot be read: {os.strerror(error.errno)}"
    # Errors of the standard library are one line, but some quote the bytes.
    return " ".join(str(error).split())[:200] or "it is damaged"
