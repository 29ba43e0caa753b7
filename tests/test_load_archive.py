"""Load: zips, tars, packed files, and what unpacks to too much."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from load_files import FEW, FRENCH, HTML, check_sound, damaged, read_all, read_bytes
from recoupe.load import Limits, Problem, find_pages
from recoupe.load.archive import safe_name

FILES = {
    "deep/one.meta.json": b'{"url": "https://gazette.example.org/1"}',
    "deep/one.html": HTML.encode(),
    "two.txt.gz": gzip.compress(FRENCH.encode()),
    ".hidden/three.txt": b"Hidden.",
    "__MACOSX/._two.txt": b"Hidden.",
    "rows.jsonl.gz": gzip.compress(b'{"text": "Un.", "id": "x1"}\n'),
    "two.meta.json": b'{"url": "https://gazette.example.org/2"}',
}
DOCS = [("deep/one.html", "1"), ("two.txt.gz", "2"), ("rows.jsonl.gz/x1", None)]


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def member(name: str, **about: Any) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for key, value in about.items():
        setattr(made, key, value)
    return made


def tarred(files: dict[str, bytes], *others: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, data in files.items():
            archive.addfile(member(name, size=len(data)), io.BytesIO(data))
        for other in others:
            archive.addfile(other)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", zipped(FILES)),
        ("A.ZIP", zipped(FILES, zipfile.ZIP_STORED)),
        ("a.tar", tarred(FILES)),
        ("a.tar", tarred(FILES, form=tarfile.GNU_FORMAT)),
        ("a.tar.gz", gzip.compress(tarred(FILES))),
        ("a.tgz", gzip.compress(tarred(FILES))),
        ("a.tar.bz2", bz2.compress(tarred(FILES))),
        ("a.tar.xz", lzma.compress(tarred(FILES))),
        ("a.txz", lzma.compress(tarred(FILES)) + b"\0" * 8),
    ],
)
def test_members_are_read_like_files_of_a_folder(name: str, data: bytes) -> None:
    pages, problems = read_bytes(name, data)
    assert [(p.doc, p.about("url")) for p in pages] == [
        (f"{name}/{doc}", url and f"https://gazette.example.org/{url}") for doc, url in DOCS
    ]
    assert [p.text for p in pages] == [HTML, FRENCH, "Un."]
    assert not problems


def test_packed_pages_have_their_sidecars(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(HTML.encode()))
    (tmp_path / "a.meta.json").write_text('{"url": "https://gazette.example.org/1"}', encoding="utf-8")
    (tmp_path / "b.md.xz").write_bytes(lzma.compress(FRENCH.encode()))
    pages, problems = read_all(tmp_path)
    assert [(p.doc, p.form, p.text) for p in pages] == [("a.html.gz", "html", HTML), ("b.md.xz", "text", FRENCH)]
    assert pages[0].about("url") == "https://gazette.example.org/1"
    assert not problems


def test_what_is_no_page_is_one_problem_a_reason() -> None:
    files = {f"image{number}.png": b"x" for number in range(5)}
    files |= {"b.zip": zipped({"a.txt": b"Un."}), "c.parquet": b"x", "d.txt": b"", "e.meta.json": b"{}"}
    files |= {"f.html": HTML.encode(), "f.meta.json": b"[", "g.warc": b"x"}
    pages, problems = read_bytes("a.zip", zipped(files))
    assert [p.doc for p in pages] == ["a.zip/f.html"]
    assert {p.doc: p.reason for p in problems} == {
        "a.zip": "5 members: not a page (.png) (image0.png, image1.png, image2.png, ...)",
        "a.zip/b.zip": "an archive within an archive",
        "a.zip/c.parquet": "Parquet is not read within an archive",
        "a.zip/d.txt": "an empty file",
        "a.zip/e.meta.json": "a sidecar whose page is not there",
        "a.zip/f.html": "its .meta.json cannot be used: Expecting value: line 1 column 2 (char 1)",
        "a.zip/g.warc": "not a web archive",
    }


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("/etc/passwd.txt", "etc/passwd.txt"),
        ("../../up.txt", "up.txt"),
        ("a/../..//./b.txt", "a/b.txt"),
        ("C:\\news\\..\\b.txt", "C:/news/b.txt"),
        ("a\nb\0\udcff\u2028c.txt", "a\ufffdb\ufffd\ufffd\ufffdc.txt"),
        ("../", ""),
    ],
)
def test_names_are_only_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("make", [zipped, tarred])
def test_members_that_climb_out_are_read_where_they_are(make: Any, tmp_path: Path) -> None:
    kind = "zip" if make is zipped else "tar"
    data = make({"../../up.txt": b"Un.", "/root.txt": b"Deux."})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"a.{kind}").write_bytes(data)
    pages, problems = read_all(tmp_path / "in")
    assert [(p.doc, p.text) for p in pages] == [(f"a.{kind}/up.txt", "Un."), (f"a.{kind}/root.txt", "Deux.")]
    assert [p.name for p in tmp_path.rglob("*")] == ["in", f"a.{kind}"]
    assert not problems


def test_links_and_devices_of_a_tar_are_problems() -> None:
    links = [member("b.txt", type=tarfile.SYMTYPE, linkname="/etc/passwd"), member("c.txt", type=tarfile.LNKTYPE)]
    device = member("d.txt", type=tarfile.CHRTYPE)
    pages, problems = read_bytes(
        "a.tar", tarred({"a.txt": b"Un."}, *links, device, member("folder", type=tarfile.DIRTYPE))
    )
    assert [p.text for p in pages] == ["Un."]
    assert problems == [
        Problem("a.tar", "2 members: a link (b.txt, c.txt)"),
        Problem("a.tar/d.txt", "neither a file nor a folder"),
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("make", [zipped, tarred])
def test_two_members_of_one_name_are_two_pages_unless_they_say_the_same(make: Any) -> None:
    class Twice(dict[str, bytes]):
        def items(self) -> Any:
            return [("a.txt", b"Un."), ("a.txt", b"Deux."), ("a.txt", b"Un.")]

    pages, problems = read_bytes("a.zip" if make is zipped else "a.tar", make(Twice()))
    assert [p.text for p in pages] == ["Un.", "Deux."]
    assert not problems


def with_field(data: bytes, signature: bytes, at: int, value: bytes) -> bytes:
    """A zip in which each header of a kind has `value` at a place."""
    made, start = bytearray(data), 0
    while (start := made.find(signature, start)) >= 0:
        made[start + at : start + at + len(value)] = value
        start += 4
    return bytes(made)


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
TWO = {"a.txt": b"Un. " * 40, "b.txt": b"Deux. " * 40}


def test_an_encrypted_zip_is_a_problem() -> None:
    data = with_field(with_field(zipped(TWO), LOCAL, 6, b"\x01\0"), CENTRAL, 8, b"\x01\0")
    assert read_bytes("a.zip", data) == ([], [Problem("a.zip", "2 members: encrypted (a.txt, b.txt)")])


def test_members_packed_in_rare_ways_are_a_problem() -> None:
    _, problems = read_bytes("a.zip", zipped(TWO, zipfile.ZIP_BZIP2))
    assert problems[0].reason.startswith("2 members: packed in a way that is not read")


@pytest.mark.parametrize(
    ("signature", "at", "value"),
    [
        (CENTRAL, 20, b"\xff\xff\xff\x7f"),  # packed size
        (CENTRAL, 24, b"\xff\xff\xff\x7f"),  # size
        (CENTRAL, 24, b"\xff\xff\xff\xff"),  # a size to be found in an extension that is not there
        (CENTRAL, 24, b"\x05\0\0\0"),
        (CENTRAL, 16, b"\0\0\0\0"),  # checksum
        (CENTRAL, 42, b"\xff\xff\xff\x7f"),  # place
        (LOCAL, 26, b"\xff\xff"),  # length of the name
    ],
)
def test_zips_that_lie_are_problems(signature: bytes, at: int, value: bytes) -> None:
    data = with_field(zipped(TWO), signature, at, value)
    pages, problems = read_bytes("a.zip", data)
    assert {p.text for p in pages} <= {"Un. " * 40, "Deux. " * 40}
    assert len(pages) == 2 or problems


def test_a_damaged_member_is_a_problem_and_the_next_one_is_read() -> None:
    data = bytearray(zipped(TWO, zipfile.ZIP_STORED))
    data[40] ^= 255
    pages, problems = read_bytes("a.zip", bytes(data))
    assert [p.doc for p in pages] == ["a.zip/b.txt"]
    assert problems == [Problem("a.zip/a.txt", "Bad CRC-32 for file 'a.txt'")]


@pytest.mark.parametrize(
    "name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.xz", "a.html.gz", "a.html.bz2", "a.txt.xz"]
)
@pytest.mark.parametrize("data", [b"", b"hello", b"\1" * 2000, HTML.encode() * 9])
def test_what_is_no_archive_is_one_problem(name: str, data: bytes) -> None:
    pages, problems = read_bytes(name, data)
    assert not pages
    assert [p.doc for p in problems] == [name]


def size_field(size: int) -> bytes:
    """A size in a tar's header, in its form for large and for negative numbers."""
    return (b"\x80" if size >= 0 else b"\xff") + (size % 2**88).to_bytes(11, "big")


@pytest.mark.parametrize("size", [2**62, 10**6, -1, -512, -(2**62)])
def test_tars_that_lie_about_a_size_are_problems(size: int) -> None:
    data = bytearray(tarred({"a.txt": b"Un.", "b.txt": b"Deux.", "c.txt": b"Trois."}, form=tarfile.USTAR_FORMAT))
    data[1024 + 124 : 1024 + 136] = size_field(size)
    data[1024 + 148 : 1024 + 156] = b" " * 8
    data[1024 + 148 : 1024 + 156] = b"%06o\0 " % sum(data[1024:1536])
    pages, problems = read_bytes("a.tar", bytes(data))
    assert [p.text for p in pages][:1] == ["Un."]
    assert problems


def test_a_long_chain_of_headers_in_a_tar_is_a_problem() -> None:
    link = member("x", type=tarfile.XHDTYPE, size=0).tobuf(tarfile.USTAR_FORMAT)
    pages, problems = read_bytes("a.tar", tarred({"a.txt": b"Un."}).rstrip(b"\0") + bytes(509) + link * 20_000)
    assert [p.text for p in pages] == ["Un."]
    assert len(problems) == 1
    huge = member("x", type=tarfile.XHDTYPE, size=2**33).tobuf(tarfile.GNU_FORMAT)
    assert len(read_bytes("a.tar", huge)[1]) == 1


@pytest.mark.parametrize("cut", [700, 1100, 1536])
def test_a_tar_that_breaks_off_gives_what_came_before(cut: int) -> None:
    data = tarred({"a.txt": b"Un.", "b.txt": b"Deux.", "c.txt": b"Trois."}, form=tarfile.USTAR_FORMAT)
    pages, problems = read_bytes("a.tar", data[: cut + 3])
    assert [p.text for p in pages] == ["Un."]
    assert len(problems) == 1
    pages, problems = read_bytes("a.tar.gz", gzip.compress(data, 0)[: cut + 30])
    assert [p.text for p in pages][:1] == ["Un."]
    assert problems[-1] == Problem("a.tar.gz", "it is cut short: the end of the packed data is missing")


def test_too_large_a_member_is_a_problem_and_the_next_one_is_read() -> None:
    limits = Limits(page=5000)
    files = {"a.txt": b"Un mot. " * 999, "b.txt": b"Deux."}
    for name, data in (("a.zip", zipped(files)), ("a.tar", tarred(files)), ("a.tar.gz", gzip.compress(tarred(files)))):
        pages, problems = read_bytes(name, data, limits=limits)
        assert [p.text for p in pages] == ["Deux."]
        assert problems == [Problem(f"{name}/a.txt", "larger than 4 KB")]
    assert read_bytes("a.txt.gz", gzip.compress(files["a.txt"]), limits=limits)[1][0].reason == "larger than 4 KB"


def test_sidecars_are_held_up_to_a_bound() -> None:
    files = {f"{n}.meta.json": json.dumps({"url": f"https://gazette.example.org/{n}" * 20}).encode() for n in range(9)}
    files |= {f"{n}.txt": b"Un." for n in range(9)}
    pages, problems = read_bytes("a.tar", tarred(files), limits=Limits(sidecars=2000))
    assert len(pages) == 9
    assert problems == [Problem("a.tar", "sidecars of more than 1 KB; the rest is not used")]


def zeros(size: int) -> bytes:
    """So many zeros as one gzip member, made without unpacking them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = bytes(2**24)
    return b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A megabyte of zeros packs to a kilobyte, and the packed kilobytes are all alike: 2 GB without packing 2 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packer.compress(bytes(2**20))
    packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + again * 2048 + b"\x03\0" + struct.pack("<II", 0, 0)


@pytest.mark.parametrize("name", ["a.html.gz", "a.jsonl.gz", "a.csv.gz", "a.warc.gz", "a.json.gz", "a.tar.gz", "a.zip"])
def test_bombs_take_neither_memory_nor_time(name: str, bomb: bytes, tmp_path: Path) -> None:
    data = zipped({"a.jsonl.gz": bomb, "b.html.gz": bomb}) if name == "a.zip" else bomb
    if name == "a.tar.gz":
        data = gzip.compress(member("a.html", size=2**31).tobuf()) + bomb
    (tmp_path / name).write_bytes(data)
    problems: list[Problem] = []
    start = time.monotonic()
    tracemalloc.start()
    try:
        pages = list(find_pages([tmp_path], problems.append))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not pages
    assert problems
    assert peak < 220 * 2**20
    assert time.monotonic() - start < 5


def test_what_came_before_a_bomb_is_kept() -> None:
    limits = Limits(page=100_000)
    before = b'{"text": "Un."}\n'
    pages, problems = read_bytes("a.jsonl.gz", gzip.compress(before) + zeros(2**26), limits=limits)
    assert [p.text for p in pages] == ["Un."]
    assert problems[-1] == Problem("a.jsonl.gz", "unpacks to more than 500 times its size")


def test_an_archive_that_unpacks_to_too_much_is_left() -> None:
    limits = Limits(unpacked=1_100_000, swelling=1)
    files = {f"{number}.txt": b"Un mot. " * 50_000 for number in range(9)}
    for name, data in (("a.zip", zipped(files)), ("a.tar.gz", gzip.compress(tarred(files)))):
        pages, problems = read_bytes(name, data, limits=limits)
        assert len(pages) == 2
        assert problems == [Problem(name, "unpacks to more than 1 MB")]


@FEW
@given(damaged(zipped(FILES)))
def test_damaged_zips(data: bytes) -> None:
    check_sound("a.zip", data)


@FEW
@given(damaged(tarred(FILES, member("b.txt", type=tarfile.SYMTYPE, linkname="x"))))
def test_damaged_tars(data: bytes) -> None:
    check_sound("a.tar", data)
    check_sound("a.tgz", gzip.compress(data))


@FEW
@given(damaged(gzip.compress(tarred(FILES))))
def test_damaged_packed_tars(data: bytes) -> None:
    check_sound("a.tar.gz", data)


@FEW
@given(
    damaged(gzip.compress(HTML.encode())), damaged(bz2.compress(HTML.encode())), damaged(lzma.compress(HTML.encode()))
)
def test_damaged_packed_pages(gz: bytes, bz: bytes, xz: bytes) -> None:
    check_sound("a.html.gz", gz)
    check_sound("a.html.bz2", bz)
    check_sound("a.html.xz", xz)
