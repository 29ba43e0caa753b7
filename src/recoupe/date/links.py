"""Clues of two sentences about one thing: one says its day, the other how far that is from the day of writing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recoupe.date.clue import Clue
from recoupe.date.events import days_on
from recoupe.date.text import written
from recoupe.date.view import View, content, days_of
from recoupe.model import Span
from recoupe.times import TimeExpression, TimeRef, resolve
from recoupe.values import When

# Words in common from which on two sentences are taken to be about one thing.
_COMMON = 2
# Where in its sentence a date may begin that opens it ("On", "Le").
_OPENS = 4


def link_clues(view: View) -> Iterator[Clue]:
    """All clues that join two sentences."""
    yield from _same_event(view)
    yield from _today_weekday(view)
    yield from _after_event(view)


def _same_event(view: View) -> Iterator[Clue]:
    """ "... last week. On 21 November, ...": the next sentence of the paragraph gives the date."""
    for one, other in zip(view.expressions, view.expressions[1:], strict=False):
        first, second = view.sentence(one.start), view.sentence(other.start)
        if one.ref.kind != "span" or one.ref.shift >= 0 or first.end != second.start:
            continue
        if other.start - second.start > _OPENS or "\n" in view.said(first):
            continue
        options = written(one.ref, days_of(other.ref)) if not other.ref.deictic else ()
        if options and len(content(view.said(first)) & content(view.said(second))) >= _COMMON:
            span = Span(one.start, other.end)
            yield Clue("same-event", view.said(span), span, "report", options, None, len(options) > 1)


def _today_weekday(view: View) -> Iterator[Clue]:
    """What takes place today in one sentence takes place on a weekday in another: the only weekday of the report."""
    weekdays = [e for e in view.expressions if e.ref.bare_weekday]
    if len({e.ref.weekday for e in weekdays}) != 1 or weekdays[0].ref.direction not in (None, "nearest"):
        return
    day = weekdays[0]
    about = content(view.said(view.sentence(day.start)))
    for e in view.expressions:
        today = e.ref.kind == "span" and e.ref.unit == "day" and e.ref.shift == 0 and e.ref.deictic
        if today and len(content(view.said(view.sentence(e.start))) & about) >= _COMMON:
            span = Span(day.start, day.end)
            yield Clue("today-weekday", view.said(span), span, "report", (), day.ref.weekday)
            return


def _after_event(view: View) -> Iterator[Clue]:
    """ "Less than 24 hours after the summit, <an event with a known day>": so the summit's day is known.

    And where a paragraph about it has the only weekday of the report, and one of those days is such a weekday, the
    report is written within a week of it.
    """
    weekdays = [e for e in view.expressions if e.ref.bare_weekday and e.ref.direction is None]
    if len({e.ref.weekday for e in weekdays}) != 1:
        return
    for e in view.expressions:
        shift = e.ref.start
        if e.ref.kind != "sequel" or shift is None or shift.kind != "shift" or shift.unit not in ("hour", "day"):
            continue
        sentence = view.sentence(e.start)
        for mention in view.events:
            if not sentence.start <= mention.start < sentence.end or len(mention.events) != 1:
                continue
            options = _before(shift, mention.events[0].when, weekdays[0].ref.weekday)
            if options and _speaks_of(view, weekdays, view.said(sentence)):
                span = Span(e.start, mention.end)
                yield Clue("after-event", view.said(span), span, "report", options)


def _before(shift: TimeRef, when: When, weekday: int | None) -> tuple[When, ...]:
    """When a report is written that tells by its weekday what `when` followed by `shift`."""
    if shift.low is None or shift.high is None or weekday is None or when.first is None or when.last is None:
        return ()
    back = TimeRef("shift", unit=shift.unit, low=-shift.high, high=-shift.low)
    window = resolve(back, when)
    if window is None:
        return ()
    return tuple(When(d, d + timedelta(days=6)) for d in days_on(window, weekday))


def _speaks_of(view: View, weekdays: list[TimeExpression], sentence: str) -> bool:
    """Is the paragraph of a weekday, or the one before it, about what the sentence is about?"""
    text = view.report.text
    for e in weekdays:
        start = text.rfind("\n\n", 0, e.start)
        start = max(0, text.rfind("\n\n", 0, max(0, start)))
        end = text.find("\n\n", e.end)
        if len(content(text[start : end if end >= 0 else len(text)]) & content(sentence)) >= _COMMON:
            return True
    return False
