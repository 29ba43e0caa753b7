"""The parsed sentence as a tree in Universal Dependencies, whatever the model's own labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from recoupe.codebook.lexicon import Grammar
from recoupe.model import Span
from recoupe.read.units import Atom, Sentence

NOUNS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X"})
VERBS = frozenset({"VERB", "AUX"})
_SUBJECTS = frozenset({"NOUN", "PROPN", "PRON"})


@dataclass(slots=True)
class Node:
    """A word of the tree. `case` is the preposition that leads it, under the name that the frames give it."""

    index: int
    span: Span
    text: str
    lemma: str
    pos: str
    morph: str
    rel: str
    head: int
    atoms: tuple[Atom, ...]
    case: str = ""
    children: list[int] = field(default_factory=list)

    @property
    def lower(self) -> str:
        """The word in lower case, apostrophes made straight."""
        return self.text.lower().replace("’", "'")


class Tree:
    """A sentence's nodes with the walks that the reader takes."""

    def __init__(self, sentence: Sentence, doc: Any, grammar: Grammar) -> None:
        self.sentence = sentence
        self.nodes = [
            Node(
                t.i,
                w.span,
                w.text,
                t.lemma_.lower(),
                t.pos_,
                str(t.morph),
                grammar.labels.get(t.dep_, t.dep_),
                t.head.i if t.head.i != t.i else -1,
                w.atoms,
            )
            for t, w in zip(doc, sentence.words, strict=True)
        ]
        self._attach()
        self._collapse_prepositions()
        self._attach()
        self._free_names_of_times()
        self._join_roots()
        self._name_cases(grammar)

    def _attach(self) -> None:
        for node in self.nodes:
            node.children = []
        for node in self.nodes:
            if node.head >= 0:
                self.nodes[node.head].children.append(node.index)

    def _collapse_prepositions(self) -> None:
        """Hangs the object of a preposition on what the preposition hangs on (ClearNLP has the preposition between)."""
        for node in self.nodes:
            if node.rel not in ("pobj", "pcomp") or node.head < 0:
                continue
            prep = self.nodes[node.head]
            words = [prep.lower]
            while prep.rel == "prep" and prep.head >= 0 and self.nodes[prep.head].rel == "prep":
                prep = self.nodes[prep.head]
                words.insert(0, prep.lower)
            node.case = " ".join(words)
            above = self.nodes[prep.head] if prep.head >= 0 else None
            node.head = prep.head if above is not None else prep.index
            if node.rel == "pcomp":
                node.rel = "advcl"
            else:
                node.rel = (
                    "obl:agent"
                    if prep.rel == "obl:agent"
                    else "obl"
                    if above is not None and above.pos in VERBS
                    else "nmod"
                )

    def _free_names_of_times(self) -> None:
        """Hangs a name beside what a time hangs on ("in Oslo Monday", "Monday in Oslo"): no name tells more of a day.

        A preposition that leads both is the one that stands right before its word.
        """
        for node in self.nodes:
            time = self.above(node)
            if time is None or not _is_time(time) or not node.atoms or _is_time(node):
                continue
            if node.rel.split(":")[0] not in ("det", "nmod", "amod", "compound", "flat", "obl"):
                continue
            if node.index > time.index and not node.case and not self.kids(node, "case", "prep"):
                continue
            above = self.above(time)
            if above is None:
                continue
            led = bool(node.case or self.kids(time, "case", "prep") or self.kids(node, "case", "prep"))
            for word in self.kids(time, "case", "prep") if node.index < time.index else ():
                if word.index < node.index:
                    word.head, time.case = node.index, ""
            bare = "obj" if above.pos in VERBS and above.index < node.index and not self.kids(above, "obj") else "obl"
            node.head = above.index
            node.rel = "nmod" if above.pos not in VERBS else "obl" if led else bare
            self._attach()

    def _join_roots(self) -> None:
        """Where the parser has parted a sentence, the noun before a verb that has no subject is its subject."""
        roots = [n for n in self.nodes if n.head < 0 and n.pos != "PUNCT"]
        for noun, verb in pairwise(roots):
            if noun.pos not in _SUBJECTS or verb.pos not in VERBS or self.kids(verb, "nsubj", "csubj"):
                continue
            noun.head, noun.rel = verb.index, "obl" if _is_time(noun) else "nsubj"
            self._attach()

    def _name_cases(self, grammar: Grammar) -> None:
        for node in self.nodes:
            if node.case:
                node.case = grammar.contractions.get(node.case, node.case)
                continue
            cases = [self.nodes[c] for c in node.children if self.nodes[c].rel in ("case", "prep") and c < node.index]
            if cases:
                words = " ".join(c.lower for c in cases)
                node.case = grammar.contractions.get(words, words)

    def kids(self, node: Node, *rels: str) -> list[Node]:
        """The children of a node by relation (a relation without subtype takes all its subtypes)."""
        return [
            self.nodes[c]
            for c in node.children
            if not rels or self.nodes[c].rel in rels or self.nodes[c].rel.split(":")[0] in rels
        ]

    def above(self, node: Node) -> Node | None:
        """The head, or None at the root."""
        return self.nodes[node.head] if node.head >= 0 else None

    def up(self, node: Node) -> Iterator[tuple[Node, Node]]:
        """Pairs (child, head) from the node to the root."""
        seen = {node.index}
        while (head := self.above(node)) is not None and head.index not in seen:
            yield node, head
            seen.add(head.index)
            node = head

    def subtree(self, node: Node) -> list[Node]:
        """The node and all beneath it, in order."""
        found = {node.index}
        todo = [node]
        while todo:
            here = todo.pop()
            for c in here.children:
                if c not in found:
                    found.add(c)
                    todo.append(self.nodes[c])
        return [self.nodes[i] for i in sorted(found)]

    def lead(self, node: Node, text: str) -> str:
        """What the report says right before a noun phrase, in lower case."""
        first = min(n.span.start for n in [node, *self.kids(node, "det", "case", "amod", "nummod")])
        return text[max(self.sentence.span.start, first - 40) : node.span.start].lower().replace("’", "'")


def _is_time(node: Node) -> bool:
    return any(a.type == "time" for a in node.atoms)
