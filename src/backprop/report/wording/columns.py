"""What readers see at the head of the columns of tables."""

from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import named
from backprop.report.wording.names import guessed_by, label
from backprop.statistics.tables import ENDS, TABLES
from backprop.study.configurations import HYPERPARAMETERS
from backprop.study.metrics import METRICS


def explanations(table: str, metric: str) -> dict[str, str]:
    """Return what the columns of a table are, in a study with this metric.

    Examples
    --------
    >>> explanations("comparison", "accuracy")["difference"]
    'Accuracy, minus that of logistic regression'
    >>> explanations("comparison", "accuracy")["difference_upper"]
    'Accuracy, minus that of logistic regression: the upper end of the interval'
    >>> explanations("tuning", "roc_auc")["logistic_roc_auc"]
    'The ROC AUC of logistic regression'
    """
    words = {}
    for column, field in TABLES[table].columns(metric, HYPERPARAMETERS).items():
        name = column.removesuffix(ENDS[0]).removesuffix(ENDS[1]) if field.ends[1:] else column
        text = field.column.help.format(
            metric=METRICS[metric].label,
            of_metric=named(metric),
            baseline=MODELS[BASELINE].name,
            guess=guessed_by(metric),
            label=METRICS[name].label if name in METRICS else label(name),
        )
        if text:
            end = column.removeprefix(name).removeprefix("_")
            words[column] = f"{text}: the {end} end of the interval" if end else text
    return words
