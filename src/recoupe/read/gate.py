"""Which sentences are parsed: those whose words evoke a frame that the sentence can fill.

Parsing costs more than all else. A sentence can yield a claim only if some word of it evokes a frame, and if names,
things, sums, numbers or pronouns of the types that the frame needs stand in it too: both are seen without its syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from recoupe.codebook import Language
from recoupe.codebook.kinds import Frame
from recoupe.codebook.lexicon import Trigger
from recoupe.codebook.patterns import either
from recoupe.model import Mention, Span
from recoupe.read.triggers import Evoked, in_place
from recoupe.values import Item

_SOURCES = {
    "actor": {"actor", "person"},
    "organisation": {"actor", "person"},
    "person": {"actor", "person"},
    "place": {"place", "actor"},
    "locality": {"place", "actor"},
    "amount": {"amount"},
    "count": {"count"},
}
"""The types of the mentions that may fill a slot of a type; things are looked at one by one."""
_ACTORS = ("actor", "organisation", "person")


class Gate:
    """The gate of one language."""

    def __init__(self, language: Language, frames: Mapping[str, Frame]) -> None:
        grammar = language.grammar
        self._frames = frames
        self._pronoun = _words(
            w
            for words in (
                *(grammar.pronouns.get(kind, frozenset()) for kind in ("m", "f", "it", "many")),
                *grammar.possessives.values(),
            )
            for w in words
        )
        self._thing = _words(grammar.item_nouns)

    def points_back(self, plain: str, span: Span, mentions: Sequence[Mention]) -> bool:
        """Does a pronoun or possessive stand in a sentence before all names, so that it means somebody told before?"""
        names = (m.span.start for m in mentions if m.type in _SOURCES["actor"])
        return self._pronoun.search(plain, span.start, min(names, default=span.end)) is not None

    def names_somebody(self, plain: str, span: Span, mentions: Sequence[Mention]) -> bool:
        """Do names or pronouns stand in a sentence?"""
        return (
            any(m.type in _SOURCES["actor"] for m in mentions)
            or self._pronoun.search(plain, span.start, span.end) is not None
        )

    def passes(self, plain: str, span: Span, evoked: Evoked, mentions: Sequence[Mention]) -> bool:
        """Can the sentence fill one of the frames that its words evoke? `mentions` are the ones in it."""
        sight = _Sight(self, plain, span, mentions)
        known: dict[str, tuple[bool, ...]] = {}
        for at, found in evoked.items():
            for _, trigger in found:
                frame = self._frames[trigger.frame]
                if not frame.moods:
                    continue
                if frame.name not in known:
                    known[frame.name] = tuple(
                        any(all(sight.fills(frame, s) for s in need.rstrip("+").split("&")) for need in group)
                        for group in frame.needs
                    )
                needs = known[frame.name]
                if not all(needs) and not (any(needs) and self._tells_more(at, trigger, evoked)):
                    continue
                told = trigger.only is None or trigger.only.search(plain, span.start, span.end)
                if told and in_place(plain, at, trigger):
                    return True
        return False

    def _tells_more(self, at: int, trigger: Trigger, evoked: Evoked) -> bool:
        """May a verb tell more of an event of its kind, which another word of the sentence names?"""
        kinds = self._kinds(trigger)
        return trigger.part == "verb" and any(
            kinds & self._kinds(t) for o, found in evoked.items() if o != at for _, t in found if t.part == "noun"
        )

    def _kinds(self, trigger: Trigger) -> set[str]:
        return {outcome.kind for outcome in self._frames[trigger.frame].moods.values()}

    def _points_at_thing(self, plain: str, span: Span) -> bool:
        return self._thing.search(plain, span.start, span.end) is not None


class _Sight:
    """What can be seen in a sentence before it is parsed."""

    def __init__(self, gate: Gate, plain: str, span: Span, mentions: Sequence[Mention]) -> None:
        self._types = {m.type for m in mentions}
        self._items = [m.value for m in mentions if isinstance(m.value, Item)]
        self._actor = gate.names_somebody(plain, span, mentions)
        self._thing = gate._points_at_thing(plain, span)

    def fills(self, frame: Frame, slot: str) -> bool:
        """May something here fill a slot of a frame?"""
        kind = frame.slots[slot]
        if kind in _ACTORS:
            return self._actor
        if kind == "item":  # a sum without a purpose is a sum of money, which is a thing
            return (
                self._thing
                or any(frame.admits(slot, item.path) for item in self._items)
                or ("amount" in frame.slots and "amount" in self._types)
            )
        return kind not in _SOURCES or bool(_SOURCES[kind] & self._types)


def _words(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){either(words)}(?!\w)", re.IGNORECASE)
