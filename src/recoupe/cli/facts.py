"""Why the claims of an entry are one fact, and why others that came near are not (`recoupe show ENTRY --why`)."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from recoupe.check.telling import tellings
from recoupe.check.why import joins, odds, refusals
from recoupe.cli.find import View
from recoupe.cli.output import field
from recoupe.codebook import Codebook
from recoupe.model import Entry
from recoupe.trace import roots


def print_facts(screen: Console, view: View, entry: Entry, codebook: Codebook) -> None:
    """A line for each join that holds an entry together, and one for each of the facts that came nearest to it."""
    readings = view.readings.values()
    every = tellings(readings, roots(readings, view.origins, codebook), codebook)
    held = joins(entry, every)
    for join in held:
        field(screen, "one fact", f"{join.one} and {join.other}: {_points(join.points)}")
    if not held and len(entry.claims) == 1:
        field(screen, "one fact", "one claim tells it, and no other was joined to it")
    entry_of = {ref: e.id for e in view.entries for ref in e.claims}
    for near in refusals(entry, (t for t in every if t.ref in entry_of), entry_of):
        said = f"; {_points(near.points)}" if near.points else ""
        field(screen, "another", f"{near.entry} ({near.one} and {near.other}): {near.reason}{said}")


def _points(points: Sequence[tuple[str, int]]) -> str:
    """Reasons with their points, and what these come to, in numbers and words."""
    total = sum(value for _, value in points)
    reasons = ", ".join(f"{reason} ({value:+})" for reason, value in points)
    return f"{reasons}: {total} points, {odds(total)}"
