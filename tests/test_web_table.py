"""The table of all entries finds what a plain walk through the cards finds, also after it was brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.codebook import Codebook
from recoupe.codebook.names import Place
from recoupe.ledger.found import BETWEEN, REVIEWS, Card
from recoupe.values import When
from recoupe.web import table as module
from recoupe.web.query import CHOICES, SORTS, Choice, Query, Sort
from recoupe.web.table import Counted, Table
from synthetic import book as plain_book

BEGIN = date(2024, 1, 1).toordinal()
PARENTS = {"weapon": "", "tank": "weapon", "leopard": "tank", "missile": "weapon"}
PLACES = (
    Place("place:kyiv", "town", "country:UA", "place:kyiv-oblast"),
    Place("place:kyiv-oblast", "region", "country:UA", None),
    Place("place:dnipro", "town", "country:UA", None),
    Place("place:rostov", "town", "country:RU", None),
)
ACTORS = ("country:DE", "country:FR", "country:DE|country:FR", "unnamed:a source")
ITEMS = (*PARENTS, "other:sand bags")
STATES = ("country:UA", "country:RU")


@lru_cache(maxsize=1)
def book() -> Codebook:
    names = SimpleNamespace(places={place.id: place for place in PLACES})
    return cast(Codebook, SimpleNamespace(kinds=plain_book().kinds, parents=PARENTS, names=names))


@st.composite
def cards(draw: st.DrawFn, rows: Sequence[int]) -> list[Card]:
    def parties(role: str, values: Sequence[str]) -> list[str]:
        return [f"{role}={value}" for value in draw(st.lists(st.sampled_from(values), max_size=2, unique=True))]

    made = []
    for row in rows:
        kind = draw(st.sampled_from(("attack", "delivery")))
        if kind == "attack":
            told = parties("attacker", ACTORS) + parties("target", ACTORS)
            told += parties("place", [*STATES, *(place.id for place in PLACES)])
        else:
            told = parties("donor", ACTORS) + parties("item", ITEMS)
        first, last = sorted((draw(st.integers(0, 8)), draw(st.integers(0, 8))))
        form = draw(st.sampled_from(("none", "both", "both", "both", "since", "until")))
        made.append(
            Card(
                row, f"{draw(st.integers(0, 2**20)):06x}", kind, draw(st.sampled_from(("done", "planned"))),
                BEGIN + first if form in ("both", "since") else None,
                BEGIN + last if form in ("both", "until") else None,
                draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(0, 2)),
                draw(st.sampled_from(REVIEWS)), BETWEEN.join(told),
            )
        )  # fmt: skip
    return made


def several(values: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    chosen = st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True).map(lambda v: tuple(sorted(v)))
    return st.one_of(*[st.just(())] * 5, chosen)


def queries() -> st.SearchStrategy[Query]:
    day = st.integers(0, 8).map(lambda n: When.day(date.fromordinal(BEGIN + n)))
    return st.builds(
        Query,
        kind=several(("attack", "delivery", "pledge")),
        status=several(("done", "planned")),
        actor=several(("country:DE", "country:FR", "country:US")),
        item=several(ITEMS),
        place=several((*STATES, *(place.id for place in PLACES))),
        review=several(REVIEWS),
        since=st.none() | day,
        until=st.none() | day,
        origins=st.sampled_from((0, 2)),
        conflicts=st.sampled_from((None, None, True, False)),
        sort=st.none() | st.sampled_from(SORTS),  # type: ignore[arg-type]
        page=st.integers(1, 3),
    )


# The same by a plain walk


@dataclass(frozen=True)
class Plain:
    """A card with what it is asked for, spelt out."""

    card: Card
    has: dict[str, frozenset[str]]


def plain(card: Card) -> Plain:
    has: dict[str, set[str]] = {"actor": set(), "item": set(), "place": set()}
    for party in filter(None, card.parties.split(BETWEEN)):
        role, _, value = party.partition("=")
        type_ = book().kinds[card.kind].roles[role].type
        for name in value.split("|"):
            has[type_] |= {name, *above(type_, name)}
    one = {"kind": {card.kind}, "status": {card.status}, "review": {card.review}}
    return Plain(card, {name: frozenset(values) for name, values in (has | one).items()})


def above(type_: str, name: str) -> set[str]:
    if type_ == "item" and PARENTS.get(name):
        return {PARENTS[name], *above(type_, PARENTS[name])}
    if type_ == "place" and name in book().names.places:
        place = book().names.places[name]
        return {over for own in (place.part_of, place.state) if own for over in (own, *above(type_, own))}
    return set()


def fits(one: Plain, query: Query, text: Sequence[int] | None, but: str = "") -> bool:
    card = one.card
    for name in CHOICES:
        if name != but and getattr(query, name) and not one.has[name].intersection(getattr(query, name)):
            return False
    if but != "time" and (query.since or query.until):
        if card.first is None and card.last is None:
            return False
        if query.until and card.first is not None and date.fromordinal(card.first) > query.until.last:  # type: ignore[operator]
            return False
        if query.since and card.last is not None and date.fromordinal(card.last) < query.since.first:  # type: ignore[operator]
            return False
    if query.conflicts is not None and (card.conflicts > 0) != query.conflicts:
        return False
    return card.origins >= query.origins and (text is None or card.row in text)


def order(query: Query, text: Sequence[int] | None):  # type: ignore[no-untyped-def]
    def key(one: Plain) -> tuple[object, ...]:
        card = one.card
        first = -1 if card.first is None else card.first
        last = 10**9 if card.last is None else card.last
        undated = card.first is None and card.last is None
        latest = (undated, -last, -first, card.kind, card.id, card.row)
        if query.order == "relevance" and text is not None:
            return (list(text).index(card.row),)
        if query.order == "newest":
            return (-card.row,)
        if query.order == "time":
            return (undated, last, first, card.kind, card.id, card.row)
        if query.order == "kind":
            return (card.kind, undated, -last, -first, card.id, card.row)
        if query.order in ("origins", "conflicts", "claims"):
            return (-getattr(card, query.order), *latest)
        return latest

    return key


def counts(every: Sequence[Plain], query: Query, name: Choice, text: Sequence[int] | None) -> dict[str, int]:
    under = [one for one in every if fits(one, query, text, but=name)]
    values = {value for one in under for value in one.has[name]} | set(getattr(query, name))
    return {value: sum(value in one.has[name] for one in under) for value in values}


def agrees(made: Table, given_cards: Sequence[Card], query: Query, text: Sequence[int] | None) -> None:
    every = [plain(card) for card in given_cards]
    wanted = sorted((one for one in every if fits(one, query, text)), key=order(query, text))
    found = made.find(query, text, size=3)
    rows = [one.card.row for one in wanted]
    assert list(found.rows) == rows[(query.page - 1) * 3 : query.page * 3]
    assert made.every(query, text) == rows
    assert found.total == len(rows)
    assert found.pages == max(1, -(-len(rows) // 3))
    for name in CHOICES:
        assert {one.value: one.count for one in found.counts[name]} == counts(every, query, name, text)
        assert list(found.counts[name]) == sorted(found.counts[name], key=lambda one: (-one.count, one.value))
    undated = [one for one in every if one.card.first is None and one.card.last is None]
    only_by_time = sum(fits(one, query, text, but="time") for one in undated)
    assert found.undated == (only_by_time if query.since or query.until else 0)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_it_finds_what_a_plain_walk_finds(data: st.DataObject) -> None:
    size = data.draw(st.integers(0, 9))
    made = data.draw(cards([2 * n + 1 for n in range(size)]))
    query = data.draw(queries())
    text = data.draw(st.none() | st.permutations(range(20)).map(lambda rows: rows[:9]))
    agrees(Table.of(made, book()), made, query, text)


@pytest.mark.parametrize("sort", SORTS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_order_is_that_of_a_plain_walk(sort: Sort, data: st.DataObject) -> None:
    made = data.draw(cards(range(1, 9)))
    text = data.draw(st.permutations(range(1, 9))) if sort == "relevance" else None
    agrees(Table.of(made, book()), made, Query(sort=sort), text)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_brought_up_to_date_it_is_as_one_made_anew(data: st.DataObject) -> None:
    made = data.draw(cards(range(1, data.draw(st.integers(1, 8)))))
    standing = {card.row: card for card in made}
    table = Table.of(made, book())
    next_row = 10
    for _ in range(data.draw(st.integers(1, 3))):
        gone = data.draw(st.lists(st.sampled_from([*standing, 5, 99]), max_size=3))
        again = data.draw(st.lists(st.sampled_from([*standing, 99]), max_size=1)) if standing else []
        rows = [*again, *range(next_row, next_row + data.draw(st.integers(0, 3)))]
        next_row += 5
        new = data.draw(cards(rows))
        query = data.draw(queries())
        table.find(query)  # what it has worked out must not be what the next one shows
        table = table.updated(new, [row for row in gone if row not in again])
        for row in gone:
            standing.pop(row, None)
        standing |= {card.row: card for card in new}
        agrees(table, [standing[row] for row in sorted(standing)], query, None)
    assert table.rows.tolist() == sorted(standing)


def test_the_most_common_values_are_counted_and_those_that_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    parties = (["donor=country:FR"] * 3) + ["donor=country:DE"] + (["donor=country:UA"] * 2)
    made = [Card(n, f"{n}", "delivery", "done", None, None, 1, 1, 0, "none", p) for n, p in enumerate(parties, 1)]
    found = Table.of(made, book()).find(Query(actor=("country:DE", "country:US")))
    assert found.counts["actor"] == (Counted("country:FR", 3), Counted("country:DE", 1), Counted("country:US", 0))
    assert found.rows == (4,)


def test_an_entry_is_found_by_its_id() -> None:
    made = [Card(n, f"{n:04}", "delivery", "done", None, None, 1, 1, 0, "none", "") for n in (3, 8)]
    table = Table.of(made, book())
    assert (table.row("0008"), table.row("0009"), len(table)) == (8, None, 2)
    assert Table.of([], book()).find(Query(kind=("attack",)), [1, 2]).total == 0
