"""Measure what a comparison over several data sets covers, and how often its verdict is wrong.

    python benchmarks/across.py [--sets 1000] [--write]

The differences of data sets are normal around a mean, in points of accuracy, and each is measured
with a standard error of 0.8 to 4 points, which itself is estimated as from 60 rows. ``--write``
puts the table into docs/error-rates.md.
"""

import argparse

import numpy as np
import pandas as pd
from coverage import put

from backprop.inference.decisions import outcome
from backprop.inference.pooling import pool

ROPE, DEGREES = 0.01, 60
CELLS = {  # mean, spread
    "equal": (0.0, 0.0),
    "equal on average, mixed": (0.0, 0.03),
    "better": (0.03, 0.0),
    "better on average, mixed": (0.03, 0.03),
}


def measure(rng: np.random.Generator, count: int, mean: float, spread: float) -> dict[str, object]:
    """Return what is found on so many data sets, with the truth beside it."""
    errors = np.exp(rng.uniform(np.log(0.008), np.log(0.04), count))
    differences = rng.normal(rng.normal(mean, spread, count), errors)
    pooled = pool(differences, errors * np.sqrt(rng.chisquare(DEGREES, count) / DEGREES))
    of_mean, of_next = pooled.of_mean.interval, pooled.of_next.interval
    verdict = outcome(pooled.p_value, pooled.of_mean.posterior(ROPE))
    following = rng.normal(mean, spread)
    return {
        "mean covered": of_mean.lower <= mean <= of_mean.upper,
        "its width": 100 * (of_mean.upper - of_mean.lower),
        "next covered": of_next.lower <= following <= of_next.upper,
        "next width": 100 * (of_next.upper - of_next.lower),
        "called better": verdict == "better",
        "called worse": verdict == "worse",
        "called equal": verdict == "practically equal",
    }


def main() -> None:
    """Print the table, or write it into its page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sets", type=int, default=1000, help="studies of each kind")
    parser.add_argument("--write", action="store_true", help="write the table into the docs")
    arguments = parser.parse_args()
    rows = []
    for count in (5, 12, 40):
        for seed, (name, (mean, spread)) in enumerate(CELLS.items()):
            rng = np.random.default_rng([count, seed])
            each = [measure(rng, count, mean, spread) for _ in range(arguments.sets)]
            means = pd.DataFrame(each).astype(float).mean()
            shares = {k: f"{v:.1f}" if "width" in k else f"{v:.1%}" for k, v in means.items()}
            rows.append({"data sets": count, "the network is": name, **shares})
    table = pd.DataFrame(rows).to_markdown(index=False)
    text = f"{table}\n\n{arguments.sets:,} studies of each kind; widths in points."
    if arguments.write:
        put("across", text)
    else:
        print(text)


if __name__ == "__main__":
    main()
