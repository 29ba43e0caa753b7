"""What `recoupe read` says when it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from recoupe.cli.output import complain, print_plainly
from recoupe.codebook import Codebook
from recoupe.model import Entry
from recoupe.pipeline import Run, dropped
from recoupe.publish.select import Selection, select
from recoupe.publish.table import entries_table

HEAD = 20  # entries
MANY = 5  # files with one and the same reason: beyond so many a list says no more than a number


def print_summary(screen: Console, run: Run, entries: Sequence[Entry], ledger: str, codebook: Codebook) -> None:
    """Counts, what was left out and why, and the head of the ledger; each file that could not be used on stderr."""
    _print_problems(run)
    claims = sum(len(reading.claims) for reading in run.readings)
    say = screen.out
    lost = run.pages - run.known - len(run.readings)
    unread_too = f", {lost} without a report" if lost > 0 else ""
    say(f"{_n(run.pages, 'page')}: {_n(len(run.readings), 'new report')}, {run.known} known already{unread_too}")
    if run.readings:
        say(f"{_n(claims, 'claim')} in the new reports")
        if unread := Counter(r.report.lang for r in run.readings if r.report.lang not in codebook.languages):
            told = ", ".join(f"{n} × {lang}" for lang, n in sorted(unread.items(), key=_often))
            say(f"kept but not read, for want of a reader of their language: {told}")
        if out := dropped(run.readings):
            say("left out of their pages, in lines: " + ", ".join(f"{n} {reason}" for reason, n in out.items()))
        if run.otherwise:
            say(f"not as they were before, and kept beside the earlier: {_few(run.otherwise)}")
    elif run.pages and run.known == run.pages:
        say("nothing new: the ledger has all of these pages")
    if run.problems:
        reasons = Counter(problem.reason for problem in run.problems)
        say("could not use: " + ", ".join(_times(n, why) for why, n in sorted(reasons.items(), key=_often)))
    say(f"{_n(len(entries), 'entry', 'entries')} in {ledger}" + _changes(run))
    if entries and (run.readings or run.known):
        ordered = select(entries, Selection(), codebook)
        print_plainly(screen, entries_table(ordered[:HEAD], codebook))
        if len(ordered) > HEAD:
            say(f"and {len(ordered) - HEAD} more: recoupe ledger {ledger}")


def _times(number: int, reason: str) -> str:
    """How often a reason was met; one that counts by itself ("4 rows: ...") is met once."""
    return reason if number == 1 and reason[:1].isdigit() else f"{number} × {reason}"


def _few(docs: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    return ", ".join(docs[:MANY]) + (f" and {len(docs) - MANY} more" if len(docs) > MANY else "")


def _print_problems(run: Run) -> None:
    """A line a file; of many files with one reason, the first few and how many more there are."""
    by_reason: dict[str, list[str]] = {}
    for problem in run.problems:
        by_reason.setdefault(problem.reason, []).append(problem.doc)
    for reason, docs in by_reason.items():
        for doc in docs[:MANY]:
            complain(f"{doc}: {reason}")
        if len(docs) > MANY:
            complain(f"and {len(docs) - MANY} more: {reason}")


def _changes(run: Run) -> str:
    """How many entries the run added and replaced."""
    if not run.change.new and not run.change.superseded:
        return ", none of them changed"
    return f", {run.change.new} new, {run.change.superseded} superseded"


def _often(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _n(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
