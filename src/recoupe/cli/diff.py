"""`recoupe diff`: what changed in a ledger between two moments."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from recoupe.cli import output
from recoupe.cli.moments import moment
from recoupe.cli.options import CodebookOpt, LedgerArg
from recoupe.cli.output import field, head, one_line
from recoupe.cli.verify import MANY, Format
from recoupe.codebook import Codebook, open_codebook
from recoupe.ledger import Ledger, Past, open_ledger
from recoupe.model import Conflict, Entry, Reading
from recoupe.publish.changes import Changes, EntryChange, FieldChange, Moved, ReadAnew, changes
from recoupe.publish.entries import conflict_object, entry_object, row, sure

T = TypeVar("T")


def diff(
    where: LedgerArg,
    since: Annotated[str, typer.Option("--from", metavar="WHEN", help="From the end of this day (UTC), or this time.")],
    until: Annotated[
        str | None, typer.Option("--to", metavar="WHEN", help="To the end of this day, or this time; else to now.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List everything, not only the first of each sort.")] = False,
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.text,
    codebook: CodebookOpt = None,
) -> None:
    """Says what changed between two days: contradictions first, then values, new and gone entries, and reports."""
    start, end = moment(since, "--from"), None if until is None else moment(until, "--to")
    if end is not None and end < start:
        raise typer.BadParameter("--to is before --from", param_hint="--to")
    book = open_codebook(codebook)
    with open_ledger(where) as ledger:
        first = ledger.known_at(start)
        past = {batch.number: batch for batch in ledger.history.batches()}
        last = max(past) if end is None else ledger.known_at(end)
        found = _between(ledger, first, last)
    if format is Format.json:
        print(json.dumps(_object(found, past[first], past[last], book), ensure_ascii=False, indent=2))
    else:
        _print(output.console(), found, (past[first], past[last]), book, None if every else MANY)


def _between(ledger: Ledger, first: int, last: int) -> Changes:
    step = ledger.history.step(first, last)
    return changes(step.readings_before, step.readings_after, step.entries_before, step.entries_after, step.renamed)


# For people


def _print(screen: Console, found: Changes, between: tuple[Past, Past], book: Codebook, most: int | None) -> None:
    contradicted = [c for c in found.changed if c.arisen]
    otherwise = [c for c in found.changed if c.says_otherwise and not c.arisen]
    told = [c for c in found.changed if not c.says_otherwise]
    anew = [report for report in found.anew if report.tells]
    screen.out(f"from {_at(between[0])} to {_at(between[1])}")
    counts = (
        (len(contradicted), "entry newly contradicted", "entries newly contradicted"),
        (len(otherwise), "entry changed", "entries changed"),
        (len(found.new), "new entry", "new entries"),
        (len(found.gone), "entry gone", "entries gone"),
        (len(told), "entry told by others than before", "entries told by others than before"),
        (len(found.reports), "new report", "new reports"),
        (len(anew), "report read anew", "reports read anew"),
    )
    screen.out(", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts if n) or "nothing changed")

    def change(one: EntryChange) -> None:
        _print_change(screen, one, book)

    def new(moved: Moved) -> None:
        _print_moved(screen, moved, book, "was part of")

    def gone(moved: Moved) -> None:
        _print_moved(screen, moved, book, "now part of")

    _section(screen, "Newly contradicted", contradicted, change, most)
    _section(screen, "Changed", otherwise, change, most)
    _section(screen, "New", found.new, new, most)
    _section(screen, "Gone", found.gone, gone, most)
    _section(screen, "Told by others than before", told, change, most)
    _section(screen, "New reports", found.reports, lambda report: _print_report(screen, report), most)
    _section(screen, "Read anew", anew, lambda report: _print_anew(screen, report), most)


def _section(screen: Console, title: str, things: Sequence[T], show: Callable[[T], None], most: int | None) -> None:
    if not things:
        return
    screen.out()
    screen.print(title, style="bold", soft_wrap=True)
    for thing in things[:most]:
        show(thing)
    if most is not None and len(things) > most:
        screen.out(f"and {len(things) - most} more (--all)")


def _at(past: Past) -> str:
    return f"{past.at[:10]} {past.at[11:19]} UTC (batch {past.number})"


def _called(entry: Entry, book: Codebook) -> str:
    """An entry on one line: what happened, when, who, what and how much."""
    cells = row(entry, book, 4)
    kind = cells.kind if cells.status == "done" else f"{cells.kind} ({cells.status})"
    return "  ".join(part for part in (cells.when or "?", kind, cells.who, cells.what, cells.how_much) if part)


def _print_change(screen: Console, change: EntryChange, book: Codebook) -> None:
    was = f" (was {change.before.id})" if change.before.id != change.after.id else ""
    head(screen, _called(change.after, book), change.after.id + was)
    for one in change.fields:
        then, now = _listed(one.before, one.name, change.before), _listed(one.after, one.name, change.after)
        field(screen, one.name, f"{then} → {now}")
    for conflict in change.arisen:
        field(screen, "conflict", _sides(conflict), "bold red")
    for conflict in change.solved:
        field(screen, "no conflict", conflict.field)
    for one in (change.origins, change.claims):
        if one.before or one.after:
            field(screen, one.name, _plus_minus(one))


def _sides(conflict: Conflict) -> str:
    sides = (f"{side.value} says {', '.join(side.claims)}" for side in conflict.sides)
    return f"{conflict.field}: {'; '.join(sides)}"


def _listed(values: Iterable[str], name: str, entry: Entry) -> str:
    """The values of a field; those that contradict each other are told apart."""
    clashing = {conflict.field for conflict in entry.conflicts}
    return (" ≠ " if name in clashing else ", ").join(values) or "nothing"


def _plus_minus(change: FieldChange) -> str:
    return ", ".join([*(f"+{name}" for name in change.after), *(f"−{name}" for name in change.before)])


def _print_moved(screen: Console, moved: Moved, book: Codebook, others: str) -> None:
    entry = moved.entry
    reports = len({claim.rpartition("#")[0] for claim in entry.claims})
    head(screen, f"{_called(entry, book)}  {sure(len(entry.origins), reports)}", entry.id)
    for conflict in entry.conflicts:
        field(screen, "conflict", _sides(conflict), "bold red")
    if moved.others:
        field(screen, others, ", ".join(moved.others))


def _print_report(screen: Console, reading: Reading) -> None:
    about = [
        str(reading.dating.when or "?"),
        reading.report.outlet or "",
        one_line(reading.report.title) or "(no title)",
    ]
    claims = len(reading.claims)
    head(
        screen,
        "  ".join(part for part in (*about, f"{claims} claim{'' if claims == 1 else 's'}") if part),
        reading.report.doc,
    )


def _print_anew(screen: Console, anew: ReadAnew) -> None:
    head(screen, one_line(anew.after.report.title) or "(no title)", anew.after.report.doc)
    then, now = anew.before.dating.when, anew.after.dating.when
    if then != now:
        field(screen, "published", f"{then or 'not known'} → {now or 'not known'}")
    counts = ((anew.new, "new"), (anew.gone, "gone"), (anew.changed, "say something else"))
    if told := ", ".join(f"{number} {what}" for number, what in counts if number):
        field(screen, "claims", told)


# For programs


def _object(found: Changes, first: Past, last: Past, book: Codebook) -> dict[str, Any]:
    return {
        "from": {"batch": first.number, "at": first.at, "seal": first.seal},
        "to": {"batch": last.number, "at": last.at, "seal": last.seal},
        "entries": {
            "changed": [_change(change, book) for change in found.changed],
            "new": [{**entry_object(m.entry, book), "was_in": list(m.others)} for m in found.new],
            "gone": [{**entry_object(m.entry, book), "now_in": list(m.others)} for m in found.gone],
        },
        "reports": {
            "new": [reading.report.doc for reading in found.reports],
            "read_anew": [_anew(anew) for anew in found.anew],
        },
    }


def _change(change: EntryChange, book: Codebook) -> dict[str, Any]:
    def both(one: FieldChange) -> dict[str, list[str]]:
        return {"before": list(one.before), "after": list(one.after)}

    return {
        "id": change.after.id,
        "was": change.before.id,
        "fields": {one.name: both(one) for one in change.fields},
        "conflicts": {
            "arisen": [conflict_object(c) for c in change.arisen],
            "solved": [conflict_object(c) for c in change.solved],
        },
        "origins": {"new": list(change.origins.after), "gone": list(change.origins.before)},
        "claims": {"new": list(change.claims.after), "gone": list(change.claims.before)},
        "entry": entry_object(change.after, book),
    }


def _anew(anew: ReadAnew) -> dict[str, Any]:
    then, now = anew.before.dating.when, anew.after.dating.when
    return {
        "doc": anew.after.report.doc,
        "published": {"before": None if then is None else str(then), "after": None if now is None else str(now)},
        "claims": {"new": anew.new, "gone": anew.gone, "changed": anew.changed},
    }
