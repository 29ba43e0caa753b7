"""The pages, each with its JSON."""

from fastapi import APIRouter

from recoupe.web.pages import entry, ledger, report, sessions, welcome

ROUTERS: tuple[APIRouter, ...] = (welcome.router, sessions.router, ledger.router, entry.router, report.router)
"""The routes of all pages, in the order in which they are tried."""
