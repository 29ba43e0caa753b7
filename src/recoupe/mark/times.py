"""Time expressions. The finder stands beside the phrases that it runs, where dating reaches it too."""

from recoupe.codebook.timefinder import find_times
from recoupe.times import TimeExpression

__all__ = ["TimeExpression", "find_times"]
