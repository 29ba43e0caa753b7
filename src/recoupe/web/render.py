"""Templates: how what a page shows becomes HTML, and the routes that answer `not modified` before anything is made."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.runtime import Macro
from markupsafe import Markup
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.routing import Match

from recoupe.errors import QueryError
from recoupe.program import version
from recoupe.web.answers import Answers
from recoupe.web.lanes import Lanes
from recoupe.web.options import Options
from recoupe.web.reader import LANG, THEME, reader_of, token_of, wording
from recoupe.web.shelf import Shelf, shelf
from recoupe.web.wording import LANGUAGES, Wording, own_name

_FOLDER = Path(__file__).parent
_API = "/api"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=select_autoescape(default=True),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["path"] = as_path
    environment.filters["segment"] = lambda text: quote(str(text), safe="")
    environment.globals["static"] = _static
    environment.globals["kept"] = _kept
    environment.globals["own_name"] = own_name
    return environment


def as_path(name: object) -> str:
    """A name as what an address ends with, its slashes left as they are; unless browsers would take steps out of them.

    >>> as_path("a b/c#1.txt"), as_path("a/../b.txt")
    ('a%20b/c%231.txt', 'a%2F..%2Fb.txt')
    """
    text = str(name)
    return quote(text, safe="" if {".", ".."} & set(text.split("/")) else "/")


def _kept(macro: Macro, words: Wording, shown: Hashable) -> Markup:
    """What a macro makes of a value in a reader's words; it is not made again for the next one."""
    return words.once((macro.name, shown), lambda: Markup(macro(words, shown)))


@lru_cache
def _static(name: str) -> str:
    """The address of a file of ours; another one whenever its content is."""
    digest = sha256((_FOLDER / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def render(request: Request, template: str, status: int = 200, at: str | None = None, **shown: Any) -> HTMLResponse:
    """A page of a template, in the words of the one who asks; `shown` is what it shows. `at` is the address by which it
    is asked for, where it answers a form that was sent to another one.
    """
    request = request if at is None else _asked_at(request, at)
    reader, words = reader_of(request), wording(request)
    options = request.app.state.options
    page = _environment().get_template(template).render(
        **shown,
        w=words, t=words.t, reader=reader, path=request.scope["path"], own_path=_own(request), here=_here(request),
        json=_json(request),
        languages=LANGUAGES, token=token_of(request), may_review=not options.read_only,
        has_ledger=options.ledger is not None, status_code=status,
    )  # fmt: skip
    return HTMLResponse(page, status)


def _asked_at(request: Request, address: str) -> Request:
    """The request as if the page at an address of ours (quoted) were asked for."""
    path, _, query = address.partition("?")
    asked = {"method": "GET", "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode()}
    return Request({**request.scope, **asked})


def _here(request: Request) -> Callable[..., str]:
    """Gives the address of this page (or of `path`, which is quoted) with other parameters; None takes one away."""

    def address(path: str | None = None, **changed: object) -> str:
        kept = [(k, v) for k, v in request.query_params.multi_items() if k not in changed and k not in (LANG, THEME)]
        kept += [(k, str(v)) for k, v in changed.items() if v is not None]
        asked = urlencode(kept)
        return (path or _own(request)) + (f"?{asked}" if asked else "")

    return address


def _json(request: Request) -> str:
    """The address of this page's JSON, with what it takes of this page's parameters; empty where it has none."""
    path = f"{_API}/entries" if request.scope["path"] == "/" else _API + request.scope["path"]
    asked = {**request.scope, "path": path, "method": "GET"}
    for route in request.app.state.described:
        if route.matches(asked)[0] is Match.FULL:
            known = parameters_of(route)
            query = urlencode([(k, v) for k, v in request.query_params.multi_items() if k in known])
            own = path if path.endswith("/entries") else _API + _own(request)
            return own + (f"?{query}" if query else "")
    return ""


def _own(request: Request) -> str:
    """The path that is asked, quoted as it came; never one that leads to another host."""
    path: str = request.scope["raw_path"].decode("latin-1")
    return "/" + quote(path.lstrip("/"), safe="/%:@!$&'()*+,;=~")


def wanted_json(request: Request) -> bool:
    """Is it the JSON API that is asked?"""
    path: str = request.scope["path"]
    return path.startswith(f"{_API}/") or path == _API


class _Doc(PathConvertor):
    """The name of a report in an address, `{doc:doc}`: anything at all, lines too."""

    regex = "(?s:.*)"


register_url_convertor("doc", _Doc())


class Fresh(APIRoute):
    """A route whose answers depend on the ledger, the address and the reader alone: one who has the answer already is
    told so (ETag, 304) before anything is looked up, and what was made for one like them is given again.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with what stands before it."""
        inner = super().get_route_handler()

        known = parameters_of(self) if self.include_in_schema else None

        async def handle(request: Request) -> Response:
            if known is not None and (strange := sorted(set(request.query_params) - known)):
                raise QueryError(f"{strange[0]}: no such parameter; there are: {', '.join(sorted(known)) or 'none'}")
            if request.method not in ("GET", "HEAD"):
                return await inner(request)
            with Shelf.one_version():
                return await answer(request)

        async def answer(request: Request) -> Response:
            tag = await run_in_threadpool(_tag, request)  # it asks the ledger, which may let one wait
            answers: Answers = request.app.state.answers
            if tag in _had(request):
                response = Response(status_code=304)
            elif (kept := answers.get(tag)) is not None:
                return kept
            else:
                lanes: Lanes = request.app.state.lanes
                async with lanes.lane():
                    if (kept := answers.get(tag)) is not None:  # made while this one waited
                        return kept
                    response = await inner(request)
            if response.status_code in (200, 304):
                response.headers["etag"] = tag
                response.headers["cache-control"] = "private, no-cache"
                response.headers["vary"] = "accept-language, cookie"
                answers.keep(tag, response)
            return response

        return handle


def parameters_of(route: APIRoute) -> set[str]:
    """The names that a route takes in the query of its address."""
    described = (route.openapi_extra or {}).get("parameters", ())
    own = {parameter.alias for parameter in route.dependant.query_params}
    return own | {str(one["name"]) for one in described if one["in"] == "query"}


def _had(request: Request) -> set[str]:
    """The tags of the answers that the one who asks has already."""
    given = ",".join(request.headers.getlist("if-none-match"))
    return {tag.strip().removeprefix("W/") for tag in given.split(",")}


def _tag(request: Request) -> str:
    options: Options = request.app.state.options
    asked = request.scope["raw_path"] + b"?" + request.scope["query_string"]
    reader = "" if wanted_json(request) else reader_of(request).key
    seed: bytes = request.app.state.seed  # of this start: the next one may have other templates, words or code
    of = (version(), shelf(request).codebook.edition, shelf(request).version(), str(options.read_only), reader)
    return f'"{sha256(seed + " ".join(of).encode() + asked).hexdigest()[:32]}"'
