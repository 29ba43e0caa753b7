"""The head of an article: which line is its title, which its lead, who wrote it, and whose outlet it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from recoupe.clean.labels import Labels, is_name
from recoupe.clean.lines import WORD, Line
from recoupe.clean.run import STAMP, Run, prose_words
from recoupe.codebook.furniture import Furniture
from recoupe.model import Page

SITE = re.compile(r"\s+[-–—·:»]\s+|\s*\|\s*")
LONGEST_TITLE = 400
"""Characters of a title with the names that sites add to it."""
ACCEPTED = 1.3
"""A title's least score: what a line of five words gets that shares half of them with the article and is near it."""
TITLE, SUBTITLE = 6, 18
"""Words from which a line may be a title and no kicker, and a subtitle and no title: few titles have 18 words."""
FAR = 120
"""Lines above the article in which its title is looked for."""
GAP = re.compile(r"\S(?: {2,}|\t+)\S")
ABOVE = 30
"""Words of sentences at the head of the run that may stand above its title: a caption, or two."""
PARAGRAPH = 25
"""Words of a paragraph that is the article's though other things stand between: captions and teasers have fewer."""
STEM = 5
"""Letters of a word that are compared: enough to tell words apart, few enough to leave endings out."""


def site_suffix(plain: str, names: Sequence[str]) -> int:
    """Where the name of the site begins that a line such as "Title | Site" ends with, else the line's length."""
    at = len(plain)
    while at <= LONGEST_TITLE:
        found = next(reversed(list(SITE.finditer(plain[:at]))), None)
        if found is None or found.start() < 12:
            break
        said = plain[found.end() : at]
        bar = "|" in found[0] and len(said.split()) <= 6
        if not bar and not _names_site(said, names, word=":" not in found[0]):
            break
        at = found.start()
    return at


def _names_site(said: str, names: Sequence[str], word: bool) -> bool:
    """Is what stands after a title the name of the host, or mostly that, or (`word`) has it among its words?"""
    suffix = _letters(said)
    words = {w.casefold() for w in WORD.findall(said)} if word else set()
    most = any(suffix in n or (n in suffix and 2 * len(n) >= len(suffix)) for n in names)
    return len(suffix) >= 3 and (most or (len(said.split()) <= 8 and not words.isdisjoint(names)))


def _letters(text: str) -> str:
    return "".join(WORD.findall(text)).casefold()


def host_names(page: Page) -> list[str]:
    """The letters of the page's host, part by part, to know the site's name by."""
    host = urlsplit(page.about("url") or "").hostname or ""
    return [p for p in (_letters(part) for part in host.split(".")) if len(p) > 3]


class Head:
    """Finds the title above (or just inside) the main run."""

    def __init__(self, page: Page, labels: Labels, run: Run, furniture: Furniture, foreign: frozenset[int]) -> None:
        self.labels = labels
        self.foreign = foreign
        self.lines = labels.lines
        self.run = run
        self.stop = frozenset().union(*(words for _, words in furniture.stopwords))
        self.names = host_names(page)
        self.told = self.bare(page.about("title") or "")
        self.lead_told = _squeeze(page.about("description") or "")
        self.first = self._first_line()
        self.body = self._stems(
            " ".join(self.lines[i].plain[:2000] for i in range(run.start, run.end) if prose_words(labels, i))
        )

    def bare(self, plain: str) -> str:
        """A title's letters and digits, without the name of the site."""
        return _squeeze(plain[: site_suffix(plain, self.names)])

    def _stems(self, plain: str) -> set[str]:
        tokens = (t.casefold() for t in WORD.findall(plain))
        return {_unaccented(t[: 2 * STEM])[:STEM] for t in tokens if t not in self.stop and len(t) > 2}

    def _shared(self, line: Line) -> float:
        """The share of a line's own words (not the commonest of the language) that the article uses too."""
        stems = self._stems(line.plain)
        return len(stems & self.body) / len(stems) if stems else 0.0

    def title(self) -> int | None:
        """The index of the title's line, or None."""
        scored = [
            (self._score(i), -abs(self.run.start - i), i)
            for i in range(max(0, self.run.start - FAR), self._last_candidate())
            if self._candidate(i)
        ]
        if self.told and not any(self._is_told(i) for _, _, i in scored):
            first_said = self.lines[0].plain if self.lines else ""
            scored = [s for s in scored if s[0] >= ACCEPTED + 2 and fuzz.ratio(first_said, self.told) > 60]
        scores = {i: score for score, _, i in scored if score >= ACCEPTED}
        best = max(scored, default=None)
        if best is None or best[2] not in scores:
            return self._page_title()
        return best[2] - 1 if self._subtitle(best[2]) and best[2] - 1 in scores else best[2]

    def _subtitle(self, i: int) -> bool:
        """Is the line as long as a subtitle, below one as long as a title?"""
        return i > 0 and self.lines[i].words >= SUBTITLE and TITLE <= self.lines[i - 1].words < self.lines[i].words

    def _page_title(self) -> int | None:
        """The page's first line where it names the site too and shares its other words with the article."""
        if not self.lines or self.run.start == 0 or self.labels.reason[0] not in (None, "repeat"):
            return None
        named = site_suffix(self.lines[0].plain, self.names) < len(self.lines[0].plain)
        return 0 if named and self._shared(self.lines[0]) >= 0.5 else None

    def _first_line(self) -> str:
        """The page's first line, where it can be the page's title; pages kept as text begin with it."""
        return self.bare(self.lines[0].plain) if self.lines and self.lines[0].words >= 3 else ""

    def _last_candidate(self) -> int:
        """Below this index no title is looked for: at most a caption or two in the run may stand above it."""
        seen = 0
        for i in range(self.run.start, self.run.end):
            seen += prose_words(self.labels, i)
            if seen > min(ABOVE, 0.2 * self.run.words):
                return i
        return self.run.end

    def _candidate(self, i: int) -> bool:
        line = self.lines[i]
        known = self.labels.reason[i] not in (None, "repeat") and not self.labels.listed[i]
        if known and not (self.labels.reason[i] == "related-headline" and (self._is_first(i) or self._is_told(i))):
            return False
        if not 3 <= line.words <= 40 or len(line.plain) > 300 or line.bracket_cut or line.shape == "junk":
            return False
        # A title in lower case is believed only where the page's own title says the same.
        if line.shape == "fragment" and not self._is_first(i):
            return False
        if self.labels.goes_on(i) or self.labels.goes_on(i + 1):
            return False
        if i in self.foreign:
            return False
        asks = line.plain.endswith(("?", "!"))
        if i > self.run.start and (line.words < 5 or self._shared(line) < 0.4 or (line.shape == "prose" and not asks)):
            return False
        # A full sentence is rarely a title, unless the page begins with it.
        return line.shape != "prose" or asks or (i == 0 and (line.words <= 20 or not line.ended))

    def _is_first(self, i: int) -> bool:
        """Does a line below the first say the same as the first, the page's title?"""
        said = _squeeze(self.lines[i].plain)
        return i > 0 and bool(self.first) and (said == self.first or fuzz.ratio(said, self.first) >= 80)

    def tells(self, line: Line) -> bool:
        """Is a line that stands apart from the article (in the front matter) its title, and not that of the site?"""
        return line.words >= 3 and self._shared(line) >= (0.2 if line.words >= 6 else 0.5)

    def _is_told(self, i: int) -> bool:
        said = _squeeze(self.lines[i].plain)
        return bool(self.told) and (said == self.told or fuzz.ratio(said, self.told) >= 85)

    def _score(self, i: int) -> float:
        line = self.lines[i]
        between = sum(self.labels.reason[j] is None for j in range(i + 1, self.run.start))
        score = 2.0 * self._shared(line) - 0.03 * between
        score += 4.0 if self._is_told(i) else 0.0
        if i == 0:
            # A few words, all with a capital, may be the site's name.
            own = not is_name(line) and site_suffix(line.plain, self.names) == len(line.plain)
            score += 1.0 if own else 0.0
        elif self._is_first(i):
            score += 3.0
        below = next((j for j in range(i + 1, len(self.lines)) if self.labels.reason[j] != "date-line"), i)
        score -= 2.0 if self.labels.reason[below] == "teaser" else 0.0
        score -= 1.0 if self.labels.listed[i] else 0.0
        # A heading below a time of day heads an entry of a live page, not the page.
        score -= 1.0 if self.heads_entry(i) else 0.0
        score += 0.5 if line.words >= 5 else 0.0
        return score - (0.5 if line.item else 0.0)

    def heads_entry(self, i: int) -> bool:
        """Is the line a heading below a time of day?"""
        return i > 0 and self.lines[i].shape == "heading" and bool(STAMP.match(self.lines[i - 1].plain))

    def leads(self, title: int | None) -> list[int]:
        """The lines between the title and the run that belong to the article: its lead, and points that sum it up."""
        found: list[int] = []
        if title is not None and title < self.run.start:
            for i in range(title + 1, min(title + 6, self.run.start)):
                line = self.lines[i]
                sentence = line.words >= 8 and max(line.density, default=0) >= 0.2 and not line.titled
                if self._lead(i, sure=sentence and i == title + 1):
                    found.append(i)
                    break
        for i in range(self.run.start - 1, max(self.run.start - 6, -1 if title is None else title), -1):
            line = self.lines[i]
            point = line.item and line.words >= 6
            told = bool(self.lead_told) and fuzz.ratio(_squeeze(line.plain), self.lead_told) >= 85
            fits = point or told or (title is None and self._lead(i))
            if self.labels.reason[i] is not None or not fits or self._shared(line) < 0.4:
                break
            found.append(i)
        return sorted(set(found))

    def paragraphs(self, title: int | None) -> list[int]:
        """The paragraphs between the title and the run, which a list of other articles or an appeal has parted off."""
        between = range(title + 1, self.run.start) if title is not None else range(0)
        return [i for i in between if self._paragraph(i)]

    def _paragraph(self, i: int) -> bool:
        line = self.lines[i]
        full = line.shape == "prose" and line.ended and not line.cut and line.words >= PARAGRAPH
        pictured = self.labels.reason[i + 1] in ("caption", "photo-credit")
        return full and not pictured and self.labels.reason[i] is None and self._shared(line) >= 0.4

    def _lead(self, i: int, sure: bool = False) -> bool:
        line = self.lines[i]
        near = sure or self._shared(line) >= 0.4
        free = self.labels.reason[i] is None and line.shape in ("prose", "heading") and not line.cut
        return free and 6 <= line.words <= 80 and near and self.labels.keys[i] not in self._title_keys

    @property
    def _title_keys(self) -> set[str]:
        return {self.first, self.told}


def _unaccented(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _squeeze(plain: str) -> str:
    return re.sub(r"[\W_]+", " ", plain).strip().casefold()


def byline(page: Page, labels: Labels, title: int | None, run: Run) -> tuple[str | None, int | None]:
    """Who the article says wrote it, and the line of a bare name in its head where nothing else says so."""
    top = run.start if title is None else title
    near = range(max(0, top - 4), min(len(labels.lines), max(run.start, top + 8) + 2))
    after = range(run.end, min(len(labels.lines), run.end + 4))
    told = next((labels.names[i] for i in near if i in labels.names), None)
    if told:
        return told, None
    if title is not None:
        order = sorted(near, key=lambda i: (abs(i - title), i))
        for i in order:
            # A name above the title that the page says elsewhere too is a section's.
            once = i > title or labels.keys.count(labels.keys[i]) == 1
            # The page's first line is the site's name, and a line with wide gaps a menu.
            alone = i > 0 and not any(GAP.search(page.text, s.start, s.end) for s in labels.lines[i].spans)
            free = labels.reason[i] is None and alone and once
            if i != title and abs(i - title) <= 4 and free and is_name(labels.lines[i]):
                return labels.lines[i].plain.strip(" |,"), i
    last = range(max(run.start, run.end - 3), run.end)
    return next((labels.names[i] for where in (after, last) for i in where if i in labels.names), None), None


def outlet(page: Page, labels: Labels, furniture: Furniture) -> str | None:
    """Whose page it is: the host of its address, else a name that the page itself gives, else None."""
    for key in ("url", "source"):
        value = page.about(key) or ""
        host = urlsplit(value).hostname if "//" in value else None
        if host:
            return re.sub(r"^(?:www\d?|m|amp)\.", "", host)
        if key == "source" and value:
            return value
    for line in labels.lines:
        if len(line.plain) > 700:
            continue
        for pattern in furniture.outlets:
            if found := pattern.search(line.plain):
                return found["name"].strip()
    return None
