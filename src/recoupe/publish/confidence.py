"""How sure an entry is, in plain words: whose word it is, how it is told, and what its reports differ on.

Never a number alone: "two independent origins: AFP, Reuters; one of three reports gives it to Ukraine; contested:
killed (4 or 5)". What is said is counted, not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel import Locale

from recoupe.codebook import Codebook
from recoupe.model import Entry, Reading, Status

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MOST = 4  # names in one list; the rest are counted
_UNNAMED = "unnamed:"
_STATUS: Mapping[Status, str] = {
    "planned": "announced, not yet done",
    "possible": "no more than possible",
    "denied": "said not to be so",
}
_ASIDE: Mapping[Status, str] = {
    "done": "told as done",
    "planned": "told as still ahead",
    "possible": "told as but possible",
    "denied": "denied",
}


@dataclass(frozen=True, slots=True)
class Sure:
    """What there is to say of how sure an entry is: ids, counts and values, in no language.

    `origins` are the independent ones; `word`: they are just those to whom all `reports` (so many) give it, so that it
    is their word. `parties` is how many they are where all of them take part in it or speak for those who do, else 0.
    So many reports (`giving`) give it to somebody, to the `speakers`. `status` is how far the act has come;
    `otherwise`, in how many reports it has come otherwise far. `contested` are the fields on which reports contradict
    each other, with what they say.
    """

    origins: tuple[str, ...]
    word: bool
    reports: int
    parties: int
    giving: int
    speakers: tuple[str, ...]
    status: Status
    otherwise: tuple[tuple[Status, int], ...]
    contested: tuple[tuple[str, tuple[str, ...]], ...]


class Confidence:
    """Says how sure entries are, by the names and offices of a codebook."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._speak_for: dict[str, set[str]] = {}
        for term in codebook.names.terms:
            self._speak_for.setdefault(term.person, set()).add(term.actor)

    def of(self, entry: Entry, readings: Mapping[str, Reading]) -> str:
        """The words on an entry whose reports (by doc) are at hand. Raises KeyError for a report that is not."""
        sure = self.weighed(entry, readings)
        parts = [
            self._origins(sure), _partial(sure), self._attributed(sure), _status(sure), _contested(sure.contested)
        ]  # fmt: skip
        return "; ".join(part for part in parts if part)

    def weighed(self, entry: Entry, readings: Mapping[str, Reading]) -> Sure:
        """What there is to say of an entry whose reports (by doc) are at hand. Raises KeyError for one that is not."""
        claims = [(doc, readings[doc].claims[int(number) - 1]) for doc, number in map(_parted, entry.claims)]
        by: dict[str, list[str]] = {doc: [] for doc, _ in claims}
        for doc, claim in claims:
            by[doc] += claim.attribution
        giving = [doc for doc in sorted(by) if by[doc]]
        told = {status: {doc for doc, claim in claims if claim.status == status} for status in _ASIDE}
        return Sure(
            origins=entry.origins,
            word=all(by.values()) and {actor for given in by.values() for actor in given} == set(entry.origins),
            reports=len(by),
            parties=self._parties(entry),
            giving=len(giving),
            speakers=tuple(dict.fromkeys(actor for doc in giving for actor in by[doc])),
            status=entry.status,
            otherwise=tuple((status, len(docs)) for status, docs in told.items() if docs and status != entry.status),
            contested=tuple((c.field, tuple(side.value for side in c.sides)) for c in entry.conflicts),
        )

    def _parties(self, entry: Entry) -> int:
        """How many origins there are, where all of them take part in it or speak for those who do."""
        parties = {value for _, values in entry.roles for value in values}
        own = [o for o in entry.origins if o in parties or self._speak_for.get(o, set()) & parties]
        return len(own) if len(own) == len(entry.origins) else 0

    def _names(self, ids: Iterable[str]) -> str:
        return _listed([called(id_, self._codebook) for id_ in ids])

    def _origins(self, sure: Sure) -> str:
        """How many independent origins, which, and in how many reports where these are more."""
        count = len(sure.origins)
        text = f"{in_words(count)} independent origins" if count > 1 else f"{in_words(count)} origin"
        word = "the word of " if sure.word else ""
        told = f", told in {in_words(sure.reports)} reports" if sure.reports > count else ""
        return f"{text}: {word}{self._names(sure.origins)}{told}"

    def _attributed(self, sure: Sure) -> str:
        """In how many of the reports it is somebody's word, and whose."""
        if not sure.giving:
            return "in the report's own words" if sure.reports == 1 else "in the reports' own words"
        if sure.word:
            return ""
        names = self._names(sure.speakers)
        if sure.giving == sure.reports:
            every = ("the report gives", "both reports give", "all reports give")[min(sure.reports, 3) - 1]
            return f"{every} it to {names}"
        verb = "gives" if sure.giving == 1 else "give"
        return f"{in_words(sure.giving)} of {in_words(sure.reports)} reports {verb} it to {names}"


def _parted(ref: str) -> tuple[str, str]:
    doc, _, number = ref.rpartition("#")
    return doc, number


def _partial(sure: Sure) -> str:
    """Does all of it come from those who take part in it, or who speak for them?"""
    if not sure.parties:
        return ""
    return "told by nobody but a party to it" if sure.parties == 1 else "told by nobody but parties to it"


def _status(sure: Sure) -> str:
    """How far the act has come, and which reports have it otherwise."""
    parts = [_STATUS[sure.status]] if sure.status in _STATUS else []
    parts += [f"in {in_words(n)} {'report' if n == 1 else 'reports'} {_ASIDE[status]}" for status, n in sure.otherwise]
    return ", ".join(parts)


def _contested(contested: Iterable[tuple[str, Sequence[str]]]) -> str:
    """The fields over which reports contradict each other, with what they say."""
    said = [f"{field} ({' or '.join(map(_said, values))})" for field, values in contested]
    return f"contested: {', '.join(said)}" if said else ""


def _said(value: str) -> str:
    """A number in words, anything else as it is."""
    for sign, words in (("~", "about "), (">=", "at least "), ("<=", "up to ")):
        if value.startswith(sign):
            return words + value.removeprefix(sign)
    return value


def _listed(names: Sequence[str]) -> str:
    """Names side by side; of many the first, and how many more."""
    if len(names) > _MOST:
        names = [*names[: _MOST - 1], f"{in_words(len(names) - _MOST + 1)} more"]
    return ", ".join(names)


def in_words(number: int) -> str:
    """A number as it is written in a text.

    >>> in_words(2), in_words(12)
    ('two', '12')
    """
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def called(name: str, codebook: Codebook) -> str:
    """What people call an origin or a speaker: an outlet, a state, an organisation, a person, a source without a name;
    what the codebook does not know goes by its own name.
    """
    if name.startswith(_UNNAMED):
        return f"a source without a name (“{name.removeprefix(_UNNAMED)}”)"
    names = codebook.names
    sort, colon, own = name.partition(":")
    if name in codebook.outlets:
        return codebook.outlets[name].name
    if sort == "country":
        return str(Locale("en").territories.get(own, own))
    if name in names.people:
        return names.people[name].name
    if name in names.organisations:
        return names.organisations[name].name
    return own.replace("-", " ") if colon and sort in ("org", "group", "person", "place") else name
