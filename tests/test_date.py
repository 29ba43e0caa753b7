"""When a report was published: the meet of the clues, and the clues one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recoupe
from recoupe.clean import clean
from recoupe.codebook.calendar import load_calendar
from recoupe.codebook.files import Files
from recoupe.codebook.furniture import Furniture, load_furniture
from recoupe.codebook.times import load_times
from recoupe.date import Clue, DateContext, Term, clues_of, date_with
from recoupe.date.clue import RULES, meet
from recoupe.date.view import View
from recoupe.errors import PageError
from recoupe.model import Block, BlockRole, Dating, Dropped, Mention, Note, Page, Reading, Report, Span
from recoupe.values import Actor, When

BOOK = Path(recoupe.__file__).parent / "codebooks" / "assistance"
SHARED = Path(__file__).parents[1].parent / "shared"


@lru_cache
def context() -> DateContext:
    files = Files(BOOK)
    words = {lang: load_times(files, lang) for lang in ("fr", "en")}
    calendar = load_calendar(files, ("fr", "en"))
    assert files.mistakes == []
    terms = (
        Term("person:jens-stoltenberg", "secretary-general", date(2014, 10, 1), date(2024, 10, 1)),
        Term("person:robert-fico", "head-of-government", date(2012, 4, 4), date(2018, 3, 22)),
        Term("person:robert-fico", "head-of-government", date(2023, 10, 25), None),
    )
    members = {"nato": {31: When.parse("2023-04-04/2024-03-06"), 32: When.parse("2024-03-07/..")}}
    return DateContext(words, calendar, terms, members)


def report(text: str, lang: str, head: str = "", dropped: tuple[tuple[str, str], ...] = ()) -> Report:
    """A report of a page: lines dropped above the title, it, lines dropped below it, the body, lines at the end."""
    page, drops, pieces, blocks = "", [], [], []
    said = ""

    def keep(words: str, role: BlockRole) -> None:
        nonlocal page, said
        pieces.append((len(said), len(page), len(words)))
        blocks.append(Block(Span(len(said), len(said) + len(words)), role))
        said += words + "\n\n"
        page += words + "\n\n"

    for where in ("above", "below"):
        for reason, words in dropped:
            if reason.startswith(where):
                drops.append(Dropped(len(page), len(page) + len(words), words, reason.partition(":")[2]))
                page += words + "\n"
        if where == "above":
            keep(head or "Titre", "title")
    for paragraph in text.split("\n\n"):
        keep(paragraph, "body")
    for reason, words in dropped:
        if reason.startswith("end"):
            drops.append(Dropped(len(page), len(page) + len(words), words, reason.partition(":")[2]))
            page += words + "\n"
    return Report("test", said, lang, tuple(blocks), tuple(pieces), tuple(drops))


def dating(text: str, lang: str = "fr", dropped: tuple[tuple[str, str], ...] = (), **meta: str) -> Dating:
    page = Page.of("test", text, tuple(meta.items()))
    return date_with(Reading(report(text, lang, dropped=dropped)), page, context()).dating


def found(dating: Dating) -> str | None:
    return str(dating.when) if dating.when else None


# The meet


def clue(rule: str, *options: str, recurring: bool = False) -> Clue:
    return Clue(rule, rule, None, "report", tuple(When.parse(o) for o in options), None, recurring)


def test_clues_are_met_and_give_their_reasons() -> None:
    met = meet([clue("event", "2024-03-07/.."), clue("fetched", "../2024-05-31")])
    assert met.when == When.parse("2024-03-07/2024-05-31")
    assert [(r.rule, str(r.when)) for r in met.reasons] == [("fetched", "../2024-05"), ("event", "2024-03-07/..")]
    assert met.against == ()


def test_the_weaker_of_two_that_contradict_is_against() -> None:
    for order in permutations(
        [clue("meta-date", "2024-01-19"), clue("address", "2024-02-23"), clue("event", "2024-02-01/..")]
    ):
        met = meet(order)
        assert met.when == When.parse("2024-02-23")
        assert [(r.rule, str(r.when)) for r in met.against] == [("meta-date", "2024-01-19")]


def test_what_comes_back_every_year_waits_for_the_others() -> None:
    years = clue("fresh-date", "2016-06-28", "2022-06-28", "2033-06-28", recurring=True)
    assert meet([years]).when is None
    assert meet([years, clue("event", "2017/..")]).when == When.parse("2017/..")
    assert meet([years, clue("event", "2017/.."), clue("office", "2021/2025")]).when == When.parse("2022-06-28")


def test_a_weekday_only_chooses_within_a_narrow_interval() -> None:
    tuesday = Clue("today-weekday", "mardi", None, "report", (), 1)
    assert meet([tuesday, clue("same-event", "2024-11-25/2024-12-01")]).when == When.parse("2024-11-26")
    assert meet([tuesday, clue("same-event", "2024-11-18/2024-12-01")]).when == When.parse("2024-11-18/2024-12-01")
    assert meet([tuesday, clue("event", "2024/..")]).when == When.parse("2024/..")


def test_wide_intervals_are_given_in_whole_months() -> None:
    assert str(meet([clue("office", "2022-05-05/2023-05-04")]).when) == "2022-05/2023-05"
    assert str(meet([clue("office", "2023-10-11/2024-04-23")]).when) == "2023-10-11/2024-04-23"


def test_no_clue_no_date() -> None:
    assert meet([]) == Dating()


DAYS = st.dates(date(2022, 1, 1), date(2025, 12, 31))
INTERVALS = st.tuples(DAYS, DAYS).map(lambda p: When(min(p), max(p)))
ONES = st.builds(lambda rule, when: clue(rule, str(when)), st.sampled_from(RULES), INTERVALS)


@given(st.lists(ONES, max_size=6))
def test_the_meet_lies_within_every_reason_and_uses_every_clue(clues: list[Clue]) -> None:
    met = meet(clues)
    assert (met.when is None) == (not clues)
    for reason in met.reasons:
        assert met.when is not None
        assert met.when.meet(reason.when) is not None
    assert {r.rule for r in (*met.reasons, *met.against)} == {c.rule for c in clues}


@given(st.lists(ONES, max_size=4, unique_by=lambda c: c.rule), st.randoms())
def test_the_order_of_the_clues_does_not_matter(clues: list[Clue], random: object) -> None:
    shuffled = clues[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert meet(shuffled) == meet(clues)


# The page


@pytest.mark.parametrize(
    ("url", "when"),
    [
        ("https://example.org/news/2026/2/27/a-title", "2026-02-27"),
        ("https://example.org/world/2026/feb/04/a-title", "2026-02-04"),
        ("https://example.org/2024/05/a-title/", "2024-05"),
        ("https://example.org/2024/05/2024-05-17-a-title", "2024-05-17"),
        ("https://example.org/a-title-2026-02-05/", "2026-02-05"),
        ("https://example.org/a-title_AN-202303280035.html", "2023-03-28"),
        ("https://example.org/a-title-27-04-2023-5LVGU.php", "2023-04-27"),
        ("https://example.org/a-title-07-04-2023-5LVGU.php", "2023-04-07/2023-07-04"),
        ("https://example.org/plan-2020-2025/4030157", None),
        ("https://example.org/2024/13/x", None),
        ("https://example.org/article/1266810/title", None),
    ],
)
def test_dates_in_addresses(url: str, when: str | None) -> None:
    assert found(dating("Rien de daté.", url=url)) == when


def test_the_visit_bounds_the_date_with_a_day_for_time_zones() -> None:
    assert found(dating("Rien.", fetched="2026-02-28T03:08:43+00:00")) == "../2026-03-01"
    assert found(dating("Rien.", fetched="yesterday", date="soon")) is None


@pytest.mark.parametrize(
    "written",
    [
        "2022-12-21",
        "2022-12-21T23:10:00+01:00",
        "20221221",
        "20221221100000",
        "2022/12/21 10:00",
        "Wed, 21 Dec 2022 10:00:00 GMT",
        "1671616800",
        "1671616800000",
        "21 décembre 2022",
        "December 21, 2022",
        "21/12/2022",
    ],
)
def test_dates_that_came_with_the_page_are_read_as_they_are_written(written: str) -> None:
    assert found(dating("Rien.", date=written)) == "2022-12-21"


@pytest.mark.parametrize(
    "written",
    [
        "soon",
        "0001-01-01",
        "9999-12-31",
        "1970-01-01",
        "2022-13-45",
        "20229999",
        "mercredi 21 décembre",
        "99999999999999",
        "2/3",
    ],
)
def test_what_is_no_full_date_says_nothing(written: str) -> None:
    assert found(dating("Rien.", date=written)) is None


@pytest.mark.parametrize(
    ("published", "modified", "when"),
    [
        ("2024-06-03T18:30:00+02:00", "", "2024-06-03"),
        ("2024-06-03T12:00:00Z", "", "2024-06-03"),
        ("2024-06-03T22:30:00Z", "", "2024-06-03/2024-06-04"),
        ("2024-06-03T02:30:00.000Z", "", "2024-06-02/2024-06-03"),
        ("Mon, 03 Jun 2024 18:30:00 GMT", "", "2024-06-03"),
        ("", "2024-06-03T12:00:00Z", "../2024-06-03"),
        ("soon", "", None),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", None),
        ("1970-01-01T00:00:00Z", "", None),
    ],
)
def test_dates_of_the_markup(published: str, modified: str, when: str | None) -> None:
    notes = (Note("published", published, "meta", Span(0, 1)), Note("modified", modified, "meta", Span(0, 1)))
    reading = Reading(replace(report("Rien.", "fr"), notes=notes))
    assert found(date_with(reading, Page.of("test", "Rien."), context()).dating) == when


def test_a_published_line_goes_before_what_the_crawler_says() -> None:
    met = dating("Rien.", dropped=(("below:date-line", "Publié le 4 février 2026 à 10:30"),), date="2026-01-25")
    assert found(met) == "2026-02-04"
    (reason,) = met.reasons
    assert (reason.rule, reason.words, reason.of) == ("published-line", "le 4 février 2026 à 10:30", "page")
    assert reason.at is not None
    assert [r.rule for r in met.against] == ["meta-date"]


def test_an_update_is_only_the_latest_day() -> None:
    lines = (("below:date-line", "Feb 24, 2026"), ("below:date-line", "Updated"), ("below:date-line", "Feb 25, 2026"))
    assert found(dating("Nothing.", "en", lines)) == "2026-02-24"
    assert found(dating("Rien.", dropped=lines[1:])) == "../2026-02-25"
    assert (
        found(dating("Rien.", dropped=(("below:date-line", "27.02.2026 - Mise à jour : 28.02.2026"),))) == "2026-02-27"
    )


def test_the_day_of_the_visit_is_not_that_of_publication() -> None:
    for reason in ("above:other-date", "above:date-line"):
        assert found(dating("Rien.", dropped=((reason, "mercredi, mars 19, 2025"),))) == "../2025-03-19"
    assert found(dating("Rien.", dropped=(("above:date-line", "mercredi 19 mars 2025 - 08:01"),))) == "2025-03-19"
    assert found(dating("Rien.", dropped=(("below:other-date", "19 mars 2025"),))) is None


def test_an_unlabelled_date_below_the_article_may_be_a_comments() -> None:
    assert found(dating("Rien.", dropped=(("end:date-line", "19 mars 2025 à 11:34"),))) == "../2025-03-19"
    assert found(dating("Rien.", dropped=(("end:date-line", "Publié le 19 mars 2025"),))) == "2025-03-19"


def test_hours_ago_are_counted_from_the_visit() -> None:
    lines = (("below:date-line", "3 hours ago"),)
    assert found(dating("Nothing.", "en", lines, fetched="2026-02-28T03:00:00Z")) == "2026-02-27/2026-02-28"
    assert found(dating("Nothing.", "en", lines)) is None


def test_a_caption_is_no_younger_than_the_report() -> None:
    lines = (("below:caption", "Les deux hommes, le 11.10.2023."), ("below:caption", "En 2014, le 3 mai 2014."))
    assert found(dating("Rien.", dropped=lines)) == "2023-10-11/.."


def test_other_lines_of_the_page_say_nothing() -> None:
    lines = (("below:related-headline", "Publié le 4 février 2026"), ("below:date-line", "Data cutoff on February 26"))
    assert found(dating("Rien.", dropped=lines)) is None


# The text


@pytest.mark.parametrize(
    ("lang", "text", "when"),
    [
        ("fr", "Le conseil s’est réuni ce mercredi (28 août 2024) à Kiev.", "2024-08-28"),
        ("fr", "Aujourd’hui, 28 août 2024, rien n’a bougé.", "2024-08-28"),
        ("fr", "Le conseil se tiendra ce mercredi 28 août 2024 à Kiev.", "2024-08-22/2024-08-28"),
        ("fr", "Il a signé le 3 mai 2024.", "2024-05-03/.."),
        ("fr", "Il a signé en mai 2024.", "2024-05/.."),
        ("fr", "Il signera le 3 mai 2024.", None),
        ("fr", "Il a signé le 3 mai.", None),
        ("fr", "Hier, 27 août 2024, il a plu.", "2024-08-28"),
        ("fr", "La semaine dernière (21 novembre 2024), il a plu.", "2024-11-25/2024-12-01"),
        ("en", "They met this Wednesday (28 August 2024) in Kyiv.", "2024-08-28"),
        ("en", "They met on 3 May 2024.", "2024-05-03/.."),
        ("en", "They will meet on 3 May 2024.", None),
        ("en", "KYIV, Feb 5, 2026 (Agency) - They met.", "2026-02-05/2026-02-06"),
        ("en", "Nothing happened in 2027.", None),
        ("en", "The minister, pictured this Wednesday (28 August 2024).", "2024-08-28/.."),
    ],
)
def test_dates_of_the_text(lang: str, text: str, when: str | None) -> None:
    assert found(dating(text, lang)) == when


def test_a_fresh_date_needs_its_year_from_elsewhere() -> None:
    text = "Les pays ont imposé jeudi 4 août des sanctions."
    assert found(dating(text)) is None
    assert found(dating(text, fetched="2023-02-01", date="2022-08-20")) == "2022-08-20"
    told = "L’invasion russe à grande échelle a commencé."
    assert found(dating(f"{told} {text}", fetched="2023-02-01")) == "2022-08-04/2022-09-03"
    # With its article the same date may lie months back.
    assert found(dating(f"{told} {text.replace('jeudi', 'le jeudi')}", fetched="2022-09-30")) == "2022-02-24/2022-10-01"


# Events, offices, members


def test_what_has_come_is_told_in_the_past() -> None:
    assert found(dating("Ils l’avaient décidé au sommet de Vilnius.")) == "2023-07-11/.."
    assert found(dating("Ils le décideront au sommet de Vilnius.")) is None
    assert found(dating("Le nouveau missile Oreshnik sera montré.")) == "2024-11-21/.."
    assert found(dating("Ils l’avaient décidé en 1999 au sommet de Vilnius.")) is None


def test_a_state_is_told_while_it_lasts() -> None:
    assert found(dating("L’aide militaire américaine est désormais épuisée.")) == "2023-10-01/2024-04-23"


def test_the_year_that_is_left_out_is_the_last() -> None:
    text = "Le 24 février, l’opération militaire spéciale a été lancée."
    assert found(dating(text)) == "2022-02/2023-02"
    assert found(dating(text + " Elle avait été préparée en 2022.")) == "2022-02-24/.."
    assert (
        found(dating("On February 24 they marked the third anniversary of the full-scale invasion.", "en"))
        == "2022-02-24/.."
    )


def test_todays_date_within_a_known_event_settles_the_year() -> None:
    text = "Les puissances du G7, réunies en Bavière, ont promis ce mardi 28 juin de tenir."
    assert found(dating(text)) == "2022-06-28"


def test_an_office_bounds_by_its_term() -> None:
    text = "Le secrétaire général Jens Stoltenberg a parlé. L’ancien Premier ministre Robert Fico aussi."

    def with_mentions(*names: tuple[str, str, str]) -> Dating:
        mentions = []
        reading = Reading(report(text, "fr"))
        for words, person, office in names:
            start = reading.report.text.index(words)
            span = Span(start, start + len(words))
            mentions.append(Mention(span, "person", Actor.parse(person), f"name office:{office}"))
        reading = Reading(reading.report, tuple(mentions))
        return date_with(reading, Page.of("test", text), context()).dating

    stoltenberg = ("secrétaire général Jens Stoltenberg", "person:jens-stoltenberg", "secretary-general")
    fico = ("Premier ministre Robert Fico", "person:robert-fico", "head-of-government")
    assert found(with_mentions(stoltenberg)) == "2014-10/2024-10"
    assert with_mentions(fico).reasons == ()
    assert with_mentions(("Robert Fico", "person:robert-fico", "president")).reasons == ()
    # A title before the family name alone may be that of one who has left.
    assert found(with_mentions(("Stoltenberg", *stoltenberg[1:]))) == "2014-10/.."


def test_a_count_of_members_bounds_by_the_time_it_held() -> None:
    assert found(dating("Les ambassadeurs des 32 États membres de l’OTAN se voient.")) == "2024-03-07/.."
    assert found(dating("NATO's 31 members agreed.", "en")) == "2023-04/2024-03"
    assert found(dating("Ils étaient 32 à table.")) is None


def test_a_meeting_and_its_weekday() -> None:
    assert found(dating("At the NATO summit in Vilnius on Wednesday they agreed.", "en")) == "2023-07-12/2023-07-18"
    assert found(dating("At the NATO summit in Vilnius on Friday they agreed.", "en")) == "2023-07-11/.."
    # One of a kind is told as background beside any weekday.
    assert found(dating("Since the full-scale invasion on Thursday was long ago, they left.", "en")) == "2022-02-24/.."


def test_several_events_of_one_name_are_told_apart_by_the_weekday_and_the_rest() -> None:
    text = "La série qui a débuté vendredi a été la plus grande attaque de drones depuis le début de la guerre."
    assert found(dating(text, fetched="2024-03-01")) == "2023-12-29/2024-01-04"


# Two sentences


def test_last_week_in_one_sentence_and_the_date_in_the_next() -> None:
    text = (
        "La Russie a tiré un missile sur la ville la semaine dernière. Le 21 novembre, la Russie a tiré ce missile "
        "Oreshnik sur la ville."
    )
    assert found(dating(text)) == "2024-11-25/2024-12-01"
    today = text + "\n\nLes ambassadeurs de l’Alliance se voient aujourd’hui à Bruxelles."
    tuesday = today + " La réunion des ambassadeurs, mardi après-midi à Bruxelles, sera longue."
    assert found(dating(today)) == "2024-11-25/2024-12-01"
    assert found(dating(tuesday)) == "2024-11-26"
    # Another weekday: it is not known which is today.
    assert found(dating(tuesday + " Jeudi, ils se reposeront.")) == "2024-11-25/2024-12-01"


def test_a_date_that_opens_a_sentence_about_something_else_is_not_last_week() -> None:
    text = "Il a plu la semaine dernière. Le 21 novembre 2024, la Russie a tiré un missile."
    assert found(dating(text)) == "2024-11-21/.."


def test_what_a_known_event_followed_within_hours() -> None:
    text = (
        "Les ministres ont quitté la réunion de Bruxelles.\n\n« Nous avons tenu », a dit le ministre jeudi.\n\n"
        "Moins de 24 heures après la réunion de Bruxelles avec les ministres, la Slovaquie a livré ses S-300."
    )
    assert found(dating(text)) == "2022-04-08/2022-04-13"
    assert found(dating(text.replace("jeudi", "lundi"))) == "2022-04-08/.."


def test_reasons_hold_the_words_of_the_report() -> None:
    reading = Reading(report("Ils ont signé ce mercredi (28 août 2024), avec les 32 alliés de l’OTAN.", "fr"))
    dated = date_with(reading, Page.of("test", ""), context())
    assert dated.dating.reasons
    for reason in dated.dating.reasons:
        assert reason.of == "report"
        assert reason.at is not None
        assert dated.report.text[reason.at.start : reason.at.end] == reason.words
        assert reason.rule in RULES


def test_a_language_without_time_words_is_dated_by_its_page_alone() -> None:
    met = dating("Сьогодні, 28 серпня 2024.", "uk", (("below:date-line", "28.08.2024"),))
    assert found(met) == "2024-08-28"


# The coded reports


@lru_cache
def furniture() -> Furniture:
    return load_furniture(Files(BOOK), ("fr", "en"))


def coded() -> list[tuple[str, str | None]]:
    if not SHARED.is_dir():
        return []
    rows = (
        json.loads(line) for path in sorted((SHARED / "gold").glob("*.jsonl")) for line in path.open(encoding="utf-8")
    )
    return [(row["doc"], row["published"]) for row in rows]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the coded reports are not here")
def test_no_coded_report_is_dated_wrong() -> None:
    """All of the true interval lies in the one found; for more than half of the reports they are one."""
    exact = 0
    dated = [(doc, When.parse(when.rstrip("~"))) for doc, when in coded() if when]
    for doc, want in dated:
        path = SHARED / "data" / doc
        beside = path.with_suffix(".meta.json")
        meta = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
        text = path.read_text(encoding="utf-8")
        for line in text.split("\n---", 1)[0].split("\n") if text.startswith("---\n") else ():
            key, _, value = line.partition(": ")
            meta.update({"url": value} if key == "source" else {"date": value} if key == "date" else {})
        page = Page.of(doc, text, tuple(meta.items()))
        have = date_with(Reading(clean(page, furniture())), page, context()).dating.when
        assert have is None or have.meet(want) == want, f"{doc}: {have} for {want}"
        exact += have == want
    assert exact > len(dated) / 2


@pytest.mark.skipif(not SHARED.is_dir(), reason="the texts are not here")
def test_every_report_is_dated_in_reason() -> None:
    """Reports of all the folders: every clue shows its words, none points beyond the texts' own time."""
    for folder in ("press-fr", "articles-en", "seeds"):
        for path in sorted((SHARED / "data" / folder).iterdir()):
            page = Page.of(path.name, path.read_text(encoding="utf-8"))
            try:
                reading = Reading(clean(page, furniture()))
            except PageError:
                continue
            for c in clues_of(reading, page, context(), View.of(reading, context())):
                source = reading.report.text if c.of == "report" else page.text
                assert c.at is None or source[c.at.start : c.at.end] == c.words
            when = date_with(reading, page, context()).dating.when
            assert when is None or when.first is None or when.first < date(2026, 3, 1)


@pytest.mark.parametrize(
    ("reason", "words", "when"),
    [
        ("below:menu", "Narvik (Norvège), 20 jan 2023 (Agence) -", "2023-01-20/2023-01-21"),
        ("below:byline", "Propos recueillis par A. B. | 20.01.2023, 06:30", "2023-01-20"),
        ("above:other-date", "NARVIK, 20 janvier 2023 (Agence) -", "2023-01-20/2023-01-21"),
    ],
)
def test_a_full_date_at_the_head_of_an_article_is_its_own(reason: str, words: str, when: str) -> None:
    assert found(dating("Un bateau est arrivé.", dropped=((reason, words),))) == when


def test_a_full_date_above_the_title_or_below_the_article_is_not() -> None:
    for reason in ("above:menu", "end:menu"):
        assert found(dating("Un bateau est arrivé.", dropped=((reason, "Archives du 20 janvier 2023"),))) is None
