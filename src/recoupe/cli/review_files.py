"""Reviews in files: JSON Lines, one review a line, the earliest first; the same lines as the ledger keeps."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from recoupe.codebook import Codebook
from recoupe.errors import LedgerError, RecoupeError, ReviewsError
from recoupe.ledger.codec import dumps, loads
from recoupe.model import Action, Review, Target
from recoupe.review import amended, identity, mistakes, moment

_ACTIONS = get_args(Action)
_HASH = 64  # hex digits of SHA-256
_SLACK = timedelta(days=1)  # that another machine's clock may be ahead
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "accept": ("claims",), "correct": ("claims",), "reject": ("claims",), "note": ("claims", "why"),
    "split": ("claims", "others"), "merge": ("claims", "others"), "undo": ("undoes",),
}  # fmt: skip
_TEXTS = ("by", "at", "why", "id", "undoes")


def review_lines(reviews: Iterable[Review]) -> Iterator[str]:
    """The lines, without their line ends, in the order of their times."""
    for review in sorted(reviews, key=lambda r: (r.at, r.id)):
        yield dumps(review)


def read_reviews(path: Path, codebook: Codebook) -> list[Review]:
    """The reviews of a file (`-` is standard input), each once, in its order.

    Raises ReviewsError with every mistake, each with the file and line; RecoupeError where the file cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        lines = data.decode("utf-8-sig").split("\n")
    except OSError as error:
        raise RecoupeError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ReviewsError([f"{path}: not UTF-8: {error.reason} at byte {error.start}"]) from error
    found: dict[str, Review] = {}
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            review = _review(line, codebook)
            found.setdefault(review.id, review)
        except _BadLine as error:
            wrong += [f"{path.name}:{number}: {reason}" for reason in error.reasons]
    if not found and not wrong:
        wrong.append(f"{path}: holds no review")
    if wrong:
        raise ReviewsError(wrong)
    return list(found.values())


class _BadLine(Exception):
    """A line that is no review, and why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def _review(line: str, codebook: Codebook) -> Review:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _BadLine([f"not JSON: {error}"]) from error
    if not isinstance(said, dict):
        raise _BadLine(["expected an object"])
    if wrong := list(_plain(said)):
        raise _BadLine(wrong)
    at = datetime.fromisoformat(said["at"])
    try:
        review = loads(Review, json.dumps({"id": "", **said, "at": moment(at)}))
    except LedgerError as error:
        raise _BadLine([str(error).removeprefix("a record of the ledger is damaged: ")]) from error
    if wrong := [*dict.fromkeys(_sound(review, codebook))]:
        raise _BadLine(wrong)
    own = identity(review)
    if review.id not in ("", own):
        raise _BadLine([f"id: {review.id} was given to another text (now {own}); leave `id` out of a line you change"])
    return replace(review, id=own)


def _plain(said: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the fields that every review has."""
    if said.get("action") not in _ACTIONS:
        yield f"action: expected one of {', '.join(_ACTIONS)}, found {said.get('action')!r}"
        return
    for name in _TEXTS:
        if not isinstance(said.get(name, ""), str):
            yield f"{name}: expected text, found {said[name]!r}"
            return
    for name in ("by", "at", *_NEEDS[said["action"]]):
        if not said.get(name) or not str(said[name]).strip():
            yield f"{name}: expected by every {said['action']}, found none"
            return
    try:
        at = datetime.fromisoformat(said["at"])
    except ValueError:
        yield f"at: expected a time such as 2024-03-01T12:00:00+00:00, found {said['at']!r}"
        return
    if at.tzinfo is None:
        yield f"at: expected a time with its zone (+00:00 is UTC), found {said['at']!r}"
    elif at > datetime.now(UTC) + _SLACK:
        yield f"at: {said['at']} is yet to come"


def _sound(review: Review, codebook: Codebook) -> Iterator[str]:
    """What is wrong with the claims of a review."""
    for target in (*review.claims, *review.others):
        for reason in _target(target, codebook):
            yield f"{target.doc}: {reason}"
        if review.action == "correct" and not target.fields:
            yield f"{target.doc}: a correction needs `fields`"
        elif target.fields and review.action not in ("accept", "correct"):
            yield f"{target.doc}: {review.action} takes no `fields`"


def _target(target: Target, codebook: Codebook) -> Iterator[str]:
    for name in ("page", "words"):
        value = getattr(target, name)
        if not isinstance(value, str) or len(value) != _HASH or set(value) - set("0123456789abcdef"):
            yield f"{name}: expected a SHA-256 in hex, found {value!r}"
    if not isinstance(target.doc, str) or not isinstance(target.reading, str):
        yield "doc and reading: expected text"
        return
    claim = target.claim
    if not claim.evidence:
        yield "a claim rests on words, and this one has no evidence"
    for words in (*claim.evidence, *(c.words for c in claim.cells if c.words), *filter(None, [claim.time_words])):
        if not isinstance(words.text, str) or not words.text or words.end - words.start != len(words.text):
            yield f"words: {words.text!r} does not reach from {words.start} to {words.end}"
            return
    yield from mistakes(claim, codebook)
    if any(len(values) != 1 for name, values in target.fields if name in ("kind", "status")):
        yield "kind and status: take one value"
        return
    yield from mistakes(amended(claim, dict(target.fields)), codebook)
