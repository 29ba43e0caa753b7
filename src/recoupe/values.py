"""Values as constraints: each one is the set of what may be true, with the same three operations.

`a.agrees(b)`: do the two sets share a point; `a.meet(b)`: what both together say (the intersection, None when empty);
`a.more_exact(b)`: is `a` a proper subset of `b`. The meet is commutative, associative and idempotent, in the value and
in its printed form, so that nothing built on it depends on the order of the pages. Values of different types, and
amounts in different currencies, never agree. `str` prints the coding manual's notation and `parse` reads it back.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Rational
from types import MappingProxyType
from typing import Literal, Self, TypeAlias, final

from recoupe.errors import ValueSyntaxError

Precision = Literal["day", "month", "year", "interval", "open"]

_ACTOR_ID = re.compile(r"country:[A-Z]{2}|(?:org|group|person|place):[a-z0-9][a-z0-9-]*|unnamed:.+")
# The words of an unnamed source may hold a bar: only a bar before an id parts two alternatives.
_BAR = re.compile(r"\|(?=(?:country|org|group|person|place|unnamed):)")
_NO_MEMBERS: Mapping[str, frozenset[str]] = MappingProxyType({})

_NUMBER = r"[0-9]{1,60}(?:\.[0-9]{1,60})?(?:e[0-9]{1,2})?"
_COUNT = re.compile(rf"(?P<sign>~|>=|<=)?(?P<number>{_NUMBER})|(?P<low>{_NUMBER})\.\.(?P<high>{_NUMBER})")
_DECIMALS = 12  # of a bound; with its limit, whatever is printed can be read back

_WHEN = re.compile(r"(?P<core>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?P<about>~)?")
# How many characters of YYYY-MM-DD each unit prints, from the coarsest, and how many days `~` adds on both sides.
_UNITS: dict[Precision, tuple[int, int]] = {"year": (4, 182), "month": (7, 15), "day": (10, 3)}


class _Constraint(ABC):
    """What all values share: `agrees` and `more_exact` follow from the meet."""

    __slots__ = ()

    @abstractmethod
    def meet(self, other: Value) -> Self | None:
        """What both together say, or None where they contradict each other or are of different types."""

    def agrees(self, other: Value) -> bool:
        """Can both be true?"""
        return self.meet(other) is not None

    def more_exact(self, other: Value) -> bool:
        """Is this one a proper subset of the other? A strict partial order: of two values it may hold neither way."""
        return self != other and self.meet(other) == self


@final
@dataclass(frozen=True, slots=True)
class Actor(_Constraint):
    """The ids that an actor or place may stand for, and a name to print.

    A plain actor stands for itself; a group (an organisation, a region, a country as a place) for itself or any of its
    members. Two actors with the same choices are equal whatever their names. Raises ValueSyntaxError for a malformed
    id, no choice at all, or a name that is not one of the choices or several in order (`country:DE|country:FR`).
    """

    name: str = field(compare=False)
    choices: frozenset[str]

    def __post_init__(self) -> None:
        for choice in self.choices:
            if not _ACTOR_ID.fullmatch(choice) or _BAR.search(choice):
                raise ValueSyntaxError(f"not an actor's id: {choice!r}")
        named = _BAR.split(self.name)
        if not self.choices.issuperset(named) or named != sorted(set(named)):
            raise ValueSyntaxError(f"the name {self.name!r} is not made of the actor's choices, each once and in order")

    @classmethod
    def parse(cls, text: str, members: Mapping[str, frozenset[str]] = _NO_MEMBERS) -> Self:
        """Reads `country:UA`, `group:g7-members` or `country:DE|country:FR`.

        `members` gives the direct members of the ids that have some; members of members are members, for else what is
        printed of a meet could not be read back. A printed actor is read back with the same `members`.
        """
        named = _BAR.split(text)
        choices: set[str] = set()
        waiting = list(named)
        while waiting:
            choice = waiting.pop()
            if choice not in choices:
                choices.add(choice)
                waiting.extend(members.get(choice, ()))
        return cls("|".join(sorted(set(named))), frozenset(choices))

    def allows(self, point: str) -> bool:
        """May it be the actor with this id?"""
        return point in self.choices

    def meet(self, other: Value) -> Actor | None:
        """The ids that both may stand for.

        The name is that of the operand that has just these choices (of two the shorter, then the lesser), else the
        choices spelt out, the longest name that they can have: a name given by an operand always wins, in any order.
        """
        if not isinstance(other, Actor) or self.choices.isdisjoint(other.choices):
            return None
        both = self.choices & other.choices
        same = [actor for actor in (self, other) if actor.choices == both]
        named = min(same, key=lambda actor: (len(actor.name), actor.name), default=None)
        return named or Actor("|".join(sorted(both)), both)

    def __str__(self) -> str:
        return self.name


@final
@dataclass(frozen=True, slots=True)
class Item(_Constraint):
    """A node of the materiel tree, by the ids from its root down; it stands for anything in the subtree.

    Raises ValueSyntaxError for an empty path, and for a path with an empty id or the same id twice.
    """

    path: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.path or not all(self.path) or len(set(self.path)) < len(self.path):
            raise ValueSyntaxError(f"not a path of a tree: {self.path!r}")

    @property
    def id(self) -> str:
        """The id of the node itself."""
        return self.path[-1]

    @classmethod
    def parse(cls, text: str, parents: Mapping[str, str]) -> Self:
        """Reads an id of the tree (`parents`: child to parent, '' for a root) or `other:<words>`, a root of its own."""
        if text.startswith("other:"):
            if not text.removeprefix("other:").strip():
                raise ValueSyntaxError(f"an item without words: {text!r}")
            return cls((text,))
        path: list[str] = []
        node = text
        while node or not path:
            if node not in parents:
                where = f", the parent of {path[-1]!r}" if path else ""
                raise ValueSyntaxError(f"not an item of the tree: {node!r}{where}")
            if node in path:
                raise ValueSyntaxError(f"the item {text!r} stands under itself")
            path.append(node)
            node = parents[node]
        return cls(tuple(reversed(path)))

    def allows(self, point: tuple[str, ...]) -> bool:
        """May it be the node at this path? It may where the node is this one or below it."""
        return point[: len(self.path)] == self.path

    def meet(self, other: Value) -> Item | None:
        """The deeper of the two where one stands under the other (or they are one), else None."""
        if not isinstance(other, Item):
            return None
        if self.allows(other.path):
            return other
        return self if other.allows(self.path) else None

    def __str__(self) -> str:
        return self.id


@final
@dataclass(frozen=True, slots=True)
class Count(_Constraint):
    """A closed interval of numbers from `low` to `high` (None: no upper bound), not negative, in exact arithmetic.

    `>=n` is [n, no bound), `<=n` is [0, n], and `~n` is [0.9 n, 1.1 n]: the tenth is this project's convention, the
    manual gives no figure. `about` only says that the interval prints as `~n`; it is dropped where the interval is
    none of that shape. A bound has at most 12 decimals and is less than 10^30; raises ValueSyntaxError for others and
    where `low` is more than `high`, TypeError for what is no exact number (a float, a Decimal).
    """

    low: Fraction
    high: Fraction | None
    about: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", _bound(self.low))
        if self.high is not None:
            object.__setattr__(self, "high", _bound(self.high))
            if self.low > self.high:
                raise ValueSyntaxError(f"an interval from {_number(self.low)} down to {_number(self.high)}")
        if self.about and (self.high is None or 11 * self.low != 9 * self.high):
            object.__setattr__(self, "about", False)

    @classmethod
    def exactly(cls, number: int | Decimal | Fraction) -> Self:
        """`5`"""
        return cls(Fraction(number), Fraction(number))

    @classmethod
    def around(cls, number: int | Decimal | Fraction) -> Self:
        """`~12`"""
        return cls(Fraction(number) * 9 / 10, Fraction(number) * 11 / 10, about=True)

    @classmethod
    def at_least(cls, number: int | Decimal | Fraction) -> Self:
        """`>=130`"""
        return cls(Fraction(number), None)

    @classmethod
    def at_most(cls, number: int | Decimal | Fraction) -> Self:
        """`<=1000`"""
        return cls(Fraction(0), Fraction(number))

    @classmethod
    def between(cls, low: int | Decimal | Fraction, high: int | Decimal | Fraction) -> Self:
        """`7..10`"""
        return cls(Fraction(low), Fraction(high))

    @classmethod
    def parse(cls, text: str) -> Count:
        """Reads `5`, `~12`, `>=130`, `<=1000` or `7..10`; a number may have decimals and an exponent (`5.5e9`).

        >>> print(Count.parse("~5500e6"))
        ~5.5e9
        """
        return _count(text)

    def allows(self, point: int | Fraction) -> bool:
        """May it be this number?"""
        return self.low <= point and (self.high is None or point <= self.high)

    def meet(self, other: Value) -> Count | None:
        """The overlap of the intervals; it prints with `~` where an operand that is this very interval does."""
        if not isinstance(other, Count):
            return None
        low = max(self.low, other.low)
        high = min((count.high for count in (self, other) if count.high is not None), default=None)
        if high is not None and low > high:
            return None
        same = [count for count in (self, other) if (count.low, count.high) == (low, high)]
        return max(same, key=lambda count: count.about) if same else Count(low, high)

    def __str__(self) -> str:
        if self.about and self.high is not None:
            return f"~{_number((self.low + self.high) / 2)}"
        if self.high is None:
            return f">={_number(self.low)}"
        if self.low == self.high:
            return _number(self.low)
        if self.low == 0:
            return f"<={_number(self.high)}"
        return f"{_number(self.low)}..{_number(self.high)}"


@lru_cache(maxsize=20_000)  # few numbers are told, and each of them often
def _count(text: str) -> Count:
    m = _COUNT.fullmatch(text)
    if not m:
        raise ValueSyntaxError(f"not a count: {text!r}; expected 5, ~12, >=130, <=1000 or 7..10")
    make = {"~": Count.around, ">=": Count.at_least, "<=": Count.at_most, None: Count.exactly}
    try:
        if m["low"]:
            return Count.between(Fraction(m["low"]), Fraction(m["high"]))
        return make[m["sign"]](Fraction(m["number"]))
    except ValueSyntaxError as error:
        raise ValueSyntaxError(f"not a count: {text!r}; {error}") from error


def _bound(number: Fraction) -> Fraction:
    """The number itself, as a Fraction, where it can be a bound of a count."""
    if not isinstance(number, Rational):
        raise TypeError(f"a bound of a count is a Fraction, not {number!r}")
    exact = Fraction(number)
    if not 0 <= exact < 10**30 or 10**_DECIMALS % exact.denominator:
        raise ValueSyntaxError(f"a bound must be from 0 to 10^30 with at most {_DECIMALS} decimals")
    return exact


def _number(number: Fraction) -> str:
    """The manual's notation: all digits below a million, from there on millions (e6) or billions (e9)."""
    scale, unit = (1, "") if number < 10**6 else (10**6, "e6") if number < 10**9 else (10**9, "e9")
    places = _DECIMALS + 9  # what dividing a bound by a billion can leave
    whole, rest = divmod(int(number / scale * 10**places), 10**places)
    return f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".") + unit


@final
@dataclass(frozen=True, slots=True)
class Amount(_Constraint):
    """A sum of money: a count of units of a currency (ISO 4217, three capitals; ValueSyntaxError for anything else)."""

    count: Count
    currency: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise ValueSyntaxError(f"not a currency code: {self.currency!r}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a count, a space and a currency: `~5.5e9 USD`."""
        count, _, currency = text.partition(" ")
        try:
            return cls(Count.parse(count), currency)
        except ValueSyntaxError as error:
            raise ValueSyntaxError(f"not an amount: {text!r}; {error}") from error

    def allows(self, point: tuple[int | Fraction, str]) -> bool:
        """May it be this number of units of this currency?"""
        number, currency = point
        return currency == self.currency and self.count.allows(number)

    def meet(self, other: Value) -> Amount | None:
        """The meet of the counts within one currency; what a rate would say of two currencies is not asked here."""
        if not isinstance(other, Amount) or self.currency != other.currency:
            return None
        count = self.count.meet(other.count)
        return None if count is None else Amount(count, self.currency)

    def __str__(self) -> str:
        return f"{self.count} {self.currency}"


@final
@dataclass(frozen=True, slots=True)
class When(_Constraint):
    """The days that are possible, from `first` to `last`, both included; None is an open side.

    The notation is EDTF (ISO 8601-2). `x~` widens a day by 3 days, a month by 15 and a year by 182 on both sides: the
    margins are this project's convention, EDTF gives none. `about` only says that the days print as `x~`; it is
    dropped where they are none of that shape. Raises ValueSyntaxError where `first` is after `last`, TypeError for a
    datetime (whose day depends on a time zone).
    """

    first: date | None
    last: date | None
    about: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.first, datetime) or isinstance(self.last, datetime):
            raise TypeError(f"a time is of dates, not of datetimes: {self.first!r}, {self.last!r}")
        if self.first is not None and self.last is not None and self.first > self.last:
            raise ValueSyntaxError(f"a time from {self.first} back to {self.last}")
        if self.about and self._core() is None:
            object.__setattr__(self, "about", False)

    @classmethod
    def day(cls, day: date) -> Self:
        """`2024-01-02`"""
        return cls(day, day)

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """`2024-07`; raises ValueError where there is no such month."""
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

    @classmethod
    def year(cls, year: int) -> Self:
        """`2024`; raises ValueError where the calendar has no such year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def between(cls, first: date | None, last: date | None) -> Self:
        """`2023-12-29/2024-01-02`, or open on the side that is None."""
        return cls(first, last)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a day, a month or a year, each with or without `~`, or an interval of two of them or `..`."""
        start, slash, end = text.partition("/")
        try:
            if not slash:
                return cls._part(start)
            first = None if start == ".." else cls._part(start).first
            last = None if end == ".." else cls._part(end).last
            return cls(first, last)
        except ValueError as error:
            raise ValueSyntaxError(f"not a time: {text!r}; {error}") from error

    @classmethod
    def _part(cls, text: str) -> Self:
        m = _WHEN.fullmatch(text)
        if not m:
            raise ValueSyntaxError("expected 2024-01-02, 2024-07, 2024, 2024-07~, 2024-07/2024-09 or 2024-09/..")
        year, *rest = (int(number) for number in m["core"].split("-"))
        core = cls.day(date(year, *rest)) if len(rest) == 2 else cls.month(year, *rest) if rest else cls.year(year)
        return core.widened() if m["about"] else core

    def widened(self) -> Self:
        """The same day, month or year with `~`; raises ValueSyntaxError for other times, and at the calendar's ends."""
        if self.first is None or self.last is None or self.precision not in _UNITS:
            raise ValueSyntaxError(f"only a day, a month or a year can be approximate, not {self}")
        margin = timedelta(_UNITS[self.precision][1])
        try:
            return type(self)(self.first - margin, self.last + margin, about=True)
        except OverflowError as error:
            raise ValueSyntaxError(f"{self}~ reaches beyond the calendar") from error

    def _core(self) -> When | None:
        """The day, month or year whose `~` is just these days. The widths of the three do not overlap: at most one."""
        if self.first is None or self.last is None:
            return None
        for unit, (_, days) in _UNITS.items():
            if (self.last - self.first).days >= 2 * days:
                core = When(self.first + timedelta(days), self.last - timedelta(days))
                if core.precision == unit:
                    return core
        return None

    def _ends(self) -> tuple[Precision, str, str]:
        """The coarsest unit that both sides fill whole, and how the sides print in it."""
        after = None if self.last is None or self.last == date.max else self.last + timedelta(1)
        starts = [day for day in (self.first, after) if day is not None]
        unit, size = next((u, n) for u, (n, _) in _UNITS.items() if all(_starts(day, n) for day in starts))
        start, end = (".." if day is None else day.isoformat()[:size] for day in (self.first, self.last))
        return unit, start, end

    @property
    def precision(self) -> Precision:
        """What the days are: one day, a whole month or year of the calendar, another interval, or open on a side.

        A widened day, month or year is an interval, as its days are.
        """
        if self.first is None or self.last is None:
            return "open"
        unit, start, end = self._ends()
        return unit if start == end else "interval"

    @property
    def days(self) -> int | None:
        """How many days are possible; None where a side is open."""
        return None if self.first is None or self.last is None else (self.last - self.first).days + 1

    def allows(self, point: date) -> bool:
        """May it be this day?"""
        return (self.first is None or self.first <= point) and (self.last is None or point <= self.last)

    def meet(self, other: Value) -> When | None:
        """The days that both allow; they print with `~` where an operand that is just these days does."""
        if not isinstance(other, When):
            return None
        first = max((when.first for when in (self, other) if when.first is not None), default=None)
        last = min((when.last for when in (self, other) if when.last is not None), default=None)
        if first is not None and last is not None and first > last:
            return None
        same = [when for when in (self, other) if (when.first, when.last) == (first, last)]
        return max(same, key=lambda when: when.about) if same else When(first, last)

    def __str__(self) -> str:
        core = self._core() if self.about else None
        if core is not None:
            return f"{core}~"
        _, start, end = self._ends()
        return start if start == end != ".." else f"{start}/{end}"


def _starts(day: date, length: int) -> bool:
    """Is it the first day of the unit that prints in this many characters?"""
    return day.isoformat()[length:] == "-01-01"[length - 4 :]


@final
@dataclass(frozen=True, slots=True)
class Word(_Constraint):
    """A word, or a few, that stands for itself (`ambassadors`); never empty, nor blank at an end."""

    text: str

    def __post_init__(self) -> None:
        if not self.text or self.text != self.text.strip():
            raise ValueSyntaxError(f"not a word: {self.text!r}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Takes the text as it is."""
        return cls(text)

    def allows(self, point: str) -> bool:
        """Is it this very text?"""
        return point == self.text

    def meet(self, other: Value) -> Word | None:
        """The word itself where both are equal."""
        return self if self == other else None

    def __str__(self) -> str:
        return self.text


Value: TypeAlias = Actor | Item | Count | Amount | When | Word


def agree(a: Value, b: Value) -> bool:
    """Can both be true? Values of different types never agree."""
    return a.agrees(b)


def meet(a: Value, b: Value) -> Value | None:
    """What both together say; None where they contradict each other or are of different types."""
    return a.meet(b)


def slug(name: str) -> str:
    """A name as the last part of an id: lower case, without accents, first and last name joined by hyphens.

    >>> slug("Édouard d’Été")
    'edouard-d-ete'
    """
    spaced = re.sub(r"[’'-]", " ", name)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "unknown"


def several(values: Iterable[Value]) -> bool:
    """Are they more than one state or body, or is one several itself, as an organisation and a group are?"""
    names = {str(value) for value in values}
    return len(names) > 1 or any(name.startswith(("org:", "group:")) for name in names)
