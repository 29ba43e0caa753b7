"""One report, as coded and as read: which claims and quotations are the same, and how the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from recoupe.codebook import Codebook
from recoupe.publish.score.agree import Aligned, align, days
from recoupe.publish.score.coded import CodedClaim, CodedQuote, CodedReport, same_person
from recoupe.publish.score.words import Ground, PageText, overlap

Verdict = Literal["exact", "holds", "none", "wrong"]
VERDICTS: tuple[Verdict, ...] = ("exact", "holds", "none", "wrong")
STRICT, LOOSE = 0.8, 0.3
"""The overlap of words from which a quotation is found."""
NARRATOR = "narrator"
"""Who a claim is given to that has no attribution."""


@dataclass(frozen=True, slots=True)
class Found:
    """A claim that was found: the gold one, the one that was read, and their values side by side."""

    gold: CodedClaim
    read: CodedClaim
    slots: tuple[Aligned, ...]

    @property
    def credit(self) -> float:
        """What the values that agree are worth."""
        return sum(pair.worth for pair in self.slots)

    @property
    def worth(self) -> float:
        """The F1 of the two claims' slots, the kind counted as one."""
        return 2 * (1 + self.credit) / (2 + len(self.gold.slots) + len(self.read.slots))

    @property
    def attributions(self) -> tuple[frozenset[str], frozenset[str]]:
        """Who the gold claim is given to, and who the one that was read."""
        return _sources(self.gold), _sources(self.read)


@dataclass(frozen=True, slots=True)
class QuotePair:
    """A quotation that was found, both sides."""

    gold: CodedQuote
    read: CodedQuote

    @property
    def same_speaker(self) -> bool:
        """Do both sides give it to the same one, or to no one?"""
        return same_person(self.gold.speaker or "") == same_person(self.read.speaker or "")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A gold report beside what was read of it (`unread`: nothing was), as far as it is coded.

    `missed` and `spurious` are the claims without a partner; `mistaken` are the pairs of these that rest on a sentence
    in common, so that only the kind differs; `verdict` is None where the gold report has no date.
    """

    gold: CodedReport
    unread: bool
    published: str | None
    verdict: Verdict | None
    claims: tuple[CodedClaim, ...]
    found: tuple[Found, ...]
    missed: tuple[CodedClaim, ...]
    spurious: tuple[CodedClaim, ...]
    mistaken: tuple[tuple[CodedClaim, CodedClaim], ...]
    ungrounded: int
    quotes: tuple[CodedQuote, ...]
    strict: tuple[QuotePair, ...]
    loose: tuple[QuotePair, ...]


def compare(gold: CodedReport, read: CodedReport | None, page: PageText | None, book: Codebook) -> Comparison:
    """Puts the two sides of a report together. Where there is no page, nothing that was read can be found in it."""
    ground = Ground.of("" if page is None else page.text, gold.coded_to)
    side = read or CodedReport(gold.doc)
    claims = tuple(claim for claim in side.claims if ground.coded(claim.evidence))
    quotes = tuple(quote for quote in side.quotes if ground.coded([quote.text.partition(" … ")[0]]))
    pairs = _pairs(gold.claims, claims, ground, book)
    wanted, had = {i for i, _ in pairs}, {j for _, j in pairs}
    missed = tuple(claim for i, claim in enumerate(gold.claims) if i not in wanted)
    spurious = tuple(claim for j, claim in enumerate(claims) if j not in had)
    return Comparison(
        gold=gold,
        unread=read is None,
        published=side.published,
        verdict=_verdict(gold.published, side.published),
        claims=claims,
        found=tuple(_found(gold.claims[i], claims[j], book) for i, j in pairs),
        missed=missed,
        spurious=spurious,
        mistaken=_mistaken(missed, spurious, ground),
        ungrounded=sum(not c.evidence or not all(map(ground.holds, c.evidence)) for c in claims),
        quotes=quotes,
        strict=_quote_pairs(gold.quotes, quotes, STRICT),
        loose=_quote_pairs(gold.quotes, quotes, LOOSE),
    )


def _found(gold: CodedClaim, read: CodedClaim, book: Codebook) -> Found:
    return Found(gold, read, align(gold.slots, read.slots, book.parents))


def _pairs(
    gold: Sequence[CodedClaim], read: Sequence[CodedClaim], ground: Ground, book: Codebook
) -> list[tuple[int, int]]:
    """Which gold claim (by its number) is which that was read: one to one, of one kind and with a sentence in common.

    Those whose values agree best come first, then those with more sentences in common, then the earlier ones.
    """
    wanted = [ground.sentences(claim.evidence) for claim in gold]
    has = [ground.sentences(claim.evidence) for claim in read]
    options = []
    for j, claim in enumerate(read):
        for i, other in enumerate(gold):
            if claim.kind == other.kind and (common := wanted[i] & has[j]):
                credit = _found(other, claim, book).credit
                share = credit / max(1, len(claim.slots), len(other.slots))
                options.append((-share, -len(common), j, i))
    pairs: dict[int, int] = {}
    for _, _, j, i in sorted(options):
        if j not in pairs and i not in pairs.values():
            pairs[j] = i
    return [(i, j) for j, i in pairs.items()]


def _mistaken(
    missed: Sequence[CodedClaim], spurious: Sequence[CodedClaim], ground: Ground
) -> tuple[tuple[CodedClaim, CodedClaim], ...]:
    """Claims without a partner that are told in one sentence, each at most once, in the order of the gold report."""
    left, pairs = list(spurious), []
    for claim in missed:
        wanted = ground.sentences(claim.evidence)
        other = next((c for c in left if c.kind != claim.kind and wanted & ground.sentences(c.evidence)), None)
        if other is not None:
            left = [c for c in left if c is not other]
            pairs.append((claim, other))
    return tuple(pairs)


def _verdict(gold: str | None, read: str | None) -> Verdict | None:
    """How the date of publication that was read stands to the gold one."""
    want = None if gold is None else days(gold)
    if want is None:
        return None
    have = None if read is None else days(read)
    if have is None:
        return "none"
    return "exact" if have == want else "holds" if have[0] <= want[0] and want[1] <= have[1] else "wrong"


def _quote_pairs(gold: Sequence[CodedQuote], read: Sequence[CodedQuote], least: float) -> tuple[QuotePair, ...]:
    """Each gold quotation with the one left that is most like it, where they have enough words in common."""
    left, pairs = list(read), []
    for quote in gold:
        best = max(left, key=lambda other: overlap(other.text, quote.text), default=None)
        if best is not None and overlap(best.text, quote.text) >= least:
            left.remove(best)
            pairs.append(QuotePair(quote, best))
    return tuple(pairs)


def _sources(claim: CodedClaim) -> frozenset[str]:
    """Who a claim is given to; whatever words stand for sources without a name, they are one."""
    named = (source.partition(":")[0] if source.startswith("unnamed") else source for source in claim.attribution)
    return frozenset(map(same_person, named)) or frozenset({NARRATOR})
