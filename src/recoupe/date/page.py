"""Clues of the page around the article: its address, its head, its date lines, its captions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain

from recoupe.codebook.timefinder import find_times
from recoupe.codebook.times import TimeWords
from recoupe.date.clue import Clue
from recoupe.date.view import DateContext, days_of, label_before
from recoupe.model import Dropped, Report, Span
from recoupe.times import TimeExpression, resolve
from recoupe.values import When

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]|$)")
_ADDRESS = re.compile(r"(?<!\d)(?P<y>20\d\d)[/-](?P<m>\d{1,2})(?:[/-](?P<d>\d{1,2}))?(?!\d)")
_ADDRESS_NAMED = re.compile(r"/(?P<y>20\d\d)/(?P<m>[a-zà-ÿ]{3,9})/(?P<d>\d{1,2})/", re.IGNORECASE)
_ADDRESS_RUN = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?:\d{4})?(?!\d)")
# Keys under which pages and crawlers give the date of publication, and of the visit.
PUBLISHED = ("date", "published", "date_published", "datepublished", "published_time", "pubdate", "publication_date")
FETCHED = ("fetched", "retrieved", "crawled", "accessed")
# The site's day may be one ahead of the crawler's (UTC).
_ZONES = timedelta(days=1)
# Words besides its date that a line without a label may have and still be a date line.
_SPARE = 8


def page_clues(report: Report, meta: Mapping[str, str], context: DateContext) -> Iterator[Clue]:
    """All clues outside the report's text. `meta` is what came beside the page."""
    url = meta.get("url") or report.url or ""
    fetched = _first_day(meta, FETCHED)
    yield from _address(url, context.times)
    if fetched is not None:
        yield Clue("fetched", fetched.isoformat(), None, "meta", (When(None, fetched + _ZONES),))
    published = _first_day(meta, PUBLISHED)
    if published is not None:
        yield Clue("meta-date", published.isoformat(), None, "meta", (When.day(published),))
    languages = [w for w in (context.times.get(report.lang), *context.times.values()) if w is not None]
    yield from _date_lines(report, languages, fetched)
    yield from _captions(report, languages)


def _first_day(meta: Mapping[str, str], keys: Sequence[str]) -> date | None:
    for key in keys:
        found = _ISO.match(meta.get(key, ""))
        if found is not None:
            try:
                return date.fromisoformat(found[1])
            except ValueError:
                continue
    return None


def _address(url: str, times: Mapping[str, TimeWords]) -> Iterator[Clue]:
    """A date in an address is that of publication; a month alone is too."""
    months = {name: number for words in times.values() for name, number in words.months.items()}
    found = None
    for m in chain(_ADDRESS_RUN.finditer(url), _ADDRESS_NAMED.finditer(url), _ADDRESS.finditer(url)):
        month = int(m["m"]) if m["m"].isdecimal() else months.get(m["m"].lower(), 0)
        try:
            day = m["d"]
            when = When.day(date(int(m["y"]), month, int(day))) if day else When.month(int(m["y"]), month)
        except ValueError:
            continue
        # The last one, unless it is less exact: a path leads from the month to the day.
        if found is None or day:
            found = Clue("address", m[0].strip("/"), None, "meta", (when,))
    if found is not None:
        yield found


def _date_lines(report: Report, languages: Sequence[TimeWords], fetched: date | None) -> Iterator[Clue]:
    title = next((report.to_page(b.span.start) for b in report.blocks if b.role == "title"), None)
    carried = ""
    for line in report.dropped:
        if line.reason == "date-line":
            found, carried = _line(line, languages, carried, fetched, title)
            yield from found
        elif line.reason == "other-date":
            carried = ""
            yield from _visit(line, languages, title)


def _line(
    line: Dropped, languages: Sequence[TimeWords], carried: str, fetched: date | None, title: int | None
) -> tuple[list[Clue], str]:
    """The clues of a date line, and the label that it leaves for the next where it has no date itself."""
    words, expressions = _read(line.text, languages)
    if not expressions:
        return [], _label(line.text, languages) or carried
    spare = len(re.findall(r"[^\W\d_]{2,}", _without(line.text, expressions)))
    clues: list[Clue] = []
    for e in expressions:
        label = _label(line.text[: e.start], languages) or carried
        if not label and (spare > _SPARE or (e.ref.year is None and spare > 2)):
            continue
        at, said = Span(line.start + e.start, line.start + e.end), line.text[e.start : e.end]
        options = days_of(e.ref)
        if not options and fetched is not None and e.ref.kind == "shift" and (when := resolve(e.ref, When.day(fetched))):
            options = (When(when.first, fetched if e.ref.unit == "hour" else when.last),)
        if not options:
            continue
        recurring = len(options) > 1
        if label == "updated":
            clues.append(Clue("updated-line", said, at, "page", tuple(When(None, o.last) for o in options), None, recurring))
        elif not label and title is not None and line.start < title and e.ref.weekday is not None and not _clocked(line, e):
            clues.append(Clue("visit-date", said, at, "page", tuple(When(None, o.last) for o in options), None, recurring))
        else:
            clues.append(Clue("published-line" if label else "date-line", said, at, "page", options, None, recurring))
    return clues, ""


def _label(text: str, languages: Sequence[TimeWords]) -> str:
    """The last label in a run of a line: `published`, `updated` or none."""
    ends = {name: max(label_before(words, name, text) for words in languages) for name in ("published", "updated")}
    best = max(ends, key=lambda name: ends[name])
    return best if ends[best] >= 0 else ""


def _read(text: str, languages: Sequence[TimeWords]) -> tuple[TimeWords | None, list[TimeExpression]]:
    """The dates of a line, in the first language that finds one: pages label their dates in their software's language."""
    for words in languages:
        found = [e for e in find_times(text, words) if e.ref.kind == "shift" or days_of(e.ref)]
        if found:
            return words, found
    return None, []


def _without(text: str, expressions: Sequence[TimeExpression]) -> str:
    kept, at = [], 0
    for e in expressions:
        kept.append(text[at : e.start])
        at = e.end
    return " ".join((*kept, text[at:]))


def _clocked(line: Dropped, e: TimeExpression) -> bool:
    """Does a time of day stand with the date? No page tells its visitor the hour."""
    return re.search(r"\d[:h]\d\d", line.text) is not None


def _visit(line: Dropped, languages: Sequence[TimeWords], title: int | None) -> Iterator[Clue]:
    """A day of the week and a date above the title are the visitor's day: the article is no younger."""
    if title is None or line.start >= title:
        return
    _, expressions = _read(line.text, languages)
    for e in expressions:
        if e.ref.weekday is not None and e.ref.year is not None:
            at = Span(line.start + e.start, line.start + e.end)
            yield Clue("visit-date", line.text[e.start : e.end], at, "page", tuple(When(None, o.last) for o in days_of(e.ref)))


def _captions(report: Report, languages: Sequence[TimeWords]) -> Iterator[Clue]:
    """What a picture shows has happened; the latest of them counts."""
    best: Clue | None = None
    for line in report.dropped:
        if line.reason not in ("caption", "photo-credit"):
            continue
        _, expressions = _read(line.text, languages)
        for e in expressions:
            if e.ref.year is None or not (options := days_of(e.ref)):
                continue
            at = Span(line.start + e.start, line.start + e.end)
            clue = Clue("caption", line.text[e.start : e.end], at, "page", (When(options[0].first, None),))
            if best is None or _since(clue) > _since(best):
                best = clue
    if best is not None:
        yield best


def _since(clue: Clue) -> date:
    return clue.options[0].first or date.min
