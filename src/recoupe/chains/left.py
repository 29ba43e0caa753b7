"""What remains open of a step: what was promised less what was delivered, as ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recoupe.chains.acts import Act
from recoupe.chains.build import Chains
from recoupe.chains.ranges import in_words, rest
from recoupe.chains.together import together
from recoupe.values import Count, Item


@dataclass(frozen=True, slots=True)
class Left:
    """What no later step meets of an earlier one: `unit` is a currency, or empty for pieces.

    `whole` less `met` leaves `left`; `untold` is how many of the steps that meet it do not say how much.
    """

    unit: str
    whole: Count
    met: Count
    left: Count
    untold: int


def left(chains: Chains, id_: str) -> list[Left]:
    """What remains open of a step, by unit; nothing where the step says no number, or nothing is expected to follow."""
    act = chains.acts[chains.first(id_)]
    if act.step.open is None or act.entry.status == "denied":
        return []
    parts = [part for part in _meeting(chains, act.id) if part.entry.status == "done"]
    found = [_left(chains, act, unit, parts) for unit in act.numbers]
    # Ten tanks for a million, of which ten came: of the million nobody has to say more.
    return [one for one in found if one.untold < len(parts)] or found


def _left(chains: Chains, act: Act, unit: str, parts: Sequence[Act]) -> Left:
    whole = act.numbers[unit]
    told = [(part, part.numbers[unit]) for part in parts if unit in part.numbers and (unit or _alike(act, part))]
    met, untold = together(told, chains.parts), len(parts) - len(told)
    return Left(unit, whole, met, rest(whole, Count(met.low, None) if untold else met), untold)


def _alike(one: Act, other: Act) -> bool:
    """Are the pieces of both of one sort, whichever report is right? A launcher is none of a thousand missiles."""
    both = [(x, y) for x in one.things for y in other.things if isinstance(x, Item) and isinstance(y, Item)]
    return all(x.id in y.path or y.id in x.path for x, y in both)


def _meeting(chains: Chains, id_: str) -> Iterator[Act]:
    """The nearest steps below that are parts of this one; what only leads to them is looked through."""
    for tie in chains.after.get(id_, ()):
        if tie.meets:
            yield chains.acts[tie.later]
        else:
            yield from _meeting(chains, tie.later)


def left_in_words(chains: Chains, id_: str) -> list[str]:
    """What remains open of a step, a sentence a unit."""
    act = chains.acts[chains.first(id_)]
    return [_said(one, act.step.open or "") for one in left(chains, act.id)]


def _said(one: Left, open_: str) -> str:
    whole = in_words(one.whole) + (f" {one.unit}" if one.unit else "")
    if one.left.high == 0:
        return f"nothing of {whole}"
    if not one.met.high:
        return f"a part of {whole} {open_}; how much is not said" if one.untold else f"all of {whole} {open_}"
    untold = "; more was done without a number" if one.untold else ""
    return f"{in_words(one.left)} of {whole} {open_}{untold}"
