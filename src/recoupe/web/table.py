"""All entries of a ledger as arrays in memory, made from their cards: a query is answered in milliseconds.

A table is a value: `updated` gives another one. Names are numbered as they come, and a facet (the actors, items or
places of entries) is one array of pairs of an entry and a name. An entry has the names above its own, too: a tank is an
armoured vehicle, and what happens in a town happens in its country; so asking for a name takes in those below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recoupe.codebook import Codebook
from recoupe.ledger.carding import PARTIES, alternatives
from recoupe.ledger.found import BETWEEN, REVIEWS, Card
from recoupe.web.query import CHOICES, Choice, Query, Sort

PAGE = 50  # entries of a page
MOST = 200  # values that are counted of a filter, besides those that are asked for

Numbers = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Keys = Numbers | Rows | Mask

END = 2**31 - 1
START = -END
"""A day after all days, and one before them."""
_PLAIN: tuple[Choice, ...] = ("kind", "status", "review")  # filters on what an entry has one of
_NUMBERS = ("first", "last", "claims", "origins", "conflicts")


@dataclass(frozen=True, slots=True)
class Counted:
    """A value of a filter and how many entries there are with it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds. `rows` are the entries of its page, in its order; `total` is how many there are on all pages
    (`pages`). `undated` is how many more would be there, did they tell their time. `counts` has, for each filter that
    takes several values, how many entries there would be with each value if that filter asked for it alone, under all
    other filters, as shops have it: the most common first, and always those that are asked for. For items and places,
    an entry counts for those above its own as well.
    """

    rows: tuple[int, ...]
    total: int
    page: int
    pages: int
    undated: int
    counts: Mapping[Choice, tuple[Counted, ...]]


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """When entries were: of each the number of its kind (in `kinds`) and the days that it can be on, the first and the
    last, as numbers; START and END where that side is open.
    """

    kinds: Sequence[str]
    kind: Numbers
    first: Numbers
    last: Numbers


@dataclass(frozen=True, eq=False)
class _Pairs:
    """A facet: of each pair the place of an entry in the table, in order, and the number of a name."""

    entry: Numbers
    name: Numbers

    def kept(self, keep: Mask) -> _Pairs:
        """Those of the entries that are kept, at their new places."""
        left = keep[self.entry]
        places = np.cumsum(keep, dtype=np.int32) - np.int32(1)
        return _Pairs(places[self.entry[left]], self.name[left])

    def and_of(self, later: _Pairs, size: int) -> _Pairs:
        """With those of a table that comes after one of so many entries."""
        return _Pairs(
            np.concatenate([self.entry, later.entry + np.int32(size)]), np.concatenate([self.name, later.name])
        )


class _Book:
    """What the table needs of a codebook, and the numbers of names; these only grow."""

    def __init__(self, codebook: Codebook) -> None:
        self.types = {
            (id_, name): role.type
            for id_, kind in codebook.kinds.items()
            for name, role in kind.roles.items()
            if role.type in PARTIES
        }
        self._parents = codebook.parents
        self._places = codebook.names.places
        self.names: dict[str, list[str]] = {name: [] for name in CHOICES}
        self._numbers: dict[str, dict[str, int]] = {name: {} for name in CHOICES}
        self._above: dict[tuple[str, str], tuple[int, ...]] = {}
        for review in REVIEWS:
            self.number("review", review)

    def number(self, facet: str, name: str) -> int:
        """The number of a name; it gets one where it has none."""
        numbers = self._numbers[facet]
        if name not in numbers:
            # First the list: another thread that finds the number finds the name.
            self.names[facet].append(name)
            numbers[name] = len(numbers)
        return numbers[name]

    def known(self, facet: str, names: Iterable[str]) -> list[int]:
        """The numbers of those of the names that have one."""
        numbers = self._numbers[facet]
        return [numbers[name] for name in names if name in numbers]

    def with_above(self, facet: str, value: str) -> tuple[int, ...]:
        """The numbers of a value's names (it may be one of several) and of all above them."""
        found = self._above.get((facet, value))
        if found is None:
            names = {above for name in alternatives(value) for above in self._line(facet, name)}
            found = self._above[facet, value] = tuple(self.number(facet, name) for name in sorted(names))
        return found

    def above(self, facet: str, name: str) -> tuple[int, ...]:
        """The numbers of the names above one."""
        own = self._numbers[facet][name]
        return tuple(number for number in self.with_above(facet, name) if number != own)

    def _line(self, facet: str, name: str) -> list[str]:
        line, waiting = list[str](), [name]
        while waiting:
            one = waiting.pop()
            if one not in line:
                line.append(one)
                waiting += self._over(facet, one)
        return line

    def _over(self, facet: str, name: str) -> list[str]:
        if facet == "item":
            return [parent for parent in [self._parents.get(name)] if parent]
        place = self._places.get(name) if facet == "place" else None
        return [] if place is None else [above for above in (place.part_of, place.state) if above]


@dataclass(frozen=True, eq=False)
class Table:
    """The entries that stand in a ledger, by row. Made with `Table.of`."""

    _book: _Book
    _rows: Rows
    _ids: npt.NDArray[np.str_]
    _plain: Mapping[str, Numbers]
    _numbers: Mapping[str, Numbers]
    _facets: Mapping[str, _Pairs]
    _orders: dict[Sort, Numbers] = field(default_factory=dict)

    @classmethod
    def of(cls, cards: Sequence[Card], codebook: Codebook) -> Table:
        """The table of these cards, which are sorted by row."""
        return cls._of(cards, _Book(codebook))

    @classmethod
    def _of(cls, cards: Sequence[Card], book: _Book) -> Table:
        columns = list(zip(*cards, strict=True)) if cards else [()] * len(Card._fields)
        column = dict(zip(Card._fields, columns, strict=True))
        numbers = {name: np.array(column[name], np.int32) for name in ("claims", "origins", "conflicts")}
        first = [START if day is None else day for day in column["first"]]
        last = [END if day is None else day for day in column["last"]]
        numbers |= {"first": np.array(first, np.int32), "last": np.array(last, np.int32)}
        plain: dict[str, Numbers] = {
            name: np.array([book.number(name, value) for value in column[name]], np.int32) for name in _PLAIN
        }
        return cls(
            book,
            np.array(column["row"], np.int64),
            np.array(column["id"], np.str_),
            plain,
            numbers,
            _pairs(column["kind"], column["parties"], book),
        )

    def updated(self, cards: Sequence[Card], gone: Iterable[int] = ()) -> Table:
        """The table with these cards, without the entries of these rows; a card takes the place of one of its row."""
        left_out = np.array([*gone, *(card[0] for card in cards)], np.int64)
        keep = ~np.isin(self._rows, left_out)
        new = self._of(sorted(cards), self._book)
        size = int(keep.sum())
        table = Table(
            self._book,
            np.concatenate([self._rows[keep], new._rows]),
            np.concatenate([self._ids[keep], new._ids]),
            {name: np.concatenate([self._plain[name][keep], new._plain[name]]) for name in _PLAIN},
            {name: np.concatenate([self._numbers[name][keep], new._numbers[name]]) for name in _NUMBERS},
            {name: self._facets[name].kept(keep).and_of(new._facets[name], size) for name in PARTIES},
        )
        return table if np.all(np.diff(table._rows) > 0) else table._sorted()

    def _sorted(self) -> Table:
        """By row again: a card was made anew."""
        order = np.argsort(self._rows, kind="stable")
        places = np.empty(len(order), np.int32)
        places[order] = np.arange(len(order), dtype=np.int32)
        facets = {}
        for name, pairs in self._facets.items():
            entry = places[pairs.entry]
            by = np.argsort(entry, kind="stable")
            facets[name] = _Pairs(entry[by], pairs.name[by])
        plain = {name: numbers[order] for name, numbers in self._plain.items()}
        numbers = {name: own[order] for name, own in self._numbers.items()}
        return Table(self._book, self._rows[order], self._ids[order], plain, numbers, facets)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> Rows:
        """The rows of all entries, in order."""
        return self._rows

    def row(self, id_: str) -> int | None:
        """The row of the entry with an id."""
        at = np.flatnonzero(self._ids == id_)
        return int(self._rows[at[0]]) if len(at) else None

    def ids(self, rows: Sequence[int]) -> list[str]:
        """The ids of the entries of rows, in the order of the rows given; of those that are in the table."""
        found: list[str] = self._ids[self._places(rows)].tolist()
        return found

    def find(self, query: Query, text: Sequence[int] | None = None, size: int = PAGE) -> Found:
        """What a query finds: a page of so many entries, and the counts. `text` are the rows that have the words that
        the query asks for, the best first; None where it asks for none.
        """
        ranked = None if text is None else self._places(text)
        masks = self._masks(query, ranked)
        fits = self._all(masks.values())
        total = int(np.count_nonzero(fits))
        start = (query.page - 1) * size
        places = self._in_order(query, ranked, fits)[start : start + size]
        return Found(
            tuple(self._rows[places].tolist()),
            total,
            query.page,
            max(1, -(-total // size)),
            self._left_out(masks),
            {name: self._counts(name, query, masks, fits) for name in CHOICES},
        )

    def every(self, query: Query, text: Sequence[int] | None = None) -> list[int]:
        """The rows of all entries that a query finds, in its order, whatever its page."""
        ranked = None if text is None else self._places(text)
        fits = self._fits(query, text)
        rows: list[int] = self._rows[self._in_order(query, ranked, fits)].tolist()
        return rows

    def spans(self, query: Query, text: Sequence[int] | None = None) -> Spans:
        """When the entries were that a query finds."""
        fits = self._fits(query, text)
        kinds = tuple(self._book.names["kind"])
        return Spans(kinds, self._plain["kind"][fits], self._numbers["first"][fits], self._numbers["last"][fits])

    def places(self, query: Query, text: Sequence[int] | None = None) -> tuple[dict[str, dict[str, int]], int, int]:
        """How many of the entries that a query finds are at each place, by kind: by the most exact places that they
        tell, one in a town without the region and the state that it is in. Then how many of them tell a place, and how
        many there are.
        """
        fits = self._fits(query, text)
        pairs = self._facets["place"]
        inside = fits[pairs.entry]
        entry, name = pairs.entry[inside].astype(np.int64), pairs.name[inside]
        names = tuple(self._book.names["place"])
        above = [self._book.above("place", one) for one in names]
        # All that an entry has only because something in it was told.
        longest = max((len(some) for some in above), default=0)
        size, implied = np.int64(len(names)), [np.empty(0, np.int64)]
        for n in range(longest):
            nth = np.array([some[n] if n < len(some) else -1 for some in above], np.int64)[name]
            implied.append((entry * size + nth)[nth >= 0])
        exact = ~np.isin(entry * size + name, np.concatenate(implied))
        kinds = tuple(self._book.names["kind"])
        both, counts = np.unique(name[exact] * len(kinds) + self._plain["kind"][entry[exact]], return_counts=True)
        found: dict[str, dict[str, int]] = {}
        for one, count in zip(both.tolist(), counts.tolist(), strict=True):
            found.setdefault(names[one // len(kinds)], {})[kinds[one % len(kinds)]] = count
        return found, len(np.unique(entry)), int(np.count_nonzero(fits))

    def _fits(self, query: Query, text: Sequence[int] | None) -> Mask:
        """Which entries a query finds."""
        return self._all(self._masks(query, None if text is None else self._places(text)).values())

    def _masks(self, query: Query, ranked: Numbers | None) -> dict[str, Mask]:
        """Which entries each filter lets through; of those that ask for something. `ranked` are the places of those
        that have the words asked for.
        """
        masks: dict[str, Mask] = {}
        for name in _PLAIN:
            if wanted := getattr(query, name):
                masks[name] = self._one_of(name, wanted)[self._plain[name]]
        for facet, pairs in self._facets.items():
            if wanted := getattr(query, facet):
                masks[facet] = np.zeros(len(self), np.bool_)
                masks[facet][pairs.entry[self._one_of(facet, wanted)[pairs.name]]] = True
        if query.since is not None or query.until is not None:
            first = _day(query.since and query.since.first, START)
            last = _day(query.until and query.until.last, END)
            masks["time"] = self._dated & (self._numbers["first"] <= last) & (self._numbers["last"] >= first)
        if query.origins > 0:
            masks["origins"] = self._numbers["origins"] >= query.origins
        if query.conflicts is not None:
            masks["conflicts"] = (self._numbers["conflicts"] > 0) == query.conflicts
        if ranked is not None:
            masks["q"] = np.zeros(len(self), np.bool_)
            masks["q"][ranked] = True
        return masks

    def _one_of(self, name: str, wanted: Iterable[str]) -> Mask:
        """Which names of a filter are among those that are wanted."""
        numbers = self._book.known(name, wanted)  # first: names may be added meanwhile
        mask = np.zeros(len(self._book.names[name]), np.bool_)
        mask[numbers] = True
        return mask

    @cached_property
    def _dated(self) -> Mask:
        return (self._numbers["first"] > START) | (self._numbers["last"] < END)

    def _all(self, masks: Iterable[Mask]) -> Mask:
        fits = np.ones(len(self), np.bool_)
        for mask in masks:
            fits &= mask
        return fits

    def _places(self, rows: Sequence[int]) -> Numbers:
        """The places of those of these rows that are in the table, in the order given."""
        wanted = np.array(rows, np.int64)
        known = self._place_of
        places = known[wanted[(wanted >= 0) & (wanted < len(known))]]
        return places[places >= 0]

    @cached_property
    def _place_of(self) -> Numbers:
        """The place of each row, -1 of those that have none: rows are numbered from 1 on, with few gaps."""
        places = np.full(int(self._rows[-1]) + 1 if len(self) else 0, -1, np.int32)
        places[self._rows] = np.arange(len(self), dtype=np.int32)
        return places

    def _left_out(self, masks: Mapping[str, Mask]) -> int:
        """How many entries only the filter of time leaves out, because they tell none."""
        if "time" not in masks:
            return 0
        others = self._all(mask for name, mask in masks.items() if name != "time")
        return int(np.count_nonzero(others & ~self._dated))

    def _in_order(self, query: Query, ranked: Numbers | None, fits: Mask) -> Numbers:
        """The places of the entries that fit, in the order that is asked for."""
        if query.order == "relevance" and ranked is not None:
            order = ranked
        else:
            order = self._order("-time" if query.order == "relevance" else query.order)
        return order[np.flatnonzero(fits[order])]

    def _order(self, sort: Sort) -> Numbers:
        """All places in an order; worked out once."""
        if sort not in self._orders:
            self._orders[sort] = self._sort(sort).astype(np.int32)
        return self._orders[sort]

    def _sort(self, sort: Sort) -> npt.NDArray[np.intp]:
        first, last = (self._numbers[name].astype(np.int64) for name in ("first", "last"))
        undated, kinds = ~self._dated, self._ranks("kind")[self._plain["kind"]]
        latest: list[Keys] = [kinds, -first, -last, undated]
        keys: dict[Sort, list[Keys]] = {
            "time": [kinds, first, last, undated],
            "-time": latest,
            "kind": [-first, -last, undated, kinds],
            "newest": [-self._rows],
        }
        if sort in keys:
            return np.lexsort((self._by_id, *keys[sort]))
        return np.lexsort((self._by_id, *latest, -self._numbers[sort].astype(np.int64)))

    @cached_property
    def _by_id(self) -> Numbers:
        ranks = np.empty(len(self), np.int32)
        ranks[np.argsort(self._ids, kind="stable")] = np.arange(len(self), dtype=np.int32)
        return ranks

    def _ranks(self, name: str) -> Numbers:
        """The rank of each name among all, by the alphabet."""
        names = self._book.names[name]
        ranks = np.empty(len(names), np.int32)
        ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names), dtype=np.int32)
        return ranks

    def _counts(self, name: Choice, query: Query, masks: Mapping[str, Mask], fits: Mask) -> tuple[Counted, ...]:
        """How many entries there are with each value of a filter, under all other filters."""
        under = fits if name not in masks else self._all(mask for other, mask in masks.items() if other != name)
        names = self._book.names[name]
        if name in self._plain:
            numbers = self._plain[name][np.flatnonzero(under)]
        else:
            pairs = self._facets[name]
            # Where the pairs are is looked up first: picking them by a mask takes twice as long.
            numbers = pairs.name if under.all() else pairs.name[np.flatnonzero(under[pairs.entry])]
        counts = np.bincount(numbers, minlength=len(names))
        some = np.flatnonzero(counts)
        some = some[np.argsort(-counts[some], kind="stable")]
        # What is as common as the last that has room is told too, so that the order of names plays no part.
        least = int(counts[some[MOST - 1]]) if len(some) > MOST else 1
        found = {names[n]: int(counts[n]) for n in some if counts[n] >= least}
        found |= {value: found.get(value, self._count(name, value, counts)) for value in getattr(query, name)}
        return tuple(Counted(value, count) for value, count in sorted(found.items(), key=lambda p: (-p[1], p[0])))

    def _count(self, name: str, value: str, counts: npt.NDArray[np.intp]) -> int:
        return sum(int(counts[n]) for n in self._book.known(name, [value]) if n < len(counts))


def _day(day: date | None, otherwise: int) -> int:
    return otherwise if day is None else day.toordinal()


def _pairs(kinds: Sequence[str], parties: Sequence[str], book: _Book) -> dict[str, _Pairs]:
    """The facets of entries, from their kinds and the parties of their cards."""
    numbers: dict[tuple[str, str], int] = {}  # of each party of a kind
    entries, told = list[int](), list[int]()
    for place, (kind, own) in enumerate(zip(kinds, parties, strict=True)):
        if own:
            for party in own.split(BETWEEN):
                entries.append(place)
                told.append(numbers.setdefault((kind, party), len(numbers)))
    named = [_numbered(kind, party, book) for kind, party in numbers]
    return {facet: _facet(facet, np.array(entries, np.int64), np.array(told, np.int64), named) for facet in PARTIES}


def _facet(facet: str, entries: Rows, told: Rows, named: Sequence[tuple[str, tuple[int, ...]] | None]) -> _Pairs:
    """A facet, from pairs of an entry and a party: each party stands for its names in that facet, an entry has each
    name once.
    """
    names = [found[1] if found is not None and found[0] == facet else () for found in named]
    longest = max(map(len, names), default=0)
    pairs = [np.empty(0, np.int64)]
    for n in range(longest):
        nth = np.array([own[n] if n < len(own) else -1 for own in names], np.int64)[told]
        some = nth >= 0
        pairs.append(entries[some] << 32 | nth[some])
    both = np.unique(np.concatenate(pairs))
    return _Pairs((both >> 32).astype(np.int32), (both & 0xFFFFFFFF).astype(np.int32))


def _numbered(kind: str, party: str, book: _Book) -> tuple[str, tuple[int, ...]] | None:
    role, _, value = party.partition("=")
    facet = book.types.get((kind, role))
    return None if facet is None else (facet, book.with_above(facet, value))
