"""Clues of the text: dates that it tells, and how it tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from recoupe.date.clue import Clue
from recoupe.date.view import View, days_of, label_before
from recoupe.model import Span
from recoupe.times import TimeExpression, TimeRef, resolve, span_of
from recoupe.values import When

# A weekday with its date, without the year, is said within a month of the day; "this Tuesday" of a day to come within a
# week before it (this project's conventions).
_FRESH = timedelta(days=30)
_WEEK = timedelta(days=6)
# The place of a news agency's dateline, before its date; and what follows it.
_DATELINE = re.compile(
    r"\s*(?:[A-ZÀ-Ý][\w.'’/ -]{1,40})(?: \([A-ZÀ-Ý][\w.'’ -]{1,30}\))?,\s*(?:[A-ZÀ-Ý][\w.'’ -]{1,30},\s*)?$"
)
_AFTER_DATELINE = re.compile(r"\s*(?:\([^)]{2,40}\)\s*)?[-–—:]|\s*\([A-Z][^)]{1,40}\)")
_BETWEEN = re.compile(r"[\s,()–—-]{1,4}")


def text_clues(view: View) -> Iterator[Clue]:
    """All clues of dates in the text."""
    yield from _latest(view, "past-date")
    yield from _latest(view, "past-month")
    yield from _datelines(view)
    for e in view.expressions:
        if label_before(view.words, "caption", view.said(view.sentence(e.start))) >= 0:
            continue
        yield from _today(view, e)
        yield from _fresh(view, e)
        if e.ref.bare_weekday and e.ref.deictic and view.tense_near(e.start, e.end) == "past":
            yield _clue(view, "this-weekday", e, (), weekday=e.ref.weekday)
    yield from _beside(view)


def _clue(view: View, rule: str, e: TimeExpression, options: tuple[When, ...], weekday: int | None = None) -> Clue:
    span = Span(e.start, e.end)
    return Clue(rule, view.said(span), span, "report", options, weekday, len(options) > 1)


def _latest(view: View, rule: str) -> Iterator[Clue]:
    """The latest date with its year that is told in the past: the report is no older. Days, or else months."""
    best: tuple[date, TimeExpression] | None = None
    for e in view.expressions:
        ref = e.ref.start if e.ref.kind in ("since", "range") and e.ref.start else e.ref
        if ref.kind != "date" or ref.year is None or ref.month is None or (ref.day is None) != (rule == "past-month"):
            continue
        when = resolve(ref, None)
        if when is None or when.first is None or view.tense(e.start) != "past":
            continue
        if best is None or when.first > best[0]:
            best = (when.first, e)
    if best is not None:
        yield _clue(view, rule, best[1], (When(best[0], None),))


def _today(view: View, e: TimeExpression) -> Iterator[Clue]:
    """ "Today, 28 August", "this Wednesday (28 August 2024)": the day of writing, or a "this" that is to come."""
    days = days_of(e.ref) if e.ref.deictic and e.ref.kind == "date" else ()
    if days and (e.ref.direction is None or view.tense_near(e.start, e.end) == "past"):
        yield _clue(view, "today-date", e, days)
    elif days:
        yield _clue(view, "this-week", e, tuple(When(d.first - _WEEK, d.first) for d in days if d.first))


def _fresh(view: View, e: TimeExpression) -> Iterator[Clue]:
    """ "Thursday 4 August", without its year: not long ago, or soon."""
    if not e.ref.fresh or e.ref.deictic or e.ref.year is not None or e.ref.strict:
        return
    ahead = timedelta() if view.tense(e.start) == "past" else _FRESH
    days = [d.first for d in days_of(e.ref) if d.first is not None]
    yield _clue(view, "fresh-date", e, tuple(When(d - ahead, d + _FRESH) for d in days))


def _datelines(view: View) -> Iterator[Clue]:
    """KYIV, Feb 5 (Reuters) - : an agency's dateline at the head of the text; it is printed that day or the next."""
    for e, _ in datelines(view):
        if days := days_of(e.ref):
            yield _clue(view, "dateline", e, tuple(When(d.first, next_day(d.first)) for d in days))


def datelines(view: View) -> Iterator[tuple[TimeExpression, Span]]:
    """The dates of agencies' datelines, each with the run of the text that is the dateline."""
    starts = [b.span for b in view.report.blocks if b.role in ("lead", "body")][:2]
    for e in view.expressions:
        for block in starts:
            if not block.start <= e.start < block.start + 60:
                continue
            after = _AFTER_DATELINE.match(view.report.text, e.end, e.end + 50)
            if after and _DATELINE.fullmatch(view.report.text, block.start, e.start):
                yield e, Span(block.start, after.end())


def is_dateline(line: str, start: int, end: int) -> bool:
    """Is a line nothing but the dateline of an agency around the date at `start` to `end`?"""
    after = _AFTER_DATELINE.match(line, end)
    if after is None or _DATELINE.fullmatch(line, 0, start) is None:
        return False
    return not line[after.end() :].strip(" -–—:")


def next_day(day: date | None) -> date | None:
    """The day after, of a day that is known."""
    return day + timedelta(days=1) if day else None


def _beside(view: View) -> Iterator[Clue]:
    """ "Yesterday, 27 August": a relative expression and a date side by side."""
    for one, other in zip(view.expressions, view.expressions[1:], strict=False):
        pictured = label_before(view.words, "caption", view.said(view.sentence(one.start))) >= 0
        if pictured or not _BETWEEN.fullmatch(view.report.text, one.end, other.start):
            continue
        for relative, dated in ((one, other), (other, one)):
            days = days_of(dated.ref)
            if days and not dated.ref.deictic and (options := written(relative.ref, days)):
                span = Span(one.start, other.end)
                yield Clue("beside", view.said(span), span, "report", options, None, len(options) > 1)
                break


def written(relative: TimeRef, days: tuple[When, ...]) -> tuple[When, ...]:
    """When somebody writes who says a relative expression of a day: for each day that it may be."""
    firsts = [d.first for d in days if d.first is not None]
    if relative.kind == "span" and relative.unit is not None and not (relative.part or relative.nth):
        spans = (span_of(relative.unit, d, -relative.shift) for d in firsts)
        return tuple(When(first, last) for first, last in spans)
    if relative.bare_weekday and relative.direction in (None, "past") and not relative.shift:
        strict = timedelta(days=1 if relative.strict else 0)
        fits = (d for d in firsts if d.weekday() == relative.weekday)
        return tuple(When(d + strict, d + timedelta(days=6) + strict) for d in fits)
    return ()
