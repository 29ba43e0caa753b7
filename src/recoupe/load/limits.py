"""What loading holds of one file at most, and why: each bound is met by a Problem, never by running out of memory."""

from __future__ import annotations

from dataclasses import dataclass

MB = 2**20
GB = 2**30

LARGEST = 16 * MB
"""Bytes of a page, a record or a row; a news page is far smaller, and what is larger is an archive or a mistake."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file; the defaults let through every real collection that we know."""

    page: int = LARGEST
    """Bytes of a page, a record or a row."""
    head: int = MB // 4
    """Bytes of the header of a record, or of an archive's member. Servers refuse headers above 16 KB."""
    cell: int = 16 * MB
    """Characters of a cell or a line of CSV: the reader holds four bytes for each."""
    value: int = 16 * 1024
    """Characters of a value in `meta`. What is longer is a text and no fact about a page, and the ledger keeps meta."""
    sidecars: int = LARGEST
    """Bytes of all sidecars of one archive together; they are held until their page comes."""
    ratio: int = 500
    """What unpacks to more than so many times its size, once it is larger than a page, is a bomb: HTML packs to a
    tenth, very regular tables to a hundredth, and nothing but zeros to a thousandth (gzip cannot do better).
    """
    unpacked: int = 4 * GB
    """Bytes that any file may unpack to ..."""
    swelling: int = 100
    """... and what unpacks to more may be only so many times its size: a crawl of 1 GB holds 5 GB of pages."""


LIMITS = Limits()
