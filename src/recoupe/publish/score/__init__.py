"""Measures the reader on coded reports: a gold file against what was read of the same reports."""

from recoupe.publish.score.coded import CodedReport
from recoupe.publish.score.compare import Comparison, compare
from recoupe.publish.score.differences import Confusion, Difference, Field, confusion, differences, differences_object
from recoupe.publish.score.figures import Figures, Rate, figures, figures_object
from recoupe.publish.score.gold import Pages, read_gold
from recoupe.publish.score.words import PageText

__all__ = [
    "CodedReport",
    "Comparison",
    "Confusion",
    "Difference",
    "Field",
    "Figures",
    "PageText",
    "Pages",
    "Rate",
    "compare",
    "confusion",
    "differences",
    "differences_object",
    "figures",
    "figures_object",
    "read_gold",
]
