"""Feeds to entries: RSS, Atom, JSON Feed, sitemaps and sitemap indexes, each from its bytes.

Feeds are written by strangers, so what a feed can make a parser do is kept small: its size is bounded before and after
unpacking, and a document type that declares entities of its own (with which a kilobyte becomes a gigabyte, or a file
of this machine a part of the feed) is refused before any XML parser sees it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import feedparser

from recoupe.errors import FeedError, PageError
from recoupe.load import make_page
from recoupe.load.unpack import GZIP, PackingError, TooLargeError, bounded, gunzipped
from recoupe.watch.addresses import whole

LARGEST_FEED = 8 * 2**20
"""Bytes of an RSS, Atom or JSON feed, of which the largest seen have one or two million."""
LARGEST_SITEMAP = 50 * 2**20
"""Bytes of a sitemap, unpacked: the limit of the sitemap protocol (sitemaps.org/protocol.html)."""
MOST_ENTRIES = 50_000
"""Entries of one feed; the sitemap protocol's limit."""
# Characters. What a feed says of a page is kept with the page, so it may not be as large as the feed.
_STRING = 16_384  # of anything, before it is looked at
_TITLE = 300
_DATE = 100
_DEEPEST = 20  # elements within elements; a sitemap has five
_TOO_LARGE = f"larger than {LARGEST_SITEMAP // 2**20} MB"
# What may stand before the root element. A document type that declares nothing itself, as in RSS 0.91, is harmless.
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\b[^\[>]*>", re.S | re.I)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_TAG = re.compile(r"<[^<>]*>")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,9})|([0-9]{1,9}))")
# What feedparser has been seen to raise over pages that are no feeds, or is not known never to.
_FEEDPARSERS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, RecursionError)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a feed names: its address, and the title and dates as the feed says them ("" where it does not)."""

    address: str
    title: str = ""
    published: str = ""
    updated: str = ""

    @property
    def newest(self) -> datetime | None:
        """The later of the two dates, in UTC; a day without a time counts to its end. None where neither is a date."""
        return max(filter(None, (moment(self.published), moment(self.updated))), default=None)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed names: pages, and in a sitemap index other sitemaps. Every address is named once."""

    title: str = ""
    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[Entry, ...] = ()


def read_feed(data: bytes, address: str | None = None, content_type: str = "") -> Feed:
    """The entries that a feed names, in its order. `address` is where it was fetched, and what its relative links
    start from (a feed from a file has none); `content_type` is what the server said.

    Raises FeedError where the bytes are no feed of a known kind, or one that cannot be read.
    """
    text = _text(data, content_type)
    if text.startswith("{"):
        return _tidy(_json_feed(text, address))
    text = _without_prolog(text)
    root = _ROOT.match(text)
    kind = root[1].lower() if root else ""
    if kind in ("urlset", "sitemapindex"):
        return _tidy(_sitemap(text, address))
    if kind in ("rss", "feed", "rdf"):
        return _tidy(_rss_or_atom(text, address))
    raise FeedError("an HTML page, not a feed" if kind == "html" else "not a feed or sitemap")


def moment(text: str) -> datetime | None:
    """A date of a feed, in UTC: ISO 8601 as in Atom, JSON Feed and sitemaps, or RFC 822 as in RSS. A day without a time
    counts to its end, and a time without a zone is UTC. None for what is no date.

    >>> moment("2024-01-03"), moment("Tue, 02 Jan 2024 10:00:00 +0200")
    (datetime.datetime(2024, 1, 4, 0, 0, tzinfo=datetime.timezone.utc), datetime.datetime(2024, 1, 2, 8, 0, \
tzinfo=datetime.timezone.utc))
    """
    text = text.strip()[:_DATE]
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = parse(text)
            found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
            return found + timedelta(days=1) if _DAY.fullmatch(text) else found
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _text(data: bytes, content_type: str) -> str:
    """The feed's characters, unpacked where it is a gzip file, as sitemaps often are."""
    if data.startswith(GZIP):
        data = _unpacked(data)
    if len(data) > LARGEST_SITEMAP:
        raise FeedError(_TOO_LARGE)
    try:
        return make_page("feed", data, form="text", content_type=content_type).text.lstrip("\ufeff \t\n")
    except PageError as error:
        raise FeedError(f"not a feed: {error.reason}") from error


def _unpacked(data: bytes) -> bytes:
    try:
        return b"".join(bounded(gunzipped(data), LARGEST_SITEMAP))
    except TooLargeError as error:
        raise FeedError(_TOO_LARGE) from error
    except PackingError as error:
        raise FeedError(f"a gzip file that is {error}") from error


def _without_prolog(text: str) -> str:
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    if re.match("<!DOCTYPE", text[at : at + 9], re.I):
        raise FeedError("an XML file that declares entities of its own")
    return text[at:]


def _rss_or_atom(text: str, address: str | None) -> Feed:
    if len(text) > LARGEST_FEED:
        raise FeedError(f"larger than {LARGEST_FEED // 2**20} MB")
    # The encoding is settled already, and of the parts that would need cleaning only titles are used.
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address or ""}
    stream = io.BytesIO(_REFERENCE.sub(_character, text).encode("utf-8", "replace"))
    try:
        found = feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except _FEEDPARSERS as error:
        raise FeedError(f"a feed too broken to be read ({type(error).__name__})") from error
    base = address or _string(found.feed.get("link"))
    return Feed(_string(found.feed.get("title")), tuple(_of_feedparser(e, base) for e in found.entries))


def _character(reference: re.Match[str]) -> str:
    """A reference to a character as it is; one to what is none (which feedparser fails on) as U+FFFD."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if number < 0xD800 or 0xE000 <= number <= 0x10FFFF else "\ufffd"


def _of_feedparser(entry: Any, base: str) -> Entry:
    # `updated` of an entry without one gives its `published`, with a warning; the two are told apart by `in`.
    published, updated = (_string(entry[key]) if key in entry else "" for key in ("published", "updated"))
    return Entry(whole(_string(entry.get("link")), base) or "", _string(entry.get("title")), published, updated)


def _json_feed(text: str, address: str | None) -> Feed:
    if len(text) > LARGEST_FEED:
        raise FeedError(f"larger than {LARGEST_FEED // 2**20} MB")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError("not a feed: JSON that cannot be read") from error
    if not _string(found.get("version")).startswith(("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")):
        raise FeedError("not a feed: JSON, but no JSON Feed")
    base = address or _string(found.get("feed_url")) or _string(found.get("home_page_url"))
    items = found.get("items")
    rows = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return Feed(_string(found.get("title")), tuple(_of_json(item, base) for item in rows))


def _of_json(item: dict[str, Any], base: str) -> Entry:
    # `external_url` is the page that an entry is about: what there is to read where the entry has no page of its own.
    link = _string(item.get("url")) or _string(item.get("external_url"))
    dates = (_string(item.get(key)) for key in ("date_published", "date_modified"))
    return Entry(whole(link, base) or "" if link else "", _string(item.get("title")), *dates)


def _sitemap(text: str, address: str | None) -> Feed:
    pages: list[Entry] = []
    maps: list[Entry] = []
    try:
        for kind, row in _rows(text):
            place = whole(row.get("loc", ""), address)
            if place and len(pages) + len(maps) < MOST_ENTRIES:
                found = Entry(place, row.get("title", ""), row.get("publication_date", ""), row.get("lastmod", ""))
                (pages if kind == "url" else maps).append(found)
    except (ElementTree.ParseError, ValueError) as error:
        raise FeedError(f"a sitemap that cannot be read: {error}") from error
    return Feed("", tuple(pages), tuple(maps))


def _rows(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each `url` or `sitemap` element with its texts by their names, namespaces left out.

    The parser of the standard library is safe here: entities can only be declared before the root element, and what
    stood there is gone. What has been read is let go of.
    """
    # A bare & is the commonest mistake in addresses, and would cost the whole sitemap.
    stream = io.BytesIO(_LOOSE_AMPERSAND.sub("&amp;", text).encode("utf-8", "replace"))
    row: dict[str, str] = {}
    path: list[ElementTree.Element] = []
    for event, element in ElementTree.iterparse(stream, ("start", "end")):
        if event == "start":
            path.append(element)
            if len(path) > _DEEPEST:
                raise FeedError("a sitemap that cannot be read: elements within elements without end")
            continue
        path.pop()
        name = str(element.tag).rpartition("}")[2]
        if len(path) == 1:
            if name in ("url", "sitemap"):
                yield name, row
            row = {}
            path[0].clear()
        elif not any("sitemap-image" in str(above.tag) for above in (*path, element)):
            # An image has a title and a place of its own.
            row.setdefault(name, _string(element.text))


def _tidy(feed: Feed) -> Feed:
    """The feed with each address once (the first), its texts made short, and without entries that name no page."""

    def once(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        first: dict[str, Entry] = {}
        for entry in entries[:MOST_ENTRIES]:
            if entry.address:
                first.setdefault(entry.address, _short(entry))
        return tuple(first.values())

    return Feed(_plain(feed.title), once(feed.entries), once(feed.sitemaps))


def _short(entry: Entry) -> Entry:
    """The entry with a plain title, and dates no longer than dates are."""
    return replace(entry, title=_plain(entry.title), published=entry.published[:_DATE], updated=entry.updated[:_DATE])


def _plain(title: str) -> str:
    return " ".join(_TAG.sub(" ", title[: 4 * _TITLE]).split())[:_TITLE]


def _string(value: object) -> str:
    return value.strip()[:_STRING] if isinstance(value, str) else ""
