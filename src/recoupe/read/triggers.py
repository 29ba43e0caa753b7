"""The words of a sentence that evoke a frame."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Frame
from recoupe.codebook.language import Language
from recoupe.codebook.lexicon import Lexicon, Trigger
from recoupe.model import Span
from recoupe.read.tree import VERBS, Node, Tree

_BEGINS = re.compile(r"(?<![\w-])\w")
_LONGEST = 80  # characters of an expression that evokes a frame
_BEFORE = 30  # characters before it, where what it must or must not stand after is looked for
Evoked = Mapping[int, Sequence[tuple[int, Trigger]]]
"""By the offset of a word: the triggers that begin there, each with the offset where its words end."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of the tree that evokes a frame; `inner` are the other words of a fixed expression ("put pressure on")."""

    node: Node
    trigger: Trigger
    frame: Frame
    inner: tuple[Node, ...] = ()


def evoked_in(plain: str, span: Span, lexicon: Lexicon) -> Evoked:
    """The words of a sentence that may evoke a frame; what they are to each other only its tree can tell.

    `plain` is the report's text with straight apostrophes.
    """
    found = {m.start(): _evoked_at(plain, m.start(), lexicon) for m in _BEGINS.finditer(plain, span.start, span.end)}
    return {at: here for at, here in found.items() if here}


def _evoked_at(plain: str, at: int, lexicon: Lexicon) -> list[tuple[int, Trigger]]:
    words = plain[at : at + _LONGEST]
    return [(at + m.end(), t) for t in lexicon.candidates(words) if (m := t.pattern.match(words))]


def in_place(plain: str, at: int, trigger: Trigger) -> bool:
    """Does a trigger at an offset stand after what it asks for, and not after what it excludes?"""
    if trigger.unless_after is None and trigger.after is None:
        return True
    before = plain[max(0, at - _BEFORE) : at]
    return not (trigger.unless_after and trigger.unless_after.search(before)) and (
        trigger.after is None or trigger.after.search(before) is not None
    )


def find_hits(tree: Tree, plain: str, evoked: Evoked, language: Language, codebook: Codebook) -> dict[int, list[Hit]]:
    """The words of the tree that evoke a frame, by node. `evoked`: what `evoked_in` found in its sentence."""
    hits: dict[int, list[Hit]] = {}
    covered = 0  # words inside a phrase that evokes a frame evoke none of their own
    for node in tree.nodes:
        at = node.span.start
        if (node.atoms and node.atoms[0].type != "item") or at < covered:
            continue
        # the tokenizer also parts words, where no beginning was seen
        found = evoked.get(at, ()) if _BEGINS.match(plain, at) else _evoked_at(plain, at, language.lexicon)
        if not found or (node.rel == "acl" and node.lower in language.grammar.naming):
            continue
        matches = [
            (end, t, head)
            for end, t in found
            if in_place(plain, at, t)
            and (head := _head(tree, node, end, t.part))
            and (t.only is None or _has_with_it(tree, plain, node, t.only))
        ]
        longest = max((end for end, _, _ in matches), default=0)
        for end, trigger, head in matches:
            # "call into question" is not "call": of several words that begin here the longest counts
            if end == longest:
                inner = tuple(n for n in _inside(tree, node, end) if n is not head)
                hits.setdefault(head.index, []).append(Hit(head, trigger, codebook.frames[trigger.frame], inner))
                covered = max(covered, end)
    return hits


def bare_hits(tree: Tree, language: Language, codebook: Codebook) -> list[Hit]:
    """The scenes that need no word, at the head of a sentence without a verb ("Six tanks and 30 million euros")."""
    root = next((n for n in tree.nodes if n.head < 0), None)
    if root is None or tree.kids(root, "cop"):
        return []
    if root.pos in VERBS and (tree.kids(root, "nsubj", "aux") or "VerbForm=Fin" in root.morph):
        return []
    return [Hit(root, trigger, codebook.frames[trigger.frame]) for trigger in language.lexicon.bare]


def said_twice(tree: Tree, hits: Mapping[int, Sequence[Hit]], hit: Hit) -> bool:
    """Is a noun the object of a verb of its own frame ("announced a programme"), which tells it all?"""
    head = tree.above(hit.node)
    if hit.trigger.part != "noun" or head is None:
        return False
    governed = hit.node.rel.split(":")[0] in ("obj", "xcomp", "nsubj", "attr")
    return governed and any(
        h.frame.name == hit.frame.name and h.trigger.part == "verb" for h in hits.get(head.index, ())
    )


def _inside(tree: Tree, first: Node, end: int) -> list[Node]:
    """The words of an expression."""
    return [first, *takewhile(lambda n: n.span.start < end, tree.nodes[first.index + 1 :])]


def _head(tree: Tree, first: Node, end: int, part: str) -> Node | None:
    """The word on which the rest of an expression hangs ("statement" of "joint statement"), if it is of that part."""
    nodes = _inside(tree, first, end)
    inside = {n.index for n in nodes}
    top = next((n for n in nodes if n.head not in inside and _fits(n, part)), None)
    return top or (first if _fits(first, part) else None)


def _has_with_it(tree: Tree, plain: str, node: Node, only: re.Pattern[str]) -> bool:
    """Does what a word asks for stand among its complements, or in the subject that it shares?"""
    spans = [n.span for n in tree.subtree(node)]
    return (
        _holds(only, plain, spans)
        or _holds(only, plain, _shared_subject(tree, node))
        or _holds(only, plain, _qualified(tree, node))
    )


def _holds(pattern: re.Pattern[str], text: str, spans: Sequence[Span]) -> bool:
    return bool(spans) and bool(pattern.search(text, min(s.start for s in spans), max(s.end for s in spans)))


def _shared_subject(tree: Tree, node: Node) -> list[Span]:
    """The subject of the verb that a verb completes or is joined to ("imports are to be banned")."""
    head = tree.above(node)
    if head is None or node.rel not in ("xcomp", "conj") or tree.kids(node, "nsubj"):
        return []
    return [n.span for kid in tree.kids(head, "nsubj") for n in tree.subtree(kid)]


def _qualified(tree: Tree, node: Node) -> list[Span]:
    """The noun that a present participle tells more of ("a package consisting of ...")."""
    head = tree.above(node) if node.rel == "acl" and "Tense=Pres" in node.morph else None
    return [n.span for n in tree.nodes[head.index : node.index]] if head is not None and head.index < node.index else []


def _fits(node: Node, part: str) -> bool:
    if part == "verb":
        return node.pos in (*VERBS, "ADJ") and not node.atoms
    if part == "adj":
        return node.pos in ("ADJ", "ADV", "VERB", "ADP") and not node.atoms
    return node.pos in ("NOUN", "PROPN") or bool(node.atoms)
