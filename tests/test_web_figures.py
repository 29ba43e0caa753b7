"""What the pages of figures draw: charts, the balance, the map, the drawing of origins, from values made by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree

import altair as alt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from affairs import AFFAIR, chained, entry
from recoupe.chains import Order, balance, refills
from recoupe.codebook import Codebook
from recoupe.ledger import Card
from recoupe.ledger.found import BETWEEN
from recoupe.model import Entry, Origin
from recoupe.publish.origins import Web
from recoupe.web.figures.balance import BalanceShown, balance_shown, bars
from recoupe.web.figures.bars import Said, SaidOfBars, balance_svg, timeline_svg
from recoupe.web.figures.chart import SERIES, colour, linked, series_of, svg
from recoupe.web.figures.origins import MOST, OWN, TELLS, OriginsShown, drawing, origins_shown
from recoupe.web.figures.timeline import timeline
from recoupe.web.figures.worldmap import HIGH, VIEWS, WIDE, MapShown, View, draw_map, labelled, map_shown
from recoupe.web.outlines import Outlines, load_outlines
from recoupe.web.query import Query
from recoupe.web.table import Table
from synthetic import Fact, book, reading

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {f"{SVG}{name}" for name in ("svg", "g", "path", "rect", "line", "text", "title", "desc", "a", "circle")}

# -- charts --


def chart(href: str = linked("/?kind=attack"), label: str = "attack: 3") -> str:
    rows = [{"x": "a", "y": 3, "href": href, "tip": label, "series": 0}]
    made = alt.Chart(alt.InlineData(values=rows)).mark_bar(color=colour(0))
    made = made.encode(x="x:N", y="y:Q", href="href:N", description="tip:N")
    return svg(made, "A title <b>", "What it shows & more", "en")


def test_a_chart_has_no_style_colour_or_script_of_its_own() -> None:
    root = ElementTree.fromstring(chart())
    assert {element.tag for element in root.iter()} <= ALLOWED
    for element in root.iter():
        assert not {"style", "fill", "stroke", "font-family", "id", "onclick"} & element.attrib.keys()
    assert "f-k0" in {element.get("class") for element in root.iter()}


def test_a_chart_says_what_it_shows_and_its_bars_what_they_are() -> None:
    root = ElementTree.fromstring(chart())
    assert [root[0].text, root[1].text] == ["A title <b>", "What it shows & more"]
    assert root.get("aria-label") == "A title <b>"
    assert "attack: 3" in {title.text for title in root.iter(f"{SVG}title")}


def test_links_of_a_chart_lead_to_the_desk_alone() -> None:
    (link,) = ElementTree.fromstring(chart()).iter(f"{SVG}a")
    assert link.get("href") == "/?kind=attack"
    elsewhere = ElementTree.fromstring(chart("https://elsewhere.example/"))
    assert {a.get("href") for a in elsewhere.iter(f"{SVG}a")} <= {None}


def test_words_of_a_ledger_do_no_harm_in_a_chart() -> None:
    hostile = '</title><script>alert(1)</script>\u0001“"'
    assert "<script" not in chart(label=hostile)
    ElementTree.fromstring(chart(label=hostile))


def test_series_are_those_of_the_most_and_the_rest_shares_one() -> None:
    few = [(f"k{n}", 10 - n) for n in range(SERIES)]
    assert list(series_of(few).values()) == list(range(SERIES))
    many = [(f"k{n:02}", 20 - n) for n in range(12)]
    assert list(series_of(many).values()) == [*range(SERIES - 1), *[SERIES - 1] * 5]
    assert series_of([]) == {}


def test_a_bar_of_the_timeline_leads_to_its_days_and_kind() -> None:
    cards = [card(1, "attack", "2024-01-02"), card(2, "attack", "2024-01-05"), card(3, "pledge", "2024-02-01")]
    table = Table.of(cards, book())
    shown = timeline(table.spans(Query()), "month")
    said = Said("en", "T", "D", lambda one, kinds, count: f"{one.first} {','.join(kinds)} {count}")
    root = ElementTree.fromstring(timeline_svg(shown, lambda one, kinds: f"/?from={one.first}&k={kinds[0]}", said))
    tips = {title.text for link in root.iter(f"{SVG}a") for title in link.iter(f"{SVG}title")}
    assert tips == {"2024-01-01 attack 2", "2024-02-01 pledge 1"}
    links = {link.get("href") for link in root.iter(f"{SVG}a")}
    assert links == {"/?from=2024-01-01&k=attack", "/?from=2024-02-01&k=pledge"}


# -- the table --


def card(row: int, kind: str, time: str | None = None, *parties: str) -> Card:
    day = None if time is None else date.fromisoformat(time).toordinal()
    return Card(row, f"{row:010}", kind, "done", day, day, 1, 1, 0, "none", BETWEEN.join(parties))


def test_places_are_the_most_exact_that_an_entry_tells(codebook: Codebook) -> None:
    """A town without its region and state, but a state that is told beside it where it is another's."""
    table = Table.of(
        [
            card(1, "attack", None, "place=place:mariupol"),
            card(2, "attack", None, "place=place:mariupol", "place=place:donetsk-oblast"),
            card(3, "consultation", None, "place=place:brussels"),
            card(4, "attack", None, "place=place:mariupol", "place=place:kyiv"),
            card(5, "attack", None, "place=country:UA"),
            card(6, "pledge", None, "recipient=country:UA"),
        ],
        codebook,
    )
    counts, placed, total = table.places(Query())
    assert counts == {
        "place:mariupol": {"attack": 3},
        "place:kyiv": {"attack": 1},
        "place:brussels": {"consultation": 1},
        "country:UA": {"attack": 1},
    }
    assert (placed, total) == (5, 6)
    assert table.places(Query(kind=("consultation",))) == ({"place:brussels": {"consultation": 1}}, 1, 1)
    assert table.places(Query(kind=("pledge",))) == ({}, 0, 1)


# -- the balance --


def a_balance(*more: Entry, unit: str | None = None) -> BalanceShown:
    told, order = chained([*AFFAIR, *more]), Order("donor")
    return balance_shown("donor", ("asked", "promised", "contracted", "delivered"), balance(told, order),
                         refills(told, order), unit, None)  # fmt: skip


def gift(name: str, **roles: str) -> Entry:
    return entry("pledge", name, "2024-02-01", recipient="country:UA", **{"item": "money", **roles})


def test_a_balance_shows_each_sum_with_its_bounds_and_entries() -> None:
    shown = a_balance(gift("open", donor="country:FR", amount=">=5e6 EUR"))
    (one,) = next(row for row in shown.rows if row.names == ("country:FR",)).cells["promised"]
    assert (one.range, one.low, one.high, one.money) == (">=5e6", 5e6, None, True)
    assert len(one.entries) == 1
    assert shown.find("country:FR", "promised", "EUR") == one
    assert shown.find("country:FR", "promised", "USD") is None
    assert shown.find("country:XX", "promised", "EUR") is None


def test_refills_stand_apart_under_their_kinds() -> None:
    shown = a_balance()
    assert shown.refill_columns == ("replacement",)
    assert shown.find("country:US", "replacement", "patriot") is not None
    assert "replacement" not in shown.columns


def test_what_is_drawn_is_what_was_asked_for_or_what_most_rows_have() -> None:
    money = [gift(f"m{n}", donor=donor, amount="5e6 EUR") for n, donor in enumerate(("country:FR", "country:IT"))]
    assert a_balance(*money).unit == "EUR"
    assert a_balance(*money, unit="patriot").unit == "patriot"
    assert a_balance(*money, unit="nothing").unit == "EUR"
    assert balance_shown("donor", (), [], [], "EUR", None).unit is None


def test_bars_are_the_largest_rows_from_the_least_to_the_most() -> None:
    told = [gift(f"m{n}", donor=f"country:{c}", amount=f"{n + 1}e6 EUR") for n, c in enumerate(("FR", "IT", "ES"))]
    found = bars(a_balance(*told, unit="EUR"))
    assert [(b.row, b.low, b.high) for b in found] == [
        ("country:ES", 3e6, 3e6), ("country:IT", 2e6, 2e6), ("country:FR", 1e6, 1e6),
    ]  # fmt: skip


def test_a_range_is_drawn_full_to_what_is_sure_and_pale_to_what_may_be() -> None:
    told = [gift("a", donor="country:FR", amount="1e6..3e6 EUR"), gift("b", donor="country:IT", amount=">=2e6 EUR")]
    shown = a_balance(*told, unit="EUR")
    said = SaidOfBars("en", "T", "D", "EUR", " bn", lambda key: f'<{key}> "x"', lambda bar: bar.row)
    root = ElementTree.fromstring(balance_svg(bars(shown), shown.columns, lambda bar: f"/balance?row={bar.row}", said))
    assert {a.get("href") for a in root.iter(f"{SVG}a")} == {"/balance?row=country:FR", "/balance?row=country:IT"}
    pale = [e for e in root.iter(f"{SVG}path") if e.get("opacity") == "0.45"]
    assert len(pale) == 2
    assert '<country:FR> "x"' in {text.text for text in root.iter(f"{SVG}text")}


# -- the map --

SQUARES = Outlines([((0.0, 40.0), (40.0, 40.0), (40.0, 60.0), (0.0, 60.0), (0.0, 40.0))], {"AA": [[[0]]]})
AT = {"place:a": (50.0, 30.0), "place:b": (51.0, 31.0), "place:far": (-30.0, 150.0)}


def a_map(counts: dict[str, dict[str, int]], view: View = "most") -> MapShown:
    total = sum(n for of in counts.values() for n in of.values())
    return map_shown(counts, AT, total + 2, total, view)


def test_the_places_of_most_entries_are_shown_and_the_others_told() -> None:
    shown = a_map({"place:a": {"attack": 6}, "place:b": {"attack": 3, "pledge": 2}, "place:far": {"pledge": 1}})
    assert shown.kinds == (("attack", 9), ("pledge", 3))
    assert shown.placeless == 2
    drawn = draw_map(shown, SQUARES)
    assert [s.place.place for s in drawn.symbols] == ["place:a", "place:b"]
    assert [p.place for p in drawn.outside] == ["place:far"]
    assert draw_map(a_map({"place:far": {"pledge": 1}, "place:a": {"attack": 6}}, "all"), SQUARES).outside == ()


def test_a_place_of_many_entries_is_never_left_out() -> None:
    drawn = draw_map(a_map({"place:a": {"attack": 6}, "place:far": {"pledge": 5}}), SQUARES)
    assert drawn.outside == ()


def test_north_is_up_and_east_is_right() -> None:
    south, north = draw_map(a_map({"place:a": {"attack": 1}, "place:b": {"attack": 1}}), SQUARES).symbols
    assert south.x < north.x
    assert south.y > north.y


def test_a_place_without_coordinates_is_told_and_not_drawn() -> None:
    shown = a_map({"place:nowhere": {"attack": 9}, "place:a": {"attack": 1}})
    assert shown.places[0].at is None
    assert [s.place.place for s in draw_map(shown, SQUARES).symbols] == ["place:a"]
    assert draw_map(a_map({"place:nowhere": {"attack": 1}}), SQUARES).symbols == ()


def test_a_circle_grows_with_its_number_and_is_cut_by_kind() -> None:
    counts = {"place:a": {"attack": 60, "pledge": 20}, "place:b": {"attack": 20}}
    large, small = draw_map(a_map(counts), SQUARES).symbols
    assert large.radius == 2 * small.radius
    assert [(s.kind, s.count, bool(s.path)) for s in large.slices] == [("attack", 60, True), ("pledge", 20, True)]
    assert [s.path for s in small.slices] == [""]
    # Three quarters are more than half of a circle, one is less.
    assert [re.findall(r"A\S+ 0 (\d) 1", s.path) for s in large.slices] == [["1"], ["0"]]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_the_world_is_within_the_drawing(view: View) -> None:
    counts = {"place:a": {"attack": 6}, "place:b": {"attack": 3}, "place:far": {"pledge": 1}}
    drawn = draw_map(a_map(counts, view), load_outlines())
    for symbol in drawn.symbols:
        assert 0 <= symbol.x <= WIDE
        assert 0 <= symbol.y <= HIGH
    assert drawn.land.startswith("M")
    assert "nan" not in drawn.land


@given(st.dictionaries(st.integers(0, 40), st.integers(1, 50), min_size=1))
def test_names_stand_beside_their_symbols_and_not_over_others(numbers: dict[int, int]) -> None:
    at = {f"place:p{n}": (45.0 + n % 7, 25.0 + n // 7) for n in numbers}
    shown = map_shown({f"place:p{n}": {"attack": count} for n, count in numbers.items()}, at, 0, 0, "all")
    drawn = draw_map(shown, SQUARES)
    names = labelled(drawn, lambda place: place)
    assert len({symbol.place.place for symbol, _, _ in names}) == len(names)
    for symbol, text, left in names:
        edge = symbol.x - symbol.radius - 3 if left else symbol.x + symbol.radius + 3
        ends = (edge - 7.5 * len(text), edge) if left else (edge, edge + 7.5 * len(text))
        for other in drawn.symbols:
            if other is not symbol and abs(other.y - symbol.y) < 8:
                assert other.x + other.radius <= ends[0] or other.x - other.radius >= ends[1]


# -- origins --


def web(docs: Sequence[str], origins: Sequence[Origin], roots: dict[str, str]) -> Web:
    fact = Fact("pledge", {"donor": ["country:DE"], "item": "patriot"}, "Berlin sends")
    readings = {
        doc: reading(doc, [f"Title of {doc}", "Berlin sends it."], [fact], f"2024-01-0{n % 9 + 1}")
        for n, doc in enumerate(docs)
    }
    return Web(readings, tuple(origins), roots, {})


def steps(shown: OriginsShown) -> set[tuple[str, str, str]]:
    return {(s.has, s.relation, s.source) for s in shown.steps}


def test_an_entry_is_told_by_its_reports_and_these_have_it_from_others() -> None:
    told = entry("pledge", "e", docs=("a", "b"), origins=("ap",))
    origins = [Origin("b", "a", "copy", 0.9, "words"), Origin("a", "ap", "named", 0.9, "(AP)")]
    shown = origins_shown(told, web(["a", "b"], origins, {"a": "ap", "b": "ap"}), {"a#1": "ap", "b#1": "ap"})
    top = f"entry:{told.id}"
    assert steps(shown) == {
        (top, TELLS, "report:a"), (top, TELLS, "report:b"), ("report:b", "copy", "report:a"),
        ("report:a", "named", "source:ap"),
    }  # fmt: skip
    assert [node.id for node in shown.nodes if node.counted] == ["source:ap"]
    assert [(origin, [r.doc for r in reports]) for origin, reports in shown.by_origin] == [("ap", ["a", "b"])]


def test_a_report_without_a_source_is_its_outlets_own_word() -> None:
    told = entry("pledge", "e", docs=("a",), origins=("gazette",))
    shown = origins_shown(told, web(["a"], [], {"a": "gazette"}), {"a#1": "gazette"})
    assert ("report:a", OWN, "source:gazette") in steps(shown)


def test_a_report_may_be_an_origin_itself() -> None:
    told = entry("pledge", "e", docs=("a",), origins=("a",))
    shown = origins_shown(told, web(["a"], [], {"a": "a"}), {"a#1": "a"})
    assert [(node.id, node.counted) for node in shown.nodes] == [(f"entry:{told.id}", False), ("report:a", True)]
    assert [relation for _, relation, _ in steps(shown)] == [TELLS]


def test_sources_of_mere_details_are_not_drawn() -> None:
    told = entry("pledge", "e", docs=("a",), origins=("a",))
    detail = Origin("a", "afp", "named", 0.3, "AFP says of one detail")
    shown = origins_shown(told, web(["a"], [detail], {"a": "a"}), {"a#1": "a"})
    assert "source:afp" not in {node.id for node in shown.nodes}


def test_of_very_many_reports_some_of_every_origin_are_drawn_and_all_are_listed() -> None:
    docs = [f"r{n:03}" for n in range(MOST + 20)]
    of = {doc: "ap" if n < MOST + 19 else "afp" for n, doc in enumerate(docs)}
    told = entry("pledge", "e", docs=docs, origins=("ap", "afp"))
    shown = origins_shown(told, web(docs, [], of), {f"{doc}#1": origin for doc, origin in of.items()})
    assert shown.left_out == 20
    assert sum(len(reports) for _, reports in shown.by_origin) == len(docs)
    assert {node.id for node in shown.nodes if node.counted} == {"source:ap", "source:afp"}


def test_those_whose_word_it_is_stand_at_the_right() -> None:
    told = entry("pledge", "e", docs=("a", "b"), origins=("ap", "gazette"))
    origins = [Origin("a", "ap", "named", 0.9, "(AP)")]
    shown = origins_shown(told, web(["a", "b"], origins, {"a": "ap", "b": "gazette"}), {"a#1": "ap", "b#1": "gazette"})
    placed = {box.id: box.x for box in drawing(shown).boxes}
    assert placed["source:ap"] == placed["source:gazette"] == max(placed.values())
    assert placed[f"entry:{told.id}"] == min(placed.values())
