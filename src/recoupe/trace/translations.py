"""Reports that are translations of others: the same signs in the same order, sentence by sentence.

Reports in two languages on one event share many facts wherever they were written; one that is a translation of the
other (whole, cut, lightly edited) shares nearly all of its facts, in the other's order and sentences. Pairs worth a
look are found by facts that few reports tell in one sentence; their sentences are lined up (`align`), and measured.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum

from recoupe.codebook import Codebook
from recoupe.model import Origin, Reading, Report
from recoupe.trace.align import Bead, Weights
from recoupe.trace.groups import Groups
from recoupe.trace.likeness import compare
from recoupe.trace.named import BYLINES
from recoupe.trace.prints import shown
from recoupe.trace.rank import Rank
from recoupe.trace.signs import Sentence, Sign, rarity, sentences

# Scores (`measure.Match`) that make a translation. Of the events of `bench/translations` to tune on, translations score
# 0.62 or more, and all but one of the reports written apart 0.51 or less; the line stands midway.
SAME = 0.57
SAID = 0.45  # enough where one of the two says itself that it is a translation
LEAST = 18.0  # nats of shared signs, half a dozen rare ones: less may be the same in any two short reports of an event
NOTICE = 160  # characters: a longer paragraph that speaks of a translation tells of another's
CROWD = 64  # reports: a pair of signs that more of them hold tells too little to look for
SHARED = 4  # pairs of signs, which no crowd holds, that two reports must share ...
QUARTER = 0.25  # ... and the share of the fewer ones that either has; translations share half of them and more
NEAREST = 8  # of reports that do, how many are measured for each report, from the likest on
_WIDEST = 8  # signs of a sentence, the rarest, of which pairs are made
_SEPARATORS = re.compile(r"[,;/|]")  # of the parts of a byline


@dataclass(frozen=True, slots=True)
class Text:
    """What the finding needs of a report. By `rank` the more original report comes first."""

    doc: str
    lang: str
    rank: Rank
    says: bool
    text: str
    sentences: tuple[Sentence, ...]


def signs_of(reading: Reading, rank: Rank, codebook: Codebook) -> Text:
    """What the finding needs of a reading."""
    report = reading.report
    says = any(codebook.translated.search(words) for words in _notices(report))
    return Text(report.doc, report.lang, rank, says, report.text, sentences(reading))


def _notices(report: Report) -> Iterator[str]:
    """Where a report may say that it is a translation: its byline, short paragraphs, short lines that are not the
    article's.
    """
    yield from _SEPARATORS.split(report.byline or "")
    for drop in report.dropped:
        if len(drop.text) <= NOTICE:
            yield from _SEPARATORS.split(drop.text) if drop.reason in BYLINES else (drop.text,)
    blocks = (b.span for b in report.blocks if b.role in ("lead", "body"))
    yield from (report.text[s.start : s.end] for s in blocks if s.end - s.start <= NOTICE)


def translations(
    texts: Iterable[Text], names: Container[tuple[str, str]], copies: Iterable[Origin], codebook: Codebook
) -> list[Origin]:
    """The translations among texts; the result does not depend on their order.

    `names` holds (doc, doc) where the first report says that it has its text from the second. Of reports that are
    copies of one another (`copies`) the most original stands for all: it is compared, and what is found is told of it.
    """
    ordered = _without_copies(texts, copies)
    weights = rarity((t.sentences for t in ordered), codebook)
    found: list[tuple[float, Origin]] = []
    for i, j in sorted(_candidates(ordered, weights)):
        first, second = _in_rank(ordered[i], ordered[j], names, weights)
        match = compare(first.sentences, second.sentences, weights)
        line = SAID if first.says or second.says else SAME
        if match is not None and match.told >= LEAST and match.score >= line:
            words = _words(second, match.beads)
            origin = Origin(second.doc, first.doc, "translation", round(match.score, 3), words)
            found.append((match.score * match.told, origin))
    return sorted(_one_each(found), key=lambda o: (o.doc, o.source))


def _without_copies(texts: Iterable[Text], copies: Iterable[Origin]) -> list[Text]:
    """The texts that have signs, by doc; of copies of one another the one that is a copy of none, else the first by
    rank, then the longest.
    """
    joined = Groups[str]()
    taken: set[str] = set()
    for origin in copies:
        if origin.relation == "copy":
            joined.join(origin.doc, origin.source)
            taken.add(origin.doc)
    best: dict[str, Text] = {}
    having = (t for t in texts if t.sentences)
    for text in sorted(having, key=lambda t: (t.doc in taken, t.rank, -len(t.sentences), t.doc)):
        best.setdefault(joined.of(text.doc), text)
    return sorted(best.values(), key=lambda t: t.doc)


def _candidates(texts: Sequence[Text], weights: Weights) -> set[tuple[int, int]]:
    """Pairs of places of texts in two languages that share pairs of signs within a sentence which few texts have."""
    order = {sign: n for n, sign in enumerate(sorted(weights))}
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for key in _keys(text, weights, order):
            holders[key].append(place)
    shared: defaultdict[int, Counter[int]] = defaultdict(Counter)
    own: Counter[int] = Counter()
    for places in holders.values():
        if len(places) <= CROWD:
            own.update(places)
            for i, j in combinations(places, 2):
                if texts[i].lang != texts[j].lang:
                    shared[i][j] += 1
                    shared[j][i] += 1
    found: set[tuple[int, int]] = set()
    for i, others in shared.items():
        near = sorted((-n, j) for j, n in others.items() if n >= max(SHARED, QUARTER * min(own[i], own[j])))[:NEAREST]
        found.update((min(i, j), max(i, j)) for _, j in near)
    return found


def _keys(text: Text, weights: Weights, order: Mapping[Sign, int]) -> set[int]:
    """A number for each pair of the rarest signs of each sentence."""
    keys: set[int] = set()
    for sentence in text.sentences:
        rarest = sorted(sentence.signs, key=lambda s: (-weights[s], s))[:_WIDEST]
        keys.update(a * len(order) + b for a, b in combinations(sorted(order[s] for s in rarest), 2))
    return keys


def _in_rank(a: Text, b: Text, names: Container[tuple[str, str]], weights: Weights) -> tuple[Text, Text]:
    """The original first: what a report says of itself, then outlets and dates, then the fuller text; else the doc."""

    def after(text: Text, other: Text) -> tuple[bool, bool, Rank, float, str]:
        told = fsum(weights[sign] for s in text.sentences for sign in s.signs)
        return (text.doc, other.doc) in names, text.says, text.rank, -told, text.doc

    return (a, b) if after(a, b) < after(b, a) else (b, a)


def _words(copy: Text, beads: Sequence[Bead]) -> str:
    """The first words, in the translation, of the longest run of its sentences that follow one another in both."""
    runs: list[list[Bead]] = []
    for bead in beads:
        last = runs[-1][-1] if runs else None
        if last and last.first.stop == bead.first.start and last.second.stop == bead.second.start:
            runs[-1].append(bead)
        else:
            runs.append([bead])
    run = max(runs, key=lambda r: sum(b.shared for b in r))
    start = copy.sentences[run[0].second.start].span.start
    end = copy.sentences[run[-1].second.stop - 1].span.end
    return shown(copy.text, start, end)


def _one_each(found: Iterable[tuple[float, Origin]]) -> Iterator[Origin]:
    """The strongest origins that keep together what translations join (Kruskal)."""
    joined = Groups[str]()
    for _, origin in sorted(found, key=lambda pair: (-pair[0], pair[1].source, pair[1].doc)):
        if joined.join(origin.doc, origin.source):
            yield origin
