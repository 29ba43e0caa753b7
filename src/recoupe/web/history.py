"""What became of an entry: when it came into the ledger, what changed when, and by which reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from recoupe.codebook import Codebook
from recoupe.desk import parts
from recoupe.ledger import Stood
from recoupe.model import Entry
from recoupe.publish.changes import EntryChange, Moved, changes
from recoupe.web.reviewing import Changed
from recoupe.web.rows import types_of


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the ledger, at a time (UTC, ISO 8601): an entry `came`, `changed` or `went`. `was` is the id that it
    had before, where it was another; `others` are the entries that its claims were in before, or are in now.

    `changed` are the fields that say something else, `arisen` those that reports now contradict each other on, `solved`
    those that they no longer do; `reports` are those that tell it now and did not before (of one that came: all),
    `left` those that did before; `origins` and `lost` likewise.
    """

    at: str
    what: Literal["came", "changed", "went"]
    id: str
    was: str | None = None
    others: tuple[str, ...] = ()
    changed: tuple[Changed, ...] = ()
    arisen: tuple[str, ...] = ()
    solved: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def history(stood: Sequence[Stood], codebook: Codebook) -> tuple[Step, ...]:
    """What became of entries that stood, each for a while; the latest first."""
    times = {one.since: one.at for one in stood}
    times |= {one.until: one.until_at for one in stood if one.until is not None and one.until_at is not None}
    steps: list[Step] = []
    for batch in sorted(times):
        went = [one.entry for one in stood if one.until == batch]
        came = [one.entry for one in stood if one.since == batch]
        found = changes({}, {}, went, came, {})
        steps += [_moved(moved, "came", times[batch]) for moved in found.new]
        steps += [_changed(change, times[batch], codebook) for change in found.changed]
        steps += [_moved(moved, "went", times[batch]) for moved in found.gone]
    return tuple(reversed(steps))


def _moved(moved: Moved, what: Literal["came", "went"], at: str) -> Step:
    came = what == "came"
    return Step(
        at, what, moved.entry.id, others=moved.others, reports=_docs(moved.entry) if came else (),
        origins=moved.entry.origins if came else (),
    )  # fmt: skip


def _changed(change: EntryChange, at: str, codebook: Codebook) -> Step:
    types = types_of(change.after.kind, codebook)
    then, now = set(_docs(change.before)), set(_docs(change.after))
    return Step(
        at, "changed", change.after.id, change.before.id if change.before.id != change.after.id else None,
        changed=tuple(Changed(f.name, types.get(f.name, "free"), f.before, f.after) for f in change.fields),
        arisen=_fields(c.field for c in change.arisen), solved=_fields(c.field for c in change.solved),
        reports=tuple(sorted(now - then)), left=tuple(sorted(then - now)),
        origins=change.origins.after, lost=change.origins.before,
    )  # fmt: skip


def _fields(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _docs(entry: Entry) -> tuple[str, ...]:
    return tuple(sorted({parts(ref)[0] for ref in entry.claims}))
