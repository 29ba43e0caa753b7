"""The page on pages says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from recoupe.clean import front, markup, site
from recoupe.codebook import default_codebook

ROOT = Path(__file__).parents[1]


def test_every_reason_is_explained() -> None:
    table = (ROOT / "docs/pages.md").read_text(encoding="utf-8").partition("### Why something is dropped")[2]
    told = {
        name for row in re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)
    }
    furniture = default_codebook().furniture
    used = {phrase.reason for phrase in (*furniture.lines, *furniture.heads, *furniture.ends)}
    used |= {front.Front(0).reason, site.REASON, *markup.REASONS.values()}
    for file in (ROOT / "src/recoupe/clean").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        used |= set(re.findall(r"reasons?(?:\[\w+\])? = \"([a-z-]+)\"", text))
    assert used <= told, f"docs/pages.md does not explain {sorted(used - told)}"
