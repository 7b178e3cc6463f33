"""The statistics that the report shows, from the scores and the predictions of the fits.

They are numbers and outcomes only: `backprop.report.wording` adds the sentences.

Each model is compared by one configuration, its *headline*: the reference. A fit that diverged or
failed has no score, and a mean that would include it is missing: the reader decides what a model
that may fail is worth.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from backprop.inference.decisions import SIGNIFICANCE, outcome
from backprop.inference.intervals import corrected_interval, wilson
from backprop.inference.selection import bbc_cv
from backprop.inference.tests import (
    Comparison,
    corrected_t_test,
    holm,
    mcnemar,
    minimum_detectable_difference,
    posterior,
)
from backprop.models.registry import BASELINE, headline, is_network
from backprop.study.configurations import Candidate, name_in_cell
from backprop.study.fits import predictions
from backprop.study.metrics import METRICS, predicted_classes
from backprop.study.scores import hyperparameter_columns
from backprop.study.streams import stream
from backprop.typing import Array, Booleans, Integers

PRIMARY = "accuracy"  # the metric of the comparison
PARITY = 1e-10  # rounding explains differences up to this between implementations of a network
COLUMNS = ("model", "configuration", "repeat", "fold", "status", "rows", "probabilities")
"""The columns that the functions below need of the files of fits."""
STATES = ("diverged", "dead", "not_converged", "failed")

Row = dict[str, Any]
Groups = dict[tuple[str, str | None], Integers]
Candidates = Mapping[str, Sequence[Candidate]]
"""The configurations of each model, its reference first."""


def group_fits(table: pd.DataFrame) -> Groups:
    """Return the positions of the fits of each model and configuration.

    Parameters
    ----------
    table : DataFrame
        A row per fit, with the columns model, configuration (missing if all its values are the
        defaults), repeat and fold.

    Returns
    -------
    dict of (str, str or None) to array of int
        By model and configuration, in order of appearance: the positions of their rows, in the
        order of repeat and fold.
    """
    models, configurations = table["model"].to_numpy(), table["configuration"].to_numpy()
    model_numbers, _ = pd.factorize(models)
    configuration_numbers, names = pd.factorize(configurations)  # -1 if missing
    pairs = model_numbers * (len(names) + 1) + configuration_numbers
    groups, _ = pd.factorize(pairs)
    order = np.lexsort((table["fold"], table["repeat"], groups))
    ends = np.flatnonzero(np.diff(groups[order])) + 1
    return {
        (models[positions[0]], name_in_cell(configurations[positions[0]])): positions
        for positions in np.split(order, ends)
        if positions.size
    }


def summarise_configurations(
    scores: pd.DataFrame, candidates: Candidates, folds: int
) -> pd.DataFrame:
    """Return a row per model and configuration: means of all metrics with corrected intervals.

    Parameters
    ----------
    scores : DataFrame
        A row per fit with its metrics, from `backprop.study.scores.score_fits`.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    folds : int
        Folds of each repeat, at least 2.

    Returns
    -------
    DataFrame
        model, varied (the hyperparameters that differ from the reference), the hyperparameters;
        accuracy and its interval; its difference from the baseline, with its interval, p_value and
        p_adjusted (Holm, over all rows); the other metrics and their intervals; fits, the number of
        those in each of `STATES`; configuration. ``varied`` is missing for a model with a single
        configuration that is not a network.
    """
    groups = group_fits(scores)
    metrics = {metric: scores[metric].to_numpy() for metric in METRICS}
    status = scores["status"].to_numpy()
    varied = _all_varied(candidates)
    of_baseline = BASELINE, headline(BASELINE, candidates)
    baseline = metrics[PRIMARY][groups[of_baseline]]
    rows = []
    for (model, name), positions in groups.items():
        row: Row = {"model": model, "varied": varied[model][name], "configuration": name}
        row |= {"fits": positions.size, **_count_states(status[positions])}
        for metric, values in metrics.items():
            row |= _interval(metric, values[positions], folds)
        if (model, name) != of_baseline and np.isfinite(row[PRIMARY]):
            differences = metrics[PRIMARY][positions] - baseline
            row |= _difference(corrected_t_test(differences, folds))
        rows.append(row)
    firsts = [positions[0] for positions in groups.values()]
    names = hyperparameter_columns(scores)
    hyperparameters = scores[names].iloc[firsts].reset_index(drop=True)
    others = [column for metric in METRICS if metric != PRIMARY for column in _columns(metric)]
    order = [
        "model", "varied", *names, *_columns(PRIMARY), *_columns("difference"), "p_value",
        "p_adjusted", *others, "fits", *_states(status), "configuration",
    ]  # fmt: skip
    table = pd.concat([pd.DataFrame(rows), hyperparameters], axis=1).reindex(columns=order)
    known = table["p_value"].notna()
    table.loc[known, "p_adjusted"] = holm(table.loc[known, "p_value"].to_numpy())
    return table


def compare_models(
    scores: pd.DataFrame,
    fits: pd.DataFrame,
    candidates: Candidates,
    y: Integers,
    *,
    folds: int,
    rope: float,
) -> pd.DataFrame:
    """Compare the headline of each model with the baseline by accuracy: a row per model.

    Parameters
    ----------
    scores, candidates, folds
        As in `summarise_configurations`.
    fits : DataFrame
        The fits of each model's headline, or more, from `backprop.study.fits.read_fits`.
    y : array, shape (n,)
        The classes, from 0.
    rope : float
        Differences up to this are of no practical interest.

    Returns
    -------
    DataFrame
        model, outcome, accuracy with its corrected interval, the difference with its interval, t,
        p_value and p_adjusted (Holm), the posterior worse, equal and better, the difference
        detectable with a power of 0.8, the predictions of the first repeat (how many of its rows
        are correct, with the Wilson interval and the exact McNemar p), the number of fits in each
        of `STATES`, configuration, fits, the confidence of the intervals. A model with diverged or
        failed fits is not compared: it has only its name and the numbers of its fits.
    """
    headlines = {model: headline(model, candidates) for model in scores["model"].unique()}
    groups, predicted = group_fits(scores), group_fits(fits)
    own = {model: scores.iloc[groups[model, name]] for model, name in headlines.items()}
    accuracy = {model: own[model][PRIMARY].to_numpy() for model in headlines}
    compared = [model for model in headlines if np.isfinite(accuracy[model]).all()]
    right = {
        model: _right(predictions(fits.iloc[predicted[model, headlines[model]]], *_size(y)), y)[0]
        for model in {BASELINE, *compared}
    }
    others = [model for model in compared if model != BASELINE]
    differences = [accuracy[model] - accuracy[BASELINE] for model in others]
    results = {
        model: {**row, "mcnemar_p": _mcnemar(right[model], right[BASELINE])}
        for model, row in zip(others, _compare_all(differences, folds, rope), strict=True)
    }
    rows = [
        {
            "model": model,
            "configuration": headlines[model],
            **_describe(own[model], right.get(model), folds),
            **results.get(model, {}),
        }
        for model in headlines
    ]
    order = [
        "model", "outcome", *_columns(PRIMARY), *_columns("difference"), "t", "p_value",
        "p_adjusted", "worse", "equal", "better", "detectable", "correct", "rows",
        "wilson_lower", "wilson_upper", "mcnemar_p", *_states(scores["status"]), "configuration",
        "fits", "confidence",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def estimate_tuning(
    scores: pd.DataFrame,
    fits: pd.DataFrame,
    candidates: Candidates,
    y: Integers,
    *,
    seed: int,
) -> pd.DataFrame:
    """Return a row per model that is tuned: its best configuration, and the accuracy to expect.

    It is tuned if it has several configurations. A network is listed in any case.

    Parameters
    ----------
    scores, candidates, y
        As in `compare_models`.
    fits : DataFrame
        All fits of these models and the baseline, from `backprop.study.fits.read_fits`.
    seed : int
        The seed of the study; the bootstrap draws the same rows for every model.

    Returns
    -------
    DataFrame
        model, candidates (configurations), left_out (those with diverged or failed fits), the plain
        accuracy of the best one, the accuracy of the tuned model corrected for the choice (BBC-CV)
        with its interval, the optimism of the plain accuracy, the stability of the choice, the
        accuracy of logistic regression, best (a configuration), tied (how many share the first
        place), the confidence of the interval. A model has only the first three if every
        configuration is left out.
    """
    fits = fits[["model", "configuration", "repeat", "fold", "rows", "probabilities"]]
    groups = group_fits(fits)
    # Over rows, as bbc_cv does: folds need not be of one size.
    of_baseline = BASELINE, headline(BASELINE, candidates)
    baseline = predictions(fits.iloc[groups[of_baseline]], *_size(y))
    logistic = float(_right(baseline, y).mean())
    rows: list[Row] = []
    for model in _tuned_models(scores, candidates):
        names, right = _share_right(fits, groups, model, y)
        row: Row = {"model": model, "candidates": len(names)}
        kept = np.flatnonzero(np.isfinite(right).all(axis=1))
        row["left_out"] = len(names) - kept.size
        if kept.size:
            row |= _tuned([names[k] for k in kept], right[kept], stream(seed, "bootstrap"))
            row["logistic_accuracy"] = logistic
        rows.append(row)
    order = [
        "model", "candidates", "left_out", "plain_accuracy", *_columns("tuned_accuracy"),
        "optimism", "stability", "logistic_accuracy", "best", "tied", "confidence",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def compare_values(
    scores: pd.DataFrame, candidates: Candidates, *, folds: int, rope: float
) -> pd.DataFrame:
    """Return a row per model, hyperparameter and value: its difference from the reference.

    Parameters
    ----------
    scores, candidates, folds, rope
        As in `compare_models`.

    Returns
    -------
    DataFrame
        model, hyperparameter (the only one in which the configuration differs from the reference),
        accuracy, its difference from the reference, the interval, p_value, p_adjusted (over all
        rows of a model), outcome, dead (the number of dead fits), configuration, fits, the
        confidence of the interval. A row with diverged or failed fits has only names and numbers
        of fits.
    """
    groups = group_fits(scores)
    accuracy, status = scores[PRIMARY].to_numpy(), scores["status"].to_numpy()
    rows: list[Row] = []
    for model in _tuned_models(scores, candidates):
        reference, *others = candidates[model]
        varied = {candidate.name: candidate.differing(reference) for candidate in others}
        single = {name: keys[0] for name, keys in varied.items() if len(keys) == 1}
        own = accuracy[groups[model, reference.name]]
        values = {name: accuracy[groups[model, name]] for name in single}
        compared = [name for name in single if np.isfinite(values[name] - own).all()]
        tested = _compare_all([values[name] - own for name in compared], folds, rope)
        results = {
            name: {"accuracy": float(np.mean(values[name])), **row}
            for name, row in zip(compared, tested, strict=True)
        }
        rows += [
            {
                "model": model,
                "hyperparameter": key,
                "dead": _count_states(status[groups[model, name]])["dead"],
                "configuration": name,
                "fits": values[name].size,
                **results.get(name, {}),
            }
            for name, key in single.items()
        ]
    order = [
        "model", "hyperparameter", "accuracy", *_columns("difference"), "p_value", "p_adjusted",
        "outcome", "dead", "configuration", "fits", "confidence",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def score_guessing(fits: pd.DataFrame, candidates: Candidates, y: Integers) -> pd.DataFrame:
    """Score a model that always says the commonest class of the training rows: a row per split.

    Its probabilities are the shares of the classes in the training rows.

    Parameters
    ----------
    fits, candidates, y
        As in `compare_models`. The splits are those of the baseline.

    Returns
    -------
    DataFrame
        repeat, fold and the metrics.
    """
    places = group_fits(fits)[BASELINE, headline(BASELINE, candidates)]
    rows = []
    for _, fit in fits.iloc[places].iterrows():
        test = np.asarray(fit["rows"]) - 1
        counts = np.bincount(np.delete(y, test), minlength=int(y.max()) + 1)
        p = np.tile((counts / counts.sum())[:, np.newaxis], (len(test), 1, 1))
        scores = {name: float(metric.score(y[test], p)[0]) for name, metric in METRICS.items()}
        rows.append({"repeat": fit["repeat"], "fold": fit["fold"], **scores})
    return pd.DataFrame(rows)


def compare_implementations(fits: pd.DataFrame) -> pd.DataFrame:
    """Compare the three implementations of the network: a row per configuration.

    Parameters
    ----------
    fits : DataFrame
        From `backprop.study.fits.read_fits`: those of scratch, of tensorflow, and of plain for some
        configurations and splits.

    Returns
    -------
    DataFrame
        configuration, fits, diverged (the number of diverged fits of scratch), tensorflow and plain
        (the largest difference of their out-of-fold probabilities from those of scratch; missing
        where they have no fits), bar (the largest difference that rounding explains), agrees. They
        agree only if the same fits diverge in all of them; a diverged fit has no difference.
    """
    keys = ["configuration", "repeat", "fold"]
    columns = [*keys, "probabilities", "diverged"]
    fits = fits.assign(diverged=fits["status"] == "diverged")
    scratch = fits.loc[fits["model"] == "scratch", columns]
    by_configuration = scratch.groupby("configuration", sort=False)["diverged"]
    table = by_configuration.agg(fits="size", diverged="sum")
    agrees = pd.Series(True, index=table.index)
    for model in ("tensorflow", "plain"):
        other = fits.loc[fits["model"] == model, columns]
        pairs = scratch.merge(other, on=keys, suffixes=("", "_of_other"))
        pairs["difference"] = _largest_differences(
            pairs["probabilities"], pairs["probabilities_of_other"]
        )
        pairs["same_state"] = pairs["diverged"] == pairs["diverged_of_other"]
        grouped = pairs.groupby("configuration")
        table[model] = grouped["difference"].max()
        # Only plain may lack a configuration.
        same_states = grouped["same_state"].all().reindex(table.index, fill_value=model == "plain")
        agrees &= same_states & ~(table[model] > PARITY)
    return table.assign(bar=PARITY, agrees=agrees).reset_index()


def _largest_differences(ones: Iterable[Array], others: Iterable[Array]) -> Array:
    """Return the largest difference of each pair of arrays; NaN where none is a finite number."""
    ones = list(ones)
    if not ones:
        return np.empty(0)
    difference = np.abs(np.concatenate(ones) - np.concatenate(list(others)))
    difference[~np.isfinite(difference)] = np.nan
    starts = np.cumsum([0, *map(len, ones[:-1])])
    return np.fmax.reduceat(difference, starts)


def _compare_all(differences: Sequence[Array], folds: int, rope: float) -> list[Row]:
    """Test each array of differences, and decide by the p-values, adjusted for all of them."""
    comparisons = [corrected_t_test(values, folds) for values in differences]
    posteriors = [posterior(values, folds, rope=rope) for values in differences]
    adjusted = holm([comparison.p_value for comparison in comparisons])
    return [
        {
            "t": comparison.t,
            **_difference(comparison),
            "p_adjusted": p_adjusted,
            "worse": belief.worse,
            "equal": belief.equal,
            "better": belief.better,
            "detectable": minimum_detectable_difference(
                comparison.standard_error,
                comparison.degrees_of_freedom,
                significance=SIGNIFICANCE / len(comparisons),  # Holm's, in its strictest step
            ),
            "outcome": outcome(comparison, p_adjusted, belief),
            "confidence": comparison.confidence,
        }
        for comparison, belief, p_adjusted in zip(comparisons, posteriors, adjusted, strict=True)
    ]


def _tuned(names: Sequence[str | None], right: Array, generator: np.random.Generator) -> Row:
    """Return the numbers of the best of some configurations, with `right` from `_share_right`."""
    tuned = bbc_cv(right, generator)
    return {
        "best": names[tuned.best],
        "tied": int(np.isclose(right.mean(axis=1), tuned.naive, rtol=0, atol=1e-12).sum()),
        "plain_accuracy": tuned.naive,
        "tuned_accuracy": tuned.estimate,
        "tuned_accuracy_lower": tuned.lower,
        "tuned_accuracy_upper": tuned.upper,
        "confidence": tuned.confidence,
        "optimism": tuned.optimism,
        "stability": tuned.stability,
    }


def _share_right(
    fits: pd.DataFrame, groups: Groups, model: str, y: Integers
) -> tuple[list[str | None], Array]:
    """Return the share of the repeats in which each row is right, by configuration of a model.

    Returns
    -------
    names : list of (str or None)
    right : array, shape (configurations, n)
        In [0, 1]; NaN for a configuration with diverged or failed fits.
    """
    names = [name for group, name in groups if group == model]
    right = np.full((len(names), len(y)), np.nan)
    for place, name in enumerate(names):
        p = predictions(fits.iloc[groups[model, name]], *_size(y))
        if np.isfinite(p).all():
            right[place] = _right(p, y).mean(axis=0)
    return names, right


def _right(p: Array, y: Integers) -> Booleans:
    """Return whether each row is predicted right in each repeat, shape (repeats, n)."""
    return predicted_classes(p) == y


def _size(y: Integers) -> tuple[int, int]:
    """Return the number of rows and of classes."""
    return len(y), int(y.max()) + 1


def _describe(scores: pd.DataFrame, right: Booleans | None, folds: int) -> Row:
    """Return the numbers of one model alone, from its scores and the rows that it has right."""
    accuracy = scores[PRIMARY].to_numpy()
    row = {"fits": accuracy.size, **_count_states(scores["status"])}
    if right is None or not np.isfinite(accuracy).all():
        return row
    return row | _interval(PRIMARY, accuracy, folds) | _count_right(right)


def _count_right(right: Booleans) -> Row:
    correct = int(right.sum())
    lower, upper = wilson(correct, right.size)
    return {
        "correct": correct,
        "rows": right.size,
        "wilson_lower": lower,
        "wilson_upper": upper,
    }


def _mcnemar(right: Booleans, baseline_right: Booleans) -> float:
    return mcnemar(int((right & ~baseline_right).sum()), int((baseline_right & ~right).sum()))


def _count_states(status: Any) -> dict[str, int]:
    return {state: int((status == state).sum()) for state in STATES}


def _states(status: Any) -> list[str]:
    """Return the states that a table has a column of: that of failed fits only if there are any."""
    return [state for state in STATES if state != "failed" or (status == state).any()]


def _tuned_models(scores: pd.DataFrame, candidates: Candidates) -> list[str]:
    """Return the models with several configurations, and all networks, in their order."""
    return [
        model
        for model in scores["model"].unique()
        if len(candidates[model]) > 1 or is_network(model)
    ]


def _all_varied(candidates: Candidates) -> dict[str, dict[str | None, str | None]]:
    """Return in which hyperparameters each configuration differs, by model and name."""
    return {
        model: {each.name: " ".join(each.differing(every[0])) or "reference" for each in every}
        if len(every) > 1 or is_network(model)
        else {every[0].name: None}
        for model, every in candidates.items()
    }


def _columns(name: str) -> list[str]:
    return [name, f"{name}_lower", f"{name}_upper"]


def _difference(comparison: Comparison) -> dict[str, float]:
    return {
        "difference": comparison.mean,
        "difference_lower": comparison.lower,
        "difference_upper": comparison.upper,
        "p_value": comparison.p_value,
    }


def _interval(name: str, values: Array, folds: int) -> dict[str, float]:
    if not np.isfinite(values).all():
        return dict.fromkeys(_columns(name), np.nan)
    lower, upper = corrected_interval(values, folds)
    return dict(zip(_columns(name), (float(np.mean(values)), lower, upper), strict=True))
