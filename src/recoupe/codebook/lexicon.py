"""What a language's files say to the reader: the words that evoke frames, its grammar, its way of writing numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import yaml

from recoupe.codebook.files import Files, Node
from recoupe.codebook.kinds import Frame
from recoupe.codebook.patterns import NEVER, compiled, either, pattern, stems, words
from recoupe.codebook.prefixes import SIZE, prefixes
from recoupe.codebook.speech import Speech, read_speech


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that evokes a frame. `part` is verb, noun or adj; `markers` say where each slot's words stand around it.

    `only`: the word counts only where this pattern is found among its own complements; `after` and `unless_after`:
    only, and not, right after this; `object`: what it has for an object must be of this type.
    """

    lemma: str
    frame: str
    part: str
    pattern: re.Pattern[str]
    markers: Mapping[str, tuple[str, ...]]
    only: re.Pattern[str] | None = None
    unless_after: re.Pattern[str] | None = None
    object: str | None = None
    after: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Grammar:
    """The language as the reader needs it; grammar.yaml of a language explains the fields."""

    model: str
    head_first: bool
    labels: Mapping[str, str]
    stand_ins: Mapping[str, str]
    abbreviations: frozenset[str]
    honorifics: tuple[str, ...]
    reporting: Mapping[str, re.Pattern[str]]
    according: tuple[str, ...]
    unnamed: frozenset[str]
    relatives: Mapping[str, frozenset[str]]
    pronouns: Mapping[str, frozenset[str]]
    possessives: Mapping[str, frozenset[str]]
    negation: frozenset[str]
    forms: Mapping[str, re.Pattern[str]]
    markers: Mapping[str, frozenset[str]]
    sequence_of_tenses: re.Pattern[str]
    obliging: re.Pattern[str]
    past: re.Pattern[str]
    bodies: frozenset[str]
    part_whole: frozenset[str]
    people: frozenset[str]
    levels: Mapping[str, tuple[str, ...]]
    separators: tuple[str, ...]
    fillers: frozenset[str]
    among: tuple[str, ...]
    besides: tuple[str, ...]
    each: tuple[str, ...]
    connectors: tuple[str, ...]
    qualifiers: tuple[str, ...]
    articles: tuple[str, ...]
    contractions: Mapping[str, str]
    purposes: frozenset[str]
    light_verbs: re.Pattern[str]
    event_verbs: re.Pattern[str]
    place_nouns: frozenset[str]
    complements: frozenset[str]
    habitual: frozenset[str]
    coming: frozenset[str]
    naming: frozenset[str]
    definite: frozenset[str]
    item_nouns: frozenset[str]
    anchors: frozenset[str]
    empty_nouns: frozenset[str]
    agents: frozenset[str]
    groups: Mapping[str, str]
    both_sides: re.Pattern[str]
    worths: re.Pattern[str]
    speech: Speech

    @cached_property
    def saying(self) -> re.Pattern[str]:
        """Any verb by which somebody speaks."""
        return re.compile(rf"(?<!\w)(?:{self.reporting_verbs}|{self.speech.verbs.pattern})\w*", re.I)

    @cached_property
    def reports(self) -> re.Pattern[str]:
        """Any verb that reports what is said."""
        return re.compile(rf"(?<!\w)(?:{self.reporting_verbs})\w*", re.I)

    @cached_property
    def reporting_verbs(self) -> str:
        """A pattern of all verbs that report, without their endings."""
        return "|".join(p.pattern for p in self.reporting.values())

    @cached_property
    def accordings(self) -> re.Pattern[str]:
        """What leads the source of a statement."""
        return re.compile(rf"(?<!\w){either(self.according)}(?!\w)", re.I)

    def human(self, word: str) -> bool:
        """Is it a noun for people, or for a source without a name?"""
        return self.speech.human(word) or word in self.unnamed


@dataclass(frozen=True)
class Numbers:
    """How a language writes numbers; numbers.yaml of a language explains the fields."""

    decimal: str
    thousands: tuple[str, ...]
    joiners: tuple[str, ...]
    words: Mapping[str, Fraction]
    scales: Mapping[str, Fraction]
    vague: Mapping[str, str]
    of: tuple[str, ...]
    before: Mapping[str, str]
    after: Mapping[str, str]
    ranges: tuple[str, ...]
    single: tuple[str, ...]
    units: tuple[str, ...]
    particles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Lexicon:
    """The words that evoke frames in one language; `bare` are the frames that no word evokes, with their markers.

    `unless`, by frame: what in the sentence makes something else of its words, where they tell of no thing or number.
    """

    triggers: tuple[Trigger, ...] = field(repr=False)
    bare: tuple[Trigger, ...] = field(default=(), repr=False)
    unless: Mapping[str, re.Pattern[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def _table(self) -> Mapping[str, tuple[Trigger, ...]]:
        """The triggers that may begin with the letters: by each beginning, and by the parts of beginnings."""
        heads = [(trigger, prefixes(trigger.pattern.pattern)) for trigger in self.triggers]
        keys = {head[:n] for _, found in heads for head in found for n in range(len(head) + 1)}
        return {key: tuple(t for t, found in heads if any(key.startswith(h) for h in found)) for key in keys}

    @cached_property
    def _gates(self) -> Mapping[str, re.Pattern[str]]:
        """One expression for each beginning: any of its triggers."""
        return {
            key: re.compile("|".join(sorted({f"(?:{t.pattern.pattern})" for t in found})), re.IGNORECASE)
            for key, found in self._table.items()
            if found
        }

    def _key(self, words: str) -> str:
        """The longest beginning that any trigger has."""
        head = words[:SIZE].lower()
        while head and head not in self._table:
            head = head[:-1]
        return head

    def candidates(self, words: str) -> tuple[Trigger, ...]:
        """The triggers that may begin here; none for most words, at the price of one match."""
        key = self._key(words)
        gate = self._gates.get(key)
        return self._table[key] if gate is not None and gate.match(words) else ()


def load_lexicon(files: Files, lang: str, frames: Mapping[str, Frame]) -> Lexicon:
    """The triggers of a language's frames.yaml; unknown frames and slots and bad patterns are noted in `files`."""
    triggers: list[Trigger] = []
    bare: list[Trigger] = []
    unless: dict[str, re.Pattern[str]] = {}
    for name, node in files.yaml(f"{lang}/frames.yaml").items():
        frame = frames.get(name)
        if frame is None:
            node.mistake(f"unknown frame {name!r}; expected one of {', '.join(frames)}")
            continue
        parts = node.fields("verb", "noun", "verbs", "nouns", "adjs", "unless")
        if parts["unless"].node:
            unless[name] = compiled(parts["unless"], rf"(?<!\w)(?:{parts['unless'].text()})(?!\w)")
        if frame.bare:
            bare.append(Trigger("no word", name, "noun", NEVER, _markers(parts["noun"], frame)))
        for part, several in (("verb", "verbs"), ("noun", "nouns"), ("adj", "adjs")):
            common = _markers(parts["verb" if part == "adj" else part], frame)
            for lemma, spec in parts[several].items():
                triggers.append(_trigger(lemma, spec, frame, part, common))
    return Lexicon(tuple(triggers), tuple(bare), unless)


def _markers(node: Node, frame: Frame) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for slot, spec in node.items():
        if slot not in frame.slots:
            spec.mistake(f"the frame {frame.name} has no slot {slot!r}")
        found[slot] = tuple(m.replace("’", "'") for m in spec.texts())
    return found


def _trigger(lemma: str, spec: Node, frame: Frame, part: str, common: Mapping[str, tuple[str, ...]]) -> Trigger:
    own: dict[str, tuple[str, ...]] = {}
    only: re.Pattern[str] | None = None
    unless_after: re.Pattern[str] | None = None
    object_: str | None = None
    after: re.Pattern[str] | None = None
    stem = lemma
    if isinstance(spec.node, yaml.MappingNode):
        for key, value in spec.items():
            if key == "stem":
                stem = value.text()
            elif key == "only":
                only = compiled(value, value.text())
            elif key == "object":
                object_ = value.text()
            elif key == "after":
                after = compiled(value, value.text())
            elif key == "unless_after":
                unless_after = compiled(value, value.text())
            elif key in frame.slots:
                own[key] = value.texts()
            else:
                value.mistake(
                    f"unknown key {key!r}; expected stem, only, after, unless_after, object or a slot of {frame.name}"
                )
    else:
        stem = spec.text(lemma)
    ending = {"verb": r"(?:{0})\w*", "noun": r"(?:{0})(?:s|x|es)?(?!\w)", "adj": r"(?:{0})(?!\w)"}[part]
    plain = stem.replace("$", r"(?!\w)")
    return Trigger(
        lemma,
        frame.name,
        part,
        compiled(spec, ending.format(plain)),
        {**common, **own},
        only,
        unless_after,
        object_,
        after,
    )


def _sets(node: Node) -> dict[str, frozenset[str]]:
    return {name: words(member) for name, member in node.items()}


def _names(node: Node) -> dict[str, str]:
    return {name: member.text() for name, member in node.items()}


_GRAMMAR: Mapping[str, Callable[[Node], Any]] = {
    "model": Node.text,
    "labels": _names,
    "stand_ins": _names,
    "contractions": _names,
    "groups": lambda node: {k.replace("’", "'").lower(): v.text() or k.lower() for k, v in node.items()},
    "abbreviations": lambda node: frozenset(node.texts()),
    "honorifics": Node.texts,
    "separators": Node.texts,
    "among": Node.texts,
    "besides": Node.texts,
    "each": Node.texts,
    "connectors": Node.texts,
    "qualifiers": Node.texts,
    "articles": Node.texts,
    "relatives": _sets,
    "pronouns": _sets,
    "possessives": _sets,
    "markers": _sets,
    "levels": lambda node: {k: tuple(w.lower() for w in v.texts()) for k, v in node.items()},
    "forms": lambda node: {k: pattern(v) for k, v in node.items()},
    "sequence_of_tenses": pattern,
    "obliging": lambda node: compiled(node, rf"(?<!\w)(?:{node.text()})(?!\w)"),
    "past": pattern,
    "both_sides": lambda node: compiled(node, rf"(?<!\w)(?:{node.text()})\Z"),
    "event_verbs": stems,
    "light_verbs": stems,
    "speech": read_speech,
    "worths": lambda node: compiled(node, rf"(?<!\w)(?:{node.text()})\s*$"),
    **dict.fromkeys(
        ("negation", "bodies", "part_whole", "people", "fillers", "purposes", "place_nouns", "complements", "habitual"),
        words,
    ),
    **dict.fromkeys(("coming", "naming", "definite", "item_nouns", "anchors", "empty_nouns", "agents"), words),
}
"""The keys of grammar.yaml that are fields of Grammar, and how each is read."""


def load_grammar(files: Files, lang: str) -> Grammar:
    """grammar.yaml of a language."""
    keys = (*_GRAMMAR, "head", "reporting")
    root = files.yaml(f"{lang}/grammar.yaml").fields(*keys, need=keys)
    reporting = root["reporting"].fields("verbs", "prepositions", "unnamed")
    if root["head"].text() not in ("first", "last"):
        root["head"].mistake(f"expected first or last, found {root['head'].text()!r}")
    return Grammar(
        **{name: read(root[name]) for name, read in _GRAMMAR.items()},
        head_first=root["head"].text() == "first",
        reporting={k: stems(v) for k, v in reporting["verbs"].items()},
        according=tuple(w.replace("’", "'") for w in reporting["prepositions"].texts()),
        unnamed=words(reporting["unnamed"]),
    )


def load_numbers(files: Files, lang: str) -> Numbers:
    """numbers.yaml of a language."""
    keys = [
        "decimal",
        "thousands",
        "joiners",
        "words",
        "scales",
        "vague",
        "of",
        "before",
        "after",
        "ranges",
        "single",
        "units",
    ]
    root = files.yaml(f"{lang}/numbers.yaml").fields(*keys, "particles", need=tuple(keys))

    def figures(key: str) -> dict[str, Fraction]:
        found: dict[str, Fraction] = {}
        for word, node in root[key].items():
            try:
                found[word] = Fraction(node.text())
            except (ValueError, ZeroDivisionError):
                node.mistake(f"expected a number, found {node.text()!r}")
        return found

    def texts(key: str) -> dict[str, str]:
        return {k.replace("’", "'"): v.text() for k, v in root[key].items()}

    return Numbers(
        decimal=root["decimal"].text(),
        thousands=root["thousands"].texts(),
        joiners=root["joiners"].texts(),
        words=figures("words"),
        scales=figures("scales"),
        vague=texts("vague"),
        of=root["of"].texts(),
        before=texts("before"),
        after=texts("after"),
        ranges=root["ranges"].texts(),
        single=root["single"].texts(),
        units=root["units"].texts(),
        particles={word: verbs.texts() for word, verbs in root["particles"].items()},
    )
