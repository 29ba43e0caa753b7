"""What is asked of a ledger's entries: the filters, the order and the page of a list, as an address has them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args
from urllib.parse import urlencode

from recoupe.errors import QueryError, ValueSyntaxError
from recoupe.ledger.found import REVIEWS
from recoupe.model import Status
from recoupe.values import Actor, When

Sort = Literal["time", "-time", "kind", "origins", "conflicts", "claims", "newest", "relevance"]
"""In which order: the earliest or the latest first; by kind; those with the most origins, conflicts or claims first;
those first that came into the ledger last; those that fit best what was searched for. Entries without a time come last.
"""

Choice = Literal["kind", "status", "actor", "item", "place", "review"]
"""The filters that take several values: an entry fits where it has one of them."""

SORTS: tuple[str, ...] = get_args(Sort)
CHOICES: tuple[Choice, ...] = get_args(Choice)
NAMES = (*CHOICES, "from", "to", "origins", "conflicts", "q", "sort", "page")
"""The parameters of an address that are of a query; others are not looked at."""

LONGEST = 500  # letters of a value
_MANY = 50  # values of a filter
GREATEST = 1_000_000  # a page, or a number of origins
_NUMBER = re.compile(r"[0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class Query:
    """Which entries, in which order, and which page of them; an empty field asks for nothing.

    `actor`, `item` and `place` are ids of the codebook or values of entries; an item takes in those below it in the
    tree, a place those in it. `since` and `until` are days, months or years (`from` and `to` in an address): entries
    that may lie in between. `origins` is the least number of them. `sort` None is the usual order: by relevance where
    something is searched for, else the latest first.
    """

    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    item: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    since: When | None = None
    until: When | None = None
    origins: int = 0
    conflicts: bool | None = None
    q: str = ""
    sort: Sort | None = None
    page: int = 1

    @classmethod
    def parse(cls, given: Iterable[tuple[str, str]], kinds: Collection[str] | None = None) -> Query:
        """The query of an address, from its parameters' names and values; `kinds` are those of the codebook.

        Raises QueryError where one has a value that it cannot have, or several where it takes one.
        """
        values: dict[str, list[str]] = {name: [] for name in NAMES}
        for name, value in given:
            if name in values and value.strip():
                if len(value) > LONGEST:
                    raise QueryError(f"{name}: longer than {LONGEST} letters", "long", field=name, most=LONGEST)
                values[name].append(value.strip())
        many = {name: _several(name, values[name], kinds) for name in CHOICES}
        one = {name: _single(name, found) for name, found in values.items() if name not in CHOICES}
        since, until = (_days(name, one[name]) for name in ("from", "to"))
        if since and until and since.first and until.last and since.first > until.last:
            raise QueryError(f"from {since} to {until}: the end comes before the beginning", "backwards")
        sort = _of("sort", one["sort"], SORTS) if one["sort"] else None
        conflicts = _of("conflicts", one["conflicts"], ("yes", "no")) == "yes" if one["conflicts"] else None
        origins, page = _number("origins", one["origins"], 0), _number("page", one["page"], 1)
        if page < 1:
            raise QueryError(
                "page: expected a number from 1 on", "number", field="page", value=0, least=1, most=GREATEST
            )
        return cls(
            **many, since=since, until=until, origins=origins if origins > 1 else 0, conflicts=conflicts, q=one["q"],
            sort=cast("Sort | None", sort), page=page,
        )  # fmt: skip

    @property
    def order(self) -> Sort:
        """The order that is meant."""
        return self.sort or ("relevance" if self.q else "-time")

    @property
    def filters(self) -> bool:
        """Does it leave any entry out?"""
        return replace(self, sort=None, page=1) != Query()

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of its address, in one order; a query that is equal has equal ones."""
        pairs: list[tuple[str, str]] = [(name, value) for name in CHOICES for value in getattr(self, name)]
        pairs += [(name, str(when)) for name, when in (("from", self.since), ("to", self.until)) if when is not None]
        pairs += [("origins", str(self.origins))] if self.origins else []
        pairs += [] if self.conflicts is None else [("conflicts", "yes" if self.conflicts else "no")]
        pairs += [("q", self.q)] if self.q else []
        pairs += [("sort", self.sort)] if self.sort else []
        return pairs + ([("page", str(self.page))] if self.page > 1 else [])

    def __str__(self) -> str:
        """The part of its address after the question mark; empty where nothing is asked.

        >>> str(Query(kind=("attack",), place=("place:kyiv",), page=2))
        'kind=attack&place=place%3Akyiv&page=2'
        """
        return urlencode(self.pairs())

    def has(self, name: Choice, value: str) -> bool:
        """Is this one of the values asked for?"""
        return value in getattr(self, name)

    def toggled(self, name: Choice, value: str) -> Query:
        """With this value of a filter, or without it where it has it; on the first page."""
        old = cast("tuple[str, ...]", getattr(self, name))
        new = tuple(v for v in old if v != value) if value in old else tuple(sorted((*old, value)))
        changed: dict[str, Any] = {name: new, "page": 1}
        return replace(self, **changed)

    def without(self, *names: str) -> Query:
        """Without these parameters (`NAMES`); on the first page."""
        plain = Query()
        fields = {"from": "since", "to": "until"}
        dropped = {field: getattr(plain, field) for field in (fields.get(name, name) for name in names)}
        return replace(self, **{**dropped, "page": 1})

    def sorted_by(self, sort: Sort) -> Query:
        """In another order; on the first page."""
        return replace(self, sort=sort, page=1)

    def paged(self, page: int) -> Query:
        """Another page of the same list."""
        return replace(self, page=page)


def _several(name: Choice, values: list[str], kinds: Collection[str] | None) -> tuple[str, ...]:
    if len(values) > _MANY:
        raise QueryError(f"{name}: more than {_MANY} values", "many", field=name, most=_MANY)
    for value in values:
        if name == "kind" and kinds is not None:
            _of(name, value, kinds)
        elif name == "status":
            _of(name, value, get_args(Status))
        elif name == "review":
            _of(name, value, REVIEWS)
        elif name in ("actor", "place"):
            _id(name, value)
    return tuple(sorted(set(values)))


def _single(name: str, values: list[str]) -> str:
    if len(values) > 1:
        raise QueryError(f"{name}: given more than once", "twice", field=name)
    return values[0] if values else ""


def _of(name: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise QueryError(f"{name}: {value!r} is not one of {', '.join(known)}", "unknown", field=name, value=value)
    return value


def _id(name: str, value: str) -> None:
    try:
        Actor.parse(value)
    except ValueSyntaxError as error:
        raise QueryError(f"{name}: {error}", "unknown", field=name, value=value) from error


def _number(name: str, text: str, usual: int) -> int:
    if not text:
        return usual
    if not _NUMBER.fullmatch(text) or int(text) > GREATEST:
        raise QueryError(
            f"{name}: expected a number up to {GREATEST}, not {text!r}",
            "number",
            field=name,
            value=text,
            least=usual,
            most=GREATEST,
        )
    return int(text)


def _days(name: str, text: str) -> When | None:
    """A day, a month or a year."""
    if not text:
        return None
    try:
        when = When.parse(text)
    except ValueSyntaxError as error:
        raise QueryError(f"{name}: {error}", "time", field=name, value=text) from error
    if "/" in text or "~" in text:
        expected = f"{name}: expected a day, a month or a year (2024-01-02, 2024-01, 2024), not {text!r}"
        raise QueryError(expected, "time", field=name, value=text)
    return when
