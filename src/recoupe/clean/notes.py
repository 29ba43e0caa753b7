"""What a page's markup says of its article: title, dates, author, outlet, address, language, each with its place.

Read are JSON-LD (schema.org's Article and its kinds), OpenGraph's and other meta elements, `time` elements that say
that they hold the date of publication, and the canonical address. The names of the fields are those of the standards
and of the publishing systems in wide use; the page's own words decide what is shown, these only help to find them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from recoupe.clean.html import Sight, Tag
from recoupe.model import Note, NoteName, Span

META: Mapping[str, NoteName] = {
    "og:title": "title",
    "twitter:title": "title",
    "dc.title": "title",
    "og:description": "description",
    "description": "description",
    "article:published_time": "published",
    "og:published_time": "published",
    "datepublished": "published",
    "date": "published",
    "pubdate": "published",
    "publish-date": "published",
    "publish_date": "published",
    "publication_date": "published",
    "publishdate": "published",
    "dc.date": "published",
    "dc.date.issued": "published",
    "dcterms.date": "published",
    "dcterms.created": "published",
    "parsely-pub-date": "published",
    "sailthru.date": "published",
    "article:modified_time": "modified",
    "og:updated_time": "modified",
    "datemodified": "modified",
    "last-modified": "modified",
    "dcterms.modified": "modified",
    "author": "author",
    "article:author": "author",
    "dc.creator": "author",
    "parsely-author": "author",
    "og:site_name": "outlet",
    "application-name": "outlet",
    "og:url": "url",
}
"""What the meta elements say, by their `property`, `name` or `itemprop` in lower case, the most trusted first."""
ARTICLE = re.compile(r"(?:Article|Posting|Report|Review)$|^(?:Report|CreativeWork)$")
"""Types of schema.org that an article has: Article, NewsArticle, BlogPosting, LiveBlogPosting, Report ..."""
FIELDS: Mapping[str, NoteName] = {
    "headline": "title",
    "datePublished": "published",
    "dateModified": "modified",
    "author": "author",
    "publisher": "outlet",
    "description": "description",
    "url": "url",
    "inLanguage": "language",
}
COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
DEEPEST = 6
"""Levels of JSON-LD in which an article is looked for: a graph, a list in it, a page and its main entity."""


def notes_of(sight: Sight, address: str) -> tuple[Note, ...]:
    """The notes, in the order in which they are to be trusted; `address` is the page's own, to resolve others by."""
    notes = [*_linked(sight), *_tagged(sight)]
    base = address or next((n.value for n in notes if n.name == "url" and "//" in n.value), "")
    return tuple(_resolved(note, base) for note in notes if note.value)


def _resolved(note: Note, base: str) -> Note:
    if note.name != "url":
        return note
    try:
        return Note("url", urljoin(base, note.value), note.source, note.at)
    except ValueError:
        return note


def _tagged(sight: Sight) -> Iterator[Note]:
    """What meta, link, time and html elements say."""
    found: list[tuple[int, Note]] = []
    rank = {name: k for k, name in enumerate(META)}
    for tag in sight.tags:
        at = Span(tag.start, tag.end)
        if tag.name == "meta":
            names = (tag.get("property"), tag.get("name"), tag.get("itemprop"), tag.get("http-equiv"))
            known = next((n for n in names if n and n.lower() in META), None)
            if known:
                said = _one_line(tag.get("content") or "")
                found.append((rank[known.lower()], Note(META[known.lower()], said, f"meta {known}", at)))
        elif tag.name == "time":
            found += [(len(META), Note("published", said, "time", at)) for said in _published(tag)]
        elif tag.name == "link" and "canonical" in (tag.get("rel") or "").lower().split():
            found.append((len(META), Note("url", (tag.get("href") or "").strip(), "link canonical", at)))
        elif tag.name == "html":
            found.append((len(META), Note("language", (tag.get("lang") or "").strip(), "html lang", at)))
    yield from (note for _, note in sorted(found, key=lambda pair: pair[0]))
    if sight.titled:
        last = max(place + length for start, place, length in sight.pieces if start < sight.titled)
        yield Note("title", sight.text[: sight.titled], "title", Span(sight.pieces[0][1], last))


def _published(tag: Tag) -> Iterator[str]:
    """The date of a time element that says that it is the one of publication."""
    said = (tag.get("datetime") or "").strip()
    kind = f"{tag.get('itemprop') or ''} {tag.get('class') or ''}".lower()
    if said and (tag.get("pubdate") is not None or "publish" in kind):
        yield said


def _linked(sight: Sight) -> Iterator[Note]:
    """What the JSON-LD says of its first article; where there are several, the others are those that a page lists."""
    for start, script in sight.scripts:
        at = Span(start, start + len(script))
        for thing in _articles(_json(script), 0):
            kind = _type(thing)
            for key, name in FIELDS.items():
                yield from (Note(name, said, f"json-ld {kind}.{key}", at) for said in _said(thing.get(key)))
            return


def _json(script: str) -> Any:
    """The data of a script, or None where it is no JSON: pages are careless with line ends and comments."""
    try:
        return json.loads(COMMENT.sub("", script), strict=False)
    except (ValueError, RecursionError):
        return None


def _articles(data: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """The objects that are articles, but for those in lists of items."""
    if depth > DEEPEST:
        return
    if isinstance(data, list):
        for member in data[:200]:
            yield from _articles(member, depth + 1)
    elif isinstance(data, dict):
        if ARTICLE.search(_type(data)) and ("headline" in data or "datePublished" in data):
            yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(data.get(key), depth + 1)


def _type(thing: Mapping[str, Any]) -> str:
    kind = thing.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    named = [k for k in kinds if isinstance(k, str)]
    return next((k for k in named if ARTICLE.search(k)), named[0] if named else "")


def _said(value: Any) -> Iterator[str]:
    """The texts of a field: itself, or the names of the things that it holds."""
    if isinstance(value, str):
        yield _one_line(html.unescape(value))
    elif isinstance(value, dict):
        yield from _said(value.get("name"))
    elif isinstance(value, list):
        for member in value[:20]:
            yield from _said(member) if not isinstance(member, list) else ()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def first(notes: tuple[Note, ...], name: NoteName) -> str | None:
    """The value of a name that is trusted most, or None."""
    return next((note.value for note in notes if note.name == name), None)


def site(address: str) -> str:
    """The host of an address, without what stands before a site's name (www, m, amp); "" where it has none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www\d?|m|amp|mobile)\.", "", host)
