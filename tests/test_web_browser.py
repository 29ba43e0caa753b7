"""The desk as a reader uses it, in a browser: filters, an entry, its words in the report, languages, colours, keys.

Every test fails as well when a page writes an error to the console or breaks its own policy.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsers import Watched, any_browser, pages_of
from desk import app_of, fill, hostile_readings, served
from recoupe.codebook import Codebook

INTO_VIEW = (
    "(e) => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight && b.height > 0 }"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with any_browser() as found:
        yield found


@pytest.fixture(scope="module")
def address(example_db: Path) -> Iterator[str]:
    """The desk of the examples, for readers."""
    with served(app_of(example_db, read_only=True)) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    watched = Watched(browser.new_context(base_url=address, locale="en-GB", viewport={"width": 1280, "height": 800}))
    yield watched.page
    watched.close()


def rows(page: Page) -> int:
    """How many entries a page shows."""
    return page.locator("table.rows tbody tr").count()


def total(page: Page) -> int:
    """How many entries the page says that fit."""
    said = page.locator("[role=status]").inner_text()
    return int(re.sub(r"\D", "", said.split("/")[0]))


def facet(page: Page, name: str, nth: int = 0) -> tuple[str, int]:
    """Follows a value of a filter; its words, and how many entries it promised."""
    link = (
        page.locator("details", has=page.locator("summary", has_text=re.compile(f"^{name}$"))).locator("li a").nth(nth)
    )
    words, count = link.locator("span").all_inner_texts()
    link.click()
    return words, int(count)


def test_filters_combine_and_clear(page: Page) -> None:
    page.goto("/")
    every = total(page)
    kind, promised = facet(page, "Kind")
    assert total(page) == promised < every
    expect(page.locator(".chosen")).to_contain_text(kind)
    expect(page.locator("details a[aria-current]")).to_have_count(1)
    status, both = facet(page, "Status")
    assert total(page) == both <= promised
    assert {"kind", "status"} <= set(re.findall(r"[?&](\w+)=", page.url))
    page.locator(".chosen a", has_text=kind).click()
    assert "kind=" not in page.url
    assert "status=" in page.url
    page.get_by_role("link", name="Clear all filters").click()
    assert total(page) == every
    page.go_back()
    expect(page.locator(".chosen")).to_contain_text(status)


def test_words_and_days_as_filters(page: Page) -> None:
    page.goto("/?status=done")
    form = page.locator(".filters form")
    form.get_by_label("Words").fill("kyiv")
    form.get_by_label("From").fill("2023-01-01")
    form.get_by_role("button").click()
    assert "q=kyiv" in page.url
    assert "from=2023-01-01" in page.url
    assert "status=done" in page.url
    assert 0 < total(page) == rows(page)


def test_more_values_of_a_filter(page: Page) -> None:
    page.goto("/")
    who = page.locator("details", has=page.locator("summary", has_text=re.compile("^Who$")))
    few = who.locator("li").count()
    who.get_by_role("link", name=re.compile("more")).click()
    assert who.locator("li").count() > few


def test_nothing_fits(page: Page) -> None:
    page.goto("/?q=zzzzzz")
    expect(page.locator("main")).to_contain_text("Nothing fits these filters.")
    page.get_by_role("link", name="Clear all filters").click()
    assert rows(page) > 0


def test_order(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Sort by").select_option("origins")
    page.wait_for_url("**/?*sort=origins*")
    origins = [
        int(re.findall(r"\d+", text)[0]) for text in page.locator("tr[data-row] td:nth-child(4)").all_inner_texts()
    ]
    assert origins == sorted(origins, reverse=True)
    assert origins[0] > 1
    expect(page.get_by_label("Sort by")).to_have_value("origins")


def test_paging(page: Page) -> None:
    page.goto("/")
    every = total(page)
    seen: list[str] = []
    while True:
        seen += [str(a.get_attribute("href")) for a in page.locator("tr[data-row] td.what > a").all()]
        after = page.locator("a[rel=next]")
        if not after.count():
            break
        after.click()
    assert len(seen) == len(set(seen)) == every
    assert "page=" in page.url
    page.locator("a[rel=prev]").click()


def test_from_a_claim_to_its_words_in_the_report(page: Page) -> None:
    page.goto("/?sort=origins")
    page.locator("tr[data-row] td.what > a").first.click()
    assert "/entry/" in page.url
    links = page.locator("td").get_by_role("link", name="Open the report at these words")
    words = page.locator("tbody tr:first-child td blockquote .held, tbody tr:first-child td blockquote mark")
    told = words.first.inner_text().strip()
    assert told
    for n in range(links.count()):
        links.nth(n).click()
        number = page.url.rpartition("#c")[2]
        anchor = page.locator(f"#c{number}")
        expect(anchor).to_have_js_property("id", f"c{number}")
        assert page.evaluate("document.querySelector(':target')?.id") == f"c{number}"
        marked = page.locator(f"#c{number} + span")
        assert marked.evaluate(INTO_VIEW), "the words are not in view"
        plain = page.locator(".text p").last.evaluate("(e) => getComputedStyle(e).backgroundColor")
        assert marked.evaluate("(e) => getComputedStyle(e).backgroundColor") != plain, "they are not highlighted"
        page.go_back()


def test_from_a_report_to_the_entry_and_back_to_the_words(page: Page) -> None:
    page.goto("/?sort=origins")
    page.locator("tr[data-row] td.what > a").first.click()
    page.locator("th a[title='Open the report at these words']").first.click()
    card = page.locator(".card").first
    card.locator("a[href^='#c']").click()
    number = page.url.rpartition("#c")[2]
    assert page.locator(f"#c{number} + span").evaluate(INTO_VIEW)
    card.get_by_role("link", name="The entry").click()
    assert "/entry/" in page.url


def test_what_a_report_shows_can_be_chosen(page: Page) -> None:
    page.goto("/report/09-dnipro-live.txt")
    dropped = page.locator(".dropped").first
    expect(dropped).to_be_hidden()
    page.locator("#show-dropped").check()
    expect(dropped).to_be_visible()
    page.locator("#show-claims").uncheck()
    expect(page.locator(".anchor").first).to_be_hidden()
    name = page.locator(".m-actor, .m-place").first
    before = name.evaluate("(e) => getComputedStyle(e).backgroundColor")
    page.locator("#show-marks").check()
    assert name.evaluate("(e) => getComputedStyle(e).backgroundColor") != before


def test_the_language_is_kept(page: Page) -> None:
    page.goto("/?kind=attack")
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert "kind=attack" in page.url
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("h1")).to_have_text("Registre")
    page.locator("tr[data-row] a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("link", name="English").click()
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Ledger")


def test_the_colours_are_kept(page: Page) -> None:
    def paper() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.goto("/")
    light = paper()
    page.get_by_role("link", name="Colours: dark").click()
    dark = paper()
    assert dark != light
    page.goto("/help")
    assert paper() == dark
    page.get_by_role("link", name="Colours: light").click()
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    assert paper() == light, "what was chosen goes before what the system has"


def test_the_colours_of_the_system(page: Page) -> None:
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_search(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("patriot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=patriot")
    assert rows(page) > 0
    hit = page.locator(".card mark").first
    assert "patriot" in hit.inner_text().lower()
    page.locator(".card a").first.click()
    assert "/report/" in page.url


def test_the_keys_of_a_list(page: Page) -> None:
    page.goto("/")
    current = page.locator("tr[data-current]")
    page.keyboard.press("j")
    expect(current).to_have_count(1)
    first = current.inner_text()
    page.keyboard.press("j")
    second = current.inner_text()
    assert second != first
    page.keyboard.press("k")
    assert current.inner_text() == first
    page.keyboard.press("k")
    assert current.inner_text() == first, "there is none before the first"
    for _ in range(30):
        page.keyboard.press("j")
    assert current.evaluate(INTO_VIEW)
    wanted = current.locator("a").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_keys_are_letters_where_one_writes(page: Page) -> None:
    page.goto("/")
    page.locator(".find input").click()
    page.keyboard.type("j/k?")
    expect(page.locator(".find input")).to_have_value("j/k?")
    expect(page.locator("[data-current]")).to_have_count(0)
    assert page.url.endswith("/")


def test_the_help_key(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("kbd").first).to_be_visible()
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def test_it_is_all_there_without_scripts(browser: Browser, address: str) -> None:
    watched = Watched(browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB"))
    page = watched.page
    page.goto("/")
    page.get_by_label("Sort by").select_option("origins")
    page.locator(".bar form button").click()
    assert "sort=origins" in page.url
    page.locator("tr[data-row] a").first.click()
    page.get_by_role("link", name="Open the report at these words").first.click()
    assert "#c" in page.url
    watched.close()


def test_by_tab_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 768, 1000, 1280])
def test_no_page_is_wider_than_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for path in pages_of(page):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide"


def test_a_review_by_keys_and_back(browser: Browser, example_db: Path, tmp_path: Path) -> None:
    """A reader signs in, accepts, notes, takes it back, and signs out."""
    own = tmp_path / "own.db"
    shutil.copy(example_db, own)
    with served(app_of(own)) as address:
        watched = Watched(browser.new_context(base_url=address, locale="en-GB"))
        page = watched.page
        page.goto("/?sort=origins")
        page.locator("tr[data-row] td.what > a").first.click()
        entry = page.url.partition("?")[0]
        expect(page.get_by_role("link", name="Sign in to review")).to_be_visible()
        page.wait_for_load_state("load")
        page.keyboard.press("r")  # who is not signed in is asked to
        page.get_by_label("Your name").fill("Ann Reader")
        page.get_by_role("button", name="Sign in").click()
        assert page.url.partition("?")[0] == entry
        page.wait_for_load_state("load")  # keys are heard from then on
        page.keyboard.press("a")
        expect(page.locator("main")).to_contain_text("Ann Reader accepted")
        page.wait_for_load_state("load")
        page.keyboard.press("n")
        page.locator("#note textarea").fill("<b>looks right</b>")
        page.locator("#note button").click()
        expect(page.locator("main")).to_contain_text("<b>looks right</b>")
        page.goto(entry)
        page.keyboard.press("u")
        expect(page.locator("main")).to_contain_text("Ann Reader took back their own note")
        page.goto("/?review=accepted")
        assert total(page) == 1
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        watched.close()


def test_from_a_contradiction_to_its_entry(page: Page) -> None:
    page.goto("/conflicts")
    page.locator("main a[href^='/entry/']").first.click()
    page.locator("a.tag.conflict").first.click()
    assert page.url.endswith("#conflicts")
    side = page.locator(".side").first
    assert side.evaluate("(e) => e.getBoundingClientRect().height") > 0
    side.locator("li a").first.click()
    assert page.evaluate("document.querySelector(':target') !== null"), "it leads to the claim"


def test_pages_that_mean_harm(browser: Browser, codebook: Codebook, tmp_path: Path) -> None:
    """None of their scripts runs, no huge word makes a page wider, no turned writing turns what stands beside it."""
    fill(tmp_path / "hostile.db", hostile_readings(), codebook)
    with served(app_of(tmp_path / "hostile.db", read_only=True)) as address:
        watched = Watched(browser.new_context(base_url=address, viewport={"width": 700, "height": 800}))
        page = watched.page
        page.goto("/")
        entries = [str(a.get_attribute("href")) for a in page.locator("tr[data-row] td.what > a").all()]
        reports: set[str] = set()
        for entry in entries:
            page.goto(entry)
            reports |= {str(a.get_attribute("href")) for a in page.locator("th a[href^='/report/']").all()}
            assert page.evaluate("document.documentElement.scrollWidth") <= 700, entry
        assert len(reports) == len(hostile_readings())
        for report in reports:
            answer = page.goto(report)
            assert answer is not None
            assert answer.status == 200, report
            page.locator("#show-dropped").check()
            page.locator("#show-marks").check()
            assert page.evaluate("document.documentElement.scrollWidth") <= 700, report
            assert page.evaluate("getComputedStyle(document.querySelector('.id')).unicodeBidi") == "isolate"
        watched.close()
