"""Measure how often intervals of decisions, and bands of their curves, hold the truth.

    python benchmarks/decisions.py [--sets 200] [--write]

Logistic regression is trained in 3 x 5-fold cross-validation (fewer folds if a class has fewer
rows), and decides at a threshold that is the prevalence, at which deciding all rows alike is worth
least. In groups, three rows share half of the variance of their inputs. The truth is that of all
fits to all data sets, on fresh rows. An unknown end of an interval counts as infinite. On noise, a
model that is called useful is a false alarm. ``--write`` puts the table into docs/error-rates.md.
"""

import argparse
from functools import partial
from multiprocessing import Pool
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from coverage import put
from sklearn.linear_model import LogisticRegression

from backprop.models.registry import BASELINE
from backprop.statistics.by_class import MEASURES, score_classes
from backprop.statistics.decision_curve import decision_curves, thresholds_around
from backprop.statistics.grouping import Judgement
from backprop.statistics.net_benefit import judge_decisions
from backprop.statistics.tables import BY_CLASS, DECISION_CURVE, DECISIONS
from backprop.study.configurations import Configuration
from backprop.study.costs import Costs
from backprop.study.cross_validation import draw_folds
from backprop.study.scores import score_fits
from backprop.study.splits import splits_of
from backprop.study.streams import stream
from backprop.typing import Array, Integers

PREVALENCES, SLOPES = (0.5, 0.2, 0.08), (1.2, 0.0)
SIZES = ((80, 1), (300, 1), (300, 3))  # rows, and how many are in a group
SEED, FRESH, REPEATS = 1, 2000, 3
SHARES = ("sensitivity", "specificity", "positive_value", "negative_value")


class Case(NamedTuple):
    """A kind of data sets."""

    prevalence: float
    slope: float
    rows: int
    of_group: int

    @property
    def costs(self) -> Costs:
        """The costs whose threshold is the prevalence."""
        return Costs.of_two(missed=1 - self.prevalence, false_alarm=self.prevalence)

    def draw(self, draws: np.random.Generator, rows: int) -> tuple[Array, Integers]:
        """Draw two inputs, of which one is a slope higher in class 1, and classes."""
        groups = np.arange(rows) // self.of_group
        shared, own = (draws.normal(size=(rows, 2)) for _ in range(2))
        x = np.sqrt(0.5) * (shared[groups] + own) if self.of_group > 1 else own
        y = (draws.random(rows) < self.prevalence).astype(int)
        x[:, 0] += self.slope * y
        return x, y


def measure(number: int, case: Case) -> dict[str, Any]:
    """Return the tables of a data set, and what its fits decide on fresh rows."""
    draws = stream(SEED, "decisions", number, *(int(100 * each) for each in case))
    x, y = case.draw(draws, case.rows)
    groups = np.arange(case.rows) // case.of_group
    while (count := min(len(set(groups[y == c])) for c in (0, 1))) < 2:
        x, y = case.draw(draws, case.rows)
    fresh_x, fresh_y = case.draw(draws, FRESH)
    folds = draw_folds(y, folds=min(5, count), repeats=REPEATS, seed=number, groups=groups)
    table, fresh = [], []
    for split in splits_of(folds):
        fit = LogisticRegression(C=1.0).fit(x[split.train], y[split.train])
        fresh.append(fit.predict_proba(fresh_x)[:, 1])
        table.append({
            "model": BASELINE, "configuration": Configuration().name, "hyperparameters": "{}",
            "repeat": split.repeat + 1, "fold": split.fold + 1, "rows": split.test + 1,
            "probabilities": fit.predict_proba(x[split.test])[:, 1], "status": "epochs",
            "epochs": 1,
        })  # fmt: skip
    fits = pd.DataFrame(table)
    judgement = Judgement(
        score_fits(fits, y), fits, y, {BASELINE: [Configuration()]}, metric="log_loss", rope=0.01,
        groups=groups, classes=("no", "yes"),
    )  # fmt: skip
    at = [*thresholds_around(case.costs), case.costs.threshold, 0.5]
    decided = np.stack([np.array(fresh) >= t for t in at])
    counts = [
        [(decided[..., fresh_y == c] == d).mean(axis=1).sum(axis=1) for d in (0, 1)] for c in (0, 1)
    ]
    return {
        "decisions": DECISIONS.rows(judge_decisions(judgement, case.costs))[0],
        "curve": DECISION_CURVE.rows(decision_curves(judgement, case.costs)),
        "classes": BY_CLASS.rows(score_classes(judgement))[1],
        "counts": np.array(counts) / FRESH,
        "thresholds": np.array(at),
    }


def ratios(counts: Array) -> dict[str, float]:
    """Return shares from those of all rows, shape (class, decided)."""
    (tn, fp), (fn, tp) = counts
    return dict(
        zip(SHARES, (tp / (tp + fn), tn / (tn + fp), tp / (tp + fp), tn / (tn + fn)), strict=True)
    )


def covered(interval: Any, truth: float) -> bool:
    """Return whether an interval holds the truth; an end that is not known is infinite."""
    return interval is None or not (interval.lower > truth or interval.upper < truth)


def cells_of(case: Case, every: list[dict[str, Any]]) -> dict[str, float]:
    """Return the share of the data sets in which each interval holds the truth."""
    counts = np.mean([each["counts"] for each in every], axis=0)  # (class, decided, threshold)
    thresholds, costs = every[0]["thresholds"], case.costs
    (_, fp), (fn, tp) = counts
    benefits = tp - fp * thresholds / (1 - thresholds)
    truths = {
        "net_benefit": benefits[-2], "cost": costs.missed * fn[-2] + costs.false_alarm * fp[-2],
        **ratios(counts[..., -2]),
    }  # fmt: skip
    own = ratios(counts[..., -1])
    recall, precision = own["sensitivity"], own["positive_value"]
    of_class = (recall, precision, 2 * precision * recall / (precision + recall))
    shares = {
        name: np.mean([covered(getattr(each["decisions"], name), truth) for each in every])
        for name, truth in truths.items()
    } | {
        measure: np.mean([covered(getattr(each["classes"], measure), truth) for each in every])
        for measure, truth in zip(MEASURES, of_class, strict=True)
    }
    shares["band"] = np.mean([
        all(covered(p.net_benefit, t) for p, t in zip(each["curve"], benefits, strict=False))
        for each in every
    ])  # fmt: skip
    shares["useful"] = np.mean([each["decisions"].useful for each in every])
    shares["useful on the curve"] = np.mean(
        [any(p.beyond.lower > 0 for p in each["curve"]) for each in every]
    )
    return {name: float(share) for name, share in shares.items()}


def table_of(sets: int) -> str:
    """Return the table in Markdown."""
    lines: list[str] = []
    with Pool(2) as pool:
        for slope in SLOPES:
            for prevalence in PREVALENCES:
                for rows, of_group in SIZES:
                    case = Case(prevalence, slope, rows, of_group)
                    cells = cells_of(case, pool.map(partial(measure, case=case), range(sets)))
                    if not lines:
                        names = [name.replace("_", " ").replace("f1", "F1") for name in cells]
                        heads = ["prevalence", "rows", "learns", *names]
                        lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
                        print(*lines, sep="\n", flush=True)
                    data = f"{rows} in {rows // 3} groups" if of_group > 1 else str(rows)
                    first = [f"{prevalence:.0%}", data, "yes" if slope else "noise"]
                    shown = [*first, *(f"{100 * each:.1f}" for each in cells.values())]
                    lines.append(f"| {' | '.join(shown)} |")
                    print(lines[-1], flush=True)
    return "\n".join([f"Of {sets} data sets each, in %:\n", *lines])


def main() -> None:
    """Print the table, or write it into its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    table = table_of(options.sets)
    if options.write:
        put("decisions", table)


if __name__ == "__main__":
    main()
