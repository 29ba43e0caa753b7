"""Whom a phrase means: a name, a pronoun, an office, or a source without a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from recoupe.codebook.lexicon import Grammar
from recoupe.mark.names import occurrences
from recoupe.mark.speakers.clauses import Clauses
from recoupe.mark.speakers.phrases import Phrases
from recoupe.mark.speakers.units import Phrase, Sentence
from recoupe.model import Mention, Span

_BACK = 12  # sentences that a pronoun reaches back
_RECENT = 8  # sentences that a description of somebody without a name reaches back
_PASSAGE = 4  # sentences of one passage
_FAR = 4000  # characters that a description reaches back
_BESIDE = 60  # characters between a name and what tells who it is
_DISTANT = 900  # characters between a quotation without a word of its speaker and the one that it goes on
_FIRST = re.compile(r"\w+['’]?")
UNNAMED = "unnamed:"


@dataclass(frozen=True)
class Known:
    """What the codebook knows of those who may speak: people's sexes, the media, who has held which office of whom."""

    sexes: Mapping[str, str] = field(default_factory=dict)
    media: Collection[str] = frozenset()
    held: Mapping[str, Collection[tuple[str, str]]] = field(default_factory=dict)
    first_names: Mapping[str, str] = field(default_factory=dict)

    def sex(self, person: str) -> str:
        """The sex of a person, known or by the first name; empty where it cannot be told."""
        first = person.removeprefix("person:").split("-")[0]
        return self.sexes.get(person) or self.first_names.get(first, "")


class Referents:
    """Tells whom the phrases of one text mean; `said` holds the quotations so far with their speakers."""

    def __init__(self, phrases: Phrases, clauses: Clauses, grammar: Grammar, known: Known) -> None:
        self._phrases, self._clauses, self._grammar, self._known = phrases, clauses, grammar, known
        self._text = phrases.text
        self._speech = grammar.speech
        self.said: list[tuple[Span, str | None]] = []
        self._named: dict[str, str] = {}  # unnamed speakers by the noun that they were introduced with

    def of(self, phrase: Phrase, s: Sentence) -> str | None:
        """The actor that a phrase of a sentence means, or none."""
        at = s.units[phrase.start].start if 0 <= phrase.start < len(s.units) else s.span.start
        if phrase.sex:
            return self._antecedent(phrase.sex, at, s)
        if phrase.mention is not None:
            return self._holder(phrase.mention, at)
        return self._owned(phrase) or self._possessed(phrase, at, s) or self._described(phrase, at, s)

    # -- names and offices -------------------------------------------------------------------------------------------

    def _holder(self, mention: Mention, at: int) -> str:
        """The person that the report named in an office, for the office alone; else whoever is named."""
        office = mention.note.partition("office:")[2].split(" ")[0]
        if mention.type == "actor" and office:
            before = [p for p in self._text.people if p.span.start < at]
            for person in reversed(before):
                if f"office:{office}" in person.note and person.acts_for == mention.acts_for:
                    return str(person.value)
            held = (office, str(mention.acts_for))
            known = {str(p.value) for p in before if held in self._known.held.get(str(p.value), ())}
            if len(known) == 1:
                return known.pop()
        return str(mention.value)

    def _owned(self, phrase: Phrase) -> str | None:
        """Whose government, army, officials or statement speaks: the state's; whose paper: the organisation's."""
        owner, body = phrase.owner, phrase.head in self._grammar.bodies
        if owner is not None and self._speech.utters(phrase.head):
            return str(owner.acts_for or owner.value)
        if owner is None:
            return None
        if body and (phrase.definite or self._speech.plural.search(phrase.head)):
            return str(owner.acts_for or owner.value)
        organisation = str(owner.value).startswith("org:")
        return str(owner.value) if organisation and not self._grammar.human(phrase.head) else None

    def _possessed(self, phrase: Phrase, at: int, s: Sentence) -> str | None:
        """ "His ministry": of the state that he acts for."""
        if self._first(phrase) not in self._grammar.possessives.get("one", ()) or not self._clauses.somebody(
            phrase.head
        ):
            return None
        whose = self._antecedent("any", at, s)
        acts_for = next((m.acts_for for m in self._text.people if str(m.value) == whose and m.acts_for), None)
        return str(acts_for) if acts_for is not None else self._unnamed(phrase)

    def may_be_name(self, words: str) -> bool:
        """Is there no word among them that is a noun for people, a body or a thing?"""
        known = self._speech.things | self._speech.openers | self._grammar.bodies
        return not any(w in known or self._grammar.human(w) for w in words.lower().split())

    # -- descriptions ------------------------------------------------------------------------------------------------

    def _described(self, phrase: Phrase, at: int, s: Sentence) -> str | None:
        """Whom a description without a name means: someone named or described before, else a source without a name."""
        head, human = phrase.head, self._grammar.human(phrase.head)
        bare = self._bare(phrase)
        if (phrase.definite or bare) and (head in self._speech.humans or not self._speech.plural.search(head)):
            found = self._described_as(head, at) or (self._introduced(head, at) if human else None)
            if found is None and human and not bare:
                found = self.focus(at) or self._antecedent("any", at, s)
            if found is not None:
                return found
        if (body := self._body(head, at)) is not None:
            return body
        return self._unnamed(phrase) if human else None

    @staticmethod
    def _first(phrase: Phrase) -> str:
        """Its first word, as the lists of a grammar have it."""
        m = _FIRST.match(phrase.words.lower())
        return m.group().replace("’", "'") if m else ""

    def _bare(self, phrase: Phrase) -> bool:
        """Is it one noun for somebody without an article, as what is set beside a name is?"""
        return self._first(phrase) not in self._speech.determiners and phrase.head in self._speech.humans

    def _body(self, head: str, at: int) -> str | None:
        """The body named before with a word ("the ministry"), or the paper or institute that was named last."""
        organ = head in self._speech.organs
        if not organ and head not in self._grammar.bodies:
            return None
        for m in reversed(self._text.between(max(0, at - _FAR), at)):
            named = head in self._text.text[m.span.start : m.span.end].lower() and m.note != "adjective"
            if m.type == "actor" and (named or (organ and str(m.value).startswith("org:"))):
                return str(m.value)
        return None

    def _described_as(self, head: str, at: int) -> str | None:
        """The last person whose name the text put beside a word ("the minister": the minister named before)."""
        near = [p for p in self._text.people if p.span.end <= at and at - p.span.end < _FAR][-1:-40:-1]
        for reach in (0, _BESIDE):
            for p in near:
                words = self._text.text[max(0, p.span.start - reach) : min(at, p.span.end + reach)].lower()
                if any(True for _ in occurrences(words, head)):
                    return str(p.value)
        return None

    def _introduced(self, head: str, at: int) -> str | None:
        """The unnamed source that a word for a person introduced before ("a US official"; then "the official")."""
        if head in self._named:
            return self._named[head]
        number = self._text.number(at)
        for n in range(number - 1, max(-1, number - _RECENT), -1):
            for p in reversed(self._phrases.sentence(n).phrases):
                if p.head == head and not p.definite and not self._bare(p):
                    return self._unnamed(p)
        return None

    def _unnamed(self, phrase: Phrase) -> str:
        words = phrase.words
        if self._first(phrase) in self._speech.determiners or not words.split()[0].isupper():
            words = words[0].lower() + words[1:]
        if phrase.head in self._speech.others and self._named:
            words += " " + list(self._named)[-1]
        speaker = UNNAMED + words
        if not phrase.definite:
            self._named[phrase.head] = speaker
        return speaker

    # -- pronouns and the passage ------------------------------------------------------------------------------------

    def _fits(self, speaker: str, sex: str) -> bool:
        if speaker.startswith(UNNAMED):
            return sex != "m" or speaker.removeprefix(UNNAMED).split()[0] not in self._speech.feminine
        return speaker.startswith("person:") and (sex == "any" or self._known.sex(speaker) in ("", sex))

    def _antecedent(self, sex: str, at: int, s: Sentence) -> str | None:
        """Whom a pronoun points at: the last speaker or subject of the right sex, sentence by sentence backwards."""
        if sex not in ("m", "f", "any"):
            return None
        subject = next((m for p in s.phrases if (m := p.person) is not None and not p.governed), None)
        if subject is not None and subject.span.end <= at and self._fits(str(subject.value), sex):
            return str(subject.value)
        number = self._text.number(s.span.start)
        return next(
            (found for n in range(number - 1, max(-1, number - _BACK), -1) if (found := self._of_sentence(n, sex))),
            None,
        )

    def _of_sentence(self, n: int, sex: str) -> str | None:
        s = self._phrases.sentence(n)
        for speaker in self._said_in(s):
            if speaker and self._fits(speaker, sex):
                return speaker
        main = self._clauses.main(s, len(s.units))
        if main is not None and main.sex == sex:
            return None
        if main is not None and main.mention and self._fits(str(main.mention.value), sex):
            return str(main.mention.value)
        fit = [p for p in s.phrases if (m := p.person) is not None and self._fits(str(m.value), sex)]
        free = [p for p in fit if not p.governed] or fit
        return str(free[0].mention.value) if free and free[0].mention else None

    def _said_in(self, s: Sentence) -> list[str | None]:
        """The speakers of a sentence's quotations, the last one first."""
        found: list[str | None] = []
        for span, speaker in reversed(self.said):
            if span.end <= s.span.start:
                break
            if span.start < s.span.end:
                found.append(speaker)
        return found

    def focus(self, at: int) -> str | None:
        """Who speaks in the passage before an offset: its last speaker, or the person that it tells of."""
        number = self._text.number(at)
        for n in range(number - 1, max(-1, number - _PASSAGE), -1):
            s = self._phrases.sentence(n)
            if at - s.span.end > _DISTANT or self._text.text.count("\n\n", s.span.end - 2, at) > 2:
                return None
            if said := self._said_in(s):
                return said[0]
            main = self._clauses.main(s, len(s.units))
            if main is None:
                continue
            if main.person is not None:
                return str(main.person.value)
            if main.sex in ("m", "f"):
                return self._antecedent(main.sex, s.span.start, s)
            if not main.mention and self._grammar.human(main.head) and not self._bare(main):
                return self._described(main, s.span.start, s)
        return None
