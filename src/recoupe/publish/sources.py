"""What a ledger's sources are worth: how much each outlet tells, what of it is its own, how often it is first, and how
often others contradict it.

All of it is counted, none of it judged. The words used here:

- A report *is of* the outlet that published it. Its *teller* is the outlet whose word it passes on: for a copy, a
  translation or a text that names its source, that source (the root of the report); else the outlet itself. A text that
  is from one of several sources, nobody knows which, has no teller.
- A report *is a copy* of the outlet that it has its whole text from: a copy or translation of another's report, or a
  text that names the source of it. Parts of texts, and sources of mere details, do not count; nor does what an outlet
  has from itself.
- A teller is *first* with a fact that two tellers or more have, where one of its reports was published on an earlier
  day than all reports of the others. Where days are the same, or not known well enough to say, nobody is first.
- A teller is *contradicted* over a field of a fact where some other side of the contradiction has reports of more
  independent origins (roots) than each of the sides that the teller's reports are on. It is texts that are weighed
  here, not those whom they quote.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from recoupe.model import OR, Entry, Origin
from recoupe.values import When

FIRST, LAST = 0, 1 << 30  # days before and after all others, of reports whose day is not known


@dataclass(frozen=True, slots=True)
class Published:
    """A report: its doc, the outlet that it is of, and when it was published, as far as that is known."""

    doc: str
    outlet: str | None
    when: When | None


@dataclass(frozen=True, slots=True)
class Source:
    """What an outlet tells. `id` is the codebook's, or the name that pages give it.

    `reports`: how many of the ledger's reports are of it; `copies`: how many of these are copies of others,
    `copied_from` of whom (most first); `copied_by`: reports of others, or of nobody who is known, that are copies of
    its reports, or of texts of it that the ledger does not have. `facts`: entries that it tells; `alone`: those that
    nobody else does; `first`: those of the others with which it was first. `contested`: fields over which reports
    contradict each other, its own among them; `contradicted`: those where others are more.
    """

    id: str
    reports: int = 0
    copies: int = 0
    copied_from: tuple[tuple[str, int], ...] = ()
    copied_by: int = 0
    facts: int = 0
    alone: int = 0
    first: int = 0
    contested: int = 0
    contradicted: int = 0

    @property
    def shared(self) -> int:
        """The entries that it tells and that others tell as well: those with which somebody can be first."""
        return self.facts - self.alone


@dataclass(frozen=True)
class Known:
    """What sources are counted from: the reports; the root of each, by doc (`trace.roots`); who has it from whom; and
    the entries.
    """

    reports: Iterable[Published]
    roots: Mapping[str, str]
    origins: Iterable[Origin]
    entries: Iterable[Entry]


def sources(known: Known) -> list[Source]:
    """Every outlet that a report is of or that others have texts from, those with most reports first, then by id.

    Reports whose outlet is not known count against nobody and for nobody, but they are tellers like others: who is
    first was before them, too. The order of what is given plays no part.
    """
    reports = {report.doc: report for report in known.reports}
    tellers = {doc: _teller(report, known.roots.get(doc), reports) for doc, report in reports.items()}
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for report in reports.values():
        if report.outlet is not None:
            counts[report.outlet]["reports"] += 1
    copied: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outlet, source in _copies(reports, known.origins):
        counts[source]["copied_by"] += 1
        if outlet is not None:
            counts[outlet]["copies"] += 1
            copied[outlet][source] += 1
    outlets = {teller for teller in tellers.values() if teller is not None and teller not in reports}
    for entry in known.entries:
        for count, of_whom in _told(entry, reports, tellers, known.roots):
            for outlet in of_whom & outlets:
                counts[outlet][count] += 1
    found = [Source(id_, **of, copied_from=_most(copied.get(id_, {}))) for id_, of in counts.items()]
    return sorted(found, key=lambda s: (-s.reports, -s.copied_by, s.id))


def _teller(report: Published, root: str | None, reports: Mapping[str, Published]) -> str | None:
    """Whose word a report is: an outlet, or the doc of a report whose outlet is not known; None where it is one of
    several.
    """
    if root is None or root == report.doc:
        return report.outlet or report.doc
    if OR in root:
        return None
    return (reports[root].outlet or root) if root in reports else root


def _copies(reports: Mapping[str, Published], origins: Iterable[Origin]) -> Iterator[tuple[str | None, str]]:
    """The outlet of each copy (None where it is not known), and whom it is of: the one that it is most surely from."""
    best: dict[str, Origin] = {}
    for origin in origins:
        if origin.whole and origin.doc in reports and OR not in origin.source:
            at = best.get(origin.doc)
            if at is None or (-origin.score, origin.source) < (-at.score, at.source):
                best[origin.doc] = origin
    for doc, origin in best.items():
        outlet = reports[doc].outlet
        source = reports[origin.source].outlet if origin.source in reports else origin.source
        if source is not None and source != outlet:
            yield outlet, source


def _told(
    entry: Entry,
    reports: Mapping[str, Published],
    tellers: Mapping[str, str | None],
    roots: Mapping[str, str],
) -> Iterable[tuple[str, set[str]]]:
    """What an entry adds to the counts, each with those to whom it does."""
    docs = {ref.rpartition("#")[0] for ref in entry.claims} & reports.keys()
    by: defaultdict[str, list[str]] = defaultdict(list)
    for doc in docs:
        if (teller := tellers[doc]) is not None:
            by[teller].append(doc)
    yield "facts", set(by)
    if len(by) == 1 and all(tellers[doc] is not None for doc in docs):
        yield "alone", set(by)
    else:
        yield "first", _first(by, docs, reports)
    for conflict in entry.conflicts:
        sides = [{ref.rpartition("#")[0] for ref in side.claims} for side in conflict.sides]
        weights = [len({roots.get(doc, doc) for doc in side}) for side in sides]
        on: defaultdict[str, int] = defaultdict(int)
        for side, weight in zip(sides, weights, strict=True):
            for teller in {teller for doc in side if (teller := tellers.get(doc)) is not None}:
                on[teller] = max(on[teller], weight)
        yield "contested", set(on)
        yield "contradicted", {teller for teller, weight in on.items() if weight < max(weights)}


def _first(by: Mapping[str, list[str]], docs: set[str], reports: Mapping[str, Published]) -> set[str]:
    """The teller of whom a report is certainly earlier than all reports of others; nobody, where there is none."""
    days = {doc: _days(reports[doc].when) for doc in docs}
    for teller, own in by.items():
        last = min(days[doc][1] for doc in own)
        if all(last < days[doc][0] for doc in docs.difference(own)):
            return {teller}
    return set()


def _days(when: When | None) -> tuple[int, int]:
    """The first and the last day, as numbers."""
    if when is None:
        return FIRST, LAST
    return (
        FIRST if when.first is None else when.first.toordinal(),
        LAST if when.last is None else when.last.toordinal(),
    )


def _most(of: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(of.items(), key=lambda pair: (-pair[1], pair[0])))
