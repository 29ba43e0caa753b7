"""Puts what people have said upon what was read. It depends on the readings and reviews alone, not on their order, and
changes neither: what is done to a reading is done again whenever it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from recoupe.model import Claim, Entry, Reading, Review, Reviewed, Rulings, Target
from recoupe.review.fields import Change, amended, changes, said, same
from recoupe.review.keys import by_page, generation, live, words_of
from recoupe.review.match import paired, placed, worded
from recoupe.review.rulings import Ruling, settled
from recoupe.values import Value

State = Literal["accepted", "corrected", "rejected", ""]
_STATES: Mapping[str, State] = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}
RULING = frozenset({"accept", "split", "merge"})
"""The actions that say which claims are one fact."""


@dataclass(frozen=True, slots=True)
class Given:
    """The reviews of a ledger, and the hash of each page's bytes by the report's doc."""

    reviews: Sequence[Review] = ()
    pages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reviewer should look at: a later reading that says otherwise than what was reviewed.

    `altered`: the claim is now read otherwise (`changes`, from what was reviewed to what is read); `lost`: it is read
    no longer, and stands as reviewed; `gone`: its words are no longer in the report, and it does not stand. `ref` is
    the claim's reference, where it has one.
    """

    of: Literal["altered", "lost", "gone"]
    doc: str
    ref: str | None
    review: Review
    claim: Claim
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What people say of one claim: its state, and the reviews about it that are not undone, in the order of their
    times. `read` is the claim as the reader has it (or had it, where it is read no longer).
    """

    state: State
    reviews: tuple[Review, ...]
    read: Claim


@dataclass(frozen=True, slots=True)
class Outcome:
    """Readings as reviewed: claims keep their numbers, and those that are read no longer come after them. `claims` are
    those with reviews, by reference (`doc#n`); `away` the reviews of pages that the ledger does not have.
    """

    readings: tuple[Reading, ...]
    rulings: Rulings = field(default_factory=Rulings)
    claims: Mapping[str, Standing] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    away: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One review's word on one claim: its place among those of the review, which side of it the claim is on, and
    whether the page is the very one.
    """

    review: Review
    nth: int
    target: Target
    other: bool
    own: bool


@dataclass(slots=True)
class _Slot:
    """A claim that reviews are about: its number in the reading, from 0; None where the reader no longer has it."""

    number: int | None
    claim: Claim
    said: list[Said] = field(default_factory=list)


class Memo:
    """What was worked out before of the same readings, for somebody who gives one review after another."""

    def __init__(self) -> None:
        self._words: dict[int, str] = {}
        self._done: dict[tuple[object, ...], Reviewing] = {}
        self._held: dict[int, Reading] = {}  # an id is no other object's while its object is held

    def words(self, reading: Reading) -> str:
        """The hash of a report's words."""
        self._held[id(reading)] = reading
        if id(reading) not in self._words:
            self._words[id(reading)] = words_of(reading.report)
        return self._words[id(reading)]

    def reviewing(self, reading: Reading, said: Sequence[Said]) -> Reviewing:
        """What some words make of a reading."""
        self._held[id(reading)] = reading
        key = (id(reading), *((word.review.id, word.nth, word.own) for word in said))
        if key not in self._done:
            self._done[key] = Reviewing(reading, said)
        return self._done[key]


def apply(readings: Iterable[Reading], given: Given, memo: Memo | None = None) -> Outcome:
    """The readings as people have reviewed them, sorted by doc. `memo` keeps what need not be worked out again."""
    known = sorted(readings, key=lambda r: r.report.doc)
    reviews = live(given.reviews)
    if not reviews:
        return Outcome(tuple(known))
    memo = memo or Memo()
    said, away = _addressed(known, reviews, given.pages, memo)
    ones = {doc: memo.reviewing(r, said[doc]) for r in known if (doc := r.report.doc) in said}
    readings = (ones[doc].reading if (doc := r.report.doc) in ones else r for r in known)
    return put_together(readings, ones.values(), reviews, away)


def put_together(
    readings: Iterable[Reading], ones: Iterable[Reviewing], reviews: Iterable[Review], away: Iterable[Review] = ()
) -> Outcome:
    """What the reviews of several reports (`ones`, sorted by doc) come to, with the `readings` as reviewed.

    `reviews`, in the order of their times, are those that may rule on which claims are one fact: all that rule on any
    claim that one of them rules on, and all reports that they are about must be among `ones`.
    """
    claims: dict[str, Standing] = {}
    notices: list[Notice] = []
    refs: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
    for one in ones:
        claims.update(one.claims)
        notices += one.notices
        for ref, word in one.words:
            refs[word.review.id, word.other].append(ref)
    rejected = frozenset(ref for ref, standing in claims.items() if standing.state == "rejected")
    rulings = [
        Ruling("apart" if review.action == "split" else "together", *(
            tuple(ref for ref in refs[review.id, side] if ref not in rejected) for side in (False, True)
        ))
        for review in reviews
        if review.action in RULING
    ]  # fmt: skip
    return Outcome(tuple(readings), Rulings(rejected, *settled(rulings)), claims, tuple(notices), tuple(away))


def _addressed(
    readings: Sequence[Reading], reviews: Sequence[Review], pages: Mapping[str, str], memo: Memo
) -> tuple[dict[str, list[Said]], list[Review]]:
    """What is said of each report, by doc, and the reviews that are about none of them.

    A review is about its page. Where the ledger does not have it, it is about reports of the very same words (the page
    as it was fetched at another time); where it does, those get it besides.
    """
    docs = by_page({doc: pages[doc] for doc in (r.report.doc for r in readings) if doc in pages})
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for reading in readings:
        alike[memo.words(reading)].append(reading.report.doc)
    said: defaultdict[str, list[Said]] = defaultdict(list)
    away = []
    for review in reviews:
        sides = [(False, t) for t in review.claims] + [(True, t) for t in review.others]
        found = False
        for nth, (other, target) in enumerate(sides):
            own = docs.get(target.page, ())
            for doc in {*own, *alike[target.words]}:
                said[doc].append(Said(review, nth, target, other, doc in own or not own))
                found = True
        if sides and not found:
            away.append(review)
    return said, away


class Reviewing:
    """The reviews of one report. `reading`, `claims`, `notices` and `words` (on which claim each is) are the result."""

    def __init__(self, reading: Reading, said: Sequence[Said]) -> None:
        self._given = reading
        self._now = generation(reading)
        self.claims: dict[str, Standing] = {}
        self.notices: list[Notice] = []
        self.words: list[tuple[str, Said]] = []
        claims = list(reading.claims)
        slots = self._slots(said)
        for slot in slots:
            if slot.number is not None:
                claims[slot.number] = self._present(slot, slot.number)
        for slot in slots:
            if slot.number is None and (claim := self._absent(slot, len(claims) + 1)) is not None:
                claims.append(claim)
        self.reading = reading if tuple(claims) == reading.claims else replace(reading, claims=tuple(claims))

    def _slots(self, said: Sequence[Said]) -> list[_Slot]:
        """The claims that are spoken of: those of the reading by number, then those that it no longer has."""
        readings: dict[str, list[Said]] = {}
        for word in said:
            readings.setdefault(word.target.reading, []).append(word)
        present: dict[int, _Slot] = {}
        absent: list[_Slot] = []
        for words in readings.values():  # in the order of the first review of each
            distinct = _distinct(words)
            here = [placed(claim, self._given.report.text) for claim, _ in distinct]
            found = self._found([claim for claim in here if claim is not None], words[0].target.reading)
            left = []
            for (claim, spoken), place in zip(distinct, here, strict=True):
                number = None if place is None else found.get(id(place))
                if number is None:
                    left.append((place or claim, spoken))
                else:
                    present.setdefault(number, _Slot(number, self._given.claims[number])).said.extend(spoken)
            older = paired([claim for claim, _ in left], [slot.claim for slot in absent])
            for n, (claim, spoken) in enumerate(left):
                if n in older:
                    absent[older[n]].said.extend(spoken)
                else:
                    absent.append(_Slot(None, claim, list(spoken)))
        for slot in (*present.values(), *absent):
            slot.said.sort(key=lambda word: (word.review.at, word.review.id, word.other))
        return [present[n] for n in sorted(present)] + absent

    def _found(self, claims: Sequence[Claim], reading: str) -> dict[int, int]:
        """The numbers of claims in this reading, by identity; what was seen in this very reading is in it or is not."""
        if reading == self._now:
            numbers = {(_said_at(claim)): n for n, claim in enumerate(self._given.claims)}
            return {id(c): numbers[_said_at(c)] for c in claims if _said_at(c) in numbers}
        return {id(claims[i]): j for i, j in paired(claims, self._given.claims).items()}

    def _present(self, slot: _Slot, number: int) -> Claim:
        """What stands of a claim that the reader has."""
        ref = f"{self._given.report.doc}#{number + 1}"
        now = slot.claim
        # Reports of the same words get each other's reviews where they are read alike, and none of their own says more.
        words = [word for word in slot.said if word.own or same(now, word.target.claim)]
        own = [word for word in words if word.own and word.review.action in _STATES]
        state, decided, fields = _folded(own or words)
        if not words:
            return now
        self._note(ref, words, state, now)
        if decided is None:
            return now
        wanted = amended(decided.target.claim, fields)
        if state == "rejected":
            if not same(now, decided.target.claim):
                self._tell("altered", ref, decided, now, decided.target.claim)
            return now
        if same(now, decided.target.claim):
            stands = amended(now, fields)
        elif same(now, wanted):
            return now
        else:
            stands = placed(wanted, self._given.report.text) or amended(now, fields)
            self._tell("altered", ref, decided, now, wanted)
        return now if same(stands, now) else replace(worded(stands, self._given), read=now)

    def _absent(self, slot: _Slot, number: int) -> Claim | None:
        """What stands of a claim that the reader no longer has; None where nothing does."""
        words = [word for word in slot.said if word.own]
        state, decided, fields = _folded(words)
        if decided is None or state == "rejected":
            return None
        doc = self._given.report.doc
        wanted = amended(decided.target.claim, fields)
        stands = placed(wanted, self._given.report.text)
        if stands is None:
            self._tell("gone", None, decided, wanted, wanted)
            return None
        ref = f"{doc}#{number}"
        read = replace(slot.claim, grounds=())
        self._note(ref, words, state, read)
        if decided.target.reading != self._now:
            self._tell("lost", ref, decided, wanted, wanted)
        return stands if same(stands, read) else replace(worded(stands, self._given), read=read)

    def _note(self, ref: str, words: Sequence[Said], state: State, read: Claim) -> None:
        reviews = {word.review.id: word.review for word in words}
        self.claims[ref] = Standing(state, tuple(reviews.values()), read)
        self.words += [(ref, word) for word in words]

    def _tell(
        self, of: Literal["altered", "lost", "gone"], ref: str | None, word: Said, now: Claim, wanted: Claim
    ) -> None:
        told = changes(wanted, now)
        self.notices.append(Notice(of, self._given.report.doc, ref, word.review, wanted, told))


def _distinct(words: Sequence[Said]) -> list[tuple[Claim, list[Said]]]:
    """The claims of one reading that are spoken of, each with what is said of it."""
    found: dict[object, tuple[Claim, list[Said]]] = {}
    for word in words:
        found.setdefault(_said_at(word.target.claim), (word.target.claim, []))[1].append(word)
    return list(found.values())


def _said_at(claim: Claim) -> tuple[object, ...]:
    """What a claim says and where: in one reading no two claims share both."""
    return *said(claim), tuple((e.start, e.end, e.text) for e in claim.evidence)


def _folded(words: Sequence[Said]) -> tuple[State, Said | None, dict[str, tuple[Value, ...]]]:
    """What a claim's reviews come to: its state, the word that decides it, and the fields that are to be otherwise."""
    state: State = ""
    decided: Said | None = None
    fields: dict[str, tuple[Value, ...]] = {}
    for word in words:
        action = word.review.action
        if action not in _STATES or word.other:
            continue
        state, decided = _STATES[action], word
        if action == "accept":
            fields = dict(word.target.fields)
        elif action == "correct":
            fields |= dict(word.target.fields)
    return state, decided, fields


def marked(entries: Iterable[Entry], outcome: Outcome) -> list[Entry]:
    """The entries with what people have said of them."""
    waiting: defaultdict[str, int] = defaultdict(int)
    for notice in outcome.notices:
        if notice.ref is not None:
            waiting[notice.ref] += 1
    return [replace(entry, review=_review(entry, outcome.claims, waiting)) for entry in entries]


def _review(entry: Entry, claims: Mapping[str, Standing], waiting: Mapping[str, int]) -> Reviewed | None:
    known = {ref: claims[ref] for ref in entry.claims if ref in claims}
    if not known:
        return None
    decided = {ref: standing for ref, standing in known.items() if standing.state}
    every = {r.id: r for standing in known.values() for r in standing.reviews}
    by = {r.by for standing in decided.values() for r in standing.reviews if r.action in ("accept", "correct")}
    notes = (f"{r.by}: {r.why}" for r in sorted(every.values(), key=lambda r: (r.at, r.id)) if r.action == "note")
    found = Reviewed(tuple(decided), tuple(sorted(by)), tuple(notes), sum(waiting[ref] for ref in entry.claims))
    return None if found == Reviewed() else found
