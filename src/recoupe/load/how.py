"""What every reader of pages is told: whom to tell of problems, which columns to read, how much to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recoupe.errors import PageError
from recoupe.load.columns import Columns
from recoupe.load.limits import LIMITS, Limits
from recoupe.load.page import OnProblem, Problem, make_page
from recoupe.model import Form, Page

_SHOWN = 3  # places that a problem names
_REASONS = 20  # reasons told of one file; a reason may quote the file, which may be hostile


@dataclass(frozen=True, slots=True)
class How:
    """How files are read."""

    on_problem: OnProblem
    columns: Columns = field(default_factory=Columns)
    limits: Limits = LIMITS

    def problem(self, doc: str, reason: str) -> None:
        """Tells one problem."""
        self.on_problem(Problem(doc, reason))


@dataclass(slots=True)
class Tally:
    """The parts of one file that gave no page, counted by reason: a crawl has thousands of them, a problem each would
    bury all others. `unit` is what the file consists of ("record", "row", "member"); a part is told by its number from
    1, or by its name.
    """

    doc: str
    unit: str
    found: dict[str, list[int | str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, place: int | str, reason: str) -> None:
        """The part at `place` gave no page."""
        if reason not in self.counts and len(self.counts) >= _REASONS:
            reason = "other reasons"
        self.counts[reason] = self.counts.get(reason, 0) + 1
        places = self.found.setdefault(reason, [])
        if len(places) < _SHOWN:
            places.append(place)

    def tell(self, on_problem: OnProblem) -> None:
        """Tells one problem a reason, such as `12 records: not an HTTP 200 answer (record 2, 5, 9, ...)`. A part with a
        name that is alone with its reason is told by its name.
        """
        for reason, count in self.counts.items():
            places = self.found[reason]
            if count == 1 and isinstance(places[0], str):
                on_problem(Problem(f"{self.doc}/{places[0]}", reason))
                continue
            shown = ", ".join(map(str, places)) + (", ..." if count > _SHOWN else "")
            units = self.unit if count == 1 else f"{self.unit}s"
            by_number = f"{self.unit} " if isinstance(places[0], int) else ""
            on_problem(Problem(self.doc, f"{count} {units}: {reason} ({by_number}{shown})"))

    def page(
        self,
        place: int | str,
        data: bytes,
        meta: Mapping[str, str],
        form: Form | None = None,
        media: str = "",
        name: str | None = None,
    ) -> Page | None:
        """The page at `place`, or None where there is none and why is counted. `name`, where it is not its place, is
        what its `doc` ends in; `media` its media type as a server said it.
        """
        try:
            return make_page(f"{self.doc}/{place if name is None else name}", data, meta, form, media)
        except PageError as error:
            # Sizes differ from page to page; without them a reason is one.
            self.add(place, error.reason.partition(" (")[0])
            return None
