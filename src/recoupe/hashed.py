"""Numbers for words, the same in every process, and as databases have them: from 0 to less than 2 ** 63."""

from __future__ import annotations

from hashlib import blake2b

_ALL = (1 << 64) - 1


def number_of_words(*words: str) -> int:
    """A number for words."""
    return int.from_bytes(blake2b("\0".join(words).encode(), digest_size=8).digest(), "big") >> 1


def mixed(number: int) -> int:
    """Another number that hangs on every digit of this one (the finish of SplitMix, Steele et al. 2014)."""
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 & _ALL
    number = (number ^ number >> 27) * 0x94D049BB133111EB & _ALL
    return (number ^ number >> 31) >> 1
