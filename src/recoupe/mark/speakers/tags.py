"""The words around a quotation that say whose it is, by where they stand."""

from __future__ import annotations

from recoupe.codebook.lexicon import Grammar
from recoupe.mark.speakers.clauses import Clauses
from recoupe.mark.speakers.phrases import Phrases
from recoupe.mark.speakers.units import Phrase, Sentence
from recoupe.model import Span

CLOSING = frozenset("»”\"“'’")
OPENING = frozenset("«“\"‟„'‘")
_DASHES = frozenset("–—-―")
_TAG = 16  # units between a quotation and its speaker
_FREE = 4  # words of a verb that is not known as one of saying, where it stands before its subject
_SHORT = 4  # units of a word or two between commas
_AFTER = 25  # units between a speaker and the verb
_ASIDE = 8  # units of a clause between commas before or behind its verb


class Tags:
    """Finds the phrase for the speaker after, before or around a quotation."""

    def __init__(self, phrases: Phrases, clauses: Clauses, grammar: Grammar) -> None:
        self._phrases, self._clauses, self._grammar = phrases, clauses, grammar
        self._text = phrases.text
        self._speech = grammar.speech
        self._relatives = frozenset().union(*grammar.relatives.values())
        self._subjects = grammar.relatives.get("subject", frozenset())

    # -- after it ----------------------------------------------------------------------------------------------------

    def after(self, s: Sentence, i: int, quote: Span) -> Phrase | None:
        """The speaker right after a quotation: "», a déclaré X", "," X said", "», sourit un fonctionnaire"."""
        apart = self._text.text[quote.end - 1] in ",!?…"
        while i < len(s.units) and s.units[i].kind == "p" and s.units[i].lower in CLOSING | _DASHES | {","}:
            apart = apart or s.units[i].lower not in CLOSING
            i += 1
        if i >= len(s.units):
            return self._asked(quote)
        first = s.units[i].lower
        if (phrase := self.according(s, i, i + 1)) is not None:
            return phrase
        if first in self._grammar.agents and i + 1 in s.at:
            return s.at[i + 1]
        if not apart and i not in s.verbs and first not in self._speech.auxiliaries:
            return None
        return self._tagged(s, i, quote)

    def _tagged(self, s: Sentence, first: int, quote: Span) -> Phrase | None:
        """The speaker in the words from `first` on, which stand apart from the quotation."""
        said, words, j = False, 0, first
        while j < min(len(s.units), first + _TAG):
            unit, phrase = s.units[j], s.at.get(j)
            if (pronoun := self._clauses.inversion(unit)) is not None:
                return (self._where(s, j) or pronoun) if pronoun.sex == "one" else pronoun
            if phrase is not None:
                if not (phrase.governed and said):
                    return phrase if said else self._without_verb(s, phrase, first, words, quote)
                j = phrase.end
                continue
            if unit.kind == "p" and not (said and unit.lower == "," and self._led(s, j + 1)):
                return None
            if unit.kind == "w":
                if self._breaks(unit.lower) or (not said and unit.lower in self._speech.prepositions):
                    return None
                said = said or j in s.verbs
                words += 1
            j += 1
        return None

    @staticmethod
    def _where(s: Sentence, j: int) -> Phrase | None:
        """Among whom one says it ("dit-on au Kremlin")."""
        phrase = next((p for p in s.phrases if j < p.start <= j + 3), None)
        return phrase if phrase is not None and phrase.governed and phrase.mention is not None else None

    def _breaks(self, word: str) -> bool:
        """Does a word begin another clause?"""
        return word in self._relatives or word in self._speech.breaks or word in self._grammar.separators

    def _led(self, s: Sentence, j: int) -> bool:
        """Does something set between commas begin here (", par visioconférence,") or end (", le président X")?"""
        if j >= len(s.units):
            return False
        aside = any(u.lower == "," for u in s.units[j : j + _SHORT])
        return aside or s.units[j].lower in self._speech.prepositions or j in s.at

    def _without_verb(self, s: Sentence, phrase: Phrase, first: int, words: int, quote: Span) -> Phrase | None:
        """The phrase right after a quotation, if its verb follows or none is known before it."""
        if phrase.start == first:
            follows = next((v for v in s.verbs if phrase.end <= v < phrase.end + _AFTER), None)
            if follows is not None and self._clauses.subject(s, follows) is phrase:
                beside = s.at.get(follows + 1)
                return beside if phrase.sex and beside and beside.person else phrase
            return phrase if self._text.text[quote.end - 1] == "," and not phrase.governed else None
        somebody = phrase.mention is not None or self._grammar.human(phrase.head)
        near = words <= (_FREE if self._speech.inverts else 1)
        return phrase if somebody and near and not phrase.governed else None

    def _asked(self, quote: Span) -> Phrase | None:
        """After a question or a cry the speaker may begin what looks like another sentence ("Why?" Zelensky asked), and
        after a comma another paragraph.
        """
        number, mark = self._text.number(quote.end - 1) + 1, self._text.text[quote.end - 1]
        if mark not in "?!," or number >= len(self._text.starts) or self._speech.inverts:
            return None
        following = self._phrases.sentence(number)
        phrase = following.at.get(0)
        if phrase is None or (mark != "," and "\n" in self._text.text[quote.end : following.span.start]):
            return None
        return phrase if any(phrase.end <= v <= phrase.end + 1 for v in following.verbs) else None

    # -- before it ---------------------------------------------------------------------------------------------------

    def before(self, s: Sentence, i: int) -> Phrase | None:
        """The speaker told before a quotation: the subject of the verb of saying that governs it."""
        while i and s.units[i - 1].lower in OPENING:
            i -= 1
        if not i:
            return None
        subject, through = self._governing(s, i)
        if subject is None and through:
            subject = self._clauses.main(s, i)
        if subject is None:
            subject = self.according(s, 0, i)
        if subject is not None:
            return subject
        return self._announced(s, i) if s.units[i - 1].lower == ":" else self._uttered(s, i)

    def _governing(self, s: Sentence, i: int) -> tuple[Phrase | None, bool]:
        """The subject of the last verb of saying before `i`, and whether one without a subject of its own was met."""
        through = False
        for v in reversed([v for v in s.verbs if v < i]):
            if self._clauses.passive(s, v):
                found = self._clauses.agent(s, v, i)
            elif self._clauses.unfinished(s, v):
                found, through = None, True
            else:
                found = self._clauses.subject(s, v) or self._inverted(s, v, i)
            if found is not None:
                return found, through
        return None, through

    def _inverted(self, s: Sentence, v: int, i: int) -> Phrase | None:
        phrase = self._clauses.following(s, v)
        return phrase if phrase is not None and phrase.end <= i and not phrase.sex else None

    def _announced(self, s: Sentence, colon: int) -> Phrase | None:
        """Who is named before a colon: the subject, or whose words the sentence says that it cites."""
        here = [p for p in s.phrases if p.end < colon]
        people = [p for p in here if p.person]
        if people:
            return people[-1] if people[-1].end >= colon - 6 else people[0]
        if (uttered := self._uttered(s, colon)) is not None:
            return uttered
        named = [p for p in here if p.mention is not None or self._grammar.human(p.head)]
        return named[-1] if named and named[-1].end >= colon - 2 else None

    def _uttered(self, s: Sentence, i: int) -> Phrase | None:
        """ "In X's words", "the phrase of X"."""
        for k in range(max(0, i - 6), i):
            if s.units[k].kind == "w" and self._speech.utters(s.units[k].lower):
                near = [p for p in s.phrases if p.mention and (p.end >= k - 1 if p.end <= k else p.start <= k + 3)]
                near = [p for p in near if p.end <= i]
                if near:
                    return near[-1]
        return None

    # -- around it ---------------------------------------------------------------------------------------------------

    def parenthesis(self, s: Sentence, i: int) -> Phrase | None:
        """A speaker told later in the sentence: ", a déclaré X", ", X said", "according to X"."""
        for v in (v for v in s.verbs if v >= i):
            comma = self._comma(s, v, i)
            if comma is None or self._clauses.unfinished(s, v):
                continue
            first = s.at.get(comma + 1)
            if first is not None and not first.governed and first.end <= v:
                return first
            if (phrase := self._behind(s, v, comma)) is not None:
                return phrase
        return self.according(s, i, len(s.units))

    @staticmethod
    def _comma(s: Sentence, v: int, i: int) -> int | None:
        """What parts the clause of the verb at `v` from what is said."""
        for k in range(v - 1, max(i - 2, v - _ASIDE), -1):
            if s.units[k].lower in ",–—" or (s.units[k].lower in CLOSING and s.units[k - 1].kind == "q"):
                return k
        return None

    def _behind(self, s: Sentence, v: int, comma: int) -> Phrase | None:
        """The subject behind a verb, in a clause that begins after `comma`."""
        for k in range(comma + 1, min(len(s.units), v + _ASIDE)):
            if (pronoun := self._clauses.inversion(s.units[k])) is not None:
                return pronoun
            phrase = s.at.get(k)
            if k > v and phrase is not None and phrase.start == k and not phrase.governed:
                return phrase
            if s.units[k].lower in self._subjects or (k > v and s.units[k].kind == "p"):
                return None
        return None

    def according(self, s: Sentence, low: int, high: int) -> Phrase | None:
        """Whom "according to" names between two units of a sentence."""
        if low >= high or low >= len(s.units):
            return None
        end = s.units[min(high, len(s.units)) - 1].end
        m = self._grammar.accordings.search(self._text.masked, s.units[low].start, max(end, s.units[low].start + _TAG))
        if m is None or m.start() >= end:
            return None
        k = s.index(m.end())
        phrase = next((s.at[j] for j in range(k, min(k + 3, len(s.units))) if j in s.at), None)
        if phrase is None and k < len(s.units):
            sex = next((sex for sex in "mf" if s.units[k].lower in self._grammar.pronouns.get(sex, ())), "")
            return Phrase(k, k + 1, sex=sex) if sex else None
        return phrase
