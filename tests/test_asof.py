"""The ledger as it was: after every batch, at every moment, in every command that looks things up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from recoupe import cli
from recoupe.cli.moments import moment
from recoupe.errors import LedgerError
from recoupe.ledger import Fetch, Ledger, Made, create_ledger, open_ledger
from recoupe.model import Entry, Origin, Reading
from synthetic import Fact, book, page_of, reading

STRIKE = Fact("attack", {"attacker": ["country:RU"], "place": ["place:kyiv"], "killed": "5"}, "Rockets hit the mill")
NOON = datetime(2024, 1, 2, 12, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def told(doc: str, words: str = "at dawn.", facts: int = 1) -> Reading:
    return reading(doc, ["A title", f"Rockets hit the mill {words}"], [STRIKE] * facts, "2024-01-02")


def entry(id_: str, killed: str, *claims: str) -> Entry:
    return Entry(id_, "attack", "done", (("killed", (killed,)),), "2024-01-02", claims, claims)


def add(ledger: Ledger, *readings: Reading) -> None:
    with ledger.batch() as batch:
        for one in readings:
            batch.add(page_of(one), one)


def settle(ledger: Ledger, *entries: Entry) -> None:
    with ledger.batch() as batch:
        batch.settle([Origin(e.claims[0].rpartition("#")[0], "ap", "named", 0.9, "AP") for e in entries], entries)


ADDRESS = "https://a.example/x"


def seen(ledger: Ledger) -> dict[str, Any]:
    """Everything that a ledger says of itself."""
    docs = ledger.docs()
    return {
        "docs": docs,
        "readings": ledger.readings(),
        "each": [ledger.reading(doc) for doc in docs],
        "pages": [ledger.page(doc) for doc in docs],
        "entries": ledger.entries(),
        "origins": ledger.origins(),
        "unsettled": ledger.unsettled(),
        "fetched": ledger.fetched([ADDRESS]),
        "has": [ledger.has(page_of(told(doc, words))) for doc in DOCS for words in WORDS],
    }


DOCS, WORDS = ("a.txt", "b.txt"), ("at dawn.", "at noon.", "at dusk.")
Act = Callable[[Ledger], None]
adding = st.builds(
    lambda doc, words: lambda ledger: add(ledger, told(doc, words)), st.sampled_from(DOCS), st.sampled_from(WORDS)
)
settling = st.builds(
    lambda chosen: lambda ledger: settle(ledger, *(entry(f"e{n}", str(n), f"{DOCS[n % 2]}#1") for n in sorted(chosen))),
    st.sets(st.integers(0, 3)),
)
fetching = st.builds(
    lambda status: lambda ledger: ledger.note_fetches([Fetch(ADDRESS, "2024-01-02T12:00:00+00:00", status)]),
    st.sampled_from([200, 304, 404]),
)


def read_anew(ledger: Ledger) -> None:
    with ledger.batch() as batch:
        for one in ledger.readings()[:1]:
            batch.replace(replace(one, claims=() if one.claims else told("x").claims))


@given(st.lists(st.tuples(adding | settling | fetching | st.just(read_anew), st.integers(-90, 90)), max_size=12))
@settings(max_examples=25, deadline=None)
def test_after_every_batch_it_is_what_it_was_then(acts: list[tuple[Act, int]]) -> None:
    clock = Clock()
    then: dict[int, dict[str, Any]] = {}
    with TemporaryDirectory() as folder, create_ledger(Path(folder) / "x.db", clock) as ledger:
        for act, minutes in acts:
            act(ledger)
            clock.now += timedelta(minutes=minutes)
            then[len(ledger.history.batches())] = seen(ledger)
        then.pop(0, None)
        for number, was in then.items():
            assert seen(ledger.as_of(number)) == was
        past = ledger.history.batches()
        assert [batch.number for batch in past] == list(range(1, len(past) + 1))
        assert [batch.at for batch in past] == sorted(batch.at for batch in past)
        for batch in past:
            last = max(other.number for other in past if other.at == batch.at)
            assert ledger.known_at(datetime.fromisoformat(batch.at)) == last


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def grown(where: str, clock: Clock) -> Iterator[Ledger]:
    """Two pages of one name, the second a day after the first; one entry, changed on the third day."""
    with create_ledger(where, clock) as ledger:
        add(ledger, told("a.txt"))
        settle(ledger, entry("aaaa1", "5", "a.txt#1"))
        clock.now += timedelta(days=1)
        add(ledger, told("a.txt", "at noon."))
        clock.now += timedelta(days=1)
        first, second = ledger.docs()
        settle(ledger, entry("aaaa1", "7", f"{first}#1", f"{second}#1"))
        yield ledger


def test_a_report_is_called_what_it_was_called_then(grown: Ledger) -> None:
    assert [len(grown.as_of(n).docs()) for n in (1, 2, 3, 4)] == [1, 1, 2, 2]
    assert grown.as_of(2).docs() == ["a.txt"]
    assert grown.as_of(2).page("a.txt") == page_of(told("a.txt"))
    assert grown.page("a.txt") is None
    assert [e.roles for e in grown.as_of(3).entries()] == [(("killed", ("5",)),)]
    assert [n for n in (1, 2, 3, 4) if grown.as_of(n).unsettled()] == [1, 3]


def test_a_moment_holds_all_batches_of_its_second(grown: Ledger) -> None:
    assert grown.known_at(NOON) == 2
    assert grown.known_at(NOON + timedelta(hours=23)) == 2
    assert grown.known_at(NOON.astimezone().replace(microsecond=7)) == 2
    assert grown.known_at(NOON + timedelta(days=99)) == 4
    with pytest.raises(LedgerError, match="the ledger begins on 2024-01-02 12:00:00 UTC"):
        grown.known_at(NOON - timedelta(seconds=1))


def test_an_empty_ledger_has_no_past(where: str) -> None:
    with create_ledger(where) as ledger, pytest.raises(LedgerError, match="nothing is in the ledger yet"):
        ledger.known_at(NOON)


def test_the_past_can_only_be_looked_at(grown: Ledger) -> None:
    with grown.as_of(2) as past, pytest.raises(LedgerError, match="only"), past.batch() as batch:
        batch.add(page_of(told("c.txt")), told("c.txt"))
    with pytest.raises(LedgerError):
        grown.as_of(2).note_fetches([Fetch(ADDRESS, "2024-01-02T12:00:00+00:00", 200)])
    assert len(grown.readings()) == 2  # closing the past does not close the ledger


def test_time_does_not_go_back(where: str, clock: Clock) -> None:
    with create_ledger(where, clock) as ledger:
        add(ledger, told("a.txt"))
        clock.now -= timedelta(hours=5)
        add(ledger, told("b.txt"))
        clock.now += timedelta(hours=6)
        add(ledger, told("c.txt"))
        hours = [datetime.fromisoformat(batch.at).hour for batch in ledger.history.batches()]
    assert hours == [12, 12, 13]


def test_who_made_a_batch_is_kept(where: str, clock: Clock) -> None:
    made, other = Made("1.0", "a field", "ab12"), Made("1.1", "a field", "cd34")
    with create_ledger(where, clock) as ledger:
        for maker, doc in ((made, "a.txt"), (other, "b.txt"), (other, "c.txt"), (None, "d.txt")):
            with ledger.batch(maker) as batch:
                batch.add(page_of(told(doc)), told(doc))
        with ledger.batch(made):
            pass
        assert [batch.made for batch in ledger.history.batches()] == [made, other, other, None]
        assert set(ledger.history.makers()) == {made, other, None}


def test_the_same_reading_again_adds_nothing(where: str, clock: Clock) -> None:
    with create_ledger(where, clock) as ledger:
        add(ledger, told("a.txt"))
        with ledger.batch() as batch:
            batch.replace(told("a.txt"))
        assert len(ledger.history.batches()) == 1
        with pytest.raises(LedgerError, match=r"z\.txt"), ledger.batch() as batch:
            batch.replace(told("z.txt"))


MOMENTS = {
    "2024-01-02": "2024-01-02T23:59:59.999999+00:00",
    "2024-01-02T18:30": "2024-01-02T18:30:59+00:00",
    "2024-01-02 18:30:05": "2024-01-02T18:30:05+00:00",
    "2024-01-02T18:30+02:00": "2024-01-02T18:30:59+02:00",
    "2024-01-02T18:30:05Z": "2024-01-02T18:30:05+00:00",
}


@pytest.mark.parametrize("text", MOMENTS)
def test_moments(text: str) -> None:
    assert moment(text, "--as-of").isoformat() == MOMENTS[text]


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024", "2024-01", "2024-02-30", "20240102", "2024-01-02T25:00", "2024-W01"]
)
def test_what_is_no_moment_is_wrong_usage(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="expected a day"):
        moment(text, "--as-of")


# The commands


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, list(args))


@pytest.fixture
def db(grown: Ledger, where: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)
    return where


COMMANDS = (
    ("ledger", "{}", "--format", "json"),
    ("show", "{}", "aaaa1"),
    ("origins", "{}"),
    ("page", "{}", "a.txt"),
    ("export", "claims", "{}", "--out", "-"),
    ("export", "origins", "{}", "--out", "-"),
    ("export", "reports", "{}", "--out", "-"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_can_look_back(db: str, command: tuple[str, ...]) -> None:
    args = [part.format(db) for part in command]
    now, later = run(*args), run(*args, "--as-of", "2099-12-31")
    past = run(*args, "--as-of", "2024-01-02")
    assert (now.stdout, now.exit_code) == (later.stdout, later.exit_code)
    assert past.exit_code == 0, past.stderr
    assert past.stdout != now.stdout
    assert "a.txt#" not in past.stdout.replace("a.txt#1", "")
    early, wrong = run(*args, "--as-of", "2024-01-01"), run(*args, "--as-of", "soon")
    assert early.exit_code == 1
    assert "the ledger begins on 2024-01-02" in early.stderr
    assert wrong.exit_code == 2


def test_the_values_are_those_of_then(db: str) -> None:
    def killed(*args: str) -> str:
        return str(json.loads(run("ledger", db, "--format", "json", *args).stdout)[0]["roles"]["killed"])

    assert (killed("--as-of", "2024-01-02"), killed()) == ("5", "7")
    assert "not yet checked" in run("ledger", db, "--as-of", "2024-01-03").stderr


def test_looking_back_writes_nothing(db: str) -> None:
    with open_ledger(db) as ledger:
        before = ledger.history.batches()
        run("ledger", db, "--as-of", "2024-01-02")
        assert ledger.history.batches() == before
