"""Fills a ledger with made-up entries for the desk, without reading or cross-checking anything, and times what the desk
does with it.

    python bench/desk_sets.py LEDGER [--entries N] [--seed S]

The facts and what reports tell of them are those of `check_sets`; which claims are of one fact is known there, so they
are put together (`check.merge`) and not searched for. A report tells several facts, among words of no language; some
are copies of others. LEDGER is a new file or the address of an empty database.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from check_sets import Maker
from printed import busy, machine, print_table
from recoupe.check.merge import merge
from recoupe.check.telling import tellings
from recoupe.codebook import Codebook, default_codebook
from recoupe.ledger import Ledger, create_ledger
from recoupe.ledger.codec import dumps
from recoupe.model import Block, Claim, Dating, Evidence, Origin, Page, Reading, Report, Roots, Span
from recoupe.settle.cards import note_carded, note_past, put_cards
from recoupe.settle.claims import note_entries
from recoupe.settle.hood import Hood
from recoupe.web.query import Query
from recoupe.web.table import Table

TOLD = 6  # claims of a report
WORDS = 120  # other words of a report
COPIED = 0.2  # of the reports are copies
SHARE = 2_000  # reports that are kept at a time
FACTS = 5_000  # facts of which the reports are made at a time
AGAIN = 15  # times that a thing is done when it is timed; the middle one counts

QUERIES = (
    "", "kind=attack", "actor=country:DE&from=2022-03&to=2024-06", "item=missile&sort=origins",
    "place=country:UA&status=done&sort=-time", "conflicts=yes&origins=2", "kind=delivery&actor=country:FR&page=3",
)  # fmt: skip
SEARCHES = ("attack", "kiev", "germany leopard", '"as told in report"', "delivery")


def fill(ledger: Ledger, codebook: Codebook, entries: int, seed: int = 1) -> None:
    """Fills an empty ledger with about so many entries."""
    random = Random(seed)
    maker = Maker(codebook, seed)
    facts = list(maker.facts(entries))
    for start in range(0, len(facts), FACTS):
        world = maker.told(facts[start : start + FACTS])
        claims = [(world.truth.facts[f"{r.report.doc}#1"], r.dating, r.claims[0]) for r in world.readings]
        _keep(ledger, codebook, _reports(claims, f"{start // FACTS:04}", random))
    _copy(ledger, codebook, random)


def _reports(
    claims: Sequence[tuple[int, Dating, Claim]], folder: str, random: Random
) -> Iterator[tuple[Reading, list[int]]]:
    """Reports that tell some claims each, and the facts that these are of."""
    vocabulary = ["".join(random.choices("aeioulmnrst", k=random.randint(3, 10))) for _ in range(8_000)]
    left = list(enumerate(claims))
    random.shuffle(left)
    for number, start in enumerate(range(0, len(left), TOLD)):
        lines, placed, own = ["A made-up report of what was told"], [], []
        at = len(lines[0]) + 1
        for _, (fact, _, claim) in left[start : start + TOLD]:
            if fact in own:
                continue  # one report tells a fact once
            line = f"{claim.evidence[0].text} {' '.join(random.choices(vocabulary, k=WORDS // TOLD))}."
            lines.append(line)
            placed.append(_moved(claim, at))
            own.append(fact)
            at += len(line) + 1
        text = "\n".join(lines)
        head = len(lines[0])
        blocks = (Block(Span(0, head), "title"), Block(Span(head + 1, len(text)), "body"))
        report = Report(f"{folder}/r{number:05}.txt", text, random.choice(("en", "fr")), blocks, ((0, 0, len(text)),))
        yield Reading(report, dating=left[start][1][1], claims=tuple(placed)), own


def _moved(claim: Claim, by: int) -> Claim:
    """A claim whose words stand further on in a text."""

    def moved(words: Evidence | None) -> Evidence | None:
        return None if words is None else Evidence(words.start + by, words.end + by, words.text)

    told = tuple(Evidence(e.start + by, e.end + by, e.text) for e in claim.evidence)
    cells = tuple(replace(cell, words=moved(cell.words)) for cell in claim.cells)
    return replace(claim, cells=cells, evidence=told, time_words=moved(claim.time_words))


def _keep(ledger: Ledger, codebook: Codebook, reports: Iterator[tuple[Reading, list[int]]]) -> None:
    """Keeps reports, and the entries that their claims make."""
    facts = dict[str, int]()
    readings: list[Reading] = []
    for reading, own in reports:
        readings.append(reading)
        facts |= {f"{reading.report.doc}#{n}": fact for n, fact in enumerate(own, 1)}
    for start in range(0, len(readings), SHARE):
        with ledger.batch() as batch:
            for reading in readings[start : start + SHARE]:
                batch.add(Page.of(reading.report.doc, reading.report.text), reading)
    told: defaultdict[int, list[Any]] = defaultdict(list)
    for telling in tellings(readings, Roots({r.report.doc: r.report.doc for r in readings}), codebook):
        told[facts[telling.ref]].append(telling)
    merged = sorted(map(merge, told.values()), key=lambda entry: entry.id)
    with ledger.batch() as batch:
        hood = Hood(batch, codebook)
        entries = dict(zip(batch.change("entries", [dumps(entry) for entry in merged], []), merged, strict=True))
        pages = {name: page for page, name in batch.names(batch.changed(0)).items()}
        refs = ((row, ref.rpartition("#")) for row, entry in entries.items() for ref in entry.claims)
        note_entries(hood.finds.put, [(row, pages[doc], int(number)) for row, (doc, _, number) in refs])
        note_past(hood, entries)
        put_cards(hood, entries, {reading.report.doc: reading for reading in readings})
        note_carded(hood)
        batch.settled()


def _copy(ledger: Ledger, codebook: Codebook, random: Random) -> None:
    """Says of some reports that they are copies of others."""
    with ledger.batch() as batch:
        pages = sorted(batch.changed(0))
        hood = Hood(batch, codebook)
        chosen = random.sample(pages, round(len(pages) * COPIED))
        docs = [reading.report.doc for reading in hood.standing(chosen).values()]
        made = [Origin(doc, random.choice(docs), "copy", 0.9, "A made-up report") for doc in docs]
        hood.write_origins([origin for origin in made if origin.doc != origin.source], [])


def main() -> None:
    """Fills a ledger, where it is empty, and prints what the desk's questions take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    codebook = default_codebook()
    with create_ledger(options.ledger) as ledger:
        print(f"{date.today().isoformat()}, {machine()}. {busy()}")
        if ledger.lookups.version().number == 0:
            start = perf_counter()
            fill(ledger, codebook, options.entries, options.seed)
            print(f"filled in {perf_counter() - start:.0f} s")
        print_table("The desk", rows(ledger, codebook))


def rows(ledger: Ledger, codebook: Codebook) -> Iterator[Sequence[str]]:
    """What is asked, how much is found, and the milliseconds that it takes."""
    yield "asked", "found", "ms", "the slowest, ms"
    lookups = ledger.lookups
    yield _row("all cards", lookups.cards, lambda deck: len(deck.cards))
    deck = lookups.cards()
    yield _row("the table of the cards", lambda: Table.of(deck.cards, codebook), len)
    yield _row("has anything changed", lookups.version, lambda version: version.number)
    table = Table.of(deck.cards, codebook)
    for asked in QUERIES:
        query = Query.parse([tuple(p.split("=", 1)) for p in asked.split("&") if p])  # type: ignore[misc]
        yield _row(f"entries: {asked or 'all'}", lambda q=query: table.find(q), lambda found: found.total)
    for asked in SEARCHES:
        yield _row(f"words of entries: {asked}", lambda a=asked: lookups.entries_with(a), len)
        yield _row(f"unranked: {asked}", lambda a=asked: lookups.entries_with(a, ranked=False), len)
        yield _row(f"words of reports: {asked}", lambda a=asked: lookups.reports_with(a), lambda hits: hits.total)
    page = table.find(Query()).rows
    yield _row("the entries of a page", lambda: lookups.entries(page), len)
    entry = lookups.entries(page[:1])[page[0]]
    doc = entry.claims[0].rpartition("#")[0]
    yield _row("an entry by its id", lambda: lookups.entries_called(entry.id), len)
    yield _row("by the beginning of its id", lambda: lookups.entries_called(entry.id[:6]), len)
    yield _row("what became of an entry", lambda: lookups.stood(entry), len)
    yield _row("its readings", lambda: lookups.readings(ref.rpartition("#")[0] for ref in entry.claims), len)
    yield _row("the entries of a report", lambda: lookups.entries_of(doc), len)
    yield _row("the origins of a report", lambda: lookups.origins([doc]), len)
    yield _row("the reviews of a report", lambda: lookups.reviews_of([doc]), len)


def _row(name: str, do: Callable[[], Any], size: Callable[[Any], int]) -> Sequence[str]:
    found = do()
    times: list[float] = []
    for _ in range(AGAIN):
        start = perf_counter()
        do()
        times.append(1000 * (perf_counter() - start))
    return name, f"{size(found):,}", f"{median(times):.1f}", f"{max(times):.1f}"


if __name__ == "__main__":
    main()
