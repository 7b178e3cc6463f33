"""The sentences of the warnings: what is wrong, and what to do."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from backprop.data.encoding import LEAST
from backprop.errors import in_brief
from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import named, score, unit_of
from backprop.report.wording.names import (
    be,
    guess_by,
    guessed_by,
    label,
    listed,
    listed_first,
    listed_models,
    model_name,
    plural,
    sentence_case,
    value,
)
from backprop.report.wording.rows import Context, in_first
from backprop.statistics.checks import about_data, about_models, about_tuning
from backprop.statistics.review import Warned
from backprop.study.metrics import EPSILON

STATES_IN_WORDS = {
    "diverged": "diverged, so there is no score. Try a smaller learning rate",
    "unlearned": "{unlearned}. Try more epochs, another learning rate or another initialisation",
    "constant": "{unlearned}. That may be right: no model is shown to name the class better than a "
    "guess. To make sure, try more epochs, another learning rate or another initialisation",
    "separated": "can separate classes, so no finite solution exists and the probabilities are too "
    "sure. Add weight decay: l2, under baselines in the config",
    "quasi_separated": "have no finite coefficient of {named}: some {rows} that this sets apart "
    "lack a class. Predictions for such {rows} are too sure, and all others are sound. See whether "
    "the input is needed, or add weight decay: l2, under baselines in the config",
    "not_converged": "stopped before they converged. Allow more steps, or look for features that "
    "repeat each other or have extreme values",
    "failed": "failed, so there is no score{why}. The log of the training says more",
}
"""What fits in a state did, and what to do about it."""

MOST_NAMED = 5  # features or classes in a sentence

Sentences = Callable[[Sequence[Any], Context], Sequence[str | None]]


def _on_each(write: Callable[[Any, Context], str]) -> Sentences:
    """Return a function that writes a sentence on each finding."""
    return lambda rows, context: [write(row, context) for row in rows]


def _on_all(
    write: Callable[[Any, Context], str], by: Callable[[Any], object] = lambda row: None
) -> Sentences:
    """Return a function that writes a sentence on all findings with one key."""
    return lambda rows, context: in_first(rows, by, lambda own: write(own, context))


def _named(texts: Sequence[str]) -> str:
    """Return names of a table as a list in prose; of many the first ones and their number."""
    return listed_first([in_brief.repr(text) for text in texts], MOST_NAMED)


def _giveaway(rows: Sequence[about_data.GiveawayFeature], context: Context) -> str:
    """Write a sentence on a feature that names groups, on several together, or on all others."""
    if rows[0].same_in_group:
        return _gives_group_away(rows[0], context)
    return (_give_away_together if rows[0].together else _gives_away)(rows, context)


def _give_away_together(rows: Sequence[about_data.GiveawayFeature], context: Context) -> str:
    names, noun = _named([row.feature for row in rows]), plural(context.noun)
    return (
        f"the features {names} together predict the class of all {rows[0].rows:.0f} {noun}. Check "
        f"whether they are known before the class is; if not, leave them out. If they say what "
        f"{noun} belong to, such as a clinic, put that into one column, and name it as the group "
        "(groups: COLUMN)"
    )


def _gives_group_away(row: about_data.GiveawayFeature, context: Context) -> str:
    name, other = _named([row.feature]), in_brief.repr(row.same_in_group or "")
    noun, how_many = plural(context.noun), _how_many(row.right, row.rows)
    return (
        f"the feature {name} alone predicts the class of {how_many} {row.rows:.0f} {noun}, and "
        f"seems to name what {noun} belong to: {other} is the same in all with equal values. "
        f"A model that has seen some of these {noun} knows the class of the others. Name it as the "
        f"group, in place of a feature (groups: {name} in the config), so that all its {noun} are "
        "in one fold"
    )


def _gives_away(rows: Sequence[about_data.GiveawayFeature], context: Context) -> str:
    least, total = min(row.right for row in rows), rows[0].rows
    several = len(rows) > 1
    names = _named([row.feature for row in rows])
    which = f"each of the features {names}" if several else f"the feature {names}"
    at_least = "at least " if several and least < total else ""
    how_many = f"{at_least}{_how_many(least, total)} {total:.0f}"
    return (
        f"{which} alone predicts the class of {how_many} {plural(context.noun)}. Check whether it "
        "is known before the class is; if not, leave it out"
    )


def _how_many(count: float, total: float) -> str:
    return "all" if count == total else f"{count:.0f} of"


def _names_groups(row: about_data.GroupingFeature, context: Context) -> str:
    noun = plural(context.noun)
    return (
        f"the feature {_named([row.feature])} seems to name what {noun} belong to: it has "
        f"{row.values:.0f} values in {row.rows:.0f} {noun}, and {in_brief.repr(row.same)} is the "
        f"same in all with equal values. If {noun} with the same value belong together, a model is "
        "tested on what it has seen, and intervals are too narrow: name it as the group, in place "
        f"of a feature (groups: {_named([row.feature])} in the config). If not, leave it out "
        f"(exclude: [{_named([row.feature])}])"
    )


def _mixed(row: about_data.MixedGroups, context: Context) -> str:
    noun, feature = plural(context.noun), _named([row.feature])
    within, name = "each stretch of neighbouring ones", "the column that tells them apart"
    if row.separator is not None:
        name = _named([row.separator])
        within = f"all with equal values of {name}, too"
    return (
        f"the {row.groups:.0f} groups seem to be {row.apart:.0f}: {feature} differs between the "
        f"{noun} of a group, and is the same in {within}. So an id that restarts, such as in each "
        f"centre, may name several groups. If it does, name {name} beside it in `groups`: with "
        "fewer groups, intervals are wider than they need to be"
    )


def _copied(row: about_data.CopiedRows, context: Context) -> str:
    return (
        f"{row.copied:.0f} of {row.rows:.0f} {plural(context.noun)} have a copy in another "
        "fold, more than chance explains: models are tested on rows that they have seen. If one "
        f"{context.noun} is in the table twice, delete the copy, or set duplicates: together"
    )


def _alike(row: about_data.AlikeNeighbours, context: Context) -> str:
    noun = plural(context.noun)
    most = f"most of all in {_named([row.feature])} (rank correlation {row.correlation:.2f}"
    if row.by_class:
        so = (
            f"the table is sorted by the class, and neighbouring {noun} of a class are more alike "
            f"than chance explains, {most}). They may only be sorted by more than the class. If "
            f"{noun} belong together, intervals are wrong, and scores may be too good, or too bad "
            "if each set has several classes, as cases with their controls have"
        )
    else:
        so = (
            f"neighbouring {noun} are more alike in class and features than chance explains, "
            f"{most}, given the class). Models are then tested on {noun} like those that they have "
            "seen: scores may be too good, and intervals too narrow"
        )
    column, order = "COLUMN in the config, with the column that says which belong together", ""
    if row.groups:
        column = f"{f'[{row.groups}]' if ', ' in row.groups else row.groups} in the config"
    if not row.by_class:
        order = ", or order: COLUMN, with the column of their time"
    return (
        f"{so}. Write groups: {column}{order}, and run again. Only if you know that the {noun} are "
        "independent, and were sorted afterwards, put the lines of the table into a random order: "
        "otherwise, that only hides the mistake"
    )


def _small(rows: Sequence[about_data.SmallClass], context: Context) -> str:
    first, noun = rows[0], plural(context.noun)
    count, folds = first.rows, first.folds
    names = _named([row.name for row in rows])
    start = f"the class {names} has only {count:.0f} {noun}"
    if len(rows) > 1:
        start = f"the classes {names} have few {noun}, the smallest {count:.0f}"
    return (
        f"{start}, about {count / folds:.2g} in a test fold. How well models predict such a class "
        "is known only roughly: collect more, and see the balanced accuracy"
    )


def _rare(rows: Sequence[about_data.RareValue], context: Context) -> str:
    differ = "differs from its" if len(rows) == 1 else "differ from their"
    return (
        f"{_named([row.what for row in rows])} {differ} commonest value in fewer than {LEAST} of "
        f"{rows[0].rows:.0f} {plural(context.noun)}: too few to learn from, and enough to "
        "mislead some models. Join rare categories, or leave such features out"
    )


def _telling_limit(row: about_data.TellingLimit, context: Context) -> str:
    return (
        f"whether {in_brief.repr(row.feature)} is at its limit of detection depends on the class: "
        f"{row.at_limit:,} of {row.rows:,} {plural(context.noun)} are at a limit, most often of "
        f"{in_brief.repr(row.most)}. A model may learn how a value was measured, which differs "
        "where limits do. Check whether all classes were measured alike"
    )


def _heavy(rows: Sequence[about_data.HeavyTails], context: Context) -> str:
    names = _named([row.feature for row in rows])
    above = _named([row.feature for row in rows if row.positive])
    return (
        f"a few rows decide the spread of {names}: their values are far from all others. Another "
        "sample has other such rows, and all models but trees depend on the spread of what they "
        "learn from: they differ more between samples than the intervals allow for. Check these "
        f"values{f', or take the logarithm of {above}' * bool(above)}"
    )


def _troubled(rows: Sequence[about_models.TroubledFits], context: Context) -> str:
    """Write a sentence on fits in one state, for one reason."""
    fits = [f"{model_name(row.model)} ({row.fits:.0f} of {row.all_fits:.0f})" for row in rows]
    reason = _reason(rows[0])
    words = STATES_IN_WORDS[_state(rows[0])].format(
        unlearned=context.unlearned,
        rows=plural(context.noun),
        why=f": {reason}" if reason else "",
        named=reason or "some inputs",
    )
    return f"fits of {listed(fits)} {words}"


def _state(row: about_models.TroubledFits) -> str:
    """Return the state of fits, as `STATES_IN_WORDS` has it."""
    return "constant" if row.state == "unlearned" and row.better is False else row.state


def _reason(row: about_models.TroubledFits) -> str:
    """Return the reason of most fits of a row, "" if none is known."""
    if row.reason is None:
        return ""
    if row.has_one_reason:
        return row.reason
    # Fits differ in them.
    others = "some inputs, such as " if row.state == "quasi_separated" else ""
    return f"{others}{row.reason} (in {row.share:.0%} of these fits)"


def _chaotic(rows: Sequence[about_models.ChaoticTraining], context: Context) -> str:
    return (
        f"the training of {listed_models(row.model for row in rows)} is chaotic: rounding errors "
        "grow with every update, so on another machine the score may be another. Try a smaller "
        "learning rate"
    )


def _guessing(
    rows: Sequence[about_models.NoBetterThanGuessing], context: Context
) -> list[str | None]:
    """Write a sentence for the models that learned nothing, and for those that did by metrics.

    And for those that are better once they are tuned.
    """
    metric = context.metric
    guess = f"{guess_by(metric)} by {named(metric)}"
    said = {}
    for row in [row for row in rows if row.metric == metric]:
        how = "worse" if row.worse else "not shown to be better"
        own = [each for each in rows if each.model == row.model]
        said[row.model] = f"{how} than {guess}{_whether_better_otherwise(own, row)}"

    def write(own: Sequence[about_models.NoBetterThanGuessing]) -> str | None:
        if own[0].metric != metric:
            return None
        return f"{listed_models(row.model for row in own)} {be(own)} {said[own[0].model]}"

    return in_first(rows, lambda row: row.metric == metric and said[row.model], write)


def _whether_better_otherwise(
    rows: Sequence[about_models.NoBetterThanGuessing], judged: about_models.NoBetterThanGuessing
) -> str:
    """Say whether one model is better when it is tuned, or by which other metrics.

    It goes on from what it is `judged` to be by the metric of the study.
    """
    by = [row.metric for row in rows if row.better]
    tuned = [row.metric for row in rows if row.remedy]
    better = "better " if judged.worse else ""
    nor = ", and not shown to be better" if judged.worse else ", nor"
    if judged.remedy:
        return f" before tuning, {better}only when tuned: do not use the reference"
    if by:
        return f", though better than a guess by {listed([*map(named, by)])}"
    if tuned:
        return (
            f"{nor} by another metric before tuning, though better than a guess by "
            f"{listed([*map(named, tuned)])} when tuned: do not use the reference"
        )
    return f"{nor} by another metric"


def _poor(rows: Sequence[about_models.PoorProbabilities], context: Context) -> str:
    """Write a sentence on the models whose classes can be used, or on the others."""
    metric = rows[0].metric
    models = [f"{model_name(row.model)} ({score(metric, row.score)})" for row in rows]
    infinite = [model_name(row.model) for row in rows if isinstance(row.difference, float)]
    model = "this model" if len(rows) == 1 else "these models"
    what = f"If you use {model}, use the classes that are predicted, and not the probabilities"
    limit = (
        f". {context.capital(listed(infinite))} gave a class that occurred the probability 0, so "
        f"the true loss is infinite; the number counts {EPSILON:.0e} in place of 0"
        if infinite
        else ""
    )
    return (
        f"the probabilities of {listed(models)} are worse than {guessed_by(metric)} "
        f"({score(metric, rows[0].guess)}), by {named(metric)}"
        f"{', as they are too sure' * (rows[0].cause is not None)}{limit}. "
        f"{'Do not use them as probabilities' if rows[0].better is False else what}"
    )


def _disagreeing(rows: Sequence[about_models.DisagreeingMetrics], context: Context) -> str:
    winners = {model_name(rows[0].model): [context.metric]}
    for row in rows:
        winners.setdefault(model_name(row.other), []).append(row.metric)
    by_metric = [
        f"by {listed([named(metric) for metric in metrics])} it is {name}"
        for name, metrics in winners.items()
    ]
    return (
        f"the best model depends on the metric: {listed(by_metric)}, and these differences are "
        f"shown. {sentence_case(named(context.metric))} was fixed beforehand; another metric is a "
        "plan for the next study"
    )


def _edge(row: about_tuning.EdgeValue, context: Context) -> str:
    key, largest = row.hyperparameter, row.is_largest
    own, other = (value(key, float(number)) for number in (row.value, row.neighbour))
    what = "number of hidden nodes" if key == "hidden" else label(key)
    difference = unit_of(context.metric).difference(row.difference, row.confidence)
    end, beyond = ("largest", "larger") if largest else ("smallest", "smaller")
    return (
        f"the best {what} of {model_name(row.model)}, {own}, is the {end} that was tried, "
        f"and better than {other} ({difference}). A {beyond} one may be better still: add it "
        "to vary"
    )


def _unstable(row: about_tuning.UnstableChoice, context: Context) -> str:
    unit = unit_of(context.metric)
    apparent, corrected = unit.in_words(row.apparent, "+"), unit.amount(row.difference, "+")
    other = "its reference" if row.model == BASELINE else MODELS[BASELINE].name
    commonest = context.choice(row.model, row.chosen)
    times = round((row.stability or 0) * row.training_sets)
    return (
        f"the best of {row.configurations:.0f} configurations of {model_name(row.model)} may "
        f"look better than {other} only because it was chosen: {apparent}, but "
        f"{corrected} by nested cross-validation, and even the commonest choice, {commonest}, is "
        f"made in only {times} of {row.training_sets:.0f} training sets"
    )


SENTENCES: dict[str, Sentences] = {
    "giveaway_feature": _on_all(
        _giveaway, lambda row: (row.same_in_group and row.feature, row.together)
    ),
    "grouping_feature": _on_each(_names_groups),
    "mixed_groups": _on_each(_mixed),
    "copied_rows": _on_each(_copied),
    "alike_neighbours": _on_each(_alike),
    "small_class": _on_all(_small),
    "rare_value": _on_all(_rare),
    "telling_limit": _on_each(_telling_limit),
    "heavy_tails": _on_all(_heavy),
    "troubled_fits": _on_all(_troubled, lambda row: (_state(row), _reason(row))),
    "chaotic_training": _on_all(_chaotic),
    "no_better_than_guessing": _guessing,
    "poor_probabilities": _on_all(_poor, lambda row: (row.better is not False, row.cause)),
    "disagreeing_metrics": _on_all(_disagreeing),
    "edge_value": _on_each(_edge),
    "unstable_choice": _on_each(_unstable),
}
"""By the keys of `backprop.statistics.review.WARNINGS`: a sentence for each finding, or None.

What is said of several is in the first of them.
"""


def worded(every: Sequence[Warned], context: Context) -> list[Warned]:
    """Return warnings with their sentences: one on several is in the first of them."""
    sentences: list[str | None] = []
    for key, own in itertools.groupby(every, key=lambda each: each.check):
        sentences += SENTENCES[key]([each.facts for each in own], context)
    return [each._replace(sentence=text) for each, text in zip(every, sentences, strict=True)]
