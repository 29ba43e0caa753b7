"""What time expressions come to in TIMEX3's notation, alone and in their text."""

from __future__ import annotations

import gzip
import json
import os
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from threading import Thread

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
        ("Drones came overnight on 3-4 March.", "overnight on 3-4 March", "TIME", "2024-03-03TNI"),
        ("In the year ended 31 March sales fell.", "the year", "DURATION", "P1Y"),
        ("It rose from the year-ago figure.", "the year-ago", "DATE", "2023"),
        ("It takes a couple of years.", "a couple of years", "DURATION", "P2Y"),
        ("It took several decades.", "several decades", "DURATION", "PXDE"),
        ("They fired at dawn.", "dawn", "TIME", "2024-03-06TMO"),
        ("The siren went off at 15:40.", "15:40", "TIME", "2024-03-06T15:40"),
        ("It began in January and March 2022.", "January", "DATE", "2022-01"),
        # periods inside a month
        ("It fell in the second half of March.", "the second half of March", "DATE", "2024-03"),
        ("It fell in the first half of the month.", "the first half of the month", "DATE", "2024-03"),
        ("It fell in the first half of the year.", "the first half of the year", "DATE", "2024-H1"),
        ("They met on the first Monday of February.", "the first Monday of February", "DATE", "2024-02-05"),
        ("They left on the last Friday of this month.", "the last Friday of this month", "DATE", "2024-03-29"),
        ("They left on the last Friday in May 2023.", "the last Friday in May 2023", "DATE", "2023-05-26"),
        # until and from look where the verb looks
        ("The ferry will not sail until Sunday.", "Sunday", "DATE", "2024-03-10"),
        ("The ferry did not sail until Sunday.", "Sunday", "DATE", "2024-03-03"),
        ("The ferry will sail from Monday.", "Monday", "DATE", "2024-03-11"),
        # nights
        ("Shells fell overnight into Monday.", "overnight into Monday", "TIME", "2024-03-03TNI"),
        ("Shells fell overnight on Monday.", "overnight on Monday", "TIME", "2024-03-04TNI"),
        # the year of a list
        ("It rained in December and January 2022.", "December", "DATE", "2021-12"),
        ("It rained between December and February 2023.", "December", "DATE", "2022-12"),
        ("It rained from May 2022 through June.", "June", "DATE", "2022-06"),
        ("It rained from October 2022 until March.", "March", "DATE", "2023-03"),
        ("It rained in February–March 2022.", "February", "DATE", "2022-02"),
        # days that have a name
        ("They met last Christmas.", "last Christmas", "DATE", "2023-12-25"),
        ("They met on Christmas Eve 2021.", "Christmas Eve 2021", "DATE", "2021-12-24"),
        ("They will meet next Easter.", "next Easter", "DATE", "2024-03-31"),
        ("The shop closes on Good Friday.", "Good Friday", "DATE", "2024-03-29"),
        # what comes back
        ("He eats three times a day.", "three times a day", "SET", "P1D"),
        ("He comes three days a week.", "three days a week", "SET", "P1W"),
        # clock
        ("It began at 8 in the evening.", "8 in the evening", "TIME", "2024-03-06T20:00"),
        ("It began at eleven at night.", "eleven at night", "TIME", "2024-03-06T23:00"),
        ("It began at three o'clock.", "three o'clock", "TIME", "2024-03-06T03:00"),
        ("It came 2024-03-04T10:15:00Z.", "2024-03-04T10:15:00Z", "TIME", "2024-03-04T10:15"),
        ("It came 2024-03-04 10:15.", "2024-03-04 10:15", "TIME", "2024-03-04T10:15"),
        ("It came 4-Mar-2024.", "4-Mar-2024", "DATE", "2024-03-04"),
        ("An hour ago it fell.", "An hour ago", "TIME", "2024-03-05/2024-03-06"),
        # and the rest
        ("For the past two and a half years he slept.", "the past two and a half years", "DURATION", "P2Y6M"),
        ("It rains in the month of May.", "the month of May", "DATE", "2024-05"),
        ("It dates from the 1st century.", "the 1st century", "DATE", "00"),
        ("They voted on March 3, 4 and 5.", "4", "DATE", "2024-03-04"),
        ("A fortnight ago it fell.", "A fortnight ago", "DATE", "2024-W08"),
        ("Decades ago it stood.", "Decades ago", "DATE", "PAST_REF"),
        ("They will meet on Monday week.", "Monday week", "DATE", "2024-03-18"),
        ("It took a thousand days.", "a thousand days", "DURATION", "P1000D"),
        ("It took a quarter of an hour.", "a quarter of an hour", "DURATION", "PT15M"),
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
        ("Dans la nuit du 3 au 4 mars, il a plu.", "la nuit du 3 au 4 mars", "TIME", "2024-03-03TNI"),
        ("La sirène a retenti à 15:40.", "15:40", "TIME", "2024-03-06T15:40"),
        ("Ils ont tiré au lever du jour.", "lever du jour", "TIME", "2024-03-06TMO"),
        ("Cette nuit, un drone est tombé.", "Cette nuit", "TIME", "2024-03-05TNI"),
        ("Le 2 mars 3 soldats sont morts.", "Le 2 mars", "DATE", "2024-03-02"),
        ("Le marché se tient les lundis.", "les lundis", "SET", "XXXX-WXX-1"),
        # les périodes d'un mois
        ("Il a plu dans la seconde moitié de mars.", "la seconde moitié de mars", "DATE", "2024-03"),
        ("Ils ont voté le premier lundi de mars.", "le premier lundi de mars", "DATE", "2024-03-04"),
        ("Ils ont voté le dernier vendredi d'avril 2023.", "le dernier vendredi d'avril 2023", "DATE", "2023-04-28"),
        ("Il a plu courant 2023.", "2023", "DATE", "2023"),
        ("Il a plu au cours de l'année 2019.", "l'année 2019", "DATE", "2019"),
        ("Il a plu dans la décennie 1990.", "la décennie 1990", "DATE", "199"),
        ("La vente a crû au troisième trimestre.", "troisième trimestre", "DATE", "2023-Q3"),
        ("La vente a crû au T3 2022.", "T3 2022", "DATE", "2022-Q3"),
        ("L'an scolaire ? L'année scolaire 2023-2024.", "L'année scolaire 2023", "DATE", "2023"),
        # jusqu'à et dès regardent où le verbe regarde
        ("Le bac restera à quai jusqu'à dimanche.", "dimanche", "DATE", "2024-03-10"),
        ("Le bac partira dès lundi.", "lundi", "DATE", "2024-03-11"),
        ("L'accès sera fermé à partir de lundi.", "lundi", "DATE", "2024-03-11"),
        # nuits, listes, jours qui ont un nom
        ("La nuit de mardi fut longue.", "La nuit de mardi", "TIME", "2024-03-05TNI"),
        ("Il a plu en décembre et janvier 2023.", "décembre", "DATE", "2022-12"),
        ("Il a plu en février-mars 2022.", "février", "DATE", "2022-02"),
        ("Les 3, 4 et 5 mars, ils ont voté.", "4", "DATE", "2024-03-04"),
        ("Ils se sont vus à Noël dernier.", "Noël dernier", "DATE", "2023-12-25"),
        ("Ils se verront le lundi de Pâques.", "le lundi de Pâques", "DATE", "2024-04-01"),
        # ce qui revient, ce qui dure
        ("Il mange deux fois par jour.", "deux fois par jour", "SET", "P1D"),
        ("Il vient un jour sur deux.", "un jour sur deux", "SET", "P2D"),
        ("Son travail est quotidien.", "quotidien", "SET", "P1D"),
        ("Il dort depuis deux ans et demi.", "deux ans et demi", "DURATION", "P2Y6M"),
        ("Ces deux dernières années et demie, il a dormi.", "Ces deux dernières années et demie", "DURATION", "P2Y6M"),
        ("Il a attendu mille jours et un quart d'heure.", "un quart d'heure", "DURATION", "PT15M"),
        # l'heure
        ("Il a sonné à 8 heures du soir.", "8 heures du soir", "TIME", "2024-03-06T20:00"),
        ("Il a sonné à 9 h du soir.", "9 h du soir", "TIME", "2024-03-06T21:00"),
        ("Il a sonné à 3 heures de l'après-midi.", "3 heures de l'après-midi", "TIME", "2024-03-06T15:00"),
        ("Il a sonné à 14 heures 30.", "14 heures 30", "TIME", "2024-03-06T14:30"),
        ("Il a sonné à deux heures du matin.", "deux heures du matin", "TIME", "2024-03-06T02:00"),
        # huit et quinze jours
        ("Il y a quinze jours, il a fermé.", "Il y a quinze jours", "DATE", "2024-W08"),
        ("Il y a des semaines, il a fermé.", "Il y a des semaines", "DATE", "PAST_REF"),
        ("Ils se verront lundi en quinze.", "lundi en quinze", "DATE", "2024-03-25"),
    ],
)
def test_french(text: str, words: str, kind: str, value: str) -> None:
    assert (words, kind, value) in told("fr", text)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The 32-year-old driver and a boy, 2 years old, were hurt."),
        ("en", "They scored in the first half of the game at 13 p.m. sharp."),
        ("en", "They live on Easter Island."),
        ("fr", "L'ascension du sommet fut rude."),
        ("fr", "Ils ont marqué en première moitié du match."),
        ("en", "A second group stood at a quarter of the height."),
        ("fr", "Un homme de 49 ans et une fillette âgée de 6 ans sont blessés."),
        ("fr", "Jean Dupont, 45 ans, est maire ; Anne (38 ans) le suit."),
        ("fr", "Le projet a été annulé, sans précédent."),
    ],
)
def test_what_is_no_time_is_none(lang: str, text: str) -> None:
    assert told(lang, text) == []


@pytest.mark.parametrize(
    ("lang", "text", "words"),
    [
        ("en", "The storm killed two in the evening.", "two in the evening"),
        ("fr", "Il a plu deux heures ce matin.", "deux heures ce matin"),
    ],
)
def test_a_number_beside_a_part_of_the_day_is_no_hour(lang: str, text: str, words: str) -> None:
    assert words not in [found for found, _, _ in told(lang, text)]


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
        ("fr", "Le 4 mars, il part. La veille au soir du vote, il rit.", "La veille au soir", "XXXX-XX-XX", None),
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


def test_an_hour_of_a_day_known_as_an_interval_keeps_its_hour() -> None:
    week = "2024-03-04/2024-03-08"
    assert told("en", "They left two days ago, at 9 pm.", week)[1] == ("9 pm", "TIME", "2024-03-XXT21:00")
    assert told("en", "They left yesterday at 9 am.", week)[1] == ("9 am", "TIME", "2024-03-XXT09:00")
    assert told("en", "They left on Tuesday at 9 am.", week)[0][2] == "2024-XX-XXT09:00"
    text = "Il y a deux jours, vers 14 h 30, la ville a été frappée."
    assert told("fr", text, week)[1] == ("14 h 30", "TIME", "2024-03-XXT14:30")


@pytest.mark.parametrize(
    ("lang", "text", "when"),
    [
        ("en", "They met over the weekend of 10-11 February.", "2024-02-10/2024-02-11"),
        ("fr", "Ils ont parlé le week-end des 10 et 11 février.", "2024-02-10/2024-02-11"),
        ("fr", "Ils ont parlé le week-end du 10 février.", "2024-02-10/2024-02-11"),
        ("en", "They met in the week of 5 February.", "2024-02-05/2024-02-11"),
        ("en", "They have met since the second half of February.", "2024-02-16/2024-03-06"),
        ("en", "They met on 10, 11 and 12 February.", "2024-02-10/2024-02-12"),
        ("en", "They met overnight into Monday.", "2024-03-03/2024-03-04"),
        ("en", "They met from October 2022 until March.", "2022-10/2023-03"),
    ],
)
def test_what_a_frame_leaves_of_the_calendar(lang: str, text: str, when: str) -> None:
    book = default_codebook()
    times = find_times(text, book.languages[lang].times, book.calendar)
    assert [str(resolve(e.ref, When.parse(WEDNESDAY))) for e in times] == [when]


def test_a_bound_whose_side_was_guessed_goes_where_it_is_told() -> None:
    [found] = find_times("They meet until Tuesday.", default_codebook().languages["en"].times)
    assert str(resolve(found.ref.towards("future"), When.parse("2024-07-11"))) == "../2024-07-16"
    assert str(resolve(found.ref.towards("past"), When.parse("2024-07-11"))) == "../2024-07-09"


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


def test_the_command_takes_a_file_of_one_page_alone(tmp_path: Path) -> None:
    row = json.dumps({"url": "https://news.example/1", "text": "The minister said on Tuesday that they had left."})
    one, two = tmp_path / "one.jsonl.gz", tmp_path / "two.jsonl"
    one.write_bytes(gzip.compress(row.encode()))
    two.write_text(f"{row}\n{row}\n", encoding="utf-8")
    code, lines, _ = run(str(one), "--published", WEDNESDAY, "--lang", "EN")
    assert (code, [x["value"] for x in lines]) == (0, ["2024-03-05"])
    code, _, output = run(str(two))
    assert code != 0
    assert "several pages" in output


def test_the_command_reads_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=("They left on Tuesday.",))
    writer.start()
    code, lines, _ = run(str(pipe), "--published", WEDNESDAY, "--lang", "en")
    writer.join()
    assert (code, [x["value"] for x in lines]) == (0, ["2024-03-05"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no-such-file.txt",), "no such file"),
        (("-", "--published", "soon"), "--published"),
        (("-", "--lang", "xx"), "expected one of"),
        (("",), "its name is empty"),
        ((str(Path(__file__).parent),), "a folder"),
        (("-",), "--lang"),
    ],
)
def test_the_command_tells_its_mistakes(arguments: tuple[str, ...], words: str) -> None:
    code, _, output = run(*arguments, stdin="12 345")
    assert code != 0
    assert words in output
