"""`recoupe verify`: is a ledger whole, and what its pages say?"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from recoupe.cli import output
from recoupe.cli.options import CodebookOpt, LedgerArg
from recoupe.codebook import Codebook, open_codebook
from recoupe.ledger import Made, Past, open_ledger

if TYPE_CHECKING:
    from recoupe.verify import Difference, Verdict

MANY = 20  # differences of one sort that are listed; the rest is counted
_EDITION = 10  # digits


class Format(StrEnum):
    """How a verdict or a difference is printed."""

    text = "text"
    json = "json"


def verify(
    where: LedgerArg,
    quick: Annotated[bool, typer.Option("--quick", help="Only look for damage; read no page again.")] = False,
    seal: Annotated[
        str | None, typer.Option("--seal", metavar="HASH", help="Also: is this seal, noted earlier, still a batch's?")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="List every difference, not only the first of each sort.")
    ] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes to read with; as many as may run at once.")] = None,
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.text,
    codebook: CodebookOpt = None,
) -> None:
    """Looks for damage, reads every kept page again and says what differs. Exit code 0: nothing does; 1: something."""
    # Not before they are used: what reads language takes its time to load.
    from recoupe.pipeline import Work, processes
    from recoupe.verify import look_over, with_seal
    from recoupe.verify import verify as verify_ledger

    with open_ledger(where) as ledger:
        name = ledger.name
        if quick:
            verdict = look_over(ledger)
        else:
            book = open_codebook(codebook)
            with output.progress("reading again") as watch:
                verdict = verify_ledger(ledger, book, Work(jobs or processes(), watch=watch))
    if seal is not None:
        verdict = with_seal(verdict, seal)
    if format is Format.json:
        print(json.dumps(_object(verdict, quick), ensure_ascii=False, indent=2))
    else:
        _print(output.console(), name, verdict, None if quick else book, None if every else MANY)
    if not verdict.well:
        raise typer.Exit(1)


def _print(screen: Console, name: str, verdict: Verdict, book: Codebook | None, most: int | None) -> None:
    say = screen.out
    for damage in verdict.damages:
        say(f"damaged: {output.one_line(str(damage))}")
    last = verdict.batches[-1] if verdict.batches else None
    whole = "whole: every hash, reference and seal holds" if not verdict.damages else f"{len(verdict.damages)} damages"
    say(f"{name}: {whole}")
    if last is not None:
        say(
            f"{_n(len(verdict.batches), 'batch', 'batches')}, the last of {last.at}, sealed {last.seal or 'by nothing'}"
        )
    if verdict.underived is not None:
        say(f"not read again: {output.one_line(verdict.underived)}")
    elif book is not None:
        _print_again(screen, verdict, book, most)


def _print_again(screen: Console, verdict: Verdict, book: Codebook, most: int | None) -> None:
    """What came of reading the pages again."""
    from recoupe.program import version

    say = screen.out
    counts = {what: [d for d in verdict.differences if d.what == what] for what in ("readings", "origins", "entries")}
    read, others = _n(verdict.pages, "page"), verdict.others
    if not verdict.differences:
        say(f"read again: of {read}, every reading, origin and entry is as the ledger has it")
        return
    otherwise = len(counts["readings"])
    say(f"read again: of {read}, this version ({version()}) reads {otherwise or 'none'} otherwise")
    if others:
        say("it was made with " + "; ".join(_made(one, version(), book) for one in others))
    elif otherwise:
        say("it was made with this version and codebook: the ledger was tampered with, or the program has a fault")
    for what, found in counts.items():
        if found:
            _list(screen, f"{what}: {len(found)} differ", found, most)


def _made(one: Made | None, now: str, book: Codebook) -> str:
    if one is None:
        return "a version that the ledger does not name"
    parts = [f"another version ({one.program})" if one.program != now else ""]
    parts += [f"another edition of the codebook ({one.edition[:_EDITION]})" if one.edition != book.edition else ""]
    return " and ".join(part for part in parts if part)


def _list(screen: Console, title: str, found: list[Difference], most: int | None) -> None:
    screen.out(title)
    for one in found[:most]:
        screen.out(f"  {output.one_line(one.name)}: {output.one_line(one.how)}")
    if most is not None and len(found) > most:
        screen.out(f"  and {len(found) - most} more (--all)")


def _object(verdict: Verdict, quick: bool) -> dict[str, Any]:
    def batch(past: Past | None) -> dict[str, Any] | None:
        return None if past is None else {"number": past.number, "at": past.at, "seal": past.seal}

    return {
        "well": verdict.well,
        "quick": quick,
        "last_batch": batch(verdict.batches[-1] if verdict.batches else None),
        "damages": [{"table": d.table, "row": d.row, "what": d.what} for d in verdict.damages],
        "pages_read_again": verdict.pages,
        "not_read_again": verdict.underived,
        "differences": [{"what": d.what, "name": d.name, "how": d.how} for d in verdict.differences],
        "made_also_with": [
            None if m is None else {"program": m.program, "codebook": m.codebook, "edition": m.edition}
            for m in verdict.others
        ],
    }


def _n(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
