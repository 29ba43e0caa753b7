"""What a reviewer should look at, and in which order."""

from __future__ import annotations

from collections.abc import Iterable

from recoupe.model import Entry


def queue(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that should be looked at, by need: contradictions first, then what waits, then by how many tell it.

    What is reviewed, with nothing new, is not among them.
    """
    return sorted((entry for entry in entries if not is_done(entry)), key=_need)


def is_done(entry: Entry) -> bool:
    """Has all of it been reviewed, and does nothing wait?"""
    review = entry.review
    return review is not None and not review.waiting and len(review.claims) == len(entry.claims)


def _need(entry: Entry) -> tuple[bool, bool, int, int, str]:
    waits = entry.review is not None and entry.review.waiting > 0
    return not entry.conflicts, not waits, -len(entry.origins), -len(entry.claims), entry.id
