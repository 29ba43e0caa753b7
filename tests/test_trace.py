"""Copies, named sources and independent origins."""

from __future__ import annotations

import random
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.clean import clean
from recoupe.codebook import default_codebook
from recoupe.codebook.credits import load_credits
from recoupe.codebook.files import Files
from recoupe.model import Dropped, Evidence, Mention, Origin, Page, Quote, Reading, Span
from recoupe.trace import roots, trace
from recoupe.trace.named import DETAILS, SCORES
from recoupe.values import Actor
from synthetic import book, reading, source_line

WORDS = [a + b for a in ("ba", "de", "fi", "go", "lu", "mar", "ne") for b in ("ck", "don", "lt", "rim", "sto", "ven")]


def prose(seed: int, sentences: int = 6) -> list[str]:
    """Paragraphs of words in an order of their own; two seeds share no run of five words but by rare chance."""
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=26)).capitalize() + "." for _ in range(sentences)]


def report(doc: str, paragraphs: list[str], published: str | None = None, **about: object) -> Reading:
    return reading(doc, [f"Title of {doc}", *paragraphs], (), published, **about)


def found(*readings: Reading) -> set[tuple[str, str, str]]:
    return {(o.doc, o.source, o.relation) for o in trace(readings, book())}


def test_a_reprint_is_a_copy_of_the_earlier_report() -> None:
    text = prose(1)
    first, later = report("b.txt", text, "2024-01-02"), report("a.txt", text, "2024-01-05")
    assert found(later, first) == {("a.txt", "b.txt", "copy")}


def test_a_cut_and_edited_reprint_is_a_copy() -> None:
    text = prose(2)
    edited = [text[0].replace(" ", " indeed ", 1), *text[1:4]]
    assert found(report("a.txt", text, "2024-01-02"), report("b.txt", edited, "2024-01-03")) == {
        ("b.txt", "a.txt", "copy")
    }


def test_two_paragraphs_taken_over_are_a_part() -> None:
    text, other = prose(3, 8), prose(4, 8)
    mixed = [*other[:6], *text[2:4]]
    assert found(report("a.txt", text, "2024-01-02"), report("b.txt", mixed, "2024-01-03")) == {
        ("b.txt", "a.txt", "part")
    }


def test_one_shared_paragraph_is_nothing() -> None:
    text, other = prose(5, 8), prose(6, 8)
    assert found(report("a.txt", text), report("b.txt", [*other, text[0]])) == set()


def test_texts_written_apart_are_no_copies() -> None:
    assert found(report("a.txt", prose(7)), report("b.txt", prose(8))) == set()


def test_a_speech_quoted_by_two_is_no_copy() -> None:
    speech = " ".join(prose(9, 4))

    def telling(doc: str, seed: int) -> Reading:
        made = report(doc, [*prose(seed, 3), f"“{speech}”"])
        start = made.report.text.index(speech)
        quote = Quote((Evidence.of(made.report.text, start, start + len(speech)),))
        return report(doc, [*prose(seed, 3), f"“{speech}”"], quotes=(quote,))

    assert found(telling("a.txt", 10), telling("b.txt", 11)) == set()


def test_a_report_that_names_its_source_is_the_copy_whatever_the_dates() -> None:
    text = prose(12)
    original = report("rt.txt", text, "2024-01-05", outlet="rt")
    copy = report("a.txt", text, "2024-01-02", dropped=(source_line("La source: www.rt.com"),))
    assert found(original, copy) == {("a.txt", "rt.txt", "copy"), ("a.txt", "rt", "named")}


def test_the_words_of_a_copy_stand_in_its_text() -> None:
    text = prose(13)
    (origin,) = trace([report("a.txt", text, "2024-01-02"), report("b.txt", text[:4], "2024-01-04")], book())
    copied = report("b.txt", text[:4]).report.text
    assert origin.words
    assert origin.words in copied


@pytest.mark.parametrize(
    ("byline", "sources"),
    [
        ("Par Euronews avec AP", {"ap"}),
        ("Par Jeanne Martin avec AFP et Reuters", {"afp", "reuters"}),
        ("By Jane Doe, Reuters", {"reuters"}),
        ("By The Gazette with AP", {"ap"}),
        ("By The Gazette", set()),
        ("By Jane Doe", set()),
        ("Map by Jane Doe", set()),
    ],
)
def test_bylines(byline: str, sources: set[str]) -> None:
    assert {o.source for o in trace([report("a.txt", prose(14), byline=byline)], book())} == sources


@pytest.mark.parametrize(
    ("paragraph", "sources"),
    [
        ("KYIV, Feb 5 (Reuters) - The talks went on until the evening.", {"reuters"}),
        ("PARIS (AFP) — Les discussions ont duré.", {"afp"}),
        ("(AP) - The talks went on.", {"ap"}),
        ("The talks went on until the evening. (AFP)", {"afp"}),
        ("Les discussions ont duré jusqu'au soir (avec AFP).", {"afp"}),
        ("The talks, held by the alliance (NATO).", set()),
        ("AFP", {"afp"}),
        ("The Gazette", {"gazette"}),
        ("The Gazette:", set()),  # what follows is of or about it
        ("With The Gazette", {"gazette"}),
        ("Avec AFP et Reuters", {"afp", "reuters"}),
        ("Source : AFP", {"afp"}),
        ("Source: www.rt.com", {"rt"}),
        ("Source: https://news.unknown.example/story", {"news.unknown.example"}),
        ("Les discussions ont échoué, rapporte l’AFP.", {"afp"}),
        ("The talks failed, Reuters reported.", {"reuters"}),
        ("The minister was told that Reuters had left.", set()),
        ("The AFP was told nothing, and neither was the press.", set()),
        ("The grapes were dried and the cap was lost.", set()),
    ],
)
def test_credits_in_the_text(paragraph: str, sources: set[str]) -> None:
    assert {o.source for o in trace([report("a.txt", [*prose(15), paragraph])], book())} == sources


@pytest.mark.parametrize(
    ("sentence", "sources"),
    [
        ("A minister told Reuters that the talks failed.", {"reuters"}),
        ("A minister told the _Gazette_ that the talks failed.", set()),
        ("A minister told the British daily The Gazette that the talks failed.", {"gazette"}),
        ("In an interview with the news agency AFP he was less sure.", {"afp"}),
        ("The talks failed, according to AP.", {"ap"}),
        ("The talks failed, according to the state-run RT.", {"rt"}),
        ("NATO is ready, according to NATO.", set()),
        ("Il a déclaré à l’AFP que les discussions ont échoué.", {"afp"}),
        ("Les discussions ont échoué, selon l'agence Reuters.", {"reuters"}),
        ("« Rien n'est perdu », a-t-il confié au quotidien The Gazette.", {"gazette"}),
        ("Interrogée par Reuters, la ministre n'a pas répondu.", {"reuters"}),
        ("A map according to the APs of the day.", set()),
    ],
)
def test_a_detail_is_told_as_one(sentence: str, sources: set[str]) -> None:
    """It is named with the words that say so, and does not make the text its own."""
    made = report("a.txt", [*prose(15), sentence])
    found = trace([made], book())
    assert {o.source for o in found} == sources
    for origin in found:
        assert (origin.rule, origin.whole) == ("detail", False)
        assert origin.words in made.report.text
    assert origins_of(made) == {"a.txt": "a.txt"}


@pytest.mark.parametrize(
    ("line", "sources"),
    [
        ("This article was originally published by The Gazette.", {"gazette"}),
        ("This article first appeared on Moorside Herald and is used here with thanks.", {"Moorside Herald"}),
        ("Originally published on https://www.gazette.example/x", {"gazette"}),
        ("Originally published on [Moorside Herald](https://www.moorside.example/x).", {"moorside.example"}),
        ("The post Ten more tanks appeared first on Moorside Herald.", {"Moorside Herald"}),
        ("Cet article est republié à partir de The Gazette sous licence libre.", {"gazette"}),
        ("Lire l’article original sur Moorside Herald.", {"Moorside Herald"}),
        ("This article is published in association with The Gazette.", {"gazette"}),
        ("Cet article est publié en partenariat avec The Gazette.", {"gazette"}),
        ("Originally published on Monday.", set()),
        ("First published in January.", set()),
        ("This article was first published in French.", set()),
        ("This article was originally published in Ukraine.", set()),
        ("This article was originally published by the Sunday Mercury.", {"Sunday Mercury"}),
        ("This article was reprinted on Moorside Herald.", set()),
        ("His first novel, she said, was originally published by The Gazette.", set()),
        # it must speak of this text, in a sentence that ends there
        ("The article was first published by The Gazette.", set()),
        ("The report first published by The Gazette was denied.", set()),
        ("This report was published by The Gazette and denied in the east.", set()),
        ("First published by The Gazette in 1998, the letters sold well.", set()),
        ("The letters sold well. First published by The Gazette.", set()),
        ("The talks went on. (First published by The Gazette.)", {"gazette"}),
        ("L'article a d'abord été publié par The Gazette.", set()),
        ("Publiée d'abord par The Gazette, la lettre a fait du bruit.", set()),
        ("Le présent article a été publié par The Gazette le 5 mars 2024.", {"gazette"}),
        ("The present story was first published by The Gazette on Monday, March 5.", {"gazette"}),
        ("This article was first published in French by The Gazette.", {"gazette"}),
        ("This article is republished from The Gazette, a nonprofit newspaper of the east.", {"gazette"}),
        ("Cet article est paru en anglais dans The Gazette daté du 5 mars.", {"gazette"}),
        ("This article was originally published by Morning Reader.", set()),  # it writes nothing itself
        # the name ends before the byline, the date, the language
        ("This article was originally published by Moorside Herald By Jane Doe", {"Moorside Herald"}),
        ("This article was originally published by The Gazette By Jane Doe", {"gazette"}),
        ("Originally published by Moorside Herald Monday March 5, 2024", {"Moorside Herald"}),
        ("Originally published by The Sunday Mercury Sunday evening", {"The Sunday Mercury"}),
        ("Originally published by Moorside Herald French", {"Moorside Herald"}),
        ("Article initialement publié par Moorside Herald Lundi 5 Mars 2024", {"Moorside Herald"}),
        ("Article initialement publié par Moorside Herald Par Jeanne Martin", {"Moorside Herald"}),
    ],
)
def test_notices_that_the_text_was_published_elsewhere(line: str, sources: set[str]) -> None:
    """In the text's last paragraphs or among the lines that were dropped at its end."""
    assert {o.source for o in trace([report("a.txt", [*prose(15), line])], book())} == sources
    end = len(report("b.txt", prose(15)).report.text)
    teaser = Dropped(end + 1, end + 1 + len(line), line, "teaser")  # of another article
    assert trace([report("b.txt", prose(15), dropped=(teaser,))], book()) == []
    drop = replace(teaser, reason="disclaimer")
    found = trace([report("b.txt", prose(15), dropped=(drop,))], book())
    assert {o.source for o in found} == sources
    assert all((o.rule, o.whole) == ("notice", True) and o.words in line for o in found)


def test_a_notice_of_the_outlets_own_is_none() -> None:
    line = "This article was originally published by Moorside Herald."
    for about in ({"outlet": "Moorside Herald"}, {"url": "https://www.moorsideherald.example/x"}):
        assert trace([report("a.txt", [*prose(15), line], **about)], book()) == []


def test_a_notice_may_have_its_link_on_the_next_line() -> None:
    lines = ("Originally published on", "www.gazette.example")
    end = len(report("a.txt", prose(15)).report.text)
    drops = tuple(Dropped(end + 30 * n, end + 30 * n + len(x), x, "read-more") for n, x in enumerate(lines, 1))
    (origin,) = trace([report("a.txt", prose(15), dropped=drops)], book())
    assert (origin.source, origin.rule) == ("gazette", "notice")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Press release issued by NATO", "nato"),
        ("Here is the full text of the statement issued by NATO:", "nato"),
        ("Communiqué de presse de l’OTAN", "nato"),
        ("Nous publions ci-dessous le communiqué du Conseil de l'Est.", "org:council"),
        ("NATO said so in a press release.", None),
        ("He read the press release of NATO twice.", None),
        ("Press release of NATO, 5 March 2024", "nato"),
        ("Press release by NATO was read aloud.", None),
        ("Media release by NATO angers the east", None),
        ("Press release of NATO said so.", None),
        ("The talks went on. Press release of NATO.", None),
        ("Here is the statement issued by NATO and what it leaves out.", None),
        ("Communiqué de l'OTAN, lu et relu, et nul n'y a cru.", None),
    ],
)
def test_releases_are_their_bodys(line: str, source: str | None) -> None:
    made = report("a.txt", [line, *prose(15)])
    start = made.report.text.find("Conseil de l'Est")
    if start >= 0:
        value = Actor.parse("org:council", {})
        made = replace(made, mentions=(Mention(Span(start, start + 16), "actor", value, "name"),))
    elif "NATO" in line:  # the outlet is the body: one source, not two
        at = made.report.text.index("NATO")
        nato = Mention(Span(at, at + 4), "actor", Actor.parse("org:nato", {}), "name")
        made = replace(made, mentions=(nato,))
    assert [(o.source, o.rule, o.whole) for o in trace([made], book())] == (
        [] if source is None else [(source, "release", True)]
    )


def test_a_name_that_is_part_of_the_outlets_own_means_the_outlet() -> None:
    text = [*prose(15), "A minister told the Courier that the talks failed."]
    assert {o.source for o in trace([report("a.txt", text)], book())} == {"courier"}
    assert trace([report("a.txt", text, url="https://east.example/x")], book()) == []


@pytest.mark.parametrize(
    "noise",
    [
        "A-",
        "a",
        ".",
        " .",
        "_ ",
        "A ",
        "told ",
        "read the original ",
        "www.",
        "[a](",
        "Reuters ",
        "AP/",
        "Ab. ",
        "Ab www.rt.com ",
        "A B C D E F G ",
        "_AP",
        "with AP ",
        "told AP with ",
    ],
)
def test_noise_takes_time_in_line_with_its_length(noise: str) -> None:
    """A page of 100,000 characters is read in seconds, whatever they are."""
    opening = "This article was first published by nobody. Press release by nobody: told by nobody, "
    made = report("a.txt", [opening + noise * (100_000 // len(noise))])
    began = time.process_time()
    assert all(o.rule in DETAILS for o in trace([made], book()))
    assert time.process_time() - began < 20  # one that is not in line takes minutes


def linked(html: str, url: str = "https://www.moorside.example/x") -> list[Origin]:
    page = Page.of("a.html", html, (("url", url),), "html")
    return trace([Reading(clean(page, default_codebook().furniture))], book())


SAID = "The minister of the east said on Tuesday that the talks had gone on for the whole of a long and cold night. "
MORE = "Nobody knew in the morning whether the two sides would meet again before the summer, "


def test_links_to_other_outlets_are_details() -> None:
    link = '<a class="x" href="https://www.gazette.example/y?a=1&amp;b=2">as <b>their report</b> has it</a>'
    html = f"<title>Talks in the east</title><article><h1>Talks in the east</h1><p>{SAID * 3}</p><p>{MORE}{link}</p>"
    (origin,) = linked(html)
    assert (origin.source, origin.rule, origin.relation) == ("gazette", "link", "named")
    assert (origin.words, origin.whole) == ("as their report has it", False)
    assert linked(html, "https://gazette.example/x") == []


@pytest.mark.parametrize("host", ["gazette.example", "shop.example", "youtube.com"])
def test_links_beside_the_article_and_to_no_outlet_are_none(host: str) -> None:
    menu = "<nav><ul><li><a href='https://gazette.example/'>Gazette</a><li><a href='/b'>More</a></ul></nav>"
    link = f"<a href='https://{host}/y'>seen there</a>" if host != "gazette.example" else "<a href='/here'>here</a>"
    assert linked(f"<title>Talks</title>{menu}<article><h1>Talks</h1><p>{SAID * 3}</p><p>{MORE}{link}</p>") == []


def test_photo_credits_are_no_sources_of_the_text() -> None:
    photo = source_line("Photo: AP")
    dropped = (type(photo)(photo.start, photo.end, photo.text, "photo-credit"),)
    assert found(report("a.txt", prose(16), dropped=dropped)) == set()


def test_the_source_of_a_chart_is_none_of_the_text() -> None:
    text = prose(19)
    assert found(report("a.txt", [*text[:2], "Source: AFP figures and our own", *text[2:]])) == set()


@pytest.mark.parametrize("name", ["AFP", "The Gazette"])
def test_a_name_alone_amid_the_article_is_that_of_a_picture(name: str) -> None:
    text = prose(19, 9)
    assert {o.source for o in trace([report("a.txt", [*text, name])], book())} == {
        "afp" if name == "AFP" else "gazette"
    }
    assert found(report("a.txt", [*text[:4], name, *text[4:]])) == set()


def test_a_byline_that_says_when_names_its_agency_too() -> None:
    drops = tuple(Dropped(0, 9, line, "date-line") for line in ("Monday, March 5", "Reuters March 5, 2024, 9:02 AM"))
    assert found(report("a.txt", prose(19), dropped=drops)) == {("a.txt", "reuters", "named")}


def test_a_dropped_source_line_counts_near_the_articles_ends_and_a_byline_amid_it_too() -> None:
    text = prose(19, 12)
    made = report("a.txt", text).report
    body, half = made.blocks[1].span.start, made.blocks[7].span.start
    pieces = ((0, 5_000, body), (body, 10_000, half - body), (half, 30_000, len(made.text) - half))
    menu = Dropped(33_000, 39_000, "A headline of another day. " * 200, "menu")

    def with_line(start: int, reason: str, words: str) -> set[tuple[str, str, str]]:
        """In HTML, with thousands of characters of markup between what is shown."""
        drops = sorted([menu, Dropped(start, start + len(words), words, reason)], key=lambda d: d.start)
        return found(replace(Reading(made), report=replace(made, pieces=pieces, dropped=tuple(drops))))

    places = (9_000, 20_000, 32_500, 50_000)  # before, amid and after the article; far behind
    afp = {("a.txt", "afp", "named")}
    assert [with_line(at, "source-line", "Source: AFP") for at in places] == [afp, set(), afp, set()]
    assert [with_line(at, "byline", "Jeanne Martin avec AFP") for at in places] == [afp, afp, afp, set()]


def test_an_outlet_is_no_source_of_its_own_report() -> None:
    text = ["KYIV (Reuters) - The talks went on.", *prose(17)]
    assert found(report("a.txt", text, url="https://www.reuters.com/world/x")) == set()


def test_the_words_of_a_credit_are_the_reports_own() -> None:
    made = report("a.txt", [*prose(18), "The talks failed, Reuters reported."])
    (origin,) = trace([made], book())
    assert origin.words in made.report.text
    assert origin.score < 0.7


def origins_of(*readings: Reading) -> dict[str, str]:
    return dict(roots(readings, trace(readings, book()), book()).reports)


def test_copies_share_an_origin_and_others_do_not() -> None:
    text = prose(20)
    got = origins_of(
        report("a.txt", text, "2024-01-03"), report("b.txt", text, "2024-01-02"), report("c.txt", prose(21))
    )
    assert got == {"a.txt": "b.txt", "b.txt": "b.txt", "c.txt": "c.txt"}


def test_reports_that_name_one_agency_share_it() -> None:
    got = origins_of(
        report("a.txt", prose(22), byline="Par Euronews avec AP"),
        report("b.txt", ["KYIV (AP) — The talks went on.", *prose(23)]),
        report("c.txt", prose(24), url="https://apnews.com/article/x"),
    )
    assert set(got.values()) == {"ap"}


def test_a_copy_of_an_official_release_goes_back_to_the_body() -> None:
    text = prose(25)
    got = origins_of(report("a.txt", text), report("n.txt", text, url="https://www.nato.int/cps/x.htm"))
    assert got == {"a.txt": "nato", "n.txt": "nato"}


def test_a_report_with_two_agencies_has_one_of_them() -> None:
    got = origins_of(
        report("a.txt", prose(26), byline="with AFP and Reuters"), report("b.txt", prose(27), byline="with Reuters")
    )
    assert got == {"a.txt": "afp | reuters", "b.txt": "reuters"}


def test_a_detail_reported_by_an_agency_makes_no_common_origin() -> None:
    said = "The talks failed, Reuters reported."
    got = origins_of(report("a.txt", [*prose(28), said]), report("b.txt", [*prose(29), said]))
    assert got == {"a.txt": "a.txt", "b.txt": "b.txt"}


def test_a_part_copy_keeps_an_origin_of_its_own() -> None:
    text, other = prose(30, 8), prose(31, 8)
    got = origins_of(report("a.txt", text), report("b.txt", [*other, *text[:2]]))
    assert got == {"a.txt": "a.txt", "b.txt": "b.txt"}


@pytest.mark.parametrize("mark", ["KYIV, Feb 5 (AP) - ", "(AP) — "])
@pytest.mark.parametrize("outlet", [None, "moorside.example", "gazette.example"])
def test_a_text_under_an_agencys_dateline_is_the_original_whatever_the_dates(mark: str, outlet: str | None) -> None:
    text = prose(70)
    wire = report("z.txt", [mark + text[0], *text[1:]], outlet=outlet)
    earlier = report("a.txt", text, "2024-01-02", outlet="herald.example")
    assert ("a.txt", "z.txt", "copy") in found(wire, earlier)
    assert set(origins_of(wire, earlier).values()) == {"ap"}


def test_a_text_with_an_agencys_credit_is_the_original_but_not_before_the_agencys_own() -> None:
    text = prose(71)
    credited = report("z.txt", [*text, "(AFP)"], "2024-01-03")
    bare = report("a.txt", text, "2024-01-02")
    assert ("a.txt", "z.txt", "copy") in found(credited, bare)
    wire = report("y.txt", text, "2024-01-09", url="https://www.afp.com/x")
    assert {(o.doc, o.source) for o in trace([credited, bare, wire], book()) if o.relation == "copy"} == {
        ("a.txt", "y.txt"),
        ("z.txt", "y.txt"),
    }


def test_the_head_of_a_family_is_the_report_that_is_a_copy_of_none() -> None:
    """Dates say nothing against an edge: the earlier one says itself that it is the copy of the later."""
    text = prose(72)
    first = report("b.txt", text, "2024-01-05", outlet="moorside.example")
    copy = report("a.txt", text, "2024-01-02", outlet="herald.example")
    edge = Origin("a.txt", "b.txt", "copy", 0.9, "words")
    assert set(roots([first, copy], [edge], book()).reports.values()) == {"moorside.example"}


MANY = [
    report("a.txt", prose(40), "2024-01-03"),
    report("b.txt", prose(40)[:4], "2024-01-02"),
    report("c.txt", prose(40)[1:], byline="with AP"),
    report("d.txt", [*prose(41, 6), *prose(40)[:2]]),
    report("e.txt", prose(41)),
    report("f.txt", prose(42), byline="with AP and AFP"),
    report("g.txt", prose(42), url="https://nato.int/x"),
]


@settings(max_examples=25, deadline=None)
@given(st.permutations(MANY))
def test_the_order_of_reports_plays_no_part(order: list[Reading]) -> None:
    straight = trace(MANY, book())
    assert trace(order, book()) == straight
    assert roots(order, list(reversed(straight)), book()) == roots(MANY, straight, book())


def test_a_crowd_of_reprints_points_to_one_original() -> None:
    text = prose(43)
    crowd = [report(f"{n:03}.txt", text, "2024-01-05") for n in range(100)]
    got = trace([*crowd, report("z.txt", text, "2024-01-02")], book())
    assert {o.source for o in got} == {"z.txt"}
    assert len(got) == 100


def test_mistakes_in_credits_are_told_with_file_and_line(tmp_path: object) -> None:
    folder = Path(str(tmp_path))
    (folder / "en").mkdir()
    keys = (
        "by: [by]\nshared: [with, with]\njoins: [and]\narticles: [the]\nmedia: [daily]\nlabels: [source]\nnotices: []\n"
        "notice_lines: []\ntails: []\nrelease_lines: []\n"
    )
    patterns = 'reported:\n  - "reported"\ndetails:\n  - "(told {outlet}"\nreleases: []\n'
    (folder / "en" / "credits.yaml").write_text(keys + patterns)
    files = Files(folder)
    load_credits(files, ["en"])
    assert files.mistakes == [
        "en/credits.yaml:12: expected a pattern with one {outlet}, found 'reported'",
        "en/credits.yaml:14: not a pattern: '(told {outlet}': missing ), unterminated subpattern at position 0",
        "en/credits.yaml:2: 'with' stands here twice",
    ]


def test_an_origin_is_a_plain_record() -> None:
    (origin,) = trace([report("a.txt", prose(44), byline="with AP")], book())
    assert origin == Origin("a.txt", "ap", "named", 0.9, "with AP", "byline")


def test_an_outlet_that_the_codebook_does_not_know_is_no_source_of_its_own_report() -> None:
    line = source_line("Source: https://www.unknown.example/story")
    text = prose(45)
    assert found(report("a.txt", text, dropped=(line,), outlet="unknown.example")) == set()
    assert found(report("a.txt", text, dropped=(line,), url="https://news.unknown.example/x")) == set()
    assert found(report("a.txt", text, dropped=(line,))) == {("a.txt", "unknown.example", "named")}


def test_every_rule_is_explained_with_its_score() -> None:
    page = (Path(__file__).parents[1] / "docs" / "origins.md").read_text(encoding="utf-8")
    assert {rule: float(score) for rule, score in re.findall(r"^\| `([a-z-]+)` \| ([0-9.]+) \|", page, re.M)} == SCORES
