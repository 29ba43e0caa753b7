"""In which language an article is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from recoupe.clean.lines import WORD, Line
from recoupe.codebook.furniture import Furniture

ENOUGH = 20
"""Words from which py3langid is hardly ever wrong; of fewer, names make half, and it takes them for any language."""
HEAD = 2500
"""Characters of an article that are looked at; more of them change nothing."""


def language(lines: Sequence[Line], furniture: Furniture) -> str:
    """The code (ISO 639-1) of the language of an article's lines, or "und" where too little is said to tell."""
    return language_of("\n".join(line.plain for line in lines), furniture)


def language_of(text: str, furniture: Furniture) -> str:
    """The code of a text's language, or "und".

    py3langid tells it (Lui and Baldwin, 2012, "langid.py: an off-the-shelf language identification tool"); of a very
    short text, the commonest words of the furniture's languages do.
    """
    text = text[:HEAD]
    tokens = [t.casefold() for t in WORD.findall(text)]
    if len(tokens) < ENOUGH:
        return _by_words(tokens, furniture)
    return str(_identifier().classify(text)[0])


def _by_words(tokens: Sequence[str], furniture: Furniture) -> str:
    """The language that has a tenth of the words among its commonest, and half as many again as any other."""
    shares = sorted(((sum(t in words for t in tokens), code) for code, words in furniture.stopwords), reverse=True)
    if not shares or 10 * shares[0][0] < max(1, len(tokens)):
        return "und"
    return shares[0][1] if all(shares[0][0] >= 1.5 * other for other, _ in shares[1:]) else "und"


@lru_cache(maxsize=1)
def _identifier() -> Any:
    import py3langid  # not before it is used: it takes its time to load

    return py3langid
