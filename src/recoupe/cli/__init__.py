"""The command line: one command a verb.

Exit codes: 0 done (for `read`: some page was read), 1 not done (none was; or a ledger, a codebook or a name cannot be
used), 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from recoupe.cli import output
from recoupe.cli.claims import Why
from recoupe.cli.diff import diff as diff_ledger
from recoupe.cli.find import reviewed as as_reviewed
from recoupe.cli.moments import AsOf
from recoupe.cli.moments import opened as _opened
from recoupe.cli.output import write as _write
from recoupe.cli.output import write_bytes as _write_bytes
from recoupe.cli.review import review as review_ledger
from recoupe.cli.score import score as score_ledger
from recoupe.cli.serve import serve as serve_ledger
from recoupe.cli.show import page_named
from recoupe.cli.show import show as show_thing
from recoupe.cli.times import times as tell_times
from recoupe.cli.verify import verify as verify_ledger
from recoupe.cli.watch import watch as watch_feeds
from recoupe.codebook import Codebook, default_codebook, load_codebook
from recoupe.errors import CodebookError, GoldError, RecoupeError, ReviewsError, ValueSyntaxError
from recoupe.ledger import create_ledger, discard_unused, ledger_file
from recoupe.publish import (
    Seen,
    Selection,
    claim_lines,
    entries_csv,
    entries_json,
    entries_table,
    known,
    origin_lines,
    report_lines,
    select,
    undated,
)
from recoupe.values import When


class Commands(TyperGroup):
    """Commands whose failures end in one clear line each, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; a RecoupeError is told on standard error and ends with exit code 1."""
        try:
            return super().invoke(ctx)
        except (CodebookError, GoldError, ReviewsError) as error:
            for mistake in error.mistakes:
                output.complain(mistake)
        except RecoupeError as error:
            output.complain(str(error))
        except KeyboardInterrupt:
            output.complain("interrupted; what is in the ledger stays, and the next run goes on from there")
            raise typer.Exit(130) from None
        raise typer.Exit(1)


class Format(StrEnum):
    """How entries are printed."""

    table = "table"
    json = "json"
    csv = "csv"


class BalanceFormat(StrEnum):
    """How a balance is printed."""

    text = "text"
    json = "json"
    csv = "csv"


app = typer.Typer(
    cls=Commands,
    help="Reads news reports into one cross-checked ledger; every cell carries the words it rests on.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
export = typer.Typer(
    cls=Commands, help="Writes what the ledger holds for other programs.", no_args_is_help=True, rich_markup_mode=None
)
codebook_app = typer.Typer(cls=Commands, help="Looks after codebooks.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(export, name="export")
app.add_typer(codebook_app, name="codebook")

LedgerArg = Annotated[str, typer.Argument(metavar="LEDGER", help=output.LEDGER)]
CodebookOpt = Annotated[
    Path | None, typer.Option("--codebook", metavar="DIR", help="A codebook folder instead of the built-in one.")
]


def _codebook(folder: Path | None) -> Codebook:
    return default_codebook() if folder is None else load_codebook(folder)


@app.command()
def read(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files and folders of pages.", readable=False)],
    into: Annotated[str, typer.Option("--into", metavar="LEDGER", help=output.INTO)],
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes to read with; as many as may run at once.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="ROLE=NAME", help="What a table's column holds, such as html=raw_page.")
    ] = None,
    codebook: CodebookOpt = None,
) -> None:
    """Reads pages into a ledger. Pages that it has already add nothing."""
    # Not before they are used: what reads language takes its time to load.
    from recoupe.cli.summary import print_summary
    from recoupe.load import Columns
    from recoupe.pipeline import Work, fill, from_files, processes

    book = _codebook(codebook)
    columns = Columns.parse(column or [])
    file = ledger_file(into)
    is_new = file is not None and not file.exists()
    with create_ledger(into) as ledger:
        with output.progress("reading") as watch:
            run = fill(ledger, from_files(*paths, columns=columns), book, Work(jobs or processes(), watch=watch))
        print_summary(output.console(), run, ledger.entries(), ledger.name, book)
    if not run.readings and not run.known:
        is_gone = is_new and discard_unused(into)
        output.complain("no page was read" + (", and no ledger made" if is_gone else ""))
        raise typer.Exit(1)


app.command("watch")(watch_feeds)
app.command("times")(tell_times)
app.command("score")(score_ledger)
app.command("diff")(diff_ledger)
app.command("verify")(verify_ledger)
app.command("review")(review_ledger)
app.command("serve")(serve_ledger)


@app.command()
def ledger(
    path: LedgerArg,
    kind: Annotated[str | None, typer.Option(help="Only this kind, such as pledge or attack.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only with this actor or place: an id or its beginning.")] = None,
    item: Annotated[str | None, typer.Option(help="Only with this item or what is below it in the tree.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Not before this day, month or year.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Not after this day, month or year.")] = None,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="Only where reports contradict one another.")] = False,
    reviewed: Annotated[
        Seen | None, typer.Option(help="Only what people have reviewed, or not, or should look at again.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.table,
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Prints the entries of a ledger."""
    book = _codebook(codebook)
    if kind is not None and kind not in book.kinds:
        raise typer.BadParameter(f"expected one of {', '.join(sorted(book.kinds))}", param_hint="--kind")
    wanted = Selection(kind, actor, item, _when(since, "--since"), _when(until, "--until"), conflicts, reviewed)
    if wanted.since and wanted.until and (wanted.until.last or date.max) < (wanted.since.first or date.min):
        raise typer.BadParameter("--since is after --until", param_hint="--since")
    with _opened(path, as_of) as opened:
        entries = list(opened.entries())
    if missing := known(entries, wanted, book):
        raise typer.BadParameter(f"no id of the ledger or the codebook begins with {missing[0]!r}")
    found = select(entries, wanted, book)
    if left_out := undated(entries, wanted, book):
        output.complain(
            f"{left_out} more fit but for their time, which no words say; without a time filter they are shown"
        )
    if format is Format.json:
        sys.stdout.write(entries_json(found, book))
    elif format is Format.csv:
        sys.stdout.write(entries_csv(found, book))
    elif found:
        output.print_plainly(output.console(), entries_table(found, book))
    else:
        print("no entries")


def _when(text: str | None, option: str) -> When | None:
    """A date that the user gave; wrong usage where it is none."""
    try:
        return None if text is None else When.parse(text)
    except ValueSyntaxError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


@app.command()
def show(
    path: LedgerArg,
    id: Annotated[str, typer.Argument(metavar="ID", help="An entry, a report (DOC), a claim (DOC#N), a line (DOC:N).")],
    dropped: Annotated[bool, typer.Option("--dropped", help="The lines left out of a report, with reasons.")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="By which words and rules each claim says what it says, and what tells none.")
    ] = False,
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Shows an entry with the words it rests on, a report with the reasons for its date, or what became of a line."""
    book = _codebook(codebook)
    with _opened(path, as_of) as opened:
        show_thing(output.console(), opened, id, dropped, Why(book) if why else None, book)


@app.command()
def origins(
    path: LedgerArg,
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="An entry, a report (DOC), or a source such as reuters.")
    ] = None,
    graphml: Annotated[
        Path | None, typer.Option("--graphml", metavar="FILE", help="Write a graph instead; - is standard output.")
    ] = None,
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Shows who has it from whom, with the words that say so, and whose word an entry's claims are."""
    from recoupe.cli.origins import origin_graph, origin_trees

    book = _codebook(codebook)
    with _opened(path, as_of) as opened:
        if graphml is None:
            origin_trees(output.console(), opened, id, book)
        else:
            _write_bytes(graphml, origin_graph(opened, id, book))


@app.command()
def chain(
    path: LedgerArg,
    id: Annotated[str, typer.Argument(metavar="ENTRY", help="An entry's id, or the beginning of only one.")],
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Shows the steps that an entry is one of, from a request to what makes good a gift, and what remains open."""
    from recoupe.cli.chains import print_chain

    book = _codebook(codebook)
    with _opened(path, as_of) as opened:
        print_chain(output.console(), opened, id, book)


@app.command()
def balance(
    path: LedgerArg,
    by: Annotated[str, typer.Option(metavar="SIDE", help="What rows go by: donor, item or recipient.")] = "donor",
    who: Annotated[str | None, typer.Option(help="Only with this actor: an id or its beginning.")] = None,
    what: Annotated[str | None, typer.Option(help="Only with this item or what is below it in the tree.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Not before this day, month or year.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Not after this day, month or year.")] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="Turn sums into this currency, at the rate of their day.")
    ] = None,
    format: Annotated[BalanceFormat, typer.Option(help="How to print.")] = BalanceFormat.text,
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Prints what was asked for, promised, contracted and delivered: ranges, with the number of their origins."""
    from recoupe.cli.chains import Wanted, balanced
    from recoupe.publish.balance import balance_csv, balance_json, balance_table

    book = _codebook(codebook)
    if by not in book.chains.sides:
        raise typer.BadParameter(f"expected one of {', '.join(book.chains.sides)}", param_hint="--by")
    span = _span(_when(since, "--since"), _when(until, "--until"))
    with _opened(path, as_of) as opened:
        rows = balanced(opened, Wanted(by, span, who, what, currency.upper() if currency else None), book)
    if format is BalanceFormat.json:
        sys.stdout.write(balance_json(rows, by, book.chains.columns))
    elif format is BalanceFormat.csv:
        sys.stdout.write(balance_csv(rows, by, book.chains.columns))
    elif rows:
        output.print_plainly(output.console(), balance_table(rows, by, book.chains.columns))
    else:
        print("nothing to count")


def _span(since: When | None, until: When | None) -> When:
    """The days from the first to the last that the user gave; wrong usage where there are none."""
    if since and until and (until.last or date.max) < (since.first or date.min):
        raise typer.BadParameter("--since is after --until", param_hint="--since")
    return When.between(since and since.first, until and until.last)


@export.command("origins")
def export_origins(
    path: LedgerArg,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; - is standard output.")],
    as_of: AsOf = None,
) -> None:
    """Writes who has it from whom as JSON Lines, one edge a line."""
    with _opened(path, as_of) as opened:
        _write(out, origin_lines(opened.origins()))


@export.command("claims")
def export_claims(
    path: LedgerArg,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; - is standard output.")],
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Writes every claim as JSON Lines, one report a line."""
    book = _codebook(codebook)
    with _opened(path, as_of) as opened:
        outcome = as_reviewed(opened)
        states = {ref: standing.state for ref, standing in outcome.claims.items()}
        _write(out, claim_lines(outcome.readings, opened.origins(), book, states))


@export.command("entries")
def export_entries(
    path: LedgerArg,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; - is standard output.")],
    as_of: AsOf = None,
    codebook: CodebookOpt = None,
) -> None:
    """Writes every entry as JSON Lines: its claims with their words, origins, conflicts, chain, and how sure it is."""
    from recoupe.cli.chains import entry_lines

    book = _codebook(codebook)
    with _opened(path, as_of) as opened:
        _write(out, entry_lines(opened, book))


@export.command("reports")
def export_reports(
    path: LedgerArg,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; - is standard output.")],
    as_of: AsOf = None,
) -> None:
    """Writes the text of every report, without what its page puts around it, as JSON Lines."""
    with _opened(path, as_of, settled=False) as opened:
        _write(out, report_lines(opened.readings()))


@app.command()
def page(
    path: LedgerArg,
    id: Annotated[str, typer.Argument(metavar="ID", help="A report (DOC), or a part of only one's name.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; - is standard output.")] = Path(
        "-"
    ),
    as_of: AsOf = None,
) -> None:
    """Gives the page of a report back, byte for byte as it came."""
    with _opened(path, as_of, settled=False) as opened:
        data = page_named(opened, id).data
    _write_bytes(out, data)


@codebook_app.command("check")
def check_codebook(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A codebook folder.")]) -> None:
    """Says whether a codebook holds together; every mistake with its file and line."""
    book = load_codebook(folder)
    counts = (
        f"{len(book.kinds)} kinds",
        f"{len(book.parents)} items",
        f"{len(book.outlets)} outlets",
        f"{len(book.languages)} languages",
    )
    print(f"{folder}: sound: {', '.join(counts)}")


def main() -> None:
    """The `recoupe` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot write an arrow shows a mark in its place
    try:
        app()
    except BrokenPipeError:
        _quiet()  # whoever read our output has had enough
        sys.exit(0)
    except OSError as error:
        _quiet()
        output.complain(f"the output cannot be written: {error.strerror or error}")
        sys.exit(1)


def _quiet() -> None:
    """Sends what is still to be written nowhere, so that the interpreter does not fail on it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
