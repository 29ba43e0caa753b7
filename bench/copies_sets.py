"""Sets of reports made from real ones, of which it is known who has whose text; and any number of made-up ones.

Nothing is stored: the texts are read from a folder of samples at run time, and a seed decides what is made of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np

from recoupe.clean import clean
from recoupe.codebook import Codebook
from recoupe.errors import PageError
from recoupe.load import find_pages
from recoupe.trace.prints import Text

PARAGRAPH = 20  # words: what is shorter is no paragraph that a reader would miss
LONG = 120  # words: a longer paragraph is cut at the ends of sentences
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True)
class Passage:
    """A paragraph, and the paragraph of a sample that it comes from (the sample, and its number there)."""

    text: str
    origin: tuple[str, int]

    @property
    def size(self) -> int:
        """How many words it has."""
        return len(self.text.split())


@dataclass(frozen=True, eq=False)
class Made:
    """A report of a set: what was done to make it, the day it appeared, its headline and its paragraphs."""

    doc: str
    how: str
    day: int
    title: str
    passages: tuple[Passage, ...]

    @property
    def cluster(self) -> str:
        """The sample that it has most of its words from."""
        words: Counter[str] = Counter()
        for passage in self.passages:
            words[passage.origin[0]] += passage.size
        return max(words, key=lambda sample: (words[sample], sample))

    @property
    def text(self) -> str:
        """Headline and paragraphs, an empty line after each."""
        return "\n\n".join((self.title, *(passage.text for passage in self.passages)))

    def as_text(self) -> Text:
        """The report as the tracer takes it."""
        spans, at = [], 0
        for part in (self.title, *(passage.text for passage in self.passages)):
            spans.append((at, at + len(part)))
            at += len(part) + 2
        return Text(self.doc, (self.day,), self.text, tuple(spans))


# Samples


def samples(folders: Sequence[Path], codebook: Codebook) -> list[Made]:
    """The articles of folders, cleaned, that have four paragraphs or more; of two that share a paragraph the first."""
    taken: set[str] = set()
    found = []
    for folder in folders:
        for page in find_pages([folder], lambda problem: None):
            try:
                report = clean(page, codebook.furniture)
            except PageError:
                continue
            blocks = [report.text[b.span.start : b.span.end] for b in report.blocks if b.role != "title"]
            parts = [part for block in blocks for part in _parts(block)]
            runs = {run for part in parts for run in _runs(part)}
            if len(parts) >= 4 and runs.isdisjoint(taken):
                passages = tuple(Passage(part, (page.doc, n)) for n, part in enumerate(parts))
                found.append(Made(page.doc, "untouched", 0, report.title or page.doc, passages))
            taken |= runs
    return found


def _parts(block: str) -> Iterator[str]:
    """A paragraph, or pieces of a long one."""
    held: list[str] = []
    for sentence in _SENTENCE.split(block) if len(block.split()) > LONG else [block]:
        held.append(sentence)
        if sum(len(s.split()) for s in held) >= LONG // 2:
            yield " ".join(held)
            held = []
    if held:
        yield " ".join(held)


def _runs(text: str) -> set[str]:
    words = text.casefold().split()
    return {" ".join(words[i : i + 8]) for i in range(len(words) - 7)}


# What is done to a report


def _third(made: Made, rng: Random) -> tuple[Passage, ...]:
    return made.passages[: max(2, len(made.passages) // 3)]


def _middle(made: Made, rng: Random) -> tuple[Passage, ...]:
    quarter = len(made.passages) // 4
    return made.passages[quarter : len(made.passages) - quarter]


def _dropped(made: Made, rng: Random) -> tuple[Passage, ...]:
    kept = [passage for passage in made.passages if rng.random() > 0.4]
    return tuple(kept) if len(kept) >= 2 else made.passages[:2]


def _edited(made: Made, rng: Random) -> tuple[Passage, ...]:
    rate = rng.uniform(0.02, 0.12)
    words = made.text.split()
    return tuple(replace(p, text=" ".join(_edit(p.text.split(), words, rate, rng))) for p in made.passages)


def _edit(old: list[str], words: list[str], rate: float, rng: Random) -> Iterator[str]:
    """Words replaced, inserted or left out at a rate; every second number changed."""
    for word in old:
        chance = rng.random()
        if _NUMBER.search(word) and rng.random() < 0.5:
            yield _NUMBER.sub(lambda _: str(rng.randrange(10)), word)
        elif chance < rate / 2:
            yield rng.choice(words)
        elif chance < rate * 3 / 4:
            yield from (word, rng.choice(words))
        elif chance > rate:
            yield word


def _reordered(made: Made, rng: Random) -> tuple[Passage, ...]:
    return tuple(rng.sample(made.passages, len(made.passages)))


def _same(made: Made, rng: Random) -> tuple[Passage, ...]:
    return made.passages


Work = Callable[[Made, Random], tuple[Passage, ...]]
WORKS: dict[str, tuple[Work, ...]] = {
    "reprint": (_same,),
    "first third": (_third,),
    "middle": (_middle,),
    "dropped": (_dropped,),
    "edited": (_edited,),
    "reordered": (_reordered,),
    "edited, cut": (_edited, _dropped),
    "edited, reordered": (_edited, _reordered),
}


def made_set(sources: Sequence[Made], seed: int, most: int = 12) -> list[Made]:
    """A set: every sample as it is, up to `most` reports derived from it or from those (of one sample in four none),
    and mergers of two samples. The same seed makes the same set.
    """
    rng = Random(seed)
    untouched = [replace(source, doc=f"{n:03}-00", day=rng.randrange(300)) for n, source in enumerate(sources)]
    reports = list(untouched)
    for n, source in enumerate(untouched):
        family = [source]
        for k in range(1, 1 + (0 if rng.random() < 0.25 else rng.randint(3, most))):
            parent = source if rng.random() < 0.7 else rng.choice(family)
            other = rng.choice(untouched)
            day = parent.day + rng.randrange(4)
            if rng.random() < 0.25 and other is not source:
                how, passages, day = (
                    "merged",
                    _merged(source, other, rng),
                    max(source.day, other.day) + rng.randrange(4),
                )
            else:
                how = rng.choice(list(WORKS))
                passages = parent.passages
                for work in WORKS[how]:
                    passages = work(replace(parent, passages=passages), rng)
            title = parent.title if rng.random() < 0.3 else " ".join(rng.choices(parent.text.split(), k=8))
            family.append(Made(f"{n:03}-{k:02}", how, day, title, passages))
        reports += family[1:]
    rng.shuffle(reports)
    return reports


def _merged(source: Made, other: Made, rng: Random) -> tuple[Passage, ...]:
    """Two to eight paragraphs in a row of another sample, and at least a quarter more words of the first."""
    taken = _row(other, rng.randint(2, 8), rng)
    while True:
        for count in range(2, len(source.passages) + 1):
            own = _row(source, count, rng)
            if sum(p.size for p in own) >= 1.25 * sum(p.size for p in taken):
                return (*own, *taken) if rng.random() < 0.5 else (*taken, *own)
        if len(taken) <= 2:
            return source.passages
        taken = taken[:-1]


def _row(made: Made, count: int, rng: Random) -> tuple[Passage, ...]:
    first = rng.randrange(max(1, len(made.passages) - count + 1))
    return made.passages[first : first + count]


def true_pairs(reports: Sequence[Made]) -> set[tuple[str, str]]:
    """The pairs of reports, by doc, that have two paragraphs in common or more, or most of the shorter text."""
    pairs = set()
    for a, b in combinations(sorted(reports, key=lambda r: r.doc), 2):
        common = {p.origin for p in a.passages} & {p.origin for p in b.passages}
        sizes = [[(p.origin, p.size) for p in report.passages] for report in (a, b)]
        long = {origin for origin, size in sizes[0] if size >= PARAGRAPH} & {o for o, s in sizes[1] if s >= PARAGRAPH}
        short = min(sizes, key=lambda rows: sum(size for _, size in rows))
        held = sum(size for origin, size in short if origin in common)
        if len(common & long) >= 2 or held > sum(size for _, size in short) / 2:
            pairs.add((a.doc, b.doc))
    return pairs


# Made-up reports


def synthetic(count: int, seed: int = 1, words: int = 300, vocabulary: int = 200_000) -> Iterator[list[Text]]:
    """Made-up reports, a thousand at a time: words as rare as Zipf's law has them, in paragraphs of about fifty; one in
    five is a copy of another, whole, edited, cut, or has two paragraphs of it.
    """
    rng = np.random.default_rng(seed)
    spelt = _vocabulary(vocabulary, rng)
    chances = np.cumsum(1 / np.arange(1, vocabulary + 1))
    chances /= chances[-1]
    for begin in range(0, count, 1000):
        yield [
            _synthetic(f"{begin + n:07}", begin // 1000, codes, spelt)
            for n, codes in enumerate(_thousand(min(1000, count - begin), words, chances, rng))
        ]


def _vocabulary(size: int, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    letters = np.array(list("eaitnsrolducmpgbvfhqyxjkwz"))
    lengths = rng.integers(2, 12, size)
    drawn = letters[np.minimum(rng.geometric(0.12, (size, 12)) - 1, 25)]
    return np.array(["".join(row[:length]) for row, length in zip(drawn, lengths, strict=True)])


def _thousand(count: int, words: int, chances: np.ndarray, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """The words of reports, as numbers."""
    drawn = np.searchsorted(chances, rng.random((count, words)))
    for n, row in enumerate(drawn):
        kind = rng.integers(20) if n else 19
        source = drawn[rng.integers(n)] if n else row
        if kind == 0:
            yield source
        elif kind == 1:
            touched = rng.random(words) < 0.06
            yield np.where(touched, row, source)
        elif kind == 2:
            yield source[: words // 2]
        elif kind == 3:
            yield np.concatenate((row[:200], source[200:]))
        else:
            yield row


def _synthetic(doc: str, day: int, codes: np.ndarray, spelt: np.ndarray) -> Text:
    return _text(doc, day, spelt[codes].tolist())


def _text(doc: str, day: int, words: Sequence[str]) -> Text:
    parts = [" ".join(words[i : i + 50]) for i in range(0, len(words), 50)]
    spans, at = [], 0
    for part in parts:
        spans.append((at, at + len(part)))
        at += len(part) + 1
    return Text(doc, (day,), "\n".join(parts), tuple(spans))


Words = Sequence[str]


def _anew(own: Words, story: Words, rng: Random) -> Words:
    return [rng.choice(own) if rng.random() < 0.05 else word for word in story]


CROWDS: dict[str, Callable[[Words, Words, Random], Words]] = {
    "one story, word for word": lambda own, story, rng: story,
    "one story, each edited anew": _anew,
    "a header and footer": lambda own, story, rng: [*story[:60], *own, *story[-60:]],
    "two background paragraphs": lambda own, story, rng: [*own[:150], *story[50:100], *own[150:], *story[150:200]],
}


def crowd(kind: str, count: int, seed: int = 1) -> list[Text]:
    """Made-up reports that all share the text of one story in the way that `kind` says; three appear a day."""
    rng = Random(seed)
    texts = [text for lot in synthetic(count + 1, seed) for text in lot]
    story, *others = (text.text.split() for text in texts)
    made = [_text(f"{k:07}", k // 3, CROWDS[kind](own, story, rng)) for k, own in enumerate(others)]
    rng.shuffle(made)
    return made
