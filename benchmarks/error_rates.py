"""Measure how often corrected t-tests are wrong, for a Gaussian that is fitted to ex4.

This checks the simulation; coverage.py measures the intervals of the report. The numbers that it
prints were first found by a program that shares no code with this project:

- the coverage of the 95% interval is 0.960 for logistic regression;
- of x2 alone against x1 alone, equally good by symmetry, the corrected test rejects 0.044 and the
  t-test without the correction 0.57.

Run it from the root of the repository; ``--sets 100`` is a tenth of the default of 1,000 data sets.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.inference.corrected import corrected_t_test
from backprop.models.simulation import Learner, Number, Scored, SimulatedDesign, score_on_drawn
from backprop.statistics.error_rates import rejects_without_correction
from backprop.study.configurations import Configuration
from backprop.study.gaussians import Gaussians
from backprop.typing import Integers

FOLDS, SEED = 5, 1
DESIGN = SimulatedDesign(folds=FOLDS, repeats=10, metric="accuracy", rope=0.01)


def ex4(root: Path) -> Dataset:
    """Return the bundled data."""
    table = pd.read_csv(root / "resources/ex4.csv")
    x, y = table[["exam_1", "exam_2"]].to_numpy(float), table["admitted"].to_numpy(np.int64)
    return Dataset(("exam_1", "exam_2"), "admitted", x, y)


def exchangeable(source: Gaussians) -> Gaussians:
    """Return the Gaussians whose distribution stays as it is if x1 and x2 change places."""
    factors = tuple(np.concatenate([f, f[:, ::-1]]) / np.sqrt(2) for f in source.factors)
    means = source.means.mean(axis=1, keepdims=True).repeat(2, axis=1)
    return Gaussians(source.y, means, factors)


class OneInput(Gaussians):
    """Gaussians of which a model sees one input, the first or the second."""

    place = 0

    def draw(self, generator: np.random.Generator, y: Integers) -> np.ndarray:
        """Draw both inputs, and return one."""
        return super().draw(generator, y)[:, [self.place]]


class OtherInput(OneInput):
    """The same draws, of which the model sees the second input."""

    place = 1


def score(source: Gaussians, sets: int) -> list[Scored]:
    """Train logistic regression on drawn data sets."""
    learner = Learner(model="logistic", configuration=Configuration(), seed=SEED, training={})
    numbers = [Number(number, number) for number in range(sets)]
    return list(score_on_drawn(learner, source, numbers, DESIGN))


def coverage(scored: list[Scored]) -> float:
    """Return how often the interval of the accuracy has the true accuracy."""
    truth = np.mean([each.truth.mean() for each in scored])
    intervals = [corrected_t_test(each.values, FOLDS)[-2:] for each in scored]
    return float(np.mean([lower <= truth <= upper for lower, upper in intervals]))


def rejections(scored: list[Scored], others: list[Scored]) -> Mapping[str, float]:
    """Return how often each of two tests finds a difference."""
    differences = [one.values - other.values for one, other in zip(scored, others, strict=True)]
    corrected = [corrected_t_test(values, FOLDS).p_value < 0.05 for values in differences]
    plain = [rejects_without_correction(values) for values in differences]
    return {"corrected": float(np.mean(corrected)), "uncorrected": float(np.mean(plain))}


def main() -> None:
    """Print the shares, each with its Monte-Carlo standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=1000)
    sets = parser.parse_args().sets
    source = Gaussians.of(ex4(Path(__file__).parents[1]))

    def show(what: str, share: float) -> None:
        print(f"{what}: {share:.3f} +- {np.sqrt(share * (1 - share) / sets):.3f}", flush=True)

    show("coverage, logistic", coverage(score(source, sets)))
    both = exchangeable(source)
    inputs = [
        score(view(both.y, both.means, both.factors), sets) for view in (OtherInput, OneInput)
    ]
    for test, share in rejections(*inputs).items():
        show(f"x2 against x1, equally good, {test}", share)


if __name__ == "__main__":
    main()
