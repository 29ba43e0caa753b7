"""What goes to the terminal, and what to a pipe: there it is plain, of one width, and without a progress bar."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from recoupe.errors import RecoupeError

if TYPE_CHECKING:  # rich takes its time to load, and what prints nothing with it does without
    from rich.console import Console
    from rich.table import Table
    from rich.tree import Tree

PIPE_WIDTH = 150  # columns of a table that is not on a terminal, whatever the environment says
# What a page may hold and a terminal would obey: control characters, escape among them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def console(error: bool = False) -> Console:
    """Standard output (or error) as it is now: styled and as wide as the terminal, or plain and PIPE_WIDTH wide."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    if stream.isatty():
        return Console(file=stream, highlight=False)
    return Console(file=stream, highlight=False, force_terminal=False, color_system=None, width=PIPE_WIDTH)


def print_plainly(screen: Console, thing: Table | Tree) -> None:
    """Prints a table or a tree; in a pipe without the spaces that fill its lines."""
    if screen.is_terminal:
        screen.print(thing)
        return
    with screen.capture() as captured:
        screen.print(thing)
    screen.out("\n".join(line.rstrip() for line in captured.get().splitlines()))


def clean(text: str) -> str:
    """Text of a page without characters that a terminal would obey."""
    return _CONTROL.sub(" ", text)


def one_line(text: str) -> str:
    """Text of a page on one line."""
    return " ".join(clean(text).split())


def quoted(words: str) -> str:
    """Text of a page on one line, between quotation marks."""
    return f"“{one_line(words)}”"


def head(screen: Console, title: str, name: str) -> None:
    """Prints what begins a thing: its title, and the name that it goes by."""
    from rich.text import Text

    screen.print(Text.assemble((title, "bold"), "  ", (name, "dim")), soft_wrap=True)


def field(screen: Console, name: str, value: str, style: str = "", of: str = "cyan") -> None:
    """Prints one field of a thing on one line: its name, styled as `of` says, and its value."""
    from rich.text import Text

    screen.print(Text.assemble((f"  {name:<12} ", of), (one_line(value), style)), soft_wrap=True)


def complain(text: str) -> None:
    """One clear line on standard error."""
    print(f"recoupe: {one_line(text)}", file=sys.stderr)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int], None]]:
    """A count on standard error while something is done; nothing at all where that is not a terminal.

    Gives a function that is told how many are done.
    """
    screen = console(error=True)
    if not screen.is_terminal:
        yield lambda done: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(label), TextColumn("{task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done: bar.update(task, completed=done)


def write(out: Path, lines: Iterable[str]) -> None:
    """Writes lines to a file, or to standard output for `-`; raises RecoupeError where it cannot be written."""
    write_bytes(out, "".join(f"{line}\n" for line in lines).encode())


def write_bytes(out: Path, data: bytes) -> None:
    """Writes bytes, as `write` does."""
    if str(out) == "-":
        sys.stdout.buffer.write(data)
        return
    if out.is_dir():
        raise RecoupeError(f"{out}: cannot be written: a folder; the name of a file is needed")
    try:
        out.write_bytes(data)
    except OSError as error:
        raise RecoupeError(f"{out}: cannot be written: {error.strerror or error}") from error
