"""What a parser is told of the words: the numbers of spaCy's tok2vec from the same weights, several times as fast.

spaCy works out every word anew, though its first layers see one word at a time: here they are asked once for each word
of the process, and give the same ever after. The layers that see a word's neighbours are some lines of numpy, whose
products of matrices are faster than the ones that spaCy is built with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy.tokens

Floats = npt.NDArray[np.float32]

_MOST_WORDS = 50_000  # kept at once: some twenty megabytes
_ROWS = 600  # words in one go, give or take a sentence: what a layer makes of them stays in the processor's cache
_NO_VARIANCE = np.float32(1e-8)
_BLOCK = "residual(expand_window>>maxout>>layernorm>>dropout)"  # spaCy's name of the only sort of layer known here


@dataclass(frozen=True)
class Layer:
    """A layer with a window of one word to either side: the best of several linear pieces, brought to one scale."""

    weights: Floats  # the three words' numbers by the pieces' numbers, piece after piece
    bias: Floats
    gain: Floats
    shift: Floats

    def __call__(self, rows: Floats) -> Floats:
        """What the layer adds to the rows of words, in order."""
        width = rows.shape[1]
        windows = np.zeros((len(rows), 3 * width), dtype=np.float32)
        windows[1:, :width] = rows[:-1]
        windows[:, width : 2 * width] = rows
        windows[:-1, 2 * width :] = rows[1:]
        pieces = windows @ self.weights
        pieces += self.bias
        best = pieces[:, :width]
        for start in range(width, pieces.shape[1], width):
            best = np.maximum(best, pieces[:, start : start + width])
        best -= best.mean(axis=1, keepdims=True)
        best /= np.sqrt(np.einsum("ij,ij->i", best, best) / np.float32(width) + _NO_VARIANCE)[:, None]
        best *= self.gain
        best += self.shift
        return best


class Embedder:
    """Gives the documents of one model the tensors that its `tok2vec` would give them."""

    def __init__(self, nlp: Any) -> None:
        self._vocab = nlp.vocab
        self._embed, encode = nlp.get_pipe("tok2vec").model.layers
        self._pad: int = encode.attrs["pad"]
        self._layers = [_layer(block) for block in encode.layers[0].layers]
        self._rows = np.zeros((_MOST_WORDS, encode.get_dim("nO")), dtype=np.float32)
        self._at: dict[str, int] = {}

    def embed(self, docs: Sequence[Any]) -> None:
        """Sets `doc.tensor` of documents that are made of words with a blank after each."""
        for group in _groups(docs):
            self._set(group)

    def _set(self, docs: Sequence[Any]) -> None:
        """All at once, with rows of zeros around each document, as spaCy puts them."""
        words = [[t.text for t in doc] for doc in docs]
        self._learn(dict.fromkeys(w for ws in words for w in ws))
        rows = np.zeros((sum(map(len, words)) + self._pad * (len(docs) + 1), self._rows.shape[1]), dtype=np.float32)
        starts: list[int] = []
        start = self._pad
        for ws in words:
            starts.append(start)
            rows[start : start + len(ws)] = self._rows[[self._at[w] for w in ws]]
            start += len(ws) + self._pad
        for layer in self._layers:
            rows += layer(rows)
        for doc, ws, at in zip(docs, words, starts, strict=True):
            doc.tensor = rows[at : at + len(ws)]

    def _learn(self, words: dict[str, None]) -> None:
        """Asks the model for the words that are new; when there are too many, it starts afresh."""
        if len(self._at) + len(words) > _MOST_WORDS:
            self._at.clear()
        new = [w for w in words if w not in self._at]
        if new:
            start, end = len(self._at), len(self._at) + len(new)
            (self._rows[start:end],) = self._embed.predict([spacy.tokens.Doc(self._vocab, words=new)])
            self._at.update(zip(new, range(start, end), strict=True))


def embedder(nlp: Any) -> Embedder | None:
    """What stands in for a model's `tok2vec`; nothing where that has none, or one of another make."""
    if "tok2vec" not in nlp.component_names:
        return None
    layers = nlp.get_pipe("tok2vec").model.layers
    blocks = layers[1].layers[0].layers if len(layers) == 2 and layers[1].layers else []
    same = all(b.name == _BLOCK and b.layers[0].layers[0].attrs.get("window_size") == 1 for b in blocks)
    return Embedder(nlp) if blocks and same else None


def _layer(block: Any) -> Layer:
    """The weights of one of spaCy's blocks, laid out so that each piece stands by itself."""
    nodes = {node.name: node for node in block.walk()}
    maxout, norm = nodes["maxout"], nodes["layernorm"]
    weights, bias = maxout.get_param("W"), maxout.get_param("b")
    across = weights.transpose(2, 1, 0).reshape(weights.shape[2], -1)
    return Layer(np.ascontiguousarray(across), bias.T.reshape(-1), norm.get_param("G"), norm.get_param("b"))


def _groups(docs: Sequence[Any]) -> Iterator[list[Any]]:
    """The documents in order, some hundred words at a time."""
    group: list[Any] = []
    size = 0
    for doc in docs:
        group.append(doc)
        size += len(doc)
        if size >= _ROWS:
            yield group
            group, size = [], 0
    if group:
        yield group
