"""The recommendation of a model, in words."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from backprop.models.registry import BASELINE, BUILT_IN, MODELS
from backprop.report.wording.amounts import amount, article, in_unit, named, score, unit_of
from backprop.report.wording.comparison import TROUBLE, name_of
from backprop.report.wording.names import guess_by, listed, sentence_case
from backprop.report.wording.rows import RELATIONS, Context, Row, without_score
from backprop.statistics.recommendation import UNSOLVED, Recommendation, recommend
from backprop.study.metrics import METRICS

LOGISTIC = MODELS[BASELINE].name


def advice(tables: Mapping[str, pd.DataFrame], context: Context) -> str:
    """Say which model to use, and why; the point first.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As `backprop.statistics.recommendation.recommend` takes them. That of the warnings
        has its sentences.
    context : Context
        What the sentences need besides.
    """
    decision = recommend(tables, metric=context.metric, rope=context.rope)
    return _Advice(decision, tables, context).write()


class _Advice:
    """The words of a recommendation."""

    def __init__(
        self, decision: Recommendation, tables: Mapping[str, pd.DataFrame], context: Context
    ):
        self.decision, self.tables, self.context = decision, tables, context
        rows: Any = tables["comparison"].to_dict("records")
        every = [{"fits": context.folds * context.repeats, **row} for row in rows]
        self.names = {row["model"]: name_of(row["model"], every) for row in every}
        self.rows = {row["model"]: row for row in every}
        self.baseline = self.rows[BASELINE]
        self.unit, self.guess = unit_of(context.metric), guess_by(context.metric)

    def write(self) -> str:
        """Write the sentences."""
        write: dict[str, Callable[[], list[str | None]]] = {
            "check first": self._check_first,
            "no score": self._no_score,
            "no model": self._no_model,
            "another metric": self._another_metric,
            "tuned model": self._tuned_model,
            "better model": self._better_model,
            "only tuned": self._only_tuned,
            "with care": self._with_care,
            "rival": self._rival,
            "nothing to choose": self._nothing_to_choose,
            "baseline": self._baseline,
        }
        first, *rest = write[self.decision.kind]()
        return " ".join(filter(None, [first, self._probabilities(), *rest]))

    def _list(self, models: Sequence[str]) -> str:
        return listed([*dict.fromkeys(self.names[model] for model in models)])

    # One method for each kind

    def _check_first(self) -> list[str | None]:
        table = self.tables["warnings"]
        own = table.loc[table["warning"].isin(self.decision.first), "verdict"].dropna()
        first, *others = own
        return [
            f"Check the data first: {first}.",
            *(f"{sentence_case(text)}." for text in others),
            "No model is recommended until this is done.",
        ]

    def _no_score(self) -> list[str | None]:
        return [
            f"No model can be recommended: of {LOGISTIC}, with which the others are compared, "
            f"{without_score(self.baseline)}."
        ]

    def _no_model(self) -> list[str | None]:
        return [f"Use no model yet: none is shown to be better than {self._guess()}."]

    def _guess(self) -> str:
        """Return what models must be better than, with its score."""
        metric, table = self.context.metric, self.tables["learning"]
        value = float(table.loc[table["metric"] == metric, "guess"].iloc[0])
        return f"{self.guess}, which has {article(metric)} of {score(metric, value)}"

    def _another_metric(self) -> list[str | None]:
        metric, learned = named(self.context.metric), self.decision.learned
        by = [*dict.fromkeys(each for metrics in learned.values() for each in metrics)]
        it = "it has" if len(learned) == 1 else "they have"
        keys = listed([f"metric: {each}" for each in by], "or")
        return [
            f"Do not choose by {metric}: no model is shown to be better by it than "
            f"{self._guess()}.",
            f"{self._learned()}, so {it} learned something. If that is what matters to you, "
            f"compare models by it: set {keys} under comparison in the config.",
        ]

    def _learned(self) -> str:
        """Say by which metrics models have learned something; those of the same ones together."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for (model, tuned), metrics in self.decision.learned.items():
            groups.setdefault((*metrics,), []).append(self.names[model] + ", tuned," * tuned)
        sentences = [
            f"{sentence_case(listed(models))} {'is' if len(models) == 1 else 'are'} better in "
            f"{listed([*map(named, metrics)])}"
            for metrics, models in groups.items()
        ]
        return ". ".join(sentences)

    def _tuned_model(self) -> list[str | None]:
        best = self.decision.tuned
        assert best is not None
        itself = best["model"] == BASELINE
        baseline = f"{LOGISTIC}, untuned," if itself else LOGISTIC
        return [
            f"Use {self.names[best['model']]}, tuned: by nested cross-validation it is better than "
            f"{baseline} on these data, by {self._gain(best)}. Sentences without the word tuned "
            "are about its reference configuration.",
            None if itself else self._unsolved_baseline(),
        ]

    def _better_model(self) -> list[str | None]:
        best, *others = self.decision.winners
        model = best["model"]
        sentences = [
            f"Use {self.names[model]}: it is better than {LOGISTIC} on these data, by "
            f"{self._gain(best)}.",
            self._runners_up(model, [row["model"] for row in others]) if others else None,
        ]
        return [*sentences, self._trouble(self.rows[model]), self._unsolved_baseline()]

    def _runners_up(self, best: str, others: Sequence[str]) -> str:
        """Name the other models that are better than the baseline, and which the best one beats."""
        verb, it = ("is", "it") if len(others) == 1 else ("are", "any of them")
        rest = f"these data do not show that {self.names[best]} is better than {it}"
        if beaten := self.decision.beaten:
            only = "only " * (len(beaten) < len(others))
            rest = f"{self.names[best]} is better {only}than {self._list(beaten)}"
        others_in_words = sentence_case(self._list(others))
        return f"{others_in_words} {verb} better than {LOGISTIC}, too; {rest}."

    def _only_tuned(self) -> list[str | None]:
        verb = "is" if len(self.decision.only_tuned) == 1 else "are"
        return [
            f"Use no model as it is: none is shown to be better than {self._guess()}. Tuned, "
            f"{self._list(self.decision.only_tuned)} {verb}, by nested cross-validation."
        ]

    def _with_care(self) -> list[str | None]:
        model = self.decision.model or ""
        name, relation = self.names[model], RELATIONS[self.rows[model]["outcome"]]
        return [
            f"Use {name} with care: it is shown to be better than {self.guess}, and {LOGISTIC} is "
            f"not. By {named(self.context.metric)}, {name} is {relation} {LOGISTIC}.",
            self._trouble(self.rows[model]),
            self._trouble(self.baseline),
        ]

    def _rival(self) -> list[str | None]:
        model = self.decision.model or ""
        relation = RELATIONS[self.rows[model]["outcome"]]
        return [
            f"Use {self.names[model]}: by {named(self.context.metric)} it is {relation} "
            f"{LOGISTIC}, but its probabilities are better "
            f"({self._log_losses(model)}), and of {LOGISTIC}, {self._counts(self.baseline)}.",
            *self._troubles(),
            self._worth_of_tuning(self.names[model]),
        ]

    def _nothing_to_choose(self) -> list[str | None]:
        same = [name for model, name in self.names.items() if model != BASELINE]
        verb = "are" if len(same) > 1 else "is"
        reason = f"only {LOGISTIC} was tried"
        if same:
            reason = f"{listed(same)} {verb} the same model as {LOGISTIC} on these data"
        return [
            f"There is nothing to choose between: {reason}.",
            self._trouble(self.baseline),
            *self._troubles(),
            self._worth_of_tuning(LOGISTIC),
        ]

    def _baseline(self) -> list[str | None]:
        reason, counts = self._why_no_other(), self._counts(self.baseline)
        if self.baseline["separated"]:
            first = f"Give {LOGISTIC} a weight decay: {counts}; {reason}."
        elif _unsolved(self.baseline):
            first = f"Use {LOGISTIC} with care: {reason}, but {counts}."
        else:
            first = f"Use {LOGISTIC}: {reason}{_simplest(self.names, self.context)}."
        finer = self.decision.finer
        return [
            first,
            f"But {self.names[finer]} has better probabilities: {self._log_losses(finer)}."
            if finer
            else None,
            self._left_open(),
            *self._troubles(),
            self._worth_of_tuning(LOGISTIC),
        ]

    # Parts

    def _gain(self, row: Row) -> str:
        """Write the advantage of a model with its interval, from the smaller end."""
        higher = row["difference"] > 0
        ends = ("_lower", "_upper") if higher else ("_upper", "_lower")
        sign = 1 if higher else -1
        gain = in_unit(abs(row["difference"]), self.unit)
        lower, upper = (amount(sign * row[f"difference{end}"], self.unit, "+") for end in ends)
        return f"{gain} of {named(self.context.metric)} (95% interval {lower} to {upper})"

    def _log_losses(self, model: str) -> str:
        table = self.tables["metrics"]
        losses = table[table["metric"] == "log_loss"].set_index("model")["score"]
        return f"log loss {losses[model]:.3g} against {losses[BASELINE]:.3g} of {LOGISTIC}"

    def _probabilities(self) -> str | None:
        """Say that the probabilities of the model to use are worse than others."""
        decision, model = self.decision, self.decision.model
        if model is None:
            return None
        if decision.misleading:
            table = self.tables["learning"]
            tuned = table["tuned"].eq(decision.tuned is not None)
            own = table[table["model"].eq(model) & tuned & table["metric"].eq("log_loss")].iloc[0]
            return (
                f"But do not use its probabilities: they are worse than {guess_by('log_loss')} "
                f"(log loss {own['score']:.3g} against {own['guess']:.3g})."
            )
        if decision.coarser:
            return f"But its probabilities are worse: {self._log_losses(model)}."
        return None

    def _unsolved_baseline(self) -> str | None:
        """Say that fits of the baseline that another model is better than have no solution."""
        if not _unsolved(self.baseline):
            return None
        separated = self.baseline["separated"]
        decay = ": give it a weight decay, and compare again" if separated else ""
        return f"But of {LOGISTIC}, {self._counts(self.baseline)}{decay}."

    def _why_no_other(self) -> str:
        others = self.decision.others
        if all(math.isnan(row[self.context.metric]) for row in others):
            tried = any(len(self.context.candidates[row["model"]]) > 1 for row in others)
            return (
                "no other model could be compared with it"
                + " in its reference configuration" * tried
            )
        slightly = any(row["outcome"] == "slightly different" for row in others)
        return "no other model is shown to be better" + " by enough to matter" * slightly

    def _counts(self, row: Row) -> str:
        """Return how many fits of a model are in which trouble, in words; "" if none is."""
        if math.isnan(row[self.context.metric]):
            return without_score(row)
        return listed(
            [
                f"{row[state]} of {row['fits']} fits {meaning.format(context=self.context)}"
                for state, meaning in TROUBLE.items()
                if row[state]
            ]
        )

    def _trouble(self, row: Row) -> str | None:
        """Say how many fits of a model are in which trouble, if any is."""
        counts = self._counts(row)
        return f"Of {self.names[row['model']]}, {counts}." if counts else None

    def _troubles(self) -> list[str | None]:
        rows = [self.rows[row["model"]] for row in self.decision.others]
        return [self._trouble(row) for row in rows if not _unsolved(row)]

    def _left_open(self) -> str | None:
        """Say how large an advantage of a model that is not shown to differ may be."""
        most = self.decision.open
        if most is None:
            return None
        ends = most["difference_upper"], -most["difference_lower"]
        size = ends[0] if METRICS[self.context.metric].higher_is_better else ends[1]
        return (
            f"These data leave open whether {self.names[most['model']]} is better than {LOGISTIC} "
            f"by up to {in_unit(size, self.unit)}."
        )

    def _worth_of_tuning(self, untuned: str) -> str | None:
        """Name the tuned model whose corrected score is better than that of an untuned one."""
        best, metric = self.decision.worth_tuning, self.context.metric
        if best is None:
            return None
        return (
            f"Tuning may be worth it: {self.names[best['model']]}, tuned, has {article(metric)} of "
            f"{score(metric, best[f'tuned_{metric}'])} after a correction for the choice, and "
            f"{untuned}, as it is, {score(metric, best['untuned'])}; no test compares the two."
        )


def _unsolved(row: Row) -> bool:
    """Return whether fits of a model have a score, but no solution."""
    return any(row[state] for state in UNSOLVED)


def _simplest(names: Mapping[str, str], context: Context) -> str:
    """Say what speaks for logistic regression; a classifier of scikit-learn may be simpler."""
    if not set(names) <= BUILT_IN:
        return ""
    tuned = {model for model, every in context.candidates.items() if len(every) > 1}
    reference = next(iter(context.candidates[BASELINE].values())).values()
    nothing = bool(tuned) and BASELINE not in tuned and not reference.get("l2")
    return ", and it is the simplest" + ", with nothing to tune" * nothing
