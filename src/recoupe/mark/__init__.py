"""Marks: the names, numbers, times and quotations of a report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import MEASURE
from recoupe.codebook.timefinder import find_times
from recoupe.mark.measures import MeasureFinder
from recoupe.mark.names import Found, NameMatcher
from recoupe.mark.numbers import NumberFinder
from recoupe.mark.people import PeopleFinder
from recoupe.mark.quotes import find_quotes
from recoupe.mark.speakers import Known
from recoupe.model import Mention, Reading, Span
from recoupe.values import Actor, Item

__all__ = ["Marker", "mark"]


@dataclass(frozen=True)
class Marker:
    """What marking needs of one language, built once."""

    codebook: Codebook
    lang: str
    names: NameMatcher
    numbers: NumberFinder
    measures: MeasureFinder
    people: PeopleFinder
    known: Known

    @classmethod
    def of(cls, codebook: Codebook, lang: str) -> Marker:
        """The marker of a codebook's language, built once (the codebook is kept, so that its id stays its own)."""
        key = (id(codebook), lang)
        if key not in _built:
            words = codebook.names.words[lang]
            currencies = {form: s.id for form, senses in words.items() for s in senses if s.type == "currency"}
            language = codebook.languages[lang]
            numbers = NumberFinder(language.numbers, currencies, codebook.names.symbols[lang])
            _built[key] = cls(
                codebook, lang, NameMatcher(words), numbers, MeasureFinder(language.measures, numbers),
                PeopleFinder(codebook, lang), _known(codebook),
            )  # fmt: skip
        return _built[key]

    def mentions(self, text: str) -> list[Mention]:
        """All mentions in `text`, in order."""
        times = [
            Mention(Span(t.start, t.end), "time", t.ref, t.rule)
            for t in find_times(text, self.codebook.languages[self.lang].times, self.codebook.calendar)
        ]
        # An event's name may hold a thing's ("until the Patriot deal"); the thing is what is told of.
        found = [
            f
            for f in self.names.find(text)
            if any(s.type == "item" for s in f.senses) or not _inside(Span(f.start, f.end), times)
        ]
        times = [t for t in times if not any(f.start < t.span.end and t.span.start < f.end for f in found)]
        people = self.people.find(text, found, [t.span for t in times])
        names = self._names(text, found, people)
        amounts = [
            Mention(a.span, "amount", a.amount, a.note)
            for a in self.numbers.amounts(text)
            if not _touches(a.span, times)
        ]
        measures = [
            Mention(m.span, MEASURE, m.value, m.name)
            for m in self.measures.measures(text)
            if not _touches(m.span, (*times, *amounts))
        ]
        names = [n for n in names if not _inside(n.span, (*amounts, *measures))]
        taken = sorted(m.span for m in (*times, *names, *people, *amounts, *measures))
        counts = [Mention(c.span, "count", c.count) for c in self.numbers.counts(text, taken)]
        return sorted(
            [*times, *people, *names, *amounts, *measures, *counts], key=lambda m: (m.span, m.type, str(m.value))
        )

    def _names(self, text: str, found: Sequence[Found], people: Sequence[Mention]) -> list[Mention]:
        names: list[Mention] = []
        covered = [p.span for p in people]
        for f in found:
            span = Span(f.start, f.end)
            if any(c.holds(span) for c in covered) or _prefixed(text, f.start):
                continue
            for sense in f.senses:
                if sense.type == "coreference":
                    names += self._antecedent(span, sense.id, names)
                elif sense.type in ("actor", "place", "item"):
                    names.append(
                        Mention(
                            span, sense.type, self._value(sense.type, sense.id), sense.how, self._acts_for(sense.id)
                        )
                    )
        return _deepest(text, _one_item(names), self.codebook.languages[self.lang].grammar.item_nouns)

    def _value(self, kind: str, id_: str) -> Actor | Item:
        if kind == "item":
            return Item.parse(id_, self.codebook.parents)
        return Actor.parse(id_, self.codebook.members)

    def _acts_for(self, id_: str) -> Actor | None:
        organisation = self.codebook.names.organisations.get(id_)
        return Actor.parse(organisation.acts_for) if organisation and organisation.acts_for else None

    def _antecedent(self, span: Span, kind: str, names: Sequence[Mention]) -> list[Mention]:
        """The last actor of a kind that was named before ("the alliance")."""
        if any(n.span == span for n in names):
            return []
        for name in reversed(names):
            if name.type == "actor" and self._kind(str(name.value)) == kind and name.note != "adjective":
                return [replace(name, span=span, note="coreference")]
        return []

    def _kind(self, id_: str) -> str:
        organisation = self.codebook.names.organisations.get(id_)
        return organisation.kind if organisation else "state" if id_.startswith("country:") else "group"


_built: dict[tuple[int, str], Marker] = {}


def mark(reading: Reading, codebook: Codebook) -> Reading:
    """The reading with its mentions and quotations; a report in a language without files stays as it is."""
    lang = reading.report.lang
    if lang not in codebook.languages:
        return reading
    marker = Marker.of(codebook, lang)
    mentions = marker.mentions(reading.report.text)
    quotes = find_quotes(reading.report.text, mentions, codebook.languages[lang].grammar, marker.known)
    return replace(reading, mentions=tuple(mentions), quotes=tuple(quotes))


def _known(codebook: Codebook) -> Known:
    held: dict[str, set[tuple[str, str]]] = {}
    for term in codebook.names.terms:
        held.setdefault(term.person, set()).add((term.office, term.actor))
    people = codebook.names.people.values()
    first = {(p.id.removeprefix("person:").split("-")[0], p.sex) for p in people if p.sex}
    of_both = {name for name, n in Counter(name for name, _ in first).items() if n > 1}
    return Known(
        {p.id: p.sex for p in people},
        frozenset(o.id for o in codebook.names.organisations.values() if o.kind == "media"),
        {person: frozenset(offices) for person, offices in held.items()},
        {name: sex for name, sex in first if name not in of_both},
    )


def _inside(span: Span, mentions: Iterable[Mention]) -> bool:
    return any(m.span.holds(span) for m in mentions)


def _touches(span: Span, mentions: Iterable[Mention]) -> bool:
    return any(m.span.touches(span) for m in mentions)


def _prefixed(text: str, start: int) -> bool:
    """Is the name the second part of a compound such as "anti-Russian"?"""
    return bool(re.search(r"[a-zà-ÿ]{2,}-$", text[max(0, start - 12) : start]))


def _one_item(names: list[Mention]) -> list[Mention]:
    """Of the items that one name may stand for ("Patriot": the system, its missiles) the one that the report names
    otherwise.
    """
    several = Counter(n.span for n in names if n.type == "item")
    clear = Counter(str(n.value) for n in names if n.type == "item" and several[n.span] == 1)
    kept: dict[Span, Mention] = {}
    for n in names:
        if n.type == "item" and (n.span not in kept or clear[str(n.value)] > clear[str(kept[n.span].value)]):
            kept[n.span] = n
    return [n for n in names if n.type != "item" or kept[n.span] is n]


def _deepest(text: str, names: list[Mention], plain: frozenset[str]) -> list[Mention]:
    """Joins items that stand side by side and say one thing ("air-defence system S-300"): the more exact one stays, and
    of a name with a `plain` noun for a thing ("Bushmaster vehicles"), the name's.
    """
    joined: list[Mention] = []
    for name in names:
        last = joined[-1] if joined else None
        if (
            last
            and last.type == name.type == "item"
            and not text[last.span.end : name.span.start].strip()
            and last.span.end <= name.span.start
        ):
            both = _one_thing(text, last, name, plain)
            if both is not None:
                joined[-1] = Mention(Span(last.span.start, name.span.end), "item", both, "name")
                continue
        joined.append(name)
    return joined


def _one_thing(text: str, first: Mention, second: Mention, plain: frozenset[str]) -> Item | None:
    """The item that two names side by side say together, if they say one."""
    a, b = first.value, second.value
    if not isinstance(a, Item) or not isinstance(b, Item):
        return None
    words = [text[m.span.start : m.span.end].lower() for m in (first, second)]
    return a.meet(b) or (a if words[1] in plain else b if words[0] in plain else None)
