"""What speaks for and against a claim: the traits of its words, place and cells, as the reader has them.

A trait is a short string. What traits are worth is learned from reports coded by hand (`weigh`); here nothing is weighed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recoupe.codebook import Codebook
from recoupe.codebook.lexicon import Grammar
from recoupe.model import Claim, Span
from recoupe.read.moods import Mood
from recoupe.read.tree import VERBS, Node, Tree
from recoupe.read.triggers import Hit
from recoupe.values import Item

_FORMS = ("VerbForm", "Tense", "Mood", "Voice")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: the part of the article, how far down it is (0 to 1), and whether it is quoted."""

    role: str
    down: float
    quoted: tuple[Span, ...] = ()

    def __iter__(self) -> Iterator[str]:
        yield f"block={self.role}"
        yield f"down={min(int(self.down * 4), 3)}"


def traits(
    hit: Hit, mood: Mood, claim: Claim, doubts: Sequence[str], tree: Tree, text: str, place: Place,
    grammar: Grammar, codebook: Codebook, lang: str, others: int,
) -> frozenset[str]:  # fmt: skip
    """The traits of a claim that `hit` evokes; `doubts` are the reasons for which strict reading would drop it."""
    kind = claim.kind
    found = {"bias", f"kind={kind}", f"frame={hit.frame.name}", f"part={kind}:{hit.trigger.part}"}
    found |= {f"word={lang}:{hit.frame.name}:{hit.trigger.lemma}", f"mood={mood.name}", f"{kind}:status={claim.status}"}
    if mood.by is not None:
        found.add(f"by={mood.by.frame.name}")
    if mood.helper is not None:
        found.add("helped")
    for doubt in doubts or ("none",):
        found |= {f"doubt={doubt}", f"{kind}:doubt={doubt}"}
    found |= set(_of_cells(claim, codebook))
    found |= set(_of_words(hit.node, tree, grammar, lang, kind))
    found |= set(place)
    if any(s.start <= hit.node.span.start < s.end for s in place.quoted):
        found |= {"quoted", f"{kind}:quoted"}
    if claim.attribution:
        found.add("attributed")
    if text[tree.sentence.span.start : tree.sentence.span.end].rstrip('"”» ').endswith("?"):
        found.add("question")
    words = {n.lower for n in tree.nodes}
    for who in ("we", "I"):
        if words & set(grammar.pronouns.get(who, ())) or words & set(grammar.possessives.get(who, ())):
            found.add(f"person={who}")
    found.add(f"others={min(others, 4)}")
    found.add(f"long={min(len(tree.nodes) // 15, 4)}")
    return frozenset(found)


def _of_cells(claim: Claim, codebook: Codebook) -> Iterator[str]:
    kind = codebook.kinds[claim.kind]
    filled = {c.role for c in claim.cells}
    for role in kind.roles:
        yield f"{kind.name}{'+' if role in filled else '-'}{role}"
    for cell in claim.cells:
        yield f"rule={cell.rule}"
        yield f"{kind.name}:{cell.role}={_sort(cell.value, codebook)}"
    yield f"cells={min(len(filled), 4)}"
    yield f"{kind.name}:time={'none' if claim.time is None else 'told'}"


def _sort(value: object, codebook: Codebook) -> str:
    if isinstance(value, Item):
        return "/".join(value.path[:2]) if value.path else "other"
    prefix, _, _ = str(value).partition(":")
    return (
        "party"
        if str(value) in codebook.opponents
        else prefix
        if prefix in ("country", "org", "group", "person", "place")
        else "number"
    )


def _of_words(node: Node, tree: Tree, grammar: Grammar, lang: str, kind: str) -> Iterator[str]:
    rel = node.rel.split(":")[0]
    yield f"rel={rel}"
    yield f"{kind}:rel={rel}:{node.pos}"
    head = tree.above(node)
    if head is not None:
        yield f"head={head.pos}"
        yield f"headword={lang}:{head.lemma}"
        if head.pos in VERBS and any(p.match(head.lower) for p in grammar.reporting.values()):
            yield "under=report"
    if node.case:
        yield f"case={lang}:{node.case}"
    for kid in tree.kids(node, "aux", "cop", "det", "advmod", "mark"):
        yield f"{kid.rel.split(':')[0]}={lang}:{kid.lower}"
    if node.pos in VERBS:
        for feature in node.morph.split("|"):
            if feature.startswith(_FORMS):
                yield f"morph={feature}"
    else:
        dets = [k.lower for k in tree.kids(node, "det", "poss", "nummod")]
        yield f"{kind}:det={'definite' if set(dets) & set(grammar.definite) else 'other' if dets else 'none'}"
        if "Number=Plur" in node.morph:
            yield f"{kind}:plural"
