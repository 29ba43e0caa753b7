"""`recoupe watch`: pages from feeds and sitemaps into a ledger, once or again and again."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from recoupe.cli import output
from recoupe.cli.options import CodebookOpt, IntoOpt
from recoupe.codebook import Codebook, open_codebook
from recoupe.errors import RecoupeError
from recoupe.ledger import Ledger, create_ledger

if TYPE_CHECKING:
    from recoupe.load import Problem
    from recoupe.pipeline import Run
    from recoupe.watch import Tally, Watch

_SHARE = 16  # pages that are kept at a time: fetching is slow, and what an interruption loses is fetched again
_PACKAGES = ("feedparser", "httpcore", "httpx", "protego")
_YEAR, _HOUR = 525_600, 3_600  # minutes, seconds: more is a slip of the finger
_LEAST = 1.0  # seconds between requests to a host of somebody else


def watch(
    feeds: Annotated[
        list[str], typer.Argument(metavar="FEED", help="RSS, Atom, JSON feeds and sitemaps: addresses, or saved files.")
    ],
    into: IntoOpt,
    every: Annotated[
        float | None, typer.Option(metavar="MINUTES", min=1, max=_YEAR, help="Look again after so long, until Ctrl-C.")
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="At most so many pages a pass.")] = None,
    delay: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, max=_HOUR, help="At least so long between requests to one host.")
    ] = 2.0,
    private: Annotated[
        bool, typer.Option("--private", help="Also addresses of this machine and its network, and any port.")
    ] = False,
    codebook: CodebookOpt = None,
) -> None:
    """Fetches the new pages that feeds name, politely, and reads them into a ledger."""
    if delay != delay or every != every:  # what is no number at all is in every range
        raise typer.BadParameter("not a number", param_hint="--delay, --every")
    if delay < _LEAST and not private:
        raise typer.BadParameter(f"at least {_LEAST:g}, or --private for machines of your own", param_hint="--delay")
    _need_packages()
    from recoupe.watch import Fetcher, Politeness, Watch

    book = open_codebook(codebook)
    fetcher = Fetcher(Politeness(delay=delay, private=private))
    told: frozenset[Problem] = frozenset()
    with create_ledger(into) as ledger:
        while True:
            one_pass = Watch(feeds, ledger, fetcher, limit)
            run = _fill(ledger, one_pass, book)
            if every is None or run.readings:
                _tell(ledger, one_pass, run, book)
            else:
                _tell_little(one_pass, run, told)
            told = frozenset(run.problems)
            if every is None:
                break
            if not _sleep(every * 60):
                return
    if all(tally.error is not None for tally in one_pass.tallies):
        output.complain("no feed could be read")
        raise typer.Exit(1)


def _need_packages() -> None:
    try:
        import recoupe.watch  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name not in _PACKAGES:
            raise
        raise RecoupeError(f"watch needs {error.name}, which is not installed: pip install recoupe[watch]") from error


def _fill(ledger: Ledger, one_pass: Watch, book: Codebook) -> Run:
    """One pass: reads what is new into the ledger."""
    # Not before it is used: what reads language takes its time to load.
    from recoupe.pipeline import Work, fill, processes

    with one_pass, output.progress("reading") as progress:
        return fill(ledger, one_pass.pages, book, Work(processes(), _SHARE, progress))


def _tell(ledger: Ledger, one_pass: Watch, run: Run, book: Codebook) -> None:
    """What a pass did, in full."""
    from recoupe.cli.summary import print_summary

    screen = output.console()
    for line in _lines(one_pass.tallies):
        screen.out(line)
    print_summary(screen, run, ledger.entries(), ledger.name, book)


def _tell_little(one_pass: Watch, run: Run, told: Collection[Problem]) -> None:
    """A pass of many that brought nothing: a line, and on standard error what problems the last pass did not have."""
    _complain([problem for problem in run.problems if problem not in told])
    tallies = one_pass.tallies
    unread = sum(tally.error is not None for tally in tallies)
    counts = (
        (unread, "feed could not be read" if unread == 1 else "feeds could not be read"),
        (sum(tally.failed for tally in tallies), "failed for the next time"),
        (sum(tally.left for tally in tallies), "left for the next time"),
    )
    now = datetime.now(UTC).astimezone().isoformat(" ", "minutes")
    output.console().out(f"{now}: nothing new" + "".join(f", {number} {what}" for number, what in counts if number))


def _complain(problems: Sequence[Problem]) -> None:
    """A line a problem; of many with one reason, the first few and how many more there are."""
    from recoupe.cli.summary import MANY

    met = Counter[str]()
    for problem in problems:
        met[problem.reason] += 1
        if met[problem.reason] <= MANY:
            output.complain(f"{problem.doc}: {problem.reason}")
    for reason, number in met.items():
        if number > MANY:
            output.complain(f"and {number - MANY} more: {reason}")


def _lines(tallies: Sequence[Tally]) -> list[str]:
    return [f"{output.one_line(tally.feed)}: {_line(tally)}" for tally in tallies]


def _line(tally: Tally) -> str:
    if tally.error is not None:
        return f"could not be read: {output.one_line(tally.error)}"
    if tally.same:
        return "not changed since it was last read"
    said = (
        f"{tally.named} named, {tally.new} new, {tally.fetched} fetched, "
        f"{tally.unchanged} unchanged, {tally.refused} refused"
    )
    later = ((tally.failed, "failed"), (tally.left, "left"))
    return said + "".join(f", {number} {what} for the next time" for number, what in later if number)


def _sleep(seconds: float) -> bool:
    """Waits for the next pass; False where Ctrl-C ends the waiting, which is how watching is meant to end."""
    try:
        time.sleep(seconds)
    except KeyboardInterrupt:
        return False
    return True
