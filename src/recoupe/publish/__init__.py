"""What others can use: claims and reports as JSON Lines, entries as a table, JSON or CSV."""

from recoupe.publish.claims import claim_lines
from recoupe.publish.entries import entries_csv, entries_json, entries_table
from recoupe.publish.reports import report_lines
from recoupe.publish.select import Selection, known, select, undated

__all__ = [
    "Selection",
    "claim_lines",
    "entries_csv",
    "entries_json",
    "entries_table",
    "known",
    "report_lines",
    "select",
    "undated",
]
