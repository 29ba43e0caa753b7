"""Words as full text search sees them, the same in every database: in lower case, without accents, a blank between."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST = 500_000  # bytes of a text that can be found by; PostgreSQL takes a megabyte with the places of the words
_LONGEST = 60  # letters of a word; what is longer is cut
_BEGINS = 4  # letters from which on a word that is asked for stands for all that begin with it
_ELIDED = 2  # letters before an apostrophe that are no part of the word (l', d', qu', O')

_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WRITTEN = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')
_APOSTROPHE = re.compile(r"['’ʼ`]")
# Letters that Unicode takes for letters of their own, and people for two, or for one with a stroke.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}
)


def folded(text: str) -> str:
    """The words of a text, as they are searched for.

    >>> folded("L'Élysée a livré des F-16 à Łódź : « œuvre »")
    'l elysee a livre des f 16 a lodz oeuvre'
    """
    words = " ".join(word[:_LONGEST] for word in _WORD.findall(_plain(text)))
    if len(words) <= MOST // 4 or len(words.encode()) <= MOST:
        return words
    return words.encode()[:MOST].decode(errors="ignore").rpartition(" ")[0]


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    rare = _marks()
    if any(ord(c) in rare for c in set(apart)):
        apart = apart.translate(rare)
    return apart.casefold().translate(_LETTERS)


@lru_cache(maxsize=1)
def _marks() -> dict[int, None]:
    """What stands on letters, and what is written without being seen."""
    every = map(chr, range(sys.maxunicode + 1))
    return {ord(c): None for c in every if unicodedata.combining(c) or unicodedata.category(c) == "Cf"}


@dataclass(frozen=True, slots=True)
class Term:
    """What a text must have to be found: these words one after another; `begins`: the last may go on."""

    words: tuple[str, ...]
    begins: bool = False


def terms(asked: str) -> tuple[Term, ...]:
    """What somebody searches for: each word, all that begin with it where it has four letters or more or a star behind
    it; what stands in quotation marks, or is joined by hyphens, as it is.

    >>> terms('l’Ukraine "vers Kiev" F-16 us')
    (Term(words=('ukraine',), begins=True), Term(words=('vers', 'kiev'), begins=False), \
Term(words=('f', '16'), begins=False), Term(words=('us',), begins=False))
    """
    return tuple(dict.fromkeys(_terms(asked.replace("«", '"').replace("»", '"').replace("“", '"').replace("”", '"'))))


def _terms(asked: str) -> Iterator[Term]:
    for quoted, plain in _PART.findall(asked):
        whole = folded(quoted if not plain else _unelided(plain))
        if not whole:
            continue
        words = tuple(whole.split(" "))
        wide = len(words) == 1 and words[0].isalpha() and len(words[0]) >= _BEGINS
        yield Term(words, bool(plain) and (wide or plain.endswith("*")))


def _unelided(word: str) -> str:
    before, *after = _APOSTROPHE.split(word, maxsplit=1)
    return after[0] if after and after[0] and len(before) <= _ELIDED else word


def found_in(text: str, wanted: tuple[Term, ...]) -> list[tuple[int, int]]:
    """Where a text has what was searched for: half-open runs of its characters, in order, none of which overlap."""
    places = [(folded(m[0]), m.start(), m.end()) for m in _WRITTEN.finditer(text)]
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(places):
        fitting = (t for t in wanted if _stands(t, [word for word, _, _ in places[at : at + len(t.words)]]))
        size = max((len(term.words) for term in fitting), default=0)
        if size:
            runs.append((places[at][1], places[at + size - 1][2]))
        at += size or 1
    return runs


def _stands(term: Term, words: list[str]) -> bool:
    if len(words) < len(term.words) or tuple(words[:-1]) != term.words[:-1]:
        return False
    return words[-1].startswith(term.words[-1]) if term.begins else words[-1] == term.words[-1]
