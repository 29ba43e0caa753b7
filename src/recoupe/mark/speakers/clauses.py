"""Verbs of saying and their subjects, by the order of the words."""

from __future__ import annotations

from recoupe.codebook.lexicon import Grammar
from recoupe.mark.speakers.units import Phrase, Sentence, Unit

_HOPS = 30  # units between a verb and its subject
_NEAR = 3  # units between a verb and a subject that follows it


class Clauses:
    """The clauses of sentences in one language."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._speech = grammar.speech
        self._relatives = grammar.relatives.get("subject", frozenset())

    def inversion(self, unit: Unit) -> Phrase | None:
        """A pronoun after its verb ("dit-il", "a-t-elle"): a phrase of its own."""
        m = self._speech.inversion.match(unit.lower) if unit.kind == "w" else None
        if m is None:
            return None
        sex = self._speech.sexes.get(m[1]) or ("one" if m[1] in self._speech.nobody else "")
        return Phrase(-1, -1, sex=sex) if sex else None

    def passive(self, s: Sentence, v: int) -> bool:
        """Is the verb of saying a participle of what is said ("was told", "est accusé")?"""
        forms = self._speech.passive
        before = [u.lower for u in s.units[max(0, v - _NEAR) : v]]
        return (
            bool(forms["participle"].search(s.units[v].lower))
            and any(forms["be"].fullmatch(w) for w in before)
            and not any(forms["unless"].fullmatch(w) for w in before)
        )

    def agent(self, s: Sentence, v: int, limit: int) -> Phrase | None:
        """Who acts, by a verb in the passive."""
        for k in range(v + 1, limit):
            if s.units[k].lower in self._grammar.agents and k + 1 in s.at:
                return s.at[k + 1]
        return None

    def unfinished(self, s: Sentence, v: int) -> bool:
        """A participle or an infinitive: its subject is that of the sentence."""
        before = s.units[v - 1].lower if v else ""
        if before in self._speech.auxiliaries or self.inversion(s.units[v]) is not None:
            return False
        return bool(self._speech.unfinished.search(f"{before} {s.units[v].lower}"))

    def subject(self, s: Sentence, v: int) -> Phrase | None:
        """The subject of the verb at `v`: the noun phrase left of it that hangs on no preposition."""
        units = s.units
        for k in range(max(0, v - _NEAR), min(v + 2, len(units))):
            if (pronoun := self.inversion(units[k])) is not None:
                return pronoun
        k = v - 1
        while k >= max(0, v - _HOPS):
            phrase, word, kind = s.at.get(k), units[k].lower, units[k].kind
            if phrase is not None:
                if not phrase.governed or units[phrase.governor].lower in self._speech.clauses:
                    return phrase
                k = phrase.governor - 1
                continue
            if kind == "p":
                if word in ",)–—-":
                    return self._across(s, k) or self.main(s, k)
                if word in ":;(":
                    return None
            elif kind == "w":
                if word in self._relatives:
                    j = k - 1 if k and units[k - 1].lower != "," else k - 2
                    if j in s.at:
                        return s.at[j]
                elif word in self._speech.inverting:
                    return self.following(s, v)
                elif word in self._grammar.separators:
                    return self._coordinated(s, k)
            k -= 1
        return None

    def following(self, s: Sentence, v: int) -> Phrase | None:
        """The noun phrase right after a verb."""
        return next((p for p in s.phrases if v < p.start <= v + _NEAR and not p.governed), None)

    def _coordinated(self, s: Sentence, k: int) -> Phrase | None:
        """The subject of the verb before the conjunction at `k`."""
        earlier = [v for v in s.verbs if v < k and not self.unfinished(s, v)]
        return self.subject(s, earlier[-1]) if earlier else self.main(s, k)

    def _across(self, s: Sentence, k: int) -> Phrase | None:
        """The noun phrase before what stands between two commas, brackets or dashes that end at `k`."""
        inside = s.at.get(k - 1)
        if inside is not None and not inside.governed and inside.mention and inside.start:
            apposed = s.units[inside.start - 1].lower in ",–—-"
            if inside.person or apposed:
                return inside
        for j in range(k - 1, -1, -1):
            if s.units[j].kind == "p" and s.units[j].lower in ",(–—-":
                phrase = s.at.get(j - 1)
                while phrase is not None and phrase.governed:
                    phrase = s.at.get(phrase.governor - 1)
                if phrase is not None and (phrase.mention is not None or phrase.head or phrase.sex):
                    return phrase
        return None

    def main(self, s: Sentence, limit: int) -> Phrase | None:
        """The first noun phrase for somebody that hangs on no preposition: the likely subject of the sentence."""
        for p in s.phrases:
            if p.end > limit:
                break
            free = not p.governed or s.units[p.governor].lower in self._speech.clauses
            if free and (p.sex or p.mention is not None or self.somebody(p.head)):
                return p
        return None

    def somebody(self, head: str) -> bool:
        """Is the head of a noun phrase a noun for people or for what acts for a state?"""
        return bool(head) and (self._grammar.human(head) or head in self._grammar.bodies)
