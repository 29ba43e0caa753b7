"""What else may fill a claim's roles: the names, things, places and times told beside it, with what speaks for each.

Syntax gives a claim the cells that its own words govern; a reader gives it more ("talks" are those of the parties named in
the sentence before). Here the candidates are found; what their traits are worth is learned (`weigh`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind, Role
from recoupe.model import Cell, Claim, Evidence, Mention, Reading, Span
from recoupe.read.whens import TimeLine
from recoupe.times import TimeRef
from recoupe.values import Actor, Amount, Count, Item, Value, When, agree

_BEFORE, _AFTER = 2, 1  # sentences around a claim's own in which its roles may be told
_WORD = re.compile(r"[\w'’-]+\W*$")
_STEPS = (10, 30, 60, 120, 250)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that may fill a role of a claim (`time` is one here), its words and its traits."""

    role: str
    value: Value | When
    words: Evidence
    traits: frozenset[str]


class Around:
    """The mentions of one report by sentence, and what its claims say of whom."""

    def __init__(self, reading: Reading, codebook: Codebook, spans: Sequence[Span], claims: Sequence[Claim]) -> None:
        self.reading = reading
        self.codebook = codebook
        self.text = reading.report.text
        self.starts = [s.start for s in spans]
        self.spans = spans
        self.timeline = TimeLine(reading.mentions, reading.dating.when)
        self.by_sentence: dict[int, list[Mention]] = {}
        for m in reading.mentions:
            self.by_sentence.setdefault(self.sentence(m.span.start), []).append(m)
        named = Counter(v for m in reading.mentions for v in map(str, _actors(m)))
        self.rank = {v: i for i, (v, _) in enumerate(named.most_common())}
        self.claims = claims
        self.roles = Counter((c.kind, cell.role, str(cell.value)) for c in claims for cell in c.cells)

    def sentence(self, at: int) -> int:
        """The number of the sentence that holds an offset."""
        return max(bisect_right(self.starts, at) - 1, 0)

    def of(self, index: int) -> list[Candidate]:
        """The candidates for the roles of the claim at `index`."""
        claim = self.claims[index]
        kind = self.codebook.kinds[claim.kind]
        own = sorted({self.sentence(e.start) for e in claim.evidence})
        found: dict[tuple[str, str], Candidate] = {}
        for away, here in self._near(own):
            for mention in self.by_sentence.get(here, ()):
                for candidate in self._offers(claim, kind, mention, away, here):
                    found.setdefault((candidate.role, str(candidate.value)), candidate)
        return list(found.values())

    def _near(self, own: Sequence[int]) -> Iterator[tuple[str, int]]:
        yield from (("own", i) for i in own)
        for step in range(1, max(_BEFORE, _AFTER) + 1):
            if step <= _BEFORE and own[0] - step >= 0:
                yield f"-{step}", own[0] - step
            if step <= _AFTER and own[0] + step < len(self.spans) and own[0] + step not in own:
                yield f"+{step}", own[0] + step

    def _offers(self, claim: Claim, kind: Kind, mention: Mention, away: str, here: int) -> Iterator[Candidate]:
        shared = frozenset(self._place(claim, mention, away, here))
        words = Evidence.of(self.text, mention.span.start, mention.span.end)
        if mention.type == "time":
            when = self._when(claim, mention)
            if when is not None and claim.time is None:
                yield Candidate(
                    "time", when, words, self._traits(claim, kind.name, "time", shared, _sort_of_time(mention, when))
                )
            return
        for role in kind.roles.values():
            for value in _values(mention, role):
                have = claim.values(role.name)
                if (have and not role.many) or any(str(v) == str(value) or agree(v, value) for v in have):
                    continue
                if isinstance(value, Count | Amount) and away != "own":
                    continue
                yield Candidate(
                    role.name, value, words,
                    self._traits(claim, kind.name, role.name, shared, self._of_value(claim, kind, role, value)),
                )  # fmt: skip

    def _when(self, claim: Claim, mention: Mention) -> When | None:
        ref = mention.value
        if not isinstance(ref, TimeRef):
            return None
        when = self.timeline.resolved(ref, mention.span.start, claim.status)
        return when if when is not None and when.days is not None else None

    def _traits(self, claim: Claim, kind: str, role: str, *parts: frozenset[str]) -> frozenset[str]:
        found = {"bias", f"role={kind}:{role}", f"status={role}:{claim.status}"}
        for trait in frozenset().union(*parts):
            found |= {trait, f"{role}:{trait}", f"{kind}:{role}:{trait}"}
        return frozenset(found)

    def _place(self, claim: Claim, mention: Mention, away: str, here: int) -> Iterator[str]:
        """Where the words stand, seen from the claim's."""
        lang = self.reading.report.lang
        yield f"away={away}"
        first = claim.evidence[0]
        inside = any(e.start <= mention.span.start < e.end for e in claim.evidence)
        side = "in" if inside else "before" if mention.span.end <= first.start else "after"
        yield f"side={away}:{side}"
        if away == "own" and not inside:
            gap = min(min(abs(e.start - mention.span.end), abs(mention.span.start - e.end)) for e in claim.evidence)
            yield f"gap={side}:{sum(gap > s for s in _STEPS)}"
        lead = _WORD.search(self.text, max(self.spans[here].start, mention.span.start - 20), mention.span.start)
        yield f"lead={lang}:{lead[0].strip().lower() if lead else '^'}"
        yield f"after={self.text[mention.span.end : mention.span.end + 1] or '$'}"
        yield f"sort={mention.type}"

    def _of_value(self, claim: Claim, kind: Kind, role: Role, value: Value) -> frozenset[str]:
        """What the value is in this claim and in the report."""
        name = str(value)
        found = {f"empty={not claim.values(role.name)}"}
        used = sorted({c.role for c in claim.cells if c.role != role.name and str(c.value) == name})
        found |= {f"used={r}" for r in used} or {"used=no"}
        if any(agree(c.value, value) for c in claim.cells if c.role != role.name and type(c.value) is type(value)):
            found.add("agrees elsewhere")
        if isinstance(value, Actor):
            found |= {f"rank={min(self.rank.get(name, 9), 5)}", f"is={_sort(value, self.codebook)}"}
            others = {self.codebook.opponents.get(str(c.value)) for c in claim.cells if isinstance(c.value, Actor)}
            found.add(f"opponent={name in others}")
            found.add(f"speaks={name in claim.attribution}")
            same = self.roles[kind.name, role.name, name]
            found.add(f"as elsewhere={min(same, 2)}")
            if any(str(a).startswith("person:") for a in claim.values(role.name)):
                found.add("people there")
        elif isinstance(value, Item):
            found.add(f"is={'/'.join(value.path[:2])}")
        return frozenset(found)


def _sort(value: Actor, codebook: Codebook) -> str:
    return "party" if str(value) in codebook.opponents else str(value).partition(":")[0]


def _sort_of_time(mention: Mention, when: When) -> frozenset[str]:
    ref = mention.value
    assert isinstance(ref, TimeRef)
    days = when.days or 0
    return frozenset({f"ref={ref.kind}", f"wide={'day' if days <= 2 else 'month' if days <= 62 else 'long'}"})


def _actors(mention: Mention) -> Iterator[Actor]:
    """Whom a mention names, as roles have it: of a person the state or body that they act for."""
    if mention.type == "person" and isinstance(mention.acts_for, Actor):
        yield mention.acts_for
    elif mention.type in ("actor", "person") and isinstance(mention.value, Actor):
        yield mention.value


def _values(mention: Mention, role: Role) -> Iterator[Value]:
    value = mention.value
    if role.type == "actor":
        yield from _actors(mention)
        if mention.type == "person" and role.many and isinstance(value, Actor) and mention.acts_for is not None:
            yield value
    elif role.type == "place":
        if mention.type == "place" and isinstance(value, Actor):
            yield value
        elif mention.type == "actor" and isinstance(value, Actor) and str(value).startswith("country:"):
            yield value
    elif (
        (role.type == "item" and isinstance(value, Item) and mention.type == "item")
        or (role.type == "count" and isinstance(value, Count) and mention.type == "count")
        or (role.type == "amount" and isinstance(value, Amount) and mention.type == "amount")
    ):
        yield value


def with_candidate(claim: Claim, candidate: Candidate) -> Claim:
    """The claim with a candidate's value."""
    from dataclasses import replace

    if isinstance(candidate.value, When):
        return replace(claim, time=candidate.value, time_words=candidate.words)
    return replace(
        claim, cells=(*claim.cells, Cell(candidate.role, candidate.value, candidate.words, "told beside it"))
    )
