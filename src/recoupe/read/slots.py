"""Filling the slots of a scene: what stands where its frame's markers say, and what syntax missed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recoupe.codebook.kinds import MEASURE
from recoupe.codebook.lexicon import Grammar
from recoupe.model import Span
from recoupe.read.discourse import COREFERENCE, SPEAKER, Filler
from recoupe.read.moods import Mood
from recoupe.read.roles import Arguments, inner_prepositions
from recoupe.read.series import Series
from recoupe.read.tree import VERBS, Node, Tree
from recoupe.read.triggers import Hit, said_twice
from recoupe.read.unlisted import Unlisted
from recoupe.values import Amount, Count, Item, Value, several

_NO_CASE = frozenset({"subj", "obj", "iobj", "adj", "poss", "gov", "attr"})  # markers that are no preposition
NO_PURPOSE = "a sum without a purpose"
NEAREST = "nearest"  # the rule of what syntax does not join to its verb
_CLAUSE = 120  # characters after a trigger in which a theme that syntax missed is looked for
_LISTS = frozenset({"conj", "obj", "appos", "dep", "nmod", "obl", "prep", "xcomp"})  # how the members of lists hang
_BRACKET = 40  # characters after a noun in which a bracket still tells what it comes to


@dataclass
class Slots:
    """The slots of one frame, being filled."""

    values: dict[str, list[Filler]] = field(default_factory=dict)

    def add(self, slot: str, filler: Filler) -> None:
        """Adds a value, unless it is there; 20 trucks and 5 buses are two, and so are two people of one state."""
        have = self.values.setdefault(slot, [])
        same = [f for f in have if f.value == filler.value and (filler.person is None or _person(f) == _person(filler))]
        if not same or (filler.count is not None and all(f.count not in (None, filler.count) for f in same)):
            have.append(filler)

    def extend(self, slot: str, fillers: Iterable[Filler]) -> None:
        """Adds several values."""
        for filler in fillers:
            self.add(slot, filler)

    def has(self, need: str) -> bool:
        """Is a slot filled; with + after its name, by several values, or by one that is several itself; with #, by one
        that is told with its number; with !, by one that is named? a&b: both? A mere "we" tells nothing that would not
        be told without it.
        """
        if "&" in need:
            return all(self.has(part) for part in need.split("&"))
        values = [f for f in self.get(need.rstrip("+#!")) if f.rule != SPEAKER]
        if need.endswith("!"):
            return any(f.rule != COREFERENCE for f in values)
        if need.endswith("#"):
            return any((f.count is not None or f.single) and f.rule != NEAREST for f in values)
        if need.endswith("+"):
            return several(f.value for f in values)
        return bool(values)

    def get(self, slot: str) -> list[Filler]:
        """The values of a slot."""
        return self.values.get(slot, [])


def _person(filler: Filler) -> Value | None:
    return filler.person.value if filler.person else None  # type: ignore[return-value]


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
        self.unlisted = Unlisted(tree, text, grammar)
        self.series = Series(tree, text, grammar)
        # Where a strike is told in the sentence of its victims, who struck is told with it.
        every = [h for found in hits.values() for h in found]
        tolls = {o.kind for h in every if h.frame.toll for o in h.frame.moods.values()}
        self.event_told = any(not h.frame.toll and any(o.kind in tolls for o in h.frame.moods.values()) for h in every)

    def fill(self, hit: Hit) -> Slots:
        """What the sentence tells of a scene by its own words; the mood's words may add to it."""
        slots = Slots()
        is_noun = hit.trigger.part == "noun"
        around = self.arguments.of_noun(hit.node) if is_noun else self.arguments.of_verb(hit.node)
        around += [*self._of_inner(hit), *self._where(hit)]
        used: dict[Span, str] = {}
        for slot, kind in hit.frame.slots.items():
            markers = hit.trigger.markers.get(slot, ())
            for marker in markers:
                fillers = list(self._at(hit, slot, marker, around))
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
        self._worth(hit, slots)
        towns = {f.words for f in slots.get("place")}
        if (
            is_noun and "agent" in slots.values
        ):  # "the Washington summit" is held there: it makes no party of the capital
            slots.values["agent"] = [f for f in slots.get("agent") if f.words not in towns]
        if any(self._points_back(self.tree.nodes[i]) for i in self._objects(hit)):
            self._named_by_pronoun(hit, slots)
        else:
            self._missed_theme(hit, slots)
        self._numbered(hit, slots)
        self._in_series(hit, slots)
        self._own_words(hit, around, slots)
        self._missed_place(hit, slots)
        self._measured(hit, slots)
        return slots

    def _measured(self, hit: Hit, slots: Slots) -> None:
        """The measures that the sentence tells of the scene: each belongs to the nearest word that may have it."""
        for slot in (s for s, kind in hit.frame.slots.items() if kind == MEASURE):
            every = (h for found in self.hits.values() for h in found if h.frame.slots.get(slot) == MEASURE)
            rivals = [h.node for h in every if not said_twice(self.tree, self.hits, h)]
            for atom in self.tree.sentence.asides if rivals else ():
                told = [m.value for m in atom.of(MEASURE) if m.note == slot and isinstance(m.value, Count)]
                nearest = min(rivals, key=lambda n: (abs(n.span.start - atom.span.start), n.index))
                if told and nearest.index == hit.node.index:
                    slots.add(slot, Filler(told[0], atom.span, rule=MEASURE))

    def _own_words(self, hit: Hit, around: Sequence[tuple[str, Node]], slots: Slots) -> None:
        """What fills an open slot, in the text's own words, where no list has it; a thing only beside an actor."""
        for slot, parts in hit.frame.open.items():
            actors = (s for s, kind in hit.frame.slots.items() if kind == "actor")
            thing = hit.frame.slots[slot] == "item"
            if slots.get(slot) or (thing and (slots.get("amount") or not any(slots.get(s) for s in actors))):
                continue
            for marker in hit.trigger.markers.get(slot, ()):
                through = ">" in marker  # what hangs on a noun: "faces a shortage of nurses"
                if ("noun" if through else hit.trigger.part) not in parts:
                    continue
                for node in self._nodes_at(marker, around):
                    if thing and (through or self._may_be_thing(hit, marker, node)):
                        slots.extend(slot, self.unlisted.things(node))
                    elif not thing:
                        slots.extend(slot, self.unlisted.groups(node))
                if slots.get(slot):
                    break

    def _may_be_thing(self, hit: Hit, marker: str, node: Node) -> bool:
        """Is it no word of the trigger, nobody who may be an actor here, and no act with a claim of its own?"""
        if node.index == hit.node.index or any(n.index == node.index for n in hit.inner):
            return False
        acts = any(marker in hit.trigger.markers.get(s, ()) for s, kind in hit.frame.slots.items() if kind == "actor")
        if acts and self.unlisted.is_someone(node):
            return False
        return not any(self._whole(h) for h in self.hits.get(node.index, ()))

    def _whole(self, hit: Hit) -> bool:
        """Does the sentence tell all that the scene needs?"""
        slots = self.fill(hit)
        return bool(hit.frame.moods) and all(any(slots.has(s) for s in group) for group in hit.frame.needs)

    def _of_inner(self, hit: Hit) -> list[tuple[str, Node]]:
        """The complements of the other words of a fixed expression ("took control of the town")."""
        own = {hit.node.index, *(n.index for n in hit.inner)}
        return [
            (kid.case or "obj", kid)
            for node in hit.inner
            for kid in self.tree.kids(node, "nmod", "obl", "nummod")
            if (kid.case or kid.atoms) and kid.index not in own
        ]

    def _where(self, hit: Hit) -> Iterator[tuple[str, Node]]:
        """The place that a relative clause tells of ("Kharkiv, where two houses were hit"), as if it stood in it."""
        marker = next((m for m in hit.trigger.markers.get("place", ()) if m not in _NO_CASE), None)
        for child, head in self.tree.up(hit.node) if marker else ():
            if child.rel.startswith("acl"):
                if any(k.lower in self.grammar.relatives.get("place", ()) for k in self.tree.kids(child)):
                    yield marker or "", head
                return

    def _at(self, hit: Hit, slot: str, marker: str, around: Sequence[tuple[str, Node]]) -> Iterator[Filler]:
        kind = hit.frame.slots[slot]
        if marker == "self":
            yield from self.arguments.fillers(hit.node, kind)
        elif marker == "num":
            yield from self.arguments.fillers(hit.node, "count")
        elif " " in marker:
            for node in self.tree.nodes:
                if (node.atoms or kind == "level") and self._led_by(node, marker):
                    yield from self.arguments.fillers(node, kind)
        else:
            # "The Geneva talks" are held there, "the Ukraine talks" are about it.
            sort = "locality" if (kind, marker) == ("place", "adj") else kind
            for node in self._nodes_at(marker, around):
                if sort == "count":
                    yield from self._counted(node, hit.frame.counts_things(slot))
                else:
                    yield from self._of_node(node, sort)

    def _nodes_at(self, marker: str, around: Sequence[tuple[str, Node]]) -> Iterator[Node]:
        """The words at a marker of one word, or at one inside those at another (obj>of)."""
        first, _, then = marker.partition(">")
        for name, node in around:
            if name != first:
                continue
            if not then:
                yield node
                continue
            inside = self.arguments.of_verb(node) if name == "clause" else self.arguments.of_noun(node)
            yield from (kid for inner, kid in inside if inner == then)

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
        found = False
        for filler in self.arguments.fillers(node, kind):
            found = True
            yield filler
        if not found and kind == "actor" and node.atoms and node.atoms[0].type == "item":
            for kid in self.tree.kids(node, "amod", "compound", "nmod", "poss", "flat"):
                yield from self.arguments.fillers(kid, "actor")

    def _counted(self, node: Node, things: bool) -> Iterator[Filler]:
        """The number of a noun for people, or a number on its own ("and wounded 130"). Where `things` are counted no
        people are, and where people are, as in a toll, no things ("72 of them", said of missiles).
        """
        for here in (node, *self.tree.kids(node, "conj")):
            people = here.lower in self.grammar.people
            if not people and here.pos != "NUM" and all(a.type != "count" for a in here.atoms):
                continue
            if not (people if things else self.arguments.counts_things(here)):
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
        objects = self._objects(hit)
        for node in self.tree.nodes[hit.node.index + 1 :]:
            if node.span.start - hit.node.span.end > _CLAUSE or (
                node.index in self.hits and not node.atoms and (node.pos in VERBS or node.index in objects)
            ):
                return
            for kind, slot in (("item", "theme"), ("amount", "amount")):
                if slot in hit.frame.slots and any(a.type == kind for a in node.atoms):
                    for filler in self.arguments.fillers(node, kind):
                        if not isinstance(filler.value, Item) or hit.frame.admits(slot, filler.value.path):
                            slots.add(slot, replace(filler, rule=NEAREST))
                    return

    def _points_back(self, node: Node) -> bool:
        """Is it a pronoun for something named before ("handed it over", "l'a remis")?"""
        pointing = self.grammar.definite.union(*(self.grammar.pronouns.get(k, ()) for k in ("it", "many", "m", "f")))
        return node.pos == "PRON" and not node.atoms and node.lower in pointing

    def _objects(self, hit: Hit) -> set[int]:
        """The words that are a verb's object."""
        around = self.arguments.of_verb(hit.node) if hit.trigger.part == "verb" else []
        return {n.index for marker, n in around if marker == "obj"}

    def _named_by_pronoun(self, hit: Hit, slots: Slots) -> None:
        """What an object that is a pronoun stands for goes before what stands beside the act."""
        named = list(self._named_before(hit)) if "obj" in hit.trigger.markers.get("theme", ()) else []
        if named and "theme" in hit.frame.slots and not any(f.count for f in slots.get("theme")):
            slots.values["theme"] = named

    def _named_before(self, hit: Hit) -> Iterator[Filler]:
        """The thing named last before the act in its sentence, which a pronoun stands for."""
        start, end = self.tree.sentence.span.start, hit.node.span.start
        before = [m for m in self.arguments.discourse.items if start <= m.span.start and m.span.end <= end]
        for m in before[-1:]:
            if isinstance(m.value, Item) and hit.frame.admits("theme", m.value.path):
                yield Filler(m.value, m.span, rule=COREFERENCE)

    def _numbered(self, hit: Hit, slots: Slots) -> None:
        """Things with a number each that a list names behind the theme ("equipment, comprising 20 tents and 5 trucks"),
        at whatever depth, where no other act is told between.
        """
        if not slots.get("theme") or "theme" not in hit.frame.counts or not hit.trigger.markers.get("theme"):
            return
        begin = max(f.words.end for f in slots.get("theme"))
        for node in self.tree.nodes[hit.node.index + 1 :]:
            if node.span.end > begin and any(a.count is not None for a in node.atoms) and self._listed_under(node, hit):
                for filler in self.arguments.fillers(node, "item"):
                    if isinstance(filler.value, Item) and filler.count and hit.frame.admits("theme", filler.value.path):
                        slots.add("theme", replace(filler, rule="listed"))

    def _in_series(self, hit: Hit, slots: Slots) -> None:
        """Things with a number each that follow on one of a slot, which has its own."""
        for slot in hit.frame.counts:
            things = [f.words for f in slots.get(slot) if isinstance(f.value, Item) and (f.count or f.single)]
            for node, atom in (pair for words in things for pair in self.series.after(words, frozenset(self.hits))):
                for filler in self.arguments.fillers(node, "item"):
                    fits = isinstance(filler.value, Item) and hit.frame.admits(slot, filler.value.path)
                    if fits and filler.words == atom.span:
                        slots.add(slot, replace(filler, rule="listed"))

    def _listed_under(self, node: Node, hit: Hit) -> bool:
        for child, head in self.tree.up(node):
            rel = child.rel.split(":")[0]
            participle = rel in ("advcl", "acl") and "VerbForm=Part" in child.morph and "Tense=Past" not in child.morph
            listing = (
                child.case in self.grammar.among or child.case in inner_prepositions(self.grammar) or not child.case
            )
            if child.rel == "acl:relcl" or not (participle or (rel in _LISTS and listing)):
                return False
            if head.index == hit.node.index:
                return True
            if head.index in self.hits:
                return False
        return False

    def _worth(self, hit: Hit, slots: Slots) -> None:
        """What the things given come to, told after them by words that say so ("trucks with a total value of ..."), or
        in brackets right behind them ("a loan by Norway ($300 million)"); another act between has it for its own.
        """
        if "amount" not in hit.frame.slots or slots.get("amount") or not hit.frame.moods:
            return
        for node in self.tree.nodes[hit.node.index + 1 :]:
            if node.index in self.hits and node.pos in VERBS and not self.grammar.event_verbs.match(node.lower):
                break
            before = self.text[max(self.tree.sentence.span.start, node.span.start - 60) : node.span.start]
            if any(a.type == "amount" for a in node.atoms) and self.grammar.worths.search(before.replace("’", "'")):
                for filler in self.arguments.fillers(node, "amount"):
                    slots.add("amount", replace(filler, rule="worth"))
                return
        sums = [a for a in self.tree.sentence.asides if a.type == "amount" and a.span.start > hit.node.span.start]
        for atom in sums[:1]:
            value = atom.of("amount")[0].value
            opened = self.text.rfind("(", hit.node.span.end, atom.span.start)
            if isinstance(value, Amount) and 0 <= opened - hit.node.span.end < _BRACKET:
                slots.add("amount", Filler(value, atom.span, rule="in brackets"))

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
                    slots.add("place", replace(filler, rule=NEAREST))
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
                told = {f.value for found in slots.values.values() for f in found}
                for marker, node in self.arguments.of_verb(mood.by.node):
                    if marker == "subj":  # who may receive gives nothing
                        slots.extend("agent", (f for f in self.arguments.fillers(node, "actor") if f.value not in told))
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
            if numbered and hit.frame.slots[slot] == "item":  # "one missile and 40 drones"
                piece = Count.exactly(1)
                told = [replace(f, count=f.count or piece) if f.single else f for f in slots.get(slot)]
                numbered = [f for f in told if f.count is not None]
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
