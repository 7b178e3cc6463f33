"""What the columns of tables are: a sentence for each, which pages show above its head."""

from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import named
from backprop.report.wording.names import guessed_by, label
from backprop.statistics.parity import ALLOWANCE, PARITY
from backprop.study.configurations import HYPERPARAMETERS
from backprop.study.metrics import METRICS

EXPLANATIONS = {
    # What is compared
    "model": "The model",
    "other": "The model that it is compared with",
    "confidence": "The confidence of the interval",
    "configuration": "The values of all hyperparameters; empty if a model has no choice of values",
    "varied": "The hyperparameters in which it differs from the reference",
    "hyperparameter": "The hyperparameter that is changed, and no other",
    "value": "Its value; the reference has another",
    "repeat": "The repeat of the cross-validation",
    "fold": "The fold that the fit is tested on",
    "seconds": "The time that the fit took",
    "same_as": "The model before it that it is the same as",
    "same_within": "The largest difference of their probabilities",
    # The comparison
    "outcome": "What the interval, the p-value and the probabilities together show",
    "basis": "What counts as one observation: rows or groups; identical if both are one model",
    "difference": "{metric}, minus that of {baseline}",
    "t": "The difference divided by its standard error",
    "p_value": "The p-value of this comparison alone",
    "p_adjusted": "The p-value, adjusted for the number of comparisons (Holm)",
    "worse": "The probability that the model is worse by more than what counts as no difference",
    "equal": "The probability that the difference is too small to count",
    "better": "The probability that the model is better by more than what counts as no difference",
    "detectable": "The difference that this design finds in 80 of 100 such studies",
    "correct": "How many rows the first repeat predicts correctly",
    "rows": "How many rows there are",
    "wilson": "Wilson's interval of the share of correct rows in the first repeat",
    "pairs.difference": "{metric}, minus that of the other model",
    "nested_pairs.difference": "{metric}, minus that of the other model, both tuned",
    "mcnemar_p": "The p-value of McNemar's exact test on the rows of the first repeat",
    # Other metrics
    "metric": "What the models are compared by",
    "score": "The model's score by this metric, mean over the test folds",
    "rope": "The largest difference of this metric that counts as none",
    "metrics.difference": "The score, minus that of {baseline}",
    # Fits
    "status": "How the training ended",
    "epochs": "How many epochs, or steps, it took",
    "reason": "Why fits failed, or the inputs whose coefficients have no finite value",
    "fits": "The number of fits, one for each split",
    "diverged": "The number of fits whose numbers grew without limit",
    "failed": "The number of fits that ended with an error",
    "unlearned": "The number of fits that predict one class for all training rows at the end",
    "separated": "The number of fits in which a boundary separates classes, so that none is best",
    "quasi_separated": "The number of fits in which a few rows leave coefficients without a value",
    "not_converged": "The number of fits that ended before they converged",
    "chaotic": "Whether rounding alone changes the predictions",
    # Tuning
    "candidates": "The number of configurations to choose from",
    "left_out": "The number of configurations with diverged or failed fits",
    "plain_": "The {of_metric} of the configuration that is the best of all on these rows",
    "tuned_": "What the choice of the best is worth on rows that did not decide it",
    "optimism": "By how much the uncorrected {of_metric} is too good",
    "stability": "How often the same configuration is chosen",
    "logistic_": "The {of_metric} of {baseline}",
    "best": "The configuration with the best {of_metric}",
    "chosen": "The configuration that is chosen most often",
    "untuned_": "The {of_metric} of the reference of the same model, on the same splits",
    "choices": "The number of configurations that any training set chooses",
    # Warnings
    "warning": "What a reviewer would object to",
    "subject": "The feature, class, state of fits, metric or hyperparameter that it is about",
    "count": "The number of rows, fits or configurations that it is about",
    "total": "The number of all rows or fits; of a small class, the number of folds",
    "share": "The score of the feature or model; how often the same configuration is chosen, or "
    "the same reason given",
    "neighbour": "The value next to it",
    "apparent": "The difference before the correction for the choice",
    "warnings.other": "The model that is the best by this metric",
    "warnings.better": "Whether it is shown to be better than a guess: always {guessed}",
    "warnings.value": "Of a hyperparameter; or the rank correlation of neighbouring rows",
    "warnings.difference": "How much better it is than a guess, its neighbour or the other model",
    "warnings.p_value": "The p-value of the t-test; against a guess, adjusted (Holm)",
    # Error rates
    "check": "What is counted: intervals with the truth, false alarms, or differences found",
    "test": "The test of this report, or the t-test that takes the splits for independent",
    "true_difference": "The true difference of {of_metric}",
    "truth": "The true {of_metric} or difference",
    "error": "The Monte-Carlo standard error of the share",
    "sets": "The number of simulated data sets, or of pairs of them",
    "too_low": "Whether the share is below 95% by more than chance explains",
    "error_rates.other": "What it is compared with; itself: on other inputs",
    "error_rates.share": "How often it happens",
    "error_rates.left_out": "The number of simulated data sets with diverged or failed fits",
    # Checks
    "tensorflow": "The largest difference of its probabilities from those of the hand-written one",
    "plain": "The largest difference of its probabilities from those of the hand-written one",
    "twin": "The largest difference of a twin, whose starting weights differ in the last bit",
    "parity.epochs": f"Up to which recorded epoch all costs agree to {PARITY:g}",
    "bar": f"The largest difference that rounding explains: {PARITY:g}, or {ALLOWANCE:,} times that"
    " of a twin",
    "state": "Whether the implementations agree, or training is chaotic: a twin differs, too",
    "agrees": "Whether the difference is small enough",
    "quantity": "What is known",
    "expected": "The known value",
    "computed": "The value that was computed here",
    "tolerance": "The largest difference that counts as agreement",
    "source": "Where the known value is from",
    "known_answers.difference": "Computed minus known",
    "part": "The part of the step",
    "symbol": "The quantity, with the symbol of the lecture",
    "formula": "How it is computed",
    "one_step.value": "Its value by the formula of the lecture",
    "autodiff": "Its value by automatic differentiation in TensorFlow",
    "one_step.difference": "How far the two are apart",
    "effects.difference": "{metric}, minus that of the reference of the same model",
    "what": "What was recorded",
    "provenance.value": "Its value",
}
"""By the name of a column; ``table.column`` is for one table alone.

A name that ends with ``_`` is followed by that of a metric.
"""

ENDS = {"_lower": "the lower", "_upper": "the upper"}


def explanation(table: str, column: str, metric: str) -> str:
    """Return what a column of a table is, in a study with this metric; "" of an unknown one.

    Examples
    --------
    >>> explanation("tuning", "wilson_upper", "accuracy")
    "Wilson's interval of the share of correct rows in the first repeat: the upper end"
    >>> explanation("comparison", "roc_auc", "accuracy")
    'ROC AUC, mean over the test folds'
    >>> explanation("tuning", "logistic_roc_auc", "roc_auc")
    'The ROC AUC of logistic regression'
    """
    for end, words in ENDS.items():
        if column.endswith(end) and (whole := explanation(table, column.removesuffix(end), metric)):
            return f"{whole}: {words} end" + ("" if "interval" in whole else " of the interval")
    known = column.removesuffix(metric) if column != metric else column
    if own := EXPLANATIONS.get(f"{table}.{known}") or EXPLANATIONS.get(known):
        return own.format(
            baseline=MODELS[BASELINE].name,
            metric=METRICS[metric].label,
            of_metric=named(metric),
            guessed=guessed_by(metric),
        )
    if column in METRICS:
        where = "on the test fold" if table == "fits" else "mean over the test folds"
        return f"{METRICS[column].label}, {where}"
    return f"The {label(column)}" if column in HYPERPARAMETERS else ""
