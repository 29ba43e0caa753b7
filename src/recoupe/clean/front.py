"""The block of fields between `---` lines at the head of a Markdown file: where it ends, and where its title stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from recoupe.model import Span

BLOCK = re.compile(r"---[ \t]*\n((?:.*\n){1,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
FIELD = re.compile(r"[A-Za-z][\w-]{0,40}[ \t]*:|[ \t#-]|$", re.MULTILINE)
TITLE = re.compile(r"^title[ \t]*:[ \t]+(\"?'?)(.*\S)[ \t]*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Front:
    """Where the block ends (0 where there is none), the characters of the title in it, and why the rest is dropped."""

    end: int
    title: Span | None = None
    reason: str = "front-matter"


def front_of(text: str) -> Front:
    """The block at the head of a text. Three dashes may also be a rule, so each line of it must look like a field."""
    found = BLOCK.match(text)
    if not found or not all(FIELD.match(line) for line in found[1].split("\n")):
        return Front(0)
    named = TITLE.search(text, found.start(1), found.end(1))
    if not named:
        return Front(found.end())
    start, end = named.span(2)
    if named[1] and text[end - 1] == named[1][-1]:
        end -= 1
    return Front(found.end(), Span(start, end) if start < end else None)
