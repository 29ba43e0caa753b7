"""Clues of the page around the article: its address, its head, its date lines, its captions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from recoupe.codebook.timefinder import find_times
from recoupe.codebook.times import TimeWords
from recoupe.date.clue import Clue
from recoupe.date.text import is_dateline, next_day
from recoupe.date.view import YEARS, DateContext, days_of, label_before
from recoupe.model import Dropped, Note, Report, Span
from recoupe.times import TimeExpression, resolve
from recoupe.values import When

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]|$)")
_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2})(?::?\d{2}){0,2}(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?")
# Hours by which the clocks of most newsrooms in the languages that are read run ahead of UTC, and behind it.
_EAST, _WEST = 3, 5
_COMPACT = re.compile(r"(20\d\d|19\d\d)/?(0[1-9]|1[0-2])/?(0[1-9]|[12]\d|3[01])(?:\D.*|\d{6})?$")
# From September 2001 on, with or without milliseconds.
_UNIX = re.compile(r"([1-3]\d{9})(?:\d{3})?(?:\.\d+)?")
_LONGEST_DATE = 100  # characters
_ADDRESS = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<sep>[/-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)")
_ADDRESS_MONTH = re.compile(r"/(?P<y>20\d\d)/(?P<m>\d{1,2})/")
_ADDRESS_BACK = re.compile(r"(?<!\d)(?P<a>\d{2})-(?P<b>\d{2})-(?P<y>20\d\d)(?!\d)")
_ADDRESS_NAMED = re.compile(r"/(?P<y>20\d\d)/(?P<m>[a-zà-ÿ]{3,9})/(?P<d>\d{1,2})/", re.IGNORECASE)
_ADDRESS_RUN = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?:\d{4})?(?!\d)")
# Keys under which pages and crawlers give the date of publication, and of the visit.
PUBLISHED = ("date", "published", "date_published", "datepublished", "published_time", "pubdate", "publication_date")
FETCHED = ("fetched", "retrieved", "crawled", "accessed")
# Why a line at the head of an article that is no date line may have been left out of its text.
_OF_HEAD = ("menu", "byline", "short-line")
_LONGEST_LINE = 150  # characters
_AGENCY = re.compile(r"\([^()]{2,40}\)\s*[-–—]\s*$")
# The site's day may be one ahead of the crawler's (UTC).
_ZONES = timedelta(days=1)
# Words besides its date that a line without a label may have and still be a date line.
_SPARE = 8


def page_clues(report: Report, meta: Mapping[str, str], context: DateContext) -> Iterator[Clue]:
    """All clues outside the report's text. `meta` is what came beside the page."""
    url = meta.get("url") or report.url or ""
    languages = [w for w in (context.times.get(report.lang), *context.times.values()) if w is not None]
    fetched = _first_day(meta, FETCHED, languages)
    yield from _address(url, context.times)
    yield from _markup(report.notes)
    if fetched is not None:
        yield Clue("fetched", fetched.isoformat(), None, "meta", (When(None, fetched + _ZONES),))
    published = _first_day(meta, PUBLISHED, languages)
    if published is not None:
        yield Clue("meta-date", published.isoformat(), None, "meta", (When.day(published),))
    yield from _date_lines(report, languages, fetched)
    yield from _captions(report, languages)


def _markup(notes: Sequence[Note]) -> Iterator[Clue]:
    """What the page's markup says of its article's publication and update; the most trusted note of each counts."""
    for name, rule in (("published", "markup-published"), ("modified", "markup-modified")):
        for note in notes:
            if note.name == name and (days := _days(note.value)):
                options = days if name == "published" else (When(None, days[-1].last),)
                yield Clue(rule, f"{note.source}: {note.value}", note.at, "page", options)
                break


def _days(stamp: str) -> tuple[When, ...]:
    """The days that a time stamp may mean where the page was published: its own day, and where it is in UTC and near
    midnight the day that it was then in the time zones of most readers; none for what is no time stamp.
    """
    found = _STAMP.match(stamp)
    try:
        day = date.fromisoformat(found[1]) if found else parsedate_to_datetime(stamp).date()
    except (ValueError, OverflowError):
        return ()
    if day.year not in YEARS:
        return ()  # what software writes for no date: the first day of an era
    if found and found[3] in ("Z", "+00:00", "+0000") and found[2]:
        hour = int(found[2])
        if hour >= 24 - _EAST:
            return When.day(day), When.day(day + timedelta(days=1))
        if hour < _WEST:
            return When.day(day - timedelta(days=1)), When.day(day)
    return (When.day(day),)


def _first_day(meta: Mapping[str, str], keys: Sequence[str], languages: Sequence[TimeWords]) -> date | None:
    """The day that the first key gives which gives one."""
    days = (_day(meta[key].strip(), languages) for key in keys if meta.get(key))
    return next((day for day in days if day is not None and day.year in YEARS), None)


def _day(value: str, languages: Sequence[TimeWords]) -> date | None:
    """The day that a crawler or a table wrote: ISO 8601 with or without hyphens, seconds or milliseconds of Unix time,
    as mail and HTTP write it (RFC 5322), or in words; None for what says no day.
    """
    if found := _COMPACT.match(value):
        value = "-".join(found.groups())
    try:
        if found := _ISO.match(value):
            return date.fromisoformat(found[1])
        if found := _UNIX.fullmatch(value):
            return datetime.fromtimestamp(int(found[1]), UTC).date()
        return parsedate_to_datetime(value).date()
    except (ValueError, OverflowError):
        pass
    days = [d for e in _read(value[:_LONGEST_DATE], languages) for d in days_of(e.ref)]
    return days[0].first if len(days) == 1 else None


def _address(url: str, times: Mapping[str, TimeWords]) -> Iterator[Clue]:
    """A date in an address is that of publication; a month alone is too. The last full date counts."""
    months = {name: number for words in times.values() for name, number in words.months.items()}
    found: list[tuple[int, int, str, set[When]]] = []
    for pattern in (_ADDRESS, _ADDRESS_RUN, _ADDRESS_NAMED, _ADDRESS_MONTH, _ADDRESS_BACK):
        for m in pattern.finditer(url):
            options = set(_in_address(m.groupdict(), months))
            if options:
                found.append((pattern is not _ADDRESS_MONTH, m.start(), m[0].strip("/"), options))
    if found:
        _, _, words, options = max(found, key=lambda f: f[:2])
        yield Clue("address", words, None, "meta", tuple(sorted(options, key=str)))


def _in_address(parts: Mapping[str, str], months: Mapping[str, int]) -> Iterator[When]:
    """The dates that an address may mean: where day and month come first, both orders are in use."""
    year = int(parts["y"])
    if "a" in parts:
        pairs = [(int(parts["b"]), int(parts["a"])), (int(parts["a"]), int(parts["b"]))]
    else:
        month = int(parts["m"]) if parts["m"].isdecimal() else months.get(parts["m"].lower(), 0)
        pairs = [(month, int(parts.get("d", 0)))]
    for month, day in pairs:
        try:
            yield When.day(date(year, month, day)) if day else When.month(year, month)
        except ValueError:
            continue


@dataclass(frozen=True, slots=True)
class _Article:
    """Where in the page the article has its title (None without one) and its end."""

    title: int | None
    end: int

    @classmethod
    def of(cls, report: Report) -> _Article:
        title = next((report.to_page(b.span.start) for b in report.blocks if b.role == "title"), None)
        return cls(title, max((page + length for _, page, length in report.pieces), default=0))


def _date_lines(report: Report, languages: Sequence[TimeWords], fetched: date | None) -> Iterator[Clue]:
    article = _Article.of(report)
    carried, dated = "", False
    for line in report.dropped:
        if line.reason == "date-line":
            found, carried = _line(line, languages, carried, fetched, article)
            dated = dated or any(clue.rule in ("published-line", "date-line") for clue in found)
            yield from found
        elif line.reason == "byline":  # "By A. B. | 15.03.2024, 06:30"
            yield from _line(line, languages, "", fetched, article)[0]
        elif line.reason == "menu":  # a dateline on a line of its own
            yield from _lone_dateline(line, languages)
        elif line.reason == "other-date":
            carried = ""
            yield from _visit(line, languages, article)
    if not dated:
        yield from _head_lines(report, languages, article)


def _head_lines(report: Report, languages: Sequence[TimeWords], article: _Article) -> Iterator[Clue]:
    """The only full date in a line of names or the like between the title and the text is the article's where it has
    no date line, and so is an agency's right above them.
    """
    if article.title is None:
        return
    body = min((report.to_page(b.span.start) for b in report.blocks if b.role != "title"), default=0)
    for line in report.dropped:
        agency = bool(_AGENCY.search(line.text)) and article.title - line.start < _LONGEST_LINE
        if line.start > body or not (agency or (line.reason in _OF_HEAD and line.start > article.title)):
            continue
        dates = [(e, days) for e in _read(line.text, languages) if e.ref.year is not None and (days := days_of(e.ref))]
        if len(dates) == 1 and len(line.text) < _LONGEST_LINE:
            e, days = dates[0]
            if agency:  # sent that day, it may be printed on the next
                days = tuple(When(d.first, d.last and d.last + timedelta(days=1)) for d in days)
            yield _page_clue("dateline" if agency else "date-line", line, e, days)


def _line(
    line: Dropped, languages: Sequence[TimeWords], carried: str, fetched: date | None, article: _Article
) -> tuple[list[Clue], str]:
    """The clues of a date line, and the label that it leaves for the next where it has no date itself."""
    expressions = _read(line.text, languages)
    if not expressions:
        return [], _label(line.text, languages) or carried
    spare = len(re.findall(r"[^\W\d_]{2,}", _without(line.text, expressions)))
    clues: list[Clue] = []
    for e in expressions:
        label = _label(line.text[: e.start], languages) or carried
        if not label and (spare > _SPARE or (e.ref.year is None and spare > 2)):
            continue
        options = days_of(e.ref) or _counted_back(e, fetched)
        if options:
            clues.append(_page_clue(_rule(line, e, label, article), line, e, options))
    return clues, ""


def _lone_dateline(line: Dropped, languages: Sequence[TimeWords]) -> Iterator[Clue]:
    for e in _read(line.text, languages):
        if e.ref.year is not None and is_dateline(line.text, e.start, e.end):
            for day in days_of(e.ref):
                yield _page_clue("dateline", line, e, (When(day.first, next_day(day.first)),))


def _rule(line: Dropped, e: TimeExpression, label: str, article: _Article) -> str:
    """Whose date a line says: the article's, its update's, the visitor's or, below the article, perhaps a comment's."""
    if label:
        return f"{label}-line"
    if line.start >= article.end:
        return "end-line"
    above = article.title is not None and line.start < article.title
    return "visit-date" if above and e.ref.weekday is not None and not _clocked(line) else "date-line"


def _page_clue(rule: str, line: Dropped, e: TimeExpression, options: tuple[When, ...]) -> Clue:
    """The clue of a date of the page; the article is no younger than its update, its comments or its visitor."""
    if rule in ("updated-line", "end-line", "visit-date"):
        options = tuple(When(None, o.last) for o in options)
    at = Span(line.start + e.start, line.start + e.end)
    return Clue(rule, line.text[e.start : e.end], at, "page", options, None, len(options) > 1)


def _counted_back(e: TimeExpression, fetched: date | None) -> tuple[When, ...]:
    """ "3 hours ago", counted from the visit."""
    when = resolve(e.ref, When.day(fetched)) if fetched is not None and e.ref.kind == "shift" else None
    if when is None:
        return ()
    return (When(when.first, fetched if e.ref.unit == "hour" else when.last),)


def _label(text: str, languages: Sequence[TimeWords]) -> str:
    """The last label in a run of a line: `published`, `updated` or none."""
    ends = {name: max(label_before(words, name, text) for words in languages) for name in ("published", "updated")}
    best = max(ends, key=lambda name: ends[name])
    return best if ends[best] >= 0 else ""


def _read(text: str, languages: Sequence[TimeWords]) -> list[TimeExpression]:
    """The dates of a line, in the first language that finds one: pages speak their software's language as well."""
    for words in languages:
        found = [e for e in find_times(text, words) if e.ref.kind == "shift" or days_of(e.ref)]
        if found:
            return found
    return []


def _without(text: str, expressions: Sequence[TimeExpression]) -> str:
    kept, at = [], 0
    for e in expressions:
        kept.append(text[at : e.start])
        at = e.end
    return " ".join((*kept, text[at:]))


def _clocked(line: Dropped) -> bool:
    """Does a time of day stand with the date? No page tells its visitor the hour."""
    return re.search(r"\d[:h]\d\d", line.text) is not None


def _visit(line: Dropped, languages: Sequence[TimeWords], article: _Article) -> Iterator[Clue]:
    """A day of the week and a date above the title are the visitor's day: the article is no younger."""
    if article.title is None or line.start >= article.title:
        return
    for e in _read(line.text, languages):
        if e.ref.weekday is not None and e.ref.year is not None:
            yield _page_clue("visit-date", line, e, days_of(e.ref))


def _captions(report: Report, languages: Sequence[TimeWords]) -> Iterator[Clue]:
    """What a picture shows has happened; the latest of them counts."""
    best: Clue | None = None
    for line in report.dropped:
        if line.reason not in ("caption", "photo-credit"):
            continue
        for e in _read(line.text, languages):
            options = days_of(e.ref) if e.ref.year is not None else ()
            if not options:
                continue
            clue = _page_clue("caption", line, e, (When(options[0].first, None),))
            if best is None or _since(clue) > _since(best):
                best = clue
    if best is not None:
        yield best


def _since(clue: Clue) -> date:
    return clue.options[0].first or date.min
