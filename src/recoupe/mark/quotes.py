"""Direct quotations and who says them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recoupe.codebook.lexicon import Grammar
from recoupe.mark.speakers import Known, Speakers
from recoupe.model import Evidence, Mention, Quote, Span

# Opening marks and what closes each. A straight mark closes itself.
_PAIRS = {"«": "»", "“": "”", "„": "“”", '"': '"', "‟": "”"}
_MIN_WORDS = 3  # the manual, section 6: shorter ones are scare quotes
_LONGEST = 3000  # characters; an unclosed mark must not swallow a page
_WEAK = ("", "speaker of the passage", "subject of the sentence")  # rules that go by no word of saying
_REACH = 160  # characters between two parts of one quotation


def find_quotes(
    text: str,
    mentions: Sequence[Mention],
    grammar: Grammar,
    known: Known | None = None,
) -> list[Quote]:
    """The quotations of `text` (three words or more), interrupted ones joined, with their speakers.

    `mentions` are those of the text, `known` what the codebook knows of those who may speak.
    """
    spans = [s for s in _marked(text) if len(re.findall(r"\w+(?:['’-]\w+)*", text[s.start : s.end])) >= _MIN_WORDS]
    speakers = Speakers(text, spans, _speaking(mentions), grammar, known or Known())
    joins = _Joins(text, grammar)
    quotes: list[Quote] = []
    end = 0
    for span in spans:
        part = Evidence.of(text, span.start, span.end)
        if quotes and joins.only_speaker(end, span.start) and not speakers.another_after(span, quotes[-1].speaker):
            quotes[-1] = Quote((*quotes[-1].parts, part), quotes[-1].speaker, quotes[-1].rule)
            speakers.goes_on(span, quotes[-1].speaker)
        else:
            quotes.append(Quote((part,), *speakers.of(span)))
        end = span.end
    return _repeated(quotes)


def _repeated(quotes: Sequence[Quote]) -> list[Quote]:
    """Quotations that nobody is said to say, with the speaker of one that has their words (pull quotes, headlines)."""
    told = [(_plain(q.text), q) for q in quotes if q.speaker and q.rule not in _WEAK]
    kept: list[Quote] = []
    for quote in quotes:
        if not quote.speaker or quote.rule in _WEAK:
            words = _plain(quote.text)
            whole = next((q for other, q in told if words in other), None)
            if whole is not None:
                quote = Quote(quote.parts, whole.speaker, "speaker of the same words")
        kept.append(quote)
    return kept


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _speaking(mentions: Sequence[Mention]) -> list[Mention]:
    return [m for m in mentions if m.type in ("person", "actor", "time")]


def _marked(text: str) -> list[Span]:
    """What stands between quotation marks, without the marks and the blanks inside them; the outermost marks count."""
    found: list[Span] = []
    at = 0
    opening = re.compile("[" + "".join(_PAIRS) + "]")
    while m := opening.search(text, at):
        closing = _PAIRS[m.group()]
        if m.group() == '"' and m.start() and text[m.start() - 1].isalnum():
            at = m.end()
            continue
        end = _closing(text, m.end(), m.group(), closing)
        if end is None:
            at = m.end()
            continue
        start, stop = m.end(), end
        while start < stop and text[start].isspace():
            start += 1
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop > start:
            found.append(Span(start, stop))
        at = end + 1
    return found


def _closing(text: str, start: int, opening: str, closing: str) -> int | None:
    depth = 1
    for i in range(start, min(len(text), start + _LONGEST)):
        c = text[i]
        if c in closing:
            depth -= 1
            if depth == 0:
                return i
        elif c == opening:
            if opening == "“" and text[start:i].rstrip(" ").endswith("\n"):
                return start + len(text[start:i].rstrip())  # a quotation that goes on opens each paragraph anew
            depth += 1
        elif c == "\n" and opening == '"':
            return None
    return None


class _Joins:
    """Tells whether two quotations are parts of one, from the words between them."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self.text = text
        self._verb = grammar.reports

    def only_speaker(self, end: int, start: int) -> bool:
        """Is there nothing but the speaker (and where they said it) between two quotations?"""
        between = self.text[end:start].strip(' »”"«“\u00a0\u202f')
        if not between or len(between) > _REACH or "\n\n" in between.strip():
            return False
        goes_on = between.startswith((",", "-", "–", "—")) or self.text[end - 1] in ".,!?…"
        if not goes_on and not re.match(r"[\s»”\"\u00a0\u202f]*,", self.text[end:start]):
            return False
        verb = self._verb.search(between)
        if not verb or len(re.findall(r"\w+", between[: verb.start()])) > 8:
            return False
        inner = between.rstrip(" .,:;")
        return (
            not re.search(r"[.;:!?]\s", inner)
            and len(re.findall(r"\w+", between[verb.end() :])) <= 16
            and between.endswith((".", ",", ":"))
        )
