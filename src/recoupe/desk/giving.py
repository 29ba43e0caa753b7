"""Keeping a review: in one step, in which nobody else can write, so that what is reviewed is what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from recoupe.codebook import Codebook
from recoupe.desk.part import Part, state_of
from recoupe.desk.speaker import Saying
from recoupe.errors import ReviewError
from recoupe.ledger import Ledger, create_ledger
from recoupe.model import Entry, Review

WAITS = 20  # seconds that somebody who reviews waits for another writer


class Outdated(ReviewError):
    """What is to be reviewed has changed since it was seen; nothing was kept."""


def give(
    where: str,
    looked: Ledger,
    docs: Iterable[str],
    say: Callable[[Part], Saying],
    codebook: Codebook,
) -> Saying:
    """Keeps what `say` says of these reports, and settles the ledger at `where`. `looked` is the same ledger, opened to
    look things up. Only these reports are loaded, and nobody else can write while `say` is asked.

    Raises ReviewError where it cannot be said, LedgerError where the ledger cannot be written.
    """
    from recoupe import pipeline  # not before it is used: what reads language takes its time to load

    looked.lookups.version()  # raises where there is no ledger any more; to write, another one would be made
    said: list[Saying] = []

    def reviews() -> Iterator[Review]:
        said.append(say(Part.of(looked, docs)))
        yield said[0].review

    with create_ledger(where, patience=WAITS) as ledger:
        pipeline.review(ledger, reviews(), codebook)
    return said[0]


def unchanged(looked: Ledger, part: Part, id_: str, seen: str) -> Entry:
    """The entry of that id, where it is as it was `seen` (`state_of`; empty: however it was). Raises Outdated; also
    while a run has yet to put facts together of what it has read, and after one that was interrupted: what is seen is
    about to change then.
    """
    if looked.unsettled(reviews=False):
        raise Outdated(f"{id_}: reports are being read, which may change it; try again when the run has ended")
    found = list(looked.lookups.entries_called(id_, 2).values())
    entry = found[0] if len(found) == 1 and found[0].id == id_ else None
    if entry is None:
        raise Outdated(f"{id_}: no longer stands; it has changed since you opened it")
    if any(ref.rpartition("#")[0] not in part.read for ref in entry.claims) or (seen and state_of(entry, part) != seen):
        raise Outdated(f"{id_}: has changed since you opened it")
    return entry
