"""`recoupe show --why`: by which words and rules each claim says what it says. What docs/why.md shows is printed."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from recoupe.cli import app
from recoupe.cli.claims import Why
from recoupe.cli.show import show
from recoupe.codebook import Codebook
from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.ledger.codec import dumps, loads
from recoupe.mark import mark
from recoupe.model import Reading
from recoupe.pipeline import fill, from_files
from recoupe.read import read_all
from synthetic import Fact, page_of, reading

DOCS = (Path(__file__).parents[1] / "docs" / "why.md").read_text("utf-8")
PAGES = dict(zip(("harbour.txt", "port.txt"), re.findall("```text\n(.*?)```", DOCS, re.DOTALL), strict=True))
PRINTED = dict(zip(PAGES, re.findall("```console\n(.*?)```", DOCS, re.DOTALL), strict=True))


def shown(db: Path, *wanted: str) -> str:
    done = CliRunner().invoke(app, ["show", str(db), *wanted, "--why"])
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def db(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("why")
    (folder / "pages").mkdir()
    for name, text in PAGES.items():
        (folder / "pages" / name).write_text(text, "utf-8")
    with create_ledger(folder / "my.db") as ledger:
        fill(ledger, from_files(folder / "pages"), codebook)
    return folder / "my.db"


@pytest.fixture
def ledger(db: Path) -> Ledger:
    return open_ledger(db)


def grounds(reading: Reading, number: int) -> list[tuple[str, str, str]]:
    """What the claim of a number rests on: field, rule, words."""
    return [(g.of, g.rule, g.words.text if g.words else "") for g in reading.claims[number - 1].grounds]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_of_the_docs(name: str, db: Path) -> None:
    assert shown(db, name) == PRINTED[name]


def test_a_claim_and_an_entry_say_why_too(db: Path) -> None:
    claim = shown(db, "harbour.txt#2")
    assert "[donor: Denmark] has not [delivery: delivered] any [item: tanks]" in claim
    entry = re.findall(r"entry +(\w+)", PRINTED["harbour.txt"])[1]
    of_entry = shown(db, entry)
    for doc in PAGES:
        assert f"delivery, denied  {doc}#2" in of_entry
    assert "status       “a livré aucun” (denied, by its form)" in of_entry


def test_what_a_claim_rests_on_is_kept_in_the_ledger(ledger: Ledger) -> None:
    english, french = ledger.readings()
    assert grounds(english, 1)[:3] == [
        ("kind", "give:send, promised", "send"),
        ("mood", "promise:promise", "promised"),
        ("status", "done, as give has it when promised", ""),
    ]
    assert grounds(french, 1)[0] == ("kind", "give:livrer, planned", "livrerons")
    for one in (english, french):
        for ground in (g for claim in one.claims for g in claim.grounds if g.words):
            ground.words.check(one.report.text)


def test_each_claim_names_the_words_that_tell_it(ledger: Ledger) -> None:
    for one in ledger.readings():
        assert one.claims
        for claim in one.claims:
            assert claim.grounds[0].of == "kind"
            assert claim.grounds[0].words is not None
            assert claim.rule.startswith(claim.grounds[0].rule.partition(",")[0])
            assert {g.of for g in claim.grounds} >= {"kind", "status"}
            assert ("attribution" in {g.of for g in claim.grounds}) == bool(claim.attribution)
            assert ("time" in {g.of for g in claim.grounds}) == (claim.time_words is not None)


def test_reading_again_tells_the_same(ledger: Ledger, codebook: Codebook) -> None:
    for one in ledger.readings():
        again, left = read_all(one, codebook)
        assert again.claims == one.claims
        assert [x.words for x in left] == sorted(x.words for x in left)
        for drop in left:
            drop.words.check(one.report.text)


@pytest.mark.parametrize(
    ("lang", "text", "words", "reason"),
    [
        ("en", "Norway often sends shells to Ukraine.", "sends", "a habit"),
        ("en", "The weapons arrive by train.", "arrive", "needs agent or recipient or theme with its number"),
        ("fr", "La Norvège envoie souvent des obus à l'Ukraine.", "envoie", "a habit"),
        ("fr", "Les armes arrivent par le train.", "arrivent", "needs agent or recipient or theme with its number"),
    ],
)
def test_what_tells_no_claim_says_why(lang: str, text: str, words: str, reason: str, codebook: Codebook) -> None:
    made = mark(reading("a.txt", ["News", text], lang=lang), codebook)
    again, left = read_all(made, codebook)
    assert again.claims == ()
    assert [(x.words.text, x.reason) for x in left if x.words.text == words] == [(words, reason)]


def test_claims_of_older_ledgers_show_their_rule_and_that_they_are_read_otherwise_now(
    tmp_path: Path, codebook: Codebook
) -> None:
    fact = Fact("attack", {"attacker": ["country:RU"], "place": ["place:kyiv"]}, "Missiles fell on Kyiv")
    made = reading("one.txt", ["Night", "Missiles fell on Kyiv on Tuesday."], [fact])
    assert '"grounds"' not in dumps(made)
    assert loads(Reading, dumps(made)).claims == made.claims
    with create_ledger(tmp_path / "my.db") as ledger, ledger.batch() as batch:
        batch.add(page_of(made), made)
        batch.settle([], [])
    lines = shown(tmp_path / "my.db", "one.txt#1").splitlines()
    assert "  kind         attack: by hand" in lines
    assert "  [attacker, place: Missiles fell on Kyiv] on Tuesday." in lines
    (but,) = (line for line in lines if line.startswith("  but "))
    assert "read again, this report tells other claims" in but


def test_grounds_that_a_ledger_does_not_have_are_found_by_reading_again(
    ledger: Ledger, tmp_path: Path, codebook: Codebook
) -> None:
    (older, _) = ledger.readings()
    older = replace(older, claims=tuple(replace(claim, grounds=()) for claim in older.claims))
    with create_ledger(tmp_path / "my.db") as made, made.batch() as batch:
        batch.add(page_of(older), older)
        batch.settle([], [])
    now, then = (shown(tmp_path / "my.db", "harbour.txt"), PRINTED["harbour.txt"])
    assert re.sub("entry .*", "", now) == re.sub("entry .*", "", then)


def test_on_a_terminal_the_marks_are_styles(ledger: Ledger, codebook: Codebook) -> None:
    screen = Console(force_terminal=True, width=200, record=True, file=io.StringIO())
    show(screen, ledger, "harbour.txt#2", why=Why(codebook))
    plain = screen.export_text(clear=False)
    assert "Denmark has not delivered any tanks to Kyiv." in plain
    styled = screen.export_text(styles=True)
    assert re.search(r"\x1b\[1;33mDenmark\x1b\[0m has not \x1b\[1;4mdelivered\x1b\[0m", styled)
    assert re.search(r"\x1b\[1;33m  donor", styled)
