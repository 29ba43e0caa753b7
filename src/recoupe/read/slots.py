"""Filling the slots of a scene: what stands where its frame's markers say, and what syntax missed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recoupe.codebook.lexicon import Grammar
from recoupe.model import Span
from recoupe.read.moods import Mood
from recoupe.read.roles import Arguments, Filler
from recoupe.read.tree import VERBS, Node, Tree
from recoupe.read.triggers import Hit
from recoupe.values import Count, Item

NO_PURPOSE = "a sum without a purpose"
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
        """Is a slot filled; with + after its name, by several values, or by one that is several itself? a&b: both?"""
        if "&" in need:
            return all(self.has(part) for part in need.split("&"))
        values = self.get(need.rstrip("+"))
        if need.endswith("+"):
            return len({str(f.value) for f in values}) > 1 or any(
                str(f.value).startswith(("group:", "org:")) for f in values
            )
        return bool(values)

    def get(self, slot: str) -> list[Filler]:
        """The values of a slot."""
        return self.values.get(slot, [])


class SlotFiller:
    """Fills the slots of the scenes of one sentence. `money_item` is what a sum without a purpose is a sum of."""

    def __init__(
        self,
        tree: Tree,
        text: str,
        grammar: Grammar,
        arguments: Arguments,
        hits: Mapping[int, list[Hit]],
        money_item: Item | None,
    ) -> None:
        self.tree = tree
        self.text = text
        self.grammar = grammar
        self.arguments = arguments
        self.hits = hits
        self.money_item = money_item
        # Where a strike is told in the sentence of its victims, who struck is told with it.
        every = [h for found in hits.values() for h in found]
        tolls = {o.kind for h in every if h.frame.toll for o in h.frame.moods.values()}
        self.event_told = any(not h.frame.toll and any(o.kind in tolls for o in h.frame.moods.values()) for h in every)

    def fill(self, hit: Hit) -> Slots:
        """What the sentence tells of a scene by its own words; the mood's words may add to it."""
        slots = Slots()
        is_noun = hit.trigger.part == "noun"
        around = self.arguments.of_noun(hit.node) if is_noun else self.arguments.of_verb(hit.node)
        around += self._of_inner(hit)
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
            slots.values.pop("agent", None)
        agents = {f.value for f in slots.get("agent")}
        if "target" in slots.values:  # nobody strikes, blames or threatens themselves: the parser took a wrong turn
            slots.values["target"] = [f for f in slots.get("target") if f.value not in agents]
        if hit.frame.speech and "recipient" in slots.values:  # nor does anybody ask or promise themselves
            slots.values["recipient"] = [f for f in slots.get("recipient") if f.value not in agents]
        towns = {f.words for f in slots.get("place")}
        if (
            is_noun and "agent" in slots.values
        ):  # "the Washington summit" is held there: it makes no party of the capital
            slots.values["agent"] = [f for f in slots.get("agent") if f.words not in towns]
        self._missed_theme(hit, slots)
        self._missed_place(hit, slots)
        return slots

    def _of_inner(self, hit: Hit) -> list[tuple[str, Node]]:
        """The complements of the other words of a fixed expression ("took control of the town")."""
        own = {hit.node.index, *(n.index for n in hit.inner)}
        return [
            (kid.case or "obj", kid)
            for node in hit.inner
            for kid in self.tree.kids(node, "nmod", "obl", "nummod")
            if (kid.case or kid.atoms) and kid.index not in own
        ]

    def _at(self, hit: Hit, marker: str, kind: str, around: Sequence[tuple[str, Node]]) -> Iterator[Filler]:
        if marker == "self":
            yield from self.arguments.fillers(hit.node, kind)
        elif marker == "num":
            yield from self.arguments.fillers(hit.node, "count")
        elif ">" in marker:
            first, _, then = marker.partition(">")
            for name, node in around:
                if name == first:
                    inside = self.arguments.of_verb(node) if name == "clause" else self.arguments.of_noun(node)
                    for inner, kid in inside:
                        if inner == then:
                            yield from self._of_node(kid, kind)
        elif " " in marker:
            for node in self.tree.nodes:
                if (node.atoms or kind == "level") and self._led_by(node, marker):
                    yield from self.arguments.fillers(node, kind)
        else:
            for name, node in around:
                if name == marker:
                    # "the Geneva talks" names a town; "the US talks" a party, not a place
                    beside = marker == "adj" and kind == "place"
                    yield from self._of_node(node, "locality" if beside else kind)

    def _led_by(self, node: Node, marker: str) -> bool:
        """Does a preposition of several words stand before a noun phrase ("at the request of")?"""
        words = re.split(r"\s+|(?<=')", self.tree.lead(node, self.text).strip())
        words = [w for w in words if w]
        while words and words[-1] in self.grammar.articles:
            words.pop()
        plain = [self.grammar.contractions.get(w, w) for w in words]
        wanted = marker.split()
        return plain[-len(wanted) :] == wanted

    def _of_node(self, node: Node, kind: str) -> Iterator[Filler]:
        if kind == "count":
            yield from self._people_counted(node)
            return
        found = False
        for filler in self.arguments.fillers(node, kind):
            found = True
            yield filler
        if not found and kind == "actor" and node.atoms and node.atoms[0].type == "item":
            for kid in self.tree.kids(node, "amod", "compound", "nmod", "poss", "flat"):
                yield from self.arguments.fillers(kid, "actor")

    def _people_counted(self, node: Node) -> Iterator[Filler]:
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
            if node.case in markers and any(a.of("place") for a in node.atoms) and self._hangs_on(node, above, hit):
                for filler in self.arguments.fillers(node, kind):
                    slots.add("place", replace(filler, rule="nearest"))
                return

    def _hangs_on(self, node: Node, above: set[int], hit: Hit) -> bool:
        for _, head in self.tree.up(node):
            if head.index in above:
                return True
            if any(h.frame.name != hit.frame.name for h in self.hits.get(head.index, ())):
                return False  # "held talks in Geneva" tells one scene by two words; another's place is its own
        return False

    def from_governor(self, hit: Hit, mood: Mood, slots: Slots) -> None:
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
        outer = self.fill(mood.by)
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

    def from_helper(self, hit: Hit, mood: Mood, slots: Slots) -> None:
        """Who helps, and who is helped to act; where the frame has no place for a helper, helping is acting."""
        if mood.helper is None or "agent" not in hit.frame.slots:
            return
        outer = self.fill(mood.helper)
        helped = outer.get("recipient")
        if "helper" not in hit.frame.slots:
            if helped:
                slots.values["agent"] = list(helped)
            return
        slots.values["helper"] = outer.get("agent")
        helpers = {f.value for f in outer.get("agent")}
        slots.values["agent"] = helped or [f for f in slots.get("agent") if f.value not in helpers]

    def money(self, hit: Hit, slots: Slots) -> None:
        """A sum takes its purpose as its item; without one it is money."""
        sums = slots.get("amount")
        if not sums or slots.get("theme") or "theme" not in hit.frame.slots or self.money_item is None:
            return
        value = self.money_item
        if not hit.frame.admits("theme", value.path):
            return
        for node in self._purposes(hit, sums[0]):
            for filler in self.arguments.fillers(node, "item"):
                if isinstance(filler.value, Item) and hit.frame.admits("theme", filler.value.path):
                    slots.add("theme", filler)
            if slots.get("theme"):
                return
        if not slots.get("theme"):
            slots.add("theme", Filler(value, sums[0].words, rule=NO_PURPOSE))

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

    def per_place(self, slots: Slots) -> Iterator[Slots]:
        """Events told at once in several places ("talks in Geneva and Miami") are one in each."""
        places = slots.get("place")
        spans = {f.words for f in places}
        listed = any(spans <= {a.span for a in node.atoms} for node in self.tree.nodes)
        for place in places if len(places) > 1 and listed else ():
            yield Slots({**{k: list(v) for k, v in slots.values.items()}, "place": [place]})
        if len(places) < 2 or not listed:
            yield slots

    def per_number(self, hit: Hit, slots: Slots) -> Iterator[Slots]:
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
