"""Pages of zip and tar archives, and of packed files. Nothing is ever unpacked to disk."""

from __future__ import annotations

import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from recoupe.load.source import DAMAGE, Source, bounded, skip

BAD_ZIP = (*DAMAGE, RuntimeError, NotImplementedError, LookupError, OverflowError, struct.error, MemoryError)
"""What zipfile raises over files that are none; MemoryError is over sizes that it believes."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive, in the archive's order: its name as a path below the archive; a stream of what it
    holds, to be read before the next member is asked for; and why it cannot be read (else empty).
    """

    name: str
    open: Callable[[], Source]
    reason: str = ""


class Damaged(Exception):
    """An archive that goes on in a way that cannot be read; the text says how."""


def zip_members(file: BinaryIO, stream: Source) -> Iterator[Member]:
    """The files of a zip. `file` can seek; `stream` is the source over it. Raises Damaged where it is no zip."""
    try:
        with zipfile.ZipFile(file) as archive:
            for about in archive.infolist():
                if not about.is_dir():
                    yield _zip_member(archive, about, stream)
    except BAD_ZIP as error:
        raise Damaged(f"not a sound zip archive: {' '.join(str(error).split())[:200]}") from None


def _zip_member(archive: zipfile.ZipFile, about: zipfile.ZipInfo, stream: Source) -> Member:
    reason = ""
    if about.flag_bits & 1:
        reason = "encrypted"
    elif about.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # The others are hardly used, and zipfile unpacks them without a bound on what it holds.
        reason = "packed in a way that is not read (only stored and deflated are)"

    def opened() -> Source:
        try:
            read = cast(zipfile.ZipExtFile, archive.open(about)).read1
        except BAD_ZIP as error:
            problem = " ".join(str(error).split())[:200]
            return _broken(problem, stream)
        return bounded(_guarded(read), lambda: about.compress_size, stream.budget)

    return Member(safe_name(about.filename), opened, reason)


def _broken(reason: str, stream: Source) -> Source:
    found = Source(lambda size: b"", stream.budget)
    found.stop(reason)
    return found


def _guarded(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def reading(size: int) -> bytes:
        try:
            return read(size)
        except (RuntimeError, LookupError, OverflowError, struct.error) as error:
            raise ValueError(str(error)) from None

    return reading


def tar_members(stream: Source) -> Iterator[Member]:
    """The files of a tar, read from front to back. Raises Damaged where it is none, or breaks off."""
    forward = _Forward(stream)
    try:
        archive = tarfile.TarFile(fileobj=forward, mode="r", tarinfo=_TarInfo)  # type: ignore[arg-type]
        while (about := archive.next()) is not None:
            if not about.isdir():
                yield _tar_member(about, forward)
            # The list of all members that it keeps is not needed.
            archive.members.clear()  # type: ignore[attr-defined]
    except BAD_TAR as error:
        # A stream, or a member, that broke off says itself what is wrong.
        if not (stream.fault or forward.broken):
            raise Damaged(f"not a sound tar archive: {' '.join(str(error).split())[:200]}") from None


def _tar_member(about: tarfile.TarInfo, forward: _Forward) -> Member:
    reason = ""
    if about.issym() or about.islnk():
        reason = "a link"
    elif not about.isfile():
        reason = "neither a file nor a folder"
    elif about.issparse():
        reason = "a sparse file"
    return Member(safe_name(about.name), lambda: forward.member(about), reason)


BAD_TAR = (tarfile.TarError, ValueError, EOFError, RecursionError, OverflowError, LookupError, struct.error, zlib.error)
"""What tarfile raises over files that are none."""
_TAR_HEAD = 64 * 1024  # bytes of a long name or of extended attributes; tarfile's patterns are slow on long ones


class _Forward:
    """A stream as tarfile wants it: it knows where it is, and goes forward to a place, but not beyond the end."""

    def __init__(self, stream: Source) -> None:
        self._stream = stream
        self._at = 0
        self.broken = False

    def tell(self) -> int:
        return self._at

    def seek(self, place: int, whence: int = 0) -> int:
        if place < self._at or whence:
            raise tarfile.ReadError("a member that begins before the one before it ends")
        self._at += skip(self._stream, place - self._at)
        return self._at

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _TAR_HEAD:
            raise tarfile.ReadError("a header that is too large")
        data = self._stream.read(size)
        self._at += len(data)
        return data

    def member(self, about: tarfile.TarInfo) -> Source:
        left = about.size

        def read(size: int) -> bytes:
            nonlocal left
            data = self._stream.read(min(size, left))
            left -= len(data)
            self._at += len(data)
            if not data and size and left:
                self.broken = True
                raise ValueError(self._stream.fault or "the archive ends in the middle of it")
            return data

        return Source(read, self._stream.budget)


class _TarInfo(tarfile.TarInfo):
    """A member that says where the archive breaks off; tarfile itself takes a damaged header for the end."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> _TarInfo:
        try:
            found = super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise ValueError(str(error)) from None
        if found.size < 0 or found.offset_data < 0:
            raise ValueError("a member of a negative size")
        return found


def safe_name(name: str) -> str:
    """A member's name as a path below its archive: it is only a name, and never climbs out or begins at a root.

    >>> safe_name("../../etc//passwd.txt"), safe_name("C:\\\\news\\\\a.txt")
    ('etc/passwd.txt', 'C:/news/a.txt')
    """
    parts = re.split(r"[\\/]+", _ODD.sub("\ufffd", name))
    return "/".join(part for part in parts if part.strip() not in ("", ".", ".."))


_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
