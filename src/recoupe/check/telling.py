"""A claim as cross-checking sees it: who tells it, of which days, and a name that does not depend on any order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from recoupe.check.origins import UNNAMED, Voice, Voices
from recoupe.check.rarity import rarity
from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind
from recoupe.errors import CodebookError
from recoupe.model import Claim, Reading, Roots
from recoupe.once import Once
from recoupe.values import Actor, Item, Value, When

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
    (`choices`); what it says that another claim has the same value (`worth`). `days` are those of `reach` as numbers,
    `told` the days that the act has itself or, without any, those on which it was reported; `tokens`, names by role
    that claims of the same fact are found by, with what each is worth.
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
    worth: Mapping[tuple[str, str], int]
    days: tuple[int, int]
    told: tuple[int, int]
    tokens: tuple[tuple[str, str, int], ...]
    voices: tuple[Voice, ...]

    @property
    def attributed(self) -> bool:
        """Is it given to a speaker who has a name?"""
        return any(not actor.startswith(UNNAMED) for actor in self.claim.attribution)

    def values(self, role: str) -> tuple[Value, ...]:
        """The values of a role, in the order of the text."""
        return self.cells.get(role, ())

    def elsewhere(self) -> Telling:
        """The same, as a report that has nothing to do with this one would tell it."""
        return replace(self, doc=f"{self.doc} ", root=f"{self.root} ", content=f"{self.content} ")

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
    voices, looks = _voices(codebook), _looks(codebook)
    for reading in readings:
        doc, published = reading.report.doc, reading.dating.when
        for number, claim in enumerate(reading.claims, 1):
            if claim.kind not in codebook.kinds:
                raise CodebookError([f"{doc}: a claim of the kind {claim.kind!r}, which this codebook does not have"])
            cells = {role: claim.values(role) for role in dict.fromkeys(cell.role for cell in claim.cells)}
            faces = {role: [looks.of(value) for value in values] for role, values in cells.items()}
            content = _content(claim, faces)
            # By what the reader made of it: an entry keeps its name when a person corrects a claim.
            told_first = content if claim.read is None else _read_content(claim.read, looks)
            key = json.dumps([doc, told_first, [[e.start, e.end] for e in claim.evidence]], ensure_ascii=False)
            root = roots.of(doc, number)
            reach = claim.time or _near(claim, published)
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
                    words={role: frozenset(face.name for face in of) for role, of in faces.items()},
                    choices={
                        role: found
                        for role, of in faces.items()
                        if (found := frozenset().union(*(face.choices for face in of)))
                    },
                    worth={(role, face.name): face.worth for role, of in faces.items() for face in of},
                    days=_days(reach),
                    told=_days(claim.time or published),
                    tokens=tuple((role, *token) for role, of in faces.items() for face in of for token in face.tokens),
                    voices=voices.of(claim, root, published),
                )
            )
    return sorted(told, key=lambda t: (t.key, t.ref))


@dataclass(frozen=True, slots=True)
class _Face:
    """What cross-checking sees of a value: how it prints, what its agreement is worth, all that an actor or place may
    stand for, and the names, wider ones of things and places among them, by which claims of one fact are found.
    """

    name: str
    worth: int
    choices: frozenset[str]
    tokens: tuple[tuple[str, int], ...]


class _Looks:
    """The faces of values, each made once, as long as there are not too many."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._made: dict[Value, _Face] = {}

    def of(self, value: Value) -> _Face:
        """The face of a value."""
        if (face := self._made.get(value)) is None:
            if len(self._made) >= _FACES:
                self._made = {}
            wider = [(str(v), rarity(v, self._codebook)) for v in self._names(value)]
            choices = value.choices if isinstance(value, Actor) else frozenset()
            tokens = tuple((name, worth) for name, worth in wider if worth > 0)
            face = self._made[value] = _Face(str(value), rarity(value, self._codebook), choices, tokens)
        return face

    def _names(self, value: Value) -> Iterator[Value]:
        if isinstance(value, Item):
            yield from (Item(value.path[:depth]) for depth in range(2, len(value.path) + 1))
            return
        yield value
        if isinstance(value, Actor):
            place = self._codebook.names.places.get(value.name)
            while place is not None and place.part_of is not None:
                yield Actor.parse(place.part_of, self._codebook.members)
                place = self._codebook.names.places.get(place.part_of)


_FACES = 100_000  # that are kept
_voices, _looks = Once(Voices), Once(_Looks)


def _days(reach: When | None) -> tuple[int, int]:
    """The first and last day as numbers; the calendar's ends where a side is open."""
    first = date.min if reach is None or reach.first is None else reach.first
    last = date.max if reach is None or reach.last is None else reach.last
    return first.toordinal(), last.toordinal()


def _content(claim: Claim, faces: Mapping[str, Iterable[_Face]]) -> str:
    """What the claim says, in the manual's notation, whatever the order of its cells."""
    cells = sorted({(role, face.name) for role, of in faces.items() for face in of})
    return json.dumps([claim.kind, claim.status, str(claim.time), cells], ensure_ascii=False)


def _read_content(claim: Claim, looks: _Looks) -> str:
    """What a claim says by itself."""
    roles = dict.fromkeys(cell.role for cell in claim.cells)
    return _content(claim, {role: [looks.of(value) for value in claim.values(role)] for role in roles})


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
