"""What a reviewer should look at first. Entries are made by hand."""

from __future__ import annotations

from dataclasses import replace

from affairs import AFFAIR, entry
from recoupe.model import Conflict, Reviewed, Side
from recoupe.review import is_done, queue

PLAIN = entry("pledge", "plain", item="patriot")
TOLD = entry("pledge", "told", item="patriot", origins=("ap", "afp"), docs=("a", "b"))
COPIED = entry("pledge", "copied", item="patriot", origins=("ap", "afp"), docs=("a", "b", "c"))
WAITING = replace(PLAIN, id="waiting", review=Reviewed(PLAIN.claims, ("ann",), (), 1))
CLASH = Conflict("count", (Side("1", ("a#1",)), Side("2", ("b#1",))))
CONTESTED = replace(TOLD, id="contested", conflicts=(CLASH,))
BOTH = replace(CONTESTED, id="both", review=Reviewed((), (), (), 1))


def test_contradictions_come_first_then_what_waits_then_what_many_tell() -> None:
    assert queue([PLAIN, COPIED, WAITING, TOLD, CONTESTED, BOTH]) == [BOTH, CONTESTED, WAITING, COPIED, TOLD, PLAIN]


def test_what_is_reviewed_whole_is_done_until_something_waits() -> None:
    done = replace(TOLD, review=Reviewed(TOLD.claims, ("ann",)))
    assert is_done(done)
    assert queue([done]) == []
    for review in (Reviewed(TOLD.claims[:1], ("ann",)), Reviewed(TOLD.claims, ("ann",), (), 2), None):
        assert queue([replace(done, review=review)]) == [replace(done, review=review)]


def test_entries_that_need_it_alike_come_in_one_order() -> None:
    assert queue(AFFAIR) == queue(AFFAIR[::-1])
