"""What the page of an entry shows of people's reviews, and the forms by which one is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import STATUSES
from recoupe.codebook.names import LEVELS
from recoupe.desk import Part
from recoupe.model import Action, Claim, Review
from recoupe.review import amended, changes, held, live
from recoupe.web.rows import types_of

_PARTED = frozenset({"actor", "item", "place"})  # the types whose values commas part


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that a correction fills otherwise: what the reader had there, and what is to stand."""

    field: str
    type: str
    was: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a review took back: what was said, by whom, and of how many claims."""

    action: Action
    by: str
    claims: int


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """A review: who gave it, when and why; the claims that it is about, and those that it set them apart from or put
    them together with; what it corrects. `undone`: it is taken back; `undoes` is the review that it takes back, and
    `took` what that one had said, where it is known.
    """

    id: str
    action: str
    by: str
    at: str
    why: str
    claims: tuple[str, ...]
    others: tuple[str, ...]
    changed: tuple[Changed, ...]
    undone: bool
    undoes: str | None
    took: TakenBack | None = None


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """What waits for somebody to look at it: a claim that is now read otherwise than it was reviewed (`altered`, with
    what is otherwise), or no more (`lost`). `rejected`: it stays rejected, else it stands as reviewed.
    """

    of: str
    claim: str
    review: str
    rejected: bool
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form of a correction: its text as it stands, in the manual's notation (a line a value, where
    commas do not part them), and what may be chosen, where that is a list. `differs`: the claims tell different things,
    so that one of them has to be named. `was`: the text as it stands, where `text` is what somebody has typed.
    """

    name: str
    type: str
    text: str
    lines: int
    choices: tuple[str, ...]
    differs: bool
    was: str


def reviews_shown(
    part: Part, refs: Sequence[str], codebook: Codebook, left: Sequence[str] = ()
) -> tuple[ReviewShown, ...]:
    """The reviews of some claims, those taken back and what took them back among them; the latest first. Of claims that
    have `left` the others only what rejected them.
    """
    found = {review.id: review for review in (*part.about(refs), *part.said_of(refs))}
    found |= {r.id: r for r in (*part.about(left), *part.said_of(left)) if r.action == "reject"}
    new = set(found)
    while new:
        undoing = {r.id: r for r in part.reviews if r.undoes in new and r.id not in found}
        found |= undoing
        new = set(undoing)
    standing = {review.id for review in live(part.reviews)}
    every = sorted(found.values(), key=lambda r: (r.at, r.id), reverse=True)
    return tuple(_review(review, part, review.id not in standing, codebook) for review in every)


def _review(review: Review, part: Part, undone: bool, codebook: Codebook) -> ReviewShown:
    changed = dict.fromkeys(
        one
        for target in review.claims
        if target.fields and review.action == "correct"
        for one in _changed(target.claim, amended(target.claim, dict(target.fields)), codebook)
    )
    back = next((one for one in part.reviews if one.id == review.undoes), None)
    return ReviewShown(
        review.id, review.action, review.by, review.at, review.why, part.refs_of(review.claims),
        part.refs_of(review.others), tuple(changed), undone, review.undoes,
        None if back is None else TakenBack(back.action, back.by, len(part.refs_of(back.claims))),
    )  # fmt: skip


def last_by(reviews: Iterable[ReviewShown], by: str) -> ReviewShown | None:
    """The last review that a person gave and nobody took back; the latest come first. One that only takes another back
    is none.
    """
    return next((r for r in reviews if by and r.by == by and not r.undone and r.action != "undo"), None)


def _changed(was: Claim, now: Claim, codebook: Codebook) -> list[Changed]:
    types = types_of(now.kind, codebook) | types_of(was.kind, codebook)
    return [Changed(c.field, types.get(c.field, "free"), c.was, c.now) for c in changes(was, now)]


def notices_shown(part: Part, refs: Iterable[str], codebook: Codebook) -> tuple[NoticeShown, ...]:
    """What of some claims waits for a reviewer."""
    wanted = set(refs)
    found = []
    for notice in part.outcome.notices:
        if notice.ref is not None and notice.ref in wanted:
            types = types_of(notice.claim.kind, codebook)
            changed = tuple(Changed(c.field, types.get(c.field, "free"), c.was, c.now) for c in notice.changes)
            found.append(
                NoticeShown(notice.of, notice.ref, notice.review.id, notice.review.action == "reject", changed)
            )
    return tuple(found)


def form_fields(part: Part, refs: Sequence[str], codebook: Codebook) -> tuple[FormField, ...]:
    """The form of a correction of some claims of one kind."""
    claims = [part.claim(ref) for ref in refs]
    return tuple(_field(name, type_, claims, codebook) for name, type_ in types_of(claims[0].kind, codebook).items())


def _field(name: str, type_: str, claims: Sequence[Claim], codebook: Codebook) -> FormField:
    told = [values for claim in claims if (values := tuple(map(str, held(claim, name))))]
    differs = len({frozenset(values) for values in told}) > 1
    values = told[0] if told and not differs else ()
    parted = type_ in _PARTED and not any("," in value for value in values)
    choices = {"kind": sorted(codebook.kinds), "status": sorted(STATUSES), "level": sorted(LEVELS)}.get(type_, ())
    text = (", " if parted else "\n").join(values)
    return FormField(name, type_, text, text.count("\n") + 1, tuple(choices), differs, text)


def typed(fields: Iterable[FormField], sent: Mapping[str, str], seen: Mapping[str, str]) -> list[str]:
    """What was typed into a form (`FIELD=VALUE`), of the fields that are otherwise than the form had shown them;
    `sent` is what came of each field, `seen` what was shown there (where it is not said, what stands there now).
    """
    found: list[str] = []
    for field in fields:
        text = sent.get(field.name)
        if text is None or field.differs:
            continue
        lines = _lines(text)
        if lines != _lines(seen.get(field.name, field.was)):
            found += [f"{field.name}={line}" for line in lines] or [f"{field.name}="]
    return found


def refilled(fields: Iterable[FormField], sent: Mapping[str, str], seen: Mapping[str, str]) -> tuple[FormField, ...]:
    """A form with what was typed into it before; fields that were left as they had been shown (`seen`) hold what stands
    there now, which may be something else.
    """
    return tuple(_refilled(field, sent.get(field.name), seen.get(field.name)) for field in fields)


def _refilled(field: FormField, text: str | None, seen: str | None) -> FormField:
    if text is None or (seen is not None and _lines(text) == _lines(seen)):
        return field
    return replace(field, text=text, lines=max(field.lines, len(text.splitlines())))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
