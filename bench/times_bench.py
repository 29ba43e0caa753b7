"""Measures times: expressions and their values, the dates of reports, and speed. Writes nothing.

    make bench-times        or: python bench/times_bench.py [--shared DIR] [--repeat N]

`--shared` is the folder of coded texts (default: `shared` beside the repository). The grammar was tuned on TempEval-3's
training part and on the French TimeBank's validation part; the platinum and test parts are only counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from printed import busy, machine, print_table, timed
from recoupe.clean import clean
from recoupe.codebook import Codebook, default_codebook
from recoupe.codebook.timefinder import find_times
from recoupe.date import date_report
from recoupe.date.expressions import tell
from recoupe.errors import PageError
from recoupe.load import find_pages
from recoupe.mark import mark
from recoupe.model import Reading
from recoupe.values import When
from timeml import Coded, Counts, Text, columns, count, timeml, total

REPOSITORY = Path(__file__).parents[1]
# As TempEval-3's report gives them (UzZaman and others 2013): relaxed F1, value F1.
PUBLISHED = {"HeidelTime": (0.903, 0.776), "SUTime": (0.903, 0.674)}
TYPES = ("DATE", "TIME", "DURATION", "SET")
DATED = ("seeds", "press-fr", "pages-en")
TIMED = ("seeds", "press-fr", "pages-en", "articles-en")

Tell = Callable[[Text], list[Coded]]


def main() -> None:
    """Prints every table; leaves with a word where the coded texts are not there."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--shared", type=Path, default=REPOSITORY.parent / "shared")
    options.add_argument("--repeat", type=int, default=3)
    given = options.parse_args()
    if not given.shared.is_dir():
        sys.exit(f"{given.shared}: no such folder")
    print(f"{date.today()}, {machine()}. {busy()}")
    codebook = default_codebook()
    data = given.shared / "data"
    print_table("English: TempEval-3", english(data / "times", codebook))
    print_table("French: TimeBank, F1 relaxed / strict", french(data / "times", codebook))
    print_table("The dates of reports", datings(given.shared, codebook))
    print_table("How fast", speed(data, codebook, given.repeat))


def english(folder: Path, codebook: Codebook) -> Iterator[Sequence[str]]:
    """Rows: the training and the platinum part, with what others have on the latter."""
    yield "texts", "system", "coded", "relaxed F1 (P / R)", "strict F1", "type F1", "value F1"
    for part in ("train", "platinum"):
        texts = list(timeml(folder / f"tempeval3-{part}"))
        systems: dict[str, Tell] = {"recoupe": ours(codebook, "en")}
        if part == "platinum":
            systems["dateparser search_dates"] = dateparser("en")
        for name, system in systems.items():
            yield part, name, *cells(total(count(text.coded, system(text)) for text in texts))
    for name, (relaxed, value) in PUBLISHED.items():
        yield "platinum", f"{name}, as published", "", f"{relaxed:.3f}", "", "", f"{value:.3f}"


def cells(counts: Counts) -> Iterator[str]:
    """The cells of a count."""
    yield str(counts.coded)
    yield f"**{counts.relaxed_f1:.3f}** ({counts.precision:.2f} / {counts.recall:.2f})"
    yield f"{counts.strict_f1:.3f}"
    yield f"{counts.type_f1:.3f}"
    yield f"**{counts.value_f1:.3f}**"


def french(folder: Path, codebook: Codebook) -> Iterator[Sequence[str]]:
    """Rows: all types, and each; of a type, what is coded or given as that type."""
    texts = list(columns(folder / "french-timebank" / "test.txt"))
    systems = {"recoupe": ours(codebook, "fr"), "dateparser search_dates": dateparser("fr")}
    given = {name: [system(text) for text in texts] for name, system in systems.items()}
    yield "system", "coded", "all types", *TYPES
    for name, found in given.items():
        row = [name, str(sum(len(text.coded) for text in texts))]
        for kind in ("", *TYPES):
            of_type = total(
                count([c for c in text.coded if kind in ("", c.type)], [g for g in some if kind in ("", g.type)])
                for text, some in zip(texts, found, strict=True)
            )
            row.append("" if kind and name != "recoupe" else f"{of_type.relaxed_f1:.3f} / {of_type.strict_f1:.3f}")
        yield row


def ours(codebook: Codebook, lang: str) -> Tell:
    """What Recoupe tells of a text."""
    words = codebook.languages[lang].times

    def told(text: Text) -> list[Coded]:
        published = When.day(text.written) if text.written else None
        return [Coded(t.start, t.end, t.type, t.value) for t in tell(text.text, words, codebook.calendar, published)]

    return told


def dateparser(lang: str) -> Tell:
    """What dateparser finds: dates only, in order, each with its words; they are looked up in the text again."""
    from dateparser.search import search_dates

    def told(text: Text) -> list[Coded]:
        base = {"RELATIVE_BASE": datetime.combine(text.written, datetime.min.time())} if text.written else {}
        found, at = [], 0
        for words, when in search_dates(text.text, languages=[lang], settings=base) or ():
            start = text.text.find(words, at)
            if start >= 0:
                found.append(Coded(start, start + len(words), "DATE", when.date().isoformat()))
                at = start + len(words)
        return found

    return told


def datings(shared: Path, codebook: Codebook) -> Iterator[Sequence[str]]:
    """Rows: the reports of a folder; of those that are coded by hand, whether the date is right."""
    coded = {}
    for path in sorted((shared / "gold").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            report = json.loads(line)
            coded[report["doc"]] = report.get("published")
    yield "reports", "dated", "to the day", "mean width, days (of the dated)", "coded by hand", "wrong"
    for name in DATED:
        found = dict(dates(shared / "data" / name, name, codebook))
        widths = [when.days for when in found.values() if when is not None and when.days is not None]
        known = {doc: When.parse(coded[doc]) for doc in found if coded.get(doc)}
        wrong = [doc for doc, when in known.items() if found[doc] is not None and found[doc].meet(when) is None]
        yield (
            f"{name} ({len(found)})", str(sum(w is not None for w in found.values())),
            f"{widths.count(1) / max(1, len(found)):.0%}", f"{sum(widths) / max(1, len(widths)):.0f}",
            str(len(known)), ", ".join(wrong) or "none",
        )  # fmt: skip


def dates(folder: Path, name: str, codebook: Codebook) -> Iterator[tuple[str, Any]]:
    """Each report of a folder with the interval that its dating leaves."""
    for page in find_pages([folder], lambda problem: None):
        try:
            reading = mark(Reading(clean(page, codebook.furniture)), codebook)
        except PageError:
            continue
        yield f"{name}/{page.doc}", date_report(reading, page, codebook).dating.when


def speed(data: Path, codebook: Codebook, repeat: int) -> Iterator[Sequence[str]]:
    """Rows: finding times for claims, telling all expressions, and dateparser, over the same cleaned texts."""
    from dateparser.search import search_dates

    reports = list(texts(data, codebook))
    day = When.day(date(2024, 1, 10))
    tasks: dict[str, Callable[[str, str], object]] = {
        "times that claims use (`find_times`)": lambda text, lang: find_times(
            text, codebook.languages[lang].times, codebook.calendar
        ),
        "all expressions with values (`recoupe times`)": lambda text, lang: tell(
            text, codebook.languages[lang].times, codebook.calendar, day
        ),
        "dateparser search_dates": lambda text, lang: search_dates(text, languages=[lang]),
    }
    size = sum(len(text) for text, _ in reports)
    yield f"over {len(reports)} reports, {size / len(reports):.0f} characters each", "seconds", "reports a second"
    for name, task in tasks.items():
        sample = reports if "dateparser" not in name else reports[:: max(1, len(reports) // 20)]
        best = min(timed(partial(each, task, sample)) for _ in range(repeat if sample is reports else 1))
        yield name, f"{best:.2f} for {len(sample)}", f"**{len(sample) / best:.0f}**"


def texts(data: Path, codebook: Codebook) -> Iterator[tuple[str, str]]:
    """The cleaned reports in a language of the codebook, with it."""
    for page in find_pages([data / name for name in TIMED], lambda problem: None):
        try:
            report = clean(page, codebook.furniture)
        except PageError:
            continue
        if report.lang in codebook.languages:
            yield report.text, report.lang


def each(task: Callable[[str, str], object], reports: Iterable[tuple[str, str]]) -> None:
    """Does a task for every report."""
    for text, lang in reports:
        task(text, lang)


if __name__ == "__main__":
    main()
