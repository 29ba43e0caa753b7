"""What changed between two days: claims and entries are matched by their words, and the weighty comes first."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from recoupe import cli, pipeline
from recoupe.ledger import Ledger, create_ledger
from recoupe.load import make_page
from recoupe.model import Conflict, Entry, Reading, Side
from recoupe.pipeline import fill
from recoupe.publish.changes import Changes, changes, match_claims
from synthetic import Fact, book, page_of, reading
from test_asof import Clock
from test_cli import simple_read

SENTENCES = ("Denmark hands over nine radars", "Sweden hands over two boats", "Norway hands over a bridge")


def told(doc: str, *numbers: int, title: str = "A title", count: str = "9", time: str | None = None) -> Reading:
    """A report of these sentences, each a delivery."""
    words = [SENTENCES[n] for n in numbers]
    facts = [Fact("delivery", {"donor": ["country:DK"], "count": count}, said, time=time) for said in words]
    return reading(doc, [title, *words], facts, "2024-01-02")


def entry(id_: str, *claims: str, count: str = "9", origins: tuple[str, ...] = ("ap",)) -> Entry:
    return Entry(id_, "delivery", "done", (("donor", ("country:DK",)), ("count", (count,))), None, claims, origins)


def between(before: list[Entry], after: list[Entry]) -> Changes:
    return changes({}, {}, before, after, {})


def test_entries_are_matched_by_claims_before_ids() -> None:
    found = between([entry("aa", "a#1", "b#1")], [entry("bb", "a#1", "b#1", "c#1", count="8"), entry("aa", "d#1")])
    (change,) = found.changed
    assert (change.before.id, change.after.id) == ("aa", "bb")
    assert [(f.name, f.before, f.after) for f in change.fields] == [("count", ("9",), ("8",))]
    assert (change.claims.before, change.claims.after) == ((), ("c#1",))
    assert [m.entry.id for m in found.new] == ["aa"]


def test_entries_are_matched_by_ids_where_they_share_no_claim() -> None:
    (change,) = between([entry("aa", "a#1")], [entry("aa", "b#1")]).changed
    assert (change.claims.before, change.claims.after) == (("a#1",), ("b#1",))
    assert not change.says_otherwise


def test_where_entries_are_joined_or_parted_it_is_said_what_became_of_them() -> None:
    joined = between([entry("aa", "a#1", "a#2"), entry("bb", "b#1")], [entry("cc", "a#1", "a#2", "b#1")])
    assert [(c.before.id, c.after.id) for c in joined.changed] == [("aa", "cc")]
    assert [(m.entry.id, m.others) for m in joined.gone] == [("bb", ("cc",))]
    parted = between([entry("cc", "a#1", "a#2", "b#1")], [entry("aa", "a#1", "a#2"), entry("bb", "b#1")])
    assert [(m.entry.id, m.others) for m in parted.new] == [("bb", ("cc",))]


def test_the_order_of_values_is_no_change() -> None:
    one = replace(entry("aa", "a#1"), roles=(("donor", ("country:DK", "country:SE")),))
    assert between([one], [replace(one, roles=(("donor", ("country:SE", "country:DK")),))]).changed == ()


def test_contradictions_arise_and_are_solved() -> None:
    clash = Conflict("count", (Side("8", ("b#1",)), Side("9", ("a#1",))))
    with_it = replace(entry("aa", "a#1", "b#1"), conflicts=(clash,))
    (arisen,) = between([entry("aa", "a#1")], [with_it]).changed
    assert (arisen.arisen, arisen.solved) == ((clash,), ())
    (solved,) = between([with_it], [entry("aa", "a#1")]).changed
    assert (solved.arisen, solved.solved) == ((), (clash,))


def test_the_weighty_comes_first() -> None:
    clash = Conflict("count", (Side("8", ("d#1",)), Side("9", ("c#1",))))
    before = [entry(f"e{n}", f"{n}#1") for n in range(4)]
    after = [
        replace(before[0], origins=("ap", "afp", "dpa")),
        entry("e1", "1#1", count="7"),
        replace(before[2], conflicts=(clash,)),
        entry("e3", "3#1", count="7", origins=("ap", "afp")),
    ]
    assert [c.after.id for c in between(before, after).changed] == ["e2", "e3", "e1", "e0"]


def test_claims_are_matched_by_their_words_when_numbers_shift() -> None:
    before, after = told("a", 0, 1).claims, told("a", 2, 1, 0).claims
    assert match_claims(before, after) == {1: 3, 2: 2}
    assert match_claims(told("a", 0).claims, told("a", 2).claims) == {}
    longer = f"{SENTENCES[0]} and their crews"
    more = reading("a", ["T", longer], [Fact("delivery", {"count": "9"}, longer)])
    assert match_claims(before, more.claims) == {1: 1}
    other = reading("a", ["T", "A bridge fell"], [Fact("attack", {"killed": "1"}, "A bridge fell")])
    assert match_claims(before, other.claims) == {}


def test_reports_read_anew_and_renamed_leave_their_entries_what_they_are() -> None:
    before, after = told("a.txt#aa11bb", 0, 1), told("a.txt#aa11bb", 2, 1, 0, count="8")
    found = changes(
        {"aa11bb": before},
        {"aa11bb": after, "cc22dd": told("b.txt", 0)},
        [entry("e1", "a.txt#1", origins=("a.txt",)), entry("e2", "a.txt#2"), entry("e3", "z.txt#1")],
        [
            entry("e1", "a.txt#aa11bb#3", origins=("a.txt#aa11bb",)),
            entry("e4", "a.txt#aa11bb#2"),
            entry("e3", "z.txt#1"),
        ],
        {"a.txt": "a.txt#aa11bb"},
    )
    assert (found.changed, found.new, found.gone) == ((), (), ())
    assert [reading.report.doc for reading in found.reports] == ["b.txt"]
    (anew,) = found.anew
    assert (anew.new, anew.gone, anew.changed) == (1, 0, 2)


ENTRIES = st.lists(st.sets(st.sampled_from([f"{doc}#{n}" for doc in "abc" for n in (1, 2)]), min_size=1), max_size=5)


@given(ENTRIES, ENTRIES)
@settings(max_examples=200, deadline=None)
def test_every_entry_is_accounted_for_once(before: list[set[str]], after: list[set[str]]) -> None:
    then = [entry(f"t{n}", *sorted(claims)) for n, claims in enumerate(before)]
    now = [entry(f"n{n}", *sorted(claims)) for n, claims in enumerate(after)]
    found = between(then, now)
    same = len(then) - len(found.gone) - len(found.changed)
    assert same == len(now) - len(found.new) - len(found.changed) >= 0
    left, come = {m.entry.id for m in found.gone}, {m.entry.id for m in found.new}
    assert not left & {c.before.id for c in found.changed}
    assert not come & {c.after.id for c in found.changed}
    assert between(then, then) == Changes((), (), (), (), ())
    for moved in found.gone:  # what is gone for good shares no claim with anything that came
        assert bool(moved.others) == any(set(moved.entry.claims) & set(e.claims) for e in now)


# The command

STRIKE = "Missiles fell on Kyiv on Tuesday and killed {} people, the mayor said."


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, list(args))


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A report on the first day, one that contradicts it on the second, nothing on the third."""
    monkeypatch.setattr(pipeline, "read_page", simple_read)
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)
    clock = Clock(datetime(2024, 1, 3, 9, tzinfo=UTC))
    one = make_page("one.txt", f"Strike on Kyiv\n{STRIKE.format(5)}\n".encode())
    two = make_page("two.txt", f"Night of fear\nRescuers worked until noon.\n{STRIKE.format(7)}\n".encode())
    with create_ledger(tmp_path / "s.db", clock) as ledger:
        fill(ledger, lambda _: [one], book())
        clock.now += timedelta(days=1)
        fill(ledger, lambda _: [two], book())
    return str(tmp_path / "s.db")


def test_what_people_read(db: str) -> None:
    done = run("diff", db, "--from", "2024-01-03")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    id_ = json.loads(run("ledger", db, "--format", "json").stdout)[0]["id"]
    was = json.loads(run("ledger", db, "--format", "json", "--as-of", "2024-01-03").stdout)[0]["id"]
    called = id_ if id_ == was else f"{id_} (was {was})"
    assert lines == [
        "from 2024-01-03 09:00:00 UTC (batch 2) to 2024-01-04 09:00:00 UTC (batch 4)",
        "1 entry newly contradicted, 1 new report",
        "",
        "Newly contradicted",
        f"2024-01-02  attack  RU  missile · kyiv  killed 5 ≠ 7  {called}",
        "  killed       5 → 5 ≠ 7",
        "  conflict     killed: 5 says one.txt#1; 7 says two.txt#1",
        "  origins      +two.txt",
        "  claims       +two.txt#1",
        "",
        "New reports",
        "2024-01-03  Night of fear  1 claim  two.txt",
    ]


def test_what_programs_read(db: str) -> None:
    found = json.loads(run("diff", db, "--from", "2024-01-03", "--to", "2024-01-04", "--format", "json").stdout)
    assert found["from"]["batch"] == 2
    assert found["to"]["at"] == "2024-01-04T09:00:00+00:00"
    (changed,) = found["entries"]["changed"]
    assert changed["fields"] == {"killed": {"before": ["5"], "after": ["5", "7"]}}
    assert [c["field"] for c in changed["conflicts"]["arisen"]] == ["killed"]
    assert changed["claims"] == {"new": ["two.txt#1"], "gone": []}
    assert changed["entry"]["roles"]["killed"] == ["5", "7"]
    assert found["reports"]["new"] == ["two.txt"]


def test_nothing_changed(db: str) -> None:
    for args in (["--from", "2024-01-04"], ["--from", "2024-01-03T10:00", "--to", "2024-01-03"]):
        assert run("diff", db, *args).stdout.splitlines()[1:] == ["nothing changed"]


def test_wrong_usage(db: str) -> None:
    assert run("diff", db).exit_code == 2
    assert run("diff", db, "--from", "tomorrow").exit_code == 2
    assert run("diff", db, "--from", "2024-01-04", "--to", "2024-01-03").exit_code == 2
    done = run("diff", db, "--from", "2023-12-31")
    assert (done.exit_code, "the ledger begins on 2024-01-03 09:00:00 UTC" in done.stderr) == (1, True)


def add(ledger: Ledger, *readings: Reading) -> None:
    with ledger.batch() as batch:
        for one in readings:
            batch.add(page_of(one), one)


def test_only_what_differs_is_looked_at(where: str) -> None:
    with create_ledger(where) as ledger:
        add(ledger, told("a.txt", 0), told("b.txt", 1))
        with ledger.batch() as batch:
            batch.settle([], [entry("e1", "a.txt#1"), entry("e2", "b.txt#1")])
        with ledger.batch() as batch:
            batch.settle([], [entry("e2", "b.txt#1")])
        with ledger.batch() as batch:
            batch.replace(told("b.txt", 1, 2))
            batch.settle([], [entry("e1", "a.txt#1"), entry("e3", "b.txt#1")])
        add(ledger, told("a.txt", 0, title="Another"))
        step = ledger.history.step(2, 5)
        assert ([e.id for e in step.entries_before], [e.id for e in step.entries_after]) == (["e2"], ["e3"])
        assert [len(r.claims) for r in step.readings_before.values()] == [1]
        assert sorted(r.report.title for r in step.readings_after.values()) == ["A title", "Another"]
        assert list(step.renamed) == ["a.txt"]
        empty = ledger.history.step(5, 5)
        assert (empty.readings_after, empty.entries_after, empty.renamed) == ({}, [], {})
