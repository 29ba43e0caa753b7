"""What sources are worth: counted from reports, origins and entries made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from affairs import entry
from recoupe.model import Conflict, Entry, Origin, Side
from recoupe.publish.sources import Known, Published, Source, sources
from recoupe.values import When

# The agency's own report, a copy of it in a paper, the paper's own, one of another paper, one that nobody signs.
WHEN = {"wire": "2024-01-03", "copy": "2024-01-03", "own": "2024-01-05", "other": "2024-01-04", "stray": "2024-01-06"}
OUTLETS = {"wire": "ap", "copy": "gazette", "own": "gazette", "other": "courier", "stray": None}
ROOTS = {"wire": "ap", "copy": "ap", "own": "gazette", "other": "courier", "stray": "stray"}
COPIED = (Origin("copy", "wire", "copy", 0.9, "words"),)


def counted(
    entries: Sequence[Entry] = (),
    origins: Sequence[Origin] = COPIED,
    when: Mapping[str, str | None] | None = None,
    roots: Mapping[str, str] | None = None,
) -> dict[str, Source]:
    times = {**WHEN, **(when or {})}
    reports = [Published(doc, OUTLETS[doc], When.parse(t) if (t := times[doc]) else None) for doc in OUTLETS]
    known = Known(reports, roots or ROOTS, origins, entries)
    return {source.id: source for source in sources(known)}


def fact(*docs: str) -> Entry:
    return entry("pledge", "-".join(docs), donor="country:DE", item="patriot", docs=docs)


def test_reports_count_for_the_outlet_that_they_are_of() -> None:
    found = counted()
    assert {id_: source.reports for id_, source in found.items()} == {"gazette": 2, "ap": 1, "courier": 1}
    assert next(iter(found)) == "gazette", "those with most reports come first"


def test_a_copy_counts_for_both_sides_and_one_of_its_own_for_none() -> None:
    own = Origin("own", "copy", "copy", 0.9, "words")
    found = counted(origins=(*COPIED, own))
    assert (found["gazette"].copies, found["gazette"].copied_from) == (1, (("ap", 1),))
    assert found["ap"].copied_by == 1
    assert found["gazette"].copied_by == 0


def test_parts_and_details_are_no_copies_and_agencies_that_are_not_there_are_copied_from() -> None:
    part = Origin("own", "wire", "part", 0.9, "words")
    detail = Origin("other", "afp", "named", 0.3, "words")
    assert counted(origins=(part, detail))["gazette"].copies == 0
    named = Origin("other", "afp", "named", 0.9, "words")
    found = counted(origins=(named,))
    assert found["courier"].copied_from == (("afp", 1),)
    assert (found["afp"].reports, found["afp"].copied_by) == (0, 1)


def test_a_copy_that_nobody_signs_counts_for_whom_it_is_of() -> None:
    assert counted(origins=(Origin("stray", "afp", "named", 0.9, "words"),))["afp"].copied_by == 1


def test_of_several_sources_a_copy_is_of_the_surest() -> None:
    unsure = Origin("copy", "other", "copy", 0.8, "words")
    assert counted(origins=(unsure, *COPIED))["gazette"].copied_from == (("ap", 1),)


def test_a_fact_is_told_by_whom_the_text_is_from() -> None:
    found = counted([fact("wire", "copy")])
    assert (found["ap"].facts, found["ap"].alone, found["gazette"].facts) == (1, 1, 0)


def test_first_is_who_was_certainly_earlier_than_all_others() -> None:
    found = counted([fact("copy", "own", "other")])
    assert {id_: source.first for id_, source in found.items()} == {"ap": 1, "gazette": 0, "courier": 0}
    assert found["courier"].shared == 1
    same = counted([fact("copy", "other")], when={"other": "2024-01-03"})
    assert [source.first for source in same.values()] == [0, 0, 0]


def test_who_is_alone_is_not_first() -> None:
    found = counted([fact("own")])["gazette"]
    assert (found.facts, found.alone, found.first) == (1, 1, 0)


def test_nobody_is_first_where_a_day_is_not_known() -> None:
    assert counted([fact("own", "other")])["courier"].first == 1
    for unknown in (None, "2024-01"):
        assert counted([fact("own", "other")], when={"own": unknown})["courier"].first == 0


def test_a_report_that_nobody_signs_may_be_first_but_has_no_row() -> None:
    found = counted([fact("stray", "own")], when={"stray": "2024-01-01"})
    assert "stray" not in found
    assert (found["gazette"].first, found["gazette"].shared) == (0, 1)


def test_a_text_of_one_of_several_sources_is_nobodys_word_but_may_come_before_others() -> None:
    roots = {**ROOTS, "copy": "afp | ap"}
    found = counted([fact("copy", "own")], origins=(), roots=roots)
    assert (found["gazette"].facts, found["gazette"].alone, found["gazette"].first) == (1, 0, 0)
    assert "afp | ap" not in found


def contested(*sides: Sequence[str]) -> Entry:
    docs = [doc for side in sides for doc in side]
    told = fact(*docs)
    said = tuple(Side(str(n), tuple(f"{doc}#1" for doc in side)) for n, side in enumerate(sides))
    return replace(told, conflicts=(Conflict("count", said),))


def test_contradicted_is_who_stands_against_more_origins() -> None:
    found = counted([contested(["own"], ["wire", "other"])])
    assert {id_: (s.contested, s.contradicted) for id_, s in found.items()} == {
        "gazette": (1, 1),
        "ap": (1, 0),
        "courier": (1, 0),
    }
    # A copy adds no origin: one against one contradicts nobody.
    even = counted([contested(["own"], ["wire", "copy"])])
    assert [s.contradicted for s in even.values()] == [0, 0, 0]
    # Who is on both sides is not contradicted by the larger.
    both = counted([contested(["own"], ["wire", "other", "stray"])], roots={**ROOTS, "stray": "gazette"})
    assert both["gazette"].contradicted == 0


@given(st.permutations([fact("wire", "own"), fact("own", "other"), contested(["own"], ["wire", "other"])]))
def test_the_order_plays_no_part(entries: list[Entry]) -> None:
    first = counted(entries)
    for origins in permutations([*COPIED, Origin("copy", "afp", "named", 0.8, "words")]):
        assert counted(entries[::-1], origins) == first
    assert sum(source.facts for source in first.values()) == 7


def test_no_count_is_more_than_what_it_is_of() -> None:
    found = counted([fact("wire", "own"), fact("own"), contested(["own"], ["wire", "other"])])
    for source in found.values():
        assert source.copies <= source.reports
        assert source.first <= source.shared <= source.facts
        assert source.contradicted <= source.contested
