"""Clean, with HTML: what a page shows, where each character stands, what is the article, and what the markup notes."""

from __future__ import annotations

import html
from contextlib import suppress
from time import perf_counter, process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clean_pages import ENGLISH_BODY, FRENCH_BODY, FURNITURE, kept, why
from recoupe.clean import clean
from recoupe.clean.html import see
from recoupe.clean.match import Shown
from recoupe.clean.notes import first, notes_of
from recoupe.errors import PageError
from recoupe.model import Page, Report, Span

ADDRESS = "https://www.gazette.example/monde/2024/06/03/blindes.html"
JSON_LD = """{"@context": "https://schema.org", "@graph": [
  {"@type": "ItemList", "itemListElement": [
    {"@type": "NewsArticle", "headline": "Un autre", "datePublished": "2020-01-01"}]},
  {"@type": ["NewsArticle"], "headline": "La Norvège promet trente blindés à l'Ukraine",
   "datePublished": "2024-06-03T18:30:00+02:00", "dateModified": "2024-06-03T19:10:00+02:00",
   "author": [{"@type": "Person", "name": "Anne Martin"}], "publisher": {"@type": "Organization", "name": "La Gazette"}}
]}"""
PAGE = f"""<!DOCTYPE html>
<html lang="fr-FR"><head><meta charset="utf-8">
<title>La Norvège promet trente blindés &agrave; l'Ukraine | La Gazette</title>
<meta property="og:title" content="La Norv&egrave;ge promet trente blindés à l'Ukraine">
<meta property="article:published_time" content="2024-06-03T16:30:00Z">
<link rel="canonical" href="/monde/2024/06/03/blindes.html">
<script type="application/ld+json">{JSON_LD}</script>
<script>var text = "<p>Rien de ceci n'est montré.</p>";</script>
<style>p {{ color: red }}</style></head>
<body>
<nav><ul><li><a href="/">Accueil</a></li><li><a href="/monde">International</a></li></ul></nav>
<div style="display: none">Ce menu ne se voit pas tant qu'on ne l'ouvre pas, mais il est long.</div>
<article>
<h1>La Norv&egrave;ge promet trente blindés à l'Ukraine</h1>
<p class="author">Par Anne Martin</p>
<p>{FRENCH_BODY[0].replace("é", "&eacute;")}</p>
<p>{FRENCH_BODY[1].replace(" Pologne", " <a href='/pologne'>Pologne</a>")}</p>
<aside><h3>À lire aussi</h3><a href="/saumon">Le prix du saumon baisse encore sur les marchés du nord</a></aside>
<h2>La formation des équipages</h2>
<p>{FRENCH_BODY[2]}</p>
<figure><img src="x.jpg"><figcaption>Un blindé à l'exercice, en mai. PHOTO KARI NORD</figcaption></figure>
<p>{FRENCH_BODY[3]}</p>
</article>
<footer><p>© 2024 La Gazette. Tous droits réservés.</p></footer>
</body></html>
"""


def cleaned(source: str, *meta: tuple[str, str]) -> Report:
    page = Page.of("page.html", source, meta, "html")
    report = clean(page, FURNITURE)
    check(page, report)
    return report


def check(page: Page, report: Report) -> None:
    """Every piece is the page's own, and every character that the page shows is in one piece or dropped once."""
    covered = [0] * len(page.text)
    for start, place, length in report.pieces:
        same = report.text[start : start + length] == page.text[place : place + length]
        assert same or (length == 1 and page.text[place] == "&")
        assert report.to_page(start) == place
        for i in range(place, place + length):
            covered[i] += 1
    for drop in report.dropped:
        if drop.reason != "other-address":
            assert drop.reason
            for i in range(drop.start, drop.end):
                covered[i] += 1
    shown = [i for _, place, length in see(page.text).pieces for i in range(place, place + length)]
    assert {page.text[i] for i in shown if covered[i] != 1} <= {" "}


def test_article_is_kept_and_what_is_around_it_is_dropped_with_its_reason() -> None:
    report = cleaned(PAGE, ("url", ADDRESS))
    assert kept(report) == [
        ("title", "La Norvège promet trente blindés à l'Ukraine"),
        ("lead", FRENCH_BODY[0]),
        ("body", FRENCH_BODY[1]),
        ("crosshead", "La formation des équipages"),
        ("body", FRENCH_BODY[2]),
        ("body", FRENCH_BODY[3]),
    ]
    assert why(report, "Accueil") == "menu"
    assert why(report, "prix du saumon") in ("related-headline", "aside", "read-more")
    assert why(report, "KARI NORD") in ("caption", "photo-credit")
    assert why(report, "Tous droits réservés") in ("footer", "caption")
    assert why(report, "La Gazette") in ("page-title", "footer")
    assert report.byline == "Anne Martin"
    assert report.outlet == "gazette.example"
    assert report.lang == "fr"
    assert not [d for d in report.dropped if "montré" in d.text or "se voit pas" in d.text]


def test_notes_say_what_the_markup_says_and_where() -> None:
    report = cleaned(PAGE, ("url", ADDRESS))
    told = [(n.name, n.value, n.source) for n in report.notes]
    assert ("published", "2024-06-03T18:30:00+02:00", "json-ld NewsArticle.datePublished") in told
    assert ("published", "2024-06-03T16:30:00Z", "meta article:published_time") in told
    assert ("author", "Anne Martin", "json-ld NewsArticle.author") in told
    assert ("title", "La Norvège promet trente blindés à l'Ukraine", "meta og:title") in told
    assert ("url", ADDRESS, "link canonical") in told
    assert ("language", "fr-FR", "html lang") in told
    assert not [value for _, value, _ in told if value in ("Un autre", "2020-01-01")]
    assert first(report.notes, "published") == "2024-06-03T18:30:00+02:00"
    for note in report.notes:
        if note.source.startswith("meta"):
            assert html.unescape(PAGE[note.at.start : note.at.end]).count(note.value) == 1


def test_page_without_an_address_is_believed_about_it() -> None:
    report = cleaned(PAGE.replace('href="/monde', 'href="https://www.gazette.example/monde'))
    assert report.url == ADDRESS
    assert report.outlet == "gazette.example"


def test_page_that_names_the_page_of_another_site_is_not_believed() -> None:
    report = cleaned(PAGE.replace('href="/monde', 'href="https://other.example/monde'), ("url", ADDRESS))
    assert report.url == ADDRESS
    assert report.outlet == "gazette.example"
    assert [(d.reason, d.text) for d in report.dropped if d.reason == "other-address"] == [
        ("other-address", "https://other.example/monde/2024/06/03/blindes.html")
    ]


def test_title_that_is_shown_nowhere_is_the_page_s_title() -> None:
    body = "".join(f"<p>{p}</p>" for p in ENGLISH_BODY)
    report = cleaned(f"<title>Dutch to send more jets to Ukraine</title><body>{body}</body>")
    assert kept(report)[0] == ("title", "Dutch to send more jets to Ukraine")
    assert [words for role, words in kept(report) if role != "title"] == ENGLISH_BODY


def test_page_without_markup_that_tells_is_cleaned_as_text_is() -> None:
    lines = "<br>".join(("Home", "World", *ENGLISH_BODY))
    assert [words for _, words in kept(cleaned(f"<font>{lines}</font>"))][-4:] == ENGLISH_BODY


@pytest.mark.parametrize("source", ["", "<html></html>", "<script>var a = 1;", "<!-- never closed", "<p>Short."])
def test_page_without_an_article_is_a_page_error(source: str) -> None:
    with pytest.raises(PageError, match="no article"):
        cleaned(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>two <b>bold</b>ly  \n said", "One\ntwo boldly said"),
        ("<p>caf&eacute; &amp; th&#233; &lt;p&gt;", "café & thé <p>"),
        ("<p>AT&T &nosuch; 5 & 6", "AT&T &nosuch; 5 & 6"),
        ("<p>10&nbsp;000 eu\u00adros\u200b", "10 000 euros"),
        ('<a title="a > b">link</a> <a title=x"y>z</a>', "link z"),
        ("a<!-- no > -- no -->b<!doctype x>c", "abc"),
        ("a<script>if (a < b) { '</p>' }</script>b", "ab"),
        ("<p hidden>no</p><p style='Display : None'>no</p><p>yes</p>", "yes"),
        ("<select><option>no</select>yes", "yes"),
        ("<svg><title>no</title></svg><p>yes", "yes"),
        ("<svg><title/><style/></svg><p>yes", "yes"),
        ("<!-->yes<!--->, <!-- no --!>yes", "yes, yes"),
        ("<form><select>" + "<option>no\n" * 60 + "</select></form><p>yes", "yes"),
        ("<ul style='display:none'>" + "<li>no" * 60 + "</ul><p>yes", "yes"),
        ("<svg>" + "<path>" * 60 + "</svg><p>yes", "yes"),
        ("<div hidden><p>no<p>no</div>yes", "yes"),
        ("<table hidden><tr><td>no<td>no<tr><td>no</table>yes", "yes"),
        ("<p>a<table><tr><td>1<td>2</table>b", "a\n\n1\n\n2\n\nb"),
        ("x < y and y > z", "x < y and y > z"),
        ("<p>end <", "end <"),
    ],
)
def test_what_is_seen(source: str, text: str) -> None:
    assert see(source).text.strip() == text


def test_where_a_line_stands() -> None:
    sight = see("<nav>a</nav><main><h2>b</h2><p>c</p><aside><p>d</p></aside></main><footer><ul><li>e</ul></footer>")
    assert sight.wheres == ("nav", "heading", "", "aside", "footer")


@given(st.text(alphabet="<>&;!-/=\"' \nab\u00ad#x1pP", max_size=200))
def test_any_source_is_seen_and_every_piece_is_its_own(source: str) -> None:
    sight = see(source)
    at = 0
    for start, place, length in sight.pieces:
        assert start >= at
        at = start + length
        same = sight.text[start:at] == source[place : place + length]
        assert same or (length == 1 and source[place] == "&")
    assert len(sight.wheres) == len([line for line in sight.text.split("\n") if line])
    assert "\n\n\n" not in sight.text


@pytest.mark.parametrize(
    "part",
    ["<div>", "<a href='", '<a "', "<!--", "&amp", "= ", "<p", "</p>", "<script>", "<title>", '<b ="', "&", "<", "<i>"],
)
def test_hostile_source_takes_time_linear_in_its_length(part: str) -> None:
    began = perf_counter()
    with suppress(PageError):
        see(part * 400_000)
    assert perf_counter() - began < 10


def test_page_of_too_many_tags_is_refused() -> None:
    with pytest.raises(PageError, match="markup of more than 250000 tags"):
        cleaned("<p>x" * 300_000)


def test_deeply_nested_page_is_read_or_refused() -> None:
    deep = "<div>" * 20_000
    try:
        report = cleaned(deep + "".join(f"<p>{p}</p>" for p in ENGLISH_BODY))
    except PageError:
        return
    assert [words for _, words in kept(report)][-4:] == ENGLISH_BODY


@pytest.mark.parametrize("script", ["{not json", "[" * 50_000, '{"@type": 5, "headline": [[["x"]]]}', "null", '"a"'])
def test_broken_json_ld_is_passed_over(script: str) -> None:
    sight = see(f'<meta name="author" content="Kari Nord"><script type="application/ld+json">{script}</script>')
    assert [(n.name, n.value) for n in notes_of(sight, "")] == [("author", "Kari Nord")]


def test_words_are_found_whatever_their_spaces_and_order() -> None:
    text = "Menu\n\nThe first of the two paragraphs.\n\nMenu\n\nThe second\nof them, which is cut."
    shown = Shown(text)
    shown.find_all(["The second of them, which is cut.", "The first  of the two paragraphs."])
    assert shown.share(Span(0, 4)) == 0
    assert shown.share(Span(6, 38)) == 1
    assert shown.share(Span(text.index("The second"), len(text))) == 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=8), st.integers(0, 50), st.integers(1, 12))
def test_a_place_in_the_page_is_found_in_any_pieces(found: list[tuple[int, int]], start: int, length: int) -> None:
    """Whatever the order of the pieces in the page, and where they overlap."""
    pieces, at = [], 0
    for page, size in found:
        pieces.append((at, page, size))
        at += size
    report = Report("a", "x" * at, "en", pieces=tuple(pieces))
    said = [
        text + k for text, page, size in pieces for k in range(size) if start <= page + k < start + length
    ]  # every character of the text that comes from there
    wanted = Span(min(said), max(said) + 1) if said else None
    assert report.of_page(Span(start, start + length)) == wanted


def test_the_links_of_a_long_page_take_time_in_line_with_their_number() -> None:
    pieces = tuple((10 * n, 20 * n, 10) for n in range(100_000))
    report = Report("a", "x" * 1_000_000, "en", pieces=pieces)
    began = process_time()
    assert all(report.of_page(Span(20 * n, 20 * n + 5)) == Span(10 * n, 10 * n + 5) for n in range(0, 100_000, 5))
    assert process_time() - began < 5
