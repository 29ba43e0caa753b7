"""Balances: what was asked for, promised, contracted and delivered, as ranges. Entries are made by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from affairs import AFFAIR, BOUGHT, PROMISED, SENT, chained, entry
from recoupe.chains import Order, Reason, Row, Sum, balance, in_time, refills
from recoupe.model import Conflict, Entry, Side
from recoupe.publish.balance import COLUMNS, balance_csv, balance_json, balance_table, sum_in_words
from recoupe.values import Count, When
from synthetic import book

HEADS = book().chains.columns


def rows(entries: Sequence[Entry], by: str = "donor", parts: Sequence[tuple[str, str, Reason]] = ()) -> list[Row]:
    return balance(chained(entries, parts=parts), Order(by))


def said(row: Row) -> dict[str, list[str]]:
    """The cells of a row: each sum's range and unit."""
    return {column: [f"{one.range} {one.unit}" for one in sums] for column, sums in row.cells.items()}


def given_(name: str, time: str | None, **roles: str | list[str]) -> Entry:
    told = {"donor": "country:DE", "recipient": "country:UA", **roles}
    return entry("delivery", name, time, **{role: value for role, value in told.items() if value})


def test_each_step_is_counted_in_its_column_of_the_row_of_its_giver() -> None:
    (row,) = rows(AFFAIR)
    assert row.names == ("country:DE",)
    assert said(row) == {
        "asked": ["7 patriot"],
        "promised": ["4 patriot"],
        "contracted": ["3 patriot"],
        "delivered": ["3 patriot"],
    }
    assert {by: [r.names for r in rows(AFFAIR, by)] for by in ("item", "recipient")} == {
        "item": [("patriot",)],
        "recipient": [("country:UA",)],
    }


def test_a_stock_that_is_refilled_is_no_aid() -> None:
    stock = entry("purchase", "stock", "2024-03-01", buyer="country:DE", item="patriot-missile", count="1000")
    own = entry(
        "purchase",
        "own",
        "2024-03-01",
        buyer="country:DE",
        beneficiary="country:DE",
        item="patriot-missile",
        count="500",
    )
    swap = entry("replacement", "swap", provider="country:US", donor="country:SK", incoming="patriot", count="1")
    assert rows([stock, own, swap]) == []
    assert said(rows([stock, BOUGHT])[0]) == {"contracted": ["3 patriot"]}


@pytest.mark.parametrize("status", ["denied", "possible"])
def test_what_is_denied_or_but_possible_is_not_counted(status: str) -> None:
    assert rows([replace(PROMISED, status=status)]) == []  # type: ignore[arg-type]


def test_a_plan_may_come_to_nothing() -> None:
    plan = replace(BOUGHT, status="planned")
    (row,) = rows([plan])
    assert said(row) == {"contracted": ["<=3 patriot"]}
    (one,) = row.cells["contracted"]
    assert one.planned
    assert sum_in_words(one) == "0..3 patriot (1 origin, planned)"


def test_what_is_announced_again_is_counted_once() -> None:
    again = replace(PROMISED, id="0123456789", time="2024-04-01", claims=("again.txt#1",), origins=("reuters",))
    (row,) = rows([PROMISED, again])
    assert said(row) == {"promised": ["4 patriot"]}
    (one,) = row.cells["promised"]
    assert one.origins == ("promised.txt", "reuters")
    assert one.entries == (PROMISED.id, again.id)


def test_days_of_their_own_are_added_and_a_period_may_hold_them() -> None:
    four = given_("four", "2024-03-02", item="mig-29", count="4")
    nine = given_("nine", "2024-04-02", item="mig-29", count="9")
    whole = given_("whole", "2024", item="mig-29", count="13")
    assert said(rows([four, nine])[0]) == {"delivered": ["13 mig-29"]}
    assert said(rows([four, nine, whole])[0]) == {"delivered": ["13..26 mig-29"]}
    assert said(rows([four, replace(nine, time=None)])[0]) == {"delivered": ["9..13 mig-29"]}


def test_a_part_that_is_known_to_be_one_is_not_added() -> None:
    part = given_("part", "2024-03-02", item="money", amount="300e6 EUR")
    whole = given_("whole", "2024-04-02", item="money", amount="2e9 EUR")
    assert said(rows([part, whole])[0]) == {"delivered": ["2.3e9 EUR"]}
    assert said(rows([part, whole], parts=[(part.id, whole.id, Reason("addend"))])[0]) == {"delivered": ["2e9 EUR"]}
    assert said(rows([part], parts=[(part.id, whole.id, Reason("addend"))])[0]) == {"delivered": ["300e6 EUR"]}


def test_one_report_that_says_a_sum_in_two_words_says_it_once() -> None:
    aid = given_("aid", None, item="military", amount="725e6 USD")
    money = replace(given_("money", None, item="money", amount="725e6 USD"), claims=("aid.txt#2",))
    assert said(rows([aid, money])[0]) == {"delivered": ["725e6 USD"]}
    apart = replace(money, claims=("elsewhere.txt#1",))
    assert said(rows([aid, apart])[0]) == {"delivered": ["725e6..1.45e9 USD"]}


def test_a_group_has_a_row_of_its_own_and_its_members_may_be_parts_of_it() -> None:
    group = given_("group", "2024", donor="group:nato-allies", item="money", amount="40e9 EUR")
    member = given_("member", "2024-05-27", item="money", amount="1e9 EUR")
    assert [row.names for row in rows([group, member])] == [("country:DE",), ("group:nato-allies",)]
    assert said(rows([group, member], "recipient")[0]) == {"delivered": ["40e9..41e9 EUR"]}


def test_those_who_give_together_have_a_row_together() -> None:
    both = given_("both", "2023-08-20", donor=["country:NL", "country:DK"], item="f-16", count="19")
    assert [row.names for row in rows([both])] == [("country:DK", "country:NL")]


def test_who_is_not_told_comes_last() -> None:
    nobody, somebody = given_("n", None, donor="", item="tank", count="2"), given_("s", None, item="tank", count="1")
    assert [row.names for row in rows([nobody, somebody])] == [("country:DE",), ()]


def test_reports_that_contradict_each_other_widen_the_range_and_mark_it() -> None:
    sides = (Side("4", ("a#1",)), Side("6", ("b#1",)))
    sent = replace(given_("sent", "2024", item="mig-29", count=["4", "6"]), conflicts=(Conflict("count", sides),))
    (row,) = rows([sent])
    (one,) = row.cells["delivered"]
    assert (str(one.range), one.contested) == ("4..6", True)
    assert sum_in_words(one) == "4..6 mig-29 ≠ (1 origin)"


def test_what_nobody_numbers_is_named_where_nothing_of_it_is_numbered() -> None:
    some, wide = given_("some", None, item="patriot"), given_("wide", None, item="military")
    assert said(rows([some, wide])[0]) == {"delivered": ["None military", "None patriot"]}
    money = given_("money", "2024-05-01", item="money", amount="1e9 EUR")
    more = given_("more", "2024-05-02", item="patriot", count="1")
    assert said(rows([some, wide, money, more])[0]) == {"delivered": ["1e9 EUR", "1 patriot"]}


def test_free_words_alone_are_no_help_that_can_be_added_up() -> None:
    assert rows([entry("request", "r", None, requester="country:UA", item="other:a change of course")]) == []
    assert rows([entry("request", "r", None, requester="country:UA", addressee="country:DE")]) == []


def test_what_the_codebook_does_not_count_is_not_counted() -> None:
    asked = entry("request", "r", None, requester="country:UA", addressee="country:DE", item="troops", count="15000")
    assert rows([asked]) == []


def test_bodies_and_groups_may_have_given_together() -> None:
    union = given_("union", None, donor="org:eu", item="money", amount="195e9 EUR")
    allies = given_("allies", "2024", donor="group:nato-allies", item="money", amount="50e9 EUR")
    state = given_("state", "2024-05-01", donor="country:JP", item="money", amount="6e9 EUR")
    assert said(rows([union, allies, state], "recipient")[0]) == {"delivered": ["201e9..251e9 EUR"]}


def test_sums_are_converted_only_when_that_is_asked_for() -> None:
    euros = given_("euros", "2024-05-01", item="money", amount="1e9 EUR")
    dollars = given_("dollars", "2024-06-01", item="money", amount="~1e9 USD")
    pounds = given_("pounds", "2024-06-02", item="money", amount="5e6 GBP")
    days: list[date] = []

    def rate(source: str, target: str, day: date) -> float | None:
        days.append(day)
        return {"USD": 0.5}.get(source)

    assert said(rows([euros, dollars, pounds])[0]) == {"delivered": ["1e9 EUR", "5e6 GBP", "~1e9 USD"]}
    (row,) = balance(chained([euros, dollars, pounds]), Order("donor", currency="EUR", rate=rate))
    assert said(row) == {"delivered": ["1.45e9..1.55e9 EUR", "5e6 GBP"]}
    assert days == [date(2024, 6, 1), date(2024, 6, 2)] or days == [date(2024, 6, 2), date(2024, 6, 1)]


def test_a_sum_told_in_two_currencies_is_the_range_of_both() -> None:
    told = given_("two", "2024-03-01", item="money", amount=["100 EUR", "300 USD"])

    def rate(source: str, target: str, _day: date) -> float | None:
        return {("USD", "EUR"): 0.5, ("EUR", "USD"): 2.0}[source, target]

    for currency, range_ in (("EUR", "100..150 EUR"), ("USD", "200..300 USD")):
        (row,) = balance(chained([told]), Order("donor", currency=currency, rate=rate))
        assert said(row) == {"delivered": [range_]}


def test_only_what_is_asked_for_is_counted_but_all_is_looked_at() -> None:
    again = replace(PROMISED, id="0123456789", time="2024-04-01", claims=("again.txt#1",))
    assert balance(chained([PROMISED, again]), Order("donor", frozenset({again.id}))) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["country:DE", "country:NL", "group:nato-allies"]),
            st.sampled_from(["mig-29", "aircraft", "money"]),
            st.integers(1, 60),
            st.sampled_from([None, "2024", "2024-05", "2024-05-01", "2024-05-02"]),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_order_plays_no_part_and_the_least_is_no_more_than_the_most(
    made: list[tuple[str, str, int, str | None]], shuffle: object
) -> None:
    found = [
        given_(f"{n}", time, donor=giver, item=item, count=str(count))
        for n, (giver, item, count, time) in enumerate(made)
    ]
    order = list(found)
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    assert rows(order, "recipient") == rows(found, "recipient")
    for row in rows(found, "recipient"):
        for one in row.cells["delivered"]:
            assert one.range is not None
            numbers = [count for _, item, count, _ in made if item == one.unit]
            assert max(numbers) <= one.range.low
            assert one.range.high is not None
            assert one.range.low <= one.range.high <= sum(numbers)


# What is printed


def printed(found: list[Row]) -> str:
    screen = Console(file=io.StringIO(), width=120, color_system=None)
    screen.print(balance_table(found, "donor", HEADS))
    return str(screen.file.getvalue())  # type: ignore[attr-defined]


def test_the_table_has_a_line_for_each_sum_with_its_origins() -> None:
    sums = given_("sums", "2024", item="patriot", count="1", amount="1e9 EUR")
    lines = [line.rstrip() for line in printed(rows([*AFFAIR, sums])).splitlines()]
    assert lines[1].split() == ["donor", *HEADS]
    assert "7 patriot (1 origin)" in lines[3]
    assert any(line.strip() == "3..4 patriot (3 origins)" for line in lines)
    assert "1e9 EUR (1 origin)" in lines[3]


def test_csv_has_a_line_for_each_sum_with_both_bounds() -> None:
    open_ = given_("open", "2024", item="tank", count=">=60")
    some = given_("some", "2024", item="patriot")
    (head, *lines) = csv.reader(io.StringIO(balance_csv(rows([open_, some]), "donor", HEADS)))
    assert tuple(head) == COLUMNS
    cells = [dict(zip(head, line, strict=True)) for line in lines]
    assert [(c["row"], c["column"], c["unit"], c["low"], c["high"], c["origins"]) for c in cells] == [
        ("country:DE", "delivered", "tank", "60", "", "1"),
        ("country:DE", "delivered", "patriot", "", "", "1"),
    ]
    assert cells[0]["entries"] == open_.id


def test_json_has_the_rows_with_their_columns() -> None:
    (row,) = json.loads(balance_json(rows([PROMISED]), "donor", HEADS))
    assert list(row) == ["donor", *HEADS]
    assert row["donor"] == ["country:DE"]
    assert row["promised"] == [
        {
            "unit": "patriot",
            "money": False,
            "range": "4",
            "origins": ["promised.txt"],
            "entries": [PROMISED.id],
            "contested": False,
            "planned": False,
        }
    ]


def test_a_sum_says_that_several_things_share_its_number() -> None:
    one = Sum("leopard-2+missile", False, Count.parse("10"), ("afp",), ("x",))
    assert sum_in_words(one) == "10 leopard-2 + missile (1 origin)"


def test_a_sum_that_may_be_nothing_says_so() -> None:
    for text, said_ in (("<=10e6", "0..10e6"), (">=0", "0.."), ("~5", "~5"), (">=2", ">=2")):
        assert sum_in_words(Sum("EUR", True, Count.parse(text), ("afp",), ("x",))) == f"{said_} EUR (1 origin)"


def test_what_refills_a_stock_stands_apart() -> None:
    stock = entry("purchase", "stock", "2024-03-01", buyer="country:DE", item="patriot-missile", count="1000")
    swap = entry("replacement", "swap", provider="country:US", donor="country:SK", incoming="patriot", count="1")
    told = [*AFFAIR, stock, swap, replace(stock, id="denied", status="denied")]
    found = refills(chained(told), Order("donor"))
    assert [(row.names, said(row)) for row in found] == [
        (("country:DE",), {"purchase": ["1000 patriot-missile"]}),
        (("country:US",), {"replacement": ["2 patriot"]}),
    ]


def test_no_entry_stands_in_the_balance_and_among_the_refills() -> None:
    own = entry("purchase", "own", "2024", buyer="country:DE", beneficiary="country:DE", item="patriot", count="5")
    told = chained([*AFFAIR, own])

    def ids(rows_: Sequence[Row]) -> set[str]:
        return {id_ for row in rows_ for sums in row.cells.values() for one in sums for id_ in one.entries}

    assert ids(balance(told, Order("donor"))).isdisjoint(ids(refills(told, Order("donor"))))
    assert own.id in ids(refills(told, Order("donor")))


def test_an_entry_without_a_time_is_in_the_time_when_it_was_told() -> None:
    undated = replace(PROMISED, time=None)
    told = chained([undated, SENT], {"promised.txt": "2024-02-03"})
    assert in_time(told, undated.id, When.parse("2024-02"))
    assert not in_time(told, undated.id, When.parse("2024-05"))
    assert in_time(told, SENT.id, When.parse("2024-05"))
    assert not in_time(told, "of no chain", When.parse("2024-05"))
