"""The strip of an article: the lines beside its title that say who wrote it and when, each cut into its parts.

Such a line ("Staff with an agency | 4 January 2024 | 2 min read") has no shape of its own; where it stands tells what
it is. Only lines that nothing else explains come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recoupe.clean.labels import DATE_TOKEN, Labels
from recoupe.clean.lines import Line, line_at
from recoupe.clean.run import Run
from recoupe.codebook.furniture import Furniture
from recoupe.model import BlockRole, Page, Span

LONGEST = 240
"""Characters of the longest strip."""
ABOVE = 5
"""Lines above the title that may be part of the article's strip."""
BELOW = 12
"""Lines below the title, at most, before the article begins."""
SPARE = 3
"""Words that may stand beside a date in a part of a strip (a section, a town); a caption has more."""
PARTING = re.compile(r"\s*[|•·]\s*|\s+[–—-]\s+|\s{2,}|\t")
NUMERIC = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)(?!\d)")
YEAR = re.compile(r"(?:19|20)\d\d")
DAY = re.compile(r"(\d{1,2})([^\W\d_]*)")
EDGE = " \t,;:|(–—-"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a strip: its characters in the page, what it is, and the author whom it names ("" for none)."""

    span: Span
    reason: str
    name: str = ""


def strip_lines(labels: Labels, title: int | None, run: Run, roles: Mapping[int, BlockRole]) -> list[int]:
    """The lines where a strip may stand: a few above the title, and those below it up to the second paragraph kept."""
    top = run.start if title is None else title
    found = list(range(max(0, top - ABOVE), top))
    paragraphs = 0
    for i in range(top + (title is not None), min(top + BELOW, run.end)):
        paragraphs += i in roles and labels.lines[i].shape == "prose"
        if paragraphs >= 2:
            break
        found.append(i)
    free = (i for i in found if labels.reason[i] is None and i not in labels.chronology)
    return [i for i in free if roles.get(i) != "title"]


def parts_of(page: Page, line: Line, labels: Labels, below: bool) -> tuple[Part, ...]:
    """The parts of a strip, or none where the line holds no full date and names no author, and so is no strip.

    `below`: the line is not above the title, where a name alone is the page's and not the author's.
    """
    if len(line.spans) != 1 or len(line.plain) > LONGEST or (line.shape == "prose" and line.words > 15):
        return ()
    parts = tuple(p for span in _cut(page.text, line.spans[0]) for p in _read(page.text, span, labels, below))
    return parts if any(p.reason in ("date-line", "byline") for p in parts) else ()


def _cut(text: str, span: Span) -> Iterator[Span]:
    """What stands between a strip's separators."""
    at = span.start
    for found in PARTING.finditer(text, span.start, span.end):
        if found.start() > at:
            yield Span(at, found.start())
        at = found.end()
    if at < span.end:
        yield Span(at, span.end)


def _read(text: str, span: Span, labels: Labels, below: bool) -> Iterator[Part]:
    said = text[span.start : span.end]
    furniture = labels.furniture
    when = full_date(said, furniture)
    if when is None:
        name = _author(text, span, furniture) if below else ""
        yield Part(span, "byline" if name else labels.known(line_at(text, span, furniture)) or "", name)
        return
    before = Span(span.start, span.start + len(said[: when.start].rstrip(EDGE)))
    name = _author(text, before, furniture) if before.start < before.end else ""
    if name:
        yield Part(before, "byline", name)
        yield Part(Span(span.start + when.start, span.end), "date-line")
        return
    own = furniture.dates | furniture.date_leads
    rest = [t for t in DATE_TOKEN.findall(said[: when.start] + " " + said[when.end :]) if t.isalpha()]
    spare = sum(t.casefold() not in own for t in rest)
    yield Part(span, "date-line" if spare <= SPARE else "")


def _author(text: str, span: Span, furniture: Furniture) -> str:
    """The author or agency whom a part of a strip credits, else ""."""
    plain = line_at(text, span, furniture).plain
    found = (p.search(plain) for p in (*furniture.bylines, *furniture.credits))
    return next((m["name"].strip() for m in found if m), "")


def full_date(said: str, furniture: Furniture) -> Span | None:
    """Where a text says a day, a month and a year: in numbers, or with words of a date and what may stand amid them."""
    if numeric := NUMERIC.search(said):
        return Span(*numeric.span())
    start, seen = 0, set[str]()
    for token in DATE_TOKEN.finditer(said):
        kind = _kind(token[0].casefold(), furniture)
        if not kind or (kind == "lead" and not seen):
            seen.clear()
            continue
        start = start if seen else token.start()
        seen.add(kind)
        if {"year", "word", "day"} <= seen:
            return Span(start, token.end())
    return None


def _kind(token: str, furniture: Furniture) -> str:
    """What a token may be in a date: its year, a named month or day of the week, the day's number, or a small word."""
    if YEAR.fullmatch(token):
        return "year"
    if token in furniture.dates:
        return "word"
    number = DAY.fullmatch(token)
    if number and 1 <= int(number[1]) <= 31 and (not number[2] or number[2] in furniture.date_leads):
        return "day"
    return "lead" if token in furniture.date_leads else ""


def names_of(parts: Mapping[int, Sequence[Part]]) -> list[str]:
    """The authors whom strips name, from the top of the page down."""
    return [p.name for i in sorted(parts) for p in parts[i] if p.name]
