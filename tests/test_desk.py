"""A part of a ledger is enough to review in: what is at hand of some reports is what all of it says of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from recoupe import pipeline
from recoupe.codebook import default_codebook
from recoupe.desk import Outdated, Part, Saying, Speaker, docs_of, give, state_of, unchanged
from recoupe.errors import LedgerError, ReviewError
from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.model import Page, Reading
from recoupe.settle import Settling, facts, texts
from synthetic import Fact, page_of, reading

BOOK = default_codebook()


def told(doc: str, *killed: int, lead: str = "A raid") -> Reading:
    lines = [f"Missiles fell on Kyiv and killed {n} dockers" for n in killed]
    facts = [Fact("attack", {"place": ["place:kyiv"], "killed": str(n)}, line, time="2024-01-02")
             for n, line in zip(killed, lines, strict=True)]  # fmt: skip
    return reading(doc, [lead, *(f"{line}." for line in lines)], facts, "2024-01-03")


@pytest.fixture
def kept(where: str) -> Iterator[Ledger]:
    """Reports of which two have the same words on other pages, and two the same name."""
    with create_ledger(where) as ledger:
        made = pipeline.made_with(BOOK)
        with ledger.batch(made) as batch:
            for one in (told("a.txt", 5), told("b.txt", 7, 9), told("d.txt", 7, lead="Night"), told("e.txt", 4)):
                batch.add(page_of(one), one)
            again = told("b.txt", 5, 9)
            batch.add(page_of(again), again)
            copy = told("c.txt", 5)
            batch.add(Page.of("c.txt", f"{copy.report.text}\n\n"), copy)
        finish(ledger)
        yield ledger


def said(ledger: Ledger, make: str, *args: object, by: str = "ana", **more: object) -> Saying:
    saying: Saying = getattr(Speaker(Part.whole(ledger), BOOK, by), make)(*args, **more)
    pipeline.review(ledger, [saying.review], BOOK)
    return saying


def alike(ledger: Ledger) -> None:
    whole = Part.whole(ledger)
    docs = sorted(whole.read)
    for some in [*combinations(docs, 1), *combinations(docs, 2), docs]:
        part = Part.of(ledger, some)
        for doc in some:
            assert part.readings[doc] == whole.readings[doc]
            assert part.pages[doc] == whole.pages[doc]
            refs = [f"{doc}#{n}" for n in range(1, len(part.readings[doc].claims) + 1)]
            assert part.about(refs) == whole.about(refs)
            assert [part.key(ref) for ref in refs] == [whole.key(ref) for ref in refs]
            assert [part.outcome.claims.get(ref) for ref in refs] == [whole.outcome.claims.get(ref) for ref in refs]
            assert [n for n in part.outcome.notices if n.doc == doc] == [
                n for n in whole.outcome.notices if n.doc == doc
            ]


def test_a_part_says_what_all_of_it_says(kept: Ledger) -> None:
    alike(kept)
    docs = sorted(kept.hashes())
    same = [doc for doc in docs if doc.startswith("b.txt#")]
    assert len(same) == 2
    said(kept, "correct", ["a.txt#1"], ["killed=6"])  # c.txt has the same words
    assert str(Part.of(kept, ["c.txt"]).claim("c.txt#1").values("killed")[0]) == "6"
    alike(kept)
    said(kept, "reject", [f"{same[0]}#2"], "no")
    merged = said(kept, "merge", next(e for e in kept.entries() if "d.txt#1" in e.claims), ["e.txt#1"])
    said(kept, "note", [f"{same[1]}#1"], "hm", by="ben")
    alike(kept)
    said(kept, "undo", merged.review)
    alike(kept)
    part = Part.of(kept, ["e.txt"])
    assert merged.review in part.said_of(["e.txt#1"])
    assert merged.review not in part.about(["e.txt#1"])
    assert not part.stands(merged.review)


def test_a_review_taken_back_twice_is_refused(kept: Ledger) -> None:
    note = said(kept, "note", ["e.txt#1"], "hm").review
    said(kept, "undo", note)
    with pytest.raises(ReviewError, match="taken back already"):
        said(kept, "undo", note)


def test_what_is_seen_changes_with_what_is_said(kept: Ledger) -> None:
    entry = next(e for e in kept.entries() if "e.txt#1" in e.claims)
    states = [state_of(entry, Part.of(kept, docs_of(entry)))]
    for make, args in (("note", ["hm"]), ("accept", []), ("correct", [["killed=3"]]), ("correct", [["killed=2"]])):
        said(kept, make, ["e.txt#1"], *args)
        entry = next(e for e in kept.entries() if "e.txt#1" in e.claims)
        states.append(state_of(entry, Part.of(kept, docs_of(entry))))
    assert len(set(states)) == len(states)
    part = Part.of(kept, docs_of(entry))
    assert unchanged(kept, part, entry.id, states[-1]) == entry
    assert unchanged(kept, part, entry.id, "") == entry
    with pytest.raises(Outdated):
        unchanged(kept, part, entry.id, states[0])
    with pytest.raises(Outdated):
        unchanged(kept, part, "0123456789", "")


def test_nothing_is_said_of_what_is_about_to_change(kept: Ledger) -> None:
    entry = next(e for e in kept.entries() if "e.txt#1" in e.claims)
    part = Part.of(kept, docs_of(entry))
    said(kept, "note", ["a.txt#1"], "hm")
    assert unchanged(kept, part, entry.id, "") == entry
    with kept.batch(pipeline.made_with(BOOK)) as batch:
        batch.replace(told("e.txt", 11, 4))
    assert Part.of(kept, ["e.txt"]).read == part.read  # the entry's claims, not those that took their numbers
    with pytest.raises(Outdated, match="are being read"):
        unchanged(kept, part, entry.id, "")
    finish(kept)
    now = next(e for e in kept.entries() if "e.txt#2" in e.claims)
    assert unchanged(kept, Part.of(kept, docs_of(now)), now.id, "") == now


def finish(ledger: Ledger) -> None:
    """What a run does that takes up an interrupted one."""
    made = pipeline.made_with(BOOK)
    for step in (texts, facts):
        with ledger.batch(made) as batch:
            step(Settling(batch, BOOK, 1))


def test_what_cannot_be_said_keeps_nothing(kept: Ledger, where: str) -> None:
    before = kept.lookups.version()

    def refuse(part: Part) -> Saying:
        return Speaker(part, BOOK, "ana").correct(["e.txt#1"], ["killed=many"])

    with open_ledger(where) as looked:
        with pytest.raises(ReviewError):
            give(where, looked, ["e.txt"], refuse, BOOK)
        assert kept.lookups.version() == before
        given = give(where, looked, ["e.txt"], lambda part: Speaker(part, BOOK, "ana").accept(["e.txt#1"]), BOOK)
        assert looked.reviews() == [given.review]


def test_no_ledger_is_made_where_it_has_gone(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    where = str(file)
    create_ledger(where).close()
    with open_ledger(where) as looked:
        file.unlink()
        with pytest.raises(LedgerError):
            give(where, looked, [], lambda part: Speaker(part, BOOK, "ana").accept([]), BOOK)
        assert not file.exists()
