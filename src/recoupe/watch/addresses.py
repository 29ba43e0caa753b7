"""Addresses of pages: made whole, compared, and made into names that a person can read."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

LONGEST = 2000
"""Characters of an address; what servers and browsers agree to take."""
_NAME = 120  # characters of a name, which stands in tables and in terminals
_UNSAFE = re.compile(r"[^\w.\-]+")
_NO_TEXT = re.compile("[\x00-\x20\x7f-\xa0\ud800-\udfff]|\\s")  # spaces, control characters, halves of characters


def whole(link: str, base: str | None) -> str | None:
    """The address that a link stands for on a page at `base`, without its fragment; None for what is no http(s)
    address of a host, is far too long, or carries a user's name.

    >>> whole("../b?c=1#d", "https://News.example/a/x")
    'https://news.example/b?c=1'
    >>> whole("javascript:alert(1)", "https://news.example/")
    """
    try:
        # Joining would drop an empty part of an address that is whole already.
        joined = link.strip() if is_web(link) else urljoin(base or "", link.strip())
        parts = urlsplit(joined.partition("#")[0])
        _ = parts.port  # raises ValueError where it is no number
    except ValueError:
        return None
    if not link.strip() or parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    address = parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()
    address = _NO_TEXT.sub(lambda m: quote(m[0], errors="replace"), address)
    return address if len(address) <= LONGEST else None


def is_web(text: str) -> bool:
    """Is it an http(s) address, and not a path to a file?"""
    return text.strip().lower().startswith(("http://", "https://"))


def name_of(address: str) -> str:
    """A page's name: host and path in safe characters, and where they do not say all of the address (a query, odd
    characters, a port, a path too long), a short hash of it.

    >>> name_of("https://news.example/world/vote-on-budget/")
    'news.example/world/vote-on-budget'
    >>> name_of("https://news.example/story?id=7")
    'news.example/story~d495c7ae'
    """
    parts = urlsplit(address)
    steps = [step for step in map(_safe, parts.path.split("/")) if step]
    name = "/".join([_safe(parts.hostname or ""), *steps])
    if len(name) <= _NAME and _plain(parts) == name:
        return name
    return f"{name[:_NAME].rstrip('/.')}~{sha256(address.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _plain(parts: SplitResult) -> str:
    """The address as a name would have to be to say all of it; letters of other alphabets may stand as they are."""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc}{unquote(parts.path)}{query}".rstrip("/")


def _safe(step: str) -> str:
    """A part of a path without what has a meaning to file systems, shells or this program (`:` and `#`)."""
    return _UNSAFE.sub("-", unquote(step)).strip("-.")
