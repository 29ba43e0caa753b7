"""Gold files: every mistake is told with its line, report, claim and field; references stand for their words."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from recoupe.errors import GoldError
from recoupe.publish.score import CodedReport, PageText, read_gold
from synthetic import book
from test_score import ATTACK, GOLD, PLEDGE, QUOTE, TEXT, Record, at, changed, gold_file, with_roles


def mistakes(folder: Path, *records: Record | str, text: str | None = TEXT) -> list[str]:
    with pytest.raises(GoldError) as caught:
        read_gold(gold_file(folder, *records), book(), lambda doc: None if text is None else PageText(text, hash="5e"))
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (changed(PLEDGE, kind="promise"), 'c1, kind: expected one of consultation, request, .*, found "promise"'),
        (changed(PLEDGE, kind=None), "c1, kind: .* found nothing"),
        (changed(PLEDGE, id=None, status="will"), 'claim 1, status: expected one of .*, found "will"'),
        (changed(PLEDGE, time="Tuesday"), "c1, time: expected a time such as .*"),
        (changed(PLEDGE, time="2024-02-30"), "c1, time: expected a time such as .*"),
        (changed(PLEDGE, time="2024-02/2024-01"), "c1, time: expected a time such as .*"),
        (changed(PLEDGE, time=2024), "c1, time: expected a time such as .*"),
        (changed(PLEDGE, attribution=["Pistorius"]), "c1, attribution: not an actor's id: 'Pistorius'"),
        (changed(PLEDGE, evidence=[]), "c1, evidence: none; a claim rests on words"),
        (changed(PLEDGE, evidence=["Germany sent"]), 'c1, evidence: not in the page: "Germany sent"'),
        (changed(PLEDGE, evidence=[[5, 5]]), r"c1, evidence: no words at \[5, 5\] in a page of \d+ characters"),
        (changed(PLEDGE, evidence=[[0, 9999]]), r"c1, evidence: no words at \[0, 9999\] .*"),
        (changed(PLEDGE, evidence=[{"start": 5}]), r"c1, evidence: expected words of the page or \[start, end\].*"),
        (changed(PLEDGE, roles=["donor"]), "c1, roles: expected an object.*"),
        (with_roles(PLEDGE, giver="country:DE"), "c1, roles.giver: pledge has no such role; expected one of donor, .*"),
        (with_roles(PLEDGE, donor=["Germany"]), "c1, roles.donor: not an actor's id: 'Germany'"),
        (with_roles(PLEDGE, donor=["country:DE|country:NL"]), "c1, roles.donor: expected one actor's id.*"),
        (with_roles(PLEDGE, donor=[5]), "c1, roles.donor: expected text, found 5"),
        (with_roles(PLEDGE, item=["panzer"]), "c1, roles.item: not an item of the tree: 'panzer'"),
        (with_roles(PLEDGE, count="two"), "c1, roles.count: not a count: 'two'.*"),
        (with_roles(PLEDGE, amount="5e9"), "c1, roles.amount: not an amount: '5e9'.*"),
        (changed(ATTACK, kind="consultation", roles={"level": "kings"}), 'c2, roles.level: .*, found "kings"'),
        ("pledge", 'claims: expected objects, found "pledge"'),
    ],
)
def test_a_claim_that_breaks_the_manual(claim: Record, said: str, tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, {**GOLD, "claims": [claim]})
    assert mistake.startswith("gold.jsonl:1: a.txt, ")
    assert re.fullmatch(f"gold.jsonl:1: a.txt, {said}", mistake), mistake


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "gold.jsonl:1: not JSON: Expecting property name enclosed in double quotes at column 2"),
        ("[" * 99999, "gold.jsonl:1: not JSON that can be read: maximum recursion depth exceeded"),
        ("[1]", "gold.jsonl:1: expected an object with the name of a report in `doc`, found [1]"),
        ({"claims": []}, 'gold.jsonl:1: expected an object with the name of a report in `doc`, found {"claims": []}'),
        ({"doc": "a.txt"}, "gold.jsonl:1: a.txt, claims: expected a list, found nothing"),
        ({**GOLD, "published": "2024-13"}, "gold.jsonl:1: a.txt, published: expected a time"),
        ({**GOLD, "coded_to": "no words"}, 'gold.jsonl:1: a.txt, coded_to: not in the page: "no words"'),
        ({**GOLD, "sha256": "6f"}, "gold.jsonl:1: a.txt, sha256: the page at hand is another one: 5e"),
        ({**GOLD, "quotes": [{"text": "no such words"}]}, "gold.jsonl:1: a.txt, quote 1, text: not in the page"),
        ({**GOLD, "quotes": [{"text": 5}]}, "gold.jsonl:1: a.txt, quote 1, text: expected text, found 5"),
        ({**GOLD, "quotes": [{**QUOTE, "speaker": "him"}]}, "gold.jsonl:1: a.txt, quote 1, speaker: not an actor"),
        ({**GOLD, "quotes": [{}]}, "gold.jsonl:1: a.txt, quote 1: expected either `text` or `spans`"),
        ({**GOLD, "quotes": [{"spans": [5]}]}, "gold.jsonl:1: a.txt, quote 1, spans: expected [[start, end], ...]"),
        ({**GOLD, "quotes": [{"spans": [[5, 5]]}]}, "gold.jsonl:1: a.txt, quote 1, spans: no words at [5, 5]"),
        ({**GOLD, "quotes": "We"}, "gold.jsonl:1: a.txt, quotes: expected a list"),
        ("", "gold.jsonl: holds no report"),
    ],
)
def test_a_line_that_breaks_the_manual(line: Record | str, said: str, tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, line)
    assert mistake.startswith(said)


def test_all_mistakes_are_told_with_their_lines(tmp_path: Path) -> None:
    wrong = changed(PLEDGE, status="will", time="soon", evidence=["Germany sent"])
    told = mistakes(tmp_path, "{", "", {**GOLD, "claims": [wrong, with_roles(ATTACK, killed="some")]}, GOLD)
    assert [mistake.partition(": ")[0] for mistake in told] == [f"gold.jsonl:{n}" for n in (1, 3, 3, 3, 3, 4)]
    assert told[-1] == "gold.jsonl:4: a.txt stands in line 3 already"


def test_the_words_of_a_report_without_a_page_are_not_looked_for(tmp_path: Path) -> None:
    record = {**GOLD, "claims": [changed(PLEDGE, evidence=["nowhere", [3, 7]])]}
    (coded,) = read_gold(gold_file(tmp_path, record), book(), lambda doc: None)
    assert coded.claims[0].evidence == ("nowhere", "[3, 7]")
    assert mistakes(tmp_path, {**record, "published": "soon"}, text=None)


def by_reference(record: Record, text: str) -> Record:
    """The same coded report without words of its page."""
    return {
        **record,
        "claims": [{**c, "evidence": [at(text, words) for words in c["evidence"]]} for c in record["claims"]],
        "quotes": [
            {"speaker": q["speaker"], "spans": [at(text, part) for part in q["text"].split(" … ")]}
            for q in record["quotes"]
        ],
        "coded_to": at(text, "Stocks are running low"),
    }


def test_references_stand_for_their_words(tmp_path: Path) -> None:
    two = {**QUOTE, "text": "We will keep … to Kyiv"}
    record = {**GOLD, "quotes": [QUOTE, two]}
    (coded,) = read_gold(gold_file(tmp_path, by_reference(record, TEXT)), book(), lambda doc: PageText(TEXT))
    assert coded == replace(CodedReport.of(record, book()), coded_to="Stocks are running low")
    one = {**GOLD, "claims": [changed(PLEDGE, evidence=at(TEXT, "Germany will"))]}
    (coded,) = read_gold(gold_file(tmp_path, one), book(), lambda doc: PageText(TEXT))
    assert coded.claims[0].evidence == ("Germany will",)
