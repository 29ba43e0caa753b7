"""How the description of the JSON (OpenAPI) tells what is in no signature: the filters of an address, and failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from recoupe.ledger.found import REVIEWS
from recoupe.model import Status
from recoupe.web.query import GREATEST, LONGEST, SORTS


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: one word for it, and more where there is more to say."""

    error: str
    detail: str


FAILURES: dict[int | str, dict[str, Any]] = {
    304: {"description": "The one who asks has the answer already (If-None-Match)"},
    "4XX": {"model": Problem, "description": "What is asked cannot be answered"},
    422: {"model": Problem, "description": "The filters cannot be used"},
    503: {"model": Problem, "description": "The ledger cannot be read"},
}

_TEXT = {"type": "string", "maxLength": LONGEST}
_DAY = {"type": "string", "examples": ["2024-01-02", "2024-01", "2024"]}


def _one(name: str, says: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": says, "schema": schema}


def _many(name: str, says: str, items: dict[str, Any]) -> dict[str, Any]:
    return _one(name, f"{says}; several may be given", {"type": "array", "items": items, "maxItems": 50})


FILTERS: dict[str, Any] = {
    "parameters": [
        _many("kind", "A kind of the codebook", _TEXT),
        _many("status", "How far it has come", {"type": "string", "enum": list(get_args(Status))}),
        _many("actor", "Who takes part, by id", _TEXT),
        _many("item", "What it is about, by id, with what is below it in the tree", _TEXT),
        _many("place", "Where, by id, with what lies in it", _TEXT),
        _many("review", "How far people have reviewed it", {"type": "string", "enum": list(REVIEWS)}),
        _one("from", "Not before this day, month or year", _DAY),
        _one("to", "Not after this day, month or year", _DAY),
        _one(
            "origins", "The least number of independent origins", {"type": "integer", "minimum": 0, "maximum": GREATEST}
        ),
        _one("conflicts", "Do its reports contradict each other?", {"type": "string", "enum": ["yes", "no"]}),
        _one("q", "Words that it has", _TEXT),
    ]
}
"""The filters, for `openapi_extra` of a route that takes them."""

_PAGE = _one("page", "The page of the list, from 1 on", {"type": "integer", "minimum": 1, "maximum": GREATEST})

PAGED: dict[str, Any] = {"parameters": [*FILTERS["parameters"], _PAGE]}
"""The filters, and the page of a list in an order of its own."""

LIST: dict[str, Any] = {
    "parameters": [
        *FILTERS["parameters"],
        _one("sort", "The order", {"type": "string", "enum": list(SORTS)}),
        _PAGE,
        _one("more", "The filter whose values are listed at greater length", _TEXT),
    ]
}
"""The filters, the order and the page of a list."""
