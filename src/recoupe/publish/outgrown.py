"""Numbers that later reports have raised: no side of a contradiction, and yet what some reports say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from recoupe.codebook import Codebook
from recoupe.model import Entry, Reading
from recoupe.values import Count, Value


def outgrown(
    entry: Entry, readings: Mapping[str, Reading], codebook: Codebook
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each number of an entry's claims that agrees with none of the entry's own: its field, the number in the manual's
    notation, and the claims (`DOC#N`). In the order of fields and numbers; `readings` are by doc.
    """
    kind = codebook.kinds.get(entry.kind)
    values = dict(entry.roles)
    for field in sorted(kind.grows) if kind else ():
        stands = [Count.parse(text) for text in values.get(field, ())]
        told: defaultdict[str, list[str]] = defaultdict(list)
        for ref in entry.claims:
            for value in _told(ref, field, readings):
                if not any(isinstance(value, Count) and value.agrees(count) for count in stands):
                    told[str(value)].append(ref)
        for text in sorted(told, key=lambda text: (len(text), text)):
            yield field, text, tuple(told[text])


def _told(ref: str, field: str, readings: Mapping[str, Reading]) -> tuple[Value, ...]:
    doc, _, number = ref.rpartition("#")
    return tuple(readings[doc].claims[int(number) - 1].values(field))
