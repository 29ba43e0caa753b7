"""Finds the names of a codebook in a text: the longest ones, at word boundaries, in their own case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from recoupe.codebook.names import Sense

_FOLD = str.maketrans("’‘ʼ‑\u00a0\u202f", "'''-  ")


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text, with all that it may stand for."""

    start: int
    end: int
    senses: tuple[Sense, ...]


class NameMatcher:
    """Matches all forms of one language at once (Aho-Corasick, Communications of the ACM 18(6), 1975)."""

    def __init__(self, words: Mapping[str, tuple[Sense, ...]]) -> None:
        self._forms: dict[str, list[tuple[str, tuple[Sense, ...]]]] = {}
        for form, senses in words.items():
            self._forms.setdefault(fold(form), []).append((form.translate(_FOLD), senses))
        self._patterns = list(self._forms)
        self._automaton = AhoCorasick(self._patterns)

    def find(self, text: str) -> list[Found]:
        """The names in `text`, in order, none overlapping.

        Of two that overlap the earlier counts, then the longer; but a name of its own always goes before words that
        only point back at one ("the council").
        """
        plain = text.translate(_FOLD)
        found: list[Found] = []
        taken = bytearray(len(plain))
        order = sorted(self._candidates(plain), key=lambda c: (_only_points(c[2]), c[0], -c[1]))
        for start, end, senses in order:
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Found(start, end, senses))
        return sorted(found, key=lambda f: f.start)

    def _candidates(self, plain: str) -> Iterator[tuple[int, int, tuple[Sense, ...]]]:
        for index, start, end in self._automaton.find_matches_as_indexes(_lower(plain), overlapping=True):
            if _inside_word(plain, start, end):
                continue
            words = plain[start:end]
            senses = [s for form, group in self._forms[self._patterns[index]] if _fits_case(form, words) for s in group]
            if senses:
                yield start, end, tuple(dict.fromkeys(senses))


def fold(form: str) -> str:
    """A form without the variants of typography and case, of the same length."""
    return _lower(form.translate(_FOLD))


def _lower(text: str) -> str:
    """Lower case, character by character, so that offsets stay (some letters lower to two)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _only_points(senses: Sequence[Sense]) -> bool:
    return all(s.type == "coreference" for s in senses)


def _inside_word(plain: str, start: int, end: int) -> bool:
    return (start > 0 and plain[start - 1].isalnum() and plain[start].isalnum()) or (
        end < len(plain) and plain[end].isalnum() and plain[end - 1].isalnum()
    )


def _fits_case(form: str, words: str) -> bool:
    """A form in lower case fits any case; one with capitals fits itself, or a text that is all capitals."""
    return form == words or form.islower() or (words.isupper() and len(words) > 3 and form.upper() == words)


def occurrences(text: str, name: str, start: int = 0) -> Iterator[int]:
    """Where a word or a name stands in a text, as a whole: no letter or hyphen beside it.

    >>> list(occurrences("Ann met Anna-Lee and Ann's son", "Ann"))
    [0, 21]
    """
    at = text.find(name, start)
    while at >= 0:
        end = at + len(name)
        if not _joined(text[at - 1 : at], before=True) and not _joined(text[end : end + 1], before=False):
            yield at
        at = text.find(name, end)


def _joined(char: str, *, before: bool) -> bool:
    return char.isalnum() or char in ("_", "-") or (before and char in ("'", "’") and char != "")
