"""A browser for the tests of the desk: Debian's Chromium, driven by Playwright, which is not to download one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

expect.set_options(timeout=30_000)  # the first review of a desk loads what reads language

GIVEN = "RECOUPE_TEST_BROWSER"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
WAIT = 30_000  # milliseconds: other tests run beside
_TELLS = """document.addEventListener("securitypolicyviolation",
    (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))"""


@contextmanager
def any_browser() -> Iterator[Browser]:
    """A browser for a while; where there is none, the test is skipped (in CI it fails)."""
    path = os.environ.get(GIVEN) or shutil.which("chromium")
    if path is None:
        lacking = f"no Chromium here: apt-get install chromium, or give the path of one in {GIVEN}"
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(lacking)
        pytest.skip(lacking)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), timeout=2 * WAIT)
        yield browser
        browser.close()


class Watched:
    """A page that is opened in a context of its own, and what went wrong on it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.wrong: list[str] = []
        context.set_default_timeout(WAIT)
        context.add_init_script(_TELLS)
        context.on("console", lambda told: self._note(told.type, f"{told.text} ({told.location.get('url')})"))
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))
        context.on("dialog", lambda dialog: self.wrong.append(f"a dialog: {dialog.message}"))
        self.page: Page = context.new_page()

    def _note(self, type_: str, text: str) -> None:
        if type_ in ("error", "warning"):
            self.wrong.append(f"{self.page.url}: {text}")

    def close(self) -> None:
        """Closes it; nothing may have gone wrong."""
        self.context.close()
        assert self.wrong == []


def pages_of(page: Page) -> list[str]:
    """The address of a page of each kind: those of the menu, an entry that is contested, a report, and others."""
    page.goto("/?conflicts=yes&sort=origins")
    menu = [str(a.get_attribute("href")) for a in page.locator(".top nav a").all()]
    signing = [path for path in ("/login",) if page.locator(f".bottom a[href='{path}']").count()]
    entry = str(page.locator("tr[data-row] td.what > a").first.get_attribute("href"))
    return [*menu, "/?kind=attack&q=kyiv", "/?q=zzzzzz", entry, f"{entry}/origins", "/report/09-dnipro-live.txt",
            "/search?q=patriot", "/search?q=zzzzzz", *signing, "/help"]  # fmt: skip
