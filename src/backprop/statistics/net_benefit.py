"""What decisions are worth, by the costs of the study."""

from collections.abc import Sequence, Set

import numpy as np
import pandas as pd

from backprop.inference.decisions import is_shown
from backprop.inference.influence import Estimate, compare_with_constant, interval
from backprop.inference.intervals import DECIMALS, TAIL
from backprop.inference.tests import holm
from backprop.models.registry import BASELINE
from backprop.statistics.by_class import measured
from backprop.statistics.comparison import compare_all
from backprop.statistics.grouping import Judged, Judgement, Row
from backprop.statistics.tables import DECISIONS, Interval
from backprop.study.costs import Costs


def judge_decisions(
    judgement: Judgement, costs: Costs, *, learned: Set[str] | None = None
) -> pd.DataFrame:
    """Judge the decisions of the headline of each model: a row per model with probabilities.

    Parameters
    ----------
    judgement : Judgement
    costs : Costs
    learned : set of str, optional
        As in `backprop.statistics.comparison.compare_models`.

    Returns
    -------
    DataFrame
        The rows are `backprop.statistics.tables.Decided`. The net benefit, or the cost of
        more than two classes, is compared as any metric is, without a rope: costs say what matters.
        A model is useful if it is shown to be better than each decision for all rows alike. The
        p-values are adjusted over the models by Holm's method.
    """
    headlines = judgement.headlines
    judged = {m: each for m, each in headlines.items() if each.is_scored_by("log_loss")}
    same = {m: first for m, (first, _) in headlines.same.items()}
    worth = costs.worth()
    pairs = {
        m: (each, judged[BASELINE])
        for m, each in judged.items()
        if m not in (BASELINE, *same) and BASELINE in judged
    }
    tested = compare_all(pairs, metric=worth, counted=learned)
    rows: list[Row] = []
    for model, each in judged.items():
        difference = tested.get(same.get(model, model), {})
        rows.append({
            "model": model,
            **_worth(each, costs, judgement.classes),
            **{key: difference.get(key) for key in ("difference", "p_value", "p_adjusted")},
            "outcome": difference.get("outcome"),
            "changed": float(costs.changes(each.probabilities).mean()),
            "same_as": same.get(model),
        })  # fmt: skip
    distinct = {row["model"]: row["beyond_p"] for row in rows if row["same_as"] is None}
    adjusted = dict(zip(distinct, holm([*distinct.values()]).tolist(), strict=True))
    for row in rows:
        row["beyond_p"] = adjusted.get(row["same_as"] or row["model"], row["beyond_p"])
        row["useful"] = is_shown(row["beyond_p"])
    return DECISIONS.frame(rows)


def with_interval(estimate: Estimate, tail: float = TAIL) -> Interval:
    """Return a score with its interval; if it counts, two more observations contribute `flip`.

    Without them, a model that decides all rows alike would be worth as much with certainty.
    """
    if estimate.flip:
        more = np.full((len(estimate.contributions), 2), estimate.flip)
        estimate = estimate._replace(contributions=np.hstack([estimate.contributions, more]))
    return Interval(estimate.value, *interval(estimate, tail))


def _worth(judged: Judged, costs: Costs, classes: Sequence[str]) -> Row:
    """Return what the decisions of a model cost, beside the best decision for all rows alike.

    Without a row that is decided otherwise, nothing is shown.
    """
    cost = judged.by(costs.expected_cost())
    over = [judged.by(costs.saving(c)) for c in range(len(costs.matrix))]
    best = min(range(len(over)), key=lambda c: round(over[c].value, DECIMALS))
    test = compare_with_constant(over[best], 0.0)
    row: Row = {
        "cost": Interval(cost.value, *interval(cost)),
        "beyond_p": test.p_value / 2 if test.mean > 0 else 1 - test.p_value / 2,
    }
    if not costs.of_two_classes:
        beyond = Interval(-test.mean, -test.upper, -test.lower)
        alike = {"alike": classes[best], "alike_cost": cost.value + test.mean}
        return row | {"beyond": beyond, **alike}
    over_none, over_all = over
    return row | {
        "threshold": costs.threshold,
        "positive": classes[1],
        "net_benefit": with_interval(over_none),
        "treat_all": over_none.value - over_all.value,
        "beyond": Interval(test.mean, test.lower, test.upper),
        **_shares(judged, costs),
    }


def _shares(judged: Judged, costs: Costs) -> Row:
    """Return the sensitivity, the specificity and the predictive values, with their intervals.

    They are the recalls and the precisions of both classes.
    """
    shares = {
        "sensitivity": (1, "recall"),
        "specificity": (0, "recall"),
        "positive_value": (1, "precision"),
        "negative_value": (0, "precision"),
    }
    return {name: measured(judged, *share, costs) for name, share in shares.items()}
