"""Clean: which stretch of a page's lines is the article."""

from __future__ import annotations

import pytest

from clean_pages import ENGLISH_BODY, FRENCH_BODY, FURNITURE, report_of, why
from recoupe.clean.labels import Labels
from recoupe.clean.lines import lines_of
from recoupe.clean.run import main_run, worths
from recoupe.clean.signs import Signs

TITLE = "Dutch to send more jets to Ukraine"
COMMENT = "I think that this is a very good idea and that they should have done it long before, for the {}th time."


def labels_of(lines: list[str]) -> Labels:
    return Labels(lines_of("\n".join(lines), 0, FURNITURE), FURNITURE)


def test_every_sign_in_the_table_is_one_that_lines_can_have() -> None:
    table = worths()
    assert {s.split(":")[0] for s in table.end if s.startswith("below")} <= {"below0", "below1", "below2"}
    assert table.line["is:long-prose"] > 0


def test_signs_of_a_line_say_what_it_is_and_what_is_beside_it() -> None:
    signs = Signs(labels_of([TITLE, "By Jane Miller", *ENGLISH_BODY, "Leave a Reply"]))
    assert {"is:byline", "above:long-heading", "below:short-prose"} <= set(signs.line(1))
    assert signs.stops == {len(ENGLISH_BODY) + 2}
    assert "ends" in set(signs.end(len(ENGLISH_BODY) + 2))


def test_page_without_lines_has_no_run() -> None:
    assert main_run(labels_of([])) is None


@pytest.mark.parametrize(
    "header",
    [
        "[ 167 comments ]",
        "Top Rated Comments",
        "Ann Lee on June 3, 2024 at 4:47 pm said:",
        "You must log in to post a comment.",
    ],
)
def test_no_article_goes_on_below_a_header_of_comments(header: str) -> None:
    comments = [COMMENT.format(i) for i in range(30)]
    report = report_of("\n".join([TITLE, *ENGLISH_BODY, header, *comments]))
    assert report.text == "\n\n".join([TITLE, *ENGLISH_BODY])
    assert why(report, header) == "comment-form"


def test_question_about_comments_above_the_article_does_not_end_it() -> None:
    report = report_of("\n".join([TITLE, "Leave a comment", *ENGLISH_BODY]))
    assert report.text == "\n\n".join([TITLE, *ENGLISH_BODY])


@pytest.mark.parametrize("body", [ENGLISH_BODY, FRENCH_BODY])
def test_article_alone_is_kept_whole(body: list[str]) -> None:
    assert report_of("\n\n".join(body)).text == "\n\n".join(body)


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministry said on June 3, 2024 that it had not said where the jets would go before the summer.",
        "He asked readers to support Ukraine and so to help those who had lost their homes in the raids.",
        "Most viewed the decision as a sign that the war would go on for years, the paper said on Monday.",
        "The army must log in its own book each of the shells that it fires, the report says of the rules.",
    ],
)
def test_sentences_that_begin_like_new_furniture_stay(sentence: str) -> None:
    assert sentence in report_of("\n\n".join([*ENGLISH_BODY[:2], sentence, *ENGLISH_BODY[2:]])).text
