"""Which claims are one fact, what they say together, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.check import check
from recoupe.check.rates import BAND, rate, same_sum
from recoupe.model import Entry, Reading, Roots
from recoupe.values import Amount
from synthetic import Fact, book, reading

Roles = Mapping[str, str | Sequence[str]]
WORDS = "The minister spoke on Tuesday about what was done"
PURCHASE: Roles = {
    "buyer": ["country:DE", "country:NL"],
    "agent": "org:nspa",
    "item": ["patriot-missile"],
    "count": "<=1000",
}
STRIKE: Roles = {
    "attacker": ["country:RU"],
    "target": ["country:UA"],
    "place": ["place:kyiv"],
    "killed": "5",
}


def told(doc: str, *facts: Fact, published: str | None = "2024-01-03") -> Reading:
    """A report that tells these facts in words of its own."""
    words = f"{doc} has it that the minister spoke on Tuesday about what was done"
    return reading(
        doc, ["A title", f"{words}. More was said later."], [replace(f, words=words) for f in facts], published
    )


def copied(doc: str, *facts: Fact, published: str | None = None) -> Reading:
    """A report that tells these facts in the words of others."""
    return reading(doc, ["A title", f"{WORDS}."], facts, published)


def fact(kind: str, roles: Roles, **more: object) -> Fact:
    return Fact(kind, roles, WORDS, **more)  # type: ignore[arg-type]


def entries(*readings: Reading, roots: Mapping[str, str] | None = None) -> list[Entry]:
    own = {r.report.doc: r.report.doc for r in readings}
    return check(readings, Roots(own | dict(roots or {})), book())


def joined(a: Fact, b: Fact, **published: str | None) -> bool:
    return len(entries(told("a.txt", a, **published), told("b.txt", b, **published))) == 1


def without(roles: Roles, *names: str, **more: str | Sequence[str]) -> Roles:
    return {k: v for k, v in roles.items() if k not in names} | more


def test_two_reports_of_one_purchase_are_one_entry() -> None:
    (entry,) = entries(
        told("a.txt", fact("purchase", PURCHASE, status="planned")),
        told("b.txt", fact("purchase", without(PURCHASE, "count", amount="~5.5e9 USD"))),
    )
    assert entry.claims == ("a.txt#1", "b.txt#1")
    assert entry.origins == ("a.txt", "b.txt")
    assert entry.status == "done"
    assert dict(entry.roles) == {
        "buyer": ("country:DE", "country:NL"),
        "agent": ("org:nspa",),
        "item": ("patriot-missile",),
        "count": ("<=1000",),
        "amount": ("~5.5e9 USD",),
    }
    assert entry.conflicts == ()


def test_reports_of_one_origin_count_once() -> None:
    (entry,) = entries(
        told("a.txt", fact("purchase", PURCHASE)), told("b.txt", fact("purchase", PURCHASE)), roots={"b.txt": "a.txt"}
    )
    assert entry.origins == ("a.txt",)
    assert len(entry.claims) == 2


def test_a_report_from_one_of_two_agencies_has_the_one_that_tells_the_fact_besides() -> None:
    texts = [told(doc, fact("purchase", PURCHASE)) for doc in ("a.txt", "b.txt")]
    (entry,) = entries(*texts, roots={"a.txt": "afp | reuters", "b.txt": "reuters"})
    assert entry.origins == ("reuters",)


def pledge(donors: Sequence[str], kind: str = "pledge", **more: str | Sequence[str]) -> Fact:
    return fact(kind, {"donor": donors, "recipient": ["country:UA"], **more})


def request(item: str) -> Fact:
    return fact("request", {"requester": ["country:UA"], "item": [item]})


NOWHERE = without(STRIKE, "place")
SECOND = "2024-01-02"
PAIRS = {
    "one day": (fact("attack", STRIKE, time=SECOND), fact("attack", STRIKE, time=SECOND), True),
    "the next day": (fact("attack", STRIKE, time=SECOND), fact("attack", STRIKE, time="2024-01-03"), False),
    "a day of the month": (fact("attack", STRIKE, time=SECOND), fact("attack", STRIKE, time="2024-01"), True),
    "no time": (fact("attack", STRIKE, time=SECOND), fact("attack", STRIKE), True),
    "no time, months later": (fact("attack", STRIKE, time="2023-10-02"), fact("attack", STRIKE), False),
    "another place": (
        fact("attack", STRIKE, time=SECOND),
        fact("attack", without(STRIKE, place=["place:dnipro"]), time=SECOND),
        False,
    ),
    "no place": (fact("attack", STRIKE, time=SECOND), fact("attack", NOWHERE, time=SECOND), True),
    "a day's toll and a longer one's": (
        fact("attack", NOWHERE, time=SECOND),
        fact("attack", without(NOWHERE, killed=">=40"), time="2023-12-29/2024-01-02"),
        False,
    ),
    "another donor": (pledge(["country:DE"], item=["tank"]), pledge(["country:FR"], item=["tank"]), False),
    "one donor more, a more exact item": (
        pledge(["country:DE"], item=["tank"]),
        pledge(["country:DE", "country:FR"], item=["leopard-2"]),
        True,
    ),
    "the same item": (request("patriot"), request("patriot"), True),
    "another item": (request("patriot"), request("tank"), False),
    "a denial": (fact("purchase", PURCHASE), fact("purchase", PURCHASE, status="denied"), False),
    "a possibility": (fact("purchase", PURCHASE), fact("purchase", PURCHASE, status="possible"), True),
    "another sum": (pledge(["country:DE"], amount="1e9 EUR"), pledge(["country:DE"], amount="500e6 EUR"), False),
    "the sum in dollars": (pledge(["country:DE"], amount="1e9 EUR"), pledge(["country:DE"], amount="~1.1e9 USD"), True),
    "another meeting of one of them": (
        fact("consultation", {"participants": ["country:RU", "country:CN"]}, time=SECOND),
        fact("consultation", {"participants": ["country:RU", "country:UA", "country:US"]}, time=SECOND),
        False,
    ),
    "no time, and the place only on one side": (
        fact("attack", without(STRIKE, "killed")),
        fact("attack", {"attacker": ["country:RU"], "target": ["country:UA"], "weapon": ["drone"]}),
        False,
    ),
    "no time, and only who and a common weapon": (
        fact("attack", without(NOWHERE, "killed", weapon=["drone"])),
        fact("attack", without(NOWHERE, "killed", weapon=["drone"])),
        False,
    ),
    "a raid and the whole war": (
        fact("attack", without(NOWHERE, "killed", weapon=["drone"]), time=SECOND),
        fact("attack", without(NOWHERE, "killed", weapon=["drone"]), time="2022-02-24/2024-06-01"),
        False,
    ),
    "another kind": (pledge(["country:DE"], item=["tank"]), pledge(["country:DE"], "delivery", item=["tank"]), False),
}


@pytest.mark.parametrize(("a", "b", "same"), PAIRS.values(), ids=PAIRS)
def test_what_joins_and_what_does_not(a: Fact, b: Fact, same: bool) -> None:
    assert joined(a, b) is same
    assert joined(b, a) is same


def test_a_group_and_its_member_can_be_one() -> None:
    group = fact("delivery", {"donor": ["group:nato-allies"], "recipient": ["country:UA"], "item": ["tank"]})
    member = fact("delivery", {"donor": ["country:DE"], "recipient": ["country:UA"], "item": ["tank"]})
    (entry,) = entries(told("a.txt", group), told("b.txt", member))
    assert dict(entry.roles)["donor"] == ("country:DE",)


def test_undated_claims_join_only_when_published_about_the_same_time() -> None:
    one, other = told("a.txt", fact("purchase", PURCHASE)), fact("purchase", PURCHASE)
    assert len(entries(one, told("b.txt", other, published="2024-01-05"))) == 1
    assert len(entries(one, told("b.txt", other, published="2024-03-05"))) == 2


def test_undated_claims_of_undated_reports_join_only_in_copied_words() -> None:
    one, other = fact("purchase", PURCHASE), fact("purchase", PURCHASE)
    assert not joined(one, other, published=None)
    less = fact("purchase", without(PURCHASE, "count"))
    assert len(entries(copied("a.txt", one), copied("b.txt", other), roots={"b.txt": "a.txt"})) == 1
    assert len(entries(copied("a.txt", one), copied("b.txt", other))) == 2
    assert len(entries(copied("a.txt", one), copied("b.txt", less), roots={"b.txt": "a.txt"})) == 2


def test_one_report_tells_its_facts_apart() -> None:
    strike = fact("attack", STRIKE, time="2024-01-02")
    toll = fact("attack", without(STRIKE, "place", killed=">=40"), time="2023-12-29/2024-01-02")
    again = fact("attack", without(STRIKE, "killed"), time="2024-01-02")
    assert len(entries(told("a.txt", strike, toll, again))) == 3
    assert len(entries(told("a.txt", strike, strike))) == 1


def test_one_reports_facts_do_not_meet_through_another_report() -> None:
    monday = fact("attack", STRIKE, time="2024-01-01")
    tuesday = fact("attack", STRIKE, time="2024-01-02")
    vague = fact("attack", STRIKE, time="2024-01-01/2024-01-02")
    got = entries(told("a.txt", monday, tuesday), told("b.txt", vague))
    assert len(got) == 3  # and nobody can say which of the two the other report means
    assert not any({"a.txt#1", "a.txt#2"} <= set(entry.claims) for entry in got)


def test_numbers_that_cannot_both_be_true_are_kept_as_a_conflict() -> None:
    (entry,) = entries(
        told("a.txt", fact("attack", STRIKE, time="2024-01-02")),
        told("b.txt", fact("attack", without(STRIKE, killed="7"), time="2024-01-02")),
        told("c.txt", fact("attack", without(STRIKE, killed="7"), time="2024-01-02")),
        told("d.txt", fact("attack", without(STRIKE, killed=">=4"), time="2024-01-02")),
    )
    (conflict,) = entry.conflicts
    assert conflict.field == "killed"
    assert [(side.value, side.claims) for side in conflict.sides] == [
        ("7", ("b.txt#1", "c.txt#1")),
        ("5", ("a.txt#1",)),
    ]
    assert dict(entry.roles)["killed"] == ("7", "5")


def test_at_least_five_and_seven_agree() -> None:
    (entry,) = entries(
        told("a.txt", fact("attack", without(STRIKE, killed=">=5"), time="2024-01-02")),
        told("b.txt", fact("attack", without(STRIKE, killed="7"), time="2024-01-02")),
    )
    assert dict(entry.roles)["killed"] == ("7",)
    assert entry.conflicts == ()


def test_a_thousand_missiles_and_a_thousand_systems_contradict_each_other() -> None:
    (entry,) = entries(
        told("a.txt", fact("purchase", PURCHASE)), told("b.txt", fact("purchase", without(PURCHASE, item=["patriot"])))
    )
    (conflict,) = entry.conflicts
    assert [(side.value, side.claims) for side in conflict.sides] == [
        ("patriot", ("b.txt#1",)),
        ("patriot-missile", ("a.txt#1",)),
    ]
    other = without(PURCHASE, item=["patriot"], count="3")
    assert not joined(fact("purchase", PURCHASE), fact("purchase", other))


def test_a_sum_in_two_currencies_is_one_sum() -> None:
    first = fact("purchase", without(PURCHASE, amount="~5.5e9 USD"), also={"amount": "5.04e9 EUR"})
    euros = fact("purchase", without(PURCHASE, amount="~5e9 EUR"))
    dollars = fact("purchase", without(PURCHASE, amount="5.6e9 USD"))
    (entry,) = entries(told("a.txt", first), told("b.txt", euros), told("c.txt", dollars))
    assert entry.conflicts == ()
    (entry,) = entries(told("a.txt", first), told("b.txt", fact("purchase", without(PURCHASE, amount="9e9 EUR"))))
    assert [c.field for c in entry.conflicts] == ["amount"]


def test_a_sum_in_a_currency_without_a_rate_stands_beside_the_other() -> None:
    hryvnias = fact("purchase", without(PURCHASE, amount="200e9 UAH"))
    (entry,) = entries(
        told("a.txt", fact("purchase", without(PURCHASE, amount="~5e9 USD"))),
        told("b.txt", fact("purchase", without(PURCHASE, amount="~5e9 USD"))),
        told("c.txt", hryvnias),
    )
    assert dict(entry.roles)["amount"] == ("~5e9 USD", "200e9 UAH")
    assert entry.conflicts == ()


def test_rates_of_the_day() -> None:
    day = date(2024, 1, 3)  # the ECB's reference rate of that day was 1.0919 dollars to the euro
    assert rate("EUR", "USD", day) == pytest.approx(1.0919)
    assert same_sum(Amount.parse("1e9 EUR"), Amount.parse("1.0919e9 USD"), day) is True
    assert same_sum(Amount.parse("1e9 EUR"), Amount.parse(f"{1.0919 * (1 + BAND) * 1.02:.6f}e9 USD"), day) is False
    assert same_sum(Amount.parse("1e9 USD"), Amount.parse("40e9 UAH"), day) is None
    assert same_sum(Amount.parse("1e9 EUR"), Amount.parse("1e9 USD"), None) is None
    assert same_sum(Amount.parse("1e9 EUR"), Amount.parse(">=900e6 EUR"), None) is True


def test_the_time_of_an_entry_is_what_all_allow() -> None:
    (entry,) = entries(
        told("a.txt", fact("attack", STRIKE, time="2024-01")), told("b.txt", fact("attack", STRIKE, time="2024-01-02"))
    )
    assert entry.time == "2024-01-02"


def test_an_undated_fact_never_takes_the_date_of_publication() -> None:
    (entry,) = entries(told("a.txt", fact("purchase", PURCHASE)), told("b.txt", fact("purchase", PURCHASE)))
    assert entry.time is None


KINDS = [
    fact("purchase", PURCHASE),
    fact("purchase", without(PURCHASE, "count", amount="~5.5e9 USD"), also={"amount": "5.04e9 EUR"}),
    fact("purchase", without(PURCHASE, item=["patriot"])),
    fact("attack", STRIKE, time="2024-01-02"),
    fact("attack", without(STRIKE, killed="7"), time="2024-01-02"),
    fact("attack", without(STRIKE, "place", killed=">=40"), time="2023-12-29/2024-01-02"),
    fact("attack", without(STRIKE, "place", "killed")),
    fact("delivery", {"donor": ["group:nato-allies"], "recipient": ["country:UA"], "item": ["military"]}),
    fact("delivery", {"donor": ["country:DE"], "recipient": ["country:UA"], "item": ["tank"], "count": "14"}),
]


DATES = st.sampled_from(["2024-01-02", "2024-01-03", "2024-01", None])
TOLD = st.tuples(DATES, st.sets(st.sampled_from(range(len(KINDS))), max_size=4))


@settings(max_examples=60, deadline=None)
@given(st.lists(TOLD, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_readings_plays_no_part(reports: list[tuple[str | None, set[int]]], rng: object) -> None:
    readings = [
        told(f"{n}.txt", *(KINDS[k] for k in sorted(kinds)), published=published)
        for n, (published, kinds) in enumerate(reports)
    ]
    shuffled = list(readings)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    straight = entries(*readings)
    assert entries(*shuffled) == straight
    refs = [ref for entry in straight for ref in entry.claims]
    assert sorted(refs) == sorted(f"{n}.txt#{k + 1}" for n, (_, kinds) in enumerate(reports) for k in range(len(kinds)))
    assert len({entry.id for entry in straight}) == len(straight)
