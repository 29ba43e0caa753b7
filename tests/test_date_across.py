"""Dates that other reports of the ledger give: who copies whom, and whose day a fact was."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from recoupe.codebook import default_codebook
from recoupe.ledger import create_ledger
from recoupe.load import make_page
from recoupe.model import Page, Reading
from recoupe.pipeline import fill
from recoupe.trace import certain, trace
from synthetic import book
from test_trace import prose, report

STORY = (
    "Germany hands two more Patriot launchers to Ukraine\n\n{line}Germany has handed two further Patriot launchers to "
    "Ukraine, the defence ministry in Berlin said. The launchers had stood in the port of Rostock since the winter "
    "and were taken over the border by rail, officials added, without naming the route that the trains had used.\n\n"
    "The ministry said that the crews had been trained in the south of Germany for nine weeks, and that spare parts "
    "for a year were part of the shipment. A further launcher would follow once the factory had mended it.\n{end}"
)
WIRE = STORY.format(line="BERLIN (AP) - ", end="")
REPRINT = STORY.format(line="", end="\n(AP)\n")
COUNCIL = (
    "Council of Ukraine and NATO meets over strikes\n\nBRUSSELS - The NATO-Ukraine Council met in Brussels {when} "
    "after strikes on power plants. Ambassadors of all allies took part in the meeting of the NATO-Ukraine Council, "
    "which {who} had asked for.\n\nThe ambassadors of the allies condemned the strikes on Ukraine and said that more "
    "air defence was on its way to the country.\n"
)


def page(doc: str, text: str, **meta: str) -> Page:
    return make_page(doc, text.encode(), meta)


def read(tmp_path: Path, *runs: list[Page]) -> dict[str, Reading]:
    """The readings after one run or more into one ledger."""
    with create_ledger(tmp_path / "x.db") as ledger:
        for pages in runs:
            fill(ledger, lambda _, pages=pages: pages, default_codebook())
        return {r.report.doc: r for r in ledger.readings()}


@pytest.fixture
def pages() -> list[Page]:
    return [
        page("wire.txt", WIRE, url="https://apnews.com/a", date="2024-03-06"),
        page("reprint.txt", REPRINT, url="https://paper.example/b"),
    ]


def test_a_copy_is_no_older_than_the_wire_it_has_its_text_from(tmp_path: Path, pages: list[Page]) -> None:
    found = read(tmp_path, pages)
    assert str(found["reprint.txt"].dating.when) == "2024-03-06/.."
    reason = found["reprint.txt"].dating.reasons[-1]
    assert (reason.rule, reason.of) == ("copy-of", "ledger")
    assert reason.words.startswith("wire.txt: ")
    assert found["reprint.txt"].dating.by_itself is None
    assert found["wire.txt"].dating.by_itself == found["wire.txt"].dating.when


def test_a_wire_is_no_younger_than_its_dated_copy(tmp_path: Path) -> None:
    wire = page("wire.txt", WIRE, url="https://apnews.com/a")
    reprint = page("reprint.txt", REPRINT, url="https://paper.example/b", date="2024-03-07")
    assert str(read(tmp_path, [wire, reprint])["wire.txt"].dating.when) == "../2024-03-07"


def test_a_copy_of_a_copy_is_no_older_than_the_wire_either(tmp_path: Path, pages: list[Page]) -> None:
    """The third page names nobody, and is nearer to the second than to the wire."""
    own = "\nOur paper thanks the many readers who have asked us in letters where the launchers stand today and why.\n"
    pages[1] = page("reprint.txt", REPRINT.replace("\n(AP)", f"{own}\n(AP)"), url="https://paper.example/b")
    third = page("third.txt", STORY.format(line="", end=own), url="https://third.example/c")
    with create_ledger(tmp_path / "y.db") as ledger:
        fill(ledger, lambda _: [*pages, third], default_codebook())
        edges = {(o.doc, o.source) for o in ledger.origins() if o.relation == "copy"}
        found = {r.report.doc: r.dating for r in ledger.readings()}
    assert ("third.txt", "reprint.txt") in edges
    assert ("third.txt", "wire.txt") not in edges
    assert str(found["third.txt"].when) == "2024-03-06/.."
    assert found["third.txt"].reasons[-1].words.startswith("wire.txt: ")


@pytest.mark.parametrize("later", ["2024-03-09", None])
def test_of_two_wires_with_one_text_a_copy_is_no_older_than_the_earlier(tmp_path: Path, later: str | None) -> None:
    """It may be from either, so that it says nothing of their dates; nor they of its, where one of them is undated."""
    about = {"date": later} if later else {}
    update = page(
        "update.txt", WIRE + "\nAn earlier version misspelled Rostock.\n", url="https://apnews.com/b", **about
    )
    wire = page("wire.txt", WIRE, url="https://apnews.com/a", date="2024-03-06")
    reprint = page("reprint.txt", REPRINT, url="https://paper.example/b", date="2024-03-07")
    undated = page("undated.txt", REPRINT, url="https://third.example/c")
    found = {doc: r.dating for doc, r in read(tmp_path, [wire, update, reprint, undated]).items()}
    rules = {doc: {r.rule for r in (*d.reasons, *d.against)} & {"copy-of", "copied-by"} for doc, d in found.items()}
    assert rules["wire.txt"] == rules["update.txt"] == set()
    assert rules["undated.txt"] == ({"copy-of"} if later else set())
    assert str(found["undated.txt"].when) == ("2024-03-06/.." if later else "None")


def test_a_text_is_not_dated_by_those_that_are_from_it() -> None:
    """An official site prints a newspaper's interview and says so; a third page copies the site."""
    paper = report("paper.txt", prose(1), "2024-03-05", outlet="gazette")
    site = report("site.txt", [*prose(1), "This article was originally published by The Gazette."], outlet="nato")
    third = report("third.txt", prose(1)[:5])
    readings = [paper, site, third]
    found = certain(readings, trace(readings, book()), book())
    assert {(e.doc, e.source, e.only) for e in found if e.doc != "third.txt"} == {("site.txt", "paper.txt", True)}


def test_the_dates_do_not_depend_on_the_order_of_pages_and_runs(tmp_path: Path, pages: list[Page]) -> None:
    together = read(tmp_path, pages)
    for i, (first, second) in enumerate(permutations(pages)):
        folder = tmp_path / str(i)
        folder.mkdir()
        found = read(folder, [first], [second], [first])
        assert {doc: r.dating for doc, r in found.items()} == {doc: r.dating for doc, r in together.items()}


def test_a_fact_told_as_a_weekdays_has_the_day_that_others_give_it(tmp_path: Path) -> None:
    """The undated page says "on Wednesday", the dated one which day that was: it was written within a week of it."""
    dated = page("a.txt", COUNCIL.format(when="on Wednesday 28 August 2024", who="Ukraine"), date="2024-08-29")
    loose = page("b.txt", COUNCIL.format(when="on Wednesday", who="Kyiv"), url="https://paper.example/2024/08/x")
    found = read(tmp_path, [dated, loose])
    rules = {reason.rule for reason in found["b.txt"].dating.reasons}
    assert "same-fact" in rules
    assert str(found["b.txt"].dating.when) == "2024-08-28/2024-08-31"
    times = {str(c.time) for c in found["b.txt"].claims if c.values("place") and c.kind == "consultation"}
    assert times == {"2024-08-28"}


def test_no_date_rests_on_itself(tmp_path: Path) -> None:
    """Two undated pages that copy each other give each other no date."""
    one, other = page("a.txt", WIRE), page("b.txt", REPRINT)
    found = read(tmp_path, [one, other])
    assert all(r.dating.when is None for r in found.values())
