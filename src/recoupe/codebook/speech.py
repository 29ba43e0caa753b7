"""How a language tells who speaks: `speech` in its grammar.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from recoupe.codebook.files import Node
from recoupe.codebook.patterns import pattern, stems, words


@dataclass(frozen=True)
class Speech:
    """The words by which a text says who speaks, beyond its reporting verbs; docs/codebook.md explains the fields."""

    verbs: re.Pattern[str]
    inverts: bool
    humans: frozenset[str]
    organs: frozenset[str]
    definite: frozenset[str]
    indefinite: frozenset[str]
    feminine: frozenset[str]
    partitives: frozenset[str]
    clitics: frozenset[str]
    plural: re.Pattern[str]
    prepositions: frozenset[str]
    clauses: frozenset[str]
    inside: frozenset[str]
    inside_names: frozenset[str]
    stops: frozenset[str]
    ends: re.Pattern[str]
    breaks: frozenset[str]
    auxiliaries: frozenset[str]
    passive: Mapping[str, re.Pattern[str]]
    unfinished: re.Pattern[str]
    inversion: re.Pattern[str]
    inverting: frozenset[str]
    utterances: frozenset[str]
    openers: frozenset[str]
    things: frozenset[str]
    called: tuple[str, ...]
    he: frozenset[str]
    she: frozenset[str]
    they: frozenset[str]
    nobody: frozenset[str]
    others: frozenset[str]

    @cached_property
    def determiners(self) -> frozenset[str]:
        """Articles and whatever else stands before a noun."""
        return self.definite | self.indefinite

    @cached_property
    def sexes(self) -> Mapping[str, str]:
        """For each pronoun of a subject, of which sex it is: m, f, many."""
        return {p: sex for sex, words in (("m", self.he), ("f", self.she), ("many", self.they)) for p in words}

    def singular(self, word: str) -> str:
        """A noun of several without its mark of the plural, as far as the language's pattern goes."""
        return self.plural.sub("", word) if len(word) > 3 else word

    def human(self, word: str) -> bool:
        """Is it a noun for a person or for people, by itself?"""
        return word in self.humans or self.singular(word) in self.humans

    def utters(self, word: str) -> bool:
        """Is it a noun for something said?"""
        return word in self.utterances or self.singular(word) in self.utterances


def read_speech(node: Node) -> Speech:
    """The key `speech` of a grammar.yaml; mistakes are noted in its file."""
    keys = tuple(Speech.__dataclass_fields__)
    parts = node.fields(*keys, need=keys)
    passive = parts["passive"].fields("be", "unless", "participle", need=("be", "unless", "participle"))
    others = {
        "verbs": stems(parts["verbs"]),
        "inverts": parts["inverts"].flag(),
        "passive": {name: pattern(member) for name, member in passive.items()},
        "called": parts["called"].texts(),
        **{k: pattern(parts[k]) for k in ("plural", "ends", "unfinished", "inversion")},
    }
    return Speech(**others, **{k: words(parts[k]) for k in keys if k not in others})  # type: ignore[arg-type]
