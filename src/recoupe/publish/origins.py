"""Who has it from whom: the edges as JSON Lines, and the graph of a ledger, a report or an entry as GraphML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from xml.etree import ElementTree

from recoupe.codebook.names import Outlet
from recoupe.model import OR, Entry, Origin, Reading

NodeKind = Literal["report", "source", "speaker", "entry"]
# XML 1.0 has no other characters, not even as references.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_ID = re.compile(rf"\\|{_NOT_XML.pattern}")
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_NODE_KEYS = ("kind", "label", "outlet", "published", "root")
_EDGE_KEYS = {"relation": "string", "score": "double", "rule": "string", "words": "string"}


def origin_lines(origins: Iterable[Origin]) -> Iterator[str]:
    """The lines, without their line ends: one an origin, sorted; equal for equal origins, whatever their order."""
    lines = (
        {"doc": o.doc, "from": o.source, "relation": o.relation, "score": o.score, "words": o.words}
        for o in sorted(origins, key=_order)
    )
    return (json.dumps(line, ensure_ascii=False) for line in lines)


def _order(o: Origin) -> tuple[str, str, str, float, str, str]:
    return o.doc, o.source, o.relation, o.score, o.words, o.rule


@dataclass(frozen=True, slots=True)
class Node:
    """A report, a source that is not in the ledger, a speaker or an entry. `id` is its name after its kind, so that no
    two are called the same; `root` is the origin of a report.
    """

    id: str
    kind: NodeKind
    label: str
    outlet: str = ""
    published: str = ""
    root: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """`has` (a node's id) has it from `source`; of a claim and its speaker, and of an entry and an independent origin,
    there is no score.
    """

    has: str
    source: str
    relation: str
    score: float | None = None
    rule: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges, each sorted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Web:
    """All that the graph of a ledger is made of: its readings by doc, its origins, the root of each report, and what
    the codebook knows of outlets.
    """

    readings: Mapping[str, Reading]
    origins: tuple[Origin, ...]
    roots: Mapping[str, str]
    outlets: Mapping[str, Outlet]

    @cached_property
    def up(self) -> Mapping[str, list[Origin]]:
        """What each report has from others, by its doc."""
        return _by(self.origins, lambda o: o.doc)

    @cached_property
    def down(self) -> Mapping[str, list[Origin]]:
        """What others have from a report or a source, by its name."""
        return _by(self.origins, lambda o: o.source)

    def name(self, source: str) -> str:
        """What an outlet is called (or each of several); the id of one that the codebook does not know."""
        parts = (self.outlets[part].name if part in self.outlets else part for part in source.split(OR))
        return " or ".join(parts)

    def reach(self, starts: Iterable[str], up: bool) -> tuple[Origin, ...]:
        """Every origin on the way from the reports `starts` to those that they have it from (`up`), near and far, or to
        those that have it from them; sorted.
        """
        onward = self.up if up else self.down
        seen, new, found = set[str](), set(starts), list[Origin]()
        while new:
            seen |= new
            edges = [o for name in new for o in onward.get(name, ())]
            found += edges
            new = {o.source if up else o.doc for o in edges} - seen
        return tuple(sorted(found, key=_order))

    def node(self, name: str) -> Node:
        """The node of a doc, or of a source that is not in the ledger."""
        reading = self.readings.get(name)
        if reading is None:
            return Node(f"source:{name}", "source", self.name(name))
        report, when = reading.report, reading.dating.when
        outlet, published = report.outlet or "", "" if when is None else str(when)
        return Node(f"report:{name}", "report", report.title or name, outlet, published, self.roots[name])

    def graph(self, origins: Iterable[Origin], docs: Iterable[str] = ()) -> Graph:
        """The graph of these origins, and of these reports, which may have none."""
        known = sorted(set(origins), key=_order)
        names = {*docs, *(name for o in known for name in (o.doc, o.source))}
        nodes = {name: self.node(name) for name in names}
        edges = (Edge(nodes[o.doc].id, nodes[o.source].id, o.relation, o.score, o.rule, o.words) for o in known)
        return Graph(tuple(sorted(nodes.values(), key=lambda n: n.id)), tuple(edges))

    def entry_graph(self, entry: Entry, told: Mapping[str, str]) -> Graph:
        """The graph of an entry: its reports and where they have it from, the speakers whose word its claims are, and
        the entry's independent origins. `told` gives each claim's origin by its reference (`doc#n`).
        """
        docs = {ref.rpartition("#")[0] for ref in entry.claims}
        base = self.graph(self.reach(docs, up=True), docs)
        nodes, edges = {n.id: n for n in base.nodes}, list(base.edges)
        top = Node(f"entry:{entry.id}", "entry", f"{entry.kind}, {entry.status}", published=entry.time or "")
        nodes[top.id] = top
        for ref in entry.claims:
            doc, _, number = ref.rpartition("#")
            claim = self.readings[doc].claims[int(number) - 1]
            words = " … ".join(e.text for e in claim.evidence)
            for actor in claim.attribution:
                speaker = Node(f"speaker:{actor}", "speaker", actor)
                nodes[speaker.id] = speaker
                edges.append(Edge(f"report:{doc}", speaker.id, "said by", rule=claim.rule, words=words))
        for origin in sorted(set(told.values())):
            node = nodes.get(f"speaker:{origin}") or self.node(origin)
            nodes.setdefault(node.id, node)
            refs = ", ".join(ref for ref in entry.claims if told[ref] == origin)
            edges.append(Edge(top.id, node.id, "origin", words=refs))
        return Graph(tuple(nodes[i] for i in sorted(nodes)), tuple(sorted(edges, key=_edge_order)))


def _by(origins: Iterable[Origin], key: Callable[[Origin], str]) -> dict[str, list[Origin]]:
    found: dict[str, list[Origin]] = {}
    for o in origins:
        found.setdefault(key(o), []).append(o)
    return found


def _edge_order(edge: Edge) -> tuple[str, str, str, str]:
    return edge.has, edge.source, edge.relation, edge.words


def graphml(graph: Graph) -> bytes:
    """The graph as GraphML 1.0 in UTF-8: an edge goes from who has it to whom it is from. Characters that XML does not
    know are left out of words, and written as codes in ids, so that two of them stay two.
    """
    root = ElementTree.Element("graphml", {"xmlns": _NAMESPACE})
    for name in _NODE_KEYS:
        _element(root, "key", {"id": name, "for": "node", "attr.name": name, "attr.type": "string"})
    for name, kind in _EDGE_KEYS.items():
        _element(root, "key", {"id": name, "for": "edge", "attr.name": name, "attr.type": kind})
    body = _element(root, "graph", {"id": "origins", "edgedefault": "directed"})
    for node in graph.nodes:
        _data(_element(body, "node", {"id": _id(node.id)}), {name: getattr(node, name) for name in _NODE_KEYS})
    for number, edge in enumerate(graph.edges):
        made = _element(body, "edge", {"id": f"e{number}", "source": _id(edge.has), "target": _id(edge.source)})
        _data(made, {name: getattr(edge, name) for name in _EDGE_KEYS})
    ElementTree.indent(root)
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _data(parent: ElementTree.Element, values: Mapping[str, str | float | None]) -> None:
    """The attributes of a node or edge; an empty one is left out."""
    for name, value in values.items():
        if value is not None and value != "":
            text = f"{value:g}" if isinstance(value, float) else value
            _element(parent, "data", {"key": name}).text = _NOT_XML.sub("", str(text))


def _element(
    parent: ElementTree.Element, name: str, attributes: Mapping[str, str] | None = None
) -> ElementTree.Element:
    return ElementTree.SubElement(parent, name, dict(attributes or {}))


def _id(name: str) -> str:
    """An id that XML can hold, another for each name: `\\u0001` for a character that it cannot, and `\\u005c` for the
    backslash itself.
    """
    return _NOT_IN_ID.sub(lambda m: f"\\u{ord(m[0]):04x}", name)
