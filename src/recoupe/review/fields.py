"""The fields of a claim that a person can correct: what they hold, how two claims differ in them, and how a value that
is typed in is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import STATUSES, Role
from recoupe.codebook.names import LEVELS
from recoupe.errors import ReviewError, ValueSyntaxError
from recoupe.model import Cell, Claim
from recoupe.values import Actor, Amount, Count, Item, Value, When, Word

KIND, STATUS, TIME, ATTRIBUTION = "kind", "status", "time", "attribution"
OWN = (KIND, STATUS, TIME, ATTRIBUTION)
"""The fields that every claim has; the others are the roles of its kind."""

RULE = "review"
"""The rule of a cell that a person has filled."""

_CALLED = {"when": TIME, "said by": ATTRIBUTION, "said-by": ATTRIBUTION}  # as claims are printed
_STATE = re.compile(r"[A-Z]{2}")
_ID = re.compile(r"(?:country|org|group|person|place|unnamed|other):.*|[A-Z]{2}|[a-z0-9-]+")
_OWN_WORDS = ("unnamed:", "other:")
# What a name may stand for in a role of a type, the likeliest first.
_SENSES: Mapping[str, tuple[str, ...]] = {"actor": ("actor", "person"), "place": ("place", "actor"), "item": ("item",)}

Fields = Mapping[str, tuple[Value, ...]]
"""Values by field; none is an empty field."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field in which two claims differ, with what each holds, in the manual's notation."""

    field: str
    was: tuple[str, ...]
    now: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field}: {', '.join(self.was) or 'nothing'} → {', '.join(self.now) or 'nothing'}"


def field_named(typed: str) -> str:
    """The field that a person names, also as it is called where claims are printed."""
    return _CALLED.get(typed.strip().lower(), typed.strip())


def held(claim: Claim, field: str) -> tuple[Value, ...]:
    """What a claim holds in a field."""
    if field in (KIND, STATUS):
        return (Word(claim.kind if field == KIND else claim.status),)
    if field == TIME:
        return () if claim.time is None else (claim.time,)
    if field == ATTRIBUTION:
        return tuple(map(Word, claim.attribution))
    return claim.values(field)


def changes(was: Claim, now: Claim) -> tuple[Change, ...]:
    """The fields in which two claims differ, those of every claim first, then roles in their order."""
    roles = dict.fromkeys(cell.role for claim in (was, now) for cell in claim.cells)
    pairs = ((field, _told(was, field), _told(now, field)) for field in (*OWN, *roles))
    return tuple(Change(*pair) for pair in pairs if set(pair[1]) != set(pair[2]))


def same(a: Claim, b: Claim) -> bool:
    """Do two claims say the same, wherever they say it?"""
    return said(a) == said(b)


def said(claim: Claim) -> tuple[object, ...]:
    """What a claim says, whatever the order of its cells: two that print alike are equal."""
    cells = frozenset((cell.role, _face(cell.value)) for cell in claim.cells)
    time = None if claim.time is None else _face(claim.time)
    return claim.kind, claim.status, time, cells, frozenset(claim.attribution)


def _face(value: Value) -> object:
    """What tells values apart in print. Printing them takes longer, and a ledger has many."""
    if isinstance(value, Actor):
        return value.name
    if isinstance(value, Amount):
        return _face(value.count), value.currency
    if isinstance(value, Count):
        return value.low, value.high, value.about
    return (value.first, value.last, value.about) if isinstance(value, When) else value


def _told(claim: Claim, field: str) -> tuple[str, ...]:
    return tuple(map(str, held(claim, field)))


def amended(claim: Claim, fields: Fields) -> Claim:
    """The claim with other values in some fields. A value that it has already keeps its words and rule; another one
    gets the words of the value whose place it takes.
    """
    own = {field: fields[field] for field in OWN if field in fields}
    given: dict[str, Any] = {}
    for field, values in own.items():
        names = tuple(map(str, values))
        given[field] = values[0] if field == TIME and values else None if field == TIME else names
    for field in (KIND, STATUS):
        if field in given:
            given[field] = given[field][0]
    if TIME in given and given[TIME] is None:
        given["time_words"] = None
    roles = {role: values for role, values in fields.items() if role not in own}
    return replace(claim, cells=tuple(_cells(claim, roles)), **given)


def _cells(claim: Claim, roles: Fields) -> Iterator[Cell]:
    for role in dict.fromkeys((*(cell.role for cell in claim.cells), *roles)):
        old = [cell for cell in claim.cells if cell.role == role]
        if role not in roles:
            yield from old
            continue
        kept = {str(cell.value): cell for cell in old}
        free = [cell for cell in old if cell.value not in roles[role]]
        for number, value in enumerate(roles[role]):
            if str(value) in kept:
                yield kept[str(value)]
                continue
            words = free[min(number, len(free) - 1)].words if free else None
            yield Cell(role, value, words, RULE)


def difference(was: Claim, now: Claim) -> dict[str, tuple[Value, ...]]:
    """The fields that make the one claim the other (`amended`)."""
    return {change.field: held(now, change.field) for change in changes(was, now)}


def read_fields(claim: Claim, typed: Iterable[str], codebook: Codebook) -> dict[str, tuple[Value, ...]]:
    """What a person typed as `FIELD=VALUE` for a claim, in the coding manual's notation; `FIELD=` empties the field,
    and a field typed twice takes both values. A new kind loses the roles that it does not have.

    Raises ReviewError where something is no field of the claim's kind or no value of the field.
    """
    said: dict[str, list[str]] = {}
    for pair in typed:
        name, sign, value = pair.partition("=")
        if not sign:
            raise ReviewError(f"{pair}: expected FIELD=VALUE, such as killed=7 or time=2024-01-02")
        said.setdefault(field_named(name), []).extend([value.strip()] if value.strip() else [])
    fields: dict[str, tuple[Value, ...]] = {}
    kind = claim.kind
    if KIND in said:
        fields[KIND] = _own(KIND, said.pop(KIND), codebook)
        kind = str(fields[KIND][0])
    roles = codebook.kinds[kind].roles if kind in codebook.kinds else {}
    for cell in claim.cells:
        if cell.role not in roles:
            fields[cell.role] = ()
    for field, texts in said.items():
        if field in OWN:
            fields[field] = _own(field, texts, codebook)
        elif field in roles:
            fields[field] = _values(roles[field], texts, codebook)
        elif field in fields and not texts:
            continue  # a role that the new kind does not have is emptied already
        else:
            raise ReviewError(f"{kind} has no field {field!r}; expected one of {', '.join((*OWN, *roles))}")
    return fields


def _own(field: str, texts: Sequence[str], codebook: Codebook) -> tuple[Value, ...]:
    known = {KIND: sorted(codebook.kinds), STATUS: sorted(STATUSES)}.get(field)
    if known is not None:
        if len(texts) != 1 or texts[0] not in known:
            raise ReviewError(f"{field}: expected one of {', '.join(known)}, found {_shown(texts)}")
        return (Word(texts[0]),)
    if field == ATTRIBUTION:
        names = [part for text in texts for part in _parted(text)]
        return tuple(Word(str(_value("actor", name, field, codebook))) for name in names)
    if len(texts) > 1:
        raise ReviewError(f"{field}: takes one value, found {_shown(texts)}")
    return tuple(_parsed(field, When.parse, text) for text in texts)


def _values(role: Role, texts: Sequence[str], codebook: Codebook) -> tuple[Value, ...]:
    """The values of a role; ids may be parted by commas."""
    if role.type in ("actor", "place", "item"):
        texts = [part for text in texts for part in _parted(text)]
    if len(texts) > 1 and not role.many:
        raise ReviewError(f"{role.name}: takes one value, found {_shown(texts)}")
    return tuple(dict.fromkeys(_value(role.type, text, role.name, codebook) for text in texts))


def _parted(text: str) -> list[str]:
    """The values of a list, which commas part; in words of one's own a comma may stand for itself."""
    parts: list[str] = []
    for part in (part.strip() for part in text.split(",")):
        if parts and parts[-1].startswith(_OWN_WORDS) and not _ID.fullmatch(part):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def _value(type_: str, text: str, field: str, codebook: Codebook) -> Value:
    """A value of a role of a type. Actors, places and things can be given by a name that the codebook has."""
    if type_ in _SENSES:
        try:
            return _of_id(type_, text, codebook)
        except ValueSyntaxError as error:
            ids = _called(text, type_, codebook)
            if not ids:
                raise ReviewError(f"{field}: {error}, nor a name that the codebook has") from error
            if len(ids) > 1:
                raise ReviewError(f"{field}: {text!r} may be {' or '.join(ids)}: give one of these") from error
            return _of_id(type_, ids[0], codebook)
    if type_ == "level" and text not in LEVELS:
        raise ReviewError(f"{field}: expected one of {', '.join(sorted(LEVELS))}, found {text!r}")
    parse = {"count": Count.parse, "amount": Amount.parse}.get(type_, Word.parse)
    return _parsed(field, cast(Any, parse), text)


def _of_id(type_: str, text: str, codebook: Codebook) -> Value:
    if type_ == "item":
        return Item.parse(text, codebook.parents)
    return Actor.parse(f"country:{text}" if _STATE.fullmatch(text) else text, codebook.members)


def _called(name: str, type_: str, codebook: Codebook) -> list[str]:
    """The ids that a name may stand for in a role of a type, in whatever language: those of the likeliest sense."""
    types, wanted = _SENSES[type_], name.casefold()
    found: dict[tuple[int, bool], dict[str, None]] = {}
    for words in codebook.names.words.values():
        for form, senses in words.items():
            if form.casefold() == wanted:
                for sense in senses:
                    if sense.type in types:
                        found.setdefault((types.index(sense.type), sense.how != "name"), {})[sense.id] = None
    return sorted(found[min(found)]) if found else []


def _parsed(field: str, parse: Any, text: str) -> Value:
    try:
        return cast(Value, parse(text))
    except ValueSyntaxError as error:
        raise ReviewError(f"{field}: {error}") from error


def _shown(texts: Sequence[str]) -> str:
    return ", ".join(map(repr, texts)) or "nothing"


def mistakes(claim: Claim, codebook: Codebook) -> Iterator[str]:
    """What of a claim that came in a file the codebook does not have."""
    kind = codebook.kinds.get(claim.kind)
    if kind is None:
        yield f"kind: expected one of {', '.join(sorted(codebook.kinds))}, found {claim.kind!r}"
        return
    if claim.status not in STATUSES:
        yield f"status: expected one of {', '.join(sorted(STATUSES))}, found {claim.status!r}"
    if claim.time is not None and not isinstance(claim.time, When):
        yield f"time: not a time: {claim.time}"
    for cell in claim.cells:
        role = kind.roles.get(cell.role)
        if role is None:
            yield f"{kind.name} has no role {cell.role!r}; expected one of {', '.join(kind.roles)}"
        elif not isinstance(cell.value, _TYPES[role.type]):
            yield f"{cell.role}: not of the type {role.type}: {cell.value}"


_TYPES: Mapping[str, type] = {
    "actor": Actor, "place": Actor, "item": Item, "count": Count, "amount": Amount, "level": Word, "free": Word,
}  # fmt: skip
