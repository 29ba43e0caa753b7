"""Chains of what was asked for, promised, bought, delivered and made good, and the balance of it all.

Pure functions over entries and a codebook; the codebook's `chains.yaml` says what follows from what.
"""

from recoupe.chains.acts import Act
from recoupe.chains.again import Again
from recoupe.chains.balance import Order, Row, Sum, balance, in_time, refills
from recoupe.chains.build import Chains, build
from recoupe.chains.left import Left, left, left_in_words
from recoupe.chains.reason import REASONS, Reason
from recoupe.chains.weigh import Tie

__all__ = [
    "REASONS",
    "Act",
    "Again",
    "Chains",
    "Left",
    "Order",
    "Reason",
    "Row",
    "Sum",
    "Tie",
    "balance",
    "build",
    "in_time",
    "left",
    "left_in_words",
    "refills",
]
