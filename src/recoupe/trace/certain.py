"""Copies of which it is certain that the report is no older than another text of its family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from recoupe.codebook import Codebook
from recoupe.model import Elder, Origin, Reading
from recoupe.trace.names import Outlets
from recoupe.trace.rank import writes
from recoupe.trace.roots import TEXTS, families_of


def certain(readings: Sequence[Reading], origins: Iterable[Origin], codebook: Codebook) -> list[Elder]:
    """For each copy or translation the earliest of the texts that it can have its own from: those of its family that
    are an agency's or official body's, and those whose outlet it names, or a report that it is copied from does. Where
    none is, the finding rests on the dates, which is no ground for a date; and so it is where one of several is not
    dated, for that may be the earliest.
    """
    known = list(origins)
    families = families_of((r.report.doc for r in readings), known)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for doc in sorted(families):
        members[families[doc]].append(doc)
    who = _Who.of(readings, known, codebook)
    return [elder for docs in members.values() if len(docs) > 1 for elder in _Family(docs, who).elders()]


@dataclass(frozen=True)
class _Who:
    """Of each report, by doc: its outlet, whether that is an agency or official body, the first day that its page gives
    it, the sources that it names, the origins of its text.
    """

    own: Mapping[str, str | None]
    writes: frozenset[str]
    first: Mapping[str, date | None]
    named: Mapping[str, set[str]]
    texts: Mapping[str, list[Origin]]

    @classmethod
    def of(cls, readings: Sequence[Reading], origins: Iterable[Origin], codebook: Codebook) -> _Who:
        outlets = Outlets(codebook.outlets)
        own = {r.report.doc: outlets.own(r.report) for r in readings}
        dated = {r.report.doc: r.dating.by_itself for r in readings}
        named: dict[str, set[str]] = {doc: set() for doc in own}
        texts: dict[str, list[Origin]] = {doc: [] for doc in own}
        for origin in sorted(origins, key=lambda o: (o.doc, o.source)):
            if origin.doc in own and origin.relation == "named":
                named[origin.doc].add(origin.source)
            elif origin.doc in own and origin.source in own and origin.relation in TEXTS:
                texts[origin.doc].append(origin)
        first = {doc: None if when is None else when.first for doc, when in dated.items()}
        return cls(own, frozenset(doc for doc in own if writes(own[doc], outlets)), first, named, texts)

    def above(self, doc: str) -> frozenset[str]:
        """The reports that a report has its text from, near and far."""
        seen, new = set[str](), {doc}
        while new:
            seen |= new
            new = {o.source for d in new for o in self.texts[d]} - seen
        return frozenset(seen - {doc})


@dataclass(frozen=True)
class _Family:
    """Reports that copies and translations join, sorted."""

    docs: Sequence[str]
    who: _Who

    @cached_property
    def texts(self) -> Mapping[str, frozenset[str]]:
        """The texts that the others can be from, each with what is above it: those of agencies and official bodies, and
        of outlets that one of the family names.
        """
        called = {source for doc in self.docs for source in self.who.named[doc]}
        found = (doc for doc in self.docs if doc in self.who.writes or self.who.own[doc] in called)
        return {doc: self.who.above(doc) for doc in found}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Words that a report shares with others of the family: those that it has from them, else they from it."""
        edges = [o for doc in self.docs for o in self.who.texts[doc]]
        return {o.source: o.words for o in reversed(edges)} | {o.doc: o.words for o in reversed(edges)}

    def elders(self) -> Iterator[Elder]:
        """The earliest text that each report can be from, where there is one and it is known."""
        for doc in self.docs if self.texts else ():
            above = self.who.above(doc) if self.texts.keys() - self.who.writes else frozenset[str]()
            found = [text for text in self.texts if self._from(doc, text, above)]
            days = [day for text in found if (day := self.who.first[text]) is not None]
            if len(found) == 1 or (found and len(days) == len(found)):
                text = min(found, key=lambda t: (self.who.first[t] or date.max, t))
                direct = (o.words for o in self.who.texts[doc] if o.source == text)
                yield Elder(doc, text, next(direct, self.words[doc]), len(found) == 1)

    def _from(self, doc: str, text: str, above: frozenset[str]) -> bool:
        """Can the report have its text from there? Not where that one has it from the report, or names it."""
        who = self.who
        if text == doc or doc in self.texts[text] or who.own[doc] in who.named[text]:
            return False
        return who.own[text] in who.named[doc] or (doc not in who.writes and (text in who.writes or text in above))
