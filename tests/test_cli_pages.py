"""The commands that give back pages and reports, over pages in HTML and in languages that nothing reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from clean_pages import ENGLISH_BODY, FRENCH_BODY
from recoupe import cli, pipeline
from recoupe.clean import clean
from recoupe.clean.site import without
from recoupe.codebook import Codebook, default_codebook
from recoupe.date import date_report
from recoupe.ledger import create_ledger
from recoupe.model import Page, Reading
from test_clean_html import ADDRESS, PAGE

RUSSIAN = (
    "Министр обороны объявил вчера, что страна отправит Украине батарею ракет в ближайшие недели. Решение было принято "
    "после встречи с союзниками в Брюсселе, где говорили о противовоздушной обороне и о поставках снарядов."
)


def cleaned_and_dated(
    page: Page, codebook: Codebook, furniture: frozenset[str] = frozenset(), *more: object
) -> Reading:
    return date_report(Reading(without(clean(page, codebook.furniture), furniture)), page, codebook)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pipeline, "read_page", cleaned_and_dated)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "norway.html").write_bytes(PAGE.encode())
    (pages / "norway.meta.json").write_text(json.dumps({"url": ADDRESS}))
    (pages / "dutch.txt").write_bytes("\r\n\r\n".join(ENGLISH_BODY).encode("utf-16"))
    (pages / "russian.txt").write_text(RUSSIAN, encoding="utf-8")
    return pages


@pytest.fixture
def db(folder: Path, tmp_path: Path) -> str:
    path = str(tmp_path / "p.db")
    assert run("read", str(folder), "--into", path, "--jobs", "1").exit_code == 0
    return path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, list(args))


def test_reports_are_exported_one_a_line(db: str, tmp_path: Path) -> None:
    out = tmp_path / "reports.jsonl"
    assert run("export", "reports", db, "--out", str(out)).exit_code == 0
    dutch, norway, russian = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert norway["doc"] == "norway.html"
    assert norway["url"] == ADDRESS
    assert norway["outlet"] == "gazette.example"
    assert norway["title"] == "La Norvège promet trente blindés à l'Ukraine"
    assert norway["text"].split("\n\n") == [*FRENCH_BODY[:2], "La formation des équipages", *FRENCH_BODY[2:]]
    assert norway["text_start"] == len(norway["title"]) + 2
    assert (norway["lang"], norway["published"], norway["byline"]) == ("fr", "2024-06-03", "Anne Martin")
    assert norway["dropped"]["menu"] == 2
    assert (dutch["title"], dutch["url"], dutch["published"]) == (None, None, None)
    assert dutch["text"] == "\n\n".join(ENGLISH_BODY)
    assert russian["lang"] == "ru"


def test_pages_come_back_byte_for_byte(db: str, folder: Path, tmp_path: Path) -> None:
    for doc in ("norway.html", "dutch.txt", "russian.txt"):
        out = tmp_path / "page"
        assert run("page", db, doc, "--out", str(out)).exit_code == 0
        assert out.read_bytes() == (folder / doc).read_bytes()
    assert run("page", db, "norw").stdout_bytes == PAGE.encode()


def test_page_of_no_report_is_told(db: str) -> None:
    result = run("page", db, "sweden")
    assert result.exit_code == 1
    assert result.stderr == "recoupe: sweden: no report of that name in the ledger\n"


def test_what_is_left_out_of_a_page_in_html_is_listed(db: str) -> None:
    lines = run("show", db, "norway", "--dropped").stdout.splitlines()
    number = PAGE.split("\n").index(next(line for line in PAGE.split("\n") if "Accueil" in line)) + 1
    assert f"norway.html:{number}  menu  Accueil" in lines


def test_reports_that_nothing_reads_are_kept_and_counted(folder: Path, tmp_path: Path) -> None:
    result = run("read", str(folder), "--into", str(tmp_path / "x.db"), "--jobs", "1")
    assert "3 pages: 3 new reports, 0 known already" in result.stdout
    assert "kept but not read, for want of a reader of their language: 1 × ru" in result.stdout


def test_an_interrupted_run_keeps_what_it_read_and_the_next_one_goes_on(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "i.db"

    def interrupt(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with create_ledger(path) as ledger, pytest.raises(KeyboardInterrupt):
        pipeline.fill(ledger, pipeline.from_files(folder), default_codebook(), pipeline.Work(1, 1, interrupt))
    told = run("export", "claims", str(path), "--out", "-")
    assert "a run was interrupted before its reports were checked against the others" in told.stderr
    assert len(told.stdout.splitlines()) == 1
    result = run("read", str(folder), "--into", str(path), "--jobs", "1")
    assert "3 pages: 2 new reports, 1 known already" in result.stdout
    assert run("export", "claims", str(path), "--out", "-").stderr == ""


def test_a_page_that_kills_its_process_is_a_problem_and_the_others_are_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pooled(readers: pipeline.Readers, tasks: Sequence[pipeline.Task], jobs: int, chunk: int) -> Iterator[object]:
        for task in tasks:
            if task.page.doc == "norway.html":
                raise BrokenProcessPool
            yield cleaned_and_dated(task.page, default_codebook())

    monkeypatch.setattr(pipeline, "FEW", 1)
    monkeypatch.setattr(pipeline.Readers, "_pooled", pooled)
    with create_ledger(tmp_path / "k.db") as ledger:
        done = pipeline.fill(ledger, pipeline.from_files(folder), default_codebook(), pipeline.Work(jobs=2))
    assert [r.report.doc for r in done.readings] == ["dutch.txt", "russian.txt"]
    assert [str(p) for p in done.problems] == [
        "Problem(doc='norway.html', reason='the process that read it died (out of memory?)')"
    ]


def test_a_share_ends_where_its_pages_are_large() -> None:
    pages = [Page("x", b"x" * 20_000_000)] * 3 + [Page("y", b"y")] * 5
    assert [len(share) for share in pipeline._shares(pages, 3)] == [2, 3, 3]
