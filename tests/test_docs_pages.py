"""The page on pages says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from recoupe.clean import clean, front, markup, site
from recoupe.codebook import default_codebook
from recoupe.load import find_pages
from recoupe.model import Page

ROOT = Path(__file__).parents[1]


def page_with_another_address() -> Page:
    head = '<title>Ten tanks for Kyiv | Gazette</title><link rel="canonical" href="https://other.example/x">'
    body = (
        "<h1>Ten tanks for Kyiv in spring | Gazette</h1>"
        + "<p>The minister said on Tuesday that the country would send ten tanks to Ukraine.[[1]](#n)</p>" * 3
    )
    return Page.of("x.html", head + body, (("url", "https://gazette.example/x"),), "html")


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
    for page in find_pages([ROOT / "examples"], lambda problem: None):
        used |= {drop.reason for drop in clean(page, furniture).dropped}
    other = page_with_another_address()
    used |= {drop.reason for drop in clean(other, furniture).dropped}
    assert {"after-end", "other-address", "page-title", "note-mark", "site-name"} <= used
    assert used <= told, f"docs/pages.md does not explain {sorted(used - told)}"
