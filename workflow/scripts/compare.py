"""Compute the statistics of the models of a data set, and decide which model to use.

The decision follows from the statistics, and from what a careful reviewer would warn of.
"""

from pathlib import Path

from backprop.files import write_table
from backprop.statistics.by_class import score_classes
from backprop.statistics.calibrated_models import judge_calibration
from backprop.statistics.comparison import (
    compare_by_each_metric,
    compare_models,
    compare_pairs,
    summarise_configurations,
)
from backprop.statistics.decision_curve import decision_curves
from backprop.statistics.effects import compare_values
from backprop.statistics.grouping import COLUMNS, Judgement
from backprop.statistics.guessing import compare_with_guess, learned_models, score_guessing
from backprop.statistics.hard_rows import count_wrong
from backprop.statistics.nested import INNER_COLUMNS, estimate_nested, judge_tuned
from backprop.statistics.net_benefit import judge_decisions
from backprop.statistics.parity import mark_chaotic
from backprop.statistics.permutations import permutation_tests
from backprop.statistics.recommendation import recommend, write_recommendation
from backprop.statistics.results import Results
from backprop.statistics.review import find_warnings, write_warnings
from backprop.statistics.tables import AGAINST_GUESS, TABLES
from backprop.statistics.tuning import find_best
from backprop.study.costs import Costs
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    results = Results(dict(snakemake.input.items()), parameters)
    judgement = Judgement.of_results(results, results.all_scores(), results.fits(COLUMNS))
    choosers = dict(parameters["choosers"])
    inner = results.fits(INNER_COLUMNS, inner=True)
    tuned = judge_tuned(judgement, inner, choosers)
    own = {m: each.judged for m, each in tuned.items() if choosers[m] == m and each.judged.scored}
    permuted = permutation_tests(judgement, results.dataset, seed=results.seed)
    learning = compare_with_guess(judgement, own, permuted)
    verdicts = AGAINST_GUESS.rows(learning)
    learned, learned_tuned = (learned_models(verdicts, tuned=each) for each in (False, True))
    nested, nested_pairs = estimate_nested(judgement, tuned, choosers, learned=learned_tuned)
    statistics = {
        "configurations": summarise_configurations(judgement),
        "comparison": compare_models(judgement, learned=learned),
        "metrics": compare_by_each_metric(judgement, learned=learned),
        "by_class": score_classes(judgement),
        **judge_calibration(judgement),
        "pairs": compare_pairs(judgement, learned=learned),
        "tuning": find_best(judgement),
        "nested": nested,
        "nested_pairs": nested_pairs,
        "effects": compare_values(judgement),
        "guessing": score_guessing(judgement),
        "against_guess": learning,
        "hard_rows": count_wrong(judgement),
    }
    if "costs" in parameters:
        costs = Costs.of(parameters["costs"], results.dataset.classes)
        statistics["decisions"] = judge_decisions(judgement, costs, learned=learned)
        if "decision_curve" in dict(snakemake.output.items()):
            statistics["decision_curve"] = decision_curves(judgement, costs)
    if snakemake.input.parity:
        for name in statistics:
            if column := TABLES[name].configured_by:
                statistics[name] = mark_chaotic(statistics[name], results.tables["parity"], column)
    results.tables.update(statistics)
    for name, table in statistics.items():
        write_table(Path(snakemake.output[name]), table)
    warnings = find_warnings(results, judgement)
    write_warnings(Path(snakemake.output.warnings), warnings)
    warned = {each.check for each in warnings}
    decision = recommend(
        statistics, results.candidates, metric=results.metric, rope=results.rope, warned=warned
    )
    write_recommendation(Path(snakemake.output.recommendation), decision)
