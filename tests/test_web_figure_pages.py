"""The pages of figures, asked as a browser asks: in both languages, with filters, with their JSON and their links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from recoupe.codebook import Codebook
from recoupe.ledger import create_ledger
from recoupe.settle import Settling, dates, facts, sites, texts
from recoupe.web import create_app
from recoupe.web.options import Options
from synthetic import Fact, page_of, reading

STRIKE = {"attacker": ["country:RU"], "target": ["country:UA"], "place": ["place:kharkiv"]}
GIVES = {"donor": ["country:DE"], "recipient": ["country:UA"], "item": ["patriot"]}
READINGS = (
    reading("a.txt", ["Strike on Kharkiv", "Missiles killed nine there on Tuesday."],
            [Fact("attack", {**STRIKE, "killed": "9"}, "Missiles killed nine", time="2024-01-02")], "2024-01-03"),
    reading("b.txt", ["Night of fire", "In the east five people died that day, the mayor told us in the morning."],
            [Fact("attack", {**STRIKE, "killed": "5"}, "five people died", time="2024-01-02")], "2024-01-04"),
    reading("c.txt", ["A promise", "Berlin gives four systems, it said, and it may be five or six of them in the end."],
            [Fact("pledge", {**GIVES, "count": "4..6"}, "Berlin gives four systems", time="2024-02-01")], "2024-02-02"),
    reading("d.txt", ["A talk", "They met in Brussels. <b>Bold</b> words fell."],
            [Fact("consultation", {"participants": ["country:DE", "country:FR"], "place": "place:brussels"},
                  "They met in Brussels", time="2024-03")], "2024-03-05"),
    reading("e.txt", ["A delivery", "France sends money worth at least two million euros to Kyiv now."],
            [Fact("delivery", {"donor": ["country:FR"], "recipient": ["country:UA"], "item": ["money"],
                               "amount": ">=2e6 EUR"}, "France sends money")], "2024-03-06"),
    reading("f.txt", ["A stock", "Warsaw buys ten tanks for its own army, to fill what it lacks."],
            [Fact("purchase", {"buyer": ["country:PL"], "item": ["tank"], "count": "10"}, "Warsaw buys ten tanks",
                  time="2024-03-07")], "2024-03-08"),
)  # fmt: skip
PAGES = ("/timeline", "/balance", "/map", "/conflicts", "/sources")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[TestClient]:
    path = tmp_path_factory.mktemp("desk") / "a.db"
    with create_ledger(path) as ledger:
        with ledger.batch() as batch:
            for one in READINGS:
                batch.add(page_of(one), one)
        with ledger.batch() as batch:
            lines = sites(Settling(batch, codebook, 1))
            texts(Settling(batch, codebook, 1))
            facts(Settling(batch, codebook, 1), lines, dates(Settling(batch, codebook, 1)))
    with TestClient(create_app(Options(str(path))), base_url="http://127.0.0.1:8765") as client:
        yield client


def links(page: str, begins: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page) if link.startswith(begins)]


def data(desk: TestClient, address: str) -> Any:
    answer = desk.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(desk: TestClient, kind: str) -> list[str]:
    return [row["id"] for row in data(desk, f"/api/entries?kind={kind}")["rows"]]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("page", [*PAGES, "/balance?by=item&unit=patriot&currency=USD", "/map?view=world",
                                  "/timeline?unit=year&kind=attack", "/sources?sort=first"])  # fmt: skip
def test_a_page_stands_in_both_languages_without_inline_styles_or_scripts(
    desk: TestClient, page: str, lang: str
) -> None:
    answer = desk.get(page + ("&" if "?" in page else "?") + f"lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text
    assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son\w+=|javascript:", answer.text)
    assert "None" not in re.sub(r"<[^>]*>", "", answer.text)


def test_a_bar_leads_to_as_many_entries_as_it_counts(desk: TestClient) -> None:
    shown = data(desk, "/api/timeline?unit=month")
    assert {(b["first"], kind): n for b in shown["bins"] for kind, n in b["counts"].items()} == {
        ("2024-01-01", "attack"): 1, ("2024-02-01", "pledge"): 1, ("2024-03-01", "consultation"): 1,
        ("2024-03-01", "purchase"): 1,
    }  # fmt: skip
    page = desk.get("/timeline?unit=month").text
    bars = [link for link in links(page, "/?") if "from=2024-01-01" in link and "kind=attack" in link]
    assert bars
    for link in bars:
        assert data(desk, link.replace("/?", "/api/entries?"))["total"] == 1
    assert (shown["undated"], shown["total"]) == (1, 5)


def test_links_of_the_timeline_keep_the_other_filters(desk: TestClient) -> None:
    page = desk.get("/timeline?unit=month&actor=country:UA").text
    bars = [link for link in links(page, "/?") if "from=" in link]
    assert bars
    assert all("actor=country%3AUA" in link for link in bars)


def test_a_circle_of_the_map_leads_to_its_entries(desk: TestClient) -> None:
    shown = data(desk, "/api/map")
    assert {p["place"]: p["counts"] for p in shown["places"]} == {
        "place:kharkiv": {"attack": 1}, "place:brussels": {"consultation": 1},
    }  # fmt: skip
    for link in links(desk.get("/map").text, "/?"):
        if "place=" in link:
            assert data(desk, link.replace("/?", "/api/entries?"))["total"] == 1


def test_a_number_of_the_balance_leads_to_the_entries_that_it_counts(desk: TestClient) -> None:
    rows = {tuple(row["names"]): row["cells"] for row in data(desk, "/api/balance")["rows"]}
    (promised,) = rows[("country:DE",)]["promised"]
    assert (promised["range"], promised["low"], promised["high"]) == ("4..6", 4, 6)
    assert promised["entries"] == ids(desk, "pledge")
    (link,) = {link for link in links(desk.get("/balance").text, "/balance?") if "sum=patriot" in link}
    counted = desk.get(link).text
    assert f"/entry/{promised['entries'][0]}" in counted


def test_a_row_stands_alone_with_all_of_its_sums(desk: TestClient) -> None:
    page = desk.get("/balance?row=country:FR&lang=en").text
    assert "2 million EUR" in page
    assert ">Germany</th>" not in page
    assert ">Germany</th>" in desk.get("/balance?lang=en").text


def test_stock_that_is_refilled_stands_apart(desk: TestClient) -> None:
    shown = data(desk, "/api/balance")
    assert ["country:PL"] not in [row["names"] for row in shown["rows"]]
    assert [row["names"] for row in shown["refills"]] == [["country:PL"]]


def test_a_balance_of_a_time_counts_what_was_told_then(desk: TestClient) -> None:
    """The delivery tells no time of its own: it was about when it was told."""
    assert [r["names"] for r in data(desk, "/api/balance?from=2024-03")["rows"]] == [["country:FR"]]
    assert [r["names"] for r in data(desk, "/api/balance?to=2024-02")["rows"]] == [["country:DE"]]


def test_contradictions_stand_side_against_side(desk: TestClient) -> None:
    (entry,) = data(desk, "/api/conflicts")["entries"]
    (conflict,) = entry["conflicts"]
    assert conflict["field"] == "killed"
    assert {side["value"]: side["docs"] for side in conflict["sides"]} == {"9": ["a.txt"], "5": ["b.txt"]}
    page = desk.get("/conflicts").text
    assert "/report/a.txt" in page
    assert "Night of fire" in page
    assert data(desk, "/api/conflicts?kind=pledge")["total"] == 0


def test_where_an_entry_comes_from(desk: TestClient) -> None:
    (id_,) = ids(desk, "attack")
    shown = data(desk, f"/api/entry/{id_}/origins")
    assert {node["id"] for node in shown["nodes"] if node["kind"] == "report"} == {"report:a.txt", "report:b.txt"}
    page = desk.get(f"/entry/{id_}/origins").text
    assert "/report/b.txt" in page
    assert "<svg" in page
    assert desk.get(f"/entry/{id_[:6]}/origins", follow_redirects=False).headers["location"].endswith("/origins")
    assert desk.get("/entry/0000000000/origins").status_code == 404


def test_words_of_a_report_are_no_markup(desk: TestClient) -> None:
    (id_,) = ids(desk, "consultation")
    for page in (f"/entry/{id_}/origins", "/timeline", "/map"):
        assert "<b>Bold" not in desk.get(page).text


@pytest.mark.parametrize(
    "address",
    ["/timeline?unit=hour", "/timeline?kind=nothing", "/map?view=moon", "/balance?by=nobody", "/balance?currency=XXX",
     "/sources?sort=name", "/timeline?from=soon"],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(desk: TestClient, address: str) -> None:
    assert desk.get(address).status_code == 422
    assert desk.get(f"/api{address}").status_code == 422


def test_nothing_to_show_is_said(desk: TestClient) -> None:
    for page in ("/timeline", "/balance", "/map", "/conflicts"):
        answer = desk.get(f"{page}?actor=country:AQ")
        assert answer.status_code == 200
        assert 'class="notice' in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_has_not_changed_is_not_sent_again(desk: TestClient, page: str) -> None:
    tag = desk.get(page).headers["etag"]
    assert desk.get(page, headers={"if-none-match": tag}).status_code == 304
