"""The recommendation of a model, in words."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from backprop.models.registry import BASELINE, MODELS, is_network
from backprop.report.wording.amounts import amount, article, in_unit, named, score, unit_of
from backprop.report.wording.comparison import TROUBLE
from backprop.report.wording.error_rates import share_with_range, true_size
from backprop.report.wording.names import be, guess_by, listed, model_name, sentence_case
from backprop.report.wording.rows import RELATIONS, Context
from backprop.statistics.recommendation import Contender, LogLosses, Recommendation
from backprop.statistics.tables import ErrorRate, Warned

LOGISTIC = MODELS[BASELINE].name


class Advice(NamedTuple):
    """Which model to use, and why.

    Attributes
    ----------
    headline : str
        What to do, without the reason and a full stop.
    text : str
        The headline, the reason and all other sentences.
    """

    headline: str
    text: str


class _Said(NamedTuple):
    """What to do, why, and the sentences that follow, but those that are None."""

    headline: str
    reason: str
    rest: Sequence[str | None] = ()


def advice(
    decision: Recommendation,
    warnings: Sequence[Warned],
    context: Context,
    power: ErrorRate | None = None,
) -> Advice:
    """Say which model to use, and why; the point first.

    Parameters
    ----------
    decision : Recommendation
    warnings : sequence of Warned
        With their sentences; needed if some come first.
    context : Context
        What the sentences need besides.
    power : ErrorRate, optional
        How often a difference about as large as the one that is left open would be found.
    """
    first = [row.verdict for row in warnings if row.warning in decision.first and row.verdict]
    return _Advice(decision, context, power).write(first)


class _Sentences:
    """The sentences that say the facts of a recommendation; None if it has not the fact."""

    def __init__(self, decision: Recommendation, context: Context, power: ErrorRate | None) -> None:
        self.decision, self.context, self.power = decision, context, power
        self.unit, self.by = unit_of(context.metric), named(context.metric)
        self.name = model_name(decision.model) if decision.model else ""

    def _capital(self, text: str) -> str:
        return sentence_case(text, self.context.candidates)

    def _list(self, models: Sequence[str]) -> str:
        return listed([*dict.fromkeys(map(model_name, models))])

    def _nearest(self) -> str | None:
        """Say how near the decision was, see `backprop.statistics.guessing`."""
        nearest = self.decision.nearest
        if nearest is None:
            return None
        name = model_name(nearest.model) + ", tuned" * nearest.tuned
        by = "with the classes shuffled" if nearest.permuted else "by luck alone"
        share, bar = _percent(nearest.p_value), _percent(nearest.bar)
        return (
            f"The nearest is {name}: {by}, it would score as well in {share} of such studies; only "
            f"below {bar} would count."
        )

    def _ahead(self) -> str | None:
        """Name the models that are better than the baseline all the same."""
        models = self.decision.ahead
        if not models:
            return None
        return (
            f"{self._capital(self._list(models))} {be(models)} better than {LOGISTIC}; that alone "
            "does not make a model better than a guess."
        )

    def _guess(self) -> str:
        """Return what models must be better than, with its score."""
        metric, guess = self.context.metric, self.decision.guess
        assert guess is not None
        return f"{guess_by(metric)}, which has {article(metric)} of {score(metric, guess)}"

    def _learned(self) -> str:
        """Say by which metrics models have learned something; models with equal ones together."""
        groups: dict[str, list[str]] = {}
        for each in self.decision.learned:
            name = model_name(each.model) + ", tuned," * each.tuned
            by = f"{listed([*map(named, each.metrics)])}{', by a permutation test' * each.permuted}"
            groups.setdefault(by, []).append(name)
        sentences = [
            f"{self._capital(listed(models))} {be(models)} better in {by}"
            for by, models in groups.items()
        ]
        return ". ".join(sentences)

    def _network(self) -> str | None:
        """Answer the question of the page, if another model is the better one."""
        better = [self.decision.model or "", *self.decision.runners_up, *self.decision.outtuned]
        networks = [each for each in self.decision.others if is_network(each.model)]
        if not networks or any(map(is_network, better)):
            return None
        first = networks[0]
        if first.outcome is None:
            return self._trouble(first)
        name = self._capital(model_name(first.model))
        return f"{name} is {RELATIONS[first.outcome]} {LOGISTIC}."

    def _runners_up(self) -> str | None:
        """Name the other models that are better than the baseline, and which the best one beats."""
        others, beaten = self.decision.runners_up, self.decision.beaten
        if not others:
            return None
        it = "it" if len(others) == 1 else "any of them"
        name, names = self.name, self._list(others)
        if self.decision.tuned:
            name, names = f"{name}, tuned,", f"tuned, {names}"
        rest = f"these data do not show that {name} is better than {it}"
        if beaten:
            rest = f"{name} is better than {self._list(beaten)}"
            if beaten != others:
                rest = f"of these, {rest} only"
        return f"{self._capital(names)} {be(others)} better than {LOGISTIC}, too; {rest}."

    def _probabilities(self) -> str | None:
        """Say that the probabilities of the model to use are worse than others."""
        if losses := self.decision.misleading:
            return (
                f"But do not use its probabilities: they are worse than {guess_by('log_loss')} "
                f"(log loss {losses.own:.3g} against {losses.other:.3g})."
            )
        if losses := self.decision.coarser:
            return f"But its probabilities are worse: {_log_losses(losses)}."
        return None

    def _finer(self) -> str | None:
        """Name the model whose probabilities are better than the baseline's."""
        losses = self.decision.finer
        if losses is None:
            return None
        return f"But {model_name(losses.model)} has better probabilities: " + (
            f"{_log_losses(losses)}."
        )

    def _matched(self) -> str | None:
        """Name the other value of the baseline that would change the advice."""
        matched, metric = self.decision.matched, self.context.metric
        if matched is None:
            return None
        own = self.context.changes(BASELINE, matched.configuration)
        return (
            f"But this depends on the reference of {LOGISTIC}: with {own}, which is in its list, "
            f"too, it has {article(metric)} of {score(metric, matched.score)}, and {self.name} is "
            "not shown to be better than that."
        )

    def _outtuned(self) -> str | None:
        """Name the tuned models that are better than the baseline only as long as it is not."""
        models = self.decision.outtuned
        if not models:
            return None
        return (
            f"Tuned, {self._list(models)} {be(models)} better than the reference of {LOGISTIC}, "
            f"but not shown to be better than {LOGISTIC}, tuned."
        )

    def _unsolved_baseline(self) -> str | None:
        """Say that fits of the baseline that another model is better than have no solution."""
        baseline = self.decision.baseline
        if baseline.solution == "found":
            return None
        separated = baseline.solution == "separated"
        decay = ": give it a weight decay, and compare again" * separated
        return f"But of {LOGISTIC}, {_counts(baseline, self.context)}{decay}."

    def _trouble(self, contender: Contender | None) -> str | None:
        """Say how many fits of a model are in which trouble, if any is."""
        if contender is None or not contender.trouble:
            return None
        return f"Of {model_name(contender.model)}, {_counts(contender, self.context)}."

    def _troubles(self) -> list[str | None]:
        solved = [each for each in self.decision.others if each.solution == "found"]
        return [self._trouble(each) for each in solved]

    def _left_open(self) -> str | None:
        """Say how large an advantage of a model that is not shown to differ may be."""
        left_open = self.decision.left_open
        if left_open is None:
            return None
        return (
            f"These data leave open whether {model_name(left_open.model)} is better than "
            f"{LOGISTIC} by up to {in_unit(left_open.size, self.unit)}"
            f"{'' if self.unit.name else f' of {self.by}'}{self._power()}."
        )

    def _power(self) -> str:
        """Say how often such an advantage would be found."""
        if self.power is None:
            return ""
        size, share = true_size(self.power, self.context.metric), share_with_range(self.power)
        return f"; simulations find a true advantage of {size} in {share}"

    def _worth_of_tuning(self) -> str | None:
        """Name the tuned model whose corrected score is better than a reference's."""
        worth, metric = self.decision.worth_tuning, self.context.metric
        if worth is None:
            return None
        return (
            f"Tuning may be worth it: {model_name(worth.model)}, tuned, has {article(metric)} of "
            f"{score(metric, worth.score)} after a correction for the choice, and "
            f"the reference of {model_name(worth.untuned)} "
            f"{score(metric, worth.untuned_score)}; no test compares the two."
        )


class _Advice(_Sentences):
    """What to do and why, by a method for each kind of recommendation."""

    def write(self, first: Sequence[str]) -> Advice:
        """Write the advice; `first` are the sentences of the warnings to act on first."""
        write: dict[str, Callable[[], _Said]] = {
            "check first": lambda: self._check_first(*first),
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
        said = write[self.decision.kind]()
        sentences = [f"{said.headline}: {said.reason}.", self._probabilities(), *said.rest]
        return Advice(said.headline, " ".join(filter(None, sentences)))

    def _check_first(self, first: str, *others: str) -> _Said:
        rest = [f"{self._capital(text)}." for text in others]
        return _Said(
            "Check the data first", first, [*rest, "No model is recommended until this is done."]
        )

    def _no_score(self) -> _Said:
        return _Said(
            "No model can be recommended",
            f"of {LOGISTIC}, with which the others are compared, "
            f"{_counts(self.decision.baseline, self.context)}",
        )

    def _no_model(self) -> _Said:
        return _Said(
            "Use no model yet",
            f"none is shown to be better than {self._guess()}",
            [
                self._nearest(),
                self._ahead(),
                "Next, collect more data, or features that tell the classes apart better: these "
                "data do not show that there is nothing to learn.",
            ],
        )

    def _another_metric(self) -> _Said:
        learned = self.decision.learned
        by = [*dict.fromkeys(metric for each in learned for metric in each.metrics)]
        it = "it has" if len({each.model for each in learned}) == 1 else "these models have"
        keys = listed([f"metric: {each}" for each in by], "or")
        which = "that" if len(by) == 1 else "one of these"
        return _Said(
            f"Do not choose by {self.by}",
            f"no model is shown to be better by it than {self._guess()}",
            [
                self._nearest(),
                self._ahead(),
                f"{self._learned()}. So {it} learned something. If {which} is what matters to "
                f"you, compare models by it: set {keys} under comparison in the config.",
            ],
        )

    def _tuned_model(self) -> _Said:
        itself, gain = self.decision.model == BASELINE, _gain(self.decision, self.context.metric)
        baseline = "the reference of " * itself + LOGISTIC
        return _Said(
            f"Use {self.name}, tuned",
            f"by nested cross-validation it is better than {baseline} on these data, by {gain}. "
            "Sentences without the word tuned are about its reference",
            [
                self._matched(),
                self._runners_up(),
                self._outtuned(),
                self._network(),
                None if itself else self._unsolved_baseline(),
            ],
        )

    def _better_model(self) -> _Said:
        gain = _gain(self.decision, self.context.metric)
        return _Said(
            f"Use {self.name}",
            f"it is better than {LOGISTIC} on these data, by {gain}",
            [
                self._matched(),
                self._runners_up(),
                self._network(),
                self._trouble(self.decision.chosen),
                self._unsolved_baseline(),
            ],
        )

    def _only_tuned(self) -> _Said:
        models = self.decision.only_tuned
        return _Said(
            "Use no model in its reference",
            f"none is shown to be better than {self._guess()}. "
            f"Tuned, {self._list(models)} {be(models)}, by nested cross-validation",
        )

    def _with_care(self) -> _Said:
        guess = guess_by(self.context.metric)
        return _Said(
            f"Use {self.name} with care",
            f"it is shown to be better than {guess}, and {LOGISTIC} is not. "
            f"By {self.by}, {self.name} is {_relation(self.decision)} {LOGISTIC}",
            [self._trouble(self.decision.chosen), self._trouble(self.decision.baseline)],
        )

    def _rival(self) -> _Said:
        rival = self.decision.rival
        assert rival is not None
        return _Said(
            f"Use {self.name}",
            f"by {self.by} it is {_relation(self.decision)} {LOGISTIC}, but its "
            f"probabilities are better ({_log_losses(rival)}), and of {LOGISTIC}, "
            f"{_counts(self.decision.baseline, self.context)}",
            [*self._troubles(), self._worth_of_tuning()],
        )

    def _nothing_to_choose(self) -> _Said:
        same = [model_name(model) for model in self.decision.same]
        reason = f"only {LOGISTIC} was tried"
        if same:
            reason = f"{listed(same)} {be(same)} the same model as {LOGISTIC} on these data"
        return _Said(
            "There is nothing to choose between",
            reason,
            [self._trouble(self.decision.baseline), *self._troubles(), self._worth_of_tuning()],
        )

    def _baseline(self) -> _Said:
        reason = _why_no_other(self.decision, self.by)
        counts = _counts(self.decision.baseline, self.context)
        first = {
            "separated": (f"Give {LOGISTIC} a weight decay", f"{counts}; {reason}"),
            "not_converged": (f"Use {LOGISTIC} with care", f"{reason}, but {counts}"),
            "found": (f"Use {LOGISTIC}", f"{reason}{_simplest(self.decision)}"),
        }
        rest = [
            self._outtuned(),
            self._finer(),
            self._left_open(),
            *self._troubles(),
            self._worth_of_tuning(),
        ]
        return _Said(*first[self.decision.baseline.solution], rest)


def _relation(decision: Recommendation) -> str:
    """Say how the model to use compares with the baseline."""
    assert decision.chosen is not None
    return RELATIONS[decision.chosen.outcome or ""]


def _gain(decision: Recommendation, metric: str) -> str:
    """Write the advantage of the model to use with its interval."""
    gain, unit = decision.gain, unit_of(metric)
    assert gain is not None
    least, most = (amount(end, unit, "+") for end in (gain.least, gain.most))
    return f"{in_unit(gain.size, unit)} of {named(metric)} (95% interval {least} to {most})"


def _percent(share: float) -> str:
    """Write a share with three digits.

    Examples
    --------
    >>> _percent(0.745), _percent(0.0125)
    ('74.5%', '1.25%')
    """
    return f"{100 * share:.3g}%"


def _log_losses(losses: LogLosses) -> str:
    return f"log loss {losses.own:.3g} against {losses.other:.3g} of {LOGISTIC}"


def _why_no_other(decision: Recommendation, by: str) -> str:
    """Say why no other model is recommended; by what, if others are better by another metric."""
    if decision.reason == "compared":
        tuned = " in its reference" * decision.has_tuned
        return f"no other model could be compared with it{tuned}"
    enough = " by enough to matter" * (decision.reason == "enough")
    return f"no other model is shown to be better{f' in {by}' * bool(decision.elsewhere)}{enough}"


def _simplest(decision: Recommendation) -> str:
    """Say what speaks for the baseline."""
    if not decision.simplest:
        return ""
    return ", and it is the simplest" + ", with nothing to tune" * decision.nothing_to_tune


def _counts(contender: Contender, context: Context) -> str:
    """Return how many fits of a model are in which trouble, in words; "" if none is."""
    fits = context.folds * context.repeats
    return listed(
        [
            f"{count} of {fits} fits {TROUBLE.get(state, state).format(context=context)}"
            for state, count in contender.trouble.items()
        ]
    )
