"""Measure how often a report recommends a model if there is nothing to learn, and finds a gain.

    python benchmarks/verdicts.py [--pages 300] [--more 120] [--first 1000] [--write]

Each page is a study of its own: data are drawn, five models are trained and compared, and the
code of the report recommends. ``--write`` puts the numbers into docs/error-rates.md.
"""

import argparse
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: each process computes alone

import numpy as np
import pandas as pd
from coverage import FEATURES, fit, put
from sklearn.naive_bayes import GaussianNB

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.inference.corrected import corrected_t_test
from backprop.inference.tests import holm
from backprop.statistics.comparison import compare_by_each_metric, compare_models, compare_pairs
from backprop.statistics.grouping import Judgement
from backprop.statistics.guessing import compare_with_guess, learned_models
from backprop.statistics.recommendation import Recommendation, recommend
from backprop.statistics.tables import AGAINST_GUESS
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.metrics import METRICS
from backprop.study.splits import Split, splits_of
from backprop.typing import Array, Integers

FOLDS, REPEATS, ROPE = 5, 3, 0.01
ESTIMATORS = {
    "knn": {"class": "sklearn.neighbors.KNeighborsClassifier"},
    "tree": {"class": "sklearn.tree.DecisionTreeClassifier"},
    "bayes": {"class": "sklearn.naive_bayes.GaussianNB"},
}
MODELS = ("logistic", "scratch", *ESTIMATORS)
CANDIDATES = {
    model: [Configuration.of({"l2": 0.001} if model == "logistic" else {})] for model in MODELS
}
NOISE = {
    "two classes, 50 / 50%": (0.5, 0.5),
    "two classes, 80 / 20%": (0.8, 0.2),
    "four classes, 25% each": (0.25,) * 4,
    "four classes, 55 / 15 / 15 / 15%": (0.55, 0.15, 0.15, 0.15),
}
THREE = "three classes, 85 / 10 / 5%"
GROUPS = "two classes, 40 groups of 3 rows"
MORE = {THREE: (0.85, 0.1, 0.05), GROUPS: (0.5, 0.5)}
"""More noise. All rows of a group have one class, and features that say which group it is."""
NOISE_ROWS, GAIN_ROWS, GROUP_ROWS = 120, 200, 3
GAIN = "a model that is 10 points better"
FAILED = ("no model", "another metric", "only tuned")
"""The kinds of recommendation that name no model to use."""


def noise(shares: tuple[float, ...], generator: np.random.Generator) -> tuple[Array, Integers]:
    """Draw rows whose classes have nothing to do with their features."""
    while True:
        y = generator.choice(len(shares), NOISE_ROWS, p=shares)
        if np.bincount(y, minlength=len(shares)).min() >= FOLDS:
            return generator.standard_normal((NOISE_ROWS, FEATURES)), y


def grouped(generator: np.random.Generator) -> tuple[Array, Integers, Integers]:
    """Draw groups whose class has nothing to do with their features; the rows of one are alike."""
    groups = np.repeat(np.arange(NOISE_ROWS // GROUP_ROWS), GROUP_ROWS)
    y = generator.permutation(np.arange(len(groups) // GROUP_ROWS) % 2)[groups]
    centres = generator.standard_normal((len(groups) // GROUP_ROWS, FEATURES))
    return centres[groups] + 0.5 * generator.standard_normal((len(groups), FEATURES)), y, groups


def curved(generator: np.random.Generator) -> tuple[Array, Integers]:
    """Draw rows of two classes with a curved boundary: naive Bayes is 10 points better there.

    Both classes are Gaussian, with other means in the first feature and other variances in the
    second.
    """
    y = generator.integers(2, size=GAIN_ROWS)
    x = generator.standard_normal((GAIN_ROWS, FEATURES))
    x[:, 0] += 1.1 * y
    x[:, 1] *= np.where(y, 3.2, 1.0)
    return x, y


def study(
    x: Array, y: Integers, seed: int, groups: Integers | None = None
) -> tuple[Recommendation, dict[str, Any]]:
    """Compare the models on a data set, and return the recommendation and the judgement."""
    splits = splits_of(draw_folds(y, folds=FOLDS, repeats=REPEATS, seed=seed, groups=groups))
    judgement = judge(y, splits, {m: _fit(m, x, y, splits, seed) for m in MODELS}, groups)
    learning = compare_with_guess(judgement, {})
    learned = learned_models(AGAINST_GUESS.rows(learning))
    tables = {
        "comparison": compare_models(judgement, learned=learned),
        "metrics": compare_by_each_metric(judgement, learned=learned),
        "pairs": compare_pairs(judgement, learned=learned),
        "against_guess": learning,
    }
    accuracies = {
        model: judgement.of(model, own.name).values for model, (own,) in CANDIDATES.items()
    }
    return recommend(tables, CANDIDATES, metric="accuracy", rope=ROPE), accuracies


def judge(
    y: Integers,
    splits: list[Split],
    tested: Mapping[str, list[Array]],
    groups: Integers | None = None,
) -> Judgement:
    """Return how models are judged by their probabilities for the test rows of each split."""
    rows, fits = [], []
    for model, every in tested.items():
        for split, p in zip(splits, every, strict=True):
            place = {
                "model": model,
                "configuration": CANDIDATES[model][0].name,
                "repeat": split.repeat + 1,
                "fold": split.fold + 1,
            }
            scores = {
                metric: float(entry.score(y[split.test], p[..., np.newaxis])[0])
                for metric, entry in METRICS.items()
            }
            rows.append({**place, "status": "converged", **scores})
            stored = (p[:, 1] if p.shape[1] == 2 else p).ravel()
            own = {"rows": split.test + 1, "probabilities": stored}
            fits.append({**place, **own})
    return Judgement(
        pd.DataFrame(rows), pd.DataFrame(fits), y, CANDIDATES,
        metric="accuracy", rope=ROPE, groups=groups,
    )  # fmt: skip


def _fit(model: str, x: Array, y: Integers, splits: list[Split], seed: int) -> list[Array]:
    if model != "bayes":
        learner = "network" if model == "scratch" else model
        return fit(learner, x, y, splits, x[:1], seed)[0]
    dataset = Dataset(tuple("abc"), "y", x, y, tuple(map(str, range(int(y.max()) + 1))))
    tested = []
    for split in splits:
        own = Encoder.of(dataset, split.train).apply(x)
        tested.append(
            GaussianNB().fit(own[split.train], y[split.train]).predict_proba(own[split.test])
        )
    return tested


def page(name: str, number: int) -> dict[str, Any]:
    """Return what one page says."""
    generator = np.random.default_rng([number, *map(ord, name)])
    groups = None
    if name == GROUPS:
        x, y, groups = grouped(generator)
    else:
        x, y = curved(generator) if name == GAIN else noise({**NOISE, **MORE}[name], generator)
    decision, accuracies = study(x, y, number, groups)
    others = [model for model in MODELS if model != "logistic"]
    tests = [corrected_t_test(accuracies[m] - accuracies["logistic"], FOLDS) for m in others]
    adjusted = dict(zip(others, holm([test.p_value for test in tests]), strict=True))
    best = tests[others.index("bayes")]
    return {
        "page": name,
        "recommended": decision.kind not in FAILED,
        "better": decision.kind == "better model",
        "corrected": adjusted["bayes"] < 0.05 and best.mean > 0,
        "gain": float(accuracies["bayes"].mean() - accuracies["logistic"].mean()),
    }


def _pages(arguments: tuple[str, range]) -> list[dict[str, Any]]:
    name, numbers = arguments
    return [page(name, number) for number in numbers]


def pages(count: int, more: int, first: int, processes: int) -> Iterator[dict[str, Any]]:
    """Return what all pages say."""
    counts = {**dict.fromkeys(NOISE, count // len(NOISE)), **dict.fromkeys(MORE, more), GAIN: count}
    parts = [
        (name, range(first + place, first + own, processes))
        for name, own in counts.items()
        for place in range(processes)
    ]
    with ProcessPoolExecutor(processes) as pool:
        for part in pool.map(_pages, parts):
            yield from part


def main() -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=300, help="of noise, and as many with a gain")
    parser.add_argument("--more", type=int, default=120, help="of each other kind of noise")
    parser.add_argument("--first", type=int, default=0, help="the number of the first page")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--write", action="store_true", help="write the numbers into the docs")
    arguments = parser.parse_args()
    every = pages(arguments.pages, arguments.more, arguments.first, arguments.processes)
    rows = pd.DataFrame(every)
    of_noise = rows[rows["page"] != GAIN].groupby("page", sort=False)["recommended"]
    counts = [f"{own.sum()} of {len(own)} ({name})" for name, own in of_noise]
    own = rows[rows["page"] == GAIN]
    gain, better = f"{own['gain'].mean():.1%}", f"{own['better'].mean():.0%}"
    corrected = f"{own['corrected'].mean():.0%}"
    text = (
        f"Pages of noise that recommend a model: {', '.join(counts)}.\n\n"
        f"In {len(own)} studies of {GAIN_ROWS} rows, naive Bayes is {gain} more "
        "accurate than logistic regression. The report recommends a better model in "
        f"{better} of them. The corrected t-test, adjusted for all models, finds that naive Bayes "
        f"is better in {corrected}."
    )
    print(text)
    if arguments.write:
        put("verdicts", text)


if __name__ == "__main__":
    main()
