"""The pages, each with its JSON."""

from fastapi import APIRouter

from recoupe.web.pages import entry, ledger, report, search, sessions, welcome

ROUTERS: tuple[APIRouter, ...] = tuple(page.router for page in (welcome, sessions, ledger, entry, report, search))
"""The routes of all pages, in the order in which they are tried."""
