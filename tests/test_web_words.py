"""What the desk says: in both languages, with nothing missing; values, days and numbers as each language has them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import recoupe.web
from recoupe.codebook import default_codebook
from recoupe.ledger.found import REVIEWS
from recoupe.model import Span
from recoupe.web.marked import Mark, marked
from recoupe.web.query import CHOICES, SORTS
from recoupe.web.wording import LANGUAGES, Wording

FOLDER = Path(recoupe.web.__file__).parent
BOOK = default_codebook()
ENGLISH, FRENCH = (Wording.of(locale, BOOK) for locale in ("en_GB", "fr_FR"))
NARROW, THIN = "\u00a0", "\u202f"  # the blanks that French numbers and signs have


def words(lang: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted((FOLDER / "words").rglob(f"{lang}.yaml")):
        own = yaml.safe_load(file.read_text("utf-8"))
        assert found.keys().isdisjoint(own), file
        found |= own
    return found


def keys(node: dict[str, Any], before: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in node.items():
        found |= keys(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}"}
    return found


def leaves(node: dict[str, Any]) -> list[Any]:
    return [leaf for value in node.values() for leaf in (leaves(value) if isinstance(value, dict) else [value])]


def test_both_languages_say_the_same_things() -> None:
    assert LANGUAGES == ("en", "fr")
    assert keys(words("en")) == keys(words("fr"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_words_are_text_and_keep_their_places(lang: str) -> None:
    assert all(isinstance(leaf, str) and leaf.strip() for leaf in leaves(words(lang)))


def test_the_places_for_values_are_the_same_in_both_languages() -> None:
    def places(lang: str) -> dict[str, set[str]]:
        flat: dict[str, set[str]] = {}

        def walk(node: dict[str, Any], before: str) -> None:
            for key, value in node.items():
                if isinstance(value, dict):
                    walk(value, f"{before}{key}.")
                else:
                    flat[before + str(key)] = set(re.findall(r"\{(\w+)\}", value))

        walk(words(lang), "")
        return flat

    assert places("en") == places("fr")


def test_every_word_that_a_template_asks_for_is_there() -> None:
    known = keys(words("en"))
    for template in sorted((FOLDER / "templates").glob("*.html")):
        for key, joined in re.findall(r"""\bt\(\s*["']([\w.-]+)["']\s*(~)?""", template.read_text("utf-8")):
            there = key in known or any(one.startswith(f"{key}." if not joined else key) for one in known)
            assert there, f"{template.name}: {key}"


def test_names_that_the_program_makes_have_words() -> None:
    known = keys(words("en"))
    assert {f"sort.{sort}" for sort in SORTS} <= known
    assert {f"facet.{name}" for name in (*CHOICES, "from", "to", "origins", "conflicts", "q")} <= known
    assert {f"review.{state}" for state in REVIEWS} <= known
    told = (Path(__file__).parent.parent / "docs" / "pages.md").read_text("utf-8")
    table = told[told.index("| Reason |") :].split("\n\n", 1)[0]
    reasons = {
        reason for row in table.split("\n")[2:] if "|" in row for reason in re.findall(r"`([\w-]+)`", row.split("|")[1])
    }
    assert {f"reason.{reason}" for reason in reasons} <= known


def test_every_kind_and_role_has_a_label_in_every_language() -> None:
    for labels in BOOK.labels.values():
        assert set(labels.kinds) == set(BOOK.kinds)
        assert set(labels.roles) == {role for kind in BOOK.kinds.values() for role in kind.roles}
        assert set(BOOK.parents) <= set(labels.names)


@pytest.mark.parametrize(
    ("notation", "type_", "english", "french"),
    [
        ("5", "count", "5", "5"),
        ("~1200", "count", "about 1,200", f"environ 1{THIN}200"),
        (">=130", "count", "at least 130", "au moins 130"),
        ("<=1000", "count", "up to 1,000", f"jusqu'à 1{THIN}000"),
        ("7..10", "count", "7 to 10", "7 à 10"),
        ("~5.5e9 USD", "amount", "about 5.5 billion USD", "environ 5,5 milliards USD"),
        ("country:DE", "actor", "Germany", "Allemagne"),
        ("country:DE|country:FR", "actor", "Germany or France", "Allemagne ou France"),
        ("org:nato", "actor", "NATO", "OTAN"),
        ("unnamed:des-sources", "actor", "“des sources”", f"«{NARROW}des sources{NARROW}»"),
        ("patriot-missile", "item", "Patriot missile", "missile Patriot"),
        ("ministers", "level", "ministers", "ministres"),
        ("a plan, as told", "free", "a plan, as told", "a plan, as told"),
        ("not a number", "count", "not a number", "not a number"),
    ],
)
def test_values_in_words(notation: str, type_: str, english: str, french: str) -> None:
    assert ENGLISH.value(notation, type_) == english
    assert FRENCH.value(notation, type_) == french


@pytest.mark.parametrize(
    ("notation", "english", "french"),
    [
        ("2024-01-02", "2 Jan 2024", "2 janv. 2024"),
        ("2024-07", "July 2024", "juillet 2024"),
        ("2024", "2024", "2024"),
        ("2024-07~", "around July 2024", "vers juillet 2024"),
        ("2024-09-05/..", "from 5 Sept 2024 on", "à partir du 5 sept. 2024"),
        ("../2024-01-01", "until 1 Jan 2024", "jusqu'au 1 janv. 2024"),
        (None, "not said", "non précisé"),
    ],
)
def test_times_in_words(notation: str | None, english: str, french: str) -> None:
    assert ENGLISH.when(notation) == english
    assert FRENCH.when(notation) == french


def test_numbers_go_with_their_words() -> None:
    assert [ENGLISH.t("many.entries", n=n) for n in (0, 1, 2000)] == ["0 entries", "1 entry", "2,000 entries"]
    assert [FRENCH.t("many.entries", n=n) for n in (0, 1, 2)] == ["0 fait", "1 fait", "2 faits"]


MARKS = st.lists(st.builds(Mark, st.integers(-3, 30), st.integers(-3, 30), st.sampled_from("xyz")), max_size=6)


@given(st.text(max_size=25), MARKS)
def test_pieces_are_all_of_the_text_and_no_more(text: str, marks: list[Mark]) -> None:
    pieces = marked(text, marks)
    assert "".join(piece.text for piece in pieces) == text
    at = 0
    for piece in pieces:
        for offset in range(at, at + len(piece.text)):
            assert {m.label for m in marks if m.start <= offset < m.end} == set(piece.labels)
        at += len(piece.text)


@given(st.text(min_size=2, max_size=25), MARKS, st.data())
def test_a_run_of_the_text_is_marked_as_it_is_in_the_whole(text: str, marks: list[Mark], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert "".join(p.text for p in marked(text, marks, Span(start, end))) == text[start:end]
