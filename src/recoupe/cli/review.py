"""`recoupe review`: going through what was read, saying one thing of it, and reviews in files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated

import typer

from recoupe.cli import output
from recoupe.cli.desk import Desk
from recoupe.cli.options import CodebookOpt, LedgerArg
from recoupe.cli.review_files import read_reviews, review_lines
from recoupe.cli.reviewed import DONE, waits, when
from recoupe.cli.session import Session, ask
from recoupe.codebook import Codebook, open_codebook
from recoupe.errors import RecoupeError, ReviewError
from recoupe.ledger import Ledger, create_ledger, open_ledger
from recoupe.model import Entry, Review
from recoupe.review import Given, apply, live


@dataclass(frozen=True, slots=True)
class Said:
    """What the options say of the entry or claim: at most one of them is given."""

    accept: bool = False
    as_read: bool = False
    reject: bool = False
    correct: Sequence[str] = ()
    split: Sequence[str] = ()
    merge: str | None = None
    note: str | None = None
    undo: bool = False

    def options(self) -> list[str]:
        """The options that are given."""
        return [f"--{f.name.replace('_', '-')}" for f in fields(self) if getattr(self, f.name)]


def review(
    path: LedgerArg,
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="An entry or a claim (DOC#N); for --undo, a review too.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", envvar="RECOUPE_REVIEWER", help="Who reviews.", show_envvar=True)
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="It is right as it stands.")] = False,
    as_read: Annotated[bool, typer.Option("--as-read", help="It is right as it is now read.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Its words do not say it.")] = False,
    correct: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=VALUE", help="A field is otherwise; FIELD= empties it.")
    ] = None,
    split: Annotated[
        list[str] | None, typer.Option(metavar="DOC#N", help="A claim of the entry is of another fact.")
    ] = None,
    merge: Annotated[str | None, typer.Option(metavar="ID", help="This entry is of the same fact.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Something to know about it.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last review of it back.")] = False,
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason.")] = "",
    waiting: Annotated[
        bool, typer.Option("--waiting", help="List what was reviewed and is now read otherwise.")
    ] = False,
    every: Annotated[bool, typer.Option("--list", help="List the reviews, the earliest first.")] = False,
    import_: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="Take reviews in; - is standard input.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write the reviews; - is standard output.")
    ] = None,
    codebook: CodebookOpt = None,
) -> None:
    """Says what is right in a ledger: alone, goes through its entries; with ID, says one thing of an entry or claim."""
    said = Said(accept, as_read, reject, tuple(correct or ()), tuple(split or ()), merge, note, undo)
    modes = [name for name, on in _modes(waiting, every, import_, export) if on]
    _look(modes + said.options(), id, why)
    if waiting or every or export is not None:
        with open_ledger(path) as ledger:
            _listed(ledger, waiting, every, export)
        return
    book = open_codebook(codebook)
    with _existing(path) as ledger:
        if import_ is not None:
            _take_in(ledger, import_, book)
            return
        screen = output.console()
        desk = Desk(ledger, book, _name(by, id is None), brackets=not screen.is_terminal)
        try:
            if id is None:
                Session(desk, screen, ask).run()
            else:
                print(output.one_line(_say(desk, id, said, why)))
        finally:
            desk.close()


def _modes(waiting: bool, every: bool, import_: Path | None, export: Path | None) -> list[tuple[str, bool]]:
    return [
        ("--waiting", waiting), ("--list", every), ("--import", import_ is not None), ("--export", export is not None)
    ]  # fmt: skip


def _look(options: Sequence[str], id: str | None, why: str) -> None:
    """Wrong usage where the options do not go together."""
    alone = {"--waiting", "--list", "--import", "--export"}
    if len(options) > 1:
        raise typer.BadParameter(f"{' and '.join(options)}: one at a time")
    if id is not None and not options:
        raise typer.BadParameter(
            f"{id}: say what of it: --accept, --reject, --correct, --split, --merge, --note, --undo"
        )
    if id is not None and options[0] in alone:
        raise typer.BadParameter(f"{options[0]} is of the whole ledger, and takes no ID")
    if id is None and options and options[0] not in alone:
        raise typer.BadParameter(f"{options[0]}: of which entry or claim? Give its ID after the ledger")
    if why and (id is None or options[0] == "--note"):
        raise typer.BadParameter("a reason is given with --accept, --reject, --correct, --split, --merge or --undo")


def _existing(path: str) -> Ledger:
    """A ledger to write to, which must be there."""
    open_ledger(path).close()
    return create_ledger(path)


def _name(by: str | None, may_ask: bool) -> str:
    """Who reviews. Raises RecoupeError where nobody says."""
    if by is None and may_ask:
        try:
            by = ask("your name: ")
        except EOFError:
            by = None
    if by is None or not by.strip():
        raise RecoupeError("who reviews? Give --by NAME, or set RECOUPE_REVIEWER")
    return " ".join(by.split())


def _say(desk: Desk, wanted: str, said: Said, why: str) -> str:
    """Says one thing of what is named, and tells what was done."""
    if said.undo:
        return desk.undo(_last(desk, wanted), why)
    refs = desk.named(wanted)
    if said.accept or said.as_read:
        return desk.accept(refs, why, as_read=said.as_read)
    if said.reject:
        return desk.reject(refs, why)
    if said.correct:
        return desk.correct(desk.corrigible(refs, said.correct), said.correct, why)
    if said.note is not None:
        return desk.note(refs, said.note)
    entry = _whole(desk, wanted, refs)
    if said.merge is not None:
        return desk.merge(entry, _whole(desk, said.merge, desk.named(said.merge)).claims, why)
    return desk.split(entry, [ref for name in said.split for ref in _one(desk, name)], why)


def _one(desk: Desk, wanted: str) -> tuple[str, ...]:
    refs = desk.named(wanted)
    if "#" not in wanted:
        raise ReviewError(f"{wanted}: an entry; name the claims that are of another fact (DOC#N)")
    return refs


def _whole(desk: Desk, wanted: str, refs: Sequence[str]) -> Entry:
    """The entry that is named, or that has the claim which is."""
    entry = desk.entry_of(refs[0])
    if entry is None:
        raise ReviewError(f"{wanted}: is in no entry")
    return entry


def _last(desk: Desk, wanted: str) -> Review:
    """The review of that id, else the last one of the entry or claim that is named."""
    named = next((review for review in desk.reviews if review.id == wanted.lower()), None)
    if named is not None:
        if not desk.stands(named):
            raise ReviewError(f"{wanted}: taken back already")
        return named
    of_it = desk.about(desk.named(wanted))
    if not of_it:
        raise ReviewError(f"{wanted}: nobody has said anything of it that could be taken back")
    return of_it[-1]


# Lists and files


def _listed(ledger: Ledger, waiting: bool, every: bool, export: Path | None) -> None:
    reviews = ledger.reviews()
    if export is not None:
        output.write(export, review_lines(reviews))
    elif every:
        _print_reviews(reviews)
    elif waiting:
        _print_waiting(ledger, reviews)


def _print_reviews(reviews: Sequence[Review]) -> None:
    standing = {review.id for review in live(reviews)}
    for review in reviews:
        about = review.undoes or ", ".join(dict.fromkeys(target.doc for target in review.claims))
        changed = "; ".join(dict.fromkeys(f"{f}={', '.join(map(str, v))}" for t in review.claims for f, v in t.fields))
        told = (
            review.id, when(review), review.by, DONE[review.action], about,
            *([changed] if changed and review.action == "correct" else []),
            *([f"“{review.why}”"] if review.why else []), *([] if review.id in standing else ["(taken back)"]),
        )  # fmt: skip
        print("  ".join(map(output.one_line, told)))
    if not reviews:
        print("no reviews")


def _print_waiting(ledger: Ledger, reviews: Sequence[Review]) -> None:
    outcome = apply(ledger.readings(), Given(reviews, ledger.hashes()))
    entry_of = {ref: entry.id for entry in ledger.entries() for ref in entry.claims}
    for notice in outcome.notices:
        home = entry_of.get(notice.ref or "", "no entry")
        given = notice.review
        said = f"{given.by} {DONE[given.action]} it on {when(given)} ({given.id})"
        told = (notice.ref or notice.doc, home, f"{notice.claim.kind}: {said}; {waits(notice)}")
        print("  ".join(map(output.one_line, told)))
    for review in outcome.away:
        docs = ", ".join(dict.fromkeys(target.doc for target in (*review.claims, *review.others)))
        said = f"{DONE[review.action]} by {review.by}; waits for its page ({docs})"
        print(f"{review.id}  {output.one_line(said)}")
    if not outcome.notices and not outcome.away:
        print("nothing waits")


def _take_in(ledger: Ledger, file: Path, book: Codebook) -> None:
    """Takes the reviews of a file in, all or none of them."""
    from recoupe import pipeline  # not before it is used: what reads language takes its time to load

    reviews = read_reviews(file, book)
    known = {review.id for review in ledger.reviews()}
    new = [review for review in reviews if review.id not in known]
    if new:
        pipeline.review(ledger, new, book)
    away = {r.id for r in apply(ledger.readings(), Given(ledger.reviews(), ledger.hashes())).away}
    waits_for = sum(review.id in away for review in reviews)
    told = f"{_n(len(reviews), 'review')}: {len(new)} new, {len(reviews) - len(new)} known already"
    print(told + (f"; {waits_for} of pages that this ledger does not have, kept for when it does" if waits_for else ""))


def _n(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"
