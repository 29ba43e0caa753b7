"""The time words of a language (`<lang>/times.yaml`).

Names of months and days come from the CLDR (by babel); the codebook adds abbreviations and all other words. `atoms` are
phrases over the text, `frames` are phrases around time expressions already found ("since {point}").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast, get_args

from babel import Locale, UnknownLocaleError

from recoupe.codebook.files import Files, Node
from recoupe.codebook.timephrases import AFTER, ANY, BEFORE, DIGITS, Index, Phrase, Slot, compile_phrase, heads_of
from recoupe.times import DayPart, Direction, Part, Unit

# What stands for a found expression while the frames are matched, one private-use character each.
DATED, YEAR, MONTH, RELATIVE, EVENT = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
# What is a time expression but no time that anything could be placed at: no frame takes it.
PLAIN = "\ue005"
# A time counted from one that was told before, or from an event named after it.
SEQUEL = "\ue006"
# One that is counted from what is named after it ("the day after ..."): never from a date told before.
NAMED = "\ue007"
_FRAME_SLOTS = {
    "point": DATED + YEAR + MONTH + RELATIVE + SEQUEL + NAMED,
    "date": DATED + YEAR + MONTH,
    "dated": DATED,
    "relative": RELATIVE,
    "loose_year": YEAR,
    "loose_month": MONTH,
    "event": EVENT,
    "sequel": SEQUEL,
    "named": NAMED,
}
ATOMS = (
    "none", "date", "days", "weekdays", "years", "span", "shift", "over", "loose_year", "loose_month", "clock",
    "duration", "set", "vague",
)  # fmt: skip
FRAMES = ("same", "range", "since", "until", "by", "from", "before", "after", "week_of", "anchored")
_DIGIT_SLOTS = {
    "day": r"(?:0?[1-9]|[12]\d|3[01])",
    "high_day": r"(?:1[3-9]|2\d|3[01])",
    "number_month": r"(?:0?[1-9]|1[0-2])",
    "year": r"(?:19|20)\d\d",
    "year2": r"(?:(?:19|20)\d\d|\d\d)",
    "old_year": r"1[5-8]\d\d",
    "short_year": r"['’ʼ]?\d\d",
    # "The 1800s" is a century.
    "decade": r"(?:1[5-8][1-9]|(?:19|20)?\d)0",
    "hhmm": r"(?:[01]\d|2[0-3])[0-5]\d",
}
SHORT = ("second", "minute", "hour", "day")
_CLOCK = r"(?:[01]?\d|2[0-3])\s?(?:[:h.]\s?[0-5]\d(?:[:.][0-5]\d)?|h)?"
_HOURS_H = r"(?:[01]?\d|2[0-3])\s?h(?:\s?[0-5]\d)?(?!\w)"
_COLON = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])"
# Where what is said ends, so that a number is not one of things that follow.
# The time of ISO 8601 after its day, with its zone, which is passed over.
_ISO_TIME = r"T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?:Z|[+-][01]\d:?[0-5]\d)?"
_STOP = r"(?=\s*(?:[,.;:!?()»”\"–—]|\Z))"
# Meanings that count in a unit, and the slots that say it (of a set, its day or month).
_MEASURED = ("span", "shift", "over", "duration", "set")
_WITH_UNIT = re.compile(r"\?P<(?:(?:long_)?unit|units|weekdays?|season|month|daypart)__")
_WITH_HOUR = re.compile(r"\?P<(?:hhmm|clock|hours_h|hour_word|colon|daypart)__")
_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN = [tens + ones for tens in ("", "X", "XX") for ones in _ONES if tens + ones]
_NUMBER = frozenset({(DIGITS,)})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a rule makes of its words, apart from what stands in its slots."""

    do: str
    unit: Unit | None = None
    shift: int = 0
    low: int | None = None
    high: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    direction: Direction | None = None
    part: Part | None = None
    strict: bool = False
    deictic: bool = False
    about: bool = False
    sequel: bool = False
    named: bool = False
    this_year: bool = False
    fresh: bool = False
    half: bool = False
    plain: bool = False
    daypart: DayPart | None = None


@dataclass(frozen=True, slots=True)
class TimeRule:
    """What a rule of the codebook is called and means; it has one phrase or more."""

    id: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Number:
    """A number word: from `low` to `high` (None where the word leaves it open)."""

    low: int
    high: int | None
    about: bool = False


@dataclass(frozen=True, slots=True)
class Feast:
    """A day that has a name: one of each year, so many days from Easter, or the nth day of the week of a month."""

    month: int | None = None
    day: int | None = None
    easter: int | None = None
    nth: int | None = None
    weekday: int | None = None


@dataclass(frozen=True)
class TimeWords:
    """The time words of one language.

    `atoms` and `frames` are its rules; `labels` the words before a page's dates (published, updated), before an office
    no longer held (former), of days that come back (again) and of pictures (caption); `told` what marks a sentence as
    past or future, or an event in it (DOUBTED) as doubted; `members` the phrases that say how many members a block has,
    in their slot `n`, each with the block.
    """

    lang: str
    months: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, tuple[Unit, bool]] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)
    tens: re.Pattern[str] | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    periods: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    shifts: Mapping[str, int] = field(default_factory=dict)
    dayparts: Mapping[str, DayPart] = field(default_factory=dict)
    halves: Mapping[str, str] = field(default_factory=dict)
    magnitudes: Mapping[str, int] = field(default_factory=dict)
    decades: Mapping[str, int] = field(default_factory=dict)
    outside: re.Pattern[str] | None = None
    atoms: Index[TimeRule] = field(default_factory=Index)
    frames: Index[TimeRule] = field(default_factory=Index)
    labels: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    told: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    members: Index[str] = field(default_factory=Index)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    feasts: Mapping[str, Feast] = field(default_factory=dict)

    def big(self, words: str) -> Decimal:
        """A number with thousands, with a fraction, or counted in millions; what stands before three digits parts
        thousands.
        """
        digits, _, word = " ".join(words.lower().split()).rpartition(" ")
        if word.lower() not in self.magnitudes:
            digits, word = " ".join((digits, word)).strip(), ""
        plain = re.sub(r"[,.\s](?=\d{3}(?!\d))", "", digits).replace(",", ".")
        return Decimal(plain) * self.magnitudes.get(word, 1)

    def number(self, words: str) -> Number | None:
        """The number that digits or number words say."""
        words = " ".join(words.lower().split())
        if words.isdecimal():
            return Number(int(words), int(words))
        if (found := self.numbers.get(words)) is not None:
            return found
        m = self.tens.fullmatch(words) if self.tens else None
        if m is None:
            return None
        value = self.numbers[m["tens"]].low + self.numbers[m["ones"]].low
        return Number(value, value)


DOUBTED = "\x00"  # stands for an event's words in a sentence
_LABELS = ("published", "updated", "former", "again", "caption")
_KEYS = (
    "capital", "months", "loose_months", "weekdays", "units", "numbers", "tens", "joins", "magnitudes", "decades",
    "vague", "parts", "seasons", "periods", "years", "dayparts", "halves", "day_suffixes", "ordinals",
    "ordinal_words", "feasts", "day_plural", "outside", "macros", "atoms", "frames", "labels", "told", "members",
)  # fmt: skip


def load_times(files: Files, lang: str) -> TimeWords:
    """Reads `<lang>/times.yaml`; mistakes are noted in `files`, and what is wrong is left out."""
    root = files.yaml(f"{lang}/times.yaml")
    keys = root.fields(*_KEYS, need=("units", "atoms"))
    try:
        locale = Locale.parse(lang)
    except (UnknownLocaleError, ValueError):
        root.mistake(f"the CLDR knows no language {lang!r}")
        return TimeWords(lang)
    return _Words(keys, lang, locale).load()


class _Words:
    """Gathers one language's names, then the slots that they fill, then the rules."""

    def __init__(self, keys: dict[str, Node], lang: str, locale: Locale) -> None:
        self.keys = keys
        self.lang = lang
        self.capital = keys["capital"].text("no") == "yes"
        self.long_units: tuple[str, ...] = ()
        wide = locale.months["format"]["wide"], locale.days["format"]["wide"]
        short = locale.months["format"]["abbreviated"], locale.days["format"]["abbreviated"]
        self.month_names = {name.lower(): number for number, name in wide[0].items()}
        self.day_names = {name.lower(): number for number, name in wide[1].items()}
        self.months = self._names("months", self.month_names, short[0], range(1, 13))
        self.weekdays = self._names("weekdays", self.day_names, short[1], range(7))

    def _names(self, key: str, wide: dict[str, int], short: Mapping[int, str], allowed: range) -> dict[str, int]:
        names = {**{name.rstrip(".").lower(): number for number, name in short.items()}, **wide}
        for number, node in self.keys[key].items():
            if not number.isdecimal() or int(number) not in allowed:
                node.mistake(f"expected a number from {allowed[0]} to {allowed[-1]}, found {number!r}")
                continue
            names.update({name.lower(): int(number) for name in node.texts()})
        return names

    def load(self) -> TimeWords:
        units = self._units()
        numbers, tens, number_slot = self._numbers()
        parts = self._choices("parts", get_args(Part))
        dayparts, halves = self._choices("dayparts", get_args(DayPart)), self._choices("halves", ("am", "pm"))
        decades = dict(self._integers("decades"))
        ordinals, feasts = dict(self._integers("ordinal_words")), self._feasts()
        seasons, periods, shifts = self._periods("seasons"), self._periods("periods"), self._shifts()
        slots = {
            **{name: Slot(regex, _NUMBER) for name, regex in _DIGIT_SLOTS.items()},
            **self._calendar_slots(),
            "n": number_slot,
            "n2": number_slot,
            "big": self._big(),
            "unit": _slot(units),
            "units": _slot(word for word, (_, many) in units.items() if many),
            "decade_word": _slot(decades),
            "century": self._century(),
            # Where a number stands by itself between commas or in brackets, as people's ages do.
            "apart": Slot(r"(?:(?<=[,(]\s)|(?<=\())", frozenset({()})),
            "apart_end": Slot(r"(?=\s?[,)])", frozenset({()})),
            "long_unit": _slot(self.long_units),
            "season": _slot(seasons),
            "part": _slot(parts),
            "period": _slot(periods),
            "which_year": _slot(shifts),
            "daypart": _slot(dayparts),
            "half": _slot(halves),
            "clock": Slot(_CLOCK, frozenset({(DIGITS,), (DIGITS, DIGITS), (DIGITS, "h")})),
            # Hours with their own mark ("14 h 30", "14h"): a number that can be nothing else.
            "hours_h": Slot(_HOURS_H, frozenset({(DIGITS, "h")})),
            "colon": Slot(_COLON, frozenset({(DIGITS, DIGITS)})),
            "stop": Slot(_STOP, frozenset({()})),
            "iso_time": Slot(_ISO_TIME, ANY),
            "hour_word": _slot(word for word, n in numbers.items() if n.low == n.high and n.low <= 24),
            "days": Slot(
                rf"{_DIGIT_SLOTS['day']}(?:\s?,\s?{_DIGIT_SLOTS['day']})+(?!\d)", frozenset({(DIGITS, DIGITS)})
            ),
            "nth": _slot(ordinals),
            "feast": _slot(feasts),
            "minutes": Slot(r"[0-5]\d(?!\d)", _NUMBER),
            "words": Slot(r"(?:[\w'’-]+ ){0,4}?[\w'’-]+", ANY),
            "word": Slot(r"[\w'’-]+", ANY),
        }
        labels = {
            name: re.compile(_label(node.texts()), re.IGNORECASE)
            for name, node in self.keys["labels"].fields(*_LABELS).items()
        }
        frame_slots = {name: Slot(f"[{chars}]", heads_of(chars)) for name, chars in _FRAME_SLOTS.items()}
        for name in ("point", "date", "dated"):
            frame_slots[name + "2"] = frame_slots[name]
        return TimeWords(
            self.lang, self.months, {**self.weekdays, **self._plurals()}, units, numbers, tens,
            cast("dict[str, Part]", parts), {**seasons, **periods}, shifts,
            cast("dict[str, DayPart]", dayparts), halves, dict(self._integers("magnitudes")), decades, self._outside(),
            self._rules("atoms", slots, ATOMS), self._rules("frames", {**slots, **frame_slots}, FRAMES), labels,
            self._told(), self._members(slots), ordinals, feasts,
        )  # fmt: skip

    def _outside(self) -> re.Pattern[str] | None:
        """The words that open a phrase and belong to no time expression by themselves ("in", "during")."""
        words = self.keys["outside"].texts()
        return re.compile(rf"(?:(?:{_either(words)})(?:(?<=['’ʼ])|\s+))+", re.IGNORECASE) if words else None

    def _told(self) -> dict[str, re.Pattern[str]]:
        """What marks a sentence as told in the past or future: regular expressions, any of which is enough."""
        found: dict[str, re.Pattern[str]] = {}
        for tense, node in self.keys["told"].fields("past", "future", "doubted").items():
            patterns = (p.replace("{event}", DOUBTED) for p in node.texts())
            try:
                found[tense] = re.compile("|".join(f"(?:{p})" for p in patterns) or r"(?!)", re.IGNORECASE)
            except re.error as error:
                node.mistake(f"not a regular expression: {error}")
        return found

    def _members(self, slots: dict[str, Slot]) -> Index[str]:
        found: list[tuple[Phrase, str]] = []
        for block, phrases in self.keys["members"].items():
            for node in phrases.list():
                try:
                    slot = compile_phrase(node.text(), slots)
                except ValueError as error:
                    node.mistake(str(error))
                    continue
                found.append((Phrase(BEFORE + slot.regex + r"(?!\w)", slot.heads), block))
        return Index(found)

    def _calendar_slots(self) -> dict[str, Slot]:
        suffixes = self.keys["day_suffixes"].texts()
        suffix = f"(?:{'|'.join(map(re.escape, suffixes))})?" if suffixes else ""
        day = Slot(_DIGIT_SLOTS["day"] + suffix + r"(?!\d)", _NUMBER | {(DIGITS, s) for s in suffixes})
        loose = {name.lower() for name in self.keys["loose_months"].texts()}
        firm = {name: n for name, n in self.month_names.items() if name not in loose}
        month = self._name_slot(self.months)
        weekday = self._name_slot(self.day_names)
        return {
            "day": day, "day2": day, "month": month, "month2": month, "weekday": weekday, "weekday2": weekday,
            "wd": self._name_slot(self.weekdays),
            "firm_month": self._name_slot(firm, lower=not self.capital),
            "loose_month": self._name_slot({name: n for name, n in self.month_names.items() if name in loose}),
            "weekdays": self._name_slot(self._plurals()),
        }  # fmt: skip

    def _name_slot(self, names: Mapping[str, int], lower: bool = False) -> Slot:
        """Names with a capital where the language writes one; abbreviations may have their dot."""
        forms: list[str] = []
        whole = {*self.month_names, *self.day_names, *self._plurals()}
        for name in sorted(names, key=len, reverse=True):
            dot = r"\.?" if name not in whole else ""
            written = [name] if lower else [name.capitalize(), name.upper()] if self.capital else []
            forms.append((f"(?-i:{'|'.join(map(re.escape, written))})" if written else re.escape(name)) + dot)
        return Slot(f"(?:{'|'.join(forms)})(?!\\w)", heads_of(names))

    def _plurals(self) -> dict[str, int]:
        """Days of the week that come back ("Mondays"), as far as the language marks them."""
        many = self.keys["day_plural"].text("")
        return {name + many: n for name, n in self.day_names.items()}

    def _units(self) -> dict[str, tuple[Unit, bool]]:
        """Unit words, each with whether it is, or may be, the plural."""
        found: dict[str, tuple[Unit, bool]] = {}
        for unit, node in self.keys["units"].items():
            if unit not in get_args(Unit):
                node.mistake(f"unknown unit {unit!r}; expected one of {', '.join(get_args(Unit))}")
                continue
            forms = node.fields("one", "many", need=("one", "many"))
            found.update({w: (cast("Unit", unit), False) for w in forms["one"].texts()})
            self.long_units += forms["one"].texts() if unit not in SHORT else ()
            found.update({w: (cast("Unit", unit), True) for w in forms["many"].texts()})
        return found

    def _numbers(self) -> tuple[dict[str, Number], re.Pattern[str] | None, Slot]:
        ones = {word: Number(n, n) for word, n in self._integers("numbers")}
        tens = {word: Number(n, n) for word, n in self._integers("tens")}
        vague = {}
        for word, node in self.keys["vague"].items():
            low, _, high = node.text().partition("..")
            if not low.isdecimal() or not (high == "" or high.isdecimal()):
                node.mistake(f"expected a number, or two with .. between, found {node.text()!r}")
                continue
            vague[word] = Number(int(low), int(high) if high else None, about=True)
        joins = "|".join(re.escape(j) for j in self.keys["joins"].texts() or ("-",))
        compound = rf"(?P<tens>{_either(tens)})(?:{joins})(?P<ones>{_either(ones)})" if tens and ones else None
        plain = re.sub(r"\?P<\w+>", "?:", compound) + "|" if compound else ""
        names = {**vague, **ones, **tens}
        regex = rf"(?:\d{{1,3}}|{plain}{_either(names)})(?!\w)"
        written = [f"{ten}{join}{one}" for ten in tens for join in self.keys["joins"].texts() or ("-",) for one in ones]
        heads = heads_of([*names, *written]) | _NUMBER
        return names, re.compile(compound) if compound else None, Slot(regex, heads)

    def _century(self) -> Slot:
        """The number of a century with what makes it an ordinal: 19th, XIXe."""
        ends = self.keys["day_suffixes"].texts() + self.keys["ordinals"].texts()
        heads = {(DIGITS, end) for end in ends} | {((roman + end).lower(),) for roman in _ROMAN for end in ends}
        return Slot(rf"(?:\d{{1,2}}|[IVX]+)\s?(?:{_either(ends)})(?!\w)", frozenset(heads) | heads_of(_ROMAN))

    def _big(self) -> Slot:
        """Numbers beyond those of `n`: with thousands, with a fraction, or counted in millions."""
        words = dict(self._integers("magnitudes"))
        many = rf"(?:\s(?:{_either(words)}))" if words else r"(?!)"
        large = (
            r"\d{1,3}(?:[,.\u00a0\u202f ]\d{3}){1,4}(?!\d)|\d+[.,]\d+|(?!(?:19|20)\d\d(?!\d))\d{4,}"  # a year is none
        )
        regex = rf"(?:(?:{large}){many}?|\d+{many})(?!\w)"
        return Slot(regex, _NUMBER | {(DIGITS, DIGITS)} | heads_of(f"1 {word}" for word in words))

    def _integers(self, key: str) -> list[tuple[str, int]]:
        return [(word, int(node.number(int, 0))) for word, node in self.keys[key].items()]

    def _choices(self, key: str, allowed: tuple[str, ...]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, node in self.keys[key].items():
            if name not in allowed:
                node.mistake(f"unknown key {name!r}; expected one of {', '.join(allowed)}")
            found.update({word: name for word in node.texts() if name in allowed})
        return found

    def _periods(self, section: str) -> dict[str, tuple[int, int]]:
        """Names of parts of the year: `first month + number of months`."""
        found: dict[str, tuple[int, int]] = {}
        for key, node in self.keys[section].items():
            m = re.fullmatch(r"(\d+)\+(\d+)", key)
            if m is None or not (1 <= int(m[1]) <= 12 and 1 <= int(m[2]) <= 12):
                node.mistake(f"expected a first month and a number of months, such as 4+3, found {key!r}")
                continue
            found.update({word: (int(m[1]), int(m[2])) for word in node.texts()})
        return found

    def _feasts(self) -> dict[str, Feast]:
        """Names of days, by their month and day (`12-25`), their days from Easter (`easter`, `easter+1`), or as the nth
        day of the week of a month (`11/4/3`: the fourth Thursday of November; `5/-1/0` the last Monday of May).
        """
        found: dict[str, Feast] = {}
        for key, node in self.keys["feasts"].items():
            feast = _feast(key)
            if feast is None:
                node.mistake(
                    f"expected a month and a day such as 12-25, easter, easter+1, or 11/4/3 (the fourth Thursday of "
                    f"November), found {key!r}"
                )
                continue
            found.update({word.lower(): feast for word in node.texts()})
        return found

    def _shifts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for key, node in self.keys["years"].items():
            if re.fullmatch(r"[+-]?\d", key) is None:
                node.mistake(f"expected how many years from the report's, such as -1, found {key!r}")
                continue
            found.update({word: int(key) for word in node.texts()})
        return found

    def _rules(self, key: str, slots: dict[str, Slot], allowed: tuple[str, ...]) -> Index[TimeRule]:
        macros = {name: f"({node.text()})" for name, node in self.keys["macros"].items()}
        found: list[tuple[Phrase, TimeRule]] = []
        for node in self.keys[key].list():
            meaning, say, name = _meaning(node, allowed)
            for phrase in say:
                text = phrase.text()
                for _ in range(3):  # macros may hold macros
                    text = re.sub(r"\{(\w+)\}", lambda m: macros.get(m[1], m[0]), text)
                try:
                    slot = compile_phrase(text, slots)
                except ValueError as error:
                    phrase.mistake(str(error))
                    continue
                if meaning.do in _MEASURED and meaning.unit is None and _WITH_UNIT.search(slot.regex) is None:
                    phrase.mistake(f"{phrase.text()!r} has no unit: set it, or use a slot that names one")
                if meaning.do == "clock" and meaning.hour is None and _WITH_HOUR.search(slot.regex) is None:
                    phrase.mistake(f"{phrase.text()!r} has no time of day: set hour, or use a slot that names one")
                found.append((Phrase(BEFORE + slot.regex + AFTER, slot.heads), TimeRule(name, meaning)))
        return Index(found)


_FEAST = re.compile(
    r"(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])|easter(?P<easter>[+-]\d+)?"
    r"|(?P<of>[1-9]|1[0-2])/(?P<nth>-1|[1-5])/(?P<weekday>[0-6])"
)


def _feast(key: str) -> Feast | None:
    m = _FEAST.fullmatch(key)
    if m is None:
        return None
    if m["of"]:
        return Feast(int(m["of"]), nth=int(m["nth"]), weekday=int(m["weekday"]))
    return Feast(int(m["month"]), int(m["day"])) if m["month"] else Feast(easter=int(m["easter"] or 0))


def _label(words: Iterable[str]) -> str:
    """Any of some words; one that ends in a hyphen is the first part of another."""
    forms = (re.escape(w) + ("" if w.endswith("-") else r"(?!\w)") for w in words)
    return rf"(?<!\w)(?:{'|'.join(forms) or '(?!)'})"


def _slot(names: Iterable[str]) -> Slot:
    names = list(names)
    return Slot(f"(?:{_either(names)})(?!\\w)", heads_of(names))


def _either(words: Iterable[str]) -> str:
    forms = (re.escape(w).replace("'", "['’ʼ]").replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True))
    return "|".join(forms) or r"(?!)"


_NUMBERS = ("shift", "low", "high", "month", "day", "hour")
_FLAGS = ("strict", "deictic", "about", "sequel", "named", "this_year", "fresh", "half", "plain")


def _meaning(node: Node, allowed: tuple[str, ...]) -> tuple[Meaning, list[Node], str]:
    need = ("id", "say", "means")
    keys = node.fields(*need, "unit", "direction", "part", "daypart", *_NUMBERS, *_FLAGS, need=need)
    if keys["means"].text() not in allowed:
        keys["means"].mistake(f"expected means to be one of {', '.join(allowed)}, found {keys['means'].text()!r}")
    words: dict[str, str | None] = {}
    for key, choice in (("unit", Unit), ("direction", Direction), ("part", Part), ("daypart", DayPart)):
        words[key] = keys[key].text() or None
        if words[key] is not None and words[key] not in get_args(choice):
            keys[key].mistake(f"expected {key} to be one of {', '.join(get_args(choice))}, found {words[key]!r}")
            words[key] = None
    numbers = {k: int(keys[k].number(int, 0)) for k in _NUMBERS if keys[k].node is not None}
    flags = {k: keys[k].text() == "yes" for k in _FLAGS}
    meaning = Meaning(
        do=keys["means"].text(),
        unit=cast("Unit | None", words["unit"]),
        direction=cast("Direction | None", words["direction"]),
        part=cast("Part | None", words["part"]),
        daypart=cast("DayPart | None", words["daypart"]),
        shift=numbers.get("shift", 0),
        low=numbers.get("low"),
        high=numbers.get("high"),
        month=numbers.get("month"),
        day=numbers.get("day"),
        hour=numbers.get("hour"),
        **flags,
    )
    return meaning, keys["say"].list(), keys["id"].text()
