"""What the interface says, and how values, days and numbers are written, in the reader's language.

Words of the interface are in `words/LANG.yaml`; names of kinds, roles, actors, items and places are the codebook's
(`Codebook.labels`); all else is CLDR's, by babel.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_interval
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.plural import to_python

from recoupe.codebook import Codebook
from recoupe.codebook.labels import Labels
from recoupe.errors import ValueSyntaxError
from recoupe.values import Amount, Count, When

_FOLDER = Path(__file__).parent / "words"
LANGUAGES = tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))
"""The languages that the interface speaks."""
_LOCALES = {"en": ("en_GB", "en_US"), "fr": ("fr_FR", "fr_CA")}
_LARGE = 1_000_000  # numbers from here on are written with a word for their size
_SIZES = (_LARGE, _LARGE * 10**3, _LARGE * 10**6)
_DIGITS = 2
_KEPT = 20_000  # things said that are kept
F = TypeVar("F", bound=Callable[..., str])
S = TypeVar("S", bound=str)


@lru_cache
def _words(lang: str) -> Mapping[str, Any]:
    """The words of a language by their dotted keys; those that go by number are mappings of CLDR's categories."""
    files = (_FOLDER / f"{lang}.yaml", *sorted(_FOLDER.glob(f"*/{lang}.yaml")))
    return dict(pair for file in files for pair in _flat(yaml.safe_load(file.read_text(encoding="utf-8"))))


def _flat(node: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in node.items():
        if isinstance(value, dict) and "other" not in value:
            found += _flat(value, f"{before}{key}.")
        else:
            found.append((f"{before}{key}", value))
    return found


def own_name(lang: str) -> str:
    """What a language calls itself."""
    return str(_words(lang)["language"])


def language_of(header: str) -> str:
    """The locale for a browser's `Accept-Language`: the first that is asked for and spoken, else British English.

    >>> language_of("de, fr-CH;q=0.9, en;q=0.8"), language_of("en-US,en;q=0.5"), language_of("")
    ('fr_FR', 'en_US', 'en_GB')
    """
    asked: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            asked.append((float(quality or 1), tag.strip().replace("-", "_")))
        except ValueError:
            continue
    wanted = [tag for _, tag in sorted(asked, key=lambda a: -a[0])]
    for tag in wanted:
        spoken = _LOCALES.get(tag.split("_")[0].lower())
        if spoken is not None:
            return negotiate_locale([tag], spoken) or spoken[0]
    return _LOCALES["en"][0]


def locale_of(lang: str) -> str | None:
    """The first locale of a language; None where it is not spoken here."""
    return _LOCALES[lang][0] if lang in _LOCALES else None


def _once(say: F) -> F:
    """A method whose answers are kept: the values of a page are mostly those of others too, and CLDR takes its time."""

    @wraps(say)
    def kept(self: Wording, *args: Hashable, **more: Hashable) -> str:
        return self.once((say, *args, *more.items()), lambda: say(self, *args, **more))

    return cast(F, kept)


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said to a reader of one locale about values of one codebook. All methods give plain text."""

    locale: Locale
    codebook: Codebook
    _labels: Labels
    _untold: frozenset[str]
    _plural: Callable[[int], str]
    _told: dict[Hashable, str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, locale: str, codebook: Codebook) -> Wording:
        """For a locale such as `fr_FR`."""
        parsed = Locale.parse(locale)
        untold = frozenset(role for kind in codebook.kinds.values() for role in kind.untold.values())
        labels = codebook.labels.get(str(parsed.language)) or Labels()
        return cls(parsed, codebook, labels, untold, to_python(parsed.plural_form))

    def once(self, key: Hashable, make: Callable[[], S]) -> S:
        """What `make` says in this reader's words; it is kept under the key, and not made again."""
        told = self._told.get(key)
        if told is None:
            if len(self._told) >= _KEPT:
                self._told.clear()
            told = self._told[key] = make()
        return cast(S, told)

    @property
    def lang(self) -> str:
        """The language alone."""
        return str(self.locale.language)

    # The interface

    def t(self, key: str, n: int | None = None, **values: object) -> str:
        """The words of a key, with values in their places; with `n`, those that go with that number.

        Raises KeyError for a key that there is none of.
        """
        words = _words(self.lang)[key]
        if isinstance(words, dict):
            form = self._plural(n or 0)
            words = words.get(form, words["other"])
        if n is not None:
            values["n"] = self.number(n)
        return words.format(**values) if values else str(words)

    def has(self, key: str) -> bool:
        """Are there words for a key?"""
        return key in _words(self.lang)

    # Numbers and days

    @_once
    def number(self, value: float) -> str:
        """A number with the separators of the language; from a million on with a word for its size."""
        if abs(value) >= _LARGE:
            return self._large(value)
        return str(format_decimal(value, locale=self.locale))

    def _large(self, value: float) -> str:
        """A number with the word for its size. (Babel's own compact format takes the plural of another number.)"""
        by_form = self.locale.compact_decimal_formats["long"]
        size = max(size for size in _SIZES if size <= abs(value) or size == _LARGE)
        scaled = round(value / size, _DIGITS)
        words = by_form.get(self.locale.plural_form(scaled), by_form["other"])[str(size)].pattern
        return str(words.replace("0", str(format_decimal(scaled, locale=self.locale))))

    def share(self, value: float) -> str:
        """A share of one, in per cent."""
        return str(format_percent(value, locale=self.locale))

    @_once
    def day(self, day: date | str) -> str:
        """A day, such as `2 Jan 2024`."""
        return str(format_date(_day(day), "medium", locale=self.locale))

    def moment(self, at: str) -> str:
        """A time in ISO 8601, in UTC, to the minute."""
        return f"{format_datetime(datetime.fromisoformat(at), 'medium', locale=self.locale)} UTC"

    @_once
    def when(self, notation: str | None) -> str:
        """A time in the manual's notation."""
        if not notation:
            return self.t("time.none")
        try:
            return self._when(When.parse(notation), notation)
        except ValueSyntaxError:
            return notation

    def _when(self, when: When, notation: str) -> str:
        if notation.endswith("~") and "/" not in notation:
            core = When.parse(notation.removesuffix("~"))
            return self.t("time.about", when=self._when(core, str(core)))
        first, last = when.first, when.last
        if first is None or last is None:
            if last is not None:
                return self.t("time.until", when=self.day(last))
            return self.t("time.from", when=self.day(first)) if first is not None else self.t("time.none")
        if when.precision == "day":
            return self.day(first)
        if when.precision == "month":
            return str(format_date(first, "LLLL yyyy", locale=self.locale))
        if when.precision == "year":
            return str(first.year)
        return str(format_interval(first, last, "yMMMd", locale=self.locale))

    # Values

    def kind(self, name: str) -> str:
        """A kind of claim."""
        return self._labels.kinds.get(name) or _spaced(name)

    def role(self, name: str) -> str:
        """A role, or another field of an entry."""
        if name in ("kind", "status", "time", "attribution"):
            return self.t(f"field.{name}")
        return self._labels.roles.get(name) or _spaced(name)

    def chain(self, words: str) -> str:
        """What the codebook's chains say of a step."""
        return self._labels.chains.get(words, words)

    def status(self, name: str) -> str:
        """How far an act has come."""
        return self.t(f"status.{name}")

    @_once
    def value(self, text: str, type_: str | None = None) -> str:
        """A value in the manual's notation, in words; `type_` is that of its role, where it is known."""
        make = {"count": self._count, "amount": self._amount}.get(type_ or "")
        try:
            if make is not None:
                return make(text)
        except ValueSyntaxError:
            return text
        if type_ == "level":
            return self._labels.levels.get(text, text)
        if type_ == "free":
            return text
        # A side of a contradiction that nobody tells, and that another role's values are meant for.
        return self.t("same_as", role=self.role(text)) if text in self._untold else self.name(text)

    def values(self, texts: Sequence[str], type_: str | None = None, clash: bool = False) -> str:
        """Several values side by side; `clash`: of which no two can be true."""
        told = [self.value(text, type_) for text in texts]
        return " ≠ ".join(told) if clash else self.listed(told)

    def listed(self, told: Sequence[str]) -> str:
        """Things in a row, as the language has it."""
        return str(format_list(list(told), locale=self.locale)) if told else ""

    def name(self, id_: str) -> str:
        """What an actor, place, item or outlet is called."""
        if "|" in id_:
            return str(format_list([self.name(part.strip()) for part in id_.split("|")], "or", locale=self.locale))
        sort, colon, own = id_.partition(":")
        if colon and sort in ("unnamed", "other"):
            return self.t("quoted", words=own.replace("-", " "))
        labels, names = self._labels.names, self.codebook.names
        if id_ in labels and sort != "country":
            return labels[id_]
        if id_ in names.outlets:
            return names.outlets[id_].name
        if sort == "country":
            return str(self.locale.territories.get(own, own))
        known = names.people.get(id_) or names.organisations.get(id_)
        if known is not None:
            return known.name
        return _spaced(own) if colon and sort in ("org", "group", "person", "place") else id_

    def _count(self, text: str) -> str:
        return self._bounded(Count.parse(text), text, "{}")

    def _amount(self, text: str) -> str:
        amount = Amount.parse(text)
        return self._bounded(amount.count, text, "{} " + amount.currency)

    def _bounded(self, count: Count, text: str, form: str) -> str:
        def told(number: Any) -> str:
            return form.format(self.number(float(number) if number != int(number) else int(number)))

        if count.high is None:
            return self.t("count.at_least", number=told(count.low))
        if count.about and text.startswith("~"):
            return self.t("count.about", number=told((count.low + count.high) / 2))
        if count.low == count.high:
            return told(count.low)
        if count.low == 0:
            return self.t("count.at_most", number=told(count.high))
        return self.t("count.between", low=self.number(float(count.low)), high=told(count.high))


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def _day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
