"""The pages in `examples/`: their ledger as a whole (golden), and what must hold of it however the reader is tuned."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import unified_diff
from pathlib import Path

import pytest

from golden.make import EXAMPLES, GOLDEN, ORIGINS, README, golden, page, run_in, shown
from recoupe import pipeline
from recoupe.codebook import Codebook
from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.load import find_pages
from recoupe.model import OR, Claim, Entry, Evidence, Origin, Page, Reading
from recoupe.publish.claims import claim_lines
from recoupe.publish.entries import entries_json
from recoupe.trace import roots
from recoupe.values import When

# Lines of each page that are its article: title, lead, crossheads and paragraphs. All the others are furniture.
ARTICLE = {
    "01-patriot-wire.txt": "7 16-30",
    "02-patriot-reprint.txt": "7 8 12-14 19-23 27-29",
    "03-patriot-traduction.txt": "8 16-26 30-32",
    "04-kyiv-kharkiv-premier-bilan.txt": "6 14-24",
    "05-kyiv-kharkiv-toll.txt": "5 12-22",
    "06-conseil-10-janvier.txt": "8 13-21",
    "07-council-10-january.txt": "7 9-19",
    "08-conseil-28-aout.txt": "9 19-27",
    "09-dnipro-live.txt": "3 14-16 21 26-28 33 38-42",
    "10-conseil-26-novembre-une-ligne.txt": "1",  # a page of one line: OUTSIDE says what of it is furniture
    "11-slovaquie-traduction-machine.txt": "4 8-16 21-23",
    "12-brussels-ministers-2022.md": "15 22-28 33-35",
    "13-slovakia-patriot.txt": "7 15-25",
    "14-sommet-washington.md": "12 18-22 26-30",
    "15-us-law-crlf.txt": "8 12-24",
    "16-facilite-50-milliards-latin1.txt": "7 11-19",
    "17-munitions-tcheques.txt": "5 7 11-19",
    "18-f16-pledges.txt": "1 3 4 10-16 20-24",
    "19-ramstein-septembre.txt": "8 13-23",
    "20-interflex.txt": "4 11-21",
    "21-formation-sans-date.txt": "4 11-19",
    "22-us-725-million.txt": "5 9-19",
    "23-iris-t-2022.txt": "5 12-20",
    "24-lake-race.txt": "5 12-22",
    "25-slovaquie-mig.html": "19 22-23 25-27",
    "26-madrid-leopard.txt": "4 11-21",
    "27-madrid-translation.txt": "4 11-19",
    "28-belgium-f16.txt": "4 11-21",
    "29-belgique-f16.txt": "4 11-21",
    "30-patriot-orders.txt": "5 9-13",
}
# Words of a page between which, the first and the last of them with it, nothing is the article's.
OUTSIDE = {
    "10-conseil-26-novembre-une-ligne.txt": (
        ("Accueil", "Se connecter"),
        ("Lecture 3 min", "Épingler"),
        ("ÉCRIT PAR", "Mentions légales"),
    ),
}
NOTHING = "24-lake-race.txt"

# What is not yet so, and why; the tests are strict, so that they tell when it is.
NOT_DATED = {
    "13-slovakia-patriot.txt": "no clue but the day of fetching and who was in office",
    "15-us-law-crlf.txt": "the masthead's day above the title bounds it on one side",
    "19-ramstein-septembre.txt": "the day above the title bounds it on one side, the labelled hour is not used",
}

Docs = Mapping[str, Reading]


@dataclass(frozen=True)
class Told:
    """What a ledger holds."""

    golden: str
    readings: Docs
    origins: tuple[Origin, ...]
    entries: tuple[Entry, ...]
    export: str

    def claim(self, ref: str) -> Claim:
        """The claim `doc#number`."""
        doc, _, number = ref.rpartition("#")
        return self.readings[doc].claims[int(number) - 1]


def told(ledger: Ledger, codebook: Codebook) -> Told:
    """What `ledger` holds; `export` is all that the program exports of it."""
    readings, origins, entries = ledger.readings(), ledger.origins(), ledger.entries()
    export = "\n".join([*claim_lines(readings, origins, codebook), entries_json(entries, codebook)])
    return Told(golden(ledger), {r.report.doc: r for r in readings}, tuple(origins), tuple(entries), export)


@pytest.fixture(scope="session")
def examples(example_db: Path, codebook: Codebook) -> Told:
    with open_ledger(example_db) as ledger:
        return told(ledger, codebook)


@pytest.fixture(scope="session")
def pages() -> dict[str, Page]:
    return {p.doc: p for p in find_pages([EXAMPLES], lambda problem: None)}


def not_yet(reasons: Mapping[str, str], docs: Iterable[str]) -> list[object]:
    """Parameters, those that have a reason as strict expected failures."""
    return [
        pytest.param(d, marks=pytest.mark.xfail(strict=True, reason=reasons[d])) if d in reasons else d for d in docs
    ]


def read(into: Path, codebook: Codebook, *runs: Iterable[Path]) -> Told:
    """The ledger of pages read in several runs."""
    with create_ledger(into) as ledger:
        for paths in runs:
            pipeline.fill(ledger, pipeline.from_files(*paths), codebook)
        return told(ledger, codebook)


# The whole ledger


def test_the_ledger_is_the_golden_one(examples: Told) -> None:
    kept = GOLDEN.read_text(encoding="utf-8")
    changes = "\n".join(
        unified_diff(kept.splitlines(), examples.golden.splitlines(), "golden", "now", lineterm="", n=0)
    )
    assert not changes, (
        f"the examples read otherwise than before:\n{changes}\n"
        "Where that is as it should be: python tests/golden/make.py (or make golden); then see git diff tests/golden"
    )


def test_the_page_on_origins_shows_what_the_commands_print(example_db: Path, codebook: Codebook) -> None:
    page = ORIGINS.read_text(encoding="utf-8")
    with open_ledger(example_db) as ledger:
        assert page == shown(page, ledger, codebook), "run make golden, then see git diff docs"


def test_the_readme_shows_what_the_commands_print(example_db: Path) -> None:
    page = README.read_text(encoding="utf-8")
    assert "$ recoupe show" in page
    assert page == run_in(page, example_db), "run make golden, then see git diff README.md"


def test_every_page_is_read(examples: Told, pages: Mapping[str, Page]) -> None:
    assert set(examples.readings) == set(pages) == set(ARTICLE)


# The same pages, the same ledger


def test_the_order_of_the_pages_plays_no_part(
    examples: Told, codebook: Codebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def backwards(*args: object, **more: object) -> Iterator[Page]:
        return reversed(list(find_pages(*args, **more)))  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "find_pages", backwards)
    assert read(tmp_path / "x.db", codebook, [EXAMPLES]).export == examples.export


def test_several_runs_make_the_same_ledger(examples: Told, codebook: Codebook, tmp_path: Path) -> None:
    files = [EXAMPLES / doc for doc in sorted(ARTICLE)]
    assert read(tmp_path / "x.db", codebook, files[1::2], files[::2]).export == examples.export


def test_two_processes_make_the_same_ledger(examples: Told, codebook: Codebook, tmp_path: Path) -> None:
    db = tmp_path / "x.db"
    command = [str(Path(sys.executable).with_name("recoupe")), "read", str(EXAMPLES), "--into", str(db), "--jobs", "2"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    with open_ledger(db) as ledger:
        assert told(ledger, codebook).export == examples.export


def test_reading_again_adds_nothing(examples: Told, example_db: Path, codebook: Codebook) -> None:
    with create_ledger(example_db) as ledger:
        run = pipeline.fill(ledger, pipeline.from_files(EXAMPLES), codebook)
        assert (run.readings, run.known) == ((), len(ARTICLE))
        assert (run.change.new, run.change.superseded) == (0, 0)
        assert told(ledger, codebook).export == examples.export


# No words, no claim


def evidence(reading: Reading) -> Iterator[Evidence]:
    """All words that a reading's claims and quotations rest on."""
    for claim in reading.claims:
        yield from claim.evidence
        yield from (cell.words for cell in claim.cells if cell.words is not None)
        if claim.time_words is not None:
            yield claim.time_words
    for quote in reading.quotes:
        yield from quote.parts


def at(reading: Reading, words: Evidence) -> range:
    """Where words of a report stand in its page."""
    return range(reading.report.to_page(words.start), reading.report.to_page(words.end - 1) + 1)


def article(doc: str, text: str) -> list[range]:
    """The runs of a page's text that are its article."""
    starts = [0, *(m.end() for m in re.finditer("\n", text)), len(text) + 1]
    lines = [part.partition("-") for part in ARTICLE[doc].split()]
    return [range(starts[int(a) - 1], starts[int(b or a)]) for a, _, b in lines]


def furniture(doc: str, text: str) -> Iterator[range]:
    for first, last in OUTSIDE.get(doc, ()):
        yield range(text.index(first), text.index(last) + len(last))


@pytest.mark.parametrize("doc", ARTICLE)
def test_nothing_rests_on_words_outside_the_article(doc: str, examples: Told, pages: Mapping[str, Page]) -> None:
    text = pages[doc].text
    inside, outside = article(doc, text), list(furniture(doc, text))
    for words in evidence(examples.readings[doc]):
        where = at(examples.readings[doc], words)
        assert any(where[0] in run and where[-1] in run for run in inside), words.text
        assert not any(run.start < where.stop and where.start < run.stop for run in outside), words.text


def test_each_page_has_furniture_that_is_not_its_article(pages: Mapping[str, Page]) -> None:
    """The tables above are no wider than they should be."""
    for doc, p in pages.items():
        outside = sum(map(len, furniture(doc, p.text)))
        assert sum(map(len, article(doc, p.text))) - outside < len(p.text) - 100, doc


def test_all_words_are_the_reports_own(examples: Told, pages: Mapping[str, Page]) -> None:
    for doc, reading in examples.readings.items():
        report = reading.report
        for words in evidence(reading):
            words.check(report.text)
            for i in range(words.start, words.end):
                said, on_page = report.text[i], pages[doc].text[report.to_page(i)]
                reference = pages[doc].form == "html" and on_page == "&"
                assert said == on_page or said.isspace() or reference, (doc, words.text, said, on_page)


def test_every_claim_has_words_and_is_in_one_entry(examples: Told) -> None:
    assert all(claim.evidence for reading in examples.readings.values() for claim in reading.claims)
    claims = {f"{doc}#{n}" for doc, r in examples.readings.items() for n in range(1, len(r.claims) + 1)}
    assert sorted(ref for entry in examples.entries for ref in entry.claims) == sorted(claims)


def test_a_page_with_nothing_for_the_ledger_has_no_entry(examples: Told) -> None:
    assert examples.readings[NOTHING].claims == ()
    assert examples.readings[NOTHING].report.text


# Dates


def about() -> dict[str, tuple[str, When]]:
    """What `ABOUT.rst` says of each page: its language, and when it was published."""
    rows = re.findall(
        r"^(\d\d-\S+) +(en|fr) +(\d{4}-\d\d-\d\d)(?:/(\d\d-)?(\d\d))? ",
        (EXAMPLES / "ABOUT.rst").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {
        doc: (lang, When.parse(f"{day}/{day[:5]}{month or day[5:8]}{last}" if last else day))
        for doc, lang, day, month, last in rows
    }


ABOUT = about()


def test_about_tells_of_every_page() -> None:
    assert set(ABOUT) == set(ARTICLE)
    assert ABOUT["21-formation-sans-date.txt"][1] == When.parse("2024-07-09/2024-09-30")
    assert ABOUT["07-council-10-january.txt"][1] == When.parse("2024-01-10/2024-01-11")


def ends(when: When | None) -> tuple[date, date]:
    """The first and the last day of an interval; what is open or not known reaches as far as dates do."""
    return (when and when.first) or date.min, (when and when.last) or date.max


@pytest.mark.parametrize("doc", ARTICLE)
def test_no_date_is_wrong(doc: str, examples: Told) -> None:
    reading, (lang, true) = examples.readings[doc], ABOUT[doc]
    assert reading.report.lang == lang
    assert reading.dating.when is not None
    assert reading.dating.when.agrees(true)
    assert reading.dating.reasons


@pytest.mark.parametrize("doc", not_yet(NOT_DATED, ARTICLE))
def test_dates_are_no_wider_than_the_page_leaves_them(doc: str, examples: Told) -> None:
    """A page with a day of its own: that day, give or take one. One without: what its clues leave, and a fortnight."""
    first, last = ends(ABOUT[doc][1])
    slack = timedelta(days=1 if last - first < timedelta(days=2) else 14)
    low, high = ends(examples.readings[doc].dating.when)
    assert first - slack <= low
    assert high <= last + slack


# Copies and contradictions


def origin_of(examples: Told, codebook: Codebook) -> dict[str, str]:
    found = roots(examples.readings.values(), examples.origins, codebook)
    return {page(doc): origin for doc, origin in found.reports.items()}


def test_a_wire_and_its_reprint_are_one_origin(examples: Told, codebook: Codebook) -> None:
    origins = origin_of(examples, codebook)
    assert origins["01"] == origins["02"] == "ap"
    assert any(page(o.doc) == "02" and page(o.source) == "01" and o.relation == "copy" for o in examples.origins)


def test_a_translation_that_credits_the_wire_is_no_further_origin(examples: Told, codebook: Codebook) -> None:
    origins = origin_of(examples, codebook)
    assert origins["03"] == origins["01"]


def test_the_translations_among_the_examples(examples: Told) -> None:
    found = {(page(o.doc), page(o.source)) for o in examples.origins if o.relation == "translation"}
    assert found == {("03", "01"), ("27", "26")}


def test_reports_written_apart_are_origins_of_their_own(examples: Told, codebook: Codebook) -> None:
    origins = origin_of(examples, codebook)
    for one, other in (("04", "05"), ("06", "07"), ("11", "13"), ("01", "05"), ("28", "29")):
        assert origins[one] != origins[other]


def test_no_entry_counts_an_origin_twice(examples: Told, codebook: Codebook) -> None:
    origins = origin_of(examples, codebook)
    for entry in examples.entries:
        claims = [examples.claim(ref) for ref in entry.claims]
        speakers = {actor for claim in claims for actor in claim.attribution}
        own = {page(part) for ref in entry.claims for part in origins[page(ref).partition("#")[0]].split(OR)}
        assert {page(origin) for origin in entry.origins} <= own | speakers, entry
        assert 1 <= len(set(entry.origins)) == len(entry.origins) <= len(claims)


def test_named_sources_are_found(examples: Told) -> None:
    named = {(page(o.doc), o.source) for o in examples.origins if o.relation == "named"}
    assert {("01", "ap"), ("07", "reuters"), ("11", "tass"), ("14", "afp"), ("23", "afp")} <= named


def test_a_toll_that_a_later_report_raises_is_no_contradiction(examples: Told) -> None:
    (raid,) = (e for e in examples.entries if e.kind == "attack" and e.time == "2024-01-02")
    assert dict(raid.roles)["killed"] == ("5",)
    assert not [c for c in raid.conflicts if c.field in ("killed", "injured")]


def test_what_was_ordered_and_for_whom_is_contested(examples: Told) -> None:
    (order,) = (e for e in examples.entries if e.kind == "purchase" and any("30-" in ref for ref in e.claims))
    assert {ref[:2] for ref in order.claims} == {"01", "02", "03", "30"}
    sides = {c.field: {side.value: {ref[:2] for ref in side.claims} for side in c.sides} for c in order.conflicts}
    reprints = {"01", "02", "03"}
    assert sides == {
        "item": {"patriot": {"30"}, "patriot-missile": reprints},
        "beneficiary": {"country:UA": {"30"}, "buyer": reprints},
    }
    assert len(order.origins) == 2
