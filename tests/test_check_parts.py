"""Which entries are part of others: sums and their addends, members of a group, what falls within a total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import pytest

from recoupe.chains import Reason
from recoupe.check.parts import Part, parts
from recoupe.model import Entry, Status
from synthetic import book

ADDENDS = "a report tells the sum and what it is made of"
MEMBER = "a report tells a group's and this member's"
PERIOD = "within the time of a total"


def entry(
    id_: str, doc: str, roles: Mapping[str, str | Sequence[str]], time: str | None = None, status: Status = "done"
) -> Entry:
    filled = {"donor": "country:DE", "recipient": "country:UA", **roles}
    told = tuple((role, (v,) if isinstance(v, str) else tuple(v)) for role, v in filled.items())
    return Entry(id_, "delivery", status, told, time, (f"{doc}#{id_}",), (doc,))


def found(*entries: Entry) -> set[tuple[str, str, str]]:
    return {(p.part, p.whole, str(p.reason)) for p in parts(entries, book())}


MORE = entry("1", "a", {"amount": "300e6 EUR", "item": "military"})
SO_FAR = entry("2", "a", {"amount": "1.7e9 EUR", "item": "military"})
TOTAL = entry("3", "a", {"amount": "~2e9 EUR", "item": "military"})


def test_a_new_sum_and_the_old_total_are_parts_of_the_new_total() -> None:
    assert found(MORE, SO_FAR, TOTAL) == {("1", "3", ADDENDS), ("2", "3", ADDENDS)}


def test_what_does_not_add_up_or_stands_in_another_report_is_no_part() -> None:
    assert found(MORE, TOTAL) == set()
    assert found(MORE, entry("2", "a", {"amount": "1.6e9 EUR", "item": "military"}), TOTAL) == set()
    assert found(MORE, entry("2", "b", {"amount": "1.7e9 EUR", "item": "military"}), TOTAL) == set()


@pytest.mark.parametrize(
    "other",
    [
        {"amount": "1.7e9 USD", "item": "military"},
        {"amount": "1.7e9 EUR", "item": "humanitarian"},
        {"amount": "1.7e9 EUR", "item": "military", "donor": "country:FR"},
        {"amount": ["1.7e9 EUR", "1.8e9 EUR"], "item": "military"},
    ],
)
def test_addends_are_of_the_same_unit_things_and_parties(other: Mapping[str, str | Sequence[str]]) -> None:
    assert found(MORE, entry("2", "a", other), TOTAL) == set()


def test_where_two_ways_lead_to_the_sum_nothing_is_said() -> None:
    twice = entry("4", "a", {"amount": "300e6 EUR", "item": "patriot"})
    assert found(MORE, twice, SO_FAR, TOTAL) == set()


def test_members_make_up_their_group_and_one_of_them_is_part_of_it() -> None:
    whole = entry("1", "a", {"donor": "group:nato-allies", "count": "20", "item": "tank"})
    germany = entry("2", "a", {"count": "14", "item": "leopard-2"})
    holland = entry("3", "a", {"donor": "country:NL", "count": "6", "item": "tank"})
    assert found(whole, germany) == {("2", "1", MEMBER)}
    assert found(whole, germany, holland) == {("2", "1", MEMBER), ("3", "1", MEMBER)}
    together = entry("1", "a", {"donor": ["country:DE", "country:NL"], "count": "20", "item": "tank"})
    assert found(together, germany, holland) == {("2", "1", ADDENDS), ("3", "1", ADDENDS)}
    assert found(whole, entry("2", "a", {"count": "30", "item": "tank"})) == set()
    assert found(whole, entry("2", "b", {"count": "14", "item": "tank"})) == set()


def test_what_falls_within_a_total_over_a_period_is_part_of_it() -> None:
    total = entry("1", "a", {"count": "18", "item": "tank"}, "2022-02-24/2023-06-30")
    single = entry("2", "b", {"count": "4", "item": "leopard-2"}, "2023-03-02")
    assert found(total, single) == {("2", "1", PERIOD)}
    assert found(total, entry("2", "b", {"count": "4", "item": "leopard-2"}, "2023-08-02")) == set()
    assert found(total, entry("2", "b", {"count": "4", "item": "leopard-2"})) == set()
    assert found(total, entry("2", "b", {"count": "4", "item": "howitzer"}, "2023-03-02")) == set()
    assert found(total, entry("2", "b", {"count": "4"}, "2023-03-02")) == set()
    vague = entry("1", "a", {"count": "18", "item": "tank"}, "2023")
    assert found(vague, single) == set()  # a year may be the vague time of one act
    later = entry("3", "c", {"count": "30", "item": "tank"}, "2022-02-24/2024-06-30")
    assert found(total, single, later) == {("2", "1", PERIOD), ("2", "3", PERIOD), ("1", "3", PERIOD)}


def test_a_denial_is_part_of_nothing() -> None:
    total = entry("1", "a", {"count": "18", "item": "tank"}, "2022-02-24/2023-06-30")
    assert found(total, entry("2", "b", {"count": "4", "item": "tank"}, "2023-03-02", "denied")) == set()


def test_the_order_of_the_entries_plays_no_part() -> None:
    entries = [MORE, SO_FAR, TOTAL, entry("4", "b", {"amount": "1e9 EUR", "item": "military"}, "2022")]
    straight = parts(entries, book())
    assert straight[0] == Part("1", "3", Reason("addend"))
    for seed in range(5):
        Random(seed).shuffle(entries)
        assert parts(entries, book()) == straight
