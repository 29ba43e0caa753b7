"""The chain of an entry: the steps before and after it, why each stands where it does, and what remains open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from recoupe.codebook import Codebook
from recoupe.values import When
from recoupe.web.rows import RowShown, row_shown
from recoupe.web.wording import Wording

if TYPE_CHECKING:
    from recoupe.chains import Act, Chains, Left, Reason, Tie


@dataclass(frozen=True, slots=True)
class Because:
    """A reason: its name (`recoupe.chains.REASONS`), the ids that it names, and its points, where it has some."""

    name: str
    of: tuple[str, ...]
    points: int | None = None


@dataclass(frozen=True, slots=True)
class TieShown:
    """A step before: its id and kind, what is done to it (`words`, the codebook's), and why."""

    id: str
    kind: str
    words: str
    reasons: tuple[Because, ...]
    points: int | None = None


@dataclass(frozen=True, slots=True)
class OpenShown:
    """What remains open of a step, in the manual's notation: `left` of the `whole`, of which so much is `met`.

    `unit` is a currency, or empty for pieces. `untold`: so many steps that meet it do not say how much. `nothing`: it
    is all met; `begun`: some of it is. `words` are the codebook's for what has not happened.
    """

    unit: str
    whole: str
    met: str
    left: str
    untold: int
    nothing: bool
    begun: bool
    words: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of a chain. `told`: when it was first reported, where nothing tells its own time. `again`: it is likely
    that step, announced again; `follows`: what it follows; `unclear`: what it may follow as well as one another;
    `part`: what it is part of.
    """

    entry: RowShown
    told: str | None
    again: TieShown | None
    follows: TieShown | None
    unclear: tuple[TieShown, ...]
    part: tuple[TieShown, ...]
    open: tuple[OpenShown, ...]


@dataclass(frozen=True, slots=True)
class ChainShown:
    """The chain of an entry: its steps, in the order of their times; none, where its kind is no step of a chain."""

    id: str
    kind: str
    steps: tuple[StepShown, ...]


def chain_shown(id_: str, kind: str, chains: Chains, codebook: Codebook) -> ChainShown:
    """The chain that an entry is in."""
    members = chains.members(id_) if id_ in chains.acts else []
    return ChainShown(id_, kind, tuple(_step(member, chains, codebook) for member in members))


def _step(id_: str, chains: Chains, codebook: Codebook) -> StepShown:
    from recoupe.chains import left  # not before it is used: it takes its time to load

    act = chains.acts[id_]
    again = chains.again.get(id_)
    tie = None if again is not None else chains.follows.get(id_)

    def tied(earlier: str, words: str, *reasons: Reason) -> TieShown:
        because = tuple(Because(reason.name, reason.of) for reason in reasons)
        return TieShown(earlier, chains.acts[earlier].entry.kind, words, because)

    wholes = () if again else tuple((whole, why) for part, whole, why in chains.parts if part == id_)
    return StepShown(
        row_shown(act.entry, codebook),
        None if act.dated else _told(act),
        None if again is None else tied(again.earlier, "", *again.reasons),
        None if tie is None else _tie(tie, chains),
        () if again else tuple(_tie(one, chains) for one in chains.unclear.get(id_, ())),
        tuple(tied(whole, "", why) for whole, why in wholes if whole in chains.acts),
        () if again else tuple(_open(one, act.step.open or "") for one in left(chains, id_)),
    )


def _tie(tie: Tie, chains: Chains) -> TieShown:
    because = tuple(Because(reason.name, reason.of, points) for reason, points in tie.reasons)
    return TieShown(tie.earlier, chains.acts[tie.earlier].entry.kind, tie.words, because, tie.points)


def _told(act: Act) -> str | None:
    """When a step was first told; None where that is not known."""
    first, last = (date.fromordinal(day) for day in act.told)
    when = When.between(None if first == date.min else first, None if last == date.max else last)
    return None if when.first is None and when.last is None else str(when)


def _open(one: Left, words: str) -> OpenShown:
    return OpenShown(
        one.unit, str(one.whole), str(one.met), str(one.left), one.untold, one.left.high == 0, bool(one.met.high), words
    )


# In words


def reason_in_words(reason: Because, w: Wording) -> str:
    """A reason, in the reader's language."""
    names = [w.name(id_) for id_ in reason.of]
    return w.t(f"linked.reason.{reason.name}", a=names[0] if names else "", b=names[-1] if names else "")


def open_in_words(one: OpenShown, w: Wording) -> str:
    """What remains open, in the reader's language."""

    def number(text: str) -> str:
        return w.value(f"{text} {one.unit}", "amount") if one.unit else w.value(text, "count")

    whole, words = number(one.whole), w.chain(one.words)
    if one.nothing:
        return w.t("linked.left.nothing", whole=whole)
    if not one.begun:
        return w.t("linked.left.some" if one.untold else "linked.left.all", whole=whole, words=words)
    more = w.t("linked.left.more") if one.untold else ""
    return w.t("linked.left.part", left=number(one.left), whole=whole, words=words) + more
