"""What commands and the desk load before they answer: not what they do not need. Each runs in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

READING = {
    "spacy", "trafilatura", "ahocorasick_rs", "recoupe.clean", "recoupe.date", "recoupe.mark", "recoupe.read",
    "recoupe.pipeline", "recoupe.codebook.calendar", "recoupe.codebook.furniture", "recoupe.codebook.lexicon",
    "recoupe.codebook.times",
}  # fmt: skip
CHECKING = {"rapidfuzz", "currency_converter", "recoupe.chains", "recoupe.check", "recoupe.settle", "recoupe.trace"}
LATER = {"languages", "furniture", "credits", "calendar", "translated"}

_TOLD = """
import sys
from recoupe.codebook import default_codebook
print("LOADED", *sys.modules, *(f"book:{name}" for name in vars(default_codebook())))
"""
_DESK = """
import sys
from fastapi.testclient import TestClient
from recoupe.web.app import create_app
from recoupe.web.options import Options
with TestClient(create_app(Options(sys.argv[1])), base_url="http://127.0.0.1") as desk:
    for page in sys.argv[2:]:
        assert desk.get(page).status_code == 200, page
"""
_COMMAND = """
import sys
from recoupe.cli import app
app(sys.argv[1:], standalone_mode=False)
"""


def loaded(program: str, *args: str) -> set[str]:
    """The modules that a program has loaded at its end, and with `book:` before it what it has read of the codebook."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program + _TOLD, *args],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ledger of two pages."""
    folder = tmp_path_factory.mktemp("start")
    words = "Norway delivered ten tanks to Ukraine on Monday, the government said.", "Oslo, 3 January 2024 - Norway"
    for n, text in enumerate(words):
        (folder / f"{n}.txt").write_text(text, "utf-8")
    db = str(folder / "ledger.db")
    loaded(_COMMAND, "read", str(folder), "--into", db, "--jobs", "1")
    return db


def test_the_first_page_of_the_desk_needs_nothing_that_reads_or_checks(db: str) -> None:
    found = loaded(_DESK, db, "/", "/?lang=fr", "/api/entries")
    assert "recoupe.web.pages.ledger" in found
    assert found & (READING | CHECKING | {"recoupe.publish.table"}) == set()
    assert found & {f"book:{part}" for part in LATER} == set()


def test_pages_load_what_they_need_when_they_are_asked_for(db: str) -> None:
    found = loaded(_DESK, db, "/balance", "/sources", "/conflicts", "/timeline", "/map")
    assert "recoupe.chains" in found
    assert found & {"spacy", "recoupe.pipeline", "recoupe.read", *(f"book:{part}" for part in LATER)} == set()


@pytest.mark.parametrize("command", [["ledger"], ["ledger", "--format", "json"], ["balance"], ["export", "origins"]])
def test_commands_that_show_a_ledger_read_no_words_of_a_language(db: str, command: list[str]) -> None:
    args = [*command, db, *(["--out", "-"] if command[0] == "export" else [])]
    found = loaded(_COMMAND, *args)
    assert found & {"spacy", "recoupe.read", "recoupe.web", "fastapi"} == set()
    assert found & {f"book:{part}" for part in (*LATER, "labels")} == set()


def test_a_command_loads_no_other_one(db: str) -> None:
    found = loaded(_COMMAND, "ledger", db)
    assert "recoupe.cli.ledger" in found
    assert found & {"recoupe.cli.score", "recoupe.cli.review", "recoupe.cli.watch", "recoupe.cli.serve"} == set()
    assert found & (READING | CHECKING) == set()
