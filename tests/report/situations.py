"""The sentences that the report has in the situations of `sentences.md`, and its landing pages.

A situation is a row or a few rows of a table of statistics. What is not said of it is that of the
base of its chapter.
"""

import re
from functools import cache, partial

import made_advice
import pandas as pd
from made_advice import advise, costing, decided, learning, losses
from made_pages import MODELS, comparison_of, learning_of, lines_of, metrics_of, page
from worded import context_of, sentences_on, with_verdicts

from backprop.report.summary import render
from backprop.report.wording.comparison import verdict
from backprop.report.wording.error_rates import unlike_sentence
from backprop.statistics.review import WARNINGS, Warned
from backprop.statistics.tables import (
    COMPARISON,
    DECISIONS,
    ENDS,
    ERROR_RATES,
    TABLES,
    Interval,
)
from backprop.study.configurations import Configuration
from backprop.study.metrics import METRICS

NONE = float("nan")
REFERENCE = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")
OTHERS = [
    REFERENCE.changed(**changed)
    for changed in (
        {"hidden": (5,)}, {"hidden": (5, 5)}, {"hidden": (50,)}, {"activation": "relu"},
        {"learning_rate": 0.3}, {"learning_rate": 1.0}, {"learning_rate": 3.0},
        {"learning_rate": 0.3, "hidden": (5,)},
    )
]  # fmt: skip
NAMES = {
    "reference": REFERENCE.name,
    **{
        " ".join(f"{key} {each.values()[key]}" for key in each.differing(REFERENCE)): each.name
        for each in OTHERS
    },
}
NEIGHBOURS = [Configuration.of({"n_neighbors": n}) for n in (15, 5, 45)]
PENALTIES = [Configuration.of({"l2": l2}) for l2 in (0.0, 0.1)]
CANDIDATES = {
    "logistic": [Configuration()], "softmax": [Configuration()], "scratch": [REFERENCE, *OTHERS],
    "tensorflow": [REFERENCE, *OTHERS], "knn": NEIGHBOURS,
}  # fmt: skip
TUNED_BASELINE = {**CANDIDATES, "logistic": PENALTIES}


def rows_of(text, base):
    """Return the rows that a text gives, such as ``model knn, fits 3; as usual``, and its options.

    The options come last, such as ``; with rope 0.2``.
    """
    parts = text.split("; ")
    last = parts.pop() if parts[-1].startswith("with ") else "with as usual"
    return [row_of(part, base) for part in parts], row_of(last.removeprefix("with "))


def row_of(text, base=None):
    """Return what a text changes in a base."""
    if text == "as usual":
        return {}
    pairs = (pair.split(" ", 1) for pair in re.split(r", (?=[a-z_]+ )", text))
    return {key: value_of(value, (base or {}).get(key)) for key, value in pairs}


def value_of(text, usual):
    if text == "none":
        return NONE if isinstance(usual, float) else None
    if text in {"True", "False"}:
        return text == "True"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def sentences_of(name, table, candidates=CANDIDATES, **values):
    """Return the sentences of a table of statistics."""
    return with_verdicts(name, table, candidates, **values)["verdict"].dropna().tolist()


def plain(name, base, text, columns=None):
    """Return the sentences of a table that is as it is."""
    rows, options = rows_of(text, base)
    table = pd.DataFrame([{**base, **row} for row in rows], columns=columns)
    return sentences_of(name, table, **options)


# The comparison of models

COMPARED = {
    "model": "scratch", "outcome": "undecided", "accuracy": 0.8, "accuracy_lower": 0.71,
    "accuracy_upper": 0.87, "difference": 0.003, "difference_lower": -0.041,
    "difference_upper": 0.047, "p_adjusted": 0.891, "basis": "rows", "worse": 0.278, "equal": 0.347,
    "better": 0.375, "confidence": 0.95, "fits": 20, "diverged": 0, "unlearned": 0, "separated": 0,
    "not_converged": 0, "same_as": None, "same_within": NONE,
}  # fmt: skip
BETTER = {
    "outcome": "better", "difference": 0.061, "difference_lower": 0.0117,
    "difference_upper": 0.1104, "p_adjusted": 0.0322, "equal": 0.02, "better": 0.98,
}  # fmt: skip
BASELINE = {"model": "logistic", "accuracy": 0.79, "difference": NONE, "outcome": None}


def one_comparison(text):
    (row,), options = rows_of(text, COMPARED)
    (row,) = COMPARISON.rows(pd.DataFrame([{**COMPARED, **row}]), "accuracy")
    context = context_of({}, **options)
    return [verdict("the network", "logistic regression", row, context)]


def comparison(text):
    """Return the sentences of a table of models; the usual baseline needs none."""
    rows, options = rows_of(text, COMPARED)
    usual = all(row.get("model") != "logistic" for row in rows)
    table = pd.DataFrame([{**COMPARED, "failed": 0, "chaotic": False, **row}
                          for row in [BASELINE] * usual + rows])  # fmt: skip
    return sentences_of("comparison", table.astype({"same_as": object}), **options)[usual:]


SCORED = {
    "metric": "accuracy", "score": 0.8, "score_lower": 0.71, "score_upper": 0.87, "same_as": None,
}  # fmt: skip


# Tuning

TUNED = {
    "model": "scratch", "candidates": 7, "left_out": 0, "plain_accuracy": 0.836,
    "logistic_accuracy": 0.794, "best": "learning_rate 0.3", "tied": 1, "chaotic": False,
}  # fmt: skip
NESTED = {
    **COMPARED, "model": "knn", "accuracy": 0.85, "accuracy_lower": 0.8, "accuracy_upper": 0.9,
    "untuned_accuracy": 0.83, "chosen": "n_neighbors=5", "stability": 0.6, "choices": 2,
    "candidates": 3, "unchosen": 0.0, "unscored": 0.0, "chaotic": False,
}  # fmt: skip
PAIR = {**NESTED, **BETTER, "model": "scratch", "other": "knn"}


def of_configurations(name, base, column, text):
    """Return the sentences of a table in which a column names configurations, briefly."""
    rows, options = rows_of(text, base)
    metric = options.get("metric", "accuracy")
    table = pd.DataFrame([{**base, **row} for row in rows])
    tuned = "logistic" in set(table["model"])
    table[column] = table[column].replace(NAMES)
    table = table.rename(columns=lambda each: each.replace("accuracy", metric))
    return sentences_of(name, table, TUNED_BASELINE if tuned else CANDIDATES, **options)


# Implementations of the network

AGREEING = {
    "configuration": "reference", "state": "agrees", "fits": 20, "diverged": 0, "tensorflow": 2e-15,
    "tensorflow_steps": 0.2, "plain_steps": 0.1, "tensorflow_wrong_from": NONE,
    "plain_wrong_from": NONE, "epochs": 500,
}  # fmt: skip


# New data


def in_columns(**intervals):
    """Return intervals by the columns of a table."""
    ends = ("", "_lower", "_upper")
    return {
        f"{n}{end}": v for n, own in intervals.items() for end, v in zip(ends, own, strict=True)
    }


SCORED_NEW = {
    "model": "logistic", "metric": "accuracy", "promise": "kept", "outcome": None, "rope": 0.01,
    "rows": 60, "uses": 1, "other_files": 0,
    **in_columns(
        score=(0.82, 0.7, 0.9), promised=(0.79, 0.71, 0.86), distance=(0.03, -0.11, 0.14),
        difference=(NONE,) * 3, promised_difference=(NONE,) * 3,
    ),
}  # fmt: skip
NEW_CHECKED = {
    "subject": "age", "count": 12, "total": 60, "share": NONE, "study_share": NONE, "limit": NONE,
    "which": None, "p_value": NONE, "warns": True,
}  # fmt: skip


# Warnings

WARNED = {
    "model": "logistic", "other": None, "subject": None, "count": NONE, "total": NONE,
    "share": NONE, "better": None, "value": NONE, "neighbour": NONE, "apparent": NONE,
    "difference": NONE, "difference_lower": NONE, "difference_upper": NONE, "reason": None,
    "confidence": 0.95, "worse": None,
}  # fmt: skip


def warnings(text):
    """Return the sentences of warnings, whose facts are named as their columns."""
    rows, options = rows_of(text, WARNED)
    return sentences_on([warned({**WARNED, **row}) for row in rows], CANDIDATES, **options)


def warned(row):
    check, known = WARNINGS[row["warning"]], {n: v for n, v in row.items() if v == v}
    if "difference_lower" in known:
        known["difference"] = Interval(*(known[f"difference{end}"] for end in ("", *ENDS)))
    facts = {name: known.get(column) for column, name in check.facts().items()}
    return Warned(check.key, check(**facts))


# The recommendation

RIVALS = {
    "undecided": made_advice.UNDECIDED, "better": made_advice.BETTER, "worse": made_advice.WORSE,
    "diverged": made_advice.DIVERGED,
    "slightly different": {
        **made_advice.BETTER, "outcome": "slightly different", "difference": 0.009,
        "difference_lower": 0.004, "difference_upper": 0.014,
    },
    "the same": {**made_advice.BASELINE, "same_as": "logistic", "same_within": 0.0},
}  # fmt: skip


def recommendation(text):
    """Return the advice of a situation.

    Besides models with their outcomes, such as ``scratch better (unlearned 3)``, and options, such
    as ``networks 1``, a text may have

    - ``logistic`` and ``nested``: what differs in the baseline, and in the table of tuned models
      (``nested`` once for each of them);
    - ``better than a guess``: models, and by what, such as ``scratch roc_auc tuned``;
      ``log losses worse than a guess``; ``against a guess``: the adjusted p-value;
    - ``log loss``: the log losses of logistic regression and another model, and the outcome of
      the other;
      ``better by other metrics``: those by which the network is better;
    - ``net benefit``: of models, such as ``scratch 0.3 better``, or ``useless``: not shown to be
      worth more than to decide all rows alike;
    - ``against knn``: the outcomes of models;
    - ``warnings``: their keys;
    - ``rows needed``: what differs in the row on how many would show what is open.
    """
    rows, others, parts_of, tables = [], {}, {}, {}
    for part in text.split("; "):
        name, named, value = part.partition(": ")
        model, outcome, changes = re.fullmatch(r"(\S+) (.*?)(?: \((.*)\))?", part).groups()
        if named:
            parts_of.setdefault(name, []).append(value)
        elif outcome in RIVALS:
            changes = row_of(changes or "as usual", RIVALS["better"])
            rows.append({**RIVALS[outcome], "model": model, **changes})
        else:
            others |= row_of(part)

    def values(name, usual="as usual"):
        return row_of(parts_of.get(name, [usual])[0], made_advice.BASELINE)

    def names(name):
        return [each for each in parts_of[name][0].split(", ") if each != "none"]

    if "better than a guess" in parts_of:
        shown = [tuple(each.split()) for each in names("better than a guess")]
        misleading = values("log losses worse than a guess")
        tables["against_guess"] = learning(
            *((model, metric, bool(tuned)) for model, metric, *tuned in shown),
            worse=misleading, losses=misleading,
        ).assign(**values("against a guess"))  # fmt: skip
    if "log loss" in parts_of:
        tables["metrics"] = losses(**values("log loss"))
    if "better by other metrics" in parts_of:
        better_by = names("better by other metrics")
        tables["metrics"] = losses(scratch=0.4, outcome="better").iloc[[0] + len(better_by) * [1]]
        tables["metrics"]["metric"] = ["log_loss", *better_by]
    if "nested" in parts_of:
        tuned = [made_advice.NESTED.assign(**row_of(each)) for each in parts_of["nested"]]
        tables["nested"] = pd.concat(tuned)
    for part, make in (("net benefit", decided), ("expected cost", costing)):
        if part in parts_of:
            worth = [each.split() for each in names(part)]
            tables["decisions"] = DECISIONS.frame([
                make(model, float(own), useful="useless" not in more, outcome=(more or [None])[0])
                for model, own, *more in worth
            ])  # fmt: skip
    if "against knn" in parts_of:
        against = [(*each.split(" ", 1), "knn") for each in names("against knn")]
        pairs = pd.DataFrame(against, columns=["model", "outcome", "other"])
        tables["pairs"] = tables["nested_pairs"] = pairs
    if "warnings" in parts_of:
        others["warnings"] = [
            Warned(name, None, f"there is a {name}") for name in names("warnings")
        ]
    if "rows needed" in parts_of:
        row = {**NEEDED, **values("rows needed")}
        (others["needed"],) = TABLES["rows_needed"].rows(pd.DataFrame([row]))
    baseline = {**made_advice.BASELINE, **values("logistic")}
    return [advise(*rows, baseline=baseline, **others, **tables)]


# How often the verdicts are wrong

NEEDED = {
    "model": "scratch", "size": 0.05, "rows": 810.0, "rows_lower": 604.0, "rows_upper": 1083.0,
    "power": 0.2, "rows_here": 80,
}  # fmt: skip
WORTH = {
    "model": "scratch", "features": "exam_1", "outcome": "better", "difference": 0.122,
    "difference_lower": 0.041, "difference_upper": 0.203, "p_adjusted": 0.004, "basis": "rows",
    "worse": 0.001, "equal": 0.003, "better": 0.996, "confidence": 0.95, "unscored": 0,
}  # fmt: skip
CALIBRATED = {
    "model": "scratch", "recalibrated": -0.021, "recalibrated_lower": -0.034,
    "recalibrated_upper": -0.008, "p_adjusted": 0.004, "helps": True,
}  # fmt: skip
COVERED = {
    "check": "coverage", "model": "logistic", "truth": 0.8, "share": 0.96, "error": 0.02,
    "sets": 100, "left_out": 0, "too_low": False,
}  # fmt: skip


def error_rates(text):
    """Return what is said of error rates, or of the truths of some models, by their names."""
    if not text.startswith(("logistic ", "scratch ")):
        return plain("error_rates", COVERED, text, ERROR_RATES.frame([]).columns)
    (truths,), options = rows_of(text, {})
    return [unlike(truths, **options)]


def unlike(truths, metric="accuracy"):
    interval = {metric: 0.8, f"{metric}_lower": 0.7, f"{metric}_upper": 0.9}
    models = pd.DataFrame([{"model": model, **interval} for model in truths])
    rates = pd.DataFrame([{**COVERED, "model": m, "truth": truth} for m, truth in truths.items()])
    rates = ERROR_RATES.rows(rates.assign(other=None))
    return unlike_sentence(rates, COMPARISON.rows(models, metric), metric)


# The landing page


def unbounded(metric, model):
    """Return the table of metrics, in which a model has no interval by one."""
    metrics = metrics_of(TWO_MODELS)
    own = (metrics["metric"] == metric) & (metrics["model"] == model)
    return {"metrics": metrics.assign(score_lower=metrics["score_lower"].mask(own))}


THREE_MODELS = ["logistic", "softmax", "scratch"]
TWO_MODELS = ["logistic", "softmax"]
LOSSES = comparison_of(TWO_MODELS)
LOSSES.loc[1, [column for column in LOSSES if column.endswith(("_lower", "_upper"))]] = None
LOSSES = LOSSES.rename(columns=lambda name: name.replace("accuracy", "log_loss"))
IN_DOUBT = comparison_of(THREE_MODELS, trouble={"softmax": {"diverged": 3}}).assign(
    unlearned=[0, 0, 2], chaotic=[False, False, True]
)
UNSHOWN = comparison_of(["logistic", "scratch"])
UNSHOWN.loc[1, ["difference", "difference_lower", "difference_upper"]] = [0.02, -0.04, 0.08]
UNSHOWN.loc[1, "outcome"] = "undecided"
NARROW = pd.DataFrame(
    {
        "check": ["coverage"] * 4 + ["power", "false_alarm", "false_alarm"],
        "model": ["softmax", *["scratch"] * 6],
        "other": [None, None, "logistic", "knn", *["logistic"] * 3],
        "share": [0.95, 0.876, 0.88, 0.7, 0.5, 0.04, 0.3],
        "too_low": [False, True, True, True, None, None, None],
        "truth": [0.8, 0.5, -0.3, 0.0, None, None, None], "sets": 100, "error": 0.03,
        "test": [*["corrected"] * 6, "uncorrected"],
        "true_difference": [None, None, None, None, 0.05, 0.0, 0.0],
        "verdict": ["it holds", None, None, None, "it is found", None, None],
    }
)  # fmt: skip
WARNING = Warned("edge_value", None, "the best value is at the edge")
TUNED_NETWORKS = pd.DataFrame(
    {"model": ["scratch", "tensorflow"], "same_as": [None, "scratch"], "outcome": "undecided",
     "difference": [0.02, None], "difference_lower": [-0.01, None],
     "difference_upper": [0.05, None], "verdict": ["tuned, it is as good", None],
     "accuracy": 0.8, "accuracy_lower": 0.7, "accuracy_upper": 0.9, "fits": 20}
)  # fmt: skip
ROWS_NEEDED = pd.DataFrame([{**NEEDED, "verdict": None}])
ALL_BUT_ONE = {"trouble": {m: {"diverged": 1} for m in MODELS if m != "logistic"}}
PAGES = {
    "the hand-written network alone": {"models": ["logistic", "scratch"]},
    "the network in TensorFlow alone": {"models": ["logistic", "tensorflow"]},
    "no network": {"models": TWO_MODELS},
    "logistic regression alone, one repeat": {
        "models": ["logistic"], "wrong": (40, 0), "repeats": 1,
    },
    "one configuration of the network": {"sections": {"vary": {}, "also": []}},
    "a reference with batches and weight decay": {
        "sections": {
            "vary": {"hidden": [[10, 10]], "l2": [0.01], "batch_size": [8]}, "also": [],
        },
        "reference": {"batch_size": 32, "l2": 0.1},
    },
    **{
        f"by {metric}": {
            "models": TWO_MODELS, "metric": metric, "tables": {"metrics": metrics_of(TWO_MODELS)}
        }
        for metric in ("balanced_accuracy", "roc_auc", "log_loss", "brier_score")
    },
    "no interval": {"models": TWO_MODELS, "metric": "log_loss", "tables": {"comparison": LOSSES}},
    **{
        f"classes of {counts[0]} and {counts[1]} rows": {
            "models": TWO_MODELS, "classes": dict(zip("01", counts, strict=True)),
            "tables": {"metrics": metrics_of(TWO_MODELS)},
        }
        for counts in ((40, 40), (48, 32), (64, 16))
    },
    **{
        f"{name} the score of a guess": {
            "models": TWO_MODELS,
            "tables": {"metrics": metrics_of(TWO_MODELS).assign(score_lower=len(METRICS) * lower)},
        }
        for name, lower in {"an interval holds": [0.4, 0.6], "two hold": [0.4, 0.4]}.items()
    },
    **{
        f"by {metric}, an interval holds the score of a guess": {
            "models": TWO_MODELS, "metric": metric,
            "tables": {"metrics": metrics_of(TWO_MODELS).assign(score_lower=0.4)},
        }
        for metric in ("log_loss", "roc_auc")
    },
    "a model is not shown to be better than a guess": {
        "models": TWO_MODELS,
        "tables": {
            "metrics": metrics_of(TWO_MODELS),
            "against_guess": learning_of(TWO_MODELS).assign(better=[True, False]),
        },
    },
    "unequal classes, and a model is better than a baseline that is as a guess": {
        "models": TWO_MODELS, "classes": {"0": 64, "1": 16},
        "tables": {
            "metrics": metrics_of(TWO_MODELS).assign(outcome=[None, "better"] * len(METRICS)),
            "against_guess": learning_of(TWO_MODELS).assign(better=False),
        },
    },
    "a model predicts a class for very few rows": {
        "models": TWO_MODELS, "tables": unbounded("balanced_accuracy", "logistic"),
    },
    "no interval by another metric": {
        "models": TWO_MODELS, "classes": {"0": 48, "1": 32},
        "tables": unbounded("log_loss", "softmax"),
    },
    **{
        f"no interval by {metric}": {
            "models": TWO_MODELS, "metric": metric, "tables": unbounded(metric, "softmax"),
        }
        for metric in ("balanced_accuracy", "log_loss")
    },
    "unequal classes, and no model has a score": {
        "models": TWO_MODELS, "classes": {"0": 64, "1": 16},
        "tables": {"metrics": metrics_of(TWO_MODELS)[:0]},
    },
    "fits diverged or failed": {
        "models": THREE_MODELS,
        "numbers": {"trouble": {"scratch": {"diverged": 3}, "softmax": {"failed": 7}}},
    },
    "marks that are hollow or missing": {
        "models": THREE_MODELS, "tables": {"comparison": IN_DOUBT},
    },
    "models that are the same": {
        "numbers": {"same": {"softmax": ("logistic", 1e-9), "tensorflow": ("scratch", 0.0)}},
    },
    "tuned models": {
        "models": ["logistic", "scratch", "tensorflow"], "tables": {"nested": TUNED_NETWORKS},
    },
    "several configurations, without nested cross-validation": {
        "models": TWO_MODELS, "tables": {"tuning": pd.DataFrame([TUNED])},
    },
    "rows that every model gets wrong": {"wrong": (40, 39, 40, 0)},
    "a row that two untuned models get wrong": {"models": TWO_MODELS, "wrong": (40, 0)},
    "a row that every model with a score gets wrong": {
        "wrong": (40, 0), "numbers": {"trouble": {"scratch": {"diverged": 1}}},
    },
    "a row that the only model with a score gets wrong": {"wrong": (40, 0), "numbers": ALL_BUT_ONE},
    "a row that all get wrong but one that always says the same": {
        "models": THREE_MODELS, "wrong": (40, 0), "one_class": "softmax",
    },
    "the same, and both implementations always say the same": {
        "wrong": (40, 0), "one_class": "scratch tensorflow",
    },
    "the same, and one model is left": {
        "models": TWO_MODELS, "wrong": (40, 0), "one_class": "softmax",
    },
    "a warning, and error rates": {"warnings": [WARNING], "tables": {"error_rates": NARROW}},
    "what is open, and error rates of independent rows, with groups": {
        "models": ["logistic", "scratch"], "entry": {"groups": "colony"}, "groups": 12,
        "tables": {"comparison": UNSHOWN, "error_rates": NARROW.iloc[[4]].assign(model="logistic")},
    },
    "what is open, and simulated data that are unlike these": {
        "models": ["logistic", "scratch"],
        "tables": {"comparison": UNSHOWN, "error_rates": NARROW.iloc[[1, 4]]},
    },
    "a table of warnings without a sentence": {"warnings": [WARNING._replace(sentence=None)]},
    "what is open, and the rows that would settle it": {
        "models": ["logistic", "scratch"],
        "tables": {"comparison": UNSHOWN, "rows_needed": ROWS_NEEDED},
    },
    "what is open, and rows in time": {
        "models": ["logistic", "scratch"], "entry": {"order": "day"},
        "tables": {"comparison": UNSHOWN, "rows_needed": ROWS_NEEDED},
    },
    "the rows that would settle it, and nothing is open": {
        "models": ["logistic", "scratch"],
        "tables": {"rows_needed": ROWS_NEEDED},
    },
    "three classes": {"classes": {"a": 1, "b": 2, "c": 3}},
    "three classes, and no softmax regression": {
        "models": ["logistic", "scratch"], "classes": {"a": 1, "b": 2, "c": 3},
    },
    "a weight decay of logistic regression": {
        "sections": {"baselines": {"softmax": {}, "logistic": {"reference": {"l2": 2}}}},
    },
    "one of several data sets": {
        "models": ["logistic", "scratch"], "name": "b-2", "write": partial(render, of_several=True),
    },
    "a first look": {"models": ["logistic", "scratch"], "repeats": 2, "first_look": True},
    "rows without a name": {"entry": {"row": "row"}},
    "categories, missing values and groups": {
        "entry": {"row": "penguin", "groups": "colony"}, "groups": 12, "positive": None,
        "classes": {"Gentoo": 124, "Adelie": 1152, "Chinstrap": 68},
        "categories": {"island": 3}, "missing": {"sex": 11},
    },
    "an order": {"entry": {"order": "day"}, "repeats": 1},
    "equal rows together": {"entry": {"duplicates": "together"}},
    "equal rows together, and groups": {
        "entry": {"duplicates": "together", "groups": ["colony", "nest"]}, "groups": 12,
    },
    "many features and many sets of equal rows": {
        "features": [f"feature {number}" for number in range(64)],
        "duplicated_rows": [[number, number + 100] for number in range(1, 31)],
    },
    "a few sets of equal rows": {"duplicated_rows": [[14, 40], [2, 7, 1001]]},
    "a large set of equal rows": {"duplicated_rows": [[*range(1, 401)]]},
    "no equal rows": {"duplicated_rows": []},
    "what may be a mistake of the table": {
        "notes": ["2 rows have no class ('?'), and are left out", "column 'a*': found '0,5'"],
    },
}  # fmt: skip


@cache
def usual_lines(*models):
    return lines_of(page([*models]))


def landing_page(title):
    """Return what a page says that one of the same models does not, and what it leaves out."""
    if title == "both networks":
        return usual_lines(*MODELS)
    values = PAGES[title]
    models = MODELS if [*values] == ["models"] else values.get("models", MODELS)
    before, lines = usual_lines(*models), lines_of(page(**{"models": MODELS, **values}))
    gone = [f"*not*: {line}" for line in before if line not in lines]
    return [*(line for line in lines if line not in before), *gone]


# Each chapter: its base, and what returns the sentences of the text of a situation

CHAPTERS = {
    "The comparison of two models": (COMPARED, one_comparison),
    "The table of models": (COMPARED, comparison),
    "The models by each metric": (SCORED, partial(plain, "metrics", SCORED)),
    "Tuning": (TUNED, partial(of_configurations, "tuning", TUNED, "best")),
    "Nested cross-validation": (NESTED, partial(of_configurations, "nested", NESTED, "chosen")),
    "Tuned models against each other": (PAIR, partial(plain, "nested_pairs", PAIR)),
    "The implementations of the network": (AGREEING, partial(plain, "parity", AGREEING)),
    "New data": (SCORED_NEW, partial(plain, "new_data", SCORED_NEW)),
    "Whether new data are like the study's": (
        NEW_CHECKED, partial(plain, "new_data_checks", NEW_CHECKED),
    ),
    "Warnings": (WARNED, warnings),
    "The recommendation": (RIVALS, recommendation),
    "How many rows it would take": (NEEDED, partial(plain, "rows_needed", NEEDED)),
    "What features are worth": (WORTH, partial(plain, "importance", WORTH)),
    "Calibration": (CALIBRATED, partial(plain, "calibration", CALIBRATED)),
    "How often the verdicts are wrong": (COVERED, error_rates),
}  # fmt: skip
