"""`recoupe origins` and `recoupe export origins`: what they print, and the graphs that they write."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner, Result

from recoupe import cli
from recoupe.check import check
from recoupe.cli.find import View
from recoupe.cli.origins import Scene, origin_trees, report_tree
from recoupe.ledger import create_ledger, open_ledger
from recoupe.model import Origin, Page, Reading
from recoupe.publish.origins import Web, graphml, origin_lines
from recoupe.trace import roots, trace
from synthetic import Fact, book, reading
from test_trace import prose

STRIKE = "Missiles fell on Kyiv on Tuesday and killed five people"
FACT = Fact(
    "attack",
    {"attacker": ["country:RU"], "place": ["place:kyiv"], "weapon": ["missile"], "killed": "5"},
    STRIKE,
    time="2024-01-02",
)
TEXT = prose(50)
NS = {"g": "http://graphml.graphdrawing.org/xmlns"}


def told(doc: str, text: list[str], day: str, *speakers: str, **about: object) -> Reading:
    made = reading(doc, [f"Title <of> {doc}", *text, f"{STRIKE}."], [FACT], day, **about)
    return replace(made, claims=tuple(replace(c, attribution=speakers) for c in made.claims))


READINGS = (
    told("wire.txt", ["KYIV (AP) - The city woke to sirens.", *TEXT], "2024-01-02"),
    told("reprint.txt", TEXT, "2024-01-03", outlet="herald.example"),
    told("mayor.txt", prose(51), "2024-01-03", "person:vitali-klitschko", byline="with AFP"),
    told(
        "mayor-too.txt",
        [*prose(52), "The mayor told Reuters that all was over."],
        "2024-01-03",
        "person:vitali-klitschko",
    ),
    reading("quiet.txt", ["A quiet day", *prose(53)], (), "2024-01-04"),
)


@pytest.fixture(autouse=True)
def _book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)


@pytest.fixture
def db(tmp_path: Path) -> str:
    path = tmp_path / "s.db"
    with create_ledger(path) as ledger:
        with ledger.batch() as batch:
            for r in READINGS:
                batch.add(Page.of(r.report.doc, r.report.text), r)
        with ledger.batch() as batch:
            found = batch.readings()
            origins = trace(found, book())
            batch.settle(origins, check(found, roots(found, origins, book()), book()))
    return str(path)


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, list(args))


def entry_id(db: str) -> str:
    (entry,) = json.loads(run("ledger", db, "--format", "json").stdout)
    return str(entry["id"])


def test_the_whole_ledger_is_a_tree_a_root_the_greatest_first(db: str) -> None:
    result = run("origins", db)
    assert result.exit_code == 0
    out = result.stdout
    lines = out.splitlines()
    assert lines[0] == "ap  Associated Press, agency  2 reports"
    assert lines[1] == "└── wire.txt  2024-01-02"
    assert "    └── reprint.txt  2024-01-03, herald.example" in lines
    assert "copy of wire.txt" in out
    assert "names Associated Press (dateline, 0.95)" in out
    assert out.index("ap  Associated Press") < out.index("afp  Agence France-Presse")
    assert "mayor-too.txt" not in out
    assert lines[-2:] == [
        "5 reports of 4 independent origins",
        "not shown: 2 reports, of origins that no other text is from",
    ]
    assert "\x1b" not in out


def test_a_report_shows_both_ways(db: str) -> None:
    out = run("origins", db, "wire.txt").stdout
    assert out.index("has it from") < out.index("Associated Press") < out.index("who has it from this report")
    assert out.index("who has it from this report") < out.index("reprint.txt")
    up = run("origins", db, "reprint").stdout
    assert up.index("wire.txt") < up.index("named (dateline, 0.95)")
    assert "origin Associated Press, with 1 other report" in up
    assert "nobody that is known" in run("origins", db, "quiet.txt").stdout
    assert "named for a detail (detail, 0.3)  “told Reuters”" in run("origins", db, "mayor-too.txt").stdout


def test_an_entry_shows_its_independent_origins(db: str) -> None:
    out = run("origins", db, entry_id(db)[:6]).stdout
    lines = out.splitlines()
    assert lines[0] == f"attack, done  2024-01-02  {entry_id(db)}"
    assert lines[1] == "2 origins, 4 reports"
    assert lines[2] == "├── Associated Press"
    assert out.count("said by person:vitali-klitschko") == 2
    assert out.count("in the report's own voice") == 2
    assert f"“{STRIKE}”" in out
    assert "names Agence France-Presse (byline, 0.9)  “with AFP”" in out


def test_an_entry_that_was_counted_otherwise_is_shown_as_it_counts_now(db: str) -> None:
    with create_ledger(Path(db)) as ledger, ledger.batch() as batch:
        (entry,) = ledger.entries()
        batch.settle(ledger.origins(), [replace(entry, origins=("ap", "mayor.txt"))])
    result = run("origins", db, entry_id(db))
    assert result.exit_code == 0
    assert "the ledger has other origins for it: ap, mayor.txt" in result.stderr
    assert "2 origins, 4 reports" in result.stdout


def test_a_source_shows_its_reports_and_those_that_name_it(db: str) -> None:
    assert "wire.txt" in run("origins", db, "ap").stdout
    out = run("origins", db, "reuters").stdout
    assert out.index("also named by") < out.index("mayor-too.txt")


@pytest.mark.parametrize("name", ["Reuters", "REUTERS", "reuters"])
def test_a_source_is_found_by_its_name_whatever_the_case(db: str, name: str) -> None:
    assert run("origins", db, name).stdout == run("origins", db, "reuters").stdout
    assert run("origins", db, name, "--graphml", "-").stdout == run("origins", db, "reuters", "--graphml", "-").stdout


@pytest.mark.parametrize("name", ["AFP", "Agence France-Presse", "agence france-presse"])
def test_a_source_is_found_by_each_of_its_names(db: str, name: str) -> None:
    assert run("origins", db, name).stdout.splitlines()[0] == "afp  Agence France-Presse, agency  1 report"


def test_an_outlet_shows_its_reports_though_others_wrote_them(db: str) -> None:
    lines = run("origins", db, "HERALD.example").stdout.splitlines()
    assert lines[0].startswith("herald.example")
    assert any("reprint.txt" in line for line in lines)


def test_a_source_that_the_codebook_does_not_know_is_found_whatever_the_case(db: str) -> None:
    with create_ledger(Path(db)) as ledger, ledger.batch() as batch:
        batch.settle([*ledger.origins(), Origin("quiet.txt", "Moorside Herald", "named", 0.95, "x")], ledger.entries())
    assert "Moorside Herald  1 report" in run("origins", db, "moorside herald").stdout


@pytest.mark.parametrize("command", ["origins", "show"])
def test_a_few_digits_name_no_entry(db: str, command: str) -> None:
    whole = "2024123456"
    with create_ledger(Path(db)) as ledger, ledger.batch() as batch:
        (entry,) = ledger.entries()
        batch.settle(ledger.origins(), [replace(entry, id=whole), replace(entry, id="abcd123456")])
    told = run(command, db, "2024")
    assert told.exit_code == 1
    assert told.stderr.splitlines() == [
        "recoupe: 2024: no report has that in its name, and so few digits name no entry; "
        f"entries that begin so: {whole}"
    ]
    assert run(command, db, whole).exit_code == run(command, db, whole[:6]).exit_code == 0
    assert run(command, db, "abcd").exit_code == 0
    assert "no entry, report" in run(command, db, "abc").stderr  # as likely a mistake


def test_what_may_be_an_entry_or_a_report_is_told(db: str) -> None:
    with create_ledger(Path(db)) as ledger, ledger.batch() as batch:
        (entry,) = ledger.entries()
        page = reading("abcd-news.txt", ["A day", *prose(54)], (), "2024-01-04")
        batch.add(Page.of("abcd-news.txt", page.report.text), page)
        batch.settle(ledger.origins(), [replace(entry, id="abcd123456")])
    assert run("show", db, "abcd").stderr.splitlines() == [
        "recoupe: abcd: the entry abcd123456 begins so, and reports have it in their name: abcd-news.txt"
    ]


@pytest.mark.parametrize("command", ["origins", "show", "page"])
@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_name_is_none(db: str, command: str, nothing: str) -> None:
    result = run(command, db, nothing)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == ["recoupe: expected the name of a report or entry, found nothing"]


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("NATO", "NATO: the codebook has it as nato, but no report of the ledger names it"),
        ("zzzz", "zzzz: no entry, report or source of that name in the ledger"),
        ("mayor", "mayor: 2 reports have that in their name: mayor-too.txt, mayor.txt"),
        ("reprnit.txt", "reprnit.txt: no entry, report or source of that name in the ledger; like it: reprint.txt"),
    ],
)
def test_a_name_of_nothing_is_told_with_those_like_it(db: str, id: str, said: str) -> None:
    for more in ((), ("--graphml", "-")):
        result = run("origins", db, id, *more)
        assert result.exit_code == 1
        assert result.stderr.splitlines() == [f"recoupe: {said}"]
        assert result.stdout == ""


def test_nothing_is_wider_than_a_terminal(db: str) -> None:
    screen = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    with open_ledger(Path(db)) as ledger:
        for wanted in (None, entry_id(db), "reprint.txt", "ap"):
            origin_trees(screen, ledger, wanted, book())
    out = screen.file.getvalue()  # type: ignore[attr-defined]
    assert len(out.splitlines()) > 40
    assert max(map(len, out.splitlines())) <= 80


def test_the_edges_are_exported_a_line_each(db: str, tmp_path: Path) -> None:
    out = tmp_path / "o.jsonl"
    assert run("export", "origins", db, "--out", str(out)).exit_code == 0
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert all(list(line) == ["doc", "from", "relation", "score", "words"] for line in lines)
    assert [(line["doc"], line["from"], line["relation"]) for line in lines] == [
        ("mayor-too.txt", "reuters", "named"),
        ("mayor.txt", "afp", "named"),
        ("reprint.txt", "wire.txt", "copy"),
        ("wire.txt", "ap", "named"),
    ]
    assert lines[0] == {
        "doc": "mayor-too.txt", "from": "reuters", "relation": "named", "score": 0.3, "words": "told Reuters"
    }  # fmt: skip
    assert run("export", "origins", db, "--out", "-").stdout == out.read_text("utf-8")


def test_the_order_of_origins_plays_no_part() -> None:
    known = trace(READINGS, book())
    assert list(origin_lines(reversed(known))) == list(origin_lines(known))


def graph_of(data: str) -> tuple[dict[str, dict[str, str]], list[tuple[str, str, dict[str, str]]]]:
    """The nodes with what is said of them, and the edges, as a reader of GraphML sees them."""
    root = ElementTree.fromstring(data)
    keys = {key.get("id"): key.get("attr.name") for key in root.findall("g:key", NS)}

    def about(element: ElementTree.Element) -> dict[str, str]:
        return {str(keys[d.get("key")]): d.text or "" for d in element.findall("g:data", NS)}

    (graph,) = root.findall("g:graph", NS)
    assert graph.get("edgedefault") == "directed"
    nodes = {str(node.get("id")): about(node) for node in graph.findall("g:node", NS)}
    edges = [(str(e.get("source")), str(e.get("target")), about(e)) for e in graph.findall("g:edge", NS)]
    assert all(end in nodes for one, other, _ in edges for end in (one, other))
    return nodes, edges


def test_the_graph_of_a_ledger(db: str, tmp_path: Path) -> None:
    out = tmp_path / "o.graphml"
    assert run("origins", db, "--graphml", str(out)).stdout == ""
    nodes, edges = graph_of(out.read_text("utf-8"))
    assert {f"report:{r.report.doc}" for r in READINGS} | {"source:ap", "source:afp", "source:reuters"} == set(nodes)
    assert nodes["report:reprint.txt"] == {
        "kind": "report",
        "label": "Title <of> reprint.txt",
        "outlet": "herald.example",
        "published": "2024-01-03",
        "root": "ap",
    }
    said = {(one, other): about for one, other, about in edges}
    assert said["report:wire.txt", "source:ap"] == {
        "relation": "named",
        "score": "0.95",
        "rule": "dateline",
        "words": "KYIV (AP) -",
    }
    assert said["report:reprint.txt", "report:wire.txt"]["relation"] == "copy"


def test_the_graph_of_a_report_reaches_as_far_as_its_tree(db: str) -> None:
    nodes, _ = graph_of(run("origins", db, "reprint.txt", "--graphml", "-").stdout)
    assert set(nodes) == {"report:reprint.txt", "report:wire.txt", "source:ap"}
    assert set(graph_of(run("origins", db, "quiet.txt", "--graphml", "-").stdout)[0]) == {"report:quiet.txt"}


def test_the_graph_of_an_entry_has_an_edge_an_independent_origin(db: str) -> None:
    nodes, edges = graph_of(run("origins", db, entry_id(db), "--graphml", "-").stdout)
    origins = {other for one, other, about in edges if one.startswith("entry:") and about["relation"] == "origin"}
    assert origins == {"source:ap", "speaker:person:vitali-klitschko"}
    spoken = [(one, about["words"]) for one, other, about in edges if about["relation"] == "said by"]
    assert spoken == [("report:mayor-too.txt", STRIKE), ("report:mayor.txt", STRIKE)]
    assert nodes["speaker:person:vitali-klitschko"]["kind"] == "speaker"


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(min_size=1).filter(str.isprintable))
def test_any_words_make_xml_that_can_be_read(words: str, source: str) -> None:
    origin = Origin("a.txt", source, "named", 0.5, words)
    web = Web({"a.txt": reading("a.txt", ["A"])}, (origin,), {"a.txt": "a.txt"}, {})
    _, edges = graph_of(graphml(web.graph([origin])).decode())
    kept = "".join(
        c for c in words if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )
    assert edges[0][2].get("words", "") == kept.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("names", [("a\x01.txt", "a.txt"), ("a\ud800b", "ab"), ("a\\u0001", "a\x01"), ("a\tb", "a b")])
def test_names_that_xml_cannot_hold_stay_apart(names: tuple[str, str]) -> None:
    one, other = names
    readings = {doc: reading(doc, ["A"]) for doc in names}
    web = Web(readings, (Origin(one, other, "copy", 0.9, "a"),), {doc: doc for doc in names}, {})
    nodes, edges = graph_of(graphml(web.graph(web.origins)).decode())
    assert len(nodes) == 2
    assert edges[0][0] != edges[0][1]


def chain(length: int) -> tuple[Web, list[str]]:
    """Reports of which each has a part of the one before, and a part of all before it."""
    docs = [f"{n:03}.txt" for n in range(length)]
    origins = [Origin(doc, other, "part", 0.3, "a") for n, doc in enumerate(docs) for other in docs[max(0, n - 3) : n]]
    return Web({d: reading(d, ["A"]) for d in docs}, tuple(origins), {d: d for d in docs}, {}), docs


def test_a_long_chain_is_shown_as_far_as_a_line_is_long_and_each_report_once() -> None:
    web, docs = chain(300)
    scene = Scene(View(web.readings, (), web.origins, False), web, book())
    screen = Console(file=io.StringIO(), width=120, color_system=None)
    screen.print(report_tree(scene, web.readings[docs[-1]]))
    out = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "and on" in out
    assert len(out.splitlines()) < 10 * 40
    assert len(web.reach([docs[-1]], up=True)) == len(web.origins)
