"""Clean: furniture that phrases tell, and sentences that only sound like it."""

from __future__ import annotations

import pytest

from clean_pages import FRENCH_BODY, FURNITURE, kept, report_of
from recoupe.clean.labels import Labels
from recoupe.clean.lines import lines_of


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Un char à l'exercice, dans le nord du pays. KARI NORD POUR LA GAZETTE / AFP", "caption"),
        ("Un char à l'exercice, dans le nord du pays, en mai dernier. — Kari Nord/Abaca", "caption"),
        ("Retour à l'accueil", "menu"),
        ("Directeur de la publication : Anne Martin", "footer"),
        ("RCS Paris 123 456 789. Numéro de CPPAP : 0000X00000", "footer"),
        ("La Gazette du Nord est éditée par la Société des Amis du Nord (SAS).", "footer"),
        ("Publié aujourd'hui à 11h31, modifié à 13h49", "date-line"),
        ("Anne Martin, mis à jour le 3 juin 2024 18:30", "date-line"),
        ("À LIRE AUSSILa Finlande achète des drones", "read-more"),
    ],
)
def test_furniture_of_french_pages(line: str, reason: str) -> None:
    report = report_of("\n\n".join([*FRENCH_BODY[:2], line, *FRENCH_BODY[2:]]))
    assert line not in report.text
    label = Labels(lines_of(line, 0, FURNITURE), FURNITURE).reason[0]
    assert label in (reason, "other-date")


@pytest.mark.parametrize(
    "line",
    [
        "Le retour à l'accueil des réfugiés dans les écoles du nord est prévu pour la rentrée, a dit la ministre.",
        "Le directeur de la publication a dit mardi que le journal ne paraîtrait plus que trois fois par semaine.",
        "Lire aussi vite que les autres n'est pas donné à tous les élèves réfugiés, a reconnu la ministre.",
        "La société, éditée en Bourse depuis dix ans, a livré vingt véhicules à l'armée de terre en juin.",
        "« C'est un succès », a dit le général. LA FRANCE a pour sa part promis dix canons.",
    ],
)
def test_sentences_that_only_sound_like_furniture_stay(line: str) -> None:
    assert line in report_of("\n\n".join([*FRENCH_BODY[:2], line, *FRENCH_BODY[2:]])).text


def test_paragraph_below_a_consent_box_is_the_article_s() -> None:
    box = [
        "Ce contenu est bloqué pour respecter votre choix de cookies",
        "Accepter",
        "Gérer les cookies",
        "Les cookies",
    ]
    report = report_of("\n\n".join([*FRENCH_BODY[:2], *box, *FRENCH_BODY[2:]]))
    assert [words for _, words in kept(report)] == FRENCH_BODY


def test_subtitle_is_not_taken_for_the_title() -> None:
    title = "La Norvège promet trente blindés de plus à l'Ukraine"
    subtitle = (
        "Les équipages seront formés en Pologne, où deux camps ont déjà été ouverts, et les véhicules livrés avant juin"
    )
    report = report_of("\n\n".join(["Accueil", title, subtitle, *FRENCH_BODY]))
    assert kept(report)[:2] == [("title", title), ("lead", subtitle)]
