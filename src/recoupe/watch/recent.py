"""A memory that does not grow: what was used last is kept, within a bound."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Keeps things by name, at most `most` of them and of `heaviest` weight together; what was not used for the
    longest time is forgotten first. The newest is kept whatever it weighs.

    >>> kept = Recent[str](2)
    >>> for name in ("a", "b", "c"):
    ...     kept.put(name, name.upper())
    >>> kept.get("a"), kept.get("c"), len(kept)
    (None, 'C', 2)
    """

    def __init__(self, most: int, heaviest: int = 0) -> None:
        self._most = most
        self._heaviest = heaviest
        self._weight = 0
        self._kept: OrderedDict[str, tuple[T, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, name: str) -> T | None:
        """What is kept under a name; None where nothing is (any more)."""
        if name not in self._kept:
            return None
        self._kept.move_to_end(name)
        return self._kept[name][0]

    def put(self, name: str, thing: T, weight: int = 0) -> None:
        """Keeps a thing, in the place of what had its name."""
        _, before = self._kept.pop(name, (None, 0))
        self._kept[name] = thing, weight
        self._weight += weight - before
        while len(self._kept) > 1 and (len(self._kept) > self._most or self._weight > self._heaviest):
            _, (_, gone) = self._kept.popitem(last=False)
            self._weight -= gone
