"""What passes between the stages: frozen, typed, and free of any store.

Offsets count characters (Unicode code points), half open, from 0. Offsets of a `Report` are in `Report.text`;
`Report.to_page` maps them to the characters of the page as it arrived.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from typing import Literal, Self

from recoupe.charset import read_text
from recoupe.errors import EvidenceError
from recoupe.times import TimeRef
from recoupe.values import Value, When

Status = Literal["done", "planned", "possible", "denied"]
BlockRole = Literal["title", "lead", "crosshead", "body"]
Form = Literal["text", "html"]
NoteName = Literal["title", "description", "published", "modified", "author", "outlet", "url", "language"]


@dataclass(frozen=True)
class Page:
    """A page as it arrived: its bytes, the encoding that they are read in, and whether they are text or HTML.

    `doc` is its path below the folder given; `meta` what came beside the page (url, fetched, headers ...).
    """

    doc: str
    data: bytes = field(repr=False)
    encoding: str = "utf-8"
    form: Form = "text"
    meta: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, doc: str, text: str, meta: tuple[tuple[str, str], ...] = (), form: Form = "text") -> Self:
        """A page that is at hand as characters."""
        return cls(doc, text.encode("utf-8", "replace"), "utf-8", form, meta)

    @cached_property
    def text(self) -> str:
        """The page's characters; of a page in HTML, those of its source."""
        return read_text(self.data, self.encoding)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return sha256(self.data).hexdigest()

    def about(self, key: str) -> str | None:
        """The value that came with the page under `key`, or None."""
        return dict(self.meta).get(key)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open run of characters."""

    start: int
    end: int

    def touches(self, other: Span) -> bool:
        """Do the two share a character?"""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        """Does this one hold the other whole?"""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Exact words of a text. Make it with `Evidence.of`, which takes the words from the text itself."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, source: str, start: int, end: int) -> Evidence:
        """The words of `source` from `start` to `end`; raises EvidenceError where there are none."""
        if not 0 <= start < end <= len(source):
            raise EvidenceError(f"no words at {start}:{end} in a text of {len(source)} characters")
        return cls(start, end, source[start:end])

    def check(self, source: str) -> None:
        """Raises EvidenceError unless `source` says just these words at this place."""
        if source[self.start : self.end] != self.text:
            raise EvidenceError(f"the text at {self.start}:{self.end} is not {self.text!r}")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A run of the page's characters that is not the article, and why."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """A run of the report's text with its part in the article."""

    span: Span
    role: BlockRole


@dataclass(frozen=True, slots=True)
class Note:
    """What a page's markup says of its article, where it says it (`meta og:title`, `json-ld NewsArticle.headline` ...),
    and the characters of the page that hold it.
    """

    name: NoteName
    value: str
    source: str
    at: Span


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the article of a page in HTML: its address, and the characters of the page that it goes from."""

    address: str
    at: Span


@dataclass(frozen=True)
class Report:
    """The article that a page carries. `pieces` are (start in text, start in page, length), in order of the text;
    `links` those to other sites.

    What HTML writes as a character reference (`&eacute;`) is one character of the text, and a piece of its own that
    begins where the reference begins.
    """

    doc: str
    text: str
    lang: str
    blocks: tuple[Block, ...] = ()
    pieces: tuple[tuple[int, int, int], ...] = ()
    dropped: tuple[Dropped, ...] = ()
    outlet: str | None = None
    byline: str | None = None
    url: str | None = None
    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def title(self) -> str:
        """The title, or an empty string."""
        return next((self.text[b.span.start : b.span.end] for b in self.blocks if b.role == "title"), "")

    def of_page(self, at: Span) -> Span | None:
        """Where the text says what stands at a place in the page; None where that is no part of it."""
        pieces, ends = self._by_page
        near = pieces[bisect_right(ends, at.start) : bisect_left(pieces, at.end, key=lambda p: p[1])]
        inside = [
            (start + max(at.start - page, 0), start + min(at.end - page, length))
            for start, page, length in near
            if at.start < page + length
        ]
        return Span(min(a for a, _ in inside), max(b for _, b in inside)) if inside else None

    @cached_property
    def _by_page(self) -> tuple[list[tuple[int, int, int]], list[int]]:
        """The pieces in the order of the page, and how far each and those before it reach."""
        pieces = sorted(self.pieces, key=lambda p: p[1])
        return pieces, list(accumulate((page + length for _, page, length in pieces), max))

    def to_page(self, offset: int) -> int:
        """Where the report's character at `offset` stands in the page."""
        i = bisect_right(self.pieces, offset, key=lambda p: p[0]) - 1
        if i < 0:
            raise EvidenceError(f"{self.doc}: offset {offset} stands in no piece of the page")
        start, page, length = self.pieces[i]
        return page + min(offset - start, length)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or number in a report's text and the value it stands for.

    `type` is actor, person, item, place, count, amount, measure or time. `note` tells how the words stand for the value
    (name, adjective, seat, body, office, coreference ...), which measure it is, or that they stand in a dateline.
    `acts_for` is the actor that a person or body acts for. One run of words may be several mentions: a capital is a
    place and the state governed from it.
    """

    span: Span
    type: str
    value: Value | TimeRef
    note: str = ""
    acts_for: Value | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A direct quotation: its parts (without the marks), and who is said to say it (an actor id, or None)."""

    parts: tuple[Evidence, ...]
    speaker: str | None = None
    rule: str = ""

    @property
    def text(self) -> str:
        """The words, the parts of an interrupted quotation joined by an ellipsis."""
        return " … ".join(p.text for p in self.parts)


@dataclass(frozen=True, slots=True)
class Reason:
    """One clue to a report's date: the interval that it leaves, the words, and whose they are."""

    when: When
    rule: str
    words: str
    at: Span | None = None
    of: Literal["report", "page", "meta", "ledger"] = "page"


@dataclass(frozen=True, slots=True)
class Dating:
    """When a report was published: the meet of the clues, and the clues; `against` are those that contradict it.

    `alone` is what its own page leaves, where other reports of the ledger leave less.
    """

    when: When | None = None
    reasons: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()
    alone: When | None = None

    @property
    def of_page(self) -> bool:
        """Does it rest on the page alone, on nothing that other reports tell?"""
        return all(reason.of != "ledger" for reason in (*self.reasons, *self.against))

    @property
    def by_itself(self) -> When | None:
        """What the page alone tells; None where it tells nothing."""
        if self.alone is not None or all(reason.of != "ledger" for reason in self.reasons):
            return self.when if self.alone is None else self.alone
        return None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one role and the words that say it. `also` is the same value said otherwise (a sum in euros)."""

    role: str
    value: Value
    words: Evidence | None
    rule: str = ""
    also: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a field of a claim is as it is: the rule, and the words that it went by.

    `kind` is a word that evokes a frame (the rule is `frame:word`, as the codebook has them, and the mood in which it
    tells the claim); each begins what one place of the report tells, and the grounds after it are of that place. `mood`
    is a word that governs it (`frame:word`), `help` one that says who helps with it; `status` the words whose form
    decides, `attribution` those that show whose word it is; `time` is how the words of the time belong to the claim,
    and from when they count.
    """

    of: Literal["kind", "mood", "help", "status", "attribution", "time"]
    rule: str
    words: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that one report says happened, will happen, may happen or did not happen (the manual, section 1).

    `rule` is that of the first place that tells it; `grounds` are those of all places. `read` is what the reader had
    made of it, where people's reviews made it another.
    """

    kind: str
    status: Status
    cells: tuple[Cell, ...]
    time: When | None
    time_words: Evidence | None
    attribution: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    rule: str
    grounds: tuple[Ground, ...] = ()
    read: Claim | None = None

    def values(self, role: str) -> tuple[Value, ...]:
        """The values of a role, in the order of the text."""
        return tuple(c.value for c in self.cells if c.role == role)


SURE = 0.7
"""The score from which on a source that a report names is that of its text, not of a detail."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a report has its text from, or a detail of it: a doc of the ledger, or a name (an agency, an outlet) that
    is not in it. `score`: how surely the whole text is from there, 0 to 1; `words`, those of the report that show it;
    `rule`, how they show it, where there is more than one way; `passages`, what of the report's text is a part of the
    other's, in whole sentences.
    """

    doc: str
    source: str
    relation: Literal["copy", "part", "translation", "named"]
    score: float
    words: str
    rule: str = ""
    passages: tuple[Span, ...] = ()

    @property
    def whole(self) -> bool:
        """Is it the text that comes from there, not a part or one detail of it?"""
        return self.relation != "part" and not self.detail

    @property
    def detail(self) -> bool:
        """Is it but one detail that comes from there, and no words of the text?"""
        return self.relation == "named" and self.score < SURE


@dataclass(frozen=True, slots=True)
class Elder:
    """The earliest text (`source`, a doc) that a report is certainly from, so that it is no older; `only`: it can be
    from no other one, so that this one is no younger either. `words` are some that they share.
    """

    doc: str
    source: str
    words: str
    only: bool


OR = " | "
"""Stands between origins of which a text has one and does not say which."""


@dataclass(frozen=True, slots=True)
class Roots:
    """Whose word it is: the independent origin of each report, by doc (the id of an agency, body or outlet, several of
    them with OR between, the name of an outlet, or a doc), and of the claims that have another one than their report,
    by reference (`doc#n`).
    """

    reports: Mapping[str, str]
    claims: Mapping[str, str] = field(default_factory=dict)

    def of(self, doc: str, number: int) -> str:
        """The origin of a report's n-th claim, from 1. Raises KeyError for a report without one."""
        return self.claims.get(f"{doc}#{number}", self.reports[doc])


@dataclass(frozen=True, slots=True)
class Reading:
    """A report with what the stages have found in it so far; each stage returns a fuller one."""

    report: Report
    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    dating: Dating = field(default_factory=Dating)
    claims: tuple[Claim, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contradiction: the value, and the claims (`doc#n`) that say it."""

    value: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that the reports of one fact fill with values that cannot both be true."""

    field: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What people have said of an entry: which of its claims they accepted or corrected (`doc#n`), who did, what they
    noted, and how many notices wait for them: later readings that say otherwise than what they reviewed.
    """

    claims: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact, as all reports together tell it. `claims` are references `doc#n`; `origins` the independent ones."""

    id: str
    kind: str
    status: Status
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    time: str | None
    claims: tuple[str, ...]
    origins: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()
    review: Reviewed | None = None


Action = Literal["accept", "correct", "reject", "split", "merge", "note", "undo"]


@dataclass(frozen=True, slots=True)
class Target:
    """A claim that a review is about, known by its words and not by its number, so that it is found again in another
    reading: the hash of the page's bytes, that of the report's words (spaces apart), what the report was called, the
    claim as the reader had it, and the hash of all that the reader had in the report.

    `fields` is what is to stand instead, by field: a role, `kind`, `status`, `time` or `attribution`; none is empty.
    """

    page: str
    words: str
    doc: str
    reading: str
    claim: Claim
    fields: tuple[tuple[str, tuple[Value, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What a person has said of claims: by whom, when (UTC, ISO 8601) and why.

    `claims` are those accepted, corrected, rejected or noted; those set apart from the `others` (split) or put together
    with them (merge). Claims that are accepted together tell one fact. `undoes` is the id of the review that an undo
    takes back.
    """

    id: str
    action: Action
    by: str
    at: str
    why: str = ""
    claims: tuple[Target, ...] = ()
    others: tuple[Target, ...] = ()
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Rulings:
    """What cross-checking has from people, by references of claims (`doc#n`): claims that do not count, groups that are
    each one fact, and pairs that are not. The groups and pairs do not contradict one another.
    """

    rejected: frozenset[str] = frozenset()
    together: frozenset[frozenset[str]] = frozenset()
    apart: frozenset[tuple[str, str]] = frozenset()
