"""Lines that a site puts on many of its pages, known only beside its other pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clean_pages import FURNITURE, check_places
from recoupe import pipeline
from recoupe.clean import clean
from recoupe.clean.site import own_lines, site_lines, without
from recoupe.codebook import default_codebook
from recoupe.date import date_report
from recoupe.ledger import create_ledger
from recoupe.model import Page, Reading, Report
from recoupe.pipeline import fill, from_files

NAMES = ("Norvège", "Finlande", "Pologne", "Estonie", "Lituanie", "Suède")
BACKGROUND = (
    "La guerre est entrée dans sa troisième année et les besoins en munitions ne cessent de croître, dit l'alliance."
)


def text_of(name: str) -> str:
    return "\n\n".join(
        [
            f"{name} : trente blindés de plus pour l'Ukraine",
            f"Le gouvernement de ce pays ({name}) va livrer trente véhicules blindés avant la fin du mois de juin.",
            "Le fil vert",
            f"La ministre a précisé que les équipages seraient formés dans deux camps, dont un en {name}.",
            f"Un budget de {len(name)} milliards",
            BACKGROUND,
        ]
    )


def report_of(name: str, outlet: str = "gazette.example") -> Report:
    page = Page.of(f"{name}.txt", text_of(name), (("url", f"https://{outlet}/{name}"),))
    return clean(page, FURNITURE)


def test_short_line_of_four_articles_is_the_site_s() -> None:
    assert site_lines(map(report_of, NAMES[:3])) == {}
    assert site_lines(map(report_of, NAMES[:4])) == {"gazette.example": frozenset({"le fil vert"})}


def test_copies_of_one_article_and_other_sites_do_not_count() -> None:
    assert site_lines([report_of("Norvège")] * 6) == {}
    assert site_lines(report_of(name, f"{name}.example") for name in NAMES) == {}


def test_report_without_a_line_keeps_its_places() -> None:
    page = Page.of("a.txt", text_of("Norvège"))
    whole = clean(page, FURNITURE)
    report = without(whole, frozenset({"le fil vert"}))
    check_places(page, report)
    assert "fil vert" not in report.text
    assert BACKGROUND in report.text
    assert [(d.reason, d.text) for d in report.dropped] == [("site-line", "Le fil vert")]
    assert own_lines(report) == own_lines(whole)
    assert without(whole, frozenset({"another line"})) is whole


def test_a_site_s_lines_are_known_whatever_the_order_of_the_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(page: Page, codebook: object, furniture: frozenset[str] = frozenset(), *more: object) -> Reading:
        book = default_codebook()
        return date_report(Reading(without(clean(page, book.furniture), furniture)), page, book)

    monkeypatch.setattr(pipeline, "read_page", read)
    for name in NAMES:
        (tmp_path / f"{name}.txt").write_text(text_of(name), encoding="utf-8")
        (tmp_path / f"{name}.meta.json").write_text(json.dumps({"url": f"https://gazette.example/{name}"}))
    files = [tmp_path / f"{name}.txt" for name in NAMES]
    found = []
    for n, runs in enumerate(([files], [files[:2], files[2:]], [files[5:], files[:3], files[3:5]])):
        with create_ledger(tmp_path / f"{n}.db") as ledger:
            for paths in runs:
                fill(ledger, from_files(*paths), default_codebook())
            found.append(ledger.readings())
    assert found[0] == found[1] == found[2]
    assert not [r for r in found[0] if "fil vert" in r.report.text]
