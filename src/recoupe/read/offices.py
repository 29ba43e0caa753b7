"""For whom a person acts at the time of the report: terms of office, once the report's date is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from recoupe.codebook.names import Names, Term
from recoupe.model import Mention
from recoupe.values import Actor, When


def in_office(mentions: Sequence[Mention], published: When | None, names: Names) -> tuple[Mention, ...]:
    """The mentions, people who are named without their office given the actor of the term that they served then.

    Where no term covers the date, or no date is known, the actor that they served longest stays.
    """
    last = max((t.until or t.since for t in names.terms), default=date.max)
    terms: dict[str, list[Term]] = {}
    for term in names.terms:
        terms.setdefault(term.person, []).append(term)
    return tuple(_of(m, terms.get(str(m.value), []), published, last, names) for m in mentions)


def _of(mention: Mention, terms: Sequence[Term], published: When | None, last: date, names: Names) -> Mention:
    if mention.type != "person" or "office:" in mention.note or not terms:
        return mention
    served: Counter[str] = Counter()
    for term in terms:
        until = term.until or last
        if published is None or published.agrees(When(term.since, until)):
            served[term.actor] += max(1, (until - term.since).days)
    if not served:
        return mention
    actor = max(served, key=lambda a: (served[a], a))
    return replace(mention, acts_for=Actor.parse(actor, names.members))
