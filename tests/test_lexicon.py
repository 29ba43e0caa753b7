"""The words that evoke frames, found by their first letters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.codebook import Codebook
from recoupe.codebook.furniture import Phrase, Phrases
from recoupe.codebook.prefixes import anchored, prefixes
from recoupe.model import Span
from recoupe.read.triggers import evoked_in


@pytest.mark.parametrize(
    ("pattern", "heads"),
    [
        ("livr", {"liv"}),
        ("(?:re)?mis", {"rem", "mis"}),
        ("d[eé]pos", {"dep", "dép"}),
        ("a(?:ura)? lieu", {"aur", "a l"}),
        (r"sign\w* un", {"sig"}),
        ("x+y", {"x"}),
        ("a*b", {""}),
        (r"(?<!re)tir", {""}),
        ("(?:une |\\w+ième )salve", {""}),
    ],
)
def test_how_a_pattern_may_begin(pattern: str, heads: set[str]) -> None:
    assert prefixes(pattern) == heads


PATTERNS = st.recursive(
    st.sampled_from(["a", "b", "é", "[ab]", "a?", "b*", "a+", r"\w"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda x: f"(?:{'|'.join(x)})")
        | inner.map(lambda x: f"(?:{x})?")
    ),
    max_leaves=8,
)


@given(PATTERNS, st.text(alphabet="abéc", max_size=5))
@settings(max_examples=400)
def test_what_matches_begins_so(pattern: str, text: str) -> None:
    match = re.match(pattern, text, re.IGNORECASE)
    if match and match[0]:
        assert any(text.startswith(head) or head.startswith(match[0]) for head in prefixes(pattern))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Germany handed over a Patriot battery. The sky was blue. They have run out of shells."),
        ("fr", "L'Allemagne a remis une batterie Patriot. Il faisait beau. La Hongrie a mis son veto."),
    ],
)
def test_words_are_found_by_their_first_letters(codebook: Codebook, lang: str, text: str) -> None:
    lexicon = codebook.languages[lang].lexicon
    for m in re.finditer(r"(?<![\w-])\w", text):
        words = text[m.start() :]
        every = {t.lemma for t in lexicon.triggers if t.pattern.match(words)}
        assert {t.lemma for t in lexicon.candidates(words) if t.pattern.match(words)} == every
    first, second = text.index(". ") + 1, text.index(". ", text.index(". ") + 1) + 1
    assert evoked_in(text, Span(0, first), lexicon)
    assert not evoked_in(text, Span(first, second), lexicon)
    assert evoked_in(text, Span(second, len(text)), lexicon)


@given(st.lists(PATTERNS, min_size=1, max_size=2), st.text(alphabet="abéc ", max_size=8))
@settings(max_examples=400)
def test_phrases_are_found_by_their_first_letters(patterns: list[str], line: str) -> None:
    sources = [f"^{patterns[0]}|^b", rf"\b{patterns[-1]}", f"{patterns[0]}|^a", f"^{patterns[-1]}"]
    phrases = Phrases(Phrase(s, re.compile(s, re.IGNORECASE), anchored(s)) for s in sources)
    assert phrases.first(line) == next((p for p in phrases if p.pattern.search(line)), None)
