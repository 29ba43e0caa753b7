"""Copies at scale: the index of reports, lot by lot, and crowds."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.trace.index import Index
from recoupe.trace.prints import LEAST, WIDTH, WINDOW, Text, prints, word_spans

WORDS = [a + b for a in ("ba", "de", "fi", "go", "lu", "mar", "ne") for b in ("ck", "don", "lt", "rim", "sto", "ven")]


def prose(seed: int, paragraphs: int = 6) -> list[str]:
    """Paragraphs of words in an order of their own."""
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=30)) for _ in range(paragraphs)]


def text(doc: str, paragraphs: list[str], day: int = 0, quoted: tuple[tuple[int, int], ...] = ()) -> Text:
    spans, at = [], 0
    for paragraph in paragraphs:
        spans.append((at, at + len(paragraph)))
        at += len(paragraph) + 1
    return Text(doc, (day,), "\n".join(paragraphs), tuple(spans), quoted)


def edited(paragraphs: list[str], every: int) -> list[str]:
    """Every n-th word another."""
    return [" ".join("other" if n % every == 3 else w for n, w in enumerate(p.split())) for p in paragraphs]


def links(*lots: list[Text]) -> set[tuple[str, str, bool, float, tuple[int, ...]]]:
    index, docs = Index(), [t.doc for lot in lots for t in lot]
    for lot in lots:
        index.add(lot)
    return rows(index, docs)


def rows(index: Index, docs: list[str]) -> set[tuple[str, str, bool, float, tuple[int, ...]]]:
    columns = zip(*index.links().rows(), strict=True)
    return {(docs[a], docs[b], whole, share, tuple(words)) for (a, b), whole, share, words in columns}


def related(*texts: Text) -> set[tuple[str, str, bool]]:
    return {row[:3] for row in links(list(texts))}


A, B = prose(1), prose(2, 8)
MANY = [
    text("a", A, 1),
    text("same", A, 1),
    text("same-later", A, 4),
    text("edited", edited(A, 9), 2),
    text("cut", A[:2], 1),
    text("turned", A[::-1], 3),
    text("b", B, 1),
    text("merged", [*A[:3], *B[:5]], 2),
    text("part", [*prose(3), *B[2:4]], 2),
    text("quotes", [*prose(4), B[0]], 2, ((6 * 150, 6 * 150 + 100),)),
    text("alone", prose(5), 2),
    text("short", ["one two three"], 2),
    text("short-too", ["one two three"], 2),
    text("empty", [], 2),
]


@settings(max_examples=40, deadline=None)
@given(st.permutations(MANY), st.lists(st.integers(0, len(MANY)), max_size=4))
def test_lots_and_order_play_no_part(order: list[Text], cuts: list[int]) -> None:
    bounds = [0, *sorted(cuts), len(order)]
    lots = [order[i:j] for i, j in pairwise(bounds)]
    assert links(*lots) == links(MANY)


def test_links_asked_for_between_lots_change_nothing() -> None:
    index = Index()
    for report in MANY:
        index.add([report])
        index.links()
    assert rows(index, [t.doc for t in MANY]) == links(MANY)


def test_each_report_has_one_source_and_a_merger_belongs_to_its_larger_part() -> None:
    found = related(*MANY)
    copies = [(a, b) for a, b, whole in found if whole]
    assert len({a for a, _ in copies}) == len(copies)
    assert dict(copies) == {
        "same": "a",
        "same-later": "a",
        "edited": "a",
        "cut": "a",
        "turned": "a",
        "merged": "b",
    }
    assert ("merged", "a", False) in found
    assert ("part", "b", False) in found
    assert not {"alone", "short", "short-too", "empty", "quotes"} & {doc for row in found for doc in row[:2]}


def test_a_text_with_one_word_in_nine_changed_is_a_copy() -> None:
    (row,) = links([text("a", A, 1), text("b", edited(A, 9), 2)])
    assert row[:3] == ("b", "a", True)
    assert 0.7 < row[3] < 0.95


def test_two_edited_paragraphs_are_a_part() -> None:
    assert related(text("a", A, 1), text("b", [*B, *edited(A[:2], 14)], 2)) == {("b", "a", False)}


def test_a_source_that_is_itself_a_merger_does_not_join_two_families() -> None:
    found = related(text("a", A, 1), text("b", B[:4], 2), text("merged", [*A, *B[:4]], 2))
    assert {row for row in found if row[2]} == {("merged", "a", True)}
    assert {frozenset(row[:2]) for row in found if not row[2]} == {frozenset(("b", "merged"))}


@pytest.mark.parametrize("size", [50, 400])
def test_a_story_that_many_edit_is_one_family_and_few_pairs_are_measured(size: int) -> None:
    rng = random.Random(6)
    story = [p.split() for p in prose(6)]
    crowd = [
        text(f"{n:03}", [" ".join(rng.choice(WORDS) if rng.random() < 0.04 else w for w in p) for p in story], n)
        for n in range(size)
    ]
    index = Index()
    index.add(crowd)
    found = index.links()
    assert found.whole.all()
    assert len(found.ends) == size - 1
    assert len(index.pairs().ends) < 32 * size


@pytest.mark.parametrize("texts", [[], [""], ["one two"], ["one two", "one two"], ["", "one", " ".join(WORDS)]])
def test_reports_too_short_to_tell_are_no_copies(texts: list[str]) -> None:
    assert links([text(f"{n}", [words]) for n, words in enumerate(texts)]) == set()


def test_boilerplate_of_many_joins_none() -> None:
    line = prose(7, 1)
    crowd = [text(f"{n:03}", [*line, *prose(1000 + n)], n) for n in range(100)]
    assert links(crowd) == set()


def test_words_are_those_of_the_regular_expression_in_lower_case() -> None:
    odd = "L’État, naïve ſtraße İstanbul 東京 x_1 Ⅷ ³ ﬁn 𝒳y\u0301z\ud800 ЁЖ-ёж 12,5 %"
    found = [odd[slice(*word_spans(odd, n, n + 1))] for n in range(len(re.findall(r"\w+", odd)))]
    assert found == re.findall(r"\w+", odd)
    codes = prints([text("a", [odd])]).words
    assert len(codes) == len(found)
    assert codes[found.index("ЁЖ")] == codes[found.index("ёж")]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=WIDTH + WINDOW - 1, max_size=40), st.integers(0, 9), st.integers(0, 9))
def test_a_shared_run_leaves_a_shared_mark(run: list[str], before: int, after: int) -> None:
    rng = random.Random(8)
    pad = LEAST + WIDTH
    one = prints([text("a", [" ".join([*rng.choices(WORDS, k=before + pad), *run, "end"])])])
    other = prints([text("b", [" ".join(["begin", *run, *rng.choices(WORDS, k=after + pad)])])])
    assert set((one.marks >> np.uint64(1)).tolist()) & set((other.marks >> np.uint64(1)).tolist())


def test_the_prints_of_a_report_do_not_depend_on_its_neighbours_nor_on_the_process() -> None:
    together, apart = prints(MANY), [prints([t]) for t in MANY]
    assert together.wholes.tolist() == [int(p.wholes[0]) for p in apart]
    assert together.marks.tolist() == [m for p in apart for m in p.marks.tolist()]
    code = "from recoupe.trace.prints import *; print(prints([Text('a', (), 'One two, three!')]).words.tolist())"
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {str(prints([Text("a", (), "One two, three!")]).words.tolist()).encode() + b"\n"}
