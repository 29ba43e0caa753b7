"""Two other ways to join the claims of a made-up world: equal records, and Splink's unsupervised linkage in DuckDB."""

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence, Set
from datetime import date

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_level_library import CustomLevel, ElseLevel, NullLevel
from splink.internals.splink_dataframe import SplinkDataFrame

from recoupe.check.rates import rate
from recoupe.check.same import told_number
from recoupe.check.telling import Telling
from recoupe.values import Amount, Item

Groups = list[list[Telling]]
# Columns that are equal in pairs that are compared, in those that a model is trained on, in those that are surely one.
_BLOCKS = (
    ("day", "place"),
    ("day", "parties_text"),
    ("published", "parties_text"),
    ("parties_text", "item"),
    ("place",),
)
_TRAINING = (("day", "place"), ("parties_text", "item"), ("published", "parties_text"))
_SURE = (("day", "parties_text", "item"), ("day", "place", "parties_text"))


def exact(tellings: Iterable[Telling]) -> Groups:
    """Claims of one kind and day (that of the report where they have none) with equal roles are one fact."""
    groups: defaultdict[Hashable, list[Telling]] = defaultdict(list)
    for t in tellings:
        roles = tuple(sorted((role, tuple(sorted(words))) for role, words in t.words.items()))
        groups[t.kind.name, _day(t), roles].append(t)
    return list(groups.values())


class Splink:
    """Pairs of claims with the probability that Splink gives them, and the clusters that they make; a model a kind."""

    def __init__(self, tellings: Sequence[Telling]) -> None:
        """Trains on the records themselves, without labels, and predicts."""
        logging.disable(logging.CRITICAL)
        warnings.filterwarnings("ignore")
        self._by_ref = {t.ref: t for t in tellings}
        kinds: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
        for t in tellings:
            kinds[t.kind.name].append(_record(t))
        self._found = [_predicted(pd.DataFrame(kinds[kind])) for kind in sorted(kinds)]

    def groups(self, threshold: float) -> Groups:
        """The connected claims whose pairs have at least this probability."""
        groups: defaultdict[str, list[Telling]] = defaultdict(list)
        for linker, pairs in self._found:
            clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold)
            for row in clusters.as_record_dict():
                groups[row["cluster_id"]].append(self._by_ref[row["unique_id"]])
        return list(groups.values())


def _predicted(records: pd.DataFrame) -> tuple[Linker, SplinkDataFrame]:
    columns = {name for name in records.columns if records[name].notna().any()}
    linker = Linker(records, _settings(columns), DuckDBAPI())
    training = linker.training
    sure = [
        rule for rule in (("day", "parties_text", "item"), ("day", "place", "parties_text")) if set(rule) <= columns
    ]
    training.estimate_probability_two_random_records_match([block_on(*rule) for rule in sure], recall=0.4)
    training.estimate_u_using_random_sampling(max_pairs=2_000_000, seed=1)
    for rule in _TRAINING:
        if set(rule) <= columns:
            training.estimate_parameters_using_expectation_maximisation(block_on(*rule), fix_u_probabilities=True)
    return linker, linker.inference.predict(threshold_match_probability=0.1)


def _day(t: Telling) -> date:
    """The day of a claim: its own, the first of its days, or that of its report."""
    when = t.claim.time or t.published
    assert when is not None
    assert when.first is not None
    return when.first


def _record(t: Telling) -> dict[str, object]:
    """The columns that a person would make of a claim: what it is found by, things with their branch, one number."""
    parties = sorted({v for role in t.kind.who for v in t.words.get(role, ())})
    items = [v for role in t.kind.roles for v in t.values(role) if isinstance(v, Item)]
    published = t.published.first if t.published is not None and t.published.first is not None else _day(t)
    amount = next((v for role in t.kind.roles for v in t.values(role) if isinstance(v, Amount)), None)
    return {
        "unique_id": t.ref,
        "kind": t.kind.name,
        "day": _day(t).isoformat(),
        "published": published.isoformat(),
        "parties": parties or None,
        "parties_text": ",".join(parties) or None,
        "item": items[0].id if items else None,
        "branch": list(items[0].path) if items else None,
        "place": next(iter(sorted(t.words.get("place", ()))), None),
        "number": next((told_number(t.values(r)[0]) for r in ("count", "launched") if t.values(r)), None),
        "euros": _euros(amount, published) if amount is not None else None,
        "killed": told_number(t.values("killed")[0]) if t.values("killed") else None,
        "injured": told_number(t.values("injured")[0]) if t.values("injured") else None,
    }


def _euros(amount: Amount, day: date) -> float:
    return told_number(amount.count) * (rate(amount.currency, "EUR", day) or 1.0)


def _settings(columns: Set[str]) -> SettingsCreator:
    comparisons = {
        "day": _days("day"),
        "published": _days("published"),
        "parties": cl.ArrayIntersectAtSizes("parties", [3, 2, 1]),
        "item": _item(),
        "place": cl.ExactMatch("place").configure(term_frequency_adjustments=True),
        **{name: _numbers(name) for name in ("number", "euros", "killed", "injured")},
    }
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _BLOCKS if set(rule) <= columns],
        comparisons=[comparison for name, comparison in comparisons.items() if name in columns],
    )


def _days(name: str) -> cl.CustomComparison:
    apart = f"abs(date_diff('day', cast({name}_l as date), cast({name}_r as date)))"
    return cl.CustomComparison(
        output_column_name=name,
        comparison_levels=[
            NullLevel(name),
            *(CustomLevel(f"{apart} <= {days}", f"within {days} days") for days in (0, 1, 3, 7, 31)),
            ElseLevel(),
        ],
    )


def _item() -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name="item",
        comparison_levels=[
            NullLevel("item"),
            CustomLevel("item_l = item_r", "the same").configure(tf_adjustment_column="item"),
            CustomLevel("list_contains(branch_l, item_r) or list_contains(branch_r, item_l)", "one under the other"),
            ElseLevel(),
        ],
    )


def _numbers(name: str) -> cl.CustomComparison:
    share = f"abs({name}_l - {name}_r) / greatest({name}_l, {name}_r, 1)"
    return cl.CustomComparison(
        output_column_name=name,
        comparison_levels=[
            NullLevel(name),
            CustomLevel(f"{name}_l = {name}_r", "equal"),
            *(CustomLevel(f"{share} <= {part}", f"within {part}") for part in (0.05, 0.1, 0.3)),
            ElseLevel(),
        ],
    )
