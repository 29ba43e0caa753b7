"""Patterns made from a language's words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from recoupe.codebook.files import Node

NEVER = re.compile(r"(?!)")


def either(words: Iterable[str]) -> str:
    """An alternation, longest first, white space and apostrophes as varied as texts have them."""
    forms = sorted(set(words), key=lambda w: (-len(w), w))
    if not forms:
        return "(?!)"  # of no words none is found; an empty alternation would find itself everywhere
    escaped = (re.escape(w).replace(r"\ ", r"\s").replace("'", "['’]") for w in forms)
    return "(?:" + "|".join(escaped) + ")"


NAME_WORD = r"[A-ZÀ-ÖØ-ÞŁŠŽČ][\w'’-]*[\wà-ÿ]"
_PARTICLE = (
    r"(?:(?:de|von|van|der|den|bin|al|el|da|di|du|la|le|ten|ter|zu|dos|del|ibn|ben"
    r"|De|Von|Van|Der|Le|La|Du|Al|El|Ben|Bin)\s)"
)
_INITIAL = r"(?:(?:[A-Z]\.\s?){1,2}\s?)"
FULL_NAME = rf"{NAME_WORD}(?:\s{_INITIAL}?{_PARTICLE}{{0,2}}{NAME_WORD}){{1,2}}"


_PLAIN = str.maketrans({"’": "'", "\xa0": " ", "\u202f": " "})


def plain(text: str) -> str:
    """A text with its apostrophes and blanks as the patterns of a codebook are written; no character moves."""
    return text.translate(_PLAIN)


def compiled(node: Node, expression: str) -> re.Pattern[str]:
    """A pattern of the codebook, case ignored; a bad one is noted at its line."""
    try:
        return re.compile(expression, re.IGNORECASE)
    except re.error as error:
        node.mistake(f"expected a regular expression, found {expression!r}: {error}")
        return NEVER


def pattern(node: Node) -> re.Pattern[str]:
    """A scalar of the codebook as a pattern."""
    return compiled(node, node.text())


def stems(node: Node) -> re.Pattern[str]:
    """Beginnings of words as one pattern; in them `$` is the end of a word."""
    return compiled(node, "(?:" + node.text().replace("$", r"(?!\w)") + ")")


def words(node: Node) -> frozenset[str]:
    """A list of the codebook as words in lower case with straight apostrophes."""
    return frozenset(w.replace("’", "'").lower() for w in node.texts())
