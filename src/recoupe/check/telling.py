"""A claim as cross-checking sees it: who tells it, of which days, and a name that does not depend on any order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from recoupe.check.origins import UNNAMED, Voice, Voices
from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind
from recoupe.errors import CodebookError
from recoupe.model import Claim, Reading, Roots
from recoupe.values import Actor, Value, When

# A report tells of what is new: an act without a time of its own is taken to lie within a week of publication, and is
# marked as undated, so that it weighs less. It is never written into the ledger as the act's time.
NEWS = timedelta(days=7)


@dataclass(frozen=True)
class Telling:
    """One claim of one report.

    `root` is the origin of the text that the claim is from: the report's, or that of another which the report has it
    from. `reach` are the days the act can be on (None: nothing is known of them); `dated`, whether the claim says so
    itself. `content` is what it says; `key` adds where, and is the same whatever the order of reading. By role: the
    values (`cells`), how they print (`words`), and for roles of actors and places all that they may stand for
    (`choices`).
    `voices` are those whose word it may be: named speakers where it is `attributed` to some, else the root.
    """

    ref: str
    doc: str
    root: str
    claim: Claim
    kind: Kind
    reach: When | None
    dated: bool
    published: When | None
    key: str
    content: str
    cells: Mapping[str, tuple[Value, ...]]
    words: Mapping[str, frozenset[str]]
    choices: Mapping[str, frozenset[str]]
    voices: tuple[Voice, ...]

    @property
    def attributed(self) -> bool:
        """Is it given to a speaker who has a name?"""
        return any(not actor.startswith(UNNAMED) for actor in self.claim.attribution)

    def values(self, role: str) -> tuple[Value, ...]:
        """The values of a role, in the order of the text."""
        return self.cells.get(role, ())

    @property
    def day(self) -> date | None:
        """A day on which a sum of this claim would have been converted."""
        for when in (self.claim.time, self.published):
            if when is not None and (day := when.last or when.first) is not None:
                return day
        return None


def tellings(readings: Iterable[Reading], roots: Roots, codebook: Codebook) -> list[Telling]:
    """Every claim of the readings, sorted by key."""
    told = []
    voices = Voices(codebook)
    for reading in readings:
        doc, published = reading.report.doc, reading.dating.when
        for number, claim in enumerate(reading.claims, 1):
            if claim.kind not in codebook.kinds:
                raise CodebookError([f"{doc}: a claim of the kind {claim.kind!r}, which this codebook does not have"])
            content = _content(claim)
            key = json.dumps([doc, content, [[e.start, e.end] for e in claim.evidence]], ensure_ascii=False)
            root = roots.of(doc, number)
            reach = claim.time or _near(claim, published)
            cells = {role: claim.values(role) for role in dict.fromkeys(cell.role for cell in claim.cells)}
            told.append(
                Telling(
                    ref=f"{doc}#{number}",
                    doc=doc,
                    root=root,
                    claim=claim,
                    kind=codebook.kinds[claim.kind],
                    reach=reach,
                    dated=claim.time is not None,
                    published=published,
                    key=key,
                    content=content,
                    cells=cells,
                    words={role: frozenset(map(str, values)) for role, values in cells.items()},
                    choices={role: found for role, values in cells.items() if (found := _choices(values))},
                    voices=voices.of(claim, root, published),
                )
            )
    return sorted(told, key=lambda t: (t.key, t.ref))


def _choices(values: Iterable[Value]) -> frozenset[str]:
    """All that actors may stand for; nothing for values of other types."""
    return frozenset(choice for value in values if isinstance(value, Actor) for choice in value.choices)


def _content(claim: Claim) -> str:
    """What the claim says, in the manual's notation, whatever the order of its cells."""
    cells = sorted({(cell.role, str(cell.value)) for cell in claim.cells})
    return json.dumps([claim.kind, claim.status, str(claim.time), cells], ensure_ascii=False)


def _near(claim: Claim, published: When | None) -> When | None:
    """The days that an undated act can be on, from the report's date."""
    if published is None:
        return None
    ahead = claim.status in ("planned", "possible")
    first = None if published.first is None else max(published.first, date.min + NEWS) - NEWS
    last = published.last
    if ahead and last is not None:
        last = min(last, date.max - NEWS) + NEWS
    return When.between(first, last)
