"""What the card of an entry says, and the words that the entry is found by: from the entry, its claims, a codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from recoupe.codebook import Codebook
from recoupe.folded import folded
from recoupe.ledger.found import BETWEEN, Card
from recoupe.model import Claim, Entry
from recoupe.values import Actor, When

PARTIES = frozenset({"actor", "item", "place"})
"""The types of roles whose values a card has."""

_SAID = frozenset({*PARTIES, "free", "level"})  # the types of roles whose values are words


def card_of(row: int, entry: Entry, codebook: Codebook) -> Card:
    """The card of an entry that has this row."""
    when = None if entry.time is None else When.parse(entry.time)
    first, last = (None, None) if when is None else (when.first, when.last)
    parties = [f"{role}={value}" for role, value in _values(entry, codebook, PARTIES)]
    return Card(
        row, entry.id, entry.kind, entry.status,
        None if first is None else first.toordinal(), None if last is None else last.toordinal(),
        len(entry.claims), len(entry.origins), len(entry.conflicts), review_of(entry), BETWEEN.join(parties),
    )  # fmt: skip


def review_of(entry: Entry) -> str:
    """How far people have reviewed an entry: one of `recoupe.ledger.found.REVIEWS`."""
    review = entry.review
    if review is None:
        return "none"
    if review.waiting:
        return "waiting"
    if review.claims:
        return "accepted" if len(review.claims) == len(entry.claims) else "partly"
    return "noted" if review.notes else "none"


def words_of(entry: Entry, claims: Iterable[Claim], codebook: Codebook) -> str:
    """The words that an entry is found by: the evidence of its claims, and what its values are called in every language
    of the codebook; `folded`, each run of words once.
    """
    said = dict.fromkeys(folded(words.text) for claim in claims for words in claim.evidence)
    names = _names_of(codebook)
    for _, value in _values(entry, codebook, _SAID):
        said |= dict.fromkeys(names.of(value))
    return " ".join(words for words in said if words)


def _values(entry: Entry, codebook: Codebook, types: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The values in roles of these types, with their roles."""
    kind = codebook.kinds.get(entry.kind)
    for role, values in entry.roles:
        if kind is not None and role in kind.roles and kind.roles[role].type in types:
            yield from ((role, value) for value in values)


class _Names:
    """What the values of a codebook are called."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._forms: dict[str, list[str]] = {}
        for forms in codebook.names.words.values():
            for form, senses in forms.items():
                for sense in senses:
                    if sense.how == "name":
                        self._forms.setdefault(sense.id, []).append(form)
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, value: str) -> tuple[str, ...]:
        """The names of a value, one of alternatives each (`country:DE|country:FR`); what has none is called as its id
        says.
        """
        if value not in self._known:
            forms = [f for id_ in alternatives(value) for f in self._forms.get(id_) or [id_.partition(":")[2] or id_]]
            self._known[value] = tuple(dict.fromkeys(map(folded, forms)))
        return self._known[value]


def alternatives(value: str) -> list[str]:
    """The ids that a value of an entry names.

    >>> alternatives("country:DE|country:FR"), alternatives("tank")
    (['country:DE', 'country:FR'], ['tank'])
    """
    return sorted(Actor.parse(value).choices) if "|" in value else [value]


@dataclass(frozen=True)
class _Same:
    """A codebook that is equal to itself alone: comparing what is in it would take long."""

    codebook: Codebook = field(compare=False)
    number: int


def _names_of(codebook: Codebook) -> _Names:
    return _named(_Same(codebook, id(codebook)))


@lru_cache(maxsize=2)
def _named(same: _Same) -> _Names:
    return _Names(same.codebook)
