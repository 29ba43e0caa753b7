"""The sentences of a report, by their marks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recoupe.model import Span

_END = re.compile(r"(?<![.!?…])[.!?…]{1,9}[\"”»’)\s]{0,9}\s(?=[\"“«(—–-]{0,9}\s?[^\W\d_a-z])")
_ABBREVIATION = 3  # letters before a point, a capital the first: Mr, Gen; no sentence ends there


def split(text: str, within: Span) -> Iterator[Span]:
    """The sentences of a run of a text, in order, with the blanks after them."""
    start = within.start
    for m in _END.finditer(text, within.start, within.end):
        if not abbreviated(text, start, m.start()):
            yield Span(start, m.end())
            start = m.end()
    if text[start : within.end].strip():
        yield Span(start, within.end)


def abbreviated(text: str, start: int, end: int) -> bool:
    """Is the word before a point short and written with a capital, as in "Gen. X" or "U.S."?"""
    words = text[max(start, end - 12) : end].split()
    return bool(words) and len(words[-1]) <= _ABBREVIATION and words[-1][0].isupper()
