"""Where an entry comes from: its reports, what they have it from, and whose word it is in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recoupe.model import SURE, Entry
from recoupe.publish.origins import Edge, Graph, NodeKind, Web
from recoupe.web.figures.drawing import Arc, Drawing, draw

MOST = 40
"""Reports that are drawn; the list has all."""

TELLS, OWN = "tells", "own"
"""Beside the relations of origins (copy, part, translation, named, said by): an entry is told by a report, and a report
is its outlet's own word.
"""


@dataclass(frozen=True, slots=True)
class NodeShown:
    """What is drawn: `name` is a report's title, or the id of an entry, a source or a speaker; `counted`: one of the
    entry's independent origins.
    """

    id: str
    kind: NodeKind
    name: str
    outlet: str
    published: str
    counted: bool


@dataclass(frozen=True, slots=True)
class StepShown:
    """That a node has it from another: the relation, how surely (None: it is said outright), and the words that show
    it.
    """

    has: str
    source: str
    relation: str
    score: float | None
    words: str


@dataclass(frozen=True, slots=True)
class TellingShown:
    """A report that tells the entry: its claims, whose word they are (ids), and who is quoted for them."""

    doc: str
    title: str
    outlet: str
    published: str
    claims: tuple[str, ...]
    origins: tuple[str, ...]
    said_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OriginsShown:
    """The origins of an entry: nodes and the steps between them; the reports by whose word they pass on (an origin's id
    with the reports, those of most reports first); and how many reports are not drawn.
    """

    id: str
    kind: str
    status: str
    time: str | None
    nodes: tuple[NodeShown, ...]
    steps: tuple[StepShown, ...]
    by_origin: tuple[tuple[str, tuple[TellingShown, ...]], ...]
    left_out: int = 0


def origins_shown(entry: Entry, web: Web, told: Mapping[str, str]) -> OriginsShown:
    """What is shown of an entry. `web` has its reports and all that they are from; `told` is whose word each claim is,
    by reference.
    """
    tellings = _tellings(entry, web, told)
    drawn = _some(tellings)
    graph = web.entry_graph(entry, told)
    counted = {edge.source for edge in graph.edges if edge.has == f"entry:{entry.id}"}
    steps = [s for s in map(_step, graph.edges) if s is not None and s.has != f"entry:{entry.id}"]
    steps += [StepShown(f"entry:{entry.id}", f"report:{doc}", TELLS, None, "") for doc in drawn]
    # Only what leads on from the reports that are drawn.
    reached = _reached([f"entry:{entry.id}"], steps)
    steps = [s for s in steps if s.has in reached]
    ends = _ends(graph, counted)
    for telling in tellings:
        report = f"report:{telling.doc}"
        if report in reached:
            onward = _reached([report], steps)
            missing = sorted({ends[origin] for origin in telling.origins} - onward)
            steps += [StepShown(report, end, OWN, None, "") for end in missing]
    reached = _reached([f"entry:{entry.id}"], steps)
    nodes = tuple(
        NodeShown(n.id, n.kind, _name(n.id, n.label), n.outlet, n.published, n.id in counted)
        for n in graph.nodes
        if n.id in reached
    )
    by_origin: defaultdict[str, list[TellingShown]] = defaultdict(list)
    for telling in tellings:
        for origin in telling.origins:
            by_origin[origin].append(telling)
    ordered = sorted(by_origin.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return OriginsShown(
        entry.id, entry.kind, entry.status, entry.time, nodes, tuple(sorted(set(steps), key=_order)),
        tuple((origin, tuple(reports)) for origin, reports in ordered), len(tellings) - len(drawn),
    )  # fmt: skip


def drawing(shown: OriginsShown) -> Drawing:
    """The drawing of it, those whose word it is at the right."""
    arcs = [Arc(s.has, s.source, s.relation, s.words) for s in shown.steps]
    return draw((n.id for n in shown.nodes), arcs, last=(n.id for n in shown.nodes if n.counted))


def _name(id_: str, label: str) -> str:
    """A report's title; of others the id, which the page names in the reader's language."""
    sort, _, own = id_.partition(":")
    return label if sort == "report" else own


def _tellings(entry: Entry, web: Web, told: Mapping[str, str]) -> list[TellingShown]:
    """The reports that tell an entry, the earliest first, those without a day last."""
    refs: defaultdict[str, list[str]] = defaultdict(list)
    for ref in entry.claims:
        refs[ref.rpartition("#")[0]].append(ref)
    found = []
    for doc, own in refs.items():
        reading = web.readings[doc]
        claims = [reading.claims[int(ref.rpartition("#")[2]) - 1] for ref in own]
        when = reading.dating.when
        found.append(
            TellingShown(
                doc, reading.report.title or doc, reading.report.outlet or "", "" if when is None else str(when),
                tuple(own), tuple(sorted({told[ref] for ref in own})),
                tuple(dict.fromkeys(actor for claim in claims for actor in claim.attribution)),
            )
        )  # fmt: skip
    return sorted(found, key=lambda t: (t.published == "", t.published, t.doc))


def _some(tellings: Sequence[TellingShown]) -> list[str]:
    """The reports that are drawn: of every origin some, the earliest first."""
    turns: defaultdict[str, int] = defaultdict(int)
    ranked = []
    for number, telling in enumerate(tellings):
        origin = telling.origins[0]
        ranked.append((turns[origin], number, telling.doc))
        turns[origin] += 1
    return [doc for _, _, doc in sorted(ranked)[:MOST]]


def _step(edge: Edge) -> StepShown | None:
    """An edge as it is shown; None for the source of a mere detail, which is nobody's word for the entry."""
    if edge.relation == "named" and edge.score is not None and edge.score < SURE:
        return None
    return StepShown(edge.has, edge.source, edge.relation, edge.score, edge.words)


def _ends(graph: Graph, counted: set[str]) -> Mapping[str, str]:
    """The node of each origin, by the origin's id."""
    return {node.id.partition(":")[2]: node.id for node in graph.nodes if node.id in counted}


def _reached(starts: Iterable[str], steps: Iterable[StepShown]) -> set[str]:
    """All nodes on the way from some, and these."""
    onward: defaultdict[str, list[str]] = defaultdict(list)
    for step in steps:
        onward[step.has].append(step.source)
    found, new = set[str](), set(starts)
    while new:
        found |= new
        new = {end for node in new for end in onward[node]} - found
    return found


def _order(step: StepShown) -> tuple[str, str, str, str]:
    return step.has, step.source, step.relation, step.words
