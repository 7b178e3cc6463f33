"""Measure how often intervals of decisions, and bands of their curves, hold the truth.

    python benchmarks/decisions.py [--classes 2 3] [--sets 200] [--write]

Logistic regression is trained in 3 x 5-fold cross-validation (fewer folds if a class has fewer
rows), and decides at a threshold that is the prevalence, at which deciding all rows alike is worth
least. In groups, three rows share half of the variance of their inputs. The truth is that of all
fits to all data sets, on fresh rows. An unknown end of an interval counts as infinite. On noise, a
model that is called useful is a false alarm. Of three classes, a matrix of costs decides, and a
second logistic regression has no input that tells the last class from the others. ``--write`` puts
the tables into docs/error-rates.md.
"""

import argparse
import itertools
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
SHARES_OF_THREE = (0.5, 0.3, 0.2)
THREE = Costs.of({"a": {"b": 2}, "c": {"a": 4, "b": 3}}, ("a", "b", "c"))
PART = "part"
SIZES = ((80, 1), (300, 1), (300, 3))  # rows, and how many are in a group
SEED, FRESH, REPEATS = 1, 2000, 3
SHARES = ("sensitivity", "specificity", "positive_value", "negative_value")


class Case(NamedTuple):
    """A kind of data sets."""

    shares: tuple[float, ...]
    slope: float
    rows: int
    of_group: int

    @property
    def costs(self) -> Costs:
        """The costs: of two classes, those whose threshold is the prevalence."""
        if len(self.shares) > 2:
            return THREE
        return Costs.of_two(missed=self.shares[0], false_alarm=self.shares[1])

    def draw(self, draws: np.random.Generator, rows: int) -> tuple[Array, Integers]:
        """Draw two inputs, of which the first is a slope higher in class 1, and classes.

        The second one is a slope higher in class 2.
        """
        groups = np.arange(rows) // self.of_group
        shared, own = (draws.normal(size=(rows, 2)) for _ in range(2))
        x = np.sqrt(0.5) * (shared[groups] + own) if self.of_group > 1 else own
        above = np.cumsum(self.shares[:0:-1])
        y = (draws.random(rows)[:, np.newaxis] < above).sum(axis=1)
        for c in range(1, len(self.shares)):
            x[:, c - 1] += self.slope * (y == c)
        return x, y


class Drawn(NamedTuple):
    """A data set, judged, and the probabilities of its fits for fresh rows, by model."""

    judgement: Judgement
    fresh: dict[str, Array]
    fresh_y: Integers


def drawn(number: int, case: Case, models: dict[str, list[int]]) -> Drawn:
    """Draw a data set, and train logistic regression on these inputs for each model."""
    key = (*case.shares[1:], *case[1:])
    draws = stream(SEED, "decisions", number, *(int(100 * each) for each in key))
    x, y = case.draw(draws, case.rows)
    groups, classes = np.arange(case.rows) // case.of_group, range(len(case.shares))
    while (count := min(len(set(groups[y == c])) for c in classes)) < 2:
        x, y = case.draw(draws, case.rows)
    fresh_x, fresh_y = case.draw(draws, FRESH)
    folds = draw_folds(y, folds=min(5, count), repeats=REPEATS, seed=number, groups=groups)
    table: list[dict[str, Any]] = []
    fresh: dict[str, list[Array]] = {model: [] for model in models}
    for model, inputs in models.items():
        for split in splits_of(folds):
            fit = LogisticRegression(C=1.0).fit(x[split.train][:, inputs], y[split.train])
            fresh[model].append(fit.predict_proba(fresh_x[:, inputs]))
            p = fit.predict_proba(x[split.test][:, inputs])
            table.append({
                "model": model, "configuration": Configuration().name, "hyperparameters": "{}",
                "repeat": split.repeat + 1, "fold": split.fold + 1, "rows": split.test + 1,
                "probabilities": p[:, 1] if len(classes) == 2 else p.ravel(), "status": "epochs",
                "epochs": 1,
            })  # fmt: skip
    fits = pd.DataFrame(table)
    candidates = {model: [Configuration()] for model in models}
    judgement = Judgement(
        score_fits(fits, y), fits, y, candidates, metric="log_loss", rope=0.01, groups=groups,
        classes=("no", "yes") if len(classes) == 2 else ("a", "b", "c"),
    )  # fmt: skip
    return Drawn(judgement, {m: np.array(every) for m, every in fresh.items()}, fresh_y)


def measure(number: int, case: Case) -> dict[str, Any]:
    """Return the tables of a data set of two classes, and what its fits decide on fresh rows."""
    judgement, fresh, y = drawn(number, case, {BASELINE: [0, 1]})
    at = [*thresholds_around(case.costs), case.costs.threshold, 0.5]
    decided = np.stack([fresh[BASELINE][..., 1] >= t for t in at])
    counts = [
        [(decided[..., y == c] == d).mean(axis=1).sum(axis=1) for d in (0, 1)] for c in (0, 1)
    ]
    return {
        "decisions": DECISIONS.rows(judge_decisions(judgement, case.costs))[0],
        "curve": DECISION_CURVE.rows(decision_curves(judgement, case.costs)),
        "classes": BY_CLASS.rows(score_classes(judgement))[1],
        "counts": np.array(counts) / FRESH,
        "thresholds": np.array(at),
    }


def measure_three(number: int, case: Case) -> dict[str, Any]:
    """Return the decisions of a data set of three classes, and what they cost on fresh rows."""
    judgement, fresh, y = drawn(number, case, {BASELINE: [0, 1], PART: [0]})
    table = DECISIONS.rows(judge_decisions(judgement, case.costs))
    costs = {m: case.costs.matrix[y, case.costs.decided(p)].mean() for m, p in fresh.items()}
    return {"decisions": {row.model: row for row in table}, "costs": costs}


def cells_of_three(case: Case, every: list[dict[str, Any]]) -> dict[str, float]:
    """Return the share of the data sets in which each interval holds the truth."""
    own, part = (np.mean([each["costs"][m] for each in every]) for m in (BASELINE, PART))
    alike = np.min(np.array(case.shares) @ case.costs.matrix)
    rows = [each["decisions"] for each in every]
    shares = {
        "cost": [covered(row[BASELINE].cost, own) for row in rows],
        "cost of the other": [covered(row[PART].cost, part) for row in rows],
        "difference": [covered(row[PART].difference, part - own) for row in rows],
        "beyond all alike": [covered(row[BASELINE].beyond, own - alike) for row in rows],
        "other is worse": [row[PART].outcome == "worse" for row in rows],
        "useful": [row[BASELINE].useful for row in rows],
    }
    return {name: float(np.mean(each)) for name, each in shares.items()}


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


def table_of(sets: int, classes: int) -> str:
    """Return the table of data sets with so many classes, in Markdown."""
    every = [(1 - each, each) for each in PREVALENCES] if classes == 2 else [SHARES_OF_THREE]
    measured, cells_by = (measure, cells_of) if classes == 2 else (measure_three, cells_of_three)
    lines: list[str] = []
    with Pool(2) as pool:
        for slope, shares, (rows, of_group) in itertools.product(SLOPES, every, SIZES):
            case = Case(shares, slope, rows, of_group)
            cells = cells_by(case, pool.map(partial(measured, case=case), range(sets)))
            if not lines:
                names = [name.replace("_", " ").replace("f1", "F1") for name in cells]
                heads = ["classes" if classes > 2 else "prevalence", "rows", "learns", *names]
                lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
                print(*lines, sep="\n", flush=True)
            data = f"{rows} in {rows // 3} groups" if of_group > 1 else str(rows)
            share = ", ".join(f"{each:.0%}" for each in (shares if classes > 2 else shares[1:]))
            first = [share, data, "yes" if slope else "noise"]
            shown = [*first, *(f"{100 * each:.1f}" for each in cells.values())]
            lines.append(f"| {' | '.join(shown)} |")
            print(lines[-1], flush=True)
    return "\n".join([f"Of {sets} data sets each, in %:\n", *lines])


def main() -> None:
    """Print the tables, or write them into their page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classes", type=int, choices=(2, 3), nargs="+", default=(2, 3))
    parser.add_argument("--sets", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    for classes in options.classes:
        table = table_of(options.sets, classes)
        if options.write:
            put("decisions" if classes == 2 else "decisions of three", table)


if __name__ == "__main__":
    main()
