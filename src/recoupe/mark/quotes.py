"""Direct quotations and who says them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recoupe.codebook.lexicon import Grammar
from recoupe.codebook.patterns import either
from recoupe.model import Evidence, Mention, Quote, Span

# Opening marks and what closes each. A straight mark closes itself.
_PAIRS = {"«": "»", "“": "”", "„": "“”", '"': '"', "‟": "”"}
_MIN_WORDS = 3  # the manual, section 6: shorter ones are scare quotes
_LONGEST = 3000  # characters; an unclosed mark must not swallow a page
_BESIDE = 12  # characters: nearer than this two words stand side by side, with an auxiliary or an article between
_REACH = 160  # characters on either side of a quotation in which its speaker is looked for
_SENTENCE_END = re.compile(r"[.!?…]+[\"”»)]*\s+(?=[A-ZÀ-Þ«“\"])|\n")


def find_quotes(text: str, mentions: Sequence[Mention], grammar: Grammar) -> list[Quote]:
    """The quotations of `text` (three words or more), interrupted ones joined, with their speakers.

    `mentions` are those of the text; the media among them should be left out, for they are told, they do not tell.
    """
    spans = [s for s in _marked(text) if len(re.findall(r"\w+(?:['’-]\w+)*", text[s.start : s.end])) >= _MIN_WORDS]
    speakers = _Speakers(text, mentions, grammar)
    quotes: list[Quote] = []
    ends: list[int] = []
    for i, span in enumerate(spans):
        part = Evidence.of(text, span.start, span.end)
        limit = spans[i + 1].start if i + 1 < len(spans) else len(text)
        floor = spans[i - 1].end if i else 0
        if quotes and speakers.only_speaker(ends[-1], span.start):
            quotes[-1] = Quote((*quotes[-1].parts, part), quotes[-1].speaker, quotes[-1].rule)
        else:
            speaker, rule = speakers.of(span, floor, limit)
            if speaker is None and quotes and speakers.same_breath(ends[-1], span.start):
                speaker, rule = quotes[-1].speaker, "speaker of the quotation before"
            quotes.append(Quote((part,), speaker, rule))
        ends.append(span.end)
    return quotes


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
            depth += 1
        elif c == "\n" and opening == '"':
            return None
    return None


class _Speakers:
    """Finds who is said to say a quotation, from reporting verbs and the mentions beside them."""

    def __init__(self, text: str, mentions: Sequence[Mention], grammar: Grammar) -> None:
        self.text = text
        self.grammar = grammar
        self.mentions = [m for m in mentions if m.type == "person" or (m.type == "actor" and m.note != "adjective")]
        self._verb = re.compile(
            r"(?<![\w])(?:" + "|".join(p.pattern for p in grammar.reporting.values()) + r")\w*", re.I
        )
        self._according = re.compile(rf"(?<!\w){either(grammar.according)}\s", re.I)
        pronouns = grammar.pronouns.get("m", frozenset()) | grammar.pronouns.get("f", frozenset())
        self._pronoun = re.compile(rf"(?<!\w){either(pronouns)}(?!\w)", re.I)

    def of(self, span: Span, floor: int, limit: int) -> tuple[str | None, str]:
        """The speaker of the quotation at `span`; `floor` and `limit` are where its neighbours end and begin."""
        after = self._clause_after(span.end, limit)
        before = self._clause_before(span.start, floor)
        for clause, rule in ((after, "reporting verb after"), (before, "reporting verb before")):
            speaker = self._in_clause(clause, span)
            if speaker:
                return speaker, rule
        for clause in (after, before):
            m = self._according.search(self.text, clause.start, clause.end)
            named = [x for x in self.mentions if m and x.span.start >= m.start() and x.span.end <= clause.end]
            if named:
                return self._id(named[0]), "according to"
        return None, ""

    def _clause_after(self, start: int, limit: int) -> Span:
        end = min(limit, start + _REACH)
        head = re.match(r"[»”\"\s]*", self.text[start:end])
        at = start + (head.end() if head else 0)
        if self.text[start - 1] in ".!?…" and self.text[at : at + 1].isupper():
            return Span(start, start)  # the quotation ends its sentence: what follows is another
        m = _SENTENCE_END.search(self.text, at, end)
        return Span(start, m.start() if m else end)

    def _clause_before(self, start: int, floor: int) -> Span:
        low = max(floor, start - _REACH * 2)
        last = low
        for m in _SENTENCE_END.finditer(self.text, low, start):
            if m.end() < start - 1:
                last = m.end()
        return Span(last, start)

    def _in_clause(self, clause: Span, quote: Span) -> str | None:
        """The mention nearest to a reporting verb of the clause: its subject stands beside it."""
        verbs = list(self._verb.finditer(self.text, clause.start, clause.end))
        if not verbs:
            return None
        follows = clause.start >= quote.end
        verb = verbs[0] if follows else verbs[-1]
        here = [m for m in self.mentions if clause.start <= m.span.start and m.span.end <= clause.end]
        ahead = [m for m in here if m.span.end <= verb.start()]
        behind = [m for m in here if m.span.start >= verb.end()]
        if self._pronoun_beside(verb, clause) and not (
            behind and follows and behind[0].span.start - verb.end() < _BESIDE
        ):
            return self._antecedent(min(clause.start, quote.start))
        nearest = behind[:1] or ahead[-1:] if follows else self._subject(ahead) or behind[:1]
        if follows and ahead and behind and behind[0].span.start - verb.end() > verb.start() - ahead[-1].span.end + 2:
            nearest = ahead[-1:]
        return self._id(nearest[0]) if nearest else None

    def _pronoun_beside(self, verb: re.Match[str], clause: Span) -> bool:
        """Does a personal pronoun stand right before or after the verb ("he said", "a-t-il dit", "dit-elle")?"""
        before = self.text[max(clause.start, verb.start() - _BESIDE) : verb.start()]
        after = self.text[verb.end() : min(clause.end, verb.end() + 6)]
        return bool(
            re.search(self._pronoun.pattern + r"[\s\w'’]{0,5}$", before, re.I)
            or re.match(r"[\s-](?:t-)?" + self._pronoun.pattern, after, re.I)
        )

    @staticmethod
    def _subject(ahead: list[Mention]) -> list[Mention]:
        """Of the names before the verb, the last person, else the last name."""
        people = [m for m in ahead if m.type == "person"]
        return people[-1:] or ahead[-1:]

    def _antecedent(self, before: int) -> str | None:
        """Whom a pronoun points at: the first person of the last sentence that names one, its likely subject."""
        people = [m for m in self.mentions if m.type == "person" and m.span.end <= before]
        if not people:
            return None
        last = people[-1].span.start
        start = max(
            (m.end() for m in _SENTENCE_END.finditer(self.text, max(0, last - 600), last)), default=max(0, last - 600)
        )
        return self._id(next(m for m in people if m.span.start >= start))

    @staticmethod
    def _id(mention: Mention) -> str:
        return str(mention.value)

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

    def same_breath(self, end: int, start: int) -> bool:
        """Does the second quotation follow in the same paragraph, with no other speaker between?"""
        between = self.text[end:start]
        return (
            "\n" not in between
            and len(between) < _REACH * 2
            and not any(m.type == "person" and end <= m.span.start < start for m in self.mentions)
        )
