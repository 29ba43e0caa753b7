"""The sentences of a report as a story: each is parsed when it is needed, and later ones point back at earlier ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from recoupe.model import Span
from recoupe.read.parse import Held, Parser
from recoupe.read.roles import Arguments, Discourse, Filler

_FAR = 25  # pronouns that point at pronouns, one after the other: beyond it nobody remembers whom they mean


class Story:
    """The sentences of a report at `spans`, in order, and whom each of them is about: none that is not `named`."""

    def __init__(
        self,
        text: str,
        spans: Sequence[Span],
        named: Sequence[bool],
        held: Held,
        parser: Parser,
        discourse: Discourse,
    ) -> None:
        self._text = text
        self._spans = spans
        self._starts = [s.start for s in spans]
        self._named = named
        self._held = held
        self._parser = parser
        self._grammar = parser.language.grammar
        self._discourse = discourse
        self._parsed: dict[int, Arguments | None] = {}
        self._about: dict[int, Filler | None] = {}
        self._asked = 0
        discourse.subject = self.subject

    def parse(self, indexes: Iterable[int], pointing: Iterable[int] = ()) -> None:
        """Parses sentences, all at once, which takes less time than one by one; with those before the `pointing`
        ones, which will likely be asked whom they are about.
        """
        before = (next(self._before(i), i) for i in pointing)
        new = sorted({i for i in (*indexes, *before) if i not in self._parsed})
        self._parsed.update(dict.fromkeys(new))
        for tree in self._parser.trees(self._text, [self._spans[i] for i in new], self._held):
            index = bisect_left(self._starts, tree.sentence.span.start)
            self._parsed[index] = Arguments(tree, self._text, self._grammar, self._discourse)

    def _before(self, index: int) -> Iterator[int]:
        """The sentences that may be about somebody, from one back."""
        return (i for i in reversed(range(index)) if self._named[i])

    def sentence(self, index: int) -> Arguments | None:
        """A sentence, parsed; None where it has no words."""
        if index not in self._parsed:
            self.parse([index])
        return self._parsed[index]

    def subject(self, before: int) -> Filler | None:
        """Whom the last sentence before an offset was about that was about anybody."""
        if self._asked >= _FAR:
            return None
        self._asked += 1
        try:
            for index in self._before(bisect_left(self._starts, before)):
                if index not in self._about:
                    self._about[index] = self._subject_of(index)
                if self._about[index] is not None:
                    return self._about[index]
        finally:
            self._asked -= 1
        return None

    def _subject_of(self, index: int) -> Filler | None:
        """Whom the main clause of a sentence is about."""
        arguments = self.sentence(index)
        if arguments is None:
            return None
        roots = (node for node in arguments.tree.nodes if node.head < 0)
        subjects = (of for root in roots for marker, of in arguments.of_verb(root) if marker == "subj")
        return next(iter([f for node in subjects for f in arguments.fillers(node, "actor")][-1:]), None)
