"""The calendar of dated events (`calendar.tsv`) and the names that a text may give them (`<lang>/calendar.tsv`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from recoupe.codebook.files import Files, Row
from recoupe.codebook.timephrases import ANY, BEFORE, Index, Phrase, Slot, compile_phrase
from recoupe.values import When


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """An event of the calendar.

    Sort: an `event` has come where it is told in the past, of a `name` nobody speaks before it has come, a `state` is
    told only while it lasts. `body` is whose meeting it is.
    """

    id: str
    when: When
    sort: str
    place: str
    body: str


@dataclass(frozen=True, slots=True)
class EventMention:
    """Words of a text that name an event of the calendar; of several events where the words fit several."""

    start: int
    end: int
    events: tuple[DatedEvent, ...]


@dataclass(frozen=True)
class Calendar:
    """Dated events by id, and the phrases that name them, by language and first word."""

    events: Mapping[str, DatedEvent] = field(default_factory=dict)
    phrases: Mapping[str, Index[tuple[str, ...]]] = field(default_factory=dict)

    def find(self, text: str, lang: str) -> list[EventMention]:
        """The events that `text` names, leftmost first, of those the longest; none overlap."""
        index = self.phrases.get(lang)
        found: list[EventMention] = []
        end = 0
        for hits in index.scan(text) if index else ():
            start, stop = hits[0][0].span()
            if start >= end:
                end = stop
                ids = dict.fromkeys(i for match, some in hits if match.end() == stop for i in some)
                found.append(EventMention(start, end, tuple(self.events[i] for i in ids)))
        return found


_WITHIN = Slot(r"(?!\w)[^.!?;\n]{1,120}?(?<!\w)", ANY)


def load_calendar(files: Files, langs: Sequence[str]) -> Calendar:
    """Reads `calendar.tsv` (the dates) and each `<lang>/calendar.tsv` (the names).

    Names are phrases (see `timephrases`) in which `…` stands for up to 120 characters of the same sentence. A name that
    stands at several events fits them all.
    """
    events: dict[str, DatedEvent] = {}
    for row in files.table("calendar.tsv", "id", "since", "until", "sort", "place", "body"):
        name, first, last = row.need("id"), _day(row, "since"), _day(row, "until")
        if name in events:
            row.mistake(f"the id {name!r} stands here twice")
        if first is None or (last is not None and last < first):
            row.mistake("expected a day since, and until no day before it")
            continue
        sort = row.one_of("sort", {"event", "name", "state"})
        events[name] = DatedEvent(name, When(first, last or first), sort, row["place"], row["body"])
    return Calendar(events, {lang: _event_names(files, lang, events) for lang in langs})


def _day(row: Row, column: str) -> date | None:
    try:
        return date.fromisoformat(row[column]) if row[column] else None
    except ValueError:
        row.mistake(f"expected {column} to be a day such as 2024-01-02, found {row[column]!r}")
        return None


def _event_names(files: Files, lang: str, events: Mapping[str, DatedEvent]) -> Index[tuple[str, ...]]:
    named: dict[str, dict[str, Row]] = {}
    for row in files.table(f"{lang}/calendar.tsv", "id", "names"):
        if row["id"] not in events:
            row.mistake(f"calendar.tsv has no event {row['id']!r}")
            continue
        for name in row.many("names"):
            named.setdefault(name, {})[row["id"]] = row
    found: list[tuple[Phrase, tuple[str, ...]]] = []
    for name, rows in named.items():
        try:
            slot = compile_phrase(name.replace(" … ", "{within}"), {"within": _WITHIN})
        except ValueError as error:
            next(iter(rows.values())).mistake(str(error))
            continue
        found.append((Phrase(BEFORE + slot.regex + r"(?!\w)", slot.heads), tuple(rows)))
    return Index(found)
