"""Kinds, their roles, and the frames that words evoke: what a codebook says a claim may be."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from recoupe.codebook.files import Files, Node

ROLE_TYPES = frozenset({"actor", "item", "count", "amount", "place", "level", "free"})
MEASURE = "measure"  # the slot takes the measure that has its name
# actors of one sort only; a place that is no state
SLOT_TYPES = ROLE_TYPES | {"organisation", "person", "locality", MEASURE}
NUMBERS = frozenset({"count", "amount"})
STATUSES = frozenset({"done", "planned", "possible", "denied"})
MOODS = STATUSES | {"asked", "promised", "offered", "refused", "threatened"}


@dataclass(frozen=True, slots=True)
class Role:
    """A slot of a kind: what type of value fills it, and whether it takes several."""

    name: str
    type: str
    many: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of claim.

    `identifies` are the roles that make two claims one fact; `who` and `what` head a table's columns; `needs` are
    groups of roles of which one must be told; `carries` are roles that a report may tell once for all its claims, each
    with the groups of roles (and their kinds) that say it there, the best first; `headed` those that a heading or label
    tells ("Belgium: 20 trucks"); `tells_apart` those that tell two facts of one report apart, where its parties are the
    same throughout.
    `contested` are roles besides numbers over which reports of one fact may contradict each other; `grows` numbers that
    later reports raise.
    `recalls` gives, for a role that a later mention of the event leaves untold, the roles (with their kinds) of what
    was told before that fill it. `lists`: the role that a list without verbs goes through ("Denmark gave 19, Norway
    six"). `untold`: for a role that a report leaves out where another's values are meant (who buys, and says for
    nobody, buys for themselves), that other role. `party`: the role in which, where no claim tells it, stands the party
    to a war that the report names most.
    """

    name: str
    roles: Mapping[str, Role]
    identifies: tuple[str, ...]
    who: tuple[str, ...]
    what: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...] = ()
    carries: Mapping[str, tuple[tuple[tuple[str, str], ...], ...]] = field(default_factory=dict)
    tells_apart: tuple[str, ...] = ()
    headed: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()
    grows: tuple[str, ...] = ()
    recalls: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    lists: str | None = None
    untold: Mapping[str, str] = field(default_factory=dict)
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a frame becomes in one mood: the kind, its status (None: the act's own), each slot's role."""

    kind: str
    status: str | None
    roles: Mapping[str, str]
    needs: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """A scene that words evoke.

    `slots` gives each slot's type; `moods` what it becomes when done, planned, asked for ...

    `needs`: one slot of each group must be filled, else the words evoke nothing. `counts`: the slot that takes the
    number told with another slot's value ("29 missiles"). `within` and `without`: the branches of the item tree that
    may, or may not, fill a slot. `speech`: the act is done by speaking, so that a person who does it is the claim's
    source; `toll`: it is the outcome of another act, told with it; `not_on`: branches whose items its object may not
    be (a missile that is hit is shot down); `bare`: no word evokes it, but a note without a verb does, in
    a list by actor. `mood`: what the scene's words make of an act told beneath them.
    `open`: the slots that take the text's own words where what stands there is in no list, and for triggers of which
    parts of speech. `recalls`: as `needs`, of words that may tell less, where what was told before completes them;
    None: they may not. `only_with`: of what only such words tell, one role of each group (or the time, or the
    attribution) must be told, wherever the report tells of it; without, they are but the setting of something else
    ("since the invasion").
    """

    name: str
    slots: Mapping[str, str]
    needs: tuple[tuple[str, ...], ...]
    counts: Mapping[str, str]
    moods: Mapping[str, Outcome]
    mood: str | None
    within: Mapping[str, tuple[str, ...]]
    without: Mapping[str, tuple[str, ...]]
    speech: bool
    toll: bool
    not_on: tuple[str, ...]
    bare: bool = False
    open: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recalls: tuple[tuple[str, ...], ...] | None = None
    only_with: tuple[tuple[str, ...], ...] = ()

    def admits(self, slot: str, path: tuple[str, ...]) -> bool:
        """May an item (its path in the tree) fill this slot?"""
        within, without = self.within.get(slot), self.without.get(slot, ())
        return (within is None or bool(set(within) & set(path))) and not set(without) & set(path)

    def counts_things(self, slot: str) -> bool:
        """Is this slot the number of the things in another, and of nobody?"""
        counted = {self.slots[of] for of, count in self.counts.items() if count == slot}
        return counted == {"item"}


def load_kinds(files: Files) -> dict[str, Kind]:
    """The kinds of kinds.yaml, by name; mistakes are noted in `files`."""
    kinds: dict[str, Kind] = {}
    recalled: list[Node] = []
    for name, node in files.yaml("kinds.yaml").items():
        parts = node.fields(
            "about", "roles", "identifies", "needs", "carries", "headed", "tells_apart", "contested", "grows", "who",
            "what", "recalls", "lists", "untold", "party", need=("about", "roles"),
        )  # fmt: skip
        roles = {role: _role(role, spec) for role, spec in parts["roles"].items()}
        recalled += [spec for key in ("recalls", "carries") for _, spec in parts[key].items()]
        for role, spec in (*parts["recalls"].items(), *parts["carries"].items()):
            if role not in roles:
                spec.mistake(f"expected a role of {name}, found {role!r}")
        untold = {role: spec.text() for role, spec in parts["untold"].items()}
        for role in (*untold, *untold.values()):
            if role not in roles:
                parts["untold"].mistake(f"expected a role of {name}, found {role!r}")
        for key in ("identifies", "headed", "tells_apart", "contested", "grows", "who", "what", "lists", "party"):
            for word in parts[key].list():
                if word.text() not in roles:
                    word.mistake(f"expected a role of {name}, found {word.text()!r}")
        kinds[name] = Kind(name, roles, parts["identifies"].texts(), parts["who"].texts(), parts["what"].texts(),
                           _groups(parts["needs"], {**roles, "time": None}, name),
                           {role: _ranked(spec) for role, spec in parts["carries"].items()},
                           parts["tells_apart"].texts() or parts["identifies"].texts(),
                           parts["headed"].texts(), parts["contested"].texts(), parts["grows"].texts(),
                           {role: _sources(spec) for role, spec in parts["recalls"].items()},
                           parts["lists"].text() or None, untold, parts["party"].text() or None)  # fmt: skip
    for spec in recalled:
        _check_recalls(spec, kinds)
    return kinds


def _sources(spec: Node) -> tuple[tuple[str, str], ...]:
    """Roles of kinds, written kind.role, with + where one value is not enough (but a group or a body is)."""
    return tuple(source for group in _ranked(spec) for source in group)


def _ranked(spec: Node) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Roles of kinds, the best first; those that are as good as one another are written kind.role|kind.role."""
    return tuple(
        tuple((kind, role) for kind, _, role in (word.strip().partition(".") for word in group.split("|")))
        for group in spec.texts()
    )


def _check_recalls(spec: Node, kinds: Mapping[str, Kind]) -> None:
    for kind, role in _sources(spec):
        if kind not in kinds or role.rstrip("+") not in kinds[kind].roles:
            spec.mistake(f"expected roles written kind.role, found {kind}.{role}")


def _groups(node: Node, known: Mapping[str, object], name: str) -> tuple[tuple[str, ...], ...]:
    """Groups of alternatives, written a|b.

    Several that must all be there are written a&b; one that must have several values (or a group, or a body) a+,
    one that must be told with its number a#, one that must be told in words of its own a!, one that must be told, not
    inferred, a=.
    """
    groups = tuple(tuple(w.strip() for w in n.text().split("|")) for n in node.list())
    for word in (w for group in groups for alternative in group for w in alternative.rstrip("+#!=").split("&")):
        if word not in known:
            node.mistake(f"{name} has no {word!r}; expected one of {', '.join(known)}")
    return groups


def _role(name: str, spec: Node) -> Role:
    text = spec.text()
    kind = text.removesuffix("*")
    if kind not in ROLE_TYPES:
        spec.mistake(f"expected a role type ({', '.join(sorted(ROLE_TYPES))}, with * for a list), found {text!r}")
    return Role(name, kind, text.endswith("*"))


def load_frames(files: Files, kinds: Mapping[str, Kind], measures: Container[str] = ()) -> dict[str, Frame]:
    """The frames of frames.yaml, by name; every kind, role, slot, status and measure is checked."""
    frames: dict[str, Frame] = {}
    for name, node in files.yaml("frames.yaml").items():
        parts = node.fields(
            "slots",
            "needs",
            "counts",
            "moods",
            "mood",
            "within",
            "without",
            "speech",
            "toll",
            "not_on",
            "bare",
            "open",
            "recalls",
            "only_with",
            need=("slots",),
        )
        slots = {slot: _slot(spec, slot, measures) for slot, spec in parts["slots"].items()}
        needs = _groups(parts["needs"], slots, name)
        counts = {slot: spec.text() for slot, spec in parts["counts"].items()}
        for slot in (*counts, *counts.values()):
            if slot not in slots:
                parts["counts"].mistake(f"expected slots of {name}, found {slot!r}")
        for mood, spec in parts["moods"].items():
            if mood not in MOODS:
                spec.mistake(f"expected a mood ({', '.join(sorted(MOODS))}), found {mood!r}")
        if (own := parts["mood"].text()) and own not in MOODS | {"through"}:
            parts["mood"].mistake(f"expected a mood ({', '.join(sorted(MOODS))}) or through, found {own!r}")
        moods = {mood: _outcome(spec, kinds, slots) for mood, spec in parts["moods"].items()}
        frames[name] = Frame(name, slots, needs, counts, moods, parts["mood"].text() or None,
                             _branches(parts["within"], slots, name), _branches(parts["without"], slots, name),
                             parts["speech"].flag(), parts["toll"].flag(),
                             parts["not_on"].texts(), parts["bare"].flag(), _branches(parts["open"], slots, name),
                             _groups(parts["recalls"], slots, name) if parts["recalls"].node else None,
                             _groups(parts["only_with"], _outcome_roles(moods, kinds), name))  # fmt: skip
    return frames


def _outcome_roles(moods: Mapping[str, Outcome], kinds: Mapping[str, Kind]) -> dict[str, None]:
    """What can be told of the kinds that a frame becomes: their roles, the time and whose word it is."""
    roles = [role for o in moods.values() if o.kind in kinds for role in kinds[o.kind].roles]
    return dict.fromkeys([*roles, "time", "attribution"])


def _branches(node: Node, slots: Mapping[str, str], name: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for slot, spec in node.items():
        if slot not in slots:
            spec.mistake(f"expected a slot of {name}, found {slot!r}")
        found[slot] = spec.texts()
    return found


def _slot(spec: Node, name: str, measures: Container[str]) -> str:
    if spec.text() == MEASURE and name not in measures:
        spec.mistake(f"codebook.yaml lists no measure {name!r}")
    if spec.text() not in SLOT_TYPES:
        spec.mistake(f"expected a slot type ({', '.join(sorted(SLOT_TYPES))}), found {spec.text()!r}")
    return spec.text()


def _outcome(spec: Node, kinds: Mapping[str, Kind], slots: Mapping[str, str]) -> Outcome:
    parts = spec.fields("kind", "status", "roles", "needs", need=("kind",))
    kind = kinds.get(parts["kind"].text())
    if kind is None:
        parts["kind"].mistake(f"unknown kind {parts['kind'].text()!r}")
    status = parts["status"].text() or None
    if status is not None and status not in STATUSES:
        parts["status"].mistake(f"expected a status ({', '.join(sorted(STATUSES))}), found {status!r}")
    roles: dict[str, str] = {}
    for slot, role in parts["roles"].items():
        if slot not in slots and slot != "asker":
            role.mistake(f"unknown slot {slot!r}")
        if kind is not None and role.text() not in kind.roles:
            role.mistake(f"{kind.name} has no role {role.text()!r}")
        roles[slot] = role.text()
    return Outcome(parts["kind"].text(), status, roles, _groups(parts["needs"], slots, "the frame"))
