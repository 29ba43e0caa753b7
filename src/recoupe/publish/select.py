"""Picks entries by kind, actor, item, time and conflicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from recoupe.codebook import Codebook
from recoupe.model import Entry
from recoupe.publish.entries import state
from recoupe.values import When

_LETTERS = 3
_ACTORS = frozenset({"actor", "place"})


class Seen(StrEnum):
    """How far people have reviewed an entry: all of its claims; not all of them; with something to look at again."""

    yes = "yes"
    no = "no"
    waiting = "waiting"


@dataclass(frozen=True, slots=True)
class Selection:
    """What entries to pick; an empty field asks for nothing.

    `actor` and `item` are ids or the beginning of ids, with or without what stands before the colon; an item stands for
    everything below it in the tree. `since` and `until` keep the entries that can lie in between; one without a time is
    left out by either.
    """

    kind: str | None = None
    actor: str | None = None
    item: str | None = None
    since: When | None = None
    until: When | None = None
    conflicts: bool = False
    reviewed: Seen | None = None


def select(entries: Iterable[Entry], wanted: Selection, codebook: Codebook) -> list[Entry]:
    """The entries that fit all of the selection, by the last day of their time (the undated last), kind and id."""
    found = list(entries)
    if wanted.kind is not None:
        found = [e for e in found if e.kind == wanted.kind]
    if wanted.conflicts:
        found = [e for e in found if e.conflicts]
    if wanted.reviewed is not None:
        found = [e for e in found if _fits(e, wanted.reviewed)]
    if wanted.actor is not None:
        found = _with(found, wanted.actor, _ACTORS, codebook)
    if wanted.item is not None:
        found = _with(found, wanted.item, frozenset({"item"}), codebook)
    if wanted.since is not None or wanted.until is not None:
        span = When.between(wanted.since and wanted.since.first, wanted.until and wanted.until.last)
        found = [e for e in found if e.time is not None and When.parse(e.time).agrees(span)]
    return sorted(found, key=_order)


def _fits(entry: Entry, seen: Seen) -> bool:
    if seen is Seen.waiting:
        return state(entry) == seen
    review = entry.review
    return (review is not None and len(review.claims) == len(entry.claims)) == (seen is Seen.yes)


def undated(entries: Iterable[Entry], wanted: Selection, codebook: Codebook) -> int:
    """How many entries a time filter left out only because no words say when they were."""
    if wanted.since is None and wanted.until is None:
        return 0
    return sum(1 for e in select(entries, replace(wanted, since=None, until=None), codebook) if e.time is None)


def known(entries: Iterable[Entry], wanted: Selection, codebook: Codebook) -> list[str]:
    """The actors and items asked for that neither an entry nor the codebook has."""
    found = list(entries)
    missing = []
    for asked, types in ((wanted.actor, _ACTORS), (wanted.item, frozenset({"item"}))):
        if asked is None:
            continue
        every = {v for e in found for v in _values(e, types, codebook)}
        every |= set(codebook.parents) if types != _ACTORS else _actors(codebook)
        if not any(_begins(v, asked) for v in every):
            missing.append(asked)
    return missing


def _actors(codebook: Codebook) -> set[str]:
    names = codebook.names
    return {*names.capitals, *names.organisations, *names.people, *names.places, *names.members}


def _order(entry: Entry) -> tuple[bool, str, str, str, str]:
    when = None if entry.time is None else When.parse(entry.time)
    first, last = (str(when.first or ""), str(when.last or "9999")) if when is not None else ("", "")
    return when is None, last, first, entry.kind, entry.id


def _with(entries: list[Entry], asked: str, types: frozenset[str], codebook: Codebook) -> list[Entry]:
    """The entries with a value asked for in a role of one of these types."""
    values = {e.id: _values(e, types, codebook) for e in entries}
    every = {value for found in values.values() for value in found}
    if "item" in types:
        every |= codebook.parents.keys()
    fits = {asked} if asked in every else {value for value in every if _begins(value, asked)}
    if "item" in types:
        fits = _below(fits, codebook)
    return [e for e in entries if values[e.id] & fits]


def _values(entry: Entry, types: frozenset[str], codebook: Codebook) -> set[str]:
    kind = codebook.kinds.get(entry.kind)
    roles = {} if kind is None else kind.roles
    return {value for name, values in entry.roles for value in values if name in roles and roles[name].type in types}


def _begins(value: str, asked: str) -> bool:
    folded, whole = asked.casefold(), value.casefold()
    own = whole.partition(":")[2]
    # A family name is the last part of a person's id; fewer letters would begin a part of too many ids.
    parts = own.split("-")[1:] if len(folded) >= _LETTERS else []
    return whole.startswith(folded) or own.startswith(folded) or any(part.startswith(folded) for part in parts)


def _below(items: set[str], codebook: Codebook) -> set[str]:
    """The items and all that stand below them in the tree."""
    found = set(items)
    grown = True
    while grown:
        more = {child for child, parent in codebook.parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found
