"""What every answer is guarded by: headers that keep foreign scripts and frames out, the names that we answer to, and
how much may be asked and sent.

The policy has no inline script or style at all: what a page of the ledger holds can never run in the desk.
"""

from __future__ import annotations

import re
import socket
from functools import lru_cache
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recoupe.web.options import Options, is_local

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
        "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    )
)  # fmt: skip
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with `no-referrer`, browsers would not say of our own forms that they are ours
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
MOST_ASKED = 4096  # characters of a question
MOST_SENT = 256 * 1024  # bytes of a form
_KEPT = "public, max-age=31536000, immutable"  # a file of ours has another address whenever it changes
_LENGTH = re.compile("[0-9]{1,9}")
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::[0-9]{1,5})?")
_NUL = re.compile(rb"\x00|%00")


class Guard:
    """Refuses requests for other hosts (a page elsewhere whose name was made to point here), too long questions and too
    large forms; puts the headers on every answer; answers HEAD as GET, without the body.
    """

    def __init__(self, app: ASGIApp, options: Options) -> None:
        self._app = app
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                guard(MutableHeaders(scope=message), scope, message["status"])
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        refused = self._refused(scope)
        await (refused or self._app)({**scope, "method": "GET"} if head else scope, receive, guarded)

    def _refused(self, scope: Scope) -> Response | None:
        why = self._why_not(scope)
        if why is None:
            return None
        if scope["path"].startswith("/api/"):
            return JSONResponse({"error": "refused", "detail": why[1]}, why[0])
        return PlainTextResponse(f"{why[1]}\n", why[0])

    def _why_not(self, scope: Scope) -> tuple[int, str] | None:
        """The status and the words with which a request is refused."""
        headers = Headers(scope=scope)
        if not self._answers_to(headers.getlist("host")):
            return 421, "not a host name of this desk (recoupe serve --name HOST adds one)"
        if len(scope.get("query_string", b"")) > MOST_ASKED or len(scope.get("raw_path", b"")) > MOST_ASKED:
            return 414, "the address is too long"
        if "\0" in scope["path"] or _NUL.search(scope.get("query_string", b"")):
            return 400, "no text has a NUL"  # and not every database takes one
        sent = headers.get("content-length", "0")
        if not _LENGTH.fullmatch(sent) or int(sent) > MOST_SENT or "transfer-encoding" in headers:
            return 413, "too much is sent"
        return None

    def _answers_to(self, hosts: list[str]) -> bool:
        """Names can be made to point here by anyone, addresses cannot: besides those of this machine, only the names
        that are given are answered to.
        """
        if len(hosts) != 1:
            return False
        name = _name(hosts[0]).lower()
        if is_local(name):
            return True
        given = {host.lower() for host in self._options.hosts}
        return not self._options.local and (name in given or name in _own_names() or _is_address(name))


def guard(headers: MutableHeaders, scope: Scope, status: int) -> None:
    """Puts the headers on an answer that has them not."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    named = scope["path"].startswith("/static/") and scope.get("query_string", b"").startswith(b"v=")
    headers.setdefault("cache-control", _KEPT if named and status in (200, 304) else "no-store")


def _name(host: str) -> str:
    """The name in a `Host` header, without the port; empty where it is none."""
    found = _HOST.fullmatch(host)
    return found[1] if found else ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _own_names() -> frozenset[str]:
    """What this machine calls itself."""
    return frozenset({socket.gethostname().lower(), socket.getfqdn().lower()})
