"""People and bodies that the codebook does not know, by what stands beside their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from recoupe.codebook import Codebook
from recoupe.codebook.lexicon import Grammar
from recoupe.codebook.patterns import FULL_NAME, NAME_WORD, either
from recoupe.mark.names import Found, fold, occurrences
from recoupe.model import Mention, Span
from recoupe.values import Actor, slug

_INITIAL = r"\s[A-Z]\.(?!\s?[A-ZÀ-Þ]\w)"  # of a family name that is not told
_CANDIDATE = re.compile(rf"(?<![\w.’'-])(?:{FULL_NAME}(?:{_INITIAL})?|{NAME_WORD}{_INITIAL}|{NAME_WORD})(?![\w-])")
_WORD = re.compile(r"\S+")
_POSSESSIVE = re.compile(r"['’]s?$")
_SPENT = re.compile(r"\d|['’]s$")
_BEFORE = 60  # characters in which what stands before a name is looked for
_RESPECT = 24  # and the marks of respect
_APPOSED = 110  # and a description with a comma after it


class Strangers:
    """Finds them by the rules of one language; `titles` are words of offices, which are no names."""

    def __init__(self, codebook: Codebook, lang: str, titles: Collection[str]) -> None:
        self._speech = codebook.languages[lang].grammar.speech
        self._titles = titles
        self._shortened = codebook.languages[lang].grammar.abbreviations  # "Prof." is a title, whatever follows it
        self._signs = _Signs(codebook.languages[lang].grammar)
        self.first_names = {p.id.removeprefix("person:").split("-")[0] for p in codebook.names.people.values()}

    def find(
        self, text: str, found: Sequence[Found], people: Sequence[Mention], times: Sequence[Span]
    ) -> list[Mention]:
        """Names that, once in the text, say something or stand beside a word for a person or a paper.

        `people` are those known already, `times` what nobody is called.
        """
        # Known family names and first names do not keep a stranger from having them too; other names do.
        fixed = [Span(f.start, f.end) for f in found if not all(s.type == "person" for s in f.senses)]
        taken = _Taken([*(m.span for m in people), *fixed, *times])
        names = self._names(text, taken)
        speaking = {name for name, spans in names.items() if " " not in name and self._who(text, name, spans)}
        new: list[Mention] = []
        firsts: dict[str, Actor] = {}  # people by their first names, by which some are called later
        for name, spans in names.items():
            first, *_, family = (*name.split(), name.split()[-1])
            value = self._who(text, name, spans, family in speaking)
            if value is not None and str(value).startswith("person:"):
                value = firsts.get(name, value)
                firsts.setdefault(first, value)
            free = [s for s in spans if not taken.touches(s)]
            if value is None or not free:
                continue
            kind = "person" if str(value).startswith("person:") else "actor"
            new += [Mention(self._signs.whole(text, s), kind, value, "name unknown") for s in free]
            taken.add(free)
            if kind == "person" and " " in name:
                again = [s for s in _again(text, family, spans[0].end) if not taken.touches(s)]
                new += [Mention(self._signs.whole(text, s), "person", value, "family unknown") for s in again]
                taken.add(again)
        return new

    def _names(self, text: str, taken: _Taken) -> dict[str, list[Span]]:
        """Runs of words in capitals that nothing has yet, the longest names first."""
        names: dict[str, list[Span]] = {}
        for m in _CANDIDATE.finditer(text):
            if " " not in m[0] and (m[0].lower() in self._speech.openers or taken.touches(Span(*m.span()))):
                continue
            if " " not in m[0] and text[m.end() : m.end() + 1] == "." and f"{m[0]}." in self._shortened:
                continue
            span = self.proper(text, _after_others(text, m, taken), m.end())
            if span is not None and (not taken.touches(span) or self._full(text, span, taken)):
                names.setdefault(" ".join(text[span.start : span.end].split()), []).append(span)
        return dict(sorted(names.items(), key=lambda name: -name[0].count(" ")))

    def _full(self, text: str, span: Span, taken: _Taken) -> bool:
        """Is it a first name that people have and a family name that is also a place's ("Jack London")?"""
        words = text[span.start : span.end].split()
        first = Span(span.start, span.start + len(words[0]))
        return len(words) == 2 and _bare(words[0]) in self.first_names and not taken.touches(first)

    def proper(self, text: str, start: int, end: int) -> Span | None:
        """A run of words in capitals without those that are no name: an opener of a sentence, a title."""
        words = [m.span() for m in _WORD.finditer(text, start, end)]
        while words and self._no_name(_bare(text[words[0][0] : words[0][1]])):
            words.pop(0)
        if not words or text[words[0][0]].islower():
            return None
        start, end = words[0][0], words[-1][1]
        tail = _POSSESSIVE.search(text, words[-1][0], end)
        return Span(start, tail.start() if tail else end)

    def _no_name(self, word: str) -> bool:
        return word in self._speech.openers or word in self._titles or self._speech.human(word)

    def _who(self, text: str, name: str, spans: Sequence[Span], speaks: bool = False) -> Actor | None:
        """Whom a name that the codebook does not know stands for, if anything shows that it is a person or a body:
        that the family name alone `speaks` elsewhere, or what stands beside it.
        """
        words = [_bare(w) for w in name.split()]
        if any(w.isupper() and len(w) > 2 for w in name.split()):
            return None
        organ = any(self._signs.organ(text, s) for s in spans)
        if any(w in self._speech.things for w in words) or (organ and words[0] not in self.first_names):
            organ = organ or (bool(self._speech.organs & set(words)) and any(self._signs.tells(text, s) for s in spans))
            return Actor.parse("org:" + slug(name)) if organ and len(words) > 1 else None
        if any(_SPENT.search(w) for w in words):
            return None
        full = len(words) > 1
        signs = self._signs.of_full_name if full else self._signs.of_family_name
        speaks = speaks or any(signs(text, s) for s in spans)
        return Actor.parse("person:" + slug(name)) if speaks else None


class _Signs:
    """What shows, beside a name, that it is somebody's."""

    def __init__(self, grammar: Grammar) -> None:
        speech = self._speech = grammar.speech
        people = either((*speech.humans, *grammar.unnamed))
        verbs, saying, honorific = grammar.reporting_verbs, grammar.saying.pattern, either(grammar.honorifics)
        relatives = either(grammar.relatives.get("subject", ()))
        some = rf"(?:(?!{relatives}\b)[\w’'-]+\s){{0,4}}?"
        few = r"(?:[a-zà-ÿ-]+\s){0,3}?"
        behind = r"(?:[a-zà-ÿ]+\s){0,4}" if grammar.head_first else ""
        described = rf"(?:{either(speech.determiners)}\s?)?{few if grammar.head_first else some}{people}(?!\w)"
        self._things = speech.organs | grammar.bodies | grammar.place_nouns | speech.prepositions
        adverb = r"(?:[a-zà-ÿ]+\s)?"
        auxiliary = rf"(?:{either(speech.auxiliaries)}\s)?"
        led = rf"(?:\s{either(speech.prepositions)}\s?(?:{either(grammar.articles)}\s?)?[A-Z][\w-]*)?"
        self._respect = re.compile(rf"(?<!\w)(?:{honorific}\s){{1,3}}$")
        self._organ = re.compile(rf"(?<!\w){either(speech.organs)},?\s(?:{either(grammar.articles)}\s?)?$", re.I)
        self._says = re.compile(rf"[^.!?\n«“\"]{{0,90}}?(?<!\w)(?:{verbs})", re.I)
        closed = r"[»”\"]\s?,?\s"
        some_verb = rf"|{closed}{auxiliary}{adverb}[a-zà-ÿ]+{led}" if speech.inverts else ""
        title = rf"(?:\s{either(speech.determiners)}\s?(?P<title>(?:[a-zà-ÿ'’-]+\s){{0,4}}?[a-zà-ÿ-]+))?"
        self._said_by = re.compile(rf"(?:(?<!\w)(?:{verbs})\w*{led}{some_verb})(?:{title}|(?:\s{honorific}){{1,3}})\s$")
        self._told_by = re.compile(rf"(?:{closed}(?:{saying}){some_verb})\s$", re.I)
        self._closed = re.compile(rf"(?:{closed[:-2]}|,)\s?$")
        self._tells = re.compile(rf"\s{auxiliary}{adverb}{saying}(?P<rest>[^.!?\n«“\"]{{0,60}})(?P<mark>[.,\n«“\"]|$)")
        self._apposition = re.compile(rf"\s?,\s(?:{either(grammar.articles)}\s)?(?:[a-zà-ÿ]|[A-Z]{{2,}}\s[a-z])")
        self._described_before = re.compile(rf"(?<!\w)(?i:{people})\s{behind}$")
        self._announced = re.compile(r"(?:,\s\w+,)?[^.!?:«»“”\"\n]{0,25}:\s*[«“\"]")
        self._apposed_before = re.compile(rf"(?<!\w){people}\s[^.,;:«»“”\"\n]{{3,80}},\s$")
        self._apposed_after = re.compile(rf"\s?,\s(?:[1-9]\d(?:\s\w+)?,|{described})")
        self._family_apposed = re.compile(
            rf"\s?,\s(?:{either(speech.indefinite)}\s)?(?:[a-zà-ÿ-]+\s)?{people}(?!\w)[^.,;:]{{0,60}}?(?:[,.]|{verbs})"
        )
        called = rf"(?:{either(speech.called)}|(?:{relatives}\s\w+\s)?{either(grammar.naming)})"
        self._calling = {w.split()[-1] for w in (*speech.called, *grammar.naming)}
        self._called = re.compile(rf"(?<!\w){people}\s(?:{relatives}\s)?{called}\s$", re.I)

    def organ(self, text: str, name: Span) -> bool:
        """Is the name that of a paper, a company, an institute ("the daily X", "the firm X,")?"""
        return bool(self._organ.search(_before(text, name))) and bool(self._says.match(text, name.end))

    def of_full_name(self, text: str, name: Span) -> bool:
        """Does a word for a person, an age or a verb of saying stand beside a name of several words?"""
        before = _before(text, name)
        if self._addressed(before) or self.speaks(text, name) or self._announced.match(text, name.end):
            return True
        if self._described_before.search(before) or self._apposed_after.match(text, name.end):
            return True
        apart = text[name.end : name.end + 1] in ",."
        return apart and bool(self._apposed_before.search(text, max(0, name.start - _APPOSED), name.start))

    def of_family_name(self, text: str, name: Span) -> bool:
        """Does a single word stand where only a name can: after "Mr", as the speaker of what was just closed?"""
        before = _before(text, name)
        if self._addressed(before) or self._told_by.search(before) or self._tags(text, name, before):
            return True
        stripped = before.rstrip()
        opens = not stripped or stripped[-1] in ".!?…:;\n" or "\n" in before[len(stripped) :]
        return not opens and bool(self._family_apposed.match(text, name.end))

    def _addressed(self, before: str) -> bool:
        if self._respect.search(before[-14:]):
            return True
        last = before.rsplit(None, 1)[-1] if before.strip() and before[-1].isspace() else ""
        ranked = last[:1].isupper() and self._speech.human(last.lower())
        return ranked or (last.lower() in self._calling and self._called.search(before) is not None)

    def tells(self, text: str, name: Span) -> bool:
        """Does a verb of saying follow the name at once?"""
        return self._tells.match(text, name.end) is not None

    def _tags(self, text: str, name: Span, before: str) -> bool:
        """Is it the subject of a verb of saying beside a quotation (", X said.", "X said: «")?"""
        m = self._tells.match(text, name.end)
        if m is None:
            return False
        return m["mark"] in tuple('«“"') or bool(self._closed.search(before))

    def whole(self, text: str, name: Span) -> Span:
        """A name with the marks of respect before it."""
        m = self._respect.search(text, max(0, name.start - _RESPECT), name.start)
        return Span(m.start(), name.end) if m else name

    def speaks(self, text: str, name: Span) -> bool:
        """Is the name the subject of a verb of saying, by where it stands?"""
        m = self._said_by.search(_before(text, name))
        if m and not (m["title"] and self._things & set(m["title"].lower().replace("’", "'").split())):
            return True
        m = self._says.match(text, name.end)
        if not m:
            return False
        between = text[name.end : m.end()]
        return (len(between) < 40 and "," not in between) or bool(self._apposition.match(text, name.end))


class _Taken:
    """The parts of a text that names have already; each question costs one look-up."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._at: set[int] = set()
        self.add(spans)

    def add(self, spans: Iterable[Span]) -> None:
        for span in spans:
            self._at.update(range(span.start, span.end))

    def touches(self, span: Span) -> bool:
        return not self._at.isdisjoint(range(span.start, span.end))


def _again(text: str, family: str, start: int) -> Iterator[Span]:
    """The later places of a family name alone."""
    for at in occurrences(text, family, start):
        yield Span(at, at + len(family))


def _after_others(text: str, m: re.Match[str], taken: _Taken) -> int:
    """Where a run of words in capitals begins after what else is named there ("told AP Jane Dough")."""
    if " " not in m[0] or not taken.touches(Span(*m.span())):
        return m.start()
    words = [Span(*w.span()) for w in _WORD.finditer(text, *m.span())]
    others = next((i for i, w in enumerate(words) if not taken.touches(w)), 0)
    return words[others].start if len(words) - others > 1 else m.start()


def _before(text: str, name: Span) -> str:
    return text[max(0, name.start - _BEFORE) : name.start]


def _bare(word: str) -> str:
    """A word as the lists of a grammar have it: lower case, without a possessive."""
    return fold(word).removesuffix("'s").removesuffix("'")
