"""Whose section a passage is: a heading or a label that is an actor's name and nothing else ("Belgium", "- Latvia: 20
trucks").

What a list by country tells below such a name without a giver is given by the actor of that name.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from recoupe.model import Mention, Reading, Span
from recoupe.read.discourse import Filler
from recoupe.values import Actor

RULE = "heading"
_BULLET = re.compile(r"[\s*#•·▪–—-]*")
_REST = re.compile(r"(?:\s*\([^()]*\))?[\s:*.]*")
_LABEL = re.compile(r"(?:\s*\([^()]*\))?[*\s]*:[*\s]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """An actor whose name heads a run of text."""

    scope: Span
    actor: Filler


def find_headings(reading: Reading, parties: Container[str]) -> tuple[Heading, ...]:
    """The headings and labels of a report, in order. What stands below the name of one of the `parties` to a war is
    what happens there, not what it gives.
    """
    return tuple(h for h in _found(reading) if str(h.actor.value) not in parties)


def heading_of(headings: tuple[Heading, ...], span: Span) -> Filler | None:
    """The actor whose section a sentence stands in, by its label before its heading."""
    return next((h.actor for h in reversed(headings) if h.scope.holds(span)), None)


def _found(reading: Reading) -> Iterator[Heading]:
    report, blocks = reading.report, reading.report.blocks
    names = {m.span.start: m for m in reading.mentions if m.type == "actor" and m.note == "name"}
    heads = [i for i, block in enumerate(blocks) if block.role in ("title", "crosshead")]
    labels: list[Heading] = []
    for i, block in enumerate(blocks):
        begin = _BULLET.match(report.text, block.span.start, block.span.end)
        name = names.get(begin.end()) if begin else None
        if name is None or not isinstance(name.value, Actor):
            continue
        if i in heads:
            if _REST.fullmatch(report.text, name.span.end, block.span.end):
                last = next((h for h in heads if h > i), len(blocks)) - 1
                yield Heading(Span(block.span.end, blocks[last].span.end), _filler(name))
        elif label := _LABEL.match(report.text, name.span.end, block.span.end):
            labels.append(Heading(Span(label.end(), block.span.end), _filler(name)))
    yield from labels


def _filler(name: Mention) -> Filler:
    assert isinstance(name.value, Actor)
    return Filler(name.value, name.span, rule=RULE)
