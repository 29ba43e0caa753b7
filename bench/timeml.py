"""Texts with coded time expressions: TimeML documents (TempEval-3) and columns of tokens; and their score.

The figures are those of TempEval-3, task A (UzZaman and others 2013, "SemEval-2013 Task 1"): an expression is found
strictly where the same characters are marked, relaxed where some are; the F1 of an attribute counts an expression found
(relaxed) with another value as wrong on both sides.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Coded:
    """A time expression: where it stands (characters, half open), its type, and its TIMEX3 value where one is told."""

    start: int
    end: int
    type: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, when it was written, and the time expressions that are coded in it."""

    name: str
    text: str
    written: date | None
    coded: tuple[Coded, ...]


def timeml(folder: Path) -> Iterator[Text]:
    """The documents of a folder and the folders in it, in order of their names."""
    for path in sorted(folder.rglob("*.tml")):
        root = ET.parse(path).getroot()
        told, body = root.find(".//DCT/TIMEX3"), root.find(".//TEXT")
        if body is not None:
            yield Text(path.name, "".join(body.itertext()), _day(told), tuple(_coded(body)))


def _day(node: ET.Element | None) -> date | None:
    found = re.match(r"\d{4}-\d\d-\d\d", node.get("value", "")) if node is not None else None
    return date.fromisoformat(found[0]) if found else None


def _coded(body: ET.Element) -> Iterator[Coded]:
    at = 0

    def walk(node: ET.Element) -> Iterator[Coded]:
        nonlocal at
        start = at
        at += len(node.text or "")
        for child in node:
            yield from walk(child)
            at += len(child.tail or "")
        if node.tag == "TIMEX3":
            yield Coded(start, at, node.get("type", ""), node.get("value", ""))

    yield from walk(body)


_CLOSE = re.compile(r"\s+([.,;:!?)\]»…])")


def columns(path: Path) -> Iterator[Text]:
    """The sentences of a file with one token and its mark (B-DATE, I-DATE, O) a line, blank lines between sentences.

    The text is put together again from the tokens: with spaces, but for what French and English write close.
    """
    for number, block in enumerate(re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))):
        rows = [line.split() for line in block.splitlines() if line.strip() and not line.startswith("-DOCSTART-")]
        if rows := [row for row in rows if len(row) >= 2]:
            yield _sentence(f"{path.name}:{number}", [(row[0], row[-1]) for row in rows])


def _sentence(name: str, rows: Sequence[tuple[str, str]]) -> Text:
    text, spans, before = "", [], ""
    for token, _ in rows:
        close = not text or re.fullmatch(r"[.,)\]’']+", token) or before in ("'", "’", "(", "[") or before[-1:] in "'’"
        text += "" if close else " "
        spans.append((len(text), len(text) + len(token)))
        text, before = text + token, token
    coded: list[Coded] = []
    for (_, mark), (start, end) in zip(rows, spans, strict=True):
        if mark.startswith("B-"):
            coded.append(Coded(start, end, mark[2:]))
        elif mark.startswith("I-") and coded:
            coded[-1] = Coded(coded[-1].start, end, coded[-1].type)
    return Text(name, text, None, tuple(coded))


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted: coded and given expressions, those found, and those whose attributes are right as well."""

    coded: int = 0
    given: int = 0
    coded_found: int = 0
    given_found: int = 0
    strict: int = 0
    coded_typed: int = 0
    given_typed: int = 0
    coded_valued: int = 0
    given_valued: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f) + getattr(other, f) for f in self.__slots__))

    @property
    def relaxed_f1(self) -> float:
        """F1 of the expressions, any characters in common."""
        return f1(self.given_found, self.given, self.coded_found, self.coded)

    @property
    def strict_f1(self) -> float:
        """F1 of the expressions, the same characters."""
        return f1(self.strict, self.given, self.strict, self.coded)

    @property
    def type_f1(self) -> float:
        """F1 of the expressions with their types."""
        return f1(self.given_typed, self.given, self.coded_typed, self.coded)

    @property
    def value_f1(self) -> float:
        """F1 of the expressions with their values."""
        return f1(self.given_valued, self.given, self.coded_valued, self.coded)

    @property
    def precision(self) -> float:
        """Of the given expressions, the share that is coded (relaxed)."""
        return self.given_found / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """Of the coded expressions, the share that is found (relaxed)."""
        return self.coded_found / self.coded if self.coded else 0.0


def f1(right: int, given: int, found: int, coded: int) -> float:
    """The harmonic mean of precision (right of given) and recall (found of coded); 0 where either is."""
    precision, recall = (right / given if given else 0.0), (found / coded if coded else 0.0)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def count(coded: Sequence[Coded], given: Sequence[Coded]) -> Counts:
    """Compares the expressions of one text."""
    pairs = match(coded, given)
    return Counts(
        len(coded),
        len(given),
        len(pairs),
        len(pairs),
        sum((c.start, c.end) == (g.start, g.end) for c, g in pairs),
        sum(c.type == g.type for c, g in pairs),
        sum(c.type == g.type for c, g in pairs),
        sum(c.value == g.value for c, g in pairs),
        sum(c.value == g.value for c, g in pairs),
    )


def match(coded: Sequence[Coded], given: Sequence[Coded]) -> list[tuple[Coded, Coded]]:
    """Each coded expression with the one given that overlaps it the most; each is used once."""
    overlaps = sorted(
        (
            (min(c.end, g.end) - max(c.start, g.start), -i, -j)
            for i, c in enumerate(coded)
            for j, g in enumerate(given)
            if g.start < c.end and c.start < g.end
        ),
        reverse=True,
    )
    left, right, pairs = set(range(len(coded))), set(range(len(given))), []
    for _, i, j in overlaps:
        if -i in left and -j in right:
            left.discard(-i)
            right.discard(-j)
            pairs.append((coded[-i], given[-j]))
    return pairs


def total(counts: Iterable[Counts]) -> Counts:
    """All of them together."""
    return sum(counts, Counts())
