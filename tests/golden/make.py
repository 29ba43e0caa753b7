"""The ledger of the example pages as lines that people can compare, and the golden file of them.

`python tests/golden/make.py` (or `make golden`) writes `tests/golden/examples.txt` anew, and what
`docs/origins.md` and `README.md` show of the examples. Look at what changed before you keep it:
`git diff tests/golden docs README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from rich.console import Console
from typer.testing import CliRunner

from recoupe import cli
from recoupe.cli.origins import origin_trees
from recoupe.codebook import Codebook, default_codebook
from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.model import Conflict, Entry, Origin, Reading
from recoupe.pipeline import fill, from_files
from recoupe.publish.origins import origin_lines

GOLDEN = Path(__file__).with_name("examples.txt")
EXAMPLES = Path(__file__).parents[2] / "examples"
ORIGINS = EXAMPLES.parent / "docs" / "origins.md"
README = EXAMPLES.parent / "README.md"
DEMO = "build/demo.db"  # the ledger that README's commands name
CONSOLE = re.compile(r"^(```console\n\$ [^\n]*\n).*?^(```)", re.MULTILINE | re.DOTALL)
HEAD = """\
# The ledger of examples/. Written by `python tests/golden/make.py`; not to be edited by hand.
# First a line a report: page, language, when published, outlet, origins, claims, quotations.
# Then a line an entry: when, kind (status), roles, origins, claims (page#number), conflicts.
"""


def golden(ledger: Ledger) -> str:
    """The golden text of a ledger of the examples; it holds everything but offsets and ids."""
    readings = ledger.readings()
    reports = report_lines(readings, ledger.origins())
    return "\n".join([HEAD, *reports, "", *entry_lines(ledger.entries())]) + "\n"


def report_lines(readings: Iterable[Reading], origins: Iterable[Origin]) -> Iterator[str]:
    """A line a report, in order of their names."""
    sources: dict[str, set[str]] = {}
    for origin in origins:
        sources.setdefault(origin.doc, set()).add(f"{page(origin.source)} ({origin.relation})")
    for reading in sorted(readings, key=lambda r: r.report.doc):
        report = reading.report
        yield line(
            report.doc,
            report.lang,
            str(reading.dating.when or "?"),
            report.outlet or "-",
            listed(sorted(sources.get(report.doc, ()))),
            f"{len(reading.claims)} claims",
            f"{len(reading.quotes)} quotes",
        )


def entry_lines(entries: Iterable[Entry]) -> list[str]:
    """A line an entry, by time (the undated last), kind and roles."""
    return sorted(map(_entry, entries), key=lambda text: (text.startswith("?"), text))


def _entry(entry: Entry) -> str:
    return line(
        entry.time or "?",
        f"{entry.kind} ({entry.status})",
        "; ".join(f"{role} {listed(values)}" for role, values in entry.roles) or "-",
        listed([page(origin) for origin in entry.origins]),
        listed(sorted(map(page, entry.claims))),
        "; ".join(map(_conflict, entry.conflicts)) or "-",
    )


def _conflict(conflict: Conflict) -> str:
    sides = (f"{side.value} ({listed(sorted(map(page, side.claims)))})" for side in conflict.sides)
    return f"{conflict.field}: {' ≠ '.join(sides)}"


def page(name: str) -> str:
    """The number that an example's name begins with, for its whole name; other names as they are.

    >>> page("02-patriot-reprint.txt#3"), page("ap")
    ('02#3', 'ap')
    """
    number, dash, rest = name.partition("-")
    return name if not (dash and number.isdecimal()) else number + "".join(rest.partition("#")[1:])


def line(*cells: str) -> str:
    """Cells side by side."""
    return " | ".join(cells)


def listed(names: Sequence[str]) -> str:
    """Names in a cell; a dash where there are none."""
    return ", ".join(names) or "-"


def read_examples(into: Path, codebook: Codebook) -> None:
    """Reads the examples into a ledger file, in one process."""
    with create_ledger(into) as ledger:
        fill(ledger, from_files(EXAMPLES), codebook)


def shown(page: str, ledger: Ledger, codebook: Codebook) -> str:
    """A page of the docs with what the commands in its `console` blocks print, on a terminal of 80 columns."""
    return CONSOLE.sub(lambda m: f"{m[1]}{_printed(m[1], ledger, codebook)}{m[2]}", page)


def _printed(block: str, ledger: Ledger, codebook: Codebook) -> str:
    export = re.search(r"export origins .* head -(\d+)", block)
    if export:
        return "".join(f"{line}\n" for line in islice(origin_lines(ledger.origins()), int(export[1])))
    command = re.search(r"recoupe origins \S+ ?(\S*)", block)
    assert command, block
    screen = Console(file=StringIO(), width=80, force_terminal=False, color_system=None)
    origin_trees(screen, ledger, command[1] or None, codebook)
    return cast(StringIO, screen.file).getvalue()


def run_in(page: str, db: Path) -> str:
    """A page with what the commands in its `console` blocks print of the ledger file, on a terminal of 150 columns; a
    `| head -N` after a command keeps that many of its lines.
    """
    return CONSOLE.sub(lambda m: f"{m[1]}{_run(m[1], db)}{m[2]}", page)


def _run(block: str, db: Path) -> str:
    command, _, head = block.splitlines()[1].removeprefix("$ recoupe ").partition(" | head -")
    done = CliRunner().invoke(cli.app, command.replace(DEMO, str(db)).split(), env={"COLUMNS": "150"})
    assert done.exit_code == 0, f"{command}: {done.stderr}"
    lines = done.stdout.strip("\n").split("\n")
    return "".join(f"{line}\n" for line in lines[: int(head) if head else None])


def main() -> None:
    """Writes the golden file anew, and what the docs and README show."""
    with TemporaryDirectory() as folder:
        db = Path(folder) / "examples.db"
        read_examples(db, default_codebook())
        with open_ledger(db) as ledger:
            text = golden(ledger)
            page = shown(ORIGINS.read_text(encoding="utf-8"), ledger, default_codebook())
        readme = run_in(README.read_text(encoding="utf-8"), db)
    GOLDEN.write_text(text, encoding="utf-8")
    ORIGINS.write_text(page, encoding="utf-8")
    README.write_text(readme, encoding="utf-8")
    print(f"{GOLDEN.name}: {len(text.splitlines())} lines; see what changed: git diff tests/golden docs README.md")


if __name__ == "__main__":
    main()
