"""Reports that are translations of others: the same signs in the same order, sentence by sentence.

Reports in two languages on one event share many facts wherever they were written; one that is a translation of the
other (whole, cut, lightly edited) shares nearly all of its facts, in the other's order and sentences. Pairs worth a
look are found by facts that few reports tell in one sentence; their sentences are lined up (`align`), and measured.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from math import fsum

from recoupe.codebook import Codebook
from recoupe.groups import Groups
from recoupe.model import Origin, Reading, Report
from recoupe.trace.align import Bead, Weights
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
KEPT = 128  # of these pairs of a report
_WIDEST = 8  # signs of a sentence, the rarest, of which pairs are made
_MIXED, _RANGE = 0x9E3779B97F4A7C15, 1 << 64
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
    texts: Iterable[Text],
    names: Container[tuple[str, str]],
    copies: Iterable[Origin],
    codebook: Codebook,
    looked_at: Iterable[tuple[str, str]] | None = None,
) -> list[Origin]:
    """The translations among texts; the result does not depend on their order.

    `names` holds (doc, doc) where the first report says that it has its text from the second. Of reports that are
    copies of one another (`copies`) the most original stands for all: it is compared, and what is found is told of it.
    Of the pairs of docs of such texts only those `looked_at` are compared, where they are given.
    """
    ordered = originals(texts, copies)
    if looked_at is None:
        pairs = sorted(_candidates(ordered, codebook))
    else:
        of = {text.doc: place for place, text in enumerate(ordered)}
        pairs = sorted((min(of[a], of[b]), max(of[a], of[b])) for a, b in looked_at)
    found = (translation(ordered[i], ordered[j], names, codebook) for i, j in pairs)
    return sorted(_one_each(pair for pair in found if pair is not None), key=lambda o: (o.doc, o.source))


def translation(
    one: Text, other: Text, names: Container[tuple[str, str]], codebook: Codebook
) -> tuple[float, Origin] | None:
    """Which of two texts is a translation of the other, and how much that rests on; None where neither is."""
    weights = rarity((one.sentences, other.sentences), codebook)
    first, second = _in_rank(one, other, names, weights)
    match = compare(first.sentences, second.sentences, weights)
    line = SAID if first.says or second.says else SAME
    if match is None or match.told < LEAST or match.score < line:
        return None
    origin = Origin(second.doc, first.doc, "translation", round(match.score, 3), _words(second, match.beads))
    return match.score * match.told, origin


def originals(texts: Iterable[Text], copies: Iterable[Origin]) -> list[Text]:
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


def _candidates(texts: Sequence[Text], codebook: Codebook) -> set[tuple[int, int]]:
    """Pairs of places of texts in two languages that share pairs of signs within a sentence which few texts have."""
    keys = [keys_of(text.sentences, codebook) for text in texts]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(keys):
        for key in own:
            holders[key].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in holders.values():
        if len(places) <= CROWD:
            shared.update((i, j) for i, j in combinations(places, 2) if texts[i].lang != texts[j].lang)
    return {(i, j) for (i, j), n in shared.items() if worth_a_look(keys[i], keys[j], n)}


def worth_a_look(keys: Sequence[int], others: Sequence[int], shared: int) -> bool:
    """Do two texts share enough of their keys? Of a long text only the least were kept: none beyond the last of them
    could be shared, and so of the other's only those up to there count.
    """
    last = min((row[-1] for row in (keys, others) if len(row) == KEPT), default=_RANGE)
    fewer = min(bisect_right(keys, last), bisect_right(others, last))
    return shared >= max(SHARED if last == _RANGE else SHARED // 2, QUARTER * fewer)


def keys_of(text: tuple[Sentence, ...], codebook: Codebook) -> tuple[int, ...]:
    """Numbers for the pairs of the rarest signs of each sentence: the least KEPT of them, so that of two texts that
    share many pairs many of those kept are the same ones (Broder 1997, "On the resemblance and containment").
    """
    weights = rarity((text,), codebook)
    numbers = {sign: _number(sign) for sign in weights}
    keys: set[int] = set()
    for sentence in text:
        rarest = sorted(sentence.signs, key=lambda s: (-weights[s], s))[:_WIDEST]
        keys.update((numbers[a] + numbers[b]) * _MIXED % _RANGE >> 1 for a, b in combinations(rarest, 2))
    return tuple(sorted(keys)[:KEPT])


def _number(sign: Sign) -> int:
    """The same number for a sign in every process."""
    return int.from_bytes(blake2b(repr(sign).encode(), digest_size=8).digest(), "big")


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
