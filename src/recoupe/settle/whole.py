"""All pages of a ledger at once: what they say together, and the notes by which a page's neighbours are found later."""

from __future__ import annotations

from collections.abc import Iterable

from recoupe.check import check
from recoupe.ledger import Change, Find
from recoupe.ledger.codec import dumps
from recoupe.model import Origin, Reading
from recoupe.review import Given, apply, marked
from recoupe.settle.claims import note_claims, note_entries
from recoupe.settle.dated import note_days
from recoupe.settle.hood import Hood, Space
from recoupe.settle.reviewed import note_all_reviewed
from recoupe.settle.translated import note_signs
from recoupe.trace import roots, trace

_SPACES = (
    Space.WHOLE, Space.MARK, Space.SIGN, Space.UP, Space.DOWN, Space.CLAIM, Space.CONTENT, Space.DAY, Space.CHECK,
    Space.DATE, Space.TEXT, Space.REVIEW, Space.AMENDED,
)  # fmt: skip


def texts_at_once(hood: Hood) -> None:
    """Whose texts all pages have."""
    pages = hood.batch.changed(0)
    readings = hood.readings(pages)
    origins = trace(readings.values(), hood.codebook)
    for space in _SPACES:
        hood.finds.empty(space)
    _note_texts(hood, readings)
    note_signs(hood, readings, origins)
    _write_origins(hood, origins)
    note_claims(hood, {}, hood.standing(pages))
    note_all_reviewed(hood, hood.standing(pages))
    _write_roots(hood, hood.applied(pages), origins)
    note_days(hood, {}, readings)
    last = hood.batch.last_row()
    everybody = [Find(0, last, 0, page, 0) for page in sorted(readings)]
    for space in (Space.CHECK, Space.DATE):
        hood.finds.put(space, everybody)


def facts_at_once(hood: Hood) -> Change:
    """What all pages say together, as people have reviewed it."""
    pages = hood.batch.changed(0)
    standing = hood.standing(pages)
    of = {reading.report.doc: page for page, reading in standing.items()}
    outcome = apply(standing.values(), Given(hood.batch.reviews(), hood.batch.hashes()))
    readings = {of[reading.report.doc]: reading for reading in outcome.readings}
    entries = check(readings.values(), hood.roots(readings), hood.codebook, outcome.rulings)
    entries = marked(entries, outcome)
    change, rows = hood.batch.stand("entries", [dumps(entry) for entry in entries])
    for space in (Space.ENTRY, Space.TOLD):
        hood.finds.empty(space)
    refs = ((row, ref.rpartition("#")) for row, entry in zip(rows, entries, strict=True) for ref in entry.claims)
    note_entries(hood.finds.put, ((row, of[doc], int(number)) for row, (doc, _, number) in refs))
    return change


def _note_texts(hood: Hood, readings: dict[int, Reading]) -> None:
    heads: dict[int, tuple[int, str, int]] = {}
    prints = dict(zip(readings, hood.prints_of(readings.values()), strict=True))
    for page, own in prints.items():
        if own.enough:
            head = own.rank, readings[page].report.doc, page
            heads[own.whole] = min(head, heads.get(own.whole, head))
    hood.finds.put(Space.WHOLE, (own.row(page) for page, own in prints.items() if own.enough))
    hood.finds.put(Space.MARK, (row for _, _, page in heads.values() for row in prints[page].rows(page)))


def _write_origins(hood: Hood, origins: Iterable[Origin]) -> None:
    found = list(origins)
    _, rows = hood.batch.stand("origins", [dumps(origin) for origin in found])
    hood.note_origins(zip(found, rows, strict=True))


def _write_roots(hood: Hood, readings: dict[int, Reading], origins: Iterable[Origin]) -> None:
    of = {reading.report.doc: page for page, reading in readings.items()}
    found = roots(readings.values(), origins, hood.codebook)
    now = {(of[doc], 0): root for doc, root in found.reports.items()}
    for ref, root in found.claims.items():
        doc, _, number = ref.rpartition("#")
        now[of[doc], int(number)] = root
    hood.finds.root(of.values(), now)
