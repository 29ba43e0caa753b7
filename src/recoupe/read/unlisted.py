"""Fillers that no list of the codebook has, in the text's own words: a thing asked for or wanting, a group."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recoupe.codebook.lexicon import Grammar
from recoupe.model import Span
from recoupe.read.discourse import Filler
from recoupe.read.tree import Node, Tree
from recoupe.values import Actor, Item, slug

RULE = "in its own words"
_MOST = 6  # words that name a thing; more are a description of it
_PLAIN = re.compile(r"[\w'’.%-]+(?: [\w'’.%-]+)*")
_HYPHENED, _HYPHENS = re.compile(r"(?:\w+-)*$"), re.compile(r"(?:-(?:\w+['’])?\w+)*")
_MODIFIERS = frozenset({"ADJ", "NOUN", "VERB"})


class Unlisted:
    """Names, in the words of one sentence, what the codebook has no id for."""

    def __init__(self, tree: Tree, text: str, grammar: Grammar) -> None:
        self.tree = tree
        self.text = text
        self.grammar = grammar
        self._someone = grammar.people | grammar.bodies | grammar.unnamed | frozenset(grammar.groups)

    def is_someone(self, node: Node) -> bool:
        """Is the head of a noun phrase a word for people or for a body of them?"""
        return node.lower in self._someone

    def things(self, node: Node) -> Iterator[Filler]:
        """A noun phrase, and those listed with it, as things; nothing where it names none."""
        for here in (node, *(k for k in self.tree.kids(node, "conj") if not k.case)):
            span = self._thing(here)
            if span is not None:
                words = " ".join(self.text[span.start : span.end].lower().replace("’", "'").split())
                yield Filler(Item((f"other:{words}",)), span, rule=RULE)

    def groups(self, node: Node) -> Iterator[Filler]:
        """A noun phrase, and those listed with it, as groups of people or bodies; nothing where it names none.

        A word that has its id in another language leaves its modifiers behind, which nobody translates.
        """
        for here in (node, *(k for k in self.tree.kids(node, "conj") if not k.case)):
            word = self.grammar.groups.get(here.lower) if here.pos == "NOUN" and not here.atoms else None
            if word is not None:
                span = self._with_modifiers(here)
                words = self.text[span.start : span.end] if word == here.lower else word
                yield Filler(Actor.parse(f"group:{slug(words)}"), span, rule=RULE)

    def _thing(self, node: Node) -> Span | None:
        if node.pos != "NOUN" or node.atoms or node.lower in self.grammar.empty_nouns:
            return None
        span = self._with_modifiers(node)
        for kid in self.tree.kids(node, "nmod")[:1]:  # "protection of civilians"
            if kid.case in self.grammar.connectors and kid.pos in ("NOUN", "PROPN"):
                whole = Span(span.start, self._with_modifiers(kid).end)
                if self._short(whole):
                    return whole
        return span if self._short(span) else None

    def _with_modifiers(self, node: Node) -> Span:
        """A noun with the modifiers that stand right beside it, hyphened words whole."""
        first, last = node, node
        beside = {k.index for k in self.tree.kids(node, "amod", "compound") if k.pos in _MODIFIERS}
        while first.index - 1 in beside:
            first = self.tree.nodes[first.index - 1]
        while last.index + 1 in beside:
            last = self.tree.nodes[last.index + 1]
        before = _HYPHENED.search(self.text, self.tree.sentence.span.start, first.span.start)
        after = _HYPHENS.match(self.text, last.span.end)
        return Span(before.start() if before else first.span.start, after.end() if after else last.span.end)

    def _short(self, span: Span) -> bool:
        words = self.text[span.start : span.end]
        return len(words.split()) <= _MOST and _PLAIN.fullmatch(words) is not None
