"""Load: rows of JSON, CSV and Parquet."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from load_files import FEW, FRENCH, HTML, check_sound, damaged, read_all, read_bytes
from recoupe.errors import ColumnError
from recoupe.load import Columns, Limits, Problem, find_pages
from recoupe.load.columns import KNOWN
from recoupe.model import Page

ROWS: list[dict[str, Any]] = [
    {"id": "x1", "url": "https://gazette.example.org/1", "html": HTML, "pubDate": "2026-01-05", "words": 7},
    {"id": "x2", "url": "https://gazette.example.org/2", "text": FRENCH, "headline": "Livraison", "tags": ["a"]},
]
FACTS = [
    {"date": "2026-01-05", "id": "x1", "url": "https://gazette.example.org/1", "words": "7"},
    {"id": "x2", "title": "Livraison", "url": "https://gazette.example.org/2"},
]


def jsonl(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def table(*rows: list[str], delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def parquet(path: Path, query: str) -> Path:
    duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def check_rows(name: str, pages: list[Page]) -> None:
    assert [(p.doc, p.form, p.text) for p in pages] == [(f"{name}/x1", "html", HTML), (f"{name}/x2", "text", FRENCH)]
    assert [dict(p.meta) for p in pages] == FACTS


@pytest.mark.parametrize(
    "packing", [("", bytes), (".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)]
)
def test_jsonl(packing: Any) -> None:
    name = "a.jsonl" + packing[0]
    pages, problems = read_bytes(name, packing[1](jsonl(*ROWS)))
    check_rows(name, pages)
    assert not problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("indent", [None, 2])
def test_list_of_json_objects(encoding: str, indent: int | None) -> None:
    pages, problems = read_bytes("a.json", json.dumps(ROWS, indent=indent, ensure_ascii=False).encode(encoding))
    check_rows("a.json", pages)
    assert not problems


def test_strings_of_a_list_may_hold_anything_and_be_cut_anywhere() -> None:
    texts = [FRENCH + '\\"]},{["' * number + "\\" * (number % 5) for number in range(1, 900, 7)]
    pages, problems = read_bytes("a.json", json.dumps([{"text": text} for text in texts]).encode())
    assert [p.text for p in pages] == texts
    assert not problems


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"name": "x"}', "1 row: no column for html or text among: name (row 1)"),
        (b'{"text": "Two."}{"text": "Three."}', "1 row: not JSON (row 1)"),
        (b'{"text": "Two."', "1 row: not JSON (row 1)"),
        (b"[1, 2]", "2 rows: JSON, but no object with named fields (row 1, 2)"),
        (b'[null, {"text": "One."}]', "1 row: JSON, but no object with named fields (row 1)"),
        (b'"a"', "no list of JSON objects"),
        (b"", "no list of JSON objects"),
        (b'[{"text": "One."}', "1 row: the list does not end (row 2)"),
        (b'[{"text": "One."}, 3]', "1 row: JSON, but no object with named fields (row 2)"),
    ],
)
def test_other_json_is_a_problem(data: bytes, reason: str) -> None:
    pages, problems = read_bytes("a.json", data)
    assert [p.text for p in pages] == (["One."] if b"One." in data else [])
    assert problems == [Problem("a.json", reason)]


def test_one_json_object_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(json.dumps(ROWS[0], indent=1).encode("utf-8-sig"))
    (tmp_path / "b.JSON.gz").write_bytes(gzip.compress(json.dumps({"text": FRENCH * 2000}).encode()))
    (tmp_path / "c.txt").write_text("Un.", encoding="utf-8")
    (tmp_path / "c.meta.json").write_text('{"title": "Un", "text": "Du texte."}', encoding="utf-8")
    pages, problems = read_all(tmp_path)
    assert [p.doc for p in pages] == ["a.json/x1", "b.JSON.gz/1", "c.txt"]
    assert [p.text for p in pages] == [HTML, FRENCH * 2000, "Un."]
    assert dict(pages[0].meta) == FACTS[0]
    assert pages[2].about("title") == "Un"
    assert not problems


def test_too_large_an_object_is_a_problem() -> None:
    data = json.dumps({"text": "x" * 500_000}).encode()
    assert read_bytes("a.json", data, limits=Limits(page=200_000)) == ([], [Problem("a.json", "larger than 195 KB")])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": ', "not JSON"),
        (b'{"text": "a\x00b"}', "not JSON"),
        (b'{"text": "a\\u0000b"}', "a binary file"),
        (b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "JSON nested too deep"),
        (b'{"text": [' + b"1," * 4_000_000 + b"1]}", "JSON of too many parts"),
        (b"[1]", "JSON, but no object with named fields"),
        (b'{"text": null}', "its 'text' is empty"),
        (b'{"text": " "}', "its 'text' is empty"),
        (b'{"text": 5}', "its 'text' is no text"),
        (b'{"html": ["a"]}', "its 'html' is no text"),
        (b'{"a": 1, "b": 2}', "no column for html or text among: a, b"),
        (b"{}", "no columns"),
    ],
)
def test_a_bad_line_is_a_problem_and_the_next_one_is_read(line: bytes, reason: str) -> None:
    pages, problems = read_bytes("a.jsonl", b'{"text": "One."}\n' + line + b'\n\n{"text": "Three."}')
    assert [p.doc for p in pages] == ["a.jsonl/1", "a.jsonl/4"]
    assert problems == [Problem("a.jsonl", f"1 row: {reason} (row 2)")]


def test_many_bad_lines_are_one_problem_a_reason_and_few_reasons() -> None:
    data = b"x\n" * 50 + b"".join(b'{"key%d": 1}\n' % number for number in range(100))
    _, problems = read_bytes("a.jsonl", data)
    assert problems[0] == Problem("a.jsonl", "50 rows: not JSON (row 1, 2, 3, ...)")
    assert len(problems) == 21
    assert problems[-1].reason.startswith("81 rows: other reasons")


def test_odd_values_in_json() -> None:
    line = (
        b'{"text": "Mot \\ud800 seul.", "n": %b, "f": 1.50, "b": true, "o": {}, "text": "Le dernier.", "\\ud801": "x"}'
    )
    pages, problems = read_bytes("a.jsonl", line % (b"9" * 6000))
    assert not problems
    assert pages[0].text == "Le dernier."
    assert dict(pages[0].meta) == {"n": "9" * 6000, "f": "1.50", "b": "True", "?": "x"}
    assert read_bytes("a.jsonl", b'{"text": "Mot \\ud800 seul."}')[0][0].text == "Mot ? seul."


def test_a_line_in_another_encoding_is_read() -> None:
    data = json.dumps({"text": FRENCH}, ensure_ascii=False)
    pages, _ = read_bytes("a.jsonl", data.encode("cp1252") + b"\n" + data.encode())
    assert [p.text for p in pages] == [FRENCH, FRENCH]


def test_too_large_a_row_is_a_problem_and_the_next_one_is_read() -> None:
    limits = Limits(page=200_000)
    rows = [{"text": "One."}, {"text": "x" * 500_000}, {"text": "Three."}]
    expected = [Problem("a.jsonl", "1 row: larger than 195 KB (row 2)")]
    pages, problems = read_bytes("a.jsonl", jsonl(*rows), limits=limits)
    assert ([p.text for p in pages], problems) == (["One.", "Three."], expected)
    pages, problems = read_bytes("a.json", json.dumps(rows).encode(), limits=limits)
    assert [p.text for p in pages] == ["One.", "Three."]
    assert problems == [Problem("a.json", "1 row: larger than 195 KB (row 2)")]


def test_ids_that_are_not_safe_or_not_unique_give_way_to_numbers() -> None:
    ids = ["a", "a", "../b", "5", 5, None, "", ["x"], ".hidden", "row-3", 12, "é.1"]
    pages, _ = read_bytes("a.jsonl", jsonl(*({"id": i, "text": f"Texte {n}."} for n, i in enumerate(ids))))
    names = [p.doc.removeprefix("a.jsonl/") for p in pages]
    assert names == ["a", "2", "3", "5", "row-5", "6", "7", "8", "9", "10", "12", "é.1"]


def test_rows_that_break_off_in_packed_bytes_are_one_problem() -> None:
    pages, problems = read_bytes(
        "a.jsonl.gz", gzip.compress(jsonl(*ROWS, *({"text": f"{n} " * 99} for n in range(99))))[:-99]
    )
    assert len(pages) > 2
    assert problems == [Problem("a.jsonl.gz", "it is cut short: the end of the packed data is missing")]


CELLS = [["id", "url", "html", "text", "pubDate"], ["x1", "https://gazette.example.org/1", HTML, "", "2026-01-05"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_csv(delimiter: str, encoding: str, end: str) -> None:
    pages, problems = read_bytes("a.csv", table(*CELLS, delimiter=delimiter, encoding=encoding, end=end))
    assert not problems
    assert [(p.doc, p.form, p.text) for p in pages] == [("a.csv/x1", "html", HTML)]
    assert (
        dict(pages[0].meta) == FACTS[0] | {"words": "7"}
        if "words" in dict(pages[0].meta)
        else {
            "date": "2026-01-05",
            "id": "x1",
            "url": "https://gazette.example.org/1",
        }
    )


def test_csv_cells_of_any_size_with_anything_in_them() -> None:
    text = ('Une "ligne", puis\r\nune autre; \t|\n' + FRENCH) * 5000
    pages, problems = read_bytes(
        "a.tsv.gz", gzip.compress(table(["text", "n"], [text, "1"], ["Fin.", "2"], delimiter="\t"))
    )
    assert not problems
    assert [p.text for p in pages] == [text.replace("\r\n", "\n"), "Fin."]


def test_mixed_line_ends_short_and_long_rows_and_a_null_character() -> None:
    data = b"\xef\xbb\xbfsep=;\r\nText;n;more\nUn.;1\rDeux.;2;3;4;5\r\n\r\nTr\0ois.;3\nQuatre.;a\0b\n"
    pages, problems = read_bytes("a.csv", data)
    assert [(p.doc, p.text) for p in pages] == [("a.csv/1", "Un."), ("a.csv/2", "Deux."), ("a.csv/4", "Quatre.")]
    assert problems == [Problem("a.csv", "1 row: a binary file (row 3)")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a,b\n1,2\n3,4\n", "2 rows: no column for html or text among: a, b (row 1, 2)"),
        (b"", "an empty file"),
        (b"\x89PNG\0\0\0" * 99, "a binary file"),
        (b'text\n"never closed ' + b"x" * 5000, "1 row: larger than 4 KB (a quote that is not closed?); the rest"),
        (b"text\n" + b"x" * 5000, "1 row: larger than 4 KB (a quote that is not closed?); the rest"),
        (b'text\n"never closed\n' + b"x\n" * 5000, "1 row: larger than 4 KB (a quote that is not closed?); the rest"),
    ],
)
def test_bad_csv_is_a_problem(data: bytes, reason: str) -> None:
    pages, problems = read_bytes("a.csv", data, limits=Limits(cell=4096))
    assert not pages
    assert [p.doc for p in problems] == ["a.csv"]
    assert problems[0].reason.startswith(reason)


def test_a_head_of_plain_letters_does_not_hide_a_cut_character() -> None:
    pages, _ = read_bytes("a.csv", b"text\n" + "é".encode() * 40_000 + b"\nx" + "é".encode() * 40_000)
    assert {c for p in pages for c in p.text} == {"é", "x"}


def test_rows_of_a_csv_are_each_read_in_their_encoding() -> None:
    head = b"text;n\n" + b"plain letters for more than a look ahead " * 4000 + b";1\n"
    rows = [f"{FRENCH};{word}\n".encode(encoding) for word, encoding in (("à", "cp1252"), ("à", "utf-8"))]
    pages, problems = read_bytes("a.csv", head + b"".join(rows))
    assert [(p.text, p.about("n")) for p in pages[1:]] == [(FRENCH, "à")] * 2
    assert not problems


def test_a_short_row_is_read_in_the_encoding_that_the_file_began_in() -> None:
    data = "Title;Text;Été\n".encode("cp1252") + f"Un;{FRENCH};x\nDeux;Été;à\n".encode("cp1252")
    pages, problems = read_bytes("a.csv", data)
    assert [p.text for p in pages] == [FRENCH, "Été"]
    assert [p.about("Été") for p in pages] == ["x", "à"]
    assert not problems


def test_a_row_in_no_encoding_that_can_be_told_is_a_problem_and_the_next_one_is_read() -> None:
    odd = "Министр обороны объявил о поставке танков".encode("koi8-r")
    data = b"text\n" + b"Plain letters. " * 9000 + b"\n" + odd + b"\nThree.\n"
    pages, problems = read_bytes("a.csv", data)
    assert [p.doc for p in pages] == ["a.csv/1", "a.csv/3"]
    reason = "neither UTF-8 nor plausible as Windows-1252 or Latin-1"
    assert problems == [Problem("a.csv", f"1 row: {reason} (row 2)")]


def test_columns_are_told() -> None:
    columns = Columns.parse(["text = my text", "id=key", "date=when"])
    rows = {"my text": FRENCH, "html": HTML, "key": "k1", "when": "2026-01-05", "title": "T"}
    pages, problems = read_bytes("a.jsonl", jsonl(rows, {"html": HTML}), columns)
    assert [(p.doc, p.form, p.text) for p in pages] == [("a.jsonl/k1", "text", FRENCH)]
    assert dict(pages[0].meta) == {"id": "k1", "date": "2026-01-05", "title": "T"}
    assert problems == [Problem("a.jsonl", "1 row: no column 'my text' (row 2)")]


@pytest.mark.parametrize("told", [["html"], ["=x"], ["html="], ["colour=x"], ["html=a", "html=b"], [""]])
def test_columns_that_are_told_badly(told: list[str]) -> None:
    with pytest.raises(ColumnError, match="column"):
        Columns.parse(told)


def test_known_names_are_known_however_they_are_written() -> None:
    names = ("Raw HTML", "Article-Text", "PAGE_URL", "docId", "datePublished", "warc.date", "lang")
    assert Columns().pick(names) == {
        "html": "Raw HTML",
        "text": "Article-Text",
        "url": "PAGE_URL",
        "id": "docId",
        "date": "datePublished",
        "fetched": "warc.date",
    }
    assert Columns().spare(names) == ["lang"]


@pytest.mark.parametrize(("text", "form"), [("<p class='a'>Un.</p>", "html"), ("<pre>", "text"), ("1 < 2", "text")])
def test_a_text_that_is_a_piece_of_html_is_html(text: str, form: str) -> None:
    assert read_bytes("a.jsonl", jsonl({"content": text}))[0][0].form == form


def test_values_too_long_for_facts_are_left_out() -> None:
    pages, _ = read_bytes("a.jsonl", jsonl({"text": "Un.", "dump": "x" * 20_000, "lang": "fr"}))
    assert dict(pages[0].meta) == {"lang": "fr"}


def test_parquet(tmp_path: Path) -> None:
    query = f"""SELECT 'x' || i AS id, '{HTML.replace("'", "''")}' AS html, DATE '2026-01-05' AS date,
        1.50::DECIMAL(5, 2) AS n, [1, 2] AS list, NULL AS nothing FROM range(40) t(i)"""
    pages, problems = read_all(parquet(tmp_path / "a [1]*?.parquet", query))
    assert not problems
    assert [p.doc for p in pages] == [f"a [1]*?.parquet/x{n}" for n in range(40)]
    assert pages[0].text == HTML
    assert dict(pages[0].meta) == {"id": "x0", "date": date(2026, 1, 5).isoformat(), "n": "1.50"}


def test_parquet_cells_of_bytes_are_pages_in_their_own_encoding(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", "SELECT '<p>La livraison a \\xE9t\\xE9 faite.'::BLOB AS html")
    pages, _ = read_all(path)
    assert (pages[0].encoding, pages[0].text) == ("cp1252", "<p>La livraison a été faite.")
    assert pages[0].data == pages[0].text.encode("cp1252")


def test_broken_parquet_is_one_problem(tmp_path: Path) -> None:
    sound = parquet(tmp_path / "a.parquet", "SELECT 'Un.' AS text").read_bytes()
    for data in (sound[:-20], b"", b"PAR1", sound[: len(sound) // 2] + b"PAR1"):
        pages, problems = read_bytes("b.parquet", data)
        assert not pages
        assert len(problems) == 1
        assert problems[0].reason.startswith("cannot be read as Parquet: ")


def test_parquet_without_duckdb_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("recoupe.load.parquet.import_module", absent)
    assert read_bytes("a.parquet", b"x")[1] == [Problem("a.parquet", "Parquet needs DuckDB: install recoupe[tables]")]


def test_memory_holds_few_rows(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(jsonl({"text": "Un mot. " * 100_000}), 1) * 40)
    tracemalloc.start()
    try:
        pages = sum(1 for _ in find_pages([tmp_path], lambda problem: pytest.fail(problem.reason)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert pages == 40
    assert peak < 12_000_000


@FEW
@given(damaged(jsonl(*ROWS)), st.sampled_from(["a.jsonl", "a.jsonl.gz"]))
def test_damaged_jsonl(data: bytes, name: str) -> None:
    check_sound(name, gzip.compress(data) if name.endswith("gz") else data)


@FEW
@given(damaged(json.dumps(ROWS).encode()), st.sampled_from(["utf-8", "utf-16"]))
def test_damaged_json_lists(data: bytes, encoding: str) -> None:
    check_sound("a.json", data.decode("utf-8", "replace").encode(encoding))
    check_sound("a.json", data)


@FEW
@given(damaged(table(*CELLS)), st.sampled_from(["utf-8", "utf-16"]))
def test_damaged_csv(data: bytes, encoding: str) -> None:
    check_sound("a.csv", data.decode("utf-8", "replace").encode(encoding))
    check_sound("a.tsv", data)


@FEW
@given(data=st.data())
def test_damaged_parquet(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = parquet(
        tmp_path_factory.mktemp("sound") / "a.parquet", "SELECT 'Un mot, ' || i AS text, i AS id FROM range(50) t(i)"
    )
    check_sound("b.parquet", data.draw(damaged(path.read_bytes())))


def test_the_documentation_lists_the_names_that_are_known() -> None:
    told = (Path(__file__).parents[1] / "docs/pages.md").read_text(encoding="utf-8")
    for role, names in KNOWN.items():
        assert f"| {role} | {' '.join(f'`{name}`' for name in names)} |" in told
