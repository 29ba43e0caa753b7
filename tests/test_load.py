"""Load: what is a page, what is a problem, and in which encoding a file is read."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoupe.charset import read_text
from recoupe.errors import PageError
from recoupe.load import Problem, find_pages
from recoupe.load.labels import _LABELS, codec_of
from recoupe.load.limits import LARGEST
from recoupe.load.page import HEAD, form_of, make_page
from recoupe.load.text import encoding_of, front_matter
from recoupe.model import Page

FRENCH = "Le ministère a confirmé la livraison de deux batteries à Kiev, où des blindés étaient arrivés l'été dernier."


def read(*paths: Path) -> tuple[list[Page], list[Problem]]:
    problems: list[Problem] = []
    return list(find_pages(paths, problems.append)), problems


def test_folder_is_read_with_all_below_it_sorted_by_doc(tmp_path: Path) -> None:
    for name in ("b/two.txt", "a.txt", "b/c/three.md", "Z.TXT"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Some text.", encoding="utf-8")
    pages, problems = read(tmp_path)
    assert [p.doc for p in pages] == ["Z.TXT", "a.txt", "b/c/three.md", "b/two.txt"]
    assert not problems


def test_file_given_directly_has_its_name_as_doc_and_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/one.txt").write_text("Some text.", encoding="utf-8")
    pages, problems = read(tmp_path / "deep/one.txt", tmp_path / "deep", tmp_path / "deep/one.txt")
    assert [p.doc for p in pages] == ["one.txt"]
    assert not problems


def test_order_of_the_paths_given_does_not_matter(tmp_path: Path) -> None:
    for folder, name in (("x", "b.txt"), ("y", "a.txt")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text("Some text.", encoding="utf-8")
    assert read(tmp_path / "x", tmp_path / "y") == read(tmp_path / "y", tmp_path / "x")


def test_pages_of_one_name_are_all_read_unless_they_say_the_same(tmp_path: Path) -> None:
    for folder, text in (("x", "Text of x."), ("y", "Text of y."), ("z", "Text of x.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(text, encoding="utf-8")
    pages, problems = read(tmp_path / "x", tmp_path / "y", tmp_path / "z")
    assert [(p.doc, p.text) for p in pages] == [("a.txt", "Text of x."), ("a.txt", "Text of y.")]
    assert problems == []


def test_sidecar_fills_meta_and_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some text.", encoding="utf-8")
    about = {"url": "https://example.org/a", "fetched": "2026-02-28T02:35:17+00:00", "tags": ["x"], "size": 3}
    (tmp_path / "a.meta.json").write_text(json.dumps(about), encoding="utf-8")
    pages, problems = read(tmp_path)
    assert len(pages) == 1
    assert pages[0].about("url") == "https://example.org/a"
    assert pages[0].about("fetched") == "2026-02-28T02:35:17+00:00"
    assert pages[0].about("size") == "3"
    assert pages[0].about("tags") is None
    assert not problems


@pytest.mark.parametrize("text", ["{not json", "[1, 2]", '"a"', "[" * 100_000])
def test_broken_sidecar_is_a_problem_and_the_page_is_read_all_the_same(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text("Some text.", encoding="utf-8")
    (tmp_path / "a.meta.json").write_text(text, encoding="utf-8")
    pages, problems = read(tmp_path)
    assert [p.text for p in pages] == ["Some text."]
    assert [p.doc for p in problems] == ["a.txt"]
    assert "a.meta.json cannot be used" in problems[0].reason


def test_sidecar_without_page_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "gone.meta.json").write_text("{}", encoding="utf-8")
    assert read(tmp_path) == ([], [Problem("gone.meta.json", "a sidecar whose page is not there")])


def test_other_files_are_one_problem_each_and_hidden_ones_none(tmp_path: Path) -> None:
    for name in ("a.bin.gz", "b.pdf", "README", ".DS_Store", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    _, problems = read(tmp_path)
    assert problems == [
        Problem("README", "not a page (no suffix)"),
        Problem("a.bin.gz", "not a page (.gz)"),
        Problem("b.pdf", "not a page (.pdf)"),
    ]


def test_missing_path_is_a_problem(tmp_path: Path) -> None:
    pages, problems = read(tmp_path / "nowhere")
    assert not pages
    assert problems == [Problem(str(tmp_path / "nowhere"), "no such file or folder")]


def test_broken_link_and_pipe_are_problems(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    pages, problems = read(tmp_path)
    assert not pages
    assert [p.doc for p in problems] == ["link.txt", "pipe.txt"]
    assert problems[1].reason == "not a regular file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some text.", encoding="utf-8")
    (tmp_path / "a.txt").chmod(0)
    pages, problems = read(tmp_path)
    assert not pages
    assert "cannot be read" in problems[0].reason


def test_file_that_cannot_be_opened_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Some text.", encoding="utf-8")

    def refuse(path: Path, mode: str) -> BinaryIO:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    assert read(tmp_path) == ([], [Problem("a.txt", "cannot be read: Permission denied")])


def test_too_large_a_file_is_a_problem(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(LARGEST + 1)
    pages, problems = read(tmp_path)
    assert not pages
    assert problems[0].reason.startswith("larger than 16 MB")


def test_name_that_is_not_utf8_gives_a_doc_that_can_be_written(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("Some text.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system holds names in UTF-8 only")
    pages, _ = read(tmp_path)
    assert pages[0].doc.encode("utf-8")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (FRENCH.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + FRENCH.encode(), "utf-8"),
        (b"\xff\xfe" + FRENCH.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + FRENCH.encode("utf-16-be"), "utf-16-be"),
        (FRENCH.encode("cp1252"), "cp1252"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    assert encoding_of("a.txt", data) == encoding
    assert read_text(data, encoding) == FRENCH


@pytest.mark.parametrize(
    ("data", "declared", "encoding"),
    [
        (FRENCH.encode(), ["iso-8859-1"], "utf-8"),
        (FRENCH.encode("cp1252"), ["utf-8", "ISO-8859-1"], "cp1252"),
        ("Министр обороны объявил о поставке танков".encode("cp1251"), ["windows-1251"], "cp1251"),
        (FRENCH.encode("latin-1"), ["utf-16", "hex", "no such encoding", "a\0b", "utf-7"], "cp1252"),
        (FRENCH.encode("iso8859-15"), ["'iso-8859-15'"], "iso8859-15"),
    ],
)
def test_declared_encoding_is_believed_where_bytes_allow_it(data: bytes, declared: list[str], encoding: str) -> None:
    assert encoding_of("a.html", data, "html", declared) == encoding


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("gb2312", "gb18030", "国防部长宣布交付坦克，朱镕基表示感谢。"),
        ("GBK", "gb18030", "国防部长宣布交付坦克 𠀀"),
        ("shift_jis", "cp932", "①戦車の引き渡しを発表した〜髙橋"),
        ("x-sjis", "cp932", "①戦車の引き渡しを発表した"),
        ("ks_c_5601-1987", "cp949", "국방부 장관은 똠방각하 전차 인도를 발표했다"),
        ("euc-kr", "cp949", "국방부 장관은 똠방각하 전차 인도를 발표했다"),
        ("iso-8859-9", "cp1254", "Savunma Bakanı “tankların teslim edildiğini” açıkladı"),
        ("tis-620", "cp874", "รัฐมนตรีกลาโหมประกาศ “ส่งมอบ” รถถัง"),
        ("ISO-8859-11", "cp874", "รัฐมนตรีกลาโหมประกาศ…"),
        ("us-ascii", "cp1252", "L’été “dernier”"),
        ("latin1", "cp1252", "L’été “dernier”"),
        ("big5", "big5hkscs", "國防部長宣布交付坦克"),
        ("euc-jp", "euc_jp", "戦車の引き渡しを発表した"),
        ("ISO-2022-JP", "iso2022_jp_ext", "戦車の引き渡しを発表した"),
        ("koi8-u", "koi8-u", "Міністр оборони оголосив про постачання танків"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, encoding: str, text: str) -> None:
    data = text.replace("〜", "～").encode(encoding)
    assert encoding_of("a.html", data, "html", [label]) == encoding
    assert read_text(data, encoding) == text.replace("〜", "～")


@pytest.mark.parametrize(
    "label",
    ["unicode_escape", "raw_unicode_escape", "utf-7", "punycode", "idna", "utf-16", "cp500", "rot13", ""],
)
def test_codecs_that_are_none_of_the_web_are_never_chosen(label: str) -> None:
    assert codec_of(label) is None
    assert encoding_of("a.html", FRENCH.encode("cp1252") + b" \\u0041", "html", [label]) == "cp1252"


def test_every_label_is_of_a_codec_that_reads_ascii_as_itself() -> None:
    plain = bytes(range(0x20, 0x7F))
    assert {plain.decode(codec) for codec in _LABELS} == {plain.decode("ascii")}
    assert sum(len(labels.split()) for labels in _LABELS.values()) == len({*" ".join(_LABELS.values()).split()})


@pytest.mark.parametrize(
    ("label", "encoding", "text", "bad"),
    [
        ("shift_jis", "cp932", "戦車の引き渡しを発表した。" * 3, b"\x81"),
        ("gb2312", "gb18030", "国防部长宣布交付坦克。" * 3, b"\xff"),
        ("euc-kr", "cp949", "국방부 장관은 전차 인도를 발표했다. " * 3, b"\xff"),
        ("windows-1251", "cp1251", "Министр обороны объявил о поставке танков. ", b"\x98"),
    ],
)
def test_one_bad_byte_does_not_cost_a_page_its_declared_encoding(
    label: str, encoding: str, text: str, bad: bytes
) -> None:
    data = text.encode(encoding) + bad + b" " + text.encode(encoding)
    assert encoding_of("a.html", data, "html", [label]) == encoding
    assert read_text(data, encoding) == f"{text}\ufffd {text}"


def test_damaged_utf8_is_not_read_in_an_encoding_that_it_is_declared_in_by_mistake() -> None:
    data = FRENCH.encode() * 5 + b"\xff" + FRENCH.encode()
    assert encoding_of("a.html", data, "html", ["gb2312"]) == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16-le"])
def test_null_characters_are_damage_in_html_and_no_more(encoding: str) -> None:
    text = "<p>Un\0 été.\0</p>" + " plus" * 100
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    page = make_page("a.html", mark + text.encode(encoding), {"url": "a\0b"}, "html")
    assert page.encoding == encoding
    # One character stands for one, so that places in the page stay what they are.
    assert page.text == text.replace("\0", "\ufffd")
    assert page.about("url") == "a\ufffdb"
    with pytest.raises(PageError, match="a binary file"):
        make_page("a.txt", mark + text.encode(encoding), form="text")


def test_damaged_utf8_keeps_its_sound_characters() -> None:
    data = FRENCH.encode() * 5 + b"\xff" + FRENCH.encode()
    assert encoding_of("a.txt", data) == "utf-8"
    text = read_text(data, "utf-8")
    assert text.count("\ufffd") == 1
    assert text.count("é") == 6 * FRENCH.count("é")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20,
        bytes(range(1, 32)) * 10,
        "Министр обороны объявил о поставке танков".encode("koi8-r"),
        b"",
        b" \n\t \xc2\xa0\n",
        b"\xef\xbb\xbf",
    ],
)
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(PageError) as raised:
        encoding_of("a.txt", data)
    assert raised.value.doc == "a.txt"


def test_line_ends_become_one_sort() -> None:
    assert read_text(b"one\r\ntwo\rthree\nfour", "utf-8") == "one\ntwo\nthree\nfour"


@given(st.binary(max_size=400))
def test_any_bytes_give_text_that_can_be_written_or_a_page_error(data: bytes) -> None:
    try:
        text = read_text(data, encoding_of("a.txt", data))
    except PageError:
        return
    assert text.strip()
    assert text.encode("utf-8")
    assert "\r" not in text
    assert "\0" not in text


def test_lone_surrogates_of_a_sidecar_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some text.", encoding="utf-8")
    (tmp_path / "a.meta.json").write_text('{"url": "https://example.org/\\ud800"}', encoding="utf-8")
    pages, _ = read(tmp_path)
    assert pages[0].about("url") == "https://example.org/?"


def test_front_matter_goes_to_meta_and_stays_in_the_text(tmp_path: Path) -> None:
    block = 'title: "Kyiv: what \\"aid\\" means"\nsource: https://example.org/x\ndate: 2026-01-05\nempty: ""\n'
    text = f"---\n{block}---\n\nBody.\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    page = read(tmp_path)[0][0]
    assert page.text == text
    assert page.about("title") == 'Kyiv: what "aid" means'
    assert page.about("url") == "https://example.org/x"
    assert page.about("date") == "2026-01-05"
    assert page.about("empty") is None


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("No block.", {}),
        ("---\ntitle: never closed\n" + "line\n" * 300, {}),
        ("---\nTitle: it's bare: with a colon\n---\n", {"title": "it's bare: with a colon"}),
        ("---\ntitle: 'l''été'\n...\n", {"title": "l'été"}),
        ("---\ndescription: >-\n  two\n  lines\n---\n", {"description": "two lines"}),
        ("---\ntags:\n  - one\n  - two\n---\n", {"tags": "one two"}),
        ("---\nsource: The Gazette\n---\n", {"source": "The Gazette"}),
    ],
)
def test_front_matter_fields(text: str, fields: dict[str, str]) -> None:
    assert front_matter(text) == fields


def test_twelve_megabytes_on_one_line_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"The word is said again. " * (12 * 2**20 // 24))
    pages, problems = read(tmp_path)
    assert len(pages[0].text) > 11 * 2**20
    assert not problems


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"<!-- a --> <!--b--><html>", "html"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE  html>', "html"),
        (b"<!-- a ><!-- --><body>", "html"),
        (b"<!-- <html> is how it begins", "text"),
        (b"<!-- a --> The word <html>", "text"),
        (b"<?xml version='1.0'?><rss>", "text"),
    ],
)
def test_html_is_seen_in_how_it_begins(data: bytes, form: str) -> None:
    assert form_of(data) == form


@pytest.mark.parametrize(
    "piece",
    [
        "<!---->",
        "<!--",
        "-->",
        "<!-- -->\n",
        "<?xml",
        "<?xml ?>",
        " ",
        "\n",
        "<meta ",
        "<meta charset",
        "charset=",
        "<",
    ],
)
@pytest.mark.parametrize("head", ["", "<!--", "<?xml encoding=", "<meta " * 30 + "charset=", "<meta " * 30 + "charset"])
def test_no_repeat_of_markup_keeps_the_reader_busy(head: str, piece: str) -> None:
    hostile = head + piece * (HEAD // len(piece)) + "x"
    header = f"text/plain; charset={piece * 30_000}x"
    start = time.process_time()
    make_page("a.txt", hostile.encode() * 20, content_type=header)
    assert time.process_time() - start < 1
