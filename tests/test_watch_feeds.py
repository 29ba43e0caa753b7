"""Feeds: what each kind names, and that no bytes can make the reader stall, fail or look elsewhere."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.errors import FeedError
from recoupe.watch.addresses import name_of, whole
from recoupe.watch.feeds import LARGEST_FEED, Entry, moment, read_feed

HOME = "https://gazette.example/feeds/news.xml"
RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>The Gazette &amp; <![CDATA[<b>friends</b>]]></title>
<link>https://gazette.example/</link>
<item><title>Strike on Kyiv</title><link>/news/strike?id=1&amp;x=2#top</link>
<pubDate>Tue, 02 Jan 2024 10:00:00 +0200</pubDate></item>
<item><title>Again</title><link>https://GAZETTE.example/news/strike?id=1&amp;x=2</link></item>
<item><guid>https://gazette.example/news/guid</guid></item>
<item><title>No page</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://bulletin.example/fr/"><title>Le Bulletin</title>
<entry><title type="html">L’&amp;lt;i&amp;gt;été</title><link rel="self" href="/x.atom"/><link href="un"/>
<published>2024-01-02T10:00:00Z</published><updated>2024-01-03T11:00:00+01:00</updated></entry>
<entry><link href="deux"/><updated>2024-01-03T11:00:00Z</updated></entry></feed>"""
SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://gazette.example/i.png</image:loc><image:title>I</image:title></image:image>
<loc> https://gazette.example/?a=1&b=2 </loc><lastmod>2024-01-02</lastmod>
<news:news><news:publication_date>2024-01-01T08:00:00Z</news:publication_date><news:title>One</news:title></news:news></url>
<url><lastmod>2024-01-02</lastmod></url>
<url><loc>/relative</loc></url></urlset>"""
INDEX = b"""<sitemapindex><sitemap><loc>https://gazette.example/a.xml.gz</loc><lastmod>2024-01-02</lastmod></sitemap>
<sitemap><loc>ftp://gazette.example/b.xml</loc></sitemap></sitemapindex>"""


def test_rss_gives_each_page_once_with_its_link_made_whole() -> None:
    feed = read_feed(RSS, HOME)
    assert feed.title == "The Gazette & friends"
    assert feed.entries == (
        Entry("https://gazette.example/news/strike?id=1&x=2", "Strike on Kyiv", "Tue, 02 Jan 2024 10:00:00 +0200"),
        Entry("https://gazette.example/news/guid"),
    )
    assert feed.entries[0].newest == datetime(2024, 1, 2, 8, tzinfo=UTC)
    assert feed.entries[1].newest is None


def test_atom_tells_both_dates_and_has_a_base_of_its_own() -> None:
    one, two = read_feed(ATOM.encode()).entries
    assert (one.address, one.published, one.updated) == (
        "https://bulletin.example/fr/un",
        "2024-01-02T10:00:00Z",
        "2024-01-03T11:00:00+01:00",
    )
    assert one.newest == datetime(2024, 1, 3, 10, tzinfo=UTC)
    assert (two.address, two.published, two.updated) == ("https://bulletin.example/fr/deux", "", "2024-01-03T11:00:00Z")


def test_rss_1_and_a_document_type_that_declares_nothing_are_read() -> None:
    rdf = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    rdf += b'<item rdf:about="x"><title>T</title><link>https://a.example/x</link></item></rdf:RDF>'
    assert read_feed(rdf).entries == (Entry("https://a.example/x", "T"),)
    old = (
        b'<!-- x --><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://n.example/rss.dtd">'
        + RSS.split(b"?>")[1]
    )
    assert len(read_feed(old, HOME).entries) == 2


def test_a_feed_in_another_encoding_and_with_unknown_entities_is_read() -> None:
    told = RSS.decode().replace("utf-8", "iso-8859-1").replace("Strike on Kyiv", "Été&nbsp;à Kyiv")
    assert read_feed(told.encode("latin-1"), HOME).entries[0].title == "Été à Kyiv"
    assert read_feed(b"\xff\xfe" + RSS.decode().encode("utf-16-le"), HOME).entries[0].title == "Strike on Kyiv"


def test_a_broken_feed_gives_what_can_be_read_of_it() -> None:
    broken = (
        b"<rss><channel><item><title>A &#xD800; &#99999999999; &#12ab; & <b</title><link>https://a.example/x</link>"
    )
    assert [entry.address for entry in read_feed(broken).entries] == ["https://a.example/x"]


def test_json_feed() -> None:
    items = [
        {"url": "/a", "title": "A", "date_published": "2024-01-02T10:00:00Z", "date_modified": "2024-01-03T10:00:00Z"},
        {"external_url": "https://other.example/b", "title": 7},
        {"id": "no page"},
        "no item",
    ]
    data = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "feed_url": HOME, "items": items}
    feed = read_feed(json.dumps(data).encode())
    assert feed.title == "J"
    assert feed.entries == (
        Entry("https://gazette.example/a", "A", "2024-01-02T10:00:00Z", "2024-01-03T10:00:00Z"),
        Entry("https://other.example/b"),
    )
    with pytest.raises(FeedError, match="no JSON Feed"):
        read_feed(b'{"items": []}')


def in_parts(data: bytes) -> bytes:
    """A gzip file of several members, as tools make that pack a file in parts or add to a packed one."""
    return b"".join(gzip.compress(data[at : at + 100]) for at in range(0, len(data), 100))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, in_parts], ids=["plain", "gzip", "gzip in parts"])
def test_sitemaps(pack: Callable[[bytes], bytes]) -> None:
    feed = read_feed(pack(SITEMAP), HOME)
    assert feed.entries == (
        Entry("https://gazette.example/?a=1&b=2", "One", "2024-01-01T08:00:00Z", "2024-01-02"),
        Entry("https://gazette.example/relative"),
    )
    assert feed.entries[0].newest == datetime(2024, 1, 3, tzinfo=UTC)  # a day counts to its end
    assert read_feed(pack(INDEX)).sitemaps == (Entry("https://gazette.example/a.xml.gz", "", "", "2024-01-02"),)


def test_what_a_feed_says_of_a_page_is_short() -> None:
    much = "x" * 2_000_000
    item = f"<title>{much}</title><link>https://a.example/1</link><pubDate>{much}</pubDate><updated>{much}</updated>"
    atom = (
        f"<title>{much}</title><link href='https://a.example/1'/><published>{much}</published><updated>{much}</updated>"
    )
    url = f"<loc>https://a.example/1</loc><lastmod>{much}</lastmod><title>{much}</title><publication_date>{much}</publication_date>"
    row = {"url": "https://a.example/1", "title": much, "date_published": much, "date_modified": much}
    for data in (
        f"<rss><channel><title>{much}</title><item>{item}</item></channel></rss>",
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{much}</title><entry>{atom}</entry></feed>",
        f"<urlset><url>{url}</url></urlset>",
        json.dumps({"version": "https://jsonfeed.org/version/1", "title": much, "items": [row]}),
    ):
        feed = read_feed(data.encode(), HOME)
        (entry,) = feed.entries
        assert len(entry.title) == 300
        assert len(feed.title) <= 300
        assert {len(entry.published), len(entry.updated)} <= {0, 100}
    assert read_feed(f"<urlset><url><loc>https://a.example/{much}</loc></url></urlset>".encode()).entries == ()


def test_only_web_addresses_are_named() -> None:
    links = (
        "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://a.example/x", "mailto:a@b.example",
        "http://", "http://[::1", "https://user:word@a.example/", "http://a.example:port/", "x" * 3000,
        "https://a.example/ok",
    )  # fmt: skip
    rss = "<rss><channel>" + "".join(f"<item><link>{link}</link></item>" for link in links) + "</channel></rss>"
    assert read_feed(rss.encode(), HOME).entries == (Entry("https://a.example/ok"),)
    urls = "<urlset>" + "".join(f"<url><loc>{link}</loc></url>" for link in links) + "</urlset>"
    assert read_feed(urls.encode(), HOME).entries == (Entry("https://a.example/ok"),)


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)  # a billion of them


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("root", ["rss", "urlset"])
def test_entities_of_its_own_are_refused(root: str, encoding: str) -> None:
    inner = "<channel><item><title>&j;</title></item></channel>" if root == "rss" else "<url><loc>&j;</loc></url>"
    for declared in (LAUGHS, '<!ENTITY j SYSTEM "file:///etc/passwd">'):
        bomb = f"<?xml version='1.0'?><!DOCTYPE {root} [{declared}]><{root}>{inner}</{root}>"
        with pytest.raises(FeedError, match="entities of its own"):
            read_feed(bomb.encode(encoding))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "an empty file"),
        (b"\x00\x01\x02" * 50, "a binary file"),
        (b"<!doctype html><html><head></head></html>", "an HTML page"),
        (b"Just some words.", "not a feed or sitemap"),
        (b"[1, 2]", "not a feed or sitemap"),
        (b"{" * 100_000, "JSON that cannot be read"),
        (b'{"a":' * 100_000, "JSON that cannot be read"),
        (b"<urlset><url><loc>x</url>", "a sitemap that cannot be read"),
        (b"<urlset>" + b"<a>" * 100_000, "without end"),
        (b"<rss>" + b" " * LARGEST_FEED, "larger than 8 MB"),
        (gzip.compress(bytes(60 * 2**20)), "larger than 50 MB"),
        (gzip.compress(RSS)[:-12], "cut short"),
        (gzip.compress(bytes(26 * 2**20)) * 2, "larger than 50 MB"),
        (gzip.compress(b"") * 400_000, "too many parts"),
        (b"\x1f\x8b" + b"x" * 50, "a gzip file that is not sound gzip"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_what_is_no_feed_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        read_feed(data)


PIECES = (
    b"<rss>", b"<feed>", b"<urlset>", b"<url>", b"<loc>", b"</loc>", b"</url>", b"<item>", b"<entry>", b"<link>",
    b'<link href="', b"http://", b"<title>", b"<pubDate>", b"<updated>", b"2024-01-", b"<![CDATA[", b"]]>", b"<!--",
    b"<!DOCTYPE x", b"[<!ENTITY a '", b"&a;", b"&#0;", b"&#xD800;", b">", b"<", b"</", b'"', b"<?xml ", b"?>",
    b"\x1f\x8b", b"\xff\xfe", b"\x00", b"\xc3", b'{"version":"https://jsonfeed.org/version/1","items":[', b'{"url":',
    b"}", b"]",
    b"&#12ab;", b"&#99999999999;",
    b"xml:base='http://[", b"<geo:where>", b"<content type='xhtml'>", b"<georss:point>", b"1 2 3", b"<media:rating>",
)  # fmt: skip


@settings(max_examples=400, deadline=2000)
@given(
    st.one_of(
        st.binary(), st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)), max_size=40).map(b"".join)
    )
)
def test_any_bytes_give_entries_or_a_feed_error(data: bytes) -> None:
    try:
        feed = read_feed(data, HOME)
    except FeedError:
        return
    for entry in (*feed.entries, *feed.sitemaps):
        assert entry.address.startswith(("http://", "https://"))
        assert entry.newest is None or entry.newest.tzinfo is UTC
        name_of(entry.address)


@settings(max_examples=200)
@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = moment(text)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "&a", "<!", "<?", "<![CDATA[", '<a b="', "<item>", "</item>", "<!--", "]]>"]
)
def test_a_feed_of_nothing_but_beginnings_is_read_in_time(piece: str) -> None:
    start = time.monotonic()
    read_feed(b"<rss>" + piece.encode() * 10_000)
    assert time.monotonic() - start < 5


@settings(max_examples=200)
@given(st.text(max_size=60), st.text(max_size=30))
def test_an_address_made_whole_is_one_that_stays_so(path: str, query: str) -> None:
    address = whole(f"https://a.example/{path}?{query}", None)
    if address is not None:
        assert whole(address, "https://b.example/") == address
        name = name_of(address)
        assert not set(name) & set('#:?"<>| \\*\n')
        assert not name.startswith("/")
        assert ".." not in name.split("/")


def test_names_are_readable_and_tell_addresses_apart() -> None:
    assert name_of("https://www.a.example/2024/strike.html") == "www.a.example/2024/strike.html"
    assert name_of("https://a.example/été") == "a.example/été"
    assert name_of("https://a.example/%C3%A9t%C3%A9/") == "a.example/été"
    assert name_of("https://a.example/") == "a.example"
    names = [
        name_of(f"https://a.example{rest}") for rest in ("/x?a=1", "/x?a=2", "/x", "/x:y", "/x y", ":8080/x", "//x")
    ]
    assert len(set(names)) == len(names)
    assert len(name_of("https://a.example/" + "long-" * 100)) < 140
