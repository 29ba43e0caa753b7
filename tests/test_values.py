"""The values as sets: laws of the meet for every type, and the manual's notation back and forth."""

from __future__ import annotations

import doctest
import json
import pickle
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recoupe import values
from recoupe.errors import RecoupeError, ValueSyntaxError
from recoupe.values import Actor, Amount, Count, Item, Value, When, Word, agree, meet, several, slug

SHARED = Path(__file__).parents[1].parent / "shared"

# Groups that overlap, one in another, two that hold each other, and two whose common members have a long group name.
MEMBERS = {
    "group:one": frozenset({"country:AA", "country:AB", "country:AC"}),
    "group:two": frozenset({"country:AB", "country:AC", "country:AD"}),
    "group:both-with-a-very-long-name-indeed": frozenset({"country:AB", "country:AC"}),
    "group:outer": frozenset({"group:one", "country:AD"}),
    "group:ring": frozenset({"org:ringed"}),
    "org:ringed": frozenset({"group:ring", "country:AA"}),
    "country:AA": frozenset({"place:town"}),
}
IDS = sorted(
    {*MEMBERS, *(m for ms in MEMBERS.values() for m in ms), "unnamed:one|two", "unnamed:an official", "person:a-b"}
)
PARENTS = {
    "root": "",
    "gun": "root",
    "long-gun": "gun",
    "short-gun": "gun",
    "tube": "long-gun",
    "cash": "",
    "loan": "cash",
}
OTHERS = ["other:tea", "other:tea cups"]


def _actor(text: str) -> Actor:
    return Actor.parse(text, MEMBERS)


def _item(text: str) -> Item:
    return Item.parse(text, PARENTS)


def _with_meets(plain: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values as they are written, and as they come out of a meet."""
    met = st.tuples(plain, plain).map(lambda two: two[0].meet(two[1])).filter(lambda value: value is not None)
    return st.one_of(plain, plain, met)


SMALL = st.integers(0, 30).map(lambda n: Fraction(n, 2))
WIDE = st.one_of(
    SMALL,
    st.integers(0, 10**15).map(Fraction),
    st.builds(lambda n, e: Fraction(n * 10**e), st.integers(1, 999), st.integers(0, 12)),
    st.decimals(0, 10**12, allow_nan=False, places=6).map(Fraction),
)


def _counts(numbers: st.SearchStrategy[Fraction]) -> st.SearchStrategy[Count]:
    return st.one_of(
        st.builds(Count.exactly, numbers),
        st.builds(Count.around, numbers),
        st.builds(Count.at_least, numbers),
        st.builds(Count.at_most, numbers),
        st.tuples(numbers, numbers).map(lambda two: Count.between(min(two), max(two))),
        # the same days or numbers, said without "about"
        st.builds(lambda n: Count.between(n * 9 / 10, n * 11 / 10), numbers),
    )


def _whens(days: st.SearchStrategy[date]) -> st.SearchStrategy[When]:
    core = st.one_of(
        days.map(When.day), days.map(lambda d: When.month(d.year, d.month)), days.map(lambda d: When.year(d.year))
    )
    inside = core.filter(lambda w: w.first > date(2, 1, 1) and w.last < date(9998, 1, 1))
    widened = inside.map(When.widened)
    whole = st.tuples(core, core).map(lambda two: When.between(min(w.first for w in two), max(w.last for w in two)))
    opened = st.tuples(core, st.booleans()).map(lambda x: When(x[0].first, None) if x[1] else When(None, x[0].last))
    plain = widened.map(lambda w: When(w.first, w.last))
    return st.one_of(core, widened, whole, opened, plain, st.just(When(None, None)))


NEAR_DAYS = st.one_of(
    st.dates(date(2023, 12, 25), date(2024, 3, 5)),
    st.sampled_from([date(2023, 1, 1), date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 29), date(2024, 12, 31)]),
)
ACTORS = _with_meets(st.lists(st.sampled_from(IDS), min_size=1, max_size=3).map("|".join).map(_actor))
ITEMS = st.sampled_from([*PARENTS, *OTHERS]).map(_item)
COUNTS = _with_meets(_counts(SMALL))
AMOUNTS = _with_meets(st.builds(Amount, _counts(SMALL), st.sampled_from(["USD", "EUR"])))
WHENS = _with_meets(_whens(NEAR_DAYS))
WORDS = st.sampled_from(["leaders", "ministers", "a few words"]).map(Word)
TYPES = {"actor": ACTORS, "item": ITEMS, "count": COUNTS, "amount": AMOUNTS, "when": WHENS, "word": WORDS}

each_type = pytest.mark.parametrize("of_type", TYPES.values(), ids=TYPES)
Of = st.SearchStrategy[Any]


def _and(a: Value | None, b: Value | None) -> Value | None:
    """The meet, where a contradiction stays one."""
    return None if a is None or b is None else meet(a, b)


def _points(*among: Value) -> list[Any]:
    """Points that tell these values (of one type) apart: everything in a finite type, else all about their bounds."""
    first = among[0]
    if isinstance(first, Actor):
        return [*IDS, "country:ZZ"]
    if isinstance(first, Item):
        return [_item(node).path for node in [*PARENTS, *OTHERS]]
    if isinstance(first, Word):
        return ["leaders", "ministers", "a few words", "few"]
    if isinstance(first, When):
        days = {d for w in among if isinstance(w, When) for d in (w.first, w.last) if d} | {date.min, date.max}
        about = {d + timedelta(n) for d in days - {date.min, date.max} for n in (-1, 0, 1)}
        return sorted(about | days)
    counts = [v.count if isinstance(v, Amount) else v for v in among]
    bounds = {n for c in counts if isinstance(c, Count) for n in (c.low, c.high) if n is not None} | {Fraction(0)}
    numbers = sorted({n + e for n in bounds for e in (Fraction(-1, 1000), Fraction(0), Fraction(1, 1000))} | {10**20})
    return [(n, c) for n in numbers for c in ("USD", "EUR")] if isinstance(first, Amount) else numbers


def _set(value: Any, points: Iterable[Any]) -> set[Any]:
    return {point for point in points if value.allows(point)}


@each_type
@given(data=st.data())
def test_meet_is_commutative_to_the_letter(of_type: Of, data: st.DataObject) -> None:
    a, b = data.draw(of_type), data.draw(of_type)
    assert meet(a, b) == meet(b, a)
    assert str(meet(a, b)) == str(meet(b, a))


@each_type
@given(data=st.data())
def test_meet_is_associative_to_the_letter(of_type: Of, data: st.DataObject) -> None:
    a, b, c = data.draw(of_type), data.draw(of_type), data.draw(of_type)
    left, right = _and(_and(a, b), c), _and(a, _and(b, c))
    assert left == right
    assert str(left) == str(right)


@each_type
@given(data=st.data())
def test_meet_is_idempotent_to_the_letter(of_type: Of, data: st.DataObject) -> None:
    a, b = data.draw(of_type), data.draw(of_type)
    assert meet(a, a) == a
    assert str(meet(a, a)) == str(a)
    both = meet(a, b)
    assume(both is not None)
    assert str(_and(both, a)) == str(both) == str(_and(b, both))


@each_type
@given(data=st.data())
def test_meet_is_the_intersection(of_type: Of, data: st.DataObject) -> None:
    a, b = data.draw(of_type), data.draw(of_type)
    points = _points(a, b)
    both = meet(a, b)
    shared = _set(a, points) & _set(b, points)
    assert (set() if both is None else _set(both, points)) == shared
    assert agree(a, b) == (both is not None) == bool(shared)


@each_type
@given(data=st.data())
def test_equal_and_more_exact_are_those_of_the_sets(of_type: Of, data: st.DataObject) -> None:
    a, b = data.draw(of_type), data.draw(of_type)
    points = _points(a, b)
    assert (a == b) == (_set(a, points) == _set(b, points))
    assert a.more_exact(b) == (_set(a, points) < _set(b, points))
    if a == b:
        assert hash(a) == hash(b)


@each_type
@given(data=st.data())
def test_more_exact_is_a_strict_partial_order(of_type: Of, data: st.DataObject) -> None:
    a, b, c = data.draw(of_type), data.draw(of_type), data.draw(of_type)
    assert not a.more_exact(a)
    assert not (a.more_exact(b) and b.more_exact(a))
    if a.more_exact(b) and b.more_exact(c):
        assert a.more_exact(c)
    both = meet(a, b)
    assert both is None or both == a or both.more_exact(a)


PARSE: dict[type, Callable[[str], Value]] = {
    Actor: _actor, Item: _item, Count: Count.parse, Amount: Amount.parse, When: When.parse, Word: Word.parse
}  # fmt: skip


@each_type
@given(data=st.data())
def test_printed_values_are_read_back(of_type: Of, data: st.DataObject) -> None:
    value = data.draw(of_type)
    again = PARSE[type(value)](str(value))
    assert again == value
    assert str(again) == str(value)


@given(_with_meets(_counts(WIDE)))
def test_printed_counts_of_any_size_are_read_back(count: Count) -> None:
    again = Count.parse(str(count))
    assert (again.low, again.high, again.about) == (count.low, count.high, count.about)
    assert Amount.parse(f"{count} USD").count == count


@given(_with_meets(_whens(st.dates())))
def test_printed_times_of_any_century_are_read_back(when: When) -> None:
    again = When.parse(str(when))
    assert (again.first, again.last, again.about) == (when.first, when.last, when.about)


@given(a=st.one_of(*TYPES.values()), b=st.one_of(*TYPES.values()))
def test_different_types_never_agree(a: Any, b: Any) -> None:
    assume(type(a) is not type(b))
    assert not agree(a, b)
    assert meet(a, b) is None
    assert not a.more_exact(b)
    assert a != b


@each_type
@given(data=st.data())
def test_values_are_frozen_slotted_and_travel_between_processes(of_type: Of, data: st.DataObject) -> None:
    value = data.draw(of_type)
    again = pickle.loads(pickle.dumps(value))
    assert again == value
    assert str(again) == str(value)
    assert not hasattr(value, "__dict__")
    with pytest.raises(AttributeError):
        setattr(value, type(value).__slots__[0], None)


@pytest.mark.parametrize(
    "text",
    ["5", "0", "~12", ">=130", "<=1000", "7..10", ">=2", ">=20", ">=200", ">=2000", "20000", "15000", "999999", "5.5e9",
     "40e9", "300e6", "1.5e6", "1.7e9", "1e6", "1e9", "1000e9", "~5.5e9", "60e6..1.2e9", "0.5", "10.8..11", ">=0",
     "1.234567e6", "1.000000000000000000001e9"],
)  # fmt: skip
def test_canonical_counts_print_as_they_are_written(text: str) -> None:
    assert str(Count.parse(text)) == text
    assert str(Amount.parse(f"{text} EUR")) == f"{text} EUR"


@pytest.mark.parametrize(
    "text",
    ["2024-01-02", "2024-07", "2024", "2023-12-29/2024-01-02", "2024-09/..", "../2024-09", "2024-07~", "2024-02-29~",
     "2024~", "2024-07/2024-09", "2014/2022", "2022-02-24/..", "../2026-02-18", "2022/..", "../..", "0987-03"],
)  # fmt: skip
def test_canonical_times_print_as_they_are_written(text: str) -> None:
    assert str(When.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("5500e6", "5.5e9"), ("1000000", "1e6"), ("5e3", "5000"), ("007", "7"), ("1.50", "1.5"), ("4..4", "4"),
     ("0..10", "<=10"), ("<=0", "0"), ("9..11", "9..11"), ("1234e6", "1.234e9")],
)  # fmt: skip
def test_other_ways_to_write_a_count_print_canonically(text: str, canonical: str) -> None:
    assert str(Count.parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("2024-07-01/2024-07-31", "2024-07"), ("2024-01/2024-12", "2024"), ("2024-07-04/2024-07-04", "2024-07-04"),
     ("2024-07/2024-09-29", "2024-07-01/2024-09-29"), ("2024/2025-06", "2024-01/2025-06"), ("2025-01/..", "2025/.."),
     ("2024-07-04~/2024-08", "2024-07/2024-08")],
)  # fmt: skip
def test_other_ways_to_write_a_time_print_canonically(text: str, canonical: str) -> None:
    assert str(When.parse(text)) == canonical


def test_about_is_a_tenth_either_side_and_only_for_display() -> None:
    about = Count.parse("~12")
    assert (about.low, about.high) == (Fraction("10.8"), Fraction("13.2"))
    assert about == Count.parse("10.8..13.2")
    assert str(about.meet(Count.parse("10.8..13.2"))) == "~12"
    assert str(about.meet(Count.parse("<=12"))) == "10.8..12"
    assert Count(Fraction(5), Fraction(6), about=True).about is False
    assert Count(Fraction(5), None, about=True).about is False


def test_numbers_stay_exact() -> None:
    assert Count.exactly(Decimal("0.1")).meet(Count.between(Decimal("0.1"), Fraction(1, 10))) == Count.parse("0.1")
    assert Count.parse("1.7e9") == Count.exactly(1_700_000_000)
    with pytest.raises(TypeError):
        Count(0.5, None)  # type: ignore[arg-type]
    for number in (Fraction(1, 3), -1, 10**30):
        with pytest.raises(ValueSyntaxError, match="decimals"):
            Count.exactly(number)


def test_amounts_in_two_currencies_do_not_agree() -> None:
    assert not Amount.parse(">=0 USD").agrees(Amount.parse(">=0 EUR"))
    assert str(Amount.parse(">=5e9 USD").meet(Amount.parse("<=5.5e9 USD"))) == "5e9..5.5e9 USD"


@pytest.mark.parametrize("kind", ["group", "org", "person", "place"])
@pytest.mark.parametrize("name", ["Résidents d’Été", "state-owned firms", "жители", " - ", ""])
def test_a_slug_makes_an_id(kind: str, name: str) -> None:
    assert str(Actor.parse(f"{kind}:{slug(name)}")).startswith(f"{kind}:")


def test_several_are_two_or_one_that_is_several_itself() -> None:
    one, other = _actor("country:AA"), _actor("country:AB")
    assert not several([])
    assert not several([one, one])
    assert not several([_actor("person:a-b")])
    assert several([one, other])
    assert several([_actor("group:one")])
    assert several([_actor("org:ringed")])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2024-03-02~", date(2024, 2, 28), date(2024, 3, 5)), ("2024-07~", date(2024, 6, 16), date(2024, 8, 15)),
     ("2024~", date(2023, 7, 3), date(2025, 7, 1)), ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
     ("2024-07~/..", date(2024, 6, 16), None), ("../2024", None, date(2024, 12, 31))],
)  # fmt: skip
def test_the_days_of_a_time(text: str, first: date | None, last: date | None) -> None:
    assert When.parse(text) == When(first, last)


@pytest.mark.parametrize(
    ("text", "precision", "days"),
    [("2024-07-04", "day", 1), ("2024-02", "month", 29), ("2024", "year", 366), ("2024-07~", "interval", 61),
     ("2024-07-01/2024-07-07", "interval", 7), ("2024-07/2024-08", "interval", 62), ("2024-07/..", "open", None),
     ("../2024", "open", None), ("../..", "open", None)],
)  # fmt: skip
def test_precision_and_days(text: str, precision: str, days: int | None) -> None:
    when = When.parse(text)
    assert (when.precision, when.days) == (precision, days)


def test_times_are_made_of_days() -> None:
    assert str(When.day(date(2024, 7, 4))) == "2024-07-04"
    assert str(When.month(2024, 7)) == "2024-07"
    assert str(When.year(2024)) == "2024"
    assert str(When.between(date(2024, 7, 4), None)) == "2024-07-04/.."
    assert str(When.month(2024, 7).widened()) == "2024-07~"
    for last in (date(2024, 7, 5), date(2024, 7, 11), date(2024, 9, 3), date(2027, 1, 1), None):
        assert When(date(2024, 7, 4), last, about=True).about is False
    with pytest.raises(TypeError):
        When.day(datetime(2024, 7, 4, 12))
    with pytest.raises(ValueSyntaxError):
        When.between(date(2024, 7, 5), date(2024, 7, 4))
    with pytest.raises(ValueSyntaxError):
        When.parse("2024-07/2024-08").widened()
    with pytest.raises(ValueError, match="month"):
        When.month(2024, 13)


def test_the_ends_of_the_calendar_print() -> None:
    assert str(When.day(date.min)) == "0001-01-01"
    assert str(When.year(9999)) == "9999"
    assert str(When(date.min, date.max)) == "0001/9999"


def test_a_group_stands_for_itself_and_its_members() -> None:
    one, two = _actor("group:one"), _actor("group:two")
    assert one.choices >= {"group:one", "country:AA", "country:AB", "place:town"}
    assert str(one.meet(_actor("country:AB"))) == "country:AB"
    assert str(one.meet(two)) == "country:AB|country:AC"
    assert str(one.meet(_actor("group:outer"))) == "group:one"
    assert _actor("country:AB").more_exact(one)
    assert not _actor("country:AD").agrees(one)
    assert _actor("place:town").more_exact(_actor("country:AA"))
    assert str(Actor.parse("group:one").meet(one)) == "group:one"
    assert Actor.parse("group:one").choices == {"group:one"}


def test_a_group_lends_its_name_to_its_members_spelt_out() -> None:
    named = _actor("group:both-with-a-very-long-name-indeed")
    spelt = _actor("|".join(sorted(named.choices)))
    assert spelt == named
    assert str(spelt) != str(named)
    assert str(spelt.meet(named)) == str(named.meet(spelt)) == str(named)
    wider = _actor(f"country:AD|{named}").meet(_actor(f"country:AA|{named}"))
    assert str(wider) == str(spelt)
    assert str(_and(wider, named)) == str(_and(named, wider)) == str(named)
    ring, ringed = _actor("group:ring"), _actor("org:ringed")
    assert str(ring.meet(ringed)) == str(ringed.meet(ring)) == "group:ring"


def test_words_of_an_unnamed_source_may_hold_a_bar() -> None:
    actor = Actor.parse("unnamed:one|two|country:AA")
    assert actor.choices == {"unnamed:one|two", "country:AA"}
    assert str(actor) == "country:AA|unnamed:one|two"


@pytest.mark.parametrize(
    ("name", "choices"),
    [("country:AA", set()), ("country:AA", {"country:AB"}), ("AA", {"AA"}), ("group:g", {"country:AA"}),
     ("unnamed:a|country:AA", {"unnamed:a|country:AA"}), ("country:AA", {"country:AA", "unnamed:a|country:AA"}),
     ("country:AB|country:AA", {"country:AA", "country:AB"})],
)  # fmt: skip
def test_an_actor_that_could_not_be_read_back_cannot_be_made(name: str, choices: set[str]) -> None:
    with pytest.raises(ValueSyntaxError):
        Actor(name, frozenset(choices))


def test_items_are_subtrees() -> None:
    gun, tube = _item("gun"), _item("tube")
    assert tube.path == ("root", "gun", "long-gun", "tube")
    assert (tube.id, str(gun)) == ("tube", "gun")
    assert gun.meet(tube) == tube == tube.meet(gun)
    assert tube.more_exact(gun)
    assert not _item("short-gun").agrees(tube)
    assert not _item("other:tea").agrees(_item("other:tea cups"))
    assert _item("other:tea cups").path == ("other:tea cups",)


def test_a_tree_that_does_not_hold_together_is_refused() -> None:
    with pytest.raises(ValueSyntaxError, match="the parent of 'a'"):
        Item.parse("a", {"a": "b"})
    with pytest.raises(ValueSyntaxError, match="under itself"):
        Item.parse("a", {"a": "b", "b": "a"})
    for path in ((), ("",), ("a", "")):
        with pytest.raises(ValueSyntaxError):
            Item(path)


MALFORMED = {
    Actor: ["", "UA", "country:ua", "country:UAE", "country:", "org:NATO", "org:-x", "person:Ann", "unnamed:",
            "place:a b", "country:AA|", "|country:AA", "country:AA|AB", "country:AA ", "group:é", "state:UA",
            "unnamed:a\nb"],
    Item: ["", "Gun", "guns", "other:", "other:  ", "other", "gun "],
    Count: ["", "-5", "five", "5,000", "1 000", "~", ">130", "=>5", "7..", "..10", "10..7", "7...10", "~7..10", "1e",
            "1e-3", "1.", ".5", "5 ", "nan", "inf", "٣", "1e31", "1e999999999", "9" * 5000, "0.0000000000001", "~-1"],
    Amount: ["", "5", "5 ", "USD", "5USD", "5 usd", "5  USD", "5 USDT", "five USD", "5 USD ", "-5 USD", "10..7 EUR"],
    When: ["", "24-07", "2024-7", "2024-13", "2024-00", "0000", "2024-02-30", "2024-07-32", "..", "2024/", "/2024",
           "2024?", "2024-09/2024-07", "2024/2025/2026", "July 2024", "2024-07~~", "2024-07-04T12:00", "0001~",
           "9999-12-31~", "20240704", "2024/...", "٢٠٢٤", "null"],
    Word: ["", " ", " leaders", "leaders\n"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("of_type", "text"), [(of_type, text) for of_type, texts in MALFORMED.items() for text in texts]
)
def test_malformed_text_is_refused_with_its_words(of_type: type, text: str) -> None:
    with pytest.raises(ValueSyntaxError) as raised:
        PARSE[of_type](text)
    assert isinstance(raised.value, ValueError)
    assert isinstance(raised.value, RecoupeError)
    offending = [repr(part) for part in text.split("|")] if of_type is Actor else []
    assert any(words in str(raised.value) for words in [repr(text), *offending])


@given(of_type=st.sampled_from(list(PARSE)), text=st.one_of(st.text(), st.text("0123456789.-~<>=/e USDcountry:A|")))
def test_any_text_is_read_or_refused(of_type: type, text: str) -> None:
    try:
        value: Any = PARSE[of_type](text)
    except ValueSyntaxError:
        return
    again = PARSE[of_type](str(value))
    assert again == value
    assert str(again) == str(value)


def test_the_examples_in_the_docstrings_hold() -> None:
    result = doctest.testmod(values)
    assert result.attempted
    assert not result.failed


NUMBERS = {"count", "launched", "intercepted", "killed", "injured"}
ITEM_ROLES = {"item", "outgoing", "incoming", "weapon"}
FREE = {"level", "subject", "programme"}


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the coded reports are not here")
def test_the_coded_reports_are_read() -> None:
    rows = [line.split("\t") for line in (SHARED / "manual/materiel.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    parents = {row[0]: row[1] for row in rows}

    def read(role: str, text: str) -> Value:
        if role in NUMBERS:
            return Count.parse(text)
        if role in ITEM_ROLES:
            return Item.parse(text, parents)
        if role in FREE:
            return Word.parse(text)
        return {"amount": Amount.parse, "time": When.parse}.get(role, Actor.parse)(text)

    reports = [json.loads(line) for path in sorted((SHARED / "gold").glob("*.jsonl")) for line in path.open("rb")]
    claims = [claim for report in reports for claim in report["claims"]]
    cells = [(role, v) for c in claims for role, value in c["roles"].items() for v in _as_list(value)]
    cells += [("time", c["time"]) for c in claims if c["time"]]
    assert cells
    for role, text in cells:
        printed = str(read(role, text))
        assert read(role, printed) == read(role, text)
        assert printed == text or role == "time"  # of two ways to write the same days, one is canonical


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
