"""What a report has in part from others: which of its passages, and whose word the claims in them are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from recoupe.model import Evidence, Origin, Reading, Report, Span
from recoupe.sentences import split

SENTENCE = 0.6  # a sentence is another report's where so many of its words stand there, in runs
HALF = 0.5  # a claim is another report's where so much of its evidence is
_OWN = ("title", "crosshead")  # the editors' words for what the text tells


def passages(text: str, paragraphs: Iterable[tuple[int, int]], words: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """The passages of a text that are another's, in whole sentences; those that follow each other are one.

    `words` are the characters of the words that stand in the other, in order.
    """
    starts = [start for start, _ in words]
    found: list[Span] = []
    for start, end in sorted(paragraphs):
        for sentence in split(text, Span(start, end)):
            inside = words[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
            held = sum(b - a for a, b in inside)
            if held < SENTENCE * sum(map(str.isalnum, text[sentence.start : sentence.end])) or not held:
                continue
            if found and not text[found[-1].end : sentence.start].strip():
                found[-1] = Span(found[-1].start, sentence.end)
            else:
                found.append(sentence)
    return tuple(found)


def claim_roots(readings: Iterable[Reading], origins: Iterable[Origin], roots: Mapping[str, str]) -> Mapping[str, str]:
    """The origin of each claim (`doc#n`) that has another one than its report, whose origins are `roots`.

    It is that of the text from which the claim's passage was taken over, near or far: a copy has with its text what its
    original took from others. What only a title tells is from where the text has its claims of that kind.
    """
    by_doc = {r.report.doc: r for r in readings}
    ways = _Ways({doc: r.report for doc, r in by_doc.items()}, origins, roots)
    found: dict[str, str] = {}
    for doc, reading in by_doc.items():
        if not ways.lead_on(doc):
            continue
        titles = [b.span for b in reading.report.blocks if b.role in _OWN]
        below = [tuple(e for e in claim.evidence if not _within(e, titles)) for claim in reading.claims]
        told = [ways.of(doc, body or claim.evidence) for claim, body in zip(reading.claims, below, strict=True)]
        kinds: defaultdict[str, set[str | None]] = defaultdict(set)
        for claim, body, root in zip(reading.claims, below, told, strict=True):
            if body:
                kinds[claim.kind].add(root)
        for n, claim in enumerate(reading.claims):
            root = told[n]
            if root is None and not below[n] and len(kinds[claim.kind]) == 1:
                (root,) = kinds[claim.kind]
            if root is not None and root != roots[doc]:
                found[f"{doc}#{n + 1}"] = root
    return found


def _within(evidence: Evidence, spans: Iterable[Span]) -> bool:
    return any(span.holds(Span(evidence.start, evidence.end)) for span in spans)


class _Ways:
    """Finds where the passages of reports come from, step by step."""

    def __init__(self, reports: Mapping[str, Report], origins: Iterable[Origin], roots: Mapping[str, str]) -> None:
        self._reports = reports
        self._roots = roots
        self._parts: defaultdict[str, list[Origin]] = defaultdict(list)
        self._original: dict[str, str] = {}
        self._sentences: dict[str, list[Span]] = {}
        for origin in sorted(origins, key=lambda o: (o.doc, o.source)):
            if origin.doc not in reports or origin.source not in reports:
                continue
            if origin.relation == "part":
                self._parts[origin.doc].append(origin)
            elif origin.relation == "copy":
                self._original.setdefault(origin.doc, origin.source)
        self._taken = {(o.doc, o.source) for row in self._parts.values() for o in row} | set(self._original.items())

    def lead_on(self, doc: str) -> bool:
        """Has the report, or one that it is a copy of, parts of others?"""
        return any(step in self._parts for step in self._line(doc))

    def _line(self, doc: str) -> Iterator[str]:
        """A report, the one that it is a copy of, and so on."""
        seen: set[str] = set()
        at: str | None = doc
        while at is not None and at not in seen:
            yield at
            seen.add(at)
            at = self._original.get(at)

    def of(self, doc: str, evidence: Iterable[Evidence]) -> str | None:
        """The origin of a claim that rests on these words; None where they are the report's own."""
        weights: Counter[str] = Counter()
        whole = 0
        for e in evidence:
            whole += e.end - e.start
            if (root := self._root(doc, Span(e.start, e.end), frozenset())) is not None:
                weights[root] += e.end - e.start
        if not weights or weights.total() < HALF * whole:
            return None
        return min(weights, key=lambda root: (-weights[root], root))

    def _root(self, doc: str, span: Span, seen: frozenset[str]) -> str | None:
        """The origin of a run of words of a report; None where that is the report's."""
        if doc in seen or not self.lead_on(doc):
            return None
        seen |= {doc}
        parts = [(o.source, held) for o in self._parts.get(doc, ()) if (held := _inside(span, o.passages))]
        parts = [(source, held) for source, held in parts if held >= HALF * (span.end - span.start)]
        far = [p for p in parts if not any((p[0], other) in self._taken for other, _ in parts if other != p[0])]
        if far or parts:
            source, _ = min(far or parts, key=lambda p: (-p[1], self._roots[p[0]], p[0]))
            there = self._find(doc, span, source)
            return (there and self._root(source, there, seen)) or self._roots[source]
        original = self._original.get(doc)
        there = self._find(doc, span, original) if original is not None else None
        return self._root(original, there, seen) if original is not None and there else None

    def _find(self, doc: str, span: Span, other: str) -> Span | None:
        """Where a run of words of a report stands in another one: where its whole sentence does."""
        text = self._reports[doc].text
        if doc not in self._sentences:
            blocks = (b.span for b in self._reports[doc].blocks)
            self._sentences[doc] = sorted(s for block in blocks for s in split(text, block))
        place = bisect_right(self._sentences[doc], span.start, key=lambda s: s.start) - 1
        if place < 0:
            return None
        sentence = self._sentences[doc][place]
        at = self._reports[other].text.find(text[sentence.start : max(sentence.end, span.end)].rstrip())
        return Span(at + span.start - sentence.start, at + span.end - sentence.start) if at >= 0 else None


def _inside(span: Span, passages: Iterable[Span]) -> int:
    """How many characters of a span lie in passages that do not touch each other."""
    return sum(max(0, min(span.end, p.end) - max(span.start, p.start)) for p in passages)
