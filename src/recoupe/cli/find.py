"""What a person's words on the command line name: a report or an entry of a ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from recoupe.errors import RecoupeError
from recoupe.ledger import Ledger
from recoupe.model import Entry, Origin, Reading
from recoupe.review import Given, Outcome, apply

_MOST = 5  # names that an error lists
_LEAST, _DIGITS = 4, 6  # characters of an entry's id that may stand for it; of digits alone, which may be a year
_LIKE = 70  # of 100: how like what was typed a name must be to have been meant


@dataclass(frozen=True)
class View:
    """A ledger's content, ready to be looked up by what a person types: the readings by doc, as people have reviewed
    them, and what else the reviews say.
    """

    readings: Mapping[str, Reading]
    entries: Sequence[Entry]
    origins: Sequence[Origin]
    marked: bool
    outcome: Outcome = field(default_factory=lambda: Outcome(()))

    @classmethod
    def of(cls, ledger: Ledger, marked: bool) -> View:
        """Everything in the ledger; `marked` puts words that matter in brackets, where styles cannot show them."""
        outcome = reviewed(ledger)
        by_doc = {r.report.doc: r for r in outcome.readings}
        return cls(by_doc, ledger.entries(), ledger.origins(), marked, outcome)

    def thing(self, wanted: str) -> Reading | Entry | None:
        """The report of that name, the entry of that id; else the only entry whose id begins so, or the only report
        with that in its name. Raises RecoupeError where there are several.
        """
        need(wanted)
        if wanted in self.readings:
            return self.readings[wanted]
        entry = find_entry(self.entries, wanted)
        if entry is not None and entry.id != wanted.lower() and any(wanted in doc for doc in self.readings):
            docs = _listed(doc for doc in self.readings if wanted in doc)
            raise RecoupeError(f"{wanted}: the entry {entry.id} begins so, and reports have it in their name: {docs}")
        if entry is not None:
            return entry
        doc = find_doc(self.readings, wanted)
        if doc is None and wanted.isdecimal() and (begin := [e.id for e in self.entries if e.id.startswith(wanted)]):
            raise RecoupeError(
                f"{wanted}: no report has that in its name, and so few digits name no entry; "
                f"entries that begin so: {_listed(begin)}"
            )
        return None if doc is None else self.readings[doc]


def reviewed(ledger: Ledger) -> Outcome:
    """The readings of a ledger as people have reviewed them."""
    return apply(ledger.readings(), Given(ledger.reviews(), ledger.hashes()))


def need(wanted: str) -> None:
    """Raises RecoupeError for a name that says nothing."""
    if not wanted.strip():
        raise RecoupeError("expected the name of a report or entry, found nothing")


def find_doc(docs: Collection[str], wanted: str) -> str | None:
    """The doc of that name, or the only one that has it in its name; None without any. Raises RecoupeError where there
    are several.
    """
    need(wanted)
    if wanted in docs:
        return wanted
    found = [doc for doc in docs if wanted in doc]
    if len(found) > 1:
        raise RecoupeError(f"{wanted}: {len(found)} reports have that in their name: {_listed(found)}")
    return found[0] if found else None


def find_entry(entries: Sequence[Entry], wanted: str) -> Entry | None:
    """The entry of that id, or whose id begins so; None without any. Raises RecoupeError where there are several.

    A few digits are mostly a year or a number, and name none.
    """
    begin = wanted.lower()
    if len(begin) < (_DIGITS if begin.isdecimal() else _LEAST):
        return None
    found = [e for e in entries if e.id.startswith(begin)]
    if len(found) > 1:
        raise RecoupeError(f"{wanted}: {len(found)} entries begin so: {_listed(e.id for e in found)}")
    return found[0] if found else None


def _listed(names: Iterable[str]) -> str:
    """The first of some names."""
    known = sorted(names)
    return ", ".join(known[:_MOST]) + (", ..." if len(known) > _MOST else "")


def like(wanted: str, names: Collection[str]) -> str:
    """What to say after an error about a name that nothing has: the names nearest to it, where some are near."""
    near = process.extract(wanted, sorted(names), scorer=fuzz.WRatio, limit=_MOST, score_cutoff=_LIKE)
    return f"; like it: {', '.join(name for name, _, _ in near)}" if near else ""
