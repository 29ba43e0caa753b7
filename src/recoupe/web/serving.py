"""Runs the desk on a socket until it is stopped."""

from __future__ import annotations

import gc
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import uvicorn

from recoupe.web.app import create_app
from recoupe.web.options import Options

_WAITS = 3  # seconds that requests in work are waited for at the end


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts listening."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def run(options: Options, listening: socket.socket, say: Callable[[str], None]) -> None:
    """Serves the desk on a socket that is bound, until the process is told to stop; `say` prints a line.

    Raises LedgerError where the ledger cannot be read, CodebookError where the codebook is not sound.
    """
    if not options.local and not options.read_only and options.token is None:
        options = replace(options, token=secrets.token_urlsafe(18))
    gc.disable()  # what is made at the start stays: looking for what could go takes a quarter of the time
    try:
        app = create_app(options)
        gc.freeze()
    finally:
        gc.enable()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=_WAITS
    )

    def ready() -> None:
        where = f"[{options.host}]" if ":" in options.host else options.host
        say(f"the desk is open at http://{where}:{options.port}/   (Ctrl-C closes it)")
        if options.token is not None:
            say(f"to review, people sign in with their name and this token: {options.token}")

    with suppress(KeyboardInterrupt):  # which is how it is closed
        _Server(config, ready).run(sockets=[listening])
