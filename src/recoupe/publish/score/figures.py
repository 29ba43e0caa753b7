"""What all reports together come to: the figures, and as JSON data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from recoupe.codebook import Codebook
from recoupe.publish.score.compare import VERDICTS, Comparison, Found, Verdict

_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """Precision, recall and their harmonic mean, to three digits."""

    p: float
    r: float
    f1: float

    @classmethod
    def of(cls, worth: float, read: int, gold: int) -> Self:
        """The worth of what was found, as a share of what was read and of what is in the gold file."""
        p, r = (worth / n if n else 0.0 for n in (read, gold))
        f1 = 2 * p * r / (p + r) if p + r else 0.0
        return cls(round(p, _DIGITS), round(r, _DIGITS), round(f1, _DIGITS))


@dataclass(frozen=True, slots=True)
class KindCount:
    """The claims of one kind: in the gold file, read, and found."""

    gold: int
    pred: int
    found: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a gold file. Shares are of what they apply to, and 0 where that is nothing."""

    reports: int
    unread: tuple[str, ...]
    gold_claims: int
    predicted_claims: int
    reading: Rate
    found: Rate
    slots: Rate
    status: float
    attribution: Rate
    ungrounded: int
    published: Mapping[Verdict, int]
    quotes_strict: Rate
    quotes_loose: Rate
    speaker: float
    kinds: Mapping[str, KindCount]


def figures(reports: Sequence[Comparison], book: Codebook) -> Figures:
    """The figures of all reports of a gold file."""
    pairs = [pair for report in reports for pair in report.found]
    gold = [claim for report in reports for claim in report.gold.claims]
    read = [claim for report in reports for claim in report.claims]
    loose = [pair for report in reports for pair in report.loose]
    quotes = sum(len(report.quotes) for report in reports), sum(len(report.gold.quotes) for report in reports)
    verdicts = Counter(report.verdict for report in reports)
    return Figures(
        reports=len(reports),
        unread=tuple(report.gold.doc for report in reports if report.unread),
        gold_claims=len(gold),
        predicted_claims=len(read),
        reading=Rate.of(sum(pair.worth for pair in pairs), len(read), len(gold)),
        found=Rate.of(len(pairs), len(read), len(gold)),
        slots=Rate.of(sum(pair.credit for pair in pairs), *(sum(len(c.slots) for c in side) for side in (read, gold))),
        status=_share(sum(pair.gold.status == pair.read.status for pair in pairs), len(pairs)),
        attribution=_attribution(pairs),
        ungrounded=sum(report.ungrounded for report in reports),
        published={verdict: verdicts[verdict] for verdict in VERDICTS},
        quotes_strict=Rate.of(sum(len(report.strict) for report in reports), *quotes),
        quotes_loose=Rate.of(len(loose), *quotes),
        speaker=_share(sum(pair.same_speaker for pair in loose), len(loose)),
        kinds=_by_kind(reports, book),
    )


def figures_object(told: Figures) -> dict[str, Any]:
    """The figures as JSON data; `of` is how many gold reports have a date."""
    data = asdict(told)
    return {**data, "unread": list(told.unread), "published": {**told.published, "of": sum(told.published.values())}}


def _share(part: int, whole: int) -> float:
    return round(part / max(1, whole), _DIGITS)


def _attribution(pairs: Iterable[Found]) -> Rate:
    """Over the found pairs: the sources on both sides, those that were read, those of the gold file."""
    both = read = gold = 0
    for pair in pairs:
        wanted, has = pair.attributions
        both, read, gold = both + len(wanted & has), read + len(has), gold + len(wanted)
    return Rate.of(both, read, gold)


def _by_kind(reports: Iterable[Comparison], book: Codebook) -> dict[str, KindCount]:
    """Kinds of which there is a claim on either side, in the codebook's order."""
    gold, read, found = Counter[str](), Counter[str](), Counter[str]()
    for report in reports:
        gold.update(claim.kind for claim in report.gold.claims)
        read.update(claim.kind for claim in report.claims)
        found.update(pair.gold.kind for pair in report.found)
    return {kind: KindCount(gold[kind], read[kind], found[kind]) for kind in book.kinds if gold[kind] or read[kind]}
