"""Reviews: found again by their words, put upon what is read, and obeyed by cross-checking."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from recoupe.check import check
from recoupe.codebook import Codebook
from recoupe.errors import ReviewError
from recoupe.model import Action, Claim, Entry, Evidence, Mention, Reading, Review, Roots, Span
from recoupe.review import (
    Given,
    Memo,
    Outcome,
    Person,
    amended,
    apply,
    changes,
    given,
    live,
    marked,
    read_fields,
    target,
)
from recoupe.review.match import paired, placed
from recoupe.review.rulings import Ruling, settled
from recoupe.values import Actor
from synthetic import Fact, book, page_of, reading

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
TOLL = "Missiles fell on the port at dawn and killed 5 dockers"
STRIKE = Fact("attack", {"attacker": ["country:RU"], "weapon": ["missile"], "killed": "5"}, TOLL, time="2024-01-02")
GIFT = Fact("pledge", {"donor": ["country:DE"], "item": ["patriot"], "count": "2"}, "Berlin promised two batteries")


def port(doc: str = "port.txt", *facts: Fact, lead: str = "A title") -> Reading:
    lines = [lead, f"{TOLL}.", "Berlin promised two batteries."]
    return reading(doc, lines, facts or (STRIKE, GIFT), "2024-01-03")


def said(
    action: Action,
    one: Reading,
    *numbers: int,
    minute: int = 0,
    by: str = "ana",
    why: str = "",
    others: Sequence[tuple[Reading, int]] = (),
    fields: Sequence[str] = (),
) -> Review:
    """A review of claims of a reading (by number, from 1), so many minutes after noon."""
    claims = [
        target(one, page_of(one).hash, claim, read_fields(claim, fields, book()))
        for claim in (one.claims[n - 1] for n in numbers)
    ]
    beside = [target(r, page_of(r).hash, r.claims[n - 1]) for r, n in others]
    return given(action, Person(by, NOON + timedelta(minutes=minute)), claims, beside, why)


def undo(review: Review, minute: int) -> Review:
    return given("undo", Person("ana", NOON + timedelta(minutes=minute)), undoes=review.id)


def applied(readings: Sequence[Reading], *reviews: Review) -> Outcome:
    """`readings` of the pages that they were first read from, whatever a new reader makes of them."""
    return apply(readings, Given(reviews, {r.report.doc: page_of(port(r.report.doc)).hash for r in readings}))


def entries(readings: Sequence[Reading], *reviews: Review) -> list[Entry]:
    outcome = apply(readings, Given(reviews, {r.report.doc: page_of(r).hash for r in readings}))
    roots = Roots({r.report.doc: r.report.doc for r in readings})
    return marked(check(outcome.readings, roots, book(), outcome.rulings), outcome)


def value(claim: Claim, role: str) -> list[str]:
    return [str(v) for v in claim.values(role)]


# What stands


def test_what_nobody_reviewed_stays_as_it_is() -> None:
    one = port()
    assert applied([one]) == Outcome((one,))


def test_an_accepted_claim_is_reviewed_and_says_the_same() -> None:
    one = port()
    done = applied([one], said("accept", one, 1))
    assert done.readings == (one,)
    assert done.claims["port.txt#1"].state == "accepted"
    assert done.notices == ()


def test_a_corrected_cell_stands_with_its_words_and_what_the_reader_had_is_kept() -> None:
    one = port()
    done = applied([one], said("correct", one, 1, fields=["killed=7"]))
    (claim, _), before = done.readings[0].claims, one.claims[0]
    (cell,) = (c for c in claim.cells if c.role == "killed")
    assert (str(cell.value), cell.words, cell.rule) == ("7", before.cells[2].words, "review")
    assert claim.read == before
    assert value(claim, "weapon") == ["missile"]


def test_a_corrected_value_gets_the_words_that_the_reader_knows_for_it() -> None:
    plain = reading("x.txt", ["Not Oslo", "Berlin, not Oslo, promised two batteries to Oslo."], [
        replace(GIFT, words="promised two batteries")
    ])  # fmt: skip
    text = plain.report.text
    places = [m.start() for m in re.finditer("Oslo", text)]
    mentions = tuple(Mention(Span(at, at + 4), "actor", Actor.parse("country:NO")) for at in places)
    one = replace(plain, mentions=mentions)
    review = said("correct", one, 1, fields=["donor=NO", "count=3"])
    (claim,) = apply([one], Given([review], {"x.txt": page_of(one).hash})).readings[0].claims
    words = {cell.role: (cell.words.text, cell.words.start) for cell in claim.cells if cell.words}
    assert words["donor"] == ("Oslo", places[1])
    assert words["count"][0] == "promised two batteries"


def test_a_role_is_emptied_or_added_and_the_own_fields_corrected() -> None:
    one = port()
    fields = ["weapon=", "place=place:odesa", "status=denied", "time=2024-01-01", "said by=country:UA"]
    claim = applied([one], said("correct", one, 1, fields=fields)).readings[0].claims[0]
    assert (value(claim, "weapon"), value(claim, "place")) == ([], ["place:odesa"])
    assert (claim.status, str(claim.time), claim.attribution) == ("denied", "2024-01-01", ("country:UA",))
    emptied = applied([one], said("correct", one, 1, fields=["when="])).readings[0].claims[0]
    assert (emptied.time, emptied.time_words) == (None, None)


def test_a_corrected_kind_loses_the_roles_that_it_does_not_have() -> None:
    one = port("port.txt", STRIKE, replace(GIFT, roles={**GIFT.roles, "programme": "Sky Shield"}))
    claim = applied([one], said("correct", one, 2, fields=["kind=delivery"])).readings[0].claims[1]
    assert (claim.kind, value(claim, "donor"), value(claim, "programme")) == ("delivery", ["country:DE"], [])


def test_a_rejected_claim_counts_no_more_but_keeps_its_place() -> None:
    one = port()
    done = applied([one], said("reject", one, 1))
    assert done.readings == (one,)
    assert done.rulings.rejected == {"port.txt#1"}
    assert [e.claims for e in entries([one], said("reject", one, 1))] == [("port.txt#2",)]


def test_the_later_review_outranks_the_earlier_and_can_be_undone() -> None:
    one = port()
    first = said("correct", one, 1, fields=["killed=7"])
    second = said("reject", one, 1, minute=1, by="ben")
    third = undo(second, 2)
    assert applied([one], first, second).rulings.rejected
    again = applied([one], first, second, third)
    assert not again.rulings.rejected
    assert value(again.readings[0].claims[0], "killed") == ["7"]
    assert live([first, second, third, undo(third, 3)])[:2] == [first, second]


def test_corrections_of_two_people_add_up_and_an_acceptance_says_which_of_them_hold() -> None:
    one = port()
    both = [said("correct", one, 1, fields=["killed=7"]), said("correct", one, 1, minute=1, fields=["weapon=drone"])]
    claim = applied([one], *both).readings[0].claims[0]
    assert (value(claim, "killed"), value(claim, "weapon")) == (["7"], ["drone"])
    as_read = said("accept", one, 1, minute=2)
    assert applied([one], *both, as_read).readings == (one,)


# Later readings


def test_reviews_survive_a_text_cut_otherwise() -> None:
    one = port()
    moved = port(lead="Another, much longer title that an older cleaner had taken for a menu")
    done = applied([moved], said("correct", one, 1, fields=["killed=7"]), said("reject", one, 2))
    assert value(done.readings[0].claims[0], "killed") == ["7"]
    assert (done.rulings.rejected, done.notices) == ({"port.txt#2"}, ())
    for claim in done.readings[0].claims:
        for words in claim.evidence:
            words.check(moved.report.text)


def test_a_claim_that_is_read_no_longer_stands_and_waits() -> None:
    one, fewer = port(), port("port.txt", GIFT)
    review = said("correct", one, 1, fields=["killed=7"])
    done = applied([fewer], review)
    assert [value(c, "killed") for c in done.readings[0].claims] == [[], ["7"]]
    assert [(n.of, n.ref, n.review) for n in done.notices] == [("lost", "port.txt#2", review)]
    assert applied([fewer], review, said("reject", one, 1, minute=1)).readings == (fewer,)
    assert applied([fewer], said("reject", one, 1)).notices == ()


def test_a_claim_whose_words_are_gone_does_not_stand() -> None:
    other = reading("port.txt", ["A title", "Nothing was reported."], (), "2024-01-03")
    done = applied([other], said("accept", port(), 1))
    assert done.readings == (other,)
    assert [(n.of, n.ref) for n in done.notices] == [("gone", None)]


def test_a_reading_that_says_otherwise_is_shown_and_not_applied() -> None:
    one, other = port(), port("port.txt", replace(STRIKE, roles={**STRIKE.roles, "killed": "50"}), GIFT)
    done = applied([other], said("accept", one, 1))
    assert value(done.readings[0].claims[0], "killed") == ["5"]
    assert done.readings[0].claims[0].read == other.claims[0]
    (notice,) = done.notices
    assert (notice.of, notice.ref, list(map(str, notice.changes))) == ("altered", "port.txt#1", ["killed: 5 → 50"])
    assert marked(entries([other]), done)[0].review is not None


def test_a_reviewer_who_has_seen_the_new_reading_is_not_asked_again() -> None:
    one, other = port(), port("port.txt", replace(STRIKE, roles={**STRIKE.roles, "killed": "50"}), GIFT)
    old = said("accept", one, 1)
    kept = said("accept", other, 1, minute=1, fields=["killed=5"])
    taken = said("accept", other, 1, minute=1)
    for review, killed in ((kept, ["5"]), (taken, ["50"])):
        done = applied([other], old, review)
        assert (value(done.readings[0].claims[0], "killed"), done.notices) == (killed, ())


def test_a_reader_that_learns_what_was_corrected_is_believed() -> None:
    one, better = port(), port("port.txt", replace(STRIKE, roles={**STRIKE.roles, "killed": "7"}), GIFT)
    done = applied([better], said("correct", one, 1, fields=["killed=7"]))
    assert (done.readings, done.notices) == ((better,), ())
    assert done.claims["port.txt#1"].state == "corrected"


def test_a_rejected_claim_stays_rejected_when_it_is_read_otherwise_and_waits() -> None:
    one, other = port(), port("port.txt", replace(STRIKE, time="2024-01-01"), GIFT)
    done = applied([other], said("reject", one, 1))
    assert done.rulings.rejected == {"port.txt#1"}
    assert [n.of for n in done.notices] == ["altered"]


def test_another_claim_of_the_same_sentence_is_not_taken_for_the_one_reviewed() -> None:
    line = "They shot down 102 missiles and 99 drones over the port"
    shot = [
        Fact("attack", {"attacker": ["country:RU"], "weapon": [weapon], "intercepted": number}, line)
        for weapon, number in (("missile", "102"), ("drone", "99"))
    ]
    both, fewer = (reading("raid.txt", ["A title", f"{line}."], facts) for facts in (shot, shot[1:]))

    def own_words(one: Reading) -> Reading:
        """As a reader has it: each number and weapon with its own words."""
        names = {"missile": "missiles", "drone": "drones", "102": "102", "99": "99"}
        at = {k: one.report.text.index(v) for k, v in names.items()}
        claims = tuple(
            replace(c, cells=tuple(
                replace(cell, words=Evidence.of(one.report.text, at[v], at[v] + len(names[v])))
                if (v := str(cell.value)) in at else cell for cell in c.cells
            ))
            for c in one.claims
        )  # fmt: skip
        return replace(one, claims=claims)

    both, fewer = own_words(both), own_words(fewer)
    done = applied([fewer], said("reject", both, 1))
    assert not done.rulings.rejected
    assert done.notices == ()
    assert applied([fewer], said("reject", both, 2)).rulings.rejected == {"raid.txt#1"}


def test_a_claim_read_as_another_kind_is_shown_and_not_applied() -> None:
    one, other = port(), port("port.txt", STRIKE, replace(GIFT, kind="delivery"))
    done = applied([other], said("accept", one, 2))
    assert [c.kind for c in done.readings[0].claims] == ["attack", "pledge"]
    assert [str(c) for n in done.notices for c in n.changes] == ["kind: pledge → delivery"]


def test_the_same_words_on_another_page_are_reviewed_with_it() -> None:
    one, copy, far = port(), port("copy.txt"), port("far.txt", lead="Another title")
    pages = {"port.txt": "1", "copy.txt": "2", "far.txt": "3"}
    review = given("reject", Person("ana", NOON), [target(one, "1", one.claims[0])])
    done = apply([one, copy, far], Given([review], pages))
    assert done.rulings.rejected == {"port.txt#1", "copy.txt#1"}
    own = given("accept", Person("ana", NOON - timedelta(1)), [target(copy, "2", copy.claims[0])])
    assert apply([one, copy, far], Given([review, own], pages)).rulings.rejected == {"port.txt#1"}
    assert apply([far], Given([review], pages)).away == (review,)
    assert apply([copy], Given([review], {"copy.txt": "2"})).rulings.rejected == {"copy.txt#1"}


# Rulings


def strike(doc: str, killed: str = "5", time: str = "2024-01-02") -> Reading:
    words = f"Missiles fell on the port of {doc} and killed {killed} people"
    roles = {"attacker": ["country:RU"], "place": ["place:kyiv"], "weapon": ["missile"], "killed": killed}
    return reading(doc, ["A title", f"{words}."], [Fact("attack", roles, words, time=time)], "2024-01-03")


def test_people_set_claims_apart() -> None:
    a, b, c = strike("a"), strike("b"), strike("c")
    assert [e.claims for e in entries([a, b, c])] == [("a#1", "b#1", "c#1")]
    split = said("split", a, 1, others=[(b, 1), (c, 1)])
    assert sorted(e.claims for e in entries([a, b, c], split)) == [("a#1",), ("b#1", "c#1")]


def test_people_put_claims_together_whatever_speaks_against_it() -> None:
    a, b, c = strike("a"), strike("b", time="2024-02-20"), strike("c")
    assert len(entries([a, b])) == 2
    (entry,) = entries([a, b], said("merge", a, 1, others=[(b, 1)]))
    assert entry.claims == ("a#1", "b#1")
    assert [c.field for c in entry.conflicts] == ["time"]
    assert entry.time in ("2024-01-02", "2024-02-20")
    (entry,) = entries([a, b, c], said("merge", a, 1, others=[(b, 1)]))
    assert entry.claims == ("a#1", "b#1", "c#1")


def test_an_accepted_entry_stays_whole_until_a_later_split() -> None:
    a, b = strike("a"), strike("b", time="2024-02-20")
    whole = given("accept", Person("ana", NOON), [target(r, page_of(r).hash, r.claims[0]) for r in (a, b)])
    (entry,) = entries([a, b], whole)
    assert entry.review is not None
    assert (entry.review.claims, entry.review.by) == (("a#1", "b#1"), ("ana",))
    assert len(entries([a, b], whole, said("split", a, 1, minute=1, others=[(b, 1)]))) == 2


def test_a_correction_keeps_the_name_of_an_entry() -> None:
    a = strike("a")
    (before,), (after,) = entries([a]), entries([a], said("correct", a, 1, fields=["killed=9"]))
    assert (after.id, dict(after.roles)["killed"]) == (before.id, ("9",))


def test_notes_are_shown_with_the_entry() -> None:
    a, b = strike("a"), strike("b")
    (entry,) = entries([a, b], said("note", b, 1, why="ask the mayor"))
    assert entry.review is not None
    assert (entry.review.notes, entry.review.claims) == (("ana: ask the mayor",), ())


NAMES = "abcdef"
RULINGS = st.builds(
    Ruling,
    st.sampled_from(["together", "apart"]),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(tuple),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(tuple),
)


@drawn(st.lists(RULINGS, max_size=6))
def test_what_people_rule_never_contradicts_itself_and_the_last_word_stands(rulings: list[Ruling]) -> None:
    together, apart = settled(rulings)
    assert not any({a, b} <= group for a, b in apart for group in together)
    assert len({name for group in together for name in group}) == sum(map(len, together))
    for a, b in rulings[-1].pairs() if rulings and rulings[-1].says == "together" else ():
        assert any({a, b} <= group for group in together)


# Whatever the order


POOL = [
    said("accept", port(), 1, 2),
    said("correct", port(), 1, minute=1, fields=["killed=7"]),
    said("reject", port(), 2, minute=2),
    undo(said("reject", port(), 2, minute=2), 3),
    said("note", port(), 1, minute=4, why="hm"),
    said("correct", port(), 2, minute=5, by="ben", fields=["kind=delivery", "count=~3"]),
    said("split", port(), 1, minute=6, others=[(strike("a"), 1)]),
    said("merge", strike("b"), 1, minute=7, others=[(strike("a"), 1)]),
]
PILE = [port("port.txt", GIFT), strike("a"), strike("b", time="2024-02-20"), port("other.txt")]


@settings(max_examples=60)
@drawn(st.lists(st.sampled_from(POOL), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_readings_and_reviews_plays_no_part(reviews: list[Review], chance: random.Random) -> None:
    pages = {r.report.doc: page_of(port()).hash if r.report.doc == "port.txt" else page_of(r).hash for r in PILE}
    first = apply(PILE, Given(reviews, pages))
    again = apply(chance.sample(PILE, len(PILE)), Given(chance.sample(reviews, len(reviews)) + reviews, pages))
    assert again == first
    assert apply(first.readings, Given(reviews, pages)).readings == first.readings
    memo = Memo()
    for n in range(len(reviews) + 1):
        assert apply(PILE, Given(reviews[:n], pages), memo) == apply(PILE, Given(reviews[:n], pages))
    for one in first.readings:
        for claim in one.claims:
            for words in claim.evidence:
                words.check(one.report.text)


@settings(max_examples=30)
@drawn(st.permutations([strike(name) for name in "abcd"]), st.lists(st.sampled_from("abcd"), min_size=1, max_size=3))
def test_entries_do_not_depend_on_the_order_of_readings(pile: list[Reading], names: list[str]) -> None:
    by_name = {name: strike(name) for name in "abcd"}
    split = said("split", by_name[names[0]], 1, others=[(by_name[n], 1) for n in names[1:]])
    assert entries(pile, split) == entries(sorted(pile, key=lambda r: r.report.doc), split)


# Values that are typed


def test_what_is_typed_is_read_in_the_manuals_notation() -> None:
    claim = port().claims[1]
    fields = read_fields(claim, ["donor=DE, country:NL", "item=patriot, other:field kitchens", "count=~12"], book())
    told = {name: [str(v) for v in values] for name, values in fields.items()}
    assert told == {
        "donor": ["country:DE", "country:NL"],
        "item": ["patriot", "other:field kitchens"],
        "count": ["~12"],
    }
    assert read_fields(claim, ["said-by=unnamed:two officials, both close to the talks"], book())["attribution"]


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ("killed", "killed: expected FIELD=VALUE"),
        ("killed=7", "pledge has no field 'killed'; expected one of kind, status, time, attribution, donor"),
        ("kind=gift", "kind: expected one of agreement, attack"),
        ("status=", "status: expected one of denied, done, planned, possible, found nothing"),
        ("time=yesterday", "time: not a time"),
        ("count=many", "count: not a count: 'many'"),
        ("count=1,2", "count: not a count: '1,2'"),
        ("item=patriots", "item: not an item of the tree: 'patriots', nor a name"),
        ("donor=Atlantis", "donor: not an actor's id: 'Atlantis', nor a name that the codebook has"),
    ],
)
def test_what_cannot_be_read_is_said(typed: str, mistake: str) -> None:
    with pytest.raises(ReviewError) as found:
        read_fields(port().claims[1], [typed], book())
    assert str(found.value).startswith(mistake)


def test_names_are_looked_up_in_the_codebook(codebook: Codebook) -> None:
    pledge, attack = port().claims[1], port().claims[0]
    fields = read_fields(pledge, ["donor=Germany, norvège,NATO, Ursula von der Leyen", "item=tanks"], codebook)
    donors = ["country:DE", "country:NO", "org:nato", "person:ursula-von-der-leyen"]
    assert [str(v) for v in fields["donor"]] == donors
    assert [str(v) for v in fields["item"]] == ["tank"]
    (place,) = read_fields(attack, ["place=Kyiv"], codebook)["place"]
    assert (str(place), str(read_fields(attack, ["attacker=Kyiv"], codebook)["attacker"][0])) == (
        "place:kyiv",
        "country:UA",
    )
    with pytest.raises(ReviewError, match="item: 'Patriot' may be patriot or patriot-missile: give one of these"):
        read_fields(pledge, ["item=Patriot"], codebook)


def test_one_value_where_one_is_taken() -> None:
    with pytest.raises(ReviewError, match="count: takes one value, found '1', '2'"):
        read_fields(port().claims[1], ["count=1", "count=2"], book())


def test_changes_are_told_field_by_field() -> None:
    claim = port().claims[0]
    told = changes(claim, amended(claim, read_fields(claim, ["killed=", "status=possible"], book())))
    assert list(map(str, told)) == ["status: done → possible", "killed: 5 → nothing"]


def test_words_are_found_again_near_where_they_were() -> None:
    text = "Five died. Rain. Five died."
    claim = replace(port().claims[0], evidence=(Evidence.of(text, 17, 27),), cells=(), time_words=None)
    assert placed(claim, f"{text} And so on.") == replace(claim, grounds=())
    moved = placed(claim, "x" + text.replace("Five died", "Five  died"))
    assert moved is not None
    assert moved.evidence[0].start == 19
    assert placed(claim, "Six died.") is None
    assert paired([claim], [replace(claim, evidence=(Evidence.of(text, 0, 9),))]) == {}
