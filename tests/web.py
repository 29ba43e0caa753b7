"""A web of our own for tests: a server on this machine, and a world whose clock, sleep and names are made up."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpcore

from recoupe.watch import World

START = datetime(2024, 1, 3, 12, tzinfo=UTC)
PUBLIC = "93.184.215.14"


@dataclass
class Request:
    """What the server was asked: host and path as one, and the headers in lower case."""

    place: str
    headers: Mapping[str, str]


Write = Callable[[bytes], None]


@dataclass
class Reply:
    """What the server answers; `stream` writes a body piece by piece instead."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Callable[[Write], None] | None = None

    @classmethod
    def page(cls, text: str, **headers: str) -> Self:
        """A text page; `_` in the names of headers is a hyphen."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(200, text.encode(), {"Content-Type": "text/plain; charset=utf-8", **named})


Route = Reply | Callable[[Request], Reply] | Sequence[Reply]


class Web:
    """Answers by `routes` (host and path, the port left out), a list one reply after the other; what is on no route is
    not there. `asked` is every request, in order.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.routes: dict[str, Route] = {}
        self.asked: list[Request] = []

    def places(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [request.place for request in self.asked if not request.place.endswith("/robots.txt")]

    def reply(self, request: Request) -> Reply:
        """The answer to a request."""
        self.asked.append(request)
        route = self.routes.get(request.place, Reply(404))
        if isinstance(route, Reply):
            return route
        if callable(route):
            return route(request)
        met = sum(asked.place == request.place for asked in self.asked)
        return route[min(met, len(route)) - 1]


@contextmanager
def serve(certificate: Path | None = None) -> Iterator[Web]:
    """A server on a free port of this machine; one with a certificate speaks TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers.get("Host", "").partition(":")[0]
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = web.reply(Request(f"{host}{self.path}", headers))
            try:
                self._send(reply)
            except OSError:
                self.close_connection = True  # the client has had enough

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.stream is None:
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
                return
            self.end_headers()
            reply.stream(self.wfile.write)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests do not print."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    web = Web(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Made:
    """A world in which nothing takes time but what sleeps, every name is public, and every wire ends at the server.

    `slept` is each wait, `wired` each machine that was connected to; `names` are hosts with other addresses, one list
    for each time that they are looked up.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.time = 0.0
        self.slept: list[float] = []
        self.wired: list[str] = []
        self.names: dict[str, list[list[str]]] = {}

    def world(self) -> World:
        """This world as the fetcher sees it."""
        return World(lambda: self.time, self._sleep, self._now, self._resolve, _Wired(self))

    def _now(self) -> datetime:
        return START + timedelta(seconds=self.time)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds

    def _resolve(self, host: str, port: int) -> list[str]:
        turns = self.names.get(host, [[PUBLIC]])
        found = turns.pop(0) if len(turns) > 1 else turns[0]
        if not found:
            raise OSError("no such name")
        return found


class _Wired(httpcore.SyncBackend):
    def __init__(self, made: Made) -> None:
        self._made = made

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        self._made.wired.append(host)
        return super().connect_tcp("127.0.0.1", self._made.port, *args, **kwargs)
