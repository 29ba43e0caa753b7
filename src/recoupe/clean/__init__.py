"""Clean: what a page says, apart from what the page puts around it."""

from __future__ import annotations

from recoupe.clean.front import front_of
from recoupe.clean.labels import Labels
from recoupe.clean.lines import lines_of
from recoupe.clean.report import build
from recoupe.clean.run import main_run
from recoupe.codebook.furniture import Furniture
from recoupe.model import Page, Report

__all__ = ["clean"]


def clean(page: Page, furniture: Furniture) -> Report:
    """The article of a page: its title, lead, crossheads and paragraphs, each mapped to the page's characters.

    All that is not kept is in `dropped` with its reason: every character of the page that is not white space is in
    one piece or in one dropped run. `pieces` and `blocks` are in order of the report's text, in which the title comes
    first. Raises PageError where the page holds no article. A method of our own on lines of text; `run` says whose idea
    the choice of the main run is.
    """
    if page.form == "html":
        from recoupe.clean.markup import clean_html  # not before it is used: trafilatura takes its time to load

        return clean_html(page, furniture)
    front = front_of(page.text)
    labels = Labels(lines_of(page.text, front.end, furniture), furniture)
    return build(page, labels, furniture, front, main_run(labels))
