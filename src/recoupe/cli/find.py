"""What a person's words on the command line name: a report or an entry of a ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from recoupe.errors import RecoupeError
from recoupe.ledger import Ledger
from recoupe.model import Entry, Origin, Reading

_MOST = 5  # names that an error lists
_LIKE = 70  # of 100: how like what was typed a name must be to have been meant


@dataclass(frozen=True)
class View:
    """A ledger's content, ready to be looked up by what a person types."""

    readings: Mapping[str, Reading]
    entries: Sequence[Entry]
    origins: Sequence[Origin]
    marked: bool

    @classmethod
    def of(cls, ledger: Ledger, marked: bool) -> View:
        """Everything in the ledger; `marked` puts words that matter in brackets, where styles cannot show them."""
        return cls({r.report.doc: r for r in ledger.readings()}, ledger.entries(), ledger.origins(), marked)

    def thing(self, wanted: str) -> Reading | Entry | None:
        """The report of that name, else the entry whose id begins so, else the only report with that in its name."""
        if wanted in self.readings:
            return self.readings[wanted]
        entry = find_entry(self.entries, wanted)
        if entry is not None:
            return entry
        doc = find_doc(self.readings, wanted)
        return None if doc is None else self.readings[doc]


def find_doc(docs: Collection[str], wanted: str) -> str | None:
    """The doc of that name, or the only one that has it in its name; None without any. Raises RecoupeError where there
    are several.
    """
    if wanted in docs:
        return wanted
    found = [doc for doc in docs if wanted in doc]
    if len(found) > 1:
        raise RecoupeError(
            f"{wanted}: {len(found)} reports have that in their name: {', '.join(sorted(found)[:_MOST])}"
        )
    return found[0] if found else None


def find_entry(entries: Sequence[Entry], wanted: str) -> Entry | None:
    """The entry whose id begins so; None without any. Raises RecoupeError where there are several."""
    found = [e for e in entries if e.id.startswith(wanted.lower())]
    if len(found) > 1:
        raise RecoupeError(f"{wanted}: {len(found)} entries begin so: {', '.join(e.id for e in found[:_MOST])}")
    return found[0] if found else None


def like(wanted: str, names: Collection[str]) -> str:
    """What to say after an error about a name that nothing has: the names nearest to it, where some are near."""
    near = process.extract(wanted, sorted(names), scorer=fuzz.WRatio, limit=_MOST, score_cutoff=_LIKE)
    return f"; like it: {', '.join(name for name, _, _ in near)}" if near else ""
