"""The words by which a report says that it is a translation: `translated.yaml` of each language of a codebook."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recoupe.codebook.files import Files

_NOTHING = re.compile(r"(?!)")


def load_translated(files: Files, langs: Sequence[str]) -> re.Pattern[str]:
    """A pattern for the phrases of all languages together, for a page's notices need not be in its own; a straight
    apostrophe stands for any. Reads `<language>/translated.yaml`; mistakes are noted in `files`.
    """
    phrases: set[str] = set()
    for lang in langs:
        for phrase in files.yaml(f"{lang}/translated.yaml").fields("phrases", need=("phrases",))["phrases"].list():
            if not (text := phrase.text().strip()):
                phrase.mistake("expected words, found nothing")
            elif text in phrases:
                phrase.mistake(f"{text!r} stands here twice")
            else:
                phrases.add(text)
    if not phrases:
        return _NOTHING
    longest = sorted(phrases, key=lambda p: (-len(p), p))
    words = "|".join(re.escape(p).replace(r"\ ", r"\s+").replace("'", "['’ʼ]") for p in longest)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
