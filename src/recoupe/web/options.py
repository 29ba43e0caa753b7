"""How the desk runs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

_LOCAL = frozenset({"localhost", "localhost.localdomain"})


@dataclass(frozen=True, slots=True)
class Options:
    """How the desk runs: the ledger (a file or an address; None where there is none yet), where it listens, whether
    reviews may be given, and the token that they need where it listens not on this machine alone.

    `hosts` are the names that it is asked for by from elsewhere, directly or through a web server before it; `secret`
    signs what browsers keep.
    """

    ledger: str | None
    codebook: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8765
    read_only: bool = False
    token: str | None = None
    hosts: Sequence[str] = ()
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def local(self) -> bool:
        """Is it for this machine alone? A desk that has another name is reached from elsewhere, wherever it listens."""
        return is_local(self.host) and not self.hosts


def is_local(host: str) -> bool:
    """Is it a name or address of this machine that no other one reaches?

    >>> is_local("127.0.0.1"), is_local("localhost"), is_local("::1"), is_local("0.0.0.0")
    (True, True, True, False)
    """
    if host.lower() in _LOCAL:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
