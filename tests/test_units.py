"""Units: what a sentence is before it is parsed. Names, lists of names, sums and numbers become one word each."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoupe.codebook import Codebook, default_codebook
from recoupe.mark import Marker
from recoupe.model import Span
from recoupe.read.parse import split
from recoupe.read.units import Atom, Sentence, Simplifier, Word


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """A tokenizer without a model: words with their elision, and marks."""
    for m in re.finditer(r"\w+'|[\w-]+|[^\w\s]", text):
        yield m.start(), m.end(), m.group()


def plain(codebook: Codebook, lang: str, text: str) -> Sentence:
    simplifier = Simplifier(codebook.languages[lang], codebook.pieces, tokens)
    return simplifier.plain(text, Span(0, len(text)), Marker.of(codebook, lang).mentions(text))


def shown(sentence: Sentence) -> str:
    """The words that the parser sees; those that stand for names are in brackets."""
    return " ".join(f"[{w.text}]" if w.atoms else w.text for w in sentence.words)


def values(word: Word, *types: str) -> list[str]:
    return [str(m.value) for a in word.atoms for m in (a.of(*types) if types else a.mentions[:1])]


def atoms(sentence: Sentence) -> list[Atom]:
    return [a for w in sentence.words for a in w.atoms]


@pytest.mark.parametrize(
    ("lang", "text", "words", "actors"),
    [
        (
            "fr",
            "L'Allemagne, les Pays-Bas, la Roumanie et l'Espagne achèteront des engins.",
            "L' [Allemagne] achèteront des engins .",
            ["country:DE", "country:NL", "country:RO", "country:ES"],
        ),
        (
            "fr",
            "La France, l'Italie ainsi que le Royaume-Uni ont signé.",
            "La [France] ont signé .",
            ["country:FR", "country:IT", "country:GB"],
        ),
        (
            "en",
            "Germany, the Netherlands, Romania and Spain will buy goods.",
            "[Germany] will buy goods .",
            ["country:DE", "country:NL", "country:RO", "country:ES"],
        ),
        ("en", "Britain, along with Norway, agreed.", "[Britain] , agreed .", ["country:GB", "country:NO"]),
        # several words are shown as one that stands in for them
        ("fr", "Les États membres de l'UE ont signé.", "Les [France] ont signé .", ["group:eu-members"]),
        (
            "en",
            "Olaf Scholz and Emmanuel Macron met.",
            "[ministers] met .",
            ["person:olaf-scholz", "person:emmanuel-macron"],
        ),
        # members named after their group
        (
            "fr",
            "Plusieurs pays de l'OTAN, dont l'Allemagne et l'Espagne, signeront.",
            "[France] , signeront .",
            ["group:nato-allies", "country:DE", "country:ES"],
        ),
        (
            "fr",
            "Un groupe de pays, parmi lesquels la Suède et le Danemark, signera.",
            "Un [Suède] , signera .",
            ["country:SE", "country:DK"],
        ),
        (
            "en",
            "Several NATO countries, including Germany and Spain, will sign.",
            "[Germany] , will sign .",
            ["group:nato-allies", "country:DE", "country:ES"],
        ),
        ("en", "Members of the coalition, among them Sweden, agreed.", "[Sweden] , agreed .", ["country:SE"]),
        # the number of a group's members is no count of its own
        ("fr", "Les 32 pays de l'OTAN ont signé.", "Les [France] ont signé .", ["group:nato-allies"]),
        # no list
        ("fr", "À Paris, Kiev a signé.", "À [Paris] , [Kiev] a signé .", ["country:FR", "country:UA"]),
        ("en", "In Paris, Kyiv signed.", "In [Paris] , [Kyiv] signed .", ["country:FR", "country:UA"]),
    ],
)
def test_lists_of_names_become_one_word(
    codebook: Codebook, lang: str, text: str, words: str, actors: list[str]
) -> None:
    sentence = plain(codebook, lang, text)
    assert shown(sentence) == words
    assert [str(a.of("person", "actor")[0].value) for a in atoms(sentence)] == actors


@pytest.mark.xfail(
    strict=True, raises=AssertionError, reason="an office beside the first adjective of a list takes it out of the list"
)
@pytest.mark.parametrize(
    ("lang", "text", "words"),
    [
        ("fr", "Les ministres français, allemand et polonais ont signé.", "Les [France] ont signé ."),
        ("en", "French, German and Polish ministers signed.", "[Germany] signed ."),
    ],
)
def test_offices_of_several_states_become_one_word(codebook: Codebook, lang: str, text: str, words: str) -> None:
    assert shown(plain(codebook, lang, text)) == words


@pytest.mark.parametrize(
    ("lang", "text", "words", "items"),
    [
        (
            "fr",
            "Berlin livrera jusqu'à 800 missiles Taurus.",
            "[Berlin] livrera [missiles] .",
            [("taurus", "<=800", False)],
        ),
        (
            "fr",
            "Berlin livrera 14 chars Leopard 2 et 40 nouveaux véhicules Marder.",
            "[Berlin] livrera [chars] .",
            [("leopard-2", "14", False), ("marder", "40", False)],
        ),
        (
            "fr",
            "Berlin livrera quatre autres systèmes Iris-T, 30 000 obus, des drones et trois Gepard.",
            "[Berlin] livrera [systèmes] .",
            [
                ("iris-t", "4", False),
                ("artillery-shell", "30000", False),
                ("drone", "None", False),
                ("gepard", "3", False),
            ],
        ),
        ("fr", "Kiev a reçu un système S-300.", "[Kiev] a reçu un [système] .", [("s-300", "None", True)]),
        ("fr", "Kiev a reçu son seul système S-300.", "[Kiev] a reçu son seul [système] .", [("s-300", "None", True)]),
        ("fr", "Kiev a reçu un missile.", "[Kiev] a reçu un [missile] .", [("missile", "None", False)]),
        ("fr", "Des dizaines de drones volaient.", "[drones] volaient .", [("drone", ">=20", False)]),
        (
            "en",
            "Germany will send 14 Leopard 2 tanks and 40 more Marder vehicles.",
            "[Germany] will send [tanks] .",
            [("leopard-2", "14", False), ("marder", "40", False)],
        ),
        (
            "en",
            "Russia fired 99 missiles, 35 Shahed drones and bombs.",
            "[Russia] fired [missiles] .",
            [("missile", "99", False), ("shahed", "35", False), ("bomb", "None", False)],
        ),
        (
            "en",
            "Slovakia sent its only S-300 system.",
            "[Slovakia] sent its only [system] .",
            [("s-300", "None", True)],
        ),
        ("en", "Slovakia sent an S-300.", "[Slovakia] sent an [S-300] .", [("s-300", "None", True)]),
        ("en", "Slovakia sent tanks. ", "[Slovakia] sent [tanks] .", [("tank", "None", False)]),
    ],
)
def test_counts_join_what_they_count(
    codebook: Codebook, lang: str, text: str, words: str, items: list[tuple[str, str, bool]]
) -> None:
    sentence = plain(codebook, lang, text)
    assert shown(sentence) == words
    found = [(str(a.of("item")[0].value), str(a.count), a.single) for a in atoms(sentence) if a.of("item")]
    assert found == items


@pytest.mark.parametrize(
    ("lang", "text", "words"),
    [
        (
            "fr",
            "L'OTAN a promis 5,5 milliards de dollars (5 milliards d'euros) à Kiev.",
            "L' [OTAN] a promis [euros] à [Kiev] .",
        ),
        ("en", "NATO pledged $5.5 billion (€5bn) to Kyiv.", "[NATO] pledged [dollars] to [Kyiv] ."),
    ],
)
def test_the_same_sum_in_brackets_is_kept_beside_the_first(
    codebook: Codebook, lang: str, text: str, words: str
) -> None:
    sentence = plain(codebook, lang, text)
    assert shown(sentence) == words
    (money,) = [a for a in atoms(sentence) if a.of("amount")]
    assert [str(m.value) for m in money.of("amount")] == ["5.5e9 USD"]
    assert [str(v) for v in money.also] == ["5e9 EUR"]
    assert [str(a.mentions[0].value) for a in sentence.asides] == ["5e9 EUR"]


@pytest.mark.parametrize(
    ("lang", "text", "words"),
    [
        ("fr", "« Nous (photo) *tiendrons* », a dit **Paris**.", "Nous tiendrons , a dit [Paris] ."),
        ("en", "“We [sic] will hold,” #Paris said.", "We will hold , [Paris] said ."),
        ("fr", "L’armée n’a rien dit.", "L' armée n' a rien dit ."),
        ("en", "", ""),
    ],
)
def test_marks_and_brackets_are_not_shown(codebook: Codebook, lang: str, text: str, words: str) -> None:
    assert shown(plain(codebook, lang, text)) == words


PIECES = [
    *(
        "L'Allemagne",
        "les Pays-Bas",
        "et",
        ",",
        "dont",
        "1 000",
        "missiles",
        "un",
        "S-300",
        "(",
        ")",
        "«",
        "»",
        "Macron",
    ),
    *(
        "5 milliards d'euros",
        "mardi",
        "à Kiev",
        "a livré",
        "plusieurs",
        "pays de l'OTAN",
        "ministre",
        "français",
        "autres",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=16))
def test_words_stand_in_order_and_hold_their_atoms(pieces: list[str]) -> None:
    text = " ".join(pieces)
    sentence = plain(default_codebook(), "fr", text)
    at = 0
    for word in sentence.words:
        assert at <= word.span.start < word.span.end <= len(text)
        at = word.span.end
        assert word.text
        for atom in word.atoms:
            assert word.span.holds(atom.span)
            assert all(atom.span.holds(m.span) for m in atom.mentions)
    named = {a.span for a in (*atoms(sentence), *sentence.asides)}
    assert len(named) == len(atoms(sentence)) + len(sentence.asides)


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fr", "Kiev attend. Berlin hésite.", ["Kiev attend.", "Berlin hésite."]),
        ("fr", "Kiev attend ! Et Berlin ? Oui…", ["Kiev attend !", "Et Berlin ?", "Oui…"]),
        ("fr", "M. Scholz a vu Mme. Kallas. Bien.", ["M. Scholz a vu Mme. Kallas.", "Bien."]),
        ("fr", "«Nous tenons.» Kiev attend.", ["«Nous tenons.»", "Kiev attend."]),
        pytest.param(
            "fr",
            "« Nous tenons. » Kiev attend.",
            ["« Nous tenons. »", "Kiev attend."],
            marks=pytest.mark.xfail(
                strict=True, raises=AssertionError, reason="a blank before the closing mark joins two sentences"
            ),
        ),
        ("fr", "Un titre\n\nUn corps", ["Un titre", "Un corps"]),
        ("fr", "Il pèse 3.5 tonnes. Bien.", ["Il pèse 3.5 tonnes.", "Bien."]),
        ("en", "The U.S. Army met Gen. Smith. It left.", ["The U.S. Army met Gen. Smith.", "It left."]),
        ("en", 'He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("en", "On Jan. 3 they met. e.g. in Paris", ["On Jan. 3 they met. e.g. in Paris"]),
        ("en", "  \n ", []),
    ],
)
def test_sentences(codebook: Codebook, lang: str, text: str, expected: list[str]) -> None:
    spans = split(text, Span(0, len(text)), codebook.languages[lang].grammar)
    assert [text[s.start : s.end] for s in spans] == expected
