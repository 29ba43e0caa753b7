"""One page from its bytes and what came with them, whichever file, archive or answer of a server they stood in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from recoupe.charset import read_text, scrub
from recoupe.errors import PageError
from recoupe.load.limits import LARGEST
from recoupe.load.text import encoding_of, front_matter
from recoupe.model import Form, Page

PDF = b"%PDF-"
HEAD = 4096
"""Bytes of a page in which its encoding and its markup are looked for; browsers look at the first 1024, but scripts
stand before what they look for on many pages.
"""
MARKUP = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s++html|html|head|body)\b", re.I | re.S
)
CHARSET = re.compile(rb"<meta\b[^>]{0,200}?\bcharset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.I)
XML_ENCODING = re.compile(rb"<\?xml\b[^>]{0,100}?\bencoding\s*+=\s*+[\"']([\w.:-]{1,40})", re.I)
HEADER_CHARSET = re.compile(r"\bcharset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.I)
"""Bytes are hostile: what these patterns have passed they never try another way (`*+`, `(?>...)`), or a few comments or
blanks would keep them busy for years.
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, folder or record that gave no page (or not all that came with it), and why."""

    doc: str
    reason: str


OnProblem = Callable[[Problem], None]
"""Told each problem as it is met."""


def make_page(
    doc: str, data: bytes, meta: Mapping[str, str] | None = None, form: Form | None = None, content_type: str = ""
) -> Page:
    """The page that `data` holds. `form` is looked up in the bytes where it is not given; `content_type` is what a
    server said (`text/html; charset=...`); Markdown's front matter joins `meta`, in which what is given goes first.

    Raises PageError where it is too large, binary, empty, or in no encoding that can be told.
    """
    if data.startswith(PDF):
        raise PageError(doc, "a PDF")
    if len(data) > LARGEST:
        raise PageError(doc, f"larger than {LARGEST // 2**20} MB ({len(data) // 2**20} MB)")
    form = form or form_of(data, content_type)
    encoding = encoding_of(doc, data, form, _declared(data, content_type))
    about = front_matter(read_text(data, encoding)) if form == "text" else {}
    about |= {_fact(k): _fact(v) for k, v in (meta or {}).items() if v.strip()}
    return Page(doc, data, encoding, form, tuple(sorted(about.items())))


def form_of(data: bytes, content_type: str = "") -> Form:
    """HTML where a server says so or the bytes begin as HTML does, else text."""
    media = content_type.partition(";")[0].strip().lower()
    if media in ("text/html", "application/xhtml+xml"):
        return "html"
    return "html" if MARKUP.match(data.lstrip(b"\xef\xbb\xbf")[:HEAD]) else "text"


def _fact(text: str) -> str:
    """The text without what no ledger can hold."""
    return scrub(text).replace("\0", "\ufffd")


def _declared(data: bytes, content_type: str) -> list[str]:
    """The encodings that the server and the page itself name, in that order."""
    found = HEADER_CHARSET.findall(content_type)
    for pattern in (CHARSET, XML_ENCODING):
        found += [m.decode("ascii") for m in pattern.findall(data[:HEAD])]
    return found
