"""What follows from what: the steps that help goes through, and which of their roles correspond."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from recoupe.codebook.files import Files, Node
from recoupe.codebook.kinds import NUMBERS, Kind, Role

GIVER, TAKER, THING = "giver", "taker", "thing"
PARTS = frozenset({GIVER, TAKER, THING})
_ROLE_TYPES = {GIVER: "actor", TAKER: "actor", THING: "item"}


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of claim as a step of a chain.

    `column`: where a balance counts it (None: nowhere). `sides`: the role that each side of the balance has in it.
    `needs`: sides that must be told for it to be help to another at all. `open`: what is said of the part of it that no
    later step meets. `again`: within so many days the same told anew is the same step announced again. `number`: its
    roles of counts and sums.
    """

    kind: Kind
    column: str | None
    sides: Mapping[str, str]
    needs: tuple[str, ...] = ()
    open: str | None = None
    again: int | None = None

    @property
    def numbers(self) -> tuple[Role, ...]:
        """The roles that say how much."""
        return tuple(role for role in self.kind.roles.values() if role.type in NUMBERS)


@dataclass(frozen=True, slots=True)
class Link:
    """How a later step may follow an earlier one.

    `roles`: those of the earlier step with the later's that must not contradict them; the first pair of actors is that
    by which steps are looked up. `within`: the most days between the two. `meets`: the later is a part of the earlier,
    or all of it. `ordered`: the later cannot have been before the earlier. `words`: what the later does to the earlier.
    """

    earlier: str
    later: str
    roles: tuple[tuple[str, str], ...]
    within: int
    meets: bool
    ordered: bool
    words: str


@dataclass(frozen=True, slots=True)
class ChainRules:
    """What a codebook says of chains and balances: steps in the order in which they follow one another, their links,
    a balance's columns, and by what its rows may go, each with the part it plays (giver, taker or thing). `uncounted`:
    branches of the item tree that are no help that a balance adds up.
    """

    columns: tuple[str, ...] = ()
    uncounted: tuple[str, ...] = ()
    sides: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)
    links: tuple[Link, ...] = ()

    def side(self, part: str) -> str | None:
        """The side that plays a part."""
        return next((side for side, plays in self.sides.items() if plays == part), None)


def load_chains(files: Files, kinds: Mapping[str, Kind], items: Container[str]) -> ChainRules:
    """What chains.yaml says; mistakes are noted in `files`."""
    root = files.yaml("chains.yaml").fields("columns", "uncounted", "sides", "steps", "links")
    columns = root["columns"].texts()
    for item in root["uncounted"].list():
        if item.text() not in items:
            item.mistake(f"unknown item {item.text()!r}")
    sides = {name: _part(spec) for name, spec in root["sides"].items()}
    for part in sorted(PARTS):
        if list(sides.values()).count(part) > 1:
            root["sides"].mistake(f"expected one side for the {part}, found several")
    steps: dict[str, Step] = {}
    for name, node in root["steps"].items():
        if name not in kinds:
            node.mistake(f"unknown kind {name!r}")
            continue
        steps[name] = _step(node, kinds[name], columns, sides)
    links = [_link(node, steps) for node in root["links"].list()]
    return ChainRules(
        columns, root["uncounted"].texts(), sides, steps, tuple(link for link in links if link is not None)
    )


def _part(spec: Node) -> str:
    if spec.text() not in PARTS:
        spec.mistake(f"expected one of {', '.join(sorted(PARTS))}, found {spec.text()!r}")
    return spec.text()


def _step(node: Node, kind: Kind, columns: tuple[str, ...], sides: Mapping[str, str]) -> Step:
    parts = node.fields("column", "sides", "needs", "open", "again", need=("sides",))
    column = parts["column"].text() or None
    if column is not None and column not in columns:
        parts["column"].mistake(f"expected one of the columns ({', '.join(columns)}), found {column!r}")
    roles: dict[str, str] = {}
    for side, spec in parts["sides"].items():
        role = kind.roles.get(spec.text())
        if side not in sides:
            spec.mistake(f"expected one of the sides ({', '.join(sides)}), found {side!r}")
        elif role is None:
            spec.mistake(f"expected a role of {kind.name}, found {spec.text()!r}")
        elif role.type != _ROLE_TYPES.get(sides[side], role.type):
            spec.mistake(f"expected a role of the type {_ROLE_TYPES[sides[side]]}, found {role.name!r} ({role.type})")
        roles[side] = spec.text()
    for word in parts["needs"].list():
        if word.text() not in roles:
            word.mistake(f"expected a side of this step, found {word.text()!r}")
    step = Step(kind, column, roles, parts["needs"].texts(), parts["open"].text() or None, _days(parts["again"]))
    for type_ in sorted(NUMBERS):
        if sum(role.type == type_ for role in step.numbers) > 1:
            node.mistake(f"a step has at most one role of the type {type_}; {kind.name} has several")
    return step


def _link(node: Node, steps: Mapping[str, Step]) -> Link | None:
    parts = node.fields(
        "earlier", "later", "roles", "within", "meets", "any_order", "words",
        need=("earlier", "later", "roles", "within", "words"),
    )  # fmt: skip
    ends = [steps.get(parts[key].text()) for key in ("earlier", "later")]
    for key, end in zip(("earlier", "later"), ends, strict=True):
        if end is None:
            parts[key].mistake(f"expected one of the steps ({', '.join(steps)}), found {parts[key].text()!r}")
    earlier, later = ends
    if earlier is None or later is None:
        return None
    order = list(steps)
    if order.index(earlier.kind.name) >= order.index(later.kind.name):
        parts["later"].mistake(f"{later.kind.name} must stand after {earlier.kind.name} among the steps")
    pairs: list[tuple[str, str]] = []
    for left, spec in parts["roles"].items():
        pairs.append((left, spec.text()))
        one, other = earlier.kind.roles.get(left), later.kind.roles.get(spec.text())
        if one is None:
            spec.mistake(f"expected a role of {earlier.kind.name}, found {left!r}")
        elif other is None:
            spec.mistake(f"expected a role of {later.kind.name}, found {spec.text()!r}")
        elif one.type != other.type or one.type not in _ROLE_TYPES.values():
            spec.mistake(f"expected two roles of actors or two of items, found {left!r} and {other.name!r}")
    if not any(left in earlier.kind.roles and earlier.kind.roles[left].type == "actor" for left, _ in pairs):
        parts["roles"].mistake("expected a pair of roles of actors")
    within = _days(parts["within"])
    return Link(
        earlier.kind.name, later.kind.name, tuple(pairs), within or 0,
        parts["meets"].flag(), not parts["any_order"].flag(), parts["words"].text(),
    )  # fmt: skip


def _days(spec: Node) -> int | None:
    """A number of days; None where there is none."""
    text = spec.text()
    if not text:
        return None
    if not text.isdecimal() or not int(text):
        spec.mistake(f"expected a number of days, found {text!r}")
        return None
    return int(text)
