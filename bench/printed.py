"""What the benchmarks print: the machine, Markdown tables, and seconds."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter


def machine() -> str:
    """The kind of machine, in a few words."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine().replace('_', '-')}"
    return f"{cores} cores, {system}, {platform.python_implementation()} {platform.python_version()}"


def busy() -> str:
    """How much else the machine had to do before this began: others' work makes every second below longer."""
    return f"Load average before the start: {os.getloadavg()[0]:.1f}." if hasattr(os, "getloadavg") else ""


def print_table(title: str, rows: Iterable[Sequence[str]]) -> None:
    """A Markdown table; the first row is its head."""
    head, *body = rows
    print(f"\n**{title}**\n")
    for cells in (head, ["---"] * len(head), *body):
        print("| " + " | ".join(cells) + " |")


def timed(work: Callable[[], object]) -> float:
    """How many seconds something takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun
