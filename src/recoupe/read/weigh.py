"""Which drafts are claims: what their traits are worth together."""

from __future__ import annotations

from recoupe.codebook import Codebook
from recoupe.read.scenes import Draft


def keeps(draft: Draft, codebook: Codebook) -> bool:
    """Is a draft a claim?"""
    return not draft.doubts and bool(draft.claim.cells)
