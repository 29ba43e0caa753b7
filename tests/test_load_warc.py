"""Load: web archives."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib
from pathlib import Path
from random import Random

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from load_files import FEW, FRENCH, HTML, check_sound, damaged, read_all, read_bytes
from recoupe.load import Limits, Problem, find_pages

URL = "https://gazette.example.org/2026/01/livraison"
Headers = list[tuple[str, str]]


class Archive:
    """Writes a web archive."""

    def __init__(self, packed: bool = False) -> None:
        self._file = io.BytesIO()
        self._writer = WARCWriter(self._file, gzip=packed)

    def answer(
        self, body: bytes, headers: Headers | None = None, status: str = "200 OK", kind: str = "response"
    ) -> Archive:
        headers = [("Content-Type", "text/html")] if headers is None else headers
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        self._writer.write_record(
            self._writer.create_warc_record(
                URL,
                kind,
                payload=io.BytesIO(body),
                http_headers=http,
                warc_headers_dict={"WARC-Date": "2026-01-05T10:00:00Z"},
            )
        )
        return self

    def record(self, body: bytes, kind: str, media: str) -> Archive:
        made = self._writer.create_warc_record(URL, kind, payload=io.BytesIO(body), warc_content_type=media)
        self._writer.write_record(made)
        return self

    def info(self) -> Archive:
        self._writer.write_record(self._writer.create_warcinfo_record("a.warc", {"software": "test"}))
        return self

    @property
    def data(self) -> bytes:
        return self._file.getvalue()


def raw(block: bytes, *headers: str, kind: str | None = "response", length: int | str | None = None) -> bytes:
    """A record that a writer would refuse to write."""
    lines = ["WARC/1.0", f"WARC-Target-URI: {URL}", *headers]
    if kind is not None:
        lines.append(f"WARC-Type: {kind}")
    if length != "none":
        lines.append(f"Content-Length: {len(block) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def http(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *headers]).encode() + b"\r\n\r\n" + body


GOOD = raw(http(HTML.encode()))
SHORT = raw(http(b"<html><p>One more page."))


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "A.WARC.GZ", "a.wet.gz"])
def test_answers_are_pages_and_what_stands_beside_them_no_problem(name: str) -> None:
    headers = [("Content-Type", "text/html; charset=utf-8"), ("ETag", '"x1"'), ("Server", "x"), ("Last-Modified", "Y")]
    archive = Archive(packed=name.lower().endswith("gz")).info()
    archive.answer(HTML.encode(), headers).answer(b"", [], kind="revisit").record(b"a: b", "metadata", "text/x")
    pages, problems = read_bytes(name, archive.answer(FRENCH.encode(), [("Content-Type", "text/plain")]).data)
    assert [(p.doc, p.form) for p in pages] == [(f"{name}/2", "html"), (f"{name}/5", "text")]
    assert pages[0].data == HTML.encode()
    assert dict(pages[0].meta) == {
        "url": URL,
        "fetched": "2026-01-05T10:00:00Z",
        "header.content-type": "text/html; charset=utf-8",
        "header.last-modified": "Y",
        "header.etag": '"x1"',
    }
    assert problems == []


def test_conversions_and_resources_are_pages() -> None:
    archive = Archive(packed=True).record(FRENCH.encode(), "conversion", "text/plain")
    archive.record(HTML.encode(), "resource", "text/html").record(b"\x89PNG", "resource", "image/png")
    pages, problems = read_bytes("a.wet.gz", archive.data)
    assert [(p.doc, p.form, p.about("url")) for p in pages] == [
        ("a.wet.gz/1", "text", URL),
        ("a.wet.gz/2", "html", URL),
    ]
    assert problems == [Problem("a.wet.gz", "1 record: neither HTML nor text (record 3)")]


def test_all_records_in_one_gzip_member_are_read() -> None:
    pages, problems = read_bytes("a.warc.gz", gzip.compress(GOOD + SHORT))
    assert [p.doc for p in pages] == ["a.warc.gz/1", "a.warc.gz/2"]
    assert not problems


def test_what_is_no_page_is_one_problem_a_reason() -> None:
    archive = Archive()
    for number in range(12):
        archive.answer(b"gone", status="404 Not Found" if number % 2 else "302 Found")
    archive.answer(b"{}", [("Content-Type", "application/json")]).answer(b"", [])
    _, problems = read_bytes("a.warc", archive.data)
    assert [p.reason for p in problems] == [
        "12 records: not an HTTP 200 answer (record 1, 2, 3, ...)",
        "1 record: neither HTML nor text (record 13)",
        "1 record: an empty file (record 14)",
    ]


def test_an_arc_is_read() -> None:
    head = b"1 0 test\nURL IP-address Archive-date Content-type Archive-length\n"
    first = b"filedesc://a.arc 0.0.0.0 20260105100000 text/plain %d\n" % len(head) + head + b"\n"
    block = http(HTML.encode())
    record = f"{URL} 192.0.2.1 20260105100000 text/html {len(block)}\n".encode() + block + b"\n"
    pages, problems = read_bytes("a.arc.gz", gzip.compress(first) + gzip.compress(record))
    assert problems == []
    assert [(p.doc, p.data) for p in pages] == [("a.arc.gz/2", HTML.encode())]
    assert pages[0].about("fetched") == "2026-01-05T10:00:00Z"
    assert pages[0].about("url") == URL


CHUNKED = b"%x\r\n%b\r\n5;x=y\r\n<!-- \r\n3\r\n-->\r\n0\r\n\r\n" % (len(HTML.encode()), HTML.encode())


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("Content-Encoding: gzip", gzip.compress(HTML.encode())),
        ("Content-Encoding: x-gzip", gzip.compress(HTML.encode())),
        ("Content-Encoding: deflate", zlib.compress(HTML.encode())),
        ("Content-Encoding: deflate", zlib.compress(HTML.encode(), wbits=-15)),
        ("Content-Encoding: deflate", HTML.encode()),
        ("Content-Encoding: br", brotli.compress(HTML.encode())),
        ("Content-Encoding: identity", HTML.encode()),
        ("Transfer-Encoding: chunked", CHUNKED),
        # Tools that undo the packing and keep the header.
        ("Content-Encoding: gzip", HTML.encode()),
        ("Content-Encoding: br", HTML.encode()),
        ("Transfer-Encoding: chunked", HTML.encode()),
        # Cut short on the way, the beginning is there.
        ("Content-Encoding: gzip", gzip.compress(HTML.encode() + Random(1).randbytes(900).hex().encode())[:-300]),
    ],
)
def test_the_packing_of_an_answer_is_undone(coding: str, body: bytes) -> None:
    pages, problems = read_bytes("a.warc", raw(http(body, coding)))
    assert not problems
    assert pages[0].data.startswith(HTML.encode())


def test_chunks_of_packed_bytes() -> None:
    packed = gzip.compress(HTML.encode())
    body = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (9, packed[:9], len(packed) - 9, packed[9:])
    pages, _ = read_bytes("a.warc", raw(http(body, "Content-Encoding: gzip", "Transfer-Encoding: chunked")))
    assert pages[0].data == HTML.encode()


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (raw(http(b"\x1f\x8bjunk", "Content-Encoding: gzip")), "its content is not sound gzip"),
        (raw(http(b"\x78\x9c\xff\xff\xff", "Content-Encoding: deflate")), "its content is not sound deflate"),
        (raw(http(b"\xff" * 20, "Content-Encoding: br")), "its content is not sound br"),
        (
            raw(http(b"junk", "Content-Encoding: zstd")),
            "its content is packed in a way that is not read: zstd",
        ),
        (
            raw(http(b"junk", "Content-Encoding: gzip, gzip, gzip, gzip")),
            "its content is packed more than three times",
        ),
        (raw(http(b"5\r\n<html\r\nzz\r\n>", "Transfer-Encoding: chunked")), "its content is not sound chunked"),
        (raw(http(b"2\r\n<html", "Transfer-Encoding: chunked")), "its content is not sound chunked"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n<p>No empty line"), "its HTTP header does not end"),
        (raw(b"192.0.2.1"), "not an HTTP answer"),
        (raw(http(HTML.encode()), kind=None), "no WARC-Type"),
        (raw(http(HTML.encode()), kind="invention"), "of no kind that is read: invention"),
        (raw(http(HTML.encode()), length="many"), "no Content-Length"),
        (raw(http(HTML.encode()), length=-5), "no Content-Length"),
        (raw(http(HTML.encode()), length="none"), "no Content-Length"),
        (raw(http(HTML.encode()), length=60), "its Content-Length is wrong"),
        (raw(http(HTML.encode()), length="9" * 5000), "no Content-Length"),
        (raw(http(HTML.encode()), f"X: {'x' * 300_000}"), "its header is larger than 256 KB"),
    ],
)
def test_a_bad_record_is_a_problem_and_the_next_one_is_read(record: bytes, reason: str) -> None:
    pages, problems = read_bytes("a.warc", GOOD + record + SHORT)
    assert [p.doc for p in pages] == ["a.warc/1", "a.warc/3"]
    assert problems == [Problem("a.warc", f"1 record: {reason} (record 2)")]


def test_brotli_without_its_package_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("recoupe.load.unpack.import_module", absent)
    pages, problems = read_bytes("a.warc", raw(http(b"junk", "Content-Encoding: br")) + SHORT)
    assert len(pages) == 1
    assert "brotli is not installed" in problems[0].reason


def test_a_length_that_reaches_into_the_next_record_costs_these_two() -> None:
    pages, problems = read_bytes(
        "a.warc", raw(http(HTML.encode()), length=len(http(HTML.encode())) + 80) + GOOD + SHORT
    )
    assert [p.text for p in pages] == ["<html><p>One more page."]
    assert problems == [Problem("a.warc", "1 record: its Content-Length is wrong (record 1)")]


@pytest.mark.parametrize("cut", [20, 100, len(SHORT) - 10])
def test_a_file_that_breaks_off_gives_what_came_before(cut: int) -> None:
    pages, problems = read_bytes("a.warc", GOOD + SHORT[:cut])
    assert [p.doc for p in pages] == ["a.warc/1"]
    assert len(problems) == 1


def test_packed_bytes_that_break_off_are_one_problem() -> None:
    data = gzip.compress(GOOD) + gzip.compress(SHORT)[:-20]
    pages, problems = read_bytes("a.warc.gz", data)
    assert [p.doc for p in pages] == ["a.warc.gz/1"]
    assert problems == [Problem("a.warc.gz", "it is cut short: the end of the packed data is missing")]


def test_packed_bytes_that_are_damaged_give_what_came_before() -> None:
    data = bytearray(gzip.compress(GOOD) + gzip.compress(SHORT) + gzip.compress(GOOD))
    data[len(gzip.compress(GOOD)) + 40] ^= 255
    pages, problems = read_bytes("a.warc.gz", bytes(data))
    assert pages[0].doc == "a.warc.gz/1"
    assert len(problems) == 1


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"hello", HTML.encode() * 50, b"\0" * 900_000])
def test_what_is_no_web_archive_is_one_problem(data: bytes) -> None:
    pages, problems = read_bytes("a.warc", data)
    assert not pages
    assert [p.reason for p in problems] in (["not a web archive"], ["an empty file"])


def test_too_large_a_record_is_a_problem_and_the_next_one_is_read() -> None:
    limits = Limits(page=10_000, head=1000)
    large = raw(http(b"<html>" + b"x" * 20_000))
    packed = raw(http(gzip.compress(b"<html>" + b"x" * 20_000), "Content-Encoding: gzip"))
    pages, problems = read_bytes("a.warc", large + packed + SHORT, limits=limits)
    assert [p.doc for p in pages] == ["a.warc/3"]
    assert problems == [Problem("a.warc", "2 records: larger than 9 KB (record 1, 2)")]


def test_memory_holds_one_record(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    page = raw(http(b"<html>" + bytes(range(32, 127)) * 20_000))
    path.write_bytes(gzip.compress(page, 1) * 40)
    tracemalloc.start()
    try:
        pages = sum(1 for _ in find_pages([path], lambda problem: pytest.fail(problem.reason)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert pages == 40
    assert peak < 16 * len(page)


def test_two_files_of_one_name_give_equal_pages_once(tmp_path: Path) -> None:
    for folder, data in (("x", GOOD + SHORT), ("y", GOOD + GOOD)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.warc").write_bytes(data)
    pages, problems = read_all(tmp_path / "x", tmp_path / "y")
    assert [p.doc for p in pages] == ["a.warc/1", "a.warc/2", "a.warc/2"]
    assert not problems


@FEW
@given(damaged(Archive().info().answer(HTML.encode()).record(FRENCH.encode(), "conversion", "text/plain").data))
def test_damaged_files(data: bytes) -> None:
    check_sound("a.warc", data)


@FEW
@given(damaged(Archive(packed=True).info().answer(HTML.encode()).answer(FRENCH.encode()).data))
def test_damaged_packed_files(data: bytes) -> None:
    check_sound("a.warc.gz", data)


@FEW
@given(damaged(http(CHUNKED, "Transfer-Encoding: chunked")), st.sampled_from(["gzip", "br", "deflate", "chunked"]))
def test_damaged_answers(block: bytes, coding: str) -> None:
    check_sound("a.warc", raw(block) + raw(http(block, f"Content-Encoding: {coding}")) + SHORT)
