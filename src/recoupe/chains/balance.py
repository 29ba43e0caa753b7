"""The balance: what was asked for, promised, contracted and delivered, by giver, taker or thing, as ranges.

A step announced again is counted once, and what is a part of another one with it. What refills a stock or makes good
what was given away is not counted, nor what is denied or but possible. What is but planned may come to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from recoupe.chains.acts import Act
from recoupe.chains.build import Chains
from recoupe.chains.ranges import hull, scaled
from recoupe.chains.together import Numbered, counted, together
from recoupe.values import Count, When

Rate = Callable[[str, str, date], float | None]
"""Units of the second currency for one of the first on a day; None where nobody knows."""
COUNTED = frozenset({"done", "planned"})


@dataclass(frozen=True, slots=True)
class Sum:
    """How much of one unit some entries come to: `unit` is a currency (`money`), or items by id, joined by a plus where
    one number is told of several; None for `range`: no report says how much.

    `planned`: some of it is but planned, and may come to nothing; `contested`: reports contradict each other on it.
    """

    unit: str
    money: bool
    range: Count | None
    origins: tuple[str, ...]
    entries: tuple[str, ...]
    contested: bool = False
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The sums of those who stand together in a side (nobody: that is not told), by column."""

    names: tuple[str, ...]
    cells: Mapping[str, tuple[Sum, ...]]


@dataclass(frozen=True, slots=True)
class Order:
    """What balance is asked for: the side that its rows go by, the entries to count (None: all), and the currency that
    sums are converted to, with the rate.
    """

    by: str
    only: frozenset[str] | None = None
    currency: str | None = None
    rate: Rate = lambda source, target, day: None


def balance(chains: Chains, order: Order) -> list[Row]:
    """The rows, sorted by name, those of nobody last."""
    return _rows(chains, order, lambda act: act.step.column if counts(act) else None)


def refills(chains: Chains, order: Order) -> list[Row]:
    """What the balance leaves out because it helps nobody else: stocks that are refilled, and what makes good what was
    given away. Rows as in the balance; the columns are kinds.
    """
    return _rows(chains, order, lambda act: act.entry.kind if _refills(act) else None)


def _rows(chains: Chains, order: Order, column_of: Callable[[Act], str | None]) -> list[Row]:
    """The rows of the acts that have a column; those announced again count with their first announcement."""
    cells: defaultdict[tuple[str, ...], defaultdict[str, list[Act]]] = defaultdict(lambda: defaultdict(list))
    for act in chains.acts.values():
        asked_for = order.only is None or act.id in order.only
        if asked_for and act.id not in chains.again and (column := column_of(act)) is not None:
            names = tuple(sorted({str(value) for value in act.side(order.by)}))
            cells[names][column].append(_converted(act, order))
    adder = _Adder(chains)
    rows = [
        Row(names, {column: adder.cell(acts) for column, acts in sorted(of.items())}) for names, of in cells.items()
    ]
    return sorted(rows, key=lambda row: (not row.names, row.names))


def counts(act: Act) -> bool:
    """Is the act counted at all: help to another that was done or is planned, in money or in things that have a name?

    What only free words tell ("a change of course"), and what the codebook does not count, cannot be added up.
    """
    return act.helps and act.entry.status in COUNTED and act.adds_up


def _refills(act: Act) -> bool:
    """Is it as good as what is counted, but for one's own stock or another's?"""
    return act.entry.status in COUNTED and act.adds_up and (act.step.column is None or not act.helps)


def in_time(chains: Chains, id_: str, span: When) -> bool:
    """Can an entry, where it is a step, have been in a time? One without a time of its own was when it was told."""
    act = chains.acts.get(id_)
    return act is not None and When.between(*map(date.fromordinal, act.when)).agrees(span)


def _converted(act: Act, order: Order) -> Act:
    """The act with its sums in the currency asked for; those without a rate stay as they are."""
    if order.currency is None or not act.sums:
        return act
    day = date.fromordinal(act.when[1])
    sums: defaultdict[str, list[Count]] = defaultdict(list)
    for currency, count in act.sums.items():
        rate = 1.0 if currency == order.currency else order.rate(currency, order.currency, day)
        if rate is None:
            sums[currency].append(count)
        else:
            sums[order.currency].append(count if rate == 1.0 else scaled(count, rate))
    # Reports may contradict each other in two currencies, and then both are in the range.
    return replace(act, sums={unit: whole for unit, counts in sums.items() if (whole := hull(counts)) is not None})


@dataclass(frozen=True)
class _Adder:
    """Adds up acts."""

    chains: Chains

    def cell(self, acts: Sequence[Act]) -> tuple[Sum, ...]:
        """The sums of a cell: of money by currency, of pieces by item, then what no report numbers."""
        money: defaultdict[str, list[Numbered]] = defaultdict(list)
        pieces: defaultdict[str, list[Numbered]] = defaultdict(list)
        untold: defaultdict[str, list[Act]] = defaultdict(list)
        for act in sorted(acts, key=lambda a: a.id):
            for currency, count in act.sums.items():
                money[currency].append((act, count))
            if act.counts is not None:
                pieces[_unit(act)].append((act, act.counts))
            if not act.numbers:
                untold[_unit(act)].append(act)
        sums = [self._sum(unit, True, numbered) for unit, numbered in sorted(money.items())]
        sums += [self._sum(unit, False, numbered) for unit, numbered in sorted(pieces.items())]
        said = {unit for unit in untold if unit not in pieces and (untold[unit][0].named or not sums)}
        sums += [self._unnumbered(unit, untold[unit]) for unit in sorted(said)]
        return tuple(sums)

    def _sum(self, unit: str, money: bool, numbered: Sequence[Numbered]) -> Sum:
        """The range of the sum, with the entries in it and their origins."""
        sure = [
            (act, Count(count.low * 0, count.high) if _planned(act) or act.doubtful else count)
            for act, count in numbered
        ]
        acts = sorted((act for act, _ in counted(sure, self.chains.parts)), key=lambda act: act.id)
        return replace(self._unnumbered(unit, acts), money=money, range=together(sure, self.chains.parts))

    def _unnumbered(self, unit: str, acts: Sequence[Act]) -> Sum:
        """A sum without a range: who tells the acts, those who announce them again among them."""
        told = [one for act in acts for one in (act, *self._retold(act))]
        return Sum(
            unit=unit,
            money=False,
            range=None,
            origins=tuple(sorted({origin for act in told for origin in act.entry.origins})),
            entries=tuple(act.id for act in told),
            contested=any(act.contested for act in told),
            planned=any(_planned(act) for act in acts),
        )

    def _retold(self, act: Act) -> list[Act]:
        return [self.chains.acts[id_] for id_ in self.chains.retold.get(act.id, ())]


def _unit(act: Act) -> str:
    return "+".join(sorted({str(thing) for thing in act.things}))


def _planned(act: Act) -> bool:
    return act.entry.status == "planned"
