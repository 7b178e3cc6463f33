"""Which model to use, decided from the tables of a study."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from backprop.models.registry import BASELINE
from backprop.statistics.guessing import shown, shown_worse
from backprop.study.metrics import METRICS

Kind = Literal[
    "check first",
    "no score",
    "no model",
    "another metric",
    "tuned model",
    "better model",
    "only tuned",
    "with care",
    "rival",
    "nothing to choose",
    "baseline",
]

FIRST = ("giveaway_feature", "copied_rows")
"""The warnings that come before any recommendation: the scores are not those of new rows."""

UNSOLVED = ("separated", "not_converged")  # of fits that have a score, but no solution
UNSOUND = ("unlearned", "quasi_separated", *UNSOLVED)


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """What to do, and the rows of the tables that say why.

    Attributes
    ----------
    kind : str
        What is recommended, in the order of the rules of `recommend`.
    model : str or None
        The model to use; None if there is none.
    baseline : mapping
        The row of the baseline in the table of models.
    others : list of mapping
        The rows of the other models that are not the same as an earlier one.
    winners : list of mapping
        Of these, the ones that are better than the baseline; the best first.
    tuned : mapping or None
        The row of the tuned model to use, in the table of nested cross-validation.
    learned : dict of (str, bool) to list of str
        If no model is better than a guess by the metric: the models that are by others, as they are
        or tuned, and by which.
    only_tuned : list of str
        If no model is better than a guess as it is: the tuned ones that are.
    first : list of str
        The warnings to act on before anything else.
    finer : str or None
        The model whose probabilities are better than those of the baseline, to mention.
    coarser : bool
        Whether the probabilities of the model to use are worse than those of the baseline.
    misleading : bool
        Whether the probabilities of the model to use are worse than those of a guess.
    beaten : list of str
        The other winners that the best one is better than.
    open : mapping or None
        The row of the undecided model that may be better than the baseline by most.
    worth_tuning : mapping or None
        The row of the tuned model to try, if nothing compares tuned models with others.
    """

    kind: Kind
    model: str | None
    baseline: Mapping[str, Any]
    others: Sequence[Mapping[str, Any]]
    winners: Sequence[Mapping[str, Any]] = ()
    tuned: Mapping[str, Any] | None = None
    learned: Mapping[tuple[str, bool], Sequence[str]]
    only_tuned: Sequence[str] = ()
    first: Sequence[str] = ()
    finer: str | None = None
    coarser: bool = False
    misleading: bool = False
    beaten: Sequence[str] = ()
    open: Mapping[str, Any] | None = None
    worth_tuning: Mapping[str, Any] | None = None


def recommend(tables: Mapping[str, pd.DataFrame], *, metric: str, rope: float) -> Recommendation:
    """Decide which model to use, by the first of these rules that applies.

    Better than a guess is a model that `backprop.statistics.guessing.compare_with_guess`
    shows to be so, better than the baseline one whose outcome is *better*.

    1. *check first*: a warning of `FIRST` applies.
    2. *no score*: fits of the baseline diverged or failed.
    3. *no model*: none is shown to be better than a guess, by any metric.
    4. *another metric*: none is by the metric of the study.
    5. *tuned model*: by nested cross-validation one is better than the baseline, and than all
       models that are better as they are, by more than the rope.
    6. *better model*: one is better than the baseline. It, or the baseline, is better than a guess.
    7. *with care* or *only tuned*: the baseline is not shown to be better than a guess; another
       model is, as it is or tuned. One that is practically equal to the baseline, or worse, is no
       reason to leave it.
    8. *rival*: the baseline has no solution, and another model has better probabilities.
    9. *nothing to choose*: there is no other model.
    10. *baseline*.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of a data set by name: `comparison`, and, as far as there are such, `learning`,
        `metrics`, `warnings`, `pairs`, `nested` and `tuning`.
    metric, rope
        As the study has them.
    """
    return _Tables(tables, metric, rope).decide()


class _Tables:
    """The tables of a data set, and what they show."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], metric: str, rope: float):
        self.tables, self.metric, self.rope = tables, metric, rope
        self.sign = 1 if METRICS[metric].higher_is_better else -1
        rows = [r for r in self.rows("comparison") if not isinstance(r["same_as"], str)]
        self.baseline, *self.others = rows
        self.compared = [row for row in self.others if not math.isnan(row[metric])]

    def rows(self, name: str) -> list[Any]:
        """Return the rows of a table; none if there is no such table."""
        table = self.tables.get(name, pd.DataFrame())
        return table.to_dict("records")

    def shown(self, metrics: Sequence[str] | None = None) -> set[tuple[str, bool]]:
        """Return the models that are better than a guess, and if tuned; all without a table."""
        if "learning" in self.tables:
            return shown(self.tables["learning"], metrics)
        every = {(row["model"], False) for row in [self.baseline, *self.compared]}
        return every | {(row["model"], True) for row in self.rows("nested")}

    def decide(self) -> Recommendation:
        """Apply the rules of `recommend`."""
        first = [key for key in FIRST if key in {row["warning"] for row in self.rows("warnings")}]
        learned, accurate = self.shown(), self.shown([self.metric])
        if first:
            return self._of("check first", first=first)
        if math.isnan(self.baseline[self.metric]):
            return self._of("no score")
        if not learned:
            return self._of("no model")
        if not accurate:
            return self._of("another metric", learned=self._metrics_of())
        winners = self._winners(accurate)
        if tuned := self._tuned_winner(winners, accurate):
            return self._of("tuned model", tuned["model"], tuned=tuned)
        if winners:
            best = winners[0]["model"]
            beaten = [row["model"] for row in winners[1:] if self._beats(best, row["model"])]
            return self._of("better model", best, winners=winners, beaten=beaten)
        if (BASELINE, False) not in accurate and (unlike := self._without_baseline(accurate)):
            return unlike
        return self._baseline(accurate)

    def _of(self, kind: Kind, model: str | None = None, **values: Any) -> Recommendation:
        values.setdefault("learned", {})
        return Recommendation(
            kind=kind,
            model=model,
            baseline=self.baseline,
            others=self.others,
            coarser="tuned" not in values and self._by_log_loss(model) == "worse",
            misleading=(model, "tuned" in values) in self._worse_than_shares(),
            **values,
        )

    def _worse_than_shares(self) -> set[tuple[str, bool]]:
        """Return the models whose log loss is worse than that of a guess, and if tuned."""
        if "learning" not in self.tables:
            return set()
        return shown_worse(self.tables["learning"], "log_loss")

    def _metrics_of(self) -> dict[tuple[str, bool], list[str]]:
        """Return the metrics by which each model is better than a guess, as it is if it can."""
        metrics: dict[tuple[str, bool], list[str]] = {}
        for row in self.rows("learning"):
            if row["better"]:
                metrics.setdefault((row["model"], bool(row["tuned"])), []).append(row["metric"])
        return {
            key: own for key, own in metrics.items() if not key[1] or (key[0], False) not in metrics
        }

    def _winners(self, accurate: set[tuple[str, bool]]) -> list[Any]:
        """Return the models that are better than the baseline, the best first.

        If the baseline is better than a guess, so are they.
        """
        winners = [
            row
            for row in self.compared
            if row["outcome"] == "better" and accurate & {(row["model"], False), (BASELINE, False)}
        ]
        return sorted(winners, key=lambda row: -self.sign * row[self.metric])

    def _tuned_winner(
        self, winners: Sequence[Any], accurate: set[tuple[str, bool]]
    ) -> Mapping[str, Any] | None:
        """Return the best tuned model that is better than the baseline.

        Models that are better as they are, the winners, are simpler. So it must be better than
        these by more than the rope: than its own reference on the same splits, than others on all.
        """

        def as_it_is(winner: Any, tuned: Any) -> float:
            same = winner["model"] == tuned["model"]
            return float(tuned[f"untuned_{self.metric}"] if same else winner[self.metric])

        better = [
            row
            for row in self.rows("nested")
            if row["outcome"] == "better"
            and accurate & {(row["model"], True), (BASELINE, False)}
            and not isinstance(row["same_as"], str)
            and all(
                self.sign * (row[self.metric] - as_it_is(winner, row)) > self.rope
                for winner in winners
            )
        ]
        return max(better, key=lambda row: self.sign * row[self.metric], default=None)

    def _beats(self, model: str, other: str) -> bool:
        """Return whether a model is better than another, by the table of pairs."""
        return any(
            (row["model"], row["other"], row["outcome"])
            in ((model, other, "better"), (other, model, "worse"))
            for row in self.rows("pairs")
        )

    def _by_log_loss(self, model: str | None) -> str:
        """Return the outcome of a model by its log loss; "" if it is unknown or the metric."""
        if self.metric == "log_loss":
            return ""
        for row in self.rows("metrics"):
            if (row["model"], row["metric"]) == (model, "log_loss"):
                return str(row["outcome"])
        return ""

    def _log_loss(self, model: str) -> float:
        for row in self.rows("metrics"):
            if (row["model"], row["metric"]) == (model, "log_loss"):
                return float(row["score"])
        return math.nan

    def _without_baseline(self, accurate: set[tuple[str, bool]]) -> Recommendation | None:
        """Recommend a model that is better than a guess; None if the baseline is as good."""
        untuned = {model for model, is_tuned in accurate if not is_tuned}
        if not untuned:
            return self._of("only tuned", only_tuned=sorted(model for model, _ in accurate))
        better = [
            row
            for row in self.compared
            if row["model"] in untuned and row["outcome"] in ("undecided", "slightly different")
        ]
        best = max(better, key=lambda row: self.sign * row[self.metric], default=None)
        return self._of("with care", best["model"]) if best else None

    def _finer(self) -> list[Any]:
        """Return the models with better probabilities that are not worse by the metric.

        Their log loss is also better than that of a guess. The best comes first.
        """
        finer = [
            row
            for row in self.others
            if row["outcome"] != "worse"
            and self._by_log_loss(row["model"]) == "better"
            and (row["model"], False) in self.shown(["log_loss"])
        ]
        return sorted(finer, key=lambda row: self._log_loss(row["model"]))

    def _baseline(self, accurate: set[tuple[str, bool]]) -> Recommendation:
        finer, unsolved = self._finer(), any(self.baseline[state] for state in UNSOLVED)
        sound = [
            row
            for row in finer
            if (row["model"], False) in accurate and not any(row.get(state) for state in UNSOUND)
        ]
        if unsolved and sound:
            rival = sound[0]
            tuning = self._worth_tuning(rival[self.metric])
            return self._of("rival", rival["model"], worth_tuning=tuning)
        if not self.others:
            return self._of("nothing to choose", BASELINE, worth_tuning=self._worth_tuning())
        return self._of(
            "baseline",
            BASELINE,
            finer=finer[0]["model"] if finer and not unsolved else None,
            open=self._left_open(),
            worth_tuning=self._worth_tuning(),
        )

    def _left_open(self) -> Any:
        """Return the undecided model that may be better by most, if that is more than the rope."""
        end = "difference_upper" if self.sign > 0 else "difference_lower"
        undecided = [
            row
            for row in self.compared
            if row["outcome"] in ("undecided", "slightly different")
            and not any(row[state] for state in UNSOLVED)
            and self.sign * row[end] > self.rope  # not so without an interval
        ]
        return max(undecided, key=lambda row: self.sign * row[end], default=None)

    def _worth_tuning(self, untuned: float | None = None) -> Any:
        """Return the tuned model whose corrected score is better than that of an untuned one.

        That is a rival, or the baseline. With nested cross-validation, tests compare them.
        """
        nested = [row for row in self.rows("nested") if not math.isnan(row[self.metric])]
        if nested:
            return None
        name = f"tuned_{self.metric}"
        above = []
        for row in self.rows("tuning"):
            base = row[f"logistic_{self.metric}"] if untuned is None else untuned
            worst = row[f"{name}_lower" if self.sign > 0 else f"{name}_upper"]
            if self.sign * (worst - base) > 0 and self.sign * (row[name] - base) > self.rope:
                above.append({**row, "untuned": base})
        return max(above, key=lambda row: self.sign * row[name], default=None)
