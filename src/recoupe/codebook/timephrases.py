"""A small notation for the phrases of a codebook, compiled to regular expressions.

    {n} {unit} ago            words, and slots in braces
    (last|past) {unit}        alternatives
    the? {unit} after         an optional word or bracket (with the space beside it)
    {month}( {year}|, {year})?  a bracket may begin or end with its space
    the year[ ended]          what must follow, and is none of it

A space stands for any run of white space within a paragraph, an apostrophe or a hyphen for any of its typographic
forms, a backslash takes the next character as it is. Phrases are matched without regard to case unless a slot says
otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

# Possessive: of a thousand blanks it tries one way.
GAP = r"(?:[^\S\n]*+(?:\n[^\S\n]*+)?(?<=\s))"
# Words and numbers, as the index has them, and the private-use characters that stand for found expressions.
TOKEN = re.compile(r"[^\W\d_]+|\d+|[\ue000-\ue00f]")
DIGITS = "#"
# Where a phrase may not begin or end: inside a word, or inside a longer number.
BEFORE = r"(?<!\w)(?:(?=\D)|(?<!\w[-.,:/])(?<![$€£#]))"
AFTER = r"(?!\w)(?![.,:/-]\d)"
T = TypeVar("T")
_PART = re.compile(r"(?P<gap>\s+)|(?P<slot>\{\w+\})|\\(?P<escaped>.)|(?P<word>\w+)|(?P<mark>.)")
_FORMS = {"'": "['’ʼ]", "-": "[-‐‑]", "–": "[-‐‑–—]"}


Heads = frozenset[tuple[str, ...]]
_EMPTY: Heads = frozenset({()})
ANY: Heads = frozenset({("",)})


@dataclass(frozen=True, slots=True)
class Slot:
    """What may stand in a slot: a regular expression without groups of its own, and the words that it can begin with.

    A head is the first two words, or one where there is only one; a phrase is tried only where its heads stand.
    """

    regex: str
    heads: Heads


@dataclass(frozen=True, slots=True)
class _Piece:
    regex: str
    heads: Heads
    gap: bool
    optional: bool = False


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as the index has them: in lower case, DIGITS for a run of digits."""
    return tuple(_word(m) for m in TOKEN.finditer(text))


def heads_of(names: Iterable[str]) -> Heads:
    """The heads of names."""
    return frozenset(words_of(name)[:2] for name in names)


def _followed(heads: Heads, by: Heads) -> Heads:
    return frozenset(h if len(h) == 2 else (h + n)[:2] for h in heads for n in by)


@dataclass(frozen=True)
class Phrase:
    """A compiled phrase. Its expression is made when it is first needed: most phrases of a language never are."""

    pattern: str
    heads: Heads

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Fits the phrase, without regard to case."""
        return re.compile(self.pattern, re.IGNORECASE)


class Index(Generic[T]):
    """Phrases and what goes with each, found by the first two words of where they may stand."""

    def __init__(self, things: Sequence[tuple[Phrase, T]] = ()) -> None:
        table: dict[str, dict[str, set[int]]] = {}
        for i, (phrase, _) in enumerate(things):
            for first, *rest in phrase.heads:
                table.setdefault(first, {}).setdefault(rest[0] if rest else "", set()).add(i)
        self._table: dict[str, dict[str, list[tuple[Phrase, T]]]] = {}
        for first, seconds in table.items():
            any_second = seconds.get("", set())
            self._table[first] = {s: [things[i] for i in sorted(ids | any_second)] for s, ids in seconds.items()}

    def scan(self, text: str, start: int = 0, end: int | None = None) -> Iterator[list[tuple[re.Match[str], T]]]:
        """Where something fits between `start` and `end`, what fits there: the longest first, of equals in order."""
        table = self._table
        offsets, words = _tokens_of(text) if not start and end is None else _tokens(text[start:end])
        last = len(words) - 1
        for i, word in enumerate(words):
            seconds = table.get(word)
            if seconds is None:
                continue
            at = start + offsets[i]
            following = words[i + 1] if i < last else _after(text, at)
            things = seconds.get(following) or seconds.get("")
            if not things:
                continue
            hits = [(match, thing) for phrase, thing in things if (match := phrase.regex.match(text, at)) is not None]
            if hits:
                yield sorted(hits, key=lambda hit: -hit[0].end()) if len(hits) > 1 else hits


def _tokens(text: str) -> tuple[list[int], list[str]]:
    """Where the words and numbers of a text begin, and what they are."""
    tokens = list(TOKEN.finditer(_lower(text)))
    return [t.start() for t in tokens], [DIGITS if (word := t[0]).isdecimal() else word for t in tokens]


_tokens_of = lru_cache(maxsize=1)(_tokens)  # several indexes look through one text


def _after(text: str, at: int) -> str:
    """The word after the one that begins at an offset."""
    here = TOKEN.match(text, at)
    return _word(TOKEN.search(text, here.end() if here else at))


def _word(match: re.Match[str] | None) -> str:
    return "" if match is None else DIGITS if match[0].isdecimal() else match[0].lower()


def _lower(text: str) -> str:
    """The text in lower case, letter for letter: a letter whose lower case is two stays as it is."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)


def compile_phrase(text: str, slots: Mapping[str, Slot]) -> Slot:
    """The regular expression of a phrase and its heads. A slot `x` becomes the group `x__1`, `x__2`, ...

    Raises ValueError, with what is wrong, where the phrase is not well formed.
    """
    reader = _Reader(text.strip(), slots)
    regex, heads = reader.alternatives()
    if reader.next is not None:
        raise ValueError(f"unexpected {reader.next[0]!r} in {text!r}")
    if () in heads:
        raise ValueError(f"the phrase {text!r} has no word of its own")
    return Slot(regex, heads)


class _Reader:
    """Recursive descent over the parts of one phrase."""

    def __init__(self, text: str, slots: Mapping[str, Slot]) -> None:
        self.text = text
        self.slots = slots
        self.parts = list(_PART.finditer(text))
        self.at = 0
        self.used: dict[str, int] = {}

    @property
    def next(self) -> re.Match[str] | None:
        return self.parts[self.at] if self.at < len(self.parts) else None

    def _mark(self, mark: str) -> bool:
        if self.next is not None and self.next["mark"] == mark:
            self.at += 1
            return True
        return False

    def alternatives(self) -> tuple[str, Heads]:
        branches = [self.sequence()]
        while self._mark("|"):
            branches.append(self.sequence())
        if len(branches) == 1:
            return branches[0]
        return f"(?:{'|'.join(b[0] for b in branches)})", frozenset().union(*(b[1] for b in branches))

    def sequence(self) -> tuple[str, Heads]:
        pieces: list[_Piece] = []
        gap = False
        while (part := self.next) is not None and part["mark"] not in ("|", ")", "]"):
            self.at += 1
            if part["gap"]:
                gap = True
                continue
            regex, heads = self._atom(part)
            pieces.append(_Piece(regex, heads, gap, self._mark("?")))
            gap = False
        regex, heads = _joined(pieces, self.text)
        return regex + (GAP if gap else ""), heads

    def _atom(self, part: re.Match[str]) -> tuple[str, Heads]:
        if part["mark"] == "(":
            inner = self.alternatives()
            if not self._mark(")"):
                raise ValueError(f"a bracket is not closed in {self.text!r}")
            return f"(?:{inner[0]})", inner[1]
        if part["mark"] == "[":
            inner = self.alternatives()
            if not self._mark("]"):
                raise ValueError(f"a bracket is not closed in {self.text!r}")
            return rf"(?={inner[0]}(?!\w))", _EMPTY
        if part["mark"] == "?":
            raise ValueError(f"nothing is optional before the ? in {self.text!r}")
        if part["slot"]:
            name = part["slot"][1:-1]
            if name not in self.slots:
                raise ValueError(f"unknown slot {part['slot']} in {self.text!r}")
            self.used[name] = self.used.get(name, 0) + 1
            slot = self.slots[name]
            return f"(?P<{name}__{self.used[name]}>{slot.regex})", slot.heads
        literal = part["escaped"] or part[0]
        regex = "".join(_FORMS.get(c, re.escape(c)) for c in literal)
        return regex, heads_of([literal])


def _joined(pieces: list[_Piece], text: str) -> tuple[str, Heads]:
    """Joins the pieces of a sequence. What is optional takes white space with it: before it or, at the start, after."""
    out: list[str] = []
    heads = _EMPTY
    leading = True
    for i, piece in enumerate(pieces):
        following = i + 1 < len(pieces) and pieces[i + 1].gap
        gap = GAP if piece.gap and (not leading or i == 0) else ""
        heads = _followed(heads, piece.heads | _EMPTY if piece.optional else piece.heads)
        if not piece.optional:
            out.append(gap + piece.regex)
            leading = False
        elif leading:
            out.append(gap + f"(?:{piece.regex}{GAP if following else ''})?")
        else:
            out.append(f"(?:{gap}{piece.regex})?")
    if leading:
        raise ValueError(f"every part is optional in {text!r}")
    return "".join(out), heads
