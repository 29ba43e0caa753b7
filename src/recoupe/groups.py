"""Things that belong together (union-find)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Groups(Generic[T]):
    """Groups that grow by joining two of their members; one that was never joined is a group by itself."""

    def __init__(self) -> None:
        self._above: dict[T, T] = {}

    def of(self, one: T) -> T:
        """The member that the group of a thing is known by; which it is depends on the order of joining."""
        above = self._above
        while (over := above.setdefault(one, one)) != one:
            above[one] = above[over]
            one = above[one]
        return one

    def join(self, one: T, other: T) -> bool:
        """Makes two groups one; False where they are one already."""
        a, b = self.of(one), self.of(other)
        self._above[a] = b
        return a != b
