"""An entry: what its reports say together, who says what, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from recoupe.codebook import Codebook
from recoupe.desk import docs_of, parts, state_of
from recoupe.ledger import Stood
from recoupe.ledger.carding import review_of
from recoupe.model import Claim, Entry, Reading
from recoupe.publish.confidence import Confidence, Sure
from recoupe.publish.entries import row
from recoupe.publish.outgrown import outgrown
from recoupe.web.beside import AT, LIST, beside
from recoupe.web.history import Step, history
from recoupe.web.left import reviews_of
from recoupe.web.marked import Piece, sentences_of
from recoupe.web.reader import reader_of, wording
from recoupe.web.render import Fresh, render
from recoupe.web.reviewing import (
    NoticeShown,
    ReviewShown,
    form_fields,
    last_by,
    notices_shown,
    refilled,
)
from recoupe.web.rows import Field, row_shown, types_of
from recoupe.web.scene import Scene
from recoupe.web.shelf import Shelf, shelf
from recoupe.web.sure import said
from recoupe.web.table import PAGE

router = APIRouter(route_class=Fresh, tags=["entries"])

TYPED, SEEN = "f.", "was."
"""Before the name of a claim's field in the form of a correction: what is typed there, and what had been shown."""


@dataclass(frozen=True, slots=True)
class SideShown:
    """One side of a contradiction: its value, and the claims, reports and origins that say so."""

    value: str
    claims: tuple[str, ...]
    docs: tuple[str, ...]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConflictShown:
    """A contradiction: the field, its type, and its sides."""

    field: str
    type: str
    sides: tuple[SideShown, ...]


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """What one report says: its words in pieces, the values, whose word it is, and what people say of it."""

    ref: str
    doc: str
    number: int
    title: str
    outlet: str | None
    lang: str
    published: str | None
    origin: str
    kind: str
    status: str
    fields: tuple[Field, ...]
    attribution: tuple[str, ...]
    sentences: tuple[tuple[Piece, ...], ...]
    rule: str
    state: str


@dataclass(frozen=True, slots=True)
class Raised:
    """A number that later reports raised: the role, the number, and who said it."""

    field: str
    value: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryShown:
    """What the page of an entry shows. `seen` is another text whenever the entry, its claims or their reviews are."""

    id: str
    kind: str
    status: str
    time: str | None
    who: str
    fields: tuple[Field, ...]
    origins: tuple[str, ...]
    confidence: Sure
    conflicts: tuple[ConflictShown, ...]
    raised: tuple[Raised, ...]
    claims: tuple[ClaimShown, ...]
    state: str
    notes: tuple[str, ...]
    reviewed_by: tuple[str, ...]
    waiting: int
    reviews: tuple[ReviewShown, ...]
    notices: tuple[NoticeShown, ...]
    history: tuple[Step, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class GoneShown:
    """What is shown of an entry that stands no more: the entries that its claims are in now, the reviews of these, and
    what became of it.
    """

    id: str
    now: tuple[str, ...]
    reviews: tuple[ReviewShown, ...]
    history: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """A review that was not kept: the words for it (`key`, with what it is about, `told`), what exactly was wrong, and
    what had been typed.
    """

    key: str
    detail: str
    sent: Mapping[str, Sequence[str]]
    status: int = 422
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> dict[str, str]:
        """The parameters of the page with the form: the list from which one came to it, and the one claim that was to
        be corrected (where it was all of them, or something else was to be done, there is none).
        """
        found = {name: self.sent[name][0] for name in (LIST, AT) if self.sent.get(name)}
        claims = self.sent.get("claims", ())
        one = self.sent.get("action") == ["correct"] and len(claims) == 1
        return found | ({"claim": claims[0]} if one else {})


def entry_shown(
    entry: Entry,
    scene: Scene,
    origins: Mapping[str, str],
    stood: Sequence[Stood],
    reviews: tuple[ReviewShown, ...],
    codebook: Codebook,
) -> EntryShown:
    """What is shown of an entry whose reports are at hand; `origins`: whose word each claim is; `stood`: what it
    was; `reviews`: what people say of it.
    """
    types = types_of(entry.kind, codebook)
    clashing = {c.field for c in entry.conflicts}
    claims = [_claim(ref, scene, origins, codebook) for ref in entry.claims]
    review = entry.review
    return EntryShown(
        id=entry.id,
        kind=entry.kind,
        status=entry.status,
        time=entry.time,
        who=row(entry, codebook).who,
        fields=tuple(Field(name, types.get(name, "free"), values, name in clashing) for name, values in entry.roles),
        origins=entry.origins,
        confidence=Confidence(codebook).weighed(entry, scene.readings),
        conflicts=conflicts_shown(entry, origins, codebook),
        raised=tuple(Raised(*one) for one in outgrown(entry, scene.readings, codebook)),
        claims=tuple(sorted(claims, key=lambda c: (c.origin, c.published or "9", c.doc, c.number))),
        state=review_of(entry),
        notes=() if review is None else review.notes,
        reviewed_by=() if review is None else review.by,
        waiting=0 if review is None else review.waiting,
        reviews=reviews,
        notices=notices_shown(scene.part, entry.claims, codebook),
        history=history(stood, codebook),
        seen=state_of(entry, scene.part),
    )


def conflicts_shown(entry: Entry, origins: Mapping[str, str], codebook: Codebook) -> tuple[ConflictShown, ...]:
    """The contradictions of an entry; `origins`: whose word each claim is."""
    types = types_of(entry.kind, codebook)
    return tuple(
        ConflictShown(c.field, types.get(c.field, c.field), tuple(_side(s.value, s.claims, origins) for s in c.sides))
        for c in entry.conflicts
    )


def _side(value: str, claims: Iterable[str], origins: Mapping[str, str]) -> SideShown:
    refs = tuple(claims)
    docs = tuple(sorted({parts(ref)[0] for ref in refs}))
    return SideShown(value, refs, docs, tuple(sorted({origins[ref] for ref in refs if ref in origins})))


def _claim(ref: str, scene: Scene, origins: Mapping[str, str], codebook: Codebook) -> ClaimShown:
    doc, number = parts(ref)
    reading = scene.readings[doc]
    claim = reading.claims[number - 1]
    standing = scene.outcome.claims.get(ref)
    return ClaimShown(
        ref=ref,
        doc=doc,
        number=number,
        title=reading.report.title,
        outlet=reading.report.outlet,
        lang=reading.report.lang,
        published=None if reading.dating.when is None else str(reading.dating.when),
        origin=origins.get(ref, doc),
        kind=claim.kind,
        status=claim.status,
        fields=fields_of(claim, codebook),
        attribution=claim.attribution,
        sentences=sentences(claim, reading),
        rule=claim.rule,
        state="" if standing is None else standing.state,
    )


def fields_of(claim: Claim, codebook: Codebook) -> tuple[Field, ...]:
    """The roles of a claim and its time, with their values."""
    types = types_of(claim.kind, codebook)
    told = dict.fromkeys(cell.role for cell in claim.cells)
    ordered = [r for r in types if r in told] + [r for r in told if r not in types]
    found = [
        Field(name, types.get(name, "free"), tuple(dict.fromkeys(str(v) for v in claim.values(name))))
        for name in ordered
    ]
    return (*found, Field("time", "time", () if claim.time is None else (str(claim.time),)))


def sentences(claim: Claim, reading: Reading) -> tuple[tuple[Piece, ...], ...]:
    """The words of a claim, with those of its values marked."""
    return tuple(tuple(pieces) for pieces in sentences_of(claim, reading.report))


def find_entry(ledger: Shelf, id_: str) -> Entry:
    """The entry of that id, or the only one whose id begins so. Raises HTTPException where there is none."""
    found = list(ledger.ledger.lookups.entries_called(id_, 2).values()) if id_.isascii() else []
    if len(found) != 1:
        raise HTTPException(404, id_)
    return found[0]


def last_stood(ledger: Shelf, id_: str) -> Entry:
    """The entry that had this id last, and has it no more. Raises HTTPException where none ever did."""
    stood = ledger.ledger.lookups.stood_as(id_) if id_.isascii() else []
    if not stood:
        raise HTTPException(404, id_)
    return stood[-1].entry


def shown(ledger: Shelf, id_: str) -> EntryShown:
    """What the page of an entry shows."""
    return _shown(ledger, find_entry(ledger, id_))[0]


def _shown(ledger: Shelf, entry: Entry) -> tuple[EntryShown, Scene]:
    scene = Scene.of(ledger, docs_of(entry))
    stood = ledger.ledger.lookups.stood(entry)
    reviews = reviews_of(ledger, entry, scene.part, stood)
    return entry_shown(entry, scene, scene.told_by(entry, ledger), stood, reviews, ledger.codebook), scene


def gone_shown(ledger: Shelf, entry: Entry) -> GoneShown:
    """What is shown of an entry that stands no more."""
    lookups, codebook = ledger.ledger.lookups, ledger.codebook
    claims = set(entry.claims)
    homes = (one for doc in docs_of(entry) for one in lookups.entries_of(doc).values())
    now = {one.id for one in homes if not claims.isdisjoint(one.claims)}
    stood = lookups.stood(entry)
    reviews = reviews_of(ledger, entry, stood=stood)
    return GoneShown(entry.id, tuple(sorted(now)), reviews, history(stood, codebook))


@router.get("/api/entry/{id}")
def entry_json(request: Request, id: str) -> EntryShown:
    """An entry: its values, who says what in which words, its contradictions, what people say of it, its history."""
    return shown(shelf(request), id)


@router.get("/entry/{id}", include_in_schema=False)
def entry_page(request: Request, id: str) -> Response:
    """The page of an entry."""
    return page(request, id)


def page(request: Request, id_: str, failed: Failed | None = None) -> Response:
    """The page of an entry, or of what is left of one that stands no more; `failed` is a review that was not kept."""
    ledger = shelf(request)
    asked: Mapping[str, str] = request.query_params if failed is None else failed.asked
    status = 200 if failed is None else failed.status
    at = None if failed is None else "?".join(filter(None, (f"/entry/{quote(id_, safe='')}", urlencode(asked))))
    try:
        entry = find_entry(ledger, id_)
    except HTTPException:
        near = beside(ledger, id_, asked.get(LIST), asked.get(AT, ""), PAGE)
        gone = gone_shown(ledger, last_stood(ledger, id_))
        done = _done(gone.reviews, asked.get("done"))
        mine = _mine(request, gone.reviews)
        if done is not None and done.by == reader_of(request).name and not done.undone:
            mine = done.id
        return render(request, "gone.html", status, at, entry=gone, beside=near, failed=failed, done=done, mine=mine)
    if entry.id != id_:
        return RedirectResponse(f"/entry/{entry.id}" + (f"?{request.url.query}" if request.url.query else ""), 307)
    what, scene = _shown(ledger, entry)
    subject = _subject(entry, asked.get("claim"))
    fields = form_fields(scene.part, entry.claims if subject is None else (subject,), ledger.codebook)
    if failed is not None and failed.asked.get("claim") == subject:  # what was typed of one claim is not for others
        fields = refilled(fields, filled(failed.sent, TYPED), filled(failed.sent, SEEN))
    return render(
        request, "entry.html", status, at, entry=what, failed=failed, done=_done(what.reviews, asked.get("done")),
        head=row_shown(entry, ledger.codebook),
        beside=beside(ledger, id_, asked.get(LIST), asked.get(AT, ""), PAGE),
        is_step=entry.kind in ledger.codebook.chains.steps,
        sure=said(what.confidence, types_of(entry.kind, ledger.codebook), wording(request)),
        subject=subject, fields=fields, mine=_mine(request, what.reviews), before={"typed": TYPED, "seen": SEEN},
    )  # fmt: skip


def _subject(entry: Entry, asked: str | None) -> str | None:
    """The claim whose correction is shown; None where it is all claims that tell a field."""
    return asked if asked in entry.claims else None


def filled(sent: Mapping[str, Sequence[str]], before: str) -> dict[str, str]:
    """What a form sent of each field of a claim: what was typed there (TYPED), or what it had shown (SEEN)."""
    return {name.removeprefix(before): values[0] for name, values in sent.items() if name.startswith(before) and values}


def _mine(request: Request, reviews: Sequence[ReviewShown]) -> str | None:
    """The review that the key for it takes back: the last that the one who asks has given."""
    last = last_by(reviews, reader_of(request).name)
    return None if last is None else last.id


def _done(reviews: Sequence[ReviewShown], id_: str | None) -> ReviewShown | None:
    """The review that has just been given."""
    return next((review for review in reviews if review.id == id_), None)
