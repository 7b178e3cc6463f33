"""The recommendation of a model, in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from backprop.models.registry import BASELINE, MODELS, is_network
from backprop.report.wording.amounts import article, named, score, unit_of
from backprop.report.wording.comparison import counted
from backprop.report.wording.names import be, guess_by, listed, listed_models, model_name, plural
from backprop.report.wording.rows import RELATIONS, Context
from backprop.report.wording.training_sizes import settling
from backprop.statistics.recommendation import (
    ByCosts,
    Contender,
    Kind,
    LogLosses,
    Matched,
    Nearest,
    Open,
    Probabilities,
    Recommendation,
)
from backprop.statistics.review import Warned
from backprop.statistics.tables import RowsNeeded
from backprop.study.metrics import METRICS

LOGISTIC = MODELS[BASELINE].name
UNPROVED = "that alone does not make a model better than a guess"


@dataclass(frozen=True)
class Advice:
    """Which model to use, and why.

    Attributes
    ----------
    headline : str
        What to do, without the reason and a full stop.
    purposes : sequence of str
        A line for each purpose that has an answer of its own: which model, how sure, what is open.
    details : sequence of str
        The other sentences.
    """

    headline: str
    purposes: Sequence[str]
    details: Sequence[str]


Said = tuple[str | None, ...]
"""What to do, why, and the sentences that follow, but those that are None."""


def advice(
    decision: Recommendation,
    warnings: Sequence[Warned],
    context: Context,
    needed: RowsNeeded | None = None,
) -> Advice:
    """Say which model to use, and why; the point first.

    Parameters
    ----------
    decision : Recommendation
    warnings : sequence of Warned
        With their sentences; needed if some come first.
    context : Context
        What the sentences need besides.
    needed : RowsNeeded, optional
        How many rows would settle what is left open.
    """
    first = [each.sentence for each in warnings if each.check in decision.first and each.sentence]
    return _Advice(decision, context, needed).write(first)


class _Advice:
    """What to do and why, by a method for each kind of recommendation and each fact."""

    def __init__(
        self, decision: Recommendation, context: Context, needed: RowsNeeded | None
    ) -> None:
        self.decision, self.context, self.needed = decision, context, needed
        self.unit, self.by = unit_of(context.metric), named(context.metric)
        self.name = model_name(decision.model) if decision.model else ""
        self.relation = RELATIONS.get(decision.chosen.outcome or "") if decision.chosen else None

    def _nearest(self, nearest: Nearest) -> str:
        """Say how near the decision was, see `backprop.statistics.guessing`."""
        name = model_name(nearest.model) + (", tuned" if nearest.tuned else "")
        name += "" if nearest.metric == self.context.metric else f", by {named(nearest.metric)}"
        by = ", by a permutation test" if nearest.permuted else ""
        share, level = (f"{100 * each:.3g}%" for each in (nearest.p_adjusted, nearest.level))
        return (
            f"The nearest is {name}: by luck alone, some model would do as well by some metric in "
            f"{share} of such studies{by}; only below {level} would count."
        )

    def _ahead(self, models: Sequence[str], tuned: str = "") -> str:
        """Name the models that are better than the baseline all the same."""
        names = self.context.capital(f"{tuned}{listed_models(models)}")
        return f"{names} {be(models)} better than {LOGISTIC}; {UNPROVED}."

    def _guess(self) -> str:
        """Return what models must be better than, with its score."""
        metric, guess = self.context.metric, self.decision.guess
        assert guess is not None
        return f"{guess_by(metric)}, which has {article(metric)} of {score(metric, guess)}"

    def _learned(self) -> str:
        """Say by which metrics models have learned something; models with equal ones together."""
        groups: dict[tuple[bool, str], list[str]] = {}
        for each in self.decision.learned:
            by = listed([*map(named, each.metrics)])
            by += ", by a permutation test" if each.permuted else ""
            groups.setdefault((each.tuned, by), []).append(model_name(each.model))
        sentences = [
            f"{'tuned, ' if tuned else ''}{listed(models)} {be(models)} better in {by}"
            for (tuned, by), models in groups.items()
        ]
        return ". ".join(map(self.context.capital, sentences))

    def _network(self) -> str | None:
        """Answer the question of the page, if another model is the better one."""
        better = [self.decision.model or "", *self.decision.runners_up, *self.decision.outtuned]
        networks = [each for each in self.decision.others if is_network(each.model)]
        if not networks or any(map(is_network, better)):
            return None
        first = networks[0]
        if first.outcome is None:
            return self._trouble(first)
        name = self.context.capital(model_name(first.model))
        return f"{name} is {RELATIONS[first.outcome]} {LOGISTIC}."

    def _runners_up(self, others: Sequence[str]) -> str:
        """Name the other models that are better than the baseline, and which the best one beats."""
        beaten = self.decision.beaten
        it = "it" if len(others) == 1 else "any of them"
        name, names = self.name, listed_models(others)
        if self.decision.tuned:
            name, names = f"{name}, tuned,", f"tuned, {names}"
        rest = f"these data do not show that {name} is better than {it}"
        if beaten:
            rest = f"{name} is better than {listed_models(beaten)}"
            if beaten != others:
                rest = f"of these, {rest} only"
        return f"{self.context.capital(names)} {be(others)} better than {LOGISTIC}, too; {rest}."

    def _for_probabilities(self, own: Probabilities) -> str:
        """Say what to use for probabilities, if it is not the model that decides the class."""
        them = f"those of {self.name}{', tuned,' if self.decision.tuned else ''}"
        guess = guess_by("log_loss")
        if losses := own.misleading:
            reason = f"{them} are worse than {guess} ({_log_losses(losses)})"
        elif own.coarser:
            reason = f"{them} are worse ({_log_losses(own.coarser)} of {LOGISTIC})"
        elif own.better:
            reason = f"its log loss is better, {_log_losses(own.better, '')} of {LOGISTIC}"
        else:
            are = f"{them} are not" if own.model else "none are"
            reason = f"{are} shown to be better than {guess}"
        if own.undecided:
            reason += f"; those of {listed_models(own.undecided)} are not shown to differ"
        return self.context.capital(f"for probabilities, use {_model(own)}: {reason}.")

    def _by_costs(self, own: ByCosts) -> str:
        """Say what to decide by, by the costs of the study."""
        at = f", at a threshold of {own.threshold:.3g}" if own.threshold else ""
        what, more = ("net benefit", "larger") if own.threshold else ("expected cost", "lower")
        start = f"By your costs{at}, use"
        if own.model is None:
            return (
                f"{start} no model: none is shown to be worth more than to decide all rows alike."
            )
        if own.model == BASELINE:
            return f"{start} {LOGISTIC}: no other model is shown to have a {more} {what}."
        return (
            f"{start} {model_name(own.model)}: its {what} is {more}, {own.own:,.3f} against "
            f"{own.of_baseline:,.3f} of {LOGISTIC}."
        )

    def _as_sure(self) -> str:
        """Say how the one model to use compares by its probabilities."""
        own = self.decision.probabilities
        solved = self.decision.baseline.solution == "found"
        if own is None or own.outcome is None or self.decision.rival or not solved:
            return ""
        return f"; by log loss, it is {RELATIONS[own.outcome]} {LOGISTIC}"

    def _purpose(self) -> str:
        """Return what the metric of the study is for."""
        if METRICS[self.context.metric].of_classes:
            return "to decide the class"
        ranks = METRICS[self.context.metric].share_of is not None
        return f"to rank {plural(self.context.noun)}" if ranks else f"by {self.by}"

    def _matched(self, matched: Matched) -> str:
        """Name the other value of the baseline that would change the advice."""
        metric = self.context.metric
        own = self.context.changes(BASELINE, matched.configuration)
        return (
            f"This depends on the reference of {LOGISTIC}: with {own}, which is in its list, "
            f"too, it has {article(metric)} of {score(metric, matched.score)}, and {self.name} is "
            "not shown to be better than that."
        )

    def _outtuned(self, models: Sequence[str]) -> str:
        """Name the tuned models that are better than the baseline only as long as it is not."""
        return (
            f"Tuned, {listed_models(models)} {be(models)} better than the reference of {LOGISTIC}, "
            f"but not shown to be better than {LOGISTIC}, tuned."
        )

    def _better(self, how: str = "") -> str:
        """Say by how much the model to use is better; not so over fits without a solution."""
        baseline, gain = self.decision.baseline, self.decision.gain
        reference = "the reference of " if self.decision.model == BASELINE else ""
        better = f"{how}it is better than {reference}{LOGISTIC} on these data"
        if gain is not None:
            interval = self.unit.ends(gain.least, gain.most)
            size = self.unit.in_words(gain.size)
            return f"{better}, by {size} of {self.by} (95% interval {interval})"
        return f"{better}, of which {_counts(baseline, self.context)}"

    def _decay(self) -> str | None:
        """Say what makes a comparison with a baseline that has no solution a fair one."""
        separated = self.decision.baseline.solution == "separated"
        fair = separated and self.decision.model != BASELINE
        return f"Give {LOGISTIC} a weight decay, and compare again." if fair else None

    def _care(self) -> str:
        """Return what to add to advice by a comparison with a baseline that has no solution."""
        care = self.decision.gain is None and self.decision.model != BASELINE
        return " with care" if care else ""

    def _trouble(self, contender: Contender | None) -> str | None:
        """Say how many fits of a model are in which trouble, if any is."""
        if contender is None or not contender.trouble:
            return None
        return f"Of {model_name(contender.model)}, {_counts(contender, self.context)}."

    def _troubles(self) -> list[str | None]:
        solved = [each for each in self.decision.others if each.solution == "found"]
        return [self._trouble(each) for each in solved]

    def _left_open(self, left_open: Open) -> str:
        """Say how large an advantage of a model may be, and how many rows would show it."""
        name = model_name(left_open.model) + (", tuned," if left_open.tuned else "")
        other = " than its reference" if left_open.model == BASELINE else ""
        size = self.unit.in_words(left_open.size) + ("" if self.unit.name else f" of {self.by}")
        rows = settling(self.needed, self.context.metric, self.context.noun)
        return f"Open: {name} may be better{other} by up to {size}{rows}."

    def write(self, first: Sequence[str]) -> Advice:
        """Write the advice; `first` are the sentences of the warnings to act on first."""
        decision = self.decision
        headline, reason, *rest = self._said(first)
        own, is_open = decision.probabilities, decision.left_open
        assert headline is not None
        action, sure, lines = headline, "", []
        if own and not decision.one_answer:
            lines = [self._for_probabilities(own)]
            action = f"{self._purpose()}, {headline[0].lower()}{headline[1:]}"
            headline += f"; for probabilities, use {_model(own)}"
        elif own and decision.kind != "nothing to choose":
            action, sure = f"{headline}, also for probabilities", self._as_sure()
        line = f"{self.context.capital(action)}: {reason}{sure}."
        line += f" {self._left_open(is_open)}" if is_open else ""
        lines += [self._by_costs(decision.by_costs)] if decision.by_costs else []
        return Advice(headline, [line, *lines], [*filter(None, [*self._facts(), *rest])])

    def _said(self, first: Sequence[str]) -> Said:
        said: dict[Kind, Callable[..., Said]] = {
            "check first": partial(self._check_first, *first),
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
        return said[self.decision.kind]()

    def _facts(self) -> list[str]:
        """Say what else the recommendation has, in this order."""
        decision = self.decision
        facts: list[tuple[Any, Callable[[Any], str]]] = [
            (decision.nearest, self._nearest),
            (decision.ahead, self._ahead),
            (decision.ahead_tuned, partial(self._ahead, tuned="Tuned, ")),
            (decision.matched, self._matched),
            (decision.runners_up, self._runners_up),
            (decision.outtuned, self._outtuned),
        ]
        return [say(fact) for fact, say in facts if fact]

    def _check_first(self, first: str, *others: str) -> Said:
        rest = [f"{self.context.capital(text)}." for text in others]
        return "Check the data first", first, *rest, "No model is recommended until this is done."

    def _no_score(self) -> Said:
        return (
            "No model can be recommended",
            f"of {LOGISTIC}, with which the others are compared, "
            f"{_counts(self.decision.baseline, self.context)}",
        )

    def _no_model(self) -> Said:
        return (
            "Use no model yet",
            f"none is shown to be better than {self._guess()}, nor than a guess by another metric",
            "Next, collect more data, or features that tell the classes apart better: these data "
            "do not show that there is nothing to learn.",
        )

    def _another_metric(self) -> Said:
        learned = self.decision.learned
        by = [*dict.fromkeys(metric for each in learned for metric in each.metrics)]
        it = "it has" if len({each.model for each in learned}) == 1 else "these models have"
        keys = listed([f"metric: {each}" for each in by], "or")
        which = "that" if len(by) == 1 else "one of these"
        return (
            f"Do not choose by {self.by}",
            f"no model is shown to be better by it than {self._guess()}",
            f"{self._learned()}. So {it} learned something. If {which} is what matters to you, "
            f"plan the next study with it, on new {plural(self.context.noun)} ({keys}, under "
            "comparison in the config): chosen after a look at these results, it may owe its "
            "verdict to luck.",
        )

    def _tuned_model(self) -> Said:
        return (
            f"Use {self.name}, tuned{',' * bool(self._care())}{self._care()}",
            self._better("by nested cross-validation "),
            self._decay(),
            "Sentences without the word tuned are about its reference.",
            self._network(),
        )

    def _better_model(self) -> Said:
        return (
            f"Use {self.name}{self._care()}",
            self._better(),
            self._decay(),
            self._network(),
            self._trouble(self.decision.chosen),
        )

    def _only_tuned(self) -> Said:
        models = self.decision.only_tuned
        return (
            "Use no model in its reference",
            f"none is shown to be better than {self._guess()}; "
            f"tuned, {listed_models(models)} {be(models)}, by nested cross-validation",
        )

    def _with_care(self) -> Said:
        guess = guess_by(self.context.metric)
        return (
            f"Use {self.name} with care",
            f"it is shown to be better than {guess}, and {LOGISTIC} is not; by {self.by}, it is "
            f"{self.relation} {LOGISTIC}",
            self._trouble(self.decision.chosen),
            self._trouble(self.decision.baseline),
        )

    def _rival(self) -> Said:
        rival = self.decision.rival
        assert rival is not None
        counts = _counts(self.decision.baseline, self.context)
        why = f"of {LOGISTIC}, {counts}" if counts else "it is as simple"
        return (
            f"Use {self.name}",
            f"its probabilities are better ({_log_losses(rival)} of {LOGISTIC}), and {why}; "
            f"by {self.by} it is {self.relation} {LOGISTIC}",
            *self._troubles(),
        )

    def _nothing_to_choose(self) -> Said:
        same = [model_name(model) for model in self.decision.same]
        reason = f"only {LOGISTIC} was tried"
        if same:
            reason = f"{listed(same)} {be(same)} the same model as {LOGISTIC} on these data"
        return (
            "There is nothing to choose between",
            reason,
            self._trouble(self.decision.baseline),
            *self._troubles(),
        )

    def _baseline(self) -> Said:
        decision = self.decision
        enough = " by enough to matter" if decision.reason == "enough" else ""
        by = f" in {self.by}" if decision.elsewhere else ""  # others are better by another metric
        reason = f"no other model is shown to be better{by}{enough}"
        if decision.reason == "compared":
            tuned = " in its reference" if decision.has_tuned else ""
            reason = f"no other model could be compared with it{tuned}"
        counts = _counts(self.decision.baseline, self.context)
        simplest = ", and it is the simplest" + (
            ", with nothing to tune" if self.decision.nothing_to_tune else ""
        )
        first = {
            "separated": (f"Give {LOGISTIC} a weight decay", f"{counts}; {reason}"),
            "not_converged": (f"Use {LOGISTIC} with care", f"{reason}; {counts}"),
            "found": (f"Use {LOGISTIC}", f"{reason}{simplest * self.decision.simplest}"),
        }
        return *first[self.decision.baseline.solution], *self._troubles()


def _model(own: Probabilities) -> str:
    return model_name(own.model) if own.model else "no model"


def _log_losses(losses: LogLosses, of: str = "log loss ") -> str:
    return f"{of}{losses.own:.3g} against {losses.other:.3g}"


def _counts(contender: Contender, context: Context) -> str:
    """Return how many fits of a model are in which trouble, in words; "" if none is."""
    return listed(counted(contender.trouble, context.folds * context.repeats, context))
