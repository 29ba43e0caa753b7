"""Time expressions of a text. The finder stands beside the phrases that it runs, where the dating stage can reach it too."""

from recoupe.codebook.timefinder import find_times
from recoupe.times import TimeExpression

__all__ = ["TimeExpression", "find_times"]
