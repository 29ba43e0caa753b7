"""A codebook of which what only reading needs is read when it is used: what it says, and the mistakes that are told."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recoupe.codebook import Codebook, default_codebook, load_codebook, open_codebook
from recoupe.errors import CodebookError

FOLDER = default_codebook().folder
LATER = ("languages", "furniture", "credits", "calendar", "translated", "labels")

EARLY_MISTAKE = "materiel.tsv", "planted\thovercraft\tplanted item\n", "expected the parent 'hovercraft'"
LATE_MISTAKES = (
    ("fr/numbers.yaml", "planted: 1\n", "unknown key 'planted'"),
    ("fr/calendar.tsv", "planted\tthe planting\n", "calendar.tsv has no event 'planted'"),
    ("fr/labels.yaml", "planted: {}\n", "unknown key 'planted'"),
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the codebook, in one language and with few words, so that it loads fast."""
    folder = tmp_path / "assistance"
    shutil.copytree(FOLDER, folder)
    root = folder / "codebook.yaml"
    root.write_text(re.sub(r"(?m)^languages:.*$", "languages: [fr]", root.read_text("utf-8")), "utf-8")
    (folder / "fr" / "times.yaml").write_text("units: {}\natoms: []\n", "utf-8")
    (folder / "fr" / "furniture.yaml").write_text("language: fr\nstopwords: [le]\n", "utf-8")
    return folder


def add(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + text, "utf-8")


def had(book: Codebook) -> set[str]:
    """What has been read of a codebook besides what is read at once."""
    return set(LATER) & set(vars(book))


def test_nothing_is_read_before_it_is_used(copy: Path) -> None:
    book = load_codebook(copy, later=True)
    assert had(book) == set()
    assert book.languages["fr"].code == "fr"
    assert had(book) == {"languages"}
    assert had(load_codebook(copy)) == set(LATER)


def test_it_says_what_the_codebook_that_is_read_at_once_says(copy: Path) -> None:
    later, whole = load_codebook(copy, later=True), load_codebook(copy)
    assert later == whole
    assert later.labels == whole.labels
    assert later.furniture == whole.furniture
    assert later.credits == whole.credits
    assert later.translated == whole.translated
    assert later.calendar.events == whole.calendar.events
    assert later.calendar.phrases.keys() == whole.calendar.phrases.keys()
    (one,), (other,) = later.languages.values(), whole.languages.values()
    assert (one.grammar, one.lexicon, one.numbers) == (other.grammar, other.lexicon, other.numbers)
    assert (one.measures, one.times.units) == (other.measures, other.times.units)


def test_many_may_ask_at_once(copy: Path) -> None:
    book = load_codebook(copy, later=True)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: book.credits, range(16)))
    assert all(one == found[0] for one in found)


def test_a_mistake_is_told_when_what_has_it_is_used(copy: Path) -> None:
    name, text, told = LATE_MISTAKES[0]
    add(copy, name, text)
    book = load_codebook(copy, later=True)
    assert book.credits.by
    for _ in range(2):  # it is not forgotten when it has been told once
        with pytest.raises(CodebookError) as error:
            _ = book.languages
        (mistake,) = error.value.mistakes
        assert mistake.startswith(f"{name}:")
        assert told in mistake


def test_ones_own_codebook_is_looked_through_at_once_and_all_its_mistakes_are_told(copy: Path) -> None:
    planted = (EARLY_MISTAKE, *LATE_MISTAKES)
    for name, text, _ in planted:
        add(copy, name, text)
    for load in (load_codebook, open_codebook):
        with pytest.raises(CodebookError) as error:
            load(copy)
        assert len(error.value.mistakes) == len(planted)
        for name, _, told in planted:
            assert any(m.startswith(f"{name}:") and told in m for m in error.value.mistakes)


def test_codebooks_that_come_with_the_program_are_read_when_they_are_used() -> None:
    assert open_codebook(None) is default_codebook()
    assert had(open_codebook(Path("earthquakes"))) == set()
    assert had(open_codebook(FOLDER)) == set()


@pytest.mark.parametrize("name", ["kinds.yaml", "fr/times.yaml", "fr/people.tsv", "fr/calendar.tsv"])
def test_the_edition_is_another_one_when_any_file_is(name: str, copy: Path) -> None:
    before = load_codebook(copy, later=True).edition
    add(copy, name, "# more\n")
    assert load_codebook(copy, later=True).edition != before


def test_the_edition_is_the_same_where_nothing_is_said_otherwise(copy: Path) -> None:
    before = load_codebook(copy).edition
    add(copy, "fr/labels.yaml", "# what things are called decides nothing of what is read\n")
    add(copy, "en/numbers.yaml", "# a language that the codebook does not name\n")
    (copy / ".kinds.yaml").write_text("what an editor keeps\n", "utf-8")
    (copy / "notes.txt").write_text("no file of a codebook\n", "utf-8")
    kinds = copy / "kinds.yaml"
    kinds.write_bytes(kinds.read_bytes().replace(b"\n", b"\r\n"))
    assert load_codebook(copy, later=True).edition == before
