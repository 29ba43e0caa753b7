"""Load: pages as they arrive, from files and folders."""

from recoupe.load.files import Problem, find_pages

__all__ = ["Problem", "find_pages"]
