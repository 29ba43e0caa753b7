"""`recoupe score`: the figures of small cases known by hand, and what the command prints."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from recoupe.cli import app
from recoupe.codebook import Codebook
from recoupe.ledger import create_ledger
from recoupe.model import Evidence, Page, Quote, Reading
from recoupe.publish.score import (
    CodedReport,
    Figures,
    PageText,
    Rate,
    compare,
    confusion,
    differences,
    figures,
    figures_object,
)
from recoupe.publish.score.agree import agreement, days
from recoupe.publish.score.coded import Slot
from recoupe.publish.score.words import Ground
from synthetic import Fact, book, page_of, reading

Record = dict[str, Any]

TEXT = (
    "Tanks for Kyiv\n"
    "Germany will send two tanks to Ukraine, Boris Pistorius said. Five were killed in Kharkiv on Monday. "
    "“We will keep our word to Kyiv”, he told reporters. Stocks are running low."
)
PLEDGE: Record = {
    "id": "c1",
    "kind": "pledge",
    "status": "done",
    "roles": {"donor": ["country:DE"], "recipient": ["country:UA"], "item": ["leopard-2"], "count": "2"},
    "time": "2024-01-02",
    "attribution": ["person:boris-pistorius"],
    "evidence": ["Germany will send two tanks"],
}
ATTACK: Record = {
    "id": "c2",
    "kind": "attack",
    "status": "done",
    "roles": {"place": ["place:kharkiv"], "killed": "5"},
    "time": None,
    "attribution": [],
    "evidence": ["Five were killed in Kharkiv"],
}
QUOTE: Record = {"speaker": "person:boris-pistorius", "text": "We will keep our word to Kyiv"}
GOLD: Record = {"doc": "a.txt", "published": "2024-01-03", "claims": [PLEDGE, ATTACK], "quotes": [QUOTE]}
ONE, NONE = Rate(1.0, 1.0, 1.0), Rate(0.0, 0.0, 0.0)


def measured(gold: Record, read: Record | None, text: str = TEXT) -> Figures:
    """The figures of one report, both sides given as lines."""
    sides = [None if side is None else CodedReport.of(side, book()) for side in (gold, read)]
    assert sides[0] is not None
    return figures([compare(sides[0], sides[1], PageText(text), book())], book())


def changed(claim: Record, **fields: Any) -> Record:
    return {**claim, **fields}


def with_roles(claim: Record, **roles: Any) -> Record:
    return {**claim, "roles": {k: v for k, v in {**claim["roles"], **roles}.items() if v is not None}}


def gold_file(folder: Path, *records: Record | str) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records), "utf-8")
    return path


def at(text: str, words: str) -> list[int]:
    return [text.index(words), text.index(words) + len(words)]


# Small cases, known by hand


def test_a_report_read_as_it_is_coded_has_full_marks() -> None:
    told = measured(GOLD, GOLD)
    assert {told.reading, told.found, told.slots, told.attribution, told.quotes_strict, told.quotes_loose} == {ONE}
    assert (told.status, told.speaker, told.ungrounded) == (1.0, 1.0, 0)
    assert told.published == {"exact": 1, "holds": 0, "none": 0, "wrong": 0}


def test_a_claim_that_was_missed_counts_against_recall_alone() -> None:
    told = measured(GOLD, {**GOLD, "claims": [PLEDGE]})
    assert told.found == Rate(1.0, 0.5, 0.667)
    assert told.reading == Rate(1.0, 0.5, 0.667)
    assert told.slots == Rate(1.0, 0.714, 0.833)  # 5 of 7: four roles and the time, and the two of the attack
    assert told.attribution == ONE


def test_half_right_values() -> None:
    """Four slots and a half of five: an ancestor of the item."""
    told = measured({**GOLD, "claims": [PLEDGE]}, {**GOLD, "claims": [with_roles(PLEDGE, item=["tank"])]})
    assert told.slots == Rate(0.9, 0.9, 0.9)
    assert told.reading == Rate(0.917, 0.917, 0.917)  # 2 (1 + 4.5) / (2 + 5 + 5)
    assert told.found == ONE


def test_a_claim_of_another_kind_or_sentence_is_not_found() -> None:
    other = changed(PLEDGE, kind="delivery")
    elsewhere = changed(PLEDGE, evidence=["Stocks are running low"])
    for read in (other, elsewhere):
        told = measured({**GOLD, "claims": [PLEDGE]}, {**GOLD, "claims": [read]})
        assert (told.found, told.reading, told.slots, told.attribution, told.status) == (NONE, NONE, NONE, NONE, 0.0)


def test_of_two_claims_in_a_sentence_each_finds_its_like() -> None:
    second = with_roles(PLEDGE, donor=["country:NL"], count="4")
    told = measured({**GOLD, "claims": [PLEDGE, second]}, {**GOLD, "claims": [second, PLEDGE]})
    assert (told.slots, told.reading) == (ONE, ONE)


def test_status_and_attribution() -> None:
    read = [
        changed(PLEDGE, status="planned", attribution=["person:b-pistorius", "country:DE"]),
        changed(ATTACK, attribution=["unnamed:officials"]),
    ]
    told = measured(GOLD, {**GOLD, "claims": read})
    assert told.status == 0.5
    assert told.attribution == Rate(0.333, 0.5, 0.4)  # one of the three read, of the two coded: the reporter is one


@pytest.mark.parametrize(
    ("read", "verdict"),
    [("2024-01-03", "exact"), ("2024-01-03/2024-01-04", "holds"), ("2024-01-04", "wrong"), (None, "none")],
)
def test_dates_of_publication(read: str | None, verdict: str) -> None:
    assert {v for v, n in measured(GOLD, {**GOLD, "published": read}).published.items() if n} == {verdict}
    assert sum(measured({**GOLD, "published": None}, {**GOLD, "published": read}).published.values()) == 0


@pytest.mark.parametrize(
    ("text", "speaker", "strict", "loose", "right"),
    [
        ("We will keep our word to Kyiv", "person:pistorius", ONE, ONE, 1.0),
        ("We will keep our word", None, NONE, ONE, 0.0),  # 5 words of 7
        ("Stocks are running low", "person:boris-pistorius", NONE, NONE, 0.0),
    ],
)
def test_quotes(text: str, speaker: str | None, strict: Rate, loose: Rate, right: float) -> None:
    told = measured(GOLD, {**GOLD, "quotes": [{"text": text, "speaker": speaker}]})
    assert (told.quotes_strict, told.quotes_loose, told.speaker) == (strict, loose, right)


def test_claims_without_words_of_the_page_are_ungrounded() -> None:
    read = [changed(PLEDGE, evidence=[]), changed(ATTACK, evidence=["nowhere"]), ATTACK]
    assert measured(GOLD, {**GOLD, "claims": read}).ungrounded == 2


def test_only_what_is_coded_counts() -> None:
    told = measured({**GOLD, "claims": [PLEDGE], "quotes": [], "coded_to": "Boris Pistorius said."}, GOLD)
    assert (told.predicted_claims, told.found, told.quotes_strict) == (1, ONE, NONE)


def test_an_unread_report_counts_as_missed() -> None:
    told = measured(GOLD, None)
    assert (told.unread, told.gold_claims, told.predicted_claims) == (("a.txt",), 2, 0)
    assert (told.reading, told.quotes_loose, told.published["none"]) == (NONE, NONE, 1)


def test_each_kind() -> None:
    told = figures_object(measured(GOLD, {**GOLD, "claims": [PLEDGE, changed(ATTACK, kind="threat", roles={})]}))
    assert told["kinds"] == {
        "pledge": {"gold": 1, "pred": 1, "found": 1},
        "attack": {"gold": 1, "pred": 0, "found": 0},
        "threat": {"gold": 0, "pred": 1, "found": 0},
    }


@pytest.mark.parametrize(
    ("type_", "a", "b", "worth"),
    [
        ("actor", "country:UA", "country:UA", 1),
        ("actor", "country:UA", "country:RU", 0),
        ("actor", "person:volodymyr-zelensky", "person:zelenskyy", 1),
        ("actor", "person:olaf-scholz", "person:boris-pistorius", 0),
        ("item", "air-defence", "patriot-missile", 0.5),
        ("item", "patriot-missile", "air-defence", 0.5),
        ("item", "tank", "patriot-missile", 0),
        ("item", "other:blankets", "other:tents", 0.5),
        ("item", "other:blankets", "tank", 0),
        ("count", "5", ">=5", 0.5),
        ("count", "5", "6", 0),
        ("count", "1000000", "1e6", 1),
        ("count", "7..10", "7..10", 1),
        ("count", "7..10", "7", 0),
        ("amount", "5e9 EUR", "~5e9 EUR", 0.5),
        ("amount", "5e9 EUR", "5e9 USD", 0),
        ("level", "leaders", "ministers", 0),
        ("time", "2024-01-02", "2024-01", 0.5),
        ("time", "2024-01", "2024-01-01/2024-01-31", 1),
        ("time", "2024-01-02", "2024-01-02~", 1),
        ("time", "2024-01-02", "2024-01-03", 0),
        ("time", "2024-09/..", "2025", 0.5),
        ("time", "../2023", "2025", 0),
    ],
)
def test_how_far_two_values_agree(type_: str, a: str, b: str, worth: float) -> None:
    assert agreement(Slot("role", type_, a), Slot("role", type_, b), book().parents) == worth
    assert agreement(Slot("role", type_, a), Slot("another", type_, b), book().parents) == 0


@pytest.mark.parametrize("text", ["2024-13", "2024-02-30", "tuesday", "2024-00"])
def test_what_is_no_time_allows_no_days(text: str) -> None:
    assert days(text) is None


def test_words_are_found_whatever_their_typography() -> None:
    ground = Ground.of("L’armée a dit :\n« Oui » – deux fois. Et “non”. Fin")
    assert ground.holds("l'armée  a dit : \"")
    assert [sorted(ground.sentences([words])) for words in ("deux fois", "fois. Et", "Fin", "rien")] == [
        [1],
        [1, 2],
        [3],
        [],
    ]


# Properties


SENTENCES = [f"Sentence number {n} tells of something." for n in range(8)]
VALUES = {
    "actor": ["country:DE", "country:FR", "person:olaf-scholz", "org:nato"],
    "place": ["place:kyiv", "country:UA"],
    "item": ["tank", "leopard-2", "patriot", "other:blankets"],
    "count": ["5", ">=5", "~12", "7..10"],
    "amount": ["5e9 EUR", "~5e9 EUR"],
    "level": ["leaders", "ministers"],
    "free": ["some words"],
}


@st.composite
def claims(draw: st.DrawFn, number: int) -> Record:
    """A claim whose time no other claim has."""
    kind = draw(st.sampled_from(sorted(book().kinds.values(), key=lambda k: k.name)))
    roles = {
        name: draw(st.lists(st.sampled_from(VALUES[role.type]), min_size=1, max_size=2 if role.many else 1))
        for name, role in kind.roles.items()
        if draw(st.booleans())
    }
    return {
        "id": f"c{number}",
        "kind": kind.name,
        "status": draw(st.sampled_from(["done", "planned", "possible", "denied"])),
        "roles": roles,
        "time": f"2024-01-{number + 1:02}",
        "attribution": draw(st.lists(st.sampled_from([*VALUES["actor"], "unnamed:officials"]), max_size=2)),
        "evidence": draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3)),
    }


@st.composite
def reports(draw: st.DrawFn) -> Record:
    said = draw(st.integers(1, 6))
    quotes = draw(st.lists(st.sampled_from(SENTENCES), unique=True, min_size=1, max_size=4))
    speakers = st.sampled_from([*VALUES["actor"], None])
    return {
        "doc": "a.txt",
        "published": draw(st.sampled_from(["2024", "2024-01-02", "2023-12/2024-01", "2024-07~"])),
        "claims": [draw(claims(number)) for number in range(said)],
        "quotes": [{"text": quote, "speaker": draw(speakers)} for quote in quotes],
    }


@given(reports())
@settings(max_examples=60, deadline=None)
def test_gold_against_itself_has_full_marks(record: Record) -> None:
    coded = CodedReport.of(record, book())
    compared = compare(coded, coded, PageText("\n".join(SENTENCES)), book())
    told = figures([compared], book())
    assert {told.reading, told.found, told.slots, told.attribution, told.quotes_strict, told.quotes_loose} == {ONE}
    assert (told.status, told.speaker, told.ungrounded, told.published["exact"]) == (1.0, 1.0, 0, 1)
    assert all(n.gold == n.pred == n.found for n in told.kinds.values())
    assert not list(differences([compared]))
    none = confusion([compared])
    assert not any([none.kinds, none.statuses, none.missed, none.spurious, none.half])


@given(reports(), reports())
@settings(max_examples=60, deadline=None)
def test_what_is_missed_or_spurious_is_what_is_not_found(one: Record, other: Record) -> None:
    sides = [CodedReport.of(side, book()) for side in (one, other)]
    there, back = (compare(a, b, PageText("\n".join(SENTENCES)), book()) for a, b in (sides, sides[::-1]))
    assert len(there.found) + len(there.missed) == len(sides[0].claims)
    assert len(there.found) + len(there.spurious) == len(sides[1].claims)
    assert len(there.found) <= min(len(sides[0].claims), len(sides[1].claims))
    for told in (figures([there], book()), figures([back], book())):
        assert all(0 <= share <= 1 for rate in (told.reading, told.slots) for share in (rate.p, rate.r, rate.f1))


# The command


PARAGRAPHS = TEXT.split("\n")
FACTS = [
    Fact("pledge", {"donor": ["country:DE"], "item": ["tank"], "count": "2"}, "Germany will send two tanks"),
    Fact("threat", {"actor": ["country:RU"]}, "Five were killed in Kharkiv", status="possible"),
]


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


def ledger(path: Path, *readings: tuple[Page, Reading]) -> Path:
    with create_ledger(path) as made, made.batch() as batch:
        for page, read in readings:
            batch.add(page, read)
    return path


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)
    made = reading("a.txt", PARAGRAPHS, FACTS, "2024-01-03/2024-01-04")
    start = made.report.text.index("We will")
    quotes = (Quote((Evidence.of(made.report.text, start, start + 29),), "country:DE"),)
    return ledger(tmp_path / "a.db", (page_of(made), replace(made, quotes=quotes)))


def test_the_command_prints_the_figures(db: Path, tmp_path: Path) -> None:
    done = run("score", gold_file(tmp_path, GOLD), db, "--kinds")
    lines = done.stdout.splitlines()
    assert (done.exit_code, done.stderr) == (0, "")
    assert lines[0] == "1 report: 2 claims coded, 2 read"
    assert " ".join(next(line for line in lines if "found" in line).split()) == "found 0.500 0.500 0.500"
    assert "status 1.000, speakers 0.000, ungrounded 0" in lines
    assert "published: 1 holds of 1" in lines
    assert " ".join(lines[-2].split()) == "threat 0 1 0"
    assert "pledge" not in run("score", gold_file(tmp_path, GOLD), db).stdout


def test_the_command_lists_the_differences(db: Path, tmp_path: Path) -> None:
    done = run("score", gold_file(tmp_path, GOLD), db, "--errors")
    listed, _, rest = done.stdout.partition("\n\n")
    assert listed == (
        "a.txt\n"
        "  differs pledge c1: “Germany will send two tanks”\n"
        "      item: wants leopard-2; has tank (half right)\n"
        "      recipient: wants country:UA; has nothing\n"
        "      time: wants 2024-01-02; has nothing\n"
        "      attribution: wants person:boris-pistorius; has nothing\n"
        "  missed attack c2: “Five were killed in Kharkiv”\n"
        "      place place:kharkiv\n"
        "      killed 5\n"
        "  spurious threat: “Five were killed in Kharkiv”\n"
        "      actor country:RU\n"
        "  speaker: “We will keep our word to Kyiv”\n"
        "      speaker: wants person:boris-pistorius; has country:DE"
    )
    assert rest.splitlines()[-5:] == [
        "kinds confused: 1 × threat for attack",
        "roles missed: 1 × pledge recipient, 1 × pledge time",
        "roles spurious: none",
        "roles half right: 1 × pledge item",
        "statuses confused: none",
    ]


def test_the_command_gives_json(db: Path, tmp_path: Path) -> None:
    gold = gold_file(tmp_path, {**GOLD, "claims": [changed(PLEDGE, status="planned"), ATTACK]})
    told = json.loads(run("score", gold, db, "--json").stdout)
    assert told["found"] == {"p": 0.5, "r": 0.5, "f1": 0.5}
    assert told["published"] == {"exact": 0, "holds": 1, "none": 0, "wrong": 0, "of": 1}
    assert "differences" not in told
    told = json.loads(run("score", gold, db, "--json", "--errors").stdout)
    assert {d["what"] for d in told["differences"]} == {"differs", "missed", "spurious", "speaker"}
    assert told["differences"][0]["fields"][0] == {
        "name": "item", "wants": ["leopard-2"], "has": ["tank"], "half": True
    }  # fmt: skip
    assert told["confusion"]["statuses"] == [{"wants": "planned", "has": "done", "times": 1}]
    assert told["confusion"]["roles_missed"] == {"pledge recipient": 1, "pledge time": 1}


def test_reports_that_are_not_in_the_ledger_are_named_and_count_as_unread(db: Path, tmp_path: Path) -> None:
    gold = gold_file(tmp_path, GOLD, {**GOLD, "doc": "b/a.txt"})
    done = run("score", gold, db)
    assert done.exit_code == 0
    assert done.stderr == f"recoupe: b/a.txt: not in {db}; counted as unread; like it: a.txt\n"
    assert done.stdout.startswith("2 reports, 1 of them unread: 4 claims coded, 2 read\n")
    assert json.loads(run("score", gold, db, "--json").stdout)["unread"] == ["b/a.txt"]
    none = run("score", gold_file(tmp_path, {**GOLD, "doc": "b.txt"}), db)
    assert none.exit_code == 1
    assert none.stderr.endswith(f"recoupe: {db}: has no report of {gold}\n")


def test_pages_may_be_in_a_folder(db: Path, tmp_path: Path) -> None:
    gold = gold_file(tmp_path, GOLD, {**GOLD, "doc": "b.txt"})
    (tmp_path / "b.txt").write_text("Other words.", "utf-8")
    done = run("score", gold, db, "--texts", tmp_path)
    assert done.exit_code == 1
    assert all(line.startswith("recoupe: gold.jsonl:2: b.txt, ") for line in done.stderr.splitlines())
    assert run("score", gold, db, "--texts", tmp_path / "none").stderr == f"recoupe: {tmp_path}/none: no such folder\n"


def test_a_page_in_html_is_what_a_browser_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codebook: Codebook
) -> None:
    source = "<html><body><p>Germany <b>will</b> send two&nbsp;tanks to Kyiv</p><script>will</script></body></html>"
    page = Page("a.html", source.encode(), form="html")
    made = reading("a.html", ["Germany will send two tanks to Kyiv"], FACTS[:1])
    db = ledger(tmp_path / "h.db", (page, made))
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)
    for evidence in ("Germany will send two tanks", at(source, "Germany <b>will</b> send")):
        gold = gold_file(tmp_path, {"doc": "a.html", "claims": [changed(PLEDGE, evidence=[evidence])]})
        told = json.loads(run("score", gold, db, "--json").stdout)
        assert (told["found"]["f1"], told["ungrounded"]) == (1.0, 0)
    gold = gold_file(tmp_path, {"doc": "a.html", "sha256": page.hash, "claims": []})
    assert run("score", gold, db).exit_code == 0


@pytest.mark.parametrize("name", ["gold.jsonl", "a.db"])
def test_files_that_cannot_be_read(name: str, db: Path, tmp_path: Path) -> None:
    gold = gold_file(tmp_path, GOLD)
    (tmp_path / name).unlink()
    done = run("score", gold, db)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"recoupe: {tmp_path / name}: ")
    (tmp_path / name).write_bytes(b"\xff\xfe")
    assert run("score", gold, db).exit_code == 1
