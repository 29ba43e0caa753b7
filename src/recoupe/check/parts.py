"""Which entries are part of others, so that nobody adds a part to its whole.

Only what the reports' own numbers and times show is said: the addends of a sum that one report tells with them ("300
million more, which brings it to 2 billion, against 1.7 so far"; three members' gifts and their group's), the gift of a
member beside its group's in one report, and what falls within a total over a period ("5 billion since 2022").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from recoupe.chains.reason import Reason
from recoupe.check.same import told_number
from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind
from recoupe.model import Entry
from recoupe.values import Actor, Amount, Count, Item, When

PERIOD = 93  # days: what is said of more is a total over a time, not one act
_MOST = 12  # addends that are looked for among the entries of one report
_GROUP = "group:"


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """An entry that is part of another, by their ids, and what shows it."""

    part: str
    whole: str
    reason: Reason


@dataclass(frozen=True)
class _Share:
    """An entry as one of several that may add up: how much it is by unit, whose, of what and when."""

    entry: Entry
    kind: Kind
    numbers: dict[str, Count]
    parties: dict[str, tuple[Actor, ...]]
    items: tuple[Item, ...]
    when: When | None
    docs: frozenset[str]

    @property
    def period(self) -> bool:
        """Is it a total over a time? A whole year may be but the vague time of one act."""
        when = self.when
        if when is None or when.first is None or when.about or when.precision not in ("interval", "open"):
            return False
        return when.days is None or when.days > PERIOD

    def inside(self, other: _Share) -> bool:
        """Could it be a part of the other: of its parties, things and days?"""
        first = self.kind.who[0]
        for role in self.kind.who:
            mine, its = self.parties.get(role, ()), other.parties.get(role, ())
            if role == first and not (mine and its):
                return False
            if mine and its and not all(any(a.choices <= b.choices for b in its) for a in mine):
                return False
        if other.items and not (self.items and all(any(b.allows(a.path) for b in other.items) for a in self.items)):
            return False
        return self.when is None or other.when is None or self.when.agrees(other.when)

    def smaller(self, other: _Share) -> bool:
        """Is it told of as many of one unit as the other, or of fewer?"""
        units = self.numbers.keys() & other.numbers.keys()
        return any(told_number(self.numbers[u]) <= told_number(other.numbers[u]) for u in units)


def parts(entries: Iterable[Entry], codebook: Codebook) -> list[Part]:
    """The entries that certainly are part of another of their kind, sorted, each with every whole that it is part of.

    The result does not depend on the order of the entries. Raises KeyError for a kind that the codebook does not have.
    """
    shares = [share for entry in sorted(entries, key=lambda e: e.id) if (share := _share(entry, codebook)) is not None]
    reports: defaultdict[tuple[str, str], list[_Share]] = defaultdict(list)
    givers: defaultdict[tuple[str, str], list[_Share]] = defaultdict(list)
    for share in shares:
        for doc in share.docs:
            reports[share.kind.name, doc].append(share)
        for actor in share.parties.get(share.kind.who[0], ()):
            givers[share.kind.name, str(actor)].append(share)
    found: dict[tuple[str, str], Part] = {}
    for some in (*_of_reports(reports.values()), *_of_periods(givers.values())):
        found.setdefault((some.part, some.whole), some)
    return sorted(some for some in found.values() if (some.whole, some.part) not in found)


def _of_reports(reports: Iterable[Sequence[_Share]]) -> Iterator[Part]:
    """What one report tells together with its whole."""
    for told in reports:
        for whole in told:
            inside = [share for share in told if share is not whole and share.inside(whole) and share.smaller(whole)]
            for share in inside:
                if _member(share, whole):
                    yield Part(share.entry.id, whole.entry.id, Reason("with_group"))
            for unit, number in sorted(whole.numbers.items()):
                for share in _addends([s for s in inside if unit in s.numbers], unit, number):
                    yield Part(share.entry.id, whole.entry.id, Reason("addend"))


def _member(share: _Share, whole: _Share) -> bool:
    """Is the one's giver, and nobody else, a member of the group that gives the other?"""
    first = share.kind.who[0]
    mine, its = share.parties[first], whole.parties[first]
    return len(its) == 1 and str(its[0]).startswith(_GROUP) and all(a.choices < its[0].choices for a in mine)


def _addends(shares: Sequence[_Share], unit: str, whole: Count) -> Sequence[_Share]:
    """Those that make the whole to the last digit, as they are told: all, or the only few that do."""
    if len(shares) < 2 or len(shares) > _MOST:
        return ()
    for count in range(len(shares), 1, -1):
        sums = [some for some in combinations(shares, count) if _adds_up(some, unit, whole)]
        if sums:
            return sums[0] if len(sums) == 1 else ()
    return ()


def _adds_up(shares: Iterable[_Share], unit: str, whole: Count) -> bool:
    return abs(sum(told_number(s.numbers[unit]) for s in shares) - told_number(whole)) < 1e-6 * told_number(whole)


def _of_periods(givers: Iterable[Sequence[_Share]]) -> Iterator[Part]:
    """What the same parties did within the time of a total."""
    for told in givers:
        for whole in (share for share in told if share.period):
            for share in told:
                if (
                    share is not whole
                    and _within(share.when, whole.when)
                    and share.inside(whole)
                    and share.smaller(whole)
                ):
                    yield Part(share.entry.id, whole.entry.id, Reason("in_total"))


def _within(one: When | None, other: When | None) -> bool:
    """Are all days of the one among those of the other, which has more?"""
    return one is not None and other is not None and one.more_exact(other)


def _share(entry: Entry, codebook: Codebook) -> _Share | None:
    """None for what did not happen, and where reports do not say how much it was, or contradict each other on it."""
    kind = codebook.kinds[entry.kind]
    roles = dict(entry.roles)
    numbers: dict[str, Count] = {}
    for name, role in kind.roles.items():
        if len(values := roles.get(name, ())) == 1 and role.type == "amount":
            amount = Amount.parse(values[0])
            numbers[amount.currency] = amount.count
        elif len(values) == 1 and role.type == "count":
            numbers[name] = Count.parse(values[0])
    if entry.status == "denied" or not numbers or not kind.who:
        return None
    return _Share(
        entry,
        kind,
        numbers,
        {
            role: tuple(Actor.parse(name, codebook.members) for name in roles[role])
            for role in kind.who
            if role in roles and kind.roles[role].type == "actor"
        },
        tuple(
            Item.parse(name, codebook.parents)
            for name, role in kind.roles.items()
            if role.type == "item"
            for name in roles.get(name, ())
        ),
        None if entry.time is None else When.parse(entry.time),
        frozenset(ref.rpartition("#")[0] for ref in entry.claims),
    )
