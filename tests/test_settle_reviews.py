"""Reviews among pages that come and change: the ledger says what one says that gets all of it at once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from recoupe import settle
from recoupe.ledger import Batch, Ledger, create_ledger
from recoupe.model import Action, Claim, Entry, Origin, Page, Reading, Review, Target
from recoupe.review import Given, Person, given, read_fields, target
from recoupe.settle import Settling, as_reviewed, reviewed
from recoupe.trace import trace
from synthetic import Fact, book, page_of, reading
from test_settle import BEGIN, Maker, settled

NOON = datetime(2024, 4, 1, 12, tzinfo=UTC)
ACTIONS = ("accept", "accept", "correct", "correct", "reject", "split", "merge", "note")
SAID = ("Seven words say what was done there", "They were told so by those who know", "It fell early")
CORRECTIONS = {
    "attack": ("killed=4", "place=place:odesa", "time=2024-03-04", "status=denied"),
    "delivery": ("count=12", "item=patriot", "donor=country:FR", "kind=pledge", "time=2024-03-05", "recipient="),
    "pledge": ("count=4", "item=f-16", "donor=country:US", "kind=delivery", "time="),
}


@dataclass
class Desk:
    """A newsroom's pages, and the people who review them; some pages come after their reviews."""

    rng: random.Random
    maker: Maker
    long: float  # the share of reports that may be copies and translations
    waiting: list[tuple[Page, Reading]] = field(default_factory=list)
    seen: list[tuple[str, Reading]] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)

    def fact(self) -> Fact:
        """One of few facts, so that much is told of each, in part or otherwise."""
        place = self.rng.choice((["place:kyiv"], ["place:dnipro"], ["country:UA"], []))
        killed, count = self.rng.choice(("3", "4", "9", "")), self.rng.choice(("4", "12", ""))
        kind, roles = self.rng.choice((
            ("attack", {"attacker": ["country:RU"], "target": ["country:UA"], "place": place, "killed": killed}),
            ("delivery", {"donor": ["country:NL"], "recipient": ["country:UA"], "item": ["f-16"], "count": count}),
        ))  # fmt: skip
        time = self.rng.choice((*(str(BEGIN + timedelta(n)) for n in range(3)), "2024-03-01/2024-03-03", None))
        return Fact(kind, {role: told for role, told in roles.items() if told}, self.rng.choice(SAID), time=time)

    def short(self) -> Reading:
        """A report that is nobody's copy: a few sentences, with claims."""
        doc, day = f"r{len(self.maker.made):03}.txt", BEGIN + timedelta(self.rng.randint(0, 2))
        told = [self.fact() for _ in range(self.rng.randint(1, 3))]
        made = reading(doc, [f"Title {self.rng.randint(0, 99)}", *(f"{said}." for said in SAID)], told, str(day))
        self.maker.made.append(made)
        return made

    def report(self) -> tuple[Page, Reading]:
        """A page with its reading: one of its own, or an earlier one at another address, or under an earlier name."""
        made = self.maker.report() if self.rng.random() < self.long else self.short()
        way = self.rng.choice(("new", "new", "new", "bytes", "words", "name"))
        if way in ("bytes", "words") and len(self.maker.made) > 1:
            twin = self.rng.choice(self.maker.made[:-1])
            made = replace(twin, report=replace(twin.report, doc=made.report.doc))
        elif way == "name" and len(self.maker.made) > 1:
            made = replace(made, report=replace(made.report, doc=self.rng.choice(self.maker.made[:-1]).report.doc))
        self.maker.made[-1] = made
        page = page_of(made)
        if way == "words":
            page = Page.of(page.doc, page.text + "\n ")
        self.seen.append((page.hash, made))
        return page, made

    def add(self, batch: Batch) -> None:
        self.waiting.append(self.report())
        if self.rng.random() < 0.8:
            for page, made in self.waiting:
                batch.add(page, made)
            self.waiting.clear()

    def reread(self, ledger: Ledger) -> Reading:
        """A reading of the ledger, otherwise: with fewer claims, or others, or fewer words."""
        before = self.rng.choice(ledger.readings())
        claims = list(before.claims)
        self.rng.shuffle(claims)
        after = replace(before, claims=tuple(claims[: self.rng.randint(0, 2)]))
        if self.rng.random() < 0.3:
            lines = before.report.text.split("\n")
            kind, roles = self.maker.fact()
            told = [Fact(kind, roles, lines[-1][:-1])]
            cut = reading(before.report.doc, [lines[0], *lines[2:]], told, lang=before.report.lang)
            after = replace(after, report=cut.report, claims=cut.claims)
        self.seen.append((ledger.hashes()[before.report.doc], after))
        return after

    def review(self) -> Review:
        """Somebody's word, given now or earlier."""
        person = Person("ana", NOON + timedelta(minutes=self.rng.randint(0, 10_000)))
        if self.reviews and self.rng.random() < 0.2:
            made = given("undo", person, undoes=self.rng.choice(self.reviews).id)
        else:
            action = self.rng.choice(ACTIONS)
            several = action in ("accept", "split", "merge", "note")
            claims = self._targets(action, self.rng.randint(1, 3) if several else 1)
            others = self._targets(action, self.rng.randint(1, 2)) if action in ("split", "merge") else []
            made = given(action, person, claims, others, why="because")
        self.reviews.append(made)
        return made

    def _targets(self, action: str, number: int) -> list[Target]:
        told = [(hash_, one, claim) for hash_, one in self.seen for claim in one.claims]
        some = self.rng.sample(told, min(number, len(told)))
        return [target(one, hash_, claim, self._fields(action, claim)) for hash_, one, claim in some]

    def _fields(self, action: str, claim: Claim) -> dict[str, tuple[object, ...]]:
        return read_fields(claim, [self.rng.choice(CORRECTIONS[claim.kind])], book()) if action == "correct" else {}


def at_once(ledger: Ledger) -> tuple[list[Origin], list[Entry]]:
    """What the ledger is to say, with nothing but its pages and reviews."""
    readings = ledger.readings()
    origins = trace(readings, book())
    return origins, as_reviewed(readings, origins, book(), Given(ledger.reviews(), ledger.hashes()))


@pytest.mark.parametrize("seed", range(4))
def test_reviews_among_pages_come_to_the_same_as_all_at_once(
    seed: int, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr(settle, "AT_ONCE", 6 if seed == 0 else 1000)
    desk = Desk(rng, Maker(rng, []), 1.0 if seed % 3 == 0 else 0.1)
    with create_ledger(where) as ledger:
        for _ in range(6 if seed % 3 == 0 else 12):
            with ledger.batch() as batch:
                if rng.random() < 0.4 and ledger.readings():
                    batch.replace(desk.reread(ledger))
                for _ in range(rng.choice((0, 1, 1, 2, 5))):
                    desk.add(batch)
            settled(ledger, rng.choice((0, 2, 4, 4)))
            for _ in range(rng.choice((0, 1, 3))):
                if any(one.claims for _, one in desk.seen):
                    with ledger.batch() as batch:
                        batch.review(desk.review())
                        if rng.random() < 0.7:
                            reviewed(Settling(batch, book(), 1))
                    if not ledger.unsettled():
                        assert (ledger.origins(), ledger.entries()) == at_once(ledger)
            if not ledger.unsettled():
                assert (ledger.origins(), ledger.entries()) == at_once(ledger)
        settled(ledger)
        assert (ledger.origins(), ledger.entries()) == at_once(ledger)


def test_beside_reviews_a_page_or_a_review_more_touches_only_what_it_concerns(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(random.Random(7), Maker(random.Random(7), []), 0.3)
    with create_ledger(where) as ledger:
        with ledger.batch() as batch:
            for _ in range(8):
                desk.add(batch)
        settled(ledger)
        monkeypatch.delattr(settle, "facts_at_once")
        for _ in range(6):
            with ledger.batch() as batch:
                batch.review(desk.review())
                reviewed(Settling(batch, book(), 1))
            with ledger.batch() as batch:
                desk.add(batch)
            settled(ledger)
        assert (ledger.origins(), ledger.entries()) == at_once(ledger)
        assert any(entry.review for entry in ledger.entries())


@dataclass
class Town:
    """A ledger of raids, each report's on some place and day, that people review one by one."""

    ledger: Ledger
    minute: int = 0

    def add(self, doc: str, place: str, day: date = BEGIN) -> Reading:
        with self.ledger.batch() as batch:
            batch.add(page_of(self.told(doc, place, day)), self.told(doc, place, day))
        settled(self.ledger)
        return self.told(doc, place, day)

    @staticmethod
    def told(doc: str, place: str, day: date = BEGIN) -> Reading:
        roles = {"attacker": "country:RU", "target": "country:UA", "place": place}
        return reading(
            doc, [f"Title of {doc}", f"{SAID[0]}."], [Fact("attack", roles, SAID[0], time=str(day))], str(day)
        )

    def review(
        self, action: Action, *ones: Reading, fields: Sequence[str] = (), undoes: Review | None = None
    ) -> Review:
        self.minute += 1
        targets = [target(r, page_of(r).hash, r.claims[0], read_fields(r.claims[0], fields, book())) for r in ones]
        person = Person("ana", NOON + timedelta(minutes=self.minute))
        made = given(action, person, targets, undoes=None if undoes is None else undoes.id)
        with self.ledger.batch() as batch:
            batch.review(made)
            reviewed(Settling(batch, book(), 1))
        return made

    def entries(self) -> list[str]:
        """The reports of each entry."""
        assert self.ledger.entries() == at_once(self.ledger)[1]
        return sorted("".join(sorted(ref[0] for ref in entry.claims)) for entry in self.ledger.entries())


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with create_ledger(tmp_path / "x.db") as ledger:
        yield Town(ledger)


LATER = BEGIN + timedelta(200)
MOVED = ("place=place:dnipro", f"time={BEGIN}")


def test_facts_come_together_when_what_was_put_between_them_is_taken_back(town: Town) -> None:
    town.add("a", "place:kyiv")
    other = town.add("b", "place:odesa", LATER)
    moved = town.review("correct", other, fields=MOVED)
    town.add("c", "country:UA")
    assert town.entries() == ["a", "b", "c"]  # the third may be either of the others
    town.review("undo", undoes=moved)
    assert town.entries() == ["ac", "b"]


def test_a_later_page_meets_a_claim_as_it_was_corrected(town: Town) -> None:
    town.review("correct", town.add("a", "place:odesa", LATER), fields=MOVED)
    town.add("b", "place:dnipro")
    assert town.entries() == ["ab"]


def test_a_page_that_comes_after_its_review_is_met_as_it_was_corrected(town: Town) -> None:
    town.add("x", "place:lviv", LATER)
    town.review("correct", town.told("a", "place:odesa", LATER), fields=MOVED)
    town.add("a", "place:odesa", LATER)
    town.add("b", "place:dnipro")
    assert town.entries() == ["ab", "x"]


def test_a_claim_that_counts_again_brings_those_together_that_were_put_to_it(town: Town) -> None:
    one, two, three = town.add("a", "place:kyiv"), town.add("b", "place:odesa", LATER), town.add("c", "place:lviv")
    town.review("merge", one, two)
    town.review("merge", two, three)
    assert town.entries() == ["abc"]
    rejected = town.review("reject", two)
    assert town.entries() == ["a", "c"]
    town.review("undo", undoes=rejected)
    assert town.entries() == ["abc"]


def test_a_review_of_a_page_is_no_longer_for_its_twin_when_the_page_itself_comes(town: Town) -> None:
    town.add("x", "place:lviv", LATER)
    one, other = town.told("a", "place:kyiv"), town.told("a", "place:dnipro")
    twin = replace(other, report=replace(other.report, doc="t"))
    with town.ledger.batch() as batch:
        batch.add(Page.of("t", page_of(one).text + "\n "), twin)
    settled(town.ledger)
    town.review("reject", one)
    assert town.entries() == ["x"]
    town.add("a", "place:kyiv")
    assert town.entries() == ["t", "x"]
