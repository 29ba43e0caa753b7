"""A report as a sequence of signs that its language plays no part in: whom, what and where it names, numbers, days,
quotations, sentence by sentence. A translation keeps them, in their order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import log

from recoupe.codebook import Codebook
from recoupe.model import Mention, Reading, Span
from recoupe.sentences import split
from recoupe.times import TimeRef, resolve
from recoupe.values import Amount, Count, When

# How likely a report is to hold a sign that one of its sentences holds, by the sign's sort: mean shares of 145 reports
# in French and English, each sign counted as often as it stands, and two more reports that hold it to every fifty. They
# are not counted in the reports at hand: counted, they would change with every one that comes, and with them what is a
# translation. Numbers up to three and up to twelve are commoner.
COMMON: Mapping[str, float] = {
    "actor": 0.23, "item": 0.23, "person": 0.115, "place": 0.115, "number": 0.06, "few": 0.135, "two": 0.33,
    "weekday": 0.23, "day": 0.067, "time": 0.135, "name": 0.06, "quote": 0.52, "party": 0.66,
}  # fmt: skip
LONGEST = 200  # sentences: of a longer text the rest is not compared
_NAME = re.compile(r"(?<!\w)[^\W\d_][\w-]*")
_DIGITS = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[\s.,]\d{3})+(?!\d)|\d{1,15}(?!\w))")
_LETTERS = 4  # a shorter name that two languages write alike may be an article or a chance

Sign = tuple[str, str]
"""Its sort, a key of COMMON, and what it stands for."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Where a sentence stands, the signs that a translation should keep, and loose ones, which count only where both
    sides have them: names that it may write otherwise, dates that only the day of publication tells.
    """

    span: Span
    signs: frozenset[Sign]
    loose: frozenset[Sign]

    @property
    def every(self) -> frozenset[Sign]:
        """All signs."""
        return self.signs | self.loose


def sentences(reading: Reading) -> tuple[Sentence, ...]:
    """The sentences of a report with their signs, at most LONGEST of them."""
    spans = _spans(reading)[:LONGEST]
    firm: list[set[Sign]] = [set() for _ in spans]
    loose: list[set[Sign]] = [set() for _ in spans]
    covered = bytearray(len(reading.report.text))
    place = 0
    for mention in sorted(reading.mentions, key=lambda m: m.span):
        covered[mention.span.start : mention.span.end] = b"\1" * (mention.span.end - mention.span.start)
        while place < len(spans) and spans[place].end <= mention.span.start:
            place += 1
        if place < len(spans) and spans[place].start <= mention.span.start:
            kept, free = _signs(mention, reading.dating.by_itself)
            firm[place].update(kept)
            loose[place].update(free)
    for i, span in enumerate(spans):
        firm[i] |= _digits(reading.report.text, span, covered)
        loose[i] |= _names(reading.report.text, span, covered)
        if any(span.start <= part.start < span.end for quote in reading.quotes for part in quote.parts[:1]):
            firm[i].add(("quote", ""))
    found = zip(spans, firm, loose, strict=True)
    return tuple(Sentence(span, frozenset(f), frozenset(n - f)) for span, f, n in found)


def _spans(reading: Reading) -> list[Span]:
    """The sentences of the lead and body: titles and crossheads are the editors' own."""
    text, spans = reading.report.text, list[Span]()
    for block in reading.report.blocks:
        if block.role in ("title", "crosshead"):
            continue
        spans += split(text, block.span)
    return sorted(spans)


_Signs = tuple[Sign, ...]


def _signs(mention: Mention, published: When | None) -> tuple[_Signs, _Signs]:
    """What a mention stands for, firm and loose. A word that points back is no sign, and people are loose ones:
    translators write a name, an office or a pronoun for each other, and names not as the original does.
    """
    value = mention.value
    if isinstance(value, TimeRef):
        return _time(value, published)
    if mention.note == "coreference" or mention.type not in (*COMMON, "count", "amount"):
        return (), ()
    if isinstance(value, Amount | Count):
        return (_number(_figure(value.count if isinstance(value, Amount) else value)),), ()
    sign = (mention.type, str(value))
    return ((), (sign,)) if mention.type == "person" else ((sign,), ())


def _figure(count: Count) -> str:
    """The number that was written, whether "about", "at least" or "up to" stood before it: translators move these."""
    if count.high is None:
        return str(count.low)
    return str((count.low + count.high) / 2 if count.low or not count.high else count.high)


def _number(figure: str) -> Sign:
    """A number, whatever it counts: of two languages one may leave the currency of a second sum to be understood."""
    value = Fraction(figure)
    return ("two" if value <= 3 else "few" if value <= 12 else "number"), figure


def _time(ref: TimeRef, published: When | None) -> tuple[_Signs, _Signs]:
    """What the words say of a day, its weekday or its date; loose, the other where the day of publication tells it.

    "Yesterday" says its weekday where it can be told, for "on Tuesday" may be the same.
    """
    when = None if ref.kind in ("sequel", "over") else resolve(ref, published)
    one = when.first if when is not None and when.first == when.last else None
    if ref.kind == "date" and ref.month and ref.day:
        weekday = () if one is None else (("weekday", str(one.weekday())),)
        return (("day", f"{ref.month}-{ref.day}"),), weekday
    if ref.bare_weekday or one is not None:
        weekday = (("weekday", str(ref.weekday if one is None else one.weekday())),)
        return weekday, () if one is None else (("day", f"{one.month}-{one.day}"),)
    said = (ref.kind, ref.year, ref.month, ref.months, ref.unit, ref.shift, ref.low, ref.high)
    return (("time", ":".join("" if x is None else str(x) for x in said)),), ()


def _digits(text: str, span: Span, covered: bytearray) -> set[Sign]:
    """Numbers in digits that nothing else was found in: calibres, hours, shares of a hundred."""
    found = _DIGITS.finditer(text, span.start, span.end)
    return {_number(re.sub(r"\D", "", m.group())) for m in found if not covered[m.start()]}


def _names(text: str, span: Span, covered: bytearray) -> set[Sign]:
    """Words with a capital inside the sentence, without accents, that nothing else was found in."""
    words = list(_NAME.finditer(text, span.start, span.end))[1:]
    return {
        ("name", plain)
        for m in words
        if m.group()[0].isupper() and not covered[m.start()] and len(plain := _plain(m.group())) >= _LETTERS
    }


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def rarity(texts: Iterable[tuple[Sentence, ...]], codebook: Codebook) -> Mapping[Sign, float]:
    """How much each sign tells, in nats: minus the log of the share of reports that hold one of its sort (Spärck Jones
    1972 for the log).
    """
    nats = {sort: -log(share) for sort, share in COMMON.items()}
    signs = {sign for text in texts for sentence in text for sign in sentence.every}
    return {sign: nats["party" if sign[1] in codebook.opponents else sign[0]] for sign in signs}
