"""The command line: one command a verb.

Exit codes: 0 done (for `read`: some page was read), 1 not done (none was; or a ledger, a codebook or a name cannot be
used), 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from recoupe.cli import output
from recoupe.cli.commands import Commands, Loaded, group

_PLACES = {
    "read": "recoupe.cli.read:read",
    "watch": "recoupe.cli.watch:watch",
    "times": "recoupe.cli.times:times",
    "score": "recoupe.cli.score:score",
    "diff": "recoupe.cli.diff:diff",
    "verify": "recoupe.cli.verify:verify",
    "review": "recoupe.cli.review:review",
    "serve": "recoupe.cli.serve:serve",
    "ledger": "recoupe.cli.ledger:ledger",
    "show": "recoupe.cli.looks:show",
    "origins": "recoupe.cli.looks:origins",
    "chain": "recoupe.cli.looks:chain",
    "balance": "recoupe.cli.balance:balance",
    "page": "recoupe.cli.looks:page",
    "export": "recoupe.cli.export:app",
    "codebook": "recoupe.cli.codebooks:app",
}


class _Verbs(Commands):
    """All commands."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands = Loaded(_PLACES)


app = group("Reads news reports into one cross-checked ledger; every cell carries the words it rests on.", _Verbs)


def main() -> None:
    """The `recoupe` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot write an arrow shows a mark in its place
    try:
        app()
    except BrokenPipeError:
        _quiet()  # whoever read our output has had enough
        sys.exit(0)
    except OSError as error:
        _quiet()
        output.complain(f"the output cannot be written: {error.strerror or error}")
        sys.exit(1)


def _quiet() -> None:
    """Sends what is still to be written nowhere, so that the interpreter does not fail on it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
