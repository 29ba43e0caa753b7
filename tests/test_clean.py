"""Clean: what of a page is the article, and what is dropped and why."""

from __future__ import annotations

import pytest

from clean_pages import (
    ENGLISH_BODY,
    ENGLISH_PAGE,
    FRENCH_BODY,
    FRENCH_PAGE,
    FURNITURE,
    kept,
    report_of,
    why,
)
from recoupe.clean import clean
from recoupe.errors import PageError
from recoupe.model import Page


def test_french_page_with_all_its_dirt() -> None:
    report = report_of(FRENCH_PAGE)
    assert kept(report) == [
        ("title", "La Norvège promet trente blindés à l'Ukraine"),
        ("lead", FRENCH_BODY[0]),
        ("body", FRENCH_BODY[1]),
        ("crosshead", "La formation des équipages"),
        ("body", FRENCH_BODY[2]),
        ("body", FRENCH_BODY[3]),
    ]
    assert report.title == "La Norvège promet trente blindés à l'Ukraine"
    assert report.lang == "fr"
    assert report.byline == "Anne Martin avec AFP"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Aller au contenu", "menu"),
        ("Newsletters", "newsletter"),
        ("12,5 °C", "weather"),
        ("lundi, juin 3", "other-date"),
        ("prix du saumon", "related-headline"),
        ("Les éleveurs craignent", "teaser"),
        ("Les travaux doivent", "teaser"),
        ("Tous droits réservés Kari Nord", "caption"),
        ("La ministre de la Défense devant le parlement, à Oslo, le 02.06.2024.", "caption"),
        ("Par Anne Martin", "byline"),
        ("Publié le 3 juin", "date-line"),
        ("Partager sur Facebook", "share"),
        ("Copier le lien", "share"),
        ("PUBLICITÉ", "advert"),
        ("Le budget de la défense", "read-more"),
        ("LIRE LA SUITE", "read-more"),
        ("envoie des radars", "related-headline"),
        ("www.example.org", "source-line"),
        ("utile ?", "rating"),
        ("Note moyenne", "rating"),
        ("Les opinions exprimées", "disclaimer"),
        ("Écrit par", "author-box"),
        ("Passionnée de voyages", "author-box"),
        ("Articles similaires", "related-headline"),
        ("service militaire", "related-headline"),
        ("Laisser un commentaire", "comment-form"),
        ("sept × 2 =", "comment-form"),
        ("© 2024", "caption"),
    ],
)
def test_reasons_on_the_french_page(words: str, reason: str) -> None:
    assert why(report_of(FRENCH_PAGE), words) == reason


def test_english_page_with_all_its_dirt() -> None:
    report = report_of(ENGLISH_PAGE, ("url", "https://www.northernpost.example/world/jets"))
    assert kept(report) == [
        ("title", "Dutch to send more jets to Ukraine"),
        ("lead", "A squadron of eighteen aircraft is to leave before the summer, the government says"),
        ("body", ENGLISH_BODY[0]),
        ("body", ENGLISH_BODY[1]),
        ("crosshead", "Training in Romania"),
        ("body", ENGLISH_BODY[2]),
        ("body", ENGLISH_BODY[3]),
    ]
    assert report.lang == "en"
    assert report.outlet == "northernpost.example"
    assert report.url == "https://www.northernpost.example/world/jets"
    assert report.byline == "Jane Miller and John Smith"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("| The Northern Post", "repeat"),
        ("Skip to main content", "menu"),
        ("Heavy rain closes", "related-headline"),
        ("We use cookies", "cookie"),
        ("By Jane Miller", "byline"),
        ("Published Feb 27", "date-line"),
        ("5 min read", "menu"),
        ("WhatsApp", "share"),
        ("A jet takes off", "caption"),
        ("Advertisement", "advert"),
        ("Recommended Stories", "related-headline"),
        ("northern ports", "related-headline"),
        ("Sign up for our daily", "newsletter"),
        ("(Reporting by", "byline"),
        ("The views expressed", "disclaimer"),
        ("Snow expected", "related-headline"),
        ("Leave a Reply", "comment-form"),
        ("Great report", "after-end"),
        ("© 2026", "footer"),
    ],
)
def test_reasons_on_the_english_page(words: str, reason: str) -> None:
    assert why(report_of(ENGLISH_PAGE), words) == reason


def test_plain_article_keeps_every_line() -> None:
    lines = ["Un titre sur la livraison des blindés norvégiens", *FRENCH_BODY]
    report = report_of("\n\n".join(lines))
    assert report.text == "\n\n".join(lines)
    assert not report.dropped
    assert [b.role for b in report.blocks] == ["title", "lead", "body", "body", "body"]


@pytest.mark.parametrize("text", ["Two Patriot batteries were delivered to Kyiv.", FRENCH_BODY[0]])
def test_one_sentence_is_an_article(text: str) -> None:
    assert report_of(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n \n",
        "Menu\nHome\nWorld\nSport",
        "\n".join(f"A headline about number {i} of the day" for i in range(80)),
        "a" * 5000,
        "{{region.title}}\n" * 30,
        "We use cookies to personalise content and to analyse our traffic.\nAccept all cookies",
        "---\ntitle: Only a block\n---\n",
        "https://example.org/a\n" * 20,
    ],
)
def test_page_without_article_is_refused(text: str) -> None:
    with pytest.raises(PageError, match="no article text found"):
        clean(Page.of("page.txt", text), FURNITURE)


def test_title_that_is_repeated_is_kept_once_with_a_teaser_of_the_article_itself() -> None:
    body = " ".join(ENGLISH_BODY)
    title = "More jets for Ukraine before the summer"
    report = report_of(f"{title}\n\n{body[:130]} […]\n\n0\n{title}\n\n{body}\n")
    assert kept(report) == [("title", title), ("lead", body)]
    assert [d.reason for d in report.dropped].count("repeat") == 2


def test_paragraph_and_pulled_quote_that_are_repeated_are_kept_once() -> None:
    whole = f"{ENGLISH_BODY[1]} More will follow."
    lines = [ENGLISH_BODY[0], whole, ENGLISH_BODY[1], ENGLISH_BODY[2], ENGLISH_BODY[0]]
    report = report_of("\n\n".join(lines))
    assert report.text == "\n\n".join([lines[0], lines[1], lines[3]])
    assert [d.reason for d in report.dropped] == ["repeat", "repeat"]


def test_foreign_caption_at_the_top_is_dropped() -> None:
    page = "People clear the debris of a house that was hit in the night.\n\nMarie Dupont\n\n"
    report = report_of(page + "La Norvège promet trente blindés à l'Ukraine\n\n" + "\n\n".join(FRENCH_BODY))
    assert report.title == "La Norvège promet trente blindés à l'Ukraine"
    assert why(report, "People clear") == "other-language"
    assert why(report, "Marie Dupont") == "byline"
    assert report.byline == "Marie Dupont"


def test_lists_short_quotes_and_questions_of_the_article_stay() -> None:
    lines = [
        FRENCH_BODY[0],
        "La liste comprend :",
        "- trente véhicules blindés,",
        "- deux radars de contre-batterie,",
        "- des munitions de 155 mm",
        "« C'est un début. »",
        "Et ensuite ?",
        *FRENCH_BODY[1:],
    ]
    assert report_of("\n\n".join(lines)).text == "\n\n".join(lines)


def test_sentence_that_links_have_cut_is_one_block() -> None:
    page = "\n".join(
        [
            ENGLISH_BODY[0],
            "According to the",
            "General Staff of the Armed Forces",
            ", the raid had been planned since the spring.",
            ENGLISH_BODY[1],
        ]
    )
    report = report_of(page)
    joined = "According to the General Staff of the Armed Forces , the raid had been planned since the spring."
    assert [t for _, t in kept(report)] == [ENGLISH_BODY[0], joined, ENGLISH_BODY[1]]
    at = report.text.index("raid")
    assert page[report.to_page(at) :].startswith("raid had been planned")


def test_hard_wrapped_paragraphs_are_one_block_each() -> None:
    def wrapped(text: str) -> str:
        lines = [""]
        for word in text.split():
            if len(lines[-1]) + len(word) > 64:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
        return "\n".join(lines)

    paragraphs = [" ".join(ENGLISH_BODY[:2]), " ".join(ENGLISH_BODY[2:]), " ".join(ENGLISH_BODY[1:3])]
    report = report_of("More jets for Ukraine\n\n" + "\n\n".join(wrapped(p) for p in paragraphs[:2]))
    assert [t for _, t in kept(report)] == ["More jets for Ukraine", *paragraphs[:2]]


def test_chronology_keeps_its_dates_and_a_list_of_articles_does_not() -> None:
    days = ["3 June 2024", "5 June 2024", "9 June 2024"]
    page = [ENGLISH_BODY[0]]
    for day, text in zip(days, ENGLISH_BODY[1:], strict=True):
        page += [day, text]
    assert all(day in report_of("\n\n".join(page)).text for day in days)
    listed = [f"The harbour town votes on its new bridge again {i}\n{i + 2} June 2024" for i in range(4)]
    report = report_of("\n".join([*ENGLISH_BODY, *listed]))
    assert report.text == "\n\n".join(ENGLISH_BODY)


def test_headlines_of_others_amid_the_article_go_and_one_crosshead_stays() -> None:
    headlines = [
        "Council Votes On New Bridge After Long Debate In Town",
        "Ferry Line Opens After Years Of Delay And Rising Costs",
        "Ten Walks For A Cold Sunday Around The Old Harbour",
    ]
    lines = [*ENGLISH_BODY[:2], *headlines, ENGLISH_BODY[2], "Where the jets go", ENGLISH_BODY[3]]
    report = report_of("\n".join(lines))
    assert [t for _, t in kept(report)] == [*ENGLISH_BODY[:3], "Where the jets go", ENGLISH_BODY[3]]
    assert [d.reason for d in report.dropped] == ["related-headline"] * 3


@pytest.mark.parametrize(
    "sentence",
    [
        "Russia reserves the right to respond to the delivery of these missiles, the ministry said.",
        "Berlin's position on the missiles does not change after the vote in parliament, he said.",
        "By Tuesday the army had taken back three villages in the south of the region.",
        "Moscou décline toute responsabilité dans l'attaque de la gare, selon le porte-parole du Kremlin.",
        "Thank you for your support, which helps us to protect our cities, the president said in his speech.",
        "Maria Bondar is a reporter for a paper in Kharkiv who was wounded in the raid on the city.",
        "E. Macron a promis douze canons de plus lors de sa visite à Kiev la semaine dernière.",
        "L'agence a publié une vidéo : on y voit la colonne quitter la base avant la fin de la nuit.",
        "The photo shows that the bridge was hit twice, and two officials confirmed it to the paper.",
    ],
)
def test_sentences_of_an_article_that_sound_like_furniture_stay(sentence: str) -> None:
    body = FRENCH_BODY if any(c in sentence for c in "éà") else ENGLISH_BODY
    assert sentence in report_of("\n\n".join([*body[:2], sentence, *body[2:]])).text


def test_front_matter_is_dropped_and_its_title_kept_where_no_line_says_it() -> None:
    block = '---\ntitle: "Dutch jets for Ukraine before the summer | Post"\nsource: https://www.post.example/a\n---\n'
    meta = (("title", "Dutch jets for Ukraine before the summer | Post"), ("source", "https://www.post.example/a"))
    report = report_of(f"{block}\n" + "\n\n".join(ENGLISH_BODY), *meta)
    assert report.title == "Dutch jets for Ukraine before the summer"
    assert report.outlet == "post.example"
    assert {d.reason for d in report.dropped} == {"front-matter"}
    again = report_of(f"{block}\nDutch jets for Ukraine before the summer\n\n" + "\n\n".join(ENGLISH_BODY), *meta)
    assert again.title == report.title
    assert again.to_page(0) > len(block)


def test_title_of_the_site_in_the_front_matter_is_no_title() -> None:
    block = "---\ntitle: Age check for our readers\n---\n"
    report = report_of(block + "\n\n".join(ENGLISH_BODY), ("title", "Age check for our readers"))
    assert report.title == ""
    assert report.text == "\n\n".join(ENGLISH_BODY)


def test_rule_of_dashes_at_the_top_is_no_front_matter() -> None:
    report = report_of("---\n" + "\n\n".join(ENGLISH_BODY) + "\n---\n")
    assert report.text == "\n\n".join(ENGLISH_BODY)


def test_links_that_are_notes_marks_do_not_run_sentences_together() -> None:
    page = f"{ENGLISH_BODY[0]}[[i]](https://example.org/<#n1>) {ENGLISH_BODY[1]}[2](https://example.org/n)\n\n{ENGLISH_BODY[2]}"
    report = report_of(page)
    assert report.text == f"{ENGLISH_BODY[0]} {ENGLISH_BODY[1]}\n\n{ENGLISH_BODY[2]}"
    assert {d.reason for d in report.dropped} == {"note-mark"}


def test_comments_that_outweigh_the_article_are_left_out() -> None:
    comment = "I think that this is a very good idea and that they should do it again, for the {}th time."
    comments = [comment.format(i) for i in range(40)]
    report = report_of("\n".join([*ENGLISH_BODY, "Leave a Reply", *comments]))
    assert report.text == "\n\n".join(ENGLISH_BODY)


def test_author_that_the_byline_names_has_no_box_below_the_article() -> None:
    box = "Jane Miller has covered the north for the paper since 2011 and lives in a village by the sea."
    about = "Jane Miller asked the ministry, which did not answer before the paper went to print."
    report = report_of("\n\n".join(["More jets for Ukraine", "By Jane Miller", *ENGLISH_BODY, about, box]))
    assert why(report, "has covered the north") == "author-box"
    assert about in report.text


def test_language_is_told_by_its_commonest_words() -> None:
    assert report_of("\n\n".join(FRENCH_BODY)).lang == "fr"
    assert report_of("\n\n".join(ENGLISH_BODY)).lang == "en"
    spanish = (
        "El ministro anunció ayer que el país enviará a Ucrania una batería de misiles en las próximas semanas. "
        "La decisión se tomó tras una reunión con los aliados en Bruselas, en la que se habló de la defensa aérea."
    )
    assert report_of(spanish).lang == "es"
    russian = "Министр обороны объявил, что страна отправит батарею ракет в ближайшие недели после встречи в Брюсселе."
    assert report_of(russian).lang == "und"


@pytest.mark.parametrize(
    ("meta", "outlet"),
    [
        ((("url", "https://www.example.org/a"),), "example.org"),
        ((("source", "The Gazette"),), "The Gazette"),
        ((("url", "not an address"),), None),
        ((), None),
    ],
)
def test_outlet(meta: tuple[tuple[str, str], ...], outlet: str | None) -> None:
    assert report_of("\n\n".join(ENGLISH_BODY), *meta).outlet == outlet


def test_outlet_that_the_page_names() -> None:
    assert report_of("\n\n".join(["Par Lanouvelle avec AFP", *FRENCH_BODY])).outlet == "Lanouvelle"


@pytest.mark.parametrize("gap", [" ", "  "])
def test_page_in_one_line_is_cut_into_its_lines(gap: str) -> None:
    title = "La Norvège promet trente blindés à l'Ukraine"
    body = " ".join([*FRENCH_BODY, *FRENCH_BODY[:1]])
    body += " " + " ".join(t.replace("La ", "Cette ").replace("Les ", "Ces ") for t in FRENCH_BODY)
    parts = [
        "Accueil > Monde Menu Se connecter",
        f"{title} - Le Fjord",
        "Publié par Anne Martin le 03/06/2024 à 21h03 Lecture 3 min Partager Tweeter",
        title,
        body,
        "ÉCRIT PAR Anne Martin Curieuse de tout.",
        "Articles liés La Suède promet douze canons La Pologne commande 48 lanceurs",
        "Cet article vous a plu ? Cliquez sur une étoile pour le noter ! Note moyenne 3.7 / 5.",
        "Laisser un commentaire Annuler la réponse Nom * quatorze − 6 = © 2024 Le Fjord Mentions légales",
    ]
    report = report_of(gap.join(parts))
    assert kept(report) == [("title", title), ("lead", body)]
    assert report.byline == "Anne Martin"
    assert why(report, "03/06/2024") == "date-line"
    assert why(report, "La Suède promet") == "related-headline"


def test_long_paragraph_that_sounds_like_furniture_is_not_cut() -> None:
    long = " ".join([*ENGLISH_BODY, "The paper Leave a comment was Published on 3 June 2024.", *ENGLISH_BODY])
    lines = [long, *(f"{text} {i}" for i in range(9) for text in ENGLISH_BODY)]
    assert long in report_of("\n\n".join(["Dutch to send more jets to Ukraine", *lines])).text
    typed = "  ".join(f"{text}" for text in [*ENGLISH_BODY, *FRENCH_BODY[:1], *ENGLISH_BODY[:3]])
    assert report_of(typed * 2).text == typed * 2


def test_book_in_a_box_below_the_article_is_dropped() -> None:
    box = ["Encadré : pour aller plus loin", "« Le Fjord en guerre », éditions du Quai, 212 pages, 19 euros."]
    report = report_of("\n\n".join([*FRENCH_BODY, *box]))
    assert report.text == "\n\n".join(FRENCH_BODY)
