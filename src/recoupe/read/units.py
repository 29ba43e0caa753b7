"""Makes a sentence plain before it is parsed: every name, list of names, sum and number becomes one word.

A parser trained on newspapers stumbles over "dont l'Allemagne, les Pays-Bas, la Roumanie et l'Espagne" or "the Patriot
surface-to-air missile systems"; over one word in its place it does not. What the word stands for is kept beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from recoupe.codebook.kinds import MEASURE
from recoupe.codebook.language import Language
from recoupe.codebook.patterns import either
from recoupe.model import Mention, Span
from recoupe.values import Amount, Count, Item

_OPEN, _CLOSE = frozenset("(["), frozenset(")]")
_UNSHOWN = frozenset(["«", "»", "“", "”", '"', "„", "*", "_", "#", "**", "``", "''"])
_ASIDE = r"\([^()]{1,40}\)"  # a short name, or its kind: "14 carriers (APCs) and 20 trucks"
_STRAIGHT = str.maketrans("’‘\u00a0\u202f", "''  ")
# A tokenizer gives (start, end, word) for each word of a text.
Tokenize = Callable[[str], Iterable[tuple[int, int, str]]]
_TYPES = ("person", "actor", "item", "amount", MEASURE, "time", "place", "count")


@dataclass(frozen=True, slots=True)
class Atom:
    """A name or number of the sentence: its mentions (one run of words may be several) and what was told with it."""

    span: Span
    mentions: tuple[Mention, ...]
    count: Count | None = None
    single: bool = False
    also: tuple[Amount, ...] = ()

    @property
    def type(self) -> str:
        """The leading type: what the parser is shown."""
        return min((m.type for m in self.mentions), key=_TYPES.index)

    def of(self, *types: str) -> list[Mention]:
        """Its mentions of these types."""
        return [m for m in self.mentions if m.type in types]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the plain sentence: its place in the report, what the parser sees, and the atoms that it stands for."""

    span: Span
    text: str
    atoms: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the report, made plain. `asides` are what the parser is not shown: atoms in brackets, measures."""

    span: Span
    words: tuple[Word, ...]
    asides: tuple[Atom, ...] = ()


class Simplifier:
    """Makes sentences plain by the rules of one language."""

    def __init__(self, language: Language, pieces: frozenset[str], tokenize: Tokenize) -> None:
        self._tokenize = tokenize
        self._pieces = pieces
        grammar, numbers = language.grammar, language.numbers
        self._stand_ins = grammar.stand_ins
        self._head_first = grammar.head_first
        parts = rf"(?i:{either(grammar.part_whole)}\s+)"  # "12,000 rounds of 155 mm ammunition"
        of = rf"\s*(?:{parts}?(?i:{either(numbers.of)}\s*))?"
        # Two words of any sort may stand between a number and its thing; names of makers and types are longer.
        self._adjectives = re.compile(rf"{of}(?:(?:[\w'’-]+\s+){{0,2}}|(?:[A-Z0-9][\w'’-]*\s+){{3,4}})")
        self._single = re.compile(rf"(?<!\w){either(numbers.single)}\s(?:[\w-]+\s){{0,2}}$", re.I)
        glue = rf"(?:\s*{either(grammar.separators)}(?!\w)\s*)+"
        filler = rf"(?:{either(grammar.fillers)}(?!\w)\s*)*"
        self._between = re.compile(rf"(?:\s*{_ASIDE})?\s*{glue}{filler}", re.I)
        self._between_items = re.compile(rf"(?:\s[^\W\d_]{{4,}})?\s*{glue}{filler}", re.I)
        self._conjunction = re.compile(
            rf"(?<!\w){either(s for s in grammar.separators if s.isalpha() or ' ' in s)}(?!\w)", re.I
        )
        whole = either(grammar.bodies | grammar.part_whole)
        self._among = re.compile(
            rf"(?<!\w)(?:{whole}(?:\s[\w'’-]+){{0,3}}?)?\s*[,(]?\s*{either(grammar.among)}\s(?:{filler})$", re.I
        )

    def plain(self, text: str, span: Span, mentions: Sequence[Mention]) -> Sentence:
        """The sentence of `text` at `span`, made plain with the mentions that lie in it."""
        atoms = self._counted(text, self._atoms(mentions), span)
        atoms, asides = self._brackets(text, atoms)
        groups = self._lists(text, atoms, span)
        words: list[Word] = []
        at = span.start
        for start, group in groups:
            begin = min(start, group[0].span.start)
            words += self._words(text, at, begin, asides)
            if group[0].type == MEASURE:  # "a magnitude 7 quake" is a quake to the parser
                asides += group
            else:
                words.append(Word(Span(begin, group[-1].span.end), self._shown(text, group), tuple(group)))
            at = group[-1].span.end
        words += self._words(text, at, span.end, asides)
        return Sentence(span, tuple(words), tuple(asides))

    @staticmethod
    def _atoms(mentions: Sequence[Mention]) -> list[Atom]:
        by_span: dict[Span, list[Mention]] = {}
        for m in mentions:
            by_span.setdefault(m.span, []).append(m)
        atoms: list[Atom] = []
        for span, group in sorted(by_span.items(), key=lambda p: (p[0].start, -p[0].end)):
            if not atoms or span.start >= atoms[-1].span.end:
                atoms.append(Atom(span, tuple(group)))
        return atoms

    def _counted(self, text: str, atoms: list[Atom], sentence: Span) -> list[Atom]:
        """Joins a count to the item that it counts ("up to 1,000 Patriot missiles"), and "a" to a single piece."""
        out: list[Atom] = []
        for atom in atoms:
            last = out[-1] if out else None
            if (
                atom.type == "item"
                and last
                and last.type == "count"
                and self._adjectives.fullmatch(text, last.span.end, atom.span.start)
            ):
                count = last.mentions[0].value
                assert isinstance(count, Count)
                out[-1] = replace(atom, span=Span(last.span.start, atom.span.end), count=count)
                continue
            if (
                atom.type == "actor"
                and last
                and last.type == "count"
                and _is_group(atom)
                and self._adjectives.fullmatch(text, last.span.end, atom.span.start)
            ):
                out[-1] = replace(atom, span=Span(last.span.start, atom.span.end))
                continue
            if atom.type == "item" and self._single.search(text, sentence.start, atom.span.start):
                value = atom.mentions[0].value
                if isinstance(value, Item) and self._pieces & set(value.path):
                    atom = replace(atom, single=True)
            out.append(atom)
        return out

    def _brackets(self, text: str, atoms: list[Atom]) -> tuple[list[Atom], list[Atom]]:
        """Takes atoms in round brackets out; a sum that repeats the one before it is kept with that one, and a number
        with the thing that it counts.
        """
        inside: list[Atom] = []
        outside: list[Atom] = []
        for atom in atoms:
            opened = text.rfind("(", max(0, atom.span.start - 80), atom.span.start)
            closed = text.rfind(")", max(0, atom.span.start - 80), atom.span.start)
            if opened > closed and ")" in text[atom.span.end : atom.span.end + 80]:
                same = [m for m in atom.mentions if m.note == "same" and isinstance(m.value, Amount)]
                if same and outside and outside[-1].type == "amount" and isinstance(same[0].value, Amount):
                    outside[-1] = replace(outside[-1], also=(*outside[-1].also, same[0].value))
                number = atom.mentions[0].value
                if outside and isinstance(number, Count) and self._is_number_of(text, outside[-1], atom):
                    outside[-1] = replace(outside[-1], count=number)
                inside.append(atom)
            else:
                outside.append(atom)
        return outside, inside

    @staticmethod
    def _is_number_of(text: str, item: Atom, number: Atom) -> bool:
        """Does a number alone in brackets count the thing before them ("trucks (30)")?"""
        if item.type != "item" or item.count is not None:
            return False
        around = text[item.span.end : number.span.start], text[number.span.end : number.span.end + 1]
        return around[0].strip() == "(" and around[1] == ")"

    def _lists(self, text: str, atoms: list[Atom], sentence: Span) -> list[tuple[int, list[Atom]]]:
        """Groups atoms that are listed; each group with the place where its words begin."""
        groups: list[list[Atom]] = []
        for atom in atoms:
            last = groups[-1] if groups else None
            between = self._between_items if atom.type == "item" and self._head_first else self._between
            if (
                last
                and _alike(last[-1], atom)
                and between.fullmatch(text, last[-1].span.end, atom.span.start)
                and not self._closed(text, last, atom)
            ):
                last.append(atom)
            else:
                groups.append([atom])
        parted: list[list[Atom]] = []
        for group in groups:
            parted += [group] if len(group) == 1 or self._is_list(text, group) else [[a] for a in group]
        out: list[tuple[int, list[Atom]]] = []
        for group in parted:
            m = self._among.search(text, max(sentence.start, group[0].span.start - 90), group[0].span.start)
            start = group[0].span.start
            if m and group[0].type == "actor" and (not out or m.start() >= out[-1][1][-1].span.end):
                start = m.start()
            elif (
                m
                and out
                and out[-1][1][-1].type == group[0].type == "actor"
                and not text[out[-1][1][-1].span.end : m.start()].strip(" ,")
            ):
                start = out.pop()[0]
            out.append((start, group))
        return out

    def _closed(self, text: str, group: Sequence[Atom], atom: Atom) -> bool:
        """Has a list had its "and"? Then a mere comma parts it from the next clause ("A and B, C urged")."""
        parted = self._conjunction.search(text, group[-1].span.end, atom.span.start)
        return not parted and len(group) > 1 and self._is_list(text, group)

    def _is_list(self, text: str, group: Sequence[Atom]) -> bool:
        """Commas alone may part two clauses; a list has a conjunction somewhere."""
        return any(self._conjunction.search(text, a.span.end, b.span.start) for a, b in pairwise(group))

    def _shown(self, text: str, group: Sequence[Atom]) -> str:
        """The word that the parser sees for a list; several people are a plural."""
        atom = group[0]
        if len(group) > 1 and atom.type == "person" and "people" in self._stand_ins:
            return self._stand_ins["people"]
        words = text[atom.span.start : atom.span.end]
        kind = atom.type
        if kind == "item":
            core = atom.of("item")[0].span
            tokens = [t for t in re.findall(r"[\w-]+", text[core.start : core.end]) if t]
            return (tokens[0] if self._head_first else tokens[-1]) if tokens else words
        if " " not in words and kind in ("actor", "place", "time") and words[:1].isalpha():
            return words
        if kind == "actor" and atom.mentions[0].note in ("adjective",):
            return words.split()[-1]
        return self._stand_ins.get(kind, words)

    def _words(self, text: str, start: int, end: int, asides: Iterable[Atom]) -> list[Word]:
        """The other words; quotation marks and what stands in brackets with nothing but asides are left out."""
        out: list[Word] = []
        depth = 0
        for first, last, token in self._tokenize(text[start:end].translate(_STRAIGHT)):
            if token in _OPEN:
                depth += 1
            elif token in _CLOSE:
                depth = max(0, depth - 1)
            elif token == "'" and out and out[-1].span.end == start + first:
                # before a name that is kept whole the tokenizer takes the elision ("l'") apart
                out[-1] = Word(Span(out[-1].span.start, start + last), out[-1].text + token)
            elif depth == 0 and token not in _UNSHOWN and not token.isspace():
                out.append(Word(Span(start + first, start + last), token))
        return out


def _is_group(atom: Atom) -> bool:
    return any(str(m.value).startswith("group:") and m.note == "name" for m in atom.mentions)


def _alike(a: Atom, b: Atom) -> bool:
    """Can the two stand in one list?"""
    names = {"actor", "person", "place"}
    if a.type in names and b.type in names:  # "U.S." is either, a name or an adjective
        one, other = ({m.note == "adjective" for m in x.mentions} for x in (a, b))
        return bool(one & other)
    return a.type == b.type and a.type in ("item",)
