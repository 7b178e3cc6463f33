"""How often the verdicts are wrong, measured on drawn data sets whose truth is known."""

import itertools
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from backprop.data.dataset import Dataset
from backprop.inference.decisions import is_shown
from backprop.inference.intervals import CONFIDENCE, DECIMALS
from backprop.models.candidate_lists import Candidates
from backprop.models.registry import BASELINE
from backprop.models.simulation import Learner, Number, SimulatedDesign, score_on_drawn
from backprop.network.parameters import output_nodes, parameter_count
from backprop.statistics.comparison import compare_alone
from backprop.statistics.error_rate_findings import DIFFERENCES
from backprop.statistics.grouping import Judged, Row, mean_score
from backprop.statistics.tables import ERROR_RATES, Interval
from backprop.study.gaussians import Gaussians
from backprop.study.metrics import METRICS
from backprop.typing import Array

log = logging.getLogger(__name__)

BLOCK = 3  # data sets with the same classes, which are compared; different blocks are independent
MISS_LEVEL = 0.01  # a coverage is too low if chance makes it as low less often than this
GRID = np.linspace(0.0, 1.0, 11)  # shares of the distance of the class means
MISSED = 0.5  # of a difference, by which the means that are found may miss it
GRID_SETS = 100  # data sets on which the accuracy at each of these is measured
MOST_SETS, FEWEST_SETS = 100, 20  # if the config does not say how many
LONGEST = 60.0  # seconds for a model, if the config does not say how many


@dataclass(frozen=True)
class Simulated(Judged):
    """A model on a drawn data set, and how it is judged.

    Attributes
    ----------
    number : Number
        What decides the random numbers of the data set.
    truth : float
        The mean score of its fits on fresh rows; NaN if a fit diverged or failed.
    """

    number: Number
    truth: float


def simulate(
    dataset: Dataset,
    candidates: Candidates,
    *,
    folds: int,
    repeats: int,
    rope: float,
    metric: str,
    seed: int,
    sets: int | None,
    training: Mapping[str, object],
) -> pd.DataFrame:
    """Measure how often the verdicts on data sets like a given one are wrong.

    Parameters
    ----------
    dataset : Dataset
    candidates : mapping of str to sequence
        The models to simulate, the baseline first, each with its reference.
    folds, repeats, rope, metric, seed
        As the study has them. Groups of rows are not simulated.
    sets : int or None
        How many data sets to draw; None is as many as `sets_to_draw` says.
    training : mapping
        The stop condition of the networks.

    Returns
    -------
    DataFrame
        As `measure_error_rates`.
    """
    source = Gaussians.of(dataset)
    design = SimulatedDesign(folds=folds, repeats=repeats, metric=metric, rope=rope)
    learners = []
    for model, (configuration, *_) in candidates.items():
        learner = Learner(model=model, configuration=configuration, seed=seed, training=training)
        learners.append((learner, sets_to_draw(simulation_seconds(learner, source, design), sets)))
    return measure_error_rates(source, learners, design)


def simulation_seconds(learner: Learner, source: Gaussians, design: SimulatedDesign) -> float:
    """Return about how long a model takes for one drawn data set.

    By a formula of the config and the size of the data alone, so that no table depends on the
    machine.
    """
    fits, inputs = design.folds * design.repeats, source.means.shape[1]
    rows = len(source.y) * (design.folds - 1) // design.folds  # that a fit is trained on
    outputs, configuration = output_nodes(len(source.means)), learner.configuration
    if configuration.is_network:
        parameters = parameter_count(inputs, configuration.hidden, outputs)
        return fits * rows * learner.training["epochs"] * parameters * 3e-9
    # Of several classes, each has a regression. As many data sets again measure the power.
    directions = min(rows, inputs + 1)
    return 2 * fits * outputs * (2e-4 + rows * (inputs + 1) * (1e-7 + directions * 2e-9))


def sets_to_draw(seconds: float, wished: int | None) -> int:
    """Return how many data sets to draw if one takes some seconds.

    It is what the config wishes. If that is None, it is `MOST_SETS`, or fewer so that they do not
    take longer than `LONGEST`; 0 if less than `FEWEST_SETS` would be left, which show little.
    """
    if wished is not None:
        return wished
    sets = min(MOST_SETS, int(LONGEST / seconds))
    return sets if sets >= FEWEST_SETS else 0


def measure_error_rates(
    source: Gaussians, learners: Sequence[tuple[Learner, int]], design: SimulatedDesign
) -> pd.DataFrame:
    """Send drawn data sets through the study, and count how often its verdicts are wrong.

    Parameters
    ----------
    source : Gaussians
    learners : sequence of (Learner, int)
        The baseline first, then others; and how many data sets each is trained on. With 0, it has a
        row without a share.
    design : SimulatedDesign

    Returns
    -------
    DataFrame
        A row per check: ``coverage`` (how often the interval of the score of `model`, or of its
        difference from `other`, has the truth), ``false_alarm`` (how often a model is called better
        or worse than itself on other inputs, as good by symmetry; by the `test` of the report,
        ``corrected``, and for contrast by the t-test that takes the splits for independent,
        ``uncorrected``), ``power`` (how often a model is called better than itself on inputs that
        make its score worse by `true_difference`). `truth` is the true score or difference, `error`
        the Monte-Carlo standard error of the share, `sets` the number of data sets with an
        interval, or of pairs of them, `left_out` of the data sets on which a fit diverged,
        `too_low` whether a coverage is below 95% by more than chance explains.
    """
    rows: list[Row] = []
    simulated: dict[str, list[Simulated]] = {}
    shares = _shares_of_time(
        [sets * simulation_seconds(each, source, design) for each, sets in learners]
    )
    for (learner, sets), (done, share) in zip(learners, shares, strict=False):
        log.info("%s", learner.model, extra={"done": done, "share": share})
        numbers = [Number(number, number // BLOCK) for number in range(sets)]
        own = _judge(learner, source, numbers, design)
        simulated[learner.model] = own
        kept = [each for each in own if each.scored]  # no fit diverged or failed
        intervals = [mean_score(each, each.metric) for each in kept]
        row = _coverage([each.truth for each in kept], intervals)
        rows.append({"model": learner.model, **row, "left_out": len(own) - len(kept)})
    baseline = simulated[BASELINE]
    for model, own in simulated.items():
        if model != BASELINE:
            row = _coverage_of_difference(own, baseline)
            rows.append({"model": model, "other": BASELINE, **row})
    for model, own in simulated.items():
        rows += [{"model": model, "other": model, **row} for row in _false_alarms(own)]
    learner, _ = learners[0]
    done, share = shares[-1]
    log.info("power", extra={"done": done, "share": share})
    power = _power(learner, source, baseline, design)
    rows += [{"model": BASELINE, "other": BASELINE, **row} for row in power]
    return ERROR_RATES.frame(rows)


def _shares_of_time(seconds: Sequence[float]) -> list[tuple[float, float]]:
    """Return how much is done before each model and before the power, and the share of each.

    Half of the seconds of the first model measure its power.
    """
    parts = [seconds[0] / 2, *seconds[1:], seconds[0] / 2]
    whole = sum(parts) or 1.0
    return [(sum(parts[:place]) / whole, part / whole) for place, part in enumerate(parts)]


def _judge(
    learner: Learner, source: Gaussians, numbers: Sequence[Number], design: SimulatedDesign
) -> list[Simulated]:
    """Train a model on drawn data sets, and keep what it is judged by."""
    judged = []
    for scored in score_on_drawn(learner, source, numbers, design):
        drawn, y = scored.drawn, scored.drawn.dataset.y
        pairs = zip(drawn.splits, scored.probabilities, strict=True)
        rows = [(each.repeat + 1, each.fold + 1, each.test + 1, p) for each, p in pairs]
        own = Simulated(
            metric=design.metric,
            rope=design.rope,
            scores={design.metric: scored.values},
            fits=pd.DataFrame(rows, columns=["repeat", "fold", "rows", "probabilities"]),
            y=y,
            observations=np.arange(len(y)),
            number=drawn.number,
            truth=float(scored.truth.mean()),
        )
        judged.append(own)
    return judged


def _blocks(simulated: Sequence[Simulated]) -> list[list[Simulated]]:
    """Return the data sets with the same classes, if all `BLOCK` of them have verdicts."""
    by_classes = itertools.groupby(simulated, key=lambda each: each.number.classes)
    blocks = [[each for each in block if each.scored] for _, block in by_classes]
    return [block for block in blocks if len(block) == BLOCK]


def _coverage_of_difference(simulated: Sequence[Simulated], baseline: Sequence[Simulated]) -> Row:
    """Return the coverage of the interval of a difference, on the data sets that both have."""
    pairs = [
        (one, other)
        for one, other in zip(simulated, baseline, strict=False)
        if one.scored and other.scored
    ]
    intervals = [compare_alone(one, other)["difference"] for one, other in pairs]
    row = _coverage([one.truth - other.truth for one, other in pairs], intervals)
    return row | {"true_difference": row.get("truth")}


def _coverage(truths: Sequence[float], intervals: Sequence[Interval]) -> Row:
    """Count the intervals with the mean truth, of those that there are."""
    if not truths:
        return {"check": "coverage", "sets": 0}
    truth = float(np.mean(truths))
    known = [ends for _, *ends in intervals if not math.isnan(ends[0])]
    row: Row = {"check": "coverage", "truth": truth, "sets": len(known)}
    if not known:
        return row
    covered = np.array([[lower <= truth <= upper] for lower, upper in known], dtype=float)
    test = stats.binomtest(int(covered.sum()), len(known), CONFIDENCE, alternative="less")
    return row | _share(covered) | {"too_low": bool(test.pvalue < MISS_LEVEL)}


def _false_alarms(simulated: Sequence[Simulated]) -> list[Row]:
    """Compare a model with itself on other rows of the same classes, all pairs of each block.

    Two data sets are two independent views of the same classes: equal by symmetry.
    """
    pairs = [list(itertools.combinations(block, 2)) for block in _blocks(simulated)]
    if not pairs:
        return []
    tests: dict[str, Callable[[Simulated, Simulated], bool]] = {
        "corrected": lambda *pair: compare_alone(*pair)["outcome"] in ("better", "worse"),
        "uncorrected": lambda a, b: rejects_without_correction(a.values - b.values),
    }
    row = {"check": "false_alarm", "true_difference": 0.0}
    return [
        {**row, "test": name, **_share(np.array([[test(*pair) for pair in b] for b in pairs]))}
        for name, test in tests.items()
    ]


def rejects_without_correction(differences: Array) -> bool:
    """Return whether the t-test that takes the splits for independent finds a difference."""
    differences = differences.round(DECIMALS)
    if np.ptp(differences) == 0:
        return bool(differences[0] != 0)
    return bool(is_shown(stats.ttest_1samp(differences, 0.0).pvalue))


def _power(
    learner: Learner,
    source: Gaussians,
    simulated: Sequence[Simulated],
    design: SimulatedDesign,
) -> list[Row]:
    """Compare a model with itself on data sets whose class means are closer to each other."""
    blocks = _blocks(simulated)
    if not blocks:
        return []
    rows, numbers = [], itertools.count(len(simulated))  # of other data sets
    steps = 1 + len(DIFFERENCES)
    log.info("closer class means", extra={"done": 0.0, "share": 1 / steps})
    closer = _closer_means(learner, source, len(simulated), design)
    for step, (difference, share) in enumerate(closer.items(), 1):
        log.info("difference %s", difference, extra={"done": step / steps, "share": 1 / steps})
        own = [Number(next(numbers), block[0].number.classes) for block in blocks]
        weak = _judge(learner, source.closer(share), own, design)
        called = [
            [compare_alone(one, other)["outcome"] == "better" for one in strong]
            for strong, other in zip(blocks, weak, strict=True)
            if other.scored
        ]
        row = {"check": "power", "test": "corrected", "true_difference": difference}
        rows.append({**row, **_share(np.array(called))})
    return rows


def _closer_means(
    learner: Learner, source: Gaussians, sets: int, design: SimulatedDesign
) -> Mapping[float, float]:
    """Return the shares of the distance of the class means that make the score worse as wished.

    The score at each share of `GRID` is of the fits on the first split of some data sets,
    with the same random numbers for all. A difference that no share gives is left out: the score
    may hardly change before the means are nearly equal.
    """
    numbers = [Number(number, number // BLOCK) for number in range(min(sets, GRID_SETS))]
    steps, sign = len(GRID), METRICS[design.metric].sign

    def score(share: float) -> float:
        drawn = score_on_drawn(learner, source.closer(share), numbers, design, first_split=True)
        return sign * float(np.nanmean([scored.truth[0] for scored in drawn]))

    on_grid = []
    for step, share in enumerate(GRID.tolist()):
        log.info("step %d of %d", step + 1, steps, extra={"done": step / steps, "share": 1 / steps})
        on_grid.append(score(share))
    rising = np.maximum.accumulate(on_grid)  # chance can make it fall where it hardly changes
    shares = {}
    for difference in (each for each in DIFFERENCES if rising[-1] - each >= rising[0]):
        share = float(np.interp(rising[-1] - difference, rising, GRID))
        if abs(rising[-1] - score(share) - difference) <= MISSED * difference:
            shares[difference] = share
    return shares


def _share(called: Array) -> Row:
    """Return the share of ones in an array of 0 and 1, shape (blocks, pairs of a block).

    Its standard error is from independent blocks. It is at least what as many independent pairs
    would have if there were a miss and a hit more: a share of 0 or 1 is uncertain, too.
    """
    shrunk = (called.sum() + 1) / (called.size + 2)
    error = math.sqrt(shrunk * (1 - shrunk) / called.size)
    if len(called) > 1:
        error = max(error, float(called.mean(axis=1).std(ddof=1)) / math.sqrt(len(called)))
    return {"share": float(called.mean()), "error": error, "sets": called.size}
