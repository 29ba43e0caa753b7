"""Load: pages as they arrive, from files and folders, web archives, tables, zips and tars."""

from recoupe.load.columns import Columns
from recoupe.load.files import find_pages
from recoupe.load.limits import Limits
from recoupe.load.page import OnProblem, Problem, make_page

__all__ = ["Columns", "Limits", "OnProblem", "Problem", "find_pages", "make_page"]
