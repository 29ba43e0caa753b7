"""Why claims are one fact, and why others that came near are not: the pairs and their points, for people to follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from recoupe.check.join import Saying, sayings, verdict_of
from recoupe.check.near import keys_of
from recoupe.check.same import SAME, Verdict
from recoupe.check.telling import Telling
from recoupe.groups import Groups
from recoupe.model import Entry

_ROUND = {10: "ten", 100: "a hundred", 1000: "a thousand", 10**4: "ten thousand", 10**5: "a hundred thousand",
          10**6: "a million", 10**7: "ten million"}  # fmt: skip
_SURE = 90
_CLOSE = 31  # days between facts that may be taken for one another
_ALIKE = (("they say the very same of the same days", 2 * SAME),)


@dataclass(frozen=True, slots=True)
class Join:
    """Two claims (`doc#n`) of one entry, and the points by reason that make them one fact."""

    one: str
    other: str
    points: tuple[tuple[str, int], ...]

    @property
    def score(self) -> int:
        """The sum of the points, in decibans."""
        return sum(value for _, value in self.points)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim of an entry and one of another (`entry` is its id) that came near; `reason` is why they are two facts."""

    one: str
    other: str
    entry: str
    points: tuple[tuple[str, int], ...]
    reason: str

    @property
    def score(self) -> int:
        """The sum of the points, in decibans; 0 where a bar alone tells the two apart."""
        return sum(value for _, value in self.points)


def odds(points: int) -> str:
    """Points in words: how many pairs of one fact there are with such an agreement for one of two facts.

    >>> odds(30), odds(13), odds(0), odds(-10)
    ('about a thousand to one', 'about 20 to one', 'even', 'about ten to one against')
    """
    if not points:
        return "even"
    if abs(points) >= _SURE:
        return f"more than a billion to one{' against' if points < 0 else ''}"
    number = float(f"{10 ** (abs(points) / 10):.1g}")
    return f"about {_ROUND.get(int(number), f'{number:,.0f}')} to one{' against' if points < 0 else ''}"


def joins(entry: Entry, tellings: Iterable[Telling]) -> tuple[Join, ...]:
    """What holds an entry together: its claims as a tree, each joined by the surest of the pairs that it is in.

    `tellings` are those of the entry's claims; others are passed over. The surest pairs come first, after the
    claims that say the very same as one that has been named.
    """
    said = sayings(_of(entry, tellings))
    same = [Join(s.telling.ref, t.ref, _ALIKE) for s in said for t in s.claims[1:]]
    pairs = [(verdict_of(a, b), a, b) for a, b in combinations(said, 2)]
    pairs = [pair for pair in pairs if pair[0].bar is None]
    tree = Groups[str]()
    found = []
    for verdict, a, b in sorted(pairs, key=lambda pair: (-pair[0].score, pair[1].telling.key, pair[2].telling.key)):
        if tree.join(a.telling.ref, b.telling.ref):
            found.append(Join(a.telling.ref, b.telling.ref, verdict.points))
    return (*same, *found)


def refusals(entry: Entry, tellings: Iterable[Telling], entry_of: Mapping[str, str], most: int = 5) -> list[Refusal]:
    """The facts that came nearest to an entry without being it, the nearest first; one pair of claims for each.

    `tellings` must hold the entry's claims, and those among which others are looked for: only claims of its kind that
    share a key (`near.keys_of`) with one of them, and are of about its days, are compared. `entry_of` gives the entry's
    id by claim.
    """
    every = list(tellings)
    own = sayings(_of(entry, every))
    known = {key for s in own for key in keys_of(s.telling)}
    refs = set(entry.claims)
    first, last = min(s.telling.days[0] for s in own), max(s.telling.days[1] for s in own)
    others: defaultdict[str, list[Telling]] = defaultdict(list)
    for t in every:
        if t.ref in refs or t.kind.name != entry.kind or t.days[0] > last + _CLOSE or t.days[1] < first - _CLOSE:
            continue
        if not known.isdisjoint(keys_of(t)):
            others[entry_of[t.ref]].append(t)
    found = [
        _nearest(own, sayings(sorted(claims, key=lambda t: (t.key, t.ref))), id_) for id_, claims in others.items()
    ]
    found.sort(key=lambda near: (-near[0], near[1].entry))
    return [refusal for _, refusal in found[:most]]


def _of(entry: Entry, tellings: Iterable[Telling]) -> list[Telling]:
    refs = set(entry.claims)
    return sorted((t for t in tellings if t.ref in refs), key=lambda t: (t.key, t.ref))


def _nearest(own: Sequence[Saying], others: Sequence[Saying], id_: str) -> tuple[int, Refusal]:
    """The pair that has most in common, with how much that is, and the reason that all pairs together give."""
    pairs = [(verdict_of(a, b), a, b) for a in own for b in others]
    bars = [(verdict.bar, a, b) for verdict, a, b in pairs if verdict.bar is not None]

    def worth(pair: tuple[Verdict, Saying, Saying]) -> tuple[int, str, str]:
        verdict, a, b = pair
        common = _common(a.telling, b.telling)
        return -(common // 2 if verdict.bar else common + verdict.score), a.telling.key, b.telling.key

    verdict, a, b = min(pairs, key=worth)
    if verdict.bar is not None:
        reason = verdict.bar
    elif bars:
        bar, c, d = bars[0]
        reason = f"{c.telling.ref} and {d.telling.ref}: {bar}"
    elif verdict.same:
        reason = "other claims of the two speak against it, or it fits a third fact as well"
    else:
        reason = f"{SAME - verdict.score} points are missing"
    return -worth((verdict, a, b))[0], Refusal(a.telling.ref, b.telling.ref, id_, verdict.points, reason)


def _common(a: Telling, b: Telling) -> int:
    """What the names that both have are worth."""
    return sum(worth for _, _, worth in set(a.tokens) & set(b.tokens))
