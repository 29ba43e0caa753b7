"""Clues to a report's date that other reports of the ledger give: who copies whom, and whose day a fact was.

Only dates that reports have by themselves (`Dating.by_itself`) speak for others, so that no date rests on itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from recoupe.date.clue import ACROSS, Clue
from recoupe.date.text import written
from recoupe.model import Claim, Dating, Elder, Entry, Reading
from recoupe.times import TimeRef
from recoupe.values import When


def across(
    readings: Sequence[Reading], elders: Iterable[Elder], entries: Iterable[Entry]
) -> Mapping[str, tuple[Clue, ...]]:
    """For each report the clues of the others, by doc; of clues that say the same the first by name. `elders` are the
    texts that reports are certainly from.
    """
    found: defaultdict[str, set[Clue]] = defaultdict(set)
    by_doc = {r.report.doc: r for r in readings}
    for elder in elders:
        original, copy = by_doc[elder.source].dating.by_itself, by_doc[elder.doc].dating.by_itself
        if original is not None and original.first is not None:
            found[elder.doc].add(_clue("copy-of", elder.source, elder.words, When(original.first, None)))
        if elder.only and copy is not None and copy.last is not None:
            found[elder.source].add(_clue("copied-by", elder.doc, elder.words, When(None, copy.last)))
    for entry in entries:
        for doc, clue in _of_one_fact(entry, by_doc):
            found[doc].add(clue)
    return {doc: _distinct(clues) for doc, clues in found.items()}


def _distinct(clues: Iterable[Clue]) -> tuple[Clue, ...]:
    first: dict[tuple[str, tuple[When, ...]], Clue] = {}
    for clue in sorted(clues, key=lambda c: (c.rule, c.words)):
        first.setdefault((clue.rule, clue.options), clue)
    return tuple(first.values())


def told_across(dating: Dating) -> set[tuple[str, str, When]]:
    """The clues of other reports that a dating has taken in: rule, words, and when it is by them."""
    every = (*dating.reasons, *dating.against)
    return {(reason.rule, reason.words, reason.when) for reason in every if reason.rule in ACROSS}


def tells(clues: Iterable[Clue]) -> set[tuple[str, str, When]]:
    """What a dating that takes in these clues of other reports is told (`told_across`)."""
    return {(clue.rule, clue.words, when) for clue in clues for when in clue.options}


def _clue(rule: str, doc: str, words: str, when: When) -> Clue:
    return Clue(rule, f"{doc}: {words}", None, "ledger", (when,))


def _of_one_fact(entry: Entry, by_doc: Mapping[str, Reading]) -> Iterable[tuple[str, Clue]]:
    """A report that tells a fact as today's, yesterday's or a weekday's is of about the day that others give it."""
    told = [(by_doc[doc], _claim(by_doc[doc], int(n))) for doc, _, n in (c.rpartition("#") for c in entry.claims)]
    for reading, claim in told:
        ref = _relative(reading, claim)
        days = {
            (other.report.doc, c.time)
            for other, c in told
            if other is not reading and c.time is not None and c.time.days == 1 and _speaks(other)
        }
        if ref is None or reading.dating.by_itself is None or reading.dating.by_itself.days == 1:
            continue
        if len({when for _, when in days}) == 1:
            doc, day = min(days, key=lambda d: d[0])
            for option in written(ref, (day,)):
                yield (
                    reading.report.doc,
                    _clue("same-fact", doc, claim.time_words.text if claim.time_words else "", option),
                )


def _claim(reading: Reading, number: int) -> Claim:
    return reading.claims[number - 1]


def _speaks(reading: Reading) -> bool:
    """Is its date its own, to a few days?"""
    own = reading.dating.by_itself
    return own is not None and own.days is not None and own.days <= _FEW and not told_across(reading.dating)


_FEW = 7  # days


def _relative(reading: Reading, claim: Claim) -> TimeRef | None:
    """What the words of a claim's time say, where they count from the day of writing."""
    words = claim.time_words
    for mention in reading.mentions:
        if words and mention.type == "time" and (mention.span.start, mention.span.end) == (words.start, words.end):
            ref = mention.value
            if isinstance(ref, TimeRef) and (ref.bare_weekday or (ref.kind == "span" and ref.unit == "day")):
                return ref
    return None
