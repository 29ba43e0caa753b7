"""Measures the desk with many readers at once. Prints tables of `docs/benchmarks.md`.

    make bench-desk        or: python bench/desk_bench.py [--entries N] [--readers N] [--seconds S]

The ledger is made up (`desk_sets`) and kept in `build/`, so that it is made once. The desk is `recoupe serve` in a
process of its own, the readers are in another one. Each reader walks: a page of the ledger with filters, an order, a
page number or words of its own, now and then an entry or a report of it; after each answer it looks at the page for a
second (between none and two, evenly), and once more the same without looking at all. A failure is any answer but 200.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from time import perf_counter
from urllib.parse import urlencode

import httpx

from desk_sets import fill
from printed import busy, machine, print_table
from recoupe.codebook import default_codebook
from recoupe.ledger import create_ledger, open_ledger

BUILD = Path(__file__).parents[1] / "build"
EXAMPLES = Path(__file__).parents[1] / "examples"
STARTS = 3  # times that a start is measured; the middle one counts
FILTERS = (
    {}, {"kind": "attack"}, {"kind": "delivery"}, {"kind": "pledge"}, {"status": "planned"}, {"conflicts": "yes"},
    {"actor": "country:DE"}, {"actor": "country:FR"}, {"actor": "country:US"}, {"item": "missile"},
    {"place": "country:UA"}, {"origins": "2"}, {"from": "2023-01", "to": "2023-12"}, {"from": "2024-01-01"},
)  # fmt: skip
SORTS = ("", "", "", "time", "-time", "kind", "origins", "conflicts", "claims", "newest")
WORDS = ("kiev", "germany leopard", "attack", "france", "delivery", '"as told in report"', "odesa drone")
AN_ENTRY, A_REPORT = 0.25, 0.05  # how often one is looked at


@dataclass
class Seen:
    """What readers met: the seconds of each kind of page, and the answers that were none."""

    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--read", metavar="ADDRESS", help=argparse.SUPPRESS)
    parser.add_argument("--look", type=float, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        seen = asyncio.run(walk(options.read, options.readers, options.seconds, options.look))
        print(json.dumps({"times": seen.times, "failed": seen.failed}))
        return
    print(f"{date.today().isoformat()}, {machine()}. {busy()}")
    large, small = ledger(options.entries), examples()
    print_table("From the command to the first page, seconds", starts(small, large, options.entries))
    for look, name in ((1, f"{options.readers} readers, who look a second at a page"), (0, "who do not look")):
        with desk(large) as (address, process):
            httpx.get(address, timeout=60)  # the table is read in
            before = worked(process)
            seen = read(address, options, look)
            print_table(name, rows(seen, options.seconds))
            each = (worked(process) - before) / sum(map(len, seen.times.values()))
            print(f"\nThe desk worked {1000 * each:.0f} ms for an answer. {busy()}")


def ledger(entries: int) -> Path:
    """The made-up ledger; made where it is not there."""
    path = BUILD / f"desk-{entries}.db"
    if not path.exists():
        BUILD.mkdir(exist_ok=True)
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with create_ledger(new) as made:
            fill(made, default_codebook(), entries)
        new.rename(path)
    with open_ledger(path) as made:
        assert made.lookups.carded(), f"{path} was not made to its end: delete it"
    return path


def examples() -> Path:
    """The ledger of the examples."""
    path = BUILD / "desk-examples.db"
    if not path.exists():
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        subprocess.run([program(), "read", str(EXAMPLES), "--into", str(new)], check=True, stdout=subprocess.DEVNULL)
        new.rename(path)
    return path


def program() -> str:
    """The command that is installed beside this Python."""
    return str(Path(sys.executable).with_name("recoupe"))


@contextmanager
def desk(path: Path) -> Iterator[tuple[str, int]]:
    """The desk of a ledger, in a process of its own; its address, and the number of the process."""
    server = subprocess.Popen([program(), "serve", str(path), "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        said = re.search(r"http://\S+:\d+", server.stdout.readline())
        assert said, "the desk does not say where it is"
        yield said[0], server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def worked(process: int) -> float:
    """The seconds of a processor that a process has used, which others' work makes little longer; 0 where the system
    does not tell.
    """
    told = Path(f"/proc/{process}/stat")
    if not told.exists():
        return 0.0
    fields = told.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


def starts(small: Path, large: Path, entries: int) -> Iterator[Sequence[str]]:
    """How long it takes until the first page is there, from the command on."""
    yield "ledger", "it listens", "first page", "second page"
    for name, path in (("the examples", small), (f"{entries:,} entries", large)):
        taken = sorted((_start(path) for _ in range(STARTS)), key=lambda t: t[1])[STARTS // 2]
        yield (name, *(f"{seconds:.2f}" for seconds in taken))


def _start(path: Path) -> tuple[float, float, float]:
    begun = perf_counter()
    with desk(path) as (address, _):
        listens = perf_counter()
        with httpx.Client(timeout=60) as client:
            client.get(address).raise_for_status()
            first = perf_counter()
            client.get(f"{address}/?sort=time").raise_for_status()
            return listens - begun, first - begun, perf_counter() - first


def read(address: str, options: argparse.Namespace, look: float) -> Seen:
    """What readers in another process meet."""
    command = [sys.executable, __file__, "--read", address, "--look", str(look)]
    command += ["--readers", str(options.readers), "--seconds", str(options.seconds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told = json.loads(done.stdout)
    return Seen(defaultdict(list, told["times"]), told["failed"])


async def walk(address: str, readers: int, seconds: float, look: float) -> Seen:
    """So many readers for so long."""
    seen, end = Seen(), perf_counter() + seconds
    limits = httpx.Limits(max_connections=readers, max_keepalive_connections=readers)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits, follow_redirects=True) as client:
        await asyncio.gather(*(_reader(client, Random(n), end, look, seen) for n in range(readers)))
    return seen


async def _reader(client: httpx.AsyncClient, random: Random, end: float, look: float, seen: Seen) -> None:
    await asyncio.sleep(random.uniform(0, look))
    while perf_counter() < end:
        kind, path = _question(random)
        page = await _ask(client, kind, path, seen)
        await asyncio.sleep(random.uniform(0, 2 * look))
        entries = re.findall(r'href="(/entry/[0-9a-f]+)', page)
        if entries and random.random() < AN_ENTRY:
            page = await _ask(client, "an entry", random.choice(entries), seen)
            await asyncio.sleep(random.uniform(0, 2 * look))
            reports = re.findall(r'href="(/report/[^"#]+)', page)
            if reports and random.random() < A_REPORT / AN_ENTRY:
                await _ask(client, "a report", random.choice(reports), seen)
                await asyncio.sleep(random.uniform(0, 2 * look))


def _question(random: Random) -> tuple[str, str]:
    """A page of the ledger as a reader may ask for it, and what it is called in the table."""
    asked: dict[str, str] = dict(random.choice(FILTERS))
    if random.random() < 0.3:
        asked |= {n: v for n, v in random.choice(FILTERS).items() if "from" not in asked}
    if random.random() < 0.15:
        return "the ledger, searched", "/?" + urlencode({**asked, "q": random.choice(WORDS)})
    asked |= {"sort": random.choice(SORTS)}
    if random.random() < 0.3:
        asked |= {"page": str(random.randint(2, 20))}
    return "the ledger", "/?" + urlencode({name: value for name, value in asked.items() if value})


async def _ask(client: httpx.AsyncClient, kind: str, path: str, seen: Seen) -> str:
    start = perf_counter()
    try:
        answer = await client.get(path)
    except httpx.HTTPError as error:
        seen.failed.append(f"{path}: {error!r}")
        return ""
    seen.times[kind].append(perf_counter() - start)
    if answer.status_code != 200:
        seen.failed.append(f"{path}: {answer.status_code}")
    return answer.text


def rows(seen: Seen, seconds: float) -> Iterator[Sequence[str]]:
    """A row a kind of page."""
    yield "page", "answers", "a second", "p50, ms", "p95, ms", "p99, ms", "the slowest, ms", "failures"
    every = {**dict(sorted(seen.times.items())), "all": [t for times in seen.times.values() for t in times]}
    for kind, times in every.items():
        failed = len(seen.failed) if kind == "all" else ""
        cuts = [_cut(times, share) for share in (0.5, 0.95, 0.99, 1)]
        yield (
            kind,
            f"{len(times):,}",
            f"{len(times) / seconds:.1f}",
            *(f"{1000 * cut:.0f}" for cut in cuts),
            str(failed),
        )
    for failure in seen.failed[:5]:
        print(failure, file=sys.stderr)


def _cut(times: Sequence[float], share: float) -> float:
    """The time that such a share of the answers keeps to."""
    return sorted(times)[max(0, round(share * len(times)) - 1)]


if __name__ == "__main__":
    main()
