"""Bytes to text, and what the head of a Markdown file says of its page."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence

from recoupe.charset import MARKS, read_text
from recoupe.errors import PageError
from recoupe.model import Form

ASCII = bytes(range(0x20, 0x7F))
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
FRONT = re.compile(r"---[ \t]*\n")
FIELD = re.compile(r"([A-Za-z][\w-]{0,40})[ \t]*:(?:[ \t]+(.*))?$")
FRONT_LINES = 200
"""A front matter block that has not ended by then is none: three dashes are also a rule between paragraphs."""


def encoding_of(doc: str, data: bytes, form: Form = "text", declared: Sequence[str] = ()) -> str:
    """The encoding that a page's bytes are best read in.

    UTF-8, UTF-16 and UTF-32 by their mark; UTF-8 where the bytes are sound UTF-8, whatever they are declared to be
    (text in other encodings hardly ever is by chance); the first of the `declared` encodings that reads them; UTF-8
    where nearly all of it is sound; else Windows-1252 or Latin-1 where that gives plausible text. Raises PageError for
    a binary file and an empty one; in HTML a NUL is a damaged character, as in browsers.
    """
    encoding = _marked(data) or _unmarked(doc, data, form, declared)
    text = read_text(data, encoding)
    controls = len(CONTROLS.findall(text))
    if (form == "text" and "\0" in text) or controls > 0.01 * len(text):
        raise PageError(doc, "a binary file")
    if not text.strip("\ufeff\ufffd\u200b \t\n\x0b\x0c\x85\xa0\u2028\u2029"):
        raise PageError(doc, "an empty file")
    return encoding


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)


def _unmarked(doc: str, data: bytes, form: Form, declared: Sequence[str]) -> str:
    if _reads(data, "utf-8"):
        return "utf-8"
    if b"\0" in data and form == "text":
        raise PageError(doc, "a binary file")
    for name in declared:
        encoding = _known(name)
        if encoding and encoding != "utf-8" and _reads(data, encoding):
            return encoding
    mended = data.decode("utf-8", "replace")
    sound = sum(c > "\x7f" for c in mended) - mended.count("\ufffd")
    if sound >= 10 * mended.count("\ufffd"):
        return "utf-8"
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


def _known(name: str) -> str | None:
    """A declared encoding by the name that Python has for it, as browsers take it: what calls itself Latin-1 or ASCII
    is Windows-1252. None for a name that is no text encoding's.
    """
    try:
        found = codecs.lookup(name.strip().strip("\"'"))
        # Bytes of markup must mean what they mean in ASCII, or the page could not have said its encoding.
        if ASCII.decode(found.name) != ASCII.decode("ascii"):
            return None
    except (LookupError, ValueError):
        return None
    return "cp1252" if found.name in ("iso8859-1", "ascii") else found.name


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
