"""The words by which a report says where its text comes from: `credits.yaml` of each language of a codebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recoupe.codebook.files import Files, Node

SLOT = "{outlet}"


@dataclass(frozen=True, slots=True)
class Credits:
    """Credit words of all languages together, for pages mix languages in their furniture.

    `by` opens a byline, `shared` stands before those that a byline shares its text with, `joins` between two of them,
    `articles` before a name; `labels` open a line that names the source; `reported` are patterns around `{outlet}` by
    which the text itself says that an outlet reported it first.
    """

    by: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()


_KEYS = ("by", "shared", "joins", "articles", "labels", "reported")


def load_credits(files: Files, langs: Sequence[str]) -> Credits:
    """Reads `<language>/credits.yaml` of each language; mistakes are noted in `files`."""
    words: dict[str, set[str]] = {key: set() for key in _KEYS}
    for lang in langs:
        parts = files.yaml(f"{lang}/credits.yaml").fields(*_KEYS, need=_KEYS)
        for pattern in parts["reported"].list():
            if pattern.text().count(SLOT) != 1:
                pattern.mistake(f"expected a pattern with one {SLOT}, found {pattern.text()!r}")
        for key in _KEYS:
            words[key] |= _words(parts[key])
    return Credits(**{key: tuple(sorted(words[key])) for key in _KEYS})


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
