"""Reading: what a report says happened, will happen, may happen or did not, each with its words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from recoupe.codebook import Codebook
from recoupe.codebook.language import Language
from recoupe.codebook.patterns import plain
from recoupe.model import Claim, Mention, Reading, Report, Span
from recoupe.read.discourse import COREFERENCE, SPOKEN_OF, Discourse, Filler
from recoupe.read.headings import find_headings, heading_of
from recoupe.read.infer import INFERRED, inferred
from recoupe.read.join import join
from recoupe.read.lists import Lists
from recoupe.read.offices import in_office
from recoupe.read.parse import Held, Parser, sentences
from recoupe.read.recall import recalled
from recoupe.read.roles import BOTH, Arguments
from recoupe.read.scenes import TOLD, Draft, Left, Scene, SceneReader, needed
from recoupe.read.tree import Tree
from recoupe.read.triggers import evoked_in, find_hits
from recoupe.read.voices import Voices
from recoupe.read.whens import TimeLine, Whens
from recoupe.values import Item

__all__ = ["Left", "read_all", "read_claims"]

_MARKS = re.compile(r"[\s()\[\]:–—-]*")
_parsers: dict[int, Parser] = {}


def _parser(language: Language, codebook: Codebook) -> Parser:
    """The parser of a language, built once a process."""
    if id(language) not in _parsers:
        _parsers[id(language)] = Parser(language, codebook.pieces)
    return _parsers[id(language)]


def read_claims(reading: Reading, codebook: Codebook) -> Reading:
    """The reading with its claims; a report in a language without files stays as it is."""
    return read_all(reading, codebook)[0]


def read_all(reading: Reading, codebook: Codebook) -> tuple[Reading, list[Left]]:
    """The reading with its claims, and the places that evoke a frame and tell none, in the text's order.

    A reading that has its claims already gives the same again.
    """
    left: list[Left] = []
    language = codebook.languages.get(reading.report.lang)
    if language is None:
        return reading, left
    reading = replace(reading, mentions=in_office(reading.mentions, reading.dating.when, codebook.names))
    told = replace(reading, mentions=tuple(m for m in reading.mentions if m.note != "dateline"))
    drafts = recalled(_drafts(told, _after_dateline(reading), codebook, language, left), codebook)
    claims = inferred([d.claim for d in drafts], told, codebook)
    drafts = [replace(draft, claim=claim) for draft, claim in zip(drafts, claims, strict=True)]
    joined = join(drafts, codebook, _title_end(reading.report))
    full = []
    for claim in joined:
        needs = (*codebook.kinds[claim.kind].needs, *_of_setting(claim, codebook))
        unmet = [g for g in needs if not any(_told(claim, a) for a in g)]
        if unmet:
            words = next((g.words for g in claim.grounds if g.words), claim.evidence[0])
            left.append(Left(words, claim.rule, claim.kind, needed(unmet)))
        else:
            full.append(claim)
    telling = {(claim.kind, ground.words) for claim in full for ground in claim.grounds}
    left = [one for one in left if (one.kind, one.words) not in telling]  # what was told before has completed them
    return replace(reading, claims=tuple(full)), sorted(dict.fromkeys(left), key=lambda one: one.words)


def _after_dateline(reading: Reading) -> int:
    """Where the text of a report goes on after its dateline, of which nothing is told; 0 where it has none."""
    end = max((m.span.end for m in reading.mentions if m.note == "dateline"), default=0)
    return _MARKS.match(reading.report.text, end).end() if end else 0  # type: ignore[union-attr]


def _title_end(report: Report) -> int:
    return max((b.span.end for b in report.blocks if b.role == "title"), default=0)


def _of_setting(claim: Claim, codebook: Codebook) -> tuple[tuple[str, ...], ...]:
    """What a claim must tell because all its words may be but the setting of something else."""
    frames = [codebook.frames[g.rule.partition(":")[0]].only_with for g in claim.grounds if g.of == "kind"]
    return frames[0] if frames and all(frames) else ()


def _told(claim: Claim, alternative: str) -> bool:
    """Is a role told, or the time, or the attribution; or in the claim's own words (a=), as each of several is
    (a&b); or is what one does (a!) told as done, by words that name it?
    """
    if alternative.endswith("!"):
        own = (c for c in claim.cells if c.role == alternative[:-1])
        return claim.status == "done" and any(c.rule not in (*INFERRED, COREFERENCE, SPOKEN_OF) for c in own)
    roles = alternative.removesuffix("=").split("&")
    if len(roles) > 1 or alternative.endswith("="):
        return all(any(c.role == r and c.rule not in INFERRED for c in claim.cells) for r in roles)
    if alternative in ("time", "attribution"):
        return bool(getattr(claim, alternative))
    return bool(claim.values(alternative))


def _drafts(reading: Reading, begin: int, codebook: Codebook, language: Language, left: list[Left]) -> list[Draft]:
    """What every sentence tells, from the offset `begin` on; what tells nothing is added to `left`."""
    text = reading.report.text
    every = [Span(begin, s.end) if s.start < begin < s.end else s for s in sentences(reading.report, language.grammar)]
    straight = plain(text)
    headings = find_headings(reading, codebook.opponents)
    labels = {h.scope.start for h in headings}
    every = [Span(next((x for x in labels if s.start < x < s.end), s.start), s.end) for s in every]
    discourse, timeline = _discourse(reading, every, codebook), TimeLine(reading.mentions, reading.dating.when)
    numbers = [m.span.start for m in reading.mentions if m.type in ("amount", "count")]
    evoked = {s: evoked_in(straight, s, language.lexicon) for s in every}
    spans = [
        s
        for s in every
        if evoked[s] or (heading_of(headings, s) and bisect_left(numbers, s.start) < bisect_left(numbers, s.end))
    ]
    drafts: list[Draft] = []
    for tree in _parser(language, codebook).trees(text, spans, Held(reading.mentions)):
        heading = heading_of(headings, tree.sentence.span)
        if heading is not None and heading not in discourse.subjects:
            discourse.note([heading])
        arguments = Arguments(tree, text, language.grammar, discourse)
        hits = find_hits(tree, straight, evoked[tree.sentence.span], language, codebook)
        arguments.triggers = frozenset(hits)
        whens = Whens(tree, text, reading.dating.when, hits, timeline, language.grammar.anchors)
        voices = Voices(tree, text, language.grammar, arguments, reading.quotes)
        reader = SceneReader(Scene(tree, text, codebook, language, hits, arguments, voices, whens, heading))
        found = reader.drafts()
        left += reader.left
        _remember(tree, arguments, discourse)
        discourse.givers.update(_givers(found, codebook))
        drafts += found
    return Lists(reading, every, codebook, language).told(drafts)


def _discourse(reading: Reading, every: Sequence[Span], codebook: Codebook) -> Discourse:
    return Discourse(
        items=tuple(m for m in reading.mentions if isinstance(m.value, Item) and codebook.money not in m.value.path),
        people=tuple(m for m in reading.mentions if m.type == "person"),
        starts=tuple(s.start for s in every),
        quotes=reading.quotes,
        sides=_sides(reading.mentions, codebook.opponents),
        sexes={p.id: p.sex for p in codebook.names.people.values()},
    )


def _givers(drafts: Sequence[Draft], codebook: Codebook) -> dict[str, Filler]:
    """Who gives, or buys, in the last of some claims, by role."""
    cells = [c for d in drafts for c in d.claim.cells if c.role in codebook.kinds[d.claim.kind].headed and c.words]
    return {c.role: Filler(c.value, Span(c.words.start, c.words.end), rule=TOLD) for c in cells if c.words}


def _sides(mentions: Sequence[Mention], opponents: Mapping[str, str]) -> tuple[Mention, ...]:
    """The first mentions of the two parties to a war, where the report names both of one war only."""
    first = {str(m.value): m for m in reversed(mentions) if m.type == "actor" and str(m.value) in opponents}
    named = sorted((m for a, m in first.items() if opponents[a] in first), key=lambda m: m.span)
    return tuple(named) if len(named) == BOTH else ()


def _remember(tree: Tree, arguments: Arguments, discourse: Discourse) -> None:
    """Whom the sentence's main clause was about, for the pronouns of the next."""
    for node in tree.nodes:
        if node.head < 0:
            for marker, argument in arguments.of_verb(node):
                if marker == "subj":
                    discourse.note(list(arguments.fillers(argument, "actor")))
