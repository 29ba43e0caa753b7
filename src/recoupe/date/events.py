"""Clues of what the text knows: events that have come, who holds which office, how many members a block has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from recoupe.codebook.calendar import DatedEvent, EventMention
from recoupe.date.clue import Clue
from recoupe.date.view import View, days_of, label_before
from recoupe.model import Mention, Span
from recoupe.times import TimeExpression, TimeRef, resolve
from recoupe.values import When

# An office-holder is still called so for some days after the term.
_SLACK = timedelta(days=7)
_YEAR = timedelta(days=364)
_OFFICE = re.compile(r"\boffice:([\w-]+)")
# How far from its event a day of the week may stand and still be the event's, in characters.
_NEAR = 60


def event_clues(view: View) -> Iterator[Clue]:
    """All clues of known events, offices and members."""
    yield from _told(view)
    yield from _offices(view)
    yield from _members(view)
    for mention in view.events:
        yield from _year_left_out(view, mention)
        yield from _weekday(view, mention)


def _clue(view: View, rule: str, span: Span, options: tuple[When, ...]) -> Clue:
    return Clue(rule, view.said(span), span, "report", options)


def _told(view: View) -> Iterator[Clue]:
    """What has come is told as past: the report is no older than the latest of it. A state is told while it lasts."""
    best: tuple[date, Span] | None = None
    for mention in view.events:
        span = Span(mention.start, mention.end)
        if all(e.sort == "state" for e in mention.events):
            yield _clue(view, "state", span, tuple(e.when for e in mention.events))
            continue
        come = all(e.sort == "name" for e in mention.events) or view.tense(mention.start) == "past"
        come = come and not view.telling.doubted(mention.start, mention.end)
        first = min(e.when.first for e in mention.events if e.when.first is not None)
        if come and not _of_another_year(view, mention) and (best is None or first > best[0]):
            best = (first, span)
    if best is not None:
        yield _clue(view, "event", best[1], (When(best[0], None),))


def _of_another_year(view: View, mention: EventMention) -> bool:
    """Is there another year beside the name? Then another event of that name may be meant."""
    beside = (e.ref for e in _in_sentence(view, mention.start))
    years = {ref.year for ref in beside if ref.kind == "date" and ref.year is not None}
    return bool(years) and not any(e.when.first.year in years for e in mention.events if e.when.first is not None)


def _offices(view: View) -> Iterator[Clue]:
    """A person named with an office holds it, unless the words say that it is over or to come.

    A title before a family name alone ("President Obama") is kept for life; it only says that the term has begun. The
    latest come first: of terms that exclude each other those that are over are told as history.
    """
    seen: set[tuple[str, str]] = set()
    found: list[tuple[date, Clue]] = []
    for mention in view.reading.mentions:
        office = _OFFICE.search(mention.note)
        key = (str(mention.value), office[1] if office else "")
        if mention.type != "person" or office is None or key in seen or _former(view, mention):
            continue
        held = [t for t in view.context.terms if (t.person, t.office) == key]
        if held:
            seen.add(key)
            full = key[0].partition(":")[2].partition("-")[0] in view.said(mention.span).lower()
            ends = [t.until + _SLACK if t.until and full else None for t in held]
            options = tuple(When(t.since, end) for t, end in zip(held, ends, strict=True))
            found.append((min(t.since for t in held), _clue(view, "office", mention.span, options)))
    yield from (clue for _, clue in sorted(found, key=lambda f: f[0], reverse=True))


def _former(view: View, mention: Mention) -> bool:
    start = mention.span.start
    around = view.report.text[max(0, start - 20) : mention.span.end]
    return label_before(view.words, "former", around) >= 0


def _members(view: View) -> Iterator[Clue]:
    """How many members a block has tells the time in which it had so many."""
    seen: set[str] = set()
    for hits in view.words.members.scan(view.report.text):
        match, block = hits[0]
        number = view.words.number(match.group("n__1"))
        when = view.context.members.get(block, {}).get(number.low) if number else None
        if when is not None and match[0] not in seen:
            seen.add(match[0])
            yield _clue(view, "members", Span(*match.span()), (when,))


def _in_sentence(view: View, offset: int) -> list[TimeExpression]:
    sentence = view.sentence(offset)
    return [e for e in view.expressions if sentence.start <= e.start < sentence.end]


def _year_left_out(view: View, mention: EventMention) -> Iterator[Clue]:
    """An event told by its day or month without the year is not yet a year ago: where the text says the year nowhere.

    And where the day is that of writing, the report is of the event's own days.
    """
    sentence = view.said(view.sentence(mention.start))
    beside = _in_sentence(view, mention.start)
    if label_before(view.words, "again", sentence) >= 0 or any(e.ref.kind == "shift" for e in beside):
        return
    for e in beside:
        if not e.ref.yearless or e.ref.strict:
            continue
        fits = [event for event in mention.events if _agrees(e.ref, event)]
        if not fits:
            continue
        span = Span(min(e.start, mention.start), max(e.end, mention.end))
        if e.ref.deictic and view.tense_near(e.start, e.end) == "past":
            # The day of writing is one of the event's days.
            days = tuple(d for d in days_of(e.ref) if any(d.meet(event.when) for event in fits))
            yield _clue(view, "on-event", span, days)
        elif not any(_says_year(view, event) for event in fits):
            firsts = [event.when.first for event in fits if event.when.first is not None]
            yield _clue(view, "year-left-out", span, tuple(When(d, d + _YEAR) for d in firsts))


def _agrees(ref: TimeRef, event: DatedEvent) -> bool:
    first = event.when.first
    if first is None:
        return False
    when = resolve(TimeRef("date", year=first.year, month=ref.month, day=ref.day, months=ref.months), None)
    if when is None or when.first is None or when.meet(event.when) is None:
        return False
    return ref.weekday is None or ref.day is None or when.first.weekday() == ref.weekday


def _says_year(view: View, event: DatedEvent) -> bool:
    year = event.when.first.year if event.when.first else 0
    return re.search(rf"(?<!\d){year}(?!\d)", view.report.text) is not None


def _weekday(view: View, mention: EventMention) -> Iterator[Clue]:
    """A meeting, or an event of which there were several, and its day of the week: written within a week of it.

    Of the events that the words fit, those whose day it is are meant. An event that is one of a kind is often told as
    background, beside the weekday of something else; it is left out.
    """
    if len(mention.events) < 2 and not any(e.body for e in mention.events):
        return
    if view.tense(mention.start) == "future":
        return
    for e in _in_sentence(view, mention.start):
        far = max(mention.start - e.end, e.start - mention.end)
        if not e.ref.bare_weekday or e.ref.weekday is None or e.ref.direction is not None or far > _NEAR:
            continue
        days = [d for event in mention.events for d in days_on(event.when, e.ref.weekday)]
        if days:
            span = Span(min(e.start, mention.start), max(e.end, mention.end))
            yield _clue(view, "event-weekday", span, tuple(When(d, d + timedelta(days=6)) for d in days))


def days_on(when: When, weekday: int) -> list[date]:
    """The days of an interval, of up to two weeks, that fall on a weekday."""
    if when.first is None or when.last is None:
        return []
    days = (when.first + timedelta(days=k) for k in range(min((when.last - when.first).days + 1, 14)))
    return [d for d in days if d.weekday() == weekday]
