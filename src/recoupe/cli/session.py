"""Going through a ledger's entries line by line: of a terminal it needs no more than to write and read."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from rich.console import Console

from recoupe.cli.desk import Desk
from recoupe.cli.find import find_entry
from recoupe.cli.output import clean
from recoupe.cli.reviewed import DONE, when
from recoupe.cli.show import print_entry
from recoupe.errors import RecoupeError, ReviewError
from recoupe.model import Entry, Review
from recoupe.review import is_done

HELP = """\
  a            accept: every claim of the entry is right as it stands, and they are one fact
  a 2          accept claim 2 alone (several: a 2 3)
  t 2          take claim 2 as it is now read, where a review says otherwise
  r 2          reject claim 2: its words do not say it (all claims: r *)
  e 2 f=v      edit claim 2: field f is v, in the manual's notation; f= empties it (e f=v where one claim tells f)
  s 2 3        split: claims 2 and 3 are of another fact
  m ID         merge with the entry ID
  n TEXT       note something about the entry
  u            undo what was said last of this entry, or else last of all here
  g ID         go to the entry ID
  Enter or j   next entry;  k  previous;  p  print this one again
  q            quit;  ?  this help
Several fields have semicolons between them: e 2 killed=7; time=2024-01-02
A reason can follow two slashes: r 2 // the minister denied it"""
_NUMBERS = re.compile(r"(?:(?:\d+|\*)(?:[\s,]+|$))*")


class Session:
    """A walk through the entries that should be looked at. `ask` gives the next line that is typed for a prompt; it
    raises EOFError at the end of the input.
    """

    def __init__(self, desk: Desk, screen: Console, ask: Callable[[str], str]) -> None:
        self._desk = desk
        self._screen = screen
        self._ask = ask
        self._given: list[Review] = []
        self._ids = [entry.id for entry in desk.queue()]
        self._at = 0
        self._shown: tuple[str, tuple[str, ...]] | None = None
        self._keys: Mapping[str, Callable[[Entry, str, str], str | None]] = {
            "a": self._accept, "t": self._take, "r": self._reject, "e": self._edit, "s": self._split,
            "m": self._merge, "n": self._note, "u": self._undo, "g": self._go, "": self._next, "j": self._next,
            "k": self._previous, "p": self._print, "?": self._help,
        }  # fmt: skip

    def run(self) -> None:
        """Goes on until there is nothing more to look at, or no more input."""
        say = self._screen.out
        if not self._ids:
            say("nothing to review: every entry has been, and nothing waits")
            return
        say(f"{_n(len(self._ids), 'entry', 'entries')} to review; ? for help")
        inside = {ref for entry in self._desk.entries for ref in entry.claims}
        if beside := sum(notice.ref not in inside for notice in self._desk.notices):
            say(f"{beside} more in no entry: see them with --waiting")
        while self._at < len(self._ids):
            entry = self._entry()
            if entry is None:
                self._at += 1
                continue
            if (entry.id, entry.claims) != self._shown:
                self._show(entry)
            try:
                line = self._ask(f"{entry.id} [a r e s m n u j k ? q] ").strip()
            except EOFError:
                say("")
                break
            if line.lower() in ("q", "quit", "exit"):
                break
            self._do(entry, line)
        else:
            say("that was the last one")
        say(f"{_n(len(self._given), 'review')} given")

    def _entry(self) -> Entry | None:
        """The entry that it is at; None where there is none of that id any more."""
        return next((e for e in self._desk.entries if e.id == self._ids[self._at]), None)

    def _show(self, entry: Entry) -> None:
        self._screen.out("")
        self._screen.out(f"{self._at + 1} of {len(self._ids)}")
        print_entry(self._screen, self._desk.view, entry, self._desk.codebook, numbered=True)
        self._screen.out("")
        self._shown = entry.id, entry.claims

    def _do(self, entry: Entry, line: str) -> None:
        """What a line says; a mistake is told, and nothing is done."""
        line, _, why = line.partition(" // ")
        key, _, rest = line.strip().partition(" ")
        act = self._keys.get(key.lower())
        before = len(self._desk.reviews)
        try:
            if act is None:
                raise ReviewError(f"{clean(key)}: no such key; ? for help")
            told = act(entry, rest.strip(), why.strip())
        except RecoupeError as error:
            self._screen.out(f"  {error}")
            return
        self._given += self._desk.reviews[before:]
        if told:
            self._screen.out(f"  {told}")
        self._follow(entry)

    def _follow(self, entry: Entry) -> None:
        """After what was said: on to the next entry where this one is done, or to what it has become."""
        if self._at >= len(self._ids) or self._ids[self._at] != entry.id:
            return
        homes = [e for e in self._desk.entries if not set(e.claims).isdisjoint(entry.claims)]
        self._ids[self._at + 1 : self._at + 1] = [e.id for e in homes if e.id not in self._ids and not is_done(e)]
        now = self._entry()
        if now is None:
            del self._ids[self._at]
        elif is_done(now) and not is_done(entry):
            self._at += 1

    # The keys

    def _accept(self, entry: Entry, rest: str, why: str) -> str:
        return self._desk.accept(_claims(entry, rest) if rest else entry.claims, why)

    def _take(self, entry: Entry, rest: str, why: str) -> str:
        return self._desk.accept(self._which(entry, rest, "take as now read"), why, as_read=True)

    def _reject(self, entry: Entry, rest: str, why: str) -> str:
        refs = self._which(entry, rest, "reject")
        return self._desk.reject(refs, why or self._ask("  why? (Enter for no reason) ").strip())

    def _edit(self, entry: Entry, rest: str, why: str) -> str:
        numbers, typed = _before_fields(rest)
        if not typed:
            asked = _before_fields(self._ask("  field=value? ").strip())
            numbers, typed = numbers or asked[0], asked[1]
        refs = _claims(entry, numbers) if numbers else self._desk.corrigible(entry.claims, typed)
        return self._desk.correct(refs, typed, why)

    def _split(self, entry: Entry, rest: str, why: str) -> str:
        return self._desk.split(entry, self._which(entry, rest, "set apart"), why)

    def _merge(self, entry: Entry, rest: str, why: str) -> str:
        return self._desk.merge(entry, self._named(rest or self._ask("  merge with which entry? ").strip()).claims, why)

    def _note(self, entry: Entry, rest: str, why: str) -> str:
        return self._desk.note(entry.claims, " // ".join(filter(None, (rest or self._ask("  note? "), why))))

    def _undo(self, entry: Entry, rest: str, why: str) -> str:
        of_entry = self._desk.about(entry.claims)
        last = of_entry[-1:] or [r for r in self._given if r.action != "undo" and self._desk.stands(r)][-1:]
        if not last:
            raise ReviewError("nothing has been said that could be taken back")
        (review,) = last
        if review.by != self._desk.by:
            asked = f"  it was {review.by} who {DONE[review.action]} it on {when(review)}; take it back? (y/n) "
            if not self._ask(asked).strip().lower().startswith("y"):
                return "left as it is"
        return self._desk.undo(review, why)

    def _go(self, entry: Entry, rest: str, why: str) -> None:
        wanted = self._named(rest or self._ask("  to which entry? ").strip()).id
        if wanted not in self._ids:
            self._ids.insert(self._at + 1, wanted)
        self._at = self._ids.index(wanted)

    def _next(self, entry: Entry, rest: str, why: str) -> None:
        self._at += 1

    def _previous(self, entry: Entry, rest: str, why: str) -> None:
        if not self._at:
            raise ReviewError("this is the first one")
        self._at -= 1
        while self._at and self._entry() is None:
            self._at -= 1

    def _print(self, entry: Entry, rest: str, why: str) -> None:
        self._shown = None

    def _help(self, entry: Entry, rest: str, why: str) -> str:
        return HELP.lstrip()

    # What is typed

    def _which(self, entry: Entry, rest: str, what: str) -> tuple[str, ...]:
        """The claims that an act is about: the only one, else those that are named."""
        if not rest and len(entry.claims) == 1:
            return entry.claims
        return _claims(entry, rest or self._ask(f"  {what} which claims? (1-{len(entry.claims)}, * for all) "))

    def _named(self, wanted: str) -> Entry:
        entry = find_entry(self._desk.entries, wanted)
        if entry is None:
            raise ReviewError(f"{wanted or 'nothing'}: no entry of that name in the ledger")
        return entry


def _claims(entry: Entry, typed: str) -> tuple[str, ...]:
    """The claims of an entry by their numbers in the list, or all."""
    words = typed.replace(",", " ").split()
    if words == ["*"]:
        return entry.claims
    for word in words:
        if not word.isdecimal() or not 1 <= int(word) <= len(entry.claims):
            raise ReviewError(f"{word}: expected claims by number, from 1 to {len(entry.claims)}, or *")
    if not words:
        raise ReviewError("no claim named, and nothing done")
    return tuple(dict.fromkeys(entry.claims[int(word) - 1] for word in words))


def _before_fields(typed: str) -> tuple[str, list[str]]:
    """The numbers of claims before `FIELD=VALUE`, and those, of which there may be several with semicolons between."""
    found = _NUMBERS.match(typed)
    numbers = found[0] if found else ""
    return numbers.strip(), [pair.strip() for pair in typed[len(numbers) :].split(";") if pair.strip()]


def ask(prompt: str) -> str:
    """The next line of the input, after a prompt on the output. Raises EOFError where there is none."""
    if sys.stdin.isatty():
        with suppress(ImportError):  # not on every machine: lines can be edited and called back with it
            import readline  # noqa: F401
        return input(prompt)
    line = input(prompt)
    sys.stdout.write("\n")  # nobody has typed the end of the line
    return line


def _n(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
