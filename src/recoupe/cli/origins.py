"""What `recoupe origins` prints: who has it from whom, in a whole ledger, around one report, behind one entry."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from recoupe.check import told_by
from recoupe.cli.find import View, like, need
from recoupe.cli.output import complain, one_line, print_plainly
from recoupe.codebook import Codebook
from recoupe.errors import RecoupeError
from recoupe.ledger import Ledger
from recoupe.model import OR, Entry, Origin, Reading, Roots
from recoupe.publish.entries import sure
from recoupe.publish.origins import Web, graphml
from recoupe.trace import roots

_WORDS = 200  # characters of the words that an edge rests on; all of them are in the exports
_DEEPEST = 12  # reports of which each has it from the one before: more do not fit on a line
_RELATIONS = {"copy": "copy of", "part": "in part from", "translation": "translation of", "named": "names"}


@dataclass(frozen=True)
class Scene:
    """A ledger with what the command says of it."""

    view: View
    web: Web
    codebook: Codebook
    claims: Mapping[str, str] = field(default_factory=dict)  # roots of those that their report has from another

    @classmethod
    def of(cls, ledger: Ledger, codebook: Codebook) -> Scene:
        """Everything in the ledger, and the root of each report."""
        view = View.of(ledger, marked=False)
        found = roots(view.readings.values(), view.origins, codebook)
        web = Web(view.readings, tuple(view.origins), found.reports, codebook.outlets)
        return cls(view, web, codebook, found.claims)

    def thing(self, wanted: str) -> Reading | Entry | str:
        """What `wanted` names: a report, an entry, or a source (an agency, an outlet). Raises RecoupeError."""
        need(wanted)
        outlets = {r.report.outlet for r in self.view.readings.values() if r.report.outlet}
        known = {*self.web.roots.values(), *(o.source for o in self.web.origins), *outlets} - {*self.view.readings}
        if wanted in known:
            return wanted
        called = [] if wanted in self.view.readings else self._called(wanted)
        sources = [source for source in called if source in known] or sorted(
            source for source in known if source.casefold() == wanted.casefold()
        )
        if len(sources) > 1:
            raise RecoupeError(f"{wanted}: {len(sources)} sources are called that: {', '.join(sources)}")
        if sources:
            return sources[0]
        thing = self.view.thing(wanted)
        if thing is None and called:
            raise RecoupeError(f"{wanted}: the codebook has it as {called[0]}, but no report of the ledger names it")
        if thing is None:
            near = like(wanted, {*self.view.readings, *(e.id for e in self.view.entries), *known})
            raise RecoupeError(f"{wanted}: no entry, report or source of that name in the ledger{near}")
        return thing

    def _called(self, wanted: str) -> list[str]:
        """The ids of the codebook's outlets of that id, name or credit, sorted; case does not count."""
        name = wanted.casefold()
        return sorted(
            id_
            for id_, outlet in self.codebook.outlets.items()
            if name in {part.casefold() for part in (id_, outlet.name, *outlet.credits)}
        )

    def told(self, entry: Entry) -> Mapping[str, str]:
        """The independent origin of each claim of an entry; complains where the ledger counts otherwise."""
        told = told_by(entry, self.view.readings, Roots(self.web.roots, self.claims), self.codebook)
        if set(told.values()) != set(entry.origins):
            complain(
                f"{entry.id}: the ledger has other origins for it: {', '.join(entry.origins)}; it was checked with "
                "another codebook (see --codebook) or an earlier version of this program (read any of its pages again)"
            )
        return told


def origin_trees(screen: Console, ledger: Ledger, wanted: str | None, codebook: Codebook) -> None:
    """Prints the trees of a whole ledger (a root each, those of most reports first), of a source, a report or an entry.

    Raises RecoupeError where `wanted` names nothing, or more than one thing.
    """
    scene = Scene.of(ledger, codebook)
    if wanted is None:
        _print_ledger(screen, scene)
        return
    thing = scene.thing(wanted)
    if isinstance(thing, Entry):
        tree = _entry_tree(scene, thing)
    elif isinstance(thing, str):
        tree = _source_tree(scene, thing)
    else:
        tree = report_tree(scene, thing)
    print_plainly(screen, tree)


def origin_graph(ledger: Ledger, wanted: str | None, codebook: Codebook) -> bytes:
    """The same as GraphML. Raises RecoupeError as `origin_trees`."""
    scene = Scene.of(ledger, codebook)
    web = scene.web
    if wanted is None:
        return graphml(web.graph(web.origins, web.readings))
    thing = scene.thing(wanted)
    if isinstance(thing, Entry):
        return graphml(web.entry_graph(thing, scene.told(thing)))
    name = thing if isinstance(thing, str) else thing.report.doc
    docs = [d for d, root in web.roots.items() if root == name] if isinstance(thing, str) else [name]
    return graphml(web.graph((*web.reach([name], up=True), *web.reach([name], up=False)), docs))


def _print_ledger(screen: Console, scene: Scene) -> None:
    """A tree for each root whose texts somebody has from somebody."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for doc in sorted(scene.web.roots):
        groups[scene.web.roots[doc]].append(doc)
    alone = 0
    for root, docs in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        if any(_text_edges(scene, doc) for doc in docs):
            print_plainly(screen, _root_tree(scene, root, docs, brief=True))
            screen.out()
        else:
            alone += len(docs)
    apart = [root for root in groups if not any(part in groups for part in root.split(OR) if part != root)]
    screen.out(f"{_n(len(scene.web.roots), 'report')} of {_n(len(apart), 'independent origin')}")
    if alone:
        screen.out(f"not shown: {_n(alone, 'report')}, of origins that no other text is from")


def _text_edges(scene: Scene, doc: str) -> list[Origin]:
    """What a report has its text or parts of it from, the surest first."""
    return [o for o in _surest(scene.web.up.get(doc, ())) if not o.detail]


def _root_tree(scene: Scene, root: str, docs: Sequence[str], brief: bool = False) -> Tree:
    """The reports of one root, each below the one that it is a copy or translation of; with `brief`, those that nobody
    has from anybody are but counted.
    """
    tree = Tree(_root_line(scene, root, len(docs)))
    below: defaultdict[str | None, list[str]] = defaultdict(list)
    for doc, parent in _parents(scene, docs).items():
        below[parent].append(doc)

    def grow(node: Tree, parent: str | None) -> None:
        for doc in sorted(below[parent], key=lambda d: _when(scene, d)):
            grow(node.add(_report_lines(scene, doc)), doc)

    if brief:
        own = [doc for doc in below[None] if not below[doc] and not _text_edges(scene, doc)]
        below[None] = [doc for doc in below[None] if doc not in own]
        grow(tree, None)
        if own:
            tree.add(Text(f"{_n(len(own), 'report')} of its own", "dim"))
    else:
        grow(tree, None)
    return tree


def _parents(scene: Scene, docs: Sequence[str]) -> dict[str, str | None]:
    """The report of the group that each report has its text from, the surest; None for those right below the root."""
    group = set(docs)
    parents: dict[str, str | None] = {}
    for doc in docs:
        parents[doc] = next((o.source for o in _text_edges(scene, doc) if o.whole and o.source in group), None)
    for doc in docs:  # reports that have it from each other stand side by side, and so does the end of a long chain
        seen, at = {doc}, parents[doc]
        while at is not None and at not in seen and len(seen) < _DEEPEST:
            seen.add(at)
            at = parents[at]
        if at is not None:
            parents[doc] = None
    return parents


def _source_tree(scene: Scene, source: str) -> Tree:
    """The reports whose root a source is, and those that name it for less than their text."""
    docs = sorted(doc for doc, root in scene.web.roots.items() if root == source)
    tree = _root_tree(scene, source, docs)
    own = sorted(
        r.report.doc for r in scene.view.readings.values() if r.report.outlet == source and r.report.doc not in docs
    )
    if own:
        branch = tree.add(Text("its own reports of other origin", "italic"))
        for doc in own:
            branch.add(_report_line(scene, doc))
    others = [o for o in scene.web.down.get(source, ()) if o.doc not in docs]
    if others:
        branch = tree.add(Text("also named by", "italic"))
        for o in others:
            branch.add(_join(_report_line(scene, o.doc), _step_line(o)))
    return tree


def report_tree(scene: Scene, reading: Reading) -> Tree:
    """What a report has from others, and who has it from the report, near and far."""
    doc = reading.report.doc
    tree = Tree(_report_line(scene, doc))
    if reading.report.title:
        tree.add(Text(one_line(reading.report.title), "italic"))
    for label, up in (("has it from", True), ("who has it from this report", False)):
        branch = tree.add(Text(label, "bold"))
        if not _branch(scene, branch, doc, up):
            branch.add(Text("nobody that is known", "dim"))
    root = scene.web.roots[doc]
    others = sum(other == root for other in scene.web.roots.values()) - 1
    shared = f", with {_n(others, 'other report')}" if others else ""
    tree.add(Text.assemble(("origin ", "bold"), scene.web.name(root), shared))
    return tree


def _branch(scene: Scene, tree: Tree, name: str, up: bool) -> bool:
    """Adds what is reached from a report, and on from there: from each report once, on the shortest way to it. False
    where nothing is.
    """
    edges = scene.web.up if up else scene.web.down
    seen, waiting = {name}, deque([(tree, name, 0)])
    while waiting:
        above, at, depth = waiting.popleft()
        for origin in _surest(edges.get(at, ())):
            end = origin.source if up else origin.doc
            node = above.add(_join(_node_line(scene, end), _step_line(origin)))
            if end not in seen and depth < _DEEPEST:
                waiting.append((node, end, depth + 1))
            elif end not in seen and end in edges:
                node.add(Text("and on", "dim"))
            seen.add(end)
    return name in edges


def _entry_tree(scene: Scene, entry: Entry) -> Tree:
    """An entry's claims below the origins that they go back to."""
    told = scene.told(entry)
    reports = len({ref.rpartition("#")[0] for ref in entry.claims})
    head = Text.assemble((f"{entry.kind}, {entry.status}", "bold"), f"  {entry.time or 'no time'}  ", (entry.id, "dim"))
    tree = Tree(_join(head, Text(sure(len(set(told.values())), reports))))
    by_origin: defaultdict[str, list[str]] = defaultdict(list)
    for ref in entry.claims:
        by_origin[told[ref]].append(ref)
    for origin, refs in sorted(by_origin.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        branch = tree.add(_node_line(scene, origin))
        for ref in refs:
            branch.add(_claim_lines(scene, ref))
    return tree


def _claim_lines(scene: Scene, ref: str) -> Text:
    """A claim with its speakers and words, and all that its report has it from."""
    doc, _, number = ref.rpartition("#")
    claim = scene.view.readings[doc].claims[int(number) - 1]
    who = f"said by {', '.join(claim.attribution)}" if claim.attribution else "in the report's own voice"
    words = " … ".join(e.text for e in claim.evidence)
    first = Text.assemble((f"{who}: ", "cyan"), _quoted(words))
    return _join(
        _report_line(scene, doc, f"#{number}"), first, *(_edge_line(scene, o) for o in _text_edges(scene, doc))
    )


def _report_lines(scene: Scene, doc: str) -> Text:
    """A report with what its text has from others, and how many it names for details."""
    text = _text_edges(scene, doc)
    rest = len(scene.web.up.get(doc, ())) - len(text)
    more = [Text(f"names {_n(rest, 'source')} for details", "dim")] if rest else []
    return _join(_report_line(scene, doc), *(_edge_line(scene, o) for o in text), *more)


def _surest(origins: Iterable[Origin]) -> list[Origin]:
    return sorted(origins, key=lambda o: (-o.score, o.source, o.doc, o.relation))


def _edge_line(scene: Scene, origin: Origin) -> Text:
    """From whom, the reason, how surely, and the words."""
    what = "names, for a detail," if origin.detail else _RELATIONS[origin.relation]
    return _reason(f"{what} {scene.web.name(origin.source)}", origin)


def _step_line(origin: Origin) -> Text:
    """The same where a branch of the tree says from whom."""
    return _reason("named for a detail" if origin.detail else origin.relation, origin)


def _reason(what: str, origin: Origin) -> Text:
    rule = f"{origin.rule}, " if origin.rule else ""
    return Text.assemble((what, "cyan"), f" ({rule}{origin.score:.2g})  {_quoted(origin.words)}")


def _node_line(scene: Scene, name: str) -> Text:
    return _report_line(scene, name) if name in scene.view.readings else Text(scene.web.name(name), "bold")


def _report_line(scene: Scene, doc: str, claim: str = "") -> Text:
    """A report's name, when it was published, and where."""
    node = scene.web.node(doc)
    about = ", ".join(one_line(part) for part in (node.published or "no date", node.outlet) if part)
    return Text.assemble((one_line(doc) + claim, "bold"), f"  {about}")


def _root_line(scene: Scene, root: str, reports: int) -> Text:
    """A root: the outlet and what it is, or the first of the reports."""
    outlet = scene.codebook.outlets.get(root)
    about = f"  {outlet.name}, {outlet.kind}" if outlet is not None else ""
    return Text.assemble((one_line(root), "bold"), about, f"  {_n(reports, 'report')}")


def _when(scene: Scene, doc: str) -> tuple[str, str]:
    return scene.web.node(doc).published or "9999", doc


def _join(*lines: Text) -> Text:
    return Text("\n").join(lines)


def _quoted(words: str) -> str:
    said = one_line(words)
    return f"“{said if len(said) <= _WORDS else said[: _WORDS - 1] + '…'}”"


def _n(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"
