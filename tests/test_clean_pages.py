"""Clean: what holds of every page, whatever is on it; the furniture's files; and the pages of the shared data."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clean_pages import (
    ENGLISH_BODY,
    ENGLISH_PAGE,
    FRENCH_BODY,
    FRENCH_PAGE,
    FURNITURE,
    check_places,
    report_of,
)
from recoupe.clean import clean
from recoupe.codebook.files import Files
from recoupe.codebook.furniture import load_furniture
from recoupe.errors import PageError
from recoupe.load import find_pages
from recoupe.model import Page

SHARED = Path(__file__).parents[1].parent / "shared"

LINES = st.sampled_from(
    [
        *FRENCH_BODY,
        *ENGLISH_BODY,
        *FRENCH_PAGE.split("\n"),
        *ENGLISH_PAGE.split("\n"),
        "",
        "\t indented line of a few words ",
        "**bold** and [a link](https://example.org/x) in a line that says something.",
        "[](https://example.org)",
        "* ### A card of the list",
        "…",
        "[xlv]",
        "“",
        "”",
        ", said the man.",
        "Line with\u2028a separator and \u200bzero width\xa0spaces in it.",
        "---",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(LINES, st.text(max_size=60)), max_size=40), st.sampled_from(["\n", "\n\n", "\n \n"]))
def test_every_character_is_kept_or_dropped_once_in_its_place(lines: list[str], gap: str) -> None:
    page = Page.of("page.txt", gap.join(lines))
    try:
        report = clean(page, FURNITURE)
    except PageError:
        return
    check_places(page, report)
    assert clean(page, FURNITURE) == report


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(6)), st.data())
def test_article_survives_whatever_furniture_stands_around_it(order: list[int], data: st.DataObject) -> None:
    above = ["Skip to content", "Log In", "Facebook", "Newsletter", "Accepter", "24 °C"]
    below = ["Related articles", "Leave a Reply", "Tags:", "© 2026 Example. All rights reserved.", "Share", "Menu"]
    top = [above[i] for i in order[: data.draw(st.integers(0, 6))]]
    end = [below[i] for i in order[: data.draw(st.integers(0, 6))]]
    report = report_of("\n".join([*top, "Dutch to send more jets to Ukraine", *ENGLISH_BODY, *end]))
    assert report.text == "\n\n".join(["Dutch to send more jets to Ukraine", *ENGLISH_BODY])


@pytest.mark.parametrize("unit", ["The army will send ten of its tanks. ", "[a](b ", "- ", "a", "... ", "“", "\n"])
def test_time_grows_with_the_length_alone(unit: str) -> None:
    took = []
    for size in (250_000, 2_000_000):
        text = unit * (size // len(unit))
        start = time.perf_counter()
        with contextlib.suppress(PageError):
            clean(Page.of("page.txt", text), FURNITURE)
        took.append(time.perf_counter() - start)
    # Eight times the length; what is more than linear would take sixty-four times as long.
    assert took[1] < 30 * max(took[0], 0.02)
    assert took[1] < 10


def test_furniture_reports_every_mistake_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "furniture.yaml").write_text(
        "language: en\n"
        "stopwords: [le]\n"
        "lines:\n"
        "  menu:\n"
        "    - '('\n"
        "    - '%agency%'\n"
        "    - 'x*'\n"
        "bylines:\n"
        "  - '^par (.+)$'\n"
        "colour: red\n",
        encoding="utf-8",
    )
    files = Files(tmp_path)
    load_furniture(files, ["fr"])
    where = [m.split(": ")[0] for m in files.mistakes]
    assert where == [f"fr/furniture.yaml:{n}" for n in (10, 1, 5, 6, 7, 9)], files.mistakes
    assert "unknown key 'colour'" in files.mistakes[0]
    assert "not a regular expression" in files.mistakes[2]
    assert "unknown set %agency%" in files.mistakes[3]
    assert "fits an empty line" in files.mistakes[4]
    assert "?P<name>" in files.mistakes[5]


def test_furniture_that_is_missing_is_a_mistake(tmp_path: Path) -> None:
    files = Files(tmp_path)
    load_furniture(files, ["fr"])
    assert any("fr/furniture.yaml:1: this file is missing" in m for m in files.mistakes)


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the shared data is not here")
def test_no_evidence_of_the_gold_files_is_lost() -> None:
    def squeeze(text: str) -> str:
        return " ".join(text.split())

    lost = []
    for gold in sorted((SHARED / "gold").glob("*.jsonl")):
        for line in gold.read_text(encoding="utf-8").splitlines():
            coded = json.loads(line)
            [page] = find_pages([SHARED / "data" / coded["doc"]], lambda problem: None)
            report = clean(page, FURNITURE)
            check_places(page, report)
            assert report.lang == coded["lang"]
            text = squeeze(report.text)
            words = [e for claim in coded["claims"] for e in claim["evidence"]]
            words += [part for quote in coded["quotes"] for part in quote["text"].split(" … ")]
            lost += [(coded["doc"], w) for w in words if squeeze(w) not in text]
    assert not lost


@pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="the shared data is not here")
@pytest.mark.parametrize("folder", ["seeds", "press-fr", "pages-en", "articles-en"])
def test_pages_of_the_shared_data_keep_their_places(folder: str) -> None:
    refused = 0
    pages = list(find_pages([SHARED / "data" / folder], lambda problem: pytest.fail(str(problem))))
    for page in pages:
        try:
            report = clean(page, FURNITURE)
        except PageError:
            refused += 1
            continue
        check_places(page, report)
        assert not any(c in report.text for c in "{}") or "{{" not in report.text
    assert len(pages) >= 5
    assert refused <= 0.1 * len(pages)
