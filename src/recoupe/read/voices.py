"""Attribution: who the report gives a claim to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from recoupe.codebook.lexicon import Grammar
from recoupe.codebook.patterns import either
from recoupe.model import Quote, Span
from recoupe.read.roles import Arguments
from recoupe.read.tree import NOUNS, VERBS, Node, Tree

_REACH = 70  # characters after "according to" in which its name stands
_UNNAMED_WORDS = 6


@dataclass(frozen=True, slots=True)
class Voice:
    """Who the report gives something to (no one: the reporter speaks), by which rule, and the words that show it."""

    actors: tuple[str, ...] = ()
    rule: str = ""
    words: Span | None = None


class Voices:
    """Finds the speakers of one sentence."""

    def __init__(self, tree: Tree, text: str, grammar: Grammar, arguments: Arguments, quotes: Sequence[Quote]) -> None:
        self.tree = tree
        self.text = text
        self.grammar = grammar
        self.arguments = arguments
        self.quotes = quotes
        self._according = re.compile(rf"(?<!\w){either(grammar.according)}[\s']", re.I)

    def of(self, node: Node) -> Voice:
        """Who what `node` tells is given to."""
        for quote in self.quotes:
            if any(part.start <= node.span.start < part.end for part in quote.parts) and quote.speaker:
                return Voice((quote.speaker,), "speaker of the quotation that it stands in")
        return self._by_verb(node) or self._according_to() or Voice()

    def _by_verb(self, node: Node) -> Voice | None:
        for child, head in self.tree.up(node):
            rel = child.rel.split(":")[0]
            if self.reports(head) and rel in ("ccomp", "parataxis", "xcomp", "obj", "advcl"):
                if (rel == "advcl" and child.case not in self.grammar.complements) or self._does(head, child):
                    continue
                found = self._speakers(head)
                if found:
                    return Voice(found, "verb of saying above it", head.span)
            if child.rel == "acl:relcl":
                break
        top = node
        for _, head in self.tree.up(node):
            top = head
        for kid in self.tree.kids(top, "parataxis", "ccomp", "advcl"):
            if (
                kid.pos in VERBS
                and kid.index != node.index
                and self.reports(kid)
                and not self._tells_else(kid)
                and node.index not in {n.index for n in self.tree.subtree(kid)}
            ):
                found = self._speakers(kid)
                if found:
                    return Voice(found, "verb of saying beside it", kid.span)
        return None

    def reports(self, node: Node) -> bool:
        """Is the word a verb of saying?"""
        return node.pos in VERBS and any(p.match(node.lower) for p in self.grammar.reporting.values())

    def _does(self, verb: Node, child: Node) -> bool:
        """Does a verb of saying with a noun tell what is done, not what is said ("concluded the talks")?"""
        return child.rel == "obj" and child.pos in NOUNS and bool(self.grammar.light_verbs.match(verb.lower))

    def _tells_else(self, verb: Node) -> bool:
        """Does a verb beside another say something of its own ("rejected the plan, saying that it ...", "while leaders
        denounced it", "in what it called revenge"), and not the whole ("as the minister said")?
        """
        if verb.rel == "ccomp":
            return False
        marks = {k.lower for k in self.tree.kids(verb, "mark")}
        set_beside = verb.rel == "advcl" and (bool(verb.case) or bool(marks - self.grammar.speech.inverting))
        return set_beside or bool(self.tree.kids(verb, "ccomp"))

    def _speakers(self, verb: Node) -> tuple[str, ...]:
        found: list[str] = []
        for marker, node in self.arguments.of_verb(verb):
            if marker != "subj":
                continue
            found += self._named(node)
        if not found:  # set after its verb, the speaker is easily taken for an object ("a déclaré X")
            for marker, node in self.arguments.of_verb(verb):
                if marker in ("obj", "iobj") and node.index > verb.index and not self.tree.kids(verb, "ccomp"):
                    found += self._named(node)
        return tuple(dict.fromkeys(found))

    def _named(self, node: Node) -> list[str]:
        named = [str(f.person.value) if f.person else str(f.value) for f in self.arguments.fillers(node, "actor")]
        if named:
            return named
        if node.lower in self.grammar.unnamed:
            nodes = self.tree.subtree(node)[:_UNNAMED_WORDS]
            words = self.text[nodes[0].span.start : nodes[-1].span.end]
            return ["unnamed:" + " ".join(words.lower().split()).strip(" ,")]
        return []

    def _according_to(self) -> Voice | None:
        span = self.tree.sentence.span
        m = self._according.search(self.text, span.start, span.end)
        if not m:
            return None
        for node in self.tree.nodes:
            if node.span.start >= m.end() and node.span.start - m.end() < _REACH:
                found = self._named(node)
                if found:
                    words = Span(m.start(), m.start() + len(m.group().rstrip()))
                    return Voice(tuple(dict.fromkeys(found)), "named as the source", words)
        return None
