"""`recoupe review`: at the terminal (typed lines come through a pipe here), in one line, and in files."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recoupe import cli, pipeline
from recoupe.codebook import Codebook
from recoupe.ledger import create_ledger, open_ledger
from recoupe.model import Page, Reading
from recoupe.values import Count
from synthetic import Fact, book, reading

STRIKE = "Missiles fell on {} and killed {} dockers"
PAGES = {
    "one.txt": f"Dawn raid\n{STRIKE.format('Kyiv', 5)}.",
    "two.txt": f"Night of fear\n{STRIKE.format('Kyiv', 7)}. {STRIKE.format('Dnipro', 3)}.",
    "six.txt": f"A long day\n{STRIKE.format('Kyiv', 5)}, as was told on Tuesday.",
}


def simple_read(page: Page, codebook: Codebook, *more: object) -> Reading:
    """A reader that knows one sentence."""
    told = re.finditer(r"Missiles fell on (\w+) and killed (\d+) dockers", page.text)
    facts = [
        Fact(
            "attack",
            {"attacker": ["country:RU"], "place": [f"place:{m[1].lower()}"], "weapon": ["missile"], "killed": m[2]},
            m[0],
            time="2024-01-02",
        )
        for m in told
    ]
    return reading(page.doc, page.text.splitlines(), facts, "2024-01-03")


@pytest.fixture(autouse=True)
def _simple(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read_page", simple_read)
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)
    monkeypatch.delenv("RECOUPE_REVIEWER", raising=False)


@pytest.fixture
def db(tmp_path: Path) -> str:
    return made(tmp_path, "a.db", PAGES)


def made(folder: Path, name: str, pages: dict[str, str]) -> str:
    """A ledger of some pages."""
    for doc, text in pages.items():
        (folder / name.replace(".", "-")).mkdir(exist_ok=True)
        (folder / name.replace(".", "-") / doc).write_text(text, "utf-8")
    assert run("read", str(folder / name.replace(".", "-")), "--into", str(folder / name)).exit_code == 0
    return str(folder / name)


def run(*args: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli.app, list(args), input=typed)


def say(db: str, *args: str, by: str = "ana") -> str:
    """What is printed of one review that is given in one line."""
    done = run("review", db, *args, "--by", by)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def entries(db: str, *args: str) -> list[dict[str, object]]:
    found = json.loads(run("ledger", db, "--format", "json", *args).stdout)
    assert isinstance(found, list)
    return found


def kyiv(db: str) -> dict[str, object]:
    """The entry of the raid on Kyiv that most reports tell."""
    return max((e for e in entries(db) if "kyiv" in json.dumps(e["roles"])), key=lambda e: len(e["claims"]))  # type: ignore[arg-type]


def reread(db: str, doc: str, killed: str | None) -> None:
    """A new reader takes another number from the first sentence of a report, or (None) does not see it."""
    with create_ledger(Path(db)) as ledger, ledger.batch() as batch:
        old = next(r for r in batch.readings() if r.report.doc == doc)
        first, *others = old.claims
        if killed is not None:
            cells = (replace(c, value=Count.parse(killed)) if c.role == "killed" else c for c in first.cells)
            others.insert(0, replace(first, cells=tuple(cells)))
        batch.replace(replace(old, claims=tuple(others)))
    with create_ledger(Path(db)) as ledger:
        pipeline.review(ledger, (), book())


# In one line


def test_an_entry_is_accepted(db: str) -> None:
    one = kyiv(db)
    assert say(db, str(one["id"]), "--accept") == f"accepted entry {one['id']}\n"
    (found,) = entries(db, "--reviewed", "yes")
    assert found["review"] == {
        "state": "yes", "claims": one["claims"], "by": ["ana"], "notes": [], "waiting": 0,
    }  # fmt: skip
    assert len(entries(db, "--reviewed", "no")) == 1
    assert f"{one['id']} ✓" in run("ledger", db).stdout
    assert "reviewed     by ana" in run("show", db, str(one["id"])).stdout


def test_a_field_is_corrected_and_what_the_reader_had_is_shown(db: str) -> None:
    told = say(db, "two.txt#1", "--correct", "killed=5", "--correct", "when=2024-01-01/2024-01-02", "--why", "a typo")
    assert told.startswith("corrected two.txt#1 (entry ")
    assert "time: 2024-01-02 → 2024-01-01/2024-01-02; killed: 7 → 5" in told
    shown = run("show", db, "two.txt#1").stdout
    assert re.search(r"corrected    by ana, \d{4}-\d\d-\d\d \d\d:\d\d UTC: “a typo”", shown)
    assert "read as      time 2024-01-02\n" in shown
    assert "read as      killed 7\n" in shown
    assert not kyiv(db)["conflicts"]
    line = json.loads(run("export", "claims", db, "--out", "-").stdout.splitlines()[-1])
    assert [(c["roles"]["killed"], c.get("reviewed")) for c in line["claims"]] == [("5", "corrected"), ("3", None)]


def test_what_one_report_says_is_no_correction_of_another(db: str) -> None:
    done = run("review", db, str(kyiv(db)["id"]), "--correct", "killed=5", "--by", "ana")
    assert done.exit_code == 1
    assert "killed: the reports differ (one.txt#1 says 5; six.txt#1 says 5; two.txt#1 says 7); name" in done.stderr


def test_a_claim_is_rejected_and_that_is_taken_back(db: str) -> None:
    assert "rejected two.txt#1 (in no entry)" in say(db, "two.txt#1", "--reject")
    assert kyiv(db)["claims"] == ["one.txt#1", "six.txt#1"]
    assert "rejected     by ana" in run("show", db, "two.txt#1").stdout
    lines = run("export", "claims", db, "--out", "-").stdout.splitlines()
    assert [c["id"] for c in json.loads(lines[-1])["claims"]] == ["c2"]
    assert "took back what ana rejected" in say(db, "two.txt#1", "--undo", by="ben")
    assert len(kyiv(db)["claims"]) == 3  # type: ignore[arg-type]
    assert "nobody has said anything of it" in run("review", db, "two.txt#1", "--undo", "--by", "ana").stderr


def test_entries_are_split_and_merged(db: str) -> None:
    one = kyiv(db)
    say(db, str(one["id"]), "--split", "two.txt#1")
    assert kyiv(db)["claims"] == ["one.txt#1", "six.txt#1"]
    assert kyiv(db)["conflicts"] == []
    (other,) = (e for e in entries(db) if e["claims"] == ["two.txt#1"])
    say(db, str(kyiv(db)["id"]), "--merge", str(other["id"]))
    assert len(kyiv(db)["claims"]) == 3  # type: ignore[arg-type]
    done = run("review", db, str(kyiv(db)["id"]), "--merge", "two.txt#1", "--by", "ana")
    assert "is in the entry" in done.stderr


def test_a_note_is_kept_with_who_wrote_it(db: str) -> None:
    say(db, str(kyiv(db)["id"]), "--note", "ask the harbour office", by="ben")
    assert "note         ben: ask the harbour office" in run("show", db, str(kyiv(db)["id"])).stdout
    assert entries(db, "--reviewed", "yes") == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("KYIV", "--accept"), "who reviews? Give --by NAME, or set RECOUPE_REVIEWER"),
        (("nothing", "--accept", "--by", "ana"), "nothing: no entry or claim of that name"),
        (("one.txt", "--accept", "--by", "ana"), "one.txt: a report; what is reviewed are entries and claims"),
        (("one.txt#2", "--accept", "--by", "ana"), "one.txt: has 1 claims, no claim 2"),
        (("one.txt#1", "--correct", "killed=lots", "--by", "ana"), "killed: not a count: 'lots'"),
        (("one.txt#1", "--correct", "killed=5", "--by", "ana"), "one.txt#1: killed=5: says so already"),
        (("KYIV", "--correct", "injured=5", "--by", "ana"), "injured: none of the 3 claims tells it"),
        (("KYIV", "--split", "two.txt#2", "--by", "ana"), "two.txt#2: is not in the entry"),
        (("KYIV", "--note", " ", "--by", "ana"), "a note needs words"),
    ],
)
def test_what_cannot_be_said_changes_nothing(db: str, args: tuple[str, ...], said: str) -> None:
    done = run("review", db, *(str(kyiv(db)["id"]) if arg == "KYIV" else arg for arg in args))
    assert done.exit_code == 1
    assert said in done.stderr
    assert run("review", db, "--list").stdout == "no reviews\n"


@pytest.mark.parametrize(
    "args",
    [("--accept",), ("one.txt#1",), ("one.txt#1", "--accept", "--reject"), ("one.txt#1", "--list"), ("--why", "so")],
)
def test_wrong_usage(db: str, args: tuple[str, ...]) -> None:
    assert run("review", db, *args, "--by", "ana").exit_code == 2


def test_no_ledger_is_made_by_reviewing(tmp_path: Path) -> None:
    done = run("review", str(tmp_path / "none.db"), "--by", "ana")
    assert (done.exit_code, "no such ledger" in done.stderr) == (1, True)
    assert not (tmp_path / "none.db").exists()


# At the terminal


def test_going_through_a_ledger(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUPE_REVIEWER", "ana")
    name = str(kyiv(db)["id"])
    typed = ["?", "e killed=5", "e 3 killed=5 // the mayor said so", "n a sad day", "p", "a", "r 1", "no words", ""]
    done = run("review", db, typed="\n".join(typed))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("2 entries to review; ? for help\n\n1 of 2\nattack, done")
    assert "accept: every claim" in done.stdout
    assert "killed: the reports differ" in done.stdout
    assert f"corrected two.txt#1 (entry {name}): killed: 7 → 5" in done.stdout
    assert "note         ana: a sad day" in done.stdout
    assert f"accepted entry {name}" in done.stdout
    assert "2 of 2" in done.stdout
    assert "rejected two.txt#2 (in no entry)" in done.stdout
    assert done.stdout.endswith("that was the last one\n4 reviews given\n")
    assert [e["id"] for e in entries(db)] == [name]
    assert run("review", db).stdout.startswith("nothing to review")


def test_a_name_is_asked_for(db: str) -> None:
    done = run("review", db, typed="ben\nn so\nq\n")
    assert done.stdout.startswith("your name: ")
    assert "  ben  noted  " in run("review", db, "--list").stdout
    assert "who reviews?" in run("review", db, typed="").stderr


def test_steps_back_and_forth_and_mistakes(db: str) -> None:
    typed = "k\nx\nj\nk\nr 9\nr\n\ng zzzz\nm\nzzzz\ns *\nu\nq\n"
    done = run("review", db, "--by", "ana", typed=typed)
    assert done.exit_code == 0
    for said in (
        "this is the first one", "x: no such key", "9: expected claims by number, from 1 to 3", "reject which claims?",
        "no claim named, and nothing done", "zzzz: no entry of that name", "not all", "nothing has been said",
        "0 reviews given",
    ):  # fmt: skip
        assert said in done.stdout, said


def test_a_split_leaves_both_parts_to_review(db: str) -> None:
    done = run("review", db, "--by", "ana", typed="s 3\na\na\na\n")
    assert "3 entries" not in done.stdout.splitlines()[0]
    assert "that was the last one\n4 reviews given\n" in done.stdout
    assert len(entries(db, "--reviewed", "yes")) == 3


def test_an_undo_of_somebody_else_is_asked_about(db: str) -> None:
    say(db, str(kyiv(db)["id"]), "--note", "hm", by="ben")
    assert "left as it is" in run("review", db, "--by", "ana", typed="u\nn\nq\n").stdout
    assert "took back what ben noted" in run("review", db, "--by", "ana", typed="u\ny\nq\n").stdout


def test_an_interrupted_session_loses_nothing(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "review", stop)  # killed before the entries were settled
        assert run("review", db, "--by", "ana", typed="r 3\n\nq\n").exit_code == 130
    with open_ledger(Path(db)) as ledger:
        assert ledger.unsettled()
    run("review", db, "--by", "ana", typed="q\n")
    assert kyiv(db)["claims"] == ["one.txt#1", "six.txt#1"]


# Later readings


def test_a_later_reading_waits_for_the_reviewer(db: str) -> None:
    say(db, str(kyiv(db)["id"]), "--accept")
    reread(db, "one.txt", "50")
    assert kyiv(db)["claims"] == ["one.txt#1", "six.txt#1", "two.txt#1"]
    (waiting,) = entries(db, "--reviewed", "waiting")
    listed = run("review", db, "--waiting").stdout
    assert listed.startswith(f"one.txt#1  {waiting['id']}  attack: ana accepted it on ")
    assert listed.endswith("it is now read otherwise (killed: 5 → 50), and it stands as reviewed\n")
    assert f"{waiting['id']} !" in run("ledger", db).stdout
    done = run("review", db, "--by", "ben", typed="a 1\nq\n").stdout
    assert "waiting      it is now read otherwise" in done
    assert run("review", db, "--waiting").stdout == "nothing waits\n"
    assert "killed       5 (" in run("show", db, "one.txt#1").stdout
    say(db, "one.txt#1", "--as-read")
    assert "killed       50 (" in run("show", db, "one.txt#1").stdout


def test_what_waits_in_no_entry_is_told_too(db: str) -> None:
    say(db, "one.txt#1", "--reject")
    reread(db, "one.txt", "50")
    assert "1 more in no entry: see them with --waiting" in run("review", db, "--by", "ana", typed="q\n").stdout
    told = r"one.txt#1  no entry  attack: ana rejected it on .* \(\w{10}\); it is now read otherwise \(killed: 5 → 50\)"
    assert re.fullmatch(rf"{told}, and it stays rejected\n", run("review", db, "--waiting").stdout)
    say(db, "one.txt#1", "--reject")
    assert run("review", db, "--waiting").stdout == "nothing waits\n"


def test_a_claim_that_is_read_no_longer_stands_and_waits(db: str) -> None:
    say(db, "one.txt#1", "--accept")
    reread(db, "one.txt", None)
    assert "it is read no longer, and stands as reviewed" in run("review", db, "--waiting").stdout
    assert "one.txt#1" in kyiv(db)["claims"]  # type: ignore[operator]
    done = run("review", db, "one.txt#1", "--as-read", "--by", "ana")
    assert "one.txt#1: is read no longer" in done.stderr
    say(db, "one.txt#1", "--accept", by="ben")
    assert run("review", db, "--waiting").stdout == "nothing waits\n"


def test_reading_more_pages_keeps_what_was_reviewed(db: str, tmp_path: Path) -> None:
    say(db, "two.txt#1", "--reject")
    (tmp_path / "new.txt").write_text(f"More\n{STRIKE.format('Kyiv', 5)}, a witness said.", "utf-8")
    assert run("read", str(tmp_path / "new.txt"), "--into", db).exit_code == 0
    assert kyiv(db)["claims"] == ["new.txt#1", "one.txt#1", "six.txt#1"]


# Files


def reviewed(db: str) -> str:
    """The lines of a ledger in which everything was said once."""
    name = str(kyiv(db)["id"])
    say(db, name, "--accept", "--why", "three « accounts »")
    say(db, "two.txt#1", "--correct", "killed=5", "--correct", "attacker=group:nato-allies")
    say(db, name, "--note", "ask\nagain")
    say(db, "two.txt#2", "--reject", by="ben")
    say(db, "two.txt#2", "--undo")
    say(db, name, "--split", "six.txt#1")
    return run("review", db, "--export", "-").stdout


def test_reviews_go_from_one_ledger_to_another(db: str, tmp_path: Path) -> None:
    lines = reviewed(db)
    (tmp_path / "r.jsonl").write_text(lines, "utf-8")
    other = made(tmp_path, "b.db", PAGES)
    done = run("review", other, "--import", str(tmp_path / "r.jsonl"))
    assert (done.stdout, done.exit_code) == ("6 reviews: 6 new, 0 known already\n", 0)
    assert entries(other) == entries(db)
    assert run("review", other, "--export", "-").stdout == lines
    again = run("review", other, "--import", "-", typed=lines)
    assert again.stdout == "6 reviews: 0 new, 6 known already\n"
    assert [json.loads(line)["action"] for line in lines.splitlines()] == [
        "accept", "correct", "note", "reject", "undo", "split",
    ]  # fmt: skip


def test_reviews_of_pages_that_are_not_there_wait_for_them(db: str, tmp_path: Path) -> None:
    say(db, "two.txt#1", "--reject")
    lines = run("review", db, "--export", "-").stdout
    other = made(tmp_path, "b.db", {"one.txt": PAGES["one.txt"]})
    done = run("review", other, "--import", "-", typed=lines)
    assert done.stdout.startswith("1 review: 1 new, 0 known already; 1 of pages that this ledger does not have")
    assert "rejected by ana; waits for its page (two.txt)" in run("review", other, "--waiting").stdout
    (tmp_path / "two.txt").write_text(PAGES["two.txt"], "utf-8")
    run("read", str(tmp_path / "two.txt"), "--into", other)
    assert kyiv(other)["claims"] == ["one.txt#1"]


def changed(line: str, **fields: object) -> str:
    return json.dumps({k: v for k, v in {**json.loads(line), **fields}.items() if v is not None})


def test_a_line_may_be_changed_when_its_id_is_left_out(db: str, tmp_path: Path) -> None:
    say(db, "two.txt#1", "--reject")
    line = run("review", db, "--export", "-").stdout
    other = made(tmp_path, "b.db", PAGES)
    assert run("review", other, "--import", "-", typed=changed(line, id=None, by="carla")).exit_code == 0
    assert "  carla  rejected  two.txt" in run("review", other, "--list").stdout


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"action": "praise"}, "action: expected one of accept, correct"),
        ({"by": " "}, "by: expected by every correct, found none"),
        ({"by": 5}, "by: expected text, found 5"),
        ({"at": "yesterday"}, "at: expected a time such as"),
        ({"at": "2024-03-01T12:00:00"}, "at: expected a time with its zone"),
        ({"at": "2124-03-01T12:00:00+00:00"}, "is yet to come"),
        ({"claims": []}, "claims: expected by every correct, found none"),
        ({"claims": [{"doc": "x"}]}, "not a Review"),
        ({"id": "0123456789"}, "id: 0123456789 was given to another text"),
        ({"mood": "sour"}, "not a Review"),
        ({"action": "reject"}, "reject takes no `fields`"),
        ({"action": "split"}, "others: expected by every split, found none"),
    ],
)
def test_a_bad_line_is_told_and_nothing_of_the_file_is_taken_in(
    db: str, tmp_path: Path, fields: dict[str, object], reason: str
) -> None:
    say(db, "two.txt#1", "--correct", "killed=5")
    line = run("review", db, "--export", "-").stdout.strip()
    other = made(tmp_path, "b.db", PAGES)
    bad = changed(line, **{"id": None, **fields})
    (tmp_path / "r.jsonl").write_text(f"{line}\n\n{bad}\n{{\n", "utf-8")
    done = run("review", other, "--import", str(tmp_path / "r.jsonl"))
    first, second = done.stderr.splitlines()
    assert first.startswith("recoupe: r.jsonl:3: ")
    assert reason in first
    assert second.startswith("recoupe: r.jsonl:4: not JSON")
    assert done.exit_code == 1
    assert run("review", other, "--list").stdout == "no reviews\n"


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("page",), "abc", "two.txt: page: expected a SHA-256 in hex, found 'abc'"),
        (("claim", "kind"), "gift", "two.txt: kind: expected one of"),
        (("claim", "status"), "over", "two.txt: status: expected one of"),
        (("claim", "evidence"), [], "two.txt: a claim rests on words"),
        (("claim", "evidence"), [{"start": 0, "end": 9, "text": "x"}], "does not reach from 0 to 9"),
        (("fields",), [["kind", []]], "kind and status: take one value"),
        (("fields",), [["killed", [{"actor": "country:RU"}]]], "killed: not of the type count: country:RU"),
        (("fields",), [["time", [{"count": "5"}]]], "time: not a time: 5"),
        (("fields",), [], "a correction needs `fields`"),
    ],
)
def test_a_claim_that_cannot_be_is_told(db: str, path: tuple[str, ...], value: object, reason: str) -> None:
    say(db, "two.txt#1", "--correct", "killed=5")
    record = json.loads(run("review", db, "--export", "-").stdout)
    place = record["claims"][0]
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    done = run("review", db, "--import", "-", typed=changed(json.dumps(record), id=None))
    assert done.exit_code == 1
    assert reason in done.stderr


def test_an_empty_file_holds_no_review(db: str) -> None:
    assert "holds no review" in run("review", db, "--import", "-", typed="\n").stderr
