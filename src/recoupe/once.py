"""What is made of a codebook is made once: it is the same for a whole run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Of = TypeVar("Of")
Made = TypeVar("Made")


class Once(Generic[Of, Made]):
    """A function that keeps what it made of the very thing that it was last given (which is kept too)."""

    def __init__(self, make: Callable[[Of], Made]) -> None:
        self._make = make
        self._last: tuple[Of, Made] | None = None

    def __call__(self, of: Of) -> Made:
        """What is made of a thing."""
        last = self._last  # others may put another there meanwhile
        if last is None or last[0] is not of:
            last = self._last = of, self._make(of)
        return last[1]
