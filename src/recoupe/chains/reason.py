"""Why one step is tied to another: a name, and the ids that it is about. Each language has words of its own for it."""

from __future__ import annotations

from dataclasses import dataclass

_ENGLISH = {
    "both": "{} in both",
    "member": "{} is one of {}",
    "shared": "{} and {} share members",
    "narrower": "{} is {}",
    "same_number": "the same number",
    "part_number": "a part of the number",
    "undated": "nobody says when one of them was",
    "month": "within a month",
    "half_year": "within half a year",
    "offered": "the earlier one was but possible",
    "same_parties": "the same parties and things",
    "no_number": "no number",
    "one_number": "one of them without a number",
    "not_met": "nothing of it was carried out between them",
    "with_group": "a report tells a group's and this member's",
    "addend": "a report tells the sum and what it is made of",
    "in_total": "within the time of a total",
}
REASONS = tuple(_ENGLISH)
"""The names of all reasons."""


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """A reason: its name, one of `REASONS`, and the ids of the actors or items that it names.

    >>> str(Reason("both", ("country:DE",))), str(Reason("same_number"))
    ('DE in both', 'the same number')
    """

    name: str
    of: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _ENGLISH[self.name].format(*(id_.partition(":")[2] or id_ for id_ in self.of))
