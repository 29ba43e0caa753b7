"""Reading: what a report says happened, will happen, may happen or did not, each with its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from recoupe.codebook import Codebook, Language
from recoupe.model import Claim, Reading, Report, Span
from recoupe.read.infer import INFERRED, inferred
from recoupe.read.join import join
from recoupe.read.lists import Lists
from recoupe.read.offices import in_office
from recoupe.read.parse import Parser, sentences
from recoupe.read.recall import recalled
from recoupe.read.roles import Arguments, Discourse
from recoupe.read.scenes import Draft, Scene, SceneReader
from recoupe.read.tree import Tree
from recoupe.read.triggers import find_hits
from recoupe.read.voices import Voices
from recoupe.read.whens import TimeLine, Whens

__all__ = ["read_claims"]

_MARKS = re.compile(r"[\s()\[\]:–—-]*")
_parsers: dict[int, Parser] = {}


def _parser(language: Language, codebook: Codebook) -> Parser:
    """The parser of a language, built once a process."""
    if id(language) not in _parsers:
        _parsers[id(language)] = Parser(language, codebook.pieces)
    return _parsers[id(language)]


def read_claims(reading: Reading, codebook: Codebook) -> Reading:
    """The reading with its claims; a report in a language without files stays as it is."""
    language = codebook.languages.get(reading.report.lang)
    if language is None:
        return reading
    reading = replace(reading, mentions=in_office(reading.mentions, reading.dating.when, codebook.names))
    told = replace(reading, mentions=tuple(m for m in reading.mentions if m.note != "dateline"))
    drafts = recalled(_drafts(told, _after_dateline(reading), codebook, language), codebook)
    claims = inferred([d.claim for d in drafts], told, codebook)
    drafts = [replace(draft, claim=claim) for draft, claim in zip(drafts, claims, strict=True)]
    joined = join(drafts, codebook, _title_end(reading.report))
    full = [c for c in joined if all(any(_told(c, a) for a in group) for group in codebook.kinds[c.kind].needs)]
    return replace(reading, claims=tuple(full))


def _after_dateline(reading: Reading) -> int:
    """Where the text of a report goes on after its dateline, of which nothing is told; 0 where it has none."""
    end = max((m.span.end for m in reading.mentions if m.note == "dateline"), default=0)
    return _MARKS.match(reading.report.text, end).end() if end else 0  # type: ignore[union-attr]


def _title_end(report: Report) -> int:
    return max((b.span.end for b in report.blocks if b.role == "title"), default=0)


def _told(claim: Claim, alternative: str) -> bool:
    """Is a role told, or the time; or, of several (a&b), is each told in the claim's own words?"""
    roles = alternative.split("&")
    if len(roles) > 1:
        return all(any(c.role == r and c.rule not in INFERRED for c in claim.cells) for r in roles)
    return claim.time is not None if alternative == "time" else bool(claim.values(alternative))


def _drafts(reading: Reading, begin: int, codebook: Codebook, language: Language) -> list[Draft]:
    text = reading.report.text
    every = [Span(begin, s.end) if s.start < begin < s.end else s for s in sentences(reading.report, language.grammar)]
    plain = text.replace("’", "'")
    spans = [s for s in every if language.lexicon.tells(plain, s.start, s.end)]
    discourse, timeline = _discourse(reading, every, codebook), TimeLine(reading.mentions, reading.dating.when)
    drafts: list[Draft] = []
    for tree in _parser(language, codebook).trees(text, spans, reading.mentions):
        arguments = Arguments(tree, text, language.grammar, discourse)
        hits = find_hits(tree, text, language, codebook)
        arguments.triggers = frozenset(hits)
        whens = Whens(tree, text, reading.dating.when, hits, timeline, language.grammar.anchors)
        voices = Voices(tree, text, language.grammar, arguments, reading.quotes)
        drafts += SceneReader(Scene(tree, text, codebook, language, hits, arguments, voices, whens)).drafts()
        _remember(tree, arguments, discourse)
    return Lists(reading, every, codebook, language).told(drafts)


def _discourse(reading: Reading, every: Sequence[Span], codebook: Codebook) -> Discourse:
    return Discourse(
        items=tuple(m for m in reading.mentions if m.type == "item"),
        people=tuple(m for m in reading.mentions if m.type == "person"),
        starts=tuple(s.start for s in every),
        sexes={p.id: p.sex for p in codebook.names.people.values()},
    )


def _remember(tree: Tree, arguments: Arguments, discourse: Discourse) -> None:
    """Whom the sentence's main clause was about, for the pronouns of the next."""
    for node in tree.nodes:
        if node.head < 0:
            for marker, argument in arguments.of_verb(node):
                if marker == "subj":
                    discourse.note(list(arguments.fillers(argument, "actor")))
