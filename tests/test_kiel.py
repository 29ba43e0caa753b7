"""Notes of a tracker, and lists by country: how they are measured and read, and the floors under what is found.

The last part is skipped where the tracker's rows are not there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from kiel_bench import Coded, Found, branches, claims_of, compare, measure, numbers_of, read_rows, stated, table
from recoupe.codebook import Codebook
from recoupe.model import Claim, Page
from recoupe.pipeline import read_page
from recoupe.values import Amount, Count

SUMS, ITEMS = 0.80, 0.60
"""The least shares of labelled rows: sums with their donor, and items that are counted in the text with their branch.
They may rise, never fall; 0.90 and 0.75 are wanted.
"""


def rows_of(claims: Sequence[Claim]) -> set[tuple[str, ...]]:
    """Kind, donor, item, count and amount of each claim."""
    roles = ("donor", "item", "count", "amount")
    return {(c.kind, *("+".join(map(str, c.values(role))) for role in roles)) for c in claims}


def read(text: str, codebook: Codebook) -> set[tuple[str, ...]]:
    return rows_of(read_page(Page.of("x.txt", text), codebook).claims)


# How it is measured


def coded(text: str, donor: str = "Norway") -> Coded:
    return Coded(text, donor, Amount.parse("30e6 EUR"), (("Leopard 2A4 tank", Fraction(8)), ("tent", Fraction(5))))


@pytest.fixture(scope="module")
def found(codebook: Codebook) -> Found:
    row = coded("Norway has sent 8 Leopard 2 tanks and 30 million euros on the 5th of May, the army said.")
    return compare(row, claims_of(row, codebook, labelled=False), codebook)


def test_what_is_told_is_found_and_what_is_not_is_not(found: Found) -> None:
    assert found.items == ((True, True), (False, False))
    assert found.counted == (True, False)


def test_a_sum_of_another_donor_has_the_wrong_donor(codebook: Codebook) -> None:
    text = "Norway has given 30 million euros to Ukraine, the government in Oslo told reporters."
    for donor, right in (("Norway", True), ("Sweden", False)):
        row = coded(text, donor)
        result = compare(row, claims_of(row, codebook, labelled=False), codebook)
        assert (result.amount, result.donor) == (True, right)


@pytest.mark.parametrize(
    ("count", "number", "same"),
    [
        ("~12", 12, True),
        ("<=12", 12, True),
        (">=12", 12, True),
        ("7..12", 12, True),
        ("~12", 13, False),
        (">=12", 20, False),
    ],
)
def test_a_bound_is_known_by_the_number_it_is_written_with(count: str, number: int, same: bool) -> None:
    assert stated(Count.parse(count), Fraction(number)) is same


def test_branches_come_from_the_codebook(codebook: Codebook) -> None:
    assert branches("Leopard 2A4 tank", codebook) == {("military", "armoured-vehicle")}
    assert branches("tent", codebook) != branches("Leopard 2A4 tank", codebook)
    assert branches("zorkmid", codebook) == set()


def test_numbers_of_dates_sums_and_names_count_nothing(codebook: Codebook) -> None:
    text = "On 5 May (see source 3), 1,200 tents and seven trucks worth 9 million euros came, with 4x4 cars."
    assert numbers_of(text, codebook) & {Fraction(n) for n in (3, 4, 5, 7, 9, 1200)} == {Fraction(7), Fraction(1200)}


# Lists by country


def test_a_label_gives_what_a_note_without_a_verb_lists(codebook: Codebook) -> None:
    listed = read("- Norway: 22 howitzers, 400 mortar rounds and 9 ambulances for the front in the east.\n", codebook)
    assert listed == {
        ("pledge", "country:NO", "howitzer", "22", ""),
        ("pledge", "country:NO", "mortar", "400", ""),
        ("pledge", "country:NO", "vehicle", "9", ""),
    }


def test_a_heading_gives_until_the_next_heading(codebook: Codebook) -> None:
    lead = "Allied governments announced more help this week, after talks in the capital that lasted for two days."
    norway, latvia = "30 million euros for field hospitals in the east.", "Six howitzers for the army in the east."
    text = f"Who has promised what this week\n\n{lead}\n\nNorway\n\n{norway}\n\nLatvia\n\n{latvia}\n"
    assert read(text, codebook) == {
        ("pledge", "country:NO", "humanitarian", "", "30e6 EUR"),
        ("pledge", "country:LV", "howitzer", "6", ""),
    }


def test_what_has_a_giver_of_its_own_is_not_the_label_s(codebook: Codebook) -> None:
    told = read("Norway: Sweden has sent 12 howitzers to Ukraine, as the army in Oslo told reporters.\n", codebook)
    assert told == {("delivery", "country:SE", "howitzer", "12", "")}


def test_nothing_is_given_below_the_name_of_a_party_to_the_war(codebook: Codebook) -> None:
    assert read("Ukraine: 22 howitzers and 9 tanks for the front in the east of the country.\n", codebook) == set()


def test_the_package_is_given_by_who_gave_it(codebook: Codebook) -> None:
    text = "Norway has pledged a 90 million euro package to Ukraine. The package includes 22 howitzers and 40 trucks.\n"
    told = read(text, codebook)
    assert {("pledge", "country:NO", "howitzer", "22", ""), ("pledge", "country:NO", "vehicle", "40", "")} <= told


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Norway has sent medical equipment to Ukraine with a total value of 3 million euros.", "3e6 EUR"),
        ("Norway will send tents and blankets to Kyiv, worth about 2 million euros.", "~2e6 EUR"),
        ("Norway has promised a new loan ($300 million) to Ukraine for its budget.", "300e6 USD"),
        ("La Norvège a livré des tentes à l'Ukraine pour un montant total de 3 millions d'euros.", "3e6 EUR"),
    ],
)
def test_what_things_come_to_is_told_after_them(text: str, amount: str, codebook: Codebook) -> None:
    assert amount in {row[4] for row in read(text + "\n", codebook)}


def test_one_sort_of_thing_twice_is_two_claims(codebook: Codebook) -> None:
    told = read("Norway has given Ukraine 45 fire engines (red ones) and a further 60 ambulances.\n", codebook)
    assert told == {("delivery", "country:NO", "vehicle", "45", ""), ("delivery", "country:NO", "vehicle", "60", "")}


# The tracker's rows


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[Coded]:
    path = shared / "data" / "kiel-r7" / "dev.jsonl"
    if not path.is_file():
        pytest.skip("the tracker's rows are not here")
    return read_rows(path)


def test_what_is_found_does_not_fall_below_its_floor(rows: list[Coded], codebook: Codebook) -> None:
    results = measure(rows, codebook, labelled=True)
    sums = [f.donor for f in results if f.row.amount is not None]
    items = [right for f in results for (_, right), told in zip(f.items, f.counted, strict=True) if told]
    assert sum(sums) / len(sums) >= SUMS
    assert sum(items) / len(items) >= ITEMS


def test_the_table_has_each_half_of_each_way(rows: list[Coded], codebook: Codebook) -> None:
    head, *body = table(rows[:4], codebook)
    assert [line[1] for line in body] == ["looked at", "held out", "both"] * 2
    assert {len(line) for line in body} == {len(head)}
