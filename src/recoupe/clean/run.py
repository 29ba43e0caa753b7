"""The main run: the stretch of lines that is the article.

A run is worth what its lines are worth, and what its beginning and its end are; each of these is the sum of what the
signs there are worth (`signs`). The article is the run that is worth most: the maximum subsequence of Pasternack and
Roth (2009, "Extracting article text from the web with maximum subsequence segmentation"), with lines instead of tokens.
The worths in `run.tsv` are learned from pages whose article is known by `bench/learn_run.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from recoupe.clean.labels import Labels
from recoupe.clean.signs import ENOUGH, Signs

STAMP = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}(?!\d)[^\W\d_]{0,2}(?:\s[^\W\d_]{1,4})?$")
"""A time of day, alone on its line."""
LIVE = 3
"""Entries that make a live page."""
NEAR_STAMP = 8
"""Lines from an entry's time within which its text begins."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines `start` to `end` (half open), and the words of their paragraphs."""

    start: int
    end: int
    words: int


@dataclass(frozen=True, slots=True)
class Worths:
    """What each sign is worth for a line of the article, for its beginning and for its end."""

    line: Mapping[str, float]
    start: Mapping[str, float]
    end: Mapping[str, float]


@cache
def worths() -> Worths:
    """The worths that were learned. Each line of the file has `line`, `start` or `end`, a sign and its worth."""
    tables: dict[str, dict[str, float]] = {"line": {}, "start": {}, "end": {}}
    for row in (files("recoupe.clean") / "run.tsv").read_text("utf-8").splitlines():
        if row and not row.startswith("#"):
            part, sign, worth = row.split("\t")
            tables[part][sign] = float(worth)
    return Worths(**tables)


def worth(signs: Iterable[str], of: Mapping[str, float]) -> float:
    """What signs are worth together; one that was never learned is worth nothing."""
    return sum(of.get(sign, 0.0) for sign in signs)


def main_run(labels: Labels) -> Run | None:
    """The article's run, or None where the page has no lines; the first of two that are worth the same."""
    if not labels.lines:
        return None
    signs, of = Signs(labels), worths()
    starts = [worth(signs.start(i), of.start) for i in range(signs.size)]
    best, run = float("-inf"), (0, 0)
    sums = [0.0]
    start = 0
    for i in range(signs.size):
        if i in signs.stops:
            if i in labels.ends and labels.reason[i] == "comment-form" and signs.within(signs.words, *run) >= ENOUGH:
                break
            start = _restart(signs, starts, sums, start, i)
        if starts[i] - sums[i] > starts[start] - sums[start]:
            start = i
        value = worth(signs.line(i), of.line)
        # A line that is known to be furniture is no reason to take a run, whatever stands around it.
        sums.append(sums[i] + (value if labels.reason[i] is None else min(value, 0.0)))
        value = starts[start] - sums[start] + sums[i + 1] + worth(signs.end(i + 1), of.end)
        if value > best:
            best, run = value, (start, i + 1)
    run = _entries(signs, *run)
    return Run(*run, words=sum(prose_words(labels, i) for i in range(*run)))


def _entries(signs: Signs, start: int, end: int) -> tuple[int, int]:
    """The run with all entries of a live page, where it is a part of one: each stands below a time of day."""
    labels = signs.labels
    stamps = [i for i, line in enumerate(labels.lines) if STAMP.match(line.plain)]
    ends = [*stamps[1:], end]
    text = [i for i, e in zip(stamps, ends, strict=False) if signs.within(signs.words, i, e) > 0]
    if len(text) < LIVE or not text[0] < end or not start <= text[-1] + NEAR_STAMP:
        return start, end
    if any(text[0] < i < text[-1] and i in labels.ends for i in signs.stops):
        return start, end
    below = (i + 1 for i in range(text[-1], min(text[-1] + NEAR_STAMP, signs.size)) if prose_words(labels, i))
    return min(start, text[0] + 1), max(end, next(below, end))


def _restart(signs: Signs, starts: Sequence[float], sums: Sequence[float], start: int, stop: int) -> int:
    """The best beginning of a run that may go on past line `stop`, where none does that has ENOUGH words above it."""
    while signs.within(signs.words, start, stop) >= ENOUGH:
        start += 1
    return max(range(start, stop + 1), key=lambda i: starts[i] - sums[i])


def prose_words(labels: Labels, i: int) -> int:
    """The words of line `i` where it is a paragraph or sentence of no known furniture, else 0."""
    return labels.lines[i].words if labels.reason[i] is None and labels.lines[i].shape in ("prose", "sentence") else 0
