"""The recommendation of a model."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from backprop.inference.decisions import SIGNIFICANCE
from backprop.models.registry import BASELINE, BUILT_IN, MODELS
from backprop.report.statistics.grouping import PRIMARY
from backprop.report.wording.amounts import POINTS, amount
from backprop.report.wording.comparison import TROUBLE, name_of
from backprop.report.wording.names import GUESS, alternatives, listed, sentence_case
from backprop.report.wording.rows import RELATIONS, Context, Row, without_score

LOGISTIC = MODELS[BASELINE].name


def advice(tables: Mapping[str, pd.DataFrame], context: Context) -> str:
    """Say which model to use, and why; the point first.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of a data set by name: `comparison`, and, as far as there are such, `guessing`
        (always the commonest class), `warnings`, `pairs`, `nested` and `tuning`.
    context : Context
        What the sentences need besides.
    """
    every = [_with_fits(row, context) for row in tables["comparison"].to_dict("records")]
    names = {row["model"]: name_of(row["model"], every) for row in every}
    baseline, *others = (row for row in every if not isinstance(row["same_as"], str))
    if math.isnan(baseline["accuracy"]):
        return (
            f"No model can be recommended: of {LOGISTIC}, with which the others are compared, "
            f"{without_score(baseline)}."
        )
    compared = [row for row in others if not math.isnan(row["accuracy"])]
    guessing = Guessing.of(tables)
    if not guessing.beaten_by([baseline, *compared]):
        return _use_none(guessing, names)
    winners = [
        row
        for row in compared
        if row["outcome"] == "better"
        and row["difference"] > context.rope
        and row["model"] not in guessing.models
    ]
    winners.sort(key=lambda row: -row["accuracy"])
    tuned = _tuned_winner(tables, winners, guessing, context.rope)
    if tuned or winners:
        recommended = (
            _use_tuned(tuned, names)
            if tuned
            else _use_best(winners, baseline, tables, names, context)
        )
        itself = tuned is not None and tuned["model"] == BASELINE
        caveat = None if itself else _unsolved_baseline(baseline, context)
        return " ".join(filter(None, [recommended, caveat]))
    if BASELINE in guessing.models:
        return _use_with_care(compared, guessing, names)
    rival = _sound_rival(baseline, others, guessing)
    sentences = [
        _use_rival(rival, baseline, names, context)
        if rival
        else _use_baseline(baseline, others, guessing, names, context),
        None if rival else _left_open(compared, names, context),
        *(_trouble(row, names, context) for row in others if not _unsolved(row)),
        _worth_of_tuning(rival, tables, names, context),
    ]
    return " ".join(filter(None, sentences))


def _with_fits(row: Mapping[Any, Any], context: Context) -> Row:
    return {"fits": context.folds * context.repeats, **row}


class Guessing(NamedTuple):
    """Which models are like a guess: always predicting the commonest class.

    Attributes
    ----------
    accuracy : float
        That of a guess; -inf if it is not known.
    log_loss : float
        That of predicting the class shares; inf if it is not known.
    models : set of str
        The models that the warning on this names.
    learned : dict of str to list of str
        The ones of these that are better by other metrics, and these metrics.
    tuned : list of str
        The tuned models that are better, by their intervals.
    """

    accuracy: float
    log_loss: float
    models: set[str]
    learned: dict[str, list[str]]
    tuned: list[str]

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame]) -> "Guessing":
        """Read it from the tables of `advice`."""
        if not {"guessing", "warnings"} <= set(tables):
            return cls(-math.inf, math.inf, set(), {}, [])
        accuracy, log_loss = tables["guessing"][[PRIMARY, "log_loss"]].mean()
        warned = tables["warnings"][tables["warnings"]["warning"] == "no_better_than_guessing"]
        learned = warned[(warned["subject"] != PRIMARY) & warned["better"].eq(True)]
        tuned = [
            model
            for name, column in (("nested", "accuracy_lower"), ("tuning", "tuned_accuracy_lower"))
            if name in tables
            for model in tables[name].loc[tables[name][column] > accuracy, "model"]
        ]
        return cls(
            float(accuracy),
            float(log_loss),
            set(warned["model"]),
            {str(m): list(rows["subject"]) for m, rows in learned.groupby("model", sort=False)},
            list(dict.fromkeys(tuned)),
        )

    def beaten_by(self, scored: Sequence[Row]) -> bool:
        """Return whether any model is shown to be better: one of these, or a tuned one."""
        return bool({row["model"] for row in scored} - self.models or self.tuned)


def _use_none(guessing: Guessing, names: Mapping[str, str]) -> str:
    """Say what to do if no model is more accurate than a guess."""
    if not guessing.learned:
        return (
            f"Use no model yet: none is shown to be better than {GUESS}, which has an accuracy of "
            f"{guessing.accuracy:.1%}."
        )
    better = sentence_case(listed([names[model] for model in guessing.learned]))
    by = alternatives(metric for each in guessing.learned.values() for metric in each)
    verb, it = ("is", "it has") if len(guessing.learned) == 1 else ("are", "they have")
    return (
        f"Do not choose by accuracy: no model is shown to be more accurate than {GUESS}, which has "
        f"{guessing.accuracy:.1%}. {better} {verb} better in {by}, so {it} learned something: "
        "compare models by that."
    )


def _use_with_care(compared: Sequence[Row], guessing: Guessing, names: Mapping[str, str]) -> str:
    """Recommend what is better than a guess, which the baseline is not shown to be."""
    better = [row for row in compared if row["model"] not in guessing.models]
    if not better:
        tuned = listed([*dict.fromkeys(names[model] for model in guessing.tuned)])
        return (
            f"Use no model as it is: none is shown to be better than {GUESS}, which has an "
            f"accuracy of {guessing.accuracy:.1%}. Tuned, {tuned} may be."
        )
    best = max(better, key=lambda row: row["accuracy"])
    name = names[best["model"]]
    return (
        f"Use {name} with care: it is shown to be better than {GUESS}, and {LOGISTIC} is not shown "
        f"to be more accurate than that. By accuracy, {name} is "
        f"{RELATIONS[best['outcome']]} {LOGISTIC}."
    )


def _tuned_winner(
    tables: Mapping[str, pd.DataFrame], winners: Sequence[Row], guessing: Guessing, rope: float
) -> Row | None:
    """Return the best tuned model that is better than the baseline, by nested cross-validation.

    Models that are better as they are, the winners, are simpler. So it must be more accurate than
    these by more than the rope: than its own reference on the same splits, than others on all.
    """
    if "nested" not in tables:
        return None
    every: Any = tables["nested"].to_dict("records")
    better = [
        row
        for row in every
        if row["outcome"] == "better"
        and row["difference"] > rope
        and row["accuracy_lower"] > guessing.accuracy
        and not isinstance(row["same_as"], str)
        and all(row["accuracy"] > _as_it_is(winner, row) + rope for winner in winners)
    ]
    return max(better, key=lambda row: row["accuracy"], default=None)


def _as_it_is(winner: Row, tuned: Row) -> float:
    """Return the accuracy of a winner with which that of a tuned model is compared."""
    same = winner["model"] == tuned["model"]
    return float(tuned["untuned_accuracy"] if same else winner["accuracy"])


def _use_tuned(best: Row, names: Mapping[str, str]) -> str:
    baseline = f"{LOGISTIC}, untuned," if best["model"] == BASELINE else LOGISTIC
    return (
        f"Use {names[best['model']]}, tuned: by nested cross-validation it is better than "
        f"{baseline} on these data, by {_gain(best)}. Sentences without the word tuned are about "
        "its reference configuration."
    )


def _gain(row: Row) -> str:
    gain, lower, upper = (
        amount(row[f"difference{end}"], POINTS, sign)
        for end, sign in (("", ""), ("_lower", "+"), ("_upper", "+"))
    )
    return f"{gain} points of accuracy (95% interval {lower} to {upper})"


def _use_best(
    winners: Sequence[Row],
    baseline: Row,
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    context: Context,
) -> str:
    """Recommend the most accurate of the models that are better, and say what it lacks."""
    best, *others = winners
    sentences = [
        f"Use {names[best['model']]}: it is better than {LOGISTIC} on these data, by {_gain(best)}."
    ]
    if others:
        sentences.append(
            _runners_up(best["model"], [row["model"] for row in others], tables, names)
        )
    if _probabilities(best) == "worse":
        sentences.append(f"But its probabilities are worse: {_log_losses(best, baseline)}.")
    return " ".join([*sentences, *filter(None, [_trouble(best, names, context)])])


def _runners_up(
    best: str, others: Sequence[str], tables: Mapping[str, pd.DataFrame], names: Mapping[str, str]
) -> str:
    """Name the other models that are better than the baseline, and which the best one beats."""
    verb, it = ("is", "it") if len(others) == 1 else ("are", "any of them")
    start = f"{sentence_case(listed([names[model] for model in others]))} {verb} better than "
    beaten = [names[model] for model in others if _outcome(best, model, tables) == "better"]
    rest = f"these data do not show that {names[best]} is better than {it}"
    if beaten:
        only = "only " * (len(beaten) < len(others))
        rest = f"{names[best]} is better {only}than {listed(beaten)}"
    return f"{start}{LOGISTIC}, too; {rest}."


def _outcome(model: str, other: str, tables: Mapping[str, pd.DataFrame]) -> str | None:
    """Return the outcome of a model, compared with another; None without a table of pairs."""
    reversed_ = {"better": "worse", "worse": "better"}
    for row in tables.get("pairs", pd.DataFrame()).to_dict("records"):
        if (row["model"], row["other"]) == (model, other):
            return str(row["outcome"])
        if (row["model"], row["other"]) == (other, model):
            return reversed_.get(row["outcome"], str(row["outcome"]))
    return None


def _unsolved(row: Row) -> bool:
    """Return whether fits of a model have a score, but no solution."""
    return bool(row["separated"] + row["not_converged"])


def _unsolved_baseline(baseline: Row, context: Context) -> str | None:
    """Say that fits of the baseline that another model is better than have no solution, if so."""
    if not _unsolved(baseline):
        return None
    decay = ": give it a weight decay, and compare again" if baseline["separated"] else ""
    return f"But of {LOGISTIC}, {_counts(baseline, context)}{decay}."


def _finer(others: Sequence[Row], guessing: Guessing) -> list[Row]:
    """Return the models with better probabilities that are not less accurate; the best first.

    Their probabilities must also be better than the class shares: those of a guess.
    """
    finer = [
        row
        for row in others
        if row["outcome"] != "worse"
        and _probabilities(row) == "better"
        and row["log_loss"] < guessing.log_loss
    ]
    return sorted(finer, key=lambda row: row["log_loss"])


def _sound_rival(baseline: Row, others: Sequence[Row], guessing: Guessing) -> Row | None:
    """Return a model without trouble, to use if logistic regression has no solution."""
    sound = [
        row for row in _finer(others, guessing) if not any(row.get(state) for state in TROUBLE)
    ]
    return sound[0] if sound and _unsolved(baseline) else None


def _use_rival(rival: Row, baseline: Row, names: Mapping[str, str], context: Context) -> str:
    but = "and" if rival["outcome"] == "better" else "but"
    return (
        f"Use {names[rival['model']]}: by accuracy it is {RELATIONS[rival['outcome']]} {LOGISTIC}, "
        f"{but} its probabilities are better ({_log_losses(rival, baseline)}), and of {LOGISTIC}, "
        f"{_counts(baseline, context)}."
    )


def _use_baseline(
    baseline: Row,
    others: Sequence[Row],
    guessing: Guessing,
    names: Mapping[str, str],
    context: Context,
) -> str:
    """Say whether to use logistic regression, if no other model is better by enough."""
    if not others:
        same = [name for model, name in names.items() if model != BASELINE]
        verb = "are" if len(same) > 1 else "is"
        reason = f"only {LOGISTIC} was tried"
        if same:
            reason = f"{listed(same)} {verb} the same model as {LOGISTIC} on these data"
        start = f"There is nothing to choose between: {reason}."
        return " ".join(filter(None, [start, _trouble(baseline, names, context)]))
    doubt = _doubt(others, guessing, names)
    reason = doubt or _why_no_other(others, context)
    if baseline["separated"]:
        return f"Give {LOGISTIC} a weight decay: {_counts(baseline, context)}; {reason}."
    if _unsolved(baseline):
        return f"Use {LOGISTIC} with care: {reason}, but {_counts(baseline, context)}."
    simplest = "" if doubt else _simplest(names, context)
    sentences = [f"Use {LOGISTIC}: {reason}{simplest}."]
    for best in _finer(others, guessing)[:1]:
        name = names[best["model"]]
        sentences.append(f"But {name} has better probabilities: {_log_losses(best, baseline)}.")
    return " ".join(sentences)


def _doubt(others: Sequence[Row], guessing: Guessing, names: Mapping[str, str]) -> str | None:
    """Say which models are better than the baseline, and yet like a guess."""
    better = [row["model"] for row in others if row["outcome"] == "better"]
    doubtful = [names[model] for model in better if model in guessing.models]
    if not doubtful:
        return None
    return (
        f"{listed(doubtful)} {'is' if len(doubtful) == 1 else 'are'} better than {LOGISTIC}, but "
        f"not shown to be better than {GUESS}"
    )


def _why_no_other(others: Sequence[Row], context: Context) -> str:
    if all(math.isnan(row["accuracy"]) for row in others):
        tried = any(len(context.candidates[row["model"]]) > 1 for row in others)
        return (
            "no other model could be compared with it" + " in its reference configuration" * tried
        )
    better = [row for row in others if row["outcome"] == "better"]
    if not better:
        return "no other model is shown to be better"
    largest = max(better, key=lambda row: row["difference"])
    return (
        f"the largest advantage of another model is {_gain(largest)}, and up to "
        f"{amount(context.rope, POINTS)} points are of no practical interest"
    )


def _simplest(names: Mapping[str, str], context: Context) -> str:
    """Say what speaks for logistic regression; a classifier of scikit-learn may be simpler."""
    if not set(names) <= BUILT_IN:
        return ""
    tuned = {model for model, every in context.candidates.items() if len(every) > 1}
    reference = next(iter(context.candidates[BASELINE].values())).values()
    nothing = bool(tuned) and BASELINE not in tuned and not reference.get("l2")
    return ", and it is the simplest" + ", with nothing to tune" * nothing


def _probabilities(row: Row) -> str:
    """Return whether the log loss of a model is shown to be better or worse, or "" otherwise."""
    if math.isnan(row["log_loss_p"]) or row["log_loss_p"] >= SIGNIFICANCE:
        return ""
    return "better" if row["log_loss_difference"] < 0 else "worse"


def _log_losses(row: Row, baseline: Row) -> str:
    return f"log loss {row['log_loss']:.3g} against {baseline['log_loss']:.3g} of {LOGISTIC}"


def _counts(row: Row, context: Context) -> str:
    """Return how many fits of a model are in which trouble, in words; "" if none is."""
    if math.isnan(row["accuracy"]):
        return without_score(row)
    return listed(
        [
            f"{row[state]} of {row['fits']} fits {meaning.format(context=context)}"
            for state, meaning in TROUBLE.items()
            if row[state]
        ]
    )


def _trouble(row: Row, names: Mapping[str, str], context: Context) -> str | None:
    """Say how many fits of a model are in which trouble, if any is."""
    counts = _counts(row, context)
    return f"Of {names[row['model']]}, {counts}." if counts else None


def _left_open(compared: Sequence[Row], names: Mapping[str, str], context: Context) -> str | None:
    """Say how large an advantage of a model that is not shown to differ may be."""
    undecided = [row for row in compared if row["outcome"] == "undecided" and not _unsolved(row)]
    most = max(undecided, key=lambda row: row["difference_upper"], default=None)
    if most is None or most["difference_upper"] <= context.rope:
        return None
    size = amount(most["difference_upper"], POINTS)
    return (
        f"These data leave open whether {names[most['model']]} is better than {LOGISTIC} by up to "
        f"{size} points."
    )


def _worth_of_tuning(
    rival: Row | None,
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    context: Context,
) -> str | None:
    """Name the tuned model whose corrected accuracy is above that of the model to use untuned.

    That is `rival`, or logistic regression if there is none.
    """
    judged = "nested" in tables and tables["nested"]["accuracy"].notna().any()
    if "tuning" not in tables or judged:
        return None
    table = tables["tuning"]
    untuned = rival["accuracy"] if rival else table["logistic_accuracy"]
    table = table.assign(untuned=untuned)
    above = table[
        (table["tuned_accuracy_lower"] > table["untuned"])
        & (table["tuned_accuracy"] - table["untuned"] > context.rope)
    ]
    if above.empty:
        return None
    best = above.sort_values("tuned_accuracy").iloc[-1]
    return (
        f"Tuning may be worth it: {names[best['model']]}, tuned, has an accuracy of "
        f"{best['tuned_accuracy']:.1%} after a correction for the choice, and "
        f"{names[rival['model']] if rival else LOGISTIC}, as it is, {best['untuned']:.1%}; no test "
        "compares the two."
    )
