"""How well claims were joined, contradictions found and origins counted, in a made-up world."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb

from check_sets import Truth
from recoupe.model import Entry


@dataclass(frozen=True)
class Figures:
    """Precision and recall of pairs of claims of one fact and of contested fields, and the share of facts whose
    independent origins are counted right.
    """

    pair_precision: float
    pair_recall: float
    conflict_precision: float
    conflict_recall: float
    origins: float


def figures(entries: Sequence[Entry], truth: Truth) -> Figures:
    """What the entries are worth.

    An entry's contradictions count for the fact that most of its claims tell. A fact's origins are right where the
    entry that holds most of its claims has as many as the fact.
    """
    of = truth.facts
    inside = [Counter(of[ref] for ref in entry.claims) for entry in entries]
    right = sum(_pairs(counts.values()) for counts in inside)
    found = {
        (min(counts, key=lambda fact: (-counts[fact], fact)), conflict.field)
        for entry, counts in zip(entries, inside, strict=True)
        for conflict in entry.conflicts
    }
    true, got = _origins(entries, inside, truth)
    return Figures(
        right / max(1, _pairs(len(entry.claims) for entry in entries)),
        right / max(1, _pairs(Counter(of.values()).values())),
        len(found & truth.conflicts) / max(1, len(found)),
        len(found & truth.conflicts) / max(1, len(truth.conflicts)),
        sum(got[fact] == len(voices) for fact, voices in true.items()) / max(1, len(true)),
    )


def mean(every: Sequence[Figures]) -> Figures:
    """The mean of the figures of several worlds."""
    return Figures(*(sum(vars(one)[name] for one in every) / len(every) for name in Figures.__dataclass_fields__))


def _pairs(sizes: Iterable[int]) -> int:
    return sum(comb(size, 2) for size in sizes)


def _origins(
    entries: Sequence[Entry], inside: Sequence[Counter[int]], truth: Truth
) -> tuple[dict[int, set[str]], dict[int, int]]:
    """The true voices of each fact, and how many origins its largest entry has."""
    true: defaultdict[int, set[str]] = defaultdict(set)
    for ref, fact in truth.facts.items():
        true[fact].add(truth.voices[ref])
    largest: dict[int, tuple[int, int]] = {}
    for entry, counts in zip(entries, inside, strict=True):
        for fact, count in counts.items():
            largest[fact] = max(largest.get(fact, (0, 0)), (count, len(entry.origins)))
    return true, {fact: origins for fact, (_, origins) in largest.items()}
