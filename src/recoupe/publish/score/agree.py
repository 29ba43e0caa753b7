"""How far two values of one role agree: whole, half or not at all."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from recoupe.publish.score.coded import TIME, Slot

WHOLE, HALF, NOT = 1.0, 0.5, 0.0
_NUMBER = r"\d+(?:\.\d+)?(?:e\d+)?"
_QUANTITY = re.compile(rf"(~|>=|<=)?({_NUMBER})|({_NUMBER})\.\.({_NUMBER})")
_NUMBERS = frozenset({"count", "amount"})


@dataclass(frozen=True, slots=True)
class Aligned:
    """A value of one side, of the other, or of both with what they are worth together."""

    gold: Slot | None
    read: Slot | None
    worth: float = NOT


def align(gold: Sequence[Slot], read: Sequence[Slot], parents: Mapping[str, str]) -> tuple[Aligned, ...]:
    """Each value that was read with the gold one that it agrees with best, one to one; then the gold ones left over."""
    left, pairs = list(gold), []
    for slot in read:
        best = max(((agreement(slot, wanted, parents), i) for i, wanted in enumerate(left)), default=(NOT, 0))
        pairs.append(Aligned(left.pop(best[1]), slot, best[0]) if best[0] else Aligned(None, slot))
    return (*pairs, *(Aligned(slot, None) for slot in left))


def agreement(a: Slot, b: Slot, parents: Mapping[str, str]) -> float:
    """What two slots are worth: WHOLE, HALF or NOT. Slots of different roles never agree."""
    if a.role != b.role:
        return NOT
    if a.key == b.key:
        return WHOLE
    if a.type == TIME:
        return _times(a.value, b.value)
    if a.type == "item":
        return _items(a.value, b.value, parents)
    return _numbers(a.value, b.value) if a.type in _NUMBERS else NOT


def _times(a: str, b: str) -> float:
    """Half where the two share a day."""
    one, other = days(a), days(b)
    if one is None or other is None:
        return NOT
    return WHOLE if one == other else HALF if one[0] <= other[1] and other[0] <= one[1] else NOT


def days(edtf: str) -> tuple[date, date] | None:
    """The first and the last day that a time allows, `~` or not; None for what is no time."""
    first, _, last = edtf.partition("/")
    try:
        return _day(first, date.min), _day(last or first, date.max)
    except ValueError:
        return None


def _day(part: str, end: date) -> date:
    """The first day of a year, month or day where `end` is the first of all, else its last; `end` where it is open."""
    part = part.rstrip("~?%")
    if part in ("", ".."):
        return end
    year, *rest = (int(number) for number in part.split("-"))
    if end == date.min:
        return date(year, *[*rest, 1, 1][:2])
    month = rest[0] if rest else 12
    return date(year, month, rest[1] if len(rest) > 1 else monthrange(year, month)[1])


def _items(a: str, b: str, parents: Mapping[str, str]) -> float:
    """Half where one stands above the other in the tree; free words are near enough to each other for half."""
    free = a.startswith("other:") and b.startswith("other:")
    return HALF if free or a in _upwards(b, parents) or b in _upwards(a, parents) else NOT


def _upwards(item: str, parents: Mapping[str, str]) -> Iterator[str]:
    while item:
        yield item
        item = parents.get(item, "")


def _numbers(a: str, b: str) -> float:
    """Half where the number and the currency are the same, but not the bound (`5` and `>=5`)."""
    one, other = _quantity(a), _quantity(b)
    if one is None or other is None or one[1:] != other[1:]:
        return NOT
    return WHOLE if one[0] == other[0] else HALF


def _quantity(value: str) -> tuple[str, tuple[float, ...], str] | None:
    """The bound, the number or numbers, and the currency."""
    number, *unit = value.split(" ")
    found = _QUANTITY.fullmatch(number)
    if not found:
        return None
    sign, one, low, high = found.groups()
    numbers = (float(one),) if one else (float(low), float(high))
    return ("..", numbers, "".join(unit[:1])) if low else (sign or "", numbers, "".join(unit[:1]))
