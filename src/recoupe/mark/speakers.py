"""Who says a quotation: the clause around it is read by its words alone, noun phrases and verbs of saying."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from recoupe.codebook.lexicon import Grammar
from recoupe.codebook.patterns import either
from recoupe.model import Mention, Span

MASK = "\x01"  # stands for each character of a quotation, so that only the words around it are read
_UNIT = re.compile(rf"{MASK}+|['’]s\b|\w+['’](?!s\b)(?=\w)|\w+(?:[-.‑]\w+)*|\S")
_END = re.compile(r"[.!?…]+[\s\"”»)\]]*\s(?=[A-ZÀ-ÞŁŠŽČ«“\"‟„\[(–—-])|[^\n:,]\s*\n\s*|[:,]\s*\n\s*(?=[^«“\"‟„\s])")
_INVERTED = re.compile(r"[\w'’]+-(?:t-)?(\w+)$")
_DASHES = frozenset("–—-―")
_CLOSING = frozenset("»”\"“'’")
_OPENING = frozenset("«“\"‟„'‘")
_PHRASE = 9  # words of a noun phrase
_BACK = 12  # sentences that a pronoun reaches back
_DISTANT = 900  # characters between a quotation without a word of its speaker and the one that it goes on
_SIGNED = re.compile(r"[»”\"]?\s*\n\s*[–—―-]\s*([^\n]{2,60})(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, mark, name, time or masked quotation (`kind`: w, p, m, a(djective), t, q)."""

    start: int
    end: int
    kind: str
    lower: str
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase that may name a speaker; `governor` is where the preposition before it stands, or -1."""

    start: int
    end: int
    governor: int = -1
    mention: Mention | None = None
    sex: str = ""  # of a pronoun: m, f, many
    words: str = ""
    head: str = ""
    definite: bool = False
    owner: Mention | None = None

    @property
    def governed(self) -> bool:
        """Does it hang on a preposition?"""
        return self.governor >= 0


@dataclass
class Sentence:
    """A sentence as units, its noun phrases, and where its verbs of saying stand."""

    span: Span
    units: list[Unit]
    phrases: list[Phrase] = field(default_factory=list)
    at: dict[int, Phrase] = field(default_factory=dict)
    verbs: list[int] = field(default_factory=list)

    def index(self, offset: int) -> int:
        """The first unit that does not end before an offset."""
        return next((i for i, u in enumerate(self.units) if u.end > offset), len(self.units))


@dataclass(frozen=True)
class Known:
    """What the codebook knows of those who may speak: people's sexes, the media, who has held which office of whom."""

    sexes: Mapping[str, str] = field(default_factory=dict)
    media: Collection[str] = frozenset()
    held: Mapping[str, Collection[tuple[str, str]]] = field(default_factory=dict)


class Speakers:
    """Finds who is said to say the quotations of one text; it is asked in the order of the text."""

    def __init__(
        self,
        text: str,
        quotes: Sequence[Span],
        mentions: Sequence[Mention],
        grammar: Grammar,
        known: Known,
    ) -> None:
        self.text = text
        self.grammar = grammar
        self.speech = grammar.speech
        self.known = known
        self.masked = _mask(text, quotes)
        self.mentions = _outermost(m for m in mentions if self.masked[m.span.start] != MASK)
        self.people = [m for m in self.mentions if m.type == "person"]
        self._starts = [0, *(m.end() for m in _END.finditer(self.masked) if not _abbreviated(self.masked, m.start()))]
        self._first = [m.span.start for m in self.mentions]
        self._sentences: dict[int, Sentence] = {}
        self._verb = _verbs(grammar)
        self._according = re.compile(rf"(?<!\w){either(grammar.according)}(?!\w)", re.I)
        relatives = set().union(*grammar.relatives.values())
        self._inverting = {"comme", "ainsi", "que", "qu'", "où"} if grammar.head_first else {"as", "so"}
        self._breaks = relatives | {w for w in grammar.separators if w.isalpha()} | {"but", "mais"}
        self.said: list[tuple[Span, str | None]] = []
        self._named: dict[str, str] = {}  # unnamed speakers by the noun that they were introduced with

    # -- the quotation and its surroundings --------------------------------------------------------------------------

    def of(self, quote: Span) -> tuple[str | None, str]:
        """The speaker of the quotation at `quote`, and by which rule."""
        speaker, rule = self._find(quote)
        self.said.append((quote, speaker))
        return speaker, rule

    def _find(self, quote: Span) -> tuple[str | None, str]:
        sentence = self._sentence(self._number(quote.start))
        last = self._sentence(self._number(quote.end - 1))
        opened, closed = sentence.index(quote.start), last.index(quote.end - 1) + 1
        for rule, phrase in (
            ("tag after", self._tag(last, closed, quote)),
            ("reporting verb before", self._before(sentence, opened)),
            ("parenthesis", self._parenthesis(last, closed)),
        ):
            if phrase is not None:
                speaker = self._resolve(phrase, sentence if rule == "reporting verb before" else last)
                if speaker or phrase.sex == "one":
                    return speaker, rule
        signed = self._signature(quote.end)
        if signed:
            return signed, "signature"
        return self._without_words(sentence, last, opened, closed, quote)

    def _without_words(
        self, sentence: Sentence, last: Sentence, opened: int, closed: int, quote: Span
    ) -> tuple[str | None, str]:
        """A quotation that no verb of saying goes with: it goes on with the speaker of the passage."""
        around = [*sentence.units[:opened], *last.units[closed:]]
        if not any(u.kind in "wma" for u in around):
            speaker = self._focus(quote.start)
            return speaker, "speaker of the passage" if speaker else ""
        if self.said and self.said[-1][0].start >= sentence.span.start and self.said[-1][1]:
            between = [p for p in sentence.phrases if sentence.units[p.start].start > self.said[-1][0].end]
            if not any(p.mention and p.mention.type == "person" and p.start < opened for p in between):
                return self.said[-1][1], "speaker of the quotation before"
        subject = self._main(sentence, opened)
        if subject and subject.mention and subject.mention.type == "person":
            return self._resolve(subject, sentence), "subject of the sentence"
        return None, ""

    def _tag(self, s: Sentence, i: int, quote: Span) -> Phrase | None:
        """The speaker right after a quotation: "», a déclaré X", "," X said", "», sourit un fonctionnaire"."""
        units, apart = s.units, self.text[quote.end - 1] in ",!?…"
        while i < len(units) and units[i].kind == "p" and (units[i].lower in _CLOSING or units[i].lower in ",–—-―"):
            apart = apart or units[i].lower in ",–—-―"
            i += 1
        if i >= len(units):
            return self._asked(s, quote)
        if (phrase := self._after_according(s, i, i + 1)) is not None:
            return phrase
        if units[i].lower in self.speech.agents and (phrase := s.at.get(i + 1)) is not None:
            return phrase
        if not apart and i not in s.verbs and units[i].lower not in self.speech.auxiliaries:
            return None
        said, words, j = False, 0, i
        while j < min(len(units), i + 16):
            unit, phrase = units[j], s.at.get(j)
            if (pronoun := self._inversion(unit)) is not None:
                return pronoun
            if phrase is not None:
                if phrase.governed and said:
                    j = phrase.end
                    continue
                return self._subject_after(s, phrase, i, said, words, quote)
            if unit.kind == "p" and not (said and unit.lower == "," and self._led(s, j + 1)):
                return None
            if unit.kind == "w":
                if unit.lower in self._breaks or (not said and unit.lower in self.speech.prepositions):
                    return None
                said = said or j in s.verbs
                words += 1
            j += 1
        return None

    def _led(self, s: Sentence, j: int) -> bool:
        """Does a preposition stand here (", par visioconférence,") or what it led end (", le président X")?"""
        return j < len(s.units) and (s.units[j].lower in self.speech.prepositions or j in s.at)

    def _subject_after(
        self, s: Sentence, phrase: Phrase, first: int, said: bool, words: int, quote: Span
    ) -> Phrase | None:
        if said:
            return phrase
        if phrase.start == first:
            follows = next((v for v in s.verbs if phrase.end <= v < phrase.end + 25), None)
            if follows is not None and self._subject(s, follows) is phrase:
                beside = s.at.get(follows + 1)
                return beside if phrase.sex and beside and self._is_person(beside) else phrase
            return phrase if self.text[quote.end - 1] == "," and not phrase.governed else None
        somebody = phrase.mention is not None or (phrase.head and self._human(phrase.head))
        if somebody and not phrase.governed and words <= (4 if self.grammar.head_first else 1):
            return phrase
        return None

    @staticmethod
    def _is_person(phrase: Phrase) -> bool:
        return phrase.mention is not None and phrase.mention.type == "person"

    def _asked(self, s: Sentence, quote: Span) -> Phrase | None:
        """After a question or a cry the speaker may begin what looks like another sentence ("Why?" Zelensky asked)."""
        number = self._number(quote.end - 1) + 1
        if self.text[quote.end - 1] not in "?!" or number >= len(self._starts) or self.grammar.head_first:
            return None
        following = self._sentence(number)
        if "\n" in self.text[quote.end : following.span.start]:
            return None
        phrase = following.at.get(0)
        if phrase and any(phrase.end <= v <= phrase.end + 1 for v in following.verbs):
            return Phrase(0, 1, mention=phrase.mention, sex=phrase.sex, words=phrase.words, head=phrase.head)
        return None

    def _before(self, s: Sentence, i: int) -> Phrase | None:
        """The speaker told before a quotation: the subject of the verb of saying that governs it."""
        while i and s.units[i - 1].lower in _OPENING:
            i -= 1
        if not i:
            return None
        through = False
        for v in reversed([v for v in s.verbs if v < i]):
            if self._passive(s, v):
                if (agent := self._agent(s, v, i)) is not None:
                    return agent
                continue
            if self._unfinished(s, v):
                through = True
                continue
            subject = self._subject(s, v)
            if subject is None:
                subject = next(
                    (p for p in s.phrases if v < p.start <= v + 3 and p.end <= i and not p.governed and not p.sex), None
                )
            if subject is not None:
                return subject
        if through and (main := self._main(s, i)) is not None:
            return main
        if (phrase := self._after_according(s, 0, i)) is not None:
            return phrase
        if s.units[i - 1].lower == ":":
            return self._announced(s, i)
        return self._uttered(s, i)

    def _announced(self, s: Sentence, colon: int) -> Phrase | None:
        """Who is named before a colon: the subject, or whose words the sentence says that it cites."""
        here = [p for p in s.phrases if p.end < colon]
        close = [p for p in here if p.mention and p.mention.type == "person"]
        if close:
            return close[-1] if close[-1].end >= colon - 6 else close[0]
        if self._uttered(s, colon) is not None:
            return self._uttered(s, colon)
        named = [p for p in here if p.mention is not None or (p.head and self._human(p.head))]
        return named[-1] if named and named[-1].end >= colon - 2 else None

    def _uttered(self, s: Sentence, i: int) -> Phrase | None:
        """"In X's words", "the phrase of X"."""
        for k in range(max(0, i - 6), i):
            word = s.units[k].lower
            if s.units[k].kind == "w" and (word in self.speech.utterances or word.rstrip("s") in self.speech.utterances):
                near = [p for p in s.phrases if p.mention and (p.end >= k - 1 if p.end <= k else p.start <= k + 3)]
                near = [p for p in near if p.end <= i]
                if near:
                    return near[-1]
        return None

    def _parenthesis(self, s: Sentence, i: int) -> Phrase | None:
        """A speaker told later in the sentence: ", a déclaré X", ", X said", "according to X"."""
        for v in (v for v in s.verbs if v >= i):
            comma = next(
                (
                    k
                    for k in range(v - 1, max(i - 2, v - 8), -1)
                    if s.units[k].lower in ",–—" or (s.units[k].lower in _CLOSING and s.units[k - 1].kind == "q")
                ),
                None,
            )
            if comma is None or self._unfinished(s, v):
                continue
            first = s.at.get(comma + 1)
            if first is not None and not first.governed and first.end <= v:
                return first
            for k in range(comma + 1, min(len(s.units), v + 8)):
                if (pronoun := self._inversion(s.units[k])) is not None:
                    return pronoun
                phrase = s.at.get(k)
                if k > v and phrase is not None and phrase.start == k and not phrase.governed:
                    return phrase
                if s.units[k].lower in self.grammar.relatives.get("subject", ()) or (k > v and s.units[k].kind == "p"):
                    break
        return self._after_according(s, i, len(s.units))

    def _after_according(self, s: Sentence, low: int, high: int) -> Phrase | None:
        if low >= high or low >= len(s.units):
            return None
        end = s.units[min(high, len(s.units)) - 1].end
        m = self._according.search(self.masked, s.units[low].start, max(end, s.units[low].start + 16))
        if m is None or m.start() >= end:
            return None
        k = s.index(m.end())
        phrase = next((s.at[j] for j in range(k, min(k + 3, len(s.units))) if j in s.at), None)
        if phrase is None and k < len(s.units) and s.units[k].lower in ("lui", "elle", "him", "her"):
            return Phrase(k, k + 1, sex="f" if s.units[k].lower in ("elle", "her") else "m")
        return phrase

    def _signature(self, end: int) -> str | None:
        """A name on a line of its own, after a dash, below the quotation."""
        m = _SIGNED.match(self.text, end)
        if m is None:
            return None
        for x in self._between(m.start(1), m.end(1)):
            return str(x.value)
        words = m[1].strip(" .").lower()
        for x in reversed(self.mentions):
            if x.span.start < end and words in self.text[x.span.start : x.span.end].lower():
                return str(x.value)
        return None

    # -- verbs and their subjects ------------------------------------------------------------------------------------

    def _inversion(self, unit: Unit) -> Phrase | None:
        """A pronoun after its verb ("dit-il", "a-t-elle"): a phrase of its own."""
        m = _INVERTED.match(unit.lower) if unit.kind == "w" else None
        sex = self._sex_of(m[1]) if m else ""
        if m and (sex or m[1] in ("on", "je", "nous")):
            return Phrase(-1, -1, sex=sex or "one")
        return None

    def _sex_of(self, pronoun: str) -> str:
        speech = self.speech
        return "m" if pronoun in speech.he else "f" if pronoun in speech.she else "many" if pronoun in speech.they else ""

    def _passive(self, s: Sentence, v: int) -> bool:
        word = s.units[v].lower
        before = [u.lower for u in s.units[max(0, v - 3) : v]]
        if self.grammar.head_first:
            be = {"est", "sont", "était", "étaient", "été", "fut", "être"}
            return bool(be & set(before)) and not {"s'", "s’", "se"} & set(before) and bool(re.search(r"(?:[éiut]|is)e?s?$", word))
        return word.endswith("ed") and bool({"is", "are", "was", "were", "been", "be", "being"} & set(before))

    def _agent(self, s: Sentence, v: int, i: int) -> Phrase | None:
        for k in range(v + 1, i):
            if s.units[k].lower in self.speech.agents and k + 1 in s.at:
                return s.at[k + 1]
        return None

    def _unfinished(self, s: Sentence, v: int) -> bool:
        """A participle or an infinitive: its subject is that of the sentence."""
        word, before = s.units[v].lower, s.units[v - 1].lower if v else ""
        if self.grammar.head_first:
            return word.endswith("ant") or (bool(re.search(r"(?:er|ir|re)$", word)) and not self._inversion(s.units[v]))
        return before == "to" or (word.endswith("ing") and before not in self.speech.auxiliaries)

    def _subject(self, s: Sentence, v: int) -> Phrase | None:
        """The subject of the verb at `v`: the noun phrase left of it that hangs on no preposition."""
        units = s.units
        for k in range(max(0, v - 3), min(v + 2, len(units))):
            if (pronoun := self._inversion(units[k])) is not None:
                return pronoun
        k, hops = v - 1, 0
        while k >= 0 and hops < 30:
            hops += 1
            phrase = s.at.get(k)
            word = units[k].lower
            if phrase is not None:
                if not phrase.governed or units[phrase.governor].lower in self.speech.clauses:
                    return phrase
                k = phrase.governor - 1
            elif units[k].kind == "p" and word in ",)–—-":
                found = self._across(s, k)
                if found is None:
                    return self._main(s, k)
                return found
            elif word in self.grammar.relatives.get("subject", ()) and units[k].kind == "w":
                j = k - 1 if k and units[k - 1].lower != "," else k - 2
                if j in s.at:
                    return s.at[j]
                k -= 1
            elif units[k].kind == "p" and word in ":;(":
                return None
            elif word in self._inverting and units[k].kind == "w":
                return next((p for p in s.phrases if v < p.start <= v + 3 and not p.governed), None)
            elif word in self.grammar.separators and units[k].kind == "w":
                earlier = [x for x in s.verbs if x < k and not self._unfinished(s, x)]
                return self._subject(s, earlier[-1]) if earlier else self._main(s, k)
            else:
                k -= 1
        return None

    def _across(self, s: Sentence, k: int) -> Phrase | None:
        """The noun phrase before what stands between two commas, brackets or dashes that end at `k`."""
        inside = s.at.get(k - 1)
        if inside is not None and not inside.governed and inside.mention and inside.start:
            if self._is_person(inside) or s.units[inside.start - 1].lower in ",–—-":
                return inside
        for j in range(k - 1, -1, -1):
            if s.units[j].kind == "p" and s.units[j].lower in ",(–—-":
                phrase = s.at.get(j - 1)
                while phrase is not None and phrase.governed:
                    phrase = s.at.get(phrase.governor - 1)
                if phrase is not None and (phrase.mention is not None or phrase.head or phrase.sex):
                    return phrase
        return None

    def _main(self, s: Sentence, limit: int) -> Phrase | None:
        """The first noun phrase for somebody that hangs on no preposition: the likely subject of the sentence."""
        for p in s.phrases:
            if p.end > limit:
                break
            free = not p.governed or s.units[p.governor].lower in self.speech.clauses
            if free and (p.sex or p.mention is not None or self._human(p.head) or p.head in self.grammar.bodies):
                return p
        return None

    # -- noun phrases ------------------------------------------------------------------------------------------------

    def _number(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _sentence(self, number: int) -> Sentence:
        if number not in self._sentences:
            start = self._starts[number]
            end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
            self._sentences[number] = self._read(Span(start, end))
        return self._sentences[number]

    def _between(self, start: int, end: int) -> list[Mention]:
        i = bisect_right(self._first, start - 1)
        j = bisect_right(self._first, end - 1)
        return [m for m in self.mentions[i:j] if m.span.end <= end]

    def _read(self, span: Span) -> Sentence:
        units: list[Unit] = []
        at = span.start
        for m in (*self._between(span.start, span.end), None):
            until = m.span.start if m else span.end
            for w in _UNIT.finditer(self.masked, at, until):
                word = w.group()
                kind = "q" if word[0] == MASK else "w" if word[0].isalnum() or word in ("'s", "’s") else "p"
                units.append(Unit(w.start(), w.end(), kind, word.lower().replace("’", "'")))
            if m:
                kind = "t" if m.type == "time" else "a" if m.note == "adjective" else "m"
                units.append(Unit(m.span.start, m.span.end, kind, self.text[m.span.start : m.span.end].lower(), m))
                at = m.span.end
        sentence = Sentence(span, units)
        starts = {u.start: i for i, u in enumerate(units) if u.kind == "w"}
        for v in self._verb.finditer(self.masked, span.start, span.end):
            i = starts.get(v.start())
            if i is not None and not self._is_noun(units, i):
                sentence.verbs.append(i)
        self._phrases(sentence)
        return sentence

    def _is_noun(self, units: Sequence[Unit], i: int) -> bool:
        """Is the word that looks like a verb a noun ("la déclaration", "his claim")?"""
        if not i:
            return False
        before = units[i - 1].lower
        if before == "l'":
            return i + 1 < len(units) and units[i + 1].lower in self.speech.inside
        if before in ("le", "la", "les") and i > 1:
            return units[i - 2].kind != "m" and not self._sex_of(units[i - 2].lower)
        return before in self.speech.definite | self.speech.indefinite or before == "'s"

    def _phrases(self, s: Sentence) -> None:
        verbs = set(s.verbs)
        i = 0
        while i < len(s.units):
            phrase = self._phrase(s, i, verbs)
            if phrase is None:
                i += 1
                continue
            s.phrases.append(phrase)
            for k in range(phrase.start, phrase.end):
                s.at[k] = phrase
            i = phrase.end

    def _phrase(self, s: Sentence, i: int, verbs: Collection[int]) -> Phrase | None:
        unit = s.units[i]
        governor = self._governor(s, i)
        if unit.kind == "w" and (sex := self._sex_of(unit.lower)):
            return Phrase(i, i + 1, sex=sex)
        if unit.kind == "m" and unit.mention is not None and (unit.mention.type == "person" or "office" in unit.mention.note):
            return Phrase(i, i + 1, governor, unit.mention)
        if unit.kind in "ma":
            longer = self._described(s, i, verbs, governor)
            if longer is not None or unit.kind == "a":
                return longer
            return Phrase(i, i + 1, governor, unit.mention)
        if unit.kind == "w" and unit.lower in self.speech.definite | self.speech.indefinite:
            if i + 1 < len(s.units) and s.units[i + 1].kind == "m" and (named := self._phrase(s, i + 1, verbs)):
                if named.mention is not None:
                    return Phrase(i, named.end, governor, named.mention)
            return self._described(s, i, verbs, governor)
        if unit.kind == "w" and (unit.lower in self.grammar.unnamed or self.speech.human(unit.lower)):
            return self._described(s, i, verbs, governor)
        return None

    def _governor(self, s: Sentence, i: int) -> int:
        k = i - 1
        while k >= 0 and (s.units[k].kind == "a" or s.units[k].lower in self.speech.definite):
            k -= 1
        if k < 0 or s.units[k].kind != "w":
            return -1
        word = s.units[k].lower
        if word in self.speech.prepositions:
            return k
        if word == "des" and k and s.units[k - 1].kind != "p" and (k - 1 not in s.verbs):
            return k if s.units[k - 1].kind == "w" and s.units[k - 1].lower not in self.speech.stops else -1
        return -1

    def _described(self, s: Sentence, i: int, verbs: Collection[int], governor: int) -> Phrase | None:
        """A noun phrase without a name of its own, as far as its words go; a name set beside it is the speaker's."""
        units, speech = s.units, self.speech
        owner: Mention | None = None
        j = last = i
        head, head_at, inner = "", -1, 0
        if units[i].kind in "ma":
            owner = units[i].mention
            j += 1
            if j < len(units) and units[j].lower == "'s":
                j += 1
        elif units[i].lower in speech.definite | speech.indefinite:
            j += 1
        while j < min(len(units), i + _PHRASE):
            unit = units[j]
            if unit.kind == "m" and unit.mention is not None and unit.mention.type == "person":
                return Phrase(i, j + 1, governor, unit.mention)
            if unit.kind in "ma":
                if unit.mention and str(unit.mention.value) in self.known.media:
                    break
                owner = owner or unit.mention
                last = j + 1
            elif unit.kind != "w" or j in verbs or unit.lower in speech.stops or unit.lower in speech.auxiliaries:
                if unit.lower == "'s":
                    return None if not head else Phrase(i, j, governor)
                break
            elif unit.lower in speech.inside and head_at >= 0:
                if inner >= 2 or not self._goes_inside(units, j):
                    break
                inner += 1
            elif unit.lower in speech.prepositions or self._sex_of(unit.lower):
                break
            elif head_at >= 0 and not inner and self._qualifies_no_more(unit.lower):
                break
            else:
                known = speech.human(unit.lower) or unit.lower in speech.organs or unit.lower in self.grammar.bodies
                if not inner and (known and (head_at < 0 or not self.grammar.head_first)):
                    head, head_at = unit.lower, j
                elif not inner and head_at < 0 and self.grammar.head_first and not head and len(unit.lower) > 2:
                    head = unit.lower
                last = j + 1
            j += 1
        if not self.grammar.head_first and head_at >= 0 and not inner:
            last = head_at + 1
        if last <= i:
            return None
        if head_at < 0 and (units[i].kind in "ma" or (not head and self.grammar.head_first)):
            return None
        beside = self._apposed(s, last)
        if beside is not None:
            return Phrase(i, beside + 1, governor, units[beside].mention)
        if not head:
            head = units[last - 1].lower
        words = " ".join(self.text[units[i].start : units[last - 1].end].split())
        definite = units[i].kind in "ma" or units[i].lower in speech.definite
        return Phrase(i, last, governor, words=words, head=head, definite=definite, owner=owner)

    def _goes_inside(self, units: Sequence[Unit], j: int) -> bool:
        """Does a preposition go on with a noun phrase ("un conseiller à la Défense", "a diplomat from one of ...")?"""
        following = [u for u in units[j + 1 : j + 3] if u.lower not in self.speech.definite]
        if not following or following[0].kind in "pqt":
            return False
        if units[j].lower in ("à", "au", "aux", "at", "in", "with", "for"):
            first = following[0]
            name = self.text[first.start].isupper()
            return name and not (first.mention is not None and str(first.mention.value) in self.known.media)
        return True

    def _qualifies_no_more(self, word: str) -> bool:
        """Is it a participle or an adverb, with which the noun phrase is over?"""
        if self.grammar.head_first:
            return bool(re.search(r"(?:ée?s?|ant|ment|ait|aient|ent)$", word)) and word not in self.grammar.bodies
        return bool(re.search(r"(?:ing|ly|ed)$", word))

    def _apposed(self, s: Sentence, j: int) -> int | None:
        """The person named right after a description, with or without a comma."""
        if j < len(s.units) and s.units[j].lower in self.grammar.relatives.get("subject", ()):
            for k in range(j + 2, min(j + 5, len(s.units))):
                if s.units[k].mention is not None and any(u.lower in self.grammar.naming for u in s.units[j:k]):
                    return k
        if j < len(s.units) and s.units[j].lower == "(":
            j = next((k + 1 for k in range(j, min(j + 8, len(s.units))) if s.units[k].lower == ")"), j)
        if j < len(s.units) and s.units[j].lower == ",":
            j += 1
        if j < len(s.units):
            mention = s.units[j].mention
            if mention is not None and mention.type == "person" and "office" not in mention.note:
                return j
        return None

    # -- who is meant ------------------------------------------------------------------------------------------------

    def _human(self, word: str) -> bool:
        return self.speech.human(word) or word in self.grammar.unnamed

    def _resolve(self, phrase: Phrase, s: Sentence) -> str | None:
        at = s.units[phrase.start].start if 0 <= phrase.start < len(s.units) else s.span.start
        if phrase.sex:
            return self._antecedent(phrase.sex, at, s)
        if phrase.mention is not None:
            return self._holder(phrase.mention, at)
        body = phrase.head in self.grammar.bodies
        if phrase.owner is not None:
            if body and (phrase.definite or phrase.head[-1] == "s"):
                return str(phrase.owner.acts_for or phrase.owner.value)
            if not self._human(phrase.head) and str(phrase.owner.value).startswith("org:"):
                return str(phrase.owner.value)
        first = phrase.words.lower().replace("’", "'").split()[0]
        if first in self.grammar.possessives.get("one", ()) and (body or self._human(phrase.head)):
            whose = self._antecedent("any", at, s)
            acts_for = next((m.acts_for for m in self.people if str(m.value) == whose and m.acts_for), None)
            return str(acts_for) if acts_for is not None else self._unnamed(phrase)
        return self._described_before(phrase, at, s)

    def _holder(self, mention: Mention, at: int) -> str:
        """The person that the report named in an office, for the office alone; else whoever is named."""
        office = mention.note.partition("office:")[2].split(" ")[0]
        if mention.type == "actor" and office:
            before = [p for p in self.people if p.span.start < at]
            for person in reversed(before):
                if f"office:{office}" in person.note and person.acts_for == mention.acts_for:
                    return str(person.value)
            held = (office, str(mention.acts_for))
            known = dict.fromkeys(str(p.value) for p in before if held in self.known.held.get(str(p.value), ()))
            if len(known) == 1:
                return next(iter(known))
        return str(mention.value)

    def _described_before(self, phrase: Phrase, at: int, s: Sentence) -> str | None:
        """Whom a description without a name means: someone named or described before, else a source without a name."""
        head = phrase.head
        plural = len(head) > 3 and head not in self.speech.humans and head[-1] in "sx"
        human = self._human(head)
        if phrase.definite and not plural:
            found = self._described_as(head, at) or (self._introduced(head, at) if human else None)
            if found is None and human:
                found = self._focus(at) or self._antecedent("any", at, s)
            if found is not None:
                return found
        if head in self.grammar.bodies or head in self.speech.organs:
            for m in reversed(self._between(max(0, at - 4000), at)):
                named = head in self.text[m.span.start : m.span.end].lower() and m.note != "adjective"
                if m.type == "actor" and (named or (head in self.speech.organs and str(m.value).startswith("org:"))):
                    return str(m.value)
            if head in self.speech.organs:
                return None
        return self._unnamed(phrase) if human or self.grammar.head_first else None

    def _described_as(self, head: str, at: int) -> str | None:
        """The last person whose name the text put beside a word ("the minister": the minister named before)."""
        word = re.compile(rf"(?<!\w){re.escape(head)}(?!\w)")
        near = [p for p in self.people if p.span.end <= at and at - p.span.end < 4000][-1:-40:-1]
        for reach in (0, 60):
            for p in near:
                words = self.text[max(0, p.span.start - reach) : min(at, p.span.end + reach)].lower()
                if word.search(words):
                    return str(p.value)
        return None

    def _introduced(self, head: str, at: int) -> str | None:
        """The unnamed source that a word for a person introduced before ("a US official"; then "the official")."""
        if head in self._named:
            return self._named[head]
        number = self._number(at)
        for n in range(number - 1, max(-1, number - 8), -1):
            for p in reversed(self._sentence(n).phrases):
                if p.head == head and not p.definite:
                    return self._unnamed(p)
        return None

    def _unnamed(self, phrase: Phrase) -> str:
        words = phrase.words
        first = words.split()[0]
        if first.lower().replace("’", "'") in self.speech.definite | self.speech.indefinite or not first.isupper():
            words = words[0].lower() + words[1:]
        if phrase.head in self.speech.others and self._named:
            words += " " + list(self._named)[-1]
        speaker = "unnamed:" + words
        if not phrase.definite:
            self._named[phrase.head] = speaker
        return speaker

    def _fits(self, speaker: str, sex: str) -> bool:
        if speaker.startswith("unnamed:"):
            return sex != "m" or not speaker.startswith("unnamed:une ")
        return speaker.startswith("person:") and (sex == "any" or self.known.sexes.get(speaker, sex) == sex)

    def _antecedent(self, sex: str, at: int, s: Sentence) -> str | None:
        """Whom a pronoun points at: the last speaker or subject of the right sex, sentence by sentence backwards."""
        if sex not in ("m", "f", "any"):
            return None
        subject = next((p for p in s.phrases if p.mention and p.mention.type == "person" and not p.governed), None)
        if subject and subject.mention and subject.mention.span.end <= at and self._fits(str(subject.mention.value), sex):
            return str(subject.mention.value)
        number = self._number(s.span.start)
        for n in range(number - 1, max(-1, number - _BACK), -1):
            found = self._of_sentence(n, sex)
            if found:
                return found
        return None

    def _of_sentence(self, n: int, sex: str) -> str | None:
        s = self._sentence(n)
        for span, speaker in reversed(self.said):
            if span.end <= s.span.start:
                break
            if span.start < s.span.end and speaker and self._fits(speaker, sex):
                return speaker
        main = self._main(s, len(s.units))
        if main is not None and main.sex == sex:
            return None
        if main is not None and main.mention and self._fits(str(main.mention.value), sex):
            return str(main.mention.value)
        fit = [p for p in s.phrases if p.mention and p.mention.type == "person" and self._fits(str(p.mention.value), sex)]
        free = [p for p in fit if not p.governed] or fit
        return str(free[0].mention.value) if free and free[0].mention else None

    def _focus(self, at: int) -> str | None:
        """Who speaks in the passage before an offset: its last speaker, or the person that it tells of."""
        number = self._number(at)
        for n in range(number - 1, max(-1, number - 4), -1):
            s = self._sentence(n)
            if at - s.span.end > _DISTANT or self.text.count("\n\n", s.span.end - 2, at) > 2:
                return None
            for span, speaker in reversed(self.said):
                if span.end <= s.span.start:
                    break
                if span.start < s.span.end:
                    return speaker
            main = self._main(s, len(s.units))
            if main is None:
                continue
            if main.mention is not None and main.mention.type == "person":
                return str(main.mention.value)
            if main.sex in ("m", "f"):
                return self._antecedent(main.sex, s.span.start, s)
            if main.head and self._human(main.head) and not main.mention:
                return self._described_before(main, s.span.start, s)
        return None


def _verbs(grammar: Grammar) -> re.Pattern[str]:
    patterns = [*(p.pattern for p in grammar.reporting.values()), grammar.speech.verbs.pattern]
    return re.compile(r"(?<![\w])(?:" + "|".join(patterns) + r")\w*", re.I)


def _mask(text: str, quotes: Sequence[Span]) -> str:
    """The text with its quotations hidden, but for a mark that ends their sentence."""
    parts, at = [], 0
    for q in quotes:
        end = q.end - 1 if text[q.end - 1] in ".!?…" else q.end
        parts += [text[at : q.start], MASK * (end - q.start)]
        at = end
    return "".join((*parts, text[at:]))


def _outermost(mentions: Sequence[Mention] | object) -> list[Mention]:
    kept: list[Mention] = []
    order = {"person": 0, "actor": 1, "time": 2}
    for m in sorted(mentions, key=lambda m: (m.span.start, order[m.type], -m.span.end)):  # type: ignore[attr-defined]
        if not kept or m.span.start >= kept[-1].span.end:
            kept.append(m)
    return kept


def _abbreviated(text: str, end: int) -> bool:
    words = text[max(0, end - 12) : end].split()
    return bool(words) and text[end] == "." and len(words[-1]) <= 3 and words[-1][0].isupper()
