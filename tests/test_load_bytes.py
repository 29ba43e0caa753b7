"""Load: which bytes are the page's, as the ledger keeps them and gives them back."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from load_files import FRENCH, read_all, read_bytes

# Line ends of two sorts, a byte order mark, a NUL, and bytes that are sound in no encoding that is declared.
ODD = b"\xef\xbb\xbf<!doctype html>\r\n<meta charset=latin1>\r<p>" + FRENCH.encode() * 9 + b"\0 \xff</p>\n"
CELL = f'<p class="a">{FRENCH}</p>\r\n<p>“Fin”,\tpuis 𝄞</p>\n'


def only(name: str, data: bytes) -> bytes:
    """The bytes of the one page of a file of this name."""
    pages, problems = read_bytes(name, data)
    assert not problems
    assert len(pages) == 1
    return pages[0].data


def zipped(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/page.html", data)
    return made.getvalue()


def tarred(data: bytes) -> bytes:
    made = io.BytesIO()
    about = tarfile.TarInfo("deep/page.html.gz")
    packed = gzip.compress(data)
    about.size = len(packed)
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(about, io.BytesIO(packed))
    return made.getvalue()


def recorded(data: bytes, *headers: str) -> bytes:
    answer = "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *headers]).encode() + b"\r\n\r\n" + data
    about = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(answer)}\r\n\r\n"
    return about.encode() + answer + b"\r\n\r\n"


def chunked(data: bytes) -> bytes:
    return b"7\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (data[:7], len(data) - 7, data[7:])


def sent(data: bytes) -> bytes:
    """As a server sends it, packed and in chunks."""
    return recorded(chunked(gzip.compress(data)), "Content-Encoding: gzip", "Transfer-Encoding: chunked")


def as_is(data: bytes) -> bytes:
    return data


@pytest.mark.parametrize(
    ("name", "put"),
    [
        ("page.html", as_is),
        ("page.html.gz", gzip.compress),
        ("page.htm.bz2", bz2.compress),
        ("page.xhtml.xz", lzma.compress),
        ("site.zip", zipped),
        ("site.tar", tarred),
        ("crawl.warc", recorded),
        ("crawl.warc.gz", lambda data: gzip.compress(sent(data))),
    ],
)
def test_a_page_is_kept_byte_for_byte_without_its_packing(name: str, put: Callable[[bytes], bytes]) -> None:
    assert only(name, put(ODD)) == ODD


def test_a_text_with_a_mark_is_kept_with_it() -> None:
    data = b"\xff\xfe" + FRENCH.encode("utf-16-le")
    assert only("page.txt", data) == data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_a_text_in_json_is_kept_in_utf8(encoding: str) -> None:
    cell = CELL.replace("𝄞", "…") if encoding == "cp1252" else CELL
    line = json.dumps({"html": cell}, ensure_ascii=False).encode(encoding)
    assert only("rows.jsonl", line) == cell.encode()
    assert only("rows.jsonl", json.dumps({"html": cell}).encode(encoding)) == cell.encode()
    assert only("rows.json", line) == cell.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_cell_of_csv_is_kept_in_utf8(encoding: str) -> None:
    cell = CELL.replace("𝄞", "…") if encoding == "cp1252" else CELL
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["html", "n"], [cell, "1"]])
    assert only("rows.csv", file.getvalue().encode(encoding)) == cell.encode()


def test_a_cell_of_parquet_is_kept_in_utf8_and_bytes_as_they_are(tmp_path: Path) -> None:
    for name, kind, value in (("a", "VARCHAR", CELL), ("b", "BLOB", ODD)):
        connection = duckdb.connect()
        connection.execute(f"CREATE TABLE pages (html {kind})")
        connection.execute("INSERT INTO pages VALUES (?)", [value])
        connection.execute(f"COPY pages TO '{tmp_path / name}.parquet' (FORMAT parquet)")
        connection.close()
    pages, problems = read_all(tmp_path)
    assert [p.data for p in pages] == [CELL.encode(), ODD]
    assert not problems
