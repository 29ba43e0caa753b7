"""`recoupe serve`: a ledger in the browser."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from recoupe.cli.options import LEDGER, CodebookOpt
from recoupe.errors import RecoupeError
from recoupe.ledger import ledger_file


def serve(
    path: Annotated[str | None, typer.Argument(metavar="[LEDGER]", help=LEDGER)] = None,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen; this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 is any that is free.")] = 8765,
    read_only: Annotated[bool, typer.Option("--read-only", help="Nobody may review.")] = False,
    token: Annotated[
        str | None,
        typer.Option(metavar="TEXT", envvar="RECOUPE_TOKEN", help="What reviewers need; made up where it is needed."),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="A host name that others reach the desk by.")
    ] = None,
    codebook: CodebookOpt = None,
) -> None:
    """Opens a ledger in the browser; without one, tells how to make it."""
    try:
        from recoupe.web.serving import run  # not before it is used: it takes its time to load, and is an extra
    except ImportError as error:
        raise RecoupeError(
            f"serve needs the extra `web`: pip install 'recoupe[web]' ({error.name} is missing)"
        ) from error
    from recoupe.web.options import Options

    if path is not None and (file := ledger_file(path)) is not None and not file.exists():
        raise RecoupeError(f"{path}: no such ledger; make one with: recoupe read PAGES --into {path}")
    if token is not None and not token.strip():
        raise RecoupeError("--token: it is empty; give one, or leave it out and one is made up where it is needed")
    listening = _socket(host, port)
    address = listening.getsockname()
    options = Options(path, codebook, host, address[1], read_only, token and token.strip(), tuple(name or ()))
    run(options, listening, say=lambda line: print(line, flush=True))


def _socket(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises RecoupeError where that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except OSError as error:
        raise RecoupeError(f"{host}:{port}: cannot listen there: {error.strerror or error}") from error
    return found
