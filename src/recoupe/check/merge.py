"""What the claims of one fact say together: field by field, with both sides where they contradict each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from hashlib import sha256

from recoupe.check.origins import independent
from recoupe.check.same import NUMBERS, readings_of, same_value
from recoupe.check.telling import Telling
from recoupe.codebook.kinds import Role
from recoupe.model import Conflict, Entry, Side, Status
from recoupe.values import Actor, Amount, Count, Value

# The furthest that any report says the act has come; a denial stands only where nobody tells of anything else.
_FURTHEST: tuple[Status, ...] = ("done", "planned", "possible", "denied")
_ID = 10  # hex digits: 40 bits, so that even a million entries hardly ever share an id


def merge(group: Sequence[Telling]) -> Entry:
    """The entry of a group of claims; it does not depend on their order."""
    claims = sorted(group, key=lambda t: (t.key, t.ref))
    kind = claims[0].kind
    roles: list[tuple[str, tuple[str, ...]]] = []
    conflicts: list[Conflict] = []
    for name, role in kind.roles.items():
        told = [t for t in claims if t.values(name)]
        if told:
            values, conflict = _grown(name, told) if name in kind.grows else _field(name, role, told)
            roles.append((name, values))
            conflicts += [conflict] if conflict else []
    conflicts += _left_out(claims)
    time, conflict = _time(claims)
    return Entry(
        id=sha256(claims[0].key.encode()).hexdigest()[:_ID],
        kind=kind.name,
        status=next(s for s in _FURTHEST if any(t.claim.status == s for t in claims)),
        roles=tuple(roles),
        time=time,
        claims=tuple(sorted({t.ref for t in claims}, key=_by_doc)),
        origins=tuple(sorted(set(independent(claims).values()))),
        conflicts=(*conflicts, *([conflict] if conflict else [])),
    )


def _left_out(claims: Sequence[Telling]) -> list[Conflict]:
    """Contradictions over roles that, left out, stand for another's values (who buys for whom): one report tells the
    role, an independent one does not. The other role's name stands for what the latter says.
    """
    found: list[Conflict] = []
    for name, other in claims[0].kind.untold.items():
        told = [t for t in claims if t.values(name)]
        origins = independent(claims)
        named = {origins[t.ref] for t in told}
        silent = [t for t in claims if not t.values(name) and t.values(other) and origins[t.ref] not in named]
        if told and silent:
            value = ", ".join(_actors(v for t in told for v in t.values(name)))
            found.append(Conflict(name, (Side(value, _refs(told)), Side(other, _refs(silent)))))
    return found


def _by_doc(ref: str) -> tuple[str, int]:
    doc, _, number = ref.rpartition("#")
    return doc, int(number)


def _time(claims: Iterable[Telling]) -> tuple[str | None, Conflict | None]:
    """The days that all dated claims allow together. The join has seen to it that there are some, but for claims that
    people put together: then those of the best founded side, and the conflict.
    """
    dated = [(t.claim.time, t) for t in claims if t.claim.time is not None]
    if not dated:
        return None, None
    times, conflict = _sides("time", dated)
    return times[0], conflict


def _field(name: str, role: Role, told: Sequence[Telling]) -> tuple[tuple[str, ...], Conflict | None]:
    """A role's values in the manual's notation, and the conflict over them."""
    if role.type == "amount":
        return _amount(name, told)
    if role.type == "item":
        return _items(name, told)
    if role.type == "free":
        words = Counter(str(v) for t in told for v in t.values(name))
        return (min(words, key=lambda w: (-words[w], w)),), None
    if role.many and role.type not in NUMBERS:
        return _actors(v for t in told for v in t.values(name)), None
    return _sides(name, [(t.values(name)[0], t) for t in told])


def _actors(values: Iterable[Value]) -> tuple[str, ...]:
    """Everybody named; a group gives way to its members where some are named."""
    found = {str(v): v for v in values}

    def has_members(value: Value) -> bool:
        return isinstance(value, Actor) and any(
            isinstance(v, Actor) and v.choices < value.choices for v in found.values()
        )

    return tuple(sorted(name for name, value in found.items() if not has_members(value)))


def _items(name: str, told: Sequence[Telling]) -> tuple[tuple[str, ...], Conflict | None]:
    """The most exact items; a conflict where two reports have none in common."""
    found = {str(v): v for t in told for v in t.values(name)}
    exact = {n: v for n, v in found.items() if not any(w != v and v.meet(w) == w for w in found.values())}
    apart = any(not any(x.agrees(y) for x in a.values(name) for y in b.values(name)) for a in told for b in told)
    if not apart:
        return tuple(sorted(exact)), None
    sides = tuple(
        Side(n, _refs(t for t in told if any(v.agrees(w) for w in t.values(name)))) for n, v in sorted(exact.items())
    )
    return tuple(sorted(exact)), Conflict(name, sides)


def _grown(name: str, told: Sequence[Telling]) -> tuple[tuple[str, ...], Conflict | None]:
    """A number that later reports raise: what a later report has outgrown is no side of a contradiction.

    A copy is as old as the oldest text of its root that tells the number.
    """
    pairs = [(t.values(name)[0], t) for t in told]
    since: defaultdict[tuple[Value, str], date] = defaultdict(lambda: date.max)
    for value, t in pairs:
        since[value, t.root] = min(since[value, t.root], _last(t))
    fresh = [
        (value, t)
        for value, t in pairs
        if not any(
            _first(u) > since[value, t.root] and _order(value) < _order(w) and not value.agrees(w) for w, u in pairs
        )
    ]
    return _sides(name, fresh)


def _first(t: Telling) -> date:
    return date.min if t.published is None or t.published.first is None else t.published.first


def _last(t: Telling) -> date:
    return date.max if t.published is None or t.published.last is None else t.published.last


def _sides(name: str, told: Sequence[tuple[Value, Telling]]) -> tuple[tuple[str, ...], Conflict | None]:
    """The meet of single values; where there is none, the meet of each side, the best founded first.

    A value that agrees with all others ("at least 4" beside 5 and 7) is on no side.
    """
    together = _group(told)
    if len(together) > 1:
        contested = [(v, t) for v, t in told if any(not v.agrees(w) for w, _ in told)]
        together = _group(contested or told)
    together.sort(key=lambda side: (-len(set(independent(side[1]).values())), _order(side[0])))
    sides = tuple(Side(str(value), _refs(claims)) for value, claims in together)
    return tuple(side.value for side in sides), Conflict(name, sides) if len(sides) > 1 else None


def _group(told: Sequence[tuple[Value, Telling]]) -> list[tuple[Value, list[Telling]]]:
    """The fewest groups of values that each have a meet, with it: for intervals, taken by their lower ends, the greedy
    way finds them; names are taken in their order."""
    groups: list[tuple[Value, list[Telling]]] = []
    for value, t in sorted(told, key=lambda pair: (_order(pair[0]), pair[1].key)):
        for place, (together, claims) in enumerate(groups):
            if (met := together.meet(value)) is not None:
                groups[place] = (met, [*claims, t])
                break
        else:
            groups.append((value, [t]))
    return groups


def _amount(name: str, told: Sequence[Telling]) -> tuple[tuple[str, ...], Conflict | None]:
    """Sums are met in the currency that most reports give (where as many give two, in the one that they give first, not
    in brackets); a sum in another one stands apart only where the day's rate makes it another, or no rate can tell."""
    sums = [(t, {v.currency: v for v in reversed(readings_of(t, name)) if isinstance(v, Amount)}) for t in told]
    given = Counter(currency for _, values in sums for currency in values)
    first = Counter(next(reversed(values)) for _, values in sums if values)
    main = min(given, key=lambda currency: (-given[currency], -first[currency], currency))
    chosen: list[tuple[Value, Telling]] = [(values[main], t) for t, values in sums if main in values]
    values, conflict = _sides(name, chosen)
    untold: set[str] = set()
    clashes: defaultdict[str, list[Telling]] = defaultdict(list)
    for t, by_currency in sums:
        if main in by_currency:
            continue
        value = by_currency[min(by_currency)]
        verdicts = {same_value(v, value, u, t) for v, u in chosen}
        if True not in verdicts and False in verdicts:
            clashes[str(value)].append(t)
        elif True not in verdicts:
            untold.add(str(value))
    if clashes:
        own = conflict.sides if conflict else (Side(values[0], _refs(t for _, t in chosen)),)
        conflict = Conflict(name, (*own, *(Side(v, _refs(clashes[v])) for v in sorted(clashes))))
    return (*values, *sorted(clashes), *sorted(untold)), conflict


def _order(value: Value) -> tuple[Fraction, Fraction, str]:
    """Numbers by size, everything else by name."""
    count = value.count if isinstance(value, Amount) else value
    if isinstance(count, Count):
        return count.low, count.high if count.high is not None else Fraction(10**31), str(value)
    return Fraction(0), Fraction(0), str(value)


def _refs(claims: Iterable[Telling]) -> tuple[str, ...]:
    return tuple(sorted({t.ref for t in claims}, key=_by_doc))
