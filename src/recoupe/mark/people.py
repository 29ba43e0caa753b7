"""People and offices: "the Ukrainian foreign minister, Dmytro Kuleba", "le Premier ministre X"."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recoupe.codebook import Codebook
from recoupe.codebook.patterns import FULL_NAME, NAME_WORD, either
from recoupe.mark.names import Found, fold
from recoupe.model import Mention, Span
from recoupe.values import Actor


# Endings of family names that hardly anything else has.
_FAMILY = re.compile(r"(?:enko|chuk|tchouk|y?uk|iouk|sky[iy]?|skiy|ski|shvili|[oe]vy?[ck]h|ova|[iy]eva)$")


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
        self._before = re.compile(rf"\s*(?:{qualifiers}\s*)*(?:[\w'-]+\s)?", re.I)
        self._apposed = re.compile(rf",?\s*(?:{honorific}\s)?", re.I)
        self._after_name = re.compile(rf"\s?,\s*(?:{articles}\s?)?(?:{qualifiers}\s)*", re.I)
        self._unknown = re.compile(rf"(?:{honorific}\s)?(?P<name>{FULL_NAME})")
        self._honorific = re.compile(rf"(?<!\w){honorific}\s$")
        self._tails = _tails(codebook, lang)
        offices = (
            form for form, senses in codebook.names.words[lang].items() if any(x.type == "office" for x in senses)
        )
        self._first_names = {p.id.removeprefix("person:").split("-")[0] for p in codebook.names.people.values()}
        self._titles = {w for form in (*offices, *grammar.honorifics) for w in fold(form).split()}
        verbs = "|".join(p.pattern for p in grammar.reporting.values())
        self._says = re.compile(rf"[^.!?\n«“\"]{{0,90}}?(?<!\w)(?:{verbs})", re.I)
        self._said_by = re.compile(
            rf"(?<!\w)(?:{verbs})\w*(?:\s(?:à|au|to|for)\s(?:l['’])?[A-Z][\w-]*)?(?:\s{honorific})?\s$", re.I
        )
        self._apposition = re.compile(rf"\s?,\s(?:{articles}\s)?(?:[a-zà-ÿ]|[A-Z]{{2,}}\s[a-z])")
        self._speech = grammar.speech
        self._candidates = re.compile(rf"(?<![\w.’'-])(?:{FULL_NAME}|{NAME_WORD})(?![\w-])")
        self._spent = re.compile(r"\d|['’]s$")
        humans = either(w for w in (*grammar.speech.humans, *grammar.unnamed))
        organs = either(grammar.speech.organs)
        determiner = either((*grammar.speech.definite, *grammar.speech.indefinite))
        few = r"(?:[a-zà-ÿ-]+\s){0,3}?"
        after = r"(?:[\w’'-]+\s){0,4}?" if grammar.head_first else r"(?:(?!who\b|that\b)[\w’'-]+\s){0,4}?"
        self._organ = re.compile(rf"(?<!\w){organs},?\s$", re.I)
        behind = r"(?:[a-zà-ÿ]+\s){0,4}" if grammar.head_first else ""
        between = few if grammar.head_first else after
        self._person_before = re.compile(rf"(?<!\w){humans}\s{behind}$")
        self._person_apposed = re.compile(rf"(?<!\w){humans}\s[^.,;:«»“”\"\n]{{3,80}},\s$")
        self._alone_after = re.compile(
            rf"\s?,\s(?:{either(grammar.speech.indefinite)}\s)?(?:[a-zà-ÿ-]+\s)?{humans}(?!\w)[^.,;:]{{0,60}}?(?:[,.]|{verbs})"
        )
        self._person_after = re.compile(
            rf"\s?,\s(?:[1-9]\d\s?(?:ans)?,|(?:{determiner}\s?)?{between}{humans}(?!\w))"
        )
        self._called = re.compile(
            rf"(?<!\w){humans}\s(?:who\s(?:calls|called)\s(?:him|her)self|(?:who\sis\s)?{either(grammar.naming)}|prénommée?)\s$", re.I
        )
        self._told_alone = re.compile(
            rf"[»”\"],?\s(?:{verbs}|{grammar.speech.verbs.pattern})\w*\s$", re.I
        )

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
                and self._before.fullmatch(text, found[i - 1].end, start)
            ):
                start, actor = found[i - 1].start, owner
            offices.append(Office(Span(start, end), self._which_office(found[i], office, actor), actor))
        return offices

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
            office = self._office_beside(text, Span(f.start, f.end), offices)
            person = None if self._of_another(text, f) else self._which(f, office, known)
            if person:
                people.append(self._person(text, Span(f.start, f.end), person, office))
        people += self._unknown_people(text, found, offices, people)
        return [*people, *self._strangers(text, found, people, times)]

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
        return not opens and fold(before[1]) not in self._titles | own

    def _office_beside(self, text: str, name: Span, offices: Iterable[Office]) -> Office | None:
        for office in offices:
            if office.span.end <= name.start and self._apposed.fullmatch(text, office.span.end, name.start):
                return office
            if name.end <= office.span.start and self._after_name.fullmatch(text, name.end, office.span.start):
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

    def _strangers(
        self, text: str, found: Sequence[Found], people: Sequence[Mention], times: Sequence[Span]
    ) -> list[Mention]:
        """People and bodies that the codebook does not know: names that, once in the text, say something or stand
        beside a word for a person.
        """
        # Known family names and first names do not keep a stranger from having them too; other names do.
        fixed = [Span(f.start, f.end) for f in found if not all(s.type == "person" for s in f.senses)]
        taken = _Taken([*(m.span for m in people), *fixed, *times])
        names: dict[str, list[Span]] = {}
        for m in self._candidates.finditer(text):
            span = self._name_proper(text, m)
            if span is not None and not taken.touches(span):
                names.setdefault(" ".join(text[span.start : span.end].split()), []).append(span)
        new: list[Mention] = []
        for name, spans in names.items():
            value = self._stranger(text, name, spans)
            if value is None:
                continue
            kind = "person" if str(value).startswith("person:") else "actor"
            new += [Mention(s, kind, value, "name unknown") for s in spans]
            if kind == "person" and " " in name:
                taken.add(spans)
                new += self._again(text, name.split()[-1], spans[0].end, value, taken)
        return new

    def _again(self, text: str, family: str, start: int, value: Actor, taken: _Taken) -> list[Mention]:
        """The later mentions of a family name alone, with what stands before it as a mark of respect."""
        again: list[Mention] = []
        for m in re.finditer(rf"(?<![\w’'-]){re.escape(family)}(?![\w-])", text[start:]):
            span = Span(start + m.start(), start + m.end())
            if not taken.touches(span):
                again.append(Mention(span, "person", value, "family unknown"))
        return again

    def _name_proper(self, text: str, m: re.Match[str]) -> Span | None:
        """A run of words in capitals without those that are no name: an opener of a sentence, a title."""
        start, end = m.span()
        words = [(w.start() + start, w.end() + start) for w in re.finditer(r"\S+", m.group())]
        while words:
            word = _bare(text[words[0][0] : words[0][1]])
            if word in self._speech.openers or word in self._titles or self._speech.human(word):
                words.pop(0)
            else:
                break
        if not words or text[words[0][0]].islower():
            return None
        tail = re.search(r"['’]s?$", text[words[-1][0] : words[-1][1]])
        end = words[-1][1] - (len(tail.group()) if tail else 0)
        return Span(words[0][0], end)

    def _stranger(self, text: str, name: str, spans: Sequence[Span]) -> Actor | None:
        """Whom a name that the codebook does not know stands for, if anything shows that it is a person or a body."""
        words = [_bare(w) for w in name.split()]
        if any(w.isupper() and len(w) > 2 for w in name.split()):
            return None
        thing = any(w in self._speech.things for w in words)
        said = any(self._speaks(text, s) for s in spans) if len(words) > 1 else False
        organ = any(self._after_organ(text, s) for s in spans)
        if thing or (organ and words[0] not in self._first_names):
            return Actor.parse("org:" + slug(name)) if organ and len(words) > 1 else None
        if any(self._spent.search(w) for w in words):
            return None
        person = said or (len(words) == 2 and bool(_FAMILY.search(words[-1])))
        person = person or any(self._introduced_as_person(text, s, len(words) > 1) for s in spans)
        return Actor.parse("person:" + slug(name)) if person else None

    def _after_organ(self, text: str, name: Span) -> bool:
        """Is the name that of a paper, a company, an institute ("the daily X", "the firm X,")?"""
        before = text[max(0, name.start - 40) : name.start]
        return bool(self._organ.search(before)) and bool(self._says.match(text, name.end))

    def _introduced_as_person(self, text: str, name: Span, full: bool) -> bool:
        """Does a word for a person stand beside the name ("l'économiste X", "X, a medic", "Mr X", "a man named X")?"""
        before = text[max(0, name.start - 60) : name.start]
        if self._honorific.search(before[-14:]) or self._called.search(before):
            return True
        if not full:
            opens = not before.rstrip() or before.rstrip()[-1] in ".!?…:;\n" or "\n" in before[len(before.rstrip()) :]
            return bool(self._told_alone.search(before)) or (
                not opens and bool(self._alone_after.match(text, name.end))
            )
        if self._person_before.search(before) or self._person_after.match(text, name.end):
            return True
        return text[name.end : name.end + 1] in ",." and bool(
            self._person_apposed.search(text, max(0, name.start - 110), name.start)
        )

    def _speaks(self, text: str, name: Span) -> bool:
        """Is the name the subject of a verb of saying, by where it stands?"""
        if self._said_by.search(text, max(0, name.start - 60), name.start):
            return True
        m = self._says.match(text, name.end)
        if not m:
            return False
        between = text[name.end : m.end()]
        return (len(between) < 40 and "," not in between) or bool(self._apposition.match(text, name.end))

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
            if not m or any(f.start < m.end("name") and m.start("name") < f.end for f in found):
                continue
            value = Actor.parse("person:" + slug(m["name"]))
            acts_for = self._actor(office.actor) if office.actor else None
            mention = Mention(
                Span(office.span.start, m.end()), "person", value, f"name office:{office.office} unknown", acts_for
            )
            new.append(mention)
            families[m["name"].split()[-1]] = mention
        for family, first in families.items():
            for m in re.finditer(rf"(?<!\w){re.escape(family)}(?!\w)", text[first.span.end :]):
                at = Span(first.span.end + m.start(), first.span.end + m.end())
                if not any(s.touches(at) for s in taken) and not any(n.span.touches(at) for n in new):
                    new.append(replace(first, span=at, note="family unknown"))
        return new


class _Taken:
    """The parts of a text that names have already; each question costs one look-up."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._at: set[int] = set()
        self.add(spans)

    def add(self, spans: Iterable[Span]) -> None:
        for span in spans:
            self._at.update(range(span.start, span.end))

    def touches(self, span: Span) -> bool:
        return any(i in self._at for i in range(span.start, span.end))


def _bare(word: str) -> str:
    """A word as the lists of a grammar have it: lower case, without a possessive."""
    return re.sub(r"'s?$", "", fold(word))


def _tails(codebook: Codebook, lang: str) -> dict[str, list[tuple[str, str]]]:
    """For each first word of an office of several words, the rests with their office, longest first."""
    tails: dict[str, list[tuple[str, str]]] = {}
    for form, senses in codebook.names.words[lang].items():
        head, space, rest = fold(form).partition(" ")
        for sense in senses:
            if sense.type == "office" and space:
                tails.setdefault(head, []).append((" " + rest, sense.id))
    return {head: sorted(rests, key=lambda r: (-len(r[0]), r)) for head, rests in tails.items()}


def slug(name: str) -> str:
    """A name as the last part of an id: lower case, without accents, first and last name joined by hyphens.

    >>> slug("Édouard d’Été")
    'edouard-d-ete'
    """
    spaced = re.sub(r"[’'-]", " ", name)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "unknown"
