"""Bytes to text, and what the head of a Markdown file says of its page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from recoupe.charset import MARKS, decoded
from recoupe.errors import PageError
from recoupe.load.labels import ISO_2022_JP, codec_of
from recoupe.model import Form

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
DECLARED = 4
"""Encodings that are tried at most: one in the header and one in the page, and mistakes."""
FRONT = re.compile(r"---[ \t]*\n")
FIELD = re.compile(r"([A-Za-z][\w-]{0,40})[ \t]*:(?:[ \t]+(.*))?$")
FRONT_LINES = 200
"""A front matter block that has not ended by then is none: three dashes are also a rule between paragraphs."""


def encoding_of(doc: str, data: bytes, form: Form = "text", declared: Sequence[str] = ()) -> str:
    """The encoding that a page's bytes are best read in.

    UTF-8, UTF-16 and UTF-32 by their mark; UTF-8 where the bytes are sound UTF-8, whatever they are declared to be
    (text in other encodings hardly ever is by chance); the first of the `declared` encodings that reads them (labels.py
    says what they mean); UTF-8, or else a declared encoding, that reads nearly all of it; else Windows-1252 or Latin-1
    where that gives plausible text. Raises PageError for a binary file and an empty one; in HTML a NUL is a damaged
    character, as in browsers.
    """
    encoding = _marked(data) or _unmarked(doc, data, form, declared)
    text = decoded(data, encoding)
    controls = len(CONTROLS.findall(text))
    if (form == "text" and "\0" in text) or controls > 0.01 * len(text):
        raise PageError(doc, "a binary file")
    if not text.strip("\ufeff\ufffd\u200b \t\n\x0b\x0c\x85\xa0\u2028\u2029"):
        raise PageError(doc, "an empty file")
    return encoding


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)


def _unmarked(doc: str, data: bytes, form: Form, declared: Sequence[str]) -> str:
    named = _named(declared)
    # It is ASCII with escapes, so that it would pass for UTF-8.
    if ISO_2022_JP in named and b"\x1b$" in data and _reads(data, ISO_2022_JP):
        return ISO_2022_JP
    if _reads(data, "utf-8"):
        return "utf-8"
    if b"\0" in data and form == "text":
        raise PageError(doc, "a binary file")
    for encoding in named:
        if _reads(data, encoding):
            return encoding
    for encoding in ("utf-8", *named):
        if _nearly_reads(data, encoding):
            return encoding
    encoding = "cp1252" if _reads(data, "cp1252") else "latin-1"
    if not _plausible(data.decode(encoding)):
        raise PageError(doc, "neither UTF-8 nor plausible as Windows-1252 or Latin-1")
    return encoding


def _reads(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _named(declared: Sequence[str]) -> list[str]:
    """The encodings that are declared, but for UTF-8, which is looked for anyway."""
    codecs = dict.fromkeys(codec for label in declared if (codec := codec_of(label)) is not None)
    # Nobody is to keep the reader busy by declaring all that there are.
    return [codec for codec in codecs if codec != "utf-8"][:DECLARED]


def _nearly_reads(data: bytes, encoding: str) -> bool:
    """Is what the encoding cannot read a slip or two among many sound characters that are no ASCII?"""
    text = data.decode(encoding, "replace")
    bad = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) - bad >= 10 * bad


def _plausible(text: str) -> bool:
    """Does a text read in an 8-bit encoding look like a West European language?

    Two things tell text in another encoding: characters that such languages do not use, and accented letters that are
    not scattered among plain ones (French has one in 20 letters, Cyrillic or Greek read as Latin nothing else).
    """
    high = [c for c in text if c > "\x7f"]
    plain = sum(c.isascii() and c.isalpha() for c in text)
    accented = sum(c.isalpha() for c in high)
    odd = sum(unicodedata.category(c) in ("Cc", "Cn", "Co") for c in high)
    return odd <= 0.05 * len(high) and accented <= 0.25 * (plain + accented)


def front_matter(text: str) -> dict[str, str]:
    """The fields of a block between `---` lines at the head of a text, keys in lower case; none where there is none.

    Read line by line and not as YAML: crawlers write titles with bare colons and quotes. A `source` that is an address
    is also the `url`.
    """
    start = FRONT.match(text)
    if not start:
        return {}
    fields: dict[str, str] = {}
    last = ""
    for line in text[start.end() :].split("\n", FRONT_LINES)[:FRONT_LINES]:
        if line.strip() in ("---", "..."):
            source = fields.get("source", "")
            if "url" not in fields and re.match(r"https?://\S+$", source):
                fields["url"] = source
            return {k: v for k, v in fields.items() if v}
        found = FIELD.match(line.rstrip())
        if found:
            last = found[1].lower()
            fields[last] = _unquote(found[2] or "")
        elif last and line[:1] in " \t-":
            fields[last] = f"{fields[last]} {_unquote(line.strip().lstrip('- '))}".strip()
    return {}


def _unquote(value: str) -> str:
    value = value.strip()
    if value in (">", "|", ">-", "|-"):
        return ""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r'\\(["\\])', r"\1", value[1:-1])
    if len(value) >= 2 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    return value
