"""Which version of this program it is that runs."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from recoupe import __version__

_OWN = (".py", ".tsv")
_APART = ("codebooks", "cli", "publish", "ledger", "watch", "web")  # they have no part in what a page is read as
_DIGITS = 8


@lru_cache(maxsize=1)
def version() -> str:
    """The number of the version, and the beginning of a hash over the files that decide what a page is read as: two
    that differ in neither read alike.
    """
    folder = Path(__file__).parent
    files = (path for path in folder.rglob("*") if path.suffix in _OWN)
    named = sorted((path.relative_to(folder).as_posix(), path) for path in files)
    whole = sha256()
    for name, path in named:
        if name.partition("/")[0] not in _APART:
            whole.update(f"{name}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return f"{__version__}+{whole.hexdigest()[:_DIGITS]}"
