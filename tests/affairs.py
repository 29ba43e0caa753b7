"""Entries made by hand, for tests of chains and balances: requests, promises, contracts, deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from recoupe.chains import Chains, Reason, build
from recoupe.codebook import Codebook
from recoupe.model import Entry, Status
from recoupe.values import When
from synthetic import book


def entry(
    kind: str,
    name: str,
    time: str | None = None,
    *,
    status: Status = "done",
    docs: Sequence[str] = (),
    origins: Sequence[str] = (),
    **roles: str | Sequence[str],
) -> Entry:
    """An entry of that name; its reports are `docs`, else one that is called as it is, `name.txt`."""
    told = {role: (said,) if isinstance(said, str) else tuple(said) for role, said in roles.items()}
    reports = tuple(docs) or (f"{name}.txt",)
    return Entry(
        id=sha256(name.encode()).hexdigest()[:10],
        kind=kind,
        status=status,
        roles=tuple((role, told[role]) for role in book().kinds[kind].roles if role in told),
        time=time,
        claims=tuple(f"{doc}#1" for doc in reports),
        origins=tuple(origins) or reports[:1],
    )


def chained(
    entries: Iterable[Entry],
    published: Mapping[str, str] | None = None,
    codebook: Codebook | None = None,
    parts: Sequence[tuple[str, str, Reason]] = (),
) -> Chains:
    """The chains among entries; `published` tells when reports were, where that matters."""
    told = {doc: When.parse(text) for doc, text in (published or {}).items()}
    return build(entries, told, codebook or book(), parts)


ASKED = entry(
    "request", "asked", "2024-01-10", requester="country:UA", addressee="country:DE", item="patriot", count="7"
)
PROMISED = entry(
    "pledge", "promised", "2024-02-01", donor="country:DE", recipient="country:UA", item="patriot", count="4"
)
BOUGHT = entry(
    "purchase", "bought", "2024-03-01", buyer="country:DE", beneficiary="country:UA", item="patriot", count="3"
)
SENT = entry("delivery", "sent", "2024-05-01", donor="country:DE", recipient="country:UA", item="patriot", count="1")
MORE = entry("delivery", "more", "2024-06-01", donor="country:DE", recipient="country:UA", item="patriot", count="2")
REFILLED = entry(
    "replacement", "refilled", "2024-07-01", provider="country:US", donor="country:DE", outgoing="patriot",
    incoming="patriot", count="1",
)  # fmt: skip
AFFAIR = (ASKED, PROMISED, BOUGHT, SENT, MORE, REFILLED)
