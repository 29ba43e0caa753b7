"""What people say of what was read: accept, correct, reject, split, merge, note, undo. Reviews are kept beside the
readings and put upon them anew each time, found again by the words that they are about.
"""

from recoupe.review.apply import (
    RULING,
    Given,
    Memo,
    Notice,
    Outcome,
    Reviewing,
    Said,
    Standing,
    apply,
    marked,
    put_together,
)
from recoupe.review.fields import Change, Fields, amended, changes, difference, field_named, held, mistakes, read_fields
from recoupe.review.keys import Person, given, identity, live, moment, target, words_of
from recoupe.review.queue import is_done, queue

__all__ = [
    "RULING",
    "Change",
    "Fields",
    "Given",
    "Memo",
    "Notice",
    "Outcome",
    "Person",
    "Reviewing",
    "Said",
    "Standing",
    "amended",
    "apply",
    "changes",
    "difference",
    "field_named",
    "given",
    "held",
    "identity",
    "is_done",
    "live",
    "marked",
    "mistakes",
    "moment",
    "put_together",
    "queue",
    "read_fields",
    "target",
    "words_of",
]
