"""An entry as a row of a table, and the fields that rows and pages show."""

from __future__ import annotations

from dataclasses import dataclass

from recoupe.codebook import Codebook
from recoupe.ledger.carding import review_of
from recoupe.model import Entry
from recoupe.publish.entries import NUMBERS

_OWN = {"kind": "kind", "status": "status", "time": "time", "attribution": "actor"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its values in the manual's notation; `type` is that of the role, `clash`: no two can be true."""

    name: str
    type: str
    values: tuple[str, ...]
    clash: bool = False


@dataclass(frozen=True, slots=True)
class RowShown:
    """An entry in the table: its parties in order (`who`; `towards`: from whom is not told), what it is about, and its
    numbers.
    """

    id: str
    kind: str
    status: str
    time: str | None
    who: tuple[Field, ...]
    towards: bool
    what: tuple[Field, ...]
    numbers: tuple[Field, ...]
    origins: int
    reports: int
    conflicts: tuple[str, ...]
    review: str


def row_shown(entry: Entry, codebook: Codebook) -> RowShown:
    """What the table shows of an entry."""
    roles = dict(entry.roles)
    kind = codebook.kinds.get(entry.kind)
    types = types_of(entry.kind, codebook)
    clashing = {c.field for c in entry.conflicts}

    def fields(names: tuple[str, ...]) -> tuple[Field, ...]:
        return tuple(Field(n, types.get(n, "free"), roles[n], n in clashing) for n in names if n in roles)

    who, what = (kind.who, kind.what) if kind else ((), ())
    parties = fields(who)
    return RowShown(
        id=entry.id,
        kind=entry.kind,
        status=entry.status,
        time=entry.time,
        who=parties,
        towards=bool(parties) and len(who) > 1 and parties[0].name != who[0],
        what=fields(what),
        numbers=fields(tuple(n for n in roles if types.get(n) in NUMBERS)),
        origins=len(entry.origins),
        reports=len({ref.rpartition("#")[0] for ref in entry.claims}),
        conflicts=tuple(sorted(clashing)),
        review=review_of(entry),
    )


def types_of(kind: str, codebook: Codebook) -> dict[str, str]:
    """The types of the fields of a kind."""
    known = codebook.kinds.get(kind)
    return _OWN | ({} if known is None else {name: role.type for name, role in known.roles.items()})
