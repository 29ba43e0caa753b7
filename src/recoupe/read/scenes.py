"""From a word that evokes a frame to a claim: slots are filled, the mood decides the kind, cells keep their words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Outcome
from recoupe.codebook.language import Language
from recoupe.model import Cell, Claim, Evidence, Ground, Span, Status
from recoupe.read.discourse import SPEAKER, SPOKEN_OF, Filler
from recoupe.read.moods import STATUSES, Mood, Moods
from recoupe.read.roles import Arguments
from recoupe.read.slots import SlotFiller, Slots
from recoupe.read.tree import Node, Tree
from recoupe.read.triggers import Hit, bare_hits, said_twice
from recoupe.read.voices import Voice, Voices
from recoupe.read.whens import Whens
from recoupe.values import Actor, Amount, Count, Item

_REST = re.compile(r"\w*")
_NEXT, _PREVIOUS = re.compile(r"\s*\S+"), re.compile(r"\S+\s*$")
_BEFORE = 600  # characters: a few sentences after a gift, "the aid" is still that one
TOLD = "giver of the gift before"
_FEWEST = 6  # words of a claim's evidence, where its sentence has them


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim as one place of the report tells it. `points`: it points at what was told before ("the contract").

    `toll`: it tells victims only. `open`: it tells too little to stand alone; what was told of the event before may
    complete it. `other`: its sentence tells it as another than one of its kind ("the raid followed that of May 2").
    """

    claim: Claim
    points: bool
    sentence: Span
    toll: bool = False
    open: bool = False
    other: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """A place of a report that tells no claim, though its `words` evoke a frame (`rule` is `frame:word`): which kind it
    would have told, where that is known, and why it does not.
    """

    words: Evidence
    rule: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with all that reads it: its tree and triggers, and who tells what of whom and when.

    `heading` is the actor whose section it stands in.
    """

    tree: Tree
    text: str
    codebook: Codebook
    language: Language
    hits: Mapping[int, list[Hit]]
    arguments: Arguments
    voices: Voices
    whens: Whens
    heading: Filler | None = None


class SceneReader:
    """Reads the scenes of one sentence into claims."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.tree, self.text, self.hits, self.arguments = scene.tree, scene.text, scene.hits, scene.arguments
        self.grammar = scene.language.grammar
        self.moods = Moods(scene.tree, scene.language, scene.hits)
        money = scene.codebook.money
        item = Item.parse(money, scene.codebook.parents) if money else None
        self.slots = SlotFiller(self.tree, self.text, self.grammar, self.arguments, self.hits, item)
        self.left: list[Left] = []

    def drafts(self) -> list[Draft]:
        """All claims of the sentence; a governing word that an act's claim has taken up makes none of its own.

        What tells none is noted in `left`.
        """
        found: list[tuple[Hit, Draft]] = []
        taken: set[tuple[int, str]] = set()  # governors by node and kind of claim ...
        governing: dict[int, str] = {}  # ... and the frame under which each governs: its other meanings are out
        for index in sorted(self.hits):
            for hit in self.hits[index]:
                if hit.frame.moods and said_twice(self.tree, self.hits, hit):
                    self._leave(hit, "", "its verb tells the same")
                elif hit.frame.moods:
                    mood = self._ahead(hit, self.moods.of(hit))
                    for claim, is_open in self._claims_of(hit, mood):
                        sentence, other = self.tree.sentence.span, self._another(hit)
                        points = not other and (mood.part or self._points(hit, claim))
                        found.append((hit, Draft(claim, points, sentence, hit.frame.toll, is_open, other)))
                        if is_open:
                            continue
                        if mood.helper is not None:
                            governing[mood.helper.node.index] = mood.helper.frame.name
                        if mood.by is not None and mood.by.frame.moods:
                            taken.add((mood.by.node.index, claim.kind))
                            governing[mood.by.node.index] = mood.by.frame.name
        governors = {h.node.span for n in governing for h in self.hits[n]}
        self.left = [one for one in self.left if Span(one.words.start, one.words.end) not in governors]  # they do tell
        drafts = []
        for hit, draft in found:
            if (hit.node.index, draft.claim.kind) in taken:
                self._leave(hit, draft.claim.kind, "an act that it governs tells the claim")
            elif governing.get(hit.node.index, hit.frame.name) != hit.frame.name:
                self._leave(
                    hit, draft.claim.kind, f"it governs an act as {governing[hit.node.index]}, not in this sense"
                )
            else:
                drafts.append(draft)
        return drafts + self._listed([d.claim for d in drafts])

    def _leave(self, hit: Hit, kind: str, reason: str) -> None:
        """Notes that a word that evokes a frame tells no claim."""
        self.left.append(Left(self._words(_span(hit)), _rule(hit), kind, reason))

    def _of_other_things(self, hit: Hit, slots: Slots) -> bool:
        """Is the scene one of certain things, none of which is told, and does its word evoke another one as well?"""
        return len(self.hits.get(hit.node.index, ())) > 1 and any(not slots.has(slot) for slot in hit.frame.within)

    def _listed(self, told: Sequence[Claim]) -> list[Draft]:
        """What a note without a verb lists below a giver's name, as far as no word of it evokes a scene."""
        if self.scene.heading is None:
            return []
        used = [c.words for claim in told for c in claim.cells if c.words and isinstance(c.value, Count | Amount)]
        drafts: list[Draft] = []
        for hit in bare_hits(self.tree, self.scene.language, self.scene.codebook):
            for claim, _ in self._claims_of(hit, Mood("done")):
                cells = tuple(c for c in claim.cells if c.words is None or c.words not in used)
                if any(isinstance(c.value, Count | Amount) for c in cells):
                    drafts.append(Draft(replace(claim, cells=cells), False, self.tree.sentence.span))
        return drafts

    def _ahead(self, hit: Hit, mood: Mood) -> Mood:
        """What is given until years to come ("unlocks 50 billion until 2027") is promised, not given yet."""
        done, promised = hit.frame.moods.get("done"), hit.frame.moods.get("promised")
        if mood.name != "done" or mood.by is not None or done is None or promised is None:
            return mood
        ahead = promised.status == "done" and done.kind != promised.kind and self.scene.whens.runs_on(hit.node)
        return replace(mood, name="promised") if ahead else mood

    def _another(self, hit: Hit) -> bool:
        """Is an event the object of a verb that has another of its kind for a subject, and is not that one?"""
        verb = self.tree.above(hit.node)
        if verb is None or hit.trigger.part != "noun" or hit.node.rel != "obj" or verb.index in self.hits:
            return False
        subjects = (h for kid in self.tree.kids(verb, "nsubj") for h in self.hits.get(kid.index, ()))
        return any(h.trigger.part == "noun" and h.frame.name == hit.frame.name for h in subjects)

    def _points(self, hit: Hit, claim: Claim) -> bool:
        """Do the trigger's words, or its subject's, point at an event that was told before ("this attack used ...")?"""
        if hit.frame.toll and claim.time is None:
            return all(isinstance(c.value, Count) for c in claim.cells)
        if hit.trigger.part == "noun":
            if {"organisation", "place"} <= {hit.frame.slots.get(c.rule) for c in claim.cells}:
                return False  # what is named by its body and its place ("the G7 summit in Rome") is known by its name
            agents = (
                {r for s, r in hit.frame.moods["done"].roles.items() if s == "agent"}
                if "done" in hit.frame.moods
                else set()
            )
            return self._definite(hit.node) and not any(
                c.role in agents and c.rule not in ("coreference", TOLD) for c in claim.cells
            )
        return self._tells_more(hit, claim.kind)

    def _tells_more(self, hit: Hit, kind: str) -> bool:
        """Does a verb tell more of an event of its kind, which is its subject or object?"""
        return hit.trigger.part == "verb" and any(
            o.kind == kind
            for marker, node in self.arguments.of_verb(hit.node)
            if marker in ("subj", "obj") and self._definite(node)
            for h in self.hits.get(node.index, ())
            for o in h.frame.moods.values()
        )

    def _definite(self, node: Node) -> bool:
        return any(k.lower in self.grammar.definite for k in self.tree.kids(node, "det"))

    def _claims_of(self, hit: Hit, mood: Mood) -> Iterator[tuple[Claim, bool]]:
        """The claims of a scene, each with whether it tells too little by itself."""
        slots = self.slots.fill(hit)
        mood = self._announced(hit, mood, slots)
        outcome = hit.frame.moods.get(mood.name)
        if outcome is None:
            self._leave(hit, "", f"{hit.frame.name} tells nothing when {mood.name}")
            return
        self.slots.from_helper(hit, mood, slots)
        self.slots.from_governor(hit, mood, slots)
        self.slots.money(hit, slots)
        self._giver(hit, outcome, slots)
        self._spoken_of(hit, slots)
        groups = (*hit.frame.needs, *outcome.needs)
        needs = [any(slots.has(s) for s in group) for group in groups]
        told = all(needs) or (any(needs) and self._tells_more(hit, outcome.kind))
        if not told and not self._of_other_things(hit, slots):
            self._leave(hit, outcome.kind, needed([g for g, met in zip(groups, needs, strict=True) if not met]))
        unfit = "a habit" if self._is_habit(hit) else "" if self._object_fits(hit) else "its object is of another sort"
        if mood.name == "asked" and mood.by is None and not self._asked_of_others(hit, slots):
            unfit = unfit or "an opinion: nobody is told who asks somebody else for it"
        if self._of_another_sort(hit, slots):
            unfit = unfit or "it is told as something of another sort"
        if told and unfit:
            self._leave(hit, outcome.kind, unfit)
        if unfit or not (told or self._is_open(hit, slots)):
            return
        kind = self.scene.codebook.kinds[outcome.kind]
        status = outcome.status or (mood.name if mood.name in STATUSES else "done")
        role = kind.roles.get(outcome.roles.get("place", ""))
        spread = role is not None and not role.many
        for part in (
            p for s in (self.slots.per_place(slots) if spread else (slots,)) for p in self.slots.per_number(hit, s)
        ):
            claim = self._claim(hit, mood, outcome, status, part)
            if claim and (claim.cells or not told):
                yield claim, not told
            else:
                self._leave(hit, outcome.kind, "no words fill a role")

    def _announced(self, hit: Hit, mood: Mood, slots: Slots) -> Mood:
        """What is given by number in the present tense, at no time ("Oslo gives 20 tanks"), is promised."""
        done, promised = hit.frame.moods.get("done"), hit.frame.moods.get("promised")
        if mood.name != "done" or mood.by or done is None or promised is None or done.kind == promised.kind:
            return mood
        now = hit.trigger.part == "verb" and {"Tense=Pres", "VerbForm=Fin"} <= set(hit.node.morph.split("|"))
        counts = (f.count if f.count is not None else f.value for s in ("theme", "count") for f in slots.get(s))
        many = bool(slots.get("amount")) or any(isinstance(c, Count) and c != Count.parse("1") for c in counts)
        timeless = self.scene.whens.of(hit.node, "done", "done")[0] is None
        return replace(mood, name="promised") if now and many and timeless else mood

    def _of_another_sort(self, hit: Hit, slots: Slots) -> bool:
        """Is a scene told with words that make something else of it ("attacks repelled on the front"), and with no
        thing nor number of its own, nor a place that a verb has?
        """
        unless = self.scene.language.lexicon.unless.get(hit.frame.name)
        kinds = {"item", "count", *(("locality",) if hit.trigger.part == "verb" else ())}
        own = (slot for slot, kind in hit.frame.slots.items() if kind in kinds)
        span = self.tree.sentence.span
        return (
            unless is not None and bool(unless.search(self.text, span.start, span.end)) and not any(map(slots.get, own))
        )

    def _asked_of_others(self, hit: Hit, slots: Slots) -> bool:
        """Does the report tell who says that somebody must act, and is it not said of oneself ("we must go on")?"""
        ours = any(f.rule == SPEAKER for f in slots.get("agent"))
        return not ours and bool(self.scene.voices.of(hit.node).actors)

    def _spoken_of(self, hit: Hit, slots: Slots) -> None:
        """Marks who did what somebody only speaks of ("condemned the strikes by Russia"), if nothing else is told."""
        told = [slot for slot, fillers in slots.values.items() if fillers]
        about = (h.frame.speech for h in self.hits.get(hit.node.head, ()))
        if hit.trigger.part == "noun" and hit.node.rel == "obj" and len(told) == 1 and any(about):
            slots.values[told[0]] = [replace(f, rule=f.rule or SPOKEN_OF) for f in slots.get(told[0])]

    def _is_open(self, hit: Hit, slots: Slots) -> bool:
        """May what was told before complete what this place tells?"""
        groups = hit.frame.recalls
        if groups is None or not all(any(slots.has(s) for s in group) for group in groups):
            return False
        return any(slots.values.values()) or (hit.trigger.part == "noun" and not self._indefinite(hit.node))

    def _indefinite(self, noun: Node) -> bool:
        """Has a noun a determiner that does not point at something known ("a meeting")?"""
        return any(k.lower not in self.grammar.definite for k in self.tree.kids(noun, "det"))

    def _giver(self, hit: Hit, outcome: Outcome, slots: Slots) -> None:
        """Who gives, where the sentence does not tell it: the actor whose section it stands in, or, of "the package",
        who gave the one told last.
        """
        if not any(slots.get(slot) for slot, kind in hit.frame.slots.items() if kind in ("item", "amount")):
            return
        if any(m == "subj" and self._somebody(n) for m, n in self._around(hit)):
            return
        told = {f.value for found in slots.values.values() for f in found}
        for slot, role in outcome.roles.items():
            if role in self.scene.codebook.kinds[outcome.kind].headed and not slots.get(slot):
                giver = self.scene.heading or self._giver_before(hit, role)
                if giver is not None and giver.value not in told:
                    slots.add(slot, giver)

    def _somebody(self, node: Node) -> bool:
        """Is it somebody else, whom the codebook does not know, and no "it" or "this"?"""
        pointing = self.grammar.definite | self.grammar.pronouns.get("it", frozenset())
        pointing |= self.grammar.pronouns.get("many", frozenset()) | self.grammar.relatives.get("subject", frozenset())
        return node.pos in ("PRON", "PROPN") and not node.atoms and node.lower not in pointing

    def _giver_before(self, hit: Hit, role: str) -> Filler | None:
        """The giver of the gift told last, where the words point at it and it is not long ago."""
        giver = self.arguments.discourse.givers.get(role)
        if giver is None or hit.node.span.start - giver.words.end > _BEFORE:
            return None
        subjects = [n for m, n in self._around(hit) if m == "subj"]
        nouns = (
            [hit.node] if hit.trigger.part == "noun" else [n for n in subjects if n.index in self.hits or not n.atoms]
        )
        return giver if any(self._definite(n) or n.lower in self.grammar.definite for n in nouns) else None

    def _around(self, hit: Hit) -> list[tuple[str, Node]]:
        return self.arguments.of_verb(hit.node) if hit.trigger.part == "verb" else []

    def _is_habit(self, hit: Hit) -> bool:
        """Does the sentence tell what usually happens?"""
        nodes = [hit.node, *([head] if (head := self.tree.above(hit.node)) else [])]
        return any(k.lower in self.grammar.habitual for n in nodes for k in self.tree.kids(n, "advmod", "det"))

    def _object_fits(self, hit: Hit) -> bool:
        """A verb that wants an actor for its object means something else with another ("met difficulties")."""
        kind = hit.trigger.object
        if hit.trigger.part != "verb" or not (kind or hit.frame.not_on):
            return True
        objects = [n for m, n in self.arguments.of_verb(hit.node) if m == "obj"]
        for node in objects:
            for m in (m for a in node.atoms for m in a.of("item")):
                if isinstance(m.value, Item) and set(hit.frame.not_on) & set(m.value.path):
                    return False
        return not kind or not objects or any(True for n in objects for _ in self.arguments.fillers(n, kind))

    def _claim(self, hit: Hit, mood: Mood, outcome: Outcome, status: str, slots: Slots) -> Claim:
        kind = self.scene.codebook.kinds[outcome.kind]
        cells: list[Cell] = []
        for slot, role in outcome.roles.items():
            for filler in slots.get(slot):
                cells.append(self._cell(role, slot, filler))
                if (
                    filler.person is not None
                    and kind.roles[role].many
                    and kind.name in self.scene.codebook.people_attend
                ):
                    cells.append(
                        Cell(role, filler.person.value, self._words(filler.words), "attends")
                        if isinstance(filler.person.value, Actor)
                        else cells[-1]
                    )
        cells = _one_each(cells, {r.name for r in kind.roles.values() if not r.many})
        # A promise has its time from the words that promise, and these are past.
        by_promise = mood.by is not None and mood.name not in STATUSES
        teller = mood.by.node if mood.by is not None and by_promise else hit.node
        looks = "done" if by_promise else mood.name if mood.name in STATUSES else status
        when, words, rule = self.scene.whens.of(teller, "done" if by_promise else status, looks)
        span = self._extent(hit, cells)
        assert status in STATUSES
        voice = self.scene.voices.of(hit.node)
        voice = voice if voice.actors else self._speaker(hit, slots)
        grounds = (*self._of_kind(hit, mood, outcome), *self._of_voice(voice), *self._of_time(words, rule))
        return Claim(
            kind.name, _status(status), tuple(cells), when, words, voice.actors, (self._words(span),),
            _rule(hit) + (f" {rule}" if rule else ""), grounds,
        )  # fmt: skip

    def _of_kind(self, hit: Hit, mood: Mood, outcome: Outcome) -> Iterator[Ground]:
        """Why a claim is of its kind and status."""
        yield Ground("kind", f"{_rule(hit)}, {mood.name}", self._words(_span(hit)))
        if mood.by is not None:
            yield Ground("mood", _rule(mood.by), self._words(_span(mood.by)))
        if mood.helper is not None:
            yield Ground("help", _rule(mood.helper), self._words(_span(mood.helper)))
        if outcome.status:
            yield Ground("status", f"{outcome.status}, as {hit.frame.name} has it when {mood.name}")
        elif mood.by is not None:
            yield Ground("status", f"{mood.name if mood.name in STATUSES else 'done'}, by what governs it")
        elif mood.form is not None:
            yield Ground("status", f"{mood.name}, by its form", self._words(self._form(mood.form)))

    def _of_voice(self, voice: Voice) -> Iterator[Ground]:
        """Why a claim is given to someone."""
        if voice.actors:
            yield Ground("attribution", voice.rule, None if voice.words is None else self._words(voice.words))

    def _of_time(self, words: Evidence | None, rule: str) -> Iterator[Ground]:
        """Why a claim is of its time."""
        if words is not None:
            counted = self.scene.whens.counted_from(words)
            yield Ground("time", "; ".join(part for part in (rule or "its own time", counted) if part), words)

    def _form(self, node: Node) -> Span:
        """A word with what makes its tense and mood: auxiliaries and negation, also that of what it is done to."""
        kids = self.tree.kids(node, "aux", "cop", "neg")
        around = [node, *self.tree.kids(node, "obj", "nsubj")]
        denials = (k for n in around for k in self.tree.kids(n, "advmod", "det", "dep"))
        negation = [k for k in denials if k.lower in self.grammar.negation]
        spans = [n.span for n in (node, *kids, *negation)]
        return Span(min(s.start for s in spans), max(s.end for s in spans))

    @staticmethod
    def _speaker(hit: Hit, slots: Slots) -> Voice:
        """A person who asks or accuses is the source of it; a state's asking is the reporter's to tell, as is whatever
        anybody does beyond speaking: to promise, to refuse.
        """
        people = [f.person for f in (*slots.get("asker"), *slots.get("agent")) if f.person]
        if not people or not (hit.frame.speech or slots.get("asker")):
            return Voice()
        return Voice((str(people[0].value),), "who speaks in it", people[0].span)

    def _cell(self, role: str, slot: str, filler: Filler) -> Cell:
        also = tuple(a for a in filler.also if isinstance(filler.value, Amount))
        return Cell(role, filler.value, self._words(filler.words), filler.rule or slot, also)

    def _words(self, span: Span) -> Evidence:
        return Evidence.of(self.text, span.start, span.end)

    def _extent(self, hit: Hit, cells: Sequence[Cell]) -> Span:
        """From the first to the last word of the sentence that the claim rests on."""
        sentence = self.tree.sentence.span
        spans = [hit.node.span, *(Span(c.words.start, c.words.end) for c in cells if c.words)]
        inside = [s for s in spans if sentence.holds(s)]
        start, end = min(s.start for s in inside), max(s.end for s in inside)
        m = _REST.match(self.text, end)
        return at_least(self.text, Span(start, max(end, m.end() if m else end)), sentence)


def _rule(hit: Hit) -> str:
    """The codebook's frame and word."""
    return f"{hit.frame.name}:{hit.trigger.lemma}"


def _span(hit: Hit) -> Span:
    """The words that evoke the frame; those of a fixed expression, from its first to its last."""
    spans = [n.span for n in (hit.node, *hit.inner)]
    return Span(min(s.start for s in spans), max(s.end for s in spans))


def needed(groups: Sequence[Sequence[str]]) -> str:
    """What is missing, of groups of which one each must be told.

    They are written `a|b`; both, a&b; several values, a+; one with its number, a#; one in words of its own, a!.

    >>> needed([("theme", "amount"), ("agent&target",), ("agent+",)])
    'needs theme or amount; needs agent with target; needs several of agent'
    """
    words = (" or ".join(_alternative(a) for a in group) for group in groups)
    return "; ".join(f"needs {group}" for group in words)


def _alternative(need: str) -> str:
    parts = need.split("&")
    return " with ".join(_one(part) for part in parts)


def _one(need: str) -> str:
    if need.endswith("="):
        return f"{need.rstrip('=')} that is told"
    if need.endswith("#"):
        return f"{need.rstrip('#')} with its number"
    if need.endswith("!"):
        return f"{need.rstrip('!')} in words of its own"
    return f"several of {need.rstrip('+')}" if need.endswith("+") else need


def at_least(text: str, span: Span, sentence: Span) -> Span:
    """A run of words wide enough to be found again: a word or two stand in many places of a report."""
    start, end = span.start, span.end
    while len(text[start:end].split()) < _FEWEST and (start > sentence.start or end < sentence.end):
        after = _NEXT.match(text, end, sentence.end)
        before = None if after else _PREVIOUS.search(text, sentence.start, start)
        if after is None and before is None:
            break
        start, end = (before.start() if before else start), (after.end() if after else end)
    return Span(start, end)


def _one_each(cells: Sequence[Cell], single: set[str]) -> list[Cell]:
    """Roles that take one value keep the first; a value stands once in a role."""
    out: list[Cell] = []
    for cell in cells:
        if cell.role in single and any(c.role == cell.role for c in out):
            continue
        if not any(c.role == cell.role and c.value == cell.value for c in out):
            out.append(cell)
    return out


def _status(name: str) -> Status:
    for status in ("done", "planned", "possible", "denied"):
        if name == status:
            return status
    raise AssertionError(name)
