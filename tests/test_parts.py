"""Claims in paragraphs that a report has taken over go back to the text that they are from."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from recoupe import cli
from recoupe.check import check
from recoupe.ledger import create_ledger
from recoupe.ledger.codec import dumps, loads
from recoupe.model import Block, Entry, Evidence, Origin, Quote, Reading
from recoupe.trace import roots, trace
from synthetic import Fact, book, page_of, reading
from test_trace import WORDS, prose

STRIKE = {"attacker": ["country:RU"], "place": ["place:kyiv"], "weapon": ["missile"], "killed": "5"}
WIRE = (
    "Five people were killed on Tuesday when missiles launched by Russia fell on a market hall in the north of Kyiv, "
    "where traders had just begun to set out their goods for the day.",
    "Rescuers dug through the rubble of the hall until the evening and brought out nineteen people alive, among them "
    "the keeper of the gate, who had heard the first of the blasts.",
    "The city has asked its partners for cranes and for glass, since most of the windows of the quarter are broken and "
    "the nights of the first week of the year are expected to be cold.",
)
KILLED = "Five people were killed on Tuesday when missiles launched by Russia fell on a market hall"
ZELENSKY = "person:volodymyr-zelensky"


def fact(words: str, **more: str) -> Fact:
    return Fact("attack", {**STRIKE, **more}, words, time="2024-01-02")


def told(doc: str, paragraphs: list[str], *words: str, speaker: str | None = None, **about: object) -> Reading:
    """A report of 3 January whose claims, one for each of the `words`, tell the strike."""
    about = {"published": "2024-01-03", "title": f"Title of {doc}", **about}
    title, day = str(about.pop("title")), str(about.pop("published"))
    made = reading(doc, [title, *paragraphs], [fact(w) for w in words], day, **about)
    said = () if speaker is None else (speaker,)
    return replace(made, claims=tuple(replace(c, attribution=said) for c in made.claims))


def wire(**about: object) -> Reading:
    made = ["KYIV (AP) - " + WIRE[0], *WIRE[1:], *prose(80, 3)]
    return told("wire.txt", made, KILLED, **{"published": "2024-01-02", **about})


def entries(*readings: Reading) -> list[Entry]:
    known = trace(readings, book())
    assert [loads(Origin, dumps(o)) for o in known] == known
    return check(readings, roots(readings, known, book()), book())


def origins(*readings: Reading) -> tuple[str, ...]:
    """The origins of the one entry that the readings make."""
    (entry,) = entries(*readings)
    return entry.origins


def relation(doc: str, source: str, *readings: Reading) -> list[str]:
    return [o.relation for o in trace(readings, book()) if (o.doc, o.source) == (doc, source)]


def test_a_claim_in_a_part_of_a_wire_is_the_wires() -> None:
    mixed = told("mixed.txt", [*prose(81, 8), *WIRE[:2]], KILLED)
    assert relation("mixed.txt", "wire.txt", wire(), mixed) == ["part"]
    assert origins(wire(), mixed) == ("ap",)


def test_a_claim_outside_the_part_is_the_reports_own() -> None:
    own = "Five dead were counted by our own reporter in Kyiv after the missiles of Russia"
    mixed = told("mixed.txt", [f"{own}.", *prose(81, 8), *WIRE[:2]], own)
    assert relation("mixed.txt", "wire.txt", wire(), mixed) == ["part"]
    assert origins(wire(), mixed) == ("ap", "mixed.txt")


def test_a_part_that_was_edited_lightly_is_the_wires_still() -> None:
    edited = [p.replace("people", "persons").replace("evening", "late evening") for p in WIRE[:2]]
    words = KILLED.replace("people", "persons")
    mixed = told("mixed.txt", [*prose(81, 8), *edited], words)
    assert relation("mixed.txt", "wire.txt", wire(), mixed) == ["part"]
    assert origins(wire(), mixed) == ("ap",)


def test_a_report_that_says_who_reported_it_and_took_the_words_over_is_no_second_origin() -> None:
    """Whether the copied sentence gives it to a speaker or not, and whether the copier's words do."""
    mixed = [*prose(81, 8), "All this happened in one morning, AP reported.", *WIRE[:2]]
    for first, second in ((None, None), (ZELENSKY, None), (None, ZELENSKY), (ZELENSKY, ZELENSKY)):
        made = [replace(wire(), claims=told("wire.txt", ["KYIV (AP) - " + WIRE[0]], KILLED, speaker=first).claims)]
        made.append(told("mixed.txt", mixed, KILLED, speaker=second))
        rules = {(o.source, o.relation, o.rule) for o in trace(made, book()) if o.doc == "mixed.txt"}
        assert rules == {("wire.txt", "part", ""), ("ap", "named", "reported")}
        assert origins(*made) == (("ap",) if (first, second) == (None, None) else (ZELENSKY,))


def test_a_quotation_in_the_part_belongs_to_it() -> None:
    said = "We shall build this hall again, larger than it was, and by the summer people will buy their bread in it as"
    lines = [f"“{said} they always have.” So the mayor spoke.", *WIRE]

    def quoting(made: Reading) -> Reading:
        start = made.report.text.index(said)
        return replace(made, quotes=(Quote((Evidence.of(made.report.text, start, start + len(said)),)),))

    first = quoting(told("wire.txt", ["KYIV (AP) - Sirens.", *lines, *prose(80, 3)], said, published="2024-01-02"))
    mixed = quoting(told("mixed.txt", [*prose(81, 8), *lines], said))
    assert origins(first, mixed) == ("ap",)


def test_a_cut_copy_of_the_mixed_report_has_the_part_from_the_wire_too() -> None:
    mixed = told("mixed.txt", [*prose(81, 8), *WIRE[:2]], KILLED)
    cut = told("cut.txt", [*prose(81, 6), WIRE[0]], KILLED, published="2024-01-04")
    readings = (wire(), mixed, cut)
    assert relation("cut.txt", "mixed.txt", *readings) == ["copy"]
    assert relation("cut.txt", "wire.txt", *readings) == []
    assert origins(*readings) == ("ap",)
    alone = told("alone.txt", [*prose(82, 8), KILLED + " in the north."], KILLED)
    assert origins(*readings, alone) == ("alone.txt", "ap")


def test_a_part_of_a_part_goes_back_to_the_first_text() -> None:
    mixed = told("mixed.txt", [*prose(81, 8), *WIRE[:2]], KILLED)
    third = told("third.txt", [*prose(83, 9), WIRE[0], prose(81, 8)[2]], KILLED, published="2024-01-05")
    readings = (wire(), mixed, third)
    assert relation("third.txt", "wire.txt", *readings) == []
    assert relation("third.txt", "mixed.txt", *readings) == ["part"]
    assert origins(*readings) == ("ap",)
    fourth = told("fourth.txt", [*prose(84, 9), *WIRE[:2]], KILLED, published="2024-01-05")
    assert origins(*readings, fourth) == ("ap",)


def test_what_the_title_tells_is_from_where_the_text_has_it() -> None:
    title = "Five killed as missiles from Russia fall on Kyiv"
    mixed = told("mixed.txt", [*prose(81, 8), *WIRE[:2]], title, KILLED, title=title)
    found = roots((wire(), mixed), trace((wire(), mixed), book()), book())
    assert found.claims == {"mixed.txt#1": "ap", "mixed.txt#2": "ap"}
    (one,) = told("x.txt", [], title, title=title).claims
    own = "Five dead were counted by our own reporter in Kyiv after the missiles of Russia"
    both = told("mixed.txt", [f"{own}.", *prose(81, 8), *WIRE[:2]], title, own, KILLED, title=title)
    assert one.evidence[0].text == title
    assert roots((wire(), both), trace((wire(), both), book()), book()).claims == {"mixed.txt#3": "ap"}


def test_a_merger_of_two_texts_gives_each_claim_back_to_its_own() -> None:
    other = ["MADRID (Reuters) - It rained.", *prose(85, 7)]
    first = told("first.txt", other, published="2024-01-02")
    merged = told("merged.txt", [*other[1:], WIRE[0], WIRE[1], WIRE[2], *prose(80, 3)], KILLED, published="2024-01-04")
    found = roots((wire(), first, merged), trace((wire(), first, merged), book()), book())
    assert found.of("merged.txt", 1) == "ap"
    assert origins(wire(), first, merged) == ("ap",)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=2, max_size=3, unique=True), st.randoms(use_true_random=False))
def test_passages_are_whole_sentences_of_the_report_that_stand_in_the_other(
    kept: list[int], rng: random.Random
) -> None:
    text = [f"{p} {' '.join(rng.choices(WORDS, k=12)).capitalize()}." for p in prose(90, 8)]
    first = told("a.txt", text, published="2024-01-01")
    paragraphs = [*prose(91, 12), *(text[n] for n in kept)]
    rng.shuffle(paragraphs)
    mixed = told("b.txt", paragraphs)
    (origin,) = trace((first, mixed), book())
    assert origin.relation == "part"
    said = [mixed.report.text[p.start : p.end] for p in origin.passages]
    assert all(a.end <= b.start for a, b in zip(origin.passages, origin.passages[1:], strict=False))
    assert sorted(line for run in said for line in run.split("\n")) == sorted(text[n] for n in kept)


@pytest.mark.parametrize("roles", [("title", "body"), ("title", "crosshead")])
def test_reports_in_one_block_are_read_sentence_by_sentence(roles: tuple[str, str]) -> None:
    """A page that has lost its line ends."""
    whole = told("wire.txt", [" ".join(WIRE)], KILLED, published="2024-01-02", outlet="ap")
    mixed = told("mixed.txt", [" ".join([*prose(81, 8), *WIRE, *prose(82, 8)])], KILLED)
    blocks = tuple(Block(b.span, role) for b, role in zip(mixed.report.blocks, roles, strict=True))  # type: ignore[arg-type]
    mixed = replace(mixed, report=replace(mixed.report, blocks=blocks))
    assert origins(whole, mixed) == ("ap",)


def test_the_command_counts_as_the_ledger_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passages are kept with the origins, so that an entry is shown with the origins that it was counted with."""
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)
    readings = (wire(), told("mixed.txt", [*prose(81, 8), *WIRE[:2]], KILLED))
    known = trace(readings, book())
    (entry,) = check(readings, roots(readings, known, book()), book())
    with create_ledger(tmp_path / "s.db") as ledger, ledger.batch() as batch:
        for made in readings:
            batch.add(page_of(made), made)
        batch.settle(known, [entry])
    result = CliRunner().invoke(cli.app, ["origins", str(tmp_path / "s.db"), entry.id])
    assert result.stderr == ""
    assert "1 origin, 2 reports" in result.stdout
    assert "in part from wire.txt" in result.stdout
