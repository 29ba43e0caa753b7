"""What `recoupe show` prints of an entry, a report and a line of a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import Console

from recoupe.cli.claims import Why, print_claim, print_rest
from recoupe.cli.facts import print_facts
from recoupe.cli.find import View, find_doc, like
from recoupe.cli.output import field, head, one_line, quoted
from recoupe.cli.reviewed import print_review_of, print_reviews
from recoupe.codebook import Codebook, default_codebook
from recoupe.errors import RecoupeError
from recoupe.ledger import Ledger
from recoupe.model import Dropped, Entry, Origin, Page, Reading, Reason, Report, Span
from recoupe.publish.confidence import Confidence
from recoupe.publish.outgrown import outgrown

_NUMBERED = re.compile(r"(?P<doc>.+)[:#](?P<number>[0-9]{1,9})")
_REASON_WORDS = 60  # characters of the words that a clue to the date rests on


def show(
    screen: Console,
    ledger: Ledger,
    wanted: str,
    dropped: bool = False,
    why: Why | None = None,
    codebook: Codebook | None = None,
) -> None:
    """Prints what `wanted` names: a report's doc (or a part of only one), `DOC:LINE` (a line of its page), a claim
    `DOC#N`, or an entry's id or the beginning of only one. With `dropped`, a report's dropped lines; with `why`, the
    reasons of each claim. `codebook` has the names of those who are the origins of an entry.

    Raises RecoupeError where it names nothing, or more than one thing.
    """
    view = View.of(ledger, marked=not screen.is_terminal)
    numbered = None if wanted in view.readings else _NUMBERED.fullmatch(wanted)
    if numbered and (home := find_doc(view.readings, numbered["doc"])):
        _numbered(screen, view, ledger, home, wanted, why)
        return
    thing = view.thing(wanted)
    if thing is None:
        near = like(wanted, [*view.readings, *(e.id for e in view.entries)])
        raise RecoupeError(f"{wanted}: no entry, report or line of that name in the ledger{near}")
    if isinstance(thing, Entry):
        print_entry(screen, view, thing, codebook or default_codebook(), why)
        return
    page = ledger.page(thing.report.doc)
    if dropped and page is not None:
        _print_dropped(screen, thing, page)
    else:
        _print_report(screen, view, thing, why)


def page_named(ledger: Ledger, wanted: str) -> Page:
    """The page of the report that `wanted` names: its doc, or a part of only one's. Raises RecoupeError as `show`."""
    docs = ledger.docs()
    doc = find_doc(docs, wanted)
    page = None if doc is None else ledger.page(doc)
    if page is None:
        raise RecoupeError(f"{wanted}: no report of that name in the ledger{like(wanted, docs)}")
    return page


def _numbered(screen: Console, view: View, ledger: Ledger, doc: str, wanted: str, why: Why | None) -> None:
    """A line of a page (`:`) or a claim of a report (`#`)."""
    number = int(re.split(r"[:#]", wanted)[-1])
    reading = view.readings[doc]
    if wanted[-len(str(number)) - 1] == "#" or wanted.rfind("#") > wanted.rfind(":"):
        if not 1 <= number <= len(reading.claims):
            raise RecoupeError(f"{doc}: has {len(reading.claims)} claims, no claim {number}")
        print_claim(screen, view.marked, reading, number, why)
        print_reviews(screen, view, f"{doc}#{number}")
        _print_source(screen, view, reading)
        return
    page = ledger.page(doc)
    lines = [] if page is None else page.text.split("\n")
    if not 1 <= number <= len(lines):
        raise RecoupeError(f"{doc}: the page has {len(lines)} lines, no line {number}")
    start = sum(len(line) + 1 for line in lines[: number - 1])
    _print_line(screen, reading, Span(start, start + len(lines[number - 1])), f"{doc}:{number}", lines[number - 1])


def print_entry(
    screen: Console,
    view: View,
    entry: Entry,
    codebook: Codebook,
    why: Why | None = None,
    numbered: bool = False,
) -> None:
    """An entry with its claims, their sentences and what people say of them; `numbered`, the claims from 1."""
    head(screen, f"{entry.kind}, {entry.status}", entry.id)
    field(screen, "when", entry.time or "not said")
    clashing = {c.field for c in entry.conflicts}
    for role, values in entry.roles:
        field(screen, role, (" ≠ " if role in clashing else ", ").join(values))
    field(screen, "how sure", Confidence(codebook).of(entry, view.readings))
    for conflict in entry.conflicts:
        sides = (f"{side.value} says {', '.join(side.claims)}" for side in conflict.sides)
        field(screen, "conflict", f"{conflict.field}: {'; '.join(sides)}", "bold red")
    for name, value, refs in outgrown(entry, view.readings, codebook):
        field(screen, "raised", f"{name}: {value} said {', '.join(refs)} before others told more")
    print_review_of(screen, entry)
    if why is not None:
        print_facts(screen, view, entry, codebook)
    for place, ref in enumerate(entry.claims, 1):
        doc, _, number = ref.rpartition("#")
        screen.out()
        print_claim(screen, view.marked, view.readings[doc], int(number), why, place if numbered else None)
        print_reviews(screen, view, ref, notes=False)
        _print_source(screen, view, view.readings[doc])


def _print_source(screen: Console, view: View, reading: Reading) -> None:
    """Whose report it is, of when, and where it has its text from."""
    report = reading.report
    field(screen, "published", str(reading.dating.when or "not known"))
    if report.outlet:
        field(screen, "outlet", report.outlet)
    for origin in view.origins:
        if origin.doc == report.doc and not origin.detail:
            field(screen, "origin", _origin(origin))


def _origin(origin: Origin) -> str:
    return f"{origin.source} ({origin.relation}, {origin.score:g}: {quoted(origin.words)})"


def _print_report(screen: Console, view: View, reading: Reading, why: Why | None) -> None:
    report = reading.report
    head(screen, one_line(report.title) or "(no title)", report.doc)
    about = (("language", report.lang), ("outlet", report.outlet), ("byline", report.byline), ("url", report.url))
    for name, value in about:
        if value:
            field(screen, name, value)
    field(screen, "published", str(reading.dating.when or "not known"))
    for label, reasons in (("because", reading.dating.reasons), ("against", reading.dating.against)):
        for reason in reasons:
            field(screen, label, _reason(reason))
    for origin in view.origins:
        if origin.doc == report.doc:
            field(screen, "origin", _origin(origin))
    for noted in _noted(report):
        field(screen, "noted", noted)
    field(screen, "quotes", str(len(reading.quotes)))
    counts = Counter(drop.reason for drop in report.dropped)
    if counts:
        field(screen, "left out", ", ".join(f"{n} {reason}" for reason, n in sorted(counts.items())))
    entry_of = {ref: entry.id for entry in view.entries for ref in entry.claims}
    for number in range(1, len(reading.claims) + 1):
        screen.out()
        print_claim(screen, view.marked, reading, number, why)
        print_reviews(screen, view, f"{report.doc}#{number}")
        field(screen, "entry", entry_of.get(f"{report.doc}#{number}", "none"))
    if why is not None:
        print_rest(screen, view.marked, reading, why)


def _reason(reason: Reason) -> str:
    return f"{reason.when} ({reason.rule}, in the {reason.of}: {quoted(_shortened(reason.words))})"


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
        field(screen, "left out", f"{drop.reason}: {quoted(drop.text)}")
    if kept:
        roles = {block.role for block in reading.report.blocks for span in kept if span.touches(block.span)}
        field(screen, "kept", ", ".join(sorted(roles)))
    if not out and not kept:
        field(screen, "empty", "the line says nothing")


def _in_text(report: Report, where: Span) -> Iterator[Span]:
    """Where characters of the page stand in the report's text."""
    for start, page, length in report.pieces:
        first, last = max(where.start, page), min(where.end, page + length)
        if first < last:
            yield Span(start + first - page, start + last - page)
