"""What settling knows of the pages near those at hand; each thing is looked up once in a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recoupe.codebook import Codebook
from recoupe.ledger import Batch, Find, Finds
from recoupe.ledger import found as noted
from recoupe.ledger.codec import dumps, loads
from recoupe.model import Origin, Reading, Roots
from recoupe.once import Once
from recoupe.trace import names_of
from recoupe.trace.copies import Said, text_of
from recoupe.trace.named import named
from recoupe.trace.names import Names
from recoupe.trace.prints import LEAST, WIDTH, Text, prints
from recoupe.trace.rank import Rank, ranks

if TYPE_CHECKING:
    from recoupe.settle.people import People

_LOT = 500  # readings of which prints are made at a time
ENOUGH = LEAST + WIDTH - 1  # words: a shorter text is nobody's copy


class Space(IntEnum):
    """What the numbers of a ledger's notes mean."""

    STATE = noted.STATE  # a Stage: the number of the last reading that it has seen
    LINE = 1  # a line of an outlet; `first` is its article's title
    WHOLE = 2  # all that is kept of a text; `first` is its rank
    MARK = 3  # a mark of a text that is no other's double; `first` is its rank, `last` how many marks it has
    SIGN = 4  # a key of a text that is no other's copy; `item` is its language
    UP = noted.UP  # a page: `page` is that which it has something from, `item` how, `first` the origin's row
    DOWN = noted.DOWN  # the same, found by the other page
    CLAIM = 7  # a key of a claim (`item`), which lies between two days
    CONTENT = 8  # what a claim says, and of which days
    DAY = 9  # a key of a claim that tells its day from that of its report
    ENTRY = noted.ENTRY  # a page: `item` is a claim of it, `first` the row of its entry
    TOLD = 11  # the row of an entry: `page` and `item` are a claim of it
    CHECK = 12  # a page (with `item`: a claim of it) to check, whatever has become of it; `first` is the last reading
    DATE = 13  # a page to date anew; `first` is the last reading when that was noted
    SITE = 14  # a page of which lines may be its site's; `first` as before
    PAST = noted.PAST  # a claim (`doc#n`) or an id, as a number: `first` is the row of an entry that has or had it
    TEXT = 20  # the bytes of a page, or the words of its report
    REVIEW = (
        noted.REVIEW
    )  # the bytes or words that a review (`page` is its row) is about; its id; that of one it undoes
    AMENDED = 22  # as CLAIM and CONTENT, of claims that stand otherwise than they are read


class Stage(IntEnum):
    """Which notes follow from which readings; the keys of Space.STATE."""

    SITES = 1
    TEXTS = 2
    CLAIMS = 3
    FACTS = noted.FACTS  # of which claims entries are: what Space.ENTRY and Space.TOLD say
    MADE = noted.MADE  # by which program and codebook the notes were made; `first` is a number of both
    CARDS = noted.CARDS  # what cards show: `first` is the last reading, `page` the last row of entries, `last` their
    # last batch
    REVIEWS = noted.SAID  # the number is that of the last review


RELATIONS: tuple[str, ...] = ("named", "copy", "part", "translation")
NOBODY = 0  # stands for a page in notes of origins that are in no page


class Edge(NamedTuple):
    """An origin: the page that has it, from which page (NOBODY where it is a name), its row, its relation."""

    one: int
    other: int
    row: int
    kind: int


@dataclass(frozen=True)
class Print:
    """By what the copies of a text are found; `marks` say whether they stand outside quotations, `size` is how many
    there are, doubles among them.
    """

    whole: int
    rank: int
    marks: Mapping[int, bool]
    size: int
    enough: bool

    def row(self, page: int) -> Find:
        """The note of the whole text."""
        return Find(self.whole, self.rank, 0, page, 0)

    def rows(self, page: int) -> list[Find]:
        """The notes of its marks."""
        return [Find(mark, self.rank, self.size, page, int(told)) for mark, told in self.marks.items()]


class Hood:
    """Pages and what is noted of them. `batch` is the transaction."""

    def __init__(self, batch: Batch, codebook: Codebook) -> None:
        self.batch = batch
        self.codebook = codebook
        self._readings: dict[int, Reading] = {}
        self._standing: dict[int, Reading] = {}
        self._docs: dict[str, int] = {}
        self._prints: dict[int, Print] = {}
        self._people: People | None = None

    @property
    def finds(self) -> Finds:
        """The notes."""
        return self.batch.finds

    @cached_property
    def outlets(self) -> Names:
        """Finds the outlets of the codebook."""
        return _names(self.codebook)

    def readings(self, pages: Iterable[int]) -> dict[int, Reading]:
        """The readings of pages as their own pages date them; pages without one are left out."""
        wanted = sorted(set(pages))
        if missing := [page for page in wanted if page not in self._readings]:
            standing = self.standing(missing)
            told = [page for page, reading in standing.items() if not reading.dating.of_page]
            self._readings |= standing | self.batch.readings_of(told, alone=True)
        return {page: self._readings[page] for page in wanted if page in self._readings}

    def standing(self, pages: Iterable[int]) -> dict[int, Reading]:
        """The readings of pages as they stand, with what others tell of their dates; pages without one are left out."""
        wanted = sorted(set(pages))
        if missing := [page for page in wanted if page not in self._standing]:
            found = self.batch.readings_of(missing)
            self._standing |= found
            self._docs |= {reading.report.doc: page for page, reading in found.items()}
        return {page: self._standing[page] for page in wanted if page in self._standing}

    def applied(self, pages: Iterable[int]) -> dict[int, Reading]:
        """The readings of pages as they stand, as people have reviewed them; pages without one are left out."""
        return self.people.applied(pages)

    @property
    def people(self) -> People:
        """What people say of pages, as far as it is noted."""
        return self._people or self.ask_people()

    def ask_people(self) -> People:
        """The same, where more has just been noted."""
        from recoupe.settle.people import People  # which looks things up by what stands here

        self._people = People(self.batch, self.standing, self.batch.last_review())
        return self._people

    def page(self, doc: str) -> int:
        """The page of a doc of which a reading was looked up."""
        return self._docs[doc]

    def print(self, page: int) -> Print:
        """The print of a page."""
        if page not in self._prints:
            self._prints[page] = self.print_of(self.readings([page])[page])
        return self._prints[page]

    def print_of(self, reading: Reading) -> Print:
        """The print of a reading."""
        return next(self.prints_of([reading]))

    def prints_of(self, readings: Iterable[Reading]) -> Iterator[Print]:
        """The prints of readings, in their order: many are made at a time, which is faster."""
        given = iter(readings)
        while lot := list(islice(given, _LOT)):
            ranks_ = [self.rank(reading) for reading in lot]
            made = prints(map(text_of, lot, ranks_))
            for n, rank in enumerate(ranks_):
                of = made.marks[made.marks_from[n] : made.marks_from[n + 1]]
                keys = (of >> np.uint64(1)).tolist()
                marks: dict[int, bool] = {}
                for key, told in zip(keys, (of & np.uint64(1)).tolist(), strict=True):
                    marks[key] = marks.get(key, False) or bool(told)
                words = int(made.words_from[n + 1] - made.words_from[n])
                yield Print(int(made.wholes[n]) >> 1, number_of(rank, words), marks, len(keys), words >= ENOUGH)

    def rank(self, reading: Reading) -> Rank:
        """How original a text is held to be."""
        return ranks([reading], named(reading, self.outlets), self.outlets)[reading.report.doc]

    def texts(self, readings: Iterable[Reading]) -> list[Text]:
        """What is compared of readings to find copies."""
        return [text_of(reading, self.rank(reading)) for reading in readings]

    def said(self, readings: Iterable[Reading]) -> Said:
        """Which of these readings name the outlet of another one."""
        given = list(readings)
        own = {r.report.doc: self.outlets.own(r.report) for r in given}
        return Said([origin for r in given for origin in named(r, self.outlets)], own)

    def origins(self, rows: Iterable[int]) -> dict[int, Origin]:
        """Origins by row."""
        return {row: loads(Origin, body) for row, body in self.batch.bodies("origins", rows).items()}

    def all_origins(self) -> list[Origin]:
        """All origins that stand."""
        return [loads(Origin, body) for body in self.batch.standing("origins").values()]

    def roots(self, readings: Mapping[int, Reading], apart: bool = True) -> Roots:
        """Whose word pages are, as it is noted; with `apart`, their claims that are another's too."""
        noted = self.finds.roots(readings)
        docs = {page: reading.report.doc for page, reading in readings.items()}
        claims = {f"{docs[page]}#{item}": root for (page, item), root in noted.items() if item and apart}
        return Roots({doc: noted.get((page, 0), doc) for page, doc in docs.items()}, claims)

    def edges(self, pages: Iterable[int], relations: Iterable[str], up: bool = True, down: bool = True) -> set[Edge]:
        """The origins that these pages have from others (`up`) or others from them (`down`)."""
        kinds = {RELATIONS.index(name) for name in relations}
        found: set[Edge] = set()
        for page in set(pages):
            if up:
                found |= {Edge(page, f.page, f.first, f.item) for f in self.finds.of(Space.UP, page)}
            if down:
                found |= {Edge(f.page, page, f.first, f.item) for f in self.finds.of(Space.DOWN, page)}
        return {edge for edge in found if edge.kind in kinds}

    def joined(self, pages: Iterable[int], relations: Iterable[str]) -> set[int]:
        """These pages and all that such origins join to them, near and far."""
        seen, new = set[int](), set(pages)
        while new:
            seen |= new
            new = {end for edge in self.edges(new, relations) for end in edge[:2]} - seen - {NOBODY}
        return seen

    def write_origins(self, new: Iterable[Origin], old: Iterable[Edge]) -> set[int]:
        """Makes these the origins instead of the old ones; gives the pages at the ends of those that changed."""
        wanted = {dumps(origin): origin for origin in new}
        before = {edge.row: edge for edge in old}
        standing = self.batch.bodies("origins", before)
        gone = [before[row] for row, body in standing.items() if body not in wanted]
        fresh = sorted(wanted.keys() - set(standing.values()))
        rows = self.batch.change("origins", fresh, [edge.row for edge in gone])
        come = self.note_origins((wanted[body], row) for row, body in zip(rows, fresh, strict=True))
        self.finds.drop(Space.UP, [Find(e.one, e.row, 0, e.other, e.kind) for e in gone])
        self.finds.drop(Space.DOWN, [Find(e.other, e.row, 0, e.one, e.kind) for e in gone if e.other != NOBODY])
        return {end for edge in (*gone, *come) for end in edge[:2]} - {NOBODY}

    def note_origins(self, origins: Iterable[tuple[Origin, int]]) -> list[Edge]:
        """Notes origins, given with their rows, at both ends."""
        edges = [self._edge(origin, row) for origin, row in origins]
        self.finds.put(Space.UP, [Find(e.one, e.row, 0, e.other, e.kind) for e in edges])
        self.finds.put(Space.DOWN, [Find(e.other, e.row, 0, e.one, e.kind) for e in edges if e.other != NOBODY])
        return edges

    def _edge(self, origin: Origin, row: int) -> Edge:
        kind = RELATIONS.index(origin.relation)
        return Edge(self._docs[origin.doc], self._docs[origin.source] if kind else NOBODY, row, kind)


_names = Once(names_of)


def number_of(rank: Rank, words: int) -> int:
    """A rank as a number below 2 ** 63: of equally original texts the longer is the original."""
    sort, last, first = rank
    number = sort << 22 | last.toordinal()
    number = number << 22 | first.toordinal()
    return number << 17 | ((1 << 17) - 1 - min(words, (1 << 17) - 1))
