"""Measure what a comparison over several data sets covers, and how often its verdicts are wrong.

    python benchmarks/across.py [--sets 1000] [--write]

The differences of data sets are drawn around a mean, in points of accuracy, and each is measured
with a standard error of 0.8 to 4 points, which itself is estimated as from 60 rows. A verdict is
wrong if it is "better" or "worse" and the true difference has not this sign, "slightly different"
and it is 0, or "practically equal" and it is beyond the rope. ``--write`` puts the tables into
docs/error-rates.md.
"""

import argparse

import numpy as np
import pandas as pd
from coverage import put
from scipy import stats

from backprop.inference.decisions import outcome
from backprop.inference.pooling import pool
from backprop.inference.tests import holm, posterior_of
from backprop.typing import Array

ROPE, DEGREES = 0.01, 60
CELLS = {  # mean, spread, and whether differences are normal
    "equal": (0.0, 0.0, True),
    "equal on average, mixed": (0.0, 0.03, True),
    "better": (0.03, 0.0, True),
    "better on average, mixed": (0.03, 0.03, True),
    "equal on half, better on half": (0.03, 0.03, False),
}
INTERVALS = ["mean covered", "its width", "next covered", "next width"]


def measure(
    rng: np.random.Generator, count: int, mean: float, spread: float, normal: bool
) -> dict[str, float]:
    """Return what is found on so many data sets, with the truth beside it."""

    def draw(size: int) -> Array:
        return mean + spread * (rng.normal(size=size) if normal else rng.choice([-1, 1], size))

    errors = np.exp(rng.uniform(np.log(0.008), np.log(0.04), count))
    true = draw(count)
    differences = rng.normal(true, errors)
    estimated = errors * np.sqrt(rng.chisquare(DEGREES, count) / DEGREES)
    pooled = pool(differences, estimated)
    of_mean, of_next = pooled.of_mean.interval, pooled.of_next.interval
    verdict = outcome(pooled.p_value, pooled.of_mean.posterior(ROPE))
    return {
        "mean covered": of_mean.lower <= mean <= of_mean.upper,
        "its width": 100 * (of_mean.upper - of_mean.lower),
        "next covered": of_next.lower <= draw(1)[0] <= of_next.upper,
        "next width": 100 * (of_next.upper - of_next.lower),
        **{word: verdict == word for word in ("better", "worse", "practically equal")},
        "wrong": is_wrong(verdict, mean),
        **measure_each(true, differences, estimated),
    }


def measure_each(true: Array, differences: Array, errors: Array) -> dict[str, float]:
    """Return how the verdicts on single data sets are, as adjusted for their number and as not."""
    p_values = 2 * stats.t.sf(np.abs(differences / errors), DEGREES)
    measured = zip(differences, errors, strict=True)
    beliefs = [posterior_of(d, s, DEGREES, rope=ROPE) for d, s in measured]
    verdicts, alone = ([*map(outcome, p, beliefs)] for p in (holm(p_values), p_values))
    noticed = [verdict == "better" for verdict, d in zip(verdicts, true, strict=True) if d > ROPE]
    return {
        "any set wrong": any(map(is_wrong, verdicts, true)),
        "any, not adjusted": any(map(is_wrong, alone, true)),
        "better sets found": float(np.mean(noticed)) if noticed else np.nan,
    }


def is_wrong(verdict: str, true: float) -> bool:
    """Return whether a verdict contradicts the true difference."""
    wrong = {
        "better": true <= 0,
        "worse": true >= 0,
        "slightly different": true == 0,
        "practically equal": abs(true) > ROPE,
    }
    return bool(wrong.get(verdict, False))


def main() -> None:
    """Print the table, or write it into its page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sets", type=int, default=1000, help="studies of each kind")
    parser.add_argument("--write", action="store_true", help="write the table into the docs")
    arguments = parser.parse_args()
    rows = []
    for count in (5, 12, 40):
        for seed, (name, cell) in enumerate(CELLS.items()):
            rng = np.random.default_rng([count, seed])
            each = [measure(rng, count, *cell) for _ in range(arguments.sets)]
            means = pd.DataFrame(each).astype(float).mean()
            shares = {k: f"{v:.1f}" if "width" in k else f"{v:.1%}" for k, v in means.items()}
            rows.append({"data sets": count, "the network is": name, **shares})
    table = pd.DataFrame(rows).replace("nan%", "").set_index(["data sets", "the network is"])
    parts = (table[INTERVALS], table.drop(columns=INTERVALS))
    tables = "\n\n".join(part.reset_index().to_markdown(index=False) for part in parts)
    text = f"{tables}\n\n{arguments.sets:,} studies of each kind; widths in points."
    if arguments.write:
        put("across", text)
    else:
        print(text)


if __name__ == "__main__":
    main()
