"""Measure how often what is said of calibration has its true value.

    python benchmarks/calibration.py [--sets 200] [--write]

Models are trained in 3 x 5-fold cross-validation on rows of two classes that are Gaussian, and
differ in one of the inputs. Logistic regression almost without a penalty is too sure if rows are
few; naive Bayes is far too sure of inputs that are nearly copies. The truth is that of the same
fits on 4,000 fresh rows, whose probabilities are known. An unknown end of an interval counts as
infinite. ``--write`` puts the table into docs/error-rates.md.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from coverage import put
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import GaussianNB

from backprop.inference.decisions import is_shown
from backprop.inference.influence import Training
from backprop.statistics.calibration import Calibration, recalibrate
from backprop.statistics.recalibration import judge_recalibration
from backprop.statistics.tables import Interval
from backprop.typing import Array, Integers

FRESH, REPEATS, FOLDS = 4000, 3, 5
COPIES = 0.3  # the standard deviation of what copies differ by


class Cell(NamedTuple):
    """A kind of data set."""

    rows: int
    inputs: int
    apart: float
    share: float = 0.5  # of class 1
    copied: bool = False  # the first input, by all others; for naive Bayes


CELLS = {
    "50 rows, 3 inputs": Cell(50, 3, 1.5),
    "80 rows, 3 inputs": Cell(80, 3, 1.5),
    "200 rows, 3 inputs": Cell(200, 3, 1.0),
    "200 rows, 10 inputs": Cell(200, 10, 1.5),
    "300 rows, 12% of one class": Cell(300, 3, 1.5, 0.12),
    "naive Bayes, 150 rows": Cell(150, 4, 1.5, copied=True),
    "naive Bayes, 400 rows": Cell(400, 4, 1.0, copied=True),
}


def draw(rng: np.random.Generator, rows: int, cell: Cell) -> tuple[Array, Integers, Array]:
    """Return inputs, the class of each row, and its probability to be of class 1."""
    y = (rng.random(rows) < cell.share).astype(int)
    x = rng.normal(size=(rows, cell.inputs))
    x[:, 0] += cell.apart * y
    if cell.copied:
        x[:, 1:] = x[:, :1] + COPIES * rng.normal(size=(rows, cell.inputs - 1))
    return x, y, expit(logit(cell.share) + cell.apart * (x[:, 0] - cell.apart / 2))


def has(interval: Interval | None, truth: float) -> float:
    """Return whether an interval has a value; NaN without an interval."""
    if interval is None:
        return np.nan
    return float(not (interval.lower > truth or interval.upper < truth))


def measure(seed: int, cell: Cell) -> dict[str, float]:
    """Return what is said of a data set, with the truth beside it."""
    rng = np.random.default_rng(seed)
    x, y, _ = draw(rng, cell.rows, cell)
    fresh_x, _, fresh_share = draw(rng, FRESH, cell)
    p, on_fresh = np.empty((REPEATS, cell.rows)), []
    for repeat in range(REPEATS):
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=repeat)
        for train, test in folds.split(x, y):
            model = GaussianNB() if cell.copied else LogisticRegression(C=1e3, max_iter=300)
            fit = model.fit(x[train], y[train])
            p[repeat, test] = fit.predict_proba(x[test])[:, 1]
            on_fresh.append(fit.predict_proba(fresh_x)[:, 1])
    p, fresh = (np.clip(each, 1e-9, 1 - 1e-9) for each in (p, np.array(on_fresh)))
    rows, training = np.arange(cell.rows), Training(folds=FOLDS)
    own = Calibration(p, np.tile(y == 1, (REPEATS, 1)), rows, training)
    shares = np.tile(fresh_share, (len(fresh), 1))
    true = Calibration(fresh, shares, np.arange(FRESH), Training(folds=1))
    row = {name: has(getattr(own, name), getattr(true, name).value) for name in NAMES}
    if own.index and own.curve and true.index and true.curve:
        curve, true_index = own.curve, true.index.measured.value
        at = np.interp(curve.p, true.curve.p, true.curve.share)
        row["curve"] = float(((curve.lower <= at) & (at <= curve.upper)).all())
        row["index"] = has(own.index.measured, true_index)
        row["true index"], row["found index"] = true_index, own.index.measured.value
    both = np.stack([1 - p, p], axis=2)
    benefit = judge_recalibration(y, both, rows, training)
    ones = np.ones_like(p)
    fitted = recalibrate(np.stack([ones, logit(p)], axis=2), own.right, 0 * ones)
    if benefit and fitted:
        new = fitted.values[0] + fitted.values[1] * logit(fresh)
        losses = [(np.logaddexp(0, z) - shares * z).mean() for z in (new, logit(fresh))]
        gained = losses[0] - losses[1]
        shown = is_shown(benefit.p_value)
        row["recalibration"] = has(benefit.difference, gained)
        row["true gain"], row["shown"] = -gained, float(shown)
        row["wrongly shown"] = float(shown and gained >= 0)
    return row


NAMES = ("slope", "intercept")
PERCENT = (*NAMES, "curve", "index", "recalibration", "shown", "wrongly shown")


def main() -> None:
    """Print the table, or write it into its page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sets", type=int, default=200, help="data sets of each kind")
    parser.add_argument("--write", action="store_true", help="write the table into the docs")
    arguments = parser.parse_args()
    rows = []
    with ProcessPoolExecutor() as pool:
        for name, cell in CELLS.items():
            every = pool.map(partial(measure, cell=cell), range(arguments.sets))
            each = pd.DataFrame([*every])
            means = each.mean().reindex([*PERCENT, "true index", "found index", "true gain"])
            shares = {k: f"{v:.1%}" if k in PERCENT else f"{v:.3f}" for k, v in means.items()}
            print(name, flush=True)
            rows.append({"data": name, **shares, "no curve": int(each["curve"].isna().sum())})
    text = f"{pd.DataFrame(rows).to_markdown(index=False)}\n\n{arguments.sets:,} of each kind."
    if arguments.write:
        put("calibration", text)
    else:
        print(text)


if __name__ == "__main__":
    main()
