"""What pages are called where several came under one doc."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from recoupe.model import Reading

_DIGITS = 6


def display_names(pages: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The name of each page by its hash, from (hash, doc): its doc, or `doc#` and the hash's first digits where another
    page has that doc too. The order of the pages plays no part.

    >>> display_names([("aa11bb22", "x.txt"), ("cc33dd44", "x.txt"), ("ee55ff66", "y.txt")])
    {'aa11bb22': 'x.txt#aa11bb', 'cc33dd44': 'x.txt#cc33dd', 'ee55ff66': 'y.txt'}
    """
    same: defaultdict[str, list[str]] = defaultdict(list)
    for hash_, doc in pages:
        same[doc].append(hash_)
    names: dict[str, str] = {}
    for doc, hashes in same.items():
        digits = _DIGITS
        while len({h[:digits] for h in hashes}) < len(hashes):
            digits += 1
        for hash_ in hashes:
            names[hash_] = doc if len(hashes) == 1 else f"{doc}#{hash_[:digits]}"
    return names


def named_reading(reading: Reading, name: str) -> Reading:
    """The reading under the name that its page has in the ledger."""
    if reading.report.doc == name:
        return reading
    return replace(reading, report=replace(reading.report, doc=name))
