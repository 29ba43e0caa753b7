"""A report: its text with all that was found in it, when it was published and why, and where it has its text from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response

from recoupe.codebook import Codebook
from recoupe.model import Entry, Origin, Reading, Reason
from recoupe.web.marked import Mark, Piece, marked
from recoupe.web.pages.entry import fields_of
from recoupe.web.render import Fresh, render
from recoupe.web.rows import Field
from recoupe.web.scene import Scene
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["reports"])

CLAIM, QUOTE = "claim:", "quote"
"""Labels of pieces: that of a claim has its number behind; those of mentions are their types."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of the page in its order: a block of the report (title, lead, crosshead, body) in pieces, or what was
    dropped, with the reason.
    """

    role: str
    pieces: tuple[Piece, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A clue to the date of publication: what it leaves, its rule, whose words, which; and whether it is against it."""

    when: str
    rule: str
    of: str
    words: str
    against: bool


@dataclass(frozen=True, slots=True)
class OriginShown:
    """Where a text comes from: a report of the ledger, or a name; how, how surely (0 to 1), by which words."""

    name: str
    report: bool
    relation: str
    score: float
    words: str


@dataclass(frozen=True, slots=True)
class ClaimListed:
    """A claim of the report: its number, what it says, and the entry that has it; None where none does."""

    number: int
    kind: str
    status: str
    fields: tuple[Field, ...]
    attribution: tuple[str, ...]
    entry: str | None
    rule: str
    state: str


@dataclass(frozen=True, slots=True)
class ReportShown:
    """What the page of a report shows."""

    doc: str
    title: str
    lang: str
    outlet: str | None
    byline: str | None
    url: str | None
    published: str | None
    reasons: tuple[ReasonShown, ...]
    sources: tuple[OriginShown, ...]
    taken_by: tuple[OriginShown, ...]
    root: str
    parts: tuple[Part, ...]
    dropped: int
    claims: tuple[ClaimListed, ...]


def report_shown(reading: Reading, scene: Scene, entries: Iterable[Entry], codebook: Codebook) -> ReportShown:
    """What is shown of a report; `entries` are those that have claims of it."""
    report, doc = reading.report, reading.report.doc
    entry_of = {ref: entry.id for entry in entries for ref in entry.claims}
    return ReportShown(
        doc=doc,
        title=report.title,
        lang=report.lang,
        outlet=report.outlet,
        byline=report.byline,
        url=report.url,
        published=None if reading.dating.when is None else str(reading.dating.when),
        reasons=tuple(
            _reason(reason, against)
            for against, reasons in ((False, reading.dating.reasons), (True, reading.dating.against))
            for reason in reasons
        ),
        sources=tuple(_origin(o, o.source, o.relation != "named") for o in scene.origins if o.doc == doc),
        taken_by=tuple(_origin(o, o.doc, True) for o in scene.origins if o.source == doc),
        root=scene.roots.reports.get(doc, doc),
        parts=tuple(part for _, part in sorted(_parts(reading), key=lambda p: p[0])),
        dropped=len(report.dropped),
        claims=tuple(_claim(reading, scene, n, entry_of, codebook) for n in range(1, len(reading.claims) + 1)),
    )


def _reason(reason: Reason, against: bool) -> ReasonShown:
    return ReasonShown(str(reason.when), reason.rule, reason.of, reason.words, against)


def _origin(origin: Origin, name: str, report: bool) -> OriginShown:
    return OriginShown(name, report, origin.relation, origin.score, origin.words)


def _claim(reading: Reading, scene: Scene, number: int, entry_of: dict[str, str], codebook: Codebook) -> ClaimListed:
    claim, ref = reading.claims[number - 1], f"{reading.report.doc}#{number}"
    standing = scene.outcome.claims.get(ref)
    return ClaimListed(
        number, claim.kind, claim.status, fields_of(claim, codebook), claim.attribution, entry_of.get(ref), claim.rule,
        "" if standing is None else standing.state,
    )  # fmt: skip


def _parts(reading: Reading) -> Iterator[tuple[int, Part]]:
    """The blocks of the report and what was dropped, each with its place in the page."""
    report = reading.report
    marks = list(_marks(reading))
    for block in report.blocks:
        if block.span.start < block.span.end:
            yield report.to_page(block.span.start), Part(block.role, tuple(marked(report.text, marks, block.span)))
    for drop in report.dropped:
        yield drop.start, Part("dropped", (Piece(drop.text),), drop.reason)


def _marks(reading: Reading) -> Iterator[Mark]:
    """The claims by number, the quotations, and the names and numbers by type."""
    for number, claim in enumerate(reading.claims, 1):
        yield from (Mark(e.start, e.end, f"{CLAIM}{number}") for e in claim.evidence)
    for quote in reading.quotes:
        yield from (Mark(part.start, part.end, QUOTE) for part in quote.parts)
    for mention in reading.mentions:
        yield Mark(mention.span.start, mention.span.end, mention.type)


def shown(ledger: Shelf, doc: str) -> ReportShown:
    """What the page of a report shows. Raises HTTPException where there is no report of that name."""
    scene = Scene.of(ledger, [doc])
    if doc not in scene.readings:
        raise HTTPException(404, doc)
    entries = ledger.ledger.lookups.entries_of(doc).values()
    return report_shown(scene.readings[doc], scene, entries, ledger.codebook)


@router.get("/api/report/{doc:doc}")
def report_json(request: Request, doc: str) -> ReportShown:
    """A report: its text in pieces with what was found in them, its date, its origins, its claims."""
    return shown(shelf(request), doc)


@router.get("/report/{doc:doc}", include_in_schema=False)
def report_page(request: Request, doc: str) -> Response:
    """The page of a report."""
    what = shown(shelf(request), doc)
    kinds = list(shelf(request).codebook.kinds)
    kind_of = {f"{CLAIM}{c.number}": kinds.index(c.kind) if c.kind in kinds else 0 for c in what.claims}
    return render(request, "report.html", report=what, colour=kind_of, claim=CLAIM)
