"""What people have said of claims, put upon what was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recoupe.check import check
from recoupe.codebook import Codebook
from recoupe.model import Entry, Origin, Reading
from recoupe.review import Given, apply, marked
from recoupe.trace import roots


def as_reviewed(
    readings: Sequence[Reading], origins: Iterable[Origin], codebook: Codebook, given: Given
) -> list[Entry]:
    """What the reports say together when people's reviews are put upon them. Nothing else hangs on reviews: readings
    and their dates are decided by the pages alone.
    """
    outcome = apply(readings, given)
    found = roots(outcome.readings, origins, codebook)
    return marked(check(outcome.readings, found, codebook, outcome.rulings), outcome)
