"""How sure an entry is, in plain words: whose word it is, how it is told, and what its reports differ on.

Never a number alone: "two independent origins: AFP, Reuters; one of three reports gives it to Ukraine; contested:
killed (4 or 5)". What is said is counted, not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from babel import Locale

from recoupe.codebook import Codebook
from recoupe.model import Claim, Conflict, Entry, Reading, Status

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


class Confidence:
    """Says how sure entries are, by the names and offices of a codebook."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._speak_for: dict[str, set[str]] = {}
        for term in codebook.names.terms:
            self._speak_for.setdefault(term.person, set()).add(term.actor)

    def of(self, entry: Entry, readings: Mapping[str, Reading]) -> str:
        """The words on an entry whose reports (by doc) are at hand. Raises KeyError for a report that is not."""
        claims = [(doc, readings[doc].claims[int(number) - 1]) for doc, number in map(_parted, entry.claims)]
        by: dict[str, list[str]] = {doc: [] for doc, _ in claims}
        for doc, claim in claims:
            by[doc] += claim.attribution
        parts = [
            self._origins(entry, by),
            self._partial(entry),
            self._attributed(entry, by),
            _status(entry, claims),
            _contested(entry.conflicts),
        ]
        return "; ".join(part for part in parts if part)

    def _names(self, ids: Iterable[str]) -> str:
        return _listed([called(id_, self._codebook) for id_ in ids])

    def _origins(self, entry: Entry, by: Mapping[str, Sequence[str]]) -> str:
        """How many independent origins, which, and in how many reports where these are more."""
        count = len(entry.origins)
        text = f"{in_words(count)} independent origins" if count > 1 else f"{in_words(count)} origin"
        word = "the word of " if _own_words(entry, by) else ""
        told = f", told in {in_words(len(by))} reports" if len(by) > count else ""
        return f"{text}: {word}{self._names(entry.origins)}{told}"

    def _partial(self, entry: Entry) -> str:
        """Does all of it come from those who take part in it, or who speak for them?"""
        parties = {value for _, values in entry.roles for value in values}
        own = [o for o in entry.origins if o in parties or self._speak_for.get(o, set()) & parties]
        if not own or len(own) < len(entry.origins):
            return ""
        return "told by nobody but a party to it" if len(own) == 1 else "told by nobody but parties to it"

    def _attributed(self, entry: Entry, by: Mapping[str, Sequence[str]]) -> str:
        """In how many of the reports it is somebody's word, and whose."""
        giving = [doc for doc in sorted(by) if by[doc]]
        if not giving:
            return "in the report's own words" if len(by) == 1 else "in the reports' own words"
        if _own_words(entry, by):
            return ""
        names = self._names(dict.fromkeys(actor for doc in giving for actor in by[doc]))
        if len(giving) == len(by):
            return f"{('the report gives', 'both reports give', 'all reports give')[min(len(by), 3) - 1]} it to {names}"
        verb = "gives" if len(giving) == 1 else "give"
        return f"{in_words(len(giving))} of {in_words(len(by))} reports {verb} it to {names}"


def _parted(ref: str) -> tuple[str, str]:
    doc, _, number = ref.rpartition("#")
    return doc, number


def _own_words(entry: Entry, by: Mapping[str, Sequence[str]]) -> bool:
    """Do all reports give it to just those who are its origins?"""
    return all(by.values()) and {actor for given in by.values() for actor in given} == set(entry.origins)


def _status(entry: Entry, claims: Sequence[tuple[str, Claim]]) -> str:
    """How far the act has come, and which reports have it otherwise."""
    parts = [_STATUS[entry.status]] if entry.status in _STATUS else []
    for status, words in _ASIDE.items():
        docs = {doc for doc, claim in claims if claim.status == status}
        if status != entry.status and docs:
            parts.append(f"in {in_words(len(docs))} {'report' if len(docs) == 1 else 'reports'} {words}")
    return ", ".join(parts)


def _contested(conflicts: Iterable[Conflict]) -> str:
    """The fields over which reports contradict each other, with what they say."""
    said = [f"{c.field} ({' or '.join(_said(side.value) for side in c.sides)})" for c in conflicts]
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
