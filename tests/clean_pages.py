"""Pages of our own with every sort of dirt, and what must hold of whatever is made of a page."""

from __future__ import annotations

from pathlib import Path

import recoupe
from recoupe.clean import clean
from recoupe.codebook.files import Files
from recoupe.codebook.furniture import Furniture, load_furniture
from recoupe.model import Page, Report

CODEBOOK = Path(recoupe.__file__).parent / "codebooks" / "assistance"


def furniture() -> Furniture:
    files = Files(CODEBOOK)
    loaded = load_furniture(files, ["fr", "en"])
    assert not files.mistakes, files.mistakes
    return loaded


FURNITURE = furniture()


def report_of(text: str, *meta: tuple[str, str]) -> Report:
    page = Page.of("page.txt", text, meta)
    report = clean(page, FURNITURE)
    check_places(page, report)
    return report


def check_places(page: Page, report: Report) -> None:
    """Every piece is the page's own; every character that is no white space is in one piece or dropped once."""
    covered = [False] * len(page.text)
    for start, place, length in report.pieces:
        assert report.text[start : start + length] == page.text[place : place + length]
        assert report.to_page(start) == place
        for i in range(place, place + length):
            assert not covered[i]
            covered[i] = True
    for d in report.dropped:
        assert page.text[d.start : d.end] == d.text
        assert d.reason
        for i in range(d.start, d.end):
            assert not covered[i]
            covered[i] = True
    left = "".join(c for i, c in enumerate(page.text) if not covered[i])
    assert not [c for c in left if not c.isspace() and c not in "\ufeff\u200b"]
    for (first, _, length), (second, _, _) in zip(report.pieces, report.pieces[1:], strict=False):
        assert not report.text[first + length : second].strip()
    at = 0
    for block in report.blocks:
        assert block.span.start >= at
        at = block.span.end
    assert at == len(report.text)
    assert [b.role for b in report.blocks].count("title") <= 1


def kept(report: Report) -> list[tuple[str, str]]:
    return [(b.role, report.text[b.span.start : b.span.end]) for b in report.blocks]


def why(report: Report, words: str) -> str:
    """The reason for which the line that has these words was dropped."""
    found = [d.reason for d in report.dropped if words in d.text]
    assert found, f"{words!r} was not dropped"
    return found[0]


FRENCH_BODY = [
    "Le gouvernement norvégien va livrer trente véhicules blindés à l'Ukraine avant la fin du mois de juin.",
    "La ministre a précisé que les équipages seraient formés en Pologne, où deux camps ont déjà été ouverts.",
    "« Nous tiendrons nos engagements aussi longtemps qu'il le faudra », a-t-elle ajouté devant les députés.",
    "Ce geste s'ajoute aux douze canons que le pays avait déjà donnés l'an dernier.",
]
FRENCH_PAGE = f"""Aller au contenu
Accueil
International
Newsletters
12,5 °C
lundi, juin 3, 2024
Se connecter

La Norvège promet trente blindés à l'Ukraine

À lire

Le prix du saumon baisse encore sur les marchés du nord
Les éleveurs craignent une saison difficile après les gelées de printemps...
Un nouveau pont entre les deux rives du fjord
Les travaux doivent commencer à l'automne et durer trois ans selon la mairie...

La ministre de la Défense devant le parlement, à Oslo, le 02.06.2024.
La ministre de la Défense devant le parlement, à Oslo, le 02.06.2024. Tous droits réservés Kari Nord/AP
Par Anne Martin avec AFP
Publié le 3 juin 2024 à 18h30
Partager sur Facebook
Copier le lien

{FRENCH_BODY[0]}

PUBLICITÉ

{FRENCH_BODY[1]}

À lire aussi : Le budget de la défense augmente pour la troisième année

La formation des équipages

{FRENCH_BODY[2]}

{FRENCH_BODY[3]}

LIRE LA SUITE :
Un membre de l'alliance envoie des radars

La source : www.example.org

Cet article vous a-t-il été utile ?
Note moyenne 4 / 5. Décompte des voix : 12

Les opinions exprimées dans cet article ne reflètent pas nécessairement celles de la rédaction.

Écrit par
Anne Martin
Passionnée de voyages et de cuisine, Anne suit l'actualité du nord depuis dix ans.

Articles similaires
Le parlement danois débat du service militaire
La Suède commande des avions de transport

Laisser un commentaire
Votre adresse e-mail ne sera pas publiée.
sept × 2 =
© 2024 Gazette du Nord. Tous droits réservés.
"""

ENGLISH_BODY = [
    "The Dutch government said on Tuesday that it would send a further eighteen jets to Ukraine by the summer.",
    "Pilots have been training at a base in Romania since November, and the first group has finished its course.",
    '"We keep our word, and we will go on doing so," the defence minister told reporters in The Hague.',
    "The jets come on top of the two air defence systems that the country handed over last spring.",
]
ENGLISH_PAGE = f"""Dutch to send more jets to Ukraine | The Northern Post
Skip to main content
Menu
Home
World
Sport
Log In
Trending
Heavy rain closes three roads in the valley
New ferry line opens after years of delay
We use cookies to personalise content and ads and to analyse our traffic.
Accept all cookies
Dutch to send more jets to Ukraine
A squadron of eighteen aircraft is to leave before the summer, the government says
By Jane Miller and John Smith
Published Feb 27, 2026, 10:30
5 min read
Share
Facebook
X
WhatsApp
A jet takes off from the base at Volkel, the Netherlands, February 20, 2026 [Peter Jansen/Reuters]
{ENGLISH_BODY[0]}
Advertisement
{ENGLISH_BODY[1]}
Recommended Stories
list of 2 items
How the northern ports were rebuilt
What the harvest means for prices
end of list
Training in Romania
{ENGLISH_BODY[2]}
Sign up for our daily newsletter and get the news delivered to your inbox.
{ENGLISH_BODY[3]}
(Reporting by Jane Miller in The Hague; Editing by Ann Lee)
The views expressed in this article are those of the author and do not reflect those of the paper.
Related articles
Snow expected in the north by the weekend
Council votes on the new bridge
Ten walks for a cold Sunday
Leave a Reply
Your email address will not be published. Required fields are marked *
Great report, I have been waiting for this for a very long time and I am glad that it is here.
© 2026 The Northern Post. All rights reserved.
"""
