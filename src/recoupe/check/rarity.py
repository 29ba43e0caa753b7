"""How much it says that two claims name the same thing: in decibans, how many claims of other facts name another.

Record linkage counts an agreement by how rarely two records that have nothing to do with one another share it (Fellegi
and Sunter 1969, "A theory for record linkage"). Ten decibans make odds of ten to one, twenty of a hundred to one (Good
1950, "Probability and the weighing of evidence"); whole numbers of them add up to the same sum on any machine. The
figures are estimates by type of value, not counts in a ledger: counted, they would change with every page, and with
them what is one fact.
"""

from __future__ import annotations

from recoupe.codebook import Codebook
from recoupe.values import Actor, Amount, Count, Item, Value

PARTY = 3  # one of the two sides that most reports are about
_ACTORS = {"country": 12, "group": 8, "org": 12, "person": 16, "place": 20, "unnamed": 0}
_REGION = 12  # a place that holds others
_ITEMS = (3, 7, 12, 16)  # by depth in the tree: "military" says little, "Patriot missiles" much
_OTHER = 12  # an item in free words
_WORD = 3  # a word of few: a level
_DIGITS = (5, 12, 19)  # the same number, by how many digits of it are no noughts at its end
_SUMS = (12, 16, 20)  # the same for sums of money, which differ more in size


def rarity(value: Value, codebook: Codebook) -> int:
    """What the agreement of two claims on a value is worth, in decibans."""
    if isinstance(value, Actor):
        return _of_actor(value, codebook)
    if isinstance(value, Item):
        return _OTHER if value.id.startswith("other:") else _ITEMS[min(len(value.path), len(_ITEMS)) - 1]
    if isinstance(value, Amount):
        return _of_number(value.count, _SUMS)
    return _of_number(value, _DIGITS) if isinstance(value, Count) else _WORD


def _of_actor(actor: Actor, codebook: Codebook) -> int:
    if actor.name in codebook.opponents:
        return PARTY
    sort = actor.name.partition(":")[0]
    return _REGION if sort == "place" and len(actor.choices) > 1 else _ACTORS[sort]


def _of_number(count: Count, worth: tuple[int, ...]) -> int:
    """By the digits that a reporter had to get right; a bound is as good as the number itself."""
    digits = len(str(int(count.high if count.high is not None and not count.low else count.low)).rstrip("0"))
    return worth[min(max(digits, 1), len(worth)) - 1]
