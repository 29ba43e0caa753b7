"""Recoupe reads raw news reports and writes one cross-checked ledger of who did what, for whom, when."""

__version__ = "0.1.0"
