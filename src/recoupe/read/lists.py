"""Claims without a verb of their own: the later parts of a list, and the lines under a heading.

"Denmark pledged 19 jets, the Netherlands 24 and Norway six" tells three pledges with one verb. A part of such a list is
an actor and what it gives; its kind, time and source are those of the claim that the list goes on from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import zip_longest

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind
from recoupe.codebook.language import Language
from recoupe.codebook.patterns import either, plain
from recoupe.model import Cell, Claim, Evidence, Mention, Reading, Span
from recoupe.read.scenes import Draft, at_least
from recoupe.read.slots import NO_PURPOSE
from recoupe.read.triggers import evoked_in
from recoupe.values import Actor, Amount, Count, Item

_GAP = re.compile(r"[^.;:!?\n]{0,40}|\s*:\s*")  # between an actor and what it gives: "for", "accounts for", ":"
_WORDS = 5
_FAR = 700  # characters back to what a list goes on from: a paragraph
_CLOSE = 40  # characters between what a heading tells and its colon; what is farther is not what the list is of
_MONEY_SCALE = 100_000  # pieces are hardly ever so many
_BARE = 20  # characters after a number without a thing, to the end of its line
LISTED = "part of a list"
_BULLET = re.compile(r"\s*[*•‣·–—-]\s+")
_HEADING = re.compile(r":\W{0,3}$")
_QUANTITIES = ("amount", "count", "item")


@dataclass(frozen=True, slots=True)
class Part:
    """An actor, or some, and what is told of it."""

    actors: tuple[Mention, ...]
    told: tuple[Mention, ...]

    @property
    def start(self) -> int:
        """Where it begins."""
        return min(m.span.start for m in (*self.actors, *self.told))

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(m.span.end for m in (*self.actors, *self.told))

    @property
    def span(self) -> Span:
        """From its actors to what is told of them."""
        return Span(self.start, self.end)


class Lists:
    """Finds the parts of lists in one report. `sentences` are all of its sentences, in order."""

    def __init__(self, reading: Reading, sentences: Sequence[Span], codebook: Codebook, language: Language) -> None:
        self.text, self.sentences, self.codebook = reading.report.text, sentences, codebook
        self.plain, self.lexicon, grammar = plain(self.text), language.lexicon, language.grammar
        self.mentions = reading.mentions
        small = either((*grammar.articles, *grammar.fillers))
        glue = either(grammar.separators)
        self._between = re.compile(
            rf"[\s)]*(?:[,;]|(?<!\w){glue}(?!\w))[\s,]*(?:(?<!\w){glue}(?!\w)\s*)*(?:(?<!\w){small}\s*)*", re.I
        )
        self._with_rest = re.compile(rf"(?:\s[^\W\d][\w'’-]*){{1,3}}?{self._between.pattern}", re.I)
        self._led = re.compile(r"[\s)]*[;,:](?:\s+[\w'’-]+){0,4}?\s+")
        self._each = re.compile(rf"\s{either(grammar.each)}(?!\w)", re.I)
        words = either((*grammar.articles, *grammar.fillers, *grammar.part_whole, *grammar.speech.prepositions))
        self._verbless = re.compile(rf"[\s:,(–—-]*(?:(?<!\w){words}(?!\w)\s*)*", re.I)
        self._joined = re.compile(rf"\s*(?:,|(?<!\w){glue}(?!\w))\s*(?:(?<!\w){small}\s*)*", re.I)

    def told(self, drafts: Sequence[Draft]) -> list[Draft]:
        """The drafts with those of the parts of lists, in the text's order."""
        out = list(drafts)
        for sentence in self.sentences:
            others = {w for d in out if d.sentence == sentence for w in self._elsewhere(d)}
            for chain in self._chains(sentence, others):
                out = self._with_chain(out, sentence, chain)
        out += self._under_headings(out)
        return sorted(out, key=lambda d: (d.sentence.start, d.claim.evidence[0].start))

    # -- parts -------------------------------------------------------------------------------------------------------

    def _elsewhere(self, draft: Draft) -> Iterator[Span]:
        """The words of a draft's actors in other roles than the one that lists go through: whom things are given to."""
        for cell in draft.claim.cells:
            if cell.words is not None and cell.role != self._role(draft) and isinstance(cell.value, Actor):
                yield Span(cell.words.start, cell.words.end)

    def _chains(self, sentence: Span, others: AbstractSet[Span]) -> Iterator[list[Part]]:
        """Runs of parts that follow one another with nothing but a separator between them."""
        chain: list[Part] = []
        for part in self._parts(sentence, others):
            if chain and not self._follows(chain[-1], part):
                yield chain
                chain = []
            chain.append(part)
        if chain:
            yield chain

    def _follows(self, last: Part, part: Part) -> bool:
        """Does a part follow another one, whose number may have a word behind it that is no thing of the codebook?"""
        if self._between.fullmatch(self.plain, last.end, part.start):
            return True
        behind = isinstance(last.told[-1].value, Count | Amount) and not self._acts(Span(last.end, part.start))
        return behind and self._with_rest.fullmatch(self.plain, last.end, part.start) is not None

    def _acts(self, span: Span) -> bool:
        """Does a verb in a run of words tell of something?"""
        return any(t.part == "verb" for found in evoked_in(self.plain, span, self.lexicon).values() for _, t in found)

    def _parts(self, sentence: Span, others: AbstractSet[Span]) -> Iterator[Part]:
        actors: list[Mention] = []
        told: list[Mention] = []
        mentions = list(self._mentions(sentence))
        for m, after in zip_longest(mentions, mentions[1:]):
            if m.type == "person":
                if actors and told:
                    yield Part(tuple(actors), tuple(told))
                actors, told = [], []
            elif m.span in others and told and (after is None or after.type not in _QUANTITIES):
                told.append(m)
            elif m.type == "actor":
                joined = actors and not told and self._joined.fullmatch(self.plain, actors[-1].span.end, m.span.start)
                if actors and told:
                    yield Part(tuple(actors), tuple(told))
                actors, told = [*(actors if joined else ()), m], []
            elif actors and (told or self._near(actors[-1].span.end, m.span.start)):
                told.append(m)
        if actors and told:
            yield Part(tuple(actors), tuple(told))

    def _mentions(self, sentence: Span) -> Iterator[Mention]:
        """Its actors, people and quantities, one a run of words."""
        end = sentence.start
        for m in self.mentions:
            if m.type in ("actor", "person", *_QUANTITIES) and sentence.holds(m.span) and m.span.start >= end:
                yield m
                end = m.span.end

    def _near(self, start: int, end: int) -> bool:
        gap = self.text[start:end]
        return bool(_GAP.fullmatch(gap)) and len(gap.split()) <= _WORDS

    # -- lines under a heading -----------------------------------------------------------------------------------------

    def _under_headings(self, drafts: Sequence[Draft]) -> Iterator[Draft]:
        """What the lines of a list tell whose heading says what they are ("Pledges so far include:")."""
        heading: Draft | None = None
        for sentence in self.sentences:
            if _HEADING.search(self.text, sentence.start, sentence.end):
                near = (d for d in drafts if d.sentence == sentence and self._close(d, sentence))
                listed = (d for d in near if self._role(d) and d.claim.status != "denied")
                heading = next(listed, None)
            elif not _BULLET.match(self._line(sentence)):
                heading = None
            elif heading and not any(d.sentence == sentence and self._role(d) and not d.open for d in drafts):
                yield from self._line_told(heading, sentence)

    @staticmethod
    def _close(draft: Draft, heading: Span) -> bool:
        """Is what a heading tells told right before its colon?"""
        return heading.end - max(e.end for e in draft.claim.evidence) <= _CLOSE

    def _line(self, sentence: Span) -> str:
        """The line in which a sentence stands, up to its end."""
        return self.text[self.text.rfind("\n", 0, sentence.start) + 1 : sentence.end]

    def _line_told(self, heading: Draft, sentence: Span) -> Iterator[Draft]:
        """A line with a number or a sum; the actor at its head, if any, goes before that of the heading."""
        mentions = list(self._mentions(sentence))
        told = [m for m in mentions if m.type in _QUANTITIES]
        actors = [m for m in mentions[:1] if m.type == "actor"]
        if any(isinstance(m.value, Amount) for m in told) or any(self._of_things(m, told, sentence) for m in told):
            yield self._draft(heading, Part(tuple(actors), tuple(told)), sentence)

    @staticmethod
    def _of_things(number: Mention, told: Sequence[Mention], line: Span) -> bool:
        """Is it a number of things that are named, or of nothing but the number itself?"""
        named = any(isinstance(m.value, Item) for m in told)
        return isinstance(number.value, Count) and (named or line.end - number.span.end <= _BARE)

    # -- claims ------------------------------------------------------------------------------------------------------

    def _with_chain(self, drafts: list[Draft], sentence: Span, chain: Sequence[Part]) -> list[Draft]:
        base = self._base(drafts, sentence, chain)
        if base is None:
            return drafts
        new = [p for p in chain if not self._tells(base, p) and not self._has_verb(p)]
        if not new or (len(chain) < 2 and not self._goes_on(sentence, chain[0])):
            return drafts
        kept = [k for d in drafts if (k := self._without(d, new))]
        base = self._without(base, new) or base
        return [*kept, *(self._draft(base, one, sentence) for part in new for one in self._apart(part))]

    def _apart(self, part: Part) -> Iterator[Part]:
        """A part of several actors, or one for each where each gives as much ("Italy and Spain 20 each")."""
        if self._each.match(self.plain, part.end):
            yield from (replace(part, actors=(actor,)) for actor in part.actors)
        else:
            yield part

    def _base(self, drafts: Sequence[Draft], sentence: Span, chain: Sequence[Part]) -> Draft | None:
        """The draft that a list goes on from: one that tells its first part, or that stands right before it, else the
        last one told before it.
        """
        listed = [d for d in drafts if self._role(d) and d.claim.status != "denied"]
        for draft in listed:
            if draft.sentence == sentence and self._tells(draft, chain[0]):
                return draft
        leading = [d for d in listed if self._leads(d, chain, drafts)]
        if leading:
            return leading[-1]
        if not self._stands_alone(sentence, chain):
            return None
        before = [d for d in listed if d.sentence.end <= sentence.start and sentence.start - d.sentence.end < _FAR]
        return max(before, key=lambda d: d.sentence.start, default=None)

    def _leads(self, draft: Draft, chain: Sequence[Part], drafts: Sequence[Draft]) -> bool:
        """Does a list of several stand right behind what a draft tells with its number ("...; then Italy (20)")?"""
        told = [c for c in draft.claim.cells if c.words is not None and c.words.end <= chain[0].start]
        if len(chain) < 2 or not any(isinstance(c.value, Count | Amount) for c in told):
            return False
        end = max(c.words.end for c in told if c.words)
        between = Span(end, max(end, chain[0].start))
        led = self._led.fullmatch(self.plain, between.start, between.end)
        acts = (g.words.start for d in drafts for g in d.claim.grounds if g.of == "kind" and g.words is not None)
        return led is not None and not any(between.start <= act < between.end for act in acts)

    def _stands_alone(self, sentence: Span, chain: Sequence[Part]) -> bool:
        """Is a run of parts all that a sentence begins with, and no verb of its own in it ("Poland has 800 tanks")?"""
        begins = self._verbless.fullmatch(self.plain, sentence.start, chain[0].start)
        return begins is not None and all(
            self._verbless.fullmatch(self.plain, min(p.actors[-1].span.end, p.told[0].span.start), p.told[0].span.start)
            for p in chain
        )

    def _role(self, draft: Draft) -> str | None:
        return self.codebook.kinds[draft.claim.kind].lists

    def _tells(self, draft: Draft, part: Part) -> bool:
        """Does a draft tell a part: its actor in the role that lists go through, or a number or sum of it?"""
        return any(
            c.words is not None and part.span.start <= c.words.start < part.span.end
            for c in draft.claim.cells
            if c.role == self._role(draft) or isinstance(c.value, Count | Amount)
        )

    def _has_verb(self, part: Part) -> bool:
        """Does a word that tells of something stand between the actor and what is told of it?"""
        between = Span(part.actors[-1].span.end, part.told[0].span.start)
        return bool(evoked_in(self.plain, between, self.lexicon))

    def _goes_on(self, sentence: Span, part: Part) -> bool:
        """Does a single part stand at the head of a run of words that goes on from the one before it, and has no verb
        that tells something else of it ("one battery to fill the gap")?
        """
        before = self.text[: sentence.start].rstrip()
        led = self._joined.fullmatch("," + self.plain[sentence.start : part.start])
        acts = part.end < sentence.end and self._acts(Span(part.end, sentence.end))
        return before.endswith(";") and led is not None and not acts

    def _without(self, draft: Draft, parts: Sequence[Part]) -> Draft | None:
        """A draft without what a part tells; none where nothing that tells facts apart is left of it."""
        inside = [c for c in draft.claim.cells if c.words and any(p.start <= c.words.start < p.end for p in parts)]
        if not inside or not self._role(draft):
            return draft
        left = tuple(c for c in draft.claim.cells if c not in inside)
        apart = self.codebook.kinds[draft.claim.kind].tells_apart
        return replace(draft, claim=replace(draft.claim, cells=left)) if any(c.role in apart for c in left) else None

    def _draft(self, base: Draft, part: Part, sentence: Span) -> Draft:
        claim = base.claim
        kind = self.codebook.kinds[claim.kind]
        assert kind.lists is not None
        cells = [self._cell(kind.lists, m) for m in {str(m.value): m for m in part.actors}.values()]
        givers = {str(c.value) for c in cells}
        for type_ in _QUANTITIES:
            role = next((r for r in kind.roles.values() if r.type == type_), None)
            told = [m for m in part.told if m.type == type_ and not _sum_in_unknown_money(m, part, claim)]
            values = [self._cell(role.name, m) for m in told] if role else []
            cells += values if role and role.many else values[:1]
        filled = {c.role for c in cells}
        others = {r.name for r in kind.roles.values() if r.type in ("actor", "item") and r.name not in filled}
        cells += [replace(c, rule=LISTED) for c in claim.cells if c.role in others and str(c.value) not in givers]
        cells += self._of_money(kind, cells)
        words = at_least(self.text, part.span, sentence)
        evidence = (Evidence.of(self.text, words.start, words.end),)
        return Draft(replace(claim, cells=tuple(cells), evidence=evidence), False, sentence)

    def _of_money(self, kind: Kind, cells: Sequence[Cell]) -> list[Cell]:
        """A sum whose purpose is not told, by the part nor by what it goes on from, is money."""
        role = next((r.name for r in kind.roles.values() if r.type == "item"), None)
        sums = [c for c in cells if isinstance(c.value, Amount)]
        if role is None or not sums or self.codebook.money is None or any(c.role == role for c in cells):
            return []
        return [Cell(role, Item.parse(self.codebook.money, self.codebook.parents), sums[0].words, NO_PURPOSE)]

    def _cell(self, role: str, mention: Mention) -> Cell:
        value = mention.value
        assert isinstance(value, Actor | Item | Count | Amount)
        return Cell(role, value, Evidence.of(self.text, mention.span.start, mention.span.end), LISTED)


def _sum_in_unknown_money(number: Mention, part: Part, base: Claim) -> bool:
    """Is it a big number of nothing in a list of sums? Its currency is one that the codebook does not know."""
    return (
        isinstance(number.value, Count)
        and number.value.low >= _MONEY_SCALE
        and not any(isinstance(m.value, Item) for m in part.told)
        and any(isinstance(c.value, Amount) for c in base.cells)
    )
