"""Measures and bases of codebooks: what the second codebook that comes with the program asks of the code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recoupe.codebook import Codebook, default_codebook, load_codebook
from recoupe.errors import CodebookError
from recoupe.mark import Marker, mark
from recoupe.model import Block, Claim, Dating, Reading, Report, Span
from recoupe.read import read_claims
from recoupe.values import When


@pytest.fixture(scope="module")
def quakes() -> Codebook:
    return load_codebook(Path("earthquakes"))


def claims(quakes: Codebook, lang: str, text: str) -> tuple[Claim, ...]:
    report = Report("t", text, lang, (Block(Span(0, len(text)), "body"),))
    reading = mark(Reading(report, dating=Dating(When.parse("2025-05-16"))), quakes)
    return read_claims(reading, quakes).claims


def told(claim: Claim) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for cell in claim.cells:
        found.setdefault(cell.role, []).append(str(cell.value))
    return found


@pytest.mark.parametrize(
    ("lang", "text", "measures"),
    [
        ("en", "A magnitude 6.4 quake.", [("magnitude", "6.4", "A magnitude 6.4")]),
        ("en", "A 6.4-magnitude quake.", [("magnitude", "6.4", "6.4-magnitude")]),
        ("en", "A magnitude-7 quake.", [("magnitude", "7", "magnitude-7")]),
        (
            "en",
            "It came at a depth of about 12 kilometres.",
            [("depth_km", "~12", "at a depth of about 12 kilometres")],
        ),
        ("en", "It was 10 miles deep, at least.", [("depth_km", "~16", "10 miles deep")]),
        ("en", "It was less than 10 miles deep.", [("depth_km", "<=16", "less than 10 miles deep")]),
        ("en", "Trucks went 30 km to the town.", []),
        ("en", "A quake of great magnitude hit 6.4 percent of homes.", []),
        ("fr", "Un séisme d'une magnitude de 6,4.", [("magnitude", "6.4", "d'une magnitude de 6,4")]),
        ("fr", "Un séisme à 30 km de profondeur.", [("depth_km", "30", "à 30 km de profondeur")]),
        ("fr", "Il a atteint 5,1 sur l'échelle de Richter.", [("magnitude", "5.1", "5,1 sur l'échelle de Richter")]),
    ],
)
def test_measures_in_a_text(quakes: Codebook, lang: str, text: str, measures: list[tuple[str, str, str]]) -> None:
    found = [m for m in Marker.of(quakes, lang).mentions(text) if m.type == "measure"]
    assert [(m.note, str(m.value), text[m.span.start : m.span.end]) for m in found] == measures


def test_a_codebook_without_measures_finds_none() -> None:
    found = Marker.of(default_codebook(), "en").mentions("A magnitude 6.4 quake at a depth of 12 km.")
    assert all(m.type != "measure" for m in found)


@pytest.mark.parametrize(
    ("lang", "text", "cells"),
    [
        ("en", "A magnitude 6.4 earthquake struck Mollendo.", {"place": ["place:mollendo"], "magnitude": ["6.4"]}),
        ("fr", "Une réplique de magnitude 5,1 a secoué Mollendo.", {"place": ["place:mollendo"], "magnitude": ["5.1"]}),
    ],
)
def test_a_scene_takes_its_measures(quakes: Codebook, lang: str, text: str, cells: dict[str, list[str]]) -> None:
    (claim,) = claims(quakes, lang, text)
    assert claim.kind == "quake"
    assert told(claim) == cells


def test_each_measure_goes_to_the_nearest_word_that_may_have_it(quakes: Codebook) -> None:
    main, after = claims(
        quakes,
        "en",
        "A magnitude 6.9 quake hit Camana on Wednesday, and a magnitude 5.1 shock hit Mollendo.",
    )
    assert (told(main)["place"], told(main)["magnitude"]) == (["place:camana"], ["6.9"])
    assert (told(after)["place"], told(after)["magnitude"]) == (["place:mollendo"], ["5.1"])


def test_a_toll_belongs_to_its_quake_and_grows(quakes: Codebook) -> None:
    (claim,) = claims(quakes, "en", "The earthquake in Camana killed nine people and left 3,200 people homeless.")
    assert told(claim) == {"place": ["place:camana"], "killed": ["9"], "homeless": ["3200"]}
    assert set(quakes.kinds["quake"].grows) == {"killed", "injured", "homeless"}


def test_nobody_who_only_speaks_of_an_event_stands_where_it_was(quakes: Codebook) -> None:
    """A subject is no complement of the noun that its verb governs, whatever preposition the frame asks for."""
    (claim,) = claims(quakes, "en", "Peru now puts the earthquake at a magnitude of 6.8.")
    assert told(claim) == {"magnitude": ["6.8"]}


# -- a codebook with a base --------------------------------------------------------------------------------------------


@pytest.fixture
def copy(quakes: Codebook, tmp_path: Path) -> Path:
    return Path(shutil.copytree(quakes.folder, tmp_path / "quakes"))


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(CodebookError) as error:
        load_codebook(folder)
    return error.value.mistakes


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_what_a_folder_lacks_is_the_bases(quakes: Codebook) -> None:
    base = default_codebook()
    assert quakes.languages["fr"].grammar == base.languages["fr"].grammar
    assert set(quakes.outlets) == set(base.outlets)
    assert not set(quakes.kinds) & {"attack", "purchase"}


def test_added_tables_have_the_rows_of_both(quakes: Codebook) -> None:
    places = quakes.names.places
    assert {"place:camana", "place:kyiv"} <= set(places)
    assert "Mollendo" in quakes.names.words["fr"]
    assert "Kiev" in quakes.names.words["fr"]


def test_other_tables_have_their_own_rows_alone(quakes: Codebook) -> None:
    assert "patriot" not in quakes.parents
    assert "tent" not in default_codebook().parents


def test_a_codebook_may_have_another_folder_for_its_base(quakes: Codebook, copy: Path) -> None:
    shutil.copytree(default_codebook().folder, copy.parent / "general")
    edit(copy / "codebook.yaml", "base: assistance", "base: ../general")
    assert load_codebook(copy).names == quakes.names


def test_the_edition_changes_with_a_file_of_the_base(copy: Path) -> None:
    shutil.copytree(default_codebook().folder, copy.parent / "general")
    edit(copy / "codebook.yaml", "base: assistance", "base: ../general")
    before = load_codebook(copy).edition
    with (copy.parent / "general" / "outlets.tsv").open("a", encoding="utf-8") as file:
        file.write("gazette-of-nowhere\tThe Gazette of Nowhere\tnewspaper\n")
    assert load_codebook(copy).edition != before


def test_a_mistake_in_the_base_is_told_with_the_bases_name(copy: Path) -> None:
    shutil.copytree(default_codebook().folder, copy.parent / "general")
    edit(copy / "codebook.yaml", "base: assistance", "base: ../general")
    edit(copy.parent / "general" / "en" / "numbers.yaml", 'decimal: "."', "zzz: 1")
    assert any(m.startswith("general/en/numbers.yaml:") for m in mistakes(copy))


def test_a_base_that_is_none_is_told(copy: Path) -> None:
    edit(copy / "codebook.yaml", "base: assistance", "base: nowhere")
    assert mistakes(copy)[0].startswith("codebook.yaml:4: no codebook 'nowhere'")


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("{km: 1,", "{km: none,", "en/measures.yaml:", "expected what the unit multiplies by, found 'none'"),
        ('"{n} {unit} (deep|underground)"', '"{unit} deep"', "en/measures.yaml:", "expected a phrase with {n}"),
        ('"{n} {unit} (deep|underground)"', '"{n} (deep"', "en/measures.yaml:", "a bracket is not closed"),
        ("depth_km:", "width:", "en/measures.yaml:", "unknown key 'width'"),
    ],
)
def test_mistakes_in_measures_are_told(copy: Path, old: str, new: str, where: str, what: str) -> None:
    edit(copy / "en" / "measures.yaml", old, new)
    assert any(m.startswith(where) and what in m for m in mistakes(copy))


def test_a_slot_of_a_measure_that_is_not_listed_is_told(copy: Path) -> None:
    edit(copy / "codebook.yaml", "measures: [magnitude, depth_km]", "measures: [magnitude]")
    assert any(m.startswith("frames.yaml:3: codebook.yaml lists no measure 'depth_km'") for m in mistakes(copy))


def test_a_codebook_of_the_program_goes_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_codebook(Path("earthquakes")).name.startswith("Earthquakes")
    with pytest.raises(CodebookError, match="not a codebook"):
        load_codebook(Path("nowhere/earthquakes"))
