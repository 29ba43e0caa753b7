"""Bytes to text, and what the head of a Markdown file says of its page."""

from __future__ import annotations

import codecs
import re
import unicodedata

from recoupe.errors import PageError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
FRONT = re.compile(r"---[ \t]*\n")
FIELD = re.compile(r"([A-Za-z][\w-]{0,40})[ \t]*:(?:[ \t]+(.*))?$")
FRONT_LINES = 200
"""A front matter block that has not ended by then is none: three dashes are also a rule between paragraphs."""


def decode(doc: str, data: bytes) -> tuple[str, str]:
    """The text and the encoding that it was read in; line ends are `\\n`, and no byte order mark is left.

    UTF-8, UTF-16 and UTF-32 by their mark, UTF-8 with damaged characters replaced where nearly all of it is sound, else
    Windows-1252 or Latin-1 where that gives plausible text. Raises PageError for a binary file and an empty one.
    """
    text, encoding = _by_mark(data) or _unmarked(doc, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = len(CONTROLS.findall(text))
    if "\0" in text or controls > 0.01 * len(text):
        raise PageError(doc, "a binary file")
    if not text.strip("\ufeff\ufffd\u200b \t\n\x0b\x0c\x85\xa0\u2028\u2029"):
        raise PageError(doc, "an empty file")
    return scrub(text), encoding


def scrub(text: str) -> str:
    """The text with lone surrogates, which no file can hold, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8") if _SURROGATE.search(text) else text


_SURROGATE = re.compile("[\ud800-\udfff]")


def _by_mark(data: bytes) -> tuple[str, str] | None:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    return None


def _unmarked(doc: str, data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if b"\0" in data:
        raise PageError(doc, "a binary file")
    mended = data.decode("utf-8", "replace")
    sound = sum(c > "\x7f" for c in mended) - mended.count("\ufffd")
    if sound >= 10 * mended.count("\ufffd"):
        return mended, "utf-8 (damaged)"
    try:
        text, encoding = data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        text, encoding = data.decode("latin-1"), "latin-1"
    if not _plausible(text):
        raise PageError(doc, "neither UTF-8 nor plausible as Windows-1252 or Latin-1")
    return text, encoding


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
