"""Finds the pages in files and folders, and says of every other file why it is none."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from recoupe.errors import PageError
from recoupe.load.columns import Columns
from recoupe.load.formats import ARCHIVES, FORMS, PARQUET, READERS, SIDECAR, Kind
from recoupe.load.how import How
from recoupe.load.limits import LIMITS, Limits
from recoupe.load.members import pages_in_archive, read_page, read_sidecar
from recoupe.load.page import OnProblem, Problem, make_page
from recoupe.load.parquet import pages_in_parquet
from recoupe.load.source import PACKED, Budget, amount, plain, unpack
from recoupe.model import Page


def find_pages(
    paths: Sequence[Path], on_problem: OnProblem, columns: Columns | None = None, limits: Limits = LIMITS
) -> Iterator[Page]:
    """The pages in files and folders (with all folders below them), sorted by the `doc` of their file.

    `doc` is the POSIX path below the folder given, or the name of a file given directly. Text, Markdown and HTML files
    are a page each (formats.FORMS), which `NAME.meta.json` (a JSON object) beside `NAME.txt` tells more of. Web
    archives, tables, lists of JSON objects, zips and tars hold many (docs/pages.md): their `doc` is the file's with the
    record's number, the row's id or the member's name, and they come in the file's order; `columns` says which column
    holds what. Hidden files and folders are passed over, and a file that is reached twice is read once (of copies
    under one name, one).

    `on_problem` gets each file that is no page, and what was wrong within the others; nothing is raised. Memory holds
    one page at a time.
    """
    how = How(on_problem, columns or Columns(), limits)
    found: list[tuple[str, Path]] = []
    for path in paths:
        found += _below(path, on_problem)
    seen: set[Path] = set()
    for _, files in groupby(sorted(found), key=lambda file: file[0]):
        yield from _distinct(list(_once(files, seen)), how)


def _once(files: Iterator[tuple[str, Path]], seen: set[Path]) -> Iterator[tuple[str, Path]]:
    for doc, path in files:
        real = Path(os.path.realpath(path))
        if real not in seen:
            seen.add(real)
            yield doc, path


def _distinct(files: Sequence[tuple[str, Path]], how: How) -> Iterator[Page]:
    """The pages of files of one name. Pages of one name are two pages, unless they say the same; only here, and within
    an archive, can there be such, so that hashes are kept for no other file's pages.
    """
    several = len(files) > 1 or any(Kind.of(doc).suffix in ARCHIVES for doc, _ in files)
    seen: set[bytes] = set()
    for doc, path in files:
        for page in _read(doc, path, how):
            mark = _mark(page) if several else b""
            if mark not in seen:
                yield page
            if several:
                seen.add(mark)


def _mark(page: Page) -> bytes:
    about = repr((page.doc, page.hash, page.encoding, page.form, page.meta))
    return sha256(about.encode("utf-8", "replace")).digest()[:16]


def _name(path: Path) -> str:
    """A path as text that any encoding can write: a name that is not UTF-8 has its odd bytes replaced."""
    return os.fsencode(path).decode("utf-8", "replace")


def _below(path: Path, on_problem: OnProblem) -> Iterator[tuple[str, Path]]:
    if not os.path.lexists(path) or (path.is_symlink() and not path.exists()):
        on_problem(Problem(_name(path), "no such file or folder"))
        return
    if not path.is_dir():
        yield _name(Path(path.name)), path
        return

    def unreadable(error: OSError) -> None:
        on_problem(Problem(_name(Path(error.filename or path)), f"cannot be read: {error.strerror}"))

    empty = True
    for folder, folders, names in os.walk(path, onerror=unreadable):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in names:
            if not name.startswith("."):
                empty = False
                file = Path(folder) / name
                yield _name(file.relative_to(path)).replace(os.sep, "/"), file
    if empty:
        on_problem(Problem(_name(path), "no file in this folder"))


def _read(doc: str, path: Path, how: How) -> Iterator[Page]:
    try:
        if path.name.lower().endswith(SIDECAR):
            if not _pages_beside(path):
                how.problem(doc, "a sidecar whose page is not there")
            return
        kind = Kind.of(path.name)
        if not kind.read:
            raise PageError(doc, kind.why_not)
        size = _size(doc, path)
        yield from _pages(doc, path, kind, size, how)
    except PageError as error:
        how.problem(doc, error.reason)
    except OSError as error:
        how.problem(doc, f"cannot be read: {error.strerror or error}")


def _size(doc: str, path: Path) -> int:
    """Bytes of a file; raises PageError where it is none."""
    about = path.stat()
    # A pipe or a device would be waited on for ever.
    if not stat.S_ISREG(about.st_mode):
        raise PageError(doc, "not a regular file")
    return about.st_size


def _pages(doc: str, path: Path, kind: Kind, size: int, how: How) -> Iterator[Page]:
    if kind.suffix == PARQUET:
        yield from pages_in_parquet(doc, path, how)
        return
    with path.open("rb") as file:
        if kind.suffix in ARCHIVES:
            yield from pages_in_archive(doc, kind, file, size, how)
            return
        stream = plain(file, Budget(size, how.limits))
        if kind.packed:
            stream = unpack(stream, kind.packed)
        if kind.suffix in READERS:
            yield from READERS[kind.suffix](doc, stream, how)
        else:
            if not kind.packed and size > how.limits.page:
                raise PageError(doc, f"larger than {amount(how.limits.page)} ({amount(size)})")
            data = read_page(doc, stream, how)
            about = _sidecar(doc, path.with_name(Kind.of(path.name).stem + SIDECAR), how)
            # Half a page is none.
            if not stream.fault:
                yield make_page(doc, data, about, FORMS[kind.suffix])
        if stream.fault:
            raise PageError(doc, stream.fault)


def _pages_beside(sidecar: Path) -> bool:
    stem = sidecar.name[: -len(SIDECAR)]
    return any(sidecar.with_name(stem + form + packed).exists() for form in FORMS for packed in ("", *PACKED))


def _sidecar(doc: str, path: Path, how: How) -> dict[str, str]:
    """What came beside the page. A sidecar that cannot be used is a problem; the page is read all the same."""
    try:
        if not path.exists():
            return {}
        if _size(doc, path) > how.limits.sidecars:
            raise ValueError("too large")
        return read_sidecar(path.read_bytes())
    except (OSError, ValueError, PageError) as error:
        # A PageError's text names the page, not the sidecar.
        reason = error.reason if isinstance(error, PageError) else str(error)
        how.problem(doc, f"{_name(Path(path.name))} cannot be used: {reason}")
        return {}
