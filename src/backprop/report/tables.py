"""The tables that people read, made of the fits.

A model's *headline* is what it is compared with logistic regression by: a network's reference
configuration, a baseline itself. Scores of diverged fits are missing, and so is every mean that
would need them: it is for the reader to decide what a network that may fail is worth.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backprop.inference import statistics
from backprop.network.functions import Array
from backprop.report.wording import changes, told, value
from backprop.study.configurations import HYPERPARAMETERS, Configuration, headline, nodes
from backprop.study.fits import DEAD, predictions
from backprop.study.metrics import METRICS, score
from backprop.study.streams import stream

BASELINE = "logistic"
PRIMARY = "accuracy"  # the metric of the comparison
PARITY = 1e-10  # the largest difference that rounding explains between two ways to one network
STATES = ("diverged", "dead", "not_converged")
TROUBLE = {
    "dead": f"are dead: they give every row the same probability, to within {DEAD:g}",
    "not_converged": "did not converge: they can separate the classes",
}
NAMES = {
    "logistic": "logistic regression",
    "softmax": "softmax regression",
    "scratch": "the hand-written network",
    "tensorflow": "the TensorFlow network",
}


def scores(fits: pd.DataFrame, y: NDArray[np.int64]) -> pd.DataFrame:
    """Return a row per fit with its metrics.

    Parameters
    ----------
    fits : DataFrame
        From `backprop.study.fits.read`.
    y : array, shape (n,)
        The classes.

    Returns
    -------
    DataFrame
        model, the hyperparameters, repeat, fold, status, epochs, the metrics, configuration.
    """
    keys = ["model", *HYPERPARAMETERS, "repeat", "fold", "status", "epochs"]
    table = fits[keys].copy()
    table["hidden"] = [None if hidden is None else nodes(hidden) for hidden in fits["hidden"]]
    rows = [
        score(y[np.asarray(tested) - 1], np.asarray(p))
        for tested, p in zip(fits["rows"], fits["probabilities"], strict=True)
    ]
    scored = pd.DataFrame(rows, index=table.index)
    return pd.concat([table, scored, fits["configuration"]], axis=1)


def timings(fits: pd.DataFrame) -> pd.DataFrame:
    """Return the seconds that each fit took: the one table that no two runs have in common."""
    return fits[["model", "configuration", "repeat", "fold", "seconds"]]


def configurations(
    scored: pd.DataFrame, candidates: Sequence[Configuration], folds: int
) -> pd.DataFrame:
    """Return a row per model and configuration: means of all metrics with corrected intervals.

    Parameters
    ----------
    scored : DataFrame
        From `scores`.
    candidates : sequence of Configuration
        The reference first.
    folds : int

    Returns
    -------
    DataFrame
        model, varied (the hyperparameters in which it is not the reference), the hyperparameters;
        accuracy and its interval, its difference from logistic regression with its interval and
        its p-value, adjusted for all rows of the table; the other metrics and their intervals;
        fits, how many of them are diverged, dead and not converged; configuration.
    """
    baseline = _values(scored, BASELINE, None, PRIMARY)
    named = {candidate.name: candidate for candidate in candidates}
    rows = []
    for (model, name), group in _groups(scored):
        varied = _varied(named[name], candidates[0]) if name in named else None
        row = {"model": model, "varied": varied, "configuration": name}
        row |= {key: group[key].iloc[0] for key in HYPERPARAMETERS}
        row["fits"] = len(group)
        row |= {state: int((group["status"] == state).sum()) for state in STATES}
        for metric in METRICS:
            row |= _interval(metric, group[metric].to_numpy(), folds)
        if model != BASELINE and np.isfinite(group[PRIMARY]).all():
            test = statistics.corrected_t_test(group[PRIMARY].to_numpy() - baseline, folds)
            row |= _difference(test)
        rows.append(row)
    table = pd.DataFrame(rows)
    table["p_adjusted"] = _adjusted(table.get("p_value", pd.Series(np.nan, table.index)))
    others = [column for metric in METRICS if metric != PRIMARY for column in _columns(metric)]
    order = [
        "model", "varied", *HYPERPARAMETERS, *_columns(PRIMARY), *_columns("difference"), "p_value",
        "p_adjusted", *others, "fits", *STATES, "configuration",
    ]  # fmt: skip
    return table.reindex(columns=order)


def comparison(
    scored: pd.DataFrame,
    fits: pd.DataFrame,
    candidates: Sequence[Configuration],
    y: NDArray[np.int64],
    *,
    folds: int,
    rope: float,
) -> pd.DataFrame:
    """Return a row per model, its headline compared with logistic regression by accuracy.

    Parameters
    ----------
    scored, fits : DataFrame
        From `scores` and `backprop.study.fits.read`.
    candidates, y, folds
        As in `configurations` and `scores`.
    rope : float
        Differences up to this are of no practical interest.

    Returns
    -------
    DataFrame
        model, verdict (which says so when fits are dead or not converged), outcome, accuracy with
        its corrected interval, the difference with its interval, t, p_value and p_adjusted (Holm),
        the posterior worse, equal and better, the difference detectable with a power of 0.8, the
        pooled predictions of the first repeat (correct, its Wilson interval, exact McNemar p), the
        counts of diverged, dead and not converged fits, configuration. A model with diverged fits
        has only its name, its counts and a verdict that says so.
    """
    baseline = _values(scored, BASELINE, None, PRIMARY)
    baseline_right = _right_of(fits, BASELINE, None, y)[0]
    rows: list[dict[str, Any]] = []
    tests = []
    for model in scored["model"].unique():
        name = headline(model, candidates)
        values = _values(scored, model, name, PRIMARY)
        row: dict[str, Any] = {"model": model, "configuration": name}
        rows.append(row)
        failed = int((~np.isfinite(values)).sum())
        states = _of(scored, model, name)["status"].value_counts()
        row |= {state: int(states.get(state, 0)) for state in STATES}
        if failed:
            row["verdict"] = (
                f"{NAMES[model]} cannot be compared with {NAMES[BASELINE]}: "
                f"{failed} of {len(values)} fits diverged"
            )
            continue
        right = _right_of(fits, model, name, y)[0]
        row |= _interval(PRIMARY, values, folds)
        row["correct"] = int(right.sum())
        row["rows"] = len(y)
        row["wilson_lower"], row["wilson_upper"] = statistics.wilson(row["correct"], len(y))
        if model == BASELINE:
            row["verdict"] = f"{NAMES[model]} is what the others are compared with"
            continue
        test = statistics.corrected_t_test(values - baseline, folds)
        belief = statistics.posterior(values - baseline, folds, rope=rope)
        tests.append((row, test, belief))
        row["mcnemar_p"] = statistics.mcnemar(
            int((right & ~baseline_right).sum()), int((baseline_right & ~right).sum())
        )
    adjusted = statistics.holm([test.p_value for _, test, _ in tests])
    for (row, test, belief), p in zip(tests, adjusted, strict=True):
        detectable = statistics.minimum_detectable_difference(
            test.standard_error,
            test.degrees_of_freedom,
            significance=statistics.SIGNIFICANCE / len(tests),  # Holm's, in its strictest step
        )
        row |= {
            "t": test.t,
            **_difference(test),
            "p_adjusted": p,
            "worse": belief.worse,
            "equal": belief.equal,
            "better": belief.better,
            "detectable": detectable,
            "outcome": statistics.outcome(test, p, belief),
            "verdict": statistics.verdict(
                NAMES[row["model"]], NAMES[BASELINE], test, p, belief, detectable
            ),
        }
    for row in rows:
        fits_of = len(_values(scored, row["model"], row["configuration"], PRIMARY))
        for state, meaning in TROUBLE.items():
            if row[state]:
                row["verdict"] += f" ({row[state]} of {fits_of} fits {meaning})"
    order = [
        "model", "verdict", "outcome", *_columns(PRIMARY), *_columns("difference"), "t", "p_value",
        "p_adjusted", "worse", "equal", "better", "detectable", "correct", "rows",
        "wilson_lower", "wilson_upper", "mcnemar_p", *STATES, "configuration",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def tuning(
    scored: pd.DataFrame,
    fits: pd.DataFrame,
    candidates: Sequence[Configuration],
    y: NDArray[np.int64],
    *,
    seed: int,
) -> pd.DataFrame:
    """Return a row per network: its best configuration, and what it is worth to choose the best.

    Parameters
    ----------
    scored, fits, candidates, y
        As in `comparison`.
    seed : int
        The seed of the study; the bootstrap draws the same students for every network.

    Returns
    -------
    DataFrame
        model, verdict, candidates (configurations), left_out (those with diverged fits), the plain
        accuracy of the best one, the accuracy of the tuned network corrected for the choice
        (BBC-CV) with its interval, the optimism of the plain accuracy, the stability of the choice,
        the accuracy of logistic regression, and which one is best.
    """
    # Over rows, as bbc_cv does: folds need not be of one size.
    logistic = float(_right_of(fits, BASELINE, None, y).mean())
    rows = []
    for model in _networks(scored):
        groups = fits[fits["model"] == model].groupby("configuration", sort=False)
        p = {str(name): predictions(group, len(y)) for name, group in groups}
        names = [name for name in p if np.isfinite(p[name]).all()]
        row = {"model": model, "candidates": len(p), "left_out": len(p) - len(names)}
        row["verdict"] = f"{NAMES[model]}: no configuration is left, as fits of each diverged"
        if names:
            right = np.stack([_right(p[name], y).mean(axis=0) for name in names])
            tuned = statistics.bbc_cv(right, stream(seed, "bootstrap"))
            (best,) = [c for c in candidates if c.name == names[tuned.best]]
            equal = int(np.isclose(right.mean(axis=1), tuned.naive, rtol=0, atol=1e-12).sum())
            tie = f"; {equal} share the first place" if equal > 1 else ""
            row |= {
                "best": best.name,
                "plain_accuracy": tuned.naive,
                "tuned_accuracy": tuned.estimate,
                "tuned_accuracy_lower": tuned.lower,
                "tuned_accuracy_upper": tuned.upper,
                "optimism": tuned.optimism,
                "stability": tuned.stability,
                "logistic_accuracy": logistic,
                "verdict": f"{NAMES[model]}: the best of {len(names)} configurations "
                f"({changes(best, candidates[0])}{tie}) scores {tuned.naive:.1%} and is worth "
                f"{tuned.estimate:.1%} (95% interval {tuned.lower:.1%} to {tuned.upper:.1%}), "
                f"against {logistic:.1%} of {NAMES[BASELINE]}, which needs no tuning",
            }
        rows.append(row)
    order = [
        "model", "verdict", "candidates", "left_out", "plain_accuracy",
        *_columns("tuned_accuracy"), "optimism", "stability", "logistic_accuracy", "best",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def effects(
    scored: pd.DataFrame, candidates: Sequence[Configuration], *, folds: int, rope: float
) -> pd.DataFrame:
    """Return a row per network, hyperparameter and value: what it changes in the reference.

    Parameters
    ----------
    scored, candidates, folds, rope
        As in `comparison`.

    Returns
    -------
    DataFrame
        model, hyperparameter, value, accuracy, its difference from the reference, the interval,
        p_value, p_adjusted (over all rows of a model), outcome, how many fits are dead,
        configuration; in the first row of a hyperparameter a verdict on all its values.
    """
    rows: list[dict[str, Any]] = []
    for model in _networks(scored):
        reference = _values(scored, model, candidates[0].name, PRIMARY)
        mine: list[dict[str, Any]] = []
        beliefs = []
        for candidate in candidates:
            varied = _varied(candidate, candidates[0])
            if varied not in HYPERPARAMETERS:
                continue
            values = _values(scored, model, candidate.name, PRIMARY)
            states = _of(scored, model, candidate.name)["status"]
            found = getattr(candidate, varied)
            row = {
                "model": model,
                "hyperparameter": varied,
                "value": nodes(candidate.hidden) if varied == "hidden" else found,
                "found": found,
                "fits": len(values),
                "configuration": candidate.name,
                "dead": int((states == "dead").sum()),
            }
            mine.append(row)
            if np.isfinite(values - reference).all():
                test = statistics.corrected_t_test(values - reference, folds)
                belief = statistics.posterior(values - reference, folds, rope=rope)
                beliefs.append((row, test, belief))
                row |= {"accuracy": float(np.mean(values)), **_difference(test)}
        adjusted = statistics.holm([test.p_value for _, test, _ in beliefs])
        for (row, test, belief), p in zip(beliefs, adjusted, strict=True):
            row["p_adjusted"] = p
            row["outcome"] = statistics.outcome(test, p, belief)
        for key in HYPERPARAMETERS:
            if group := [row for row in mine if row["hyperparameter"] == key]:
                group[0]["verdict"] = _sensitivity(group, key, candidates[0])
        rows += mine
    order = [
        "model", "hyperparameter", "value", "accuracy", *_columns("difference"), "p_value",
        "p_adjusted", "outcome", "dead", "configuration", "verdict",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def parity(fits: pd.DataFrame) -> pd.DataFrame:
    """Return a row per configuration: how far three ways to the same network are from each other.

    Parameters
    ----------
    fits : DataFrame
        From `backprop.study.fits.read`, of scratch, tensorflow and, on the first split, plain.

    Returns
    -------
    DataFrame
        configuration, fits, diverged (how many did), tensorflow and plain (the largest difference
        of their out-of-fold probabilities from those of scratch), bar (what rounding explains),
        agrees, verdict (in the first row, on all of them). Fits that diverge must do so in all of
        them, and have no difference.
    """
    keys = ["configuration", "repeat", "fold"]
    columns = ["probabilities", "status"]
    sides = {model: group.set_index(keys)[columns] for model, group in fits.groupby("model")}
    scratch = sides["scratch"]
    rows = []
    for name, group in scratch.groupby("configuration", sort=False):
        row: dict[str, Any] = {"configuration": name, "fits": len(group)}
        row["diverged"] = int((group["status"] == "diverged").sum())
        agrees = True
        for model in ("tensorflow", "plain"):
            other = sides[model].loc[[name]]
            same = group.loc[other.index]
            states = [list(side["status"] == "diverged") for side in (same, other)]
            agrees &= states[0] == states[1]
            difference = np.abs(
                np.concatenate([*same["probabilities"]]) - np.concatenate([*other["probabilities"]])
            )
            finite = difference[np.isfinite(difference)]
            row[model] = float(finite.max()) if finite.size else np.nan
            agrees &= not row[model] > PARITY
        rows.append({**row, "bar": PARITY, "agrees": agrees})
    table = pd.DataFrame(rows)
    largest = table[["tensorflow", "plain"]].max().max()
    table.loc[0, "verdict"] = (
        f"{table['agrees'].sum()} of {len(table)} configurations agree; the largest difference of "
        f"a probability is {largest:.1g}, and rounding explains {PARITY:.0e}"
    )
    return table


def _sensitivity(rows: Sequence[dict[str, Any]], key: str, reference: Configuration) -> str:
    """Say what the other values of a hyperparameter change in the reference, by the outcomes."""
    own = value(key, getattr(reference, key))
    by_outcome: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_outcome.setdefault(row.get("outcome", "diverged"), []).append(row)
    said = []
    for outcome, group in sorted(by_outcome.items()):
        values = ", ".join(value(key, row["found"]) for row in group)
        largest = max(group, key=lambda row: abs(row.get("difference", 0)))
        lower, upper = (100 * largest.get(f"difference_{end}", 0) for end in ("lower", "upper"))
        known = f"95% interval {lower:+z.1f} to {upper:+z.1f}"
        if np.isinf(lower):
            known = "the same on every split, so that nothing is known of its spread"
        of = value(key, largest["found"])
        size = f"{100 * largest.get('difference', 0):+z.1f} points ({of}; {known})"
        said.append(
            {
                "better": f"{values} better than {own}, by up to {size}",
                "worse": f"{values} worse than {own}, by up to {size}",
                "undecided": f"the data cannot tell {values} from {own}; the largest difference "
                f"is {size}",
                "practically equal": f"{values} practically equal to {own}",
                "diverged": f"{values} cannot be compared, as fits diverged",
            }[outcome]
        )
    said += [
        f"{row['dead']} of {row['fits']} fits with {told(key, row['found'])} are dead"
        for row in rows
        if row["dead"]
    ]
    return f"{NAMES[rows[0]['model']]}, {HYPERPARAMETERS[key]}: {'; '.join(said)}"


def _networks(scored: pd.DataFrame) -> list[str]:
    return list(scored.loc[scored["configuration"].notna(), "model"].unique())


def _groups(scored: pd.DataFrame) -> Any:
    return scored.groupby(["model", "configuration"], sort=False, dropna=False)


def _of(table: pd.DataFrame, model: str, configuration: str | None) -> pd.DataFrame:
    mine = table[table["model"] == model]
    if configuration is not None:
        mine = mine[mine["configuration"] == configuration]
    return mine.sort_values(["repeat", "fold"])


def _values(scored: pd.DataFrame, model: str, configuration: str | None, metric: str) -> Array:
    return _of(scored, model, configuration)[metric].to_numpy()


def _right(p: Array, y: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether each row is predicted right in each repeat, shape (repeats, n)."""
    return (p >= 0.5) == y


def _right_of(
    fits: pd.DataFrame, model: str, configuration: str | None, y: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return `_right` of the out-of-fold predictions of a model."""
    return _right(predictions(_of(fits, model, configuration), len(y)), y)


def _varied(candidate: Configuration, reference: Configuration) -> str:
    differing = [k for k in HYPERPARAMETERS if getattr(candidate, k) != getattr(reference, k)]
    return " ".join(differing) or "reference"


def _columns(name: str) -> list[str]:
    return [name, f"{name}_lower", f"{name}_upper"]


def _difference(test: statistics.Comparison) -> dict[str, float]:
    ends = zip(_columns("difference"), (test.mean, test.lower, test.upper), strict=True)
    return {**dict(ends), "p_value": test.p_value}


def _interval(name: str, values: Array, folds: int) -> dict[str, float]:
    if not np.isfinite(values).all():
        return dict.fromkeys(_columns(name), np.nan)
    lower, upper = statistics.corrected_interval(values, folds)
    return dict(zip(_columns(name), (float(np.mean(values)), lower, upper), strict=True))


def _adjusted(p_values: pd.Series) -> pd.Series:
    known = p_values.notna()
    adjusted = p_values.copy()
    adjusted[known] = statistics.holm(p_values[known].to_numpy())
    return adjusted
