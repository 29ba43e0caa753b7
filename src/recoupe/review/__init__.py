"""What people say of what was read: accept, correct, reject, split, merge, note, undo. Reviews are kept beside the
readings and put upon them anew each time, found again by the words that they are about.
"""

from recoupe.review.apply import Given, Memo, Notice, Outcome, Standing, apply, marked
from recoupe.review.fields import Change, Fields, amended, changes, difference, field_named, held, mistakes, read_fields
from recoupe.review.keys import Person, given, identity, live, moment, target, words_of
from recoupe.review.queue import is_done, queue

__all__ = [
    "Change",
    "Fields",
    "Given",
    "Memo",
    "Notice",
    "Outcome",
    "Person",
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
    "queue",
    "read_fields",
    "target",
    "words_of",
]
