"""The command line: what it prints, where, and the exit codes. A simple reader stands in for the one of language."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recoupe import cli, pipeline
from recoupe.codebook import Codebook
from recoupe.errors import PageError
from recoupe.ledger import create_ledger
from recoupe.model import Dating, Dropped, Page, Reading, Reason, Span
from recoupe.values import When
from synthetic import Fact, book, reading

STRIKE = "Missiles fell on Kyiv on Tuesday and killed {} people, the mayor said."
SOURCE = "Source: www.rt.com"
PAGES = {
    "one.txt": ["Strike on Kyiv", STRIKE.format(5), SOURCE],
    "two.txt": ["Night of fear", "Rescuers worked until noon. " + STRIKE.format(7)],
    "sub/three.txt": ["Quiet day", "Nothing was reported from the capital."],
}


def simple_read(page: Page, codebook: Codebook, *more: object) -> Reading:
    """A reader that knows one sentence; a line that names a source is dropped, "no article" is no article."""
    if "no article" in page.text:
        raise PageError(page.doc, "no article text found")
    if "a bug" in page.text:
        raise ZeroDivisionError("division by zero")
    lines = page.text.splitlines()
    kept = [line for line in lines if not line.startswith("Source:")]
    drops = tuple(
        Dropped(page.text.index(line), page.text.index(line) + len(line), line, "source-line")
        for line in lines
        if line not in kept
    )
    facts = [
        Fact(
            "attack",
            {"attacker": ["country:RU"], "place": ["place:kyiv"], "weapon": ["missile"], "killed": m[1]},
            m[0],
            time="2024-01-02",
        )
        for m in re.finditer(r"Missiles fell on Kyiv on Tuesday and killed (\d+) people", page.text)
    ]
    made = reading(page.doc, kept, facts, dropped=drops)
    when = When.parse("2024-01-03")
    return Reading(
        made.report, dating=Dating(when, (Reason(when, "dateline", "on Tuesday", Span(0, 1)),)), claims=made.claims
    )


@pytest.fixture(autouse=True)
def _simple(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read_page", simple_read)
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    for name, lines in PAGES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def db(tmp_path: Path, pages: Path) -> str:
    path = str(tmp_path / "s.db")
    assert run("read", str(pages), "--into", path).exit_code == 0
    return path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, list(args))


def entry_id(db: str) -> str:
    (entry,) = json.loads(run("ledger", db, "--format", "json").stdout)
    return str(entry["id"])


def test_reading_says_what_it_read_and_shows_the_ledgers_head(pages: Path, tmp_path: Path) -> None:
    result = run("read", str(pages), "--into", str(tmp_path / "s.db"))
    assert result.exit_code == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0] == "3 pages: 3 new reports, 0 known already"
    assert lines[1] == "2 claims in the new reports"
    assert lines[2] == "left out of their pages, in lines: 1 source-line"
    assert lines[3] == f"1 entry in {tmp_path / 's.db'}, 1 new, 0 superseded"
    assert "killed 5 ≠ 7" in result.stdout or "killed 7 ≠ 5" in result.stdout
    assert "2 origins" in result.stdout
    assert "\x1b" not in result.stdout


def test_reading_says_which_pages_are_not_as_they_were(pages: Path, db: str) -> None:
    name, lines = next(iter(PAGES.items()))
    (pages / name).write_text("\n".join([*lines, "One line more stands here now."]), encoding="utf-8")
    result = run("read", str(pages), "--into", db)
    assert "3 pages: 1 new report, 2 known already" in result.stdout
    assert f"not as they were before, and kept beside the earlier: {name}" in result.stdout.splitlines()
    assert "not as they were" not in run("read", str(pages), "--into", db).stdout


def test_reading_again_adds_nothing_and_says_so(pages: Path, db: str) -> None:
    before = run("export", "claims", db, "--out", "-").stdout
    connection = sqlite3.connect(db)
    batches = connection.execute("SELECT count(*) FROM batches").fetchone()
    result = run("read", str(pages), "--into", db)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:3] == [
        "3 pages: 0 new reports, 3 known already",
        "nothing new: the ledger has all of these pages",
        f"1 entry in {db}, none of them changed",
    ]
    assert run("export", "claims", db, "--out", "-").stdout == before
    assert connection.execute("SELECT count(*) FROM batches").fetchone() == batches
    connection.close()


def test_reading_in_two_runs_gives_the_same_export(pages: Path, db: str, tmp_path: Path) -> None:
    other = str(tmp_path / "t.db")
    assert run("read", str(pages / "two.txt"), "--into", other).exit_code == 0
    assert run("read", str(pages), "--into", other).exit_code == 0
    assert run("ledger", other, "--format", "json").stdout == run("ledger", db, "--format", "json").stdout
    assert run("export", "claims", other, "--out", "-").stdout == run("export", "claims", db, "--out", "-").stdout


def test_what_cannot_be_used_is_told_with_file_and_reason(pages: Path, tmp_path: Path) -> None:
    (pages / "empty.txt").touch()
    (pages / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (pages / "menu.txt").write_text("no article in here")
    (pages / "odd.txt").write_text("a bug is met in here")
    result = run("read", str(pages), str(tmp_path / "missing"), "--into", str(tmp_path / "s.db"))
    assert result.exit_code == 0
    told = dict(line.removeprefix("recoupe: ").rsplit(": ", 1) for line in result.stderr.splitlines())
    assert told["empty.txt"] == "an empty file"
    assert told["binary.txt"] == "a binary file"
    assert told["menu.txt"] == "no article text found"
    assert told["odd.txt: a fault of this program: ZeroDivisionError"] == "division by zero"
    assert told[str(tmp_path / "missing")] == "no such file or folder"
    assert len(told) == 5
    assert "could not use: 1 × " in result.stdout


def test_reading_nothing_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    result = run("read", str(tmp_path / "empty.txt"), "--into", str(tmp_path / "s.db"))
    assert result.exit_code == 1
    last = "recoupe: no page was read, and no ledger made"
    assert result.stderr.splitlines() == ["recoupe: empty.txt: an empty file", last]
    assert not (tmp_path / "s.db").exists()


def test_reading_nothing_leaves_a_ledger_alone(db: str, tmp_path: Path) -> None:
    before = run("ledger", db).stdout
    assert run("read", str(tmp_path / "missing"), "--into", db).exit_code == 1
    assert run("ledger", db).stdout == before


def test_a_ledger_cut_short_is_called_damaged(db: str) -> None:
    Path(db).write_bytes(Path(db).read_bytes()[:20000])
    result = run("ledger", db)
    assert result.exit_code == 1
    assert "s.db: damaged: " in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("read",),
        ("read", "x"),
        ("nonsense",),
        ("ledger", "DB", "--since", "yesterday"),
        ("ledger", "DB", "--kind", "party"),
        ("ledger", "DB", "--actor", "nobody-at-all"),
        ("ledger", "DB", "--item", "nothing-at-all"),
        ("ledger", "DB", "--since", "2025", "--until", "2024"),
        ("ledger", "DB", "--format", "xml"),
        ("read", "x", "--into", "DB", "--jobs", "0"),
        ("export", "claims", "DB"),
        ("show", "DB"),
    ],
)
def test_wrong_usage_ends_with_2(db: str, args: tuple[str, ...]) -> None:
    result = run(*(db if arg == "DB" else arg for arg in args))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "command", [("ledger",), ("show", "abc"), ("export", "claims", "--out", "-"), ("read", "--into")]
)
def test_what_is_no_ledger_ends_with_1_and_one_line(tmp_path: Path, pages: Path, command: tuple[str, ...]) -> None:
    wrong = tmp_path / "wrong.db"
    wrong.write_text("this is no database")
    verb, *rest = command
    if verb == "read":
        result = run("read", str(pages), "--into", str(wrong))
    elif verb == "export":
        result = run("export", "claims", str(wrong), "--out", "-")
    else:
        result = run(verb, str(wrong), *rest)
    assert result.exit_code == 1
    assert result.stderr == f"recoupe: {wrong}: not a ledger: not an SQLite database\n"
    assert result.stdout == ""
    assert wrong.read_text() == "this is no database"


def test_the_ledger_in_three_formats(db: str) -> None:
    table = run("ledger", db).stdout
    assert "RU" in table
    assert "missile · kyiv" in table
    (entry,) = json.loads(run("ledger", db, "--format", "json").stdout)
    assert entry["roles"]["place"] == ["place:kyiv"]
    assert sorted(entry["origins"]) == ["rt", "two.txt"]
    (row,) = csv.DictReader(io.StringIO(run("ledger", db, "--format", "csv").stdout))
    assert row["time"] == "2024-01-02"
    assert row["conflicts"] == "killed"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (("--kind", "attack"), True),
        (("--kind", "pledge"), False),
        (("--actor", "RU", "--item", "military"), True),
        (("--since", "2024-01-03"), False),
        (("--until", "2024-01"), True),
        (("--conflicts",), True),
    ],
)
def test_filters(db: str, filters: tuple[str, ...], found: bool) -> None:
    result = run("ledger", db, *filters)
    assert result.exit_code == 0
    assert (result.stdout == "no entries\n") is not found


def test_the_width_in_a_pipe_is_the_programs_own(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = run("ledger", db).stdout
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run("ledger", db).stdout == wide


def test_an_entry_is_shown_with_its_words(db: str) -> None:
    result = run("show", db, entry_id(db)[:6])
    assert result.exit_code == 0
    out = result.stdout
    assert "how sure     two independent origins: RT, two.txt; in the reports' own words; contested: killed" in out
    assert "conflict     killed: 5 says one.txt#1; 7 says two.txt#1" in out
    assert "  [Missiles fell on Kyiv on Tuesday and killed 5 people], the mayor said." in out
    assert "Rescuers worked" not in out
    assert "origin       rt (named, 0.95: “Source: www.rt.com”)" in out
    assert "\x1b" not in out


def test_a_report_is_shown_with_the_reasons_for_its_date(db: str) -> None:
    out = run("show", db, "one.txt").stdout
    assert out.startswith("Strike on Kyiv  one.txt\n")
    assert "because      2024-01-03 (dateline, in the page: “on Tuesday”)" in out
    assert "left out     1 source-line" in out
    assert f"entry        {entry_id(db)}" in out


def test_dropped_lines_are_shown_with_their_reason(db: str) -> None:
    assert run("show", db, "one.txt", "--dropped").stdout == "one.txt:3  source-line  Source: www.rt.com\n"
    out = run("show", db, "one.txt:3").stdout
    assert out.splitlines() == ["one.txt:3  Source: www.rt.com", "  left out     source-line: “Source: www.rt.com”"]
    assert "kept         body" in run("show", db, "one.txt:2").stdout


def test_a_claim_is_shown_by_its_reference(db: str) -> None:
    assert run("show", db, "two.txt#1").stdout.startswith("attack, done  two.txt#1\n")


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ("zzz", "no entry, report or line of that name"),
        ("txt", "3 reports have that in their name"),
        ("one.txt:9", "the page has 3 lines, no line 9"),
        ("one.txt:0", "the page has 3 lines, no line 0"),
        ("one.txt#2", "has 1 claims, no claim 2"),
    ],
)
def test_what_is_not_there_ends_with_1(db: str, wanted: str, reason: str) -> None:
    result = run("show", db, wanted)
    assert result.exit_code == 1
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_what_a_terminal_would_obey_is_not_printed(tmp_path: Path) -> None:
    page = tmp_path / "evil.txt"
    page.write_text("Title \x1b[31mred\n" + STRIKE.format(5), encoding="utf-8")
    db = str(tmp_path / "s.db")
    assert run("read", str(page), "--into", db).exit_code == 0
    assert "\x1b" not in run("show", db, "evil.txt").stdout


def test_claims_are_exported_to_a_file(db: str, tmp_path: Path) -> None:
    out = tmp_path / "claims.jsonl"
    assert run("export", "claims", db, "--out", str(out)).exit_code == 0
    docs = [json.loads(line)["doc"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert docs == ["one.txt", "sub/three.txt", "two.txt"]
    result = run("export", "claims", db, "--out", str(tmp_path / "no folder" / "x.jsonl"))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_a_codebook_that_does_not_hold_together_is_told(tmp_path: Path) -> None:
    result = run("codebook", "check", str(tmp_path))
    assert result.exit_code == 1
    assert "not a codebook" in result.stderr


def test_progress_is_told_page_by_page(pages: Path, tmp_path: Path) -> None:
    (pages / "empty.txt").touch()
    seen: list[int] = []
    with create_ledger(tmp_path / "s.db") as ledger:
        pipeline.fill(ledger, pipeline.from_files(pages), book(), pipeline.Work(watch=seen.append))
    assert seen == [1, 2, 3]


def test_the_number_of_processes_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # other processes read with the real stages
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(pipeline.FEW + 2):
        told = f"Germany will send {number + 2} Leopard 2 tanks to Ukraine, the chancellor said in Berlin on Tuesday."
        rest = "The tanks are to arrive in the spring. More than one party in parliament had asked for this for weeks."
        (folder / f"{number}.txt").write_text(f"Tanks for Kyiv, part {number}\n\n{told}\n\n{rest}\n")
    exports = []
    for jobs in ("1", "2"):
        db = str(tmp_path / f"{jobs}.db")
        assert run("read", str(folder), "--into", db, "--jobs", jobs).exit_code == 0
        exports.append(run("export", "claims", db, "--out", "-").stdout)
    assert exports[0] == exports[1]
    assert len(exports[0].splitlines()) == pipeline.FEW + 2
