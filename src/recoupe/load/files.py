"""Finds the text pages in files and folders, and says of every other file why it is none."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from recoupe.errors import PageError
from recoupe.load.page import LARGEST, OnProblem, Problem, make_page
from recoupe.model import Form, Page

FORMS: dict[str, Form | None] = {
    ".txt": None,
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
"""What the files of a suffix hold; None is seen in the file."""
SIDECAR = ".meta.json"


def find_pages(paths: Sequence[Path], on_problem: OnProblem) -> Iterator[Page]:
    """The pages in files and folders (with all folders below them), sorted by `doc`.

    `doc` is the POSIX path below the folder given, or the name of a file given directly. Pages are text, Markdown and
    HTML files (FORMS); `NAME.meta.json` beside `NAME.txt` (a JSON object) fills `Page.meta`. Hidden files and folders
    are passed over, and a file that is reached twice is read once (of copies under one name, one). `on_problem` gets
    each file that is no page; nothing is raised.
    """
    found: list[tuple[str, Path]] = []
    for path in paths:
        found += _below(path, on_problem)
    seen: set[Path] = set()
    pages: set[Page] = set()
    for doc, path in sorted(found):
        real = Path(os.path.realpath(path))
        if real in seen:
            continue
        seen.add(real)
        page = _read(doc, path, on_problem)
        # Pages of one name from two folders are two pages, unless they say the same.
        if page is not None and page not in pages:
            pages.add(page)
            yield page


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

    for folder, folders, names in os.walk(path, onerror=unreadable):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in names:
            if not name.startswith("."):
                file = Path(folder) / name
                yield _name(file.relative_to(path)).replace(os.sep, "/"), file


def _read(doc: str, path: Path, on_problem: OnProblem) -> Page | None:
    try:
        if path.name.lower().endswith(SIDECAR):
            if not _pages_beside(path):
                on_problem(Problem(doc, "a sidecar whose page is not there"))
            return None
        if path.suffix.lower() not in FORMS:
            on_problem(Problem(doc, f"not a page ({path.suffix.lower() or 'no suffix'})"))
            return None
        about = _sidecar(doc, path.with_name(path.stem + SIDECAR), on_problem)
        return make_page(doc, _bytes(doc, path), about, FORMS[path.suffix.lower()])
    except PageError as error:
        on_problem(Problem(doc, error.reason))
        return None
    except OSError as error:
        on_problem(Problem(doc, f"cannot be read: {error.strerror or error}"))
    return None


def _pages_beside(sidecar: Path) -> bool:
    stem = sidecar.name[: -len(SIDECAR)]
    return any(sidecar.with_name(stem + suffix).exists() for suffix in FORMS)


def _bytes(doc: str, path: Path) -> bytes:
    """The file's bytes; raises PageError where it is not a file of a size that a page has."""
    about = path.stat()
    # A pipe or a device would be waited on for ever.
    if not stat.S_ISREG(about.st_mode):
        raise PageError(doc, "not a regular file")
    if about.st_size > LARGEST:
        raise PageError(doc, f"larger than {LARGEST // 2**20} MB ({about.st_size // 2**20} MB)")
    return path.read_bytes()


def _sidecar(doc: str, path: Path, on_problem: OnProblem) -> dict[str, str]:
    """What came beside the page. A sidecar that cannot be used is a problem; the page is read all the same."""
    try:
        if not path.exists():
            return {}
        found = json.loads(_bytes(doc, path))
    except (OSError, ValueError, RecursionError, PageError) as error:
        # A PageError's text names the page, not the sidecar.
        reason = error.reason if isinstance(error, PageError) else str(error)
        on_problem(Problem(doc, f"{_name(Path(path.name))} cannot be used: {reason}"))
        return {}
    if not isinstance(found, dict):
        on_problem(Problem(doc, f"{_name(Path(path.name))} cannot be used: expected a JSON object"))
        return {}
    return {k: str(v) for k, v in found.items() if isinstance(v, str | int | float)}
