"""How a claim is printed: what it says, the sentences that it rests on, and, where that is asked for, why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from recoupe.cli import output
from recoupe.cli.output import clean, quoted
from recoupe.codebook import Codebook
from recoupe.model import Cell, Claim, Evidence, Ground, Reading, Span
from recoupe.sentences import split

if TYPE_CHECKING:
    from recoupe.read import Left

_STYLES = ("bold yellow", "bold green", "bold magenta", "bold blue", "bold cyan", "bold red")
_GOVERNS, _SAYS, _WHEN, _LEFT = "governs", "said by", "when", "not told"


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of the report's words and what they are to a claim: the roles that they fill, or another field."""

    at: Span
    names: tuple[str, ...]


@dataclass(frozen=True)
class Why:
    """Why reports are read as they are: their claims say so, and reading them again shows what tells no claim."""

    codebook: Codebook
    _again: dict[str, tuple[tuple[Claim, ...], Sequence[Left]]] = field(default_factory=dict)

    def left(self, reading: Reading) -> Sequence[Left]:
        """What evokes a frame in a report and tells no claim."""
        return self._read(reading)[1]

    def claims(self, reading: Reading) -> tuple[Claim, ...] | None:
        """The claims of a report with their grounds, which older ledgers do not have; None where the report, read
        again, tells other claims (but for those that stand after them by people's word alone).
        """
        again = self._read(reading)[0]
        had = [_bare(c.read or c) for c in reading.claims]
        same = [_bare(c) for c in again] == (had[: len(again)] if again else had)
        return again if same else None

    def _read(self, reading: Reading) -> tuple[tuple[Claim, ...], Sequence[Left]]:
        doc = reading.report.doc
        if doc not in self._again:
            from recoupe.read import read_all  # not before it is used: it takes its time to load

            again, left = read_all(reading, self.codebook)
            self._again[doc] = again.claims, left
        return self._again[doc]


def _bare(claim: Claim) -> Claim:
    return replace(claim, grounds=(), read=None)


def print_claim(
    screen: Console, brackets: bool, reading: Reading, number: int, why: Why | None, place: int | None = None
) -> None:
    """A claim of a report, by its number from 1; with `why`, why it says what it says. `brackets`: words are marked
    with these, where styles cannot show it. `place` is its number in a list of claims.
    """
    claim, report = reading.claims[number - 1], reading.report
    listed = "" if place is None else f"{place}  "
    output.head(screen, f"{listed}{claim.kind}, {claim.status}", f"{report.doc}#{number}")
    if why is not None:
        _print_why(screen, brackets, reading, number, why)
        return
    if claim.time is not None:
        words = f" ({quoted(claim.time_words.text)})" if claim.time_words else ""
        output.field(screen, "when", f"{claim.time}{words}")
    for role in dict.fromkeys(cell.role for cell in claim.cells):
        output.field(screen, role, _said(cell for cell in claim.cells if cell.role == role))
    if claim.attribution:
        output.field(screen, "said by", ", ".join(claim.attribution))
    marks = [Mark(span, ()) for span in _words(claim)]
    for sentence in _sentences(reading, claim.evidence):
        _print_sentence(screen, report.text, sentence, marks, brackets, {})


def _said(cells: Iterable[Cell], rules: bool = False) -> str:
    """The values of a role, each run of them with the words that say it, and with the `rules` that filled it."""
    parts: dict[tuple[Evidence | None, str], list[str]] = {}
    for cell in cells:
        also = f", that is {', '.join(str(v) for v in cell.also)}" if cell.also else ""
        parts.setdefault((cell.words, cell.rule if rules else ""), []).append(f"{cell.value}{also}")
    return ", ".join(
        ", ".join(values) + (f" ({quoted(words.text)})" if words else "") + (f" by {rule}" if rule else "")
        for (words, rule), values in parts.items()
    )


# Why


def _print_why(screen: Console, brackets: bool, reading: Reading, number: int, why: Why) -> None:
    """The sentences of a claim with the words of each field marked, and the rule behind each field."""
    claim, now = reading.claims[number - 1], why.claims(reading)
    if now is not None and number <= len(now) and not claim.grounds and claim.read is None:
        claim = now[number - 1]
    styles = dict(zip(dict.fromkeys(cell.role for cell in claim.cells), cycle(_STYLES), strict=False))
    sentences = _sentences(reading, claim.evidence)
    for sentence in sentences:
        _print_sentence(screen, reading.report.text, sentence, _merged(_marks(claim)), brackets, styles)
    for name, value in _grounds_of_kind(claim):
        output.field(screen, name, value)
    for role, style in styles.items():
        output.field(screen, role, _said((c for c in claim.cells if c.role == role), rules=True), of=style)
    output.field(screen, "when", _why_then(claim))
    output.field(screen, "said by", _why_theirs(claim))
    for one in why.left(reading):
        if any(sentence.touches(_span(one.words)) for sentence in sentences):
            output.field(screen, _LEFT, _why_not(one))
    if now is None:
        changed = "read again, this report tells other claims: the program or the codebook has changed"
        output.field(screen, "but", changed)


def _marks(claim: Claim) -> Iterator[Mark]:
    """The words of a claim's fields; its kind's are those that tell of it."""
    for cell in claim.cells:
        if cell.words is not None:
            yield Mark(_span(cell.words), (cell.role,))
    if claim.time_words is not None:
        yield Mark(_span(claim.time_words), (_WHEN,))
    names = {"kind": claim.kind, "mood": _GOVERNS, "help": _GOVERNS, "attribution": _SAYS}
    for ground in claim.grounds:
        if ground.words is not None and ground.of in names:
            yield Mark(_span(ground.words), (names[ground.of],))


def _grounds_of_kind(claim: Claim) -> Iterator[tuple[str, str]]:
    """A line or two for each place that tells the claim: the words that do, what governs them, and the status."""
    if not claim.grounds:
        yield "kind", f"{claim.kind}: {claim.rule}"
    for ground in claim.grounds:
        if ground.of == "kind":
            yield "kind", f"{claim.kind}: {_shown(ground)}"
        elif ground.of in ("mood", "help"):
            yield {"mood": "governed by", "help": "helped by"}[ground.of], _shown(ground)
        elif ground.of == "status":
            yield "status", _shown(ground)


def _why_then(claim: Claim) -> str:
    """The time of a claim, and how its words are its own."""
    if claim.time is None:
        return "not said"
    words = f" ({quoted(claim.time_words.text)})" if claim.time_words else ""
    rule = next((g.rule for g in claim.grounds if g.of == "time" and g.words == claim.time_words), "")
    return f"{claim.time}{words}" + (f": {rule}" if rule else "")


def _why_theirs(claim: Claim) -> str:
    """Who a claim is given to, and what shows it."""
    if not claim.attribution:
        return "the report itself"
    shown = (_shown(g) for g in claim.grounds if g.of == "attribution")
    return ", ".join(claim.attribution) + "".join(f"; {rule}" for rule in dict.fromkeys(shown))


def _shown(ground: Ground) -> str:
    return ground.rule if ground.words is None else f"{quoted(ground.words.text)} ({ground.rule})"


def _why_not(left: Left) -> str:
    kind = f", {left.kind}" if left.kind else ""
    return f"{quoted(left.words.text)} ({left.rule}{kind}): {left.reason}"


def print_rest(screen: Console, brackets: bool, reading: Reading, why: Why) -> None:
    """The sentences of a report that evoke frames and tell no claim, each with the reasons."""
    told = [s for claim in reading.claims for s in _sentences(reading, claim.evidence)]
    found: dict[Span, list[Left]] = {}
    for one in why.left(reading):
        (sentence,) = _sentences(reading, [one.words])
        if not any(sentence.touches(other) for other in told):
            found.setdefault(sentence, []).append(one)
    for sentence, left in found.items():
        screen.out()
        output.head(screen, "no claim", reading.report.doc)
        marks = _merged(Mark(_span(one.words), (_LEFT,)) for one in left)
        _print_sentence(screen, reading.report.text, sentence, marks, brackets, {})
        for one in left:
            output.field(screen, _LEFT, _why_not(one))


# The sentences and their marks


def _sentences(reading: Reading, words: Iterable[Evidence]) -> list[Span]:
    """The sentences that hold some words, in order."""
    text, found = reading.report.text, set()
    blocks = [block.span for block in reading.report.blocks] or [Span(0, len(text))]
    for at in map(_span, words):
        home = next((block for block in blocks if block.holds(at)), at)
        inside = [s for s in split(text, home) if s.touches(at)] or [home]
        found.add(Span(inside[0].start, inside[-1].end))
    return sorted(found)


def _span(words: Evidence) -> Span:
    return Span(words.start, words.end)


def _words(claim: Claim) -> list[Span]:
    """The words that fill the claim's cells; where no cell has words, those of the evidence itself."""
    words = [cell.words for cell in claim.cells if cell.words] + ([claim.time_words] if claim.time_words else [])
    return [mark.at for mark in _merged(Mark(_span(e), ()) for e in words or claim.evidence)]


def _merged(marks: Iterable[Mark]) -> list[Mark]:
    """Marks without overlaps, in order; where some overlap, their words are one run with all their names."""
    merged: list[Mark] = []
    for mark in sorted(marks, key=lambda m: m.at):
        if merged and mark.at.start < merged[-1].at.end:
            last = merged.pop()
            names = tuple(dict.fromkeys((*last.names, *mark.names)))
            merged.append(Mark(Span(last.at.start, max(last.at.end, mark.at.end)), names))
        else:
            merged.append(mark)
    return merged


def _print_sentence(
    screen: Console, text: str, sentence: Span, marks: Sequence[Mark], brackets: bool, styles: Mapping[str, str]
) -> None:
    """A sentence with the words that matter in the styles of their names, or in brackets with the names before them."""
    line, at = Text("  "), sentence.start
    for mark in marks:
        if not sentence.holds(mark.at):
            continue
        line.append(clean(text[at : mark.at.start]))
        said = clean(text[mark.at.start : mark.at.end])
        names = ", ".join(mark.names)
        named = f"[{names}: {said}]" if names else f"[{said}]"
        style = styles.get(mark.names[0], "bold underline") if mark.names else "bold yellow"
        line.append(named if brackets else said, style=style)
        at = mark.at.end
    line.append(clean(text[at : sentence.end]).rstrip())
    screen.print(line, soft_wrap=True)
