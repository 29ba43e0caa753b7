"""Who and what stand around a trigger: its arguments by syntax, and the values that a noun phrase comes to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from recoupe.codebook.lexicon import Grammar
from recoupe.model import Span
from recoupe.read.discourse import Discourse, Filler
from recoupe.read.tree import NOUNS, VERBS, Node, Tree
from recoupe.read.units import Atom
from recoupe.values import Actor, Amount, Count, Item, Word

_BEFORE = 7  # words: "a missile of medium range that" has its noun no farther from the pronoun
BOTH = 2  # sides
_RECENT = 400  # characters: a sentence or two, after which a mere number no longer points back
_SUM = 10**6  # so many of something that is not named are money
_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DEEP = 4  # noun phrases nest; beyond this the parser is more often wrong than right


class Arguments:
    """Reads the arguments of the verbs and nouns of one tree."""

    def __init__(self, tree: Tree, text: str, grammar: Grammar, discourse: Discourse) -> None:
        self.tree = tree
        self.text = text
        self.grammar = grammar
        self.discourse = discourse
        self.triggers: frozenset[int] = frozenset()  # what these tell of is theirs, not that of the words above them

    # -- where things stand -----------------------------------------------------------------------------------------

    def of_verb(self, verb: Node) -> list[tuple[str, Node]]:
        """Pairs (marker, node) for a verb, in its active sense: subj, obj, iobj, or a preposition."""
        found: list[tuple[str, Node]] = []
        passive = self.passive(verb)
        for kid in self.tree.kids(verb):
            found += self._of_child(kid, passive)
        found += self._relative_objects(verb, found)
        if not any(m == ("obj" if passive else "subj") for m, _ in found):
            shared = self._shared_subject(verb, passive)
            if shared is not None:
                found.append(("obj" if passive else "subj", shared))
        return found

    def _relative_objects(self, verb: Node, found: list[tuple[str, Node]]) -> Iterator[tuple[str, Node]]:
        """What a relative "that" stands for: its noun, and the thing named right before it, on which the parser may
        err.
        """
        head = self.tree.above(verb)
        if not verb.rel.startswith("acl") or head is None:
            return
        words = self.grammar.relatives.get("object", frozenset())
        that = next((k for k in self.tree.kids(verb) if k.lower in words), None)
        if that is None:
            return
        if not any(m == "obj" for m, _ in found):
            yield "obj", head
        for node in reversed(self.tree.nodes[max(0, that.index - _BEFORE) : that.index]):
            if any(a.type == "item" for a in node.atoms):
                yield "obj", node
                return

    def _of_child(self, kid: Node, passive: bool) -> Iterator[tuple[str, Node]]:
        rel = kid.rel
        if rel.startswith("nsubj"):
            yield "obj" if passive else "subj", self._relative_subject(kid)
        elif rel == "obj":
            yield "obj", self._antecedent(kid)
        elif rel == "iobj":
            yield "iobj", self._antecedent(kid)
        elif rel == "obl:agent" or (passive and kid.case in self.grammar.agents and _acts(kid)):
            yield "subj", kid
            if kid.case:
                yield kid.case, kid
        elif rel in ("attr", "xcomp") and kid.pos in NOUNS:
            yield "attr", kid
        elif rel in ("ccomp", "xcomp") and kid.pos in VERBS:
            yield "clause", kid
        elif rel.split(":")[0] in ("obl", "nmod", "advmod", "appos", "conj", "dep", "flat") and kid.case:
            yield kid.case, self._antecedent(kid)
        elif rel.startswith("obl") and kid.atoms and not any(a.type == "time" for a in kid.atoms):
            yield "obl", kid

    def of_noun(self, noun: Node) -> list[tuple[str, Node]]:
        """Pairs (marker, node) for a noun: adj (beside it), poss, gov (its verb's subject), or a preposition."""
        found: list[tuple[str, Node]] = []
        for kid in self.tree.kids(noun):
            if kid.rel == "poss" or (kid.rel == "det" and self._possessive(kid)):
                found.append(("poss", kid))
            elif kid.rel.split(":")[0] in ("nmod", "obl", "advcl") and kid.case:
                found.append((kid.case, kid))
            elif kid.rel.split(":")[0] in ("amod", "compound", "nmod", "flat"):
                found.append(("adj", kid))
            elif kid.rel.startswith("acl") and kid.pos in (*VERBS, "ADJ"):
                if "Tense=Pres" in kid.morph:  # "sanctions targeting banks": a participle is as good as a preposition
                    found += [(kid.lower, inner) for inner in self.tree.kids(kid, "obj")]
                found += (
                    self._through_participle(kid)
                    if self.grammar.light_verbs.match(kid.lower) or kid.rel == "acl:relcl"
                    else ()
                )
        if self.tree.kids(noun, "cop"):  # "X is the first donor"
            found += [("attr", self._relative_subject(kid)) for kid in self.tree.kids(noun, "nsubj")]
        found += self._governor(noun)
        return found

    def _through_participle(self, verb: Node) -> Iterator[tuple[str, Node]]:
        """What a participle or a relative clause tells of its noun ("the attack carried out by X on Y")."""
        passive = self.passive(verb)
        for kid in self.tree.kids(verb):
            if kid.rel == "obl:agent":
                yield "gov", kid
            elif kid.rel.startswith("obl") and kid.case:
                yield kid.case, kid
            elif (
                kid.rel.startswith("nsubj")
                and not passive
                and kid.lower not in self.grammar.relatives.get("subject", ())
                and not self._says_of(verb)
            ):
                yield "gov", kid

    def _says_of(self, verb: Node) -> bool:
        """Is it a verb of saying that tells what somebody takes something for ("which Oslo described as a raid")?"""
        says = any(p.match(verb.lower) for p in self.grammar.reporting.values())
        return says and bool(self.tree.kids(verb, "obl", "attr", "xcomp"))

    def _governor(self, noun: Node) -> Iterator[tuple[str, Node]]:
        """The subject of the verb whose object (or complement) the noun is."""
        head = self.tree.above(noun)
        if head is not None and noun.rel.startswith("nsubj"):
            yield from self._told_of_event(head)
            if self.passive(head) and self.grammar.light_verbs.match(head.lower):
                yield from self._through_participle(head)  # "sanctions were imposed on X by Y"
            return
        if head is not None and noun.rel == "conj":
            noun, head = head, self.tree.above(head)
        if head is None or head.pos not in VERBS:
            return
        if noun.rel == "obj" and self.grammar.light_verbs.match(head.lower):  # "imposed on X sanctions"
            yield from ((k.case, k) for k in self.tree.kids(head, "obl") if k.case and k.rel != "obl:agent")
        if noun.rel in ("obj", "attr", "xcomp", "obl:arg") and self.grammar.light_verbs.match(head.lower):
            yield from (("gov", n) for marker, n in self.of_verb(head) if marker == "subj" and n.index != noun.index)

    def _told_of_event(self, verb: Node) -> Iterator[tuple[str, Node]]:
        """What a verb of happening or amounting says of its subject ("took place in", "comes to 5 billion")."""
        for here in (verb, *self.tree.kids(verb, "xcomp")):
            if self.grammar.event_verbs.match(self.text, here.span.start):
                for kid in self.tree.kids(here, "obl", "nmod", "advmod", "obj"):
                    yield kid.case or "obj", kid

    def passive(self, verb: Node) -> bool:
        """Is the verb in the passive, or a past participle set beside a noun?"""
        if any(k.rel in ("expl:comp", "expl:pass") for k in self.tree.kids(verb, "expl")):
            return False  # a reflexive: who withdraws is no object of it
        if self.tree.kids(verb, "aux:pass", "nsubj:pass"):
            return True
        head = self.tree.above(verb)
        if verb.rel in ("acl", "amod") or (verb.rel == "conj" and head is not None and head.rel == "acl"):
            past = "VerbForm=Part" in verb.morph and "Tense=Past" in verb.morph
            return past and not self.tree.kids(verb, "aux", "nsubj")
        return False

    def _shared_subject(self, verb: Node, passive: bool) -> Node | None:
        """The subject that a verb has from another: the noun it qualifies, the verb it completes or is joined to."""
        head = self.tree.above(verb)
        if head is None:
            return None
        if verb.rel == "attr" and head.pos == "AUX":  # "is ready": the subject hangs on the copula
            return next(iter(self.tree.kids(head, "nsubj")), None)
        if verb.rel in ("acl", "amod") or (
            verb.rel == "acl:relcl" and head.pos in NOUNS and not self.tree.kids(verb, "nsubj")
        ):
            return head if head.pos in NOUNS or head.atoms or head.lower in self.grammar.people else None
        if verb.rel.split(":")[0] in ("xcomp", "advcl", "conj", "ccomp", "pcomp") and head.pos in (*VERBS, "ADJ"):
            outer = self.of_verb(head)
            completes = verb.rel == "xcomp" or verb.case in self.grammar.complements
            wanted = ["iobj", "obj", "subj"] if completes and self._controls(outer) else ["subj"]
            if verb.rel == "conj" and self.passive(head):
                wanted = ["obj", "subj"]
            for marker in wanted:
                for m, node in outer:
                    if m == marker and node.index != verb.index:
                        return node
        return None

    def _controls(self, outer: list[tuple[str, Node]]) -> bool:
        """Has the governing verb an object that is an actor ("urged the allies to send")?"""
        return any(m in ("obj", "iobj") and any(True for _ in self.fillers(n, "actor")) for m, n in outer)

    def _antecedent(self, node: Node) -> Node:
        """For a relative pronoun, the noun that it stands for."""
        words = set().union(*(w for name, w in self.grammar.relatives.items() if name != "place"))
        if node.lower in words and node.pos in ("PRON", "DET", "SCONJ", "ADP"):
            for child, head in self.tree.up(node):
                if child.rel.startswith("acl"):
                    return head
        return node

    def _relative_subject(self, kid: Node) -> Node:
        """The antecedent of a relative subject; where that is no actor, the actor right before the pronoun."""
        head = self._antecedent(kid)
        if head is kid or any(True for _ in self._actors(head, 0)) or any(a.type == "item" for a in head.atoms):
            return head
        before = next((n for n in reversed(self.tree.nodes[: kid.index]) if n.pos != "PUNCT"), head)
        return before if before.atoms and any(True for _ in self._actors(before, 0)) else head

    def _possessive(self, node: Node) -> bool:
        return any(node.lower in words for words in self.grammar.possessives.values())

    # -- what things are ---------------------------------------------------------------------------------------------

    def fillers(self, node: Node, kind: str, depth: int = 0) -> Iterator[Filler]:
        """The values of a type (actor, item, amount, place, count, level) that a noun phrase comes to."""
        if kind == "actor":
            yield from self._actors(node, depth)
        elif kind == "organisation":
            yield from (
                f for f in self._actors(node, depth)
                if str(f.value).startswith("org:") and f.person is None and not any(a.of("place") for a in node.atoms)
            )  # fmt: skip
        elif kind == "locality":
            yield from (f for f in self._plain(node, "place", depth) if not str(f.value).startswith("country:"))
        elif kind == "person":
            for f in self._actors(node, depth):
                yield (
                    replace(f, value=f.person.value, person=None)
                    if f.person and isinstance(f.person.value, Actor)
                    else f
                )
        elif kind == "level":
            yield from self._levels(node)
        elif kind == "count":
            yield from self._counts(node)
        else:
            yield from self._plain(node, kind, depth)

    def _actors(self, node: Node, depth: int) -> Iterator[Filler]:
        if node.atoms:
            yield from (f for f in _actors_of(node.atoms) if not (node.case and self._is_seat(node, f)))
            yield from self._by_name(node)
            if any(a.type == "item" for a in node.atoms):
                return
        elif node.pos in ("PRON", "DET") or self._possessive(node):
            yield from self._pronoun(node)
        elif self.grammar.both_sides.search(self.text, self.tree.sentence.span.start, node.span.end):
            yield from self._both(node)
        elif (
            node.lower in self.grammar.bodies
            or node.lower in self.grammar.part_whole
            or node.lower in self.grammar.people
        ):
            yield from self._owners(node, depth)
        if depth < _DEEP:
            for kid in self.tree.kids(node, "conj"):
                if kid.atoms or (kid.pos in NOUNS and not kid.case):
                    yield from self._actors(kid, depth + 1)

    def _by_name(self, node: Node) -> Iterator[Filler]:
        """The people who are named behind those for whom they act ("the ministers of Poland and Italy, A and B")."""
        states = {f.value for f in _actors_of(node.atoms)}
        named = (f for kid in self.tree.kids(node, "appos") for f in _actors_of(kid.atoms))
        yield from (f for f in named if f.person is not None and f.value in states)

    @staticmethod
    def _is_seat(node: Node, filler: Filler) -> bool:
        """Is it a town that stands for a body which has its seat there? After a preposition it is the town."""
        return filler.person is None and str(filler.value).startswith("org:") and any(a.of("place") for a in node.atoms)

    def _owners(self, node: Node, depth: int) -> Iterator[Filler]:
        """Whose a body is: "the Ukrainian army", "le gouvernement de Kiev", "ministers from Poland"."""
        found = False
        for kid in self.tree.kids(node):
            near = kid.rel.split(":")[0] in ("amod", "compound", "nmod", "poss", "flat", "appos", "det")
            if near and depth < _DEEP:
                for filler in self._actors(kid, depth + 1):
                    found = True
                    yield Filler(
                        filler.value,
                        Span(min(node.span.start, filler.words.start), max(node.span.end, filler.words.end)),
                        filler.person,
                        rule="body of",
                    )
        if (
            not found
            and node.pos == "NOUN"
            and node.lower in self.grammar.bodies
            and any(self._possessive(k) for k in self.tree.kids(node))
        ):
            yield from self.discourse.subjects[-1:]

    def _pronoun(self, node: Node) -> Iterator[Filler]:
        word = node.lower
        for sex in ("m", "f"):
            if word in self.grammar.pronouns.get(sex, ()):
                yield from self._person_or_subject(node, sex)
                return
        if word in self.grammar.pronouns.get("we", ()) or word in self.grammar.possessives.get("we", ()):
            speaker = self.discourse.speaker(node.span)
            yield from (speaker,) if speaker else ()
            return
        if any(word in self.grammar.pronouns.get(k, ()) for k in ("it", "many")) or self._possessive(node):
            told = list(self._last_subject(node))
            many = any(word in words.get("many", ()) for words in (self.grammar.pronouns, self.grammar.possessives))
            if not (many and len(told) == 1 and told[0].person):  # "they" are no single person
                yield from told

    def _both(self, node: Node) -> Iterator[Filler]:
        """Whom "both sides" points at: the two that the sentence has listed before, else the parties to the war."""
        for before in reversed(self.tree.nodes[: node.index]):
            two = list(_actors_of(before.atoms))
            if len({str(f.value) for f in two}) == BOTH:
                yield from (replace(f, rule="coreference") for f in two)
                return
        for m in self.discourse.sides:
            if isinstance(m.value, Actor):
                yield Filler(m.value, m.span, rule="coreference")

    def _person_or_subject(self, pronoun: Node, sex: str) -> Iterator[Filler]:
        """Whom "he" or "elle" points at: the last subject (in French a state is he or she too), or a person named
        since.
        """
        subjects = [f for f in self._last_subject(pronoun) if f.person or self.grammar.speech.feminine]
        person = self.discourse.person(pronoun.span.start, sex)
        if person and (not subjects or person.words.start > max(f.words.start for f in subjects)):
            yield person
        else:
            yield from subjects

    def _last_subject(self, pronoun: Node) -> Iterator[Filler]:
        """Whom a pronoun points at: the last subject before it in the sentence, else that of the sentence before."""
        for node in reversed(self.tree.nodes[: pronoun.index]):
            if node.rel.startswith("nsubj") and node.atoms and not self._above(pronoun, node):
                found = list(_actors_of(node.atoms))
                if found:
                    yield from (replace(f, rule="coreference") for f in found)
                    return
        for node in reversed(self.tree.nodes[: pronoun.index]):  # "As for Britain, it ..."
            if (
                node.rel.split(":")[0] in ("obl", "dislocated", "dep")
                and any(a.type == "actor" for a in node.atoms)
                and self._topic(node)
            ):
                yield from (replace(f, rule="coreference") for f in _actors_of(node.atoms))
                return
        for f in self.discourse.subjects[-1:]:
            yield replace(f, rule="coreference")

    def _topic(self, node: Node) -> bool:
        """Does a name stand at the head of the sentence, before its first comma?"""
        return not any(n.text == "," for n in self.tree.nodes[: node.index])

    def _above(self, node: Node, other: Node) -> bool:
        """Are the two arguments of one verb? A subject's possessive may point at it, a pronoun beside it may not."""
        return node.head == other.head and not self._possessive(node)

    def _plain(self, node: Node, kind: str, depth: int) -> Iterator[Filler]:
        named = [
            f
            for k in self.tree.kids(node, "acl")
            if k.lower in self.grammar.naming
            for f in self._named(k, kind, depth)
        ]
        if named:
            yield from named
            return
        for atom in node.atoms:
            count, span = self._number_of(node, atom)
            for m in atom.of(kind):
                if isinstance(m.value, Actor | Item | Amount | Count):
                    yield Filler(m.value, span, count=count, single=atom.single, also=atom.also)
            if kind == "place" and not atom.of("place"):
                for m in atom.of("actor"):
                    if m.note == "name" and isinstance(m.value, Actor) and str(m.value).startswith("country:"):
                        yield Filler(m.value, atom.span)
        if kind == "item" and not depth and all(a.type == "count" for a in node.atoms):
            found = False
            for filler in self._below(node, kind, depth):
                found = True
                yield filler
            if not found:
                yield from self._antecedent_item(node)
            return
        yield from self._below(node, kind, depth)

    def _number_of(self, node: Node, atom: Atom) -> tuple[Count | None, Span]:
        """What counts a thing, and the words: its own number, or one parted from it ("108 Russian drones")."""
        if atom.type == "item" and atom.count is None and len(node.atoms) == 1:
            for number in (a for kid in self.tree.kids(node, "nummod") for a in kid.atoms if a.type == "count"):
                if isinstance(value := number.of("count")[0].value, Count) and number.span.end <= atom.span.start:
                    return value, Span(number.span.start, atom.span.end)
        return atom.count, atom.span

    def _below(self, node: Node, kind: str, depth: int) -> Iterator[Filler]:
        """The values in the complements of a noun phrase."""
        if depth >= _DEEP or (depth and node.index in self.triggers):
            return
        for kid in self.tree.kids(node):
            rel = kid.rel.split(":")[0]
            if (
                (rel == "conj" and kid.pos in NOUNS)
                or (kind == "amount" and rel == "acl" and self.grammar.event_verbs.match(kid.lower))
                or (kind == "amount" and rel == "obj")
                or rel in ("appos", "flat")
                or (
                    rel in ("nmod", "compound", "amod", "obl", "nummod")
                    and not node.atoms
                    and not self._leaves(kid, kind)
                )
            ):
                yield from self._plain(kid, kind, depth + 1)

    def _named(self, participle: Node, kind: str, depth: int) -> Iterator[Filler]:
        """What "called" or "known as" names."""
        if depth < _DEEP:
            for kid in self.tree.kids(participle, "xcomp", "obj", "attr", "appos", "obl", "nmod", "flat"):
                yield from self._plain(kid, kind, depth + 1)

    def _antecedent_item(self, node: Node) -> Iterator[Filler]:
        """The thing named last before a noun that only points at it ("the system was handed over"), or before a mere
        number of it ("six of them arrived").
        """
        counted = [a for n in (node, *self.tree.kids(node, "nummod")) for a in n.atoms if a.type == "count"]
        determined = any(k.lower in self.grammar.definite for k in self.tree.kids(node, "det"))
        if not (counted if node.atoms else node.lower in self.grammar.item_nouns and (determined or counted)):
            return
        before = [m for m in self.discourse.items if m.span.end <= node.span.start]
        for m in before[-1:]:
            count = next((c.value for a in counted for c in a.of("count") if isinstance(c.value, Count)), None)
            if count is not None and (count.low >= _SUM or node.span.start - m.span.end > _RECENT):
                return
            if isinstance(m.value, Item):
                words = Span(min(counted[0].span.start, node.span.start), node.span.end) if counted else m.span
                yield Filler(m.value, words, count=count, rule="coreference")

    def counts_things(self, node: Node) -> bool:
        """Does a number stand before a pronoun that points at the things named last ("72 of them"), no people since?"""
        if not any(n.lower in self.grammar.pronouns.get("many", ()) for n in self.tree.subtree(node)):
            return False
        before = [m for m in self.discourse.items if m.span.end <= node.span.start]
        if not before:
            return False
        since = _LETTERS.findall(self.text[before[-1].span.end : node.span.start].lower())
        return not any(word in self.grammar.people or self.grammar.speech.human(word) for word in since)

    def _leaves(self, kid: Node, kind: str) -> bool:
        """Does a complement lead away from what the noun means ("a stock of missiles" is missiles, "an area with
        drones" no drone)?
        """
        head = self.tree.above(kid)
        if kind == "place":
            return bool(kid.case) and (head is None or head.lower not in self.grammar.place_nouns)
        return kind == "item" and bool(kid.case) and kid.case not in inner_prepositions(self.grammar)

    def _levels(self, node: Node) -> Iterator[Filler]:
        words = self.text[node.span.start : node.span.end].lower()
        for level, forms in self.grammar.levels.items():
            if any(re.search(rf"(?<!\w){re.escape(f)}(?!\w)", words) for f in forms):
                yield Filler(Word(level), node.span)
                return

    def _counts(self, node: Node) -> Iterator[Filler]:
        for near in (node, *self.tree.kids(node, "nummod", "amod", "nmod", "obl", "det", "advmod", "compound")):
            for atom in near.atoms:
                for m in atom.of("count"):
                    if isinstance(m.value, Count):
                        yield Filler(
                            m.value, Span(min(atom.span.start, node.span.start), max(atom.span.end, node.span.end))
                        )
                        return


def _acts(node: Node) -> bool:
    return any(a.type in ("actor", "person") for a in node.atoms)


def inner_prepositions(grammar: Grammar) -> frozenset[str]:
    """The prepositions by which a noun phrase stays what it is ("a stock of missiles")."""
    return frozenset(c.replace("'", "").strip() for c in grammar.connectors) | frozenset(grammar.contractions.values())


def _actors_of(atoms: Iterable[Atom]) -> Iterator[Filler]:
    for atom in atoms:
        people = atom.of("person")
        if people:
            m = people[0]
            value = m.acts_for if isinstance(m.acts_for, Actor) else m.value
            if isinstance(value, Actor):
                yield Filler(value, atom.span, person=m)
            continue
        named = [m.value for m in atom.of("actor") if isinstance(m.value, Actor)]
        if named:  # of several groups that one word may mean, the one whose members are known
            yield Filler(max(named, key=lambda v: (len(v.choices), str(v))), atom.span)
