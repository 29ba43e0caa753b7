"""From a word that evokes a frame to a claim: slots are filled, the mood decides the kind, each cell keeps its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recoupe.codebook import Codebook, Language
from recoupe.codebook.kinds import Outcome
from recoupe.codebook.lexicon import Trigger
from recoupe.model import Cell, Claim, Evidence, Span, Status
from recoupe.read.moods import STATUSES, Hit, Mood, Moods
from recoupe.read.roles import Arguments, Filler
from recoupe.read.tree import VERBS, Node, Tree
from recoupe.read.voices import Voices
from recoupe.read.whens import Whens
from recoupe.values import Actor, Amount, Count, Item

_CLAUSE = 120  # characters after a trigger in which a theme that syntax missed is looked for


@dataclass
class Slots:
    """The slots of one frame, being filled."""

    values: dict[str, list[Filler]] = field(default_factory=dict)

    def add(self, slot: str, filler: Filler) -> None:
        """Adds a value, unless it is there."""
        have = self.values.setdefault(slot, [])
        if all(f.value != filler.value for f in have):
            have.append(filler)

    def has(self, need: str) -> bool:
        """Is a slot filled; with + after its name, by several values, or by one that is several itself?"""
        values = self.get(need.rstrip("+"))
        if need.endswith("+"):
            return len({str(f.value) for f in values}) > 1 or any(
                str(f.value).startswith(("group:", "org:")) for f in values
            )
        return bool(values)

    def get(self, slot: str) -> list[Filler]:
        """The values of a slot."""
        return self.values.get(slot, [])


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim as one place of the report tells it. `points`: its words point at what was told before ("the contract")."""

    claim: Claim
    points: bool
    sentence: Span


def find_hits(tree: Tree, text: str, language: Language, codebook: Codebook) -> dict[int, list[Hit]]:
    """The words of the tree that evoke a frame, by node."""
    hits: dict[int, list[Hit]] = {}
    covered = 0  # words inside a phrase that evokes a frame evoke none of their own
    for node in tree.nodes:
        if (node.atoms and node.atoms[0].type != "item") or node.span.start < covered:
            continue
        if node.rel == "acl" and node.lower in language.grammar.naming:
            continue
        words = text[node.span.start : node.span.start + 80].replace("’", "'")
        matches = [
            (m.end(), t)
            for t in language.lexicon.candidates(words)
            if _fits(node, t.part) and (m := t.pattern.match(words))
        ]
        longest = max((end for end, _ in matches), default=0)
        for end, trigger in matches:
            # "call into question" is not "call": of several words that begin here the longest counts
            if end == longest and _in_place(tree, text, node, trigger):
                hits.setdefault(node.index, []).append(Hit(node, trigger, codebook.frames[trigger.frame]))
                covered = max(covered, node.span.start + end)
    return hits


def _in_place(tree: Tree, text: str, node: Node, trigger: Trigger) -> bool:
    before = text[max(0, node.span.start - 30) : node.span.start].replace("’", "'")
    if trigger.unless_after and trigger.unless_after.search(before):
        return False
    if trigger.after and not trigger.after.search(before):
        return False
    if trigger.only is None:
        return True
    spans = [n.span for n in tree.subtree(node)]
    return bool(trigger.only.search(text, min(s.start for s in spans), max(s.end for s in spans)))


def _fits(node: Node, part: str) -> bool:
    if part == "verb":
        return node.pos in (*VERBS, "ADJ") and not node.atoms
    if part == "adj":
        return node.pos in ("ADJ", "ADV", "VERB", "ADP") and not node.atoms
    return node.pos in ("NOUN", "PROPN") or bool(node.atoms)


def _kinds_of_tolls(hits: Sequence[Hit]) -> set[str]:
    return {o.kind for h in hits if h.frame.toll for o in h.frame.moods.values()}


class SceneReader:
    """Reads the scenes of one sentence into claims."""

    def __init__(
        self,
        tree: Tree,
        text: str,
        codebook: Codebook,
        arguments: Arguments,
        voices: Voices,
        whens: Whens,
        hits: Mapping[int, list[Hit]],
        language: Language,
    ) -> None:
        self.tree = tree
        self.text = text
        self.codebook = codebook
        self.arguments = arguments
        self.voices = voices
        self.whens = whens
        self.hits = hits
        self.moods = Moods(tree, language, hits)
        self.grammar = language.grammar
        self.event_told = False

    def drafts(self) -> list[Draft]:
        """All claims of the sentence; a governing word that an act's claim has taken up makes none of its own."""
        found: list[tuple[Hit, Draft]] = []
        taken: set[tuple[int, str]] = set()  # governors by node and kind of claim ...
        governing: dict[int, str] = {}  # ... and the frame under which each governs: its other meanings are out
        all_hits = [h for hits in self.hits.values() for h in hits]
        self.event_told = any(
            not h.frame.toll and any(o.kind in _kinds_of_tolls(all_hits) for o in h.frame.moods.values())
            for h in all_hits
        )
        for index in sorted(self.hits):
            for hit in self.hits[index]:
                if hit.frame.moods and not self._said_twice(hit):
                    mood = self.moods.of(hit)
                    for claim in self._claims_of(hit, mood):
                        found.append((hit, Draft(claim, self._points(hit, claim), self.tree.sentence.span)))
                        if mood.helper is not None:
                            governing[mood.helper.node.index] = mood.helper.frame.name
                        if mood.by is not None and mood.by.frame.moods:
                            taken.add((mood.by.node.index, claim.kind))
                            governing[mood.by.node.index] = mood.by.frame.name
        return [
            d
            for h, d in found
            if (h.node.index, d.claim.kind) not in taken and governing.get(h.node.index, h.frame.name) == h.frame.name
        ]

    def _said_twice(self, hit: Hit) -> bool:
        """Is a noun the object of a verb of its own frame ("announced a programme"), which tells it all?"""
        head = self.tree.above(hit.node)
        return (
            hit.trigger.part == "noun" and head is not None and hit.node.rel.split(":")[0] in ("obj", "xcomp", "nsubj", "attr")
            and any(h.frame.name == hit.frame.name and h.trigger.part == "verb" for h in self.hits.get(head.index, ()))
        )  # fmt: skip

    def _points(self, hit: Hit, claim: Claim) -> bool:
        """Do the trigger's words, or its subject's, point at an event that was told before ("this attack used ...")?"""
        if hit.frame.toll and claim.time is None:
            return all(isinstance(c.value, Count) for c in claim.cells)
        if hit.trigger.part == "noun":
            agents = (
                {r for s, r in hit.frame.moods["done"].roles.items() if s == "agent"}
                if "done" in hit.frame.moods
                else set()
            )
            return self._definite(hit.node) and not any(
                c.role in agents and c.rule != "coreference" for c in claim.cells
            )
        return any(
            o.kind == claim.kind
            for marker, node in self.arguments.of_verb(hit.node)
            if marker in ("subj", "obj") and self._definite(node)
            for h in self.hits.get(node.index, ())
            for o in h.frame.moods.values()
        )

    def _definite(self, node: Node) -> bool:
        return any(k.lower in self.grammar.definite for k in self.tree.kids(node, "det"))

    def _claims_of(self, hit: Hit, mood: Mood) -> Iterator[Claim]:
        outcome = hit.frame.moods.get(mood.name)
        if outcome is None:
            return
        slots = self._fill(hit)
        self._from_helper(hit, mood, slots)
        self._from_governor(hit, mood, slots)
        self._money(hit, slots)
        if (
            not all(any(slots.has(s) for s in group) for group in (*hit.frame.needs, *outcome.needs))
            or self._is_habit(hit)
            or not self._object_fits(hit)
        ):
            return
        status = outcome.status or (mood.name if mood.name in STATUSES else "done")
        for part in self._per_number(hit, slots):
            claim = self._claim(hit, mood, outcome, status, part)
            if claim:
                yield claim

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

    # -- slots ------------------------------------------------------------------------------------------------------

    def _fill(self, hit: Hit) -> Slots:
        slots = Slots()
        is_noun = hit.trigger.part == "noun"
        around = self.arguments.of_noun(hit.node) if is_noun else self.arguments.of_verb(hit.node)
        used: dict[Span, str] = {}
        for slot, kind in hit.frame.slots.items():
            markers = hit.trigger.markers.get(slot, ())
            for marker in markers:
                fillers = list(self._at(hit, marker, kind, around))
                for filler in fillers:
                    if isinstance(filler.value, Item) and not hit.frame.admits(slot, filler.value.path):
                        continue
                    if kind == "actor" and used.get(filler.words, slot) != slot and filler.rule != "body of":
                        continue
                    used.setdefault(filler.words, slot)
                    slots.add(slot, filler)
                if fillers and kind in ("actor", "level") and slot not in ("partner",):
                    break
            self._sums(hit, slot, markers, around, slots)
        if hit.frame.toll and self.event_told:
            # the victims' sentence tells of the strike itself: who struck is told with it
            slots.values.pop("agent", None)
        self._missed_theme(hit, slots)
        self._missed_place(hit, slots)
        return slots

    def _at(self, hit: Hit, marker: str, kind: str, around: Sequence[tuple[str, Node]]) -> Iterator[Filler]:
        if marker == "self":
            yield from self.arguments.fillers(hit.node, kind)
        elif marker == "num":
            yield from self.arguments.fillers(hit.node, "count")
        elif ">" in marker:
            first, _, then = marker.partition(">")
            for name, node in around:
                if name == first:
                    for inner, kid in self.arguments.of_noun(node):
                        if inner == then:
                            yield from self._of_node(hit, kid, kind)
        elif " " in marker:
            for node in self.tree.nodes:
                if (node.atoms or kind == "level") and self._led_by(node, marker):
                    yield from self.arguments.fillers(node, kind)
        else:
            for name, node in around:
                if name == marker:
                    yield from self._of_node(hit, node, kind)

    def _led_by(self, node: Node, marker: str) -> bool:
        """Does a preposition of several words stand before a noun phrase ("at the request of")?"""
        words = self.tree.lead(node, self.text).replace("l'", " ").split()
        plain = [self.grammar.contractions.get(w, w) for w in words]
        wanted = marker.split()
        return plain[-len(wanted) :] == wanted

    def _of_node(self, hit: Hit, node: Node, kind: str) -> Iterator[Filler]:
        if kind == "count":
            yield from self._people_counted(hit, node)
            return
        found = False
        for filler in self.arguments.fillers(node, kind):
            found = True
            yield filler
        if not found and kind == "actor" and node.atoms and node.atoms[0].type == "item":
            for kid in self.tree.kids(node, "amod", "compound", "nmod", "poss", "flat"):
                yield from self.arguments.fillers(kid, "actor")

    def _people_counted(self, hit: Hit, node: Node) -> Iterator[Filler]:
        """A toll: the number of a noun for people, or a number on its own ("and wounded 130")."""
        nodes = [node, *self.tree.kids(node, "conj")]
        for here in nodes:
            if here.lower in self.grammar.people or here.pos == "NUM" or any(a.type == "count" for a in here.atoms):
                yield from self.arguments.fillers(here, "count")

    def _sums(
        self, hit: Hit, slot: str, markers: Sequence[str], around: Sequence[tuple[str, Node]], slots: Slots
    ) -> None:
        """A sum of money where a thing is expected fills the frame's amount."""
        if hit.frame.slots[slot] != "item" or "amount" not in hit.frame.slots:
            return
        for marker in markers:
            if marker == "self":
                continue
            for name, node in around:
                if name == marker:
                    for filler in self.arguments.fillers(node, "amount"):
                        slots.add("amount", filler)

    def _missed_theme(self, hit: Hit, slots: Slots) -> None:
        """Where syntax gave no theme, the first thing or sum told right after the trigger, before another trigger."""
        if (
            "theme" not in hit.frame.slots
            or slots.get("theme")
            or slots.get("amount")
            or not hit.trigger.markers.get("theme")
        ):
            return
        for node in self.tree.nodes[hit.node.index + 1 :]:
            if node.span.start - hit.node.span.end > _CLAUSE or (
                node.index in self.hits and node.pos in VERBS and not node.atoms
            ):
                return
            for kind, slot in (("item", "theme"), ("amount", "amount")):
                if slot in hit.frame.slots and any(a.type == kind for a in node.atoms):
                    for filler in self.arguments.fillers(node, kind):
                        if not isinstance(filler.value, Item) or hit.frame.admits(slot, filler.value.path):
                            slots.add(slot, replace(filler, rule="nearest"))
                    return

    def _missed_place(self, hit: Hit, slots: Slots) -> None:
        """A place with a preposition of place that hangs on the trigger or its verb, at whatever depth."""
        kind = hit.frame.slots.get("place")
        markers = hit.trigger.markers.get("place", ())
        if kind is None or slots.get("place") or not markers:
            return
        head = self.tree.above(hit.node)
        above = {
            hit.node.index,
            head.index if head is not None and head.pos in VERBS and hit.trigger.part == "noun" else hit.node.index,
        }
        for node in self.tree.nodes:
            if node.case in markers and any(a.of("place") for a in node.atoms) and self._hangs_on(node, above):
                for filler in self.arguments.fillers(node, kind):
                    slots.add("place", replace(filler, rule="nearest"))
                return

    def _hangs_on(self, node: Node, above: set[int]) -> bool:
        for _, head in self.tree.up(node):
            if head.index in above:
                return True
            if head.index in self.hits:
                return False
        return False

    def _from_governor(self, hit: Hit, mood: Mood, slots: Slots) -> None:
        """What the governing word tells: who asks, promises or refuses; whom it asks."""
        if mood.by is None:
            return
        if not mood.by.frame.slots and mood.by.trigger.part == "verb":
            if "agent" in hit.frame.slots and not slots.get("agent") and mood.helper is None:
                for marker, node in self.arguments.of_verb(mood.by.node):
                    if marker == "subj":
                        for filler in self.arguments.fillers(node, "actor"):
                            slots.add("agent", filler)
            return
        outer = self._fill(mood.by)
        if mood.helper is not None:
            outer.values.pop("agent", None)
        if mood.name == "asked":
            slots.values["agent"] = [
                f for f in slots.get("agent") if f.value not in [o.value for o in outer.get("agent")]
            ]
            for filler in outer.get("agent"):
                slots.add("asker", filler)
            if not slots.get("agent"):
                for filler in outer.get("recipient"):
                    slots.add("agent", filler)
        elif not slots.get("agent"):
            for filler in outer.get("agent"):
                slots.add("agent", filler)
        if not slots.get("recipient") and "recipient" in hit.frame.slots and mood.name != "asked":
            for filler in outer.get("recipient"):
                slots.add("recipient", filler)

    def _from_helper(self, hit: Hit, mood: Mood, slots: Slots) -> None:
        """Who helps, and who is helped to act; where the frame has no place for a helper, helping is acting."""
        if mood.helper is None or "agent" not in hit.frame.slots:
            return
        outer = self._fill(mood.helper)
        helped = outer.get("recipient")
        if "helper" not in hit.frame.slots:
            if helped:
                slots.values["agent"] = list(helped)
            return
        slots.values["helper"] = outer.get("agent")
        helpers = {f.value for f in outer.get("agent")}
        slots.values["agent"] = helped or [f for f in slots.get("agent") if f.value not in helpers]

    def _money(self, hit: Hit, slots: Slots) -> None:
        """A sum takes its purpose as its item; without one it is money."""
        sums = slots.get("amount")
        if not sums or slots.get("theme") or "theme" not in hit.frame.slots or not self.codebook.money:
            return
        value = Item.parse(self.codebook.money, self.codebook.parents)
        if not hit.frame.admits("theme", value.path):
            return
        for node in self._purposes(hit, sums[0]):
            for filler in self.arguments.fillers(node, "item"):
                if isinstance(filler.value, Item) and hit.frame.admits("theme", filler.value.path):
                    slots.add("theme", filler)
            if slots.get("theme"):
                return
        if not slots.get("theme"):
            slots.add("theme", Filler(value, sums[0].words, rule="a sum without a purpose"))

    def _purposes(self, hit: Hit, money: Filler) -> Iterator[Node]:
        """Where the purpose of a sum may be told, the nearest place first: its own complements, its noun, the act's."""
        for node in self.tree.nodes:
            if any(a.span == money.words for a in node.atoms):
                yield from self.tree.kids(node)
                head = self.tree.above(node)
                if (
                    head is not None
                    and node.rel.split(":")[0] in ("nummod", "compound", "amod", "nmod")
                    and head.index != hit.node.index
                ):
                    yield head
        around = self.arguments.of_noun(hit.node) if hit.trigger.part == "noun" else self.arguments.of_verb(hit.node)
        for marker, node in around:
            if marker in self.grammar.purposes:
                yield node

    # -- claims -----------------------------------------------------------------------------------------------------

    def _per_number(self, hit: Hit, slots: Slots) -> Iterator[Slots]:
        """Several things with a number each are a claim each (the manual, section 7)."""
        for slot, count_slot in hit.frame.counts.items():
            numbered = [f for f in slots.get(slot) if f.count is not None]
            if len(numbered) > 1:
                for filler in numbered:
                    part = Slots({k: list(v) for k, v in slots.values.items()})
                    part.values[slot] = [filler]
                    part.values[count_slot] = [Filler(filler.count, filler.words)] if filler.count else []
                    yield part
                return
            if numbered and not slots.get(count_slot):
                slots.add(count_slot, Filler(numbered[0].count or Count.exactly(1), numbered[0].words))
            elif not slots.get(count_slot) and hit.frame.slots[slot] == "item" and count_slot == "count":
                single = [f for f in slots.get(slot) if f.single]
                if len(slots.get(slot)) == 1 and single:
                    slots.add(count_slot, Filler(Count.exactly(1), single[0].words, rule="one piece"))
        sums = slots.get("amount")
        if len(sums) > 1:
            for filler in sums:
                part = Slots({k: list(v) for k, v in slots.values.items()})
                part.values["amount"] = [filler]
                yield part
            return
        yield slots

    def _claim(self, hit: Hit, mood: Mood, outcome: Outcome, status: str, slots: Slots) -> Claim | None:
        kind = self.codebook.kinds[outcome.kind]
        cells: list[Cell] = []
        for slot, role in outcome.roles.items():
            for filler in slots.get(slot):
                cells.append(self._cell(role, slot, filler, hit))
                if filler.person is not None and kind.roles[role].many and kind.name in self.codebook.people_attend:
                    cells.append(
                        Cell(role, filler.person.value, self._words(filler.words), "attends")
                        if isinstance(filler.person.value, Actor)
                        else cells[-1]
                    )
        cells = _one_each(cells, {r.name for r in kind.roles.values() if not r.many})
        teller = mood.by.node if mood.by is not None and mood.name not in STATUSES else hit.node
        when, words, rule = self.whens.of(teller, status)
        span = self._extent(hit, cells)
        assert status in STATUSES
        attribution = self.voices.of(hit.node) or self._speaker(hit, slots)
        return Claim(
            kind.name, _status(status), tuple(cells), when, words, attribution, (self._words(span),),
            f"{hit.frame.name}:{hit.trigger.lemma}" + (f" {rule}" if rule else ""),
        )  # fmt: skip

    @staticmethod
    def _speaker(hit: Hit, slots: Slots) -> tuple[str, ...]:
        """A person who asks, promises or accuses is the source of it; a state that does so is told of by the reporter."""
        people = [f.person for f in (*slots.get("asker"), *slots.get("agent")) if f.person]
        return (str(people[0].value),) if people and (hit.frame.speech or slots.get("asker")) else ()

    def _cell(self, role: str, slot: str, filler: Filler, hit: Hit) -> Cell:
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
        m = re.compile(r"\w*").match(self.text, end)
        return Span(start, max(end, m.end() if m else end))


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
