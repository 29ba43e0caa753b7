"""Date: when a report was published, as an interval, with the reasons for it.

Every clue (a date line, a weekday, who held which office, what had already happened, when the page was fetched) is an
interval, and the publication date is their meet. Where the clues leave weeks or years, so does the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from recoupe.codebook import Codebook
from recoupe.date.across import across, tells, told_across
from recoupe.date.clue import Clue, meet
from recoupe.date.events import event_clues
from recoupe.date.links import link_clues
from recoupe.date.page import page_clues
from recoupe.date.text import datelines, text_clues
from recoupe.date.view import DateContext, Term, View
from recoupe.model import Mention, Page, Reading
from recoupe.values import When

__all__ = [
    "Clue", "DateContext", "Term", "across", "clues_of", "context_of", "date_report", "date_with", "tells",
    "told_across",
]  # fmt: skip


def date_report(reading: Reading, page: Page, codebook: Codebook, others: Sequence[Clue] = ()) -> Reading:
    """The reading with its dating. Of the page, what came beside it is used: `url`, `date`, `fetched`. `others` are
    the clues that other reports give (`across`).
    """
    return date_with(reading, page, context_of(codebook), others)


def date_with(reading: Reading, page: Page, context: DateContext, others: Sequence[Clue] = ()) -> Reading:
    """The same with the parts of a codebook that dating needs."""
    view = View.of(reading, context)
    clues = clues_of(reading, page, context, view)
    dating = meet(clues)
    if others:
        dating = replace(meet([*clues, *others]), alone=dating.when)
    return replace(reading, dating=dating, mentions=_with_datelines(reading.mentions, view))


def _with_datelines(mentions: Sequence[Mention], view: View | None) -> tuple[Mention, ...]:
    """The mentions, those of an agency's dateline noted as such: they tell of the report, not of what it reports."""
    spans = [span for _, span in datelines(view)] if view is not None else []
    return tuple(replace(m, note="dateline") if any(s.holds(m.span) for s in spans) else m for m in mentions)


def clues_of(reading: Reading, page: Page, context: DateContext, view: View | None) -> list[Clue]:
    """All clues, in order of the rules that find them; `view` is the report's, where its language is known."""
    clues = list(page_clues(reading.report, {k.lower(): v for k, v in page.meta}, context))
    if view is not None:
        clues += text_clues(view)
        clues += event_clues(view)
        clues += link_clues(view)
    return clues


def context_of(codebook: Codebook) -> DateContext:
    """What dating needs of a codebook; kept with the last codebook that was used."""
    if not _last or _last[0][0] is not codebook:
        _last[:] = [(codebook, _context(codebook))]
    return _last[0][1]


_last: list[tuple[Codebook, DateContext]] = []


def _context(codebook: Codebook) -> DateContext:
    members: dict[str, dict[int, When]] = {}
    for block, days in codebook.names.accessions.items():
        ends = [day - timedelta(days=1) for day in days[1:]]
        counts = zip(days, [*ends, None], strict=True)
        # Of states that joined on one day only the last makes a count that the block ever had.
        members[block] = {
            n: When(since, until) for n, (since, until) in enumerate(counts, 1) if until is None or until >= since
        }
    return DateContext(
        {code: language.times for code, language in codebook.languages.items()},
        codebook.calendar,
        tuple(Term(t.person, t.office, t.since, t.until) for t in codebook.names.terms),
        members,
    )
