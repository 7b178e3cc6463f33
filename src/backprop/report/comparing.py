"""Compare classifiers of any origin by their predictions, without a workflow.

The statistics are as in the report, by the same code: see `backprop.statistics.comparison` and
`backprop.statistics.guessing`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from backprop.inference.pooling import FEWEST
from backprop.models.registry import BASELINE
from backprop.report.wording.across import WITHOUT_VERDICT, verdict_across
from backprop.report.wording.amounts import article, named, score, unit_of
from backprop.report.wording.comparison import verdict
from backprop.report.wording.names import be, guess_by, listed, sentence_case
from backprop.report.wording.recommendation import UNPROVED
from backprop.report.wording.rows import Context
from backprop.statistics.across import DataSet
from backprop.statistics.across import compare_across as judge_across
from backprop.statistics.comparison import compare_models
from backprop.statistics.grouping import Judgement
from backprop.statistics.guessing import compare_with_guess, learned_models
from backprop.statistics.recommendation import Recommendation, recommend
from backprop.statistics.tables import ACROSS, AGAINST_GUESS, COMPARISON, Compared
from backprop.study.configurations import Configuration
from backprop.study.fits import fits_of
from backprop.study.metrics import METRICS, OF_CLASSES
from backprop.study.scores import score_fits
from backprop.typing import Array, Integers

SHOWN = (
    "difference", "difference_lower", "difference_upper", "p_value", "p_adjusted", "worse", "equal",
    "better", "outcome",
)  # fmt: skip
TestRows = Sequence[Sequence[Integers]]  # of each fold of each repeat
NEARLY_ONE = 1e-6  # by how much the sum of the probabilities of a row may differ from 1


@dataclass(frozen=True)
class Comparison:
    """What `compare` returns.

    Attributes
    ----------
    table : DataFrame
        A row per classifier, the baseline first: the metric with its 95% interval
        (``accuracy_lower``, ``accuracy_upper``), the difference from the baseline with its
        interval, p_value, p_adjusted (for the number of comparisons), the probabilities that the
        classifier is worse, practically equal and better, outcome, and learned: whether it is
        shown to be better than a guess.
    verdicts : dict of str to str
        For each classifier but the baseline, a sentence.
    sentence : str
        What to do, in one or two sentences.
    metric, baseline : str
    rope : float
    data : DataSet
        What `compare_across` takes of it.
    """

    table: pd.DataFrame
    verdicts: dict[str, str]
    sentence: str
    metric: str
    baseline: str
    rope: float
    data: DataSet = field(repr=False)

    def __str__(self) -> str:
        return self.sentence

    def plot(self, ax: Any = None) -> Any:
        """Draw a forest plot: the difference of each classifier from the baseline.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            By default the axes of a new figure.

        Returns
        -------
        matplotlib.axes.Axes
        """
        from backprop.report.figures.forest_lines import draw_differences

        differences = self.table.loc[self.table.index != self.baseline, [*SHOWN[:3]]]
        return draw_differences(
            differences, metric=self.metric, rope=self.rope, baseline=self.baseline, ax=ax
        )


def compare(
    y: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    splits: Iterable[tuple[ArrayLike, ArrayLike]],
    *,
    groups: ArrayLike | None = None,
    metric: str = "accuracy",
    rope: float = 0.01,
    baseline: str = "logistic",
) -> Comparison:
    """Compare classifiers by their out-of-fold predictions, with intervals that cover.

    Parameters
    ----------
    y : array-like, shape (n,)
        The class of each row, of two or more classes.
    predictions : mapping of str to array-like
        The predictions of each classifier, by its name. Each is one of

        - the probabilities of the C classes in sorted order, shape (n, C), or (repeats, n, C). With
          two classes, the probabilities of the second one are enough: shape (n,), or (repeats, n);
        - a list with the same for the test rows of each split, in the order of `splits`;
        - in place of probabilities, the predicted classes: shape (n,), or (repeats, n). They can be
          compared by accuracy and balanced accuracy.
    splits : iterable of (train, test)
        The places of the training and the test rows of each split, from 0, as ``cv.split(X, y)`` of
        scikit-learn yields them: one repeat after the other. In each repeat, each row is tested
        once.
    groups : array-like, shape (n,), optional
        The group of each row. Rows of a group are one observation, and in one fold. By default
        each row is an observation.
    metric : {"accuracy", "balanced_accuracy", "roc_auc", "log_loss", "brier_score"}
    rope : float, default=0.01
        The largest difference of the metric that does not matter in practice, at least 0.
    baseline : str, default="logistic"
        The classifier that all others are compared with.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        If an argument is of another shape, has another value than allowed, or does not fit the
        others.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import StratifiedKFold, cross_val_predict
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = load_iris(return_X_y=True)
    >>> cv = StratifiedKFold(5, shuffle=True, random_state=1)
    >>> models = {"logistic": LogisticRegression(max_iter=1000), "bayes": GaussianNB()}
    >>> p = {name: cross_val_predict(model, X, y, cv=cv, method="predict_proba")
    ...      for name, model in models.items()}
    >>> comparison = compare(y, p, cv.split(X, y))
    >>> comparison.table["accuracy"].round(2).to_dict()
    {'logistic': 0.96, 'bayes': 0.95}
    """
    labels = _column(y, "y")
    classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"y: found one class, {classes[0]}; use at least two")
    _check_choices(predictions, metric, rope, baseline)
    tests = _test_rows(splits, len(codes))
    others = [name for name in predictions if name != baseline]
    # In tables, a model of the user is no model of ours: it may have the name of one.
    names = {BASELINE: baseline} | {str(n): name for n, name in enumerate(others, start=1)}
    p = {k: _probabilities(n, predictions[n], classes, tests, metric) for k, n in names.items()}
    fits = [fits_of(key, each, tests) for key, each in p.items()]
    table = pd.concat(fits, ignore_index=True)
    candidates = {key: [Configuration()] for key in names}
    judgement = Judgement(
        score_fits(table, codes), table, codes, candidates,
        metric=metric, rope=rope, groups=_groups(groups, tests, codes),
    )  # fmt: skip
    learning = compare_with_guess(judgement, {})
    learned = learned_models(AGAINST_GUESS.rows(learning))
    compared = compare_models(judgement, learned=learned)
    tables = {"comparison": compared, "against_guess": learning}
    decision = recommend(tables, candidates, metric=metric, rope=rope)
    rows: list[Compared] = COMPARISON.rows(compared, metric)
    context = Context.of(candidates, metric=metric, rope=rope)
    verdicts = {
        name: verdict(name, baseline, row, context)
        for name, row in zip(others, rows[1:], strict=True)
        if row.difference is not None
    }
    shown = compared[[metric, f"{metric}_lower", f"{metric}_upper", *SHOWN]]
    shown = shown.set_axis(pd.Index([*names.values()], name="classifier"), axis=0)
    shown = shown.assign(learned=[key in learned for key in names])
    sentence = _sentence(decision, names, verdicts, metric)
    own = [replace(row, model=names[row.model]) for row in rows[1:]]
    counts = np.bincount(codes)
    data = DataSet([rows[0], *own], len(codes), 0, len(classes), counts.max() / len(codes))
    return Comparison(shown, verdicts, sentence, metric, baseline, rope, data)


@dataclass(frozen=True)
class ComparisonAcross:
    """What `compare_across` returns.

    Attributes
    ----------
    table : DataFrame
        A row per classifier that is compared on three data sets or more: its mean difference from
        the baseline over data sets like these, what to expect on the next one, how far data sets
        are apart, p_value, and on how many it is shown to be better and worse. The columns are
        those of ``across.csv`` of a study.
    data_sets : DataFrame
        A row per classifier and data set, with p-values adjusted for the number of data sets.
    verdicts : dict of str to str
        For each classifier of `table`, a sentence.
    """

    table: pd.DataFrame
    data_sets: pd.DataFrame
    verdicts: dict[str, str]

    def __str__(self) -> str:
        return "\n".join(self.verdicts.values()) or f"{WITHOUT_VERDICT}."


def compare_across(comparisons: Mapping[str, Comparison]) -> ComparisonAcross:
    """Compare classifiers over several data sets: on average, and on the next one.

    Parameters
    ----------
    comparisons : mapping of str to Comparison
        What `compare` returned on each data set, by its name: three or more, with one metric, rope
        and baseline.

    Returns
    -------
    ComparisonAcross

    Raises
    ------
    ValueError
        If they are fewer, or differ in these.
    """
    if len(comparisons) < FEWEST:
        raise ValueError(f"comparisons: found {len(comparisons)}; use {FEWEST} data sets or more")
    chosen = {(each.metric, each.rope, each.baseline) for each in comparisons.values()}
    if len(chosen) > 1:
        every = "; ".join(f"{m}, {r}, {b}" for m, r, b in sorted(chosen))
        raise ValueError(
            f"comparisons: found several metrics, ropes or baselines: {every}; use the same in each"
        )
    ((metric, rope, baseline),) = chosen
    tables = judge_across({name: each.data for name, each in comparisons.items()}, metric, rope)
    verdicts = {
        row.model: f"{sentence_case(verdict_across(row, metric, row.model, baseline))}."
        for row in ACROSS.rows(tables.models, metric)
    }
    return ComparisonAcross(tables.models, tables.data_sets, verdicts)


def _check_choices(predictions: object, metric: str, rope: float, baseline: str) -> None:
    """Refuse names and numbers that are not allowed."""
    if not isinstance(predictions, Mapping) or len(predictions) < 2:
        raise ValueError("predictions: use a mapping of names to predictions, of at least two")
    if baseline not in predictions:
        known = ", ".join(map(repr, predictions))
        raise ValueError(f"baseline: found {baseline!r}; use one of {known}")
    if metric not in METRICS:
        raise ValueError(f"metric: found {metric!r}; use one of {', '.join(METRICS)}")
    if not rope >= 0:
        raise ValueError(f"rope: found {rope!r}; use a number of at least 0")


def _column(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return an array of one value for each row, without missing ones."""
    array = np.asarray(values)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name}: found the shape {array.shape}; use one value for each row")
    if (missing := np.flatnonzero(pd.isna(array))).size:
        raise ValueError(f"{name}: found no value in row {missing[0]}; leave the row out")
    return array


def _test_rows(splits: Iterable[tuple[ArrayLike, ArrayLike]], n: int) -> list[list[Integers]]:
    """Return the test rows of each fold of each repeat; refuse splits that are no such thing."""
    repeats: list[list[Integers]] = [[]]
    for number, split in enumerate(splits):
        if sum(map(len, repeats[-1])) >= n:
            repeats.append([])
        try:
            _, test = split
            repeats[-1].append(np.asarray(test).ravel())
        except (TypeError, ValueError):
            raise ValueError(
                f"splits: found {split!r:.50} in place {number}; use pairs of training and test "
                "rows, as cv.split(X, y) yields them"
            ) from None
    for number, folds in enumerate(repeats):
        times = Counter(dict.fromkeys(range(n), 0))
        times.update(np.concatenate([[], *folds]).tolist())
        row = next((row for row, count in times.items() if count != 1 or row not in range(n)), None)
        if row is not None:
            raise ValueError(
                f"splits: repeat {number} tests row {row:g} {times[row]} times; use splits that "
                f"test each of the rows 0 to {n - 1} once in each repeat"
            )
    lengths = {len(folds) for folds in repeats}
    if len(lengths) > 1 or min(lengths) < 2:
        raise ValueError(
            f"splits: found {listed([*map(str, sorted(lengths))])} folds in the repeats; use the "
            "same number in each, at least 2"
        )
    return [[rows.astype(np.int64) for rows in folds] for folds in repeats]


def _probabilities(
    name: str, values: ArrayLike, classes: NDArray[Any], tests: TestRows, metric: str
) -> Array:
    """Return the predictions of a classifier as probabilities, shape (repeats, n, C)."""
    place, n = f"predictions[{name!r}]", sum(map(len, tests[0]))
    shapes = f"(n, C), (repeats, n, C) or, with two classes, (n,) or (repeats, n), where n is {n}"
    flat = [(repeat, rows) for repeat, folds in enumerate(tests) for rows in folds]
    if isinstance(values, list | tuple) and len(values) == len(flat) != n:
        parts = [np.asarray(each) for each in values]
        if [each.shape[:1] for each in parts] != [rows.shape for _, rows in flat]:
            raise ValueError(f"{place}: found parts of other lengths than the test rows of splits")
        array = np.empty((len(tests), n, *parts[0].shape[1:]), dtype=np.result_type(*parts))
        for (repeat, rows), part in zip(flat, parts, strict=True):
            array[repeat, rows] = part
    else:
        array = np.asarray(values)
        if len(tests) == 1 and array.shape[:1] == (n,):
            array = array[np.newaxis]
    if array.shape[:2] != (len(tests), n) or array.ndim > 3:
        raise ValueError(
            f"{place}: found the shape {np.shape(array)}; use {shapes}, and {len(tests)} repeats"
        )
    if array.ndim == 2 and not np.issubdtype(array.dtype, np.floating):
        return _of_labels(place, array, classes, metric)
    array = array.astype(float)
    if array.ndim == 2:
        array = np.stack([1 - array, array], axis=-1)
    if array.shape[2] != len(classes):
        raise ValueError(
            f"{place}: found {array.shape[2]} probabilities in a row; use one for each of the "
            f"{len(classes)} classes"
        )
    faulty = ~((array >= 0) & (array <= 1)).all(axis=2)
    faulty |= ~(abs(array.sum(axis=2) - 1) <= NEARLY_ONE)
    if faulty.any():
        repeat, row = np.argwhere(faulty)[0]
        raise ValueError(
            f"{place}: found {array[repeat, row].tolist()} in row {row}; use probabilities from 0 "
            "to 1 whose sum is 1"
        )
    return array


def _of_labels(place: str, labels: NDArray[Any], classes: NDArray[Any], metric: str) -> Array:
    """Return predicted classes as probabilities of 0 and 1."""
    if metric not in OF_CLASSES:
        raise ValueError(
            f"{place}: found predicted classes; {metric} needs probabilities, in float"
        )
    if not (known := np.isin(labels, classes)).all():
        raise ValueError(f"{place}: found the class {labels[~known][0]}, which y has not")
    return np.equal.outer(labels, classes).astype(float)


def _groups(groups: ArrayLike | None, tests: TestRows, codes: Integers) -> Integers | None:
    """Return the number of the group of each row; refuse groups that are in several folds."""
    if groups is None:
        return None
    names, numbers = np.unique(_column(groups, "groups"), return_inverse=True)
    if len(numbers) != len(codes):
        raise ValueError(f"groups: found {len(numbers)} rows; y has {len(codes)}")
    for repeat in tests:
        counts = sum(np.bincount(np.unique(numbers[rows]), minlength=len(names)) for rows in repeat)
        if np.max(counts) > 1:
            raise ValueError(
                f"groups: rows of {names[np.argmax(counts)]!r} are in several folds of a repeat; "
                "use splits that keep groups together, such as StratifiedGroupKFold"
            )
    return np.asarray(numbers)


def _sentence(
    decision: Recommendation, names: Mapping[str, str], verdicts: Mapping[str, str], metric: str
) -> str:
    """Word a decision about classifiers of these names, by key; the baseline is the first."""
    baseline, *others = names.values()
    guess, model = guess_by(metric), names[decision.model or BASELINE]
    if decision.guess is not None:
        known = f"{guess}, which has {article(metric)} of {score(metric, decision.guess)}"
    ahead = [names[model] for model in decision.ahead]
    unproved = f" {listed(ahead)} {be(ahead)} better than {baseline}; {UNPROVED}." if ahead else ""
    if decision.kind == "no model":
        return f"Use none yet: none is shown to be better than {known}.{unproved}"
    if decision.kind == "another metric":
        models = listed([names[each.model] for each in decision.learned])
        metrics = dict.fromkeys(m for each in decision.learned for m in each.metrics)
        return (
            f"Use none by {named(metric)}: none is shown to be better than {known}. Better than a "
            f"guess by {listed([*map(named, metrics)])}: {models}.{unproved}"
        )
    if decision.kind == "better model":
        return f"Use {model}: it{verdicts[model].removeprefix(model)}."
    if decision.kind == "with care":
        return f"Use {model}: it is better than {guess}; {baseline} is not shown to be."
    which = f"{others[0]} is" if len(others) == 1 else "no other is"
    text = f"Use {baseline}: {which} {'not ' if len(others) == 1 else ''}shown to be better."
    if decision.left_open is None:
        return text
    most = unit_of(metric).in_words(decision.left_open.size)
    name = names[decision.left_open.model]
    return f"{text} These data leave open whether {name} is better by up to {most}."
