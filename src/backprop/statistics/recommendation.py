"""Which model to use, decided from the tables of a study.

A decision has every fact that its sentences need: `backprop.report.wording.recommendation` words
it, and decides nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import pandas as pd
from pydantic import TypeAdapter

from backprop.files import canonical_json, write_atomically
from backprop.inference.decisions import expected_improvement
from backprop.inference.intervals import NORMAL
from backprop.models.candidate_lists import Candidates, find_configuration, is_tuned
from backprop.models.families import REGRESSION
from backprop.models.registry import BASELINE, MODELS, are_one_model, family_of
from backprop.statistics.criteria import matters
from backprop.statistics.guessing import LEVEL, shown
from backprop.statistics.tables import (
    DECISIONS,
    TABLES,
    ByMetric,
    Compared,
    Decided,
    Learned,
    Nested,
    RowsNeeded,
)
from backprop.study.configurations import Configuration
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

Solution = Literal["found", "separated", "not_converged"]

FIRST = ("giveaway_feature", "grouping_feature", "copied_rows", "alike_neighbours")
"""The warnings that come before any recommendation: new rows would have other scores."""

UNSOLVED: tuple[Solution, ...] = ("separated", "not_converged")
"""The states of fits that have a score, but no solution."""

UNSOUND = ("unlearned", "quasi_separated", *UNSOLVED)
MENTIONED = ("unlearned", *UNSOLVED)  # what sentences say of fits that have a score


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A model in its reference configuration.

    Attributes
    ----------
    model : str
    outcome : str or None
        Compared with the baseline; None if it is not compared.
    trouble : mapping of str to int
        How many fits are in which state: *diverged* or *failed* if it has no score, else in
        `MENTIONED`. Empty if all is well.
    solution : str
        Whether its fits have one: *found*; *separated*, there is none; *not_converged*, it was not
        reached.
    """

    model: str
    outcome: str | None
    trouble: Mapping[str, int]
    solution: Solution


@dataclass(frozen=True)
class Gain:
    """By how much a model is better, and the ends of the interval; above 0, whatever the metric."""

    size: float
    least: float
    most: float


@dataclass(frozen=True)
class LogLosses:
    """The log loss of a model, and of what it is compared with: the baseline or a guess."""

    model: str
    own: float
    other: float


@dataclass(frozen=True, kw_only=True)
class Probabilities:
    """What to use for probabilities, and so to decide by costs; by log loss.

    Attributes
    ----------
    model : str or None
        None if no probabilities are shown to be better than the shares of the classes.
    tuned : bool
    outcome : str or None
        Of the model, compared with the baseline; None of the baseline, and of a tuned model.
    better : LogLosses or None
        Of the model, if it is better than the baseline.
    misleading, coarser : LogLosses or None
        Of the model to decide the class, if it is worse than a guess, or than the baseline.
    undecided : list of str
        If the model is the baseline: the models that are not shown to differ from it.
    """

    model: str | None = None
    tuned: bool = False
    outcome: str | None = None
    better: LogLosses | None = None
    misleading: LogLosses | None = None
    coarser: LogLosses | None = None
    undecided: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ByCosts:
    """The model to decide by: by net benefit at the threshold of the study, or by expected cost.

    Attributes
    ----------
    model : str or None
        None if none is shown to be worth more than to decide all rows alike.
    threshold : float or None
        None with more than two classes, which are decided by expected cost.
    own, of_baseline : float or None
        The net benefit or the cost of the model, and of the baseline, if there is one.
    """

    model: str | None
    threshold: float | None
    own: float | None
    of_baseline: float | None


def decide_by_costs(rows: Sequence[Decided]) -> ByCosts | None:
    """Return the model to decide by; None without any that has probabilities.

    It is the one with the least cost, and so the largest net benefit, of the ones that are better
    than the baseline, or else the baseline. Only models count that are useful, see `Decided`.
    """
    if not rows:
        return None
    worth = {row.model: (row.net_benefit or row.cost).value for row in rows}
    useful = [row for row in rows if row.useful and not row.same_as]
    better = [row for row in useful if row.outcome == "better"]
    usable = better or [row for row in useful if row.model == BASELINE]
    best = min(usable, key=lambda row: row.cost.value, default=None)
    return ByCosts(
        model=best.model if best else None,
        threshold=rows[0].threshold,
        own=worth[best.model] if best else None,
        of_baseline=worth.get(BASELINE),
    )


@dataclass(frozen=True)
class Open:
    """A model of which the data do not show whether it is better, and by how much it may be."""

    model: str
    size: float
    tuned: bool = False


@dataclass(frozen=True)
class Matched:
    """A value of the baseline's own list that would change the advice, and its score."""

    configuration: str
    score: float


@dataclass(frozen=True)
class Nearest:
    """The model that is nearest to being better than a guess, and by which metric.

    Its p-value, adjusted for all models and metrics, is at least the level. `permuted` says whether
    it is of a permutation test.
    """

    model: str
    tuned: bool
    metric: str
    p_adjusted: float
    level: float
    permuted: bool = False


@dataclass(frozen=True)
class LearnedBy:
    """A model, as it is or tuned, and the metrics by which it is better than a guess.

    `permuted` says whether a permutation test shows it, by one of them.
    """

    model: str
    tuned: bool
    metrics: Sequence[str]
    permuted: bool = False


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """What to do, and why.

    Attributes
    ----------
    kind : str
        What is recommended, in the order of the rules of `recommend`.
    model : str or None
        The model to use; None if there is none.
    configuration : str or None
        Its configuration: the best one of a tuned model, else its reference; None without a model.
    tuned : bool
        Whether it is to be used tuned.
    baseline : Contender
    others : list of Contender
        The other models that are not the same as an earlier one.
    chosen : Contender or None
        The model to use, as it is.
    same : list of str
        All models but the baseline, if they are all the same as it.
    first : list of str
        The warnings to act on before anything else.
    guess : float or None
        The score of a guess by the metric, if models are compared with it.
    nearest : Nearest or None
        By any metric if no model is better than a guess by any; else by the metric of the study,
        if none is by this.
    ahead, ahead_tuned : list of str
        The models that are better than the baseline, as they are and tuned, if none is better than
        a guess by the metric, or only tuned ones are: the baseline is then worse than a guess, or
        near it.
    learned : list of LearnedBy
        If no model is better than a guess by the metric: the models that are by others.
    only_tuned : list of str
        If no model is better than a guess as it is: the tuned ones that are.
    gain : Gain or None
        Of the model to use over the baseline, if it is better, and the baseline has a solution: a
        margin over one without says little.
    matched : Matched or None
        The best configuration of the baseline, besides its reference, that the model to use is not
        shown to be better than.
    outtuned : list of str
        The tuned models that are better than the reference of the baseline, but not shown to be
        better than the tuned baseline.
    runners_up, beaten : list of str
        The other models that are better than the baseline, and which of them the best one is better
        than; tuned, if that is.
    reason : str
        Why no other model is recommended: none is *compared*, *better*, or better by *enough*.
    elsewhere : list of str
        The metrics, besides the study's and the log loss, by which other models are better.
    has_tuned : bool
        Whether some of the others have other configurations than their reference.
    simplest, nothing_to_tune : bool
        What speaks for the baseline. A classifier of scikit-learn may be simpler, and another
        regression is as simple.
    rival : LogLosses or None
        Of a model to use in place of a baseline that is unsolved, or no simpler.
    probabilities : Probabilities or None
        What to use for them; None without a model to use, or if that is one without a solution, or
        if no log loss is known, or if the study's metric is one of probabilities itself.
    left_open : Open or None
        The undecided model, as it is or tuned, that probably gains most over the baseline.
    by_costs : ByCosts or None
        The model to decide by, if the study has costs or a threshold.
    """

    kind: Kind
    model: str | None = None
    configuration: str | None = None
    tuned: bool = False
    baseline: Contender
    others: Sequence[Contender]
    chosen: Contender | None = None
    same: Sequence[str] = ()
    first: Sequence[str] = ()
    guess: float | None = None
    nearest: Nearest | None = None
    ahead: Sequence[str] = ()
    ahead_tuned: Sequence[str] = ()
    learned: Sequence[LearnedBy] = ()
    only_tuned: Sequence[str] = ()
    gain: Gain | None = None
    matched: Matched | None = None
    outtuned: Sequence[str] = ()
    runners_up: Sequence[str] = ()
    beaten: Sequence[str] = ()
    reason: Literal["compared", "better", "enough"] = "better"
    elsewhere: Sequence[str] = ()
    has_tuned: bool = False
    simplest: bool = False
    nothing_to_tune: bool = False
    rival: LogLosses | None = None
    probabilities: Probabilities | None = None
    left_open: Open | None = None
    by_costs: ByCosts | None = None

    @property
    def one_answer(self) -> bool:
        """Whether the model to use is also the one for probabilities, as far as is known."""
        own = self.probabilities
        return own is None or (own.model, own.tuned) == (self.model, self.tuned)


ADAPTER = TypeAdapter(Recommendation)
"""Its JSON, and with ``ADAPTER.json_schema()`` the schema of that."""


def recommend(
    tables: Mapping[str, pd.DataFrame],
    candidates: Candidates,
    *,
    metric: str,
    rope: float,
    warned: Collection[str] = (),
) -> Recommendation:
    """Decide which model to use, by the first of these rules that applies.

    Better than a guess is a model that `backprop.statistics.guessing.compare_with_guess`
    shows to be so, better than the baseline one whose outcome is *better*. A model is recommended
    only if it, or another one that it is better than, is better than a guess.

    1. *check first*: a warning of `FIRST` applies.
    2. *no score*: fits of the baseline diverged or failed.
    3. *no model*: none is shown to be better than a guess, by any metric.
    4. *another metric*: none is by the metric of the study.
    5. *tuned model*: by nested cross-validation one is better than the baseline, as it is and
       tuned, and than all models that are better as they are, by more than the rope.
    6. *better model*: one is better than the baseline. It, or the baseline, is better than a guess.
    7. *with care* or *only tuned*: the baseline is not shown to be better than a guess; another
       model is, as it is or tuned. If all of these are worse than the baseline, it is better than
       a guess, too.
    8. *rival*: another model has better probabilities, and the baseline has no solution or is no
       simpler: the other one is a regression, too.
    9. *nothing to choose*: there is no other model.
    10. *baseline*.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of a data set by name: `comparison` and `against_guess`, and, as far as there
        are such, `metrics`, `pairs`, `nested`, `nested_pairs` and `tuning`.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    metric, rope
        As the study has them.
    warned : collection of str
        The warnings that are given.
    """
    decision = _Tables(tables, candidates, metric, rope).decide(warned)
    if "decisions" not in tables or decision.kind in ("check first", "no score"):
        return decision
    return replace(decision, by_costs=decide_by_costs(DECISIONS.rows(tables["decisions"])))


def configuration_of(decision: Recommendation, candidates: Candidates) -> Configuration | None:
    """Return the configuration to use; None if no model is recommended.

    Parameters
    ----------
    decision : Recommendation
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    """
    if decision.model is None:
        return None
    return find_configuration(candidates, decision.model, decision.configuration)


def write_recommendation(file: Path, decision: Recommendation) -> None:
    """Write a decision as JSON: its attributes by name, without those that are as by default."""
    content = ADAPTER.dump_python(decision, mode="json", exclude_defaults=True)
    write_atomically(file, canonical_json(content).encode())


def read_recommendation(file: Path) -> Recommendation:
    """Read what `write_recommendation` wrote.

    Raises
    ------
    pydantic.ValidationError
        If the file has anything else.
    """
    return ADAPTER.validate_json(file.read_bytes())


def rival_of(
    decision: Recommendation, compared: Sequence[Compared], metric: str, usable: Collection[str]
) -> str | None:
    """Return the model that the recommended one is judged beside, in its reference.

    It is the baseline; beside the baseline, the other model with the best score by
    cross-validation.

    Parameters
    ----------
    decision : Recommendation
    compared : sequence of Compared
    metric : str
    usable : collection of str
        The models that can predict new rows.

    Returns
    -------
    str or None
        None if no model is recommended, or if there is no other one.
    """
    if decision.model is None:
        return None
    if decision.model != BASELINE:
        return BASELINE
    scores = {
        row.model: METRICS[metric].sign * row.score.value
        for row in compared
        if row.model != BASELINE and row.model in usable and row.score and row.same_as is None
    }
    return max(scores, key=lambda model: scores[model], default=None)


def rows_to_settle(decision: Recommendation, rows: Iterable[RowsNeeded]) -> RowsNeeded | None:
    """Return the rows that would settle what a decision leaves open, if it leaves anything open.

    That is for the largest difference that may be there, and that these data may well miss; of a
    tuned model, with the rows that its reference needs.
    """
    left_open = decision.left_open
    if left_open is None:
        return None
    own = [row for row in rows if are_one_model(row.model, left_open.model)]
    return largest_missed([row for row in own if row.size <= left_open.size])


def largest_missed(rows: Iterable[RowsNeeded]) -> RowsNeeded | None:
    """Return the row of the largest difference that these data may well miss, if there is one."""
    missed = [row for row in rows if row.rows.upper > row.rows_here]
    return max(missed, key=lambda row: row.size, default=None)


R = TypeVar("R", Compared, Nested)


class _Tables:
    """The tables of a data set, and what they show.

    The `winners` are better than the baseline as they are; the `tuned_winners` are so once they are
    tuned, and better than the tuned baseline, too. The best comes first.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], candidates: Candidates, metric: str, rope: float
    ) -> None:
        self.tables, self.candidates, self.metric, self.rope = tables, candidates, metric, rope
        self.sign = METRICS[metric].sign
        rows: list[Compared] = self.rows("comparison")
        self.against_guess: list[Learned] = self.rows("against_guess")
        self.guess = next((r.guess for r in self.against_guess if r.metric == metric), None)
        self.nested: list[Nested] = self.rows("nested")
        by_metric: list[ByMetric] = self.rows("metrics")
        self.log_losses = {row.model: row for row in by_metric if row.metric == "log_loss"}
        better = dict.fromkeys(row.metric for row in by_metric if row.outcome == "better")
        self.elsewhere = [each for each in better if each not in (metric, "log_loss")]
        self.models = [row.model for row in rows]
        self.baseline, *self.others = (row for row in rows if row.same_as is None)
        self.scores = {row.model: row.score.value for row in rows if row.score}
        self.compared = [row for row in self.others if row.score]
        tested = shown(self.against_guess, [metric])
        worse = {(row.model, False) for row in self.compared if row.outcome == "worse"}
        # Those that are better than a guess; also the baseline, if it is better than one of these.
        self.accurate = tested | {(BASELINE, False)} if tested & worse else tested
        self.winners = self._better(self.compared, tuned=False)
        self.tuned_winners = [
            row
            for row in self._better(self.nested, tuned=True)
            if row.beats_tuned is not False and row.same_as is None
        ]

    def rows(self, name: str) -> list[Any]:
        """Return the rows of a table; none if there is no such table."""
        return TABLES[name].rows(self.tables[name], self.metric) if name in self.tables else []

    def decide(self, warned: Collection[str]) -> Recommendation:
        """Apply the rules of `recommend`."""
        if first := [key for key in FIRST if key in warned]:
            return self._of("check first", first=first)
        if self.baseline.score is None:
            return self._of("no score")
        if not shown(self.against_guess):
            return self._of("no model", **self._near_a_guess(self.against_guess))
        if not self.accurate:
            by_metric = [row for row in self.against_guess if row.metric == self.metric]
            return self._of(
                "another metric", learned=self._learned(), **self._near_a_guess(by_metric)
            )
        tuned = self._tuned_winner()
        if tuned or self.winners:
            best, better = tuned or self.winners[0], self.tuned_winners if tuned else self.winners
            others = [row.model for row in better if best.model not in (BASELINE, row.model)]
            pairs = self.rows("nested_pairs" if tuned else "pairs")
            shows = {(row.model, row.other, row.outcome) for row in pairs}
            return self._of(
                "tuned model" if tuned else "better model",
                best.model,
                tuned=tuned is not None,
                gain=None if _are_in(UNSOLVED, self.baseline) else _gain(best),
                matched=Matched(best.matched_by, best.matched)
                if best.matched_by is not None and best.matched is not None
                else None,
                outtuned=self._outtuned() if tuned else [],
                runners_up=others,
                beaten=[
                    m
                    for m in others
                    if shows & {(best.model, m, "better"), (m, best.model, "worse")}
                ],
            )
        if (BASELINE, False) not in self.accurate and (unlike := self._without_baseline()):
            return unlike
        return self._baseline()

    def _of(self, kind: Kind, model: str | None = None, **values: Any) -> Recommendation:
        if model is not None:
            values |= self._about(model, values.get("tuned", False))
        return Recommendation(
            kind=kind,
            model=model,
            baseline=_contender(self.baseline, self.metric),
            others=[_contender(row, self.metric) for row in self.others],
            **{name: value for name, value in values.items() if value != []},
        )

    def _about(self, model: str, tuned: bool) -> dict[str, Any]:
        """Return what to say of the model to use, such as the best configuration if it is tuned."""
        best = {row.best for row in self.rows("tuning") if row.model == model and tuned}
        reference, *others = [each.name for each in self.candidates[model]]
        rows = (row for row in (self.baseline, *self.others) if row.model == model)
        return {
            "configuration": next((name for name in others if name in best), reference),
            "chosen": next((_contender(row, self.metric) for row in rows), None),
            "probabilities": self._for_probabilities(model, tuned),
        }

    def _near_a_guess(self, rows: Sequence[Learned]) -> dict[str, Any]:
        """Return what to say if none of these is better than a guess: the nearest, and more."""
        near = [
            Nearest(row.model, row.tuned, row.metric, row.p_adjusted, LEVEL, row.permuted)
            for row in rows
            if row.p_adjusted is not None
        ]
        return {
            "guess": self.guess,
            "nearest": min(near, key=lambda each: each.p_adjusted, default=None),
            **self._ahead(),
        }

    def _ahead(self) -> dict[str, Any]:
        """Return the models that are better than the baseline, though no better than a guess."""
        return {
            "ahead": [row.model for row in self.compared if row.outcome == "better"],
            "ahead_tuned": [
                row.model
                for row in self.nested
                if row.outcome == "better" and row.model != BASELINE
            ],
        }

    def _against_shares(self, model: str, tuned: bool) -> LogLosses | None:
        """Return the log losses of a model and of a guess, if the model is worse."""
        worse = {(row.model, row.tuned, row.metric): row for row in self.against_guess if row.worse}
        row = worse.get((model, tuned, "log_loss"))
        return LogLosses(model, row.score, row.guess) if row else None

    def _learned(self) -> list[LearnedBy]:
        """Return by which metrics each model is better than a guess, as it is if it can."""
        better: dict[tuple[str, bool], list[Learned]] = {}
        for row in self.against_guess:
            if row.better:
                better.setdefault((row.model, row.tuned), []).append(row)
        return [
            LearnedBy(model, tuned, [row.metric for row in rows], any(r.permuted for r in rows))
            for (model, tuned), rows in better.items()
            if not tuned or (model, False) not in better
        ]

    def _better(self, rows: Sequence[R], *, tuned: bool) -> list[R]:
        """Return the models that are better than the baseline, the best first.

        If the baseline is better than a guess, so are they.
        """
        better = [
            (self.sign * row.score.value, row)
            for row in rows
            if row.outcome == "better"
            and row.score
            and self.accurate & {(row.model, tuned), (BASELINE, False)}
        ]
        return [row for _, row in sorted(better, key=lambda each: -each[0])]

    def _tuned_winner(self) -> Nested | None:
        """Return the best tuned model that is better than the baseline, as it is and tuned.

        Models that are better as they are, the winners, are simpler. So it must be better than
        these by more than the rope: than its own reference on the same splits, than others on all.
        """

        def beats(tuned: Nested, winner: Compared) -> bool:
            own = tuned.untuned if winner.model == tuned.model else self.scores[winner.model]
            if own is None or tuned.score is None:
                return False
            return self.sign * (tuned.score.value - own) > self.rope

        every = (row for row in self.tuned_winners if all(beats(row, w) for w in self.winners))
        return next(every, None)

    def _outtuned(self) -> list[str]:
        """Return the tuned models that are better than the baseline only as it is."""
        rows = [row for row in self.nested if row.outcome == "better"]
        return [row.model for row in rows if row.beats_tuned is False]

    def _by_log_loss(self, model: str) -> str:
        """Return the outcome of a model by its log loss; "" if it is unknown or the metric."""
        row = None if self.metric == "log_loss" else self.log_losses.get(model)
        return row.outcome or "" if row else ""

    def _log_losses(self, model: str) -> LogLosses:
        """Return the log losses of a model and of the baseline."""
        own, other = (self.log_losses[each].score.value for each in (model, BASELINE))
        return LogLosses(model, own, other)

    def _without_baseline(self) -> Recommendation | None:
        """Recommend a model that is better than a guess; None if all of these are worse."""
        untuned = {model for model, is_tuned in self.accurate if not is_tuned}
        if not untuned:
            models = sorted(model for model, _ in self.accurate)
            return self._of("only tuned", only_tuned=models, guess=self.guess, **self._ahead())
        better = [row for row in self.compared if row.model in untuned and row.outcome != "worse"]
        best = max(better, key=lambda row: self.sign * self.scores[row.model], default=None)
        return self._of("with care", best.model) if best else None

    def _for_probabilities(self, model: str, tuned: bool) -> Probabilities | None:
        """Return what to use for probabilities, where this model decides the class.

        They are better than a guess. The model itself is used unless it is worse than the baseline,
        or others are better than the baseline and it is not.
        """
        misleading = self._against_shares(model, tuned)
        tested = {row.metric for row in self.against_guess}
        answered = METRICS[self.metric].share_of is None and not METRICS[self.metric].of_classes
        known = self.log_losses if "log_loss" in tested and not answered else {}
        rows = {row.model: row for row in (self.baseline, *self.others)}
        if not misleading and (not known or (not tuned and _are_in(UNSOLVED, rows[model]))):
            return None
        learned = shown(self.against_guess, ["log_loss"])
        outcomes = {
            each: self._by_log_loss(each)
            for each, row in rows.items()
            if each in known and (each, False) in learned and not _are_in(UNSOLVED, row)
        }
        fit = [each for each, outcome in outcomes.items() if outcome != "worse"]
        fit.sort(key=lambda each: known[each].score.value)
        finer = [each for each in fit if outcomes[each] == "better"]
        as_tuned = tuned and (model, True) in learned and {*finer} <= {model}
        order = [*([model] if model in finer else finer), *([] if tuned else [model]), BASELINE]
        best = model if as_tuned else next((m for m in [*order, *fit] if m in fit), None)
        coarser = not tuned and self._by_log_loss(model) == "worse"
        return Probabilities(
            model=best,
            tuned=as_tuned,
            outcome=None if as_tuned or best is None else outcomes[best] or None,
            better=self._log_losses(best) if best in finer and not as_tuned else None,
            misleading=misleading,
            coarser=self._log_losses(model) if coarser else None,
            undecided=[m for m in fit if outcomes[m] == "undecided" and best == BASELINE != model],
        )

    def _finer(self) -> list[LogLosses]:
        """Return the models with better probabilities that are not worse by the metric.

        By their log loss they are also better than a guess. The best comes first.
        """
        finer = [
            self._log_losses(row.model)
            for row in self.others
            if row.outcome != "worse"
            and self._by_log_loss(row.model) == "better"
            and (row.model, False) in shown(self.against_guess, ["log_loss"])
        ]
        return sorted(finer, key=lambda losses: losses.own)

    def _baseline(self) -> Recommendation:
        finer, unsolved = self._finer(), _are_in(UNSOLVED, self.baseline)
        # All of whose fits have a solution, and that are better than a guess by the metric.
        sound = {row.model for row in self.others if not _are_in(UNSOUND, row)}
        rivals = [each for each in finer if each.model in sound]
        rivals = [each for each in rivals if (each.model, False) in self.accurate]
        if not unsolved:
            rivals = [each for each in rivals if family_of(each.model) is REGRESSION]
        if rivals:
            return self._of("rival", rivals[0].model, rival=rivals[0])
        if not self.others:
            same = [model for model in self.models if model != BASELINE]
            return self._of("nothing to choose", BASELINE, same=same)
        slightly = any(row.outcome == "slightly different" for row in self.others)
        tuned = {model for model in self.candidates if is_tuned(model, self.candidates)}
        decays = self.candidates[BASELINE][0].values().get("l2")
        return self._of(
            "baseline",
            BASELINE,
            reason="compared" if not self.compared else "enough" if slightly else "better",
            outtuned=self._outtuned(),
            elsewhere=self.elsewhere,
            has_tuned=any(row.model in tuned for row in self.others),
            simplest=set(self.models) <= MODELS.keys()
            and not any(family_of(row.model) is REGRESSION for row in self.others),
            nothing_to_tune=bool(tuned) and BASELINE not in tuned and not decays,
            left_open=self._left_open(),
        )

    def _left_open(self) -> Open | None:
        """Return the undecided model that probably gains most, if it may gain more than the rope.

        What it probably gains is `expected_improvement`: a wide interval alone does not make it
        large.
        """
        solved = (row for row in self.compared if not _are_in(UNSOLVED, row))
        rows: list[Compared | Nested] = [*solved, *self.nested]
        gains = []
        for row in rows:
            if row.outcome in ("undecided", "slightly different") and row.difference:
                mean, lower, upper = row.difference
                size = upper if self.sign > 0 else -lower  # the largest gain
                error = (upper - lower) / (2 * NORMAL)  # about the standard error
                gain = expected_improvement(self.sign * mean, error)
                gains.append((gain, Open(row.model, size, isinstance(row, Nested))))
        relevant = [each for each in gains if each[1].size > self.rope]  # none without an interval
        return max(relevant, key=lambda each: each[0], default=(0.0, None))[1]


def _gain(row: Compared | Nested) -> Gain:
    """Return the difference of a model that is better, from the smaller end of its interval."""
    assert row.difference is not None
    size, *ends = row.difference
    least, most = ends if size > 0 else (-end for end in reversed(ends))
    return Gain(abs(size), least, most)


def _are_in(states: Iterable[str], row: Compared) -> bool:
    """Return whether any fit is in one of these states."""
    return any(getattr(row, state) for state in states)


def _contender(row: Compared, metric: str) -> Contender:
    if row.score is None:
        states = ["failed"] if row.failed else ["diverged"]
    else:
        states = [state for state in MENTIONED if getattr(row, state) and matters(state, metric)]
    return Contender(
        model=row.model,
        outcome=row.outcome,
        trouble={state: getattr(row, state) for state in states},
        solution=next((state for state in UNSOLVED if getattr(row, state)), "found"),
    )
