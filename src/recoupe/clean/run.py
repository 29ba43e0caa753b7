"""The main run: the stretch of lines that is the article.

Each line is worth something: a paragraph its words, furniture and headlines less than nothing. The article is the
stretch whose worth is largest (the maximum subsequence of Pasternack and Roth, 2009, "Extracting article text from the
web with maximum subsequence segmentation", with values of our own for lines instead of learnt ones for tokens).
"""

from __future__ import annotations

from dataclasses import dataclass

from recoupe.clean.labels import Labels
from recoupe.clean.lines import Line

WORTH = {
    "menu": -3.0,
    "related-headline": -4.0,
    "teaser": -6.0,
    "comment-form": -8.0,
    "cookie": -8.0,
    "rating": -6.0,
    "author-box": -6.0,
    "disclaimer": -4.0,
    "footer": -6.0,
    "tags": -4.0,
    "weather": -3.0,
    "empty-link": -1.5,
    "donation": -4.0,
}
"""What a line that is furniture for a reason is worth; for other reasons (an advert amid the article) it is -0.5."""

MOST = 60
"""Words of one paragraph that count; otherwise one long paragraph would outweigh any distance."""

CLOSING = {"disclaimer": 0.15, "footer": 0.3}
"""Lines that mostly stand below an article end it where no more than this share of its words would follow."""

ENOUGH = 60
"""Words after which a header of readers' comments ends the article, whatever follows."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines `start` to `end` (half open), and the words of their paragraphs."""

    start: int
    end: int
    words: int


def worth(line: Line, reason: str | None) -> float:
    """What a line adds to a run."""
    if reason is not None:
        return WORTH.get(reason, -0.5)
    if line.shape == "prose":
        return min(line.words, MOST) * (1.0 if max(line.density, default=0) >= 0.12 else 0.5)
    if line.shape == "sentence":
        return 1.0
    if line.shape == "heading":
        return -1.0 if line.item and line.words >= 6 else -3.0
    if line.shape == "fragment":
        return -0.5
    return -0.7


def main_run(labels: Labels) -> Run | None:
    """The article's run, or None where no line is worth anything."""
    best, best_sum = (0, 0), 0.0
    start, total, words = 0, 0.0, 0
    for i, line in enumerate(labels.lines):
        if i in labels.ends and labels.reason[i] == "comment-form" and words >= ENOUGH:
            break
        if total <= 0:
            start, total, words = i, 0.0, 0
        value = worth(line, labels.reason[i])
        total += value
        words += line.words if value > 0 else 0
        if total > best_sum:
            best, best_sum = (start, i + 1), total
    if best_sum <= 0:
        return None
    end = _before_end(labels, *best)
    return Run(best[0], end, sum(prose_words(labels, i) for i in range(best[0], end)))


def prose_words(labels: Labels, i: int) -> int:
    """The words of line `i` where it is a paragraph or sentence of no known furniture, else 0."""
    return labels.lines[i].words if labels.reason[i] is None and labels.lines[i].shape in ("prose", "sentence") else 0


def _before_end(labels: Labels, start: int, end: int) -> int:
    """Where the run ends when the first line that closes an article, with most of the run above it, is heeded."""
    words = [prose_words(labels, i) for i in range(start, end)]
    whole = sum(words)
    above = 0
    for i in range(start, end):
        share = 0.5 if i in labels.ends else CLOSING.get(labels.reason[i] or "", -1.0)
        if above > 0 and whole - above <= share * above:
            end = i
            break
        above += words[i - start]
    while end > start and worth(labels.lines[end - 1], labels.reason[end - 1]) <= 0:
        end -= 1
    return end
