"""Measures the reader on the repository's coded reports beside the floors that `tests/test_quality.py` holds it to.

    make bench-floors     or: python bench/floors.py [--write [--lower]] [--shared DIR]

`--write` raises the floors in `gold/floors.toml` that what is measured now stands well above, and adds those that are
not there yet. It lowers none: that takes `--lower`, and a reason in the commit. `--shared` is the folder with the pages
of the reports that are coded by reference; without it their floors stay as they are.
"""

from __future__ import annotations

import argparse
import math
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from coded import OWN, REPOSITORY, SHARED, GoldSet, comparisons, read_coded, referenced
from printed import print_table
from recoupe.codebook import Codebook, default_codebook
from recoupe.publish.score import Figures, Rate, figures

FLOORS = REPOSITORY / "gold" / "floors.toml"
FEWEST = 10  # coded claims of a kind; with fewer, one sentence more or less is a tenth of the figure
_SLACK, _STEP = 0.01, 100  # a floor is a hundredth, and a whole one, below what is measured
_HEAD = """\
# What the reader must reach on the coded reports of this folder (tests/test_quality.py): a figure that falls below
# its floor fails the tests. `make bench-floors` prints what is measured beside them, `python bench/floors.py --write`
# raises them. Each table is a gold file, whole or in one language; the tables of kinds hold the F1 of the claims found
# of each kind that has at least 10 coded ones. What the figures mean: docs/score.md; dated: the share of the reports
# whose date of publication is held by the one that was read; grounded: of the claims that show words of their page.
"""

Tables = Mapping[str, Mapping[str, float]]
"""Figures by the name of a table (own, own.fr, own.fr.kinds ...) and their own."""


def main(args: Sequence[str] | None = None) -> None:
    """Prints what is measured beside the floors; writes the floors anew where that is asked for."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--shared", type=Path, default=SHARED)
    options.add_argument("--write", action="store_true")
    options.add_argument("--lower", action="store_true")
    given = options.parse_args(args)
    if given.lower and not given.write:
        options.error("--lower takes --write: alone it would change nothing")
    floors = read_floors() if FLOORS.exists() else {}
    book = default_codebook()
    now: dict[str, Mapping[str, float]] = {}
    for gold in (OWN, *([referenced(given.shared)] if given.shared.is_dir() else [])):
        now |= measured(gold, book)
    for name, told in now.items():
        print_table(name, rows(told, floors.get(name, {})))
    if given.write:
        FLOORS.write_text(written({**floors, **renewed(now, floors, given.lower)}), "utf-8")
    elif low := [f"{name}.{key}" for name, key in below(now, floors)]:
        sys.exit(f"\nbelow their floors: {', '.join(low)}")


def measured(gold: GoldSet, book: Codebook) -> Tables:
    """The figures of gold files as they are now: of each as a whole and of its languages."""
    tables: dict[str, Mapping[str, float]] = {}
    for name, reports in read_coded(gold, book).items():
        for lang in ("", *sorted({one.lang for one in reports})):
            part = [one for one in reports if lang in (one.lang, "")]
            table = f"{name}.{lang}" if lang else name
            told = figures(comparisons(part), book)
            tables[table] = dict(_figures(told))
            tables[f"{table}.kinds"] = dict(_kinds(told))
    return tables


def _figures(told: Figures) -> Iterator[tuple[str, float]]:
    """The figures that have floors."""
    yield "reading", told.reading.f1
    yield "found", told.found.f1
    yield "slots", told.slots.f1
    yield "status", told.status
    yield "attribution", told.attribution.f1
    yield "quotes_strict", told.quotes_strict.f1
    yield "quotes_loose", told.quotes_loose.f1
    yield "speaker", told.speaker
    yield "dated", (told.published["exact"] + told.published["holds"]) / max(1, sum(told.published.values()))
    yield "grounded", 1 - told.ungrounded / max(1, told.predicted_claims)


def _kinds(told: Figures) -> Iterator[tuple[str, float]]:
    for kind, n in told.kinds.items():
        if n.gold >= FEWEST:
            yield kind, Rate.of(n.found, n.pred, n.gold).f1


def read_floors() -> Tables:
    """The floors as they are written."""
    tables: dict[str, dict[str, float]] = {}
    todo = list(tomllib.loads(FLOORS.read_text("utf-8")).items())
    while todo:
        name, table = todo.pop(0)
        tables[name] = {key: value for key, value in table.items() if not isinstance(value, dict)}
        todo += [(f"{name}.{key}", value) for key, value in table.items() if isinstance(value, dict)]
    return tables


def floor_of(figure: float) -> float:
    """The floor under a figure: a little below it, for a change elsewhere may move a sentence; a whole stays a whole.

    >>> floor_of(0.537), floor_of(1.0)
    (0.52, 1.0)
    """
    return figure if figure == 1 else math.floor(round((figure - _SLACK) * _STEP, 6)) / _STEP


def renewed(now: Tables, floors: Tables, lower: bool) -> Tables:
    """The floors under what is measured now; those that were higher stay, but where they may be lowered. What cannot
    fall has none.
    """
    tables = {}
    for name, told in now.items():
        old = {} if lower else floors.get(name, {})
        high = {key: max(floor_of(figure), old.get(key, 0.0)) for key, figure in told.items()}
        tables[name] = {key: floor for key, floor in high.items() if floor > 0}
    return tables


def below(now: Tables, floors: Tables) -> Iterator[tuple[str, str]]:
    """The figures that have fallen below their floors: their tables and names.

    A figure that is no longer there has fallen too, and a whole table with it, where its gold file was measured.
    """
    sets = {name.partition(".")[0] for name in now}
    for name, table in floors.items():
        for key, floor in table.items() if name.partition(".")[0] in sets else ():
            if now.get(name, {}).get(key, 0.0) < floor:
                yield name, key


def written(floors: Tables) -> str:
    """The file of the floors, its tables in order."""
    lines = [_HEAD]
    for name, table in sorted(floors.items()):
        lines += [f"[{name}]", *(f"{key} = {value:.2f}" for key, value in table.items()), ""]
    return "\n".join(lines)


def rows(told: Mapping[str, float], floors: Mapping[str, float]) -> Iterator[Sequence[str]]:
    """What is measured beside the floors."""
    yield "figure", "measured", "floor", "above it"
    for key, figure in told.items():
        floor = floors.get(key)
        yield key, f"{figure:.3f}", *(("", "") if floor is None else (f"{floor:.2f}", f"{figure - floor:+.3f}"))


if __name__ == "__main__":
    main()
