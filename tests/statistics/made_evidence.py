"""What warnings are read from, made with the library from data in memory, without Snakemake."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from full_config import typed
from in_memory import results_of

from backprop.data.dataset import Dataset
from backprop.files import canonical_json
from backprop.models.candidate_lists import configurations_of
from backprop.models.registry import with_estimators
from backprop.statistics import review
from backprop.statistics.checks import check as checked
from backprop.statistics.comparison import compare_by_each_metric, compare_models, compare_pairs
from backprop.statistics.grouping import Judgement
from backprop.statistics.guessing import compare_with_guess, learned_models
from backprop.statistics.tables import AGAINST_GUESS
from backprop.statistics.tuning import find_best
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import as_row
from backprop.study.metrics import METRICS
from backprop.study.scores import score_fits, with_columns
from backprop.study.splits import splits_of

ROPE = 0.01


@dataclass(frozen=True, eq=False)
class Evidence:
    """What warnings are read from: values that `backprop.statistics.results.Results` reads."""

    dataset: Dataset
    folds: np.ndarray
    judgement: Judgement
    candidates: dict
    comparison: pd.DataFrame
    tuning: pd.DataFrame
    against_guess: pd.DataFrame

    @property
    def metric(self):
        """The metric of the study."""
        return self.judgement.metric

    @property
    def all_of_it(self):
        """The evidence as the warnings take it."""
        names = ("comparison", "tuning", "against_guess")
        results = results_of(
            {"metric": self.judgement.metric, "rope": self.judgement.rope},
            {name: getattr(self, name) for name in names},
            dataset=self.dataset, folds=self.folds, candidates=self.candidates,
        )  # fmt: skip
        return checked.Evidence(results, self.judgement)


def find_warnings(evidence):
    """Return the warnings, without sentences."""
    return review.find_warnings(evidence.all_of_it.results, evidence.judgement)


def dataset_of(x, y, features=None, classes=None, **others):
    """Return a data set; its features are a, b, c and so on."""
    x = np.asarray(x, dtype=float)
    number = int(np.max(y)) + 1
    return Dataset(
        features=tuple(features or [chr(97 + place) for place in range(x.shape[1])]),
        label="class", x=x, y=np.asarray(y, dtype=np.int64),
        classes=tuple(classes or map(str, range(number))), **others,
    )  # fmt: skip


def config_of(models=("logistic",), *, search="one_at_a_time", **sections):
    """Return a config with models, and sections such as `estimators`."""
    reference = {
        "hidden": [3], "activation": "sigmoid", "cost": "cross_entropy", "learning_rate": 0.1,
        "initialisation": "glorot",
    }  # fmt: skip
    models = [*models]
    return {"models": models, "search": search, "reference": reference, "vary": {}, **sections}


def evidence_of(
    dataset, config, *, folds=5, repeats=2, epochs=20, seed=1, metric="accuracy", groups=None
):
    """Train the models of a config on a data set, and compute what the warnings are read from."""
    candidates = configurations_of(typed(config))
    assigned = draw_folds(dataset.y, folds=folds, repeats=repeats, seed=seed, groups=groups)
    fits = pd.DataFrame(
        [
            as_row(model, each, split, fit, "")
            for model, every in candidates.items()
            for (each, split), fit in train(model, every, assigned, dataset, config, epochs)
        ]
    )
    return judge(dataset, fits, assigned, candidates, seed=seed, metric=metric, groups=groups)


def evidence_with(
    dataset, probabilities, candidates=None, *, folds=5, repeats=2, status=None, **judging
):
    """Return the evidence on models that predict given probabilities of class 1 in each repeat.

    Parameters
    ----------
    probabilities : dict of str to (array or dict of str to array)
        By model, or by model and configuration; each of shape (n,).
    candidates
        The configurations of each model; by default each has one.
    status : str, optional
        That of all fits.
    **judging
        The groups, or the rope, for `judge`.
    """
    candidates = candidates or {model: [Configuration()] for model in probabilities}
    groups = judging.get("groups")
    assigned = draw_folds(dataset.y, folds=folds, repeats=repeats, seed=1, groups=groups)
    fits = []
    for model, every in candidates.items():
        for each in every:
            p = probabilities[model]
            p = p[each.name] if isinstance(p, dict) else p
            fits += [
                {
                    "model": model, "configuration": each.name,
                    "hyperparameters": canonical_json(each.values()), "repeat": split.repeat + 1,
                    "fold": split.fold + 1, "status": status or "completed", "epochs": 1,
                    "rows": split.test + 1,
                    "probabilities": np.column_stack([1 - p, p])[split.test].ravel(),
                }
                for split in splits_of(assigned)
            ]  # fmt: skip
    return judge(dataset, pd.DataFrame(fits), assigned, candidates, **judging)


def predicting(y, groups=None, **probabilities):
    """Return the evidence on models that predict given probabilities of class 1, in one repeat."""
    x = np.random.default_rng(5).normal(size=(len(y), 2))
    return evidence_with(dataset_of(x, y), probabilities, repeats=1, groups=groups)


def judge(
    dataset, fits, assigned, candidates, *, seed=1, metric="accuracy", rope=None, groups=None
):
    """Compute what the warnings are read from."""
    scores = with_columns(score_fits(fits, dataset.y))
    rope = rope or (ROPE if metric == "accuracy" else METRICS[metric].rope)
    judgement = Judgement(
        scores, fits, dataset.y, candidates, metric=metric, rope=rope, groups=groups
    )
    learning = compare_with_guess(judgement, {})
    learned = learned_models(AGAINST_GUESS.rows(learning))
    return Evidence(
        dataset=dataset,
        folds=assigned,
        judgement=judgement,
        candidates=candidates,
        comparison=compare_models(judgement, learned=learned),
        tuning=find_best(judgement),
        against_guess=learning,
    )


def tables_of(evidence):
    """Return the tables that a recommendation is read from, without sentences."""
    judgement = evidence.judgement
    learned = learned_models(AGAINST_GUESS.rows(evidence.against_guess))
    return {
        "comparison": evidence.comparison,
        "tuning": evidence.tuning,
        "against_guess": evidence.against_guess,
        "metrics": compare_by_each_metric(judgement, learned=learned),
        "pairs": compare_pairs(judgement, learned=learned),
    }


def train(model, configurations, assigned, dataset, config, epochs):
    """Return the fits of a model, each with its configuration and split."""
    missing = [(each, split) for each in configurations for split in splits_of(assigned)]
    own = with_estimators(config.get("estimators", {}))[model]
    training = {"epochs": epochs}
    trained = own.family.train(own.implementation, missing, dataset, seed=1, training=training)
    return zip(missing, trained, strict=True)
