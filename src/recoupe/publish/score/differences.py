"""Where what was read differs from a gold report: each difference for a person, and what is most often confused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeVar

from recoupe.publish.score.agree import NOT, Aligned
from recoupe.publish.score.coded import CodedClaim, CodedQuote
from recoupe.publish.score.compare import Comparison, Found

T = TypeVar("T")
What = Literal["unread", "published", "missed", "spurious", "differs", "missed quote", "spurious quote", "speaker"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a claim on which the two sides differ; `half`: some of its values are worth a half."""

    name: str
    wants: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    half: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of a report that was read otherwise than it is coded.

    `name` is the claim's in the gold file, empty for a spurious one; `words` those that it rests on.
    """

    doc: str
    what: What
    kind: str = ""
    name: str = ""
    words: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often what is taken for what: kinds and statuses as (wants, has), roles as `kind role`; most often first.

    Roles are those of claims that were found: `missed` values have no partner among those that were read, `spurious`
    ones none in the gold file, `half` ones agree by half.
    """

    kinds: tuple[tuple[str, str, int], ...]
    statuses: tuple[tuple[str, str, int], ...]
    missed: tuple[tuple[str, int], ...]
    spurious: tuple[tuple[str, int], ...]
    half: tuple[tuple[str, int], ...]


def differences(reports: Iterable[Comparison]) -> Iterator[Difference]:
    """Every difference, report by report; claims in the order of the gold file, then those that were read only."""
    for report in reports:
        doc = report.gold.doc
        if report.unread:
            yield Difference(doc, "unread")
        if report.verdict in ("none", "wrong"):
            yield Difference(doc, "published", fields=(_field("published", report.gold.published, report.published),))
        found = {id(pair.gold): pair for pair in report.found}
        for claim in report.gold.claims:
            if (pair := found.get(id(claim))) is None:
                yield _alone(doc, "missed", claim, claim.name)
            elif fields := tuple(_fields(pair)):
                yield Difference(doc, "differs", claim.kind, claim.name, _words(claim), fields)
        yield from (_alone(doc, "spurious", claim, "") for claim in report.spurious)
        yield from _quotes(report)


def confusion(reports: Sequence[Comparison]) -> Confusion:
    """What is most often confused, over all reports."""
    pairs = [pair for report in reports for pair in report.found]
    kinds = Counter((gold.kind, read.kind) for report in reports for gold, read in report.mistaken)
    statuses = Counter(
        (str(pair.gold.status), str(pair.read.status)) for pair in pairs if pair.gold.status != pair.read.status
    )
    slots = [(pair.gold.kind, slot) for pair in pairs for slot in pair.slots]
    return Confusion(
        kinds=tuple((*both, n) for both, n in _often(kinds)),
        statuses=tuple((*both, n) for both, n in _often(statuses)),
        missed=_often(Counter(f"{kind} {s.gold.role}" for kind, s in slots if s.gold and s.read is None)),
        spurious=_often(Counter(f"{kind} {s.read.role}" for kind, s in slots if s.read and s.gold is None)),
        half=_often(Counter(f"{kind} {s.gold.role}" for kind, s in slots if s.gold and _half(s))),
    )


def differences_object(reports: Sequence[Comparison]) -> dict[str, Any]:
    """The differences and confusions as JSON data."""
    told = confusion(reports)
    return {
        "differences": [asdict(difference) for difference in differences(reports)],
        "confusion": {
            **{
                key: [{"wants": w, "has": h, "times": n} for w, h, n in getattr(told, key)]
                for key in ("kinds", "statuses")
            },
            **{f"roles_{key}": dict(getattr(told, key)) for key in ("missed", "spurious", "half")},
        },
    }


def _often(counted: Counter[T]) -> tuple[tuple[T, int], ...]:
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], str(pair[0]))))


def _half(slot: Aligned) -> bool:
    return slot.gold is not None and slot.read is not None and slot.gold.key != slot.read.key


def _alone(doc: str, what: What, claim: CodedClaim, name: str) -> Difference:
    """A claim without a partner, with all that it says: in `wants` where it was missed, else in `has`."""
    told: dict[str, tuple[str, ...]] = {}
    for slot in claim.slots:
        told[slot.role] = (*told.get(slot.role, ()), slot.value)
    fields = (Field(r, v, ()) if what == "missed" else Field(r, (), v) for r, v in told.items())
    return Difference(doc, what, claim.kind, name, _words(claim), tuple(fields))


def _fields(pair: Found) -> Iterator[Field]:
    """The fields on which a found claim differs from its gold one: roles and time, status, attribution."""
    unlike = [slot for slot in pair.slots if slot.gold is None or slot.read is None or _half(slot)]
    for role in dict.fromkeys(side.role for slot in unlike for side in (slot.gold, slot.read) if side):
        wants = tuple(slot.gold.value for slot in unlike if slot.gold and slot.gold.role == role)
        has = tuple(slot.read.value for slot in unlike if slot.read and slot.read.role == role)
        half = any(slot.worth > NOT for slot in unlike if slot.gold and slot.gold.role == role)
        yield Field(role, wants, has, half)
    if pair.gold.status != pair.read.status:
        yield _field("status", pair.gold.status, pair.read.status)
    wanted, had = pair.attributions
    if wanted != had:
        yield Field("attribution", pair.gold.attribution, pair.read.attribution, bool(wanted & had))


def _field(name: str, wants: str | None, has: str | None) -> Field:
    return Field(name, () if wants is None else (wants,), () if has is None else (has,))


def _quotes(report: Comparison) -> Iterator[Difference]:
    """Quotations that are on one side only, and those with another speaker."""
    doc, found = report.gold.doc, report.loose
    for quote in _others(report.gold.quotes, [pair.gold for pair in found]):
        yield Difference(doc, "missed quote", words=quote.text, fields=(_field("speaker", quote.speaker, None),))
    for pair in found:
        if not pair.same_speaker:
            field = _field("speaker", pair.gold.speaker, pair.read.speaker)
            yield Difference(doc, "speaker", words=pair.gold.text, fields=(field,))
    for quote in _others(report.quotes, [pair.read for pair in found]):
        yield Difference(doc, "spurious quote", words=quote.text, fields=(_field("speaker", None, quote.speaker),))


def _others(quotes: Iterable[CodedQuote], found: Iterable[CodedQuote]) -> list[CodedQuote]:
    """The quotations without those found, each of these taken off once."""
    return list((Counter(quotes) - Counter(found)).elements())


def _words(claim: CodedClaim) -> str:
    return claim.evidence[0] if claim.evidence else ""
