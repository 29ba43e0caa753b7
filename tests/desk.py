"""The desk for tests: a ledger whose pages mean harm, ways to ask an application, and one that a browser reaches."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from recoupe.codebook import Codebook
from recoupe.ledger import create_ledger
from recoupe.model import Dropped, Entry, Origin, Quote, Reading
from recoupe.settle import Settling, dates, facts, sites, texts
from recoupe.web import Options, create_app
from recoupe.web.shelf import Shelf
from synthetic import Fact, page_of, reading

HERE = "http://127.0.0.1:8765"

SCRIPT = "<script>alert(1)</script>"
WORDS = (
    SCRIPT,
    "\"><img src=x onerror=alert(2)>",
    "' onmouseover='alert(3)",
    "</textarea></title></style><svg/onload=alert(4)>",
    "{{ 7*7 }}{% raw %}",
    "\u202edlog fo snot\u202c \u2066isolated\u2069",
    "W" * 5_000,
    "bell\x07 escape\x1b[31m nul\x00 del\x7f",
    "<!--", "]]>", "&lt;b&gt;&amp;", "\u2028line\u2029",
)  # fmt: skip
"""What a page may say that is no harm as long as it is text."""

DOCS = (
    f"{SCRIPT}.txt",
    "a/../../etc/passwd",
    "./b/./c.txt",
    'x#y?z=1&a="b".txt',
    "percent%2f%00%zz.txt",
    "new\nline\r\nset-cookie: a=b.txt",
    "/absolute.txt",
    "//evil.example/x.txt",
    "javascript:alert(5)",
    "back\\slash.txt",
    "plus+and space .txt",
    "accents é ü 漢字 \u202etxt.exe",
    "semi;colon,'quote'.txt",
    "long" * 200,
)
"""Names that pages may come with."""

URLS = (
    "javascript:alert(6)",
    "JaVaScRiPt:alert(7)",
    " javascript:alert(8)",
    "data:text/html,<script>alert(9)</script>",
    'https://good.example/"onclick="alert(10)',
    "https://good.example/?a=1&b=<2>",
    "//evil.example/",
    "ftp://files.example/a",
)
"""Addresses that pages may claim to have."""

MARKUP = ("<script>alert", "<img src=x", "<svg/onload", "onmouseover='alert", '"onclick="alert', "</textarea></title>")
"""Of these none may stand in an answer as it is here."""


def hostile_readings() -> list[Reading]:
    """A reading for each name, every one with bad words wherever words may stand; two and two tell one fact."""
    found: list[Reading] = []
    for n, doc in enumerate(DOCS):
        words = WORDS[n % len(WORDS)]
        told = f"Russia struck Kyiv with {3 + n % 2} drones {words}"
        fact = Fact("attack", {"attacker": "country:RU", "target": "place:kyiv", "killed": str(3 + n % 2)}, told,
                    time=f"2024-01-{n // 2 + 1:02}")  # fmt: skip
        lines = [f"Title {words} {SCRIPT}", told, f"Said {WORDS[(n + 1) % len(WORDS)]} and no more."]
        at = len(lines[0]) + 1
        report = reading(
            doc, lines, [fact], f"2024-01-{n // 2 + 2:02}", outlet=f"Outlet {words}", byline=f"By {words}",
            url=URLS[n % len(URLS)], dropped=(Dropped(0, 1, words, f"reason {SCRIPT}"),),
        )  # fmt: skip
        said = report.claims[0].evidence[0]
        assert said.start == at
        found.append(
            Reading(
                report.report, quotes=(Quote((said,), f"person:{SCRIPT}"),), dating=report.dating, claims=report.claims,
                origins=(Origin(doc, f"agency {words}", "named", 0.9, words),),
            )
        )  # fmt: skip
    return found


def fill(where: str | Path, readings: Sequence[Reading], codebook: Codebook) -> list[Entry]:
    """A new ledger of readings, settled; its entries."""
    with create_ledger(str(where)) as ledger:
        with ledger.batch() as batch:
            for one in readings:
                batch.add(page_of(one), one)
        with ledger.batch() as batch:
            lines = sites(Settling(batch, codebook, 1))
        with ledger.batch() as batch:
            texts(Settling(batch, codebook, 1))
        with ledger.batch() as batch:
            clues = dates(Settling(batch, codebook, 1))
        with ledger.batch() as batch:
            facts(Settling(batch, codebook, 1), lines, clues)
        return ledger.entries()


def app_of(where: str | Path | None, **options: Any) -> FastAPI:
    """The application for a ledger."""
    return create_app(Options(None if where is None else str(where), **options))


@contextmanager
def client_of(where: str | Path | None, base: str = HERE, **options: Any) -> Iterator[TestClient]:
    """A client of the application for a ledger; a mistake in the program is a 500 to it, as it is to a browser."""
    with TestClient(app_of(where, **options), base_url=base, raise_server_exceptions=False) as client:
        yield client


def shelf_of(client: TestClient) -> Shelf:
    """The shelf of a client's application."""
    app = client.app
    assert isinstance(app, FastAPI)
    found: Shelf = app.state.shelf
    return found


def asked(app: FastAPI, method: str, raw_path: bytes, query: bytes = b"", headers: Mapping[str, str] | None = None,
          body: Sequence[bytes] = (b"",)) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    """What an application answers to a request as it comes from the wire, which no client need have tidied up."""
    from urllib.parse import unquote_to_bytes

    sent = {"host": "127.0.0.1:8765", **(headers or {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote_to_bytes(raw_path).decode("utf-8", "replace"), "raw_path": raw_path, "query_string": query,
        "root_path": "", "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in sent.items()],
        "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8765),
    }  # fmt: skip
    left = [{"type": "http.request", "body": part, "more_body": n < len(body) - 1} for n, part in enumerate(body)]
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return left.pop(0) if left else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answers.append(message)

    async def call() -> None:
        try:
            await app(scope, receive, send)
        except Exception:
            if not answers:  # the server would hang up
                raise

    asyncio.run(call())
    start = answers[0]
    found = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    return start["status"], found, b"".join(a.get("body", b"") for a in answers[1:])


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serves an application on a free port of this machine from another thread; gives its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    end = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the server ended"
        assert time.monotonic() < end, "the server does not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
