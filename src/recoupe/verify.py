"""Is a ledger what its pages say? Looks for damage, derives everything again from the kept pages, and compares.

It never writes. Whatever is damaged, it goes on with what is left.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from recoupe.codebook import Codebook
from recoupe.errors import LedgerError
from recoupe.ledger import Damage, Ledger, Made, Past
from recoupe.ledger.codec import dumps
from recoupe.model import Page, Reading
from recoupe.pipeline import Derived, Work, derive, made_with, refuse_another_codebook
from recoupe.review import Given

What = Literal["readings", "origins", "entries"]
_NOT_DERIVED, _NOT_KEPT = "in the ledger, and does not come of its pages", "not in the ledger"


@dataclass(frozen=True, slots=True)
class Difference:
    """A reading, origin or entry that is not what comes of the pages."""

    what: What
    name: str
    how: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `pages` is how many were read again, 0 where that was not asked for; `underived` says why it
    could not be done; `others` are the versions and codebooks, not those of now, that the ledger was made
    with, None where it does not say so.
    """

    batches: tuple[Past, ...]
    damages: tuple[Damage, ...]
    pages: int = 0
    differences: tuple[Difference, ...] = ()
    underived: str | None = None
    others: tuple[Made | None, ...] = ()

    @property
    def well(self) -> bool:
        """Is the ledger whole, and what its pages say?"""
        return not self.damages and not self.differences and self.underived is None


def look_over(ledger: Ledger) -> Verdict:
    """Looks for damage, without reading any page again."""
    damages = tuple(dict.fromkeys(ledger.history.audit()))
    try:
        return Verdict(tuple(ledger.history.batches()), damages)
    except LedgerError:  # the table is damaged, and the audit says so
        return Verdict((), damages)


def with_seal(verdict: Verdict, seal: str) -> Verdict:
    """The verdict, with a damage where no batch has this seal any more: without its last batches, or sealed anew from
    the beginning, a ledger is whole all the same. `seal` may be the beginning of one.
    """
    if seal and any((past.seal or "").startswith(seal.lower()) for past in verdict.batches):
        return verdict
    return replace(verdict, damages=(*verdict.damages, Damage("seals", seal, "no batch has this seal")))


def verify(ledger: Ledger, codebook: Codebook, work: Work | None = None) -> Verdict:
    """Looks for damage, reads every page again, and compares. Raises LedgerError where the ledger was filled with
    another codebook.
    """
    made = made_with(codebook)
    found = look_over(ledger)
    try:
        makers = ledger.history.makers()
    except LedgerError:  # as in `look_over`
        makers = [None]
    refuse_another_codebook(makers, made)
    found = replace(found, others=tuple(sorted(set(makers) - {made}, key=str)))
    try:
        if ledger.unsettled():
            return replace(found, underived="a run was interrupted before it was checked: read the pages again first")
        docs = ledger.docs()
    except LedgerError as error:
        return replace(found, underived=str(error))
    kept = {doc: reading for doc in docs if (reading := _reading(ledger, doc)) is not None}
    derived = derive(docs, partial(_page, ledger), codebook, work, kept.get, Given(ledger.reviews(), ledger.hashes()))
    return replace(found, pages=len(docs), differences=tuple(_differences(ledger, kept, derived)))


def _page(ledger: Ledger, doc: str) -> Page | None:
    """The page of a doc; None where it is damaged, which the audit tells of."""
    try:
        return ledger.page(doc)
    except LedgerError:
        return None


def _reading(ledger: Ledger, doc: str) -> Reading | None:
    try:
        return ledger.reading(doc)
    except LedgerError:
        return None


def _differences(ledger: Ledger, kept: Mapping[str, Reading], derived: Derived) -> Iterator[Difference]:
    """What is not as it was derived, in the order of the stages."""
    unread = {problem.doc: problem.reason for problem in derived.problems}
    again = {reading.report.doc: reading for reading in derived.readings}
    for doc in sorted({*kept, *again, *unread}):
        if doc in unread:
            yield Difference("readings", doc, f"it cannot be read again: {unread[doc]}")
        elif doc not in kept:
            yield Difference("readings", doc, "the ledger has none of it that can be used")
        elif dumps(kept[doc]) != dumps(again[doc]):
            yield Difference("readings", doc, _how_read(kept[doc], again[doc]))
    yield from _of_all(ledger, "origins", map(dumps, derived.origins))
    yield from _of_all(ledger, "entries", map(dumps, derived.entries))


def _how_read(kept: Reading, again: Reading) -> str:
    """In what two readings of a page differ, from its text onwards."""
    then, now = kept.dating.when, again.dating.when
    parts = (
        ("text", kept.report.text != again.report.text),
        ("what is around the text", kept.report != again.report and kept.report.text == again.report.text),
        (f"date ({then} kept, {now} read)", then != now),
        ("reasons of the date", kept.dating != again.dating and then == now),
        ("quotations", kept.quotes != again.quotes),
        (f"claims ({len(kept.claims)} kept, {len(again.claims)} read)", kept.claims != again.claims),
    )
    return "other " + (", ".join(name for name, differs in parts if differs) or "names and numbers")


def _of_all(ledger: Ledger, what: Literal["origins", "entries"], derived: Iterable[str]) -> Iterator[Difference]:
    """Origins or entries of which the canonical JSON that is kept is not what was derived."""
    try:
        texts = ledger.history.texts(what)
    except LedgerError as error:
        yield Difference(what, "all", str(error))
        return
    kept, wanted = set(texts), set(derived)
    for name in _by_name(text for text, often in Counter(texts).items() if often > 1):
        yield Difference(what, name, "it stands more than once")
    gone, new = _by_name(kept - wanted), _by_name(wanted - kept)
    for name in sorted({*gone, *new}):
        if name in gone and name in new:
            yield Difference(what, name, _fields(gone[name], new[name]))
        else:
            yield Difference(what, name, _NOT_DERIVED if name in gone else _NOT_KEPT)


def _by_name(texts: Iterable[str]) -> dict[str, str]:
    """Canonical JSON by what people call the thing: an entry's id, or who has it from whom."""
    found: dict[str, str] = {}
    for text in sorted(texts):
        said = _said(text)
        name = f"{said.get('doc')} from {said.get('source')}" if "source" in said else str(said.get("id", "?"))
        while name in found:
            name += "'"
        found[name] = text
    return found


def _said(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {}


def _fields(kept: str, derived: str) -> str:
    one, other = _said(kept), _said(derived)
    return "other " + ", ".join(name for name in sorted({*one, *other}) if one.get(name) != other.get(name))
