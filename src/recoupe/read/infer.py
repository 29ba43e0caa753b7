"""What follows from a claim's own values: a struck place lies in a state; the other party to a war is the one attacked.

Only what the report names is ever added, with the words that name it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date

from recoupe.codebook import Codebook
from recoupe.model import Cell, Claim, Evidence, Mention, Reading
from recoupe.values import Actor, Value, When, Word

_OFTEN = 3  # times that a report names the party that it is about, at least
_BESIDE = 300  # characters: what is carried over must be named in the sentence or beside it
PLACE, PARTY, BEFORE, OTHERS, OFFICES, RECALLED, ABOUT = (
    "state of the place", "other party to the war", "as in the attack before", "as in the report's other claims",
    "offices of those who attend", "as told of it elsewhere", "party to the war that the report names most",
)  # fmt: skip
# The rules of the cells that are made here.
INFERRED = frozenset({PLACE, PARTY, BEFORE, OTHERS, OFFICES, RECALLED, ABOUT})


def inferred(claims: Sequence[Claim], reading: Reading, codebook: Codebook) -> list[Claim]:
    """The claims, each with what follows from its own cells and from the report's other words."""
    out: list[Claim] = []
    for claim in claims:
        claim = _state_of_place(claim, codebook)
        claim = _other_party(_named_party(claim, reading, codebook), out, reading, codebook)
        out.append(_level(claim, reading, codebook))
    return [_to_party(_carried(claim, out, reading, codebook), reading, codebook) for claim in out]


def _state_of_place(claim: Claim, codebook: Codebook) -> Claim:
    """A target that is not told is the state of the place struck."""
    if "target" not in codebook.kinds[claim.kind].roles or claim.values("target"):
        return claim
    for cell in claim.cells:
        place = codebook.names.places.get(str(cell.value)) if cell.role == "place" else None
        state = (
            place.state
            if place
            else str(cell.value)
            if cell.role == "place" and str(cell.value).startswith("country:")
            else None
        )
        if state and state not in map(str, claim.values("attacker")):
            return _with(claim, Cell("target", Actor.parse(state), cell.words, PLACE))
    return claim


def _named_party(claim: Claim, reading: Reading, codebook: Codebook) -> Claim:
    """An attacker found by a pronoun alone gives way to the other party to the war, where the report names it."""
    attackers = [c for c in claim.cells if c.role == "attacker"]
    opponents = {codebook.opponents[str(v)] for v in claim.values("target") if str(v) in codebook.opponents}
    if len(opponents) != 1 or not attackers or any(c.rule != "coreference" for c in attackers):
        return claim
    opponent = opponents.pop()
    words = _nearest(reading.mentions, opponent, claim.evidence[0], reading)
    if words is None or all(str(c.value) == opponent for c in attackers):
        return claim
    cells = tuple(c for c in claim.cells if c.role != "attacker")
    return replace(claim, cells=(*cells, Cell("attacker", Actor.parse(opponent), words, PARTY)))


def _other_party(claim: Claim, before: Sequence[Claim], reading: Reading, codebook: Codebook) -> Claim:
    """The parties to a war: who attacks one of them, and is not named, or whom the other attacks."""
    roles = codebook.kinds[claim.kind].roles
    if "attacker" not in roles or claim.status == "denied":
        return claim
    for told, missing in (("attacker", "target"), ("target", "attacker")):
        for value in claim.values(told):
            opponent = codebook.opponents.get(str(value))
            if opponent and not claim.values(missing):
                words = _nearest(reading.mentions, opponent, claim.evidence[0], reading)
                if words:
                    return _with(claim, Cell(missing, Actor.parse(opponent), words, PARTY))
    if not claim.values("attacker") and not claim.values("target"):
        return _as_before(claim, before)
    return claim


def _carried(claim: Claim, claims: Sequence[Claim], reading: Reading, codebook: Codebook) -> Claim:
    """A role that the report tells once for all: its other claims say who receives, who is punished, or who is struck
    where victims or weapons alone are told.
    """
    for role, ranked in codebook.kinds[claim.kind].carries.items() if not claim.values("attacker") else ():
        mine = {str(c.value) for c in claim.cells}
        opponents = {codebook.opponents.get(v) for v in mine}
        value = None if claim.values(role) else _told_most(claims, ranked, mine | opponents, reading, codebook)
        words = _nearest(reading.mentions, str(value), claim.evidence[0], reading) if value else None
        if value and words and abs(words.start - claim.evidence[0].start) < _BESIDE:
            claim = _other_party(_with(claim, Cell(role, value, words, OTHERS)), (), reading, codebook)
    return claim


def _to_party(claim: Claim, reading: Reading, codebook: Codebook) -> Claim:
    """Who receives, where no claim tells it: a report on a war that speaks of aid means the party that it is about. One
    that itself gives is out of question, and so is its opponent, whom nobody on its side helps.
    """
    role = codebook.kinds[claim.kind].party
    if role is None or claim.values(role):
        return claim
    named = Counter(str(m.value) for m in reading.mentions if str(m.value) in codebook.opponents)
    mine = {str(c.value) for c in claim.cells}
    parties = [v for v in named if v not in mine and codebook.opponents[v] not in mine]
    most = max(parties, key=lambda v: (named[v], v), default=None)
    if most is None or named[most] < _OFTEN or _others_in(claim, {*mine, *codebook.opponents}, reading, codebook):
        return claim
    words = _nearest(reading.mentions, most, claim.evidence[0], reading)
    return _with(claim, Cell(role, Actor.parse(most), words, ABOUT)) if words else claim


def _others_in(claim: Claim, known: set[str], reading: Reading, codebook: Codebook) -> bool:
    """Does a claim's sentence name a state or place that is neither of the claim nor of a party to the war?"""
    for m in reading.mentions:
        if m.type in ("actor", "place") and any(e.start <= m.span.start < e.end for e in claim.evidence):
            place = codebook.names.places.get(str(m.value))
            if (place is not None or m.note == "name") and not {str(m.value), place and place.state} & known:
                return True
    return False


def _told_most(
    claims: Sequence[Claim],
    ranked: Sequence[Sequence[tuple[str, str]]],
    out: Container[str | None],
    reading: Reading,
    codebook: Codebook,
) -> Value | None:
    """What the claims tell most often in the best of some roles that they tell; nothing that is `out` of question, nor
    one party to a war where the other is told nearly as often.
    """
    named = Counter(str(m.value) for m in reading.mentions)
    for sources in ranked:
        values = (v for c in claims for kind, role in sources if c.kind == kind for v in c.values(role))
        told = Counter(v for v in values if str(v) not in out)
        if told:
            most = max(told, key=lambda v: (told[v], named[str(v)], str(v)))
            enemy = codebook.opponents.get(str(most), "")
            return most if told[most] > 2 * sum(n for v, n in told.items() if str(v) == enemy) else None
    return None


def _level(claim: Claim, reading: Reading, codebook: Codebook) -> Claim:
    """A meeting of people who all hold offices of one level is held at that level."""
    roles = codebook.kinds[claim.kind].roles
    role = next((r.name for r in roles.values() if r.type == "level"), None)
    people = [c.value for c in claim.cells if roles[c.role].many and str(c.value).startswith("person:")]
    if role is None or claim.values(role) or not people:
        return claim
    when = (claim.time or reading.dating.when or When(None, None)).first
    levels = {_level_of(str(p), when, reading.mentions, codebook) for p in people}
    level = levels.pop() if len(levels) == 1 else None
    words = next(c.words for c in claim.cells if c.value == people[0])
    return _with(claim, Cell(role, Word(level), words, OFFICES)) if level else claim


def _level_of(person: str, when: date | None, mentions: Sequence[Mention], codebook: Codebook) -> str | None:
    """The level of a person's office: the one told with the name, else the one held at the time."""
    for m in mentions:
        if str(m.value) == person and "office:" in m.note:
            return codebook.names.offices.get(m.note.split("office:")[1].split()[0])
    for term in codebook.names.terms:
        if term.person == person and when and term.since <= when and (term.until is None or when <= term.until):
            return codebook.names.offices.get(term.office)
    return None


def _as_before(claim: Claim, before: Sequence[Claim]) -> Claim:
    """A toll told without parties is that of the attack told right before it."""
    last = next((c for c in reversed(before) if c.kind == claim.kind), None)
    if last is None or claim.evidence[0].start - last.evidence[-1].end > 400:
        return claim
    for cell in last.cells:
        if cell.role in ("attacker", "target"):
            claim = _with(claim, replace(cell, rule=BEFORE))
    return claim


def _nearest(mentions: Sequence[Mention], actor: str, evidence: Evidence, reading: Reading) -> Evidence | None:
    """The words nearest to a claim that name an actor or a place."""
    named = [m for m in mentions if m.type in ("actor", "place") and str(m.value) == actor]
    if not named:
        return None
    best = min(named, key=lambda m: (abs(m.span.start - evidence.start), m.span.start))
    return Evidence.of(reading.report.text, best.span.start, best.span.end)


def _with(claim: Claim, cell: Cell) -> Claim:
    return replace(claim, cells=(*claim.cells, cell))
