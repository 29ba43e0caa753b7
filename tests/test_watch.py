"""Watching: what one pass fetches, what the next one does not, and what the command says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recoupe import pipeline
from recoupe.cli import app
from recoupe.cli import watch as command
from recoupe.codebook import Codebook
from recoupe.errors import PageError
from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.load import Problem
from recoupe.model import Page, Reading
from recoupe.pipeline import Work, fill
from recoupe.watch import Fetcher, Politeness, Tally, Watch
from synthetic import book, reading
from web import Made, Reply, Request, Web, serve

A = "http://a.example"
FEED = f"{A}/feed.xml"


def simple_read(page: Page, codebook: Codebook, *more: object) -> Reading:
    """A reader that takes each line as it is."""
    if "no article" in page.text:
        raise PageError(page.doc, "no article text found")
    return reading(page.doc, page.text.splitlines(), [])


@pytest.fixture(autouse=True)
def _simple(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read_page", simple_read)
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)


@pytest.fixture(scope="module")
def server() -> Iterator[Web]:
    with serve() as made:
        yield made


@pytest.fixture
def web(server: Web) -> Web:
    server.routes, server.asked = {"a.example/feed.xml": rss("/1", "/2")}, []
    for n in range(1, 10):
        server.routes[f"a.example/{n}"] = conditional(f"The words of page {n}", f'"{n}"')
    return server


@pytest.fixture
def made(web: Web) -> Made:
    return Made(web.port)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with create_ledger(tmp_path / "a.db") as opened:
        yield opened


def rss(*links: str, date: str = "Tue, 02 Jan 2024 10:00:00 GMT") -> Reply:
    items = "".join(
        f"<item><title>T{link}</title><link>{link}</link><pubDate>{date}</pubDate></item>" for link in links
    )
    body = f"<rss><channel><title>A</title>{items}</channel></rss>"
    return Reply(200, body.encode(), {"Content-Type": "application/rss+xml"})


def conditional(text: str, etag: str):  # type: ignore[no-untyped-def]
    """A page that says when it has not changed."""

    def route(request: Request) -> Reply:
        return Reply(304) if request.headers.get("if-none-match") == etag else Reply.page(text, ETag=etag)

    return route


Pass = tuple[Tally, list[str], list[Problem]]


def watch(ledger: Ledger, made: Made, *feeds: str, limit: int | None = None, fetcher: Fetcher | None = None) -> Pass:
    """One pass: the (first) feed's tally, the docs of new reports, and the problems."""
    one = Watch(feeds or (FEED,), ledger, fetcher or Fetcher(Politeness(), made.world()), limit)
    with one:
        run = fill(ledger, one.pages, book(), Work(share=2))
    return one.tallies[0], [r.report.doc for r in run.readings], list(run.problems)


def tally(named: int, new: int, fetched: int, unchanged: int, refused: int = 0, **more: int) -> Tally:
    return Tally(FEED, named, new, fetched, unchanged, refused, **more)  # type: ignore[arg-type]


def test_pages_of_a_feed_come_with_what_the_feed_and_the_server_said(web: Web, made: Made, ledger: Ledger) -> None:
    web.routes["a.example/1"] = Reply(302, headers={"Location": "/1.html?s=rss"})
    web.routes["a.example/1.html?s=rss"] = Reply.page(
        "Words", ETag='"x"', Last_Modified="Tue, 02 Jan 2024 10:00:00 GMT"
    )
    said, docs, problems = watch(ledger, made)
    assert (said, problems) == (tally(2, 2, 2, 0), [])
    assert docs[0].startswith("a.example/1.html~")
    assert docs[1] == "a.example/2"
    page = ledger.page(docs[0])
    assert page is not None
    assert page.text == "Words"
    assert dict(page.meta) == {
        "url": f"{A}/1.html?s=rss",
        "asked": f"{A}/1",
        "fetched": "2024-01-03T12:00:06+00:00",
        "header.content-type": "text/plain; charset=utf-8",
        "header.last-modified": "Tue, 02 Jan 2024 10:00:00 GMT",
        "header.etag": '"x"',
        "feed": FEED,
        "feed.title": "T/1",
        "feed.published": "Tue, 02 Jan 2024 10:00:00 GMT",
    }


def test_a_second_pass_asks_for_nothing_but_the_feed(web: Web, made: Made, ledger: Ledger) -> None:
    watch(ledger, made)
    web.asked.clear()
    made.time += 3600
    assert watch(ledger, made) == (tally(2, 0, 0, 2), [], [])
    assert web.places() == ["a.example/feed.xml"]
    assert len(ledger.readings()) == 2


def test_a_feed_that_has_not_changed_is_not_read_again(web: Web, made: Made, ledger: Ledger) -> None:
    body = rss("/1", "/2").body
    web.routes["a.example/feed.xml"] = conditional(body.decode(), '"f"')
    assert watch(ledger, made)[0] == tally(2, 2, 2, 0)
    assert watch(ledger, made)[0] == Tally(FEED, same=True)
    assert watch(ledger, made)[0] == Tally(FEED, same=True)


def test_a_feed_is_read_again_while_something_that_it_named_is_left(web: Web, made: Made, ledger: Ledger) -> None:
    web.routes["a.example/feed.xml"] = conditional(rss("/1", "/2", "/3").body.decode(), '"f"')
    assert watch(ledger, made, limit=1)[0] == tally(3, 3, 1, 0, left=2)
    web.routes["a.example/2"] = Reply(500)
    assert watch(ledger, made)[0] == tally(3, 2, 1, 1, failed=1)
    web.routes["a.example/2"] = Reply.page("At last")
    assert watch(ledger, made)[0] == tally(3, 1, 1, 2)
    assert watch(ledger, made)[0].same


def test_a_page_that_the_feed_calls_newer_is_asked_for_again(web: Web, made: Made, ledger: Ledger) -> None:
    watch(ledger, made)
    made.time += 7200
    web.routes["a.example/feed.xml"] = rss("/1", "/2", date="Wed, 03 Jan 2024 13:00:00 GMT")
    web.routes["a.example/2"] = conditional("Other words", '"new"')
    web.asked.clear()
    said, docs, _ = watch(ledger, made)
    assert said == tally(2, 0, 1, 1)
    assert web.places() == ["a.example/feed.xml", "a.example/1", "a.example/2"]
    assert web.asked[-1].headers["if-none-match"] == '"2"'
    assert len(docs) == 1
    assert [r.report.doc.partition("#")[0] for r in ledger.readings()] == ["a.example/1", "a.example/2", "a.example/2"]
    assert watch(ledger, made)[0] == tally(2, 0, 0, 2)


@pytest.mark.parametrize("date", ["Fri, 03 Jan 2099 13:00:00 GMT", "no date", ""])
def test_a_date_that_says_nothing_has_nothing_fetched_again(web: Web, made: Made, ledger: Ledger, date: str) -> None:
    web.routes["a.example/feed.xml"] = rss("/1", "/2", date=date)
    watch(ledger, made)
    assert watch(ledger, made)[0] == tally(2, 0, 0, 2)


def test_the_same_bytes_are_no_second_report(web: Web, made: Made, ledger: Ledger) -> None:
    same = Reply.page("The same")  # by a server that knows no versions
    web.routes |= {"a.example/1": same, "a.example/2": Reply(301, headers={"Location": "/1"})}
    assert watch(ledger, made)[0] == tally(2, 2, 1, 1)
    made.time += 7200
    web.routes["a.example/feed.xml"] = rss("/1", "/2", date="Wed, 03 Jan 2024 13:00:00 GMT")
    assert watch(ledger, made)[0] == tally(2, 0, 0, 2)
    # At another address the same words are another report, to be seen as a copy.
    web.routes |= {"a.example/feed.xml": rss("/3"), "a.example/3": same}
    assert watch(ledger, made)[0] == tally(1, 1, 1, 0)
    assert len(ledger.readings()) == 2


def test_an_interrupted_pass_is_taken_up_again(web: Web, made: Made, ledger: Ledger) -> None:
    web.routes["a.example/feed.xml"] = conditional(rss("/1", "/2", "/3", "/4", "/5").body.decode(), '"f"')

    def stop_at_the_fourth(one: Watch) -> None:
        with one:
            for met, page in enumerate(one.pages(lambda problem: None), 1):
                if met == 4:
                    raise KeyboardInterrupt
                if met < 3:
                    with ledger.batch() as batch:
                        batch.add(page, simple_read(page, book()))

    with pytest.raises(KeyboardInterrupt):
        stop_at_the_fourth(Watch([FEED], ledger, Fetcher(Politeness(), made.world())))
    web.asked.clear()
    assert watch(ledger, made)[0] == tally(5, 3, 3, 2)
    assert web.places() == [f"a.example/{x}" for x in ("feed.xml", "3", "4", "5")]
    assert len(ledger.readings()) == 5


def test_what_was_kept_but_not_noted_is_no_second_report(web: Web, made: Made, ledger: Ledger, tmp_path: Path) -> None:
    one = Watch([FEED], ledger, Fetcher(Politeness(), made.world()))
    for page in one.pages(lambda problem: None):  # and then the power fails
        with ledger.batch() as batch:
            batch.add(page, simple_read(page, book()))
    assert ledger.fetched([f"{A}/1"]) == {}
    assert watch(ledger, made)[0] == tally(2, 2, 0, 2)
    assert len(ledger.readings()) == 2


def test_a_page_that_fails_stops_nothing(web: Web, made: Made, ledger: Ledger) -> None:
    web.routes |= {
        "a.example/feed.xml": rss("/1", "/2", "/3", "/4", "/5", "/6", "/7", "http://in.example/x"),
        "a.example/robots.txt": Reply(200, b"User-agent: *\nDisallow: /2"),
        "a.example/3": Reply(200, b"%PDF-1.7", {"Content-Type": "application/pdf"}),
        "a.example/4": Reply(404),
        "a.example/5": Reply(200, b"\x00\x01" * 90, {"Content-Type": "text/plain"}),
        "a.example/6": Reply.page("no article"),
    }
    made.names["in.example"] = [["192.168.1.1"]]
    said, docs, problems = watch(ledger, made, "http://b.example/none.xml", FEED)
    assert said == Tally("http://b.example/none.xml", error="answer 404")
    assert docs == ["a.example/1", "a.example/7"]
    assert problems == [
        Problem("a.example/6", "no article text found"),
        Problem(f"{A}/2", "refused by robots.txt"),
        Problem(f"{A}/3", "not a page (application/pdf)"),
        Problem(f"{A}/4", "answer 404"),
        Problem(f"{A}/5", "a binary file"),
        Problem("http://b.example/none.xml", "answer 404"),
        Problem("http://in.example/x", "a private address"),
    ]
    web.asked.clear()
    made.time += 60
    said, _, problems = watch(ledger, made)
    assert said == tally(8, 2, 0, 6, 2)
    assert web.places() == ["a.example/feed.xml"]  # what is not there is not asked for at each pass
    made.time += 90_000
    watch(ledger, made)
    assert sorted(web.places()[2:]) == [f"a.example/{n}" for n in (3, 4, 5, 6)]


def test_a_name_that_is_none_is_refused_and_not_a_fault(web: Web, made: Made, ledger: Ledger) -> None:
    web.routes["a.example/feed.xml"] = rss("http://xn--/", "/1")
    said, docs, problems = watch(ledger, made)
    assert (said, docs) == (tally(2, 2, 1, 0, 1), ["a.example/1"])
    assert problems == [Problem("http://xn--/", "not a web address")]


def test_a_fault_of_the_program_is_a_problem_of_one_page(
    web: Web, made: Made, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(address: str) -> str:
        if address.endswith("1"):
            raise ZeroDivisionError("division by zero")
        return "x"

    monkeypatch.setattr("recoupe.watch.run.name_of", fault)
    said, docs, problems = watch(ledger, made)
    assert (said, docs) == (tally(2, 2, 1, 0, 1), ["x"])
    assert problems[0].reason == "a fault of this program: ZeroDivisionError: division by zero"
    monkeypatch.undo()
    monkeypatch.setattr(pipeline, "read_page", simple_read)
    made.time += 3600  # the host has done its part: it is not asked at each pass for what this program cannot do
    assert watch(ledger, made)[0] == tally(2, 0, 0, 2)
    made.time += 86_400
    assert watch(ledger, made)[1] == ["a.example/1"]


def test_a_page_that_could_not_be_read_is_asked_for_again_a_day_later(web: Web, made: Made, ledger: Ledger) -> None:
    web.routes |= {
        "a.example/feed.xml": rss("/1", "/2", "/3"),
        "a.example/1": conditional("no article", '"1"'),
        "a.example/2": Reply(200, b"%PDF", {"Content-Type": "application/pdf"}),
    }
    assert watch(ledger, made)[1] == ["a.example/3"]
    made.time += 3600
    web.asked.clear()
    assert watch(ledger, made)[0] == tally(3, 0, 0, 3)
    assert web.places() == ["a.example/feed.xml"]
    web.routes |= {"a.example/1": conditional("An article", '"1"'), "a.example/2": Reply.page("Here it is")}
    made.time += 86_400
    assert watch(ledger, made)[1] == ["a.example/1", "a.example/2"]
    made.time += 86_400
    assert watch(ledger, made)[0] == tally(3, 0, 0, 3)  # what is kept is known for good


def test_a_page_that_this_program_could_not_read_is_read_by_one_that_can(
    web: Web, made: Made, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.routes |= {"a.example/feed.xml": rss("/1"), "a.example/1": conditional("no article", '"1"')}
    watch(ledger, made)
    monkeypatch.setattr(pipeline, "read_page", lambda page, *more: reading(page.doc, page.text.splitlines(), []))
    made.time += 90_000
    assert watch(ledger, made)[1] == ["a.example/1"]


def test_feeds_take_turns_and_a_page_of_two_feeds_is_fetched_once(web: Web, made: Made, ledger: Ledger) -> None:
    web.routes["b.example/feed.xml"] = rss("/8", f"{A}/2", "/9")
    web.routes |= {"b.example/8": Reply.page("eight"), "b.example/9": Reply.page("nine")}
    one = Watch((FEED, "http://b.example/feed.xml", FEED), ledger, Fetcher(Politeness(), made.world()), 3)
    with one:
        fill(ledger, one.pages, book())
    assert web.places() == ["a.example/feed.xml", "b.example/feed.xml", "a.example/1", "b.example/8", "a.example/2"]
    assert [(t.named, t.fetched, t.unchanged, t.left) for t in one.tallies] == [(2, 2, 0, 0), (3, 1, 1, 1)]


def test_the_newest_pages_are_fetched_first(web: Web, made: Made, ledger: Ledger) -> None:
    days = {"/1": "2024-01-01", "/2": "2024-01-02T10:00:00Z", "/3": ""}
    urls = "".join(f"<url><loc>{A}{at}</loc><lastmod>{day}</lastmod></url>" for at, day in days.items())
    web.routes["a.example/feed.xml"] = Reply(200, f"<urlset>{urls}</urlset>".encode())
    watch(ledger, made)
    assert web.places()[1:] == ["a.example/2", "a.example/1", "a.example/3"]


def test_sitemaps_of_an_index_are_read_where_they_may_be_newer(web: Web, made: Made, ledger: Ledger) -> None:
    def index(day: str) -> Reply:
        days = {"old": "2024-01-01", "new": day, "undated": ""}
        maps = (f"<sitemap><loc>/{name}.xml</loc><lastmod>{at}</lastmod></sitemap>" for name, at in days.items())
        return Reply(200, f"<sitemapindex>{''.join(maps)}</sitemapindex>".encode(), {"ETag": '"never"'})

    def urls(*places: str) -> Reply:
        named = "".join(f"<url><loc>{A}{place}</loc></url>" for place in places)
        return Reply(200, f"<urlset>{named}</urlset>".encode())

    web.routes |= {
        "a.example/feed.xml": index("2024-01-02"),
        "a.example/old.xml": urls("/1"),
        "a.example/new.xml": urls("/2", "/1"),
        "a.example/undated.xml": urls("/1"),
    }
    assert watch(ledger, made)[0] == tally(2, 2, 2, 0)
    web.asked.clear()
    assert watch(ledger, made)[0] == tally(1, 0, 0, 1)
    assert web.places() == ["a.example/feed.xml", "a.example/undated.xml"]
    web.routes["a.example/feed.xml"] = index("2024-01-03")  # a day that is not over yet
    web.routes["a.example/new.xml"] = Reply(503, headers={"Retry-After": "0"})
    said, _, problems = watch(ledger, made)
    assert said == tally(1, 0, 0, 1, failed=1)
    assert problems == [Problem(f"{A}/new.xml", "answer 503")]
    assert "a.example/old.xml" not in web.places()


def test_a_page_that_changed_on_a_day_is_asked_for_again_when_the_day_is_over(
    web: Web, made: Made, ledger: Ledger
) -> None:
    body = f"<urlset><url><loc>{A}/1</loc><lastmod>2024-01-03</lastmod></url></urlset>".encode()
    web.routes["a.example/feed.xml"] = Reply(200, body)
    asked = []
    for hours in (0, 6, 8, 6):  # from noon on
        made.time += hours * 3600
        watch(ledger, made)
        asked.append(web.places().count("a.example/1"))
    assert asked == [1, 1, 2, 2]


def test_an_index_of_many_sitemaps_is_read_bit_by_bit(
    web: Web, made: Made, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recoupe.watch.run.MOST_SITEMAPS", 2)
    maps = "".join(f"<sitemap><loc>/{n}.xml</loc></sitemap>" for n in range(1, 6))
    web.routes["a.example/feed.xml"] = Reply(200, f"<sitemapindex>{maps}</sitemapindex>".encode())
    for n in range(1, 6):
        web.routes[f"a.example/{n}.xml"] = Reply(200, f"<urlset><url><loc>{A}/{n}</loc></url></urlset>".encode())
    told = []
    for _ in range(3):
        told.append(watch(ledger, made)[0])
        made.time += 60
    assert [(t.fetched, t.unchanged, t.left) for t in told] == [(2, 0, 3), (2, 0, 3), (1, 1, 3)]
    assert len(ledger.readings()) == 5


def index(*places: str, day: str = "") -> Reply:
    maps = "".join(f"<sitemap><loc>{A}/{at}</loc><lastmod>{day}</lastmod></sitemap>" for at in places)
    return Reply(200, f"<sitemapindex>{maps}</sitemapindex>".encode(), {"ETag": '"never"'})


def urlset(*places: str) -> Reply:
    named = "".join(f"<url><loc>{A}/{at}</loc></url>" for at in places)
    return Reply(200, f"<urlset>{named}</urlset>".encode())


def test_an_index_within_an_index_is_read_and_a_further_one_is_told(web: Web, made: Made, ledger: Ledger) -> None:
    web.routes |= {
        "a.example/feed.xml": index("feed.xml", "news.xml", "a.xml"),  # itself too, as some do
        "a.example/news.xml": index("b.xml", "deep.xml", "feed.xml"),
        "a.example/a.xml": urlset("1"),
        "a.example/b.xml": urlset("2"),
        "a.example/deep.xml": index("c.xml"),
        "a.example/c.xml": urlset("3"),
    }
    said, docs, problems = watch(ledger, made)
    assert (said, docs) == (tally(2, 2, 2, 0), ["a.example/1", "a.example/2"])
    told = [Problem(f"{A}/deep.xml", "an index within an index within an index: not read")]
    assert problems == told
    assert "a.example/c.xml" not in web.places()
    web.asked.clear()
    made.time += 60
    assert watch(ledger, made) == (tally(2, 0, 0, 2), [], told)
    assert all("if-none-match" not in request.headers for request in web.asked)


def test_indexes_within_an_index_are_read_bit_by_bit(
    web: Web, made: Made, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recoupe.watch.run.MOST_SITEMAPS", 3)
    web.routes["a.example/feed.xml"] = index("a.xml", "b.xml")
    web.routes["a.example/a.xml"] = index("1.xml", "2.xml", "3.xml", "4.xml")
    web.routes["a.example/b.xml"] = index("5.xml", "6.xml")
    for n in range(1, 7):
        web.routes[f"a.example/{n}.xml"] = urlset(str(n))
    fetched = []
    for _ in range(4):
        fetched.append(watch(ledger, made)[0].fetched)
        made.time += 60
    assert fetched == [2, 2, 2, 0]
    assert len(ledger.readings()) == 6


def test_an_index_of_which_something_is_left_is_read_again_whatever_its_date(
    web: Web, made: Made, ledger: Ledger
) -> None:
    web.routes |= {
        "a.example/feed.xml": index("a.xml", day="2024-01-01"),
        "a.example/a.xml": index("b.xml", "c.xml", day="2024-01-01"),
        "a.example/b.xml": urlset("1", "2"),
        "a.example/c.xml": Reply(500),
    }
    assert watch(ledger, made, limit=1)[0] == tally(2, 2, 1, 0, failed=1, left=1)
    web.routes["a.example/c.xml"] = urlset("3")
    assert watch(ledger, made)[0] == tally(3, 2, 2, 1)
    web.asked.clear()
    watch(ledger, made)
    assert web.places() == ["a.example/feed.xml"]


def test_a_feed_that_cannot_be_read_is_not_taken_for_read(web: Web, made: Made, ledger: Ledger) -> None:
    web.routes["a.example/feed.xml"] = conditional("<html>Back soon</html>", '"f"')
    for _ in range(2):
        assert watch(ledger, made)[0] == Tally(FEED, error="an HTML page, not a feed")


def test_a_saved_feed_is_read_from_its_file(web: Web, made: Made, ledger: Ledger, tmp_path: Path) -> None:
    saved = tmp_path / "feed.xml"
    saved.write_bytes(rss(f"{A}/1", "/relative").body)
    said, docs, _ = watch(ledger, made, str(saved))
    assert said == replace(tally(1, 1, 1, 0), feed=str(saved))
    assert docs == ["a.example/1"]
    for place, reason in (
        (str(tmp_path), "not a file, and not an http(s) address"),
        (str(tmp_path / "none.xml"), "cannot be read: No such file or directory"),
        ("ftp://a.example/feed.xml", "cannot be read: No such file or directory"),
        ("a\0b", "cannot be read: embedded null byte"),
    ):
        assert watch(ledger, made, place)[0].error == reason


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["watch", *args])


@pytest.fixture
def feed(web: Web) -> str:
    """A feed of this machine, as the command line reaches it."""
    home = f"http://127.0.0.1:{web.port}"
    for path in ("feed.xml", *map(str, range(1, 10))):
        web.routes[f"127.0.0.1/{path}"] = web.routes.get(f"a.example/{path}", Reply(404))
    web.routes["127.0.0.1/robots.txt"] = Reply(200, b"User-agent: *\nDisallow: /2")
    return f"{home}/feed.xml"


OWN = ("--private", "--delay", "0")


def test_the_command_says_what_became_of_each_feed(feed: str, tmp_path: Path) -> None:
    db = str(tmp_path / "s.db")
    result = run(feed, str(tmp_path / "none.xml"), "--into", db, *OWN)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        f"{feed}: 2 named, 2 new, 1 fetched, 0 unchanged, 1 refused",
        f"{tmp_path / 'none.xml'}: could not be read: cannot be read: No such file or directory",
        "1 page: 1 new report, 0 known already",
    ]
    assert "1 × refused by robots.txt" in result.stdout
    assert f"recoupe: {feed.replace('feed.xml', '2')}: refused by robots.txt" in result.stderr.splitlines()
    again = run(feed, "--into", db, *OWN, "--limit", "1")
    assert again.exit_code == 0
    assert again.stdout.splitlines()[0] == f"{feed}: 2 named, 1 new, 0 fetched, 1 unchanged, 1 refused"
    with open_ledger(Path(db)) as opened:
        assert [r.report.doc.partition("~")[0] for r in opened.readings()] == ["127.0.0.1/1"]


def test_without_a_feed_the_command_fails(feed: str, tmp_path: Path) -> None:
    result = run(feed, "--into", str(tmp_path / "s.db"))
    assert result.exit_code == 1
    assert f"recoupe: {feed}: a port other than 80 and 443" in result.stderr
    assert result.stderr.splitlines()[-1] == "recoupe: no feed could be read"
    for wrong in (("--delay", "0"), ("--delay", "nan", "--private"), ("--every", "nan"), ("--every", "inf")):
        assert run(feed, "--into", str(tmp_path / "s.db"), *wrong).exit_code == 2


def test_the_command_looks_again_until_it_is_told_to_stop(
    feed: str, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 5:
            raise KeyboardInterrupt
        web.routes["127.0.0.1/feed.xml"] = Reply(500) if len(waits) > 2 else rss("/1", "/3", "/4", "/2")

    monkeypatch.setattr(command.time, "sleep", sleep)  # type: ignore[attr-defined]
    result = run(feed, "--into", str(tmp_path / "s.db"), *OWN, "--every", "30")
    assert result.exit_code == 0
    assert waits == [1800] * 5
    said = [line.partition(": ")[2] for line in result.stdout.splitlines() if line.startswith(feed)]
    assert said == [
        "2 named, 2 new, 1 fetched, 0 unchanged, 1 refused",
        "4 named, 3 new, 2 fetched, 1 unchanged, 1 refused",
    ]
    # A pass without a new report is told in a line with its time, and a problem not again at each pass.
    little = [line for line in result.stdout.splitlines() if "nothing new" in line]
    assert result.stdout.splitlines()[-3:] == little
    assert [re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d\d:\d\d", "then", line) for line in little] == [
        "then: nothing new",
        "then: nothing new, 1 feed could not be read",
        "then: nothing new, 1 feed could not be read",
    ]
    refused = f"recoupe: {feed.replace('feed.xml', '2')}: refused by robots.txt"
    assert result.stderr.splitlines() == [refused, refused, f"recoupe: {feed}: answer 500"]
    assert [r.place for r in web.asked].count("127.0.0.1/robots.txt") == 1


def test_many_problems_of_one_kind_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    command._complain([*(Problem(str(n), "no connection") for n in range(8)), Problem("x", "answer 404")])
    told = capsys.readouterr().err.splitlines()
    assert told[4:] == ["recoupe: 4: no connection", "recoupe: x: answer 404", "recoupe: and 3 more: no connection"]


def test_a_missing_package_is_named_with_what_to_do(tmp_path: Path) -> None:
    """In another process, for this one has long loaded it; the program itself must do without."""
    program = "import sys; sys.modules['httpx'] = None; from recoupe.cli import main; main()"
    args = [sys.executable, "-c", program, "watch", "x.xml", "--into", str(tmp_path / "s.db")]
    done = subprocess.run(args, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "recoupe: watch needs httpx, which is not installed: pip install recoupe[watch]\n"
    assert not (tmp_path / "s.db").exists()
