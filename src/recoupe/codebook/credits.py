"""The words by which a report says where its text comes from: `credits.yaml` of each language of a codebook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from recoupe.codebook.files import Files, Node

SLOT = "{outlet}"


@dataclass(frozen=True, slots=True)
class Credits:
    """Credit words of all languages together, for pages mix languages in their furniture.

    `by` opens a byline, `shared` stands before those that a byline shares its text with, `joins` between two of them,
    `articles` and `media` (what an outlet is: newspaper, agency) before a name; `labels` open a line that names the
    source. The others are patterns around `{outlet}` (see `pattern`): by `reported` the text says that an outlet
    reported it first, by `details` that one thing in it is from there, by `notices` that the whole text is, by
    `releases` that the text is what a body has published. `notice_lines` and `release_lines` say the same on a line of
    their own; `tails` are words with which a notice may go on after the name.
    """

    by: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    notice_lines: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    release_lines: tuple[str, ...] = ()


_PATTERNS = ("reported", "details", "notices", "notice_lines", "releases", "release_lines")
_KEYS = ("by", "shared", "joins", "articles", "media", "labels", "tails", *_PATTERNS)


def load_credits(files: Files, langs: Sequence[str]) -> Credits:
    """Reads `<language>/credits.yaml` of each language; mistakes are noted in `files`."""
    words: dict[str, set[str]] = {key: set() for key in _KEYS}
    for lang in langs:
        parts = files.yaml(f"{lang}/credits.yaml").fields(*_KEYS, need=_KEYS)
        for key in _PATTERNS:
            for member in parts[key].list():
                _check(member)
        for key in _KEYS:
            words[key] |= _words(parts[key])
    return Credits(**{key: tuple(sorted(words[key])) for key in _KEYS})


def pattern(text: str) -> tuple[str, str]:
    """The regular expressions of what stands before and after the outlet's name in a pattern.

    In a pattern `(a|b)` is one of several, `(a )?` may be absent, and ` … ` stands for up to 200 characters of a line.

    >>> pattern("(told|tells) {outlet} in")
    ('(?:told|tells)\\\\s+', '\\\\s+in')
    """
    before, after = text.split(SLOT)
    return expression(before), expression(after)


def expression(part: str) -> str:
    """The regular expression of a part of a pattern."""
    marks = {r"\(": "(?:", r"\)": ")", r"\|": "|", r"\?": "?", r"\ ": r"\s+"}
    made = re.sub(r"\\[()|? ]", lambda m: marks[m[0]], re.escape(part))
    return made.replace(r"\s+…\s+", r"\s+[^\n]{0,200}?\s+")


def _check(member: Node) -> None:
    """Notes a mistake where the text is no pattern."""
    text = member.text()
    if text.count(SLOT) != 1:
        member.mistake(f"expected a pattern with one {SLOT}, found {text!r}")
        return
    try:
        for part in pattern(text):
            re.compile(part)
    except re.error as error:
        member.mistake(f"not a pattern: {text!r}: {error}")


def _words(node: Node) -> set[str]:
    """A list of words, none of them empty and none twice."""
    words: set[str] = set()
    for member in node.list():
        word = member.text().strip()
        if not word:
            member.mistake("expected words, found nothing")
        elif word in words:
            member.mistake(f"{word!r} stands here twice")
        words.add(word)
    return words
