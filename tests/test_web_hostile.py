"""A ledger whose pages mean harm, in the desk: what they say is text everywhere, and every link goes where it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from httpx import Client
from lxml import html

from desk import DOCS, HERE, MARKUP, app_of, fill, hostile_readings, served
from recoupe.codebook import Codebook
from recoupe.ledger import open_ledger

MOST = 400  # pages of a crawl


@pytest.fixture(scope="module")
def hostile(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger file of hostile pages."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    fill(path, hostile_readings(), codebook)
    return path


@pytest.fixture(scope="module")
def client(hostile: Path) -> Iterator[Client]:
    """A client over the wire: one in the process takes percent signs off twice."""
    with served(app_of(hostile)) as address, Client(base_url=address) as made:
        yield made


@pytest.fixture(scope="module")
def crawled(client: Client) -> Mapping[str, str]:
    """Every page that a reader comes to by links, by address, from both languages' first pages on."""
    waiting, found = ["/", "/?lang=fr", "/help", "/login?to=/entry/x"], dict[str, str]()
    while waiting:
        address = waiting.pop(0)
        if address in found:
            continue
        assert len(found) < MOST, "links without end"
        answer = client.get(address, follow_redirects=False)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        found[address] = answer.text
        if answer.headers["content-type"].startswith("text/html"):
            waiting += [to for to in links(answer.text, address) if worth(to)]
    return found


def worth(address: str) -> bool:
    """Is it of this desk, and another page than those with other filters, another language or other colours?"""
    parts = urlsplit(address)
    return not parts.netloc and (parts.query in ("", "kind=attack", "sort=time") or parts.path == "/login")


def links(text: str, address: str) -> list[str]:
    """Where the links of a page lead, as a browser understands them; those of this desk without host and anchor."""
    return [as_browser(str(to), address) for to in html.fromstring(text).xpath("//a/@href")]


def as_browser(to: str, address: str) -> str:
    """An address as a browser resolves it: `%2e` is a dot, and a backslash a slash, where paths are cut."""
    path, mark, rest = to.partition("?")
    if not re.match("[a-zA-Z]+:", path):
        path = path.replace("\\", "/")
    path = "/".join({"%2e": ".", "%2e%2e": "..", ".%2e": "..", "%2e.": ".."}.get(s.lower(), s) for s in path.split("/"))
    whole = urlsplit(urljoin(HERE + address, path + mark + rest))
    own = whole.netloc == urlsplit(HERE).netloc
    return (whole.path + (f"?{whole.query}" if whole.query else "")) if own else whole.geturl()


def test_the_crawl_comes_to_everything(crawled: Mapping[str, str], hostile: Path) -> None:
    with open_ledger(hostile) as ledger:
        entries = {entry.id for entry in ledger.entries()}
    seen = {path.removeprefix("/entry/") for path in crawled if path.startswith("/entry/")}
    assert seen == entries | {f"{entry}/origins" for entry in entries}
    assert sum(path.startswith("/report/") for path in crawled) == len(DOCS)


def test_nothing_that_pages_say_becomes_markup(crawled: Mapping[str, str]) -> None:
    for address, text in crawled.items():
        if address.startswith(("/api/", "/export/")):
            continue
        assert not [bad for bad in MARKUP if bad in text], address
        page = html.fromstring(text)
        assert page.xpath("//script/@src"), address
        assert not page.xpath("//script[not(@src)]"), address
        assert all(str(s).startswith("/static/") for s in page.xpath("//script/@src | //img/@src | //link/@href"))
        assert not page.xpath("//style | //iframe | //object | //embed | //base | //svg[@onload]"), address
        assert not page.xpath("//@*[starts-with(name(), 'on') or name() = 'style' or name() = 'srcdoc']"), address


def test_links_lead_to_the_web_or_into_the_desk(crawled: Mapping[str, str]) -> None:
    for address, text in crawled.items():
        if address.startswith(("/api/", "/export/")):
            continue
        for to in html.fromstring(text).xpath("//@href | //@action | //@formaction"):
            assert re.match(r"/(?![/\\])|#|https?://good\.example/", str(to)), f"{address}: {to}"


def test_what_they_say_is_there_as_text(crawled: Mapping[str, str]) -> None:
    pages = [html.fromstring(text).text_content() for path, text in crawled.items() if path.startswith("/report/")]
    for words in (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(2)>',
        "{{ 7*7 }}{% raw %}",
        "&lt;b&gt;&amp;",
    ):
        assert any(words in page for page in pages), words
    assert not any("49" in page.split("{% raw")[0][-20:] for page in pages if "{% raw" in page)


def test_every_report_is_found_under_its_own_name(crawled: Mapping[str, str], client: Client) -> None:
    shown = {}
    for address, text in crawled.items():
        if address.startswith("/report/"):
            shown[plain(html.fromstring(text).xpath("//span[@class='id']")[0].text_content())] = address
    assert shown.keys() == {plain(doc) for doc in DOCS}
    for doc in DOCS:
        answer = client.get(shown[plain(doc)].replace("/report/", "/api/report/", 1))
        assert answer.json()["doc"] == doc


def test_a_reports_page_links_to_itself(crawled: Mapping[str, str], client: Client) -> None:
    """What switches the language or shows a page as JSON stays on the same page."""
    for address, text in crawled.items():
        if not address.startswith("/report/"):
            continue
        own = html.fromstring(text).xpath("//span[@class='id']")[0].text_content()
        for to in html.fromstring(text).xpath("//ul[@class='switches']//a/@href"):
            again = client.get(as_browser(str(to), address))
            assert again.status_code == 200, f"{address}: {to}"
            assert html.fromstring(again.text).xpath("//span[@class='id']")[0].text_content() == own
        (json_,) = [str(a) for a in html.fromstring(text).xpath("//footer//a/@href") if str(a).startswith("/api/")]
        assert plain(client.get(as_browser(json_, address)).json()["doc"]) == plain(own)


def plain(text: str) -> str:
    """A text without what HTML makes of line ends and control characters."""
    return "".join(c for c in text if c.isprintable() and not c.isspace())


def test_names_in_the_address_are_text_as_well(client: Client) -> None:
    bad = "%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (f"/report/{bad}", f"/entry/{bad}", f"/{bad}", f"/static/{bad}", f"/?kind={bad}", f"/?q={bad}",
                 f"/?sort={bad}", f"/?actor=country:{bad}", f"/?item={bad}", f"/?{bad}=1", f"/?more={bad}",
                 f"/login?to={bad}", "/login?to=javascript:alert(1)", f"/?lang={bad}&theme={bad}"):  # fmt: skip
        answer = client.get(path)
        assert "<script>alert" not in answer.text, path
        assert answer.status_code in (200, 404, 422), path
        assert 'href="javascript:' not in answer.text
        assert not any("script" in cookie for cookie in answer.headers.get_list("set-cookie"))


def test_json_is_json_and_no_page(client: Client, crawled: Mapping[str, str]) -> None:
    for address in crawled:
        if address.startswith("/api/"):
            answer = client.get(address)
            assert answer.headers["content-type"] == "application/json", address
            json.loads(answer.text)


def test_exports_are_files_whose_cells_are_no_formulas(client: Client) -> None:
    for form in ("csv", "json"):
        answer = client.get(f"/export/{form}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"] == f'attachment; filename="entries.{form}"'
        assert "html" not in answer.headers["content-type"]
