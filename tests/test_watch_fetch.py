"""Fetching: that hosts are treated as they ask, and that none can make the program wait, grow, or look elsewhere."""

from __future__ import annotations

import gzip
import random
import shutil
import ssl
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoupe.errors import FetchError
from recoupe.load.unpack import PackingError, bounded, decoded
from recoupe.watch import Answer, Ask, Fetcher, Politeness
from recoupe.watch.fetch import PAGES
from recoupe.watch.recent import Recent
from recoupe.watch.wire import is_public
from web import Made, Reply, Request, Web, Write, serve

A = "http://a.example"


@pytest.fixture(scope="module")
def server() -> Iterator[Web]:
    with serve() as made:
        yield made


@pytest.fixture
def web(server: Web) -> Web:
    server.routes, server.asked = {"a.example/x": Reply.page("words")}, []
    return server


@pytest.fixture
def made(web: Web) -> Made:
    return Made(web.port)


def get(made: Made, address: str = f"{A}/x", **rules: object) -> Answer:
    return fetcher(made, **rules).get(Ask(address, media=PAGES))


def fetcher(made: Made, **rules: object) -> Fetcher:
    return Fetcher(replace(Politeness(), **rules), made.world())  # type: ignore[arg-type]


def refusal(made: Made, address: str = f"{A}/x", **rules: object) -> str:
    with pytest.raises(FetchError) as caught:
        get(made, address, **rules)
    assert caught.value.address == address
    return caught.value.reason


def test_a_page_comes_with_what_was_said_of_it(web: Web, made: Made) -> None:
    web.routes["a.example/x"] = Reply.page("words", ETag='"1"', Last_Modified="Tue, 02 Jan 2024 10:00:00 GMT")
    answer = get(made)
    assert (answer.url, answer.status, answer.data) == (f"{A}/x", 200, b"words")
    assert (answer.content_type, answer.etag) == ("text/plain; charset=utf-8", '"1"')
    assert answer.modified == "Tue, 02 Jan 2024 10:00:00 GMT"
    assert [r.place for r in web.asked] == ["a.example/robots.txt", "a.example/x"]
    headers = web.asked[-1].headers
    assert headers["user-agent"].startswith("recoupe/")
    assert headers["host"] == "a.example"
    assert not {"cookie", "authorization", "referer", "if-none-match"} & headers.keys()


def test_what_has_not_changed_does_not_come_again(web: Web, made: Made) -> None:
    def route(request: Request) -> Reply:
        fresh = request.headers.get("if-none-match") == '"1"' and request.headers.get("if-modified-since") == "then"
        return Reply(304, headers={"ETag": '"1"'}) if fresh else Reply.page("words")

    web.routes["a.example/x"] = route
    answer = fetcher(made).get(Ask(f"{A}/x", '"1"', "then"))
    assert (answer.status, answer.data, answer.etag) == (304, b"", '"1"')
    web.routes["a.example/x"] = Reply(304)
    assert refusal(made) == "answer 304"  # to a question without a condition it is no answer


def test_requests_to_one_host_keep_their_distance(web: Web, made: Made) -> None:
    web.routes |= {"a.example/y": Reply.page("more"), "b.example/x": Reply.page("other")}
    guest = fetcher(made)
    for address in (f"{A}/x", f"{A}/y", "http://b.example/x"):
        guest.get(Ask(address))
    assert made.slept == [2.0, 2.0, 2.0]  # robots.txt is a request too; the second host's does not wait for the first
    made.slept.clear()
    made.time += 60
    guest.get(Ask(f"{A}/x"))
    assert made.slept == []


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("0.5", 2.0), ("86400", 60.0), ("nan", 2.0), ("x", 2.0)])
def test_a_robots_txt_may_ask_for_more_distance(web: Web, made: Made, asked: str, waited: float) -> None:
    web.routes["a.example/robots.txt"] = Reply(200, f"User-agent: *\nCrawl-delay: {asked}\n".encode())
    guest = fetcher(made)
    guest.get(Ask(f"{A}/x"))
    guest.get(Ask(f"{A}/x"))
    assert made.slept[1:] == [waited]


@pytest.mark.parametrize(
    ("robots", "reason"),
    [
        (Reply(200, b"User-agent: *\nDisallow: /x\n"), "refused by robots.txt"),
        (Reply(200, b"User-agent: Recoupe\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), "refused by robots.txt"),
        (Reply(200, b"User-agent: recoupe\nAllow: /\n\nUser-agent: *\nDisallow: /\n"), None),
        (Reply(200, b"User-agent: *\nDisallow: /\nAllow: /x\n"), None),
        (Reply(200, b"<html>no such page</html>"), None),
        (Reply(200, b"#\n" * 10**6 + b"User-agent: *\nDisallow: /x\n"), None),  # more than is read
        (Reply(404), None),
        (Reply(403), None),
        (Reply(429), "its robots.txt cannot be had: answer 429"),
        (Reply(500), "its robots.txt cannot be had: answer 500"),
        (Reply(301, headers={"Location": "/robots.txt"}), "its robots.txt cannot be had: a redirect loop"),
    ],
)
def test_robots_txt(web: Web, made: Made, robots: Reply, reason: str | None) -> None:
    web.routes["a.example/robots.txt"] = robots
    if reason is None:
        assert get(made).data == b"words"
    else:
        assert refusal(made) == reason
        assert web.places() == []


def test_robots_txt_is_asked_for_once_a_day(web: Web, made: Made) -> None:
    guest = fetcher(made)
    for _ in range(3):
        guest.get(Ask(f"{A}/x"))
    assert [r.place for r in web.asked].count("a.example/robots.txt") == 1
    made.time += 90_000
    guest.get(Ask(f"{A}/x"))
    assert [r.place for r in web.asked].count("a.example/robots.txt") == 2


def test_a_robots_txt_is_read_to_its_500_kib_and_no_further(web: Web, made: Made) -> None:
    rules = b"User-agent: *\nDisallow: /y\nDisallow: /x\n"
    for spaces, last in ((0, True), (1, False), (2, False), (9, False), (12, False)):
        # The last line ends where the bound is, or is cut by it, and then it is none: not even a wider rule.
        body = b"#" * (500 * 1024 - len(rules) + spaces - 1) + b"\n" + rules + b"Disallow: /\n" * 100
        web.routes["a.example/robots.txt"] = Reply(200, body)
        assert refusal(made, f"{A}/y") == "refused by robots.txt"
        if last:
            assert refusal(made) == "refused by robots.txt"
        else:
            assert get(made).data == b"words"


def test_what_is_remembered_of_hosts_does_not_grow(web: Web, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoupe.watch.fetch._RULES", 3)
    monkeypatch.setattr("recoupe.watch.fetch._HOSTS", 5)
    guest = fetcher(made)
    hosts = [f"{n}.example" for n in range(8)]
    for host in hosts:
        web.routes[f"{host}/x"] = Reply.page("words")
        guest.get(Ask(f"http://{host}/x"))
    assert (len(guest._robots), len(guest._hosts)) == (3, 5)
    web.asked.clear()
    for host in (*reversed(hosts[-3:]), hosts[0]):  # the last three are remembered
        guest.get(Ask(f"http://{host}/x"))
    assert [r.place for r in web.asked if "robots" in r.place] == ["0.example/robots.txt"]


def test_large_rules_are_forgotten_earlier() -> None:
    kept = Recent[str](10, 100)
    for name, weight in (("a", 60), ("b", 40), ("a", 50), ("c", 30), ("d", 500)):
        kept.put(name, name, weight)
        if name == "c":
            assert [kept.get(x) for x in "bac"] == [None, "a", "c"]
    assert [kept.get(x) for x in "acd"] == [None, None, "d"]
    kept.put("e", "e", 100)
    assert [kept.get(x) for x in "de"] == [None, "e"]


def test_redirects_are_followed_by_the_rules_of_where_they_lead(web: Web, made: Made) -> None:
    web.routes |= {
        "a.example/old": Reply(302, headers={"Location": "//b.example/new#part"}),
        "b.example/new": Reply.page("moved"),
    }
    assert get(made, f"{A}/old").url == "http://b.example/new"
    web.routes["b.example/robots.txt"] = Reply(200, b"User-agent: *\nDisallow: /")
    assert refusal(made, f"{A}/old") == "refused by robots.txt"


def test_redirects_end(web: Web, made: Made) -> None:
    for n in range(12):
        web.routes[f"a.example/{n}"] = Reply(301, headers={"Location": f"/{n + 1}"})
    web.routes |= {
        "a.example/12": Reply.page("there"),
        "a.example/p": Reply(308, headers={"Location": "/q"}),
        "a.example/q": Reply(307, headers={"Location": "/p"}),
        "a.example/none": Reply(302),
    }
    assert refusal(made, f"{A}/1") == "too many redirects"
    assert len(web.places()) == 6
    assert get(made, f"{A}/7").data == b"there"
    assert refusal(made, f"{A}/p") == "a redirect loop"
    assert refusal(made, f"{A}/none") == "answer 302"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://inner.example/x", "a private address"),
        ("http://127.0.0.1/x", "a private address"),
        ("http://mixed.example/x", "a private address"),
        ("http://none.example/x", "no such host"),
        (f"{A}:8080/x", "a port other than 80 and 443 (--private allows it)"),
        ("file:///etc/passwd", "a redirect to no web address"),
        ("http://user:word@b.example/", "a redirect to no web address"),
        ("http://xn--/", "not a web address"),
        ("http://[::1", "a redirect to no web address"),
        ("//a\x7f.example:port/", "a redirect to no web address"),
    ],
)
def test_a_redirect_leads_nowhere_that_a_feed_may_not(web: Web, made: Made, target: str, reason: str) -> None:
    made.names |= {
        "inner.example": [["10.1.2.3"]],
        "127.0.0.1": [["127.0.0.1"]],
        "mixed.example": [["93.184.215.14", "192.168.0.1"]],
        "none.example": [[]],
    }
    web.routes["a.example/x"] = Reply(302, headers={"Location": target})
    assert refusal(made) == reason
    assert {r.headers["host"] for r in web.asked} == {"a.example"}


def test_the_machine_that_was_checked_is_the_one_connected_to(web: Web, made: Made) -> None:
    # The name means another machine each time that it is looked up: the one checked must be the one used.
    made.names["a.example"] = [["93.184.215.14"], ["93.184.215.15"], ["127.0.0.1"]]
    web.routes["a.example/robots.txt"] = Reply(404)
    guest = fetcher(made)
    guest.get(Ask(f"{A}/x"))
    assert made.wired == ["93.184.215.15", "93.184.215.14"]
    with pytest.raises(FetchError, match="a private address"):
        guest.get(Ask(f"{A}/x"))


def test_private_addresses_and_ports_are_for_those_who_ask(web: Web) -> None:
    web.routes["127.0.0.1/x"] = Reply.page("at home")
    address = f"http://127.0.0.1:{web.port}/x"
    assert Fetcher(Politeness(delay=0, private=True)).get(Ask(address)).data == b"at home"
    with pytest.raises(FetchError, match="a port other than"):
        Fetcher().get(Ask(address))
    for host in (
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "localhost",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "0.0.0.0",
        "[fec0::1]",
        "[2606:4700::5efe:7f00:1]",
    ):
        with pytest.raises(FetchError, match=r"a private address|no such host"):
            Fetcher().get(Ask(f"http://{host}/x"))
    assert len(web.asked) == 2


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.9", "192.0.0.10", "192.0.2.1",
        "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1",
        "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::8.8.8.8", "100::1", "fc00::1", "fd12::1", "fe80::1%eth0", "fe80::1", "febf::1",
        "fec0::1", "feff::1", "ff02::1", "ff0e::1", "2001::1", "2001:2::1", "2001:20::1", "2001:db8::1", "3fff::1",
        "3fff:fff::1", "4000::1", "5f00::1", "64:ff9b:1::a00:1",
        "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
        "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:10.0.0.1", "2606:4700:1:2:0:5efe:c0a8:1",
        "nonsense", "", "2130706433", "0x7f.1", "127.1",
    ],
)  # fmt: skip
def test_addresses_that_strangers_have_no_business_at(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
     "2001:200::1", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
     "2606:4700::5efe:808:808", "3ffe::1"],
)  # fmt: skip
def test_addresses_that_anyone_may_ask(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/x",
        "http://",
        "http://a.example:port/",
        "http://u:p@a.example/",
        "x",
        "http://xn--/",
        "http://xn--a-\xe9/",
    ],
)
def test_what_is_no_web_address_is_refused(made: Made, address: str) -> None:
    assert refusal(made, address) == "not a web address"


@pytest.mark.parametrize(
    ("after", "waits"),
    [("30", [30.0]), ("Wed, 03 Jan 2024 12:00:42 GMT", [40.0]), ("soon", [4.0]), ("", [4.0]), ("0", [2.0])],
)
def test_a_busy_host_is_asked_again_when_it_says(web: Web, made: Made, after: str, waits: list[float]) -> None:
    for status in (429, 503):
        made.time, made.slept = 0.0, []
        web.asked.clear()
        web.routes["a.example/x"] = [Reply(status, headers={"Retry-After": after}), Reply.page("ready")]
        assert get(made).data == b"ready"
        assert made.slept == [2.0, *waits]


def test_a_host_that_asks_for_a_long_rest_gets_it(web: Web, made: Made) -> None:
    web.routes["a.example/x"] = Reply(503, headers={"Retry-After": "3600"})
    guest = fetcher(made)
    for _ in range(3):
        with pytest.raises(FetchError, match="the host asked for a longer wait"):
            guest.get(Ask(f"{A}/x"))
    assert len(web.places()) == 1
    made.time += 3600
    web.routes["a.example/x"] = Reply.page("rested")
    assert guest.get(Ask(f"{A}/x")).data == b"rested"


def test_a_host_that_stays_busy_is_left_alone(web: Web, made: Made) -> None:
    web.routes["a.example/x"] = Reply(429)
    guest = fetcher(made)
    reasons = []
    for _ in range(5):
        with pytest.raises(FetchError) as caught:
            guest.get(Ask(f"{A}/x"))
        reasons.append(caught.value.reason)
    assert reasons == ["answer 429"] * 3 + ["the host failed several times"] * 2
    assert made.slept[:4] == [2.0, 4.0, 8.0, 16.0]
    assert len(web.places()) == 9


@pytest.mark.parametrize("status", [204, 206, 400, 404, 410, 451, 500, 502])
def test_other_answers_are_told(web: Web, made: Made, status: int) -> None:
    web.routes["a.example/x"] = Reply(status, headers={"Content-Type": "text/html"})
    assert refusal(made) == f"answer {status}"
    assert len(web.places()) == 1


class Deaf(httpcore.NetworkBackend):
    """A network on which nobody answers, or (after so many tries) the made one does."""

    def __init__(self, made: Made, fails: int, error: type[Exception]) -> None:
        self.left, self.error, self.network, self.tried = fails, error, made.world().network, list[str]()

    def connect_tcp(self, host: str, *args: object, **kwargs: object) -> httpcore.NetworkStream:
        self.tried.append(host)
        self.left -= 1
        if self.left >= 0:
            raise self.error("no")
        return self.network.connect_tcp(host, *args, **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "reason"), [(httpcore.ConnectError, "no connection"), (httpcore.ConnectTimeout, "no answer in time")]
)
def test_a_failing_network_is_tried_a_few_times(web: Web, made: Made, error: type[Exception], reason: str) -> None:
    made.names["a.example"] = [["93.184.215.14", "2606:4700::1111"]]
    deaf = Deaf(made, 2, error)
    guest = Fetcher(Politeness(), replace(made.world(), network=deaf))
    assert guest.get(Ask(f"{A}/x")).data == b"words"
    assert deaf.tried[:3] == ["93.184.215.14", "2606:4700::1111", "93.184.215.14"]
    assert made.slept == [4.0, 8.0, 2.0]
    deaf.left = 100
    for _ in range(3):
        with pytest.raises(FetchError, match=reason):
            guest.get(Ask(f"{A}/x"))
    with pytest.raises(FetchError, match="several times"):
        guest.get(Ask(f"{A}/x"))


def test_a_host_whose_robots_txt_is_not_there_for_the_network_is_not_asked_for_pages(web: Web, made: Made) -> None:
    guest = Fetcher(Politeness(), replace(made.world(), network=Deaf(made, 3, httpcore.ConnectError)))
    with pytest.raises(FetchError, match=r"its robots\.txt cannot be had: no connection"):
        guest.get(Ask(f"{A}/x"))
    made.time += 1000
    assert guest.get(Ask(f"{A}/x")).data == b"words"


def flood(write: Write) -> None:
    while True:
        write(b"x" * 2**16)


def drip(made: Made, piece: bytes = b"x") -> Callable[[Write], None]:
    """A piece a second, by the clock of the made world."""

    def write_slowly(write: Write) -> None:
        for _ in range(1000):
            made.time += 1
            write(piece)
            time.sleep(0.001)

    return write_slowly


def test_an_answer_that_drips_ends(web: Web, made: Made) -> None:
    web.routes["a.example/x"] = Reply(200, headers={"Content-Type": "text/plain"}, stream=drip(made))
    assert refusal(made) == "took longer than 60 s"
    assert len(web.places()) == 1
    assert made.time < 600


def test_a_host_whose_pages_drip_is_left_alone(web: Web, made: Made) -> None:
    web.routes["a.example/x"] = Reply(200, headers={"Content-Type": "text/plain"}, stream=drip(made))
    guest = fetcher(made, rest=10_000.0)
    reasons = []
    for _ in range(4):
        with pytest.raises(FetchError) as caught:
            guest.get(Ask(f"{A}/x"))
        reasons.append(caught.value.reason)
    assert reasons == ["took longer than 60 s"] * 3 + ["the host failed several times"]


def test_headers_that_drip_end_too(web: Web, made: Made) -> None:
    # An interim answer, which the real one never follows.
    web.routes["a.example/x"] = Reply(103, stream=drip(made, b"X-More: x\r\n"))
    assert refusal(made) == "took longer than 60 s"


def test_redirects_that_dally_share_one_time(web: Web, made: Made) -> None:
    def slow(request: Request) -> Reply:
        made.time += 24
        return Reply(302, headers={"Location": request.place.removeprefix("a.example") + "x"})

    for n in range(1, 6):
        web.routes["a.example/" + "x" * n] = slow
    assert refusal(made) == "took longer than 60 s"
    assert web.places() == ["a.example/x", "a.example/xx", "a.example/xxx"]


def test_a_flood_is_cut_off(web: Web, made: Made) -> None:
    web.routes["a.example/x"] = Reply(200, headers={"Content-Type": "text/plain"}, stream=flood)
    assert refusal(made) == "larger than 16 MB"


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate"])
def test_a_bomb_is_not_unpacked(web: Web, made: Made, encoding: str) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS if encoding == "deflate" else zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(50)) + packer.flush()
    web.routes["a.example/x"] = Reply(200, bomb, {"Content-Type": "text/plain", "Content-Encoding": encoding})
    start = time.monotonic()
    assert refusal(made) == "larger than 16 MB"
    assert time.monotonic() - start < 5


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"words")),
        ("GZIP", gzip.compress(b"wo") + gzip.compress(b"rds")),
        ("deflate", zlib.compress(b"words")),
        ("deflate", raw_deflate(b"words")),
        ("identity", b"words"),
    ],
    ids=["gzip", "gzip in parts", "deflate", "bare deflate", "as it is"],
)
def test_compressed_answers(web: Web, made: Made, encoding: str, body: bytes) -> None:
    web.routes["a.example/x"] = Reply(200, body, {"Content-Type": "text/plain", "Content-Encoding": encoding})
    assert get(made).data == b"words"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b"words"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"words"))),
        ("nonsense", b"words"),
        ("gzip", gzip.compress(b"words")[:-9]),
        ("gzip", b"\x1f\x8b words"),
    ],
)
def test_what_is_packed_in_another_way_is_told(web: Web, made: Made, encoding: str, body: bytes) -> None:
    web.routes["a.example/x"] = Reply(200, body, {"Content-Type": "text/plain", "Content-Encoding": encoding})
    assert refusal(made) == "compressed in a way that cannot be read"


@pytest.mark.parametrize("body", [b"words", b"", b"w", b"<!doctype html><p>Words", b"HK, words", b"x" * 5000])
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_what_is_said_to_be_packed_and_is_not_is_taken_as_it_is(
    web: Web, made: Made, encoding: str, body: bytes
) -> None:
    web.routes["a.example/x"] = Reply(200, body, {"Content-Type": "text/plain", "Content-Encoding": encoding})
    assert get(made).data == body


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000, 2**20])
def test_a_packed_body_may_come_in_any_pieces(size: int) -> None:
    noise = random.Random(0).randbytes(3000)
    whole = noise + bytes(300_000) + b"x" + bytes(200_000)
    deflated = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    for encoding, body in (
        ("gzip", b"".join(map(gzip.compress, (whole[:3000], b"", whole[3000:]))) + b"\0\0"),
        ("gzip", zlib.compress(whole)),
        ("deflate", zlib.compress(whole)),
        ("deflate", deflated.compress(whole) + deflated.flush()),
    ):
        chunks = [body[at : at + size] for at in range(0, len(body), size)]
        assert b"".join(decoded(chunks, encoding)) == whole


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=50), max_size=5), st.sampled_from(["gzip", "deflate", ""]))
def test_any_body_is_read_or_told(chunks: list[bytes], encoding: str) -> None:
    try:
        assert len(b"".join(bounded(decoded(chunks, encoding), 100))) <= 100
    except PackingError:
        return


def test_what_is_no_page_is_not_even_read(web: Web, made: Made) -> None:
    web.routes["a.example/x"] = Reply(200, headers={"Content-Type": "Application/PDF; x=y"}, stream=flood)
    assert refusal(made) == "not a page (application/pdf)"
    web.routes["a.example/x"] = Reply(200, b"words")
    assert get(made).data == b"words"


def test_an_answer_that_breaks_off_is_asked_for_again(web: Web, made: Made) -> None:
    broken = Reply(200, b"", {"Content-Type": "text/plain", "Content-Length": "100"}, stream=lambda write: write(b"wo"))
    web.routes["a.example/x"] = [broken, Reply.page("words")]
    assert get(made).data == b"words"
    assert made.slept == [2.0, 4.0]
    web.asked.clear()
    web.routes["a.example/x"] = broken
    assert refusal(made) == "the connection broke off"


def test_headers_that_cannot_be_sent_back_are_not_kept(web: Web, made: Made) -> None:
    web.routes["a.example/x"] = Reply.page("words", ETag='"é"', Last_Modified="x" * 2000)
    answer = get(made)
    assert (answer.etag, answer.modified) == ("", "")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for a.example, made now so that no key is kept, with its key in one file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    file = tmp_path / "a.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=a.example"
    more = ["-addext", "subjectAltName=DNS:a.example", "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")]
    subprocess.run([*command.split(), *more], check=True, capture_output=True)
    file.write_bytes((tmp_path / "key").read_bytes() + (tmp_path / "cert").read_bytes())
    return file


def test_a_certificate_must_be_for_the_name_in_the_address(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(certificate) as web:
        web.routes |= {"a.example/x": Reply.page("words"), "b.example/x": Reply.page("words")}
        untrusting = "its robots.txt cannot be had: a certificate that cannot be trusted"
        assert refusal(Made(web.port), "https://a.example/x") == untrusting
        assert web.asked == []
        own = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr("recoupe.watch.fetch._context", lambda: own)
        made = Made(web.port)
        assert get(made, "https://a.example/x").data == b"words"
        assert made.wired == ["93.184.215.14"] * 2
        assert refusal(made, "https://b.example/x") == untrusting
        assert len(web.asked) == 2


def test_the_environment_names_no_proxy(web: Web, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert get(made).data == b"words"
