"""Time expressions: the notation of phrases, the finder in both languages, and what references come to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recoupe
from recoupe.codebook.calendar import Calendar, load_calendar
from recoupe.codebook.files import Files
from recoupe.codebook.timefinder import find_times
from recoupe.codebook.timephrases import DIGITS, Index, Phrase, Slot, compile_phrase, heads_of
from recoupe.codebook.times import TimeWords, load_times
from recoupe.times import TimeRef, resolve, span_of
from recoupe.values import When

BOOK = Path(recoupe.__file__).parent / "codebooks" / "assistance"
LANGS = ("fr", "en")


@lru_cache
def words(lang: str) -> TimeWords:
    files = Files(BOOK)
    loaded = load_times(files, lang)
    assert files.mistakes == []
    return loaded


@lru_cache
def calendar() -> Calendar:
    files = Files(BOOK)
    loaded = load_calendar(files, LANGS)
    assert files.mistakes == []
    return loaded


def told(lang: str, text: str, anchor: str | None = None) -> list[tuple[str, str | None]]:
    """What is found in a text, and what it comes to."""
    when = When.parse(anchor) if anchor else None
    found = []
    for e in find_times(text, words(lang), calendar()):
        resolved = resolve(e.ref, when)
        found.append((text[e.start : e.end], str(resolved) if resolved else None))
    return found


# The notation of phrases


SLOTS = {
    "n": Slot(r"\d+", frozenset({(DIGITS,)})),
    "unit": Slot("days?|weeks?", heads_of(["day", "days", "week", "weeks"])),
}


@pytest.mark.parametrize(
    ("phrase", "fits", "fails"),
    [
        ("{n} {unit} ago", ["3 days ago", "3\u00a0days\nago"], ["3days ago", "days ago", "3 days\n\nago"]),
        ("the? {unit} after", ["the day after", "week after"], ["theday after", "the after"]),
        ("(last|past) {unit}", ["last week", "past days"], ["last past week"]),
        ("l'an (dernier|passé)", ["l'an dernier", "l’an passé"], ["l an dernier"]),
        ("{unit}( {n}|, {n})?", ["day", "day 3", "day, 3"], ["day 3, 4"]),
        (r"{unit} \({n}\)", ["day (3)"], ["day 3"]),
    ],
)
def test_phrases_fit(phrase: str, fits: list[str], fails: list[str]) -> None:
    regex = compile_phrase(phrase, SLOTS).regex
    for text in fits:
        assert re.fullmatch(regex, text), text
    for text in fails:
        assert not re.fullmatch(regex, text), text


@pytest.mark.parametrize("phrase", ["(last", "last)", "the?", "{month} ago", "? ago", "(a|b?) c"])
def test_malformed_phrases_are_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"bracket|unexpected|optional|unknown slot"):
        compile_phrase(phrase, SLOTS)


def test_heads_are_the_first_two_words_that_a_phrase_can_begin_with() -> None:
    heads = compile_phrase("the? {n} {unit} ago", SLOTS).heads
    assert heads == {("the", DIGITS), *((DIGITS, u) for u in ("day", "days", "week", "weeks"))}


def test_the_index_gives_the_longest_first_and_equals_in_order() -> None:
    phrases = ["last week", "last week of", "(last|past) week"]
    things = [(Phrase(s.regex, s.heads), p) for p in phrases for s in [compile_phrase(p, SLOTS)]]
    (hits,) = Index(things).scan("it was LAST week of all")
    assert [thing for _, thing in hits] == ["last week of", "last week", "(last|past) week"]


# The codebook's files


def write(folder: Path, text: str) -> Files:
    (folder / "en").mkdir()
    (folder / "en" / "times.yaml").write_text(text, encoding="utf-8")
    return Files(folder)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("units: {}\natoms:\n  - {id: a, means: date, say: ['{moon}']}", 3, "unknown slot"),
        ("units: {}\natoms:\n  - {id: a, means: dance, say: ['{day}']}", 3, "expected means to be one of"),
        ("units:\n  fortnight: {one: [fortnight], many: []}\natoms: []", 2, "unknown unit"),
        ("units: {}\nmonths:\n  13: [undecember]\natoms: []", 3, "from 1 to 12"),
        ("units: {}\nperiods:\n  spring: [spring]\natoms: []", 3, "number of months"),
        ("units: {}\nvague:\n  some: many\natoms: []", 3, "expected a number"),
        ("units: {}\ntold:\n  past: ['(']\natoms: []", 3, "regular expression"),
        ("units: {}\natoms: []\nmoons: []", 3, "unknown key"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    files = write(tmp_path, text)
    load_times(files, "en")
    assert any(m.startswith(f"en/times.yaml:{line}: ") and says in m for m in files.mistakes), files.mistakes


def test_a_language_that_the_cldr_does_not_know_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "qq").mkdir()
    (tmp_path / "qq" / "times.yaml").write_text("units: {}\natoms: []\n", encoding="utf-8")
    files = Files(tmp_path)
    load_times(files, "qq")
    assert files.mistakes == ["qq/times.yaml:1: the CLDR knows no language 'qq'"]


def test_calendar_mistakes(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    head = "id\tsince\tuntil\tsort\tplace\tbody\n"
    (tmp_path / "calendar.tsv").write_text(head + "a\t2024-02-30\t\tevent\na\t2024-03-02\t2024-03-01\tevent\n", "utf-8")
    (tmp_path / "en" / "calendar.tsv").write_text("id\tnames\nb\tthe ball\n", "utf-8")
    files = Files(tmp_path)
    load_calendar(files, ["en"])
    assert len(files.mistakes) == 4
    assert files.mistakes[0].startswith("calendar.tsv:2: expected since to be a day")
    assert "until no day before it" in files.mistakes[2]
    assert files.mistakes[3] == "en/calendar.tsv:2: calendar.tsv has no event 'b'"


def test_every_event_has_a_name_in_some_language() -> None:
    named = {i for index in calendar().phrases.values() for _, ids in _things(index) for i in ids}
    assert named == set(calendar().events)
    assert len(named) >= 60


def _things(index: Index[tuple[str, ...]]) -> Iterator[tuple[Phrase, tuple[str, ...]]]:
    for seconds in index._table.values():
        for things in seconds.values():
            yield from things


def test_events_are_found_by_their_longest_name() -> None:
    (one,) = calendar().find("Nous étions au sommet de l’OTAN à Vilnius avec eux.", "fr")
    assert [e.id for e in one.events] == ["nato-vilnius"]
    (many,) = calendar().find("C’est la plus grande attaque aérienne depuis le début.", "fr")
    assert {e.id.rsplit("-", 2)[0] for e in many.events} == {"record-raid"}


# The finder

ABSOLUTE = [
    ("fr", "Signé le 2 janvier 2024 à Kiev", "le 2 janvier 2024", "2024-01-02"),
    ("fr", "Le mardi 2 janvier 2024 à 14h30, il parla", "Le mardi 2 janvier 2024 à 14h30", "2024-01-02"),
    ("fr", "(photo du 11.10.2023)", "11.10.2023", "2023-10-11"),
    ("fr", "Mis en ligne 28/08/2024 - 10:30", "28/08/2024", "2024-08-28"),
    ("fr", "daté 2024-01-02", "2024-01-02", "2024-01-02"),
    ("fr", "du 28 au 30 juin 2022", "du 28 au 30 juin 2022", "2022-06-28/2022-06-30"),
    ("fr", "de février 2010 à février 2014", "de février 2010 à février 2014", "2010-02/2014-02"),
    ("fr", "en 2023", "2023", "2023"),
    ("fr", "fin 2023", "fin 2023", "2023-10/2023-12"),
    ("fr", "au printemps 2022", "au printemps 2022", "2022-03/2022-05"),
    ("fr", "au premier trimestre 2024", "au premier trimestre 2024", "2024-01/2024-03"),
    ("fr", "en hiver 2022-2023", "en hiver 2022-2023", "2022-12/2023-02"),
    ("fr", "les années 90", "les années 90", "1990/1999"),
    ("fr", "jusqu'en 2026", "jusqu'en 2026", "../2026"),
    ("fr", "entre 2015 et 2020", "entre 2015 et 2020", "2015/2020"),
    ("fr", "l'accord de 2015", "2015", "2015"),
    ("fr", "la semaine du 5 mai 2025", "la semaine du 5 mai 2025", "2025-05-05/2025-05-11"),
    ("en", "Jan. 2, 2024: signed", "Jan. 2, 2024", "2024-01-02"),
    ("en", "on 21 February 2026", "21 February 2026", "2026-02-21"),
    (
        "en",
        "on Tuesday, January 2nd, 2024 at 3 p.m. local time",
        "Tuesday, January 2nd, 2024 at 3 p.m. local time",
        "2024-01-02",
    ),
    ("en", "On 2024-01-02 it rained", "2024-01-02", "2024-01-02"),
    ("en", "on 28/08/2024", "28/08/2024", "2024-08-28"),
    ("en", "between 14 and 15 December 2025", "between 14 and 15 December 2025", "2025-12-14/2025-12-15"),
    ("en", "on December 14 and 15, 2025", "December 14 and 15, 2025", "2025-12-14/2025-12-15"),
    ("en", "from 2010 to 2021", "from 2010 to 2021", "2010/2021"),
    ("en", "from February 2022 to March 2026", "from February 2022 to March 2026", "2022-02/2026-03"),
    ("en", "Since Feb. 24, 2022,", "Since Feb. 24, 2022", "2022-02-24/.."),
    ("en", "their 2014 annexation", "2014", "2014"),
    ("en", "in Q1 2024", "Q1 2024", "2024-01/2024-03"),
    ("en", "in the summer of 2023", "in the summer of 2023", "2023-06/2023-08"),
    ("en", "in March 2025", "March 2025", "2025-03"),
    ("en", "around 3 May 2024", "3 May 2024", "2024-04-30/2024-05-06"),
]


@pytest.mark.parametrize(("lang", "text", "found", "when"), ABSOLUTE)
def test_absolute_expressions_need_no_anchor(lang: str, text: str, found: str, when: str) -> None:
    ((said, resolved),) = told(lang, text)
    assert said == found
    assert When.parse(resolved or "..") == When.parse(when)


RELATIVE = [  # counted from Wednesday 28 August 2024
    ("fr", "ce mercredi (28 août 2024)", "2024-08-28"),
    ("fr", "aujourd’hui", "2024-08-28"),
    ("fr", "hier soir", "2024-08-27"),
    ("fr", "mardi matin", "2024-08-27"),
    ("fr", "jeudi dernier", "2024-08-22"),
    ("fr", "mardi prochain", "2024-09-03"),
    ("fr", "dans la nuit de lundi à mardi", "2024-08-26/2024-08-27"),
    ("fr", "la semaine dernière", "2024-08-19/2024-08-25"),
    ("fr", "le mois dernier", "2024-07"),
    ("fr", "l'an dernier", "2023"),
    ("fr", "cette année", "2024"),
    ("fr", "depuis deux semaines", "2024-08-14/2024-08-28"),
    ("fr", "ces deux dernières semaines", "2024-08-14/2024-08-28"),
    ("fr", "depuis le week-end", "2024-08-24/2024-08-28"),
    ("fr", "d'ici la fin de l'année", "2024-08-28/2024-12-31"),
    ("fr", "dans les prochains mois", "2024-08-28/2025-07-28"),
    ("fr", "dans l’année à venir", "2024-08-28/2025-08-28"),
    ("fr", "le 21 novembre", "2023-11-21"),
    ("fr", "le 31 mai dernier", "2024-05-31"),
    ("fr", "mercredi 28 août", "2024-08-28"),
    ("fr", "début juillet", "2024-07"),
    ("fr", "depuis début juillet", "2024-07-01/2024-08-28"),
    ("fr", "il y a deux ans", "2022"),
    ("fr", "il y a une quinzaine de jours", "2024-08-11/2024-08-15"),
    ("fr", "février de cette année", "2024-02"),
    ("fr", "ces dernières 24 heures", "2024-08-27/2024-08-28"),
    ("en", "Tuesday evening", "2024-08-27"),
    ("en", "last July", "2024-07"),
    ("en", "last week", "2024-08-19/2024-08-25"),
    ("en", "earlier this month", "2024-08"),
    ("en", "next spring", "2025-03/2025-05"),
    ("en", "overnight", "2024-08-27/2024-08-28"),
    ("en", "in the past two weeks", "2024-08-14/2024-08-28"),
    ("en", "since the weekend", "2024-08-24/2024-08-28"),
    ("en", "since Tuesday", "2024-08-27/2024-08-28"),
    ("en", "until 2026", "../2026"),
    ("en", "three days ago", "2024-08-25"),
    ("en", "twenty-one days ago", "2024-08-07"),
    ("en", "two months ago", "2024-06"),
    ("en", "December 14 and 15 last year", "2023-12-14/2023-12-15"),
    ("en", "by the end of the month", "2024-08-28/2024-08-31"),
    ("en", "this September", "2024-09"),
    ("en", "Monday and Tuesday", "2024-08-26/2024-08-27"),
]


@pytest.mark.parametrize(("lang", "text", "when"), RELATIVE)
def test_relative_expressions(lang: str, text: str, when: str) -> None:
    ((said, resolved),) = told(lang, f"Le fait : {text}." if lang == "fr" else f"They said: {text}.", "2024-08-28")
    assert said.lower() in text.lower()
    assert When.parse(resolved or "..") == When.parse(when)


SEQUELS = [  # counted from the date told before, Thursday 21 November 2024
    ("fr", "deux jours plus tard", "2024-11-23"),
    ("fr", "la veille", "2024-11-20"),
    ("fr", "au lendemain", "2024-11-22"),
    ("fr", "moins de 24 heures après", "2024-11-21/2024-11-22"),
    ("fr", "la semaine suivante", "2024-11-25/2024-12-01"),
    ("en", "two days later", "2024-11-23"),
    ("en", "the day before", "2024-11-20"),
    ("en", "less than 24 hours after", "2024-11-21/2024-11-22"),
    ("en", "the following month", "2024-12"),
    ("en", "the same day", "2024-11-21"),
]


@pytest.mark.parametrize(("lang", "text", "when"), SEQUELS)
def test_sequels_say_that_they_follow_another_date(lang: str, text: str, when: str) -> None:
    (e,) = find_times(text, words(lang))
    assert e.ref.kind == "sequel"
    assert resolve(e.ref, None) is None
    assert resolve(e.ref, When.parse("2024-11-21")) == When.parse(when)


FALSE_FRIENDS = [
    ("en", "They may march on; we march as of second thought."),
    ("en", "It cost 1,500 and then 2,024 more."),
    ("en", "He flew an F-16 past 2024 missiles and S-300 batteries."),
    ("en", "Nobody likes Mondays, and every Tuesday is the same."),
    ("en", "A day of mourning and a year of war, for the second time."),
    ("en", "On 30 February and on 31 June nothing happened."),
    ("en", "The score was 3/4 and version 2.10 came out."),
    ("en", "They met on Black Friday."),
    ("fr", "Il a été dit que tout avait été long et que rien n’a été fait."),
    ("fr", "La fusée vise mars et 2024 missiles ont été lancés."),
    ("fr", "Le char Leopard 2 et 1 500 obus pour 12,5 millions."),
    ("fr", "Tous les mardis et chaque jeudi."),
    ("fr", "Le 31 juin n’existe pas."),
]


@pytest.mark.parametrize(("lang", "text"), FALSE_FRIENDS)
def test_false_friends(lang: str, text: str) -> None:
    assert told(lang, text) == []


def test_a_month_that_is_also_a_verb_needs_a_frame() -> None:
    assert [said for said, _ in told("en", "May they march in May, or in March?")] == ["May", "March"]


def test_named_events_stand_in_frames_and_alone_are_no_time() -> None:
    text = "Depuis le début de l’invasion à grande échelle, rien. Le sommet de Vilnius fut long."
    assert told("fr", text) == [("Depuis le début de l’invasion à grande échelle", "2022-02-24/..")]


@given(
    st.text(alphabet=st.sampled_from("0123456789 .,:/-–'’()\nabdeilmnorstuvéû\ue000"), max_size=80),
    st.sampled_from(LANGS),
)
@settings(max_examples=150, deadline=None)
def test_what_is_found_lies_in_the_text_in_order(text: str, lang: str) -> None:
    end = 0
    for e in find_times(text, words(lang)):
        assert end <= e.start < e.end <= len(text)
        end = e.end


@given(
    st.lists(st.sampled_from([x[1] for x in (*ABSOLUTE, *RELATIVE)]), min_size=1, max_size=4), st.sampled_from(LANGS)
)
@settings(max_examples=100, deadline=None)
def test_any_mixture_is_resolved_or_left_open(parts: list[str], lang: str) -> None:
    for e in find_times(" ; ".join(parts), words(lang)):
        resolve(e.ref, None)
        resolve(e.ref, When.parse("2024-02/2024-03"))


# What references come to

ANY_DAY = st.dates(date(1999, 1, 1), date(2040, 12, 31))
REFS = [
    TimeRef("span", unit="day", shift=-1),
    TimeRef("span", unit="week", shift=-1),
    TimeRef("span", unit="week", direction="past"),
    TimeRef("span", unit="month"),
    TimeRef("span", unit="weekend", direction="past"),
    TimeRef("span", unit="year", part="late"),
    TimeRef("shift", unit="month", low=-3, high=-2),
    TimeRef("over", unit="week", low=-2, high=-2),
    TimeRef("date", weekday=1),
    TimeRef("date", weekday=1, direction="future", strict=True),
    TimeRef("date", weekday=1, direction="nearest"),
    TimeRef("date", month=11, day=21),
    TimeRef("date", month=2, day=29),
    TimeRef("date", month=7, direction="future"),
    TimeRef("date", months=(12, 3), direction="past", strict=True),
    TimeRef("date", month=5, day=3, direction="nearest"),
    TimeRef("since", start=TimeRef("date", weekday=4)),
    TimeRef("date", month=12, day=14, year_shift=-1),
]


@pytest.mark.parametrize("ref", REFS)
@given(first=ANY_DAY, width=st.integers(0, 300), inside=st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_an_interval_gives_all_that_its_days_give(ref: TimeRef, first: date, width: int, inside: int) -> None:
    day = first + timedelta(days=min(inside, width))
    whole = resolve(ref, When(first, first + timedelta(days=width)))
    one = resolve(ref, When.day(day))
    if one is not None and whole is not None:
        assert whole.meet(one) == one


@given(day=ANY_DAY, weekday=st.integers(0, 6))
def test_a_weekday_lies_within_the_week_before_or_after(day: date, weekday: int) -> None:
    ref = TimeRef("date", weekday=weekday)
    for direction, low, high in (("past", -6, 0), ("future", 0, 6), ("nearest", -3, 3)):
        found = resolve(ref.towards(direction), When.day(day))  # type: ignore[arg-type]
        assert found is not None
        assert found.first is not None
        assert found.first.weekday() == weekday
        assert low <= (found.first - day).days <= high


def test_without_an_anchor_only_what_is_absolute_is_known() -> None:
    assert [resolve(ref, None) for ref in REFS] == [None] * len(REFS)
    assert resolve(TimeRef("date", year=2024, month=2, day=29), None) == When.parse("2024-02-29")


def test_a_weekday_settles_the_year() -> None:
    thursday = TimeRef("date", month=8, day=4, weekday=3)
    assert resolve(thursday, When.parse("2021-01/2023-12")) == When.parse("2022-08-04")
    assert resolve(thursday, When.parse("2023-09-01")) is None
    assert resolve(TimeRef("date", month=8, day=4), When.parse("2021-01/2023-12")) is None


def test_an_open_anchor_leaves_that_side_open() -> None:
    assert resolve(TimeRef("span", unit="day", shift=-1), When.parse("../2024-01-03")) == When.parse("../2024-01-02")
    assert resolve(TimeRef("date", month=5), When.parse("../2024-01-03")) is None


def test_towards_leaves_alone_what_the_words_say_themselves() -> None:
    last = TimeRef("date", weekday=1, direction="past", strict=True)
    assert last.towards("future") == last
    earlier = TimeRef("span", unit="week", direction="past")
    assert earlier.towards("future") == earlier
    both = TimeRef("range", start=TimeRef("date", month=5), end=TimeRef("date", month=6)).towards("future")
    assert both.start == TimeRef("date", month=5, direction="future")


def test_what_lies_beyond_the_calendar_ends_with_it() -> None:
    (e,) = find_times("It was 999 decades ago.", words("en"))
    assert resolve(e.ref, When.parse("2024-08-28")) == When(date(1, 1, 1), date(10, 12, 31))


def test_ranges_share_what_one_end_says() -> None:
    may_to_june = TimeRef(
        "range", start=TimeRef("date", month=5, day=30), end=TimeRef("date", year=2024, month=6, day=2)
    )
    assert resolve(may_to_june, None) == When.parse("2024-05-30/2024-06-02")
    over_new_year = TimeRef(
        "range", start=TimeRef("date", year=2023, month=12, day=30), end=TimeRef("date", month=1, day=2)
    )
    assert resolve(over_new_year, None) == When.parse("2023-12-30/2024-01-02")


@pytest.mark.parametrize(
    ("unit", "shift", "when"),
    [
        ("week", 0, "2024-02-26/2024-03-03"),
        ("weekend", 0, "2024-03-02/2024-03-03"),
        ("month", -2, "2023-12"),
        ("quarter", 1, "2024-04/2024-06"),
        ("decade", -1, "2010/2019"),
    ],
)
def test_spans_are_units_of_the_calendar(unit: str, shift: int, when: str) -> None:
    assert When(*span_of(unit, date(2024, 2, 29), shift)) == When.parse(when)  # type: ignore[arg-type]


def test_a_phrase_that_counts_in_no_unit_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "times.yaml").write_text(
        "units: {day: {one: [day], many: [days]}}\n"
        "atoms:\n"
        "  - {id: bad, means: span, say: ['that evening']}\n"
        "  - {id: good, means: span, unit: day, say: ['that morning', 'the same {unit}']}\n"
    )
    files = Files(tmp_path)
    load_times(files, "en")
    (mistake,) = files.mistakes
    assert "'that evening' has no unit" in str(mistake)
    assert str(mistake).startswith("en/times.yaml:3")
