"""What can be seen of each line of a page, and of the lines around it, as named signs.

`run` adds up what the signs are worth to find the article; `bench/learn_run.py` learns these worths from pages whose
article is known. A sign is a word such as `below:date-line`, so that a person can read why a line is kept or not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from recoupe.clean.labels import Labels, is_name
from recoupe.clean.lines import WORD, Line

SIZES = (3, 6, 11, 21, 41, 81)
"""Words from which a line is of the next size; 41 words are a paragraph of two or three sentences."""
AMOUNTS = (1, 21, 81, 201)
"""Words of paragraphs near a line from which there are more of them: a sentence, a paragraph, several."""
NEAR, AROUND, FAR = 3, 12, 40
"""How many lines up or down are near a line, around it and far from it."""
GLUED = re.compile(r"(?<=[a-zà-ÿ0-9?!.…])([A-ZÀ-Ý][a-zà-ÿ]*)\b")
"""A small letter and a word with a capital without a space between: where that word is one of the commonest, a headline
and its teaser have run into each other."""
CLOCK = re.compile(r"\b\d{1,2}\s?[:.h]\s?\d{2}\b")
BAR = re.compile(r"[|»›→▸©@#]")
QUOTED = re.compile(r"[\"“”«»]")
FAMILY = {
    reason: family
    for family, reasons in {
        "head": ("date-line", "byline"),
        "picture": ("caption", "photo-credit", "empty-link"),
        "others": ("related-headline", "teaser", "read-more", "repeat", "tags"),
        "amid": ("advert", "note-mark", "source-line", "live-blog", "list-end"),
        "readers": ("comment-form", "rating", "newsletter", "donation", "author-box", "share"),
        "site": ("menu", "cookie", "footer", "weather", "disclaimer"),
    }.items()
    for reason in reasons
}
"""Reasons that mean much the same where they stand beside a line."""
STOPS = frozenset({"comment-form", "tags", "footer"})
STOPS_AS_END = frozenset({"author-box", "byline"})
"""Reasons of lines that stand below articles alone: on pages whose article is known, 434 of 436 such lines that had
ENOUGH words of it above were below it."""
LONGEST_STOP = 20
"""Words of a sentence that may be such a line (a copyright notice)."""
TIGHT = 0.03
"""The share of lines below a blank line under which a page is set tight, each bit of text on a line of its own: there,
more lines hold as much text, and what is near a line tells something else."""
FULL = (0.3, 0.5, 0.7, 0.85, 0.95)
"""Shares of a page's words that stand in paragraphs: a page that is an article and no more has nearly all of them."""
ENOUGH = 60
"""Words of paragraphs above a line that closes articles, for it to close this one: headers of menus have fewer."""


class Signs:
    """The signs of a page's lines, and of the places between them where an article may begin or end."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.lines = labels.lines
        self.size = len(labels.lines)
        self.said = Counter(labels.keys)
        free = [r is None for r in labels.reason]
        self.amid = [self._amid(i) for i in range(self.size)]
        self.kinds = [self._kind(i) for i in range(self.size)]
        self.families = [FAMILY.get(reason or "", kind) for kind, reason in zip(self.kinds, labels.reason, strict=True)]
        texts = [
            f and (amid or line.shape == "prose") for f, amid, line in zip(free, self.amid, self.lines, strict=True)
        ]
        self.words = _sums(line.words * text for line, text in zip(self.lines, texts, strict=True))
        self.heads = _sums(
            f and not text and line.shape in ("heading", "fragment")
            for f, text, line in zip(free, texts, self.lines, strict=True)
        )
        self.furniture = _sums(not f for f in free)
        self.dates = _sums(r in ("date-line", "live-blog") for r in labels.reason)
        self.again = _sums(
            self.said[key] >= 3 and line.words <= 6 for key, line in zip(labels.keys, self.lines, strict=True)
        )
        self.twice = _sums(
            self.said[key] >= 2 and line.words >= 4 for key, line in zip(labels.keys, self.lines, strict=True)
        )
        self.common = frozenset().union(*(words for _, words in labels.furniture.stopwords))
        self.stops = {i for i, reason in enumerate(labels.reason) if self._stops(i, reason)}
        gaps = sum(line.after_gap for line in self.lines)
        self.kind_of_page = "tight-" if gaps < TIGHT * self.size else ""
        self.full = bisect_right(FULL, self.words[-1] / max(1, sum(line.words for line in self.lines)))
        self.told = self._told()
        self.titled = self._after_title()
        self.closed = self._closed()

    def _amid(self, i: int) -> bool:
        """Is line `i` a part of a sentence that links have cut into several lines?"""
        return self.lines[i].shape != "prose" and (self.labels.goes_on(i) or self.labels.goes_on(i + 1))

    def _kind(self, i: int) -> str:
        """What a line is, in a word: its reason, or its shape and whether it is long."""
        line, reason = self.lines[i], self.labels.reason[i]
        if reason is not None:
            return reason
        if self.amid[i]:
            return "part"
        long = line.words >= (21 if line.shape == "prose" else 6)
        return f"{'long' if long else 'short'}-{line.shape}" + ("-item" if line.item else "")

    def _stops(self, i: int, reason: str | None) -> bool:
        """Does no article go on below line `i`, where it has begun above? A whole paragraph may only mention a tag."""
        known = reason in STOPS or (i in self.labels.ends and reason in STOPS_AS_END)
        return known and (self.lines[i].shape != "prose" or self.lines[i].words <= LONGEST_STOP)

    def _after_title(self) -> int:
        """The place below the line that says the page's first line once more (its heading), or 0."""
        first = self.labels.keys[0] if self.labels.keys else ""
        for i in range(1, self.size):
            key = self.labels.keys[i]
            if self.lines[i].words >= 3 and first.startswith(key) and 3 * len(key) >= len(first):
                return i + 1
        return 0

    def _told(self) -> frozenset[str]:
        """The words of the page's first line, which is mostly its title, without the commonest of the language."""
        words = WORD.findall(self.lines[0].plain.casefold()) if self.lines and self.lines[0].words <= 40 else []
        return frozenset(w for w in words if len(w) > 2) - self.common

    def _closed(self) -> dict[str, int]:
        """For each reason for which a line closes articles, the first such line with paragraphs above it."""
        found: dict[str, int] = {}
        for i, reason in enumerate(self.labels.reason):
            if (i in self.labels.ends or reason == "comment-form") and self.words[i] >= ENOUGH:
                found.setdefault(reason or "", i)
        return found

    def within(self, sums: Sequence[int], low: int, high: int) -> int:
        """A sum over the lines from `low` to `high` (half open), which may reach beyond the page."""
        return sums[max(0, min(high, self.size))] - sums[max(0, min(low, self.size))]

    def line(self, i: int) -> Iterator[str]:
        """The signs of line `i`: how far it looks like a line of the article."""
        line, reason = self.lines[i], self.labels.reason[i]
        yield f"is:{self.kinds[i]}"
        yield f"above:{self._kind_at(i - 1)}"
        yield f"below:{self._kind_at(i + 1)}"
        if reason is None:
            shape = "part" if self.amid[i] else line.shape
            yield f"{shape}:size{bisect_right(SIZES, line.words)}"
            yield f"{shape}:common{int(10 * min(max(line.density, default=0.0), 0.5))}"
            yield from self._marks(i, line)
        yield from self._surroundings(i)

    def _group(self, i: int) -> str:
        if self.labels.reason[i] is not None:
            return "furniture"
        return "part" if self.amid[i] else "prose" if self.lines[i].shape == "prose" else "short"

    def _marks(self, i: int, line: Line) -> Iterator[str]:
        """What a line that no phrase explains has about it."""
        group = self._group(i)
        seen = {
            "item": line.item,
            "gap": line.after_gap,
            "asks": line.plain.endswith("?"),
            "cut": line.cut,
            "titled": line.titled,
            "glued": any(found[1].casefold() in self.common for found in GLUED.finditer(line.plain)),
            "clock": bool(CLOCK.search(line.plain)),
            "bar": bool(BAR.search(line.plain)),
            "quote": bool(QUOTED.search(line.plain)),
            "name": is_name(line),
            "digit": line.plain[:1].isdigit(),
            "number": any(c.isdigit() for c in line.plain),
            "colon": ":" in line.plain,
            "again": self.said[self.labels.keys[i]] > 1,
            "open": not line.ended,
        }
        yield from (f"{group}:{name}" for name, found in seen.items() if found)
        if self.told and i:
            told = len(self.told & set(WORD.findall(line.plain.casefold())))
            yield f"{group}:told{min(told, 3)}"

    def _surroundings(self, i: int) -> Iterator[str]:
        """How much there is of what above and below a line."""
        group, page = self._group(i), self.kind_of_page
        for reach in (NEAR, AROUND, FAR):
            above, below = (i - reach, i), (i + 1, i + 1 + reach)
            amounts = sorted(bisect_right(AMOUNTS, self.within(self.words, *side)) for side in (above, below))
            yield f"{page}{group}:text{reach}:{amounts[0]}-{amounts[1]}"
            both = i - reach, i + 1 + reach
            yield f"{page}heads{reach}:{_share(self.within(self.heads, *both), 2 * reach + 1)}"
            yield f"{page}furniture{reach}:{_share(self.within(self.furniture, *both), 2 * reach + 1)}"
        dates = self.within(self.dates, i - 6, i + 7)
        yield f"{group}:page{self.full}"
        yield f"{group}:dates{min(dates, 4)}"
        yield f"{group}:twice{min(self.within(self.twice, i - 8, i + 9), 4)}"
        yield f"{group}:again{min(self.within(self.again, i - 6, i + 7), 4)}"
        if self.titled:
            yield "above-title" if i < self.titled else "below-title"
        for reason, place in self.closed.items():
            if i >= place:
                yield f"closed:{reason}"

    def start(self, i: int) -> Iterator[str]:
        """The signs that an article begins with line `i`."""
        yield f"is:{self.kinds[i]}"
        for back in (1, 2, 3):
            yield f"above{back}:{self._kind_at(i - back)}"
        yield f"below:{self._kind_at(i + 1)}"
        yield f"text:{bisect_right(AMOUNTS, self.within(self.words, i, i + AROUND))}"
        yield f"text-above:{bisect_right(AMOUNTS, self.within(self.words, i - AROUND, i))}"
        if self.titled:
            after = i - self.titled
            yield "before-title" if after < 0 else f"after-title:{bisect_right((1, 4, 8, 16), after)}"
        yield f"page{self.full}:{self.families[i]}"
        yield f"dated:{min(2, self.within(self.dates, i - 4, i))}"

    def end(self, i: int) -> Iterator[str]:
        """The signs that an article ends above line `i` (the page's length where nothing is below)."""
        yield f"last:{self.kinds[i - 1]}"
        for on in (0, 1, 2):
            yield f"below{on}:{self._kind_at(i + on)}"
        yield f"text:{bisect_right(AMOUNTS, self.within(self.words, i, i + AROUND))}"
        yield f"text-above:{bisect_right(AMOUNTS, self.within(self.words, i - AROUND, i))}"
        if i in self.labels.ends:
            yield "ends"
        for reason, place in self.closed.items():
            if i == place:
                yield f"closes:{reason}"

    def _kind_at(self, i: int) -> str:
        return self.families[i] if 0 <= i < self.size else "edge"


def _sums(values: Iterator[int]) -> list[int]:
    found = [0]
    for value in values:
        found.append(found[-1] + value)
    return found


def _share(part: int, whole: int) -> int:
    """A share in fifths, none and some apart."""
    return 0 if not part else 1 + 5 * part // (whole + 1)
