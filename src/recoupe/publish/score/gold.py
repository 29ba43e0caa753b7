"""Gold files: reads them, and says of each mistake in which line, report, claim and field it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recoupe.codebook import Codebook
from recoupe.codebook.kinds import STATUSES, Kind
from recoupe.codebook.names import LEVELS
from recoupe.errors import GoldError, RecoupeError, ValueSyntaxError
from recoupe.publish.score.agree import days
from recoupe.publish.score.coded import CodedReport, as_list
from recoupe.publish.score.words import Ground, PageText, folded
from recoupe.values import Actor, Amount, Count, Item

Pages = Callable[[str], PageText | None]
"""Gives the page of a report, by doc; None where there is none at hand."""

_DAY = r"\d{4}(?:-\d{2}(?:-\d{2})?)?[~?%]?"
_TIME = re.compile(rf"(?:{_DAY}|\.\.)?(?:/(?:{_DAY}|\.\.)?)?")
_GAP = re.compile(r"\s…\s")  # between the parts of an interrupted quotation


def read_gold(path: Path, book: Codebook, pages: Pages) -> tuple[CodedReport, ...]:
    """The reports of a gold file, in its order. Raises GoldError with all mistakes; RecoupeError for no such file.

    What points at a page by offsets is read as the words that stand there. The words of a report without a page are
    not looked for.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise RecoupeError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise GoldError([f"{path}: not UTF-8: {error.reason} at byte {error.start}"]) from error
    notes: list[str] = []
    first: dict[str, int] = {}
    reports = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            place = _Place(f"{path.name}:{number}", (), book, notes)
            record = place.record(line, pages)
            if record is not None and first.setdefault(record["doc"], number) != number:
                place.note(f"{record['doc']} stands in line {first[record['doc']]} already")
            elif record is not None and not notes:
                reports.append(CodedReport.of(record, book))
    if not first and not notes:
        notes.append(f"{path.name}: holds no report")
    if notes:
        raise GoldError(notes)
    return tuple(reports)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a gold file: reads what stands there, and notes what breaks the manual."""

    line: str
    at: tuple[str, ...]
    book: Codebook
    notes: list[str]
    page: PageText | None = None
    ground: Ground | None = None

    def note(self, what: str) -> None:
        """Notes a mistake."""
        self.notes.append(": ".join((self.line, *([", ".join(self.at)] if self.at else []), what)))

    def __truediv__(self, part: str) -> _Place:
        """A place within this one."""
        return replace(self, at=(*self.at, part))

    # The parts of a line. Each gives what it says in its plainest shape, references as words.

    def record(self, line: str, pages: Pages) -> dict[str, Any] | None:
        """A report; None where the line does not even name one."""
        try:
            said = json.loads(line)
        except json.JSONDecodeError as error:
            self.note(f"not JSON: {error.msg} at column {error.colno}")
            return None
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, thousands of brackets
            self.note(f"not JSON that can be read: {error}")
            return None
        if not isinstance(said, dict) or not isinstance(said.get("doc"), str) or not said["doc"]:
            self.note(f"expected an object with the name of a report in `doc`, found {_shown(said)}")
            return None
        page = pages(said["doc"])
        here = replace(self, page=page, ground=None if page is None else Ground.of(page.text)) / said["doc"]
        if page is not None and page.hash and said.get("sha256") not in (None, page.hash):
            (here / "sha256").note(f"the page at hand is another one: {page.hash}")
        return {
            "doc": said["doc"],
            "published": (here / "published").time(said.get("published")),
            "coded_to": " ".join((here / "coded_to").passages(said.get("coded_to"))),
            "claims": list(here.claims(said.get("claims"))),
            "quotes": list(here.quotes(said.get("quotes", []))),
        }

    def claims(self, said: Any) -> Iterator[dict[str, Any]]:
        """The claims of a report, without those of no known kind."""
        for number, claim in enumerate(self._objects(said, "claims"), 1):
            here = self / (str(claim.get("id") or "") or f"claim {number}")
            kind = self.book.kinds.get(claim["kind"]) if isinstance(claim.get("kind"), str) else None
            if kind is None:
                (here / "kind").note(f"expected one of {', '.join(self.book.kinds)}, found {_shown(claim.get('kind'))}")
                continue
            if claim.get("status") not in (*STATUSES,):
                expected = ", ".join(sorted(STATUSES))
                (here / "status").note(f"expected one of {expected}, found {_shown(claim.get('status'))}")
            yield {
                "id": claim.get("id"),
                "kind": kind.name,
                "status": claim.get("status"),
                "roles": here.roles(claim.get("roles"), kind),
                "time": (here / "time").time(claim.get("time")),
                "attribution": (here / "attribution").values(claim.get("attribution"), "actor"),
                "evidence": here.evidence(claim.get("evidence")),
            }

    def roles(self, said: Any, kind: Kind) -> dict[str, list[str]]:
        """The roles of a claim, with their values."""
        if said is not None and not isinstance(said, dict):
            (self / "roles").note(f"expected an object, found {_shown(said)}")
            return {}
        roles: dict[str, list[str]] = {}
        for name, value in (said or {}).items():
            here = self / f"roles.{name}"
            if name in kind.roles:
                roles[name] = here.values(value, kind.roles[name].type)
            else:
                here.note(f"{kind.name} has no such role; expected one of {', '.join(kind.roles)}")
        return roles

    def values(self, said: Any, type_: str) -> list[str]:
        """The values of a role, each in the notation of its type."""
        for value in as_list(said):
            if not isinstance(value, str):
                self.note(f"expected text, found {_shown(value)}")
            elif mistake := _mistake(value, type_, self.book):
                self.note(mistake)
        return [value for value in as_list(said) if isinstance(value, str)]

    def time(self, said: Any) -> str | None:
        """A time, or None."""
        if said is None or said == "":
            return None
        allowed = days(said) if isinstance(said, str) and _TIME.fullmatch(said) else None
        if allowed is None or allowed[1] < allowed[0]:
            self.note(f"expected a time such as 2024-01-02, 2024-07 or 2023-12-29/2024-01-02, found {_shown(said)}")
            return None
        return str(said)

    def evidence(self, said: Any) -> list[str]:
        """The words that a claim rests on."""
        here = self / "evidence"
        if not as_list(said):
            here.note("none; a claim rests on words")
        return here.passages(said)

    def passages(self, said: Any) -> list[str]:
        """Words of the page: verbatim, as an object with a `text`, or as `[start, end]`; several in a list."""
        listed = [said] if _is_range(said) else as_list(said)
        return [words for one in listed if (words := self._passage(one)) is not None]

    def _passage(self, said: Any) -> str | None:
        if _is_range(said):
            return self._reference(*said)
        words = said.get("text") if isinstance(said, dict) else said
        if not isinstance(words, str) or not words.strip():
            self.note(f"expected words of the page or [start, end], found {_shown(said)}")
            return None
        if self.ground is not None and not self.ground.holds(words):
            self.note(f"not in the page: {_shown(words)}")
        return words

    def _reference(self, start: int, end: int) -> str | None:
        """The words between two offsets; of a report without a page, the offsets."""
        if self.page is None:
            return f"[{start}, {end}]"
        words = self.page.words(start, end)
        if words is None or not words.strip():
            self.note(f"no words at [{start}, {end}] in a page of {len(self.page.text)} characters")
            return None
        return words

    def quotes(self, said: Any) -> Iterator[dict[str, Any]]:
        """The quotations of a report."""
        for number, quote in enumerate(self._objects(said, "quotes"), 1):
            here = self / f"quote {number}"
            (here / "speaker").values(quote.get("speaker"), "actor")
            yield {"speaker": quote.get("speaker"), "text": here.quoted(quote)}

    def quoted(self, quote: Mapping[str, Any]) -> str:
        """The words of a quotation, its parts joined as the manual joins them."""
        if ("text" in quote) == ("spans" in quote):
            self.note("expected either `text` or `spans`")
            return ""
        if "spans" in quote:
            here, spans = self / "spans", quote["spans"]
            if not isinstance(spans, list) or not spans or not all(map(_is_range, spans)):
                here.note(f"expected [[start, end], ...], found {_shown(spans)}")
                return ""
            return " … ".join(here.passages(spans))
        here, text = self / "text", quote["text"]
        if not isinstance(text, str):
            here.note(f"expected text, found {_shown(text)}")
            return ""
        for part in _GAP.split(text):
            if self.ground is not None and not self.ground.holds(folded(part).strip('" ')):
                here.note(f"not in the page: {_shown(part)}")
        return text

    def _objects(self, said: Any, field: str) -> list[dict[str, Any]]:
        """The objects of a list; what is none is noted."""
        if not isinstance(said, list):
            (self / field).note(f"expected a list, found {_shown(said)}")
            return []
        for one in said:
            if not isinstance(one, dict):
                (self / field).note(f"expected objects, found {_shown(one)}")
        return [one for one in said if isinstance(one, dict)]


def _is_range(said: Any) -> bool:
    """Is it a pair of offsets?"""
    return isinstance(said, list) and len(said) == 2 and all(type(one) is int for one in said)


def _mistake(value: str, type_: str, book: Codebook) -> str | None:
    """What is wrong with a value of a type; None where nothing is."""
    try:
        if type_ in ("actor", "place"):
            if Actor.parse(value).name != value or len(Actor.parse(value).choices) > 1:
                return f"expected one actor's id, found {_shown(value)}"
        elif type_ == "item":
            Item.parse(value, book.parents)
        elif type_ == "count":
            Count.parse(value)
        elif type_ == "amount":
            Amount.parse(value)
    except ValueSyntaxError as error:
        return str(error)
    if type_ == "level" and value not in LEVELS:
        return f"expected one of {', '.join(sorted(LEVELS))}, found {_shown(value)}"
    return None


def _shown(said: Any) -> str:
    """A value as it is written, cut where it is long."""
    text = json.dumps(said, ensure_ascii=False)
    return "nothing" if said is None else text if len(text) <= 80 else f"{text[:79]}…"
