"""The noun phrases of a sentence that may name a speaker, read by their words alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from recoupe.codebook.lexicon import Grammar
from recoupe.mark.speakers.units import Phrase, Sentence, Text, Unit
from recoupe.model import Mention, Span

_PHRASE = 9  # words of a noun phrase
_INNER = 2  # prepositions inside a noun phrase ("a member of the board of ...")


class Phrases:
    """Reads the sentences of one text into verbs of saying and noun phrases, each when it is first asked for."""

    def __init__(self, text: Text, grammar: Grammar, media: Collection[str]) -> None:
        self.text = text
        self._grammar = grammar
        self._speech = grammar.speech
        self._media = media
        self._sentences: dict[int, Sentence] = {}

    def sentence(self, number: int) -> Sentence:
        """A sentence of the text by its number."""
        if number not in self._sentences:
            self._sentences[number] = self._read(self.text.span(number))
        return self._sentences[number]

    def _read(self, span: Span) -> Sentence:
        sentence = Sentence(span, self.text.units(span))
        starts = {u.start: i for i, u in enumerate(sentence.units) if u.kind == "w"}
        for v in self._grammar.saying.finditer(self.text.masked, span.start, span.end):
            i = starts.get(v.start())
            if i is not None and not self._is_noun(sentence.units, i):
                sentence.verbs.append(i)
        self._find(sentence)
        return sentence

    def _is_noun(self, units: Sequence[Unit], i: int) -> bool:
        """Is the word that looks like a verb a noun ("la déclaration", "his claim")?"""
        if not i:
            return False
        before, speech = units[i - 1].lower, self._speech
        if before in speech.clitics:
            if before.endswith("'"):
                return i + 1 < len(units) and units[i + 1].lower in speech.inside
            return i > 1 and units[i - 2].kind != "m" and units[i - 2].lower not in speech.sexes
        return before in speech.determiners or before == "'s"

    def _find(self, s: Sentence) -> None:
        verbs = set(s.verbs)
        i = 0
        while i < len(s.units):
            phrase = self._phrase(s, i, verbs)
            if phrase is None:
                i += 1
                continue
            s.phrases.append(phrase)
            s.at.update(dict.fromkeys(range(phrase.start, phrase.end), phrase))
            i = phrase.end

    def _phrase(self, s: Sentence, i: int, verbs: Collection[int]) -> Phrase | None:
        unit, mention = s.units[i], s.units[i].mention
        governor = self._governor(s, i)
        if unit.kind == "w":
            if sex := self._speech.sexes.get(unit.lower):
                return Phrase(i, i + 1, sex=sex)
            if unit.lower in self._speech.determiners:
                return self._named(s, i, verbs, governor) or self._described(s, i, verbs, governor)
            return self._described(s, i, verbs, governor) if self._grammar.human(unit.lower) else None
        if mention is None or unit.kind == "t":
            return None
        if mention.type == "person" or "office" in mention.note:
            return Phrase(i, i + 1, governor, mention)
        longer = self._described(s, i, verbs, governor)
        return longer if longer is not None or unit.kind == "a" else Phrase(i, i + 1, governor, mention)

    def _named(self, s: Sentence, i: int, verbs: Collection[int], governor: int) -> Phrase | None:
        """A name with its article."""
        if i + 1 < len(s.units) and s.units[i + 1].kind == "m":
            named = self._phrase(s, i + 1, verbs)
            if named is not None and named.mention is not None:
                return Phrase(i, named.end, governor, named.mention)
        return None

    def _governor(self, s: Sentence, i: int) -> int:
        speech, k = self._speech, i - 1
        while k >= 0 and (s.units[k].kind == "a" or s.units[k].lower in speech.definite):
            k -= 1
        if k < 0 or s.units[k].kind != "w":
            return -1
        word = s.units[k].lower
        if word in speech.prepositions:
            return k
        if word in speech.partitives and k and s.units[k - 1].kind != "p" and (k - 1 not in s.verbs):
            return k if s.units[k - 1].kind == "w" and s.units[k - 1].lower not in speech.stops else -1
        return -1

    def _described(self, s: Sentence, i: int, verbs: Collection[int], governor: int) -> Phrase | None:
        """A noun phrase without a name of its own, as far as its words go; a name set beside it is the speaker's."""
        extent = _Extent(self, s.units, i, verbs)
        extent.go()
        if extent.named:
            return Phrase(i, extent.last, governor, extent.mention)
        if extent.last <= i:
            return None
        unit = s.units[i]
        if extent.head_at < 0 and (unit.kind in "ma" or (not extent.head and self._grammar.head_first)):
            return None
        beside = self._apposed(s, extent.last)
        if beside is not None:
            return Phrase(i, beside + 1, governor, s.units[beside].mention)
        last = extent.last
        return Phrase(
            i, last, governor,
            words=" ".join(self.text.text[unit.start : s.units[last - 1].end].split()),
            head=extent.head or s.units[last - 1].lower,
            definite=unit.kind in "ma" or unit.lower in self._speech.definite,
            owner=extent.mention,
        )  # fmt: skip

    def goes_inside(self, units: Sequence[Unit], j: int) -> bool:
        """Does a preposition go on with a noun phrase ("un conseiller à la Défense", "a diplomat from one of ...")?"""
        following = [u for u in units[j + 1 : j + 3] if u.lower not in self._speech.definite]
        if not following or following[0].kind in "pqt":
            return False
        if units[j].lower in self._speech.inside_names:
            return self.text.text[following[0].start].isupper() and not self.is_media(following[0].mention)
        return True

    def is_media(self, mention: Mention | None) -> bool:
        """Is it a paper or a broadcaster, to whom one speaks?"""
        return mention is not None and str(mention.value) in self._media

    def noun(self, word: str) -> bool:
        """Is it a noun for somebody, for a body or for what they say?"""
        known = self._grammar.human(word) or word in self._speech.organs or word in self._grammar.bodies
        return known or self._speech.utters(word)

    def stops(self, unit: Unit) -> bool:
        """Is it no part of a noun phrase?"""
        return unit.kind != "w" or unit.lower in self._speech.stops or unit.lower in self._speech.auxiliaries

    def leaves(self, word: str) -> bool:
        """Does the word lead away from the noun phrase: a preposition, a pronoun?"""
        return word in self._speech.prepositions or word in self._speech.sexes

    def qualifies_no_more(self, word: str) -> bool:
        """Is it a participle or an adverb, with which the noun phrase is over?"""
        return bool(self._speech.ends.search(word)) and word not in self._grammar.bodies

    @property
    def head_first(self) -> bool:
        """Does a noun phrase have its head first?"""
        return self._grammar.head_first

    @property
    def inside(self) -> Collection[str]:
        """The prepositions that a noun phrase may hold."""
        return self._speech.inside

    @property
    def determiners(self) -> Collection[str]:
        """The determiners of the language."""
        return self._speech.determiners

    def _apposed(self, s: Sentence, j: int) -> int | None:
        """The person named right after a description, with or without a comma."""
        units = s.units
        if j < len(units) and units[j].lower in self._grammar.relatives.get("subject", ()):
            for k in range(j + 2, min(j + 5, len(units))):
                if units[k].mention is not None and any(u.lower in self._grammar.naming for u in units[j:k]):
                    return k
        if j < len(units) and units[j].lower == "(":
            j = next((k + 1 for k in range(j, min(j + 8, len(units))) if units[k].lower == ")"), j)
        if j < len(units) and units[j].lower == ",":
            j += 1
        mention = units[j].mention if j < len(units) else None
        return j if mention is not None and mention.type == "person" and "office" not in mention.note else None


class _Extent:
    """How far a noun phrase goes from its first word, its head, and whose it is or whom it names."""

    def __init__(self, phrases: Phrases, units: Sequence[Unit], first: int, verbs: Collection[int]) -> None:
        self._phrases, self._units, self._first, self._verbs = phrases, units, first, verbs
        self.head, self.head_at, self.last = "", -1, first
        self.mention: Mention | None = None
        self.named = False
        self._inner = 0

    def go(self) -> None:
        """Reads the words until one is no part of it."""
        j = self._begin()
        while j < min(len(self._units), self._first + _PHRASE) and self._take(j):
            j += 1
        if not self._phrases.head_first and self.head_at >= 0 and not self._inner and not self.named:
            self.last = self.head_at + 1

    def _begin(self) -> int:
        first = self._units[self._first]
        if first.kind in "ma":
            self.mention = first.mention
            j = self._first + 1
            return j + 1 if j < len(self._units) and self._units[j].lower == "'s" else j
        return self._first + (first.lower in self._phrases.determiners)

    def _take(self, j: int) -> bool:
        unit, phrases = self._units[j], self._phrases
        if unit.kind in "ma":
            return self._take_name(j, unit)
        if unit.lower == "'s":
            self.last = self._first if not self.head else self.last
            return False
        if j in self._verbs or phrases.stops(unit):
            return False
        if unit.lower in phrases.inside and self.head_at >= 0:
            self._inner += 1
            return self._inner <= _INNER and phrases.goes_inside(self._units, j)
        if phrases.leaves(unit.lower) or (
            self.head_at >= 0 and not self._inner and phrases.qualifies_no_more(unit.lower)
        ):
            return False
        self._take_word(j, unit.lower)
        return True

    def _take_name(self, j: int, unit: Unit) -> bool:
        if unit.mention is not None and unit.mention.type == "person":
            if self._units[j - 1].kind == "m":
                return False  # "told AP Jane Dough": two names side by side are two
            self.mention, self.last, self.named = unit.mention, j + 1, True
            return False
        if self._phrases.is_media(unit.mention):
            return False
        self.mention = self.mention or unit.mention
        self.last = j + 1
        return True

    def _take_word(self, j: int, word: str) -> None:
        if not self._inner:
            first = self._phrases.head_first
            if self._phrases.noun(word) and (self.head_at < 0 or not first):
                self.head, self.head_at = word, j
            elif first and not self.head and len(word) > 2:
                self.head = word
        self.last = j + 1
