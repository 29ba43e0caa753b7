"""What docs/times.md shows is what the command prints."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from recoupe.cli import app

DOCS = Path(__file__).parents[1] / "docs" / "times.md"


def test_the_example(tmp_path: Path) -> None:
    text = DOCS.read_text("utf-8")
    (said,) = re.findall("```text\n(.*?)```", text, re.DOTALL)
    (printed,) = re.findall("```json\n(.*?)```", text, re.DOTALL)
    (published,) = re.findall("`--published (\\S+)`", text)
    (tmp_path / "a.txt").write_text(said, "utf-8")
    done = CliRunner().invoke(app, ["times", str(tmp_path / "a.txt"), "--published", published])
    assert done.stdout == printed
