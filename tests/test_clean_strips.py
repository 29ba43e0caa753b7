"""Clean: the lines beside a title that say who wrote the article and when, and the heads of live pages."""

from __future__ import annotations

import pytest

from clean_pages import ENGLISH_BODY, FRENCH_BODY, kept, report_of, why

STRIPS = [
    ("Harbour Post staff with AP | 4 January 2024 | 2 min read", "Harbour Post staff with AP", "4 January 2024"),
    ("Monday, Aug 21, 2023 | World | by Mary Holt", "Mary Holt", "Monday, Aug 21, 2023"),
    ("WORLD - Published Monday 5th of February 2024 at 16:27", None, "Published Monday 5th of February 2024"),
    ("Par la rédaction (avec Reuters), mercredi 26 juin 2024 | Offrir", "la rédaction (avec Reuters)", "26 juin 2024"),
    ("Par admin — 9 avril 2022   dans Monde   0   112 VUES", None, "9 avril 2022"),
    ("From our stringer in Oslo and agencies", "our stringer in Oslo and agencies", None),
    ("La Baie du Nord avec l'AFP", "La Baie du Nord avec l'AFP", None),
]


@pytest.mark.parametrize(("strip", "named", "dated"), STRIPS)
@pytest.mark.parametrize("body", [ENGLISH_BODY, FRENCH_BODY])
def test_line_below_the_title_that_says_who_and_when(
    strip: str, named: str | None, dated: str | None, body: list[str]
) -> None:
    title = "Dutch to send more jets" if body is ENGLISH_BODY else "La Norvège promet trente blindés à l'Ukraine"
    report = report_of("\n\n".join([title, strip, *body]))
    assert report.text == "\n\n".join([title, *body])
    assert report.byline == named
    if dated:
        assert why(report, dated) == "date-line"
    if named:
        assert why(report, named) == "byline"


@pytest.mark.parametrize(
    "line",
    [
        "Soldiers of the 3rd brigade carry shells to a gun in the woods near Kupiansk on January 4, 2024",
        "The war in numbers, 2022 to 2024",
        "An F-16 at an air base, July 2022",
    ],
)
def test_line_below_the_title_that_only_mentions_a_date_is_no_date_line(line: str) -> None:
    report = report_of("\n\n".join(["Dutch to send more jets to Ukraine", line, *ENGLISH_BODY]))
    assert "date-line" not in {d.reason for d in report.dropped}
    assert report.byline is None


def test_name_of_the_paper_above_the_title_is_neither_title_nor_author() -> None:
    head = ["The Harbour Post", "News  Farming  Courts", "Dutch to send more jets to Ukraine", "By Jane Miller"]
    report = report_of("\n".join([*head, "", "\n\n".join(ENGLISH_BODY), "", "Write to the Harbour Post"]))
    assert report.title == "Dutch to send more jets to Ukraine"
    assert report.byline == "Jane Miller"


def test_live_page_has_its_own_title_and_the_headings_of_its_entries() -> None:
    entries = [f"{18 - i}.20 GMT\nMinister on the jets, part {i}\n\n{text}" for i, text in enumerate(ENGLISH_BODY)]
    head = "Ukraine live: Dutch to send more jets\n\nLast updated 21 Nov 2024, 19.12 GMT   Follow   Share\n\n"
    report = report_of(head + "\n\nShare\n\n".join(entries))
    assert report.title == "Ukraine live: Dutch to send more jets"
    assert why(report, "Last updated") == "date-line"
    assert ("crosshead", "Minister on the jets, part 0") in kept(report)
