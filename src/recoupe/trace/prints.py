"""What is kept of a report to compare it with a million others: plain arrays, made for many reports at a time.

A report is the codes of its words; its shingles (runs of WIDTH words, after Broder 1997, "On the resemblance and
containment of documents") are derived from them. Its marks are some of the shingles, chosen by winnowing (Schleimer,
Wilkerson and Aiken 2003, "Winnowing: local algorithms for document fingerprinting"): of every WINDOW shingles in a row
the one with the least hash. So two reports that share a run of WIDTH + WINDOW - 1 words share a mark, wherever it
stands; a sample of the whole (MinHash) promises nothing of the sort for a part. All hashes are the same in every
process.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

WIDTH = 5  # words a shingle: runs of five are rarely shared by texts written apart, and survive light editing
WINDOW = 4  # shingles: two shingles in five become marks
LEAST = 16  # shingles (twenty words): a shorter text or paragraph is too little to tell
AT_ONCE = 1 << 17  # characters: the arrays of so many stay in a processor's cache
SHOWN = 16  # words of what two reports share, to show that they do
_WORD = re.compile(r"\w+")
_CASED = 0x20000  # no character from here on has a case
_LETTER = 0x9E3779B97F4A7C15
_STEP = 0xD6E8FEB86659FD93

Span = tuple[int, int]  # characters, half open
Flags = NDArray[np.bool_]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Text:
    """A report to compare: its text, its paragraphs and quotations in it, and what says how original it is.

    By `rank` the most original report comes first; of equals the longest.
    """

    doc: str
    rank: tuple[Hashable, ...]
    text: str
    paragraphs: tuple[Span, ...] = ()
    quoted: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Prints:
    """The prints of reports, one after the other; what belongs to the n-th lies from `…_from[n]` to `…_from[n + 1]`.

    `words` are their codes, `quoted` whether a word stands in a quotation, `paragraphs` the first word (counted in its
    report) and the one after the last, `marks` hashes whose lowest bit says that the shingle stands outside quotations.
    `wholes` is a hash of all that is kept of a report.
    """

    words: U32
    quoted: Flags
    words_from: Ints
    paragraphs: Ints
    paragraphs_from: Ints
    marks: U64
    marks_from: Ints
    wholes: U64

    def __len__(self) -> int:
        return len(self.wholes)


def join(prints: Sequence[Prints]) -> Prints:
    """Several lots of prints as one, in the order given."""
    if len(prints) == 1:
        return prints[0]

    def bounds(rows: Iterable[Ints]) -> Ints:
        return starts(np.concatenate([np.diff(row) for row in rows]))

    return Prints(
        np.concatenate([p.words for p in prints]),
        np.concatenate([p.quoted for p in prints]),
        bounds(p.words_from for p in prints),
        np.concatenate([p.paragraphs for p in prints]),
        bounds(p.paragraphs_from for p in prints),
        np.concatenate([p.marks for p in prints]),
        bounds(p.marks_from for p in prints),
        np.concatenate([p.wholes for p in prints]),
    )


def prints(texts: Iterable[Text]) -> Prints:
    """The prints of reports, in their order."""
    lots, lot, size = [], [], 0
    for text in texts:
        lot.append(text)
        size += len(text.text) + 1
        if size >= AT_ONCE:
            lots.append(_prints(lot))
            lot, size = [], 0
    return join([*lots, _prints(lot)] if lot or not lots else lots)


def _prints(texts: Sequence[Text]) -> Prints:
    begins, _, codes = _words("\n".join(text.text for text in texts))
    offsets = starts([len(text.text) + 1 for text in texts])
    words_from = np.searchsorted(begins, offsets)
    quoted = np.zeros(len(codes), bool)
    for first, after in _spans(texts, "quoted", offsets, begins):
        quoted[first:after] = True
    paragraphs_from = starts([len(text.paragraphs) for text in texts])
    paragraphs = _spans(texts, "paragraphs", offsets, begins)
    paragraphs -= np.repeat(words_from[:-1], np.diff(paragraphs_from))[:, None]
    marks, marks_from = _marks(codes, quoted, words_from)
    wholes = _wholes(codes, quoted, words_from, paragraphs, paragraphs_from)
    return Prints(codes, quoted, words_from, paragraphs, paragraphs_from, marks, marks_from, wholes)


def _wholes(words: U32, quoted: Flags, words_from: Ints, paragraphs: Ints, paragraphs_from: Ints) -> U64:
    """A hash of all that is kept of each report."""
    blocks = paragraphs.astype(np.uint64)
    spans = (blocks[:, 0] << np.uint64(32)) | blocks[:, 1]
    told = (words.astype(np.uint64) << np.uint64(1)) | quoted
    return mixed(_summed(told, words_from) ^ mixed(_summed(spans, paragraphs_from)))


def _summed(values: U64, bounds: Ints) -> U64:
    """For each row the sum of the hashes of its values, each taken with its place, and of their number."""
    places = ranges(np.ones(len(bounds) - 1, np.int64), np.diff(bounds)).astype(np.uint64)
    sums = np.zeros(len(values) + 1, np.uint64)
    np.cumsum(mixed(values + places * np.uint64(_STEP)), out=sums[1:])
    return mixed(sums[bounds[1:]] - sums[bounds[:-1]] + np.diff(bounds).astype(np.uint64))


def _spans(texts: Sequence[Text], name: str, offsets: Ints, begins: Ints) -> Ints:
    """The words that begin in each of the spans of texts: the first, and the one after the last."""
    counts = [len(getattr(text, name)) for text in texts]
    flat = [at for text in texts for span in getattr(text, name) for at in span]
    places = np.array(flat, np.int64).reshape(-1, 2) + np.repeat(offsets[:-1], counts)[:, None]
    return np.searchsorted(begins, places).astype(np.int64)


def word_spans(text: str, first: int, after: int) -> Span:
    """The characters from one word of a text up to another, both counted as the prints count them."""
    begins, ends, _ = _words(text)
    return int(begins[first]), int(ends[after - 1])


def spans_of(text: str, words: Ints) -> list[Span]:
    """The characters of some words of a text, counted as the prints count them."""
    begins, ends, _ = _words(text)
    return list(zip(begins[words].tolist(), ends[words].tolist(), strict=True))


def shown(text: str, start: int, end: int) -> str:
    """The first SHOWN words of those from one character of a text up to another, as it writes them."""
    words = list(islice(_WORD.finditer(text, start, end), SHOWN))
    return text[words[0].start() : words[-1].end()]


def _words(text: str) -> tuple[Ints, Ints, U32]:
    """Where the words of a text begin and end, and a code of each; upper and lower case are one.

    A code is a polynomial over the characters, taken for all words at once from the sums up to their ends.
    """
    characters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = _letters()[characters]
    inside = np.zeros(len(letters) + 2, bool)
    np.not_equal(letters, 0, out=inside[1:-1])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    begins, ends = edges[::2], edges[1::2]
    up, down = _powers(1 << max(16, len(letters).bit_length()))
    letters *= up[: len(letters)]
    sums = np.zeros(len(letters) + 1, np.uint64)
    np.cumsum(letters, out=sums[1:])
    codes = mixed((sums[ends] - sums[begins]) * down[begins])
    return begins, ends, (codes >> np.uint64(32)).astype(np.uint32)


@cache
def _letters() -> U64:
    """By code point: the character in lower case (the first, where it becomes several); 0 where it is in no word."""
    folded = np.arange(0x110000, dtype=np.uint64)
    folded[:_CASED] = [ord(chr(code).casefold()[0]) for code in range(_CASED)]
    letters = np.zeros_like(folded)
    for run in _WORD.finditer("".join(map(chr, range(0x110000)))):
        letters[run.start() : run.end()] = folded[run.start() : run.end()]
    return letters


@cache
def _powers(size: int) -> tuple[U64, U64]:
    """The powers of _LETTER modulo 2 ** 64 from 0 up, and those of its inverse."""
    both = []
    for base in (_LETTER, pow(_LETTER, -1, 1 << 64)):
        row = np.full(size, base, np.uint64)
        row[0] = 1
        both.append(np.multiply.accumulate(row))
    return both[0], both[1]


def mixed(hashes: U64) -> U64:
    """Hashes whose every bit depends on every bit (the finish of SplitMix, Steele et al. 2014)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


def shingles(words: U32) -> U64:
    """A hash of the WIDTH words from each on; those that reach into another report are for the caller to leave out."""
    size = max(0, len(words) - WIDTH + 1)
    total = np.zeros(size, np.uint64)
    for n in range(WIDTH):
        total *= np.uint64(_STEP)
        total += words[n : n + size]
    return mixed(total)


def own_shingles(words_from: Ints, spare: int = 0) -> Flags:
    """Which shingles of `shingles` lie within one report, with `spare` more shingles of it after them."""
    own = np.ones(max(0, int(words_from[-1]) - WIDTH + 1 - spare), bool)
    for back in range(1, WIDTH + spare):
        before = words_from[1:-1] - back
        before = before[before >= words_from[0]]
        own[before[before < len(own)]] = False
    return own


def told_shingles(quoted: Flags, words_from: Ints, own: Flags) -> Flags:
    """Which shingles stand outside quotations; of a report that tells too little by itself, all."""
    told = own.copy()
    for n in range(WIDTH):
        told &= ~quoted[n : n + len(own)]
    before = starts(told)
    ends = np.minimum(words_from, len(told))
    few = before[ends[1:]] - before[ends[:-1]] < LEAST
    told |= own & np.repeat(few, np.diff(words_from))[: len(own)]
    return told


def _marks(words: U32, quoted: Flags, words_from: Ints) -> tuple[U64, Ints]:
    """The marks of reports, and where those of each begin; a report of fewer than LEAST shingles has none."""
    runs = shingles(words)
    own = own_shingles(words_from)
    told = told_shingles(quoted, words_from, own)
    whole = own_shingles(words_from, WINDOW - 1)
    size = len(whole)
    least = runs[:size].copy()
    for n in range(1, WINDOW):
        np.minimum(least, runs[n : n + size], out=least)
    chosen = np.zeros(len(runs), bool)
    for n in range(WINDOW):
        chosen[n : n + size] |= (runs[n : n + size] == least) & whole
    sizes = np.diff(words_from)
    chosen &= np.repeat(sizes >= LEAST + WIDTH - 1, sizes)[: len(chosen)]
    places = np.flatnonzero(chosen)
    return runs[places] & ~np.uint64(1) | told[places], np.searchsorted(places, words_from)


def starts(sizes: Iterable[int] | NDArray[np.generic]) -> Ints:
    """Where each of some rows begins that lie one after the other, and where the last ends."""
    sizes = sizes if isinstance(sizes, np.ndarray) else np.fromiter(sizes, np.int64)
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)))


def ranges(firsts: Ints, sizes: Ints) -> Ints:
    """The numbers from each of `firsts` on, as many as its size says, one row after the other."""
    before = starts(sizes)
    return np.arange(before[-1]) + np.repeat(firsts - before[:-1], sizes)
