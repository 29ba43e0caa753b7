"""A report as the clues look at it: its time expressions, events and sentences, found once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from recoupe.codebook.calendar import Calendar, EventMention
from recoupe.codebook.timefinder import find_times
from recoupe.codebook.times import TimeWords
from recoupe.date.telling import Telling
from recoupe.model import Reading, Report, Span
from recoupe.times import TimeExpression, TimeRef, resolve
from recoupe.values import When

# Years in which a date without its year is looked for: the ones that pages on the web can be of.
YEARS = range(1995, 2060)
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Term:
    """A person's time in an office; an open end is None."""

    person: str
    office: str
    since: date
    until: date | None


@dataclass(frozen=True)
class DateContext:
    """What dating needs of a codebook. `members` maps a block to how long it had how many members."""

    times: Mapping[str, TimeWords]
    calendar: Calendar
    terms: Sequence[Term]
    members: Mapping[str, Mapping[int, When]]


@dataclass(frozen=True)
class View:
    """A report, with what was found in its text."""

    reading: Reading
    words: TimeWords
    context: DateContext
    expressions: tuple[TimeExpression, ...]
    events: tuple[EventMention, ...]
    telling: Telling

    @classmethod
    def of(cls, reading: Reading, context: DateContext) -> View | None:
        """The view of a report; None where its language has no time words."""
        report = reading.report
        words = context.times.get(report.lang)
        if words is None:
            return None
        marked = [m for m in reading.mentions if m.type == "time" and isinstance(m.value, TimeRef)]
        expressions = tuple(
            TimeExpression(m.span.start, m.span.end, m.value, m.note) for m in marked if isinstance(m.value, TimeRef)
        ) or tuple(find_times(report.text, words))
        events = tuple(context.calendar.find(report.text, report.lang))
        return cls(reading, words, context, expressions, events, Telling.of(report.text, words, expressions))

    @property
    def report(self) -> Report:
        """The report itself."""
        return self.reading.report

    def sentence(self, offset: int) -> Span:
        """The sentence that holds a place of the text."""
        return self.telling.sentence(offset)

    def said(self, span: Span) -> str:
        """The words of a run of the text."""
        return self.report.text[span.start : span.end]

    def tense(self, offset: int) -> str:
        """How the sentence at a place is told (`Telling.tense`)."""
        return self.telling.tense(offset)

    def tense_near(self, start: int, end: int) -> str:
        """The same by the mark that stands nearest to a run of the text, in its sentence."""
        return self.telling.near(start, end)


def days_of(ref: TimeRef) -> tuple[When, ...]:
    """The days that a calendar date can be: one where its year is told, else one a year that fits its weekday."""
    if ref.kind != "date" or ref.day is None or ref.month is None or ref.year_shift is not None:
        return ()
    found = []
    for year in (ref.year,) if ref.year is not None else YEARS:
        when = resolve(TimeRef("date", year=year, month=ref.month, day=ref.day), None)
        if when is None or when.first is None:
            continue
        if ref.year is not None or ref.weekday is None or when.first.weekday() == ref.weekday:
            found.append(when)
    return tuple(found)


def content(text: str) -> set[str]:
    """What two sentences on one thing have in common: longer words and names, cut to a stem of six letters."""
    return {w[:6].lower() for w in _WORD.findall(text) if len(w) >= 5 or w[0].isupper()}


def label_before(words: TimeWords, name: str, text: str) -> int:
    """Where the last of the words of a label ends in `text`, or -1."""
    pattern = words.labels.get(name)
    return max((m.end() for m in pattern.finditer(text)), default=-1) if pattern else -1
