"""What time expressions come to in TIMEX3's notation, alone and in their text."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from recoupe.cli import app
from recoupe.codebook import default_codebook
from recoupe.codebook.timefinder import find_expressions, find_times
from recoupe.date.expressions import tell
from recoupe.times import TimeRef, resolve
from recoupe.timex import timex
from recoupe.values import When

WEDNESDAY = "2024-03-06"


def told(lang: str, text: str, published: str | None = WEDNESDAY) -> list[tuple[str, str, str]]:
    """The expressions of a text: words, type, value."""
    book = default_codebook()
    when = When.parse(published) if published else None
    return [(t.text, t.type, t.value) for t in tell(text, book.languages[lang].times, book.calendar, when)]


@pytest.mark.parametrize(
    ("text", "words", "kind", "value"),
    [
        ("They left on Tuesday.", "Tuesday", "DATE", "2024-03-05"),
        ("They will meet on Tuesday.", "Tuesday", "DATE", "2024-03-12"),
        ("It began in July 2022.", "July 2022", "DATE", "2022-07"),
        ("They came last week.", "last week", "DATE", "2024-W09"),
        ("They met over the weekend.", "the weekend", "DATE", "2024-W09-WE"),
        ("Sales fell in the fourth quarter.", "the fourth quarter", "DATE", "2023-Q4"),
        ("It was hot last summer.", "last summer", "DATE", "2023-SU"),
        ("Three days ago a bridge fell.", "Three days ago", "DATE", "2024-03-03"),
        ("Prices rose in the 1990s.", "the 1990s", "DATE", "199"),
        ("A few years ago nobody knew.", "A few years ago", "DATE", "PAST_REF"),
        ("The works lasted two and a half years.", "two and a half years", "DURATION", "P2Y6M"),
        ("It took half an hour.", "half an hour", "DURATION", "PT30M"),
        ("The two-week truce holds.", "two-week", "DURATION", "P2W"),
        ("Over the past three months prices fell.", "the past three months", "DURATION", "P3M"),
        ("Over the past year prices fell.", "the past year", "DATE", "2023"),
        ("They had waited for months.", "months", "DURATION", "PXM"),
        ("The rocks are 2.5 million years old or 1,200 years younger.", "1,200 years", "DURATION", "P1200Y"),
        ("Trains run every two hours.", "every two hours", "SET", "PT2H"),
        ("The market opens on Mondays.", "Mondays", "SET", "XXXX-WXX-1"),
        ("The market opens each summer.", "each summer", "SET", "XXXX-SU"),
        ("He checks it twice a week.", "twice a week", "SET", "P1W"),
        ("Shelling began at 9 p.m. on the ridge.", "9 p.m.", "TIME", "2024-03-06T21:00"),
        ("Shelling began at 12:30 am.", "12:30 am", "TIME", "2024-03-06T00:30"),
        ("They met on Friday morning.", "Friday morning", "TIME", "2024-03-01TMO"),
        ("Last night a drone fell.", "Last night", "TIME", "2024-03-05TNI"),
        ("They are now in Kyiv.", "now", "DATE", "PRESENT_REF"),
        ("In the near future it may change.", "the near future", "DATE", "FUTURE_REF"),
        ("It dates from the 19th century.", "the 19th century", "DATE", "18"),
        ("It fell in the late nineties.", "the late nineties", "DATE", "199"),
        ("It is due by year-end.", "year-end", "DATE", "2024"),
        ("It fell on Monday of last week.", "Monday of last week", "DATE", "2024-02-26"),
        ("They met on Tuesday the 27th.", "Tuesday the 27th", "DATE", "2024-02-27"),
        ("A year and a half ago it closed.", "A year and a half ago", "DATE", "2022-09"),
        ("Half an hour ago it closed.", "Half an hour ago", "TIME", "2024-03-06"),
        ("The week before last it closed.", "The week before last", "DATE", "2024-W08"),
        ("Drones came overnight on 3-4 March.", "4 March", "DATE", "2024-03-04"),
        ("In the year ended 31 March sales fell.", "the year", "DURATION", "P1Y"),
        ("It rose from the year-ago figure.", "the year-ago", "DATE", "2023"),
        ("It takes a couple of years.", "a couple of years", "DURATION", "P2Y"),
        ("It took several decades.", "several decades", "DURATION", "PXDE"),
        ("They fired at dawn.", "dawn", "TIME", "2024-03-06TMO"),
        ("The siren went off at 15:40.", "15:40", "TIME", "2024-03-06T15:40"),
        ("It began in January and March 2022.", "January", "DATE", "2022-01"),
    ],
)
def test_english(text: str, words: str, kind: str, value: str) -> None:
    assert (words, kind, value) in told("en", text)


@pytest.mark.parametrize(
    ("text", "words", "kind", "value"),
    [
        ("Ils sont partis mardi.", "mardi", "DATE", "2024-03-05"),
        ("Ils se réuniront mardi.", "mardi", "DATE", "2024-03-12"),
        ("Le texte a été signé fin 2023.", "fin 2023", "DATE", "2023"),
        ("Il y a trois jours, un pont est tombé.", "Il y a trois jours", "DATE", "2024-03-03"),
        ("Il a plu pendant deux ans et demi.", "deux ans et demi", "DURATION", "P2Y6M"),
        ("La réunion a duré une demi-heure.", "une demi-heure", "DURATION", "PT30M"),
        ("Le site a 1 200 ans ; il a fermé 1 200 jours.", "1 200 jours", "DURATION", "P1200D"),
        ("Elle ouvre tous les jours.", "tous les jours", "SET", "P1D"),
        ("Le marché se tient chaque lundi.", "chaque lundi", "SET", "XXXX-WXX-1"),
        ("Le tir a eu lieu à 14 h 30.", "14 h 30", "TIME", "2024-03-06T14:30"),
        ("Il est arrivé mardi soir.", "mardi soir", "TIME", "2024-03-05TEV"),
        ("Ils sont désormais à Kyiv.", "désormais", "DATE", "PRESENT_REF"),
        ("Le palais date du XIXe siècle.", "XIXe siècle", "DATE", "18"),
        ("Il a été condamné à une peine de dix ans.", "dix ans", "DURATION", "P10Y"),
        ("La saison 2009-2010 fut rude.", "2010", "DATE", "2010"),
        ("Elle a crû dans les années quatre-vingt-dix.", "les années quatre-vingt-dix", "DATE", "199"),
        ("Il est tombé lundi de la semaine dernière.", "lundi de la semaine dernière", "DATE", "2024-02-26"),
        ("Il y a deux ans et demi, il a fermé.", "Il y a deux ans et demi", "DATE", "2021-09"),
        ("Dans la nuit du 3 au 4 mars, il a plu.", "4 mars", "DATE", "2024-03-04"),
        ("La sirène a retenti à 15:40.", "15:40", "TIME", "2024-03-06T15:40"),
        ("Ils ont tiré au lever du jour.", "lever du jour", "TIME", "2024-03-06TMO"),
        ("Cette nuit, un drone est tombé.", "Cette nuit", "TIME", "2024-03-05TNI"),
        ("Le 2 mars 3 soldats sont morts.", "Le 2 mars", "DATE", "2024-03-02"),
        ("Le marché se tient les lundis.", "les lundis", "SET", "XXXX-WXX-1"),
    ],
)
def test_french(text: str, words: str, kind: str, value: str) -> None:
    assert (words, kind, value) in told("fr", text)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The 32-year-old driver and a boy, 2 years old, were hurt."),
        ("en", "A second group stood at a quarter of the height."),
        ("fr", "Un homme de 49 ans et une fillette âgée de 6 ans sont blessés."),
        ("fr", "Jean Dupont, 45 ans, est maire ; Anne (38 ans) le suit."),
        ("fr", "Le projet a été annulé, sans précédent."),
    ],
)
def test_what_is_no_time_is_none(lang: str, text: str) -> None:
    assert told(lang, text) == []


def test_a_sequel_counts_from_the_date_before_it() -> None:
    text = "The bridge fell on 12 May 2022. Two days later a second one fell, and the day before, a road was cut."
    assert told("en", text)[1:] == [("Two days later", "DURATION", "P2D"), ("the day before", "DATE", "2022-05-13")]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Two days after the Vilnius summit they paid."),
        ("fr", "Deux jours après le sommet de Vilnius, ils payèrent."),
    ],
)
def test_a_sequel_counts_from_the_event_that_it_names(lang: str, text: str) -> None:
    book = default_codebook()
    times = find_times(text, book.languages[lang].times, book.calendar)
    assert [str(resolve(e.ref, None)) for e in times] == ["2023-07-13/2023-07-14"]


@pytest.mark.parametrize(
    ("lang", "text", "words", "value", "when"),
    [
        ("en", "On 4 March a bridge fell. A day after the flood began, help came.", "A day after", "XXXX-XX-XX", None),
        ("en", "On 4 March a bridge fell. They left on the eve of the flood.", "the eve of", "XXXX-XX-XX", None),
        ("en", "On 4 March it fell. They met the week before the vote.", "the week before", "XXXX-WXX", None),
        ("en", "On 4 March it fell. They met two days before he left.", "two days before", "XXXX-XX-XX", None),
        ("en", "Two days later they left.", "Two days later", "P2D", None),
        ("en", "They met 2 days after the 2023 Vilnius summit.", "2 days after", "P2D", "2023-07-13/2023-07-14"),
        ("en", "Three days after Russia's full-scale invasion they left.", "Three days after", "P3D", "2022-02-27"),
        ("en", "It fell the day before Christmas.", "the day before", "2023-12-24", "2023-12-24"),
        ("en", "It fell the Monday after Christmas.", "the Monday after", "2024-01-01", "2024-01-01"),
        ("en", "It fell the day after yesterday's vote.", "the day after", "2024-03-06", "2024-03-06"),
        ("fr", "Le 4 mars, il part. Un mois après l'attaque, ils votent.", "Un mois après", "P1M", None),
        ("fr", "Le 4 mars, il part. Le lendemain de l'attaque, ils votent.", "Le lendemain", "XXXX-XX-XX", None),
        ("fr", "Le 4 mars, il part. Le surlendemain, ils votent.", "Le surlendemain", "2024-03-06", "2024-03-06"),
        ("fr", "Un an après le début de l'invasion russe, il parle.", "Un an après", "P1Y", "2023"),
        ("fr", "Il est venu à la veille du sommet de Vilnius.", "la veille", "2023-07-10/2023-07-11",
         "2023-07-10/2023-07-11"),
    ],
)  # fmt: skip
def test_a_sequel_that_names_what_it_counts_from_counts_from_nothing_else(
    lang: str, text: str, words: str, value: str, when: str | None
) -> None:
    book = default_codebook()
    found = {t.text: t for t in tell(text, book.languages[lang].times, book.calendar, When.parse(WEDNESDAY))}[words]
    assert (found.value, str(found.when) if found.when else None) == (value, when)
    assert (found.anchor is None) == (when is None)


def test_a_year_from_a_part_of_a_year_is_that_part_of_another() -> None:
    text = "Profit rose to 3 million in the third quarter of 2023 from 2 million a year earlier."
    assert told("en", text)[-1] == ("a year earlier", "DATE", "2022-Q3")


@pytest.mark.parametrize(
    "text", ["At 10:35 a.m. on Friday a shell fell.", "On Friday, at about 10:35 a.m., a shell fell."]
)
def test_an_hour_is_of_the_day_told_beside_it(text: str) -> None:
    assert "2024-03-01T10:35" in [value for _, _, value in told("en", text)]


def test_a_date_without_its_year_is_the_near_one() -> None:
    assert told("en", "It is payable on April 15.")[0][2] == "2024-04-15"
    assert told("en", "It was paid on February 15.")[0][2] == "2024-02-15"
    assert told("en", "It was paid on September 15.")[0][2] == "2023-09-15"


def test_from_an_interval_comes_an_interval_and_never_a_day() -> None:
    assert told("en", "They left on Tuesday.", "2024-03-04/2024-03-08") == [
        ("Tuesday", "DATE", "2024-02-27/2024-03-05")
    ]
    assert told("en", "They left on Tuesday.", "2024-03-05/2024-03-08") == [("Tuesday", "DATE", "2024-03-05")]
    assert told("en", "They left last year.", "2024-03-05/2024-11-08") == [("last year", "DATE", "2023")]


def test_without_a_date_what_is_unknown_is_x() -> None:
    values = [value for _, _, value in told("en", "On Tuesday, in July, on 5 May, last week and yesterday.", None)]
    assert values == ["XXXX-WXX-2", "XXXX-07", "XXXX-05-05", "XXXX-WXX", "XXXX-XX-XX"]


def test_what_places_nothing_is_in_no_claims_times() -> None:
    book = default_codebook()
    words = book.languages["en"].times
    text = "They have now worked for three years, every day, since July 2022."
    assert [text[e.start : e.end] for e in find_times(text, words)] == ["since July 2022"]
    atoms = [text[e.start : e.end] for e in find_expressions(text, words).atoms]
    assert atoms == ["now", "three years", "every day", "July 2022"]


def test_a_duration_of_many_years_has_its_number_in_full() -> None:
    assert timex(TimeRef("duration", unit="year", length=Decimal("13.8E9")), None).value == "P13800000000Y"


REFS = st.builds(
    TimeRef,
    kind=st.sampled_from(["span", "shift", "over", "duration", "set", "vague"]),
    unit=st.sampled_from(["minute", "hour", "day", "week", "weekend", "month", "quarter", "year", "decade", "century"]),
    shift=st.integers(-3, 3),
    low=st.integers(0, 5),
    high=st.integers(5, 9),
    direction=st.sampled_from(["past", "future", "nearest"]),
    half=st.booleans(),
)


@given(REFS, st.dates() | st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 40))
def test_every_expression_has_a_value_whatever_the_anchor(ref: TimeRef, day: date, width: int) -> None:
    anchor = When(day, date.fromordinal(min(day.toordinal() + width, date.max.toordinal())))
    for when in (None, When.day(day), anchor):
        made = timex(ref, when)
        assert made.value
        assert made.type in ("DATE", "TIME", "DURATION", "SET")


@given(st.text(alphabet="1234567890 ,.apmhYyearsdaysIVXe-'\n", max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    for lang in ("fr", "en"):
        for words, _, value in told(lang, text):
            assert words in text
            assert value


# The command


def run(*arguments: str, stdin: str | None = None) -> tuple[int, list[dict[str, object]], str]:
    done = CliRunner().invoke(app, ["times", *arguments], input=stdin)
    lines = [json.loads(line) for line in done.stdout.splitlines()] if done.exit_code == 0 else []
    return done.exit_code, lines, done.output


def test_the_command_gives_offsets_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Été chaud.\r\nIls sont partis mardi, à 14 h.", encoding="utf-8")
    code, lines, _ = run(str(file), "--published", WEDNESDAY, "--lang", "fr")
    assert code == 0
    assert [(x["start"], x["end"], x["text"], x["value"]) for x in lines] == [
        (27, 32, "mardi", "2024-03-05"),
        (36, 40, "14 h", "2024-03-05T14:00"),
    ]
    assert lines[0]["rule"] == "weekday"
    assert lines[0]["anchor"] == WEDNESDAY


def test_the_command_counts_from_the_date_that_the_page_tells(tmp_path: Path) -> None:
    example = Path(__file__).parents[1] / "examples" / "25-slovaquie-mig.html"
    code, lines, _ = run(str(example))
    source = example.read_text(encoding="utf-8")
    assert code == 0
    assert lines[0]["anchor"] == "2023-03-23"
    assert [unescape(source[x["start"] : x["end"]]).replace("\xa0", " ") for x in lines] == [x["text"] for x in lines]


def test_the_command_reads_standard_input() -> None:
    code, lines, _ = run("-", "--published", WEDNESDAY, stdin="The minister said on Tuesday that they had left.")
    assert code == 0
    assert [x["value"] for x in lines] == ["2024-03-05"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no-such-file.txt",), "no such file"),
        (("-", "--published", "soon"), "--published"),
        (("-", "--lang", "xx"), "expected one of"),
        (("-",), "--lang"),
    ],
)
def test_the_command_tells_its_mistakes(arguments: tuple[str, ...], words: str) -> None:
    code, _, output = run(*arguments, stdin="12 345")
    assert code != 0
    assert words in output
