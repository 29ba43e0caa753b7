"""What is different between two moments of a ledger: reports, claims and entries, matched by the words they rest on.

An entry's id comes from the words of one of its claims, and a claim's number from its place in its report: both may
change when a report is read anew. So claims are matched by their words first, and entries by the claims they share.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from recoupe.model import Claim, Conflict, Entry, Reading

_LIKE = 1 / 3  # of their words: what two claims must share to be one claim read anew


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of an entry with its values before and after; `time` and `status` count as fields."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class EntryChange:
    """An entry before and after. `before` has its claims under the names that they have now, where they still are."""

    before: Entry
    after: Entry

    @cached_property
    def fields(self) -> tuple[FieldChange, ...]:
        """The fields whose values are others now."""
        then, now = _values(self.before), _values(self.after)
        names = dict.fromkeys((*then, *now))
        return tuple(
            FieldChange(name, then.get(name, ()), now.get(name, ()))
            for name in names
            if sorted(then.get(name, ())) != sorted(now.get(name, ()))  # their order says nothing
        )

    @cached_property
    def arisen(self) -> tuple[Conflict, ...]:
        """The fields that reports now contradict each other on."""
        return _fields_only_in(self.after, self.before)

    @cached_property
    def solved(self) -> tuple[Conflict, ...]:
        """The fields that they no longer contradict each other on."""
        return _fields_only_in(self.before, self.after)

    @property
    def origins(self) -> FieldChange:
        """The origins that are new, as `after`, and that are gone, as `before`."""
        return _came_and_went("origins", self.before.origins, self.after.origins)

    @property
    def claims(self) -> FieldChange:
        """The claims that joined it, as `after`, and that left it, as `before`."""
        return _came_and_went("claims", self.before.claims, self.after.claims)

    @property
    def says_otherwise(self) -> bool:
        """Does the entry itself say something else, not only who tells it?"""
        return bool(self.fields or self.arisen or self.solved)


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry that is new or gone, and the ids of the entries that its claims were in, or are in now."""

    entry: Entry
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadAnew:
    """A report before and after it was read anew: how many claims are new, gone, and say something else."""

    before: Reading
    after: Reading
    new: int
    gone: int
    changed: int

    @property
    def tells(self) -> bool:
        """Does it make a difference to what is known?"""
        return bool(self.new or self.gone or self.changed) or self.before.dating.when != self.after.dating.when


@dataclass(frozen=True, slots=True)
class Changes:
    """All that is different, each sort with the weightiest first."""

    reports: tuple[Reading, ...]
    anew: tuple[ReadAnew, ...]
    changed: tuple[EntryChange, ...]
    new: tuple[Moved, ...]
    gone: tuple[Moved, ...]


def changes(
    readings_before: Mapping[str, Reading],
    readings_after: Mapping[str, Reading],
    entries_before: Sequence[Entry],
    entries_after: Sequence[Entry],
    renamed: Mapping[str, str],
) -> Changes:
    """What is different. Readings are by page, under the names that they have after; `renamed` gives these by earlier
    ones. Only what differs need be given.
    """
    both = {page: (readings_before[page], after) for page, after in readings_after.items() if page in readings_before}
    matched = {after.report.doc: match_claims(before.claims, after.claims) for before, after in both.values()}
    then = [(entry, _translated(entry, renamed, matched)) for entry in entries_before]
    pairs, gone, new = _match([entry for _, entry in then], entries_after)
    changed = [EntryChange(before, after) for before, after in pairs]
    changed = [c for c in changed if c.says_otherwise or c.origins.before or c.origins.after or _regrouped(c)]
    original = {id(translated): entry for entry, translated in then}
    homes, former = _homes(entries_after), _homes([entry for _, entry in then])
    reports = [after for page, after in readings_after.items() if page not in readings_before]
    anew = [_anew(before, after, matched[after.report.doc]) for before, after in both.values()]
    return Changes(
        tuple(sorted(reports, key=lambda r: (-len(r.claims), r.report.doc))),
        tuple(sorted(anew, key=lambda a: (-a.new - a.gone - a.changed, a.after.report.doc))),
        tuple(sorted(changed, key=_weight)),
        tuple(Moved(e, _others(e, former)) for e in sorted(new, key=_founded)),
        tuple(Moved(original[id(e)], _others(e, homes)) for e in sorted(gone, key=_founded)),
    )


def match_claims(before: Sequence[Claim], after: Sequence[Claim]) -> dict[int, int]:
    """Which claim of a report became which when it was read anew, by their numbers from 1: those of one kind that rest
    on the same words, or else share a good part of them.
    """
    then, now = [_words(claim) for claim in before], [_words(claim) for claim in after]
    likeness = sorted(
        (-shared, abs(n - m), n + 1, m + 1)
        for n, one in enumerate(before)
        for m, other in enumerate(after)
        if one.kind == other.kind and (shared := _shared(then[n], now[m])) >= _LIKE
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, n, m in likeness:
        if n not in found and m not in taken:
            found[n] = m
            taken.add(m)
    return found


def _words(claim: Claim) -> Counter[str]:
    return Counter(word for evidence in claim.evidence for word in evidence.text.split())


def _shared(one: Counter[str], other: Counter[str]) -> float:
    """How much of their words two claims share, 0 to 1; places may have shifted, so only the words count."""
    return (one & other).total() / max((one | other).total(), 1)


def _translated(entry: Entry, renamed: Mapping[str, str], matched: Mapping[str, Mapping[int, int]]) -> Entry:
    """An earlier entry with its claims and origins under their names of later."""

    def ref(claim: str) -> str:
        doc, _, number = claim.rpartition("#")
        doc = renamed.get(doc, doc)
        if doc not in matched:
            return f"{doc}#{number}"
        now = matched[doc].get(int(number))
        return f"{doc}#{number} (earlier)" if now is None else f"{doc}#{now}"

    return replace(
        entry,
        claims=tuple(sorted(map(ref, entry.claims))),
        origins=tuple(sorted(renamed.get(origin, origin) for origin in entry.origins)),
    )


def _match(
    before: Sequence[Entry], after: Sequence[Entry]
) -> tuple[list[tuple[Entry, Entry]], list[Entry], list[Entry]]:
    """Pairs of entries that share the most claims, or at least their id; and what is left of both."""
    homes = defaultdict[str, list[int]](list)
    for m, entry in enumerate(after):
        for claim in entry.claims:
            homes[claim].append(m)
    shared = Counter((n, m) for n, entry in enumerate(before) for claim in entry.claims for m in homes[claim])
    ids = defaultdict[str, list[int]](list)
    for m, entry in enumerate(after):
        ids[entry.id].append(m)
    # A shared id is a sign like one claim more, and enough where no claim is shared.
    for n, entry in enumerate(before):
        for m in ids[entry.id]:
            shared[n, m] += 1
    found: dict[int, int] = {}
    taken: set[int] = set()
    for (n, m), _ in sorted(shared.items(), key=lambda p: (-p[1], before[p[0][0]].id, after[p[0][1]].id, p[0])):
        if n not in found and m not in taken:
            found[n] = m
            taken.add(m)
    pairs = [(before[n], after[m]) for n, m in sorted(found.items())]
    gone = [entry for n, entry in enumerate(before) if n not in found]
    return pairs, gone, [entry for m, entry in enumerate(after) if m not in taken]


def _homes(entries: Iterable[Entry]) -> dict[str, str]:
    """The id of the entry that each claim is in."""
    return {claim: entry.id for entry in entries for claim in entry.claims}


def _others(entry: Entry, homes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({homes[claim] for claim in entry.claims if claim in homes}))


def _regrouped(change: EntryChange) -> bool:
    return bool(change.claims.before or change.claims.after)


def _anew(before: Reading, after: Reading, matched: Mapping[int, int]) -> ReadAnew:
    changed = sum(_bare(before.claims[n - 1]) != _bare(after.claims[m - 1]) for n, m in matched.items())
    return ReadAnew(before, after, len(after.claims) - len(matched), len(before.claims) - len(matched), changed)


def _bare(claim: Claim) -> tuple[object, ...]:
    """What a claim says, wherever its words stand."""
    cells = sorted((cell.role, str(cell.value)) for cell in claim.cells)
    return claim.kind, claim.status, cells, str(claim.time), claim.attribution


def _values(entry: Entry) -> dict[str, tuple[str, ...]]:
    time = () if entry.time is None else (entry.time,)
    return {"status": (entry.status,), "time": time, **dict(entry.roles)}


def _fields_only_in(one: Entry, other: Entry) -> tuple[Conflict, ...]:
    known = {conflict.field for conflict in other.conflicts}
    return tuple(conflict for conflict in one.conflicts if conflict.field not in known)


def _came_and_went(name: str, before: Iterable[str], after: Iterable[str]) -> FieldChange:
    then, now = set(before), set(after)
    return FieldChange(name, tuple(sorted(then - now)), tuple(sorted(now - then)))


def _weight(change: EntryChange) -> tuple[int, int, str]:
    """Contradictions first, then what says something else, then what is told by others."""
    rank = 0 if change.arisen else 1 if change.says_otherwise else 2
    return rank, -len(change.after.origins), change.after.id


def _founded(entry: Entry) -> tuple[bool, int, str, str]:
    return not entry.conflicts, -len(entry.origins), entry.time or "9", entry.id
