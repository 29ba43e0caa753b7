"""Ledgers opened to look things up in, as they are or as they were, and the moments and days that people name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import typer

from recoupe.cli import output
from recoupe.errors import ValueSyntaxError
from recoupe.ledger import Ledger, open_ledger
from recoupe.values import When

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="WHEN", help="As it was at the end of that day (UTC), or at a time such as 2024-01-31T18:00."
    ),
]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MINUTE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?=$|Z|[+-])")
_SECOND = timedelta(seconds=1)


def moment(text: str, option: str) -> datetime:
    """The last second of the day, minute or second named, by UTC where no zone is. Wrong usage where it is none."""
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        found = datetime.fromisoformat(text) if "T" in text or " " in text else None
    except ValueError:
        found = None
    if found is None:
        raise typer.BadParameter(
            f"expected a day (2024-01-31) or a time (2024-01-31T18:00), found {text!r}", param_hint=option
        )
    found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return found + timedelta(minutes=1) - _SECOND if _MINUTE.match(text) else found


@contextmanager
def opened(where: str, as_of: str | None = None, settled: bool = True) -> Iterator[Ledger]:
    """A ledger to look things up in, as it was at the end of `as_of` where that is given. With `settled`, it is said
    where the last run into it did not come to its end.
    """
    until = None if as_of is None else moment(as_of, "--as-of")
    with open_ledger(where) as now:
        then = now if until is None else now.as_of(now.known_at(until))
        if settled and then.unsettled():
            output.complain(
                f"{then.name}: a run was interrupted before its reports were checked against the others, and their "
                "claims stand in no entry yet; read the pages again to go on"
                if until is None
                else f"{then.name}: at that time the reports read last were not yet checked against the others"
            )
        yield then


def days_given(since: str | None, until: str | None) -> tuple[When | None, When | None]:
    """The days that --since and --until name; wrong usage where they are none, or in the wrong order."""
    first, last = _day(since, "--since"), _day(until, "--until")
    if first and last and (last.last or date.max) < (first.first or date.min):
        raise typer.BadParameter("--since is after --until", param_hint="--since")
    return first, last


def _day(text: str | None, option: str) -> When | None:
    try:
        return None if text is None else When.parse(text)
    except ValueSyntaxError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error
