"""An entry as a step of a chain: its values, how much it is, and the days on which it can have been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from recoupe.chains.ranges import hull
from recoupe.codebook import Codebook
from recoupe.codebook.chains import GIVER, TAKER, THING, ChainRules, Step
from recoupe.errors import ValueSyntaxError
from recoupe.model import Entry
from recoupe.values import Actor, Amount, Count, Item, Value, When

# An act without words for its time is news where it is first told: it was about then, and not long before.
NEWS = timedelta(days=7).days
AHEAD = frozenset({"planned", "possible"})
OTHER = "other:"  # an item in free words, which are its own
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True)
class Act:
    """An entry that is a step of a chain.

    `values` are those of its roles of actors and items, `counts` and `sums` (by currency) how much it is: where reports
    contradict each other, the range from the least to the most. `first` and `last` are the days it can be on, as
    numbers; `dated`, whether words say so; else they are guessed from `told`, the days on which it was first reported.
    """

    entry: Entry
    step: Step
    rules: ChainRules
    values: Mapping[str, tuple[Value, ...]]
    counts: Count | None
    sums: Mapping[str, Count]
    first: int
    last: int
    told: tuple[int, int]
    dated: bool
    docs: frozenset[str]

    @property
    def id(self) -> str:
        """The entry's id."""
        return self.entry.id

    @cached_property
    def numbers(self) -> Mapping[str, Count]:
        """How much it is, by unit: a currency, or the empty one of pieces."""
        return ({"": self.counts} if self.counts is not None else {}) | dict(self.sums)

    @property
    def contested(self) -> bool:
        """Do reports contradict each other on how much it is, or on whether it is help to another?"""
        fields = {role.name for role in self.step.numbers}
        return self.doubtful or any(conflict.field in fields for conflict in self.entry.conflicts)

    @property
    def doubtful(self) -> bool:
        """Do reports contradict each other on whether it is help to another at all?"""
        needed = {self.step.sides[side] for side in self.step.needs}
        return any(conflict.field in needed for conflict in self.entry.conflicts)

    @cached_property
    def when(self) -> tuple[int, int]:
        """The days that it is placed on: its own where words say them, else those of its first report."""
        return (self.first, self.last) if self.dated else self.told

    def side(self, side: str | None) -> tuple[Value, ...]:
        """The values of a side; empty where the step has no such side, or none is told."""
        return self.values.get(self.step.sides.get(side, ""), ()) if side is not None else ()

    @cached_property
    def givers(self) -> tuple[Value, ...]:
        """Who gives, as far as that is told."""
        return self.side(self.rules.side(GIVER))

    @cached_property
    def takers(self) -> tuple[Value, ...]:
        """Who is given to, as far as that is told."""
        return self.side(self.rules.side(TAKER))

    @cached_property
    def things(self) -> tuple[Value, ...]:
        """What is given, as far as that is told."""
        return self.side(self.rules.side(THING))

    @cached_property
    def named(self) -> bool:
        """Is it told what is given, in more than the widest words ("military aid", "money")?"""
        items = [item for item in self.things if isinstance(item, Item)]
        return bool(items) and all(len(item.path) > 1 or item.id.startswith(OTHER) for item in items)

    @property
    def adds_up(self) -> bool:
        """Is anything of it money, or an item of the tree that is counted?"""
        items = [item for item in self.things if isinstance(item, Item)]
        out = set(self.rules.uncounted)
        counted = any(out.isdisjoint(item.path) and not item.id.startswith(OTHER) for item in items)
        return counted or (bool(self.sums) and not items)

    @property
    def helps(self) -> bool:
        """Is it help to another: is told what its step needs, and is nobody the giver who is the only taker?"""
        givers, takers = ({str(v) for v in side} for side in (self.givers, self.takers))
        return all(self.side(side) for side in self.step.needs) and not (takers and takers <= givers)


def acts(entries: Iterable[Entry], published: Mapping[str, When | None], codebook: Codebook) -> list[Act]:
    """The entries that are steps, sorted by id; `published` tells when each report (by doc) was."""
    steps, parsed = codebook.chains.steps, _Parsed(codebook)
    found = [_act(e, steps[e.kind], published, parsed) for e in entries if e.kind in steps]
    return sorted(found, key=lambda act: act.id)


def _act(entry: Entry, step: Step, published: Mapping[str, When | None], parsed: _Parsed) -> Act:
    docs = frozenset(ref.rpartition("#")[0] for ref in entry.claims)
    told = _told(published.get(doc) for doc in docs)
    first, last = _ends(When.parse(entry.time)) if entry.time is not None else _guessed(told, entry.status)
    roles = dict(entry.roles)
    numbers = {role.type: roles.get(role.name, ()) for role in step.numbers}
    sums: dict[str, list[Count]] = {}
    for amount in map(Amount.parse, numbers.get("amount", ())):
        sums.setdefault(amount.currency, []).append(amount.count)
    return Act(
        entry=entry,
        step=step,
        rules=parsed.codebook.chains,
        values={
            name: tuple(value for text in values if (value := parsed.value(step, name, text)) is not None)
            for name, values in entry.roles
        },
        counts=hull([Count.parse(text) for text in numbers.get("count", ())]),
        sums={currency: whole for currency, counts in sorted(sums.items()) if (whole := hull(counts)) is not None},
        first=first,
        last=last,
        told=told,
        dated=entry.time is not None,
        docs=docs,
    )


def may_be(one: Value, other: Value) -> bool:
    """Can both be true? As `agrees`, without making what both say together of actors, which takes its time."""
    if isinstance(one, Actor) and isinstance(other, Actor):
        return not one.choices.isdisjoint(other.choices)
    return one.agrees(other)


class _Parsed:
    """Values of actors and items, each read once."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._made: dict[tuple[str, str], Value | None] = {}

    def value(self, step: Step, role: str, text: str) -> Value | None:
        """A value of a role of actors or items; None for other roles, and for an item that the tree has no more."""
        known = step.kind.roles.get(role)
        if known is None or known.type not in ("actor", "item"):
            return None
        if (known.type, text) not in self._made:
            self._made[known.type, text] = self._read(known.type, text)
        return self._made[known.type, text]

    def _read(self, type_: str, text: str) -> Value | None:
        if type_ == "actor":
            return Actor.parse(text, self.codebook.members)
        try:
            return Item.parse(text, self.codebook.parents)
        except ValueSyntaxError:
            return None


def _ends(when: When) -> tuple[int, int]:
    first = _FIRST if when.first is None else when.first.toordinal()
    return first, _LAST if when.last is None else when.last.toordinal()


def _told(published: Iterable[When | None]) -> tuple[int, int]:
    """The days on which the first of some reports was published."""
    spans = [_ends(when) for when in published if when is not None]
    return (min(first for first, _ in spans), min(last for _, last in spans)) if spans else (_FIRST, _LAST)


def _guessed(told: tuple[int, int], status: str) -> tuple[int, int]:
    """The days of an act that no words date: not long before it was told, and later where it lies ahead."""
    return max(told[0] - NEWS, _FIRST), _LAST if status in AHEAD else told[1]
