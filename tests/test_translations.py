"""Translations: told from reports written apart on the same event, in any order, cut or not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.clean import clean
from recoupe.codebook import Codebook
from recoupe.codebook.files import Files
from recoupe.codebook.translated import load_translated
from recoupe.errors import PageError
from recoupe.mark import mark
from recoupe.model import Dating, Dropped, Page, Reading, Span
from recoupe.trace import align as align_module
from recoupe.trace import roots, trace
from recoupe.trace.align import align
from recoupe.trace.likeness import compare
from recoupe.trace.signs import COMMON, Sentence, Sign, rarity, sentences
from recoupe.trace.translations import Text, signs_of, translations
from recoupe.values import When
from synthetic import book

NO_RANK = (0, date.max, date.max)
NONE: frozenset[tuple[str, str]] = frozenset()
ORIGINAL = (
    "Norway will give Ukraine 22 Leopard tanks and 14 howitzers, Defence Minister Boris Pistorius learned on Tuesday.",
    "The gift is worth 350 million euros and will reach Lviv in March, according to Jens Stoltenberg.",
    'Volodymyr Zelensky thanked Oslo from Kharkiv. "We shall not forget what this small country did for us," he said.',
    "Poland and Romania will repair the tanks in Rzeszow, where 130 mechanics are being trained by Canada.",
    "Russia's Dmitry Peskov called it a mistake, and 17 missiles hit Odesa and Mykolaiv on Wednesday night.",
)
TRANSLATION = (
    "La Norvège va donner à l'Ukraine 22 chars Leopard et 14 obusiers, a appris mardi le ministre de la Défense Boris "
    "Pistorius.",
    "D'une valeur de 350 millions d'euros, ce don parviendra à Lviv en mars, selon Jens Stoltenberg.",
    "Depuis Kharkiv, Volodymyr Zelensky a remercié Oslo. « Nous n'oublierons pas ce que ce petit pays a fait pour "
    "nous », a-t-il dit.",
    "La Pologne et la Roumanie répareront les chars à Rzeszow, où le Canada forme 130 mécaniciens.",
    "Une erreur, selon le Russe Dmitri Peskov, tandis que 17 missiles frappaient Odessa et Mykolaïv mercredi soir.",
)
APART = (
    "Oslo ouvre ses dépôts : 22 chars Leopard norvégiens partiront pour l'Ukraine, avec des munitions et des ponts.",
    "Le gouvernement chiffre l'aide à 350 millions d'euros et la dit « nécessaire à la sécurité de l'Europe entière ».",
    "À Kharkiv, Volodymyr Zelensky a salué un geste historique, le troisième d'Oslo depuis le début de la guerre.",
    "Les blindés passeront par la Pologne. Le Danemark et la Suède étudient un envoi de 40 véhicules chacun.",
    "Dmitri Peskov a promis une réponse. Dans la nuit, Odessa a essuyé 17 missiles, dont neuf ont été abattus.",
)


def told(codebook: Codebook, doc: str, lang: str, paragraphs: Sequence[str], day: str | None = None) -> Reading:
    page = Page.of(doc, "\n\n".join((f"A title of {doc}", *paragraphs)) + "\n")
    report = replace(clean(page, codebook.furniture), lang=lang)
    return mark(Reading(report, dating=Dating(None if day is None else When.parse(day))), codebook)


def found(codebook: Codebook, *readings: Reading) -> list[tuple[str, str]]:
    return [(o.doc, o.source) for o in trace(readings, codebook) if o.relation == "translation"]


# What is a translation, and what is none


def test_a_translation_is_found_and_shows_its_words(codebook: Codebook) -> None:
    first = told(codebook, "z.txt", "en", ORIGINAL, "2024-01-31")
    second = told(codebook, "a.txt", "fr", TRANSLATION, "2024-02-01")
    (origin,) = trace([second, first], codebook)
    assert (origin.doc, origin.source, origin.relation) == ("a.txt", "z.txt", "translation")
    assert 0.57 <= origin.score <= 1
    assert origin.words
    assert origin.words in second.report.text


@pytest.mark.parametrize("kept", [(0, 1, 2), (0, 2, 3), (1, 2, 4), (0, 1, 3, 4)])
def test_a_translation_that_is_cut_is_found(codebook: Codebook, kept: tuple[int, ...]) -> None:
    first = told(codebook, "b.txt", "en", ORIGINAL)
    second = told(codebook, "a.txt", "fr", [TRANSLATION[i] for i in kept])
    assert found(codebook, first, second) == [("a.txt", "b.txt")]


def test_a_report_written_apart_is_none(codebook: Codebook) -> None:
    first, other = told(codebook, "a.txt", "en", ORIGINAL), told(codebook, "b.txt", "fr", APART)
    assert found(codebook, first, other) == []


def test_the_same_facts_in_another_order_are_none(codebook: Codebook) -> None:
    first = told(codebook, "a.txt", "en", ORIGINAL)
    other = told(codebook, "b.txt", "fr", TRANSLATION[::-1])
    assert found(codebook, first, other) == []


def test_two_sentences_are_too_little_to_tell(codebook: Codebook) -> None:
    first, other = (told(codebook, d, x, [t[3]]) for d, x, t in (("a", "en", ORIGINAL), ("b", "fr", TRANSLATION)))
    assert found(codebook, first, other) == []


def test_reports_in_one_language_are_not_compared(codebook: Codebook) -> None:
    first, other = told(codebook, "a.txt", "fr", TRANSLATION), told(codebook, "b.txt", "fr", TRANSLATION)
    assert found(codebook, first, other) == []


# Which is the original


def test_the_earlier_one_is_the_original_and_so_is_the_dated_one(codebook: Codebook) -> None:
    for day in ("2024-02-02", None):
        first = told(codebook, "a.txt", "fr", TRANSLATION, "2024-02-01")
        assert found(codebook, first, told(codebook, "b.txt", "en", ORIGINAL, day)) == [("b.txt", "a.txt")]


def test_a_notice_tells_whatever_the_dates(codebook: Codebook) -> None:
    first = told(codebook, "b.txt", "en", ORIGINAL, "2024-02-03")
    second = told(codebook, "a.txt", "fr", [*TRANSLATION, "Cet article a été traduit automatiquement."], "2024-02-01")
    assert found(codebook, first, second) == [("a.txt", "b.txt")]
    notice = Dropped(0, 9, "Machine translation, not checked", "disclaimer")
    plain = told(codebook, "c.txt", "fr", TRANSLATION, "2024-02-01")
    second = replace(plain, report=replace(plain.report, dropped=(notice,)))
    assert found(codebook, first, second) == [("c.txt", "b.txt")]


def test_a_report_that_names_the_other_as_its_source_is_the_translation(codebook: Codebook) -> None:
    first = told(codebook, "b.txt", "en", ORIGINAL, "2024-02-03")
    first = replace(first, report=replace(first.report, outlet="reuters"))
    second = told(codebook, "a.txt", "fr", TRANSLATION, "2024-02-01")
    second = replace(second, report=replace(second.report, byline="Avec Reuters"))
    assert found(codebook, first, second) == [("a.txt", "b.txt")]


def test_an_article_that_speaks_of_a_translation_is_none(codebook: Codebook) -> None:
    long = "The letter, translated from Ukrainian by the ministry, " + "was read aloud to the men in the yard, " * 4
    text = signs_of(told(codebook, "a.txt", "en", [*ORIGINAL, long + "and then burnt."]), NO_RANK, codebook)
    assert not text.says


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Traduit de l'anglais par Jeanne Martin", True),
        ("(Traduit de l’anglais.)", True),
        ("Cet article a été traduit automatiquement.", True),
        ("Le présent texte est une traduction automatique", True),
        ("Les discussions ont duré. Traduction de l'article de Jane Doe.", True),
        ("This article was translated from French by Jane Doe.", True),
        ("Jane Doe — machine translation", True),
        ("Cela s'est traduit par une hausse", False),
        ("Cela s’est traduit par une hausse des prix, puis par une baisse.", False),
        ("L'accord, traduit par ses services, est long.", False),
        ("Le discours a été traduit automatiquement dans la salle.", False),
        ("The letter was translated from Ukrainian.", False),
        ("He spoke through a machine translation of his own.", False),
    ],
)
def test_what_says_that_a_text_is_a_translation(codebook: Codebook, line: str, says: bool) -> None:
    assert signs_of(told(codebook, "a.txt", "fr", [*TRANSLATION, line]), False, codebook).says == says


def test_a_byline_names_the_translator_after_the_author(codebook: Codebook) -> None:
    made = told(codebook, "a.txt", "fr", TRANSLATION)
    for byline, says in (("Jane Doe, traduit par Jeanne Martin", True), ("Jeanne Martin", False)):
        assert signs_of(replace(made, report=replace(made.report, byline=byline)), False, codebook).says == says


def test_mistakes_in_translated_are_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "translated.yaml").write_text('phrases:\n  - "made of"\n  - ""\n  - "made of"\n')
    files = Files(tmp_path)
    pattern = load_translated(files, ["en"])
    assert files.mistakes == [
        "en/translated.yaml:3: expected words, found nothing",
        "en/translated.yaml:4: 'made of' stands here twice",
    ]
    assert pattern.search("It was so. Made  of words.")
    assert not pattern.search("It was Made  of words.")
    assert not pattern.search("homemade of")


# With copies


def test_a_reprint_of_the_original_adds_no_second_translation(codebook: Codebook) -> None:
    first = told(codebook, "c.txt", "en", ORIGINAL, "2024-02-01")
    reprint = told(codebook, "a.txt", "en", ORIGINAL[:4], "2024-02-03")
    second = told(codebook, "b.txt", "fr", TRANSLATION, "2024-02-02")
    origins = trace([first, reprint, second], codebook)
    assert {(o.doc, o.source, o.relation) for o in origins} == {
        ("a.txt", "c.txt", "copy"),
        ("b.txt", "c.txt", "translation"),
    }
    assert set(roots([first, reprint, second], origins, codebook).reports.values()) == {"c.txt"}


def test_a_wire_that_many_reprint_has_its_translation_all_the_same(codebook: Codebook) -> None:
    wire = told(codebook, "wire", "en", ORIGINAL, "2024-02-01")
    reprints = [replace(wire, report=replace(wire.report, doc=f"r{n:02}"), dating=Dating()) for n in range(70)]
    second = told(codebook, "b.txt", "fr", TRANSLATION, "2024-02-02")
    assert found(codebook, *reprints, second, wire) == [("b.txt", "wire")]


# Signs


def test_numbers_and_days_are_the_same_signs_in_both_languages(codebook: Codebook) -> None:
    pair = [
        ("en", ["More than 2.5 billion dollars and 60,000 tonnes of 300-kilometre cable came yesterday to Lviv."]),
        (
            "fr",
            ["Plus de 2,5 milliards de dollars et 60 000 tonnes de câble long de 300 km sont arrivés mardi à Lviv."],
        ),
    ]
    first, second = (sentences(told(codebook, x, x, text, "2024-01-31")) for x, text in pair)
    wanted = {("number", "2500000000"), ("number", "60000"), ("number", "300"), ("weekday", "1")}
    for (sentence,) in (first, second):
        assert wanted <= sentence.signs
        assert ("day", "1-30") in sentence.loose


def test_initials_end_no_sentence(codebook: Codebook) -> None:
    text = "Mr. Biden met Gen. Milley in the U.S. on Monday. They spoke of Ukraine."
    assert len(sentences(told(codebook, "a", "en", [text]))) == 2


# Whatever the texts


SIGNS: tuple[Sign, ...] = tuple(
    (sort, str(n)) for sort in ("actor", "item", "person", "place", "number") for n in range(30)
)
_said = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=7).map(frozenset)
_texts = st.lists(_said, min_size=4, max_size=14)


def made(doc: str, lang: str, said: Sequence[frozenset[Sign]], day: date = date.max) -> Text:
    lines = tuple(Sentence(Span(20 * i, 20 * i + 20), signs, frozenset()) for i, signs in enumerate(said))
    return Text(doc, lang, (2, day, day), False, "word of a sentence. " * len(said), lines)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("en", "fr", "de")), _texts), min_size=2, max_size=6), st.randoms())
def test_the_order_of_the_texts_plays_no_part(
    told: list[tuple[str, list[frozenset[Sign]]]], rng: random.Random
) -> None:
    texts = [made(str(n), lang, said) for n, (lang, said) in enumerate(told)]
    texts += [made(f"{n}t", "xx", t[1]) for n, t in enumerate(told)]
    shuffled = rng.sample(texts, len(texts))
    assert translations(shuffled, NONE, (), book()) == translations(texts, NONE, (), book())


@settings(max_examples=60, deadline=None)
@given(_texts, _texts)
def test_an_alignment_goes_forward_and_a_score_is_a_share(
    first: list[frozenset[Sign]], second: list[frozenset[Sign]]
) -> None:
    a, b = made("a", "en", first).sentences, made("b", "fr", second).sentences
    weights = rarity([a, b], book())
    beads = align(a, b, weights)
    for one, other in pairwise(beads):
        assert one.first.stop <= other.first.start
        assert one.second.stop <= other.second.start
    match = compare(a, b, weights)
    assert match is None or 0 <= match.score <= 1


def test_a_sign_of_every_sentence_does_not_pair_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of two hundred sentences that all name one country, and its translation."""
    own = [frozenset({("actor", "0"), ("number", str(1000 + n))}) for n in range(200)]
    a, b = made("a", "en", own).sentences, made("b", "fr", own[20:]).sentences
    beads: list[int] = []
    measured = align_module._bead
    monkeypatch.setattr(align_module, "_bead", lambda *args: (beads.append(1), measured(*args))[1])
    match = compare(a, b, rarity([a, b], book()))
    assert match is not None
    assert match.cover == 1
    assert len(beads) < 3 * 35 * 200


@settings(max_examples=40, deadline=None)
@given(_texts, st.data())
def test_a_cut_text_keeps_its_place_and_its_signs(said: list[frozenset[Sign]], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.integers(0, len(said) - 1), min_size=1).map(sorted))
    whole, cut = made("a", "en", said).sentences, made("b", "fr", [said[i] for i in kept]).sentences
    match = compare(whole, cut, rarity([whole, cut], book()))
    assert match is not None
    assert (round(match.alike, 9), round(match.kept, 9)) == (1, 1)
    assert match.cover == 1


def test_every_sort_of_sign_has_its_share(codebook: Codebook) -> None:
    reading = told(codebook, "a", "en", ORIGINAL, "2024-01-31")
    assert {sort for s in sentences(reading) for sort, _ in s.every} <= set(COMMON)


def test_a_crowd_about_one_event_is_found_pair_by_pair() -> None:
    rng = random.Random(5)
    common = [frozenset(rng.sample(SIGNS, 5)) for _ in range(40)]
    texts = []
    for n in range(30):
        said = [*rng.sample(common, 6), *(frozenset(rng.sample(SIGNS, 6)) for _ in range(6))]
        rng.shuffle(said)
        texts += [made(f"{n:02}", "en", said, date(2024, 1, 1)), made(f"{n:02}t", "fr", said, date(2024, 1, 2))]
    pairs = [(o.doc, o.source) for o in translations(texts, NONE, (), book())]
    assert pairs == [(f"{n:02}t", f"{n:02}") for n in range(30)]


def test_no_translation_is_seen_among_texts_that_are_none(shared: Path, codebook: Codebook) -> None:
    """French pages about one war, and English ones about the same: written apart, all of them."""
    readings: list[Reading] = []
    for lang, folder in (("fr", "press-fr"), ("en", "articles-en")):
        for path in sorted((shared / "data" / folder).glob("*.*"))[:20]:
            with suppress(PageError):
                report = clean(Page.of(path.name, path.read_text("utf-8")), codebook.furniture)
                readings.append(mark(Reading(replace(report, lang=lang)), codebook))
    assert len(readings) > 20
    assert [o for o in trace(readings, codebook) if o.relation == "translation"] == []
