"""Coded reports: what a person or the reader says of a report, in the shape of the coding manual's section 8."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import Kind

TIME = "time"
"""The type of the slot that holds a claim's time, and its name."""
_SPELLINGS = re.compile(r"[yijeo]+$")  # last letters in which transcriptions of one name differ: -y, -yy, -ij, -iy


def same_person(id_: str) -> str:
    """An id by which spellings of a person's name are one: the stem of the last name; any other id as it is.

    >>> same_person("person:volodymyr-zelenskyy") == same_person("person:zelensky")
    True
    """
    if not id_.startswith("person:"):
        return id_
    return "person:" + _SPELLINGS.sub("", id_.removeprefix("person:").rpartition("-")[2])


def as_list(value: Any) -> list[Any]:
    """The values of a field that holds one, several or none."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True)
class Slot:
    """One value of a claim that counts: its role, the role's type, and the value in the manual's notation."""

    role: str
    type: str
    value: str

    @property
    def key(self) -> tuple[str, str]:
        """By what two slots are the same."""
        return self.role, self.value if self.type == TIME else same_person(self.value)


@dataclass(frozen=True, slots=True)
class CodedClaim:
    """A claim of either side. `slots` are the values that are scored, its time last; `evidence` its words."""

    name: str
    kind: str
    status: str | None
    slots: tuple[Slot, ...]
    attribution: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodedQuote:
    """A quotation and its speaker."""

    text: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class CodedReport:
    """What one side says of a report. `coded_to`: the last words coded, where only a part of the report is."""

    doc: str
    published: str | None = None
    claims: tuple[CodedClaim, ...] = ()
    quotes: tuple[CodedQuote, ...] = ()
    coded_to: str | None = None

    @classmethod
    def of(cls, record: Mapping[str, Any], book: Codebook) -> Self:
        """What a well-formed line says; claims of kinds that the codebook does not have are left out."""
        claims = (_claim(claim, book.kinds[claim["kind"]]) for claim in record["claims"] if claim["kind"] in book.kinds)
        quotes = (CodedQuote(quote["text"], quote.get("speaker") or None) for quote in record.get("quotes") or ())
        published, coded_to = record.get("published") or None, record.get("coded_to") or None
        return cls(record["doc"], published, tuple(claims), tuple(quotes), coded_to)


def _claim(claim: Mapping[str, Any], kind: Kind) -> CodedClaim:
    evidence = (e["text"] if isinstance(e, Mapping) else e for e in as_list(claim.get("evidence")))
    attribution = tuple(as_list(claim.get("attribution")))
    name, slots = str(claim.get("id") or ""), tuple(_slots(claim, kind))
    return CodedClaim(name, kind.name, claim.get("status"), slots, attribution, tuple(evidence))


def _slots(claim: Mapping[str, Any], kind: Kind) -> Iterator[Slot]:
    """The values that are scored, in the order of the line: free words are not, and the time comes last."""
    for name, value in (claim.get("roles") or {}).items():
        role = kind.roles.get(name)
        if role is not None and role.type != "free":
            yield from (Slot(name, role.type, str(one)) for one in as_list(value))
    if claim.get("time"):
        yield Slot(TIME, TIME, claim["time"])
