"""The words by which a report says that it is a translation: `translated.yaml` of each language of a codebook."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recoupe.codebook.credits import expression
from recoupe.codebook.files import Files, Node

_NOTHING = re.compile(r"(?!)")
_BEGINS = r"(?:^|[\n.!?:;|()\[\]•·–—])[\W_]{0,8}"  # where a line, a sentence or a bracket begins


def load_translated(files: Files, langs: Sequence[str]) -> re.Pattern[str]:
    """A pattern for the phrases of all languages together, for a page's notices need not be in its own; a straight
    apostrophe stands for any. A phrase begins a line, a sentence or a bracket, or stands there after words that speak
    of the text (`openings`): amid a sentence it is prose. Reads `<language>/translated.yaml`; mistakes are noted in
    `files`.
    """
    phrases: set[str] = set()
    openings: set[str] = set()
    for lang in langs:
        keys = files.yaml(f"{lang}/translated.yaml").fields("phrases", "openings", need=("phrases",))
        phrases |= _words(keys["phrases"])
        openings |= _words(keys["openings"])
    if not phrases:
        return _NOTHING
    words = "|".join(re.escape(p).replace(r"\ ", r"\s+") for p in _longest(phrases))
    before = "|".join(map(expression, _longest(openings))) or r"(?!)"
    whole = rf"{_BEGINS}(?:(?:{before})\s*(?<!\w))?(?:{words})(?!\w)"
    return re.compile(whole.replace("'", "['’ʼ]"), re.IGNORECASE)


def _words(node: Node) -> set[str]:
    """The words of a list, none of them empty and none twice."""
    words: set[str] = set()
    for member in node.list():
        if not (text := member.text().strip()):
            member.mistake("expected words, found nothing")
        elif text in words:
            member.mistake(f"{text!r} stands here twice")
        else:
            words.add(text)
    return words


def _longest(words: set[str]) -> list[str]:
    return sorted(words, key=lambda p: (-len(p), p))
