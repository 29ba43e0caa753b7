"""Counts and sums of money in a text, with their bounds: "up to 1,000", "5,5 milliards de dollars", "dozens of"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from recoupe.codebook.lexicon import Numbers
from recoupe.codebook.patterns import either
from recoupe.model import Span
from recoupe.values import Amount, Count

_MONEY_SCALE = Fraction(10**6)  # a bare number of this size soon after a sum is a sum too ...
_TOO_MANY = Fraction(10**15)  # nothing that is counted or paid comes to this
_GROUPS = re.compile(r"\d{1,3}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,})")
_CARRY = 120  # ... within so many characters, about a clause


@dataclass(frozen=True, slots=True)
class FoundCount:
    """A count and where it stands; `words` is its whole extent, with the words that make it a bound."""

    span: Span
    count: Count


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """A sum of money. `same` marks one that only repeats the sum before it in another currency."""

    span: Span
    amount: Amount
    note: str


class NumberFinder:
    """Finds numbers by the rules of one language."""

    def __init__(self, numbers: Numbers, currencies: Mapping[str, str], symbols: Mapping[str, str]) -> None:
        self._numbers = numbers
        self._currencies = {k.lower(): v for k, v in currencies.items()}
        self._symbols = symbols
        thousands = "".join(map(re.escape, numbers.thousands))
        decimal = re.escape(numbers.decimal)
        # A run of more digits is a number of a parcel or a telephone; more words in a row count down.
        # A mark before the last one or two digits is decimal everywhere, and one before two groups of three nowhere.
        part = rf"(?:{decimal}\d{{1,6}}|[.,]\d{{1,2}}(?![\d,.]*\d))?"
        groups = r"\d{1,3}(?:(?:\.\d{3}){2,4}|(?:,\d{3}){2,4})(?![\d.,]*\d)"
        digits = rf"{groups}|\d{{1,3}}(?:[{thousands}]\d{{3}}){{1,5}}(?!\d){part}|\d{{1,15}}(?!\d){part}"
        word = either(numbers.words)
        words = rf"{word}(?:(?:\s{either(numbers.joiners)}\s|[\s-]){word}){{0,8}}"
        scale = either(s for s in numbers.scales if len(s) > 2)
        short = either(s for s in numbers.scales if len(s) <= 2)
        of = either(numbers.of)
        name = either(currencies)
        sign = "|".join(re.escape(s) for s in sorted(symbols, key=len, reverse=True))
        vague = either(numbers.vague)
        number = rf"(?:(?P<vague>{vague})|(?P<digits>{digits})|(?P<words>{words}))(?P<scale>(?:[\s-]?{scale}\b)+)?"
        before = rf"(?:(?P<before>{_bounds(numbers)})\s?)?"
        money_tail = (
            rf"(?:(?P<short>\s?{short})(?![\w]))?(?:[\s-]?(?:{of}\s?)?(?P<name>{name})\b|\s?(?P<sign>{sign})(?!\w))"
            rf"(?P<late>\s{scale}\b)?"
        )
        self._after = re.compile(rf"\s(?P<after>{either(numbers.after)})\b", re.I)
        self._money_first = re.compile(
            rf"(?<![\w]){before}(?P<sign>{sign})\s?(?P<digits>{digits})(?P<scale>(?:[\s-]?{scale}\b)+)?(?P<short>\s?{short}(?!\w))?",
            re.I,
        )
        self._money_last = re.compile(rf"(?<![\w.,-]){before}{number}{money_tail}", re.I)
        self._plain = re.compile(rf"(?<![\w.,-])(?<!\w['-]){before}{number}(?!\w)", re.I)
        self.figure = rf"(?:(?:{_bounds(numbers)})\s?)?(?:{digits})"  # of a number in digits, with what bounds it
        self._units = re.compile(rf"[\s-]?{either(numbers.units)}(?!\w)", re.I)
        self._ranges = [self._range(p, rf"(?:{digits}|{words})", scale) for p in numbers.ranges]
        self._money_head = re.compile(rf"(?P<sign>{sign})\s?\Z")
        self._money_tail = re.compile(
            rf"(?:\s?(?P<short>{short})(?!\w))?(?:[\s-]?(?:{of}\s?)?(?P<name>{name})\b|\s?(?P<sign>{sign})(?!\w))", re.I
        )
        self._articles = frozenset(w.lower() for w in numbers.single)
        # sums and counts are looked for in one text, one after the other, and both among all its numbers
        self._ranges_in = lru_cache(maxsize=1)(lambda text: [m for p in self._ranges for m in p.finditer(text)])
        self._plain_in = lru_cache(maxsize=1)(lambda text: list(self._plain.finditer(text)))

    def _range(self, pattern: str, figure: str, scale: str) -> re.Pattern[str]:
        parts = re.split(r"(\{[ab]\})", pattern)
        built = "".join(
            rf"(?P<{p[1]}>{figure})(?P<s{p[1]}>(?:[\s-]?{scale}\b)?)"
            if p in ("{a}", "{b}")
            else re.escape(p).replace(r"\ ", r"\s").replace(r"\-", "[-–—]")
            for p in parts
        )
        return re.compile(rf"(?<![\w.,-]){built}(?![\w%])", re.I)

    def _between(self, m: re.Match[str]) -> Count | None:
        """The count of a range; None where its ends are out of order, or years."""
        low, high = self._value(m["a"], m["sa"] or m["sb"]), self._value(m["b"], m["sb"])
        return Count.between(low, high) if low < high < _TOO_MANY and not _years(m["a"], m["b"]) else None

    def _value(self, figure: str, scale: str | None) -> Fraction:
        return self._figure(figure, scale) if figure[:1].isdigit() else self._spelled(figure, scale or "")

    def written(self, words: str) -> Count | None:
        """The number that just these words write, with their bound; None where they write none."""
        m = self._plain.fullmatch(words)
        return self._count(m) if m else None

    def amounts(self, text: str) -> list[FoundAmount]:
        """The sums in `text`, in order."""
        found = list(self._money_ranges(text))
        for pattern in (self._money_first, self._money_last):
            for m in pattern.finditer(text):
                currency = self._currency(m)
                count = self._count(m) if currency else None
                if currency and count and not any(f.span.touches(Span(m.start(), m.end())) for f in found):
                    found.append(self._with_after(text, m.start(), m.end(), Amount(count, currency)))
        found.sort(key=lambda f: f.span)
        return self._carried(text, [self._marked_same(text, found, i) for i in range(len(found))])

    def _money_ranges(self, text: str) -> Iterator[FoundAmount]:
        """Sums told as a range ("2 to 3 billion dollars")."""
        for m in self._ranges_in(text):
            head = self._money_head.search(text, max(0, m.start() - 5), m.start())
            tail = None if head else self._money_tail.match(text, m.end())
            beside = head or tail
            currency, count = (self._currency(beside), self._between(m)) if beside else (None, None)
            if currency and count:
                span = Span(head.start() if head else m.start(), tail.end() if tail else m.end())
                yield FoundAmount(span, Amount(count, currency), "")

    def _with_after(self, text: str, start: int, end: int, amount: Amount) -> FoundAmount:
        m = self._after.match(text, end)
        if m and not str(amount.count).startswith((">", "<", "~")):
            bound = self._numbers.after[m["after"].lower()]
            return FoundAmount(
                Span(start, m.end()), Amount(Count.parse(bound + str(amount.count)), amount.currency), ""
            )
        return FoundAmount(Span(start, end), amount, "")

    def _carried(self, text: str, found: list[FoundAmount]) -> list[FoundAmount]:
        """Adds numbers of money's size that stand alone after a sum ("against 1.7 billion so far"): the currency is the
        sum's.
        """
        out = list(found)
        for m in self._plain_in(text) if found else ():
            span = Span(m.start(), m.end())
            if not m["scale"] or m["vague"] or any(f.span.touches(span) for f in found):
                continue
            count = self._count(m)
            earlier = [
                f
                for f in out
                if f.note != "same"
                and 0 <= span.start - f.span.end <= _CARRY
                and "\n" not in text[f.span.end : span.start]
            ]
            if earlier and count and count.low >= _MONEY_SCALE and self._stands_alone(text[span.end :]):
                out.append(FoundAmount(span, Amount(count, earlier[-1].amount.currency), "currency of the sum before"))
        return sorted(out, key=lambda f: f.span)

    def _stands_alone(self, rest: str) -> bool:
        """Does a number count nothing that follows it?"""
        if re.match(rf"\s?{either(self._numbers.of)}\s?\w", rest):
            return False
        return bool(re.match(r"\s*(?:$|[.,;:)]|\w+'|(?!\w+s\b)\w+[\s.,;)])", rest))

    @staticmethod
    def _marked_same(text: str, found: Sequence[FoundAmount], i: int) -> FoundAmount:
        here = found[i]
        if (
            i
            and text[found[i - 1].span.end : here.span.start].strip() in ("(", "[")
            and here.amount.currency != found[i - 1].amount.currency
        ):
            return FoundAmount(here.span, here.amount, "same")
        return here

    def _currency(self, m: re.Match[str]) -> str | None:
        groups = m.groupdict()
        if groups.get("name"):
            return self._currencies.get(groups["name"].lower().replace("’", "'"))
        sign = groups.get("sign")
        return next(
            (
                iso
                for s, iso in self._symbols.items()
                if sign and s.lower() == sign.lower() and (s == sign or not s.isalpha())
            ),
            None,
        )

    def counts(self, text: str, taken: Sequence[Span]) -> list[FoundCount]:
        """The counts in `text` that no other mention has taken, in order."""
        found: list[FoundCount] = []
        starts = [t.start for t in taken]

        def free(span: Span) -> bool:
            i = bisect_right(starts, span.end)
            return not any(t.touches(span) for t in taken[max(0, i - 3) : i + 1]) and not any(
                f.span.touches(span) for f in found
            )

        for m in self._ranges_in(text):
            span, count = Span(m.start(), m.end()), self._between(m)
            if count and free(span) and not self._units.match(text, m.end()):
                found.append(FoundCount(span, count))
        for m in self._plain_in(text):
            span = Span(m.start(), m.end())
            if self._is_count(text, m) and free(span):
                count = self._count(m)
                if count:
                    found.append(self._count_with_after(text, FoundCount(span, count)))
        return sorted(found, key=lambda f: f.span)

    def _count_with_after(self, text: str, found: FoundCount) -> FoundCount:
        """A count with the bound told after it ("10 or more")."""
        m = self._after.match(text, found.span.end)
        if not m or found.count.low != found.count.high:
            return found
        bound = self._numbers.after[m["after"].lower().replace("’", "'")]
        return FoundCount(Span(found.span.start, m.end()), _bounded(found.count.low, bound))

    def _is_count(self, text: str, m: re.Match[str]) -> bool:
        core = m["digits"] or m["words"] or m["vague"]
        if self._units.match(text, m.end()):
            return False
        if m["words"] and core.lower() in self._articles and not m["before"] and not m["scale"]:
            return False
        return not (m["digits"] and re.match(r"[.,:/]\d|-\w|'", text[m.end() :]))

    def _figure(self, digits: str, scale: str | None) -> Fraction:
        if _GROUPS.fullmatch(digits):
            digits = re.sub(r"[.,]", "", digits)
        for mark in self._numbers.thousands:
            if mark != self._numbers.decimal:
                digits = re.sub(re.escape(mark) + r"(?=\d{3})", "", digits)
        value = Fraction(digits.replace(",", ".").strip())
        return value * self._scaled(scale or "")

    def _scaled(self, scale: str) -> Fraction:
        """What the words after a number multiply it by."""
        scales, value = self._numbers.scales, Fraction(1)
        for word in re.split(r"[\s-]+", scale.strip()):
            if word:
                value *= scales[word] if word in scales else scales[word.lower()]
        return value

    def _count(self, m: re.Match[str]) -> Count | None:
        groups = m.groupdict()
        scale = f"{groups.get('scale') or ''} {groups.get('short') or ''}"
        scale = scale if scale.strip() else groups.get("late") or ""  # "35 EUR million", as tables have it
        sign = self._numbers.before.get((groups.get("before") or "").lower().replace("’", "'"), "")
        if groups.get("vague"):
            written = self._numbers.vague[groups["vague"].lower().replace("’", "'")]
            count = Count.parse(written)
            if scale.strip():
                return None
            middle = count.low if count.high is None else (count.low + count.high) / 2
            return _bounded(middle, sign) if sign else count
        value = self._figure(groups["digits"], scale) if groups.get("digits") else self._spelled(groups["words"], scale)
        return _bounded(value, sign) if value < _TOO_MANY else None

    def _spelled(self, words: str, scale: str) -> Fraction:
        """A number in words: hundreds and thousands multiply what stands before them, the rest adds up."""
        total = current = Fraction(0)
        left = words.lower().replace("’", "'")
        forms = sorted(self._numbers.words, key=len, reverse=True)
        while left:
            form = next((f for f in forms if left.startswith(f)), None)
            if form is None:
                left = left[1:]
                continue
            value = self._numbers.words[form]
            if value in (100, 1000):
                current = max(current, Fraction(1)) * value
                if value == 1000:
                    total, current = total + current, Fraction(0)
            else:
                current += value
            left = left[len(form) :]
        value = total + current
        return value * self._scaled(scale)


def _bounds(numbers: Numbers) -> str:
    """The words that make a number a bound; not where they belong to a verb before them ("handed over 12 vehicles")."""
    plain = either(word for word in numbers.before if word not in numbers.particles)
    verbs = {word: "".join(rf"(?<!\b{re.escape(v)}\s)" for v in found) for word, found in numbers.particles.items()}
    return "|".join([plain, *(behind + re.escape(word) for word, behind in verbs.items())])


def _years(a: str, b: str) -> bool:
    """Two figures that a text would write so only for years."""
    return bool(re.fullmatch(r"(?:19|20)\d\d", a) and re.fullmatch(r"(?:19|20)\d\d", b))


def _bounded(value: Fraction, sign: str) -> Count:
    make = {"~": Count.around, ">=": Count.at_least, "<=": Count.at_most}.get(sign, Count.exactly)
    return make(value)
