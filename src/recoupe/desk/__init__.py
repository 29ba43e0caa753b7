"""What a person does with a ledger, at the terminal or in the browser: what is said of claims, and how it is kept.

`Part` is what is at hand of a ledger, all of it or a few reports; a `Speaker` makes reviews of it, with every check;
`give` keeps one. None of it prints anything.
"""

from recoupe.desk.giving import Outdated, give, unchanged
from recoupe.desk.part import Part, docs_of, parts, state_of
from recoupe.desk.speaker import Saying, Speaker

__all__ = ["Outdated", "Part", "Saying", "Speaker", "docs_of", "give", "parts", "state_of", "unchanged"]
