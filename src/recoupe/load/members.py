"""Pages of archives: their members are read like the files of a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from recoupe.errors import PageError
from recoupe.load.archive import Damaged, Member, tar_members, zip_members
from recoupe.load.formats import ARCHIVES, FORMS, PARQUET, READERS, SIDECAR, Kind
from recoupe.load.how import How, Tally
from recoupe.load.page import make_page
from recoupe.load.source import Budget, Source, amount, plain, read_up_to, unpack
from recoupe.model import Page


def pages_in_archive(doc: str, kind: Kind, file: BinaryIO, packed: int, how: How) -> Iterator[Page]:
    """The pages of a zip or tar of `packed` bytes, in the archive's order. Hidden members are passed over. The archive
    is gone through twice: a sidecar may stand anywhere before or after its page.
    """
    sidecars = _Sidecars(how)
    sidecars.gather(_opened(kind, file, packed, how))
    yield from _Reading(doc, how, _opened(kind, file, packed, how), sidecars, Tally(doc, "member")).pages()


@dataclass(frozen=True, slots=True)
class _Opened:
    """An archive from its beginning."""

    budget: Budget
    stream: Source
    members: Iterator[Member]


def _opened(kind: Kind, file: BinaryIO, packed: int, how: How) -> _Opened:
    file.seek(0)
    budget = Budget(packed, how.limits)
    stream = plain(file, budget)
    if kind.suffix == ".zip":
        return _Opened(budget, stream, zip_members(file, stream))
    if kind.packed:
        stream = unpack(stream, kind.packed)
    return _Opened(budget, stream, tar_members(stream))


def _hidden(name: str) -> bool:
    return not name or any(part.startswith(".") for part in name.split("/"))


@dataclass(frozen=True, slots=True)
class _Reading:
    """An archive that is being read."""

    doc: str
    how: How
    opened: _Opened
    sidecars: _Sidecars
    tally: Tally

    def pages(self) -> Iterator[Page]:
        """The pages of all members; what is wrong with the archive is told in the end."""
        budget, stream = self.opened.budget, self.opened.stream
        try:
            for member in self.opened.members:
                if not _hidden(member.name) and not member.name.lower().endswith(SIDECAR):
                    yield from self._of_member(member)
                if budget.fault:
                    break
        except Damaged as error:
            self.how.problem(self.doc, str(error))
        self.sidecars.tell_lonely(self.tally)
        self.tally.tell(self.how.on_problem)
        if self.sidecars.left_out:
            most = amount(self.how.limits.sidecars)
            self.how.problem(self.doc, f"sidecars of more than {most}; the rest is not used")
        if reason := budget.fault or stream.fault:
            self.how.problem(self.doc, reason)

    def _of_member(self, member: Member) -> Iterator[Page]:
        kind = Kind.of(member.name)
        if reason := member.reason or _why_not(kind):
            self.tally.add(member.name, reason)
            return
        bottom = member.open()
        stream = unpack(bottom, kind.packed) if kind.packed else bottom
        try:
            yield from self._of_stream(member.name, kind, stream)
        except PageError as error:
            self.tally.add(member.name, error.reason.partition(" (")[0])
        # What is wrong with the archive as a whole is told once, when it has been left.
        fault = bottom.fault or stream.fault
        if fault and fault not in (self.opened.budget.fault, self.opened.stream.fault):
            self.tally.add(member.name, fault)

    def _of_stream(self, name: str, kind: Kind, stream: Source) -> Iterator[Page]:
        doc = f"{self.doc}/{name}"
        if kind.suffix in READERS:
            yield from READERS[kind.suffix](doc, stream, self.how)
            return
        data = read_page(doc, stream, self.how)
        # Half a page is none.
        if not stream.fault:
            yield make_page(doc, data, self.sidecars.take(kind.stem, name, self.tally), FORMS[kind.suffix])


def read_page(doc: str, stream: Source, how: How) -> bytes:
    """The bytes of a file that is one page; raises PageError where they are too many."""
    data = read_up_to(stream, how.limits.page + 1)
    if len(data) > how.limits.page:
        raise PageError(doc, f"larger than {amount(how.limits.page)}")
    return data


def _why_not(kind: Kind) -> str:
    if kind.suffix in ARCHIVES:
        return "an archive within an archive"
    if kind.suffix == PARQUET:
        return "Parquet is not read within an archive"
    return "" if kind.read else kind.why_not


@dataclass(slots=True)
class _Sidecars:
    """What the sidecars of an archive say, by the name of their page without its suffix."""

    how: How
    left_out: bool = False
    """Were there more than may be held?"""
    _found: dict[str, bytes] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def gather(self, opened: _Opened) -> None:
        """Holds all of them, up to a bound; what is wrong with the archive is told when its pages are read."""
        held = 0
        try:
            for member in opened.members:
                if not member.name.lower().endswith(SIDECAR) or _hidden(member.name) or member.reason:
                    continue
                data = read_up_to(member.open(), self.how.limits.sidecars - held + 1)
                held += len(data)
                if held > self.how.limits.sidecars:
                    self.left_out = True
                    return
                self._found[member.name[: -len(SIDECAR)]] = data
        except Damaged:
            return

    def take(self, stem: str, name: str, tally: Tally) -> Mapping[str, str]:
        """What came beside the page `name`; a sidecar that cannot be used is counted."""
        if stem not in self._found:
            return {}
        self._used.add(stem)
        try:
            return read_sidecar(self._found[stem])
        except ValueError as error:
            tally.add(name, f"its {SIDECAR} cannot be used: {error}")
            return {}

    def tell_lonely(self, tally: Tally) -> None:
        """Counts the sidecars whose page was not there."""
        for stem in sorted(self._found.keys() - self._used):
            tally.add(stem + SIDECAR, "a sidecar whose page is not there")


def read_sidecar(data: bytes) -> dict[str, str]:
    """What a sidecar says: a JSON object's texts and numbers. Raises ValueError where it is none."""
    try:
        found = json.loads(data)
    except RecursionError as error:
        raise ValueError(str(error)) from None
    if not isinstance(found, dict):
        raise ValueError("expected a JSON object")
    return {k: str(v) for k, v in found.items() if isinstance(v, str | int | float)}
