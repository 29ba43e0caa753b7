"""`recoupe times`: the time expressions of a text, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recoupe.cli.options import CodebookOpt
from recoupe.codebook import Codebook, open_codebook
from recoupe.errors import PageError, RecoupeError, ValueSyntaxError
from recoupe.values import When

if TYPE_CHECKING:
    from recoupe.load import Problem
    from recoupe.model import Page


def times(
    path: Annotated[str, typer.Argument(metavar="FILE", help="A text or HTML file; - is standard input.")],
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it was published; else what the page itself tells.")
    ] = None,
    lang: Annotated[str | None, typer.Option(metavar="CODE", help="Its language, such as fr or en; else told.")] = None,
    codebook: CodebookOpt = None,
) -> None:
    """Prints the time expressions of a text in TIMEX3's notation, one JSON object a line.

    Offsets are characters of the file, of HTML those of its source. Relative expressions are counted from the date of
    publication; of one that is known only as an interval they give an interval, and without any what is unknown is X.
    """
    # Not before they are used: what cleans pages takes its time to load.
    from recoupe.clean.language import language_of
    from recoupe.date.expressions import tell

    book = open_codebook(codebook)
    lang = lang.lower() if lang is not None else None
    if lang is not None and lang not in book.languages:
        raise typer.BadParameter(f"expected one of {', '.join(sorted(book.languages))}", param_hint="--lang")
    when = _when(published)
    page = _page(path)
    text, places = _text(page, book)
    lang = lang or language_of(text, book.furniture)
    if lang not in book.languages:
        raise RecoupeError(f"{path}: its language is not told; say which it is with --lang")
    when = when or _dated(page, book)
    for e in tell(text, book.languages[lang].times, book.calendar, when):
        start = places(e.start)
        record = {
            "start": start, "end": max(places(e.end - 1) + 1, start + 1), "text": e.text, "type": e.type,
            "value": e.value, "rule": e.rule, "when": str(e.when) if e.when else None,
            "anchor": str(e.anchor) if e.anchor else None,
        }  # fmt: skip
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def _when(text: str | None) -> When | None:
    try:
        return None if text is None else When.parse(text)
    except ValueSyntaxError as error:
        raise typer.BadParameter(str(error), param_hint="--published") from error


def _page(name: str) -> Page:
    """The one page in a file or pipe; raises PageError where there is none, or more than one."""
    from recoupe.load import find_pages, make_page
    from recoupe.load.formats import Kind

    path = Path(name)
    if name == "-":
        return make_page(name, sys.stdin.buffer.read())
    if not name or path.is_dir():
        raise PageError(name or "FILE", "a folder; give a file" if name else "its name is empty")
    if path.exists() and not (Kind.of(path.name).read and path.is_file()):
        try:
            return make_page(name, path.read_bytes())  # a pipe, or a text with a name of its own
        except OSError as error:
            raise PageError(name, f"cannot be read: {error.strerror or error}") from error
    problems: list[Problem] = []
    pages = list(islice(find_pages([path], problems.append), 2))
    if len(pages) != 1:
        raise PageError(
            name, "holds several pages; give one" if pages else problems[0].reason if problems else "no page in it"
        )
    return pages[0]


def _text(page: Page, book: Codebook) -> tuple[str, Callable[[int], int]]:
    """The text to look at, and where its characters stand in the file: all of a text, the article of HTML."""
    if page.form != "html":
        return page.text, lambda offset: offset
    from recoupe.clean import clean

    report = clean(page, book.furniture)
    return report.text, report.to_page


def _dated(page: Page, book: Codebook) -> When | None:
    """When the page was published, as far as it tells; None for a text that is no report."""
    from recoupe.clean import clean
    from recoupe.date import date_report
    from recoupe.mark import mark
    from recoupe.model import Reading

    try:
        return date_report(mark(Reading(clean(page, book.furniture)), book), page, book).dating.when
    except PageError:
        return None
