"""The pages, each with its JSON."""

from fastapi import APIRouter

from recoupe.web.pages import entry, ledger, report, search, sessions, welcome
from recoupe.web.pages import timeline as timeline_

_PAGES = (welcome, sessions, ledger, entry, report, search)
_FIGURES = (timeline_,)
ROUTERS: tuple[APIRouter, ...] = tuple(page.router for page in (*_PAGES, *_FIGURES))
"""The routes of all pages, in the order in which they are tried."""
