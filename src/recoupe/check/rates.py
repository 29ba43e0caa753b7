"""Is a sum in one currency the same sum in another? The European Central Bank's daily reference rates say.

The rates come with the package `currencyconverter` and need no network.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from currency_converter import CurrencyConverter

from recoupe.values import Amount, Count

# Reports take the rate of the contract's, the statement's or the printing day, and round. From 2021 to 2025 the euro
# moved by at most 9 % within 31 days against USD, GBP, PLN, SEK, NOK, CZK, CHF and CAD (from the same ECB rates).
BAND = 0.10


@lru_cache(maxsize=1)
def _converter() -> CurrencyConverter:
    return CurrencyConverter(fallback_on_wrong_date=True, fallback_on_missing_rate=True)


@lru_cache(maxsize=4096)
def rate(source: str, target: str, day: date) -> float | None:
    """Units of `target` for one of `source` on a day (or the nearest with a rate); None where the ECB gives none."""
    converter = _converter()
    if source not in converter.currencies or target not in converter.currencies:
        return None
    return float(converter.convert(1, source, target, date=day))


def same_sum(a: Amount, b: Amount, day: date | None) -> bool | None:
    """Can two amounts be one sum? In one currency: do they agree; else: do they overlap within the band of the rate.

    None where that cannot be said: no day is known, or the ECB has no rate.
    """
    if a.currency == b.currency:
        return a.agrees(b)
    if day is None:
        return None
    if (found := rate(*sorted((a.currency, b.currency)), day)) is None:
        return None
    low, high = sorted((a, b), key=lambda amount: amount.currency)
    return _overlap(low.count, high.count, found)


def _overlap(source: Count, target: Count, factor: float) -> bool:
    """Do the two overlap when the first is multiplied by `factor`, give or take the band?"""
    under = source.high is None or float(source.high) * factor * (1 + BAND) >= float(target.low)
    over = target.high is None or float(source.low) * factor * (1 - BAND) <= float(target.high)
    return under and over
