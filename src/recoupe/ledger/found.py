"""What entries and reports of a ledger are found by, and the interfaces for it: `Cards` to write, `Lookups` to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from recoupe.hashed import number_of_words
from recoupe.model import Entry, Origin, Reading, Review, Roots
from recoupe.values import When

BETWEEN = "\x1f"
"""Stands between the parties of a card."""

# The spaces of notes (`Finds`) that lookups go by; the others are the affair of those who write them.
STATE = 0  # a number of what is noted: up to where it has been
FACTS = 4  # in STATE: `first` is the last reading that entries were put together from (`last`, where that is 0)
MADE = 5  # in STATE: `first` is a number for what made the notes
CARDS = 6  # in STATE: all cards are there
SAID = 7  # in STATE: `first` is the last review that is noted
UP, DOWN = 5, 6  # a page: `first` is the row of an origin that it has, or that another page has from it
ENTRY = 10  # a page: `item` is a claim of it, `first` the row of the entry that has it
PAST = 15  # a claim (`doc#n`) or an id, as a number: `first` is the row of an entry that has or had it
REVIEW = 21  # a number of what a review is about (as below): `page` is its row


def of_bytes(hash_: str) -> int:
    """By which number pages with these bytes are found, and the reviews that are about such."""
    return number_of_words("page", hash_)


def of_words(hash_: str) -> int:
    """By which number pages of these words are found, and the reviews that are about such."""
    return number_of_words("words", hash_)


def undoing(review: str) -> int:
    """By which number the reviews are found that take one back."""
    return number_of_words("undoes", review)


def keys_of_review(review: Review) -> set[int]:
    """By which numbers a review is found: of the pages that it is about, and of what it takes back."""
    targets = (*review.claims, *review.others)
    keys = {*(of_bytes(target.page) for target in targets), *(of_words(target.words) for target in targets)}
    return keys if review.undoes is None else keys | {undoing(review.undoes)}


class Card(NamedTuple):
    """What is asked of an entry. `row` is its number in the ledger; `first` and `last` are the days between which it
    was (`date.toordinal`), None where that side is open, both where nothing tells its time; `claims`, `origins` and
    `conflicts` are how many there are; `review` is one of `REVIEWS`; `parties` are `role=id` of its actors, items and
    places, with BETWEEN between.
    """

    row: int
    id: str
    kind: str
    status: str
    first: int | None
    last: int | None
    claims: int
    origins: int
    conflicts: int
    review: str
    parties: str


REVIEWS = ("none", "noted", "partly", "accepted", "waiting")
"""How far people have reviewed an entry: not at all; somebody noted something; some of its claims are accepted or
corrected; all are; something waits to be looked at again.
"""


class Version(NamedTuple):
    """The last batch of a ledger: its number, 0 before the first, and the hash of its seal. Whatever is added to a
    ledger changes it. What is noted adds nothing but changes what is shown: `noted` is a number for how far that has
    come, `made` one for what made the cards; both are 0 where nothing tells.
    """

    number: int
    seal: str | None
    made: int = 0
    noted: int = 0

    def __str__(self) -> str:
        return f"{self.number}-{(self.seal or '')[:16]}" + (f"-{self.noted:x}" if self.noted else "")


class Deck(NamedTuple):
    """The cards of the entries that stand (`whole`), or those that came, and the rows of those that went, since another
    version; and the version of the ledger that they show.
    """

    version: Version
    cards: Sequence[Card]
    gone: Sequence[int] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Stood:
    """An entry as it stood for a while: its row, from which batch (number and time) on, and until which one superseded
    it; None where it still stands.
    """

    row: int
    entry: Entry
    since: int
    at: str
    until: int | None = None
    until_at: str | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """Reports that have what was searched for, the best first, from `offset` on; and how many there are in all, where
    `more` says that counting ended there.
    """

    docs: Sequence[str]
    offset: int
    total: int
    more: bool = False


class Head(NamedTuple):
    """The little that lists and counts need of a report: its outlet, when it was published (None for what is not
    known), and whose word it is (the doc where no run has noted it).
    """

    doc: str
    outlet: str | None
    when: When | None
    root: str


class Cards(Protocol):
    """The cards of entries, and the words of entries and reports, in one transaction. They are no records."""

    def put(self, cards: Mapping[Card, str]) -> None:
        """Adds cards, each with the words (`folded`) that its entry is found by, instead of those of the same rows."""

    def drop(self, rows: Iterable[int]) -> None:
        """Takes the cards of rows away; rows without one are none."""

    def rows(self) -> set[int]:
        """The rows that have cards."""

    def last(self) -> tuple[int, int]:
        """The last row of all entries, and the last batch that added or superseded one; 0 where there is none."""

    def came(self, row: int) -> list[int]:
        """The rows above this one of entries that stand."""

    def went(self, batch: int) -> list[int]:
        """The rows of entries that were superseded in this batch or a later one."""

    def past(self) -> Iterable[tuple[int, str]]:
        """The row and the canonical JSON of all entries that ever stood."""

    def texts_missing(self) -> list[int]:
        """The rows of readings that stand and whose reports are not found by their words."""

    def put_texts(self, rows: Iterable[int]) -> None:
        """Lets the reports of these readings be found by their words."""


class Lookups(Protocol):
    """What is found in a ledger as it now is, without loading all of it. Every method raises LedgerError where the
    store fails. Rows are the numbers of entries, as cards have them.
    """

    def version(self) -> Version:
        """Which state of the ledger this is; costs next to nothing."""

    def cards(self, since: Version | None = None) -> Deck:
        """The cards of all entries that stand; `since` a version, those that came after it, and the rows that went. All
        of them again where the ledger never was at that version, another one having been put in its place, and where
        another program or codebook has made the cards.
        """

    def carded(self) -> bool:
        """Have all entries their cards, and all reports their words? Not in a ledger of an older version of the
        program, until its next run.
        """

    def entries(self, rows: Iterable[int]) -> dict[int, Entry]:
        """Entries by row."""

    def entries_called(self, id_: str, most: int = 10) -> dict[int, Entry]:
        """The entry with an id, that stands; where there is none, those whose ids begin so, so many at most."""

    def entries_of(self, doc: str) -> dict[int, Entry]:
        """The entries that stand and have a claim of a report."""

    def readings(self, docs: Iterable[str]) -> dict[str, Reading]:
        """The readings of reports, by doc; without those that the ledger does not have.

        While a run replaces readings, and after one that was interrupted, these are the ones whose claims the entries
        that stand are of. Of a report that is new since then it is the newest.
        """

    def heads(self) -> list[Head]:
        """The heads of all reports, sorted by doc, without loading their readings."""

    def origins(self, docs: Iterable[str], up: bool = True, down: bool = True) -> list[Origin]:
        """Where these reports have it from (`up`), and who has it from them (`down`), sorted by report and source."""

    def roots(self, docs: Iterable[str]) -> Roots:
        """Whose word these reports and their claims are, as it was noted; reports of which nothing is are left out."""

    def stood_as(self, id_: str) -> list[Stood]:
        """The entries that ever had this very id, in the order in which they came."""

    def stood(self, entry: Entry) -> list[Stood]:
        """This entry and all that ever had its id or shared a claim with it, in the order in which they came."""

    def hashes(self, docs: Iterable[str]) -> dict[str, str]:
        """The hash of the bytes of these reports' pages (`Page.hash`), by doc."""

    def docs_with(self, hashes: Collection[str], docs: Iterable[str]) -> list[str]:
        """The reports that came under one of these names (they may be called otherwise by now) with one of these hashes
        of their pages' bytes (`Page.hash`), sorted.
        """

    def reviews_of(self, docs: Iterable[str], words: Collection[str] = ()) -> list[Review]:
        """The reviews that are about the pages of these reports, or reports of the same words (`words`: their hashes),
        and those that undo such, by their times.
        """

    def entries_with(self, asked: str, limit: int | None = None, ranked: bool = True) -> list[int]:
        """The rows of entries that have what is searched for (`folded.terms`), the best first; unranked, in their
        order, which is faster.
        """

    def reports_with(self, asked: str, limit: int = 20, offset: int = 0, most: int = 1000) -> Hits:
        """The reports that have what is searched for; `most`: where counting ends."""
