"""The desk: a ledger in the browser. `create_app` makes the application that `recoupe serve` runs.

A page is made in three steps, every one alike: a pure function says what it shows, as frozen plain values (`pages/`);
the same values are its JSON under `/api`, and a template (`templates/`) puts them into words and markup. What a value
is called, and how numbers and days are written, `wording` knows for the reader's language.
"""

from recoupe.web.app import create_app
from recoupe.web.options import Options

__all__ = ["Options", "create_app"]
