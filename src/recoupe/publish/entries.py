"""Entries as rows of a table, as JSON and as CSV for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind
from recoupe.model import Conflict, Entry

NUMBERS = frozenset({"count", "amount"})


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of an entry's row, as text."""

    id: str
    when: str
    kind: str
    status: str
    who: str
    what: str
    how_much: str
    origins: int
    reports: int
    conflicts: str
    reviewed: str


def row(entry: Entry, codebook: Codebook, most: int | None = None) -> Row:
    """The cells of a row. With `most`, longer lists of names are cut and the rest of them counted."""
    roles = dict(entry.roles)
    kind = codebook.kinds.get(entry.kind)
    types = {} if kind is None else {name: role.type for name, role in kind.roles.items()}
    who = [_names(roles[r], most) for r in (kind.who if kind else ()) if r in roles]
    what = [_names(roles[r], most) for r in (kind.what if kind else ()) if r in roles]
    clashing = {c.field for c in entry.conflicts}
    numbers = [_number(r, roles[r], r in clashing) for r in roles if types.get(r) in NUMBERS]
    return Row(
        id=entry.id,
        when=entry.time or "",
        kind=entry.kind,
        status=entry.status,
        who=_direction(roles, kind, who),
        what=" · ".join(what),
        how_much=", ".join(numbers),
        origins=len(entry.origins),
        reports=len({ref.rpartition("#")[0] for ref in entry.claims}),
        conflicts=", ".join(sorted(clashing)),
        reviewed=state(entry),
    )


def state(entry: Entry) -> str:
    """How far people have reviewed an entry: `waiting` (for them to look again), `yes`, `partly`, or nothing."""
    review = entry.review
    if review is None:
        return ""
    if review.waiting:
        return "waiting"
    return "yes" if len(review.claims) == len(entry.claims) else "partly" if review.claims else ""


def _direction(roles: Mapping[str, Sequence[str]], kind: Kind | None, who: Sequence[str]) -> str:
    """From whom to whom; where only the second is told, the arrow says so."""
    first = kind.who[0] if kind and len(kind.who) > 1 else None
    return ("→ " if who and first is not None and first not in roles else "") + " → ".join(who)


def short(name: str) -> str:
    """An id without the type before its colon, for people; words after `unnamed:` and `other:` stand as they are."""
    return name.partition(":")[2] or name


def _names(values: Sequence[str], most: int | None) -> str:
    names = [" or ".join(short(part) for part in value.split("|")) for value in values]
    if most is not None and len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return ", ".join(names)


def _number(role: str, values: Sequence[str], clashing: bool) -> str:
    text = (" ≠ " if clashing else " = ").join(values)
    return text if role in NUMBERS else f"{role} {text}"


def sure(origins: int, reports: int) -> str:
    """How well founded an entry is, in words."""
    text = f"{origins} origin{'s' if origins != 1 else ''}"
    return text if reports == origins else f"{text}, {reports} report{'s' if reports != 1 else ''}"


def entry_object(entry: Entry, codebook: Codebook) -> dict[str, Any]:
    """An entry as JSON data: lists for roles that take several values and where two values stand side by side."""
    kind = codebook.kinds.get(entry.kind)
    roles: dict[str, str | list[str]] = {}
    for name, values in entry.roles:
        many = len(values) > 1 or (kind is not None and name in kind.roles and kind.roles[name].many)
        roles[name] = list(values) if many else values[0]
    return {
        "id": entry.id,
        "kind": entry.kind,
        "status": entry.status,
        "roles": roles,
        "time": entry.time,
        "claims": list(entry.claims),
        "origins": list(entry.origins),
        "conflicts": [conflict_object(c) for c in entry.conflicts],
        "review": _review(entry),
    }


def _review(entry: Entry) -> dict[str, Any] | None:
    """What people say of an entry; None where they say nothing."""
    review = entry.review
    if review is None:
        return None
    return {
        "state": state(entry) or None,
        "claims": list(review.claims),
        "by": list(review.by),
        "notes": list(review.notes),
        "waiting": review.waiting,
    }


def conflict_object(conflict: Conflict) -> dict[str, Any]:
    """A contradiction as JSON data: the field, and who says what."""
    return {
        "field": conflict.field,
        "sides": [{"value": side.value, "claims": list(side.claims)} for side in conflict.sides],
    }


def entries_json(entries: Iterable[Entry], codebook: Codebook) -> str:
    """A JSON list, with a line end."""
    return json.dumps([entry_object(e, codebook) for e in entries], ensure_ascii=False, indent=2) + "\n"


COLUMNS = (
    "id",
    "time",
    "kind",
    "status",
    "who",
    "what",
    "how_much",
    "origins",
    "reports",
    "conflicts",
    "roles",
    "reviewed",
)


def entries_csv(entries: Iterable[Entry], codebook: Codebook) -> str:
    """CSV (RFC 4180, with a header); `roles` is a JSON object."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        cells = row(entry, codebook)
        roles = json.dumps(entry_object(entry, codebook)["roles"], ensure_ascii=False)
        start = (cells.id, cells.when, cells.kind, cells.status, cells.who, cells.what, cells.how_much)
        writer.writerow((*start, cells.origins, cells.reports, cells.conflicts, roles, cells.reviewed))
    return out.getvalue()
