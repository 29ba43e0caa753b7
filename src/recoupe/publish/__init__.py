"""What others can use: claims, reports and origins as JSON Lines, entries as a table, JSON or CSV, graphs."""

from recoupe.publish.claims import claim_lines
from recoupe.publish.entries import entries_csv, entries_json, entries_table
from recoupe.publish.origins import Web, graphml, origin_lines
from recoupe.publish.reports import report_lines
from recoupe.publish.select import Seen, Selection, known, select, undated

__all__ = [
    "Seen",
    "Selection",
    "Web",
    "claim_lines",
    "entries_csv",
    "entries_json",
    "entries_table",
    "graphml",
    "known",
    "origin_lines",
    "report_lines",
    "select",
    "undated",
]
