"""The figures are those of the scorer beside the repository, on its gold files. Skipped where these are not there."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from recoupe.codebook import Codebook
from recoupe.ledger import create_ledger
from recoupe.pipeline import fill, from_files
from recoupe.publish.claims import claim_lines
from recoupe.publish.score import CodedReport, PageText, compare, figures, figures_object, read_gold
from test_score import Record, run

GOLD_FILES = ("seeds", "press-fr", "english")


@pytest.fixture(scope="module")
def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_claims", shared / "score" / "score_claims.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def same(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    """Both say the same; a verdict that never came is left out there."""
    assert {k: v for k, v in ours["published"].items() if v or k == "of"} == theirs["published"]
    assert {k: v for k, v in ours.items() if k not in ("published", "unread")} == {
        k: v for k, v in theirs.items() if k != "published"
    }


@pytest.fixture(scope="module")
def gold_ledger(shared: Path, codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The coded reports, read by the program: their folder, the ledger, what is exported of it."""
    work = tmp_path_factory.mktemp("gold")
    for name in GOLD_FILES:
        for line in (shared / "gold" / f"{name}.jsonl").read_text("utf-8").splitlines():
            doc = Path(json.loads(line)["doc"])
            (work / "pages" / doc).parent.mkdir(parents=True, exist_ok=True)
            for file in (doc, doc.with_suffix(".meta.json")):
                if (shared / "data" / file).exists():
                    shutil.copy(shared / "data" / file, work / "pages" / file)
    with create_ledger(work / "gold.db") as made:
        fill(made, from_files(work / "pages"), codebook)
        (work / "claims.jsonl").write_text("\n".join(claim_lines(made.readings(), made.origins(), codebook)), "utf-8")
    return work / "pages", work / "gold.db", work / "claims.jsonl"


@pytest.mark.parametrize("name", GOLD_FILES)
def test_the_command_says_what_the_scorer_says(
    name: str, shared: Path, scorer: ModuleType, gold_ledger: tuple[Path, Path, Path]
) -> None:
    pages, db, exported = gold_ledger
    gold = shared / "gold" / f"{name}.jsonl"
    done = run("score", gold, db, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    same(json.loads(done.stdout), scorer.score(scorer.read(gold), scorer.read(exported), pages))


@pytest.mark.parametrize("name", GOLD_FILES)
def test_the_same_of_any_reading(name: str, shared: Path, scorer: ModuleType, codebook: Codebook) -> None:
    """Readings made from the gold ones: claims lost, doubled and mixed up, values changed."""
    path, pages = shared / "gold" / f"{name}.jsonl", shared / "data"
    gold = scorer.read(path)
    texts = {doc: PageText((pages / doc).read_text("utf-8")) for doc in gold}
    coded = read_gold(path, codebook, texts.get)
    for seed in range(4):
        read = {doc: spoilt(record, random.Random(f"{seed} {doc}")) for doc, record in gold.items()}
        compared = [
            compare(report, CodedReport.of(read[report.doc], codebook), texts[report.doc], codebook) for report in coded
        ]
        same(figures_object(figures(compared, codebook)), scorer.score(gold, read, pages))


def spoilt(record: Record, chance: random.Random) -> Record:
    """What somebody who is often wrong makes of a report."""
    claims = [claim for claim in record["claims"] for _ in range(chance.choice([0, 1, 1, 1, 2]))]
    chance.shuffle(claims)
    published = chance.choice([record["published"], "2022", "2022/..", "2022-04-01", None])
    quotes = [
        {"text": q["text"][: chance.choice([None, 20])], "speaker": chance.choice([q["speaker"], None])}
        for q in record.get("quotes", [])
        if chance.random() < 0.8
    ]
    return {
        **record,
        "claims": [wrong(claim, claims, chance) for claim in claims],
        "published": published,
        "quotes": quotes,
    }


def wrong(claim: Record, others: Sequence[Record], chance: random.Random) -> Record:
    """A claim with fields of another one of its kind, bounds and times of its own, or words that are nowhere."""
    other = chance.choice([c for c in others if c["kind"] == claim["kind"]])
    fields = {f: chance.choice([claim, claim, other])[f] for f in ("status", "time", "attribution", "evidence")}
    if chance.random() < 0.1:
        fields["evidence"] = ["words that are nowhere"]
    if fields["time"] and chance.random() < 0.3:
        fields["time"] = chance.choice([fields["time"][:7], f"{fields['time'][:4]}/..", "2022-13"])
    return {**claim, **fields, "roles": dict(changed_roles(claim["roles"], other["roles"], chance))}


def changed_roles(roles: Record, others: Record, chance: random.Random) -> Iterator[tuple[str, Any]]:
    change: list[Callable[[Any], Any]] = [
        lambda value: value,
        lambda value: [*value, *value[:1]] if isinstance(value, list) else value,
        lambda value: f">={value}" if isinstance(value, str) and value[0].isdigit() else value,
        lambda value: ["military", "other:things"] if isinstance(value, list) else value,
    ]
    for role, value in {**roles, **(others if chance.random() < 0.2 else {})}.items():
        if chance.random() < 0.9:
            yield role, chance.choice(change)(value)
