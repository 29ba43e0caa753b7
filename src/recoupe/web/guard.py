"""What every answer is guarded by: headers that keep foreign scripts and frames out, the names that we answer to, and
how much may be asked and sent.

The policy has no inline script or style at all: what a page of the ledger holds can never run in the desk.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
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


class Guard:
    """Refuses requests for other hosts (a page elsewhere whose name was made to point here), too long questions and too
    large forms; puts the headers on every answer.
    """

    def __init__(self, app: ASGIApp, options: Options) -> None:
        self._app = app
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refused = self._refused(scope)
        await (self._app if refused is None else refused)(scope, receive, guarded)

    def _refused(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if not self._answers_to(headers.get("host", "")):
            return PlainTextResponse("not the host of this desk\n", 421)
        if len(scope.get("query_string", b"")) > MOST_ASKED or len(scope.get("raw_path", b"")) > MOST_ASKED:
            return PlainTextResponse("the address is too long\n", 414)
        sent = headers.get("content-length", "0")
        if not sent.isdecimal() or int(sent) > MOST_SENT or "transfer-encoding" in headers:
            return PlainTextResponse("too much is sent\n", 413)
        return None

    def _answers_to(self, host: str) -> bool:
        name = _name(host)
        return is_local(name) if self._options.local else not self._options.hosts or _among(name, self._options.hosts)


def _name(host: str) -> str:
    """The name in a `Host` header, without the port."""
    return host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]


def _among(name: str, hosts: Sequence[str]) -> bool:
    return is_local(name) or name.lower() in {host.lower() for host in hosts}
