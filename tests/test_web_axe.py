"""Every page of the desk by axe-core: readers with a screen reader, a keyboard, a phone or weak eyes can use it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsers import Watched, any_browser, pages_of
from desk import app_of, served

SERIOUS = ("serious", "critical")
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map((v) =>
    [v.impact, v.id, v.help, v.nodes.slice(0, 5).map((n) => n.html.slice(0, 200) + " " + n.failureSummary)])"""
SIGN_IN = "/login"  # after it, pages are those of one who reviews
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with any_browser() as found:
        yield found


@pytest.fixture(scope="module")
def address(example_db: Path) -> Iterator[str]:
    """The desk of the examples, where one may review."""
    with served(app_of(example_db)) as found:
        yield found


def wrong(page: Page, axe: str, where: str) -> list[str]:
    """What a page does wrong, a line each."""
    page.evaluate(axe)
    found = page.evaluate(RUN)
    return [f"{where}: {id_}: {said}\n    {nodes}" for impact, id_, said, nodes in found if impact in SERIOUS]


@pytest.mark.parametrize(
    ("theme", "size", "lang"),
    [("light", DESKTOP, "en"), ("dark", DESKTOP, "fr"), ("light", PHONE, "fr"), ("dark", PHONE, "en")],
    ids=["light-desktop-en", "dark-desktop-fr", "light-phone-fr", "dark-phone-en"],
)
def test_every_page_is_for_everyone(
    browser: Browser, address: str, axe: str, theme: str, size: dict[str, int], lang: str
) -> None:
    context = browser.new_context(base_url=address, viewport=size, bypass_csp=True)  # type: ignore[arg-type]
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in (("theme", theme), ("lang", lang))])
    watched = Watched(context)
    page = watched.page
    found: list[str] = []
    pages = pages_of(page)
    for path in [*(p for p in pages if p != SIGN_IN), SIGN_IN, *(path for path in pages if path.startswith("/entry/"))]:
        if path == SIGN_IN:
            page.goto(f"{path}?to=/help")
            page.locator("main input[name=name]").fill("Ann Reader")
            page.locator("main form button").click()
        else:
            page.goto(path)
        assert page.locator("html").get_attribute("lang") == lang
        for closed in page.locator("details:not([open]) > summary").all():
            if closed.is_visible():
                closed.click()
        for box in page.locator("main input[type=checkbox]").all():
            box.evaluate("(e) => { e.checked = true }")  # some can be seen on a phone alone
        found += wrong(page, axe, path)
    watched.close()
    assert not found, "\n".join(found)


def test_axe_would_find_something(browser: Browser, address: str, axe: str) -> None:
    """A test that cannot fail is none."""
    context = browser.new_context(base_url=address, bypass_csp=True)
    page = context.new_page()
    page.goto("/help")
    assert wrong(page, axe, "") == []
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p><img src=x><input></p>')")
    assert {line.split(":")[1].strip() for line in wrong(page, axe, "")} >= {"image-alt", "label"}
    context.close()
