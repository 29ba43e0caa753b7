"""Steps that are told anew as if they were new: the same promise announced again is counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recoupe.chains.acts import Act, may_be
from recoupe.chains.reason import Reason
from recoupe.chains.weigh import days_between
from recoupe.values import Count

_RECALLED = 2  # what is told without a day of its own: so much later
_YEAR = 366  # days: of what is placed on more, nobody can say that it is told again
_ROUND = 3  # what has but one digit that is no nought at its end may be promised anew: so much sooner


@dataclass(frozen=True, slots=True)
class Again:
    """A step that is an earlier one announced again, and what shows it."""

    earlier: str
    later: str
    reasons: tuple[Reason, ...]


def announced_again(acts: Sequence[Act], met_by: Mapping[str, frozenset[str]]) -> dict[str, Again]:
    """The acts that are likely an earlier one told again, by id; the earlier one is never itself one of them.

    The same parties, things and number in reports that none tells both, so soon after one another that the codebook has
    it for one step, and nothing between them that meets it. `met_by`: by kind, the kinds that meet it.
    """
    alike: defaultdict[tuple[str, ...], list[Act]] = defaultdict(list)
    for act in acts:
        if act.step.again is not None and act.givers and act.entry.status != "denied":
            alike[_key(act)].append(act)
    meeting: defaultdict[str, list[Act]] = defaultdict(list)
    for act in acts:
        if act.entry.status == "done":
            for giver in act.givers:
                meeting[str(giver)].append(act)
    found: dict[str, Again] = {}
    for group in alike.values():
        heads: list[list[Act]] = []
        for act in sorted(group, key=_age):
            for head in heads:
                if (again := _again(head, act, meeting, met_by.get(act.entry.kind, frozenset()))) is not None:
                    found[act.id] = again
                    head.append(act)
                    break
            else:
                heads.append([act])
    return found


def _age(act: Act) -> tuple[int, int, str]:
    return act.when[0], act.when[1], act.id


def _key(act: Act) -> tuple[str, ...]:
    """What two announcements of one promise share to the letter; an offer is not yet the promise that it becomes."""
    giver, thing = (sorted({str(v) for v in side}) for side in (act.givers, act.things))
    return act.entry.kind, act.entry.status, *giver, "/", *thing


def _again(head: Sequence[Act], act: Act, meeting: Mapping[str, list[Act]], met: frozenset[str]) -> Again | None:
    """Is the act that of the head, whose tellings are sorted by their age, told again?"""
    first, last = head[0], head[-1]
    if any(not act.docs.isdisjoint(one.docs) for one in head) or not _may_be_one(first, act):
        return None
    number, same = _same_number(first, act), act.numbers == first.numbers
    if number is None or days_between(last.when, act.when) > _limit(act, number, same):
        return None
    vague = any(one.when[1] - one.when[0] > _YEAR for one in (last, act))
    if vague or not ((same and act.numbers) or act.named):
        return None
    givers = {str(v) for v in act.givers}
    if any(_between(m, last, act) for g in sorted(givers) for m in meeting[g] if m.entry.kind in met):
        return None
    told = ("same_number" if act.numbers else "no_number") if same else "one_number"
    return Again(first.id, act.id, tuple(map(Reason, ("same_parties", told, "not_met"))))


def _limit(act: Act, number: bool, same: bool) -> int:
    """How many days apart an act may be told again: what has no day of its own, and is told to the very number and
    thing, is mostly recalled; a round number, or none, says little.
    """
    limit = act.step.again or 0
    if same and act.numbers and act.named and not act.dated:
        return limit * _RECALLED
    return limit if number else limit // _ROUND


def _may_be_one(one: Act, other: Act) -> bool:
    return not one.takers or not other.takers or any(may_be(x, y) for x in one.takers for y in other.takers)


def _same_number(one: Act, other: Act) -> bool | None:
    """Is it the same exact number, one that is hardly chance (True), or one that may be, or told by one side (False)?
    None: another number.
    """
    if (one.counts and other.counts and one.counts != other.counts) or any(
        one.sums[currency] != other.sums[currency] for currency in one.sums.keys() & other.sums.keys()
    ):
        return None
    if one.sums and other.sums and not one.sums.keys() & other.sums.keys():
        return None
    return (one.counts == other.counts and one.sums == other.sums) and any(
        not _round(count) for count in (one.counts, *one.sums.values()) if count is not None
    )


def _round(count: Count) -> bool:
    """Has the number but one digit that is no nought at its end?"""
    bound: Fraction = count.high if count.high is not None and not count.low else count.low
    return len(str(int(bound)).rstrip("0")) < 2


def _between(step: Act, one: Act, other: Act) -> bool:
    """Was a step of these things after the one and before the other?"""
    after, before = step.when[0] > one.when[1], step.when[1] < other.when[0]
    alike = not step.things or not one.things or any(may_be(x, y) for x in step.things for y in one.things)
    return after and before and alike
