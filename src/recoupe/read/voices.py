"""Attribution: who the report gives a claim to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recoupe.codebook.lexicon import Grammar
from recoupe.codebook.patterns import either
from recoupe.model import Quote
from recoupe.read.roles import Arguments
from recoupe.read.tree import VERBS, Node, Tree

_REACH = 70  # characters after "according to" in which its name stands
_UNNAMED_WORDS = 6


class Voices:
    """Finds the speakers of one sentence."""

    def __init__(self, tree: Tree, text: str, grammar: Grammar, arguments: Arguments, quotes: Sequence[Quote]) -> None:
        self.tree = tree
        self.text = text
        self.grammar = grammar
        self.arguments = arguments
        self.quotes = quotes
        self._according = re.compile(rf"(?<!\w){either(grammar.according)}[\s']", re.I)

    def of(self, node: Node) -> tuple[str, ...]:
        """The actors that what `node` tells is given to; empty where the reporter speaks."""
        for quote in self.quotes:
            if any(part.start <= node.span.start < part.end for part in quote.parts) and quote.speaker:
                return (quote.speaker,)
        return self._by_verb(node) or self._according_to()

    def _by_verb(self, node: Node) -> tuple[str, ...]:
        for child, head in self.tree.up(node):
            rel = child.rel.split(":")[0]
            if self.reports(head) and rel in ("ccomp", "parataxis", "xcomp", "obj", "advcl"):
                if rel == "advcl" and child.case not in self.grammar.complements:
                    continue
                found = self._speakers(head)
                if found:
                    return found
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
                and node.index not in {n.index for n in self.tree.subtree(kid)}
            ):
                found = self._speakers(kid)
                if found:
                    return found
        return ()

    def reports(self, node: Node) -> bool:
        """Is the word a verb of saying?"""
        return node.pos in VERBS and any(p.match(node.lower) for p in self.grammar.reporting.values())

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

    def _according_to(self) -> tuple[str, ...]:
        span = self.tree.sentence.span
        m = self._according.search(self.text, span.start, span.end)
        if not m:
            return ()
        for node in self.tree.nodes:
            if node.span.start >= m.end() and node.span.start - m.end() < _REACH:
                found = self._named(node)
                if found:
                    return tuple(dict.fromkeys(found))
        return ()
