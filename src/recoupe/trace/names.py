"""Finds the outlets of a codebook in a text: by name, by address, and in words that say what the text has from them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from recoupe.codebook.credits import Credits, pattern
from recoupe.codebook.names import AGENCY, Outlet
from recoupe.model import Report

DOMAIN = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,9}[a-z]{2,24})(?=\.?(?:[/\s?#:,;)\]]|$))", re.IGNORECASE)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'&-]{0,40}"
_CAPITALS = re.compile(rf"(?<![\w.]){_CAPITAL}(?:[^\S\n](?:[^\W\d_]{{1,3}}[^\S\n])?{_CAPITAL}){{0,9}}")
_WORD = re.compile(r"\S+")
_LONGEST_NAME = 6  # words
_SEPARATORS = re.compile(r"[\s,;:/&|+.()\[\]\-–—]+|\d{4}")
_REACH = 80  # characters before a name in which words that say it had the news first may begin
_NOTICE = 320  # and those of a notice, which may hold the article's title
_MARKS = r"[*_\"“«‹\[]*(?:\[[^\]\n]{1,80}\]\()?"  # what sets a name, or a link's address, apart
_OPENING = r"(?:^|[.!?:»”\"*\])\n])[\W_]{0,8}"  # where a line or a sentence begins
_LINE = r"(?:^|\n|[.!?»”\"*\])]\s*\()[\W_]{0,8}"  # where a line or a bracket of its own begins
# The rest of an address or link, and marks.
_CLOSING = r"(?:[/:?#][^\s()\[\]]{0,300})?[*_\"”»'\])]{0,8}(?:\([^()\s]{0,300}\)[*_\"”»\])]{0,8})?"
_SHUT = r"[\s)\]*_\"”»]{0,8}"
_APART, _SHORT = r"[\s,()–—-]{1,8}", r"[^\W\d_]{1,3}\.?"  # between the parts of a date, and the words that join them
_LABEL_MARK = r"\s*(?::|[-–—]\s)\s*"


@dataclass(frozen=True, slots=True)
class Found:
    """An outlet's name in a text."""

    start: int
    end: int
    outlet: str


class Outlets:
    """The outlets of a codebook, found by address."""

    def __init__(self, outlets: Mapping[str, Outlet]) -> None:
        self.outlets = outlets
        known = sorted(outlets.items())
        self._ids = {
            name: id_ for id_, outlet in known for c in (outlet.name, *outlet.credits) for name in (c, c.upper())
        }
        self._domains = {domain.lower(): id_ for id_, outlet in known for domain in outlet.domains}

    def of_domain(self, host: str) -> str | None:
        """The outlet that a host name belongs to: its own domain, or one below it."""
        parts = host.lower().split(".")
        return next((self._domains[d] for i in range(len(parts)) if (d := ".".join(parts[i:])) in self._domains), None)

    def own(self, report: Report) -> str | None:
        """The id of the outlet that published the report, where the codebook knows it."""
        if report.outlet in self.outlets:
            return report.outlet
        for text in (report.url, report.outlet):
            for host in DOMAIN.findall(text or ""):
                if (known := self.of_domain(host)) is not None:
                    return known
        return self._ids.get(report.outlet or "")

    def part_of(self, outlet: str, own: str | None) -> bool:
        """Does the name of an outlet stand in that of another, which a text means by it ("told Index", in the Index on
        Censorship)?
        """
        if own is None or own not in self.outlets or outlet not in self.outlets:
            return False
        names = [set(self.outlets[o].name.casefold().split()) for o in (outlet, own)]
        return names[0] <= names[1]

    def kind(self, outlet: str | None) -> str:
        """The outlet's kind; empty for one that the codebook does not know."""
        return self.outlets[outlet].kind if outlet is not None and outlet in self.outlets else ""


class Names(Outlets):
    """Finds the outlets of a codebook in a text, by their credit names and their domains."""

    def __init__(
        self,
        outlets: Mapping[str, Outlet],
        words: Credits,
        others: Iterable[str] = (),
        times: Iterable[str] = (),
        languages: Iterable[str] = (),
    ) -> None:
        """`others` are names that no outlet has, though it may have a part of them: of countries; `times` those of
        months, days and their parts. These and `languages`, as they are written, say when and in what an outlet
        published, and are no part of its name where they end it.
        """
        super().__init__(outlets)
        self._times = frozenset(name.casefold() for name in times)
        self._languages = frozenset(languages)
        self._others = self._times | {name.casefold() for name in (*others, *self._languages)}
        self._by = frozenset(tuple(w.casefold().split()) for w in words.by)
        self._articles = frozenset(w.casefold() for w in words.articles)
        self._names = sorted(self._ids)
        self._search = AhoCorasick(self._names)
        self._shared = re.compile(rf"(?<!\w)(?:{_any_of(words.shared)})(?!\w)", re.IGNORECASE)
        self._label = re.compile(rf"^\W*(?:{_any_of(words.labels)}){_LABEL_MARK}(?=\S)", re.IGNORECASE)
        fillers = (*words.by, *words.shared, *words.joins, *words.articles, *words.labels)
        self._filler = re.compile(rf"(?<!\w)(?:{_any_of(fillers)})(?:(?<=')|(?!\w))", re.IGNORECASE)
        lead = _lead(words)
        self._reported = [_phrases(words.reported, r"(?<!\w)", lead)]
        self._details = [_phrases(words.details, r"(?<!\w)", lead)]
        sentence, alone, released, released_alone = _ends(words, (*self._times, *self._languages))
        self._notices = [
            _phrases(words.notices, _OPENING, lead, sentence), _phrases(words.notice_lines, _LINE, lead, alone)
        ]  # fmt: skip
        self._releases = [
            _phrases(words.releases, _OPENING, lead, released),
            _phrases(words.release_lines, _LINE, lead, released_alone),
        ]

    def find(self, text: str) -> list[Found]:
        """Every credit name in a text (with straight apostrophes), in order. Case counts: AP is one, "ap" is none.

        Of names that overlap the longest stands.
        """
        hits = [
            (start, end, which) for which, start, end in self._search.find_matches_as_indexes(text, overlapping=True)
        ]
        found: list[Found] = []
        for start, end, which in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
            if (not found or start >= found[-1].end) and _apart(text, start, end):
                found.append(Found(start, end, self._ids[self._names[which]]))
        return found

    def byline(self, text: str) -> list[Found]:
        """Those whom a byline shares its text with: the names after "with"; else any agency in it."""
        found = self.find(text)
        for m in self._shared.finditer(text):
            if found and found[-1].start >= m.end():
                return [f for f in found if f.start >= m.end()]
        return [f for f in found if self.kind(f.outlet) == AGENCY]

    def only_credits(self, text: str) -> list[Found]:
        """The names in a text that says nothing but names and the words of a credit; none where it says more."""
        found = self.find(text)
        rest = list(text)
        for f in found:
            rest[f.start : f.end] = " " * (f.end - f.start)
        left = _SEPARATORS.sub(" ", self._filler.sub(" ", "".join(rest)))
        return found if found and not left.strip() else []

    def is_source_line(self, text: str) -> bool:
        """Does the text open with words such as "Source:"?"""
        return self._label.match(text) is not None

    def source_line(self, text: str) -> list[Found]:
        """The sources that a line such as "Source: ..." names: outlets by name, others by the domain it gives."""
        m = self._label.match(text)
        return self._with_hosts(text, m.end() if m else 0)

    def _with_hosts(self, text: str, offset: int = 0) -> list[Found]:
        """The sources named from `offset` on, by name or by an address."""
        hosts = [
            Found(h.start(), h.end(), self.of_domain(h[1]) or h[1].lower().removeprefix("www."))
            for h in DOMAIN.finditer(text, offset)
        ]
        return [*hosts, *_beside((f for f in self.find(text) if f.start >= offset), hosts)]

    def reported(self, text: str) -> list[Found]:
        """The outlets that the text says had it first ("rapporte X", "X reported"), with the words that say so."""
        return _said(text, lambda: self.find(text), self._reported, _REACH)

    def details(self, text: str) -> list[Found]:
        """The outlets that the text says somebody spoke to, or that it has a thing from ("told X", "selon X")."""
        return _said(text, lambda: self.find(text), self._details, _REACH)

    def notices(self, text: str) -> list[Found]:
        """The outlets in which the text says that it was published before: by address, by name, or by the name that
        the text gives one which the codebook does not know.
        """
        return _said(text, lambda: self._any_name(text), self._notices, _NOTICE)

    def _any_name(self, text: str) -> list[Found]:
        known = self._with_hosts(text)
        others = (self._unknown(text, m) for m in _CAPITALS.finditer(text))
        return [*known, *_beside((f for f in others if f is not None), known)]

    def _unknown(self, text: str, m: re.Match[str]) -> Found | None:
        """The name at the beginning of capital words, without the byline or the date that follows it; None where there
        is none, or where it is that of a link, whose address says more.
        """
        words = list(_WORD.finditer(text, m.start(), m.end()))
        first = next((i for i, w in enumerate(words) if w[0].casefold() not in self._articles), 0)
        end = first + 1
        while end < len(words) and not self._begins_byline([w[0].casefold() for w in words[end : end + 4]]):
            end += 1
        while end > first + 1 and self._ends_no_name(words[end - 1][0]):
            end -= 1
        if end > first + _LONGEST_NAME or text.startswith("](", words[end - 1].end()):
            return None
        name = " ".join(w[0] for w in words[:end])
        return None if self._is_other(name.casefold()) else Found(m.start(), words[end - 1].end(), name)

    def _begins_byline(self, words: list[str]) -> bool:
        return any(tuple(words[:n]) in self._by for n in range(1, len(words) + 1))

    def _ends_no_name(self, word: str) -> bool:
        return word.casefold() in self._times or word in self._languages or not word[0].isupper()

    def _is_other(self, name: str) -> bool:
        return name in self._others or self._others.issuperset(name.split())

    def releases(self, text: str, bodies: Iterable[Found]) -> list[Found]:
        """The bodies whose release the text says that it is: outlets by name, and `bodies`, known by other means."""
        return _said(text, lambda: self._bodies(text, bodies), self._releases, _NOTICE)

    def _bodies(self, text: str, bodies: Iterable[Found]) -> list[Found]:
        known = self.find(text)
        return [*known, *_beside(bodies, known)]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns around a name: what stands before it, and what after, those together that have the same after; `any`
    finds whether a text has the words of one at all, which most have not.
    """

    any: re.Pattern[str]
    each: tuple[tuple[re.Pattern[str] | None, re.Pattern[str]], ...]


def _lead(words: Credits) -> str:
    """What may stand between a pattern's words and the name: an article, what the outlet is ("the British daily", "the
    state-run").
    """
    article = rf"(?:(?:{_any_of(words.articles)})(?:(?<=')|\s+))?"
    return rf"{article}(?:(?:[^\W\d_][\w'-]*\s+)?(?:{_any_of(words.media)})\s+)?{article}(?:\w+['-]\w+\s+)?{_MARKS}"


def _ends(words: Credits, times: Iterable[str]) -> tuple[str, str, str, str]:
    """What must follow the name in a notice that is a sentence, in one on a line of its own, and in releases of both
    sorts: the end of the sentence or line. A date may stand before it; a notice may go on with a byline or its `tails`.
    """
    date = rf"(?:(?:{_APART}{_SHORT}(?!\w)){{0,3}}{_APART}(?:\d[\w.:/]{{0,20}}|{_any_of(times)})(?!\w)){{0,6}}"
    more = rf"(?:[\s,|–—-]+(?:{_any_of(words.by)})|[\s,.]+(?:{_any_of(words.tails)}))(?!\w)"
    last = rf"{_CLOSING}{date}{_SHUT}(?:[.!?…:;](?!\w)|$|\n)"
    line = rf"{_CLOSING}{date}[.!:\s)\]*_\"”»]{{0,8}}(?:https?://\S{{1,300}})?{_SHUT}\.?{_SHUT}"
    return rf"(?:{last}|{_CLOSING}{date}{more})", rf"{line}(?:$|\n|{more})", last, rf"{line}(?:$|\n)"


def _phrases(patterns: Iterable[str], opening: str, lead: str, end: str = "") -> Phrases:
    """`opening`: where they begin; `lead`: what may stand before the name; `end`: what must follow them."""
    parts = list(map(pattern, patterns))
    first = "|".join(before for before, _ in parts if before)
    alone = "|".join(after for before, after in parts if not before)
    befores: dict[tuple[str, bool], list[str]] = {}
    for before, after in parts:
        befores.setdefault((after, bool(before)), []).append(before)
    return Phrases(
        re.compile(
            "|".join(p for p in (f"{opening}(?:{first})" if first else "", alone) if p) or r"(?!)", re.IGNORECASE
        ),
        tuple(
            (
                re.compile(rf"{opening}(?:{'|'.join(some)}){lead}$", re.IGNORECASE) if led else None,
                re.compile(rf"{after}(?![^\W_])(?={end})", re.IGNORECASE),
            )
            for (after, led), some in befores.items()
        ),
    )


def _said(text: str, find: Callable[[], Iterable[Found]], phrases: Iterable[Phrases], reach: int) -> list[Found]:
    """The names that stand in one of the phrases, with its words; those before the name begin within `reach` of it."""
    fit = [each for some in phrases if some.any.search(text) for each in some.each]
    hits = []
    for f in find() if fit else ():
        for before, after in fit:
            right = after.match(text, f.end)
            left = before.search(text, max(0, f.start - reach), f.start) if before and right else None
            if right and (left or before is None):
                start = f.start if left is None else left.start() + _blank(left[0])
                hits.append(Found(start, right.end(), f.outlet))
                break
    return hits


def _beside(found: Iterable[Found], others: Iterable[Found]) -> Iterator[Found]:
    """Those that touch none of the others."""
    taken: list[tuple[int, int]] = []
    for f in sorted(others, key=lambda f: f.start):
        if taken and f.start < taken[-1][1]:
            taken[-1] = (taken[-1][0], max(taken[-1][1], f.end))
        else:
            taken.append((f.start, f.end))
    for f in found:
        at = bisect_left(taken, f.end, key=lambda t: t[0]) - 1  # the last that begins before it ends
        if at < 0 or taken[at][1] <= f.start:
            yield f


def _blank(words: str) -> int:
    """How many characters before the first letter belong to what stands before."""
    return next((i for i, c in enumerate(words) if c.isalnum()), 0)


def _apart(text: str, start: int, end: int) -> bool:
    """Does a name stand apart from the letters, and from the address, around it?"""
    while start and text[start - 1] == "_":  # Markdown's marks are none of the name
        start -= 1
    while text.startswith("_", end):
        end += 1
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not (before.isalnum() or before in ("@", ".", "-")) and not (after.isalnum() or after == "-")


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; one that matches nothing where there are none."""
    longest = sorted(set(words), key=lambda w: (-len(w), w))
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest) or r"(?!)"
