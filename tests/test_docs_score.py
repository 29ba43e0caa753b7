"""What docs/score.md shows is what the command prints, and its two ways of coding a report say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recoupe.cli import app
from recoupe.codebook import Codebook
from recoupe.publish.score import PageText, read_gold

DOCS = (Path(__file__).parents[1] / "docs" / "score.md").read_text("utf-8")
((PAGE,), (PRINTED,)) = (re.findall(f"```{kind}\n(.*?)```", DOCS, re.DOTALL) for kind in ("text", "console"))
BY_WORDS, BY_OFFSETS = map(json.loads, re.findall("```json\n(.*?)```", DOCS, re.DOTALL))


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    (folder / "batteries.txt").write_text(PAGE, "utf-8")
    assert run("read", str(folder / "batteries.txt"), "--into", str(folder / "my.db"), "--jobs", "1").exit_code == 0
    return folder / "my.db"


def test_the_example(db: Path, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text(json.dumps(BY_WORDS), "utf-8")
    done = run("score", str(tmp_path / "gold.jsonl"), str(db), "--errors")
    assert (done.stdout, done.stderr, done.exit_code) == (PRINTED, "", 0)


def test_the_mistakes(db: Path, tmp_path: Path) -> None:
    told = re.findall("^    gold.jsonl:1: (.*)", DOCS, re.MULTILINE)
    pledge, attack, _ = BY_WORDS["claims"]
    claims = [
        {**pledge, "roles": {"giver": "country:DE"}},
        {**attack, "evidence": ["Russian missiles hit Odesa"]},
    ]
    (tmp_path / "gold.jsonl").write_text(json.dumps({**BY_WORDS, "claims": claims}), "utf-8")
    done = run("score", str(tmp_path / "gold.jsonl"), str(db))
    assert done.stderr.splitlines() == [f"recoupe: gold.jsonl:1: {mistake}" for mistake in told]
    assert done.exit_code == 1


def test_the_example_without_the_text(codebook: Codebook, tmp_path: Path) -> None:
    gold = []
    for name, record in (("words", BY_WORDS), ("offsets", BY_OFFSETS)):
        (tmp_path / name).write_text(json.dumps(record), "utf-8")
        gold += read_gold(tmp_path / name, codebook, lambda doc: PageText(PAGE))
    words, offsets = gold
    assert (offsets.claims, offsets.quotes) == (words.claims[:1], words.quotes)
