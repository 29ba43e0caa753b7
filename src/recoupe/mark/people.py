"""People and offices: "the Ukrainian foreign minister, Dmytro Kuleba", "le Premier ministre X"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recoupe.codebook import Codebook
from recoupe.codebook.patterns import FULL_NAME, NAME_WORD, either
from recoupe.mark.names import Found, fold
from recoupe.mark.strangers import Strangers
from recoupe.model import Mention, Span
from recoupe.values import Actor, slug


@dataclass(frozen=True, slots=True)
class Office:
    """An office told in a text, and whose it is."""

    span: Span
    office: str
    actor: str | None


class PeopleFinder:
    """Puts offices, whose they are, and names together, by the rules of one language."""

    def __init__(self, codebook: Codebook, lang: str) -> None:
        grammar = codebook.languages[lang].grammar
        self._names = codebook.names
        links, qualifiers = either(grammar.connectors), either(grammar.qualifiers)
        articles, honorific = either(grammar.articles), either(grammar.honorifics)
        self._of = re.compile(rf"\s*(?:{links}\s*)?(?:{articles}\s*)?", re.I)
        # where a noun comes last, a word of its own may stand between its owner and it ("the US special envoy")
        between = "" if grammar.head_first else r"(?P<word>[\w'-]+\s)?"
        self._before = re.compile(rf"\s*(?:{qualifiers}\s*)*{between}", re.I)
        self._lexicon = codebook.languages[lang].lexicon
        self._apposed = re.compile(rf",?\s*(?:{honorific}\s)?", re.I)
        self._after_name = re.compile(rf"\s?,\s*(?:{articles}\s?)?(?:{qualifiers}\s)*", re.I)
        self._unknown = re.compile(rf"(?:{honorific}\s)?(?P<name>{FULL_NAME})")
        self._honorific = re.compile(rf"(?<!\w){honorific}\s$")
        self._tails = _tails(codebook, lang)
        offices = (
            form for form, senses in codebook.names.words[lang].items() if any(x.type == "office" for x in senses)
        )
        self._titles = {w for form in (*offices, *grammar.honorifics) for w in fold(form).split()}
        self._strangers = Strangers(codebook, lang, self._titles)

    def find(self, text: str, found: Sequence[Found], times: Sequence[Span] = ()) -> list[Mention]:
        """Mentions of people, and of offices that stand without a name; nobody is called what `times` hold."""
        offices = self._offices(text, found)
        people = self._people(text, found, offices, times)
        taken = [m.span for m in people]
        alone = [self._bare_office(o) for o in offices if o.actor and not any(s.touches(o.span) for s in taken)]
        return sorted([*people, *alone], key=lambda m: m.span)

    def _bare_office(self, office: Office) -> Mention:
        actor = self._actor(office.actor or "")
        return Mention(office.span, "actor", actor, f"office:{office.office}", actor)

    def _actor(self, id_: str) -> Actor:
        return Actor.parse(id_, self._names.members)

    def _offices(self, text: str, found: Sequence[Found]) -> list[Office]:
        offices: list[Office] = []
        for i, f in enumerate(found):
            office = next((s.id for s in f.senses if s.type == "office"), None)
            if office is None or (offices and f.start < offices[-1].span.end):
                continue
            start, end, actor = f.start, f.end, None
            for following in found[i + 1 : i + 3]:
                owner = self._owner(following)
                if owner is None or not self._of.fullmatch(text, end, following.start):
                    break
                actor, end = actor or owner, following.end
                office, end = self._tail(text, found[i], end) or (office, end)
            if (
                actor is None
                and i
                and (owner := self._owner(found[i - 1]))
                and self._owns(text[found[i - 1].end : start])
            ):
                start, actor = found[i - 1].start, owner
            offices.append(Office(Span(start, end), self._which_office(found[i], office, actor), actor))
        return offices

    def _owns(self, between: str) -> bool:
        """Does what stands between an actor and an office make the office its own? In "Norway sent envoys" a verb parts
        them.
        """
        m = self._before.fullmatch(between)
        word = (m.groupdict().get("word") or "").strip() if m else ""
        verbs = (t for t in self._lexicon.candidates(word) if t.part == "verb") if word else ()
        return m is not None and not any(t.pattern.fullmatch(word) for t in verbs)

    def _which_office(self, f: Found, office: str, actor: str | None) -> str:
        """Of the offices that one word names, the one that somebody has held for this actor."""
        senses = [s.id for s in f.senses if s.type == "office"]
        if office not in senses or actor is None:
            return office
        held = {t.office for t in self._names.terms if t.actor == actor}
        return next((s for s in senses if s in held), office)

    @staticmethod
    def _owner(f: Found) -> str | None:
        """Whose an office beside this name is: a state or an organisation; a capital stands for its state."""
        return next((s.id for s in f.senses if s.type == "actor"), None)

    def _tail(self, text: str, head: Found, end: int) -> tuple[str, int] | None:
        """The rest of an office that an adjective parts ("ministre ukrainien de la Défense")."""
        rest = fold(text[end : end + 60])
        word = fold(text[head.start : head.end])
        for tail, office in self._tails.get(word, ()):
            if rest.startswith(tail) and not rest[len(tail) : len(tail) + 1].isalnum():
                return office, end + len(tail)
        return None

    def _people(
        self, text: str, found: Sequence[Found], offices: Sequence[Office], times: Sequence[Span]
    ) -> list[Mention]:
        people: list[Mention] = []
        named = [f for f in found if any(s.type == "person" for s in f.senses)]
        known = self._introduced(named)
        for f in named:
            office = self._office_beside(text, f, offices, named)
            person = None if self._of_another(text, f) else self._which(f, office, known)
            if person:
                people.append(self._person(text, Span(f.start, f.end), person, office))
        people += self._unknown_people(text, found, offices, people)
        return [*people, *self._strangers.find(text, found, people, times)]

    def _of_another(self, text: str, f: Found) -> bool:
        """Is a known family name the last part of a name that is not known ("Catherine Johnson")?"""
        if any(s.how == "name" for s in f.senses if s.type == "person"):
            return False
        if re.match(r"-[A-ZÀ-Þ]", text[f.end : f.end + 2]) or text[f.start - 1 : f.start] == "-":
            return True
        if re.match(r"\s[A-Z]\.\s?[A-ZÀ-Þ]", text[f.end : f.end + 6]):
            return True
        before = re.search(rf"(?<![\w.’'-])({NAME_WORD})\s$", text[max(0, f.start - 40) : f.start])
        if before is None:
            return False
        start = f.start - len(before[0])
        opens = not text[:start].rstrip(' «“"(') or text[:start].rstrip(' «“"(').endswith((".", "\n", "!", "?"))
        own = {w for s in f.senses if s.type == "person" for w in s.id.split(":")[1].split("-")}
        # At the head of a sentence any word has a capital.
        first = fold(before[1])
        return first not in self._titles | own and (not opens or first in self._strangers.first_names)

    def _office_beside(
        self, text: str, name: Found, offices: Iterable[Office], named: Sequence[Found]
    ) -> Office | None:
        """The office before a name, or the one after it that is not before the next ("A, President B and C")."""
        for office in offices:
            if office.span.end <= name.start and self._apposed.fullmatch(text, office.span.end, name.start):
                return office
            if name.end <= office.span.start and self._after_name.fullmatch(text, name.end, office.span.start):
                following = (f for f in named if f.start >= office.span.end)
                if not any(self._apposed.fullmatch(text, office.span.end, f.start) for f in following):
                    return office
        return None

    @staticmethod
    def _introduced(named: Sequence[Found]) -> Counter[str]:
        """How often the report names each person in full: a family name alone goes to one of them."""
        return Counter(s.id for f in named for s in f.senses if s.type == "person" and s.how == "name")

    def _which(self, f: Found, office: Office | None, known: Counter[str]) -> str | None:
        """The one person that a name stands for here, or None where several may be meant."""
        candidates = [s.id for s in f.senses if s.type == "person"]
        full = [s.id for s in f.senses if s.type == "person" and s.how == "name"]
        if full:
            return full[0]
        if any(s.type in ("place", "actor", "item") for s in f.senses) and not any(c in known for c in candidates):
            return None
        if office:
            held = [
                c
                for c in candidates
                if any(
                    t.person == c and t.office == office.office and office.actor in (None, t.actor)
                    for t in self._names.terms
                )
            ]
            candidates = held or candidates
        candidates = [c for c in candidates if known[c]] or candidates
        return candidates[0] if len(candidates) == 1 else None

    def _person(self, text: str, name: Span, person: str, office: Office | None) -> Mention:
        start, end = name.start, name.end
        m = self._honorific.search(text, max(0, start - 12), start)
        if m:
            start = m.start()
        note, actor = "name", office.actor if office else None
        if office:
            start, end, note = min(start, office.span.start), max(end, office.span.end), f"name office:{office.office}"
        actor = actor or self._acts_for(person, office)
        return Mention(Span(start, end), "person", Actor.parse(person), note, self._actor(actor) if actor else None)

    def _acts_for(self, person: str, office: Office | None) -> str | None:
        terms = [t for t in self._names.terms if t.person == person]
        if office:
            terms = [t for t in terms if t.office == office.office] or terms
        held = Counter(t.actor for t in terms)
        return held.most_common(1)[0][0] if held else None

    def _unknown_people(
        self, text: str, found: Sequence[Found], offices: Sequence[Office], people: Sequence[Mention]
    ) -> list[Mention]:
        """People that the codebook does not know, named in full beside their office; later their family name alone."""
        new: list[Mention] = []
        taken = [m.span for m in people]
        families: dict[str, Mention] = {}
        for office in offices:
            if any(s.touches(office.span) for s in taken):
                continue
            gap = self._apposed.match(text, office.span.end)
            m = self._unknown.match(text, gap.end() if gap else office.span.end)
            proper = self._strangers.proper(text, *m.span("name")) if m else None
            if not m or proper is None or any(f.start < proper.end and proper.start < f.end for f in found):
                continue
            value = Actor.parse("person:" + slug(text[proper.start : proper.end]))
            acts_for = self._actor(office.actor) if office.actor else None
            mention = Mention(
                Span(office.span.start, m.end()), "person", value, f"name office:{office.office} unknown", acts_for
            )
            new.append(mention)
            families[text[proper.start : proper.end].split()[-1]] = mention
        for family, first in families.items():
            for m in re.finditer(rf"(?<!\w){re.escape(family)}(?!\w)", text[first.span.end :]):
                at = Span(first.span.end + m.start(), first.span.end + m.end())
                if not any(s.touches(at) for s in taken) and not any(n.span.touches(at) for n in new):
                    new.append(replace(first, span=at, note="family unknown"))
        return new


def _tails(codebook: Codebook, lang: str) -> dict[str, list[tuple[str, str]]]:
    """For each first word of an office of several words, the rests with their office, longest first."""
    tails: dict[str, list[tuple[str, str]]] = {}
    for form, senses in codebook.names.words[lang].items():
        head, space, rest = fold(form).partition(" ")
        for sense in senses:
            if sense.type == "office" and space:
                tails.setdefault(head, []).append((" " + rest, sense.id))
    return {head: sorted(rests, key=lambda r: (-len(r[0]), r)) for head, rests in tails.items()}
