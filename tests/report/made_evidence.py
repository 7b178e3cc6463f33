"""What warnings are read from, made with the library from data in memory, without Snakemake."""

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.files import canonical_json
from backprop.models import baselines, estimators, logistic, networks, softmax
from backprop.models.registry import configurations_of, is_network
from backprop.network import stacked
from backprop.report.statistics.comparison import compare_models
from backprop.report.statistics.grouping import Judgement
from backprop.report.statistics.guessing import score_guessing
from backprop.report.statistics.review import Evidence
from backprop.report.statistics.tuning import estimate_tuning
from backprop.study.cross_validation import draw_folds
from backprop.study.scores import score_fits, with_columns
from backprop.study.splits import splits_of

ROPE = 0.01
BASELINES = {"logistic": logistic, "softmax": softmax}


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
    return {"models": [*models], "search": search, "reference": reference, "vary": {}, **sections}


def evidence_of(dataset, config, *, folds=5, repeats=2, epochs=20, seed=1):
    """Train the models of a config on a data set, and compute what the warnings are read from."""
    candidates = configurations_of(config)
    assigned = draw_folds(dataset.y, folds=folds, repeats=repeats, seed=seed)
    fits = pd.DataFrame(
        [
            {
                "model": model, "configuration": each.name,
                "hyperparameters": canonical_json(each.values()), "repeat": split.repeat + 1,
                "fold": split.fold + 1, "status": fit.status, "reason": fit.reason,
                "epochs": fit.epochs,
                "rows": split.test + 1, "probabilities": np.ravel(fit.probabilities),
            }
            for model, every in candidates.items()
            for (each, split), fit in train(model, every, assigned, dataset, config, epochs)
        ]
    )  # fmt: skip
    scores = with_columns(score_fits(fits, dataset.y))
    judgement = Judgement(scores, fits, dataset.y)
    return Evidence(
        dataset=dataset,
        folds=assigned,
        scores=scores,
        candidates=candidates,
        comparison=compare_models(judgement, candidates, folds=folds, rope=ROPE),
        tuning=estimate_tuning(judgement, candidates, seed=seed),
        guessing=score_guessing(judgement, candidates),
        rope=ROPE,
    )


def train(model, configurations, assigned, dataset, config, epochs):
    """Return the fits of a model, each with its configuration and split."""
    missing = [(each, split) for each in configurations for split in splits_of(assigned)]
    if is_network(model):
        trained = networks.train_fits(stacked, missing, dataset, seed=1, epochs=epochs)
    elif model in BASELINES:
        trained = baselines.train_fits(BASELINES[model], missing, dataset)
    else:
        name = config["estimators"][model]["class"]
        trained = estimators.train_fits(name, missing, dataset, seed=1)
    return zip(missing, trained, strict=True)
