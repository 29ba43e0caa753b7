"""The application: its pages, what guards them, and how failures are told."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from recoupe.errors import BusyError, LedgerError, QueryError, RecoupeError
from recoupe.program import version
from recoupe.web.answers import Answers
from recoupe.web.described import FAILURES
from recoupe.web.guard import Guard, guard
from recoupe.web.lanes import Lanes
from recoupe.web.options import Options
from recoupe.web.pages import ROUTERS
from recoupe.web.reader import LANG, THEME, THEMES, wording
from recoupe.web.render import render, wanted_json
from recoupe.web.shelf import Shelf
from recoupe.web.wording import LANGUAGES

_YEAR = 365 * 24 * 3600


def create_app(options: Options, shelf: Shelf | None = None) -> FastAPI:
    """The application for a ledger; without a ledger, its one page says how to make one. `shelf`: the ledger, where it
    is open already.

    Raises LedgerError where the ledger cannot be read, CodebookError where the codebook is not sound.
    """
    opened = shelf or Shelf.open(options)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        opened.close()

    app = FastAPI(
        title="Recoupe", version=version(), lifespan=lifespan, openapi_url="/api/openapi.json", docs_url=None,
        redoc_url=None, description="What news reports say together, with the words that each value rests on.",
    )  # fmt: skip
    app.state.options, app.state.shelf, app.state.wordings = options, opened, {}
    app.state.answers, app.state.lanes, app.state.seed = Answers(), Lanes(), secrets.token_bytes(16)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.state.described = [r for router in ROUTERS for r in router.routes if getattr(r, "include_in_schema", False)]
    for router in ROUTERS:
        app.include_router(router, responses=FAILURES)
    app.add_exception_handler(RecoupeError, _told)
    app.add_exception_handler(HTTPException, _answered)
    app.add_exception_handler(RequestValidationError, _refused)
    app.add_exception_handler(Exception, _failed)
    app.middleware("http")(_remember)
    app.add_middleware(Guard, options=options)
    return app


async def _remember(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """Keeps the language and the colours that an address asks for."""
    response = await call(request)
    for key, known in ((LANG, LANGUAGES), (THEME, THEMES)):
        if (chosen := request.query_params.get(key)) in known:
            response.set_cookie(key, str(chosen), max_age=_YEAR, httponly=True, samesite="lax")
    return response


async def _told(request: Request, error: Exception) -> Response:
    """What a failure of ours says."""
    if isinstance(error, QueryError):
        return _problem(request, 422, "errors.bad_query", _why(request, error))
    if isinstance(error, BusyError):
        response = _problem(request, 503, "errors.busy", "")
        response.headers["retry-after"] = "5"
        return response
    if isinstance(error, LedgerError):
        # Where it lies is nobody's business but of those who sit before this machine.
        return _problem(request, 503, "errors.ledger", str(error) if request.app.state.options.local else "")
    return _problem(request, 422, "errors.title", str(error))


def _why(request: Request, error: QueryError) -> str:
    """Why a question cannot be asked: to a person in their language, to a program in that of its other messages."""
    if wanted_json(request) or not error.why:
        return str(error)
    words = wording(request)
    field = f"facet.{error.told.get('field')}"
    told = {name: words.number(value) if isinstance(value, int) else str(value) for name, value in error.told.items()}
    if words.has(field):
        told["field"] = words.t(field)
    return words.t(f"errors.query.{error.why}", None, **told)


async def _answered(request: Request, error: Exception) -> Response:
    """What has no page, or may not be had."""
    assert isinstance(error, HTTPException)
    keys = {403: "errors.forbidden", 404: "errors.not_found", 429: "errors.busy"}
    detail = "" if error.detail in ("Not Found", "Forbidden") else str(error.detail)
    response = _problem(request, error.status_code, keys.get(error.status_code, "errors.title"), detail)
    response.headers.update(error.headers or {})
    return response


async def _refused(request: Request, error: Exception) -> Response:
    """What is not asked as it must be."""
    assert isinstance(error, RequestValidationError)
    said = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
    return _problem(request, 422, "errors.bad_query", said)


async def _failed(request: Request, error: Exception) -> Response:
    """A mistake in the program: told, and no more of it than that. Such an answer goes past the guard."""
    response = _problem(request, 500, "errors.failed", "")
    guard(response.headers, request.scope, response.status_code)
    return response


def _problem(request: Request, status: int, key: str, detail: str) -> Response:
    if wanted_json(request):
        body: dict[str, Any] = {"error": key.removeprefix("errors."), "detail": detail}
        return JSONResponse(body, status)
    return render(request, "problem.html", status=status, key=key, detail=detail)
