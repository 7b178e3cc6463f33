"""Which classifiers of scikit-learn a config may name, and which parameters it may set.

To import scikit-learn takes most of a second: only a config with ``estimators`` needs this module.
"""

import inspect
import re
import warnings
from collections.abc import Mapping

import numpy as np
import sklearn
from sklearn.base import BaseEstimator
from sklearn.utils import all_estimators

OURS = {
    "random_state": "it derives from `seed`",
    "n_jobs": "a fit has one core; Snakemake's --cores trains several at once",
}
"""The parameters that a config may not set, and why."""
MOST = 20  # of trees and the like, in a trial


def allowed_classes() -> dict[str, type[BaseEstimator]]:
    """Return the classifiers of scikit-learn, by the names under which users import them.

    Those that need another estimator as an argument are left out: a config cannot give it.
    """
    public = {
        f"sklearn.{each.__module__.split('.')[1]}.{name}": each
        for name, each in all_estimators(type_filter="classifier")
        if not any(p.default is p.empty for p in inspect.signature(each).parameters.values())
    }
    return {name: each for name, each in public.items() if name.split(".")[1] in sklearn.__all__}


def parameters_of(classifier: type[BaseEstimator]) -> dict[str, object]:
    """Return the parameters that a config may set, with their defaults."""
    signature = inspect.signature(classifier).parameters
    return {name: p.default for name, p in signature.items() if name not in OURS}


def refusal(classifier: type[BaseEstimator], key: str, value: object) -> str:
    """Return what scikit-learn allows for a parameter, if it refuses a value; else ""."""
    try:
        classifier(**{key: value})._validate_params()
    except Exception as error:  # a class may raise anything
        # Texts are in the order of a set, which differs from run to run.
        message = re.sub(
            "{('[^{}]*')}",
            lambda texts: ", ".join(sorted(texts[1].split(", "))),
            " ".join(str(error).split()),
        )
        return message.partition(" must be ")[2].partition(" Got ")[0].rstrip(".") or message
    return ""


def trial(classifier: type[BaseEstimator], values: Mapping[str, object]) -> str:
    """Return why a class cannot be fitted to a small sample; "" if it can.

    Values such as priors suit one number of classes only, so several numbers are tried. The trial
    is short and silent: it has one iteration, whole numbers count as `MOST` at most, and
    ``verbose`` is left out.
    """
    x = np.random.default_rng(0).normal(size=(60, 10))
    short = {
        key: min(value, MOST) if isinstance(value, int) else value
        for key, value in values.items()
        if key != "verbose"
    }
    if "max_iter" in parameters_of(classifier):
        short["max_iter"] = 1
    reasons = []
    for classes in range(2, 11):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                classifier(**short).fit(x, np.arange(60) % classes)
        except Exception as error:
            reasons.append(" ".join(str(error).split()))
        else:
            return ""
    return reasons[0]
