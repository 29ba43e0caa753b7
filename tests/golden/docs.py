"""What the pages of the documentation show of commands and files, made by running them.

`PYTHONPATH=tests python -m golden.docs` (or `make golden`) writes it anew; `tests/test_docs_site.py` compares it. A
`console` block holds commands after `$ `, each with what it prints; `| head -N` after one keeps that many of its lines,
`| sed 1,Nd` leaves the first N out.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from golden.make import entry_lines, report_lines
from recoupe import cli
from recoupe.codebook import load_codebook
from recoupe.ledger import create_ledger, open_ledger
from recoupe.pipeline import fill, from_files
from recoupe.web.app import create_app
from recoupe.web.options import Options

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
QUAKES = ROOT / "examples-earthquakes"
GOLDEN_QUAKES = Path(__file__).with_name("earthquakes.txt")
WORKED = ("tutorial.md", "read-an-entry.md")  # the second one looks at the ledger that the first one makes
CODED = "code-a-report.md"
WALK = "write-a-codebook.md"
COMMANDS = DOCS / "commands.md"
API = DOCS / "api.md"
_WHERE = "## What is where"
COLUMNS = "118"  # of the terminal that the pages show
_CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_QUAKES_HEAD = """\
# The ledger of examples-earthquakes/, in lines as those of examples.txt. Written by `make golden`; not to be edited.
"""
_HEAD = """\
# Commands

Every command with its options, as `recoupe COMMAND --help` prints them. Where a LEDGER is asked for, a file or an
address of a database may stand ([Where a ledger is kept](stores.md)). Exit codes: 0 done, 1 not done (the reason is on
standard error, in one line), 2 wrong usage, 130 interrupted.
"""


def worked(page: str, folder: Path) -> str:
    """A page whose commands were run in a folder, one after the other, each with what it prints now."""
    with chdir(folder):
        return _CONSOLE.sub(lambda block: f"```console\n{''.join(_lines(block[1]))}```", page)


def _lines(block: str) -> Iterator[str]:
    for line in block.splitlines():
        if line.startswith("$ "):
            yield line + "\n"
            yield from (f"{printed}\n" for printed in _printed(line.removeprefix("$ ")))


def _printed(command: str) -> list[str]:
    """The lines that a command prints, on both streams; it must end well."""
    command, _, rest = command.partition(" | ")
    name, *args = shlex.split(command)
    assert name == "recoupe", command
    done = CliRunner().invoke(cli.app, args, env={"COLUMNS": COLUMNS, "RECOUPE_REVIEWER": ""}, prog_name="recoupe")
    assert done.exit_code == 0, f"{command}: {done.output}"
    lines = [line.rstrip() for line in done.output.strip("\n").split("\n")]
    for part in filter(None, rest.split(" | ")):
        tool, arg = part.split(" ", 1)
        assert tool in ("head", "sed"), part
        lines = lines[: int(arg.removeprefix("-"))] if tool == "head" else lines[int(arg[2:-1]) :]
    return lines if any(lines) else []


def prepared(name: str, folder: Path) -> Path:
    """The folder in which the commands of a page are run, with the files that they ask for."""
    if name == WALK:
        shutil.copytree(QUAKES, folder / QUAKES.name)
    elif name == CODED:
        page = (DOCS / CODED).read_text("utf-8")
        (report,) = re.findall("```text\n(.*?)```", page, re.DOTALL)
        (coded,) = re.findall("```json\n(.*?)```", page, re.DOTALL)
        (folder / "bridge.txt").write_text(report, "utf-8")
        (folder / "gold.jsonl").write_text(coded.replace("\n", " ") + "\n", "utf-8")
    else:
        shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


def commands() -> str:
    """The page of all commands, each with its help."""
    parts = [f"## recoupe {' '.join(path)}\n\n```text\n{_help(path)}\n```\n" for path in _paths(get_command(cli.app))]
    return "\n".join([_HEAD, *parts])


def _paths(command: object, *above: str) -> Iterator[tuple[str, ...]]:
    """The names of a command's subcommands, from the top; its own where it has none."""
    below = getattr(command, "commands", None)
    if below is None:
        yield above
    for name, inner in (below or {}).items():
        yield from _paths(inner, *above, name)


def _help(path: tuple[str, ...]) -> str:
    done = CliRunner().invoke(
        cli.app, [*path, "--help"], env={"COLUMNS": "100"}, prog_name="recoupe", terminal_width=100
    )
    return "\n".join(line.rstrip() for line in done.output.strip().split("\n"))


def api(page: str) -> str:
    """The page of the API with what its description (OpenAPI) has of addresses and objects, behind the last heading."""
    described = create_app(Options(None)).openapi()
    head = page.partition(f"{_WHERE}\n")[0]
    rows = [
        f"| `{path}` | {_sentence(about['get']['description'])} | {_answered(about['get'])} |\n"
        for path, about in described["paths"].items()
    ]
    shown = [_object(name, about) for name, about in described["components"]["schemas"].items() if _ours(name)]
    table = "| address | what it gives | as |\n|---|---|---|\n"
    return f"{head}{_WHERE}\n\n{table}{''.join(rows)}\n" + "\n".join(shown)


def _ours(name: str) -> bool:
    return "Validation" not in name


def _answered(about: dict[str, Any]) -> str:
    return _type(about["responses"]["200"]["content"]["application/json"]["schema"])


def _object(name: str, about: dict[str, Any]) -> str:
    rows = "".join(f"| `{key}` | {_type(of)} |\n" for key, of in about["properties"].items())
    return f"### {name}\n\n{_sentence(about['description'])}\n\n| key | type |\n|---|---|\n{rows}"


def _sentence(text: str) -> str:
    """The first paragraph of a description, in one line."""
    return " ".join(text.split("\n\n")[0].split())


def _type(of: dict[str, Any]) -> str:
    """A type of a schema in words; those of ours are links."""
    if "$ref" in of:
        name = of["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in of:
        return " or ".join(map(_type, of["anyOf"]))
    if "prefixItems" in of:
        return f"({', '.join(map(_type, of['prefixItems']))})"
    if "enum" in of:
        return ", ".join(f"`{value}`" for value in of["enum"])
    return f"list of {_type(of['items'])}" if of.get("type") == "array" else str(of.get("type", "anything"))


def quakes() -> str:
    """The golden text of the ledger of the earthquakes' examples."""
    with TemporaryDirectory() as folder:
        where = str(Path(folder) / "quakes.db")
        book = load_codebook(Path("earthquakes"))
        with create_ledger(where) as ledger:
            fill(ledger, from_files(QUAKES), book)
        with open_ledger(where) as ledger:
            reports = report_lines(ledger.readings(), ledger.origins())
            return "\n".join([_QUAKES_HEAD, *reports, "", *entry_lines(ledger.entries())]) + "\n"


def main() -> None:
    """Writes the pages and the golden file anew."""
    COMMANDS.write_text(commands(), encoding="utf-8")
    API.write_text(api(API.read_text(encoding="utf-8")), encoding="utf-8")
    GOLDEN_QUAKES.write_text(quakes(), encoding="utf-8")
    for names in (WORKED, (CODED,), (WALK,)):
        with TemporaryDirectory() as folder:
            prepared(names[0], Path(folder))
            for name in names:
                page = DOCS / name
                page.write_text(worked(page.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
    print("see what changed: git diff docs tests/golden", file=sys.stderr)


if __name__ == "__main__":
    main()
