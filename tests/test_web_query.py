"""What an address asks of the entries: read, refused, written back, and changed in one place."""

from __future__ import annotations

import string
from datetime import date
from typing import get_args
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoupe.errors import QueryError, RecoupeError
from recoupe.ledger.found import REVIEWS
from recoupe.model import Status
from recoupe.values import When
from recoupe.web.query import CHOICES, SORTS, Query

ids = st.text(string.ascii_lowercase, min_size=1).map("place:{}".format)
days = st.dates(date(1990, 1, 1), date(2030, 1, 1)).map(When.day) | st.builds(
    When.month, st.integers(1990, 2030), st.integers(1, 12)
)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    def some(values: st.SearchStrategy[str]) -> tuple[str, ...]:
        return tuple(sorted(draw(st.sets(values, max_size=3))))

    ends = sorted(draw(st.lists(days, min_size=2, max_size=2)), key=lambda when: (when.first, when.last))
    return Query(
        kind=some(st.sampled_from(("attack", "pledge"))),
        status=some(st.sampled_from(get_args(Status))),
        actor=some(st.sampled_from(("country:DE", "country:DE|country:FR", "unnamed:a source & more"))),
        item=some(st.text("abc &=?é", min_size=1).map(str.strip).filter(bool)),
        place=some(ids),
        review=some(st.sampled_from(REVIEWS)),
        since=draw(st.none() | st.just(ends[0])),
        until=draw(st.none() | st.just(ends[1])),
        origins=draw(st.sampled_from((0, 2, 7))),
        conflicts=draw(st.sampled_from((None, True, False))),
        q=draw(st.text(max_size=20).map(str.strip)),
        sort=draw(st.none() | st.sampled_from(SORTS)),  # type: ignore[arg-type]
        page=draw(st.integers(1, 99)),
    )


@given(queries())
def test_a_query_comes_back_from_its_address(query: Query) -> None:
    assert Query.parse(parse_qsl(str(query), keep_blank_values=True)) == query
    assert Query.parse(query.pairs(), kinds={"attack", "pledge"}) == query


@given(queries(), st.randoms())
def test_its_address_is_the_same_in_whatever_order_it_was_asked(query: Query, random) -> None:  # type: ignore[no-untyped-def]
    pairs = query.pairs()
    random.shuffle(pairs)
    assert str(Query.parse([*pairs, ("lang", "fr"), ("kind", "")])) == str(query)


@given(queries(), st.sampled_from(CHOICES))
def test_a_value_that_is_toggled_twice_is_as_it_was_but_for_the_page(query: Query, name) -> None:  # type: ignore[no-untyped-def]
    once = query.toggled(name, "zz")
    assert once.has(name, "zz")
    assert once.page == 1
    assert once.toggled(name, "zz") == query.paged(1)
    assert not getattr(query.without(name), name)


def test_what_it_is_without() -> None:
    query = Query.parse([("from", "2024"), ("to", "2024-03"), ("q", "kyiv"), ("page", "3"), ("sort", "kind")])
    assert query.without("from", "to") == Query(q="kyiv", sort="kind")
    assert query.without("q").order == "kind"
    assert query.without("sort").order == "relevance"
    assert Query().order == "-time"
    assert query.filters
    assert not Query(sort="kind", page=4).filters
    assert query.sorted_by("time").page == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([("status", "perhaps")], "status: 'perhaps' is not one of done"),
        ([("kind", "party")], "kind: 'party' is not one of attack"),
        ([("review", "yes")], "review: 'yes' is not one of none"),
        ([("actor", "Germany")], "actor: not an actor's id"),
        ([("place", "kyiv")], "place: not an actor's id"),
        ([("from", "yesterday")], "from: not a time"),
        ([("to", "2024-13")], "to: not a time"),
        ([("to", "2024-01/2024-02")], "to: expected a day, a month or a year"),
        ([("from", "2024~")], "from: expected a day, a month or a year"),
        ([("from", "2024-02"), ("to", "2024-01")], "the end comes before the beginning"),
        ([("origins", "-1")], "origins: expected a number"),
        ([("origins", "1e3")], "origins: expected a number"),
        ([("page", "0")], "page: expected a number from 1 on"),
        ([("page", "99999999999999999999")], "page: expected a number up to"),
        ([("page", "²")], "page: expected a number"),
        ([("conflicts", "maybe")], "conflicts: 'maybe' is not one of yes, no"),
        ([("sort", "beauty")], "sort: 'beauty' is not one of time"),
        ([("sort", "kind"), ("sort", "time")], "sort: given more than once"),
        ([("q", "x" * 501)], "q: longer than 500"),
        ([("item", f"i{n}") for n in range(51)], "item: more than 50 values"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: list[tuple[str, str]], told: str) -> None:
    with pytest.raises(QueryError, match=told) as error:
        Query.parse(asked, kinds=("attack",))
    assert isinstance(error.value, RecoupeError)


def test_one_origin_asks_for_nothing_every_entry_has_one() -> None:
    assert str(Query.parse([("origins", "1")])) == ""
