"""Which columns of a table, or fields of a JSON object, hold what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Self

from recoupe.errors import ColumnError

_NAMES = {
    "html": "html raw_html html_content content_html page_html html_raw raw_page",
    "text": "text content body article article_text article_body full_text maintext main_text plain_text raw_text "
    "content_text text_content raw_content markdown",
    "url": "url uri link page_url source_url article_url web_url permalink target_uri",
    "id": "id doc_id document_id article_id page_id uuid guid",
    "title": "title headline title_page",
    "date": "date published date_published published_at publish_date published_date pub_date publication_date "
    "date_publish published_time date_publication",
    "fetched": "fetched fetched_at crawled crawled_at crawl_date date_crawled retrieved retrieved_at accessed "
    "scraped_at date_download download_date warc_date",
}
KNOWN = {role: tuple(names.split()) for role, names in _NAMES.items()}
"""Names that such columns have in common collections (news-please, trafilatura, Common Crawl's derivatives ...), the
likeliest first. Case, and whether words are joined by `_`, `-`, a blank or a capital, do not matter.
"""
_JOINTS = re.compile(r"[\s_.-]+|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that hold a page's HTML, text, address, id, title, and days of publication and visit.

    None: it is found by its name (KNOWN). A page is its HTML, or else its text; naming one of the two says that the
    other is not to be looked for.

    >>> Columns(html="raw").pick(("raw", "URL", "pubDate", "lang"))
    {'html': 'raw', 'url': 'URL', 'date': 'pubDate'}
    """

    html: str | None = None
    text: str | None = None
    url: str | None = None
    id: str | None = None
    title: str | None = None
    date: str | None = None
    fetched: str | None = None

    @classmethod
    def parse(cls, told: Iterable[str]) -> Self:
        """From `ROLE=NAME` pairs, as on the command line. Raises ColumnError where one is not of that shape.

        >>> Columns.parse(["html=raw_page", "id=key"]).html
        'raw_page'
        """
        roles = [field.name for field in fields(cls)]
        found: dict[str, str] = {}
        for pair in told:
            role, equals, name = (part.strip() for part in pair.partition("="))
            if not (role and equals and name):
                raise ColumnError(f"a column is told as ROLE=NAME, such as html=raw_page, not as {pair!r}")
            if role not in roles:
                raise ColumnError(f"a column holds one of {', '.join(roles)}; {role!r} is none of them")
            if role in found:
                raise ColumnError(f"two columns for {role}: {found[role]!r} and {name!r}")
            found[role] = name
        return cls(**found)

    def pick(self, names: tuple[str, ...]) -> dict[str, str]:
        """Of these columns, which hold what: role to name, for the roles that are there."""
        return dict(_pick(self, names))

    def spare(self, names: tuple[str, ...]) -> list[str]:
        """Of these columns, those that hold facts about a page and not (another form of) the page itself."""
        return list(_spare(self, names))


@lru_cache(maxsize=256)
def _pick(columns: Columns, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Rows of one file mostly have the same columns."""
    told = {role: name for role in KNOWN if (name := getattr(columns, role)) is not None}
    by_name = {_squeeze(name): name for name in reversed(names)}
    found: dict[str, str] = {}
    for role, known in KNOWN.items():
        if role in told:
            if told[role] in names:
                found[role] = told[role]
        elif role not in ("html", "text") or not told.keys() & {"html", "text"}:
            options = [by_name[k] for name in known if (k := _squeeze(name)) in by_name]
            options = [name for name in options if name not in told.values()]
            if options:
                found[role] = options[0]
    return tuple(found.items())


@lru_cache(maxsize=256)
def _spare(columns: Columns, names: tuple[str, ...]) -> tuple[str, ...]:
    pages = {_squeeze(name) for role in ("html", "text") for name in KNOWN[role]}
    picked = columns.pick(names)
    return tuple(n for n in names if n not in picked.values() and _squeeze(n) not in pages)


def _squeeze(name: str) -> str:
    return _JOINTS.sub("", name.strip().strip("\ufeff")).lower()
