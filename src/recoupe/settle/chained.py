"""The chains among the entries of a ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recoupe.chains import Chains, build
from recoupe.check.parts import parts
from recoupe.codebook import Codebook
from recoupe.model import Entry
from recoupe.values import When


def chains_of(entries: Sequence[Entry], published: Mapping[str, When | None], codebook: Codebook) -> Chains:
    """The chains among entries, with which of them are certainly part of which; `published` tells when each report (by
    doc) was.
    """
    known = (entry for entry in entries if entry.kind in codebook.kinds)
    within = ((part.part, part.whole, part.reason) for part in parts(known, codebook))
    return build(entries, published, codebook, within)
