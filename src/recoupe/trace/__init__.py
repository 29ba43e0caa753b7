"""Where reports have their text from: copies and translations among them, and the sources that they name themselves."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale

from recoupe.codebook import Codebook
from recoupe.model import Origin, Reading
from recoupe.trace.certain import certain
from recoupe.trace.copies import Said, copies, text_of
from recoupe.trace.named import named
from recoupe.trace.names import Names
from recoupe.trace.rank import ranks
from recoupe.trace.roots import roots
from recoupe.trace.translations import signs_of, translations

__all__ = ["certain", "roots", "trace"]


def trace(readings: Iterable[Reading], codebook: Codebook) -> list[Origin]:
    """Every origin found, sorted by report and source; the order of the readings plays no part.

    Reports must have different docs. `copy`, `part` and `translation` point to a doc of `readings`, `named` to the id
    of an outlet of the codebook, or to the domain of one that it does not know.
    """
    reports = sorted(readings, key=lambda r: r.report.doc)
    names = names_of(codebook)
    own = {r.report.doc: names.own(r.report) for r in reports}
    said = [origin for r in reports for origin in named(r, names)]
    pointed = Said(said, own)
    rank = ranks(reports, said, names)
    copied = copies([text_of(r, rank[r.report.doc]) for r in reports], pointed)
    signed = (signs_of(r, rank[r.report.doc], codebook) for r in reports)
    return sorted(
        [*said, *copied, *translations(signed, pointed, copied, codebook)], key=lambda o: (o.doc, o.source, o.relation)
    )


def names_of(codebook: Codebook) -> Names:
    """Finds the outlets of a codebook; what months, days, languages and countries are called (CLDR, by babel) in all
    languages of the codebook is no outlet's name.
    """
    others: set[str] = set()
    times: set[str] = set()
    spoken: set[str] = set()
    for lang, language in codebook.languages.items():
        locale = Locale.parse(lang)
        times.update(language.times.months, language.times.weekdays, language.times.dayparts)
        spoken.update(locale.languages.values())
        others.update(locale.territories.values())
    return Names(codebook.outlets, codebook.credits, others, times, spoken)
