"""Who says a quotation: the clause around it is read by its words alone, noun phrases and verbs of saying."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from recoupe.codebook.lexicon import Grammar
from recoupe.codebook.patterns import FULL_NAME, NAME_WORD
from recoupe.mark.speakers.clauses import Clauses
from recoupe.mark.speakers.phrases import Phrases
from recoupe.mark.speakers.referents import Known, Referents
from recoupe.mark.speakers.tags import Tags
from recoupe.mark.speakers.units import MASK, Sentence, Text
from recoupe.model import Mention, Span
from recoupe.values import slug

__all__ = ["Known", "Speakers"]

_SIGNED = re.compile(r"\s*[»”\"]?\s*[–—―]\s*([^\n]{2,60})(?:\n|$)")
_SIGNERS = ("person", "actor")  # mentions that sign; a date below a quotation tells when it was said
_QUESTION = re.compile(rf"(?m)^[^\n{MASK}]{{8,}}\?[\s*_]*$")
_INTERVIEW = 3  # questions that make an interview
_NAME = re.compile(rf"(?:{FULL_NAME}|{NAME_WORD})(?=,|\s*\(|\W*$)")


class Speakers:
    """Finds who is said to say the quotations of one text; it is asked in the order of the text."""

    def __init__(
        self, text: str, quotes: Sequence[Span], mentions: Iterable[Mention], grammar: Grammar, known: Known
    ) -> None:
        self._text = Text(text, quotes, mentions)
        self._phrases = Phrases(self._text, grammar, known.media)
        self._clauses = Clauses(grammar)
        self._tags = Tags(self._phrases, self._clauses, grammar)
        self._referents = Referents(self._phrases, self._clauses, grammar, known)

    def of(self, quote: Span) -> tuple[str | None, str]:
        """The speaker of the quotation at `quote`, and by which rule."""
        speaker, rule = self._find(quote)
        self.goes_on(quote, speaker)
        return speaker, rule

    def another_after(self, quote: Span, speaker: str | None) -> bool:
        """Is the quotation followed by a speaker of its own, other than `speaker`?"""
        last = self._phrases.sentence(self._text.number(quote.end - 1))
        phrase = self._tags.after(last, last.index(quote.end - 1) + 1, quote)
        own = self._referents.of(phrase, last) if phrase is not None and not phrase.sex else None
        return own is not None and own != speaker

    def goes_on(self, quote: Span, speaker: str | None) -> None:
        """Takes note of a quotation whose speaker is known already."""
        self._referents.said.append((quote, speaker))

    def _find(self, quote: Span) -> tuple[str | None, str]:
        first = self._phrases.sentence(self._text.number(quote.start))
        last = self._phrases.sentence(self._text.number(quote.end - 1))
        opened, closed = first.index(quote.start), last.index(quote.end - 1) + 1
        told = self._told(first, last, opened, closed, quote)
        if told is not None:
            return told
        signed = self._signature(quote.end)
        return (signed, "signature") if signed else self._without_words(first, last, opened, closed, quote)

    def _told(
        self, first: Sentence, last: Sentence, opened: int, closed: int, quote: Span
    ) -> tuple[str | None, str] | None:
        """The speaker that the words around a quotation tell."""
        for rule, sentence, phrase in (
            ("tag after", last, self._tags.after(last, closed, quote)),
            ("reporting verb before", first, self._tags.before(first, opened)),
            ("parenthesis", last, self._tags.parenthesis(last, closed)),
        ):
            if phrase is not None:
                speaker = self._referents.of(phrase, sentence)
                if speaker or phrase.sex == "one":
                    return speaker, rule
        return None

    def _without_words(
        self, first: Sentence, last: Sentence, opened: int, closed: int, quote: Span
    ) -> tuple[str | None, str]:
        """A quotation that no verb of saying goes with: it goes on with the speaker of the passage."""
        if not any(u.kind in "wma" for u in (*first.units[:opened], *last.units[closed:])):
            speaker = self._interviewed
            if speaker and self._answers(quote):
                return speaker, "who is interviewed"
            speaker = self._referents.focus(quote.start)
            return speaker, "speaker of the passage" if speaker else ""
        if speaker := self._same_sentence(first, opened):
            return speaker, "speaker of the quotation before"
        subject = self._clauses.main(first, opened)
        if subject is not None and (subject.person or subject.sex in ("m", "f")):
            speaker = self._referents.of(subject, first)
            return speaker, "subject of the sentence" if speaker else ""
        return None, ""

    def _answers(self, quote: Span) -> bool:
        """Does it follow a question, or stand above the whole interview?"""
        before = [q for q in self._questions if q.end <= quote.start]
        return not before or not self._text.masked[before[-1].end : quote.start].strip(
            MASK + '«“"‟„ \t\r\n\u00a0\u202f-–—'
        )

    @cached_property
    def _questions(self) -> list[Span]:
        """The lines that are questions, if there are so many that the text is an interview."""
        found = [Span(*m.span()) for m in _QUESTION.finditer(self._text.masked)]
        return found if len(found) >= _INTERVIEW else []

    @cached_property
    def _interviewed(self) -> str | None:
        """Who answers in an interview: the last one told of before its first question, a stranger rather than somebody
        whom everybody knows.
        """
        if not self._questions:
            return None
        lead = self._text.between(0, self._questions[0].start)
        strangers = [m for m in lead if m.type == "person" and "unknown" in m.note]
        if strangers:
            return str(strangers[-1].value)
        for n in range(self._text.number(self._questions[0].start) - 1, -1, -1):
            sentence = self._phrases.sentence(n)
            main = self._clauses.main(sentence, len(sentence.units))
            if main is not None and (main.person or self._clauses.somebody(main.head)):
                return self._referents.of(main, sentence)
        return None

    def _same_sentence(self, s: Sentence, opened: int) -> str | None:
        """The speaker of the quotation before in the same sentence, unless somebody else is named between."""
        if not self._referents.said or self._referents.said[-1][0].start < s.span.start:
            return None
        before, speaker = self._referents.said[-1]
        between = (p for p in s.phrases if p.start < opened and s.units[p.start].start > before.end)
        return None if any(p.person for p in between) else speaker

    def _signature(self, end: int) -> str | None:
        """A name on a line of its own, after a dash, below the quotation."""
        m = _SIGNED.match(self._text.text, end)
        if m is None:
            return None
        words = m[1].strip(" .…").lower()
        if not words:
            return None
        for x in self._text.between(m.start(1), m.end(1)):
            if x.type in _SIGNERS:
                return str(x.value)
        for x in reversed(self._text.mentions):
            if (
                x.type in _SIGNERS
                and x.span.start < end
                and words in self._text.text[x.span.start : x.span.end].lower()
            ):
                return str(x.value)
        name = _NAME.match(m[1])
        return "person:" + slug(name.group()) if name and self._referents.may_be_name(name.group()) else None
