"""Reviews of an entry: given by a form of its page, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Annotated, get_args
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from recoupe.desk import Outdated, Part, Saying, Speaker, docs_of, give, unchanged
from recoupe.errors import LedgerError, RecoupeError, ReviewError
from recoupe.model import Action, Entry, Review
from recoupe.web.beside import AT, LIST
from recoupe.web.left import docs_with_left, left, reviews_of
from recoupe.web.options import Options
from recoupe.web.pages.entry import SEEN, TYPED, Failed, filled, find_entry, last_stood, page
from recoupe.web.pages.sessions import LONGEST, from_here, plain_name, signed_in, token_fits
from recoupe.web.reader import reader_of
from recoupe.web.render import Fresh
from recoupe.web.reviewing import ReviewShown, form_fields, last_by, reviews_shown, typed
from recoupe.web.shelf import Shelf, shelf

router = APIRouter(route_class=Fresh, tags=["reviews"])

_ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A review that is to be given.

    `action`: what is said. `claims` (`DOC#N`): of which claims of the entry; none means all, of a correction all that
    tell the fields. `fields`: what they hold instead, by field, in the coding manual's notation; an empty list empties
    a field. `other`: the entry to merge with. `why`: the reason; the text of a note. `undoes`: the review to take back,
    else the last one of the same person. `as_read`: accept as it is now read. `seen`: the entry's `seen` as it was
    looked at; where it is another by now, nothing is kept. `by`: who reviews, for those who are not signed in.
    """

    action: Action
    claims: tuple[str, ...] = ()
    fields: Mapping[str, str | list[str]] = field(default_factory=dict)
    other: str = ""
    why: str = ""
    undoes: str = ""
    as_read: bool = False
    seen: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class GivenShown:
    """A review that was kept: its id, what it says, and the entries that its claims are in now."""

    id: str
    action: str
    by: str
    at: str
    entries: tuple[str, ...]


async def posted(request: Request) -> FormData:
    """What a form sent."""
    return await request.form()


@router.post("/entry/{id}/reviews", include_in_schema=False)
def review_form(request: Request, id: str, form: Annotated[FormData, Depends(posted)]) -> Response:
    """A review by a form: back to the entry, which says what was done."""
    from_here(request)
    session = signed_in(request, _text(form, "token"))
    try:
        wanted = _wanted(form)
        stood = _entry(shelf(request), id).claims  # where what is rejected stood, its page is
        said = _give(request, id, wanted, session.name, form)
    except (ReviewError, LedgerError) as error:
        return page(request, id, _failed(error, form))
    homes = _homes(shelf(request), said.refs, id) or _homes(shelf(request), stood, id)
    to = id if id in homes or not homes else homes[0]
    kept = {name: _text(form, name) for name in (LIST, AT) if name in form}
    return RedirectResponse(f"/entry/{quote(to, safe='')}?{urlencode({**kept, 'done': said.review.id})}", 303)


@router.get("/entry/{id}/reviews", include_in_schema=False)
def review_form_left(request: Request, id: str) -> Response:
    """The address that forms are sent to is of no page: on to the entry's, for those who reload or follow a link."""
    return RedirectResponse(f"/entry/{quote(id, safe='')}" + (f"?{query}" if (query := request.url.query) else ""), 307)


@router.post("/api/entry/{id}/reviews", status_code=201)
def review_json(request: Request, id: str, wanted: Wanted) -> GivenShown:
    """Reviews an entry. Needs the desk's token (`Authorization: Bearer TOKEN`) and `by`; or a session; on a desk that
    listens on this machine alone and has no token, `by` is enough.

    Answers 409 where the entry is not as it was `seen`, 422 for what cannot be said, 503 where the ledger cannot be
    written.
    """
    try:
        json.dumps(asdict(wanted), ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise HTTPException(422, "half a character, which no text has") from error
    by = _reviewer(request, wanted.by)
    try:
        said = _give(request, id, wanted, by, None)
    except Outdated as error:
        raise HTTPException(409, str(error)) from error
    review = said.review
    return GivenShown(review.id, review.action, review.by, review.at, tuple(_homes(shelf(request), said.refs, id)))


@router.get("/api/entry/{id}/reviews")
def reviews_json(request: Request, id: str) -> list[ReviewShown]:
    """The reviews of an entry's claims, and those that rejected claims that it had, the latest first; also of an entry
    that stands no more.
    """
    ledger = shelf(request)
    entry = _entry(ledger, id)
    return list(reviews_of(ledger, entry))


def _reviewer(request: Request, by: str) -> str:
    """The name under which a program's review is kept. Raises HTTPException where it may not give one."""
    options: Options = request.app.state.options
    from_here(request)
    if options.read_only:
        raise HTTPException(403)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    session = reader_of(request).session
    if scheme.lower() == "bearer":
        if options.token is None or not token_fits(request, token, options.token):
            raise HTTPException(401, "not the desk's token", {"www-authenticate": "Bearer"})
    elif session is not None and session.name:
        return session.name
    elif not options.local or options.token is not None:
        raise HTTPException(401, "reviewing needs the desk's token", {"www-authenticate": "Bearer"})
    name = plain_name(by)
    if not name:
        raise HTTPException(422, f"by: expected a name of at most {LONGEST} letters")
    return name


def _give(request: Request, id_: str, wanted: Wanted, by: str, form: FormData | None) -> Saying:
    """Keeps a review. `form`: where the fields of a correction come from, all of them, changed or not."""
    ledger = shelf(request)
    entry = _entry(ledger, id_)
    other = _other(ledger, wanted.other) if wanted.action == "merge" else None
    gone = left(ledger.ledger, entry, ledger.ledger.lookups.stood(entry)) if wanted.action == "undo" else ()
    docs = docs_with_left(entry, gone) | set(() if other is None else docs_of(other))

    def say(part: Part) -> Saying:
        speaker = Speaker(part, ledger.codebook, by)
        if wanted.action == "undo":
            known = reviews_shown(part, entry.claims, ledger.codebook, gone)
            return speaker.undo(_undone(part, known, wanted.undoes, by), wanted.why)
        now = unchanged(ledger.ledger, part, entry.id, wanted.seen)
        if other is not None and unchanged(ledger.ledger, part, other.id, "").claims != other.claims:
            raise Outdated(f"{other.id}: has changed since you named it")
        return _said(speaker, now, other, _with_fields(speaker, now, wanted, form))

    options: Options = request.app.state.options
    assert options.ledger is not None  # the shelf has one
    return give(options.ledger, ledger.ledger, docs, say, ledger.codebook)


def _said(speaker: Speaker, entry: Entry, other: Entry | None, wanted: Wanted) -> Saying:
    """What a review says of an entry. Raises ReviewError."""
    if strangers := [ref for ref in wanted.claims if ref not in entry.claims]:
        raise ReviewError(f"{strangers[0]}: is not in the entry {entry.id}", "stranger", claim=strangers[0])
    refs = tuple(ref for ref in entry.claims if ref in wanted.claims) or entry.claims
    if wanted.action == "correct":
        if not wanted.fields:
            raise ReviewError("no field is changed", "nothing_changed")
        pairs = [f"{name}={v}" for name, values in wanted.fields.items() for v in _listed(values)]
        return speaker.correct(refs if wanted.claims else speaker.corrigible(refs, pairs), pairs, wanted.why)
    if wanted.action == "merge":
        if other is None:
            raise ReviewError("merge with which entry?", "no_other")
        return speaker.merge(entry, other.claims, wanted.why)
    if wanted.action == "split":
        return speaker.split(entry, wanted.claims, wanted.why)
    if wanted.action == "accept":
        return speaker.accept(refs, wanted.why, wanted.as_read)
    acts: Mapping[str, Callable[[Sequence[str], str], Saying]] = {"reject": speaker.reject, "note": speaker.note}
    return acts[wanted.action](refs, wanted.why)


def _with_fields(speaker: Speaker, entry: Entry, wanted: Wanted, form: FormData | None) -> Wanted:
    """With the fields that a form has changed."""
    if form is None or wanted.action != "correct":
        return wanted
    refs = [ref for ref in entry.claims if ref in wanted.claims] or list(entry.claims)
    sent = {name: [_text(form, name)] for name in form}
    changed: dict[str, str | list[str]] = {}
    for pair in typed(form_fields(speaker.part, refs, speaker.codebook), filled(sent, TYPED), filled(sent, SEEN)):
        name, _, value = pair.partition("=")
        already = changed.setdefault(name, [])
        assert isinstance(already, list)
        already += [value] if value else []
    return Wanted("correct", wanted.claims, changed, why=wanted.why)


def _listed(values: str | list[str]) -> list[str]:
    """The values of a field as they are typed; an empty one empties it."""
    return [values] if isinstance(values, str) else values or [""]


def _undone(part: Part, known: Sequence[ReviewShown], id_: str, by: str) -> Review:
    """The review that is to be taken back: the one that is named, else the last of the entry's (`known`) that the same
    person gave: what others say is taken back by its name only.
    """
    if not id_:
        last = last_by(known, by)
        if last is None:
            raise ReviewError(f"{by}: has said nothing of it that could be taken back", "nothing_of_yours")
        id_ = last.id
    found = next((review for review in part.reviews if review.id == id_), None)
    if found is None:
        raise ReviewError("nobody has said anything of it that could be taken back", "nothing_to_undo")
    return found


def _entry(ledger: Shelf, id_: str) -> Entry:
    """The entry of that id, also one that stands no more. Raises HTTPException where there never was one."""
    try:
        return find_entry(ledger, id_)
    except HTTPException:
        return last_stood(ledger, id_)


def _other(ledger: Shelf, named: str) -> Entry | None:
    """The entry that is named by its id, the beginning of it, or its address; None where nothing is."""
    id_ = named.strip().partition("?")[0].rstrip("/").rpartition("/")[2]
    if not id_:
        return None
    try:
        return find_entry(ledger, id_)
    except HTTPException as error:
        raise ReviewError(f"{id_}: no entry of that name in the ledger", "no_entry", id=id_) from error


def _homes(ledger: Shelf, claims: Iterable[str], id_: str) -> list[str]:
    """The entries that claims are in now: the one that was reviewed (`id_`) first, else those with most."""
    refs = set(claims)
    found: dict[str, int] = {}
    for doc in {ref.rpartition("#")[0] for ref in refs if "#" in ref}:
        for entry in ledger.ledger.lookups.entries_of(doc).values():
            if shared := len(refs.intersection(entry.claims)):
                found[entry.id] = shared
    return sorted(found, key=lambda one: (one != id_, -found[one], one))


# The form


def _wanted(form: FormData) -> Wanted:
    action = next((known for known in _ACTIONS if known == _text(form, "action")), None)
    if action is None:
        raise HTTPException(422, "action")
    claims = tuple(dict.fromkeys(str(ref) for ref in form.getlist("claims")))
    if not claims and "choose" in form:
        raise ReviewError("no claim was chosen", "no_claims")
    return Wanted(
        action, claims, other=_text(form, "other"), why=_text(form, "why"), undoes=_text(form, "undoes"),
        as_read="as_read" in form, seen=_text(form, "seen"),
    )  # fmt: skip


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _failed(error: RecoupeError, form: FormData) -> Failed:
    """What is said of a review that was not kept; what was typed stays in the form."""
    sent = {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}
    if isinstance(error, Outdated):
        return Failed("reviewing.outdated", "", sent, 409)
    if isinstance(error, LedgerError):
        return Failed("reviewing.not_written", str(error), sent, 503)
    if isinstance(error, ReviewError) and error.key:
        return Failed(f"cannot.{error.key}", "", sent, told=error.told)
    return Failed("reviewing.cannot", str(error), sent)
