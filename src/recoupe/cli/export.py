"""`recoupe export`: what a ledger holds, for other programs."""

from __future__ import annotations

from recoupe.cli.commands import group
from recoupe.cli.find import reviewed
from recoupe.cli.moments import AsOf, opened
from recoupe.cli.options import CodebookOpt, LedgerArg, OutOpt
from recoupe.cli.output import write
from recoupe.codebook import open_codebook
from recoupe.publish.claims import claim_lines
from recoupe.publish.origins import origin_lines
from recoupe.publish.reports import report_lines

app = group("Writes what the ledger holds for other programs.")


@app.command("origins")
def export_origins(path: LedgerArg, out: OutOpt, as_of: AsOf = None) -> None:
    """Writes who has it from whom as JSON Lines, one edge a line."""
    with opened(path, as_of) as ledger:
        write(out, origin_lines(ledger.origins()))


@app.command("claims")
def export_claims(path: LedgerArg, out: OutOpt, as_of: AsOf = None, codebook: CodebookOpt = None) -> None:
    """Writes every claim as JSON Lines, one report a line."""
    book = open_codebook(codebook)
    with opened(path, as_of) as ledger:
        outcome = reviewed(ledger)
        states = {ref: standing.state for ref, standing in outcome.claims.items()}
        write(out, claim_lines(outcome.readings, ledger.origins(), book, states))


@app.command("entries")
def export_entries(path: LedgerArg, out: OutOpt, as_of: AsOf = None, codebook: CodebookOpt = None) -> None:
    """Writes every entry as JSON Lines: its claims with their words, origins, conflicts, chain, and how sure it is."""
    from recoupe.cli.chains import entry_lines  # not before it is used: chains take their time to load

    book = open_codebook(codebook)
    with opened(path, as_of) as ledger:
        write(out, entry_lines(ledger, book))


@app.command("reports")
def export_reports(path: LedgerArg, out: OutOpt, as_of: AsOf = None) -> None:
    """Writes the text of every report, without what its page puts around it, as JSON Lines."""
    with opened(path, as_of, settled=False) as ledger:
        write(out, report_lines(ledger.readings()))
