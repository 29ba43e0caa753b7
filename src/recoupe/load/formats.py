"""Which reader reads a file, by the end of its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

from recoupe.load.csv_rows import pages_in_csv
from recoupe.load.how import How
from recoupe.load.json_rows import pages_in_lines, pages_in_list
from recoupe.load.source import PACKED, Source
from recoupe.load.warc import pages_in_warc
from recoupe.model import Form, Page

FORMS: dict[str, Form | None] = {
    ".txt": None,
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
"""Files that are one page, and what they hold; None is seen in the file."""
READERS: dict[str, Callable[[str, Source, How], Iterator[Page]]] = {
    ".warc": pages_in_warc,
    ".wet": pages_in_warc,
    ".arc": pages_in_warc,
    ".jsonl": pages_in_lines,
    ".ndjson": pages_in_lines,
    ".json": pages_in_list,
    ".csv": pages_in_csv,
    ".tsv": pages_in_csv,
}
"""Files of many pages. A reader gets the file's `doc`, and its bytes unpacked; it may raise PageError."""
ARCHIVES = (".zip", ".tar")
PARQUET = ".parquet"
SIDECAR = ".meta.json"
_SHORT = {".tgz": ".tar.gz", ".tbz2": ".tar.bz2", ".txz": ".tar.xz"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file's name says: its name without its suffixes, the suffix that tells its reader, and how it is packed
    (empty: not at all).
    """

    stem: str
    suffix: str
    packed: str

    @classmethod
    def of(cls, name: str) -> Self:
        """
        >>> Kind.of("news/pages.JSONL.gz")
        Kind(stem='news/pages', suffix='.jsonl', packed='.gz')
        """
        for short, long in _SHORT.items():
            if name.lower().endswith(short):
                name = name[: -len(short)] + long
        stem, suffix = _cut(name)
        if suffix in PACKED and _cut(stem)[1] in (*FORMS, *READERS, *ARCHIVES):
            return cls(*_cut(stem), suffix)
        return cls(stem, suffix, "")

    @property
    def read(self) -> bool:
        """Is there a reader for such files?"""
        return self.suffix in FORMS or self.suffix in READERS or self.suffix in ARCHIVES or self.suffix == PARQUET

    @property
    def why_not(self) -> str:
        """Why a file of this kind is no page."""
        return f"not a page ({self.suffix or 'no suffix'})"


def _cut(name: str) -> tuple[str, str]:
    """A name's last suffix, in lower case; a name that begins with its only dot has none."""
    last = name.rpartition("/")[2]
    stem, dot, suffix = last.rpartition(".")
    if not (stem and dot and suffix):
        return name, ""
    return name[: -len(suffix) - 1], f".{suffix.lower()}"
