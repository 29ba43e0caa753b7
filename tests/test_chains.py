"""Chains of help: what follows what, what is announced again, what remains open. Entries are made by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affairs import AFFAIR, ASKED, BOUGHT, MORE, PROMISED, REFILLED, SENT, chained, entry
from recoupe.chains import Chains, Reason, left, left_in_words
from recoupe.chains.ranges import fits, hull, in_words, rest, total
from recoupe.codebook import Codebook
from recoupe.model import Conflict, Entry, Side
from recoupe.values import Count
from synthetic import book

counts = st.builds(
    lambda low, more: Count(Count.exactly(low).low, None if more is None else Count.exactly(low + more).low),
    st.integers(0, 50),
    st.none() | st.integers(0, 50),
)


def follows(chains: Chains, one: Entry) -> str | None:
    """The id of the entry that one follows."""
    return chains.follows[one.id].earlier if one.id in chains.follows else None


def gift(name: str, time: str | None = "2024-05-01", **roles: str | list[str]) -> Entry:
    told = {"donor": "country:DE", "recipient": "country:UA", "item": "patriot", **roles}
    return entry("delivery", name, time, **{role: said for role, said in told.items() if said})


def promise(name: str, time: str | None = "2024-02-01", **roles: str | list[str]) -> Entry:
    told = {"donor": "country:DE", "recipient": "country:UA", "item": "patriot", **roles}
    return entry("pledge", name, time, **{role: said for role, said in told.items() if said})


# What follows what


def test_an_affair_is_one_chain_from_the_request_to_the_replacement() -> None:
    chains = chained(AFFAIR)
    assert {one.id: follows(chains, one) for one in AFFAIR} == {
        ASKED.id: None,
        PROMISED.id: ASKED.id,
        BOUGHT.id: PROMISED.id,
        SENT.id: BOUGHT.id,
        MORE.id: BOUGHT.id,
        REFILLED.id: PROMISED.id,  # of two deliveries of one promise neither is meant more than the other
    }
    assert not chains.unclear
    assert chains.members(MORE.id) == [one.id for one in AFFAIR]
    assert {chains.root(one.id) for one in AFFAIR} == {ASKED.id}


@settings(max_examples=60, deadline=None)
@given(st.permutations(AFFAIR), st.integers(1, len(AFFAIR)))
def test_the_order_of_entries_plays_no_part(order: list[Entry], size: int) -> None:
    some = order[:size]
    assert chained(some) == chained(sorted(some, key=lambda e: e.id))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["request", "pledge", "purchase", "delivery", "replacement"]),
            st.sampled_from(["country:DE", "country:NL", "group:nato-allies"]),
            st.sampled_from(["patriot", "air-defence", "money"]),
            st.sampled_from([None, "1", "4", ">=2"]),
            st.integers(1, 12),
            st.sampled_from(["done", "planned", "possible", "denied"]),
        ),
        max_size=14,
    )
)
def test_chains_are_trees_and_each_entry_is_in_one(made: list[tuple[str, str, str, str | None, int, str]]) -> None:
    found = []
    for number, (kind, giver, item, count, month, status) in enumerate(made):
        sides = book().chains.steps[kind].sides
        taker = "country:SK" if kind == "replacement" else "country:UA"
        roles = {sides["donor"]: giver, sides["recipient"]: taker, sides["item"]: item}
        if count:
            roles["count"] = count
        found.append(entry(kind, f"{number}", f"2024-{month:02}", status=status, **roles))  # type: ignore[arg-type]
    chains = chained(found)
    order = list(book().chains.steps)
    for tie in chains.follows.values():
        assert order.index(chains.acts[tie.earlier].entry.kind) < order.index(chains.acts[tie.later].entry.kind)
        assert tie.earlier not in chains.again
        assert chains.acts[tie.earlier].entry.status != "denied"
    members = [tuple(chains.members(id_)) for id_ in chains.acts]
    assert sorted(id_ for chain in set(members) for id_ in chain) == sorted(chains.acts)
    for again in chains.again.values():
        assert again.earlier not in chains.again
    for id_ in chains.acts:
        for one in left(chains, id_):
            assert one.left.high is None or one.whole.high is None or one.left.high <= one.whole.high


@pytest.mark.parametrize(
    "other",
    [
        gift("other giver", donor="country:FR"),
        gift("other taker", recipient="country:MD"),
        gift("other thing", item="leopard-2"),
        gift("more than was promised", count="9"),
        gift("before the promise", "2024-01-31"),
        gift("years later", "2029-01-01"),
        gift("nothing but who", item=""),
    ],
    ids=lambda e: e.claims[0],
)
def test_what_contradicts_a_promise_does_not_follow_it(other: Entry) -> None:
    chains = chained([PROMISED, other])
    assert follows(chains, other) is None
    assert other.id not in chains.unclear


@pytest.mark.parametrize(
    "other",
    [
        gift("the wider thing", item="air-defence-system"),
        gift("no thing, but the number", item="", count="4"),
        gift("nobody gives", "2024-02-20", donor=""),
        gift("one of several givers", donor=["country:DE", "country:NL"]),
        gift("a group gives", donor="group:nato-allies"),
        gift("a number that may be less", count="<=10"),
        gift("within the month of the promise", "2024-02"),
    ],
    ids=lambda e: e.claims[0],
)
def test_what_is_told_otherwise_may_follow_it(other: Entry) -> None:
    assert follows(chained([PROMISED, other]), other) == PROMISED.id


def test_words_of_no_weight_tie_nothing() -> None:
    one = promise("aid", item="military")
    other = gift("more aid", item="military")
    assert not chained([one, other]).follows
    one, other = (replace(e, roles=(*e.roles, ("amount", ("725e6 USD",)))) for e in (one, other))
    assert follows(chained([one, other]), other) == one.id


def test_of_two_promises_as_good_neither_is_chosen_and_both_are_named() -> None:
    one, other = (promise(who, donor=f"country:{who}", item="f-16", time="2024-02-01") for who in ("NL", "DK"))
    sent = gift("sent", "2024-02-20", donor="", item="f-16")
    chains = chained([one, other, sent])
    assert follows(chains, sent) is None
    assert {tie.earlier for tie in chains.unclear[sent.id]} == {one.id, other.id}
    clear = chained([one, other, gift("sent", donor="country:NL", item="f-16")])
    assert follows(clear, sent) == one.id


def test_of_two_promises_that_answer_one_request_what_both_answer_is_meant() -> None:
    asked = entry("request", "a", "2024-01-20", requester="country:UA", item="f-16", count="40")
    one, other = (promise(who, donor=f"country:{who}", item="f-16", count="19") for who in ("NL", "FR"))
    sent = gift("sent", "2024-02-10", donor="group:nato-allies", item="f-16", count="6")
    chains = chained([asked, one, other, sent])
    assert {follows(chains, e) for e in (one, other, sent)} == {asked.id}
    assert follows(chained([one, other, sent]), sent) is None


def test_a_plan_told_before_the_promise_does_not_carry_it_out() -> None:
    plan = replace(gift("plan", None), status="possible")
    assert not chained([PROMISED, plan], {"plan.txt": "2024-01-03"}).follows
    assert chained([PROMISED, plan], {"plan.txt": "2024-02-03"}).follows


def test_a_number_decides_between_two_promises() -> None:
    small, large = promise("small", item="mig-29", count="4"), promise("large", item="mig-29", count="13")
    sent = gift("sent", item="mig-29", count="13")
    assert follows(chained([small, large, sent]), sent) == large.id


def test_a_firm_promise_goes_before_an_offer() -> None:
    firm = promise("firm", "2024-02-01", item="f-16", count="30")
    offer = replace(promise("offer", "2024-01", item="f-16", count="30", recipient=""), status="possible")
    sent = gift("sent", "2024-02-20", item="f-16", count="30")
    chains = chained([firm, offer, sent])
    assert follows(chains, sent) == firm.id
    assert not chains.again


def test_nothing_follows_what_was_denied_but_a_denial_belongs_to_what_it_denies() -> None:
    denied = replace(PROMISED, status="denied")
    assert not chained([denied, SENT]).follows
    not_sent = replace(SENT, status="denied")
    chains = chained([PROMISED, not_sent])
    assert follows(chains, not_sent) == PROMISED.id
    assert left_in_words(chains, PROMISED.id) == ["all of 4 not yet reported delivered"]


def test_what_was_done_by_then_is_not_what_still_lay_ahead() -> None:
    plan = entry(
        "purchase", "plan", status="planned", buyer="country:DE", beneficiary="country:UA", item="patriot", count="4"
    )
    sent = entry("delivery", "sent", donor="country:DE", recipient="country:UA", item="patriot", count="4")
    days = {"plan.txt": "2024-01-03", "sent.txt": "2024-01-03"}
    assert not chained([plan, sent], days).follows
    assert chained([plan, sent], {**days, "sent.txt": "2024-09-01"}).follows


def test_who_buys_for_nobody_keeps_no_promise() -> None:
    stock = entry("purchase", "stock", "2024-03-01", buyer="country:DE", item="patriot", count="3")
    assert follows(chained([PROMISED, stock]), stock) is None
    assert follows(chained([PROMISED, BOUGHT]), BOUGHT) == PROMISED.id


def test_a_replacement_may_be_agreed_before_the_gift() -> None:
    sent = entry("delivery", "s", "2022-04-08", donor="country:SK", recipient="country:UA", item="s-300", count="1")
    swap = entry(
        "replacement", "r", "2022-04-01", provider="country:US", donor="country:SK", outgoing="s-300",
        incoming="patriot", count="4",
    )  # fmt: skip
    chains = chained([sent, swap])
    assert follows(chains, swap) == sent.id
    assert chains.members(swap.id) == [sent.id, swap.id]  # what follows stands after, whenever it was


def test_an_undated_step_was_about_when_it_was_first_told() -> None:
    one, other = promise("one", None), gift("other", None)
    assert follows(chained([one, other], {"one.txt": "2024-01-10", "other.txt": "2024-02-10"}), other) == one.id
    assert not chained([one, other], {"one.txt": "2024-06-10", "other.txt": "2024-02-10"}).follows
    assert follows(chained([one, other]), other) == one.id  # nobody knows: the party, the thing and the other party


def test_every_tie_says_why_in_points_that_add_up() -> None:
    tie = chained([PROMISED, SENT]).follows[SENT.id]
    assert tuple((str(reason), points) for reason, points in tie.reasons) == (
        ("DE in both", 10),
        ("UA in both", 4),
        ("patriot in both", 12),
        ("a part of the number", 3),
        ("within half a year", 1),
    )
    assert tie.points == 30


def test_a_codebook_with_other_words_has_chains_of_its_own() -> None:
    """The code knows no kind: with the links of the codebook taken away, nothing follows anything."""
    plain = SimpleNamespace(**{**vars(book()), "chains": replace(book().chains, links=())})
    assert not chained(AFFAIR, codebook=cast(Codebook, plain)).follows


def test_many_entries_take_little_time() -> None:
    """Blocks of parties and things: a year of promises by many donors is no matter of pairs of all with all."""
    donors = sorted(a for a in book().members["group:nato-allies"])
    many = [
        entry(kind, f"{kind} {n}", f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}", donor=donors[n % len(donors)],
              recipient="country:UA", item=("leopard-2", "mig-29", "himars")[n % 3], count=str(n % 90 + 1))
        for kind in ("pledge", "delivery") for n in range(400)
    ]  # fmt: skip
    chains = chained(many)
    assert len(chains.acts) == len(many)
    assert chains.follows


# The same promise again


def test_a_promise_announced_again_is_the_first_one() -> None:
    first = promise("first", "2024-02-01", item="leopard-2", count="14")
    again = promise("again", "2024-05-01", item="leopard-2", count="14")
    sent = gift("sent", "2024-06-01", item="leopard-2", count="14")
    chains = chained([first, again, sent])
    assert chains.again[again.id].earlier == first.id
    assert chains.again[again.id].reasons[1] == Reason("same_number")
    assert follows(chains, sent) == first.id
    assert chains.members(again.id) == [first.id, again.id, sent.id]


@pytest.mark.parametrize(
    ("roles", "time"),
    [
        ({"count": "15"}, "2024-05-01"),
        ({"donor": "country:FR"}, "2024-05-01"),
        ({"recipient": "country:MD"}, "2024-05-01"),
        ({"item": "leopard-1"}, "2024-05-01"),
        ({"count": "14"}, "2025-05-01"),
    ],
)
def test_another_promise_is_another(roles: dict[str, str], time: str) -> None:
    first = promise("first", "2024-02-01", item="leopard-2", count="14")
    other = promise("other", time, **{"item": "leopard-2", "count": "14", **roles})
    assert not chained([first, other]).again


def test_a_round_sum_may_be_promised_anew_sooner() -> None:
    def promised(name: str, time: str, amount: str) -> Entry:
        return promise(name, time, item="money", amount=amount)

    assert chained([promised("a", "2024-02-01", "725e6 USD"), promised("b", "2024-06-01", "725e6 USD")]).again
    assert not chained([promised("a", "2024-02-01", "1e9 USD"), promised("b", "2024-06-01", "1e9 USD")]).again
    assert chained([promised("a", "2024-02-01", "1e9 USD"), promised("b", "2024-02-20", "1e9 USD")]).again


def test_what_is_recalled_without_a_day_may_be_longer_ago() -> None:
    first = promise("first", "2023-03", item="artillery-shell", count="1e6")
    recalled = promise("recalled", None, item="artillery-shell", count="1e6")
    assert chained([first, recalled], {"recalled.txt": "2024-02-01"}).again
    assert not chained([first, recalled], {"recalled.txt": "2024-09-01"}).again
    assert not chained([first, replace(recalled, time="2024-02-01")]).again
    military = [replace(e, roles=(*e.roles[:2], ("amount", ("1e9 EUR",)))) for e in (first, recalled)]
    assert not chained(military, {"recalled.txt": "2024-02-01"}).again


def test_what_one_report_tells_apart_is_not_one() -> None:
    first = promise("first", "2024-02-01", item="leopard-2", count="14")
    other = replace(promise("other", "2024-05-01", item="leopard-2", count="14"), claims=("first.txt#2",))
    assert not chained([first, other]).again


def test_after_a_delivery_the_same_promise_is_a_new_one() -> None:
    first = promise("first", "2024-02-01", item="leopard-2", count="14")
    again = promise("again", "2024-05-01", item="leopard-2", count="14")
    sent = gift("sent", "2024-03-01", item="leopard-2", count="14")
    assert not chained([first, again, sent]).again


def test_aid_without_a_name_or_number_is_never_told_again() -> None:
    assert not chained([promise("a", "2024-02-01", item="military"), promise("b", "2024-02-09", item="military")]).again
    assert chained([promise("a", "2024-02-01"), promise("b", "2024-02-09")]).again


def test_three_tellings_have_one_first() -> None:
    told = [promise(f"{n}", f"2024-0{n}-01", item="leopard-2", count="14") for n in (2, 4, 6)]
    chains = chained(told)
    assert {id_: again.earlier for id_, again in chains.again.items()} == {e.id: told[0].id for e in told[1:]}
    assert chains.retold[told[0].id] == (told[1].id, told[2].id)


# What remains open


@pytest.mark.parametrize(
    ("promised", "sent", "said"),
    [
        ("13", ["4"], "9 of 13 not yet reported delivered"),
        ("13", ["13"], "nothing of 13"),
        ("13", [], "all of 13 not yet reported delivered"),
        ("13", ["4", "9"], "nothing of 13"),
        ("<=1000", ["200"], "up to 800 of up to 1000 not yet reported delivered"),
        (">=60", ["20"], "at least 40 of at least 60 not yet reported delivered"),
        ("10", ["2..4"], "6 to 8 of 10 not yet reported delivered"),
        ("10", [""], "a part of 10 not yet reported delivered; how much is not said"),
        ("10", ["4", ""], "up to 6 of 10 not yet reported delivered; more was done without a number"),
    ],
)
def test_what_remains_open_is_a_range(promised: str, sent: list[str], said: str) -> None:
    parts = [gift(f"{n}", f"2024-0{n + 5}-01", item="mig-29", count=count) for n, count in enumerate(sent)]
    chains = chained([promise("p", item="mig-29", count=promised), *parts])
    assert all(part.id in chains.follows for part in parts)
    assert left_in_words(chains, promise("p").id) == [said]


def test_deliveries_without_days_may_be_parts_of_one_another() -> None:
    parts = [gift(name, None, item="mig-29", count=count) for name, count in (("a", "4"), ("b", "9"))]
    chains = chained([promise("p", item="mig-29", count="13"), *parts], dict.fromkeys(("a.txt", "b.txt"), "2024-05-02"))
    assert left_in_words(chains, promise("p").id) == ["up to 4 of 13 not yet reported delivered"]


def test_a_delivery_that_is_part_of_another_is_not_counted_beside_it() -> None:
    some = gift("some", "2024-05-01", item="mig-29", count="4")
    whole = gift("whole", "2024-06-01", item="mig-29", count="9")
    made = promise("p", item="mig-29", count="20")
    assert left_in_words(chained([made, some, whole]), made.id) == ["7 of 20 not yet reported delivered"]
    chains = chained([made, some, whole], parts=[(some.id, whole.id, Reason("addend"))])
    assert left_in_words(chains, made.id) == ["11 of 20 not yet reported delivered"]


def test_a_plan_meets_nothing_yet() -> None:
    plan = replace(gift("plan", count="1"), status="planned")
    chains = chained([promise("p", count="4"), plan])
    assert follows(chains, plan) == promise("p").id
    assert left_in_words(chains, promise("p").id) == ["all of 4 not yet reported delivered"]


def test_contradictory_numbers_leave_a_range_open() -> None:
    sides = (Side("4", ("a#1",)), Side("6", ("b#1",)))
    sent = replace(gift("sent", count=["4", "6"]), conflicts=(Conflict("count", sides),))
    chains = chained([promise("p", count="10"), sent])
    assert chains.acts[sent.id].contested
    assert left_in_words(chains, promise("p").id) == ["4 to 6 of 10 not yet reported delivered"]


def test_what_was_bought_for_it_counts_when_it_is_handed_over() -> None:
    chains = chained([PROMISED, BOUGHT, SENT])
    assert left_in_words(chains, PROMISED.id) == ["3 of 4 not yet reported delivered"]
    assert left_in_words(chains, BOUGHT.id) == ["2 of 3 not yet reported delivered"]
    assert left_in_words(chains, SENT.id) == []


def test_a_launcher_is_none_of_a_thousand_missiles() -> None:
    sides = (Side("patriot", ("a#1",)), Side("patriot-missile", ("b#1",)))
    told = promise("p", item=["patriot", "patriot-missile"], count="1000")
    made = replace(told, conflicts=(Conflict("item", sides),))
    said = "a part of 1000 not yet reported delivered; how much is not said"
    assert left_in_words(chained([made, gift("g", count="1")]), made.id) == [said]
    wider = promise("w", item="air-defence", count="10")
    assert left_in_words(chained([wider, gift("g", count="1")]), wider.id) == ["9 of 10 not yet reported delivered"]


def test_a_sum_of_money_leaves_money_open() -> None:
    given = entry("delivery", "g", "2024-04-01", donor="org:eu", recipient="country:UA", item="loan", amount="18e9 EUR")
    made = entry("pledge", "m", "2024-02-01", donor="org:eu", recipient="country:UA", item="loan", amount="50e9 EUR")
    assert left_in_words(chained([made, given]), made.id) == ["32e9 of 50e9 EUR not yet reported delivered"]


# Ranges


@given(counts, counts)
def test_the_rest_and_the_part_make_the_whole_possible(whole: Count, part: Count) -> None:
    remains = rest(whole, part)
    assert remains.low >= 0
    if fits(part, whole) and part.high is not None:
        assert total([remains, part]).agrees(whole)


@given(st.lists(counts, min_size=1, max_size=5))
def test_the_hull_holds_them_all(some: list[Count]) -> None:
    whole = hull(some)
    assert whole is not None
    assert all(whole.low <= count.low and count.meet(whole) == count for count in some)
    assert in_words(whole)
