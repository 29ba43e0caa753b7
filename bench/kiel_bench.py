"""Measures the reader on notes of a tracker kept by hand: which of the sums and pieces that people coded it finds.
Prints the tables of `docs/benchmarks.md`; writes nothing.

    make bench-kiel        or: python bench/kiel_bench.py [--shared DIR]

`--shared` is the folder of sample texts (default: `shared` beside the repository). In its `data/kiel-r7/dev.jsonl` a
row is one activity of the Kiel Institute's Ukraine Support Tracker: a description, the donor, the sum with its
currency, and items with units.

Each description is read as a page of its own. Many of them are notes in a cell of a table whose donor stands in another
cell ("8 million euros for field hospitals"), so that they are read twice: alone, and after a label with the donor's
name ("Belgium: ..."), as a list by country shows them. Nothing else of the row is given to the reader.

A sum counts as found where a claim of a gift (GIFTS) has it, number and currency; it counts with its donor where the
donor of that claim is the one coded. A bound that the text sets ("up to", "about") is no matter here: what was coded
is the bare figure. An item counts as found by its number where such a claim has that count, and by its number and
branch where an item of that claim is of the branch of the materiel tree (its root, or the node below the root of
military goods) that the coded name is of. Which branch that is, the codebook's own matcher says, which reads the coded
name as it would read a text; a name that it does not know is found by nobody. Nothing is coded by hand for this.

Many coded items are not told by their description at all, whose figures hold their number by chance ("Source 2", "the
5th of May"), or are weights and volumes, which are no counts by the coding manual (section 7). The last column leaves
these out: it is over the items whose number stands before a word of the text and in no date and no sum of money.

Rows are split in halves by their description's hash. Only one of them was read while the reader was mended; of the
other its sums were looked at, and at which step its missed items were lost.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from printed import busy, machine, print_table
from recoupe.codebook import Codebook, default_codebook
from recoupe.errors import PageError
from recoupe.mark import Marker
from recoupe.model import Claim, Page
from recoupe.pipeline import read_page
from recoupe.values import Actor, Amount, Count, Item

REPOSITORY = Path(__file__).parents[1]
LANGUAGE = "en"
GIFTS = {"pledge": ("donor",), "delivery": ("donor",), "purchase": ("buyer",), "replacement": ("provider", "donor")}
"""The kinds of claims that tell a gift, and the roles of who gives it."""
MEASURED = re.compile(r"(?:ton|tonne|liter|litre|kilo)s?\b", re.I)
"""How a coded name begins whose units are a weight or a volume, which is no count by the coding manual (section 7)."""
NUMBER = re.compile(r"(?<![\w.,/-])(?:\d+(?:,\d{3})*|[a-z]+)(?=\s+[(\"“]?[A-Za-z])", re.I)
FIGURES = (
    "read as",
    "half",
    "descriptions",
    "sums",
    "found",
    "with the right donor",
    "items",
    "right number",
    "and the right branch",
    "of those counted in the text",
)


@dataclass(frozen=True, slots=True)
class Coded:
    """A row: its description, and what people coded of it. `items` are names with numbers."""

    text: str
    donor: str
    amount: Amount | None
    items: tuple[tuple[str, Fraction], ...]

    @property
    def looked_at(self) -> bool:
        """Is it of the half that the reader was mended on?"""
        return int(sha256(self.text.encode()).hexdigest(), 16) % 2 == 0


@dataclass(frozen=True, slots=True)
class Found:
    """What of a row is found: its sum, the sum with its donor, and for each item whether its number and its branch;
    `counted`, whether the text counts that many of anything.
    """

    row: Coded
    amount: bool
    donor: bool
    items: tuple[tuple[bool, bool], ...]
    counted: tuple[bool, ...]


def main() -> None:
    """Prints the tables, where the data is there."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--shared", type=Path, default=REPOSITORY.parent / "shared")
    path = options.parse_args().shared / "data" / "kiel-r7" / "dev.jsonl"
    if not path.is_file():
        sys.exit(f"{path.name}: not in the shared folder")
    print(f"{date.today()}, {machine()}. {busy()}")
    codebook, rows = default_codebook(), read_rows(path)
    print_table("Sums and items of a tracker's notes", table(rows, codebook))
    named = sum(names_donor(row, codebook) for row in rows)
    known = [bool(branches(name, codebook)) for row in rows for name, _ in row.items]
    print(f"\nDescriptions that name their donor: {named} of {len(rows)}. ", end="")
    print(f"Items whose coded name the codebook knows: {sum(known)} of {len(known)}.")


def read_rows(path: Path) -> list[Coded]:
    """The rows of the file."""
    return [_coded(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _coded(row: dict[str, object]) -> Coded:
    amount, items = row["amount"], row["items"]
    assert isinstance(items, list)
    money = Amount(Count.exactly(Fraction(str(amount))), str(row["currency"])) if amount is not None else None
    pieces = tuple((str(item["item"]), Fraction(str(item["units"]))) for item in items)
    return Coded(str(row["text"]), str(row["donor"]), money, pieces)


def table(rows: Sequence[Coded], codebook: Codebook) -> Iterator[Sequence[str]]:
    """The table's rows: each way of reading, the half looked at, the other, and both."""
    yield FIGURES
    for way, labelled in (("the text alone", False), ("labelled with its donor", True)):
        found = measure(rows, codebook, labelled=labelled)
        for half, wanted in (("looked at", {True}), ("held out", {False}), ("both", {True, False})):
            yield [way, half, *cells([f for f in found if f.row.looked_at in wanted])]


def cells(found: Sequence[Found]) -> Iterator[str]:
    """The figures over some rows, as the table shows them."""
    sums = [f for f in found if f.row.amount is not None]
    pieces = [(name, hit) for f in found for (name, _), hit in zip(f.row.items, f.items, strict=True)]
    yield str(len(found))
    yield str(len(sums))
    yield share([f.amount for f in sums])
    yield f"**{share([f.donor for f in sums])}**"
    yield str(len(pieces))
    yield share([number for _, (number, _) in pieces])
    yield f"**{share([branch for _, (_, branch) in pieces])}**"
    counted = [right for f in found for (_, right), told in zip(f.items, f.counted, strict=True) if told]
    yield f"**{share(counted)}** of {len(counted)}"


def share(hits: Sequence[bool]) -> str:
    """How many of all."""
    return f"{sum(hits) / len(hits):.2f}" if hits else "-"


def measure(rows: Iterable[Coded], codebook: Codebook, *, labelled: bool) -> list[Found]:
    """What is found of each row, read alone or (`labelled`) after its donor's name."""
    return [compare(row, claims_of(row, codebook, labelled=labelled), codebook) for row in rows]


def claims_of(row: Coded, codebook: Codebook, *, labelled: bool) -> tuple[Claim, ...]:
    """The claims of a description; none where the program takes it for no article."""
    note = " ".join(row.text.split())
    page = Page.of("note.txt", f"{row.donor}: {note}\n" if labelled else f"{note}\n")
    try:
        return read_page(page, codebook).claims
    except PageError:
        return ()


def compare(row: Coded, claims: Sequence[Claim], codebook: Codebook) -> Found:
    """Holds the claims of a row against what was coded."""
    gifts = [claim for claim in claims if claim.kind in GIFTS]
    right = [claim for claim in gifts if row.amount and tells_sum(claim, row.amount)]
    donors = actors(row.donor, codebook)
    given = any(
        donor.agrees(value) for c in right for role in GIFTS[c.kind] for value in c.values(role) for donor in donors
    )
    items = tuple(_item(name, units, gifts, codebook) for name, units in row.items)
    numbers = numbers_of(row.text, codebook)
    counted = tuple(units in numbers and not MEASURED.match(name) for name, units in row.items)
    return Found(row, bool(right), given, items, counted)


def numbers_of(text: str, codebook: Codebook) -> set[Fraction]:
    """The numbers, in figures or words, that stand before a word in a text, and in no date and no sum of money."""
    words = codebook.languages[LANGUAGE].numbers.words
    taken = [m.span for m in Marker.of(codebook, LANGUAGE).mentions(text) if m.type in ("time", "amount")]
    found: set[Fraction] = set()
    for m in NUMBER.finditer(text):
        if not any(span.start <= m.start() < span.end for span in taken):
            number = m.group().replace(",", "").lower()
            found |= {Fraction(number)} if number.isdigit() else {words[number]} if number in words else set()
    return found


def _item(name: str, units: Fraction, gifts: Sequence[Claim], codebook: Codebook) -> tuple[bool, bool]:
    numbered = [c for c in gifts if any(isinstance(v, Count) and stated(v, units) for v in c.values("count"))]
    wanted = branches(name, codebook)
    things = (cell.value for claim in numbered for cell in claim.cells)
    return bool(numbered), any(branch(thing) in wanted for thing in things if isinstance(thing, Item))


def tells_sum(claim: Claim, amount: Amount) -> bool:
    """Does a claim tell this sum, or the same in another currency beside it?"""
    told = (v for cell in claim.cells if cell.role == "amount" for v in (cell.value, *cell.also))
    return any(
        isinstance(v, Amount) and v.currency == amount.currency and stated(v.count, amount.count.low) for v in told
    )


def stated(count: Count, number: Fraction) -> bool:
    """Is this the number that a count is written with: itself, its bound, one of its ends, or what it is about?"""
    middle = (count.low + count.high) / 2 if count.about and count.high is not None else count.low
    return number in (middle, count.high) if not count.about else number == middle


def branch(item: Item) -> tuple[str, ...]:
    """The branch of an item: its root, or what stands below a root that has many (military goods)."""
    return item.path[:2]


def branches(name: str, codebook: Codebook) -> set[tuple[str, ...]]:
    """The branches of the items that the codebook reads in a coded name."""
    return {branch(m.value) for m in Marker.of(codebook, LANGUAGE).mentions(name) if isinstance(m.value, Item)}


def actors(name: str, codebook: Codebook) -> list[Actor]:
    """The actors that the codebook reads in a donor's name."""
    return [m.value for m in Marker.of(codebook, LANGUAGE).mentions(name) if isinstance(m.value, Actor)]


def names_donor(row: Coded, codebook: Codebook) -> bool:
    """Does a description name its donor anywhere: by its name, an adjective, a capital, a minister?"""
    donors = actors(row.donor, codebook)
    told = [v for m in Marker.of(codebook, LANGUAGE).mentions(row.text) for v in (m.value, m.acts_for)]
    return any(donor.agrees(value) for donor in donors for value in told if isinstance(value, Actor))


if __name__ == "__main__":
    main()
