"""Who reviews: signing in with a name, and with the desk's token where others can reach it."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from recoupe.web.options import Options
from recoupe.web.reader import reader_of, token_of
from recoupe.web.render import render
from recoupe.web.signing import Session, cookie_name, same, sealed

router = APIRouter()

LONGEST = 80  # characters of a name
_DAYS = 30
_TRIES, _WITHIN = 10, 60.0  # wrong tokens, and seconds: who tries more often waits
_CLIENTS = 10_000  # addresses whose wrong tries are known
_wrong: OrderedDict[str, deque[float]] = OrderedDict()
_lock = Lock()


def signed_in(request: Request, token: str) -> Session:
    """The session of one who may review, for a form that carries its token. Raises HTTPException (403)."""
    options: Options = request.app.state.options
    session = reader_of(request).session
    if options.read_only or session is None or not same(token, token_of(request)):
        raise HTTPException(403)
    return session


def from_here(request: Request) -> None:
    """Raises HTTPException (403) where another site's page sends this."""
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise HTTPException(403)


def plain_name(text: str) -> str:
    """The name of a person as reviews have it; empty for what is no name."""
    plain = " ".join(text.split())
    return plain if plain.isprintable() and len(plain) <= LONGEST else ""


def local_path(text: str) -> str:
    """An address of this desk to go on to; the ledger, for any other one.

    >>> local_path("/entry/ab?x=1"), local_path("//elsewhere.example/"), local_path("https://elsewhere.example/")
    ('/entry/ab?x=1', '/', '/')
    """
    own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if own else "/"


@router.get("/login", include_in_schema=False)
def login_page(request: Request, to: str = "/") -> Response:
    """Asks for the name, and the token where one is needed."""
    if request.app.state.options.read_only:
        raise HTTPException(403)
    return _form(request, to)


@router.post("/login", include_in_schema=False)
def login(
    request: Request,
    name: Annotated[str, Form(max_length=LONGEST)] = "",
    desk: Annotated[str, Form(max_length=200)] = "",
    to: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Signs in."""
    options: Options = request.app.state.options
    from_here(request)
    if options.read_only:
        raise HTTPException(403)
    plain = plain_name(name)
    if not plain:
        return _form(request, to, "sign_in.no_name", 422)
    if options.token is not None and not token_fits(request, desk, options.token):
        return _form(request, to, "sign_in.wrong_token", 403)
    response = RedirectResponse(local_path(to), 303)
    secure = request.url.scheme == "https"
    response.set_cookie(
        cookie_name(options.port), sealed(Session.new(plain), options.secret), max_age=_DAYS * 86400, httponly=True,
        samesite="strict", secure=secure,
    )  # fmt: skip
    return response


@router.post("/logout", include_in_schema=False)
def logout(request: Request, token: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Signs out."""
    signed_in(request, token)
    response = RedirectResponse("/", 303)
    response.delete_cookie(cookie_name(request.app.state.options.port))
    return response


def _form(request: Request, to: str, problem: str = "", status: int = 200) -> Response:
    needs = request.app.state.options.token is not None
    return render(request, "login.html", status, to=local_path(to), problem=problem, needs_token=needs)


def token_fits(request: Request, given: str, wanted: str) -> bool:
    """Is it the token? Who guesses too often waits, and nobody else. Raises HTTPException (429)."""
    now, client = time.monotonic(), request.client.host if request.client else ""
    with _lock:
        wrong = _wrong.setdefault(client, deque(maxlen=_TRIES))
        _wrong.move_to_end(client)
        while len(_wrong) > _CLIENTS:
            _wrong.popitem(last=False)
        if len(wrong) == _TRIES and now - wrong[0] < _WITHIN:
            raise HTTPException(429)
        if same(given.strip(), wanted):
            return True
        wrong.append(now)
        return False
