"""The page on pages says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from recoupe.clean import clean, front, markup, site
from recoupe.codebook import default_codebook
from recoupe.load import find_pages
from recoupe.model import Page

ROOT = Path(__file__).parents[1]


URL = (("url", "https://gazette.example/x"),)
TITLE = "Ten more tanks for the army of Ukraine this spring | Gazette"
SENTENCES = (
    "The minister said on Tuesday that the country would send ten tanks to Ukraine.[[1]](#n)",
    "They are to leave their base in the north before the end of the month, he told reporters.",
    "The crews have been trained in a camp by the sea since the spring of last year, he added.",
)
PAGES = (
    Page.of("x.txt", "\n\n".join((TITLE, *SENTENCES)), URL),
    Page.of("x.html", f'<link rel="canonical" href="https://other.example/x"><p>{"<p>".join(SENTENCES)}', URL, "html"),
)


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
    for page in (*find_pages([ROOT / "examples"], lambda problem: None), *PAGES):
        used |= {drop.reason for drop in clean(page, furniture).dropped}
    assert {"after-end", "other-address", "page-title", "note-mark", "site-name"} <= used
    assert used <= told, f"docs/pages.md does not explain {sorted(used - told)}"
