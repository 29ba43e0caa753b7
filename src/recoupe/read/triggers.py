"""The words of a sentence that evoke a frame."""

from __future__ import annotations

from dataclasses import dataclass

from recoupe.codebook import Codebook, Language
from recoupe.codebook.kinds import Frame
from recoupe.codebook.lexicon import Trigger
from recoupe.read.tree import VERBS, Node, Tree


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of the tree that evokes a frame; `inner` are the other words of a fixed expression ("put pressure on")."""

    node: Node
    trigger: Trigger
    frame: Frame
    inner: tuple[Node, ...] = ()


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
                words_of = [n for n in tree.nodes[node.index :] if n.span.start < node.span.start + end]
                core = _core(tree, words_of)
                inner = tuple(n for n in words_of if n is not core)
                hits.setdefault(core.index, []).append(Hit(core, trigger, codebook.frames[trigger.frame], inner))
                covered = max(covered, node.span.start + end)
    return hits


def _core(tree: Tree, words: list[Node]) -> Node:
    """The word of an expression on which its arguments hang: the first, or the noun that a preposition leads
    ("short of").
    """
    head = tree.above(words[0])
    leads = words[0].pos == "ADP" and head is not None and any(n.index == head.index for n in words)
    return head if leads and head is not None else words[0]


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
