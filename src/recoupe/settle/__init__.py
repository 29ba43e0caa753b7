"""What the pages of a ledger say together, kept up to date: a page more costs what it touches, not what is there.

Four steps, each in a transaction of its own, so that an interrupted run is taken up by the next one:
`sites` says which pages to read anew for lines of their site; `texts` finds whose texts pages have, and notes which
to date anew; `dates` says which of these to read anew; `facts` puts facts together. Where much has changed it is all
done at once, which is faster (`whole`), and so it is where nothing is noted yet; what comes out is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from recoupe.codebook import Codebook
from recoupe.date import Clue, tells, told_across
from recoupe.ledger import Batch, Change, Find
from recoupe.model import Reading
from recoupe.settle.cards import write_cards, write_missing
from recoupe.settle.claims import Claim, Facts, neighbours, note_claims
from recoupe.settle.copied import Copies, sources_named
from recoupe.settle.dated import clues_at_once, clues_of, note_days, touched
from recoupe.settle.hood import Hood, Space, Stage
from recoupe.settle.reviewed import as_reviewed, note_reviewed
from recoupe.settle.sites import lines_wanted, note_lines, with_new_lines, with_site_lines
from recoupe.settle.translated import Translations
from recoupe.settle.whole import facts_at_once, texts_at_once
from recoupe.settle.whose import whose

__all__ = [
    "Settling",
    "Wanted",
    "as_reviewed",
    "cards",
    "clues_at_once",
    "dates",
    "facts",
    "reviewed",
    "sites",
    "texts",
]

AT_ONCE = 200  # changed pages from which on all may be done at once ...
SHARE = 0.1  # ... where they are so much of the ledger

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settling:
    """A transaction, the codebook, and a number for what made the notes: notes that others made are made anew."""

    batch: Batch
    codebook: Codebook
    made: int


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """Reports to read anew, by doc, each with what it is to be read with; and the notes that this answers. `row` is the
    number of the last reading when this was found out: what was read after it is newer.

    The notes are taken away when the reports have been read and the facts put together (`facts`), and no other ones:
    another run may have noted more meanwhile, and this one may be interrupted.
    """

    docs: Mapping[str, T]
    space: Space
    answers: Sequence[Find]
    row: int


def sites(settling: Settling) -> Wanted[frozenset[str]]:
    """The reports to read anew, each without these lines of its site."""
    hood = _hood(settling)
    changed, old = _changed(hood, Stage.SITES)
    note_lines(hood, old, changed)
    _note(hood, Space.SITE, with_site_lines(hood) if _many(hood, changed) else with_new_lines(hood, changed))
    _seen(hood, Stage.SITES)
    noted = hood.finds.of(Space.SITE, 0)
    return Wanted(lines_wanted(hood, {find.page for find in noted}), Space.SITE, noted, hood.batch.last_row())


def texts(settling: Settling) -> None:
    """Finds whose texts changed pages have, and notes which pages to check and to date anew."""
    hood = _hood(settling)
    changed, old = _changed(hood, Stage.TEXTS)
    if not _last(hood, Stage.TEXTS) or _many(hood, changed):
        texts_at_once(hood)
        _seen(hood, Stage.TEXTS, Stage.CLAIMS, Stage.REVIEWS)
        return
    claims, before = _changed(hood, Stage.CLAIMS)
    said = note_reviewed(hood, _last(hood, Stage.REVIEWS), before, claims)
    copies = Copies(hood, set(changed), old)
    copies.settle()
    translated = Translations(hood, copies.pages, copies.origins, set(changed), old)
    translated.settle()
    edges = hood.edges(changed, ["named"], down=False) | hood.edges(copies.pages, ["copy", "part"])
    edges |= hood.edges(translated.judged, ["translation"])
    new = [*sources_named(hood, changed), *copies.origins, *translated.origins]
    ends = hood.write_origins(new, edges)
    family, other_word = whose(hood, ends | copies.pages | translated.judged)
    _, with_others = whose(hood, said.pages)
    waits = touched(hood, old) | touched(hood, changed)
    were_near = neighbours(hood, before)
    note_claims(hood, before, claims)
    note_days(hood, old, changed)
    waits |= touched(hood, changed)
    _note(hood, Space.CHECK, set(changed) | other_word | with_others | were_near, said.claims)
    _note(hood, Space.DATE, set(changed) | family | waits)
    _seen(hood, Stage.TEXTS, Stage.CLAIMS, Stage.REVIEWS)


def dates(settling: Settling) -> Wanted[tuple[Clue, ...]]:
    """The reports to read anew, each with what others now tell of its date, where that is not what its reading was
    told.
    """
    hood = _hood(settling)
    noted = hood.finds.of(Space.DATE, 0)
    pages = {find.page for find in noted}
    clues = _clues(hood, pages)
    standing = hood.standing(pages)
    wanted = {
        reading.report.doc: told
        for reading in standing.values()
        for told in [clues.get(reading.report.doc, ())]
        if told_across(reading.dating) != tells(told)
    }
    return Wanted(wanted, Space.DATE, noted, hood.batch.last_row())


def _clues(hood: Hood, pages: set[int]) -> Mapping[str, tuple[Clue, ...]]:
    if not _many(hood, pages):
        return clues_of(hood, pages)
    readings = hood.readings(hood.batch.changed(0))
    return clues_at_once(list(readings.values()), hood.all_origins(), hood.codebook)


def facts(settling: Settling, *read: Wanted[Any]) -> Change:
    """Puts the facts together that changed pages tell; says what that changed. `read` are the reports that were wanted
    and have been read anew.
    """
    hood = _hood(settling)
    change = _together(hood)
    for wanted in read:
        hood.finds.drop(wanted.space, wanted.answers)
    if not _others_wait(hood):
        hood.batch.settled()
    return change


def _others_wait(hood: Hood) -> bool:
    """Has another run added pages, or read some otherwise, of which it has yet to find whose texts they have? What was
    only dated by others is of no account there.
    """
    now, old = _changed(hood, Stage.TEXTS)
    return any(old.get(page) != reading for page, reading in now.items())


def reviewed(settling: Settling) -> Change:
    """Puts the facts together again that new reviews are about, without reading any page; says what that changed.

    What an interrupted run has left to do stays to be done.
    """
    hood = _hood(settling)
    waits = settling.batch.unsettled(reviews=False)
    if waits or not _last(hood, Stage.TEXTS):
        texts(settling)
    change = _together(_hood(settling))
    if not waits:
        settling.batch.settled()
    return change


def cards(settling: Settling) -> None:
    """Writes the cards and words that are missing in a ledger of an older version of the program."""
    write_missing(Hood(settling.batch, settling.codebook))


def _together(hood: Hood) -> Change:
    """Puts the facts together of pages that have changed, of those that are noted, and of what people say anew."""
    changed, old = _changed(hood, Stage.CLAIMS)
    said = note_reviewed(hood, _last(hood, Stage.REVIEWS), old, changed)
    _, other_word = whose(hood, {*changed, *said.pages})
    note_claims(hood, old, changed)
    noted = hood.finds.of(Space.CHECK, 0)
    pages = {find.page for find in noted if not find.item} | set(changed) | other_word
    claims = {(find.page, find.item) for find in noted if find.item} | said.claims
    at_once = not _last(hood, Stage.FACTS) or _many(hood, pages | {page for page, _ in claims})
    change = facts_at_once(hood) if at_once else Facts(hood, pages, old, claims).settle()
    _seen(hood, Stage.CLAIMS, Stage.FACTS, Stage.REVIEWS)
    hood.finds.empty(Space.CHECK)
    write_cards(hood)
    return change


def _hood(settling: Settling) -> Hood:
    """The pages of a transaction; notes that another program or codebook made are taken away."""
    hood = Hood(settling.batch, settling.codebook)
    made = Find(Stage.MADE, settling.made, 0, 0, 0)
    if (noted := hood.finds.of(Space.STATE, Stage.MADE)) != [made]:
        if noted or hood.finds.of(Space.STATE, Stage.TEXTS):
            shown = hood.finds.of(Space.STATE, Stage.FACTS)
            hood.finds.clear()
            # The entries stand until others are put together: of which readings they are has to be known meanwhile.
            hood.finds.put(Space.STATE, [Find(Stage.FACTS, 0, f.first or f.last, 0, 0) for f in shown])
        hood.finds.put(Space.STATE, [made])
    return hood


def _changed(hood: Hood, stage: Stage) -> tuple[Mapping[int, Reading], Mapping[int, Reading]]:
    """The pages that a stage has not seen as they are: their readings, and the earlier ones that it has seen. Claims
    count as they stand, all else as the page alone has it.
    """
    last = _last(hood, stage)
    pages = hood.batch.beside(hood.batch.changed(last))
    alone = stage != Stage.CLAIMS
    now = hood.readings(pages) if alone else hood.standing(pages)
    return now, hood.batch.readings_of(pages, last, alone) if last else {}


def _last(hood: Hood, stage: Stage) -> int:
    """The number of the last reading that a stage has seen; 0 where nothing of it is noted, whatever may stand in the
    ledger: another program or codebook has put it there.
    """
    return next((find.first for find in hood.finds.of(Space.STATE, stage)), 0)


def _seen(hood: Hood, *stages: Stage) -> None:
    """Notes that stages have seen all readings (that of reviews: all reviews)."""
    readings, reviews = hood.batch.last_row(), hood.batch.last_review()
    for stage in stages:
        hood.finds.drop(Space.STATE, hood.finds.of(Space.STATE, stage))
        last = reviews if stage == Stage.REVIEWS else readings
        hood.finds.put(Space.STATE, [Find(stage, last, 0, 0, 0)])


def _many(hood: Hood, pages: Mapping[int, Reading] | set[int]) -> bool:
    return len(pages) >= AT_ONCE and len(pages) >= SHARE * hood.batch.count()


def _note(hood: Hood, space: Space, pages: set[int], claims: Iterable[Claim] = ()) -> None:
    """Notes pages (and claims) for a later step, with the number of the last reading: what was noted before may be in
    work.
    """
    last = hood.batch.last_row()
    known = {(find.page, find.item) for find in hood.finds.of(space, 0) if find.first == last}
    wanted = {(page, 0) for page in pages} | set(claims)
    hood.finds.put(space, [Find(0, last, 0, page, item) for page, item in sorted(wanted - known)])
