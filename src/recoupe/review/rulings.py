"""What people have ruled on which claims are one fact: the later ruling outranks the earlier, pair by pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal


@dataclass(frozen=True, slots=True)
class Ruling:
    """Claims (`doc#n`) that are one fact, or claims that are another fact than the others."""

    says: Literal["together", "apart"]
    claims: tuple[str, ...]
    others: tuple[str, ...] = ()

    def pairs(self) -> Iterable[tuple[str, str]]:
        """The pairs ruled on, in a fixed order."""
        if self.says == "together":
            return combinations(sorted({*self.claims, *self.others}), 2)
        return (pair for pair in product(sorted(set(self.claims)), sorted(set(self.others))) if pair[0] != pair[1])


def settled(rulings: Sequence[Ruling]) -> tuple[frozenset[frozenset[str]], frozenset[tuple[str, str]]]:
    """The groups that are each one fact and the pairs that are not, by rulings in the order of their times.

    A ruling holds as far as no later one contradicts it, nor what several later ones say together: the two sets never
    contradict each other.
    """
    group: dict[str, set[str]] = {}
    foes: defaultdict[str, set[str]] = defaultdict(set)  # of a claim, those ruled to be another fact
    for ruling in reversed(rulings):
        for a, b in ruling.pairs():
            left, right = group.setdefault(a, {a}), group.setdefault(b, {b})
            if ruling.says == "apart" and left is not right:
                foes[a].add(b)
                foes[b].add(a)
            elif ruling.says == "together" and left is not right and not any(foes[one] & right for one in left):
                left |= right
                group.update(dict.fromkeys(right, left))
    together = frozenset(frozenset(members) for members in group.values() if len(members) > 1)
    return together, frozenset((a, b) for a, others in foes.items() for b in others if a < b)
