"""`recoupe score`: what a ledger has of reports that people have coded, measured."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from recoupe.cli import output
from recoupe.cli.find import like
from recoupe.cli.options import CodebookOpt, LedgerArg
from recoupe.codebook import Codebook, open_codebook
from recoupe.errors import RecoupeError
from recoupe.ledger import Ledger, open_ledger
from recoupe.model import Page
from recoupe.publish.claims import claim_record
from recoupe.publish.score import (
    CodedReport,
    Comparison,
    Confusion,
    Difference,
    Field,
    Figures,
    Pages,
    PageText,
    Rate,
    compare,
    confusion,
    differences,
    differences_object,
    figures,
    figures_object,
    read_gold,
)

_WORDS = 100  # characters of a passage that a difference shows
_MOST = 12  # roles, kinds and statuses that a line of the summary names


def score(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Coded reports, as JSON Lines.")],
    path: LedgerArg,
    texts: Annotated[
        Path | None, typer.Option("--texts", metavar="DIR", help="Where pages are that are not the ledger's own.")
    ] = None,
    errors: Annotated[
        bool, typer.Option("--errors", help="Every difference, and what is most often confused.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    kinds: Annotated[bool, typer.Option("--kinds", help="Also the claims of each kind.")] = False,
    codebook: CodebookOpt = None,
) -> None:
    """Measures what a ledger has of reports against how people have coded them."""
    book = open_codebook(codebook)
    if texts is not None and not texts.is_dir():
        raise RecoupeError(f"{texts}: no such folder")
    with open_ledger(path) as ledger:
        reports = compared(gold, ledger, texts, book)
        docs, name = ledger.docs(), ledger.name
    told = figures(reports, book)
    for doc in told.unread:
        output.complain(f"{doc}: not in {name}; counted as unread{like(doc, docs)}")
    if json_:
        print(json.dumps(figures_object(told) | (differences_object(reports) if errors else {}), ensure_ascii=False))
    else:
        _print(output.console(), told, reports, errors, kinds)
    if len(told.unread) == told.reports:
        raise RecoupeError(f"{name}: has no report of {gold}")


def compared(gold: Path, ledger: Ledger, texts: Path | None, book: Codebook) -> list[Comparison]:
    """Each report of a gold file beside what the ledger has of it; `texts`, a folder of pages, goes before the ledger's
    own. Raises GoldError and RecoupeError as `read_gold`.
    """
    pages = _pages(ledger, texts)
    wanted = read_gold(gold, book, pages)
    docs = {report.doc for report in wanted}
    read = {
        reading.report.doc: CodedReport.of(claim_record(reading, (), book), book)
        for reading in ledger.readings()
        if reading.report.doc in docs
    }
    return [compare(report, read.get(report.doc), pages(report.doc), book) for report in wanted]


def _pages(ledger: Ledger, texts: Path | None) -> Pages:
    """The pages of reports: from the folder where it has them, else those that the ledger keeps."""
    from recoupe.load import make_page  # not before it is used: it takes its time to load

    def page_of(doc: str) -> PageText | None:
        file = None if texts is None else texts / doc
        if file is None or not file.is_file():
            kept = ledger.page(doc)
            return None if kept is None else _seen(kept)
        try:
            return _seen(make_page(doc, file.read_bytes()))
        except OSError as error:
            raise RecoupeError(f"{file}: cannot be read: {error.strerror or error}") from error

    return page_of


def _seen(page: Page) -> PageText:
    """What a person sees of a page: all of a text, of HTML what a browser shows."""
    if page.form == "text":
        return PageText(page.text, hash=page.hash)
    from recoupe.clean.html import see

    sight = see(page.text, page.doc)
    return PageText(sight.text, sight.pieces, page.hash)


def _print(screen: Console, told: Figures, compared: Sequence[Comparison], errors: bool, kinds: bool) -> None:
    """The figures for a person; with `errors`, what they come from above them."""
    if errors:
        for line in _listed(differences(compared)):
            screen.out(line, highlight=False)
    unread = f", {len(told.unread)} of them unread" if told.unread else ""
    reports = "1 report" if told.reports == 1 else f"{told.reports} reports"
    screen.out(f"{reports}{unread}: {told.gold_claims} claims coded, {told.predicted_claims} read", highlight=False)
    output.print_plainly(screen, _table(told))
    for line in _shares(told):
        screen.out(line, highlight=False)
    if kinds:
        output.print_plainly(screen, _kinds_table(told))
    if errors:
        for line in _summary(confusion(compared)):
            screen.out(line, highlight=False)


def _table(told: Figures) -> Table:
    table = _columns("", "F1", "precision", "recall")
    rates = {
        "reading": told.reading,
        "found": told.found,
        "slots": told.slots,
        "attribution": told.attribution,
        "quotes, strictly": told.quotes_strict,
        "quotes, loosely": told.quotes_loose,
    }
    for name, rate in rates.items():
        table.add_row(name, *_cells(rate))
    return table


def _shares(told: Figures) -> Iterator[str]:
    """The figures that are no F1."""
    verdicts = [f"{n} {verdict}" for verdict, n in told.published.items() if n]
    dated = sum(told.published.values())
    yield f"status {told.status:.3f}, speakers {told.speaker:.3f}, ungrounded {told.ungrounded}"
    yield f"published: {', '.join(verdicts)} of {dated}" if dated else "published: no report is coded with its date"


def _cells(rate: Rate) -> Iterator[str]:
    return (f"{share:.3f}" for share in (rate.f1, rate.p, rate.r))


def _kinds_table(told: Figures) -> Table:
    table = _columns("kind", "coded", "read", "found")
    for kind, n in told.kinds.items():
        table.add_row(kind, str(n.gold), str(n.pred), str(n.found))
    return table


def _columns(name: str, *numbers: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(name, no_wrap=True)
    for number in numbers:
        table.add_column(number)
    return table


def _listed(found: Iterable[Difference]) -> Iterator[str]:
    """The differences, report by report."""
    for doc, of_doc in groupby(found, key=lambda difference: difference.doc):
        yield output.one_line(doc)
        for one in of_doc:
            about = " ".join(part for part in (one.what, one.kind, one.name) if part)
            yield f"  {about}{_quoted(one.words)}"
            yield from (f"      {_told(field, one.what)}" for field in one.fields)
        yield ""


def _quoted(words: str) -> str:
    line = output.one_line(words)
    return f": “{line if len(line) <= _WORDS else line[: _WORDS - 1] + '…'}”" if line else ""


def _told(field: Field, what: str) -> str:
    """What a field of one side says, or of both where they differ."""
    wants, has = (output.one_line(", ".join(values)) or "nothing" for values in (field.wants, field.has))
    if what in ("missed", "missed quote"):
        return f"{field.name} {wants}"
    if what in ("spurious", "spurious quote"):
        return f"{field.name} {has}"
    return f"{field.name}: wants {wants}; has {has}{' (half right)' if field.half else ''}"


def _summary(told: Confusion) -> Iterator[str]:
    """What is most often confused, one line each."""
    yield _most("kinds confused", (f"{has} for {wants}" for wants, has, _ in told.kinds), (n for *_, n in told.kinds))
    for name, roles in (("missed", told.missed), ("spurious", told.spurious), ("half right", told.half)):
        yield _most(f"roles {name}", (role for role, _ in roles), (n for _, n in roles))
    statuses = (f"{has} for {wants}" for wants, has, _ in told.statuses)
    yield _most("statuses confused", statuses, (n for *_, n in told.statuses))


def _most(name: str, things: Iterable[str], times: Iterable[int]) -> str:
    """The first of what is counted, and how many more there are."""
    counted = [f"{n} × {thing}" for thing, n in zip(things, times, strict=True)]
    more = [f"and {len(counted) - _MOST} more"] if len(counted) > _MOST else []
    return f"{name}: {', '.join(counted[:_MOST] + more) or 'none'}"
