"""In which language a report is, those among them that nothing reads."""

from __future__ import annotations

import pytest

from clean_pages import ENGLISH_BODY, FRENCH_BODY, report_of

TOLD = {
    "fr": "\n\n".join(FRENCH_BODY),
    "en": "\n\n".join(ENGLISH_BODY),
    "es": "El ministro anunció ayer que el país enviará a Ucrania una batería de misiles en las próximas semanas. La "
    "decisión se tomó tras una reunión con los aliados en Bruselas, en la que se habló de la defensa aérea.",
    "ca": "El ministre va anunciar ahir que el país enviarà a Ucraïna una bateria de míssils en les pròximes setmanes. "
    "La decisió es va prendre després d'una reunió amb els aliats a Brussel·les, on es va parlar de la defensa aèria.",
    "de": "Der Minister kündigte gestern an, dass das Land der Ukraine in den nächsten Wochen eine Batterie mit "
    "Raketen schicken werde. Die Entscheidung fiel nach einem Treffen mit den Verbündeten in Brüssel.",
    "ru": "Министр обороны объявил вчера, что страна отправит Украине батарею ракет в ближайшие недели. Решение было "
    "принято после встречи с союзниками в Брюсселе, где говорили о противовоздушной обороне.",
    "uk": "Міністр оборони оголосив учора, що країна надішле Україні батарею ракет у найближчі тижні. Рішення ухвалили "
    "після зустрічі із союзниками у Брюсселі, де говорили про протиповітряну оборону.",
}


@pytest.mark.parametrize("lang", TOLD)
def test_language_of_a_report(lang: str) -> None:
    assert report_of(TOLD[lang]).lang == lang


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Le ministre a parlé de la livraison des chars.", "fr"),
        ("The minister spoke of the delivery of the tanks.", "en"),
        ("Jan Nowak, Piotr Kowalski, Anna Zielińska, Ewa Mazur, Adam Wójcik oraz Zofia Lis mówili wczoraj.", "und"),
    ],
)
def test_few_words_are_told_by_the_commonest_ones(text: str, lang: str) -> None:
    assert report_of(text).lang == lang
