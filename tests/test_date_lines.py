"""Lines that the text leaves out and that date it all the same: a byline's day, a dateline on a line of its own."""

from __future__ import annotations

import pytest

from recoupe.codebook import Codebook
from recoupe.date import date_report
from recoupe.mark import mark
from recoupe.model import Block, Dropped, Page, Reading, Report, Span


@pytest.mark.parametrize(
    ("line", "reason", "published"),
    [
        ("Propos recueillis par A. B. | 15.03.2024, 06:30", "byline", "2024-03-15"),
        ("Oslo (Norvège), 20 jan 2024 (Agence) -", "menu", "2024-01-20/2024-01-21"),
        ("Nos dossiers : 15 ans de guerre", "menu", "None"),
    ],
)
def test_a_line_that_the_text_leaves_out_dates_it(codebook: Codebook, line: str, reason: str, published: str) -> None:
    text = "La ministre a parlé aux journalistes."
    left_out = (Dropped(0, len(line), line, reason),)
    pieces = ((0, len(line) + 2, len(text)),)
    report = Report("t", text, "fr", (Block(Span(0, len(text)), "body"),), pieces, left_out)
    dated = date_report(mark(Reading(report), codebook), Page.of("t", f"{line}\n\n{text}"), codebook)
    assert str(dated.dating.when) == published
