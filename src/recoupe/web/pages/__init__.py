"""The pages, each with its JSON."""

from fastapi import APIRouter

from recoupe.web.pages import (
    balance,
    chain,
    conflicts,
    entry,
    ledger,
    map,
    origins,
    report,
    reviews,
    search,
    sessions,
    sources,
    timeline,
    welcome,
)

_PAGES = (welcome, sessions, ledger, entry, reviews, chain, report, search)
_FIGURES = (timeline, balance, map, conflicts, sources, origins)
ROUTERS: tuple[APIRouter, ...] = tuple(page.router for page in (*_PAGES, *_FIGURES))
"""The routes of all pages, in the order in which they are tried."""
