"""What leaves the ledger: claims as JSON Lines, entries as table, JSON and CSV, and what a selection picks."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from recoupe.check import check
from recoupe.cli.find import View
from recoupe.cli.show import _print_source
from recoupe.ledger import create_ledger
from recoupe.model import SURE, Conflict, Entry, Evidence, Origin, Quote, Reading, Side
from recoupe.publish.claims import claim_lines
from recoupe.publish.entries import entries_csv, entries_json
from recoupe.publish.select import Selection, select
from recoupe.publish.table import entries_table
from recoupe.trace import roots, trace
from recoupe.trace.named import DETAILS, SCORES
from recoupe.values import When
from synthetic import Fact, book, page_of, reading, source_line

TEXT = [
    "A title",
    "Germany will send two tanks, the minister said on Tuesday: “We keep our word.”",
    "Five were killed.",
]
PLEDGE = Fact(
    "pledge",
    {"recipient": ["country:UA"], "donor": ["country:DE", "country:NL"], "item": ["leopard-2"], "count": "2"},
    "Germany will send two tanks",
    time="2024-01-02",
)
ATTACK = Fact("attack", {"killed": "5", "target": ["country:UA"]}, "Five were killed", status="planned")


def full() -> Reading:
    made = reading("a/b.txt", TEXT, [PLEDGE, ATTACK], "2024-01-03~", outlet="gazette", byline="By X with AP")
    start = made.report.text.index("We keep")
    quote = Quote((Evidence.of(made.report.text, start, start + 16),), "country:DE")
    return replace(made, quotes=(quote,))


def test_a_source_of_a_detail_is_one_wherever_origins_are_told() -> None:
    """One line parts them: in the codebook's rules, in what is exported, in what is shown, in what counts as a root."""
    assert {rule for rule, score in SCORES.items() if score < SURE} == DETAILS
    made = full()
    for rule, score in SCORES.items():
        origin = Origin("a/b.txt", "reuters", "named", score, "words", rule)
        (line,) = claim_lines([made], [origin], book())
        assert json.loads(line)["origins"] == ([] if rule in DETAILS else ["reuters"])
        screen = Console(file=io.StringIO(), width=100, color_system=None)
        web = View({"a/b.txt": made}, (), (origin,), False)
        _print_source(screen, web, made)
        assert ("reuters" in screen.file.getvalue()) == (rule not in DETAILS)  # type: ignore[attr-defined]
        assert (roots([made], [origin], book()).reports["a/b.txt"] == "reuters") == (rule not in DETAILS)


def test_a_line_has_the_manuals_shape() -> None:
    made = full()
    (line,) = claim_lines([made], trace([made], book()), book())
    assert json.loads(line) == {
        "doc": "a/b.txt",
        "lang": "en",
        "published": "2024-01-03~",
        "outlet": "gazette",
        "origins": ["ap"],
        "claims": [
            {
                "id": "c1",
                "kind": "pledge",
                "status": "done",
                "roles": {
                    "donor": ["country:DE", "country:NL"],
                    "recipient": ["country:UA"],
                    "item": ["leopard-2"],
                    "count": "2",
                },
                "time": "2024-01-02",
                "attribution": [],
                "evidence": [{"start": 8, "end": 35, "text": "Germany will send two tanks"}],
            },
            {
                "id": "c2",
                "kind": "attack",
                "status": "planned",
                "roles": {"target": ["country:UA"], "killed": "5"},
                "time": None,
                "attribution": [],
                "evidence": [{"start": 87, "end": 103, "text": "Five were killed"}],
            },
        ],
        "quotes": [{"speaker": "country:DE", "text": "We keep our word"}],
    }
    assert list(json.loads(line)) == ["doc", "lang", "published", "outlet", "origins", "claims", "quotes"]
    assert "–" not in line
    assert "\\u" not in line


def test_evidence_is_the_reports_text() -> None:
    made = full()
    (line,) = claim_lines([made], [], book())
    for claim in json.loads(line)["claims"]:
        for e in claim["evidence"]:
            assert made.report.text[e["start"] : e["end"]] == e["text"]


def test_an_undated_report_without_anything_has_nulls_and_empty_lists() -> None:
    (line,) = claim_lines([reading("a.txt", TEXT)], [], book())
    told = json.loads(line)
    assert (told["published"], told["outlet"], told["origins"], told["claims"], told["quotes"]) == (
        None,
        None,
        [],
        [],
        [],
    )


MANY = [
    full(),
    reading("c.txt", TEXT, [ATTACK, PLEDGE], "2024-01-04", dropped=(source_line("Source: www.rt.com"),)),
    reading("c.txt", [*TEXT, "And more."], [PLEDGE], "2024-01-04"),
    reading("d.txt", ["Other", "Five were killed in the town. Germany will send two tanks."], [ATTACK], "2024-01-04"),
    reading("e.txt", ["Other", "Nothing at all was said."]),
]


def exported(path: Path, batches: Sequence[Sequence[Reading]]) -> str:
    """The export of a ledger that has read these batches of pages."""
    with create_ledger(path) as ledger:
        for members in batches:
            with ledger.batch() as batch:
                for made in members:
                    batch.add(page_of(made), made)
                found = batch.readings()
                origins = trace(found, book())
                batch.settle(origins, check(found, roots(found, origins, book()), book()))
        lines = "\n".join(claim_lines(ledger.readings(), ledger.origins(), book()))
        return lines + entries_json(select(ledger.entries(), Selection(), book()), book())


@settings(max_examples=20, deadline=None)
@given(st.permutations(MANY), st.lists(st.integers(0, len(MANY)), max_size=3))
def test_order_and_runs_play_no_part(order: list[Reading], cuts: list[int]) -> None:
    with TemporaryDirectory() as name:
        edges = [0, *sorted(cuts), len(order)]
        batches = [order[a:b] for a, b in itertools.pairwise(edges)]
        assert exported(Path(name) / "a.db", batches) == exported(Path(name) / "b.db", [MANY])


def entry(number: int, kind: str, time: str | None, **roles: str | Sequence[str]) -> Entry:
    told = tuple((name, (said,) if isinstance(said, str) else tuple(said)) for name, said in roles.items())
    return Entry(f"{number:010x}", kind, "done", told, time, (f"{number}.txt#1",), (f"{number}.txt",))


ENTRIES = [
    entry(1, "pledge", "2024-03", donor="country:DE", recipient="country:UA", item="leopard-2", amount="1e9 EUR"),
    entry(2, "pledge", None, donor="group:nato-allies", item="patriot"),
    entry(3, "attack", "2024-01-02", attacker="country:RU", place="place:kyiv", weapon=["missile"]),
    entry(4, "consultation", "2023-07-12", body="org:nato-ukraine-council", participants=["org:nato", "country:UA"]),
    entry(5, "request", "2024-02-01/..", requester="country:UA", item="other:field kitchens"),
]
CONFLICT = Conflict("amount", (Side("1e9 EUR", ("1.txt#1",)), Side("2e9 EUR", ("7.txt#2",))))
CLASHING = replace(
    ENTRIES[0],
    roles=(*ENTRIES[0].roles[:3], ("amount", ("1e9 EUR", "2e9 EUR"))),
    conflicts=(CONFLICT,),
    claims=("1.txt#1", "7.txt#2"),
)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Selection(), [4, 3, 1, 5, 2]),
        (Selection(kind="pledge"), [1, 2]),
        (Selection(actor="country:UA"), [4, 1, 5]),
        (Selection(actor="ua"), [4, 1, 5]),
        (Selection(actor="org:nato"), [4]),
        (Selection(actor="nato"), [4, 2]),
        (Selection(actor="place:kyiv"), [3]),
        (Selection(actor="kyi"), [3]),
        (Selection(actor="nobody"), []),
        (Selection(item="tank"), [1]),
        (Selection(item="military"), [3, 1, 2]),
        (Selection(item="patr"), [2]),
        (Selection(item="other:"), [5]),
        (Selection(since=When.parse("2024-01")), [3, 1, 5]),
        (Selection(until=When.parse("2024-01")), [4, 3]),
        (Selection(since=When.parse("2024-01"), until=When.parse("2024-02")), [3, 5]),
        (Selection(conflicts=True), []),
    ],
)
def test_selections(wanted: Selection, numbers: list[int]) -> None:
    shuffled = random.Random(1).sample(ENTRIES, len(ENTRIES))
    assert [int(e.id, 16) for e in select(shuffled, wanted, book())] == numbers


def test_conflicts_are_selected_and_shown_with_both_sides() -> None:
    assert select([*ENTRIES, CLASHING], Selection(conflicts=True), book()) == [CLASHING]
    (told,) = json.loads(entries_json([CLASHING], book()))
    assert told["conflicts"] == [
        {
            "field": "amount",
            "sides": [
                {"value": "1e9 EUR", "claims": ["1.txt#1"]},
                {"value": "2e9 EUR", "claims": ["7.txt#2"]},
            ],
        }
    ]
    assert told["roles"] == {
        "donor": ["country:DE"],
        "recipient": ["country:UA"],
        "item": ["leopard-2"],
        "amount": ["1e9 EUR", "2e9 EUR"],
    }


def test_csv_can_be_read_back() -> None:
    rows = list(csv.DictReader(io.StringIO(entries_csv([CLASHING, ENTRIES[2]], book()))))
    assert rows[0]["how_much"] == "1e9 EUR ≠ 2e9 EUR"
    assert (rows[0]["who"], rows[0]["what"], rows[0]["reports"]) == ("DE → UA", "leopard-2", "2")
    assert json.loads(rows[1]["roles"]) == {"attacker": ["country:RU"], "place": ["place:kyiv"], "weapon": ["missile"]}


def test_the_table_says_when_who_what_how_much_and_how_sure() -> None:
    screen = Console(width=140, file=io.StringIO())
    screen.print(entries_table([CLASHING, ENTRIES[1]], book()))
    assert isinstance(screen.file, io.StringIO)
    lines = [line.split() for line in screen.file.getvalue().splitlines() if line.strip()]
    assert lines[0] == ["when", "kind", "who", "what", "how", "much", "how", "sure", "conflicts", "entry"]
    first = " ".join(lines[2])
    for words in (
        "2024-03",
        "pledge",
        "DE → UA",
        "leopard-2",
        "1e9 EUR ≠ 2e9 EUR",
        "1 origin, 2 reports",
        "amount",
        CLASHING.id,
    ):
        assert words in first
    assert lines[3][0] == "?"


def test_a_long_list_of_names_is_counted_in_the_table() -> None:
    allies = [f"country:{c}" for c in ("DE", "ES", "FR", "IT", "NL", "PL")]
    screen = Console(width=200, file=io.StringIO())
    screen.print(entries_table([entry(9, "pledge", None, donor=allies)], book()))
    assert isinstance(screen.file, io.StringIO)
    assert "DE, ES, FR, 3 more" in screen.file.getvalue()
