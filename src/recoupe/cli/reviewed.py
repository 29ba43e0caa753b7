"""How reviews are printed: on an entry, on a claim, and in a list."""

from __future__ import annotations

from rich.console import Console

from recoupe.cli.find import View
from recoupe.cli.output import field, one_line, quoted
from recoupe.model import Entry, Review
from recoupe.review import Notice, changes

DONE = {
    "accept": "accepted", "correct": "corrected", "reject": "rejected", "split": "set apart", "merge": "put together",
    "note": "noted", "undo": "took back",
}  # fmt: skip
"""What was done, by action."""

_WAITS = "bold yellow"


def print_review_of(screen: Console, entry: Entry) -> None:
    """What people say of an entry as a whole; nothing where they say nothing."""
    review = entry.review
    if review is None:
        return
    if review.claims:
        share = (
            "" if len(review.claims) == len(entry.claims) else f"{len(review.claims)} of {len(entry.claims)} claims "
        )
        field(screen, "reviewed", f"{share}by {', '.join(review.by)}", "green")
    for note in review.notes:
        field(screen, "note", note)
    if review.waiting:
        field(screen, "waiting", f"{review.waiting} to look at again", _WAITS)


def print_reviews(screen: Console, view: View, ref: str, notes: bool = True) -> None:
    """What people say of a claim (`doc#n`), what the reader had made of it, and what waits for them. Without `notes`,
    these are left out: the entry has shown them.
    """
    standing = view.outcome.claims.get(ref)
    if standing is None:
        return
    for review in standing.reviews:
        if review.action == "note" and not notes:
            continue
        style = "bold red" if review.action == "reject" and standing.state == "rejected" else "green"
        field(screen, DONE[review.action], told(review), style)
    doc, _, number = ref.rpartition("#")
    for change in changes(view.readings[doc].claims[int(number) - 1], standing.read):
        field(screen, "read as", f"{change.field} {', '.join(change.now) or '(nothing)'}")
    for notice in view.outcome.notices:
        if notice.ref == ref:
            field(screen, "waiting", waits(notice), _WAITS)


def told(review: Review) -> str:
    """Who gave a review, when and why."""
    why = f": {quoted(review.why)}" if review.why else ""
    return f"by {one_line(review.by)}, {when(review)}{why}  ({review.id})"


def when(review: Review) -> str:
    """The time of a review, to the minute."""
    return f"{review.at[:10]} {review.at[11:16]} UTC"


def waits(notice: Notice) -> str:
    """What a notice says."""
    if notice.of == "lost":
        return "it is read no longer, and stands as reviewed"
    if notice.of == "gone":
        return "its words are no longer in the report, and it does not stand"
    rejected = notice.review.action == "reject"
    stays = "it stays rejected" if rejected else "it stands as reviewed"
    return f"it is now read otherwise ({'; '.join(map(str, notice.changes))}), and {stays}"
