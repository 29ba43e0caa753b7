"""`recoupe chain` and `recoupe balance`, and what `recoupe export entries` writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import typer
from rich.console import Console

from recoupe.chains import Act, Chains, Order, Row, Tie, balance, in_time, left_in_words
from recoupe.check import told_by
from recoupe.check.rates import rate
from recoupe.cli.find import find_entry, like, need, reviewed
from recoupe.cli.output import field, head
from recoupe.codebook import Codebook
from recoupe.errors import RecoupeError
from recoupe.ledger import Ledger
from recoupe.model import Entry, Reading
from recoupe.publish.confidence import Confidence
from recoupe.publish.entries import row
from recoupe.publish.export import Sources, export_entries
from recoupe.publish.select import Selection, known, select
from recoupe.settle.chained import chains_of
from recoupe.trace import roots
from recoupe.values import When


@dataclass(frozen=True)
class Scene:
    """A ledger's reports (by doc), entries and chains."""

    readings: dict[str, Reading]
    entries: list[Entry]
    chains: Chains
    codebook: Codebook

    @classmethod
    def of(cls, ledger: Ledger, codebook: Codebook) -> Scene:
        """Everything in the ledger; the readings as reviewed, whose claims are those of the entries."""
        readings = {reading.report.doc: reading for reading in reviewed(ledger).readings}
        entries = list(ledger.entries())
        published = {doc: reading.dating.when for doc, reading in readings.items()}
        return cls(readings, entries, chains_of(entries, published, codebook), codebook)


# The chain of an entry


def print_chain(screen: Console, ledger: Ledger, wanted: str, codebook: Codebook) -> None:
    """Prints the chain of the entry of that id, or whose id begins so. Raises RecoupeError where there is none, or
    several begin so, or it is no step of any chain.
    """
    need(wanted)
    scene = Scene.of(ledger, codebook)
    entry = find_entry(scene.entries, wanted)
    if entry is None:
        near = like(wanted, [e.id for e in scene.entries])
        raise RecoupeError(f"{wanted}: no entry of that name in the ledger{near}")
    if entry.id not in scene.chains.acts:
        steps = ", ".join(scene.codebook.chains.steps)
        raise RecoupeError(f"{entry.id}: the {entry.kind} is no step of a chain; steps are: {steps}")
    words = Confidence(scene.codebook)
    members = scene.chains.members(entry.id)
    for number, id_ in enumerate(members):
        if number:
            screen.out()
        _print_step(screen, scene, words, id_, id_ == entry.id)
    if len(members) == 1:
        screen.out()
        screen.out("no other entry of the ledger belongs to this one")


def _print_step(screen: Console, scene: Scene, words: Confidence, id_: str, asked: bool) -> None:
    chains, act = scene.chains, scene.chains.acts[id_]
    cells = row(act.entry, scene.codebook)
    head(screen, f"{cells.kind}, {cells.status}", id_ + (" (the entry asked for)" if asked else ""))
    field(screen, "when", cells.when or f"not said; first told {_told(act)}")
    for name, value in (("who", cells.who), ("what", cells.what), ("how much", cells.how_much)):
        if value:
            field(screen, name, value)
    field(screen, "how sure", words.of(act.entry, scene.readings))
    for name, value in _places(chains, id_):
        field(screen, name, value)


def _told(act: Act) -> str:
    first, last = (date.fromordinal(day) for day in act.told)
    when = When.between(None if first == date.min else first, None if last == date.max else last)
    return "on a day that is not known" if when.first is None and when.last is None else str(when)


def _places(chains: Chains, id_: str) -> Iterator[tuple[str, str]]:
    """Why a step stands where it does, and what remains open of it."""
    if (again := chains.again.get(id_)) is not None:
        yield "again", f"{_named(chains, again.earlier)}, announced again: {', '.join(map(str, again.reasons))}"
        return
    if (tie := chains.follows.get(id_)) is not None:
        denied = "denied: " if chains.acts[id_].entry.status == "denied" else ""
        yield "follows", f"{denied}{tie.words} {_named(chains, tie.earlier)}: {_reasons(tie)}"
    for tie in chains.unclear.get(id_, ()):
        yield "unclear", f"it may be that it {tie.words} {_named(chains, tie.earlier)}: {_reasons(tie)}"
    for part, whole, reason in chains.parts:
        if part == id_:
            yield "part", f"of the {chains.acts[whole].entry.kind} {whole}: {reason}"
    for words in left_in_words(chains, id_):
        yield "open", words


def _named(chains: Chains, id_: str) -> str:
    return f"the {chains.acts[id_].entry.kind} {id_}"


def _reasons(tie: Tie) -> str:
    return f"{', '.join(f'{reason} ({points:+})' for reason, points in tie.reasons)}; {tie.points} points"


# The balance


@dataclass(frozen=True, slots=True)
class Wanted:
    """What balance is asked for: the side that rows go by, an actor, an item, a time, a currency."""

    by: str
    span: When
    who: str | None = None
    what: str | None = None
    currency: str | None = None


def balanced(ledger: Ledger, wanted: Wanted, codebook: Codebook) -> list[Row]:
    """The rows of a balance. An actor or an item that neither the ledger nor the codebook has is wrong usage, and so is
    a currency without rates.
    """
    if wanted.currency is not None and rate(wanted.currency, "EUR", date.today()) is None:
        raise typer.BadParameter(f"no rates are known of {wanted.currency!r}", param_hint="--currency")
    scene = Scene.of(ledger, codebook)
    selection = Selection(actor=wanted.who, item=wanted.what)
    if missing := known(scene.entries, selection, codebook):
        raise typer.BadParameter(f"no id of the ledger or the codebook begins with {missing[0]!r}")
    found = select(scene.entries, selection, codebook)
    only = frozenset(entry.id for entry in found if in_time(scene.chains, entry.id, wanted.span))
    return balance(scene.chains, Order(wanted.by, only, wanted.currency, rate))


# The export


def entry_lines(ledger: Ledger, codebook: Codebook) -> Iterator[str]:
    """Every entry of a ledger as a line of JSON."""
    scene = Scene.of(ledger, codebook)
    found = roots(scene.readings.values(), ledger.origins(), codebook)
    sources = Sources(scene.readings, scene.chains, lambda entry: told_by(entry, scene.readings, found, codebook))
    return export_entries(scene.entries, sources, codebook)
