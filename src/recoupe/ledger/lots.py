"""Many values, a few at a time: older SQLite takes no more than 999 in a statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
_ASKED = 500


def split(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """The things, in their order, so few at a time that a statement takes them."""
    return (things[i : i + _ASKED] for i in range(0, len(things), _ASKED))
