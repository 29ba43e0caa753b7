"""Measures how surely translations are told from reports written apart on the same event, and how the time grows.
Prints tables of `docs/benchmarks.md`; writes nothing.

    python bench/translations_bench.py [--pairs]

`--pairs` lists the pairs to tune on with their scores. The texts are in `bench/translations` (ABOUT.rst there says
what they are): events with an odd number were there to tune on, of those with an even one only the figures below were
looked at. A pair is found where the finder, given all reports of the half, says that one is a translation of the other;
"two at a time" gives it nothing but the two. Which is the original can be told where the reports are of different days;
that the rest points either way plays no part in what is independent. The baseline compares the sets of names and
numbers (Jaccard), with the line that divides the tuning half best.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from printed import busy, machine, print_table, timed
from recoupe.clean import clean
from recoupe.codebook import Codebook, default_codebook
from recoupe.mark import mark
from recoupe.model import Dating, Page, Reading, Span
from recoupe.trace.likeness import compare
from recoupe.trace.names import Outlets
from recoupe.trace.rank import ranks
from recoupe.trace.signs import Sentence, Sign, rarity
from recoupe.trace.translations import Text, signs_of, translations
from recoupe.values import When

FOLDER = Path(__file__).parent / "translations"
SIZES = (1250, 2500, 5000, 10000)  # reports, for the time it takes
_HEAD = re.compile(r"^=== (?P<name>\S+) \| (?P<lang>\w+) \| (?P<what>[^|]+) \| (?P<day>\S+)$", re.MULTILINE)

Rows = Iterator[Sequence[str]]


@dataclass(frozen=True)
class Sample:
    """A report of the set, its event, and the report (of the same event) that it is a translation of."""

    event: int
    name: str
    source: str | None
    reading: Reading

    @property
    def doc(self) -> str:
        """What the report is called."""
        return self.reading.report.doc


Pair = tuple[Sample, Sample]
Finder = Callable[[Sequence[Sample]], set[tuple[str, str]]]


@lru_cache(maxsize=1)
def samples() -> tuple[Sample, ...]:
    """The reports of all events, marked, with the dates that their heads give."""
    book = default_codebook()
    found: list[Sample] = []
    for path in sorted(FOLDER.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        heads = list(_HEAD.finditer(text))
        for head, after in zip(heads, [*(h.start() for h in heads[1:]), len(text)], strict=True):
            page = Page.of(f"{path.stem}-{head['name']}", text[head.end() : after].strip() + "\n")
            report = replace(clean(page, book.furniture), lang=head["lang"])
            when = None if head["day"] == "-" else When.parse(head["day"])
            reading = mark(Reading(report, dating=Dating(when)), book)
            source = head["what"].partition("translation of ")[2] or None
            found.append(Sample(int(path.name[:2]), head["name"], source, reading))
    return tuple(found)


def half(odd: bool) -> list[Sample]:
    """The half to tune on (odd events), or the one to report."""
    return [s for s in samples() if s.event % 2 == odd]


def pairs(among: Iterable[Sample]) -> list[Pair]:
    """Pairs in two languages on one event."""
    return [
        (a, b)
        for a, b in combinations(among, 2)
        if a.event == b.event and a.reading.report.lang != b.reading.report.lang
    ]


def translated(pair: Pair) -> bool:
    """Is one a translation of the other?"""
    return pair[0].source == pair[1].name or pair[1].source == pair[0].name


def texts(among: Iterable[Sample]) -> list[Text]:
    """What the finder needs of the reports."""
    book = default_codebook()
    rank = ranks([s.reading for s in among], (), Outlets(book.outlets))
    return [signs_of(s.reading, rank[s.reading.report.doc], book) for s in among]


def together(among: Sequence[Sample]) -> set[tuple[str, str]]:
    """(translation, original) as found when all reports are given at once."""
    found = translations(texts(among), frozenset(), (), default_codebook())
    return {(o.doc, o.source) for o in found}


def two_at_a_time(among: Sequence[Sample]) -> set[tuple[str, str]]:
    """The same, when each pair of one event is given alone."""
    return {edge for pair in pairs(among) for edge in together(pair)}


def baseline(among: Sequence[Sample]) -> set[tuple[str, str]]:
    """Pairs of one event whose sets of names and numbers are as like as the tuning half asks."""
    line = best_line()
    return {(b.doc, a.doc) for a, b in pairs(among) if jaccard(a, b) >= line}


@lru_cache(maxsize=1)
def best_line() -> float:
    """The Jaccard index that divides the tuning half with the fewest mistakes, the highest of equals."""
    told = [(jaccard(*pair), translated(pair)) for pair in pairs(half(odd=True))]
    return min((line for line, _ in told), key=lambda line: (sum((j >= line) != is_ for j, is_ in told), -line))


def jaccard(a: Sample, b: Sample) -> float:
    """The share of names and numbers of both reports together that stand in both."""
    mine, theirs = ({(m.type, str(m.value)) for m in s.reading.mentions if m.type != "time"} for s in (a, b))
    return len(mine & theirs) / max(1, len(mine | theirs))


FINDERS: tuple[tuple[str, Finder], ...] = (
    ("Recoupe, all reports together", together),
    ("Recoupe, two at a time", two_at_a_time),
    ("shared names and numbers (Jaccard)", baseline),
)


def finding_rows(odd: bool) -> Rows:
    """A row a finder: precision and recall of translations, reports written apart taken for them, and directions."""
    among = half(odd)
    true = {frozenset((a.doc, b.doc)) for a, b in pairs(among) if translated((a, b))}
    apart = len(pairs(among)) - len(true)
    right_way = later_ones(among)
    yield (
        "finder",
        "precision",
        f"recall ({len(true)})",
        f"false alarms ({apart} written apart)",
        "of different days: the right way round",
    )
    for name, find in FINDERS:
        edges = find(among)
        found = {frozenset(edge) for edge in edges}
        right = found & true
        precision = f"{len(right) / len(found):.2f}" if found else "-"
        dated = {frozenset(edge) for edge in right_way}
        way = "-" if find is baseline else f"{len(edges & right_way)} of {len(right & dated)}"
        yield name, precision, f"{len(right) / len(true):.2f}", str(len(found - true)), way


def later_ones(among: Sequence[Sample]) -> set[tuple[str, str]]:
    """(translation, original) where the heads give two different days."""
    docs = {s.doc: s for s in among}
    found = ((s, docs[f"{s.doc.removesuffix(s.name)}{s.source}"]) for s in among if s.source)
    whens = ((a.doc, b.doc, a.reading.dating.when, b.reading.dating.when) for a, b in found)
    return {(a, b) for a, b, later, sooner in whens if later and sooner and later != sooner}


def margin_rows() -> Rows:
    """How far apart the two sorts of pairs are, on either half: the least score of the one, the most of the other."""
    yield "half", "least score of a translation", "greatest of a pair written apart"
    for odd, name in ((True, "to tune on"), (False, "to report")):
        scored = [(score(pair), translated(pair)) for pair in pairs(half(odd))]
        least = min(s for s, is_ in scored if is_)
        yield name, f"{least:.2f}", f"{max(s for s, is_ in scored if not is_):.2f}"


def score(pair: Pair) -> float:
    """The score of two reports given alone; 0 where they are too unlike to be measured."""
    first, second = texts(pair)
    match = compare(first.sentences, second.sentences, rarity((first.sentences, second.sentences), default_codebook()))
    return match.score if match else 0.0


def pair_rows() -> Rows:
    """Every pair of one event to tune on."""
    yield "pair", "translation", "score", "Jaccard"
    for pair in pairs(half(odd=True)):
        names = f"{pair[0].doc} {pair[1].name}"
        yield names, "yes" if translated(pair) else "no", f"{score(pair):.2f}", f"{jaccard(*pair):.2f}"


# Time


def made_up(size: int, seed: int = 1) -> list[Text]:
    """Reports of random signs, half of them in each of two languages; every tenth is the translation of another.

    Twelve sentences of six signs each; which sign, falls off as in texts (Zipf), with more signs where there are more
    reports, as more happens.
    """
    rng = random.Random(seed)
    kinds = ("actor", "item", "person", "place", "number")
    count = 200 + size // 2
    signs: list[Sign] = [(kinds[n % len(kinds)], str(n)) for n in range(count)]
    shares = [1 / (n + 3) for n in range(count)]
    made: list[Text] = []
    for n in range(size):
        if n % 10 == 9:
            said = [s.signs for s in made[n - 1].sentences]
        else:
            drawn = rng.choices(signs, shares, k=72)
            said = [frozenset(drawn[i : i + 6]) for i in range(0, 72, 6)]
        lines = tuple(Sentence(Span(10 * i, 10 * i + 10), s, frozenset()) for i, s in enumerate(said))
        rank = (True, date.max, date.max)
        made.append(Text(f"{n:05}", "fr" if n % 2 else "en", rank, False, "word word " * 12, lines))
    return made


def time_rows(book: Codebook) -> Rows:
    """Rows: how many reports, seconds, and seconds for each thousand."""
    yield "reports", "seconds", "seconds a thousand", "translations found"
    for size in SIZES:
        made = made_up(size)
        found: list[object] = []
        seconds = timed(lambda made=made, found=found: found.extend(translations(made, frozenset(), (), book)))
        yield str(size), f"{seconds:.1f}", f"{1000 * seconds / size:.2f}", f"{len(found)} of {size // 10}"


def tables() -> Iterator[tuple[str, Rows]]:
    """Titles and rows, for this benchmark and for others that print them among their own."""
    yield "Translations, events held out", finding_rows(odd=False)
    yield "Translations, events to tune on", finding_rows(odd=True)
    yield "Scores, two reports at a time", margin_rows()
    yield "Time to find translations among made-up reports, one process", time_rows(default_codebook())


def main() -> None:
    """Prints every table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--pairs", action="store_true")
    given = options.parse_args()
    print(f"{date.today()}, {machine()}. {busy()}")
    for title, rows in tables():
        print_table(title, rows)
    if given.pairs:
        print_table("Pairs", pair_rows())


if __name__ == "__main__":
    main()
