"""What docs/history.md shows is what the commands print, and it names all their options."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from recoupe.cli import app
from recoupe.codebook import Codebook
from recoupe.ledger import create_ledger
from recoupe.load import make_page
from recoupe.pipeline import fill
from test_asof import Clock

DOCS = (Path(__file__).parents[1] / "docs" / "history.md").read_text("utf-8")
PAGES = re.findall("```text\n(.*?)```", DOCS, re.DOTALL)
DIFFERENT, VERIFIED = re.findall("```console\n(.*?)```", DOCS, re.DOTALL)


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    path, clock = tmp_path_factory.mktemp("history") / "my.db", Clock(datetime(2024, 1, 3, 18, 5, tzinfo=UTC))
    with create_ledger(path, clock) as ledger:
        for name, text in zip(("strike.txt", "toll.txt"), PAGES, strict=True):
            fill(ledger, lambda _, page=make_page(name, text.encode()): [page], codebook)
            clock.now += timedelta(days=1)
    return path


def test_what_changed(db: Path) -> None:
    done = run("diff", str(db), "--from", "2024-01-03")
    assert (done.stdout, done.stderr, done.exit_code) == (DIFFERENT, "", 0)


def test_that_it_holds(db: Path) -> None:
    done = run("verify", str(db), "--jobs", "1")
    said = re.sub("[0-9a-f]{64}", "SEAL", done.stdout.replace(str(db), "my.db"))
    assert (said, done.stderr, done.exit_code) == (VERIFIED, "", 0)


@pytest.mark.parametrize("name", ["diff", "verify"])
def test_every_option_is_named(name: str) -> None:
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    usage = re.search(f"^    recoupe {name} .*", DOCS, re.MULTILINE)
    assert usage is not None
    assert set(re.findall("--[a-z]+", usage[0])) == options
