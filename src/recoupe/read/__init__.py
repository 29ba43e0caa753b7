"""Reading: what a report says happened, will happen, may happen or did not, each with its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from recoupe.codebook import Codebook, Language
from recoupe.model import Claim, Reading, Report, Span
from recoupe.read.gate import Gate
from recoupe.read.infer import INFERRED, inferred
from recoupe.read.join import join
from recoupe.read.offices import in_office
from recoupe.read.parse import Held, Parser, sentences
from recoupe.read.roles import Discourse
from recoupe.read.scenes import Draft, Scene, SceneReader
from recoupe.read.story import Story
from recoupe.read.triggers import evoked_in, find_hits
from recoupe.read.voices import Voices
from recoupe.read.whens import TimeLine, Whens

__all__ = ["read_claims"]

_MARKS = re.compile(r"[\s()\[\]:–—-]*")
_built: dict[int, tuple[Parser, Gate]] = {}


def _tools(language: Language, codebook: Codebook) -> tuple[Parser, Gate]:
    """The parser and the gate of a language, built once a process."""
    if id(language) not in _built:
        _built[id(language)] = Parser(language, codebook.pieces), Gate(language, codebook.frames)
    return _built[id(language)]


def read_claims(reading: Reading, codebook: Codebook) -> Reading:
    """The reading with its claims; a report in a language without files stays as it is."""
    language = codebook.languages.get(reading.report.lang)
    if language is None:
        return reading
    reading = replace(reading, mentions=in_office(reading.mentions, reading.dating.when, codebook.names))
    told = replace(reading, mentions=tuple(m for m in reading.mentions if m.note != "dateline"))
    drafts = _drafts(told, _after_dateline(reading), codebook, language)
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
    text, parser, gate = reading.report.text, *_tools(language, codebook)
    plain = text.replace("’", "'")
    every = [Span(begin, s.end) if s.start < begin < s.end else s for s in sentences(reading.report, language.grammar)]
    held = Held(reading.mentions)
    told = [(s, held.within(s), e) for s in every if (e := evoked_in(plain, s, language.lexicon))]
    worth = [i for i, (span, mentions, evoked) in enumerate(told) if gate.passes(plain, span, evoked, mentions)]
    named = [gate.names_somebody(plain, span, mentions) for span, mentions, _ in told]
    story = Story(text, [s for s, _, _ in told], named, held, parser, _discourse(reading, every, codebook))
    story.parse(worth, [i for i in worth if gate.points_back(plain, *told[i][:2])])
    timeline = TimeLine(reading.mentions, reading.dating.when)
    drafts: list[Draft] = []
    for arguments, evoked in ((story.sentence(i), told[i][2]) for i in worth):
        if arguments is None:
            continue
        tree = arguments.tree
        hits = find_hits(tree, plain, evoked, language, codebook)
        arguments.triggers = frozenset(hits)
        whens = Whens(tree, text, reading.dating.when, hits, timeline, language.grammar.anchors)
        voices = Voices(tree, text, language.grammar, arguments, reading.quotes)
        drafts += SceneReader(Scene(tree, text, codebook, language, hits, arguments, voices, whens)).drafts()
    return drafts


def _discourse(reading: Reading, every: Sequence[Span], codebook: Codebook) -> Discourse:
    return Discourse(
        items=tuple(m for m in reading.mentions if m.type == "item"),
        people=tuple(m for m in reading.mentions if m.type == "person"),
        starts=tuple(s.start for s in every),
        sexes={p.id: p.sex for p in codebook.names.people.values()},
    )
