"""Independent origins of a fact: whose word the claims are, however many reports pass it on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recoupe.codebook import Codebook
from recoupe.codebook.names import OFFICIAL
from recoupe.model import OR, Claim
from recoupe.values import When

if TYPE_CHECKING:
    from recoupe.check.telling import Telling

UNNAMED = "unnamed:"


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose word a claim may be: a speaker, or the root of the claim's text. `above`: those for whom the speaker speaks
    (an office-holder's state, a body's); `owner`: who owns the outlet that tells it in its own voice.
    """

    id: str
    above: frozenset[str] = frozenset()
    owner: str | None = None


class Voices:
    """Finds the voices of claims, by a codebook's offices, organisations and outlets."""

    def __init__(self, codebook: Codebook) -> None:
        self._outlets = codebook.outlets
        self._organisations = codebook.names.organisations
        self._terms: dict[str, list[tuple[str, When]]] = {}
        for term in codebook.names.terms:
            self._terms.setdefault(term.person, []).append((term.actor, When.between(term.since, term.until)))
        outlets = sorted(codebook.outlets.values(), key=lambda o: o.id)
        self._published_by = {o.actor: o.id for o in reversed(outlets) if o.actor and o.kind != OFFICIAL}

    def of(self, claim: Claim, root: str, published: When | None) -> tuple[Voice, ...]:
        """Those whose word the claim may be, sorted: its named speakers, else the root of its text.

        Nobody can tell one unnamed source from another: their word is that of the report that has them. A root may be
        one of several ("afp | reuters").
        """
        named = sorted({a for a in claim.attribution if not a.startswith(UNNAMED)})
        return tuple(self._speaker(a, published) for a in named) or tuple(self._own(r) for r in root.split(OR))

    def _own(self, root: str) -> Voice:
        """A text without a speaker: an official body's is the body's word, any other its outlet's (or its own)."""
        outlet = self._outlets.get(root)
        if outlet is None:
            return Voice(root)
        if outlet.kind == OFFICIAL and outlet.actor is not None:
            return Voice(outlet.actor, self._above(outlet.actor, None), outlet.owner)
        return Voice(root, owner=outlet.owner)

    def _speaker(self, actor: str, published: When | None) -> Voice:
        """A medium that is quoted is one origin with its own texts."""
        outlet = self._published_by.get(actor)
        return self._own(outlet) if outlet is not None else Voice(actor, self._above(actor, published))

    def _above(self, actor: str, published: When | None) -> frozenset[str]:
        """All for whom the actor speaks: by the offices held when the report was published (at any time, where that is
        not known), and by what an organisation stands for.
        """
        new = {held for held, term in self._terms.get(actor, ()) if published is None or term.agrees(published)} or {
            actor
        }
        found: set[str] = set()
        while new:
            found |= new
            organisations = (self._organisations.get(a) for a in new)
            new = {o.acts_for for o in organisations if o is not None and o.acts_for is not None} - found
        return frozenset(found - {actor})


def independent(claims: Iterable[Telling]) -> Mapping[str, str]:
    """The independent origin of each claim of one fact, by the claim's `ref`; how many different ones there are is how
    many origins the fact has. It does not depend on the order of the claims.

    A claim is its speaker's word wherever it is reported. Texts of one root tell it in one voice: where one of them
    names the speaker, the others have it from there too. A claim with several speakers goes to the one who has most of
    the others. What a state or body is said to have said is no second word beside that of somebody who speaks for it,
    and outlets of one owner do not confirm each other: the count stays on the low side.
    """
    told = sorted(claims, key=lambda t: (t.key, t.ref))
    candidates = _candidates(told)
    often = Counter(voice.id for voices in candidates.values() for voice in voices)
    chosen = {ref: min(voices, key=lambda v: (-often[v.id], _order(v))) for ref, voices in candidates.items()}
    same = _same(set(chosen.values()), often)
    return {ref: same[voice.id] for ref, voice in chosen.items()}


def _candidates(told: Sequence[Telling]) -> dict[str, tuple[Voice, ...]]:
    """The voices of each claim; one in a report's own voice has the speakers that texts of the same root name."""
    named: defaultdict[str, set[Voice]] = defaultdict(set)
    for t in told:
        if t.attributed:
            named[t.root].update(t.voices)
    return {
        t.ref: t.voices if t.attributed or t.root not in named else tuple(sorted(named[t.root], key=_order))
        for t in told
    }


def _same(voices: Iterable[Voice], often: Mapping[str, int]) -> dict[str, str]:
    """The origin that each voice counts as, by the voice's id."""
    above: defaultdict[str, set[str]] = defaultdict(set)
    owner: dict[str, str] = {}
    for voice in sorted(voices, key=_order):
        above[voice.id] |= voice.above
        if voice.owner is not None:
            owner[voice.id] = voice.owner
    by_weight = sorted(above, key=lambda id_: (-often[id_], id_))
    first = [id_ for id_ in by_weight if not any(id_ in above[other] for other in above if other != id_)]
    same = {id_: id_ for id_ in above}
    for id_ in set(above) - set(first):
        same[id_] = next((other for other in first if id_ in above[other]), id_)
    heads: dict[str, str] = {}
    for id_ in first:
        if id_ in owner:
            same[id_] = heads.setdefault(owner[id_], id_)
    return {id_: same[other] for id_, other in same.items()}


def _order(voice: Voice) -> tuple[str, list[str], str]:
    return voice.id, sorted(voice.above), voice.owner or ""
