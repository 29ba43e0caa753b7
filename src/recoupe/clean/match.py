"""Where in a text the words of another stand: the article that trafilatura gives, found in what the page shows."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from recoupe.clean.html import UNSEEN_CHARACTERS as UNSEEN
from recoupe.model import Span

SURE = 24
"""Letters that hardly ever stand twice on a page in the same order; shorter runs are looked for nearby only."""
NEAR = 600
"""Letters after the last place found in which a short run is looked for: captions and lists may lie between."""


class Shown:
    """A text's characters without white space, each with its place; in them others' words are found whatever spaces
    and line ends they were given.
    """

    def __init__(self, text: str) -> None:
        places = array("I", (i for i, c in enumerate(text) if not c.isspace()))
        self.places = places
        self.letters = "".join(text[i] for i in places)
        self.found = bytearray(len(places))
        self.at = 0

    def find_all(self, paragraphs: Iterable[str]) -> None:
        """Looks for the paragraphs, which stand mostly in order; those cut or joined otherwise, part by part."""
        for paragraph in paragraphs:
            letters = "".join(c for c in paragraph if not c.isspace() and c not in UNSEEN)
            if letters and not self._find(letters):
                for part in _parts(letters):
                    self._find(part)

    def _find(self, letters: str) -> bool:
        """Marks where the letters stand: after the last place, else (where they are enough to be sure) anywhere."""
        sure = len(letters) >= SURE
        start = self.letters.find(letters, self.at, len(self.letters) if sure else self.at + NEAR + len(letters))
        if start < 0 and sure:
            start = self.letters.find(letters)
        if start < 0:
            return False
        end = start + len(letters)
        self.found[start:end] = b"\1" * len(letters)
        self.at = max(self.at, end)
        return True

    def share(self, span: Span) -> float:
        """Of the letters in a run of the text, the share that was found."""
        first, last = bisect_left(self.places, span.start), bisect_left(self.places, span.end)
        return self.found.count(1, first, last) / (last - first) if last > first else 0.0


def _parts(letters: str) -> Iterator[str]:
    """A paragraph's letters in parts just long enough to be sure of."""
    for start in range(0, len(letters), SURE):
        yield letters[start : start + SURE]
