"""The scorer of time expressions, and the floors under what is found in coded texts: they may rise, never fall."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from recoupe.codebook import default_codebook
from recoupe.date.expressions import tell
from recoupe.values import When
from timeml import Coded, columns, count, f1, match, timeml, total

TIMES = Path(__file__).parents[1].parent / "shared" / "data" / "times"
here = pytest.mark.skipif(not TIMES.is_dir(), reason="the coded texts are not here")

TML = """<?xml version="1.0" ?>
<TimeML><DOCID>one</DOCID><DCT><TIMEX3 tid="t0" type="DATE" value="2024-03-06">6 March</TIMEX3></DCT>
<TEXT>It <EVENT eid="e1">rained</EVENT> <TIMEX3 tid="t1" type="DATE" value="2024-03-05">yesterday</TIMEX3> &amp; for
<TIMEX3 tid="t2" type="DURATION" value="P2D">two <EVENT eid="e2">rainy</EVENT> days</TIMEX3>.</TEXT></TimeML>
"""


def test_a_timeml_document_is_read_with_its_offsets(tmp_path: Path) -> None:
    (tmp_path / "one.tml").write_text(TML)
    (text,) = timeml(tmp_path)
    assert text.written == date(2024, 3, 6)
    assert text.text == "It rained yesterday & for\ntwo rainy days."
    told = [(text.text[c.start : c.end], c.type, c.value) for c in text.coded]
    assert told == [("yesterday", "DATE", "2024-03-05"), ("two rainy days", "DURATION", "P2D")]


def test_columns_of_tokens_are_put_together_again(tmp_path: Path) -> None:
    rows = ["L'   O", "accord   O", "date   O", "du   O", "12   B-DATE", "mai   I-DATE", ".   O"]
    (tmp_path / "x.txt").write_text("-DOCSTART-\n\n" + "\n".join(rows) + "\n\nHier   B-DATE\n")
    one, other = columns(tmp_path / "x.txt")
    assert one.text == "L'accord date du 12 mai."
    assert [(one.text[c.start : c.end], c.type) for c in one.coded] == [("12 mai", "DATE")]
    assert other.coded == (Coded(0, 4, "DATE"),)


def test_the_score_is_that_of_the_task() -> None:
    coded = [Coded(0, 4, "DATE", "2024"), Coded(10, 20, "DURATION", "P2D"), Coded(30, 34, "SET", "P1D")]
    given = [Coded(0, 4, "DATE", "2024"), Coded(12, 20, "DURATION", "P3D"), Coded(50, 52, "DATE", "2020")]
    counts = count(coded, given)
    assert (counts.coded, counts.given, counts.coded_found, counts.strict) == (3, 3, 2, 1)
    assert counts.relaxed_f1 == pytest.approx(2 / 3)
    assert counts.strict_f1 == pytest.approx(1 / 3)
    assert counts.type_f1 == pytest.approx(2 / 3)
    assert counts.value_f1 == pytest.approx(1 / 3)
    assert f1(0, 0, 0, 0) == 0


def test_each_expression_is_found_once() -> None:
    long, one, other = Coded(0, 30, "DATE"), Coded(0, 5, "DATE"), Coded(8, 30, "DATE")
    assert match([one, other], [long]) == [(other, long)]
    assert match([long], [one, other]) == [(long, other)]


@here
@pytest.mark.parametrize(
    ("part", "relaxed", "value"), [("tempeval3-train", 0.935, 0.785), ("tempeval3-platinum", 0.92, 0.785)]
)
def test_floors_of_english(part: str, relaxed: float, value: float) -> None:
    book = default_codebook()
    words = book.languages["en"].times
    counts = total(
        count(text.coded, [Coded(t.start, t.end, t.type, t.value) for t in tell(text.text, words, book.calendar, when)])
        for text in timeml(TIMES / part)
        for when in [When.day(text.written) if text.written else None]
    )
    assert counts.relaxed_f1 >= relaxed
    assert counts.value_f1 >= value


@here
@pytest.mark.parametrize(("part", "relaxed", "strict"), [("valid", 0.96, 0.83), ("test", 0.88, 0.775)])
def test_floors_of_french(part: str, relaxed: float, strict: float) -> None:
    book = default_codebook()
    words = book.languages["fr"].times
    counts = total(
        count(text.coded, [Coded(t.start, t.end, t.type, t.value) for t in tell(text.text, words, book.calendar, None)])
        for text in columns(TIMES / "french-timebank" / f"{part}.txt")
    )
    assert counts.relaxed_f1 >= relaxed
    assert counts.strict_f1 >= strict
