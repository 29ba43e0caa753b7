"""Load: pages as they arrive, from files and folders."""

from recoupe.load.files import find_pages
from recoupe.load.page import OnProblem, Problem, make_page

__all__ = ["OnProblem", "Problem", "find_pages", "make_page"]
