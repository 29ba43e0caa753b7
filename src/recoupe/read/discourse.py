"""Whom and what a report has spoken of so far, at which its pronouns point, and the values that fill slots."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from recoupe.model import Mention, Quote, Span
from recoupe.values import Actor, Count, Value

SPEAKER = "who speaks"  # the rule of a filler found by "we"
COREFERENCE = "coreference"  # the rule of one found by another pronoun, or by words that point back
SPOKEN_OF = "who did what is spoken of"  # the rule of who is told only by what another act is about


@dataclass(frozen=True, slots=True)
class Filler:
    """A value that may fill a slot: the words that say it, the person it was said through, what was counted with it."""

    value: Value
    words: Span
    person: Mention | None = None
    count: Count | None = None
    single: bool = False
    also: tuple[Value, ...] = ()
    rule: str = ""


@dataclass
class Discourse:
    """Who was spoken of last: what pronouns and possessives point at. Grows sentence by sentence.

    `items` are the things named, money left out: a mere number of pieces, or "the system", points at none of it.
    """

    items: tuple[Mention, ...] = ()
    people: tuple[Mention, ...] = ()
    starts: tuple[int, ...] = ()
    sexes: Mapping[str, str] = field(default_factory=dict)
    subjects: list[Filler] = field(default_factory=list)
    givers: dict[str, Filler] = field(default_factory=dict)  # who filled a role last: "the package" is still theirs
    quotes: tuple[Quote, ...] = ()
    sides: tuple[Mention, ...] = ()  # the parties to the war that the report names, where it names both

    def person(self, before: int, sex: str) -> Filler | None:
        """The first person, of a sex as far as it is known, of the last sentence before an offset that names one."""
        fit = [m for m in self.people if m.span.end <= before and self.sexes.get(str(m.value), sex) == sex]
        if not fit:
            return None
        start = self.starts[bisect_right(self.starts, fit[-1].span.start) - 1] if self.starts else 0
        first = next(m for m in fit if m.span.start >= start)
        value = first.acts_for if isinstance(first.acts_for, Actor) else first.value
        return Filler(value, first.span, first, rule=COREFERENCE) if isinstance(value, Actor) else None

    def speaker(self, span: Span) -> Filler | None:
        """For whom the person acts whose words, between quotation marks, stand at a span."""
        said = next((q.speaker for q in self.quotes if any(p.start <= span.start < p.end for p in q.parts)), None)
        m = next((m for m in self.people if str(m.value) == said), None)
        return Filler(m.acts_for, m.span, m, rule=SPEAKER) if m and isinstance(m.acts_for, Actor) else None

    def note(self, fillers: Iterable[Filler]) -> None:
        """Remembers the subject of a clause."""
        for f in fillers:
            self.subjects.append(f)
