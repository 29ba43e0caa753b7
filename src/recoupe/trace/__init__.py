"""Where reports have their text from: copies among them, and the sources that they name themselves."""

from __future__ import annotations

from collections.abc import Iterable

from recoupe.codebook import Codebook
from recoupe.model import Origin, Reading
from recoupe.trace.copies import Said, copies, text_of
from recoupe.trace.named import AGENCY, OFFICIAL, Names, named
from recoupe.trace.roots import roots

__all__ = ["roots", "trace"]


def trace(readings: Iterable[Reading], codebook: Codebook) -> list[Origin]:
    """Every origin found, sorted by report and source; the order of the readings plays no part.

    Reports must have different docs. `copy` and `part` point to a doc of `readings`, `named` to the id of an outlet of
    the codebook, or to the domain of one that it does not know.
    """
    reports = sorted(readings, key=lambda r: r.report.doc)
    names = Names(codebook.outlets, codebook.credits)
    own = {r.report.doc: names.own(r.report) for r in reports}
    said = [origin for r in reports for origin in named(r.report, names)]
    texts = [text_of(r, names.kind(own[r.report.doc]) in (AGENCY, OFFICIAL)) for r in reports]
    return sorted([*said, *copies(texts, Said(said, own))], key=lambda o: (o.doc, o.source, o.relation))
