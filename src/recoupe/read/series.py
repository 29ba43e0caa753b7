"""Things with a number each that follow one another: "four systems with 300 missiles, 25 carriers and 12 howitzers".

A parser often takes the later ones of a long series for something else; what stands between tells that they are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from recoupe.codebook.lexicon import Grammar
from recoupe.codebook.patterns import either
from recoupe.model import Span
from recoupe.read.tree import VERBS, Node, Tree
from recoupe.read.units import Atom

_MORE = 4  # words that tell more of a thing before the next is named: "24 carriers of an older type, 12 howitzers"


class Series:
    """The series of one sentence."""

    def __init__(self, tree: Tree, text: str, grammar: Grammar) -> None:
        self.tree, self.text = tree, text
        glue, besides = either(grammar.separators), either(grammar.besides)
        small = either((*grammar.fillers, *grammar.articles))
        mark = rf"(?:\s*[,;]|\s+(?:{glue}|{besides})(?!\w))"
        self._between = re.compile(
            rf"(?:\s[\w'’-]+){{0,{_MORE}}}?(?:\s*\([^()]*\))?{mark}+(?:\s*(?:{small})(?!\w))*\s*", re.I
        )

    def after(self, thing: Span, acts: frozenset[int]) -> Iterator[tuple[Node, Atom]]:
        """The numbered things that go on from one, each with its word in the tree. `acts` are the words that tell of
        an act: what stands behind one of them is told of that.
        """
        named = [(n, a) for n in self.tree.nodes for a in n.atoms if a.type in ("item", "amount", "count")]
        at = thing
        for node, atom in sorted(named, key=lambda pair: pair[1].span):
            if atom.span.start < at.end:
                continue
            between = Span(at.end, atom.span.start)
            if atom.type != "item" or atom.count is None or self._parted(between, node, acts):
                return
            yield node, atom
            at = atom.span

    def _parted(self, between: Span, node: Node, acts: frozenset[int]) -> bool:
        """Is there more than a separator between two things, or is the second what another act is told of?"""
        if not self._between.fullmatch(self.text, between.start, between.end):
            return True
        if any(n.index in acts or n.pos in VERBS for n in self.tree.nodes if between.holds(n.span)):
            return True
        above = self.tree.above(node)
        return node.rel.startswith("nsubj") and above is not None and above.index > node.index and above.pos in VERBS
