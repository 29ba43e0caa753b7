"""Where there is no ledger: how to make one. And the help."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from recoupe.web.render import render

router = APIRouter()


@router.get("/help", include_in_schema=False)
def help_page(request: Request) -> Response:
    """The keys."""
    return render(request, "help.html")
