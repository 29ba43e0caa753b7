"""Which pages are translations of others, where pages were added or read anew: only what these touch is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zlib import crc32

from recoupe.ledger import Find
from recoupe.model import Origin, Reading
from recoupe.settle.hood import Hood, Space
from recoupe.trace.translations import (
    CROWD,
    SHARED,
    Text,
    keys_of,
    originals,
    signs_of,
    translation,
    translations,
    worth_a_look,
)


@dataclass
class Translations:
    """The translations of pages whose copies were judged again (`pages`, with those `copies`), and of all that these
    touch. After `settle`, `judged` are the pages whose translations were, and `origins` what was found of them.
    """

    hood: Hood
    pages: set[int]
    copies: Iterable[Origin]
    changed: set[int]
    old: Mapping[int, Reading]
    judged: set[int] = field(default_factory=set)
    origins: list[Origin] = field(default_factory=list)

    def settle(self) -> None:
        """Notes what the pages are found by, and judges whom they touch."""
        self._texts: dict[int, Text] = {}
        moved, touched = self._noted()
        self._close(self.hood.joined(moved | touched, ["translation"]))

    def _noted(self) -> tuple[set[int], set[int]]:
        """Writes the notes anew: of copies only the original has any. Gives the pages whose notes changed, and others
        that share a key with other pages than before.
        """
        texts = {page: self._text(page) for page in self.pages}
        within = [
            o for o in self.copies if self.hood.page(o.doc) in self.pages and self.hood.page(o.source) in self.pages
        ]
        best = {self.hood.page(text.doc) for text in originals(texts.values(), within)}
        gone: list[Find] = []
        come: list[Find] = []
        moved = best & self.changed
        for page in sorted(self.pages):
            had = self._keys_before(page)
            has = _rows(self.hood, page, texts[page]) if page in best else []
            if had != has:
                moved.add(page)
                gone += had
                come += has
        return moved, self._moved(gone, come)

    def _keys_before(self, page: int) -> list[Find]:
        """The notes that a page has."""
        if page in self.changed and page not in self.old:
            return []
        reading = self.old.get(page)
        text = self._text(page) if reading is None else signs_of(reading, self.hood.rank(reading), self.hood.codebook)
        rows = _rows(self.hood, page, text)
        return rows if self._has(rows) else []

    def _has(self, rows: list[Find]) -> bool:
        """Are these notes there?"""
        return bool(rows) and rows[0] in self.hood.finds.like(Space.SIGN, rows[0].key, rows[0].first)

    def _moved(self, gone: list[Find], come: list[Find]) -> set[int]:
        finds = self.hood.finds
        was = {find.key: len(finds.of(Space.SIGN, find.key, CROWD + 1)) for find in (*gone, *come)}
        finds.drop(Space.SIGN, gone)
        finds.put(Space.SIGN, come)
        turned = [k for k, n in was.items() if (n > CROWD) != (len(finds.of(Space.SIGN, k, CROWD + 1)) > CROWD)]
        return {find.page for key in turned for find in finds.of(Space.SIGN, key)}

    def _text(self, page: int) -> Text:
        if page not in self._texts:
            reading = self.hood.readings([page])[page]
            self._texts[page] = signs_of(reading, self.hood.rank(reading), self.hood.codebook)
        return self._texts[page]

    def _close(self, start: Iterable[int]) -> None:
        """Goes from pages to all that are their translations, near and far, and tells of them all together."""
        pairs: set[tuple[int, int]] = set()
        new = set(start)
        while new:
            page = new.pop()
            self.judged.add(page)
            for other in self._candidates(page):
                pair = (min(page, other), max(page, other))
                if pair not in pairs:
                    pairs.add(pair)
                    if self._translates(page, other):
                        new.add(other)
            new -= self.judged
        pages = {end for pair in pairs for end in pair}
        docs = {page: self._text(page).doc for page in pages}
        said = self.hood.said(self.hood.readings(pages).values())
        found = translations(
            [self._text(page) for page in sorted(pages)], said, (), self.hood.codebook,
            [(docs[a], docs[b]) for a, b in sorted(pairs)],
        )  # fmt: skip
        self.origins = [o for o in found if {self.hood.page(o.doc), self.hood.page(o.source)} & self.judged]

    def _translates(self, page: int, other: int) -> bool:
        said = self.hood.said(self.hood.readings([page, other]).values())
        return translation(self._text(page), self._text(other), said, self.hood.codebook) is not None

    def _candidates(self, page: int) -> set[int]:
        """The pages in other languages that share enough keys with a page to be compared."""
        own = _rows(self.hood, page, self._text(page))
        if not self._has(own):
            return set()  # a copy: its original stands for it
        shared: Counter[int] = Counter()
        for find in own:
            rows = self.hood.finds.of(Space.SIGN, find.key, CROWD + 1)
            if len(rows) <= CROWD:
                shared.update(row.page for row in rows if row.item != find.item)
        keys = [find.key for find in own]
        found: set[int] = set()
        for other, n in shared.items():
            if n >= SHARED // 2 and worth_a_look(keys, keys_of(self._text(other).sentences, self.hood.codebook), n):
                found.add(other)
        return found


def note_signs(hood: Hood, readings: Mapping[int, Reading], copies: Iterable[Origin]) -> None:
    """Notes what all pages are found by, where nothing is noted yet."""
    texts = [signs_of(reading, hood.rank(reading), hood.codebook) for reading in readings.values()]
    best = originals(texts, copies)
    hood.finds.put(Space.SIGN, (row for text in best for row in _rows(hood, hood.page(text.doc), text)))


def _rows(hood: Hood, page: int, text: Text) -> list[Find]:
    return [Find(key, page, 0, page, _language(text.lang)) for key in keys_of(text.sentences, hood.codebook)]


def _language(lang: str) -> int:
    """A number for a language."""
    return crc32(lang.encode())
