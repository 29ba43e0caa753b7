"""Learns what the signs of lines are worth (`src/recoupe/clean/run.tsv`) from pages whose article is known.

    python bench/learn_run.py ../shared/data src/recoupe/clean/run.tsv [--all]

The folder holds `maintext/scrapinghub` (articles written down by people), `maintext/trafilatura-fr-en` and `html-fr`
(their article is what trafilatura takes from the HTML), and the pages that `bench/runs.tsv` names. Of the first two,
half the pages are left for testing unless `--all` is given. Each page is learned from as text that programs make of it
in four ways, and as its article alone. Needs trafilatura, resiliparse, lxml and numpy.

A run is chosen with a probability that grows with the sum of its signs' worths (a conditional random field whose one
segment is the article); the worths are those under which the known runs are likeliest, held small by L2.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
import numpy as np
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from recoupe.clean.front import front_of
from recoupe.clean.labels import Labels
from recoupe.clean.lines import Line, lines_of
from recoupe.clean.signs import Signs
from recoupe.codebook import default_codebook

BENCH = Path(__file__).parent
FURNITURE = default_codebook().furniture
TOKEN = re.compile(r"\w+")
PARTS = ("line", "start", "end")
WEIGHT = {"text": 1.0, "flat": 0.25, "gaps": 0.25, "nodes": 0.4, "alone": 0.4}
"""How much a page counts by the way in which its text was made; text as resiliparse lays it out is the commonest."""
L2, COST, ROUNDS, LEAST_PAGES, LEAST_WORTH = 15.0, 1.0, 50, 10, 0.04
"""Set by how well one half of the pages tells the articles of the other; the score hardly changes near them."""
HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "head"})


@dataclass
class Known:
    """A page: its signs, the words of each line and the share of them that is the article's, and the article's run."""

    signs: dict[str, list[list[str]]]
    share: Any
    words: Any
    run: tuple[int, int]
    weight: float


def known(text: str, article: str, weight: float) -> Known | None:
    """A page whose article is known by its text."""
    labels = Labels(lines_of(text, front_of(text).end, FURNITURE), FURNITURE)
    tokens = TOKEN.findall(article)
    grams = set(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))
    whole = {" ".join(TOKEN.findall(line)) for line in article.split("\n")}
    said = [TOKEN.findall(told(text, line)) for line in labels.lines]
    share = [share_of(t, grams, whole, f" {' '.join(tokens)} ") for t in said]
    return from_shares(labels, share, [len(t) for t in said], weight)


def told(text: str, line: Line) -> str:
    return " ".join(text[s.start : s.end] for s in line.spans)


def share_of(tokens: list[str], grams: set[tuple[str, ...]], whole: set[str], article: str) -> float:
    """The share of a line that is the article's; a line of a few words may be so by chance."""
    if len(tokens) >= 4:
        found = [tuple(tokens[i : i + 4]) in grams for i in range(len(tokens) - 3)]
        return sum(found) / len(found)
    said = " ".join(tokens)
    return 0.5 if not tokens else 1.0 if said in whole else 0.5 if f" {said} " in article else 0.0


def from_shares(labels: Labels, share: Sequence[float], words: Sequence[int], weight: float) -> Known | None:
    """The run that holds the most of the article's words and the fewest others, with the signs of all lines."""
    best, run, start, total = 0.0, (0, 0), 0, 0.0
    for i, (s, n) in enumerate(zip(share, words, strict=True)):
        if total <= 0:
            start, total = i, 0.0
        total += n * (2 * s - 1) if n >= 4 else 0.2 * n if s == 1 else 0.0 if s else -n
        if total > best:
            best, run = total, (start, i + 1)
    return learned_from(labels, np.array(share), np.array(words, float), run, weight) if best else None


def learned_from(labels: Labels, share: Any, words: Any, run: tuple[int, int], weight: float) -> Known:
    signs = Signs(labels)
    of = {
        "line": [list(signs.line(i)) for i in range(signs.size)],
        "start": [list(signs.start(i)) for i in range(signs.size)],
        "end": [list(signs.end(i + 1)) for i in range(signs.size)],
    }
    return Known(of, share, words, run, weight)


def laid_out(html: str) -> Iterator[tuple[str, str]]:
    """A page's text as different programs make it: with gaps and bullets, without, and each bit on its own line."""
    text = extract_plain_text(html, main_content=False)
    bare = re.sub(r"(?m)^\s*[•*]\s+", "", text)
    yield "text", text
    yield "flat", re.sub(r"\n\s*\n+", "\n", bare)
    yield "gaps", re.sub(r"\n+", "\n\n", bare)
    tree = lxml.html.document_fromstring(html.encode())
    body = tree.find("body")
    bits = [tree.findtext(".//title") or "", *bits_of(tree if body is None else body)]
    yield "nodes", "\n".join(" ".join(b.split()) for b in bits if b.strip())


def bits_of(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in HIDDEN:
        return
    yield element.text or ""
    for child in element:
        yield from bits_of(child)
        yield child.tail or ""


def pages_of(html: str, article: str, weight: float) -> Iterator[Known]:
    """A page in all its layouts, and its article alone below the page's title."""
    for kind, text in laid_out(html):
        if page := known(text, article, weight * WEIGHT[kind]):
            yield page
    first = extract_plain_text(html, main_content=False).strip().split("\n")[0]
    paragraphs = [line for line in article.split("\n") if line.strip()]
    if page := known("\n\n".join([first, *paragraphs]), article, weight * WEIGHT["alone"]):
        yield page


def data(folder: Path, everything: bool) -> Iterator[Known]:
    """All that is learned from."""
    own = folder / "maintext/scrapinghub"
    for key, page in json.loads((own / "ground-truth.json").read_text()).items():
        if everything or key[0] in "02468ace":
            yield from pages_of(read(own / "html" / f"{key}.html.gz"), page["articleBody"], 1.0)
    other = folder / "maintext/trafilatura-fr-en"
    files = [v["file"] for v in json.loads((other / "evaldata.json").read_text()).values()]
    files = [f for f in files if (other / "html" / f"{f}.gz").exists()]
    htmls = [read(other / "html" / f"{f}.gz") for i, f in enumerate(files) if everything or i % 2 == 0]
    rows = gzip.decompress((folder / "html-fr/pages.jsonl.gz").read_bytes()).decode().splitlines()
    for html in [*htmls, *(json.loads(row)["html"] for row in rows)]:
        article = trafilatura.extract(html, include_comments=False) or ""
        if len(article) > 300:
            yield from pages_of(html, article, 0.5)
    yield from pages_of_our_own(folder)


def read(path: Path) -> str:
    raw = gzip.decompress(path.read_bytes())
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def pages_of_our_own(folder: Path) -> Iterator[Known]:
    for row in (BENCH / "runs.tsv").read_text().splitlines()[1:]:
        name, start, end = row.split("\t")
        path = (BENCH.parent if name.startswith("examples/") else folder) / name
        text = path.read_text("utf-8", errors="replace") if path.exists() else ""
        labels = Labels(lines_of(text, front_of(text).end, FURNITURE), FURNITURE)
        inside = [int(start) <= line.spans[0].start < int(end) for line in labels.lines]
        if any(inside):
            words = np.array([max(1, line.words) for line in labels.lines], float)
            first, last = inside.index(True), len(inside) - inside[::-1].index(True)
            yield learned_from(labels, np.array(inside, float), words, (first, last), 0.7)


class Learner:
    """Adam over the mean negative log-likelihood, with a cost for the words that a run has too many or too few; the
    worths are the mean of those of the later rounds."""

    def __init__(self, pages: Sequence[Known]) -> None:
        self.pages = pages
        seen = Counter(s for p in pages for s in {(part, s) for part in PARTS for of in p.signs[part] for s in of})
        self.at = {sign: i for i, sign in enumerate(sorted(s for s, n in seen.items() if n >= LEAST_PAGES))}
        self.rows = [{part: self._rows(part, p.signs[part]) for part in PARTS} for p in pages]
        self.worths = np.zeros(len(self.at))

    def _rows(self, part: str, signs: list[list[str]]) -> tuple[Any, Any]:
        found = [(i, self.at[part, s]) for i, of in enumerate(signs) for s in of if (part, s) in self.at]
        return np.array([i for i, _ in found], int), np.array([j for _, j in found], int)

    def gradient(self, k: int) -> Any:
        """How the worths should change less for page `k`: the signs of likely runs less those of the known one."""
        page, rows = self.pages[k], self.rows[k]
        size = len(page.words)
        line, start, end = (np.bincount(i, self.worths[j], size) for i, j in (rows[part] for part in PARTS))
        article = max(1.0, float(page.words @ page.share))
        line = line + COST * np.clip(page.words * (1 - 2 * page.share) / article, -2, 2)
        sums = np.concatenate([[0.0], np.cumsum(line)])
        begun = np.logaddexp.accumulate(start - sums[:-1])
        ended = np.logaddexp.accumulate((end + sums[1:])[::-1])[::-1]
        whole = np.logaddexp.reduce(begun + end + sums[1:])
        p_start, p_end = np.exp(start - sums[:-1] + ended - whole), np.exp(end + sums[1:] + begun - whole)
        p_line = np.cumsum(p_start) - np.concatenate([[0.0], np.cumsum(p_end)[:-1]])
        first, last = page.run
        p_line[first:last] -= 1
        p_start[first] -= 1
        p_end[last - 1] -= 1
        found = zip(PARTS, (p_line, p_start, p_end), strict=True)
        return page.weight * sum(np.bincount(rows[part][1], p[rows[part][0]], len(self.at)) for part, p in found)

    def learn(self) -> None:
        order = list(range(len(self.pages)))
        shuffle = random.Random(0)
        whole = sum(p.weight for p in self.pages)
        speed, power, step = np.zeros(len(self.at)), np.zeros(len(self.at)), 0
        later = []
        for turn in range(ROUNDS):
            shuffle.shuffle(order)
            rate = 0.05 * (1 - turn / ROUNDS) + 0.002
            for at in range(0, len(order), 32):
                batch = order[at : at + 32]
                slope = sum(self.gradient(k) for k in batch) / sum(self.pages[k].weight for k in batch)
                slope = slope + L2 * self.worths / whole
                step += 1
                speed, power = 0.9 * speed + 0.1 * slope, 0.99 * power + 0.01 * slope**2
                self.worths -= rate * speed / (1 - 0.9**step) / (np.sqrt(power / (1 - 0.99**step)) + 1e-8)
            if 2 * turn >= ROUNDS:
                later.append(self.worths.copy())
        self.worths = np.mean(later, axis=0)

    def table(self) -> str:
        head = (
            "# What each sign is worth, learned by bench/learn_run.py; signs.py makes the signs, run.py adds them up."
        )
        rows = [
            f"{part}\t{sign}\t{self.worths[i]:.2f}"
            for (part, sign), i in self.at.items()
            if abs(self.worths[i]) >= LEAST_WORTH
        ]
        return "\n".join([head, *rows, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description="Learn what the signs of an article's lines are worth.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument("--all", action="store_true", help="learn from the pages left for testing too")
    given = parser.parse_args()
    learner = Learner(list(data(given.folder, given.all)))
    learner.learn()
    given.table.write_text(learner.table(), "utf-8")


if __name__ == "__main__":
    main()
