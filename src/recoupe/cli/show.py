"""What `recoupe show` prints of an entry, a report and a line of a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from recoupe.cli.find import View, find_doc, like
from recoupe.cli.output import clean, one_line
from recoupe.errors import RecoupeError
from recoupe.ledger import Ledger
from recoupe.model import Cell, Claim, Dropped, Entry, Evidence, Origin, Page, Reading, Reason, Report, Span
from recoupe.publish.entries import sure
from recoupe.sentences import split

_NUMBERED = re.compile(r"(?P<doc>.+)[:#](?P<number>[0-9]{1,9})")
_REASON_WORDS = 60  # characters of the words that a clue to the date rests on


def show(screen: Console, ledger: Ledger, wanted: str, dropped: bool) -> None:
    """Prints what `wanted` names: a report's doc (or a part of only one), `DOC:LINE` (a line of its page), a claim
    `DOC#N`, or an entry's id or the beginning of only one. With `dropped`, a report's dropped lines.

    Raises RecoupeError where it names nothing, or more than one thing.
    """
    view = View.of(ledger, marked=not screen.is_terminal)
    numbered = None if wanted in view.readings else _NUMBERED.fullmatch(wanted)
    if numbered and (home := find_doc(view.readings, numbered["doc"])):
        _numbered(screen, view, ledger, home, wanted)
        return
    thing = view.thing(wanted)
    if thing is None:
        near = like(wanted, [*view.readings, *(e.id for e in view.entries)])
        raise RecoupeError(f"{wanted}: no entry, report or line of that name in the ledger{near}")
    if isinstance(thing, Entry):
        _print_entry(screen, view, thing)
        return
    page = ledger.page(thing.report.doc)
    if dropped and page is not None:
        _print_dropped(screen, thing, page)
    else:
        _print_report(screen, view, thing)


def page_named(ledger: Ledger, wanted: str) -> Page:
    """The page of the report that `wanted` names: its doc, or a part of only one's. Raises RecoupeError as `show`."""
    docs = ledger.docs()
    doc = find_doc(docs, wanted)
    page = None if doc is None else ledger.page(doc)
    if page is None:
        raise RecoupeError(f"{wanted}: no report of that name in the ledger{like(wanted, docs)}")
    return page


def _numbered(screen: Console, view: View, ledger: Ledger, doc: str, wanted: str) -> None:
    """A line of a page (`:`) or a claim of a report (`#`)."""
    number = int(re.split(r"[:#]", wanted)[-1])
    reading = view.readings[doc]
    if wanted[-len(str(number)) - 1] == "#" or wanted.rfind("#") > wanted.rfind(":"):
        if not 1 <= number <= len(reading.claims):
            raise RecoupeError(f"{doc}: has {len(reading.claims)} claims, no claim {number}")
        _print_claim(screen, view, reading, number)
        _print_source(screen, view, reading)
        return
    page = ledger.page(doc)
    lines = [] if page is None else page.text.split("\n")
    if not 1 <= number <= len(lines):
        raise RecoupeError(f"{doc}: the page has {len(lines)} lines, no line {number}")
    start = sum(len(line) + 1 for line in lines[: number - 1])
    _print_line(screen, reading, Span(start, start + len(lines[number - 1])), f"{doc}:{number}", lines[number - 1])


def _print_entry(screen: Console, view: View, entry: Entry) -> None:
    reports = len({ref.rpartition("#")[0] for ref in entry.claims})
    _head(screen, f"{entry.kind}, {entry.status}", entry.id)
    _field(screen, "when", entry.time or "not said")
    clashing = {c.field for c in entry.conflicts}
    for role, values in entry.roles:
        _field(screen, role, (" ≠ " if role in clashing else ", ").join(values))
    _field(screen, "how sure", f"{sure(len(entry.origins), reports)}: {', '.join(entry.origins)}")
    for conflict in entry.conflicts:
        sides = (f"{side.value} says {', '.join(side.claims)}" for side in conflict.sides)
        _field(screen, "conflict", f"{conflict.field}: {'; '.join(sides)}", "bold red")
    for ref in entry.claims:
        doc, _, number = ref.rpartition("#")
        screen.out()
        _print_claim(screen, view, view.readings[doc], int(number))
        _print_source(screen, view, view.readings[doc])


def _print_claim(screen: Console, view: View, reading: Reading, number: int) -> None:
    """A claim: what it says, and the sentences that it rests on."""
    claim, report = reading.claims[number - 1], reading.report
    _head(screen, f"{claim.kind}, {claim.status}", f"{report.doc}#{number}")
    if claim.time is not None:
        words = f" ({_quoted(claim.time_words.text)})" if claim.time_words else ""
        _field(screen, "when", f"{claim.time}{words}")
    for role in dict.fromkeys(cell.role for cell in claim.cells):
        _field(screen, role, _said(cell for cell in claim.cells if cell.role == role))
    if claim.attribution:
        _field(screen, "said by", ", ".join(claim.attribution))
    for sentence in _sentences(reading, claim):
        screen.print(Text("  ") + _marked(report.text, sentence, _words(claim), view.marked), soft_wrap=True)


def _said(cells: Iterable[Cell]) -> str:
    """The values of a role, each run of them with the words that say it."""
    parts: dict[Evidence | None, list[str]] = {}
    for cell in cells:
        also = f", that is {', '.join(str(v) for v in cell.also)}" if cell.also else ""
        parts.setdefault(cell.words, []).append(f"{cell.value}{also}")
    return ", ".join(
        ", ".join(values) + (f" ({_quoted(words.text)})" if words else "") for words, values in parts.items()
    )


def _print_source(screen: Console, view: View, reading: Reading) -> None:
    """Whose report it is, of when, and where it has its text from."""
    report = reading.report
    _field(screen, "published", str(reading.dating.when or "not known"))
    if report.outlet:
        _field(screen, "outlet", report.outlet)
    for origin in view.origins:
        if origin.doc == report.doc and not origin.detail:
            _field(screen, "origin", _origin(origin))


def _origin(origin: Origin) -> str:
    return f"{origin.source} ({origin.relation}, {origin.score:g}: {_quoted(origin.words)})"


def _sentences(reading: Reading, claim: Claim) -> list[Span]:
    """The sentences that hold the claim's evidence, in order."""
    text, found = reading.report.text, set()
    blocks = [block.span for block in reading.report.blocks] or [Span(0, len(text))]
    for evidence in claim.evidence:
        at = Span(evidence.start, evidence.end)
        home = next((block for block in blocks if block.holds(at)), at)
        inside = [s for s in split(text, home) if s.touches(at)] or [home]
        found.add(Span(inside[0].start, inside[-1].end))
    return sorted(found)


def _words(claim: Claim) -> list[Span]:
    """The words that fill the claim's cells; where no cell has words, those of the evidence itself."""
    words = [cell.words for cell in claim.cells if cell.words] + ([claim.time_words] if claim.time_words else [])
    return _merged(Span(e.start, e.end) for e in words or claim.evidence)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans without overlaps, in order."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _marked(text: str, sentence: Span, words: Sequence[Span], brackets: bool) -> Text:
    """A sentence with the words that matter bold, or in brackets."""
    line, at = Text(), sentence.start
    for word in words:
        if not sentence.holds(word):
            continue
        line.append(clean(text[at : word.start]))
        said = clean(text[word.start : word.end])
        line.append(f"[{said}]" if brackets else said, style="bold yellow")
        at = word.end
    line.append(clean(text[at : sentence.end]).rstrip())
    return line


def _print_report(screen: Console, view: View, reading: Reading) -> None:
    report = reading.report
    _head(screen, one_line(report.title) or "(no title)", report.doc)
    about = (("language", report.lang), ("outlet", report.outlet), ("byline", report.byline), ("url", report.url))
    for name, value in about:
        if value:
            _field(screen, name, value)
    _field(screen, "published", str(reading.dating.when or "not known"))
    for label, reasons in (("because", reading.dating.reasons), ("against", reading.dating.against)):
        for reason in reasons:
            _field(screen, label, _reason(reason))
    for origin in view.origins:
        if origin.doc == report.doc:
            _field(screen, "origin", _origin(origin))
    for noted in _noted(report):
        _field(screen, "noted", noted)
    _field(screen, "quotes", str(len(reading.quotes)))
    counts = Counter(drop.reason for drop in report.dropped)
    if counts:
        _field(screen, "left out", ", ".join(f"{n} {reason}" for reason, n in sorted(counts.items())))
    entry_of = {ref: entry.id for entry in view.entries for ref in entry.claims}
    for number in range(1, len(reading.claims) + 1):
        screen.out()
        _print_claim(screen, view, reading, number)
        _field(screen, "entry", entry_of.get(f"{report.doc}#{number}", "none"))


def _reason(reason: Reason) -> str:
    return f"{reason.when} ({reason.rule}, in the {reason.of}: {_quoted(_shortened(reason.words))})"


def _noted(report: Report) -> Iterator[str]:
    """What the page's markup says of the article, each thing once with all the places that say it."""
    sources: dict[tuple[str, str], list[str]] = {}
    for note in report.notes:
        sources.setdefault((note.name, note.value), []).append(note.source)
    for (name, value), places in sorted(sources.items()):
        yield f"{name} {_shortened(value)} ({', '.join(places)})"


def _shortened(text: str) -> str:
    """The head of a text on one line."""
    words = one_line(text)
    return words if len(words) <= _REASON_WORDS else words[: _REASON_WORDS - 1] + "…"


def _print_dropped(screen: Console, reading: Reading, page: Page) -> None:
    """The lines of the page that are not in the report, each with its number and reason."""
    for number, drop in _by_line(reading.report.dropped, page):
        screen.out(f"{reading.report.doc}:{number}  {drop.reason}  {one_line(drop.text)}")


def _by_line(dropped: Iterable[Dropped], page: Page) -> Iterator[tuple[int, Dropped]]:
    line = at = 0
    for drop in sorted(dropped, key=lambda d: d.start):
        line += page.text.count("\n", at, drop.start)
        at = drop.start
        yield line + 1, drop


def _print_line(screen: Console, reading: Reading, where: Span, name: str, line: str) -> None:
    """What became of a line of the page."""
    out = [d for d in reading.report.dropped if where.touches(Span(d.start, d.end))]
    kept = list(_in_text(reading.report, where))
    screen.out(f"{name}  {one_line(line)}")
    for drop in out:
        _field(screen, "left out", f"{drop.reason}: {_quoted(drop.text)}")
    if kept:
        roles = {block.role for block in reading.report.blocks for span in kept if span.touches(block.span)}
        _field(screen, "kept", ", ".join(sorted(roles)))
    if not out and not kept:
        _field(screen, "empty", "the line says nothing")


def _in_text(report: Report, where: Span) -> Iterator[Span]:
    """Where characters of the page stand in the report's text."""
    for start, page, length in report.pieces:
        first, last = max(where.start, page), min(where.end, page + length)
        if first < last:
            yield Span(start + first - page, start + last - page)


def _quoted(words: str) -> str:
    return f"“{one_line(words)}”"


def _head(screen: Console, title: str, name: str) -> None:
    screen.print(Text.assemble((title, "bold"), "  ", (name, "dim")), soft_wrap=True)


def _field(screen: Console, name: str, value: str, style: str = "") -> None:
    screen.print(Text.assemble((f"  {name:<12} ", "cyan"), (one_line(value), style)), soft_wrap=True)
