"""Puts the report together: what is kept, with its place in the page, and what is dropped, with the reason."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from recoupe.clean.front import Front
from recoupe.clean.head import SUBTITLE, Head, byline, host_names, outlet, site_suffix
from recoupe.clean.labels import LONGEST, Labels, is_name
from recoupe.clean.language import language
from recoupe.clean.lines import COLON, Line, continues, line_at
from recoupe.clean.run import Run
from recoupe.clean.strip import Part, names_of, parts_of, strip_lines
from recoupe.codebook.furniture import Furniture
from recoupe.errors import PageError
from recoupe.model import Block, BlockRole, Dropped, Page, Report, Span

LEAST = 5
"""Words that a page must say in sentences to be an article at all."""
LEAST_OF_LARGE = 40
LARGE = 60
"""A page of so many lines is a whole web page: with fewer than LEAST_OF_LARGE words in sentences it has no article."""

NEAR_DATES = frozenset(
    {"date-line", "byline", "author-box", "share", "short-line", "caption", "photo-credit", "empty-link", "repeat"}
)
"""Reasons of lines that may stand between an article and its date."""

NOTE_LINK = re.compile(r"!?\[(?:\[\w{1,10}\]|\d{1,4}|[ \t]*)\]\((?:[^()\\\s]|\\.|\([^()\s]*\))*\)")

ABOVE_TITLE = 10
"""Lines above the title in which the page may say it a first time."""

CROSSHEAD = 16
"""Words of the longest crosshead."""


@dataclass
class Choice:
    """Which lines are kept, in which role, and why the others are not."""

    title: Line | None = None
    title_key: str = ""
    roles: dict[int, BlockRole] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    parts: dict[int, tuple[Part, ...]] = field(default_factory=dict)
    """Lines that are dropped part by part: for each part its reason, "" where it is that of the line."""


def build(page: Page, labels: Labels, furniture: Furniture, front: Front, run: Run | None) -> Report:
    """The report of a page whose lines are labelled, its article in `run`; raises PageError where there is none."""
    if run is None or run.words < LEAST or (run.words < LEAST_OF_LARGE and len(labels.lines) > LARGE):
        raise PageError(page.doc, "no article text found")
    lang = language(_said(labels, range(run.start, run.end)), furniture)
    foreign = _foreign(lang, labels, furniture)
    head = Head(page, labels, run, furniture, foreign)
    title = head.title()
    named, name_line = byline(page, labels, title, run)
    choice = Choice(labels.lines[title] if title is not None else None)
    if title is None and front.title and head.tells(heading := line_at(page.text, front.title, furniture)):
        choice.title = heading
    choice.title_key = head.bare(choice.title.plain) if choice.title else ""
    _choose(choice, labels, head, run, title)
    named = _strips(choice, page, labels, run, title) or named
    _first_leads(choice, labels)
    _author(choice, labels, named, name_line)
    if not any(role != "title" for role in choice.roles.values()):
        raise PageError(page.doc, "no article text found")
    _date_lines(choice, labels)
    kept = [(choice.roles[i], labels.lines[i], i) for i in sorted(choice.roles, key=lambda i: (i != title, i))]
    if title is None and choice.title:
        kept.insert(0, ("title", choice.title, -1))
    pieces, blocks, text = _join(page, kept)
    dropped = _dropped(page, labels, choice, front, pieces)
    return Report(
        doc=page.doc,
        text=text,
        lang=lang,
        blocks=blocks,
        pieces=pieces,
        dropped=dropped,
        outlet=outlet(page, labels, furniture),
        byline=named,
        url=page.about("url"),
    )


def _first_leads(choice: Choice, labels: Labels) -> None:
    """The first paragraph is the lead where no other line is."""
    if "lead" not in choice.roles.values():
        bodies = [i for i in sorted(choice.roles) if choice.roles[i] != "title"]
        first = labels.lines[bodies[0]] if bodies else None
        # A lead may be without a full stop, as a headline is, but is longer.
        told = first is not None and (first.shape == "prose" or (first.shape == "heading" and first.words >= SUBTITLE))
        if told and choice.roles[bodies[0]] == "body":
            choice.roles[bodies[0]] = "lead"


def _strips(choice: Choice, page: Page, labels: Labels, run: Run, title: int | None) -> str | None:
    """Drops the lines that say who wrote the article and when, part by part; gives the author that they name."""
    for i in strip_lines(labels, title, run, choice.roles):
        if parts := parts_of(page, labels.lines[i], labels, title is None or i > title):
            choice.roles.pop(i, None)
            choice.parts[i] = parts
            dated = any(p.reason == "date-line" for p in parts)
            choice.reasons[i] = "date-line" if dated else "byline"
    return next(iter(names_of(choice.parts)), None)


def _author(choice: Choice, labels: Labels, named: str | None, name_line: int | None) -> None:
    """Drops the author's name where it stands alone, and what the page tells of the author below the article."""
    if name_line is not None and name_line not in choice.roles:
        choice.reasons[name_line] = "byline"
    common = frozenset().union(*(words for _, words in labels.furniture.stopwords))
    key = _key(named or "")
    authors = [a for a in _names_in(named or "", common) if " " in a]
    body = sorted(i for i in choice.roles if choice.roles[i] != "title")
    tail = set(body[-max(2, len(body) // 8) :] if len(body) > 3 else [])
    for i in body:
        begun = next((a for a in authors if labels.keys[i].startswith(a + " ")), "")
        told = bool(begun) and labels.keys[i][len(begun) :].split()[0] in common
        told = told and i in tail and labels.lines[i].shape == "prose"
        if told or (key and labels.keys[i] == key):
            del choice.roles[i]
            choice.reasons[i] = "author-box" if told else "byline"
    # A crosshead with nothing below it heads something that is not the article.
    for i in sorted(choice.roles, reverse=True):
        if choice.roles[i] != "crosshead":
            break
        del choice.roles[i]
        choice.reasons[i] = "short-line"


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def _names_in(named: str, common: frozenset[str]) -> list[str]:
    """The names in a byline, squeezed: what stands between commas and the commonest words ("and", "avec")."""
    names = [""]
    for token in re.findall(r"[\w'-]+|[,;&/]", named):
        if token in ",;&/" or token.casefold() in common:
            names.append("")
        else:
            names[-1] = f"{names[-1]} {_key(token)}".strip()
    return names


def _said(labels: Labels, where: range) -> list[Line]:
    return [labels.lines[i] for i in where if labels.reason[i] is None and labels.lines[i].shape != "junk"]


def _foreign(lang: str, labels: Labels, furniture: Furniture) -> frozenset[int]:
    """The lines that are plainly in another known language than the report; none where its own is not known."""
    langs = [code for code, _ in furniture.stopwords]
    if lang not in langs:
        return frozenset()
    own = langs.index(lang)
    others = [k for k in range(len(langs)) if k != own]
    return frozenset(
        i
        for i, line in enumerate(labels.lines)
        if line.words >= 5 and any(line.density[k] >= 0.25 and line.density[k] > 3 * line.density[own] for k in others)
    )


def _choose(choice: Choice, labels: Labels, head: Head, run: Run, title: int | None) -> None:
    """Gives each line a role or a reason."""
    first = run.start
    if title is not None:
        choice.roles[title] = "title"
        first = max(first, title + 1)
    for i in head.paragraphs(title):
        choice.roles[i] = "body"
    for i in head.leads(title):
        choice.roles[i] = "lead"
    above = run.start - 1
    if title is not None and title < above and labels.reason[above] is None and head.heads_entry(above):
        choice.roles[above] = "crosshead"
    for i in range(first, run.end):
        if i in choice.roles:
            continue
        if labels.reason[i] is not None:
            choice.reasons[i] = labels.reason[i] or ""
        elif i < first + 2 and i in head.foreign:
            choice.reasons[i] = "other-language"
        elif labels.lines[i].shape == "junk" and i not in labels.sure and not _in_sentence(labels, i):
            choice.reasons[i] = "short-line"
        else:
            choice.roles[i] = _role(labels, i, run)
    _headlines(choice, labels, run)
    _leftovers(choice, labels, run, title, head.foreign)
    _repeats(choice, labels)


def _role(labels: Labels, i: int, run: Run) -> BlockRole:
    line = labels.lines[i]
    heads = line.shape == "heading" and not line.item and line.words <= CROSSHEAD and not COLON.search(line.plain)
    asks = line.shape == "sentence" and line.plain.endswith("?") and line.words <= 12
    below = next((j for j in range(i + 1, run.end) if labels.reason[j] is None), None)
    introduces = below is not None and labels.lines[below].shape in ("prose", "sentence", "heading")
    return "crosshead" if (heads or asks) and introduces and not _in_sentence(labels, i) else "body"


def _in_sentence(labels: Labels, i: int) -> bool:
    """Does line `i` go on with the one above it, or the one below it with line `i`?"""
    return labels.goes_on(i) or labels.goes_on(i + 1)


def _headlines(choice: Choice, labels: Labels, run: Run) -> None:
    """Headlines in a row amid the article are those of others; one alone, or a short one and another, heads a part."""
    row: list[int] = []
    colon = False
    for i in range(run.start, run.end + 1):
        line = labels.lines[i] if i in choice.roles and i < run.end else None
        free = line is not None and _bare(line) and not line.item and not _in_sentence(labels, i)
        free = free and i not in labels.sure
        if free and choice.roles[i] in ("crosshead", "body"):
            row.append(i)
            continue
        long = [j for j in row if labels.lines[j].words >= 3]
        if not colon and (len(long) >= 3 or (len(row) == 2 and all(_terse(labels.lines[j]) for j in row))):
            for j in row:
                del choice.roles[j]
                choice.reasons[j] = "related-headline"
        row = []
        # What follows a colon is a list of the article's own.
        colon = line is not None and bool(COLON.search(line.plain))


def _terse(line: Line) -> bool:
    """Is the line long enough for a headline, and short of the small words that a sentence has?"""
    return line.words >= 8 and max(line.density, default=0) < 0.3


def _bare(line: Line) -> bool:
    """Is the line a heading without any mark at its end (a verse or a point of a list often has one), or a slogan?"""
    slogan = line.titled and line.shape in ("sentence", "prose") and line.plain[-1] in "!?" and line.words <= 20
    return slogan or (line.shape == "heading" and (line.plain[-1].isalnum() or line.plain[-1] in "\"'»”)"))


def _leftovers(choice: Choice, labels: Labels, run: Run, title: int | None, foreign: frozenset[int]) -> None:
    """Reasons for what stands outside the run and no phrase explains."""
    for i, line in enumerate(labels.lines):
        if i in choice.roles or i in choice.reasons:
            continue
        reason = labels.reason[i]
        if reason is None:
            between = title is not None and title < i < run.start
            if line.shape == "junk":
                reason = "empty-link" if not line.plain else "short-line"
            elif i in foreign:
                reason = "other-language"
            elif i == run.end + 1 and choice.reasons.get(run.end) == "byline" and line.words <= 8:
                reason = "author-box"
            elif line.words <= 4 or line.shape == "fragment":
                signed = between or i == run.end
                reason = "byline" if signed and is_name(line) else "menu"
            elif line.shape == "prose" and not line.plain.endswith("?"):
                reason = "caption" if i < run.end else "after-end"
            else:
                reason = "related-headline"
        choice.reasons[i] = reason


def _repeats(choice: Choice, labels: Labels) -> None:
    """Drops what the article says twice in the same words: the title again, a lead again, a quote pulled out of it."""
    titles = {choice.title_key, choice.title.key} if choice.title else set()
    seen = set(titles)
    sentences: dict[str, int] = {}
    for i in choice.roles:
        for sentence in _sentences(labels.lines[i]):
            sentences.setdefault(sentence, i)
    for i in sorted(choice.roles, key=lambda j: (choice.roles[j] != "title", j)):
        if choice.roles[i] == "title":
            continue
        key = labels.keys[i]
        pulled = labels.lines[i].shape == "prose" and _pulled(labels.lines[i], i, sentences, choice)
        said = labels.lines[i].shape in ("prose", "sentence") and labels.lines[i].words >= 5
        again = key in seen and ((said and i not in labels.sure) or key in titles)
        if again or pulled:
            del choice.roles[i]
            choice.reasons[i] = "repeat"
        seen.add(key)
    kept = sorted(labels.keys[i] for i in choice.roles)
    for i, reason in choice.reasons.items():
        key = labels.keys[i]
        titled = key in titles or (i == 0 and any(key.startswith(t) for t in titles))
        begins = len(key) >= 30 and reason in ("teaser", "repeat") and _begins(key, kept)
        if key and (titled or begins):
            choice.reasons[i] = "repeat"


def _sentences(line: Line) -> list[str]:
    """The sentences of a line, squeezed; those of very long lines are not compared."""
    if len(line.plain) > 20_000:
        return []
    said = (re.sub(r"[\W_]+", " ", s).strip() for s in re.split(r"(?<=[.!?…])[\"'»”]*\s+", line.plain))
    return [s for s in said if len(s) > 40]


def _pulled(line: Line, i: int, sentences: dict[str, int], choice: Choice) -> bool:
    """Does a paragraph only say sentences that a larger paragraph, which is kept, says too?"""
    own = _sentences(line)
    homes = {sentences.get(s, i) for s in own}
    return bool(own) and len(own) <= 3 and i not in homes and all(h in choice.roles for h in homes)


def _begins(key: str, ordered: Sequence[str]) -> bool:
    at = bisect_left(ordered, key)
    return at < len(ordered) and ordered[at].startswith(key)


def _date_lines(choice: Choice, labels: Labels) -> None:
    """Tells the date in the article's head from other dates of the page: of the visit, of other articles."""
    kept = sorted(choice.roles)
    near = set(range(kept[0], kept[:5][-1])) | set(range(kept[-4:][0], kept[-1]))
    for step, first in ((-1, kept[0] - 1), (1, kept[-1] + 1)):
        for i in range(first, first + 4 * step, step):
            if choice.reasons.get(i) not in NEAR_DATES:
                break
            near.add(i)
    near |= _between_titles(choice, labels, kept[0])
    for i, reason in choice.reasons.items():
        if reason == "date-line" and i not in near:
            choice.reasons[i] = "other-date"


def _between_titles(choice: Choice, labels: Labels, first: int) -> set[int]:
    """The dates with a label ("published on") between the title and the same title a few lines above it."""
    above = range(max(0, first - ABOVE_TITLE), first)
    said = [i for i in above if choice.title_key and labels.keys[i].startswith(choice.title_key)]
    phrases = [p.pattern for p in labels.furniture.lines if p.reason == "date-line"]
    between = range(said[0], first) if said else range(0)
    return {i for i in between if any(p.search(labels.lines[i].plain[:LONGEST]) for p in phrases)}


def _join(
    page: Page, kept: Sequence[tuple[BlockRole, Line, int]]
) -> tuple[tuple[tuple[int, int, int], ...], tuple[Block, ...], str]:
    """Joins what is kept: blocks by a blank line, the pieces of a sentence that the page has cut by a space."""
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    blocks: list[Block] = []
    at = 0
    above: tuple[BlockRole, Line, int] | None = None
    for role, line, i in kept:
        goes_on = above is not None and above[2] + 1 == i and "title" != above[0] != "crosshead" and role == "body"
        joined = above is not None and goes_on and continues(above[1], line)
        for n, (gap, span) in enumerate(_said_spans(page, line, role)):
            gap = gap if n else "" if not parts else " " if joined else "\n\n"
            parts += [gap, page.text[span.start : span.end]]
            at += len(gap)
            end = at + span.end - span.start
            pieces.append((at, span.start, end - at))
            if joined or n:
                blocks[-1] = Block(Span(blocks[-1].span.start, end), blocks[-1].role)
            else:
                blocks.append(Block(Span(at, end), role))
            at = end
        above = (role, line, i)
    return tuple(pieces), tuple(blocks), "".join(parts)


def _dropped(
    page: Page, labels: Labels, choice: Choice, front: Front, pieces: Sequence[tuple[int, int, int]]
) -> tuple[Dropped, ...]:
    """What is not kept, in order of the page: the front matter around a title, the site's name after one, and lines."""
    kept = sorted((place, place + length) for _, place, length in pieces)
    spans = [(Span(0, front.end), front.reason)]
    spans += [
        (span, reason)
        for i, reason in choice.reasons.items()
        if i not in choice.parts
        for span in labels.lines[i].spans
    ]
    for i in choice.parts:
        spans += _part_spans(labels.lines[i].spans[0], choice, i)
    spans += [
        (span, "site-name" if role == "title" else "note-mark")
        for i, role in choice.roles.items()
        for span in labels.lines[i].spans
    ]
    found: list[Dropped] = []
    for span, reason in spans:
        at = span.start
        for start, end in kept[bisect_left(kept, (at, at)) :]:
            if start >= span.end:
                break
            found.append(_drop(page, at, start, reason))
            at = end
        found.append(_drop(page, at, span.end, reason))
    return tuple(sorted((d for d in found if d.text), key=lambda d: d.start))


def _part_spans(line: Span, choice: Choice, i: int) -> list[tuple[Span, str]]:
    """The parts of line `i` with their reasons; what separates two parts goes with the first."""
    parts = choice.parts[i]
    found: list[tuple[Span, str]] = []
    for part, end in zip(parts, [*(p.span.start for p in parts[1:]), line.end], strict=True):
        # A date far from the article is another's, whichever line it is a part of.
        reason = choice.reasons[i] if part.reason == "date-line" else part.reason or "short-line"
        start = part.span.start if found else line.start
        if found and found[-1][1] == reason == "short-line":
            start = found.pop()[0].start
        found.append((Span(start, end), reason))
    return found


def _drop(page: Page, start: int, end: int, reason: str) -> Dropped:
    """What is dropped between two places, without the white space around it."""
    text = page.text[start:end]
    start += len(text) - len(text.lstrip())
    return Dropped(start, start + len(text.strip()), text.strip(), reason)


def _said_spans(page: Page, line: Line, role: BlockRole) -> list[tuple[str, Span]]:
    """The runs of a line's characters that the report keeps, each with what stands before it: the title without the
    site's name; other lines without the links that are notes' marks, which would run two sentences into one."""
    found: list[tuple[str, Span]] = []
    for span in _title_spans(page, line) if role == "title" else line.spans:
        at, gap = span.start, " "
        for note in NOTE_LINK.finditer(page.text, span.start, span.end):
            if page.text[at : note.start()].strip():
                found.append((gap, Span(at, note.start())))
                gap = ""
            at = note.end()
        end = at + len(page.text[at : span.end].rstrip())
        if end > at:
            found.append((gap, Span(at, end)))
    return found


def _title_spans(page: Page, line: Line) -> tuple[Span, ...]:
    """The title's characters without the name of the site after it."""
    if len(line.spans) > 1:
        return line.spans
    span = line.spans[0]
    said = page.text[span.start : span.end]
    cut = site_suffix(said, host_names(page))
    return (Span(span.start, span.start + len(said[:cut].rstrip())),)
