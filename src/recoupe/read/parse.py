"""Sentences and their trees: only those that hold a word of the lexicon are parsed."""

from __future__ import annotations

import importlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import spacy.tokens
from thinc.api import NumpyOps

from recoupe.codebook.language import Language
from recoupe.codebook.lexicon import Grammar
from recoupe.model import Mention, Report, Span
from recoupe.read.embed import Embedder, embedder
from recoupe.read.tree import Tree
from recoupe.read.units import Sentence, Simplifier

_BREAK = re.compile(r"(?<=[.!?…])[\"”»’)\]]*\s+(?=[\"“«(\[—–-]*\s?[A-ZÀ-ÖØ-Þ0-9])|;\s+|\n+")
_MOST = 900  # characters; longer sentences are lists or broken pages, and the parser's time grows with them


@lru_cache(maxsize=4)
def _model(package: str) -> tuple[Any, Embedder | None]:
    """A parser by its package's name, loaded once a process, without what nobody here asks of it: names are found by
    the codebook, and no rule is about the tags of the model's own corpus.
    """
    nlp = importlib.import_module(package).load(exclude=["ner"])
    embed = embedder(nlp)
    if embed is not None:
        nlp.disable_pipe("tok2vec")
    if "attribute_ruler" in nlp.pipe_names:
        ruler = nlp.get_pipe("attribute_ruler")
        rules = [rule for rule in ruler.patterns if set(rule["attrs"]) != {"TAG"}]
        ruler.clear()
        ruler.add_patterns(rules)
    for layer in nlp.get_pipe("parser").model.walk():
        layer.ops = NumpyOps(use_blis=False)  # numpy's own products of matrices are faster
    return nlp, embed


def sentences(report: Report, grammar: Grammar) -> Iterator[Span]:
    """The sentences of a report, block by block."""
    for block in report.blocks:
        for span in split(report.text, block.span, grammar):
            yield from _pieces(report.text, span)


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """A sentence that is too long to parse, cut at its commas; what has none is cut at a blank."""
    start = span.start
    while span.end - start > _MOST:
        cut = max(text.rfind(mark, start + 1, start + _MOST) for mark in (", ", "; ", ": "))
        cut = cut + 1 if cut > 0 else text.rfind(" ", start + 1, start + _MOST)
        cut = cut if cut > start else start + _MOST
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, span.end)


def split(text: str, span: Span, grammar: Grammar) -> Iterator[Span]:
    """The sentences of a run of text; a point after an abbreviation or an initial ends none."""
    start = span.start
    for m in _BREAK.finditer(text, span.start, span.end):
        last = text[start : m.start()].rsplit(None, 1)[-1:] or [""]
        if "\n" not in m.group() and (last[0] in grammar.abbreviations or re.fullmatch(r"(?:[A-Z]\.)+", last[0])):
            continue
        yield from _trimmed(text, start, m.start() + len(m.group()) - len(m.group().lstrip('"”»’)]')))
        start = m.end()
    yield from _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield Span(start, end)


class Held:
    """The mentions of a report, by where they stand."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._mentions = mentions
        self._starts = [m.span.start for m in mentions]

    def within(self, span: Span) -> list[Mention]:
        """Those that lie in a sentence, whole."""
        near = self._mentions[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]
        return [m for m in near if m.span.end <= span.end]


class Parser:
    """Parses the sentences of reports in one language."""

    def __init__(self, language: Language, pieces: frozenset[str]) -> None:
        self.language = language
        self._nlp, self._embedder = _model(language.grammar.model)
        tokenizer = self._nlp.tokenizer
        self.simplifier = Simplifier(
            language, pieces, lambda text: [(t.idx, t.idx + len(t.text), t.text) for t in tokenizer(text)]
        )

    def trees(self, text: str, spans: Sequence[Span], held: Held) -> list[Tree]:
        """The trees of the sentences at `spans`, in order; a sentence of marks alone has none."""
        plain = [self.simplifier.plain(text, span, held.within(span)) for span in spans]
        plain = [s for s in plain if s.words]
        return [Tree(s, doc, self.language.grammar) for s, doc in zip(plain, self._parse(plain), strict=True)]

    def _parse(self, plain: Iterable[Sentence]) -> Iterator[Any]:
        docs = [spacy.tokens.Doc(self._nlp.vocab, words=[w.text for w in s.words]) for s in plain]
        if self._embedder is not None:
            self._embedder.embed(docs)
        yield from self._nlp.pipe(docs, batch_size=64)
