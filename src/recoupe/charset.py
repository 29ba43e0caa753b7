"""Bytes to the characters of a page, the same way whenever a kept page is looked at again."""

from __future__ import annotations

import codecs
import re

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks and what they tell; the longer ones first that begin like a shorter one."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_text(data: bytes, encoding: str) -> str:
    """The characters that `data` holds in `encoding` (a name that Python knows), without a byte order mark, with `\\n`
    as the only line end; what the encoding cannot read is U+FFFD, and so is a NUL, as in HTML's standard: PostgreSQL
    takes none in a text.
    """
    return decoded(data, encoding).replace("\0", "\ufffd")


def decoded(data: bytes, encoding: str) -> str:
    """As read_text, but NULs are left, which tell that a file is none of text."""
    for mark, marked in MARKS:
        if encoding == marked and data.startswith(mark):
            data = data[len(mark) :]
            break
    text = scrub(data.decode(encoding, "replace"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def scrub(text: str) -> str:
    """The text with lone surrogates, which no file can hold, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8") if _SURROGATE.search(text) else text
