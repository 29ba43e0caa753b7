"""What docs/reviews.md shows is what the commands print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recoupe.cli import app
from recoupe.cli.session import HELP

DOCS = (Path(__file__).parents[1] / "docs" / "reviews.md").read_text("utf-8")
PAGES = re.findall("```text\n(.*?)```", DOCS, re.DOTALL)
SHOWN = [part for block in re.findall("```console\n(.*?)```", DOCS, re.DOTALL) for part in block.split("$ ")[1:]]


def run(*args: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, list(args), input=typed)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    for name, text in zip(("morning.txt", "evening.txt"), PAGES, strict=True):
        (folder / name).write_text(text, "utf-8")
    files = [str(folder / name) for name in ("morning.txt", "evening.txt")]
    assert run("read", *files, "--into", str(folder / "my.db"), "--jobs", "1").exit_code == 0
    return folder / "my.db"


def test_the_example(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(db.parent)
    *lines, walk = SHOWN
    for part in lines:
        command, _, printed = part.partition("\n")
        done = run(*shlex.split(command)[1:])
        assert (done.stdout.strip(), done.stderr) == (printed.strip(), ""), command
    command, _, printed = walk.partition("\n")
    typed = re.findall(r"^\w+ \[.*?\] (.*)", printed, re.MULTILINE)
    done = run(*shlex.split(command)[1:], typed="\n".join([*typed, ""]))
    at = 0
    for line in printed.splitlines():  # what is typed is not in the output, and "..." stands for more
        shown = re.sub(r"(\[.*?q\]) .*", r"\1 ", line) if "[a r e" in line else line
        if shown.strip() not in ("", "..."):
            at = done.stdout.index(shown, at) + len(shown)


def test_every_letter_of_the_table_is_one_of_the_help() -> None:
    letters = set(re.findall(r"^\| `(\w)", DOCS, re.MULTILINE))
    assert letters == {"a", "e", "r", "s", "m", "n", "u", "t"}
    assert letters <= set(re.findall(r"^  (\w)\b", HELP, re.MULTILINE))


def test_every_option_that_is_named_is_there() -> None:
    helped = run("review", "--help").stdout + run("ledger", "--help").stdout
    options = set(re.findall(r"--[a-z-]+[a-z]", DOCS))
    assert options >= {"--accept", "--correct", "--reject", "--split", "--merge", "--note", "--undo", "--as-read"}
    assert {option for option in options if option not in helped} == set()
