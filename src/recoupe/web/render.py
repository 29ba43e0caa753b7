"""Templates: how what a page shows becomes HTML, and the routes that answer `not modified` before anything is made."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from recoupe.program import version
from recoupe.web.reader import LANG, THEME, reader_of, token_of, wording
from recoupe.web.shelf import shelf
from recoupe.web.wording import LANGUAGES

_FOLDER = Path(__file__).parent
_API = "/api"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=select_autoescape(default=True),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["path"] = lambda text: quote(str(text), safe="/")
    environment.filters["segment"] = lambda text: quote(str(text), safe="")
    environment.globals["static"] = _static
    return environment


@lru_cache
def _static(name: str) -> str:
    """The address of a file of ours; another one whenever its content is."""
    digest = sha256((_FOLDER / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def render(request: Request, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page of a template, in the words of the one who asks; `shown` is what it shows."""
    reader, words = reader_of(request), wording(request)
    options = request.app.state.options
    page = _environment().get_template(template).render(
        **shown,
        w=words, t=words.t, reader=reader, path=request.url.path, languages=LANGUAGES, here=_here(request),
        token=token_of(request), may_review=not options.read_only, has_ledger=options.ledger is not None,
        status_code=status,
    )  # fmt: skip
    return HTMLResponse(page, status)


def _here(request: Request) -> Callable[..., str]:
    """Gives the address of this page with other parameters; None takes one away."""

    def address(path: str | None = None, **changed: object) -> str:
        kept = [(k, v) for k, v in request.query_params.multi_items() if k not in changed and k not in (LANG, THEME)]
        kept += [(k, str(v)) for k, v in changed.items() if v is not None]
        asked = urlencode(kept)
        return quote(path or request.url.path, safe="/") + (f"?{asked}" if asked else "")

    return address


def wanted_json(request: Request) -> bool:
    """Is it the JSON API that is asked?"""
    return request.url.path.startswith(f"{_API}/") or request.url.path == _API


class Fresh(APIRoute):
    """A route whose answers depend on the ledger, the address and the reader alone: one who has the answer already is
    told so (ETag, 304) before anything is looked up.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with what stands before it."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if request.method not in ("GET", "HEAD"):
                return await inner(request)
            tag = _tag(request)
            if tag in request.headers.get("if-none-match", ""):
                response = Response(status_code=304)
            else:
                response = await inner(request)
            if response.status_code in (200, 304):
                response.headers["etag"] = tag
                response.headers["cache-control"] = "private, no-cache"
                response.headers["vary"] = "accept-language, cookie"
            return response

        return handle


def _tag(request: Request) -> str:
    reader = "" if wanted_json(request) else reader_of(request).key
    of = (version(), shelf(request).codebook.edition, shelf(request).version(), str(request.url), reader)
    return f'"{sha256(" ".join(of).encode()).hexdigest()[:32]}"'
