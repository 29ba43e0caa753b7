"""Made-up reports of facts that are known: what cross-checking is measured on. Everything follows from a seed.

A world is a run of facts (deliveries, pledges, purchases, attacks, meetings, requests) told by reports. Reporters know
a fact in full and tell it as reporters do: with bounds and rounded numbers, in another currency, by the week or month
or without a day, with parts left out, by a group's name or a thing's wider name; copies repeat a report, often days
later; some contradict; tolls grow; and next to many a fact stands another that is nearly the same (the raid of the next
day, a further tranche, a second meeting).

The truth about a claim must be one that a careful reader of all reports could know. So no town is struck twice on one
day, and a claim that another fact of the world fits as well is told anew: to fit, a fact may differ in one field that
reports contest, and in a toll that may have grown, for a reader would rightly call that a contradiction within one
fact; unless other reports of the claim's own fact have told that very field. Reports that begin a contradiction tell
what the kind's facts are known by, and where the thing is contested, its number: a reader has nothing else to hold on
to. Nothing is told anew because the cross-checking under test gets it wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from recoupe.check.rates import rate, same_sum
from recoupe.codebook import Codebook
from recoupe.model import Block, Cell, Claim, Dating, Evidence, Reading, Report, Roots, Span, Status
from recoupe.values import Actor, Amount, Count, Item, Value, When, Word

GROUP = "group:"
BEGIN = date(2022, 3, 1)
FACTS_A_DAY = 20.0
OMITTED = 0.12
NEWS = timedelta(7)  # an undated act is within so many days of the report
MONTH = 32  # days that are looked up at once
TRIES = 30  # to tell a claim in another way
CURRENCIES = ("USD", "EUR", "GBP", "SEK", "PLN")
# Shares of facts told but once, of copies, of facts with a contradiction and with a neighbour, of claims without a
# time, of later reports with a higher toll, and of states that are told as one of a group.
SINGULAR, COPIED, CONTRADICTED, NEAR, UNDATED, GROWING, GROUPED = 0.2, 0.25, 0.12, 0.35, 0.25, 0.3, 0.05


@dataclass(frozen=True)
class Fact:
    """What took place: the exact values by role, and the day."""

    number: int
    kind: str
    status: Status
    day: date
    roles: Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Truth:
    """What is known of a world: the fact of each claim (`doc#n`), whose word it is, and the fields of each fact over
    which reports contradict one another.
    """

    facts: Mapping[str, int]
    voices: Mapping[str, str]
    conflicts: frozenset[tuple[int, str]]


@dataclass(frozen=True)
class World:
    """Readings with claims, the roots of their reports, and the truth about them."""

    readings: tuple[Reading, ...]
    roots: Roots
    truth: Truth


@dataclass(frozen=True)
class Shape:
    """What facts of a kind look like: who may do it to whom, what with, and which numbers it has."""

    kind: str
    share: float
    statuses: tuple[Status, ...] = ("done",)
    span: int = 2  # days after the fact within which reports of it appear


SHAPES = (
    Shape("delivery", 0.2),
    Shape("pledge", 0.2, ("done", "possible")),
    Shape("purchase", 0.12, ("done", "planned")),
    Shape("attack", 0.26),
    Shape("consultation", 0.16, ("done", "planned")),
    Shape("request", 0.06),
)


@dataclass(frozen=True)
class _Source:
    """What a report tells, and its copies after it: the report that has it first, the claim, whose word it is."""

    root: str
    claim: Claim
    voice: str


@dataclass
class _Told:
    """The world as it is being told."""

    others: _Others
    readings: list[Reading] = field(default_factory=list)
    roots: dict[str, str] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    voices: dict[str, str] = field(default_factory=dict)
    conflicts: set[tuple[int, str]] = field(default_factory=set)

    def add(self, doc: str, source: _Source, published: date, fact: Fact) -> None:
        """Adds a report of a fact."""
        text = source.claim.evidence[0].text
        report = Report(doc, text, "en", (Block(Span(0, len(text)), "body"),))
        self.readings.append(Reading(report, dating=Dating(When.day(published)), claims=(source.claim,)))
        self.roots[doc] = source.root
        self.facts[f"{doc}#1"] = fact.number
        self.voices[f"{doc}#1"] = source.voice


class _Others:
    """Finds out whether what a reporter is about to tell could be of another fact just as well."""

    def __init__(self, facts: Iterable[Fact], codebook: Codebook) -> None:
        self._kinds = codebook.kinds
        self._facts: defaultdict[tuple[str, str, str, int], list[Fact]] = defaultdict(list)
        for fact in facts:
            for role, party in self._parties(fact.kind, fact.roles):
                self._facts[fact.kind, role, str(party), fact.day.toordinal() // MONTH].append(fact)

    def mistakable(self, claim: Claim, published: date, own: Fact, known: Set[str]) -> bool:
        """Could a reader take the claim for one of another fact? One contradiction may be a contested field: where the
        other fact has but that, it must be in one of the roles that are `known` of the claim's own from other reports.
        """
        roles = {role: claim.values(role) for role in own.roles if claim.values(role)}
        held = claim.time or When.between(published - NEWS, published + NEWS)
        return any(
            fact.number != own.number and held.allows(fact.day) and self._fits(roles, fact, known)
            for fact in self._near(claim.kind, roles, held)
        )

    def _parties(self, kind: str, roles: Mapping[str, tuple[Value, ...]]) -> list[tuple[str, Actor]]:
        """Parties and places, those first that fewest facts share."""
        found = [(role, v) for role in roles for v in roles[role] if isinstance(v, Actor)]
        types = self._kinds[kind].roles
        return sorted(found, key=lambda party: (len(party[1].choices) > 1, types[party[0]].type != "place"))

    def _near(self, kind: str, roles: Mapping[str, tuple[Value, ...]], held: When) -> Iterator[Fact]:
        """The facts of those days and of one of the parties."""
        role, party = self._parties(kind, roles)[0]
        assert held.first is not None
        assert held.last is not None
        for month in range(held.first.toordinal() // MONTH, held.last.toordinal() // MONTH + 1):
            for name in party.choices:
                yield from self._facts.get((kind, role, name, month), ())

    def _fits(self, roles: Mapping[str, tuple[Value, ...]], fact: Fact, known: Set[str]) -> bool:
        """Could this be told of the fact, but for one field that the reports may contest, and tolls that have grown?"""
        kind = self._kinds[fact.kind]
        amiss: list[str] = []
        more: set[bool] = set()
        for role, values in roles.items():
            value = values[0]
            if role not in fact.roles:
                continue
            true = fact.roles[role]
            if isinstance(value, Actor):
                if not all(any(v.agrees(t) for t in true) for v in values):
                    return False
            elif _tells(value, true[0], fact.day):
                continue
            elif role in kind.grows:
                more.add(value.low < true[0].low)
            elif isinstance(value, Item | Word) and role not in kind.contested:
                return False
            else:
                amiss.append(role)
        return len(more) < 2 and (not amiss or (len(amiss) == 1 and amiss[0] not in known))


def _tells(said: Value, true: Value, day: date) -> bool:
    """Would a reporter say this of that?"""
    if isinstance(said, Item) and isinstance(true, Item):
        return said.agrees(true)
    if isinstance(said, Amount) and isinstance(true, Amount):
        if said.currency != true.currency:
            return same_sum(said, true, day) is not False
        said, true = said.count, true.count
    if isinstance(said, Count) and isinstance(true, Count):
        near = Count.around(true.low)
        return said.agrees(Count(max(near.low - 1, Fraction(0)), near.high + 1))
    return said == true


class Maker:
    """Makes facts and reports of them from a codebook's names."""

    def __init__(self, codebook: Codebook, seed: int) -> None:
        self.codebook = codebook
        self.random = Random(seed)
        names = codebook.names
        states = sorted({m for group in codebook.members.values() for m in group if m.startswith("country:")})
        self.states = [Actor.parse(s, codebook.members) for s in states]
        self.places = {
            state: [
                Actor.parse(p.id, codebook.members)
                for p in names.places.values()
                if p.kind == "town" and p.state == state
            ]
            for state in sorted(codebook.opponents)
        }
        self.towns = sorted(
            (Actor.parse(p.id, codebook.members) for p in names.places.values() if p.kind == "town"), key=str
        )
        self.groups: defaultdict[str, list[Actor]] = defaultdict(list)
        for group in sorted(g for g in codebook.members if g.startswith(GROUP)):
            for state in sorted(codebook.members[group]):
                self.groups[state].append(Actor.parse(group, codebook.members))
        children = set(codebook.parents.values())
        military = [Item.parse(i, codebook.parents) for i in codebook.parents if i not in children]
        self.items = [item for item in military if len(item.path) > 2]
        self.people = sorted(p.id for p in names.people.values())[:: max(1, len(names.people) // 200)]

    # -- facts ------------------------------------------------------------------------------------------------------

    def facts(self, count: int) -> Iterator[Fact]:
        """Facts in the order of their days; many are followed by one that is nearly the same."""
        number, day = 0, 0.0
        struck: set[tuple[date, Value]] = set()
        while number < count:
            day += self.random.expovariate(FACTS_A_DAY)
            fact = self._fact(number, BEGIN + timedelta(int(day)))
            found = [fact, self._near(fact, number + 1)] if self.random.random() < NEAR else [fact]
            places = {(f.day, f.roles["place"][0]) for f in found if f.kind == "attack"}
            if places & struck:
                continue  # nobody could tell which of two raids on one town on one day is meant
            struck |= places
            yield from found
            number += len(found)

    def _fact(self, number: int, day: date) -> Fact:
        shape = self.random.choices(SHAPES, [s.share for s in SHAPES])[0]
        make = getattr(self, f"_{shape.kind}")
        status: Status = self.random.choice(shape.statuses)
        return Fact(number, shape.kind, status, day, make())

    def _delivery(self) -> dict[str, tuple[Value, ...]]:
        donor, recipient = self.random.sample(self.states, 2)
        return {"donor": (donor,), "recipient": (recipient,), **self._goods()}

    def _pledge(self) -> dict[str, tuple[Value, ...]]:
        return self._delivery()

    def _request(self) -> dict[str, tuple[Value, ...]]:
        asker, asked = self.random.sample(self.states, 2)
        return {"requester": (asker,), "addressee": (asked,), **self._goods()}

    def _purchase(self) -> dict[str, tuple[Value, ...]]:
        buyers = self.random.sample(self.states, self.random.choice((1, 1, 2, 4)))
        goods = self._goods()
        return {"buyer": tuple(sorted(buyers, key=str)), **goods, "amount": (self._sum(),)}

    def _goods(self) -> dict[str, tuple[Value, ...]]:
        found: dict[str, tuple[Value, ...]] = {"item": (self.random.choice(self.items),)}
        if self.random.random() < 0.75:
            found["count"] = (Count.exactly(self._number()),)
        if self.random.random() < 0.3 or "count" not in found:
            found["amount"] = (self._sum(),)
        return found

    def _sum(self) -> Amount:
        return Amount(Count.exactly(self.random.randint(11, 999) * 10**6), self.random.choice(CURRENCIES))

    def _number(self) -> int:
        return int(10 ** self.random.uniform(0.5, 3.2))

    def _attack(self) -> dict[str, tuple[Value, ...]]:
        attacker, target = self.random.sample(sorted(self.places), 2)
        place = self.random.choice(self.places[target])
        found: dict[str, tuple[Value, ...]] = {
            "attacker": (Actor.parse(attacker, self.codebook.members),),
            "target": (Actor.parse(target, self.codebook.members),),
            "place": (place,),
        }
        if self.random.random() < 0.6:
            found["weapon"] = (self.random.choice([i for i in self.items if "missile" in i.path or "drone" in i.path]),)
            found["launched"] = (Count.exactly(self._number()),)
        if self.random.random() < 0.7:
            found["killed"] = (Count.exactly(self.random.randint(1, 40)),)
            found["injured"] = (Count.exactly(self.random.randint(2, 150)),)
        return found

    def _consultation(self) -> dict[str, tuple[Value, ...]]:
        parties = self.random.sample(self.states, self.random.choice((2, 2, 3, 5)))
        level = Word(self.random.choice(("leaders", "ministers", "officials")))
        return {
            "participants": tuple(sorted(parties, key=str)),
            "place": (self.random.choice(self.towns),),
            "level": (level,),
        }

    def _near(self, fact: Fact, number: int) -> Fact:
        """A fact that is nearly the same: another day, place or thing, with numbers of its own."""
        roles = dict(fact.roles)
        fresh = getattr(self, f"_{fact.kind}")()
        for role in ("count", "amount", "launched", "killed", "injured"):
            if role in roles:
                roles[role] = fresh.get(role, (self._sum() if role == "amount" else Count.exactly(self._number()),))
        later = timedelta(self.random.choice((1, 1, 2, 7) if fact.kind == "attack" else (2, 7, 14)))
        if fact.kind in ("attack", "consultation"):
            if self.random.random() < 0.5:
                return Fact(number, fact.kind, fact.status, fact.day + later, roles)
            roles["place"] = fresh["place"] if fact.kind == "consultation" else (self._elsewhere(roles),)
            if fact.kind == "consultation":
                roles["participants"] = tuple(sorted({*roles["participants"][:1], *fresh["participants"][:2]}, key=str))
            return Fact(number, fact.kind, fact.status, fact.day, roles)
        if self.random.random() < 0.5:
            (item,) = roles["item"]
            roles["item"] = (self.random.choice([i for i in self.items if not i.agrees(item)]),)
            return Fact(number, fact.kind, fact.status, fact.day, roles)
        return Fact(number, fact.kind, fact.status, fact.day + timedelta(self.random.randint(14, 45)), roles)

    def _elsewhere(self, roles: Mapping[str, tuple[Value, ...]]) -> Actor:
        return self.random.choice([p for p in self.places[str(roles["target"][0])] if p != roles["place"][0]])

    # -- reports ----------------------------------------------------------------------------------------------------

    def told(self, facts: Sequence[Fact]) -> World:
        """The world in which these facts are told."""
        world = _Told(others=_Others(facts, self.codebook))
        for fact in facts:
            self._tell(fact, world)
        return World(
            tuple(world.readings),
            Roots(world.roots),
            Truth(world.facts, world.voices, frozenset(world.conflicts)),
        )

    def _tell(self, fact: Fact, world: _Told) -> None:
        """All reports of a fact, from the first on."""
        often = 1 if self.random.random() < SINGULAR else self.random.randint(2, 8)
        contested = self._contested(fact) if often > 2 and self.random.random() < CONTRADICTED else None
        speaker = self.random.choice(self.people) if self.random.random() < 0.3 else None
        original: _Source | None = None
        sides: set[bool] = set()
        known: set[str] = set()
        grown = fact
        days = sorted(fact.day + timedelta(self.random.randint(0, 2)) for _ in range(often))
        last = days[0]
        for telling, published in enumerate(days):
            doc = f"r{len(world.readings):07}"
            if original is not None and self.random.random() < COPIED:
                world.add(doc, original, published, fact)
                continue
            if "killed" in fact.roles and published > last and self.random.random() < GROWING:
                grown = self._more(grown)
            last = published
            wrong = contested if telling == 1 or (telling > 1 and self.random.random() < 0.3) else None
            keep = self._kept(fact, contested) if contested and (telling < 2 or wrong) else ()
            now = self._otherwise(grown, wrong) if wrong else grown
            claim = self._told_apart(now, published, (keep, contested), world.others, set() if wrong else known)
            roles = {cell.role for cell in claim.cells}
            known |= set() if wrong else roles
            sides |= {wrong is None} if contested in roles else set()
            voice = doc
            if speaker is not None and self.random.random() < 0.4:
                claim, voice = replace(claim, attribution=(speaker,)), speaker
            original = _Source(doc, claim, voice)
            world.add(doc, original, published, fact)
        if contested is not None and len(sides) == 2:
            world.conflicts.add((fact.number, contested))

    def _told_apart(
        self, fact: Fact, published: date, keep: tuple[Sequence[str], str | None], others: _Others, known: Set[str]
    ) -> Claim:
        """A claim that could not be of another fact just as well, where there is a way to tell it so."""
        for _ in range(TRIES):
            claim = self._claim(fact, *keep)
            if not others.mistakable(claim, published, fact, known):
                break
        return claim

    def _contested(self, fact: Fact) -> str | None:
        """A field over which reports of the fact are to differ."""
        kind = self.codebook.kinds[fact.kind]
        fields = [r for r in ("count", "amount", "launched", *kind.contested) if r in fact.roles]
        return self.random.choice(fields) if fields else None

    def _kept(self, fact: Fact, contested: str) -> tuple[str, ...]:
        """What a report tells that takes a side: the contested field and what ties it to the others, that is what the
        fact is known by, and where a thing is contested, its number."""
        numbers = tuple(r for r, (value, *_) in fact.roles.items() if isinstance(value, Count | Amount))
        return (contested, *self.codebook.kinds[fact.kind].identifies, *(() if contested in numbers else numbers))

    def _otherwise(self, fact: Fact, role: str) -> Fact:
        """The fact with another value of one field, which cannot be true beside its own."""
        value = fact.roles[role][0]
        wrong: Value
        if isinstance(value, Count):
            wrong = Count.exactly(int(value.low) * 2 + 3)
        elif isinstance(value, Amount):
            wrong = Amount(Count.exactly(value.count.low * 2), value.currency)
        else:
            assert isinstance(value, Item)
            wrong = self.random.choice([i for i in self.items if not i.agrees(value)])
        return replace(fact, roles={**fact.roles, role: (wrong,)})

    def _more(self, fact: Fact) -> Fact:
        """The same attack with a toll that has grown since."""
        killed, injured = (int(fact.roles[r][0].low) for r in ("killed", "injured"))  # type: ignore[union-attr]
        more = {"killed": (Count.exactly(killed + self.random.randint(1, 4)),)}
        more["injured"] = (Count.exactly(injured + self.random.randint(1, 20)),)
        return replace(fact, roles={**fact.roles, **more})

    def _claim(self, fact: Fact, keep: Sequence[str], exact: str | None) -> Claim:
        """What one reporter tells of a fact; `keep` are roles that are not left out, `exact` one of them that is
        told as it is.
        """
        kind = self.codebook.kinds[fact.kind]
        cells: list[Cell] = []
        optional = [r for r in fact.roles if r not in kind.who[:1] and r not in keep]
        left_out = {r for r in optional if self.random.random() < OMITTED}
        if len(left_out) >= len(fact.roles) - 1 or not any(
            isinstance(v[0], Actor) for r, v in fact.roles.items() if r not in left_out
        ):
            left_out = set()
        when = self._when(fact)
        words = f"{fact.kind} {fact.number} as told in report {self.random.getrandbits(40):x} of that day."
        evidence = Evidence.of(words, 0, len(words))
        for role, values in fact.roles.items():
            if role in left_out:
                continue
            for value in values if len(values) < 3 or self.random.random() < 0.6 else values[:2]:
                said = value if role == exact and role in keep else self._said(value, fact.day)
                cells.append(Cell(role, said, evidence, "made"))
        return Claim(fact.kind, fact.status, tuple(cells), when, evidence if when else None, (), (evidence,), "made")

    def _when(self, fact: Fact) -> When | None:
        draw = self.random.random()
        if draw < UNDATED:
            return None
        if draw < UNDATED + 0.08:
            return When.month(fact.day.year, fact.day.month)
        if draw < UNDATED + 0.2:
            first = fact.day - timedelta(fact.day.weekday())
            return When.between(first, first + timedelta(6))
        return When.day(fact.day)

    def _said(self, value: Value, day: date) -> Value:
        """A value as one reporter has it: exact, bounded, rounded, converted, or wider."""
        draw = self.random.random()
        if isinstance(value, Count):
            return self._counted(value, draw)
        if isinstance(value, Amount):
            if draw < 0.2 and (converted := self._converted(value, day)) is not None:
                return converted
            return Amount(self._counted(value.count, self.random.random()), value.currency)
        if isinstance(value, Actor) and draw < GROUPED and (groups := self.groups.get(str(value))):
            return self.random.choice(groups)
        if isinstance(value, Item) and draw < 0.2 and len(value.path) > 2:
            return Item(value.path[:-1])
        return value

    def _counted(self, count: Count, draw: float) -> Count:
        number = int(count.low)
        digits = max(0, len(str(number)) - 2)
        low = number // 10**digits * 10**digits
        if draw < 0.12 and low:
            return Count.at_least(low)
        if draw < 0.24 and low:
            return Count.around(round(number, -digits))
        if draw < 0.28:
            return Count.at_most(low + 10**digits)
        return count

    def _converted(self, value: Amount, day: date) -> Amount | None:
        other = self.random.choice([c for c in CURRENCIES if c != value.currency])
        factor = rate(value.currency, other, day)
        if factor is None:
            return None
        number = Fraction(value.count.low) * Fraction(str(round(factor, 6)))
        digits = max(0, len(str(int(number))) - 2)
        return Amount(Count.around(round(int(number), -digits)), other)


def world(codebook: Codebook, claims: int, seed: int) -> World:
    """A world of about so many claims."""
    maker = Maker(codebook, seed)
    return maker.told(list(maker.facts(round(claims / 4.2))))
