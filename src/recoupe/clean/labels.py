"""Why a line is furniture: known phrases, lists of other articles, dates, and what the page says over and over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from recoupe.clean.lines import Line, continues
from recoupe.codebook.furniture import Furniture, Phrase, Phrases

LONGEST = 700
"""Characters; longer lines are not looked at for phrases: no furniture is that long, and time stays linear."""

LISTED = 16
"""Lines that a header of a list of other articles takes with it at most."""

LISTED_TOO = frozenset({None, "teaser", "date-line", "byline", "empty-link", "menu", "photo-credit", "read-more"})
"""What may stand amid the headlines of such a list."""

ASKING = frozenset({"donation", "newsletter", "comment-form", "rating"})

NUMBER = re.compile(r"\d{1,4}([^\W\d_]*)$")
WHOLE_DATE = re.compile(r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\s?[:h]\s?\d{2}(?::\d{2})?)(?!\d)")
NOTE = re.compile(r"(?:\[\w{1,10}\]\W*)+")
DATE_TOKEN = re.compile(r"[^\W\d_]+|\d+[^\W\d_]*")


class Labels:
    """The labels of a page's lines: `reason` for lines that are furniture, `listed` for those under a header of a list
    of other articles, `ends` for lines after which the article does not go on, `chronology` for dates that
    head paragraphs of it, `sure` for lines that are the article's by the page's markup."""

    def __init__(self, lines: Sequence[Line], furniture: Furniture) -> None:
        self.lines = lines
        self.furniture = furniture
        self.keys = [line.key for line in lines]
        self.reason: list[str | None] = [None] * len(lines)
        self.listed: list[bool] = [False] * len(lines)
        self.ends: set[int] = set()
        self.sure: set[int] = set()
        self.told: list[bool] = []
        self.chronology: set[int] = set()
        self.names: dict[int, str] = {}
        memory: dict[str, tuple[str | None, bool, str]] = {}
        heads: set[int] = set()
        for i, line in enumerate(lines):
            if line.plain not in memory:
                memory[line.plain] = self._known(line)
            self.reason[i], ends, name = memory[line.plain]
            self.told.append(self.reason[i] is not None)
            if ends:
                self.ends.add(i)
            elif found := _fits(furniture.heads, line.plain):
                self.reason[i] = found.reason
                heads.add(i)
            if name:
                self.names[i] = name
        self._misread()
        self._shapes()
        self._lists(heads)
        self._names()
        self._spread("cookie")
        self._between()
        self._repeats()
        self._dated_list()
        self._link_list()
        self._timeline()

    def trust(self, kept: set[int]) -> None:
        """Takes these lines for the article's, whatever their shape or place tells."""
        self.sure = {i for i in kept if not self.told[i]}
        for i in self.sure:
            self.reason[i] = None

    def goes_on(self, i: int) -> bool:
        """Does line `i` go on with the sentence of the line above it, neither being furniture?"""
        if not 0 < i < len(self.lines) or self.reason[i] is not None or self.reason[i - 1] is not None:
            return False
        return continues(self.lines[i - 1], self.lines[i])

    def known(self, line: Line) -> str | None:
        """The reason by the phrases known of a line, or part of one, that stands alone."""
        return self._known(line)[0]

    def _known(self, line: Line) -> tuple[str | None, bool, str]:
        """A line's reason by the phrases known, whether the article ends with it, and the author whom it names."""
        plain = line.plain
        if not plain:
            return "empty-link", False, ""
        if NOTE.fullmatch(plain):
            return "note-mark", False, ""
        if len(plain) > LONGEST:
            return None, False, ""
        named = next((m["name"].strip() for p in self.furniture.bylines if (m := p.search(plain))), "")
        if found := _fits(self.furniture.ends, plain):
            return found.reason, True, named
        found = _fits(self.furniture.lines, plain)
        if named and (found is None or found.reason == "byline"):
            return "date-line" if self._dated(plain) else "byline", False, named
        if found:
            return found.reason, False, named if found.reason == "date-line" else ""
        if self._only_date(plain):
            return "date-line", False, ""
        half = len(plain) // 2
        if len(plain) >= 40 and plain[:half].strip() == plain[half:].strip():
            return "related-headline", False, ""
        return None, False, ""

    def _dated(self, plain: str) -> bool:
        """Does a line name a month or a day of the week, and a year?"""
        tokens = {t.casefold() for t in DATE_TOKEN.findall(plain)}
        return bool(tokens & self.furniture.dates) and any(t.isdigit() and len(t) == 4 for t in tokens)

    def _only_date(self, plain: str) -> bool:
        """Does the line say a date or a time and nothing else?"""
        if len(plain) > 120 or not any(c.isdigit() for c in plain):
            return False
        rest = WHOLE_DATE.sub(" ", plain)
        tokens = [t.casefold() for t in DATE_TOKEN.findall(rest)]
        dates = [t for t in tokens if t in self.furniture.dates]
        known = self.furniture.dates | self.furniture.date_leads | {""}
        numbers = (NUMBER.match(t) for t in tokens)
        fits = all(t in known or (n is not None and n[1] in known) for t, n in zip(tokens, numbers, strict=True))
        return fits and (bool(dates) or rest != plain)

    def _misread(self) -> None:
        """A sentence amid paragraphs that tells who somebody is belongs to them; an author's box stands apart."""
        for i in range(1, len(self.lines) - 1):
            if self.reason[i] == "author-box" and self.lines[i].shape == "prose":
                amid = all(self.reason[j] is None and self.lines[j].shape == "prose" for j in (i - 1, i + 1))
                self.reason[i] = None if amid else "author-box"

    def _shapes(self) -> None:
        """What a line's shape tells beside others: teasers break off, a caption is part of one with a credit."""
        above: Line | None = None
        known = [k for k, r in zip(self.keys, self.reason, strict=True) if r == "caption"]
        captions, ends = sorted(known), sorted(k[::-1] for k in known)
        for i, line in enumerate(self.lines):
            if self.reason[i] is None and line.cut and line.words >= 6:
                headline = above is not None and above.shape in ("heading", "sentence") and not above.item
                if line.bracket_cut or headline or not line.after_gap or self._third_cut(i):
                    self.reason[i] = "teaser"
            if self.reason[i] is None and line.words >= 5:
                part = _begins_one(self.keys[i], captions) or _begins_one(self.keys[i][::-1], ends)
                self.reason[i] = "caption" if part else None
            above = line

    def _third_cut(self, i: int) -> bool:
        """Is line `i` one of three in a row that break off?"""
        near = range(max(0, i - 2), min(i, len(self.lines) - 3) + 1)
        return any(all(self.lines[j].cut for j in range(k, k + 3)) for k in near)

    def _lists(self, heads: set[int]) -> None:
        """Marks what stands under a header of a list of other articles, up to the next full paragraph."""
        for i in heads:
            for j in range(i + 1, min(i + 1 + LISTED, len(self.lines))):
                line = self.lines[j]
                if self.reason[j] not in LISTED_TOO:
                    break
                if self.reason[j] is None:
                    if line.shape == "prose" or (line.shape == "fragment" and not self._open_label(j)):
                        break
                    self.reason[j] = "related-headline"
                    self.listed[j] = True

    def _open_label(self, i: int) -> bool:
        """Is a line that starts in lower case a mere label of one or two words?"""
        return self.lines[i].words <= 2

    def _names(self) -> None:
        """Names that stand under a header of authors."""
        for i, line in enumerate(self.lines):
            if not any(p.search(line.plain) for p in self.furniture.byline_heads if len(line.plain) <= LONGEST):
                continue
            self.reason[i] = self.reason[i] or "byline"
            for j in range(i + 1, min(i + 12, len(self.lines))):
                if self.reason[j] is None and is_name(self.lines[j]):
                    self.reason[j] = "byline"
                    self.names.setdefault(j, self.lines[j].plain.strip(" |,"))
                elif self.lines[j].shape != "junk" and self.lines[j].words > 1:
                    break

    def _spread(self, reason: str) -> None:
        """Lines between many that are furniture for `reason` are so too, though no phrase tells it."""
        hits = [0]
        for r in self.reason:
            hits.append(hits[-1] + (r == reason))
        for i in range(len(self.lines)):
            low, high = max(0, i - 8), min(len(self.lines), i + 9)
            above, below = hits[i] - hits[low], hits[high] - hits[i]
            if self.reason[i] is None and above and below and above + below >= 4 and self.lines[i].words < 60:
                self.reason[i] = reason

    def _between(self) -> None:
        """A line between two that ask for money, or two of a form, belongs to them."""
        for i in range(1, len(self.lines) - 1):
            above, below = self.reason[i - 1], self.reason[i + 1]
            if self.reason[i] is None and above == below and above in ASKING and self.lines[i].words <= 60:
                self.reason[i] = above

    def _dated_list(self) -> None:
        """Three headlines and more, a date or an author below each, are a list of other articles, with what is amid."""
        dated = [
            i
            for i in range(1, len(self.lines))
            if self.reason[i] in ("date-line", "byline")
            and self.reason[i - 1] is None
            and self.lines[i - 1].shape == "heading"
            and not is_name(self.lines[i - 1])
        ]
        for a, _, c in zip(dated, dated[1:], dated[2:], strict=False):
            if c - a <= LISTED:
                for i in range(a - 1, c):
                    if self.reason[i] is None and self.lines[i].words <= 60:
                        self.reason[i] = "related-headline"

    def _link_list(self) -> None:
        """What stands amid links without words, or amid headlines made points of a list, belongs to other articles."""
        links, cards = [0], [0]
        for line, reason in zip(self.lines, self.reason, strict=True):
            links.append(links[-1] + (reason == "empty-link"))
            cards.append(cards[-1] + line.card)
        for i, line in enumerate(self.lines):
            low, high = max(0, i - 4), min(len(self.lines), i + 5)
            listed = links[high] - links[low] >= 3 or cards[high] - cards[low] >= 2
            above = links[i] - links[low] + 2 * (cards[i] - cards[low])
            below = links[high] - links[i + 1] + 2 * (cards[high] - cards[i + 1])
            # A paragraph with links on one side alone is the article's last or first.
            least = 2 if line.shape == "prose" else 1
            if self.reason[i] is None and listed and (line.card or min(above, below) >= least):
                self.reason[i] = "teaser" if line.shape == "prose" else "related-headline"

    def _timeline(self) -> None:
        """Dates that head paragraphs amid the article are its own (a chronology): they are no furniture."""
        heads = [
            i
            for i in range(1, len(self.lines) - 1)
            if self.reason[i] == "date-line" and self._prose(i + 1) and self._prose(i - 1)
        ]
        if len(heads) >= 2:
            for i in heads:
                self.reason[i] = None
            self.chronology.update(heads)

    def _repeats(self) -> None:
        """What a page says three times, amid furniture, is no paragraph of an article (a caption, an appeal)."""
        counts = Counter(self.keys)
        last = len(self.lines) - 1
        lonely = Counter(
            self.keys[i]
            for i, line in enumerate(self.lines)
            if line.shape == "prose" and not (self._prose(max(i - 1, 0)) and self._prose(min(i + 1, last)))
        )
        for i, key in enumerate(self.keys):
            if self.reason[i] is None and counts[key] >= 3 and 2 * lonely[key] > counts[key]:
                self.reason[i] = "repeat"

    def _prose(self, i: int) -> bool:
        return self.lines[i].shape == "prose" and self.reason[i] is None


def _fits(phrases: Phrases, plain: str) -> Phrase | None:
    return None if len(plain) > LONGEST else phrases.first(plain)


def _begins_one(key: str, ordered: Sequence[str]) -> bool:
    """Does one of the sorted keys begin with `key`?"""
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if ordered[middle] < key else (low, middle)
    return low < len(ordered) and ordered[low].startswith(key)


def is_name(line: Line) -> bool:
    """Could the line be a person's name and nothing else: two to five words, all with a capital?"""
    words = line.plain.strip(" |,").split()
    if not 2 <= len(words) <= 5 or any(c.isdigit() for c in line.plain) or line.plain.endswith((".", "!", "?", ":")):
        return False
    return all(w[0].isupper() for w in words) and max(line.density, default=0) <= 0.34
