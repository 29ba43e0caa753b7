"""Reads `LANG/furniture.yaml`: how a page says what is not the article, and the language's commonest words.

A file has these keys, all but `language` and `stopwords` optional:

    language, stopwords   the code of the language, and its commonest words
    sets                  name -> list of words; `%name%` in a pattern stands for any one of them
    lines                 reason -> patterns of a line that is furniture for that reason
    heads                 reason -> patterns of a line that opens a list of other things (headlines, names)
    ends                  reason -> patterns of a line after which the article does not go on
    bylines, outlets      patterns whose group `name` holds who wrote it, or the name of the outlet
    credits               patterns with the same group, fit only for what stands beside the title
    cuts                  patterns of furniture in a page that has come as one line; it is cut before and after them
    byline-heads          patterns of a line after which names of authors stand
    dates                 words that make a date (months, days of the week, units of time)
    date-leads            words that may stand beside them in a line that only says when ("published", "at")

Patterns are Python's, searched without regard to case in a line of plain text: typographic quotes and spaces are made
straight and Markdown's marks are taken off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from recoupe.codebook.files import Files, Node
from recoupe.codebook.prefixes import SIZE, anchored, openings

KEYS = (
    "language",
    "stopwords",
    "sets",
    "lines",
    "heads",
    "ends",
    "bylines",
    "credits",
    "cuts",
    "byline-heads",
    "outlets",
    "dates",
    "date-leads",
)

_BEGINS = re.compile(r"\b\w")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern and the reason for which a line that it fits is dropped.

    `first`: it can fit at the line's beginning only, so that the rest of the line need not be tried.
    """

    reason: str
    pattern: re.Pattern[str]
    first: bool = False

    def fits(self, line: str) -> bool:
        """Is the line, or a part of it, such a phrase?"""
        return (self.pattern.match(line) if self.first else self.pattern.search(line)) is not None


class Phrases(tuple[Phrase, ...]):
    """Phrases in the order in which they are tried; those that no word of a line begins are not tried on it."""

    @cached_property
    def _table(self) -> Mapping[str, Sequence[int]]:
        table: dict[str, list[int]] = {}
        for i, phrase in enumerate(self):
            for head in openings(phrase.pattern.pattern):
                table.setdefault(head, []).append(i)
        return table

    @cached_property
    def _sizes(self) -> Sequence[int]:
        return sorted({len(head) for head in self._table})

    def first(self, line: str) -> Phrase | None:
        """The first phrase that a line is, or holds."""
        lower, table = line.lower(), self._table
        begins = {lower[m.start() : m.start() + SIZE] for m in _BEGINS.finditer(lower)}
        heads = {"", *(head[:n] for head in begins for n in self._sizes)}
        maybe = {i for head in heads if head in table for i in table[head]}
        return next((self[i] for i in sorted(maybe) if self[i].fits(line)), None)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is known of furniture, of all languages together: English furniture stands on French pages too.

    `stopwords` are the commonest words of each language asked for.
    """

    stopwords: tuple[tuple[str, frozenset[str]], ...] = ()
    lines: Phrases = field(default_factory=Phrases)
    heads: Phrases = field(default_factory=Phrases)
    ends: Phrases = field(default_factory=Phrases)
    bylines: tuple[re.Pattern[str], ...] = ()
    credits: tuple[re.Pattern[str], ...] = ()
    cuts: tuple[re.Pattern[str], ...] = ()
    byline_heads: tuple[re.Pattern[str], ...] = ()
    outlets: tuple[re.Pattern[str], ...] = ()
    dates: frozenset[str] = frozenset()
    date_leads: frozenset[str] = frozenset()


def load_furniture(files: Files, langs: Sequence[str]) -> Furniture:
    """The furniture of the languages `langs`; mistakes are noted in `files` with their file and line."""
    parts = [_load(files, lang) for lang in langs]
    return Furniture(
        stopwords=tuple(s for p in parts for s in p.stopwords),
        lines=Phrases(x for p in parts for x in p.lines),
        heads=Phrases(x for p in parts for x in p.heads),
        ends=Phrases(x for p in parts for x in p.ends),
        bylines=tuple(x for p in parts for x in p.bylines),
        credits=tuple(x for p in parts for x in p.credits),
        cuts=tuple(x for p in parts for x in p.cuts),
        byline_heads=tuple(x for p in parts for x in p.byline_heads),
        outlets=tuple(x for p in parts for x in p.outlets),
        dates=frozenset().union(*(p.dates for p in parts)),
        date_leads=frozenset().union(*(p.date_leads for p in parts)),
    )


def _load(files: Files, lang: str) -> Furniture:
    root = files.yaml(f"{lang}/furniture.yaml")
    keys = root.fields(*KEYS, need=("language", "stopwords"))
    if keys["language"].text(lang) != lang:
        keys["language"].mistake(f"expected {lang!r}, the folder's name, found {keys['language'].text()!r}")
    sets = {name: node.texts() for name, node in keys["sets"].items()}
    return Furniture(
        stopwords=((lang, _words(keys["stopwords"])),),
        lines=Phrases(_phrases(keys["lines"], sets)),
        heads=Phrases(_phrases(keys["heads"], sets)),
        ends=Phrases(_phrases(keys["ends"], sets)),
        bylines=tuple(_patterns(keys["bylines"], sets, "name")),
        credits=tuple(_patterns(keys["credits"], sets, "name")),
        cuts=tuple(_patterns(keys["cuts"], sets)),
        byline_heads=tuple(_patterns(keys["byline-heads"], sets)),
        outlets=tuple(_patterns(keys["outlets"], sets, "name")),
        dates=_words(keys["dates"]),
        date_leads=_words(keys["date-leads"]),
    )


def _words(node: Node) -> frozenset[str]:
    return frozenset(w.casefold() for w in node.texts())


def _phrases(node: Node, sets: dict[str, tuple[str, ...]]) -> Iterator[Phrase]:
    for reason, patterns in node.items():
        for pattern in _patterns(patterns, sets):
            yield Phrase(reason, pattern, anchored(pattern.pattern))


def _patterns(node: Node, sets: dict[str, tuple[str, ...]], group: str = "") -> Iterator[re.Pattern[str]]:
    for member in node.list():
        source = member.text()
        names = list(dict.fromkeys(re.findall(r"%([a-z-]+)%", source)))
        unknown = [name for name in names if name not in sets]
        if unknown:
            member.mistake(f"unknown set %{unknown[0]}%; expected one of {', '.join(sorted(sets)) or 'none'}")
            continue
        for name in names:
            words = "|".join(re.escape(w) for w in sorted(sets[name], key=len, reverse=True))
            source = source.replace(f"%{name}%", f"(?:{words})")
        try:
            pattern = re.compile(source, re.IGNORECASE)
        except re.error as error:
            member.mistake(f"not a regular expression: {error}")
            continue
        if group and group not in pattern.groupindex:
            member.mistake(f"expected a group (?P<{group}>...)")
            continue
        if pattern.search(""):
            member.mistake("this pattern fits an empty line")
            continue
        yield pattern
